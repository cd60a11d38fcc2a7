// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of router advertisements that a daemon of the user's reads: name servers,
 * domains, routes, contexts, translation prefixes, the portal.
 *
 * Modelled on: systemd 252 src/libsystemd-network/ndisc-router.c (ndisc_router_parse,
 *	sd_ndisc_router_rdnss_get_addresses, sd_ndisc_router_dnssl_get_domains,
 *	sd_ndisc_router_route_get_address), NetworkManager 1.42
 *	src/libnm-platform/nm-ndisc (captive portal)
 * Spec: RFC 8106 5, RFC 4191 2.3, RFC 6775 4.2, RFC 8910 2.3, RFC 8781 4
 * Differs: as other stacks do, the options are tested in a first pass and taken in a
 *	second, which goes on where the content of an option ends. CVE-2020-16898 is a
 *	variant: its two passes are those of Windows.
 */
#include <asm/unaligned.h>

#include "nd.h"

enum { DNS_LABEL_MAX = 63, DNS_NAME_MAX = 255 };

struct nd_opt_rdnss {
	u8		type;
	u8		length;
	__be16		reserved;
	__be32		lifetime;
	struct in6_addr	addr[];
};

struct nd_opt_6co {
	u8	type;
	u8	length;
	u8	context_length;
	u8	flags;
	__be16	reserved;
	__be16	lifetime;
	u8	prefix[];
};

/* A copy of a route option at its full length */
struct nd_user_route {
	u8	type;
	u8	length;
	u8	prefix_len;
	u8	pref;
	__be32	lifetime;
	u8	prefix[16];
};

/*
 * First pass
 */

static bool rdnss_ok(const u8 *opt)
{
	/* at least one address */
	if (malformed(opt[1] < 3))
		return false;
	/* and nothing behind the last one */
	if (malformed_in(CVE_2020_16898, opt[1] % 2 == 0))
		return false;
	return true;
}

static bool route_ok(const u8 *opt)
{
	if (malformed(opt[1] > 3))
		return false;
	if (malformed(opt[2] > 128))
		return false;
	if (malformed(opt[2] > 64 && opt[1] < 3))
		return false;
	return true;
}

static bool context_ok(const u8 *opt)
{
	if (malformed(opt[1] != 2 && opt[1] != 3))
		return false;
	if (malformed(opt[2] > 64 && opt[1] != 3))
		return false;
	return true;
}

static bool user_option_ok(const u8 *opt)
{
	switch (opt[0]) {
	case ND_OPT_RDNSS:
		return rdnss_ok(opt);
	case ND_OPT_ROUTE_INFO:
		return route_ok(opt);
	case ND_OPT_DNSSL:
		return !malformed(opt[1] < 2);
	case ND_OPT_6CO:
		return context_ok(opt);
	case ND_OPT_PREF64:
		return !malformed(opt[1] != 2);
	}
	return true;
}

/* The message has passed ndisc_parse_options(). */
static bool user_options_ok(const u8 *opt, int opt_len)
{
	int off;

	for (off = 0; off < opt_len; off += opt[off + 1] << 3)
		if (!user_option_ok(opt + off))
			return false;
	return true;
}

/*
 * Second pass: each returns the byte behind what it took
 */

static u8 *rdnss_take(const struct sk_buff *skb, u8 *opt)
{
	const struct nd_opt_rdnss *rdnss = (const struct nd_opt_rdnss *)opt;
	int i, n = (rdnss->length - 1) / 2;

	rx_u64(skb, "icmpv6.opt.rdnss.lifetime", ntohl(rdnss->lifetime));
	for (i = 0; i < n; i++)
		rx_bytes(skb, "icmpv6.opt.rdnss", &rdnss->addr[i], sizeof(rdnss->addr[i]));
	return (u8 *)&rdnss->addr[n];
}

static u8 *route_take(const struct sk_buff *skb, u8 *opt)
{
	struct nd_user_route route;
	int len = opt[1] << 3;

	memset(&route, 0, sizeof(route));
	memcpy(&route, opt, (size_t)len);
	sink_effect_u64(rx_sink(skb), "nd.user.route.plen", route.prefix_len);
	sink_effect_bytes(rx_sink(skb), "nd.user.route", route.prefix, sizeof(route.prefix));
	return opt + len;
}

/* One domain name at @at; NULL: the option ends, or the name is none. */
static const u8 *dnssl_name(const struct sk_buff *skb, const u8 *at, const u8 *end)
{
	char name[DNS_NAME_MAX + 1];
	size_t len = 0;

	while (at < end && *at) {
		if (malformed(*at > DNS_LABEL_MAX))
			return NULL;
		if (malformed(*at >= end - at))
			return NULL;
		if (malformed(len + *at + 1 > DNS_NAME_MAX))
			return NULL;
		if (len)
			name[len++] = '.';
		memcpy(name + len, at + 1, *at);
		len += *at;
		at += *at + 1;
	}
	/* padding is a name without labels */
	if (!len)
		return NULL;
	if (malformed(at == end))
		return NULL;
	rx_bytes(skb, "icmpv6.opt.dnssl", name, len);
	return at + 1;
}

static u8 *dnssl_take(const struct sk_buff *skb, u8 *opt)
{
	const u8 *at = opt + 8, *end = opt + (opt[1] << 3);

	rx_u64(skb, "icmpv6.opt.dnssl.lifetime", get_unaligned_be32(opt + 4));
	while (at && at < end)
		at = dnssl_name(skb, at, end);
	return (u8 *)end;
}

static u8 *context_take(const struct sk_buff *skb, u8 *opt)
{
	const struct nd_opt_6co *co = (const struct nd_opt_6co *)opt;
	struct in6_addr prefix;

	memset(&prefix, 0, sizeof(prefix));
	memcpy(&prefix, co->prefix, (size_t)(co->length - 1) * 8);
	rx_u64(skb, "icmpv6.opt.6co.context_length", co->context_length);
	rx_u64(skb, "icmpv6.opt.6co.flag.c", co->flags >> 4 & 1);
	rx_u64(skb, "icmpv6.opt.6co.flag.cid", co->flags & 15);
	rx_u64(skb, "icmpv6.opt.6co.valid_lifetime", ntohs(co->lifetime));
	rx_bytes(skb, "icmpv6.opt.6co.context_prefix", &prefix, sizeof(prefix));
	return opt + (co->length << 3);
}

static u8 *pref64_take(const struct sk_buff *skb, u8 *opt)
{
	struct in6_addr prefix;

	memset(&prefix, 0, sizeof(prefix));
	memcpy(&prefix, opt + 4, 12);
	rx_u64(skb, "icmpv6.opt.pref64.scaled_lifetime", get_unaligned_be16(opt + 2) >> 3);
	rx_u64(skb, "icmpv6.opt.pref64.plc", opt[3] & 7);
	rx_bytes(skb, "icmpv6.opt.pref64.prefix", &prefix, sizeof(prefix));
	return opt + (opt[1] << 3);
}

/* An address of a page, padded with zeros. */
static u8 *portal_take(const struct sk_buff *skb, u8 *opt)
{
	size_t len = (size_t)(opt[1] << 3) - 2;

	while (len && !opt[1 + len])
		len--;
	rx_bytes(skb, "icmpv6.opt.captive_portal", opt + 2, len);
	return opt + (opt[1] << 3);
}

static u8 *user_option_take(const struct sk_buff *skb, u8 *opt)
{
	switch (opt[0]) {
	case ND_OPT_RDNSS:
		return rdnss_take(skb, opt);
	case ND_OPT_ROUTE_INFO:
		return route_take(skb, opt);
	case ND_OPT_DNSSL:
		return dnssl_take(skb, opt);
	case ND_OPT_6CO:
		return context_take(skb, opt);
	case ND_OPT_PREF64:
		return pref64_take(skb, opt);
	case ND_OPT_CAPTIVE_PORTAL:
		return portal_take(skb, opt);
	}
	return opt + (opt[1] << 3);
}

void nd_useropts_rcv(const struct sk_buff *skb, u8 *opt, int opt_len)
{
	u8 *end = opt + opt_len;

	if (!user_options_ok(opt, opt_len))
		return;
	while (opt < end && opt[1])
		opt = user_option_take(skb, opt);
}
