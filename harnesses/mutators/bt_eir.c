// SPDX-License-Identifier: GPL-2.0-only
/*
 * How inquiry responses and advertising data fall into fields, and how their lengths
 * are put right: the grammar of the bt_eir mutator.
 *
 * All parts are of level 0. A command of the management interface has its fixed bytes in
 * front, and fields or patterns behind them. It is told from data by its opcode, whose
 * second byte no field has for a type.
 */
#include "mutator.h"

enum part_kind { RAW, HEAD, FIELD, PATTERN };

enum { PATTERN_SIZE = 34 };

enum {
	FLAGS = 0x01, UUID16 = 0x03, UUID32 = 0x05, UUID128 = 0x07, NAME_SHORT = 0x08,
	NAME = 0x09, TX_POWER = 0x0a, DEVICE_ID = 0x10, SERVICE_DATA = 0x16,
	APPEARANCE = 0x19, VENDOR = 0xff,
};

/* Commands: opcode, and where their fixed part ends. */
static const struct {
	uint8_t opcode, size;
	bool patterns;
} commands[] = {
	{ 0x3e, 13, false },	/* Add Advertising */
	{ 0x52, 3, true },	/* Add Advertisement Patterns Monitor */
	{ 0x54, 20, false },	/* Add Extended Advertising Parameters */
	{ 0x55, 5, false },	/* Add Extended Advertising Data */
	{ 0x56, 10, true },	/* ... Patterns Monitor With RSSI Threshold */
};

/* Index into commands[], or -1: not one. */
static int command_of(const uint8_t *data, size_t len)
{
	size_t i;

	if (len < 2 || data[1])
		return -1;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].opcode == data[0] && commands[i].size <= len)
			return (int)i;
	}
	return -1;
}

/*
 * Cutting
 */

static void cut_fields(struct rz_parts *parts, const uint8_t *data, size_t len)
{
	while (len >= 2 && data[0] && data[0] < len) {
		size_t size = data[0] + 1u;

		if (!rz_parts_add(parts, FIELD, 0, data[1], data, size))
			break;
		data += size;
		len -= size;
	}
	if (len)
		rz_parts_add(parts, RAW, 0, 0, data, len);
}

static void cut_patterns(struct rz_parts *parts, const uint8_t *data, size_t len)
{
	while (len >= PATTERN_SIZE) {
		if (!rz_parts_add(parts, PATTERN, 0, 0, data, PATTERN_SIZE))
			break;
		data += PATTERN_SIZE;
		len -= PATTERN_SIZE;
	}
	if (len)
		rz_parts_add(parts, RAW, 0, 0, data, len);
}

static void eir_cut(struct rz_parts *parts, const uint8_t *data, size_t len)
{
	int command = command_of(data, len);
	size_t head;

	if (command < 0) {
		cut_fields(parts, data, len);
		return;
	}

	head = commands[command].size;
	rz_parts_add(parts, HEAD, 0, 0, data, head);
	if (commands[command].patterns)
		cut_patterns(parts, data + head, len - head);
	else
		cut_fields(parts, data + head, len - head);
}

/*
 * Writing
 */

static size_t eir_close(const struct rz_part *part, uint8_t *at, size_t size, size_t room)
{
	(void)room;
	if (part->kind == FIELD && size)
		at[0] = size > 256 ? 255 : (uint8_t)(size - 1);
	return size;
}

static void eir_link(const struct rz_part *part, uint8_t *at, const struct rz_part *next)
{
	(void)part, (void)at, (void)next;
}

/* The two lengths at @at share @rest bytes; the first one stays if it can. */
static void share(uint8_t *at, size_t rest)
{
	if (at[0] > rest)
		at[0] = (uint8_t)rest;
	rest -= at[0];
	at[1] = rest > 255 ? 255 : (uint8_t)rest;
}

static void eir_finish(uint8_t *data, size_t len)
{
	int command = command_of(data, len);
	size_t head, rest;

	if (command < 0)
		return;
	head = commands[command].size;
	rest = len - head;
	if (commands[command].patterns)
		data[head - 1] = (uint8_t)(rest / PATTERN_SIZE);
	else if (data[0] == 0x3e)
		share(data + 11, rest);
	else if (data[0] == 0x55)
		share(data + 3, rest);
}

/*
 * Inventing
 */

static const uint8_t types[] = {
	FLAGS, 0x02, UUID16, 0x04, UUID32, 0x06, UUID128, NAME_SHORT, NAME, TX_POWER, 0x0d,
	DEVICE_ID, SERVICE_DATA, SERVICE_DATA, APPEARANCE, VENDOR, VENDOR,
};

/* Settings of the target: flags of an instance, few bits of them set. */
static size_t make_settings(struct rz_rng *rng, uint8_t *at)
{
	memset(at, 0xff, 2);
	at[2] = (uint8_t)(rz_rng_below(rng, 2) ? 1u << rz_rng_below(rng, 8)
					       : rz_rng_next(rng) & 0x7f);
	memset(at + 3, 0, 3);
	return 6;
}

static size_t make_value(struct rz_rng *rng, uint8_t type, uint8_t *at)
{
	static const uint8_t services[] = { 0x51, 0x52, 0x0d, 0x0f };
	size_t i, len = rz_rng_below(rng, 5) ? rz_rng_below(rng, 18) : rz_rng_below(rng, 60);

	if (type == VENDOR && rz_rng_below(rng, 2))
		return make_settings(rng, at);
	for (i = 0; i < len; i++)
		at[i] = (uint8_t)rz_rng_next(rng);
	if (len < 2)
		return len;
	switch (type) {
	case UUID16:
	case UUID32:
	case SERVICE_DATA:
		at[0] = services[rz_rng_below(rng, sizeof(services))];
		at[1] = 0x18;
		break;
	case TX_POWER:
		return 1;
	}
	return len;
}

static size_t make_pattern(struct rz_rng *rng, uint8_t *at)
{
	memset(at, 3, PATTERN_SIZE);
	at[0] = types[rz_rng_below(rng, sizeof(types))];
	at[1] = (uint8_t)rz_rng_below(rng, 40);
	at[2] = (uint8_t)rz_rng_below(rng, 40);
	return PATTERN_SIZE;
}

static void eir_make(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		     uint8_t *inside)
{
	uint8_t scratch[64];
	uint8_t kind = rz_rng_below(rng, 8) ? FIELD : PATTERN;
	uint8_t type = types[rz_rng_below(rng, sizeof(types))];
	size_t len;

	if (kind == PATTERN) {
		len = make_pattern(rng, scratch);
	} else {
		len = 2 + make_value(rng, type, scratch + 2);
		scratch[0] = (uint8_t)(len - 1);
		scratch[1] = type;
	}
	if (len > room)
		len = room;
	memcpy(buf, scratch, len);
	*part = (struct rz_part){ .data = buf, .len = (uint32_t)len, .tag = type, .kind = kind };
	*inside = 0;
}

static const struct rz_grammar bt_eir_grammar = {
	.cut = eir_cut,
	.close = eir_close,
	.link = eir_link,
	.finish = eir_finish,
	.make = eir_make,
};

RZ_MUTATOR(bt_eir_grammar)
