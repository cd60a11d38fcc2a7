// SPDX-License-Identifier: GPL-2.0-only
/*
 * `redzone-replay TARGET decode`: what the port saw, one JSON object an input.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <redzone/guard_runtime.h>

#include "runtime.h"

/* The text of one JSON list for each digest, built while the input is played. */
struct decoder {
	FILE *list[SINK_DIGESTS];
	char *text[SINK_DIGESTS];
	size_t len[SINK_DIGESTS];
	size_t items[SINK_DIGESTS];
};

static FILE *item_begin(struct sink *sink, enum sink_digest kind, const char *name)
{
	struct decoder *decoder = sink->priv;
	FILE *out = decoder->list[kind];

	fputs(decoder->items[kind]++ ? ",[" : "[", out);
	rz_json_string(out, name);
	fputc(',', out);
	return out;
}

static void decode_u64(struct sink *sink, enum sink_digest kind, const char *name,
		       uint64_t value)
{
	FILE *out = item_begin(sink, kind, name);

	/* A verdict is 0 or a negative errno. */
	if (kind == SINK_VERDICT)
		fprintf(out, "%" PRId64 "]", (int64_t)value);
	else
		fprintf(out, "%" PRIu64 "]", value);
}

static void decode_bytes(struct sink *sink, enum sink_digest kind, const char *name,
			 const void *data, size_t len)
{
	FILE *out = item_begin(sink, kind, name);

	fputc('"', out);
	for (const uint8_t *byte = data; len; len--, byte++)
		fprintf(out, "%02x", *byte);
	fputs("\"]", out);
}

static const struct sink_ops decode_ops = {
	.u64 = decode_u64,
	.bytes = decode_bytes,
};

static void print_guards(void)
{
	const uint32_t *trace;
	size_t n = rz_guard_trace(&trace);
	int last = rz_guard_last_violated();

	fputs("\"rejected_by\":", stdout);
	if (last < 0)
		fputs("null", stdout);
	else
		rz_json_string(stdout, rz_guard_get((size_t)last)->id);
	fputs(",\"violated\":[", stdout);
	for (size_t i = 0; i < n; i++) {
		if (i)
			fputc(',', stdout);
		rz_json_string(stdout, rz_guard_get(trace[i])->id);
	}
	fputc(']', stdout);
}

static int decode_one(const struct rz_target *target, const char *path)
{
	struct decoder decoder = {};
	struct rz_result result;
	struct rz_file file;

	if (rz_file_read(&file, path))
		return -1;
	for (int i = 0; i < SINK_DIGESTS; i++) {
		decoder.list[i] = open_memstream(&decoder.text[i], &decoder.len[i]);
		if (!decoder.list[i]) {
			fprintf(stderr, "redzone-replay: no memory\n");
			exit(3);
		}
	}
	rz_sink.ops = &decode_ops;
	rz_sink.priv = &decoder;
	rz_play(target, &file, &result);
	rz_sink.ops = NULL;
	for (int i = 0; i < SINK_DIGESTS; i++)
		fclose(decoder.list[i]);

	fputs("{\"file\":", stdout);
	rz_json_string(stdout, path);
	printf(",\"verdict\":[%s],", decoder.text[SINK_VERDICT]);
	print_guards();
	printf(",\"fields\":[%s],\"effects\":[%s]}\n", decoder.text[SINK_OUTPUT],
	       decoder.text[SINK_EFFECTS]);
	for (int i = 0; i < SINK_DIGESTS; i++)
		free(decoder.text[i]);
	free(file.data);
	return 0;
}

int rz_decode_main(const struct rz_target *target, const struct rz_paths *paths)
{
	int bad = 0;

	for (size_t i = 0; i < paths->count; i++)
		bad |= decode_one(target, paths->path[i]);
	return bad ? 2 : 0;
}
