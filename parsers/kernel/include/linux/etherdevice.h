/* SPDX-License-Identifier: GPL-2.0-only */
/* Ethernet address helpers. Faithful to Linux 6.1. */
#ifndef _LINUX_ETHERDEVICE_H
#define _LINUX_ETHERDEVICE_H

#include <asm/unaligned.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netdevice.h>
#include <linux/string.h>

__be16 eth_type_trans(struct sk_buff *skb, struct net_device *dev);

/* A driver's receive function: consumes the frame @skb. */
void eth_rx(struct net_device *dev, struct sk_buff *skb);

static inline bool is_multicast_ether_addr(const u8 *addr)
{
	return addr[0] & 0x01;
}

static inline bool is_broadcast_ether_addr(const u8 *addr)
{
	return (addr[0] & addr[1] & addr[2] & addr[3] & addr[4] & addr[5]) == 0xff;
}

static inline void ether_addr_copy(u8 *dst, const u8 *src)
{
	memcpy(dst, src, ETH_ALEN);
}

static inline bool ether_addr_equal(const u8 *addr1, const u8 *addr2)
{
	return !((get_unaligned((const u32 *)addr1) ^ get_unaligned((const u32 *)addr2)) |
		 (u32)(get_unaligned((const u16 *)(addr1 + 4)) ^
		       get_unaligned((const u16 *)(addr2 + 4))));
}

static inline bool eth_proto_is_802_3(__be16 proto)
{
	return ntohs(proto) >= ETH_P_802_3_MIN;
}

#endif /* _LINUX_ETHERDEVICE_H */
