/* SPDX-License-Identifier: GPL-2.0-only */
/* IPv4 (with options) and AH/ESP wire headers. Faithful to Linux 6.1; little-endian hosts only. */
#ifndef _LINUX_IP_H
#define _LINUX_IP_H

#include <linux/skbuff.h>
#include <linux/types.h>

struct iphdr {
	__u8	ihl:4,
		version:4;
	__u8	tos;
	__be16	tot_len;
	__be16	id;
	__be16	frag_off;
	__u8	ttl;
	__u8	protocol;
	__sum16	check;
	__be32	saddr;
	__be32	daddr;
	/* The options start here. */
};

#define IPVERSION	4
#define MAXTTL		255
#define IPDEFTTL	64
#define MAX_IPOPTLEN	40

#define IPTOS_TOS_MASK		0x1E
#define IPTOS_TOS(tos)		((tos) & IPTOS_TOS_MASK)
#define IPTOS_PREC_MASK		0xE0
#define IPTOS_PREC_INTERNETCONTROL	0xc0
#define IPTOS_RT_MASK		(IPTOS_TOS_MASK & ~3)
#define RT_TOS(tos)		((tos) & IPTOS_TOS_MASK)

#define IPOPT_COPY		0x80
#define IPOPT_CLASS_MASK	0x60
#define IPOPT_NUMBER_MASK	0x1f
#define IPOPT_COPIED(o)		((o) & IPOPT_COPY)

#define IPOPT_CONTROL		0x00
#define IPOPT_MEASUREMENT	0x40

#define IPOPT_END	0
#define IPOPT_NOOP	1
#define IPOPT_SEC	(2 | IPOPT_CONTROL | IPOPT_COPY)
#define IPOPT_LSRR	(3 | IPOPT_CONTROL | IPOPT_COPY)
#define IPOPT_TIMESTAMP	(4 | IPOPT_MEASUREMENT)
#define IPOPT_CIPSO	(6 | IPOPT_CONTROL | IPOPT_COPY)
#define IPOPT_RR	(7 | IPOPT_CONTROL)
#define IPOPT_SID	(8 | IPOPT_CONTROL | IPOPT_COPY)
#define IPOPT_SSRR	(9 | IPOPT_CONTROL | IPOPT_COPY)
#define IPOPT_RA	(20 | IPOPT_CONTROL | IPOPT_COPY)

#define IPOPT_TS_TSONLY		0
#define IPOPT_TS_TSANDADDR	1
#define IPOPT_TS_PRESPEC	3

struct ip_auth_hdr {
	__u8	nexthdr;
	__u8	hdrlen;		/* in 32-bit words, minus 2 */
	__be16	reserved;
	__be32	spi;
	__be32	seq_no;
	__u8	auth_data[];
};

struct ip_esp_hdr {
	__be32	spi;
	__be32	seq_no;
	__u8	enc_data[];
};

static inline struct iphdr *ip_hdr(const struct sk_buff *skb)
{
	return (struct iphdr *)skb_network_header(skb);
}

#endif /* _LINUX_IP_H */
