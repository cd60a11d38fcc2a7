/* SPDX-License-Identifier: GPL-2.0-only */
/* What the two address families' receive functions share. */
#ifndef PARSERS_NET_TCP_RCV_H
#define PARSERS_NET_TCP_RCV_H

#include <net/tcp.h>

/* The family's pseudo header sum, for skb_checksum_init(). */
typedef __wsum tcp_pseudo_fn(struct sk_buff *skb, int proto);

/*
 * One segment with the network header set and skb->data at the TCP header.
 * Consumes @skb. Return: 0.
 */
int tcp_rcv(struct sk_buff *skb, u16 family, tcp_pseudo_fn *pseudo);

#endif /* PARSERS_NET_TCP_RCV_H */
