// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv4: the header, options that steer, delivery to a protocol.
 *
 * Modelled on: Linux 6.1 net/ipv4/ip_input.c (ip_rcv, ip_rcv_options, ip_rcv_finish_core,
 *	 ip_local_deliver, ip_protocol_deliver_rcu, ip_call_ra_chain)
 * Spec: RFC 791 3.1 and 3.2, RFC 1122 3.2.1 and 3.3.6, RFC 2113
 * Differs: no netfilter, early demux, VRFs, lists or MIB counters; no raw sockets;
 *	reassembly is a layer that a target may have (ip_defrag_register()).
 */
#include <linux/icmp.h>
#include <net/cipso_ipv4.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/protocol.h>

#include "icmp_priv.h"
#include "ip_rcv_core.h"
#include "rx.h"

static int (*ip_defrag)(struct net *net, struct sk_buff *skb, u32 user);

void ip_defrag_register(int (*defrag)(struct net *net, struct sk_buff *skb, u32 user))
{
	ip_defrag = defrag;
}

/**
 * ip_protocol_deliver_rcu - hand a packet to the protocol its header names
 * @net: namespace
 * @skb: packet, data at the header of that protocol; consumed
 * @protocol: number
 */
void ip_protocol_deliver_rcu(struct net *net, struct sk_buff *skb, int protocol)
{
	const struct net_protocol *ipprot;
	int ret;

resubmit:
	ipprot = inet_protos[protocol];
	if (malformed(!ipprot)) {
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0);
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_NOPROTO);
		return;
	}

	ret = ipprot->handler(skb);
	if (ret < 0) {
		protocol = -ret;
		goto resubmit;
	}
}

/* The label that a socket with mandatory access control would see. */
static void ip_label(const struct sk_buff *skb)
{
	unsigned char *cipso = cipso_v4_optptr(skb);

	if (cipso)
		cipso_v4_getattr(skb, cipso);
}

static int ip_local_deliver_finish(struct net *net, struct sk_buff *skb)
{
	if (ip_hdr(skb)->ihl > 5)
		ip_label(skb);
	__skb_pull(skb, skb_network_header_len(skb));
	ip_protocol_deliver_rcu(net, skb, ip_hdr(skb)->protocol);
	return 0;
}

/* Route input of what is for this node. */
int ip_local_deliver(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);

	if (ip_is_fragment(ip_hdr(skb))) {
		if (!ip_defrag) {
			rx_handover(skb, "handover.ipv4_fragment", ip_hdr(skb)->protocol);
			return 0;
		}
		if (ip_defrag(net, skb, IP_DEFRAG_LOCAL_DELIVER))
			return 0;
	}
	return ip_local_deliver_finish(net, skb);
}

/* Options of a packet whose header is linear; true: drop it. */
static bool ip_rcv_options(struct sk_buff *skb, struct net_device *dev)
{
	const struct iphdr *iph;
	struct ip_options *opt;

	/* some options are written to */
	if (skb_cow(skb, skb_headroom(skb)))
		return true;

	iph = ip_hdr(skb);
	opt = &IPCB(skb)->opt;
	opt->optlen = iph->ihl * 4 - sizeof(struct iphdr);

	if (ip_options_compile(dev_net(dev), opt, skb))
		return true;

	if (opt->srr) {
		if (malformed(!IN_DEV_SOURCE_ROUTE(__in_dev_get_rcu(dev))))
			return true;
		if (ip_options_rcv_srr(skb, dev))
			return true;
	}
	return false;
}

static int ip_rcv_finish_core(struct net *net, struct sk_buff *skb, struct net_device *dev)
{
	enum skb_drop_reason drop_reason = SKB_DROP_REASON_NOT_SPECIFIED;
	const struct iphdr *iph = ip_hdr(skb);
	struct rtable *rt;
	int err;

	if (!skb_valid_dst(skb)) {
		err = ip_route_input_noref(skb, iph->daddr, iph->saddr, iph->tos, dev);
		if (err)
			goto drop;
	}

	if (iph->ihl > 5 && ip_rcv_options(skb, dev))
		goto drop;

	rt = skb_rtable(skb);
	if (rt->rt_type != RTN_MULTICAST && rt->rt_type != RTN_BROADCAST) {
		/* unicast inside a link-layer broadcast ("hole 196") */
		if (malformed((skb->pkt_type == PACKET_BROADCAST ||
			       skb->pkt_type == PACKET_MULTICAST) &&
			      __in_dev_get_rcu(dev)->cnf.drop_unicast_in_l2_multicast)) {
			drop_reason = SKB_DROP_REASON_UNICAST_IN_L2_MULTICAST;
			goto drop;
		}
	}
	return NET_RX_SUCCESS;

drop:
	kfree_skb_reason(skb, drop_reason);
	return NET_RX_DROP;
}

static int ip_rcv_finish(struct net *net, struct sk_buff *skb)
{
	int ret = ip_rcv_finish_core(net, skb, skb->dev);

	if (ret != NET_RX_DROP)
		ret = dst_input(skb);
	return ret;
}

/**
 * ip_rcv - packet type of IPv4
 * @skb: packet whose data begins with the header; consumed
 * @dev: device it arrived on
 * @pt: not used
 * @orig_dev: not used
 */
int ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
	   struct net_device *orig_dev)
{
	struct net *net = dev_net(dev);

	skb = ip_rcv_core(skb);
	if (!skb)
		return NET_RX_DROP;
	return ip_rcv_finish(net, skb);
}
