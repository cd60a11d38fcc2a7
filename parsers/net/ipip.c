// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv4 inside IPv4.
 *
 * Modelled on: Linux 6.1 net/ipv4/tunnel4.c (tunnel4_rcv), ipip.c (ipip_tunnel_rcv)
 * Spec: RFC 2003
 * Differs: one tunnel for every pair of addresses.
 */
#include <linux/if_ether.h>
#include <net/ip.h>
#include <net/protocol.h>

#include "rx.h"
#include "udp_tunnel.h"

static struct ip_tunnel ipip_tunnel;

static int tunnel4_rcv(struct sk_buff *skb)
{
	const struct tnl_ptk_info ipip_tpi = { .proto = htons(ETH_P_IP) };

	if (malformed(!pskb_may_pull(skb, sizeof(struct iphdr)))) {
		kfree_skb(skb);
		return 0;
	}
	if (__iptunnel_pull_header(skb, 0, ipip_tpi.proto, false)) {
		kfree_skb(skb);
		return 0;
	}
	skb_reset_mac_header(skb);
	return ip_tunnel_rcv(&ipip_tunnel, skb, &ipip_tpi);
}

static const struct net_protocol tunnel4_protocol = {
	.handler = tunnel4_rcv,
	.no_policy = 1,
};

void ipip_init(void)
{
	inet_add_protocol(&tunnel4_protocol, IPPROTO_IPIP);
}
