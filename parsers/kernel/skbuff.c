/* SPDX-License-Identifier: GPL-2.0-only */
/* Socket buffers: allocation, reference counts, copies, moving the head. */
#include <stdio.h>
#include <stdlib.h>

#include <linux/errno.h>
#include <linux/skbuff.h>
#include <redzone/account.h>
#include <redzone/kernel.h>
#include <redzone/sanitizer.h>
#include <redzone/skb_head.h>

#define CALLER __builtin_return_address(0)

static_assert(sizeof(void *) != 8 || sizeof(struct skb_shared_info) == 320);
static_assert(offsetof(struct redzone_skb_head, data) % 16 == 0);

enum redzone_skb_mode redzone_skb_mode = REDZONE_SKB_STRICT;
void (*redzone_skb_dropped)(struct sk_buff *skb, enum skb_drop_reason reason);

static __attribute__((constructor)) void skb_setup(void)
{
	const char *mode = getenv("REDZONE_SKB");

	if (!mode || !*mode || !strcmp(mode, "strict"))
		return;
	if (strcmp(mode, "kernel")) {
		fprintf(stderr, "redzone: REDZONE_SKB is strict or kernel, not %s\n",
			mode);
		exit(2);
	}
	redzone_skb_mode = REDZONE_SKB_KERNEL;
}

void redzone_skb_set_mode(enum redzone_skb_mode mode)
{
	redzone_skb_mode = mode;
}

void __weak dst_release(struct dst_entry *dst)
{
	if (dst)
		redzone_not_modelled(__func__);
}

void __weak redzone_dst_hold(struct dst_entry *dst)
{
	redzone_not_modelled(__func__);
}

void skb_over_panic(struct sk_buff *skb, unsigned int len)
{
	redzone_finding("bug", "skb_over_panic: put %u, len %u, tail %u, end %u",
			len, skb->len, skb->tail, skb->end);
}

void skb_under_panic(struct sk_buff *skb, unsigned int len)
{
	redzone_finding("bug", "skb_under_panic: push %u, len %u, headroom %u",
			len, skb->len, skb_headroom(skb));
}

/* ---- The block that holds the linear part ---- */

/* Clamped: what lies outside the block stays shut even for an unchecked put. */
void redzone_skb_opened(struct sk_buff *skb, const void *p, size_t len)
{
	const u8 *from = p, *to = from + len;
	u32 low;

	if (to > skb_end_pointer(skb))
		to = skb_end_pointer(skb);
	if (from < skb->head)
		from = skb->head;
	if (from >= to)
		return;
	low = (u32)(from - skb->head);
	if (low < skb_shinfo(skb)->redzone_low)
		skb_shinfo(skb)->redzone_low = low;
	redzone_unpoison(from, (size_t)(to - from));
}

void redzone_skb_closed(struct sk_buff *skb, const void *p, size_t len)
{
	if (!skb_cloned(skb))
		redzone_poison(p, len);
}

void redzone_skb_shadow_init(struct sk_buff *skb)
{
#if REDZONE_ASAN
	const u8 *gap = skb->head - sizeof_field(struct redzone_skb_head, gap);

	if (!redzone_skb_strict())
		return;
	redzone_poison(gap, (size_t)(skb->head + skb_shinfo(skb)->redzone_low - gap));
	if (skb->end > skb->tail)
		redzone_poison(skb_tail_pointer(skb), skb->end - skb->tail);
#endif
}

/* The size of the slab object, or the pages, that a kernel would take. */
static size_t bucket_size(size_t size)
{
	if (size <= 64)
		return roundup_pow_of_two(max_t(size_t, size, 8));
	if (size <= 96)
		return 96;
	if (size > 128 && size <= 192)
		return 192;
	return roundup_pow_of_two(size);
}

static u8 *head_alloc(unsigned int *size, gfp_t gfp, const void *site,
		      struct skb_shared_info **shinfo)
{
	struct redzone_skb_head *block;
	size_t bytes;
	u8 *head;

	gfp &= ~__GFP_ZERO;
	if (redzone_skb_strict()) {
		block = redzone_heap_alloc(sizeof(*block) + *size, gfp, site);
		if (unlikely(!block))
			return NULL;
		*shinfo = &block->shinfo;
		return block->data;
	}
	bytes = SKB_DATA_ALIGN((size_t)*size) + SKB_DATA_ALIGN(sizeof(**shinfo));
	bytes = bucket_size(bytes);
	head = redzone_heap_alloc(bytes, gfp, site);
	if (unlikely(!head))
		return NULL;
	*size = (unsigned int)SKB_WITH_OVERHEAD(bytes);
	*shinfo = (struct skb_shared_info *)(head + *size);
	return head;
}

static void head_free(const struct sk_buff *skb)
{
	redzone_heap_free(redzone_skb_strict() ? (void *)skb_shinfo(skb) :
						 (void *)skb->head);
}

static void shinfo_init(struct skb_shared_info *shinfo)
{
	memset(shinfo, 0, offsetof(struct skb_shared_info, dataref));
	atomic_set(&shinfo->dataref, 1);
	shinfo->redzone_low = 0;
	shinfo->destructor_arg = NULL;
}

struct sk_buff *redzone_skb_create(unsigned int size, gfp_t gfp, const void *site)
{
	struct skb_shared_info *shinfo;
	struct sk_buff *skb;
	u8 *head;

	if (unlikely(size > KMALLOC_MAX_SIZE - 4096))
		return NULL;
	skb = redzone_heap_alloc(sizeof(*skb), gfp | __GFP_ZERO, site);
	if (unlikely(!skb))
		return NULL;
	head = head_alloc(&size, gfp, site, &shinfo);
	if (unlikely(!head)) {
		redzone_heap_free(skb);
		return NULL;
	}
	shinfo_init(shinfo);
	skb->redzone_shinfo = shinfo;
	skb->head = head;
	skb->data = head;
	skb->end = size;
	skb->truesize = (unsigned int)(size + sizeof(*skb) + sizeof(*shinfo));
	skb->mac_header = (u16)~0U;
	skb->transport_header = (u16)~0U;
	refcount_set(&skb->users, 1);
	return skb;
}

struct sk_buff *__alloc_skb(unsigned int size, gfp_t priority, int flags, int node)
{
	struct sk_buff *skb = redzone_skb_create(size, priority, CALLER);

	if (likely(skb))
		redzone_skb_shadow_init(skb);
	return skb;
}

struct sk_buff *alloc_skb(unsigned int size, gfp_t priority)
{
	struct sk_buff *skb = redzone_skb_create(size, priority, CALLER);

	if (likely(skb))
		redzone_skb_shadow_init(skb);
	return skb;
}

static struct sk_buff *alloc_padded(struct net_device *dev, unsigned int pad,
				    unsigned int length, gfp_t gfp,
				    const void *site)
{
	struct sk_buff *skb = redzone_skb_create(pad + length, gfp, site);

	if (unlikely(!skb))
		return NULL;
	redzone_skb_shadow_init(skb);
	skb_reserve(skb, (int)pad);
	skb->dev = dev;
	return skb;
}

struct sk_buff *__netdev_alloc_skb(struct net_device *dev, unsigned int length,
				   gfp_t gfp)
{
	return alloc_padded(dev, NET_SKB_PAD, length, gfp, CALLER);
}

struct sk_buff *__netdev_alloc_skb_ip_align(struct net_device *dev,
					    unsigned int length, gfp_t gfp)
{
	return alloc_padded(dev, NET_SKB_PAD + NET_IP_ALIGN, length, gfp, CALLER);
}

/* ---- The end of a packet ---- */

/* The pieces of a packet are no packets: nobody is told of their end. */
void redzone_skb_free_pieces(struct sk_buff *piece)
{
	while (piece) {
		struct sk_buff *next = piece->next;

		consume_skb(piece);
		piece = next;
	}
}

static void free_frags(struct skb_shared_info *shinfo)
{
	int i;

	for (i = 0; i < shinfo->nr_frags; i++)
		put_page(shinfo->frags[i].bv_page);
	redzone_skb_free_pieces(shinfo->frag_list);
}

static void skb_release_data(struct sk_buff *skb)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	int mine = skb->nohdr ? (1 << SKB_DATAREF_SHIFT) + 1 : 1;

	if (skb->cloned && atomic_sub_return(mine, &shinfo->dataref))
		return;
	free_frags(shinfo);
	head_free(skb);
}

void skb_release_head_state(struct sk_buff *skb)
{
	skb_dst_drop(skb);
	if (skb->destructor)
		skb->destructor(skb);
}

void __kfree_skb(struct sk_buff *skb)
{
	skb_release_head_state(skb);
	skb_release_data(skb);
	redzone_heap_free(skb);
}

void kfree_skb_reason(struct sk_buff *skb, enum skb_drop_reason reason)
{
	if (!skb_unref(skb))
		return;
	if (redzone_skb_dropped)
		redzone_skb_dropped(skb, reason);
	__kfree_skb(skb);
}

void kfree_skb_list_reason(struct sk_buff *segs, enum skb_drop_reason reason)
{
	while (segs) {
		struct sk_buff *next = segs->next;

		kfree_skb_reason(segs, reason);
		segs = next;
	}
}

void consume_skb(struct sk_buff *skb)
{
	if (skb_unref(skb))
		__kfree_skb(skb);
}

void kfree_skb_partial(struct sk_buff *skb, bool head_stolen)
{
	if (head_stolen)
		redzone_not_modelled("kfree_skb_partial(head stolen)");
	__kfree_skb(skb);
}

/* ---- Copies ---- */

static void copy_header(struct sk_buff *new, const struct sk_buff *old)
{
	new->tstamp = old->tstamp;
	new->dev = old->dev;
	memcpy(new->cb, old->cb, sizeof(old->cb));
	skb_dst_copy(new, old);
	new->queue_mapping = old->queue_mapping;
	memcpy(&new->headers, &old->headers, sizeof(old->headers));
}

static void move_offset(__u16 *offset, int by)
{
	*offset = (__u16)(*offset + by);
}

/* The linear part begins @off bytes further into its block than it did. */
static void headers_offset_update(struct sk_buff *skb, int off)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		move_offset(&skb->csum_start, off);
	move_offset(&skb->transport_header, off);
	move_offset(&skb->network_header, off);
	if (skb_mac_header_was_set(skb))
		move_offset(&skb->mac_header, off);
	move_offset(&skb->inner_transport_header, off);
	move_offset(&skb->inner_network_header, off);
	move_offset(&skb->inner_mac_header, off);
}

void skb_copy_header(struct sk_buff *new, const struct sk_buff *old)
{
	copy_header(new, old);
	skb_shinfo(new)->gso_size = skb_shinfo(old)->gso_size;
	skb_shinfo(new)->gso_segs = skb_shinfo(old)->gso_segs;
	skb_shinfo(new)->gso_type = skb_shinfo(old)->gso_type;
}

/* @n becomes a second packet over the data of @skb. */
static struct sk_buff *__skb_clone(struct sk_buff *n, struct sk_buff *skb)
{
	*n = *skb;
	n->next = n->prev = NULL;
	n->sk = NULL;
	n->destructor = NULL;
	n->hdr_len = skb->nohdr ? (u16)skb_headroom(skb) : skb->hdr_len;
	n->nohdr = 0;
	n->peeked = 0;
	n->cloned = 1;
	refcount_set(&n->users, 1);
	skb_dst_copy(n, skb);
	atomic_inc(&skb_shinfo(skb)->dataref);
	skb->cloned = 1;
	return n;
}

/**
 * skb_clone() - a second packet over the same data
 *
 * Return: the clone, or NULL on the allocation schedule. Neither may write to
 * the data before skb_cow() or a relative gave it a private copy.
 */
struct sk_buff *skb_clone(struct sk_buff *skb, gfp_t gfp)
{
	struct sk_buff *n = redzone_heap_alloc(sizeof(*n), gfp & ~__GFP_ZERO, CALLER);

	return likely(n) ? __skb_clone(n, skb) : NULL;
}

/**
 * skb_morph - a packet becomes a second one over the data of another
 * @dst: gives up its own data
 * @src: becomes cloned
 */
struct sk_buff *skb_morph(struct sk_buff *dst, struct sk_buff *src)
{
	skb_release_head_state(dst);
	skb_release_data(dst);
	return __skb_clone(dst, src);
}

unsigned char *redzone_skb_low(const struct sk_buff *skb)
{
	return redzone_skb_strict() ? skb->head + skb_shinfo(skb)->redzone_low : skb->head;
}

/* How much of the head room of @skb has ever been data, and may be copied. */
static int filled_headroom(const struct sk_buff *skb)
{
	int headroom = (int)skb_headroom(skb);

	if (redzone_skb_strict())
		headroom -= (int)skb_shinfo(skb)->redzone_low;
	return max(headroom, 0);
}

static struct sk_buff *copy_linear(const struct sk_buff *skb, int headroom,
				   int tailroom, gfp_t gfp, const void *site)
{
	unsigned int size = (unsigned int)(headroom + (int)skb->len + tailroom);
	int filled = min(filled_headroom(skb), headroom);
	struct sk_buff *n = redzone_skb_create(size, gfp, site);

	if (!n)
		return NULL;
	n->data += headroom;
	n->tail = (sk_buff_data_t)headroom + skb->len;
	n->len = skb->len;
	skb_shinfo(n)->redzone_low = (u32)(headroom - filled);
	redzone_skb_shadow_init(n);
	BUG_ON(skb_copy_bits(skb, -filled, n->data - filled, (int)skb->len + filled));
	skb_copy_header(n, skb);
	return n;
}

/* A private, linear copy of everything. */
struct sk_buff *skb_copy(const struct sk_buff *skb, gfp_t gfp)
{
	int tailroom = redzone_skb_strict() ? 0 :
		       (int)(skb_end_offset(skb) - skb->tail);

	return copy_linear(skb, (int)skb_headroom(skb), tailroom, gfp, CALLER);
}

struct sk_buff *skb_copy_expand(const struct sk_buff *skb, int newheadroom,
				int newtailroom, gfp_t gfp)
{
	struct sk_buff *n;

	n = copy_linear(skb, newheadroom, newtailroom, gfp, CALLER);
	if (n)
		headers_offset_update(n, newheadroom - (int)skb_headroom(skb));
	return n;
}

static void get_frag_list(struct sk_buff *skb)
{
	struct sk_buff *frag;

	skb_walk_frags(skb, frag)
		skb_get(frag);
}

static void share_frags(struct sk_buff *n, struct sk_buff *skb)
{
	int i;

	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		skb_shinfo(n)->frags[i] = skb_shinfo(skb)->frags[i];
		skb_frag_ref(skb, i);
	}
	skb_shinfo(n)->nr_frags = (u8)i;
	skb_shinfo(n)->frag_list = skb_shinfo(skb)->frag_list;
	get_frag_list(n);
}

/* A private linear part of @headroom and data; the fragments stay shared. */
struct sk_buff *__pskb_copy(struct sk_buff *skb, int headroom, gfp_t gfp)
{
	unsigned int linear = skb_headlen(skb);
	struct sk_buff *n;

	n = redzone_skb_create((unsigned int)headroom + linear, gfp, CALLER);
	if (!n)
		return NULL;
	redzone_skb_shadow_init(n);
	skb_reserve(n, headroom);
	skb_put_data(n, skb->data, linear);
	n->truesize += skb->data_len;
	n->data_len = skb->data_len;
	n->len = skb->len;
	share_frags(n, skb);
	skb_copy_header(n, skb);
	return n;
}

struct sk_buff *skb_realloc_headroom(struct sk_buff *skb, unsigned int headroom)
{
	int delta = (int)(headroom - skb_headroom(skb));
	struct sk_buff *n;

	if (delta <= 0)
		return pskb_copy(skb, GFP_ATOMIC);
	n = skb_clone(skb, GFP_ATOMIC);
	if (n && pskb_expand_head(n, (int)SKB_DATA_ALIGN((unsigned int)delta), 0,
				  GFP_ATOMIC)) {
		kfree_skb(n);
		n = NULL;
	}
	return n;
}

/* Return: @skb, or a clone if others use it; the caller's reference is gone then. */
struct sk_buff *skb_share_check(struct sk_buff *skb, gfp_t gfp)
{
	struct sk_buff *n;

	if (!skb_shared(skb))
		return skb;
	n = skb_clone(skb, gfp);
	if (likely(n))
		consume_skb(skb);
	else
		kfree_skb(skb);
	return n;
}

/* Return: a packet with private data in the place of @skb, NULL without memory. */
struct sk_buff *skb_unshare(struct sk_buff *skb, gfp_t gfp)
{
	struct sk_buff *n;

	if (!skb_cloned(skb) && !redzone_skb_strict())
		return skb;
	n = skb_copy(skb, gfp);
	if (likely(n))
		consume_skb(skb);
	else
		kfree_skb(skb);
	return n;
}

/* ---- Moving the head ---- */

/* Drop the old block: the fragments stay with it only if a clone needs them. */
static void leave_old_head(struct sk_buff *skb)
{
	int i;

	if (!skb_cloned(skb)) {
		head_free(skb);
		return;
	}
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++)
		skb_frag_ref(skb, i);
	get_frag_list(skb);
	skb_release_data(skb);
	redzone_skb_taps_leave(skb->head);
}

/**
 * pskb_expand_head() - move the linear part to a private block with more room
 * @nhead: bytes of head room to add
 * @ntail: bytes of tail room to add
 *
 * Every pointer into the linear part is stale afterwards. The packet must not be
 * shared (BUG). Return: 0 or -ENOMEM, the packet is unchanged then.
 */
int pskb_expand_head(struct sk_buff *skb, int nhead, int ntail, gfp_t gfp)
{
	struct skb_shared_info *old = skb_shinfo(skb), *shinfo;
	unsigned int size = skb_end_offset(skb) + (unsigned int)nhead +
			    (unsigned int)ntail;
	u32 low = redzone_skb_strict() ? min_t(u32, old->redzone_low, skb->tail) : 0;
	ptrdiff_t data_offset = skb->data - skb->head + nhead;
	u8 *head;

	BUG_ON(nhead < 0);
	BUG_ON(skb_shared(skb));
	head = head_alloc(&size, gfp, CALLER, &shinfo);
	if (!head)
		return -ENOMEM;
	memcpy(head + nhead + low, skb->head + low, skb->tail - low);
	memcpy(shinfo, old, offsetof(struct skb_shared_info, frags[old->nr_frags]));
	leave_old_head(skb);
	shinfo->redzone_low = low + (u32)nhead;
	atomic_set(&shinfo->dataref, 1);

	skb->redzone_shinfo = shinfo;
	skb->head = head;
	skb->data = head + data_offset;
	skb->end = size;
	skb->tail += (unsigned int)nhead;
	headers_offset_update(skb, nhead);
	skb->cloned = 0;
	skb->hdr_len = 0;
	skb->nohdr = 0;
	redzone_skb_shadow_init(skb);
	return 0;
}

static int cow(struct sk_buff *skb, unsigned int headroom, bool cloned)
{
	unsigned int delta = 0;

	if (headroom > skb_headroom(skb))
		delta = headroom - skb_headroom(skb);
	if (!delta && !cloned && !redzone_skb_strict())
		return 0;
	return pskb_expand_head(skb, (int)ALIGN(delta, NET_SKB_PAD), 0, GFP_ATOMIC);
}

int skb_unclone(struct sk_buff *skb, gfp_t gfp)
{
	return cow(skb, 0, skb_cloned(skb));
}

int skb_cow(struct sk_buff *skb, unsigned int headroom)
{
	return cow(skb, headroom, skb_cloned(skb));
}

int skb_cow_head(struct sk_buff *skb, unsigned int headroom)
{
	return cow(skb, headroom, skb_header_cloned(skb));
}

int skb_ensure_writable(struct sk_buff *skb, unsigned int write_len)
{
	if (!pskb_may_pull(skb, write_len))
		return -ENOMEM;
	if (!redzone_skb_strict() &&
	    (!skb_cloned(skb) || skb_clone_writable(skb, write_len)))
		return 0;
	return pskb_expand_head(skb, 0, 0, GFP_ATOMIC);
}

int __skb_linearize(struct sk_buff *skb)
{
	return __pskb_pull_tail(skb, (int)skb->data_len) ? 0 : -ENOMEM;
}

int skb_linearize(struct sk_buff *skb)
{
	if (skb_is_nonlinear(skb))
		return __skb_linearize(skb);
	return redzone_skb_strict() ? pskb_expand_head(skb, 0, 0, GFP_ATOMIC) : 0;
}

int skb_linearize_cow(struct sk_buff *skb)
{
	if (skb_is_nonlinear(skb) || skb_cloned(skb) || redzone_skb_strict())
		return __skb_linearize(skb);
	return 0;
}

/* @pad zero bytes behind the packet, not counted in len; frees it on failure. */
int skb_pad(struct sk_buff *skb, int pad)
{
	int err = 0, ntail;

	if (skb_cloned(skb) || skb_tailroom(skb) < pad) {
		ntail = (int)skb->data_len + pad - (int)(skb->end - skb->tail);
		err = pskb_expand_head(skb, 0, max(ntail, 0), GFP_ATOMIC);
	}
	if (!err && skb_is_nonlinear(skb))
		err = __skb_linearize(skb);
	if (!err && (int)(skb->end - skb->tail) < pad)
		err = pskb_expand_head(skb, 0, pad, GFP_ATOMIC);
	if (err) {
		kfree_skb(skb);
		return err;
	}
	redzone_skb_opened(skb, skb_tail_pointer(skb), (size_t)pad);
	memset(skb_tail_pointer(skb), 0, (size_t)pad);
	return 0;
}

int skb_put_padto(struct sk_buff *skb, unsigned int len)
{
	unsigned int size = skb->len;

	if (likely(size >= len))
		return 0;
	if (skb_pad(skb, (int)(len - size)))
		return -ENOMEM;
	__skb_put(skb, len - size);
	return 0;
}

struct page *redzone_alloc_page(size_t size, gfp_t gfp)
{
	struct page *page = redzone_heap_alloc(sizeof(*page) + size, gfp, CALLER);

	if (!page)
		return NULL;
	refcount_set(&page->_refcount, 1);
	page->size = (u32)size;
	redzone_poison(page->gap, sizeof(page->gap));
	return page;
}

void redzone_free_page(struct page *page)
{
	redzone_heap_free(page);
}
