/* SPDX-License-Identifier: GPL-2.0-only */
/* What one acknowledgement did, and the queue of what was sent. */
#ifndef PARSERS_NET_TCP_ACK_H
#define PARSERS_NET_TCP_ACK_H

#include <net/tcp.h>

#define FLAG_DATA		0x01	/* the segment has data */
#define FLAG_WIN_UPDATE		0x02
#define FLAG_DATA_ACKED		0x04
#define FLAG_RETRANS_DATA_ACKED	0x08
#define FLAG_DATA_SACKED	0x20
#define FLAG_SND_UNA_ADVANCED	0x400
#define FLAG_DSACKING_ACK	0x800
#define FLAG_SLOWPATH		0x100
#define FLAG_SACK_RENEGING	0x2000
#define FLAG_UPDATE_TS_RECENT	0x4000
#define FLAG_NO_CHALLENGE_ACK	0x8000
#define FLAG_NOT_DUP		(FLAG_DATA | FLAG_WIN_UPDATE | FLAG_DATA_ACKED)

struct sk_buff *tcp_highest_sack(struct sock *sk);

#endif /* PARSERS_NET_TCP_ACK_H */
