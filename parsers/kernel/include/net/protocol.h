/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Handlers by protocol number and next-header value (net/ipv4/protocol.c,
 * net/ipv6/protocol.c). Changed for testing: a later registration takes the place
 * of an earlier one, so that a target may put a whole protocol where another target
 * has its hand-over; registration happens once per process, before any input.
 */
#ifndef _PROTOCOL_H
#define _PROTOCOL_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/skbuff.h>

#define MAX_INET_PROTOS		256

struct inet6_skb_parm;

/*
 * @handler: takes a packet whose data begins with its header; returns 0 (consumed) or
 *	-protocol: process it again as that protocol
 * @err_handler: an ICMP error quotes a packet of this protocol; skb->data is at the
 *	quoted IPv4 header, of which at least the header and 8 bytes are linear
 */
struct net_protocol {
	int		(*handler)(struct sk_buff *skb);
	int		(*err_handler)(struct sk_buff *skb, u32 info);
	unsigned int	no_policy:1,
			icmp_strict_tag_validation:1;
};

struct inet6_protocol {
	int		(*handler)(struct sk_buff *skb);
	int		(*err_handler)(struct sk_buff *skb, struct inet6_skb_parm *opt,
				       u8 type, u8 code, int offset, __be32 info);
	unsigned int	flags;
};

#define INET6_PROTO_NOPOLICY	0x1
#define INET6_PROTO_FINAL	0x2

extern const struct net_protocol *inet_protos[MAX_INET_PROTOS];
extern const struct inet6_protocol *inet6_protos[MAX_INET_PROTOS];

int inet_add_protocol(const struct net_protocol *prot, unsigned char protocol);
int inet_del_protocol(const struct net_protocol *prot, unsigned char protocol);
int inet6_add_protocol(const struct inet6_protocol *prot, unsigned char protocol);
int inet6_del_protocol(const struct inet6_protocol *prot, unsigned char protocol);

#endif /* _PROTOCOL_H */
