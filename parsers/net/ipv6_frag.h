/* SPDX-License-Identifier: GPL-2.0-only */
/* What the Fragment header's two handlers share: the hand-over and the queues. */
#ifndef PARSERS_NET_IPV6_FRAG_H
#define PARSERS_NET_IPV6_FRAG_H

#include <linux/icmpv6.h>
#include <net/ipv6.h>

#include "rx.h"

enum {	/* what of the upper layer a first fragment has to hold */
	TCP_HLEN = 20,
	UDP_HLEN = 8,
};

/* RFC 8200 4.5: a first fragment holds all headers through the upper layer's. */
static inline bool ipv6frag_thdr_truncated(struct sk_buff *skb, int start, u8 *nexthdrp)
{
	u8 nexthdr = *nexthdrp;
	__be16 frag_off;
	int offset;

	offset = ipv6_skip_exthdr(skb, start, &nexthdr, &frag_off);
	if (offset < 0 || (frag_off & htons(IP6_OFFSET)))
		return false;

	switch (nexthdr) {
	case NEXTHDR_TCP:
		offset += TCP_HLEN;
		break;
	case NEXTHDR_UDP:
		offset += UDP_HLEN;
		break;
	case NEXTHDR_ICMP:
		offset += sizeof(struct icmp6hdr);
		break;
	default:
		offset += 1;
	}
	return offset > (int)skb->len;
}

static inline void frag_decode(const struct sk_buff *skb, const struct frag_hdr *fhdr)
{
	rx_u64(skb, "ipv6.fraghdr.nxt", fhdr->nexthdr);
	rx_u64(skb, "ipv6.fraghdr.offset", ntohs(fhdr->frag_off) >> 3);
	rx_u64(skb, "ipv6.fraghdr.more", ntohs(fhdr->frag_off) & IP6_MF);
	rx_u64(skb, "ipv6.fraghdr.ident", ntohl(fhdr->identification));
}

/* A Fragment header around a whole packet (RFC 6946): nothing to wait for. */
static inline int frag_atomic(struct sk_buff *skb, const struct frag_hdr *fhdr)
{
	skb->transport_header = (u16)(skb->transport_header + sizeof(struct frag_hdr));
	IP6CB(skb)->nhoff = (u8 *)fhdr - skb_network_header(skb);
	IP6CB(skb)->flags |= IP6SKB_FRAGMENTED;
	IP6CB(skb)->frag_max_size = (u16)(ntohs(ipv6_hdr(skb)->payload_len) +
					  sizeof(struct ipv6hdr));
	return 1;
}

#endif /* PARSERS_NET_IPV6_FRAG_H */
