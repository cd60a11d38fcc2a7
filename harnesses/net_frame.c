// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_frame: any Ethernet frame into every layer that a Linux node may have.
 *
 * Covers: all link layers; IPv4 and IPv6 with what they carry, as far as it is ported;
 *	fragments that stay alone until their time is up; one TCP segment for a listener, a
 *	connection or nobody, and what its sockets do until they give up.
 * Input: one raw Ethernet frame, from the destination address to the last byte before
 *	the frame check sequence; then a minute passes. Environment bits of the control
 *	trailer: 1 forward, 2 eight segments are local (and little head room), and what a
 *	local socket sent passes the MSS target, 4 largest IOAM schema, SYN cookies and
 *	small receive buffers, 8 strict sysctls, and TCP peers have to sign (redzone/net.h,
 *	redzone/tcp.h).
 * Buffer: the frame is copied to a packet of exactly its size, laid out (linear part,
 *	fragments, clone) as the trailer asks.
 */
#include <linux/in.h>
#include <net/inet_frag.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/protocol.h>
#include <net/tcp.h>
#include <redzone/net.h>
#include <redzone/tcp.h>

#include "../parsers/net/exthdrs.h"
#include "../parsers/net/link.h"
#include "net_play.h"

/* The timers of IPv6 fragments run out, as do those of a lost connection. */
enum { LAST_MS = 60 * 1000 };

/* The packet filter sees a segment before TCP does. */
static int filter_v4_rcv(struct sk_buff *skb)
{
	if (init_net.all_local && !redzone_tcp_mangle(skb, AF_INET))
		return 0;
	return tcp_v4_rcv(skb);
}

static int filter_v6_rcv(struct sk_buff *skb)
{
	if (init_net.all_local && !redzone_tcp_mangle(skb, AF_INET6))
		return 0;
	return tcp_v6_rcv(skb);
}

static const struct net_protocol filter_protocol = {
	.handler = filter_v4_rcv,
	.no_policy = 1,
};

static const struct inet6_protocol filter_v6_protocol = {
	.handler = filter_v6_rcv,
	.flags = INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL,
};

/* Later layers take the place of what earlier ones have in their stead. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	inet6_init();
	llc_input_init();
	pppoe_disc_init();
	hsr_init();
	inet_init();
	inet_add_protocol(&tunnel64_protocol, IPPROTO_IPV6);
	ipfrag_init();
	ipv6_frag_init();
	tcp_init();
	inet_add_protocol(&filter_protocol, IPPROTO_TCP);
	inet6_add_protocol(&filter_v6_protocol, IPPROTO_TCP);
	return 0;
}

static u8 tcp_bits(u8 env)
{
	u8 bits = 0;

	if (env & REDZONE_NET_BIG_SCHEMA)
		bits |= REDZONE_TCP_COOKIES | REDZONE_TCP_SMALL;
	if (env & REDZONE_NET_STRICT)
		bits |= REDZONE_TCP_MD5;
	return bits;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;

	rz_input_open(&in, data, size);
	redzone_net_begin(in.env, in.sink);
	redzone_tcp_begin(&init_net, tcp_bits(in.env));
	net_play_frame(&in, in.data, in.len);
	net_play_time(LAST_MS);
	redzone_net_end();
	redzone_tcp_end();
	return rz_input_close(&in);
}
