// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: DATA is put together again, and in order.
 *
 * Modelled on: Linux 6.1 net/sctp/ulpqueue.c
 * Spec: RFC 9260 6.5, 6.6 and 6.9, RFC 3758 3.6
 * Differs: the user takes no messages of other associations while one is delivered in
 *	parts (fragment interleave level 0), and is never told that this came to an end.
 */
#include <net/sctp.h>

#include "rx.h"

void sctp_ulpq_init(struct sctp_ulpq *ulpq, struct sctp_association *asoc)
{
	memset(ulpq, 0, sizeof(*ulpq));
	ulpq->asoc = asoc;
	skb_queue_head_init(&ulpq->reasm);
	skb_queue_head_init(&ulpq->reasm_uo);
	skb_queue_head_init(&ulpq->lobby);
}

void sctp_ulpq_flush(struct sctp_ulpq *ulpq)
{
	sctp_queue_purge_ulpevents(&ulpq->lobby);
	sctp_queue_purge_ulpevents(&ulpq->reasm);
	sctp_queue_purge_ulpevents(&ulpq->reasm_uo);
}

static u16 sctp_ssn_peek(const struct sctp_stream *stream, u16 sid)
{
	return (u16)stream->in[sid].mid;
}

static void sctp_ssn_skip(struct sctp_stream *stream, u16 sid, u16 ssn)
{
	stream->in[sid].mid = (u16)(ssn + 1);
}

static void sctp_ssn_next(struct sctp_stream *stream, u16 sid)
{
	sctp_ssn_skip(stream, sid, sctp_ssn_peek(stream, sid));
}

/* ---- Delivery ---- */

/* Nobody's message is delivered in parts any more: what waited is the user's. */
bool sctp_clear_pd(struct sctp_endpoint *ep, struct sctp_association *asoc)
{
	struct sk_buff *skb, *tmp;

	if (ep->pd_mode && --ep->pd_mode == 0) {
		skb_queue_splice_tail_init(&ep->pd_lobby, &ep->sk.sk_receive_queue);
		return true;
	}
	skb_queue_walk_safe(&ep->pd_lobby, skb, tmp) {
		if (sctp_skb2event(skb)->asoc != asoc)
			continue;
		__skb_unlink(skb, &ep->pd_lobby);
		__skb_queue_tail(&ep->sk.sk_receive_queue, skb);
	}
	return false;
}

static void sctp_ulpq_set_pd(struct sctp_ulpq *ulpq)
{
	ulpq->asoc->ep->pd_mode++;
	ulpq->pd_mode = true;
}

static void sctp_ulpq_reasm_drain(struct sctp_ulpq *ulpq);

static void sctp_ulpq_clear_pd(struct sctp_ulpq *ulpq)
{
	ulpq->pd_mode = false;
	sctp_ulpq_reasm_drain(ulpq);
	sctp_clear_pd(ulpq->asoc->ep, ulpq->asoc);
}

/* Messages, or the next part of one, go to the user. */
int sctp_ulpq_tail_event(struct sctp_ulpq *ulpq, struct sk_buff_head *skb_list)
{
	struct sctp_endpoint *ep = ulpq->asoc->ep;
	struct sk_buff_head *queue = &ep->sk.sk_receive_queue;
	u16 flags = sctp_skb2event(skb_peek(skb_list))->msg_flags;
	bool clear_pd = false;

	if (ep->sk.sk_shutdown & RCV_SHUTDOWN) {
		sctp_queue_purge_ulpevents(skb_list);
		return 0;
	}
	if (ep->pd_mode) {
		if (!ulpq->pd_mode || (flags & SCTP_DATA_FRAG_MASK) == SCTP_DATA_NOT_FRAG)
			queue = &ep->pd_lobby;
		else
			clear_pd = flags & SCTP_MSG_EOR;
	}
	skb_queue_splice_tail_init(skb_list, queue);
	if (clear_pd)
		sctp_ulpq_clear_pd(ulpq);
	return 1;
}

/* ---- Reassembly ---- */

/* In the order of TSNs. */
static void sctp_ulpq_store_reasm(struct sctp_ulpq *ulpq, struct sctp_ulpevent *event)
{
	struct sk_buff *pos = skb_peek_tail(&ulpq->reasm);

	if (!pos || TSN_lt(sctp_skb2event(pos)->tsn, event->tsn)) {
		__skb_queue_tail(&ulpq->reasm, sctp_event2skb(event));
		return;
	}
	skb_queue_walk(&ulpq->reasm, pos) {
		if (TSN_lt(event->tsn, sctp_skb2event(pos)->tsn))
			break;
	}
	__skb_queue_before(&ulpq->reasm, pos, sctp_event2skb(event));
}

/* Fragments from the beginning of the queue on that the user may have early. */
struct reasm_pd {
	struct sk_buff *first;
	struct sk_buff *last;
	size_t len;
};

static struct sctp_ulpevent *sctp_ulpq_early(struct sctp_ulpq *ulpq, const struct reasm_pd *pd)
{
	struct sctp_endpoint *ep = ulpq->asoc->ep;
	struct sctp_ulpevent *retval;

	if (!pd->first || ep->pd_mode || !ep->pd_point || pd->len < ep->pd_point)
		return NULL;
	retval = sctp_make_reassembled_event(&ulpq->reasm, pd->first, pd->last);
	if (retval)
		sctp_ulpq_set_pd(ulpq);
	return retval;
}

/* A whole message, or the beginning of one that is long. */
static struct sctp_ulpevent *sctp_ulpq_retrieve_reassembled(struct sctp_ulpq *ulpq)
{
	struct sk_buff *pos, *first_frag = NULL;
	struct reasm_pd pd = { NULL, NULL, 0 };
	struct sctp_ulpevent *cevent;
	u32 next_tsn = 0;

	skb_queue_walk(&ulpq->reasm, pos) {
		cevent = sctp_skb2event(pos);
		switch (cevent->msg_flags & SCTP_DATA_FRAG_MASK) {
		case SCTP_DATA_FIRST_FRAG:
			memset(&pd, 0, sizeof(pd));
			if (skb_queue_is_first(&ulpq->reasm, pos)) {
				pd.first = pd.last = pos;
				pd.len = pos->len;
			}
			first_frag = pos;
			next_tsn = cevent->tsn + 1;
			break;
		case SCTP_DATA_MIDDLE_FRAG:
			if (malformed(!first_frag) || malformed(cevent->tsn != next_tsn)) {
				first_frag = NULL;
				break;
			}
			next_tsn++;
			if (pd.first) {
				pd.last = pos;
				pd.len += pos->len;
			}
			break;
		case SCTP_DATA_LAST_FRAG:
			if (malformed(!first_frag) || malformed(cevent->tsn != next_tsn)) {
				first_frag = NULL;
				break;
			}
			cevent = sctp_make_reassembled_event(&ulpq->reasm, first_frag, pos);
			if (cevent)
				cevent->msg_flags |= SCTP_MSG_EOR;
			return cevent;
		}
	}
	return sctp_ulpq_early(ulpq, &pd);
}

/* The next part of the message whose beginning the user has. */
static struct sctp_ulpevent *sctp_ulpq_retrieve_partial(struct sctp_ulpq *ulpq)
{
	struct sk_buff *pos, *last_frag = NULL, *first_frag = NULL;
	struct sctp_ulpevent *cevent, *retval;
	bool is_last = false;
	u32 next_tsn = 0;

	skb_queue_walk(&ulpq->reasm, pos) {
		cevent = sctp_skb2event(pos);
		if (malformed((cevent->msg_flags & SCTP_DATA_FRAG_MASK) == SCTP_DATA_FIRST_FRAG))
			break;
		if (first_frag && malformed(cevent->tsn != next_tsn))
			break;
		if (!first_frag)
			first_frag = pos;
		last_frag = pos;
		next_tsn = cevent->tsn + 1;
		is_last = (cevent->msg_flags & SCTP_DATA_FRAG_MASK) == SCTP_DATA_LAST_FRAG;
		if (is_last)
			break;
	}
	if (!first_frag)
		return NULL;
	retval = sctp_make_reassembled_event(&ulpq->reasm, first_frag, last_frag);
	if (retval && is_last)
		retval->msg_flags |= SCTP_MSG_EOR;
	return retval;
}

static struct sctp_ulpevent *sctp_ulpq_reasm(struct sctp_ulpq *ulpq, struct sctp_ulpevent *event)
{
	u32 ctsnap = ulpq->asoc->peer.tsn_map.cumulative_tsn_ack_point;

	if ((event->msg_flags & SCTP_DATA_FRAG_MASK) == SCTP_DATA_NOT_FRAG) {
		event->msg_flags |= SCTP_MSG_EOR;
		return event;
	}
	sctp_ulpq_store_reasm(ulpq, event);
	if (!ulpq->pd_mode)
		return sctp_ulpq_retrieve_reassembled(ulpq);
	return TSN_lte(event->tsn, ctsnap) ? sctp_ulpq_retrieve_partial(ulpq) : NULL;
}

/* What is there of the first message, when there is no room to wait for the rest. */
static struct sctp_ulpevent *sctp_ulpq_retrieve_first(struct sctp_ulpq *ulpq)
{
	struct sk_buff *pos, *last_frag = NULL, *first_frag = NULL;
	struct sctp_ulpevent *cevent;
	u32 next_tsn = 0;
	u16 frag;

	skb_queue_walk(&ulpq->reasm, pos) {
		cevent = sctp_skb2event(pos);
		frag = cevent->msg_flags & SCTP_DATA_FRAG_MASK;
		if (!first_frag) {
			if (malformed(frag != SCTP_DATA_FIRST_FRAG))
				return NULL;
			first_frag = pos;
		} else if (frag != SCTP_DATA_MIDDLE_FRAG || cevent->tsn != next_tsn) {
			break;
		}
		last_frag = pos;
		next_tsn = cevent->tsn + 1;
	}
	return first_frag ? sctp_make_reassembled_event(&ulpq->reasm, first_frag, last_frag) :
			    NULL;
}

void sctp_ulpq_reasm_flushtsn(struct sctp_ulpq *ulpq, u32 fwd_tsn)
{
	struct sk_buff *pos, *tmp;
	struct sctp_ulpevent *event;

	skb_queue_walk_safe(&ulpq->reasm, pos, tmp) {
		event = sctp_skb2event(pos);
		if (!TSN_lte(event->tsn, fwd_tsn))
			break;
		__skb_unlink(pos, &ulpq->reasm);
		sctp_ulpevent_free(event);
	}
}

/* ---- Order ---- */

/* Messages of the stream that were waiting for @event follow it in its list. */
static void sctp_ulpq_retrieve_ordered(struct sctp_ulpq *ulpq, struct sctp_ulpevent *event)
{
	struct sk_buff_head *event_list =
		(struct sk_buff_head *)sctp_event2skb(event)->prev;
	struct sctp_stream *stream = &ulpq->asoc->stream;
	struct sctp_ulpevent *cevent;
	struct sk_buff *pos, *tmp;
	u16 sid = event->stream;

	skb_queue_walk_safe(&ulpq->lobby, pos, tmp) {
		cevent = sctp_skb2event(pos);
		if (cevent->stream > sid)
			break;
		if (cevent->stream < sid)
			continue;
		if (cevent->ssn != sctp_ssn_peek(stream, sid))
			break;
		sctp_ssn_next(stream, sid);
		__skb_unlink(pos, &ulpq->lobby);
		__skb_queue_tail(event_list, pos);
	}
}

/* By stream, then by sequence number. */
static void sctp_ulpq_store_ordered(struct sctp_ulpq *ulpq, struct sctp_ulpevent *event)
{
	struct sk_buff *pos = skb_peek_tail(&ulpq->lobby);
	struct sctp_ulpevent *cevent;

	if (!pos) {
		__skb_queue_tail(&ulpq->lobby, sctp_event2skb(event));
		return;
	}
	cevent = sctp_skb2event(pos);
	if (event->stream > cevent->stream ||
	    (event->stream == cevent->stream && SSN_lt(cevent->ssn, event->ssn))) {
		__skb_queue_tail(&ulpq->lobby, sctp_event2skb(event));
		return;
	}
	skb_queue_walk(&ulpq->lobby, pos) {
		cevent = sctp_skb2event(pos);
		if (cevent->stream > event->stream)
			break;
		if (cevent->stream == event->stream && SSN_lt(event->ssn, cevent->ssn))
			break;
	}
	__skb_queue_before(&ulpq->lobby, pos, sctp_event2skb(event));
}

static struct sctp_ulpevent *sctp_ulpq_order(struct sctp_ulpq *ulpq, struct sctp_ulpevent *event)
{
	struct sctp_stream *stream = &ulpq->asoc->stream;

	if (event->msg_flags & SCTP_DATA_UNORDERED)
		return event;
	if (event->ssn != sctp_ssn_peek(stream, event->stream)) {
		__skb_unlink(sctp_event2skb(event),
			     (struct sk_buff_head *)sctp_event2skb(event)->prev);
		sctp_ulpq_store_ordered(ulpq, event);
		return NULL;
	}
	sctp_ssn_next(stream, event->stream);
	sctp_ulpq_retrieve_ordered(ulpq, event);
	return event;
}

/* A message or a part goes on its way. Return: whether it ends a message. */
static int sctp_ulpq_pass(struct sctp_ulpq *ulpq, struct sctp_ulpevent *event)
{
	struct sk_buff_head temp;
	int event_eor;

	skb_queue_head_init(&temp);
	__skb_queue_tail(&temp, sctp_event2skb(event));
	if (event->msg_flags & SCTP_MSG_EOR)
		event = sctp_ulpq_order(ulpq, event);
	if (!event)
		return 0;
	event_eor = event->msg_flags & SCTP_MSG_EOR ? 1 : 0;
	sctp_ulpq_tail_event(ulpq, &temp);
	return event_eor;
}

static void sctp_ulpq_reasm_drain(struct sctp_ulpq *ulpq)
{
	struct sctp_ulpevent *event;

	while ((event = sctp_ulpq_retrieve_reassembled(ulpq)) != NULL)
		sctp_ulpq_pass(ulpq, event);
}

/**
 * sctp_ulpq_tail_data - take the data of a DATA chunk
 *
 * Return: 1 if a message ended, 0 if not, negative if there is no memory.
 */
int sctp_ulpq_tail_data(struct sctp_ulpq *ulpq, struct sctp_chunk *chunk)
{
	struct sctp_ulpevent *event = sctp_ulpevent_make_rcvmsg(chunk->asoc, chunk);

	if (!event)
		return -ENOMEM;
	event->ssn = ntohs(chunk->subh.data_hdr->ssn);
	event->ppid = ntohl(chunk->subh.data_hdr->ppid);
	event = sctp_ulpq_reasm(ulpq, event);
	return event ? sctp_ulpq_pass(ulpq, event) : 0;
}

/* ---- Skipping (FORWARD-TSN) ---- */

static void sctp_ulpq_reap_ordered(struct sctp_ulpq *ulpq, u16 sid)
{
	struct sctp_stream *stream = &ulpq->asoc->stream;
	struct sctp_ulpevent *cevent, *event = NULL;
	struct sk_buff *pos, *tmp;
	struct sk_buff_head temp;

	skb_queue_head_init(&temp);
	skb_queue_walk_safe(&ulpq->lobby, pos, tmp) {
		cevent = sctp_skb2event(pos);
		if (cevent->stream > sid)
			break;
		if (cevent->stream < sid)
			continue;
		if (!SSN_lt(cevent->ssn, sctp_ssn_peek(stream, sid))) {
			if (event || cevent->ssn != sctp_ssn_peek(stream, sid))
				break;
			/* the first that was waited for */
			sctp_ssn_next(stream, sid);
		}
		__skb_unlink(pos, &ulpq->lobby);
		if (!event)
			event = cevent;
		__skb_queue_tail(&temp, pos);
	}
	if (!event)
		return;
	/* retrieve_ordered() wants the list's head before its event */
	sctp_ulpq_retrieve_ordered(ulpq, event);
	sctp_ulpq_tail_event(ulpq, &temp);
}

/* The peer will not send up to @ssn of stream @sid. */
void sctp_ulpq_skip(struct sctp_ulpq *ulpq, u16 sid, u16 ssn)
{
	struct sctp_stream *stream = &ulpq->asoc->stream;

	if (malformed(SSN_lt(ssn, sctp_ssn_peek(stream, sid))))
		return;
	sctp_ssn_skip(stream, sid, ssn);
	sctp_ulpq_reap_ordered(ulpq, sid);
}

/* ---- Too little room ---- */

/* Give up what came last, until @needed bytes are free. */
u32 sctp_ulpq_renege_list(struct sctp_ulpq *ulpq, struct sk_buff_head *list, u32 needed)
{
	struct sctp_tsnmap *tsnmap = &ulpq->asoc->peer.tsn_map;
	struct sk_buff *skb, *flist, *last;
	u32 freed = 0, tsn, last_tsn;

	while (freed < needed && (skb = skb_peek_tail(list)) != NULL) {
		tsn = last_tsn = sctp_skb2event(skb)->tsn;
		if (malformed(TSN_lte(tsn, tsnmap->cumulative_tsn_ack_point)))
			break;
		freed += skb_headlen(skb);
		last = NULL;
		for (flist = skb->data_len ? skb_shinfo(skb)->frag_list : NULL; flist;
		     flist = flist->next) {
			last = flist;
			freed += skb_headlen(last);
		}
		if (last)
			last_tsn = sctp_skb2event(last)->tsn;
		__skb_unlink(skb, list);
		sctp_ulpevent_free(sctp_skb2event(skb));
		for (; TSN_lte(tsn, last_tsn); tsn++)
			sctp_tsnmap_renege(tsnmap, tsn);
	}
	return freed;
}

/* Deliver what there is of the first message, so that there is room again. */
void sctp_ulpq_partial_delivery(struct sctp_ulpq *ulpq)
{
	u32 ctsn = ulpq->asoc->peer.tsn_map.cumulative_tsn_ack_point;
	struct sk_buff *skb = skb_peek(&ulpq->reasm);
	struct sctp_ulpevent *event;
	struct sk_buff_head temp;

	if (ulpq->pd_mode || ulpq->asoc->ep->pd_mode)
		return;
	if (skb && !TSN_lte(sctp_skb2event(skb)->tsn, ctsn))
		return;
	event = sctp_ulpq_retrieve_first(ulpq);
	if (!event)
		return;
	skb_queue_head_init(&temp);
	__skb_queue_tail(&temp, sctp_event2skb(event));
	sctp_ulpq_tail_event(ulpq, &temp);
	sctp_ulpq_set_pd(ulpq);
}

/* The next chunk in order is worth more than what came early. */
void sctp_ulpq_renege(struct sctp_ulpq *ulpq, struct sctp_chunk *chunk)
{
	struct sctp_association *asoc = ulpq->asoc;
	u32 needed = (u32)(sctp_chunk_len(chunk) - sizeof(struct sctp_chunkhdr) -
			   sizeof(struct sctp_datahdr));
	u32 freed = 0;
	int retval;

	if (skb_queue_empty(&asoc->ep->sk.sk_receive_queue)) {
		freed = sctp_ulpq_renege_list(ulpq, &ulpq->lobby, needed);
		if (freed < needed)
			freed += sctp_ulpq_renege_list(ulpq, &ulpq->reasm, needed - freed);
	}
	if (freed < needed)
		return;
	retval = sctp_ulpq_tail_data(ulpq, chunk);
	if (retval <= 0)
		sctp_ulpq_partial_delivery(ulpq);
	else
		sctp_ulpq_reasm_drain(ulpq);
}

void sctp_ulpq_abort_pd(struct sctp_ulpq *ulpq)
{
	if (!ulpq->pd_mode)
		return;
	sctp_event(ulpq->asoc, "sctp.event.pd_aborted", 0);
	sctp_ulpq_clear_pd(ulpq);
}
