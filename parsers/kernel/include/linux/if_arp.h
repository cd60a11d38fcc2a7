/* SPDX-License-Identifier: GPL-2.0-only */
/* ARP wire header (RFC 826). Faithful to Linux 6.1. */
#ifndef _LINUX_IF_ARP_H
#define _LINUX_IF_ARP_H

#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#define ARPHRD_IEEE802	6

#define ARPOP_REQUEST	1
#define ARPOP_REPLY	2

struct arphdr {
	__be16	ar_hrd;
	__be16	ar_pro;
	unsigned char ar_hln;
	unsigned char ar_pln;
	__be16	ar_op;
};

static inline struct arphdr *arp_hdr(const struct sk_buff *skb)
{
	return (struct arphdr *)skb_network_header(skb);
}

/* The header, and two pairs of addresses; every device that has ARP is Ethernet. */
static inline unsigned int arp_hdr_len(const struct net_device *dev)
{
	return sizeof(struct arphdr) + (ETH_ALEN + sizeof(u32)) * 2;
}

void arp_init(void);

#endif /* _LINUX_IF_ARP_H */
