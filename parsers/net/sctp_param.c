// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: the parameters of INIT and INIT ACK, judged before anything is made of them.
 *
 * Modelled on: Linux 6.1 net/sctp/sm_make_chunk.c (sctp_verify_init, sctp_verify_param,
 *	sctp_verify_ext_param, sctp_process_unk_param, sctp_process_inv_mandatory,
 *	sctp_process_inv_paramlength, sctp_process_missing_param, sctp_process_hn_param),
 *	include/net/sctp/sctp.h (sctp_walk_params)
 * Spec: RFC 9260 3.2.1, 3.3.2 and 5.1, RFC 4895 3, RFC 5061 4.2
 * Differs: one function a kind of parameter.
 */
#include <linux/slab.h>
#include <net/sctp.h>

#include "rx.h"

/* Is there a parameter at @p, whole? */
bool sctp_param_fits(const struct sctp_paramhdr *p, const u8 *end)
{
	if ((const u8 *)(p + 1) > end)
		return false;
	if (malformed((const u8 *)p + ntohs(p->length) > end))
		return false;
	if (malformed(ntohs(p->length) < sizeof(*p)))
		return false;
	return true;
}

const struct sctp_paramhdr *sctp_param_next(const struct sctp_paramhdr *p)
{
	return (const struct sctp_paramhdr *)((const u8 *)p + SCTP_PAD4(ntohs(p->length)));
}

/* ---- What is reported ---- */

static void sctp_process_inv_mandatory(struct sctp_association *asoc, struct sctp_chunk *chunk,
				       struct sctp_chunk **errp)
{
	if (!*errp)
		*errp = sctp_make_op_error_space(asoc, chunk, 0);
	if (*errp)
		sctp_init_cause(*errp, SCTP_ERROR_INV_PARAM, 0);
}

static void sctp_process_inv_paramlength(struct sctp_association *asoc,
					 const struct sctp_paramhdr *param,
					 const struct sctp_chunk *chunk, struct sctp_chunk **errp)
{
	if (*errp)
		sctp_chunk_free(*errp);
	*errp = sctp_make_violation_paramlen(asoc, chunk, param);
}

static void sctp_process_missing_param(struct sctp_association *asoc, u16 paramtype,
				       struct sctp_chunk *chunk, struct sctp_chunk **errp)
{
	struct {
		__be32 num_missing;
		__be16 type;
	} __packed report;

	if (!*errp)
		*errp = sctp_make_op_error_space(asoc, chunk, SCTP_PAD4(sizeof(report)));
	if (!*errp)
		return;
	report.num_missing = htonl(1);
	report.type = htons(paramtype);
	if (!sctp_init_cause(*errp, SCTP_ERROR_MISS_PARAM, sizeof(report)))
		sctp_addto_chunk(*errp, sizeof(report), &report);
}

static void sctp_process_hn_param(struct sctp_association *asoc,
				  const struct sctp_paramhdr *param, struct sctp_chunk *chunk,
				  struct sctp_chunk **errp)
{
	if (*errp)
		sctp_chunk_free(*errp);
	*errp = sctp_make_op_error(asoc, chunk, SCTP_ERROR_DNS_FAILED, param,
				   ntohs(param->length), 0);
}

/* A packet of errors is no longer than an association's first packets may be. */
static struct sctp_chunk *sctp_make_op_error_limited(struct sctp_association *asoc,
						     struct sctp_chunk *chunk)
{
	size_t size = SCTP_DEFAULT_MAXSEGMENT - sizeof(struct sctphdr) - sizeof(struct sctp_errhdr);

	/* room for what the first unknown parameter may hold, whatever their number */
	if (!fixed(CVE_2010_1173))
		size = sctp_chunk_len(chunk);
	return sctp_make_op_error_space(asoc, chunk, size);
}

static void sctp_report_unk_param(struct sctp_association *asoc,
				  const struct sctp_paramhdr *param, struct sctp_chunk *chunk,
				  struct sctp_chunk **errp)
{
	if (!*errp)
		*errp = sctp_make_op_error_limited(asoc, chunk);
	if (*errp && !sctp_init_cause(*errp, SCTP_ERROR_UNKNOWN_PARAM, ntohs(param->length)))
		sctp_addto_chunk(*errp, ntohs(param->length), param);
}

/* By the two highest bits of its type (RFC 9260 3.2.1). */
static enum sctp_ierror sctp_process_unk_param(struct sctp_association *asoc,
					       const struct sctp_paramhdr *param,
					       struct sctp_chunk *chunk, struct sctp_chunk **errp)
{
	u16 type = ntohs(param->type);

	if (type & SCTP_PARAM_ACTION_DISCARD_ERR)
		sctp_report_unk_param(asoc, param, chunk, errp);
	if (malformed(!(type & SCTP_PARAM_ACTION_SKIP)))
		return SCTP_IERROR_ERROR;
	return SCTP_IERROR_NO_ERROR;
}

/* ---- One parameter ---- */

/* RFC 5061 4.2.7: whoever wants ASCONF has to want AUTH. */
static bool sctp_verify_ext_param(const struct sctp_endpoint *ep,
				  const struct sctp_paramhdr *param)
{
	const u8 *chunks = (const u8 *)(param + 1);
	u16 i, num_ext = (u16)(ntohs(param->length) - sizeof(*param));
	bool have_asconf = false, have_auth = false;

	for (i = 0; i < num_ext; i++) {
		have_auth |= chunks[i] == SCTP_CID_AUTH;
		have_asconf |= chunks[i] == SCTP_CID_ASCONF || chunks[i] == SCTP_CID_ASCONF_ACK;
	}
	if (ep->addip_noauth)
		return true;
	if (malformed(ep->asconf_enable && !have_auth && have_asconf))
		return false;
	return true;
}

/* SHA-1 has to be among the algorithms. */
static bool sctp_has_sha1(const struct sctp_paramhdr *param)
{
	const u8 *ids = (const u8 *)(param + 1);
	u16 i, n_elt = (u16)((ntohs(param->length) - sizeof(*param)) >> 1);

	for (i = 0; i < n_elt; i++) {
		if (get_unaligned_be16(ids + 2 * i) == SCTP_AUTH_HMAC_ID_SHA1)
			return true;
	}
	return false;
}

/* Lengths of the parameters that have one; what AUTH brings only where it is enabled. */
static bool sctp_param_len_valid(const struct sctp_paramhdr *param)
{
	u16 length = ntohs(param->length);

	switch (ntohs(param->type)) {
	case SCTP_PARAM_ADAPTATION_LAYER_IND:
		return !malformed(length != sizeof(struct sctp_adaptation_ind_param));
	case SCTP_PARAM_SET_PRIMARY:
		return !malformed(length < sizeof(struct sctp_addip_param) +
				  sizeof(struct sctp_paramhdr));
	case SCTP_PARAM_RANDOM:
		return !malformed(length - sizeof(*param) != SCTP_AUTH_RANDOM_LENGTH);
	case SCTP_PARAM_CHUNKS:
		return !malformed(length > 260);
	case SCTP_PARAM_HMAC_ALGO:
		return !malformed(!sctp_has_sha1(param));
	}
	return true;
}

static bool sctp_param_enabled(const struct sctp_endpoint *ep, u16 type)
{
	switch (type) {
	case SCTP_PARAM_SET_PRIMARY:
		return ep->asconf_enable;
	case SCTP_PARAM_FWD_TSN_SUPPORT:
		return ep->prsctp_enable;
	case SCTP_PARAM_RANDOM:
	case SCTP_PARAM_CHUNKS:
	case SCTP_PARAM_HMAC_ALGO:
		return ep->auth_enable;
	case SCTP_PARAM_IPV4_ADDRESS:
	case SCTP_PARAM_IPV6_ADDRESS:
	case SCTP_PARAM_COOKIE_PRESERVATIVE:
	case SCTP_PARAM_SUPPORTED_ADDRESS_TYPES:
	case SCTP_PARAM_STATE_COOKIE:
	case SCTP_PARAM_HEARTBEAT_INFO:
	case SCTP_PARAM_UNRECOGNIZED_PARAMETERS:
	case SCTP_PARAM_ECN_CAPABLE:
	case SCTP_PARAM_ADAPTATION_LAYER_IND:
	case SCTP_PARAM_SUPPORTED_EXT:
	case SCTP_PARAM_HOST_NAME_ADDRESS:
		return true;
	}
	return false;
}

static enum sctp_ierror sctp_verify_param(const struct sctp_endpoint *ep,
					  struct sctp_association *asoc,
					  const struct sctp_paramhdr *param,
					  struct sctp_chunk *chunk, struct sctp_chunk **errp)
{
	u16 type = ntohs(param->type);

	if (!sctp_param_enabled(ep, type))
		return sctp_process_unk_param(asoc, param, chunk, errp);
	if (malformed(type == SCTP_PARAM_HOST_NAME_ADDRESS)) {
		sctp_process_hn_param(asoc, param, chunk, errp);
		return SCTP_IERROR_ABORT;
	}
	if (type == SCTP_PARAM_SUPPORTED_EXT)
		return sctp_verify_ext_param(ep, param) ? SCTP_IERROR_NO_ERROR :
							  SCTP_IERROR_ABORT;
	if (!sctp_param_len_valid(param)) {
		sctp_process_inv_paramlength(asoc, param, chunk, errp);
		return SCTP_IERROR_ABORT;
	}
	return SCTP_IERROR_NO_ERROR;
}

/* ---- All of them ---- */

static bool sctp_init_mandatory_valid(const struct sctp_inithdr *init)
{
	if (malformed(init->num_outbound_streams == 0))
		return false;
	if (malformed(init->num_inbound_streams == 0))
		return false;
	if (malformed(init->init_tag == 0))
		return false;
	if (malformed(ntohl(init->a_rwnd) < SCTP_DEFAULT_MINWINDOW))
		return false;
	return true;
}

/* Return: the place behind the last whole parameter. */
static const struct sctp_paramhdr *sctp_walk_all(struct sctp_init_chunk *peer_init,
						 const struct sk_buff *skb, bool *has_cookie)
{
	const u8 *end = (const u8 *)peer_init + ntohs(peer_init->chunk_hdr.length);
	const struct sctp_paramhdr *p;

	for (p = (const struct sctp_paramhdr *)(peer_init + 1); sctp_param_fits(p, end);
	     p = sctp_param_next(p)) {
		sctp_decode_param(skb, p);
		if (ntohs(p->type) == SCTP_PARAM_STATE_COOKIE)
			*has_cookie = true;
	}
	return p;
}

/**
 * sctp_verify_init - may an association be made of this INIT or INIT ACK?
 * @peer_init: in the chunk, or in a cookie; of the length that it says
 * @errp: what is to be reported, in either case
 */
bool sctp_verify_init(struct sctp_endpoint *ep, struct sctp_association *asoc,
		      struct sctp_init_chunk *peer_init, struct sctp_chunk *chunk,
		      struct sctp_chunk **errp)
{
	const u8 *end = (const u8 *)peer_init + ntohs(peer_init->chunk_hdr.length);
	bool has_cookie = false;
	const struct sctp_paramhdr *p;
	enum sctp_ierror result;

	if (!sctp_init_mandatory_valid(&peer_init->init_hdr)) {
		sctp_process_inv_mandatory(asoc, chunk, errp);
		return false;
	}
	p = sctp_walk_all(peer_init, chunk->skb, &has_cookie);
	if (malformed((const u8 *)p != (const u8 *)peer_init +
		      SCTP_PAD4(ntohs(peer_init->chunk_hdr.length)))) {
		sctp_process_inv_paramlength(asoc, p, chunk, errp);
		return false;
	}
	if (malformed(peer_init->chunk_hdr.type == SCTP_CID_INIT_ACK && !has_cookie)) {
		sctp_process_missing_param(asoc, SCTP_PARAM_STATE_COOKIE, chunk, errp);
		return false;
	}
	for (p = (const struct sctp_paramhdr *)(peer_init + 1); sctp_param_fits(p, end);
	     p = sctp_param_next(p)) {
		result = sctp_verify_param(ep, asoc, p, chunk, errp);
		if (result == SCTP_IERROR_ERROR)
			return true;
		if (result != SCTP_IERROR_NO_ERROR)
			return false;
	}
	return true;
}
