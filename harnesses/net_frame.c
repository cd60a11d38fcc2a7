// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_frame: any Ethernet frame into every layer that a Linux node may have.
 *
 * Covers: all link layers, IPv4 and IPv6 with what they carry, as far as it is ported.
 * Input: one raw Ethernet frame, from the destination address to the last byte before
 *	the frame check sequence. Environment bits of the control trailer: 1 forward, 2
 *	eight segments are local (and little head room), 4 largest IOAM schema, 8 strict
 *	sysctls (redzone/net.h).
 * Buffer: the frame is copied to a packet of exactly its size, laid out (linear part,
 *	fragments, clone) as the trailer asks.
 */
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/protocol.h>
#include <redzone/net.h>
#include <redzone/pump.h>

#include "../parsers/net/exthdrs.h"
#include "../parsers/net/link.h"
#include "net_play.h"

enum { LAST_MS = 30 * 1000, WORK_MAX = 64 };

/* Later layers take the place of what earlier ones have in their stead. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	inet6_init();
	llc_input_init();
	pppoe_disc_init();
	hsr_init();
	inet_init();
	inet_add_protocol(&tunnel64_protocol, IPPROTO_IPV6);
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;

	rz_input_open(&in, data, size);
	redzone_net_begin(in.env, in.sink);
	net_play_frame(&in, in.data, in.len);
	redzone_time_advance(LAST_MS);
	redzone_run_work(WORK_MAX);
	redzone_net_end();
	return rz_input_close(&in);
}
