// SPDX-License-Identifier: GPL-2.0-only
/*
 * bt_bnep: Ethernet frames over Bluetooth (BNEP), as a session receives them.
 *
 * Covers: packet types, extension headers, control messages (setup, filters), frames
 *	rebuilt for the network stack, frames it sends past the peer's filters,
 *	sessions added and deleted by local programs.
 * Input: `u16le length + bytes` records; each is one L2CAP SDU, unless its first byte
 *	is 0xf0, then an act of the local side (enum act below). Environment bits of
 *	the control trailer: 1 the session answers setup requests, 2 the user is asked
 *	first.
 * Buffer: each record is copied to a packet of exactly its size.
 */
#include <redzone/kernel.h>

#include "../parsers/bluetooth/bnep_local.h"
#include "harness.h"

enum { ACT = 0xf0, RECORD_MAX = 2048 };

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_records records;
	struct bnep_local local;
	struct rz_input in;
	const u8 *record;
	size_t len;

	rz_input_open(&in, data, size);
	bnep_local_open(&local, in.env & 3, in.sink);

	rz_records_open(&records, &in);
	while (rz_records_next(&records, &record, &len)) {
		if (len > RECORD_MAX)
			len = RECORD_MAX;
		if (len && record[0] == ACT)
			bnep_local_act(&local, record + 1, len - 1);
		else
			bnep_local_receive(&local, redzone_skb_from_input(record, len));
	}

	bnep_local_close(&local);
	return rz_input_close(&in);
}
