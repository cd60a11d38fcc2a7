/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the parts of ICMP. */
#ifndef PARSERS_NET_ICMP_PRIV_H
#define PARSERS_NET_ICMP_PRIV_H

#include <linux/icmp.h>
#include <linux/ip.h>

/* The values of an IPv4 header, which is linear, into the sink. */

/* An answer to the extended echo request at @skb into @icmphdr; false: none. */
bool icmp_build_probe(struct sk_buff *skb, struct icmphdr *icmphdr);

/* An error about an ICMP message of ours; skb->data is at the quoted IPv4 header. */
int icmp_err(struct sk_buff *skb, u32 info);

/* What an error makes of the route to whom it is about. */
void ipv4_update_pmtu(struct sk_buff *skb, u32 mtu);
void ipv4_redirect(struct sk_buff *skb);

#endif /* PARSERS_NET_ICMP_PRIV_H */
