// SPDX-License-Identifier: GPL-2.0-only
/*
 * What routers tell: advertisements with their options, and redirects.
 *
 * Modelled on: Linux 6.1 net/ipv6/ndisc.c (ndisc_router_discovery, ndisc_ra_useropt,
 *	ndisc_redirect_rcv, ipv6_accept_ra)
 * Spec: RFC 4861 6.1.2, 6.3.4 and 8.1, RFC 4191, RFC 8106
 * Differs: messages to the user are effects; a default router's neighbour is looked up
 *	when its link-layer address is taken.
 */
#include <linux/random.h>
#include <net/ipv6.h>

#include "nd.h"

static void ndisc_ra_decode(const struct sk_buff *skb, const struct ra_msg *ra_msg)
{
	rx_u64(skb, "icmpv6.nd.ra.cur_hop_limit", ra_msg->icmph.icmp6_hop_limit);
	rx_u64(skb, "icmpv6.nd.ra.flag.m", ra_msg->icmph.icmp6_addrconf_managed);
	rx_u64(skb, "icmpv6.nd.ra.flag.o", ra_msg->icmph.icmp6_addrconf_other);
	rx_u64(skb, "icmpv6.nd.ra.flag.prf", ra_msg->icmph.icmp6_router_pref);
	rx_u64(skb, "icmpv6.nd.ra.router_lifetime", ntohs(ra_msg->icmph.icmp6_rt_lifetime));
	rx_u64(skb, "icmpv6.nd.ra.reachable_time", ntohl(ra_msg->reachable_time));
	rx_u64(skb, "icmpv6.nd.ra.retrans_timer", ntohl(ra_msg->retrans_timer));
}

/* A router listens to others only if told to, and this one is not. */
static bool ipv6_accept_ra(const struct nd_dev *nd)
{
	return !nd->cnf.forwarding;
}

static void ndisc_ra_flags(struct nd_dev *nd, const struct ra_msg *ra_msg)
{
	u32 old_if_flags = nd->if_flags;

	if (nd->if_flags & IF_RS_SENT)
		nd->if_flags |= IF_RA_RCVD;
	nd->if_flags = (nd->if_flags & ~(u32)(IF_RA_MANAGED | IF_RA_OTHERCONF)) |
		       (ra_msg->icmph.icmp6_addrconf_managed ? IF_RA_MANAGED : 0) |
		       (ra_msg->icmph.icmp6_addrconf_other ? IF_RA_OTHERCONF : 0);
	if (old_if_flags != nd->if_flags)
		sink_effect_u64(dev_net(nd->dev)->sink, "nd.if_flags", nd->if_flags);
}

/* Of all default routers: may this one be one, and for how long? */
static bool ndisc_defrtr_ok(struct sk_buff *skb, struct nd_dev *nd, u32 lifetime)
{
	if (malformed(!nd->cnf.accept_ra_defrtr))
		return false;
	if (malformed(lifetime != 0 && lifetime < nd->cnf.accept_ra_min_lft))
		return false;
	if (malformed(!nd->cnf.accept_ra_from_local &&
		      ipv6_get_ifaddr(nd, &ipv6_hdr(skb)->saddr)))
		return false;
	return true;
}

static void ndisc_ra_hop_limit(struct nd_dev *nd, struct fib6_info *rt, u8 hop_limit)
{
	if (nd->cnf.accept_ra_min_hop_limit >= 256 || !hop_limit)
		return;
	if (malformed(nd->cnf.accept_ra_min_hop_limit > hop_limit))
		return;
	nd->cnf.hop_limit = hop_limit;
	if (rt)
		rt->hop_limit = hop_limit;
}

static void ndisc_ra_defrtr(struct sk_buff *skb, struct nd_dev *nd, const struct ra_msg *ra_msg)
{
	const struct in6_addr *saddr = &ipv6_hdr(skb)->saddr;
	u32 lifetime = ntohs(ra_msg->icmph.icmp6_rt_lifetime);
	u8 pref = ra_msg->icmph.icmp6_router_pref;
	struct fib6_info *rt;

	if (!ndisc_defrtr_ok(skb, nd, lifetime))
		return;
	/* 10 in binary is no preference, and read as medium */
	if (malformed(pref == ICMPV6_ROUTER_PREF_INVALID))
		pref = ICMPV6_ROUTER_PREF_MEDIUM;
	if (malformed(!nd->cnf.accept_ra_rtr_pref))
		pref = ICMPV6_ROUTER_PREF_MEDIUM;

	rt = rt6_find(nd, &nd_any, 0, saddr, RTF_ADDRCONF | RTF_DEFAULT);
	if (rt && (!lifetime || rt->fib6_metric != nd->cnf.ra_defrtr_metric)) {
		ip6_del_rt(nd, rt);
		fib6_info_release(rt);
		rt = NULL;
	}
	if (!rt && lifetime) {
		rt = rt6_add(nd, &nd_any, 0, saddr, RTF_GATEWAY | RTF_ADDRCONF | RTF_DEFAULT);
		if (!rt)
			return;
		rt->fib6_metric = nd->cnf.ra_defrtr_metric;
	}
	if (rt) {
		rt->pref = pref;
		fib6_set_expires(nd, rt, jiffies + HZ * (unsigned long)lifetime);
	}
	ndisc_ra_hop_limit(nd, rt, ra_msg->icmph.icmp6_hop_limit);
	fib6_info_release(rt);
}

/* How long an answer is awaited, and how long a neighbour stays reachable. */
static void ndisc_ra_timers(struct nd_dev *nd, const struct ra_msg *ra_msg)
{
	unsigned long rtime = ntohl(ra_msg->retrans_timer);

	if (rtime && !malformed(rtime / 1000 >= (unsigned long)INT_MAX / HZ)) {
		rtime = rtime * HZ / 1000;
		if (malformed(rtime < HZ / 100))
			rtime = HZ / 100;
		nd->retrans_time = rtime;
	}
	rtime = ntohl(ra_msg->reachable_time);
	if (rtime && !malformed(rtime / 1000 >= (unsigned long)INT_MAX / (3 * HZ))) {
		rtime = rtime * HZ / 1000;
		if (malformed(rtime < HZ / 10))
			rtime = HZ / 10;
		if (rtime == nd->base_reachable_time)
			return;
		nd->base_reachable_time = rtime;
		nd->gc_staletime = 3 * rtime;
		nd->reachable_time = prandom_u32_max((u32)rtime) + (rtime >> 1);
	}
}

/* The router is a neighbour too; false: its link-layer address is no good. */
static bool ndisc_ra_neighbour(struct sk_buff *skb, struct nd_dev *nd,
			       struct nd_opt_hdr *src_lladdr)
{
	struct nd_neigh *neigh = nd_neigh_lookup(nd, &ipv6_hdr(skb)->saddr, true);
	u8 *lladdr = NULL;

	if (!neigh)
		return true;
	if (src_lladdr) {
		lladdr = ndisc_opt_addr_data(src_lladdr);
		if (!lladdr) {
			nd_neigh_release(neigh);
			return false;
		}
	}
	nd_neigh_update(neigh, lladdr, NUD_STALE,
			NEIGH_UPDATE_F_WEAK_OVERRIDE | NEIGH_UPDATE_F_OVERRIDE |
			NEIGH_UPDATE_F_OVERRIDE_ISROUTER | NEIGH_UPDATE_F_ISROUTER);
	nd_neigh_release(neigh);
	return true;
}

static bool ndisc_route_info_ok(const struct nd_dev *nd, const struct route_info *ri)
{
	if (malformed(ri->prefix_len == 0 && !nd->cnf.accept_ra_defrtr))
		return false;
	if (malformed(ri->lifetime != 0 &&
		      ntohl(ri->lifetime) < nd->cnf.accept_ra_min_lft))
		return false;
	if (malformed(ri->prefix_len < nd->cnf.accept_ra_rt_info_min_plen))
		return false;
	if (malformed(ri->prefix_len > nd->cnf.accept_ra_rt_info_max_plen))
		return false;
	return true;
}

static void ndisc_ra_routes(struct sk_buff *skb, struct nd_dev *nd,
			    const struct ndisc_options *ndopts)
{
	struct nd_opt_hdr *p;

	if (malformed(!nd->cnf.accept_ra_from_local &&
		      ipv6_get_ifaddr(nd, &ipv6_hdr(skb)->saddr)))
		return;
	if (!nd->cnf.accept_ra_rtr_pref)
		return;
	for (p = ndopts->nd_opts_ri; p; p = ndisc_next_option(p, ndopts->nd_opts_ri_end)) {
		if (!ndisc_route_info_ok(nd, (struct route_info *)p))
			continue;
		rt6_route_rcv(skb, nd, (u8 *)p, p->nd_opt_len << 3);
	}
}

static void ndisc_ra_mtu(struct nd_dev *nd, const struct nd_opt_hdr *opt)
{
	u32 mtu = get_unaligned_be32((const u8 *)opt + 4);

	nd->ra_mtu = mtu;
	if (malformed(mtu < IPV6_MIN_MTU))
		return;
	if (malformed(mtu > nd->dev->mtu))
		return;
	if (nd->cnf.mtu6 == mtu)
		return;
	nd->cnf.mtu6 = mtu;
	rt6_mtu_change(nd, mtu);
}

/* A message to the user: the option as it is, and who sent it. */
static void ndisc_ra_useropt(const struct sk_buff *ra, const struct nd_opt_hdr *opt)
{
	struct sink *sink = rx_sink(ra);

	sink_effect_bytes(sink, "nd.useropt", opt, (size_t)opt->nd_opt_len << 3);
	sink_effect_bytes(sink, "nd.useropt.from", &ipv6_hdr(ra)->saddr,
			  sizeof(struct in6_addr));
}

static void ndisc_ra_options(struct sk_buff *skb, struct nd_dev *nd,
			     const struct ndisc_options *ndopts)
{
	struct nd_opt_hdr *p;

	ndisc_ra_routes(skb, nd, ndopts);
	if (nd->cnf.accept_ra_pinfo)
		for (p = ndopts->nd_opts_pi; p;
		     p = ndisc_next_option(p, ndopts->nd_opts_pi_end))
			addrconf_prefix_rcv(skb, nd, (u8 *)p, p->nd_opt_len << 3,
					    ndopts->nd_opts_src_lladdr != NULL);
	if (ndopts->nd_opts_mtu && nd->cnf.accept_ra_mtu)
		ndisc_ra_mtu(nd, ndopts->nd_opts_mtu);
	for (p = ndopts->nd_useropts; p; p = ndisc_next_useropt(p, ndopts->nd_useropts_end))
		ndisc_ra_useropt(skb, p);
}

void ndisc_router_discovery(struct sk_buff *skb, struct nd_dev *nd)
{
	struct ra_msg *ra_msg = (struct ra_msg *)skb_transport_header(skb);
	struct ndisc_options ndopts;
	__u8 *opt = (__u8 *)(ra_msg + 1);
	int optlen;

	optlen = (int)(skb_tail_pointer(skb) - skb_transport_header(skb)) -
		 (int)sizeof(struct ra_msg);
	if (malformed(!(ipv6_addr_type(&ipv6_hdr(skb)->saddr) & IPV6_ADDR_LINKLOCAL)))
		return;
	if (malformed(optlen < 0))
		return;
	ndisc_ra_decode(skb, ra_msg);
	if (!ndisc_parse_options(skb, opt, optlen, &ndopts))
		return;

	if (!malformed(!ipv6_accept_ra(nd))) {
		ndisc_ra_flags(nd, ra_msg);
		ndisc_ra_defrtr(skb, nd, ra_msg);
		ndisc_ra_timers(nd, ra_msg);
	}
	if (!ndisc_ra_neighbour(skb, nd, ndopts.nd_opts_src_lladdr))
		return;
	if (!ipv6_accept_ra(nd))
		return;
	ndisc_ra_options(skb, nd, &ndopts);
	nd_useropts_rcv(skb, opt, optlen);
}

/*
 * Redirects
 */

void ndisc_redirect_rcv(struct sk_buff *skb, struct nd_dev *nd)
{
	struct rd_msg *msg = (struct rd_msg *)skb_transport_header(skb);
	struct ndisc_options ndopts;
	int optlen;
	u8 *hdr;

	optlen = (int)(skb_tail_pointer(skb) - skb_transport_header(skb)) -
		 (int)offsetof(struct rd_msg, opt);
	if (malformed(!(ipv6_addr_type(&ipv6_hdr(skb)->saddr) & IPV6_ADDR_LINKLOCAL)))
		return;
	if (!ndisc_parse_options(skb, msg->opt, optlen, &ndopts))
		return;
	rx_bytes(skb, "icmpv6.nd.rd.target_address", &msg->target, sizeof(msg->target));
	rx_bytes(skb, "icmpv6.rd.na.destination_address", &msg->dest, sizeof(msg->dest));

	if (!ndopts.nd_opts_rh) {
		rt6_do_redirect(skb, nd);
		return;
	}
	/* the packet that went the long way, behind the option's own header */
	hdr = (u8 *)ndopts.nd_opts_rh;
	hdr += 8;
	if (malformed(!pskb_pull(skb, (unsigned int)(hdr - skb_transport_header(skb)))))
		return;
	if (icmpv6_notify(skb, NDISC_REDIRECT, 0))
		rt6_do_redirect(skb, nd);
}
