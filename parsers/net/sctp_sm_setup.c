// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: how an association begins, and begins again.
 *
 * Modelled on: Linux 6.1 net/sctp/sm_statefuns.c (sctp_sf_do_5_1B_init, sctp_sf_do_5_1C_ack,
 *	sctp_sf_do_5_1D_ce, sctp_sf_do_5_1E_ca, sctp_sf_do_unexpected_init,
 *	sctp_sf_do_5_2_3_initack, sctp_sf_do_5_2_4_dupcook, sctp_sf_do_dupcook_a to _d,
 *	sctp_sf_check_restart_addrs, sctp_tietags_populate, sctp_tietags_compare,
 *	sctp_send_stale_cookie_err, sctp_sf_cookie_echoed_err, sctp_sf_do_5_2_6_stale,
 *	sctp_sf_cookie_wait_abort, sctp_stop_t1_and_abort)
 * Spec: RFC 9260 5.1 and 5.2
 * Differs: no security modules; no UDP encapsulation.
 */
#include <linux/slab.h>
#include <net/sctp.h>

#include "rx.h"

enum { INIT_CHUNK = sizeof(struct sctp_init_chunk) };

void sctp_send_reply(struct sctp_association *asoc, struct sctp_chunk *chunk)
{
	sctp_outq_tail(&asoc->outqueue, chunk);
}

/* What is wrong with an INIT, as the causes of an ABORT. */
static void sctp_abort_with_causes(struct sctp_endpoint *ep, struct sctp_association *asoc,
				   struct sctp_chunk *chunk, struct sctp_chunk *err_chunk)
{
	const struct sctp_init_chunk *init = (const struct sctp_init_chunk *)chunk->chunk_hdr;
	size_t len = sctp_chunk_len(err_chunk) - sizeof(struct sctp_chunkhdr);
	struct sctp_chunk *abort = sctp_make_abort(asoc, chunk, len);

	if (abort) {
		sctp_addto_chunk(abort, len, err_chunk->chunk_hdr + 1);
		sctp_send_ootb(ep, abort, ntohl(init->init_hdr.init_tag));
	}
	sctp_chunk_free(err_chunk);
}

/* An INIT ACK, with what @err_chunk reports. */
static struct sctp_chunk *sctp_make_init_ack_err(struct sctp_association *new_asoc,
						 struct sctp_chunk *chunk,
						 struct sctp_chunk *err_chunk)
{
	size_t len = err_chunk ? sctp_chunk_len(err_chunk) - sizeof(struct sctp_chunkhdr) : 0;
	struct sctp_chunk *repl = sctp_make_init_ack(new_asoc, chunk, len);

	if (repl && err_chunk)
		sctp_addto_chunk(repl, len, err_chunk->chunk_hdr + 1);
	return repl;
}

static struct sctp_association *sctp_make_temp_asoc(struct sctp_endpoint *ep,
						    struct sctp_chunk *chunk)
{
	struct sctp_association *asoc = sctp_association_new(ep);

	if (!asoc)
		return NULL;
	asoc->temp = true;
	asoc->local = chunk->dest;
	asoc->c.peer_addr = chunk->source;
	asoc->c.my_port = ntohs(chunk->dest.v4.sin_port);
	return asoc;
}

static void sctp_pull_init(struct sctp_chunk *chunk)
{
	chunk->subh.init_hdr = (struct sctp_inithdr *)chunk->skb->data;
	sctp_decode_chunk(chunk->skb, chunk->chunk_hdr);
	skb_pull(chunk->skb, sizeof(struct sctp_inithdr));
}

/* An INIT with a fault that ends it is answered by an ABORT; others go into @errp. */
static bool sctp_init_acceptable(struct sctp_endpoint *ep, struct sctp_association *asoc,
				 struct sctp_chunk *chunk, struct sctp_chunk **errp,
				 enum sctp_disposition *ret)
{
	if (sctp_verify_init(ep, asoc, (struct sctp_init_chunk *)chunk->chunk_hdr, chunk, errp))
		return true;
	if (*errp) {
		sctp_abort_with_causes(ep, asoc, chunk, *errp);
		*ret = SCTP_DISPOSITION_CONSUME;
	} else {
		*ret = sctp_sf_tabort_8_4_8(ep, asoc, chunk);
	}
	return false;
}

/* ---- A new one ---- */

enum sctp_disposition sctp_sf_do_5_1B_init(struct sctp_endpoint *ep,
					   struct sctp_association *asoc,
					   struct sctp_chunk *chunk)
{
	struct sctp_chunk *repl, *err_chunk = NULL;
	struct sctp_association *new_asoc;
	enum sctp_disposition ret = SCTP_DISPOSITION_NOMEM;

	/* RFC 9260 6.10: INIT is alone in its packet */
	if (malformed(!chunk->singleton))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, INIT_CHUNK)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(ep->ctl))
		return sctp_sf_tabort_8_4_8(ep, asoc, chunk);
	if (malformed(chunk->sctp_hdr->vtag != 0))
		return sctp_sf_tabort_8_4_8(ep, asoc, chunk);
	if (malformed(ep->closing))
		return sctp_sf_tabort_8_4_8(ep, asoc, chunk);

	sctp_pull_init(chunk);
	if (!sctp_init_acceptable(ep, asoc, chunk, &err_chunk, &ret))
		return ret;
	new_asoc = sctp_make_temp_asoc(ep, chunk);
	if (!new_asoc)
		goto out_err;
	if (!sctp_process_init(new_asoc, chunk, sctp_source(chunk),
			       (struct sctp_init_chunk *)chunk->chunk_hdr))
		goto out;
	repl = sctp_make_init_ack_err(new_asoc, chunk, err_chunk);
	if (!repl)
		goto out;
	sctp_send_reply(new_asoc, repl);
	ret = SCTP_DISPOSITION_DELETE_TCB;
out:
	sctp_association_free(new_asoc);
out_err:
	if (err_chunk)
		sctp_chunk_free(err_chunk);
	return ret;
}

/* The association never came to be. */
static enum sctp_disposition sctp_stop_t1_and_abort(struct sctp_association *asoc, u16 error)
{
	sctp_timer_stop(asoc, SCTP_TIMER_T1);
	sctp_cmd_assoc_failed(asoc, error);
	return SCTP_DISPOSITION_ABORT;
}

static void sctp_send_cookie_echo(struct sctp_association *asoc)
{
	struct sctp_chunk *echo = sctp_make_control(asoc, SCTP_CID_COOKIE_ECHO, 0,
						    asoc->peer.cookie_len);

	if (!echo)
		return;
	sctp_addto_chunk(echo, asoc->peer.cookie_len, asoc->peer.cookie);
	sctp_send_reply(asoc, echo);
}

enum sctp_disposition sctp_sf_do_5_1C_ack(struct sctp_endpoint *ep, struct sctp_association *asoc,
					  struct sctp_chunk *chunk)
{
	struct sctp_init_chunk *initchunk = (struct sctp_init_chunk *)chunk->chunk_hdr;
	struct sctp_chunk *err_chunk = NULL;
	u16 error = SCTP_ERROR_NO_RESOURCE;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!chunk->singleton))
		return sctp_sf_violation_chunk(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, INIT_CHUNK)))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	sctp_pull_init(chunk);
	if (!sctp_verify_init(ep, asoc, initchunk, chunk, &err_chunk)) {
		if (err_chunk) {
			sctp_abort_with_causes(ep, asoc, chunk, err_chunk);
			error = SCTP_ERROR_INV_PARAM;
		}
		return sctp_stop_t1_and_abort(asoc, error);
	}
	if (!sctp_process_init(asoc, chunk, sctp_source(chunk), initchunk) ||
	    sctp_auth_asoc_init_active_key(asoc)) {
		if (err_chunk)
			sctp_chunk_free(err_chunk);
		return sctp_stop_t1_and_abort(asoc, SCTP_ERROR_NO_RESOURCE);
	}
	asoc->init_err_counter = 0;
	sctp_timer_start(asoc, SCTP_TIMER_T1);
	sctp_set_state(asoc, SCTP_STATE_COOKIE_ECHOED);
	sctp_send_cookie_echo(asoc);
	if (err_chunk)
		sctp_send_reply(asoc, err_chunk);
	return SCTP_DISPOSITION_CONSUME;
}

/* The peer is told how old its cookie was. */
static void sctp_send_stale_cookie_err(struct sctp_endpoint *ep, struct sctp_chunk *chunk,
				       struct sctp_chunk *err_chunk)
{
	if (err_chunk)
		sctp_send_ootb(ep, err_chunk, chunk->subh.cookie_hdr->c.peer_vtag);
}

/* The cookie in @chunk as an association; NULL after what is said about a bad one. */
static struct sctp_association *sctp_cookie_asoc(struct sctp_endpoint *ep,
						 struct sctp_association *asoc,
						 struct sctp_chunk *chunk)
{
	enum sctp_ierror error = SCTP_IERROR_NO_ERROR;
	struct sctp_association *new_asoc;
	struct sctp_chunk *err_chunk = NULL;

	chunk->subh.cookie_hdr = (struct sctp_signed_cookie *)chunk->skb->data;
	if (!pskb_pull(chunk->skb, (unsigned int)(sctp_chunk_len(chunk) -
						  sizeof(struct sctp_chunkhdr))))
		return NULL;
	rx_bytes(chunk->skb, "sctp.cookie", chunk->subh.cookie_hdr,
		 sctp_chunk_len(chunk) - sizeof(struct sctp_chunkhdr));
	new_asoc = sctp_unpack_cookie(ep, asoc, chunk, &error, &err_chunk);
	if (!new_asoc)
		sctp_send_stale_cookie_err(ep, chunk, err_chunk);
	return new_asoc;
}

/* Without a signature the INIT in a cookie may be anything. */
static bool sctp_cookie_init_valid(struct sctp_endpoint *ep, struct sctp_association *asoc,
				   struct sctp_chunk *chunk)
{
	struct sctp_init_chunk *peer_init = sctp_cookie_init(chunk->subh.cookie_hdr);
	struct sctp_chunk *err_chunk = NULL;
	bool valid = sctp_verify_init(ep, asoc, peer_init, chunk, &err_chunk);

	if (err_chunk)
		sctp_chunk_free(err_chunk);
	return valid;
}

static void sctp_tell_established(struct sctp_association *asoc)
{
	sctp_event(asoc, "sctp.event.comm_up", asoc->stream.incnt);
	if (asoc->peer.adaptation_ind)
		sctp_event(asoc, "sctp.event.adaptation", asoc->peer.adaptation_ind);
	if (!asoc->peer.auth_capable)
		sctp_event(asoc, "sctp.event.no_auth", 0);
}

static void sctp_start_heartbeats(struct sctp_association *asoc)
{
	struct sctp_transport *t;

	list_for_each_entry(t, &asoc->peer.transport_addr_list, transports)
		sctp_transport_reset_hb_timer(t);
}

enum sctp_disposition sctp_sf_do_5_1D_ce(struct sctp_endpoint *ep, struct sctp_association *asoc,
					 struct sctp_chunk *chunk)
{
	struct sctp_association *new_asoc;
	struct sctp_chunk *repl;

	if (malformed(ep->ctl))
		return sctp_sf_tabort_8_4_8(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	if (malformed(!ep->listening))
		return sctp_sf_tabort_8_4_8(ep, asoc, chunk);
	if (malformed(ep->sk.sk_ack_backlog > ep->sk.sk_max_ack_backlog))
		return sctp_sf_tabort_8_4_8(ep, asoc, chunk);

	new_asoc = sctp_cookie_asoc(ep, asoc, chunk);
	if (!new_asoc)
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (!sctp_cookie_init_valid(ep, asoc, chunk))
		goto discard;
	if (!sctp_process_init(new_asoc, chunk, &chunk->subh.cookie_hdr->c.peer_addr,
			       sctp_cookie_init(chunk->subh.cookie_hdr)))
		goto discard;
	if (sctp_auth_asoc_init_active_key(new_asoc))
		goto discard;
	if (!sctp_auth_chunk_verify(chunk, new_asoc))
		goto discard;
	repl = sctp_make_control(new_asoc, SCTP_CID_COOKIE_ACK, 0, 0);
	if (!repl)
		goto discard;
	ep->sk.sk_ack_backlog++;
	sctp_assoc_link(new_asoc);
	sctp_set_state(new_asoc, SCTP_STATE_ESTABLISHED);
	sctp_start_heartbeats(new_asoc);
	sctp_send_reply(new_asoc, repl);
	sctp_tell_established(new_asoc);
	return SCTP_DISPOSITION_CONSUME;

discard:
	sctp_association_free(new_asoc);
	return sctp_sf_pdiscard(ep, asoc, chunk);
}

enum sctp_disposition sctp_sf_do_5_1E_ca(struct sctp_endpoint *ep, struct sctp_association *asoc,
					 struct sctp_chunk *chunk)
{
	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	asoc->init_err_counter = 0;
	sctp_timer_stop(asoc, SCTP_TIMER_T1);
	sctp_set_state(asoc, SCTP_STATE_ESTABLISHED);
	sctp_start_heartbeats(asoc);
	sctp_tell_established(asoc);
	return SCTP_DISPOSITION_CONSUME;
}

/* ---- One that is there already ---- */

/* An INIT may not bring addresses that the association does not have. */
static bool sctp_sf_check_restart_addrs(struct sctp_association *new_asoc,
					struct sctp_association *asoc, struct sctp_chunk *init)
{
	struct {
		struct sctp_errhdr err;
		union sctp_addr_param addr;
	} __packed cause;
	struct sctp_transport *new_addr;
	struct sctp_chunk *abort;
	unsigned int len;

	list_for_each_entry(new_addr, &new_asoc->peer.transport_addr_list, transports) {
		if (!malformed(!sctp_assoc_lookup_paddr(asoc, &new_addr->ipaddr)))
			continue;
		len = sctp_to_addr_param(&new_addr->ipaddr, &cause.addr) +
		      (unsigned int)sizeof(cause.err);
		cause.err.cause = htons(SCTP_ERROR_RESTART);
		cause.err.length = htons((u16)len);
		abort = sctp_make_abort(NULL, init, len);
		if (abort) {
			sctp_addto_chunk(abort, len, &cause);
			sctp_send_ootb(sctp_ctl_endpoint(), abort, new_asoc->peer.i.init_tag);
		}
		init->pdiscard = true;
		return false;
	}
	return true;
}

static void sctp_tietags_populate(struct sctp_association *new_asoc,
				  const struct sctp_association *asoc)
{
	switch (asoc->state) {
	case SCTP_STATE_COOKIE_WAIT:
		new_asoc->c.my_vtag = asoc->c.my_vtag;
		new_asoc->c.my_ttag = asoc->c.my_vtag;
		new_asoc->c.peer_ttag = 0;
		break;
	case SCTP_STATE_COOKIE_ECHOED:
		new_asoc->c.my_vtag = asoc->c.my_vtag;
		new_asoc->c.my_ttag = asoc->c.my_vtag;
		new_asoc->c.peer_ttag = asoc->c.peer_vtag;
		break;
	default:
		new_asoc->c.my_ttag = asoc->c.my_vtag;
		new_asoc->c.peer_ttag = asoc->c.peer_vtag;
		break;
	}
	new_asoc->rwnd = asoc->rwnd;
	new_asoc->c.sinit_num_ostreams = asoc->c.sinit_num_ostreams;
	new_asoc->c.sinit_max_instreams = asoc->c.sinit_max_instreams;
	new_asoc->c.initial_tsn = asoc->c.initial_tsn;
}

/* Which row of the table in RFC 9260 5.2.4 it is. */
static char sctp_tietags_compare(const struct sctp_association *new_asoc,
				 const struct sctp_association *asoc)
{
	bool my_same = asoc->c.my_vtag == new_asoc->c.my_vtag;
	bool peer_same = asoc->c.peer_vtag == new_asoc->c.peer_vtag;

	if (!my_same && !peer_same && asoc->c.my_vtag == new_asoc->c.my_ttag &&
	    asoc->c.peer_vtag == new_asoc->c.peer_ttag)
		return 'A';
	if (my_same && (!peer_same || !asoc->c.peer_vtag))
		return 'B';
	if (my_same && peer_same)
		return 'D';
	if (!my_same && peer_same && !new_asoc->c.my_ttag && !new_asoc->c.peer_ttag)
		return 'C';
	return 'E';
}

enum sctp_disposition sctp_sf_do_unexpected_init(struct sctp_endpoint *ep,
						 struct sctp_association *asoc,
						 struct sctp_chunk *chunk)
{
	enum sctp_disposition ret = SCTP_DISPOSITION_NOMEM;
	struct sctp_chunk *repl, *err_chunk = NULL;
	struct sctp_association *new_asoc;

	if (malformed(!chunk->singleton))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, INIT_CHUNK)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(chunk->sctp_hdr->vtag != 0))
		return sctp_sf_tabort_8_4_8(ep, asoc, chunk);
	sctp_pull_init(chunk);
	if (malformed(asoc->state >= SCTP_STATE_ESTABLISHED &&
		      ntohl(chunk->subh.init_hdr->init_tag) == asoc->peer.i.init_tag))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (!sctp_init_acceptable(ep, asoc, chunk, &err_chunk, &ret))
		return ret;
	new_asoc = sctp_make_temp_asoc(ep, chunk);
	if (!new_asoc)
		goto out_err;
	if (!sctp_process_init(new_asoc, chunk, sctp_source(chunk),
			       (struct sctp_init_chunk *)chunk->chunk_hdr))
		goto out;
	ret = SCTP_DISPOSITION_CONSUME;
	if (asoc->state != SCTP_STATE_COOKIE_WAIT &&
	    !sctp_sf_check_restart_addrs(new_asoc, asoc, chunk))
		goto out;
	sctp_tietags_populate(new_asoc, asoc);
	repl = sctp_make_init_ack_err(new_asoc, chunk, err_chunk);
	if (repl)
		sctp_send_reply(new_asoc, repl);
	else
		ret = SCTP_DISPOSITION_NOMEM;
out:
	sctp_association_free(new_asoc);
out_err:
	triggered(CVE_2026_72413, err_chunk != NULL);
	if (err_chunk && fixed(CVE_2026_72413))
		sctp_chunk_free(err_chunk);
	return ret;
}

enum sctp_disposition sctp_sf_do_5_2_3_initack(struct sctp_endpoint *ep,
					       struct sctp_association *asoc,
					       struct sctp_chunk *chunk)
{
	if (malformed(ep->ctl))
		return sctp_sf_ootb(ep, asoc, chunk);
	return sctp_sf_discard_chunk(ep, asoc, chunk);
}

/* What both kinds of a restart do first. */
static bool sctp_dupcook_init(struct sctp_association *new_asoc, struct sctp_chunk *chunk)
{
	if (!sctp_process_init(new_asoc, chunk, sctp_source(chunk),
			       sctp_cookie_init(chunk->subh.cookie_hdr)))
		return false;
	if (sctp_auth_asoc_init_active_key(new_asoc))
		return false;
	return sctp_auth_chunk_verify(chunk, new_asoc);
}

static enum sctp_disposition sctp_dupcook_update(struct sctp_association *asoc,
						 struct sctp_association *new_asoc)
{
	struct sctp_chunk *repl;

	if (sctp_assoc_update(asoc, new_asoc)) {
		sctp_cmd_assoc_failed(asoc, SCTP_ERROR_RSRC_LOW);
		return SCTP_DISPOSITION_NOMEM;
	}
	repl = sctp_make_control(asoc, SCTP_CID_COOKIE_ACK, 0, 0);
	if (repl)
		sctp_send_reply(asoc, repl);
	return SCTP_DISPOSITION_CONSUME;
}

/* The peer has restarted. */
static enum sctp_disposition sctp_sf_do_dupcook_a(struct sctp_endpoint *ep,
						  struct sctp_association *asoc,
						  struct sctp_chunk *chunk,
						  struct sctp_association *new_asoc)
{
	bool closing = asoc->state == SCTP_STATE_SHUTDOWN_PENDING ||
		       asoc->state == SCTP_STATE_SHUTDOWN_SENT;
	struct sctp_chunk *err;

	if (!sctp_dupcook_init(new_asoc, chunk))
		return SCTP_DISPOSITION_DISCARD;
	if (!sctp_sf_check_restart_addrs(new_asoc, asoc, chunk))
		return SCTP_DISPOSITION_CONSUME;
	if (malformed(asoc->state == SCTP_STATE_SHUTDOWN_ACK_SENT)) {
		sctp_send_shutdown_ack(asoc);
		err = sctp_make_op_error(asoc, chunk, SCTP_ERROR_COOKIE_IN_SHUTDOWN, NULL, 0, 0);
		if (err)
			sctp_send_reply(asoc, err);
		return SCTP_DISPOSITION_CONSUME;
	}
	sctp_timer_stop(asoc, SCTP_TIMER_SACK);
	sctp_outq_teardown(&asoc->outqueue);
	sctp_asconf_teardown(asoc);
	if (sctp_dupcook_update(asoc, new_asoc) != SCTP_DISPOSITION_CONSUME)
		return SCTP_DISPOSITION_NOMEM;
	sctp_event(asoc, "sctp.event.restart", asoc->stream.incnt);
	if (closing && (ep->closing || asoc->ep->sk.sk_dead))
		return sctp_sf_do_9_2_start_shutdown(asoc);
	sctp_set_state(asoc, SCTP_STATE_ESTABLISHED);
	return SCTP_DISPOSITION_CONSUME;
}

/* Both sides have begun at once. */
static enum sctp_disposition sctp_sf_do_dupcook_b(struct sctp_association *asoc,
						  struct sctp_chunk *chunk,
						  struct sctp_association *new_asoc)
{
	bool established = asoc->state >= SCTP_STATE_ESTABLISHED;

	if (!sctp_dupcook_init(new_asoc, chunk))
		return SCTP_DISPOSITION_DISCARD;
	sctp_timer_stop(asoc, SCTP_TIMER_T1);
	sctp_set_state(asoc, SCTP_STATE_ESTABLISHED);
	if (sctp_dupcook_update(asoc, new_asoc) != SCTP_DISPOSITION_CONSUME)
		return SCTP_DISPOSITION_NOMEM;
	if (!established)
		sctp_start_heartbeats(asoc);
	sctp_tell_established(asoc);
	return SCTP_DISPOSITION_CONSUME;
}

/* The same cookie again: the answer was lost. */
static enum sctp_disposition sctp_sf_do_dupcook_d(struct sctp_association *asoc,
						  struct sctp_chunk *chunk)
{
	struct sctp_chunk *repl;

	if (!sctp_auth_chunk_verify(chunk, asoc))
		return SCTP_DISPOSITION_DISCARD;
	if (asoc->state < SCTP_STATE_ESTABLISHED) {
		sctp_timer_stop(asoc, SCTP_TIMER_T1);
		sctp_set_state(asoc, SCTP_STATE_ESTABLISHED);
		sctp_start_heartbeats(asoc);
		sctp_tell_established(asoc);
	}
	repl = sctp_make_control(asoc, SCTP_CID_COOKIE_ACK, 0, 0);
	if (repl)
		sctp_send_reply(asoc, repl);
	return SCTP_DISPOSITION_CONSUME;
}

enum sctp_disposition sctp_sf_do_5_2_4_dupcook(struct sctp_endpoint *ep,
					       struct sctp_association *asoc,
					       struct sctp_chunk *chunk)
{
	enum sctp_disposition ret;
	struct sctp_association *new_asoc;
	char action;

	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr)))) {
		if (malformed(!sctp_vtag_verify(chunk, asoc)))
			asoc = NULL;
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	}
	new_asoc = sctp_cookie_asoc(ep, asoc, chunk);
	if (!new_asoc)
		return sctp_sf_pdiscard(ep, asoc, chunk);
	new_asoc->temp = true;
	action = sctp_tietags_compare(new_asoc, asoc);
	sctp_event(asoc, "sctp.dupcook", (u64)(u8)action);
	if ((action == 'A' || action == 'B') && !sctp_cookie_init_valid(ep, asoc, chunk)) {
		sctp_association_free(new_asoc);
		return sctp_sf_pdiscard(ep, asoc, chunk);
	}
	switch (action) {
	case 'A':
		ret = sctp_sf_do_dupcook_a(ep, asoc, chunk, new_asoc);
		break;
	case 'B':
		ret = sctp_sf_do_dupcook_b(asoc, chunk, new_asoc);
		break;
	case 'C':
		ret = SCTP_DISPOSITION_DISCARD;
		break;
	case 'D':
		ret = sctp_sf_do_dupcook_d(asoc, chunk);
		break;
	default:
		ret = sctp_sf_pdiscard(ep, asoc, chunk);
		break;
	}
	sctp_association_free(new_asoc);
	return ret;
}

/* ---- What may go wrong meanwhile ---- */

/* Begin anew, and ask for a cookie that lives longer (RFC 9260 5.2.6). */
static enum sctp_disposition sctp_sf_do_5_2_6_stale(struct sctp_association *asoc,
						    struct sctp_chunk *chunk,
						    const struct sctp_errhdr *err)
{
	struct sctp_cookie_preserve_param bht;
	struct sctp_chunk *reply;
	u32 stale;

	if (malformed(asoc->init_err_counter + 1 > SCTP_MAX_INIT_RETRANS))
		return sctp_stop_t1_and_abort(asoc, SCTP_ERROR_STALE_COOKIE);
	if (!fixed(CVE_2026_64551))
		err = (const struct sctp_errhdr *)(chunk->chunk_hdr + 1);
	stale = get_unaligned_be32(err + 1);
	rx_u64(chunk->skb, "sctp.cause_measure_of_staleness", stale);
	bht.param_hdr.type = htons(SCTP_PARAM_COOKIE_PRESERVATIVE);
	bht.param_hdr.length = htons(sizeof(bht));
	bht.lifespan_increment = htonl(stale * 2 / 1000);
	reply = sctp_make_init(asoc, sizeof(bht));
	if (!reply)
		return SCTP_DISPOSITION_NOMEM;
	sctp_addto_chunk(reply, sizeof(bht), &bht);
	asoc->peer.i.init_tag = 0;
	sctp_assoc_del_nonprimary_peers(asoc, asoc->peer.primary_path);
	sctp_outq_teardown(&asoc->outqueue);
	asoc->init_err_counter++;
	sctp_set_state(asoc, SCTP_STATE_COOKIE_WAIT);
	sctp_timer_start(asoc, SCTP_TIMER_T1);
	sctp_send_reply(asoc, reply);
	chunk->pdiscard = true;
	return SCTP_DISPOSITION_CONSUME;
}

enum sctp_disposition sctp_sf_cookie_echoed_err(struct sctp_endpoint *ep,
						struct sctp_association *asoc,
						struct sctp_chunk *chunk)
{
	const struct sctp_errhdr *err;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr) +
					       sizeof(*err))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	for (err = (const struct sctp_errhdr *)(chunk->chunk_hdr + 1);
	     sctp_error_fits(err, chunk->chunk_hdr); err = sctp_error_next(err)) {
		sctp_decode_cause(chunk->skb, err);
		if (ntohs(err->cause) != SCTP_ERROR_STALE_COOKIE)
			continue;
		if (malformed_in(CVE_2026_64551,
				 ntohs(err->length) < sizeof(*err) + sizeof(__be32)))
			break;
		return sctp_sf_do_5_2_6_stale(asoc, chunk, err);
	}
	return sctp_sf_pdiscard(ep, asoc, chunk);
}

enum sctp_disposition sctp_sf_cookie_wait_abort(struct sctp_endpoint *ep,
						struct sctp_association *asoc,
						struct sctp_chunk *chunk)
{
	const struct sctp_errhdr *err = (const struct sctp_errhdr *)chunk->skb->data;
	u16 error = SCTP_ERROR_NO_ERROR;

	if (malformed(!sctp_vtag_verify_either(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr))))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (!malformed(sctp_chunk_len(chunk) < sizeof(struct sctp_chunkhdr) + sizeof(*err)))
		error = ntohs(err->cause);
	return sctp_stop_t1_and_abort(asoc, error);
}
