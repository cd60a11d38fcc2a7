/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kmalloc family over the C library's heap, or the engines' (redzone/arena.h):
 * one exact-size block an object and a failure schedule. live.c and arena.c know
 * which objects are left.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/kmemleak.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <redzone/account.h>
#include <redzone/arena.h>
#include <redzone/kernel.h>

#define CALLER __builtin_return_address(0)

static struct {
	u16 seed;			/* 0: never fail */
	u32 calls;
	u64 state;
} schedule;

enum {
	FAIL_NTH_MAX = 255,		/* seeds up to here: fail just that call */
	FAIL_ONE_IN = 16,		/* other seeds: fail this share, at random */
};

static bool scheduled_to_fail(void)
{
	u64 x;

	schedule.calls++;
	if (schedule.seed <= FAIL_NTH_MAX)
		return schedule.calls == schedule.seed;
	x = schedule.state += 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return ((x ^ (x >> 31)) % FAIL_ONE_IN) == 0;
}

static __attribute__((constructor)) void heap_setup(void)
{
	const char *heap = getenv("REDZONE_HEAP");

	if (!heap || !*heap || !strcmp(heap, "malloc"))
		return;
	if (strcmp(heap, "arena") || !REDZONE_ASAN) {
		fprintf(stderr, "redzone: REDZONE_HEAP is malloc%s, not %s\n",
			REDZONE_ASAN ? " or arena" : " in this build", heap);
		exit(2);
	}
	redzone_arena_map();
}

void redzone_heap_for_engine(void)
{
	const char *heap = getenv("REDZONE_HEAP");

	if (!heap || !*heap)
		redzone_arena_map();
}

void redzone_heap_begin(u16 fail_seed)
{
	redzone_live_reset();
	redzone_arena_begin();
	schedule.seed = fail_seed;
	schedule.calls = 0;
	schedule.state = fail_seed;
}

void redzone_heap_end(void)
{
	size_t size = 0, count;
	const void *site = NULL;

	schedule.seed = 0;
	count = redzone_live_count(&size, &site) + redzone_arena_live(&size, &site);
	if (unlikely(count))
		redzone_finding("leak",
				"%zu object%s still live; one of %zu bytes, allocated by %s",
				count, count == 1 ? "" : "s", size,
				redzone_pc_name(site));
	redzone_arena_end();
}

void *redzone_heap_alloc(size_t size, gfp_t flags, const void *site)
{
	void *p;

	if (unlikely(schedule.seed) && !(flags & __GFP_NOFAIL) &&
	    scheduled_to_fail())
		return NULL;
	p = redzone_arena_alloc(size, flags & __GFP_ZERO, site);
	if (p)
		return p;
	p = flags & __GFP_ZERO ? calloc(1, size) : malloc(size);
	if (likely(p))
		redzone_live_add(p, size, site);
	return p;
}

void redzone_heap_free(const void *p)
{
	if (redzone_arena_free(p))
		return;
	redzone_live_remove(p);
	free((void *)p);
}

void kmemleak_not_leak(const void *p)
{
	if (!redzone_arena_keep(p))
		redzone_live_remove(p);
}

static void *alloc_limited(size_t size, size_t limit, gfp_t flags,
			   const void *site)
{
	if (unlikely(!size))
		return ZERO_SIZE_PTR;
	if (unlikely(size > limit))
		return NULL;
	return redzone_heap_alloc(size, flags, site);
}

void *kmalloc(size_t size, gfp_t flags)
{
	return alloc_limited(size, KMALLOC_MAX_SIZE, flags, CALLER);
}

void *kvmalloc(size_t size, gfp_t flags)
{
	return alloc_limited(size, KVMALLOC_MAX_SIZE, flags, CALLER);
}

void kfree(const void *p)
{
	if (likely(!ZERO_OR_NULL_PTR(p)))
		redzone_heap_free(p);
}

void kvfree(const void *p)
{
	kfree(p);
}

size_t ksize(const void *p)
{
	size_t size;

	if (ZERO_OR_NULL_PTR(p))
		return 0;
	size = redzone_arena_size(p);
	if (!size)
		size = redzone_live_size(p);
	return size ? size : malloc_usable_size((void *)p);
}

void kfree_sensitive(const void *p)
{
	if (ZERO_OR_NULL_PTR(p))
		return;
	memzero_explicit((void *)p, ksize(p));
	kfree(p);
}

void *krealloc(const void *p, size_t size, gfp_t flags)
{
	size_t old = ksize(p);
	void *new;

	if (!size) {
		kfree(p);
		return ZERO_SIZE_PTR;
	}
	new = alloc_limited(size, KMALLOC_MAX_SIZE, flags, CALLER);
	if (!new || ZERO_OR_NULL_PTR(p))
		return new;
	memcpy(new, p, min(old, size));
	kfree(p);
	return new;
}

void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *p = alloc_limited(len, KMALLOC_MAX_SIZE, gfp, CALLER);

	if (p && len)
		memcpy(p, src, len);
	return p;
}

static char *dup_string(const char *s, size_t len, gfp_t gfp, const void *site)
{
	char *p = alloc_limited(len + 1, KMALLOC_MAX_SIZE, gfp, site);

	if (p) {
		memcpy(p, s, len);
		p[len] = '\0';
	}
	return p;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? dup_string(s, strlen(s), gfp, CALLER) : NULL;
}

char *kstrndup(const char *s, size_t max, gfp_t gfp)
{
	return s ? dup_string(s, strnlen(s, max), gfp, CALLER) : NULL;
}

char *kmemdup_nul(const char *s, size_t len, gfp_t gfp)
{
	return s ? dup_string(s, len, gfp, CALLER) : NULL;
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, slab_flags_t flags,
				     void (*ctor)(void *object))
{
	struct kmem_cache *cache;

	cache = redzone_heap_alloc(sizeof(*cache), GFP_KERNEL | __GFP_ZERO, CALLER);
	if (!cache)
		return NULL;
	cache->name = name;
	cache->size = size;
	cache->flags = flags;
	cache->ctor = ctor;
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	if (!cache)
		return;
	if (cache->live)
		redzone_finding("leak", "kmem_cache %s destroyed with %lu live objects",
				cache->name, cache->live);
	redzone_heap_free(cache);
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	void *object = redzone_heap_alloc(cache->size, flags, CALLER);

	if (!object)
		return NULL;
	cache->live++;
	if (cache->ctor)
		cache->ctor(object);
	return object;
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	if (!object)
		return;
	cache->live--;
	redzone_heap_free(object);
}
