// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of Neighbour Discovery messages.
 *
 * Modelled on: Linux 6.1 net/ipv6/ndisc.c (ndisc_parse_options, ndisc_next_option,
 *	ndisc_is_useropt, ndisc_next_useropt), include/net/ndisc.h
 *	(__ndisc_opt_addr_data)
 * Spec: RFC 4861 4.6, RFC 4191 2.3, RFC 3971 5.3.2
 * Differs: a link-layer address is Ethernet's; no options of 6LoWPAN links.
 */
#include "nd.h"

static bool ndisc_is_useropt(const struct nd_opt_hdr *opt)
{
	return opt->nd_opt_type == ND_OPT_PREFIX_INFO || opt->nd_opt_type == ND_OPT_RDNSS ||
	       opt->nd_opt_type == ND_OPT_DNSSL ||
	       opt->nd_opt_type == ND_OPT_CAPTIVE_PORTAL || opt->nd_opt_type == ND_OPT_PREF64;
}

/* The option takes its place among those of its message. */
static void ndisc_note_option(struct ndisc_options *ndopts, struct nd_opt_hdr *nd_opt)
{
	switch (nd_opt->nd_opt_type) {
	case ND_OPT_SOURCE_LL_ADDR:
	case ND_OPT_TARGET_LL_ADDR:
	case ND_OPT_MTU:
	case ND_OPT_NONCE:
	case ND_OPT_REDIRECT_HDR:
		/* the first one of a kind counts */
		if (malformed(ndopts->nd_opt_array[nd_opt->nd_opt_type]))
			break;
		ndopts->nd_opt_array[nd_opt->nd_opt_type] = nd_opt;
		break;
	case ND_OPT_PREFIX_INFO:
		ndopts->nd_opts_pi_end = nd_opt;
		if (!ndopts->nd_opts_pi)
			ndopts->nd_opts_pi = nd_opt;
		break;
	case ND_OPT_ROUTE_INFO:
		ndopts->nd_opts_ri_end = nd_opt;
		if (!ndopts->nd_opts_ri)
			ndopts->nd_opts_ri = nd_opt;
		break;
	}
	if (ndisc_is_useropt(nd_opt)) {
		ndopts->nd_useropts_end = nd_opt;
		if (!ndopts->nd_useropts)
			ndopts->nd_useropts = nd_opt;
	}
}

static void ndisc_decode_option(const struct sk_buff *skb, const struct nd_opt_hdr *nd_opt)
{
	const u8 *opt = (const u8 *)nd_opt;
	int l = nd_opt->nd_opt_len << 3;

	rx_u64(skb, "icmpv6.opt.type", nd_opt->nd_opt_type);
	rx_u64(skb, "icmpv6.opt.length", nd_opt->nd_opt_len);
	switch (nd_opt->nd_opt_type) {
	case ND_OPT_SOURCE_LL_ADDR:
	case ND_OPT_TARGET_LL_ADDR:
		if (l == 8)
			rx_bytes(skb, "icmpv6.opt.linkaddr", opt + 2, ETH_ALEN);
		break;
	case ND_OPT_MTU:
		rx_u64(skb, "icmpv6.opt.mtu", get_unaligned_be32(opt + 4));
		break;
	case ND_OPT_NONCE:
		rx_bytes(skb, "icmpv6.opt.nonce", opt + 2, (size_t)l - 2);
		break;
	}
}

/**
 * ndisc_parse_options - find the options of a message
 * @skb: the message, linear; NULL: decoded before
 * @opt: where they begin
 * @opt_len: to the end of the message
 * @ndopts: result
 *
 * Return: false if they contradict the length of the message.
 */
bool ndisc_parse_options(const struct sk_buff *skb, u8 *opt, int opt_len,
			 struct ndisc_options *ndopts)
{
	struct nd_opt_hdr *nd_opt;
	bool wraps;
	int off = 0, l;

	if (malformed(opt_len < 0))
		return false;
	memset(ndopts, 0, sizeof(*ndopts));

	while (off < opt_len) {
		nd_opt = (struct nd_opt_hdr *)(opt + off);
		if (malformed(opt_len - off < (int)sizeof(struct nd_opt_hdr)))
			return false;
		l = nd_opt->nd_opt_len << 3;
		if (malformed(opt_len - off < l))
			return false;
		if (malformed(l == 0))
			return false;
		if (skb)
			ndisc_decode_option(skb, nd_opt);
		ndisc_note_option(ndopts, nd_opt);
		off += l;
		wraps = off > 0xff;
		triggered(CVE_2021_21279, wraps);
		if (!fixed(CVE_2021_21279))
			off = (u8)off;
	}
	return true;
}

/* The next option of the kind of @cur, not behind @end; NULL: there is none. */
struct nd_opt_hdr *ndisc_next_option(struct nd_opt_hdr *cur, struct nd_opt_hdr *end)
{
	int type;

	if (!cur || !end || cur >= end)
		return NULL;
	type = cur->nd_opt_type;
	do {
		cur = (void *)cur + (cur->nd_opt_len << 3);
	} while (cur < end && cur->nd_opt_type != type);
	return cur <= end && cur->nd_opt_type == type ? cur : NULL;
}

struct nd_opt_hdr *ndisc_next_useropt(struct nd_opt_hdr *cur, struct nd_opt_hdr *end)
{
	if (!cur || !end || cur >= end)
		return NULL;
	do {
		cur = (void *)cur + (cur->nd_opt_len << 3);
	} while (cur < end && !ndisc_is_useropt(cur));
	return cur <= end && ndisc_is_useropt(cur) ? cur : NULL;
}

/* The link-layer address of @opt, NULL if it is not as long as Ethernet's. */
u8 *ndisc_opt_addr_data(struct nd_opt_hdr *opt)
{
	/* type, length, six bytes */
	if (malformed(opt->nd_opt_len != 1))
		return NULL;
	return (u8 *)(opt + 1);
}
