/* SPDX-License-Identifier: GPL-2.0-only */
/* Part of <linux/skbuff.h>: the received checksum of a packet. Faithful. */
#ifndef _LINUX_SKBUFF_CSUM_H
#define _LINUX_SKBUFF_CSUM_H

static inline int skb_checksum_start_offset(const struct sk_buff *skb)
{
	return (int)(skb->csum_start - skb_headroom(skb));
}

/* Whether the checksum still needs work: -1 in the kernel's terms. */
static inline int skb_csum_unnecessary(const struct sk_buff *skb)
{
	return skb->ip_summed == CHECKSUM_UNNECESSARY || skb->csum_valid ||
	       (skb->ip_summed == CHECKSUM_PARTIAL &&
		skb_checksum_start_offset(skb) >= 0);
}

/* @len bytes at @start, just pulled, no longer count. */
static inline void skb_postpull_rcsum(struct sk_buff *skb, const void *start,
				      unsigned int len)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_sub(skb->csum, csum_partial(start, (int)len, 0));
	else if (skb->ip_summed == CHECKSUM_PARTIAL &&
		 skb_checksum_start_offset(skb) < 0)
		skb->ip_summed = CHECKSUM_NONE;
}

static inline void skb_postpush_rcsum(struct sk_buff *skb, const void *start,
				      unsigned int len)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_partial(start, (int)len, skb->csum);
}

static inline void *skb_push_rcsum(struct sk_buff *skb, unsigned int len)
{
	skb_push(skb, len);
	skb_postpush_rcsum(skb, skb->data, len);
	return skb->data;
}

static inline void skb_forward_csum(struct sk_buff *skb)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
}

static inline void skb_checksum_none_assert(const struct sk_buff *skb)
{
}

/* One 32-bit word of the packet changed: keep both checksums right. */
static inline void update_csum_diff4(struct sk_buff *skb, __be32 from, __be32 to)
{
	__be32 diff[] = { ~from, to };

	skb->csum = ~csum_partial(diff, sizeof(diff), ~skb->csum);
}

static inline void update_csum_diff16(struct sk_buff *skb, const __be32 *from,
				      const __be32 *to)
{
	__be32 diff[] = {
		~from[0], ~from[1], ~from[2], ~from[3],
		to[0], to[1], to[2], to[3],
	};

	skb->csum = ~csum_partial(diff, sizeof(diff), ~skb->csum);
}

__sum16 __skb_checksum_complete(struct sk_buff *skb);
__sum16 __skb_checksum_complete_head(struct sk_buff *skb, int len);

/* Return: 0 when the checksum is right. */
static inline __sum16 skb_checksum_complete(struct sk_buff *skb)
{
	return skb_csum_unnecessary(skb) ? 0 : __skb_checksum_complete(skb);
}

/* Up to this length a checksum is computed at once, longer ones when asked for. */
#define CHECKSUM_BREAK	76

static inline __sum16 __skb_checksum_validate_complete(struct sk_buff *skb,
						       bool complete, __wsum psum)
{
	__sum16 csum;

	if (skb->ip_summed == CHECKSUM_COMPLETE &&
	    !csum_fold(csum_add(psum, skb->csum))) {
		skb->csum_valid = 1;
		return 0;
	}
	skb->csum = psum;
	if (!complete && skb->len > CHECKSUM_BREAK)
		return 0;
	csum = __skb_checksum_complete(skb);
	skb->csum_valid = !csum;
	return csum;
}

/* @compute_pseudo is called only if the checksum is not known to be right. */
#define __skb_checksum_validate(skb, proto, complete, zero_okay, check,	\
				compute_pseudo) ({			\
	__sum16 rz_sum = 0;						\
	(skb)->csum_valid = 0;						\
	if (skb_csum_unnecessary(skb) || ((zero_okay) && !(check)))	\
		(skb)->csum_valid = 1;					\
	else								\
		rz_sum = __skb_checksum_validate_complete(skb, complete, \
				compute_pseudo(skb, proto));		\
	rz_sum; })

/* Each: 0, or the wrong sum. The init forms leave long packets for later. */
#define skb_checksum_init(skb, proto, compute_pseudo) \
	__skb_checksum_validate(skb, proto, false, false, 0, compute_pseudo)
#define skb_checksum_init_zero_check(skb, proto, check, compute_pseudo) \
	__skb_checksum_validate(skb, proto, false, true, check, compute_pseudo)
#define skb_checksum_validate(skb, proto, compute_pseudo) \
	__skb_checksum_validate(skb, proto, true, false, 0, compute_pseudo)
#define skb_checksum_validate_zero_check(skb, proto, check, compute_pseudo) \
	__skb_checksum_validate(skb, proto, true, true, check, compute_pseudo)

static inline __wsum null_compute_pseudo(struct sk_buff *skb, int proto)
{
	return 0;
}

/* A checksum without a pseudo header, as ICMP and IGMP have it. */
#define skb_checksum_simple_validate(skb) \
	skb_checksum_validate(skb, 0, null_compute_pseudo)

#endif /* _LINUX_SKBUFF_CSUM_H */
