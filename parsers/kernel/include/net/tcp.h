/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TCP: constants, small helpers and the functions of the port (parsers/net/tcp_*.c).
 * Faithful to Linux 6.1 in names and meaning; MIB counters are left out.
 */
#ifndef _TCP_H
#define _TCP_H

#include <linux/tcp.h>
#include <net/mptcp.h>

#define MAX_TCP_OPTION_SPACE	40
#define TCP_MIN_SND_MSS		48
#define TCP_MIN_GSO_SIZE	(TCP_MIN_SND_MSS - MAX_TCP_OPTION_SPACE)
#define MAX_TCP_WINDOW		32767U
#define TCP_MAX_WSCALE		14U
#define TCP_MSS_DEFAULT		536U
#define TCP_PAWS_24DAYS		(60 * 60 * 24 * 24)
#define TCP_PAWS_MSL		60
#define TCP_PAWS_WINDOW		1
#define TCP_RTO_MAX		120000U
#define TCP_RTO_MIN		200U
#define TCP_TIMEOUT_INIT	1000U
#define TCP_DELACK_MIN		40U
#define TCP_FASTRETRANS_THRESH	3
#define MAX_TCP_HEADER		128

enum {
	TCPOPT_NOP = 1, TCPOPT_EOL = 0, TCPOPT_MSS = 2, TCPOPT_WINDOW = 3,
	TCPOPT_SACK_PERM = 4, TCPOPT_SACK = 5, TCPOPT_TIMESTAMP = 8, TCPOPT_MD5SIG = 19,
	TCPOPT_MPTCP = 30, TCPOPT_FASTOPEN = 34, TCPOPT_EXP = 254,

	TCPOPT_FASTOPEN_MAGIC = 0xF989,

	TCPOLEN_MSS = 4, TCPOLEN_WINDOW = 3, TCPOLEN_SACK_PERM = 2, TCPOLEN_TIMESTAMP = 10,
	TCPOLEN_MD5SIG = 18, TCPOLEN_FASTOPEN_BASE = 2, TCPOLEN_EXP_FASTOPEN_BASE = 4,
	TCPOLEN_EXP_SMC_BASE = 6, TCPOLEN_TSTAMP_ALIGNED = 12, TCPOLEN_SACK_BASE = 2,
	TCPOLEN_SACK_BASE_ALIGNED = 4, TCPOLEN_SACK_PERBLOCK = 8, TCPOLEN_MSS_ALIGNED = 4,
	TCPOLEN_WSCALE_ALIGNED = 4, TCPOLEN_SACKPERM_ALIGNED = 4,

	TCP_FASTOPEN_COOKIE_MIN = 4, TCP_FASTOPEN_COOKIE_MAX = 16,
	TCP_FASTOPEN_COOKIE_SIZE = 8,
};
#define TCPOPT_SMC_MAGIC	0xE2D4C3D9U

#define TCPHDR_FIN	0x01
#define TCPHDR_SYN	0x02
#define TCPHDR_RST	0x04
#define TCPHDR_PSH	0x08
#define TCPHDR_ACK	0x10
#define TCPHDR_URG	0x20

#define TCP_SACK_SEEN	(1 << 0)
#define TCP_DSACK_SEEN	(1 << 2)

#define TCP_URG_VALID	0x0100
#define TCP_URG_NOTYET	0x0200
#define TCP_URG_READ	0x0400

enum { TCP_CA_Open, TCP_CA_Disorder, TCP_CA_CWR, TCP_CA_Recovery, TCP_CA_Loss };

/* Private to TCP while it holds a packet; h4.opt of Linux is left out. */
struct tcp_skb_cb {
	__u32	seq;
	__u32	end_seq;
	struct {
		u16	tcp_gso_segs;
		u16	tcp_gso_size;
	};
	__u8	tcp_flags;
	__u8	sacked;		/* state flags of sent data; offset of a received SACK */
#define TCPCB_SACKED_ACKED	0x01
#define TCPCB_SACKED_RETRANS	0x02
#define TCPCB_LOST		0x04
#define TCPCB_TAGBITS		0x07
#define TCPCB_REPAIRED		0x10
#define TCPCB_EVER_RETRANS	0x80
#define TCPCB_RETRANS		(TCPCB_SACKED_RETRANS | TCPCB_EVER_RETRANS | TCPCB_REPAIRED)
	__u8	ip_dsfield;
	__u8	eor:1,
		has_mpext:1,
		opts_sunk:1,	/* the sink has the options of this packet */
		mpopts_sunk:1;
	__u32	ack_seq;
};

#define TCP_SKB_CB(__skb)	((struct tcp_skb_cb *)&((__skb)->cb[0]))

static inline bool before(__u32 seq1, __u32 seq2)
{
	return (__s32)(seq1 - seq2) < 0;
}
#define after(seq2, seq1)	before(seq1, seq2)

/* Whether seq1 lies in [seq2, seq3]. */
static inline bool between(__u32 seq1, __u32 seq2, __u32 seq3)
{
	return seq3 - seq2 >= seq1 - seq2;
}

static inline bool before64(__u64 seq1, __u64 seq2)
{
	return (__s64)(seq1 - seq2) < 0;
}
#define after64(seq2, seq1)	before64(seq1, seq2)

static inline bool tcp_is_sack(const struct tcp_sock *tp)
{
	return tp->rx_opt.sack_ok;
}

static inline bool sk_is_mptcp(const struct sock *sk)
{
	return tcp_sk(sk)->subflow != NULL;
}

static inline int tcp_skb_pcount(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_gso_segs;
}

static inline void tcp_skb_pcount_set(struct sk_buff *skb, int segs)
{
	TCP_SKB_CB(skb)->tcp_gso_segs = (u16)segs;
}

static inline void tcp_skb_pcount_add(struct sk_buff *skb, int segs)
{
	TCP_SKB_CB(skb)->tcp_gso_segs = (u16)(TCP_SKB_CB(skb)->tcp_gso_segs + segs);
}

static inline int tcp_skb_mss(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_gso_size;
}

static inline u32 tcp_wnd_end(const struct tcp_sock *tp)
{
	return tp->snd_una + tp->snd_wnd;
}

static inline u32 tcp_receive_window(const struct tcp_sock *tp)
{
	s32 win = (s32)(tp->rcv_wup + tp->rcv_wnd - tp->rcv_nxt);

	return win < 0 ? 0 : (u32)win;
}

static inline struct sk_buff *tcp_rtx_queue_head(const struct sock *sk)
{
	return skb_rb_first(&sk->tcp_rtx_queue);
}

static inline struct sk_buff *tcp_rtx_queue_tail(const struct sock *sk)
{
	return skb_rb_last(&sk->tcp_rtx_queue);
}

static inline void tcp_sack_reset(struct tcp_options_received *rx_opt)
{
	rx_opt->dsack = 0;
	rx_opt->num_sacks = 0;
}

/* tcp_ipv4.c, tcp_ipv6.c */
int tcp_v4_rcv(struct sk_buff *skb);
int tcp_v6_rcv(struct sk_buff *skb);

/* tcp_options.c */
void tcp_parse_options(const struct net *net, const struct sk_buff *skb,
		       struct tcp_options_received *opt_rx, int estab,
		       struct tcp_fastopen_cookie *foc);
bool tcp_fast_parse_options(const struct net *net, const struct sk_buff *skb,
			    const struct tcphdr *th, struct tcp_sock *tp);
u16 tcp_parse_mss_option(const struct tcphdr *th, u16 user_mss);
const u8 *tcp_parse_md5sig_option(const struct tcphdr *th);

/* tcp_input.c */
int tcp_rcv_state_process(struct sock *sk, struct sk_buff *skb);
void tcp_rcv_established(struct sock *sk, struct sk_buff *skb);
void tcp_reset(struct sock *sk, struct sk_buff *skb);
void tcp_fin(struct sock *sk);
bool tcp_oow_rate_limited(const struct sk_buff *skb, u32 *last_oow_ack_time);
bool tcp_paws_reject(const struct tcp_options_received *rx_opt, int rst);
bool tcp_paws_check(const struct tcp_options_received *rx_opt, int paws_win);

/* tcp_minisocks.c, tcp_conn_request.c */
int tcp_conn_request(struct sock *sk, struct sk_buff *skb);
struct sock *tcp_check_req(struct sock *sk, struct sk_buff *skb, struct request_sock *req,
			   bool *req_stolen);
struct sock *tcp_create_openreq_child(struct sock *sk, struct request_sock *req,
				      struct sk_buff *skb);
int tcp_child_process(struct sock *parent, struct sock *child, struct sk_buff *skb);
struct sock *cookie_check(struct sock *sk, struct sk_buff *skb);

/* tcp_sack.c, tcp_ack.c */
struct tcp_sacktag_state {
	u32	reord;
	u32	sack_delivered;
	int	flag;
	unsigned int mss_now;
};

int tcp_sacktag_write_queue(struct sock *sk, const struct sk_buff *ack_skb,
			    u32 prior_snd_una, struct tcp_sacktag_state *state);
int tcp_ack(struct sock *sk, const struct sk_buff *skb, int flag);
void tcp_enter_loss(struct sock *sk);
void tcp_xmit_retransmit_queue(struct sock *sk);
u32 tcp_highest_sack_seq(const struct tcp_sock *tp);

/* tcp_data_queue.c, tcp_collapse.c */
void tcp_data_queue(struct sock *sk, struct sk_buff *skb);
int tcp_queue_rcv(struct sock *sk, struct sk_buff *skb, bool *fragstolen);
void tcp_dsack_set(struct sock *sk, u32 seq, u32 end_seq);
int tcp_try_rmem_schedule(struct sock *sk, struct sk_buff *skb, unsigned int size);
void tcp_collapse_ofo_queue(struct sock *sk);
int tcp_prune_queue(struct sock *sk, const struct sk_buff *in_skb);
bool tcp_prune_ofo_queue(struct sock *sk, const struct sk_buff *in_skb);
void tcp_rbtree_insert(struct rb_root *root, struct sk_buff *skb);
void skb_rbtree_purge(struct rb_root *root);

/* tcp_urg.c */
void tcp_urg(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th);
int tcp_recvmsg(struct sock *sk, size_t len);

/* tcp_output.c */
enum tcp_queue { TCP_FRAG_IN_WRITE_QUEUE, TCP_FRAG_IN_RTX_QUEUE };

void tcp_send_ack(struct sock *sk);
void tcp_send_delayed_ack(struct sock *sk);
void tcp_send_challenge_ack(struct sock *sk);
void tcp_send_active_reset(struct sock *sk);
void tcp_send_fin(struct sock *sk);
void tcp_push_pending_frames(struct sock *sk);
int tcp_fragment(struct sock *sk, enum tcp_queue tcp_queue, struct sk_buff *skb, u32 len,
		 unsigned int mss_now, gfp_t gfp);
void tcp_set_skb_tso_segs(struct sk_buff *skb, unsigned int mss_now);
int tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb);
unsigned int tcp_current_mss(struct sock *sk);
unsigned int tcp_sync_mss(struct sock *sk, u32 pmtu);
void tcp_send_synack(const struct request_sock *req, struct tcp_fastopen_cookie *foc);
void tcp_send_reset(const struct sock *sk, struct sk_buff *skb);
int tcp_sendmsg(struct sock *sk, u32 len);
void tcp_rearm_rto(struct sock *sk);

/* mptcp_options.c, mptcp_output.c */
void mptcp_get_options(const struct sk_buff *skb, struct mptcp_options_received *mp_opt);
bool mptcp_incoming_options(struct sock *sk, struct sk_buff *skb);
bool mptcp_established_options(struct sock *sk, struct sk_buff *skb, unsigned int *size,
			       unsigned int remaining, struct mptcp_out_options *opts);
void mptcp_write_options(struct tcphdr *th, __be32 *ptr, struct tcp_sock *tp,
			 struct mptcp_out_options *opts);
void mptcp_subflow_init_req(struct request_sock *req, const struct sk_buff *skb);
int mptcp_subflow_created(struct sock *child, struct request_sock *req, struct sk_buff *skb);
u64 add_addr_generate_hmac(u64 key1, u64 key2, const struct mptcp_addr_info *addr);

/* tcp_sock.c */
struct sock *tcp_lookup(u16 family, __be16 sport, __be16 dport, struct request_sock **req);
struct sock *tcp_alloc_sock(struct net *net, u16 family, u16 num, __be16 dport);
void tcp_sock_put(struct sock *sk);
void tcp_done(struct sock *sk);
void tcp_done_with_error(struct sock *sk, int err);
void tcp_write_queue_purge(struct sock *sk);
void tcp_set_state(struct sock *sk, int state);
void tcp_rtx_queue_unlink_and_free(struct sk_buff *skb, struct sock *sk);
struct request_sock *tcp_reqsk_alloc(struct sock *listener, bool attach);
void tcp_reqsk_free(struct request_sock *req);
void tcp_reqsk_put(struct request_sock *req);
void tcp_reqsk_unlink(struct request_sock *req);
void tcp_segment_begin(const struct sk_buff *skb);
void tcp_segment_end(void);
void tcp_drop_reason(struct sk_buff *skb, enum skb_drop_reason reason);
u32 tcp_time_stamp(void);

#endif /* _TCP_H */
