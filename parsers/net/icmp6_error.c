// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMPv6 errors: those that this node sends, and the quoted packet of those that
 * it receives.
 *
 * Modelled on: Linux 6.1 net/ipv6/icmp.c (icmp6_send, is_ineligible, opt_unrec,
 *	mip6_addr_swap, icmpv6_param_prob_reason, icmpv6_rcv, icmpv6_notify),
 *	net/netfilter/ipvs/ip_vs_core.c (ip_vs_in_icmp_v6: the quoted transport header)
 * Spec: RFC 4443 2.4 and 4.2, RFC 8200 4.5, RFC 6275 9.3.1
 * Differs: an error is an effect (type, code, pointer, quoted bytes), not a packet;
 *	no rate limit, source address selection or route back; received messages that
 *	are no errors are handed over, as are checksums; mip6_addr_swap tests that the
 *	address lies within the packet, which upstream takes for granted.
 */
#include <linux/icmpv6.h>
#include <net/addrconf.h>
#include <net/seg6.h>

#include "exthdrs.h"
#include "rx.h"

enum {
	/* RFC 4443 2.4 (c): as much as fits into the minimum MTU */
	QUOTE_MAX = IPV6_MIN_MTU - sizeof(struct ipv6hdr) - sizeof(struct icmp6hdr),
};

/* RFC 4443 2.4 (e.1): no error about an error, as far as the packet shows it. */
static bool is_ineligible(const struct sk_buff *skb)
{
	int ptr = (int)((u8 *)(ipv6_hdr(skb) + 1) - skb->data);
	int len = (int)skb->len - ptr;
	__u8 nexthdr = ipv6_hdr(skb)->nexthdr;
	__be16 frag_off;
	u8 _type, *tp;

	if (len < 0)
		return true;

	ptr = ipv6_skip_exthdr(skb, ptr, &nexthdr, &frag_off);
	if (malformed(ptr < 0))
		return false;
	if (nexthdr != IPPROTO_ICMPV6)
		return false;

	tp = skb_header_pointer(skb, ptr + (int)offsetof(struct icmp6hdr, icmp6_type),
				sizeof(_type), &_type);
	if (!tp && frag_off != 0)
		return false;
	if (malformed(!tp))
		return true;
	return !(*tp & ICMPV6_INFOMSG_MASK);
}

/* The option at @offset asks for an error even if a group was addressed. */
static bool opt_unrec(struct sk_buff *skb, __u32 offset)
{
	u8 _optval, *op;

	offset += (u32)skb_network_offset(skb);
	op = skb_header_pointer(skb, (int)offset, sizeof(_optval), &_optval);
	if (!op)
		return true;
	return (*op & 0xC0) == 0x80;
}

/* RFC 6275 9.3.1: the error quotes the packet as it was sent. */
static void mip6_addr_swap(struct sk_buff *skb, const struct inet6_skb_parm *opt)
{
	struct ipv6hdr *iph = ipv6_hdr(skb);
	struct ipv6_destopt_hao *hao;
	int off;

	if (!opt->dsthao)
		return;

	off = ipv6_find_tlv(skb, opt->dsthao, IPV6_TLV_HAO);
	if (malformed(off < 0))
		return;
	hao = (struct ipv6_destopt_hao *)(skb_network_header(skb) + off);
	/* RPL forwarding drops the headers before its own, and dsthao is stale then */
	if (malformed_in(REDZONE_213B44232717, (u8 *)(hao + 1) > skb_tail_pointer(skb)))
		return;
	swap(iph->saddr, hao->addr);
}

/* Who may be told, about what (RFC 4443 2.4 (e)). */
static bool icmp6_may_send(struct sk_buff *skb, u8 type, u8 code, __u32 info)
{
	struct ipv6hdr *hdr = ipv6_hdr(skb);
	int addr_type = ipv6_addr_type(&hdr->daddr);

	if (addr_type & IPV6_ADDR_MULTICAST || skb->pkt_type != PACKET_HOST) {
		bool told = type == ICMPV6_PKT_TOOBIG ||
			    (type == ICMPV6_PARAMPROB && code == ICMPV6_UNK_OPTION &&
			     opt_unrec(skb, info));

		if (malformed(!told))
			return false;
	}

	addr_type = ipv6_addr_type(&hdr->saddr);
	if (malformed(addr_type == IPV6_ADDR_ANY))
		return false;
	if (malformed(addr_type & IPV6_ADDR_MULTICAST))
		return false;

	if (malformed(is_ineligible(skb)))
		return false;
	return true;
}

/* The bytes that the error quotes, from wherever they lie. */
static void icmp6_quote(struct sk_buff *skb)
{
	u8 quote[QUOTE_MAX];
	int offset = skb_network_offset(skb);
	int len = (int)skb->len - offset;

	if (len < 0)
		return;
	if (len > QUOTE_MAX)
		len = QUOTE_MAX;
	if (skb_copy_bits(skb, offset, quote, len) < 0)
		return;
	sink_effect_bytes(rx_sink(skb), "icmpv6.quote", quote, len);
}

/**
 * icmpv6_send - send an error about a packet
 * @skb: the packet, network header set; stays the caller's
 * @type: ICMPV6_*
 * @code: of this type
 * @info: pointer or MTU
 */
void icmpv6_send(struct sk_buff *skb, u8 type, u8 code, __u32 info)
{
	struct ipv6hdr *hdr = ipv6_hdr(skb);

	if ((u8 *)hdr < skb->head)
		return;
	if (skb_network_header(skb) + sizeof(*hdr) > skb_tail_pointer(skb))
		return;

	if (!icmp6_may_send(skb, type, code, info))
		return;

	mip6_addr_swap(skb, IP6CB(skb));

	sink_effect_u64(rx_sink(skb), "icmpv6.type", type);
	sink_effect_u64(rx_sink(skb), "icmpv6.code", code);
	sink_effect_u64(rx_sink(skb), "icmpv6.pointer", info);
	icmp6_quote(skb);
}

void icmpv6_param_prob_reason(struct sk_buff *skb, u8 code, int pos,
			      enum skb_drop_reason reason)
{
	icmpv6_send(skb, ICMPV6_PARAMPROB, code, pos);
	kfree_skb_reason(skb, reason);
}

/*
 * Received errors
 */

static void icmp6_decode_quoted(const struct sk_buff *skb)
{
	const struct ipv6hdr *hdr = (const struct ipv6hdr *)skb->data;

	rx_u64(skb, "ipv6.version", hdr->version);
	rx_u64(skb, "ipv6.tclass", ipv6_get_dsfield(hdr));
	rx_u64(skb, "ipv6.flow", (hdr->flow_lbl[0] & 0x0f) << 16 |
	       hdr->flow_lbl[1] << 8 | hdr->flow_lbl[2]);
	rx_u64(skb, "ipv6.plen", ntohs(hdr->payload_len));
	rx_u64(skb, "ipv6.nxt", hdr->nexthdr);
	rx_u64(skb, "ipv6.hlim", hdr->hop_limit);
	rx_bytes(skb, "ipv6.src", &hdr->saddr, sizeof(hdr->saddr));
	rx_bytes(skb, "ipv6.dst", &hdr->daddr, sizeof(hdr->daddr));
}

/* Whose packet the error quotes: the socket is found by what follows the headers. */
bool icmpv6_notify(struct sk_buff *skb, u8 type, u8 code)
{
	int inner_offset;
	__be16 frag_off;
	u8 nexthdr;

	if (malformed(!pskb_may_pull(skb, sizeof(struct ipv6hdr))))
		return false;
	icmp6_decode_quoted(skb);

	seg6_icmp_srh(skb, IP6CB(skb));

	nexthdr = ((struct ipv6hdr *)skb->data)->nexthdr;
	if (ipv6_ext_hdr(nexthdr)) {
		inner_offset = ipv6_skip_exthdr_quoted(skb, sizeof(struct ipv6hdr),
						       &nexthdr, &frag_off);
		if (malformed(inner_offset < 0))
			return false;
	} else {
		inner_offset = sizeof(struct ipv6hdr);
	}

	/* ports, or what else identifies the sender, are in the first 8 bytes */
	if (malformed(!pskb_may_pull(skb, inner_offset + 8)))
		return false;
	if (malformed(nexthdr == IPPROTO_RAW))
		return false;

	sink_effect_u64(rx_sink(skb), "icmpv6.notify", nexthdr);
	sink_effect_bytes(rx_sink(skb), "icmpv6.notify.data", skb->data + inner_offset, 8);
	return true;
}

/*
 * What a director that forwards by connection needs: the transport header of the
 * quoted packet, which begins behind the error's own header at skb->data.
 */
static void icmp6_quoted_transport(struct sk_buff *skb)
{
	unsigned int offset = sizeof(struct icmp6hdr);
	unsigned short fragoffs;
	int protocol, flags = 0;

	protocol = ipv6_find_hdr(skb, &offset, -1, &fragoffs, &flags);
	if (malformed(protocol < 0))
		return;
	/* a later fragment holds none */
	if (malformed(fragoffs))
		return;

	sink_effect_u64(rx_sink(skb), "icmpv6.quoted.proto", protocol);
	sink_effect_u64(rx_sink(skb), "icmpv6.quoted.offset", offset);
	sink_effect_u64(rx_sink(skb), "icmpv6.quoted.flags", flags);
}

static int icmpv6_rcv(struct sk_buff *skb)
{
	struct icmp6hdr *hdr;

	if (malformed(!pskb_may_pull(skb, sizeof(*hdr)))) {
		kfree_skb(skb);
		return 0;
	}
	hdr = icmp6_hdr(skb);
	rx_u64(skb, "icmpv6.type", hdr->icmp6_type);
	rx_u64(skb, "icmpv6.code", hdr->icmp6_code);

	if (hdr->icmp6_type & ICMPV6_INFOMSG_MASK) {
		rx_handover(skb, "handover.proto", IPPROTO_ICMPV6);
		return 0;
	}

	icmp6_quoted_transport(skb);

	__skb_pull(skb, sizeof(*hdr));
	if (hdr->icmp6_type == ICMPV6_PKT_TOOBIG) {
		/* the route's MTU changes even if the socket is not found */
		if (malformed(!pskb_may_pull(skb, sizeof(struct ipv6hdr)))) {
			kfree_skb(skb);
			return 0;
		}
		hdr = icmp6_hdr(skb);
		sink_effect_u64(rx_sink(skb), "icmpv6.mtu", ntohl(hdr->icmp6_mtu));
	}
	icmpv6_notify(skb, hdr->icmp6_type, hdr->icmp6_code);
	rx_handover(skb, "handover.proto", IPPROTO_ICMPV6);
	return 0;
}

const struct inet6_protocol icmpv6_protocol = {
	.handler = icmpv6_rcv,
	.flags = INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL,
};
