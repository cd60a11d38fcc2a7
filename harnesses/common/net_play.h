/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames and time of a network target whose input is `u16le length + bytes` records.
 *
 * A record is an Ethernet frame, or what the target makes of one. If it is shorter than
 * an Ethernet header and begins with 0xf0 it is an act of the local side, `f0 OP
 * parameters`; OP 0 lets time pass (u16le, in tens of milliseconds), others are the
 * target's.
 */
#ifndef REDZONE_NET_PLAY_H
#define REDZONE_NET_PLAY_H

#include "harness.h"

enum {
	NET_ACT = 0xf0,
	NET_ACT_TIME = 0x00,
	NET_ACT_FIRST = 0x10,	/* of those that a target defines */
};

/* How a target takes a record that is a packet, and an act that is its own. */
typedef void net_packet_fn(const struct rz_input *in, const u8 *frame, size_t len);
typedef void net_act_fn(u8 op, const u8 *params, size_t len);

/* One frame arrives and is processed to the end. */
void net_play_frame(const struct rz_input *in, const u8 *frame, size_t len);

/* All records of @in; @act may be NULL. */
void net_play_records(const struct rz_input *in, net_packet_fn *packet, net_act_fn *act);

/* @ms pass: timers, and the work and the packets that they led to. */
void net_play_time(unsigned int ms);

#endif /* REDZONE_NET_PLAY_H */
