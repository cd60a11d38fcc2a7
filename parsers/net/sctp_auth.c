// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: chunks that are authenticated, keys, the AUTH chunk.
 *
 * Modelled on: Linux 6.1 net/sctp/auth.c (sctp_auth_make_key_vector,
 *	sctp_auth_compare_vectors, sctp_auth_asoc_set_secret, sctp_auth_asoc_create_secret,
 *	sctp_auth_asoc_init_active_key, sctp_auth_asoc_copy_shkeys,
 *	sctp_auth_asoc_set_default_hmac, sctp_auth_asoc_get_hmac,
 *	sctp_auth_asoc_verify_hmac_id, sctp_auth_calculate_hmac, __sctp_auth_cid),
 *	net/sctp/sm_statefuns.c (sctp_sf_authenticate, sctp_sf_eat_auth,
 *	sctp_auth_chunk_verify), net/sctp/sm_make_chunk.c (sctp_make_auth)
 * Spec: RFC 4895
 * Differs: an endpoint has the keys 0 (empty), 1 and 2 (which was given up); a key has one
 *	owner; digests are computed in one call.
 */
#include <linux/slab.h>
#include <net/sctp.h>
#include <redzone/crypto.h>

#include "rx.h"

enum { SHA1_SIG_SIZE = 20, SHA256_SIG_SIZE = 32 };

struct sctp_hmac {
	const char *hmac_name;
	u16 hmac_id;
	u16 hmac_len;
};

static const struct sctp_hmac sctp_hmac_list[SCTP_AUTH_NUM_HMACS] = {
	{ NULL, 0, 0 },
	{ "hmac(sha1)", SCTP_AUTH_HMAC_ID_SHA1, SHA1_SIG_SIZE },
	{ NULL, 2, 0 },
	{ "hmac(sha256)", SCTP_AUTH_HMAC_ID_SHA256, SHA256_SIG_SIZE },
};

/* ---- Keys ---- */

static struct sctp_auth_bytes *sctp_auth_create_key(u32 key_len)
{
	struct sctp_auth_bytes *key = kmalloc(sizeof(*key) + key_len, GFP_ATOMIC);

	if (key)
		key->len = key_len;
	return key;
}

static int sctp_auth_add_key(struct list_head *keys, u16 key_id, const void *data, u32 len,
			     bool deactivated)
{
	struct sctp_shared_key *new = kzalloc(sizeof(*new), GFP_ATOMIC);

	if (!new)
		return -ENOMEM;
	new->key_id = key_id;
	new->deactivated = deactivated;
	if (len) {
		new->key = sctp_auth_create_key(len);
		if (!new->key) {
			kfree(new);
			return -ENOMEM;
		}
		memcpy(new->key->data, data, len);
	}
	list_add(&new->key_list, keys);
	return 0;
}

int sctp_auth_init_keys(struct sctp_endpoint *ep)
{
	static const u8 key[] = "redzone";

	if (sctp_auth_add_key(&ep->endpoint_shared_keys, 0, NULL, 0, false) ||
	    sctp_auth_add_key(&ep->endpoint_shared_keys, 1, key, sizeof(key) - 1, false) ||
	    sctp_auth_add_key(&ep->endpoint_shared_keys, 2, key, 1, true))
		return -ENOMEM;
	return 0;
}

void sctp_auth_destroy_keys(struct list_head *keys)
{
	struct sctp_shared_key *key, *tmp;

	list_for_each_entry_safe(key, tmp, keys, key_list) {
		list_del_init(&key->key_list);
		kfree_sensitive(key->key);
		kfree(key);
	}
}

int sctp_auth_asoc_copy_shkeys(const struct sctp_endpoint *ep, struct sctp_association *asoc)
{
	const struct sctp_shared_key *key;

	list_for_each_entry(key, &ep->endpoint_shared_keys, key_list) {
		if (sctp_auth_add_key(&asoc->endpoint_shared_keys, key->key_id,
				      key->key ? key->key->data : NULL,
				      key->key ? key->key->len : 0, key->deactivated))
			return -ENOMEM;
	}
	return 0;
}

static const struct sctp_shared_key *sctp_auth_get_shkey(const struct sctp_association *asoc,
							 u16 key_id)
{
	const struct sctp_shared_key *key;

	list_for_each_entry(key, &asoc->endpoint_shared_keys, key_list) {
		if (key->key_id == key_id)
			return malformed(key->deactivated) ? NULL : key;
	}
	return NULL;
}

/* ---- What a secret is made of (RFC 4895 6.1) ---- */

/* Parameters as they were sent, one behind the other; @chunks may be NULL. */
static struct sctp_auth_bytes *sctp_auth_make_key_vector(const u8 *random, const u8 *chunks,
							 const u8 *hmacs)
{
	u32 random_len = get_unaligned_be16(random + 2);
	u32 hmacs_len = get_unaligned_be16(hmacs + 2);
	u32 chunks_len = chunks ? get_unaligned_be16(chunks + 2) : 0;
	struct sctp_auth_bytes *new = sctp_auth_create_key(random_len + hmacs_len + chunks_len);
	u32 offset;

	if (!new)
		return NULL;
	memcpy(new->data, random, random_len);
	offset = random_len;
	if (chunks) {
		memcpy(new->data + offset, chunks, chunks_len);
		offset += chunks_len;
	}
	memcpy(new->data + offset, hmacs, hmacs_len);
	return new;
}

/* The smaller one, as a number, goes first. */
static int sctp_auth_compare_vectors(const struct sctp_auth_bytes *vector1,
				     const struct sctp_auth_bytes *vector2)
{
	int i, diff = (int)vector1->len - (int)vector2->len;
	const u8 *longer = diff > 0 ? vector1->data : vector2->data;

	for (i = 0; i < abs(diff); i++) {
		if (longer[i])
			return diff;
	}
	return memcmp(vector1->data, vector2->data, min(vector1->len, vector2->len));
}

static struct sctp_auth_bytes *sctp_auth_asoc_set_secret(const struct sctp_shared_key *ep_key,
							 const struct sctp_auth_bytes *first,
							 const struct sctp_auth_bytes *last)
{
	u32 offset = ep_key->key ? ep_key->key->len : 0;
	struct sctp_auth_bytes *secret;

	secret = sctp_auth_create_key(offset + first->len + last->len);
	if (!secret)
		return NULL;
	if (ep_key->key)
		memcpy(secret->data, ep_key->key->data, offset);
	memcpy(secret->data + offset, first->data, first->len);
	memcpy(secret->data + offset + first->len, last->data, last->len);
	return secret;
}

static struct sctp_auth_bytes *
sctp_auth_asoc_create_secret(const struct sctp_association *asoc,
			     const struct sctp_shared_key *ep_key)
{
	struct sctp_auth_bytes *local, *peer, *secret = NULL;

	local = sctp_auth_make_key_vector(asoc->c.auth_random, asoc->c.auth_chunks,
					  asoc->c.auth_hmacs);
	peer = sctp_auth_make_key_vector(asoc->peer.peer_random, asoc->peer.peer_chunks,
					 asoc->peer.peer_hmacs);
	if (local && peer) {
		if (sctp_auth_compare_vectors(local, peer) < 0)
			secret = sctp_auth_asoc_set_secret(ep_key, local, peer);
		else
			secret = sctp_auth_asoc_set_secret(ep_key, peer, local);
	}
	kfree_sensitive(local);
	kfree_sensitive(peer);
	return secret;
}

int sctp_auth_asoc_init_active_key(struct sctp_association *asoc)
{
	const struct sctp_shared_key *ep_key;
	struct sctp_auth_bytes *secret;

	if (!asoc->peer.auth_capable)
		return 0;
	ep_key = sctp_auth_get_shkey(asoc, asoc->active_key_id);
	BUG_ON(!ep_key);
	secret = sctp_auth_asoc_create_secret(asoc, ep_key);
	if (!secret)
		return -ENOMEM;
	kfree_sensitive(asoc->asoc_shared_key);
	asoc->asoc_shared_key = secret;
	return 0;
}

/* ---- Which algorithm, which chunks ---- */

/* The first one of the peer's that we have. */
void sctp_auth_asoc_set_default_hmac(struct sctp_association *asoc, const u8 *hmacs)
{
	u16 i, id, n = (u16)((get_unaligned_be16(hmacs + 2) - sizeof(struct sctp_paramhdr)) >> 1);

	if (asoc->default_hmac_id)
		return;
	for (i = 0; i < n; i++) {
		id = get_unaligned_be16(hmacs + 4 + 2 * i);
		if (malformed(id > SCTP_AUTH_HMAC_ID_MAX))
			continue;
		if (sctp_hmac_list[id].hmac_name) {
			asoc->default_hmac_id = id;
			break;
		}
	}
}

/* Is @hmac_id one that we have offered? */
static bool sctp_auth_asoc_verify_hmac_id(const struct sctp_association *asoc, u16 hmac_id)
{
	const u8 *hmacs = asoc->c.auth_hmacs;
	u16 i, n = (u16)((get_unaligned_be16(hmacs + 2) - sizeof(struct sctp_paramhdr)) >> 1);

	for (i = 0; i < n; i++) {
		if (get_unaligned_be16(hmacs + 4 + 2 * i) == hmac_id)
			return true;
	}
	return false;
}

/* Is @chunk in the list of a Chunk List parameter? Four never are (RFC 4895 3.2). */
static bool __sctp_auth_cid(u8 chunk, const u8 *param)
{
	u16 i, len;

	if (!param || !get_unaligned_be16(param + 2))
		return false;
	if (chunk == SCTP_CID_INIT || chunk == SCTP_CID_INIT_ACK ||
	    chunk == SCTP_CID_SHUTDOWN_COMPLETE || chunk == SCTP_CID_AUTH)
		return false;
	len = (u16)(get_unaligned_be16(param + 2) - sizeof(struct sctp_paramhdr));
	for (i = 0; i < len; i++) {
		if (param[4 + i] == chunk)
			return true;
	}
	return false;
}

bool sctp_auth_send_cid(u8 chunk, const struct sctp_association *asoc)
{
	return asoc && asoc->peer.auth_capable && __sctp_auth_cid(chunk, asoc->peer.peer_chunks);
}

bool sctp_auth_recv_cid(u8 chunk, const struct sctp_association *asoc)
{
	return asoc && asoc->peer.auth_capable && __sctp_auth_cid(chunk, asoc->c.auth_chunks);
}

/* ---- Digests ---- */

/* From the AUTH chunk at @auth to the end of the packet. */
static void sctp_auth_calculate_hmac(const struct sctp_association *asoc, struct sk_buff *skb,
				     const struct sctp_chunkhdr *auth,
				     const struct sctp_shared_key *ep_key, u8 *digest)
{
	const struct sctp_authhdr *hdr = (const struct sctp_authhdr *)(auth + 1);
	struct sctp_auth_bytes *asoc_key = asoc->asoc_shared_key, *own = NULL;

	if (ntohs(hdr->shkey_id) != asoc->active_key_id) {
		own = sctp_auth_asoc_create_secret(asoc, ep_key);
		if (!own)
			return;
		asoc_key = own;
	}
	redzone_hmac(sctp_hmac_list[ntohs(hdr->hmac_id)].hmac_name, asoc_key->data, asoc_key->len,
		     auth, (unsigned int)(skb_tail_pointer(skb) - (const u8 *)auth), digest);
	kfree_sensitive(own);
}

static enum sctp_ierror sctp_auth_compare(struct sctp_association *asoc,
					  struct sctp_chunk *chunk,
					  const struct sctp_shared_key *sh_key, u8 *digest,
					  unsigned int sig_len)
{
	u8 *save_digest = kmemdup(digest, sig_len, GFP_ATOMIC);
	bool wrong;

	if (!save_digest)
		return SCTP_IERROR_NOMEM;
	memset(digest, 0, sig_len);
	sctp_auth_calculate_hmac(asoc, chunk->skb, chunk->chunk_hdr, sh_key, digest);
	wrong = crypto_memneq(save_digest, digest, sig_len);
	kfree(save_digest);
	if (malformed(wrong))
		return SCTP_IERROR_BAD_SIG;
	chunk->auth = true;
	return SCTP_IERROR_NO_ERROR;
}

/**
 * sctp_sf_authenticate - judge an AUTH chunk
 * @chunk: its skb begins behind the chunk header; sets chunk->auth
 */
enum sctp_ierror sctp_sf_authenticate(struct sctp_association *asoc, struct sctp_chunk *chunk)
{
	const struct sctp_authhdr *auth_hdr = (const struct sctp_authhdr *)chunk->skb->data;
	const struct sctp_shared_key *sh_key = NULL;
	const struct sctp_hmac *hmac;
	unsigned int sig_len;
	u16 key_id;
	u8 *digest;

	rx_u64(chunk->skb, "sctp.shared_key_id", ntohs(auth_hdr->shkey_id));
	rx_u64(chunk->skb, "sctp.hmac_id", ntohs(auth_hdr->hmac_id));
	skb_pull(chunk->skb, sizeof(*auth_hdr));
	if (malformed(!sctp_auth_asoc_verify_hmac_id(asoc, ntohs(auth_hdr->hmac_id))))
		return SCTP_IERROR_AUTH_BAD_HMAC;
	key_id = ntohs(auth_hdr->shkey_id);
	if (key_id != asoc->active_key_id) {
		sh_key = sctp_auth_get_shkey(asoc, key_id);
		if (malformed(!sh_key))
			return SCTP_IERROR_AUTH_BAD_KEYID;
	}
	sig_len = (unsigned int)(sctp_chunk_len(chunk) - sizeof(struct sctp_chunkhdr) -
				 sizeof(*auth_hdr));
	hmac = &sctp_hmac_list[ntohs(auth_hdr->hmac_id)];
	if (malformed(sig_len != hmac->hmac_len))
		return SCTP_IERROR_PROTO_VIOLATION;
	digest = chunk->skb->data;
	skb_pull(chunk->skb, sig_len);
	rx_bytes(chunk->skb, "sctp.hmac", digest, sig_len);
	return sctp_auth_compare(asoc, chunk, sh_key, digest, sig_len);
}

/* AUTH that came before a COOKIE ECHO, under the keys that this has made. */
bool sctp_auth_chunk_verify(struct sctp_chunk *chunk, struct sctp_association *asoc)
{
	struct sctp_chunk auth = { .asoc = asoc };

	if (!chunk->auth_chunk)
		return !malformed(sctp_auth_recv_cid(chunk->chunk_hdr->type, asoc));
	if (malformed_in(CVE_2014_0101, !asoc->peer.auth_capable))
		return false;
	auth.skb = chunk->auth_chunk;
	auth.sctp_hdr = chunk->sctp_hdr;
	auth.chunk_hdr = skb_push(chunk->auth_chunk, sizeof(*auth.chunk_hdr));
	skb_pull(chunk->auth_chunk, sizeof(*auth.chunk_hdr));
	if (malformed(sctp_chunk_len(&auth) <
		      sizeof(struct sctp_chunkhdr) + sizeof(struct sctp_authhdr)))
		return false;
	return sctp_sf_authenticate(asoc, &auth) == SCTP_IERROR_NO_ERROR;
}

enum sctp_disposition sctp_sf_eat_auth(struct sctp_endpoint *ep, struct sctp_association *asoc,
				       struct sctp_chunk *chunk)
{
	struct sctp_chunk *err_chunk;
	__be16 hmac_id;

	if (malformed(!asoc->peer.auth_capable))
		return sctp_sf_unk_chunk(ep, asoc, chunk);
	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_chunkhdr) +
					       sizeof(struct sctp_authhdr))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	hmac_id = ((const struct sctp_authhdr *)chunk->skb->data)->hmac_id;
	switch (sctp_sf_authenticate(asoc, chunk)) {
	case SCTP_IERROR_AUTH_BAD_HMAC:
		err_chunk = sctp_make_op_error(asoc, chunk, SCTP_ERROR_UNSUP_HMAC, &hmac_id,
					       sizeof(hmac_id), 0);
		if (err_chunk)
			sctp_send_reply(asoc, err_chunk);
		return sctp_sf_pdiscard(ep, asoc, chunk);
	case SCTP_IERROR_AUTH_BAD_KEYID:
	case SCTP_IERROR_BAD_SIG:
		return sctp_sf_pdiscard(ep, asoc, chunk);
	case SCTP_IERROR_PROTO_VIOLATION:
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	case SCTP_IERROR_NOMEM:
		return SCTP_DISPOSITION_NOMEM;
	default:
		return SCTP_DISPOSITION_CONSUME;
	}
}

/* AUTH in front of what we send, its digest not yet there. */
struct sctp_chunk *sctp_make_auth(struct sctp_association *asoc)
{
	struct sctp_authhdr auth_hdr;
	const struct sctp_hmac *hmac;
	struct sctp_chunk *chunk;

	if (!asoc->default_hmac_id)
		return NULL;
	hmac = &sctp_hmac_list[asoc->default_hmac_id];
	chunk = sctp_make_control(asoc, SCTP_CID_AUTH, 0, sizeof(auth_hdr) + hmac->hmac_len);
	if (!chunk)
		return NULL;
	auth_hdr.shkey_id = htons(asoc->active_key_id);
	auth_hdr.hmac_id = htons(hmac->hmac_id);
	sctp_addto_chunk(chunk, sizeof(auth_hdr), &auth_hdr);
	sctp_addto_chunk(chunk, hmac->hmac_len, NULL);
	return chunk;
}
