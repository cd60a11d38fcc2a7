/* SPDX-License-Identifier: GPL-2.0-only */
/* The routing table. Changed for testing: four static routes; see redzone/net.h. */
#ifndef _NET_IP6_ROUTE_H
#define _NET_IP6_ROUTE_H

#include <net/dst.h>
#include <net/ipv6.h>

/* Give @skb the destination that its IPv6 destination address is routed to. */
void ip6_route_input(struct sk_buff *skb);

/* What the routes' dst_entry call; set once by the port. */
struct redzone_route_ops {
	int (*local_in)(struct sk_buff *skb);
	int (*mc_in)(struct sk_buff *skb);
	int (*forward)(struct sk_buff *skb);
	int (*unreachable)(struct sk_buff *skb);
	int (*output)(struct sk_buff *skb);
};

void redzone_route_register(const struct redzone_route_ops *ops);

#endif /* _NET_IP6_ROUTE_H */
