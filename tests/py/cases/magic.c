// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target whose bug lies behind a 64-bit magic number and a string: coverage
 * alone does not get there, comparison logging does. Test material only.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact;
	uint64_t magic;

	if (size < 16)
		return 0;
	memcpy(&magic, data, sizeof(magic));
	if (magic != 0x7265647a6f6e6521ULL)
		return 0;
	if (memcmp(data + 8, "handover", 8))
		return 0;
	exact = malloc(size);
	memcpy(exact, data, size);
	((volatile uint8_t *)exact)[size] = 1;
	free(exact);
	return 0;
}
