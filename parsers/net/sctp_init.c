// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: what an INIT or INIT ACK makes of an association, and ours.
 *
 * Modelled on: Linux 6.1 net/sctp/sm_make_chunk.c (sctp_process_init, sctp_process_param,
 *	sctp_process_ext_param, sctp_make_init, sctp_make_init_ack)
 * Spec: RFC 9260 3.3.2, 3.3.3 and 5.1, RFC 3758 3.1, RFC 4895 3, RFC 5061 4.2, RFC 8260 2
 * Differs: addresses have no scope; we have one address, and so never list ours. Upstream
 *	trusts two lengths that it has not verified behind a parameter that ends the list.
 */
#include <linux/slab.h>
#include <net/sctp.h>

#include "rx.h"

/* ---- Theirs ---- */

static void sctp_process_ext_param(struct sctp_association *asoc,
				   const struct sctp_paramhdr *param)
{
	u16 i, num_ext = (u16)(ntohs(param->length) - sizeof(*param));
	const u8 *chunks = (const u8 *)(param + 1);
	const struct sctp_endpoint *ep = asoc->ep;

	for (i = 0; i < num_ext; i++) {
		switch (chunks[i]) {
		case SCTP_CID_RECONF:
			asoc->peer.reconf_capable |= ep->reconf_enable;
			break;
		case SCTP_CID_FWD_TSN:
			asoc->peer.prsctp_capable |= ep->prsctp_enable;
			break;
		case SCTP_CID_AUTH:
			asoc->peer.auth_capable |= ep->auth_enable;
			break;
		case SCTP_CID_ASCONF:
		case SCTP_CID_ASCONF_ACK:
			asoc->peer.asconf_capable |= ep->asconf_enable;
			break;
		case SCTP_CID_I_DATA:
			asoc->peer.intl_capable |= ep->intl_enable;
			break;
		}
	}
}

static bool sctp_process_addr_param(struct sctp_association *asoc,
				    const struct sctp_paramhdr *param)
{
	union sctp_addr addr;

	if (!sctp_from_addr_param(&addr, (const union sctp_addr_param *)param,
				  htons(asoc->peer.port)))
		return true;
	return sctp_assoc_add_peer(asoc, &addr, false);
}

static void sctp_process_supported_addrs(struct sctp_association *asoc,
					 const struct sctp_paramhdr *param,
					 const union sctp_addr *peer_addr)
{
	u16 i, sat = (u16)((ntohs(param->length) - sizeof(*param)) / sizeof(__u16));
	const u8 *types = (const u8 *)(param + 1);

	asoc->peer.ipv6_address = peer_addr->v4.sin_family == AF_INET6;
	asoc->peer.ipv4_address = peer_addr->v4.sin_family == AF_INET;
	for (i = 0; i < sat; i++) {
		switch (get_unaligned_be16(types + 2 * i)) {
		case SCTP_PARAM_IPV4_ADDRESS:
			asoc->peer.ipv4_address = true;
			break;
		case SCTP_PARAM_IPV6_ADDRESS:
			asoc->peer.ipv6_address = true;
			break;
		case SCTP_PARAM_HOST_NAME_ADDRESS:
			asoc->peer.hostname_address = true;
			break;
		}
	}
}

/* A copy of @len bytes in place of what was kept before. */
static bool sctp_keep_bytes(u8 **where, const void *from, u16 len)
{
	kfree(*where);
	*where = kmalloc(len, GFP_ATOMIC);
	if (*where)
		memcpy(*where, from, len);
	return *where;
}

static void sctp_process_set_primary(struct sctp_association *asoc,
				     const struct sctp_paramhdr *param)
{
	const union sctp_addr_param *addr_param;
	struct sctp_transport *t;
	union sctp_addr addr;

	/* as for the adaptation layer below */
	triggered(REDZONE_BE3603B107A6, ntohs(param->length) <
		  sizeof(struct sctp_addip_param) + sizeof(addr_param->p));
	if (malformed_in(REDZONE_BE3603B107A6, ntohs(param->length) <
			 sizeof(struct sctp_addip_param) + sizeof(addr_param->p)))
		return;
	addr_param = (const union sctp_addr_param *)((const u8 *)param +
						     sizeof(struct sctp_addip_param));
	if (malformed(ntohs(addr_param->p.length) >
		      ntohs(param->length) - sizeof(struct sctp_addip_param)))
		return;
	if (malformed(!sctp_from_addr_param(&addr, addr_param, htons(asoc->peer.port))))
		return;
	if (malformed(!sctp_addr_valid(&addr)))
		return;
	t = sctp_assoc_lookup_paddr(asoc, &addr);
	if (malformed(!t))
		return;
	sctp_assoc_set_primary(asoc, t);
}

static bool sctp_process_auth_param(struct sctp_association *asoc,
				    const struct sctp_paramhdr *param)
{
	u16 length = ntohs(param->length);

	if (!asoc->ep->auth_enable)
		return true;
	switch (ntohs(param->type)) {
	case SCTP_PARAM_RANDOM:
		return sctp_keep_bytes(&asoc->peer.peer_random, param, length);
	case SCTP_PARAM_CHUNKS:
		return sctp_keep_bytes(&asoc->peer.peer_chunks, param, length);
	}
	if (!sctp_keep_bytes(&asoc->peer.peer_hmacs, param, length))
		return false;
	sctp_auth_asoc_set_default_hmac(asoc, asoc->peer.peer_hmacs);
	return true;
}

static bool sctp_process_param(struct sctp_association *asoc, const struct sctp_paramhdr *param,
			       const union sctp_addr *peer_addr)
{
	const struct sctp_cookie_preserve_param *life;
	const struct sctp_adaptation_ind_param *aind;

	switch (ntohs(param->type)) {
	case SCTP_PARAM_IPV4_ADDRESS:
	case SCTP_PARAM_IPV6_ADDRESS:
		return sctp_process_addr_param(asoc, param);
	case SCTP_PARAM_COOKIE_PRESERVATIVE:
		if (malformed(ntohs(param->length) < sizeof(*life)))
			break;
		life = (const struct sctp_cookie_preserve_param *)param;
		asoc->cookie_life += ntohl(life->lifespan_increment);
		break;
	case SCTP_PARAM_SUPPORTED_ADDRESS_TYPES:
		sctp_process_supported_addrs(asoc, param, peer_addr);
		break;
	case SCTP_PARAM_STATE_COOKIE:
		asoc->peer.cookie_len = (u16)(ntohs(param->length) - sizeof(*param));
		return sctp_keep_bytes(&asoc->peer.cookie, param + 1, asoc->peer.cookie_len);
	case SCTP_PARAM_ECN_CAPABLE:
		asoc->peer.ecn_capable |= asoc->ep->ecn_enable;
		break;
	case SCTP_PARAM_ADAPTATION_LAYER_IND:
		/* behind an unknown parameter that ends the list nothing was verified */
		aind = (const struct sctp_adaptation_ind_param *)param;
		triggered(REDZONE_BE3603B107A6, ntohs(param->length) < sizeof(*aind));
		if (malformed_in(REDZONE_BE3603B107A6, ntohs(param->length) < sizeof(*aind)))
			break;
		asoc->peer.adaptation_ind = ntohl(aind->adaptation_ind);
		break;
	case SCTP_PARAM_SET_PRIMARY:
		if (asoc->ep->asconf_enable)
			sctp_process_set_primary(asoc, param);
		break;
	case SCTP_PARAM_SUPPORTED_EXT:
		sctp_process_ext_param(asoc, param);
		break;
	case SCTP_PARAM_FWD_TSN_SUPPORT:
		asoc->peer.prsctp_capable |= asoc->ep->prsctp_enable;
		break;
	case SCTP_PARAM_RANDOM:
	case SCTP_PARAM_CHUNKS:
	case SCTP_PARAM_HMAC_ALGO:
		return sctp_process_auth_param(asoc, param);
	}
	return true;
}

/* Return: whether the chunk's own source is among the addresses. */
static bool sctp_process_params(struct sctp_association *asoc, struct sctp_chunk *chunk,
				const union sctp_addr *peer_addr,
				struct sctp_init_chunk *peer_init)
{
	const u8 *end = (const u8 *)peer_init + ntohs(peer_init->chunk_hdr.length);
	bool src_match = sctp_cmp_addr_exact(sctp_source(chunk), peer_addr);
	const struct sctp_paramhdr *p;
	union sctp_addr addr;

	for (p = (const struct sctp_paramhdr *)(peer_init + 1); sctp_param_fits(p, end);
	     p = sctp_param_next(p)) {
		if (!src_match && sctp_from_addr_param(&addr, (const union sctp_addr_param *)p,
						       chunk->sctp_hdr->source))
			src_match = sctp_cmp_addr_exact(sctp_source(chunk), &addr);
		if (!sctp_process_param(asoc, p, peer_addr))
			return false;
	}
	return !malformed(!src_match);
}

/* AUTH needs its parameters. */
static void sctp_auth_fits(struct sctp_peer *peer)
{
	if (malformed(!peer->peer_random))
		peer->auth_capable = false;
	if (malformed(!peer->peer_hmacs))
		peer->auth_capable = false;
}

/* What one extension asks of another. */
static bool sctp_extensions_fit(struct sctp_association *asoc)
{
	struct sctp_peer *peer = &asoc->peer;

	if (peer->auth_capable)
		sctp_auth_fits(peer);
	if (asoc->ep->addip_noauth || !peer->asconf_capable)
		return true;
	if (malformed(!peer->auth_capable)) {
		peer->asconf_capable = false;
		return false;
	}
	return true;
}

static void sctp_process_inithdr(struct sctp_association *asoc, const struct sctp_inithdr *init)
{
	struct sctp_peer *peer = &asoc->peer;

	peer->i.init_tag = ntohl(init->init_tag);
	peer->i.a_rwnd = ntohl(init->a_rwnd);
	peer->i.num_outbound_streams = ntohs(init->num_outbound_streams);
	peer->i.num_inbound_streams = ntohs(init->num_inbound_streams);
	peer->i.initial_tsn = ntohl(init->initial_tsn);
	asoc->strreset_inseq = peer->i.initial_tsn;
	asoc->c.sinit_num_ostreams = min(asoc->c.sinit_num_ostreams,
					 peer->i.num_inbound_streams);
	asoc->c.sinit_max_instreams = min(asoc->c.sinit_max_instreams,
					  peer->i.num_outbound_streams);
	asoc->c.peer_vtag = peer->i.init_tag;
	peer->rwnd = peer->i.a_rwnd;
	peer->addip_serial = peer->i.initial_tsn - 1;
}

/**
 * sctp_process_init - give @asoc what its peer says about itself
 * @peer_init: verified; in the chunk, or in a cookie
 *
 * Return: false if that cannot be; the association is to be freed.
 */
bool sctp_process_init(struct sctp_association *asoc, struct sctp_chunk *chunk,
		       const union sctp_addr *peer_addr, struct sctp_init_chunk *peer_init)
{
	asoc->peer.port = ntohs(chunk->sctp_hdr->source);
	if (!sctp_assoc_add_peer(asoc, peer_addr, true))
		return false;
	if (!sctp_process_params(asoc, chunk, peer_addr, peer_init))
		return false;
	if (!sctp_extensions_fit(asoc))
		return false;
	sctp_process_inithdr(asoc, &peer_init->init_hdr);
	if (sctp_tsnmap_init(&asoc->peer.tsn_map, SCTP_TSN_MAP_INITIAL,
			     asoc->peer.i.initial_tsn))
		return false;
	sctp_stream_interleave_init(asoc);
	return !sctp_stream_init(&asoc->stream, asoc->c.sinit_num_ostreams,
				 asoc->c.sinit_max_instreams);
}

/* ---- Ours ---- */

struct sctp_capabilities {
	bool ecn, prsctp, asconf, reconf, intl, auth;
};

static void sctp_add_empty_param(struct sctp_chunk *chunk, u16 type)
{
	struct sctp_paramhdr p = { htons(type), htons(sizeof(p)) };

	sctp_addto_chunk(chunk, sizeof(p), &p);
}

static void sctp_add_extensions(struct sctp_chunk *chunk, const struct sctp_capabilities *caps)
{
	struct {
		struct sctp_paramhdr p;
		u8 chunks[5];
	} __packed ext;
	u16 n = 0;

	if (caps->asconf) {
		ext.chunks[n++] = SCTP_CID_ASCONF;
		ext.chunks[n++] = SCTP_CID_ASCONF_ACK;
	}
	if (caps->reconf)
		ext.chunks[n++] = SCTP_CID_RECONF;
	if (caps->intl)
		ext.chunks[n++] = SCTP_CID_I_DATA;
	if (caps->auth)
		ext.chunks[n++] = SCTP_CID_AUTH;
	if (!n)
		return;
	ext.p.type = htons(SCTP_PARAM_SUPPORTED_EXT);
	ext.p.length = htons((u16)(sizeof(ext.p) + n));
	sctp_addto_chunk(chunk, sizeof(ext.p) + n, &ext);
}

static void sctp_add_auth_params(struct sctp_chunk *chunk, const struct sctp_cookie *c)
{
	sctp_addto_chunk(chunk, sizeof(c->auth_random), c->auth_random);
	sctp_addto_chunk(chunk, get_unaligned_be16(c->auth_hmacs + 2), c->auth_hmacs);
	sctp_addto_chunk(chunk, get_unaligned_be16(c->auth_chunks + 2), c->auth_chunks);
}

/* Room for all that sctp_add_capabilities() may add. */
enum { CAPABILITIES_MAX = 4 + 4 + 12 + 36 + 12 + 20 };

static void sctp_add_capabilities(struct sctp_chunk *chunk, const struct sctp_association *asoc,
				  const struct sctp_capabilities *caps)
{
	if (caps->ecn)
		sctp_add_empty_param(chunk, SCTP_PARAM_ECN_CAPABLE);
	sctp_add_extensions(chunk, caps);
	if (caps->prsctp)
		sctp_add_empty_param(chunk, SCTP_PARAM_FWD_TSN_SUPPORT);
	if (caps->auth)
		sctp_add_auth_params(chunk, &asoc->c);
}

static void sctp_add_inithdr(struct sctp_chunk *chunk, const struct sctp_association *asoc)
{
	struct sctp_inithdr init;

	init.init_tag = htonl(asoc->c.my_vtag);
	init.a_rwnd = htonl(asoc->rwnd);
	init.num_outbound_streams = htons(asoc->c.sinit_num_ostreams);
	init.num_inbound_streams = htons(asoc->c.sinit_max_instreams);
	init.initial_tsn = htonl(asoc->c.initial_tsn);
	chunk->subh.init_hdr = sctp_addto_chunk(chunk, sizeof(init), &init);
}

struct sctp_chunk *sctp_make_init(struct sctp_association *asoc, size_t vparam_len)
{
	static const u8 types[] = { 0, 12, 0, 8, 0, 5, 0, 6 };
	const struct sctp_endpoint *ep = asoc->ep;
	struct sctp_capabilities caps = {
		ep->ecn_enable, ep->prsctp_enable, ep->asconf_enable, ep->reconf_enable,
		ep->intl_enable, ep->auth_enable,
	};
	struct sctp_chunk *chunk;

	chunk = sctp_make_control(asoc, SCTP_CID_INIT, 0, sizeof(struct sctp_inithdr) +
				  sizeof(types) + CAPABILITIES_MAX + vparam_len);
	if (!chunk)
		return NULL;
	sctp_add_inithdr(chunk, asoc);
	sctp_addto_chunk(chunk, sizeof(types), types);
	sctp_add_capabilities(chunk, asoc, &caps);
	return chunk;
}

struct sctp_chunk *sctp_make_init_ack(struct sctp_association *asoc, struct sctp_chunk *chunk,
				      size_t unkparam_len)
{
	const struct sctp_peer *peer = &asoc->peer;
	struct sctp_capabilities caps = {
		peer->ecn_capable, peer->prsctp_capable, peer->asconf_capable,
		peer->reconf_capable, peer->intl_capable, peer->auth_capable,
	};
	struct sctp_chunk *ack;
	size_t cookie_len;
	u8 *cookie = sctp_pack_cookie(asoc, chunk, &cookie_len);

	if (!cookie)
		return NULL;
	ack = sctp_make_control(asoc, SCTP_CID_INIT_ACK, 0, sizeof(struct sctp_inithdr) +
				SCTP_PAD4(cookie_len) + CAPABILITIES_MAX + unkparam_len);
	if (ack) {
		sctp_add_inithdr(ack, asoc);
		sctp_addto_chunk(ack, cookie_len, cookie);
		sctp_add_capabilities(ack, asoc, &caps);
	}
	kfree(cookie);
	return ack;
}
