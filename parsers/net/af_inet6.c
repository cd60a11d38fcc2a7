// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who takes which next-header value, and the hand-over to the transport.
 *
 * Modelled on: Linux 6.1 net/ipv6/af_inet6.c (inet6_init)
 * Spec: IANA protocol numbers
 * Differs: TCP, UDP, DCCP, SCTP and UDP-Lite end here, unless a target registers
 *	them afterwards: which protocol, where it begins and how long it is are effects.
 */
#include <linux/icmpv6.h>
#include <net/addrconf.h>
#include <net/ip6_route.h>

#include "exthdrs.h"
#include "rx.h"

#define TRANSPORT(name, proto)						\
static int name##_rcv(struct sk_buff *skb)				\
{									\
	rx_handover(skb, "handover.proto", proto);			\
	return 0;							\
}									\
static const struct inet6_protocol name##_protocol = {			\
	.handler = name##_rcv,						\
	.flags = INET6_PROTO_FINAL,					\
}

TRANSPORT(tcpv6, IPPROTO_TCP);
TRANSPORT(udpv6, IPPROTO_UDP);
TRANSPORT(dccp_v6, IPPROTO_DCCP);
TRANSPORT(sctpv6, IPPROTO_SCTP);
TRANSPORT(udplitev6, IPPROTO_UDPLITE);

static struct packet_type ipv6_packet_type = {
	.type = cpu_to_be16(ETH_P_IPV6),
	.func = ipv6_rcv,
};

static const struct redzone_route_ops ip6_routes = {
	.local_in = ip6_input,
	.mc_in = ip6_mc_input,
	.forward = ip6_forward,
	.unreachable = ip6_pkt_discard,
	.output = ip6_output,
};

/* Register what the node speaks; once per process. */
void inet6_init(void)
{
	redzone_route_register(&ip6_routes);
	inet6_add_protocol(&tunnel46_protocol, IPPROTO_IPIP);
	inet6_add_protocol(&tcpv6_protocol, IPPROTO_TCP);
	inet6_add_protocol(&udpv6_protocol, IPPROTO_UDP);
	inet6_add_protocol(&dccp_v6_protocol, IPPROTO_DCCP);
	inet6_add_protocol(&tunnel6_protocol, IPPROTO_IPV6);
	inet6_add_protocol(&rthdr_protocol, IPPROTO_ROUTING);
	inet6_add_protocol(&frag_protocol, IPPROTO_FRAGMENT);
	inet6_add_protocol(&esp6_protocol, IPPROTO_ESP);
	inet6_add_protocol(&ah6_protocol, IPPROTO_AH);
	inet6_add_protocol(&icmpv6_protocol, IPPROTO_ICMPV6);
	inet6_add_protocol(&nodata_protocol, IPPROTO_NONE);
	inet6_add_protocol(&destopt_protocol, IPPROTO_DSTOPTS);
	inet6_add_protocol(&sctpv6_protocol, IPPROTO_SCTP);
	inet6_add_protocol(&udplitev6_protocol, IPPROTO_UDPLITE);
	dev_add_pack(&ipv6_packet_type);
	vlan_init();
	llc_init();
	mpls_init();
	pppoe_init();
	sit_init();
	seg6_init();
}
