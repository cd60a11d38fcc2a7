// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a frame with IPv6 inside falls into parts, and how its lengths, next-header
 * values and checksums are put right: the grammar of the net_ipv6 mutator.
 *
 * Level 0 is the chain of headers, link layer first; level 1 are the options of a
 * Hop-by-Hop or Destination Options header and the addresses and TLVs of a routing
 * header. Padding at the end of a header is left out and made anew.
 */
#include "mutator_net.h"

enum part_kind {
	RAW, ETH, VLAN, MPLS, PPPOE, IPV4, IPV6, OPTIONS, ROUTING, FRAGMENT, AH, UPPER,
	OPTION, SEGMENT,
};

enum {
	PPP_IPV4 = 0x21, PPP_IPV6 = 0x57,
	NXT_HOP = 0, NXT_IPV4 = 4, NXT_IPV6 = 41, NXT_ROUTING = 43, NXT_FRAGMENT = 44,
	NXT_AH = 51, NXT_NONE = 59, NXT_DEST = 60,
	RT_RPL = 3, RT_SRH = 4,
};

/* Only padding from here on: it is made anew when the header is closed. */
static bool all_padding(const uint8_t *at, size_t len)
{
	if (len > 8 || (len > 1 && at[0] == 1 && at[1] != len - 2))
		return false;
	for (size_t i = len && at[0] == 1 ? 2 : 0; i < len; i++) {
		if (at[i])
			return false;
	}
	return true;
}

static void cut_options(struct rz_cut *cut, size_t end)
{
	while (end && !all_padding(cut->pos, end)) {
		size_t len = cut->pos[0] && end > 1 ? cut->pos[1] + 2u : 1;

		if (len > end)
			len = end;
		if (!rz_cut_take(cut, OPTION, 1, 0, len))
			break;
		end -= len;
	}
	cut->pos += end;
	cut->left -= end;
}

/* Addresses, the last one perhaps shorter, then TLVs in a segment routing header. */
static void cut_segments(struct rz_cut *cut, const uint8_t *hdr, size_t end)
{
	size_t each = 16, last = 16, addresses = end;

	if (hdr[2] == RT_RPL) {
		each = 16u - (hdr[4] >> 4);
		last = 16u - (hdr[4] & 15);
		addresses -= hdr[5] >> 4 < end ? hdr[5] >> 4 : 0;
	} else if (hdr[2] == RT_SRH && (hdr[4] + 1u) * 16 < end) {
		addresses = (hdr[4] + 1u) * 16;
	}
	end -= addresses;
	while (addresses) {
		size_t len = addresses <= last ? addresses : each;

		if (len > addresses)
			len = addresses;
		if (!rz_cut_take(cut, SEGMENT, 1, 0, len))
			return;
		addresses -= len;
	}
	cut_options(cut, end);
}

/* One extension header with what lies inside it; false when it is no whole one. */
static bool cut_extension(struct rz_cut *cut, uint8_t nxt, uint8_t *next)
{
	const uint8_t *hdr = cut->pos;
	size_t len;

	if (cut->left < 8)
		return false;
	len = nxt == NXT_FRAGMENT ? 8 : nxt == NXT_AH ? (hdr[1] + 2u) * 4 : (hdr[1] + 1u) * 8;
	if (len > cut->left)
		return false;
	*next = hdr[0];
	switch (nxt) {
	case NXT_FRAGMENT:
		return rz_cut_take(cut, FRAGMENT, 0, nxt, len);
	case NXT_AH:
		return rz_cut_take(cut, AH, 0, nxt, len);
	case NXT_ROUTING:
		if (!rz_cut_take(cut, ROUTING, 0, nxt, 8))
			return false;
		cut_segments(cut, hdr, len - 8);
		return true;
	default:
		if (!rz_cut_take(cut, OPTIONS, 0, nxt, 2))
			return false;
		cut_options(cut, len - 2);
		return true;
	}
}

/* The chain behind an IP header. */
static void cut_chain(struct rz_cut *cut, uint8_t nxt)
{
	uint8_t hdrlen;

	while (cut->left) {
		switch (nxt) {
		case NXT_HOP:
		case NXT_DEST:
		case NXT_ROUTING:
		case NXT_FRAGMENT:
		case NXT_AH:
			if (!cut_extension(cut, nxt, &nxt)) {
				rz_cut_rest(cut, RAW, 0, nxt);
				return;
			}
			continue;
		case NXT_IPV6:
			if (!rz_cut_take(cut, IPV6, 0, NXT_IPV6, 40)) {
				rz_cut_rest(cut, RAW, 0, nxt);
				return;
			}
			nxt = cut->pos[6 - 40];
			continue;
		case NXT_IPV4:
			hdrlen = (uint8_t)ipv4_hdrlen(cut->pos);
			if (hdrlen < 20 || !rz_cut_take(cut, IPV4, 0, NXT_IPV4, hdrlen)) {
				rz_cut_rest(cut, RAW, 0, nxt);
				return;
			}
			nxt = cut->pos[9 - hdrlen];
			continue;
		}
		rz_cut_rest(cut, UPPER, 0, nxt);
	}
}

/* Tags and labels behind the Ethernet header. */
static void cut_link(struct rz_cut *cut, uint16_t type)
{
	for (;;) {
		switch (type) {
		case ETH_VLAN:
		case ETH_SVLAN:
			if (!rz_cut_take(cut, VLAN, 0, type, 4))
				return;
			type = be16(cut->pos - 2);
			continue;
		case ETH_MPLS:
			if (!rz_cut_take(cut, MPLS, 0, type, 4))
				return;
			if (cut->pos[-2] & 1)
				type = cut->left && cut->pos[0] >> 4 == 6 ? ETH_IPV6 : ETH_IPV4;
			continue;
		case ETH_PPPOE:
			if (!rz_cut_take(cut, PPPOE, 0, type, 8))
				return;
			type = be16(cut->pos - 2) == PPP_IPV6 ? ETH_IPV6 : ETH_IPV4;
			continue;
		case ETH_IPV6:
			cut_chain(cut, NXT_IPV6);
			return;
		case ETH_IPV4:
			cut_chain(cut, NXT_IPV4);
			return;
		default:
			return;
		}
	}
}

static void net_cut(struct rz_parts *parts, const uint8_t *data, size_t len)
{
	struct rz_cut cut = { parts, data, len };

	if (rz_cut_take(&cut, ETH, 0, 0, 14))
		cut_link(&cut, be16(data + 12));
	rz_cut_rest(&cut, RAW, 0, NXT_NONE);
}

/*
 * Writing
 */

/* Up to a multiple of 8 bytes, with a PadN among options. */
static size_t pad_to_8(uint8_t *at, size_t size, size_t room, bool options)
{
	size_t padded = net_pad(at, size, room, 8);

	if (options && padded - size > 1) {
		at[size] = 1;
		at[size + 1] = (uint8_t)(padded - size - 2);
	}
	return padded;
}

static size_t net_close(const struct rz_part *part, uint8_t *at, size_t size, size_t room)
{
	size_t padded = size;

	switch (part->kind) {
	case OPTION:
		if (size >= 2 && at[0] && size - 2 <= 255)
			at[1] = (uint8_t)(size - 2);
		return size;
	case OPTIONS:
	case ROUTING:
		padded = pad_to_8(at, size, room, part->kind == OPTIONS);
		if (padded < 8 || padded % 8)
			return padded;
		at[1] = padded / 8 > 256 ? 255 : (uint8_t)(padded / 8 - 1);
		if (part->kind == ROUTING && at[2] == RT_RPL)
			at[5] = (uint8_t)((at[5] & 15) | (padded - size) << 4);
		return padded;
	case AH:
		if (size >= 12)
			at[1] = size / 4 > 257 ? 255 : (uint8_t)(size / 4 - 2);
		return size;
	default:
		return size;
	}
}

static uint16_t ethertype_of(const struct rz_part *part)
{
	switch (part->kind) {
	case VLAN:
	case MPLS:
	case PPPOE:
		return part->tag;
	case IPV4:
		return ETH_IPV4;
	default:
		return ETH_IPV6;
	}
}

/* The next-header value of what cannot be one is that of a tunnelled packet. */
static uint8_t proto_of(const struct rz_part *next)
{
	return next ? (uint8_t)next->tag : NXT_NONE;
}

static void net_link(const struct rz_part *part, uint8_t *at, const struct rz_part *next)
{
	size_t len = part->len;

	switch (part->kind) {
	case ETH:
		if (len >= 14 && next && next->kind)
			put_be16(at + 12, ethertype_of(next));
		break;
	case VLAN:
		if (len >= 4 && next && next->kind)
			put_be16(at + 2, ethertype_of(next));
		break;
	case MPLS:
		if (len >= 4)
			at[2] = (uint8_t)((at[2] & ~1) | !(next && next->kind == MPLS));
		break;
	case PPPOE:
		if (len >= 8)
			put_be16(at + 6, next && next->kind == IPV4 ? PPP_IPV4 : PPP_IPV6);
		break;
	case IPV4:
		if (len >= 20)
			at[9] = proto_of(next);
		break;
	case IPV6:
		if (len >= 40)
			at[6] = proto_of(next);
		break;
	case OPTIONS:
	case ROUTING:
	case FRAGMENT:
	case AH:
		if (len)
			at[0] = proto_of(next);
	}
}

/* Lengths that reach to the end of the frame, and checksums. */
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
		size_t left = len - (size_t)(part->data - data);

		switch (part->kind) {
		case PPPOE:
			put_be16(at + 4, left - 6);
			break;
		case IPV4:
			net_finish_ipv4(at, part->len, left);
			break;
		case IPV6:
			put_be16(at + 4, left - 40 > 0xffff ? 0 : left - 40);
			ip = at;
			break;
		case UPPER:
			if (ip)
				net_finish_transport(ip + 8, 32, (uint8_t)part->tag, at,
						     part->len);
		}
	}
}

/*
 * Inventing
 */

static const uint8_t local_prefix[8] = { 0xfd, 0x72, 0x65, 0x64, 0x7a, 0x6f, 0x6e, 0x65 };

/* An address that the target's routes know, or that no header may hold. */
static void make_address(struct rz_rng *rng, uint8_t *at)
{
	memset(at, 0, 16);
	at[15] = (uint8_t)(1 + rz_rng_below(rng, 8));
	switch (rz_rng_below(rng, 8)) {
	case 0:
		at[15] = 1;		/* ::1 */
		return;
	case 1:
		at[0] = 0xff;		/* a group */
		at[1] = (uint8_t)rz_rng_below(rng, 16);
		return;
	case 2:
		at[0] = 0x01;		/* the unreachable prefix */
		return;
	case 3:
	case 4:
		memcpy(at, "\x20\x01\x0d\xb8", 4);
		return;
	default:
		memcpy(at, local_prefix, sizeof(local_prefix));
	}
}

static size_t make_ioam(struct rz_rng *rng, uint8_t *at)
{
	static const uint8_t types[] = { 0x80, 0xc0, 0xff, 0xfe };
	size_t words = rz_rng_below(rng, 12);

	memset(at, 0, 12 + words * 4);
	at[0] = 0x31;
	at[8] = types[rz_rng_below(rng, sizeof(types))];
	at[9] = rz_rng_below(rng, 4) ? 0 : (uint8_t)rz_rng_next(rng);
	at[6] = (uint8_t)((rz_rng_below(rng, 2) ? __builtin_popcount(at[8])
					       : (int)rz_rng_below(rng, 32)) << 3);
	at[7] = (uint8_t)words;
	return 12 + words * 4;
}

static size_t make_option(struct rz_rng *rng, uint8_t *at)
{
	size_t len;

	memset(at, 0, 40);
	switch (rz_rng_below(rng, 9)) {
	case 0:
		return 1;					/* Pad1 */
	case 1:
		at[0] = 1;					/* PadN */
		return 2 + rz_rng_below(rng, 6);
	case 2:
		at[0] = 5;					/* Router Alert */
		at[3] = (uint8_t)rz_rng_below(rng, 4);
		return 4;
	case 3:
		at[0] = 0xc2;					/* Jumbo Payload */
		at[rz_rng_below(rng, 2) ? 3 : 4] = 1;
		return 6;
	case 4:
		return make_ioam(rng, at);
	case 5:
		at[0] = 7;					/* CALIPSO */
		at[5] = 1;
		at[6] = (uint8_t)rz_rng_below(rng, 4);
		return 10 + 4u * at[6];
	case 6:
		at[0] = 0xc9;					/* Home Address */
		make_address(rng, at + 2);
		return 18;
	default:
		at[0] = (uint8_t)rz_rng_next(rng);		/* any type and action */
		len = rz_rng_below(rng, 24);
		return 2 + len;
	}
}

static size_t make_routing(struct rz_rng *rng, uint8_t *at)
{
	static const uint8_t types[] = { 0, 2, RT_RPL, RT_SRH, RT_RPL, RT_SRH };

	memset(at, 0, 8);
	at[2] = types[rz_rng_below(rng, sizeof(types))];
	at[3] = (uint8_t)rz_rng_below(rng, 4);
	if (at[2] == RT_RPL)
		at[4] = (uint8_t)(rz_rng_below(rng, 2) ? 0xff : rz_rng_next(rng));
	return 8;
}

static size_t make_fixed(struct rz_rng *rng, uint8_t *at)
{
	memset(at, 0, 40);
	at[0] = 0x60;
	at[7] = (uint8_t)(1 + rz_rng_below(rng, 64));
	make_address(rng, at + 8);
	make_address(rng, at + 24);
	return 40;
}

struct maker {
	uint8_t kind, level, inside;
	uint16_t tag;
};

static const struct maker makers[] = {
	{ OPTION, 1, OPTIONS, 0 },
	{ OPTION, 1, OPTIONS, 0 },
	{ OPTION, 1, OPTIONS, 0 },
	{ OPTION, 1, ROUTING, 0 },
	{ SEGMENT, 1, ROUTING, 0 },
	{ SEGMENT, 1, ROUTING, 0 },
	{ OPTIONS, 0, 0, NXT_HOP },
	{ OPTIONS, 0, 0, NXT_DEST },
	{ ROUTING, 0, 0, NXT_ROUTING },
	{ ROUTING, 0, 0, NXT_ROUTING },
	{ FRAGMENT, 0, 0, NXT_FRAGMENT },
	{ AH, 0, 0, NXT_AH },
	{ IPV6, 0, 0, NXT_IPV6 },
	{ VLAN, 0, 0, ETH_VLAN },
	{ MPLS, 0, 0, ETH_MPLS },
	{ PPPOE, 0, 0, ETH_PPPOE },
	{ UPPER, 0, 0, PROTO_UDP },
	{ UPPER, 0, 0, PROTO_ICMPV6 },
};

static size_t make_bytes(struct rz_rng *rng, uint8_t kind, uint8_t *at)
{
	memset(at, 0, 40);
	switch (kind) {
	case OPTION:
		return make_option(rng, at);
	case SEGMENT:
		make_address(rng, at);
		return rz_rng_below(rng, 2) ? 16 : 1 + rz_rng_below(rng, 16);
	case OPTIONS:
		return 2;
	case ROUTING:
		return make_routing(rng, at);
	case FRAGMENT:
		put_be16(at + 2, rz_rng_below(rng, 3) ? rz_rng_below(rng, 2)
						      : rz_rng_next(rng) & 0xffff);
		return 8;
	case AH:
		return 12 + 4 * rz_rng_below(rng, 4);
	case IPV6:
		return make_fixed(rng, at);
	case VLAN:
		at[1] = (uint8_t)(1 + rz_rng_below(rng, 4));
		return 4;
	case MPLS:
		at[1] = 0x10;
		return 4;
	case PPPOE:
		at[0] = 0x11;
		at[3] = 1;
		return 8;
	default:
		at[0] = (uint8_t)(1 + rz_rng_below(rng, 4));
		return 8 + rz_rng_below(rng, 33);
	}
}

static void net_make(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		     uint8_t *inside)
{
	const struct maker *maker =
		&makers[rz_rng_below(rng, sizeof(makers) / sizeof(makers[0]))];
	size_t len = make_bytes(rng, maker->kind, buf);

	*part = (struct rz_part){
		.data = buf, .len = (uint32_t)(len < room ? len : room), .tag = maker->tag,
		.kind = maker->kind, .level = maker->level,
	};
	*inside = maker->inside;
}

static const struct rz_grammar net_ipv6_grammar = {
	.cut = net_cut,
	.close = net_close,
	.link = net_link,
	.finish = net_finish,
	.make = net_make,
};

RZ_MUTATOR(net_ipv6_grammar)
