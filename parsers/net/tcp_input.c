// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP: what a segment does to a connection.
 *
 * Modelled on: Linux 6.1 net/ipv4/tcp_input.c (tcp_rcv_established, tcp_validate_incoming,
 *	tcp_rcv_state_process, tcp_rcv_synsent_state_process, tcp_reset, tcp_fin,
 *	tcp_send_dupack, tcp_disordered_ack), include/net/tcp.h (tcp_paws_check,
 *	tcp_paws_reject)
 * Spec: RFC 9293 3.10.7, RFC 5961, RFC 7323 5
 * Differs: TIME-WAIT is the end; no Fast Open as a client, so that every socket in SYN-RECV
 *	comes from a request; no users that sleep.
 */
#include <net/tcp.h>

#include "rx.h"
#include "tcp_ack.h"

/* ---- PAWS ---- */

bool tcp_paws_check(const struct tcp_options_received *rx_opt, int paws_win)
{
	if ((s32)(rx_opt->ts_recent - rx_opt->rcv_tsval) <= paws_win)
		return true;
	if ((int)ktime_get_seconds() >= rx_opt->ts_recent_stamp + TCP_PAWS_24DAYS)
		return true;
	/* some peers send zeros in their SYN */
	return !rx_opt->ts_recent;
}

bool tcp_paws_reject(const struct tcp_options_received *rx_opt, int rst)
{
	if (tcp_paws_check(rx_opt, 0))
		return false;
	/* RFC 7323 5.2: resets outlive clocks */
	return !rst || (int)ktime_get_seconds() < rx_opt->ts_recent_stamp + TCP_PAWS_MSL;
}

/* An acknowledgement that changes nothing may arrive late. */
static bool tcp_disordered_ack(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct tcphdr *th = tcp_hdr(skb);
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u32 nwin = (u32)ntohs(th->window) << tp->rx_opt.snd_wscale;

	if (!th->ack || cb->seq != cb->end_seq || cb->seq != tp->rcv_nxt)
		return false;
	if (cb->ack_seq != tp->snd_una)
		return false;
	if (after(cb->seq, tp->snd_wl1) || (cb->seq == tp->snd_wl1 && nwin > tp->snd_wnd))
		return false;
	return (s32)(tp->rx_opt.ts_recent - tp->rx_opt.rcv_tsval) <= (s32)tp->icsk_rto;
}

/* ---- The end of a connection ---- */

void tcp_reset(struct sock *sk, struct sk_buff *skb)
{
	int err = ECONNRESET;

	if (sk_is_mptcp(sk))
		mptcp_incoming_options(sk, skb);
	switch (sk->sk_state) {
	case TCP_SYN_SENT:
		err = ECONNREFUSED;
		break;
	case TCP_CLOSE_WAIT:
		err = EPIPE;
		break;
	case TCP_CLOSE:
		return;
	}
	tcp_done_with_error(sk, err);
}

/* TIME-WAIT of Linux is another, smaller socket; here it is the end. */
static void tcp_time_wait(struct sock *sk)
{
	tcp_done(sk);
}

/* The peer has sent all it had. */
void tcp_fin(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->ack_scheduled = true;
	sk->sk_shutdown |= RCV_SHUTDOWN;
	sk->sk_done = true;

	switch (sk->sk_state) {
	case TCP_SYN_RECV:
	case TCP_ESTABLISHED:
		tcp_set_state(sk, TCP_CLOSE_WAIT);
		break;
	case TCP_FIN_WAIT1:
		tcp_send_ack(sk);
		tcp_set_state(sk, TCP_CLOSING);
		break;
	case TCP_FIN_WAIT2:
		tcp_send_ack(sk);
		tcp_time_wait(sk);
		break;
	}
	skb_rbtree_purge(&tp->out_of_order_queue);
	if (tcp_is_sack(tp))
		tcp_sack_reset(&tp->rx_opt);
}

/* ---- Is it acceptable? ---- */

static void tcp_send_dupack(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	if (cb->end_seq != cb->seq && before(cb->seq, tp->rcv_nxt) && tcp_is_sack(tp))
		tcp_dsack_set(sk, cb->seq,
			      after(cb->end_seq, tp->rcv_nxt) ? tp->rcv_nxt : cb->end_seq);
	tcp_send_ack(sk);
}

/* The answer to what is out of window or too old, unless there were too many. */
static void tcp_answer_unwanted(struct sock *sk, const struct sk_buff *skb)
{
	if (malformed(tcp_oow_rate_limited(skb, &tcp_sk(sk)->last_oow_ack_time)))
		return;
	tcp_send_dupack(sk, skb);
}

static bool tcp_sequence_before(const struct tcp_sock *tp, u32 end_seq)
{
	return before(end_seq, tp->rcv_wup);
}

/* A peer that thinks we are gone resets one below what we wait for. */
static bool tcp_reset_check(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return TCP_SKB_CB(skb)->seq == tp->rcv_nxt - 1 &&
	       (sk->sk_state == TCP_CLOSE_WAIT || sk->sk_state == TCP_LAST_ACK ||
		sk->sk_state == TCP_CLOSING);
}

/* RFC 5961 3.2: a reset counts exactly where we are, or behind what we have. */
static bool tcp_reset_in_window(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 max_sack;
	int i;

	if (TCP_SKB_CB(skb)->seq == tp->rcv_nxt || tcp_reset_check(sk, skb))
		return true;
	if (!tcp_is_sack(tp) || !tp->rx_opt.num_sacks)
		return false;
	max_sack = tp->selective_acks[0].end_seq;
	for (i = 1; i < tp->rx_opt.num_sacks; i++) {
		if (after(tp->selective_acks[i].end_seq, max_sack))
			max_sack = tp->selective_acks[i].end_seq;
	}
	return TCP_SKB_CB(skb)->seq == max_sack;
}

enum verdict { PASS, DISCARD, RESET, CHALLENGE };

static enum verdict tcp_check_sequence(struct sock *sk, struct sk_buff *skb,
				       const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!malformed(tcp_sequence_before(tp, TCP_SKB_CB(skb)->end_seq)) &&
	    !malformed(after(TCP_SKB_CB(skb)->seq, tp->rcv_nxt + tcp_receive_window(tp))))
		return PASS;

	if (malformed(th->rst))
		return tcp_reset_check(sk, skb) ? RESET : DISCARD;
	if (malformed(th->syn))
		return CHALLENGE;
	tcp_answer_unwanted(sk, skb);
	return DISCARD;
}

/* RFC 9293 3.10.7.4: sequence number, RST, SYN, in this order, after PAWS. */
static enum verdict tcp_judge_incoming(struct sock *sk, struct sk_buff *skb,
				       const struct tcphdr *th, enum skb_drop_reason *reason)
{
	struct tcp_sock *tp = tcp_sk(sk);
	enum verdict verdict;

	if (tcp_fast_parse_options(sock_net(sk), skb, th, tp) && tp->rx_opt.saw_tstamp &&
	    malformed(!tcp_paws_check(&tp->rx_opt, TCP_PAWS_WINDOW)) &&
	    !tcp_disordered_ack(sk, skb)) {
		if (!malformed(th->rst)) {
			tcp_answer_unwanted(sk, skb);
			*reason = SKB_DROP_REASON_TCP_RFC7323_PAWS;
			return DISCARD;
		}
	}

	*reason = SKB_DROP_REASON_TCP_INVALID_SEQUENCE;
	verdict = tcp_check_sequence(sk, skb, th);
	if (verdict != PASS)
		return verdict;

	if (th->rst) {
		if (!malformed(!tcp_reset_in_window(sk, skb)))
			return RESET;
		tcp_send_challenge_ack(sk);
		*reason = SKB_DROP_REASON_TCP_RESET;
		return DISCARD;
	}
	/* RFC 5961 4.2 */
	if (malformed(th->syn))
		return CHALLENGE;
	return PASS;
}

/* Return: whether the segment goes on; it is consumed otherwise. */
static bool tcp_validate_incoming(struct sock *sk, struct sk_buff *skb,
				  const struct tcphdr *th)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_NOT_SPECIFIED;

	switch (tcp_judge_incoming(sk, skb, th, &reason)) {
	case PASS:
		return true;
	case RESET:
		tcp_reset(sk, skb);
		reason = SKB_DROP_REASON_TCP_RESET;
		break;
	case CHALLENGE:
		tcp_send_challenge_ack(sk);
		reason = SKB_DROP_REASON_TCP_INVALID_SYN;
		break;
	case DISCARD:
		break;
	}
	tcp_drop_reason(skb, reason);
	return false;
}

static void tcp_ack_snd_check(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->ack_now)
		tcp_send_ack(sk);
	else if (tp->ack_scheduled)
		tcp_send_delayed_ack(sk);
}

/* After a segment was taken: send what may be sent now. */
static void tcp_data_snd_check(struct sock *sk)
{
	if (sk->sk_state == TCP_CLOSE)
		return;
	tcp_push_pending_frames(sk);
	tcp_ack_snd_check(sk);
}

/**
 * tcp_rcv_established - a segment of an established connection
 * @skb: consumed
 */
void tcp_rcv_established(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	int err;

	if (malformed(!skb_csum_unnecessary(skb) && __skb_checksum_complete(skb))) {
		tcp_drop_reason(skb, SKB_DROP_REASON_TCP_CSUM);
		return;
	}
	if (malformed(!th->ack && !th->rst && !th->syn)) {
		tcp_drop_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
		return;
	}
	if (!tcp_validate_incoming(sk, skb, th))
		return;

	err = tcp_ack(sk, skb, FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT);
	if (err < 0) {
		tcp_drop_reason(skb, (enum skb_drop_reason)-err);
		return;
	}
	tcp_urg(sk, skb, th);
	tcp_data_queue(sk, skb);
	tcp_data_snd_check(sk);
}

/* ---- Other states ---- */

static void tcp_store_ts_recent(struct tcp_sock *tp)
{
	tp->rx_opt.ts_recent = tp->rx_opt.rcv_tsval;
	tp->rx_opt.ts_recent_stamp = (int)ktime_get_seconds() + 1;
}

static void tcp_negotiated(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->rx_opt.wscale_ok)
		tp->rx_opt.snd_wscale = tp->rx_opt.rcv_wscale = 0;
	tp->tcp_header_len = sizeof(struct tcphdr);
	if (tp->rx_opt.saw_tstamp) {
		tp->rx_opt.tstamp_ok = 1;
		tp->tcp_header_len += TCPOLEN_TSTAMP_ALIGNED;
		tcp_store_ts_recent(tp);
	}
	tcp_sync_mss(sk, 1500);
}

/* The answer to our SYN. */
static int tcp_synsent_synack(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_ack(sk, skb, FLAG_SLOWPATH);
	tp->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	tp->rcv_wup = tp->rcv_nxt;
	tp->copied_seq = tp->rcv_nxt;
	tp->snd_wnd = ntohs(th->window);
	tp->max_window = max(tp->max_window, tp->snd_wnd);
	tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	tcp_negotiated(sk);
	tcp_set_state(sk, TCP_ESTABLISHED);
	tcp_send_ack(sk);
	return -1;
}

static enum skb_drop_reason tcp_synsent_ack_ok(struct sock *sk, struct sk_buff *skb,
					       const struct tcphdr *th, bool *reset)
{
	struct tcp_sock *tp = tcp_sk(sk);

	*reset = false;
	if (malformed(!after(TCP_SKB_CB(skb)->ack_seq, tp->snd_una)) ||
	    malformed(after(TCP_SKB_CB(skb)->ack_seq, tp->snd_nxt))) {
		*reset = true;
		return SKB_DROP_REASON_NOT_SPECIFIED;
	}
	/* a timestamp that we never sent */
	if (malformed(tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr &&
		      !between(tp->rx_opt.rcv_tsecr, 1, tcp_time_stamp()))) {
		*reset = true;
		return SKB_DROP_REASON_TCP_RFC7323_PAWS;
	}
	if (malformed(th->rst)) {
		tcp_reset(sk, skb);
		return SKB_DROP_REASON_TCP_RESET;
	}
	if (malformed(!th->syn))
		return SKB_DROP_REASON_TCP_FLAGS;
	return SKB_NOT_DROPPED_YET;
}

/* Both sides called at once. */
static void tcp_synsent_cross(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_set_state(sk, TCP_SYN_RECV);
	tcp_negotiated(sk);
	tp->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	tp->copied_seq = tp->rcv_wup = tp->rcv_nxt;
	tp->snd_wnd = tp->max_window = ntohs(th->window);
	tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	tcp_send_ack(sk);
}

/* Return: 1 to reset, 0 if done, -1 if urgent data may follow (as upstream has it). */
static int tcp_rcv_synsent_state_process(struct sock *sk, struct sk_buff *skb,
					 const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u16 saved_clamp = tp->rx_opt.mss_clamp;
	struct tcp_fastopen_cookie foc = { .len = -1 };
	enum skb_drop_reason reason = SKB_DROP_REASON_TCP_FLAGS;
	bool reset = false;

	tcp_parse_options(sock_net(sk), skb, &tp->rx_opt, 0, &foc);
	if (th->ack) {
		reason = tcp_synsent_ack_ok(sk, skb, th, &reset);
		if (reset)
			goto undo;
		if (!reason)
			return tcp_synsent_synack(sk, skb, th);
		goto undo;
	}
	if (malformed(th->rst)) {
		reason = SKB_DROP_REASON_TCP_RESET;
		goto undo;
	}
	if (malformed(!th->syn))
		goto undo;
	tcp_synsent_cross(sk, skb, th);
	consume_skb(skb);
	return 0;

undo:
	tcp_clear_options(&tp->rx_opt);
	tp->rx_opt.mss_clamp = saved_clamp;
	if (reset)
		return 1;
	tcp_drop_reason(skb, reason);
	return 0;
}

static int tcp_rcv_listen(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	if (malformed(th->ack))
		return 1;
	if (malformed(th->rst)) {
		tcp_drop_reason(skb, SKB_DROP_REASON_TCP_RESET);
		return 0;
	}
	if (malformed(!th->syn)) {
		tcp_drop_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
		return 0;
	}
	if (malformed(th->fin)) {
		tcp_drop_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
		return 0;
	}
	tcp_conn_request(sk, skb);
	consume_skb(skb);
	return 0;
}

static int tcp_rcv_synsent(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	int queued = tcp_rcv_synsent_state_process(sk, skb, th);

	if (queued >= 0)
		return queued;
	tcp_urg(sk, skb, th);
	consume_skb(skb);
	tcp_data_snd_check(sk);
	return 0;
}

/* Data behind the end of what we still read. */
static bool tcp_new_data_after_close(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	return cb->end_seq != cb->seq &&
	       after(cb->end_seq - tcp_hdr(skb)->fin, tcp_sk(sk)->rcv_nxt);
}

/* The acknowledgement may end a state. Return: 1 to reset, 0 to go on, -1 if over. */
static int tcp_rcv_acked(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	switch (sk->sk_state) {
	case TCP_SYN_RECV:
		tcp_set_state(sk, TCP_ESTABLISHED);
		tp->copied_seq = tp->rcv_nxt;
		tp->snd_una = TCP_SKB_CB(skb)->ack_seq;
		tp->snd_wnd = (u32)ntohs(th->window) << tp->rx_opt.snd_wscale;
		tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
		break;
	case TCP_FIN_WAIT1:
		if (tp->snd_una != tp->write_seq)
			break;
		tcp_set_state(sk, TCP_FIN_WAIT2);
		sk->sk_shutdown |= SEND_SHUTDOWN;
		if (!sk->sk_dead)
			break;
		if (malformed(tcp_new_data_after_close(sk, skb))) {
			tcp_done(sk);
			return 1;
		}
		if (!th->fin) {
			tcp_time_wait(sk);
			return -1;
		}
		break;
	case TCP_CLOSING:
		if (tp->snd_una == tp->write_seq) {
			tcp_time_wait(sk);
			return -1;
		}
		break;
	case TCP_LAST_ACK:
		if (tp->snd_una == tp->write_seq) {
			tcp_done(sk);
			return -1;
		}
		break;
	}
	return 0;
}

/* Return: 1 to reset; 0 with @skb consumed. */
static int tcp_rcv_data(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	switch (sk->sk_state) {
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		if (!before(TCP_SKB_CB(skb)->seq, tcp_sk(sk)->rcv_nxt)) {
			if (sk_is_mptcp(sk))
				mptcp_incoming_options(sk, skb);
			tcp_drop_reason(skb, SKB_DROP_REASON_NOT_SPECIFIED);
			break;
		}
		/* fall through */
	case TCP_FIN_WAIT1:
	case TCP_FIN_WAIT2:
		if (sk->sk_shutdown & RCV_SHUTDOWN &&
		    malformed(tcp_new_data_after_close(sk, skb))) {
			tcp_reset(sk, skb);
			return 1;
		}
		/* fall through */
	case TCP_ESTABLISHED:
		tcp_data_queue(sk, skb);
		break;
	default:
		tcp_drop_reason(skb, SKB_DROP_REASON_NOT_SPECIFIED);
	}
	tcp_data_snd_check(sk);
	return 0;
}

/**
 * tcp_rcv_state_process - a segment in any state but ESTABLISHED
 * @skb: consumed when 0 is returned
 *
 * Return: 0, or 1 if the segment is to be answered by a reset.
 */
int tcp_rcv_state_process(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	int ret;

	switch (sk->sk_state) {
	case TCP_CLOSE:
		tcp_drop_reason(skb, SKB_DROP_REASON_TCP_CLOSE);
		return 0;
	case TCP_LISTEN:
		return tcp_rcv_listen(sk, skb, th);
	case TCP_SYN_SENT:
		return tcp_rcv_synsent(sk, skb, th);
	}

	if (malformed(!th->ack && !th->rst && !th->syn)) {
		tcp_drop_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
		return 0;
	}
	if (!tcp_validate_incoming(sk, skb, th))
		return 0;

	ret = tcp_ack(sk, skb, FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT | FLAG_NO_CHALLENGE_ACK);
	if (ret <= 0) {
		if (malformed(sk->sk_state == TCP_SYN_RECV))
			return 1;
		if (ret < 0) {
			tcp_send_challenge_ack(sk);
			tcp_drop_reason(skb, (enum skb_drop_reason)-ret);
			return 0;
		}
	}
	ret = tcp_rcv_acked(sk, skb, th);
	if (ret < 0)
		consume_skb(skb);
	if (ret)
		return ret > 0;

	tcp_urg(sk, skb, th);
	return tcp_rcv_data(sk, skb, th);
}
