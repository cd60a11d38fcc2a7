/* SPDX-License-Identifier: GPL-2.0-only */
/* RPL source routing header (RFC 6554). Faithful to Linux 6.1; little-endian hosts only. */
#ifndef _LINUX_RPL_H
#define _LINUX_RPL_H

#include <linux/in6.h>
#include <linux/types.h>

struct ipv6_rpl_sr_hdr {
	__u8	nexthdr;
	__u8	hdrlen;
	__u8	type;
	__u8	segments_left;
	__u32	cmpre:4,
		cmpri:4,
		reserved:4,
		pad:4,
		reserved1:16;

	union {
		struct {
			struct { } __empty_addr;
			struct in6_addr addr[];
		};
		struct {
			struct { } __empty_data;
			__u8 data[];
		};
	} segments;
} __attribute__((packed));

#define rpl_segaddr	segments.addr
#define rpl_segdata	segments.data

#endif /* _LINUX_RPL_H */
