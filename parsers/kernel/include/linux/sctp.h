/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCTP on the wire: RFC 9260, with RFC 3758 (FORWARD-TSN), RFC 4895 (AUTH), RFC 5061 (ASCONF),
 * RFC 6525 (RE-CONFIG) and RFC 8260 (I-DATA). Names, layouts and numbers of Linux 6.1.
 *
 * Changed for testing: every structure is packed, since the test machine's packets begin
 * where the link header puts them.
 */
#ifndef _LINUX_SCTP_H
#define _LINUX_SCTP_H

#include <linux/in6.h>
#include <linux/types.h>

#define SCTP_PAD4(s)	(((unsigned int)(s) + 3) & ~3U)

struct sctphdr {
	__be16 source;
	__be16 dest;
	__be32 vtag;
	__le32 checksum;
} __packed;

struct sctp_chunkhdr {
	__u8 type;
	__u8 flags;
	__be16 length;
} __packed;

enum sctp_cid {
	SCTP_CID_DATA			= 0,
	SCTP_CID_INIT			= 1,
	SCTP_CID_INIT_ACK		= 2,
	SCTP_CID_SACK			= 3,
	SCTP_CID_HEARTBEAT		= 4,
	SCTP_CID_HEARTBEAT_ACK		= 5,
	SCTP_CID_ABORT			= 6,
	SCTP_CID_SHUTDOWN		= 7,
	SCTP_CID_SHUTDOWN_ACK		= 8,
	SCTP_CID_ERROR			= 9,
	SCTP_CID_COOKIE_ECHO		= 10,
	SCTP_CID_COOKIE_ACK		= 11,
	SCTP_CID_ECN_ECNE		= 12,
	SCTP_CID_ECN_CWR		= 13,
	SCTP_CID_SHUTDOWN_COMPLETE	= 14,
	SCTP_CID_AUTH			= 0x0f,
	SCTP_CID_I_DATA			= 0x40,
	SCTP_CID_ASCONF_ACK		= 0x80,
	SCTP_CID_RECONF			= 0x82,
	SCTP_CID_PAD			= 0x84,
	SCTP_CID_FWD_TSN		= 0xc0,
	SCTP_CID_ASCONF			= 0xc1,
	SCTP_CID_I_FWD_TSN		= 0xc2,
};

/* What to do with a chunk of unknown type, by its highest bits. */
enum {
	SCTP_CID_ACTION_DISCARD		= 0x00,
	SCTP_CID_ACTION_DISCARD_ERR	= 0x40,
	SCTP_CID_ACTION_SKIP		= 0x80,
	SCTP_CID_ACTION_SKIP_ERR	= 0xc0,
	SCTP_CID_ACTION_MASK		= 0xc0,
};

enum { SCTP_CHUNK_FLAG_T = 0x01 };

struct sctp_paramhdr {
	__be16 type;
	__be16 length;
} __packed;

/* In host order here: a parameter's type is compared after ntohs(). */
enum sctp_param {
	SCTP_PARAM_HEARTBEAT_INFO		= 1,
	SCTP_PARAM_IPV4_ADDRESS			= 5,
	SCTP_PARAM_IPV6_ADDRESS			= 6,
	SCTP_PARAM_STATE_COOKIE			= 7,
	SCTP_PARAM_UNRECOGNIZED_PARAMETERS	= 8,
	SCTP_PARAM_COOKIE_PRESERVATIVE		= 9,
	SCTP_PARAM_HOST_NAME_ADDRESS		= 11,
	SCTP_PARAM_SUPPORTED_ADDRESS_TYPES	= 12,
	SCTP_PARAM_RESET_OUT_REQUEST		= 0x000d,
	SCTP_PARAM_RESET_IN_REQUEST		= 0x000e,
	SCTP_PARAM_RESET_TSN_REQUEST		= 0x000f,
	SCTP_PARAM_RESET_RESPONSE		= 0x0010,
	SCTP_PARAM_RESET_ADD_OUT_STREAMS	= 0x0011,
	SCTP_PARAM_RESET_ADD_IN_STREAMS		= 0x0012,
	SCTP_PARAM_ECN_CAPABLE			= 0x8000,
	SCTP_PARAM_RANDOM			= 0x8002,
	SCTP_PARAM_CHUNKS			= 0x8003,
	SCTP_PARAM_HMAC_ALGO			= 0x8004,
	SCTP_PARAM_SUPPORTED_EXT		= 0x8008,
	SCTP_PARAM_FWD_TSN_SUPPORT		= 0xc000,
	SCTP_PARAM_ADD_IP			= 0xc001,
	SCTP_PARAM_DEL_IP			= 0xc002,
	SCTP_PARAM_ERR_CAUSE			= 0xc003,
	SCTP_PARAM_SET_PRIMARY			= 0xc004,
	SCTP_PARAM_SUCCESS_REPORT		= 0xc005,
	SCTP_PARAM_ADAPTATION_LAYER_IND		= 0xc006,
};

enum {
	SCTP_PARAM_ACTION_DISCARD	= 0x0000,
	SCTP_PARAM_ACTION_DISCARD_ERR	= 0x4000,
	SCTP_PARAM_ACTION_SKIP		= 0x8000,
	SCTP_PARAM_ACTION_SKIP_ERR	= 0xc000,
	SCTP_PARAM_ACTION_MASK		= 0xc000,
};

/* ---- DATA and I-DATA ---- */

enum {
	SCTP_DATA_MIDDLE_FRAG	= 0x00,
	SCTP_DATA_LAST_FRAG	= 0x01,
	SCTP_DATA_FIRST_FRAG	= 0x02,
	SCTP_DATA_NOT_FRAG	= 0x03,
	SCTP_DATA_UNORDERED	= 0x04,
	SCTP_DATA_SACK_IMM	= 0x08,
};
enum { SCTP_DATA_FRAG_MASK = 0x03 };

struct sctp_datahdr {
	__be32 tsn;
	__be16 stream;
	__be16 ssn;
	__u32 ppid;
} __packed;

struct sctp_idatahdr {
	__be32 tsn;
	__be16 stream;
	__be16 reserved;
	__be32 mid;
	__u32 ppid_fsn;		/* of the first fragment the one, of others the other */
} __packed;

/* ---- INIT and INIT ACK ---- */

struct sctp_inithdr {
	__be32 init_tag;
	__be32 a_rwnd;
	__be16 num_outbound_streams;
	__be16 num_inbound_streams;
	__be32 initial_tsn;
} __packed;

struct sctp_init_chunk {
	struct sctp_chunkhdr chunk_hdr;
	struct sctp_inithdr init_hdr;
} __packed;

struct sctp_ipv4addr_param {
	struct sctp_paramhdr param_hdr;
	__be32 addr;
} __packed;

struct sctp_ipv6addr_param {
	struct sctp_paramhdr param_hdr;
	__u8 addr[16];
} __packed;

union sctp_addr_param {
	struct sctp_paramhdr p;
	struct sctp_ipv4addr_param v4;
	struct sctp_ipv6addr_param v6;
};

struct sctp_cookie_preserve_param {
	struct sctp_paramhdr param_hdr;
	__be32 lifespan_increment;
} __packed;

struct sctp_adaptation_ind_param {
	struct sctp_paramhdr param_hdr;
	__be32 adaptation_ind;
} __packed;

/* ---- The rest ---- */

struct sctp_gap_ack_block {
	__be16 start;
	__be16 end;
} __packed;

struct sctp_sackhdr {
	__be32 cum_tsn_ack;
	__be32 a_rwnd;
	__be16 num_gap_ack_blocks;
	__be16 num_dup_tsns;
} __packed;

struct sctp_shutdownhdr {
	__be32 cum_tsn_ack;
} __packed;

struct sctp_ecnehdr {
	__be32 lowest_tsn;
} __packed;

struct sctp_errhdr {
	__be16 cause;
	__be16 length;
} __packed;

enum sctp_error {
	SCTP_ERROR_NO_ERROR		= 0,
	SCTP_ERROR_INV_STRM		= 1,
	SCTP_ERROR_MISS_PARAM		= 2,
	SCTP_ERROR_STALE_COOKIE		= 3,
	SCTP_ERROR_NO_RESOURCE		= 4,
	SCTP_ERROR_DNS_FAILED		= 5,
	SCTP_ERROR_UNKNOWN_CHUNK	= 6,
	SCTP_ERROR_INV_PARAM		= 7,
	SCTP_ERROR_UNKNOWN_PARAM	= 8,
	SCTP_ERROR_NO_DATA		= 9,
	SCTP_ERROR_COOKIE_IN_SHUTDOWN	= 10,
	SCTP_ERROR_RESTART		= 11,
	SCTP_ERROR_USER_ABORT		= 12,
	SCTP_ERROR_PROTO_VIOLATION	= 13,
	SCTP_ERROR_DEL_LAST_IP		= 0x00a0,
	SCTP_ERROR_RSRC_LOW		= 0x00a1,
	SCTP_ERROR_DEL_SRC_IP		= 0x00a2,
	SCTP_ERROR_ASCONF_ACK		= 0x00a3,
	SCTP_ERROR_REQ_REFUSED		= 0x00a4,
	SCTP_ERROR_UNSUP_HMAC		= 0x0105,
};

struct sctp_fwdtsn_hdr {
	__be32 new_cum_tsn;
} __packed;

struct sctp_fwdtsn_skip {
	__be16 stream;
	__be16 ssn;
} __packed;

struct sctp_ifwdtsn_skip {
	__be16 stream;
	__u8 reserved;
	__u8 flags;
	__be32 mid;
} __packed;

struct sctp_addiphdr {
	__be32 serial;
} __packed;

struct sctp_addip_chunk {
	struct sctp_chunkhdr chunk_hdr;
	struct sctp_addiphdr addip_hdr;
} __packed;

struct sctp_addip_param {
	struct sctp_paramhdr param_hdr;
	__be32 crr_id;
} __packed;

struct sctp_authhdr {
	__be16 shkey_id;
	__be16 hmac_id;
} __packed;

struct sctp_strreset_outreq {
	struct sctp_paramhdr param_hdr;
	__be32 request_seq;
	__be32 response_seq;
	__be32 send_reset_at_tsn;
} __packed;

struct sctp_strreset_inreq {
	struct sctp_paramhdr param_hdr;
	__be32 request_seq;
} __packed;

struct sctp_strreset_tsnreq {
	struct sctp_paramhdr param_hdr;
	__be32 request_seq;
} __packed;

struct sctp_strreset_addstrm {
	struct sctp_paramhdr param_hdr;
	__be32 request_seq;
	__be16 number_of_streams;
	__be16 reserved;
} __packed;

struct sctp_strreset_resp {
	struct sctp_paramhdr param_hdr;
	__be32 response_seq;
	__be32 result;
} __packed;

struct sctp_strreset_resptsn {
	struct sctp_paramhdr param_hdr;
	__be32 response_seq;
	__be32 result;
	__be32 senders_next_tsn;
	__be32 receivers_next_tsn;
} __packed;

enum {
	SCTP_STRRESET_NOTHING_TO_DO	= 0,
	SCTP_STRRESET_PERFORMED		= 1,
	SCTP_STRRESET_DENIED		= 2,
	SCTP_STRRESET_ERR_WRONG_SSN	= 3,
	SCTP_STRRESET_ERR_IN_PROGRESS	= 4,
	SCTP_STRRESET_ERR_BAD_SEQNO	= 5,
	SCTP_STRRESET_IN_PROGRESS	= 6,
};

#endif /* _LINUX_SCTP_H */
