/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BUG and WARN.
 *
 * Changed for testing: WARN(), WARN_ON() and their ONCE forms are findings and
 * end the process as BUG() does; nothing continues after a warning.
 */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <linux/compiler.h>
#include <linux/types.h>

void __noreturn redzone_bug(const char *file, int line, const char *func,
			    const char *cond) __cold;
void __noreturn redzone_warn(const char *file, int line, const char *func,
			     const char *cond) __cold;
void __noreturn redzone_warn_fmt(const char *func, const char *fmt, ...)
	__cold __printf(2, 3);

/**
 * redzone_not_modelled() - trap a call that this kernel does not model
 * @func: name of the called function, usually __func__
 *
 * Reports the name and aborts, so that no port goes on with an invented result.
 */
void __noreturn redzone_not_modelled(const char *func) __cold;

#define BUG()		redzone_bug(__FILE__, __LINE__, __func__, "BUG()")
#define BUG_ON(c) do {							\
	if (unlikely(c))						\
		redzone_bug(__FILE__, __LINE__, __func__, #c);		\
} while (0)

#define WARN_ON(c) ({							\
	bool rz_warn = !!(c);						\
	if (unlikely(rz_warn))						\
		redzone_warn(__FILE__, __LINE__, __func__, #c);		\
	unlikely(rz_warn); })
#define WARN_ON_ONCE(c)		WARN_ON(c)
#define WARN(c, fmt, ...) ({						\
	bool rz_warn = !!(c);						\
	if (unlikely(rz_warn))						\
		redzone_warn_fmt(__func__, fmt, ##__VA_ARGS__);		\
	unlikely(rz_warn); })
#define WARN_ONCE(c, fmt, ...)	WARN(c, fmt, ##__VA_ARGS__)
#define DEBUG_NET_WARN_ON_ONCE(c)	((void)WARN_ON(c))

#define BUILD_BUG_ON(c)		_Static_assert(!(c), "BUILD_BUG_ON: " #c)
#define BUILD_BUG_ON_MSG(c, m)	_Static_assert(!(c), m)
#define BUILD_BUG_ON_ZERO(c)	(0 * sizeof(char[1 - 2 * !!(c)]))

#endif /* _LINUX_BUG_H */
