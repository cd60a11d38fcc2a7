// SPDX-License-Identifier: GPL-2.0-only
/*
 * MPLS: labels off, one after another, down to IPv6 or IPv4.
 *
 * Modelled on: Linux 6.1 net/mpls/af_mpls.c (mpls_forward, mpls_route_input_rcu,
 *	mpls_egress), net/mpls/internal.h (mpls_entry_decode)
 * Spec: RFC 3032 2.1 to 2.4, RFC 3443 3.3 (pipe)
 * Differs: every unreserved label is routed to this node with nothing pushed; as the
 *	end of a pipe it leaves the inner hop limit alone, where Linux takes the label's
 *	TTL or one hop.
 */
#include <linux/ip.h>
#include <linux/mpls.h>
#include <net/addrconf.h>

#include "exthdrs.h"
#include "rx.h"

struct mpls_entry_decoded {
	u32 label;
	u8 ttl;
	u8 tc;
	u8 bos;
};

enum mpls_payload_type {
	MPT_UNSPEC = 0,
	MPT_IPV4 = 4,
	MPT_IPV6 = 6,
};

static struct mpls_entry_decoded mpls_entry_decode(const struct mpls_label *hdr)
{
	u32 entry = be32_to_cpu(hdr->entry);

	return (struct mpls_entry_decoded) {
		.label = (entry & MPLS_LS_LABEL_MASK) >> MPLS_LS_LABEL_SHIFT,
		.ttl = (entry & MPLS_LS_TTL_MASK) >> MPLS_LS_TTL_SHIFT,
		.tc = (entry & MPLS_LS_TC_MASK) >> MPLS_LS_TC_SHIFT,
		.bos = (entry & MPLS_LS_S_MASK) >> MPLS_LS_S_SHIFT,
	};
}

/* The routes there are: explicit nulls, and every label beyond the reserved ones. */
static bool mpls_route(u32 label, enum mpls_payload_type *payload)
{
	*payload = MPT_UNSPEC;
	if (label == MPLS_LABEL_IPV4NULL)
		*payload = MPT_IPV4;
	else if (label == MPLS_LABEL_IPV6NULL)
		*payload = MPT_IPV6;
	else
		return label >= MPLS_LABEL_FIRST_UNRESERVED;
	return true;
}

/* The stack has ended: which protocol is behind it? */
static bool mpls_egress(struct sk_buff *skb, enum mpls_payload_type payload_type)
{
	/* up to the IPv4 header checksum */
	if (malformed(!pskb_may_pull(skb, 12)))
		return false;

	if (payload_type == MPT_UNSPEC)
		payload_type = ip_hdr(skb)->version;

	if (malformed(payload_type != MPT_IPV4 && payload_type != MPT_IPV6))
		return false;
	skb->protocol = payload_type == MPT_IPV4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	return true;
}

static int mpls_forward(struct sk_buff *skb, struct net_device *dev,
			struct packet_type *pt, struct net_device *orig_dev)
{
	enum mpls_payload_type payload;
	struct mpls_entry_decoded dec;

	if (malformed(skb->pkt_type != PACKET_HOST))
		goto drop;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;

	if (malformed(!pskb_may_pull(skb, sizeof(struct mpls_label))))
		goto drop;

	dec = mpls_entry_decode((struct mpls_label *)skb_network_header(skb));
	rx_u64(skb, "mpls.label", dec.label);
	rx_u64(skb, "mpls.exp", dec.tc);
	rx_u64(skb, "mpls.bottom", dec.bos);
	rx_u64(skb, "mpls.ttl", dec.ttl);

	if (malformed(!mpls_route(dec.label, &payload)))
		goto drop;

	skb_pull(skb, sizeof(struct mpls_label));
	skb_reset_network_header(skb);
	skb_orphan(skb);
	skb_forward_csum(skb);

	if (malformed(dec.ttl <= 1))
		goto drop;

	if (dec.bos && !mpls_egress(skb, payload))
		goto drop;

	/* out over the loopback device, in again */
	skb->dev = dev_net(dev)->loopback_dev;
	return netif_rx(skb);

drop:
	kfree_skb(skb);
	return NET_RX_DROP;
}

static struct packet_type mpls_packet_type = {
	.type = cpu_to_be16(ETH_P_MPLS_UC),
	.func = mpls_forward,
};

void mpls_init(void)
{
	dev_add_pack(&mpls_packet_type);
}
