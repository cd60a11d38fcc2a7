/* SPDX-License-Identifier: GPL-2.0-only */
/* Byte order conversions. Faithful; little-endian hosts only. */
#ifndef _ASM_BYTEORDER_H
#define _ASM_BYTEORDER_H

#include <linux/types.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "redzone runs on little-endian hosts"
#endif
#ifndef __LITTLE_ENDIAN
#define __LITTLE_ENDIAN		1234
#endif
#ifndef __LITTLE_ENDIAN_BITFIELD
#define __LITTLE_ENDIAN_BITFIELD
#endif

/* Usable in constant expressions (case labels, initialisers). */
#define swab16(x)	((__u16)__builtin_bswap16((__u16)(x)))
#define swab32(x)	((__u32)__builtin_bswap32((__u32)(x)))
#define swab64(x)	((__u64)__builtin_bswap64((__u64)(x)))

#define cpu_to_le16(x)	((__force __le16)(__u16)(x))
#define cpu_to_le32(x)	((__force __le32)(__u32)(x))
#define cpu_to_le64(x)	((__force __le64)(__u64)(x))
#define le16_to_cpu(x)	((__force __u16)(__le16)(x))
#define le32_to_cpu(x)	((__force __u32)(__le32)(x))
#define le64_to_cpu(x)	((__force __u64)(__le64)(x))
#define cpu_to_be16(x)	((__force __be16)swab16(x))
#define cpu_to_be32(x)	((__force __be32)swab32(x))
#define cpu_to_be64(x)	((__force __be64)swab64(x))
#define be16_to_cpu(x)	swab16((__force __u16)(__be16)(x))
#define be32_to_cpu(x)	swab32((__force __u32)(__be32)(x))
#define be64_to_cpu(x)	swab64((__force __u64)(__be64)(x))

#define __cpu_to_le16	cpu_to_le16
#define __cpu_to_le32	cpu_to_le32
#define __cpu_to_le64	cpu_to_le64
#define __le16_to_cpu	le16_to_cpu
#define __le32_to_cpu	le32_to_cpu
#define __le64_to_cpu	le64_to_cpu
#define __cpu_to_be16	cpu_to_be16
#define __cpu_to_be32	cpu_to_be32
#define __cpu_to_be64	cpu_to_be64
#define __be16_to_cpu	be16_to_cpu
#define __be32_to_cpu	be32_to_cpu
#define __be64_to_cpu	be64_to_cpu
#define __constant_htons	cpu_to_be16
#define __constant_ntohs	be16_to_cpu
#define __constant_htonl	cpu_to_be32
#define __constant_cpu_to_be16	cpu_to_be16
#define __constant_cpu_to_le16	cpu_to_le16

#undef htons
#undef htonl
#undef ntohs
#undef ntohl
#define htons(x)	cpu_to_be16(x)
#define htonl(x)	cpu_to_be32(x)
#define ntohs(x)	be16_to_cpu(x)
#define ntohl(x)	be32_to_cpu(x)

static inline __u16 le16_to_cpup(const __le16 *p)
{
	return le16_to_cpu(*p);
}

static inline __u32 le32_to_cpup(const __le32 *p)
{
	return le32_to_cpu(*p);
}

static inline __u64 le64_to_cpup(const __le64 *p)
{
	return le64_to_cpu(*p);
}

static inline __u16 be16_to_cpup(const __be16 *p)
{
	return be16_to_cpu(*p);
}

static inline __u32 be32_to_cpup(const __be32 *p)
{
	return be32_to_cpu(*p);
}

static inline __u64 be64_to_cpup(const __be64 *p)
{
	return be64_to_cpu(*p);
}

static inline void le16_add_cpu(__le16 *var, u16 val)
{
	*var = cpu_to_le16(le16_to_cpu(*var) + val);
}

static inline void be16_add_cpu(__be16 *var, u16 val)
{
	*var = cpu_to_be16(be16_to_cpu(*var) + val);
}

static inline void le32_add_cpu(__le32 *var, u32 val)
{
	*var = cpu_to_le32(le32_to_cpu(*var) + val);
}

static inline void be32_add_cpu(__be32 *var, u32 val)
{
	*var = cpu_to_be32(be32_to_cpu(*var) + val);
}

#endif /* _ASM_BYTEORDER_H */
