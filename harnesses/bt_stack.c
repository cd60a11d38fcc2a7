// SPDX-License-Identifier: GPL-2.0-only
/*
 * bt_stack: the whole Bluetooth host, from the transport to the channels.
 *
 * Covers: events and data packets of all kinds in any order, from a controller that
 *	has no links yet: links come up, pair, encrypt, carry L2CAP, SCO and ISO data,
 *	and go, while the local side acts and time passes.
 * Input: an H4 stream, packets back to back: 0x02 ACL data, 0x03 SCO data, 0x04 an
 *	event, 0x05 ISO data, 0x01 a command that the host has sent, 0xf0 an act of the
 *	local side (redzone/bt.h). Environment bits of the control trailer:
 *	redzone/bt.h.
 * Buffer: each packet is copied to a block of exactly its size.
 */
#include "bt_stream.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct bt_stream stream;
	struct rz_input in;

	rz_input_open(&in, data, size);
	if (bt_stream_open(&stream, &in, BT_STREAM_ALL))
		bt_stream_close(&stream);
	return rz_input_close(&in);
}
