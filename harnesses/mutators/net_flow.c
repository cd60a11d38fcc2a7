// SPDX-License-Identifier: GPL-2.0-only
/*
 * How an input of net_flow falls into headers, each of which says what follows it, and how
 * these links, lengths and IPv4's checksum are put right.
 */
#include "mutator_net.h"

enum part_kind { RAW, ETH, VLAN, MPLS, PPPOE, IPV4, IPV6, EXT, FRAG, GRE, FRAME, BATADV, HSR, LEAF,
	UPPER };

enum {
	ETH_BATADV = 0x4305, ETH_TEB = 0x6558, ETH_HSR = 0x892f, ETH_PRP = 0x88fb, ETH_ARP = 0x0806,
	ETH_TIPC = 0x88ca, ETH_PTP = 0x88f7, ETH_CFM = 0x8902, ETH_FCOE = 0x8906,
	ETH_MPLS_MC = 0x8848,
	PPP_IPV4 = 0x21, PPP_IPV6 = 0x57, PPP_MPLS = 0x281,
	NXT_HOP = 0, NXT_IPV4 = 4, NXT_IPV6 = 41, NXT_ROUTING = 43, NXT_FRAGMENT = 44, NXT_GRE = 47,
	NXT_NONE = 59, NXT_DEST = 60, NXT_MPLS = 137,
	GRE_CSUM = 0x80, GRE_KEY = 0x20, GRE_SEQ = 0x10, GRE_ACK = 0x80, BATADV_LEN = 24,
};

/* What the next header is called by the one just cut. */
struct next {
	uint16_t type;		/* EtherType; 0: by IP protocol */
	uint8_t proto;
};

static size_t gre_len(const uint8_t *at)
{
	size_t len = 4;

	len += at[0] & GRE_CSUM ? 4 : 0;
	len += at[0] & GRE_KEY ? 4 : 0;
	len += at[0] & GRE_SEQ ? 4 : 0;
	if ((at[1] & 7) == 1)
		len += 4 + (at[1] & GRE_ACK ? 4 : 0);
	return len;
}

static uint16_t ppp_type(uint16_t proto)
{
	switch (proto) {
	case PPP_IPV4:
		return ETH_IPV4;
	case PPP_IPV6:
		return ETH_IPV6;
	default:
		return proto == PPP_MPLS ? ETH_MPLS : 1;
	}
}

static uint16_t mpls_type(const struct rz_cut *cut)
{
	if (!(cut->pos[-2] & 1))
		return ETH_MPLS;
	return cut->left && cut->pos[0] >> 4 == 6 ? ETH_IPV6 : ETH_IPV4;
}

/* A part of @len bytes that ends with an EtherType. */
static bool take_typed(struct rz_cut *cut, struct next *next, enum part_kind kind, size_t len)
{
	if (!rz_cut_take(cut, kind, 0, next->type, len))
		return false;
	next->type = be16(cut->pos - 2);
	return true;
}

static bool cut_type(struct rz_cut *cut, struct next *next)
{
	uint16_t type = next->type;

	switch (type) {
	case ETH_VLAN:
	case ETH_SVLAN:
		return take_typed(cut, next, VLAN, 4);
	case ETH_HSR:
	case ETH_PRP:
		return take_typed(cut, next, HSR, 6);
	case ETH_BATADV:
		return take_typed(cut, next, BATADV, BATADV_LEN);
	case ETH_TEB:
		return take_typed(cut, next, FRAME, ETH_HEADER);
	case ETH_MPLS:
	case ETH_MPLS_MC:
		if (!rz_cut_take(cut, MPLS, 0, type, 4))
			return false;
		next->type = mpls_type(cut);
		return true;
	case ETH_PPPOE:
		if (!rz_cut_take(cut, PPPOE, 0, type, 8))
			return false;
		next->type = ppp_type(be16(cut->pos - 2));
		return true;
	case ETH_IPV4:
		next->proto = cut->left > 9 ? cut->pos[9] : NXT_NONE;
		next->type = 0;
		return cut->left >= IPV4_HEADER && ipv4_hdrlen(cut->pos) >= IPV4_HEADER &&
		       rz_cut_take(cut, IPV4, 0, type, ipv4_hdrlen(cut->pos));
	case ETH_IPV6:
		next->proto = cut->left > 6 ? cut->pos[6] : NXT_NONE;
		next->type = 0;
		return rz_cut_take(cut, IPV6, 0, type, IPV6_HEADER);
	default:
		rz_cut_rest(cut, LEAF, 0, type);
		return false;
	}
}

static bool cut_proto(struct rz_cut *cut, struct next *next)
{
	const uint8_t *at = cut->pos;
	uint8_t proto = next->proto;

	switch (proto) {
	case NXT_HOP:
	case NXT_ROUTING:
	case NXT_DEST:
		if (cut->left < 2 || !rz_cut_take(cut, EXT, 0, proto, (at[1] + 1u) * 8))
			return false;
		next->proto = at[0];
		return true;
	case NXT_FRAGMENT:
		if (!rz_cut_take(cut, FRAG, 0, proto, 8))
			return false;
		next->proto = at[0];
		return true;
	case NXT_IPV4:
	case NXT_IPV6:
	case NXT_MPLS:
		next->type = proto == NXT_IPV4 ? ETH_IPV4 : proto == NXT_IPV6 ? ETH_IPV6 : ETH_MPLS;
		return true;
	case NXT_GRE:
		if (cut->left < 4 || !rz_cut_take(cut, GRE, 0, proto, gre_len(at)))
			return false;
		next->type = (at[1] & 7) == 1 ? ppp_type(be16(cut->pos - 2)) : be16(at + 2);
		return true;
	default:
		rz_cut_rest(cut, UPPER, 0, proto);
		return false;
	}
}

static void flow_cut(struct rz_parts *parts, const uint8_t *data, size_t len)
{
	struct rz_cut cut = { parts, data, len };
	struct next next = { 0, NXT_NONE };

	if (rz_cut_take(&cut, ETH, 0, 0, ETH_HEADER)) {
		next.type = be16(data + 12);
		while (cut.left && (next.type ? cut_type(&cut, &next) : cut_proto(&cut, &next)))
			;
	}
	rz_cut_rest(&cut, RAW, 0, 0);
}

/*
 * Writing
 */

static uint16_t type_of(const struct rz_part *part)
{
	switch (part->kind) {
	case IPV4:
		return ETH_IPV4;
	case IPV6:
		return ETH_IPV6;
	case FRAME:
		return ETH_TEB;
	case VLAN:
	case MPLS:
	case PPPOE:
	case BATADV:
	case HSR:
	case LEAF:
		return part->tag;
	default:
		return 0;
	}
}

static int proto_of(const struct rz_part *part)
{
	switch (part->kind) {
	case IPV4:
		return NXT_IPV4;
	case IPV6:
		return NXT_IPV6;
	case MPLS:
		return NXT_MPLS;
	case GRE:
	case EXT:
	case FRAG:
	case UPPER:
		return part->tag;
	default:
		return -1;
	}
}

static uint16_t ppp_of(const struct rz_part *part)
{
	return part->kind == IPV4 ? PPP_IPV4 : part->kind == MPLS ? PPP_MPLS : PPP_IPV6;
}

static size_t flow_close(const struct rz_part *part, uint8_t *at, size_t size, size_t room)
{
	if (part->kind != EXT)
		return size;
	size = net_pad(at, size, room, 8);
	if (size >= 8)
		at[1] = size / 8 > 256 ? 255 : (uint8_t)(size / 8 - 1);
	return size;
}

static void link_type(uint8_t *at, const struct rz_part *next)
{
	uint16_t type = type_of(next);

	if (type)
		put_be16(at, type);
}

static void link_proto(uint8_t *at, const struct rz_part *next)
{
	int proto = proto_of(next);

	if (proto >= 0)
		*at = (uint8_t)proto;
}

static void flow_link(const struct rz_part *part, uint8_t *at, const struct rz_part *next)
{
	size_t len = part->len;

	if (part->kind == MPLS && len >= 4)
		at[2] = (uint8_t)((at[2] & ~1) | !(next && next->kind == MPLS));
	if (!next || !len)
		return;
	switch (part->kind) {
	case ETH:
	case FRAME:
	case VLAN:
	case BATADV:
	case HSR:
		if (len >= 2)
			link_type(at + len - 2, next);
		break;
	case PPPOE:
		if (len >= 8)
			put_be16(at + 6, ppp_of(next));
		break;
	case GRE:
		if (len >= 4 && !(at[1] & 7))
			link_type(at + 2, next);
		break;
	case IPV4:
		if (len >= IPV4_HEADER)
			link_proto(at + 9, next);
		break;
	case IPV6:
		if (len >= IPV6_HEADER)
			link_proto(at + 6, next);
		break;
	case EXT:
	case FRAG:
		link_proto(at, next);
	}
}

static void flow_finish(uint8_t *data, size_t len)
{
	static struct rz_parts parts;
	unsigned int i;

	parts.count = 0;
	flow_cut(&parts, data, len);
	for (i = 0; i < parts.count; i++) {
		const struct rz_part *part = &parts.part[i];
		size_t left = len - (size_t)(part->data - data);
		uint8_t *at = data + (part->data - data);

		if (part->kind == IPV4)
			net_finish_ipv4(at, part->len, left);
		else if (part->kind == IPV6)
			put_be16(at + 4, left - IPV6_HEADER > 0xffff ? 0 : left - IPV6_HEADER);
	}
}

/*
 * Inventing
 */

struct maker {
	uint8_t kind;
	uint16_t tag;
	uint8_t len;
	uint8_t head[8];
};

static const struct maker makers[] = {
	{ VLAN, ETH_VLAN, 4, { 0x20, 5 } },
	{ VLAN, ETH_SVLAN, 4, { 0, 7 } },
	{ MPLS, ETH_MPLS, 4, { 0, 1, 0, 64 } },
	{ MPLS, ETH_MPLS, 4, { 0, 0, 0x70, 64 } },
	{ PPPOE, ETH_PPPOE, 8, { 0x11, 0, 0, 1 } },
	{ IPV4, ETH_IPV4, 20, { 0x45 } },
	{ IPV4, ETH_IPV4, 20, { 0x45, 0, 0, 0, 0, 1, 0x20 } },
	{ IPV6, ETH_IPV6, 40, { 0x60 } },
	{ IPV6, ETH_IPV6, 40, { 0x60, 1, 2, 3 } },
	{ EXT, NXT_HOP, 8, { 0, 0, 1, 4 } },
	{ EXT, NXT_DEST, 16, { 0, 1, 1, 12 } },
	{ EXT, NXT_ROUTING, 8, { 0, 0, 4, 0 } },
	{ FRAG, NXT_FRAGMENT, 8, { 0, 0, 0, 1 } },
	{ FRAG, NXT_FRAGMENT, 8, { 0, 0, 0, 9 } },
	{ GRE, NXT_GRE, 4, { 0 } },
	{ GRE, NXT_GRE, 16, { 0xb0 } },
	{ GRE, NXT_GRE, 20, { 0x30, 0x81, 0x88, 0x0b } },
	{ FRAME, ETH_TEB, 14, { 2 } },
	{ BATADV, ETH_BATADV, 24, { 0x40, 15, 50 } },
	{ HSR, ETH_HSR, 6, { 0 } },
	{ LEAF, ETH_ARP, 28, { 0, 1, 8, 0, 6, 4, 0, 1 } },
	{ LEAF, ETH_TIPC, 16, { 0x40 } },
	{ LEAF, ETH_PTP, 34, { 0, 2 } },
	{ LEAF, ETH_CFM, 4, { 0x20, 1 } },
	{ LEAF, ETH_FCOE, 38, { 0 } },
	{ UPPER, PROTO_TCP, 20, { 0, 80, 0x9c, 0x40 } },
	{ UPPER, PROTO_UDP, 8, { 0, 9, 0x9c, 0x40 } },
	{ UPPER, PROTO_ICMP, 8, { 8, 0, 0, 0, 0, 1 } },
	{ UPPER, 115, 8, { 0, 0, 0, 1 } },
	{ UPPER, 51, 12, { 59, 1 } },
};

static void flow_make(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		      uint8_t *inside)
{
	const struct maker *maker =
		&makers[rz_rng_below(rng, sizeof(makers) / sizeof(makers[0]))];

	*inside = 0;
	*part = (struct rz_part){ .data = buf, .kind = RAW };
	if (room < 64)
		return;
	memset(buf, 0, 64);
	memcpy(buf, maker->head, sizeof(maker->head));
	if (maker->kind == UPPER && maker->tag == PROTO_TCP)
		buf[12] = 0x50;
	if (maker->kind == GRE && maker->len == 20)
		put_be16(buf + 18, rz_rng_below(rng, 2) ? PPP_IPV4 : PPP_IPV6);
	part->kind = maker->kind;
	part->tag = maker->tag;
	part->len = maker->len;
}

static const struct rz_grammar net_flow_grammar = {
	.cut = flow_cut,
	.close = flow_close,
	.link = flow_link,
	.finish = flow_finish,
	.make = flow_make,
};

RZ_MUTATOR(net_flow_grammar)
