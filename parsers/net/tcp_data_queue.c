// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP: data received in order and out of order.
 *
 * Modelled on: Linux 6.1 net/ipv4/tcp_input.c (tcp_data_queue, tcp_data_queue_ofo,
 *	tcp_ofo_queue, tcp_queue_rcv, tcp_try_coalesce, tcp_sack_new_ofo_skb,
 *	tcp_sack_extend, tcp_sack_maybe_coalesce, tcp_sack_remove, tcp_dsack_set,
 *	tcp_dsack_extend)
 * Spec: RFC 9293 3.10.7.4, RFC 2018 4, RFC 2883 4
 * Differs: windows do not grow by themselves; no delayed compression of acknowledgements,
 *	no ECN.
 */
#include <net/tcp.h>

#include "rx.h"

/* ---- What is said about data out of order ---- */

static bool tcp_sack_extend(struct tcp_sack_block *sp, u32 seq, u32 end_seq)
{
	if (after(seq, sp->end_seq) || after(sp->start_seq, end_seq))
		return false;
	if (before(seq, sp->start_seq))
		sp->start_seq = seq;
	if (after(end_seq, sp->end_seq))
		sp->end_seq = end_seq;
	return true;
}

void tcp_dsack_set(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tcp_is_sack(tp))
		return;
	tp->rx_opt.dsack = 1;
	tp->duplicate_sack[0].start_seq = seq;
	tp->duplicate_sack[0].end_seq = end_seq;
}

static void tcp_dsack_extend(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->rx_opt.dsack)
		tcp_dsack_set(sk, seq, end_seq);
	else
		tcp_sack_extend(tp->duplicate_sack, seq, end_seq);
}

static void tcp_sack_delete(struct tcp_sock *tp, int this_sack)
{
	int i;

	tp->rx_opt.num_sacks--;
	for (i = this_sack; i < tp->rx_opt.num_sacks; i++)
		tp->selective_acks[i] = tp->selective_acks[i + 1];
}

/* The first block has grown: it may touch the others now. */
static void tcp_sack_maybe_coalesce(struct tcp_sock *tp)
{
	struct tcp_sack_block *sp = tp->selective_acks;
	int this_sack = 1;

	while (this_sack < tp->rx_opt.num_sacks) {
		if (tcp_sack_extend(sp, sp[this_sack].start_seq, sp[this_sack].end_seq))
			tcp_sack_delete(tp, this_sack);
		else
			this_sack++;
	}
}

/* RFC 2018 4: the block of the newest segment comes first. */
static void tcp_sack_new_ofo_skb(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_sack_block *sp = tp->selective_acks;
	int cur_sacks = tp->rx_opt.num_sacks, this_sack, i;

	for (this_sack = 0; this_sack < cur_sacks; this_sack++) {
		if (!tcp_sack_extend(&sp[this_sack], seq, end_seq))
			continue;
		for (i = this_sack; i > 0; i--)
			swap(sp[i], sp[i - 1]);
		if (cur_sacks > 1)
			tcp_sack_maybe_coalesce(tp);
		return;
	}
	if (cur_sacks >= TCP_NUM_SACKS)
		cur_sacks = --tp->rx_opt.num_sacks;
	for (i = cur_sacks; i > 0; i--)
		sp[i] = sp[i - 1];
	sp[0].start_seq = seq;
	sp[0].end_seq = end_seq;
	tp->rx_opt.num_sacks++;
}

static void tcp_sack_remove(struct tcp_sock *tp)
{
	int this_sack = 0;

	if (RB_EMPTY_ROOT(&tp->out_of_order_queue)) {
		tp->rx_opt.num_sacks = 0;
		return;
	}
	while (this_sack < tp->rx_opt.num_sacks) {
		struct tcp_sack_block *sp = &tp->selective_acks[this_sack];

		if (before(tp->rcv_nxt, sp->start_seq)) {
			this_sack++;
			continue;
		}
		WARN_ON(before(tp->rcv_nxt, sp->end_seq));
		tcp_sack_delete(tp, this_sack);
	}
}

/* ---- The queues ---- */

static bool mptcp_skb_can_collapse(const struct sk_buff *to, const struct sk_buff *from)
{
	return !TCP_SKB_CB(to)->has_mpext && !TCP_SKB_CB(from)->has_mpext;
}

static bool tcp_try_coalesce(struct sock *sk, struct sk_buff *to, struct sk_buff *from,
			     bool *fragstolen)
{
	int delta;

	*fragstolen = false;
	if (TCP_SKB_CB(from)->seq != TCP_SKB_CB(to)->end_seq)
		return false;
	if (!mptcp_skb_can_collapse(to, from))
		return false;
	if (!skb_try_coalesce(to, from, fragstolen, &delta))
		return false;
	sk->sk_rmem_alloc += delta;
	TCP_SKB_CB(to)->end_seq = TCP_SKB_CB(from)->end_seq;
	TCP_SKB_CB(to)->ack_seq = TCP_SKB_CB(from)->ack_seq;
	TCP_SKB_CB(to)->tcp_flags |= TCP_SKB_CB(from)->tcp_flags;
	return true;
}

/* Return: whether @skb was joined to the last packet, and is the caller's to free. */
int tcp_queue_rcv(struct sock *sk, struct sk_buff *skb, bool *fragstolen)
{
	struct sk_buff *tail = skb_peek_tail(&sk->sk_receive_queue);
	int eaten = tail && tcp_try_coalesce(sk, tail, skb, fragstolen);

	tcp_sk(sk)->rcv_nxt = TCP_SKB_CB(skb)->end_seq;
	if (!eaten) {
		__skb_queue_tail(&sk->sk_receive_queue, skb);
		skb_set_owner_r(skb, sk);
	}
	return eaten;
}

/* One packet that the tree holds and that is next, or older. Return: FIN was seen. */
static bool tcp_ofo_one(struct sock *sk, struct sk_buff *skb, u32 *dsack_high)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool fin, fragstolen;

	if (before(TCP_SKB_CB(skb)->seq, *dsack_high)) {
		u32 dsack = *dsack_high;

		if (before(TCP_SKB_CB(skb)->end_seq, *dsack_high))
			*dsack_high = TCP_SKB_CB(skb)->end_seq;
		tcp_dsack_extend(sk, TCP_SKB_CB(skb)->seq, dsack);
	}
	rb_erase(&skb->rbnode, &tp->out_of_order_queue);
	if (malformed(!after(TCP_SKB_CB(skb)->end_seq, tp->rcv_nxt))) {
		tcp_drop_reason(skb, SKB_DROP_REASON_TCP_OFO_DROP);
		return false;
	}
	fin = TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN;
	if (tcp_queue_rcv(sk, skb, &fragstolen))
		kfree_skb_partial(skb, fragstolen);
	if (fin)
		tcp_fin(sk);	/* drops whatever lies behind it */
	return fin;
}

/* A gap was closed: what waits behind it is in order now. */
static void tcp_ofo_queue(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 dsack_high = tp->rcv_nxt;
	struct sk_buff *skb;

	while ((skb = skb_rb_first(&tp->out_of_order_queue)) != NULL) {
		if (after(TCP_SKB_CB(skb)->seq, tp->rcv_nxt))
			break;
		if (tcp_ofo_one(sk, skb, &dsack_high))
			break;
	}
}

static bool tcp_ooo_try_coalesce(struct sock *sk, struct sk_buff *to, struct sk_buff *from,
				 bool *fragstolen)
{
	return tcp_try_coalesce(sk, to, from, fragstolen);
}

/* What the search for a place in the tree found. */
enum ofo_place {
	OFO_INSERT,	/* below parent, at link */
	OFO_REPLACED,	/* in the place of one that it covers */
	OFO_EATEN,	/* joined to another, or all there already */
};

static enum ofo_place tcp_ofo_find(struct sock *sk, struct sk_buff *skb,
				   struct rb_node **parent, struct rb_node ***link)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct rb_node **p = &tp->out_of_order_queue.rb_node;
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	bool fragstolen;

	*parent = NULL;
	while (*p) {
		struct sk_buff *skb1 = rb_to_skb(*p);

		*parent = *p;
		if (before(seq, TCP_SKB_CB(skb1)->seq)) {
			p = &(*parent)->rb_left;
			continue;
		}
		if (before(seq, TCP_SKB_CB(skb1)->end_seq)) {
			if (malformed(!after(end_seq, TCP_SKB_CB(skb1)->end_seq))) {
				tcp_drop_reason(skb, SKB_DROP_REASON_TCP_OFOMERGE);
				tcp_dsack_set(sk, seq, end_seq);
				return OFO_EATEN;
			}
			if (malformed(!after(seq, TCP_SKB_CB(skb1)->seq))) {
				rb_replace_node(&skb1->rbnode, &skb->rbnode,
						&tp->out_of_order_queue);
				tcp_dsack_extend(sk, TCP_SKB_CB(skb1)->seq,
						 TCP_SKB_CB(skb1)->end_seq);
				tcp_drop_reason(skb1, SKB_DROP_REASON_TCP_OFOMERGE);
				return OFO_REPLACED;
			}
			tcp_dsack_set(sk, seq, TCP_SKB_CB(skb1)->end_seq);
		} else if (tcp_ooo_try_coalesce(sk, skb1, skb, &fragstolen)) {
			kfree_skb_partial(skb, fragstolen);
			return OFO_EATEN;
		}
		p = &(*parent)->rb_right;
	}
	*link = p;
	return OFO_INSERT;
}

/* Drop what @skb covers behind it. */
static void tcp_ofo_merge_right(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 end_seq = TCP_SKB_CB(skb)->end_seq;
	struct sk_buff *skb1;

	while ((skb1 = skb_rb_next(skb)) != NULL) {
		if (!after(end_seq, TCP_SKB_CB(skb1)->seq))
			break;
		if (malformed(before(end_seq, TCP_SKB_CB(skb1)->end_seq))) {
			tcp_dsack_extend(sk, TCP_SKB_CB(skb1)->seq, end_seq);
			break;
		}
		rb_erase(&skb1->rbnode, &tp->out_of_order_queue);
		tcp_dsack_extend(sk, TCP_SKB_CB(skb1)->seq, TCP_SKB_CB(skb1)->end_seq);
		tcp_drop_reason(skb1, SKB_DROP_REASON_TCP_OFOMERGE);
	}
	if (!skb1)
		tp->ooo_last_skb = skb;
}

/* Return: false if the packet is gone. */
static bool tcp_ofo_insert(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct rb_node *parent = NULL, **link = &tp->out_of_order_queue.rb_node;
	enum ofo_place place = OFO_INSERT;
	bool fragstolen;

	if (!RB_EMPTY_ROOT(&tp->out_of_order_queue)) {
		if (tcp_ooo_try_coalesce(sk, tp->ooo_last_skb, skb, &fragstolen)) {
			kfree_skb_partial(skb, fragstolen);
			return false;
		}
		if (!before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(tp->ooo_last_skb)->end_seq)) {
			parent = &tp->ooo_last_skb->rbnode;
			link = &parent->rb_right;
		} else {
			place = tcp_ofo_find(sk, skb, &parent, &link);
		}
	}
	if (place == OFO_EATEN)
		return false;
	if (place == OFO_INSERT) {
		rb_link_node(&skb->rbnode, parent, link);
		rb_insert_color(&skb->rbnode, &tp->out_of_order_queue);
	}
	tcp_ofo_merge_right(sk, skb);
	return true;
}

static void tcp_data_queue_ofo(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;

	if (malformed(tcp_try_rmem_schedule(sk, skb, skb->truesize))) {
		tcp_drop_reason(skb, SKB_DROP_REASON_PROTO_MEM);
		return;
	}
	tp->pred_flags = false;
	tp->ack_now = true;
	sink_effect_u64(sock_net(sk)->sink, "tcp.ofo", seq);

	if (tcp_ofo_insert(sk, skb))
		skb_set_owner_r(skb, sk);
	if (tcp_is_sack(tp))
		tcp_sack_new_ofo_skb(sk, seq, end_seq);
}

/* In order, or what is left of it behind what is known. */
static void tcp_data_queue_next(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool fin = TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN, fragstolen;

	if (!skb_queue_empty(&sk->sk_receive_queue) &&
	    malformed(tcp_try_rmem_schedule(sk, skb, skb->truesize))) {
		tcp_drop_reason(skb, SKB_DROP_REASON_PROTO_MEM);
		return;
	}
	sink_effect_u64(sock_net(sk)->sink, "tcp.data", skb->len);
	if (tcp_queue_rcv(sk, skb, &fragstolen))
		kfree_skb_partial(skb, fragstolen);
	tp->ack_scheduled = true;
	if (fin)
		tcp_fin(sk);

	if (!RB_EMPTY_ROOT(&tp->out_of_order_queue)) {
		tcp_ofo_queue(sk);
		if (RB_EMPTY_ROOT(&tp->out_of_order_queue))
			tp->ack_now = true;
	}
	if (tp->rx_opt.num_sacks)
		tcp_sack_remove(tp);
}

static void tcp_data_drop(struct sock *sk, struct sk_buff *skb, enum skb_drop_reason reason)
{
	tcp_sk(sk)->ack_now = true;
	tcp_drop_reason(skb, reason);
}

/**
 * tcp_data_queue - the data of a segment that is in the window
 * @skb: consumed; data at the TCP header
 */
void tcp_data_queue(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	if (sk_is_mptcp(sk) && malformed(!mptcp_incoming_options(sk, skb))) {
		tcp_drop_reason(skb, SKB_DROP_REASON_NOT_SPECIFIED);
		return;
	}
	if (cb->seq == cb->end_seq) {
		consume_skb(skb);
		return;
	}
	__skb_pull(skb, tcp_hdrlen(skb));
	tp->rx_opt.dsack = 0;

	if (cb->seq == tp->rcv_nxt) {
		if (malformed(!tcp_receive_window(tp))) {
			tcp_data_drop(sk, skb, SKB_DROP_REASON_TCP_ZEROWINDOW);
			return;
		}
		tcp_data_queue_next(sk, skb);
		return;
	}
	if (malformed(!after(cb->end_seq, tp->rcv_nxt))) {
		tcp_dsack_set(sk, cb->seq, cb->end_seq);
		tcp_data_drop(sk, skb, SKB_DROP_REASON_TCP_OLD_DATA);
		return;
	}
	if (malformed(!before(cb->seq, tp->rcv_nxt + tcp_receive_window(tp)))) {
		tcp_data_drop(sk, skb, SKB_DROP_REASON_TCP_OVERWINDOW);
		return;
	}
	if (before(cb->seq, tp->rcv_nxt)) {
		tcp_dsack_set(sk, cb->seq, tp->rcv_nxt);
		if (malformed(!tcp_receive_window(tp))) {
			tcp_data_drop(sk, skb, SKB_DROP_REASON_TCP_ZEROWINDOW);
			return;
		}
		tcp_data_queue_next(sk, skb);
		return;
	}
	tcp_data_queue_ofo(sk, skb);
}
