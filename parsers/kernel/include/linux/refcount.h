/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reference counts.
 *
 * Changed for testing: what the kernel warns of (an increment from 0, a
 * decrement below 1, a decrement to 0 that must not happen, saturation) is a
 * finding of kind "refcount".
 */
#ifndef _LINUX_REFCOUNT_H
#define _LINUX_REFCOUNT_H

#include <linux/types.h>

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)	{ .refs = { (n) } }
#define REFCOUNT_MAX		0x7fffffff
#define REFCOUNT_SATURATED	(-REFCOUNT_MAX - 1)

void __noreturn redzone_refcount_bad(const char *what, int value) __cold;

static inline void refcount_set(refcount_t *r, int n)
{
	r->refs.counter = n;
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return (unsigned int)r->refs.counter;
}

static inline void refcount_add(int i, refcount_t *r)
{
	int old = r->refs.counter;

	if (unlikely(old <= 0))
		redzone_refcount_bad("increment on a dead object", old);
	if (unlikely(i > REFCOUNT_MAX - old))
		redzone_refcount_bad("saturated", old);
	r->refs.counter = old + i;
}

static inline void refcount_inc(refcount_t *r)
{
	refcount_add(1, r);
}

static inline bool refcount_add_not_zero(int i, refcount_t *r)
{
	if (!r->refs.counter)
		return false;
	refcount_add(i, r);
	return true;
}

static inline bool refcount_inc_not_zero(refcount_t *r)
{
	return refcount_add_not_zero(1, r);
}

static inline bool refcount_sub_and_test(int i, refcount_t *r)
{
	int old = r->refs.counter;

	if (unlikely(old < i))
		redzone_refcount_bad("underflow", old);
	r->refs.counter = old - i;
	return old == i;
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	return refcount_sub_and_test(1, r);
}

/* For a caller that knows others hold references too. */
static inline void refcount_dec(refcount_t *r)
{
	int old = r->refs.counter;

	if (unlikely(old <= 1))
		redzone_refcount_bad("decrement hit 0; leaking memory", old);
	r->refs.counter = old - 1;
}

static inline bool refcount_dec_if_one(refcount_t *r)
{
	if (r->refs.counter != 1)
		return false;
	r->refs.counter = 0;
	return true;
}

static inline bool refcount_dec_not_one(refcount_t *r)
{
	if (r->refs.counter == 1)
		return false;
	if (unlikely(r->refs.counter < 1))
		redzone_refcount_bad("underflow", r->refs.counter);
	r->refs.counter--;
	return true;
}

#endif /* _LINUX_REFCOUNT_H */
