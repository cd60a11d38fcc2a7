// SPDX-License-Identifier: GPL-2.0-only
/*
 * Neighbour Discovery messages that this node sends, and the way out of all its packets.
 *
 * Modelled on: Linux 6.1 net/ipv6/ndisc.c (ndisc_alloc_skb, ndisc_send_skb,
 *	ndisc_send_na, ndisc_send_ns, ndisc_send_rs, __ndisc_fill_addr_option,
 *	ip6_nd_hdr), net/ipv6/ip6_output.c (ip6_finish_output2)
 * Spec: RFC 4861 4.1, 4.3, 4.4, RFC 7527 4.1
 * Differs: no socket; source and next hop are chosen here.
 */
#include <asm/unaligned.h>
#include <net/ipv6.h>

#include "nd.h"

const struct in6_addr nd_any;
const struct in6_addr nd_allnodes = { .s6_addr = { 0xff, 2, [15] = 1 } };
const struct in6_addr nd_allrouters = { .s6_addr = { 0xff, 2, [15] = 2 } };

enum { ADDR_OPTION = 8 };

/* Room for @len bytes behind an IPv6 header, to which the data begins. */
struct sk_buff *ndisc_alloc_skb(struct nd_dev *nd, unsigned int len)
{
	unsigned int hlen = LL_RESERVED_SPACE(nd->dev) + sizeof(struct ipv6hdr);
	struct sk_buff *skb = alloc_skb(hlen + len, GFP_ATOMIC);

	if (!skb)
		return NULL;
	skb->dev = nd->dev;
	skb->protocol = htons(ETH_P_IPV6);
	skb_reserve(skb, (int)hlen);
	skb_reset_transport_header(skb);
	return skb;
}

void nd_xmit(struct nd_dev *nd, struct sk_buff *skb)
{
	const struct in6_addr *daddr = &ipv6_hdr(skb)->daddr;
	struct in6_addr nexthop;
	struct nd_neigh *n;

	if (ipv6_addr_is_multicast(daddr)) {
		dev_queue_xmit(skb);
		return;
	}
	if (!rt6_nexthop(nd, daddr, &nexthop)) {
		kfree_skb(skb);
		return;
	}
	n = nd_neigh_lookup(nd, &nexthop, true);
	if (!n) {
		kfree_skb(skb);
		return;
	}
	nd_neigh_output(n, skb);
	nd_neigh_release(n);
}

/* Checksum, IPv6 header, and off; @skb holds an ICMPv6 message. */
void ndisc_send_skb(struct sk_buff *skb, const struct in6_addr *daddr,
		    const struct in6_addr *saddr, u8 hop_limit)
{
	struct icmp6hdr *icmp6h = icmp6_hdr(skb);
	unsigned int len = skb->len;
	struct ipv6hdr *hdr;

	icmp6h->icmp6_cksum = 0;
	icmp6h->icmp6_cksum = csum_ipv6_magic(saddr, daddr, len, IPPROTO_ICMPV6,
					      csum_partial(icmp6h, (int)len, 0));
	hdr = skb_push(skb, sizeof(*hdr));
	skb_reset_network_header(skb);
	memset(hdr, 0, sizeof(*hdr));
	hdr->version = 6;
	hdr->payload_len = htons((u16)len);
	hdr->nexthdr = IPPROTO_ICMPV6;
	hdr->hop_limit = hop_limit;
	hdr->saddr = *saddr;
	hdr->daddr = *daddr;
	nd_xmit(nd_dev_get(skb->dev), skb);
}

static void ndisc_fill_addr_option(struct sk_buff *skb, u8 type, const void *data)
{
	u8 *opt = skb_put(skb, ADDR_OPTION);

	opt[0] = type;
	opt[1] = ADDR_OPTION >> 3;
	memcpy(opt + 2, data, ETH_ALEN);
}

void ndisc_send_na(struct nd_dev *nd, const struct in6_addr *daddr,
		   const struct in6_addr *solicited_addr, bool router, bool solicited,
		   bool override, bool inc_opt)
{
	const struct inet6_ifaddr *ifp = ipv6_get_ifaddr(nd, solicited_addr);
	const struct in6_addr *saddr = solicited_addr;
	struct sk_buff *skb;
	struct nd_msg *msg;

	if (ifp && ifp->flags & IFA_F_OPTIMISTIC)
		override = false;
	if (!ifp)
		saddr = ipv6_get_saddr(nd, daddr);
	if (!saddr)
		return;
	skb = ndisc_alloc_skb(nd, sizeof(*msg) + ADDR_OPTION);
	if (!skb)
		return;
	msg = skb_put_zero(skb, sizeof(*msg));
	msg->icmph.icmp6_type = NDISC_NEIGHBOUR_ADVERTISEMENT;
	msg->icmph.icmp6_router = router;
	msg->icmph.icmp6_solicited = solicited;
	msg->icmph.icmp6_override = override;
	msg->target = *solicited_addr;
	if (inc_opt)
		ndisc_fill_addr_option(skb, ND_OPT_TARGET_LL_ADDR, nd->dev->dev_addr);
	ndisc_send_skb(skb, daddr, saddr, 255);
}

void ndisc_send_ns(struct nd_dev *nd, const struct in6_addr *solicit,
		   const struct in6_addr *daddr, const struct in6_addr *saddr, u64 nonce)
{
	struct sk_buff *skb;
	struct nd_msg *msg;
	u8 *opt;

	skb = ndisc_alloc_skb(nd, sizeof(*msg) + 2 * ADDR_OPTION);
	if (!skb)
		return;
	msg = skb_put_zero(skb, sizeof(*msg));
	msg->icmph.icmp6_type = NDISC_NEIGHBOUR_SOLICITATION;
	msg->target = *solicit;
	if (!ipv6_addr_any(saddr))
		ndisc_fill_addr_option(skb, ND_OPT_SOURCE_LL_ADDR, nd->dev->dev_addr);
	if (nonce) {
		opt = skb_put(skb, ADDR_OPTION);
		opt[0] = ND_OPT_NONCE;
		opt[1] = ADDR_OPTION >> 3;
		memcpy(opt + 2, &nonce, 6);
	}
	ndisc_send_skb(skb, daddr, saddr, 255);
}

void ndisc_send_rs(struct nd_dev *nd, const struct in6_addr *daddr)
{
	const struct in6_addr *saddr = ipv6_get_saddr(nd, daddr);
	struct sk_buff *skb = ndisc_alloc_skb(nd, sizeof(struct rs_msg) + ADDR_OPTION);
	struct rs_msg *msg;

	if (!skb)
		return;
	msg = skb_put_zero(skb, sizeof(*msg));
	msg->icmph.icmp6_type = NDISC_ROUTER_SOLICITATION;
	if (saddr)
		ndisc_fill_addr_option(skb, ND_OPT_SOURCE_LL_ADDR, nd->dev->dev_addr);
	ndisc_send_skb(skb, daddr, saddr ? saddr : &nd_any, 255);
}
