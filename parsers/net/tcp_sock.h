/* SPDX-License-Identifier: GPL-2.0-only */
/* The sockets that exist (redzone/tcp.h), for the files of the TCP port. */
#ifndef PARSERS_NET_TCP_SOCK_H
#define PARSERS_NET_TCP_SOCK_H

#include <net/tcp.h>

enum {
	TCP_PORT_LISTEN		= 80,
	TCP_PORT_LISTEN_MPTCP	= 81,
	TCP_PORT_LISTEN_SAVE	= 82,
	TCP_PORT_ESTABLISHED	= 1000,
	TCP_PORT_MPTCP		= 1001,
	TCP_PORT_SYN_SENT	= 1002,
	TCP_PORT_PLAIN		= 1003,
	TCP_PORT_JOIN		= 1004,

	TCP_FIRST_SND		= 131072,
	TCP_FIRST_RCV		= 4096,
};

/* The socket that an act is for; opened if it is one of the known. */
struct sock *tcp_sock_of_port(u16 num);

#endif /* PARSERS_NET_TCP_SOCK_H */
