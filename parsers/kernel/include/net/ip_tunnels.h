/* SPDX-License-Identifier: GPL-2.0-only */
/* Tunnel helpers. Changed for testing: two static tunnel devices take everything. */
#ifndef __NET_IP_TUNNELS_H
#define __NET_IP_TUNNELS_H

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>

/* The devices that decapsulated packets arrive on. */
struct net_device *redzone_tunnel_dev(void);
struct net_device *redzone_ppp_dev(void);

/* The inner header of skb->protocol, made linear. */
static inline bool pskb_inet_may_pull(struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IPV6))
		return pskb_may_pull(skb, sizeof(struct ipv6hdr));
	return pskb_may_pull(skb, sizeof(struct iphdr));
}

#endif /* __NET_IP_TUNNELS_H */
