/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel tells the sanitizers about memory. Every call is empty in a
 * build whose sanitizer has no use for it.
 *
 * AddressSanitizer's shadow says of each 8-byte granule how many of its first
 * bytes are addressable. So the end of a poisoned area below live bytes cannot
 * lie inside a granule: an under-run of 1 to 7 bytes goes unseen when the live
 * bytes do not begin at a multiple of 8. Over-runs are exact.
 */
#ifndef REDZONE_SANITIZER_H
#define REDZONE_SANITIZER_H

#include <linux/types.h>

#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define REDZONE_ASAN 1
#else
#define REDZONE_ASAN 0
#endif

#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define REDZONE_MSAN 1
#else
#define REDZONE_MSAN 0
#endif

/* The shadow knows more than the heap: skb head rooms are worth describing. */
#define REDZONE_SHADOW (REDZONE_ASAN || REDZONE_MSAN)

/* Not to be touched, and without a value when it is touched after all. */
static inline void redzone_poison(const void *p, size_t len)
{
#if REDZONE_ASAN
	__asan_poison_memory_region(p, len);
#elif REDZONE_MSAN
	__msan_poison(p, len);
#endif
}

/* Addressable; MSan still waits for the first write. */
static inline void redzone_unpoison(const void *p, size_t len)
{
#if REDZONE_ASAN
	__asan_unpoison_memory_region(p, len);
#endif
}

/* Written by code that MSan does not see. */
static inline void redzone_mark_written(const void *p, size_t len)
{
#if REDZONE_MSAN
	__msan_unpoison(p, len);
#endif
}

/* Must have a value before code that MSan does not see reads it. */
static inline void redzone_check_written(const void *p, size_t len)
{
#if REDZONE_MSAN
	__msan_check_mem_is_initialized(p, len);
#endif
}

#endif /* REDZONE_SANITIZER_H */
