/* SPDX-License-Identifier: GPL-2.0-only */
/* A received packet, in the layout that the input's control trailer asks for. */
#include <linux/skbuff.h>
#include <redzone/account.h>
#include <redzone/kernel.h>
#include <redzone/skb_head.h>

#define CALLER __builtin_return_address(0)

/*
 * The layout seed: bit 0 a clone exists, bits 1-2 where the bytes behind the
 * linear part lie, bits 3-8 the length of the linear part, bits 9-10 the number
 * of pieces, bits 11-15 salt for their cuts. A driver keeps at least the link
 * header linear.
 */
enum {
	LAYOUT_CLONED	= 0x0001,
	LAYOUT_FRAGS	= 0x0002,
	LAYOUT_LIST	= 0x0004,

	LINEAR_MIN	= 14,		/* ETH_HLEN */
	PIECES_MAX	= 4,
};

/* The other owners of cloned packets, as a packet tap would be one. */
static struct sk_buff *taps;

static struct sk_buff *from_linear(const void *data, unsigned int len,
				   const void *site)
{
	const unsigned int pad = NET_SKB_PAD + NET_IP_ALIGN;
	struct sk_buff *skb;

	skb = redzone_skb_create(pad + len, GFP_ATOMIC, site);
	if (unlikely(!skb))
		return NULL;
	skb->data += pad;
	skb->tail = pad + len;
	skb->len = len;
	skb_shinfo(skb)->redzone_low = pad;
	redzone_skb_shadow_init(skb);
	memcpy(skb->data, data, len);
	return skb;
}

static bool add_frag(struct sk_buff *skb, const u8 *data, unsigned int len)
{
	struct page *page = redzone_alloc_page(len, GFP_ATOMIC);

	if (!page)
		return false;
	memcpy(page_address(page), data, len);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, 0, (int)len, len);
	return true;
}

static bool add_list_piece(struct sk_buff *skb, const u8 *data, unsigned int len)
{
	struct sk_buff **link = &skb_shinfo(skb)->frag_list;
	struct sk_buff *piece = alloc_skb(len, GFP_ATOMIC);

	if (!piece)
		return false;
	skb_put_data(piece, data, len);
	while (*link)
		link = &(*link)->next;
	*link = piece;
	skb->len += len;
	skb->data_len += len;
	skb->truesize += piece->truesize;
	return true;
}

/* Cut @len bytes into pieces; with both kinds, the list follows the fragments. */
static bool add_pieces(struct sk_buff *skb, const u8 *data, unsigned int len,
		       unsigned int seed)
{
	unsigned int i, pieces = 1 + (seed >> 9) % PIECES_MAX;
	unsigned int salt = seed * 2654435761u;

	for (i = 0; i < pieces && len; i++) {
		bool last = i == pieces - 1;
		unsigned int n = last ? len : 1 + (salt >> 8) % len;
		bool to_list = !(seed & LAYOUT_FRAGS) ||
			       ((seed & LAYOUT_LIST) && 2 * i >= pieces);

		salt = salt * 1664525u + 1013904223u;
		if (!(to_list ? add_list_piece(skb, data, n) : add_frag(skb, data, n)))
			return false;
		data += n;
		len -= n;
	}
	return true;
}

static bool add_tap(struct sk_buff *skb)
{
	struct sk_buff *tap = skb_clone(skb, GFP_ATOMIC);

	if (!tap)
		return false;
	tap->next = taps;
	taps = tap;
	return true;
}

static struct sk_buff *from_layout(const u8 *data, unsigned int len,
				   unsigned int seed, const void *site)
{
	unsigned int linear = len;
	struct sk_buff *skb;

	if (seed & (LAYOUT_FRAGS | LAYOUT_LIST))
		linear = min(len, LINEAR_MIN + 2 * ((seed >> 3) & 0x3f));
	skb = from_linear(data, linear, site);
	if (!skb)
		return NULL;
	if (!add_pieces(skb, data + linear, len - linear, seed) ||
	    ((seed & LAYOUT_CLONED) && !add_tap(skb))) {
		consume_skb(skb);
		return NULL;
	}
	return skb;
}

struct sk_buff *redzone_skb_from_input(const void *data, size_t len)
{
	unsigned int seed = redzone_config.skb_layout_seed;

	if (unlikely(len > KMALLOC_MAX_SIZE / 2))
		return NULL;
	if (likely(!seed))
		return from_linear(data, (unsigned int)len, CALLER);
	return from_layout(data, (unsigned int)len, seed, CALLER);
}

void redzone_skb_begin(void)
{
	taps = NULL;
}

/*
 * The received packet has left the head that it shared with a tap. The tap may be
 * done with it at any time, on another CPU: it is at once, and the head is gone.
 */
void redzone_skb_taps_leave(const unsigned char *head)
{
	struct sk_buff **link = &taps;

	while (unlikely(*link)) {
		struct sk_buff *tap = *link;

		if (tap->head != head) {
			link = &tap->next;
			continue;
		}
		*link = tap->next;
		tap->next = NULL;
		consume_skb(tap);
	}
}

void redzone_skb_end(void)
{
	while (unlikely(taps)) {
		struct sk_buff *tap = taps;

		taps = tap->next;
		tap->next = NULL;
		consume_skb(tap);
	}
}
