// SPDX-License-Identifier: GPL-2.0-only
/*
 * 802.1Q and 802.1ad tags, one after another.
 *
 * Modelled on: Linux 6.1 net/core/skbuff.c (skb_vlan_untag,
 *	skb_reorder_vlan_header), include/linux/if_vlan.h (vlan_set_encap_proto),
 *	net/8021q/vlan_core.c (vlan_do_receive), net/core/dev.c
 *	(__netif_receive_skb_core: the rounds for tags)
 * Spec: IEEE 802.1Q-2018 9.3 to 9.6
 * Differs: a packet type takes the tag (as before Linux 3.0) instead of the core;
 *	a VLAN device exists for every id, down to MAX_NEST_DEV levels; no GVRP/MVRP.
 */
#include <linux/if_vlan.h>
#include <net/ipv6.h>

#include "rx.h"

static void vlan_set_encap_proto(struct sk_buff *skb, struct vlan_hdr *vhdr)
{
	__be16 proto;
	__be16 *rawp;

	/* The real type of the frame is behind the tag, or a length is */
	proto = vhdr->h_vlan_encapsulated_proto;
	rx_u64(skb, "vlan.etype", ntohs(proto));
	if (eth_proto_is_802_3(proto)) {
		skb->protocol = proto;
		return;
	}

	rawp = (__be16 *)(vhdr + 1);
	if (*rawp == htons(0xFFFF))
		skb->protocol = htons(ETH_P_802_3);
	else
		skb->protocol = htons(ETH_P_802_2);
}

static struct sk_buff *skb_reorder_vlan_header(struct sk_buff *skb)
{
	int mac_len;

	if (skb_cow(skb, skb_headroom(skb)) < 0) {
		kfree_skb(skb);
		return NULL;
	}

	mac_len = skb->data - skb_mac_header(skb);
	if (likely(mac_len > VLAN_HLEN + ETH_TLEN)) {
		memmove(skb_mac_header(skb) + VLAN_HLEN, skb_mac_header(skb),
			mac_len - VLAN_HLEN - ETH_TLEN);
	}

	skb->mac_header += VLAN_HLEN;
	return skb;
}

static void vlan_decode_tci(struct sk_buff *skb, u16 tci)
{
	bool service = skb->protocol == htons(ETH_P_8021AD);

	rx_u64(skb, service ? "ieee8021ad.priority" : "vlan.priority", tci >> VLAN_PRIO_SHIFT);
	rx_u64(skb, service ? "ieee8021ad.dei" : "vlan.dei", !!(tci & VLAN_CFI_MASK));
	rx_u64(skb, service ? "ieee8021ad.id" : "vlan.id", tci & VLAN_VID_MASK);
}

/**
 * skb_vlan_untag - move the tag at skb->data into skb->vlan_tci
 * @skb: packet, protocol is that of the tag; consumed on failure
 */
struct sk_buff *skb_vlan_untag(struct sk_buff *skb)
{
	struct vlan_hdr *vhdr;
	u16 vlan_tci;

	if (unlikely(skb_vlan_tag_present(skb)))
		return skb;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		goto err_free;
	/* the two bytes behind the tag are read below */
	if (malformed(!pskb_may_pull(skb, VLAN_HLEN + sizeof(unsigned short))))
		goto err_free;

	vhdr = (struct vlan_hdr *)skb->data;
	vlan_tci = ntohs(vhdr->h_vlan_TCI);
	vlan_decode_tci(skb, vlan_tci);
	__vlan_hwaccel_put_tag(skb, skb->protocol, vlan_tci);

	skb_pull_rcsum(skb, VLAN_HLEN);
	vlan_set_encap_proto(skb, vhdr);

	skb = skb_reorder_vlan_header(skb);
	if (unlikely(!skb))
		goto err_free;

	skb_reset_network_header(skb);
	skb_reset_transport_header(skb);
	skb_reset_mac_len(skb);

	return skb;

err_free:
	kfree_skb(skb);
	return NULL;
}

/* The tag becomes a VLAN device; false: nobody wants this id. */
bool vlan_do_receive(struct sk_buff **skbp)
{
	struct sk_buff *skb = *skbp;
	u16 vlan_id = skb_vlan_tag_get_id(skb);
	struct net_device *vlan_dev;

	vlan_dev = vlan_find_dev(skb->dev, skb->vlan_proto, vlan_id);
	if (malformed(!vlan_dev))
		return false;

	skb = *skbp = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return false;

	skb->dev = vlan_dev;
	if (skb->pkt_type == PACKET_OTHERHOST) {
		/* a VLAN device may have an address of its own */
		if (ether_addr_equal(eth_hdr(skb)->h_dest, vlan_dev->dev_addr))
			skb->pkt_type = PACKET_HOST;
	}

	skb->priority = skb_vlan_tag_get_prio(skb);
	__vlan_hwaccel_clear_tag(skb);
	return true;
}

/* Take all tags; NULL when one of them is malformed or not for us. */
static struct sk_buff *vlan_rounds(struct sk_buff *skb)
{
	while (eth_type_vlan(skb->protocol)) {
		skb = skb_vlan_untag(skb);
		if (!skb)
			return NULL;

		if (vlan_do_receive(&skb))
			continue;
		if (!skb)
			return NULL;
		/* an id that nobody has is somebody else's; 0 is a mere priority */
		if (malformed(skb_vlan_tag_get_id(skb))) {
			kfree_skb_reason(skb, SKB_DROP_REASON_OTHERHOST);
			return NULL;
		}
		__vlan_hwaccel_clear_tag(skb);
	}
	return skb;
}

static int vlan_skb_recv(struct sk_buff *skb, struct net_device *dev,
			 struct packet_type *pt, struct net_device *orig_dev)
{
	skb = vlan_rounds(skb);
	if (!skb)
		return NET_RX_DROP;
	return netif_receive_skb(skb);
}

static struct packet_type vlan_packet_type = {
	.type = cpu_to_be16(ETH_P_8021Q),
	.func = vlan_skb_recv,
};

static struct packet_type vlan_ad_packet_type = {
	.type = cpu_to_be16(ETH_P_8021AD),
	.func = vlan_skb_recv,
};

void vlan_init(void)
{
	dev_add_pack(&vlan_packet_type);
	dev_add_pack(&vlan_ad_packet_type);
}
