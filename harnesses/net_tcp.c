// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_tcp: TCP as a Linux node receives it, from the TCP header on.
 *
 * Covers: the header; all options, Multipath TCP's too; listeners, requests, SYN cookies,
 *	connections in every state; acknowledgements and SACK against what was sent; data in
 *	order, out of order and more than there is room for; urgent data; the packet
 *	filter's MSS target.
 * Input: records, `u16le length + bytes`. A record is an Ethernet frame with an IPv4 or
 *	IPv6 header, which is skipped (extension headers are not), or an act of a user or
 *	of time (common/net_play.h, redzone/tcp.h). Environment bits of the control
 *	trailer: 1 every peer has to sign, 2 SYN cookies, 4 small receive buffers, 8 the
 *	MSS target (redzone/tcp.h).
 * Buffer: each datagram is copied to a packet of exactly its size, laid out (linear part,
 *	fragments, clone) as the trailer asks.
 */
#include <linux/in.h>
#include <net/tcp.h>
#include <redzone/net.h>
#include <redzone/tcp.h>

#include "ip_record.h"
#include "net_play.h"

static void play_segment(const struct rz_input *in, const u8 *frame, size_t len)
{
	struct ip_head head;
	struct sk_buff *skb = ip_record_skb(frame, len, &head);

	if (!skb)
		return;
	if (head.proto != IPPROTO_TCP) {
		consume_skb(skb);
		return;
	}
	if (in->env & REDZONE_TCP_MSS && !redzone_tcp_mangle(skb, head.family))
		return;
	if (head.family == AF_INET)
		tcp_v4_rcv(skb);
	else
		tcp_v6_rcv(skb);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;

	rz_input_open(&in, data, size);
	redzone_net_begin(0, in.sink);
	redzone_tcp_begin(&init_net, in.env);
	net_play_records(&in, play_segment, redzone_tcp_act);
	rz_packet(&in, NULL);
	redzone_tcp_end();
	return rz_input_close(&in);
}
