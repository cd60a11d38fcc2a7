/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of the oracles: run a misuse in a child process and look at what it
 * reported. cmocka's headers must be included before.
 */
#ifndef EXPECT_REPORT_H
#define EXPECT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif

#define UNDER_ASAN __has_feature(address_sanitizer)
#define UNDER_MSAN __has_feature(memory_sanitizer)
#define UNDER_UBSAN __has_feature(undefined_behavior_sanitizer)

/* First line of a test that only makes sense under one sanitizer. */
#define needs(sanitizer) do {	\
	if (!(sanitizer))	\
		skip();		\
} while (0)

/*
 * @misuse must end the child abnormally, and what the child wrote to stderr must
 * contain every one of the texts (up to a NULL).
 */
void expect_report(void (*misuse)(void), const char *text, ...)
	__attribute__((sentinel));

/* @misuse must end the child normally and silently: documented blind spots. */
void expect_silence(void (*misuse)(void));

/* The value is used, as far as the compiler can tell. */
void use_byte(unsigned char value);
void use_bytes(const void *p, size_t len);

#endif /* EXPECT_REPORT_H */
