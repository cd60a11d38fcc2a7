// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses of a device: duplicate address detection, and what prefixes make of them.
 *
 * Modelled on: Linux 6.1 net/ipv6/addrconf.c (addrconf_prefix_rcv,
 *	addrconf_prefix_rcv_add_addr, manage_tempaddrs, ipv6_create_tempaddr,
 *	ipv6_add_addr, ipv6_del_addr, addrconf_dad_start, addrconf_dad_begin,
 *	addrconf_dad_work, addrconf_dad_completed, addrconf_dad_failure,
 *	addrconf_dad_stop, addrconf_verify_rtnl, ipv6_chk_prefix)
 * Spec: RFC 4862 5.3 to 5.5, RFC 8981 3, RFC 4429 3.3, RFC 7527 4.1
 * Differs: interface identifiers are EUI-64's, or random for temporary addresses; no
 *	tokens; delayed work is a timer; the source of a packet is the first address of
 *	the destination's scope.
 */
#include <linux/random.h>
#include <linux/slab.h>

#include "nd.h"

enum {
	MIN_VALID_LIFETIME = 2 * 3600,
	TEMP_ADVANCE = 5,
	ADDR_CHECK_FREQUENCY = 120 * HZ,
	RTR_SOLICITATION_DELAY = HZ,
};

static void addrconf_dad_timer(struct timer_list *t);

/*
 * The list
 */

void in6_ifa_put(struct inet6_ifaddr *ifp)
{
	if (!refcount_dec_and_test(&ifp->refcnt))
		return;
	if (ifp->ifpub)
		in6_ifa_put(ifp->ifpub);
	kfree(ifp);
}

struct inet6_ifaddr *ipv6_get_ifaddr(struct nd_dev *nd, const struct in6_addr *addr)
{
	struct inet6_ifaddr *ifp;

	list_for_each_entry(ifp, &nd->addr_list, if_list)
		if (ipv6_addr_equal(&ifp->addr, addr))
			return ifp;
	return NULL;
}

bool ipv6_prefix_equal(const struct in6_addr *a, const struct in6_addr *b, unsigned int plen)
{
	unsigned int bytes = plen >> 3, bits = plen & 7;

	if (memcmp(a, b, bytes))
		return false;
	return !bits || !((a->s6_addr[bytes] ^ b->s6_addr[bytes]) >> (8 - bits));
}

/* Does an address of ours have this one's prefix? */
bool ipv6_chk_prefix(struct nd_dev *nd, const struct in6_addr *addr)
{
	struct inet6_ifaddr *ifp;

	list_for_each_entry(ifp, &nd->addr_list, if_list)
		if (ipv6_prefix_equal(&ifp->addr, addr, ifp->prefix_len))
			return true;
	return false;
}

/* RFC 6724, as far as the scope goes; NULL: no address may be used yet. */
const struct in6_addr *ipv6_get_saddr(struct nd_dev *nd, const struct in6_addr *daddr)
{
	bool link = ipv6_addr_is_multicast(daddr) ? IPV6_ADDR_MC_SCOPE(daddr) <= 2 :
		    ipv6_addr_type(daddr) & IPV6_ADDR_LINKLOCAL;
	struct inet6_ifaddr *ifp;

	list_for_each_entry(ifp, &nd->addr_list, if_list) {
		if (ifp->flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED))
			continue;
		if (link == !!(ipv6_addr_type(&ifp->addr) & IPV6_ADDR_LINKLOCAL))
			return &ifp->addr;
	}
	return NULL;
}

void addrconf_addr_solict_mult(const struct in6_addr *addr, struct in6_addr *solicited)
{
	memset(solicited, 0, sizeof(*solicited));
	solicited->s6_addr[0] = 0xff;
	solicited->s6_addr[1] = 2;
	solicited->s6_addr[11] = 1;
	solicited->s6_addr[12] = 0xff;
	memcpy(solicited->s6_addr + 13, addr->s6_addr + 13, 3);
}

static struct inet6_ifaddr *ipv6_add_addr(struct nd_dev *nd, const struct in6_addr *addr, u8 plen,
					  u32 flags, u32 valid_lft, u32 prefered_lft)
{
	struct inet6_ifaddr *ifp = kzalloc(sizeof(*ifp), GFP_ATOMIC);
	struct in6_addr mcaddr;

	if (!ifp)
		return NULL;
	ifp->nd = nd;
	ifp->addr = *addr;
	ifp->prefix_len = plen;
	ifp->flags = flags;
	ifp->valid_lft = valid_lft;
	ifp->prefered_lft = prefered_lft;
	ifp->cstamp = ifp->tstamp = jiffies;
	timer_setup(&ifp->dad_timer, addrconf_dad_timer, 0);
	refcount_set(&ifp->refcnt, 1);
	list_add_tail(&ifp->if_list, &nd->addr_list);
	addrconf_addr_solict_mult(addr, &mcaddr);
	ipv6_dev_mc_inc(nd, &mcaddr, MCAST_EXCLUDE, 0);
	sink_effect_bytes(dev_net(nd->dev)->sink, "addr.new", addr, sizeof(*addr));
	return ifp;
}

static void addrconf_del_dad_timer(struct inet6_ifaddr *ifp)
{
	if (del_timer(&ifp->dad_timer))
		in6_ifa_put(ifp);
}

static void addrconf_mod_dad_timer(struct inet6_ifaddr *ifp, unsigned long delay)
{
	refcount_inc(&ifp->refcnt);
	if (mod_timer(&ifp->dad_timer, jiffies + delay))
		refcount_dec(&ifp->refcnt);
}

static void ipv6_del_addr(struct inet6_ifaddr *ifp)
{
	struct in6_addr mcaddr;

	if (ifp->state == INET6_IFADDR_STATE_DEAD)
		return;
	ifp->state = INET6_IFADDR_STATE_DEAD;
	addrconf_del_dad_timer(ifp);
	list_del(&ifp->if_list);
	addrconf_addr_solict_mult(&ifp->addr, &mcaddr);
	ipv6_dev_mc_dec(ifp->nd, &mcaddr);
	sink_effect_bytes(dev_net(ifp->nd->dev)->sink, "addr.del", &ifp->addr,
			  sizeof(ifp->addr));
	in6_ifa_put(ifp);
}

static unsigned int ipv6_count_addresses(const struct nd_dev *nd)
{
	const struct inet6_ifaddr *ifp;
	unsigned int cnt = 0;

	list_for_each_entry(ifp, &nd->addr_list, if_list)
		cnt++;
	return cnt;
}

/*
 * Duplicate address detection
 */

static void ipv6_create_tempaddr(struct inet6_ifaddr *ifp, bool regen);

static void addrconf_dad_start(struct inet6_ifaddr *ifp)
{
	ifp->state = INET6_IFADDR_STATE_PREDAD;
	addrconf_mod_dad_timer(ifp, 0);
}

static void addrconf_dad_begin(struct inet6_ifaddr *ifp)
{
	unsigned long delay = 0;

	if (!(ifp->flags & IFA_F_OPTIMISTIC))
		delay = prandom_u32_max(RTR_SOLICITATION_DELAY);
	get_random_bytes(&ifp->dad_nonce, 6);
	ifp->dad_probes = (u8)ifp->nd->cnf.dad_transmits;
	addrconf_mod_dad_timer(ifp, delay);
}

/* Nobody answered: the address is ours. */
static void addrconf_dad_completed(struct inet6_ifaddr *ifp)
{
	bool send_na = ifp->flags & IFA_F_TENTATIVE && !(ifp->flags & IFA_F_OPTIMISTIC);

	ifp->flags &= ~(u32)(IFA_F_TENTATIVE | IFA_F_OPTIMISTIC | IFA_F_DADFAILED);
	sink_effect_bytes(dev_net(ifp->nd->dev)->sink, "addr.valid", &ifp->addr,
			  sizeof(ifp->addr));
	if (send_na && ifp->nd->cnf.forwarding)
		ndisc_send_na(ifp->nd, &nd_allnodes, &ifp->addr, true, false, true, true);
}

static void addrconf_dad_stop(struct inet6_ifaddr *ifp)
{
	ifp->flags |= IFA_F_DADFAILED;
	if (ifp->flags & IFA_F_TEMPORARY) {
		struct inet6_ifaddr *ifpub = ifp->ifpub;

		if (ifpub->state != INET6_IFADDR_STATE_DEAD)
			ipv6_create_tempaddr(ifpub, true);
		ipv6_del_addr(ifp);
	} else if (ifp->flags & IFA_F_PERMANENT) {
		addrconf_del_dad_timer(ifp);
		ifp->flags |= IFA_F_TENTATIVE;
		ifp->flags &= ~(u32)IFA_F_OPTIMISTIC;
	} else {
		ipv6_del_addr(ifp);
	}
}

static void addrconf_dad_probe(struct inet6_ifaddr *ifp)
{
	struct in6_addr mcaddr;

	if (!ifp->dad_probes) {
		addrconf_dad_completed(ifp);
		return;
	}
	ifp->dad_probes--;
	addrconf_mod_dad_timer(ifp, max(ifp->nd->retrans_time, HZ / 100UL));
	addrconf_addr_solict_mult(&ifp->addr, &mcaddr);
	ndisc_send_ns(ifp->nd, &ifp->addr, &mcaddr, &nd_any, ifp->dad_nonce);
}

static void addrconf_dad_timer(struct timer_list *t)
{
	struct inet6_ifaddr *ifp = from_timer(ifp, t, dad_timer);

	switch (ifp->state) {
	case INET6_IFADDR_STATE_PREDAD:
		ifp->state = INET6_IFADDR_STATE_DAD;
		addrconf_dad_begin(ifp);
		break;
	case INET6_IFADDR_STATE_DAD:
		addrconf_dad_probe(ifp);
		break;
	case INET6_IFADDR_STATE_ERRDAD:
		ifp->state = INET6_IFADDR_STATE_POSTDAD;
		addrconf_dad_stop(ifp);
		break;
	default:
		break;
	}
	in6_ifa_put(ifp);
}

/* Somebody else has the address, or wants it too. */
void addrconf_dad_failure(struct inet6_ifaddr *ifp)
{
	if (malformed(ifp->state != INET6_IFADDR_STATE_DAD))
		return;
	sink_effect_bytes(dev_net(ifp->nd->dev)->sink, "addr.duplicate", &ifp->addr,
			  sizeof(ifp->addr));
	ifp->state = INET6_IFADDR_STATE_ERRDAD;
	addrconf_mod_dad_timer(ifp, 0);
}

/*
 * Lifetimes
 */

static bool addrconf_expired(const struct inet6_ifaddr *ifp, u32 lft)
{
	return lft != INFINITY_LIFE_TIME && (jiffies - ifp->tstamp) / HZ >= lft;
}

static void addrconf_verify_addr(struct inet6_ifaddr *ifp)
{
	if (addrconf_expired(ifp, ifp->valid_lft)) {
		ipv6_del_addr(ifp);
		return;
	}
	if (ifp->flags & IFA_F_DEPRECATED || !addrconf_expired(ifp, ifp->prefered_lft))
		return;
	ifp->flags |= IFA_F_DEPRECATED;
	sink_effect_bytes(dev_net(ifp->nd->dev)->sink, "addr.deprecated", &ifp->addr,
			  sizeof(ifp->addr));
}

/* A successor before the address that packets are sent from may not be used any more. */
static void addrconf_verify_temp(struct inet6_ifaddr *ifp)
{
	u32 age = (u32)((jiffies - ifp->tstamp) / HZ);

	if (!(ifp->flags & IFA_F_TEMPORARY) || ifp->flags & IFA_F_TENTATIVE)
		return;
	if (ifp->prefered_lft == INFINITY_LIFE_TIME || age + TEMP_ADVANCE < ifp->prefered_lft)
		return;
	if (ifp->regen_count || ifp->ifpub->state == INET6_IFADDR_STATE_DEAD)
		return;
	ifp->regen_count++;
	ifp->ifpub->regen_count = 0;
	ipv6_create_tempaddr(ifp->ifpub, true);
}

static void addrconf_verify_one(struct inet6_ifaddr *ifp)
{
	if (ifp->flags & IFA_F_PERMANENT)
		return;
	addrconf_verify_temp(ifp);
	addrconf_verify_addr(ifp);
}

/* When the next address is due. */
static unsigned long addrconf_next_check(struct nd_dev *nd)
{
	unsigned long next = jiffies + ADDR_CHECK_FREQUENCY, due;
	struct inet6_ifaddr *ifp;
	u32 lft;

	list_for_each_entry(ifp, &nd->addr_list, if_list) {
		lft = ifp->flags & IFA_F_DEPRECATED ? ifp->valid_lft : ifp->prefered_lft;
		if (ifp->flags & IFA_F_PERMANENT || lft == INFINITY_LIFE_TIME)
			continue;
		due = ifp->tstamp + (unsigned long)lft * HZ;
		if (ifp->flags & IFA_F_TEMPORARY && !ifp->regen_count)
			due -= min((unsigned long)lft, (unsigned long)TEMP_ADVANCE) * HZ;
		if (time_before(due, next))
			next = due;
	}
	return max(next, jiffies + HZ);
}

static void addrconf_verify(struct nd_dev *nd)
{
	struct inet6_ifaddr *ifp, *tmp;

	list_for_each_entry_safe(ifp, tmp, &nd->addr_list, if_list)
		addrconf_verify_one(ifp);
	mod_timer(&nd->addr_chk_timer, addrconf_next_check(nd));
}

static void addrconf_verify_timer(struct timer_list *t)
{
	struct nd_dev *nd = from_timer(nd, t, addr_chk_timer);

	addrconf_verify(nd);
}

/*
 * Temporary addresses
 */

static u32 addrconf_left(const struct inet6_ifaddr *ifp, u32 lft)
{
	u32 age = (u32)((jiffies - ifp->tstamp) / HZ);

	if (lft == INFINITY_LIFE_TIME)
		return lft;
	return lft > age ? lft - age : 0;
}

static void ipv6_create_tempaddr(struct inet6_ifaddr *ifp, bool regen)
{
	struct nd_dev *nd = ifp->nd;
	u32 valid_lft, prefered_lft;
	struct inet6_ifaddr *ift;
	struct in6_addr addr;

	if (!nd->cnf.use_tempaddr)
		return;
	if (malformed(ifp->regen_count++ >= nd->cnf.regen_max_retry)) {
		nd->cnf.use_tempaddr = 0;
		return;
	}
	valid_lft = min(addrconf_left(ifp, ifp->valid_lft), nd->cnf.temp_valid_lft);
	prefered_lft = min(addrconf_left(ifp, ifp->prefered_lft),
			   nd->cnf.temp_prefered_lft - nd->desync_factor);
	/* it would need a successor at once */
	if (malformed(prefered_lft <= TEMP_ADVANCE))
		return;
	if (malformed(ipv6_count_addresses(nd) >= nd->cnf.max_addresses))
		return;
	memcpy(&addr, &ifp->addr, 8);
	get_random_bytes(addr.s6_addr + 8, 8);
	if (ipv6_get_ifaddr(nd, &addr))
		return;
	ift = ipv6_add_addr(nd, &addr, ifp->prefix_len, IFA_F_TEMPORARY | IFA_F_TENTATIVE |
			    (nd->cnf.optimistic_dad ? IFA_F_OPTIMISTIC : 0),
			    valid_lft, prefered_lft);
	if (!ift)
		return;
	refcount_inc(&ifp->refcnt);
	ift->ifpub = ifp;
	sink_effect_u64(dev_net(nd->dev)->sink, "addr.temporary", regen);
	addrconf_dad_start(ift);
}

static void manage_tempaddr(struct inet6_ifaddr *ift, u32 valid_lft, u32 prefered_lft)
{
	struct nd_dev *nd = ift->nd;
	u32 age = (u32)((jiffies - ift->cstamp) / HZ);
	u32 max_valid = nd->cnf.temp_valid_lft > age ? nd->cnf.temp_valid_lft - age : 0;
	u32 longest = nd->cnf.temp_prefered_lft - nd->desync_factor;
	u32 max_prefered = longest > age ? longest - age : 0;

	if (malformed(valid_lft > max_valid))
		valid_lft = max_valid;
	if (malformed(prefered_lft > max_prefered))
		prefered_lft = max_prefered;
	ift->valid_lft = valid_lft;
	ift->prefered_lft = prefered_lft;
	ift->tstamp = jiffies;
	if (prefered_lft > 0)
		ift->flags &= ~(u32)IFA_F_DEPRECATED;
}

static void manage_tempaddrs(struct nd_dev *nd, struct inet6_ifaddr *ifp, u32 valid_lft,
			     u32 prefered_lft, bool create)
{
	bool none = true;
	struct inet6_ifaddr *ift;

	list_for_each_entry(ift, &nd->addr_list, if_list) {
		if (ift->ifpub != ifp)
			continue;
		none = false;
		manage_tempaddr(ift, valid_lft, prefered_lft);
	}
	if (create || (none && (valid_lft || prefered_lft)))
		ipv6_create_tempaddr(ifp, false);
}

/*
 * Prefixes
 */

static void addrconf_prefix_decode(const struct sk_buff *skb, const struct prefix_info *pinfo)
{
	rx_u64(skb, "icmpv6.opt.prefix.length", pinfo->prefix_len);
	rx_u64(skb, "icmpv6.opt.prefix.flag.l", pinfo->onlink);
	rx_u64(skb, "icmpv6.opt.prefix.flag.a", pinfo->autoconf);
	rx_u64(skb, "icmpv6.opt.prefix.valid_lifetime", ntohl(pinfo->valid));
	rx_u64(skb, "icmpv6.opt.prefix.preferred_lifetime", ntohl(pinfo->prefered));
	rx_bytes(skb, "icmpv6.opt.prefix", &pinfo->prefix, sizeof(pinfo->prefix));
}

/* The route to an on-link prefix. */
static void addrconf_prefix_route(struct nd_dev *nd, const struct prefix_info *pinfo,
				  u32 valid_lft)
{
	unsigned long rt_expires = addrconf_timeout_fixup(valid_lft, HZ);
	struct fib6_info *rt;

	rt = rt6_find(nd, &pinfo->prefix, pinfo->prefix_len, NULL,
		      RTF_ADDRCONF | RTF_PREFIX_RT);
	if (rt && !valid_lft) {
		ip6_del_rt(nd, rt);
		fib6_info_release(rt);
		return;
	}
	if (!rt && valid_lft)
		rt = rt6_add(nd, &pinfo->prefix, pinfo->prefix_len, NULL,
			     RTF_ADDRCONF | RTF_PREFIX_RT);
	if (!rt)
		return;
	if (addrconf_finite_timeout(rt_expires))
		fib6_set_expires(nd, rt, jiffies + rt_expires * HZ);
	else
		fib6_clean_expires(rt);
	fib6_info_release(rt);
}

static void addrconf_update_lft(struct inet6_ifaddr *ifp, u32 *valid_lft, u32 prefered_lft)
{
	u32 stored_lft = addrconf_left(ifp, ifp->valid_lft);

	if (!stored_lft)
		return;
	/* RFC 4862 5.5.3 (e): nobody takes an address away at once */
	if (malformed(*valid_lft < min_t(u32, stored_lft, MIN_VALID_LIFETIME)))
		*valid_lft = min_t(u32, stored_lft, MIN_VALID_LIFETIME);
	ifp->valid_lft = *valid_lft;
	ifp->prefered_lft = prefered_lft;
	ifp->tstamp = jiffies;
	ifp->flags &= ~(u32)IFA_F_DEPRECATED;
}

static int addrconf_prefix_rcv_add_addr(struct nd_dev *nd, const struct prefix_info *pinfo,
					const struct in6_addr *addr, bool sllao, u32 valid_lft,
					u32 prefered_lft)
{
	struct inet6_ifaddr *ifp = ipv6_get_ifaddr(nd, addr);
	u32 flags = IFA_F_TENTATIVE | IFA_F_MANAGETEMPADDR;
	bool create = false;

	if (!ifp && valid_lft) {
		if (nd->cnf.optimistic_dad && !nd->cnf.forwarding && sllao)
			flags |= IFA_F_OPTIMISTIC;
		if (malformed(ipv6_count_addresses(nd) >= nd->cnf.max_addresses))
			return -1;
		ifp = ipv6_add_addr(nd, addr, pinfo->prefix_len, flags, valid_lft, prefered_lft);
		if (!ifp)
			return -1;
		create = true;
		addrconf_dad_start(ifp);
	}
	if (!ifp)
		return 0;
	if (ifp->flags & IFA_F_PERMANENT)
		return 0;
	if (!create)
		addrconf_update_lft(ifp, &valid_lft, prefered_lft);
	manage_tempaddrs(nd, ifp, valid_lft, prefered_lft, create);
	addrconf_verify(nd);
	return 0;
}

static void ipv6_generate_eui64(u8 *eui, const struct net_device *dev)
{
	memcpy(eui, dev->dev_addr, 3);
	memcpy(eui + 5, dev->dev_addr + 3, 3);
	eui[3] = 0xff;
	eui[4] = 0xfe;
	eui[0] ^= 2;
}

/**
 * addrconf_prefix_rcv - a prefix information option
 * @skb: the advertisement
 * @nd: the device it arrived on
 * @opt: the option
 * @len: its length
 * @sllao: the message tells the router's link-layer address
 */
void addrconf_prefix_rcv(struct sk_buff *skb, struct nd_dev *nd, u8 *opt, int len, bool sllao)
{
	struct prefix_info *pinfo = (struct prefix_info *)opt;
	u32 valid_lft, prefered_lft;
	struct in6_addr addr;

	if (malformed_in(FREERTOS_TCP_5F87B9525C0B, len < (int)sizeof(struct prefix_info)))
		return;
	addrconf_prefix_decode(skb, pinfo);
	if (malformed(ipv6_addr_type(&pinfo->prefix) & IPV6_ADDR_MULTICAST))
		return;
	if (malformed(ipv6_addr_type(&pinfo->prefix) & IPV6_ADDR_LINKLOCAL))
		return;
	valid_lft = ntohl(pinfo->valid);
	prefered_lft = ntohl(pinfo->prefered);
	if (malformed(prefered_lft > valid_lft))
		return;
	if (malformed(valid_lft != 0 && valid_lft < nd->cnf.accept_ra_min_lft))
		return;

	if (pinfo->onlink && !malformed(pinfo->prefix_len > 128))
		addrconf_prefix_route(nd, pinfo, valid_lft);

	if (pinfo->autoconf && nd->cnf.autoconf) {
		if (malformed(pinfo->prefix_len != 64))
			return;
		memcpy(&addr, &pinfo->prefix, 8);
		ipv6_generate_eui64(addr.s6_addr + 8, nd->dev);
		if (addrconf_prefix_rcv_add_addr(nd, pinfo, &addr, sllao, valid_lft,
						 prefered_lft))
			return;
	}
	sink_effect_bytes(rx_sink(skb), "nd.prefix", &pinfo->prefix, sizeof(pinfo->prefix));
}

/*
 * The device
 */

/* An address of the user's, to be checked (@dad) or known to be unique. */
int addrconf_add_ifaddr(struct nd_dev *nd, const struct in6_addr *addr, u8 plen, bool dad)
{
	struct inet6_ifaddr *ifp;

	if (list_empty(&nd->addr_list))
		timer_setup(&nd->addr_chk_timer, addrconf_verify_timer, 0);
	if (ipv6_get_ifaddr(nd, addr))
		return -EEXIST;
	ifp = ipv6_add_addr(nd, addr, plen, IFA_F_PERMANENT | (dad ? IFA_F_TENTATIVE : 0),
			    INFINITY_LIFE_TIME, INFINITY_LIFE_TIME);
	if (!ifp)
		return -ENOBUFS;
	if (dad)
		addrconf_dad_start(ifp);
	return 0;
}

/* Temporary addresses hold those that they were made for: all go, whatever the order. */
void addrconf_ifdown(struct nd_dev *nd)
{
	struct inet6_ifaddr *ifp;

	del_timer(&nd->addr_chk_timer);
	while (!list_empty(&nd->addr_list)) {
		ifp = list_first_entry(&nd->addr_list, struct inet6_ifaddr, if_list);
		ipv6_del_addr(ifp);
	}
}
