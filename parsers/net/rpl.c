// SPDX-License-Identifier: GPL-2.0-only
/*
 * RPL source routing header: addresses with and without their common prefix.
 *
 * Modelled on: Linux 6.1 net/ipv6/rpl.c (ipv6_rpl_srh_size,
 *	ipv6_rpl_srh_decompress, ipv6_rpl_srh_compress)
 * Spec: RFC 6554 3 and 4
 * Differs: common prefixes are found by words, not byte by byte over all addresses;
 *	the checks are the caller's (exthdrs.c), as upstream.
 */
#include <asm/unaligned.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <net/ipv6.h>
#include <net/rpl.h>

#define IPV6_PFXTAIL_LEN(x)	(sizeof(struct in6_addr) - (x))

enum { IPV6_RPL_BEST_ADDR_COMPRESSION = 15 };	/* CmprI and CmprE have four bits */

static void ipv6_rpl_addr_decompress(struct in6_addr *dst, const struct in6_addr *daddr,
				     const void *post, unsigned char pfx)
{
	*dst = *daddr;
	memcpy((u8 *)dst + pfx, post, IPV6_PFXTAIL_LEN(pfx));
}

static void ipv6_rpl_addr_compress(void *dst, const struct in6_addr *addr,
				   unsigned char pfx)
{
	memcpy(dst, (const u8 *)addr + pfx, IPV6_PFXTAIL_LEN(pfx));
}

static void *ipv6_rpl_segdata_pos(const struct ipv6_rpl_sr_hdr *hdr, int i)
{
	return (void *)(hdr->rpl_segdata + i * IPV6_PFXTAIL_LEN(hdr->cmpri));
}

/* Size of a header with @n addresses before the last one. */
size_t ipv6_rpl_srh_size(unsigned char n, unsigned char cmpri, unsigned char cmpre)
{
	return sizeof(struct ipv6_rpl_sr_hdr) + n * IPV6_PFXTAIL_LEN(cmpri) +
	       IPV6_PFXTAIL_LEN(cmpre);
}

/* @inhdr, its prefixes taken from @daddr, to @outhdr with n + 1 full addresses. */
void ipv6_rpl_srh_decompress(struct ipv6_rpl_sr_hdr *outhdr,
			     const struct ipv6_rpl_sr_hdr *inhdr,
			     const struct in6_addr *daddr, unsigned char n)
{
	int i;

	outhdr->nexthdr = inhdr->nexthdr;
	outhdr->hdrlen = ((n + 1) * sizeof(struct in6_addr)) >> 3;
	outhdr->pad = 0;
	outhdr->type = inhdr->type;
	outhdr->segments_left = inhdr->segments_left;
	outhdr->cmpri = 0;
	outhdr->cmpre = 0;

	for (i = 0; i < n; i++)
		ipv6_rpl_addr_decompress(&outhdr->rpl_segaddr[i], daddr,
					 ipv6_rpl_segdata_pos(inhdr, i), inhdr->cmpri);

	ipv6_rpl_addr_decompress(&outhdr->rpl_segaddr[n], daddr,
				 ipv6_rpl_segdata_pos(inhdr, n), inhdr->cmpre);
}

/* Equal bytes at the start of two addresses, as far as four bits can say. */
static unsigned char common_prefix(const struct in6_addr *a1, const struct in6_addr *a2)
{
	const u64 *ul1 = (const u64 *)a1, *ul2 = (const u64 *)a2;
	u64 diff = get_unaligned(ul1) ^ get_unaligned(ul2);

	if (diff)
		return __builtin_ctzll(diff) / 8;
	diff = get_unaligned(ul1 + 1) ^ get_unaligned(ul2 + 1);
	if (diff)
		return 8 + __builtin_ctzll(diff) / 8;
	return IPV6_RPL_BEST_ADDR_COMPRESSION;
}

/* Bytes that @daddr shares with each of the first @n addresses. */
static unsigned char ipv6_rpl_srh_calc_cmpri(const struct ipv6_rpl_sr_hdr *inhdr,
					     const struct in6_addr *daddr,
					     unsigned char n)
{
	unsigned char plen = IPV6_RPL_BEST_ADDR_COMPRESSION;
	int i;

	for (i = 0; i < n; i++)
		plen = min(plen, common_prefix(daddr, &inhdr->rpl_segaddr[i]));
	return plen;
}

static unsigned char ipv6_rpl_srh_calc_cmpre(const struct in6_addr *daddr,
					     const struct in6_addr *last_segment)
{
	return common_prefix(daddr, last_segment);
}

/* The reverse, with the longest prefixes that the new @daddr allows. */
void ipv6_rpl_srh_compress(struct ipv6_rpl_sr_hdr *outhdr,
			   const struct ipv6_rpl_sr_hdr *inhdr,
			   const struct in6_addr *daddr, unsigned char n)
{
	unsigned char cmpri, cmpre;
	size_t seglen;
	int i;

	cmpri = ipv6_rpl_srh_calc_cmpri(inhdr, daddr, n);
	cmpre = ipv6_rpl_srh_calc_cmpre(daddr, &inhdr->rpl_segaddr[n]);

	outhdr->nexthdr = inhdr->nexthdr;
	seglen = n * IPV6_PFXTAIL_LEN(cmpri) + IPV6_PFXTAIL_LEN(cmpre);
	outhdr->hdrlen = seglen >> 3;
	if (seglen & 0x7) {
		outhdr->hdrlen++;
		outhdr->pad = 8 - (seglen & 0x7);
	} else {
		outhdr->pad = 0;
	}
	outhdr->type = inhdr->type;
	outhdr->segments_left = inhdr->segments_left;
	outhdr->cmpri = cmpri;
	outhdr->cmpre = cmpre;

	for (i = 0; i < n; i++)
		ipv6_rpl_addr_compress(ipv6_rpl_segdata_pos(outhdr, i),
				       &inhdr->rpl_segaddr[i], cmpri);

	ipv6_rpl_addr_compress(ipv6_rpl_segdata_pos(outhdr, n),
			       &inhdr->rpl_segaddr[n], cmpre);
}
