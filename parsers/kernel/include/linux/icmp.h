/* SPDX-License-Identifier: GPL-2.0-only */
/* ICMP: wire headers and numbers (RFC 792, RFC 4884, RFC 8335). Faithful to Linux 6.1. */
#ifndef _LINUX_ICMP_H
#define _LINUX_ICMP_H

#include <linux/skbuff.h>
#include <linux/types.h>

#define ICMP_ECHOREPLY		0
#define ICMP_DEST_UNREACH	3
#define ICMP_SOURCE_QUENCH	4
#define ICMP_REDIRECT		5
#define ICMP_ECHO		8
#define ICMP_TIME_EXCEEDED	11
#define ICMP_PARAMETERPROB	12
#define ICMP_TIMESTAMP		13
#define ICMP_TIMESTAMPREPLY	14
#define ICMP_INFO_REQUEST	15
#define ICMP_INFO_REPLY		16
#define ICMP_ADDRESS		17
#define ICMP_ADDRESSREPLY	18
#define NR_ICMP_TYPES		18

#define ICMP_NET_UNREACH	0
#define ICMP_HOST_UNREACH	1
#define ICMP_PROT_UNREACH	2
#define ICMP_PORT_UNREACH	3
#define ICMP_FRAG_NEEDED	4
#define ICMP_SR_FAILED		5
#define ICMP_HOST_ANO		10
#define ICMP_PKT_FILTERED	13
#define NR_ICMP_UNREACH		15

#define ICMP_REDIR_NET		0
#define ICMP_REDIR_HOST		1
#define ICMP_REDIR_NETTOS	2
#define ICMP_REDIR_HOSTTOS	3

#define ICMP_EXC_TTL		0
#define ICMP_EXC_FRAGTIME	1

/* RFC 8335 */
#define ICMP_EXT_ECHO		42
#define ICMP_EXT_ECHOREPLY	43
#define ICMP_EXT_CODE_MAL_QUERY	1
#define ICMP_EXT_CODE_NO_IF	2
#define ICMP_EXT_CODE_NO_TABLE_ENT	3
#define ICMP_EXT_CODE_MULT_IFS	4
#define ICMP_EXT_ECHOREPLY_ACTIVE	(1 << 2)
#define ICMP_EXT_ECHOREPLY_IPV4		(1 << 1)
#define ICMP_EXT_ECHOREPLY_IPV6		1
#define ICMP_EXT_ECHO_CTYPE_NAME	1
#define ICMP_EXT_ECHO_CTYPE_INDEX	2
#define ICMP_EXT_ECHO_CTYPE_ADDR	3
#define ICMP_AFI_IP		1
#define ICMP_AFI_IP6		2

struct icmphdr {
	__u8	type;
	__u8	code;
	__sum16	checksum;
	union {
		struct {
			__be16	id;
			__be16	sequence;
		} echo;
		__be32	gateway;
		struct {
			__be16	__unused;
			__be16	mtu;
		} frag;
		__u8	reserved[4];
	} un;
};

/* RFC 4884 7 and 8 */
struct icmp_ext_hdr {
	__u8	reserved1:4,
		version:4;
	__u8	reserved2;
	__sum16	checksum;
};

struct icmp_extobj_hdr {
	__be16	length;
	__u8	class_num;
	__u8	class_type;
};

/* RFC 8335 2: by what the probed interface is named */
struct icmp_ext_echo_ctype3_hdr {
	__be16	afi;
	__u8	addrlen;
	__u8	reserved;
};

static inline struct icmphdr *icmp_hdr(const struct sk_buff *skb)
{
	return (struct icmphdr *)skb_transport_header(skb);
}

#endif /* _LINUX_ICMP_H */
