/* SPDX-License-Identifier: GPL-2.0-only */
/* Compiled IPv4 options (struct ip_options). Faithful to Linux 6.1. */
#ifndef _INET_SOCK_H
#define _INET_SOCK_H

#include <linux/types.h>

/*
 * Where options stand: offsets from the start of the IPv4 header, 0 for none.
 * @nexthop: to which the source route leads; @faddr: its first hop
 */
struct ip_options {
	__be32		faddr;
	__be32		nexthop;
	unsigned char	optlen;
	unsigned char	srr;
	unsigned char	rr;
	unsigned char	ts;
	unsigned char	is_strictroute:1,
			srr_is_hit:1,
			is_changed:1,
			rr_needaddr:1,
			ts_needtime:1,
			ts_needaddr:1;
	unsigned char	router_alert;
	unsigned char	cipso;
	unsigned char	__pad2;
};

/* Behind it, for options that are not in a packet; upstream: the member __data. */
static inline unsigned char *ip_options_bytes(const struct ip_options *opt)
{
	return (unsigned char *)(opt + 1);
}

/* Compiled options with room for their bytes. */
struct ip_options_data {
	struct ip_options	opt;
	char			data[40];
};

#endif /* _INET_SOCK_H */
