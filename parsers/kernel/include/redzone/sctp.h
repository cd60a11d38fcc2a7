/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a harness says to the SCTP port: the sockets of this node, and what their users
 * and time do. Ports of other layers never include this header.
 *
 * A listener is on port 5000. Ports 6000 to 6008 have an association each, which exists
 * from the first packet or act for its port on; its peer is whoever sent that packet
 * (192.0.2.1, port 7000, if it was an act), with a second address 192.0.2.77. Our
 * verification tag is 0x11111111, the peer's 0x22222222. We have sent TSN 0x20000 to
 * 0x20003 (1000, 1000, 100 and 100 bytes) and wait for TSN 0x1000; eight streams each way;
 * ASCONF begins with serial 0x1000 from the peer, stream resets with sequence number
 * 0x1000 from the peer and 0x20000 from us.
 *	6000	established
 *	6001	established, messages are interleaved (I-DATA)
 *	6002	COOKIE-WAIT: we have sent INIT
 *	6003	COOKIE-ECHOED
 *	6004	SHUTDOWN-SENT, nothing outstanding
 *	6005	SHUTDOWN-ACK-SENT, nothing outstanding
 *	6006	established, and the peer has to sign ASCONF, ASCONF-ACK, DATA, ABORT and
 *		COOKIE ECHO
 *	6007	SHUTDOWN-PENDING
 *	6008	SHUTDOWN-RECEIVED
 */
#ifndef REDZONE_SCTP_H
#define REDZONE_SCTP_H

#include <linux/types.h>

struct net;

/* Once per process: SCTP takes its protocol number from whoever has it. */
void sctp_init(void);

enum {
	REDZONE_SCTP_PLAIN	= 0x1,	/* no extension is enabled */
	REDZONE_SCTP_NO_HMAC	= 0x2,	/* cookies are not signed */
	REDZONE_SCTP_ADDIP_AUTH	= 0x4,	/* ASCONF only when authenticated */
	REDZONE_SCTP_SMALL	= 0x8,	/* receive buffers of 2 KiB; partial delivery early */
};

/* Acts of a user: the byte behind 0xf0; numbers are little-endian. */
enum redzone_sctp_act {
	REDZONE_SCTP_SEND	= 0x10,	/* u16 port, u16 stream, u16 bytes, u8 flags */
	REDZONE_SCTP_RECV	= 0x11,	/* u16 port, u8: read so many messages */
	REDZONE_SCTP_SHUTDOWN	= 0x12,	/* u16 port */
	REDZONE_SCTP_ABORT	= 0x13,	/* u16 port */
	REDZONE_SCTP_HEARTBEAT	= 0x14,	/* u16 port: to the first address */
	REDZONE_SCTP_ADD_IP	= 0x15,	/* u16 port, u8 last byte of an address, u8 1: delete */
	REDZONE_SCTP_RESET	= 0x16,	/* u16 port, u8 kind, u16 stream or number */
	REDZONE_SCTP_CLOSE	= 0x17,	/* u16 port: the user is gone */
};

/* Flags of REDZONE_SCTP_SEND; kinds of REDZONE_SCTP_RESET. */
enum {
	REDZONE_SCTP_UNORDERED	= 0x1,
	REDZONE_SCTP_TTL	= 0x2,	/* abandoned instead of sent again */

	REDZONE_SCTP_RESET_OUT	= 0,
	REDZONE_SCTP_RESET_IN	= 1,
	REDZONE_SCTP_RESET_BOTH	= 2,
	REDZONE_SCTP_RESET_TSN	= 3,
	REDZONE_SCTP_ADD_OUT	= 4,
	REDZONE_SCTP_ADD_IN	= 5,
};

void redzone_sctp_begin(struct net *net, u8 env);
void redzone_sctp_act(u8 op, const u8 *params, size_t len);
void redzone_sctp_end(void);

#endif /* REDZONE_SCTP_H */
