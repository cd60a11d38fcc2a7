// SPDX-License-Identifier: GPL-2.0-only
/*
 * How records of net_tcp fall into parts, and how lengths and checksums are put right.
 *
 * Level 0 are the records; inside one, at level 1, the link and IP headers together, the
 * TCP header and the data, or the bytes of an act; at level 2 the options. Padding at the
 * end of the options is left out and made anew.
 */
#include "mutator_net.h"

enum part_kind { RAW, RECORD, HEAD, SEGMENT, OPTION, DATA, ACT };

enum { TCP_HEADER = 20, TCP_MAX = 60, KIND_MPTCP = 30 };

/* Bytes before the TCP header; 0 if there is none. */
static size_t head_len(const uint8_t *frame, size_t len)
{
	const uint8_t *ip = frame + ETH_HEADER;
	size_t hlen = 0;

	if (len < ETH_HEADER + IPV4_HEADER)
		return 0;
	if (ip[0] >> 4 == 6 && len >= ETH_HEADER + IPV6_HEADER && ip[6] == PROTO_TCP)
		hlen = IPV6_HEADER;
	else if (ip[0] >> 4 == 4 && (ip[0] & 15) >= 5 && ip[9] == PROTO_TCP)
		hlen = ipv4_hdrlen(ip);
	return hlen && len >= ETH_HEADER + hlen + TCP_HEADER ? ETH_HEADER + hlen : 0;
}

static void cut_options(struct rz_parts *parts, const uint8_t *at, size_t end)
{
	while (end && at[0]) {
		size_t len = at[0] > 1 && end > 1 && at[1] >= 2 ? at[1] : 1;

		if (len > end)
			len = end;
		if (at[0] > 1 && !rz_parts_add(parts, OPTION, 2, at[0], at, len))
			return;
		at += len;
		end -= len;
	}
}

static void cut_frame(struct rz_parts *parts, const uint8_t *frame, size_t len)
{
	size_t head = head_len(frame, len), hlen;

	if (!head) {
		if (len)
			rz_parts_add(parts, ACT, 1, 0, frame, len);
		return;
	}
	hlen = (frame[head + 12] >> 4) * 4u;
	if (hlen < TCP_HEADER || head + hlen > len)
		hlen = TCP_HEADER;
	if (!rz_parts_add(parts, HEAD, 1, 0, frame, head) ||
	    !rz_parts_add(parts, SEGMENT, 1, 0, frame + head, TCP_HEADER))
		return;
	cut_options(parts, frame + head + TCP_HEADER, hlen - TCP_HEADER);
	if (len > head + hlen)
		rz_parts_add(parts, DATA, 1, 0, frame + head + hlen, len - head - hlen);
}

static void tcp_cut(struct rz_parts *parts, const uint8_t *data, size_t len)
{
	struct rz_cut rest = { parts, data, len }, body;

	while (rz_record_cut(&rest, RECORD, 1, &body))
		cut_frame(parts, body.pos, body.left);
}

static size_t tcp_close(const struct rz_part *part, uint8_t *at, size_t size, size_t room)
{
	switch (part->kind) {
	case OPTION:
		if (size >= 2 && size <= 255)
			at[1] = (uint8_t)size;
		break;
	case SEGMENT:
		while (size % 4 && size < room)
			at[size++] = 1;
		if (size >= TCP_HEADER && size <= TCP_MAX && size % 4 == 0)
			at[12] = (uint8_t)((at[12] & 15) | size / 4 << 4);
		break;
	case RECORD:
		rz_record_close(at, size);
		break;
	}
	return size;
}

static void tcp_link(const struct rz_part *part, uint8_t *at, const struct rz_part *next)
{
}

static void finish_frame(uint8_t *frame, size_t len)
{
	size_t head = head_len(frame, len), seg = len - head;
	uint8_t *ip = frame + ETH_HEADER, *tcp = frame + head;

	if (!head)
		return;
	if (ip[0] >> 4 == 6) {
		put_be16(ip + 4, seg);
		net_finish_transport(ip + 8, 32, PROTO_TCP, tcp, seg);
	} else {
		put_be16(ip + 2, len - ETH_HEADER);
		net_finish_transport(ip + 12, 8, PROTO_TCP, tcp, seg);
	}
}

static void tcp_finish(uint8_t *data, size_t len)
{
	rz_record_finish(data, len, finish_frame);
}

/* Options with the lengths that they are defined with. */
static const uint8_t options[][2] = {
	{ 2, 4 }, { 3, 3 }, { 4, 2 }, { 5, 10 }, { 5, 18 }, { 8, 10 }, { 19, 18 }, { 34, 2 },
	{ 34, 10 }, { 254, 4 }, { 254, 6 }, { 30, 4 }, { 30, 12 }, { 30, 20 }, { 30, 22 },
	{ 30, 8 }, { 30, 16 }, { 30, 24 }, { 30, 28 }, { 30, 3 },
};

/* An option, or an act. */
static void tcp_make(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		     uint8_t *inside)
{
	const uint8_t *option = options[rz_rng_below(rng, sizeof(options) / 2)];
	size_t i, len = option[1];

	if (rz_rng_below(rng, 4) == 0 || len > room) {
		len = room < 7 ? room : 7;
		for (i = 0; i < len; i++)
			buf[i] = (uint8_t)rz_rng_below(rng, 16);
		if (len > 4) {
			buf[0] = ACT_MARK;
			buf[1] = (uint8_t)(rz_rng_below(rng, 9) ? 15 + rz_rng_below(rng, 9) : 0);
			buf[2] = (uint8_t)(0xe8 + rz_rng_below(rng, 5));
			buf[3] = 3;
		}
		*part = (struct rz_part){ buf, (uint32_t)len, 0, ACT, 1 };
		*inside = RECORD;
		return;
	}
	for (i = 0; i < len; i++)
		buf[i] = (uint8_t)rz_rng_next(rng);
	buf[0] = option[0];
	buf[1] = option[1];
	if (option[0] == KIND_MPTCP)
		buf[2] = (uint8_t)(rz_rng_below(rng, 9) << 4 | rz_rng_below(rng, 2));
	*part = (struct rz_part){ buf, (uint32_t)len, option[0], OPTION, 2 };
	*inside = SEGMENT;
}

static const struct rz_grammar tcp_grammar = {
	.cut = tcp_cut,
	.close = tcp_close,
	.link = tcp_link,
	.finish = tcp_finish,
	.make = tcp_make,
};

RZ_MUTATOR(tcp_grammar)
