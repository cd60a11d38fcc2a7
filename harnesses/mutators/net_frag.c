// SPDX-License-Identifier: GPL-2.0-only
/*
 * How an input of net_frag falls into parts, and how its lengths and checksums are put
 * right: records (level 0), in each the headers of a frame as far as a Fragment header
 * or an IPv4 header, and what is left (level 1). Invented records are fragments of a
 * few datagrams with offsets that meet.
 */
#include "mutator.h"

enum part_kind { RAW, RECORD, ACT, ETH, IPV4, IPV6, OPTIONS, FRAGMENT, PAYLOAD };

enum {
	ACT_MARK = 0xf0, ETH_LEN = 14,
	ETH_IPV4 = 0x0800, ETH_IPV6 = 0x86dd,
	NXT_HOP = 0, NXT_UDP = 17, NXT_IPV6 = 41, NXT_ROUTING = 43, NXT_FRAGMENT = 44,
	NXT_DEST = 60,
	MORE_IPV4 = 0x2000,
};

/* What is left of a record, and where the parts go. */
struct cut {
	struct rz_parts *parts;
	const uint8_t *pos;
	size_t left;
};

static uint16_t be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void put_be16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static bool take(struct cut *cut, enum part_kind kind, uint16_t tag, size_t len)
{
	if (!len || len > cut->left || !rz_parts_add(cut->parts, kind, 1, tag, cut->pos, len))
		return false;
	cut->pos += len;
	cut->left -= len;
	return true;
}

/* The chain up to the Fragment header, which hides what follows. */
static void cut_ipv6(struct cut *cut)
{
	uint8_t nxt;

	if (cut->left < 40)
		return;
	nxt = cut->pos[6];
	if (!take(cut, IPV6, 0, 40))
		return;
	while (cut->left >= 8) {
		const uint8_t *hdr = cut->pos;

		if (nxt == NXT_FRAGMENT) {
			take(cut, FRAGMENT, nxt, 8);
			return;
		}
		if (nxt != NXT_HOP && nxt != NXT_DEST && nxt != NXT_ROUTING)
			return;
		if (!take(cut, OPTIONS, nxt, (hdr[1] + 1u) * 8))
			return;
		nxt = hdr[0];
	}
}

static void cut_frame(struct cut *cut)
{
	uint16_t type;

	if (cut->left < ETH_LEN)
		return;
	type = be16(cut->pos + 12);
	if (!take(cut, ETH, 0, ETH_LEN))
		return;
	if (type == ETH_IPV6)
		cut_ipv6(cut);
	else if (type == ETH_IPV4 && cut->left >= 20)
		take(cut, IPV4, 0, (cut->pos[0] & 15) * 4u);
}

static void frag_cut(struct rz_parts *parts, const uint8_t *data, size_t len)
{
	while (len >= 2) {
		size_t body = (size_t)(data[0] | data[1] << 8);
		struct cut cut = { parts, data + 2, 0 };

		if (body > len - 2)
			body = len - 2;
		if (parts->count + 12 > RZ_MUT_PARTS)
			break;
		rz_parts_add(parts, RECORD, 0, 0, data, 2);
		cut.left = body;
		if (body && body < ETH_LEN && data[2] == ACT_MARK)
			take(&cut, ACT, 0, body);
		else
			cut_frame(&cut);
		take(&cut, PAYLOAD, 0, cut.left);
		data += 2 + body;
		len -= 2 + body;
	}
	if (len && !rz_parts_add(parts, RAW, 0, 0, data, len)) {
		struct rz_part *last = &parts->part[parts->count - 1];

		last->len = (uint32_t)(data + len - last->data);
	}
}

/*
 * Writing
 */

static size_t frag_close(const struct rz_part *part, uint8_t *at, size_t size, size_t room)
{
	size_t gap = -size & 7;

	switch (part->kind) {
	case RECORD:
		if (size >= 2 && size - 2 <= 0xffff) {
			at[0] = (uint8_t)(size - 2);
			at[1] = (uint8_t)((size - 2) >> 8);
		}
		return size;
	case OPTIONS:
		if (gap && gap <= room - size) {
			memset(at + size, 0, gap);
			size += gap;
		}
		if (size >= 8)
			at[1] = (uint8_t)(size / 8 - 1);
		return size;
	default:
		return size;
	}
}

static void frag_link(const struct rz_part *part, uint8_t *at, const struct rz_part *next)
{
	uint8_t nxt;

	if (!next || (next->kind != OPTIONS && next->kind != FRAGMENT))
		return;
	nxt = (uint8_t)next->tag;
	if (part->kind == IPV6 && part->len >= 40)
		at[6] = nxt;
	else if (part->kind == OPTIONS && part->len)
		at[0] = nxt;
}

static void finish_ipv4(uint8_t *ip, size_t hdrlen, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	put_be16(ip + 2, len > 0xffff ? 0xffff : (uint32_t)len);
	put_be16(ip + 10, 0);
	for (i = 0; i < hdrlen; i += 2)
		sum += be16(ip + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put_be16(ip + 10, ~sum & 0xffff);
}

/* Lengths that reach to the end of the frame, and the sum of IPv4's header. */
static void frag_finish(uint8_t *data, size_t len)
{
	while (len >= 2 + ETH_LEN) {
		size_t body = (size_t)(data[0] | data[1] << 8);
		uint8_t *ip = data + 2 + ETH_LEN;
		size_t left, hdrlen;

		if (body > len - 2)
			body = len - 2;
		if (body >= ETH_LEN + 20) {
			left = body - ETH_LEN;
			hdrlen = (ip[0] & 15) * 4u;
			if (be16(ip - 2) == ETH_IPV6 && left >= 40)
				put_be16(ip + 4, left - 40 > 0xffff ? 0xffff
								    : (uint32_t)(left - 40));
			else if (be16(ip - 2) == ETH_IPV4 && hdrlen >= 20 && hdrlen <= left)
				finish_ipv4(ip, hdrlen, left);
		}
		data += 2 + body;
		len -= 2 + body;
	}
}

/*
 * Inventing
 */

static const uint8_t addresses[32] = {
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
	0xfd, 0x72, 0x65, 0x64, 0x7a, 0x6f, 0x6e, 0x65, 0, 0, 0, 0, 0, 0, 0, 1,
};

static size_t make_ipv6(struct rz_rng *rng, uint8_t *at, uint32_t offset, uint32_t more)
{
	at[0] = 0x60;
	at[6] = NXT_FRAGMENT;
	at[7] = 64;
	memcpy(at + 8, addresses, sizeof(addresses));
	at[40] = NXT_UDP;
	put_be16(at + 42, offset << 3 | more);
	at[47] = (uint8_t)(1 + rz_rng_below(rng, 2));
	return 48;
}

static size_t make_ipv4(struct rz_rng *rng, uint8_t *at, uint32_t offset, uint32_t more)
{
	static const uint8_t ends[8] = { 192, 0, 2, 1, 192, 0, 2, 2 };

	at[0] = 0x45;
	at[5] = (uint8_t)(1 + rz_rng_below(rng, 2));
	put_be16(at + 6, offset | (more ? MORE_IPV4 : 0));
	at[8] = 64;
	at[9] = NXT_UDP;
	memcpy(at + 12, ends, sizeof(ends));
	return 20;
}

/* A record: a fragment, or time that passes. */
static void frag_make(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		      uint8_t *inside)
{
	uint32_t offset = rz_rng_below(rng, 8), more = rz_rng_below(rng, 3) != 0;
	bool ipv6 = rz_rng_below(rng, 2);
	size_t len = 2;

	*inside = 0;
	*part = (struct rz_part){ .data = buf, .kind = RECORD };
	if (room < 128) {
		part->kind = RAW;
		return;
	}
	memset(buf, 0, 128);
	if (!rz_rng_below(rng, 6)) {
		static const uint8_t later[6] = { 4, 0, ACT_MARK, 0, 0x71, 0x17 };

		memcpy(buf, later, sizeof(later));
		part->len = sizeof(later);
		return;
	}
	memcpy(buf + 2, "\x02\0\0\0\0\x01\x02\0\0\0\0\x02", 12);
	put_be16(buf + 14, ipv6 ? ETH_IPV6 : ETH_IPV4);
	len += ETH_LEN;
	len += ipv6 ? make_ipv6(rng, buf + len, offset, more)
		    : make_ipv4(rng, buf + len, offset, more);
	len += 8 * (1 + rz_rng_below(rng, 4)) + (more ? 0 : rz_rng_below(rng, 8));
	buf[0] = (uint8_t)(len - 2);
	part->len = (uint32_t)len;
}

static const struct rz_grammar net_frag_grammar = {
	.cut = frag_cut,
	.close = frag_close,
	.link = frag_link,
	.finish = frag_finish,
	.make = frag_make,
};

RZ_MUTATOR(net_frag_grammar)
