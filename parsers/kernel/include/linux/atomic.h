/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic counters. Changed for testing: plain arithmetic, one thread. Wraps like
 * the kernel's, without undefined behaviour.
 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <linux/types.h>

#define ATOMIC_INIT(i)		{ (i) }
#define ATOMIC64_INIT(i)	{ (i) }

static inline int atomic_read(const atomic_t *v)
{
	return v->counter;
}

static inline void atomic_set(atomic_t *v, int i)
{
	v->counter = i;
}

static inline int atomic_add_return(int i, atomic_t *v)
{
	__builtin_add_overflow(v->counter, i, &v->counter);
	return v->counter;
}

static inline int atomic_sub_return(int i, atomic_t *v)
{
	__builtin_sub_overflow(v->counter, i, &v->counter);
	return v->counter;
}

static inline void atomic_add(int i, atomic_t *v)
{
	atomic_add_return(i, v);
}

static inline void atomic_sub(int i, atomic_t *v)
{
	atomic_sub_return(i, v);
}

static inline void atomic_inc(atomic_t *v)
{
	atomic_add_return(1, v);
}

static inline void atomic_dec(atomic_t *v)
{
	atomic_sub_return(1, v);
}

static inline int atomic_inc_return(atomic_t *v)
{
	return atomic_add_return(1, v);
}

static inline int atomic_dec_return(atomic_t *v)
{
	return atomic_sub_return(1, v);
}

static inline bool atomic_dec_and_test(atomic_t *v)
{
	return atomic_sub_return(1, v) == 0;
}

static inline bool atomic_sub_and_test(int i, atomic_t *v)
{
	return atomic_sub_return(i, v) == 0;
}

static inline bool atomic_inc_not_zero(atomic_t *v)
{
	if (!v->counter)
		return false;
	atomic_inc(v);
	return true;
}

static inline bool atomic_add_unless(atomic_t *v, int a, int u)
{
	if (v->counter == u)
		return false;
	atomic_add(a, v);
	return true;
}

static inline int atomic_xchg(atomic_t *v, int i)
{
	int old = v->counter;

	v->counter = i;
	return old;
}

static inline int atomic_cmpxchg(atomic_t *v, int old, int new)
{
	int cur = v->counter;

	if (cur == old)
		v->counter = new;
	return cur;
}

static inline s64 atomic64_read(const atomic64_t *v)
{
	return v->counter;
}

static inline void atomic64_set(atomic64_t *v, s64 i)
{
	v->counter = i;
}

static inline s64 atomic64_add_return(s64 i, atomic64_t *v)
{
	__builtin_add_overflow(v->counter, i, &v->counter);
	return v->counter;
}

static inline void atomic64_inc(atomic64_t *v)
{
	atomic64_add_return(1, v);
}

static inline void atomic64_dec(atomic64_t *v)
{
	atomic64_add_return(-1, v);
}

typedef atomic64_t atomic_long_t;
#define atomic_long_read	atomic64_read
#define atomic_long_set		atomic64_set
#define atomic_long_inc		atomic64_inc
#define atomic_long_dec		atomic64_dec

#define xchg(ptr, x) ({					\
	__typeof__(*(ptr)) rz_old = *(ptr);		\
	*(ptr) = (x);					\
	rz_old; })
#define cmpxchg(ptr, old, new) ({			\
	__typeof__(*(ptr)) rz_cur = *(ptr);		\
	if (rz_cur == (old))				\
		*(ptr) = (new);				\
	rz_cur; })

#endif /* _LINUX_ATOMIC_H */
