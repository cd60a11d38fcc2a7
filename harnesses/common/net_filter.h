/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TCP behind the packet filter's MSS target, for net_frame: where all segments are local,
 * the filter sees each before TCP does.
 */
#ifndef REDZONE_NET_FILTER_H
#define REDZONE_NET_FILTER_H

#include <linux/in.h>
#include <net/ip.h>
#include <net/protocol.h>
#include <net/tcp.h>
#include <redzone/net.h>
#include <redzone/tcp.h>

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

/* After tcp_init(), whose place in the tables the filter takes. */
static inline void net_filter_init(void)
{
	inet_add_protocol(&filter_protocol, IPPROTO_TCP);
	inet6_add_protocol(&filter_v6_protocol, IPPROTO_TCP);
}

/* What the environment of net_frame asks of TCP. */
static inline u8 net_filter_bits(u8 env)
{
	u8 bits = 0;

	if (env & REDZONE_NET_BIG_SCHEMA)
		bits |= REDZONE_TCP_COOKIES | REDZONE_TCP_SMALL;
	if (env & REDZONE_NET_STRICT)
		bits |= REDZONE_TCP_MD5;
	return bits;
}

#endif /* REDZONE_NET_FILTER_H */
