// SPDX-License-Identifier: GPL-2.0-only
/*
 * GRE: the header with its optional words, ERSPAN's behind it, and what is inside.
 *
 * Modelled on: Linux 6.1 net/ipv4/gre_demux.c (gre_parse_header, gre_rcv), ip_gre.c (gre_rcv,
 *	__ipgre_rcv, erspan_rcv), ip_tunnel_core.c (__iptunnel_pull_header), ip_tunnel.c
 *	(ip_tunnel_rcv)
 * Spec: RFC 2784, RFC 2890, draft-foschiano-erspan
 * Differs: one tunnel for packets and one for frames take every pair of addresses and every
 *	key; PPTP (version 1) is handed over; no metadata of tunnels.
 */
#include <linux/etherdevice.h>
#include <net/icmp.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>
#include <net/protocol.h>

#include "rx.h"
#include "udp_tunnel.h"

#define ETH_P_WCCP	0x883E

enum {
	PACKET_RCVD, PACKET_REJECT, PACKET_NEXT,
	ERSPAN_V1_MDSIZE = 4, ERSPAN_V2_MDSIZE = 8,
};

struct erspan_base_hdr {
	u8	vlan_upper:4,
		ver:4;
	u8	vlan;
	u8	session_id_upper:2,
		t:1,
		en:2,
		cos:3;
	u8	session_id;
};

static struct ip_tunnel gre_tunnel, gretap_tunnel = { .ether = true };

static int gre_calc_hlen(__be16 o_flags)
{
	int addend = 4;

	if (o_flags & TUNNEL_CSUM)
		addend += 4;
	if (o_flags & TUNNEL_KEY)
		addend += 4;
	if (o_flags & TUNNEL_SEQ)
		addend += 4;
	return addend;
}

static __be16 gre_flags_to_tnl_flags(__be16 flags)
{
	__be16 tflags = 0;

	if (flags & GRE_CSUM)
		tflags |= TUNNEL_CSUM;
	if (flags & GRE_KEY)
		tflags |= TUNNEL_KEY;
	if (flags & GRE_SEQ)
		tflags |= TUNNEL_SEQ;
	return tflags;
}

/* Checksum, key, sequence number, in this order. */
static int gre_parse_options(struct sk_buff *skb, const struct gre_base_hdr *greh,
			     struct tnl_ptk_info *tpi, bool *csum_err)
{
	const __be32 *options = (const __be32 *)(greh + 1);

	if (greh->flags & GRE_CSUM) {
		if (malformed(skb_checksum_simple_validate(skb)) && csum_err) {
			*csum_err = true;
			return -EINVAL;
		}
		options++;
	}
	tpi->key = greh->flags & GRE_KEY ? get_unaligned(options++) : 0;
	tpi->seq = greh->flags & GRE_SEQ ? get_unaligned(options) : 0;
	return 0;
}

/* WCCP has a word of its own in its second version. */
static int gre_parse_wccp(struct sk_buff *skb, struct tnl_ptk_info *tpi, __be16 proto, int nhs)
{
	u8 _val, *val;

	val = skb_header_pointer(skb, nhs + tpi->hdr_len, sizeof(_val), &_val);
	if (malformed(!val))
		return -EINVAL;
	tpi->proto = proto;
	if ((*val & 0xF0) != 0x40)
		tpi->hdr_len += 4;
	return 0;
}

/* ERSPAN's session is the key. */
static int gre_parse_erspan(struct sk_buff *skb, struct tnl_ptk_info *tpi, int nhs)
{
	const struct erspan_base_hdr *ershdr;

	if (malformed(!pskb_may_pull(skb, nhs + tpi->hdr_len + sizeof(*ershdr))))
		return -EINVAL;
	ershdr = (struct erspan_base_hdr *)(skb->data + nhs + tpi->hdr_len);
	tpi->key = cpu_to_be32((u32)ershdr->session_id_upper << 8 | ershdr->session_id);
	return 0;
}

/**
 * gre_parse_header - read a GRE header
 * @skb: the packet; headers up to the inner packet become linear
 * @tpi: filled in
 * @csum_err: set when it is the checksum that is wrong; NULL: it does not matter
 * @proto: what WCCP carries
 * @nhs: where the header begins
 *
 * Return: its length, or negative errno.
 */
int gre_parse_header(struct sk_buff *skb, struct tnl_ptk_info *tpi, bool *csum_err,
		     __be16 proto, int nhs)
{
	const struct gre_base_hdr *greh;

	if (malformed(!pskb_may_pull(skb, nhs + sizeof(struct gre_base_hdr))))
		return -EINVAL;
	greh = (struct gre_base_hdr *)(skb->data + nhs);
	if (malformed(greh->flags & GRE_VERSION) || malformed(greh->flags & GRE_ROUTING))
		return -EINVAL;

	tpi->flags = gre_flags_to_tnl_flags(greh->flags);
	tpi->hdr_len = gre_calc_hlen(tpi->flags);
	if (malformed(!pskb_may_pull(skb, nhs + tpi->hdr_len)))
		return -EINVAL;

	greh = (struct gre_base_hdr *)(skb->data + nhs);
	tpi->proto = greh->protocol;
	rx_u64(skb, "gre.flags_and_version", ntohs(greh->flags));
	rx_u64(skb, "gre.proto", ntohs(greh->protocol));
	if (gre_parse_options(skb, greh, tpi, csum_err))
		return -EINVAL;

	if (greh->flags == 0 && tpi->proto == htons(ETH_P_WCCP) &&
	    gre_parse_wccp(skb, tpi, proto, nhs))
		return -EINVAL;
	if (((greh->protocol == htons(ETH_P_ERSPAN) && tpi->hdr_len != 4) ||
	     greh->protocol == htons(ETH_P_ERSPAN2)) && gre_parse_erspan(skb, tpi, nhs))
		return -EINVAL;
	return tpi->hdr_len;
}

int __iptunnel_pull_header(struct sk_buff *skb, int hdr_len, __be16 inner_proto,
			   bool raw_proto)
{
	const struct ethhdr *eh;

	if (malformed(!pskb_may_pull(skb, (unsigned int)hdr_len)))
		return -ENOMEM;
	skb_pull_rcsum(skb, (unsigned int)hdr_len);

	skb->protocol = inner_proto;
	if (!raw_proto && inner_proto == htons(ETH_P_TEB)) {
		if (malformed(!pskb_may_pull(skb, ETH_HLEN)))
			return -ENOMEM;
		eh = (struct ethhdr *)skb->data;
		skb->protocol = eth_proto_is_802_3(eh->h_proto) ? eh->h_proto
								: htons(ETH_P_802_2);
	}
	skb_clear_hash(skb);
	return 0;
}

static bool ip_tunnel_seq_ok(struct ip_tunnel *tunnel, const struct tnl_ptk_info *tpi)
{
	if (!(tunnel->i_flags & TUNNEL_SEQ))
		return true;
	if (malformed(!(tpi->flags & TUNNEL_SEQ)))
		return false;
	if (malformed(tunnel->i_seqno && (s32)(ntohl(tpi->seq) - tunnel->i_seqno) < 0))
		return false;
	tunnel->i_seqno = ntohl(tpi->seq) + 1;
	return true;
}

/* The outer TOS is read again: the packet may have moved. */
static u8 ip_tunnel_outer_tos(const struct sk_buff *skb, int nh)
{
	return ((const struct iphdr *)(skb->head + nh))->tos;
}

/**
 * ip_tunnel_rcv - an inner packet arrives on its tunnel's device
 * @tunnel: the tunnel
 * @skb: data at the inner packet, network header at the outer one; consumed
 * @tpi: what the tunnel header said
 *
 * Return: 0.
 */
int ip_tunnel_rcv(struct ip_tunnel *tunnel, struct sk_buff *skb, const struct tnl_ptk_info *tpi)
{
	int nh = (int)(skb_network_header(skb) - skb->head);

	if (malformed(!(tpi->flags & TUNNEL_CSUM) && (tunnel->i_flags & TUNNEL_CSUM)) ||
	    malformed((tpi->flags & TUNNEL_CSUM) && !(tunnel->i_flags & TUNNEL_CSUM)))
		goto drop;
	if (!ip_tunnel_seq_ok(tunnel, tpi))
		goto drop;

	skb_set_network_header(skb, tunnel->ether ? ETH_HLEN : 0);
	if (malformed(!pskb_inet_may_pull(skb)))
		goto drop;
	if (malformed(INET_ECN_decapsulate(skb, ip_tunnel_outer_tos(skb, nh)) > 1))
		goto drop;

	memset(skb->cb, 0, sizeof(skb->cb));
	__skb_tunnel_rx(skb, redzone_tunnel_dev(), dev_net(skb->dev));
	if (tunnel->ether)
		skb->protocol = eth_type_trans(skb, redzone_tunnel_dev());
	else
		skb_reset_mac_header(skb);
	netif_rx(skb);
	return 0;

drop:
	kfree_skb(skb);
	return 0;
}

static int erspan_hdr_len(u8 version)
{
	if (version == 1)
		return (int)sizeof(struct erspan_base_hdr) + ERSPAN_V1_MDSIZE;
	return version == 2 ? (int)sizeof(struct erspan_base_hdr) + ERSPAN_V2_MDSIZE : 0;
}

static int erspan_rcv(struct sk_buff *skb, struct tnl_ptk_info *tpi, int gre_hdr_len)
{
	const struct erspan_base_hdr *ershdr;
	int len = gre_hdr_len;

	if (gre_hdr_len != 4) {
		if (malformed(!pskb_may_pull(skb, gre_hdr_len + sizeof(*ershdr))))
			return PACKET_REJECT;
		ershdr = (struct erspan_base_hdr *)(skb->data + gre_hdr_len);
		rx_u64(skb, "erspan.version", ershdr->ver);
		rx_u64(skb, "erspan.spanid", be32_to_cpu(tpi->key));
		len += erspan_hdr_len(ershdr->ver);
	}
	if (malformed(!pskb_may_pull(skb, (unsigned int)len)))
		return PACKET_REJECT;
	if (__iptunnel_pull_header(skb, len, htons(ETH_P_TEB), false) < 0) {
		kfree_skb(skb);
		return PACKET_RCVD;
	}
	skb_reset_mac_header(skb);
	ip_tunnel_rcv(&gretap_tunnel, skb, tpi);
	return PACKET_RCVD;
}

static int ipgre_rcv(struct sk_buff *skb, const struct tnl_ptk_info *tpi, int hdr_len)
{
	bool ether = tpi->proto == htons(ETH_P_TEB);

	if (__iptunnel_pull_header(skb, hdr_len, tpi->proto, false) < 0) {
		kfree_skb(skb);
		return PACKET_RCVD;
	}
	skb_reset_mac_header(skb);
	ip_tunnel_rcv(ether ? &gretap_tunnel : &gre_tunnel, skb, tpi);
	return PACKET_RCVD;
}

static int ip_gre_rcv(struct sk_buff *skb)
{
	struct tnl_ptk_info tpi;
	bool csum_err = false;
	int hdr_len, ret;

	hdr_len = gre_parse_header(skb, &tpi, &csum_err, htons(ETH_P_IP), 0);
	if (hdr_len < 0)
		goto drop;
	if (tpi.proto == htons(ETH_P_ERSPAN) || tpi.proto == htons(ETH_P_ERSPAN2))
		ret = erspan_rcv(skb, &tpi, hdr_len);
	else
		ret = ipgre_rcv(skb, &tpi, hdr_len);
	if (ret == PACKET_RCVD)
		return 0;
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
drop:
	kfree_skb(skb);
	return 0;
}

static int gre_rcv(struct sk_buff *skb)
{
	u8 ver;

	if (malformed(!pskb_may_pull(skb, 12))) {
		kfree_skb(skb);
		return NET_RX_DROP;
	}
	ver = skb->data[1] & 0x7f;
	if (malformed(ver >= GREPROTO_MAX)) {
		kfree_skb(skb);
		return NET_RX_DROP;
	}
	if (ver == GREPROTO_PPTP) {
		rx_handover(skb, "handover.gre_version", ver);
		return NET_RX_SUCCESS;
	}
	return ip_gre_rcv(skb);
}

static const struct net_protocol gre_protocol = {
	.handler = gre_rcv,
};

/* Sequence numbers begin anew with each input; a strict node wants them, and checksums. */
static int gre_init_net(struct net *net)
{
	gre_tunnel.i_seqno = 0;
	gretap_tunnel.i_seqno = 0;
	gre_tunnel.i_flags = net->ipv4.sysctl_ip_no_pmtu_disc ? TUNNEL_CSUM | TUNNEL_SEQ : 0;
	return 0;
}

static void gre_exit_net(struct net *net)
{
}

static struct pernet_operations gre_net_ops = {
	.init = gre_init_net,
	.exit = gre_exit_net,
};

void gre_init(void)
{
	register_pernet_subsys(&gre_net_ops);
	inet_add_protocol(&gre_protocol, IPPROTO_GRE);
}
