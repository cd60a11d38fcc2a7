// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who takes which next-header value, and the hand-over to the transport.
 *
 * Modelled on: Linux 6.1 net/ipv6/protocol.c (inet6_protos), net/ipv6/af_inet6.c
 *	(inet6_init)
 * Spec: IANA protocol numbers
 * Differs: the table is constant; TCP, UDP, DCCP, SCTP and UDP-Lite end here: which
 *	protocol, where it begins and how long it is are effects.
 */
#include <linux/icmpv6.h>
#include <net/addrconf.h>
#include <net/ip6_route.h>

#include "exthdrs.h"
#include "rx.h"

/* The packet is somebody else's from here on. */
void rx_handover(struct sk_buff *skb, const char *what, unsigned int proto)
{
	struct sink *sink = rx_sink(skb);

	sink_effect_u64(sink, what, proto);
	sink_effect_u64(sink, "handover.offset", -skb_network_offset(skb));
	sink_effect_u64(sink, "handover.len", skb->len);
	sink_verdict(sink, 0, 0);
	consume_skb(skb);
}

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

const struct inet6_protocol *const inet6_protos[MAX_INET_PROTOS] = {
	[IPPROTO_IPIP] = &tunnel46_protocol,
	[IPPROTO_TCP] = &tcpv6_protocol,
	[IPPROTO_UDP] = &udpv6_protocol,
	[IPPROTO_DCCP] = &dccp_v6_protocol,
	[IPPROTO_IPV6] = &tunnel6_protocol,
	[IPPROTO_ROUTING] = &rthdr_protocol,
	[IPPROTO_FRAGMENT] = &frag_protocol,
	[IPPROTO_ESP] = &esp6_protocol,
	[IPPROTO_AH] = &ah6_protocol,
	[IPPROTO_ICMPV6] = &icmpv6_protocol,
	[IPPROTO_NONE] = &nodata_protocol,
	[IPPROTO_DSTOPTS] = &destopt_protocol,
	[IPPROTO_SCTP] = &sctpv6_protocol,
	[IPPROTO_UDPLITE] = &udplitev6_protocol,
};

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
	dev_add_pack(&ipv6_packet_type);
	vlan_init();
	llc_init();
	mpls_init();
	pppoe_init();
	sit_init();
	seg6_init();
}
