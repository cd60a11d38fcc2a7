// SPDX-License-Identifier: GPL-2.0-only
/*
 * `redzone-replay TARGET decode`: what the port saw, one JSON object an input, with
 * one for each packet in it where the harness tells them apart.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <redzone/guard_runtime.h>

#include "runtime.h"

/*
 * The text of one JSON list for each digest, built while the input is played. Of a
 * harness that announces packets each has a part of its own; what comes before
 * the first and behind the last is gathered in the part of the whole input.
 */
struct part {
	FILE *list[SINK_DIGESTS];
	char *text[SINK_DIGESTS];
	size_t len[SINK_DIGESTS];
	size_t items[SINK_DIGESTS];
};

struct decoder {
	struct part whole, packet;
	struct part *now;
	size_t offset;		/* of the packet in hand */
	size_t packets;
	uint32_t *violated;	/* outside of packets */
	size_t nviolated;
	FILE *done;		/* JSON of the packets so far */
};

static FILE *memstream(char **text, size_t *len)
{
	FILE *file = open_memstream(text, len);

	if (!file) {
		fprintf(stderr, "redzone-replay: no memory\n");
		exit(3);
	}
	return file;
}

static void part_open(struct part *part)
{
	*part = (struct part){};
	for (int i = 0; i < SINK_DIGESTS; i++)
		part->list[i] = memstream(&part->text[i], &part->len[i]);
}

static FILE *item_begin(struct sink *sink, enum sink_digest kind, const char *name)
{
	struct decoder *decoder = sink->priv;
	struct part *part = decoder->now;
	FILE *out = part->list[kind];

	fputs(part->items[kind]++ ? ",[" : "[", out);
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

static void print_guards(FILE *out, const uint32_t *trace, size_t n)
{
	fputs("\"rejected_by\":", out);
	if (n)
		rz_json_string(out, rz_guard_get(trace[n - 1])->id);
	else
		fputs("null", out);
	fputs(",\"violated\":[", out);
	for (size_t i = 0; i < n; i++) {
		if (i)
			fputc(',', out);
		rz_json_string(out, rz_guard_get(trace[i])->id);
	}
	fputc(']', out);
}

/* The trace holds the first violations; the last one decides in any case. */
static size_t take_trace(uint32_t *copy)
{
	const uint32_t *trace;
	size_t n = rz_guard_trace(&trace);

	memcpy(copy, trace, n * sizeof(*trace));
	if (n && rz_guard_last_violated() != (int)copy[n - 1])
		copy[n++] = (uint32_t)rz_guard_last_violated();
	rz_guard_trace_restart();
	return n;
}

static void part_close(struct part *part, const uint32_t *trace, size_t n, FILE *out)
{
	for (int i = 0; i < SINK_DIGESTS; i++)
		fclose(part->list[i]);
	fprintf(out, "\"verdict\":[%s],", part->text[SINK_VERDICT]);
	print_guards(out, trace, n);
	fprintf(out, ",\"fields\":[%s],\"effects\":[%s]", part->text[SINK_OUTPUT],
		part->text[SINK_EFFECTS]);
	for (int i = 0; i < SINK_DIGESTS; i++)
		free(part->text[i]);
}

/* The part in hand ends: a packet's is written, the whole input's waits. */
static void part_end(struct decoder *decoder)
{
	uint32_t trace[RZ_TRACE_MAX + 1];
	size_t n = take_trace(trace);

	if (decoder->now == &decoder->packet) {
		fprintf(decoder->done, "%s{\"offset\":%zu,", decoder->packets++ ? "," : "",
			decoder->offset);
		part_close(&decoder->packet, trace, n, decoder->done);
		fputc('}', decoder->done);
		return;
	}
	decoder->violated = realloc(decoder->violated,
				    (decoder->nviolated + n + 1) * sizeof(*trace));
	if (!decoder->violated)
		exit(3);
	memcpy(decoder->violated + decoder->nviolated, trace, n * sizeof(*trace));
	decoder->nviolated += n;
}

static void decode_packet(struct sink *sink, size_t offset)
{
	struct decoder *decoder = sink->priv;

	part_end(decoder);
	decoder->now = &decoder->whole;
	if (offset == SINK_OUTSIDE)
		return;
	decoder->now = &decoder->packet;
	decoder->offset = offset;
	part_open(&decoder->packet);
}

static const struct sink_ops decode_ops = {
	.u64 = decode_u64,
	.bytes = decode_bytes,
	.packet = decode_packet,
};

static int decode_one(const struct rz_target *target, const char *path)
{
	struct decoder decoder = { .now = &decoder.whole };
	struct rz_result result;
	struct rz_file file;
	char *packets;
	size_t len;

	if (rz_file_read(&file, path))
		return -1;
	part_open(&decoder.whole);
	decoder.done = memstream(&packets, &len);
	rz_sink.ops = &decode_ops;
	rz_sink.priv = &decoder;
	rz_play(target, &file, &result);
	rz_sink.ops = NULL;
	decode_packet(&rz_sink, SINK_OUTSIDE);
	fclose(decoder.done);

	fputs("{\"file\":", stdout);
	rz_json_string(stdout, path);
	fputc(',', stdout);
	part_close(&decoder.whole, decoder.violated, decoder.nviolated, stdout);
	if (decoder.packets)
		printf(",\"packets\":[%s]", packets);
	fputs("}\n", stdout);
	fflush(stdout);		/* the next input may end the process */
	free(packets);
	free(decoder.violated);
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
