/* SPDX-License-Identifier: GPL-2.0-only */
/* An input that is an H4 stream, for a harness that plays some kinds of packets. */
#ifndef REDZONE_BT_STREAM_H
#define REDZONE_BT_STREAM_H

#include <redzone/bt.h>

#include "harness.h"

/* Kinds of packets: bits by indicator, acts are always played. */
enum {
	BT_STREAM_COMMANDS	= 1 << 1,
	BT_STREAM_ACL		= 1 << 2,
	BT_STREAM_SCO		= 1 << 3,
	BT_STREAM_EVENTS	= 1 << 4,
	BT_STREAM_ISO		= 1 << 5,
	BT_STREAM_ALL		= 0x3e,
};

struct bt_stream {
	const struct rz_input *in;
	const u8 *pos, *end;
	unsigned int kinds;
	struct hci_dev *hdev;
};

/* A controller that is up; NULL only when the allocation schedule says so. */
struct hci_dev *bt_stream_open(struct bt_stream *s, const struct rz_input *in,
			       unsigned int kinds);

/* Plays one packet; false at the end. A port that waits for an answer calls it, too. */
bool bt_stream_next(void *stream);

/* All that is left, then the end of the controller. */
void bt_stream_close(struct bt_stream *s);

#endif /* REDZONE_BT_STREAM_H */
