/* SPDX-License-Identifier: GPL-2.0-only */
/* 64-bit division. Faithful. */
#ifndef _LINUX_MATH64_H
#define _LINUX_MATH64_H

#include <linux/types.h>

static inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *remainder)
{
	*remainder = (u32)(dividend % divisor);
	return dividend / divisor;
}

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

static inline s64 div_s64(s64 dividend, s32 divisor)
{
	return dividend / divisor;
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

static inline u64 mul_u64_u32_div(u64 a, u32 mul, u32 divisor)
{
	/* Without a 128-bit product, which 32-bit compilers lack. */
	u64 low = (u64)(u32)a * mul;
	u64 high = (a >> 32) * mul + (low >> 32);
	u64 rest = (high % divisor) << 32 | (u32)low;

	return ((high / divisor) << 32) + rest / divisor;
}

#define do_div(n, base) ({				\
	u32 rz_base = (base);				\
	u32 rz_rem = (u32)((n) % rz_base);		\
	(n) /= rz_base;					\
	rz_rem; })

#define DIV64_U64_ROUND_UP(a, b) ({			\
	u64 rz_b = (b);					\
	((a) + rz_b - 1) / rz_b; })

#endif /* _LINUX_MATH64_H */
