// SPDX-License-Identifier: GPL-2.0-only
/*
 * How an input of bt_smp falls into parts: records (level 0), and in each a command, an
 * act of the local side or a packet of the controller (level 1). The length of a command
 * follows from its code, those of acts and events from their bytes.
 */
#include "mutator.h"

enum part_kind { RAW, RECORD, COMMAND, ACT, EVENT };

enum {
	ACT_MARK = 0xf0, H4_MARK = 0xff, H4_EVENT = 0x04,
	CMD_MAX = 0x0e, EVT_ENCRYPT_CHANGE = 0x08, EVT_LE_META = 0x3e, LE_LTK_REQUEST = 0x05,
	PAIRING_REQ = 1, PAIRING_RSP = 2, PAIRING_FAIL = 5, IDENT_ADDR_INFO = 9,
	SECURITY_REQ = 0x0b, PUBLIC_KEY = 0x0c,
	ACT_TIME = 0x01, ACT_RUN = 0x00, ACT_CONFIRM = 0x10, ACT_PASSKEY = 0x11,
	ACT_FLAG = 0x14, ACT_SECURITY = 0x27, ACT_SMP = 0x70,
	LE_HANDLE = 2, BREDR_HANDLE = 1,
};

/* Bytes of each command, its code included */
static const uint8_t command_len[CMD_MAX + 1] = {
	1, 7, 7, 17, 17, 2, 17, 11, 17, 8, 17, 2, 65, 17, 2,
};

static enum part_kind kind_of(const uint8_t *body, size_t len)
{
	if (!len)
		return RAW;
	if (body[0] == ACT_MARK)
		return ACT;
	if (body[0] == H4_MARK)
		return EVENT;
	return COMMAND;
}

static void smp_cut(struct rz_parts *parts, const uint8_t *data, size_t len)
{
	struct rz_cut rest = { parts, data, len }, body;

	while (rz_record_cut(&rest, RECORD, 2, &body)) {
		if (body.left)
			rz_cut_take(&body, kind_of(body.pos, body.left), 1, 0, body.left);
	}
	rz_cut_rest(&rest, RAW, 0, 0);
}

static size_t fit(uint8_t *at, size_t size, size_t want, size_t room)
{
	if (want > room)
		return size;
	if (want > size)
		memset(at + size, 0, want - size);
	return want;
}

static size_t smp_close(const struct rz_part *part, uint8_t *at, size_t size, size_t room)
{
	switch (part->kind) {
	case RECORD:
		rz_record_close(at, size);
		return size;
	case COMMAND:
		if (size && at[0] <= CMD_MAX)
			return fit(at, size, command_len[at[0]], room);
		return size;
	case ACT:
		if (size >= 3 && size - 3 <= 255)
			at[2] = (uint8_t)(size - 3);
		return size;
	case EVENT:
		if (size >= 4 && at[1] == H4_EVENT && size - 4 <= 255)
			at[3] = (uint8_t)(size - 4);
		return size;
	default:
		return size;
	}
}

static void smp_link(const struct rz_part *part, uint8_t *at, const struct rz_part *next)
{
}

static void smp_finish(uint8_t *data, size_t len)
{
}

/*
 * Inventing
 */

static void make_features(struct rz_rng *rng, uint8_t *at)
{
	static const uint8_t auth[] = { 0x00, 0x01, 0x04, 0x05, 0x09, 0x0d, 0x2d, 0x29 };
	static const uint8_t sizes[] = { 16, 16, 16, 16, 7, 6, 15, 17 };

	at[1] = (uint8_t)rz_rng_below(rng, 6);
	at[2] = rz_rng_below(rng, 6) == 0;
	at[3] = rz_rng_below(rng, 8) ? auth[rz_rng_below(rng, sizeof(auth))] :
				       (uint8_t)rz_rng_next(rng);
	at[4] = sizes[rz_rng_below(rng, sizeof(sizes))];
	at[5] = (uint8_t)rz_rng_below(rng, 16);
	at[6] = (uint8_t)rz_rng_below(rng, 16);
}

static size_t make_command(struct rz_rng *rng, uint8_t *at)
{
	size_t len, i;

	at[0] = (uint8_t)(1 + rz_rng_below(rng, CMD_MAX));
	len = command_len[at[0]];
	for (i = 1; i < len; i++)
		at[i] = (uint8_t)rz_rng_next(rng);
	switch (at[0]) {
	case PAIRING_REQ:
	case PAIRING_RSP:
		make_features(rng, at);
		break;
	case PAIRING_FAIL:
	case SECURITY_REQ:
		at[1] &= 0x3f;
		break;
	case IDENT_ADDR_INFO:
		at[1] &= 1;
		break;
	}
	return len;
}

/* The target's peer, by its LE address */
static const uint8_t peer[7] = { 0x02, 0x00, 0x32, 0xdc, 0x1b, 0xc0, 0x02 };

static size_t make_act(struct rz_rng *rng, uint8_t *at)
{
	memset(at, 0, 20);
	at[0] = ACT_MARK;
	switch (rz_rng_below(rng, 8)) {
	case 0:
		at[1] = ACT_RUN;
		at[2] = 1;
		return 4;
	case 1:
		at[1] = ACT_TIME;
		at[2] = 2;
		at[3] = (uint8_t)rz_rng_next(rng);
		at[4] = (uint8_t)rz_rng_below(rng, 16);
		return 5;
	case 2:
	case 3:
		at[1] = ACT_CONFIRM;
		at[2] = 8;
		memcpy(at + 3, peer, sizeof(peer));
		at[10] = rz_rng_below(rng, 4) != 0;
		return 11;
	case 4:
		at[1] = ACT_PASSKEY;
		at[2] = 12;
		memcpy(at + 3, peer, sizeof(peer));
		at[10] = rz_rng_below(rng, 4) != 0;
		at[11] = (uint8_t)rz_rng_next(rng);
		return 15;
	case 5:
		at[1] = ACT_FLAG;
		at[2] = 2;
		at[3] = (uint8_t)rz_rng_below(rng, 64);
		at[4] = (uint8_t)rz_rng_below(rng, 2);
		return 5;
	case 6:
		at[1] = ACT_SECURITY;
		at[2] = 4;
		at[3] = LE_HANDLE;
		at[5] = (uint8_t)rz_rng_below(rng, 5);
		return 7;
	default:
		at[1] = (uint8_t)(ACT_SMP + rz_rng_below(rng, 8));
		at[2] = 1;
		at[3] = (uint8_t)rz_rng_below(rng, 17);
		return 4;
	}
}

static size_t make_event(struct rz_rng *rng, uint8_t *at)
{
	memset(at, 0, 20);
	at[0] = H4_MARK;
	at[1] = H4_EVENT;
	if (rz_rng_below(rng, 3)) {
		at[2] = EVT_ENCRYPT_CHANGE;
		at[3] = 4;
		at[5] = rz_rng_below(rng, 4) ? LE_HANDLE : BREDR_HANDLE;
		at[7] = (uint8_t)rz_rng_below(rng, 3);
		return 8;
	}
	at[2] = EVT_LE_META;
	at[3] = 13;
	at[4] = LE_LTK_REQUEST;
	at[5] = LE_HANDLE;
	return 17;
}

/* A record with what is in it, in one piece; it is cut when it comes round again. */
static void smp_make(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		     uint8_t *inside)
{
	uint8_t body[65];
	size_t len;

	switch (rz_rng_below(rng, 8)) {
	case 0:
	case 1:
		len = make_act(rng, body);
		break;
	case 2:
		len = make_event(rng, body);
		break;
	default:
		len = make_command(rng, body);
	}
	if (len + 2 > room)
		len = room < 2 ? 0 : room - 2;
	buf[0] = (uint8_t)len;
	buf[1] = 0;
	memcpy(buf + 2, body, len);
	*part = (struct rz_part){ .data = buf, .len = (uint32_t)len + 2, .kind = RECORD };
	*inside = 0;
}

static const struct rz_grammar bt_smp_grammar = {
	.cut = smp_cut,
	.close = smp_close,
	.link = smp_link,
	.finish = smp_finish,
	.make = smp_make,
};

RZ_MUTATOR(bt_smp_grammar)
