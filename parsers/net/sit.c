// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv6 inside IPv4: the IPv4 header as far as it takes to reach protocol 41.
 *
 * Modelled on: Linux 6.1 net/ipv4/ip_input.c (ip_rcv_core), net/ipv4/tunnel4.c
 *	(tunnel64_rcv), net/ipv6/sit.c (ipip6_rcv)
 * Spec: RFC 791 3.1, RFC 4213 3.5 and 3.6
 * Differs: options are not processed and fragments not reassembled: both are handed
 *	over, as are other protocols (sit_init(): for targets that take IPv4 as a way to
 *	IPv6; ip_input.c is the whole, and takes tunnel64_protocol); one tunnel for every
 *	pair of addresses.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <net/addrconf.h>
#include <net/inet_ecn.h>
#include <net/ip_tunnels.h>

#include "exthdrs.h"
#include "rx.h"

enum {
	IP_MF = 0x2000,
	IP_OFFSET = 0x1FFF,
};

static void ip_decode(const struct sk_buff *skb, const struct iphdr *iph)
{
	rx_u64(skb, "ip.hdr_len", iph->ihl * 4);
	rx_u64(skb, "ip.dsfield", iph->tos);
	rx_u64(skb, "ip.len", ntohs(iph->tot_len));
	rx_u64(skb, "ip.id", ntohs(iph->id));
	rx_u64(skb, "ip.ttl", iph->ttl);
	rx_u64(skb, "ip.proto", iph->protocol);
	rx_bytes(skb, "ip.src", &iph->saddr, sizeof(iph->saddr));
	rx_bytes(skb, "ip.dst", &iph->daddr, sizeof(iph->daddr));
}

/* Header, checksum and length of an IPv4 packet; NULL: it is gone. */
static struct sk_buff *sit_rcv_core(struct sk_buff *skb)
{
	enum skb_drop_reason drop_reason = SKB_DROP_REASON_IP_INHDR;
	const struct iphdr *iph;
	u32 len;

	if (malformed(skb->pkt_type == PACKET_OTHERHOST)) {
		drop_reason = SKB_DROP_REASON_OTHERHOST;
		goto drop;
	}

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NULL;

	if (malformed(!pskb_may_pull(skb, sizeof(struct iphdr))))
		goto drop;
	iph = ip_hdr(skb);
	ip_decode(skb, iph);

	if (malformed(iph->ihl < 5))
		goto drop;
	if (malformed(iph->version != 4))
		goto drop;

	if (malformed(!pskb_may_pull(skb, iph->ihl * 4)))
		goto drop;
	iph = ip_hdr(skb);
	if (malformed(ip_fast_csum((u8 *)iph, iph->ihl))) {
		drop_reason = SKB_DROP_REASON_IP_CSUM;
		goto drop;
	}

	len = ntohs(iph->tot_len);
	if (malformed(skb->len < len)) {
		drop_reason = SKB_DROP_REASON_PKT_TOO_SMALL;
		goto drop;
	}
	if (malformed(len < (iph->ihl * 4)))
		goto drop;
	if (pskb_trim_rcsum(skb, len))
		goto drop;

	skb->transport_header = skb->network_header + ip_hdr(skb)->ihl * 4;
	return skb;

drop:
	kfree_skb_reason(skb, drop_reason);
	return NULL;
}

/* The inner packet arrives on the tunnel device. */
static void ipip6_rcv(struct sk_buff *skb)
{
	u8 tos = ip_hdr(skb)->tos;

	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	memset(skb->cb, 0, sizeof(skb->cb));
	skb->protocol = htons(ETH_P_IPV6);
	__skb_tunnel_rx(skb, redzone_tunnel_dev(), dev_net(skb->dev));

	if (malformed(INET_ECN_decapsulate(skb, tos) > 1)) {
		kfree_skb(skb);
		return;
	}
	netif_rx(skb);
}

/* Protocol 41: skb->data is behind the IPv4 header. */
static int tunnel64_rcv(struct sk_buff *skb)
{
	if (malformed(!pskb_may_pull(skb, sizeof(struct ipv6hdr)))) {
		kfree_skb(skb);
		return 0;
	}
	ipip6_rcv(skb);
	return 0;
}

const struct net_protocol tunnel64_protocol = {
	.handler = tunnel64_rcv,
	.no_policy = 1,
};

static int sit_ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		  struct net_device *orig_dev)
{
	const struct iphdr *iph;
	u8 protocol;

	skb = sit_rcv_core(skb);
	if (!skb)
		return NET_RX_DROP;

	iph = ip_hdr(skb);
	protocol = iph->protocol;
	if (iph->frag_off & htons(IP_MF | IP_OFFSET)) {
		rx_handover(skb, "handover.ipv4_fragment", protocol);
		return NET_RX_SUCCESS;
	}

	skb_pull(skb, skb_transport_offset(skb));
	if (protocol == IPPROTO_IPV6)
		tunnel64_rcv(skb);
	else
		rx_handover(skb, "handover.ipv4_proto", protocol);
	return NET_RX_SUCCESS;
}

static struct packet_type ip_packet_type = {
	.type = cpu_to_be16(ETH_P_IP),
	.func = sit_ip_rcv,
};

void sit_init(void)
{
	dev_add_pack(&ip_packet_type);
}
