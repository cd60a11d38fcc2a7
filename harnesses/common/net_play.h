/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames and time of a network target whose input is `u16le length + bytes` records.
 *
 * A record is an Ethernet frame. If it is shorter than an Ethernet header and begins
 * with 0xf0 it is an act of the local side, `f0 OP parameters`; OP 0 lets time pass
 * (u16le, in tens of milliseconds), others are the target's.
 */
#ifndef REDZONE_NET_PLAY_H
#define REDZONE_NET_PLAY_H

#include "harness.h"

enum {
	NET_ACT = 0xf0,
	NET_ACT_TIME = 0x00,
	NET_ACT_FIRST = 0x10,	/* of those that a target defines */
};

/* One frame arrives and is processed to the end. */
void net_play_frame(const struct rz_input *in, const u8 *frame, size_t len);

/*
 * All records of @in; @act, if not NULL, takes the acts that are the target's.
 * Afterwards @last_ms pass, so that what was started may end.
 */
void net_play_records(const struct rz_input *in, unsigned int last_ms,
		      void (*act)(u8 op, const u8 *params, size_t len));

#endif /* REDZONE_NET_PLAY_H */
