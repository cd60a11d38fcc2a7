// SPDX-License-Identifier: GPL-2.0-only
/*
 * How an input of net_frag falls into parts, and how its lengths and checksums are put
 * right: records (level 0), in each the headers of a frame as far as a Fragment header
 * or an IPv4 header, and what is left (level 1). Invented records are fragments of a
 * few datagrams with offsets that meet.
 */
#include "mutator_net.h"

enum part_kind { RAW, RECORD, ACT, ETH, IPV4, IPV6, OPTIONS, FRAGMENT, PAYLOAD };

enum {
	NXT_HOP = 0, NXT_ROUTING = 43, NXT_FRAGMENT = 44, NXT_DEST = 60,
	MORE_IPV4 = 0x2000,
};

/* A part of level 1; none without bytes. */
static bool take(struct rz_cut *cut, enum part_kind kind, uint16_t tag, size_t len)
{
	return len && rz_cut_take(cut, kind, 1, tag, len);
}

/* The chain up to the Fragment header, which hides what follows. */
static void cut_ipv6(struct rz_cut *cut)
{
	uint8_t nxt;

	if (cut->left < IPV6_HEADER)
		return;
	nxt = cut->pos[6];
	if (!take(cut, IPV6, 0, IPV6_HEADER))
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

static void cut_frame(struct rz_cut *cut)
{
	uint16_t type;

	if (cut->left < ETH_HEADER)
		return;
	type = be16(cut->pos + 12);
	if (!take(cut, ETH, 0, ETH_HEADER))
		return;
	if (type == ETH_IPV6)
		cut_ipv6(cut);
	else if (type == ETH_IPV4 && cut->left >= IPV4_HEADER)
		take(cut, IPV4, 0, ipv4_hdrlen(cut->pos));
}

static void frag_cut(struct rz_parts *parts, const uint8_t *data, size_t len)
{
	struct rz_cut rest = { parts, data, len }, body;

	while (rz_record_cut(&rest, RECORD, 12, &body)) {
		if (body.left && body.left < ETH_HEADER && body.pos[0] == ACT_MARK)
			take(&body, ACT, 0, body.left);
		else
			cut_frame(&body);
		take(&body, PAYLOAD, 0, body.left);
	}
	rz_cut_rest(&rest, RAW, 0, 0);
}

/*
 * Writing
 */

static size_t frag_close(const struct rz_part *part, uint8_t *at, size_t size, size_t room)
{
	switch (part->kind) {
	case RECORD:
		rz_record_close(at, size);
		return size;
	case OPTIONS:
		size = net_pad(at, size, room, 8);
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

/* Lengths that reach to the end of the frame, and the sum of IPv4's header. */
static void finish_frame(uint8_t *frame, size_t len)
{
	uint8_t *ip = frame + ETH_HEADER;
	size_t left;

	if (len < ETH_HEADER + IPV4_HEADER)
		return;
	left = len - ETH_HEADER;
	if (be16(ip - 2) == ETH_IPV6 && left >= IPV6_HEADER)
		put_be16(ip + 4, left - IPV6_HEADER > 0xffff ? 0xffff : left - IPV6_HEADER);
	else if (be16(ip - 2) == ETH_IPV4 && ipv4_hdrlen(ip) >= IPV4_HEADER &&
		 ipv4_hdrlen(ip) <= left)
		net_finish_ipv4(ip, ipv4_hdrlen(ip), left);
}

static void frag_finish(uint8_t *data, size_t len)
{
	rz_record_finish(data, len, finish_frame);
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
	at[40] = PROTO_UDP;
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
	at[9] = PROTO_UDP;
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
	len += ETH_HEADER;
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
