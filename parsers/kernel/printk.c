/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel messages: silent unless REDZONE_PRINTK=1. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/printk.h>

static bool printk_on;

static __attribute__((constructor)) void printk_setup(void)
{
	const char *value = getenv("REDZONE_PRINTK");

	printk_on = value && *value == '1';
}

int _printk(const char *fmt, ...)
{
	va_list args;
	int n;

	if (likely(!printk_on))
		return 0;
	if (fmt[0] == KERN_SOH[0] && fmt[1])
		fmt += 2;
	va_start(args, fmt);
	n = vfprintf(stderr, fmt, args);
	va_end(args);
	return n;
}
