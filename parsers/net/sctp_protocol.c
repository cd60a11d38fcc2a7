// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP as a protocol of IPv4 and IPv6.
 *
 * Modelled on: Linux 6.1 net/sctp/protocol.c (sctp_protocol), net/sctp/ipv6.c
 *	(sctpv6_protocol)
 * Spec: IANA protocol numbers
 * Differs: errors that quote a packet change nothing.
 */
#include <net/protocol.h>
#include <net/sctp.h>
#include <redzone/sctp.h>

static const struct net_protocol sctp_protocol = {
	.handler = sctp_rcv,
	.no_policy = 1,
};

static const struct inet6_protocol sctpv6_protocol = {
	.handler = sctp_rcv,
	.flags = INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL,
};

void sctp_init(void)
{
	inet_add_protocol(&sctp_protocol, IPPROTO_SCTP);
	inet6_add_protocol(&sctpv6_protocol, IPPROTO_SCTP);
}
