// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP as a protocol of IPv4 and IPv6.
 *
 * Modelled on: Linux 6.1 net/ipv4/af_inet.c (tcp_protocol), net/ipv6/tcp_ipv6.c
 *	(tcpv6_protocol)
 * Spec: IANA protocol numbers
 * Differs: errors that quote a segment change nothing.
 */
#include <net/protocol.h>
#include <net/tcp.h>
#include <redzone/tcp.h>

static const struct net_protocol tcp_protocol = {
	.handler = tcp_v4_rcv,
	.no_policy = 1,
};

static const struct inet6_protocol tcpv6_protocol = {
	.handler = tcp_v6_rcv,
	.flags = INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL,
};

void tcp_init(void)
{
	inet_add_protocol(&tcp_protocol, IPPROTO_TCP);
	inet6_add_protocol(&tcpv6_protocol, IPPROTO_TCP);
}
