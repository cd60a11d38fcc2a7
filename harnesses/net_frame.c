// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_frame: any Ethernet frame into every layer that a Linux node may have.
 *
 * Covers: all link layers; IPv4 and IPv6 with what they carry, as far as it is ported;
 *	fragments alone until their time is up; tunnels over IPv4 and UDP, and what is in
 *	them; a segment for a listener, a connection or nobody; a packet for an SCTP
 *	association in one of its states; a message of ICMPv6, NDP or MLD for a host that
 *	has just come up.
 * Input: one raw Ethernet frame, from the destination address to the last byte before
 *	the frame check sequence; then a minute passes. Environment bits of the control
 *	trailer: 1 forward, 2 eight segments are local (and little head room), and what a
 *	local socket sent passes the MSS target, 4 largest IOAM schema, SYN cookies and
 *	small receive buffers, 8 strict sysctls, TCP peers have to sign, and SCTP's to
 *	authenticate changes of address (redzone/net.h, redzone/tcp.h, redzone/sctp.h).
 * Buffer: the frame is copied to a packet of exactly its size, laid out (linear part,
 *	fragments, clone) as the trailer asks.
 */
#include "net_layers.h"
#include "net_play.h"

/* The timers of IPv6 fragments run out, as do those of a lost connection. */
enum { LAST_MS = 60 * 1000 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	net_layers_init();
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;

	rz_input_open(&in, data, size);
	net_layers_begin(in.env, in.sink);
	net_play_frame(&in, in.data, in.len);
	net_play_time(LAST_MS);
	net_layers_end();
	return rz_input_close(&in);
}
