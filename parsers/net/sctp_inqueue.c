// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: the chunks of a packet, one after the other, to the state machine.
 *
 * Modelled on: Linux 6.1 net/sctp/inqueue.c (sctp_inq_push, sctp_inq_pop, sctp_inq_peek,
 *	sctp_inq_free), net/sctp/associola.c (sctp_assoc_bh_rcv), net/sctp/endpointola.c
 *	(sctp_endpoint_bh_rcv), net/sctp/sm_sideeffect.c (sctp_do_sm)
 * Spec: RFC 9260 3.2 and 6.10, RFC 4895 6.3
 * Differs: no GSO packets; a packet for an endpoint has a queue of its own.
 */
#include <linux/slab.h>
#include <net/sctp.h>

#include "rx.h"

void sctp_inq_push(struct sctp_inq *queue, struct sctp_chunk *chunk)
{
	list_add_tail(&chunk->list, &queue->in_chunk_list);
}

/* A packet is done with: what became of it. */
static void sctp_inq_done(struct sctp_inq *queue)
{
	struct sctp_chunk *chunk = queue->in_progress;

	queue->in_progress = NULL;
	sink_verdict(rx_sink(chunk->skb), chunk->pdiscard ? -EBADMSG : 0, 0);
	sctp_chunk_free(chunk);
}

void sctp_inq_free(struct sctp_inq *queue)
{
	struct sctp_chunk *chunk, *tmp;

	list_for_each_entry_safe(chunk, tmp, &queue->in_chunk_list, list) {
		list_del_init(&chunk->list);
		sctp_chunk_free(chunk);
	}
	if (queue->in_progress)
		sctp_inq_done(queue);
}

static const struct sctp_chunkhdr *sctp_inq_peek(const struct sctp_inq *queue)
{
	const struct sctp_chunk *chunk = queue->in_progress;

	if (chunk->singleton || chunk->end_of_packet || chunk->pdiscard)
		return NULL;
	return (const struct sctp_chunkhdr *)chunk->chunk_end;
}

static struct sctp_chunkhdr *sctp_inq_next(struct sctp_inq *queue)
{
	struct sctp_chunk *chunk = queue->in_progress;

	if (chunk) {
		if (!chunk->singleton && !chunk->end_of_packet && !chunk->pdiscard) {
			skb_pull(chunk->skb, (unsigned int)(chunk->chunk_end - chunk->skb->data));
			return (struct sctp_chunkhdr *)chunk->chunk_end;
		}
		sctp_inq_done(queue);
	}
	if (list_empty(&queue->in_chunk_list))
		return NULL;
	chunk = list_first_entry(&queue->in_chunk_list, struct sctp_chunk, list);
	list_del_init(&chunk->list);
	queue->in_progress = chunk;
	chunk->singleton = true;
	chunk->data_accepted = false;
	chunk->pdiscard = false;
	chunk->auth = false;
	chunk->has_asconf = false;
	chunk->end_of_packet = false;
	return (struct sctp_chunkhdr *)chunk->skb->data;
}

/**
 * sctp_inq_pop - the next chunk
 *
 * Return: the queue's chunk, whose skb begins behind the chunk header, or NULL.
 */
struct sctp_chunk *sctp_inq_pop(struct sctp_inq *queue)
{
	struct sctp_chunkhdr *ch = sctp_inq_next(queue);
	struct sctp_chunk *chunk = queue->in_progress;

	if (!ch)
		return NULL;
	chunk->chunk_hdr = ch;
	chunk->chunk_end = (u8 *)ch + SCTP_PAD4(ntohs(ch->length));
	skb_pull(chunk->skb, sizeof(*ch));
	chunk->subh.v = NULL;
	rx_u64(chunk->skb, "sctp.chunk_type", ch->type);
	rx_u64(chunk->skb, "sctp.chunk_flags", ch->flags);
	rx_u64(chunk->skb, "sctp.chunk_length", ntohs(ch->length));

	if (malformed(ntohs(ch->length) < sizeof(*ch))) {
		chunk->pdiscard = true;
	} else if (chunk->chunk_end + sizeof(*ch) <= skb_tail_pointer(chunk->skb)) {
		chunk->singleton = false;
	} else if (malformed(chunk->chunk_end > skb_tail_pointer(chunk->skb))) {
		chunk->pdiscard = true;
		chunk->chunk_end = skb_tail_pointer(chunk->skb);
	} else {
		chunk->end_of_packet = true;
	}
	return chunk;
}

/* ---- What takes them ---- */

/*
 * AUTH before COOKIE ECHO is judged when the cookie has made the keys. Return: whether
 * this chunk waits for the next.
 */
static bool sctp_auth_is_kept(struct sctp_inq *queue, struct sctp_chunk *chunk,
			      bool first_time)
{
	const struct sctp_chunkhdr *next;

	if (!first_time || chunk->chunk_hdr->type != SCTP_CID_AUTH)
		return false;
	next = sctp_inq_peek(queue);
	if (!next || next->type != SCTP_CID_COOKIE_ECHO)
		return false;
	if (chunk->auth_chunk)
		consume_skb(chunk->auth_chunk);
	chunk->auth_chunk = skb_clone(chunk->skb, GFP_ATOMIC);
	return true;
}

static void sctp_do_sm(struct sctp_endpoint *ep, struct sctp_association *asoc,
		       struct sctp_chunk *chunk)
{
	enum sctp_state state = asoc ? asoc->state : SCTP_STATE_CLOSED;
	sctp_state_fn_t *fn = sctp_sm_lookup_event(chunk->chunk_hdr->type, state, ep);

	fn(ep, asoc, chunk);
}

/* All packets that wait for an association, which may end meanwhile. */
void sctp_assoc_bh_rcv(struct sctp_association *asoc)
{
	struct sctp_endpoint *ep = asoc->ep;
	bool first_time = true;
	struct sctp_chunk *chunk;

	sctp_association_hold(asoc);
	asoc->outqueue.cork = true;
	while ((chunk = sctp_inq_pop(&asoc->inqueue)) != NULL) {
		if (sctp_auth_is_kept(&asoc->inqueue, chunk, first_time))
			continue;
		first_time = false;

		/* what has to be signed, and is not (RFC 4895 6.3) */
		if (malformed(sctp_auth_recv_cid(chunk->chunk_hdr->type, asoc) && !chunk->auth))
			continue;
		sctp_do_sm(ep, asoc, chunk);
		if (chunk->chunk_hdr->type == SCTP_CID_ASCONF)
			chunk->has_asconf = true;
		if (asoc->dead)
			break;
	}
	if (!asoc->dead)
		sctp_outq_uncork(&asoc->outqueue);
	sctp_inq_free(&asoc->inqueue);
	sctp_association_put(asoc);
}

/* The association that a packet which began without one has made meanwhile. */
static struct sctp_association *sctp_endpoint_asoc(struct sctp_chunk *chunk,
						   struct sctp_transport **held)
{
	struct sctp_transport *t = sctp_addrs_lookup_transport(&chunk->dest, &chunk->source);

	if (!t)
		return NULL;
	*held = t;
	chunk->asoc = t->asoc;
	chunk->transport = t;
	return t->asoc;
}

/* One packet for an endpoint. */
void sctp_endpoint_bh_rcv(struct sctp_endpoint *ep, struct sctp_inq *queue)
{
	struct sctp_association *asoc = NULL;
	struct sctp_transport *held = NULL;
	bool first_time = true;
	struct sctp_chunk *chunk;

	while ((chunk = sctp_inq_pop(queue)) != NULL) {
		if (sctp_auth_is_kept(queue, chunk, first_time))
			continue;
		first_time = false;
		if (!asoc) {
			asoc = sctp_endpoint_asoc(chunk, &held);
			if (asoc) {
				sctp_association_hold(asoc);
				asoc->outqueue.cork = true;
			}
		}
		if (malformed(sctp_auth_recv_cid(chunk->chunk_hdr->type, asoc) && !chunk->auth))
			continue;
		sctp_do_sm(ep, asoc, chunk);
		if (asoc && asoc->dead)
			break;
	}
	sctp_inq_free(queue);
	if (!asoc)
		return;
	if (!asoc->dead)
		sctp_outq_uncork(&asoc->outqueue);
	sctp_transport_put(held);
	sctp_association_put(asoc);
}
