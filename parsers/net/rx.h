/* SPDX-License-Identifier: GPL-2.0-only */
/* Shorthands of the port: decoded values go to the sink of the packet's namespace. */
#ifndef PARSERS_NET_RX_H
#define PARSERS_NET_RX_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

static inline struct sink *rx_sink(const struct sk_buff *skb)
{
	return dev_net(skb->dev)->sink;
}

static inline void rx_u64(const struct sk_buff *skb, const char *name, u64 value)
{
	sink_u64(rx_sink(skb), name, value);
}

static inline void rx_bytes(const struct sk_buff *skb, const char *name,
			    const void *data, size_t len)
{
	sink_bytes(rx_sink(skb), name, data, len);
}

/* The packet is somebody else's from here on; consumed. */
void rx_handover(struct sk_buff *skb, const char *what, unsigned int proto);

#endif /* PARSERS_NET_RX_H */
