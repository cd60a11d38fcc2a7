// SPDX-License-Identifier: GPL-2.0-only
/*
 * BNEP frames: packet types, extension headers, the Ethernet frame they carry.
 *
 * Modelled on: Linux 6.1 net/bluetooth/bnep/core.c (bnep_rx_frame,
 *	bnep_rx_extension, bnep_tx_frame)
 * Spec: BNEP 1.0 2.4, 2.5, 3.1
 * Differs: no counters; the frame leaves as an effect, what eth_type_trans() and the
 *	network stack make of it is left out.
 */
#include <asm/byteorder.h>
#include <asm/unaligned.h>
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/string.h>

#include "bnep.h"

static void bnep_badframe(struct bnep_session *s, struct sk_buff *skb)
{
	s->verdict = -EILSEQ;
	kfree_skb(skb);
}

/* Extension headers one behind the other; those that are not known are skipped. */
int bnep_rx_extension(struct bnep_session *s, struct sk_buff *skb)
{
	struct bnep_ext_hdr *h;

	do {
		h = (void *)skb->data;
		if (malformed(!skb_pull(skb, sizeof(*h))))
			return -EILSEQ;
		sink_u64(s->sink, "btbnep.extension_type", h->type & BNEP_TYPE_MASK);
		sink_u64(s->sink, "btbnep.extension_length", h->len);

		if (malformed(skb->len < h->len))
			return -EILSEQ;

		if ((h->type & BNEP_TYPE_MASK) == BNEP_EXT_CONTROL)
			bnep_rx_control(s, skb->data, h->len);

		if (malformed(!skb_pull(skb, h->len)))
			return -EILSEQ;
	} while (h->type & BNEP_EXT_HEADER);

	return 0;
}

/* Bytes of a filter message: its length field counts them. */
static unsigned int bnep_filter_len(const u8 *data)
{
	if (fixed(LINUX_72B8DECCFF17))
		return get_unaligned_be16(data);
	return get_unaligned_le16(data) * 2U;
}

/*
 * Behind a control message that has been processed: get to its extension headers.
 * Positive: nobody knows where they are.
 */
static int bnep_rx_skip_control(struct bnep_session *s, u8 ctrl_type, struct sk_buff *skb)
{
	u8 *data = skb->data;
	u8 uuid_size;

	switch (ctrl_type) {
	case BNEP_SETUP_CONN_REQ:
		if (malformed_in(CVE_2026_53253, !skb_pull(skb, sizeof(uuid_size))))
			return -EILSEQ;
		uuid_size = *data;
		sink_u64(s->sink, "btbnep.uuid_size", uuid_size);
		if (malformed(!skb_pull(skb, uuid_size + uuid_size)))
			return -EILSEQ;
		return 0;

	case BNEP_FILTER_MULTI_ADDR_SET:
	case BNEP_FILTER_NET_TYPE_SET:
		if (malformed(!skb_pull(skb, sizeof(u16))))
			return -EILSEQ;
		triggered(LINUX_72B8DECCFF17, data + get_unaligned_be16(data) !=
			  data + get_unaligned_le16(data) * 2U);
		if (malformed(!skb_pull(skb, bnep_filter_len(data))))
			return -EILSEQ;
		return 0;
	}
	return 1;
}

/* A control frame; consumed. */
static void bnep_rx_control_frame(struct bnep_session *s, u8 type, struct sk_buff *skb)
{
	u8 *data = skb->data;
	u8 ctrl_type;

	if (malformed_in(CVE_2026_53253, !skb_pull(skb, sizeof(ctrl_type)))) {
		bnep_badframe(s, skb);
		return;
	}
	ctrl_type = *data;

	if (ctrl_type == BNEP_SETUP_CONN_REQ && bnep_setup_waits(s)) {
		s->verdict = bnep_setup_defer(s, skb, type & BNEP_EXT_HEADER);
		goto out;
	}

	s->verdict = bnep_rx_control_cmd(s, ctrl_type, skb->data, (int)skb->len);
	if (s->verdict < 0)
		goto out;
	if (!(type & BNEP_EXT_HEADER))
		goto out;

	s->verdict = bnep_rx_skip_control(s, ctrl_type, skb);
	if (!s->verdict)
		s->verdict = bnep_rx_extension(s, skb);
out:
	kfree_skb(skb);
}

static const u8 __bnep_rx_hlen[] = {
	[BNEP_GENERAL]			= ETH_HLEN,
	[BNEP_CONTROL]			= 0,
	[BNEP_COMPRESSED]		= 2,
	[BNEP_COMPRESSED_SRC_ONLY]	= ETH_ALEN + 2,
	[BNEP_COMPRESSED_DST_ONLY]	= ETH_ALEN + 2,
};

/* The Ethernet header that the frame had, with what the packet type left out. */
static void bnep_decompress(struct bnep_session *s, u8 type, const struct sk_buff *skb,
			    struct sk_buff *nskb)
{
	const u8 *mac = skb_mac_header(skb);

	switch (type) {
	case BNEP_COMPRESSED:
		skb_put_data(nskb, &s->eh, ETH_HLEN);
		return;

	case BNEP_COMPRESSED_SRC_ONLY:
		sink_bytes(s->sink, "btbnep.src", mac, ETH_ALEN);
		skb_put_data(nskb, s->eh.h_dest, ETH_ALEN);
		skb_put_data(nskb, mac, ETH_ALEN);
		break;

	case BNEP_COMPRESSED_DST_ONLY:
		sink_bytes(s->sink, "btbnep.dst", mac, ETH_ALEN);
		skb_put_data(nskb, mac, ETH_ALEN);
		skb_put_data(nskb, s->eh.h_source, ETH_ALEN);
		break;

	default:
		sink_bytes(s->sink, "btbnep.dst", mac, ETH_ALEN);
		sink_bytes(s->sink, "btbnep.src", mac + ETH_ALEN, ETH_ALEN);
		skb_put_data(nskb, mac, ETH_ALEN * 2);
		break;
	}
	put_unaligned(s->eh.h_proto, (__be16 *)skb_put(nskb, 2));
}

/* The frame for the local network stack, aligned as that likes it. */
static void bnep_rx_deliver(struct bnep_session *s, u8 type, struct sk_buff *skb)
{
	struct sk_buff *nskb;

	nskb = alloc_skb(2 + ETH_HLEN + skb->len, GFP_KERNEL);
	if (!nskb) {
		s->verdict = -ENOMEM;
		return;
	}
	skb_reserve(nskb, 2);

	bnep_decompress(s, type, skb, nskb);
	skb_copy_from_linear_data(skb, skb_put(nskb, skb->len), skb->len);

	sink_effect_bytes(s->sink, "bnep.received", nskb->data, nskb->len);
	kfree_skb(nskb);
}

/**
 * bnep_rx_frame - one BNEP packet of a session
 * @s: session; its verdict is set
 * @skb: linear; consumed
 */
void bnep_rx_frame(struct bnep_session *s, struct sk_buff *skb)
{
	u8 *data = skb->data;
	u8 type, ext;

	s->verdict = 0;
	if (malformed_in(CVE_2026_53253, !skb_pull(skb, sizeof(type))))
		goto badframe;
	ext = *data & BNEP_EXT_HEADER;
	type = *data & BNEP_TYPE_MASK;
	sink_u64(s->sink, "btbnep.bnep_type", type);
	sink_u64(s->sink, "btbnep.extension_flag", ext >> 7);

	if (malformed(type >= sizeof(__bnep_rx_hlen)))
		goto badframe;

	if (type == BNEP_CONTROL) {
		bnep_rx_control_frame(s, type | ext, skb);
		return;
	}

	skb_reset_mac_header(skb);
	if (malformed(!skb_pull(skb, __bnep_rx_hlen[type])))
		goto badframe;
	s->eh.h_proto = get_unaligned((__be16 *)(skb->data - 2));
	sink_u64(s->sink, "btbnep.type", ntohs(s->eh.h_proto));

	if (ext && bnep_rx_extension(s, skb) < 0)
		goto badframe;

	if (ntohs(s->eh.h_proto) == ETH_P_8021Q) {
		if (malformed(!skb_pull(skb, 4)))
			goto badframe;
		s->eh.h_proto = get_unaligned((__be16 *)(skb->data - 2));
	}

	bnep_rx_deliver(s, type, skb);
	kfree_skb(skb);
	return;

badframe:
	bnep_badframe(s, skb);
}

static const u8 __bnep_tx_types[] = {
	BNEP_GENERAL,
	BNEP_COMPRESSED_SRC_ONLY,
	BNEP_COMPRESSED_DST_ONLY,
	BNEP_COMPRESSED,
};

/* A frame of the local network stack for the peer; consumed. */
void bnep_tx_frame(struct bnep_session *s, struct sk_buff *skb)
{
	struct ethhdr *eh = (void *)skb->data;
	u8 buf[1 + ETH_ALEN];
	unsigned int len = 1;
	u8 type = 0;

	if (ether_addr_equal(eh->h_dest, s->eh.h_source))
		type |= 0x01;
	if (ether_addr_equal(eh->h_source, s->eh.h_dest))
		type |= 0x02;

	if (type)
		skb_pull(skb, ETH_ALEN * 2);

	buf[0] = __bnep_tx_types[type];
	if (buf[0] == BNEP_COMPRESSED_SRC_ONLY) {
		memcpy(buf + 1, eh->h_source, ETH_ALEN);
		len += ETH_ALEN;
	} else if (buf[0] == BNEP_COMPRESSED_DST_ONLY) {
		memcpy(buf + 1, eh->h_dest, ETH_ALEN);
		len += ETH_ALEN;
	}

	bnep_send(s, buf, len);
	bnep_send(s, skb->data, skb->len);
	kfree_skb(skb);
}
