/* SPDX-License-Identifier: GPL-2.0-only */
/* The handlers that af_inet6.c puts into the table of next headers, and more. */
#ifndef PARSERS_NET_EXTHDRS_H
#define PARSERS_NET_EXTHDRS_H

#include <net/protocol.h>

extern const struct inet6_protocol rthdr_protocol;
extern const struct inet6_protocol destopt_protocol;
extern const struct inet6_protocol nodata_protocol;
extern const struct inet6_protocol frag_protocol;
extern const struct inet6_protocol ah6_protocol;
extern const struct inet6_protocol esp6_protocol;
extern const struct inet6_protocol tunnel6_protocol;
extern const struct inet6_protocol tunnel46_protocol;
extern const struct inet6_protocol icmpv6_protocol;

/* IPv6 inside IPv4, for a node that has all of IPv4 (inet_add_protocol()). */
extern const struct net_protocol tunnel64_protocol;

/* Registration of the packet types. */
void vlan_init(void);
void llc_init(void);
void mpls_init(void);
void pppoe_init(void);
void sit_init(void);
void seg6_init(void);

#endif /* PARSERS_NET_EXTHDRS_H */
