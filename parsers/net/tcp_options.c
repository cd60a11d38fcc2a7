// SPDX-License-Identifier: GPL-2.0-only
/*
 * The options of a TCP segment.
 *
 * Modelled on: Linux 6.1 net/ipv4/tcp_input.c (tcp_parse_options,
 *	tcp_fast_parse_options, tcp_parse_aligned_timestamp, tcp_parse_fastopen_option,
 *	smc_parse_options, tcp_parse_mss_option, tcp_parse_md5sig_option)
 * Spec: RFC 9293 3.1 and 3.2, RFC 7323, RFC 2018, RFC 2385, RFC 7413, RFC 6994,
 *	RFC 7609
 * Differs: each option of a segment goes to the sink once, however often it is parsed;
 *	the Authentication Option is skipped as unknown, as in 6.1. Two variants of bugs of
 *	other stacks: the walk for the MSS counts without a sign, as RIOT's does; an MSS of
 *	zero is a divisor later, as in FreeRTOS+TCP.
 */
#include <asm/unaligned.h>
#include <net/tcp.h>

#include "rx.h"

/* One walk over an option list is about to begin. */
static const u8 *tcp_options_begin(const struct tcphdr *th, int *length)
{
	*length = (int)(th->doff * 4 - sizeof(*th));
	return (const u8 *)(th + 1);
}

static void opt_u64(const struct sk_buff *skb, const char *name, u64 value)
{
	if (!TCP_SKB_CB(skb)->opts_sunk)
		rx_u64(skb, name, value);
}

static void opt_bytes(const struct sk_buff *skb, const char *name, const void *data,
		      size_t len)
{
	if (!TCP_SKB_CB(skb)->opts_sunk)
		rx_bytes(skb, name, data, len);
}

/* RFC 7413 4.1.1: 4 to 16 bytes, an even number, in SYN and SYN-ACK only. */
static void tcp_parse_fastopen_option(const struct sk_buff *skb, int len, const u8 *cookie,
				      bool syn, struct tcp_fastopen_cookie *foc, bool exp_opt)
{
	if (!foc)
		return;
	if (malformed(!syn))
		return;
	if (malformed(len < 0))
		return;
	if (malformed(len & 1))
		return;

	if (len && (malformed(len < TCP_FASTOPEN_COOKIE_MIN) ||
		    malformed(len > TCP_FASTOPEN_COOKIE_MAX))) {
		len = -1;
	} else if (len) {
		memcpy(foc->val, cookie, (size_t)len);
		opt_bytes(skb, "tcp.options.tfo.cookie", cookie, (size_t)len);
	}
	foc->len = (s8)len;
	foc->exp = exp_opt;
}

/* SMC announces itself in an experimental option of a SYN. */
static bool smc_parse_options(const struct tcphdr *th, struct tcp_options_received *opt_rx,
			      const u8 *ptr, int opsize)
{
	if (malformed(!th->syn))
		return false;
	if (malformed(opsize & 1))
		return false;
	if (malformed(opsize < TCPOLEN_EXP_SMC_BASE))
		return false;
	if (malformed(get_unaligned_be32(ptr) != TCPOPT_SMC_MAGIC))
		return false;
	opt_rx->smc_ok = 1;
	return true;
}

static void tcp_parse_mss(const struct sk_buff *skb, const u8 *ptr, int opsize, bool may,
			  struct tcp_options_received *opt_rx)
{
	u16 in_mss;

	if (malformed(opsize != TCPOLEN_MSS))
		return;
	in_mss = get_unaligned_be16(ptr);
	opt_u64(skb, "tcp.options.mss_val", in_mss);
	if (malformed(!may))
		return;
	if (malformed_in(CVE_2018_16523, !in_mss))
		return;
	if (opt_rx->user_mss && opt_rx->user_mss < in_mss)
		in_mss = opt_rx->user_mss;
	opt_rx->mss_clamp = in_mss;
}

static void tcp_parse_window(const struct sk_buff *skb, const u8 *ptr, int opsize, bool may,
			     struct tcp_options_received *opt_rx)
{
	u8 snd_wscale;

	if (malformed(opsize != TCPOLEN_WINDOW))
		return;
	snd_wscale = *ptr;
	opt_u64(skb, "tcp.options.wscale.shift", snd_wscale);
	if (malformed(!may))
		return;
	opt_rx->wscale_ok = 1;
	/* RFC 7323 2.3: no window above 2^30 */
	if (malformed(snd_wscale > TCP_MAX_WSCALE))
		snd_wscale = TCP_MAX_WSCALE;
	opt_rx->snd_wscale = snd_wscale & 15;
}

static void tcp_parse_timestamp(const struct sk_buff *skb, const u8 *ptr, int opsize,
				int estab, struct tcp_options_received *opt_rx)
{
	if (malformed(opsize != TCPOLEN_TIMESTAMP))
		return;
	opt_u64(skb, "tcp.options.timestamp.tsval", get_unaligned_be32(ptr));
	opt_u64(skb, "tcp.options.timestamp.tsecr", get_unaligned_be32(ptr + 4));
	if (malformed(estab && !opt_rx->tstamp_ok))
		return;
	opt_rx->saw_tstamp = 1;
	opt_rx->rcv_tsval = get_unaligned_be32(ptr);
	opt_rx->rcv_tsecr = get_unaligned_be32(ptr + 4);
}

static void tcp_parse_sack_perm(int opsize, bool may, struct tcp_options_received *opt_rx)
{
	if (malformed(opsize != TCPOLEN_SACK_PERM))
		return;
	if (malformed(!may))
		return;
	opt_rx->sack_ok = TCP_SACK_SEEN;
	tcp_sack_reset(opt_rx);
}

/* The blocks are read when the acknowledgement is processed; here, where they are. */
static void tcp_parse_sack(const struct sk_buff *skb, const struct tcphdr *th, const u8 *ptr,
			   int opsize, struct tcp_options_received *opt_rx)
{
	int i;

	if (malformed(opsize < TCPOLEN_SACK_BASE + TCPOLEN_SACK_PERBLOCK))
		return;
	if (malformed((opsize - TCPOLEN_SACK_BASE) % TCPOLEN_SACK_PERBLOCK))
		return;
	for (i = 0; i < opsize - TCPOLEN_SACK_BASE; i += TCPOLEN_SACK_PERBLOCK) {
		opt_u64(skb, "tcp.options.sack_le", get_unaligned_be32(ptr + i));
		opt_u64(skb, "tcp.options.sack_re", get_unaligned_be32(ptr + i + 4));
	}
	if (malformed(!opt_rx->sack_ok))
		return;
	TCP_SKB_CB(skb)->sacked = (u8)(ptr - 2 - (const u8 *)th);
}

/* RFC 6994: an experiment names itself by its first two or four bytes. */
static void tcp_parse_exp(const struct sk_buff *skb, const struct tcphdr *th, const u8 *ptr,
			  int opsize, struct tcp_options_received *opt_rx,
			  struct tcp_fastopen_cookie *foc)
{
	if (!malformed(opsize < TCPOLEN_EXP_FASTOPEN_BASE)) {
		opt_u64(skb, "tcp.options.experimental.exid", get_unaligned_be16(ptr));
		if (get_unaligned_be16(ptr) == TCPOPT_FASTOPEN_MAGIC) {
			tcp_parse_fastopen_option(skb, opsize - TCPOLEN_EXP_FASTOPEN_BASE,
						  ptr + 2, th->syn, foc, true);
			return;
		}
		if (smc_parse_options(th, opt_rx, ptr, opsize))
			return;
	}
	opt_rx->saw_unknown = 1;
}

static void tcp_parse_option(const struct sk_buff *skb, const struct tcphdr *th, int opcode,
			     const u8 *ptr, int opsize, struct tcp_options_received *opt_rx,
			     int estab, struct tcp_fastopen_cookie *foc)
{
	bool may = th->syn && !estab;	/* what only a handshake negotiates */

	switch (opcode) {
	case TCPOPT_MSS:
		tcp_parse_mss(skb, ptr, opsize, may, opt_rx);
		break;
	case TCPOPT_WINDOW:
		tcp_parse_window(skb, ptr, opsize, may, opt_rx);
		break;
	case TCPOPT_TIMESTAMP:
		tcp_parse_timestamp(skb, ptr, opsize, estab, opt_rx);
		break;
	case TCPOPT_SACK_PERM:
		tcp_parse_sack_perm(opsize, may, opt_rx);
		break;
	case TCPOPT_SACK:
		tcp_parse_sack(skb, th, ptr, opsize, opt_rx);
		break;
	case TCPOPT_MD5SIG:
		break;	/* seen to before any other option */
	case TCPOPT_FASTOPEN:
		tcp_parse_fastopen_option(skb, opsize - TCPOLEN_FASTOPEN_BASE, ptr, th->syn,
					  foc, false);
		break;
	case TCPOPT_EXP:
		tcp_parse_exp(skb, th, ptr, opsize, opt_rx, foc);
		break;
	default:
		opt_rx->saw_unknown = 1;
	}
}

/**
 * tcp_parse_options - all options of a segment
 * @net: namespace
 * @skb: segment; its header is linear
 * @opt_rx: what they say
 * @estab: the handshake is over
 * @foc: where a Fast Open cookie goes, or NULL
 */
void tcp_parse_options(const struct net *net, const struct sk_buff *skb,
		       struct tcp_options_received *opt_rx, int estab,
		       struct tcp_fastopen_cookie *foc)
{
	const struct tcphdr *th = tcp_hdr(skb);
	int length, opcode, opsize;
	const u8 *ptr = tcp_options_begin(th, &length);

	opt_rx->saw_tstamp = 0;
	opt_rx->saw_unknown = 0;

	while (length > 0) {
		opcode = *ptr++;
		opt_u64(skb, "tcp.option_kind", (u8)opcode);
		if (opcode == TCPOPT_EOL)
			break;
		if (opcode == TCPOPT_NOP) {
			length--;
			continue;
		}
		if (malformed(length < 2))
			break;
		opsize = *ptr++;
		opt_u64(skb, "tcp.option_len", (u8)opsize);
		if (malformed(opsize < 2))
			break;
		if (malformed(opsize > length))
			break;
		tcp_parse_option(skb, th, opcode, ptr, opsize, opt_rx, estab, foc);
		ptr += opsize - 2;
		length -= opsize;
	}
	TCP_SKB_CB(skb)->opts_sunk = 1;
}

/* Nothing but a timestamp, where everybody puts it. */
static bool tcp_parse_aligned_timestamp(const struct sk_buff *skb, struct tcp_sock *tp,
					const struct tcphdr *th)
{
	const __be32 *ptr = (const __be32 *)(th + 1);

	if (*ptr != htonl(TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_TIMESTAMP << 8 |
			  TCPOLEN_TIMESTAMP))
		return false;

	tp->rx_opt.saw_tstamp = 1;
	tp->rx_opt.rcv_tsval = ntohl(ptr[1]);
	tp->rx_opt.rcv_tsecr = ptr[2] ? ntohl(ptr[2]) - tp->tsoffset : 0;
	opt_u64(skb, "tcp.option_kind", TCPOPT_NOP);
	opt_u64(skb, "tcp.option_kind", TCPOPT_NOP);
	opt_u64(skb, "tcp.option_kind", TCPOPT_TIMESTAMP);
	opt_u64(skb, "tcp.option_len", TCPOLEN_TIMESTAMP);
	opt_u64(skb, "tcp.options.timestamp.tsval", ntohl(ptr[1]));
	opt_u64(skb, "tcp.options.timestamp.tsecr", ntohl(ptr[2]));
	TCP_SKB_CB(skb)->opts_sunk = 1;
	return true;
}

/**
 * tcp_fast_parse_options - options of a segment of an established connection
 *
 * Return: whether there may be a timestamp.
 */
bool tcp_fast_parse_options(const struct net *net, const struct sk_buff *skb,
			    const struct tcphdr *th, struct tcp_sock *tp)
{
	if (th->doff == sizeof(*th) / 4) {
		tp->rx_opt.saw_tstamp = 0;
		return false;
	}
	if (tp->rx_opt.tstamp_ok && th->doff == (sizeof(*th) + TCPOLEN_TSTAMP_ALIGNED) / 4) {
		if (tcp_parse_aligned_timestamp(skb, tp, th))
			return true;
	}

	tcp_parse_options(net, skb, &tp->rx_opt, 1, NULL);
	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;
	return true;
}

/**
 * tcp_parse_mss_option - the MSS of a SYN that gets no request socket
 *
 * Return: the value, clamped to @user_mss; 0 if there is none.
 */
u16 tcp_parse_mss_option(const struct tcphdr *th, u16 user_mss)
{
	const u8 *ptr = (const u8 *)(th + 1);
	unsigned int length = th->doff * 4 - sizeof(*th), opsize;
	u16 mss = 0, in_mss;
	int opcode;

	while (length > 0) {
		opcode = *ptr++;
		if (opcode == TCPOPT_EOL)
			return mss;
		if (opcode == TCPOPT_NOP) {
			length--;
			continue;
		}
		if (malformed(length < 2))
			return mss;
		opsize = *ptr++;
		if (malformed(opsize < 2))
			return mss;
		if (malformed_in(RIOT_C9358B9217FC, opsize > length))
			return mss;
		if (opcode == TCPOPT_MSS && !malformed(opsize != TCPOLEN_MSS)) {
			in_mss = get_unaligned_be16(ptr);
			if (!malformed(!in_mss))
				mss = user_mss && user_mss < in_mss ? user_mss : in_mss;
		}
		ptr += opsize - 2;
		length -= opsize;
	}
	return mss;
}

/**
 * tcp_parse_md5sig_option - where the digest of a signed segment is
 *
 * Return: its 16 bytes, or NULL.
 */
const u8 *tcp_parse_md5sig_option(const struct tcphdr *th)
{
	int length, opcode, opsize;
	const u8 *ptr = tcp_options_begin(th, &length);

	/* the last one that can be it begins TCPOLEN_MD5SIG before the end */
	while (length >= TCPOLEN_MD5SIG) {
		opcode = *ptr++;
		if (opcode == TCPOPT_EOL)
			return NULL;
		if (opcode == TCPOPT_NOP) {
			length--;
			continue;
		}
		opsize = *ptr++;
		if (malformed(opsize < 2))
			return NULL;
		if (malformed(opsize > length))
			return NULL;
		if (opcode == TCPOPT_MD5SIG) {
			if (malformed(opsize != TCPOLEN_MD5SIG))
				return NULL;
			return ptr;
		}
		ptr += opsize - 2;
		length -= opsize;
	}
	return NULL;
}
