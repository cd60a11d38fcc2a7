/* SPDX-License-Identifier: GPL-2.0-only */
/* Socket buffers: data that is spread over a linear part, fragments and a list. */
#include <linux/errno.h>
#include <linux/skbuff.h>
#include <redzone/skb_head.h>

/* A stretch of a packet: @from bytes to go until it begins, @len still wanted. */
struct walk {
	int from;
	int len;
	void (*piece)(struct walk *walk, void *p, int len);
	void *buf;
	__wsum csum;
	int pos;			/* bytes visited, for the checksum's parity */
};

/* One contiguous block of @size bytes at @p comes next. */
static void walk_block(struct walk *walk, u8 *p, int size)
{
	int n = size - walk->from;

	if (n <= 0) {
		walk->from -= size;
		return;
	}
	n = min(n, walk->len);
	walk->piece(walk, p + walk->from, n);
	walk->pos += n;
	walk->len -= n;
	walk->from = 0;
}

static void walk_skb(struct walk *walk, const struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	struct sk_buff *frag;
	int i;

	walk_block(walk, skb->data, (int)skb_headlen(skb));
	for (i = 0; i < shinfo->nr_frags && walk->len; i++)
		walk_block(walk, skb_frag_address(&shinfo->frags[i]),
			   (int)skb_frag_size(&shinfo->frags[i]));
	for (frag = shinfo->frag_list; frag && walk->len; frag = frag->next)
		walk_skb(walk, frag);
}

static void piece_copy_out(struct walk *walk, void *p, int len)
{
	memcpy(walk->buf, p, (size_t)len);
	walk->buf += len;
}

static void piece_copy_in(struct walk *walk, void *p, int len)
{
	memcpy(p, walk->buf, (size_t)len);
	walk->buf += len;
}

static void piece_sum(struct walk *walk, void *p, int len)
{
	walk->csum = csum_block_add(walk->csum, csum_partial(p, len, 0), walk->pos);
}

static void piece_copy_and_sum(struct walk *walk, void *p, int len)
{
	piece_sum(walk, p, len);
	piece_copy_out(walk, p, len);
}

/* @offset may be negative down to the head room. Return: 0 or -EFAULT. */
int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len)
{
	struct walk walk = {
		.from = offset, .len = len, .piece = piece_copy_out, .buf = to,
	};

	if (offset > (int)skb->len - len)
		return -EFAULT;
	walk_skb(&walk, skb);
	return walk.len ? -EFAULT : 0;
}

int skb_store_bits(struct sk_buff *skb, int offset, const void *from, int len)
{
	struct walk walk = {
		.from = offset, .len = len, .piece = piece_copy_in,
		.buf = (void *)from,
	};

	if (offset > (int)skb->len - len)
		return -EFAULT;
	walk_skb(&walk, skb);
	return walk.len ? -EFAULT : 0;
}

/* A range that is not in the packet is a BUG, as in the kernel. */
__wsum skb_checksum(const struct sk_buff *skb, int offset, int len, __wsum csum)
{
	struct walk walk = { .from = offset, .len = len, .piece = piece_sum };

	walk.csum = csum;
	walk_skb(&walk, skb);
	BUG_ON(walk.len);
	return walk.csum;
}

__wsum skb_copy_and_csum_bits(const struct sk_buff *skb, int offset, u8 *to,
			      int len)
{
	struct walk walk = {
		.from = offset, .len = len, .piece = piece_copy_and_sum, .buf = to,
	};

	walk_skb(&walk, skb);
	BUG_ON(walk.len);
	return walk.csum;
}

/* ---- Pulling fragments into the linear part ---- */

/*
 * Take @eat bytes off the front of the fragment list. A piece that others share
 * is replaced by a clone before it is shortened.
 */
static int eat_frag_list(struct sk_buff *skb, int eat)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	struct sk_buff *keep = shinfo->frag_list, *clone = NULL, *piece;

	while (eat && (int)keep->len <= eat) {
		eat -= (int)keep->len;
		keep = keep->next;
	}
	if (eat && skb_shared(keep)) {
		clone = skb_clone(keep, GFP_ATOMIC);
		if (!clone)
			return -ENOMEM;
		clone->next = keep->next;
		if (!pskb_pull(clone, (unsigned int)eat)) {
			consume_skb(clone);
			return -ENOMEM;
		}
		keep = keep->next;
	} else if (eat && !pskb_pull(keep, (unsigned int)eat)) {
		return -ENOMEM;
	}
	while ((piece = shinfo->frag_list) != keep) {
		shinfo->frag_list = piece->next;
		consume_skb(piece);
	}
	if (clone)
		shinfo->frag_list = clone;
	return 0;
}

static int frags_size(const struct skb_shared_info *shinfo)
{
	int i, size = 0;

	for (i = 0; i < shinfo->nr_frags; i++)
		size += (int)skb_frag_size(&shinfo->frags[i]);
	return size;
}

/* Take up to @eat bytes off the front of the fragments. */
static void eat_frags(struct sk_buff *skb, int eat)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	int i, kept = 0;

	for (i = 0; i < shinfo->nr_frags; i++) {
		skb_frag_t frag = shinfo->frags[i];

		if ((int)skb_frag_size(&frag) <= eat) {
			eat -= (int)skb_frag_size(&frag);
			skb_frag_unref(skb, i);
			continue;
		}
		skb_frag_off_add(&frag, eat);
		skb_frag_size_sub(&frag, eat);
		eat = 0;
		shinfo->frags[kept++] = frag;
	}
	shinfo->nr_frags = (u8)kept;
}

/**
 * __pskb_pull_tail() - move @delta bytes from the fragments to the linear part
 *
 * The packet has at least @delta bytes outside the linear part and is not
 * shared. Return: the new tail, or NULL without memory (nothing changed then).
 */
void *__pskb_pull_tail(struct sk_buff *skb, int delta)
{
	int grow = (int)(skb->tail + (unsigned int)delta) - (int)skb->end;
	int from_list;

	if (redzone_skb_strict()) {
		if (pskb_expand_head(skb, 0, max(grow, 0), GFP_ATOMIC))
			return NULL;
	} else if (grow > 0 || skb_cloned(skb)) {
		if (pskb_expand_head(skb, 0, grow > 0 ? grow + 128 : 0, GFP_ATOMIC))
			return NULL;
	}
	redzone_skb_opened(skb, skb_tail_pointer(skb), (size_t)delta);
	BUG_ON(skb_copy_bits(skb, (int)skb_headlen(skb), skb_tail_pointer(skb),
			     delta));
	from_list = delta - frags_size(skb_shinfo(skb));
	if (from_list > 0 && skb_has_frag_list(skb) &&
	    eat_frag_list(skb, from_list))
		return NULL;
	eat_frags(skb, delta);
	skb->tail += (unsigned int)delta;
	skb->data_len -= (unsigned int)delta;
	return skb_tail_pointer(skb);
}

/* ---- Cutting the end ---- */

static int trim_frag_list(struct sk_buff *skb, int offset, int len)
{
	struct sk_buff **link = &skb_shinfo(skb)->frag_list, *frag;

	for (; (frag = *link) != NULL; link = &frag->next) {
		int end = offset + (int)frag->len, err;

		if (skb_shared(frag)) {
			struct sk_buff *clone = skb_clone(frag, GFP_ATOMIC);

			if (unlikely(!clone))
				return -ENOMEM;
			clone->next = frag->next;
			consume_skb(frag);
			frag = clone;
			*link = frag;
		}
		if (end < len) {
			offset = end;
			continue;
		}
		err = end > len ? pskb_trim(frag, (unsigned int)(len - offset)) : 0;
		if (unlikely(err))
			return err;
		redzone_skb_free_pieces(frag->next);
		frag->next = NULL;
		break;
	}
	return 0;
}

/* Cut the fragments so that the packet ends at @len; what lies behind goes. */
static int trim_frags(struct sk_buff *skb, int len)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	int offset = (int)skb_headlen(skb), i, n = shinfo->nr_frags;

	for (i = 0; i < n && offset < len; i++) {
		int end = offset + (int)skb_frag_size(&shinfo->frags[i]);

		if (end >= len)
			skb_frag_size_set(&shinfo->frags[i],
					  (unsigned int)(len - offset));
		offset = end;
	}
	if (offset < len)
		return trim_frag_list(skb, offset, len);
	shinfo->nr_frags = (u8)i;
	for (; i < n; i++)
		put_page(shinfo->frags[i].bv_page);
	redzone_skb_free_pieces(shinfo->frag_list);
	shinfo->frag_list = NULL;
	return 0;
}

/* Few bytes left in fragments, and room for them: make the packet linear. */
static void skb_condense(struct sk_buff *skb)
{
	if (skb->data_len &&
	    (skb->data_len > skb->end - skb->tail || skb_cloned(skb)))
		return;
	if (skb->data_len)
		__pskb_pull_tail(skb, (int)skb->data_len);
}

int ___pskb_trim(struct sk_buff *skb, unsigned int len)
{
	unsigned int old_tail;
	int err = 0;

	if (skb_cloned(skb) || redzone_skb_strict())
		err = pskb_expand_head(skb, 0, 0, GFP_ATOMIC);
	if (!err)
		err = trim_frags(skb, (int)len);
	if (unlikely(err))
		return err;
	if (len > skb_headlen(skb)) {
		skb->data_len -= skb->len - len;
		skb->len = len;
	} else {
		old_tail = skb->tail;
		skb->len = len;
		skb->data_len = 0;
		skb_set_tail_pointer(skb, (int)len);
		if (redzone_skb_shadow)
			redzone_skb_closed(skb, skb_tail_pointer(skb),
					   old_tail - skb->tail);
	}
	if (!skb->sk)
		skb_condense(skb);
	return 0;
}

int pskb_trim_rcsum_slow(struct sk_buff *skb, unsigned int len)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE) {
		__wsum cut = skb_checksum(skb, (int)len, (int)(skb->len - len), 0);

		skb->csum = csum_block_sub(skb->csum, cut, (int)len);
	} else if (skb->ip_summed == CHECKSUM_PARTIAL) {
		unsigned int linear = min(len, skb_headlen(skb));
		unsigned int field = (unsigned int)skb_checksum_start_offset(skb) +
				     skb->csum_offset;

		if (field + sizeof(__sum16) > linear)
			return -EINVAL;
	}
	return __pskb_trim(skb, len);
}

void *skb_pull_rcsum(struct sk_buff *skb, unsigned int len)
{
	unsigned char *data = skb->data;

	BUG_ON(len > skb->len);
	__skb_pull(skb, len);
	skb_postpull_rcsum(skb, data, len);
	return skb->data;
}

/* ---- Checksums of whole packets ---- */

__sum16 __skb_checksum_complete_head(struct sk_buff *skb, int len)
{
	__sum16 sum = csum_fold(skb_checksum(skb, 0, len, skb->csum));

	if (!skb_shared(skb))
		skb->csum_valid = !sum;
	return sum;
}

__sum16 __skb_checksum_complete(struct sk_buff *skb)
{
	__wsum csum = skb_checksum(skb, 0, (int)skb->len, 0);
	__sum16 sum = csum_fold(csum_add(skb->csum, csum));

	if (!skb_shared(skb)) {
		skb->csum = csum;
		skb->ip_summed = CHECKSUM_COMPLETE;
		skb->csum_complete_sw = 1;
		skb->csum_valid = !sum;
	}
	return sum;
}

/* ---- Joining two packets ---- */

/*
 * Differs: the linear part of @from is never turned into a fragment of @to (its
 * block is no page), so a caller sees "cannot" more often than in a kernel.
 */
bool skb_try_coalesce(struct sk_buff *to, struct sk_buff *from,
		      bool *fragstolen, int *delta_truesize)
{
	struct skb_shared_info *dst = skb_shinfo(to), *src = skb_shinfo(from);
	int i, len = (int)from->len;

	*fragstolen = false;
	if (skb_cloned(to))
		return false;
	if (len <= skb_tailroom(to)) {
		if (len)
			BUG_ON(skb_copy_bits(from, 0, skb_put(to, from->len), len));
		*delta_truesize = 0;
		return true;
	}
	if (dst->frag_list || src->frag_list || skb_headlen(from) ||
	    dst->nr_frags + src->nr_frags > MAX_SKB_FRAGS)
		return false;
	for (i = 0; i < src->nr_frags; i++) {
		dst->frags[dst->nr_frags++] = src->frags[i];
		get_page(src->frags[i].bv_page);
	}
	*delta_truesize = len;
	to->truesize += from->len;
	to->len += from->len;
	to->data_len += from->len;
	return true;
}
