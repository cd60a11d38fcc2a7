/* SPDX-License-Identifier: GPL-2.0-only */
/* Ethernet header and EtherTypes. Faithful to Linux 6.1 (the types ports use). */
#ifndef _LINUX_IF_ETHER_H
#define _LINUX_IF_ETHER_H

#include <linux/skbuff.h>
#include <linux/types.h>

#define ETH_ALEN	6
#define ETH_TLEN	2
#define ETH_HLEN	14
#define ETH_ZLEN	60
#define ETH_DATA_LEN	1500
#define ETH_FRAME_LEN	1514

#define ETH_P_IP	0x0800
#define ETH_P_ARP	0x0806
#define ETH_P_8021Q	0x8100
#define ETH_P_IPV6	0x86DD
#define ETH_P_MPLS_UC	0x8847
#define ETH_P_MPLS_MC	0x8848
#define ETH_P_PPP_DISC	0x8863
#define ETH_P_PPP_SES	0x8864
#define ETH_P_8021AD	0x88A8
#define ETH_P_802_EX1	0x88B5	/* local experiments */
#define ETH_P_802_3_MIN	0x0600	/* lower values are 802.3 lengths */

/* Not on the wire: what eth_type_trans() makes of an 802.3 length. */
#define ETH_P_802_3	0x0001
#define ETH_P_802_2	0x0004

struct ethhdr {
	unsigned char	h_dest[ETH_ALEN];
	unsigned char	h_source[ETH_ALEN];
	__be16		h_proto;
} __attribute__((packed));

static inline struct ethhdr *eth_hdr(const struct sk_buff *skb)
{
	return (struct ethhdr *)skb_mac_header(skb);
}

#endif /* _LINUX_IF_ETHER_H */
