// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP: making room when more has been received than there is memory for.
 *
 * Modelled on: Linux 6.1 net/ipv4/tcp_input.c (tcp_try_rmem_schedule, tcp_prune_queue,
 *	tcp_prune_ofo_queue, tcp_collapse, tcp_collapse_one, tcp_collapse_ofo_queue,
 *	tcp_rbtree_insert)
 * Spec: RFC 9293 3.8.6.2
 * Differs: memory is what the socket's receive buffer has; there is no global limit.
 */
#include <net/tcp.h>

#include "rx.h"

/* A list, or a tree: what is collapsed. */
struct tcp_rcv_queue {
	struct sk_buff_head *list;
	struct rb_root *root;
};

static struct sk_buff *tcp_skb_next(struct sk_buff *skb, const struct tcp_rcv_queue *queue)
{
	if (queue->list)
		return skb_peek_next(skb, queue->list);
	return skb_rb_next(skb);
}

static struct sk_buff *tcp_collapse_one(struct sk_buff *skb, const struct tcp_rcv_queue *queue)
{
	struct sk_buff *next = tcp_skb_next(skb, queue);

	if (queue->list)
		__skb_unlink(skb, queue->list);
	else
		rb_erase(&skb->rbnode, queue->root);
	consume_skb(skb);
	return next;
}

/* In order of sequence numbers. */
void tcp_rbtree_insert(struct rb_root *root, struct sk_buff *skb)
{
	struct rb_node **p = &root->rb_node, *parent = NULL;

	while (*p) {
		parent = *p;
		if (before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(rb_to_skb(parent))->seq))
			p = &parent->rb_left;
		else
			p = &parent->rb_right;
	}
	rb_link_node(&skb->rbnode, parent, p);
	rb_insert_color(&skb->rbnode, root);
}

static bool tcp_skb_is_syn_fin(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_flags & (TCPHDR_SYN | TCPHDR_FIN);
}

/* Worth copying: bloated, or partly old, or overlapping the next one. */
static bool tcp_collapsible(const struct sk_buff *skb, const struct sk_buff *next,
			    const struct sk_buff *tail, u32 start)
{
	if (!tcp_skb_is_syn_fin(skb) &&
	    (skb->truesize / 2 > skb->len || before(TCP_SKB_CB(skb)->seq, start)))
		return true;
	return next && next != tail && !TCP_SKB_CB(skb)->has_mpext &&
	       !TCP_SKB_CB(next)->has_mpext &&
	       TCP_SKB_CB(skb)->end_seq != TCP_SKB_CB(next)->seq;
}

/* Where collapsing pays; NULL: nowhere before @tail. */
static struct sk_buff *tcp_collapse_find(struct sk_buff *skb, struct sk_buff *tail,
					 const struct tcp_rcv_queue *queue, u32 *start)
{
	struct sk_buff *next;

	while (skb && skb != tail) {
		if (malformed(!before(*start, TCP_SKB_CB(skb)->end_seq))) {
			skb = tcp_collapse_one(skb, queue);
			continue;
		}
		next = tcp_skb_next(skb, queue);
		if (tcp_collapsible(skb, next, tail, *start))
			return tcp_skb_is_syn_fin(skb) ? NULL : skb;
		*start = TCP_SKB_CB(skb)->end_seq;
		skb = next;
	}
	return NULL;
}

/* Fill @nskb from @skb on. Return: where to go on, NULL or @tail when at the end. */
static struct sk_buff *tcp_collapse_copy(struct sk_buff *nskb, struct sk_buff *skb,
					 struct sk_buff *tail,
					 const struct tcp_rcv_queue *queue, u32 *start, int copy,
					 bool *stop)
{
	while (copy > 0) {
		int offset = (int)(*start - TCP_SKB_CB(skb)->seq);
		int size = (int)(TCP_SKB_CB(skb)->end_seq - *start);

		BUG_ON(offset < 0);
		if (size > 0) {
			size = min(copy, size);
			if (skb_copy_bits(skb, offset, skb_put(nskb, (unsigned int)size),
					  size))
				BUG();
			TCP_SKB_CB(nskb)->end_seq += (u32)size;
			copy -= size;
			*start += (u32)size;
		}
		if (before(*start, TCP_SKB_CB(skb)->end_seq))
			continue;
		skb = tcp_collapse_one(skb, queue);
		if (!skb || skb == tail || TCP_SKB_CB(skb)->has_mpext ||
		    tcp_skb_is_syn_fin(skb)) {
			*stop = true;
			break;
		}
	}
	return skb;
}

/* Copy the data of @head up to @tail into as few packets as it takes. */
static void tcp_collapse(struct sock *sk, const struct tcp_rcv_queue *queue,
			 struct sk_buff *head, struct sk_buff *tail, u32 start, u32 end)
{
	struct sk_buff *skb = tcp_collapse_find(head, tail, queue, &start), *nskb;
	struct sk_buff_head tmp;
	bool stop = false;

	if (!skb)
		return;
	__skb_queue_head_init(&tmp);
	while (!stop && before(start, end)) {
		int copy = min((int)PAGE_SIZE, (int)(end - start));

		nskb = alloc_skb((unsigned int)copy, GFP_ATOMIC);
		if (!nskb)
			break;
		memcpy(nskb->cb, skb->cb, sizeof(skb->cb));
		TCP_SKB_CB(nskb)->seq = TCP_SKB_CB(nskb)->end_seq = start;
		if (queue->list)
			__skb_queue_before(queue->list, skb, nskb);
		else
			__skb_queue_tail(&tmp, nskb);	/* the tree is being walked */
		skb_set_owner_r(nskb, sk);
		skb = tcp_collapse_copy(nskb, skb, tail, queue, &start, copy, &stop);
	}
	while ((nskb = __skb_dequeue(&tmp)) != NULL)
		tcp_rbtree_insert(queue->root, nskb);
}

/* Each run of packets without a gap. */
void tcp_collapse_ofo_queue(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_rcv_queue queue = { .root = &tp->out_of_order_queue };
	struct sk_buff *skb = skb_rb_first(&tp->out_of_order_queue), *head;
	u32 start, end, range_truesize, sum_tiny = 0;

	while (skb) {
		head = skb;
		start = TCP_SKB_CB(skb)->seq;
		end = TCP_SKB_CB(skb)->end_seq;
		range_truesize = skb->truesize;
		while ((skb = skb_rb_next(skb)) != NULL) {
			if (after(TCP_SKB_CB(skb)->seq, end) ||
			    before(TCP_SKB_CB(skb)->end_seq, start))
				break;
			range_truesize += skb->truesize;
			if (before(TCP_SKB_CB(skb)->seq, start))
				start = TCP_SKB_CB(skb)->seq;
			if (after(TCP_SKB_CB(skb)->end_seq, end))
				end = TCP_SKB_CB(skb)->end_seq;
		}
		if (range_truesize != head->truesize || end - start >= PAGE_SIZE) {
			tcp_collapse(sk, &queue, head, skb, start, end);
		} else {
			sum_tiny += range_truesize;
			if (sum_tiny > (u32)sk->sk_rcvbuf >> 3)
				return;
		}
	}
	tp->ooo_last_skb = skb_rb_last(&tp->out_of_order_queue);
}

/* Drop from the end, an eighth of the buffer at a time. Return: something went. */
bool tcp_prune_ofo_queue(struct sock *sk, const struct sk_buff *in_skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tp->ooo_last_skb, *prev;
	int goal = sk->sk_rcvbuf >> 3;
	bool pruned = false;

	if (RB_EMPTY_ROOT(&tp->out_of_order_queue))
		return false;
	while (skb) {
		/* what is worth less than what arrives */
		if (malformed(after(TCP_SKB_CB(in_skb)->seq, TCP_SKB_CB(skb)->seq)))
			break;
		pruned = true;
		prev = skb_rb_prev(skb);
		rb_erase(&skb->rbnode, &tp->out_of_order_queue);
		goal -= (int)skb->truesize;
		tcp_drop_reason(skb, SKB_DROP_REASON_TCP_OFO_QUEUE_PRUNE);
		tp->ooo_last_skb = prev;
		skb = prev;
		if (goal <= 0) {
			if (sk->sk_rmem_alloc <= sk->sk_rcvbuf)
				break;
			goal = sk->sk_rcvbuf >> 3;
		}
	}
	/* a receiver that drops what it said it has says so */
	if (pruned && tcp_is_sack(tp))
		tcp_sack_reset(&tp->rx_opt);
	return pruned;
}

int tcp_prune_queue(struct sock *sk, const struct sk_buff *in_skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_rcv_queue queue = { .list = &sk->sk_receive_queue };

	tcp_collapse_ofo_queue(sk);
	if (!skb_queue_empty(&sk->sk_receive_queue))
		tcp_collapse(sk, &queue, skb_peek(&sk->sk_receive_queue), NULL,
			     tp->copied_seq, tp->rcv_nxt);
	if (sk->sk_rmem_alloc <= sk->sk_rcvbuf)
		return 0;
	tcp_prune_ofo_queue(sk, in_skb);
	if (sk->sk_rmem_alloc <= sk->sk_rcvbuf)
		return 0;
	tp->pred_flags = false;
	return -1;
}

/* Return: 0 if there is room for @skb, perhaps after collapsing and dropping. */
int tcp_try_rmem_schedule(struct sock *sk, struct sk_buff *skb, unsigned int size)
{
	if (sk->sk_rmem_alloc <= sk->sk_rcvbuf)
		return 0;
	return tcp_prune_queue(sk, skb) < 0 ? -1 : 0;
}
