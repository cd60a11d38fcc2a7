// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_tunnel: UDP and UDP-Lite, and tunnels over IPv4 and over UDP.
 *
 * Covers: UDP's lengths and checksums, coverage of UDP-Lite; FOU and GUE; GRE with its
 *	optional words, ERSPAN, WCCP; IPv4 and IPv6 in IPv4; the inner packet through the
 *	same layers again.
 * Input: `u16le length + bytes` records, each an Ethernet frame or an act
 *	(common/net_play.h). Environment bits of the control trailer: 1 forward, 2 eight
 *	segments are local (and little head room), 8 strict: GRE's tunnel wants checksums
 *	and sequence numbers (redzone/net.h).
 * Buffer: each frame is copied to a packet of exactly its size, laid out (linear part,
 *	fragments, clone) as the trailer asks.
 */
#include <linux/in.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/protocol.h>
#include <redzone/net.h>

#include "../parsers/net/exthdrs.h"
#include "../parsers/net/udp_tunnel.h"
#include "net_play.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	inet6_init();
	inet_init();
	inet_add_protocol(&tunnel64_protocol, IPPROTO_IPV6);
	ipip_init();
	gre_init();
	udp_init();
	fou_init();
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;

	rz_input_open(&in, data, size);
	redzone_net_begin(in.env, in.sink);
	net_play_records(&in, net_play_frame, NULL);
	redzone_net_end();
	return rz_input_close(&in);
}
