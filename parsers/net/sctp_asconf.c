// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: addresses that come and go (ASCONF, ASCONF-ACK).
 *
 * Modelled on: Linux 6.1 net/sctp/sm_make_chunk.c (sctp_verify_asconf,
 *	sctp_process_asconf, sctp_process_asconf_param, sctp_add_asconf_response,
 *	sctp_process_asconf_ack, sctp_get_asconf_response, sctp_asconf_param_success,
 *	sctp_make_asconf, sctp_make_asconf_ack), net/sctp/sm_statefuns.c (sctp_sf_do_asconf,
 *	sctp_sf_do_asconf_ack, sctp_send_next_asconf), net/sctp/associola.c
 *	(sctp_assoc_lookup_asconf_ack, sctp_assoc_clean_asconf_ack_cache)
 * Spec: RFC 5061 4 and 5
 * Differs: we announce an address that ends in a byte of the user's, one at a time; an
 *	address of ours that is deleted is only remembered.
 */
#include <linux/slab.h>
#include <net/sctp.h>

#include "rx.h"

/* ---- Verification ---- */

/* An address stands first, and is whole. */
static bool sctp_asconf_addr_valid(const struct sctp_paramhdr *param,
				   const struct sctp_addip_chunk *addip)
{
	size_t length = ntohs(param->length);

	if (ntohs(param->type) == SCTP_PARAM_IPV4_ADDRESS) {
		if (malformed(length != sizeof(struct sctp_ipv4addr_param)))
			return false;
	} else if (malformed(length != sizeof(struct sctp_ipv6addr_param))) {
		return false;
	}
	if (malformed((const u8 *)param != (const u8 *)(addip + 1)))
		return false;
	return true;
}

static bool sctp_asconf_request_valid(const struct sctp_paramhdr *param, bool addr_param_needed,
				      bool addr_param_seen)
{
	if (malformed(addr_param_needed && !addr_param_seen))
		return false;
	if (malformed(ntohs(param->length) < sizeof(struct sctp_addip_param) + sizeof(*param)))
		return false;
	return true;
}

static bool sctp_asconf_param_valid(const struct sctp_paramhdr *param,
				    const struct sctp_addip_chunk *addip, bool addr_param_needed,
				    bool *addr_param_seen)
{
	switch (ntohs(param->type)) {
	case SCTP_PARAM_ERR_CAUSE:
		return !malformed(ntohs(param->length) < sizeof(struct sctp_addip_param) +
				  sizeof(struct sctp_errhdr));
	case SCTP_PARAM_IPV4_ADDRESS:
	case SCTP_PARAM_IPV6_ADDRESS:
		*addr_param_seen = true;
		return sctp_asconf_addr_valid(param, addip);
	case SCTP_PARAM_ADD_IP:
	case SCTP_PARAM_DEL_IP:
	case SCTP_PARAM_SET_PRIMARY:
		return sctp_asconf_request_valid(param, addr_param_needed, *addr_param_seen);
	case SCTP_PARAM_SUCCESS_REPORT:
	case SCTP_PARAM_ADAPTATION_LAYER_IND:
		return !malformed(ntohs(param->length) != sizeof(struct sctp_addip_param));
	}
	return false;
}

/**
 * sctp_verify_asconf - are the parameters of an ASCONF or ASCONF-ACK as they have to be?
 * @addr_param_needed: it is an ASCONF, which begins with an address
 * @errp: set to the one that is not, or NULL
 */
static bool sctp_verify_asconf(struct sctp_chunk *chunk, bool addr_param_needed,
			       const struct sctp_paramhdr **errp)
{
	const struct sctp_addip_chunk *addip = (const struct sctp_addip_chunk *)chunk->chunk_hdr;
	const u8 *end = (const u8 *)addip + ntohs(addip->chunk_hdr.length);
	const struct sctp_paramhdr *param;
	bool addr_param_seen = false;

	*errp = NULL;
	for (param = (const struct sctp_paramhdr *)(addip + 1);
	     sctp_param_fits(param, end); param = sctp_param_next(param)) {
		*errp = param;
		sctp_decode_param(chunk->skb, param);
		if (malformed(!sctp_asconf_param_valid(param, addip, addr_param_needed,
						       &addr_param_seen)))
			return false;
	}
	if (malformed(addr_param_needed && !addr_param_seen))
		return false;
	if (malformed(!addr_param_needed && addr_param_seen))
		return false;
	if (malformed((const u8 *)param != chunk->chunk_end))
		return false;
	return true;
}

/* ---- What the peer asks ---- */

static void sctp_add_asconf_response(struct sctp_chunk *chunk, __be32 crr_id, u16 err_code,
				     const struct sctp_addip_param *asconf_param)
{
	u16 param_len = ntohs(asconf_param->param_hdr.length);
	struct sctp_addip_param ack_param = { .crr_id = crr_id };
	struct sctp_errhdr err;

	if (err_code == SCTP_ERROR_NO_ERROR) {
		ack_param.param_hdr.type = htons(SCTP_PARAM_SUCCESS_REPORT);
		ack_param.param_hdr.length = htons(sizeof(ack_param));
		sctp_addto_chunk(chunk, sizeof(ack_param), &ack_param);
		return;
	}
	ack_param.param_hdr.type = htons(SCTP_PARAM_ERR_CAUSE);
	ack_param.param_hdr.length = htons((u16)(sizeof(ack_param) + sizeof(err) + param_len));
	sctp_addto_chunk(chunk, sizeof(ack_param), &ack_param);
	err.cause = htons(err_code);
	err.length = htons((u16)(sizeof(err) + param_len));
	sctp_addto_chunk(chunk, sizeof(err), &err);
	sctp_addto_chunk(chunk, param_len, asconf_param);
}

static u16 sctp_asconf_add_ip(struct sctp_association *asoc, struct sctp_chunk *asconf,
			      union sctp_addr *addr)
{
	struct sctp_transport *peer;

	if (sctp_is_any(addr))
		*addr = asconf->source;
	peer = sctp_assoc_add_peer(asoc, addr, false);
	if (!peer)
		return SCTP_ERROR_RSRC_LOW;
	sctp_transport_reset_hb_timer(peer);
	asoc->new_transport = peer;
	return SCTP_ERROR_NO_ERROR;
}

/* As usrsctp did: the walk goes on from an element that is gone. */
static noinline void sctp_asconf_del_remote_addrs_except(struct sctp_association *asoc,
							 const struct sctp_transport *except)
{
	struct sctp_transport *t;

	list_for_each_entry(t, &asoc->peer.transport_addr_list, transports) {
		if (t != except)
			sctp_assoc_rm_peer(asoc, t);
	}
}

static u16 sctp_asconf_del_ip(struct sctp_association *asoc, struct sctp_chunk *asconf,
			      const union sctp_addr *addr)
{
	struct sctp_transport *peer;

	if (malformed(asoc->peer.transport_count == 1))
		return SCTP_ERROR_DEL_LAST_IP;
	if (malformed(sctp_cmp_addr_exact(&asconf->source, addr)))
		return SCTP_ERROR_DEL_SRC_IP;
	if (sctp_is_any(addr)) {
		sctp_assoc_set_primary(asoc, asconf->transport);
		triggered(USRSCTP_51E7C0131272,
			  !list_is_singular(&asoc->peer.transport_addr_list));
		if (fixed(USRSCTP_51E7C0131272))
			sctp_assoc_del_nonprimary_peers(asoc, asconf->transport);
		else
			sctp_asconf_del_remote_addrs_except(asoc, asconf->transport);
		return SCTP_ERROR_NO_ERROR;
	}
	peer = sctp_assoc_lookup_paddr(asoc, addr);
	if (malformed(!peer))
		return SCTP_ERROR_DNS_FAILED;
	if (malformed(peer == asconf->transport))
		return SCTP_ERROR_REQ_REFUSED;
	sctp_assoc_rm_peer(asoc, peer);
	return SCTP_ERROR_NO_ERROR;
}

static u16 sctp_asconf_set_primary(struct sctp_association *asoc, struct sctp_chunk *asconf,
				   union sctp_addr *addr)
{
	struct sctp_transport *peer;

	if (sctp_is_any(addr))
		*addr = *sctp_source(asconf);
	peer = sctp_assoc_lookup_paddr(asoc, addr);
	if (malformed(!peer))
		return SCTP_ERROR_DNS_FAILED;
	sctp_assoc_set_primary(asoc, peer);
	return SCTP_ERROR_NO_ERROR;
}

/* Return: SCTP_ERROR_NO_ERROR, or what the address is not. */
static u16 sctp_asconf_addr(struct sctp_association *asoc,
			    const struct sctp_addip_param *asconf_param, union sctp_addr *addr)
{
	const union sctp_addr_param *addr_param =
		(const union sctp_addr_param *)(asconf_param + 1);

	if (malformed(ntohs(addr_param->p.length) >
		      ntohs(asconf_param->param_hdr.length) - sizeof(*asconf_param)))
		return SCTP_ERROR_PROTO_VIOLATION;
	if (ntohs(addr_param->p.type) == SCTP_PARAM_IPV6_ADDRESS) {
		if (malformed(!asoc->peer.ipv6_address))
			return SCTP_ERROR_DNS_FAILED;
	} else if (malformed(!asoc->peer.ipv4_address)) {
		return SCTP_ERROR_DNS_FAILED;
	}
	if (malformed(!sctp_from_addr_param(addr, addr_param, htons(asoc->peer.port))))
		return SCTP_ERROR_DNS_FAILED;
	if (malformed(!sctp_is_any(addr) && !sctp_addr_valid(addr)))
		return SCTP_ERROR_DNS_FAILED;
	return SCTP_ERROR_NO_ERROR;
}

static u16 sctp_process_asconf_param(struct sctp_association *asoc, struct sctp_chunk *asconf,
				     const struct sctp_addip_param *asconf_param)
{
	u16 type = ntohs(asconf_param->param_hdr.type), error;
	union sctp_addr addr;

	if (malformed(type != SCTP_PARAM_ADD_IP && type != SCTP_PARAM_DEL_IP &&
		      type != SCTP_PARAM_SET_PRIMARY))
		return SCTP_ERROR_UNKNOWN_PARAM;
	error = sctp_asconf_addr(asoc, asconf_param, &addr);
	if (error)
		return error;
	switch (type) {
	case SCTP_PARAM_ADD_IP:
		return sctp_asconf_add_ip(asoc, asconf, &addr);
	case SCTP_PARAM_DEL_IP:
		return sctp_asconf_del_ip(asoc, asconf, &addr);
	default:
		return sctp_asconf_set_primary(asoc, asconf, &addr);
	}
}

static struct sctp_chunk *sctp_make_asconf_ack(struct sctp_association *asoc, __be32 serial,
					       size_t vparam_len)
{
	struct sctp_chunk *ack;

	ack = sctp_make_control(asoc, SCTP_CID_ASCONF_ACK, 0, sizeof(serial) + vparam_len);
	if (ack)
		ack->subh.addip_hdr = sctp_addto_chunk(ack, sizeof(serial), &serial);
	return ack;
}

/* Do what an ASCONF asks. Return: the answer, which is also kept for a repetition. */
static struct sctp_chunk *sctp_process_asconf(struct sctp_association *asoc,
					      struct sctp_chunk *asconf)
{
	const struct sctp_addip_chunk *addip = (const struct sctp_addip_chunk *)asconf->chunk_hdr;
	const u8 *end = (const u8 *)addip + ntohs(addip->chunk_hdr.length);
	const struct sctp_paramhdr *param = (const struct sctp_paramhdr *)(addip + 1);
	const struct sctp_addip_param *request;
	bool all_param_pass = true;
	struct sctp_chunk *ack;
	size_t params_len;
	u16 err_code;

	params_len = sctp_chunk_len(asconf) - sizeof(*addip) - ntohs(param->length);
	/* a request may be answered by four times its length */
	ack = sctp_make_asconf_ack(asoc, addip->addip_hdr.serial, params_len * 4);
	if (!ack)
		return NULL;
	for (; sctp_param_fits(param, end); param = sctp_param_next(param)) {
		if (ntohs(param->type) == SCTP_PARAM_IPV4_ADDRESS ||
		    ntohs(param->type) == SCTP_PARAM_IPV6_ADDRESS)
			continue;
		request = (const struct sctp_addip_param *)param;
		rx_u64(asconf->skb, "sctp.correlation_id", ntohl(request->crr_id));
		err_code = sctp_process_asconf_param(asoc, asconf, request);
		/* RFC 5061 4.1.2: silence means success, up to the first error */
		if (err_code != SCTP_ERROR_NO_ERROR)
			all_param_pass = false;
		if (!all_param_pass)
			sctp_add_asconf_response(ack, request->crr_id, err_code, request);
		if (err_code == SCTP_ERROR_RSRC_LOW)
			break;
	}
	asoc->peer.addip_serial++;
	sctp_chunk_hold(ack);
	list_add_tail(&ack->transmitted_list, &asoc->asconf_ack_list);
	return ack;
}

/* ---- Answers that are kept ---- */

static void sctp_asconf_ack_drop(struct sctp_chunk *ack)
{
	list_del_init(&ack->transmitted_list);
	sctp_chunk_free(ack);
}

/* The peer has the answers to what came before. */
static void sctp_assoc_clean_asconf_ack_cache(struct sctp_association *asoc)
{
	struct sctp_chunk *ack, *tmp;

	list_for_each_entry_safe(ack, tmp, &asoc->asconf_ack_list, transmitted_list) {
		if (ntohl(ack->subh.addip_hdr->serial) == asoc->peer.addip_serial)
			break;
		sctp_asconf_ack_drop(ack);
	}
}

/* The answer to @serial, with a reference, unless it is about to be sent anyway. */
static struct sctp_chunk *sctp_assoc_lookup_asconf_ack(struct sctp_association *asoc,
						       __be32 serial)
{
	struct sctp_chunk *ack;

	list_for_each_entry(ack, &asoc->asconf_ack_list, transmitted_list) {
		if (malformed_in(CVE_2014_3687, !list_empty(&ack->list)))
			continue;
		if (ack->subh.addip_hdr->serial == serial) {
			sctp_chunk_hold(ack);
			return ack;
		}
	}
	return NULL;
}

void sctp_asconf_teardown(struct sctp_association *asoc)
{
	struct sctp_chunk *ack, *tmp;

	list_for_each_entry_safe(ack, tmp, &asoc->asconf_ack_list, transmitted_list)
		sctp_asconf_ack_drop(ack);
	if (asoc->addip_last_asconf)
		sctp_chunk_free(asoc->addip_last_asconf);
	asoc->addip_last_asconf = NULL;
	del_timer(&asoc->timers[SCTP_TIMER_T4]);
}

/* Does the association take ASCONF, and this one? */
static bool sctp_asconf_allowed(const struct sctp_association *asoc,
				const struct sctp_chunk *chunk)
{
	if (malformed(!asoc->peer.asconf_capable))
		return false;
	if (malformed(!asoc->ep->addip_noauth && !chunk->auth))
		return false;
	return true;
}

enum sctp_disposition sctp_sf_do_asconf(struct sctp_endpoint *ep, struct sctp_association *asoc,
					struct sctp_chunk *chunk)
{
	const struct sctp_paramhdr *err_param;
	struct sctp_chunk *asconf_ack, *hb;
	__be32 be;
	u32 serial;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_addip_chunk))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	if (!sctp_asconf_allowed(asoc, chunk))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	be = ((const struct sctp_addiphdr *)chunk->skb->data)->serial;
	serial = ntohl(be);
	rx_u64(chunk->skb, "sctp.asconf_seq_nr_number", serial);
	if (!sctp_verify_asconf(chunk, true, &err_param))
		return sctp_sf_violation_paramlen(asoc, chunk, err_param);
	if (serial == asoc->peer.addip_serial + 1) {
		if (!chunk->has_asconf)
			sctp_assoc_clean_asconf_ack_cache(asoc);
		asconf_ack = sctp_process_asconf(asoc, chunk);
		if (!asconf_ack)
			return SCTP_DISPOSITION_NOMEM;
	} else {
		if (malformed(serial > asoc->peer.addip_serial))
			return SCTP_DISPOSITION_DISCARD;
		asconf_ack = sctp_assoc_lookup_asconf_ack(asoc, be);
		if (malformed(!asconf_ack))
			return SCTP_DISPOSITION_DISCARD;
		asconf_ack->transport = NULL;
	}
	sctp_send_reply(asoc, asconf_ack);
	if (asoc->new_transport) {
		hb = sctp_make_heartbeat(asoc, asoc->new_transport);
		if (hb)
			sctp_send_reply(asoc, hb);
		asoc->new_transport = NULL;
	}
	return SCTP_DISPOSITION_CONSUME;
}

/* ---- What we ask, and the peer's answer ---- */

static union sctp_addr sctp_asconf_new_addr(const struct sctp_association *asoc, u8 last)
{
	union sctp_addr addr = asoc->local;

	if (addr.v4.sin_family == AF_INET)
		((u8 *)&addr.v4.sin_addr)[3] = last;
	else
		addr.v6.sin6_addr.s6_addr[15] = last;
	return addr;
}

/* Ask for an address of ours, which @addr's last byte makes, to be added or deleted. */
int sctp_send_asconf(struct sctp_association *asoc, u8 last, bool del)
{
	union sctp_addr addr = sctp_asconf_new_addr(asoc, last);
	struct sctp_addip_param param = { .crr_id = htonl(1) };
	__be32 serial = htonl(asoc->addip_serial);
	union sctp_addr_param addr_param;
	struct sctp_chunk *asconf;
	unsigned int len;

	if (asoc->addip_last_asconf || !asoc->peer.asconf_capable)
		return -EBUSY;
	asconf = sctp_make_control(asoc, SCTP_CID_ASCONF, 0, sizeof(serial) + sizeof(param) +
				   2 * sizeof(addr_param));
	if (!asconf)
		return -ENOMEM;
	asoc->addip_serial++;
	asconf->subh.addip_hdr = sctp_addto_chunk(asconf, sizeof(serial), &serial);
	len = sctp_to_addr_param(&asoc->local, &addr_param);
	sctp_addto_chunk(asconf, len, &addr_param);
	len = sctp_to_addr_param(&addr, &addr_param);
	param.param_hdr.type = htons(del ? SCTP_PARAM_DEL_IP : SCTP_PARAM_ADD_IP);
	param.param_hdr.length = htons((u16)(sizeof(param) + len));
	sctp_addto_chunk(asconf, sizeof(param), &param);
	sctp_addto_chunk(asconf, len, &addr_param);
	if (del)
		asoc->local_deleted = addr;
	sctp_chunk_hold(asconf);
	asoc->addip_last_asconf = asconf;
	asconf->transport = asoc->peer.primary_path;
	sctp_timer_start(asoc, SCTP_TIMER_T4);
	sctp_outq_tail(&asoc->outqueue, asconf);
	return 0;
}

/* What the answer says about the request @crr_id; nothing means success. */
static u16 sctp_get_asconf_response(const struct sctp_chunk *asconf_ack, __be32 crr_id)
{
	const struct sctp_addip_chunk *addip =
		(const struct sctp_addip_chunk *)asconf_ack->chunk_hdr;
	const u8 *end = (const u8 *)addip + ntohs(addip->chunk_hdr.length);
	const struct sctp_paramhdr *p;
	const struct sctp_addip_param *param;

	for (p = (const struct sctp_paramhdr *)(addip + 1); sctp_param_fits(p, end);
	     p = sctp_param_next(p)) {
		param = (const struct sctp_addip_param *)p;
		rx_u64(asconf_ack->skb, "sctp.correlation_id", ntohl(param->crr_id));
		if (param->crr_id != crr_id)
			continue;
		switch (ntohs(p->type)) {
		case SCTP_PARAM_SUCCESS_REPORT:
			return SCTP_ERROR_NO_ERROR;
		case SCTP_PARAM_ERR_CAUSE:
			return ntohs(((const struct sctp_errhdr *)(param + 1))->cause);
		default:
			return SCTP_ERROR_INV_PARAM;
		}
	}
	return SCTP_ERROR_NO_ERROR;
}

/* Return: whether the peer has no resources for us. */
static bool sctp_process_asconf_ack(struct sctp_association *asoc, struct sctp_chunk *asconf_ack)
{
	struct sctp_chunk *asconf = asoc->addip_last_asconf;
	u16 err_code = sctp_get_asconf_response(asconf_ack, htonl(1));

	sctp_event(asoc, "sctp.event.asconf", err_code);
	if (err_code == SCTP_ERROR_NO_ERROR)
		memset(&asoc->local_deleted, 0, sizeof(asoc->local_deleted));
	else if (err_code == SCTP_ERROR_UNKNOWN_PARAM)
		asoc->peer.addip_disabled_mask |= SCTP_PARAM_ADD_IP;
	asoc->addip_last_asconf = NULL;
	sctp_chunk_free(asconf);
	return err_code == SCTP_ERROR_RSRC_LOW;
}

static enum sctp_disposition sctp_asconf_ack_abort(struct sctp_association *asoc,
						   struct sctp_chunk *chunk, u16 cause)
{
	struct sctp_chunk *abort = sctp_make_abort(asoc, chunk, sizeof(struct sctp_errhdr));

	if (abort) {
		sctp_init_cause(abort, cause, 0);
		sctp_send_reply(asoc, abort);
	}
	chunk->pdiscard = true;
	sctp_cmd_assoc_failed(asoc, SCTP_ERROR_ASCONF_ACK);
	return SCTP_DISPOSITION_ABORT;
}

enum sctp_disposition sctp_sf_do_asconf_ack(struct sctp_endpoint *ep,
					    struct sctp_association *asoc,
					    struct sctp_chunk *chunk)
{
	struct sctp_chunk *last_asconf = asoc->addip_last_asconf;
	const struct sctp_paramhdr *err_param;
	u32 sent_serial, rcvd_serial;

	if (malformed(!sctp_vtag_verify(chunk, asoc)))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	if (malformed(!sctp_chunk_length_valid(chunk, sizeof(struct sctp_addip_chunk))))
		return sctp_sf_violation_chunklen(ep, asoc, chunk);
	if (!sctp_asconf_allowed(asoc, chunk))
		return sctp_sf_pdiscard(ep, asoc, chunk);
	rcvd_serial = ntohl(((const struct sctp_addiphdr *)chunk->skb->data)->serial);
	rx_u64(chunk->skb, "sctp.asconf_ack_seq_nr_number", rcvd_serial);
	if (!sctp_verify_asconf(chunk, false, &err_param))
		return sctp_sf_violation_paramlen(asoc, chunk, err_param);
	sent_serial = last_asconf ? ntohl(last_asconf->subh.addip_hdr->serial) :
				    asoc->addip_serial - 1;
	/* an answer to what was never asked */
	if (malformed(!TSN_lt(rcvd_serial, sent_serial + 1) && !last_asconf))
		return sctp_asconf_ack_abort(asoc, chunk, SCTP_ERROR_ASCONF_ACK);
	if (malformed(rcvd_serial != sent_serial))
		return SCTP_DISPOSITION_DISCARD;
	if (malformed(!last_asconf))
		return SCTP_DISPOSITION_DISCARD;
	sctp_timer_stop(asoc, SCTP_TIMER_T4);
	if (malformed(sctp_process_asconf_ack(asoc, chunk)))
		return sctp_asconf_ack_abort(asoc, chunk, SCTP_ERROR_RSRC_LOW);
	return SCTP_DISPOSITION_CONSUME;
}
