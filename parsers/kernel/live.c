/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of live objects: who allocated what. Where an object lands in it
 * depends on its address, so this file is compiled without coverage (and without
 * sanitizers): one input must give one set of edges.
 */
#include <stdlib.h>

#include <linux/compiler.h>
#include <linux/string.h>
#include <redzone/account.h>
#include <redzone/kernel.h>

struct live_object {
	const void *p;			/* NULL: free slot */
	const void *site;		/* return address of the allocation */
	size_t size;
};

/* Open addressing, linear probing, at most half full; never shrinks. */
static struct {
	struct live_object *slots;
	size_t mask;
	size_t count;
} live;

enum { LIVE_SLOTS_MIN = 1024 };

static size_t live_hash(const void *p)
{
	return (size_t)(((u64)(uintptr_t)p >> 4) * 0x9e3779b97f4a7c15ULL >> 32);
}

static void live_insert(const struct live_object *object)
{
	size_t i = live_hash(object->p) & live.mask;

	while (live.slots[i].p)
		i = (i + 1) & live.mask;
	live.slots[i] = *object;
	live.count++;
}

static void live_grow(void)
{
	struct live_object *old = live.slots;
	size_t i, n = old ? live.mask + 1 : 0;

	live.mask = (n ? 2 * n : LIVE_SLOTS_MIN) - 1;
	live.slots = calloc(live.mask + 1, sizeof(*live.slots));
	if (!live.slots)
		redzone_finding("bug", "no memory for the table of live objects");
	live.count = 0;
	for (i = 0; i < n; i++) {
		if (old[i].p)
			live_insert(&old[i]);
	}
	free(old);
}

void redzone_live_add(const void *p, size_t size, const void *site)
{
	struct live_object object = { p, site, size };

	if (unlikely(2 * live.count >= live.mask))
		live_grow();
	live_insert(&object);
}

static struct live_object *live_find(const void *p)
{
	size_t i;

	if (!live.slots)
		return NULL;
	for (i = live_hash(p) & live.mask; live.slots[i].p; i = (i + 1) & live.mask) {
		if (live.slots[i].p == p)
			return &live.slots[i];
	}
	return NULL;
}

size_t redzone_live_size(const void *p)
{
	const struct live_object *object = live_find(p);

	return object ? object->size : 0;
}

/* Close the gap, so that later entries of the same run are still found. */
void redzone_live_remove(const void *p)
{
	struct live_object *object = live_find(p);
	size_t hole, i;

	if (!object)
		return;		/* from before this input */
	hole = (size_t)(object - live.slots);
	for (i = (hole + 1) & live.mask; live.slots[i].p; i = (i + 1) & live.mask) {
		size_t home = live_hash(live.slots[i].p) & live.mask;

		if (((i - home) & live.mask) >= ((i - hole) & live.mask)) {
			live.slots[hole] = live.slots[i];
			hole = i;
		}
	}
	live.slots[hole].p = NULL;
	live.count--;
}

void redzone_live_reset(void)
{
	if (likely(!live.count))
		return;
	memset(live.slots, 0, (live.mask + 1) * sizeof(*live.slots));
	live.count = 0;
}

size_t redzone_live_count(size_t *size, const void **site)
{
	const struct live_object *object;

	if (likely(!live.count))
		return 0;
	for (object = live.slots; !object->p; object++)
		;
	*size = object->size;
	*site = object->site;
	return live.count;
}
