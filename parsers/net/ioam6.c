// SPDX-License-Identifier: GPL-2.0-only
/*
 * In-situ OAM: what a node writes into a pre-allocated trace.
 *
 * Modelled on: Linux 6.1 net/ipv6/ioam6.c (ioam6_trace_compute_nodelen,
 *	__ioam6_fill_trace_data, ioam6_fill_trace_data)
 * Spec: RFC 9197 4.4 and 4.6, RFC 9486
 * Differs: namespaces and schemas are static; timestamps read the virtual clock;
 *	no queue discipline, so the queue depth is that of an empty one.
 */
#include <linux/bitops.h>
#include <net/addrconf.h>
#include <net/ioam6.h>

#include "rx.h"

#define IOAM6_MASK_SHORT_FIELDS	0xff1ffc00
#define IOAM6_MASK_WIDE_FIELDS	0x00e00000

/* Words that one node adds, without the opaque state snapshot (bit 22). */
u8 ioam6_trace_compute_nodelen(u32 trace_type)
{
	u8 nodelen = hweight32(trace_type & IOAM6_MASK_SHORT_FIELDS) *
		     (sizeof(__be32) / 4);

	nodelen += hweight32(trace_type & IOAM6_MASK_WIDE_FIELDS) *
		   (sizeof(__be64) / 4);

	return nodelen;
}

/* Eight bits, which were enough until a schema of 255 words came. */
static noinline u8 sclen_octet(unsigned int words)
{
	return words;
}

static u8 *put16(u8 *data, u16 value)
{
	*(__be16 *)data = cpu_to_be16(value);
	return data + sizeof(__be16);
}

static u8 *put32(u8 *data, u32 value)
{
	*(__be32 *)data = cpu_to_be32(value);
	return data + sizeof(__be32);
}

static u8 *put64(u8 *data, u64 value)
{
	*(__be64 *)data = cpu_to_be64(value);
	return data + sizeof(__be64);
}

/* Interface numbers mean nothing where a packet came from or goes to ourselves. */
static bool no_egress(const struct net_device *dev)
{
	return dev->flags & IFF_LOOPBACK;
}

/* Bits 0 to 7: the short items. */
static u8 *fill_short(struct sk_buff *skb, const struct ioam6_namespace *ns, u32 type,
		      u8 hop_limit, u8 *data)
{
	const struct net_device *dev = skb_dst(skb)->dev;
	struct timespec64 ts = ktime_to_timespec64(skb->tstamp);

	if (type & IOAM6_TRACE_BIT(0))
		data = put32(data, (u32)hop_limit << 24 |
			     dev_net(dev)->ipv6.sysctl.ioam6_id);
	if (type & IOAM6_TRACE_BIT(1)) {
		data = put16(data, __in6_dev_get(skb->dev)->cnf.ioam6_id);
		data = put16(data, no_egress(dev) ? IOAM6_U16_UNAVAILABLE :
			     __in6_dev_get(dev)->cnf.ioam6_id);
	}
	if (type & IOAM6_TRACE_BIT(2))
		data = put32(data, (u32)ts.tv_sec);
	if (type & IOAM6_TRACE_BIT(3))
		data = put32(data, (u32)(ts.tv_nsec / NSEC_PER_USEC));
	if (type & IOAM6_TRACE_BIT(4))
		data = put32(data, IOAM6_U32_UNAVAILABLE);
	if (type & IOAM6_TRACE_BIT(5))
		data = put32(data, be32_to_cpu(ns->data));
	if (type & IOAM6_TRACE_BIT(6))
		data = put32(data, no_egress(dev) ? IOAM6_U32_UNAVAILABLE : 0);
	if (type & IOAM6_TRACE_BIT(7))
		data = put32(data, IOAM6_U32_UNAVAILABLE);
	return data;
}

/* Bits 8 to 10: the same as wide items; 11 to 21: not available or undefined. */
static u8 *fill_wide(struct sk_buff *skb, const struct ioam6_namespace *ns, u32 type,
		     u8 hop_limit, u8 *data)
{
	const struct net_device *dev = skb_dst(skb)->dev;
	int bit;

	if (type & IOAM6_TRACE_BIT(8))
		data = put64(data, (u64)hop_limit << 56 |
			     dev_net(dev)->ipv6.sysctl.ioam6_id_wide);
	if (type & IOAM6_TRACE_BIT(9)) {
		data = put32(data, __in6_dev_get(skb->dev)->cnf.ioam6_id_wide);
		data = put32(data, no_egress(dev) ? IOAM6_U32_UNAVAILABLE :
			     __in6_dev_get(dev)->cnf.ioam6_id_wide);
	}
	if (type & IOAM6_TRACE_BIT(10))
		data = put64(data, be64_to_cpu(ns->data_wide));

	for (bit = 11; bit <= 21; bit++) {
		if (type & IOAM6_TRACE_BIT(bit))
			data = put32(data, IOAM6_U32_UNAVAILABLE);
	}
	return data;
}

static void __ioam6_fill_trace_data(struct sk_buff *skb, struct ioam6_namespace *ns,
				    struct ioam6_trace_hdr *trace,
				    struct ioam6_schema *sc, unsigned int sclen,
				    bool is_input)
{
	u32 type = be32_to_cpu(trace->type_be32);
	u8 hop_limit = ipv6_hdr(skb)->hop_limit;
	u8 *data;

	if (is_input)
		hop_limit = (u8)(hop_limit - 1);

	/* nodes fill the trace from its end */
	data = trace->data + trace->remlen * 4 - trace->nodelen * 4 - sclen * 4;
	data = fill_short(skb, ns, type, hop_limit, data);
	data = fill_wide(skb, ns, type, hop_limit, data);

	if (type & IOAM6_TRACE_BIT(22)) {
		if (!sc) {
			put32(data, IOAM6_U32_UNAVAILABLE >> 8);
		} else {
			data = put32(data, be32_to_cpu(sc->hdr));
			memcpy(data, sc->data, sc->len);
		}
	}
}

/**
 * ioam6_fill_trace_data - add this node to a pre-allocated trace
 * @skb: packet, writable up to the end of the option, with a destination
 * @ns: the trace's namespace
 * @trace: its header, inside @skb
 * @is_input: the hop limit has not been decremented yet
 *
 * Without room, the Overflow flag is set instead (RFC 9197 4.4.1).
 */
void ioam6_fill_trace_data(struct sk_buff *skb, struct ioam6_namespace *ns,
			   struct ioam6_trace_hdr *trace, bool is_input)
{
	struct ioam6_schema *sc = ns->schema;
	unsigned int sclen = 0;

	if (malformed(trace->overflow))
		return;

	/* NodeLen does not count the opaque state snapshot */
	if (be32_to_cpu(trace->type_be32) & IOAM6_TRACE_BIT(22)) {
		sclen = sizeof_field(struct ioam6_schema, hdr) / 4;
		if (sc)
			sclen += sc->len / 4;
		triggered(CVE_2026_43341, sclen > 255);
		if (!fixed(CVE_2026_43341))
			sclen = sclen_octet(sclen);
	}

	if (malformed(!trace->remlen)) {
		trace->overflow = 1;
		return;
	}
	if (malformed(trace->remlen < trace->nodelen + sclen)) {
		trace->overflow = 1;
		return;
	}

	__ioam6_fill_trace_data(skb, ns, trace, sc, sclen, is_input);
	trace->remlen -= trace->nodelen + sclen;
	sink_effect_bytes(rx_sink(skb), "ioam6.trace", trace->data + trace->remlen * 4,
			  (trace->nodelen + sclen) * 4);
}
