/* SPDX-License-Identifier: GPL-2.0-only */
/* ICMP errors that a node sends (parsers/net/icmp.c). Faithful to Linux 6.1. */
#ifndef _ICMP_H
#define _ICMP_H

#include <linux/icmp.h>
#include <net/inet_sock.h>

/*
 * An error about the received packet @skb, whose network header is set and linear;
 * the caller keeps @skb. @info: what stands in the second word of the message.
 */
void __icmp_send(struct sk_buff *skb_in, int type, int code, __be32 info,
		 const struct ip_options *opt);

static inline void icmp_send(struct sk_buff *skb_in, int type, int code, __be32 info)
{
	__icmp_send(skb_in, type, code, info, NULL);
}

void icmp_init(void);

#endif /* _ICMP_H */
