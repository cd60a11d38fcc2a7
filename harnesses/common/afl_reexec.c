// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make afl-fuzz's `-c OTHER` run OTHER.
 *
 * afl-fuzz 4.04c starts the comparison-log binary with the main binary's path
 * and only argv[0] of the right one, so that CMPLOG silently finds nothing. When
 * the comparison map is offered to a process whose argv[0] is another program,
 * this constructor becomes that program. It must read the environment from its
 * arguments: getenv() is not ready at this priority.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int offered_cmplog(char *const *envp)
{
	static const char name[] = "__AFL_CMPLOG_SHM_ID=";

	for (; envp && *envp; envp++)
		if (!strncmp(*envp, name, sizeof(name) - 1))
			return 1;
	return 0;
}

__attribute__((constructor(101), no_sanitize("memory", "address")))
static void rz_reexec(int argc, char **argv, char **envp)
{
	char self[PATH_MAX] = "", wanted[PATH_MAX] = "";
	ssize_t len;

	if (argc < 1 || !offered_cmplog(envp))
		return;
	len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (len < 0 || !realpath(argv[0], wanted))
		return;
	self[len] = '\0';
	if (strcmp(self, wanted))
		execve(wanted, argv, envp);
}
