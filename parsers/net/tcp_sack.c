// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP: what selective acknowledgements say about the packets that were sent.
 *
 * Modelled on: Linux 6.1 net/ipv4/tcp_input.c (tcp_sacktag_write_queue,
 *	tcp_is_sackblock_valid, tcp_check_dsack, tcp_dsack_seen, tcp_match_skb_to_sack,
 *	tcp_sacktag_one, tcp_shift_skb_data, tcp_shifted_skb, tcp_skb_shift,
 *	tcp_sacktag_walk, tcp_sacktag_skip, tcp_check_sack_reordering)
 * Spec: RFC 2018, RFC 2883, RFC 6675
 * Differs: no RACK and rate samples, so that no list of packets by time of sending.
 */
#include <asm/unaligned.h>
#include <net/tcp.h>

#include "rx.h"
#include "tcp_ack.h"

enum { TCP_MAX_REORDERING = 300 };

struct sk_buff *tcp_highest_sack(struct sock *sk)
{
	return tcp_sk(sk)->highest_sack;
}

u32 tcp_highest_sack_seq(const struct tcp_sock *tp)
{
	if (!tp->sacked_out)
		return tp->snd_una;
	return tp->highest_sack ? TCP_SKB_CB(tp->highest_sack)->seq : tp->snd_nxt;
}

static void tcp_advance_highest_sack(struct sock *sk, struct sk_buff *skb)
{
	tcp_sk(sk)->highest_sack = skb_rb_next(skb);
}

/* ---- Which blocks count ---- */

/* RFC 2883: a first block about data that arrived twice. */
static u32 tcp_dsack_seen(struct tcp_sock *tp, u32 start_seq, u32 end_seq,
			  struct tcp_sacktag_state *state)
{
	u32 seq_len = end_seq - start_seq, dup_segs = 1;

	if (malformed(!before(start_seq, end_seq)))
		return 0;
	/* more than the peer's window ever was cannot have arrived */
	if (malformed(seq_len > tp->max_window))
		return 0;
	if (seq_len > tp->mss_cache)
		dup_segs = DIV_ROUND_UP(seq_len, tp->mss_cache);

	tp->dsack_dups += dup_segs;
	/* and not more than was sent twice */
	if (malformed(tp->dsack_dups > tp->total_retrans))
		return 0;

	tp->rx_opt.sack_ok |= TCP_DSACK_SEEN;
	state->flag |= FLAG_DSACKING_ACK;
	state->sack_delivered += dup_segs;
	return dup_segs;
}

static bool tcp_check_dsack(struct sock *sk, const struct sk_buff *ack_skb,
			    const struct tcp_sack_block_wire *sp, int num_sacks,
			    u32 prior_snd_una, struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 start_seq = get_unaligned_be32(&sp[0].start_seq);
	u32 end_seq = get_unaligned_be32(&sp[0].end_seq);
	u32 dup_segs;

	if (!before(start_seq, TCP_SKB_CB(ack_skb)->ack_seq)) {
		if (malformed(num_sacks < 2))
			return false;
		/* inside the second block? */
		if (malformed(after(end_seq, get_unaligned_be32(&sp[1].end_seq))))
			return false;
		if (malformed(before(start_seq, get_unaligned_be32(&sp[1].start_seq))))
			return false;
	}
	dup_segs = tcp_dsack_seen(tp, start_seq, end_seq, state);
	if (!dup_segs)
		return false;

	if (tp->undo_marker && tp->undo_retrans > 0 && !after(end_seq, prior_snd_una) &&
	    after(end_seq, tp->undo_marker))
		tp->undo_retrans = max(0, tp->undo_retrans - (int)dup_segs);
	return true;
}

/* A D-SACK below what is outstanding: as far down as we can know of. */
static bool tcp_is_dsackblock_valid(const struct tcp_sock *tp, u32 start_seq, u32 end_seq)
{
	if (malformed(!tp->undo_marker))
		return false;
	if (malformed(after(end_seq, tp->snd_una)))
		return false;
	if (!before(start_seq, tp->undo_marker))
		return true;
	if (malformed(!after(end_seq, tp->undo_marker)))
		return false;
	return !malformed(before(start_seq, end_seq - tp->max_window));
}

static bool tcp_is_sackblock_valid(struct tcp_sock *tp, bool is_dsack, u32 start_seq,
				   u32 end_seq)
{
	/* what was not sent cannot have arrived */
	if (malformed(after(end_seq, tp->snd_nxt)))
		return false;
	if (malformed(!before(start_seq, end_seq)))
		return false;
	if (malformed(!before(start_seq, tp->snd_nxt)))
		return false;
	if (after(start_seq, tp->snd_una))
		return true;
	if (malformed(!is_dsack))
		return false;
	return tcp_is_dsackblock_valid(tp, start_seq, end_seq);
}

/* ---- One packet ---- */

static void tcp_sacktag_new(struct tcp_sock *tp, struct tcp_sacktag_state *state,
			    u8 *sacked, u32 start_seq, u32 end_seq, int pcount)
{
	if (*sacked & TCPCB_SACKED_RETRANS) {
		if (*sacked & TCPCB_LOST) {
			*sacked &= (u8)~(TCPCB_LOST | TCPCB_SACKED_RETRANS);
			tp->lost_out -= (u32)pcount;
			tp->retrans_out -= (u32)pcount;
		}
	} else {
		/* a hole that was never filled again: the network swapped packets */
		if (!(*sacked & TCPCB_RETRANS) &&
		    before(start_seq, tcp_highest_sack_seq(tp)) &&
		    before(start_seq, state->reord))
			state->reord = start_seq;
		if (*sacked & TCPCB_LOST) {
			*sacked &= (u8)~TCPCB_LOST;
			tp->lost_out -= (u32)pcount;
		}
	}

	*sacked |= TCPCB_SACKED_ACKED;
	state->flag |= FLAG_DATA_SACKED;
	tp->sacked_out += (u32)pcount;
	state->sack_delivered += (u32)pcount;
	if (tp->lost_skb_hint && before(start_seq, TCP_SKB_CB(tp->lost_skb_hint)->seq))
		tp->lost_cnt_hint += pcount;
}

/* Mark [start_seq, end_seq) as arrived. Return: the packet's new marks. */
static u8 tcp_sacktag_one(struct sock *sk, struct tcp_sacktag_state *state, u8 sacked,
			  u32 start_seq, u32 end_seq, int dup_sack, int pcount)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (dup_sack && (sacked & TCPCB_RETRANS)) {
		if (tp->undo_marker && tp->undo_retrans > 0 &&
		    after(end_seq, tp->undo_marker))
			tp->undo_retrans = max(0, tp->undo_retrans - pcount);
		if ((sacked & TCPCB_SACKED_ACKED) && before(start_seq, state->reord))
			state->reord = start_seq;
	}
	if (!after(end_seq, tp->snd_una))
		return sacked;
	if (!(sacked & TCPCB_SACKED_ACKED))
		tcp_sacktag_new(tp, state, &sacked, start_seq, end_seq, pcount);

	/* it had to be sent again, and the first one arrived after all */
	if (dup_sack && (sacked & TCPCB_SACKED_RETRANS)) {
		sacked &= (u8)~TCPCB_SACKED_RETRANS;
		tp->retrans_out -= (u32)pcount;
	}
	return sacked;
}

/* Where to cut a packet that the block covers in part; 0: nowhere, or -errno. */
static int tcp_sack_cut(const struct sk_buff *skb, u32 start_seq, u32 end_seq, bool head)
{
	unsigned int mss = (unsigned int)tcp_skb_mss(skb), pkt_len, whole;

	if (!head) {
		pkt_len = start_seq - TCP_SKB_CB(skb)->seq;
		if (pkt_len < mss)
			pkt_len = mss;
	} else {
		pkt_len = end_seq - TCP_SKB_CB(skb)->seq;
		if (malformed(pkt_len < mss))
			return -EINVAL;
	}
	/* whole segments only */
	if (pkt_len > mss) {
		whole = pkt_len / mss * mss;
		if (!head && whole < pkt_len)
			whole += mss;
		pkt_len = whole;
	}
	if (malformed(pkt_len >= skb->len && !head))
		return 0;
	return (int)pkt_len;
}

/* Whether all of @skb is in the block, after cutting it if part of it is. */
static int tcp_match_skb_to_sack(struct sock *sk, struct sk_buff *skb, u32 start_seq,
				 u32 end_seq)
{
	bool head = !after(start_seq, TCP_SKB_CB(skb)->seq);
	int cut, err;

	if (head && !before(end_seq, TCP_SKB_CB(skb)->end_seq))
		return 1;
	if (tcp_skb_pcount(skb) <= 1 || !after(TCP_SKB_CB(skb)->end_seq, start_seq))
		return 0;

	cut = tcp_sack_cut(skb, start_seq, end_seq, head);
	if (cut <= 0)
		return cut;
	err = tcp_fragment(sk, TCP_FRAG_IN_RTX_QUEUE, skb, (u32)cut,
			   (unsigned int)tcp_skb_mss(skb), GFP_ATOMIC);
	return err < 0 ? err : head;
}

/* ---- Merging packets that have arrived ---- */

static int tcp_skb_seglen(const struct sk_buff *skb)
{
	return tcp_skb_pcount(skb) == 1 ? (int)skb->len : tcp_skb_mss(skb);
}

static bool skb_can_shift(const struct sk_buff *skb)
{
	return !skb_headlen(skb) && skb_is_nonlinear(skb);
}

static bool tcp_skb_can_collapse(const struct sk_buff *to, const struct sk_buff *from)
{
	return !TCP_SKB_CB(to)->eor;
}

/* Segments are counted in sixteen bits, and none is smaller than TCP_MIN_GSO_SIZE. */
static int tcp_skb_shift(struct sk_buff *to, struct sk_buff *from, int pcount, int shiftlen)
{
	if (malformed_in(CVE_2019_11477,
			 (int)to->len + shiftlen >= 65535 * TCP_MIN_GSO_SIZE))
		return 0;
	if (malformed_in(CVE_2019_11477, tcp_skb_pcount(to) + pcount > 65535))
		return 0;
	return skb_shift(to, from, shiftlen);
}

/* All of @skb is in @prev now. */
static void tcp_shifted_all(struct sock *sk, struct sk_buff *prev, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (skb == tp->retransmit_skb_hint)
		tp->retransmit_skb_hint = prev;
	if (skb == tp->lost_skb_hint) {
		tp->lost_skb_hint = prev;
		tp->lost_cnt_hint -= tcp_skb_pcount(prev);
	}
	TCP_SKB_CB(prev)->tcp_flags |= TCP_SKB_CB(skb)->tcp_flags;
	TCP_SKB_CB(prev)->eor = TCP_SKB_CB(skb)->eor;
	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
		TCP_SKB_CB(prev)->end_seq++;
	if (skb == tcp_highest_sack(sk))
		tcp_advance_highest_sack(sk, skb);
	tcp_rtx_queue_unlink_and_free(skb, sk);
}

/* @shifted bytes, @pcount segments, went from @skb to @prev. Return: all of it did. */
static bool tcp_shifted_skb(struct sock *sk, struct sk_buff *prev, struct sk_buff *skb,
			    struct tcp_sacktag_state *state, int pcount, int shifted, int mss,
			    bool dup_sack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 start_seq = TCP_SKB_CB(skb)->seq;

	BUG_ON(!pcount);
	tcp_sacktag_one(sk, state, TCP_SKB_CB(skb)->sacked, start_seq,
			start_seq + (u32)shifted, dup_sack, pcount);
	if (skb == tp->lost_skb_hint)
		tp->lost_cnt_hint += pcount;

	TCP_SKB_CB(prev)->end_seq += (u32)shifted;
	TCP_SKB_CB(skb)->seq += (u32)shifted;
	tcp_skb_pcount_add(prev, pcount);
	WARN_ON_ONCE(tcp_skb_pcount(skb) < pcount);
	tcp_skb_pcount_add(skb, -pcount);
	if (!TCP_SKB_CB(prev)->tcp_gso_size)
		TCP_SKB_CB(prev)->tcp_gso_size = (u16)mss;
	if (tcp_skb_pcount(skb) <= 1)
		TCP_SKB_CB(skb)->tcp_gso_size = 0;
	TCP_SKB_CB(prev)->sacked |= TCP_SKB_CB(skb)->sacked & TCPCB_EVER_RETRANS;

	if (skb->len > 0) {
		BUG_ON(!tcp_skb_pcount(skb));
		return false;
	}
	tcp_shifted_all(sk, prev, skb);
	return true;
}

/* How much of @skb the block lets go to @prev. 0: nothing, but the walk goes on. */
static int tcp_shift_len(struct sk_buff *skb, const struct sk_buff *prev, u32 start_seq,
			 u32 end_seq, int *pcount, int *mss)
{
	bool head = !after(start_seq, TCP_SKB_CB(skb)->seq);
	int len;

	if (head && !before(end_seq, TCP_SKB_CB(skb)->end_seq)) {
		*pcount = tcp_skb_pcount(skb);
		*mss = tcp_skb_seglen(skb);
		return *mss == tcp_skb_seglen(prev) ? (int)skb->len : -EINVAL;
	}
	if (!after(TCP_SKB_CB(skb)->end_seq, start_seq) || tcp_skb_pcount(skb) <= 1)
		return 0;
	if (!head)
		return -EINVAL;

	len = (int)(end_seq - TCP_SKB_CB(skb)->seq);
	BUG_ON(len < 0);
	BUG_ON(len > (int)skb->len);
	*mss = tcp_skb_mss(skb);
	if (*mss != tcp_skb_seglen(prev))
		return -EINVAL;
	if (malformed(len < *mss))
		return 0;
	*pcount = len / *mss;
	return *pcount * *mss;
}

/* A hole was filled: what comes behind it may join too. */
static void tcp_shift_next(struct sock *sk, struct sk_buff *prev,
			   struct tcp_sacktag_state *state, int mss)
{
	struct sk_buff *skb = skb_rb_next(prev);
	int len, pcount;

	if (!skb || !skb_can_shift(skb))
		return;
	if ((TCP_SKB_CB(skb)->sacked & TCPCB_TAGBITS) != TCPCB_SACKED_ACKED)
		return;
	if (mss != tcp_skb_seglen(skb) || !tcp_skb_can_collapse(prev, skb))
		return;
	len = (int)skb->len;
	pcount = tcp_skb_pcount(skb);
	if (tcp_skb_shift(prev, skb, pcount, len))
		tcp_shifted_skb(sk, prev, skb, state, pcount, len, mss, false);
}

/*
 * Join what the block covers of @skb to the packet before, if that has arrived.
 * Return: the packet to go on with, @skb if nothing is to do, NULL if it has to be
 * marked the long way.
 */
static struct sk_buff *tcp_shift_skb_data(struct sock *sk, struct sk_buff *skb,
					  struct tcp_sacktag_state *state, u32 start_seq,
					  u32 end_seq, bool dup_sack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int len, pcount = 0, mss = 0;
	struct sk_buff *prev;
	u8 sacked = TCP_SKB_CB(skb)->sacked;

	if (!dup_sack &&
	    (sacked & (TCPCB_LOST | TCPCB_SACKED_RETRANS)) == TCPCB_SACKED_RETRANS)
		return NULL;
	if (!skb_can_shift(skb) || !after(TCP_SKB_CB(skb)->end_seq, tp->snd_una))
		return NULL;
	prev = skb_rb_prev(skb);
	if (!prev || (TCP_SKB_CB(prev)->sacked & TCPCB_TAGBITS) != TCPCB_SACKED_ACKED ||
	    !tcp_skb_can_collapse(prev, skb))
		return NULL;

	len = tcp_shift_len(skb, prev, start_seq, end_seq, &pcount, &mss);
	if (!len)
		return skb;
	if (len < 0 || !after(TCP_SKB_CB(skb)->seq + (u32)len, tp->snd_una))
		return NULL;
	if (!tcp_skb_shift(prev, skb, pcount, len))
		return NULL;
	if (tcp_shifted_skb(sk, prev, skb, state, pcount, len, mss, dup_sack))
		tcp_shift_next(sk, prev, state, mss);
	return prev;
}

/* ---- The walk along the queue ---- */

static void tcp_sacktag_skb(struct sock *sk, struct sk_buff *skb,
			    struct tcp_sacktag_state *state, bool dup_sack)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	cb->sacked = tcp_sacktag_one(sk, state, cb->sacked, cb->seq, cb->end_seq, dup_sack,
				     tcp_skb_pcount(skb));
	if (!before(cb->seq, tcp_highest_sack_seq(tcp_sk(sk))))
		tcp_advance_highest_sack(sk, skb);
}

static struct sk_buff *tcp_sacktag_walk(struct sk_buff *skb, struct sock *sk,
					const struct tcp_sack_block *next_dup,
					struct tcp_sacktag_state *state, u32 start_seq,
					u32 end_seq, bool dup_sack_in)
{
	struct sk_buff *tmp;

	skb_rbtree_walk_from(skb) {
		bool dup_sack = dup_sack_in;
		int in_sack = 0;

		if (!before(TCP_SKB_CB(skb)->seq, end_seq))
			break;
		if (next_dup && before(TCP_SKB_CB(skb)->seq, next_dup->end_seq)) {
			in_sack = tcp_match_skb_to_sack(sk, skb, next_dup->start_seq,
							next_dup->end_seq);
			if (in_sack > 0)
				dup_sack = true;
		}
		/* merging may free this packet and the next: no safe variant helps */
		if (in_sack <= 0) {
			tmp = tcp_shift_skb_data(sk, skb, state, start_seq, end_seq, dup_sack);
			if (tmp && tmp != skb) {
				skb = tmp;
				continue;
			}
			in_sack = tmp ? 0 : tcp_match_skb_to_sack(sk, skb, start_seq, end_seq);
		}
		if (in_sack < 0)
			break;
		if (in_sack)
			tcp_sacktag_skb(sk, skb, state, dup_sack);
	}
	return skb;
}

static struct sk_buff *tcp_sacktag_bsearch(struct sock *sk, u32 seq)
{
	struct rb_node *node = sk->tcp_rtx_queue.rb_node;
	struct sk_buff *skb;

	while (node) {
		skb = rb_to_skb(node);
		if (before(seq, TCP_SKB_CB(skb)->seq))
			node = node->rb_left;
		else if (!before(seq, TCP_SKB_CB(skb)->end_seq))
			node = node->rb_right;
		else
			return skb;
	}
	return NULL;
}

static struct sk_buff *tcp_sacktag_skip(struct sk_buff *skb, struct sock *sk, u32 skip_to_seq)
{
	if (skb && after(TCP_SKB_CB(skb)->seq, skip_to_seq))
		return skb;
	return tcp_sacktag_bsearch(sk, skip_to_seq);
}

/* The blocks of one acknowledgement, and of the one before. */
struct tcp_sack_walk {
	struct tcp_sack_block sp[TCP_NUM_SACKS];
	int used;
	int first;		/* where the first of the wire went, -1: not used */
	bool found_dup;
	const struct tcp_sack_block *cache, *cache_end;
	struct sk_buff *skb;
};

/* The valid blocks of the option, in order of their beginnings. */
static void tcp_sack_collect(struct sock *sk, const struct sk_buff *ack_skb,
			     const struct tcp_sack_block_wire *wire, int num_sacks,
			     u32 prior_snd_una, struct tcp_sack_walk *walk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int i, j;

	for (i = 0; i < num_sacks; i++) {
		struct tcp_sack_block *sp = &walk->sp[walk->used];

		sp->start_seq = get_unaligned_be32(&wire[i].start_seq);
		sp->end_seq = get_unaligned_be32(&wire[i].end_seq);
		if (!tcp_is_sackblock_valid(tp, !i && walk->found_dup, sp->start_seq,
					    sp->end_seq) ||
		    malformed(!after(sp->end_seq, prior_snd_una))) {
			if (i == 0)
				walk->first = -1;
			continue;
		}
		walk->used++;
	}
	for (i = walk->used - 1; i > 0; i--) {
		for (j = 0; j < i; j++) {
			if (!after(walk->sp[j].start_seq, walk->sp[j + 1].start_seq))
				continue;
			swap(walk->sp[j], walk->sp[j + 1]);
			if (j == walk->first)
				walk->first = j + 1;
		}
	}
}

/* What the previous acknowledgement covered need not be walked again. */
static bool tcp_sack_use_cache(struct sock *sk, struct tcp_sack_walk *walk,
			       const struct tcp_sack_block *next_dup,
			       struct tcp_sacktag_state *state, int i, bool *again)
{
	const struct tcp_sack_block *cache = walk->cache;
	u32 start_seq = walk->sp[i].start_seq, end_seq = walk->sp[i].end_seq;

	*again = false;
	if (before(start_seq, cache->start_seq)) {
		walk->skb = tcp_sacktag_skip(walk->skb, sk, start_seq);
		walk->skb = tcp_sacktag_walk(walk->skb, sk, next_dup, state, start_seq,
					     cache->start_seq, false);
	}
	if (!after(end_seq, cache->end_seq))
		return true;

	if (next_dup && before(next_dup->start_seq, cache->end_seq)) {
		walk->skb = tcp_sacktag_skip(walk->skb, sk, next_dup->start_seq);
		walk->skb = tcp_sacktag_walk(walk->skb, sk, NULL, state, next_dup->start_seq,
					     next_dup->end_seq, true);
	}
	if (tcp_highest_sack_seq(tcp_sk(sk)) == cache->end_seq) {
		walk->cache++;
		walk->skb = tcp_highest_sack(sk);
		if (walk->skb)
			walk->skb = tcp_sacktag_walk(walk->skb, sk, next_dup, state, start_seq,
						     end_seq, false);
		return true;
	}
	walk->skb = tcp_sacktag_skip(walk->skb, sk, cache->end_seq);
	walk->cache++;
	*again = true;
	return true;
}

/* Block @i. Return: whether it wants another round, against the next cached one. */
static bool tcp_sack_one_block(struct sock *sk, struct tcp_sack_walk *walk,
			       struct tcp_sacktag_state *state, int i)
{
	u32 start_seq = walk->sp[i].start_seq, end_seq = walk->sp[i].end_seq;
	bool dup_sack = walk->found_dup && i == walk->first, again = false;
	const struct tcp_sack_block *next_dup = NULL;

	if (walk->found_dup && i + 1 == walk->first)
		next_dup = &walk->sp[i + 1];
	while (walk->cache < walk->cache_end && !before(start_seq, walk->cache->end_seq))
		walk->cache++;
	if (walk->cache < walk->cache_end && !dup_sack &&
	    after(end_seq, walk->cache->start_seq)) {
		tcp_sack_use_cache(sk, walk, next_dup, state, i, &again);
		return again;
	}
	if (!before(start_seq, tcp_highest_sack_seq(tcp_sk(sk)))) {
		walk->skb = tcp_highest_sack(sk);
		if (!walk->skb)
			return false;
	}
	walk->skb = tcp_sacktag_skip(walk->skb, sk, start_seq);
	walk->skb = tcp_sacktag_walk(walk->skb, sk, next_dup, state, start_seq, end_seq,
				     dup_sack);
	return false;
}

static void tcp_sack_remember(struct tcp_sock *tp, const struct tcp_sack_walk *walk)
{
	int i, unused = TCP_NUM_SACKS - walk->used;

	memset(tp->recv_sack_cache, 0, sizeof(tp->recv_sack_cache));
	for (i = 0; i < walk->used; i++)
		tp->recv_sack_cache[unused + i] = walk->sp[i];
}

/* How far packets overtake one another, counted in segments. */
static void tcp_check_sack_reordering(struct sock *sk, u32 low_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 fack = tcp_highest_sack_seq(tp), mss = tp->mss_cache, metric;

	if (!before(low_seq, fack))
		return;
	metric = fack - low_seq;
	if (mss && metric > tp->reordering * mss)
		tp->reordering = min((metric + mss - 1) / mss, (u32)TCP_MAX_REORDERING);
	tp->reord_seen++;
}

/**
 * tcp_sacktag_write_queue - mark what the SACK option of @ack_skb says has arrived
 * @prior_snd_una: what was acknowledged before this segment
 * @state: what was found, for the acknowledgement as a whole
 *
 * Return: FLAG_*.
 */
int tcp_sacktag_write_queue(struct sock *sk, const struct sk_buff *ack_skb, u32 prior_snd_una,
			    struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const u8 *ptr = skb_transport_header(ack_skb) + TCP_SKB_CB(ack_skb)->sacked;
	const struct tcp_sack_block_wire *wire = (const void *)(ptr + 2);
	int num_sacks = min(TCP_NUM_SACKS, (ptr[1] - TCPOLEN_SACK_BASE) >> 3);
	struct tcp_sack_walk walk = { .used = 0, .first = 0 };
	int i = 0;

	state->flag = 0;
	state->reord = tp->snd_nxt;
	if (!tp->sacked_out)
		tp->highest_sack = tcp_rtx_queue_head(sk);

	walk.found_dup = tcp_check_dsack(sk, ack_skb, wire, num_sacks, prior_snd_una, state);
	/* too old an acknowledgement to say anything */
	if (malformed(before(TCP_SKB_CB(ack_skb)->ack_seq, prior_snd_una - tp->max_window)))
		return 0;
	if (!tp->packets_out)
		return state->flag;

	tcp_sack_collect(sk, ack_skb, wire, num_sacks, prior_snd_una, &walk);
	walk.cache_end = tp->recv_sack_cache + TCP_NUM_SACKS;
	walk.cache = tp->sacked_out ? tp->recv_sack_cache : walk.cache_end;
	while (walk.cache < walk.cache_end && !walk.cache->start_seq && !walk.cache->end_seq)
		walk.cache++;
	while (i < walk.used) {
		if (!tcp_sack_one_block(sk, &walk, state, i))
			i++;
	}
	tcp_sack_remember(tp, &walk);
	if (tp->icsk_ca_state != TCP_CA_Loss || tp->undo_marker)
		tcp_check_sack_reordering(sk, state->reord);
	WARN_ON(tp->sacked_out + tp->lost_out > tp->packets_out);
	return state->flag;
}
