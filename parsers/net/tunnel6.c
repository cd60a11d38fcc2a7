// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets inside IPv6: the outer header goes, the inner packet arrives anew.
 *
 * Modelled on: Linux 6.1 net/ipv6/tunnel6.c (tunnel6_rcv, tunnel46_rcv),
 *	net/ipv6/ip6_tunnel.c (ipxip6_rcv, ip6_tnl_rcv_ctl, __ip6_tnl_rcv),
 *	include/net/ip_tunnels.h (pskb_inet_may_pull), include/net/inet_ecn.h
 * Spec: RFC 2473, RFC 6040 4.2
 * Differs: one tunnel answers for every pair of addresses; no keys, sequence
 *	numbers or checksums, which such a tunnel does not have.
 */
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <net/addrconf.h>
#include <net/inet_ecn.h>
#include <net/ip_tunnels.h>

#include "exthdrs.h"
#include "rx.h"

/* The far end is not this node, and the near end is. */
static bool ip6_tnl_rcv_ctl(struct sk_buff *skb, const struct in6_addr *laddr,
			    const struct in6_addr *raddr)
{
	struct net *net = dev_net(skb->dev);

	if (malformed(!ipv6_addr_is_multicast(laddr) && !ipv6_chk_addr(net, laddr)))
		return false;
	if (malformed(ipv6_chk_addr(net, raddr)))
		return false;
	return true;
}

static int ipxip6_rcv(struct sk_buff *skb, __be16 inner_proto)
{
	const struct ipv6hdr *ipv6h = ipv6_hdr(skb);
	unsigned int nh;

	if (!ip6_tnl_rcv_ctl(skb, &ipv6h->daddr, &ipv6h->saddr))
		goto drop;

	skb->protocol = inner_proto;
	skb_reset_mac_header(skb);
	/* the head may move */
	nh = skb_network_header(skb) - skb->head;
	skb_reset_network_header(skb);
	if (!pskb_inet_may_pull(skb))
		goto drop;

	ipv6h = (struct ipv6hdr *)(skb->head + nh);
	memset(skb->cb, 0, sizeof(struct inet6_skb_parm));
	__skb_tunnel_rx(skb, redzone_tunnel_dev(), dev_net(skb->dev));

	if (malformed(INET_ECN_decapsulate(skb, ipv6_get_dsfield(ipv6h)) > 1))
		goto drop;

	netif_rx(skb);
	return 0;

drop:
	kfree_skb(skb);
	return 0;
}

static int tunnel6_rcv(struct sk_buff *skb)
{
	if (malformed(!pskb_may_pull(skb, sizeof(struct ipv6hdr)))) {
		kfree_skb(skb);
		return 0;
	}
	return ipxip6_rcv(skb, htons(ETH_P_IPV6));
}

static int tunnel46_rcv(struct sk_buff *skb)
{
	if (malformed(!pskb_may_pull(skb, sizeof(struct iphdr)))) {
		kfree_skb(skb);
		return 0;
	}
	return ipxip6_rcv(skb, htons(ETH_P_IP));
}

const struct inet6_protocol tunnel6_protocol = {
	.handler = tunnel6_rcv,
	.flags = INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL,
};

const struct inet6_protocol tunnel46_protocol = {
	.handler = tunnel46_rcv,
	.flags = INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL,
};
