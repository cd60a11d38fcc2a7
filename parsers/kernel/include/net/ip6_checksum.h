/* SPDX-License-Identifier: GPL-2.0-only */
/* The pseudo header of a received packet's checksum. Faithful to Linux 6.1. */
#ifndef _CHECKSUM_IP6_H
#define _CHECKSUM_IP6_H

#include <net/ipv6.h>

static inline __wsum ip6_compute_pseudo(struct sk_buff *skb, int proto)
{
	const struct ipv6hdr *hdr = ipv6_hdr(skb);

	return ~csum_unfold(csum_ipv6_magic(&hdr->saddr, &hdr->daddr, skb->len, (u8)proto, 0));
}

#endif /* _CHECKSUM_IP6_H */
