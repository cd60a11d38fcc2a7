/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Destinations of a packet. Changed for testing: dst entries are static, so an
 * skb never holds a reference (Linux's SKB_DST_NOREF on the receive path).
 */
#ifndef _NET_DST_H
#define _NET_DST_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>

struct dst_entry {
	struct net_device	*dev;
	int			(*input)(struct sk_buff *skb);
	int			(*output)(struct sk_buff *skb);
	short			error;
	bool			allfrag;	/* RTAX_FEATURE_ALLFRAG */
	unsigned int		mtu;
};

static inline bool skb_valid_dst(const struct sk_buff *skb)
{
	return skb_dst(skb) != NULL;
}

static inline int dst_input(struct sk_buff *skb)
{
	return skb_dst(skb)->input(skb);
}

static inline int dst_output(struct sk_buff *skb)
{
	return skb_dst(skb)->output(skb);
}

static inline bool dst_allfrag(const struct dst_entry *dst)
{
	return dst->allfrag;
}

static inline unsigned int dst_mtu(const struct dst_entry *dst)
{
	return dst->mtu;
}

int dst_discard(struct sk_buff *skb);

#endif /* _NET_DST_H */
