// SPDX-License-Identifier: GPL-2.0-only
/*
 * How records of net_icmpv6 fall into parts, and how lengths and checksums are put right.
 *
 * Level 0 are the records; inside one, at level 1, the headers up to ICMPv6 together and the
 * message, or the bytes of an act; at level 2 the options of a message, the sources of a
 * query, or whatever else stands behind the fixed part.
 */
#include "mutator_net.h"

enum part_kind { RAW, RECORD, HEAD, MESSAGE, OPTION, SOURCE, DATA, ACT };

enum {
	NXT_HOP = 0, NXT_FRAGMENT = 44, ICMP6_HEADER = 8,
	TYPE_QUERY = 130, TYPE_RS = 133, TYPE_RA, TYPE_NS, TYPE_NA, TYPE_REDIRECT,
	QUERY_V2 = 28, OPTION_MAX = 255 * 8,
};

/* Bytes before the ICMPv6 header; 0 if there is none. */
static size_t head_len(const uint8_t *frame, size_t len)
{
	size_t at = ETH_HEADER + IPV6_HEADER;
	uint8_t nxt;

	if (len < at || be16(frame + 12) != ETH_IPV6)
		return 0;
	nxt = frame[ETH_HEADER + 6];
	if (nxt == NXT_HOP && len >= at + 8) {
		nxt = frame[at];
		at += (frame[at + 1] + 1u) * 8;
	}
	if (nxt == NXT_FRAGMENT && len >= at + 8) {
		nxt = frame[at];
		at += 8;
	}
	return nxt == PROTO_ICMPV6 && len >= at + 4 ? at : 0;
}

/* What every message of a type has before its options. */
static size_t fixed_len(const uint8_t *msg, size_t len)
{
	static const uint8_t nd[] = { 8, 16, 24, 24, 40 };

	if (msg[0] >= TYPE_RS && msg[0] <= TYPE_REDIRECT)
		return nd[msg[0] - TYPE_RS];
	if (msg[0] == TYPE_QUERY)
		return len >= QUERY_V2 ? QUERY_V2 : 24;
	return ICMP6_HEADER;
}

static void cut_options(struct rz_cut *cut)
{
	while (cut->left >= 2) {
		size_t len = cut->pos[1] * 8u;

		if (!len || len > cut->left)
			len = cut->left;
		if (!rz_cut_take(cut, OPTION, 2, 0, len))
			return;
	}
}

static void cut_message(struct rz_cut *cut)
{
	const uint8_t *msg = cut->pos;
	size_t fixed = fixed_len(msg, cut->left);

	if (!rz_cut_take(cut, MESSAGE, 1, 0, fixed < cut->left ? fixed : cut->left))
		return;
	if (msg[0] >= TYPE_RS && msg[0] <= TYPE_REDIRECT)
		cut_options(cut);
	while (msg[0] == TYPE_QUERY && cut->left >= 16)
		if (!rz_cut_take(cut, SOURCE, 2, 0, 16))
			return;
	rz_cut_rest(cut, DATA, 2, 0);
}

static void icmp6_cut(struct rz_parts *parts, const uint8_t *data, size_t len)
{
	struct rz_cut rest = { parts, data, len }, body;

	while (rz_record_cut(&rest, RECORD, 1, &body)) {
		size_t head = head_len(body.pos, body.left);

		if (!head)
			rz_cut_rest(&body, ACT, 1, 0);
		else if (rz_cut_take(&body, HEAD, 1, 0, head))
			cut_message(&body);
	}
	rz_cut_rest(&rest, RAW, 0, 0);
}

static size_t icmp6_close(const struct rz_part *part, uint8_t *at, size_t size, size_t room)
{
	switch (part->kind) {
	case OPTION:
		size = net_pad(at, size, room, 8);
		if (size >= 8 && size <= OPTION_MAX)
			at[1] = (uint8_t)(size / 8);
		break;
	case MESSAGE:
		if (size >= QUERY_V2 && at[0] == TYPE_QUERY)
			put_be16(at + QUERY_V2 - 2, (size - QUERY_V2) / 16);
		break;
	case RECORD:
		rz_record_close(at, size);
		break;
	}
	return size;
}

static void icmp6_link(const struct rz_part *part, uint8_t *at, const struct rz_part *next)
{
}

static void finish_frame(uint8_t *frame, size_t len)
{
	size_t head = head_len(frame, len);

	if (!head)
		return;
	put_be16(frame + ETH_HEADER + 4, len - ETH_HEADER - IPV6_HEADER);
	net_finish_transport(frame + ETH_HEADER + 8, 32, PROTO_ICMPV6, frame + head, len - head);
}

static void icmp6_finish(uint8_t *data, size_t len)
{
	rz_record_finish(data, len, finish_frame);
}

/* Options with the lengths that they are defined with, in bytes. */
static const uint8_t options[][2] = {
	{ 1, 8 }, { 2, 8 }, { 3, 32 }, { 4, 56 }, { 5, 8 }, { 14, 8 }, { 24, 8 }, { 24, 16 },
	{ 24, 24 }, { 25, 24 }, { 25, 40 }, { 31, 16 }, { 31, 32 }, { 34, 16 }, { 37, 16 },
	{ 38, 16 },
};

static size_t make_option(struct rz_rng *rng, uint8_t *buf)
{
	const uint8_t *option = options[rz_rng_below(rng, sizeof(options) / 2)];
	size_t i;

	for (i = 0; i < option[1]; i++)
		buf[i] = (uint8_t)rz_rng_next(rng);
	buf[0] = option[0];
	buf[1] = option[1] / 8;
	switch (option[0]) {
	case 3:
		buf[2] = 64;
		memset(buf + 4, 0, 8);
		buf[6] = (uint8_t)(1 + rz_rng_below(rng, 4));
		memset(buf + 12, 0, 4);
		buf[16] = 0x20;
		break;
	case 5:
		put_be16(buf + 4, 0);
		put_be16(buf + 6, 1280 + rz_rng_below(rng, 300));
		break;
	case 24:
		buf[2] = (uint8_t)rz_rng_below(rng, 129);
		buf[3] &= 0x08;
		break;
	}
	return option[1];
}

static size_t make_act(struct rz_rng *rng, uint8_t *buf)
{
	static const uint8_t who[] = { 0x02, 0x03, 0x10, 0x20, 0x90, 0xc1 };

	buf[0] = ACT_MARK;
	buf[1] = (uint8_t)(rz_rng_below(rng, 2) ? 0x10 + rz_rng_below(rng, 5) : 0);
	buf[2] = who[rz_rng_below(rng, sizeof(who))];
	buf[3] = (uint8_t)rz_rng_below(rng, 4);
	buf[4] = (uint8_t)rz_rng_below(rng, 5);
	return 5;
}

/* An option, a source that a group may have, or an act. */
static void icmp6_make(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		       uint8_t *inside)
{
	size_t len;

	*part = (struct rz_part){ .data = buf, .level = 2 };
	*inside = MESSAGE;
	if (room < 64)
		len = 0;
	else if (rz_rng_below(rng, 4)) {
		len = make_option(rng, buf);
		part->kind = OPTION;
	} else if (rz_rng_below(rng, 2)) {
		memset(buf, 0, 16);
		memcpy(buf, "\x20\x01\x0d\xb8", 4);
		buf[15] = (uint8_t)(1 + rz_rng_below(rng, 4));
		len = 16;
		part->kind = SOURCE;
	} else {
		len = make_act(rng, buf);
		part->kind = ACT;
		part->level = 1;
		*inside = RECORD;
	}
	part->len = (uint32_t)len;
}

static const struct rz_grammar icmp6_grammar = {
	.cut = icmp6_cut,
	.close = icmp6_close,
	.link = icmp6_link,
	.finish = icmp6_finish,
	.make = icmp6_make,
};

RZ_MUTATOR(icmp6_grammar)
