/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPsec and Mobile IPv6 states. Changed for testing: one inbound AH state
 * (HMAC-SHA-1-96) answers for every SPI, one Mobile IPv6 state for every pair of
 * addresses outside 100::/64; there are no policies.
 */
#ifndef _NET_XFRM_H
#define _NET_XFRM_H

#include <linux/in6.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#define XFRM_ALIGN8(len)	(((len) + 7) & ~(size_t)7)

#define XFRM_MODE_TRANSPORT	0
#define XFRM_MODE_TUNNEL	1

struct ah_data {
	int	icv_full_len;
	int	icv_trunc_len;
};

struct xfrm_state {
	u8		mode;
	struct ah_data	data;
	u8		key[20];
};

/* Mobile IPv6: is there a state for this home or care-of address? 0 or -errno. */
int xfrm6_input_addr(struct sk_buff *skb, const struct in6_addr *daddr,
		     const struct in6_addr *saddr, u8 proto);
#define AH_ICV_MAX	20

/* The full integrity check value of @len bytes under @x's key. */
void xfrm_ah_digest(const struct xfrm_state *x, const void *data, unsigned int len,
		    u8 *icv);

struct xfrm_state *xfrm_state_lookup(struct sk_buff *skb, __be32 spi, u8 proto);

#endif /* _NET_XFRM_H */
