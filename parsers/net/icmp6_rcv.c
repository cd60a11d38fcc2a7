// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMPv6 as it arrives: checksum, types, echo, and errors that change the path's MTU.
 *
 * Modelled on: Linux 6.1 net/ipv6/icmp.c (icmpv6_rcv, icmpv6_echo_reply),
 *	net/ipv4/ping.c (ping_rcv)
 * Spec: RFC 4443 2.3, 3.2 and 4, RFC 8201 4
 * Differs: errors are parsed by icmp6_error.c, the MTU is taken before; no rate limit, no
 *	IPsec policy; one ping socket, whose identifier is 1; extended echo is not
 *	answered; a reply may be longer than the MTU.
 */
#include <net/ip6_checksum.h>
#include <net/protocol.h>
#include <redzone/icmpv6.h>

#include "exthdrs.h"
#include "nd.h"

static const struct inet6_protocol *icmpv6_errors = &icmpv6_protocol;

static void icmp6_echo_decode(const struct sk_buff *skb)
{
	const struct icmp6hdr *hdr = icmp6_hdr(skb);

	rx_u64(skb, "icmpv6.echo.identifier", ntohs(hdr->icmp6_identifier));
	rx_u64(skb, "icmpv6.echo.sequence_number", ntohs(hdr->icmp6_sequence));
}

/* The data of the request, from wherever it lies, behind the header of a reply. */
static void icmpv6_echo_reply(struct sk_buff *skb, struct nd_dev *nd)
{
	const struct in6_addr *saddr = &ipv6_hdr(skb)->daddr;
	struct icmp6hdr *icmph;
	struct sk_buff *reply;

	if (malformed(ipv6_addr_is_multicast(saddr) && nd->cnf.echo_ignore_multicast))
		return;
	if (ipv6_addr_is_multicast(saddr))
		saddr = ipv6_get_saddr(nd, &ipv6_hdr(skb)->saddr);
	if (!saddr)
		return;
	reply = ndisc_alloc_skb(nd, skb->len + sizeof(*icmph));
	if (!reply)
		return;
	icmph = skb_put(reply, sizeof(*icmph));
	memcpy(icmph, icmp6_hdr(skb), sizeof(*icmph));
	icmph->icmp6_type = ICMPV6_ECHO_REPLY;
	if (skb_copy_bits(skb, 0, skb_put(reply, skb->len), (int)skb->len)) {
		kfree_skb(reply);
		return;
	}
	ndisc_send_skb(reply, &ipv6_hdr(skb)->saddr, saddr, (u8)nd->cnf.hop_limit);
}

static void ping_v6_rcv(struct sk_buff *skb)
{
	/* nobody asked */
	if (malformed(icmp6_hdr(skb)->icmp6_identifier != htons(1)))
		return;
	sink_effect_u64(rx_sink(skb), "ping.len", skb->len);
}

/* Somebody says that a packet of ours was too big; the quoted header begins at 8. */
static void icmp6_too_big(struct sk_buff *skb, struct nd_dev *nd)
{
	const struct icmp6hdr *hdr;
	const struct ipv6hdr *quoted;

	if (malformed(!pskb_may_pull(skb, sizeof(*hdr) + sizeof(*quoted))))
		return;
	hdr = icmp6_hdr(skb);
	rx_u64(skb, "icmpv6.mtu", ntohl(hdr->icmp6_mtu));
	quoted = (const struct ipv6hdr *)(hdr + 1);
	if (malformed(!ipv6_get_ifaddr(nd, &quoted->saddr)))
		return;
	rt6_pmtu_update(nd, &quoted->daddr, ntohl(hdr->icmp6_mtu));
}

/* Types from 128 on; false: @skb is somebody else's now. */
static bool icmp6_rcv_info(struct sk_buff *skb, struct nd_dev *nd, u8 type)
{
	switch (type) {
	case ICMPV6_ECHO_REQUEST:
		icmp6_echo_decode(skb);
		if (!malformed(nd->cnf.echo_ignore_all))
			icmpv6_echo_reply(skb, nd);
		break;
	case ICMPV6_ECHO_REPLY:
		icmp6_echo_decode(skb);
		ping_v6_rcv(skb);
		break;
	case NDISC_ROUTER_SOLICITATION:
	case NDISC_ROUTER_ADVERTISEMENT:
	case NDISC_NEIGHBOUR_SOLICITATION:
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
	case NDISC_REDIRECT:
		ndisc_rcv(skb, nd);
		break;
	case ICMPV6_MGM_QUERY:
		igmp6_event_query(skb);
		return false;
	case ICMPV6_MGM_REPORT:
		igmp6_event_report(skb);
		return false;
	}
	return true;
}

static int icmp6_rcv(struct sk_buff *skb)
{
	struct nd_dev *nd = nd_dev_get(skb->dev);
	struct icmp6hdr *hdr;

	if (!nd) {
		kfree_skb(skb);
		return 0;
	}
	br_do_suppress_nd(nd, skb);

	if (malformed(skb_checksum_validate(skb, IPPROTO_ICMPV6, ip6_compute_pseudo)))
		goto discard_it;
	if (malformed(!pskb_may_pull(skb, sizeof(*hdr))))
		goto discard_it;
	hdr = icmp6_hdr(skb);
	rx_u64(skb, "icmpv6.checksum", ntohs(hdr->icmp6_cksum));
	if (!(hdr->icmp6_type & ICMPV6_INFOMSG_MASK)) {
		if (hdr->icmp6_type == ICMPV6_PKT_TOOBIG)
			icmp6_too_big(skb, nd);
		return icmpv6_errors->handler(skb);
	}
	rx_u64(skb, "icmpv6.type", hdr->icmp6_type);
	rx_u64(skb, "icmpv6.code", hdr->icmp6_code);
	__skb_pull(skb, sizeof(*hdr));
	if (icmp6_rcv_info(skb, nd, hdr->icmp6_type)) {
		sink_verdict(rx_sink(skb), 0, 0);
		consume_skb(skb);
	}
	return 0;

discard_it:
	kfree_skb(skb);
	return 0;
}

static const struct inet6_protocol icmp6_layer = {
	.handler = icmp6_rcv,
	.flags = INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL,
};

void nd_register(void)
{
	inet6_add_protocol(&icmp6_layer, IPPROTO_ICMPV6);
}
