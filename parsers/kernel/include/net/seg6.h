/* SPDX-License-Identifier: GPL-2.0-only */
/* Segment routing helpers (parsers/net/seg6.c). Faithful to Linux 6.1. */
#ifndef _NET_SEG6_H
#define _NET_SEG6_H

#include <linux/seg6.h>
#include <net/ipv6.h>

struct seg6_hmac_info {
	u32	hmackeyid;
	char	secret[SEG6_HMAC_SECRET_LEN];
	u8	slen;
	u8	alg_id;
};

bool seg6_validate_srh(struct ipv6_sr_hdr *srh, int len, bool reduced);
struct ipv6_sr_hdr *seg6_get_srh(struct sk_buff *skb, int flags);
void seg6_icmp_srh(struct sk_buff *skb, struct inet6_skb_parm *opt);
bool seg6_hmac_validate_skb(struct sk_buff *skb);

/* HMAC of @plen bytes with @hinfo's key; the first 32 bytes, padded with zeros. */
int seg6_do_hmac(const struct seg6_hmac_info *hinfo, const void *text, int plen,
		 u8 *output);

/* The environment's keys. */
const struct seg6_hmac_info *seg6_hmac_info_lookup(struct net *net, u32 key);

#endif /* _NET_SEG6_H */
