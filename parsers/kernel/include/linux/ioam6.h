/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In-situ OAM option and pre-allocated trace (RFC 9197, RFC 9486). Faithful to
 * Linux 6.1, with the trace type as masks rather than one bit field per item.
 */
#ifndef _LINUX_IOAM6_H
#define _LINUX_IOAM6_H

#include <linux/types.h>

#define IOAM6_U16_UNAVAILABLE	0xffffu
#define IOAM6_U32_UNAVAILABLE	0xffffffffu

struct ioam6_hdr {
	__u8 opt_type;
	__u8 opt_len;
	__u8 reserved;
	__u8 type;
#define IOAM6_TYPE_PREALLOC	0
} __attribute__((packed));

struct ioam6_trace_hdr {
	__be16	namespace_id;
	__u8	unused:2,
		overflow:1,
		nodelen:5;
	__u8	remlen:7,
		unused1:1;
	__be32	type_be32;	/* 24 bits of trace type, 8 reserved */
	__u8	data[];
} __attribute__((packed));

/* Bit n of the trace type, counted from the most significant one. */
#define IOAM6_TRACE_BIT(n)	(1u << (31 - (n)))

#endif /* _LINUX_IOAM6_H */
