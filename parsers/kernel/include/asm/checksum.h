/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Internet checksums (RFC 1071). Faithful for the calls it has; what a function
 * returns may differ from another implementation's by the two forms of zero.
 */
#ifndef _ASM_CHECKSUM_H
#define _ASM_CHECKSUM_H

#include <asm/byteorder.h>
#include <linux/types.h>

struct in6_addr;

#define CSUM_MANGLED_0	((__force __sum16)0xffff)

/* 32-bit partial sum of @len bytes on top of @sum. */
__wsum csum_partial(const void *buff, int len, __wsum sum);

/* Copies and sums; @dst and @src do not overlap. */
__wsum csum_partial_copy_nocheck(const void *src, void *dst, int len);

/* Checksum of an IPv4 header of @ihl 32-bit words; 0 when it is right. */
__sum16 ip_fast_csum(const void *iph, unsigned int ihl);
__sum16 ip_compute_csum(const void *buff, int len);

__sum16 csum_ipv6_magic(const struct in6_addr *saddr,
			const struct in6_addr *daddr, __u32 len, __u8 proto,
			__wsum sum);

static inline __wsum csum_add(__wsum csum, __wsum addend)
{
	u32 res = (__force u32)csum;

	return __builtin_add_overflow(res, (__force u32)addend, &res) ?
	       (__force __wsum)(res + 1) : (__force __wsum)res;
}

static inline __wsum csum_sub(__wsum csum, __wsum addend)
{
	return csum_add(csum, ~addend);
}

static inline __sum16 csum_fold(__wsum csum)
{
	u32 sum = (__force u32)csum;

	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (__force __sum16)(u16)~sum;
}

static inline __wsum csum_unfold(__sum16 n)
{
	return (__force __wsum)n;
}

static inline __wsum csum_shift(__wsum sum, int offset)
{
	/* A block at an odd offset counts with its bytes swapped. */
	if (offset & 1)
		return (sum << 24) | (sum >> 8);
	return sum;
}

static inline __wsum csum_block_add(__wsum csum, __wsum csum2, int offset)
{
	return csum_add(csum, csum_shift(csum2, offset));
}

static inline __wsum csum_block_sub(__wsum csum, __wsum csum2, int offset)
{
	return csum_block_add(csum, ~csum2, offset);
}

static inline __wsum csum_replace(__wsum csum, __wsum old, __wsum new)
{
	return csum_add(csum_sub(csum, old), new);
}

static inline __sum16 csum16_add(__sum16 csum, __be16 addend)
{
	u16 res = (__force u16)csum;

	return __builtin_add_overflow(res, (__force u16)addend, &res) ?
	       (__force __sum16)(u16)(res + 1) : (__force __sum16)res;
}

static inline __sum16 csum16_sub(__sum16 csum, __be16 addend)
{
	return csum16_add(csum, (__be16)~addend);
}

static inline void csum_replace_by_diff(__sum16 *sum, __wsum diff)
{
	*sum = csum_fold(csum_add(diff, ~csum_unfold(*sum)));
}

static inline void csum_replace4(__sum16 *sum, __be32 from, __be32 to)
{
	__wsum tmp = csum_sub(~csum_unfold(*sum), (__force __wsum)from);

	*sum = csum_fold(csum_add(tmp, (__force __wsum)to));
}

static inline void csum_replace2(__sum16 *sum, __be16 old, __be16 new)
{
	*sum = (__sum16)~csum16_add(csum16_sub((__sum16)~*sum, old), new);
}

static inline __wsum csum_tcpudp_nofold(__be32 saddr, __be32 daddr, __u32 len,
					__u8 proto, __wsum sum)
{
	sum = csum_add(sum, (__force __wsum)saddr);
	sum = csum_add(sum, (__force __wsum)daddr);
	return csum_add(sum, (__force __wsum)cpu_to_be32(len + proto));
}

static inline __sum16 csum_tcpudp_magic(__be32 saddr, __be32 daddr, __u32 len,
					__u8 proto, __wsum sum)
{
	return csum_fold(csum_tcpudp_nofold(saddr, daddr, len, proto, sum));
}

#endif /* _ASM_CHECKSUM_H */
