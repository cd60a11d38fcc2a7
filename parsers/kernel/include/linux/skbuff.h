/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Socket buffers: names, fields and rules of Linux 6.1.
 *
 * Changed for testing, in one of two modes (environment REDZONE_SKB):
 *
 * strict (default): the head is a block of exactly the size asked for, with the
 *   shared info before it, out of reach. Tail room, and head room below the lowest
 *   address skb->data ever had, are poisoned for ASan and without value for
 *   MSan; skb_put() and skb_push() open them, skb_trim() closes them again
 *   unless a clone still owns the bytes. Pulled bytes stay readable. Every
 *   call that may move data moves it, and the old block is freed: pulling
 *   beyond the linear part, skb_cow(), skb_cow_head(), skb_ensure_writable(),
 *   pskb_expand_head(), skb_linearize(), skb_unshare(), trimming fragments.
 * kernel: allocation sizes of a real kernel, shared info behind the data,
 *   nothing poisoned, data moves only where Linux moves it.
 *
 * What is not seen: ASan's granule is 8 bytes, so reading 1 to 7 bytes below the
 * lowest data can pass when it does not begin at a multiple of 8 (a received
 * frame does; after pushing a header of odd size it does not). Reading past the
 * end is exact.
 *
 * Not modelled: fclones, page pools, zero copy, extensions, hardware time stamps.
 */
#ifndef _LINUX_SKBUFF_H
#define _LINUX_SKBUFF_H

#include <asm/checksum.h>
#include <asm/unaligned.h>
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/types.h>
#include <net/dropreason.h>

struct dst_entry;
struct net_device;
struct sock;

#define SMP_CACHE_BYTES	64
#define NET_SKB_PAD	64
#define NET_IP_ALIGN	0	/* as on x86 */
#define MAX_SKB_FRAGS	17

#define SKB_DATA_ALIGN(x)	ALIGN(x, SMP_CACHE_BYTES)
#define SKB_WITH_OVERHEAD(x) \
	((x) - SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))

/* skb->ip_summed */
#define CHECKSUM_NONE		0
#define CHECKSUM_UNNECESSARY	1
#define CHECKSUM_COMPLETE	2
#define CHECKSUM_PARTIAL	3
#define SKB_MAX_CSUM_LEVEL	3

/* skb->pkt_type */
#define PACKET_HOST		0
#define PACKET_BROADCAST	1
#define PACKET_MULTICAST	2
#define PACKET_OTHERHOST	3
#define PACKET_OUTGOING		4
#define PACKET_LOOPBACK		5

enum {
	SKB_GSO_TCPV4		= 1 << 0,
	SKB_GSO_DODGY		= 1 << 1,
	SKB_GSO_TCP_ECN		= 1 << 2,
	SKB_GSO_TCPV6		= 1 << 4,
	SKB_GSO_PARTIAL		= 1 << 13,
	SKB_GSO_ESP		= 1 << 15,
	SKB_GSO_UDP		= 1 << 16,
	SKB_GSO_UDP_L4		= 1 << 17,
	SKB_GSO_FRAGLIST	= 1 << 18,
};

typedef unsigned int sk_buff_data_t;	/* offset from skb->head */

typedef struct skb_frag {
	struct page *bv_page;
	unsigned int bv_len;
	unsigned int bv_offset;
} skb_frag_t;

/* The lower half of dataref counts users of the data, the upper of the payload. */
#define SKB_DATAREF_SHIFT	16
#define SKB_DATAREF_MASK	((1 << SKB_DATAREF_SHIFT) - 1)

struct skb_shared_info {
	__u8 flags;
	__u8 meta_len;
	__u8 nr_frags;
	__u8 tx_flags;
	unsigned short gso_size;
	unsigned short gso_segs;
	struct sk_buff *frag_list;
	u64 hwtstamps;
	unsigned int gso_type;
	u32 tskey;
	atomic_t dataref;
	u32 redzone_low;	/* lowest offset data ever had (xdp_frags_size) */
	void *destructor_arg;
	skb_frag_t frags[MAX_SKB_FRAGS];
};

struct sk_buff {
	union {
		struct {
			struct sk_buff *next;	/* first two: as sk_buff_head's */
			struct sk_buff *prev;
			union {
				struct net_device *dev;
				unsigned long dev_scratch;
			};
		};
		struct rb_node rbnode;
		struct list_head list;
	};

	struct sock *sk;
	ktime_t tstamp;

	char cb[48] __aligned(8);	/* private to the layer that holds the packet */

	unsigned long _skb_refdst;
	void (*destructor)(struct sk_buff *skb);

	unsigned int len;		/* all bytes */
	unsigned int data_len;		/* bytes not in the linear part */
	__u16 mac_len;
	__u16 hdr_len;
	__u16 queue_mapping;

	__u8 cloned:1;			/* head may be shared */
	__u8 nohdr:1;
	__u8 peeked:1;
	__u8 head_frag:1;

	struct_group(headers,		/* copied to every copy of a packet */
		__u8 pkt_type:3;
		__u8 ignore_df:1;
		__u8 ip_summed:2;
		__u8 ooo_okay:1;
		__u8 l4_hash:1;

		__u8 sw_hash:1;
		__u8 encapsulation:1;
		__u8 encap_hdr_csum:1;
		__u8 csum_valid:1;
		__u8 vlan_present:1;
		__u8 csum_complete_sw:1;
		__u8 csum_level:2;

		__u8 dst_pending_confirm:1;
		__u8 mono_delivery_time:1;
		__u8 ndisc_nodetype:2;
		__u8 inner_protocol_type:1;
		__u8 remcsum_offload:1;
		__u8 offload_fwd_mark:1;
		__u8 csum_not_inet:1;

		union {
			__wsum csum;
			struct {
				__u16 csum_start;
				__u16 csum_offset;
			};
		};
		__u32 priority;
		int skb_iif;
		__u32 hash;
		__be16 vlan_proto;
		__u16 vlan_tci;
		union {
			__u32 mark;
			__u32 reserved_tailroom;
		};
		union {
			__be16 inner_protocol;
			__u8 inner_ipproto;
		};
		__u16 inner_transport_header;
		__u16 inner_network_header;
		__u16 inner_mac_header;
		__be16 protocol;
		__u16 transport_header;
		__u16 network_header;
		__u16 mac_header;
	);

	sk_buff_data_t tail;
	sk_buff_data_t end;
	unsigned char *head;
	unsigned char *data;
	struct skb_shared_info *redzone_shinfo;	/* where skb_shinfo() is */
	unsigned int truesize;
	refcount_t users;
};

struct sk_buff_list {
	struct sk_buff *next;
	struct sk_buff *prev;
};

struct sk_buff_head {
	union {
		struct {
			struct sk_buff *next;
			struct sk_buff *prev;
		};
		struct sk_buff_list list;
	};
	__u32 qlen;
	spinlock_t lock;
};

/* ---- Modes, and what the environment hears ---- */

enum redzone_skb_mode {
	REDZONE_SKB_STRICT,
	REDZONE_SKB_KERNEL,
};

extern enum redzone_skb_mode redzone_skb_mode;

/* Change the mode; no skb may be alive. Overrides the environment. */
void redzone_skb_set_mode(enum redzone_skb_mode mode);

/*
 * Called when the last reference to a packet is dropped for @reason, before the
 * packet is freed; not called for consume_skb(). NULL or the environment's.
 */
extern void (*redzone_skb_dropped)(struct sk_buff *skb,
				   enum skb_drop_reason reason);

/*
 * Reference counting of routes is the environment's: a program that attaches a
 * counted dst to a packet defines both (weak defaults trap).
 */
void dst_release(struct dst_entry *dst);
void redzone_dst_hold(struct dst_entry *dst);

/* ---- Allocation and reference counts ---- */

/**
 * alloc_skb() - a packet buffer with room for @size bytes, all of it tail room
 *
 * Return: the packet, users == 1, or NULL on the allocation schedule.
 */
struct sk_buff *alloc_skb(unsigned int size, gfp_t priority);
struct sk_buff *__alloc_skb(unsigned int size, gfp_t priority, int flags, int node);
struct sk_buff *__netdev_alloc_skb(struct net_device *dev, unsigned int length,
				   gfp_t gfp);
struct sk_buff *__netdev_alloc_skb_ip_align(struct net_device *dev,
					    unsigned int length, gfp_t gfp);

void kfree_skb_reason(struct sk_buff *skb, enum skb_drop_reason reason);
void kfree_skb_list_reason(struct sk_buff *segs, enum skb_drop_reason reason);
void consume_skb(struct sk_buff *skb);
void __kfree_skb(struct sk_buff *skb);
void skb_release_head_state(struct sk_buff *skb);

static inline struct sk_buff *netdev_alloc_skb(struct net_device *dev,
					       unsigned int length)
{
	return __netdev_alloc_skb(dev, length, GFP_ATOMIC);
}

static inline struct sk_buff *dev_alloc_skb(unsigned int length)
{
	return netdev_alloc_skb(NULL, length);
}

static inline struct sk_buff *netdev_alloc_skb_ip_align(struct net_device *dev,
							unsigned int length)
{
	return __netdev_alloc_skb_ip_align(dev, length, GFP_ATOMIC);
}

static inline void kfree_skb(struct sk_buff *skb)
{
	kfree_skb_reason(skb, SKB_DROP_REASON_NOT_SPECIFIED);
}

static inline void kfree_skb_list(struct sk_buff *segs)
{
	kfree_skb_list_reason(segs, SKB_DROP_REASON_NOT_SPECIFIED);
}

#define dev_kfree_skb		consume_skb
#define dev_kfree_skb_any	consume_skb
#define dev_consume_skb_any	consume_skb

static inline struct sk_buff *skb_get(struct sk_buff *skb)
{
	refcount_inc(&skb->users);
	return skb;
}

static inline bool skb_unref(struct sk_buff *skb)
{
	return skb && refcount_dec_and_test(&skb->users);
}

static inline int skb_shared(const struct sk_buff *skb)
{
	return refcount_read(&skb->users) != 1;
}

static inline void skb_orphan(struct sk_buff *skb)
{
	if (skb->destructor) {
		skb->destructor(skb);
		skb->destructor = NULL;
		skb->sk = NULL;
	} else {
		BUG_ON(skb->sk);
	}
}

/* ---- Geometry ---- */

#define skb_shinfo(skb)		((skb)->redzone_shinfo)

static inline unsigned char *skb_tail_pointer(const struct sk_buff *skb)
{
	return skb->head + skb->tail;
}

static inline unsigned char *skb_end_pointer(const struct sk_buff *skb)
{
	return skb->head + skb->end;
}

static inline unsigned int skb_end_offset(const struct sk_buff *skb)
{
	return skb->end;
}

static inline void skb_reset_tail_pointer(struct sk_buff *skb)
{
	skb->tail = (sk_buff_data_t)(skb->data - skb->head);
}

static inline void skb_set_tail_pointer(struct sk_buff *skb, const int offset)
{
	skb_reset_tail_pointer(skb);
	skb->tail += (unsigned int)offset;
}

static inline bool skb_is_nonlinear(const struct sk_buff *skb)
{
	return skb->data_len;
}

static inline unsigned int skb_headlen(const struct sk_buff *skb)
{
	return skb->len - skb->data_len;
}

static inline unsigned int skb_headroom(const struct sk_buff *skb)
{
	return (unsigned int)(skb->data - skb->head);
}

static inline int skb_tailroom(const struct sk_buff *skb)
{
	return skb_is_nonlinear(skb) ? 0 : (int)(skb->end - skb->tail);
}

static inline int skb_availroom(const struct sk_buff *skb)
{
	if (skb_is_nonlinear(skb))
		return 0;
	return (int)(skb->end - skb->tail - skb->reserved_tailroom);
}

static inline int skb_cloned(const struct sk_buff *skb)
{
	return skb->cloned &&
	       (atomic_read(&skb_shinfo(skb)->dataref) & SKB_DATAREF_MASK) != 1;
}

static inline int skb_header_cloned(const struct sk_buff *skb)
{
	int dataref;

	if (!skb->cloned)
		return 0;
	dataref = atomic_read(&skb_shinfo(skb)->dataref);
	dataref = (dataref & SKB_DATAREF_MASK) - (dataref >> SKB_DATAREF_SHIFT);
	return dataref != 1;
}

static inline void __skb_header_release(struct sk_buff *skb)
{
	skb->nohdr = 1;
	atomic_set(&skb_shinfo(skb)->dataref, 1 + (1 << SKB_DATAREF_SHIFT));
}

static inline int skb_clone_writable(const struct sk_buff *skb, unsigned int len)
{
	return !skb_header_cloned(skb) && skb_headroom(skb) + len <= skb->hdr_len;
}

/* ---- Linear data ---- */

void skb_over_panic(struct sk_buff *skb, unsigned int len) __noreturn;
void skb_under_panic(struct sk_buff *skb, unsigned int len) __noreturn;
/* The linear part now begins or ends further out, or ends further in. */
void redzone_skb_opened(struct sk_buff *skb, const void *p, size_t len);
void redzone_skb_closed(struct sk_buff *skb, const void *p, size_t len);

#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define redzone_skb_shadow	(redzone_skb_mode == REDZONE_SKB_STRICT)
#else
#define redzone_skb_shadow	false
#endif

/* Only on an empty buffer: moves data and tail up, making head room. */
static inline void skb_reserve(struct sk_buff *skb, int len)
{
	skb->data += len;
	skb->tail += (unsigned int)len;
	skb_shinfo(skb)->redzone_low = (u32)(skb->data - skb->head);
}

static inline void *__skb_put(struct sk_buff *skb, unsigned int len)
{
	void *tmp = skb_tail_pointer(skb);

	BUG_ON(skb_is_nonlinear(skb));
	skb->tail += len;
	skb->len += len;
	if (redzone_skb_shadow)
		redzone_skb_opened(skb, tmp, len);
	return tmp;
}

/* More tail room than there is: BUG, as in the kernel. */
static inline void *skb_put(struct sk_buff *skb, unsigned int len)
{
	if (unlikely(skb->tail + len > skb->end))
		skb_over_panic(skb, len);
	return __skb_put(skb, len);
}

static inline void *skb_put_zero(struct sk_buff *skb, unsigned int len)
{
	return memset(skb_put(skb, len), 0, len);
}

static inline void *__skb_put_zero(struct sk_buff *skb, unsigned int len)
{
	return memset(__skb_put(skb, len), 0, len);
}

static inline void *skb_put_data(struct sk_buff *skb, const void *data,
				 unsigned int len)
{
	return memcpy(skb_put(skb, len), data, len);
}
#define __skb_put_data	skb_put_data

static inline void skb_put_u8(struct sk_buff *skb, u8 val)
{
	*(u8 *)skb_put(skb, 1) = val;
}

/* Head room that is about to hold data: later copies of the head take it along. */
static inline void redzone_skb_fill_headroom(struct sk_buff *skb, void *p,
					     unsigned int len)
{
	if (redzone_skb_mode == REDZONE_SKB_STRICT &&
	    (u8 *)p < skb->head + skb_shinfo(skb)->redzone_low)
		redzone_skb_opened(skb, p, len);
}

static inline void *__skb_push(struct sk_buff *skb, unsigned int len)
{
	skb->data -= len;
	skb->len += len;
	redzone_skb_fill_headroom(skb, skb->data, len);
	return skb->data;
}

/* More head room than there is: BUG, as in the kernel. */
static inline void *skb_push(struct sk_buff *skb, unsigned int len)
{
	if (unlikely(len > skb_headroom(skb)))
		skb_under_panic(skb, len);
	return __skb_push(skb, len);
}

static inline void *__skb_pull(struct sk_buff *skb, unsigned int len)
{
	skb->len -= len;
	BUG_ON(skb->len < skb->data_len);
	return skb->data += len;
}

static inline void *skb_pull_inline(struct sk_buff *skb, unsigned int len)
{
	return unlikely(len > skb->len) ? NULL : __skb_pull(skb, len);
}

/**
 * skb_pull() - remove @len bytes from the start
 *
 * Return: the new skb->data, or NULL (nothing pulled) if the packet is shorter.
 * The pulled bytes must lie in the linear part: BUG otherwise.
 */
static inline void *skb_pull(struct sk_buff *skb, unsigned int len)
{
	return skb_pull_inline(skb, len);
}

/**
 * skb_pull_data() - remove @len bytes from the start and hand them out
 *
 * Return: the pulled bytes, or NULL (nothing pulled) if the packet is shorter.
 */
static inline void *skb_pull_data(struct sk_buff *skb, size_t len)
{
	void *data = skb->data;

	if (skb->len < len)
		return NULL;
	skb_pull(skb, (unsigned int)len);
	return data;
}

/* Cut the linear part to @len bytes; the packet has no other part. */
static inline void __skb_set_length(struct sk_buff *skb, unsigned int len)
{
	unsigned int old = skb->tail;

	if (WARN_ON(skb_is_nonlinear(skb)))
		return;
	skb->len = len;
	skb_set_tail_pointer(skb, (int)len);
	if (redzone_skb_shadow && skb->tail < old)
		redzone_skb_closed(skb, skb_tail_pointer(skb), old - skb->tail);
}

static inline void __skb_trim(struct sk_buff *skb, unsigned int len)
{
	__skb_set_length(skb, len);
}

static inline void skb_trim(struct sk_buff *skb, unsigned int len)
{
	if (skb->len > len)
		__skb_trim(skb, len);
}

/* ---- Data that may lie in fragments ---- */

void *__pskb_pull_tail(struct sk_buff *skb, int delta);
int ___pskb_trim(struct sk_buff *skb, unsigned int len);
int pskb_trim_rcsum_slow(struct sk_buff *skb, unsigned int len);
int pskb_expand_head(struct sk_buff *skb, int nhead, int ntail, gfp_t gfp);
int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len);
int skb_store_bits(struct sk_buff *skb, int offset, const void *from, int len);
__wsum skb_checksum(const struct sk_buff *skb, int offset, int len, __wsum csum);
__wsum skb_copy_and_csum_bits(const struct sk_buff *skb, int offset, u8 *to,
			      int len);
void *skb_pull_rcsum(struct sk_buff *skb, unsigned int len);
int skb_ensure_writable(struct sk_buff *skb, unsigned int write_len);
int skb_cow(struct sk_buff *skb, unsigned int headroom);
int skb_cow_head(struct sk_buff *skb, unsigned int headroom);
int skb_linearize(struct sk_buff *skb);
int skb_linearize_cow(struct sk_buff *skb);
int __skb_linearize(struct sk_buff *skb);
int skb_pad(struct sk_buff *skb, int pad);
int skb_put_padto(struct sk_buff *skb, unsigned int len);

/**
 * pskb_may_pull() - make the first @len bytes linear
 *
 * Return: false if the packet is shorter or memory is short; the packet is
 * unchanged then. Pointers into the packet are stale after a call that had to
 * gather (strict mode makes sure of it).
 */
static inline bool pskb_may_pull(struct sk_buff *skb, unsigned int len)
{
	if (likely(len <= skb_headlen(skb)))
		return true;
	if (unlikely(len > skb->len))
		return false;
	return __pskb_pull_tail(skb, (int)(len - skb_headlen(skb))) != NULL;
}

static inline enum skb_drop_reason
pskb_may_pull_reason(struct sk_buff *skb, unsigned int len)
{
	if (likely(len <= skb_headlen(skb)))
		return SKB_NOT_DROPPED_YET;
	if (unlikely(len > skb->len))
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	return __pskb_pull_tail(skb, (int)(len - skb_headlen(skb))) ?
	       SKB_NOT_DROPPED_YET : SKB_DROP_REASON_NOMEM;
}

static inline void *pskb_pull(struct sk_buff *skb, unsigned int len)
{
	if (len > skb_headlen(skb) &&
	    (len > skb->len ||
	     !__pskb_pull_tail(skb, (int)(len - skb_headlen(skb)))))
		return NULL;
	skb->len -= len;
	return skb->data += len;
}

static inline int __pskb_trim(struct sk_buff *skb, unsigned int len)
{
	if (skb->data_len)
		return ___pskb_trim(skb, len);
	__skb_trim(skb, len);
	return 0;
}

static inline int pskb_trim(struct sk_buff *skb, unsigned int len)
{
	return len < skb->len ? __pskb_trim(skb, len) : 0;
}

/* As pskb_trim(), keeping a received checksum right. */
static inline int pskb_trim_rcsum(struct sk_buff *skb, unsigned int len)
{
	if (likely(len >= skb->len))
		return 0;
	return pskb_trim_rcsum_slow(skb, len);
}

static inline void *__skb_header_pointer(const struct sk_buff *skb, int offset,
					 int len, const void *data, int hlen,
					 void *buffer)
{
	if (likely(hlen - offset >= len))
		return (void *)data + offset;
	if (!skb || unlikely(skb_copy_bits(skb, offset, buffer, len) < 0))
		return NULL;
	return buffer;
}

/**
 * skb_header_pointer() - look at @len bytes at @offset from skb->data
 *
 * Return: a pointer into the linear part, or @buffer holding a copy, or NULL if
 * the packet ends before.
 */
static inline void *skb_header_pointer(const struct sk_buff *skb, int offset,
				       int len, void *buffer)
{
	return __skb_header_pointer(skb, offset, len, skb->data,
				    (int)skb_headlen(skb), buffer);
}

static inline void skb_copy_from_linear_data(const struct sk_buff *skb, void *to,
					     unsigned int len)
{
	memcpy(to, skb->data, len);
}

static inline void skb_copy_from_linear_data_offset(const struct sk_buff *skb,
						    int offset, void *to,
						    unsigned int len)
{
	memcpy(to, skb->data + offset, len);
}

static inline void skb_copy_to_linear_data(struct sk_buff *skb, const void *from,
					   unsigned int len)
{
	memcpy(skb->data, from, len);
}

/* ---- Copies ---- */

struct sk_buff *skb_clone(struct sk_buff *skb, gfp_t gfp);
struct sk_buff *skb_copy(const struct sk_buff *skb, gfp_t gfp);
/* @dst becomes a clone of @src; what it was is given up. Return: @dst. */
struct sk_buff *skb_morph(struct sk_buff *dst, struct sk_buff *src);
/* Data of its own for @skb, if it is a clone. */
int skb_unclone(struct sk_buff *skb, gfp_t gfp);
/* Where the head room begins that was ever data; what lies below holds nothing. */
unsigned char *redzone_skb_low(const struct sk_buff *skb);
struct sk_buff *skb_copy_expand(const struct sk_buff *skb, int newheadroom,
				int newtailroom, gfp_t gfp);
struct sk_buff *__pskb_copy(struct sk_buff *skb, int headroom, gfp_t gfp);
struct sk_buff *skb_realloc_headroom(struct sk_buff *skb, unsigned int headroom);
struct sk_buff *skb_share_check(struct sk_buff *skb, gfp_t gfp);
struct sk_buff *skb_unshare(struct sk_buff *skb, gfp_t gfp);
void skb_copy_header(struct sk_buff *new, const struct sk_buff *old);

static inline struct sk_buff *pskb_copy(struct sk_buff *skb, gfp_t gfp)
{
	return __pskb_copy(skb, (int)skb_headroom(skb), gfp);
}

/* ---- Fragments ---- */

static inline unsigned int skb_frag_size(const skb_frag_t *frag)
{
	return frag->bv_len;
}

static inline void skb_frag_size_set(skb_frag_t *frag, unsigned int size)
{
	frag->bv_len = size;
}

static inline void skb_frag_size_add(skb_frag_t *frag, int delta)
{
	frag->bv_len += (unsigned int)delta;
}

static inline void skb_frag_size_sub(skb_frag_t *frag, int delta)
{
	frag->bv_len -= (unsigned int)delta;
}

static inline unsigned int skb_frag_off(const skb_frag_t *frag)
{
	return frag->bv_offset;
}

static inline void skb_frag_off_add(skb_frag_t *frag, int delta)
{
	frag->bv_offset += (unsigned int)delta;
}

static inline struct page *skb_frag_page(const skb_frag_t *frag)
{
	return frag->bv_page;
}

static inline void *skb_frag_address(const skb_frag_t *frag)
{
	return page_address(skb_frag_page(frag)) + skb_frag_off(frag);
}

static inline void skb_frag_ref(struct sk_buff *skb, int f)
{
	get_page(skb_shinfo(skb)->frags[f].bv_page);
}

static inline void skb_frag_unref(struct sk_buff *skb, int f)
{
	put_page(skb_shinfo(skb)->frags[f].bv_page);
}

static inline void skb_fill_page_desc(struct sk_buff *skb, int i,
				      struct page *page, int off, int size)
{
	skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

	frag->bv_page = page;
	frag->bv_offset = (unsigned int)off;
	frag->bv_len = (unsigned int)size;
	skb_shinfo(skb)->nr_frags = (u8)(i + 1);
}

static inline void skb_add_rx_frag(struct sk_buff *skb, int i, struct page *page,
				   int off, int size, unsigned int truesize)
{
	skb_fill_page_desc(skb, i, page, off, size);
	skb->len += (unsigned int)size;
	skb->data_len += (unsigned int)size;
	skb->truesize += truesize;
}

static inline bool skb_has_frag_list(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->frag_list != NULL;
}

static inline void skb_frag_list_init(struct sk_buff *skb)
{
	skb_shinfo(skb)->frag_list = NULL;
}

static inline unsigned int skb_pagelen(const struct sk_buff *skb)
{
	unsigned int i, len = 0;

	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++)
		len += skb_frag_size(&skb_shinfo(skb)->frags[i]);
	return len + skb_headlen(skb);
}

#define skb_walk_frags(skb, iter) \
	for ((iter) = skb_shinfo(skb)->frag_list; (iter); (iter) = (iter)->next)

static inline bool skb_is_gso(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->gso_size;
}

static inline bool skb_is_gso_v6(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6;
}

static inline void skb_gso_reset(struct sk_buff *skb)
{
	skb_shinfo(skb)->gso_size = 0;
	skb_shinfo(skb)->gso_segs = 0;
	skb_shinfo(skb)->gso_type = 0;
}

/*
 * Join @from to the end of @to without copying where the kernel can.
 * Return: false when it cannot; both are unchanged then.
 */
bool skb_try_coalesce(struct sk_buff *to, struct sk_buff *from,
		      bool *fragstolen, int *delta_truesize);
void kfree_skb_partial(struct sk_buff *skb, bool head_stolen);

/**
 * skb_split() - everything from byte @len on goes to @skb1, which is empty
 *
 * A fragment that is cut belongs to both.
 */
void skb_split(struct sk_buff *skb, struct sk_buff *skb1, const u32 len);

/**
 * skb_shift() - the first @shiftlen bytes of @skb to the end of @tgt
 *
 * Only fragments move. Return: @shiftlen, or 0 when that cannot be.
 */
int skb_shift(struct sk_buff *tgt, struct sk_buff *skb, int shiftlen);

/* ---- Header offsets ---- */

#include <linux/skbuff_headers.h>

/* ---- Routes ---- */

#define SKB_DST_NOREF	1UL
#define SKB_DST_PTRMASK	~(SKB_DST_NOREF)

static inline struct dst_entry *skb_dst(const struct sk_buff *skb)
{
	return (struct dst_entry *)(skb->_skb_refdst & SKB_DST_PTRMASK);
}

/* The packet takes over the caller's reference. */
static inline void skb_dst_set(struct sk_buff *skb, struct dst_entry *dst)
{
	skb->_skb_refdst = (unsigned long)dst;
}

/* No reference: the route outlives the packet. */
static inline void skb_dst_set_noref(struct sk_buff *skb, struct dst_entry *dst)
{
	skb->_skb_refdst = (unsigned long)dst | SKB_DST_NOREF;
}

static inline bool skb_dst_is_noref(const struct sk_buff *skb)
{
	return (skb->_skb_refdst & SKB_DST_NOREF) && skb_dst(skb);
}

static inline void refdst_drop(unsigned long refdst)
{
	if (!(refdst & SKB_DST_NOREF))
		dst_release((struct dst_entry *)(refdst & SKB_DST_PTRMASK));
}

static inline void skb_dst_drop(struct sk_buff *skb)
{
	if (skb->_skb_refdst) {
		refdst_drop(skb->_skb_refdst);
		skb->_skb_refdst = 0UL;
	}
}

static inline void __skb_dst_copy(struct sk_buff *nskb, unsigned long refdst)
{
	nskb->_skb_refdst = refdst;
	if (refdst && !(refdst & SKB_DST_NOREF))
		redzone_dst_hold(skb_dst(nskb));
}

static inline void skb_dst_copy(struct sk_buff *nskb, const struct sk_buff *oskb)
{
	__skb_dst_copy(nskb, oskb->_skb_refdst);
}

static inline bool skb_sk_is_prefetched(struct sk_buff *skb)
{
	return false;
}

/* ---- Checksums ---- */

#include <linux/skbuff_csum.h>

/* ---- Queues ---- */

#include <linux/skbuff_queue.h>

/* ---- Odds and ends ---- */

static inline void nf_reset_ct(struct sk_buff *skb)
{
}

static inline void skb_ext_reset(struct sk_buff *skb)
{
}

static inline void skb_clear_hash(struct sk_buff *skb)
{
	skb->hash = 0;
	skb->sw_hash = 0;
	skb->l4_hash = 0;
}

static inline void skb_clear_delivery_time(struct sk_buff *skb)
{
	if (skb->mono_delivery_time) {
		skb->mono_delivery_time = 0;
		skb->tstamp = 0;
	}
}

static inline void __net_timestamp(struct sk_buff *skb)
{
	skb->tstamp = ktime_get_real();
	skb->mono_delivery_time = 0;
}

static inline ktime_t skb_get_ktime(const struct sk_buff *skb)
{
	return skb->tstamp;
}

static inline void skb_mark_not_on_list(struct sk_buff *skb)
{
	skb->next = NULL;
}

#define rb_to_skb(rb)		rb_entry_safe(rb, struct sk_buff, rbnode)
#define skb_rb_first(root)	rb_to_skb(rb_first(root))

static inline void skb_list_del_init(struct sk_buff *skb)
{
	list_del(&skb->list);
	skb_mark_not_on_list(skb);
}

static inline void skb_set_queue_mapping(struct sk_buff *skb, u16 mapping)
{
	skb->queue_mapping = mapping;
}

static inline u16 skb_get_queue_mapping(const struct sk_buff *skb)
{
	return skb->queue_mapping;
}

static inline void skb_copy_queue_mapping(struct sk_buff *to,
					  const struct sk_buff *from)
{
	to->queue_mapping = from->queue_mapping;
}

#endif /* _LINUX_SKBUFF_H */
