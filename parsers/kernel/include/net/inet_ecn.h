/* SPDX-License-Identifier: GPL-2.0-only */
/* Congestion marks of an outer and an inner header (RFC 6040 4.2). Faithful in results. */
#ifndef _INET_ECN_H_
#define _INET_ECN_H_

#include <net/ipv6.h>

enum {
	INET_ECN_NOT_ECT = 0,
	INET_ECN_ECT_1 = 1,
	INET_ECN_ECT_0 = 2,
	INET_ECN_CE = 3,
	INET_ECN_MASK = 3,
};

/*
 * What the outer DS field @outer says about an inner packet at the network header,
 * which is linear: 0, 1 (odd but harmless), or 2 (to be dropped).
 */
static inline int INET_ECN_decapsulate(const struct sk_buff *skb, u8 outer)
{
	u8 inner;

	if (skb->protocol == htons(ETH_P_IPV6))
		inner = ipv6_get_dsfield(ipv6_hdr(skb));
	else
		inner = skb_network_header(skb)[1];

	if ((inner & INET_ECN_MASK) != INET_ECN_NOT_ECT)
		return 0;
	switch (outer & INET_ECN_MASK) {
	case INET_ECN_NOT_ECT:
		return 0;
	case INET_ECN_CE:
		return 2;
	default:
		return 1;
	}
}

#endif /* _INET_ECN_H_ */
