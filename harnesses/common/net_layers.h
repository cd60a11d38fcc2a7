/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every layer that is ported, for net_frame: who takes what, and the sockets above.
 */
#ifndef REDZONE_NET_LAYERS_H
#define REDZONE_NET_LAYERS_H

#include <linux/in.h>
#include <net/inet_frag.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/protocol.h>
#include <net/tcp.h>
#include <redzone/icmpv6.h>
#include <redzone/sctp.h>

#include "../../parsers/net/exthdrs.h"
#include "../../parsers/net/link.h"
#include "../../parsers/net/udp_tunnel.h"
#include "net_filter.h"

/* Later layers take the place of what earlier ones have in their stead. */
static inline void net_layers_init(void)
{
	inet6_init();
	llc_input_init();
	pppoe_disc_init();
	hsr_init();
	inet_init();
	inet_add_protocol(&tunnel64_protocol, IPPROTO_IPV6);
	ipip_init();
	gre_init();
	udp_init();
	fou_init();
	ipfrag_init();
	ipv6_frag_init();
	tcp_init();
	sctp_init();
	icmpv6_init();
	net_filter_init();
}

/* What the environment of net_frame asks of SCTP. */
static inline u8 net_layers_sctp_bits(u8 env)
{
	u8 bits = 0;

	if (env & REDZONE_NET_BIG_SCHEMA)
		bits |= REDZONE_SCTP_SMALL;
	if (env & REDZONE_NET_STRICT)
		bits |= REDZONE_SCTP_ADDIP_AUTH;
	return bits;
}

static inline void net_layers_begin(u8 env, struct sink *sink)
{
	redzone_net_begin(env, sink);
	redzone_tcp_begin(&init_net, net_filter_bits(env));
	redzone_sctp_begin(&init_net, net_layers_sctp_bits(env));
}

static inline void net_layers_end(void)
{
	redzone_net_end();
	redzone_tcp_end();
	redzone_sctp_end();
}

#endif /* REDZONE_NET_LAYERS_H */
