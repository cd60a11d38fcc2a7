/* SPDX-License-Identifier: GPL-2.0-only */
/* The Fragment header's checks, for a target with queues and for one without. */
#ifndef PARSERS_NET_IPV6_FRAG_H
#define PARSERS_NET_IPV6_FRAG_H

#include <net/ipv6.h>

/*
 * A fragment on its way into a queue: consumed, unless it sets *@prob_offset: then the
 * caller complains about that place. Return: as an inet6_protocol handler.
 */
typedef int ipv6_frag_queue_fn(struct sk_buff *skb, struct frag_hdr *fhdr, u32 *prob_offset);

int ipv6_frag_receive(struct sk_buff *skb, ipv6_frag_queue_fn *queue);
bool ipv6_frag_place(const struct sk_buff *skb, const struct frag_hdr *fhdr, int *offset,
		     int *end, u32 *prob_offset);

#endif /* PARSERS_NET_IPV6_FRAG_H */
