// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP inside IPv6.
 *
 * Modelled on: Linux 6.1 net/ipv6/tcp_ipv6.c (tcp_v6_rcv)
 * Spec: RFC 8200 8.1
 * Differs: all but the pseudo header is shared with IPv4 (tcp_ipv4.c).
 */
#include <linux/in.h>
#include <net/ip6_checksum.h>

#include "tcp_rcv.h"

/**
 * tcp_v6_rcv - one TCP segment inside IPv6
 * @skb: packet, network header set, data at the TCP header; consumed
 */
int tcp_v6_rcv(struct sk_buff *skb)
{
	return tcp_rcv(skb, AF_INET6, ip6_compute_pseudo);
}
