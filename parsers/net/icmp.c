// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP errors that this node sends.
 *
 * Modelled on: Linux 6.1 net/ipv4/icmp.c (__icmp_send)
 * Spec: RFC 792, RFC 1122 3.2.2
 * Differs: an error is an effect, not a packet; no rate limit.
 */
#include <net/icmp.h>
#include <net/ip.h>

#include "rx.h"

void __icmp_send(struct sk_buff *skb_in, int type, int code, __be32 info,
		 const struct ip_options *opt)
{
	sink_effect_u64(rx_sink(skb_in), "icmp.type", type);
	sink_effect_u64(rx_sink(skb_in), "icmp.code", code);
	sink_effect_u64(rx_sink(skb_in), "icmp.info", ntohl(info));
}
