/* SPDX-License-Identifier: GPL-2.0-only */
/* PPPoE and PPP wire headers (RFC 2516, RFC 1661). Faithful to Linux 6.1. */
#ifndef _LINUX_IF_PPPOX_H
#define _LINUX_IF_PPPOX_H

#include <linux/skbuff.h>
#include <linux/types.h>

struct pppoe_hdr {
	__u8	type:4,
		ver:4;
	__u8	code;
	__be16	sid;
	__be16	length;
} __attribute__((packed));

#define PPP_IP		0x21
#define PPP_IPV6	0x57
#define PPP_MPLS_UC	0x281
#define PPP_MPLS_MC	0x283
#define PPP_LCP		0xc021

static inline struct pppoe_hdr *pppoe_hdr(const struct sk_buff *skb)
{
	return (struct pppoe_hdr *)skb_network_header(skb);
}

#endif /* _LINUX_IF_PPPOX_H */
