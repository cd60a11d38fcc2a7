/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv6 wire headers, per-device configuration and the skb control block.
 * Faithful to Linux 6.1 for the wire; configuration holds what ports consult.
 */
#ifndef _LINUX_IPV6_H
#define _LINUX_IPV6_H

#include <linux/in6.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#define IPV6_MIN_MTU	1280
#define IPV6_MAXPLEN	65535

struct ipv6hdr {
	__u8		priority:4,
			version:4;
	__u8		flow_lbl[3];
	__be16		payload_len;
	__u8		nexthdr;
	__u8		hop_limit;
	struct in6_addr	saddr;
	struct in6_addr	daddr;
};

struct ipv6_opt_hdr {
	__u8	nexthdr;
	__u8	hdrlen;
} __attribute__((packed));

#define ipv6_destopt_hdr	ipv6_opt_hdr
#define ipv6_hopopt_hdr		ipv6_opt_hdr

struct ipv6_rt_hdr {
	__u8	nexthdr;
	__u8	hdrlen;
	__u8	type;
	__u8	segments_left;
};

#define IPV6_SRCRT_TYPE_0	0	/* deprecated, RFC 5095 */
#define IPV6_SRCRT_TYPE_2	2	/* Mobile IPv6, RFC 6275 */
#define IPV6_SRCRT_TYPE_3	3	/* RPL, RFC 6554 */
#define IPV6_SRCRT_TYPE_4	4	/* segment routing, RFC 8754 */

struct rt0_hdr {
	struct ipv6_rt_hdr	rt_hdr;
	__u32			reserved;
	struct in6_addr		addr[];
};

struct ipv6_destopt_hao {
	__u8		type;
	__u8		length;
	struct in6_addr	addr;
} __attribute__((packed));

struct frag_hdr {
	__u8	nexthdr;
	__u8	reserved;
	__be16	frag_off;
	__be32	identification;
};

#define IP6_MF		0x0001
#define IP6_OFFSET	0xFFF8

/* The IPv6 configuration of one device. */
struct ipv6_devconf {
	int	forwarding;
	int	disable_ipv6;
	int	accept_source_route;
	int	drop_unicast_in_l2_multicast;
	int	seg6_enabled;
	int	seg6_require_hmac;
	int	rpl_seg_enabled;
	u32	ioam6_id;
	u32	ioam6_id_wide;
	int	ioam6_enabled;
};

#define XFRM_MAX_DEPTH	6

/* What IPv6 keeps in skb->cb while a packet is on its way. */
struct inet6_skb_parm {
	int	iif;
	__be16	ra;
	__u16	dst0;
	__u16	srcrt;
	__u16	dst1;
	__u16	lastopt;
	__u16	nhoff;
	__u16	flags;
	__u16	dsthao;
	__u16	frag_max_size;
	__u16	srhoff;
	/* the IPsec states passed so far; upstream: struct sec_path, an extension */
	__u8	sp_len;
	__u8	sp_xvec[XFRM_MAX_DEPTH];
};

#define IP6SKB_XFRM_TRANSFORMED	1
#define IP6SKB_FORWARDED	2
#define IP6SKB_REROUTED		4
#define IP6SKB_ROUTERALERT	8
#define IP6SKB_FRAGMENTED	16
#define IP6SKB_HOPBYHOP		32
#define IP6SKB_JUMBOGRAM	128
#define IP6SKB_SEG6		256

#define IP6CB(skb)	((struct inet6_skb_parm *)((skb)->cb))

static inline struct ipv6hdr *ipv6_hdr(const struct sk_buff *skb)
{
	return (struct ipv6hdr *)skb_network_header(skb);
}

#define ipv6_optlen(p)	(((p)->hdrlen + 1) << 3)
#define ipv6_authlen(p)	(((p)->hdrlen + 2) << 2)

#endif /* _LINUX_IPV6_H */
