/* SPDX-License-Identifier: GPL-2.0-only */
/* ICMPv6 header and error generation. Faithful to Linux 6.1 (what ports use). */
#ifndef _LINUX_ICMPV6_H
#define _LINUX_ICMPV6_H

#include <linux/skbuff.h>
#include <linux/types.h>

struct icmp6hdr {
	__u8	icmp6_type;
	__u8	icmp6_code;
	__sum16	icmp6_cksum;
	union {
		__be32	un_data32[1];
		__be16	un_data16[2];
		__u8	un_data8[4];
		struct icmpv6_echo {
			__be16	identifier;
			__be16	sequence;
		} u_echo;
		struct icmpv6_nd_advt {
			__u32	reserved:5,
				override:1,
				solicited:1,
				router:1,
				reserved2:24;
		} u_nd_advt;
		struct icmpv6_nd_ra {
			__u8	hop_limit;
			__u8	reserved:3,
				router_pref:2,
				home_agent:1,
				other:1,
				managed:1;
			__be16	rt_lifetime;
		} u_nd_ra;
	} icmp6_dataun;
#define icmp6_pointer	icmp6_dataun.un_data32[0]
#define icmp6_mtu	icmp6_dataun.un_data32[0]
#define icmp6_maxdelay	icmp6_dataun.un_data16[0]
#define icmp6_identifier	icmp6_dataun.u_echo.identifier
#define icmp6_sequence		icmp6_dataun.u_echo.sequence
#define icmp6_router		icmp6_dataun.u_nd_advt.router
#define icmp6_solicited		icmp6_dataun.u_nd_advt.solicited
#define icmp6_override		icmp6_dataun.u_nd_advt.override
#define icmp6_hop_limit		icmp6_dataun.u_nd_ra.hop_limit
#define icmp6_addrconf_managed	icmp6_dataun.u_nd_ra.managed
#define icmp6_addrconf_other	icmp6_dataun.u_nd_ra.other
#define icmp6_rt_lifetime	icmp6_dataun.u_nd_ra.rt_lifetime
#define icmp6_router_pref	icmp6_dataun.u_nd_ra.router_pref
};

#define ICMPV6_DEST_UNREACH		1
#define ICMPV6_PKT_TOOBIG		2
#define ICMPV6_TIME_EXCEED		3
#define ICMPV6_PARAMPROB		4
#define ICMPV6_ECHO_REQUEST		128
#define ICMPV6_ECHO_REPLY		129
#define ICMPV6_MGM_QUERY		130
#define ICMPV6_MGM_REPORT		131
#define ICMPV6_MGM_REDUCTION		132
#define ICMPV6_MLD2_REPORT		143
#define ICMPV6_INFOMSG_MASK		0x80

#define ICMPV6_NOROUTE			0
#define ICMPV6_NOT_NEIGHBOUR		2
#define ICMPV6_ADDR_UNREACH		3
#define ICMPV6_PORT_UNREACH		4

#define ICMPV6_EXC_HOPLIMIT		0
#define ICMPV6_EXC_FRAGTIME		1

#define ICMPV6_HDR_FIELD		0
#define ICMPV6_UNK_NEXTHDR		1
#define ICMPV6_UNK_OPTION		2
#define ICMPV6_HDR_INCOMP		3

static inline struct icmp6hdr *icmp6_hdr(const struct sk_buff *skb)
{
	return (struct icmp6hdr *)skb_transport_header(skb);
}

/* An ICMPv6 error about @skb; the caller keeps @skb. */
void icmpv6_send(struct sk_buff *skb, u8 type, u8 code, __u32 info);
/* The same as a parameter problem, and frees @skb. */
void icmpv6_param_prob_reason(struct sk_buff *skb, u8 code, int pos,
			      enum skb_drop_reason reason);

/*
 * Tell whoever sent the packet that an error quotes, skb->data at the quoted header; false:
 * nobody can be told. @skb stays the caller's.
 */
bool icmpv6_notify(struct sk_buff *skb, u8 type, u8 code);

static inline void icmpv6_param_prob(struct sk_buff *skb, u8 code, int pos)
{
	icmpv6_param_prob_reason(skb, code, pos, SKB_DROP_REASON_NOT_SPECIFIED);
}

#endif /* _LINUX_ICMPV6_H */
