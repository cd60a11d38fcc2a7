// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv6 inside IPv4: from the IPv4 header (ip_rcv_core.c) to protocol 41.
 *
 * Modelled on: Linux 6.1 net/ipv4/tunnel4.c (tunnel64_rcv), net/ipv6/sit.c
 *	(ipip6_rcv)
 * Spec: RFC 791 3.1, RFC 4213 3.5 and 3.6
 * Differs: options are not processed and fragments not reassembled: both are handed
 *	over, as are other protocols (sit_init(): for targets that take IPv4 as a way to
 *	IPv6; ip_input.c is the whole, and takes tunnel64_protocol); one tunnel for every
 *	pair of addresses.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <net/addrconf.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>

#include "exthdrs.h"
#include "ip_rcv_core.h"
#include "rx.h"

/* The inner packet arrives on the tunnel device. */
static void ipip6_rcv(struct sk_buff *skb)
{
	u8 tos = ip_hdr(skb)->tos;

	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	memset(skb->cb, 0, sizeof(skb->cb));
	skb->protocol = htons(ETH_P_IPV6);
	__skb_tunnel_rx(skb, redzone_tunnel_dev(), dev_net(skb->dev));

	if (malformed(INET_ECN_decapsulate(skb, tos) > 1)) {
		kfree_skb(skb);
		return;
	}
	netif_rx(skb);
}

/* Protocol 41: skb->data is behind the IPv4 header. */
static int tunnel64_rcv(struct sk_buff *skb)
{
	if (malformed(!pskb_may_pull(skb, sizeof(struct ipv6hdr)))) {
		kfree_skb(skb);
		return 0;
	}
	ipip6_rcv(skb);
	return 0;
}

const struct net_protocol tunnel64_protocol = {
	.handler = tunnel64_rcv,
	.no_policy = 1,
};

static int sit_ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		  struct net_device *orig_dev)
{
	const struct iphdr *iph;
	u8 protocol;

	skb = ip_rcv_core(skb);
	if (!skb)
		return NET_RX_DROP;

	iph = ip_hdr(skb);
	protocol = iph->protocol;
	if (iph->frag_off & htons(IP_MF | IP_OFFSET)) {
		rx_handover(skb, "handover.ipv4_fragment", protocol);
		return NET_RX_SUCCESS;
	}

	skb_pull(skb, skb_transport_offset(skb));
	if (protocol == IPPROTO_IPV6)
		tunnel64_rcv(skb);
	else
		rx_handover(skb, "handover.ipv4_proto", protocol);
	return NET_RX_SUCCESS;
}

static struct packet_type ip_packet_type = {
	.type = cpu_to_be16(ETH_P_IP),
	.func = sit_ip_rcv,
};

void sit_init(void)
{
	dev_add_pack(&ip_packet_type);
}
