// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_ipv4: IPv4 as a Linux node receives it, from Ethernet frames.
 *
 * Covers: 802.3 and LLC/SNAP, 802.1Q/802.1ad, MPLS, PPPoE sessions and discovery, HSR
 *	supervision, ARP; the header, its options (CIPSO among them), source routes,
 *	forwarding and fragments sent; ICMP with errors, answers and extensions; IGMP
 *	versions 1 to 3 with timers; hand-over to the transport.
 * Input: `u16le length + bytes` records, each an Ethernet frame or an act
 *	(common/net_play.h and net_acts.c). Environment bits of the control trailer: 1
 *	forward, 2 a local socket sent it, 8 strict sysctls (redzone/net.h).
 * Buffer: each frame is copied to a packet of exactly its size, laid out (linear part,
 *	fragments, clone) as the trailer asks.
 */
#include <net/ip.h>
#include <redzone/net.h>

#include "../parsers/net/exthdrs.h"
#include "../parsers/net/link.h"
#include "net_acts.h"
#include "net_play.h"

enum { LAST_MS = 30 * 1000 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	vlan_init();
	llc_input_init();
	mpls_init();
	pppoe_init();
	pppoe_disc_init();
	hsr_init();
	inet_init();
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;

	rz_input_open(&in, data, size);
	redzone_net_begin(in.env, in.sink);
	net_play_records(&in, net_play_frame, net_act_ipv4);
	net_play_time(LAST_MS);
	redzone_net_end();
	return rz_input_close(&in);
}
