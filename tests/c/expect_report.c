/* SPDX-License-Identifier: GPL-2.0-only */
/* See expect_report.h. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "expect_report.h"

#if UNDER_MSAN
#include <sanitizer/msan_interface.h>
#endif

struct child_end {
	int status;
	char report[1 << 16];
};

/* A branch on the value: what MSan waits for. */
void use_byte(unsigned char value)
{
	static volatile unsigned int seen;

	if (value == 0x5a)
		seen++;
}

void use_bytes(const void *p, size_t len)
{
	const volatile unsigned char *bytes = p;

	while (len--)
		use_byte(*bytes++);
}

static void run_child(void (*misuse)(void), int to_parent)
{
	/* cmocka would turn these into a failed test of the child. */
	static const int signals[] = {
		SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL,
	};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
	dup2(to_parent, STDERR_FILENO);
	alarm(60);
	misuse();
	_exit(0);
}

static void run(void (*misuse)(void), struct child_end *end)
{
	size_t len = 0;
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(fds[0]);
		run_child(misuse, fds[1]);
	}
	close(fds[1]);
	for (;;) {
		char rest[512];
		size_t room = sizeof(end->report) - 1 - len;
		ssize_t n = room ? read(fds[0], end->report + len, room) :
				   read(fds[0], rest, sizeof(rest));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if (room)
			len += (size_t)n;
	}
	end->report[len] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &end->status, 0), pid);
}

void expect_report(void (*misuse)(void), const char *text, ...)
{
	static struct child_end end;
	va_list texts;

	run(misuse, &end);
	if (WIFEXITED(end.status) && !WEXITSTATUS(end.status))
		fail_msg("nothing was reported; expected: %s", text);
	va_start(texts, text);
	for (; text; text = va_arg(texts, const char *)) {
		if (strstr(end.report, text))
			continue;
		fputs(end.report, stderr);	/* cmocka would cut it */
		fail_msg("the report above lacks \"%s\"", text);
	}
	va_end(texts);
}

void expect_silence(void (*misuse)(void))
{
	static struct child_end end;

	run(misuse, &end);
	if (!WIFEXITED(end.status) || WEXITSTATUS(end.status) || *end.report) {
		fputs(end.report, stderr);
		fail_msg("expected silence, got the report above");
	}
}
