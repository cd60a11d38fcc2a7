// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP: urgent data, and what the user reads.
 *
 * Modelled on: Linux 6.1 net/ipv4/tcp_input.c (tcp_check_urg, tcp_urg), net/ipv4/tcp.c
 *	(tcp_recvmsg_locked)
 * Spec: RFC 9293 3.8.5, RFC 6093
 * Differs: reading never waits. CVE-2020-17437 is a variant: uIP skips over urgent data
 *	in a static buffer, here the byte itself is read from the packet's block.
 */
#include <linux/slab.h>
#include <net/tcp.h>

#include "rx.h"

static void tcp_check_urg(struct sock *sk, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ptr = ntohs(th->urg_ptr);

	/* it points behind the urgent byte, everywhere but in the standard */
	if (ptr)
		ptr--;
	ptr += ntohl(th->seq);

	if (malformed(after(tp->copied_seq, ptr)))
		return;
	if (malformed(before(ptr, tp->rcv_nxt)))
		return;
	if (malformed(tp->urg_data && !after(ptr, tp->urg_seq)))
		return;

	sink_effect_u64(sock_net(sk)->sink, "tcp.urg.seq", ptr);
	/* the urgent byte before this one was never read: it is skipped */
	if (tp->urg_seq == tp->copied_seq && tp->urg_data && !tp->urginline &&
	    tp->copied_seq != tp->rcv_nxt) {
		struct sk_buff *skb = skb_peek(&sk->sk_receive_queue);

		tp->copied_seq++;
		if (skb && !before(tp->copied_seq, TCP_SKB_CB(skb)->end_seq)) {
			__skb_unlink(skb, &sk->sk_receive_queue);
			consume_skb(skb);
		}
	}
	tp->urg_data = TCP_URG_NOTYET;
	tp->urg_seq = ptr;
	tp->pred_flags = false;
}

/* The urgent byte, if this segment has it. @skb->data is at the TCP header. */
void tcp_urg(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ptr;
	u8 tmp;

	if (th->urg)
		tcp_check_urg(sk, th);
	if (tp->urg_data != TCP_URG_NOTYET)
		return;

	ptr = tp->urg_seq - ntohl(th->seq) + th->doff * 4 - th->syn;
	if (malformed_in(CVE_2020_17437, ptr >= skb->len))
		return;
	if (!skb_is_nonlinear(skb))
		tmp = skb->data[ptr];
	else if (skb_copy_bits(skb, (int)ptr, &tmp, 1))
		BUG();
	tp->urg_data = TCP_URG_VALID | tmp;
	sink_effect_u64(sock_net(sk)->sink, "tcp.urg.data", tmp);
}

/* How much of @used bytes at copied_seq is no urgent data; -1: skip one byte. */
static int tcp_recv_urg(struct tcp_sock *tp, u32 used)
{
	u32 urg_offset = tp->urg_seq - tp->copied_seq;

	if (!tp->urg_data || urg_offset >= used)
		return (int)used;
	if (urg_offset)
		return (int)urg_offset;
	return tp->urginline ? (int)used : -1;
}

/* Bytes of @skb from the user's place on. Return: how many, 0 to stop. */
static u32 tcp_recv_skb(struct sock *sk, struct sk_buff *skb, u8 *to, size_t len)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 offset = tp->copied_seq - TCP_SKB_CB(skb)->seq, used;
	int want;

	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN)
		offset--;
	if (offset >= skb->len)
		return 0;
	used = min((u32)len, skb->len - offset);
	want = tcp_recv_urg(tp, used);
	if (want < 0) {
		tp->copied_seq++;
		tp->urg_data = 0;
		return 0;
	}
	if (skb_copy_bits(skb, (int)offset, to, want) < 0)
		return 0;
	tp->copied_seq += (u32)want;
	return (u32)want;
}

/* Whatever of it the user has taken goes. */
static void tcp_eat_recv_skb(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN &&
	    tp->copied_seq + 1 == TCP_SKB_CB(skb)->end_seq)
		tp->copied_seq++;
	if (before(tp->copied_seq, TCP_SKB_CB(skb)->end_seq))
		return;
	__skb_unlink(skb, &sk->sk_receive_queue);
	consume_skb(skb);
}

/* The user reads up to @len bytes. Return: how many there were. */
int tcp_recvmsg(struct sock *sk, size_t len)
{
	u8 *buf = kmalloc(len, GFP_ATOMIC);
	struct sk_buff *skb;
	u32 done = 0, used, seq;

	if (!buf)
		return -ENOMEM;
	while (done < len && (skb = skb_peek(&sk->sk_receive_queue)) != NULL) {
		seq = tcp_sk(sk)->copied_seq;
		used = tcp_recv_skb(sk, skb, buf + done, len - done);
		done += used;
		tcp_eat_recv_skb(sk, skb);
		if (!used && seq == tcp_sk(sk)->copied_seq &&
		    skb == skb_peek(&sk->sk_receive_queue))
			break;
	}
	sink_effect_bytes(sock_net(sk)->sink, "tcp.recv", buf, done);
	kfree(buf);
	return (int)done;
}
