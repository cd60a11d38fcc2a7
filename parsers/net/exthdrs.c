// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv6 extension headers that the receiver acts on: Hop-by-Hop and Destination
 * Options, and Routing headers of type 2, 3 (RPL) and 4 (segment routing).
 *
 * Modelled on: Linux 6.1 net/ipv6/exthdrs.c (ip6_parse_tlv, ip6_tlvopt_unknown,
 *	ipv6_hop_ra, ipv6_hop_ioam, ipv6_hop_jumbo, ipv6_hop_calipso, ipv6_dest_hao,
 *	ipv6_parse_hopopts, ipv6_destopt_rcv, ipv6_rthdr_rcv, ipv6_srh_rcv,
 *	ipv6_rpl_srh_rcv)
 * Spec: RFC 8200 4.2 to 4.6, RFC 2711, RFC 2675, RFC 5570, RFC 9486, RFC 6275 6.3
 *	and 6.4, RFC 6554, RFC 8754, RFC 5095
 * Differs: no MIB counters, net_dbg messages or checksum state of the device; the
 *	long upstream functions are cut into steps with the same order of checks.
 *	lwip-9713baea5563 is a variant: lwIP checks a first segment, this port the
 *	linear part, in the same three headers; CVE-2021-21282 is one too: Contiki-NG
 *	swaps inside a static buffer, this port inside a heap block.
 */
#include <linux/icmpv6.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/calipso.h>
#include <net/ioam6.h>
#include <net/ip6_route.h>
#include <net/protocol.h>
#include <net/rpl.h>
#include <net/seg6.h>
#include <net/xfrm.h>

#include "exthdrs.h"
#include "rx.h"

enum { TLV_PAD_MAX = 7 };	/* RFC 4942 2.1.9.5: pads reach the next multiple of 8 */

/* Length in bytes of the options or routing header at the transport header. */
static int exthdr_len(const struct sk_buff *skb)
{
	return (skb_transport_header(skb)[1] + 1) << 3;
}

/* How much of @skb has to be linear for @len bytes of the header there. */
static u32 exthdr_end(const struct sk_buff *skb, int len)
{
	return (u32)skb_transport_offset(skb) + (u32)len;
}

/* Sixteen bits, as upstream: a chain beyond them ends where it is pulled next. */
static void exthdr_advance(struct sk_buff *skb, int len)
{
	skb->transport_header = (u16)(skb->transport_header + len);
}

/*
 * Options
 */

/* RFC 8200 4.2: the two highest bits of an unknown type say what to do. */
static bool ip6_tlvopt_unknown(struct sk_buff *skb, int optoff, bool disallow_unknowns)
{
	u8 action = skb_network_header(skb)[optoff] >> 6;

	if (malformed(disallow_unknowns))
		goto drop;

	if (!malformed(action != 0))	/* skip over it */
		return true;
	if (action == 1)		/* discard */
		goto drop;
	/* discard and tell, with action 3 only if it went to no group */
	if (malformed(action == 3 && ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr)))
		goto drop;

	icmpv6_param_prob_reason(skb, ICMPV6_UNK_OPTION, optoff,
				 SKB_DROP_REASON_UNHANDLED_PROTO);
	return false;

drop:
	kfree_skb_reason(skb, SKB_DROP_REASON_UNHANDLED_PROTO);
	return false;
}

/* Router Alert (RFC 2711): remembered for those who forward or answer. */
static bool ipv6_hop_ra(struct sk_buff *skb, int optoff)
{
	const unsigned char *nh = skb_network_header(skb);

	if (malformed(nh[optoff + 1] != 2)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_INHDR);
		return false;
	}

	IP6CB(skb)->flags |= IP6SKB_ROUTERALERT;
	memcpy(&IP6CB(skb)->ra, nh + optoff + 2, sizeof(IP6CB(skb)->ra));
	rx_u64(skb, "ipv6.opt.router_alert", ntohs(IP6CB(skb)->ra));
	return true;
}

static void ioam6_decode(const struct sk_buff *skb, const struct ioam6_trace_hdr *trace)
{
	rx_u64(skb, "ipv6.opt.ioam.trace.ns", ntohs(trace->namespace_id));
	rx_u64(skb, "ipv6.opt.ioam.trace.nodelen", trace->nodelen);
	rx_u64(skb, "ipv6.opt.ioam.trace.flag.o", trace->overflow);
	rx_u64(skb, "ipv6.opt.ioam.trace.remlen", trace->remlen);
	rx_u64(skb, "ipv6.opt.ioam.trace.type", be32_to_cpu(trace->type_be32) >> 8);
}

/* The pre-allocated trace of @hdr, or NULL if its lengths contradict one another. */
static struct ioam6_trace_hdr *ioam6_prealloc_trace(struct sk_buff *skb,
						    struct ioam6_hdr *hdr)
{
	struct ioam6_trace_hdr *trace;

	if (malformed(hdr->opt_len < 2 + sizeof(*trace)))
		return NULL;

	trace = (struct ioam6_trace_hdr *)((u8 *)hdr + sizeof(*hdr));
	ioam6_decode(skb, trace);
	if (malformed(hdr->opt_len < 2 + sizeof(*trace) + trace->remlen * 4))
		return NULL;

	/* what a node writes follows from the type, whatever the packet claims */
	if (malformed_in(CVE_2026_43186, trace->nodelen !=
			 ioam6_trace_compute_nodelen(be32_to_cpu(trace->type_be32))))
		return NULL;

	return trace;
}

/* In-situ OAM (RFC 9486): write this node's data into the pre-allocated trace. */
static bool ipv6_hop_ioam(struct sk_buff *skb, int optoff)
{
	struct ioam6_trace_hdr *trace;
	struct ioam6_namespace *ns;
	struct inet6_dev *idev;
	struct ioam6_hdr *hdr;

	if (malformed(optoff & 3))
		goto drop;

	idev = __in6_dev_get(skb->dev);
	if (!idev->cnf.ioam6_enabled)
		return true;

	hdr = (struct ioam6_hdr *)(skb_network_header(skb) + optoff);
	if (malformed(hdr->opt_len < 2))
		goto drop;
	rx_u64(skb, "ipv6.opt.ioam.opt_type", hdr->type);

	if (hdr->type != IOAM6_TYPE_PREALLOC)
		return true;

	trace = ioam6_prealloc_trace(skb, hdr);
	if (!trace)
		goto drop;

	/* a namespace that this node is no part of is not its business */
	ns = ioam6_namespace(dev_net(skb->dev), trace->namespace_id);
	if (malformed(!ns))
		return true;

	if (!skb_valid_dst(skb))
		ip6_route_input(skb);

	if (skb_ensure_writable(skb, optoff + 2 + hdr->opt_len))
		goto drop;

	trace = (struct ioam6_trace_hdr *)(skb_network_header(skb) + optoff + sizeof(*hdr));
	ioam6_fill_trace_data(skb, ns, trace, true);
	return true;

drop:
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_INHDR);
	return false;
}

/* The device whose counters a bad jumbo option goes to. */
static struct inet6_dev *jumbo_idev(const struct sk_buff *skb)
{
	if (fixed(CVE_2007_4567))
		return __in6_dev_get(skb->dev);
	return ip6_dst_idev(skb_dst(skb));
}

static void jumbo_count_error(const struct sk_buff *skb)
{
	triggered(CVE_2007_4567, !skb_dst(skb));
	jumbo_idev(skb)->in_hdr_errors++;
}

/* Jumbo Payload (RFC 2675): the length that payload_len cannot hold. */
static bool ipv6_hop_jumbo(struct sk_buff *skb, int optoff)
{
	const unsigned char *nh = skb_network_header(skb);
	SKB_DR(reason);
	u32 pkt_len;

	SKB_DR_SET(reason, IP_INHDR);
	if (malformed(nh[optoff + 1] != 4))
		goto bad_option;
	if (malformed((optoff & 3) != 2))
		goto bad_option;

	pkt_len = get_unaligned_be32(nh + optoff + 2);
	rx_u64(skb, "ipv6.opt.jumbo", pkt_len);
	if (malformed(pkt_len <= IPV6_MAXPLEN)) {
		jumbo_count_error(skb);
		icmpv6_param_prob_reason(skb, ICMPV6_HDR_FIELD, optoff + 2,
					 SKB_DROP_REASON_IP_INHDR);
		return false;
	}
	if (malformed(ipv6_hdr(skb)->payload_len)) {
		jumbo_count_error(skb);
		icmpv6_param_prob_reason(skb, ICMPV6_HDR_FIELD, optoff,
					 SKB_DROP_REASON_IP_INHDR);
		return false;
	}

	if (malformed(pkt_len > skb->len - sizeof(struct ipv6hdr))) {
		SKB_DR_SET(reason, PKT_TOO_SMALL);
		goto bad_option;
	}

	if (pskb_trim_rcsum(skb, pkt_len + sizeof(struct ipv6hdr)))
		goto drop;

	IP6CB(skb)->flags |= IP6SKB_JUMBOGRAM;
	return true;

bad_option:
	jumbo_count_error(skb);
drop:
	kfree_skb_reason(skb, reason);
	return false;
}

/* CALIPSO (RFC 5570): a security label; its length and its checksum. */
static bool ipv6_hop_calipso(struct sk_buff *skb, int optoff)
{
	const unsigned char *nh = skb_network_header(skb);

	if (malformed(nh[optoff + 1] < 8))
		goto drop;
	rx_u64(skb, "ipv6.opt.calipso.doi", get_unaligned_be32(nh + optoff + 2));
	rx_u64(skb, "ipv6.opt.calipso.cmpt.length", nh[optoff + 6]);
	rx_u64(skb, "ipv6.opt.calipso.sens_level", nh[optoff + 7]);
	rx_u64(skb, "ipv6.opt.calipso.checksum", get_unaligned_be16(nh + optoff + 8));

	if (malformed(nh[optoff + 6] * 4 + 8 > nh[optoff + 1]))
		goto drop;
	rx_bytes(skb, "ipv6.opt.calipso.cmpt_bitmap", nh + optoff + 10, nh[optoff + 6] * 4);

	if (malformed(!calipso_validate(skb, nh + optoff)))
		goto drop;

	return true;

drop:
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_INHDR);
	return false;
}

static bool ip6_hao_valid(struct sk_buff *skb, const struct ipv6_destopt_hao *hao,
			  enum skb_drop_reason *reason)
{
	if (malformed(hao->length != 16)) {
		*reason = SKB_DROP_REASON_IP_INHDR;
		return false;
	}
	rx_bytes(skb, "ipv6.opt.mipv6.home_address", &hao->addr, sizeof(hao->addr));

	if (malformed(!(ipv6_addr_type(&hao->addr) & IPV6_ADDR_UNICAST))) {
		*reason = SKB_DROP_REASON_INVALID_PROTO;
		return false;
	}
	if (malformed(xfrm6_input_addr(skb, &ipv6_hdr(skb)->daddr, &hao->addr,
				       IPPROTO_DSTOPTS) < 0)) {
		*reason = SKB_DROP_REASON_XFRM_POLICY;
		return false;
	}
	return true;
}

/* Home Address (RFC 6275 6.3): the sender's other address takes the first's place. */
static bool ipv6_dest_hao(struct sk_buff *skb, int optoff)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_NOT_SPECIFIED;
	struct inet6_skb_parm *opt = IP6CB(skb);
	struct ipv6hdr *ipv6h = ipv6_hdr(skb);
	struct ipv6_destopt_hao *hao;

	if (malformed(opt->dsthao))
		goto discard;
	opt->dsthao = opt->dst1;
	opt->dst1 = 0;

	hao = (struct ipv6_destopt_hao *)(skb_network_header(skb) + optoff);
	if (!ip6_hao_valid(skb, hao, &reason))
		goto discard;

	if (skb_cloned(skb)) {
		if (pskb_expand_head(skb, 0, 0, GFP_ATOMIC))
			goto discard;
		/* the head has moved */
		hao = (struct ipv6_destopt_hao *)(skb_network_header(skb) + optoff);
		ipv6h = ipv6_hdr(skb);
	}

	swap(ipv6h->saddr, hao->addr);
	return true;

discard:
	kfree_skb_reason(skb, reason);
	return false;
}

/* One option that is no padding; false: the packet is gone. */
static bool ip6_tlv_option(bool hopbyhop, struct sk_buff *skb, u8 type, int off,
			   bool disallow_unknowns)
{
	if (hopbyhop) {
		switch (type) {
		case IPV6_TLV_ROUTERALERT:
			return ipv6_hop_ra(skb, off);
		case IPV6_TLV_IOAM:
			return ipv6_hop_ioam(skb, off);
		case IPV6_TLV_JUMBO:
			return ipv6_hop_jumbo(skb, off);
		case IPV6_TLV_CALIPSO:
			return ipv6_hop_calipso(skb, off);
		}
	} else if (type == IPV6_TLV_HAO) {
		return ipv6_dest_hao(skb, off);
	}
	return ip6_tlvopt_unknown(skb, off, disallow_unknowns);
}

/* RFC 4942 2.1.9.5: PadN holds zeros only. */
static bool ip6_tlv_padn_zero(const unsigned char *opt, int optlen)
{
	int i;

	for (i = 2; i < optlen; i++) {
		if (malformed(opt[i] != 0))
			return false;
	}
	return true;
}

/*
 * Walk the options at the transport header. @max_count bounds those that are no
 * padding; negative: its absolute value does, and unknown ones are refused.
 */
static bool ip6_parse_tlv(bool hopbyhop, struct sk_buff *skb, int max_count)
{
	int len = exthdr_len(skb);
	const unsigned char *nh = skb_network_header(skb);
	int off = skb_network_header_len(skb);
	bool disallow_unknowns = false;
	int tlv_count = 0;
	int padlen = 0;

	if (max_count < 0) {
		disallow_unknowns = true;
		max_count = -max_count;
	}

	if (malformed(skb_transport_offset(skb) + len > skb_headlen(skb)))
		goto bad;

	off += 2;
	len -= 2;

	while (len > 0) {
		int optlen;

		rx_u64(skb, "ipv6.opt.type", nh[off]);
		if (nh[off] == IPV6_TLV_PAD1) {
			padlen++;
			if (malformed(padlen > TLV_PAD_MAX))
				goto bad;
			off++;
			len--;
			continue;
		}
		if (malformed(len < 2))
			goto bad;
		optlen = nh[off + 1] + 2;
		rx_u64(skb, "ipv6.opt.length", nh[off + 1]);
		if (malformed(optlen > len))
			goto bad;

		if (nh[off] == IPV6_TLV_PADN) {
			padlen += optlen;
			if (malformed(padlen > TLV_PAD_MAX))
				goto bad;
			if (!ip6_tlv_padn_zero(nh + off, optlen))
				goto bad;
		} else {
			tlv_count++;
			if (malformed(tlv_count > max_count))
				goto bad;
			if (!ip6_tlv_option(hopbyhop, skb, nh[off], off,
					    disallow_unknowns))
				return false;
			/* the handler may have moved the packet */
			triggered(CVE_2026_63922,
				  !hopbyhop && nh != skb_network_header(skb));
			if (hopbyhop || fixed(CVE_2026_63922))
				nh = skb_network_header(skb);
			padlen = 0;
		}
		off += optlen;
		len -= optlen;
	}

	if (!malformed(len != 0))
		return true;
bad:
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_INHDR);
	return false;
}

/**
 * ipv6_parse_hopopts - process the Hop-by-Hop Options header behind the fixed one
 * @skb: packet at its network header; consumed on failure
 *
 * Return: 1, or -1 when the packet is gone.
 */
int ipv6_parse_hopopts(struct sk_buff *skb)
{
	struct inet6_skb_parm *opt = IP6CB(skb);
	struct net *net = dev_net(skb->dev);
	int extlen;

	if (malformed_in(LWIP_9713BAEA5563, !pskb_may_pull(skb, exthdr_end(skb, 8))))
		goto fail_and_free;
	if (malformed(!pskb_may_pull(skb, exthdr_end(skb, exthdr_len(skb)))))
		goto fail_and_free;

	extlen = exthdr_len(skb);
	rx_u64(skb, "ipv6.hopopts.nxt", skb_transport_header(skb)[0]);
	rx_u64(skb, "ipv6.hopopts.len", skb_transport_header(skb)[1]);
	if (malformed(extlen > net->ipv6.sysctl.max_hbh_opts_len))
		goto fail_and_free;

	opt->flags |= IP6SKB_HOPBYHOP;
	if (!ip6_parse_tlv(true, skb, net->ipv6.sysctl.max_hbh_opts_cnt))
		return -1;

	exthdr_advance(skb, extlen);
	IP6CB(skb)->nhoff = sizeof(struct ipv6hdr);
	return 1;

fail_and_free:
	kfree_skb(skb);
	return -1;
}

static int ipv6_destopt_rcv(struct sk_buff *skb)
{
	struct inet6_skb_parm *opt = IP6CB(skb);
	struct net *net = dev_net(skb->dev);
	__u16 dstbuf;
	int extlen;

	if (malformed_in(LWIP_9713BAEA5563, !pskb_may_pull(skb, exthdr_end(skb, 8))))
		goto fail_and_free;
	if (malformed(!pskb_may_pull(skb, exthdr_end(skb, exthdr_len(skb)))))
		goto fail_and_free;

	extlen = exthdr_len(skb);
	rx_u64(skb, "ipv6.dstopts.nxt", skb_transport_header(skb)[0]);
	rx_u64(skb, "ipv6.dstopts.len", skb_transport_header(skb)[1]);
	if (malformed(extlen > net->ipv6.sysctl.max_dst_opts_len))
		goto fail_and_free;

	opt->lastopt = opt->dst1 = skb_network_header_len(skb);
	dstbuf = opt->dst1;

	if (!ip6_parse_tlv(false, skb, net->ipv6.sysctl.max_dst_opts_cnt))
		return -1;

	exthdr_advance(skb, extlen);
	IP6CB(skb)->nhoff = dstbuf;
	return 1;

fail_and_free:
	kfree_skb(skb);
	return -1;
}

/*
 * Routing headers
 */

/* A local next segment: one hop less, and the header again; false: dropped. */
static bool rthdr_hop_limit(struct sk_buff *skb)
{
	if (malformed(ipv6_hdr(skb)->hop_limit <= 1)) {
		icmpv6_send(skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT, 0);
		kfree_skb(skb);
		return false;
	}
	ipv6_hdr(skb)->hop_limit--;
	return true;
}

/*
 * Routed to where the header now points: true when that is us again. Otherwise
 * the packet has been forwarded or dropped.
 */
static bool rthdr_route(struct sk_buff *skb)
{
	skb_dst_drop(skb);
	ip6_route_input(skb);

	if (malformed(skb_dst(skb)->error)) {
		dst_input(skb);
		return false;
	}
	if (!(skb_dst(skb)->dev->flags & IFF_LOOPBACK)) {
		dst_input(skb);
		return false;
	}
	return rthdr_hop_limit(skb);
}

/* The inner packet of an exhausted routing header starts over as a new one. */
static int rthdr_decap(struct sk_buff *skb, u8 nexthdr, int offset)
{
	if (!pskb_pull(skb, offset)) {
		kfree_skb(skb);
		return -1;
	}

	skb_reset_network_header(skb);
	skb_reset_transport_header(skb);
	skb->encapsulation = 0;
	if (nexthdr == NEXTHDR_IPV4)
		skb->protocol = htons(ETH_P_IP);
	__skb_tunnel_rx(skb, skb->dev, dev_net(skb->dev));

	netif_rx(skb);
	return -1;
}

/* All segments visited: on to what follows the header. */
static int rthdr_done(struct sk_buff *skb, const u8 *nexthdr, int len)
{
	struct inet6_skb_parm *opt = IP6CB(skb);

	opt->srcrt = skb_network_header_len(skb);
	opt->lastopt = opt->srcrt;
	exthdr_advance(skb, len);
	opt->nhoff = nexthdr - skb_network_header(skb);
	return 1;
}

static void rthdr_bad_segments_left(struct sk_buff *skb, const u8 *segments_left)
{
	icmpv6_param_prob(skb, ICMPV6_HDR_FIELD, segments_left - skb_network_header(skb));
}

static int ipv6_srh_rcv(struct sk_buff *skb, struct inet6_dev *idev)
{
	struct ipv6_sr_hdr *hdr = (struct ipv6_sr_hdr *)skb_transport_header(skb);
	struct in6_addr *addr;

	if (!idev->cnf.seg6_enabled) {
		kfree_skb(skb);
		return -1;
	}
	rx_u64(skb, "ipv6.routing.srh.last_entry", hdr->first_segment);
	rx_u64(skb, "ipv6.routing.srh.flags", hdr->flags);
	rx_bytes(skb, "ipv6.routing.srh.tag", &hdr->tag, sizeof(hdr->tag));

	if (malformed(!seg6_hmac_validate_skb(skb))) {
		kfree_skb(skb);
		return -1;
	}

looped_back:
	if (hdr->segments_left == 0) {
		if (hdr->nexthdr == NEXTHDR_IPV6 || hdr->nexthdr == NEXTHDR_IPV4)
			return rthdr_decap(skb, hdr->nexthdr, ipv6_optlen(hdr));
		return rthdr_done(skb, &hdr->nexthdr, ipv6_optlen(hdr));
	}

	if (malformed(hdr->segments_left >= (hdr->hdrlen >> 1))) {
		rthdr_bad_segments_left(skb, &hdr->segments_left);
		return -1;
	}

	if (skb_cloned(skb)) {
		if (pskb_expand_head(skb, 0, 0, GFP_ATOMIC)) {
			kfree_skb(skb);
			return -1;
		}
	}

	hdr = (struct ipv6_sr_hdr *)skb_transport_header(skb);
	hdr->segments_left--;
	addr = hdr->segments + hdr->segments_left;
	rx_bytes(skb, "ipv6.routing.srh.addr", addr, sizeof(*addr));

	skb_push(skb, -skb_network_offset(skb));
	ipv6_hdr(skb)->daddr = *addr;

	if (!rthdr_route(skb))
		return -1;

	skb_pull(skb, skb_transport_offset(skb));
	goto looped_back;
}

static void rpl_decode(const struct sk_buff *skb, const struct ipv6_rpl_sr_hdr *hdr)
{
	rx_u64(skb, "ipv6.routing.rpl.cmprI", hdr->cmpri);
	rx_u64(skb, "ipv6.routing.rpl.cmprE", hdr->cmpre);
	rx_u64(skb, "ipv6.routing.rpl.pad", hdr->pad);
}

/*
 * How many addresses precede the last one (RFC 6554 4.2), or -1: the packet is
 * gone.
 */
static int rpl_srh_count(struct sk_buff *skb, const struct ipv6_rpl_sr_hdr *hdr)
{
	const u64 max = fixed(CVE_2026_63984) ? 127 : 255;
	u64 n;
	u32 r;

	n = (u64)(s64)((hdr->hdrlen << 3) - hdr->pad - (16 - hdr->cmpre));
	r = do_div(n, (16 - hdr->cmpri));
	/* whole addresses only, and the decompressed length has to fit its byte */
	triggered(CVE_2026_63984, !r && n + 1 > 127 && n + 1 <= 255);
	if (malformed(r))
		goto drop;
	if (malformed((n + 1) > max))
		goto drop;

	if (malformed_in(CVE_2021_21282, hdr->segments_left > n + 1)) {
		rthdr_bad_segments_left(skb, &hdr->segments_left);
		return -1;
	}

	if (malformed(!pskb_may_pull(skb, ipv6_rpl_srh_size(n, hdr->cmpri, hdr->cmpre))))
		goto drop;

	return (int)n;

drop:
	kfree_skb(skb);
	return -1;
}

/* Addresses that no routing header may hold (RFC 6554 4.2, step by step). */
static bool rpl_srh_addrs_ok(struct sk_buff *skb, const struct ipv6_rpl_sr_hdr *ohdr,
			     int i, int n)
{
	if (malformed(ipv6_addr_type(&ipv6_hdr(skb)->daddr) & IPV6_ADDR_MULTICAST))
		return false;
	if (malformed(ipv6_addr_type(&ohdr->rpl_segaddr[i]) & IPV6_ADDR_MULTICAST))
		return false;

	if (malformed(ipv6_chk_rpl_srh_loop(dev_net(skb->dev), ohdr->rpl_segaddr, n + 1))) {
		icmpv6_send(skb, ICMPV6_PARAMPROB, 0, 0);
		return false;
	}
	return true;
}

/* The re-compressed header may be larger than the received one. */
static bool rpl_srh_needs_room(const struct sk_buff *skb, u8 segments_left, u32 chdr_len)
{
	if (!fixed(CVE_2023_2156))
		return false;
	if (!segments_left)
		return true;
	return fixed(CVE_2026_43501) && skb_headroom(skb) < chdr_len + skb->mac_len;
}

/* Put @chdr in the place of the header @hdr that was received. */
static int rpl_srh_replace(struct sk_buff *skb, const struct ipv6_rpl_sr_hdr *hdr,
			   const struct ipv6_rpl_sr_hdr *chdr)
{
	struct ipv6hdr *oldhdr = ipv6_hdr(skb);
	u32 chdr_len;

	skb_pull(skb, ipv6_optlen(hdr));
	chdr_len = sizeof(struct ipv6hdr) + ipv6_optlen(chdr);
	triggered(CVE_2023_2156, skb_headroom(skb) < chdr_len);
	triggered(CVE_2026_43501, hdr->segments_left &&
		  skb_headroom(skb) < chdr_len + skb->mac_len);
	if (rpl_srh_needs_room(skb, hdr->segments_left, chdr_len)) {
		if (pskb_expand_head(skb, chdr_len + skb->mac_len, 0, GFP_ATOMIC))
			return -ENOMEM;
		oldhdr = ipv6_hdr(skb);
	}

	skb_push(skb, chdr_len);
	skb_reset_network_header(skb);
	skb_mac_header_rebuild(skb);
	skb_set_transport_header(skb, sizeof(struct ipv6hdr));

	memmove(ipv6_hdr(skb), oldhdr, sizeof(struct ipv6hdr));
	memcpy(skb_transport_header(skb), chdr, ipv6_optlen(chdr));

	ipv6_hdr(skb)->payload_len = htons((u16)(skb->len - sizeof(struct ipv6hdr)));
	return 0;
}

/* RFC 6554 4.2: swap the next address with the destination, and compress anew. */
static int rpl_srh_swap(struct sk_buff *skb, struct ipv6_rpl_sr_hdr *hdr, int n)
{
	struct ipv6_rpl_sr_hdr *ohdr, *chdr;
	unsigned char *buf;
	int i, err = -EINVAL;

	hdr->segments_left--;
	i = n - hdr->segments_left;

	buf = kcalloc(struct_size(hdr, segments.addr, n + 2), 2, GFP_ATOMIC);
	if (!buf)
		return -ENOMEM;

	ohdr = (struct ipv6_rpl_sr_hdr *)buf;
	ipv6_rpl_srh_decompress(ohdr, hdr, &ipv6_hdr(skb)->daddr, n);
	chdr = (struct ipv6_rpl_sr_hdr *)(buf + ipv6_optlen(ohdr));

	if (!rpl_srh_addrs_ok(skb, ohdr, i, n))
		goto out;

	rx_bytes(skb, "ipv6.routing.rpl.full_address", &ohdr->rpl_segaddr[i],
		 sizeof(struct in6_addr));
	swap(ipv6_hdr(skb)->daddr, ohdr->rpl_segaddr[i]);

	ipv6_rpl_srh_compress(chdr, ohdr, &ipv6_hdr(skb)->daddr, n);
	err = rpl_srh_replace(skb, hdr, chdr);
out:
	kfree(buf);
	return err;
}

static int ipv6_rpl_srh_rcv(struct sk_buff *skb, struct inet6_dev *idev)
{
	struct ipv6_rpl_sr_hdr *hdr;
	int n;

	if (!idev->cnf.rpl_seg_enabled) {
		kfree_skb(skb);
		return -1;
	}

looped_back:
	hdr = (struct ipv6_rpl_sr_hdr *)skb_transport_header(skb);

	if (hdr->segments_left == 0) {
		if (hdr->nexthdr == NEXTHDR_IPV6)
			return rthdr_decap(skb, hdr->nexthdr, ipv6_optlen(hdr));
		return rthdr_done(skb, &hdr->nexthdr, ipv6_optlen(hdr));
	}

	if (malformed(!pskb_may_pull(skb, sizeof(*hdr)))) {
		kfree_skb(skb);
		return -1;
	}
	rpl_decode(skb, hdr);

	n = rpl_srh_count(skb, hdr);
	if (n < 0)
		return -1;

	if (rpl_srh_swap(skb, hdr, n) < 0) {
		kfree_skb(skb);
		return -1;
	}

	if (!rthdr_route(skb))
		return -1;

	skb_pull(skb, sizeof(struct ipv6hdr));
	goto looped_back;
}

/* Type 2 (RFC 6275 6.4): one home address of ours, from a care-of address of ours. */
static bool rt2_valid(struct sk_buff *skb, const struct in6_addr *addr)
{
	rx_bytes(skb, "ipv6.routing.mipv6.home_address", addr, sizeof(*addr));
	if (malformed(xfrm6_input_addr(skb, addr, &ipv6_hdr(skb)->saddr,
				       IPPROTO_ROUTING) < 0))
		return false;
	if (malformed(!ipv6_chk_home_addr(dev_net(skb->dev), addr)))
		return false;
	if (malformed(ipv6_addr_is_multicast(addr)))
		return false;
	return true;
}

/* Forwarding of type 2; 1: the header is done, on with the next. */
static int ipv6_rt2_rcv(struct sk_buff *skb, struct ipv6_rt_hdr *hdr)
{
	struct in6_addr *addr = NULL;
	int n, i;

looped_back:
	if (hdr->segments_left == 0) {
		/* only one that we have processed ourselves is of use */
		if (malformed(!addr))
			goto drop;
		IP6CB(skb)->dst0 = IP6CB(skb)->dst1;
		IP6CB(skb)->dst1 = 0;
		return rthdr_done(skb, &hdr->nexthdr, ipv6_optlen(hdr));
	}

	if (malformed(hdr->hdrlen != 2))
		goto drop;
	if (malformed(hdr->segments_left != 1))
		goto drop;

	n = hdr->hdrlen >> 1;
	if (malformed(hdr->segments_left > n)) {
		rthdr_bad_segments_left(skb, &hdr->segments_left);
		return -1;
	}

	if (skb_cloned(skb)) {
		if (pskb_expand_head(skb, 0, 0, GFP_ATOMIC))
			goto drop;
		hdr = (struct ipv6_rt_hdr *)skb_transport_header(skb);
	}

	i = n - --hdr->segments_left;
	addr = ((struct rt0_hdr *)hdr)->addr + i - 1;
	if (!rt2_valid(skb, addr))
		goto drop;

	swap(*addr, ipv6_hdr(skb)->daddr);

	/* the routes expect the packet at its network header */
	skb_push(skb, skb->data - skb_network_header(skb));
	if (!rthdr_route(skb))
		return -1;
	skb_pull(skb, skb_transport_offset(skb));
	goto looped_back;

drop:
	kfree_skb(skb);
	return -1;
}

/* A type that this node does not process. */
static int ipv6_rthdr_other(struct sk_buff *skb, struct ipv6_rt_hdr *hdr)
{
	struct inet6_skb_parm *opt = IP6CB(skb);

	/* RFC 8200 4.4: skip it when no segment is left, refuse it otherwise */
	if (malformed(hdr->segments_left != 0)) {
		icmpv6_param_prob(skb, ICMPV6_HDR_FIELD,
				  &hdr->type - skb_network_header(skb));
		return -1;
	}
	opt->dst0 = opt->dst1;
	opt->dst1 = 0;
	return rthdr_done(skb, &hdr->nexthdr, ipv6_optlen(hdr));
}

static int ipv6_rthdr_rcv(struct sk_buff *skb)
{
	struct inet6_dev *idev = __in6_dev_get(skb->dev);
	struct ipv6_rt_hdr *hdr;

	if (malformed_in(LWIP_9713BAEA5563, !pskb_may_pull(skb, exthdr_end(skb, 8))))
		goto drop;
	if (malformed(!pskb_may_pull(skb, exthdr_end(skb, exthdr_len(skb)))))
		goto drop;

	hdr = (struct ipv6_rt_hdr *)skb_transport_header(skb);
	rx_u64(skb, "ipv6.routing.nxt", hdr->nexthdr);
	rx_u64(skb, "ipv6.routing.len", hdr->hdrlen);
	rx_u64(skb, "ipv6.routing.type", hdr->type);
	rx_u64(skb, "ipv6.routing.segleft", hdr->segments_left);

	if (malformed(ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr)))
		goto drop;
	if (malformed(skb->pkt_type != PACKET_HOST))
		goto drop;

	switch (hdr->type) {
	case IPV6_SRCRT_TYPE_4:
		return ipv6_srh_rcv(skb, idev);
	case IPV6_SRCRT_TYPE_3:
		return ipv6_rpl_srh_rcv(skb, idev);
	case IPV6_SRCRT_TYPE_2:
		if (idev->cnf.accept_source_route >= 0 || !hdr->segments_left)
			return ipv6_rt2_rcv(skb, hdr);
		break;
	}
	return ipv6_rthdr_other(skb, hdr);

drop:
	kfree_skb(skb);
	return -1;
}

const struct inet6_protocol rthdr_protocol = {
	.handler = ipv6_rthdr_rcv,
	.flags = INET6_PROTO_NOPOLICY,
};

const struct inet6_protocol destopt_protocol = {
	.handler = ipv6_destopt_rcv,
	.flags = INET6_PROTO_NOPOLICY,
};

const struct inet6_protocol nodata_protocol = {
	.handler = dst_discard,
	.flags = INET6_PROTO_NOPOLICY,
};
