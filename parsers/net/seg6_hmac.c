// SPDX-License-Identifier: GPL-2.0-only
/*
 * Segment routing header: its HMAC TLV.
 *
 * Modelled on: Linux 6.1 net/ipv6/seg6_hmac.c (seg6_get_tlv_hmac,
 *	seg6_hmac_validate_skb, seg6_hmac_compute, __do_hmac)
 * Spec: RFC 8754 2.1.2
 * Differs: two static keys; the text is built on the stack instead of a per-CPU ring.
 */
#include <linux/seg6.h>
#include <net/addrconf.h>
#include <net/seg6.h>
#include <redzone/crypto.h>

#include "rx.h"

enum { SEG6_HMAC_RING_SIZE = 256 };	/* the source, 6 bytes and 14 segments */

static struct sr6_tlv_hmac *seg6_get_tlv_hmac(struct ipv6_sr_hdr *srh)
{
	struct sr6_tlv_hmac *tlv;

	if (malformed(srh->hdrlen < (srh->first_segment + 1) * 2 + 5))
		return NULL;

	if (!sr_has_hmac(srh))
		return NULL;

	/* the last TLV, 40 bytes long */
	tlv = (struct sr6_tlv_hmac *)((char *)srh + ipv6_optlen(srh) - 40);
	if (malformed(tlv->tlvhdr.type != SR6_TLV_HMAC))
		return NULL;
	if (malformed(tlv->tlvhdr.len != 38))
		return NULL;

	return tlv;
}

static int seg6_hmac_compute(const struct seg6_hmac_info *hinfo, struct ipv6_sr_hdr *hdr,
			     struct in6_addr *saddr, u8 *output)
{
	__be32 hmackeyid = cpu_to_be32(hinfo->hmackeyid);
	u8 ring[SEG6_HMAC_RING_SIZE];
	u8 *off = ring;
	int plen, i;

	/* saddr(16) + first_seg(1) + flags(1) + keyid(4) + seglist(16n) */
	plen = 16 + 1 + 1 + 4 + (hdr->first_segment + 1) * 16;
	if (malformed(plen >= SEG6_HMAC_RING_SIZE))
		return -EMSGSIZE;

	memcpy(off, saddr, 16);
	off += 16;
	*off++ = hdr->first_segment;
	*off++ = hdr->flags;
	memcpy(off, &hmackeyid, 4);
	off += 4;
	for (i = 0; i < hdr->first_segment + 1; i++) {
		memcpy(off, hdr->segments + i, 16);
		off += 16;
	}

	return seg6_do_hmac(hinfo, ring, plen, output);
}

/**
 * seg6_hmac_validate_skb - does the HMAC satisfy the device's policy?
 * @skb: packet, a linear SRH at its transport header
 */
bool seg6_hmac_validate_skb(struct sk_buff *skb)
{
	u8 hmac_output[SEG6_HMAC_FIELD_LEN];
	struct inet6_dev *idev = __in6_dev_get(skb->dev);
	const struct seg6_hmac_info *hinfo;
	struct sr6_tlv_hmac *tlv;
	struct ipv6_sr_hdr *srh;

	srh = (struct ipv6_sr_hdr *)skb_transport_header(skb);
	tlv = seg6_get_tlv_hmac(srh);

	if (malformed(idev->cnf.seg6_require_hmac > 0 && !tlv))
		return false;
	if (!tlv)
		return true;

	hinfo = seg6_hmac_info_lookup(dev_net(skb->dev), be32_to_cpu(tlv->hmackeyid));
	if (malformed(!hinfo))
		return false;

	if (malformed(seg6_hmac_compute(hinfo, srh, &ipv6_hdr(skb)->saddr, hmac_output)))
		return false;
	if (malformed(crypto_memneq(hmac_output, tlv->hmac, SEG6_HMAC_FIELD_LEN)))
		return false;

	return true;
}
