/* SPDX-License-Identifier: GPL-2.0-only */
/* IPv6 addresses, next-header values and option types. Faithful to Linux 6.1. */
#ifndef _LINUX_IN6_H
#define _LINUX_IN6_H

#include <linux/in.h>
#include <linux/types.h>

struct in6_addr {
	union {
		__u8	u6_addr8[16];
		__be16	u6_addr16[8];
		__be32	u6_addr32[4];
	} in6_u;
#define s6_addr		in6_u.u6_addr8
#define s6_addr16	in6_u.u6_addr16
#define s6_addr32	in6_u.u6_addr32
};

/* IPv6 extension headers */
#define IPPROTO_HOPOPTS		0
#define IPPROTO_ROUTING		43
#define IPPROTO_FRAGMENT	44
#define IPPROTO_ICMPV6		58
#define IPPROTO_NONE		59
#define IPPROTO_DSTOPTS		60
#define IPPROTO_MH		135
#define IPPROTO_ETHERNET	143

/* options of Hop-by-Hop and Destination Options */
#define IPV6_TLV_PAD1		0
#define IPV6_TLV_PADN		1
#define IPV6_TLV_ROUTERALERT	5
#define IPV6_TLV_CALIPSO	7
#define IPV6_TLV_IOAM		49
#define IPV6_TLV_JUMBO		194
#define IPV6_TLV_HAO		201

#define IPV6_OPT_ROUTERALERT_MLD 0x0000

#endif /* _LINUX_IN6_H */
