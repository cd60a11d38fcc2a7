/* SPDX-License-Identifier: GPL-2.0-only */
/* IPv4 and AH/ESP wire headers. Faithful to Linux 6.1; little-endian hosts only. */
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
