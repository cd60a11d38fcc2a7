// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multicast Listener Discovery, versions 1 and 2, as a host speaks it: queries, others'
 * reports, timers.
 *
 * Modelled on: Linux 6.1 net/ipv6/mcast.c (igmp6_event_query, igmp6_event_report,
 *	mld_query_work, __mld_query_work, mld_report_work, __mld_report_work,
 *	mld_process_v1, mld_process_v2, mld_update_qrv, mld_update_qi,
 *	igmp6_group_queried, mld_marksources, mld_xmarksources, igmp6_group_added,
 *	igmp6_group_dropped, __ipv6_dev_mc_inc, __ipv6_dev_mc_dec, ma_put)
 * Spec: RFC 2710 4 and 5, RFC 3810 4 to 7
 * Differs: three groups of applications are there from the beginning, more come by acts; a
 *	group has one filter, without tombs of earlier ones; delayed work of groups is a
 *	timer, messages are processed when time passes.
 */
#include <linux/random.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "nd.h"

enum {
	MLD_QRV_DEFAULT = 2,
	MLD_QI = 125 * HZ,
	MLD_QRI = 10 * HZ,
	MLD_V1_QUERY_LEN = 24,
	MLD_V2_QUERY_LEN_MIN = 28,
	MLD_UNSOLICITED_INTERVAL = HZ,
	MLD_MAX_GROUPS = 32,
	MLD_MAX_SOURCES = 8,
};

/*
 * Memberships and their timers
 */

/* A running timer holds its group, as the list does. */
static void ma_put(struct ifmcaddr6 *mc)
{
	struct ip6_sf_list *psf;

	if (!refcount_dec_and_test(&mc->mca_refcnt))
		return;
	while ((psf = mc->mca_sources) != NULL) {
		mc->mca_sources = psf->sf_next;
		kfree(psf);
	}
	kfree(mc);
}

static void mca_stop_timer(struct ifmcaddr6 *ma)
{
	if (del_timer(&ma->mca_timer))
		ma_put(ma);
	ma->mca_flags &= ~(unsigned int)MAF_TIMER_RUNNING;
}

static void mca_start_timer(struct ifmcaddr6 *ma, unsigned long delay)
{
	refcount_inc(&ma->mca_refcnt);
	if (mod_timer(&ma->mca_timer, jiffies + delay))
		refcount_dec(&ma->mca_refcnt);
	ma->mca_flags |= MAF_TIMER_RUNNING;
}

static void mld_mca_timer(struct timer_list *t)
{
	struct ifmcaddr6 *ma = from_timer(ma, t, mca_timer);

	if (mld_in_v1_mode(ma->nd))
		igmp6_send(ma->nd, &ma->mca_addr, ICMPV6_MGM_REPORT);
	else
		mld_send_report(ma->nd, ma);
	ma->mca_flags |= MAF_LAST_REPORTER;
	ma->mca_flags &= ~(unsigned int)MAF_TIMER_RUNNING;
	ma_put(ma);
}

static void mld_gq_timer(struct timer_list *t)
{
	struct nd_dev *nd = from_timer(nd, t, mc_gq_timer);

	nd->mc_gq_running = 0;
	mld_send_report(nd, NULL);
}

static void mld_ifc_start_timer(struct nd_dev *nd, u32 delay)
{
	mod_timer(&nd->mc_ifc_timer, jiffies + prandom_u32_max(delay) + 2);
}

static void mld_ifc_timer(struct timer_list *t)
{
	struct nd_dev *nd = from_timer(nd, t, mc_ifc_timer);

	mld_send_cr(nd);
	if (nd->mc_ifc_count && --nd->mc_ifc_count)
		mld_ifc_start_timer(nd, MLD_UNSOLICITED_INTERVAL);
}

bool mld_in_v1_mode(const struct nd_dev *nd)
{
	if (nd->cnf.force_mld_version)
		return nd->cnf.force_mld_version == 1;
	return nd->mc_v1_seen && time_before(jiffies, nd->mc_v1_seen);
}

static void igmp6_group_added(struct ifmcaddr6 *mc)
{
	struct nd_dev *nd = mc->nd;

	if (mc->mca_flags & MAF_NOREPORT)
		return;
	if (mld_in_v1_mode(nd)) {
		igmp6_send(nd, &mc->mca_addr, ICMPV6_MGM_REPORT);
		mca_start_timer(mc, prandom_u32_max(MLD_UNSOLICITED_INTERVAL));
		return;
	}
	mc->mca_crcount = nd->mc_qrv;
	nd->mc_ifc_count = nd->mc_qrv;
	mld_ifc_start_timer(nd, 1);
}

static void igmp6_group_dropped(struct ifmcaddr6 *mc)
{
	struct nd_dev *nd = mc->nd;

	mca_stop_timer(mc);
	if (mc->mca_flags & MAF_NOREPORT)
		return;
	if (mld_in_v1_mode(nd)) {
		if (mc->mca_flags & MAF_LAST_REPORTER)
			igmp6_send(nd, &mc->mca_addr, ICMPV6_MGM_REDUCTION);
		return;
	}
	nd->mc_ifc_count = nd->mc_qrv;
	mld_ifc_start_timer(nd, 1);
}

static int mld_add_source(struct ifmcaddr6 *mc, u8 n)
{
	struct ip6_sf_list *psf = kzalloc(sizeof(*psf), GFP_ATOMIC);

	if (!psf)
		return -ENOBUFS;
	psf->sf_addr.s6_addr[0] = 0x20;
	psf->sf_addr.s6_addr[1] = 0x01;
	psf->sf_addr.s6_addr[2] = 0x0d;
	psf->sf_addr.s6_addr[3] = 0xb8;
	psf->sf_addr.s6_addr[15] = n;
	psf->sf_count[mc->mca_sfmode] = 1;
	psf->sf_next = mc->mca_sources;
	mc->mca_sources = psf;
	return 0;
}

static bool mld_noreport(const struct in6_addr *addr)
{
	return ipv6_addr_is_ll_all_nodes(addr) || IPV6_ADDR_MC_SCOPE(addr) < 2;
}

static struct ifmcaddr6 *mca_find(struct nd_dev *nd, const struct in6_addr *addr)
{
	struct ifmcaddr6 *mc;

	for_each_mc(nd, mc)
		if (ipv6_addr_equal(&mc->mca_addr, addr))
			return mc;
	return NULL;
}

/* A user of a group: only the first one makes it known. Its sources are 2001:db8::1 ff. */
int ipv6_dev_mc_inc(struct nd_dev *nd, const struct in6_addr *addr, unsigned int mode,
		    unsigned int sources)
{
	struct ifmcaddr6 *mc = mca_find(nd, addr);
	unsigned int i;

	if (mc) {
		mc->mca_users++;
		return 0;
	}
	if (nd->mc_count >= MLD_MAX_GROUPS)
		return -ENOBUFS;
	mc = kzalloc(sizeof(*mc), GFP_ATOMIC);
	if (!mc)
		return -ENOMEM;
	mc->mca_addr = *addr;
	mc->nd = nd;
	mc->mca_users = 1;
	mc->mca_sfmode = mode;
	mc->mca_sfcount[mode] = 1;
	refcount_set(&mc->mca_refcnt, 1);
	timer_setup(&mc->mca_timer, mld_mca_timer, 0);
	if (mld_noreport(addr))
		mc->mca_flags |= MAF_NOREPORT;
	for (i = 1; i <= min(sources, (unsigned int)MLD_MAX_SOURCES); i++)
		if (mld_add_source(mc, (u8)i))
			break;
	mc->next = nd->mc_list;
	nd->mc_list = mc;
	nd->mc_count++;
	igmp6_group_added(mc);
	return 0;
}

int ipv6_dev_mc_dec(struct nd_dev *nd, const struct in6_addr *addr)
{
	struct ifmcaddr6 *ma, **map;

	for (map = &nd->mc_list; (ma = *map) != NULL; map = &ma->next) {
		if (!ipv6_addr_equal(&ma->mca_addr, addr))
			continue;
		if (--ma->mca_users)
			return 0;
		*map = ma->next;
		nd->mc_count--;
		igmp6_group_dropped(ma);
		ma_put(ma);
		return 0;
	}
	return -ENOENT;
}

/*
 * Queries
 */

static void igmp6_group_queried(struct ifmcaddr6 *ma, unsigned long resptime)
{
	unsigned long delay = resptime;

	if (ma->mca_flags & MAF_NOREPORT)
		return;
	if (del_timer(&ma->mca_timer)) {
		refcount_dec(&ma->mca_refcnt);
		delay = ma->mca_timer.expires - jiffies;
	}
	if (delay >= resptime)
		delay = prandom_u32_max((u32)resptime);
	mca_start_timer(ma, delay);
}

/* All sources excluded: there is nothing to answer. */
static bool mld_xmarksources(struct ifmcaddr6 *pmc, int nsrcs, const struct in6_addr *srcs)
{
	struct ip6_sf_list *psf;
	int i, scount = 0;

	for (psf = pmc->mca_sources; psf; psf = psf->sf_next) {
		if (scount == nsrcs)
			break;
		for (i = 0; i < nsrcs; i++) {
			if (psf->sf_count[MCAST_INCLUDE] ||
			    pmc->mca_sfcount[MCAST_EXCLUDE] != psf->sf_count[MCAST_EXCLUDE])
				break;
			if (ipv6_addr_equal(&srcs[i], &psf->sf_addr)) {
				scount++;
				break;
			}
		}
	}
	pmc->mca_flags &= ~(unsigned int)MAF_GSQUERY;
	return scount != nsrcs;
}

/* The sources that the query names and the group has; false: none to answer for. */
static bool mld_marksources(struct ifmcaddr6 *pmc, int nsrcs, const struct in6_addr *srcs)
{
	struct ip6_sf_list *psf;
	int i, scount = 0;

	if (pmc->mca_sfmode == MCAST_EXCLUDE)
		return mld_xmarksources(pmc, nsrcs, srcs);

	for (psf = pmc->mca_sources; psf; psf = psf->sf_next) {
		if (scount == nsrcs)
			break;
		for (i = 0; i < nsrcs; i++) {
			if (ipv6_addr_equal(&srcs[i], &psf->sf_addr)) {
				psf->sf_gsresp = 1;
				scount++;
				break;
			}
		}
	}
	if (!scount) {
		pmc->mca_flags &= ~(unsigned int)MAF_GSQUERY;
		return false;
	}
	pmc->mca_flags |= MAF_GSQUERY;
	return true;
}

/* A querier of version 1, or one of version 2 among such; false: not listened to. */
static bool mld_process_v1(struct nd_dev *nd, const struct mld_msg *mld,
			   unsigned long *max_delay, bool v1_query)
{
	unsigned long mldv1_md = ntohs(mld->mld_maxdelay);

	if (malformed(nd->cnf.force_mld_version == 2))
		return false;
	/* the exponent of version 2 is not known to version 1 */
	if (malformed(!v1_query && mldv1_md > MLDV1_MRD_MAX_COMPAT))
		mldv1_md = MLDV1_MRD_MAX_COMPAT;
	*max_delay = mldv1_md;
	if (malformed(!mldv1_md))
		*max_delay = 1;
	if (v1_query)
		nd->mc_v1_seen = jiffies + nd->mc_qrv * nd->mc_qi + nd->mc_qri;

	nd->mc_gq_running = 0;
	del_timer(&nd->mc_gq_timer);
	nd->mc_ifc_count = 0;
	del_timer(&nd->mc_ifc_timer);
	return true;
}

/* What the querier says about its own timers. */
static void mld_process_v2(struct nd_dev *nd, const struct mld2_query *mld,
			   unsigned long *max_delay)
{
	unsigned long mc_qqi = mld->mld2q_qqic;

	*max_delay = mldv2_mrc(mld);
	if (malformed(!*max_delay))
		*max_delay = 1;
	if (mld->mld2q_qrv > 0)
		nd->mc_qrv = mld->mld2q_qrv;
	if (malformed(nd->mc_qrv < MLD_QRV_DEFAULT))
		nd->mc_qrv = MLD_QRV_DEFAULT;
	if (mc_qqi >= 128)
		mc_qqi = (MLDV2_QQIC_MAN(mc_qqi) | 0x10) << (MLDV2_QQIC_EXP(mc_qqi) + 3);
	nd->mc_qi = mc_qqi * HZ;
	nd->mc_qri = mldv2_mrc(mld);
	nd->mc_maxdelay = *max_delay;
}

/* RFC 3810 6.2: from this link, and marked for routers. */
static bool mld_query_ok(const struct sk_buff *skb)
{
	if (malformed(!(ipv6_addr_type(&ipv6_hdr(skb)->saddr) & IPV6_ADDR_LINKLOCAL)))
		return false;
	if (malformed(ipv6_hdr(skb)->hop_limit != 1))
		return false;
	if (malformed(!(IP6CB(skb)->flags & IP6SKB_ROUTERALERT)))
		return false;
	if (malformed(IP6CB(skb)->ra != htons(IPV6_OPT_ROUTERALERT_MLD)))
		return false;
	return true;
}

static void mld_query_decode(const struct sk_buff *skb, const struct mld2_query *mlh2)
{
	rx_u64(skb, "icmpv6.mld.maximum_response_code", ntohs(mlh2->mld2q_mrc));
	rx_bytes(skb, "icmpv6.mld.multicast_address", &mlh2->mld2q_mca,
		 sizeof(mlh2->mld2q_mca));
	rx_u64(skb, "icmpv6.mld.flag.s", mlh2->mld2q_suppress);
	rx_u64(skb, "icmpv6.mld.flag.qrv", mlh2->mld2q_qrv);
	rx_u64(skb, "icmpv6.mld.qqi", mlh2->mld2q_qqic);
	rx_u64(skb, "icmpv6.mld.nb_sources", ntohs(mlh2->mld2q_nsrcs));
}

/*
 * A version 2 query, from the first byte behind the ICMPv6 header; NULL: nothing more to
 * do with it.
 */
static const struct mld2_query *mld_query_v2(struct sk_buff *skb, struct nd_dev *nd, bool general,
					     unsigned long *max_delay)
{
	unsigned int srcs_offset = sizeof(struct mld2_query) - sizeof(struct icmp6hdr);
	const struct mld2_query *mlh2;
	unsigned int nsrcs, i;

	if (malformed(!pskb_may_pull(skb, srcs_offset)))
		return NULL;
	mlh2 = (const struct mld2_query *)skb_transport_header(skb);
	mld_query_decode(skb, mlh2);
	mld_process_v2(nd, mlh2, max_delay);
	nsrcs = ntohs(mlh2->mld2q_nsrcs);
	if (general) {
		/* about every group: it names no sources */
		if (malformed(nsrcs))
			return NULL;
		nd->mc_gq_running = 1;
		mod_timer(&nd->mc_gq_timer,
			  jiffies + prandom_u32_max((u32)nd->mc_maxdelay) + 2);
		return NULL;
	}
	if (!nsrcs)
		return mlh2;
	if (malformed(!pskb_may_pull(skb, srcs_offset + nsrcs * sizeof(struct in6_addr))))
		return NULL;
	mlh2 = (const struct mld2_query *)skb_transport_header(skb);
	for (i = 0; i < nsrcs; i++)
		rx_bytes(skb, "icmpv6.mld.source_address", &mlh2->mld2q_srcs[i],
			 sizeof(mlh2->mld2q_srcs[i]));
	return mlh2;
}

/* The group that a query is about answers within @max_delay. */
static void mld_query_group(struct nd_dev *nd, const struct in6_addr *group,
			    const struct mld2_query *mlh2, unsigned long max_delay)
{
	bool mark = mlh2 && mlh2->mld2q_nsrcs;
	struct ifmcaddr6 *ma;

	for_each_mc(nd, ma) {
		if (!ipv6_addr_equal(group, &ma->mca_addr))
			continue;
		if (!mark)
			ma->mca_flags &= ~(unsigned int)MAF_GSQUERY;
		else if (!(ma->mca_flags & MAF_TIMER_RUNNING))
			ma->mca_flags |= MAF_GSQUERY;
		if (!(ma->mca_flags & MAF_GSQUERY) ||
		    mld_marksources(ma, ntohs(mlh2->mld2q_nsrcs), mlh2->mld2q_srcs))
			igmp6_group_queried(ma, max_delay);
		break;
	}
}

static void mld_query_all(struct nd_dev *nd, unsigned long max_delay)
{
	struct ifmcaddr6 *ma;

	for_each_mc(nd, ma)
		igmp6_group_queried(ma, max_delay);
}

static void __mld_query_work(struct sk_buff *skb, struct nd_dev *nd)
{
	const struct mld2_query *mlh2 = NULL;
	const struct in6_addr *group;
	struct in6_addr group_copy;
	unsigned long max_delay;
	int group_type, len;
	struct mld_msg *mld;

	if (malformed(!pskb_may_pull(skb, sizeof(struct in6_addr))))
		goto kfree_skb;
	/* without extension headers */
	len = ntohs(ipv6_hdr(skb)->payload_len) + (int)sizeof(struct ipv6hdr);
	len -= (int)skb_network_header_len(skb);
	if (!mld_query_ok(skb))
		goto kfree_skb;

	mld = (struct mld_msg *)icmp6_hdr(skb);
	group = &mld->mld_mca;
	group_copy = mld->mld_mca;
	if (fixed(CVE_2026_53275))
		group = &group_copy;
	group_type = ipv6_addr_type(group);
	if (malformed(group_type != IPV6_ADDR_ANY && !(group_type & IPV6_ADDR_MULTICAST)))
		goto kfree_skb;

	if (malformed(len < MLD_V1_QUERY_LEN))
		goto kfree_skb;
	if (len == MLD_V1_QUERY_LEN || mld_in_v1_mode(nd)) {
		rx_u64(skb, "icmpv6.mld.maximum_response_delay", ntohs(mld->mld_maxdelay));
		rx_bytes(skb, "icmpv6.mld.multicast_address", group, sizeof(*group));
		if (!mld_process_v1(nd, mld, &max_delay, len == MLD_V1_QUERY_LEN))
			goto kfree_skb;
	} else if (malformed(len < MLD_V2_QUERY_LEN_MIN)) {
		goto kfree_skb;
	} else {
		mlh2 = mld_query_v2(skb, nd, group_type == IPV6_ADDR_ANY, &max_delay);
		if (!mlh2)
			goto kfree_skb;
	}
	triggered(CVE_2026_53275, (u8 *)mld != skb_transport_header(skb));
	if (group_type == IPV6_ADDR_ANY)
		mld_query_all(nd, max_delay);
	else
		mld_query_group(nd, group, mlh2, max_delay);

kfree_skb:
	consume_skb(skb);
}

static void mld_query_work(struct work_struct *work)
{
	struct nd_dev *nd = container_of(to_delayed_work(work), struct nd_dev, mc_query_work);
	struct sk_buff *skb;
	int cnt = 0;

	while (cnt++ < MLD_MAX_QUEUE && (skb = __skb_dequeue(&nd->mc_query_queue)) != NULL)
		__mld_query_work(skb, nd);
	if (!skb_queue_empty(&nd->mc_query_queue))
		queue_delayed_work(system_wq, &nd->mc_query_work, 0);
}

/**
 * igmp6_event_query - a query has arrived
 * @skb: packet, ICMPv6 header pulled; consumed
 */
void igmp6_event_query(struct sk_buff *skb)
{
	struct nd_dev *nd = nd_dev_get(skb->dev);

	if (malformed(skb_queue_len(&nd->mc_query_queue) >= MLD_MAX_SKBS)) {
		triggered(CVE_2022_0742, skb);
		if (fixed(CVE_2022_0742))
			kfree_skb(skb);
		return;
	}
	__skb_queue_tail(&nd->mc_query_queue, skb);
	mod_delayed_work(system_wq, &nd->mc_query_work, 0);
}

/*
 * Reports of others
 */

static void __mld_report_work(struct sk_buff *skb, struct nd_dev *nd)
{
	struct ifmcaddr6 *ma;
	struct mld_msg *mld;
	int addr_type;

	/* routers may not have heard what was told to us alone */
	if (malformed(skb->pkt_type != PACKET_MULTICAST && skb->pkt_type != PACKET_BROADCAST))
		goto kfree_skb;
	if (malformed(!pskb_may_pull(skb, sizeof(*mld) - sizeof(struct icmp6hdr))))
		goto kfree_skb;
	mld = (struct mld_msg *)icmp6_hdr(skb);
	rx_bytes(skb, "icmpv6.mld.multicast_address", &mld->mld_mca, sizeof(mld->mld_mca));
	addr_type = ipv6_addr_type(&ipv6_hdr(skb)->saddr);
	if (malformed(addr_type != IPV6_ADDR_ANY && !(addr_type & IPV6_ADDR_LINKLOCAL)))
		goto kfree_skb;

	ma = mca_find(nd, &mld->mld_mca);
	if (ma) {
		mca_stop_timer(ma);
		ma->mca_flags &= ~(unsigned int)MAF_LAST_REPORTER;
	}
kfree_skb:
	consume_skb(skb);
}

static void mld_report_work(struct work_struct *work)
{
	struct nd_dev *nd = container_of(to_delayed_work(work), struct nd_dev, mc_report_work);
	struct sk_buff *skb;
	int cnt = 0;

	while (cnt++ < MLD_MAX_QUEUE && (skb = __skb_dequeue(&nd->mc_report_queue)) != NULL)
		__mld_report_work(skb, nd);
	if (!skb_queue_empty(&nd->mc_report_queue))
		queue_delayed_work(system_wq, &nd->mc_report_work, 0);
}

void igmp6_event_report(struct sk_buff *skb)
{
	struct nd_dev *nd = nd_dev_get(skb->dev);

	if (malformed(skb_queue_len(&nd->mc_report_queue) >= MLD_MAX_SKBS)) {
		kfree_skb(skb);
		return;
	}
	__skb_queue_tail(&nd->mc_report_queue, skb);
	mod_delayed_work(system_wq, &nd->mc_report_work, 0);
}

/*
 * The device
 */

void mcast6_up(struct nd_dev *nd)
{
	static const struct in6_addr mdns = { .s6_addr = { 0xff, 2, [15] = 0xfb } };
	static const struct in6_addr wanted = { .s6_addr = { 0xff, 5, [13] = 1, [15] = 3 } };
	static const struct in6_addr unwanted = { .s6_addr = { 0xff, 0x0e, [15] = 8 } };

	nd->mc_qrv = MLD_QRV_DEFAULT;
	nd->mc_qi = MLD_QI;
	nd->mc_qri = MLD_QRI;
	nd->mc_maxdelay = MLD_QRI;
	__skb_queue_head_init(&nd->mc_query_queue);
	__skb_queue_head_init(&nd->mc_report_queue);
	INIT_DELAYED_WORK(&nd->mc_query_work, mld_query_work);
	INIT_DELAYED_WORK(&nd->mc_report_work, mld_report_work);
	timer_setup(&nd->mc_gq_timer, mld_gq_timer, 0);
	timer_setup(&nd->mc_ifc_timer, mld_ifc_timer, 0);
	ipv6_dev_mc_inc(nd, &nd_allnodes, MCAST_EXCLUDE, 0);
	ipv6_dev_mc_inc(nd, &mdns, MCAST_EXCLUDE, 0);
	ipv6_dev_mc_inc(nd, &wanted, MCAST_INCLUDE, 2);
	ipv6_dev_mc_inc(nd, &unwanted, MCAST_EXCLUDE, 1);
}

void mcast6_down(struct nd_dev *nd)
{
	struct ifmcaddr6 *ma;

	cancel_delayed_work(&nd->mc_query_work);
	cancel_delayed_work(&nd->mc_report_work);
	__skb_queue_purge(&nd->mc_query_queue);
	__skb_queue_purge(&nd->mc_report_queue);
	del_timer(&nd->mc_gq_timer);
	del_timer(&nd->mc_ifc_timer);
	while ((ma = nd->mc_list) != NULL) {
		nd->mc_list = ma->next;
		mca_stop_timer(ma);
		ma_put(ma);
	}
}
