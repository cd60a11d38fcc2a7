// SPDX-License-Identifier: GPL-2.0-only
/*
 * One execution for the replay binary. With the flavour's sanitizers, unlike the
 * rest of it: the input's bytes must count as initialised.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

void rz_play(const struct rz_target *target, const struct rz_file *file,
	     struct rz_result *result)
{
	uint8_t *exact = malloc(file->len ? file->len : 1);

	if (!exact) {
		fprintf(stderr, "redzone-replay: no memory for %s\n", file->path);
		exit(3);
	}
	memcpy(exact, file->data, file->len);
	rz_coverage_reset();
	target->one_input(exact, file->len);
	rz_coverage_hash(result);
	memcpy(result->digest, rz_sink.digest, sizeof(result->digest));
	free(exact);
}
