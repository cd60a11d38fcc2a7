// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: what parameters and causes hold, to the sink.
 *
 * Modelled on: nothing; what Linux 6.1 net/sctp reads of them, one by one
 * Spec: RFC 9260 3.3.2 and 3.3.10, RFC 4895 3, RFC 5061 4.1 and 4.2
 * Differs: a parameter is decoded when its list is verified, whether or not its value is
 *	used later.
 */
#include <net/sctp.h>

#include "rx.h"

void sctp_decode_chunk(const struct sk_buff *skb, const struct sctp_chunkhdr *ch)
{
	const struct sctp_inithdr *init = (const struct sctp_inithdr *)(ch + 1);

	if (ch->type == SCTP_CID_INIT) {
		rx_u64(skb, "sctp.init_initiate_tag", ntohl(init->init_tag));
		rx_u64(skb, "sctp.init_credit", ntohl(init->a_rwnd));
		rx_u64(skb, "sctp.init_nr_out_streams", ntohs(init->num_outbound_streams));
		rx_u64(skb, "sctp.init_nr_in_streams", ntohs(init->num_inbound_streams));
		rx_u64(skb, "sctp.init_initial_tsn", ntohl(init->initial_tsn));
	} else {
		rx_u64(skb, "sctp.initack_initiate_tag", ntohl(init->init_tag));
		rx_u64(skb, "sctp.initack_credit", ntohl(init->a_rwnd));
		rx_u64(skb, "sctp.initack_nr_out_streams", ntohs(init->num_outbound_streams));
		rx_u64(skb, "sctp.initack_nr_in_streams", ntohs(init->num_inbound_streams));
		rx_u64(skb, "sctp.initack_initial_tsn", ntohl(init->initial_tsn));
	}
}

static void sctp_decode_u16s(const struct sk_buff *skb, const char *name, const u8 *at,
			     size_t len)
{
	size_t i;

	for (i = 0; i + 2 <= len; i += 2)
		rx_u64(skb, name, get_unaligned_be16(at + i));
}

static void sctp_decode_u8s(const struct sk_buff *skb, const char *name, const u8 *at, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		rx_u64(skb, name, at[i]);
}

static void sctp_decode_value(const struct sk_buff *skb, u16 type, const u8 *value, size_t len)
{
	switch (type) {
	case SCTP_PARAM_IPV4_ADDRESS:
		if (len >= 4)
			rx_bytes(skb, "sctp.parameter_ipv4_address", value, 4);
		break;
	case SCTP_PARAM_IPV6_ADDRESS:
		if (len >= 16)
			rx_bytes(skb, "sctp.parameter_ipv6_address", value, 16);
		break;
	case SCTP_PARAM_COOKIE_PRESERVATIVE:
		if (len >= 4)
			rx_u64(skb, "sctp.parameter_cookie_preservative_incr",
			       get_unaligned_be32(value));
		break;
	case SCTP_PARAM_SUPPORTED_ADDRESS_TYPES:
		sctp_decode_u16s(skb, "sctp.parameter_supported_address_type", value, len);
		break;
	case SCTP_PARAM_STATE_COOKIE:
		rx_bytes(skb, "sctp.parameter_state_cookie", value, len);
		break;
	case SCTP_PARAM_RANDOM:
		rx_bytes(skb, "sctp.random_number", value, len);
		break;
	case SCTP_PARAM_CHUNKS:
		sctp_decode_u8s(skb, "sctp.chunk_type_to_auth", value, len);
		break;
	case SCTP_PARAM_HMAC_ALGO:
		sctp_decode_u16s(skb, "sctp.hmac_id", value, len);
		break;
	case SCTP_PARAM_SUPPORTED_EXT:
		sctp_decode_u8s(skb, "sctp.supported_chunk_type", value, len);
		break;
	case SCTP_PARAM_ADAPTATION_LAYER_IND:
		if (len >= 4)
			rx_u64(skb, "sctp.adaptation_layer_indication", get_unaligned_be32(value));
		break;
	}
}

/* @p is whole. */
void sctp_decode_param(const struct sk_buff *skb, const struct sctp_paramhdr *p)
{
	rx_u64(skb, "sctp.parameter_type", ntohs(p->type));
	rx_u64(skb, "sctp.parameter_length", ntohs(p->length));
	sctp_decode_value(skb, ntohs(p->type), (const u8 *)(p + 1),
			  ntohs(p->length) - sizeof(*p));
}

void sctp_decode_cause(const struct sk_buff *skb, const struct sctp_errhdr *err)
{
	rx_u64(skb, "sctp.cause_code", ntohs(err->cause));
	rx_u64(skb, "sctp.cause_length", ntohs(err->length));
}
