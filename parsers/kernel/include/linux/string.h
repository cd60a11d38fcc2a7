/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Strings and memory: the C library's (which the sanitizers intercept) and the
 * kernel's own. Faithful for the calls it has.
 */
#ifndef _LINUX_STRING_H
#define _LINUX_STRING_H

#include <string.h>
#include <linux/types.h>

/**
 * strscpy() - copy a string into a buffer of @count bytes, always terminated
 *
 * Return: characters copied, or -E2BIG when it did not fit.
 */
ssize_t strscpy(char *dst, const char *src, size_t count);

/* Same, and the rest of the buffer is zeroed. */
ssize_t strscpy_pad(char *dst, const char *src, size_t count);

/* The first byte of the area that is not @c, NULL if all are. */
void *memchr_inv(const void *start, int c, size_t bytes);

/* Not optimised away. */
void memzero_explicit(void *s, size_t count);

void *kmemdup(const void *src, size_t len, gfp_t gfp);
char *kstrdup(const char *s, gfp_t gfp);
char *kstrndup(const char *s, size_t max, gfp_t gfp);
char *kmemdup_nul(const char *s, size_t len, gfp_t gfp);

static inline bool mem_is_zero(const void *s, size_t n)
{
	return !memchr_inv(s, 0, n);
}


#endif /* _LINUX_STRING_H */
