// SPDX-License-Identifier: GPL-2.0-only
/*
 * Segment routing header: validation, and the one inside an ICMPv6 error.
 *
 * Modelled on: Linux 6.1 net/ipv6/seg6.c (seg6_validate_srh, seg6_get_srh,
 *	seg6_icmp_srh), net/core/filter.c (bpf_push_seg6_encap: who hands the validator
 *	a header of any length)
 * Spec: RFC 8754 2
 * Differs: instead of rtnetlink or BPF, a frame of the local experimental EtherType
 *	88b5 carries a header to encapsulate with.
 */
#include <linux/etherdevice.h>
#include <net/addrconf.h>
#include <net/seg6.h>

#include "exthdrs.h"
#include "rx.h"

/* The TLVs behind the segments fill the header to its last byte. */
static bool seg6_validate_tlvs(struct ipv6_sr_hdr *srh, unsigned int tlv_offset,
			       int trailing)
{
	while (trailing) {
		struct sr6_tlv *tlv;
		unsigned int tlv_len;

		if (malformed(trailing < (int)sizeof(*tlv)))
			return false;

		tlv = (struct sr6_tlv *)((unsigned char *)srh + tlv_offset);
		tlv_len = sizeof(*tlv) + tlv->len;

		trailing -= (int)tlv_len;
		if (malformed(trailing < 0))
			return false;

		tlv_offset += tlv_len;
	}
	return true;
}

/**
 * seg6_validate_srh - is this a sound segment routing header?
 * @srh: the header
 * @len: bytes of it
 * @reduced: the segment in the destination address may be missing in the list
 */
bool seg6_validate_srh(struct ipv6_sr_hdr *srh, int len, bool reduced)
{
	unsigned int tlv_offset;
	int max_last_entry;
	int trailing;

	if (malformed_in(CVE_2026_72400, len < (int)sizeof(*srh)))
		return false;

	if (malformed(srh->type != IPV6_SRCRT_TYPE_4))
		return false;

	if (malformed(((srh->hdrlen + 1) << 3) != len))
		return false;

	if (malformed(!reduced && srh->segments_left > srh->first_segment))
		return false;

	max_last_entry = (srh->hdrlen / 2) - 1;
	if (malformed(srh->first_segment > max_last_entry))
		return false;
	if (malformed(srh->segments_left > srh->first_segment + 1))
		return false;

	tlv_offset = sizeof(*srh) + ((srh->first_segment + 1) << 4);
	trailing = len - (int)tlv_offset;
	if (malformed(trailing < 0))
		return false;

	return seg6_validate_tlvs(srh, tlv_offset, trailing);
}

/* The SRH of the packet at the network header, all of it linear, or NULL. */
struct ipv6_sr_hdr *seg6_get_srh(struct sk_buff *skb, int flags)
{
	struct ipv6_sr_hdr *srh;
	unsigned int srhoff = 0;
	int len;

	if (malformed(ipv6_find_hdr(skb, &srhoff, IPPROTO_ROUTING, NULL, &flags) < 0))
		return NULL;

	if (malformed(!pskb_may_pull(skb, srhoff + sizeof(*srh))))
		return NULL;

	srh = (struct ipv6_sr_hdr *)(skb->data + srhoff);
	len = ipv6_optlen(srh);

	if (malformed(!pskb_may_pull(skb, srhoff + len)))
		return NULL;

	srh = (struct ipv6_sr_hdr *)(skb->data + srhoff);
	if (malformed(!seg6_validate_srh(srh, len, true)))
		return NULL;

	return srh;
}

/**
 * seg6_icmp_srh - find the SRH in the packet that an ICMPv6 error quotes
 * @skb: error, data at the quoted packet
 * @opt: gets the offset of the header, which holds the true destination
 */
void seg6_icmp_srh(struct sk_buff *skb, struct inet6_skb_parm *opt)
{
	__u16 network_header = skb->network_header;
	struct ipv6_sr_hdr *srh;

	skb_reset_network_header(skb);

	srh = seg6_get_srh(skb, 0);
	if (malformed(!srh))
		goto out;
	if (srh->type != IPV6_SRCRT_TYPE_4)
		goto out;

	opt->flags |= IP6SKB_SEG6;
	opt->srhoff = (u16)((unsigned char *)srh - skb->data);
out:
	skb->network_header = network_header;
}

/* A header to encapsulate with, from whoever configures routes. */
static int seg6_config_rcv(struct sk_buff *skb, struct net_device *dev,
			   struct packet_type *pt, struct net_device *orig_dev)
{
	if (!pskb_may_pull(skb, skb->len))
		goto drop;
	if (malformed(!seg6_validate_srh((struct ipv6_sr_hdr *)skb->data, (int)skb->len,
					 false)))
		goto drop;

	sink_effect_bytes(rx_sink(skb), "seg6.encap", skb->data, skb->len);
	rx_handover(skb, "handover.seg6", IPPROTO_ROUTING);
	return NET_RX_SUCCESS;

drop:
	kfree_skb(skb);
	return NET_RX_DROP;
}

static struct packet_type seg6_config_type = {
	.type = cpu_to_be16(ETH_P_802_EX1),
	.func = seg6_config_rcv,
};

void seg6_init(void)
{
	dev_add_pack(&seg6_config_type);
}
