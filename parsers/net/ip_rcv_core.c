// SPDX-License-Identifier: GPL-2.0-only
/*
 * The IPv4 header, for a node that has all of IPv4 and for one that takes it as a way
 * to IPv6.
 *
 * Modelled on: Linux 6.1 net/ipv4/ip_input.c (ip_rcv_core)
 * Spec: RFC 791 3.1, RFC 1122 3.2.1
 * Differs: no MIB counters.
 */
#include <linux/ip.h>
#include <net/ip.h>

#include "ip_rcv_core.h"
#include "rx.h"

/* What a header says, received or quoted. */
void ip_decode(const struct sk_buff *skb, const struct iphdr *iph)
{
	u16 frag_off = ntohs(iph->frag_off);

	rx_u64(skb, "ip.version", iph->version);
	rx_u64(skb, "ip.hdr_len", iph->ihl * 4);
	rx_u64(skb, "ip.dsfield", iph->tos);
	rx_u64(skb, "ip.len", ntohs(iph->tot_len));
	rx_u64(skb, "ip.id", ntohs(iph->id));
	rx_u64(skb, "ip.flags", frag_off >> 13);
	rx_u64(skb, "ip.frag_offset", frag_off & IP_OFFSET);
	rx_u64(skb, "ip.ttl", iph->ttl);
	rx_u64(skb, "ip.proto", iph->protocol);
	rx_u64(skb, "ip.checksum", ntohs(iph->check));
	rx_bytes(skb, "ip.src", &iph->saddr, sizeof(iph->saddr));
	rx_bytes(skb, "ip.dst", &iph->daddr, sizeof(iph->daddr));
}

/**
 * ip_rcv_core - header, checksum and length of an IPv4 packet
 * @skb: packet whose data begins with the header; consumed if it is refused
 *
 * Return: the packet, its transport header behind the options and trimmed to its
 * length; NULL when it is gone.
 */
struct sk_buff *ip_rcv_core(struct sk_buff *skb)
{
	enum skb_drop_reason drop_reason = SKB_DROP_REASON_IP_INHDR;
	const struct iphdr *iph;
	u32 len;

	if (malformed(skb->pkt_type == PACKET_OTHERHOST)) {
		drop_reason = SKB_DROP_REASON_OTHERHOST;
		goto drop;
	}

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NULL;

	if (malformed(!pskb_may_pull(skb, sizeof(struct iphdr))))
		goto drop;

	iph = ip_hdr(skb);
	ip_decode(skb, iph);
	if (malformed(iph->ihl < 5))
		goto drop;
	if (malformed(iph->version != 4))
		goto drop;

	if (malformed(!pskb_may_pull(skb, iph->ihl * 4)))
		goto drop;

	iph = ip_hdr(skb);
	if (malformed(ip_fast_csum((u8 *)iph, iph->ihl))) {
		drop_reason = SKB_DROP_REASON_IP_CSUM;
		goto drop;
	}

	len = ntohs(iph->tot_len);
	if (malformed(skb->len < len)) {
		drop_reason = SKB_DROP_REASON_PKT_TOO_SMALL;
		goto drop;
	}
	if (malformed(len < (iph->ihl * 4)))
		goto drop;

	/* the link may have padded the frame */
	if (pskb_trim_rcsum(skb, len)) {
		drop_reason = SKB_DROP_REASON_NOT_SPECIFIED;
		goto drop;
	}

	iph = ip_hdr(skb);
	skb->transport_header = skb->network_header + iph->ihl * 4;

	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	IPCB(skb)->iif = skb->skb_iif;
	skb_orphan(skb);
	return skb;

drop:
	kfree_skb_reason(skb, drop_reason);
	return NULL;
}
