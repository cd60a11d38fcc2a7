/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IGMP: wire headers (RFC 1112, RFC 2236, RFC 3376) and memberships.
 * Faithful to Linux 6.1; little-endian hosts only.
 */
#ifndef _LINUX_IGMP_H
#define _LINUX_IGMP_H

#include <linux/in.h>
#include <linux/inetdevice.h>
#include <linux/refcount.h>
#include <linux/skbuff.h>
#include <linux/timer.h>

struct igmphdr {
	__u8	type;
	__u8	code;		/* maximum response time */
	__sum16	csum;
	__be32	group;
};

#define IGMPV3_MODE_IS_INCLUDE		1
#define IGMPV3_MODE_IS_EXCLUDE		2
#define IGMPV3_CHANGE_TO_INCLUDE	3
#define IGMPV3_CHANGE_TO_EXCLUDE	4
#define IGMPV3_ALLOW_NEW_SOURCES	5
#define IGMPV3_BLOCK_OLD_SOURCES	6

struct igmpv3_grec {
	__u8	grec_type;
	__u8	grec_auxwords;
	__be16	grec_nsrcs;
	__be32	grec_mca;
	__be32	grec_src[];
};

struct igmpv3_report {
	__u8	type;
	__u8	resv1;
	__sum16	csum;
	__be16	resv2;
	__be16	ngrec;
	struct igmpv3_grec grec[];
};

struct igmpv3_query {
	__u8	type;
	__u8	code;
	__sum16	csum;
	__be32	group;
	__u8	qrv:3,
		suppress:1,
		resv:4;
	__u8	qqic;
	__be16	nsrcs;
	__be32	srcs[];
};

#define IGMP_HOST_MEMBERSHIP_QUERY	0x11
#define IGMP_HOST_MEMBERSHIP_REPORT	0x12
#define IGMP_DVMRP			0x13
#define IGMP_PIM			0x14
#define IGMPV2_HOST_MEMBERSHIP_REPORT	0x16
#define IGMP_HOST_LEAVE_MESSAGE		0x17
#define IGMPV3_HOST_MEMBERSHIP_REPORT	0x22

#define IGMP_TIMER_SCALE		10
#define IGMP_ALL_HOSTS			cpu_to_be32(0xE0000001U)
#define IGMP_ALL_ROUTER			cpu_to_be32(0xE0000002U)
#define IGMPV3_ALL_MCR			cpu_to_be32(0xE0000016U)

#define IGMPV3_MASK(value, nb)	(((1 << (nb)) - 1) & (value))
#define IGMPV3_EXP(thresh, nbmant, nbexp, value)			\
	((value) < (thresh) ? (value) :					\
	 ((IGMPV3_MASK(value, nbmant) | (1 << (nbmant))) <<		\
	  (IGMPV3_MASK((value) >> (nbmant), nbexp) + (nbexp))))
#define IGMPV3_QQIC(value)	IGMPV3_EXP(0x80, 4, 3, value)
#define IGMPV3_MRC(value)	IGMPV3_EXP(0x80, 4, 3, value)

#define MCAST_EXCLUDE	0
#define MCAST_INCLUDE	1

/* A source that a group's filter names. */
struct ip_sf_list {
	struct ip_sf_list	*sf_next;
	unsigned long		sf_count[2];	/* by mode */
	__be32			sf_inaddr;
	unsigned char		sf_gsresp;	/* in the answer to a query */
	unsigned char		sf_crcount;	/* changes still to be told */
};

struct ip_mc_list {
	struct in_device	*interface;
	__be32			multiaddr;
	unsigned int		sfmode;
	struct ip_sf_list	*sources;
	unsigned long		sfcount[2];
	struct ip_mc_list	*next_rcu;
	struct timer_list	timer;
	refcount_t		refcnt;
	char			tm_running;
	char			reporter;
	char			unsolicit_count;
	unsigned char		gsquery;	/* a query named sources */
	unsigned char		crcount;
};

static inline struct igmphdr *igmp_hdr(const struct sk_buff *skb)
{
	return (struct igmphdr *)skb_transport_header(skb);
}

static inline struct igmpv3_report *igmpv3_report_hdr(const struct sk_buff *skb)
{
	return (struct igmpv3_report *)skb_transport_header(skb);
}

static inline struct igmpv3_query *igmpv3_query_hdr(const struct sk_buff *skb)
{
	return (struct igmpv3_query *)skb_transport_header(skb);
}

void igmp_init(void);

/* A program joins or leaves a group on @dev, in @mode with at most two sources. */
int ip_mc_join_group(struct net_device *dev, __be32 group, unsigned int mode,
		     const __be32 *sources, unsigned int count);
int ip_mc_leave_group(struct net_device *dev, __be32 group);

/* The groups of a device (net/ipv4/igmp.c there). */
#define for_each_pmc(in_dev, pmc) \
	for (pmc = (in_dev)->mc_list; pmc; pmc = pmc->next_rcu)

#endif /* _LINUX_IGMP_H */
