/* SPDX-License-Identifier: GPL-2.0-only */
/* What forwarding calls in ip6_offload.c. */
#ifndef PARSERS_NET_IP6_OUTPUT_H
#define PARSERS_NET_IP6_OUTPUT_H

#include <linux/skbuff.h>

int ipv6_gso_xmit(struct sk_buff *skb);

#endif /* PARSERS_NET_IP6_OUTPUT_H */
