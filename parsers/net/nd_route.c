// SPDX-License-Identifier: GPL-2.0-only
/*
 * Routes that routers tell: default ones, prefixes, exceptions for single destinations.
 *
 * Modelled on: Linux 6.1 net/ipv6/route.c (rt6_route_rcv, rt6_get_dflt_router,
 *	rt6_add_dflt_router, rt6_get_route_info, rt6_add_route_info, rt6_do_redirect,
 *	__ip6_rt_update_pmtu, rt6_insert_exception, rt6_exceptions_update_pmtu,
 *	rt6_clean_tohost, __ip6_route_redirect), net/ipv6/ip6_fib.c (fib6_age)
 * Spec: RFC 4191 3.1, RFC 4861 8.3, RFC 8201 4
 * Differs: a list instead of a tree, at most 32 routes and 16 exceptions, of which the
 *	oldest one goes.
 */
#include <linux/random.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "nd.h"

enum {
	MAX_ROUTES = 32,
	MAX_EXCEPTIONS = 16,
	GC_INTERVAL = 30 * HZ,
	MTU_EXPIRES = 10 * 60 * HZ,
};

/*
 * The table
 */

void fib6_info_release(struct fib6_info *rt)
{
	if (rt && refcount_dec_and_test(&rt->fib6_ref))
		kfree(rt);
}

/* The route with this prefix, gateway (NULL: none) and all of @flags, held. */
struct fib6_info *rt6_find(struct nd_dev *nd, const struct in6_addr *prefix, u8 plen,
			   const struct in6_addr *gw, u32 flags)
{
	struct fib6_info *rt;

	list_for_each_entry(rt, &nd->routes, list) {
		if (rt->plen != plen || (rt->fib6_flags & flags) != flags)
			continue;
		if (!ipv6_prefix_equal(&rt->fib6_dst, prefix, plen))
			continue;
		if (gw && !ipv6_addr_equal(&rt->fib_nh_gw6, gw))
			continue;
		refcount_inc(&rt->fib6_ref);
		return rt;
	}
	return NULL;
}

void ip6_del_rt(struct nd_dev *nd, struct fib6_info *rt)
{
	sink_effect_bytes(dev_net(nd->dev)->sink, "route.del", &rt->fib6_dst,
			  sizeof(rt->fib6_dst));
	list_del(&rt->list);
	nd->nr_routes--;
	fib6_info_release(rt);
}

/* Return: the new route, held once more. */
struct fib6_info *rt6_add(struct nd_dev *nd, const struct in6_addr *prefix, u8 plen,
			  const struct in6_addr *gw, u32 flags)
{
	struct fib6_info *rt;

	if (nd->nr_routes >= MAX_ROUTES)
		ip6_del_rt(nd, list_first_entry(&nd->routes, struct fib6_info, list));
	rt = kzalloc(sizeof(*rt), GFP_ATOMIC);
	if (!rt)
		return NULL;
	rt->fib6_dst = *prefix;
	rt->plen = plen;
	if (gw)
		rt->fib_nh_gw6 = *gw;
	rt->fib6_flags = flags;
	rt->mtu = nd->cnf.mtu6;
	refcount_set(&rt->fib6_ref, 2);
	list_add_tail(&rt->list, &nd->routes);
	nd->nr_routes++;
	sink_effect_u64(dev_net(nd->dev)->sink, "route.plen", plen);
	sink_effect_bytes(dev_net(nd->dev)->sink, "route.new", prefix, sizeof(*prefix));
	return rt;
}

static void fib6_run_gc(struct timer_list *t)
{
	struct nd_dev *nd = from_timer(nd, t, gc_timer);
	struct fib6_info *rt, *tmp;

	list_for_each_entry_safe(rt, tmp, &nd->routes, list)
		if (rt->fib6_flags & RTF_EXPIRES && time_after(jiffies, rt->expires))
			ip6_del_rt(nd, rt);
	if (!list_empty(&nd->routes))
		mod_timer(&nd->gc_timer, jiffies + GC_INTERVAL);
}

void fib6_set_expires(struct nd_dev *nd, struct fib6_info *rt, unsigned long expires)
{
	rt->expires = expires;
	rt->fib6_flags |= RTF_EXPIRES;
	if (!nd->gc_timer.function)
		timer_setup(&nd->gc_timer, fib6_run_gc, 0);
	if (!timer_pending(&nd->gc_timer))
		mod_timer(&nd->gc_timer, jiffies + GC_INTERVAL);
}

void fib6_clean_expires(struct fib6_info *rt)
{
	rt->fib6_flags &= ~(u32)RTF_EXPIRES;
	rt->expires = 0;
}

/* A router has become a host: nothing goes over it any more. */
void rt6_clean_tohost(struct nd_dev *nd, const struct in6_addr *gateway)
{
	struct fib6_info *rt, *tmp;

	list_for_each_entry_safe(rt, tmp, &nd->routes, list)
		if (rt->fib6_flags & RTF_GATEWAY && ipv6_addr_equal(&rt->fib_nh_gw6, gateway))
			ip6_del_rt(nd, rt);
}

/* The link's MTU has changed, and with it that of all routes. */
void rt6_mtu_change(struct nd_dev *nd, u32 mtu)
{
	struct rt6_exception *ex;
	struct fib6_info *rt;

	list_for_each_entry(rt, &nd->routes, list)
		rt->mtu = mtu;
	list_for_each_entry(ex, &nd->exceptions, list)
		if (ex->mtu > mtu)
			ex->mtu = mtu;
	sink_effect_u64(dev_net(nd->dev)->sink, "nd.mtu", mtu);
}

/*
 * The option of a router advertisement
 */

static bool rt6_route_info_ok(const struct route_info *rinfo)
{
	if (malformed(rinfo->length > 3))
		return false;
	if (malformed(rinfo->prefix_len > 128))
		return false;
	/* the prefix needs as many bytes as it says */
	if (malformed(rinfo->prefix_len > 64 && rinfo->length < 3))
		return false;
	if (malformed(rinfo->prefix_len > 0 && rinfo->length < 2))
		return false;
	if (malformed(rinfo->route_pref == ICMPV6_ROUTER_PREF_INVALID))
		return false;
	return true;
}

int rt6_route_rcv(struct sk_buff *skb, struct nd_dev *nd, u8 *opt, int len)
{
	const struct in6_addr *gwaddr = &ipv6_hdr(skb)->saddr;
	struct route_info *rinfo = (struct route_info *)opt;
	struct in6_addr prefix = { 0 };
	unsigned long lifetime;
	struct fib6_info *rt;
	u32 flags;

	if (malformed(len < (int)sizeof(struct route_info)))
		return -EINVAL;
	if (!rt6_route_info_ok(rinfo))
		return -EINVAL;
	rx_u64(skb, "icmpv6.opt.route_info.flag.route_preference", rinfo->route_pref);
	rx_u64(skb, "icmpv6.opt.route_lifetime", ntohl(rinfo->lifetime));

	lifetime = addrconf_timeout_fixup(ntohl(rinfo->lifetime), HZ);
	memcpy(&prefix, rinfo->prefix, (size_t)(rinfo->prefix_len + 7) >> 3);
	if (rinfo->prefix_len % 8)
		prefix.s6_addr[rinfo->prefix_len >> 3] &= (u8)(0xff00 >> rinfo->prefix_len % 8);

	flags = rinfo->prefix_len ? RTF_GATEWAY | RTF_ROUTEINFO :
				    RTF_GATEWAY | RTF_ADDRCONF | RTF_DEFAULT;
	rt = rt6_find(nd, &prefix, rinfo->prefix_len, gwaddr, flags);
	if (rt && !lifetime) {
		ip6_del_rt(nd, rt);
		fib6_info_release(rt);
		rt = NULL;
	}
	if (!rt && lifetime)
		rt = rt6_add(nd, &prefix, rinfo->prefix_len, gwaddr, flags);
	if (!rt)
		return 0;
	rt->pref = rinfo->route_pref;
	rt->fib6_flags |= RTF_ROUTEINFO;
	if (addrconf_finite_timeout(lifetime))
		fib6_set_expires(nd, rt, jiffies + HZ * lifetime);
	else
		fib6_clean_expires(rt);
	fib6_info_release(rt);
	return 0;
}

/*
 * Exceptions
 */

static struct rt6_exception *rt6_find_exception(struct nd_dev *nd, const struct in6_addr *daddr)
{
	struct rt6_exception *ex;

	list_for_each_entry(ex, &nd->exceptions, list)
		if (ipv6_addr_equal(&ex->daddr, daddr))
			return ex;
	return NULL;
}

static void rt6_remove_exception(struct nd_dev *nd, struct rt6_exception *ex)
{
	list_del(&ex->list);
	nd->nr_exceptions--;
	kfree(ex);
}

static struct rt6_exception *rt6_insert_exception(struct nd_dev *nd,
						  const struct in6_addr *daddr)
{
	struct rt6_exception *ex = rt6_find_exception(nd, daddr);

	if (ex)
		return ex;
	if (nd->nr_exceptions >= MAX_EXCEPTIONS)
		rt6_remove_exception(nd, list_first_entry(&nd->exceptions,
							  struct rt6_exception, list));
	ex = kzalloc(sizeof(*ex), GFP_ATOMIC);
	if (!ex)
		return NULL;
	ex->daddr = *daddr;
	ex->mtu = nd->cnf.mtu6;
	list_add_tail(&ex->list, &nd->exceptions);
	nd->nr_exceptions++;
	return ex;
}

static const struct fib6_info *rt6_best(struct nd_dev *nd, const struct in6_addr *daddr);

/* A packet to @daddr of ours was too big for somebody on its way. */
void rt6_pmtu_update(struct nd_dev *nd, const struct in6_addr *daddr, u32 mtu)
{
	struct rt6_exception *ex = rt6_find_exception(nd, daddr);
	u32 known = nd->cnf.mtu6;

	if (ex && time_before(jiffies, ex->expires))
		known = ex->mtu;
	if (malformed(mtu < IPV6_MIN_MTU))
		return;
	/* it may only become smaller */
	if (malformed(mtu >= known))
		return;
	ex = rt6_insert_exception(nd, daddr);
	if (!ex)
		return;
	ex->mtu = mtu;
	ex->expires = jiffies + MTU_EXPIRES;
	sink_effect_u64(dev_net(nd->dev)->sink, "route.mtu", mtu);
}

/* RFC 4861 8.1: only who is asked to forward may say that another is better. */
static bool rt6_redirect_ok(struct nd_dev *nd, const struct rd_msg *msg,
			    const struct in6_addr *saddr, bool on_link)
{
	const struct rt6_exception *ex;
	const struct fib6_info *rt;

	if (malformed(ipv6_addr_is_multicast(&msg->dest)))
		return false;
	if (malformed(!on_link && ipv6_addr_type(&msg->target) !=
		      (IPV6_ADDR_UNICAST | IPV6_ADDR_LINKLOCAL)))
		return false;
	if (nd->cnf.forwarding)
		return false;
	if (malformed(!nd->cnf.accept_redirects))
		return false;
	ex = rt6_find_exception(nd, &msg->dest);
	if (ex && ex->has_gateway)
		return !malformed(!ipv6_addr_equal(&ex->gateway, saddr));
	rt = rt6_best(nd, &msg->dest);
	if (malformed(!rt))
		return false;
	return !malformed(!ipv6_addr_equal(&rt->fib_nh_gw6, saddr));
}

/**
 * rt6_do_redirect - another first hop is better
 * @skb: the redirect; data may have been pulled, the transport header is right
 * @nd: the device it arrived on
 */
void rt6_do_redirect(struct sk_buff *skb, struct nd_dev *nd)
{
	struct rd_msg *msg = (struct rd_msg *)icmp6_hdr(skb);
	struct ndisc_options ndopts;
	struct rt6_exception *nrt;
	struct nd_neigh *neigh;
	u8 *lladdr = NULL;
	bool on_link;
	int optlen;

	optlen = (int)(skb_tail_pointer(skb) - skb_transport_header(skb)) - (int)sizeof(*msg);
	if (optlen < 0)
		return;
	on_link = ipv6_addr_equal(&msg->dest, &msg->target);
	if (!rt6_redirect_ok(nd, msg, &ipv6_hdr(skb)->saddr, on_link))
		return;
	if (!ndisc_parse_options(NULL, msg->opt, optlen, &ndopts))
		return;
	if (ndopts.nd_opts_tgt_lladdr) {
		lladdr = ndisc_opt_addr_data(ndopts.nd_opts_tgt_lladdr);
		if (!lladdr)
			return;
	}
	neigh = nd_neigh_lookup(nd, &msg->target, true);
	if (!neigh)
		return;
	nd_neigh_update(neigh, lladdr, NUD_STALE,
			NEIGH_UPDATE_F_WEAK_OVERRIDE | NEIGH_UPDATE_F_OVERRIDE |
			(on_link ? 0 : (NEIGH_UPDATE_F_OVERRIDE_ISROUTER |
					NEIGH_UPDATE_F_ISROUTER)));
	nrt = rt6_insert_exception(nd, &msg->dest);
	if (nrt) {
		nrt->gateway = neigh->primary_key;
		nrt->has_gateway = true;
		sink_effect_bytes(rx_sink(skb), "route.redirect", &nrt->gateway,
				  sizeof(nrt->gateway));
	}
	nd_neigh_release(neigh);
}

/*
 * The way out
 */

static int rt6_pref_rank(const struct fib6_info *rt)
{
	return rt->pref == ICMPV6_ROUTER_PREF_HIGH ? 2 :
	       rt->pref == ICMPV6_ROUTER_PREF_LOW ? 0 : 1;
}

/* The longest prefix, then the smallest metric, then what the router says of itself. */
static bool rt6_better(const struct fib6_info *rt, const struct fib6_info *best)
{
	if (!best || rt->plen != best->plen)
		return !best || rt->plen > best->plen;
	if (rt->fib6_metric != best->fib6_metric)
		return rt->fib6_metric < best->fib6_metric;
	return rt6_pref_rank(rt) > rt6_pref_rank(best);
}

static const struct fib6_info *rt6_best(struct nd_dev *nd, const struct in6_addr *daddr)
{
	const struct fib6_info *rt, *best = NULL;

	list_for_each_entry(rt, &nd->routes, list) {
		if (rt->fib6_flags & RTF_EXPIRES && time_after(jiffies, rt->expires))
			continue;
		if (ipv6_prefix_equal(&rt->fib6_dst, daddr, rt->plen) && rt6_better(rt, best))
			best = rt;
	}
	return best;
}

/* Whom a packet to @daddr is given to; false: there is no route. */
bool rt6_nexthop(struct nd_dev *nd, const struct in6_addr *daddr, struct in6_addr *nexthop)
{
	const struct rt6_exception *ex = rt6_find_exception(nd, daddr);
	const struct fib6_info *rt;

	*nexthop = *daddr;
	if (ex && ex->has_gateway) {
		*nexthop = ex->gateway;
		return true;
	}
	if (ipv6_chk_prefix(nd, daddr))
		return true;
	rt = rt6_best(nd, daddr);
	if (!rt)
		return false;
	if (rt->fib6_flags & RTF_GATEWAY)
		*nexthop = rt->fib_nh_gw6;
	return true;
}

void rt6_ifdown(struct nd_dev *nd)
{
	if (nd->gc_timer.function)
		del_timer(&nd->gc_timer);
	while (!list_empty(&nd->routes))
		ip6_del_rt(nd, list_first_entry(&nd->routes, struct fib6_info, list));
	while (!list_empty(&nd->exceptions))
		rt6_remove_exception(nd, list_first_entry(&nd->exceptions,
							  struct rt6_exception, list));
}
