// SPDX-License-Identifier: GPL-2.0-only
/*
 * bt_eir: extended inquiry responses and advertising data, as the Linux host searches,
 *	builds and takes them.
 *
 * Covers: single fields, service data, UUID lists; the filter of a service discovery;
 *	our own inquiry response, advertising data, scan response and periodic
 *	advertising data; the commands of the management interface that bring data or
 *	patterns.
 * Input: the data itself: length, type, value, and so on. Environment bits of the
 *	control trailer (redzone/eir.h): 1 extended advertising, 2 build from it, 4 a
 *	command of the management interface instead (u16le opcode, parameters), 8 LE only.
 * Buffer: copied to a block of exactly its size. (Real events have more behind it.)
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <redzone/eir.h>
#include <redzone/kernel.h>

#include "harness.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_input in;
	u16 len;
	u8 *copy;

	rz_input_open(&in, data, size);
	redzone_eir_begin(in.env, in.sink);

	len = in.len > 0xffff ? 0xffff : (u16)in.len;
	copy = kmalloc(len, GFP_KERNEL);
	if (!ZERO_OR_NULL_PTR(copy)) {
		memcpy(copy, in.data, len);
		rz_packet(&in, in.data);
		if (in.env & REDZONE_EIR_MGMT)
			redzone_eir_mgmt(copy, len);
		else
			redzone_eir_search(copy, len);
		if ((in.env & REDZONE_EIR_BUILD) && !(in.env & REDZONE_EIR_MGMT))
			redzone_eir_build(copy, len);
	}
	kfree(copy);

	redzone_eir_end();
	return rz_input_close(&in);
}
