// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: the state cookie, which an association is made of when it comes back.
 *
 * Modelled on: Linux 6.1 net/sctp/sm_make_chunk.c (sctp_pack_cookie, sctp_unpack_cookie),
 *	net/sctp/bind_addr.c (sctp_raw_to_bind_addrs), net/sctp/associola.c
 *	(sctp_assoc_set_bind_addr_from_cookie)
 * Spec: RFC 9260 5.1.3 to 5.1.5
 * Differs: the secret is a constant; in crypto-ignored mode every signature is right, and
 *	so what a cookie says about its own parts is verified too; of the addresses in a
 *	cookie the first one becomes ours.
 */
#include <linux/ktime.h>
#include <linux/slab.h>
#include <net/sctp.h>
#include <redzone/crypto.h>

#include "rx.h"

enum {
	/* what stands before the signed part, in a parameter and in a chunk */
	COOKIE_HEADER = sizeof(struct sctp_chunkhdr) + sizeof(struct sctp_signed_cookie) -
			sizeof(struct sctp_cookie),
	COOKIE_FIXED = COOKIE_HEADER + sizeof(struct sctp_cookie),
};

static const u8 secret_key[] = "redzone: the secret of cookies.";

static void sctp_sign_cookie(const struct sctp_cookie *c, size_t bodysize, u8 *signature)
{
	memset(signature, 0, SCTP_SIGNATURE_SIZE);
	redzone_hmac("hmac(sha1)", secret_key, sizeof(secret_key), c, (unsigned int)bodysize,
		     signature);
}

/**
 * sctp_pack_cookie - the state cookie parameter of an INIT ACK
 * @init_chunk: the INIT that is answered
 *
 * Return: the parameter, the caller's, or NULL.
 */
u8 *sctp_pack_cookie(struct sctp_association *asoc, const struct sctp_chunk *init_chunk,
		     size_t *cookie_len)
{
	size_t init_len = sctp_chunk_len(init_chunk);
	size_t bodysize = ALIGN(sizeof(struct sctp_cookie) + init_len, SCTP_COOKIE_MULTIPLE);
	struct sctp_signed_cookie *cookie;
	struct sctp_paramhdr *param;

	*cookie_len = COOKIE_HEADER + bodysize;
	param = kzalloc(*cookie_len, GFP_ATOMIC);
	if (!param)
		return NULL;
	cookie = (struct sctp_signed_cookie *)(param + 1);
	param->type = htons(SCTP_PARAM_STATE_COOKIE);
	param->length = htons((u16)*cookie_len);
	cookie->c = asoc->c;
	cookie->c.raw_addr_list_len = 0;
	cookie->c.prsctp_capable = asoc->peer.prsctp_capable;
	cookie->c.adaptation_ind = asoc->peer.adaptation_ind;
	cookie->c.expiration = ktime_to_ms(ktime_get_real()) + asoc->cookie_life;
	memcpy(sctp_cookie_init(cookie), init_chunk->chunk_hdr, init_len);
	if (asoc->ep->hmac)
		sctp_sign_cookie(&cookie->c, bodysize, cookie->signature);
	return (u8 *)param;
}

static bool sctp_cookie_lengths_valid(struct sctp_chunk *chunk)
{
	size_t len = sctp_chunk_len(chunk), chlen;
	const struct sctp_signed_cookie *cookie = chunk->subh.cookie_hdr;
	const struct sctp_chunkhdr *ch;

	if (malformed(len < COOKIE_FIXED + sizeof(struct sctp_chunkhdr)))
		return false;
	if (malformed((len - COOKIE_HEADER) % SCTP_COOKIE_MULTIPLE))
		return false;
	ch = &sctp_cookie_init(chunk->subh.cookie_hdr)->chunk_hdr;
	if (malformed(ch->type != SCTP_CID_INIT))
		return false;
	chlen = ntohs(ch->length);
	if (malformed(chlen < sizeof(struct sctp_init_chunk)))
		return false;
	if (malformed_in(CVE_2026_53246, chlen > len - COOKIE_FIXED))
		return false;
	if (malformed(cookie->c.raw_addr_list_len > len - COOKIE_FIXED - chlen))
		return false;
	return true;
}

/* Parameters of ours that it holds: a signature may not be asked for. */
static bool sctp_cookie_params_valid(const struct sctp_cookie *c)
{
	if (malformed(get_unaligned_be16(c->auth_random + 2) != sizeof(c->auth_random)))
		return false;
	if (malformed(get_unaligned_be16(c->auth_hmacs + 2) > sizeof(c->auth_hmacs)))
		return false;
	if (malformed(get_unaligned_be16(c->auth_hmacs + 2) < sizeof(struct sctp_paramhdr)))
		return false;
	if (malformed(get_unaligned_be16(c->auth_chunks + 2) > sizeof(c->auth_chunks)))
		return false;
	if (malformed(get_unaligned_be16(c->auth_chunks + 2) < sizeof(struct sctp_paramhdr)))
		return false;
	return true;
}

/* Was it made by us, for this peer? */
static enum sctp_ierror sctp_cookie_authentic(const struct sctp_endpoint *ep,
					      const struct sctp_chunk *chunk)
{
	const struct sctp_signed_cookie *cookie = chunk->subh.cookie_hdr;
	u8 digest[SCTP_SIGNATURE_SIZE];

	if (ep->hmac) {
		sctp_sign_cookie(&cookie->c, sctp_chunk_len(chunk) - COOKIE_HEADER, digest);
		if (malformed(crypto_memneq(digest, cookie->signature, SCTP_SIGNATURE_SIZE)))
			return SCTP_IERROR_BAD_SIG;
	}
	if (malformed(ntohl(chunk->sctp_hdr->vtag) != cookie->c.my_vtag))
		return SCTP_IERROR_BAD_TAG;
	if (malformed(chunk->sctp_hdr->source != cookie->c.peer_addr.v4.sin_port))
		return SCTP_IERROR_BAD_PORTS;
	if (malformed(ntohs(chunk->sctp_hdr->dest) != cookie->c.my_port))
		return SCTP_IERROR_BAD_PORTS;
	return SCTP_IERROR_NO_ERROR;
}

/* Is it too old? One of an association that is there already never is. */
static bool sctp_cookie_stale(struct sctp_association *asoc, struct sctp_chunk *chunk,
			      struct sctp_chunk **errp)
{
	const struct sctp_cookie *c = &chunk->subh.cookie_hdr->c;
	s64 now = ktime_to_ms(ktime_get_real());
	__be32 usecs;

	if (asoc && asoc->c.my_vtag == c->my_vtag && asoc->c.peer_vtag == c->peer_vtag)
		return false;
	if (!malformed(c->expiration < now))
		return false;
	usecs = htonl((u32)((u64)now - (u64)c->expiration) * 1000);
	*errp = sctp_make_op_error(asoc, chunk, SCTP_ERROR_STALE_COOKIE, &usecs, sizeof(usecs), 0);
	return true;
}

/* Our addresses, behind the INIT. */
static bool sctp_raw_to_bind_addrs(struct sctp_association *asoc, const u8 *raw, u32 addrs_len)
{
	const struct sctp_paramhdr *param;
	union sctp_addr addr;
	u32 len;

	while (addrs_len) {
		param = (const struct sctp_paramhdr *)raw;
		if (malformed(addrs_len < sizeof(*param)))
			return false;
		len = ntohs(param->length);
		if (malformed(len > addrs_len))
			return false;
		if (malformed(!sctp_from_addr_param(&addr, (const union sctp_addr_param *)raw,
						    htons(asoc->c.my_port))))
			return false;
		if (!asoc->local.v4.sin_family)
			asoc->local = addr;
		addrs_len -= len;
		raw += len;
	}
	return true;
}

static bool sctp_assoc_from_cookie(struct sctp_association *asoc, struct sctp_chunk *chunk)
{
	struct sctp_signed_cookie *cookie = chunk->subh.cookie_hdr;
	const struct sctp_init_chunk *init = sctp_cookie_init(cookie);

	asoc->peer.port = ntohs(chunk->sctp_hdr->source);
	asoc->c = cookie->c;
	if (!sctp_raw_to_bind_addrs(asoc, (const u8 *)init + ntohs(init->chunk_hdr.length),
				    asoc->c.raw_addr_list_len))
		return false;
	if (!asoc->local.v4.sin_family)
		asoc->local = chunk->dest;
	asoc->next_tsn = asoc->c.initial_tsn;
	asoc->ctsn_ack_point = asoc->next_tsn - 1;
	asoc->highest_sacked = asoc->ctsn_ack_point;
	asoc->addip_serial = asoc->c.initial_tsn;
	asoc->strreset_outseq = asoc->c.initial_tsn;
	asoc->adv_peer_ack_point = asoc->ctsn_ack_point;
	asoc->peer.prsctp_capable = asoc->c.prsctp_capable;
	asoc->peer.adaptation_ind = asoc->c.adaptation_ind;
	return true;
}

/**
 * sctp_unpack_cookie - the association that a cookie was packed from
 * @asoc: the one that is there already, or NULL
 * @chunk: COOKIE ECHO, its cookie pulled
 * @errp: set with SCTP_IERROR_STALE_COOKIE; the caller's
 */
struct sctp_association *sctp_unpack_cookie(struct sctp_endpoint *ep,
					    struct sctp_association *asoc,
					    struct sctp_chunk *chunk, enum sctp_ierror *error,
					    struct sctp_chunk **errp)
{
	struct sctp_association *new;

	*error = SCTP_IERROR_MALFORMED;
	if (!sctp_cookie_lengths_valid(chunk))
		return NULL;
	if (!sctp_cookie_params_valid(&chunk->subh.cookie_hdr->c))
		return NULL;
	*error = sctp_cookie_authentic(ep, chunk);
	if (*error != SCTP_IERROR_NO_ERROR)
		return NULL;
	*error = SCTP_IERROR_STALE_COOKIE;
	if (sctp_cookie_stale(asoc, chunk, errp))
		return NULL;

	*error = SCTP_IERROR_NOMEM;
	new = sctp_association_new(ep);
	if (!new)
		return NULL;
	if (!sctp_assoc_from_cookie(new, chunk)) {
		sctp_association_free(new);
		return NULL;
	}
	return new;
}
