// SPDX-License-Identifier: GPL-2.0-only
/*
 * 802.2 LLC as a node with more than IPv6 has it: from links of any kind, with the
 * spanning tree's access point and more SNAP clients.
 *
 * Modelled on: Linux 6.1 net/llc/llc_input.c (llc_rcv, llc_fixup_skb), net/802/stp.c
 * Spec: IEEE 802.2 3, RFC 1042
 * Differs: frames of the spanning tree are handed over. What the layers share is in llc.c.
 */
#include <linux/etherdevice.h>

#include "exthdrs.h"
#include "link.h"
#include "rx.h"

enum { LLC_SAP_BSPAN = 0x42 };

static bool llc_input_fixup(struct sk_buff *skb)
{
	int llc_len = llc_pull(skb);

	if (!llc_len)
		return false;
	if (skb->protocol != htons(ETH_P_802_2))
		return true;

	/* the length is in a link header, which not every device has */
	if (malformed_in(CVE_2023_52843, skb->mac_len < ETH_HLEN))
		return false;
	return llc_trim(skb, llc_len);
}

static int llc_input(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		     struct net_device *orig_dev)
{
	if (malformed(skb->pkt_type == PACKET_OTHERHOST))
		goto drop;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;
	if (!llc_input_fixup(skb))
		goto drop;
	return llc_deliver(skb);

drop:
	kfree_skb(skb);
	return NET_RX_DROP;
}

static int stp_pdu_rcv(struct sk_buff *skb)
{
	rx_handover(skb, "handover.llc", LLC_SAP_BSPAN);
	return NET_RX_SUCCESS;
}

static struct packet_type llc_packet_type = {
	.type = cpu_to_be16(ETH_P_802_2),
	.func = llc_input,
};

void llc_input_init(void)
{
	static const u8 ip[SNAP_LEN] = { 0x00, 0x00, 0x00, 0x08, 0x00 };
	static const u8 arp[SNAP_LEN] = { 0x00, 0x00, 0x00, 0x08, 0x06 };

	llc_init();
	llc_sap_open(LLC_SAP_BSPAN, stp_pdu_rcv);
	register_snap_client(ip, ETH_P_IP);
	register_snap_client(arp, ETH_P_ARP);
	dev_add_pack(&llc_packet_type);
}
