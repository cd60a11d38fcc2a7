// SPDX-License-Identifier: GPL-2.0-only
/*
 * redzone-replay: every target of a build tree without an engine.
 *
 *	redzone-replay --targets
 *	redzone-replay --guards
 *	redzone-replay --serve
 *	redzone-replay TARGET run [--repeat N] [--manifest FILE] FILE...
 *	redzone-replay TARGET decode [--manifest FILE] FILE...
 *	redzone-replay TARGET ablate [--manifest FILE] [--out FILE] ...
 *
 * Exit: 0; 1 an input did not repeat; 2 bad use; a fault ends the process as
 * the sanitizer decides.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <redzone/guard_runtime.h>

#include "runtime.h"

static int print_targets(void)
{
	printf("{\"targets\":[");
	for (size_t i = 0; i < rz_target_count; i++) {
		if (i)
			putchar(',');
		rz_json_string(stdout, rz_targets[i].name);
	}
	printf("]}\n");
	return 0;
}

static void print_guard(size_t i)
{
	const struct rz_guard *guard = rz_guard_get(i);

	printf("%s{\"index\":%zu,\"id\":", i ? ",\n" : "\n", i);
	rz_json_string(stdout, guard->id);
	printf(",\"file\":");
	rz_json_string(stdout, guard->site->file);
	printf(",\"line\":%u,\"function\":", guard->site->line);
	rz_json_string(stdout, guard->site->func);
	printf(",\"condition\":");
	rz_json_string(stdout, guard->site->cond);
	printf(",\"bug\":");
	if (guard->site->bug < 0)
		printf("null}");
	else
		printf("\"%s\"}", rz_bug_id((size_t)guard->site->bug));
}

static int print_guards(void)
{
	printf("{\"guards\":[");
	for (size_t i = 0; i < rz_guard_count(); i++)
		print_guard(i);
	printf("],\n\"bugs\":[");
	for (size_t i = 0; i < rz_bug_count(); i++)
		printf("%s{\"index\":%zu,\"id\":\"%s\",\"token\":\"%s\"}", i ? ",\n" : "\n",
		       i, rz_bug_id(i), rz_bug_token(i));
	printf("]}\n");
	return 0;
}

static void print_set(const char *name, bool (*in_set)(size_t index))
{
	const char *comma = "";

	printf(",\"%s\":[", name);
	for (size_t i = 0; i < rz_guard_count(); i++) {
		if (!in_set(i))
			continue;
		printf("%s%zu", comma, i);
		comma = ",";
	}
	putchar(']');
}

static void print_result(const char *path, const struct rz_result *result)
{
	const char *comma = "";

	printf("{\"file\":");
	rz_json_string(stdout, path);
	printf(",\"verdict\":\"%016" PRIx64 "\",\"output\":\"%016" PRIx64
	       "\",\"effects\":\"%016" PRIx64 "\"", result->digest[SINK_VERDICT],
	       result->digest[SINK_OUTPUT], result->digest[SINK_EFFECTS]);
	if (result->coverage)
		printf(",\"coverage\":\"%016" PRIx64 "\"", result->coverage);
	else
		printf(",\"coverage\":\"\"");
	printf(",\"edges\":%u", result->edges);
	print_set("violated", rz_guard_was_violated);
	print_set("reached", rz_guard_was_reached);
	printf(",\"triggered\":[");
	for (size_t i = 0; i < rz_bug_count(); i++) {
		if (!rz_bug_was_triggered(i))
			continue;
		printf("%s\"%s\"", comma, rz_bug_id(i));
		comma = ",";
	}
	printf("]}\n");
}

static long peak_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static bool same_result(const struct rz_result *a, const struct rz_result *b)
{
	return !memcmp(a->digest, b->digest, sizeof(a->digest)) &&
	       a->coverage == b->coverage;
}

/*
 * Play once, report, then play on and compare. The memory figure is taken
 * after a tenth of the repetitions, when quarantines and caches have settled.
 */
int rz_run_one(const struct rz_target *target, const char *path, unsigned long repeat)
{
	struct rz_result first, again;
	long settled = 0;
	struct rz_file file;
	int bad = 0;

	if (rz_file_read(&file, path))
		return 2;
	rz_play(target, &file, &first);
	print_result(path, &first);
	for (unsigned long i = 1; i < repeat; i++) {
		if (i == repeat / 10)
			settled = peak_kib();
		rz_play(target, &file, &again);
		if (same_result(&first, &again))
			continue;
		fprintf(stderr, "redzone-replay: %s: repetition %lu differs (%s)\n", path,
			i + 1, memcmp(first.digest, again.digest, sizeof(first.digest)) ?
			"digests" : "coverage");
		bad = 1;
		break;
	}
	if (settled)
		printf("{\"file\":\"\",\"repeat\":%lu,\"growth_kib\":%ld}\n", repeat,
		       peak_kib() - settled);
	free(file.data);
	return bad;
}

static int run_main(const struct rz_target *target, const struct rz_paths *paths,
		    unsigned long repeat)
{
	int worst = 0;

	for (size_t i = 0; i < paths->count; i++) {
		int err = rz_run_one(target, paths->path[i], repeat);

		/* Results so far must not be lost when the next input faults. */
		fflush(stdout);
		worst = err > worst ? err : worst;
	}
	return worst;
}

static int usage(void)
{
	fputs("usage: redzone-replay --targets | --guards | --serve | "
	      "TARGET run|decode|ablate [--manifest FILE] [FILE...]\n", stderr);
	return 2;
}

struct options {
	struct rz_paths paths;
	unsigned long repeat;
	struct rz_ablate_options ablate;
};

static int parse_options(int argc, char **argv, struct options *options)
{
	static const struct option longs[] = {
		{ "repeat", required_argument, NULL, 'r' },
		{ "manifest", required_argument, NULL, 'm' },
		{ "out", required_argument, NULL, 'o' },
		{ "log-dir", required_argument, NULL, 'l' },
		{ "guards", required_argument, NULL, 'g' },
		{ "cpu-ms", required_argument, NULL, 'c' },
		{ "max-faults", required_argument, NULL, 'f' },
		{},
	};
	int c, err = 0;

	while (!err && (c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 'r':
			options->repeat = strtoul(optarg, NULL, 10);
			break;
		case 'm':
			err = rz_paths_add_manifest(&options->paths, optarg);
			break;
		case 'o':
			options->ablate.out = optarg;
			break;
		case 'l':
			options->ablate.log_dir = optarg;
			break;
		case 'g':
			options->ablate.guards = optarg;
			break;
		case 'c':
			options->ablate.cpu_ms = (unsigned int)strtoul(optarg, NULL, 10);
			break;
		case 'f':
			options->ablate.max_faults = (unsigned int)strtoul(optarg, NULL, 10);
			break;
		default:
			err = -1;
		}
	}
	while (!err && optind < argc)
		err = rz_paths_add(&options->paths, argv[optind++]);
	return err;
}

const struct rz_target *rz_target_find(const char *name)
{
	for (size_t i = 0; i < rz_target_count; i++)
		if (!strcmp(rz_targets[i].name, name))
			return &rz_targets[i];
	fprintf(stderr, "redzone-replay: unknown target: %s\n", name);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct options options = {
		.repeat = 1,
		.ablate = { .cpu_ms = 100, .max_faults = 8 },
	};
	const struct rz_target *target;
	const char *verb;

	if (argc == 2 && !strcmp(argv[1], "--targets"))
		return print_targets();
	if (argc == 2 && !strcmp(argv[1], "--guards"))
		return print_guards();
	if (argc == 2 && !strcmp(argv[1], "--serve"))
		return rz_serve_main();
	if (argc < 3)
		return usage();
	target = rz_target_find(argv[1]);
	if (!target)
		return 2;
	if (target->initialize)
		target->initialize(&argc, &argv);
	verb = argv[2];
	if (parse_options(argc - 2, argv + 2, &options))
		return usage();
	if (!options.paths.count) {
		fprintf(stderr, "redzone-replay: no input named\n");
		return 2;
	}
	if (!strcmp(verb, "run"))
		return run_main(target, &options.paths, options.repeat);
	if (!strcmp(verb, "decode"))
		return rz_decode_main(target, &options.paths);
	if (!strcmp(verb, "ablate"))
		return rz_ablate_main(target, &options.paths, &options.ablate);
	return usage();
}
