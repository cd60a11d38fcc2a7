/* SPDX-License-Identifier: GPL-2.0-only */
/* 802.1Q / 802.1ad tags. Faithful to Linux 6.1; parsers live in parsers/net/vlan.c. */
#ifndef _LINUX_IF_VLAN_H
#define _LINUX_IF_VLAN_H

#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>

#define VLAN_HLEN		4
#define VLAN_ETH_HLEN		18
#define VLAN_N_VID		4096

#define VLAN_PRIO_MASK		0xe000
#define VLAN_PRIO_SHIFT		13
#define VLAN_CFI_MASK		0x1000
#define VLAN_VID_MASK		0x0fff

struct vlan_hdr {
	__be16	h_vlan_TCI;
	__be16	h_vlan_encapsulated_proto;
};

#define skb_vlan_tag_present(skb)	((skb)->vlan_present)
#define skb_vlan_tag_get(skb)		((skb)->vlan_tci)
#define skb_vlan_tag_get_id(skb)	((skb)->vlan_tci & VLAN_VID_MASK)
#define skb_vlan_tag_get_prio(skb)	\
	(((skb)->vlan_tci & VLAN_PRIO_MASK) >> VLAN_PRIO_SHIFT)

static inline bool eth_type_vlan(__be16 ethertype)
{
	return ethertype == htons(ETH_P_8021Q) || ethertype == htons(ETH_P_8021AD);
}

static inline void __vlan_hwaccel_clear_tag(struct sk_buff *skb)
{
	skb->vlan_present = 0;
}

static inline void __vlan_hwaccel_put_tag(struct sk_buff *skb, __be16 vlan_proto,
					  u16 vlan_tci)
{
	skb->vlan_proto = vlan_proto;
	skb->vlan_tci = vlan_tci;
	skb->vlan_present = 1;
}

/* The VLAN device of this tag on @real_dev, or NULL. */
struct net_device *vlan_find_dev(struct net_device *real_dev, __be16 vlan_proto,
				 u16 vlan_id);

struct sk_buff *skb_vlan_untag(struct sk_buff *skb);
bool vlan_do_receive(struct sk_buff **skbp);

#endif /* _LINUX_IF_VLAN_H */
