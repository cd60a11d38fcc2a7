// SPDX-License-Identifier: GPL-2.0-only
/*
 * PPPoE sessions, and the protocol field of the PPP frame inside.
 *
 * Modelled on: Linux 6.1 drivers/net/ppp/pppoe.c (pppoe_rcv, pppoe_rcv_core),
 *	drivers/net/ppp/ppp_generic.c (ppp_input, ppp_decompress_proto,
 *	ppp_receive_nonmp_frame)
 * Spec: RFC 2516 4, RFC 1661 2
 * Differs: every session exists and is up; no compression, multilink or control
 *	protocols (they are handed over, as pppd would get them).
 */
#include <linux/etherdevice.h>
#include <linux/if_pppox.h>
#include <net/addrconf.h>
#include <net/ip_tunnels.h>

#include "exthdrs.h"
#include "rx.h"

enum { PPPOE_SES_HLEN = 8 };	/* the header and the PPP protocol field */

static bool ppp_skb_is_compressed_proto(const struct sk_buff *skb)
{
	return skb->data[0] & 0x01;
}

/* RFC 1661 6.5: a protocol with an odd first byte was sent in one byte. */
static bool ppp_decompress_proto(struct sk_buff *skb)
{
	if (malformed(!pskb_may_pull(skb, 1)))
		return false;
	if (*skb->data & 0x01)
		*(u8 *)skb_push(skb, 1) = 0x00;
	if (malformed(!pskb_may_pull(skb, 2)))
		return false;
	return true;
}

static void ppp_input(struct sk_buff *skb)
{
	u16 proto;

	if (!ppp_decompress_proto(skb)) {
		kfree_skb(skb);
		return;
	}

	proto = get_unaligned_be16(skb->data);
	rx_u64(skb, "ppp.protocol", proto);
	switch (proto) {
	case PPP_IP:
		skb->protocol = htons(ETH_P_IP);
		break;
	case PPP_IPV6:
		skb->protocol = htons(ETH_P_IPV6);
		break;
	case PPP_MPLS_UC:
		skb->protocol = htons(ETH_P_MPLS_UC);
		break;
	default:
		rx_handover(skb, "handover.ppp", proto);
		return;
	}

	skb_pull_rcsum(skb, 2);
	skb->dev = redzone_ppp_dev();
	skb_reset_mac_header(skb);
	netif_rx(skb);
}

static int pppoe_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		     struct net_device *orig_dev)
{
	struct pppoe_hdr *ph;
	int len;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;

	if (skb_mac_header_len(skb) < ETH_HLEN)
		goto drop;

	if (malformed(!pskb_may_pull(skb, PPPOE_SES_HLEN)))
		goto drop;

	ph = pppoe_hdr(skb);
	rx_u64(skb, "pppoe.code", ph->code);
	rx_u64(skb, "pppoe.session_id", ntohs(ph->sid));
	rx_u64(skb, "pppoe.payload_length", ntohs(ph->length));
	len = ntohs(ph->length);

	skb_pull_rcsum(skb, sizeof(*ph));
	if (malformed(skb->len < len))
		goto drop;

	/* RFC 2516 7: the protocol field must not be compressed */
	if (malformed(ppp_skb_is_compressed_proto(skb)))
		goto drop;
	if (pskb_trim_rcsum(skb, len))
		goto drop;

	/* the session's socket, which takes what is addressed to it alone */
	if (malformed(skb->pkt_type == PACKET_OTHERHOST))
		goto drop;

	ppp_input(skb);
	return NET_RX_SUCCESS;

drop:
	kfree_skb(skb);
	return NET_RX_DROP;
}

static struct packet_type pppoes_ptype = {
	.type = cpu_to_be16(ETH_P_PPP_SES),
	.func = pppoe_rcv,
};

void pppoe_init(void)
{
	dev_add_pack(&pppoes_ptype);
}
