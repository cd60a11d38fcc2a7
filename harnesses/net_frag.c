// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_frag: reassembly of IPv4 and IPv6 fragments as a Linux node does it.
 *
 * Covers: fragment queues, overlaps, duplicates, limits, timers and ECN marks; the
 *	datagram that is built; what is left of link layers and headers on the way to
 *	it; time exceeded when a datagram stays incomplete; headers behind a Fragment
 *	header of the whole datagram.
 * Input: `u16le length + bytes` records, each an Ethernet frame or an act
 *	(common/net_play.h). Environment bits of the control trailer: 1 forward, 2 eight
 *	segments are local (and little head room), 8 strict sysctls: 8 KiB of fragments,
 *	two datagrams between fragments (redzone/net.h).
 * Buffer: each frame is copied to a packet of exactly its size, laid out (linear part,
 *	fragments, clone) as the trailer asks.
 */
#include <net/inet_frag.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/protocol.h>
#include <redzone/net.h>

#include "../parsers/net/exthdrs.h"
#include "net_play.h"

/* The timers of IPv4 run out; those of IPv6 may end with the node. */
enum { LAST_MS = 45 * 1000 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	inet6_init();
	inet_init();
	inet_add_protocol(&tunnel64_protocol, IPPROTO_IPV6);
	ipfrag_init();
	ipv6_frag_init();
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;

	rz_input_open(&in, data, size);
	redzone_net_begin(in.env, in.sink);
	net_play_records(&in, net_play_frame, NULL);
	net_play_time(LAST_MS);
	redzone_net_end();
	return rz_input_close(&in);
}
