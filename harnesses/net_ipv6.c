// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_ipv6: IPv6 as a Linux node receives it, from an Ethernet frame.
 *
 * Covers: 802.3 and LLC/SNAP, 802.1Q/802.1ad, MPLS, PPPoE and 6in4/4in6/6in6 to
 *	reach it; the fixed header; Hop-by-Hop and Destination Options, Routing types
 *	2, 3, 4, Fragment, AH, ESP; hand-over to the transport; forwarding of what is
 *	not for this node; ICMPv6 errors sent and received.
 * Input: one raw Ethernet frame, from the destination address to the last byte
 *	before the frame check sequence. Environment bits of the control trailer:
 *	1 forward, 2 eight segments are local (and little head room), 4 largest IOAM
 *	schema, 8 strict sysctls (redzone/net.h).
 * Buffer: the frame is copied to a packet of exactly its size, laid out (linear
 *	part, fragments, clone) as the trailer asks.
 */
#include <linux/etherdevice.h>
#include <net/ipv6.h>
#include <redzone/kernel.h>
#include <redzone/net.h>

#include "harness.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	inet6_init();
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;
	struct sk_buff *skb;

	rz_input_open(&in, data, size);
	redzone_net_begin(in.env, in.sink);

	skb = redzone_skb_from_input(in.data, in.len);
	if (skb && (in.env & REDZONE_NET_ALL_LOCAL))
		skb = redzone_net_sent(skb);
	if (skb)
		eth_rx(redzone_net_device(), skb);
	redzone_net_pump();

	return rz_input_close(&in);
}
