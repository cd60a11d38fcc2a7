// SPDX-License-Identifier: GPL-2.0-only
/*
 * ARP: questions, answers, and the neighbours learned from them.
 *
 * Modelled on: Linux 6.1 net/ipv4/arp.c (arp_rcv, arp_process, arp_is_garp,
 *	arp_send_dst), net/core/neighbour.c (neigh_lookup, neigh_update)
 * Spec: RFC 826, RFC 5227
 * Differs: Ethernet alone; the table holds eight neighbours of one input, without
 *	queues or timers. lwip-4a8983ab691b is a variant: lwIP reads the header from a
 *	first segment, this port from the linear part.
 */
#include <linux/if_arp.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <net/ip.h>

#include "rx.h"

enum {
	NUD_REACHABLE = 0x02,
	NUD_STALE = 0x04,
	NEIGHBOURS = 8,
	LOCKTIME = HZ,
};

struct neighbour {
	struct list_head list;
	struct net_device *dev;
	__be32 primary_key;
	unsigned long updated;
	u8 nud_state;
	unsigned char ha[ETH_ALEN];
};

static LIST_HEAD(arp_tbl);
static unsigned int arp_entries;

/*
 * Neighbours
 */

static struct neighbour *neigh_lookup(__be32 key, const struct net_device *dev)
{
	struct neighbour *n;

	list_for_each_entry(n, &arp_tbl, list)
		if (n->primary_key == key && n->dev == dev)
			return n;
	return NULL;
}

/* A full table forgets its oldest entry. */
static struct neighbour *neigh_create(__be32 key, struct net_device *dev)
{
	struct neighbour *n;

	if (arp_entries == NEIGHBOURS) {
		n = list_first_entry(&arp_tbl, struct neighbour, list);
		list_del(&n->list);
		kfree(n);
		arp_entries--;
	}
	n = kzalloc(sizeof(*n), GFP_ATOMIC);
	if (!n)
		return NULL;
	n->primary_key = key;
	n->dev = dev;
	n->updated = jiffies - LOCKTIME - 1;
	list_add_tail(&n->list, &arp_tbl);
	arp_entries++;
	return n;
}

static void neigh_update(struct neighbour *n, const unsigned char *lladdr, u8 state,
			 bool override)
{
	if (n->nud_state && !override && memcmp(n->ha, lladdr, ETH_ALEN))
		return;
	memcpy(n->ha, lladdr, ETH_ALEN);
	n->nud_state = state;
	n->updated = jiffies;
	sink_effect_bytes(dev_net(n->dev)->sink, "neigh.ha", n->ha, ETH_ALEN);
	sink_effect_u64(dev_net(n->dev)->sink, "neigh.state", state);
}

/* A neighbour asks us something: it will want an answer. */
static bool neigh_event_ns(const unsigned char *lladdr, __be32 saddr, struct net_device *dev)
{
	struct neighbour *n = neigh_lookup(saddr, dev);

	if (!n)
		n = neigh_create(saddr, dev);
	if (n)
		neigh_update(n, lladdr, NUD_STALE, true);
	return n;
}

/*
 * Messages
 */

static void arp_send_reply(struct net_device *dev, __be32 dest_ip, __be32 src_ip,
			   const unsigned char *dest_hw)
{
	int hlen = LL_RESERVED_SPACE(dev);
	unsigned char *arp_ptr;
	struct sk_buff *skb;
	struct arphdr *arp;

	skb = alloc_skb(hlen + arp_hdr_len(dev), GFP_ATOMIC);
	if (!skb)
		return;
	skb_reserve(skb, hlen);
	skb_reset_network_header(skb);
	arp = skb_put(skb, arp_hdr_len(dev));
	skb->dev = dev;
	skb->protocol = htons(ETH_P_ARP);

	arp->ar_hrd = htons(ARPHRD_ETHER);
	arp->ar_pro = htons(ETH_P_IP);
	arp->ar_hln = ETH_ALEN;
	arp->ar_pln = 4;
	arp->ar_op = htons(ARPOP_REPLY);
	arp_ptr = (unsigned char *)(arp + 1);
	memcpy(arp_ptr, dev->dev_addr, ETH_ALEN);
	memcpy(arp_ptr + ETH_ALEN, &src_ip, 4);
	memcpy(arp_ptr + ETH_ALEN + 4, dest_hw, ETH_ALEN);
	memcpy(arp_ptr + 2 * ETH_ALEN + 4, &dest_ip, 4);
	dev_queue_xmit(skb);
}

/* Nobody asked. RFC 5227 3. */
static bool arp_is_garp(struct net *net, int *addr_type, __be16 ar_op, __be32 sip, __be32 tip,
			const unsigned char *sha, const unsigned char *tha)
{
	if (tip != sip)
		return false;
	if (malformed(ar_op == htons(ARPOP_REPLY) && memcmp(tha, sha, ETH_ALEN)))
		return false;
	*addr_type = inet_addr_type(net, sip);
	return !malformed(*addr_type != RTN_UNICAST);
}

/* A question about us, or somebody whom we answer for; true: it has been answered. */
static bool arp_answer(struct sk_buff *skb, __be32 sip, __be32 tip, const unsigned char *sha)
{
	struct net_device *dev = skb->dev;
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct rtable *rt;

	if (ip_route_input_noref(skb, tip, sip, 0, dev))
		return false;
	rt = skb_rtable(skb);
	if (rt->rt_type == RTN_LOCAL) {
		if (neigh_event_ns(sha, sip, dev))
			arp_send_reply(dev, sip, tip, sha);
		return true;
	}
	if (IN_DEV_FORWARD(in_dev) && rt->rt_type == RTN_UNICAST && rt->dst.dev != dev &&
	    in_dev->cnf.proxy_arp) {
		neigh_event_ns(sha, sip, dev);
		arp_send_reply(dev, sip, tip, sha);
		return true;
	}
	return false;
}

/* What a message says about its sender. */
static void arp_learn(struct sk_buff *skb, __be16 ar_op, __be32 sip, __be32 tip,
		      const unsigned char *sha, const unsigned char *tha)
{
	struct net_device *dev = skb->dev;
	bool accept = __in_dev_get_rcu(dev)->cnf.arp_accept;
	struct neighbour *n = neigh_lookup(sip, dev);
	bool is_garp = false, override;
	int addr_type = -1;
	u8 state;

	if (n || accept)
		is_garp = arp_is_garp(dev_net(dev), &addr_type, ar_op, sip, tip, sha, tha);
	if (!n && accept) {
		if (addr_type < 0)
			addr_type = inet_addr_type(dev_net(dev), sip);
		if (is_garp || (ar_op == htons(ARPOP_REPLY) &&
				!malformed(addr_type != RTN_UNICAST)))
			n = neigh_create(sip, dev);
	}
	if (!n)
		return;

	/* of answers that follow one another the first one counts */
	override = time_after(jiffies, n->updated + LOCKTIME) || is_garp;
	state = ar_op != htons(ARPOP_REPLY) || skb->pkt_type != PACKET_HOST ? NUD_STALE :
									       NUD_REACHABLE;
	neigh_update(n, sha, state, override);
}

static void arp_decode(const struct sk_buff *skb, const struct arphdr *arp,
		       const unsigned char *sha, const unsigned char *tha)
{
	rx_u64(skb, "arp.opcode", ntohs(arp->ar_op));
	rx_bytes(skb, "arp.src.hw_mac", sha, ETH_ALEN);
	rx_bytes(skb, "arp.src.proto_ipv4", sha + ETH_ALEN, 4);
	rx_bytes(skb, "arp.dst.hw_mac", tha, ETH_ALEN);
	rx_bytes(skb, "arp.dst.proto_ipv4", tha + ETH_ALEN, 4);
}

static int arp_process(struct sk_buff *skb)
{
	struct in_device *in_dev = __in_dev_get_rcu(skb->dev);
	struct arphdr *arp = arp_hdr(skb);
	unsigned char *sha, *tha;
	__be32 sip, tip;

	if (malformed(arp->ar_hrd != htons(ARPHRD_ETHER) &&
		      arp->ar_hrd != htons(ARPHRD_IEEE802)))
		goto out_free_skb;
	if (malformed(arp->ar_pro != htons(ETH_P_IP)))
		goto out_free_skb;
	if (malformed(arp->ar_op != htons(ARPOP_REPLY) && arp->ar_op != htons(ARPOP_REQUEST)))
		goto out_free_skb;

	sha = (unsigned char *)(arp + 1);
	memcpy(&sip, sha + ETH_ALEN, 4);
	tha = sha + ETH_ALEN + 4;
	memcpy(&tip, tha + ETH_ALEN, 4);
	arp_decode(skb, arp, sha, tha);

	if (malformed(ipv4_is_multicast(tip)))
		goto out_free_skb;
	if (malformed(!IN_DEV_ROUTE_LOCALNET(in_dev) && ipv4_is_loopback(tip)))
		goto out_free_skb;
	if (malformed(sip == tip && in_dev->cnf.drop_gratuitous_arp))
		goto out_free_skb;

	if (sip == 0) {
		/* RFC 2131: does anybody have this address? */
		if (arp->ar_op == htons(ARPOP_REQUEST) &&
		    inet_addr_type(dev_net(skb->dev), tip) == RTN_LOCAL)
			arp_send_reply(skb->dev, sip, tip, sha);
	} else if (arp->ar_op != htons(ARPOP_REQUEST) || !arp_answer(skb, sip, tip, sha)) {
		arp_learn(skb, arp->ar_op, sip, tip, sha, tha);
	}
	sink_verdict(rx_sink(skb), 0, 0);
	consume_skb(skb);
	return NET_RX_SUCCESS;

out_free_skb:
	kfree_skb(skb);
	return NET_RX_DROP;
}

static int arp_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		   struct net_device *orig_dev)
{
	const struct arphdr *arp;

	if (dev->type != ARPHRD_ETHER)
		goto freeskb;
	if (malformed(skb->pkt_type == PACKET_OTHERHOST))
		goto freeskb;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;

	if (malformed_in(LWIP_4A8983AB691B, !pskb_may_pull(skb, arp_hdr_len(dev))))
		goto freeskb;

	arp = arp_hdr(skb);
	rx_u64(skb, "arp.hw.type", ntohs(arp->ar_hrd));
	rx_u64(skb, "arp.proto.type", ntohs(arp->ar_pro));
	rx_u64(skb, "arp.hw.size", arp->ar_hln);
	rx_u64(skb, "arp.proto.size", arp->ar_pln);
	if (malformed(arp->ar_hln != ETH_ALEN))
		goto freeskb;
	if (malformed(arp->ar_pln != 4))
		goto freeskb;
	return arp_process(skb);

freeskb:
	kfree_skb(skb);
	return NET_RX_DROP;
}

static struct packet_type arp_packet_type = {
	.type = cpu_to_be16(ETH_P_ARP),
	.func = arp_rcv,
};

static int arp_net_init(struct net *net)
{
	return 0;
}

static void arp_net_exit(struct net *net)
{
	struct neighbour *n, *tmp;

	list_for_each_entry_safe(n, tmp, &arp_tbl, list) {
		list_del(&n->list);
		kfree(n);
	}
	arp_entries = 0;
}

static struct pernet_operations arp_net_ops = {
	.init = arp_net_init,
	.exit = arp_net_exit,
};

void arp_init(void)
{
	dev_add_pack(&arp_packet_type);
	register_pernet_subsys(&arp_net_ops);
}
