// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: streams begin anew, and become more (RE-CONFIG).
 *
 * Modelled on: Linux 6.1 net/sctp/stream.c (sctp_process_strreset_outreq, _inreq, _tsnreq,
 *	_addstrm_out, _addstrm_in, _resp, sctp_chunk_lookup_strreset_param,
 *	sctp_send_reset_streams, sctp_send_reset_assoc, sctp_send_add_streams),
 *	net/sctp/sm_make_chunk.c (sctp_verify_reconf, sctp_make_strreset_req,
 *	sctp_make_strreset_tsnreq, sctp_make_strreset_addstrm, sctp_make_strreset_resp,
 *	sctp_make_strreset_tsnresp), net/sctp/sm_statefuns.c (sctp_sf_do_reconf)
 * Spec: RFC 6525
 * Differs: every kind of request is allowed; one that gets no answer is not repeated; data
 *	of ours is outstanding or not, whatever its stream.
 */
#include <linux/slab.h>
#include <net/sctp.h>

#include "rx.h"

/* Requests of ours that wait for an answer, as bits of asoc->strreset_outstanding. */
static u8 sctp_strreset_bit(u16 type)
{
	return (u8)(1 << (type - SCTP_PARAM_RESET_OUT_REQUEST));
}

/* ---- Verification ---- */

static bool sctp_reconf_len_valid(u16 type, u16 length)
{
	switch (type) {
	case SCTP_PARAM_RESET_OUT_REQUEST:
		return !malformed(length < sizeof(struct sctp_strreset_outreq));
	case SCTP_PARAM_RESET_IN_REQUEST:
		return !malformed(length < sizeof(struct sctp_strreset_inreq));
	case SCTP_PARAM_RESET_RESPONSE:
		return !malformed(length != sizeof(struct sctp_strreset_resp) &&
				  length != sizeof(struct sctp_strreset_resptsn));
	case SCTP_PARAM_RESET_TSN_REQUEST:
		return !malformed(length != sizeof(struct sctp_strreset_tsnreq));
	case SCTP_PARAM_RESET_ADD_IN_STREAMS:
		return !malformed(length != sizeof(struct sctp_strreset_addstrm));
	case SCTP_PARAM_RESET_ADD_OUT_STREAMS:
		return !malformed(length != sizeof(struct sctp_strreset_addstrm));
	}
	return false;
}

/* What may follow what (RFC 6525 3.1); @last is 0 for the first one. */
static bool sctp_reconf_order_valid(u16 type, u16 last)
{
	switch (type) {
	case SCTP_PARAM_RESET_OUT_REQUEST:
		return !malformed(last && last != SCTP_PARAM_RESET_RESPONSE &&
				  last != SCTP_PARAM_RESET_IN_REQUEST);
	case SCTP_PARAM_RESET_IN_REQUEST:
		return !malformed(last && last != SCTP_PARAM_RESET_OUT_REQUEST);
	case SCTP_PARAM_RESET_RESPONSE:
		return !malformed(last && last != SCTP_PARAM_RESET_RESPONSE &&
				  last != SCTP_PARAM_RESET_OUT_REQUEST);
	case SCTP_PARAM_RESET_ADD_IN_STREAMS:
		return !malformed(last && last != SCTP_PARAM_RESET_ADD_OUT_STREAMS);
	case SCTP_PARAM_RESET_ADD_OUT_STREAMS:
		return !malformed(last && last != SCTP_PARAM_RESET_ADD_IN_STREAMS);
	}
	return !malformed(last);
}

/* @cnt: how many came before. */
static bool sctp_reconf_param_valid(const struct sctp_paramhdr *p, u16 last, u16 cnt)
{
	if (malformed(cnt > 2))
		return false;
	if (malformed(!sctp_reconf_len_valid(ntohs(p->type), ntohs(p->length))))
		return false;
	return sctp_reconf_order_valid(ntohs(p->type), last);
}

static bool sctp_verify_reconf(struct sctp_chunk *chunk, const struct sctp_paramhdr **errp)
{
	const struct sctp_chunkhdr *hdr = chunk->chunk_hdr;
	const u8 *end = (const u8 *)hdr + ntohs(hdr->length);
	const struct sctp_paramhdr *p;
	u16 last = 0, cnt = 0;

	*errp = NULL;
	for (p = (const struct sctp_paramhdr *)(hdr + 1); sctp_param_fits(p, end);
	     p = sctp_param_next(p)) {
		*errp = p;
		rx_u64(chunk->skb, "sctp.parameter_type", ntohs(p->type));
		rx_u64(chunk->skb, "sctp.parameter_length", ntohs(p->length));
		if (!sctp_reconf_param_valid(p, last, cnt++))
			return false;
		last = ntohs(p->type);
	}
	return true;
}

/* ---- Ours ---- */

/* What we have asked and is not answered; NULL: nothing, or not this. */
static const struct sctp_paramhdr *
sctp_chunk_lookup_strreset_param(const struct sctp_association *asoc, __be32 resp_seq, u16 type,
				 bool match_seq)
{
	const struct sctp_chunk *chunk = asoc->strreset_chunk;
	const struct sctp_strreset_tsnreq *req;
	const struct sctp_paramhdr *p;

	if (!chunk)
		return NULL;
	for (p = (const struct sctp_paramhdr *)(chunk->chunk_hdr + 1);
	     (const u8 *)p < chunk->chunk_end; p = sctp_param_next(p)) {
		req = (const struct sctp_strreset_tsnreq *)p;
		if ((!match_seq || req->request_seq == resp_seq) &&
		    (!type || type == ntohs(p->type)))
			return p;
	}
	return NULL;
}

void sctp_strreset_drop(struct sctp_association *asoc)
{
	if (asoc->strreset_chunk)
		sctp_chunk_put(asoc->strreset_chunk);
	asoc->strreset_chunk = NULL;
	asoc->strreset_outstanding = 0;
}

/* One request is answered; with the last one the chunk is done with. */
static void sctp_strreset_answered(struct sctp_association *asoc, u16 type)
{
	asoc->strreset_outstanding &= (u8)~sctp_strreset_bit(type);
	asoc->strreset_outseq++;
	if (!asoc->strreset_outstanding)
		sctp_strreset_drop(asoc);
}

static struct sctp_chunk *sctp_make_reconf(struct sctp_association *asoc, size_t length)
{
	return sctp_make_control(asoc, SCTP_CID_RECONF, 0, length);
}

static struct sctp_chunk *sctp_make_strreset_req(struct sctp_association *asoc, u16 stream_num,
						 const __be16 *stream_list, bool out, bool in)
{
	u16 stream_len = (u16)(stream_num * sizeof(__be16));
	struct sctp_strreset_outreq outreq;
	struct sctp_strreset_inreq inreq;
	u16 outlen = out ? (u16)(sizeof(outreq) + stream_len) : 0;
	u16 inlen = in ? (u16)(sizeof(inreq) + stream_len) : 0;
	struct sctp_chunk *chunk = sctp_make_reconf(asoc, SCTP_PAD4(outlen) + SCTP_PAD4(inlen));

	if (!chunk)
		return NULL;
	if (outlen) {
		outreq.param_hdr.type = htons(SCTP_PARAM_RESET_OUT_REQUEST);
		outreq.param_hdr.length = htons(outlen);
		outreq.request_seq = htonl(asoc->strreset_outseq);
		outreq.response_seq = htonl(asoc->strreset_inseq - 1);
		outreq.send_reset_at_tsn = htonl(asoc->next_tsn - 1);
		sctp_addto_chunk(chunk, sizeof(outreq), &outreq);
		if (stream_len)
			sctp_addto_chunk(chunk, stream_len, stream_list);
	}
	if (inlen) {
		inreq.param_hdr.type = htons(SCTP_PARAM_RESET_IN_REQUEST);
		inreq.param_hdr.length = htons(inlen);
		inreq.request_seq = htonl(asoc->strreset_outseq + out);
		sctp_addto_chunk(chunk, sizeof(inreq), &inreq);
		if (stream_len)
			sctp_addto_chunk(chunk, stream_len, stream_list);
	}
	return chunk;
}

static struct sctp_chunk *sctp_make_strreset_addstrm(struct sctp_association *asoc, u16 out,
						     u16 in)
{
	struct sctp_strreset_addstrm addstrm = { .param_hdr.length = htons(sizeof(addstrm)) };
	struct sctp_chunk *chunk = sctp_make_reconf(asoc, 2 * sizeof(addstrm));

	if (!chunk)
		return NULL;
	if (out) {
		addstrm.param_hdr.type = htons(SCTP_PARAM_RESET_ADD_OUT_STREAMS);
		addstrm.number_of_streams = htons(out);
		addstrm.request_seq = htonl(asoc->strreset_outseq);
		sctp_addto_chunk(chunk, sizeof(addstrm), &addstrm);
	}
	if (in) {
		addstrm.param_hdr.type = htons(SCTP_PARAM_RESET_ADD_IN_STREAMS);
		addstrm.number_of_streams = htons(in);
		addstrm.request_seq = htonl(asoc->strreset_outseq + !!out);
		sctp_addto_chunk(chunk, sizeof(addstrm), &addstrm);
	}
	return chunk;
}

static struct sctp_chunk *sctp_make_strreset_resp(struct sctp_association *asoc, u32 result,
						  u32 sn)
{
	struct sctp_strreset_resp resp = {
		.param_hdr.type = htons(SCTP_PARAM_RESET_RESPONSE),
		.param_hdr.length = htons(sizeof(resp)),
		.response_seq = htonl(sn),
		.result = htonl(result),
	};
	struct sctp_chunk *chunk = sctp_make_reconf(asoc, sizeof(resp));

	if (chunk)
		sctp_addto_chunk(chunk, sizeof(resp), &resp);
	return chunk;
}

static struct sctp_chunk *sctp_make_strreset_tsnresp(struct sctp_association *asoc, u32 result,
						     u32 sn, u32 sender_tsn, u32 receiver_tsn)
{
	struct sctp_strreset_resptsn resp = {
		.param_hdr.type = htons(SCTP_PARAM_RESET_RESPONSE),
		.param_hdr.length = htons(sizeof(resp)),
		.response_seq = htonl(sn),
		.result = htonl(result),
		.senders_next_tsn = htonl(sender_tsn),
		.receivers_next_tsn = htonl(receiver_tsn),
	};
	struct sctp_chunk *chunk = sctp_make_reconf(asoc, sizeof(resp));

	if (chunk)
		sctp_addto_chunk(chunk, sizeof(resp), &resp);
	return chunk;
}

/* ---- Theirs ---- */

static void sctp_update_strreset_result(struct sctp_association *asoc, u32 result)
{
	asoc->strreset_result[1] = asoc->strreset_result[0];
	asoc->strreset_result[0] = result;
}

/* Return: true if the request is the next one; else *@result is the answer. */
static bool sctp_strreset_seq(const struct sctp_association *asoc, u32 request_seq, u32 *result)
{
	*result = SCTP_STRRESET_ERR_BAD_SEQNO;
	if (malformed(TSN_lt(asoc->strreset_inseq, request_seq)))
		return false;
	if (malformed(TSN_lt(request_seq, asoc->strreset_inseq - 2)))
		return false;
	if (malformed(TSN_lt(request_seq, asoc->strreset_inseq))) {
		*result = asoc->strreset_result[asoc->strreset_inseq - request_seq - 1];
		return false;
	}
	return true;
}

/* What stands behind the fixed part of a request. */
struct stream_list {
	const u8 *at;
	u16 nums;
};

static struct stream_list sctp_stream_list(const struct sctp_paramhdr *p, size_t fixed)
{
	struct stream_list list = {
		(const u8 *)p + fixed, (u16)((ntohs(p->length) - fixed) / sizeof(__be16)),
	};

	return list;
}

static u16 sctp_stream_at(const struct stream_list *list, u16 i)
{
	return get_unaligned_be16(list->at + 2 * i);
}

static bool sctp_outreq_streams_valid(const struct sctp_association *asoc,
				      const struct stream_list *list, const struct sk_buff *skb)
{
	u16 i;

	for (i = 0; i < list->nums; i++) {
		rx_u64(skb, "sctp.parameter_reconfig_sid", sctp_stream_at(list, i));
		if (malformed(sctp_stream_at(list, i) >= asoc->stream.incnt))
			return false;
	}
	return true;
}

static bool sctp_inreq_streams_valid(const struct sctp_association *asoc,
				     const struct stream_list *list, const struct sk_buff *skb)
{
	u16 i;

	for (i = 0; i < list->nums; i++) {
		rx_u64(skb, "sctp.parameter_reconfig_sid", sctp_stream_at(list, i));
		if (malformed(sctp_stream_at(list, i) >= asoc->stream.outcnt))
			return false;
	}
	return true;
}

/* The peer has done what we asked, or wants something of its own while we wait. */
static bool sctp_strreset_counterpart(struct sctp_association *asoc, __be32 resp_seq, u16 type,
				      bool match_seq)
{
	if (!asoc->strreset_chunk)
		return true;
	if (malformed(!sctp_chunk_lookup_strreset_param(asoc, resp_seq, type, match_seq)))
		return false;
	if (malformed(!(asoc->strreset_outstanding & sctp_strreset_bit(type))))
		return false;
	sctp_strreset_answered(asoc, type);
	return true;
}

static u32 sctp_strreset_out(struct sctp_association *asoc, const struct sctp_paramhdr *p,
			     const struct sk_buff *skb)
{
	const struct sctp_strreset_outreq *outreq = (const struct sctp_strreset_outreq *)p;
	struct stream_list list = sctp_stream_list(p, sizeof(*outreq));
	u16 i;

	if (!sctp_outreq_streams_valid(asoc, &list, skb))
		return SCTP_STRRESET_ERR_WRONG_SSN;
	if (!sctp_strreset_counterpart(asoc, outreq->response_seq, SCTP_PARAM_RESET_IN_REQUEST,
				       true))
		return SCTP_STRRESET_ERR_IN_PROGRESS;
	for (i = 0; i < list.nums; i++)
		asoc->stream.in[sctp_stream_at(&list, i)].mid = 0;
	for (i = 0; !list.nums && i < asoc->stream.incnt; i++)
		asoc->stream.in[i].mid = 0;
	sctp_event(asoc, "sctp.event.reset_in", list.nums);
	return SCTP_STRRESET_PERFORMED;
}

static struct sctp_chunk *sctp_process_strreset_outreq(struct sctp_association *asoc,
						       const struct sctp_paramhdr *p,
						       const struct sk_buff *skb)
{
	const struct sctp_strreset_outreq *outreq = (const struct sctp_strreset_outreq *)p;
	u32 request_seq = ntohl(outreq->request_seq), result;

	rx_u64(skb, "sctp.parameter_reconfig_request_sequence_number", request_seq);
	rx_u64(skb, "sctp.parameter_reconfig_response_sequence_number",
	       ntohl(outreq->response_seq));
	rx_u64(skb, "sctp.parameter_senders_last_assigned_tsn", ntohl(outreq->send_reset_at_tsn));
	if (malformed(ntohl(outreq->send_reset_at_tsn) >
		      asoc->peer.tsn_map.cumulative_tsn_ack_point))
		return sctp_make_strreset_resp(asoc, SCTP_STRRESET_IN_PROGRESS, request_seq);
	if (!sctp_strreset_seq(asoc, request_seq, &result))
		return sctp_make_strreset_resp(asoc, result, request_seq);
	asoc->strreset_inseq++;
	result = sctp_strreset_out(asoc, p, skb);
	sctp_update_strreset_result(asoc, result);
	return sctp_make_strreset_resp(asoc, result, request_seq);
}

/* We are asked to reset streams of ours: we ask the peer to take that. */
static struct sctp_chunk *sctp_strreset_in(struct sctp_association *asoc,
					   const struct stream_list *list)
{
	struct sctp_chunk *chunk;
	u16 i;

	chunk = sctp_make_strreset_req(asoc, list->nums, (const __be16 *)list->at, true, false);
	if (!chunk)
		return NULL;
	for (i = 0; i < list->nums; i++)
		asoc->stream.out[sctp_stream_at(list, i)].closed = true;
	for (i = 0; !list->nums && i < asoc->stream.outcnt; i++)
		asoc->stream.out[i].closed = true;
	asoc->strreset_chunk = chunk;
	asoc->strreset_outstanding |= sctp_strreset_bit(SCTP_PARAM_RESET_OUT_REQUEST);
	sctp_chunk_hold(chunk);
	return chunk;
}

static struct sctp_chunk *sctp_process_strreset_inreq(struct sctp_association *asoc,
						      const struct sctp_paramhdr *p,
						      const struct sk_buff *skb)
{
	const struct sctp_strreset_inreq *inreq = (const struct sctp_strreset_inreq *)p;
	struct stream_list list = sctp_stream_list(p, sizeof(*inreq));
	u32 request_seq = ntohl(inreq->request_seq), result;
	struct sctp_chunk *chunk = NULL;

	rx_u64(skb, "sctp.parameter_reconfig_request_sequence_number", request_seq);
	if (!sctp_strreset_seq(asoc, request_seq, &result)) {
		if (malformed(result == SCTP_STRRESET_PERFORMED))
			return NULL;
		return sctp_make_strreset_resp(asoc, result, request_seq);
	}
	asoc->strreset_inseq++;
	result = SCTP_STRRESET_DENIED;
	if (malformed(asoc->strreset_outstanding)) {
		result = SCTP_STRRESET_ERR_IN_PROGRESS;
	} else if (malformed(list.nums * sizeof(__be16) + sizeof(struct sctp_strreset_outreq) >
			     SCTP_MAX_CHUNK_LEN - sizeof(struct sctp_chunkhdr))) {
		result = SCTP_STRRESET_DENIED;
	} else if (!sctp_inreq_streams_valid(asoc, &list, skb)) {
		result = SCTP_STRRESET_ERR_WRONG_SSN;
	} else if (malformed(!sctp_outq_is_empty(&asoc->outqueue))) {
		asoc->strreset_inseq--;
		return sctp_make_strreset_resp(asoc, SCTP_STRRESET_IN_PROGRESS, request_seq);
	} else {
		chunk = sctp_strreset_in(asoc, &list);
		if (chunk)
			result = SCTP_STRRESET_PERFORMED;
	}
	sctp_update_strreset_result(asoc, result);
	return chunk ? chunk : sctp_make_strreset_resp(asoc, result, request_seq);
}

static void sctp_reset_mids(struct sctp_association *asoc)
{
	u16 i;

	for (i = 0; i < asoc->stream.outcnt; i++) {
		asoc->stream.out[i].mid = 0;
		asoc->stream.out[i].mid_uo = 0;
	}
	for (i = 0; i < asoc->stream.incnt; i++)
		asoc->stream.in[i].mid = 0;
}

static struct sctp_chunk *sctp_process_strreset_tsnreq(struct sctp_association *asoc,
						       const struct sctp_paramhdr *p,
						       const struct sk_buff *skb)
{
	struct sctp_tsnmap *map = &asoc->peer.tsn_map;
	u32 request_seq = ntohl(((const struct sctp_strreset_tsnreq *)p)->request_seq);
	u32 init_tsn = 0, next_tsn = 0, result;

	rx_u64(skb, "sctp.parameter_reconfig_request_sequence_number", request_seq);
	if (!sctp_strreset_seq(asoc, request_seq, &result)) {
		if (malformed(result == SCTP_STRRESET_PERFORMED)) {
			next_tsn = asoc->ctsn_ack_point + 1;
			init_tsn = map->cumulative_tsn_ack_point + 1;
		}
		goto out;
	}
	result = SCTP_STRRESET_IN_PROGRESS;
	if (malformed(!sctp_outq_is_empty(&asoc->outqueue)))
		goto out;
	asoc->strreset_inseq++;
	result = SCTP_STRRESET_ERR_IN_PROGRESS;
	if (!malformed(asoc->strreset_outstanding)) {
		asoc->stream.si->report_ftsn(&asoc->ulpq, map->max_tsn_seen);
		init_tsn = map->cumulative_tsn_ack_point + (1U << 31);
		sctp_tsnmap_init(map, SCTP_TSN_MAP_INITIAL, init_tsn);
		sctp_outq_teardown(&asoc->outqueue);
		next_tsn = asoc->next_tsn;
		asoc->ctsn_ack_point = next_tsn - 1;
		asoc->adv_peer_ack_point = asoc->ctsn_ack_point;
		sctp_reset_mids(asoc);
		result = SCTP_STRRESET_PERFORMED;
		sctp_event(asoc, "sctp.event.reset_tsn", init_tsn);
	}
	sctp_update_strreset_result(asoc, result);
out:
	return sctp_make_strreset_tsnresp(asoc, result, request_seq, next_tsn, init_tsn);
}

static void sctp_decode_addstrm(const struct sk_buff *skb, const struct sctp_paramhdr *p)
{
	const struct sctp_strreset_addstrm *addstrm = (const struct sctp_strreset_addstrm *)p;
	bool out = ntohs(p->type) == SCTP_PARAM_RESET_ADD_OUT_STREAMS;

	rx_u64(skb, "sctp.parameter_reconfig_request_sequence_number",
	       ntohl(addstrm->request_seq));
	rx_u64(skb, out ? "sctp.parameter_add_outgoing_streams_number" :
			  "sctp.parameter_add_incoming_streams_number",
	       ntohs(addstrm->number_of_streams));
}

static u32 sctp_strreset_add_out(struct sctp_association *asoc, u16 in)
{
	u32 incnt = (u32)asoc->stream.incnt + in;

	if (malformed(!in))
		return SCTP_STRRESET_DENIED;
	if (malformed(incnt > SCTP_MAX_STREAM))
		return SCTP_STRRESET_DENIED;
	if (!sctp_strreset_counterpart(asoc, 0, SCTP_PARAM_RESET_ADD_IN_STREAMS, false))
		return SCTP_STRRESET_ERR_IN_PROGRESS;
	if (sctp_stream_alloc_in(&asoc->stream, (u16)incnt))
		return SCTP_STRRESET_DENIED;
	sctp_event(asoc, "sctp.event.streams_in", incnt);
	return SCTP_STRRESET_PERFORMED;
}

/* The peer will send on more streams. */
static struct sctp_chunk *sctp_process_strreset_addstrm_out(struct sctp_association *asoc,
							    const struct sctp_paramhdr *p,
							    const struct sk_buff *skb)
{
	const struct sctp_strreset_addstrm *addstrm = (const struct sctp_strreset_addstrm *)p;
	u32 request_seq = ntohl(addstrm->request_seq), result;

	sctp_decode_addstrm(skb, p);
	if (sctp_strreset_seq(asoc, request_seq, &result)) {
		asoc->strreset_inseq++;
		result = sctp_strreset_add_out(asoc, ntohs(addstrm->number_of_streams));
		sctp_update_strreset_result(asoc, result);
	}
	return sctp_make_strreset_resp(asoc, result, request_seq);
}

static struct sctp_chunk *sctp_strreset_add_in(struct sctp_association *asoc, u16 out,
					       u32 *result)
{
	u32 outcnt = (u32)asoc->stream.outcnt + out;
	struct sctp_chunk *chunk;

	*result = SCTP_STRRESET_ERR_IN_PROGRESS;
	if (malformed(asoc->strreset_outstanding))
		return NULL;
	*result = SCTP_STRRESET_DENIED;
	if (malformed(!out))
		return NULL;
	if (malformed(outcnt > SCTP_MAX_STREAM))
		return NULL;
	if (sctp_stream_alloc_out(&asoc->stream, (u16)outcnt))
		return NULL;
	chunk = sctp_make_strreset_addstrm(asoc, out, 0);
	if (!chunk)
		return NULL;
	asoc->strreset_chunk = chunk;
	asoc->strreset_outstanding |= sctp_strreset_bit(SCTP_PARAM_RESET_ADD_OUT_STREAMS);
	sctp_chunk_hold(chunk);
	*result = SCTP_STRRESET_PERFORMED;
	return chunk;
}

/* The peer wants us to send on more streams. */
static struct sctp_chunk *sctp_process_strreset_addstrm_in(struct sctp_association *asoc,
							   const struct sctp_paramhdr *p,
							   const struct sk_buff *skb)
{
	const struct sctp_strreset_addstrm *addstrm = (const struct sctp_strreset_addstrm *)p;
	u32 request_seq = ntohl(addstrm->request_seq), result;
	struct sctp_chunk *chunk = NULL;

	sctp_decode_addstrm(skb, p);
	if (sctp_strreset_seq(asoc, request_seq, &result)) {
		asoc->strreset_inseq++;
		chunk = sctp_strreset_add_in(asoc, ntohs(addstrm->number_of_streams), &result);
		sctp_update_strreset_result(asoc, result);
	} else if (malformed(result == SCTP_STRRESET_PERFORMED)) {
		return NULL;
	}
	return chunk ? chunk : sctp_make_strreset_resp(asoc, result, request_seq);
}

/* ---- The answer ---- */

static void sctp_resp_out(struct sctp_association *asoc, const struct sctp_paramhdr *req,
			  u32 result)
{
	struct stream_list list = sctp_stream_list(req, sizeof(struct sctp_strreset_outreq));
	struct sctp_stream *stream = &asoc->stream;
	u16 i;

	if (result == SCTP_STRRESET_PERFORMED) {
		for (i = 0; i < list.nums; i++) {
			stream->out[sctp_stream_at(&list, i)].mid = 0;
			stream->out[sctp_stream_at(&list, i)].mid_uo = 0;
		}
		for (i = 0; !list.nums && i < stream->outcnt; i++) {
			stream->out[i].mid = 0;
			stream->out[i].mid_uo = 0;
		}
	}
	for (i = 0; i < stream->outcnt; i++)
		stream->out[i].closed = false;
	sctp_event(asoc, "sctp.event.reset_out", result);
}

/* Return: false if the answer is no answer to this. */
static bool sctp_resp_tsn(struct sctp_association *asoc, const struct sctp_paramhdr *p,
			  u32 result, const struct sk_buff *skb)
{
	const struct sctp_strreset_resptsn *resptsn = (const struct sctp_strreset_resptsn *)p;
	struct sctp_tsnmap *map = &asoc->peer.tsn_map;
	u16 i;

	if (malformed(ntohs(p->length) != sizeof(*resptsn)))
		return false;
	rx_u64(skb, "sctp.parameter_senders_next_tsn", ntohl(resptsn->senders_next_tsn));
	rx_u64(skb, "sctp.parameter_receivers_next_tsn", ntohl(resptsn->receivers_next_tsn));
	if (result == SCTP_STRRESET_PERFORMED) {
		asoc->stream.si->report_ftsn(&asoc->ulpq, map->max_tsn_seen);
		sctp_tsnmap_init(map, SCTP_TSN_MAP_INITIAL, ntohl(resptsn->senders_next_tsn));
		sctp_outq_teardown(&asoc->outqueue);
		asoc->next_tsn = ntohl(resptsn->receivers_next_tsn);
		asoc->ctsn_ack_point = asoc->next_tsn - 1;
		asoc->adv_peer_ack_point = asoc->ctsn_ack_point;
		sctp_reset_mids(asoc);
	}
	for (i = 0; i < asoc->stream.outcnt; i++)
		asoc->stream.out[i].closed = false;
	sctp_event(asoc, "sctp.event.reset_tsn", result);
	return true;
}

/* Streams that the peer does not take are given back. */
static void sctp_resp_add_out(struct sctp_association *asoc, const struct sctp_paramhdr *req,
			      u32 result)
{
	const struct sctp_strreset_addstrm *addstrm = (const struct sctp_strreset_addstrm *)req;
	u16 nums = ntohs(addstrm->number_of_streams);

	if (result != SCTP_STRRESET_PERFORMED)
		asoc->stream.outcnt -= nums;
	sctp_event(asoc, "sctp.event.streams_out", asoc->stream.outcnt);
}

static void sctp_process_strreset_resp(struct sctp_association *asoc,
				       const struct sctp_paramhdr *p, const struct sk_buff *skb)
{
	const struct sctp_strreset_resp *resp = (const struct sctp_strreset_resp *)p;
	const struct sctp_paramhdr *req;
	u32 result = ntohl(resp->result);
	u16 type;

	rx_u64(skb, "sctp.parameter_reconfig_response_sequence_number",
	       ntohl(resp->response_seq));
	rx_u64(skb, "sctp.parameter_reconfig_response_result", result);
	req = sctp_chunk_lookup_strreset_param(asoc, resp->response_seq, 0, true);
	if (malformed(!req))
		return;
	type = ntohs(req->type);
	if (malformed(!(asoc->strreset_outstanding & sctp_strreset_bit(type))))
		return;
	if (malformed(result == SCTP_STRRESET_IN_PROGRESS))
		return;
	switch (type) {
	case SCTP_PARAM_RESET_OUT_REQUEST:
		sctp_resp_out(asoc, req, result);
		break;
	case SCTP_PARAM_RESET_TSN_REQUEST:
		if (!sctp_resp_tsn(asoc, p, result, skb))
			return;
		break;
	case SCTP_PARAM_RESET_ADD_OUT_STREAMS:
		sctp_resp_add_out(asoc, req, result);
		break;
	default:
		/* the peer's own request is the answer, if there is one */
		if (result == SCTP_STRRESET_PERFORMED)
			return;
		sctp_event(asoc, "sctp.event.reset_denied", result);
		break;
	}
	sctp_strreset_answered(asoc, type);
}

static struct sctp_chunk *sctp_process_reconf_param(struct sctp_association *asoc,
						    const struct sctp_paramhdr *p,
						    const struct sk_buff *skb)
{
	switch (ntohs(p->type)) {
	case SCTP_PARAM_RESET_OUT_REQUEST:
		return sctp_process_strreset_outreq(asoc, p, skb);
	case SCTP_PARAM_RESET_IN_REQUEST:
		return sctp_process_strreset_inreq(asoc, p, skb);
	case SCTP_PARAM_RESET_TSN_REQUEST:
		return sctp_process_strreset_tsnreq(asoc, p, skb);
	case SCTP_PARAM_RESET_ADD_OUT_STREAMS:
		return sctp_process_strreset_addstrm_out(asoc, p, skb);
	case SCTP_PARAM_RESET_ADD_IN_STREAMS:
		return sctp_process_strreset_addstrm_in(asoc, p, skb);
	case SCTP_PARAM_RESET_RESPONSE:
		sctp_process_strreset_resp(asoc, p, skb);
		break;
	}
	return NULL;
}

enum sctp_disposition sctp_sf_do_reconf(struct sctp_endpoint *ep, struct sctp_association *asoc,
					struct sctp_chunk *chunk)
{
	const struct sctp_chunkhdr *hdr = chunk->chunk_hdr;
	const u8 *end = (const u8 *)hdr + ntohs(hdr->length);
	const struct sctp_paramhdr *p;
	struct sctp_chunk *reply;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(*hdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	if (!sctp_verify_reconf(chunk, &p))
		return sctp_sf_violation_paramlen(asoc, chunk, p);
	for (p = (const struct sctp_paramhdr *)(hdr + 1); sctp_param_fits(p, end);
	     p = sctp_param_next(p)) {
		reply = sctp_process_reconf_param(asoc, p, chunk->skb);
		if (reply)
			sctp_send_reply(asoc, reply);
	}
	return SCTP_DISPOSITION_CONSUME;
}

/* ---- What the user asks ---- */

static int sctp_send_reconf(struct sctp_association *asoc, struct sctp_chunk *chunk, u8 bits)
{
	if (!chunk)
		return -ENOMEM;
	asoc->strreset_chunk = chunk;
	asoc->strreset_outstanding = bits;
	sctp_chunk_hold(chunk);
	sctp_outq_tail(&asoc->outqueue, chunk);
	return 0;
}

static bool sctp_may_reconf(const struct sctp_association *asoc)
{
	return asoc->peer.reconf_capable && !asoc->strreset_outstanding;
}

/* Streams of ours and theirs, all (@nums 0) or one. */
int sctp_send_reset_streams(struct sctp_association *asoc, bool out, bool in, u16 nums,
			    __be16 sid)
{
	u8 bits = 0;

	if (!sctp_may_reconf(asoc) || (nums && ntohs(sid) >= asoc->stream.outcnt))
		return -EBUSY;
	if (out)
		bits |= sctp_strreset_bit(SCTP_PARAM_RESET_OUT_REQUEST);
	if (in)
		bits |= sctp_strreset_bit(SCTP_PARAM_RESET_IN_REQUEST);
	return sctp_send_reconf(asoc, sctp_make_strreset_req(asoc, nums, &sid, out, in), bits);
}

int sctp_send_reset_assoc(struct sctp_association *asoc)
{
	struct sctp_strreset_tsnreq tsnreq = {
		.param_hdr.type = htons(SCTP_PARAM_RESET_TSN_REQUEST),
		.param_hdr.length = htons(sizeof(tsnreq)),
		.request_seq = htonl(asoc->strreset_outseq),
	};
	struct sctp_chunk *chunk;

	if (!sctp_may_reconf(asoc) || !sctp_outq_is_empty(&asoc->outqueue))
		return -EBUSY;
	chunk = sctp_make_reconf(asoc, sizeof(tsnreq));
	if (chunk)
		sctp_addto_chunk(chunk, sizeof(tsnreq), &tsnreq);
	return sctp_send_reconf(asoc, chunk, sctp_strreset_bit(SCTP_PARAM_RESET_TSN_REQUEST));
}

int sctp_send_add_streams(struct sctp_association *asoc, u16 out, u16 in)
{
	u8 bits = 0;

	if (!sctp_may_reconf(asoc) || (u32)asoc->stream.outcnt + out > SCTP_MAX_STREAM ||
	    (u32)asoc->stream.incnt + in > SCTP_MAX_STREAM || (!out && !in))
		return -EINVAL;
	if (out && sctp_stream_alloc_out(&asoc->stream, (u16)(asoc->stream.outcnt + out)))
		return -ENOMEM;
	if (out)
		bits |= sctp_strreset_bit(SCTP_PARAM_RESET_ADD_OUT_STREAMS);
	if (in)
		bits |= sctp_strreset_bit(SCTP_PARAM_RESET_ADD_IN_STREAMS);
	return sctp_send_reconf(asoc, sctp_make_strreset_addstrm(asoc, out, in), bits);
}
