// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: chunks, received ones and ours; error causes.
 *
 * Modelled on: Linux 6.1 net/sctp/sm_make_chunk.c (sctp_chunkify, _sctp_make_chunk,
 *	sctp_make_control, sctp_addto_chunk, sctp_init_cause, sctp_make_abort,
 *	sctp_make_abort_violation, sctp_make_violation_paramlen, sctp_make_op_error,
 *	sctp_make_sack, sctp_make_shutdown, sctp_make_heartbeat, sctp_make_cwr),
 *	include/net/sctp/sctp.h (sctp_walk_errors)
 * Spec: RFC 9260 3.2 and 3.3
 * Differs: a chunk of ours holds no reference to the key that signs it.
 */
#include <linux/slab.h>
#include <net/sctp.h>

#include "rx.h"

struct sctp_chunk *sctp_chunkify(struct sk_buff *skb, struct sctp_association *asoc)
{
	struct sctp_chunk *chunk = kzalloc(sizeof(*chunk), GFP_ATOMIC);

	if (!chunk)
		return NULL;
	INIT_LIST_HEAD(&chunk->list);
	INIT_LIST_HEAD(&chunk->transmitted_list);
	chunk->skb = skb;
	chunk->asoc = asoc;
	chunk->singleton = true;
	refcount_set(&chunk->refcnt, 1);
	return chunk;
}

/**
 * sctp_make_control - an empty chunk of ours
 * @paylen: bytes that will be added to it, at most
 */
struct sctp_chunk *sctp_make_control(struct sctp_association *asoc, u8 type, u8 flags,
				     size_t paylen)
{
	size_t chunklen = SCTP_PAD4(sizeof(struct sctp_chunkhdr) + paylen);
	struct sctp_chunk *chunk;
	struct sk_buff *skb;

	if (chunklen > SCTP_MAX_CHUNK_LEN)
		return NULL;
	skb = alloc_skb((unsigned int)chunklen, GFP_ATOMIC);
	if (!skb)
		return NULL;
	chunk = sctp_chunkify(skb, asoc);
	if (!chunk) {
		consume_skb(skb);
		return NULL;
	}
	chunk->chunk_hdr = skb_put(skb, sizeof(*chunk->chunk_hdr));
	chunk->chunk_hdr->type = type;
	chunk->chunk_hdr->flags = flags;
	chunk->chunk_hdr->length = htons(sizeof(*chunk->chunk_hdr));
	chunk->chunk_end = skb_tail_pointer(skb);
	chunk->auth = sctp_auth_send_cid(type, asoc);
	return chunk;
}

void sctp_chunk_hold(struct sctp_chunk *chunk)
{
	refcount_inc(&chunk->refcnt);
}

static void sctp_chunk_destroy(struct sctp_chunk *chunk)
{
	BUG_ON(!list_empty(&chunk->list));
	list_del_init(&chunk->transmitted_list);
	consume_skb(chunk->skb);
	consume_skb(chunk->auth_chunk);
	kfree(chunk);
}

void sctp_chunk_put(struct sctp_chunk *chunk)
{
	if (refcount_dec_and_test(&chunk->refcnt))
		sctp_chunk_destroy(chunk);
}

/* Append @len bytes, after padding what is there. */
void *sctp_addto_chunk(struct sctp_chunk *chunk, size_t len, const void *data)
{
	unsigned int chunklen = ntohs(chunk->chunk_hdr->length);
	unsigned int padlen = SCTP_PAD4(chunklen) - chunklen;
	void *target;

	skb_put_zero(chunk->skb, padlen);
	target = skb_put(chunk->skb, (unsigned int)len);
	if (data)
		memcpy(target, data, len);
	else
		memset(target, 0, len);
	chunk->chunk_hdr->length = htons((u16)(chunklen + padlen + len));
	chunk->chunk_end = skb_tail_pointer(chunk->skb);
	return target;
}

/* Where a reply to @chunk would come from, and go. */
const union sctp_addr *sctp_source(const struct sctp_chunk *chunk)
{
	return chunk->transport ? &chunk->transport->ipaddr : &chunk->source;
}

/* ---- Error causes ---- */

/* The header of one of @paylen bytes, if there is room for all of it. */
int sctp_init_cause(struct sctp_chunk *chunk, u16 cause, size_t paylen)
{
	struct sctp_errhdr err;
	size_t len = sizeof(err) + paylen;

	if (malformed_in(CVE_2010_1173, (size_t)skb_tailroom(chunk->skb) < len))
		return -ENOSPC;
	err.cause = htons(cause);
	err.length = htons((u16)len);
	sctp_addto_chunk(chunk, sizeof(err), &err);
	return 0;
}

struct sctp_chunk *sctp_make_abort(struct sctp_association *asoc, const struct sctp_chunk *chunk,
				   size_t hint)
{
	u8 flags = 0;

	if (!asoc && !(chunk && chunk->chunk_hdr->type == SCTP_CID_INIT))
		flags = SCTP_CHUNK_FLAG_T;
	return sctp_make_control(asoc, SCTP_CID_ABORT, flags, hint);
}

/* @payload: text that says what was wrong with @chunk. */
struct sctp_chunk *sctp_make_abort_violation(struct sctp_association *asoc,
					     const struct sctp_chunk *chunk, const char *payload,
					     size_t paylen)
{
	struct sctp_paramhdr phdr;
	struct sctp_chunk *abort;

	abort = sctp_make_abort(asoc, chunk,
				sizeof(struct sctp_errhdr) + SCTP_PAD4(paylen) + sizeof(phdr));
	if (!abort)
		return NULL;
	phdr.type = htons(chunk->chunk_hdr->type);
	phdr.length = chunk->chunk_hdr->length;
	sctp_init_cause(abort, SCTP_ERROR_PROTO_VIOLATION, paylen + sizeof(phdr));
	sctp_addto_chunk(abort, paylen, payload);
	sctp_addto_chunk(abort, sizeof(phdr), &phdr);
	return abort;
}

struct sctp_chunk *sctp_make_violation_paramlen(struct sctp_association *asoc,
						const struct sctp_chunk *chunk,
						const struct sctp_paramhdr *param)
{
	static const char error[] = "The following parameter had invalid length:";
	struct sctp_chunk *abort;

	abort = sctp_make_abort(asoc, chunk, sizeof(struct sctp_errhdr) + sizeof(error) +
				sizeof(*param));
	if (!abort)
		return NULL;
	sctp_init_cause(abort, SCTP_ERROR_PROTO_VIOLATION, sizeof(error) + sizeof(*param));
	sctp_addto_chunk(abort, sizeof(error), error);
	sctp_addto_chunk(abort, sizeof(*param), param);
	return abort;
}

struct sctp_chunk *sctp_make_op_error_space(struct sctp_association *asoc,
					    const struct sctp_chunk *chunk, size_t size)
{
	return sctp_make_control(asoc, SCTP_CID_ERROR, 0, sizeof(struct sctp_errhdr) + size);
}

struct sctp_chunk *sctp_make_op_error(struct sctp_association *asoc,
				      const struct sctp_chunk *chunk, u16 cause,
				      const void *payload, size_t paylen, size_t reserve_tail)
{
	struct sctp_chunk *error = sctp_make_op_error_space(asoc, chunk, paylen + reserve_tail);

	if (!error)
		return NULL;
	sctp_init_cause(error, cause, paylen + reserve_tail);
	if (paylen)
		skb_put_data(error->skb, payload, (unsigned int)paylen);
	if (reserve_tail)
		skb_put_zero(error->skb, (unsigned int)reserve_tail);
	error->chunk_hdr->length = htons((u16)error->skb->len);
	error->chunk_end = skb_tail_pointer(error->skb);
	return error;
}

/* Is there a cause at @err, whole? */
bool sctp_error_fits(const struct sctp_errhdr *err, const struct sctp_chunkhdr *ch)
{
	const u8 *end = (const u8 *)ch + ntohs(ch->length);

	if ((const u8 *)(err + 1) > end)
		return false;
	if (malformed(ntohs(err->length) < sizeof(*err)))
		return false;
	if (malformed((const u8 *)err + ntohs(err->length) > end))
		return false;
	return true;
}

const struct sctp_errhdr *sctp_error_next(const struct sctp_errhdr *err)
{
	return (const struct sctp_errhdr *)((const u8 *)err + SCTP_PAD4(ntohs(err->length)));
}

/* ---- Chunks of fixed form ---- */

struct sctp_chunk *sctp_make_sack(struct sctp_association *asoc)
{
	struct sctp_tsnmap *map = &asoc->peer.tsn_map;
	struct sctp_gap_ack_block gabs[SCTP_MAX_GABS];
	unsigned int num_gabs = sctp_tsnmap_num_gabs(map, gabs);
	struct sctp_chunk *chunk;
	struct sctp_sackhdr sack;

	sack.cum_tsn_ack = htonl(map->cumulative_tsn_ack_point);
	sack.a_rwnd = htonl(asoc->rwnd);
	sack.num_gap_ack_blocks = htons((u16)num_gabs);
	sack.num_dup_tsns = htons(map->num_dup_tsns);
	chunk = sctp_make_control(asoc, SCTP_CID_SACK, 0, sizeof(sack) +
				  num_gabs * sizeof(gabs[0]) + map->num_dup_tsns * 4U);
	if (!chunk)
		return NULL;
	sctp_addto_chunk(chunk, sizeof(sack), &sack);
	if (num_gabs)
		sctp_addto_chunk(chunk, num_gabs * sizeof(gabs[0]), gabs);
	if (map->num_dup_tsns)
		sctp_addto_chunk(chunk, map->num_dup_tsns * 4U, map->dup_tsns);
	map->num_dup_tsns = 0;
	return chunk;
}

/* SHUTDOWN, ECNE or CWR: one TSN. */
struct sctp_chunk *sctp_make_tsn_chunk(struct sctp_association *asoc, u8 type, u32 tsn)
{
	struct sctp_chunk *chunk = sctp_make_control(asoc, type, 0, sizeof(__be32));
	__be32 be = htonl(tsn);

	if (chunk)
		sctp_addto_chunk(chunk, sizeof(be), &be);
	return chunk;
}

struct sctp_chunk *sctp_make_shutdown(struct sctp_association *asoc)
{
	return sctp_make_tsn_chunk(asoc, SCTP_CID_SHUTDOWN,
				   asoc->peer.tsn_map.cumulative_tsn_ack_point);
}

struct sctp_chunk *sctp_make_heartbeat(struct sctp_association *asoc,
				       struct sctp_transport *transport)
{
	struct sctp_sender_hb_info hbinfo = {
		.param_hdr.type = htons(SCTP_PARAM_HEARTBEAT_INFO),
		.param_hdr.length = htons(sizeof(hbinfo)),
		.daddr = transport->ipaddr,
		.sent_at = jiffies,
		.hb_nonce = transport->hb_nonce,
	};
	struct sctp_chunk *chunk;

	chunk = sctp_make_control(asoc, SCTP_CID_HEARTBEAT, 0, sizeof(hbinfo));
	if (chunk)
		sctp_addto_chunk(chunk, sizeof(hbinfo), &hbinfo);
	return chunk;
}
