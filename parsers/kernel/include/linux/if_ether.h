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
#define ETH_P_ERSPAN2	0x22EB
#define ETH_P_BATMAN	0x4305	/* not registered */
#define ETH_P_TEB	0x6558	/* an Ethernet frame in a tunnel */
#define ETH_P_RARP	0x8035
#define ETH_P_8021Q	0x8100
#define ETH_P_IPV6	0x86DD
#define ETH_P_MPLS_UC	0x8847
#define ETH_P_MPLS_MC	0x8848
#define ETH_P_PPP_DISC	0x8863
#define ETH_P_PPP_SES	0x8864
#define ETH_P_8021AD	0x88A8
#define ETH_P_802_EX1	0x88B5	/* local experiments */
#define ETH_P_ERSPAN	0x88BE
#define ETH_P_TIPC	0x88CA
#define ETH_P_1588	0x88F7
#define ETH_P_PRP	0x88FB	/* and HSRv0 */
#define ETH_P_CFM	0x8902
#define ETH_P_FCOE	0x8906
#define ETH_P_HSR	0x892F
#define ETH_P_NSH	0x894F
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
