/* SPDX-License-Identifier: GPL-2.0-only */
/* Handlers by next-header value. Changed for testing: the table is constant. */
#ifndef _PROTOCOL_H
#define _PROTOCOL_H

#include <linux/in6.h>
#include <linux/skbuff.h>

#define MAX_INET_PROTOS		256

struct inet6_skb_parm;

struct inet6_protocol {
	int		(*handler)(struct sk_buff *skb);
	int		(*err_handler)(struct sk_buff *skb, struct inet6_skb_parm *opt,
				       u8 type, u8 code, int offset, __be32 info);
	unsigned int	flags;
};

#define INET6_PROTO_NOPOLICY	0x1
#define INET6_PROTO_FINAL	0x2

extern const struct inet6_protocol *const inet6_protos[MAX_INET_PROTOS];

#endif /* _PROTOCOL_H */
