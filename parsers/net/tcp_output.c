// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP, sending: segments, their options, splitting and retransmission.
 *
 * Modelled on: Linux 6.1 net/ipv4/tcp_output.c (tcp_established_options,
 *	tcp_options_write, tcp_fragment, tcp_set_skb_tso_segs, tcp_write_xmit,
 *	tcp_retransmit_skb, tcp_current_mss, tcp_sync_mss, tcp_select_window, tcp_send_ack,
 *	tcp_send_fin), net/ipv4/tcp_ipv4.c (tcp_v4_send_reset), net/ipv4/tcp_input.c
 *	(tcp_send_challenge_ack)
 * Spec: RFC 9293 3.7 and 3.8, RFC 7323, RFC 2018
 * Differs: a segment is an effect, from its TCP header on, without checksum; no congestion
 *	window, Nagle or pacing: what the peer's window has room for is sent; one limit for
 *	answers to unwanted segments.
 */
#include <asm/unaligned.h>
#include <linux/slab.h>
#include <net/tcp.h>

#include "rx.h"

enum {
	OPTION_TS	= 1,
	OPTION_SACK	= 2,
	OPTION_MPTCP	= 4,

	SKB_DATA_MAX	= 32768,	/* bytes of one fragment of user data */
	OOW_ACK_RATELIMIT = 500,	/* ms */
};

struct tcp_out_options {
	u16 options;
	u16 num_sack_blocks;
	struct mptcp_out_options mptcp;
};

static struct sink *tcp_sink(const struct sock *sk)
{
	return sock_net(sk)->sink;
}

/* ---- Options ---- */

static unsigned int tcp_established_options(struct sock *sk, struct sk_buff *skb,
					    struct tcp_out_options *opts)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int size = 0, eff_sacks, remaining, opt_size = 0;

	opts->options = 0;
	if (tp->rx_opt.tstamp_ok) {
		opts->options |= OPTION_TS;
		size += TCPOLEN_TSTAMP_ALIGNED;
	}
	if (sk_is_mptcp(sk)) {
		remaining = MAX_TCP_OPTION_SPACE - size;
		if (mptcp_established_options(sk, skb, &opt_size, remaining, &opts->mptcp)) {
			opts->options |= OPTION_MPTCP;
			size += opt_size;
		}
	}

	eff_sacks = tp->rx_opt.num_sacks + tp->rx_opt.dsack;
	remaining = MAX_TCP_OPTION_SPACE - size;
	if (!eff_sacks || remaining < TCPOLEN_SACK_BASE_ALIGNED + TCPOLEN_SACK_PERBLOCK)
		return size;
	opts->options |= OPTION_SACK;
	opts->num_sack_blocks = (u16)min(eff_sacks, (remaining - TCPOLEN_SACK_BASE_ALIGNED) /
					 TCPOLEN_SACK_PERBLOCK);
	return size + TCPOLEN_SACK_BASE_ALIGNED +
	       opts->num_sack_blocks * TCPOLEN_SACK_PERBLOCK;
}

static __be32 *tcp_write_sack(struct tcp_sock *tp, __be32 *ptr,
			      const struct tcp_out_options *opts)
{
	const struct tcp_sack_block *sp = tp->rx_opt.dsack ? tp->duplicate_sack :
							     tp->selective_acks;
	int i, blocks = opts->num_sack_blocks;

	*ptr++ = htonl((u32)(TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_SACK << 8 |
			     (TCPOLEN_SACK_BASE + blocks * TCPOLEN_SACK_PERBLOCK)));
	for (i = 0; i < blocks; i++) {
		if (tp->rx_opt.dsack && i)
			sp = &tp->selective_acks[i - 1];
		else if (!tp->rx_opt.dsack)
			sp = &tp->selective_acks[i];
		*ptr++ = htonl(sp->start_seq);
		*ptr++ = htonl(sp->end_seq);
	}
	tp->rx_opt.dsack = 0;
	return ptr;
}

static void tcp_options_write(struct tcphdr *th, struct tcp_sock *tp,
			      struct tcp_out_options *opts)
{
	__be32 *ptr = (__be32 *)(th + 1);

	if (opts->options & OPTION_TS) {
		*ptr++ = htonl(TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_TIMESTAMP << 8 |
			       TCPOLEN_TIMESTAMP);
		*ptr++ = htonl(tcp_time_stamp() + tp->tsoffset);
		*ptr++ = htonl(tp->rx_opt.ts_recent);
	}
	if (opts->options & OPTION_SACK)
		ptr = tcp_write_sack(tp, ptr, opts);
	if (opts->options & OPTION_MPTCP)
		mptcp_write_options(th, ptr, tp, &opts->mptcp);
}

/* ---- One segment ---- */

/* RFC 9293 3.8.6: as much as fits into the buffer, never less than was said. */
static u16 tcp_select_window(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 cur_win = tcp_receive_window(tp), new_win;
	int space = sk->sk_rcvbuf - sk->sk_rmem_alloc;

	new_win = min((u32)max(space, 0), tp->window_clamp);
	if (new_win < cur_win)
		new_win = cur_win;
	tp->rcv_wnd = new_win;
	tp->rcv_wup = tp->rcv_nxt;
	return (u16)min(new_win >> tp->rx_opt.rcv_wscale, 65535U);
}

/* The header in a packet of its own; @data, if there is any, follows as an effect. */
static int tcp_transmit_skb(struct sock *sk, struct sk_buff *data, u8 flags, u32 seq)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = alloc_skb(MAX_TCP_HEADER, GFP_ATOMIC);
	struct tcp_out_options opts;
	unsigned int size;
	struct tcphdr *th;

	if (!skb)
		return -ENOBUFS;
	skb_reserve(skb, MAX_TCP_HEADER);
	memset(skb->cb, 0, sizeof(skb->cb));
	TCP_SKB_CB(skb)->tcp_flags = flags;

	size = tcp_established_options(sk, data ? data : skb, &opts);
	th = skb_push(skb, (unsigned int)sizeof(*th) + size);
	th->source = htons(tp->num);
	th->dest = tp->dport;
	th->seq = htonl(seq);
	th->ack_seq = htonl(tp->rcv_nxt);
	put_unaligned_be16((u16)((sizeof(*th) + size) << 10 | flags), (u8 *)th + 12);
	th->window = htons(tcp_select_window(sk));
	th->check = 0;
	th->urg_ptr = 0;
	tcp_options_write(th, tp, &opts);

	sink_effect_bytes(tcp_sink(sk), "tcp.xmit", skb->data, skb->len);
	sink_effect_u64(tcp_sink(sk), "tcp.xmit.len", data ? data->len : 0);
	consume_skb(skb);
	if (flags & TCPHDR_ACK) {
		del_timer(&tp->icsk_delack_timer);
		tp->ack_scheduled = false;
		tp->ack_now = false;
	}
	return 0;
}

void tcp_send_ack(struct sock *sk)
{
	if (sk->sk_state == TCP_CLOSE)
		return;
	tcp_transmit_skb(sk, NULL, TCPHDR_ACK, tcp_sk(sk)->snd_nxt);
}

void tcp_send_delayed_ack(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->ack_scheduled = true;
	if (!timer_pending(&tp->icsk_delack_timer))
		mod_timer(&tp->icsk_delack_timer, jiffies + TCP_DELACK_MIN);
}

/* Whether the answer to an unwanted segment has to wait: data are always answered. */
bool tcp_oow_rate_limited(const struct sk_buff *skb, u32 *last_oow_ack_time)
{
	u32 now = tcp_time_stamp();

	if (skb && TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq && !tcp_hdr(skb)->syn)
		return false;
	if (*last_oow_ack_time && now - *last_oow_ack_time < OOW_ACK_RATELIMIT)
		return true;
	*last_oow_ack_time = now;
	return false;
}

/* RFC 5961: whoever is out of window has to prove what he knows. */
void tcp_send_challenge_ack(struct sock *sk)
{
	if (malformed(tcp_oow_rate_limited(NULL, &tcp_sk(sk)->last_oow_ack_time)))
		return;
	tcp_send_ack(sk);
}

void tcp_send_active_reset(struct sock *sk)
{
	tcp_transmit_skb(sk, NULL, TCPHDR_ACK | TCPHDR_RST, tcp_sk(sk)->snd_nxt);
}

/* RFC 9293 3.5.2: the reset of a segment that nobody waits for. */
void tcp_send_reset(const struct sock *sk, struct sk_buff *skb)
{
	struct sink *sink = rx_sink(skb);
	const struct tcphdr *th = tcp_hdr(skb);

	if (malformed(th->rst))
		return;
	sink_effect_u64(sink, "tcp.reset.port", ntohs(th->source));
	if (th->ack)
		sink_effect_u64(sink, "tcp.reset.seq", ntohl(th->ack_seq));
	else
		sink_effect_u64(sink, "tcp.reset.ack", ntohl(th->seq) + th->syn + th->fin +
				skb->len - th->doff * 4);
}

/* ---- The maximum segment size ---- */

unsigned int tcp_sync_mss(struct sock *sk, u32 pmtu)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int mss_now = (int)pmtu - 20 - (int)sizeof(struct tcphdr);

	if (mss_now > tp->rx_opt.mss_clamp)
		mss_now = tp->rx_opt.mss_clamp;
	/* a peer that announces less would have us send headers only */
	if (malformed(mss_now < (int)TCP_MIN_SND_MSS))
		mss_now = TCP_MIN_SND_MSS;
	mss_now -= (int)(tp->tcp_header_len - sizeof(struct tcphdr));
	tp->mss_cache = (u32)mss_now;
	return tp->mss_cache;
}

/* What is left of it behind the options of the next segment. */
unsigned int tcp_current_mss(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int mss_now = tp->mss_cache, header_len;
	struct tcp_out_options opts;

	header_len = tcp_established_options(sk, NULL, &opts) +
		     (unsigned int)sizeof(struct tcphdr);
	if (header_len != tp->tcp_header_len)
		mss_now -= header_len - tp->tcp_header_len;
	return mss_now;
}

void tcp_set_skb_tso_segs(struct sk_buff *skb, unsigned int mss_now)
{
	if (skb->len <= mss_now) {
		tcp_skb_pcount_set(skb, 1);
		TCP_SKB_CB(skb)->tcp_gso_size = 0;
		return;
	}
	tcp_skb_pcount_set(skb, (int)DIV_ROUND_UP(skb->len, mss_now));
	TCP_SKB_CB(skb)->tcp_gso_size = (u16)mss_now;
}

/* ---- The queues ---- */

/* Packet counts of what was one and is now fewer segments. */
static void tcp_adjust_pcount(struct sock *sk, const struct sk_buff *skb, int decr)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->packets_out -= (u32)decr;
	if (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED)
		tp->sacked_out -= (u32)decr;
	if (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_RETRANS)
		tp->retrans_out -= (u32)decr;
	if (TCP_SKB_CB(skb)->sacked & TCPCB_LOST)
		tp->lost_out -= (u32)decr;
	if (tp->lost_skb_hint &&
	    before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(tp->lost_skb_hint)->seq) &&
	    (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED))
		tp->lost_cnt_hint -= decr;
}

static void tcp_fragment_cb(struct sk_buff *skb, struct sk_buff *buff, u32 len)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb), *new = TCP_SKB_CB(buff);

	new->seq = cb->seq + len;
	new->end_seq = cb->end_seq;
	cb->end_seq = new->seq;
	/* PSH and FIN stand at the end */
	new->tcp_flags = cb->tcp_flags;
	cb->tcp_flags &= (u8)~(TCPHDR_FIN | TCPHDR_PSH);
	new->sacked = cb->sacked;
	new->eor = cb->eor;
	cb->eor = 0;
}

/**
 * tcp_fragment - split a queued packet after @len bytes
 * @mss_now: what both parts count their segments by
 *
 * Return: 0 or -errno; the packet is unchanged then.
 */
int tcp_fragment(struct sock *sk, enum tcp_queue tcp_queue, struct sk_buff *skb, u32 len,
		 unsigned int mss_now, gfp_t gfp)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int old_factor = tcp_skb_pcount(skb), diff;
	struct sk_buff *buff;

	if (WARN_ON(len > skb->len))
		return -EINVAL;
	if (sk->sk_wmem_queued >> 1 > sk->sk_sndbuf && tcp_queue != TCP_FRAG_IN_WRITE_QUEUE &&
	    skb != tcp_rtx_queue_head(sk) && skb != tcp_rtx_queue_tail(sk))
		return -ENOMEM;

	buff = alloc_skb(0, gfp);
	if (!buff)
		return -ENOMEM;
	memset(buff->cb, 0, sizeof(buff->cb));
	sk->sk_wmem_queued += (int)buff->truesize;
	buff->truesize += skb->len - len;
	skb->truesize -= skb->len - len;
	tcp_fragment_cb(skb, buff, len);
	skb_split(skb, buff, len);
	tcp_set_skb_tso_segs(skb, mss_now);
	tcp_set_skb_tso_segs(buff, mss_now);

	/* sent already: the counters know it by its old number of segments */
	if (!before(tp->snd_nxt, TCP_SKB_CB(buff)->end_seq)) {
		diff = old_factor - tcp_skb_pcount(skb) - tcp_skb_pcount(buff);
		if (diff)
			tcp_adjust_pcount(sk, skb, diff);
	}
	if (tcp_queue == TCP_FRAG_IN_WRITE_QUEUE)
		__skb_queue_after(&sk->sk_write_queue, skb, buff);
	else
		tcp_rbtree_insert(&sk->tcp_rtx_queue, buff);
	return 0;
}

static void tcp_event_new_data_sent(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->snd_nxt = TCP_SKB_CB(skb)->end_seq;
	__skb_unlink(skb, &sk->sk_write_queue);
	tcp_rbtree_insert(&sk->tcp_rtx_queue, skb);
	if (!tp->highest_sack)
		tp->highest_sack = skb;
	if (!tp->packets_out) {
		tp->packets_out += (u32)tcp_skb_pcount(skb);
		tcp_rearm_rto(sk);
	} else {
		tp->packets_out += (u32)tcp_skb_pcount(skb);
	}
}

/* As much of the head of the queue as the peer's window takes. */
static bool tcp_window_allows(struct sock *sk, struct sk_buff *skb, unsigned int mss_now)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u32 room;

	if (!before(cb->seq, tcp_wnd_end(tp)) && cb->seq != cb->end_seq)
		return false;
	if (!after(cb->end_seq, tcp_wnd_end(tp)))
		return true;
	room = tcp_wnd_end(tp) - cb->seq;
	if (room >= skb->len)
		return true;
	if (room > mss_now)
		room -= room % mss_now;
	return !tcp_fragment(sk, TCP_FRAG_IN_WRITE_QUEUE, skb, room, mss_now, GFP_ATOMIC);
}

static u8 tcp_data_flags(const struct sk_buff *skb)
{
	return (TCP_SKB_CB(skb)->tcp_flags & (TCPHDR_FIN | TCPHDR_PSH)) | TCPHDR_ACK;
}

void tcp_push_pending_frames(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	if (sk->sk_state == TCP_CLOSE || sk->sk_state == TCP_SYN_SENT)
		return;
	while ((skb = skb_peek(&sk->sk_write_queue)) != NULL) {
		unsigned int mss_now = tcp_current_mss(sk);

		tcp_set_skb_tso_segs(skb, mss_now);
		if (!tcp_window_allows(sk, skb, mss_now))
			break;
		if (tcp_transmit_skb(sk, skb, tcp_data_flags(skb), tp->snd_nxt))
			break;
		tcp_event_new_data_sent(sk, skb);
	}
}

/* Trim what was acknowledged in the meantime, split what is larger than a segment. */
int tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int cur_mss = tcp_current_mss(sk);
	int err;

	if (before(TCP_SKB_CB(skb)->seq, tp->snd_una) &&
	    WARN_ON(before(TCP_SKB_CB(skb)->end_seq, tp->snd_una)))
		return -EINVAL;
	if (skb->len > cur_mss) {
		err = tcp_fragment(sk, TCP_FRAG_IN_RTX_QUEUE, skb, cur_mss, cur_mss,
				   GFP_ATOMIC);
		if (err)
			return err;
	}
	err = tcp_transmit_skb(sk, skb, tcp_data_flags(skb), TCP_SKB_CB(skb)->seq);
	if (err)
		return err;

	TCP_SKB_CB(skb)->sacked |= TCPCB_RETRANS & ~TCPCB_REPAIRED;
	tp->retrans_out += (u32)tcp_skb_pcount(skb);
	tp->total_retrans += (u32)tcp_skb_pcount(skb);
	tp->undo_retrans += tcp_skb_pcount(skb);
	return 0;
}

/* ---- The user ---- */

static struct sk_buff *tcp_stream_alloc_skb(struct sock *sk, u32 len)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = alloc_skb(0, GFP_ATOMIC);
	struct page *page;

	if (!skb)
		return NULL;
	memset(skb->cb, 0, sizeof(skb->cb));
	if (len) {
		page = redzone_alloc_page(len, GFP_ATOMIC);
		if (!page) {
			consume_skb(skb);
			return NULL;
		}
		memset(page_address(page), 'd', len);
		skb_add_rx_frag(skb, 0, page, 0, (int)len, len);
	}
	TCP_SKB_CB(skb)->seq = tp->write_seq;
	TCP_SKB_CB(skb)->end_seq = tp->write_seq + len;
	sk->sk_wmem_queued += (int)skb->truesize;
	__skb_queue_tail(&sk->sk_write_queue, skb);
	return skb;
}

/* Return: bytes queued. */
int tcp_sendmsg(struct sock *sk, u32 len)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 done = 0, chunk;
	struct sk_buff *skb;

	if (sk->sk_shutdown & SEND_SHUTDOWN || sk->sk_state == TCP_LISTEN)
		return -EPIPE;
	while (done < len && sk->sk_wmem_queued < sk->sk_sndbuf) {
		chunk = min(len - done, (u32)SKB_DATA_MAX);
		skb = tcp_stream_alloc_skb(sk, chunk);
		if (!skb)
			break;
		tp->write_seq += chunk;
		done += chunk;
		if (done == len)
			TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
	}
	if (tp->subflow)
		tp->subflow->conn->snd_nxt += done;
	tcp_push_pending_frames(sk);
	return (int)done;
}

void tcp_send_fin(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = skb_peek_tail(&sk->sk_write_queue);

	if (!skb)
		skb = tcp_stream_alloc_skb(sk, 0);
	if (!skb)
		return;
	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_FIN;
	TCP_SKB_CB(skb)->end_seq++;
	tp->write_seq++;
	tcp_push_pending_frames(sk);
}
