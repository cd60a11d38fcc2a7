// SPDX-License-Identifier: GPL-2.0-only
/*
 * Segmentation of a forwarded packet larger than the link: the walk to its
 * transport header.
 *
 * Modelled on: Linux 6.1 net/ipv6/ip6_offload.c (ipv6_gso_pull_exthdrs,
 *	ipv6_gso_segment), include/linux/skbuff.h (skb_reset_transport_header_careful)
 * Spec: RFC 8200 4
 * Differs: the transport's segmentation reads the length of its header, and the
 *	packet leaves whole; no tunnels, UDP fragmentation or BIG TCP header.
 */
#include <net/ipv6.h>

#include "ip6_output.h"
#include "rx.h"

enum { TCP_DOFF = 12 };		/* byte of the TCP header that holds its length */

static bool gso_exthdr(u8 proto)
{
	return proto == NEXTHDR_HOP || proto == NEXTHDR_ROUTING || proto == NEXTHDR_DEST;
}

/* Pull all extension headers; the type of what follows. */
static u8 ipv6_gso_pull_exthdrs(struct sk_buff *skb, u8 proto)
{
	while (gso_exthdr(proto)) {
		struct ipv6_opt_hdr *opth;
		int len;

		if (malformed(!pskb_may_pull(skb, 8)))
			break;
		opth = (struct ipv6_opt_hdr *)skb->data;
		len = ipv6_optlen(opth);

		if (malformed(!pskb_may_pull(skb, len)))
			break;
		opth = (struct ipv6_opt_hdr *)skb->data;
		proto = opth->nexthdr;
		__skb_pull(skb, len);
	}
	return proto;
}

/* The transport header is at skb->data, if sixteen bits can say so. */
static bool skb_reset_transport_header_careful(struct sk_buff *skb)
{
	long offset = skb->data - skb->head;

	/* all ones stand for "not set" */
	if (malformed_in(CVE_2025_38572, offset >= (u16)~0U))
		return false;
	WARN_ON(offset != (u16)offset);
	skb_reset_transport_header(skb);
	return true;
}

/* As far as the segments' header length. */
static int tcp6_gso_segment(struct sk_buff *skb)
{
	unsigned int thlen;

	if (malformed(!pskb_may_pull(skb, 20)))
		return -EINVAL;
	thlen = skb_transport_header(skb)[TCP_DOFF] >> 4 << 2;
	if (malformed(thlen < 20))
		return -EINVAL;
	if (malformed(!pskb_may_pull(skb, thlen)))
		return -EINVAL;

	sink_effect_u64(rx_sink(skb), "gso.offset", skb_network_header_len(skb));
	sink_effect_u64(rx_sink(skb), "gso.hdr_len", thlen);
	return 0;
}

static int ipv6_gso_segment(struct sk_buff *skb)
{
	u8 proto;

	skb_reset_network_header(skb);
	if (!pskb_may_pull(skb, sizeof(struct ipv6hdr)))
		return -EINVAL;

	proto = ipv6_hdr(skb)->nexthdr;
	__skb_pull(skb, sizeof(struct ipv6hdr));
	proto = ipv6_gso_pull_exthdrs(skb, proto);

	if (malformed(proto != NEXTHDR_TCP))
		return -EPROTONOSUPPORT;
	if (!skb_reset_transport_header_careful(skb))
		return -EINVAL;
	return tcp6_gso_segment(skb);
}

/* The device cannot segment behind extension headers: done here, then sent. */
int ipv6_gso_xmit(struct sk_buff *skb)
{
	int err = ipv6_gso_segment(skb);

	if (err) {
		kfree_skb_reason(skb, SKB_DROP_REASON_SKB_GSO_SEG);
		return err;
	}
	skb_push(skb, skb->data - skb_network_header(skb));
	return dev_queue_xmit(skb);
}
