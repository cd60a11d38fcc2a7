// SPDX-License-Identifier: GPL-2.0-only
/* A target with a shallow over-read, a hang and nothing else. Test material only. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);
	volatile uint8_t value = 0;

	memcpy(exact, data, size);
	if (size > 3 && exact[0] == 'a' && exact[1] == 'b')
		value = exact[exact[2]];
	while (size > 3 && exact[0] == 'h' && exact[1] == 'g')
		value++;
	free(exact);
	return 0;
}
