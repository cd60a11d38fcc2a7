// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run time of guard builds: site tables, ablation, bug switches, counters.
 *
 * Built without sanitizers and without coverage, always: an engine must not be
 * able to see, as an edge or a comparison, whether a guard was violated.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <redzone/bugs.h>	/* generated from crashes */
#include <redzone/guard_runtime.h>

size_t rz_bug_count(void)
{
	return RZ_BUG_COUNT;
}

const char *rz_bug_id(size_t bug)
{
	return rz_bug_ids[bug];
}

const char *rz_bug_token(size_t bug)
{
	return rz_bug_tokens[bug];
}

#ifndef REDZONE_GUARDS

size_t rz_guard_count(void)
{
	return 0;
}

const struct rz_guard *rz_guard_get(size_t index)
{
	return NULL;
}

void rz_guard_set_ablated(size_t index, bool ablated)
{
}

void rz_bug_set(size_t bug, bool on)
{
}

static int no_guards(const char *ids, const char *what)
{
	if (!ids || !*ids)
		return 0;
	fprintf(stderr, "redzone: this build has no guards, %s cannot be selected: %s\n",
		what, "use a -guards flavour");
	return -1;
}

int rz_guard_select(const char *ids)
{
	return no_guards(ids, "guards");
}

int rz_bug_select(const char *ids)
{
	return no_guards(ids, "bugs");
}

void rz_guard_input_begin(void)
{
}

void rz_guard_input_is(const void *data, size_t size)
{
}

bool rz_guard_was_reached(size_t index)
{
	return false;
}

bool rz_guard_was_violated(size_t index)
{
	return false;
}

bool rz_bug_was_triggered(size_t bug)
{
	return false;
}

int rz_guard_last_violated(void)
{
	return -1;
}

size_t rz_guard_trace(const uint32_t **indices)
{
	*indices = NULL;
	return 0;
}

void rz_guard_trace_restart(void)
{
}

__attribute__((constructor)) static void rz_guard_refuse(void)
{
	if (rz_guard_select(getenv("REDZONE_ABLATE")) ||
	    rz_bug_select(getenv("REDZONE_BUGS")))
		exit(2);
}

#else

extern struct rz_site *const __start_rz_sites[] __attribute__((weak));
extern struct rz_site *const __stop_rz_sites[] __attribute__((weak));

/*
 * State that rz_guard_site() reads on every call. The counters live on pages
 * of their own (rz_counters), so that writing them never touches port data.
 */
struct rz_guard_state {
	uint32_t reached_in;	/* number of the input that reached it last */
	uint32_t violated_in;
	bool ablated;
};

static struct rz_guard *guards;
static struct rz_guard_state *states;
static size_t nguards;

static struct rz_guard_state bug_states[RZ_BUG_COUNT + 1];
static bool bug_on[RZ_BUG_COUNT + 1];

static struct rz_canary_header *header;
static struct rz_counter *guard_counters, *bug_counters;

static uint32_t input_no = 1;
static uint32_t input_step = 1;	/* 0: every input is the same one, so nothing is counted */
static bool frozen;		/* a bug that is on was triggered in this input */
static uint32_t trace[RZ_TRACE_MAX];
static size_t trace_len;
static int last_violated = -1;
static uint64_t cpu_last_ns;

static int inputs_dir = -1;	/* first inputs go there: <counter file>.inputs */
static const void *input;
static size_t input_size;

static uint64_t cpu_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* CPU time of the run; a forked child's own clock starts at 0 again. */
static uint64_t cpu_sample(void)
{
	uint64_t now = cpu_now_ns();

	if (now < cpu_last_ns)
		cpu_last_ns = 0;
	header->cpu_ns += now - cpu_last_ns;
	cpu_last_ns = now;
	return header->cpu_ns;
}

/* Count one input for a guard or bug; out of the fast path. */
static void count(uint64_t *total, uint64_t *first_exec, uint64_t *first_cpu)
{
	(*total)++;
	if (*first_exec)
		return;
	*first_exec = header->execs;
	*first_cpu = cpu_sample();
}

static void count_reached(struct rz_guard_state *state, struct rz_counter *counter)
{
	if (state->reached_in == input_no)
		return;
	state->reached_in = input_no;
	count(&counter->reached, &counter->first_reached_exec,
	      &counter->first_reached_cpu_ns);
}

/*
 * The input that is being played, under the name of what it violated or
 * triggered first. Of parallel children the first one wins.
 */
static void keep_input(char kind, size_t index)
{
	char name[32];
	int fd;

	if (inputs_dir < 0 || !input)
		return;
	snprintf(name, sizeof(name), "%c%zu", kind, index);
	fd = openat(inputs_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return;
	if (write(fd, input, input_size) != (ssize_t)input_size)
		unlinkat(inputs_dir, name, 0);
	close(fd);
}

static void count_violated(struct rz_guard_state *state, struct rz_counter *counter,
			   char kind, size_t index)
{
	if (state->violated_in == input_no)
		return;
	state->violated_in = input_no;
	if (!counter->violated)
		keep_input(kind, index);
	count(&counter->violated, &counter->first_violated_exec,
	      &counter->first_violated_cpu_ns);
}

/*
 * A bug's canary. What runs after a bug that is switched on struck is not the
 * modelled program any more, so nothing is counted until the next input.
 */
static void bug_event(int bug, bool violated)
{
	if (bug < 0 || frozen)
		return;
	count_reached(&bug_states[bug], &bug_counters[bug]);
	if (!violated)
		return;
	count_violated(&bug_states[bug], &bug_counters[bug], 'b', (size_t)bug);
	frozen = bug_on[bug];
}

bool rz_guard_site(const struct rz_site *site, bool violated)
{
	struct rz_guard_state *state = &states[site->index];

	count_reached(state, &guard_counters[site->index]);
	bug_event(site->bug, violated);
	if (!violated)
		return false;
	count_violated(state, &guard_counters[site->index], 'g', site->index);
	last_violated = (int)site->index;
	if (trace_len < RZ_TRACE_MAX)
		trace[trace_len++] = site->index;
	return !(state->ablated || (site->bug >= 0 && bug_on[site->bug]));
}

bool rz_fix_site(const struct rz_site *site)
{
	bug_event(site->bug, false);
	return !bug_on[site->bug];
}

void rz_canary_site(const struct rz_site *site, bool violated)
{
	bug_event(site->bug, violated);
}

/* What a block literal is in memory; the two symbols are all its run time. */
struct block_literal {
	void *isa;
	int flags, reserved;
	bool (*invoke)(const void *block);
};

void *_NSConcreteStackBlock[32], *_NSConcreteGlobalBlock[32];

void rz_canary_block(const struct rz_site *site, const void *violated)
{
	const struct block_literal *block = violated;

	if (!frozen)
		bug_event(site->bug, block->invoke(block));
}

size_t rz_guard_count(void)
{
	return nguards;
}

const struct rz_guard *rz_guard_get(size_t index)
{
	return &guards[index];
}

void rz_guard_set_ablated(size_t index, bool ablated)
{
	states[index].ablated = ablated;
}

void rz_bug_set(size_t bug, bool on)
{
	bug_on[bug] = on;
}

void rz_guard_input_begin(void)
{
	header->execs++;
	input_no += input_step;
	frozen = false;
	input = NULL;
	rz_guard_trace_restart();
	if (!(input_no & 0x3ff))
		cpu_sample();
}

void rz_guard_input_is(const void *data, size_t size)
{
	input = data;
	input_size = size;
}

bool rz_guard_was_reached(size_t index)
{
	return states[index].reached_in == input_no;
}

bool rz_guard_was_violated(size_t index)
{
	return states[index].violated_in == input_no;
}

bool rz_bug_was_triggered(size_t bug)
{
	return bug_states[bug].violated_in == input_no;
}

int rz_guard_last_violated(void)
{
	return last_violated;
}

size_t rz_guard_trace(const uint32_t **indices)
{
	*indices = trace;
	return trace_len;
}

void rz_guard_trace_restart(void)
{
	trace_len = 0;
	last_violated = -1;
}

/* ---- start-up: from the linker section to the tables ---- */

static int site_cmp(const struct rz_site *a, const struct rz_site *b)
{
	int order = strcmp(a->file, b->file);

	if (!order)
		order = (a->line > b->line) - (a->line < b->line);
	if (!order)
		order = strcmp(a->func, b->func);
	return order ? order : strcmp(a->cond, b->cond);
}

static void sites_sort(struct rz_site **sites, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct rz_site *site = sites[i];
		size_t j = i;

		for (; j && site_cmp(sites[j - 1], site) > 0; j--)
			sites[j] = sites[j - 1];
		sites[j] = site;
	}
}

/* FNV-1a over the condition's text without white space. */
static uint32_t cond_hash(const char *cond)
{
	uint32_t hash = 2166136261u;

	for (; *cond; cond++) {
		if (strchr(" \t\n", *cond))
			continue;
		hash = (hash ^ (unsigned char)*cond) * 16777619u;
	}
	return hash;
}

/* The n-th guard of one function with one condition text gets `#n` from 2 on. */
static void guard_name(struct rz_guard *guard, const struct rz_site *site)
{
	const char *file = site->file;
	size_t len, repeat = 1;

	if (!strncmp(file, "parsers/", 8))
		file += 8;
	len = (size_t)snprintf(guard->id, sizeof(guard->id), "%s:%s:%08x", file,
			       site->func, cond_hash(site->cond));
	if (len >= sizeof(guard->id) - 8)
		len = sizeof(guard->id) - 8;
	for (const struct rz_guard *g = guards; g < guard; g++)
		if (!strncmp(g->id, guard->id, len) && (!g->id[len] || g->id[len] == '#'))
			repeat++;
	if (repeat > 1)
		snprintf(guard->id + len, sizeof(guard->id) - len, "#%zu", repeat);
	guard->site = site;
}

static void fail(const char *what, const char *name)
{
	fprintf(stderr, "redzone: %s: %s\n", what, name);
	exit(2);
}

static int16_t bug_of_token(const char *token)
{
	if (!token)
		return -1;
	for (int16_t i = 0; i < RZ_BUG_COUNT; i++)
		if (!strcmp(rz_bug_tokens[i], token))
			return i;
	fail("a bug that is not in the catalogue", token);
	return -1;
}

static void build_tables(void)
{
	size_t n = __start_rz_sites ? (size_t)(__stop_rz_sites - __start_rz_sites) : 0;
	struct rz_site **sites = calloc(n + 1, sizeof(*sites));

	guards = calloc(n + 1, sizeof(*guards));
	states = calloc(n + 1, sizeof(*states));
	if (!sites || !guards || !states)
		fail("out of memory", "guard table");
	for (size_t i = 0; i < n; i++)
		sites[i] = __start_rz_sites[i];
	sites_sort(sites, n);
	for (size_t i = 0; i < n; i++) {
		struct rz_site *site = sites[i];

		site->bug = bug_of_token(site->bug_token);
		if (site->kind != RZ_SITE_GUARD)
			continue;
		/* Copies of one inline function in several objects are one guard. */
		if (i && !site_cmp(sites[i - 1], site)) {
			site->index = sites[i - 1]->index;
			continue;
		}
		site->index = (uint32_t)nguards;
		guard_name(&guards[nguards++], site);
	}
	free(sites);
}

static void map_counters(const char *path)
{
	size_t len = sizeof(*header) + (nguards + RZ_BUG_COUNT) * sizeof(struct rz_counter);
	int fd = -1, flags = MAP_SHARED | MAP_ANONYMOUS;

	if (path && *path) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
		if (fd < 0 || ftruncate(fd, (off_t)len))
			fail("cannot write the counter file (REDZONE_CANARIES)", path);
		flags = MAP_SHARED;
	}
	header = mmap(NULL, len, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (header == MAP_FAILED)
		fail("cannot map the counter file (REDZONE_CANARIES)", path ? path : "");
	if (fd >= 0)
		close(fd);
	memcpy(header->magic, RZ_CANARY_MAGIC, sizeof(header->magic));
	header->version = 1;
	header->nguards = (uint32_t)nguards;
	header->nbugs = RZ_BUG_COUNT;
	header->entry_size = sizeof(struct rz_counter);
	guard_counters = (struct rz_counter *)(header + 1);
	bug_counters = guard_counters + nguards;
}

/* Whoever wants the first inputs makes the folder before the run. */
static void open_inputs(const char *path)
{
	char folder[4096];

	if (!path || !*path)
		return;
	if ((size_t)snprintf(folder, sizeof(folder), "%s.inputs", path) < sizeof(folder))
		inputs_dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool next_id(const char **pos, char *id, size_t size)
{
	size_t len;

	*pos += strspn(*pos, ", ");
	len = strcspn(*pos, ", ");
	if (!len)
		return false;
	snprintf(id, size, "%.*s", (int)len, *pos);
	*pos += len;
	return true;
}

int rz_guard_select(const char *ids)
{
	char id[200];

	while (ids && next_id(&ids, id, sizeof(id))) {
		size_t i = 0;

		while (i < nguards && strcmp(guards[i].id, id))
			i++;
		if (i == nguards) {
			fprintf(stderr, "redzone: unknown guard: %s\n", id);
			return -1;
		}
		states[i].ablated = true;
	}
	return 0;
}

int rz_bug_select(const char *ids)
{
	char id[200];

	while (ids && next_id(&ids, id, sizeof(id))) {
		bool all = !strcmp(id, "all"), found = all;

		for (size_t i = 0; i < RZ_BUG_COUNT; i++) {
			if (!all && strcmp(rz_bug_ids[i], id) && strcmp(rz_bug_tokens[i], id))
				continue;
			bug_on[i] = found = true;
		}
		if (!found) {
			fprintf(stderr, "redzone: unknown bug: %s\n", id);
			return -1;
		}
	}
	return 0;
}

/* Before any other constructor of ours, and before an engine's main(). */
__attribute__((constructor(150))) static void rz_guard_init(void)
{
	const char *path = getenv("REDZONE_CANARIES");

	if (path && !strcmp(path, RZ_CANARY_NONE)) {
		input_step = 0;
		path = NULL;
	}
	build_tables();
	map_counters(path);
	open_inputs(path);
	if (rz_guard_select(getenv("REDZONE_ABLATE")) ||
	    rz_bug_select(getenv("REDZONE_BUGS")))
		exit(2);
}

#endif /* REDZONE_GUARDS */
