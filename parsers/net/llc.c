// SPDX-License-Identifier: GPL-2.0-only
/*
 * 802.2 LLC and SNAP behind an 802.3 length field.
 *
 * Modelled on: Linux 6.1 net/llc/llc_input.c (llc_rcv, llc_fixup_skb), llc_core.c
 *	(llc_sap_open, llc_sap_find), net/802/psnap.c (snap_rcv, register_snap_client)
 * Spec: IEEE 802.2 3, RFC 1042
 * Differs: no stations and connections. llc_init() opens the SNAP SAP with one client:
 *	IPv6 (RFC 1042 form), which Linux registers for other link types only; llc_input.c
 *	has the others. The frame has an Ethernet header.
 */
#include <linux/etherdevice.h>
#include <net/addrconf.h>

#include "exthdrs.h"
#include "link.h"
#include "rx.h"

enum {
	LLC_SAP_SNAP = 0xAA,
	LLC_PDU_TYPE_MASK = 0x03,
	LLC_PDU_TYPE_U = 0x03,	/* unnumbered: one byte of control */
	LLC_SAPS_MAX = 4,
	SNAP_CLIENTS_MAX = 8,
};

struct llc_pdu_un {
	u8 dsap;
	u8 ssap;
	u8 ctrl_1;
};

static struct llc_sap {
	u8 lsap;
	int (*rcv)(struct sk_buff *skb);
} llc_saps[LLC_SAPS_MAX];

static struct {
	u8 desc[SNAP_LEN];
	u16 protocol;
} snap_clients[SNAP_CLIENTS_MAX];

/**
 * llc_sap_open - say who takes what is sent to a service access point
 * @lsap: its address, not 0
 * @rcv: takes the packet, data behind the LLC header
 */
int llc_sap_open(u8 lsap, int (*rcv)(struct sk_buff *skb))
{
	unsigned int i;

	for (i = 0; i < LLC_SAPS_MAX; i++) {
		if (llc_saps[i].lsap && llc_saps[i].lsap != lsap)
			continue;
		llc_saps[i].lsap = lsap;
		llc_saps[i].rcv = rcv;
		return 0;
	}
	return -ENOSPC;
}

static const struct llc_sap *llc_sap_find(u8 lsap)
{
	unsigned int i;

	for (i = 0; i < LLC_SAPS_MAX; i++)
		if (llc_saps[i].rcv && llc_saps[i].lsap == lsap)
			return &llc_saps[i];
	return NULL;
}

/**
 * register_snap_client - the protocol behind a SNAP header
 * @desc: organisation and type
 * @protocol: EtherType under which the packet goes on
 */
int register_snap_client(const u8 desc[SNAP_LEN], u16 protocol)
{
	unsigned int i;

	for (i = 0; i < SNAP_CLIENTS_MAX; i++) {
		if (snap_clients[i].protocol && memcmp(snap_clients[i].desc, desc, SNAP_LEN))
			continue;
		memcpy(snap_clients[i].desc, desc, SNAP_LEN);
		snap_clients[i].protocol = protocol;
		return 0;
	}
	return -ENOSPC;
}

static u16 find_snap_client(const u8 *desc)
{
	unsigned int i;

	for (i = 0; i < SNAP_CLIENTS_MAX; i++)
		if (snap_clients[i].protocol && !memcmp(snap_clients[i].desc, desc, SNAP_LEN))
			return snap_clients[i].protocol;
	return 0;
}

static int snap_rcv(struct sk_buff *skb)
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

/* The LLC header off; its length, or 0 where it is not there. */
int llc_pull(struct sk_buff *skb)
{
	struct llc_pdu_un *pdu;
	int llc_len;

	if (malformed(!pskb_may_pull(skb, sizeof(*pdu))))
		return 0;

	pdu = (struct llc_pdu_un *)skb->data;
	rx_u64(skb, "llc.dsap", pdu->dsap);
	rx_u64(skb, "llc.ssap", pdu->ssap);
	llc_len = (pdu->ctrl_1 & LLC_PDU_TYPE_MASK) == LLC_PDU_TYPE_U ? 3 : 4;

	if (malformed(!pskb_may_pull(skb, llc_len)))
		return 0;
	skb_pull(skb, llc_len);
	skb_reset_transport_header(skb);
	return llc_len;
}

/* Off with what the length field of the Ethernet header does not count. */
bool llc_trim(struct sk_buff *skb, int llc_len)
{
	int data_size = ntohs(eth_hdr(skb)->h_proto) - llc_len;

	if (malformed(data_size < 0))
		return false;
	if (malformed(!pskb_may_pull(skb, data_size)))
		return false;
	return !pskb_trim_rcsum(skb, data_size);
}

/* A packet without its LLC header goes to whom that header names; consumed. */
int llc_deliver(struct sk_buff *skb)
{
	const struct llc_sap *sap = llc_sap_find(skb_network_header(skb)[0]);

	if (malformed(!sap)) {
		kfree_skb(skb);
		return NET_RX_DROP;
	}
	return sap->rcv(skb);
}

static int llc_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		   struct net_device *orig_dev)
{
	int llc_len;

	if (malformed(skb->pkt_type == PACKET_OTHERHOST))
		goto drop;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;

	llc_len = llc_pull(skb);
	if (!llc_len || !llc_trim(skb, llc_len))
		goto drop;
	return llc_deliver(skb);

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
	static const u8 ipv6[SNAP_LEN] = { 0x00, 0x00, 0x00, 0x86, 0xdd };

	llc_sap_open(LLC_SAP_SNAP, snap_rcv);
	register_snap_client(ipv6, ETH_P_IPV6);
	dev_add_pack(&llc_packet_type);
}
