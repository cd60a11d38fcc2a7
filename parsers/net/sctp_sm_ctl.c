// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: heartbeats, errors, the end of an association, and what nobody expects.
 *
 * Modelled on: Linux 6.1 net/sctp/sm_statefuns.c (sctp_sf_beat_8_3, sctp_sf_backbeat_8_3,
 *	sctp_sf_operr_notify, sctp_sf_do_9_1_abort, sctp_sf_shutdown_sent_abort,
 *	sctp_sf_do_9_2_shutdown, sctp_sf_do_9_2_shut_ctsn, sctp_sf_do_9_2_shutdown_ack,
 *	sctp_sf_do_9_2_start_shutdown, sctp_sf_do_9_2_reshutack, sctp_sf_do_9_2_final,
 *	sctp_sf_do_4_C, sctp_sf_do_8_5_1_E_sa, sctp_sf_shut_8_4_5, sctp_sf_ootb,
 *	sctp_sf_tabort_8_4_8, sctp_sf_unk_chunk, sctp_sf_discard_chunk, sctp_sf_pdiscard,
 *	sctp_sf_violation, sctp_sf_abort_violation, sctp_sf_violation_chunklen,
 *	sctp_sf_violation_paramlen, sctp_sf_violation_ctsn, sctp_sf_violation_chunk)
 * Spec: RFC 9260 3.2, 3.3.5 to 3.3.13, 8.3 to 8.5 and 9
 * Differs: no path MTU probes.
 */
#include <linux/jiffies.h>
#include <net/sctp.h>

#include "rx.h"

/* ---- Heartbeats ---- */

enum sctp_disposition sctp_sf_beat_8_3(struct sctp_endpoint *ep, struct sctp_association *asoc,
				       struct sctp_chunk *chunk)
{
	const struct sctp_paramhdr *param_hdr;
	struct sctp_chunk *reply;
	size_t paylen;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr) +
					       sizeof(*param_hdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	param_hdr = (const struct sctp_paramhdr *)chunk->skb->data;
	rx_u64(chunk->skb, "sctp.parameter_type", ntohs(param_hdr->type));
	rx_u64(chunk->skb, "sctp.parameter_length", ntohs(param_hdr->length));
	paylen = sctp_chunk_len(chunk) - sizeof(struct sctp_chunkhdr);
	if (malformed(ntohs(param_hdr->length) > paylen))
		return sctp_sf_violation_paramlen(asoc, chunk, param_hdr);
	if (!pskb_pull(chunk->skb, (unsigned int)paylen))
		return SCTP_DISPOSITION_NOMEM;
	reply = sctp_make_control(asoc, SCTP_CID_HEARTBEAT_ACK, 0, paylen);
	if (!reply)
		return SCTP_DISPOSITION_NOMEM;
	sctp_addto_chunk(reply, paylen, param_hdr);
	sctp_send_reply(asoc, reply);
	return SCTP_DISPOSITION_CONSUME;
}

/* The path that a heartbeat of ours has gone and come back. */
static struct sctp_transport *sctp_beat_link(const struct sctp_association *asoc,
					     const struct sctp_sender_hb_info *hbinfo)
{
	union sctp_addr from_addr = hbinfo->daddr;
	struct sctp_transport *link;
	unsigned long max_interval;

	if (malformed(ntohs(hbinfo->param_hdr.length) != sizeof(*hbinfo)))
		return NULL;
	link = sctp_assoc_lookup_paddr(asoc, &from_addr);
	if (malformed(!link))
		return NULL;
	if (malformed(hbinfo->hb_nonce != link->hb_nonce))
		return NULL;
	if (malformed(hbinfo->probe_size))
		return NULL;
	max_interval = SCTP_HB_INTERVAL + link->rto;
	if (malformed(time_after((unsigned long)hbinfo->sent_at, jiffies)))
		return NULL;
	if (malformed(time_after(jiffies, (unsigned long)hbinfo->sent_at + max_interval)))
		return NULL;
	return link;
}

enum sctp_disposition sctp_sf_backbeat_8_3(struct sctp_endpoint *ep,
					   struct sctp_association *asoc,
					   struct sctp_chunk *chunk)
{
	const struct sctp_sender_hb_info *hbinfo;
	struct sctp_transport *link;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr) +
					       sizeof(*hbinfo))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	hbinfo = (const struct sctp_sender_hb_info *)chunk->skb->data;
	rx_u64(chunk->skb, "sctp.parameter_type", ntohs(hbinfo->param_hdr.type));
	rx_u64(chunk->skb, "sctp.parameter_length", ntohs(hbinfo->param_hdr.length));
	link = sctp_beat_link(asoc, hbinfo);
	if (!link)
		return SCTP_DISPOSITION_DISCARD;
	link->error_count = 0;
	asoc->overall_error_count = 0;
	link->confirmed = true;
	sctp_event(asoc, "sctp.transport_on", link->ipaddr.v4.sin_family);
	sctp_transport_reset_hb_timer(link);
	return SCTP_DISPOSITION_CONSUME;
}

/* ---- ERROR and ABORT ---- */

/* Are there causes up to the end of the chunk, and nothing else? */
static bool sctp_err_chunk_valid(const struct sctp_chunk *chunk, const struct sctp_errhdr **errp)
{
	const struct sctp_errhdr *err;

	for (err = (const struct sctp_errhdr *)(chunk->chunk_hdr + 1);
	     sctp_error_fits(err, chunk->chunk_hdr); err = sctp_error_next(err))
		sctp_decode_cause(chunk->skb, err);
	*errp = err;
	return (const u8 *)err == chunk->chunk_end;
}

enum sctp_disposition sctp_sf_operr_notify(struct sctp_endpoint *ep,
					   struct sctp_association *asoc,
					   struct sctp_chunk *chunk)
{
	const struct sctp_errhdr *err;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr) +
					       sizeof(*err))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	if (malformed(!sctp_err_chunk_valid(chunk, &err)))
		return sctp_sf_violation_paramlen(asoc, chunk, (const struct sctp_paramhdr *)err);
	for (err = (const struct sctp_errhdr *)(chunk->chunk_hdr + 1);
	     (const u8 *)err < chunk->chunk_end; err = sctp_error_next(err))
		sctp_event(asoc, "sctp.event.remote_error", ntohs(err->cause));
	return SCTP_DISPOSITION_CONSUME;
}

enum sctp_disposition sctp_sf_do_9_1_abort(struct sctp_endpoint *ep,
					   struct sctp_association *asoc,
					   struct sctp_chunk *chunk)
{
	const struct sctp_errhdr *err;
	u16 error = SCTP_ERROR_NO_ERROR;

	if (malformed(!sctp_vtag_verify_either(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr))))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	/* the peer may not know yet that this address of ours is gone */
	if (malformed(sctp_cmp_addr_exact(&asoc->local_deleted, &chunk->dest)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_err_chunk_valid(chunk, &err)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (sctp_chunk_len(chunk) >= sizeof(struct sctp_chunkhdr) + sizeof(*err))
		error = ntohs(((const struct sctp_errhdr *)chunk->skb->data)->cause);
	sctp_cmd_assoc_failed(asoc, error);
	return SCTP_DISPOSITION_ABORT;
}

enum sctp_disposition sctp_sf_shutdown_sent_abort(struct sctp_endpoint *ep,
						  struct sctp_association *asoc,
						  struct sctp_chunk *chunk)
{
	const struct sctp_errhdr *err;

	if (malformed(!sctp_vtag_verify_either(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr))))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_err_chunk_valid(chunk, &err)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	sctp_timer_stop(asoc, SCTP_TIMER_T2);
	sctp_timer_stop(asoc, SCTP_TIMER_T5);
	sctp_cmd_assoc_failed(asoc, SCTP_ERROR_NO_ERROR);
	return SCTP_DISPOSITION_ABORT;
}

/* ---- Shutdown ---- */

enum sctp_disposition sctp_sf_do_9_2_start_shutdown(struct sctp_association *asoc)
{
	struct sctp_chunk *reply = sctp_make_shutdown(asoc);

	if (!reply)
		return SCTP_DISPOSITION_NOMEM;
	sctp_timer_start(asoc, SCTP_TIMER_T2);
	sctp_timer_start(asoc, SCTP_TIMER_T5);
	sctp_set_state(asoc, SCTP_STATE_SHUTDOWN_SENT);
	sctp_send_reply(asoc, reply);
	return SCTP_DISPOSITION_CONSUME;
}

void sctp_send_shutdown_ack(struct sctp_association *asoc)
{
	struct sctp_chunk *reply = sctp_make_control(asoc, SCTP_CID_SHUTDOWN_ACK, 0, 0);

	if (!reply)
		return;
	sctp_timer_start(asoc, SCTP_TIMER_T2);
	sctp_set_state(asoc, SCTP_STATE_SHUTDOWN_ACK_SENT);
	sctp_send_reply(asoc, reply);
}

/* What a SHUTDOWN acknowledges is acknowledged as by a SACK without blocks. */
static void sctp_process_ctsn(struct sctp_association *asoc, struct sctp_chunk *chunk, u32 ctsn)
{
	struct sctp_sackhdr sack = {
		.cum_tsn_ack = htonl(ctsn),
		.a_rwnd = htonl(asoc->peer.rwnd + asoc->outqueue.outstanding_bytes),
	};

	chunk->subh.sack_hdr = &sack;
	sctp_outq_sack(&asoc->outqueue, chunk);
	chunk->subh.sack_hdr = NULL;
}

/* Return: false if the TSN cannot be; *@ret is then the answer. */
static bool sctp_shutdown_ctsn(struct sctp_endpoint *ep, struct sctp_association *asoc,
			       struct sctp_chunk *chunk, u32 *ctsn, enum sctp_disposition *ret)
{
	*ctsn = ntohl(((const struct sctp_shutdownhdr *)chunk->skb->data)->cum_tsn_ack);
	rx_u64(chunk->skb, "sctp.shutdown_cumulative_tsn_ack", *ctsn);
	*ret = SCTP_DISPOSITION_DISCARD;
	if (malformed(TSN_lt(*ctsn, asoc->ctsn_ack_point)))
		return false;
	if (malformed(!TSN_lt(*ctsn, asoc->next_tsn))) {
		*ret = sctp_sf_violation_ctsn(ep, asoc, chunk);
		return false;
	}
	return true;
}

enum sctp_disposition sctp_sf_do_9_2_shutdown(struct sctp_endpoint *ep,
					      struct sctp_association *asoc,
					      struct sctp_chunk *chunk)
{
	enum sctp_disposition ret;
	u32 ctsn;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr) +
					       sizeof(struct sctp_shutdownhdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	if (!sctp_shutdown_ctsn(ep, asoc, chunk, &ctsn, &ret))
		return ret;
	skb_pull(chunk->skb, sizeof(struct sctp_shutdownhdr));
	sctp_event(asoc, "sctp.event.shutdown", 0);
	sctp_set_state(asoc, SCTP_STATE_SHUTDOWN_RECEIVED);
	sctp_process_ctsn(asoc, chunk, ctsn);
	if (sctp_outq_is_empty(&asoc->outqueue))
		sctp_send_shutdown_ack(asoc);
	return SCTP_DISPOSITION_CONSUME;
}

enum sctp_disposition sctp_sf_do_9_2_shut_ctsn(struct sctp_endpoint *ep,
					       struct sctp_association *asoc,
					       struct sctp_chunk *chunk)
{
	enum sctp_disposition ret;
	u32 ctsn;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr) +
					       sizeof(struct sctp_shutdownhdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	if (!sctp_shutdown_ctsn(ep, asoc, chunk, &ctsn, &ret))
		return ret;
	sctp_process_ctsn(asoc, chunk, ctsn);
	if (sctp_outq_is_empty(&asoc->outqueue))
		sctp_send_shutdown_ack(asoc);
	return SCTP_DISPOSITION_CONSUME;
}

/* Both sides want to end at once. */
enum sctp_disposition sctp_sf_do_9_2_shutdown_ack(struct sctp_endpoint *ep,
						  struct sctp_association *asoc,
						  struct sctp_chunk *chunk)
{
	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr) +
					       sizeof(struct sctp_shutdownhdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	sctp_send_shutdown_ack(asoc);
	return SCTP_DISPOSITION_CONSUME;
}

/* The peer wants to begin anew before it knows that this is over. */
enum sctp_disposition sctp_sf_do_9_2_reshutack(struct sctp_endpoint *ep,
					       struct sctp_association *asoc,
					       struct sctp_chunk *chunk)
{
	if (malformed(!chunk->singleton))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_init_chunk))))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(chunk->sctp_hdr->vtag != 0))
		return sctp_sf_tabort_8_4_8(ep, asoc, chunk);
	sctp_send_shutdown_ack(asoc);
	return SCTP_DISPOSITION_CONSUME;
}

enum sctp_disposition sctp_sf_do_9_2_final(struct sctp_endpoint *ep,
					   struct sctp_association *asoc,
					   struct sctp_chunk *chunk)
{
	struct sctp_chunk *reply;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	reply = sctp_make_control(asoc, SCTP_CID_SHUTDOWN_COMPLETE, 0, 0);
	if (!reply)
		return SCTP_DISPOSITION_NOMEM;
	sctp_event(asoc, "sctp.event.shutdown_comp", 0);
	sctp_send_reply(asoc, reply);
	sctp_set_state(asoc, SCTP_STATE_CLOSED);
	sctp_association_free(asoc);
	return SCTP_DISPOSITION_DELETE_TCB;
}

/* SHUTDOWN COMPLETE */
enum sctp_disposition sctp_sf_do_4_C(struct sctp_endpoint *ep, struct sctp_association *asoc,
				     struct sctp_chunk *chunk)
{
	if (malformed(!sctp_vtag_verify_either(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!chunk->singleton))
		return sctp_sf_violation_chunk(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	sctp_event(asoc, "sctp.event.shutdown_comp", 0);
	sctp_set_state(asoc, SCTP_STATE_CLOSED);
	sctp_association_free(asoc);
	return SCTP_DISPOSITION_DELETE_TCB;
}

/* ---- For nobody ---- */

/* The tag that an answer to @chunk bears (RFC 9260 8.4). */
static u32 sctp_ootb_vtag(const struct sctp_association *asoc, const struct sctp_chunk *chunk,
			  const struct sctp_chunk *reply)
{
	const struct sctp_init_chunk *init = (const struct sctp_init_chunk *)chunk->chunk_hdr;

	if (reply->chunk_hdr->flags & SCTP_CHUNK_FLAG_T)
		return ntohl(chunk->sctp_hdr->vtag);
	if (init->chunk_hdr.type == SCTP_CID_INIT || init->chunk_hdr.type == SCTP_CID_INIT_ACK) {
		if (!malformed(!sctp_chunk_length_valid(chunk, sizeof(*init))))
			return ntohl(init->init_hdr.init_tag);
	}
	return asoc ? asoc->peer.i.init_tag : ntohl(chunk->sctp_hdr->vtag);
}

enum sctp_disposition sctp_sf_pdiscard(struct sctp_endpoint *ep, struct sctp_association *asoc,
				       struct sctp_chunk *chunk)
{
	chunk->pdiscard = true;
	return SCTP_DISPOSITION_CONSUME;
}

enum sctp_disposition sctp_sf_tabort_8_4_8(struct sctp_endpoint *ep,
					   struct sctp_association *asoc,
					   struct sctp_chunk *chunk)
{
	struct sctp_chunk *abort = sctp_make_abort(asoc, chunk, 0);

	if (!abort)
		return SCTP_DISPOSITION_NOMEM;
	sctp_send_ootb(ep, abort, sctp_ootb_vtag(asoc, chunk, abort));
	return sctp_sf_pdiscard(ep, asoc, chunk);
}

/* SHUTDOWN ACK from someone we do not know: SHUTDOWN COMPLETE. */
static enum sctp_disposition sctp_sf_shut_8_4_5(struct sctp_endpoint *ep,
						struct sctp_association *asoc,
						struct sctp_chunk *chunk)
{
	struct sctp_chunk *shut;

	shut = sctp_make_control(asoc, SCTP_CID_SHUTDOWN_COMPLETE, asoc ? 0 : SCTP_CHUNK_FLAG_T, 0);
	if (!shut)
		return SCTP_DISPOSITION_NOMEM;
	sctp_send_ootb(ep, shut, sctp_ootb_vtag(asoc, chunk, shut));
	return sctp_sf_pdiscard(ep, asoc, chunk);
}

enum sctp_disposition sctp_sf_do_8_5_1_E_sa(struct sctp_endpoint *ep,
					    struct sctp_association *asoc,
					    struct sctp_chunk *chunk)
{
	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		asoc = NULL;
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	return sctp_sf_shut_8_4_5(ep, NULL, chunk);
}

/* Is the peer's cookie too old, by an ERROR chunk at @ch? */
static bool sctp_ootb_stale_cookie(const struct sk_buff *skb, const struct sctp_chunkhdr *ch)
{
	const struct sctp_errhdr *err;

	for (err = (const struct sctp_errhdr *)(ch + 1); sctp_error_fits(err, ch);
	     err = sctp_error_next(err)) {
		sctp_decode_cause(skb, err);
		if (ntohs(err->cause) == SCTP_ERROR_STALE_COOKIE)
			return true;
	}
	return false;
}

enum sctp_disposition sctp_sf_ootb(struct sctp_endpoint *ep, struct sctp_association *asoc,
				   struct sctp_chunk *chunk)
{
	const struct sctp_chunkhdr *ch = chunk->chunk_hdr;
	bool ootb_shut_ack = false, ootb_cookie_ack = false;
	const u8 *ch_end;

	if (asoc && malformed(!sctp_vtag_verify(chunk, asoc)))
		asoc = NULL;
	do {
		if (malformed(ntohs(ch->length) < sizeof(*ch)))
			return sctp_sf_violation_chunklen(ep, asoc, chunk);
		ch_end = (const u8 *)ch + SCTP_PAD4(ntohs(ch->length));
		if (malformed_in(CVE_2016_9555, ch_end > skb_tail_pointer(chunk->skb)))
			return sctp_sf_violation_chunklen(ep, asoc, chunk);
		if (ch->type == SCTP_CID_SHUTDOWN_ACK)
			ootb_shut_ack = true;
		if (malformed(ch->type == SCTP_CID_ABORT))
			return sctp_sf_pdiscard(ep, asoc, chunk);
		if (ch->type == SCTP_CID_COOKIE_ACK)
			ootb_cookie_ack = true;
		if (ch->type == SCTP_CID_ERROR && sctp_ootb_stale_cookie(chunk->skb, ch))
			ootb_cookie_ack = true;
		if (!fixed(CVE_2016_9555) && ch_end > skb_tail_pointer(chunk->skb))
			return sctp_sf_violation_chunklen(ep, asoc, chunk);
		ch = (const struct sctp_chunkhdr *)ch_end;
	} while (ch_end + sizeof(*ch) < skb_tail_pointer(chunk->skb));
	if (ootb_shut_ack)
		return sctp_sf_shut_8_4_5(ep, asoc, chunk);
	if (malformed(ootb_cookie_ack))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	return sctp_sf_tabort_8_4_8(ep, asoc, chunk);
}

/* ---- Unknown, unexpected, wrong ---- */

static void sctp_report_unk_chunk(struct sctp_association *asoc, struct sctp_chunk *chunk)
{
	struct sctp_chunk *err_chunk;

	err_chunk = sctp_make_op_error(asoc, chunk, SCTP_ERROR_UNKNOWN_CHUNK, chunk->chunk_hdr,
				       SCTP_PAD4(sctp_chunk_len(chunk)), 0);
	if (err_chunk)
		sctp_send_reply(asoc, err_chunk);
}

/* By the two highest bits of its type (RFC 9260 3.2). */
enum sctp_disposition sctp_sf_unk_chunk(struct sctp_endpoint *ep, struct sctp_association *asoc,
					struct sctp_chunk *chunk)
{
	u8 action = chunk->chunk_hdr->type & SCTP_CID_ACTION_MASK;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	if (action & SCTP_CID_ACTION_DISCARD_ERR)
		sctp_report_unk_chunk(asoc, chunk);
	if (malformed(!(action & SCTP_CID_ACTION_SKIP)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	return SCTP_DISPOSITION_DISCARD;
}

enum sctp_disposition sctp_sf_discard_chunk(struct sctp_endpoint *ep,
					    struct sctp_association *asoc,
					    struct sctp_chunk *chunk)
{
	if (asoc && malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	return SCTP_DISPOSITION_DISCARD;
}

enum sctp_disposition sctp_sf_violation(struct sctp_endpoint *ep, struct sctp_association *asoc,
					struct sctp_chunk *chunk)
{
	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	return SCTP_DISPOSITION_VIOLATION;
}

/* ABORT with @payload in front of what was wrong; the association is over. */
enum sctp_disposition sctp_sf_abort_violation(struct sctp_endpoint *ep,
					      struct sctp_association *asoc,
					      struct sctp_chunk *chunk, const char *payload,
					      size_t paylen)
{
	struct sctp_chunk *abort;

	sctp_sf_pdiscard(ep, asoc, chunk);
	/* what the peer would have to sign, it may not provoke unsigned */
	if (malformed(sctp_auth_recv_cid(SCTP_CID_ABORT, asoc)))
		return SCTP_DISPOSITION_ABORT;
	abort = sctp_make_abort_violation(asoc, chunk, payload, paylen);
	if (!abort)
		return SCTP_DISPOSITION_NOMEM;
	if (!asoc) {
		sctp_send_ootb(ep, abort, sctp_ootb_vtag(asoc, chunk, abort));
		return SCTP_DISPOSITION_ABORT;
	}
	if (chunk->chunk_hdr->type == SCTP_CID_INIT_ACK && !asoc->peer.i.init_tag)
		asoc->peer.i.init_tag = sctp_ootb_vtag(asoc, chunk, abort);
	sctp_send_reply(asoc, abort);
	sctp_timer_stop(asoc, SCTP_TIMER_T1);
	sctp_cmd_assoc_failed(asoc, SCTP_ERROR_PROTO_VIOLATION);
	return SCTP_DISPOSITION_ABORT;
}

enum sctp_disposition sctp_sf_violation_chunklen(struct sctp_endpoint *ep,
						 struct sctp_association *asoc,
						 struct sctp_chunk *chunk)
{
	static const char err_str[] = "The following chunk had invalid length:";

	return sctp_sf_abort_violation(ep, asoc, chunk, err_str, sizeof(err_str));
}

enum sctp_disposition sctp_sf_violation_chunk(struct sctp_endpoint *ep,
					      struct sctp_association *asoc,
					      struct sctp_chunk *chunk)
{
	static const char err_str[] = "The following chunk violates protocol:";

	return sctp_sf_abort_violation(ep, asoc, chunk, err_str, sizeof(err_str));
}

enum sctp_disposition sctp_sf_violation_ctsn(struct sctp_endpoint *ep,
					     struct sctp_association *asoc,
					     struct sctp_chunk *chunk)
{
	static const char err_str[] = "The cumulative tsn ack beyond the max tsn currently sent:";

	return sctp_sf_abort_violation(ep, asoc, chunk, err_str, sizeof(err_str));
}

enum sctp_disposition sctp_sf_violation_paramlen(struct sctp_association *asoc,
						 struct sctp_chunk *chunk,
						 const struct sctp_paramhdr *param)
{
	struct sctp_chunk *abort;

	chunk->pdiscard = true;
	if (malformed(sctp_auth_recv_cid(SCTP_CID_ABORT, asoc)))
		return SCTP_DISPOSITION_ABORT;
	abort = sctp_make_violation_paramlen(asoc, chunk, param);
	if (!abort)
		return SCTP_DISPOSITION_NOMEM;
	sctp_send_reply(asoc, abort);
	sctp_cmd_assoc_failed(asoc, SCTP_ERROR_PROTO_VIOLATION);
	return SCTP_DISPOSITION_ABORT;
}
