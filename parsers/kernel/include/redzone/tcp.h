/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a harness says to the TCP port: the sockets of this node, and what their users
 * and time do. Ports of other layers never include this header.
 *
 * Sockets by local port, for both families; any peer may speak to them:
 *	80	a listener, with Multipath TCP on port 81 and, on 82, with the SYN kept
 *		and data awaited before it accepts
 *	1000	established; we have sent 131072 .. 139072 (segments of 1000, 1000, 3000
 *		and 3000 bytes), and receive from 4096 on; the peer's window scale is 7
 *	1001	the same, and the first subflow of a Multipath TCP connection
 *	1002	in SYN-SENT, having sent sequence number 131071
 *	1003	established without timestamps and SACK
 *	1004	as 1001, but a subflow that joined
 * A socket exists from the first segment or act for its port on.
 */
#ifndef REDZONE_TCP_H
#define REDZONE_TCP_H

#include <linux/types.h>

struct net;
struct sk_buff;

/* Once per process: TCP takes its protocol number from whoever has it. */
void tcp_init(void);

enum {
	REDZONE_TCP_MD5		= 0x1,	/* every peer has to sign */
	REDZONE_TCP_COOKIES	= 0x2,	/* queues of listeners are full: SYN cookies */
	REDZONE_TCP_SMALL	= 0x4,	/* receive buffers of 4 KiB */
	REDZONE_TCP_MSS		= 0x8,	/* segments pass the xt_TCPMSS target first */
};

/* Acts of a user: the byte behind 0xf0; numbers are little-endian. */
enum redzone_tcp_act {
	REDZONE_TCP_SEND	= 0x10,	/* u16 port, u24: write so many bytes */
	REDZONE_TCP_RECV	= 0x11,	/* u16 port, u16: read up to so many */
	REDZONE_TCP_CLOSE	= 0x12,	/* u16 port */
	REDZONE_TCP_RCVBUF	= 0x13,	/* u16 port, u16: size of the receive buffer */
	REDZONE_TCP_MSS_NOW	= 0x14,	/* u16 port, u16: the path has this MTU now */
	REDZONE_TCP_ADD_ADDR	= 0x15,	/* u16 port, u8 id, u8 is IPv6, u16: announce */
	REDZONE_TCP_RM_ADDR	= 0x16,	/* u16 port, u8 id ...: withdraw */
	REDZONE_TCP_PRIO	= 0x17,	/* u16 port: ask for backup */
};

void redzone_tcp_begin(struct net *net, u8 env);
void redzone_tcp_act(u8 op, const u8 *params, size_t len);
void redzone_tcp_end(void);

/* xt_TCPMSS of @env; false: @skb was dropped. Network header set, data at TCP. */
bool redzone_tcp_mangle(struct sk_buff *skb, u16 family);

#endif /* REDZONE_TCP_H */
