// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: what we send, and what the peer says about it.
 *
 * Modelled on: Linux 6.1 net/sctp/outqueue.c (sctp_outq_flush_ctrl, sctp_outq_sack,
 *	sctp_check_transmitted, sctp_mark_missing, sctp_acked, sctp_sack_update_unack_data,
 *	sctp_retransmit, sctp_generate_fwdtsn, sctp_outq_teardown),
 *	net/sctp/stream_interleave.c (sctp_generate_iftsn), net/sctp/chunk.c
 *	(sctp_datamsg_from_user), net/sctp/sm_statefuns.c (sctp_ootb_pkt_new)
 * Spec: RFC 9260 6.1 to 6.3 and 7.2.4, RFC 3758 3.5
 * Differs: a chunk that is sent is an effect, each in a packet of its own; no congestion
 *	window: data is sent at once, and again after three reports that it is missing; no
 *	concurrent transfer over several paths (CACC).
 */
#include <linux/slab.h>
#include <net/sctp.h>

#include "rx.h"

enum { DATA_FRAGMENT = 1000, FTSN_SKIPS_MAX = 10 };

/* ---- Control chunks ---- */

static void sctp_transmit(struct sctp_association *asoc, struct sctp_chunk *chunk)
{
	struct sink *sink = asoc->net->sink;
	struct sctp_chunk *auth = chunk->auth ? sctp_make_auth(asoc) : NULL;

	sink_effect_u64(sink, "sctp.out.vtag", asoc->peer.i.init_tag);
	if (auth) {
		sink_effect_bytes(sink, "sctp.out.auth", auth->skb->data, auth->skb->len);
		sctp_chunk_free(auth);
	}
	sink_effect_bytes(sink, "sctp.out", chunk->skb->data, chunk->skb->len);
}

static void sctp_outq_flush_ctrl(struct sctp_outq *q)
{
	struct sctp_chunk *chunk, *tmp;

	list_for_each_entry_safe(chunk, tmp, &q->control_chunk_list, list) {
		list_del_init(&chunk->list);
		sctp_transmit(q->asoc, chunk);
		sctp_chunk_free(chunk);
	}
}

/* @chunk, the queue's from here on, is sent when the packet in hand is done with. */
void sctp_outq_tail(struct sctp_outq *q, struct sctp_chunk *chunk)
{
	list_add_tail(&chunk->list, &q->control_chunk_list);
	if (!q->cork)
		sctp_outq_flush_ctrl(q);
}

void sctp_outq_uncork(struct sctp_outq *q)
{
	q->cork = false;
	sctp_outq_flush_ctrl(q);
}

/* A chunk that belongs to no association. */
void sctp_send_ootb(struct sctp_endpoint *ep, struct sctp_chunk *chunk, u32 vtag)
{
	struct sink *sink = sock_net(&ep->sk)->sink;

	sink_effect_u64(sink, "sctp.ootb.vtag", vtag);
	sink_effect_bytes(sink, "sctp.ootb", chunk->skb->data, chunk->skb->len);
	sctp_chunk_free(chunk);
}

/* ---- Data ---- */

static u32 sctp_data_size(const struct sctp_chunk *chunk)
{
	size_t hdr = chunk->chunk_hdr->type == SCTP_CID_DATA ? sizeof(struct sctp_datahdr) :
							       sizeof(struct sctp_idatahdr);

	return (u32)(sctp_chunk_len(chunk) - sizeof(struct sctp_chunkhdr) - hdr);
}

static u32 sctp_chunk_tsn(const struct sctp_chunk *chunk)
{
	return ntohl(chunk->subh.data_hdr->tsn);
}

bool sctp_outq_is_empty(const struct sctp_outq *q)
{
	return q->outstanding_bytes == 0 && list_empty(&q->retransmit);
}

static void sctp_outq_data(struct sctp_outq *q, struct sctp_chunk *chunk)
{
	struct sctp_transport *transport = q->asoc->peer.primary_path;

	sctp_transmit(q->asoc, chunk);
	chunk->transport = transport;
	transport->flight_size += sctp_data_size(chunk);
	q->outstanding_bytes += sctp_data_size(chunk);
	list_add_tail(&chunk->transmitted_list, &transport->transmitted);
	sctp_transport_reset_t3_rtx(transport);
}

static void sctp_add_datahdr(struct sctp_chunk *chunk, u16 sid, u8 flags)
{
	struct sctp_stream_out *out = &chunk->asoc->stream.out[sid];
	u32 ppid = flags & SCTP_DATA_FIRST_FRAG ? 0 : htonl(1);
	struct sctp_datahdr hdr = { htonl(chunk->asoc->next_tsn++), htons(sid), 0, ppid };
	struct sctp_idatahdr ihdr = { hdr.tsn, hdr.stream, 0, 0, ppid };
	u32 *mid = flags & SCTP_DATA_UNORDERED ? &out->mid_uo : &out->mid;

	if (chunk->chunk_hdr->type == SCTP_CID_DATA) {
		hdr.ssn = flags & SCTP_DATA_UNORDERED ? 0 : htons((u16)*mid);
		chunk->subh.data_hdr = sctp_addto_chunk(chunk, sizeof(hdr), &hdr);
	} else {
		ihdr.mid = htonl(*mid);
		chunk->subh.idata_hdr = sctp_addto_chunk(chunk, sizeof(ihdr), &ihdr);
	}
	if (flags & SCTP_DATA_LAST_FRAG)
		++*mid;
}

/* One message of @len bytes; with @expires it is given up instead of sent again. */
int sctp_send_data(struct sctp_association *asoc, u16 sid, u16 len, u8 flags, bool expires)
{
	u8 type = asoc->peer.intl_capable ? SCTP_CID_I_DATA : SCTP_CID_DATA;
	u16 off = 0, part;
	struct sctp_chunk *chunk;
	u8 frag;

	if (sid >= asoc->stream.outcnt || asoc->stream.out[sid].closed || !len)
		return -EINVAL;
	for (; off < len; off += part) {
		part = min((u16)(len - off), (u16)DATA_FRAGMENT);
		frag = flags;
		if (!off)
			frag |= SCTP_DATA_FIRST_FRAG;
		if (off + part == len)
			frag |= SCTP_DATA_LAST_FRAG;
		chunk = sctp_make_control(asoc, type, frag, sizeof(struct sctp_idatahdr) + part);
		if (!chunk)
			return -ENOMEM;
		sctp_add_datahdr(chunk, sid, frag);
		sctp_addto_chunk(chunk, part, NULL);
		chunk->expires = expires;
		sctp_outq_data(&asoc->outqueue, chunk);
	}
	return 0;
}

/* ---- Again, or never ---- */

/* What @transport has not delivered: T3 ran out, or the path is gone. */
void sctp_retransmit(struct sctp_outq *q, struct sctp_transport *transport)
{
	struct sctp_chunk *chunk, *tmp;

	list_for_each_entry_safe(chunk, tmp, &transport->transmitted, transmitted_list) {
		if (chunk->tsn_gap_acked)
			continue;
		list_del_init(&chunk->transmitted_list);
		transport->flight_size -= sctp_data_size(chunk);
		q->outstanding_bytes -= sctp_data_size(chunk);
		chunk->abandoned = chunk->expires && q->asoc->peer.prsctp_capable;
		list_add_tail(&chunk->transmitted_list,
			      chunk->abandoned ? &q->abandoned : &q->retransmit);
	}
	list_for_each_entry_safe(chunk, tmp, &q->retransmit, transmitted_list) {
		list_del_init(&chunk->transmitted_list);
		chunk->tsn_missing_report = 0;
		sctp_outq_data(q, chunk);
	}
	sctp_generate_fwdtsn(q, q->asoc->ctsn_ack_point);
}

/* Entries of FORWARD-TSN or I-FORWARD-TSN, one a stream. */
struct ftsn_skips {
	struct sctp_ifwdtsn_skip skip[FTSN_SKIPS_MAX];
	unsigned int n;
};

static void sctp_ftsn_add(struct ftsn_skips *skips, const struct sctp_chunk *chunk)
{
	bool intl = chunk->chunk_hdr->type == SCTP_CID_I_DATA;
	struct sctp_ifwdtsn_skip skip = { chunk->subh.data_hdr->stream, 0, 0, 0 };
	unsigned int i;

	if (intl) {
		skip.mid = chunk->subh.idata_hdr->mid;
		skip.flags = chunk->chunk_hdr->flags & SCTP_DATA_UNORDERED ? 1 : 0;
	} else {
		if (chunk->chunk_hdr->flags & SCTP_DATA_UNORDERED)
			return;
		skip.mid = htonl(ntohs(chunk->subh.data_hdr->ssn));
	}
	for (i = 0; i < skips->n; i++) {
		if (skips->skip[i].stream == skip.stream && skips->skip[i].flags == skip.flags)
			break;
	}
	skips->skip[i] = skip;
	if (i == skips->n)
		skips->n++;
}

static void sctp_make_fwdtsn(struct sctp_association *asoc, const struct ftsn_skips *skips)
{
	bool intl = asoc->peer.intl_capable;
	struct sctp_fwdtsn_skip skip;
	struct sctp_chunk *chunk;
	unsigned int i;
	__be32 tsn = htonl(asoc->adv_peer_ack_point);

	chunk = sctp_make_control(asoc, intl ? SCTP_CID_I_FWD_TSN : SCTP_CID_FWD_TSN, 0,
				  sizeof(tsn) + skips->n * sizeof(skips->skip[0]));
	if (!chunk)
		return;
	sctp_addto_chunk(chunk, sizeof(tsn), &tsn);
	for (i = 0; i < skips->n; i++) {
		skip.stream = skips->skip[i].stream;
		skip.ssn = htons((u16)ntohl(skips->skip[i].mid));
		if (intl)
			sctp_addto_chunk(chunk, sizeof(skips->skip[i]), &skips->skip[i]);
		else
			sctp_addto_chunk(chunk, sizeof(skip), &skip);
	}
	sctp_outq_tail(&asoc->outqueue, chunk);
}

/* Tell the peer not to wait for what was given up. */
void sctp_generate_fwdtsn(struct sctp_outq *q, u32 ctsn)
{
	struct sctp_association *asoc = q->asoc;
	struct sctp_chunk *chunk, *tmp;
	struct ftsn_skips skips = { .n = 0 };
	u32 tsn;

	if (!asoc->peer.prsctp_capable)
		return;
	if (TSN_lt(asoc->adv_peer_ack_point, ctsn))
		asoc->adv_peer_ack_point = ctsn;
	list_for_each_entry_safe(chunk, tmp, &q->abandoned, transmitted_list) {
		tsn = sctp_chunk_tsn(chunk);
		if (TSN_lte(tsn, ctsn)) {
			list_del_init(&chunk->transmitted_list);
			sctp_chunk_free(chunk);
			continue;
		}
		if (!TSN_lte(tsn, asoc->adv_peer_ack_point + 1))
			break;
		asoc->adv_peer_ack_point = tsn;
		sctp_ftsn_add(&skips, chunk);
		if (skips.n == FTSN_SKIPS_MAX)
			break;
	}
	if (TSN_lt(ctsn, asoc->adv_peer_ack_point))
		sctp_make_fwdtsn(asoc, &skips);
}

/* ---- SACK ---- */

static const struct sctp_gap_ack_block *sctp_sack_gabs(const struct sctp_sackhdr *sack)
{
	return (const struct sctp_gap_ack_block *)(sack + 1);
}

/* Does @sack say that @tsn has arrived? */
static bool sctp_acked(const struct sctp_sackhdr *sack, u32 tsn)
{
	const struct sctp_gap_ack_block *gabs = sctp_sack_gabs(sack);
	u16 i, tsn_offset, blocks = ntohs(sack->num_gap_ack_blocks);
	u32 ctsn = ntohl(sack->cum_tsn_ack);

	if (TSN_lte(tsn, ctsn))
		return true;
	tsn_offset = (u16)(tsn - ctsn);
	for (i = 0; i < blocks; i++) {
		if (tsn_offset >= ntohs(gabs[i].start) && tsn_offset <= ntohs(gabs[i].end))
			return true;
	}
	return false;
}

/* What of @queue has arrived; @transport is NULL for what waits to be sent again. */
static void sctp_check_transmitted(struct sctp_outq *q, struct list_head *queue,
				   struct sctp_transport *transport,
				   const struct sctp_sackhdr *sack, u32 *highest_new_tsn)
{
	u32 sack_ctsn = ntohl(sack->cum_tsn_ack), bytes_acked = 0, tsn;
	struct sctp_chunk *chunk, *tmp;
	bool restart_timer = false;

	list_for_each_entry_safe(chunk, tmp, queue, transmitted_list) {
		tsn = sctp_chunk_tsn(chunk);
		if (!sctp_acked(sack, tsn)) {
			/* the receiver has given it up again */
			if (malformed(chunk->tsn_gap_acked)) {
				chunk->tsn_gap_acked = false;
				bytes_acked -= sctp_data_size(chunk);
				restart_timer = true;
			}
			continue;
		}
		if (!chunk->tsn_gap_acked) {
			chunk->tsn_gap_acked = true;
			if (TSN_lt(*highest_new_tsn, tsn))
				*highest_new_tsn = tsn;
			bytes_acked += sctp_data_size(chunk);
		}
		if (TSN_lte(tsn, sack_ctsn)) {
			restart_timer = true;
			list_move_tail(&chunk->transmitted_list, &q->sacked);
		}
	}
	if (!transport)
		return;
	if (bytes_acked) {
		transport->error_count = 0;
		q->asoc->overall_error_count = 0;
		transport->flight_size -= bytes_acked;
		q->outstanding_bytes -= bytes_acked;
	}
	if (!transport->flight_size)
		del_timer(&transport->T3_rtx_timer);
	else if (restart_timer)
		mod_timer(&transport->T3_rtx_timer, jiffies + transport->rto);
}

/* Data that is reported missing three times is sent again at once. */
static void sctp_mark_missing(struct sctp_outq *q, struct sctp_transport *transport,
			      u32 highest_new_tsn)
{
	struct sctp_chunk *chunk;
	bool do_fast_retransmit = false;

	list_for_each_entry(chunk, &transport->transmitted, transmitted_list) {
		if (chunk->fast_retransmit || chunk->tsn_gap_acked ||
		    !TSN_lt(sctp_chunk_tsn(chunk), highest_new_tsn))
			continue;
		if (++chunk->tsn_missing_report >= 3) {
			chunk->fast_retransmit = true;
			do_fast_retransmit = true;
		}
	}
	if (do_fast_retransmit)
		sctp_retransmit(q, transport);
}

static void sctp_sack_update_unack_data(struct sctp_association *asoc,
					const struct sctp_sackhdr *sack)
{
	const struct sctp_gap_ack_block *gabs = sctp_sack_gabs(sack);
	u32 unack_data = asoc->next_tsn - asoc->ctsn_ack_point - 1;
	u16 i;

	for (i = 0; i < ntohs(sack->num_gap_ack_blocks); i++)
		unack_data -= (u32)ntohs(gabs[i].end) - ntohs(gabs[i].start) + 1;
	asoc->unack_data = unack_data & 0xffff;
}

static void sctp_outq_free_sacked(struct sctp_outq *q, u32 ctsn)
{
	struct sctp_chunk *chunk, *tmp;

	list_for_each_entry_safe(chunk, tmp, &q->sacked, transmitted_list) {
		if (!TSN_lte(sctp_chunk_tsn(chunk), ctsn))
			continue;
		list_del_init(&chunk->transmitted_list);
		sctp_chunk_free(chunk);
	}
}

/**
 * sctp_outq_sack - a SACK about what we have sent
 * @chunk: SACK, pulled with all its blocks
 */
void sctp_outq_sack(struct sctp_outq *q, struct sctp_chunk *chunk)
{
	const struct sctp_sackhdr *sack = chunk->subh.sack_hdr;
	u16 gap_ack_blocks = ntohs(sack->num_gap_ack_blocks);
	u32 sack_ctsn = ntohl(sack->cum_tsn_ack), highest_tsn = sack_ctsn;
	u32 highest_new_tsn = sack_ctsn, a_rwnd = ntohl(sack->a_rwnd);
	struct sctp_association *asoc = q->asoc;
	struct sctp_transport *transport;

	if (gap_ack_blocks)
		highest_tsn += ntohs(sctp_sack_gabs(sack)[gap_ack_blocks - 1].end);
	if (TSN_lt(asoc->highest_sacked, highest_tsn))
		asoc->highest_sacked = highest_tsn;

	sctp_check_transmitted(q, &q->retransmit, NULL, sack, &highest_new_tsn);
	list_for_each_entry(transport, &asoc->peer.transport_addr_list, transports)
		sctp_check_transmitted(q, &transport->transmitted, transport, sack,
				       &highest_new_tsn);
	if (TSN_lt(asoc->ctsn_ack_point, sack_ctsn))
		asoc->ctsn_ack_point = sack_ctsn;
	if (gap_ack_blocks) {
		list_for_each_entry(transport, &asoc->peer.transport_addr_list, transports)
			sctp_mark_missing(q, transport, highest_new_tsn);
	}
	sctp_sack_update_unack_data(asoc, sack);
	sctp_outq_free_sacked(q, asoc->ctsn_ack_point);
	asoc->peer.rwnd = q->outstanding_bytes < a_rwnd ? a_rwnd - q->outstanding_bytes : 0;
	sctp_generate_fwdtsn(q, sack_ctsn);
}

/* ---- The end ---- */

static void sctp_outq_free_data(struct list_head *queue)
{
	struct sctp_chunk *chunk, *tmp;

	list_for_each_entry_safe(chunk, tmp, queue, transmitted_list) {
		list_del_init(&chunk->transmitted_list);
		sctp_chunk_free(chunk);
	}
}

/* Data that was sent or is to be sent again is forgotten. */
void sctp_outq_teardown(struct sctp_outq *q)
{
	struct sctp_transport *transport;

	list_for_each_entry(transport, &q->asoc->peer.transport_addr_list, transports) {
		sctp_outq_free_data(&transport->transmitted);
		transport->flight_size = 0;
		del_timer(&transport->T3_rtx_timer);
	}
	sctp_outq_free_data(&q->sacked);
	sctp_outq_free_data(&q->retransmit);
	sctp_outq_free_data(&q->abandoned);
	q->outstanding_bytes = 0;
}
