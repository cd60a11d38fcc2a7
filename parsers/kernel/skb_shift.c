/* SPDX-License-Identifier: GPL-2.0-only */
/* Moving data from one packet to another: names and results of Linux 6.1. */
#include <linux/skbuff.h>
#include <redzone/skb_head.h>

static void skb_account_moved(struct sk_buff *skb, struct sk_buff *to, int len)
{
	skb->len -= (unsigned int)len;
	skb->data_len -= (unsigned int)len;
	to->len += (unsigned int)len;
	to->data_len += (unsigned int)len;
}

/* The linear tail and every fragment to @skb1. */
static void skb_split_inside_header(struct sk_buff *skb, struct sk_buff *skb1, u32 len)
{
	struct skb_shared_info *src = skb_shinfo(skb), *dst = skb_shinfo(skb1);
	u32 linear = skb_headlen(skb) - len;
	int i;

	memcpy(skb_put(skb1, linear), skb->data + len, linear);
	for (i = 0; i < src->nr_frags; i++)
		dst->frags[i] = src->frags[i];
	dst->nr_frags = src->nr_frags;
	src->nr_frags = 0;
	skb1->data_len = skb->data_len;
	skb1->len += skb1->data_len;
	skb->data_len = 0;
	skb->len = len + linear;
	skb_trim(skb, len);
}

/* Fragments from byte @len on to @skb1; one may be shared by both. */
static void skb_split_no_header(struct sk_buff *skb, struct sk_buff *skb1, u32 len)
{
	struct skb_shared_info *src = skb_shinfo(skb), *dst = skb_shinfo(skb1);
	u32 pos = skb_headlen(skb);
	int i, kept = 0, moved = 0;

	for (i = 0; i < src->nr_frags; i++) {
		skb_frag_t frag = src->frags[i];
		u32 size = skb_frag_size(&frag);

		if (pos + size <= len) {
			kept++;
		} else if (pos < len) {
			get_page(frag.bv_page);
			src->frags[i].bv_len = len - pos;
			frag.bv_offset += len - pos;
			frag.bv_len -= len - pos;
			dst->frags[moved++] = frag;
			kept++;
		} else {
			dst->frags[moved++] = frag;
		}
		pos += size;
	}
	src->nr_frags = (u8)kept;
	dst->nr_frags = (u8)moved;
	skb_account_moved(skb, skb1, (int)(skb->len - len));
}

void skb_split(struct sk_buff *skb, struct sk_buff *skb1, const u32 len)
{
	BUG_ON(skb_has_frag_list(skb));
	if (len < skb_headlen(skb))
		skb_split_inside_header(skb, skb1, len);
	else
		skb_split_no_header(skb, skb1, len);
}

static bool frag_continues(const struct sk_buff *skb, const skb_frag_t *next)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	const skb_frag_t *last;

	if (!info->nr_frags)
		return false;
	last = &info->frags[info->nr_frags - 1];
	return last->bv_page == next->bv_page &&
	       last->bv_offset + last->bv_len == next->bv_offset;
}

/* How many fragment slots of @tgt the first @len bytes of @skb need. */
static int shift_slots(const struct sk_buff *tgt, const struct sk_buff *skb, int len)
{
	const struct skb_shared_info *src = skb_shinfo(skb);
	int i, slots = frag_continues(tgt, &src->frags[0]) ? -1 : 0;

	for (i = 0; i < src->nr_frags && len > 0; i++) {
		len -= (int)skb_frag_size(&src->frags[i]);
		slots++;
	}
	return slots;
}

static void shift_append(struct sk_buff *tgt, skb_frag_t *frag, u32 size, bool whole)
{
	struct skb_shared_info *dst = skb_shinfo(tgt);

	if (frag_continues(tgt, frag)) {
		dst->frags[dst->nr_frags - 1].bv_len += size;
		if (whole)
			put_page(frag->bv_page);
	} else {
		dst->frags[dst->nr_frags] = *frag;
		dst->frags[dst->nr_frags++].bv_len = size;
		if (!whole)
			get_page(frag->bv_page);
	}
}

int skb_shift(struct sk_buff *tgt, struct sk_buff *skb, int shiftlen)
{
	struct skb_shared_info *src = skb_shinfo(skb);
	int i, from = 0, todo = shiftlen;

	BUG_ON(shiftlen > (int)skb->len);
	if (skb_headlen(skb) || !src->nr_frags || !shiftlen)
		return 0;
	if (skb_cloned(skb) || skb_cloned(tgt))
		return 0;
	if (skb_shinfo(tgt)->nr_frags + shift_slots(tgt, skb, shiftlen) > MAX_SKB_FRAGS)
		return 0;

	while (todo > 0) {
		skb_frag_t *frag = &src->frags[from];
		u32 size = skb_frag_size(frag);

		if ((int)size <= todo) {
			shift_append(tgt, frag, size, true);
			todo -= (int)size;
			from++;
		} else {
			shift_append(tgt, frag, (u32)todo, false);
			frag->bv_offset += (u32)todo;
			frag->bv_len -= (u32)todo;
			todo = 0;
		}
	}
	for (i = from; i < src->nr_frags; i++)
		src->frags[i - from] = src->frags[i];
	src->nr_frags = (u8)(src->nr_frags - from);

	skb_account_moved(skb, tgt, shiftlen);
	skb->truesize -= (unsigned int)shiftlen;
	tgt->truesize += (unsigned int)shiftlen;
	return shiftlen;
}
