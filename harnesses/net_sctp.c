// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_sctp: SCTP as a Linux node receives it, from the common header on.
 *
 * Covers: the header and CRC-32C; the chunk walk; INIT and INIT ACK with all parameters,
 *	cookies, restarts; DATA and I-DATA with reassembly, order and partial delivery; SACK
 *	against what was sent; HEARTBEAT, ERROR, ABORT, the shutdown sequence; ASCONF, AUTH,
 *	FORWARD-TSN, stream resets, ECN; packets for nobody.
 * Input: records, `u16le length + bytes`. A record is an Ethernet frame with an IPv4 or
 *	IPv6 header, which is skipped (extension headers are not), or an act of a user or
 *	of time (common/net_play.h, redzone/sctp.h). Environment bits of the control
 *	trailer: 1 no extensions, 2 cookies are not signed, 4 ASCONF has to be
 *	authenticated, 8 small receive buffers (redzone/sctp.h).
 * Buffer: each datagram is copied to a packet of exactly its size, laid out (linear part,
 *	fragments, clone) as the trailer asks.
 */
#include <linux/in.h>
#include <net/sctp.h>
#include <redzone/net.h>
#include <redzone/sctp.h>

#include "ip_record.h"
#include "net_play.h"

static void play_packet(const struct rz_input *in, const u8 *frame, size_t len)
{
	struct ip_head head;
	struct sk_buff *skb = ip_record_skb(frame, len, &head);

	if (!skb)
		return;
	if (head.proto != IPPROTO_SCTP)
		consume_skb(skb);
	else
		sctp_rcv(skb);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;

	rz_input_open(&in, data, size);
	redzone_net_begin(0, in.sink);
	redzone_sctp_begin(&init_net, in.env);
	net_play_records(&in, play_packet, redzone_sctp_act);
	rz_packet(&in, NULL);
	redzone_sctp_end();
	return rz_input_close(&in);
}
