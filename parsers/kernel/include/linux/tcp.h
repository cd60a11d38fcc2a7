/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TCP header and the state of a TCP socket: names and meanings of Linux 6.1, as
 * far as ported code uses them. Changed for testing: no congestion control, pacing,
 * RACK, statistics or locks; little-endian hosts only.
 */
#ifndef _LINUX_TCP_H
#define _LINUX_TCP_H

#include <linux/ktime.h>
#include <linux/skbuff.h>
#include <linux/timer.h>
#include <net/sock.h>

struct tcphdr {
	__be16	source;
	__be16	dest;
	__be32	seq;
	__be32	ack_seq;
	__u16	res1:4,
		doff:4,
		fin:1,
		syn:1,
		rst:1,
		psh:1,
		ack:1,
		urg:1,
		ece:1,
		cwr:1;
	__be16	window;
	__sum16	check;
	__be16	urg_ptr;
};

enum {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT,
	TCP_SYN_RECV,
	TCP_FIN_WAIT1,
	TCP_FIN_WAIT2,
	TCP_TIME_WAIT,
	TCP_CLOSE,
	TCP_CLOSE_WAIT,
	TCP_LAST_ACK,
	TCP_LISTEN,
	TCP_CLOSING,
	TCP_NEW_SYN_RECV,
};

struct tcp_fastopen_cookie {
	__le64	val[2];		/* 4 to 16 bytes of it */
	s8	len;		/* 0: asked for; -1: none */
	bool	exp;		/* in the experimental option */
};

/* As it stands in the option; nothing is aligned there. */
struct tcp_sack_block_wire {
	__be32	start_seq;
	__be32	end_seq;
};

struct tcp_sack_block {
	u32	start_seq;
	u32	end_seq;
};

#define TCP_NUM_SACKS	4

struct tcp_options_received {
	int	ts_recent_stamp;	/* when ts_recent was stored, seconds */
	u32	ts_recent;
	u32	rcv_tsval;
	u32	rcv_tsecr;
	u16	saw_tstamp : 1,
		tstamp_ok : 1,
		dsack : 1,
		wscale_ok : 1,
		sack_ok : 3,
		smc_ok : 1,
		snd_wscale : 4,
		rcv_wscale : 4;
	u8	saw_unknown : 1,
		unused : 7;
	u8	num_sacks;
	u16	user_mss;
	u16	mss_clamp;
};

static inline void tcp_clear_options(struct tcp_options_received *rx_opt)
{
	rx_opt->tstamp_ok = rx_opt->sack_ok = 0;
	rx_opt->wscale_ok = rx_opt->snd_wscale = 0;
	rx_opt->smc_ok = 0;
}

struct mptcp_sock;
struct mptcp_subflow_context;

/* A connection that has sent SYN-ACK and waits for the third segment. */
struct request_sock {
	struct list_head	list;		/* of the listener's queue */
	struct sock		*rsk_listener;
	refcount_t		rsk_refcnt;
	struct timer_list	rsk_timer;
	u8			num_timeout;
	bool			syncookie;
	u16			mss;
	u32			ts_recent;
	u32			rsk_rcv_wnd;
	u8			*saved_syn;
	u32			saved_syn_len;

	__be16			ir_rmt_port;
	u8			ir_family;
	u16			snd_wscale : 4,
				rcv_wscale : 4,
				tstamp_ok : 1,
				sack_ok : 1,
				wscale_ok : 1,
				smc_ok : 1,
				acked : 1,
				mp_capable : 1,
				mp_join : 1;

	u32			rcv_isn;
	u32			snt_isn;
	u32			rcv_nxt;
	u32			ts_off;
	u32			last_oow_ack_time;
	u64			local_key;
	u64			remote_key;
	u8			remote_id;
};

struct tcp_sock {
	struct sock		sk;		/* first */

	/* struct inet_connection_sock of Linux */
	struct timer_list	icsk_retransmit_timer;
	struct timer_list	icsk_delack_timer;
	u32			icsk_rto;	/* ms */
	u8			icsk_ca_state;
	u8			icsk_retransmits;
	bool			ack_now;
	bool			ack_scheduled;
	struct list_head	rskq;		/* requests of a listener */
	u32			rskq_len;
	u32			rskq_max;
	u32			rskq_defer_accept;
	u32			synq_overflow_ts;
	bool			synq_overflow;

	u16			num;		/* our port */
	__be16			dport;
	bool			md5sig;		/* peers sign */
	bool			save_syn;

	u16			tcp_header_len;
	bool			pred_flags;	/* the fast path may be taken */
	u32			rcv_nxt;
	u32			copied_seq;
	u32			rcv_wup;
	u32			snd_nxt;
	u32			snd_una;
	u32			snd_wl1;
	u32			snd_wnd;
	u32			max_window;
	u32			mss_cache;
	u32			write_seq;
	u32			rcv_wnd;
	u32			window_clamp;
	u32			bytes_acked;
	u16			advmss;
	u16			urg_data;
	u32			urg_seq;
	bool			urginline;
	u32			tsoffset;
	u32			last_oow_ack_time;

	u32			packets_out;
	u32			retrans_out;
	u32			lost_out;
	u32			sacked_out;
	u32			reordering;
	u32			dsack_dups;
	u32			total_retrans;
	u32			undo_marker;
	int			undo_retrans;
	u32			high_seq;
	u32			tlp_high_seq;
	u32			reord_seen;
	u32			delivered;
	int			lost_cnt_hint;
	struct sk_buff		*lost_skb_hint;
	struct sk_buff		*retransmit_skb_hint;
	struct sk_buff		*highest_sack;

	struct rb_root		out_of_order_queue;
	struct sk_buff		*ooo_last_skb;
	struct tcp_sack_block	duplicate_sack[1];
	struct tcp_sack_block	selective_acks[TCP_NUM_SACKS];
	struct tcp_sack_block	recv_sack_cache[TCP_NUM_SACKS];
	struct tcp_options_received rx_opt;

	struct mptcp_subflow_context *subflow;	/* NULL: plain TCP */
};

static inline struct tcphdr *tcp_hdr(const struct sk_buff *skb)
{
	return (struct tcphdr *)skb_transport_header(skb);
}

static inline unsigned int __tcp_hdrlen(const struct tcphdr *th)
{
	return th->doff * 4;
}

static inline unsigned int tcp_hdrlen(const struct sk_buff *skb)
{
	return __tcp_hdrlen(tcp_hdr(skb));
}

static inline struct tcp_sock *tcp_sk(const struct sock *sk)
{
	return (struct tcp_sock *)sk;
}

#endif /* _LINUX_TCP_H */
