/* SPDX-License-Identifier: GPL-2.0-only */
/* Neighbour Discovery messages and their options. Faithful to Linux 6.1 for the wire. */
#ifndef _NDISC_H
#define _NDISC_H

#include <linux/icmpv6.h>
#include <linux/in6.h>
#include <linux/skbuff.h>

#define NDISC_ROUTER_SOLICITATION	133
#define NDISC_ROUTER_ADVERTISEMENT	134
#define NDISC_NEIGHBOUR_SOLICITATION	135
#define NDISC_NEIGHBOUR_ADVERTISEMENT	136
#define NDISC_REDIRECT			137

enum {
	ND_OPT_SOURCE_LL_ADDR = 1,
	ND_OPT_TARGET_LL_ADDR = 2,
	ND_OPT_PREFIX_INFO = 3,
	ND_OPT_REDIRECT_HDR = 4,
	ND_OPT_MTU = 5,
	ND_OPT_NONCE = 14,
	ND_OPT_ARRAY_MAX,
	ND_OPT_ROUTE_INFO = 24,
	ND_OPT_RDNSS = 25,
	ND_OPT_DNSSL = 31,
	ND_OPT_6CO = 34,
	ND_OPT_CAPTIVE_PORTAL = 37,
	ND_OPT_PREF64 = 38,
};

struct nd_opt_hdr {
	__u8	nd_opt_type;
	__u8	nd_opt_len;	/* of the whole option, in units of 8 bytes */
} __attribute__((packed));

struct rs_msg {
	struct icmp6hdr	icmph;
	__u8		opt[];
};

struct ra_msg {
	struct icmp6hdr	icmph;
	__be32		reachable_time;
	__be32		retrans_timer;
};

/* Neighbour solicitation and advertisement */
struct nd_msg {
	struct icmp6hdr	icmph;
	struct in6_addr	target;
	__u8		opt[];
};

struct rd_msg {
	struct icmp6hdr	icmph;
	struct in6_addr	target;
	struct in6_addr	dest;
	__u8		opt[];
};

/* The first option of each kind, and the last one where there may be several. */
struct ndisc_options {
	struct nd_opt_hdr	*nd_opt_array[ND_OPT_ARRAY_MAX];
	struct nd_opt_hdr	*nd_opts_ri;
	struct nd_opt_hdr	*nd_opts_ri_end;
	struct nd_opt_hdr	*nd_useropts;
	struct nd_opt_hdr	*nd_useropts_end;
	struct nd_opt_hdr	*nd_opts_pi_end;
};

#define nd_opts_src_lladdr	nd_opt_array[ND_OPT_SOURCE_LL_ADDR]
#define nd_opts_tgt_lladdr	nd_opt_array[ND_OPT_TARGET_LL_ADDR]
#define nd_opts_pi		nd_opt_array[ND_OPT_PREFIX_INFO]
#define nd_opts_rh		nd_opt_array[ND_OPT_REDIRECT_HDR]
#define nd_opts_mtu		nd_opt_array[ND_OPT_MTU]
#define nd_opts_nonce		nd_opt_array[ND_OPT_NONCE]

struct prefix_info {
	__u8		type;
	__u8		length;
	__u8		prefix_len;
	__u8		reserved : 6,
			autoconf : 1,
			onlink : 1;
	__be32		valid;
	__be32		prefered;
	__be32		reserved2;
	struct in6_addr	prefix;
};

struct route_info {
	__u8	type;
	__u8	length;
	__u8	prefix_len;
	__u8	reserved_l : 3,
		route_pref : 2,
		reserved_h : 3;
	__be32	lifetime;
	__u8	prefix[];
};

#define ICMPV6_ROUTER_PREF_LOW		0x3
#define ICMPV6_ROUTER_PREF_MEDIUM	0x0
#define ICMPV6_ROUTER_PREF_HIGH		0x1
#define ICMPV6_ROUTER_PREF_INVALID	0x2

#endif /* _NDISC_H */
