// SPDX-License-Identifier: GPL-2.0-only
/*
 * The planted guards as a target of several packets. Input: `u16le length + bytes`
 * records, each what selftest.c takes whole. Test builds only.
 */
#include "harness.h"
#include "planted.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_records records;
	struct rz_input in;
	const u8 *record;
	size_t len;

	rz_input_open(&in, data, size);
	sink_effect_u64(in.sink, "begin", 1);
	rz_records_open(&records, &in);
	while (rz_records_next(&records, &record, &len))
		sink_verdict(in.sink, planted_parse(in.sink, record, len), 0);
	sink_effect_u64(in.sink, "end", 1);
	return rz_input_close(&in);
}
