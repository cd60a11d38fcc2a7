// SPDX-License-Identifier: GPL-2.0-only
/*
 * IGMP reports that this node sends.
 *
 * Modelled on: Linux 6.1 net/ipv4/igmp.c (igmp_send_report, igmpv3_newpack,
 *	igmpv3_sendpack, add_grhead, add_grec, is_in, igmpv3_send_report,
 *	igmpv3_send_cr)
 * Spec: RFC 2236 3, RFC 3376 4.2 and 5
 * Differs: no records about sources that come and go; a report that does not fit one
 *	packet goes on in the next.
 */
#include <linux/slab.h>
#include <net/ip.h>

#include "igmp_priv.h"
#include "rx.h"

/* An IPv4 header with a router alert, up to the IGMP header. */
static struct sk_buff *igmp_newpack(struct net_device *dev, __be32 dst, unsigned int size)
{
	int hlen = LL_RESERVED_SPACE(dev);
	struct sk_buff *skb;
	struct iphdr *pip;

	skb = alloc_skb(hlen + size, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IP);
	skb_reserve(skb, hlen);
	skb_reset_network_header(skb);
	pip = skb_put_zero(skb, sizeof(struct iphdr) + 4);
	pip->version = 4;
	pip->ihl = (sizeof(struct iphdr) + 4) >> 2;
	pip->tos = 0xc0;
	pip->frag_off = htons(IP_DF);
	pip->ttl = 1;
	pip->daddr = dst;
	pip->saddr = __in_dev_get_rcu(dev)->ifa_local;
	pip->protocol = IPPROTO_IGMP;
	((u8 *)&pip[1])[0] = IPOPT_RA;
	((u8 *)&pip[1])[1] = 4;
	skb->transport_header = skb->network_header + sizeof(struct iphdr) + 4;
	return skb;
}

static int igmp_xmit(struct sk_buff *skb)
{
	struct iphdr *pip = ip_hdr(skb);

	pip->tot_len = htons(skb->len);
	ip_send_check(pip);
	return dev_queue_xmit(skb);
}

static struct sk_buff *igmpv3_newpack(struct net_device *dev)
{
	struct sk_buff *skb = igmp_newpack(dev, IGMPV3_ALL_MCR, dev->mtu);
	struct igmpv3_report *pig;

	if (!skb)
		return NULL;
	pig = skb_put_zero(skb, sizeof(*pig));
	pig->type = IGMPV3_HOST_MEMBERSHIP_REPORT;
	return skb;
}

static int igmpv3_sendpack(struct sk_buff *skb)
{
	int igmplen = skb_tail_pointer(skb) - skb_transport_header(skb);
	struct igmpv3_report *pig = igmpv3_report_hdr(skb);

	pig->csum = ip_compute_csum(pig, igmplen);
	return igmp_xmit(skb);
}

/* A group's record begins; it goes into a new packet if it has no room. */
static struct sk_buff *add_grhead(struct sk_buff *skb, struct ip_mc_list *pmc, int type,
				  struct igmpv3_grec **ppgr)
{
	struct igmpv3_report *pih;
	struct igmpv3_grec *pgr;

	if (skb && skb_availroom(skb) < (int)sizeof(struct igmpv3_grec)) {
		igmpv3_sendpack(skb);
		skb = NULL;
	}
	if (!skb)
		skb = igmpv3_newpack(pmc->interface->dev);
	if (!skb)
		return NULL;
	pgr = skb_put(skb, sizeof(struct igmpv3_grec));
	pgr->grec_type = type;
	pgr->grec_auxwords = 0;
	pgr->grec_nsrcs = 0;
	pgr->grec_mca = pmc->multiaddr;
	pih = igmpv3_report_hdr(skb);
	pih->ngrec = htons(ntohs(pih->ngrec) + 1);
	*ppgr = pgr;
	return skb;
}

/* Does the record name this source? */
static bool is_in(const struct ip_mc_list *pmc, const struct ip_sf_list *psf)
{
	if (pmc->gsquery && !psf->sf_gsresp)
		return false;
	if (pmc->sfmode == MCAST_INCLUDE)
		return true;
	return pmc->sfcount[MCAST_EXCLUDE] == psf->sf_count[MCAST_EXCLUDE];
}

static struct sk_buff *add_grec(struct sk_buff *skb, struct ip_mc_list *pmc, int type)
{
	struct igmpv3_grec *pgr = NULL;
	struct ip_sf_list *psf;
	int scount = 0;

	skb = add_grhead(skb, pmc, type, &pgr);
	if (!skb)
		return NULL;
	for (psf = pmc->sources; psf; psf = psf->sf_next) {
		if (!is_in(pmc, psf))
			continue;
		psf->sf_gsresp = 0;
		if (skb_availroom(skb) < (int)sizeof(__be32))
			break;
		*(__be32 *)skb_put(skb, sizeof(__be32)) = psf->sf_inaddr;
		scount++;
	}
	pgr->grec_nsrcs = htons(scount);
	pmc->gsquery = 0;
	return skb;
}

static bool igmp_reported(const struct in_device *in_dev, const struct ip_mc_list *pmc)
{
	if (pmc->multiaddr == IGMP_ALL_HOSTS)
		return false;
	return !ipv4_is_local_multicast(pmc->multiaddr) ||
	       dev_net(in_dev->dev)->ipv4.sysctl_igmp_llm_reports;
}

int igmpv3_send_report(struct in_device *in_dev, struct ip_mc_list *pmc)
{
	struct sk_buff *skb = NULL;
	struct ip_mc_list *im;

	for_each_pmc(in_dev, im) {
		if ((pmc && im != pmc) || !igmp_reported(in_dev, im))
			continue;
		skb = add_grec(skb, im, im->sfcount[MCAST_EXCLUDE] ? IGMPV3_MODE_IS_EXCLUDE :
								     IGMPV3_MODE_IS_INCLUDE);
	}
	return skb ? igmpv3_sendpack(skb) : 0;
}

/* What has changed since the last report. */
void igmpv3_send_cr(struct in_device *in_dev)
{
	struct sk_buff *skb = NULL;
	struct ip_mc_list *pmc;

	for_each_pmc(in_dev, pmc) {
		if (!pmc->crcount || !igmp_reported(in_dev, pmc))
			continue;
		skb = add_grec(skb, pmc, pmc->sfmode == MCAST_EXCLUDE ?
					 IGMPV3_CHANGE_TO_EXCLUDE : IGMPV3_CHANGE_TO_INCLUDE);
		pmc->crcount--;
	}
	if (skb)
		igmpv3_sendpack(skb);
}

int igmp_send_report(struct in_device *in_dev, struct ip_mc_list *pmc, int type)
{
	__be32 dst = type == IGMP_HOST_LEAVE_MESSAGE ? IGMP_ALL_ROUTER : pmc->multiaddr;
	struct sk_buff *skb;
	struct igmphdr *ih;

	if (type == IGMPV3_HOST_MEMBERSHIP_REPORT)
		return igmpv3_send_report(in_dev, pmc);
	if (!igmp_reported(in_dev, pmc))
		return 0;

	skb = igmp_newpack(in_dev->dev, dst, sizeof(struct iphdr) + 4 + sizeof(*ih));
	if (!skb)
		return -1;
	ih = skb_put(skb, sizeof(*ih));
	ih->type = type;
	ih->code = 0;
	ih->csum = 0;
	ih->group = pmc->multiaddr;
	ih->csum = ip_compute_csum(ih, sizeof(*ih));
	return igmp_xmit(skb);
}
