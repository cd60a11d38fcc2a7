// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_icmpv6: ICMPv6, Neighbour Discovery and Multicast Listener Discovery, as a Linux node
 * receives them, from the ICMPv6 header on.
 *
 * Covers: checksum and types; echo; errors with the packet they quote, and the path's MTU;
 *	solicitations, advertisements and redirects with all options; neighbours with their
 *	states and what waits for them; addresses and the detection of duplicates; routers,
 *	prefixes and routes; queries and reports of both MLD versions, and their timers.
 * Input: records, `u16le length + bytes`. A record is an Ethernet frame with an IPv6 header,
 *	of which, and of a Hop-by-Hop and a Fragment header behind it, only what ICMPv6 asks
 *	for is looked at; or an act of a user or of time (common/net_play.h,
 *	redzone/icmpv6.h). Environment bits of the control trailer: 1 a router, 2 temporary
 *	and optimistic addresses, 4 small tables and MLD version 1, 8 strict sysctls.
 * Buffer: each message is copied to a packet of exactly its size, laid out (linear part,
 *	fragments, clone) as the trailer asks.
 */
#include <linux/in.h>
#include <net/ipv6.h>
#include <net/protocol.h>
#include <net/sock.h>
#include <redzone/icmpv6.h>
#include <redzone/net.h>

#include "ip_record.h"
#include "net_play.h"

enum { LAST_MS = 20 * 1000 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	icmpv6_init();
	return 0;
}

static void play_message(const struct rz_input *in, const u8 *frame, size_t len)
{
	struct ip_head head;
	struct sk_buff *skb = ip_record_skb(frame, len, &head);

	if (!skb)
		return;
	if (head.family != AF_INET6 || ip6_record_skip(skb, &head) != IPPROTO_ICMPV6) {
		consume_skb(skb);
		return;
	}
	inet6_protos[IPPROTO_ICMPV6]->handler(skb);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;

	rz_input_open(&in, data, size);
	redzone_net_begin(0, in.sink);
	redzone_icmpv6_begin(&init_net, in.env);
	net_play_records(&in, play_message, redzone_icmpv6_act);
	net_play_time(LAST_MS);
	redzone_net_end();
	return rz_input_close(&in);
}
