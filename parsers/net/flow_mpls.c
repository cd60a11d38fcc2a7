// SPDX-License-Identifier: GPL-2.0-only
/*
 * The MPLS label stack as a software switch takes it into its flow key.
 *
 * Modelled on: Linux 6.1 net/openvswitch/flow.c (check_header, key_extract_l3l4: its MPLS part)
 * Spec: RFC 3032
 * Differs: the key holds the label stack only.
 */
#include "flow.h"

#include <linux/mpls.h>

#define MPLS_HLEN		4
#define MPLS_LABEL_DEPTH	3

struct ovs_key_mpls {
	u32	num_labels_mask;
	__be32	lse[MPLS_LABEL_DEPTH];
};

static void skb_set_inner_network_header(struct sk_buff *skb, int offset)
{
	skb->inner_network_header = (u16)(skb->data - skb->head + offset);
}

static int check_header(struct sk_buff *skb, size_t len)
{
	if (malformed(skb->len < len))
		return -EINVAL;
	if (!pskb_may_pull(skb, (unsigned int)len))
		return -ENOMEM;
	return 0;
}

/* Labels may be as many as there is room for; the upper ones go into the key. */
static size_t ovs_next_label(size_t label_count)
{
	triggered(CVE_2025_38146, label_count + 1 > U8_MAX);
	if (fixed(CVE_2025_38146))
		return label_count + 1;
	return (u8)(label_count + 1);
}

static bool extract_mpls(struct sk_buff *skb, struct ovs_key_mpls *mpls, size_t *labels)
{
	size_t label_count = 1;
	__be32 lse;

	skb_set_inner_network_header(skb, skb->mac_len);
	for (;;) {
		if (check_header(skb, skb->mac_len + label_count * MPLS_HLEN))
			return false;

		memcpy(&lse, skb_inner_network_header(skb), MPLS_HLEN);
		if (!malformed(label_count > MPLS_LABEL_DEPTH))
			memcpy(&mpls->lse[label_count - 1], &lse, MPLS_HLEN);

		skb_set_inner_network_header(skb, skb->mac_len + (int)label_count * MPLS_HLEN);
		if (lse & htonl(MPLS_LS_S_MASK))
			break;
		label_count = ovs_next_label(label_count);
	}
	*labels = label_count;
	return true;
}

void ovs_key_extract_mpls(struct sk_buff *skb, struct sink *sink)
{
	struct ovs_key_mpls mpls = { 0 };
	size_t label_count = 0;

	if (!extract_mpls(skb, &mpls, &label_count))
		return;
	if (malformed(label_count > MPLS_LABEL_DEPTH))
		label_count = MPLS_LABEL_DEPTH;
	mpls.num_labels_mask = (u32)GENMASK(label_count - 1, 0);
	sink_u64(sink, "ovs.num_labels_mask", mpls.num_labels_mask);
	sink_bytes(sink, "ovs.mpls.lse", mpls.lse, label_count * MPLS_HLEN);
}
