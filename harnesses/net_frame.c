// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_frame: any Ethernet frame into every layer that a Linux node may have.
 *
 * Covers: all link layers; IPv4 and IPv6 with what they carry, as far as it is ported;
 *	fragments alone until their time is up; a TCP segment for a listener, a connection or
 *	nobody; a message of ICMPv6, NDP or MLD for a host that has just come up.
 * Input: one raw Ethernet frame, from the destination address to the last byte before
 *	the frame check sequence; then a minute passes. Environment bits of the control
 *	trailer: 1 forward, 2 eight segments are local (and little head room), and what a
 *	local socket sent passes the MSS target, 4 largest IOAM schema, SYN cookies and
 *	small receive buffers, 8 strict sysctls, and TCP peers have to sign (redzone/net.h,
 *	redzone/tcp.h).
 * Buffer: the frame is copied to a packet of exactly its size, laid out (linear part,
 *	fragments, clone) as the trailer asks.
 */
#include <linux/in.h>
#include <net/inet_frag.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/protocol.h>
#include <net/tcp.h>
#include <redzone/icmpv6.h>

#include "../parsers/net/exthdrs.h"
#include "../parsers/net/link.h"
#include "net_filter.h"
#include "net_play.h"

/* The timers of IPv6 fragments run out, as do those of a lost connection. */
enum { LAST_MS = 60 * 1000 };

/* Later layers take the place of what earlier ones have in their stead. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	inet6_init();
	llc_input_init();
	pppoe_disc_init();
	hsr_init();
	inet_init();
	inet_add_protocol(&tunnel64_protocol, IPPROTO_IPV6);
	ipfrag_init();
	ipv6_frag_init();
	tcp_init();
	icmpv6_init();
	net_filter_init();
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;

	rz_input_open(&in, data, size);
	redzone_net_begin(in.env, in.sink);
	redzone_tcp_begin(&init_net, net_filter_bits(in.env));
	net_play_frame(&in, in.data, in.len);
	net_play_time(LAST_MS);
	redzone_net_end();
	redzone_tcp_end();
	return rz_input_close(&in);
}
