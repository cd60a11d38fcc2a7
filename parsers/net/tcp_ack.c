// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP: acknowledgements, and what is lost.
 *
 * Modelled on: Linux 6.1 net/ipv4/tcp_input.c (tcp_ack, tcp_ack_update_window,
 *	tcp_may_update_window, tcp_clean_rtx_queue, tcp_replace_ts_recent,
 *	tcp_fastretrans_alert, tcp_mark_head_lost, tcp_enter_loss, tcp_xmit_recovery),
 *	net/ipv4/tcp_output.c (tcp_xmit_retransmit_queue), tcp_tso_acked
 * Spec: RFC 9293 3.10.7.4, RFC 7323 4.3, RFC 6675
 * Differs: loss is found by counting (no RACK, PRR, TLP, F-RTO, undo); no round-trip times.
 */
#include <net/tcp.h>

#include "rx.h"
#include "tcp_ack.h"

static bool tcp_may_update_window(const struct tcp_sock *tp, u32 ack, u32 ack_seq, u32 nwin)
{
	return after(ack, tp->snd_una) || after(ack_seq, tp->snd_wl1) ||
	       (ack_seq == tp->snd_wl1 && (nwin > tp->snd_wnd || !nwin));
}

static int tcp_ack_update_window(struct sock *sk, const struct sk_buff *skb, u32 ack,
				 u32 ack_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 nwin = ntohs(tcp_hdr(skb)->window);
	int flag = 0;

	if (!tcp_hdr(skb)->syn)
		nwin <<= tp->rx_opt.snd_wscale;
	if (!malformed(!tcp_may_update_window(tp, ack, ack_seq, nwin))) {
		flag |= FLAG_WIN_UPDATE;
		tp->snd_wl1 = ack_seq;
		if (tp->snd_wnd != nwin) {
			tp->snd_wnd = nwin;
			if (nwin > tp->max_window)
				tp->max_window = nwin;
		}
	}
	tp->bytes_acked += ack - tp->snd_una;
	tp->snd_una = ack;
	return flag;
}

/* RFC 7323 4.3: a timestamp is kept only from a segment that spans what was acked. */
static void tcp_replace_ts_recent(struct tcp_sock *tp, u32 seq)
{
	if (!tp->rx_opt.saw_tstamp || malformed(after(seq, tp->rcv_wup)))
		return;
	if (malformed(!tcp_paws_check(&tp->rx_opt, 0)))
		return;
	tp->rx_opt.ts_recent = tp->rx_opt.rcv_tsval;
	tp->rx_opt.ts_recent_stamp = (int)ktime_get_seconds() + 1;
}

/* ---- What was sent ---- */

/* The first part of a packet of many segments is acknowledged. */
static u32 tcp_tso_acked(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int before_ack = tcp_skb_pcount(skb);
	struct skb_shared_info *info = skb_shinfo(skb);
	u32 len = tp->snd_una - TCP_SKB_CB(skb)->seq, size;
	int i = 0;

	BUG_ON(len >= TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq);
	skb->len -= len;
	skb->data_len -= len;
	TCP_SKB_CB(skb)->seq += len;
	while (len) {
		size = min(len, skb_frag_size(&info->frags[i]));
		info->frags[i].bv_offset += size;
		info->frags[i].bv_len -= size;
		len -= size;
		if (!skb_frag_size(&info->frags[i]))
			skb_frag_unref(skb, i++);
	}
	info->nr_frags = (u8)(info->nr_frags - i);
	memmove(info->frags, info->frags + i, info->nr_frags * sizeof(info->frags[0]));
	tcp_set_skb_tso_segs(skb, (unsigned int)tcp_skb_mss(skb));
	return (u32)(before_ack - tcp_skb_pcount(skb));
}

static void tcp_acked_counters(struct tcp_sock *tp, u8 sacked, u32 acked_pcount, int *flag)
{
	if (sacked & TCPCB_RETRANS) {
		if (sacked & TCPCB_SACKED_RETRANS)
			tp->retrans_out -= acked_pcount;
		*flag |= FLAG_RETRANS_DATA_ACKED;
	}
	if (sacked & TCPCB_SACKED_ACKED)
		tp->sacked_out -= acked_pcount;
	else if (tcp_is_sack(tp))
		tp->delivered += acked_pcount;
	if (sacked & TCPCB_LOST)
		tp->lost_out -= acked_pcount;
	tp->packets_out -= acked_pcount;
}

/* Take everything below snd_una off the queue. */
static int tcp_clean_rtx_queue(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb, *next;
	int flag = 0;

	for (skb = tcp_rtx_queue_head(sk); skb; skb = next) {
		struct tcp_skb_cb *scb = TCP_SKB_CB(skb);
		bool fully_acked = !after(scb->end_seq, tp->snd_una);
		u32 acked_pcount;

		if (!fully_acked) {
			if (tcp_skb_pcount(skb) == 1 || !after(tp->snd_una, scb->seq))
				break;
			if (tp->snd_una - scb->seq >= skb->len)
				break;
			acked_pcount = tcp_tso_acked(sk, skb);
			if (!acked_pcount)
				break;
		} else {
			acked_pcount = (u32)tcp_skb_pcount(skb);
		}
		tcp_acked_counters(tp, scb->sacked, acked_pcount, &flag);
		flag |= FLAG_DATA_ACKED;
		if (!fully_acked)
			break;

		next = skb_rb_next(skb);
		if (skb == tp->retransmit_skb_hint)
			tp->retransmit_skb_hint = NULL;
		if (skb == tp->lost_skb_hint)
			tp->lost_skb_hint = NULL;
		if (skb == tp->highest_sack)
			tp->highest_sack = next;
		tcp_rtx_queue_unlink_and_free(skb, sk);
	}
	/* the receiver forgot what it had: SACK is advisory */
	if (skb && TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED)
		flag |= FLAG_SACK_RENEGING;
	if (flag & FLAG_DATA_ACKED) {
		tp->icsk_retransmits = 0;
		tcp_rearm_rto(sk);
	}
	WARN_ON((int)tp->sacked_out < 0);
	WARN_ON((int)tp->lost_out < 0);
	WARN_ON((int)tp->retrans_out < 0);
	WARN_ON((int)tp->packets_out < 0);
	return flag;
}

/* ---- Loss ---- */

static void tcp_mark_skb_lost(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u8 *sacked = &TCP_SKB_CB(skb)->sacked;

	if (*sacked & TCPCB_SACKED_ACKED)
		return;
	if (!tp->retransmit_skb_hint ||
	    before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(tp->retransmit_skb_hint)->seq))
		tp->retransmit_skb_hint = skb;
	if (*sacked & TCPCB_LOST) {
		if (*sacked & TCPCB_SACKED_RETRANS) {
			*sacked &= (u8)~TCPCB_SACKED_RETRANS;
			tp->retrans_out -= (u32)tcp_skb_pcount(skb);
		}
		return;
	}
	tp->lost_out += (u32)tcp_skb_pcount(skb);
	*sacked |= TCPCB_LOST;
}

/* RFC 6675: everything below enough segments that have arrived. */
static void tcp_mark_head_lost(struct sock *sk, u32 packets)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 loss_high = tp->snd_nxt, cnt = 0;
	struct sk_buff *skb = tp->lost_skb_hint;

	if (skb)
		cnt = (u32)tp->lost_cnt_hint;
	else
		skb = tcp_rtx_queue_head(sk);
	skb_rbtree_walk_from(skb) {
		tp->lost_skb_hint = skb;
		tp->lost_cnt_hint = (int)cnt;
		if (after(TCP_SKB_CB(skb)->end_seq, loss_high))
			break;
		cnt += TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED ?
		       (u32)tcp_skb_pcount(skb) : 0;
		if (cnt > packets)
			break;
		if (!(TCP_SKB_CB(skb)->sacked & (TCPCB_LOST | TCPCB_SACKED_ACKED)))
			tcp_mark_skb_lost(sk, skb);
	}
	WARN_ON(tp->sacked_out + tp->lost_out > tp->packets_out);
}

static void tcp_enter_recovery(struct sock *sk, u8 state)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->icsk_ca_state = state;
	tp->high_seq = tp->snd_nxt;
	tp->undo_marker = tp->snd_una;
	tp->undo_retrans = tp->retrans_out ? (int)tp->retrans_out : -1;
	if (tp->undo_retrans < 0)
		tp->undo_retrans = 0;
}

/* A whole timeout without an answer: all that has not arrived is lost. */
void tcp_enter_loss(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_rtx_queue_head(sk);
	bool reneged = skb && TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED;

	if (tp->icsk_ca_state < TCP_CA_Recovery || !after(tp->high_seq, tp->snd_una))
		tcp_enter_recovery(sk, TCP_CA_Loss);
	tp->icsk_ca_state = TCP_CA_Loss;
	tp->lost_skb_hint = NULL;
	tp->retransmit_skb_hint = NULL;
	tp->lost_cnt_hint = 0;
	if (reneged) {
		tp->sacked_out = 0;
		memset(tp->recv_sack_cache, 0, sizeof(tp->recv_sack_cache));
	}
	skb_rbtree_walk_from(skb) {
		if (reneged)
			TCP_SKB_CB(skb)->sacked &= (u8)~TCPCB_SACKED_ACKED;
		tcp_mark_skb_lost(sk, skb);
		if (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_RETRANS &&
		    !(TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED)) {
			TCP_SKB_CB(skb)->sacked &= (u8)~TCPCB_SACKED_RETRANS;
			tp->retrans_out -= (u32)tcp_skb_pcount(skb);
		}
	}
	tp->high_seq = tp->snd_nxt;
}

/* Send again what is marked lost and not on its way. */
void tcp_xmit_retransmit_queue(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tp->retransmit_skb_hint;

	if (!tp->packets_out)
		return;
	if (!skb)
		skb = tcp_rtx_queue_head(sk);
	skb_rbtree_walk_from(skb) {
		u8 sacked = TCP_SKB_CB(skb)->sacked;

		if (tp->lost_out <= tp->retrans_out)
			break;
		if (!(sacked & TCPCB_LOST) || sacked & (TCPCB_SACKED_ACKED |
							TCPCB_SACKED_RETRANS))
			continue;
		if (tcp_retransmit_skb(sk, skb))
			break;
	}
	tp->retransmit_skb_hint = NULL;
}

static void tcp_fastretrans_alert(struct sock *sk, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (flag & FLAG_SACK_RENEGING) {
		tcp_enter_loss(sk);
		tcp_xmit_retransmit_queue(sk);
		return;
	}
	if (tp->icsk_ca_state >= TCP_CA_Recovery && !before(tp->snd_una, tp->high_seq)) {
		tp->icsk_ca_state = TCP_CA_Open;
		tp->undo_marker = 0;
		tp->undo_retrans = 0;
	}
	if (tcp_is_sack(tp) && tp->sacked_out > tp->reordering) {
		if (tp->icsk_ca_state < TCP_CA_Recovery)
			tcp_enter_recovery(sk, TCP_CA_Recovery);
		tcp_mark_head_lost(sk, tp->sacked_out - tp->reordering);
	}
	if (tp->icsk_ca_state >= TCP_CA_Recovery)
		tcp_xmit_retransmit_queue(sk);
}

static int tcp_old_ack(struct sock *sk, const struct sk_buff *skb, int flag, u32 prior_snd_una)
{
	struct tcp_sacktag_state state = { .flag = 0 };
	struct tcp_sock *tp = tcp_sk(sk);

	if (flag & FLAG_UPDATE_TS_RECENT)
		tcp_replace_ts_recent(tp, TCP_SKB_CB(skb)->seq);
	if (TCP_SKB_CB(skb)->sacked) {
		flag |= tcp_sacktag_write_queue(sk, skb, prior_snd_una, &state);
		tcp_fastretrans_alert(sk, flag);
	}
	return 0;
}

/**
 * tcp_ack - what the acknowledgement of @skb changes
 *
 * Return: 1, 0 if it is older than what is known, -reason if it is not to be believed.
 */
int tcp_ack(struct sock *sk, const struct sk_buff *skb, int flag)
{
	struct tcp_sacktag_state state = { .flag = 0 };
	struct tcp_sock *tp = tcp_sk(sk);
	u32 prior_snd_una = tp->snd_una, ack_seq = TCP_SKB_CB(skb)->seq;
	u32 ack = TCP_SKB_CB(skb)->ack_seq, prior_packets = tp->packets_out;

	if (before(ack, prior_snd_una)) {
		/* RFC 5961 5.2: blind injection */
		if (malformed(before(ack, prior_snd_una - min(tp->max_window,
							      tp->bytes_acked)))) {
			if (!(flag & FLAG_NO_CHALLENGE_ACK))
				tcp_send_challenge_ack(sk);
			return -SKB_DROP_REASON_TCP_TOO_OLD_ACK;
		}
		return tcp_old_ack(sk, skb, flag, prior_snd_una);
	}
	if (malformed(after(ack, tp->snd_nxt)))
		return -SKB_DROP_REASON_TCP_ACK_UNSENT_DATA;

	if (after(ack, prior_snd_una))
		flag |= FLAG_SND_UNA_ADVANCED;
	if (flag & FLAG_UPDATE_TS_RECENT)
		tcp_replace_ts_recent(tp, ack_seq);
	if ((flag & (FLAG_SLOWPATH | FLAG_SND_UNA_ADVANCED)) == FLAG_SND_UNA_ADVANCED) {
		tp->snd_wl1 = ack_seq;
		tp->bytes_acked += ack - tp->snd_una;
		tp->snd_una = ack;
		flag |= FLAG_WIN_UPDATE;
	} else {
		if (ack_seq != TCP_SKB_CB(skb)->end_seq)
			flag |= FLAG_DATA;
		flag |= tcp_ack_update_window(sk, skb, ack, ack_seq);
		if (TCP_SKB_CB(skb)->sacked)
			flag |= tcp_sacktag_write_queue(sk, skb, prior_snd_una, &state);
	}
	tp->delivered += state.sack_delivered;
	if (!prior_packets)
		return 1;

	flag |= tcp_clean_rtx_queue(sk);
	tcp_fastretrans_alert(sk, flag);
	return 1;
}
