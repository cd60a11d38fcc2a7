// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: associations, their paths and streams, their timers, their end.
 *
 * Modelled on: Linux 6.1 net/sctp/associola.c (sctp_association_new, sctp_association_free,
 *	sctp_assoc_add_peer, sctp_assoc_rm_peer, sctp_assoc_set_primary,
 *	sctp_assoc_del_nonprimary_peers, sctp_assoc_lookup_paddr, sctp_assoc_update),
 *	net/sctp/transport.c, net/sctp/stream.c (sctp_stream_init, sctp_stream_alloc_in,
 *	sctp_stream_alloc_out), net/sctp/sm_sideeffect.c (timers, sctp_cmd_assoc_failed,
 *	sctp_gen_sack), net/sctp/sm_statefuns.c (what timers do)
 * Spec: RFC 9260 5, 6.2, 8 and 9
 * Differs: what is random is a constant; one retransmission time for all paths, which
 *	doubles; a path without an answer is never given up by itself.
 */
#include <linux/slab.h>
#include <net/sctp.h>

#include "rx.h"

enum { MY_VTAG = 0x11111111, MY_INITIAL_TSN = 0x20000, MY_STREAMS = 8, RWND = 65536 / 2 };

void sctp_event(struct sctp_association *asoc, const char *name, u64 value)
{
	sink_effect_u64(asoc->net->sink, name, value);
}

void sctp_set_state(struct sctp_association *asoc, enum sctp_state state)
{
	asoc->state = state;
	sctp_event(asoc, "sctp.state", state);
}

/* ---- Streams ---- */

int sctp_stream_alloc_out(struct sctp_stream *stream, u16 outcnt)
{
	struct sctp_stream_out *out = kcalloc(outcnt, sizeof(*out), GFP_ATOMIC);

	if (!out)
		return -ENOMEM;
	if (stream->out)
		memcpy(out, stream->out, min(stream->outcnt, outcnt) * sizeof(*out));
	kfree(stream->out);
	stream->out = out;
	stream->outcnt = outcnt;
	return 0;
}

int sctp_stream_alloc_in(struct sctp_stream *stream, u16 incnt)
{
	struct sctp_stream_in *in = kcalloc(incnt, sizeof(*in), GFP_ATOMIC);

	if (!in)
		return -ENOMEM;
	if (stream->in)
		memcpy(in, stream->in, min(stream->incnt, incnt) * sizeof(*in));
	kfree(stream->in);
	stream->in = in;
	stream->incnt = incnt;
	return 0;
}

int sctp_stream_init(struct sctp_stream *stream, u16 outcnt, u16 incnt)
{
	if (sctp_stream_alloc_out(stream, outcnt))
		return -ENOMEM;
	return sctp_stream_alloc_in(stream, incnt);
}

/* ---- Timers ---- */

void sctp_timer_start(struct sctp_association *asoc, enum sctp_timer timer)
{
	static const unsigned int times[SCTP_NUM_TIMERS] = {
		[SCTP_TIMER_T1] = SCTP_RTO_INITIAL,
		[SCTP_TIMER_T2] = SCTP_RTO_INITIAL,
		[SCTP_TIMER_T4] = SCTP_RTO_INITIAL,
		[SCTP_TIMER_T5] = SCTP_T5_GUARD,
		[SCTP_TIMER_SACK] = SCTP_SACK_TIMEOUT,
	};

	if (!asoc->dead)
		mod_timer(&asoc->timers[timer], jiffies + times[timer]);
}

void sctp_timer_stop(struct sctp_association *asoc, enum sctp_timer timer)
{
	del_timer(&asoc->timers[timer]);
}

/* The association is over, for a reason that the user hears. */
void sctp_cmd_assoc_failed(struct sctp_association *asoc, u16 error)
{
	sctp_event(asoc, "sctp.failed", error);
	sctp_outq_uncork(&asoc->outqueue);
	asoc->stream.si->abort_pd(&asoc->ulpq);
	sctp_set_state(asoc, SCTP_STATE_CLOSED);
	sctp_association_free(asoc);
}

static void sctp_t1_timer_expire(struct timer_list *t)
{
	struct sctp_association *asoc = from_timer(asoc, t, timers[SCTP_TIMER_T1]);
	struct sctp_chunk *repl;

	if (asoc->state > SCTP_STATE_COOKIE_ECHOED)
		return;
	if (++asoc->init_err_counter > SCTP_MAX_INIT_RETRANS) {
		sctp_cmd_assoc_failed(asoc, SCTP_ERROR_NO_ERROR);
		return;
	}
	if (asoc->state == SCTP_STATE_COOKIE_WAIT) {
		repl = sctp_make_init(asoc, 0);
	} else {
		repl = sctp_make_control(asoc, SCTP_CID_COOKIE_ECHO, 0, asoc->peer.cookie_len);
		if (repl)
			sctp_addto_chunk(repl, asoc->peer.cookie_len, asoc->peer.cookie);
	}
	if (repl)
		sctp_outq_tail(&asoc->outqueue, repl);
	sctp_timer_start(asoc, SCTP_TIMER_T1);
}

static void sctp_t2_timer_expire(struct timer_list *t)
{
	struct sctp_association *asoc = from_timer(asoc, t, timers[SCTP_TIMER_T2]);
	struct sctp_chunk *reply;

	if (asoc->state != SCTP_STATE_SHUTDOWN_SENT &&
	    asoc->state != SCTP_STATE_SHUTDOWN_ACK_SENT)
		return;
	if (++asoc->overall_error_count >= SCTP_MAX_RETRANS) {
		sctp_cmd_assoc_failed(asoc, SCTP_ERROR_NO_ERROR);
		return;
	}
	reply = asoc->state == SCTP_STATE_SHUTDOWN_SENT ?
		sctp_make_shutdown(asoc) : sctp_make_control(asoc, SCTP_CID_SHUTDOWN_ACK, 0, 0);
	if (reply)
		sctp_outq_tail(&asoc->outqueue, reply);
	sctp_timer_start(asoc, SCTP_TIMER_T2);
}

static void sctp_t4_timer_expire(struct timer_list *t)
{
	struct sctp_association *asoc = from_timer(asoc, t, timers[SCTP_TIMER_T4]);

	if (!asoc->addip_last_asconf)
		return;
	if (++asoc->overall_error_count >= SCTP_MAX_RETRANS) {
		sctp_cmd_assoc_failed(asoc, SCTP_ERROR_NO_ERROR);
		return;
	}
	sctp_chunk_hold(asoc->addip_last_asconf);
	sctp_outq_tail(&asoc->outqueue, asoc->addip_last_asconf);
	sctp_timer_start(asoc, SCTP_TIMER_T4);
}

static void sctp_t5_timer_expire(struct timer_list *t)
{
	struct sctp_association *asoc = from_timer(asoc, t, timers[SCTP_TIMER_T5]);
	struct sctp_chunk *abort = sctp_make_abort(asoc, NULL, 0);

	if (abort)
		sctp_outq_tail(&asoc->outqueue, abort);
	sctp_cmd_assoc_failed(asoc, SCTP_ERROR_NO_ERROR);
}

static void sctp_sack_timer_expire(struct timer_list *t)
{
	struct sctp_association *asoc = from_timer(asoc, t, timers[SCTP_TIMER_SACK]);

	sctp_gen_sack(asoc, true);
}

/* Every second packet with data is acknowledged at once, the others a little later. */
void sctp_gen_sack(struct sctp_association *asoc, bool force)
{
	struct sctp_chunk *sack, *ecne;

	if (!force && !sctp_tsnmap_has_gap(&asoc->peer.tsn_map) &&
	    !asoc->peer.tsn_map.num_dup_tsns && !asoc->peer.sack_needed) {
		asoc->peer.sack_needed = true;
		sctp_timer_start(asoc, SCTP_TIMER_SACK);
		return;
	}
	asoc->peer.sack_needed = false;
	sctp_timer_stop(asoc, SCTP_TIMER_SACK);
	sack = sctp_make_sack(asoc);
	if (!sack)
		return;
	sctp_outq_tail(&asoc->outqueue, sack);
	if (!asoc->need_ecne)
		return;
	ecne = sctp_make_tsn_chunk(asoc, SCTP_CID_ECN_ECNE, asoc->last_ecne_tsn);
	if (ecne)
		sctp_outq_tail(&asoc->outqueue, ecne);
}

/* ---- Paths ---- */

static void sctp_t3_rtx_expire(struct timer_list *t)
{
	struct sctp_transport *transport = from_timer(transport, t, T3_rtx_timer);
	struct sctp_association *asoc = transport->asoc;

	transport->error_count++;
	if (++asoc->overall_error_count >= SCTP_MAX_RETRANS) {
		sctp_cmd_assoc_failed(asoc, SCTP_ERROR_NO_ERROR);
		return;
	}
	transport->rto = min(2 * transport->rto, (unsigned long)SCTP_RTO_MAX);
	sctp_retransmit(&asoc->outqueue, transport);
}

static void sctp_hb_timer_expire(struct timer_list *t)
{
	struct sctp_transport *transport = from_timer(transport, t, hb_timer);
	struct sctp_chunk *hb = sctp_make_heartbeat(transport->asoc, transport);

	if (hb)
		sctp_outq_tail(&transport->asoc->outqueue, hb);
	sctp_transport_reset_hb_timer(transport);
}

static struct sctp_transport *sctp_transport_new(struct sctp_association *asoc,
						 const union sctp_addr *addr)
{
	struct sctp_transport *transport = kzalloc(sizeof(*transport), GFP_ATOMIC);

	if (!transport)
		return NULL;
	transport->asoc = asoc;
	transport->ipaddr = *addr;
	transport->rto = SCTP_RTO_INITIAL;
	transport->hb_nonce = SCTP_HB_NONCE;
	refcount_set(&transport->refcnt, 1);
	INIT_LIST_HEAD(&transport->transports);
	INIT_LIST_HEAD(&transport->transmitted);
	timer_setup(&transport->T3_rtx_timer, sctp_t3_rtx_expire, 0);
	timer_setup(&transport->hb_timer, sctp_hb_timer_expire, 0);
	return transport;
}

void sctp_transport_put(struct sctp_transport *transport)
{
	if (refcount_dec_and_test(&transport->refcnt))
		kfree(transport);
}

/* Off its association; whoever holds a reference may still look. */
static void sctp_transport_free(struct sctp_transport *transport)
{
	transport->dead = true;
	del_timer(&transport->T3_rtx_timer);
	del_timer(&transport->hb_timer);
	sctp_transport_put(transport);
}

void sctp_transport_reset_t3_rtx(struct sctp_transport *transport)
{
	if (!timer_pending(&transport->T3_rtx_timer))
		mod_timer(&transport->T3_rtx_timer, jiffies + transport->rto);
}

void sctp_transport_reset_hb_timer(struct sctp_transport *transport)
{
	mod_timer(&transport->hb_timer, jiffies + SCTP_HB_INTERVAL + transport->rto);
}

struct sctp_transport *sctp_assoc_lookup_paddr(const struct sctp_association *asoc,
					       const union sctp_addr *address)
{
	struct sctp_transport *t;

	list_for_each_entry(t, &asoc->peer.transport_addr_list, transports) {
		if (sctp_cmp_addr_exact(address, &t->ipaddr))
			return t;
	}
	return NULL;
}

void sctp_assoc_set_primary(struct sctp_association *asoc, struct sctp_transport *transport)
{
	asoc->peer.primary_path = transport;
	sctp_event(asoc, "sctp.primary", transport->ipaddr.v4.sin_family);
}

/* The path to @addr, which is made if it is not there. */
struct sctp_transport *sctp_assoc_add_peer(struct sctp_association *asoc,
					   const union sctp_addr *addr, bool confirmed)
{
	struct sctp_transport *peer = sctp_assoc_lookup_paddr(asoc, addr);

	if (peer) {
		peer->confirmed |= confirmed;
		return peer;
	}
	peer = sctp_transport_new(asoc, addr);
	if (!peer)
		return NULL;
	peer->confirmed = confirmed;
	list_add_tail(&peer->transports, &asoc->peer.transport_addr_list);
	asoc->peer.transport_count++;
	if (!asoc->peer.primary_path)
		sctp_assoc_set_primary(asoc, peer);
	return peer;
}

/* What was sent to @peer is now another path's. */
static void sctp_assoc_move_transmitted(struct sctp_association *asoc,
					struct sctp_transport *peer)
{
	struct sctp_transport *active = asoc->peer.primary_path;
	struct sctp_chunk *chunk, *tmp;

	list_for_each_entry_safe(chunk, tmp, &peer->transmitted, transmitted_list) {
		list_move_tail(&chunk->transmitted_list, &active->transmitted);
		chunk->transport = active;
	}
	active->flight_size += peer->flight_size;
	if (active->flight_size)
		sctp_transport_reset_t3_rtx(active);
}

void sctp_assoc_rm_peer(struct sctp_association *asoc, struct sctp_transport *peer)
{
	list_del_init(&peer->transports);
	if (asoc->peer.primary_path == peer)
		asoc->peer.primary_path = list_first_entry_or_null(
			&asoc->peer.transport_addr_list, struct sctp_transport, transports);
	if (asoc->addip_last_asconf && asoc->addip_last_asconf->transport == peer)
		asoc->addip_last_asconf->transport = NULL;
	if (asoc->strreset_chunk && asoc->strreset_chunk->transport == peer)
		asoc->strreset_chunk->transport = NULL;
	if (asoc->new_transport == peer)
		asoc->new_transport = NULL;
	if (!list_empty(&peer->transmitted))
		sctp_assoc_move_transmitted(asoc, peer);
	asoc->peer.transport_count--;
	sctp_event(asoc, "sctp.rm_peer", peer->ipaddr.v4.sin_family);
	sctp_transport_free(peer);
}

/* Only the path that @primary is stays. */
void sctp_assoc_del_nonprimary_peers(struct sctp_association *asoc,
				     struct sctp_transport *primary)
{
	struct sctp_transport *t, *temp;

	list_for_each_entry_safe(t, temp, &asoc->peer.transport_addr_list, transports) {
		if (t != primary)
			sctp_assoc_rm_peer(asoc, t);
	}
}

/* ---- Associations ---- */

/* Our half of the key vector: RANDOM, HMAC-ALGO and CHUNKS as we send them. */
static void sctp_fill_auth(struct sctp_cookie *c, const struct sctp_endpoint *ep)
{
	memset(c->auth_random, 0x5a, sizeof(c->auth_random));
	put_unaligned_be16(SCTP_PARAM_RANDOM, c->auth_random);
	put_unaligned_be16(sizeof(c->auth_random), c->auth_random + 2);
	memcpy(c->auth_hmacs, ep->auth_hmacs_list, sizeof(c->auth_hmacs));
	memcpy(c->auth_chunks, ep->auth_chunk_list, sizeof(c->auth_chunks));
}

static void sctp_association_init(struct sctp_association *asoc, struct sctp_endpoint *ep)
{
	static void (*const expire[SCTP_NUM_TIMERS])(struct timer_list *t) = {
		[SCTP_TIMER_T1] = sctp_t1_timer_expire,
		[SCTP_TIMER_T2] = sctp_t2_timer_expire,
		[SCTP_TIMER_T4] = sctp_t4_timer_expire,
		[SCTP_TIMER_T5] = sctp_t5_timer_expire,
		[SCTP_TIMER_SACK] = sctp_sack_timer_expire,
	};
	unsigned int i;

	refcount_set(&asoc->refcnt, 1);
	asoc->net = sock_net(&ep->sk);
	asoc->ep = ep;
	asoc->cookie_life = SCTP_COOKIE_LIFE;
	asoc->rwnd = ep->sk.sk_rcvbuf ? (u32)ep->sk.sk_rcvbuf : RWND;
	asoc->c.my_vtag = MY_VTAG;
	asoc->c.initial_tsn = MY_INITIAL_TSN;
	asoc->c.sinit_num_ostreams = MY_STREAMS;
	asoc->c.sinit_max_instreams = MY_STREAMS;
	sctp_fill_auth(&asoc->c, ep);
	for (i = 0; i < SCTP_NUM_TIMERS; i++)
		timer_setup(&asoc->timers[i], expire[i], 0);
	INIT_LIST_HEAD(&asoc->asocs);
	INIT_LIST_HEAD(&asoc->peer.transport_addr_list);
	INIT_LIST_HEAD(&asoc->asconf_ack_list);
	INIT_LIST_HEAD(&asoc->endpoint_shared_keys);
	INIT_LIST_HEAD(&asoc->inqueue.in_chunk_list);
	INIT_LIST_HEAD(&asoc->outqueue.control_chunk_list);
	INIT_LIST_HEAD(&asoc->outqueue.sacked);
	INIT_LIST_HEAD(&asoc->outqueue.retransmit);
	INIT_LIST_HEAD(&asoc->outqueue.abandoned);
	asoc->outqueue.asoc = asoc;
	sctp_ulpq_init(&asoc->ulpq, asoc);
	sctp_stream_interleave_init(asoc);
	asoc->peer.ipv4_address = true;
	asoc->peer.ipv6_address = true;
	asoc->next_tsn = asoc->c.initial_tsn;
	asoc->ctsn_ack_point = asoc->next_tsn - 1;
	asoc->adv_peer_ack_point = asoc->ctsn_ack_point;
	asoc->highest_sacked = asoc->ctsn_ack_point;
	asoc->addip_serial = asoc->c.initial_tsn;
	asoc->strreset_outseq = asoc->c.initial_tsn;
}

/* One that no packet is for yet. */
struct sctp_association *sctp_association_new(struct sctp_endpoint *ep)
{
	struct sctp_association *asoc = kzalloc(sizeof(*asoc), GFP_ATOMIC);

	if (!asoc)
		return NULL;
	sctp_association_init(asoc, ep);
	if (sctp_auth_asoc_copy_shkeys(ep, asoc)) {
		sctp_association_free(asoc);
		return NULL;
	}
	return asoc;
}

void sctp_association_hold(struct sctp_association *asoc)
{
	refcount_inc(&asoc->refcnt);
}

void sctp_association_put(struct sctp_association *asoc)
{
	if (refcount_dec_and_test(&asoc->refcnt))
		kfree(asoc);
}

/* Packets may be for it from here on. */
void sctp_assoc_link(struct sctp_association *asoc)
{
	list_add_tail(&asoc->asocs, sctp_assoc_list());
	asoc->bound = true;
}

/* Nobody's from here on; whoever holds a reference may still look. */
void sctp_association_free(struct sctp_association *asoc)
{
	struct sctp_transport *t, *tmp;
	unsigned int i;

	if (asoc->dead)
		return;
	asoc->dead = true;
	list_del_init(&asoc->asocs);
	for (i = 0; i < SCTP_NUM_TIMERS; i++)
		del_timer(&asoc->timers[i]);
	sctp_outq_uncork(&asoc->outqueue);
	sctp_outq_teardown(&asoc->outqueue);
	if (asoc->ulpq.pd_mode)
		sctp_clear_pd(asoc->ep, asoc);
	asoc->ulpq.pd_mode = false;
	sctp_ulpq_flush(&asoc->ulpq);
	sctp_asconf_teardown(asoc);
	sctp_strreset_drop(asoc);
	list_for_each_entry_safe(t, tmp, &asoc->peer.transport_addr_list, transports) {
		list_del_init(&t->transports);
		sctp_transport_free(t);
	}
	asoc->peer.primary_path = NULL;
	sctp_tsnmap_free(&asoc->peer.tsn_map);
	kfree(asoc->stream.out);
	kfree(asoc->stream.in);
	kfree(asoc->peer.cookie);
	kfree(asoc->peer.peer_random);
	kfree(asoc->peer.peer_chunks);
	kfree(asoc->peer.peer_hmacs);
	kfree_sensitive(asoc->asoc_shared_key);
	sctp_auth_destroy_keys(&asoc->endpoint_shared_keys);
	asoc->stream.outcnt = asoc->stream.incnt = 0;
	sctp_association_put(asoc);
}

/* ---- A restart: @new becomes of @asoc what it may (RFC 9260 5.2.4) ---- */

static void sctp_assoc_update_peer(struct sctp_association *asoc, struct sctp_association *new)
{
	struct sctp_transport *trans, *tmp;

	list_for_each_entry_safe(trans, tmp, &asoc->peer.transport_addr_list, transports) {
		if (!sctp_assoc_lookup_paddr(new, &trans->ipaddr) &&
		    asoc->peer.transport_count > 1)
			sctp_assoc_rm_peer(asoc, trans);
	}
	list_for_each_entry(trans, &new->peer.transport_addr_list, transports)
		sctp_assoc_add_peer(asoc, &trans->ipaddr, trans->confirmed);
}

static void sctp_assoc_update_auth(struct sctp_association *asoc, struct sctp_association *new)
{
	kfree(asoc->peer.peer_random);
	asoc->peer.peer_random = new->peer.peer_random;
	new->peer.peer_random = NULL;
	kfree(asoc->peer.peer_chunks);
	asoc->peer.peer_chunks = new->peer.peer_chunks;
	new->peer.peer_chunks = NULL;
	kfree(asoc->peer.peer_hmacs);
	asoc->peer.peer_hmacs = new->peer.peer_hmacs;
	new->peer.peer_hmacs = NULL;
	asoc->default_hmac_id = new->default_hmac_id;
}

static int sctp_assoc_update_streams(struct sctp_association *asoc,
				     struct sctp_association *new)
{
	struct sctp_stream stream = asoc->stream;

	/* what waits for order or for its other parts has no place any more */
	sctp_ulpq_flush(&asoc->ulpq);
	asoc->stream = new->stream;
	new->stream = stream;
	sctp_stream_interleave_init(asoc);
	sctp_stream_interleave_init(new);
	return sctp_tsnmap_init(&asoc->peer.tsn_map, SCTP_TSN_MAP_INITIAL,
				new->peer.i.initial_tsn);
}

int sctp_assoc_update(struct sctp_association *asoc, struct sctp_association *new)
{
	asoc->c = new->c;
	asoc->peer.i = new->peer.i;
	asoc->peer.rwnd = new->peer.rwnd;
	asoc->peer.adaptation_ind = new->peer.adaptation_ind;
	asoc->peer.ecn_capable = new->peer.ecn_capable;
	asoc->peer.asconf_capable = new->peer.asconf_capable;
	asoc->peer.auth_capable = new->peer.auth_capable;
	asoc->peer.prsctp_capable = new->peer.prsctp_capable;
	asoc->peer.reconf_capable = new->peer.reconf_capable;
	asoc->peer.intl_capable = new->peer.intl_capable;
	asoc->peer.addip_serial = new->peer.addip_serial;
	asoc->strreset_inseq = new->strreset_inseq;
	sctp_strreset_drop(asoc);
	sctp_assoc_update_peer(asoc, new);
	if (asoc->state >= SCTP_STATE_ESTABLISHED) {
		asoc->next_tsn = new->next_tsn;
		asoc->ctsn_ack_point = new->ctsn_ack_point;
		asoc->adv_peer_ack_point = new->adv_peer_ack_point;
	}
	if (sctp_assoc_update_streams(asoc, new))
		return -ENOMEM;
	sctp_assoc_update_auth(asoc, new);
	return sctp_auth_asoc_init_active_key(asoc);
}
