// SPDX-License-Identifier: GPL-2.0-only
/*
 * Harness of the planted guards. Input: one byte that names the function, then
 * its operands. Test builds only: it is in no table of targets.
 */
#include "harness.h"
#include "planted.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;

	rz_input_open(&in, data, size);
	sink_verdict(in.sink, planted_parse(in.sink, in.data, in.len), 0);
	return rz_input_close(&in);
}
