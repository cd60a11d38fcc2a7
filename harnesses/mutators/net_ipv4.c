// SPDX-License-Identifier: GPL-2.0-only
/*
 * How an input of net_ipv4 falls into parts, and how its lengths and checksums are put
 * right: level 0 are records, level 1 the headers of the frame in each (or an act), level
 * 2 the options of an IPv4 header and the tags of PPPoE discovery.
 */
#include "mutator_net.h"

enum part_kind { RAW, RECORD, ACT, ETH, VLAN, IPV4, UPPER, PPPOED, OPTION, TAG };

enum { OPTIONS_MAX = 40 };

static void cut_ip_options(struct rz_cut *cut, size_t end)
{
	while (end) {
		size_t len = cut->pos[0] > 1 && end > 1 ? cut->pos[1] : 1;

		if (!cut->pos[0])
			len = end;		/* padding: made anew */
		if (!len || len > end)
			len = end;
		if (!cut->pos[0]) {
			cut->pos += len;
			cut->left -= len;
		} else if (!rz_cut_take(cut, OPTION, 2, 0, len)) {
			return;
		}
		end -= len;
	}
}

static void cut_ipv4(struct rz_cut *cut)
{
	size_t hdrlen = cut->left ? ipv4_hdrlen(cut->pos) : 0;
	uint16_t proto;

	if (cut->left < IPV4_HEADER)
		return;
	proto = cut->pos[9];
	if (!rz_cut_take(cut, IPV4, 1, ETH_IPV4, IPV4_HEADER))
		return;
	if (hdrlen > IPV4_HEADER && hdrlen - IPV4_HEADER <= cut->left)
		cut_ip_options(cut, hdrlen - IPV4_HEADER);
	if (cut->left)
		rz_cut_take(cut, UPPER, 1, proto, cut->left);
}

static void cut_pppoed(struct rz_cut *cut)
{
	if (!rz_cut_take(cut, PPPOED, 1, ETH_PPPOED, 6))
		return;
	while (cut->left >= 4) {
		size_t len = 4u + be16(cut->pos + 2);

		if (!rz_cut_take(cut, TAG, 2, 0, len < cut->left ? len : cut->left))
			return;
	}
}

static void cut_frame(struct rz_cut *cut)
{
	uint16_t type;

	if (cut->left && cut->left < ETH_HEADER && cut->pos[0] == ACT_MARK) {
		rz_cut_take(cut, ACT, 1, 0, cut->left);
		return;
	}
	if (cut->left < ETH_HEADER)
		return;
	type = be16(cut->pos + 12);
	if (!rz_cut_take(cut, ETH, 1, 0, ETH_HEADER))
		return;
	while ((type == ETH_VLAN || type == ETH_SVLAN) && cut->left >= 4) {
		uint16_t next = be16(cut->pos + 2);

		if (!rz_cut_take(cut, VLAN, 1, type, 4))
			return;
		type = next;
	}
	if (type == ETH_IPV4)
		cut_ipv4(cut);
	else if (type == ETH_PPPOED)
		cut_pppoed(cut);
}

static void net_cut(struct rz_parts *parts, const uint8_t *data, size_t len)
{
	struct rz_cut rest = { parts, data, len }, body;

	while (rz_record_cut(&rest, RECORD, 1, &body)) {
		cut_frame(&body);
		rz_cut_rest(&body, RAW, 1, 0);
	}
	rz_cut_rest(&rest, RAW, 0, 0);
}

/*
 * Writing
 */

static size_t close_ipv4(uint8_t *at, size_t size, size_t room)
{
	if (size < IPV4_HEADER || size > IPV4_HEADER + OPTIONS_MAX)
		return size;
	size = net_pad(at, size, room, 4);
	if (size % 4 == 0)
		at[0] = (uint8_t)((at[0] & 0xf0) | size / 4);
	return size;
}

static size_t net_close(const struct rz_part *part, uint8_t *at, size_t size, size_t room)
{
	switch (part->kind) {
	case RECORD:
		rz_record_close(at, size);
		break;
	case IPV4:
		return close_ipv4(at, size, room);
	case OPTION:
		if (size >= 2 && at[0] > 1 && size <= 255)
			at[1] = (uint8_t)size;
		break;
	case TAG:
		if (size >= 4)
			put_be16(at + 2, size - 4);
		break;
	case PPPOED:
		if (size >= 6)
			put_be16(at + 4, size - 6);
		break;
	}
	return size;
}

static void net_link(const struct rz_part *part, uint8_t *at, const struct rz_part *next)
{
	if (!next)
		return;
	switch (part->kind) {
	case ETH:
		if (part->len >= ETH_HEADER &&
		    (next->kind == VLAN || next->kind == IPV4 || next->kind == PPPOED))
			put_be16(at + 12, next->tag);
		break;
	case VLAN:
		if (part->len >= 4 && (next->kind == VLAN || next->kind == IPV4))
			put_be16(at + 2, next->tag);
		break;
	case IPV4:
		if (part->len >= IPV4_HEADER && next->kind == UPPER)
			at[9] = (uint8_t)next->tag;
		break;
	}
}

static void finish_upper(const uint8_t *ip, uint16_t proto, uint8_t *data, size_t len)
{
	if (proto == PROTO_TCP || proto == PROTO_UDP)
		net_finish_transport(ip + 12, 8, (uint8_t)proto, data, len);
	else if ((proto == PROTO_ICMP || proto == PROTO_IGMP) && len >= 4)
		net_checksum(data, len, 2, 0);
}

/* Where the record ends in which part @i lies. */
static const uint8_t *record_end(const struct rz_parts *parts, unsigned int i,
				 const uint8_t *end)
{
	for (i++; i < parts->count; i++)
		if (!parts->part[i].level)
			return parts->part[i].data;
	return end;
}

/* Lengths and checksums of IPv4 headers, and of what they carry. */
static void net_finish(uint8_t *data, size_t len)
{
	static struct rz_parts parts;
	const uint8_t *ip = NULL;
	unsigned int i;

	parts.count = 0;
	net_cut(&parts, data, len);
	for (i = 0; i < parts.count; i++) {
		const struct rz_part *part = &parts.part[i];
		uint8_t *at = data + (part->data - data);
		size_t left = (size_t)(record_end(&parts, i, data + len) - at);
		size_t hdrlen = ipv4_hdrlen(at);

		if (part->kind == IPV4 && hdrlen >= IPV4_HEADER && hdrlen <= left) {
			net_finish_ipv4(at, hdrlen, left);
			ip = at;
		} else if (part->kind == UPPER && ip) {
			finish_upper(ip, part->tag, at, part->len);
		}
	}
}

/*
 * Inventing
 */

static const uint8_t addresses[][4] = {
	{ 192, 0, 2, 2 }, { 192, 0, 2, 1 }, { 192, 0, 2, 77 }, { 192, 0, 2, 255 },
	{ 224, 0, 0, 1 }, { 239, 1, 2, 3 }, { 232, 1, 1, 1 }, { 198, 18, 0, 1 },
	{ 198, 51, 100, 1 }, { 203, 0, 113, 1 }, { 8, 8, 8, 8 }, { 255, 255, 255, 255 },
	{ 0, 0, 0, 0 }, { 127, 0, 0, 1 }, { 192, 0, 2, 10 }, { 192, 0, 2, 254 },
};

static void make_address(struct rz_rng *rng, uint8_t *at)
{
	memcpy(at, addresses[rz_rng_below(rng, sizeof(addresses) / 4)], 4);
}

static size_t make_cipso(struct rz_rng *rng, uint8_t *at)
{
	static const uint8_t types[] = { 1, 2, 5, 128 };
	size_t n = rz_rng_below(rng, 8);

	at[0] = 0x86;
	at[5] = (uint8_t)(1 + rz_rng_below(rng, 2));
	at[6] = types[rz_rng_below(rng, sizeof(types))];
	at[7] = (uint8_t)(4 + n);
	at[9] = (uint8_t)rz_rng_below(rng, 20);
	for (size_t i = 0; i < n; i++)
		at[10 + i] = (uint8_t)rz_rng_below(rng, i % 2 ? 64 : 2);
	return 10 + n;
}

static size_t make_option(struct rz_rng *rng, uint8_t *at)
{
	static const uint8_t routes[] = { 0x07, 0x83, 0x89 };
	size_t n = rz_rng_below(rng, 5), i;

	memset(at, 0, OPTIONS_MAX);
	switch (rz_rng_below(rng, 6)) {
	case 0:
		at[0] = 1;
		return 1;
	case 1:
		at[0] = 0x94;
		return 4;
	case 2:
		return make_cipso(rng, at);
	case 3:
		at[0] = 0x44;
		at[2] = (uint8_t)(5 + 4 * rz_rng_below(rng, 4));
		at[3] = (uint8_t)(rz_rng_below(rng, 4) | rz_rng_below(rng, 16) << 4);
		return 4 + 4 * n;
	case 4:
		at[0] = routes[rz_rng_below(rng, sizeof(routes))];
		at[2] = (uint8_t)(4 + 4 * rz_rng_below(rng, 4));
		for (i = 0; i < n; i++)
			make_address(rng, at + 3 + 4 * i);
		return 3 + 4 * n;
	default:
		at[0] = (uint8_t)rz_rng_next(rng);
		return 2 + rz_rng_below(rng, 12);
	}
}

static size_t make_upper(struct rz_rng *rng, uint8_t *at, uint16_t *tag)
{
	static const uint8_t icmp[] = { 0, 3, 5, 8, 11, 12, 13, 17, 42, 43 };
	static const uint8_t igmp[] = { 0x11, 0x11, 0x12, 0x16, 0x17, 0x22 };

	memset(at, 0, 64);
	*tag = rz_rng_below(rng, 2) ? PROTO_ICMP : PROTO_IGMP;
	if (*tag == PROTO_IGMP) {
		at[0] = igmp[rz_rng_below(rng, sizeof(igmp))];
		at[1] = (uint8_t)rz_rng_next(rng);
		if (rz_rng_below(rng, 2))
			make_address(rng, at + 4);
		at[11] = (uint8_t)rz_rng_below(rng, 3);
		make_address(rng, at + 12);
		return rz_rng_below(rng, 2) ? 8 : 12u + 4u * at[11];
	}
	at[0] = icmp[rz_rng_below(rng, sizeof(icmp))];
	at[1] = (uint8_t)rz_rng_below(rng, 5);
	at[7] = (uint8_t)rz_rng_next(rng);
	at[8] = 0x45;
	at[17] = (uint8_t)(rz_rng_below(rng, 2) ? PROTO_ICMP : PROTO_UDP);
	make_address(rng, at + 20);
	make_address(rng, at + 24);
	at[28] = 8;
	return 36;
}

static size_t make_tag(struct rz_rng *rng, uint8_t *at)
{
	static const uint8_t tags[][2] = { { 1, 1 }, { 1, 2 }, { 1, 3 }, { 1, 4 }, { 2, 3 } };

	memset(at, 0, 40);
	memcpy(at, tags[rz_rng_below(rng, 5)], 2);
	memcpy(at + 4, "rz01", 4);
	return 4 + (rz_rng_below(rng, 2) ? 4 : rz_rng_below(rng, 32));
}

static size_t make_act(struct rz_rng *rng, uint8_t *at)
{
	memset(at, 0, 12);
	at[0] = ACT_MARK;
	switch (rz_rng_below(rng, 4)) {
	case 0:
		at[1] = 0x10;
		make_address(rng, at + 2);
		at[6] = (uint8_t)rz_rng_below(rng, 4);
		make_address(rng, at + 7);
		return 11;
	case 1:
		at[1] = 0x11;
		make_address(rng, at + 2);
		return 6;
	default:
		at[2] = (uint8_t)rz_rng_next(rng);
		at[3] = (uint8_t)rz_rng_below(rng, 8);
		return 4;
	}
}

static void net_make(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		     uint8_t *inside)
{
	uint16_t tag = 0;
	size_t len;

	*inside = RECORD;
	*part = (struct rz_part){ .data = buf, .level = 1 };
	switch (rz_rng_below(rng, 5)) {
	case 0:
		len = make_upper(rng, buf, &tag);
		part->kind = UPPER;
		break;
	case 1:
		len = make_act(rng, buf);
		part->kind = ACT;
		break;
	case 2:
		len = make_tag(rng, buf);
		part->kind = TAG;
		part->level = 2;
		*inside = PPPOED;
		break;
	default:
		len = make_option(rng, buf);
		part->kind = OPTION;
		part->level = 2;
		*inside = IPV4;
	}
	part->tag = tag;
	part->len = (uint32_t)(len < room ? len : room);
}

static const struct rz_grammar net_ipv4_grammar = {
	.cut = net_cut,
	.close = net_close,
	.link = net_link,
	.finish = net_finish,
	.make = net_make,
};

RZ_MUTATOR(net_ipv4_grammar)
