// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP: from a request to a connection.
 *
 * Modelled on: Linux 6.1 net/ipv4/tcp_minisocks.c (tcp_check_req,
 *	tcp_create_openreq_child, tcp_in_window)
 * Spec: RFC 9293 3.10.7.4 for SYN-RECEIVED, RFC 7323 5.3
 * Differs: a connection is accepted at once, as long as not too many wait.
 */
#include <net/tcp.h>

#include "rx.h"
#include "tcp_sock.h"

static bool tcp_in_window(u32 seq, u32 end_seq, u32 s_win, u32 e_win)
{
	if (seq == s_win)
		return true;
	if (after(end_seq, s_win) && before(seq, e_win))
		return true;
	return seq == e_win && seq == end_seq;
}

static void tcp_child_options(struct tcp_sock *tp, const struct request_sock *req)
{
	tp->rx_opt.tstamp_ok = req->tstamp_ok;
	tp->rx_opt.sack_ok = req->sack_ok ? TCP_SACK_SEEN : 0;
	tp->rx_opt.wscale_ok = req->wscale_ok;
	tp->rx_opt.snd_wscale = req->wscale_ok ? req->snd_wscale : 0;
	tp->rx_opt.rcv_wscale = req->wscale_ok ? req->rcv_wscale : 0;
	tp->rx_opt.mss_clamp = req->mss;
	tp->rx_opt.ts_recent = req->ts_recent;
	tp->rx_opt.ts_recent_stamp = (int)ktime_get_seconds() + 1;
	tp->rx_opt.smc_ok = req->smc_ok;
	tp->tcp_header_len = sizeof(struct tcphdr);
	if (req->tstamp_ok)
		tp->tcp_header_len += TCPOLEN_TSTAMP_ALIGNED;
}

/**
 * tcp_create_openreq_child - the socket of a request whose handshake is over
 *
 * Return: in SYN-RECV, with a reference for the caller; NULL if there are too many.
 */
struct sock *tcp_create_openreq_child(struct sock *sk, struct request_sock *req,
				      struct sk_buff *skb)
{
	struct tcp_sock *tp;
	struct sock *child;

	if (malformed(sk->sk_ack_backlog > sk->sk_max_ack_backlog))
		return NULL;
	child = tcp_alloc_sock(sock_net(sk), req->ir_family, tcp_sk(sk)->num, req->ir_rmt_port);
	if (!child)
		return NULL;
	sk->sk_ack_backlog++;
	sock_hold(child);
	tp = tcp_sk(child);
	tcp_set_state(child, TCP_SYN_RECV);
	tp->rcv_nxt = tp->rcv_wup = tp->copied_seq = req->rcv_isn + 1;
	tp->snd_una = req->snt_isn + 1;
	tp->snd_nxt = tp->write_seq = req->snt_isn + 1;
	tp->snd_wl1 = req->rcv_isn;
	tp->rcv_wnd = req->rsk_rcv_wnd;
	tp->max_window = tp->snd_wnd = ntohs(tcp_hdr(skb)->window);
	tcp_child_options(tp, req);
	tcp_sync_mss(child, 1500);
	if (req->mp_capable && mptcp_subflow_created(child, req, skb) < 0) {
		tcp_done(child);
		tcp_sock_put(child);
		return NULL;
	}
	return child;
}

static void tcp_send_req_ack(const struct request_sock *req)
{
	struct sink *sink = sock_net(req->rsk_listener)->sink;

	sink_effect_u64(sink, "tcp.req.ack", req->rcv_nxt);
}

/* RFC 7323 5.3 for a connection that does not exist yet. */
static bool tcp_req_paws(struct sk_buff *skb, const struct request_sock *req,
			 struct tcp_options_received *tmp_opt)
{
	const struct tcphdr *th = tcp_hdr(skb);

	memset(tmp_opt, 0, sizeof(*tmp_opt));
	if (th->doff == sizeof(*th) >> 2)
		return false;
	tcp_parse_options(sock_net(req->rsk_listener), skb, tmp_opt, 0, NULL);
	if (!tmp_opt->saw_tstamp)
		return false;
	tmp_opt->ts_recent = req->ts_recent;
	if (tmp_opt->rcv_tsecr)
		tmp_opt->rcv_tsecr -= req->ts_off;
	tmp_opt->ts_recent_stamp = (int)ktime_get_seconds();
	return tcp_paws_reject(tmp_opt, th->rst);
}

static struct sock *tcp_req_drop(struct request_sock *req)
{
	tcp_reqsk_unlink(req);
	tcp_reqsk_put(req);
	return NULL;
}

/**
 * tcp_check_req - a segment for a request
 * @sk: its listener
 * @req: with the caller's reference
 *
 * Return: the new connection with a reference, @sk if the listener is to answer, or NULL
 * if the segment is to be dropped.
 */
struct sock *tcp_check_req(struct sock *sk, struct sk_buff *skb, struct request_sock *req,
			   bool *req_stolen)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_options_received tmp_opt;
	bool paws_reject = tcp_req_paws(skb, req, &tmp_opt), syn = th->syn;
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	struct sock *child;

	/* the same SYN again: our answer was lost */
	if (seq == req->rcv_isn && syn && !th->ack && !th->rst && !paws_reject) {
		if (!malformed(tcp_oow_rate_limited(skb, &req->last_oow_ack_time)))
			tcp_send_synack(req, NULL);
		return NULL;
	}
	if (malformed(th->ack && !th->rst && TCP_SKB_CB(skb)->ack_seq != req->snt_isn + 1))
		return sk;
	if (malformed(paws_reject) ||
	    malformed(!tcp_in_window(seq, end_seq, req->rcv_nxt,
				     req->rcv_nxt + req->rsk_rcv_wnd))) {
		if (!malformed(th->rst) &&
		    !malformed(tcp_oow_rate_limited(skb, &req->last_oow_ack_time)))
			tcp_send_req_ack(req);
		return NULL;
	}
	/* the SYN was taken, what is left of this segment is data */
	if (seq == req->rcv_isn)
		syn = false;
	if (malformed(th->rst && seq != req->rcv_nxt)) {
		tcp_send_req_ack(req);
		return NULL;
	}
	if (malformed(th->rst))
		return tcp_req_drop(req);
	if (malformed(syn)) {
		tcp_send_reset(sk, skb);
		return tcp_req_drop(req);
	}
	if (malformed(!th->ack))
		return NULL;
	/* nobody wakes up before there is something to read */
	if (malformed(req->num_timeout < tcp_sk(sk)->rskq_defer_accept &&
		      end_seq == req->rcv_isn + 1)) {
		req->acked = 1;
		return NULL;
	}

	child = tcp_create_openreq_child(sk, req, skb);
	if (!child)
		return NULL;
	if (tmp_opt.saw_tstamp && !after(seq, req->rcv_nxt))
		tcp_sk(child)->rx_opt.ts_recent = tmp_opt.rcv_tsval;
	tcp_reqsk_unlink(req);
	tcp_reqsk_put(req);
	return child;
}
