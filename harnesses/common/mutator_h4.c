// SPDX-License-Identifier: GPL-2.0-only
/* The H4 transport and L2CAP inside it, for mutators: see mutator_h4.h. */
#include "mutator_h4.h"

enum {
	H4_COMMAND = 0x01, H4_ACL = 0x02, H4_SCO = 0x03, H4_EVENT = 0x04, H4_ISO = 0x05,
	H4_ACT = 0xf0,
	PB_CONTINUATION = 1,
	CID_SIGNALING = 1, CID_CONN_LESS = 2, CID_LE_SIGNALING = 5, CID_DYN_START = 0x40,
	FRAME_HEAD = 4, SIG_HEAD = 4, FCS = 2,
	CONF_REQ = 4, CONF_RSP = 5,
};

static uint16_t le16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static void put_le16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

/* CRC-16/ARC, bit by bit: mutators have no tables. */
static uint16_t fcs_of(const uint8_t *data, size_t len)
{
	uint32_t crc = 0;
	int bit;

	for (; len; data++, len--) {
		crc ^= *data;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xa001 : 0);
	}
	return (uint16_t)crc;
}

static uint8_t head_of(uint8_t type, uint8_t *kind)
{
	switch (type) {
	case H4_COMMAND:
		*kind = BT_COMMAND;
		return 4;
	case H4_ACL:
		*kind = BT_ACL;
		return 5;
	case H4_SCO:
		*kind = BT_SCO;
		return 4;
	case H4_EVENT:
		*kind = BT_EVENT;
		return 3;
	case H4_ISO:
		*kind = BT_ISO;
		return 5;
	case H4_ACT:
		*kind = BT_ACT;
		return 3;
	}
	return 0;
}

/* Bytes behind the head, by its own length field. */
static size_t body_of(const uint8_t *packet, uint8_t head)
{
	if (head == 5)
		return le16(packet + 3) & (packet[0] == H4_ISO ? 0x3fff : 0xffff);
	return packet[head - 1];
}

/*
 * Cutting
 */

static void cut_options(struct rz_parts *parts, const uint8_t *at, size_t len)
{
	while (len) {
		size_t n = len > 1 ? at[1] + 2u : 1;

		if (n > len)
			n = len;
		rz_parts_add(parts, BT_OPTION, 3, 0, at, n);
		at += n;
		len -= n;
	}
}

static void cut_commands(struct rz_parts *parts, const uint8_t *at, size_t len)
{
	while (len) {
		size_t n = len >= SIG_HEAD ? le16(at + 2) + (size_t)SIG_HEAD : len;
		size_t fixed = len ? (at[0] == CONF_REQ ? 8 : at[0] == CONF_RSP ? 10 : 0) : 0;

		if (n > len)
			n = len;
		if (fixed && n >= fixed) {
			rz_parts_add(parts, BT_CONF, 2, 0, at, fixed);
			cut_options(parts, at + fixed, n - fixed);
		} else {
			rz_parts_add(parts, BT_SIG, 2, 0, at, n);
		}
		at += n;
		len -= n;
	}
}

static bool has_fcs(const uint8_t *frame, size_t len)
{
	return len >= FRAME_HEAD + 4 && le16(frame + 2) >= CID_DYN_START &&
	       fcs_of(frame, len - FCS) == le16(frame + len - FCS);
}

/* A frame that lies in one packet. */
static void cut_frame(struct rz_parts *parts, const uint8_t *at, size_t len)
{
	uint16_t cid = le16(at + 2);
	bool sig = cid == CID_SIGNALING || cid == CID_LE_SIGNALING;

	rz_parts_add(parts, sig ? BT_SIG_FRAME : BT_FRAME, 1, has_fcs(at, len), at, FRAME_HEAD);
	if (sig)
		cut_commands(parts, at + FRAME_HEAD, len - FRAME_HEAD);
	else if (len > FRAME_HEAD)
		rz_parts_add(parts, BT_PDU, 2, 0, at + FRAME_HEAD, len - FRAME_HEAD);
}

static void cut_body(struct rz_parts *parts, const uint8_t *packet, uint8_t head, size_t len)
{
	const uint8_t *body = packet + head;

	if (packet[0] == H4_ACL && (packet[2] >> 4 & 3) != PB_CONTINUATION &&
	    len >= FRAME_HEAD && le16(body) + (size_t)FRAME_HEAD == len)
		cut_frame(parts, body, len);
	else if (len)
		rz_parts_add(parts, BT_BODY, 1, 0, body, len);
}

void bt_h4_cut(struct rz_parts *parts, const uint8_t *data, size_t len)
{
	while (len) {
		uint8_t kind = BT_RAW, head = head_of(data[0], &kind);
		size_t n = 1;

		if (!head || len < head) {
			n = head ? len : 1;
			if (!rz_parts_add(parts, BT_RAW, 0, 0, data, n))
				break;
		} else {
			n = head + body_of(data, head);
			if (n > len)
				n = len;
			if (!rz_parts_add(parts, kind, 0, 0, data, head))
				break;
			cut_body(parts, data, head, n - head);
		}
		data += n;
		len -= n;
	}
	/* what found no place in the table stays with its last part */
	if (len && parts->count)
		parts->part[parts->count - 1].len =
			(uint32_t)(data + len - parts->part[parts->count - 1].data);
}

/*
 * Writing
 */

static size_t close_frame(const struct rz_part *part, uint8_t *at, size_t size)
{
	if (size < FRAME_HEAD)
		return size;
	put_le16(at, size - FRAME_HEAD > 0xffff ? 0xffff : size - FRAME_HEAD);
	if (part->tag && size >= FRAME_HEAD + FCS)
		put_le16(at + size - FCS, fcs_of(at, size - FCS));
	return size;
}

size_t bt_h4_close(const struct rz_part *part, uint8_t *at, size_t size, size_t room)
{
	size_t head = 0;

	(void)room;
	switch (part->kind) {
	case BT_ACL:
		if (size >= 5)
			put_le16(at + 3, size - 5 > 0xffff ? 0xffff : size - 5);
		break;
	case BT_ISO:
		if (size >= 5)
			put_le16(at + 3, size - 5 > 0x3fff ? 0x3fff : size - 5);
		break;
	case BT_COMMAND:
	case BT_SCO:
		head = 4;
		break;
	case BT_EVENT:
	case BT_ACT:
		head = 3;
		break;
	case BT_FRAME:
	case BT_SIG_FRAME:
		return close_frame(part, at, size);
	case BT_SIG:
	case BT_CONF:
		if (size >= SIG_HEAD)
			put_le16(at + 2, size - SIG_HEAD > 0xffff ? 0xffff : size - SIG_HEAD);
		break;
	case BT_OPTION:
		if (size >= 2)
			at[1] = (uint8_t)(size - 2 > 255 ? 255 : size - 2);
		break;
	}
	if (head && size >= head) {
		/* more than the length can say would be taken for further packets */
		if (size - head > 255)
			size = head + 255;
		at[head - 1] = (uint8_t)(size - head);
	}
	return size;
}

/* Nothing in a packet says what follows it. */
void bt_h4_link(const struct rz_part *part, uint8_t *at, const struct rz_part *next)
{
	(void)part;
	(void)at;
	(void)next;
}

/* No sum covers more than its frame. */
void bt_h4_finish(uint8_t *data, size_t len)
{
	(void)data;
	(void)len;
}

/*
 * Inventing
 */

void bt_made(struct rz_part *part, uint8_t kind, uint8_t level, const uint8_t *buf,
	     size_t len, size_t room)
{
	*part = (struct rz_part){
		.data = buf, .len = (uint32_t)(len < room ? len : room),
		.kind = kind, .level = level,
	};
}

/* Basic, retransmission, streaming */
static const uint8_t modes[] = { 0, 3, 4, 3 };

static void some_handle(struct rz_rng *rng, uint8_t *at)
{
	static const uint16_t handles[] = { 1, 2, 3, 0x0101, 0x0201, 0xeff, 0xffff };

	put_le16(at, handles[rz_rng_below(rng, rz_rng_below(rng, 4) ? 2 : 7)]);
}

static void some_cid(struct rz_rng *rng, uint8_t *at)
{
	static const uint16_t cids[] = { 0x40, 0x41, 0x42, 0x50, 1, 2, 4, 5, 6, 7, 0, 0xffff };

	put_le16(at, cids[rz_rng_below(rng, rz_rng_below(rng, 3) ? 2 : 12)]);
}

/* Events whose length the host knows; behind the status most name a link. */
size_t bt_make_event(struct rz_rng *rng, uint8_t *at)
{
	static const struct {
		uint8_t code, len;
	} events[] = {
		{ 0x01, 1 }, { 0x02, 15 }, { 0x03, 11 }, { 0x04, 10 }, { 0x05, 4 }, { 0x06, 3 },
		{ 0x07, 255 }, { 0x08, 4 }, { 0x09, 3 }, { 0x0b, 11 }, { 0x0c, 8 }, { 0x0d, 21 },
		{ 0x0e, 4 }, { 0x0f, 4 }, { 0x10, 1 }, { 0x12, 8 }, { 0x13, 5 }, { 0x14, 6 },
		{ 0x16, 6 }, { 0x17, 6 }, { 0x18, 23 }, { 0x1c, 5 }, { 0x1d, 5 }, { 0x20, 7 },
		{ 0x22, 16 }, { 0x23, 13 }, { 0x2c, 17 }, { 0x2d, 9 }, { 0x2f, 255 },
		{ 0x30, 3 }, { 0x31, 6 }, { 0x32, 9 }, { 0x33, 10 }, { 0x34, 6 }, { 0x36, 7 },
		{ 0x3b, 10 }, { 0x3c, 7 }, { 0x3d, 14 }, { 0x3e, 19 }, { 0x3e, 31 },
	};
	uint32_t i = rz_rng_below(rng, sizeof(events) / sizeof(events[0]));
	size_t len = events[i].len, n;

	if (len > BT_MAKE_MAX - 3)
		len = BT_MAKE_MAX - 3;
	at[0] = H4_EVENT;
	at[1] = events[i].code;
	at[2] = (uint8_t)len;
	for (n = 0; n < len; n++)
		at[3 + n] = (uint8_t)(rz_rng_below(rng, 3) ? 0 : rz_rng_next(rng));
	if (events[i].code == 0x3e)
		at[3] = (uint8_t)(1 + rz_rng_below(rng, 0x22));
	else if (rz_rng_below(rng, 4))
		at[3] = 0;
	if (len >= 3)
		some_handle(rng, at + 4);
	return 3 + len;
}

static size_t act(uint8_t *at, uint8_t op, size_t len)
{
	at[0] = H4_ACT;
	at[1] = op;
	at[2] = (uint8_t)len;
	return 3 + len;
}

/* Options of a socket: PSM, mode and MTU that a peer may find. */
static void some_options(struct rz_rng *rng, uint8_t *at, bool le)
{
	static const uint16_t psms[] = { 0x0001, 0x1001, 0x1003, 0x0080, 0x0025 };
	static const uint16_t mtus[] = { 0, 48, 64, 100, 672, 2000 };

	memset(at, 0, 14);
	put_le16(at, le ? 0x0080 : psms[rz_rng_below(rng, 5)]);
	if (!rz_rng_below(rng, 8))
		put_le16(at + 2, 4);
	at[4] = (uint8_t)(rz_rng_below(rng, 4) ? 0 : rz_rng_below(rng, 4));
	at[5] = modes[rz_rng_below(rng, sizeof(modes))];
	if (le)
		at[5] = rz_rng_below(rng, 2) ? 0x81 : 0x80;	/* with credits */
	at[6] = (uint8_t)(rz_rng_below(rng, 3) ? 0 : rz_rng_below(rng, 5));
	at[7] = (uint8_t)(rz_rng_below(rng, 2) ? 0 : rz_rng_next(rng));
	put_le16(at + 8, mtus[rz_rng_below(rng, 6)]);
	put_le16(at + 12, rz_rng_below(rng, 3) ? 0 : 1 + rz_rng_below(rng, 200));
}

size_t bt_make_l2cap_act(struct rz_rng *rng, uint8_t *at)
{
	uint8_t op = (uint8_t)(0x40 + rz_rng_below(rng, 9));
	bool le = rz_rng_below(rng, 2);

	memset(at, 0, 24);
	switch (op) {
	case 0x40:
		at[3] = le;
		some_options(rng, at + 4, le);
		return act(at, op, 15);
	case 0x41:
		put_le16(at + 3, 1u + le);
		some_options(rng, at + 5, le);
		return act(at, op, 16);
	case 0x48:
		put_le16(at + 3, le ? 0x0080 : 0x0001);
		return act(at, op, 2);
	}
	some_handle(rng, at + 3);
	some_cid(rng, at + 5);
	put_le16(at + 7, rz_rng_below(rng, rz_rng_below(rng, 4) ? 64 : 2000));
	return act(at, op, 6);
}

size_t bt_make_act(struct rz_rng *rng, uint8_t *at)
{
	static const uint16_t ticks[] = { 1, 25, 201, 401, 1201, 4001, 600 };
	size_t n, len;

	switch (rz_rng_below(rng, 6)) {
	case 0:
		at[3] = 0;
		return act(at, 0x00, 1);
	case 1:
	case 2:
		put_le16(at + 3, ticks[rz_rng_below(rng, 7)]);
		return act(at, 0x01, 2);
	case 3:
	case 4:
		return bt_make_l2cap_act(rng, at);
	}
	len = rz_rng_below(rng, 12);
	for (n = 0; n < len; n++)
		at[3 + n] = (uint8_t)(rz_rng_below(rng, 2) ? 0 : rz_rng_next(rng));
	return act(at, (uint8_t)rz_rng_below(rng, 0x80), len);
}

static size_t acl(uint8_t *at, uint16_t handle, uint8_t flags, size_t len)
{
	at[0] = H4_ACL;
	put_le16(at + 1, handle | (size_t)flags << 12);
	put_le16(at + 3, len);
	return 5 + len;
}

/* A piece of a frame, the first or a later one. */
size_t bt_make_fragment(struct rz_rng *rng, uint8_t *at)
{
	size_t len = rz_rng_below(rng, 12);

	memset(at, 0, 5 + 12);
	put_le16(at + 5, rz_rng_below(rng, 24));
	some_cid(rng, at + 7);
	return acl(at, (uint16_t)(1 + rz_rng_below(rng, 2)),
		   (uint8_t)rz_rng_below(rng, 3), len);
}

static size_t control_frame(struct rz_rng *rng, uint8_t *at, uint16_t control, size_t data)
{
	size_t len = FRAME_HEAD + 2 + data + FCS, n;

	put_le16(at + 5, len - FRAME_HEAD);
	put_le16(at + 7, CID_DYN_START);
	put_le16(at + 9, control);
	for (n = 0; n < data; n++)
		at[11 + n] = (uint8_t)rz_rng_next(rng);
	if (data >= 2 && control >> 14 == 1)
		put_le16(at + 11, 1 + rz_rng_below(rng, 40));
	put_le16(at + 5 + len - FCS, fcs_of(at + 5, len - FCS));
	return acl(at, 1, 2, len);
}

size_t bt_make_sframe(struct rz_rng *rng, uint8_t *at)
{
	uint32_t control = 1 | rz_rng_below(rng, 4) << 2 | rz_rng_below(rng, 4) << 8;

	control |= (rz_rng_below(rng, 3) ? 0 : 1u) << (rz_rng_below(rng, 2) ? 4 : 7);
	return control_frame(rng, at, (uint16_t)control, 0);
}

size_t bt_make_iframe(struct rz_rng *rng, uint8_t *at)
{
	uint32_t control = rz_rng_below(rng, 8) << 1 | rz_rng_below(rng, 3) << 8;

	control |= (rz_rng_below(rng, 2) ? 0 : rz_rng_below(rng, 4)) << 14;
	control |= (rz_rng_below(rng, 6) ? 0 : 1u) << 7;
	return control_frame(rng, at, (uint16_t)control, rz_rng_below(rng, 20));
}

size_t bt_make_kframe(struct rz_rng *rng, uint8_t *at)
{
	size_t len = rz_rng_below(rng, 20);

	memset(at + 9, 0, 20);
	put_le16(at + 5, len);
	put_le16(at + 7, CID_DYN_START + rz_rng_below(rng, 2));
	if (rz_rng_below(rng, 2) && len >= 2)
		put_le16(at + 9, len - 2 + (rz_rng_below(rng, 2) ? 0 : rz_rng_below(rng, 40)));
	return acl(at, 2, 0, FRAME_HEAD + len);
}

/* Any signalling command, as long as it has to be, with channels and results to fit. */
size_t bt_make_sig(struct rz_rng *rng, uint8_t *at)
{
	static const uint8_t len[] = {
		0, 2, 4, 8, 4, 6, 4, 4, 4, 4, 2, 8, 5, 4, 16, 5, 4, 2, 8, 2, 10, 10, 4, 10, 10,
		6, 2,
	};
	uint8_t code = (uint8_t)rz_rng_below(rng, sizeof(len));
	size_t n;

	memset(at, 0, SIG_HEAD + 24);
	at[0] = code;
	at[1] = (uint8_t)(1 + rz_rng_below(rng, 6));
	put_le16(at + 2, len[code]);
	for (n = 0; n + 1 < len[code]; n += 2) {
		if (rz_rng_below(rng, 3))
			some_cid(rng, at + SIG_HEAD + n);
		else
			put_le16(at + SIG_HEAD + n, rz_rng_below(rng, 300));
	}
	if (code == 2)
		put_le16(at + SIG_HEAD, rz_rng_below(rng, 2) ? 0x0001 : 0x1001);
	if (code == 0x14 || code == 0x17)
		put_le16(at + SIG_HEAD, 0x0080);
	return SIG_HEAD + len[code];
}

size_t bt_make_option(struct rz_rng *rng, uint8_t *at)
{
	static const uint8_t len[] = { 1, 2, 2, 22, 9, 1, 16, 2 };
	uint8_t type = (uint8_t)rz_rng_below(rng, sizeof(len));
	size_t n;

	memset(at, 0, 26);
	at[0] = (uint8_t)(type | (rz_rng_below(rng, 8) ? 0 : 0x80));
	at[1] = len[type];
	for (n = 0; n < len[type]; n++)
		at[2 + n] = (uint8_t)(rz_rng_below(rng, 2) ? rz_rng_below(rng, 8)
							   : rz_rng_next(rng));
	if (type == 4)
		at[2] = modes[rz_rng_below(rng, sizeof(modes))];
	return 2u + len[type];
}
