/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Covers:  ${file}_rcv()
 * Input:   one packet, as it is on the wire
 * Buffer:  an skb of exactly the packet's size
 */
#include <linux/skbuff.h>
#include <redzone/kernel.h>

#include "../parsers/$family/$file.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;
	struct sk_buff *skb;

	rz_input_open(&in, data, size);
	skb = redzone_skb_from_input(in.data, in.len);
	if (skb) {
		${file}_rcv(skb, in.sink);
		kfree_skb(skb);
	}
	return rz_input_close(&in);
}
