/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guard builds: ids, ablation, bugs brought back, canaries, the counter file.
 *
 * Takes the run time in as source, with bugs of its own, so that it says the
 * same in every build tree and whatever the catalogue holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/wait.h>

#define REDZONE_BUGS_H
enum {
	RZ_BUG_NONE = -1,
	RZ_BUG_CVE_2017_0001,
	RZ_BUG_CVE_2020_0002,
	RZ_BUG_NIMBLE_0123456789AB,
	RZ_BUG_COUNT,
};

const char *const rz_bug_ids[] = {
	"CVE-2017-0001", "CVE-2020-0002", "nimble-0123456789ab", NULL,
};
const char *const rz_bug_tokens[] = {
	"CVE_2017_0001", "CVE_2020_0002", "NIMBLE_0123456789AB", NULL,
};

#undef REDZONE_ONLY
#ifndef REDZONE_GUARDS
#define REDZONE_GUARDS 1
#endif
#include "../../parsers/guard/guard.c"

#include <cmocka.h>	/* behind it: has a fail() of its own */

/* ---- a port in miniature ---- */

static int evaluated;

static bool too_short(size_t len, size_t least)
{
	evaluated++;
	return len < least;
}

static int parse_head(size_t len, int type)
{
	if (malformed(too_short(len, 4)))
		return -1;
	if (malformed(type > 9))
		return -2;
	if (malformed(type>9))
		return -3;
	return 0;
}

static int parse_option(size_t olen)
{
	if (malformed_in(CVE_2017_0001, olen != 9))
		return -1;
	return 0;
}

static int reply(void)
{
	int cleared = 0;

	if (fixed(CVE_2020_0002))
		cleared = 1;
	triggered(CVE_2020_0002, !cleared);
	return cleared;
}

static int parse_tail(size_t len)
{
	int err = 0;

	if (malformed_in(NIMBLE_0123456789AB, len == 1))
		err = -1;
	if (malformed(len > 100))
		err = -2;
	return err;
}

/* An inline function of a header leaves a copy in each object that uses it. */
#define COPY(name) \
	static struct rz_site name = { \
		.file = "parsers/net/inline.h", .func = "copied", .cond = "x < 2", \
		.line = 7, .kind = RZ_SITE_GUARD, .bug = RZ_BUG_NONE, \
	}; \
	static struct rz_site *const name##_ptr \
	__attribute__((section("rz_sites"), used, retain, no_sanitize("address"))) = &name

COPY(first_copy);
COPY(second_copy);

/* ---- helpers ---- */

static const struct rz_guard *find(const char *function, const char *cond)
{
	for (size_t i = 0; i < rz_guard_count(); i++) {
		const struct rz_guard *guard = rz_guard_get(i);

		if (!strcmp(guard->site->func, function) && !strcmp(guard->site->cond, cond))
			return guard;
	}
	fail_msg("no guard %s in %s", cond, function);
	return NULL;
}

static size_t find_index(const char *function, const char *cond)
{
	return (size_t)(find(function, cond) - rz_guard_get(0));
}

static int all_on(void **state)
{
	rz_guard_input_begin();
	for (size_t i = 0; i < rz_guard_count(); i++)
		rz_guard_set_ablated(i, false);
	for (size_t i = 0; i < rz_bug_count(); i++)
		rz_bug_set(i, false);
	return 0;
}

struct child {
	int status;
	char out[4096];
};

/* Run this program again as a child with one more variable in its environment. */
static struct child spawn(const char *mode, const char *name, const char *value)
{
	struct child child = { 0 };
	size_t len = 0;
	ssize_t got;
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		if (name)
			setenv(name, value, 1);
		execl("/proc/self/exe", "test_guard", mode, NULL);
		_exit(99);
	}
	close(fds[1]);
	while (len < sizeof(child.out) - 1 &&
	       (got = read(fds[0], child.out + len, sizeof(child.out) - 1 - len)) > 0)
		len += (size_t)got;
	close(fds[0]);
	waitpid(pid, &child.status, 0);
	return child;
}

/* What a child does: three inputs, the verdicts on standard output. */
static int play(void)
{
	for (size_t len = 2; len < 8; len += 2) {
		rz_guard_input_begin();
		printf("%d %d %d\n", parse_head(len, 3), parse_option(len), reply());
	}
	return 0;
}

/* ---- the table ---- */

static void test_ids(void **state)
{
	char expected[64];
	const struct rz_guard *guard = find("parse_head", "type > 9");

	/* file:function:condhash8, the hash blind to white space, repeats numbered */
	snprintf(expected, sizeof(expected), ":parse_head:%08x", cond_hash("type>9"));
	assert_non_null(strstr(guard->id, expected));
	assert_non_null(strstr(guard->id, "test_guard.c:"));
	assert_null(strchr(guard->id, '#'));
	strcat(expected, "#2");
	assert_non_null(strstr(find("parse_head", "type>9")->id, expected));
	assert_int_equal(cond_hash("a < 4"), cond_hash(" a\t<4 "));
	assert_int_not_equal(cond_hash("a < 4"), cond_hash("a < 5"));
}

static void test_ids_are_unique_and_ordered(void **state)
{
	for (size_t i = 0; i < rz_guard_count(); i++) {
		const struct rz_site *site = rz_guard_get(i)->site;

		assert_int_equal(site->index, i);
		assert_int_equal(site->kind, RZ_SITE_GUARD);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(rz_guard_get(i)->id, rz_guard_get(j)->id);
		if (i && !strcmp(site->file, rz_guard_get(i - 1)->site->file))
			assert_true(site->line >= rz_guard_get(i - 1)->site->line);
	}
	assert_int_equal(find("parse_option", "olen != 9")->site->bug, RZ_BUG_CVE_2017_0001);
	assert_int_equal(find("parse_head", "type > 9")->site->bug, RZ_BUG_NONE);
}

static void test_ids_do_not_move_with_code(void **state)
{
	struct rz_site site = *find("parse_head", "type > 9")->site;
	struct rz_guard moved = { 0 };
	size_t count = nguards;
	struct rz_guard *before = guards;

	site.line += 100;
	guards = &moved;
	guard_name(&moved, &site);
	guards = before;
	assert_int_equal(nguards, count);
	assert_string_equal(moved.id, find("parse_head", "type > 9")->id);
}

static void test_copies_of_one_inline_function_are_one_guard(void **state)
{
	size_t seen = 0;

	for (size_t i = 0; i < rz_guard_count(); i++)
		seen += !strcmp(rz_guard_get(i)->site->func, "copied");
	assert_int_equal(seen, 1);
	assert_int_equal(first_copy.index, second_copy.index);
	assert_string_equal(strchr(rz_guard_get(first_copy.index)->id, 'n'),
			    strchr(rz_guard_get(second_copy.index)->id, 'n'));
}

/* ---- ablation ---- */

static void test_all_guards_on(void **state)
{
	assert_int_equal(parse_head(3, 0), -1);
	assert_int_equal(parse_head(4, 10), -2);
	assert_int_equal(parse_head(4, 9), 0);
	assert_int_equal(parse_option(8), -1);
	assert_int_equal(parse_option(9), 0);
	assert_int_equal(reply(), 1);
}

static void test_an_ablated_guard_never_rejects(void **state)
{
	size_t index = find_index("parse_head", "too_short(len, 4)");
	int before = evaluated;

	rz_guard_set_ablated(index, true);
	assert_int_equal(parse_head(3, 0), 0);
	assert_int_equal(evaluated, before + 1);
	assert_true(rz_guard_was_violated(index));
	assert_int_equal(parse_head(3, 10), -2);
	rz_guard_set_ablated(index, false);
	assert_int_equal(parse_head(3, 0), -1);
}

static void test_each_guard_is_lost_alone(void **state)
{
	rz_guard_set_ablated(find_index("parse_head", "type > 9"), true);
	assert_int_equal(parse_head(4, 10), -3);
	rz_guard_set_ablated(find_index("parse_head", "type>9"), true);
	assert_int_equal(parse_head(4, 10), 0);
	assert_int_equal(parse_head(3, 10), -1);
}

static void test_what_an_input_did(void **state)
{
	size_t head = find_index("parse_head", "too_short(len, 4)");
	size_t type = find_index("parse_head", "type > 9");
	const uint32_t *trace;

	assert_int_equal(rz_guard_last_violated(), -1);
	assert_false(rz_guard_was_reached(head));
	parse_head(3, 10);
	assert_true(rz_guard_was_reached(head) && rz_guard_was_violated(head));
	assert_false(rz_guard_was_reached(type));
	parse_head(4, 10);
	assert_int_equal(rz_guard_last_violated(), type);
	assert_int_equal(rz_guard_trace(&trace), 2);
	assert_int_equal(trace[0], head);
	assert_int_equal(trace[1], type);
	rz_guard_input_begin();
	assert_false(rz_guard_was_reached(head) || rz_guard_was_violated(type));
	assert_int_equal(rz_guard_trace(&trace), 0);
	assert_int_equal(rz_guard_last_violated(), -1);
}

static void test_a_long_trace_is_cut(void **state)
{
	const uint32_t *trace;

	for (int i = 0; i < 3 * RZ_TRACE_MAX; i++)
		parse_head(0, 0);
	assert_int_equal(rz_guard_trace(&trace), RZ_TRACE_MAX);
}

/* ---- bugs ---- */

static void test_a_bug_takes_its_check_away(void **state)
{
	rz_bug_set(RZ_BUG_CVE_2017_0001, true);
	assert_int_equal(parse_option(9), 0);
	assert_false(rz_bug_was_triggered(RZ_BUG_CVE_2017_0001));
	assert_int_equal(parse_option(8), 0);
	assert_true(rz_bug_was_triggered(RZ_BUG_CVE_2017_0001));
	assert_int_equal(parse_tail(1), -1);
}

static void test_a_bug_takes_its_fix_away(void **state)
{
	assert_int_equal(reply(), 1);
	assert_false(rz_bug_was_triggered(RZ_BUG_CVE_2020_0002));
	rz_bug_set(RZ_BUG_CVE_2020_0002, true);
	assert_int_equal(reply(), 0);
	assert_true(rz_bug_was_triggered(RZ_BUG_CVE_2020_0002));
}

static void test_a_canary_counts_with_the_bug_off_too(void **state)
{
	assert_int_equal(parse_option(8), -1);
	assert_true(rz_bug_was_triggered(RZ_BUG_CVE_2017_0001));
	assert_int_equal(parse_tail(1), -1);
	assert_true(rz_bug_was_triggered(RZ_BUG_NIMBLE_0123456789AB));
}

static void test_canaries_freeze_after_a_bug_struck(void **state)
{
	uint64_t tail;

	rz_bug_set(RZ_BUG_CVE_2017_0001, true);
	parse_option(8);
	tail = bug_counters[RZ_BUG_NIMBLE_0123456789AB].reached;
	parse_tail(1);
	assert_false(rz_bug_was_triggered(RZ_BUG_NIMBLE_0123456789AB));
	assert_int_equal(bug_counters[RZ_BUG_NIMBLE_0123456789AB].reached, tail);

	rz_guard_input_begin();
	parse_tail(1);
	assert_true(rz_bug_was_triggered(RZ_BUG_NIMBLE_0123456789AB));
	assert_int_equal(bug_counters[RZ_BUG_NIMBLE_0123456789AB].reached, tail + 1);
}

static void test_selection_by_name(void **state)
{
	assert_int_equal(rz_bug_select("CVE-2017-0001, NIMBLE_0123456789AB"), 0);
	assert_true(bug_on[RZ_BUG_CVE_2017_0001] && bug_on[RZ_BUG_NIMBLE_0123456789AB]);
	assert_false(bug_on[RZ_BUG_CVE_2020_0002]);
	assert_int_equal(rz_bug_select("all"), 0);
	assert_true(bug_on[RZ_BUG_CVE_2020_0002]);
	assert_int_equal(rz_bug_select(""), 0);
	assert_int_equal(rz_bug_select(NULL), 0);
	assert_int_equal(rz_guard_select(find("parse_tail", "len > 100")->id), 0);
	assert_int_equal(parse_tail(101), 0);
}

/* ---- counters ---- */

static void test_counters_are_in_inputs(void **state)
{
	size_t index = find_index("parse_head", "type > 9");
	struct rz_counter before = guard_counters[index];

	for (int i = 0; i < 5; i++)
		parse_head(4, 10);
	assert_int_equal(guard_counters[index].reached, before.reached + 1);
	assert_int_equal(guard_counters[index].violated, before.violated + 1);
	rz_guard_input_begin();
	parse_head(4, 1);
	assert_int_equal(guard_counters[index].reached, before.reached + 2);
	assert_int_equal(guard_counters[index].violated, before.violated + 1);
	assert_true(guard_counters[index].first_violated_exec <= header->execs);
	assert_true(guard_counters[index].first_violated_exec >=
		    guard_counters[index].first_reached_exec);
}

static void test_counter_file(void **state)
{
	char path[] = "test_guard.XXXXXX";
	int fd = mkstemp(path);
	struct rz_canary_header head;
	struct rz_counter counter;
	size_t option = find_index("parse_option", "olen != 9");
	size_t bug = rz_guard_count() + RZ_BUG_CVE_2017_0001;

	assert_true(fd >= 0);
	assert_int_equal(sizeof(head), 64);
	assert_int_equal(sizeof(counter), 48);
	for (int run = 1; run <= 2; run++) {
		assert_int_equal(spawn("play", "REDZONE_CANARIES", path).status, 0);
		assert_int_equal(pread(fd, &head, sizeof(head), 0), sizeof(head));
		assert_memory_equal(head.magic, "RZCANRY1", 8);
		assert_int_equal(head.version, 1);
		assert_int_equal(head.nguards, rz_guard_count());
		assert_int_equal(head.nbugs, RZ_BUG_COUNT);
		assert_int_equal(head.entry_size, sizeof(counter));
		assert_int_equal(head.execs, 3 * run);
		assert_int_equal(lseek(fd, 0, SEEK_END),
				 sizeof(head) + (head.nguards + head.nbugs) * sizeof(counter));
		pread(fd, &counter, sizeof(counter),
		      (off_t)(sizeof(head) + option * sizeof(counter)));
		assert_int_equal(counter.reached, 3 * run);
		assert_int_equal(counter.violated, 3 * run);
		assert_int_equal(counter.first_violated_exec, 1);
		pread(fd, &counter, sizeof(counter),
		      (off_t)(sizeof(head) + bug * sizeof(counter)));
		assert_int_equal(counter.violated, 3 * run);
	}
	close(fd);
	unlink(path);
}

/* ---- the environment ---- */

static void test_environment_selects(void **state)
{
	assert_string_equal(spawn("play", NULL, NULL).out, "-1 -1 1\n0 -1 1\n0 -1 1\n");
	assert_string_equal(spawn("play", "REDZONE_BUGS", "CVE-2017-0001").out,
			    "-1 0 1\n0 0 1\n0 0 1\n");
	assert_string_equal(spawn("play", "REDZONE_BUGS", "all").out, "-1 0 0\n0 0 0\n0 0 0\n");
	assert_string_equal(
		spawn("play", "REDZONE_ABLATE", find("parse_head", "too_short(len, 4)")->id).out,
		"0 -1 1\n0 -1 1\n0 -1 1\n");
}

static void test_unknown_names_end_in_one_line(void **state)
{
	static const char *const wrong[][2] = {
		{ "REDZONE_BUGS", "CVE-1999-0001" },
		{ "REDZONE_ABLATE", "net/none.c:none:00000000" },
		{ "REDZONE_CANARIES", "/nonexistent/folder/file" },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct child child = spawn("play", wrong[i][0], wrong[i][1]);

		assert_true(WIFEXITED(child.status));
		assert_int_equal(WEXITSTATUS(child.status), 2);
		assert_ptr_equal(strchr(child.out, '\n'), child.out + strlen(child.out) - 1);
		assert_non_null(strstr(child.out, wrong[i][1]));
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_ids_are_unique_and_ordered),
		cmocka_unit_test(test_ids_do_not_move_with_code),
		cmocka_unit_test(test_copies_of_one_inline_function_are_one_guard),
		cmocka_unit_test_setup(test_all_guards_on, all_on),
		cmocka_unit_test_setup(test_an_ablated_guard_never_rejects, all_on),
		cmocka_unit_test_setup(test_each_guard_is_lost_alone, all_on),
		cmocka_unit_test_setup(test_what_an_input_did, all_on),
		cmocka_unit_test_setup(test_a_long_trace_is_cut, all_on),
		cmocka_unit_test_setup(test_a_bug_takes_its_check_away, all_on),
		cmocka_unit_test_setup(test_a_bug_takes_its_fix_away, all_on),
		cmocka_unit_test_setup(test_a_canary_counts_with_the_bug_off_too, all_on),
		cmocka_unit_test_setup(test_canaries_freeze_after_a_bug_struck, all_on),
		cmocka_unit_test_setup(test_selection_by_name, all_on),
		cmocka_unit_test_setup(test_counters_are_in_inputs, all_on),
		cmocka_unit_test_setup(test_counter_file, all_on),
		cmocka_unit_test(test_environment_selects),
		cmocka_unit_test(test_unknown_names_end_in_one_line),
	};

	if (argc > 1 && !strcmp(argv[1], "play"))
		return play();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
