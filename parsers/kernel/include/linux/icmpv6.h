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
	} icmp6_dataun;
#define icmp6_pointer	icmp6_dataun.un_data32[0]
#define icmp6_mtu	icmp6_dataun.un_data32[0]
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

static inline void icmpv6_param_prob(struct sk_buff *skb, u8 code, int pos)
{
	icmpv6_param_prob_reason(skb, code, pos, SKB_DROP_REASON_NOT_SPECIFIED);
}

#endif /* _LINUX_ICMPV6_H */
