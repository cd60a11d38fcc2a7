/* SPDX-License-Identifier: GPL-2.0-only */
/* Which addresses are ours. Changed for testing: a rule instead of a hash; see redzone/net.h. */
#ifndef _ADDRCONF_H
#define _ADDRCONF_H

#include <net/ipv6.h>

struct nd_dev;

struct inet6_dev {
	struct net_device	*dev;
	struct ipv6_devconf	cnf;
	u64			in_hdr_errors;	/* IPSTATS_MIB_INHDRERRORS */
	struct nd_dev		*nd;		/* addresses, routers, groups: NDP and MLD */
};

static inline struct inet6_dev *__in6_dev_get(const struct net_device *dev)
{
	return dev->ip6_ptr;
}

static inline struct inet6_dev *ip6_dst_idev(struct dst_entry *dst)
{
	return dst->dev->ip6_ptr;
}

bool ipv6_chk_addr(struct net *net, const struct in6_addr *addr);
bool ipv6_chk_home_addr(struct net *net, const struct in6_addr *addr);
bool ipv6_chk_mcast_addr(struct net_device *dev, const struct in6_addr *group);
int ipv6_chk_rpl_srh_loop(struct net *net, const struct in6_addr *segs,
			  unsigned char nsegs);

#endif /* _ADDRCONF_H */
