// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv4 output: headers of packets of ours, fragments of all.
 *
 * Modelled on: Linux 6.1 net/ipv4/ip_output.c (ip_local_out, ip_build_and_send_pkt,
 *	ip_output, ip_finish_output2, ip_fragment, ip_do_fragment, ip_frag_next)
 * Spec: RFC 791 3.2
 * Differs: no neighbours, policies or netfilter; a frag list is copied like any other
 *	packet (slow path); what goes to a local address leaves over lo, as an effect.
 */
#include <linux/err.h>
#include <linux/icmp.h>
#include <net/icmp.h>
#include <net/ip.h>

#include "rx.h"

/* Where fragmentation stands in a packet. */
struct ip_frag_state {
	bool		DF;
	unsigned int	hlen;
	unsigned int	ll_rs;
	unsigned int	mtu;
	unsigned int	left;
	int		offset;
	int		ptr;
	__be16		not_last_frag;
};

static int ip_finish_output2(struct sk_buff *skb)
{
	return dev_queue_xmit(skb);
}

static void ip_frag_init(struct sk_buff *skb, unsigned int hlen, unsigned int ll_rs,
			 unsigned int mtu, bool DF, struct ip_frag_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);

	state->DF = DF;
	state->hlen = hlen;
	state->ll_rs = ll_rs;
	state->mtu = mtu;
	state->left = skb->len - hlen;
	state->ptr = hlen;
	state->offset = (ntohs(iph->frag_off) & IP_OFFSET) << 3;
	state->not_last_frag = iph->frag_off & htons(IP_MF);
}

static struct sk_buff *ip_frag_next(struct sk_buff *skb, struct ip_frag_state *state)
{
	unsigned int len = state->left;
	struct sk_buff *skb2;
	struct iphdr *iph;

	if (len > state->mtu)
		len = state->mtu;
	/* all but the last are multiples of 8 */
	if (len < state->left)
		len &= ~7u;

	skb2 = alloc_skb(len + state->hlen + state->ll_rs, GFP_ATOMIC);
	if (!skb2)
		return ERR_PTR(-ENOMEM);

	skb2->dev = skb->dev;
	skb2->protocol = skb->protocol;
	skb_reserve(skb2, state->ll_rs);
	skb_put(skb2, len + state->hlen);
	skb_reset_network_header(skb2);
	skb2->transport_header = skb2->network_header + state->hlen;
	skb_copy_from_linear_data(skb, skb_network_header(skb2), state->hlen);
	BUG_ON(skb_copy_bits(skb, state->ptr, skb_transport_header(skb2), len));
	state->left -= len;

	iph = ip_hdr(skb2);
	iph->frag_off = htons(state->offset >> 3);
	if (state->DF)
		iph->frag_off |= htons(IP_DF);
	if (state->left > 0 || state->not_last_frag)
		iph->frag_off |= htons(IP_MF);
	state->ptr += len;
	state->offset += len;

	iph->tot_len = htons(len + state->hlen);
	ip_send_check(iph);
	return skb2;
}

static int ip_do_fragment(struct sk_buff *skb)
{
	struct rtable *rt = skb_rtable(skb);
	struct ip_frag_state state;
	unsigned int mtu, hlen;
	struct sk_buff *skb2;
	bool first_frag;
	int err;

	mtu = dst_mtu(&rt->dst);
	if (IPCB(skb)->frag_max_size && IPCB(skb)->frag_max_size < mtu)
		mtu = IPCB(skb)->frag_max_size;

	hlen = ip_hdrlen(skb);
	err = -EMSGSIZE;
	if (malformed(mtu < hlen + 8))
		goto fail;
	mtu -= hlen;
	IPCB(skb)->flags |= IPSKB_FRAG_COMPLETE;

	ip_frag_init(skb, hlen, LL_RESERVED_SPACE(rt->dst.dev), mtu,
		     IPCB(skb)->flags & IPSKB_FRAG_PMTU, &state);
	while (state.left > 0) {
		first_frag = !state.offset;
		skb2 = ip_frag_next(skb, &state);
		if (IS_ERR(skb2)) {
			err = PTR_ERR(skb2);
			goto fail;
		}
		/* what only the first one has goes from the header that others copy */
		if (first_frag)
			ip_options_fragment(skb);
		ip_finish_output2(skb2);
	}
	consume_skb(skb);
	return 0;

fail:
	kfree_skb(skb);
	return err;
}

static int ip_fragment(struct sk_buff *skb, unsigned int mtu)
{
	struct iphdr *iph = ip_hdr(skb);

	if (!(iph->frag_off & htons(IP_DF)))
		return ip_do_fragment(skb);

	if (malformed(!skb->ignore_df))
		goto too_big;
	if (malformed(IPCB(skb)->frag_max_size && IPCB(skb)->frag_max_size > mtu))
		goto too_big;
	return ip_do_fragment(skb);

too_big:
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
	kfree_skb(skb);
	return -EMSGSIZE;
}

/**
 * ip_output - route output: to the device, in fragments if need be
 * @skb: packet at its network header, with a route; consumed
 */
int ip_output(struct sk_buff *skb)
{
	struct rtable *rt = skb_rtable(skb);
	unsigned int mtu = dst_mtu(&rt->dst);

	skb->dev = rt->dst.dev;
	skb->protocol = htons(ETH_P_IP);
	if (!skb_is_gso(skb) &&
	    (skb->len > mtu || (IPCB(skb)->flags & IPSKB_FRAG_PMTU)))
		return ip_fragment(skb, mtu);
	return ip_finish_output2(skb);
}

/* A packet of ours, header built: its length and checksum, and off it goes. */
int ip_local_out(struct net *net, struct sk_buff *skb)
{
	struct iphdr *iph = ip_hdr(skb);

	iph->tot_len = htons(skb->len);
	ip_send_check(iph);
	skb->protocol = htons(ETH_P_IP);
	return dst_output(skb);
}

/**
 * ip_build_and_send_pkt - put an IPv4 header before a packet of ours, and send it
 * @skb: packet, data at its transport header, head room for the header; consumed
 * @net: namespace
 * @saddr: from
 * @daddr: to; with a source route its last hop
 * @protocol: what it carries
 * @opt: compiled options with their bytes, or NULL
 * @tos: type of service
 */
int ip_build_and_send_pkt(struct sk_buff *skb, struct net *net, __be32 saddr,
			  __be32 daddr, u8 protocol, const struct ip_options *opt, u8 tos)
{
	__be32 hop = opt && opt->srr ? opt->faddr : daddr;
	struct rtable *rt = ip_route_output(net, hop, saddr, tos, 0);
	struct iphdr *iph;

	if (IS_ERR(rt)) {
		kfree_skb(skb);
		return PTR_ERR(rt);
	}
	skb_dst_drop(skb);
	skb_dst_set_noref(skb, &rt->dst);
	skb->dev = rt->dst.dev;
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));

	skb_push(skb, sizeof(struct iphdr) + (opt ? opt->optlen : 0));
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = tos;
	iph->ttl = ipv4_is_multicast(hop) ? 1 : IPDEFTTL;
	iph->daddr = hop;
	iph->saddr = saddr;
	iph->protocol = protocol;
	iph->frag_off = 0;
	iph->id = 0;
	if (opt && opt->optlen) {
		iph->ihl += opt->optlen >> 2;
		ip_options_build(skb, opt, daddr, rt);
	}
	return ip_local_out(net, skb);
}
