// SPDX-License-Identifier: GPL-2.0-only
/*
 * Edge counters for the replay binary: the objects are instrumented for
 * libFuzzer, and this is the other side of that instrumentation. Uninstrumented.
 */
#include <string.h>

#include "runtime.h"

#define MAX_MODULES 8

static struct {
	uint8_t *start, *stop;
} modules[MAX_MODULES];
static size_t nmodules;

void __sanitizer_cov_8bit_counters_init(uint8_t *start, uint8_t *stop);

/* Called by each instrumented module's constructor. */
void __sanitizer_cov_8bit_counters_init(uint8_t *start, uint8_t *stop)
{
	if (start == stop || nmodules == MAX_MODULES)
		return;
	for (size_t i = 0; i < nmodules; i++)
		if (modules[i].start == start)
			return;
	modules[nmodules].start = start;
	modules[nmodules++].stop = stop;
}

void rz_coverage_reset(void)
{
	for (size_t i = 0; i < nmodules; i++)
		memset(modules[i].start, 0, (size_t)(modules[i].stop - modules[i].start));
}

/* Most counters are 0 for any one input, so eight at a time are passed over. */
static void hash_module(const uint8_t *start, const uint8_t *stop, uint64_t *hash,
			uint32_t *edges)
{
	uint64_t word;

	for (const uint8_t *c = start; c < stop; ) {
		if (stop - c >= (ptrdiff_t)sizeof(word)) {
			memcpy(&word, c, sizeof(word));
			if (!word) {
				c += sizeof(word);
				continue;
			}
		}
		if (*c) {
			*hash = (*hash ^ (uint64_t)(c - start)) * 0x100000001b3ull;
			*hash = (*hash ^ *c) * 0x100000001b3ull;
			(*edges)++;
		}
		c++;
	}
}

void rz_coverage_hash(struct rz_result *result)
{
	uint64_t hash = 0xcbf29ce484222325ull;

	result->edges = 0;
	for (size_t i = 0; i < nmodules; i++)
		hash_module(modules[i].start, modules[i].stop, &hash, &result->edges);
	result->coverage = nmodules ? hash : 0;
}
