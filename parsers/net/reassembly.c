// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv6 Fragment header, up to the queue that the fragment joins (ip6_frag.c).
 *
 * Modelled on: Linux 6.1 net/ipv6/reassembly.c (ipv6_frag_rcv, ip6_frag_queue up to
 *	inet_frag_queue_insert), include/net/ipv6_frag.h (ipv6frag_thdr_truncated)
 * Spec: RFC 8200 4.5, RFC 7112, RFC 6946
 * Differs: without ip6_frag.c there are no queues: a fragment that passes is handed over
 *	with its place in the datagram; checks against other fragments are left out with
 *	them.
 */
#include <linux/icmpv6.h>
#include <net/addrconf.h>

#include "exthdrs.h"
#include "ipv6_frag.h"
#include "rx.h"

enum {	/* what of the upper layer a first fragment has to hold */
	TCP_HLEN = 20,
	UDP_HLEN = 8,
};

/* RFC 8200 4.5: a first fragment holds all headers through the upper layer's. */
static bool ipv6frag_thdr_truncated(struct sk_buff *skb, int start, u8 *nexthdrp)
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

static void frag_decode(const struct sk_buff *skb, const struct frag_hdr *fhdr)
{
	rx_u64(skb, "ipv6.fraghdr.nxt", fhdr->nexthdr);
	rx_u64(skb, "ipv6.fraghdr.offset", ntohs(fhdr->frag_off) >> 3);
	rx_u64(skb, "ipv6.fraghdr.more", ntohs(fhdr->frag_off) & IP6_MF);
	rx_u64(skb, "ipv6.fraghdr.ident", ntohl(fhdr->identification));
}

/* A Fragment header around a whole packet (RFC 6946): nothing to wait for. */
static int frag_atomic(struct sk_buff *skb, const struct frag_hdr *fhdr)
{
	skb->transport_header = (u16)(skb->transport_header + sizeof(struct frag_hdr));
	IP6CB(skb)->nhoff = (u8 *)fhdr - skb_network_header(skb);
	IP6CB(skb)->flags |= IP6SKB_FRAGMENTED;
	IP6CB(skb)->frag_max_size = (u16)(ntohs(ipv6_hdr(skb)->payload_len) +
					  sizeof(struct ipv6hdr));
	return 1;
}

/* Where a fragment begins and ends in its datagram; false: at a place that none has. */
bool ipv6_frag_place(const struct sk_buff *skb, const struct frag_hdr *fhdr, int *offset,
		     int *end, u32 *prob_offset)
{
	*offset = ntohs(fhdr->frag_off) & ~0x7;
	*end = *offset + (ntohs(ipv6_hdr(skb)->payload_len) -
			  (int)((u8 *)(fhdr + 1) - (u8 *)(ipv6_hdr(skb) + 1)));
	if (malformed((unsigned int)*end > IPV6_MAXPLEN)) {
		*prob_offset = (u8 *)&fhdr->frag_off - skb_network_header(skb);
		return false;
	}
	return true;
}

/* There is no queue: what passes is handed over. */
static int ip6_frag_queue(struct sk_buff *skb, struct frag_hdr *fhdr, u32 *prob_offset)
{
	int offset, end;

	if (!ipv6_frag_place(skb, fhdr, &offset, &end, prob_offset))
		return -1;

	/* all fragments but the last are multiples of 8 */
	if (fhdr->frag_off & htons(IP6_MF)) {
		if (malformed(end & 0x7)) {
			*prob_offset = offsetof(struct ipv6hdr, payload_len);
			return -1;
		}
	}

	if (malformed(end == offset))
		goto discard;

	if (!pskb_pull(skb, (u8 *)(fhdr + 1) - skb->data))
		goto discard;
	if (pskb_trim_rcsum(skb, end - offset))
		goto discard;

	sink_effect_u64(rx_sink(skb), "fragment.offset", offset);
	sink_effect_u64(rx_sink(skb), "fragment.end", end);
	rx_handover(skb, "handover.proto", IPPROTO_FRAGMENT);
	return 0;

discard:
	kfree_skb(skb);
	return -1;
}

/**
 * ipv6_frag_receive - the checks of a Fragment header (RFC 8200 4.5)
 * @skb: packet, transport header at the Fragment header; consumed, or the caller's
 *	again when 1 is returned
 * @queue: takes a fragment that passes
 *
 * Return: 1 for a packet in one piece, or what @queue returns; -1 when it is gone.
 */
int ipv6_frag_receive(struct sk_buff *skb, ipv6_frag_queue_fn *queue)
{
	struct frag_hdr *fhdr;
	u32 prob_offset = 0;
	u8 nexthdr;
	int ret;

	if (malformed(IP6CB(skb)->flags & IP6SKB_FRAGMENTED))
		goto fail_hdr;

	/* a jumbogram has no fragments */
	if (malformed(ipv6_hdr(skb)->payload_len == 0))
		goto fail_hdr;

	if (malformed(!pskb_may_pull(skb, (u32)skb_transport_offset(skb) +
				     sizeof(struct frag_hdr))))
		goto fail_hdr;

	fhdr = (struct frag_hdr *)skb_transport_header(skb);
	frag_decode(skb, fhdr);

	if (!(fhdr->frag_off & htons(IP6_OFFSET | IP6_MF)))
		return frag_atomic(skb, fhdr);

	nexthdr = ipv6_hdr(skb)->nexthdr;
	if (malformed(ipv6frag_thdr_truncated(skb, skb_network_offset(skb) +
					      (int)sizeof(struct ipv6hdr), &nexthdr))) {
		icmpv6_param_prob(skb, ICMPV6_HDR_INCOMP, 0);
		return -1;
	}

	ret = queue(skb, fhdr, &prob_offset);
	if (prob_offset)
		icmpv6_param_prob(skb, ICMPV6_HDR_FIELD, prob_offset);
	return ret;

fail_hdr:
	icmpv6_param_prob(skb, ICMPV6_HDR_FIELD, skb_network_header_len(skb));
	return -1;
}

static int ipv6_frag_rcv(struct sk_buff *skb)
{
	return ipv6_frag_receive(skb, ip6_frag_queue);
}

const struct inet6_protocol frag_protocol = {
	.handler = ipv6_frag_rcv,
	.flags = INET6_PROTO_NOPOLICY,
};
