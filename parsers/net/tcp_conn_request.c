// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP: a SYN that comes to a listener, and SYN cookies.
 *
 * Modelled on: Linux 6.1 net/ipv4/tcp_input.c (tcp_conn_request, tcp_openreq_init,
 *	tcp_get_syncookie_mss, tcp_reqsk_record_syn), net/ipv4/tcp_output.c
 *	(tcp_select_initial_window, tcp_make_synack, tcp_synack_options),
 *	net/ipv4/tcp_fastopen.c (tcp_try_fastopen), net/ipv4/syncookies.c (cookie_v4_check,
 *	__cookie_v4_init_sequence, cookie_timestamp_decode, cookie_init_timestamp)
 * Spec: RFC 9293 3.10.7.2, RFC 7413, RFC 4987
 * Differs: initial sequence numbers and the Fast Open cookie are constants, and nobody
 *	speaks before the handshake ends (a right cookie is an effect); the two hashes of a
 *	SYN cookie are zero in crypto-ignored mode; the window offered is a multiple of what
 *	the peer announced, as FreeRTOS+TCP counts it.
 */
#include <asm/unaligned.h>
#include <linux/ip.h>
#include <linux/jhash.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include <redzone/crypto.h>

#include "rx.h"
#include "tcp_sock.h"

enum {
	SND_ISN = 0x20000000,
	COOKIEBITS = 24,
	MAX_SYNCOOKIE_AGE = 2,
	COOKIE_PERIOD = 60,		/* seconds */
	TS_OPT_WSCALE_MASK = 0xf,
	TS_OPT_SACK = 0x10,
	TS_BITS = 6,
};
#define COOKIEMASK (((u32)1 << COOKIEBITS) - 1)

static const u16 msstab[] = { 536, 1300, 1440, 1460 };

/* ---- SYN cookies ---- */

static u32 cookie_hash(const struct sk_buff *skb, u32 count, int c)
{
	const struct tcphdr *th = tcp_hdr(skb);
	u32 ports;

	if (!redzone_crypto_real())
		return 0;
	ports = (u32)ntohs(th->source) << 16 | ntohs(th->dest);
	return jhash_3words(ports, count, (u32)c, 0x72656431);
}

static u32 tcp_cookie_time(void)
{
	return (u32)(ktime_get_seconds() / COOKIE_PERIOD);
}

static u32 secure_tcp_syn_cookie(const struct sk_buff *skb, u32 sseq, u32 data)
{
	u32 count = tcp_cookie_time();

	return cookie_hash(skb, 0, 0) + sseq + (count << COOKIEBITS) +
	       ((cookie_hash(skb, count, 1) + data) & COOKIEMASK);
}

/* Return: what the cookie holds, or ~0 if it is too old. */
static u32 check_tcp_syn_cookie(const struct sk_buff *skb, u32 cookie, u32 sseq)
{
	u32 count = tcp_cookie_time(), diff;

	cookie -= cookie_hash(skb, 0, 0) + sseq;
	diff = (count - (cookie >> COOKIEBITS)) & (~(u32)0 >> COOKIEBITS);
	if (malformed(diff >= MAX_SYNCOOKIE_AGE))
		return ~(u32)0;
	return (cookie - cookie_hash(skb, count - diff, 1)) & COOKIEMASK;
}

static u32 cookie_init_sequence(const struct sk_buff *skb, u16 *mssp)
{
	unsigned int mssind = ARRAY_SIZE(msstab) - 1;

	while (mssind && *mssp < msstab[mssind])
		mssind--;
	*mssp = msstab[mssind];
	return secure_tcp_syn_cookie(skb, ntohl(tcp_hdr(skb)->seq), mssind);
}

/* Options do not fit into a cookie: the lowest bits of our timestamp bear them. */
static void cookie_timestamp_decode(struct tcp_options_received *tcp_opt)
{
	u32 options = tcp_opt->rcv_tsecr, wscale = options & TS_OPT_WSCALE_MASK;

	if (!tcp_opt->saw_tstamp) {
		tcp_clear_options(tcp_opt);
	} else {
		tcp_opt->sack_ok = options & TS_OPT_SACK ? TCP_SACK_SEEN : 0;
		tcp_opt->wscale_ok = wscale != TS_OPT_WSCALE_MASK;
		tcp_opt->snd_wscale = tcp_opt->wscale_ok ? wscale : 0;
	}
}

static void cookie_fill_req(struct request_sock *req, const struct sk_buff *skb,
			    const struct tcp_options_received *tcp_opt, u32 cookie, u16 mss)
{
	const struct tcphdr *th = tcp_hdr(skb);

	req->syncookie = true;
	req->mss = mss;
	req->ir_rmt_port = th->source;
	req->ir_family = (u8)req->rsk_listener->sk_family;
	req->rcv_isn = ntohl(th->seq) - 1;
	req->rcv_nxt = ntohl(th->seq);
	req->snt_isn = cookie;
	req->snd_wscale = tcp_opt->snd_wscale;
	req->sack_ok = !!tcp_opt->sack_ok;
	req->wscale_ok = tcp_opt->wscale_ok;
	req->tstamp_ok = tcp_opt->saw_tstamp;
	req->ts_recent = tcp_opt->saw_tstamp ? tcp_opt->rcv_tsval : 0;
	req->rsk_rcv_wnd = 65535;
}

/**
 * cookie_check - an acknowledgement that nobody waits for: is it one of a cookie?
 *
 * Return: the new connection with a reference, @sk if it is none, NULL if it failed.
 */
struct sock *cookie_check(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_options_received tcp_opt;
	struct tcp_sock *tp = tcp_sk(sk);
	u32 cookie = ntohl(th->ack_seq) - 1, mssind;
	struct request_sock *req;
	struct sock *child;

	if (malformed(!th->ack))
		return sk;
	if (malformed(th->rst))
		return sk;
	if (malformed(!tp->synq_overflow))
		return sk;
	mssind = check_tcp_syn_cookie(skb, cookie, ntohl(th->seq) - 1);
	if (malformed(mssind >= ARRAY_SIZE(msstab)))
		return sk;

	memset(&tcp_opt, 0, sizeof(tcp_opt));
	tcp_parse_options(sock_net(sk), skb, &tcp_opt, 0, NULL);
	cookie_timestamp_decode(&tcp_opt);
	req = tcp_reqsk_alloc(sk, false);
	if (!req)
		return NULL;
	cookie_fill_req(req, skb, &tcp_opt, cookie, msstab[mssind]);
	child = tcp_create_openreq_child(sk, req, skb);
	tcp_reqsk_put(req);
	return child;
}

/* ---- The request ---- */

/* A window that is a whole number of segments. */
static void tcp_openreq_init_rwin(struct request_sock *req, const struct sock *sk)
{
	u32 space = (u32)sk->sk_rcvbuf, mss = req->mss;

	if (space > 65535U)
		space = 65535U;
	if (space > mss)
		space -= space % mss;
	req->rsk_rcv_wnd = space;
	req->rcv_wscale = req->wscale_ok ? 1 : 0;
}

static void tcp_openreq_init(struct request_sock *req,
			     const struct tcp_options_received *rx_opt, struct sk_buff *skb)
{
	req->rsk_rcv_wnd = 0;
	req->rcv_isn = TCP_SKB_CB(skb)->seq;
	req->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	req->mss = rx_opt->mss_clamp;
	req->ts_recent = rx_opt->saw_tstamp ? rx_opt->rcv_tsval : 0;
	req->tstamp_ok = rx_opt->tstamp_ok;
	req->sack_ok = !!rx_opt->sack_ok;
	req->snd_wscale = rx_opt->snd_wscale;
	req->wscale_ok = rx_opt->wscale_ok;
	req->smc_ok = rx_opt->smc_ok;
	req->ir_rmt_port = tcp_hdr(skb)->source;
	req->ir_family = ip_hdr(skb)->version == 4 ? AF_INET : AF_INET6;
}

/* For whoever wants to see the SYN later: network and TCP header. */
static void tcp_reqsk_record_syn(const struct sock *sk, struct request_sock *req,
				 const struct sk_buff *skb)
{
	u32 len = skb_network_header_len(skb) + tcp_hdrlen(skb);

	if (!tcp_sk(sk)->save_syn)
		return;
	req->saved_syn = kmalloc(len, GFP_ATOMIC);
	if (!req->saved_syn)
		return;
	req->saved_syn_len = len;
	memcpy(req->saved_syn, skb_network_header(skb), len);
}

/* RFC 7413: whoever brings the cookie may bring data; whoever asks gets it. */
static void tcp_try_fastopen(const struct sock *sk, struct tcp_fastopen_cookie *foc)
{
	static const u8 cookie[TCP_FASTOPEN_COOKIE_SIZE] = "redzone";

	if (foc->len < 0)
		return;
	if (foc->len && !malformed(foc->len != TCP_FASTOPEN_COOKIE_SIZE) &&
	    !malformed(memcmp(foc->val, cookie, TCP_FASTOPEN_COOKIE_SIZE))) {
		sink_effect_u64(sock_net(sk)->sink, "tcp.fastopen.valid", 1);
		foc->len = -1;
		return;
	}
	memcpy(foc->val, cookie, TCP_FASTOPEN_COOKIE_SIZE);
	foc->len = TCP_FASTOPEN_COOKIE_SIZE;
}

static void tcp_syn_cookie_reply(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u16 mss = tcp_parse_mss_option(tcp_hdr(skb), tp->rx_opt.user_mss);
	u32 isn;

	if (!mss)
		mss = TCP_MSS_DEFAULT;
	tp->synq_overflow = true;
	isn = cookie_init_sequence(skb, &mss);
	sink_effect_u64(sock_net(sk)->sink, "tcp.cookie", isn);
	sink_effect_u64(sock_net(sk)->sink, "tcp.cookie.mss", mss);
}

/**
 * tcp_conn_request - answer a SYN
 * @skb: stays the caller's
 */
int tcp_conn_request(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_fastopen_cookie foc = { .len = -1 };
	struct tcp_options_received tmp_opt;
	struct tcp_sock *tp = tcp_sk(sk);
	struct request_sock *req;

	if (malformed(tp->rskq_len >= tp->rskq_max)) {
		tcp_syn_cookie_reply(sk, skb);
		return 0;
	}
	if (malformed(sk->sk_ack_backlog > sk->sk_max_ack_backlog))
		return 0;
	req = tcp_reqsk_alloc(sk, true);
	if (!req)
		return 0;

	memset(&tmp_opt, 0, sizeof(tmp_opt));
	tmp_opt.mss_clamp = TCP_MSS_DEFAULT;
	tmp_opt.user_mss = tp->rx_opt.user_mss;
	tcp_parse_options(sock_net(sk), skb, &tmp_opt, 0, &foc);
	tmp_opt.tstamp_ok = tmp_opt.saw_tstamp;
	tcp_openreq_init(req, &tmp_opt, skb);
	if (tp->num == TCP_PORT_LISTEN_MPTCP)
		mptcp_subflow_init_req(req, skb);
	req->snt_isn = SND_ISN;
	tcp_openreq_init_rwin(req, sk);
	tcp_reqsk_record_syn(sk, req, skb);
	tcp_try_fastopen(sk, &foc);
	tcp_send_synack(req, &foc);
	return 0;
}

/* ---- Its answer ---- */

static u8 *synack_options(const struct request_sock *req, const struct tcp_fastopen_cookie *foc,
			  u8 *ptr)
{
	*ptr++ = TCPOPT_MSS;
	*ptr++ = TCPOLEN_MSS;
	put_unaligned_be16(1460, ptr);
	ptr += 2;
	if (req->tstamp_ok) {
		*ptr++ = req->sack_ok ? TCPOPT_SACK_PERM : TCPOPT_NOP;
		*ptr++ = req->sack_ok ? TCPOLEN_SACK_PERM : TCPOPT_NOP;
		*ptr++ = TCPOPT_TIMESTAMP;
		*ptr++ = TCPOLEN_TIMESTAMP;
		put_unaligned_be32(tcp_time_stamp() + req->ts_off, ptr);
		put_unaligned_be32(req->ts_recent, ptr + 4);
		ptr += 8;
	} else if (req->sack_ok) {
		put_unaligned_be32(TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_SACK_PERM << 8 |
				   TCPOLEN_SACK_PERM, ptr);
		ptr += 4;
	}
	if (req->wscale_ok) {
		put_unaligned_be32(TCPOPT_NOP << 24 | TCPOPT_WINDOW << 16 |
				   TCPOLEN_WINDOW << 8 | req->rcv_wscale, ptr);
		ptr += 4;
	}
	if (foc && foc->len > 0 && !req->mp_capable) {
		*ptr++ = TCPOPT_NOP;
		*ptr++ = TCPOPT_NOP;
		*ptr++ = TCPOPT_FASTOPEN;
		*ptr++ = (u8)(TCPOLEN_FASTOPEN_BASE + foc->len);
		memcpy(ptr, foc->val, (size_t)foc->len);
		ptr += foc->len;
	}
	return ptr;
}

void tcp_send_synack(const struct request_sock *req, struct tcp_fastopen_cookie *foc)
{
	struct sock *sk = req->rsk_listener;
	u8 packet[sizeof(struct tcphdr) + MAX_TCP_OPTION_SPACE], *end;
	struct mptcp_out_options opts = { .suboptions = OPTION_MPTCP_MPC_SYNACK };
	struct tcphdr *th = (struct tcphdr *)packet;

	memset(packet, 0, sizeof(packet));
	th->source = htons(tcp_sk(sk)->num);
	th->dest = req->ir_rmt_port;
	th->seq = htonl(req->snt_isn);
	th->ack_seq = htonl(req->rcv_nxt);
	th->window = htons((u16)req->rsk_rcv_wnd);
	th->syn = th->ack = 1;
	end = synack_options(req, foc, packet + sizeof(*th));
	if (req->mp_capable) {
		opts.sndr_key = req->local_key;
		opts.allow_join_id0 = 1;
		mptcp_write_options(th, (__be32 *)end, tcp_sk(sk), &opts);
		end += TCPOLEN_MPTCP_MPC_SYNACK;
	}
	th->doff = (u16)((end - packet) / 4) & 15;
	sink_effect_bytes(sock_net(sk)->sink, "tcp.synack", packet, (size_t)(end - packet));
}
