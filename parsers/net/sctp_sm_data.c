// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: data, what acknowledges it, what skips it, and congestion marks.
 *
 * Modelled on: Linux 6.1 net/sctp/sm_statefuns.c (sctp_sf_eat_data_6_2,
 *	sctp_sf_eat_data_fast_4_4, sctp_eat_data, sctp_sf_eat_sack_6_2, sctp_sm_pull_sack,
 *	sctp_sf_eat_fwd_tsn, sctp_sf_eat_fwd_tsn_fast, sctp_sf_do_ecne, sctp_sf_do_ecn_cwr)
 * Spec: RFC 9260 6.2 and 6.5, RFC 3758 3.6, RFC 8260 2
 * Differs: no memory pressure besides the receive buffer. Upstream takes the blocks of a
 *	SACK from the whole packet.
 */
#include <linux/ip.h>
#include <net/inet_ecn.h>
#include <net/sctp.h>

#include "rx.h"

/* ---- DATA and I-DATA ---- */

static void sctp_decode_data(const struct sctp_chunk *chunk)
{
	const struct sk_buff *skb = chunk->skb;
	const struct sctp_datahdr *data = chunk->subh.data_hdr;
	const struct sctp_idatahdr *idata = chunk->subh.idata_hdr;

	rx_u64(skb, "sctp.data_tsn_raw", ntohl(data->tsn));
	rx_u64(skb, "sctp.data_sid", ntohs(data->stream));
	if (chunk->chunk_hdr->type == SCTP_CID_DATA) {
		rx_u64(skb, "sctp.data_ssn", ntohs(data->ssn));
		rx_u64(skb, "sctp.data_payload_proto_id", ntohl(data->ppid));
		return;
	}
	/* its length was tested as the association has it: the kind is judged later */
	if (chunk->asoc->stream.si->data_chunk_len < sizeof(*chunk->chunk_hdr) + sizeof(*idata))
		return;
	rx_u64(skb, "sctp.data_mid", ntohl(idata->mid));
	if (chunk->chunk_hdr->flags & SCTP_DATA_FIRST_FRAG)
		rx_u64(skb, "sctp.data_payload_proto_id", ntohl(idata->ppid_fsn));
	else
		rx_u64(skb, "sctp.data_fsn", ntohl(idata->ppid_fsn));
}

static bool sctp_is_ce(const struct sk_buff *skb)
{
	u8 dsfield = ip_hdr(skb)->version == 4 ? ip_hdr(skb)->tos :
						 ipv6_get_dsfield(ipv6_hdr(skb));

	return (dsfield & INET_ECN_MASK) == INET_ECN_CE;
}

/* Once a packet: the network said that there is too much. */
static void sctp_note_ce(struct sctp_association *asoc, struct sctp_chunk *chunk, u32 tsn)
{
	if (!asoc->peer.ecn_capable || chunk->ecn_ce_done)
		return;
	chunk->ecn_ce_done = true;
	if (sctp_is_ce(chunk->skb)) {
		asoc->last_ecne_tsn = tsn;
		asoc->need_ecne = true;
	}
}

static void sctp_abort_no_data(struct sctp_association *asoc, struct sctp_chunk *chunk, u32 tsn)
{
	struct sctp_chunk *err;
	__be32 payload = htonl(tsn);

	err = sctp_make_abort(asoc, chunk, sizeof(struct sctp_errhdr) + sizeof(payload));
	if (err) {
		sctp_init_cause(err, SCTP_ERROR_NO_DATA, sizeof(payload));
		sctp_addto_chunk(err, sizeof(payload), &payload);
		sctp_send_reply(asoc, err);
	}
	chunk->pdiscard = true;
	sctp_cmd_assoc_failed(asoc, SCTP_ERROR_NO_DATA);
}

static void sctp_report_bad_stream(struct sctp_association *asoc, struct sctp_chunk *chunk)
{
	struct sctp_chunk *err;

	sctp_tsnmap_mark(&asoc->peer.tsn_map, ntohl(chunk->subh.data_hdr->tsn));
	err = sctp_make_op_error(asoc, chunk, SCTP_ERROR_INV_STRM, &chunk->subh.data_hdr->stream,
				 sizeof(__be16), sizeof(__be16));
	if (err)
		sctp_send_reply(asoc, err);
}

/* Is there room? If not, the next TSN is worth more than later ones (@renege). */
static bool sctp_data_fits(struct sctp_association *asoc, const struct sctp_chunk *chunk, u32 tsn,
			   size_t datalen, bool *renege)
{
	const struct sctp_tsnmap *map = &asoc->peer.tsn_map;

	*renege = false;
	if (chunk->data_accepted)
		return true;
	if (!malformed(!asoc->rwnd) && !malformed(asoc->rwnd_over) &&
	    !malformed(datalen > asoc->rwnd + SCTP_DEFAULT_MAXSEGMENT))
		return true;
	*renege = sctp_tsnmap_has_gap(map) && map->cumulative_tsn_ack_point + 1 == tsn;
	return *renege;
}

/* Return: what sctp_sf_eat_data_6_2() has to say about the chunk. */
static enum sctp_ierror sctp_eat_data(struct sctp_association *asoc, struct sctp_chunk *chunk)
{
	const struct sctp_stream_interleave *si = asoc->stream.si;
	size_t datalen;
	bool renege;
	int tmp;
	u32 tsn;

	chunk->subh.data_hdr = (struct sctp_datahdr *)chunk->skb->data;
	skb_pull(chunk->skb, (unsigned int)(si->data_chunk_len - sizeof(struct sctp_chunkhdr)));
	sctp_decode_data(chunk);
	tsn = ntohl(chunk->subh.data_hdr->tsn);
	sctp_note_ce(asoc, chunk, tsn);
	tmp = sctp_tsnmap_check(&asoc->peer.tsn_map, tsn);
	if (tmp < 0)
		return SCTP_IERROR_HIGH_TSN;
	if (tmp > 0) {
		sctp_tsnmap_mark_dup(&asoc->peer.tsn_map, tsn);
		return SCTP_IERROR_DUP_TSN;
	}
	datalen = sctp_chunk_len(chunk) - si->data_chunk_len;
	if (datalen >= asoc->rwnd && !asoc->ulpq.pd_mode)
		si->start_pd(&asoc->ulpq);
	if (!sctp_data_fits(asoc, chunk, tsn, datalen, &renege))
		return SCTP_IERROR_IGNORE_TSN;
	if (malformed(datalen == 0)) {
		sctp_abort_no_data(asoc, chunk, tsn);
		return SCTP_IERROR_NO_DATA;
	}
	chunk->data_accepted = true;
	if (malformed(ntohs(chunk->subh.data_hdr->stream) >= asoc->stream.incnt)) {
		sctp_report_bad_stream(asoc, chunk);
		return SCTP_IERROR_BAD_STREAM;
	}
	if (!si->validate_data(chunk))
		return SCTP_IERROR_PROTO_VIOLATION;
	if (renege)
		si->renege_events(&asoc->ulpq, chunk);
	else
		si->ulpevent_data(&asoc->ulpq, chunk);
	return SCTP_IERROR_NO_ERROR;
}

static enum sctp_disposition sctp_data_violation(struct sctp_endpoint *ep,
						 struct sctp_association *asoc,
						 struct sctp_chunk *chunk)
{
	return sctp_sf_abort_violation(ep, asoc, chunk, (const char *)chunk->subh.data_hdr,
				       asoc->stream.si->data_chunk_len -
				       sizeof(struct sctp_chunkhdr));
}

enum sctp_disposition sctp_sf_eat_data_6_2(struct sctp_endpoint *ep,
					   struct sctp_association *asoc,
					   struct sctp_chunk *chunk)
{
	bool force = false;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, asoc->stream.si->data_chunk_len)))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	switch (sctp_eat_data(asoc, chunk)) {
	case SCTP_IERROR_NO_ERROR:
		force = chunk->chunk_hdr->flags & SCTP_DATA_SACK_IMM;
		break;
	case SCTP_IERROR_DUP_TSN:
	case SCTP_IERROR_IGNORE_TSN:
		force = true;
		break;
	case SCTP_IERROR_NO_DATA:
		return SCTP_DISPOSITION_ABORT;
	case SCTP_IERROR_PROTO_VIOLATION:
		return sctp_data_violation(ep, asoc, chunk);
	default:
		break;
	}
	if (chunk->end_of_packet)
		sctp_gen_sack(asoc, force);
	return SCTP_DISPOSITION_CONSUME;
}

/* We have nothing more to say, but the peer has. */
static void sctp_shutdown_again(struct sctp_association *asoc)
{
	struct sctp_chunk *shutdown = sctp_make_shutdown(asoc);

	if (shutdown)
		sctp_send_reply(asoc, shutdown);
	sctp_gen_sack(asoc, true);
	sctp_timer_start(asoc, SCTP_TIMER_T2);
}

enum sctp_disposition sctp_sf_eat_data_fast_4_4(struct sctp_endpoint *ep,
						struct sctp_association *asoc,
						struct sctp_chunk *chunk)
{
	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, asoc->stream.si->data_chunk_len)))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	switch (sctp_eat_data(asoc, chunk)) {
	case SCTP_IERROR_NO_DATA:
		return SCTP_DISPOSITION_ABORT;
	case SCTP_IERROR_PROTO_VIOLATION:
		return sctp_data_violation(ep, asoc, chunk);
	default:
		break;
	}
	if (chunk->end_of_packet)
		sctp_shutdown_again(asoc);
	return SCTP_DISPOSITION_CONSUME;
}

/* ---- SACK ---- */

static void sctp_decode_sack(const struct sk_buff *skb, const struct sctp_sackhdr *sack)
{
	const struct sctp_gap_ack_block *gabs = (const struct sctp_gap_ack_block *)(sack + 1);
	u16 i, n = ntohs(sack->num_gap_ack_blocks), dups = ntohs(sack->num_dup_tsns);
	const u8 *dup = (const u8 *)(gabs + n);

	rx_u64(skb, "sctp.sack_cumulative_tsn_ack_raw", ntohl(sack->cum_tsn_ack));
	rx_u64(skb, "sctp.sack_a_rwnd", ntohl(sack->a_rwnd));
	rx_u64(skb, "sctp.sack_number_of_gap_blocks", n);
	rx_u64(skb, "sctp.sack_number_of_duplicated_tsns", dups);
	for (i = 0; i < n; i++) {
		rx_u64(skb, "sctp.sack_gap_block_start", ntohs(gabs[i].start));
		rx_u64(skb, "sctp.sack_gap_block_end", ntohs(gabs[i].end));
	}
	for (i = 0; i < dups; i++)
		rx_u64(skb, "sctp.sack_duplicate_tsn", get_unaligned_be32(dup + 4 * i));
}

/* The fixed part with all blocks behind it. */
static struct sctp_sackhdr *sctp_sm_pull_sack(struct sctp_chunk *chunk)
{
	struct sctp_sackhdr *sack = (struct sctp_sackhdr *)chunk->skb->data;
	unsigned int len;

	len = (unsigned int)sizeof(*sack) +
	      (ntohs(sack->num_gap_ack_blocks) + ntohs(sack->num_dup_tsns)) * 4U;
	if (malformed(len > chunk->skb->len))
		return NULL;
	/* what lies behind the chunk is the next one's: it would begin in the wrong place */
	triggered(REDZONE_2C58F26641D6,
		  len > sctp_chunk_len(chunk) - sizeof(struct sctp_chunkhdr));
	if (malformed_in(REDZONE_2C58F26641D6,
			 len > sctp_chunk_len(chunk) - sizeof(struct sctp_chunkhdr)))
		return NULL;
	skb_pull(chunk->skb, len);
	return sack;
}

/* When all is acknowledged, the end of an association may go on. */
static void sctp_no_pending_tsn(struct sctp_association *asoc)
{
	if (!sctp_outq_is_empty(&asoc->outqueue))
		return;
	if (asoc->state == SCTP_STATE_SHUTDOWN_PENDING)
		sctp_sf_do_9_2_start_shutdown(asoc);
	else if (asoc->state == SCTP_STATE_SHUTDOWN_RECEIVED)
		sctp_send_shutdown_ack(asoc);
}

enum sctp_disposition sctp_sf_eat_sack_6_2(struct sctp_endpoint *ep,
					   struct sctp_association *asoc,
					   struct sctp_chunk *chunk)
{
	struct sctp_sackhdr *sackh;
	u32 ctsn;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr) +
					       sizeof(*sackh))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	sackh = sctp_sm_pull_sack(chunk);
	if (malformed(!sackh))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	chunk->subh.sack_hdr = sackh;
	sctp_decode_sack(chunk->skb, sackh);
	ctsn = ntohl(sackh->cum_tsn_ack);
	if (malformed(TSN_lte(asoc->next_tsn, ctsn)))
		return sctp_sf_violation_ctsn(ep, asoc, chunk);
	if (malformed(TSN_lt(ctsn, asoc->ctsn_ack_point)))
		return SCTP_DISPOSITION_DISCARD;
	sctp_outq_sack(&asoc->outqueue, chunk);
	sctp_no_pending_tsn(asoc);
	return SCTP_DISPOSITION_CONSUME;
}

/* ---- FORWARD-TSN and I-FORWARD-TSN ---- */

/* What both states do. Return: false if the chunk is to be ignored. */
static bool sctp_take_fwd_tsn(struct sctp_association *asoc, struct sctp_chunk *chunk)
{
	const struct sctp_stream_interleave *si = asoc->stream.si;
	bool intl = chunk->chunk_hdr->type == SCTP_CID_I_FWD_TSN;
	u32 tsn;

	chunk->subh.fwdtsn_hdr = (struct sctp_fwdtsn_hdr *)chunk->skb->data;
	skb_pull(chunk->skb, (unsigned int)(sctp_chunk_len(chunk) -
					    sizeof(struct sctp_chunkhdr)));
	tsn = ntohl(chunk->subh.fwdtsn_hdr->new_cum_tsn);
	rx_u64(chunk->skb, intl ? "sctp.i_forward_tsn_tsn" : "sctp.forward_tsn_tsn", tsn);

	/* too far ahead to be true */
	if (malformed(sctp_tsnmap_check(&asoc->peer.tsn_map, tsn) < 0))
		return false;
	if (!si->validate_ftsn(chunk))
		return false;
	si->report_ftsn(&asoc->ulpq, tsn);
	if (sctp_chunk_len(chunk) > si->ftsn_chunk_len)
		si->handle_ftsn(&asoc->ulpq, chunk);
	return true;
}

enum sctp_disposition sctp_sf_eat_fwd_tsn(struct sctp_endpoint *ep, struct sctp_association *asoc,
					  struct sctp_chunk *chunk)
{
	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!asoc->peer.prsctp_capable))
		return sctp_sf_unk_chunk(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, asoc->stream.si->ftsn_chunk_len)))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	if (!sctp_take_fwd_tsn(asoc, chunk))
		return SCTP_DISPOSITION_DISCARD;
	sctp_gen_sack(asoc, false);
	return SCTP_DISPOSITION_CONSUME;
}

enum sctp_disposition sctp_sf_eat_fwd_tsn_fast(struct sctp_endpoint *ep,
					       struct sctp_association *asoc,
					       struct sctp_chunk *chunk)
{
	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!asoc->peer.prsctp_capable))
		return sctp_sf_unk_chunk(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, asoc->stream.si->ftsn_chunk_len)))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	sctp_take_fwd_tsn(asoc, chunk);
	sctp_shutdown_again(asoc);
	return SCTP_DISPOSITION_CONSUME;
}

/* ---- ECNE and CWR ---- */

enum sctp_disposition sctp_sf_do_ecne(struct sctp_endpoint *ep, struct sctp_association *asoc,
				      struct sctp_chunk *chunk)
{
	struct sctp_chunk *cwr;
	u32 lowest_tsn;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr) +
					       sizeof(struct sctp_ecnehdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	lowest_tsn = ntohl(((const struct sctp_ecnehdr *)chunk->skb->data)->lowest_tsn);
	rx_u64(chunk->skb, "sctp.ecne_lowest_tsn", lowest_tsn);
	skb_pull(chunk->skb, sizeof(struct sctp_ecnehdr));

	/* slow down once for what was under way */
	if (TSN_lt(asoc->last_cwr_tsn, lowest_tsn))
		asoc->last_cwr_tsn = asoc->next_tsn - 1;
	cwr = sctp_make_tsn_chunk(asoc, SCTP_CID_ECN_CWR, asoc->last_cwr_tsn);
	if (cwr)
		sctp_send_reply(asoc, cwr);
	return SCTP_DISPOSITION_CONSUME;
}

enum sctp_disposition sctp_sf_do_ecn_cwr(struct sctp_endpoint *ep, struct sctp_association *asoc,
					 struct sctp_chunk *chunk)
{
	u32 lowest_tsn;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr) +
					       sizeof(struct sctp_ecnehdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	lowest_tsn = ntohl(((const struct sctp_ecnehdr *)chunk->skb->data)->lowest_tsn);
	rx_u64(chunk->skb, "sctp.cwr_lowest_tsn", lowest_tsn);
	skb_pull(chunk->skb, sizeof(struct sctp_ecnehdr));
	if (!malformed(!TSN_lte(asoc->last_ecne_tsn, lowest_tsn)))
		asoc->need_ecne = false;
	return SCTP_DISPOSITION_CONSUME;
}
