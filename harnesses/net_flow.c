// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_flow: the flow dissector, as drivers, classifiers and packet steering ask it.
 *
 * Covers: the length of a frame's headers from a raw buffer; every key, what a flow's hash
 *	is made of, and the offset of the payload from a packet; the MPLS key of a software
 *	switch.
 * Input: one raw Ethernet frame, from the destination address to the last byte before the
 *	frame check sequence. Environment bits of the control trailer are the classifier's
 *	flags: 1 parse first fragments, 2 stop at a flow label, 4 stop at an encapsulation,
 *	8 stop before one.
 * Buffer: the frame is copied to a packet of exactly its size, laid out (linear part,
 *	fragments, clone) as the trailer asks; of a linear one the driver sees a raw buffer.
 */
#include <net/flow_dissector.h>
#include <net/net_namespace.h>
#include <redzone/kernel.h>
#include <redzone/net.h>

#include "harness.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	flow_init();
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;
	struct sk_buff *skb;

	rz_input_open(&in, data, size);
	init_net.sink = in.sink;
	skb = redzone_skb_from_input(in.data, in.len);
	if (skb) {
		skb->dev = redzone_net_device();
		redzone_flow_rx(&init_net, skb, in.env);
		consume_skb(skb);
	}
	return rz_input_close(&in);
}
