/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The heap of fuzzing engines: redzone/arena.h. It writes ASan's shadow itself;
 * the public calls for that know only one kind of poison and take longer than
 * the rest of an allocation.
 */
#include <redzone/arena.h>

#if REDZONE_ASAN

#include <stdio.h>
#include <sys/mman.h>

#include <linux/kernel.h>
#include <redzone/account.h>
#include <redzone/kernel.h>

/* Headers lie in closed memory. */
#define __no_asan __attribute__((no_sanitize("address")))

enum {
	ARENA_SIZE	= 4 << 20,
	ARENA_GUARD	= 64 << 10,	/* closed, on both sides */
	OBJECT_MAX	= 64 << 10,
	GAP_MIN		= 256,
	GAP_MAX		= 4096,
	ALIGNMENT	= 16,

	SHADOW_SCALE	= 3,
	SHADOW_OPEN	= 0x00,
	SHADOW_REDZONE	= 0xfa,		/* heap-buffer-overflow */
	SHADOW_FREED	= 0xfd,		/* heap-use-after-free */

	FILL_BYTE	= 0xbe,		/* as ASan fills what malloc() returns */
};

enum object_state {
	OBJECT_LIVE	= 0x6c697665,
	OBJECT_KEPT	= 0x6b657074,	/* may outlive the input */
	OBJECT_FREED	= 0x66726565,
};

struct object {
	const void *site;
	u32 size;
	u32 state;		/* enum object_state, mixed with the address */
	u8 pad[ALIGNMENT];
	u8 data[];
};

static_assert(offsetof(struct object, data) % ALIGNMENT == 0);

static struct {
	u8 *base, *end;		/* NULL: malloc() only */
	u8 *floor;		/* kept objects of earlier inputs end here */
	u8 *top;		/* the next header; closed from here on */
	size_t shadow_offset;
	size_t live;
	const void *bad_free;	/* the next report is about it */
	bool open, kept;
} arena;

/* ---- The shadow ---- */

__no_asan static u8 *shadow_of(const void *p)
{
	return (u8 *)(((uintptr_t)p >> SHADOW_SCALE) + arena.shadow_offset);
}

__no_asan static void put_word(u8 *at, u64 word)
{
	__builtin_memcpy(at, &word, sizeof(word));
}

/* No memset(): the one in an ASan build looks up the shadow of the shadow. */
__no_asan __attribute__((no_builtin("memset")))
static void shadow_fill(u8 *at, size_t n, u8 value)
{
	u64 word = value * 0x0101010101010101ULL;
	u8 *end = at + n;

	if (n < sizeof(word)) {
		while (at < end)
			*at++ = value;
		return;
	}
	for (; at < end - sizeof(word); at += sizeof(word))
		put_word(at, word);
	put_word(end - sizeof(word), word);
}

__no_asan static void open_object(const struct object *object)
{
	u8 *shadow = shadow_of(object->data);
	size_t whole = object->size >> SHADOW_SCALE;
	u8 rest = object->size & ((1u << SHADOW_SCALE) - 1);

	shadow_fill(shadow, whole, SHADOW_OPEN);
	if (rest)
		shadow[whole] = rest;
}

__no_asan static void close_object(const struct object *object)
{
	shadow_fill(shadow_of(object->data),
		    DIV_ROUND_UP(object->size, 1u << SHADOW_SCALE), SHADOW_FREED);
}

__no_asan static void close_range(const u8 *from, const u8 *to)
{
	shadow_fill(shadow_of(from), (size_t)(to - from) >> SHADOW_SCALE,
		    SHADOW_REDZONE);
}

/* Of every object the same bytes, whatever lay there; may write into the gap. */
__no_asan __attribute__((no_builtin("memset")))
static void fill_object(u8 *at, size_t n, u8 value)
{
	u64 word = value * 0x0101010101010101ULL;
	u8 *end = at + n;

	for (; at < end; at += 4 * sizeof(word)) {
		put_word(at, word);
		put_word(at + 8, word);
		put_word(at + 16, word);
		put_word(at + 24, word);
	}
}

/* ---- Objects ---- */

static u32 mixed(const struct object *object, enum object_state state)
{
	return (u32)state ^ (u32)((uintptr_t)object / ALIGNMENT);
}

__no_asan static bool is(const struct object *object, enum object_state state)
{
	return object->state == mixed(object, state);
}

static bool in_region(const void *p)
{
	return (const u8 *)p >= arena.base && (const u8 *)p < arena.end;
}

/* Whatever @p is: what would be its header lies in the region too. */
static struct object *header_of(const void *p)
{
	if (!in_region(p) || (uintptr_t)p % ALIGNMENT)
		return NULL;
	return container_of((u8 (*)[])p, struct object, data);
}

static size_t span(size_t size)
{
	size_t bytes = ALIGN(size, ALIGNMENT);

	return bytes + clamp_t(size_t, bytes, GAP_MIN, GAP_MAX);
}

__no_asan static struct object *next_object(const struct object *object)
{
	return (struct object *)(object->data + span(object->size));
}

__no_asan void *redzone_arena_alloc(size_t size, bool zero, const void *site)
{
	struct object *object = (struct object *)arena.top;

	if (unlikely(!arena.open || size > OBJECT_MAX))
		return NULL;
	if (unlikely(span(size) + sizeof(*object) > (size_t)(arena.end - arena.top)))
		return NULL;
	object->site = site;
	object->size = (u32)size;
	object->state = mixed(object, OBJECT_LIVE);
	arena.top = (u8 *)next_object(object);
	arena.live++;
	open_object(object);
	fill_object(object->data, size, zero ? 0 : FILL_BYTE);
	return object->data;
}

__no_asan bool redzone_arena_free(const void *p)
{
	struct object *object = header_of(p);

	if (object && likely(is(object, OBJECT_LIVE))) {
		arena.live--;
	} else if (!object || !is(object, OBJECT_KEPT)) {
		arena.bad_free = in_region(p) ? p : NULL;
		return false;
	}
	object->state = mixed(object, OBJECT_FREED);
	close_object(object);
	return true;
}

__no_asan bool redzone_arena_keep(const void *p)
{
	struct object *object = header_of(p);

	if (!object || !is(object, OBJECT_LIVE))
		return false;
	object->state = mixed(object, OBJECT_KEPT);
	arena.live--;
	arena.kept = true;
	return true;
}

__no_asan size_t redzone_arena_size(const void *p)
{
	const struct object *object = header_of(p);

	if (!object || !(is(object, OBJECT_LIVE) || is(object, OBJECT_KEPT)))
		return 0;
	return object->size;
}

__no_asan size_t redzone_arena_live(size_t *size, const void **site)
{
	const struct object *object = (const struct object *)arena.floor;

	if (likely(!arena.live))
		return 0;
	while (!is(object, OBJECT_LIVE))
		object = next_object(object);
	*size = object->size;
	*site = object->site;
	return arena.live;
}

/* ---- Inputs ---- */

void redzone_arena_map(void)
{
	size_t scale;
	u8 *p;

	if (arena.base)
		return;
	__asan_get_shadow_mapping(&scale, &arena.shadow_offset);
	if (scale != SHADOW_SCALE)
		redzone_finding("bug", "shadow scale %zu is not known", scale);
	p = mmap(NULL, ARENA_SIZE + 2 * ARENA_GUARD, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		redzone_finding("bug", "no memory for the heap of inputs");
	close_range(p, p + ARENA_SIZE + 2 * ARENA_GUARD);
	arena.base = p + ARENA_GUARD;
	arena.end = arena.base + ARENA_SIZE;
	arena.floor = arena.base;
	arena.top = arena.base;
}

void redzone_arena_begin(void)
{
	if (!arena.base)
		return;
	if (unlikely(arena.kept))
		arena.floor = arena.top;
	else
		close_range(arena.floor, arena.top);
	arena.top = arena.floor;
	arena.live = 0;
	arena.kept = false;
	arena.open = true;
}

void redzone_arena_end(void)
{
	arena.open = false;
}

/* ---- Reports ---- */

/* The last object that begins, with its header, at or below @p. */
__no_asan static const struct object *object_near(const u8 *p)
{
	const struct object *object = (const struct object *)arena.floor;
	const struct object *next;

	if (p < arena.floor || p >= arena.end || arena.floor == arena.top)
		return NULL;
	while ((next = next_object(object)) < (const struct object *)arena.top &&
	       (const u8 *)next <= p)
		object = next;
	return object;
}

/* ASan calls this before it prints a report; of a bad free it tells no address. */
void __asan_on_error(void);

__no_asan void __asan_on_error(void)
{
	const u8 *reported = __asan_get_report_address();
	const u8 *p = reported ? reported : arena.bad_free;
	const struct object *object = object_near(p);
	char where[64];

	if (!object)
		return;
	if (p < object->data)
		snprintf(where, sizeof(where), "%td bytes before", object->data - p);
	else if (p < object->data + object->size)
		snprintf(where, sizeof(where), "%td bytes inside", p - object->data);
	else
		snprintf(where, sizeof(where), "%td bytes after",
			 p - object->data - (ptrdiff_t)object->size);
	redzone_print("redzone: %p is %s the %u-byte object at %p (%s), allocated by %s",
		      p, where, object->size, object->data,
		      is(object, OBJECT_FREED) ? "freed" : "live",
		      redzone_pc_name(object->site));
}

#endif /* REDZONE_ASAN */
