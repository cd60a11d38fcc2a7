// SPDX-License-Identifier: GPL-2.0-only
/*
 * `redzone-replay --serve`: plays one input a request, each in a fresh child, so
 * that a sanitizer's start-up is paid once and not an input.
 *
 * A request is a line on standard input, its fields set off by tabs:
 *	TARGET FILE LOG BUGS GUARDS CPU_MS MEMORY_MIB
 * LOG takes the child's standard error; empty BUGS and GUARDS switch nothing.
 * The answer is the result line of `run`, if the child got that far, and then
 *	{"end":wait status,"late":bool,"swollen":bool}
 * A child that takes too long or too much is sent SIGABRT, so that its
 * sanitizer says where it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <redzone/guard_runtime.h>

#include "runtime.h"

enum {
	FIELDS		= 7,
	LINE_SIZE	= 16384,
	POLL_NS		= 20 * 1000 * 1000,
	WALL_FACTOR	= 20,	/* a child may wait for a busy machine so much longer */
	DYING_POLLS	= 400,	/* for the report of a child that was stopped */
};

enum field {
	TARGET,
	INPUT,
	LOG,
	BUGS,
	GUARDS,
	CPU_MS,
	MEMORY_MIB,
};

struct ending {
	int status;
	bool late, swollen;
};

/* ---- in the child ---- */

static void child(char **field)
{
	const struct rz_target *target = rz_target_find(field[TARGET]);
	int log = open(field[LOG], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct rlimit none = { 0, 0 };
	sigset_t nothing;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&nothing);
	sigprocmask(SIG_SETMASK, &nothing, NULL);
	setrlimit(RLIMIT_CORE, &none);
	if (log < 0 || dup2(log, STDERR_FILENO) < 0)
		_exit(3);
	if (!target || rz_bug_select(field[BUGS]) || rz_guard_select(field[GUARDS]))
		_exit(2);
	if (target->initialize) {
		char *argv[] = { (char *)"redzone-replay", NULL }, **args = argv;
		int argc = 1;

		target->initialize(&argc, &args);
	}
	exit(rz_run_one(target, field[INPUT], 1));
}

/* ---- in the parent ---- */

static uint64_t cpu_ms_of(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &used))
		return 0;
	return (uint64_t)used.tv_sec * 1000 + (uint64_t)used.tv_nsec / 1000000;
}

static uint64_t memory_mib_of(pid_t pid)
{
	unsigned long long pages = 0;
	char path[64];
	FILE *statm;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	statm = fopen(path, "r");
	if (!statm)
		return 0;
	if (fscanf(statm, "%*u %llu", &pages) != 1)
		pages = 0;
	fclose(statm);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE) >> 20;
}

static void pause_for_child(const sigset_t *chld)
{
	const struct timespec poll = { 0, POLL_NS };

	sigtimedwait(chld, NULL, &poll);
}

static void await(pid_t pid, uint64_t cpu_ms, uint64_t memory_mib, struct ending *end)
{
	uint64_t polls = 0, most = cpu_ms * WALL_FACTOR * 1000000 / POLL_NS;
	int dying = 0;
	sigset_t chld;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	while (waitpid(pid, &end->status, WNOHANG) == 0) {
		pause_for_child(&chld);
		if (dying) {
			if (++dying > DYING_POLLS)
				kill(-pid, SIGKILL);
			continue;
		}
		end->swollen = memory_mib && memory_mib_of(pid) > memory_mib;
		end->late = end->swollen || cpu_ms_of(pid) > cpu_ms || polls++ > most;
		if (end->late) {
			kill(pid, SIGABRT);
			dying = 1;
		}
	}
}

static int serve_one(char **field)
{
	struct ending end = { 0 };
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		perror("redzone-replay: fork");
		return 3;
	}
	if (!pid)
		child(field);
	await(pid, strtoull(field[CPU_MS], NULL, 10), strtoull(field[MEMORY_MIB], NULL, 10),
	      &end);
	printf("\n{\"end\":%d,\"late\":%s,\"swollen\":%s}\n", end.status,
	       end.late ? "true" : "false", end.swollen ? "true" : "false");
	return fflush(stdout) ? 3 : 0;
}

/* Cut a request into its fields; false if there are not as many as there must be. */
static bool cut(char *line, char **field)
{
	int n = 0;

	line[strcspn(line, "\n")] = '\0';
	for (char *at = line; at && n < FIELDS; n++)
		field[n] = strsep(&at, "\t");
	return n == FIELDS;
}

int rz_serve_main(void)
{
	static char line[LINE_SIZE];
	char *field[FIELDS];
	int err = 0;
	sigset_t chld;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	setvbuf(stdin, NULL, _IONBF, 0);
	while (!err && fgets(line, sizeof(line), stdin)) {
		if (!cut(line, field)) {
			fprintf(stderr, "redzone-replay: a request has %d fields\n", FIELDS);
			return 2;
		}
		err = serve_one(field);
	}
	return err;
}
