// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target that parses nothing: the yardstick for `redzone bench`.
 */
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return 0;
}
