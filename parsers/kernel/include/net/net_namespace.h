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

struct fqdir;
struct sink;

struct netns_sysctl_ipv6 {
	int	max_dst_opts_cnt;
	int	max_hbh_opts_cnt;
	int	max_dst_opts_len;
	long	ip6frag_high_thresh;
	int	max_hbh_opts_len;
	u32	ioam6_id;
	u64	ioam6_id_wide;
};

struct netns_ipv6 {
	struct fqdir			*fqdir;
	struct netns_sysctl_ipv6	sysctl;
	struct ipv6_devconf		*devconf_all;
};

struct netns_ipv4 {
	struct fqdir	*fqdir;
	long	sysctl_ipfrag_high_thresh;
	int	sysctl_ipfrag_max_dist;
	int	sysctl_icmp_echo_ignore_all;
	int	sysctl_icmp_echo_enable_probe;
	int	sysctl_icmp_echo_ignore_broadcasts;
	int	sysctl_icmp_ignore_bogus_error_responses;
	int	sysctl_icmp_errors_use_inbound_ifaddr;
	int	sysctl_ip_no_pmtu_disc;
	int	sysctl_igmp_max_memberships;
	int	sysctl_igmp_max_msf;
	int	sysctl_igmp_qrv;
	int	sysctl_igmp_llm_reports;
};

struct net {
	struct netns_ipv4	ipv4;
	struct netns_ipv6	ipv6;
	struct net_device	*loopback_dev;
	struct sink		*sink;

	/* Which addresses are ours; see redzone/net.h. */
	struct in6_addr		arrival;	/* of the packet being received */
	__be32			arrival4;
	bool			arrival4_local;
	bool			arrival_local;
	bool			arrival_pending;
	bool			forward;
	bool			all_local;
	unsigned int		local_left;	/* segments that are still ours */
	unsigned int		rx_packets;	/* resubmitted by this input */
};

extern struct net init_net;

/*
 * Per input: redzone_net_begin() calls @init in the order of registration,
 * redzone_net_end() @exit in the reverse order. State that a layer keeps between
 * packets begins and ends there. Registered once per process.
 */
struct pernet_operations {
	int	(*init)(struct net *net);
	void	(*exit)(struct net *net);
};

int register_pernet_subsys(struct pernet_operations *ops);

#endif /* __NET_NET_NAMESPACE_H */
