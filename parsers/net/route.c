// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which route a received IPv4 packet takes, and addresses that no packet may have.
 *
 * Modelled on: Linux 6.1 net/ipv4/route.c (ip_route_input_slow, ip_route_input_mc,
 *	ip_mc_validate_source, __mkroute_input, ip_error, ip_rt_send_redirect,
 *	ip_rt_get_source, __ip_do_redirect, __ip_rt_update_pmtu),
 *	fib_frontend.c (fib_validate_source)
 * Spec: RFC 1122 3.2.1.3, RFC 1812 5.3.7, 5.2.7.2 and 4.3.3.2
 * Differs: the table is the environment's, with static routes and no cache, policies
 *	or exceptions; no reverse path filter, so that a source is invalid only if it is
 *	ours; errors and redirects are not limited in rate; what an exception would say
 *	is an effect.
 */
#include <linux/icmp.h>
#include <net/icmp.h>
#include <net/ip.h>

#include "icmp_priv.h"
#include "rx.h"

enum { MIN_PMTU = 552 };	/* RFC 1191 3: 512 bytes, and headers */

/* RFC 1812 5.3.8, as far as it holds without a filter: we did not send it. */
static int fib_validate_source(struct sk_buff *skb, __be32 saddr, struct net_device *dev)
{
	if (malformed(!(dev->flags & IFF_LOOPBACK) &&
		      redzone_fib_lookup(dev_net(dev), saddr)->rt_type != RTN_UNICAST))
		return -EINVAL;
	return 0;
}

static int ip_mc_validate_source(struct sk_buff *skb, __be32 daddr, __be32 saddr,
				 struct net_device *dev)
{
	if (malformed(ipv4_is_multicast(saddr)))
		return -EINVAL;
	if (malformed(ipv4_is_lbcast(saddr)))
		return -EINVAL;
	if (malformed(ipv4_is_loopback(saddr) &&
		      !IN_DEV_ROUTE_LOCALNET(__in_dev_get_rcu(dev))))
		return -EINVAL;

	if (ipv4_is_zeronet(saddr)) {
		if (malformed(!ipv4_is_local_multicast(daddr) &&
			      ip_hdr(skb)->protocol != IPPROTO_IGMP))
			return -EINVAL;
		return 0;
	}
	return fib_validate_source(skb, saddr, dev);
}

static int ip_route_input_mc(struct sk_buff *skb, __be32 daddr, __be32 saddr,
			     struct net_device *dev)
{
	int err = ip_mc_validate_source(skb, daddr, saddr, dev);

	if (err)
		return err;
	skb_dst_set_noref(skb, &redzone_fib_lookup(dev_net(dev), daddr)->dst);
	return 0;
}

/* To be forwarded. */
static int ip_mkroute_input(struct sk_buff *skb, struct rtable *rt, __be32 saddr,
			    struct net_device *dev)
{
	struct in_device *out_dev = __in_dev_get_rcu(rt->dst.dev);
	int err = fib_validate_source(skb, saddr, dev);

	if (err)
		return err;

	/* it leaves where it came from: the sender knows a worse route than we do */
	if (out_dev == __in_dev_get_rcu(dev) && IN_DEV_TX_REDIRECTS(out_dev) &&
	    skb->protocol == htons(ETH_P_IP)) {
		if (IN_DEV_SHARED_MEDIA(out_dev) || inet_addr_onlink(out_dev, saddr))
			IPCB(skb)->flags |= IPSKB_DOREDIRECT;
	}
	skb_dst_set_noref(skb, &rt->dst);
	return 0;
}

/* Addresses that no table needs to be asked about. */
static int ip_route_input_martian(__be32 daddr, __be32 saddr, const struct in_device *in_dev)
{
	/* nobody yet has an address, who looks for one */
	if (ipv4_is_lbcast(daddr) || (saddr == 0 && daddr == 0))
		return 0;
	if (malformed(ipv4_is_zeronet(saddr)))
		return -EINVAL;
	if (malformed(ipv4_is_zeronet(daddr)))
		return -EINVAL;

	if (malformed(ipv4_is_loopback(daddr) && !IN_DEV_ROUTE_LOCALNET(in_dev)))
		return -EINVAL;
	if (malformed(!ipv4_is_loopback(daddr) && ipv4_is_loopback(saddr) &&
		      !IN_DEV_ROUTE_LOCALNET(in_dev)))
		return -EINVAL;
	return 0;
}

static int ip_route_input_slow(struct sk_buff *skb, __be32 daddr, __be32 saddr,
			       struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct rtable *rt;
	int err;

	if (malformed(ipv4_is_multicast(saddr)))
		return -EINVAL;
	if (malformed(ipv4_is_lbcast(saddr)))
		return -EINVAL;
	err = ip_route_input_martian(daddr, saddr, in_dev);
	if (err)
		return err;

	rt = redzone_fib_lookup(dev_net(dev), daddr ? daddr : htonl(INADDR_BROADCAST));
	if (rt->rt_type == RTN_BROADCAST) {
		if (malformed(skb->protocol != htons(ETH_P_IP)))
			return -EINVAL;
		if (!ipv4_is_zeronet(saddr))
			err = fib_validate_source(skb, saddr, dev);
	} else if (rt->rt_type == RTN_LOCAL) {
		err = fib_validate_source(skb, saddr, dev);
	} else if (!rt->dst.error) {
		return ip_mkroute_input(skb, rt, saddr, dev);
	}
	if (err)
		return err;
	skb_dst_set_noref(skb, &rt->dst);
	return 0;
}

/**
 * ip_route_input_noref - the route of a received packet
 * @skb: packet; its destination is set on success
 * @daddr: where it goes; not that of the header while a source route is followed
 * @saddr: where it comes from
 * @tos: type of service; not used
 * @dev: device it arrived on
 */
int ip_route_input_noref(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos,
			 struct net_device *dev)
{
	skb_dst_drop(skb);
	redzone_route4_arrived(dev_net(dev), daddr);
	if (ipv4_is_multicast(daddr))
		return ip_route_input_mc(skb, daddr, saddr, dev);
	return ip_route_input_slow(skb, daddr, saddr, dev);
}

/* Route input of what is unreachable or prohibited. */
int ip_error(struct sk_buff *skb)
{
	int code = skb_rtable(skb)->dst.error == EACCES ? ICMP_PKT_FILTERED :
							   ICMP_HOST_UNREACH;

	icmp_send(skb, ICMP_DEST_UNREACH, code, 0);
	kfree_skb(skb);
	return 0;
}

/* The address that a router writes into options: that of the device it leaves by. */
void ip_rt_get_source(u8 *addr, struct sk_buff *skb, struct rtable *rt)
{
	__be32 src = __in_dev_get_rcu(rt->dst.dev)->ifa_local;

	memcpy(addr, &src, 4);
}

void ip_rt_send_redirect(struct sk_buff *skb)
{
	struct rtable *rt = skb_rtable(skb);

	if (!IN_DEV_TX_REDIRECTS(__in_dev_get_rcu(rt->dst.dev)))
		return;
	icmp_send(skb, ICMP_REDIRECT, ICMP_REDIR_HOST,
		  rt_nexthop(rt, ip_hdr(skb)->daddr));
}

/* Not what the header says alone: it has to come from the router that is asked. */
static bool redirect_ok(const struct sk_buff *skb, const struct rtable *rt)
{
	struct in_device *in_dev = __in_dev_get_rcu(skb->dev);
	__be32 new_gw = icmp_hdr(skb)->un.gateway, old_gw = ip_hdr(skb)->saddr;

	if (malformed((icmp_hdr(skb)->code & 7) > ICMP_REDIR_HOSTTOS))
		return false;
	if (malformed(!rt->rt_uses_gateway || rt->rt_gw4 != old_gw))
		return false;
	if (malformed(new_gw == old_gw))
		return false;
	if (!IN_DEV_RX_REDIRECTS(in_dev))
		return false;
	if (malformed(ipv4_is_multicast(new_gw)))
		return false;
	if (malformed(ipv4_is_lbcast(new_gw)))
		return false;
	if (malformed(ipv4_is_zeronet(new_gw)))
		return false;
	return !malformed(inet_addr_type(dev_net(skb->dev), new_gw) != RTN_UNICAST);
}

/* A redirect; skb->data is at the header of the packet it is about. */
void ipv4_redirect(struct sk_buff *skb)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	struct rtable *rt = redzone_fib_lookup(dev_net(skb->dev), iph->daddr);
	__be32 new_gw = icmp_hdr(skb)->un.gateway;

	if (!redirect_ok(skb, rt))
		return;
	sink_effect_bytes(rx_sink(skb), "route.daddr", &iph->daddr, sizeof(iph->daddr));
	sink_effect_bytes(rx_sink(skb), "route.gateway", &new_gw, sizeof(new_gw));
}

/* Fragmentation needed; skb->data is at the header of the packet it is about. */
void ipv4_update_pmtu(struct sk_buff *skb, u32 mtu)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	struct rtable *rt = redzone_fib_lookup(dev_net(skb->dev), iph->daddr);
	bool lock = false;

	if (malformed(dst_mtu(&rt->dst) < mtu))
		return;
	if (malformed(mtu < MIN_PMTU)) {
		lock = true;
		mtu = min_t(u32, dst_mtu(&rt->dst), MIN_PMTU);
	}
	sink_effect_bytes(rx_sink(skb), "route.daddr", &iph->daddr, sizeof(iph->daddr));
	sink_effect_u64(rx_sink(skb), "route.mtu", mtu);
	sink_effect_u64(rx_sink(skb), "route.mtu_lock", lock);
}
