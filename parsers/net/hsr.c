// SPDX-License-Identifier: GPL-2.0-only
/*
 * HSR and PRP supervision frames: which node sends them, and for whom.
 *
 * Modelled on: Linux 6.1 net/hsr/hsr_forward.c (is_supervision_frame),
 *	net/hsr/hsr_framereg.c (hsr_handle_sup_frame: what it reads)
 * Spec: IEC 62439-3:2016 5.6.3 (HSR), 4.2.7 (PRP)
 * Differs: a packet type instead of a receive handler; the table of nodes is an effect.
 */
#include <linux/etherdevice.h>
#include <linux/if_hsr.h>

#include "link.h"
#include "rx.h"

enum {
	HSR_TLV_EOT = 0,
	HSR_TLV_ANNOUNCE = 22,
	HSR_TLV_LIFE_CHECK = 23,
	PRP_TLV_LIFE_CHECK_DD = 20,
	PRP_TLV_LIFE_CHECK_DA = 21,
	PRP_TLV_REDBOX_MAC = 30,
};

struct hsr_sup_tlv {
	u8 HSR_TLV_type;
	u8 HSR_TLV_length;
} __attribute__((packed));

struct hsr_sup_tag {
	__be16 path_and_HSR_ver;
	__be16 sequence_nr;
	struct hsr_sup_tlv tlv;
} __attribute__((packed));

struct hsr_sup_payload {
	unsigned char macaddress_A[ETH_ALEN];
} __attribute__((packed));

struct hsrv0_ethhdr_sp {
	struct ethhdr ethhdr;
	struct hsr_sup_tag hsr_sup;
} __attribute__((packed));

struct hsrv1_ethhdr_sp {
	struct ethhdr ethhdr;
	struct hsr_tag hsr;
	struct hsr_sup_tag hsr_sup;
} __attribute__((packed));

static const u8 hsr_sup_addr[ETH_ALEN] = { 0x01, 0x15, 0x4e, 0x00, 0x01, 0x00 };

/* Where the supervision tag is; its header is linear. NULL: there is none. */
static struct hsr_sup_tag *hsr_sup_tag(struct sk_buff *skb, u16 *total_length)
{
	struct hsrv1_ethhdr_sp *hsr_V1_hdr;

	if (eth_hdr(skb)->h_proto != htons(ETH_P_HSR)) {
		*total_length = sizeof(struct hsrv0_ethhdr_sp);
		if (malformed(!pskb_may_pull(skb, *total_length)))
			return NULL;
		return &((struct hsrv0_ethhdr_sp *)skb_mac_header(skb))->hsr_sup;
	}
	*total_length = sizeof(struct hsrv1_ethhdr_sp);
	if (malformed(!pskb_may_pull(skb, *total_length)))
		return NULL;
	hsr_V1_hdr = (struct hsrv1_ethhdr_sp *)skb_mac_header(skb);
	if (malformed(hsr_V1_hdr->hsr.encap_proto != htons(ETH_P_PRP)))
		return NULL;
	return &hsr_V1_hdr->hsr_sup;
}

/* The TLV at @off; the data pointer is where it was. */
static struct hsr_sup_tlv *hsr_next_tlv(struct sk_buff *skb, u16 off)
{
	struct hsr_sup_tlv *tlv;

	skb_pull(skb, off);
	tlv = (struct hsr_sup_tlv *)skb->data;
	skb_push(skb, off);
	rx_u64(skb, "hsr_prp_supervision.tlv.type", tlv->HSR_TLV_type);
	rx_u64(skb, "hsr_prp_supervision.tlv.length", tlv->HSR_TLV_length);
	return tlv;
}

static bool hsr_first_tlv_ok(const struct sk_buff *skb, const struct hsr_sup_tlv *tlv)
{
	rx_u64(skb, "hsr_prp_supervision.tlv.type", tlv->HSR_TLV_type);
	rx_u64(skb, "hsr_prp_supervision.tlv.length", tlv->HSR_TLV_length);
	if (malformed(tlv->HSR_TLV_type != HSR_TLV_ANNOUNCE &&
		      tlv->HSR_TLV_type != HSR_TLV_LIFE_CHECK &&
		      tlv->HSR_TLV_type != PRP_TLV_LIFE_CHECK_DD &&
		      tlv->HSR_TLV_type != PRP_TLV_LIFE_CHECK_DA))
		return false;
	return !malformed(tlv->HSR_TLV_length != 12 &&
			  tlv->HSR_TLV_length != sizeof(struct hsr_sup_payload));
}

static bool is_supervision_frame(struct sk_buff *skb)
{
	struct hsr_sup_tlv *hsr_sup_tlv;
	struct hsr_sup_tag *tag;
	u16 total_length, need;

	if (malformed(!ether_addr_equal(eth_hdr(skb)->h_dest, hsr_sup_addr)))
		return false;
	tag = hsr_sup_tag(skb, &total_length);
	if (!tag)
		return false;
	if (!hsr_first_tlv_ok(skb, &tag->tlv))
		return false;

	total_length += tag->tlv.HSR_TLV_length;
	need = total_length + (fixed(CVE_2026_64000) ? sizeof(struct hsr_sup_tlv) : 0);
	/* what comes before is whole, and the header of the next is not */
	triggered(CVE_2026_64000, skb->len - total_length < sizeof(struct hsr_sup_tlv));
	if (malformed(!pskb_may_pull(skb, need)))
		return false;
	hsr_sup_tlv = hsr_next_tlv(skb, total_length);

	/* a box that speaks for others names itself too */
	if (hsr_sup_tlv->HSR_TLV_type == PRP_TLV_REDBOX_MAC) {
		if (malformed(hsr_sup_tlv->HSR_TLV_length != sizeof(struct hsr_sup_payload)))
			return false;
		total_length += sizeof(struct hsr_sup_tlv) + hsr_sup_tlv->HSR_TLV_length;
		need = total_length +
		       (fixed(CVE_2026_64000) ? sizeof(struct hsr_sup_tlv) : 0);
		triggered(CVE_2026_64000, skb->len - total_length < sizeof(struct hsr_sup_tlv));
		if (malformed(!pskb_may_pull(skb, need)))
			return false;
		hsr_sup_tlv = hsr_next_tlv(skb, total_length);
	}

	if (malformed(hsr_sup_tlv->HSR_TLV_type != HSR_TLV_EOT))
		return false;
	return !malformed(hsr_sup_tlv->HSR_TLV_length != 0);
}

/* What the table of nodes learns: the header has been checked. */
static void hsr_handle_sup_frame(struct sk_buff *skb)
{
	unsigned int pull_size = sizeof(struct hsrv0_ethhdr_sp);
	struct hsr_sup_payload *hsr_sp;
	struct hsr_sup_tlv *tlv;

	if (eth_hdr(skb)->h_proto == htons(ETH_P_HSR))
		pull_size = sizeof(struct hsrv1_ethhdr_sp);
	hsr_sp = (struct hsr_sup_payload *)(skb->data + pull_size);
	sink_effect_bytes(rx_sink(skb), "hsr.node", hsr_sp->macaddress_A, ETH_ALEN);

	tlv = (struct hsr_sup_tlv *)(hsr_sp + 1);
	if (tlv->HSR_TLV_type == PRP_TLV_REDBOX_MAC) {
		if (malformed(tlv->HSR_TLV_length != 6))
			return;
		sink_effect_bytes(rx_sink(skb), "hsr.redbox", tlv + 1, ETH_ALEN);
	}
}

static int hsr_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		   struct net_device *orig_dev)
{
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;
	/* back to the link header, which is part of all that follows */
	if (skb_mac_header_len(skb) < ETH_HLEN)
		goto drop;
	skb_push(skb, skb->data - skb_mac_header(skb));

	if (!is_supervision_frame(skb))
		goto drop;
	hsr_handle_sup_frame(skb);
	sink_verdict(rx_sink(skb), 0, 0);
	consume_skb(skb);
	return NET_RX_SUCCESS;

drop:
	kfree_skb(skb);
	return NET_RX_DROP;
}

static struct packet_type prp_packet_type = {
	.type = cpu_to_be16(ETH_P_PRP),
	.func = hsr_rcv,
};

static struct packet_type hsr_packet_type = {
	.type = cpu_to_be16(ETH_P_HSR),
	.func = hsr_rcv,
};

void hsr_init(void)
{
	dev_add_pack(&prp_packet_type);
	dev_add_pack(&hsr_packet_type);
}
