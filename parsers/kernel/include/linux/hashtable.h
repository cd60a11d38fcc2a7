/* SPDX-License-Identifier: GPL-2.0-only */
/* Fixed-size hash tables of hlists. Faithful. */
#ifndef _LINUX_HASHTABLE_H
#define _LINUX_HASHTABLE_H

#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/rculist.h>

#define DECLARE_HASHTABLE(name, bits)	struct hlist_head name[1 << (bits)]
#define DEFINE_HASHTABLE(name, bits) \
	struct hlist_head name[1 << (bits)] = { { NULL } }
#define HASH_SIZE(name)		(ARRAY_SIZE(name))
#define HASH_BITS(name)		((unsigned int)__builtin_ctzl(HASH_SIZE(name)))

#define hash_min(val, bits) \
	(sizeof(val) <= 4 ? hash_32((u32)(val), bits) : hash_64(val, bits))

static inline void __hash_init(struct hlist_head *table, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size; i++)
		INIT_HLIST_HEAD(&table[i]);
}

static inline bool __hash_empty(const struct hlist_head *table, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size; i++) {
		if (!hlist_empty(&table[i]))
			return false;
	}
	return true;
}

#define hash_init(table)	__hash_init(table, HASH_SIZE(table))
#define hash_empty(table)	__hash_empty(table, HASH_SIZE(table))
#define hash_add(table, node, key) \
	hlist_add_head(node, &(table)[hash_min(key, HASH_BITS(table))])
#define hash_add_rcu		hash_add
#define hash_hashed(node)	(!hlist_unhashed(node))
#define hash_del(node)		hlist_del_init(node)
#define hash_del_rcu(node)	hlist_del_init_rcu(node)

#define hash_for_each(name, bkt, obj, member) \
	for ((bkt) = 0, (obj) = NULL; !(obj) && (bkt) < HASH_SIZE(name); (bkt)++) \
		hlist_for_each_entry(obj, &(name)[bkt], member)
#define hash_for_each_safe(name, bkt, tmp, obj, member) \
	for ((bkt) = 0, (obj) = NULL; !(obj) && (bkt) < HASH_SIZE(name); (bkt)++) \
		hlist_for_each_entry_safe(obj, tmp, &(name)[bkt], member)
#define hash_for_each_possible(name, obj, member, key) \
	hlist_for_each_entry(obj, &(name)[hash_min(key, HASH_BITS(name))], member)
#define hash_for_each_possible_rcu	hash_for_each_possible
#define hash_for_each_rcu		hash_for_each

#endif /* _LINUX_HASHTABLE_H */
