/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IOAM namespaces and schemas. Changed for testing: two static namespaces (0 and
 * 123), each with an active schema of 24 or 1020 bytes; see redzone/net.h.
 */
#ifndef _NET_IOAM6_H
#define _NET_IOAM6_H

#include <linux/ioam6.h>
#include <net/ipv6.h>

#define IOAM6_SCHEMA_MAX 1020	/* 255 words */

struct ioam6_schema {
	u32	id;
	int	len;		/* bytes, a multiple of 4 */
	__be32	hdr;
	u8	data[IOAM6_SCHEMA_MAX];
};

struct ioam6_namespace {
	struct ioam6_schema	*schema;
	__be16			id;
	__be32			data;
	__be64			data_wide;
};

struct ioam6_namespace *ioam6_namespace(struct net *net, __be16 id);
u8 ioam6_trace_compute_nodelen(u32 trace_type);
void ioam6_fill_trace_data(struct sk_buff *skb, struct ioam6_namespace *ns,
			   struct ioam6_trace_hdr *trace, bool is_input);

#endif /* _NET_IOAM6_H */
