// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multicast Listener Discovery: the reports that this node sends.
 *
 * Modelled on: Linux 6.1 net/ipv6/mcast.c (igmp6_send, mld_newpack, mld_sendpack,
 *	add_grhead, add_grec, is_in, mld_send_report, mld_send_cr)
 * Spec: RFC 2710 3, RFC 3810 5.2 and 6
 * Differs: no records about sources that come and go; a report that does not fit one
 *	packet goes on in the next.
 */
#include <linux/slab.h>
#include <net/ipv6.h>

#include "nd.h"

enum { RA_HEADER = 8 };

/* An IPv6 header and Hop-by-Hop Options with a router alert, up to ICMPv6. */
static struct sk_buff *mld_newhead(struct nd_dev *nd, const struct in6_addr *daddr,
				   unsigned int size)
{
	static const u8 ra[RA_HEADER] = {
		IPPROTO_ICMPV6, 0, IPV6_TLV_ROUTERALERT, 2, 0, 0, IPV6_TLV_PADN, 0,
	};
	const struct in6_addr *saddr = ipv6_get_saddr(nd, daddr);
	unsigned int hlen = LL_RESERVED_SPACE(nd->dev);
	struct ipv6hdr *hdr;
	struct sk_buff *skb;

	skb = alloc_skb(hlen + size, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb->dev = nd->dev;
	skb->protocol = htons(ETH_P_IPV6);
	skb_reserve(skb, (int)hlen);
	skb_reset_network_header(skb);
	hdr = skb_put_zero(skb, sizeof(*hdr));
	hdr->version = 6;
	hdr->nexthdr = NEXTHDR_HOP;
	hdr->hop_limit = 1;
	hdr->saddr = saddr ? *saddr : nd_any;
	hdr->daddr = *daddr;
	skb_put_data(skb, ra, sizeof(ra));
	skb->transport_header = (u16)(skb->network_header + sizeof(*hdr) + RA_HEADER);
	return skb;
}

static void mld_xmit(struct sk_buff *skb, unsigned int mldlen)
{
	struct icmp6hdr *icmp6h = icmp6_hdr(skb);
	struct ipv6hdr *hdr = ipv6_hdr(skb);

	hdr->payload_len = htons((u16)(skb->len - sizeof(*hdr)));
	icmp6h->icmp6_cksum = csum_ipv6_magic(&hdr->saddr, &hdr->daddr, mldlen, IPPROTO_ICMPV6,
					      csum_partial(icmp6h, (int)mldlen, 0));
	dev_queue_xmit(skb);
}

static struct sk_buff *mld_newpack(struct nd_dev *nd)
{
	static const struct in6_addr mldv2_all_mcr = { .s6_addr = { 0xff, 2, [15] = 0x16 } };
	struct sk_buff *skb = mld_newhead(nd, &mldv2_all_mcr, nd->dev->mtu);
	struct mld2_report *pmr;

	if (!skb)
		return NULL;
	pmr = skb_put_zero(skb, sizeof(*pmr));
	pmr->mld2r_hdr.icmp6_type = ICMPV6_MLD2_REPORT;
	return skb;
}

static void mld_sendpack(struct sk_buff *skb)
{
	mld_xmit(skb, (unsigned int)(skb_tail_pointer(skb) - skb_transport_header(skb)));
}

/* A group's record begins; it goes into a new packet if it has no room. */
static struct sk_buff *mld_add_grhead(struct sk_buff *skb, struct ifmcaddr6 *pmc, int type,
				      struct mld2_grec **ppgr)
{
	struct mld2_report *pmr;
	struct mld2_grec *pgr;

	if (skb && skb_availroom(skb) < (int)sizeof(*pgr)) {
		mld_sendpack(skb);
		skb = NULL;
	}
	if (!skb)
		skb = mld_newpack(pmc->nd);
	if (!skb)
		return NULL;
	pgr = skb_put(skb, sizeof(*pgr));
	pgr->grec_type = (u8)type;
	pgr->grec_auxwords = 0;
	pgr->grec_nsrcs = 0;
	pgr->grec_mca = pmc->mca_addr;
	pmr = (struct mld2_report *)skb_transport_header(skb);
	pmr->mld2r_ngrec = htons(ntohs(pmr->mld2r_ngrec) + 1);
	*ppgr = pgr;
	return skb;
}

/* Does the record name this source? */
static bool mld_is_in(const struct ifmcaddr6 *pmc, const struct ip6_sf_list *psf)
{
	if (pmc->mca_flags & MAF_GSQUERY && !psf->sf_gsresp)
		return false;
	if (pmc->mca_sfmode == MCAST_INCLUDE)
		return true;
	return pmc->mca_sfcount[MCAST_EXCLUDE] == psf->sf_count[MCAST_EXCLUDE];
}

static struct sk_buff *mld_add_grec(struct sk_buff *skb, struct ifmcaddr6 *pmc, int type)
{
	struct mld2_grec *pgr = NULL;
	struct ip6_sf_list *psf;
	u16 scount = 0;

	if (pmc->mca_flags & MAF_NOREPORT)
		return skb;
	skb = mld_add_grhead(skb, pmc, type, &pgr);
	if (!skb)
		return NULL;
	for (psf = pmc->mca_sources; psf; psf = psf->sf_next) {
		if (!mld_is_in(pmc, psf))
			continue;
		psf->sf_gsresp = 0;
		if (skb_availroom(skb) < (int)sizeof(psf->sf_addr))
			break;
		skb_put_data(skb, &psf->sf_addr, sizeof(psf->sf_addr));
		scount++;
	}
	pgr->grec_nsrcs = htons(scount);
	pmc->mca_flags &= ~(unsigned int)MAF_GSQUERY;
	return skb;
}

void mld_send_report(struct nd_dev *nd, struct ifmcaddr6 *pmc)
{
	struct sk_buff *skb = NULL;
	struct ifmcaddr6 *ma;

	for_each_mc(nd, ma) {
		if (pmc && ma != pmc)
			continue;
		skb = mld_add_grec(skb, ma, ma->mca_sfcount[MCAST_EXCLUDE] ?
				   MLD2_MODE_IS_EXCLUDE : MLD2_MODE_IS_INCLUDE);
	}
	if (skb)
		mld_sendpack(skb);
}

/* What has changed since the last report. */
void mld_send_cr(struct nd_dev *nd)
{
	struct sk_buff *skb = NULL;
	struct ifmcaddr6 *pmc;

	for_each_mc(nd, pmc) {
		if (!pmc->mca_crcount)
			continue;
		skb = mld_add_grec(skb, pmc, pmc->mca_sfmode == MCAST_EXCLUDE ?
				   MLD2_CHANGE_TO_EXCLUDE : MLD2_CHANGE_TO_INCLUDE);
		pmc->mca_crcount--;
	}
	if (skb)
		mld_sendpack(skb);
}

/* A message of version 1: a report, or that nobody here listens any more. */
void igmp6_send(struct nd_dev *nd, const struct in6_addr *group, int type)
{
	const struct in6_addr *daddr = type == ICMPV6_MGM_REDUCTION ? &nd_allrouters : group;
	struct sk_buff *skb;
	struct mld_msg *hdr;

	skb = mld_newhead(nd, daddr, sizeof(struct ipv6hdr) + RA_HEADER + sizeof(*hdr));
	if (!skb)
		return;
	hdr = skb_put_zero(skb, sizeof(*hdr));
	hdr->mld_hdr.icmp6_type = (u8)type;
	hdr->mld_mca = *group;
	mld_xmit(skb, sizeof(*hdr));
}
