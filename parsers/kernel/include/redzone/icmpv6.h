/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a harness says to ICMPv6, NDP and MLD: how the node is configured, what its users
 * do. Ports of other layers never include this header.
 *
 * A device comes up with the first message that it receives: it has the addresses fe80::
 * with the last four bytes of its link address and fd72:6564:7a6f:6e65::1/64, asks for
 * routers unless it is one, and has joined ff02::fb, ff05::1:3 (two sources alone) and
 * ff0e::8 (all but one source).
 */
#ifndef REDZONE_ICMPV6_H
#define REDZONE_ICMPV6_H

#include <linux/types.h>

struct net;

/* Once per process: ICMPv6 takes its protocol number from whoever has it. */
void icmpv6_init(void);

enum {
	REDZONE_ICMPV6_ROUTER	= 0x1,	/* forwards, answers for others, learns untracked */
	REDZONE_ICMPV6_PRIVACY	= 0x2,	/* temporary addresses, optimistic ones */
	REDZONE_ICMPV6_SMALL	= 0x4,	/* three neighbours, two addresses more, MLD version 1 */
	REDZONE_ICMPV6_STRICT	= 0x8,	/* narrow sysctls */
};

/* Acts of a user: the byte behind 0xf0; what is missing reads as zero. */
enum redzone_icmpv6_act {
	REDZONE_ICMPV6_SEND	= 0x10,	/* u8 address: 32 bytes to that node */
	REDZONE_ICMPV6_ADDR	= 0x11,	/* u8 address: an address of ours, to be checked */
	REDZONE_ICMPV6_JOIN	= 0x12,	/* u8 group, u8 mode (1: include), u8 sources */
	REDZONE_ICMPV6_LEAVE	= 0x13,	/* u8 group */
	REDZONE_ICMPV6_PROXY	= 0x14,	/* u8 address: answer for this node */
};

/* Of an act's address only the last byte varies: fe80::N, fd72:6564:7a6f:6e65::N (from 128
 * on), groups ff05::N. */

void redzone_icmpv6_begin(struct net *net, u8 env);
void redzone_icmpv6_act(u8 op, const u8 *params, size_t len);

#endif /* REDZONE_ICMPV6_H */
