// SPDX-License-Identifier: GPL-2.0-only
/*
 * bt_hci_event: what a controller reports to a Linux host.
 *
 * Covers: every event of BR/EDR and LE, Command Complete and Command Status for the
 *	commands that the host sent, links through all their states, discovery,
 *	pairing over BR/EDR, timers of links; no data packets.
 * Input: an H4 stream, packets back to back: 0x04 an event, 0x01 a command that the
 *	host has sent, 0xf0 an act of the local side (redzone/bt.h); other packets are
 *	passed over. Environment bits of the control trailer: redzone/bt.h.
 * Buffer: each packet is copied to a block of exactly its size.
 */
#include "bt_stream.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct bt_stream stream;
	struct rz_input in;

	rz_input_open(&in, data, size);
	if (bt_stream_open(&stream, &in, BT_STREAM_COMMANDS | BT_STREAM_EVENTS))
		bt_stream_close(&stream);
	return rz_input_close(&in);
}
