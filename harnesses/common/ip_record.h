/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records of targets that begin behind the IP header. A record is an Ethernet frame with
 * an IPv4 or IPv6 header, of which only the version, the IPv4 header's length and the
 * protocol are looked at; or, if it begins with 0xf0 and is no whole frame, an act as in
 * net_play.h.
 */
#ifndef REDZONE_IP_RECORD_H
#define REDZONE_IP_RECORD_H

#include <net/sock.h>

#include "harness.h"

/* One packet: network header set, data at the transport header, for us, from eth0. */
typedef void ip_record_fn(struct sk_buff *skb, u16 family, u8 proto, u8 env);

/* Each record in turn; @act gets those that are not time. */
void ip_records_play(const struct rz_input *in, ip_record_fn *packet,
		     void (*act)(u8 op, const u8 *params, size_t len));

#endif /* REDZONE_IP_RECORD_H */
