// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who takes which IPv4 protocol number.
 *
 * Modelled on: Linux 6.1 net/ipv4/af_inet.c (inet_init)
 * Spec: IANA protocol numbers
 * Differs: TCP, UDP, DCCP, SCTP and UDP-Lite end here, unless a target registers
 *	them afterwards.
 */
#include <linux/if_arp.h>
#include <linux/igmp.h>
#include <net/cipso_ipv4.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/protocol.h>

#include "rx.h"

#define TRANSPORT(name, proto)						\
static int name##_rcv(struct sk_buff *skb)				\
{									\
	rx_handover(skb, "handover.ipv4_proto", proto);			\
	return 0;							\
}									\
static const struct net_protocol name##_protocol = {			\
	.handler = name##_rcv,						\
	.icmp_strict_tag_validation = 1,				\
}

TRANSPORT(tcp_v4, IPPROTO_TCP);
TRANSPORT(udp, IPPROTO_UDP);
TRANSPORT(dccp_v4, IPPROTO_DCCP);
TRANSPORT(sctp, IPPROTO_SCTP);
TRANSPORT(udplite, IPPROTO_UDPLITE);

static struct packet_type ip_packet_type = {
	.type = cpu_to_be16(ETH_P_IP),
	.func = ip_rcv,
};

static const struct redzone_route4_ops ip_routes = {
	.local_in = ip_local_deliver,
	.forward = ip_forward,
	.error = ip_error,
	.output = ip_output,
};

/* Register what the node speaks; once per process. */
void inet_init(void)
{
	redzone_route4_register(&ip_routes);
	inet_add_protocol(&tcp_v4_protocol, IPPROTO_TCP);
	inet_add_protocol(&udp_protocol, IPPROTO_UDP);
	inet_add_protocol(&dccp_v4_protocol, IPPROTO_DCCP);
	inet_add_protocol(&sctp_protocol, IPPROTO_SCTP);
	inet_add_protocol(&udplite_protocol, IPPROTO_UDPLITE);
	dev_add_pack(&ip_packet_type);
	arp_init();
	icmp_init();
	igmp_init();
	cipso_v4_init();
}
