/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Compiler annotations under the kernel's names.
 *
 * Faithful, for clang and gcc in userspace; sparse annotations are empty.
 */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define barrier()	__asm__ __volatile__("" : : : "memory")

#ifndef __has_feature
#define __has_feature(x) 0
#endif

#ifndef __always_inline
#define __always_inline	inline __attribute__((__always_inline__))
#endif
#define noinline		__attribute__((__noinline__))
#define __packed		__attribute__((__packed__))
#define __aligned(x)		__attribute__((__aligned__(x)))
#define __maybe_unused		__attribute__((__unused__))
#define __always_unused		__attribute__((__unused__))
#ifndef __used
#define __used			__attribute__((__used__))
#endif
#define __must_check		__attribute__((__warn_unused_result__))
#define __printf(a, b)		__attribute__((__format__(printf, a, b)))
#define __weak			__attribute__((__weak__))
#define __cold			__attribute__((__cold__))
#define __malloc		__attribute__((__malloc__))
#define __noreturn		__attribute__((__noreturn__))
#define __visible
#define __read_mostly
#define __ro_after_init
#define ____cacheline_aligned
#define ____cacheline_aligned_in_smp
#define __cacheline_group_begin(g)
#define fallthrough		__attribute__((__fallthrough__))

#define __user
#define __kernel
#define __rcu
#define __percpu
#define __iomem
#define __force
#define __bitwise
#define __nocast
#define __acquires(x)
#define __releases(x)
#define __must_hold(x)
#define __acquire(x)		((void)0)
#define __release(x)		((void)0)

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))

#define __same_type(a, b) \
	__builtin_types_compatible_p(__typeof__(a), __typeof__(b))
#define OPTIMIZER_HIDE_VAR(var)	__asm__("" : "=r"(var) : "0"(var))

#ifndef static_assert
#define static_assert(expr, ...) \
	rz_static_assert_(expr, ##__VA_ARGS__, #expr)
#define rz_static_assert_(expr, msg, ...) _Static_assert(expr, msg)
#endif

#endif /* _LINUX_COMPILER_H */
