// SPDX-License-Identifier: GPL-2.0-only
/*
 * 802.2 LLC and SNAP behind an 802.3 length field.
 *
 * Modelled on: Linux 6.1 net/llc/llc_input.c (llc_rcv, llc_fixup_skb),
 *	net/802/psnap.c (snap_rcv)
 * Spec: IEEE 802.2 3, RFC 1042
 * Differs: the SNAP SAP alone is open, with one client: IPv6 (RFC 1042 form), which
 *	Linux registers for other link types only.
 */
#include <linux/etherdevice.h>
#include <net/addrconf.h>

#include "exthdrs.h"
#include "rx.h"

enum {
	LLC_SAP_SNAP = 0xAA,
	LLC_PDU_TYPE_MASK = 0x03,
	LLC_PDU_TYPE_U = 0x03,	/* unnumbered: one byte of control */
	SNAP_LEN = 5,
};

struct llc_pdu_un {
	u8 dsap;
	u8 ssap;
	u8 ctrl_1;
};

static const u8 snap_ipv6[SNAP_LEN] = { 0x00, 0x00, 0x00, 0x86, 0xdd };

/* The LLC header off, and what the length field does not count. */
static bool llc_fixup_skb(struct sk_buff *skb)
{
	struct llc_pdu_un *pdu;
	int llc_len, data_size;

	if (malformed(!pskb_may_pull(skb, sizeof(*pdu))))
		return false;

	pdu = (struct llc_pdu_un *)skb->data;
	rx_u64(skb, "llc.dsap", pdu->dsap);
	rx_u64(skb, "llc.ssap", pdu->ssap);
	llc_len = (pdu->ctrl_1 & LLC_PDU_TYPE_MASK) == LLC_PDU_TYPE_U ? 3 : 4;

	if (malformed(!pskb_may_pull(skb, llc_len)))
		return false;
	skb_pull(skb, llc_len);
	skb_reset_transport_header(skb);

	data_size = ntohs(eth_hdr(skb)->h_proto) - llc_len;
	if (malformed(data_size < 0))
		return false;
	if (malformed(!pskb_may_pull(skb, data_size)))
		return false;
	return !pskb_trim_rcsum(skb, data_size);
}

static int snap_rcv(struct sk_buff *skb)
{
	if (malformed(!pskb_may_pull(skb, SNAP_LEN)))
		goto drop;
	if (malformed(memcmp(skb_transport_header(skb), snap_ipv6, SNAP_LEN)))
		goto drop;

	skb_pull_rcsum(skb, SNAP_LEN);
	skb->protocol = htons(ETH_P_IPV6);
	return netif_receive_skb(skb);

drop:
	kfree_skb(skb);
	return NET_RX_DROP;
}

static int llc_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		   struct net_device *orig_dev)
{
	if (malformed(skb->pkt_type == PACKET_OTHERHOST))
		goto drop;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;

	if (!llc_fixup_skb(skb))
		goto drop;
	if (malformed(skb_network_header(skb)[0] != LLC_SAP_SNAP))
		goto drop;
	return snap_rcv(skb);

drop:
	kfree_skb(skb);
	return NET_RX_DROP;
}

static struct packet_type llc_packet_type = {
	.type = cpu_to_be16(ETH_P_802_2),
	.func = llc_rcv,
};

void llc_init(void)
{
	dev_add_pack(&llc_packet_type);
}
