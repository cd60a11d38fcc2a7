/* SPDX-License-Identifier: GPL-2.0-only */
/* Arithmetic that says when it overflows. Faithful. */
#ifndef _LINUX_OVERFLOW_H
#define _LINUX_OVERFLOW_H

#include <linux/types.h>

#define check_add_overflow(a, b, d)	__builtin_add_overflow(a, b, d)
#define check_sub_overflow(a, b, d)	__builtin_sub_overflow(a, b, d)
#define check_mul_overflow(a, b, d)	__builtin_mul_overflow(a, b, d)

/* Saturate to SIZE_MAX, which no allocator grants. */
static inline size_t size_mul(size_t a, size_t b)
{
	size_t n;

	return check_mul_overflow(a, b, &n) ? SIZE_MAX : n;
}

static inline size_t size_add(size_t a, size_t b)
{
	size_t n;

	return check_add_overflow(a, b, &n) ? SIZE_MAX : n;
}

static inline size_t size_sub(size_t a, size_t b)
{
	size_t n;

	if (a == SIZE_MAX || b == SIZE_MAX || check_sub_overflow(a, b, &n))
		return SIZE_MAX;
	return n;
}

#define array_size(a, b)	size_mul(a, b)
#define array3_size(a, b, c)	size_mul(size_mul(a, b), c)
#define flex_array_size(p, member, count) \
	size_mul(count, sizeof(*(p)->member))
#define struct_size(p, member, count) \
	size_add(sizeof(*(p)), flex_array_size(p, member, count))

#endif /* _LINUX_OVERFLOW_H */
