/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one network namespace and the node it describes.
 * Changed for testing: a static object, set per input by redzone_net_begin().
 */
#ifndef __NET_NET_NAMESPACE_H
#define __NET_NET_NAMESPACE_H

#include <linux/in6.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/types.h>

struct sink;

struct netns_sysctl_ipv6 {
	int	max_dst_opts_cnt;
	int	max_hbh_opts_cnt;
	int	max_dst_opts_len;
	int	max_hbh_opts_len;
	u32	ioam6_id;
	u64	ioam6_id_wide;
};

struct netns_ipv6 {
	struct netns_sysctl_ipv6	sysctl;
	struct ipv6_devconf		*devconf_all;
};

struct net {
	struct netns_ipv6	ipv6;
	struct net_device	*loopback_dev;
	struct sink		*sink;

	/* Which addresses are ours; see redzone/net.h. */
	struct in6_addr		arrival;	/* of the packet being received */
	bool			arrival_local;
	bool			arrival_pending;
	bool			forward;
	bool			all_local;
	unsigned int		local_left;	/* segments that are still ours */
	unsigned int		rx_packets;	/* resubmitted by this input */
};

extern struct net init_net;

#endif /* __NET_NET_NAMESPACE_H */
