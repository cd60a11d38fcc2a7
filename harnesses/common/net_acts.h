/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Acts of the local side of an IPv4 node (net_play.h has the record's form). Numbers are
 * little-endian, addresses as on the wire; what is missing reads as zero.
 */
#ifndef REDZONE_NET_ACTS_H
#define REDZONE_NET_ACTS_H

#include <linux/types.h>

enum {
	NET_ACT_JOIN = 0x10,	/* group[4], mode (1: include), source[4] if mode has bit 1 */
	NET_ACT_LEAVE = 0x11,	/* group[4] */
	NET_ACT_BARE = 0x12,	/* type[2], bytes: a packet without a link header, on tunl0 */
};

void net_act_ipv4(u8 op, const u8 *params, size_t len);

#endif /* REDZONE_NET_ACTS_H */
