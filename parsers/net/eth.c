// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ethernet: from a frame to a protocol.
 *
 * Modelled on: Linux 6.1 net/ethernet/eth.c (eth_type_trans),
 *	include/linux/etherdevice.h (eth_skb_pkt_type), drivers/net/tun.c
 *	(tun_get_user: what a tap device checks before eth_type_trans)
 * Spec: IEEE 802.3 3.2, RFC 894, RFC 2464
 * Differs: the device answers every unicast MAC address but the neighbour's
 *	(00:00:5e:00:53:ff), since captures come from many nodes; frames beyond the
 *	Ethernet length arrive as TCPv6 GSO packets, as a virtio-net host may say.
 */
#include <linux/etherdevice.h>
#include <net/ipv6.h>

#include "rx.h"

#define GSO_SIZE	1440

/* The one unicast address that is not for us. */
static const u8 neighbour[ETH_ALEN] = { 0x00, 0x00, 0x5e, 0x00, 0x53, 0xff };

static void eth_skb_pkt_type(struct sk_buff *skb, const struct net_device *dev)
{
	const struct ethhdr *eth = eth_hdr(skb);

	if (is_multicast_ether_addr(eth->h_dest)) {
		if (is_broadcast_ether_addr(eth->h_dest))
			skb->pkt_type = PACKET_BROADCAST;
		else
			skb->pkt_type = PACKET_MULTICAST;
	} else if (ether_addr_equal(eth->h_dest, neighbour)) {
		skb->pkt_type = PACKET_OTHERHOST;
	}
}

/**
 * eth_type_trans - take the Ethernet header off and name the protocol behind it
 * @skb: frame, ETH_HLEN bytes of it linear
 * @dev: device it arrived on
 *
 * Return: the EtherType, or ETH_P_802_3 / ETH_P_802_2 for a length field.
 */
__be16 eth_type_trans(struct sk_buff *skb, struct net_device *dev)
{
	__be16 _service_access_point;
	const __be16 *sap;
	const struct ethhdr *eth;

	skb->dev = dev;
	skb_reset_mac_header(skb);

	eth = (struct ethhdr *)skb->data;
	skb_pull(skb, ETH_HLEN);

	eth_skb_pkt_type(skb, dev);
	rx_bytes(skb, "eth.dst", eth->h_dest, ETH_ALEN);
	rx_bytes(skb, "eth.src", eth->h_source, ETH_ALEN);

	if (likely(eth_proto_is_802_3(eth->h_proto))) {
		rx_u64(skb, "eth.type", ntohs(eth->h_proto));
		return eth->h_proto;
	}

	/* IPX straight on 802.3 starts with a checksum of FFFF, which is no SAP */
	rx_u64(skb, "eth.len", ntohs(eth->h_proto));
	sap = skb_header_pointer(skb, 0, sizeof(*sap), &_service_access_point);
	if (sap && *sap == htons(0xFFFF))
		return htons(ETH_P_802_3);

	return htons(ETH_P_802_2);
}

/**
 * eth_rx - what the driver does with a received frame
 * @dev: Ethernet device
 * @skb: the frame, from its destination address on; consumed
 */
void eth_rx(struct net_device *dev, struct sk_buff *skb)
{
	skb->dev = dev;

	if (malformed(!pskb_may_pull(skb, ETH_HLEN))) {
		kfree_skb_reason(skb, SKB_DROP_REASON_HDR_TRUNC);
		return;
	}

	if (skb->len > ETH_FRAME_LEN) {
		skb_shinfo(skb)->gso_size = GSO_SIZE;
		skb_shinfo(skb)->gso_type = SKB_GSO_TCPV6;
	}

	skb->protocol = eth_type_trans(skb, dev);
	netif_receive_skb(skb);
}
