/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv4 routes. Changed for testing: static routes instead of a FIB (redzone/net.h
 * describes them); an rtable is static, and a packet never holds a reference.
 */
#ifndef _ROUTE_H
#define _ROUTE_H

#include <linux/in.h>
#include <linux/inetdevice.h>
#include <net/dst.h>

enum {
	RTN_UNSPEC, RTN_UNICAST, RTN_LOCAL, RTN_BROADCAST, RTN_ANYCAST, RTN_MULTICAST,
	RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT,
};

#define RTCF_MULTICAST	0x20000000
#define RTCF_BROADCAST	0x10000000
#define RTCF_LOCAL	0x80000000

struct rtable {
	struct dst_entry	dst;
	unsigned int		rt_flags;
	__u16			rt_type;
	__u8			rt_is_input;
	__u8			rt_uses_gateway;
	__be32			rt_gw4;
};

static inline struct rtable *skb_rtable(const struct sk_buff *skb)
{
	return (struct rtable *)skb_dst(skb);
}

static inline __be32 rt_nexthop(const struct rtable *rt, __be32 daddr)
{
	return rt->rt_uses_gateway ? rt->rt_gw4 : daddr;
}

/* The environment's table: what @daddr is routed to, by type; never NULL. */
struct rtable *redzone_fib_lookup(struct net *net, __be32 daddr);

/* What the environment's routes call; set once by the port (inet_init()). */
struct redzone_route4_ops {
	int (*local_in)(struct sk_buff *skb);
	int (*forward)(struct sk_buff *skb);
	int (*error)(struct sk_buff *skb);
	int (*output)(struct sk_buff *skb);
};

void redzone_route4_register(const struct redzone_route4_ops *ops);

/* @daddr is that of a packet just received: it is ours from now on, unless forwarding. */
void redzone_route4_arrived(struct net *net, __be32 daddr);

/* RTN_* of an address, as the table has it. */
unsigned int inet_addr_type(struct net *net, __be32 addr);

/* The address from which a packet that arrived as @skb is answered. */
__be32 fib_compute_spec_dst(struct sk_buff *skb);

/* A route for a packet of ours, or ERR_PTR(). */
struct rtable *ip_route_output(struct net *net, __be32 daddr, __be32 saddr, u8 tos,
			       int oif);

/* Give @skb the route of @daddr; 0 or negative errno (parsers/net/route.c). */
int ip_route_input_noref(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos,
			 struct net_device *dev);
int ip_error(struct sk_buff *skb);
void ip_rt_get_source(u8 *addr, struct sk_buff *skb, struct rtable *rt);
void ip_rt_send_redirect(struct sk_buff *skb);

#endif /* _ROUTE_H */
