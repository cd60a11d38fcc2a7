/* SPDX-License-Identifier: GPL-2.0-only */
/* min, max, clamp. Faithful: operands are evaluated once and must be of one type. */
#ifndef _LINUX_MINMAX_H
#define _LINUX_MINMAX_H

#define rz_pick(x, y, ux, uy, op) ({			\
	__typeof__(x) ux = (x);				\
	__typeof__(y) uy = (y);				\
	(void)(&ux == &uy);				\
	ux op uy ? ux : uy; })
#define rz_paste_(a, b) a##b
#define rz_paste(a, b) rz_paste_(a, b)

#define min(x, y) \
	rz_pick(x, y, rz_paste(rz_x_, __COUNTER__), rz_paste(rz_y_, __COUNTER__), <)
#define max(x, y) \
	rz_pick(x, y, rz_paste(rz_x_, __COUNTER__), rz_paste(rz_y_, __COUNTER__), >)
#define min3(x, y, z)	min((__typeof__(x))min(x, y), z)
#define max3(x, y, z)	max((__typeof__(x))max(x, y), z)
#define min_t(type, x, y)	min((type)(x), (type)(y))
#define max_t(type, x, y)	max((type)(x), (type)(y))
#define clamp(val, lo, hi)	min((__typeof__(val))max(val, lo), hi)
#define clamp_t(type, val, lo, hi) \
	min_t(type, max_t(type, val, lo), hi)
#define clamp_val(val, lo, hi)	clamp_t(__typeof__(val), val, lo, hi)
/* The smaller one that is not 0. */
#define min_not_zero(x, y) ({				\
	__typeof__(x) rz_nx = (x);			\
	__typeof__(y) rz_ny = (y);			\
	rz_nx == 0 ? rz_ny : (rz_ny == 0 ? rz_nx : min(rz_nx, rz_ny)); })

#define swap(a, b) do {					\
	__typeof__(a) rz_swap = (a);			\
	(a) = (b);					\
	(b) = rz_swap;					\
} while (0)

#endif /* _LINUX_MINMAX_H */
