/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PARSERS_NET_IP_RCV_CORE_H
#define PARSERS_NET_IP_RCV_CORE_H

#include <linux/ip.h>
#include <linux/skbuff.h>

void ip_decode(const struct sk_buff *skb, const struct iphdr *iph);
struct sk_buff *ip_rcv_core(struct sk_buff *skb);

#endif /* PARSERS_NET_IP_RCV_CORE_H */
