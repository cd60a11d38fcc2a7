/* SPDX-License-Identifier: GPL-2.0-only */
/* The local side of BNEP: the programs that ask for sessions, and the network stack. */
#ifndef BLUETOOTH_BNEP_LOCAL_H
#define BLUETOOTH_BNEP_LOCAL_H

#include <linux/skbuff.h>
#include <linux/types.h>
#include <redzone/sink.h>

struct bnep_session;
struct bnep_sock;

enum { BNEP_LOCAL_SESSIONS = 4 };

/*
 * Acts: one byte, then its parameters; those that are missing read as zero.
 */
enum bnep_act {
	BNEP_ACT_SEND	= 0x60,	/* an Ethernet frame */
	BNEP_ACT_ADD	= 0x61,	/* u8 protocol, u32le flags, u8 last byte of the address */
	BNEP_ACT_DEL	= 0x62,	/* u32le flags, u8 last byte of the address */
	BNEP_ACT_ANSWER	= 0x63,	/* u8 yes: the user on a setup request */
	BNEP_ACT_SELECT	= 0x64,	/* u8 n: whom the records that follow are for */
};

struct bnep_local {
	struct {
		struct bnep_session *session;
		struct bnep_sock *sock;
	} slot[BNEP_LOCAL_SESSIONS];
	unsigned int current;
	struct sink *sink;
};

/* One session with @flags (its bits of enum BNEP_SETUP_*), over an L2CAP channel. */
void bnep_local_open(struct bnep_local *local, u32 flags, struct sink *sink);
void bnep_local_close(struct bnep_local *local);

/* An SDU for the current session; consumed. NULL is ignored. */
void bnep_local_receive(struct bnep_local *local, struct sk_buff *skb);
void bnep_local_act(struct bnep_local *local, const u8 *data, size_t len);

#endif /* BLUETOOTH_BNEP_LOCAL_H */
