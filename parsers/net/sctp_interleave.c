// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: messages that are interleaved (I-DATA), and what differs between the two kinds.
 *
 * Modelled on: Linux 6.1 net/sctp/stream_interleave.c
 * Spec: RFC 8260 2 and 3, RFC 3758 3.2 and 3.6
 * Differs: ordered and unordered messages share their functions; an end of partial
 *	delivery is an effect.
 */
#include <net/sctp.h>

#include "rx.h"

enum { SCTP_FTSN_U_BIT = 0x1 };

/* Where messages of one kind on one stream stand. */
struct intl {
	struct sk_buff_head *queue;
	struct sctp_stream_in *sin;
	u32 *fsn;
	bool *pd_mode;
	bool uo;
};

static struct intl sctp_intl_of(struct sctp_ulpq *ulpq, u16 sid, bool uo)
{
	struct sctp_stream_in *sin = &ulpq->asoc->stream.in[sid];
	struct intl intl = {
		.queue = uo ? &ulpq->reasm_uo : &ulpq->reasm,
		.sin = sin,
		.fsn = uo ? &sin->fsn_uo : &sin->fsn,
		.pd_mode = uo ? &sin->pd_mode_uo : &sin->pd_mode,
		.uo = uo,
	};

	return intl;
}

static u32 sctp_intl_mid(const struct intl *intl)
{
	return intl->uo ? intl->sin->mid_uo : intl->sin->mid;
}

static u32 sctp_mid_peek(const struct sctp_stream *stream, u16 sid)
{
	return stream->in[sid].mid;
}

static void sctp_mid_skip(struct sctp_stream *stream, u16 sid, u32 mid)
{
	stream->in[sid].mid = mid + 1;
}

/* ---- Validity ---- */

static bool sctp_validate_data(struct sctp_chunk *chunk)
{
	const struct sctp_datahdr *hdr = chunk->subh.data_hdr;
	const struct sctp_stream *stream = &chunk->asoc->stream;

	if (malformed(chunk->chunk_hdr->type != SCTP_CID_DATA))
		return false;
	if (chunk->chunk_hdr->flags & SCTP_DATA_UNORDERED)
		return true;
	if (malformed(SSN_lt(ntohs(hdr->ssn), (u16)stream->in[ntohs(hdr->stream)].mid)))
		return false;
	return true;
}

static bool sctp_validate_idata(struct sctp_chunk *chunk)
{
	const struct sctp_idatahdr *hdr = chunk->subh.idata_hdr;
	const struct sctp_stream *stream = &chunk->asoc->stream;

	if (malformed(chunk->chunk_hdr->type != SCTP_CID_I_DATA))
		return false;
	if (chunk->chunk_hdr->flags & SCTP_DATA_UNORDERED)
		return true;
	if (malformed(MID_lt(ntohl(hdr->mid), sctp_mid_peek(stream, ntohs(hdr->stream)))))
		return false;
	return true;
}

/* ---- Reassembly ---- */

static bool sctp_is_first_frag(const struct sctp_ulpevent *event)
{
	return event->msg_flags & SCTP_DATA_FIRST_FRAG;
}

/* Does @event stand before @cevent? By stream, message, fragment. */
static bool sctp_intl_before(const struct sctp_ulpevent *event,
			     const struct sctp_ulpevent *cevent)
{
	if (event->stream != cevent->stream)
		return event->stream < cevent->stream;
	if (event->mid != cevent->mid)
		return MID_lt(event->mid, cevent->mid);
	return !sctp_is_first_frag(cevent) &&
	       (sctp_is_first_frag(event) || event->fsn < cevent->fsn);
}

static void sctp_intl_store_reasm(struct sk_buff_head *queue, struct sctp_ulpevent *event)
{
	struct sk_buff *pos = skb_peek_tail(queue);

	if (!pos || !sctp_intl_before(event, sctp_skb2event(pos))) {
		__skb_queue_tail(queue, sctp_event2skb(event));
		return;
	}
	skb_queue_walk(queue, pos) {
		if (sctp_intl_before(event, sctp_skb2event(pos)))
			break;
	}
	__skb_queue_before(queue, pos, sctp_event2skb(event));
}

/* The next part of a message whose beginning the user has. */
static struct sctp_ulpevent *sctp_intl_retrieve_partial(const struct intl *intl, u16 sid)
{
	struct sk_buff *pos, *first_frag = NULL, *last_frag = NULL;
	struct sctp_ulpevent *cevent, *retval;
	u32 next_fsn = *intl->fsn;
	bool is_last = false;

	skb_queue_walk(intl->queue, pos) {
		cevent = sctp_skb2event(pos);
		if (cevent->stream < sid || (cevent->stream == sid &&
					     MID_lt(cevent->mid, sctp_intl_mid(intl))))
			continue;
		if (cevent->stream > sid || cevent->mid != sctp_intl_mid(intl))
			break;
		if (malformed(sctp_is_first_frag(cevent)))
			break;
		if (malformed(cevent->fsn != next_fsn)) {
			if (first_frag)
				break;
			continue;
		}
		if (!first_frag)
			first_frag = pos;
		last_frag = pos;
		next_fsn++;
		is_last = cevent->msg_flags & SCTP_DATA_LAST_FRAG;
		if (is_last)
			break;
	}
	if (!first_frag)
		return NULL;
	retval = sctp_make_reassembled_event(intl->queue, first_frag, last_frag);
	if (!retval)
		return NULL;
	*intl->fsn = is_last ? 0 : next_fsn;
	if (is_last) {
		retval->msg_flags |= SCTP_MSG_EOR;
		*intl->pd_mode = false;
	}
	return retval;
}

/* The beginning of a message goes to the user before its end is there. */
static struct sctp_ulpevent *sctp_intl_begin_pd(const struct intl *intl, struct sk_buff *first,
						struct sk_buff *last, u32 next_fsn)
{
	struct sctp_ulpevent *retval = sctp_make_reassembled_event(intl->queue, first, last);

	if (retval) {
		*intl->fsn = next_fsn;
		*intl->pd_mode = true;
	}
	return retval;
}

/* May the user have it early? Unordered, it becomes the one that is. */
static bool sctp_intl_may_begin(const struct intl *intl, const struct sctp_ulpevent *event)
{
	if (!intl->uo)
		return event->mid == intl->sin->mid;
	if (*intl->pd_mode)
		return false;
	intl->sin->mid_uo = event->mid;
	return true;
}

static struct sctp_ulpevent *sctp_intl_whole(const struct intl *intl, struct sk_buff *first,
					     struct sk_buff *last)
{
	struct sctp_ulpevent *retval = sctp_make_reassembled_event(intl->queue, first, last);

	if (retval)
		retval->msg_flags |= SCTP_MSG_EOR;
	return retval;
}

/* The message of @event, if it is whole, or its beginning, if that is long. */
static struct sctp_ulpevent *sctp_intl_retrieve_reassembled(const struct intl *intl,
							    const struct sctp_ulpevent *event,
							    u32 pd_point)
{
	struct sk_buff *pos, *first_frag = NULL, *pd_first = NULL, *pd_last = NULL;
	u32 next_fsn = 0, pd_len = 0;
	struct sctp_ulpevent *cevent;

	skb_queue_walk(intl->queue, pos) {
		cevent = sctp_skb2event(pos);
		if (cevent->stream < event->stream ||
		    (cevent->stream == event->stream && MID_lt(cevent->mid, event->mid)))
			continue;
		if (cevent->stream > event->stream || cevent->mid != event->mid)
			break;
		if (sctp_is_first_frag(cevent)) {
			if (sctp_intl_may_begin(intl, cevent)) {
				pd_first = pd_last = pos;
				pd_len = pos->len;
			}
			first_frag = pos;
			next_fsn = 0;
			continue;
		}
		if (malformed(!first_frag))
			continue;
		if (malformed(cevent->fsn != next_fsn)) {
			first_frag = NULL;
			continue;
		}
		if (cevent->msg_flags & SCTP_DATA_LAST_FRAG)
			return sctp_intl_whole(intl, first_frag, pos);
		next_fsn++;
		if (pd_first) {
			pd_last = pos;
			pd_len += pos->len;
		}
	}
	if (!pd_first || !pd_point || pd_point > pd_len)
		return NULL;
	return sctp_intl_begin_pd(intl, pd_first, pd_last, next_fsn);
}

static struct sctp_ulpevent *sctp_intl_reasm(struct sctp_ulpq *ulpq, struct sctp_ulpevent *event)
{
	struct intl intl = sctp_intl_of(ulpq, event->stream,
					event->msg_flags & SCTP_DATA_UNORDERED);
	struct sctp_ulpevent *retval = NULL;

	if ((event->msg_flags & SCTP_DATA_FRAG_MASK) == SCTP_DATA_NOT_FRAG) {
		event->msg_flags |= SCTP_MSG_EOR;
		return event;
	}
	sctp_intl_store_reasm(intl.queue, event);
	if (*intl.pd_mode && event->mid == sctp_intl_mid(&intl) && event->fsn == *intl.fsn)
		retval = sctp_intl_retrieve_partial(&intl, event->stream);
	if (!retval)
		retval = sctp_intl_retrieve_reassembled(&intl, event, ulpq->asoc->ep->pd_point);
	return retval;
}

/* ---- Order ---- */

static void sctp_intl_store_ordered(struct sctp_ulpq *ulpq, struct sctp_ulpevent *event)
{
	const struct sctp_ulpevent *cevent;
	struct sk_buff *pos;

	skb_queue_walk(&ulpq->lobby, pos) {
		cevent = sctp_skb2event(pos);
		if (cevent->stream > event->stream)
			break;
		if (cevent->stream == event->stream && MID_lt(event->mid, cevent->mid))
			break;
	}
	__skb_queue_before(&ulpq->lobby, pos, sctp_event2skb(event));
}

static void sctp_intl_retrieve_ordered(struct sctp_ulpq *ulpq, u16 sid,
				       struct sk_buff_head *event_list)
{
	struct sctp_stream *stream = &ulpq->asoc->stream;
	const struct sctp_ulpevent *cevent;
	struct sk_buff *pos, *tmp;

	skb_queue_walk_safe(&ulpq->lobby, pos, tmp) {
		cevent = sctp_skb2event(pos);
		if (cevent->stream > sid)
			break;
		if (cevent->stream < sid)
			continue;
		if (cevent->mid != sctp_mid_peek(stream, sid))
			break;
		sctp_mid_skip(stream, sid, cevent->mid);
		__skb_unlink(pos, &ulpq->lobby);
		__skb_queue_tail(event_list, pos);
	}
}

static void sctp_enqueue_event(struct sctp_ulpq *ulpq, struct sk_buff_head *skb_list)
{
	struct sock *sk = &ulpq->asoc->ep->sk;

	if (sk->sk_shutdown & RCV_SHUTDOWN)
		sctp_queue_purge_ulpevents(skb_list);
	else
		skb_queue_splice_tail_init(skb_list, &sk->sk_receive_queue);
}

/* A message or a part goes on its way. Return: whether it ends a message. */
static int sctp_intl_pass(struct sctp_ulpq *ulpq, struct sctp_ulpevent *event)
{
	struct sctp_stream *stream = &ulpq->asoc->stream;
	u16 flags = event->msg_flags, sid = event->stream;
	struct sk_buff_head temp;

	if (!(flags & SCTP_DATA_UNORDERED) && flags & SCTP_MSG_EOR &&
	    event->mid != sctp_mid_peek(stream, sid)) {
		sctp_intl_store_ordered(ulpq, event);
		return 0;
	}
	skb_queue_head_init(&temp);
	__skb_queue_tail(&temp, sctp_event2skb(event));
	if (!(flags & SCTP_DATA_UNORDERED) && flags & SCTP_MSG_EOR) {
		sctp_mid_skip(stream, sid, event->mid);
		sctp_intl_retrieve_ordered(ulpq, sid, &temp);
	}
	sctp_enqueue_event(ulpq, &temp);
	return flags & SCTP_MSG_EOR ? 1 : 0;
}

/**
 * sctp_ulpevent_idata - take the data of an I-DATA chunk
 *
 * Return: 1 if a message ended, 0 if not, negative if there is no memory.
 */
int sctp_ulpevent_idata(struct sctp_ulpq *ulpq, struct sctp_chunk *chunk)
{
	struct sctp_ulpevent *event = sctp_ulpevent_make_rcvmsg(chunk->asoc, chunk);

	if (!event)
		return -ENOMEM;
	event->mid = ntohl(chunk->subh.idata_hdr->mid);
	if (event->msg_flags & SCTP_DATA_FIRST_FRAG)
		event->ppid = ntohl(chunk->subh.idata_hdr->ppid_fsn);
	else
		event->fsn = ntohl(chunk->subh.idata_hdr->ppid_fsn);
	event = sctp_intl_reasm(ulpq, event);
	return event ? sctp_intl_pass(ulpq, event) : 0;
}

/* ---- Too little room ---- */

/* The first beginning of a message that the user may have now. */
static struct sctp_ulpevent *sctp_intl_retrieve_first(struct sctp_ulpq *ulpq, bool uo)
{
	struct sk_buff_head *queue = uo ? &ulpq->reasm_uo : &ulpq->reasm;
	struct sk_buff *pos, *first_frag = NULL, *last_frag = NULL;
	struct sctp_ulpevent *cevent;
	struct intl intl = { .queue = queue };
	u32 next_fsn = 0;

	skb_queue_walk(queue, pos) {
		cevent = sctp_skb2event(pos);
		if (first_frag) {
			if (cevent->stream != sctp_skb2event(first_frag)->stream ||
			    cevent->mid != sctp_skb2event(first_frag)->mid ||
			    (cevent->msg_flags & SCTP_DATA_FRAG_MASK) != SCTP_DATA_MIDDLE_FRAG ||
			    cevent->fsn != next_fsn)
				break;
			next_fsn++;
			last_frag = pos;
			continue;
		}
		intl = sctp_intl_of(ulpq, cevent->stream, uo);
		if (*intl.pd_mode || !sctp_is_first_frag(cevent))
			continue;
		if (sctp_intl_may_begin(&intl, cevent)) {
			first_frag = last_frag = pos;
			next_fsn = 0;
		}
	}
	return first_frag ? sctp_intl_begin_pd(&intl, first_frag, last_frag, next_fsn) : NULL;
}

static void sctp_intl_start_pd_of(struct sctp_ulpq *ulpq, bool uo)
{
	struct sctp_ulpevent *event;
	struct sk_buff_head temp;

	while ((event = sctp_intl_retrieve_first(ulpq, uo)) != NULL) {
		skb_queue_head_init(&temp);
		__skb_queue_tail(&temp, sctp_event2skb(event));
		sctp_enqueue_event(ulpq, &temp);
	}
}

void sctp_intl_start_pd(struct sctp_ulpq *ulpq)
{
	sctp_intl_start_pd_of(ulpq, false);
	sctp_intl_start_pd_of(ulpq, true);
}

void sctp_renege_events(struct sctp_ulpq *ulpq, struct sctp_chunk *chunk)
{
	u32 needed = (u32)(sctp_chunk_len(chunk) - sizeof(struct sctp_chunkhdr) -
			   sizeof(struct sctp_idatahdr));
	u32 freed = 0;

	if (skb_queue_empty(&ulpq->asoc->ep->sk.sk_receive_queue)) {
		freed = sctp_ulpq_renege_list(ulpq, &ulpq->lobby, needed);
		if (freed < needed)
			freed += sctp_ulpq_renege_list(ulpq, &ulpq->reasm, needed);
		if (freed < needed)
			freed += sctp_ulpq_renege_list(ulpq, &ulpq->reasm_uo, needed);
	}
	if (freed >= needed && sctp_ulpevent_idata(ulpq, chunk) <= 0)
		sctp_intl_start_pd(ulpq);
}

/* ---- Skipping (FORWARD-TSN, I-FORWARD-TSN) ---- */

static void sctp_intl_stream_abort_pd(struct sctp_ulpq *ulpq, u16 sid, u16 flags)
{
	sctp_event(ulpq->asoc, "sctp.event.pd_aborted", (u64)sid << 1 | flags);
}

/* What waited in the stream for a message that will not come. */
static void sctp_intl_reap_ordered(struct sctp_ulpq *ulpq, u16 sid)
{
	struct sctp_stream *stream = &ulpq->asoc->stream;
	const struct sctp_ulpevent *cevent;
	struct sk_buff *pos, *tmp;
	struct sk_buff_head temp;

	skb_queue_head_init(&temp);
	skb_queue_walk_safe(&ulpq->lobby, pos, tmp) {
		cevent = sctp_skb2event(pos);
		if (cevent->stream > sid)
			break;
		if (cevent->stream < sid)
			continue;
		if (!MID_lt(cevent->mid, sctp_mid_peek(stream, sid)))
			break;
		__skb_unlink(pos, &ulpq->lobby);
		__skb_queue_tail(&temp, pos);
	}
	sctp_intl_retrieve_ordered(ulpq, sid, &temp);
	if (!skb_queue_empty(&temp))
		sctp_enqueue_event(ulpq, &temp);
}

void sctp_intl_abort_pd(struct sctp_ulpq *ulpq)
{
	struct sctp_stream *stream = &ulpq->asoc->stream;
	struct sctp_stream_in *sin;
	u16 sid;

	for (sid = 0; sid < stream->incnt; sid++) {
		sin = &stream->in[sid];
		if (sin->pd_mode_uo) {
			sin->pd_mode_uo = false;
			sctp_intl_stream_abort_pd(ulpq, sid, SCTP_FTSN_U_BIT);
		}
		if (sin->pd_mode) {
			sin->pd_mode = false;
			sctp_intl_stream_abort_pd(ulpq, sid, 0);
			sctp_mid_skip(stream, sid, sin->mid);
			sctp_intl_reap_ordered(ulpq, sid);
		}
	}
	sctp_ulpq_flush(ulpq);
}

/* How many skip entries of @size stand in the chunk, behind its TSN. */
static unsigned int sctp_ftsn_skips(const struct sctp_chunk *chunk, size_t size)
{
	size_t len = sctp_chunk_len(chunk) - sizeof(struct sctp_chunkhdr) -
		     sizeof(struct sctp_fwdtsn_hdr);

	return (unsigned int)(len / size);
}

static const struct sctp_fwdtsn_skip *sctp_fwdtsn_skips(const struct sctp_chunk *chunk)
{
	return (const struct sctp_fwdtsn_skip *)(chunk->subh.fwdtsn_hdr + 1);
}

static const struct sctp_ifwdtsn_skip *sctp_ifwdtsn_skips(const struct sctp_chunk *chunk)
{
	return (const struct sctp_ifwdtsn_skip *)(chunk->subh.fwdtsn_hdr + 1);
}

static bool sctp_validate_fwdtsn(struct sctp_chunk *chunk)
{
	const struct sctp_fwdtsn_skip *skip = sctp_fwdtsn_skips(chunk);
	unsigned int i, n = sctp_ftsn_skips(chunk, sizeof(*skip));

	if (malformed(chunk->chunk_hdr->type != SCTP_CID_FWD_TSN))
		return false;
	for (i = 0; i < n; i++) {
		rx_u64(chunk->skb, "sctp.forward_tsn_sid", ntohs(skip[i].stream));
		rx_u64(chunk->skb, "sctp.forward_tsn_ssn", ntohs(skip[i].ssn));
		if (malformed_in(CVE_2009_0065,
				 ntohs(skip[i].stream) >= chunk->asoc->stream.incnt))
			return false;
	}
	return true;
}

static bool sctp_validate_iftsn(struct sctp_chunk *chunk)
{
	const struct sctp_ifwdtsn_skip *skip = sctp_ifwdtsn_skips(chunk);
	unsigned int i, n = sctp_ftsn_skips(chunk, sizeof(*skip));

	if (malformed(chunk->chunk_hdr->type != SCTP_CID_I_FWD_TSN))
		return false;
	for (i = 0; i < n; i++) {
		rx_u64(chunk->skb, "sctp.i_forward_tsn_sid", ntohs(skip[i].stream));
		rx_u64(chunk->skb, "sctp.i_forward_tsn_flags",
		       skip[i].reserved << 8 | skip[i].flags);
		rx_u64(chunk->skb, "sctp.forward_tsn_mid", ntohl(skip[i].mid));
		if (malformed(ntohs(skip[i].stream) >= chunk->asoc->stream.incnt))
			return false;
	}
	return true;
}

static void sctp_report_fwdtsn(struct sctp_ulpq *ulpq, u32 ftsn)
{
	sctp_tsnmap_skip(&ulpq->asoc->peer.tsn_map, ftsn);
	sctp_ulpq_reasm_flushtsn(ulpq, ftsn);
	sctp_ulpq_abort_pd(ulpq);
}

static void sctp_intl_reasm_flushtsn(struct sk_buff_head *queue, u32 ftsn)
{
	struct sk_buff *pos, *tmp;

	skb_queue_walk_safe(queue, pos, tmp) {
		if (!TSN_lte(sctp_skb2event(pos)->tsn, ftsn))
			continue;
		__skb_unlink(pos, queue);
		sctp_ulpevent_free(sctp_skb2event(pos));
	}
}

static void sctp_report_iftsn(struct sctp_ulpq *ulpq, u32 ftsn)
{
	sctp_tsnmap_skip(&ulpq->asoc->peer.tsn_map, ftsn);
	sctp_intl_reasm_flushtsn(&ulpq->reasm, ftsn);
	sctp_intl_reasm_flushtsn(&ulpq->reasm_uo, ftsn);
	if (ftsn == ulpq->asoc->peer.tsn_map.max_tsn_seen)
		sctp_intl_abort_pd(ulpq);
}

static void sctp_handle_fwdtsn(struct sctp_ulpq *ulpq, struct sctp_chunk *chunk)
{
	const struct sctp_fwdtsn_skip *skip = sctp_fwdtsn_skips(chunk);
	unsigned int i, n = sctp_ftsn_skips(chunk, sizeof(*skip));

	for (i = 0; i < n; i++)
		sctp_ulpq_skip(ulpq, ntohs(skip[i].stream), ntohs(skip[i].ssn));
}

void sctp_intl_skip(struct sctp_ulpq *ulpq, u16 sid, u32 mid, u8 flags)
{
	struct sctp_stream *stream = &ulpq->asoc->stream;
	struct sctp_stream_in *sin = &stream->in[sid];

	if (flags & SCTP_FTSN_U_BIT) {
		if (sin->pd_mode_uo && MID_lt(sin->mid_uo, mid)) {
			sin->pd_mode_uo = false;
			sctp_intl_stream_abort_pd(ulpq, sid, SCTP_FTSN_U_BIT);
		}
		return;
	}
	if (malformed(MID_lt(mid, sctp_mid_peek(stream, sid))))
		return;
	if (sin->pd_mode) {
		sin->pd_mode = false;
		sctp_intl_stream_abort_pd(ulpq, sid, 0);
	}
	sctp_mid_skip(stream, sid, mid);
	sctp_intl_reap_ordered(ulpq, sid);
}

static void sctp_handle_iftsn(struct sctp_ulpq *ulpq, struct sctp_chunk *chunk)
{
	const struct sctp_ifwdtsn_skip *skip = sctp_ifwdtsn_skips(chunk);
	unsigned int i, n = sctp_ftsn_skips(chunk, sizeof(*skip));

	for (i = 0; i < n; i++)
		sctp_intl_skip(ulpq, ntohs(skip[i].stream), ntohl(skip[i].mid), skip[i].flags);
}

/* ---- Which kind an association has ---- */

static const struct sctp_stream_interleave sctp_stream_interleave_0 = {
	.data_chunk_len = sizeof(struct sctp_chunkhdr) + sizeof(struct sctp_datahdr),
	.ftsn_chunk_len = sizeof(struct sctp_chunkhdr) + sizeof(struct sctp_fwdtsn_hdr),
	.validate_data = sctp_validate_data,
	.ulpevent_data = sctp_ulpq_tail_data,
	.renege_events = sctp_ulpq_renege,
	.start_pd = sctp_ulpq_partial_delivery,
	.abort_pd = sctp_ulpq_abort_pd,
	.validate_ftsn = sctp_validate_fwdtsn,
	.report_ftsn = sctp_report_fwdtsn,
	.handle_ftsn = sctp_handle_fwdtsn,
};

static const struct sctp_stream_interleave sctp_stream_interleave_1 = {
	.data_chunk_len = sizeof(struct sctp_chunkhdr) + sizeof(struct sctp_idatahdr),
	.ftsn_chunk_len = sizeof(struct sctp_chunkhdr) + sizeof(struct sctp_fwdtsn_hdr),
	.validate_data = sctp_validate_idata,
	.ulpevent_data = sctp_ulpevent_idata,
	.renege_events = sctp_renege_events,
	.start_pd = sctp_intl_start_pd,
	.abort_pd = sctp_intl_abort_pd,
	.validate_ftsn = sctp_validate_iftsn,
	.report_ftsn = sctp_report_iftsn,
	.handle_ftsn = sctp_handle_iftsn,
};

void sctp_stream_interleave_init(struct sctp_association *asoc)
{
	asoc->stream.si = asoc->peer.intl_capable ? &sctp_stream_interleave_1 :
						    &sctp_stream_interleave_0;
}
