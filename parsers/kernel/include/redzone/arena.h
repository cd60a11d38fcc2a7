/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to parsers/kernel: the heap of fuzzing engines under AddressSanitizer.
 *
 * Objects lie one behind the other in a fixed region, and nothing is used twice
 * before the input ends: a quarantine without a limit. ASan's own allocator took
 * a third of the time of a fast port. The shadow is written as that allocator
 * writes it, so reports keep their kinds (heap-buffer-overflow,
 * heap-use-after-free); a line before each says which object is meant. A free of
 * anything but a live object is passed on to free(), which reports it.
 *
 * Default in engine binaries. Replay, the catalogue and ablation keep malloc();
 * REDZONE_HEAP=arena|malloc chooses in every ASan build.
 *
 * As exact as ASan's heap: sizes to the byte, objects at multiples of 16.
 * Wider: behind an object lie as many closed bytes as it has, at least 256 and at
 * most 4096 (ASan: 16 to 2048); everything from the last object to the end of the
 * region is closed.
 * Weaker:
 *  - an object that an earlier input freed is not known any more. What one input
 *    leaves to the next is no finding: it does not repeat alone;
 *  - reports have no stacks of allocation and free, only the allocating function;
 *  - a region of 4 MiB is as long as one input's quarantine can be: what does not
 *    fit, and objects above 64 KiB, come from malloc().
 * tests/c/test_arena.c shows each.
 */
#ifndef REDZONE_ARENA_H
#define REDZONE_ARENA_H

#include <linux/types.h>
#include <redzone/sanitizer.h>

#if REDZONE_ASAN

void redzone_arena_map(void);
void redzone_arena_begin(void);
void redzone_arena_end(void);

/* NULL: not between begin and end, too large, or the region is full. */
void *redzone_arena_alloc(size_t size, bool zero, const void *site);

/* False: not a live object of the region. */
bool redzone_arena_free(const void *p);
bool redzone_arena_keep(const void *p);
size_t redzone_arena_size(const void *p);	/* 0: as above */

/* Objects of this input that are neither freed nor kept; @site of the first. */
size_t redzone_arena_live(size_t *size, const void **site);

#else

static inline void redzone_arena_map(void) {}
static inline void redzone_arena_begin(void) {}
static inline void redzone_arena_end(void) {}

static inline void *redzone_arena_alloc(size_t size, bool zero, const void *site)
{
	return NULL;
}

static inline bool redzone_arena_free(const void *p)
{
	return false;
}

static inline bool redzone_arena_keep(const void *p)
{
	return false;
}

static inline size_t redzone_arena_size(const void *p)
{
	return 0;
}

static inline size_t redzone_arena_live(size_t *size, const void **site)
{
	return 0;
}

#endif /* REDZONE_ASAN */

#endif /* REDZONE_ARENA_H */
