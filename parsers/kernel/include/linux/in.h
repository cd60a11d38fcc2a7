/* SPDX-License-Identifier: GPL-2.0-only */
/* IP protocol numbers and IPv4 address classes. Faithful to Linux 6.1 (what ports name). */
#ifndef _LINUX_IN_H
#define _LINUX_IN_H

#include <asm/byteorder.h>
#include <linux/types.h>

enum {
	IPPROTO_IP = 0,
	IPPROTO_ICMP = 1,
	IPPROTO_IGMP = 2,
	IPPROTO_IPIP = 4,
	IPPROTO_TCP = 6,
	IPPROTO_UDP = 17,
	IPPROTO_DCCP = 33,
	IPPROTO_IPV6 = 41,
	IPPROTO_GRE = 47,
	IPPROTO_ESP = 50,
	IPPROTO_AH = 51,
	IPPROTO_COMP = 108,
	IPPROTO_L2TP = 115,
	IPPROTO_SCTP = 132,
	IPPROTO_UDPLITE = 136,
	IPPROTO_MPLS = 137,
	IPPROTO_RAW = 255,
	IPPROTO_MAX
};

#define INADDR_ANY		((unsigned int)0x00000000)
#define INADDR_BROADCAST	((unsigned int)0xffffffff)
#define INADDR_LOOPBACK		((unsigned int)0x7f000001)
#define INADDR_ALLHOSTS_GROUP	0xe0000001U
#define INADDR_ALLRTRS_GROUP	0xe0000002U

static inline bool ipv4_is_loopback(__be32 addr)
{
	return (addr & htonl(0xff000000)) == htonl(0x7f000000);
}

static inline bool ipv4_is_multicast(__be32 addr)
{
	return (addr & htonl(0xf0000000)) == htonl(0xe0000000);
}

static inline bool ipv4_is_local_multicast(__be32 addr)
{
	return (addr & htonl(0xffffff00)) == htonl(0xe0000000);
}

static inline bool ipv4_is_lbcast(__be32 addr)
{
	return addr == htonl(INADDR_BROADCAST);
}

static inline bool ipv4_is_zeronet(__be32 addr)
{
	return addr == 0;
}

static inline bool ipv4_is_all_multicast(__be32 addr)
{
	return addr == htonl(INADDR_ALLHOSTS_GROUP) ||
	       addr == htonl(INADDR_ALLRTRS_GROUP) || addr == htonl(0xe000006aU);
}

#endif /* _LINUX_IN_H */
