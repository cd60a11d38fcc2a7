// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multipath TCP: the options that a segment brings.
 *
 * Modelled on: Linux 6.1 net/mptcp/options.c (mptcp_parse_option, mptcp_get_options)
 * Spec: RFC 8684 3
 * Differs: one function an option; the addresses of both families are there; an option
 *	without a subtype, and a DSS without its flags, are refused: upstream reads a byte
 *	behind them.
 */
#include <asm/unaligned.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "rx.h"

enum { TCPOLEN_MPTCP_SUBTYPE = 3 };

/* An option and where its reading stands. */
struct mptcp_opt {
	const struct sk_buff *skb;
	const u8 *ptr;
	int size;
	struct mptcp_options_received *rx;
};

static void opt_u64(const struct mptcp_opt *opt, const char *name, u64 value)
{
	if (!TCP_SKB_CB(opt->skb)->mpopts_sunk)
		rx_u64(opt->skb, name, value);
}

static void opt_bytes(const struct mptcp_opt *opt, const char *name, const void *data,
		      size_t len)
{
	if (!TCP_SKB_CB(opt->skb)->mpopts_sunk)
		rx_bytes(opt->skb, name, data, len);
}

static u8 take_u8(struct mptcp_opt *opt)
{
	return *opt->ptr++;
}

static u32 take_be32(struct mptcp_opt *opt)
{
	opt->ptr += 4;
	return get_unaligned_be32(opt->ptr - 4);
}

static u64 take_be64(struct mptcp_opt *opt)
{
	opt->ptr += 8;
	return get_unaligned_be64(opt->ptr - 8);
}

static u16 take_be16(struct mptcp_opt *opt)
{
	opt->ptr += 2;
	return get_unaligned_be16(opt->ptr - 2);
}

/* RFC 8684 3.1: the length follows from the flags of the segment. */
static u16 mptcp_capable_size(const struct mptcp_opt *opt, int *expected)
{
	u8 flags = TCP_SKB_CB(opt->skb)->tcp_flags;

	if (!(flags & TCPHDR_SYN)) {
		*expected = opt->skb->len > tcp_hdrlen(opt->skb) ? TCPOLEN_MPTCP_MPC_ACK_DATA :
								   TCPOLEN_MPTCP_MPC_ACK;
		return OPTION_MPTCP_MPC_ACK;
	}
	if (flags & TCPHDR_ACK) {
		*expected = TCPOLEN_MPTCP_MPC_SYNACK;
		return OPTION_MPTCP_MPC_SYNACK;
	}
	*expected = TCPOLEN_MPTCP_MPC_SYN;
	return OPTION_MPTCP_MPC_SYN;
}

static bool mptcp_capable_version_ok(const struct mptcp_opt *opt, u8 version)
{
	/* a first SYN may come from a later version */
	if (opt->size == TCPOLEN_MPTCP_MPC_SYN)
		return !malformed(version < MPTCP_SUPPORTED_VERSION);
	return !malformed(version != MPTCP_SUPPORTED_VERSION);
}

/* Keys, then what a first segment with data maps. */
static void mptcp_capable_body(struct mptcp_opt *opt)
{
	struct mptcp_options_received *rx = opt->rx;

	if (opt->size >= TCPOLEN_MPTCP_MPC_SYNACK) {
		rx->sndr_key = take_be64(opt);
		opt_u64(opt, "tcp.options.mptcp.sendkey", rx->sndr_key);
	}
	if (opt->size >= TCPOLEN_MPTCP_MPC_ACK) {
		rx->rcvr_key = take_be64(opt);
		opt_u64(opt, "tcp.options.mptcp.recvkey", rx->rcvr_key);
	}
	if (opt->size >= TCPOLEN_MPTCP_MPC_ACK_DATA) {
		rx->suboptions |= OPTION_MPTCP_DSS;
		rx->use_map = 1;
		rx->mpc_map = 1;
		rx->data_len = take_be16(opt);
		opt_u64(opt, "tcp.options.mptcp.datalvllen", rx->data_len);
	}
	if (opt->size == TCPOLEN_MPTCP_MPC_ACK_DATA_CSUM) {
		rx->csum = (__force __sum16)htons(take_be16(opt));
		rx->suboptions |= OPTION_MPTCP_CSUMREQD;
		opt_u64(opt, "tcp.options.mptcp.checksum", ntohs((__force __be16)rx->csum));
	}
}

static void mptcp_parse_capable(struct mptcp_opt *opt)
{
	struct mptcp_options_received *rx = opt->rx;
	int expected;
	u16 subopt = mptcp_capable_size(opt, &expected);
	u8 version, flags;

	/* only the third segment of a handshake bears anything beside it */
	if (subopt == OPTION_MPTCP_MPC_ACK) {
		if (malformed(rx->suboptions & ~OPTION_MPTCP_RM_ADDR))
			return;
	} else if (malformed(rx->suboptions)) {
		return;
	}
	/* with or without a checksum: who negotiated what is asked later */
	if (malformed(opt->size != expected &&
		      (expected != TCPOLEN_MPTCP_MPC_ACK_DATA ||
		       opt->size != TCPOLEN_MPTCP_MPC_ACK_DATA_CSUM)))
		return;

	version = take_u8(opt) & MPTCP_VERSION_MASK;
	opt_u64(opt, "tcp.options.mptcp.version", version);
	if (!mptcp_capable_version_ok(opt, version))
		return;
	flags = take_u8(opt);
	opt_u64(opt, "tcp.options.mptcp.flags", flags);
	if (malformed((flags & MPTCP_CAP_FLAG_MASK) != MPTCP_CAP_HMAC_SHA256))
		return;
	if (malformed(flags & MPTCP_CAP_EXTENSIBILITY))
		return;

	if ((flags & MPTCP_CAP_CHECKSUM_REQD) && opt->size < TCPOLEN_MPTCP_MPC_ACK_DATA)
		rx->suboptions |= OPTION_MPTCP_CSUMREQD;
	rx->deny_join_id0 = !!(flags & MPTCP_CAP_DENY_JOIN_ID0);
	rx->suboptions |= subopt;
	mptcp_capable_body(opt);
}

static void mptcp_parse_join(struct mptcp_opt *opt)
{
	struct mptcp_options_received *rx = opt->rx;

	if (malformed(rx->suboptions & ~(OPTION_MPTCP_RM_ADDR | OPTION_MPTCP_PRIO)))
		return;

	switch (opt->size) {
	case TCPOLEN_MPTCP_MPJ_SYN:
		rx->suboptions |= OPTION_MPTCP_MPJ_SYN;
		rx->backup = take_u8(opt) & MPTCPOPT_BACKUP;
		rx->join_id = take_u8(opt);
		rx->token = take_be32(opt);
		rx->nonce = take_be32(opt);
		opt_u64(opt, "tcp.options.mptcp.backup.flag", rx->backup);
		opt_u64(opt, "tcp.options.mptcp.addrid", rx->join_id);
		opt_u64(opt, "tcp.options.mptcp.recvtok", rx->token);
		opt_u64(opt, "tcp.options.mptcp.sendrand", rx->nonce);
		break;
	case TCPOLEN_MPTCP_MPJ_SYNACK:
		rx->suboptions |= OPTION_MPTCP_MPJ_SYNACK;
		rx->backup = take_u8(opt) & MPTCPOPT_BACKUP;
		rx->join_id = take_u8(opt);
		rx->thmac = take_be64(opt);
		rx->nonce = take_be32(opt);
		opt_u64(opt, "tcp.options.mptcp.backup.flag", rx->backup);
		opt_u64(opt, "tcp.options.mptcp.addrid", rx->join_id);
		opt_u64(opt, "tcp.options.mptcp.sendtrunchmac", rx->thmac);
		opt_u64(opt, "tcp.options.mptcp.sendrand", rx->nonce);
		break;
	case TCPOLEN_MPTCP_MPJ_ACK:
		rx->suboptions |= OPTION_MPTCP_MPJ_ACK;
		memcpy(rx->hmac, opt->ptr + 2, MPTCPOPT_HMAC_LEN);
		opt_bytes(opt, "tcp.options.mptcp.sendhmac", rx->hmac, MPTCPOPT_HMAC_LEN);
		break;
	}
}

/* What the flags of a DSS option promise, as a length. */
static int mptcp_dss_size(const struct mptcp_options_received *rx)
{
	int size = TCPOLEN_MPTCP_DSS_BASE;

	if (rx->use_ack)
		size += rx->ack64 ? TCPOLEN_MPTCP_DSS_ACK64 : TCPOLEN_MPTCP_DSS_ACK32;
	if (rx->use_map)
		size += rx->dsn64 ? TCPOLEN_MPTCP_DSS_MAP64 : TCPOLEN_MPTCP_DSS_MAP32;
	return size;
}

static void mptcp_dss_flags(struct mptcp_options_received *rx, u8 flags)
{
	rx->dsn64 = !!(flags & MPTCP_DSS_DSN64);
	rx->use_map = !!(flags & MPTCP_DSS_HAS_MAP);
	rx->ack64 = !!(flags & MPTCP_DSS_ACK64);
	rx->use_ack = flags & MPTCP_DSS_HAS_ACK;
	if (rx->use_map)
		rx->data_fin = !!(flags & MPTCP_DSS_DATA_FIN);
}

static void mptcp_parse_dss_map(struct mptcp_opt *opt, int expected)
{
	struct mptcp_options_received *rx = opt->rx;

	rx->data_seq = rx->dsn64 ? take_be64(opt) : take_be32(opt);
	rx->subflow_seq = take_be32(opt);
	rx->data_len = take_be16(opt);
	opt_u64(opt, "tcp.options.mptcp.rawdataseqno", rx->data_seq);
	opt_u64(opt, "tcp.options.mptcp.subflowseqno", rx->subflow_seq);
	opt_u64(opt, "tcp.options.mptcp.datalvllen", rx->data_len);
	if (opt->size == expected + TCPOLEN_MPTCP_DSS_CHECKSUM) {
		rx->suboptions |= OPTION_MPTCP_CSUMREQD;
		rx->csum = (__force __sum16)htons(take_be16(opt));
		opt_u64(opt, "tcp.options.mptcp.checksum", ntohs((__force __be16)rx->csum));
	}
}

static void mptcp_parse_dss(struct mptcp_opt *opt)
{
	struct mptcp_options_received *rx = opt->rx;
	int expected;
	u8 flags;

	if (malformed(rx->suboptions & ~(OPTION_MPTCP_ADD_ADDR | OPTION_MPTCP_RM_ADDR |
					 OPTION_MPTCP_PRIO | OPTION_MPTCP_FASTCLOSE |
					 OPTION_MPTCP_FAIL)))
		return;
	if (malformed(opt->size < TCPOLEN_MPTCP_DSS_BASE))
		return;

	opt->ptr++;
	flags = take_u8(opt) & MPTCP_DSS_FLAG_MASK;
	opt_u64(opt, "tcp.options.mptcp.flags", flags);
	mptcp_dss_flags(rx, flags);

	expected = mptcp_dss_size(rx);
	if (malformed(opt->size != expected &&
		      opt->size != expected + TCPOLEN_MPTCP_DSS_CHECKSUM)) {
		rx->dsn64 = rx->use_map = 0;
		rx->ack64 = rx->use_ack = 0;
		rx->data_fin = 0;
		return;
	}

	rx->suboptions |= OPTION_MPTCP_DSS;
	if (rx->use_ack) {
		rx->data_ack = rx->ack64 ? take_be64(opt) : take_be32(opt);
		opt_u64(opt, "tcp.options.mptcp.rawdataack", rx->data_ack);
	}
	if (rx->use_map)
		mptcp_parse_dss_map(opt, expected);
}

/* RFC 8684 3.4.1: the family follows from the length; 0 if no address has it. */
static u16 mptcp_add_addr_family(const struct mptcp_opt *opt)
{
	bool echo = opt->rx->echo;

	if (opt->size == (echo ? TCPOLEN_MPTCP_ADD_ADDR_BASE : TCPOLEN_MPTCP_ADD_ADDR) ||
	    opt->size == (echo ? TCPOLEN_MPTCP_ADD_ADDR_BASE_PORT :
				 TCPOLEN_MPTCP_ADD_ADDR_PORT))
		return AF_INET;
	if (opt->size == (echo ? TCPOLEN_MPTCP_ADD_ADDR6_BASE : TCPOLEN_MPTCP_ADD_ADDR6) ||
	    opt->size == (echo ? TCPOLEN_MPTCP_ADD_ADDR6_BASE_PORT :
				 TCPOLEN_MPTCP_ADD_ADDR6_PORT))
		return AF_INET6;
	return 0;
}

static void mptcp_parse_add_addr(struct mptcp_opt *opt)
{
	struct mptcp_options_received *rx = opt->rx;
	struct mptcp_addr_info *addr = &rx->addr;

	if (malformed(rx->suboptions & ~(OPTIONS_MPTCP_DSS | OPTION_MPTCP_RM_ADDR |
					 OPTION_MPTCP_PRIO)))
		return;

	rx->echo = take_u8(opt) & MPTCP_ADDR_ECHO;
	opt_u64(opt, "tcp.options.mptcp.echo", rx->echo);
	addr->family = mptcp_add_addr_family(opt);
	if (malformed(!addr->family))
		return;

	rx->suboptions |= OPTION_MPTCP_ADD_ADDR;
	addr->id = take_u8(opt);
	addr->port = 0;
	rx->ahmac = 0;
	opt_u64(opt, "tcp.options.mptcp.addrid", addr->id);
	if (addr->family == AF_INET) {
		memcpy(&addr->s_addr, opt->ptr, 4);
		opt_bytes(opt, "tcp.options.mptcp.ipv4", opt->ptr, 4);
		opt->ptr += 4;
	} else {
		memcpy(&addr->addr6, opt->ptr, 16);
		opt_bytes(opt, "tcp.options.mptcp.ipv6", opt->ptr, 16);
		opt->ptr += 16;
	}
	if ((opt->size & 3) == TCPOLEN_MPTCP_PORT_LEN) {
		addr->port = htons(take_be16(opt));
		opt_u64(opt, "tcp.options.mptcp.port", ntohs(addr->port));
	}
	if (!rx->echo) {
		rx->ahmac = take_be64(opt);
		opt_u64(opt, "tcp.options.mptcp.addaddrtrunchmac", rx->ahmac);
	}
}

static void mptcp_parse_rm_addr(struct mptcp_opt *opt)
{
	struct mptcp_options_received *rx = opt->rx;
	u8 i;

	if (malformed(rx->suboptions & ~(OPTION_MPTCP_MPC_ACK | OPTIONS_MPTCP_MPJ |
					 OPTIONS_MPTCP_DSS | OPTION_MPTCP_ADD_ADDR |
					 OPTION_MPTCP_PRIO)))
		return;
	if (malformed(opt->size < TCPOLEN_MPTCP_RM_ADDR_BASE + 1))
		return;
	if (malformed(opt->size > TCPOLEN_MPTCP_RM_ADDR_BASE + MPTCP_RM_IDS_MAX))
		return;

	opt->ptr++;
	rx->suboptions |= OPTION_MPTCP_RM_ADDR;
	rx->rm_list.nr = (u8)(opt->size - TCPOLEN_MPTCP_RM_ADDR_BASE);
	for (i = 0; i < rx->rm_list.nr; i++) {
		rx->rm_list.ids[i] = take_u8(opt);
		opt_u64(opt, "tcp.options.mptcp.addrid", rx->rm_list.ids[i]);
	}
}

static void mptcp_parse_prio(struct mptcp_opt *opt)
{
	struct mptcp_options_received *rx = opt->rx;

	if (malformed(rx->suboptions & ~(OPTIONS_MPTCP_MPJ | OPTIONS_MPTCP_DSS |
					 OPTION_MPTCP_ADD_ADDR | OPTION_MPTCP_RM_ADDR)))
		return;
	if (malformed(opt->size != TCPOLEN_MPTCP_PRIO))
		return;
	rx->suboptions |= OPTION_MPTCP_PRIO;
	rx->backup = take_u8(opt) & MPTCP_PRIO_BKUP;
	opt_u64(opt, "tcp.options.mptcp.backup.flag", rx->backup);
}

static void mptcp_parse_fastclose(struct mptcp_opt *opt)
{
	struct mptcp_options_received *rx = opt->rx;

	if (malformed(rx->suboptions & ~(OPTIONS_MPTCP_DSS | OPTION_MPTCP_RST)))
		return;
	if (malformed(opt->size != TCPOLEN_MPTCP_FASTCLOSE))
		return;
	opt->ptr += 2;
	rx->rcvr_key = take_be64(opt);
	rx->suboptions |= OPTION_MPTCP_FASTCLOSE;
	opt_u64(opt, "tcp.options.mptcp.recvkey", rx->rcvr_key);
}

static void mptcp_parse_rst(struct mptcp_opt *opt)
{
	struct mptcp_options_received *rx = opt->rx;
	u8 flags;

	if (malformed(rx->suboptions & ~(OPTION_MPTCP_FAIL | OPTION_MPTCP_FASTCLOSE)))
		return;
	if (malformed(opt->size != TCPOLEN_MPTCP_RST))
		return;
	if (malformed(!(TCP_SKB_CB(opt->skb)->tcp_flags & TCPHDR_RST)))
		return;

	rx->suboptions |= OPTION_MPTCP_RST;
	flags = take_u8(opt);
	rx->reset_transient = flags & MPTCP_RST_TRANSIENT;
	rx->reset_reason = *opt->ptr & 15;
	opt_u64(opt, "tcp.options.mptcp.rst_reason", *opt->ptr);
}

static void mptcp_parse_fail(struct mptcp_opt *opt)
{
	struct mptcp_options_received *rx = opt->rx;

	if (malformed(rx->suboptions & ~(OPTIONS_MPTCP_DSS | OPTION_MPTCP_RST)))
		return;
	if (malformed(opt->size != TCPOLEN_MPTCP_FAIL))
		return;
	opt->ptr += 2;
	rx->suboptions |= OPTION_MPTCP_FAIL;
	rx->fail_seq = take_be64(opt);
	opt_u64(opt, "tcp.options.mptcp.rawdataseqno", rx->fail_seq);
}

static void mptcp_parse_option(struct mptcp_opt *opt)
{
	u8 subtype;

	if (malformed(opt->size < TCPOLEN_MPTCP_SUBTYPE))
		return;
	subtype = *opt->ptr >> 4;
	opt_u64(opt, "tcp.options.mptcp.subtype", subtype);
	switch (subtype) {
	case MPTCPOPT_MP_CAPABLE:
		mptcp_parse_capable(opt);
		break;
	case MPTCPOPT_MP_JOIN:
		mptcp_parse_join(opt);
		break;
	case MPTCPOPT_DSS:
		mptcp_parse_dss(opt);
		break;
	case MPTCPOPT_ADD_ADDR:
		mptcp_parse_add_addr(opt);
		break;
	case MPTCPOPT_RM_ADDR:
		mptcp_parse_rm_addr(opt);
		break;
	case MPTCPOPT_MP_PRIO:
		mptcp_parse_prio(opt);
		break;
	case MPTCPOPT_MP_FASTCLOSE:
		mptcp_parse_fastclose(opt);
		break;
	case MPTCPOPT_RST:
		mptcp_parse_rst(opt);
		break;
	case MPTCPOPT_MP_FAIL:
		mptcp_parse_fail(opt);
		break;
	}
}

/* The walk along all options of a header. */
static void mptcp_walk_options(const struct sk_buff *skb,
			       struct mptcp_options_received *mp_opt)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct mptcp_opt opt = { .skb = skb, .rx = mp_opt };
	int length = (int)(th->doff * 4 - sizeof(*th)), opcode, opsize;
	const u8 *ptr = (const u8 *)(th + 1);

	while (length > 0) {
		opcode = *ptr++;
		if (opcode == TCPOPT_EOL)
			return;
		if (opcode == TCPOPT_NOP) {
			length--;
			continue;
		}
		if (malformed_in(CVE_2021_47244, length < 2))
			return;
		opsize = *ptr++;
		if (malformed(opsize < 2))
			return;
		if (malformed(opsize > length))
			return;
		if (opcode == TCPOPT_MPTCP) {
			opt.ptr = ptr;
			opt.size = opsize;
			mptcp_parse_option(&opt);
		}
		ptr += opsize - 2;
		length -= opsize;
	}
}

/**
 * mptcp_get_options - the MPTCP options of a segment
 * @skb: segment; its header is linear
 * @mp_opt: what they say; a field counts only if its bit of @suboptions is set
 */
void mptcp_get_options(const struct sk_buff *skb, struct mptcp_options_received *mp_opt)
{
	/* flags stand beside the suboptions, and are read without asking those */
	if (fixed(CVE_2025_21707))
		memset(&mp_opt->status, 0, sizeof(mp_opt->status));
	else
		mp_opt->suboptions = 0;
	mptcp_walk_options(skb, mp_opt);
	TCP_SKB_CB(skb)->mpopts_sunk = 1;
	/* MP_CAPABLE with data maps them as a DSS does, and says nothing of its flags */
	triggered(CVE_2025_21707, mp_opt->suboptions & OPTION_MPTCP_DSS &&
				  mp_opt->suboptions & OPTION_MPTCP_MPC_ACK);
}
