// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mutator as an AFL++ module: AFL_CUSTOM_MUTATOR_LIBRARY=<target>_mutator.so.
 */
#include <stdlib.h>
#include <string.h>

#include "mutator.h"

struct afl_mutator {
	struct rz_rng rng;
	uint8_t *buf;
	size_t room;
};

void *afl_custom_init(void *afl, unsigned int seed);
size_t afl_custom_fuzz(struct afl_mutator *m, uint8_t *data, size_t size, uint8_t **out,
		       uint8_t *other, size_t other_size, size_t max);
const char *afl_custom_describe(struct afl_mutator *m, size_t max);
void afl_custom_deinit(struct afl_mutator *m);

void *afl_custom_init(void *afl, unsigned int seed)
{
	struct afl_mutator *m = calloc(1, sizeof(*m));

	(void)afl;
	if (m)
		m->rng.state = seed;
	return m;
}

size_t afl_custom_fuzz(struct afl_mutator *m, uint8_t *data, size_t size, uint8_t **out,
		       uint8_t *other, size_t other_size, size_t max)
{
	if (m->room < max) {
		uint8_t *bigger = realloc(m->buf, max);

		if (!bigger) {
			*out = data;
			return size;
		}
		m->buf = bigger;
		m->room = max;
	}
	if (size > max)
		size = max;
	memcpy(m->buf, data, size);
	*out = m->buf;
	return rz_target_mutate(m->buf, size, max, other, other_size, rz_rng_next(&m->rng));
}

const char *afl_custom_describe(struct afl_mutator *m, size_t max)
{
	(void)m;
	(void)max;
	return "parts";
}

void afl_custom_deinit(struct afl_mutator *m)
{
	free(m->buf);
	free(m);
}
