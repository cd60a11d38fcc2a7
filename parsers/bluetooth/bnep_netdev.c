// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that the local network stack sends over a session: what the peer's filters
 * let through.
 *
 * Modelled on: Linux 6.1 net/bluetooth/bnep/netdev.c (bnep_net_xmit,
 *	bnep_net_mc_filter, bnep_net_proto_filter, bnep_net_eth_proto)
 * Spec: BNEP 1.0 2.6.5, 2.6.6
 * Differs: the frame is sent at once, not by the session's thread.
 */
#include <asm/byteorder.h>
#include <asm/unaligned.h>
#include <linux/errno.h>

#include "bnep.h"

static bool bnep_net_mc_filter(struct sk_buff *skb, struct bnep_session *s)
{
	struct ethhdr *eh = (void *)skb->data;

	return (eh->h_dest[0] & 1) && !(s->mc_filter >> bnep_mc_hash(eh->h_dest) & 1);
}

/* The protocol of the frame, as the network stack names it. */
static u16 bnep_net_eth_proto(struct sk_buff *skb)
{
	struct ethhdr *eh = (void *)skb->data;
	u16 proto = ntohs(eh->h_proto);

	if (proto >= ETH_P_802_3_MIN)
		return proto;
	if (get_unaligned((__be16 *)skb->data) == htons(0xffff))
		return ETH_P_802_3;
	return ETH_P_802_2;
}

static bool bnep_proto_in(const struct bnep_proto_filter *f, u16 proto)
{
	return proto >= f->start && proto <= f->end;
}

/* Ranges up to the first that is empty; true: the peer does not want it. */
static bool bnep_net_proto_filter(struct sk_buff *skb, struct bnep_session *s)
{
	u16 proto = bnep_net_eth_proto(skb);
	struct bnep_proto_filter *f = s->proto_filter;
	int i;

	for (i = 0; i < BNEP_MAX_PROTO_FILTERS; i++) {
		if (malformed(!f[i].end))
			break;
		if (bnep_proto_in(&f[i], proto))
			return false;
	}
	return true;
}

/* @skb: an Ethernet frame for the peer; consumed. */
void bnep_net_xmit(struct bnep_session *s, struct sk_buff *skb)
{
	if (malformed(!pskb_may_pull(skb, ETH_HLEN)))
		goto drop;

	if (malformed(bnep_net_mc_filter(skb, s)))
		goto drop;
	if (malformed(bnep_net_proto_filter(skb, s)))
		goto drop;

	if (skb_linearize(skb))
		goto drop;
	bnep_tx_frame(s, skb);
	return;

drop:
	s->verdict = -EPERM;
	kfree_skb(skb);
}
