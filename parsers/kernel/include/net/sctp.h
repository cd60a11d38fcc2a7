/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCTP: the objects that live between packets, and the functions of the port
 * (parsers/net/sctp_*.c). Names and meanings of Linux 6.1 include/net/sctp/.
 *
 * Changed for testing: a list of associations in place of hash tables; what a state
 * function asks for is done at once; an event of the user is an effect unless it holds
 * data; congestion windows, path MTUs and round-trip times are left out.
 */
#ifndef _NET_SCTP_H
#define _NET_SCTP_H

#include <linux/sctp.h>
#include <linux/timer.h>
#include <net/sock.h>

enum {
	SCTP_TSN_MAP_INITIAL	= 64,
	SCTP_TSN_MAP_INCREMENT	= 64,
	SCTP_TSN_MAP_SIZE	= 4096,
	SCTP_MAX_DUP_TSNS	= 16,
	SCTP_MAX_GABS		= 16,
	SCTP_MAX_STREAM		= 0xffff,
	SCTP_DEFAULT_MINWINDOW	= 1500,
	SCTP_DEFAULT_MAXSEGMENT	= 1500,
	SCTP_MAX_CHUNK_LEN	= 65532,
	SCTP_MAX_RETRANS	= 5,
	SCTP_MAX_INIT_RETRANS	= 3,
	SCTP_RTO_INITIAL	= 3000,		/* ms, as all times here */
	SCTP_RTO_MAX		= 60000,
	SCTP_SACK_TIMEOUT	= 200,
	SCTP_HB_INTERVAL	= 30000,
	SCTP_T5_GUARD		= 5 * SCTP_RTO_MAX,
	SCTP_COOKIE_LIFE	= 60000,
	SCTP_COOKIE_MULTIPLE	= 32,
	SCTP_SIGNATURE_SIZE	= 32,

	SCTP_AUTH_NUM_HMACS	= 4,
	SCTP_AUTH_HMAC_ID_SHA1	= 1,
	SCTP_AUTH_HMAC_ID_SHA256 = 3,
	SCTP_AUTH_HMAC_ID_MAX	= 3,
	SCTP_AUTH_RANDOM_LENGTH	= 32,
	SCTP_AUTH_MAX_CHUNKS	= 16,

	SCTP_MSG_EOR		= 0x80,
	SCTP_HB_NONCE		= 0x6e6f6e63,
};

/* Serial number arithmetic of TSN, SSN and MID. */
static inline bool TSN_lt(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}

static inline bool TSN_lte(u32 a, u32 b)
{
	return (s32)(a - b) <= 0;
}

static inline bool MID_lt(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}

static inline bool SSN_lt(u16 a, u16 b)
{
	return (s16)(a - b) < 0;
}

/* ---- Addresses ---- */

union sctp_addr {
	struct {
		u16 sin_family;
		__be16 sin_port;
		__be32 sin_addr;
		u8 pad[8];
	} v4;
	struct {
		u16 sin6_family;
		__be16 sin6_port;
		__be32 sin6_flowinfo;
		struct in6_addr sin6_addr;
		u32 sin6_scope_id;
	} v6;
};

bool sctp_from_addr_param(union sctp_addr *addr, const union sctp_addr_param *param,
			  __be16 port);
unsigned int sctp_to_addr_param(const union sctp_addr *addr, union sctp_addr_param *param);
bool sctp_addr_valid(const union sctp_addr *addr);
bool sctp_is_any(const union sctp_addr *addr);
bool sctp_cmp_addr_exact(const union sctp_addr *a, const union sctp_addr *b);

/* ---- The cookie: what an association is made of again ---- */

struct sctp_cookie {
	__u32 my_vtag;
	__u32 peer_vtag;
	__u32 my_ttag;
	__u32 peer_ttag;
	s64 expiration;
	__u16 sinit_num_ostreams;
	__u16 sinit_max_instreams;
	__u32 initial_tsn;
	union sctp_addr peer_addr;
	__u16 my_port;
	__u8 prsctp_capable;
	__u8 padding;
	__u32 adaptation_ind;
	__u8 auth_random[4 + SCTP_AUTH_RANDOM_LENGTH];
	__u8 auth_hmacs[SCTP_AUTH_NUM_HMACS * 2 + 2];
	__u8 auth_chunks[4 + SCTP_AUTH_MAX_CHUNKS];
	__u8 padding2[2];
	__u32 raw_addr_list_len;
	/* INIT chunk, then our addresses */
} __packed;

struct sctp_signed_cookie {
	__u8 signature[SCTP_SIGNATURE_SIZE];
	__u32 __pad;
	struct sctp_cookie c;
} __packed;

static inline struct sctp_init_chunk *sctp_cookie_init(struct sctp_signed_cookie *cookie)
{
	return (struct sctp_init_chunk *)(cookie + 1);
}

/* What we ask a peer to send back. */
struct sctp_sender_hb_info {
	struct sctp_paramhdr param_hdr;
	union sctp_addr daddr;
	u64 sent_at;
	u64 hb_nonce;
	u32 probe_size;
	u32 pad;
} __packed;

/* ---- Objects ---- */

enum sctp_state {
	SCTP_STATE_CLOSED,
	SCTP_STATE_COOKIE_WAIT,
	SCTP_STATE_COOKIE_ECHOED,
	SCTP_STATE_ESTABLISHED,
	SCTP_STATE_SHUTDOWN_PENDING,
	SCTP_STATE_SHUTDOWN_SENT,
	SCTP_STATE_SHUTDOWN_RECEIVED,
	SCTP_STATE_SHUTDOWN_ACK_SENT,
};
#define SCTP_STATE_NUM_STATES (SCTP_STATE_SHUTDOWN_ACK_SENT + 1)

enum sctp_disposition {
	SCTP_DISPOSITION_DISCARD,
	SCTP_DISPOSITION_CONSUME,
	SCTP_DISPOSITION_NOMEM,
	SCTP_DISPOSITION_DELETE_TCB,
	SCTP_DISPOSITION_ABORT,
	SCTP_DISPOSITION_VIOLATION,
};

enum sctp_ierror {
	SCTP_IERROR_NO_ERROR,
	SCTP_IERROR_NOMEM,
	SCTP_IERROR_ERROR,
	SCTP_IERROR_ABORT,
	SCTP_IERROR_MALFORMED,
	SCTP_IERROR_BAD_SIG,
	SCTP_IERROR_BAD_TAG,
	SCTP_IERROR_BAD_PORTS,
	SCTP_IERROR_STALE_COOKIE,
	SCTP_IERROR_AUTH_BAD_HMAC,
	SCTP_IERROR_AUTH_BAD_KEYID,
	SCTP_IERROR_PROTO_VIOLATION,
	SCTP_IERROR_HIGH_TSN,
	SCTP_IERROR_DUP_TSN,
	SCTP_IERROR_IGNORE_TSN,
	SCTP_IERROR_NO_DATA,
	SCTP_IERROR_BAD_STREAM,
};

enum sctp_timer {
	SCTP_TIMER_T1,		/* INIT or COOKIE ECHO, by the state */
	SCTP_TIMER_T2,
	SCTP_TIMER_T4,
	SCTP_TIMER_T5,
	SCTP_TIMER_SACK,
	SCTP_NUM_TIMERS,
};

struct sctp_association;
struct sctp_chunk;
struct sctp_ulpevent;
struct sctp_ulpq;

/* A secret. */
struct sctp_auth_bytes {
	u32 len;
	u8 data[];
};

struct sctp_shared_key {
	struct list_head key_list;
	u16 key_id;
	bool deactivated;
	struct sctp_auth_bytes *key;	/* NULL: the empty key */
};

/* A socket of the one-to-many style. */
struct sctp_endpoint {
	struct sock sk;
	u16 port;		/* 0: of each association */
	bool listening;
	bool ctl;		/* takes what is for nobody */
	bool closing;
	bool hmac;		/* cookies are signed */
	bool auth_enable, asconf_enable, prsctp_enable, reconf_enable, intl_enable,
	     ecn_enable, addip_noauth;
	u32 pd_point;
	u32 pd_mode;		/* associations whose message is delivered in parts */
	struct sk_buff_head pd_lobby;
	struct list_head endpoint_shared_keys;
	u8 auth_hmacs_list[SCTP_AUTH_NUM_HMACS * 2 + 2];
	u8 auth_chunk_list[4 + SCTP_AUTH_MAX_CHUNKS];
};

struct sctp_transport {
	struct list_head transports;
	refcount_t refcnt;
	struct sctp_association *asoc;
	union sctp_addr ipaddr;
	bool dead;
	bool confirmed;
	u32 error_count;
	u32 flight_size;
	unsigned long rto;
	u64 hb_nonce;
	unsigned long hb_sent_at;
	struct timer_list T3_rtx_timer;
	struct timer_list hb_timer;
	struct list_head transmitted;
};

/* A chunk in a packet that arrived, or one of ours. */
struct sctp_chunk {
	struct list_head list;			/* of the queue it waits in */
	struct list_head transmitted_list;
	refcount_t refcnt;
	struct sk_buff *skb;
	struct sctp_chunkhdr *chunk_hdr;
	union {
		u8 *v;
		struct sctp_datahdr *data_hdr;
		struct sctp_idatahdr *idata_hdr;
		struct sctp_inithdr *init_hdr;
		struct sctp_sackhdr *sack_hdr;
		struct sctp_signed_cookie *cookie_hdr;
		struct sctp_fwdtsn_hdr *fwdtsn_hdr;
		struct sctp_addiphdr *addip_hdr;
	} subh;
	u8 *chunk_end;
	struct sctphdr *sctp_hdr;
	struct sctp_endpoint *ep;
	struct sctp_association *asoc;
	struct sctp_transport *transport;
	struct sk_buff *auth_chunk;
	union sctp_addr source;
	union sctp_addr dest;
	u32 tsn_missing_report;
	bool singleton, end_of_packet, pdiscard, auth, has_asconf, data_accepted, ecn_ce_done;
	bool tsn_gap_acked, fast_retransmit, expires, abandoned;
};

struct sctp_tsnmap {
	unsigned long *tsn_map;
	u32 base_tsn;
	u32 cumulative_tsn_ack_point;
	u32 max_tsn_seen;
	u16 len;
	u16 num_dup_tsns;
	__be32 dup_tsns[SCTP_MAX_DUP_TSNS];
};

struct sctp_stream_out {
	u32 mid;	/* the lower half is the SSN */
	u32 mid_uo;
	bool closed;
};

struct sctp_stream_in {
	u32 mid;
	u32 mid_uo;
	u32 fsn;
	u32 fsn_uo;
	bool pd_mode;
	bool pd_mode_uo;
};

/* What differs between DATA and I-DATA. */
struct sctp_stream_interleave {
	u16 data_chunk_len;
	u16 ftsn_chunk_len;
	bool (*validate_data)(struct sctp_chunk *chunk);
	int (*ulpevent_data)(struct sctp_ulpq *ulpq, struct sctp_chunk *chunk);
	void (*renege_events)(struct sctp_ulpq *ulpq, struct sctp_chunk *chunk);
	void (*start_pd)(struct sctp_ulpq *ulpq);
	void (*abort_pd)(struct sctp_ulpq *ulpq);
	bool (*validate_ftsn)(struct sctp_chunk *chunk);
	void (*report_ftsn)(struct sctp_ulpq *ulpq, u32 ftsn);
	void (*handle_ftsn)(struct sctp_ulpq *ulpq, struct sctp_chunk *chunk);
};

struct sctp_stream {
	struct sctp_stream_out *out;
	struct sctp_stream_in *in;
	u16 outcnt;
	u16 incnt;
	const struct sctp_stream_interleave *si;
};

struct sctp_ulpq {
	struct sctp_association *asoc;
	struct sk_buff_head reasm;
	struct sk_buff_head reasm_uo;
	struct sk_buff_head lobby;
	bool pd_mode;
};

struct sctp_outq {
	struct sctp_association *asoc;
	struct list_head control_chunk_list;
	struct list_head sacked;
	struct list_head retransmit;
	struct list_head abandoned;
	u32 outstanding_bytes;
	bool cork;
};

struct sctp_inq {
	struct list_head in_chunk_list;
	struct sctp_chunk *in_progress;
};

struct sctp_peer {
	struct list_head transport_addr_list;
	u16 transport_count;
	u16 port;
	struct sctp_transport *primary_path;
	struct sctp_tsnmap tsn_map;
	u32 rwnd;
	struct {
		u32 init_tag;
		u32 a_rwnd;
		u16 num_outbound_streams;
		u16 num_inbound_streams;
		u32 initial_tsn;
	} i;
	u32 adaptation_ind;
	u32 addip_serial;
	u16 addip_disabled_mask;
	u16 cookie_len;
	u8 *cookie;
	u8 *peer_random;	/* whole parameters */
	u8 *peer_chunks;
	u8 *peer_hmacs;
	bool ipv4_address, ipv6_address, hostname_address;
	bool ecn_capable, asconf_capable, auth_capable, prsctp_capable, reconf_capable,
	     intl_capable, sack_needed;
};

struct sctp_association {
	struct list_head asocs;
	refcount_t refcnt;
	bool dead;
	bool temp;
	bool bound;		/* in the list of those that packets may be for */
	enum sctp_state state;
	struct net *net;
	struct sctp_endpoint *ep;
	struct sctp_cookie c;
	struct sctp_peer peer;
	struct sctp_stream stream;
	struct sctp_ulpq ulpq;
	struct sctp_outq outqueue;
	struct sctp_inq inqueue;
	struct timer_list timers[SCTP_NUM_TIMERS];
	s64 cookie_life;
	union sctp_addr local;
	union sctp_addr local_deleted;	/* an address that ASCONF is about to delete */

	u32 next_tsn;
	u32 ctsn_ack_point;
	u32 adv_peer_ack_point;
	u32 highest_sacked;
	u32 unack_data;
	u32 rwnd;
	u32 rwnd_over;
	u32 last_ecne_tsn;
	u32 last_cwr_tsn;
	bool need_ecne;
	u32 overall_error_count;
	u32 init_err_counter;

	u32 addip_serial;
	struct sctp_chunk *addip_last_asconf;
	struct list_head asconf_ack_list;
	struct sctp_transport *new_transport;

	u16 active_key_id;
	u16 default_hmac_id;
	struct sctp_auth_bytes *asoc_shared_key;
	struct list_head endpoint_shared_keys;

	struct sctp_chunk *strreset_chunk;
	u32 strreset_outseq;
	u32 strreset_inseq;
	u32 strreset_result[2];
	u8 strreset_outstanding;
};

/* In skb->cb of what the user will read. */
struct sctp_ulpevent {
	struct sctp_association *asoc;
	struct sctp_chunk *chunk;
	u16 stream;
	u16 ssn;
	u16 msg_flags;
	u32 mid;
	u32 fsn;
	u32 ppid;
	u32 tsn;
};

static inline struct sctp_ulpevent *sctp_skb2event(struct sk_buff *skb)
{
	return (struct sctp_ulpevent *)skb->cb;
}

static inline struct sk_buff *sctp_event2skb(const struct sctp_ulpevent *ev)
{
	return container_of((const char(*)[sizeof(((struct sk_buff *)0)->cb)])ev,
			    struct sk_buff, cb);
}

typedef enum sctp_disposition sctp_state_fn_t(struct sctp_endpoint *ep,
					      struct sctp_association *asoc,
					      struct sctp_chunk *chunk);

/* ---- sctp_input.c, sctp_inqueue.c ---- */

int sctp_rcv(struct sk_buff *skb);
struct sctp_transport *sctp_addrs_lookup_transport(const union sctp_addr *laddr,
						   const union sctp_addr *paddr);
void sctp_inq_push(struct sctp_inq *queue, struct sctp_chunk *chunk);
struct sctp_chunk *sctp_inq_pop(struct sctp_inq *queue);
void sctp_inq_free(struct sctp_inq *queue);
void sctp_assoc_bh_rcv(struct sctp_association *asoc);
void sctp_endpoint_bh_rcv(struct sctp_endpoint *ep, struct sctp_inq *queue);

/* ---- sctp_chunk.c ---- */

struct sctp_chunk *sctp_chunkify(struct sk_buff *skb, struct sctp_association *asoc);
struct sctp_chunk *sctp_make_control(struct sctp_association *asoc, u8 type, u8 flags,
				     size_t paylen);
void sctp_chunk_hold(struct sctp_chunk *chunk);
void sctp_chunk_put(struct sctp_chunk *chunk);
#define sctp_chunk_free sctp_chunk_put
void *sctp_addto_chunk(struct sctp_chunk *chunk, size_t len, const void *data);
int sctp_init_cause(struct sctp_chunk *chunk, u16 cause, size_t paylen);
struct sctp_chunk *sctp_make_abort(struct sctp_association *asoc, const struct sctp_chunk *chunk,
				   size_t hint);
struct sctp_chunk *sctp_make_abort_violation(struct sctp_association *asoc,
					     const struct sctp_chunk *chunk, const char *payload,
					     size_t paylen);
/* @param may be NULL: none. */
struct sctp_chunk *sctp_make_violation_paramlen(struct sctp_association *asoc,
						const struct sctp_chunk *chunk,
						const struct sctp_paramhdr *param);
struct sctp_chunk *sctp_make_op_error_space(struct sctp_association *asoc,
					    const struct sctp_chunk *chunk, size_t size);
struct sctp_chunk *sctp_make_op_error(struct sctp_association *asoc,
				      const struct sctp_chunk *chunk, u16 cause,
				      const void *payload, size_t paylen, size_t reserve_tail);
struct sctp_chunk *sctp_make_sack(struct sctp_association *asoc);
struct sctp_chunk *sctp_make_shutdown(struct sctp_association *asoc);
struct sctp_chunk *sctp_make_heartbeat(struct sctp_association *asoc,
				       struct sctp_transport *transport);
struct sctp_chunk *sctp_make_tsn_chunk(struct sctp_association *asoc, u8 type, u32 tsn);
const union sctp_addr *sctp_source(const struct sctp_chunk *chunk);
bool sctp_error_fits(const struct sctp_errhdr *err, const struct sctp_chunkhdr *ch);
const struct sctp_errhdr *sctp_error_next(const struct sctp_errhdr *err);

/* What a chunk's fixed part holds, to the sink of @skb. */
void sctp_decode_chunk(const struct sk_buff *skb, const struct sctp_chunkhdr *ch);
void sctp_decode_param(const struct sk_buff *skb, const struct sctp_paramhdr *p);
void sctp_decode_cause(const struct sk_buff *skb, const struct sctp_errhdr *err);

/* ---- sctp_init.c, sctp_param.c, sctp_cookie.c ---- */

struct sctp_chunk *sctp_make_init(struct sctp_association *asoc, size_t vparam_len);
struct sctp_chunk *sctp_make_init_ack(struct sctp_association *asoc, struct sctp_chunk *chunk,
				      size_t unkparam_len);
bool sctp_param_fits(const struct sctp_paramhdr *p, const u8 *end);
const struct sctp_paramhdr *sctp_param_next(const struct sctp_paramhdr *p);
bool sctp_verify_init(struct sctp_endpoint *ep, struct sctp_association *asoc,
		      struct sctp_init_chunk *peer_init, struct sctp_chunk *chunk,
		      struct sctp_chunk **errp);
bool sctp_process_init(struct sctp_association *asoc, struct sctp_chunk *chunk,
		       const union sctp_addr *peer_addr, struct sctp_init_chunk *peer_init);
u8 *sctp_pack_cookie(struct sctp_association *asoc, const struct sctp_chunk *init_chunk,
		     size_t *cookie_len);
struct sctp_association *sctp_unpack_cookie(struct sctp_endpoint *ep,
					    struct sctp_association *asoc,
					    struct sctp_chunk *chunk, enum sctp_ierror *error,
					    struct sctp_chunk **errp);

/* ---- sctp_auth.c ---- */

int sctp_auth_init_keys(struct sctp_endpoint *ep);
void sctp_auth_destroy_keys(struct list_head *keys);
int sctp_auth_asoc_copy_shkeys(const struct sctp_endpoint *ep, struct sctp_association *asoc);
int sctp_auth_asoc_init_active_key(struct sctp_association *asoc);
void sctp_auth_asoc_set_default_hmac(struct sctp_association *asoc, const u8 *hmacs);
bool sctp_auth_send_cid(u8 chunk, const struct sctp_association *asoc);
bool sctp_auth_recv_cid(u8 chunk, const struct sctp_association *asoc);
enum sctp_ierror sctp_sf_authenticate(struct sctp_association *asoc, struct sctp_chunk *chunk);
struct sctp_chunk *sctp_make_auth(struct sctp_association *asoc);
bool sctp_auth_chunk_verify(struct sctp_chunk *chunk, struct sctp_association *asoc);

/* ---- sctp_tsnmap.c, sctp_ulpqueue.c, sctp_interleave.c, sctp_ulpevent.c ---- */

int sctp_tsnmap_init(struct sctp_tsnmap *map, u16 len, u32 initial_tsn);
void sctp_tsnmap_free(struct sctp_tsnmap *map);
int sctp_tsnmap_check(const struct sctp_tsnmap *map, u32 tsn);
int sctp_tsnmap_mark(struct sctp_tsnmap *map, u32 tsn);
void sctp_tsnmap_skip(struct sctp_tsnmap *map, u32 tsn);
void sctp_tsnmap_renege(struct sctp_tsnmap *map, u32 tsn);
void sctp_tsnmap_mark_dup(struct sctp_tsnmap *map, u32 tsn);
unsigned int sctp_tsnmap_num_gabs(struct sctp_tsnmap *map, struct sctp_gap_ack_block *gabs);

static inline bool sctp_tsnmap_has_gap(const struct sctp_tsnmap *map)
{
	return map->cumulative_tsn_ack_point != map->max_tsn_seen;
}

struct sctp_ulpevent *sctp_ulpevent_make_rcvmsg(struct sctp_association *asoc,
						struct sctp_chunk *chunk);
void sctp_ulpevent_free(struct sctp_ulpevent *event);
unsigned int sctp_ulpevent_recv(struct sctp_endpoint *ep, unsigned int max);
void sctp_queue_purge_ulpevents(struct sk_buff_head *list);
struct sctp_ulpevent *sctp_make_reassembled_event(struct sk_buff_head *queue,
						  struct sk_buff *f_frag, struct sk_buff *l_frag);

void sctp_ulpq_init(struct sctp_ulpq *ulpq, struct sctp_association *asoc);
void sctp_ulpq_flush(struct sctp_ulpq *ulpq);
int sctp_ulpq_tail_data(struct sctp_ulpq *ulpq, struct sctp_chunk *chunk);
int sctp_ulpq_tail_event(struct sctp_ulpq *ulpq, struct sk_buff_head *skb_list);
void sctp_ulpq_partial_delivery(struct sctp_ulpq *ulpq);
void sctp_ulpq_renege(struct sctp_ulpq *ulpq, struct sctp_chunk *chunk);
u32 sctp_ulpq_renege_list(struct sctp_ulpq *ulpq, struct sk_buff_head *list, u32 needed);
void sctp_ulpq_skip(struct sctp_ulpq *ulpq, u16 sid, u16 ssn);
void sctp_ulpq_abort_pd(struct sctp_ulpq *ulpq);
void sctp_ulpq_reasm_flushtsn(struct sctp_ulpq *ulpq, u32 fwd_tsn);
bool sctp_clear_pd(struct sctp_endpoint *ep, struct sctp_association *asoc);

int sctp_ulpevent_idata(struct sctp_ulpq *ulpq, struct sctp_chunk *chunk);
void sctp_renege_events(struct sctp_ulpq *ulpq, struct sctp_chunk *chunk);
void sctp_intl_start_pd(struct sctp_ulpq *ulpq);
void sctp_intl_abort_pd(struct sctp_ulpq *ulpq);
void sctp_intl_skip(struct sctp_ulpq *ulpq, u16 sid, u32 mid, u8 flags);
void sctp_stream_interleave_init(struct sctp_association *asoc);

/* ---- sctp_outqueue.c ---- */

void sctp_outq_tail(struct sctp_outq *q, struct sctp_chunk *chunk);
void sctp_outq_uncork(struct sctp_outq *q);
void sctp_outq_sack(struct sctp_outq *q, struct sctp_chunk *chunk);
void sctp_outq_teardown(struct sctp_outq *q);
bool sctp_outq_is_empty(const struct sctp_outq *q);
int sctp_send_data(struct sctp_association *asoc, u16 sid, u16 len, u8 flags, bool expires);
void sctp_retransmit(struct sctp_outq *q, struct sctp_transport *transport);
void sctp_generate_fwdtsn(struct sctp_outq *q, u32 ctsn);
void sctp_send_ootb(struct sctp_endpoint *ep, struct sctp_chunk *chunk, u32 vtag);

/* ---- sctp_associola.c, sctp_transport.c, sctp_env.c ---- */

struct sctp_association *sctp_association_new(struct sctp_endpoint *ep);
void sctp_association_free(struct sctp_association *asoc);
void sctp_association_hold(struct sctp_association *asoc);
void sctp_association_put(struct sctp_association *asoc);
struct sctp_transport *sctp_assoc_add_peer(struct sctp_association *asoc,
					   const union sctp_addr *addr, bool confirmed);
void sctp_assoc_rm_peer(struct sctp_association *asoc, struct sctp_transport *peer);
void sctp_assoc_set_primary(struct sctp_association *asoc, struct sctp_transport *transport);
void sctp_assoc_del_nonprimary_peers(struct sctp_association *asoc,
				     struct sctp_transport *primary);
struct sctp_transport *sctp_assoc_lookup_paddr(const struct sctp_association *asoc,
					       const union sctp_addr *address);
int sctp_assoc_update(struct sctp_association *asoc, struct sctp_association *new);
void sctp_assoc_rwnd_increase(struct sctp_association *asoc, u32 len);
void sctp_assoc_rwnd_decrease(struct sctp_association *asoc, u32 len);
int sctp_stream_init(struct sctp_stream *stream, u16 outcnt, u16 incnt);
int sctp_stream_alloc_in(struct sctp_stream *stream, u16 incnt);
int sctp_stream_alloc_out(struct sctp_stream *stream, u16 outcnt);
void sctp_transport_put(struct sctp_transport *transport);
void sctp_transport_reset_t3_rtx(struct sctp_transport *transport);
void sctp_transport_reset_hb_timer(struct sctp_transport *transport);
void sctp_set_state(struct sctp_association *asoc, enum sctp_state state);
void sctp_timer_start(struct sctp_association *asoc, enum sctp_timer timer);
void sctp_timer_stop(struct sctp_association *asoc, enum sctp_timer timer);
void sctp_cmd_assoc_failed(struct sctp_association *asoc, u16 error);
void sctp_event(struct sctp_association *asoc, const char *name, u64 value);
void sctp_gen_sack(struct sctp_association *asoc, bool force);
void sctp_assoc_link(struct sctp_association *asoc);
struct sctp_association *sctp_assoc_of_port(u16 port);
struct sctp_association *sctp_assoc_of_act(u16 port);

/* The list of associations, and the endpoints. */
struct list_head *sctp_assoc_list(void);
struct sctp_endpoint *sctp_ctl_endpoint(void);
struct sctp_endpoint *sctp_lookup_endpoint(__be16 lport);
struct sctp_association *sctp_open_known(const union sctp_addr *local,
					 const union sctp_addr *peer);

/* ---- State functions ---- */

sctp_state_fn_t *sctp_sm_lookup_event(u8 cid, enum sctp_state state,
				      const struct sctp_endpoint *ep);

sctp_state_fn_t sctp_sf_do_5_1B_init;
sctp_state_fn_t sctp_sf_do_5_1C_ack;
sctp_state_fn_t sctp_sf_do_5_1D_ce;
sctp_state_fn_t sctp_sf_do_5_1E_ca;
sctp_state_fn_t sctp_sf_do_unexpected_init;
sctp_state_fn_t sctp_sf_do_5_2_3_initack;
sctp_state_fn_t sctp_sf_do_5_2_4_dupcook;
sctp_state_fn_t sctp_sf_cookie_echoed_err;
sctp_state_fn_t sctp_sf_cookie_wait_abort;
sctp_state_fn_t sctp_sf_beat_8_3;
sctp_state_fn_t sctp_sf_backbeat_8_3;
sctp_state_fn_t sctp_sf_do_9_1_abort;
sctp_state_fn_t sctp_sf_shutdown_sent_abort;
sctp_state_fn_t sctp_sf_do_9_2_shutdown;
sctp_state_fn_t sctp_sf_do_9_2_shut_ctsn;
sctp_state_fn_t sctp_sf_do_9_2_shutdown_ack;
sctp_state_fn_t sctp_sf_do_9_2_reshutack;
sctp_state_fn_t sctp_sf_do_9_2_final;
sctp_state_fn_t sctp_sf_do_4_C;
sctp_state_fn_t sctp_sf_do_8_5_1_E_sa;
sctp_state_fn_t sctp_sf_do_ecne;
sctp_state_fn_t sctp_sf_do_ecn_cwr;
sctp_state_fn_t sctp_sf_eat_data_6_2;
sctp_state_fn_t sctp_sf_eat_data_fast_4_4;
sctp_state_fn_t sctp_sf_eat_sack_6_2;
sctp_state_fn_t sctp_sf_eat_fwd_tsn;
sctp_state_fn_t sctp_sf_eat_fwd_tsn_fast;
sctp_state_fn_t sctp_sf_eat_auth;
sctp_state_fn_t sctp_sf_operr_notify;
sctp_state_fn_t sctp_sf_do_asconf;
sctp_state_fn_t sctp_sf_do_asconf_ack;
sctp_state_fn_t sctp_sf_do_reconf;
sctp_state_fn_t sctp_sf_ootb;
sctp_state_fn_t sctp_sf_tabort_8_4_8;
sctp_state_fn_t sctp_sf_unk_chunk;
sctp_state_fn_t sctp_sf_discard_chunk;
sctp_state_fn_t sctp_sf_pdiscard;
sctp_state_fn_t sctp_sf_violation;
sctp_state_fn_t sctp_sf_violation_chunklen;
sctp_state_fn_t sctp_sf_violation_chunk;
sctp_state_fn_t sctp_sf_violation_ctsn;
enum sctp_disposition sctp_sf_violation_paramlen(struct sctp_association *asoc,
						 struct sctp_chunk *chunk,
						 const struct sctp_paramhdr *param);
enum sctp_disposition sctp_sf_abort_violation(struct sctp_endpoint *ep,
					      struct sctp_association *asoc,
					      struct sctp_chunk *chunk, const char *payload,
					      size_t paylen);
enum sctp_disposition sctp_sf_do_9_2_start_shutdown(struct sctp_association *asoc);
void sctp_send_shutdown_ack(struct sctp_association *asoc);
void sctp_send_reply(struct sctp_association *asoc, struct sctp_chunk *chunk);

static inline bool sctp_vtag_verify(const struct sctp_chunk *chunk,
				    const struct sctp_association *asoc)
{
	return ntohl(chunk->sctp_hdr->vtag) == asoc->c.my_vtag;
}

/* With the T bit it is the peer's own tag. */
static inline bool sctp_vtag_verify_either(const struct sctp_chunk *chunk,
					   const struct sctp_association *asoc)
{
	bool t = chunk->chunk_hdr->flags & SCTP_CHUNK_FLAG_T;

	return (!t && ntohl(chunk->sctp_hdr->vtag) == asoc->c.my_vtag) ||
	       (t && asoc->c.peer_vtag && ntohl(chunk->sctp_hdr->vtag) == asoc->c.peer_vtag);
}

static inline size_t sctp_chunk_len(const struct sctp_chunk *chunk)
{
	return ntohs(chunk->chunk_hdr->length);
}

/* Is the chunk whole, and long enough for what it begins with? */
static inline bool sctp_chunk_length_valid(const struct sctp_chunk *chunk, size_t required)
{
	return !chunk->pdiscard && sctp_chunk_len(chunk) >= required;
}

/* ---- The user's acts (sctp_act.c); sctp_asconf.c, sctp_stream.c ---- */

int sctp_send_asconf(struct sctp_association *asoc, u8 last, bool del);
void sctp_asconf_teardown(struct sctp_association *asoc);
int sctp_send_reset_streams(struct sctp_association *asoc, bool out, bool in, u16 nums,
			    __be16 sid);
int sctp_send_reset_assoc(struct sctp_association *asoc);
int sctp_send_add_streams(struct sctp_association *asoc, u16 out, u16 in);
void sctp_strreset_drop(struct sctp_association *asoc);

#endif /* _NET_SCTP_H */
