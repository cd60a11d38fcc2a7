/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Network devices and the receive path up to the packet types.
 * Changed for testing: devices are static and never go away, one CPU, no GRO;
 * netif_rx() queues to one backlog that the harness pumps. Names as Linux 6.1.
 */
#ifndef _LINUX_NETDEVICE_H
#define _LINUX_NETDEVICE_H

#include <linux/skbuff.h>
#include <linux/types.h>

struct net;
struct in_device;
struct inet6_dev;

#define IFF_UP		(1 << 0)
#define IFF_LOOPBACK	(1 << 3)

#define ARPHRD_ETHER	1
#define ARPHRD_PPP	512
#define ARPHRD_TUNNEL6	769
#define ARPHRD_LOOPBACK	772
#define ARPHRD_SIT	776

/* Head room that a packet to @dev is given for its link header. */
#define HH_DATA_MOD	16
#define LL_RESERVED_SPACE(dev) \
	((((dev)->hard_header_len) & ~(HH_DATA_MOD - 1)) + HH_DATA_MOD)

#define NET_RX_SUCCESS	0
#define NET_RX_DROP	1

#define MAX_NEST_DEV	8

struct net_device {
	const char		*name;
	int			ifindex;
	unsigned int		flags;
	unsigned int		mtu;
	unsigned short		hard_header_len;
	unsigned short		type;
	unsigned char		nested_level;
	unsigned char		dev_addr[6];
	unsigned int		num_tx_queues;
	struct in_device	*ip_ptr;
	struct inet6_dev	*ip6_ptr;
	struct net		*nd_net;
};

static inline struct net *dev_net(const struct net_device *dev)
{
	return dev->nd_net;
}

/* A protocol that takes packets from the device layer. */
struct packet_type {
	__be16	type;
	int	(*func)(struct sk_buff *skb, struct net_device *dev,
			struct packet_type *pt, struct net_device *orig_dev);
};

/* A later registration of the same type takes the place of an earlier one. */
void dev_add_pack(struct packet_type *pt);

/* The device of a number, NULL if there is none. */
struct net_device *dev_get_by_index_rcu(struct net *net, int ifindex);

/* Hand @skb to the packet type of skb->protocol; frees it when there is none. */
int netif_receive_skb(struct sk_buff *skb);

/* Queue @skb as if it had just arrived on skb->dev. */
int netif_rx(struct sk_buff *skb);

/* Give @skb to its device's driver: it leaves the node, as an effect. */
int dev_queue_xmit(struct sk_buff *skb);

/* The node's devices by name, index, or IPv4 address; NULL: there is none. */
struct net_device *dev_get_by_name(struct net *net, const char *name);
struct net_device *dev_get_by_index(struct net *net, int ifindex);
struct net_device *ip_dev_find(struct net *net, __be32 addr);

void __skb_tunnel_rx(struct sk_buff *skb, struct net_device *dev, struct net *net);

#endif /* _LINUX_NETDEVICE_H */
