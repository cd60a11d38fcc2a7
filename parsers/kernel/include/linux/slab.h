/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Heap allocation.
 *
 * Changed for testing: every object is an exact-size heap block of its own and
 * is freed at once (no cache recycles it), so that a sanitizer sees each
 * overflow and each use after free. Allocations fail on the input's schedule;
 * what is still live at the end of an input is a finding. A size above
 * KMALLOC_MAX_SIZE gives NULL without the kernel's warning.
 */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/types.h>

#define ZERO_SIZE_PTR		((void *)16)
#define ZERO_OR_NULL_PTR(x)	((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)

#define KMALLOC_MAX_SIZE	(4UL << 20)	/* order 10, as on x86-64 */
#define KVMALLOC_MAX_SIZE	(64UL << 20)	/* a machine with little memory */
#define ARCH_KMALLOC_MINALIGN	8

#define SLAB_HWCACHE_ALIGN	((slab_flags_t)0x00002000u)
#define SLAB_TYPESAFE_BY_RCU	((slab_flags_t)0x00080000u)
#define SLAB_PANIC		((slab_flags_t)0x00040000u)
#define SLAB_ACCOUNT		((slab_flags_t)0x04000000u)
#define SLAB_RECLAIM_ACCOUNT	((slab_flags_t)0x00020000u)
#define SLAB_MEM_SPREAD		((slab_flags_t)0x00100000u)

/**
 * kmalloc() - allocate @size bytes, uninitialised unless __GFP_ZERO
 *
 * Return: an object of exactly @size bytes (ZERO_SIZE_PTR for 0), or NULL when
 * the size is absurd or the allocation schedule says so. Free with kfree().
 */
void *kmalloc(size_t size, gfp_t flags) __must_check;

/**
 * krealloc() - resize an object; it always moves
 *
 * As in the kernel @p NULL allocates and @size 0 frees; on failure the old
 * object stays valid.
 */
void *krealloc(const void *p, size_t size, gfp_t flags) __must_check;

/* Frees what kmalloc() and its relatives gave; NULL and ZERO_SIZE_PTR are fine. */
void kfree(const void *p);
void kfree_sensitive(const void *p);

/* The size asked for: there is no slack to use. */
size_t ksize(const void *p);

void *kvmalloc(size_t size, gfp_t flags) __must_check;
void kvfree(const void *p);

static inline void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

static inline void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (unlikely(check_mul_overflow(n, size, &bytes)))
		return NULL;
	return kmalloc(bytes, flags);
}

static inline void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	return kmalloc_array(n, size, flags | __GFP_ZERO);
}

static inline void *krealloc_array(void *p, size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (unlikely(check_mul_overflow(n, size, &bytes)))
		return NULL;
	return krealloc(p, bytes, flags);
}

static inline void *kvzalloc(size_t size, gfp_t flags)
{
	return kvmalloc(size, flags | __GFP_ZERO);
}

static inline void *kvmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (unlikely(check_mul_overflow(n, size, &bytes)))
		return NULL;
	return kvmalloc(bytes, flags);
}

static inline void *kvcalloc(size_t n, size_t size, gfp_t flags)
{
	return kvmalloc_array(n, size, flags | __GFP_ZERO);
}

#define kmalloc_node(size, flags, node)	((void)(node), kmalloc(size, flags))
#define kzalloc_node(size, flags, node)	((void)(node), kzalloc(size, flags))

/* A named object size; it caches nothing. */
struct kmem_cache {
	const char *name;
	unsigned int size;
	slab_flags_t flags;
	void (*ctor)(void *object);
	unsigned long live;
};

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, slab_flags_t flags,
				     void (*ctor)(void *object));
/* A cache destroyed while it still has objects is a finding, as in the kernel. */
void kmem_cache_destroy(struct kmem_cache *cache);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags) __must_check;
void kmem_cache_free(struct kmem_cache *cache, void *object);

static inline void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t flags)
{
	return kmem_cache_alloc(cache, flags | __GFP_ZERO);
}

#define KMEM_CACHE(type, flags) \
	kmem_cache_create(#type, sizeof(struct type), __alignof__(struct type), \
			  (flags), NULL)

#endif /* _LINUX_SLAB_H */
