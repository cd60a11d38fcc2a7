/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists read under RCU. Changed for testing: one thread, so the plain lists do;
 * a deleted entry keeps its forward pointer as in the kernel.
 */
#ifndef _LINUX_RCULIST_H
#define _LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

#define list_add_rcu		list_add
#define list_add_tail_rcu	list_add_tail

static inline void list_del_rcu(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->prev = LIST_POISON2;
}

static inline void hlist_del_rcu(struct hlist_node *n)
{
	__hlist_del(n);
	n->pprev = LIST_POISON2;
}

static inline void hlist_del_init_rcu(struct hlist_node *n)
{
	if (hlist_unhashed(n))
		return;
	__hlist_del(n);
	n->pprev = NULL;
}

#define hlist_add_head_rcu	hlist_add_head
#define list_for_each_entry_rcu(pos, head, member, ...) \
	list_for_each_entry(pos, head, member)
#define hlist_for_each_entry_rcu(pos, head, member, ...) \
	hlist_for_each_entry(pos, head, member)
#define list_first_or_null_rcu	list_first_entry_or_null

#endif /* _LINUX_RCULIST_H */
