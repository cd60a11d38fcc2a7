// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP sockets: which there are, their life and end, their timers.
 *
 * Modelled on: Linux 6.1 net/ipv4/tcp.c (tcp_set_state, tcp_done, tcp_write_queue_purge,
 *	tcp_close), net/ipv4/tcp_timer.c (tcp_retransmit_timer, tcp_delack_timer),
 *	net/ipv4/inet_connection_sock.c (reqsk_timer_handler, reqsk queue)
 * Spec: RFC 9293 3.3 and 3.10
 * Differs: a list of sockets in place of the hash tables; a few exist from the beginning
 *	(redzone/tcp.h); TIME-WAIT is the end; no keepalive or orphan timers.
 */
#include <linux/slab.h>
#include <redzone/tcp.h>

#include "rx.h"
#include "tcp_sock.h"

enum {
	TCP_RETRIES2	= 6,
	TCP_SYNACK_RETRIES = 5,
	REQUESTS_MAX	= 8,
	ACCEPT_MAX	= 4,
	RCVBUF		= 65536,
	RCVBUF_SMALL	= 4096,
};

struct tcp_env {
	struct net *net;
	struct list_head socks;
	const struct sk_buff *segment;	/* in hand; NULL once it was dropped */
	u8 bits;
};

static struct tcp_env tcp_env;

u32 tcp_time_stamp(void)
{
	return (u32)jiffies + 1;
}

/* Around one segment: what nobody drops is accepted. */
void tcp_segment_begin(const struct sk_buff *skb)
{
	tcp_env.segment = skb;
}

void tcp_segment_end(void)
{
	if (tcp_env.segment)
		sink_verdict(tcp_env.net->sink, 0, 0);
	tcp_env.segment = NULL;
}

void tcp_drop_reason(struct sk_buff *skb, enum skb_drop_reason reason)
{
	if (skb == tcp_env.segment)
		tcp_env.segment = NULL;
	kfree_skb_reason(skb, reason);
}

/* ---- Life ---- */

static void tcp_write_timer(struct timer_list *t);
static void tcp_delack_timer(struct timer_list *t);

struct sock *tcp_alloc_sock(struct net *net, u16 family, u16 num, __be16 dport)
{
	struct tcp_sock *tp = kzalloc(sizeof(*tp), GFP_ATOMIC);
	struct sock *sk;

	if (!tp)
		return NULL;
	sk = &tp->sk;
	sk->sk_net = net;
	sk->sk_family = family;
	sk->sk_state = TCP_CLOSE;
	sk->sk_rcvbuf = tcp_env.bits & REDZONE_TCP_SMALL ? RCVBUF_SMALL : RCVBUF;
	sk->sk_sndbuf = 1 << 20;
	sk->sk_max_ack_backlog = ACCEPT_MAX;
	refcount_set(&sk->sk_refcnt, 1);
	skb_queue_head_init(&sk->sk_receive_queue);
	skb_queue_head_init(&sk->sk_write_queue);
	sk->tcp_rtx_queue = RB_ROOT;
	tp->out_of_order_queue = RB_ROOT;
	INIT_LIST_HEAD(&tp->rskq);
	timer_setup(&tp->icsk_retransmit_timer, tcp_write_timer, 0);
	timer_setup(&tp->icsk_delack_timer, tcp_delack_timer, 0);
	tp->num = num;
	tp->dport = dport;
	tp->icsk_rto = TCP_TIMEOUT_INIT;
	tp->reordering = TCP_FASTRETRANS_THRESH;
	tp->md5sig = tcp_env.bits & REDZONE_TCP_MD5;
	tp->advmss = 1460;
	tp->rx_opt.mss_clamp = 1460;
	tp->mss_cache = TCP_MSS_DEFAULT;
	tp->window_clamp = 65535;
	tp->rcv_wnd = min(65535U, (u32)sk->sk_rcvbuf);
	tp->rskq_max = tcp_env.bits & REDZONE_TCP_COOKIES ? 0 : REQUESTS_MAX;
	list_add_tail(&sk->sk_node, &tcp_env.socks);
	return sk;
}

static void tcp_sock_free(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	skb_queue_purge(&sk->sk_receive_queue);
	skb_rbtree_purge(&tp->out_of_order_queue);
	tcp_write_queue_purge(sk);
	if (tp->subflow) {
		kfree(tp->subflow->conn);
		kfree(tp->subflow);
	}
	kfree(tp);
}

void tcp_sock_put(struct sock *sk)
{
	if (refcount_dec_and_test(&sk->sk_refcnt))
		tcp_sock_free(sk);
}

void skb_rbtree_purge(struct rb_root *root)
{
	struct sk_buff *skb;

	while ((skb = skb_rb_first(root)) != NULL) {
		rb_erase(&skb->rbnode, root);
		kfree_skb(skb);
	}
}

void tcp_rtx_queue_unlink_and_free(struct sk_buff *skb, struct sock *sk)
{
	rb_erase(&skb->rbnode, &sk->tcp_rtx_queue);
	sk->sk_wmem_queued -= (int)skb->truesize;
	consume_skb(skb);
}

void tcp_write_queue_purge(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&sk->sk_write_queue)) != NULL) {
		sk->sk_wmem_queued -= (int)skb->truesize;
		consume_skb(skb);
	}
	while ((skb = tcp_rtx_queue_head(sk)) != NULL)
		tcp_rtx_queue_unlink_and_free(skb, sk);
	tp->highest_sack = NULL;
	tp->lost_skb_hint = NULL;
	tp->retransmit_skb_hint = NULL;
	tp->packets_out = tp->sacked_out = 0;
	tp->lost_out = tp->retrans_out = 0;
}

void tcp_set_state(struct sock *sk, int state)
{
	sk->sk_state = (u8)state;
	sink_effect_u64(sock_net(sk)->sink, "tcp.state", (u64)state);
}

static void tcp_reqsk_queue_purge(struct tcp_sock *tp)
{
	struct request_sock *req, *next;

	list_for_each_entry_safe(req, next, &tp->rskq, list) {
		tcp_reqsk_unlink(req);
		tcp_reqsk_put(req);
	}
}

/* The connection is over; whoever holds a reference may still look. */
void tcp_done(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (sk->sk_state == TCP_CLOSE)
		return;
	tcp_set_state(sk, TCP_CLOSE);
	del_timer(&tp->icsk_retransmit_timer);
	del_timer(&tp->icsk_delack_timer);
	sk->sk_shutdown = SHUTDOWN_MASK;
	tcp_reqsk_queue_purge(tp);
	list_del_init(&sk->sk_node);
	tcp_sock_put(sk);
}

void tcp_done_with_error(struct sock *sk, int err)
{
	sk->sk_err = err;
	sink_effect_u64(sock_net(sk)->sink, "tcp.error", (u64)err);
	tcp_write_queue_purge(sk);
	tcp_done(sk);
}

/* ---- Timers ---- */

static void tcp_retransmit_timer(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->packets_out)
		return;
	if (tp->icsk_retransmits >= TCP_RETRIES2) {
		tcp_done_with_error(sk, ETIMEDOUT);
		return;
	}
	tcp_enter_loss(sk);
	tp->icsk_retransmits++;
	tp->icsk_rto = min(tp->icsk_rto * 2, TCP_RTO_MAX);
	tcp_xmit_retransmit_queue(sk);
	tcp_rearm_rto(sk);
}

static void tcp_write_timer(struct timer_list *t)
{
	struct tcp_sock *tp = from_timer(tp, t, icsk_retransmit_timer);

	sock_hold(&tp->sk);
	tcp_retransmit_timer(&tp->sk);
	tcp_sock_put(&tp->sk);
}

static void tcp_delack_timer(struct timer_list *t)
{
	struct tcp_sock *tp = from_timer(tp, t, icsk_delack_timer);

	if (tp->ack_scheduled)
		tcp_send_ack(&tp->sk);
}

void tcp_rearm_rto(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (sk->sk_state == TCP_CLOSE)
		return;
	if (tp->packets_out)
		mod_timer(&tp->icsk_retransmit_timer, jiffies + tp->icsk_rto);
	else
		del_timer(&tp->icsk_retransmit_timer);
}

/* ---- Requests of a listener ---- */

static void reqsk_timer_handler(struct timer_list *t)
{
	struct request_sock *req = from_timer(req, t, rsk_timer);

	if (req->num_timeout++ < TCP_SYNACK_RETRIES) {
		tcp_send_synack(req, NULL);
		mod_timer(&req->rsk_timer, jiffies + (TCP_TIMEOUT_INIT << req->num_timeout));
		return;
	}
	tcp_reqsk_unlink(req);
	tcp_reqsk_put(req);
}

/* With @attach it goes to the listener's queue, which holds the reference. */
struct request_sock *tcp_reqsk_alloc(struct sock *listener, bool attach)
{
	struct tcp_sock *tp = tcp_sk(listener);
	struct request_sock *req = kzalloc(sizeof(*req), GFP_ATOMIC);

	if (!req)
		return NULL;
	req->rsk_listener = listener;
	refcount_set(&req->rsk_refcnt, 1);
	INIT_LIST_HEAD(&req->list);
	timer_setup(&req->rsk_timer, reqsk_timer_handler, 0);
	if (attach) {
		list_add_tail(&req->list, &tp->rskq);
		tp->rskq_len++;
		mod_timer(&req->rsk_timer, jiffies + TCP_TIMEOUT_INIT);
	}
	return req;
}

void tcp_reqsk_free(struct request_sock *req)
{
	kfree(req->saved_syn);
	kfree(req);
}

void tcp_reqsk_put(struct request_sock *req)
{
	if (refcount_dec_and_test(&req->rsk_refcnt))
		tcp_reqsk_free(req);
}

/* Off the queue; its reference is the caller's now. */
void tcp_reqsk_unlink(struct request_sock *req)
{
	list_del_init(&req->list);
	tcp_sk(req->rsk_listener)->rskq_len--;
	del_timer(&req->rsk_timer);
}

/* ---- Those that exist ---- */

static void tcp_init_established(struct sock *sk)
{
	static const u16 sent[] = { 1000, 1000, 3000, 3000 };
	struct tcp_sock *tp = tcp_sk(sk);
	bool plain = tp->num == TCP_PORT_PLAIN;
	unsigned int i;

	sk->sk_state = TCP_ESTABLISHED;
	tp->dport = htons(40000);
	tp->snd_una = tp->snd_nxt = tp->write_seq = TCP_FIRST_SND;
	tp->rcv_nxt = tp->rcv_wup = tp->copied_seq = TCP_FIRST_RCV;
	tp->snd_wnd = tp->max_window = 1 << 20;
	tp->snd_wl1 = TCP_FIRST_RCV - 1;
	tp->bytes_acked = 1 << 20;
	tp->icsk_rto = TCP_RTO_MIN;
	tp->mss_cache = 1000;
	tp->rx_opt.mss_clamp = 1000;
	tp->tcp_header_len = sizeof(struct tcphdr);
	if (!plain) {
		tp->rx_opt.tstamp_ok = 1;
		tp->rx_opt.wscale_ok = 1;
		tp->rx_opt.snd_wscale = 7;
		tp->rx_opt.sack_ok = TCP_SACK_SEEN;
		tp->rx_opt.ts_recent = 1000;
		tp->tcp_header_len += TCPOLEN_TSTAMP_ALIGNED;
	}
	for (i = 0; i < ARRAY_SIZE(sent); i++)
		tcp_sendmsg(sk, sent[i]);
}

static bool tcp_init_mptcp(struct tcp_sock *tp)
{
	struct mptcp_subflow_context *subflow = kzalloc(sizeof(*subflow), GFP_ATOMIC);
	struct mptcp_sock *msk = kzalloc(sizeof(*msk), GFP_ATOMIC);

	if (!subflow || !msk) {
		kfree(subflow);
		kfree(msk);
		return false;
	}
	msk->local_key = 0x6c6f63616c6b6579;
	msk->remote_key = 0x72656d6f746b6579;
	msk->write_seq = msk->snd_nxt = 0x1000020000;
	msk->snd_una = msk->snd_nxt - 8000;
	msk->wnd_end = msk->snd_una + 65536;
	msk->ack_seq = 0x2000001000;
	msk->rcv_wnd_sent = msk->ack_seq + 65535;
	msk->can_ack = true;
	subflow->conn = msk;
	subflow->mp_capable = tp->num == TCP_PORT_MPTCP;
	subflow->mp_join = !subflow->mp_capable;
	subflow->ssn_offset = TCP_FIRST_RCV - 1;
	tp->subflow = subflow;
	return true;
}

static struct sock *tcp_open_known(u16 family, u16 num)
{
	struct sock *sk;
	struct tcp_sock *tp;

	if ((num < TCP_PORT_LISTEN || num > TCP_PORT_LISTEN_SAVE) &&
	    (num < TCP_PORT_ESTABLISHED || num > TCP_PORT_JOIN))
		return NULL;
	sk = tcp_alloc_sock(tcp_env.net, family, num, 0);
	if (!sk)
		return NULL;
	tp = tcp_sk(sk);
	if (num == TCP_PORT_SYN_SENT) {
		sk->sk_state = TCP_SYN_SENT;
		tp->snd_una = TCP_FIRST_SND - 1;
		tp->snd_nxt = tp->write_seq = TCP_FIRST_SND;
	} else if (num >= TCP_PORT_ESTABLISHED) {
		if ((num == TCP_PORT_MPTCP || num == TCP_PORT_JOIN) && !tcp_init_mptcp(tp)) {
			list_del_init(&sk->sk_node);
			tcp_sock_put(sk);
			return NULL;
		}
		tcp_init_established(sk);
	} else {
		sk->sk_state = TCP_LISTEN;
		tp->save_syn = num == TCP_PORT_LISTEN_SAVE;
		tp->rskq_defer_accept = num == TCP_PORT_LISTEN_SAVE;
	}
	return sk;
}

static struct request_sock *tcp_find_request(struct tcp_sock *tp, u16 family, __be16 sport)
{
	struct request_sock *req;

	list_for_each_entry(req, &tp->rskq, list) {
		if (req->ir_rmt_port == sport && req->ir_family == family)
			return req;
	}
	return NULL;
}

static struct sock *tcp_find(u16 num, __be16 sport)
{
	struct sock *sk, *listener = NULL;

	list_for_each_entry(sk, &tcp_env.socks, sk_node) {
		if (tcp_sk(sk)->num != num)
			continue;
		if (sk->sk_state != TCP_LISTEN &&
		    (num >= TCP_PORT_ESTABLISHED || tcp_sk(sk)->dport == sport))
			return sk;
		if (sk->sk_state == TCP_LISTEN)
			listener = sk;
	}
	return listener;
}

/**
 * tcp_lookup - who takes a segment from @sport to @dport
 * @req: set, with a reference, to the request that it may complete
 *
 * Return: the socket, without a reference, or NULL.
 */
struct sock *tcp_lookup(u16 family, __be16 sport, __be16 dport, struct request_sock **req)
{
	struct sock *sk = tcp_find(ntohs(dport), sport);

	*req = NULL;
	if (!sk)
		return tcp_open_known(family, ntohs(dport));
	if (sk->sk_state == TCP_LISTEN) {
		*req = tcp_find_request(tcp_sk(sk), family, sport);
		if (*req)
			refcount_inc(&(*req)->rsk_refcnt);
	}
	return sk;
}

struct sock *tcp_sock_of_port(u16 num)
{
	struct sock *sk = tcp_find(num, 0);

	return sk ? sk : tcp_open_known(AF_INET, num);
}

/* ---- One input ---- */

void redzone_tcp_begin(struct net *net, u8 env)
{
	tcp_env.net = net;
	tcp_env.bits = env;
	tcp_env.segment = NULL;
	INIT_LIST_HEAD(&tcp_env.socks);
}

void redzone_tcp_end(void)
{
	struct sock *sk;

	while (!list_empty(&tcp_env.socks)) {
		sk = list_first_entry(&tcp_env.socks, struct sock, sk_node);
		sink_effect_u64(tcp_env.net->sink, "tcp.end.state", sk->sk_state);
		sink_effect_u64(tcp_env.net->sink, "tcp.end.rcv_nxt", tcp_sk(sk)->rcv_nxt);
		sink_effect_u64(tcp_env.net->sink, "tcp.end.snd_una", tcp_sk(sk)->snd_una);
		sink_effect_u64(tcp_env.net->sink, "tcp.end.queued",
				skb_queue_len(&sk->sk_receive_queue));
		tcp_done(sk);
	}
}
