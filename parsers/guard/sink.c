// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sink's digests. Built with the sanitizers of the flavour (so that
 * sink_bytes() reports an over-read, one frame above the port function) and
 * without coverage (so that what was decoded makes no edges).
 */
#include <string.h>

#include <redzone/sink.h>

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define SINK_MSAN 1
#endif
#endif

#define SINK_SEED	0x9e3779b97f4a7c15ull
#define SINK_MUL	0xff51afd7ed558ccdull

static void check_initialised(const void *data, size_t len)
{
#ifdef SINK_MSAN
	__msan_check_mem_is_initialized(data, len);
#endif
}

static uint64_t mix(uint64_t digest, uint64_t value)
{
	/* Opaque to the optimiser: the value is used, whatever becomes of it. */
	__asm__ volatile("" : "+r"(value));
	digest = (digest ^ value) * SINK_MUL;
	return digest ^ (digest >> 29);
}

static uint64_t mix_bytes(uint64_t digest, const void *data, size_t len)
{
	const uint8_t *pos = data;
	uint64_t word;

	digest = mix(digest, len);
	for (; len >= sizeof(word); len -= sizeof(word), pos += sizeof(word)) {
		__builtin_memcpy(&word, pos, sizeof(word));
		digest = mix(digest, word);
	}
	for (; len; len--, pos++)
		digest = mix(digest, *pos);
	return digest;
}

static void put_u64(struct sink *sink, enum sink_digest kind, const char *name,
		    uint64_t value)
{
	sink->digest[kind] = mix(sink->digest[kind], value);
	if (sink->ops)
		sink->ops->u64(sink, kind, name, value);
}

static void put_bytes(struct sink *sink, enum sink_digest kind, const char *name,
		      const void *data, size_t len)
{
	check_initialised(data, len);
	sink->digest[kind] = mix_bytes(sink->digest[kind], data, len);
	if (sink->ops)
		sink->ops->bytes(sink, kind, name, data, len);
}

void sink_reset(struct sink *sink)
{
	for (int i = 0; i < SINK_DIGESTS; i++)
		sink->digest[i] = SINK_SEED + (uint64_t)i;
}

__attribute__((noinline))
void sink_u64(struct sink *sink, const char *name, uint64_t value)
{
	check_initialised(&value, sizeof(value));
	put_u64(sink, SINK_OUTPUT, name, value);
}

__attribute__((noinline))
void sink_bytes(struct sink *sink, const char *name, const void *data, size_t len)
{
	put_bytes(sink, SINK_OUTPUT, name, data, len);
}

__attribute__((noinline))
void sink_verdict(struct sink *sink, int err, unsigned int reason)
{
	check_initialised(&err, sizeof(err));
	put_u64(sink, SINK_VERDICT, "errno", (uint64_t)(int64_t)err);
	put_u64(sink, SINK_VERDICT, "reason", reason);
}

__attribute__((noinline))
void sink_effect_u64(struct sink *sink, const char *name, uint64_t value)
{
	check_initialised(&value, sizeof(value));
	put_u64(sink, SINK_EFFECTS, name, value);
}

__attribute__((noinline))
void sink_effect_bytes(struct sink *sink, const char *name, const void *data,
		       size_t len)
{
	put_bytes(sink, SINK_EFFECTS, name, data, len);
}

void sink_packet(struct sink *sink, size_t offset)
{
	if (sink->ops && sink->ops->packet)
		sink->ops->packet(sink, offset);
}
