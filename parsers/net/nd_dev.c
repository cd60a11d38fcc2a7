// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that speak NDP and MLD: how they come up and go down, and what users do.
 *
 * Modelled on: Linux 6.1 net/ipv6/addrconf.c (addrconf_init_auto_addrs, addrconf_rs_timer,
 *	ipv6_devconf_dflt), net/ipv6/ndisc.c (nd_tbl), net/ipv6/af_inet6.c
 * Spec: RFC 4861 6.3.7 and 10
 * Differs: a device comes up with its first message or act; acts are a few bytes.
 */
#include <linux/slab.h>
#include <net/ipv6.h>
#include <redzone/icmpv6.h>

#include "nd.h"

enum {
	RTR_SOLICITATIONS = 3,
	RTR_SOLICITATION_INTERVAL = 4 * HZ,
	RETRANS_TIMER = HZ,
	REACHABLE_TIME = 30 * HZ,
	SMALL_ADDRESSES = 4,
	IPV6_MAX_ADDRESSES = 16,
	SENT_LEN = 32,
};

static u8 nd_env;

/*
 * Configuration
 */

static void nd_conf_strict(struct nd_devconf *cnf, bool strict)
{
	cnf->accept_redirects = !strict;
	cnf->suppress_frag_ndisc = strict;
	cnf->accept_ra_rtr_pref = true;
	cnf->accept_ra_from_local = false;
	cnf->drop_unsolicited_na = strict;
	cnf->echo_ignore_all = false;
	cnf->echo_ignore_multicast = strict;
	cnf->accept_ra_min_hop_limit = strict ? 32 : 1;
	cnf->accept_ra_min_lft = strict ? 60 : 0;
	cnf->accept_ra_rt_info_min_plen = strict ? 16 : 0;
	cnf->accept_ra_rt_info_max_plen = strict ? 64 : 128;
}

static void nd_conf_init(struct nd_devconf *cnf, const struct net_device *dev)
{
	bool router = nd_env & REDZONE_ICMPV6_ROUTER, strict = nd_env & REDZONE_ICMPV6_STRICT;
	bool privacy = nd_env & REDZONE_ICMPV6_PRIVACY, small = nd_env & REDZONE_ICMPV6_SMALL;

	nd_conf_strict(cnf, strict);
	cnf->forwarding = router;
	cnf->autoconf = true;
	cnf->accept_ra_pinfo = true;
	cnf->accept_ra_mtu = true;
	cnf->optimistic_dad = privacy;
	/* a small host knows nothing of preferences; if strict, of routers and pings neither */
	cnf->accept_ra_rtr_pref = !small || strict;
	cnf->echo_ignore_all = small && strict;
	cnf->accept_ra_defrtr = !small || !strict;
	cnf->use_tempaddr = privacy ? 2 : 0;
	cnf->temp_valid_lft = 7 * 86400;
	cnf->temp_prefered_lft = 86400;
	cnf->regen_max_retry = 3;
	cnf->max_addresses = small ? SMALL_ADDRESSES : IPV6_MAX_ADDRESSES;
	cnf->gc_thresh3 = small ? 3 : 64;
	cnf->unres_qlen_bytes = small ? 2048 : 65536;
	cnf->dad_transmits = 1;
	cnf->accept_untracked_na = router ? (strict ? 2 : 1) : 0;
	cnf->force_mld_version = small ? 1 : strict ? 2 : 0;
	cnf->ra_defrtr_metric = 1024;
	cnf->hop_limit = 64;
	cnf->mtu6 = dev->mtu;
}

/*
 * Up and down
 */

static void addrconf_rs_timer(struct timer_list *t)
{
	struct nd_dev *nd = from_timer(nd, t, rs_timer);

	if (nd->if_flags & IF_RA_RCVD)
		return;
	if (nd->rs_probes++ >= RTR_SOLICITATIONS)
		return;
	nd->if_flags |= IF_RS_SENT;
	ndisc_send_rs(nd, &nd_allrouters);
	mod_timer(&nd->rs_timer, jiffies + RTR_SOLICITATION_INTERVAL);
}

static void nd_dev_addresses(struct nd_dev *nd)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80 } };
	static const struct in6_addr global = {
		.s6_addr = { 0xfd, 0x72, 0x65, 0x64, 0x7a, 0x6f, 0x6e, 0x65, [15] = 1 },
	};

	memcpy(addr.s6_addr + 12, nd->dev->dev_addr + 2, 4);
	addrconf_add_ifaddr(nd, &addr, 64, false);
	addrconf_add_ifaddr(nd, &global, 64, false);
}

static void nd_dev_up(struct nd_dev *nd)
{
	nd_conf_init(&nd->cnf, nd->dev);
	nd->retrans_time = RETRANS_TIMER;
	nd->base_reachable_time = nd->reachable_time = REACHABLE_TIME;
	nd->gc_staletime = 60 * HZ;
	nd->desync_factor = 300;
	INIT_LIST_HEAD(&nd->neighbours);
	INIT_LIST_HEAD(&nd->addr_list);
	INIT_LIST_HEAD(&nd->proxies);
	INIT_LIST_HEAD(&nd->routes);
	INIT_LIST_HEAD(&nd->exceptions);
	mcast6_up(nd);
	nd_dev_addresses(nd);
	timer_setup(&nd->rs_timer, addrconf_rs_timer, 0);
	if (!nd->cnf.forwarding)
		mod_timer(&nd->rs_timer, jiffies + RTR_SOLICITATION_INTERVAL / 4);
}

struct nd_dev *nd_dev_get(struct net_device *dev)
{
	struct inet6_dev *idev = __in6_dev_get(dev);

	if (idev->nd)
		return idev->nd;
	idev->nd = kzalloc(sizeof(*idev->nd), GFP_ATOMIC);
	if (!idev->nd)
		return NULL;
	idev->nd->dev = dev;
	nd_dev_up(idev->nd);
	return idev->nd;
}

static void nd_dev_down(struct nd_dev *nd)
{
	del_timer(&nd->rs_timer);
	nd_neigh_down(nd);
	addrconf_ifdown(nd);
	nd_proxy_down(nd);
	rt6_ifdown(nd);
	mcast6_down(nd);
	kfree(nd);
}

static int nd_net_init(struct net *net)
{
	return 0;
}

static void nd_net_exit(struct net *net)
{
	struct inet6_dev *idev;
	struct net_device *dev;
	int ifindex;

	for (ifindex = 1; (dev = dev_get_by_index(net, ifindex)) != NULL; ifindex++) {
		idev = __in6_dev_get(dev);
		if (!idev->nd)
			continue;
		nd_dev_down(idev->nd);
		idev->nd = NULL;
	}
	nd_env = 0;
}

static struct pernet_operations nd_net_ops = {
	.init = nd_net_init,
	.exit = nd_net_exit,
};

void icmpv6_init(void)
{
	nd_register();
	register_pernet_subsys(&nd_net_ops);
}

/*
 * What users do
 */

void redzone_icmpv6_begin(struct net *net, u8 env)
{
	nd_env = env;
}

static void nd_act_addr(u8 n, struct in6_addr *addr)
{
	static const u8 global[8] = { 0xfd, 0x72, 0x65, 0x64, 0x7a, 0x6f, 0x6e, 0x65 };

	memset(addr, 0, sizeof(*addr));
	addr->s6_addr[15] = n;
	if (n & 0x80) {
		memcpy(addr, global, sizeof(global));
		return;
	}
	addr->s6_addr[0] = 0xfe;
	addr->s6_addr[1] = 0x80;
}

/* A packet to a node of this link, or to 2001:db8::/64 behind it (@n above 0xc0). */
static void nd_act_send(struct nd_dev *nd, const struct in6_addr *to)
{
	const struct in6_addr *saddr = ipv6_get_saddr(nd, to);
	struct sk_buff *skb = ndisc_alloc_skb(nd, SENT_LEN);
	struct ipv6hdr *hdr;

	if (!skb)
		return;
	skb_put_zero(skb, SENT_LEN);
	hdr = skb_push(skb, sizeof(*hdr));
	memset(hdr, 0, sizeof(*hdr));
	skb_reset_network_header(skb);
	hdr->version = 6;
	hdr->payload_len = htons(SENT_LEN);
	hdr->nexthdr = IPPROTO_NONE;
	hdr->hop_limit = (u8)nd->cnf.hop_limit;
	hdr->saddr = saddr ? *saddr : nd_any;
	hdr->daddr = *to;
	nd_xmit(nd, skb);
}

static void nd_act_group(struct nd_dev *nd, u8 op, const u8 *params)
{
	struct in6_addr group = { .s6_addr = { 0xff, 5, [15] = params[0] } };

	if (op == REDZONE_ICMPV6_JOIN)
		ipv6_dev_mc_inc(nd, &group, params[1] & 1 ? MCAST_INCLUDE : MCAST_EXCLUDE,
				params[2]);
	else
		ipv6_dev_mc_dec(nd, &group);
}

void redzone_icmpv6_act(u8 op, const u8 *params, size_t len)
{
	struct nd_dev *nd = nd_dev_get(dev_get_by_name(&init_net, "eth0"));
	struct in6_addr addr;
	u8 all[3] = { 0 };

	if (!nd)
		return;
	memcpy(all, params, min(len, sizeof(all)));
	nd_act_addr(all[0], &addr);
	switch (op) {
	case REDZONE_ICMPV6_SEND:
		if (all[0] > 0xc0)
			memcpy(&addr, "\x20\x01\x0d\xb8\0\0\0", 8);
		nd_act_send(nd, &addr);
		break;
	case REDZONE_ICMPV6_ADDR:
		addrconf_add_ifaddr(nd, &addr, 64, true);
		break;
	case REDZONE_ICMPV6_JOIN:
	case REDZONE_ICMPV6_LEAVE:
		nd_act_group(nd, op, all);
		break;
	case REDZONE_ICMPV6_PROXY:
		nd_proxy_add(nd, &addr);
		break;
	}
}
