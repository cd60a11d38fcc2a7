// SPDX-License-Identifier: GPL-2.0-only
/*
 * How records of net_sctp fall into parts, and how lengths and the CRC-32C are put right.
 *
 * Level 0 are the records; inside one, at level 1, the link, IP and SCTP headers together
 * and the chunks, or the bytes of an act; at level 2 the parameters or causes of chunks
 * that have some. Padding is left out and made anew.
 */
#include "mutator_net.h"

enum part_kind { RAW, RECORD, HEAD, CHUNK, PARAM, ACT };

enum {
	PROTO_SCTP = 132, SCTP_HEADER = 12, CHUNK_HEADER = 4, PARAM_HEADER = 4,
	INIT = 1, INIT_ACK = 2, ABORT = 6, ERROR = 9, ASCONF_ACK = 0x80, RECONF = 0x82,
	ASCONF = 0xc1,
};

/* Bytes before the SCTP header; 0 if there is none. */
static size_t head_len(const uint8_t *frame, size_t len)
{
	const uint8_t *ip = frame + ETH_HEADER;
	size_t hlen = 0;

	if (len < ETH_HEADER + IPV4_HEADER)
		return 0;
	if (ip[0] >> 4 == 6 && len >= ETH_HEADER + IPV6_HEADER && ip[6] == PROTO_SCTP)
		hlen = IPV6_HEADER;
	else if (ip[0] >> 4 == 4 && (ip[0] & 15) >= 5 && ip[9] == PROTO_SCTP)
		hlen = ipv4_hdrlen(ip);
	return hlen && len >= ETH_HEADER + hlen + SCTP_HEADER ? ETH_HEADER + hlen : 0;
}

/* Where the parameters of a chunk begin; 0 if it has none. */
static size_t params_at(uint8_t type)
{
	switch (type) {
	case INIT:
	case INIT_ACK:
		return 20;
	case ASCONF:
	case ASCONF_ACK:
		return 8;
	case ABORT:
	case ERROR:
	case RECONF:
		return CHUNK_HEADER;
	}
	return 0;
}

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static void cut_params(struct rz_parts *parts, const uint8_t *at, size_t end)
{
	size_t len;

	while (end >= PARAM_HEADER) {
		len = be16(at + 2);
		if (len < PARAM_HEADER || len > end)
			len = end;
		if (!rz_parts_add(parts, PARAM, 2, be16(at), at, len))
			return;
		len = padded(len) < end ? padded(len) : end;
		at += len;
		end -= len;
	}
}

static bool cut_chunk(struct rz_parts *parts, const uint8_t *at, size_t len)
{
	size_t fixed = params_at(at[0]);

	if (!fixed || fixed > len)
		return rz_parts_add(parts, CHUNK, 1, at[0], at, len);
	if (!rz_parts_add(parts, CHUNK, 1, at[0], at, fixed))
		return false;
	cut_params(parts, at + fixed, len - fixed);
	return true;
}

static void cut_frame(struct rz_parts *parts, const uint8_t *frame, size_t len)
{
	size_t head = head_len(frame, len), size;
	const uint8_t *at;

	if (!head) {
		if (len)
			rz_parts_add(parts, ACT, 1, 0, frame, len);
		return;
	}
	head += SCTP_HEADER;
	if (!rz_parts_add(parts, HEAD, 1, 0, frame, head))
		return;
	for (at = frame + head, len -= head; len >= CHUNK_HEADER; at += size, len -= size) {
		size = be16(at + 2);
		if (size < CHUNK_HEADER || size > len)
			size = len;
		if (!cut_chunk(parts, at, size))
			return;
		size = padded(size) < len ? padded(size) : len;
	}
}

static void sctp_cut(struct rz_parts *parts, const uint8_t *data, size_t len)
{
	struct rz_cut rest = { parts, data, len }, body;

	while (rz_record_cut(&rest, RECORD, 1, &body))
		cut_frame(parts, body.pos, body.left);
}

static size_t sctp_close(const struct rz_part *part, uint8_t *at, size_t size, size_t room)
{
	switch (part->kind) {
	case CHUNK:
	case PARAM:
		if (size >= CHUNK_HEADER && size <= 0xffff)
			put_be16(at + 2, size);
		return net_pad(at, size, room, 4);
	case RECORD:
		rz_record_close(at, size);
		break;
	}
	return size;
}

static void sctp_link(const struct rz_part *part, uint8_t *at, const struct rz_part *next)
{
}

static uint32_t crc32c(const uint8_t *data, size_t len)
{
	uint32_t crc = ~0u;
	int bit;

	while (len--) {
		crc ^= *data++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

static void finish_frame(uint8_t *frame, size_t len)
{
	size_t head = head_len(frame, len);
	uint8_t *ip = frame + ETH_HEADER, *sctp = frame + head;
	uint32_t crc;
	int i;

	if (!head)
		return;
	put_be16(ip[0] >> 4 == 6 ? ip + 4 : ip + 2,
		 ip[0] >> 4 == 6 ? len - head : len - ETH_HEADER);
	memset(sctp + 8, 0, 4);
	crc = crc32c(sctp, len - head);
	for (i = 0; i < 4; i++)
		sctp[8 + i] = (uint8_t)(crc >> 8 * i);
}

static void sctp_finish(uint8_t *data, size_t len)
{
	rz_record_finish(data, len, finish_frame);
}

/* Chunks and parameters with the lengths that they are defined with. */
static const struct { uint16_t type; uint8_t len, level; } made[] = {
	{ 0, 20, 1 }, { 1, 20, 1 }, { 2, 20, 1 }, { 3, 20, 1 }, { 4, 12, 1 }, { 5, 60, 1 },
	{ 6, 4, 1 }, { 7, 8, 1 }, { 8, 4, 1 }, { 9, 12, 1 }, { 11, 4, 1 }, { 12, 8, 1 },
	{ 13, 8, 1 }, { 14, 4, 1 }, { 15, 28, 1 }, { 0x40, 24, 1 }, { 0x80, 8, 1 },
	{ 0x82, 12, 1 }, { 0xc0, 12, 1 }, { 0xc1, 16, 1 }, { 0xc2, 16, 1 },
	{ 5, 8, 2 }, { 6, 20, 2 }, { 7, 12, 2 }, { 9, 8, 2 }, { 12, 8, 2 }, { 13, 18, 2 },
	{ 14, 10, 2 }, { 15, 8, 2 }, { 16, 12, 2 }, { 17, 12, 2 }, { 18, 12, 2 },
	{ 0x8000, 4, 2 }, { 0x8002, 36, 2 }, { 0x8003, 6, 2 }, { 0x8004, 6, 2 },
	{ 0x8008, 9, 2 }, { 0xc000, 4, 2 }, { 0xc001, 16, 2 }, { 0xc002, 16, 2 },
	{ 0xc003, 12, 2 }, { 0xc004, 16, 2 }, { 0xc005, 8, 2 }, { 0xc006, 8, 2 },
};

static void make_act(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		     uint8_t *inside)
{
	size_t i, len = room < 7 ? room : 7;

	for (i = 0; i < len; i++)
		buf[i] = (uint8_t)rz_rng_below(rng, 16);
	if (len > 4) {
		buf[0] = ACT_MARK;
		buf[1] = (uint8_t)(rz_rng_below(rng, 9) ? 0x10 + rz_rng_below(rng, 8) : 0);
		buf[2] = (uint8_t)(0x70 + rz_rng_below(rng, 9));
		buf[3] = (uint8_t)(buf[1] ? 0x17 : 0);
	}
	*part = (struct rz_part){ buf, (uint32_t)len, 0, ACT, 1 };
	*inside = RECORD;
}

/* A chunk, a parameter, or an act. */
static void sctp_make(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		      uint8_t *inside)
{
	size_t i, n = rz_rng_below(rng, sizeof(made) / sizeof(made[0])), len = made[n].len;
	uint8_t level = made[n].level;

	if (rz_rng_below(rng, 6) == 0 || len > room) {
		make_act(rng, part, buf, room, inside);
		return;
	}
	for (i = 0; i < len; i++)
		buf[i] = (uint8_t)(rz_rng_below(rng, 2) ? rz_rng_next(rng) : rz_rng_below(rng, 4));
	if (level == 1) {
		buf[0] = (uint8_t)made[n].type;
		buf[1] = (uint8_t)rz_rng_below(rng, 8);
	} else {
		put_be16(buf, made[n].type);
	}
	put_be16(buf + 2, len);
	*part = (struct rz_part){ buf, (uint32_t)len, made[n].type, level == 1 ? CHUNK : PARAM,
				  level };
	*inside = level == 1 ? RECORD : CHUNK;
}

static const struct rz_grammar sctp_grammar = {
	.cut = sctp_cut,
	.close = sctp_close,
	.link = sctp_link,
	.finish = sctp_finish,
	.make = sctp_make,
};

RZ_MUTATOR(sctp_grammar)
