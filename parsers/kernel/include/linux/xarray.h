/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arrays indexed by unsigned long.
 *
 * Changed for testing: a sorted array instead of a tree, on a heap block that
 * moves with every growth; the same results for the calls it has. No marks, no
 * multi-index entries, no advanced interface.
 */
#ifndef _LINUX_XARRAY_H
#define _LINUX_XARRAY_H

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct redzone_index_entry {
	unsigned long index;
	void *entry;
};

/* What <linux/xarray.h> and <linux/idr.h> share. */
struct redzone_index {
	struct redzone_index_entry *slots;	/* by index; NULL when empty */
	size_t count;
	size_t room;
};

struct xarray {
	spinlock_t xa_lock;
	unsigned int xa_flags;
	struct redzone_index index;
};

struct xa_limit {
	u32 max;
	u32 min;
};

#define XA_FLAGS_ALLOC		1u	/* free indices are tracked, from 0 */
#define XA_FLAGS_ALLOC1		2u	/* from 1 */
#define XA_LIMIT(_min, _max)	(struct xa_limit) { .min = _min, .max = _max }
#define xa_limit_32b		XA_LIMIT(0, ~0u)
#define xa_limit_31b		XA_LIMIT(0, ~0u >> 1)
#define xa_limit_16b		XA_LIMIT(0, 0xffff)
#define XA_PRESENT		8u

#define XARRAY_INIT(name, flags)	{ .xa_flags = (flags) }
#define DEFINE_XARRAY_FLAGS(name, flags) \
	struct xarray name = XARRAY_INIT(name, flags)
#define DEFINE_XARRAY(name)		DEFINE_XARRAY_FLAGS(name, 0)
#define DEFINE_XARRAY_ALLOC(name)	DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC)
#define DEFINE_XARRAY_ALLOC1(name)	DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC1)

void xa_init_flags(struct xarray *xa, unsigned int flags);
void xa_destroy(struct xarray *xa);	/* frees the array, not the entries */
void *xa_load(struct xarray *xa, unsigned long index);
/* Return: the old entry, or an error for xa_err(); NULL erases. */
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
/* Return: 0, -EBUSY when there is an entry, -ENOMEM. */
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry,
		 gfp_t gfp);
/* Return: 0, -EBUSY when the range is full, -ENOMEM; cyclic: 1 after a wrap. */
int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
	     gfp_t gfp);
int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry,
		    struct xa_limit limit, u32 *next, gfp_t gfp);
/* First entry at or after (find) or after (find_after) *@index, up to @max. */
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max,
	      unsigned int filter);
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
		    unsigned int filter);

static inline void xa_init(struct xarray *xa)
{
	xa_init_flags(xa, 0);
}

static inline bool xa_empty(const struct xarray *xa)
{
	return !xa->index.count;
}

static inline void *xa_mk_value(unsigned long v)
{
	return (void *)((v << 1) | 1);
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

/* Errors are kept apart from entries by the two low bits. */
static inline void *redzone_xa_mk_err(long err)
{
	return (void *)(((unsigned long)err << 2) | 2);
}

static inline bool xa_is_err(const void *entry)
{
	return ((unsigned long)entry & 3) == 2 &&
	       (unsigned long)entry >= (unsigned long)redzone_xa_mk_err(-MAX_ERRNO);
}

static inline int xa_err(const void *entry)
{
	return xa_is_err(entry) ? (int)((long)entry >> 2) : 0;
}

#define xa_lock(xa)		spin_lock(&(xa)->xa_lock)
#define xa_unlock(xa)		spin_unlock(&(xa)->xa_lock)
#define __xa_store		xa_store
#define __xa_erase		xa_erase
#define __xa_insert		xa_insert
#define __xa_alloc		xa_alloc

#define xa_for_each_range(xa, index, entry, start, last) \
	for ((index) = (start), (entry) = xa_find(xa, &(index), last, XA_PRESENT); \
	     (entry); (entry) = xa_find_after(xa, &(index), last, XA_PRESENT))
#define xa_for_each_start(xa, index, entry, start) \
	xa_for_each_range(xa, index, entry, start, ~0UL)
#define xa_for_each(xa, index, entry) \
	xa_for_each_start(xa, index, entry, 0)

#endif /* _LINUX_XARRAY_H */
