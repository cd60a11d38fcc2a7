/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a harness says to the network environment: which node receives, and when
 * the packets that the node sent to itself are taken from the backlog.
 * Ports never include this header.
 *
 * The node: eth0 (Ethernet, MTU 1500) receives, VLANs of any id nest up to
 * MAX_NEST_DEV deep, every PPPoE session, MPLS label, tunnel end and AH SPI
 * exists. Local are ::1, fd72:6564:7a6f:6e65::/64, every multicast group, and
 * the destination of each arriving packet (REDZONE_NET_FORWARD takes the last
 * one away). 100::/64 is unreachable. The rest is routed to eth1 (MTU 1500;
 * fd72:6564:7a6f:6e66::/64 is routed to eth2, whose route asks for a
 * fragment header on every packet as a translator to IPv4 does).
 *
 * IPv4: ours are 192.0.2.2 and 127.0.0.0/8 (the latter from lo alone), every group,
 * and the destination of each arriving packet (again not with REDZONE_NET_FORWARD).
 * 192.0.2.0/24 is the link of eth0, 192.0.2.255 and 255.255.255.255 broadcasts;
 * 198.51.100.0/24 is unreachable, 203.0.113.0/24 prohibited; 198.18.0.0/15 is routed
 * to eth2 (MTU 576), the rest to eth1 over the gateway 192.0.2.254.
 */
#ifndef REDZONE_NET_H
#define REDZONE_NET_H

#include <linux/types.h>

struct net_device;
struct sink;
struct sk_buff;

/* The target's four bits of the control trailer. */
enum {
	REDZONE_NET_FORWARD	= 0x1,	/* arriving packets are not for us by default */
	REDZONE_NET_ALL_LOCAL	= 0x2,	/* eight segments are ours; a local socket sent it */
	REDZONE_NET_BIG_SCHEMA	= 0x4,	/* IOAM namespaces hold a 1020-byte schema */
	REDZONE_NET_STRICT	= 0x8,	/* narrow sysctls: see redzone_net_begin() */
};

void redzone_net_begin(u8 env, struct sink *sink);

/*
 * The node is taken down: what layers registered with register_pernet_subsys() ends.
 * Only for targets with such layers.
 */
void redzone_net_end(void);

/* Take resubmitted packets from the backlog until it is empty. */
void redzone_net_pump(void);

/* @skb as a local socket would have sent it over loopback (ALL_LOCAL); may be NULL. */
struct sk_buff *redzone_net_sent(struct sk_buff *skb);

/* The device that frames arrive on. */
struct net_device *redzone_net_device(void);

#endif /* REDZONE_NET_H */
