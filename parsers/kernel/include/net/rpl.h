/* SPDX-License-Identifier: GPL-2.0-only */
/* RPL source routing header helpers (parsers/net/rpl.c). Faithful to Linux 6.1. */
#ifndef _NET_RPL_H
#define _NET_RPL_H

#include <linux/rpl.h>

size_t ipv6_rpl_srh_size(unsigned char n, unsigned char cmpri, unsigned char cmpre);
void ipv6_rpl_srh_decompress(struct ipv6_rpl_sr_hdr *outhdr,
			     const struct ipv6_rpl_sr_hdr *inhdr,
			     const struct in6_addr *daddr, unsigned char n);
void ipv6_rpl_srh_compress(struct ipv6_rpl_sr_hdr *outhdr,
			   const struct ipv6_rpl_sr_hdr *inhdr,
			   const struct in6_addr *daddr, unsigned char n);

#endif /* _NET_RPL_H */
