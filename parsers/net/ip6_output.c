// SPDX-License-Identifier: GPL-2.0-only
/*
 * Forwarding, up to the device: limits, too big, and fragment headers.
 *
 * Modelled on: Linux 6.1 net/ipv6/ip6_output.c (ip6_forward, ip6_pkt_too_big,
 *	ip6_output, ip6_finish_output, ip6_fragment, ip6_frag_next)
 * Spec: RFC 8200 3, 4.5 and 5, RFC 4443 3.2 and 3.3
 * Differs: no proxy, redirects, neighbours, policies or netfilter; a router that
 *	only sees others' packets never has a frag list, so there is the slow path
 *	alone; fragments leave as effects.
 */
#include <linux/icmpv6.h>
#include <net/addrconf.h>
#include <net/ip6_route.h>

#include "ip6_output.h"
#include "rx.h"

/* RFC 4291 2.5: what a source address must be to travel on. */
static bool ip6_forward_saddr_ok(struct sk_buff *skb)
{
	int addrtype = ipv6_addr_type(&ipv6_hdr(skb)->saddr);

	if (malformed(addrtype == IPV6_ADDR_ANY))
		return false;
	if (malformed(addrtype & (IPV6_ADDR_MULTICAST | IPV6_ADDR_LOOPBACK)))
		return false;
	if (malformed(addrtype & IPV6_ADDR_LINKLOCAL)) {
		icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_NOT_NEIGHBOUR, 0);
		return false;
	}
	return true;
}

/* A GSO packet counts by its segments, which fit into eth1 by construction. */
static bool ip6_pkt_too_big(const struct sk_buff *skb, unsigned int mtu)
{
	if (skb->len <= mtu)
		return false;
	if (IP6CB(skb)->frag_max_size && IP6CB(skb)->frag_max_size > mtu)
		return true;
	if (skb->ignore_df)
		return false;
	return !skb_is_gso(skb);
}

/**
 * ip6_forward - route input of a packet that is not for this node
 * @skb: packet at its network header, with a destination; consumed
 */
int ip6_forward(struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);
	SKB_DR(reason);
	u32 mtu;

	if (malformed(skb->pkt_type != PACKET_HOST))
		goto drop;

	if (malformed(ipv6_hdr(skb)->hop_limit <= 1)) {
		icmpv6_send(skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT, 0);
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_INHDR);
		return -ETIMEDOUT;
	}

	if (!ip6_forward_saddr_ok(skb)) {
		SKB_DR_SET(reason, IP_INADDRERRORS);
		goto drop;
	}

	mtu = dst_mtu(dst);
	if (malformed(ip6_pkt_too_big(skb, mtu))) {
		icmpv6_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_BIG);
		return -EMSGSIZE;
	}

	if (skb_cow(skb, dst->dev->hard_header_len))
		goto drop;

	/* only now, on a copy of our own */
	ipv6_hdr(skb)->hop_limit--;
	return dst_output(skb);

drop:
	kfree_skb_reason(skb, reason);
	return -EINVAL;
}

/* Where fragmentation stands in a packet. */
struct ip6_frag_state {
	u8		*prevhdr;
	unsigned int	hlen;		/* headers that every fragment repeats */
	unsigned int	mtu;		/* room for the rest */
	unsigned int	left;
	unsigned int	ptr;
	unsigned int	offset;
	unsigned int	hroom;
	__be32		frag_id;
	u8		nexthdr;
};

static struct sk_buff *ip6_frag_next(struct sk_buff *skb, struct ip6_frag_state *state)
{
	u8 *fragnexthdr_offset;
	struct frag_hdr *fh;
	struct sk_buff *frag;
	unsigned int len = state->left;

	if (len > state->mtu)
		len = state->mtu;
	/* all but the last are multiples of 8 */
	if (len < state->left)
		len &= ~7u;

	frag = alloc_skb(len + state->hlen + sizeof(struct frag_hdr) + state->hroom,
			 GFP_ATOMIC);
	if (!frag)
		return NULL;

	frag->dev = skb->dev;
	skb_reserve(frag, state->hroom);
	skb_put(frag, len + state->hlen + sizeof(struct frag_hdr));
	skb_reset_network_header(frag);
	fh = (struct frag_hdr *)(skb_network_header(frag) + state->hlen);
	skb_set_transport_header(frag, state->hlen + sizeof(struct frag_hdr));

	skb_copy_from_linear_data(skb, skb_network_header(frag), state->hlen);
	fragnexthdr_offset = skb_network_header(frag) +
			     (state->prevhdr - skb_network_header(skb));
	*fragnexthdr_offset = NEXTHDR_FRAGMENT;

	fh->nexthdr = state->nexthdr;
	fh->reserved = 0;
	fh->identification = state->frag_id;

	BUG_ON(skb_copy_bits(skb, state->ptr, skb_transport_header(frag), len));
	state->left -= len;

	fh->frag_off = htons(state->offset);
	if (state->left > 0)
		fh->frag_off |= htons(IP6_MF);
	ipv6_hdr(frag)->payload_len = htons(frag->len - sizeof(struct ipv6hdr));

	state->ptr += len;
	state->offset += len;
	return frag;
}

/* What a fragment may be as large as; 0: it cannot be sent. */
static unsigned int ip6_frag_mtu(const struct sk_buff *skb, unsigned int hlen)
{
	unsigned int mtu = dst_mtu(skb_dst(skb));

	if (malformed(!skb->ignore_df && skb->len > mtu))
		return 0;

	if (IP6CB(skb)->frag_max_size) {
		if (malformed(IP6CB(skb)->frag_max_size > mtu))
			return 0;
		/* not larger than what was received */
		mtu = IP6CB(skb)->frag_max_size;
		if (mtu < IPV6_MIN_MTU)
			mtu = IPV6_MIN_MTU;
	}

	if (malformed(mtu < hlen + sizeof(struct frag_hdr) + 8))
		return 0;
	return mtu - hlen - sizeof(struct frag_hdr);
}

static int ip6_fragment(struct sk_buff *skb)
{
	struct ip6_frag_state state = { };
	struct sk_buff *frag;
	int err;

	err = ip6_find_1stfragopt(skb, &state.prevhdr);
	if (malformed(err < 0))
		goto fail;
	state.hlen = err;
	state.nexthdr = *state.prevhdr;

	state.mtu = ip6_frag_mtu(skb, state.hlen);
	if (!state.mtu) {
		icmpv6_send(skb, ICMPV6_PKT_TOOBIG, 0, dst_mtu(skb_dst(skb)));
		goto fail;
	}

	state.ptr = state.hlen;
	state.left = skb->len - state.hlen;
	state.hroom = skb_dst(skb)->dev->hard_header_len;
	state.frag_id = htonl(get_random_u32());

	while (state.left > 0) {
		frag = ip6_frag_next(skb, &state);
		if (!frag)
			goto fail;
		dev_queue_xmit(frag);
	}
	consume_skb(skb);
	return 0;

fail:
	kfree_skb(skb);
	return -EINVAL;
}

/**
 * ip6_output - route output: to the device, in fragments or segments if need be
 * @skb: packet at its network header, with a destination; consumed
 */
int ip6_output(struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);

	skb->dev = dst->dev;
	if ((skb->len > dst_mtu(dst) && !skb_is_gso(skb)) || dst_allfrag(dst) ||
	    (IP6CB(skb)->frag_max_size && skb->len > IP6CB(skb)->frag_max_size))
		return ip6_fragment(skb);

	if (skb_is_gso(skb))
		return ipv6_gso_xmit(skb);
	return dev_queue_xmit(skb);
}

/* The route to 100::/64. */
int ip6_pkt_discard(struct sk_buff *skb)
{
	icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_NOROUTE, 0);
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_INNOROUTES);
	return 0;
}
