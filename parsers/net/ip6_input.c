// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv6: the fixed header, and the walk along the next-header chain.
 *
 * Modelled on: Linux 6.1 net/ipv6/ip6_input.c (ip6_rcv_core, ipv6_rcv,
 *	ip6_rcv_finish, ip6_protocol_deliver_rcu, ip6_input, ip6_mc_input)
 * Spec: RFC 8200 3 and 4, RFC 4291 2.5.3 and 2.7
 * Differs: no netfilter, early demux, VRFs, lists or MIB counters; no raw sockets
 *	and no multicast routing; no encapsulation in UDP, so that nothing follows a final
 *	header; a transport header is handed over, not parsed.
 */
#include <linux/icmpv6.h>
#include <net/addrconf.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/protocol.h>

#include "rx.h"

int ip6_rcv_finish(struct net *net, struct sk_buff *skb)
{
	if (!skb_valid_dst(skb))
		ip6_route_input(skb);

	return dst_input(skb);
}

/* RFC 4291: who may send to whom, over which link-layer address. */
static bool ip6_rcv_addr_ok(struct sk_buff *skb, const struct ipv6hdr *hdr,
			    const struct inet6_dev *idev, enum skb_drop_reason *reason)
{
	const struct net_device *dev = skb->dev;
	bool wire = !(dev->flags & IFF_LOOPBACK);

	/* 2.5.3: the loopback address never leaves its node */
	if (malformed(wire && ipv6_addr_loopback(&hdr->saddr)))
		return false;
	if (malformed(wire && ipv6_addr_loopback(&hdr->daddr)))
		return false;

	/* errata 3480: interface-local scope spans one interface */
	if (malformed(wire && skb->pkt_type != PACKET_LOOPBACK &&
		      ipv6_addr_is_multicast(&hdr->daddr) &&
		      IPV6_ADDR_MC_SCOPE(&hdr->daddr) == 1))
		return false;

	/* unicast inside a link-layer broadcast ("hole 196") */
	if (malformed(!ipv6_addr_is_multicast(&hdr->daddr) &&
		      (skb->pkt_type == PACKET_BROADCAST ||
		       skb->pkt_type == PACKET_MULTICAST) &&
		      idev->cnf.drop_unicast_in_l2_multicast)) {
		*reason = SKB_DROP_REASON_UNICAST_IN_L2_MULTICAST;
		return false;
	}

	/* 2.7: scope 0 is reserved */
	if (malformed(ipv6_addr_is_multicast(&hdr->daddr) &&
		      IPV6_ADDR_MC_SCOPE(&hdr->daddr) == 0))
		return false;

	/* 2.7: a group never sends */
	if (malformed(ipv6_addr_is_multicast(&hdr->saddr)))
		return false;

	return true;
}

static void ip6_rcv_decode(struct sk_buff *skb, const struct ipv6hdr *hdr)
{
	rx_u64(skb, "ipv6.tclass", ipv6_get_dsfield(hdr));
	rx_u64(skb, "ipv6.flow", (hdr->flow_lbl[0] & 0x0f) << 16 |
	       hdr->flow_lbl[1] << 8 | hdr->flow_lbl[2]);
	rx_u64(skb, "ipv6.plen", ntohs(hdr->payload_len));
	rx_u64(skb, "ipv6.nxt", hdr->nexthdr);
	rx_u64(skb, "ipv6.hlim", hdr->hop_limit);
	rx_bytes(skb, "ipv6.src", &hdr->saddr, sizeof(hdr->saddr));
	rx_bytes(skb, "ipv6.dst", &hdr->daddr, sizeof(hdr->daddr));
}

/* The payload length against what arrived; the tail beyond it is padding. */
static int ip6_rcv_trim(struct sk_buff *skb, enum skb_drop_reason *reason)
{
	const struct ipv6hdr *hdr = ipv6_hdr(skb);
	u32 pkt_len = ntohs(hdr->payload_len);

	/* zero if a Jumbo Payload option says the length */
	if (pkt_len || hdr->nexthdr != NEXTHDR_HOP) {
		if (malformed(pkt_len + sizeof(struct ipv6hdr) > skb->len)) {
			*reason = SKB_DROP_REASON_PKT_TOO_SMALL;
			return -EINVAL;
		}
		if (pskb_trim_rcsum(skb, pkt_len + sizeof(struct ipv6hdr))) {
			*reason = SKB_DROP_REASON_IP_INHDR;
			return -ENOMEM;
		}
	}
	return 0;
}

static struct sk_buff *ip6_rcv_core(struct sk_buff *skb, struct net_device *dev,
				    struct net *net)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_NOT_SPECIFIED;
	const struct ipv6hdr *hdr;
	struct inet6_dev *idev;

	if (malformed(skb->pkt_type == PACKET_OTHERHOST)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_OTHERHOST);
		return NULL;
	}

	idev = __in6_dev_get(skb->dev);
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NULL;
	if (!idev || idev->cnf.disable_ipv6) {
		reason = SKB_DROP_REASON_IPV6DISABLED;
		goto drop;
	}

	memset(IP6CB(skb), 0, sizeof(struct inet6_skb_parm));
	IP6CB(skb)->iif = dev->ifindex;

	if (malformed(!pskb_may_pull(skb, sizeof(*hdr))))
		goto err;

	hdr = ipv6_hdr(skb);
	rx_u64(skb, "ipv6.version", hdr->version);
	if (malformed(hdr->version != 6)) {
		reason = SKB_DROP_REASON_UNHANDLED_PROTO;
		goto err;
	}
	ip6_rcv_decode(skb, hdr);

	if (!ip6_rcv_addr_ok(skb, hdr, idev, &reason))
		goto err;

	skb->transport_header = skb->network_header + sizeof(*hdr);
	IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);

	if (ip6_rcv_trim(skb, &reason) < 0)
		goto drop;

	if (ipv6_hdr(skb)->nexthdr == NEXTHDR_HOP) {
		if (ipv6_parse_hopopts(skb) < 0)
			return NULL;
	}

	return skb;

err:
	SKB_DR_OR(reason, IP_INHDR);
drop:
	kfree_skb_reason(skb, reason);
	return NULL;
}

/**
 * ipv6_rcv - packet type of IPv6
 * @skb: packet whose data begins with the fixed header; consumed
 * @dev: device it arrived on
 * @pt: not used
 * @orig_dev: not used
 */
int ipv6_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
	     struct net_device *orig_dev)
{
	struct net *net = dev_net(skb->dev);

	skb = ip6_rcv_core(skb, dev, net);
	if (!skb)
		return NET_RX_DROP;
	return ip6_rcv_finish(net, skb);
}

/* The first header that ends the chain fixes what may still follow it. */
static bool ip6_deliver_final(struct sk_buff *skb)
{
	const struct ipv6hdr *hdr = ipv6_hdr(skb);

	if (malformed(ipv6_addr_is_multicast(&hdr->daddr) &&
		      !ipv6_chk_mcast_addr(skb->dev, &hdr->daddr)))
		return false;
	return true;
}

/* Nobody takes this next-header value: tell the sender where it stands. */
static void ip6_deliver_unknown(struct sk_buff *skb, unsigned int nhoff)
{
	icmpv6_send(skb, ICMPV6_PARAMPROB, ICMPV6_UNK_NEXTHDR, nhoff);
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_NOPROTO);
}

/**
 * ip6_protocol_deliver_rcu - walk the header chain and hand the packet up
 * @net: namespace
 * @skb: packet; transport header at the next header to process; consumed
 */
void ip6_protocol_deliver_rcu(struct net *net, struct sk_buff *skb)
{
	const struct inet6_protocol *ipprot;
	unsigned int nhoff;
	u8 nexthdr;

resubmit:
	nhoff = IP6CB(skb)->nhoff;
	if (malformed(!pskb_pull(skb, (u32)skb_transport_offset(skb))))
		goto discard;
	nexthdr = skb_network_header(skb)[nhoff];

	ipprot = inet6_protos[nexthdr];
	if (malformed(!ipprot)) {
		ip6_deliver_unknown(skb, nhoff);
		return;
	}

	if (ipprot->flags & INET6_PROTO_FINAL) {
		if (!ip6_deliver_final(skb))
			goto discard;
	}

	if (ipprot->handler(skb) > 0)
		goto resubmit;
	return;

discard:
	kfree_skb(skb);
}

int ip6_input(struct sk_buff *skb)
{
	ip6_protocol_deliver_rcu(dev_net(skb->dev), skb);
	return 0;
}

int ip6_mc_input(struct sk_buff *skb)
{
	const struct ipv6hdr *hdr = ipv6_hdr(skb);

	if (malformed(!ipv6_chk_mcast_addr(skb->dev, &hdr->daddr))) {
		kfree_skb(skb);
		return 0;
	}
	return ip6_input(skb);
}
