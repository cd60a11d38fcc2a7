/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages, as far as packet fragments need them.
 *
 * Changed for testing: a page is a counted block of exactly the size asked for,
 * with poisoned space before it; there are no zones and no compound pages.
 */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/gfp.h>
#include <linux/refcount.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))

struct page {
	refcount_t _refcount;
	u32 size;
	u8 gap[24];			/* an under-run ends here */
	u8 data[] __aligned(16);
};

/**
 * redzone_alloc_page() - a counted block of exactly @size bytes
 *
 * Return: a page with one reference, or NULL on the allocation schedule. Its
 * bytes are uninitialised. Drop it with put_page().
 */
struct page *redzone_alloc_page(size_t size, gfp_t gfp);
void redzone_free_page(struct page *page);

static inline void *page_address(const struct page *page)
{
	return (void *)page->data;
}

static inline void get_page(struct page *page)
{
	refcount_inc(&page->_refcount);
}

static inline void put_page(struct page *page)
{
	if (refcount_dec_and_test(&page->_refcount))
		redzone_free_page(page);
}

static inline int page_count(const struct page *page)
{
	return (int)refcount_read(&page->_refcount);
}

static inline struct page *alloc_page(gfp_t gfp)
{
	return redzone_alloc_page(PAGE_SIZE, gfp);
}

#define __free_page(page)	put_page(page)

#endif /* _LINUX_MM_H */
