/* SPDX-License-Identifier: GPL-2.0-only */
/* Findings of our own: how they are printed, and the kernel's ways to raise them. */
#include <execinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/bug.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <redzone/account.h>
#include <redzone/kernel.h>

/* Every sanitizer's run time has these; a native build has not. */
void __weak __sanitizer_print_stack_trace(void);
void __weak __sanitizer_report_error_summary(const char *line);
void __weak __sanitizer_symbolize_pc(void *pc, const char *fmt, char *out,
				     size_t size);

static void print_stack(void)
{
	void *frames[64];
	int n;

	if (__sanitizer_print_stack_trace) {
		__sanitizer_print_stack_trace();
		return;
	}
	n = backtrace(frames, 64);
	backtrace_symbols_fd(frames, n, STDERR_FILENO);
}

/*
 * @pc is a return address: the instruction before it is meant. The symbolizer
 * writes one string a frame, the innermost first, and an empty one at the end;
 * kzalloc() and the like are not whom one looks for.
 */
const char *redzone_pc_name(const void *pc)
{
	static char name[1024];
	const char *frame = name;

	if (!pc)
		return "?";
	if (!__sanitizer_symbolize_pc) {
		snprintf(name, sizeof(name), "%p", pc);
		return name;
	}
	memset(name, 0, sizeof(name));
	__sanitizer_symbolize_pc((void *)pc, "%f %S", name, sizeof(name) - 1);
	while (strstr(frame, "kernel/include/linux/") && frame[strlen(frame) + 1])
		frame += strlen(frame) + 1;
	return frame;
}

/* A sanitizer knows where reports go; engines redirect stderr. */
static void print_line(const char *line)
{
	if (__sanitizer_report_error_summary)
		__sanitizer_report_error_summary(line);
	else
		fprintf(stderr, "%s\n", line);
}

void redzone_print(const char *fmt, ...)
{
	static char line[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	print_line(line);
}

static void __noreturn vfinding(const char *kind, const char *fmt, va_list args)
{
	static char line[1024];
	int n;

	fflush(stdout);
	n = snprintf(line, sizeof(line), "==%d==ERROR: redzone: %s: ", (int)getpid(),
		     kind);
	vsnprintf(line + n, sizeof(line) - (size_t)n, fmt, args);
	print_line(line);
	print_stack();
	fflush(stderr);
	abort();
}

void redzone_finding(const char *kind, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfinding(kind, fmt, args);
}

void redzone_bug(const char *file, int line, const char *func, const char *cond)
{
	redzone_finding("bug", "%s in %s at %s:%d", cond, func, file, line);
}

void redzone_warn(const char *file, int line, const char *func, const char *cond)
{
	redzone_finding("warn", "%s in %s at %s:%d", cond, func, file, line);
}

void redzone_warn_fmt(const char *func, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	redzone_finding("warn", "%s in %s", text, func);
}

void redzone_not_modelled(const char *func)
{
	redzone_finding("not-modelled", "%s() is not modelled", func);
}

void redzone_refcount_bad(const char *what, int value)
{
	redzone_finding("refcount", "%s (count %d)", what, value);
}

void redzone_list_bad(const char *what, const void *entry)
{
	redzone_finding("list", "%s (%p)", what, entry);
}
