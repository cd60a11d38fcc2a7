/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Part of <linux/skbuff.h>: packet queues. Faithful, and checked as lists are:
 * unlinking a packet whose neighbours disagree is a finding of kind "list".
 */
#ifndef _LINUX_SKBUFF_QUEUE_H
#define _LINUX_SKBUFF_QUEUE_H

static inline void __skb_queue_head_init(struct sk_buff_head *list)
{
	list->prev = list->next = (struct sk_buff *)list;
	list->qlen = 0;
}

static inline void skb_queue_head_init(struct sk_buff_head *list)
{
	spin_lock_init(&list->lock);
	__skb_queue_head_init(list);
}

static inline int skb_queue_empty(const struct sk_buff_head *list)
{
	return list->next == (const struct sk_buff *)list;
}
#define skb_queue_empty_lockless skb_queue_empty

static inline __u32 skb_queue_len(const struct sk_buff_head *list)
{
	return list->qlen;
}
#define skb_queue_len_lockless skb_queue_len

static inline bool skb_queue_is_last(const struct sk_buff_head *list,
				     const struct sk_buff *skb)
{
	return skb->next == (const struct sk_buff *)list;
}

static inline bool skb_queue_is_first(const struct sk_buff_head *list,
				      const struct sk_buff *skb)
{
	return skb->prev == (const struct sk_buff *)list;
}

static inline struct sk_buff *skb_queue_next(const struct sk_buff_head *list,
					     const struct sk_buff *skb)
{
	BUG_ON(skb_queue_is_last(list, skb));
	return skb->next;
}

static inline struct sk_buff *skb_peek(const struct sk_buff_head *list)
{
	struct sk_buff *skb = list->next;

	return skb == (const struct sk_buff *)list ? NULL : skb;
}

static inline struct sk_buff *skb_peek_next(struct sk_buff *skb,
					    const struct sk_buff_head *list)
{
	struct sk_buff *next = skb->next;

	return next == (const struct sk_buff *)list ? NULL : next;
}

static inline struct sk_buff *skb_peek_tail(const struct sk_buff_head *list)
{
	struct sk_buff *skb = list->prev;

	return skb == (const struct sk_buff *)list ? NULL : skb;
}

static inline void __skb_insert(struct sk_buff *newsk, struct sk_buff *prev,
				struct sk_buff *next, struct sk_buff_head *list)
{
	/* Either may be the queue's head, which is no whole packet. */
	if (unlikely(((struct sk_buff_list *)next)->prev != prev ||
		     ((struct sk_buff_list *)prev)->next != next))
		redzone_list_bad("packet queued between packets that are not neighbours",
				 prev);
	newsk->next = next;
	newsk->prev = prev;
	((struct sk_buff_list *)next)->prev = newsk;
	((struct sk_buff_list *)prev)->next = newsk;
	list->qlen++;
}

static inline void __skb_queue_after(struct sk_buff_head *list,
				     struct sk_buff *prev, struct sk_buff *newsk)
{
	__skb_insert(newsk, prev, ((struct sk_buff_list *)prev)->next, list);
}

static inline void __skb_queue_before(struct sk_buff_head *list,
				      struct sk_buff *next, struct sk_buff *newsk)
{
	__skb_insert(newsk, ((struct sk_buff_list *)next)->prev, next, list);
}

static inline void __skb_queue_head(struct sk_buff_head *list,
				    struct sk_buff *newsk)
{
	__skb_queue_after(list, (struct sk_buff *)list, newsk);
}

static inline void __skb_queue_tail(struct sk_buff_head *list,
				    struct sk_buff *newsk)
{
	__skb_queue_before(list, (struct sk_buff *)list, newsk);
}

static inline void __skb_unlink(struct sk_buff *skb, struct sk_buff_head *list)
{
	struct sk_buff *next = skb->next, *prev = skb->prev;

	if (unlikely(!next || !prev))
		redzone_list_bad("packet is on no queue", skb);
	if (unlikely(((struct sk_buff_list *)prev)->next != skb ||
		     ((struct sk_buff_list *)next)->prev != skb))
		redzone_list_bad("neighbours do not point to the packet", skb);
	list->qlen--;
	skb->next = skb->prev = NULL;
	((struct sk_buff_list *)next)->prev = prev;
	((struct sk_buff_list *)prev)->next = next;
}

static inline struct sk_buff *__skb_dequeue(struct sk_buff_head *list)
{
	struct sk_buff *skb = skb_peek(list);

	if (skb)
		__skb_unlink(skb, list);
	return skb;
}

static inline struct sk_buff *__skb_dequeue_tail(struct sk_buff_head *list)
{
	struct sk_buff *skb = skb_peek_tail(list);

	if (skb)
		__skb_unlink(skb, list);
	return skb;
}

static inline void __skb_queue_purge(struct sk_buff_head *list)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(list)) != NULL)
		kfree_skb(skb);
}

void skb_queue_head(struct sk_buff_head *list, struct sk_buff *newsk);
void skb_queue_tail(struct sk_buff_head *list, struct sk_buff *newsk);
struct sk_buff *skb_dequeue(struct sk_buff_head *list);
struct sk_buff *skb_dequeue_tail(struct sk_buff_head *list);
void skb_unlink(struct sk_buff *skb, struct sk_buff_head *list);
void skb_append(struct sk_buff *old, struct sk_buff *newsk,
		struct sk_buff_head *list);
void skb_queue_purge(struct sk_buff_head *list);

static inline void __skb_queue_splice(const struct sk_buff_head *list,
				      struct sk_buff *prev, struct sk_buff *next)
{
	struct sk_buff *first = list->next, *last = list->prev;

	first->prev = prev;
	((struct sk_buff_list *)prev)->next = first;
	last->next = next;
	((struct sk_buff_list *)next)->prev = last;
}

static inline void skb_queue_splice(const struct sk_buff_head *list,
				    struct sk_buff_head *head)
{
	if (skb_queue_empty(list))
		return;
	__skb_queue_splice(list, (struct sk_buff *)head, head->next);
	head->qlen += list->qlen;
}

static inline void skb_queue_splice_init(struct sk_buff_head *list,
					 struct sk_buff_head *head)
{
	skb_queue_splice(list, head);
	__skb_queue_head_init(list);
}

static inline void skb_queue_splice_tail(const struct sk_buff_head *list,
					 struct sk_buff_head *head)
{
	if (skb_queue_empty(list))
		return;
	__skb_queue_splice(list, head->prev, (struct sk_buff *)head);
	head->qlen += list->qlen;
}

static inline void skb_queue_splice_tail_init(struct sk_buff_head *list,
					      struct sk_buff_head *head)
{
	skb_queue_splice_tail(list, head);
	__skb_queue_head_init(list);
}

#define skb_queue_walk(queue, skb) \
	for ((skb) = (queue)->next; (skb) != (struct sk_buff *)(queue); \
	     (skb) = (skb)->next)
#define skb_queue_walk_from(queue, skb) \
	for (; (skb) != (struct sk_buff *)(queue); (skb) = (skb)->next)
#define skb_queue_walk_safe(queue, skb, tmp) \
	for ((skb) = (queue)->next, (tmp) = (skb)->next; \
	     (skb) != (struct sk_buff *)(queue); \
	     (skb) = (tmp), (tmp) = (skb)->next)

/* ---- Packets in a tree: of a stream's segments, of a datagram's fragments ---- */

#define rb_to_skb(rb)		rb_entry_safe(rb, struct sk_buff, rbnode)
#define skb_rb_first(root)	rb_to_skb(rb_first(root))
#define skb_rb_last(root)	rb_to_skb(rb_last(root))
#define skb_rb_next(skb)	rb_to_skb(rb_next(&(skb)->rbnode))
#define skb_rb_prev(skb)	rb_to_skb(rb_prev(&(skb)->rbnode))
#define skb_rbtree_walk_from(skb) \
	for (; (skb) != NULL; (skb) = skb_rb_next(skb))

#endif /* _LINUX_SKBUFF_QUEUE_H */
