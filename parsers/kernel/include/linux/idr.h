/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small integers for pointers. Changed for testing as <linux/xarray.h> says;
 * the same results for the calls it has.
 */
#ifndef _LINUX_IDR_H
#define _LINUX_IDR_H

#include <linux/xarray.h>

struct idr {
	struct redzone_index index;
	unsigned int idr_base;
	unsigned int idr_next;
};

#define IDR_INIT_BASE(name, base)	{ .idr_base = (base) }
#define IDR_INIT(name)			IDR_INIT_BASE(name, 0)
#define DEFINE_IDR(name)		struct idr name = IDR_INIT(name)

void idr_init_base(struct idr *idr, int base);
void idr_destroy(struct idr *idr);	/* frees the tree, not the objects */

/**
 * idr_alloc() - the lowest free id in [start, end) for @ptr
 * @end: 0 or less for no limit
 *
 * Return: the id, -ENOMEM, or -ENOSPC when the range is full.
 */
int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
/* Lowest free id in [*@nextid, @max]. Return: 0, -ENOMEM, -ENOSPC. */
int idr_alloc_u32(struct idr *idr, void *ptr, u32 *nextid, unsigned long max,
		  gfp_t gfp);
void *idr_remove(struct idr *idr, unsigned long id);
void *idr_find(const struct idr *idr, unsigned long id);
/* Return: the old pointer, or ERR_PTR(-ENOENT). */
void *idr_replace(struct idr *idr, void *ptr, unsigned long id);
/* Stops at the first result that is not 0, and returns it. */
int idr_for_each(const struct idr *idr,
		 int (*fn)(int id, void *p, void *data), void *data);
void *idr_get_next(struct idr *idr, int *nextid);

static inline void idr_init(struct idr *idr)
{
	idr_init_base(idr, 0);
}

static inline bool idr_is_empty(const struct idr *idr)
{
	return !idr->index.count;
}

static inline void idr_preload(gfp_t gfp)
{
}

static inline void idr_preload_end(void)
{
}

#define idr_for_each_entry(idr, entry, id) \
	for ((id) = 0; ((entry) = idr_get_next(idr, &(id))) != NULL; (id)++)

struct ida {
	struct redzone_index index;
};

#define IDA_INIT(name)		{ .index = { NULL, 0, 0 } }
#define DEFINE_IDA(name)	struct ida name = IDA_INIT(name)

void ida_init(struct ida *ida);
void ida_destroy(struct ida *ida);
/* Return: the lowest free id in [min, max], -ENOMEM, or -ENOSPC. */
int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp);
/* Freeing an id that is not allocated is a finding, as in the kernel. */
void ida_free(struct ida *ida, unsigned int id);

static inline int ida_alloc(struct ida *ida, gfp_t gfp)
{
	return ida_alloc_range(ida, 0, ~0u >> 1, gfp);
}

static inline int ida_alloc_max(struct ida *ida, unsigned int max, gfp_t gfp)
{
	return ida_alloc_range(ida, 0, max, gfp);
}

static inline int ida_alloc_min(struct ida *ida, unsigned int min, gfp_t gfp)
{
	return ida_alloc_range(ida, min, ~0u >> 1, gfp);
}

static inline bool ida_is_empty(const struct ida *ida)
{
	return !ida->index.count;
}

#endif /* _LINUX_IDR_H */
