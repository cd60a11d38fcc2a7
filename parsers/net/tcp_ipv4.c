// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP: the header, and which socket a segment is for.
 *
 * Modelled on: Linux 6.1 net/ipv4/tcp_ipv4.c (tcp_v4_rcv, tcp_v4_fill_cb,
 *	tcp_v4_do_rcv, tcp_inbound_md5_hash of net/ipv4/tcp.c, tcp_v4_md5_hash_skb),
 *	net/ipv4/tcp_minisocks.c (tcp_child_process)
 * Spec: RFC 9293 3.1 and 3.10, RFC 2385
 * Differs: one function serves both families; a socket is found by its port alone (a
 *	request and what comes of it by the peer's port too), so that any peer may speak; no
 *	policies, socket filters, minimal TTL, backlog, early demux or TIME-WAIT sockets; a
 *	signature is an HMAC-SHA-1 cut to 16 bytes under one key. CVE-2021-21281 and
 *	CVE-2019-15134 are variants: the stacks that had them count in a static buffer and
 *	a fixed pool.
 */
#include <asm/unaligned.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <net/ipv6.h>
#include <redzone/crypto.h>

#include "rx.h"
#include "tcp_rcv.h"

enum { MD5_DIGEST = 16, MD5_TEXT_MAX = 64 };

static void tcp_decode(struct sk_buff *skb, const struct tcphdr *th)
{
	const u8 *raw = (const u8 *)th;

	rx_u64(skb, "tcp.srcport", ntohs(th->source));
	rx_u64(skb, "tcp.dstport", ntohs(th->dest));
	rx_u64(skb, "tcp.seq_raw", ntohl(th->seq));
	rx_u64(skb, "tcp.ack_raw", ntohl(th->ack_seq));
	rx_u64(skb, "tcp.hdr_len", th->doff * 4);
	rx_u64(skb, "tcp.flags", get_unaligned_be16(raw + 12) & 0xfff);
	rx_u64(skb, "tcp.window_size_value", ntohs(th->window));
	rx_u64(skb, "tcp.checksum", ntohs((__force __be16)th->check));
	rx_u64(skb, "tcp.urgent_pointer", ntohs(th->urg_ptr));
	rx_u64(skb, "tcp.len", skb->len - th->doff * 4);
}

static void tcp_fill_cb(struct sk_buff *skb, const struct tcphdr *th, u16 family)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	memset(cb, 0, sizeof(*cb));
	cb->seq = ntohl(th->seq);
	cb->end_seq = cb->seq + th->syn + th->fin + skb->len - th->doff * 4;
	cb->ack_seq = ntohl(th->ack_seq);
	cb->tcp_flags = ((const u8 *)th)[13];
	cb->ip_dsfield = family == AF_INET ? ip_hdr(skb)->tos : ipv6_get_dsfield(ipv6_hdr(skb));
}

/* What is signed: addresses, the fixed header without its sum, the first data. */
static void tcp_md5_hash_skb(const struct sk_buff *skb, u16 family, u8 *digest)
{
	static const u8 key[] = "redzone";
	const struct tcphdr *th = tcp_hdr(skb);
	u8 text[MD5_TEXT_MAX], full[20];
	unsigned int n = 0, len;

	if (family == AF_INET) {
		memcpy(text, &ip_hdr(skb)->saddr, 8);
		n = 8;
	} else {
		memcpy(text, &ipv6_hdr(skb)->saddr, 32);
		n = 32;
	}
	memcpy(text + n, th, 16);
	n += 16;
	len = min(skb->len - th->doff * 4, MD5_TEXT_MAX - n);
	if (skb_copy_bits(skb, th->doff * 4, text + n, (int)len) < 0)
		len = 0;
	redzone_hmac("hmac(sha1)", key, sizeof(key) - 1, text, n + len, full);
	memcpy(digest, full, MD5_DIGEST);
}

/* RFC 2385: a peer that signs signs everything, others nothing. */
static enum skb_drop_reason tcp_inbound_md5_hash(const struct sock *sk,
						 const struct sk_buff *skb, u16 family)
{
	const u8 *hash_location = tcp_parse_md5sig_option(tcp_hdr(skb));
	u8 newhash[MD5_DIGEST];

	if (hash_location)
		rx_bytes(skb, "tcp.options.md5.digest", hash_location, MD5_DIGEST);
	if (!tcp_sk(sk)->md5sig)
		return malformed(hash_location) ? SKB_DROP_REASON_TCP_MD5UNEXPECTED :
						  SKB_NOT_DROPPED_YET;
	if (malformed(!hash_location))
		return SKB_DROP_REASON_TCP_MD5NOTFOUND;

	tcp_md5_hash_skb(skb, family, newhash);
	if (malformed(crypto_memneq(hash_location, newhash, MD5_DIGEST)))
		return SKB_DROP_REASON_TCP_MD5FAILURE;
	return SKB_NOT_DROPPED_YET;
}

static bool tcp_checksum_complete(struct sk_buff *skb)
{
	return !skb_csum_unnecessary(skb) && __skb_checksum_complete(skb);
}

/* A segment for a listener: a cookie comes back, or a new connection begins. */
static int tcp_listen_rcv(struct sock *sk, struct sk_buff *skb)
{
	struct sock *nsk = sk;

	if (!tcp_hdr(skb)->syn)
		nsk = cookie_check(sk, skb);
	if (!nsk) {
		tcp_drop_reason(skb, SKB_DROP_REASON_NOT_SPECIFIED);
		return 0;
	}
	if (nsk == sk)
		return tcp_rcv_state_process(sk, skb);
	if (tcp_child_process(sk, nsk, skb))
		tcp_drop_reason(skb, SKB_DROP_REASON_NOT_SPECIFIED);
	return 0;
}

static void tcp_do_rcv(struct sock *sk, struct sk_buff *skb)
{
	int ret = 0;

	if (sk->sk_state == TCP_ESTABLISHED) {
		tcp_rcv_established(sk, skb);
		return;
	}
	if (malformed(tcp_checksum_complete(skb))) {
		tcp_drop_reason(skb, SKB_DROP_REASON_TCP_CSUM);
		return;
	}
	ret = sk->sk_state == TCP_LISTEN ? tcp_listen_rcv(sk, skb) :
					   tcp_rcv_state_process(sk, skb);
	if (!ret)
		return;

	/* nobody waits for this segment */
	tcp_send_reset(sk, skb);
	triggered(CVE_2019_15134, true);
	if (fixed(CVE_2019_15134))
		tcp_drop_reason(skb, SKB_DROP_REASON_NOT_SPECIFIED);
}

/* The first segment of a new connection, with the caller's reference to it. */
int tcp_child_process(struct sock *parent, struct sock *child, struct sk_buff *skb)
{
	int ret = tcp_rcv_state_process(child, skb);

	if (ret)
		tcp_send_reset(child, skb);
	tcp_sock_put(child);
	return ret;
}

/* The third segment of a handshake, or what claims to be it. */
static void tcp_reqsk_rcv(struct request_sock *req, struct sk_buff *skb, u16 family)
{
	struct sock *sk = req->rsk_listener, *nsk;
	enum skb_drop_reason reason;
	bool req_stolen = false;

	reason = tcp_inbound_md5_hash(sk, skb, family);
	if (reason)
		goto drop;
	if (malformed(tcp_checksum_complete(skb))) {
		reason = SKB_DROP_REASON_TCP_CSUM;
		goto drop;
	}

	sock_hold(sk);
	tcp_fill_cb(skb, tcp_hdr(skb), family);
	nsk = tcp_check_req(sk, skb, req, &req_stolen);
	tcp_reqsk_put(req);
	if (!nsk) {
		tcp_drop_reason(skb, SKB_DROP_REASON_NOT_SPECIFIED);
	} else if (nsk == sk) {
		tcp_do_rcv(sk, skb);
	} else if (tcp_child_process(sk, nsk, skb)) {
		tcp_drop_reason(skb, SKB_DROP_REASON_NOT_SPECIFIED);
	}
	tcp_sock_put(sk);
	return;

drop:
	tcp_reqsk_put(req);
	tcp_drop_reason(skb, reason);
}

static void tcp_sock_rcv(struct sock *sk, struct sk_buff *skb, u16 family)
{
	enum skb_drop_reason reason = tcp_inbound_md5_hash(sk, skb, family);

	if (reason) {
		tcp_drop_reason(skb, reason);
		return;
	}
	tcp_fill_cb(skb, tcp_hdr(skb), family);
	sock_hold(sk);
	tcp_do_rcv(sk, skb);
	tcp_sock_put(sk);
}

/* The fixed header, the options behind it, the sum over all. */
static enum skb_drop_reason tcp_rcv_header(struct sk_buff *skb, tcp_pseudo_fn *pseudo)
{
	const struct tcphdr *th;

	if (malformed(!pskb_may_pull(skb, sizeof(*th))))
		return SKB_DROP_REASON_NOT_SPECIFIED;
	th = (const struct tcphdr *)skb->data;
	if (malformed(th->doff < sizeof(*th) / 4))
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	if (malformed_in(CVE_2021_21281, !pskb_may_pull(skb, th->doff * 4)))
		return SKB_DROP_REASON_NOT_SPECIFIED;
	tcp_decode(skb, (const struct tcphdr *)skb->data);

	/* long segments are summed up when they are taken */
	if (malformed(skb_checksum_init(skb, IPPROTO_TCP, pseudo)))
		return SKB_DROP_REASON_TCP_CSUM;
	return SKB_NOT_DROPPED_YET;
}

static void tcp_segment_rcv(struct sk_buff *skb, u16 family, tcp_pseudo_fn *pseudo)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_NOT_SPECIFIED;
	struct request_sock *req = NULL;
	const struct tcphdr *th;
	struct sock *sk;

	if (malformed(skb->pkt_type != PACKET_HOST))
		goto discard;
	skb_reset_transport_header(skb);
	reason = tcp_rcv_header(skb, pseudo);
	if (reason)
		goto discard;
	skb_reset_transport_header(skb);
	th = tcp_hdr(skb);

	sk = tcp_lookup(family, th->source, th->dest, &req);
	if (req) {
		tcp_reqsk_rcv(req, skb, family);
		return;
	}
	if (!malformed(!sk)) {
		tcp_sock_rcv(sk, skb, family);
		return;
	}

	reason = SKB_DROP_REASON_NO_SOCKET;
	tcp_fill_cb(skb, th, family);
	if (malformed(tcp_checksum_complete(skb)))
		reason = SKB_DROP_REASON_TCP_CSUM;
	else
		tcp_send_reset(NULL, skb);
discard:
	tcp_drop_reason(skb, reason);
}

int tcp_rcv(struct sk_buff *skb, u16 family, tcp_pseudo_fn *pseudo)
{
	tcp_segment_begin(skb);
	tcp_segment_rcv(skb, family, pseudo);
	tcp_segment_end();
	return 0;
}

static __wsum inet_compute_pseudo(struct sk_buff *skb, int proto)
{
	return csum_tcpudp_nofold(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, skb->len, (u8)proto,
				  0);
}

/**
 * tcp_v4_rcv - one TCP segment inside IPv4
 * @skb: packet, network header set, data at the TCP header; consumed
 */
int tcp_v4_rcv(struct sk_buff *skb)
{
	return tcp_rcv(skb, AF_INET, inet_compute_pseudo);
}
