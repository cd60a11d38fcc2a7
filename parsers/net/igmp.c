// SPDX-License-Identifier: GPL-2.0-only
/*
 * IGMP versions 1 to 3, as a host speaks it: queries, others' reports, timers.
 *
 * Modelled on: Linux 6.1 net/ipv4/igmp.c (igmp_rcv, igmp_heard_query,
 *	igmp_heard_report, igmp_marksources, igmp_xmarksources, igmp_mod_timer,
 *	igmp_start_timer, igmp_stop_timer, igmp_gq_start_timer, igmp_timer_expire,
 *	igmp_gq_timer_expire, igmp_ifc_timer_expire, igmp_group_added,
 *	igmp_group_dropped, ip_mc_inc_group, ip_mc_dec_group, ip_ma_put)
 * Spec: RFC 1112 I, RFC 2236 3, RFC 3376 4 to 7
 * Differs: each device joins four groups when its first message comes, more by acts; a
 *	group has one filter, without tombs of earlier ones; delays are a random number
 *	modulo the largest, as in Linux 3.0.
 */
#include <linux/random.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/protocol.h>

#include "igmp_priv.h"
#include "rx.h"

enum {
	QUERY_RESPONSE_INTERVAL = 10 * HZ,
	QUERY_INTERVAL = 125 * HZ,
	UNSOLICITED_REPORT_INTERVAL = HZ,
	UNSOLICITED_REPORT_COUNT = 2,
	IGMPV2_SIZE = 8,
	IGMPV3_SIZE = 12,
};

/*
 * Memberships and their timers
 */

static void ip_mc_clear_src(struct ip_mc_list *pmc)
{
	struct ip_sf_list *psf;

	while ((psf = pmc->sources) != NULL) {
		pmc->sources = psf->sf_next;
		kfree(psf);
	}
}

/* A running timer holds its group, as the list does. */
static void ip_ma_put(struct ip_mc_list *im)
{
	if (refcount_dec_and_test(&im->refcnt)) {
		ip_mc_clear_src(im);
		kfree(im);
	}
}

static void igmp_stop_timer(struct ip_mc_list *im)
{
	bool put = del_timer(&im->timer);

	im->tm_running = 0;
	im->reporter = 0;
	im->unsolicit_count = 0;
	if (put)
		ip_ma_put(im);
}

static void igmp_start_timer(struct ip_mc_list *im, int max_delay)
{
	u32 tv = get_random_u32() % (u32)max_delay;

	im->tm_running = 1;
	refcount_inc(&im->refcnt);
	if (mod_timer(&im->timer, jiffies + tv + 2))
		ip_ma_put(im);
}

static void igmp_mod_timer(struct ip_mc_list *im, int max_delay)
{
	bool put = false;

	im->unsolicit_count = 0;
	if (del_timer(&im->timer)) {
		if ((long)(im->timer.expires - jiffies) < max_delay) {
			add_timer(&im->timer);
			im->tm_running = 1;
			return;
		}
		put = true;
	}
	igmp_start_timer(im, max_delay);
	if (put)
		ip_ma_put(im);
}

static int igmp_report_type(struct in_device *in_dev)
{
	if (IGMP_V1_SEEN(in_dev))
		return IGMP_HOST_MEMBERSHIP_REPORT;
	return IGMP_V2_SEEN(in_dev) ? IGMPV2_HOST_MEMBERSHIP_REPORT :
				      IGMPV3_HOST_MEMBERSHIP_REPORT;
}

static void igmp_timer_expire(struct timer_list *t)
{
	struct ip_mc_list *im = from_timer(im, t, timer);
	struct in_device *in_dev = im->interface;

	im->tm_running = 0;
	if (im->unsolicit_count && --im->unsolicit_count)
		igmp_start_timer(im, UNSOLICITED_REPORT_INTERVAL);
	im->reporter = 1;
	igmp_send_report(in_dev, im, igmp_report_type(in_dev));
	ip_ma_put(im);
}

static void igmp_gq_start_timer(struct in_device *in_dev)
{
	unsigned long exp = jiffies + get_random_u32() % (u32)in_dev->mr_maxdelay + 2;

	if (in_dev->mr_gq_running && time_after_eq(exp, in_dev->mr_gq_timer.expires))
		return;
	in_dev->mr_gq_running = 1;
	mod_timer(&in_dev->mr_gq_timer, exp);
}

static void igmp_gq_timer_expire(struct timer_list *t)
{
	struct in_device *in_dev = from_timer(in_dev, t, mr_gq_timer);

	in_dev->mr_gq_running = 0;
	igmpv3_send_report(in_dev, NULL);
}

static void igmp_ifc_start_timer(struct in_device *in_dev, int delay)
{
	mod_timer(&in_dev->mr_ifc_timer, jiffies + get_random_u32() % (u32)delay + 2);
}

static void igmp_ifc_timer_expire(struct timer_list *t)
{
	struct in_device *in_dev = from_timer(in_dev, t, mr_ifc_timer);

	igmpv3_send_cr(in_dev);
	if (in_dev->mr_ifc_count && --in_dev->mr_ifc_count)
		igmp_ifc_start_timer(in_dev, UNSOLICITED_REPORT_INTERVAL);
}

static void igmp_ifc_event(struct in_device *in_dev)
{
	if (IGMP_V1_SEEN(in_dev) || IGMP_V2_SEEN(in_dev))
		return;
	in_dev->mr_ifc_count = in_dev->mr_qrv;
	igmp_ifc_start_timer(in_dev, 1);
}

static void igmp_group_added(struct ip_mc_list *im)
{
	struct in_device *in_dev = im->interface;

	if (im->multiaddr == IGMP_ALL_HOSTS)
		return;
	im->unsolicit_count = UNSOLICITED_REPORT_COUNT;
	if (IGMP_V1_SEEN(in_dev) || IGMP_V2_SEEN(in_dev)) {
		igmp_start_timer(im, UNSOLICITED_REPORT_INTERVAL);
		return;
	}
	im->crcount = in_dev->mr_qrv;
	igmp_ifc_event(in_dev);
}

static void igmp_group_dropped(struct ip_mc_list *im)
{
	bool reporter = im->reporter;
	struct in_device *in_dev = im->interface;

	igmp_stop_timer(im);
	if (im->multiaddr == IGMP_ALL_HOSTS || IGMP_V1_SEEN(in_dev))
		return;
	if (IGMP_V2_SEEN(in_dev)) {
		if (reporter)
			igmp_send_report(in_dev, im, IGMP_HOST_LEAVE_MESSAGE);
		return;
	}
	igmp_ifc_event(in_dev);
}

static int ip_mc_add_source(struct ip_mc_list *im, __be32 source)
{
	struct ip_sf_list *psf = kzalloc(sizeof(*psf), GFP_ATOMIC);

	if (!psf)
		return -ENOBUFS;
	psf->sf_inaddr = source;
	psf->sf_count[im->sfmode] = 1;
	psf->sf_next = im->sources;
	im->sources = psf;
	return 0;
}

static struct ip_mc_list *ip_mc_inc_group(struct in_device *in_dev, __be32 group,
					  unsigned int mode, const __be32 *sources,
					  unsigned int count)
{
	struct ip_mc_list *im = kzalloc(sizeof(*im), GFP_ATOMIC);
	unsigned int i;

	if (!im)
		return NULL;
	im->interface = in_dev;
	im->multiaddr = group;
	im->sfmode = mode;
	im->sfcount[mode] = 1;
	refcount_set(&im->refcnt, 1);
	timer_setup(&im->timer, igmp_timer_expire, 0);
	for (i = 0; i < count; i++)
		if (ip_mc_add_source(im, sources[i]))
			break;
	im->next_rcu = in_dev->mc_list;
	in_dev->mc_list = im;
	in_dev->mc_count++;
	return im;
}

static void ip_mc_init_dev(struct in_device *in_dev)
{
	static const __be32 wanted[] = { cpu_to_be32(0xc000020aU), cpu_to_be32(0xc000020bU) };
	static const __be32 unwanted[] = { cpu_to_be32(0xc0000242U) };

	if (in_dev->mr_qrv)
		return;
	in_dev->mr_qi = QUERY_INTERVAL;
	in_dev->mr_qri = QUERY_RESPONSE_INTERVAL;
	in_dev->mr_qrv = dev_net(in_dev->dev)->ipv4.sysctl_igmp_qrv;
	timer_setup(&in_dev->mr_gq_timer, igmp_gq_timer_expire, 0);
	timer_setup(&in_dev->mr_ifc_timer, igmp_ifc_timer_expire, 0);
	ip_mc_inc_group(in_dev, IGMP_ALL_HOSTS, MCAST_EXCLUDE, NULL, 0);
	ip_mc_inc_group(in_dev, cpu_to_be32(0xe00000fbU), MCAST_EXCLUDE, NULL, 0);
	ip_mc_inc_group(in_dev, cpu_to_be32(0xef010203U), MCAST_INCLUDE, wanted, 2);
	ip_mc_inc_group(in_dev, cpu_to_be32(0xe8010101U), MCAST_EXCLUDE, unwanted, 1);
}

int ip_mc_join_group(struct net_device *dev, __be32 group, unsigned int mode,
		     const __be32 *sources, unsigned int count)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct ip_mc_list *im;

	ip_mc_init_dev(in_dev);
	if (!ipv4_is_multicast(group))
		return -EINVAL;
	if (in_dev->mc_count >= dev_net(dev)->ipv4.sysctl_igmp_max_memberships)
		return -ENOBUFS;
	for_each_pmc(in_dev, im) {
		if (im->multiaddr == group)
			return -EADDRINUSE;
	}
	im = ip_mc_inc_group(in_dev, group, mode, sources, count);
	if (!im)
		return -ENOMEM;
	igmp_group_added(im);
	return 0;
}

int ip_mc_leave_group(struct net_device *dev, __be32 group)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct ip_mc_list *i, **ip;

	for (ip = &in_dev->mc_list; (i = *ip) != NULL; ip = &i->next_rcu) {
		if (i->multiaddr != group)
			continue;
		*ip = i->next_rcu;
		in_dev->mc_count--;
		igmp_group_dropped(i);
		ip_ma_put(i);
		return 0;
	}
	return -ENODEV;
}

/*
 * Messages
 */

/* All sources excluded: there is nothing to answer. */
static int igmp_xmarksources(struct ip_mc_list *pmc, int nsrcs, const __be32 *srcs)
{
	struct ip_sf_list *psf;
	int i, scount = 0;

	for (psf = pmc->sources; psf; psf = psf->sf_next) {
		if (scount == nsrcs)
			break;
		for (i = 0; i < nsrcs; i++) {
			if (psf->sf_count[MCAST_INCLUDE] ||
			    pmc->sfcount[MCAST_EXCLUDE] != psf->sf_count[MCAST_EXCLUDE])
				break;
			if (srcs[i] == psf->sf_inaddr) {
				scount++;
				break;
			}
		}
	}
	pmc->gsquery = 0;
	return scount != nsrcs;
}

/* The sources that the query names and the group has; 0: none to answer for. */
static int igmp_marksources(struct ip_mc_list *pmc, int nsrcs, const __be32 *srcs)
{
	struct ip_sf_list *psf;
	int i, scount = 0;

	if (pmc->sfmode == MCAST_EXCLUDE)
		return igmp_xmarksources(pmc, nsrcs, srcs);

	for (psf = pmc->sources; psf; psf = psf->sf_next) {
		if (scount == nsrcs)
			break;
		for (i = 0; i < nsrcs; i++) {
			if (srcs[i] == psf->sf_inaddr) {
				psf->sf_gsresp = 1;
				scount++;
				break;
			}
		}
	}
	pmc->gsquery = scount != 0;
	return pmc->gsquery;
}

static void igmp_heard_report(struct in_device *in_dev, __be32 group)
{
	struct ip_mc_list *im;

	if (malformed(group == IGMP_ALL_HOSTS))
		return;
	if (malformed(ipv4_is_local_multicast(group) &&
		      !dev_net(in_dev->dev)->ipv4.sysctl_igmp_llm_reports))
		return;
	for_each_pmc(in_dev, im) {
		if (im->multiaddr == group) {
			igmp_stop_timer(im);
			break;
		}
	}
}

/* A query of version 1 or 2: the largest delay; *group becomes 0 for version 1. */
static int igmp_heard_old_query(struct in_device *in_dev, const struct igmphdr *ih,
				__be32 *group)
{
	unsigned long seen = jiffies + in_dev->mr_qrv * in_dev->mr_qi + in_dev->mr_qri;

	/* change of state is told in version 3 alone */
	in_dev->mr_ifc_count = 0;
	del_timer(&in_dev->mr_ifc_timer);

	if (ih->code == 0) {
		in_dev->mr_v1_seen = seen;
		*group = 0;
		return QUERY_RESPONSE_INTERVAL;
	}
	in_dev->mr_v2_seen = seen;
	return ih->code * (HZ / IGMP_TIMER_SCALE);
}

/* All of a query of version 3, linear; NULL: it is shorter than it says. */
static struct igmpv3_query *igmpv3_pull_query(struct sk_buff *skb)
{
	struct igmpv3_query *ih3;
	bool wraps;
	u32 need;
	int i;

	if (malformed(!pskb_may_pull(skb, sizeof(struct igmpv3_query))))
		return NULL;
	ih3 = igmpv3_query_hdr(skb);
	rx_u64(skb, "igmp.s", ih3->suppress);
	rx_u64(skb, "igmp.qrv", ih3->qrv);
	rx_u64(skb, "igmp.qqic", IGMPV3_QQIC(ih3->qqic));
	rx_u64(skb, "igmp.num_src", ntohs(ih3->nsrcs));
	if (!ih3->nsrcs)
		return ih3;

	need = sizeof(struct igmpv3_query) + ntohs(ih3->nsrcs) * sizeof(__be32);
	wraps = need > 0xffff;
	triggered(CVE_2015_1414, wraps);
	if (!fixed(CVE_2015_1414))
		need = (u16)need;
	if (malformed(!pskb_may_pull(skb, need)))
		return NULL;
	ih3 = igmpv3_query_hdr(skb);
	for (i = 0; i < (int)((need - sizeof(*ih3)) / sizeof(__be32)); i++)
		rx_bytes(skb, "igmp.saddr", &ih3->srcs[i], sizeof(ih3->srcs[i]));
	return ih3;
}

/* RFC 3376 4.1: what the querier says about its own timers. */
static void igmpv3_take_timers(struct in_device *in_dev, const struct igmpv3_query *ih3,
			       int max_delay)
{
	in_dev->mr_maxdelay = max_delay;
	in_dev->mr_qrv = ih3->qrv ? ih3->qrv :
				    dev_net(in_dev->dev)->ipv4.sysctl_igmp_qrv;
	in_dev->mr_qi = IGMPV3_QQIC(ih3->qqic) * HZ;
	if (!in_dev->mr_qi)
		in_dev->mr_qi = QUERY_INTERVAL;
	/* 8.3: shorter than the interval between queries */
	if (malformed(in_dev->mr_qri >= in_dev->mr_qi))
		in_dev->mr_qri = (in_dev->mr_qi / HZ - 1) * HZ;
}

/* The groups that a query is about answer within @max_delay. */
static void igmp_query_groups(struct in_device *in_dev, const struct igmpv3_query *ih3,
			      __be32 group, int mark, int max_delay)
{
	struct ip_mc_list *im;

	for_each_pmc(in_dev, im) {
		if (group && group != im->multiaddr)
			continue;
		if (im->multiaddr == IGMP_ALL_HOSTS)
			continue;
		if (ipv4_is_local_multicast(im->multiaddr) &&
		    !dev_net(in_dev->dev)->ipv4.sysctl_igmp_llm_reports)
			continue;
		im->gsquery = im->tm_running ? im->gsquery && mark : mark;
		if (!im->gsquery || igmp_marksources(im, ntohs(ih3->nsrcs), ih3->srcs))
			igmp_mod_timer(im, max_delay);
	}
}

/* true: drop it. */
static bool igmp_heard_query(struct in_device *in_dev, struct sk_buff *skb, int len)
{
	struct igmpv3_query *ih3 = igmpv3_query_hdr(skb);
	struct igmphdr *ih = igmp_hdr(skb);
	__be32 group = ih->group;
	int max_delay, mark = 0;

	rx_u64(skb, "igmp.max_resp", len == IGMPV2_SIZE ? ih->code : IGMPV3_MRC(ih->code));
	rx_bytes(skb, "igmp.maddr", &ih->group, sizeof(ih->group));
	if (len == IGMPV2_SIZE) {
		max_delay = igmp_heard_old_query(in_dev, ih, &group);
	} else if (malformed(len < IGMPV3_SIZE)) {
		return true;
	} else if (IGMP_V1_SEEN(in_dev)) {
		max_delay = QUERY_RESPONSE_INTERVAL;
		group = 0;
	} else if (IGMP_V2_SEEN(in_dev)) {
		/* a router of each version: the code is read as version 3 has it */
		max_delay = IGMPV3_MRC(ih3->code) * (HZ / IGMP_TIMER_SCALE);
		if (malformed_in(CVE_2012_0207, !max_delay))
			max_delay = 1;
	} else {
		ih3 = igmpv3_pull_query(skb);
		if (!ih3)
			return true;
		max_delay = IGMPV3_MRC(ih3->code) * (HZ / IGMP_TIMER_SCALE);
		if (malformed(!max_delay))
			max_delay = 1;
		igmpv3_take_timers(in_dev, ih3, max_delay);
		if (!group) {
			/* a general query names no sources */
			if (malformed(ih3->nsrcs))
				return true;
			igmp_gq_start_timer(in_dev);
			return false;
		}
		mark = ih3->nsrcs != 0;
	}
	igmp_query_groups(in_dev, ih3, group, mark, max_delay);
	return false;
}

static int igmp_rcv(struct sk_buff *skb)
{
	struct in_device *in_dev = __in_dev_get_rcu(skb->dev);
	int len = skb->len;
	struct igmphdr *ih;
	bool dropped = true;

	if (malformed(!pskb_may_pull(skb, sizeof(struct igmphdr))))
		goto drop;
	if (malformed(skb_checksum_simple_validate(skb)))
		goto drop;

	ip_mc_init_dev(in_dev);
	ih = igmp_hdr(skb);
	rx_u64(skb, "igmp.type", ih->type);
	rx_u64(skb, "igmp.checksum", ntohs(ih->csum));
	switch (ih->type) {
	case IGMP_HOST_MEMBERSHIP_QUERY:
		dropped = igmp_heard_query(in_dev, skb, len);
		break;
	case IGMP_HOST_MEMBERSHIP_REPORT:
	case IGMPV2_HOST_MEMBERSHIP_REPORT:
		rx_bytes(skb, "igmp.maddr", &ih->group, sizeof(ih->group));
		/* a unicast report suppresses nothing */
		if (!malformed(skb->pkt_type != PACKET_MULTICAST &&
			       skb->pkt_type != PACKET_BROADCAST)) {
			igmp_heard_report(in_dev, ih->group);
			dropped = false;
		}
		break;
	}

drop:
	if (dropped) {
		kfree_skb(skb);
		return 0;
	}
	sink_verdict(rx_sink(skb), 0, 0);
	consume_skb(skb);
	return 0;
}

static const struct net_protocol igmp_protocol = {
	.handler = igmp_rcv,
};

static int igmp_net_init(struct net *net)
{
	return 0;
}

/* ip_mc_down() and ip_mc_destroy_dev() of every device that had a message */
static void igmp_net_exit(struct net *net)
{
	struct in_device *in_dev;
	struct net_device *dev;
	struct ip_mc_list *i;
	int ifindex;

	for (ifindex = 1; (dev = dev_get_by_index(net, ifindex)) != NULL; ifindex++) {
		in_dev = __in_dev_get_rcu(dev);
		if (!in_dev->mr_qrv)
			continue;
		del_timer(&in_dev->mr_ifc_timer);
		del_timer(&in_dev->mr_gq_timer);
		while ((i = in_dev->mc_list) != NULL) {
			in_dev->mc_list = i->next_rcu;
			igmp_stop_timer(i);
			ip_ma_put(i);
		}
		in_dev->mc_count = 0;
		in_dev->mr_qrv = 0;
		in_dev->mr_v1_seen = in_dev->mr_v2_seen = 0;
		in_dev->mr_ifc_count = 0;
		in_dev->mr_gq_running = 0;
	}
}

static struct pernet_operations igmp_net_ops = {
	.init = igmp_net_init,
	.exit = igmp_net_exit,
};

void igmp_init(void)
{
	inet_add_protocol(&igmp_protocol, IPPROTO_IGMP);
	register_pernet_subsys(&igmp_net_ops);
}
