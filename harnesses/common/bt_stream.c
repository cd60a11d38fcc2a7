// SPDX-License-Identifier: GPL-2.0-only
/* An input that is an H4 stream: see bt_stream.h. */
#include "bt_stream.h"

struct hci_dev *bt_stream_open(struct bt_stream *s, const struct rz_input *in,
			       unsigned int kinds)
{
	s->in = in;
	s->pos = in->data;
	s->end = in->data + in->len;
	s->kinds = kinds;
	s->hdev = redzone_bt_begin(in->env, in->sink, bt_stream_next, s);
	return s->hdev;
}

bool bt_stream_next(void *stream)
{
	struct bt_stream *s = stream;
	const u8 *packet;
	size_t len = redzone_bt_next_packet(&s->pos, s->end, &packet);

	if (!len)
		return false;
	rz_packet(s->in, packet);
	if (packet[0] == REDZONE_BT_ACT || (s->kinds & 1u << packet[0]))
		redzone_bt_play(s->hdev, packet, len);
	return true;
}

void bt_stream_close(struct bt_stream *s)
{
	while (bt_stream_next(s))
		;
	rz_packet(s->in, NULL);
	redzone_bt_end(s->hdev);
}
