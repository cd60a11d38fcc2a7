// SPDX-License-Identifier: GPL-2.0-only
/*
 * UDP and UDP-Lite over IPv4, up to a socket or a tunnel.
 *
 * Modelled on: Linux 6.1 net/ipv4/udp.c (__udp4_lib_rcv, udp4_csum_init,
 *	udp_queue_rcv_one_skb), include/net/udplite.h (udplite_checksum_init)
 * Spec: RFC 768, RFC 1122 4.1.3, RFC 3828 3.1
 * Differs: ports are a table of tunnels; what is for UDP itself is handed over; no early
 *	demux, multicast delivery, policies or MIB counters.
 */
#include <net/icmp.h>
#include <net/ip.h>
#include <net/protocol.h>

#include "rx.h"
#include "udp_tunnel.h"

enum { UDP_TUNNELS_MAX = 16 };

static const struct udp_tunnel_sock *udp_tunnels[UDP_TUNNELS_MAX];

void udp_tunnel_add(const struct udp_tunnel_sock *sk)
{
	int i;

	for (i = 0; i < UDP_TUNNELS_MAX; i++) {
		if (!udp_tunnels[i] || udp_tunnels[i] == sk) {
			udp_tunnels[i] = sk;
			return;
		}
	}
}

static const struct udp_tunnel_sock *udp4_lookup(u16 port)
{
	int i;

	for (i = 0; i < UDP_TUNNELS_MAX && udp_tunnels[i]; i++)
		if (udp_tunnels[i]->port == port)
			return udp_tunnels[i];
	return NULL;
}

/* The length field says how far the checksum reaches. */
static int udplite_checksum_init(struct sk_buff *skb, const struct udphdr *uh)
{
	u16 cscov = ntohs(uh->len);

	if (malformed(uh->check == 0))
		return 1;
	if (cscov == 0)
		return 0;
	if (malformed(cscov < 8) || malformed(cscov > skb->len))
		return 1;
	if (cscov < skb->len) {
		UDP_SKB_CB(skb)->partial_cov = 1;
		UDP_SKB_CB(skb)->cscov = cscov;
		skb->csum_valid = 0;
	}
	return 0;
}

static int udp4_csum_init(struct sk_buff *skb, const struct udphdr *uh, int proto)
{
	_Static_assert(sizeof(struct udp_skb_cb) <= sizeof(skb->cb), "what UDP keeps fits");
	UDP_SKB_CB(skb)->partial_cov = 0;
	UDP_SKB_CB(skb)->cscov = (u16)skb->len;

	if (proto == IPPROTO_UDPLITE) {
		if (udplite_checksum_init(skb, uh))
			return 1;
		if (UDP_SKB_CB(skb)->partial_cov) {
			skb->csum = inet_compute_pseudo(skb, proto);
			return 0;
		}
	}
	return skb_checksum_init_zero_check(skb, proto, uh->check, inet_compute_pseudo);
}

static __sum16 udp_lib_checksum_complete(struct sk_buff *skb)
{
	if (skb_csum_unnecessary(skb))
		return 0;
	if (UDP_SKB_CB(skb)->partial_cov)
		return __skb_checksum_complete_head(skb, UDP_SKB_CB(skb)->cscov);
	return __skb_checksum_complete(skb);
}

static int udp_queue_rcv_one_skb(const struct udp_tunnel_sock *sk, struct sk_buff *skb)
{
	int ret;

	if (sk->encap_rcv) {
		if (malformed(udp_lib_checksum_complete(skb))) {
			kfree_skb_reason(skb, SKB_DROP_REASON_UDP_CSUM);
			return 0;
		}
		ret = sk->encap_rcv(sk, skb);
		if (ret <= 0)
			return ret;
	}

	if (UDP_SKB_CB(skb)->partial_cov &&
	    (malformed(sk->pcrlen == 0) || malformed(UDP_SKB_CB(skb)->cscov < sk->pcrlen))) {
		kfree_skb(skb);
		return 0;
	}
	rx_handover(skb, "handover.udp", sk->port);
	return 0;
}

static void udp_sink(const struct sk_buff *skb, const struct udphdr *uh)
{
	rx_u64(skb, "udp.srcport", ntohs(uh->source));
	rx_u64(skb, "udp.dstport", ntohs(uh->dest));
	rx_u64(skb, "udp.length", ntohs(uh->len));
	rx_u64(skb, "udp.checksum", ntohs(uh->check));
}

static void udp_no_socket(struct sk_buff *skb)
{
	if (malformed(udp_lib_checksum_complete(skb))) {
		kfree_skb_reason(skb, SKB_DROP_REASON_UDP_CSUM);
		return;
	}
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
	kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
}

static int __udp4_lib_rcv(struct sk_buff *skb, int proto)
{
	const struct udp_tunnel_sock *sk;
	struct udphdr *uh;
	u16 ulen;

	if (malformed(!pskb_may_pull(skb, sizeof(struct udphdr)))) {
		kfree_skb(skb);
		return 0;
	}
	uh = udp_hdr(skb);
	ulen = ntohs(uh->len);
	udp_sink(skb, uh);

	if (malformed(ulen > skb->len))
		goto short_packet;
	if (proto == IPPROTO_UDP) {
		if (malformed(ulen < sizeof(*uh)) || pskb_trim_rcsum(skb, ulen))
			goto short_packet;
		uh = udp_hdr(skb);
	}
	if (malformed(udp4_csum_init(skb, uh, proto))) {
		kfree_skb_reason(skb, SKB_DROP_REASON_UDP_CSUM);
		return 0;
	}

	sk = udp4_lookup(ntohs(uh->dest));
	if (!sk) {
		udp_no_socket(skb);
		return 0;
	}
	return udp_queue_rcv_one_skb(sk, skb);

short_packet:
	kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_SMALL);
	return 0;
}

static int udp_rcv(struct sk_buff *skb)
{
	return __udp4_lib_rcv(skb, IPPROTO_UDP);
}

static int udplite_rcv(struct sk_buff *skb)
{
	return __udp4_lib_rcv(skb, IPPROTO_UDPLITE);
}

static const struct net_protocol udp_tunnel_protocol = {
	.handler = udp_rcv,
	.no_policy = 1,
};

static const struct net_protocol udplite_tunnel_protocol = {
	.handler = udplite_rcv,
	.no_policy = 1,
};

/* Two sockets: full coverage, and at least 16 bytes of it. */
static const struct udp_tunnel_sock udp_socks[] = {
	{ .port = 4001 },
	{ .port = 4002, .pcrlen = 16 },
};

/* In the place of inet_init()'s hand-over. */
void udp_init(void)
{
	udp_tunnel_add(&udp_socks[0]);
	udp_tunnel_add(&udp_socks[1]);
	inet_add_protocol(&udp_tunnel_protocol, IPPROTO_UDP);
	inet_add_protocol(&udplite_tunnel_protocol, IPPROTO_UDPLITE);
}
