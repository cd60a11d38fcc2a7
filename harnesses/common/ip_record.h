/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets of targets that begin behind the IP header: of an Ethernet frame with an IPv4 or
 * IPv6 header, only that header's version, length and protocol are looked at.
 */
#ifndef REDZONE_IP_RECORD_H
#define REDZONE_IP_RECORD_H

#include <linux/skbuff.h>

/* What the IP header said. */
struct ip_head {
	u16 family;
	u8 proto;
	unsigned int len;
};

/*
 * The packet in @frame: network header set, data at the transport header, for us, from
 * eth0. NULL without such a header.
 */
struct sk_buff *ip_record_skb(const u8 *frame, size_t len, struct ip_head *head);

/*
 * On from the IPv6 header over Hop-by-Hop Options, of which a router alert is noted, and the
 * header of a fragment that is a whole packet; the protocol behind them.
 */
u8 ip6_record_skip(struct sk_buff *skb, const struct ip_head *head);

#endif /* REDZONE_IP_RECORD_H */
