/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IPv4 side of a device. Changed for testing: one address a device, and the
 * configuration is plain members; what ports consult.
 */
#ifndef _LINUX_INETDEVICE_H
#define _LINUX_INETDEVICE_H

#include <linux/in.h>
#include <linux/netdevice.h>
#include <linux/timer.h>

struct ip_mc_list;

struct ipv4_devconf {
	int	forwarding;
	int	accept_source_route;
	int	accept_redirects;
	int	secure_redirects;
	int	send_redirects;
	int	shared_media;
	int	route_localnet;
	int	drop_unicast_in_l2_multicast;
	int	arp_accept;
	int	arp_filter;
	int	arp_ignore;
	int	proxy_arp;
	int	drop_gratuitous_arp;
	int	force_igmp_version;
};

struct in_device {
	struct net_device	*dev;
	struct ipv4_devconf	cnf;
	__be32			ifa_local;
	__be32			ifa_mask;
	__be32			ifa_broadcast;

	/* multicast (igmp.c) */
	struct ip_mc_list	*mc_list;
	int			mc_count;
	unsigned long		mr_v1_seen;
	unsigned long		mr_v2_seen;
	unsigned long		mr_maxdelay;
	unsigned long		mr_qi;		/* query interval */
	unsigned long		mr_qri;		/* query response interval */
	unsigned char		mr_qrv;		/* robustness variable */
	unsigned char		mr_gq_running;
	u32			mr_ifc_count;
	struct timer_list	mr_gq_timer;	/* answer to a general query */
	struct timer_list	mr_ifc_timer;	/* change of state */
};

static inline struct in_device *__in_dev_get_rcu(const struct net_device *dev)
{
	return dev->ip_ptr;
}

#define IN_DEV_FORWARD(in_dev)		((in_dev)->cnf.forwarding)
#define IN_DEV_SOURCE_ROUTE(in_dev)	((in_dev)->cnf.accept_source_route)
#define IN_DEV_RX_REDIRECTS(in_dev)	((in_dev)->cnf.accept_redirects)
#define IN_DEV_SEC_REDIRECTS(in_dev)	((in_dev)->cnf.secure_redirects)
#define IN_DEV_TX_REDIRECTS(in_dev)	((in_dev)->cnf.send_redirects)
#define IN_DEV_SHARED_MEDIA(in_dev)	((in_dev)->cnf.shared_media)
#define IN_DEV_ROUTE_LOCALNET(in_dev)	((in_dev)->cnf.route_localnet)

static inline bool inet_addr_onlink(const struct in_device *in_dev, __be32 a)
{
	return in_dev->ifa_mask && !((a ^ in_dev->ifa_local) & in_dev->ifa_mask);
}

#endif /* _LINUX_INETDEVICE_H */
