// SPDX-License-Identifier: GPL-2.0-only
/*
 * `redzone-replay TARGET ablate`: what happens to which input when one guard is
 * lost, without a rebuild and without a process start an input.
 *
 * A child plays all inputs with every guard on: the baseline, which also says
 * which guards an input violates. An input that does not violate a guard runs
 * the same with and without it, so for each guard only its violators are played
 * again, in a child with that one guard off. The child of a fault is replaced
 * and the replay goes on behind it. What differs from the baseline counts only
 * after confirmation in fresh children that play this one input alone.
 *
 * Output, JSON lines: first {"baseline":{...}}, then one object a guard:
 *	{"guard":id,"index":n,"violating_inputs":n,"executions":n,
 *	 "truncated":bool,"outcomes":[{"kind":k,"input":path,"confirmed":bool,
 *	 "signal":n|null,"exit":n|null,"log":path|null}]}
 * with kind one of fault hang verdict effects output, and for what did not
 * confirm carry-over or nondeterministic.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <redzone/guard_runtime.h>

#include "runtime.h"

enum {
	HANG_EXIT	= 113,	/* a child's own exit code for "CPU limit" */
	HANGS_BEFORE_SAMPLING = 3,
	SAMPLE_STEP	= 8,
	CONFIRM_TRIES	= 3,	/* inputs tried until one difference confirms */
};

enum status {
	NOT_RUN,
	RUNNING,
	DONE,
	FAULT,
	HANG,
};

/* One execution, in memory shared with the child that does it. */
struct slot {
	enum status status;
	int wait_status;
	struct rz_result result;
};

struct ablation {
	const struct rz_target *target;
	const struct rz_ablate_options *options;
	struct rz_file *files;
	size_t nfiles;
	struct slot *baseline, *slots;	/* shared; one an input */
	struct slot *single;		/* shared; for confirmations */
	uint8_t *violated;		/* shared; nfiles rows of nguards bytes */
	size_t nguards;
	size_t executions;
	FILE *out;
	char log[4096];			/* of the last fault; "" when there is none */
};

static void *shared_alloc(size_t size)
{
	void *mem = mmap(NULL, size ? size : 1, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED) {
		perror("redzone-replay: shared memory");
		exit(3);
	}
	return mem;
}

/* ---- in the child ---- */

static void on_cpu_limit(int sig)
{
	_exit(HANG_EXIT);
}

static void arm(unsigned int cpu_ms)
{
	struct itimerval timer = {
		.it_value = { cpu_ms / 1000, (cpu_ms % 1000) * 1000 },
	};

	setitimer(ITIMER_PROF, &timer, NULL);
}

static void child_log(const struct ablation *ab)
{
	const char *path = ab->log[0] ? ab->log : "/dev/null";
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		_exit(3);
	dup2(fd, STDERR_FILENO);
}

static void child_setup(const struct ablation *ab, int guard)
{
	struct sigaction action = { .sa_handler = on_cpu_limit };
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	sigaction(SIGPROF, &action, NULL);
	child_log(ab);
	if (guard >= 0)
		rz_guard_set_ablated((size_t)guard, true);
}

static void child_play(const struct ablation *ab, size_t input, struct slot *slot)
{
	slot->status = RUNNING;
	arm(ab->options->cpu_ms);
	rz_play(ab->target, &ab->files[input], &slot->result);
	arm(0);
	slot->status = DONE;
}

static void child_note_violated(const struct ablation *ab, size_t input)
{
	for (size_t g = 0; g < ab->nguards; g++)
		ab->violated[input * ab->nguards + g] = rz_guard_was_violated(g);
}

/* ---- in the parent ---- */

/* Name of the report file of a child; the parent drops it if nothing faults. */
static void name_log(struct ablation *ab, int guard, size_t input, const char *tag)
{
	if (!ab->options->log_dir) {
		ab->log[0] = '\0';
		return;
	}
	snprintf(ab->log, sizeof(ab->log), "%s/g%d-i%zu%s.log", ab->options->log_dir,
		 guard, input, tag);
}

static int wait_child(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno == EINTR)
			continue;
		perror("redzone-replay: waitpid");
		exit(3);
	}
	return status;
}

static pid_t must_fork(void)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		perror("redzone-replay: fork");
		exit(3);
	}
	return pid;
}

static void judge(struct slot *slot, int wait_status)
{
	bool hang = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == HANG_EXIT;

	slot->wait_status = wait_status;
	slot->status = hang ? HANG : FAULT;
}

static void drop_log(const struct ablation *ab)
{
	if (ab->log[0])
		unlink(ab->log);
}

/*
 * Play inputs[from..n) in one child, guard @guard off (-1: none). Returns how
 * far it came: n, or the index behind the input that ended the child.
 */
static size_t play_batch(struct ablation *ab, const size_t *inputs, size_t from,
			 size_t n, int guard)
{
	struct slot *slots = guard < 0 ? ab->baseline : ab->slots;
	int wait_status;
	pid_t pid;

	name_log(ab, guard, inputs[from], "");
	pid = must_fork();
	if (!pid) {
		child_setup(ab, guard);
		for (size_t i = from; i < n; i++) {
			child_play(ab, inputs[i], &slots[inputs[i]]);
			if (guard < 0)
				child_note_violated(ab, inputs[i]);
		}
		_exit(0);
	}
	wait_status = wait_child(pid);
	for (size_t i = from; i < n; i++) {
		struct slot *slot = &slots[inputs[i]];

		if (slot->status == DONE) {
			ab->executions++;
			continue;
		}
		ab->executions++;
		judge(slot, wait_status);
		/* The report that counts is the one of the confirmation. */
		if (guard >= 0 || slot->status == HANG)
			drop_log(ab);
		return i + 1;
	}
	drop_log(ab);
	return n;
}

/* One input alone in a fresh child; the report, if any, is in ab->log. */
static void play_alone(struct ablation *ab, size_t input, int guard, const char *tag,
		       struct slot *slot)
{
	int wait_status;
	pid_t pid;

	memset(ab->single, 0, sizeof(*ab->single));
	name_log(ab, guard, input, tag);
	pid = must_fork();
	if (!pid) {
		child_setup(ab, guard);
		child_play(ab, input, ab->single);
		_exit(0);
	}
	wait_status = wait_child(pid);
	ab->executions++;
	if (ab->single->status != DONE)
		judge(ab->single, wait_status);
	if (ab->single->status != FAULT)
		drop_log(ab);
	*slot = *ab->single;
}

/* ---- outcomes ---- */

static void print_outcome(struct ablation *ab, const char **comma, const char *kind,
			  size_t input, const struct slot *slot, bool confirmed)
{
	int status = slot ? slot->wait_status : 0;

	fprintf(ab->out, "%s{\"kind\":\"%s\",\"input\":", *comma, kind);
	rz_json_string(ab->out, ab->files[input].path);
	fprintf(ab->out, ",\"confirmed\":%s", confirmed ? "true" : "false");
	if (slot && WIFSIGNALED(status))
		fprintf(ab->out, ",\"signal\":%d,\"exit\":null", WTERMSIG(status));
	else if (slot)
		fprintf(ab->out, ",\"signal\":null,\"exit\":%d", WEXITSTATUS(status));
	else
		fprintf(ab->out, ",\"signal\":null,\"exit\":null");
	fprintf(ab->out, ",\"log\":");
	if (slot && slot->status == FAULT && ab->log[0])
		rz_json_string(ab->out, ab->log);
	else
		fprintf(ab->out, "null");
	fputc('}', ab->out);
	*comma = ",";
}

/* A fault or hang counts if this input alone shows it, and only without the guard. */
static bool confirm_bad(struct ablation *ab, const char **comma, size_t input, int guard)
{
	struct slot with, without;
	bool confirmed;

	play_alone(ab, input, -1, "-clean", &without);
	drop_log(ab);
	play_alone(ab, input, guard, "-alone", &with);
	confirmed = with.status != DONE && without.status == DONE;
	print_outcome(ab, comma, !confirmed ? "carry-over" :
		      with.status == HANG ? "hang" : "fault", input,
		      with.status == DONE ? NULL : &with, confirmed);
	return confirmed;
}

static bool differs(const struct slot *a, const struct slot *b, enum sink_digest kind)
{
	return a->result.digest[kind] != b->result.digest[kind];
}

/* A digest difference counts if two fresh ablated runs agree on it. */
static bool confirm_digest(struct ablation *ab, const char **comma, size_t input,
			   int guard, enum sink_digest kind)
{
	static const char *const names[SINK_DIGESTS] = {
		[SINK_VERDICT] = "verdict",
		[SINK_OUTPUT] = "output",
		[SINK_EFFECTS] = "effects",
	};
	struct slot first, second, clean;
	const char *outcome = names[kind];

	play_alone(ab, input, -1, "-clean", &clean);
	play_alone(ab, input, guard, "-first", &first);
	play_alone(ab, input, guard, "-second", &second);
	if (first.status != DONE || second.status != DONE || clean.status != DONE ||
	    differs(&first, &second, kind))
		outcome = "nondeterministic";
	else if (!differs(&first, &clean, kind))
		outcome = "carry-over";
	print_outcome(ab, comma, outcome, input, NULL, outcome == names[kind]);
	return outcome == names[kind];
}

static void report_digests(struct ablation *ab, const char **comma, const size_t *inputs,
			   size_t n, int guard, enum sink_digest kind)
{
	int tries = 0;

	for (size_t i = 0; i < n && tries < CONFIRM_TRIES; i++) {
		const struct slot *slot = &ab->slots[inputs[i]];

		if (slot->status != DONE ||
		    !differs(slot, &ab->baseline[inputs[i]], kind))
			continue;
		tries++;
		if (confirm_digest(ab, comma, inputs[i], guard, kind))
			return;
	}
}

/* The inputs that violate @guard and are clean in the baseline, spread evenly. */
static size_t violators(const struct ablation *ab, size_t guard, size_t *inputs)
{
	uint64_t state = 12345;
	size_t n = 0;

	for (size_t i = 0; i < ab->nfiles; i++)
		if (ab->baseline[i].status == DONE &&
		    ab->violated[i * ab->nguards + guard])
			inputs[n++] = i;
	/* A fixed shuffle: what the limits below cut off is not the list's tail. */
	for (size_t i = n; i > 1; i--) {
		size_t j, swap;

		state = state * 6364136223846793005u + 1442695040888963407u;
		j = (state >> 33) % i;
		swap = inputs[i - 1];
		inputs[i - 1] = inputs[j];
		inputs[j] = swap;
	}
	return n;
}

/* Play all violators; returns true when a limit left some of them out. */
static bool sweep(struct ablation *ab, const size_t *inputs, size_t n, int guard)
{
	unsigned int faults = 0, hangs = 0;
	size_t from = 0;

	memset(ab->slots, 0, ab->nfiles * sizeof(*ab->slots));
	while (from < n && faults < ab->options->max_faults) {
		const struct slot *last;

		/* Past the hang limit, each further child plays one sample only. */
		if (hangs >= HANGS_BEFORE_SAMPLING) {
			play_batch(ab, inputs, from, from + 1, guard);
			last = &ab->slots[inputs[from]];
			from += SAMPLE_STEP;
		} else {
			from = play_batch(ab, inputs, from, n, guard);
			last = &ab->slots[inputs[from - 1]];
		}
		faults += last->status == FAULT;
		hangs += last->status == HANG;
	}
	return from < n || hangs > HANGS_BEFORE_SAMPLING;
}

static void ablate_guard(struct ablation *ab, size_t guard, size_t *inputs)
{
	size_t n = violators(ab, guard, inputs);
	unsigned int hangs = 0;
	const char *comma = "";
	bool truncated;

	ab->executions = 0;
	truncated = sweep(ab, inputs, n, (int)guard);
	fprintf(ab->out, "{\"guard\":");
	rz_json_string(ab->out, rz_guard_get(guard)->id);
	fprintf(ab->out, ",\"index\":%zu,\"violating_inputs\":%zu,\"outcomes\":[", guard, n);
	for (size_t i = 0; i < n; i++) {
		enum status status = ab->slots[inputs[i]].status;

		if (status == FAULT || (status == HANG && hangs++ < 1))
			confirm_bad(ab, &comma, inputs[i], (int)guard);
	}
	for (int kind = 0; kind < SINK_DIGESTS; kind++)
		report_digests(ab, &comma, inputs, n, (int)guard, (enum sink_digest)kind);
	fprintf(ab->out, "],\"executions\":%zu,\"truncated\":%s}\n", ab->executions,
		truncated ? "true" : "false");
	fflush(ab->out);
}

static void print_bad(struct ablation *ab, const char *name, enum status status)
{
	const char *comma = "";

	fprintf(ab->out, ",\"%s\":[", name);
	for (size_t i = 0; i < ab->nfiles; i++) {
		if (ab->baseline[i].status != status)
			continue;
		fputs(comma, ab->out);
		rz_json_string(ab->out, ab->files[i].path);
		comma = ",";
	}
	fputc(']', ab->out);
}

/*
 * A fault without any guard off is a finding in the port, and must show alone:
 * it may be left over from an earlier input, or the child was killed from outside.
 */
static void baseline_confirm(struct ablation *ab)
{
	struct slot alone;

	for (size_t i = 0; i < ab->nfiles; i++) {
		if (ab->baseline[i].status == DONE)
			continue;
		play_alone(ab, i, -1, "", &alone);
		ab->baseline[i] = alone;
	}
}

static void baseline(struct ablation *ab, size_t *inputs)
{
	struct timespec start, stop;
	double seconds;

	for (size_t i = 0; i < ab->nfiles; i++)
		inputs[i] = i;
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (size_t from = 0; from < ab->nfiles; )
		from = play_batch(ab, inputs, from, ab->nfiles, -1);
	clock_gettime(CLOCK_MONOTONIC, &stop);
	baseline_confirm(ab);
	seconds = (double)(stop.tv_sec - start.tv_sec) +
		  (double)(stop.tv_nsec - start.tv_nsec) / 1e9;

	fprintf(ab->out, "{\"baseline\":{\"target\":\"%s\",\"inputs\":%zu,\"execs_per_s\":%.0f",
		ab->target->name, ab->nfiles, (double)ab->nfiles / (seconds + 1e-9));
	print_bad(ab, "faults", FAULT);
	print_bad(ab, "hangs", HANG);
	fprintf(ab->out, "}}\n");
	fflush(ab->out);
}

static bool selected(const char *ids, const char *id)
{
	size_t len = strlen(id);

	if (!ids)
		return true;
	for (const char *pos = ids; (pos = strstr(pos, id)); pos += len)
		if ((pos == ids || pos[-1] == ',') && (!pos[len] || pos[len] == ','))
			return true;
	return false;
}

static int load_inputs(struct ablation *ab, const struct rz_paths *paths)
{
	ab->files = calloc(paths->count, sizeof(*ab->files));
	if (!ab->files)
		return -1;
	for (size_t i = 0; i < paths->count; i++)
		if (!rz_file_read(&ab->files[ab->nfiles], paths->path[i]))
			ab->nfiles++;
	return ab->nfiles ? 0 : -1;
}

int rz_ablate_main(const struct rz_target *target, const struct rz_paths *paths,
		   const struct rz_ablate_options *options)
{
	static struct ablation ab;
	static size_t *inputs;

	ab = (struct ablation){ .target = target, .options = options };
	inputs = calloc(paths->count, sizeof(*inputs));
	if (!rz_guard_count()) {
		fputs("redzone-replay: this build has no guards: use a -guards flavour\n",
		      stderr);
		return 2;
	}
	if (!inputs || load_inputs(&ab, paths))
		return 2;
	ab.out = options->out ? fopen(options->out, "w") : stdout;
	if (!ab.out) {
		perror(options->out);
		return 2;
	}
	ab.nguards = rz_guard_count();
	ab.baseline = shared_alloc(ab.nfiles * sizeof(*ab.baseline));
	ab.slots = shared_alloc(ab.nfiles * sizeof(*ab.slots));
	ab.single = shared_alloc(sizeof(*ab.single));
	ab.violated = shared_alloc(ab.nfiles * ab.nguards);

	baseline(&ab, inputs);
	for (size_t g = 0; g < ab.nguards; g++)
		if (selected(options->guards, rz_guard_get(g)->id))
			ablate_guard(&ab, g, inputs);
	return ferror(ab.out) || fflush(ab.out) ? 3 : 0;
}
