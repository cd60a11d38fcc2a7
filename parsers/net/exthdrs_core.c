// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks over a chain of extension headers that look, but do not process.
 *
 * Modelled on: Linux 6.1 net/ipv6/exthdrs_core.c (ipv6_ext_hdr, ipv6_skip_exthdr,
 *	ipv6_find_tlv, ipv6_find_hdr)
 * Spec: RFC 8200 4, RFC 4302 2.2
 * Differs: two defects of other stacks are variants here, since the same length
 *	arithmetic sits in these walks: CVE-2020-17444 (picoTCP: header length in
 *	eight bits) in ipv6_skip_exthdr(), contiki-ng-f1b2d35a8c29 (option length in
 *	eight bits) in ipv6_find_tlv().
 */
#include <net/ipv6.h>

#include "rx.h"

/* A value of the walk as a stack with 8-bit lengths would keep it. */
static noinline u8 octet(int value)
{
	return value;
}

bool ipv6_ext_hdr(u8 nexthdr)
{
	switch (nexthdr) {
	case NEXTHDR_HOP:
	case NEXTHDR_ROUTING:
	case NEXTHDR_FRAGMENT:
	case NEXTHDR_AUTH:
	case NEXTHDR_NONE:
	case NEXTHDR_DEST:
		return true;
	}
	return false;
}

static int skip_hdrlen(u8 nexthdr, const struct ipv6_opt_hdr *hp)
{
	int hdrlen;

	if (nexthdr == NEXTHDR_AUTH)
		return ipv6_authlen(hp);

	hdrlen = ipv6_optlen(hp);
	triggered(CVE_2020_17444, hdrlen > 255);
	if (!fixed(CVE_2020_17444))
		hdrlen = octet(hdrlen);
	return hdrlen;
}

/* What the walk has read of a header inside a quoted packet. */
static void skip_decode(const struct sk_buff *skb, u8 nexthdr, const struct ipv6_opt_hdr *hp,
			__be16 frag_off)
{
	switch (nexthdr) {
	case NEXTHDR_HOP:
		rx_u64(skb, "ipv6.hopopts.nxt", hp->nexthdr);
		rx_u64(skb, "ipv6.hopopts.len", hp->hdrlen);
		break;
	case NEXTHDR_DEST:
		rx_u64(skb, "ipv6.dstopts.nxt", hp->nexthdr);
		rx_u64(skb, "ipv6.dstopts.len", hp->hdrlen);
		break;
	case NEXTHDR_ROUTING:
		rx_u64(skb, "ipv6.routing.nxt", hp->nexthdr);
		rx_u64(skb, "ipv6.routing.len", hp->hdrlen);
		break;
	case NEXTHDR_FRAGMENT:
		rx_u64(skb, "ipv6.fraghdr.nxt", hp->nexthdr);
		rx_u64(skb, "ipv6.fraghdr.offset", ntohs(frag_off) >> 3);
		rx_u64(skb, "ipv6.fraghdr.more", ntohs(frag_off) & IP6_MF);
		break;
	}
}

/* The walk; @quoted: the packet is seen for the first time, inside an ICMPv6 error. */
static int skip_exthdr(const struct sk_buff *skb, int start, u8 *nexthdrp,
		       __be16 *frag_offp, bool quoted)
{
	u8 nexthdr = *nexthdrp;

	*frag_offp = 0;

	while (ipv6_ext_hdr(nexthdr)) {
		struct ipv6_opt_hdr _hdr, *hp;
		int hdrlen;

		if (malformed(nexthdr == NEXTHDR_NONE))
			return -1;
		hp = skb_header_pointer(skb, start, sizeof(_hdr), &_hdr);
		if (malformed(!hp))
			return -1;
		if (nexthdr == NEXTHDR_FRAGMENT) {
			__be16 _frag_off, *fp;

			fp = skb_header_pointer(skb,
						start + (int)offsetof(struct frag_hdr, frag_off),
						sizeof(_frag_off), &_frag_off);
			if (malformed(!fp))
				return -1;

			*frag_offp = *fp;
		}
		if (quoted)
			skip_decode(skb, nexthdr, hp, *frag_offp);
		if (nexthdr == NEXTHDR_FRAGMENT) {
			if (malformed(ntohs(*frag_offp) & ~0x7))
				break;
			hdrlen = 8;
		} else {
			hdrlen = skip_hdrlen(nexthdr, hp);
		}

		nexthdr = hp->nexthdr;
		start += hdrlen;
	}

	*nexthdrp = nexthdr;
	return start;
}

/**
 * ipv6_skip_exthdr - offset of the first header that is no extension header
 * @skb: packet
 * @start: offset of the first header from skb->data
 * @nexthdrp: its type; set to the type found
 * @frag_offp: set to the fragment offset field of the last Fragment header
 *
 * Non-first fragments end the walk, as does an unknown header. The result may lie
 * beyond the end of the packet.
 *
 * Return: the offset, or -1 if a header is cut off or nothing follows.
 */
int ipv6_skip_exthdr(const struct sk_buff *skb, int start, u8 *nexthdrp,
		     __be16 *frag_offp)
{
	return skip_exthdr(skb, start, nexthdrp, frag_offp, false);
}

/* The same over the packet that an ICMPv6 error quotes, whose headers are decoded. */
int ipv6_skip_exthdr_quoted(const struct sk_buff *skb, int start, u8 *nexthdrp,
			    __be16 *frag_offp)
{
	return skip_exthdr(skb, start, nexthdrp, frag_offp, true);
}

/**
 * ipv6_find_tlv - offset of an option inside an options header
 * @skb: packet
 * @offset: of the options header from the network header
 * @type: option type to look for
 *
 * Return: offset of the option from the network header, or -1.
 */
int ipv6_find_tlv(const struct sk_buff *skb, int offset, int type)
{
	const unsigned char *nh = skb_network_header(skb);
	int packet_len = skb_tail_pointer(skb) - skb_network_header(skb);
	struct ipv6_opt_hdr *hdr;
	int len;

	if (malformed(offset + 2 > packet_len))
		goto bad;
	hdr = (struct ipv6_opt_hdr *)(nh + offset);
	len = ipv6_optlen(hdr);

	if (malformed(offset + len > packet_len))
		goto bad;

	offset += 2;
	len -= 2;

	while (len > 0) {
		int opttype = nh[offset];
		int optlen;

		if (opttype == type)
			return offset;

		switch (opttype) {
		case IPV6_TLV_PAD1:
			optlen = 1;
			break;
		default:
			if (malformed_in(CVE_2023_53705, len < 2))
				goto bad;
			optlen = nh[offset + 1] + 2;
			triggered(CONTIKI_NG_F1B2D35A8C29, optlen > 255);
			if (!fixed(CONTIKI_NG_F1B2D35A8C29))
				optlen = octet(optlen);
			if (malformed(optlen > len))
				goto bad;
			break;
		}
		offset += optlen;
		len -= optlen;
	}
bad:
	return -1;
}

/* What a walk of ipv6_find_hdr() carries from header to header. */
struct find_hdr {
	const struct sk_buff *skb;
	unsigned int start;
	u8 nexthdr;
	int target;
	bool found;
	int *flags;
};

/* A Routing header: with IP6_FH_F_SKIP_RH, one without segments left is no match. */
static int find_hdr_routing(struct find_hdr *walk)
{
	struct ipv6_rt_hdr _rh, *rh;

	rh = skb_header_pointer(walk->skb, walk->start, sizeof(_rh), &_rh);
	if (malformed(!rh))
		return -EBADMSG;

	if (walk->flags && (*walk->flags & IP6_FH_F_SKIP_RH) && rh->segments_left == 0)
		walk->found = false;
	return 0;
}

/*
 * A Fragment header: 0 to go on, 1 to stop with the result in *@ret, or -errno.
 * Behind a later fragment's header there is no header to be found.
 */
static int find_hdr_fragment(struct find_hdr *walk, const struct ipv6_opt_hdr *hp,
			     unsigned short *fragoff, int *ret)
{
	unsigned short _frag_off;
	__be16 _off, *fp;

	if (walk->flags)
		*walk->flags |= IP6_FH_F_FRAG;
	fp = skb_header_pointer(walk->skb, walk->start + (int)offsetof(struct frag_hdr, frag_off),
				sizeof(_off), &_off);
	if (malformed(!fp))
		return -EBADMSG;

	_frag_off = ntohs(*fp) & ~0x7;
	if (!_frag_off)
		return 0;

	*ret = walk->nexthdr;
	if (walk->target < 0 &&
	    (!ipv6_ext_hdr(hp->nexthdr) || hp->nexthdr == NEXTHDR_NONE))
		*ret = hp->nexthdr;
	else if (malformed(!walk->found))
		return -ENOENT;
	if (fragoff)
		*fragoff = _frag_off;
	return 1;
}

/* Past the header at @hdrlen bytes, unless it is the one that was wanted. */
static int find_hdr_next(struct find_hdr *walk, const struct ipv6_opt_hdr *hp,
			 unsigned int hdrlen)
{
	if (walk->found)
		return 0;
	if (malformed(walk->skb->len - walk->start < hdrlen))
		return -EBADMSG;

	walk->nexthdr = hp->nexthdr;
	walk->start += hdrlen;
	return 0;
}

static int find_hdr_start(const struct sk_buff *skb, struct find_hdr *walk,
			  unsigned int offset)
{
	struct ipv6hdr _ip6, *ip6;

	if (!offset) {
		walk->start = skb_network_offset(skb) + sizeof(struct ipv6hdr);
		walk->nexthdr = ipv6_hdr(skb)->nexthdr;
		return 0;
	}

	ip6 = skb_header_pointer(skb, offset, sizeof(_ip6), &_ip6);
	if (malformed(!ip6))
		return -EBADMSG;
	if (malformed(ip6->version != 6))
		return -EBADMSG;
	walk->start = offset + sizeof(struct ipv6hdr);
	walk->nexthdr = ip6->nexthdr;
	return 0;
}

/**
 * ipv6_find_hdr - offset of a header of a given type, or of the last one
 * @skb: packet
 * @offset: 0, or the offset of an inner IPv6 header; set to that of the header found
 * @target: type to look for; negative: the upper-layer header, ESP or No Next Header
 * @fragoff: if not NULL, set to the fragment offset
 * @flags: if not NULL, IP6_FH_F_*
 *
 * Return: type of the header, -ENOENT, or -EBADMSG.
 */
int ipv6_find_hdr(const struct sk_buff *skb, unsigned int *offset, int target,
		  unsigned short *fragoff, int *flags)
{
	struct find_hdr walk = { .skb = skb, .target = target, .flags = flags };
	int err, ret;

	if (fragoff)
		*fragoff = 0;

	err = find_hdr_start(skb, &walk, *offset);
	if (err)
		return err;

	do {
		struct ipv6_opt_hdr _hdr, *hp;
		unsigned int hdrlen;

		walk.found = walk.nexthdr == target;
		if (!ipv6_ext_hdr(walk.nexthdr) || walk.nexthdr == NEXTHDR_NONE) {
			/* the chain has ended */
			if (malformed(target >= 0 && !walk.found))
				return -ENOENT;
			break;
		}

		hp = skb_header_pointer(skb, walk.start, sizeof(_hdr), &_hdr);
		if (malformed(!hp))
			return -EBADMSG;

		if (walk.nexthdr == NEXTHDR_ROUTING) {
			err = find_hdr_routing(&walk);
			if (err)
				return err;
		}

		if (walk.nexthdr == NEXTHDR_FRAGMENT) {
			err = find_hdr_fragment(&walk, hp, fragoff, &ret);
			if (err < 0)
				return err;
			if (err) {
				if (ret == walk.nexthdr)
					break;
				return ret;
			}
			hdrlen = 8;
		} else if (walk.nexthdr == NEXTHDR_AUTH) {
			if (flags && (*flags & IP6_FH_F_AUTH) && target < 0)
				break;
			hdrlen = ipv6_authlen(hp);
		} else {
			hdrlen = ipv6_optlen(hp);
		}

		err = find_hdr_next(&walk, hp, hdrlen);
		if (err)
			return err;
	} while (!walk.found);

	*offset = walk.start;
	return walk.nexthdr;
}
