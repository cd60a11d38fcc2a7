/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to parsers/kernel: the block that holds a packet's linear part.
 *
 * strict: struct redzone_skb_head, the bytes behind it; exact size.
 * kernel: the bytes, then the shared info; the size a kmalloc bucket has.
 */
#ifndef REDZONE_SKB_HEAD_H
#define REDZONE_SKB_HEAD_H

#include <linux/skbuff.h>

struct redzone_skb_head {
	struct skb_shared_info shinfo;
	u8 gap[16] __aligned(16);	/* poisoned: an under-run ends here */
	u8 data[];
};

static inline bool redzone_skb_strict(void)
{
	return likely(redzone_skb_mode == REDZONE_SKB_STRICT);
}

/*
 * A packet with an empty linear part at the start of a block of @size bytes
 * (kernel mode: at least), the shadow of which is not set up: all of it is open.
 */
struct sk_buff *redzone_skb_create(unsigned int size, gfp_t gfp, const void *site);

/* Close everything outside [data offset @low, tail). */
void redzone_skb_shadow_init(struct sk_buff *skb);

/* A packet has left @head: other owners that the environment made leave it too. */
void redzone_skb_taps_leave(const unsigned char *head);

/* Drop a fragment list. */
void redzone_skb_free_pieces(struct sk_buff *piece);

#endif /* REDZONE_SKB_HEAD_H */
