// SPDX-License-Identifier: GPL-2.0-only
/*
 * 802.2 LLC with service access points, and SNAP with clients, that are registered.
 *
 * Modelled on: Linux 6.1 net/llc/llc_input.c (llc_rcv, llc_fixup_skb),
 *	net/llc/llc_core.c (llc_sap_find), net/802/psnap.c (snap_rcv, find_snap_client)
 * Spec: IEEE 802.2 3, RFC 1042
 * Differs: SAPs are those of SNAP and of the spanning tree (whose frames are handed
 *	over); no stations and connections: what is addressed to them ends here. llc.c is
 *	the same path for a target that knows IPv6 alone.
 */
#include <linux/etherdevice.h>

#include "link.h"
#include "rx.h"

enum {
	LLC_SAP_BSPAN = 0x42,
	LLC_SAP_SNAP = 0xAA,
	LLC_PDU_TYPE_MASK = 0x03,
	LLC_PDU_TYPE_U = 0x03,
	SNAP_LEN = 5,
};

struct llc_pdu {
	u8 dsap;
	u8 ssap;
	u8 ctrl_1;
};

static const struct {
	u8 desc[SNAP_LEN];
	u16 protocol;
} snap_clients[] = {
	{ { 0x00, 0x00, 0x00, 0x08, 0x00 }, ETH_P_IP },
	{ { 0x00, 0x00, 0x00, 0x08, 0x06 }, ETH_P_ARP },
	{ { 0x00, 0x00, 0x00, 0x86, 0xdd }, ETH_P_IPV6 },
};

static u16 find_snap_client(const u8 *desc)
{
	unsigned int i;

	for (i = 0; i < sizeof(snap_clients) / sizeof(snap_clients[0]); i++)
		if (!memcmp(snap_clients[i].desc, desc, SNAP_LEN))
			return snap_clients[i].protocol;
	return 0;
}

static int snap_input(struct sk_buff *skb)
{
	u16 protocol;

	if (malformed(!pskb_may_pull(skb, SNAP_LEN)))
		goto drop;
	rx_u64(skb, "llc.oui", get_unaligned_be16(skb->data) << 8 | skb->data[2]);
	protocol = find_snap_client(skb_transport_header(skb));
	if (malformed(!protocol))
		goto drop;
	skb_pull_rcsum(skb, SNAP_LEN);
	skb->protocol = htons(protocol);
	return netif_receive_skb(skb);

drop:
	kfree_skb(skb);
	return NET_RX_DROP;
}

static bool llc_input_fixup(struct sk_buff *skb)
{
	struct llc_pdu *pdu;
	int llc_len, data_size;

	if (malformed(!pskb_may_pull(skb, sizeof(*pdu))))
		return false;
	pdu = (struct llc_pdu *)skb->data;
	rx_u64(skb, "llc.dsap", pdu->dsap);
	rx_u64(skb, "llc.ssap", pdu->ssap);
	llc_len = (pdu->ctrl_1 & LLC_PDU_TYPE_MASK) == LLC_PDU_TYPE_U ? 3 : 4;

	if (malformed(!pskb_may_pull(skb, llc_len)))
		return false;
	skb_pull(skb, llc_len);
	skb_reset_transport_header(skb);
	if (skb->protocol != htons(ETH_P_802_2))
		return true;

	/* the length is in a link header, which not every device has */
	if (malformed_in(CVE_2023_52843, skb->mac_len < ETH_HLEN))
		return false;
	data_size = ntohs(eth_hdr(skb)->h_proto) - llc_len;
	if (malformed(data_size < 0))
		return false;
	if (malformed(!pskb_may_pull(skb, data_size)))
		return false;
	return !pskb_trim_rcsum(skb, data_size);
}

static int llc_input(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		     struct net_device *orig_dev)
{
	u8 dsap;

	if (malformed(skb->pkt_type == PACKET_OTHERHOST))
		goto drop;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;
	if (!llc_input_fixup(skb))
		goto drop;

	dsap = skb_network_header(skb)[0];
	if (dsap == LLC_SAP_SNAP)
		return snap_input(skb);
	if (malformed(dsap != LLC_SAP_BSPAN))
		goto drop;
	rx_handover(skb, "handover.llc", dsap);
	return NET_RX_SUCCESS;

drop:
	kfree_skb(skb);
	return NET_RX_DROP;
}

static struct packet_type llc_packet_type = {
	.type = cpu_to_be16(ETH_P_802_2),
	.func = llc_input,
};

void llc_input_init(void)
{
	dev_add_pack(&llc_packet_type);
}
