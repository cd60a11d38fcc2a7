// SPDX-License-Identifier: GPL-2.0-only
/*
 * Forwarding of IPv4, up to the route's output.
 *
 * Modelled on: Linux 6.1 net/ipv4/ip_forward.c (ip_forward, ip_forward_finish,
 *	ip_exceeds_mtu)
 * Spec: RFC 1812 5.2 and 5.3
 * Differs: no policies, netfilter or sockets that take router alerts.
 */
#include <linux/icmp.h>
#include <net/icmp.h>
#include <net/ip.h>

#include "rx.h"

/* A GSO packet counts by its segments, which fit by construction. */
static bool ip_exceeds_mtu(const struct sk_buff *skb, unsigned int mtu)
{
	if (skb->len <= mtu)
		return false;
	if (!(ip_hdr(skb)->frag_off & htons(IP_DF)))
		return false;
	if (IPCB(skb)->frag_max_size > mtu)
		return true;
	if (skb->ignore_df)
		return false;
	return !skb_is_gso(skb);
}

static int ip_forward_finish(struct sk_buff *skb)
{
	if (IPCB(skb)->opt.optlen)
		ip_forward_options(skb);
	return dst_output(skb);
}

/**
 * ip_forward - route input of a packet that is not for this node
 * @skb: packet at its network header, with a route; consumed
 */
int ip_forward(struct sk_buff *skb)
{
	struct ip_options *opt = &IPCB(skb)->opt;
	struct rtable *rt = skb_rtable(skb);
	SKB_DR(reason);
	u32 mtu;

	if (malformed(skb->pkt_type != PACKET_HOST))
		goto drop;
	skb_forward_csum(skb);

	if (malformed(ip_hdr(skb)->ttl <= 1)) {
		icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
		SKB_DR_SET(reason, IP_INHDR);
		goto drop;
	}

	/* RFC 791: strict source routes lead from link to link */
	if (malformed(opt->is_strictroute && rt->rt_uses_gateway)) {
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_SR_FAILED, 0);
		goto drop;
	}

	IPCB(skb)->flags |= IPSKB_FORWARDED;
	mtu = dst_mtu(&rt->dst);
	if (malformed(ip_exceeds_mtu(skb, mtu))) {
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
		SKB_DR_SET(reason, PKT_TOO_BIG);
		goto drop;
	}

	if (skb_cow(skb, LL_RESERVED_SPACE(rt->dst.dev)))
		goto drop;

	/* only now, on a copy of our own */
	ip_decrease_ttl(ip_hdr(skb));

	if (IPCB(skb)->flags & IPSKB_DOREDIRECT && !opt->srr)
		ip_rt_send_redirect(skb);
	return ip_forward_finish(skb);

drop:
	kfree_skb_reason(skb, reason);
	return NET_RX_DROP;
}
