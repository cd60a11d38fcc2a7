/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the parts of ICMPv6: what a device keeps for NDP and MLD. */
#ifndef PARSERS_NET_ND_H
#define PARSERS_NET_ND_H

#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <net/addrconf.h>
#include <net/mld.h>
#include <net/ndisc.h>

#include "rx.h"

/*
 * Neighbours (nd_neigh.c)
 */

#define NUD_INCOMPLETE	0x01
#define NUD_REACHABLE	0x02
#define NUD_STALE	0x04
#define NUD_DELAY	0x08
#define NUD_PROBE	0x10
#define NUD_FAILED	0x20
#define NUD_NONE	0x00
#define NUD_CONNECTED	NUD_REACHABLE
#define NUD_IN_TIMER	(NUD_INCOMPLETE | NUD_REACHABLE | NUD_DELAY | NUD_PROBE)
#define NUD_VALID	(NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY)

#define NTF_ROUTER	0x80

#define NEIGH_UPDATE_F_OVERRIDE			0x01
#define NEIGH_UPDATE_F_WEAK_OVERRIDE		0x02
#define NEIGH_UPDATE_F_OVERRIDE_ISROUTER	0x04
#define NEIGH_UPDATE_F_ISROUTER			0x08

struct nd_dev;

struct nd_neigh {
	struct list_head	list;
	struct nd_dev		*nd;
	refcount_t		refcnt;
	struct in6_addr		primary_key;
	struct timer_list	timer;
	struct sk_buff_head	arp_queue;
	unsigned int		arp_queue_len_bytes;
	unsigned int		probes;
	unsigned long		confirmed;
	unsigned long		updated;
	unsigned long		used;
	u8			nud_state;
	u8			flags;
	u8			dead;
	unsigned char		ha[ETH_ALEN];
};

struct nd_neigh *nd_neigh_lookup(struct nd_dev *nd, const struct in6_addr *addr, bool create);
void nd_neigh_release(struct nd_neigh *n);
void nd_neigh_update(struct nd_neigh *n, const u8 *lladdr, u8 new, u32 flags);
/* Give @skb to the neighbour, or keep it until there is an answer; consumed. */
void nd_neigh_output(struct nd_neigh *n, struct sk_buff *skb);
void nd_neigh_down(struct nd_dev *nd);

/*
 * Addresses (addrconf.c)
 */

#define IFA_F_TEMPORARY		0x01
#define IFA_F_OPTIMISTIC	0x04
#define IFA_F_DADFAILED		0x08
#define IFA_F_DEPRECATED	0x20
#define IFA_F_TENTATIVE		0x40
#define IFA_F_PERMANENT		0x80
#define IFA_F_MANAGETEMPADDR	0x100

enum ifa_state {
	INET6_IFADDR_STATE_PREDAD,
	INET6_IFADDR_STATE_DAD,
	INET6_IFADDR_STATE_POSTDAD,
	INET6_IFADDR_STATE_ERRDAD,
	INET6_IFADDR_STATE_DEAD,
};

#define INFINITY_LIFE_TIME	0xFFFFFFFF

struct inet6_ifaddr {
	struct list_head	if_list;
	struct nd_dev		*nd;
	refcount_t		refcnt;
	struct in6_addr		addr;
	u8			prefix_len;
	u8			dad_probes;
	u8			regen_count;
	enum ifa_state		state;
	u32			flags;
	u32			valid_lft;
	u32			prefered_lft;
	unsigned long		cstamp;
	unsigned long		tstamp;
	u64			dad_nonce;
	struct timer_list	dad_timer;
	struct inet6_ifaddr	*ifpub;		/* of a temporary address, held */
};

struct inet6_ifaddr *ipv6_get_ifaddr(struct nd_dev *nd, const struct in6_addr *addr);
void in6_ifa_put(struct inet6_ifaddr *ifp);
const struct in6_addr *ipv6_get_saddr(struct nd_dev *nd, const struct in6_addr *daddr);
bool ipv6_prefix_equal(const struct in6_addr *a, const struct in6_addr *b, unsigned int plen);
bool ipv6_chk_prefix(struct nd_dev *nd, const struct in6_addr *addr);
int addrconf_add_ifaddr(struct nd_dev *nd, const struct in6_addr *addr, u8 plen, bool dad);
void addrconf_dad_failure(struct inet6_ifaddr *ifp);
void addrconf_prefix_rcv(struct sk_buff *skb, struct nd_dev *nd, u8 *opt, int len, bool sllao);
void addrconf_ifdown(struct nd_dev *nd);
void addrconf_addr_solict_mult(const struct in6_addr *addr, struct in6_addr *solicited);

/*
 * Routes (nd_route.c)
 */

#define RTF_GATEWAY	0x0002
#define RTF_DEFAULT	0x00010000
#define RTF_ADDRCONF	0x00040000
#define RTF_PREFIX_RT	0x00080000
#define RTF_EXPIRES	0x00400000
#define RTF_ROUTEINFO	0x00800000

struct fib6_info {
	struct list_head	list;
	refcount_t		fib6_ref;
	struct in6_addr		fib6_dst;
	struct in6_addr		fib_nh_gw6;
	u8			plen;
	u8			pref;
	u8			hop_limit;
	u32			fib6_flags;
	u32			fib6_metric;
	u32			mtu;
	unsigned long		expires;
};

struct rt6_exception {
	struct list_head	list;
	struct in6_addr		daddr;
	struct in6_addr		gateway;
	bool			has_gateway;
	u32			mtu;
	unsigned long		expires;	/* of the MTU */
};

struct fib6_info *rt6_find(struct nd_dev *nd, const struct in6_addr *prefix, u8 plen,
			   const struct in6_addr *gw, u32 flags);
struct fib6_info *rt6_add(struct nd_dev *nd, const struct in6_addr *prefix, u8 plen,
			  const struct in6_addr *gw, u32 flags);
void ip6_del_rt(struct nd_dev *nd, struct fib6_info *rt);
void fib6_info_release(struct fib6_info *rt);
void fib6_set_expires(struct nd_dev *nd, struct fib6_info *rt, unsigned long expires);
void fib6_clean_expires(struct fib6_info *rt);
int rt6_route_rcv(struct sk_buff *skb, struct nd_dev *nd, u8 *opt, int len);
void rt6_clean_tohost(struct nd_dev *nd, const struct in6_addr *gateway);
void rt6_pmtu_update(struct nd_dev *nd, const struct in6_addr *daddr, u32 mtu);
void rt6_mtu_change(struct nd_dev *nd, u32 mtu);
bool rt6_nexthop(struct nd_dev *nd, const struct in6_addr *daddr, struct in6_addr *nexthop);
void rt6_do_redirect(struct sk_buff *skb, struct nd_dev *nd);
void rt6_ifdown(struct nd_dev *nd);

#define addrconf_finite_timeout(x)	(~(x))

/* Seconds that do not overflow when counted in @unit per second. */
static inline unsigned long addrconf_timeout_fixup(u32 timeout, unsigned int unit)
{
	if (timeout == INFINITY_LIFE_TIME)
		return ~0UL;
	if (0xfffffffe > (long)(~0UL >> 1) / unit && timeout > (long)(~0UL >> 1) / unit)
		return (unsigned long)((long)(~0UL >> 1) / unit);
	return timeout;
}

/*
 * Groups (mcast6.c, mcast6_report.c)
 */

#define MCAST_EXCLUDE	0
#define MCAST_INCLUDE	1

#define MAF_TIMER_RUNNING	0x01
#define MAF_LAST_REPORTER	0x02
#define MAF_NOREPORT		0x08
#define MAF_GSQUERY		0x10

struct ip6_sf_list {
	struct ip6_sf_list	*sf_next;
	struct in6_addr		sf_addr;
	unsigned long		sf_count[2];	/* include/exclude counts */
	unsigned char		sf_gsresp;	/* include in g & s response? */
};

struct ifmcaddr6 {
	struct in6_addr		mca_addr;
	struct nd_dev		*nd;
	struct ifmcaddr6	*next;
	struct ip6_sf_list	*mca_sources;
	unsigned int		mca_sfmode;
	unsigned char		mca_crcount;
	unsigned long		mca_sfcount[2];
	struct timer_list	mca_timer;
	unsigned int		mca_flags;
	unsigned int		mca_users;
	refcount_t		mca_refcnt;
};

#define for_each_mc(nd, mc) for ((mc) = (nd)->mc_list; (mc); (mc) = (mc)->next)

int ipv6_dev_mc_inc(struct nd_dev *nd, const struct in6_addr *addr, unsigned int mode,
		    unsigned int sources);
int ipv6_dev_mc_dec(struct nd_dev *nd, const struct in6_addr *addr);
void igmp6_event_query(struct sk_buff *skb);
void igmp6_event_report(struct sk_buff *skb);
bool mld_in_v1_mode(const struct nd_dev *nd);
void igmp6_send(struct nd_dev *nd, const struct in6_addr *group, int type);
void mld_send_report(struct nd_dev *nd, struct ifmcaddr6 *pmc);
void mld_send_cr(struct nd_dev *nd);
void mcast6_up(struct nd_dev *nd);
void mcast6_down(struct nd_dev *nd);

/*
 * The device (nd_dev.c)
 */

#define IF_RA_OTHERCONF	0x80
#define IF_RA_MANAGED	0x40
#define IF_RA_RCVD	0x20
#define IF_RS_SENT	0x10

/* What of struct ipv6_devconf is asked here. */
struct nd_devconf {
	bool	forwarding, proxy_ndp, accept_redirects, autoconf, suppress_frag_ndisc;
	bool	accept_ra_defrtr, accept_ra_pinfo, accept_ra_rtr_pref, accept_ra_mtu;
	bool	accept_ra_from_local, drop_unsolicited_na, optimistic_dad;
	bool	echo_ignore_all, echo_ignore_multicast;
	u32	accept_ra_min_hop_limit, accept_ra_min_lft, ra_defrtr_metric;
	u32	accept_ra_rt_info_min_plen, accept_ra_rt_info_max_plen;
	u32	max_addresses, use_tempaddr, temp_valid_lft, temp_prefered_lft, regen_max_retry;
	u32	gc_thresh3, unres_qlen_bytes, dad_transmits, accept_untracked_na;
	u32	force_mld_version, hop_limit, mtu6;
};

struct nd_dev {
	struct net_device	*dev;
	struct nd_devconf	cnf;
	u32			if_flags;
	u32			ra_mtu;
	u8			rs_probes;
	struct timer_list	rs_timer;

	struct list_head	neighbours;
	unsigned int		neigh_entries;
	unsigned long		retrans_time;
	unsigned long		base_reachable_time;
	unsigned long		reachable_time;
	unsigned long		gc_staletime;

	struct list_head	addr_list;
	struct timer_list	addr_chk_timer;
	u32			desync_factor;

	struct list_head	proxies;

	struct list_head	routes;
	struct list_head	exceptions;
	unsigned int		nr_routes;
	unsigned int		nr_exceptions;
	struct timer_list	gc_timer;

	struct ifmcaddr6	*mc_list;
	struct sk_buff_head	mc_query_queue;
	struct sk_buff_head	mc_report_queue;
	struct delayed_work	mc_query_work;
	struct delayed_work	mc_report_work;
	struct timer_list	mc_gq_timer;
	struct timer_list	mc_ifc_timer;
	unsigned long		mc_v1_seen;
	unsigned long		mc_qi;
	unsigned long		mc_qri;
	unsigned long		mc_maxdelay;
	unsigned char		mc_qrv;
	unsigned char		mc_gq_running;
	unsigned char		mc_ifc_count;
	unsigned char		mc_count;
};

/* The device's state, made when it is first asked for; NULL: no memory. */
struct nd_dev *nd_dev_get(struct net_device *dev);

/* ICMPv6 (icmp6_rcv.c) takes its protocol number. */
void nd_register(void);

/*
 * Messages (ndisc.c, ndisc_router.c, ndisc_options.c, ndisc_send.c, nd_proxy.c)
 */

void ndisc_rcv(struct sk_buff *skb, struct nd_dev *nd);
void ndisc_router_discovery(struct sk_buff *skb, struct nd_dev *nd);
void ndisc_redirect_rcv(struct sk_buff *skb, struct nd_dev *nd);
/* @skb NULL: they have been told before. */
bool ndisc_parse_options(const struct sk_buff *skb, u8 *opt, int opt_len,
			 struct ndisc_options *ndopts);
struct nd_opt_hdr *ndisc_next_option(struct nd_opt_hdr *cur, struct nd_opt_hdr *end);
struct nd_opt_hdr *ndisc_next_useropt(struct nd_opt_hdr *cur, struct nd_opt_hdr *end);
u8 *ndisc_opt_addr_data(struct nd_opt_hdr *opt);
/* The options that a daemon of the user's reads. */
void nd_useropts_rcv(const struct sk_buff *skb, u8 *opt, int opt_len);

struct sk_buff *ndisc_alloc_skb(struct nd_dev *nd, unsigned int len);
void ndisc_send_skb(struct sk_buff *skb, const struct in6_addr *daddr,
		    const struct in6_addr *saddr, u8 hop_limit);
void ndisc_send_na(struct nd_dev *nd, const struct in6_addr *daddr,
		   const struct in6_addr *solicited_addr, bool router, bool solicited,
		   bool override, bool inc_opt);
void ndisc_send_ns(struct nd_dev *nd, const struct in6_addr *solicit,
		   const struct in6_addr *daddr, const struct in6_addr *saddr, u64 nonce);
void ndisc_send_rs(struct nd_dev *nd, const struct in6_addr *daddr);
/* An IPv6 packet of ours: to the group, or over the neighbour that is next; consumed. */
void nd_xmit(struct nd_dev *nd, struct sk_buff *skb);

struct nd_proxy {
	struct list_head	list;
	struct in6_addr		addr;
	unsigned char		ha[ETH_ALEN];
};

void br_do_suppress_nd(struct nd_dev *nd, struct sk_buff *skb);
int nd_proxy_add(struct nd_dev *nd, const struct in6_addr *addr);
void nd_proxy_down(struct nd_dev *nd);

static inline bool ipv6_addr_is_solict_mult(const struct in6_addr *addr)
{
	return addr->s6_addr32[0] == htonl(0xff020000) && !addr->s6_addr32[1] &&
	       addr->s6_addr32[2] == htonl(1) && addr->s6_addr[12] == 0xff;
}

static inline bool ipv6_addr_is_ll_all_nodes(const struct in6_addr *addr)
{
	return addr->s6_addr32[0] == htonl(0xff020000) && !addr->s6_addr32[1] &&
	       !addr->s6_addr32[2] && addr->s6_addr32[3] == htonl(1);
}

extern const struct in6_addr nd_any, nd_allnodes, nd_allrouters;

#endif /* PARSERS_NET_ND_H */
