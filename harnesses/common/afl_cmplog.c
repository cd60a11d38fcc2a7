// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcmp() for AFL++'s comparison log: -fsanitize-coverage=trace-cmp sees
 * integer comparisons only, so calls are wrapped at link time.
 */
#include <stddef.h>
#include <stdint.h>

extern void *__afl_cmp_map;

void __cmplog_rtn_hook_n(uint8_t *a, uint8_t *b, uint64_t len);
int __real_memcmp(const void *a, const void *b, size_t len);
int __real_bcmp(const void *a, const void *b, size_t len);
int __wrap_memcmp(const void *a, const void *b, size_t len);
int __wrap_bcmp(const void *a, const void *b, size_t len);

static void log_compare(const void *a, const void *b, size_t len)
{
	if (__afl_cmp_map && len)
		__cmplog_rtn_hook_n((uint8_t *)a, (uint8_t *)b, len);
}

int __wrap_memcmp(const void *a, const void *b, size_t len)
{
	log_compare(a, b, len);
	return __real_memcmp(a, b, len);
}

int __wrap_bcmp(const void *a, const void *b, size_t len)
{
	log_compare(a, b, len);
	return __real_bcmp(a, b, len);
}
