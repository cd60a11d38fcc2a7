// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the fragmentable part of a packet begins.
 *
 * Modelled on: Linux 6.1 net/ipv6/output_core.c (ip6_find_1stfragopt)
 * Spec: RFC 8200 4.5, RFC 6275 6.3
 * Differs: nothing.
 */
#include <net/ipv6.h>

#include "rx.h"

/* Sixteen bits, which were enough until headers came that fill a packet. */
static noinline u16 offset16(unsigned int offset)
{
	return offset;
}

/**
 * ip6_find_1stfragopt - offset behind the last header that every fragment repeats
 * @skb: packet, network header set
 * @nexthdr: set to the next-header byte in front of that place
 *
 * Return: offset from the network header, or -EINVAL.
 */
int ip6_find_1stfragopt(struct sk_buff *skb, u8 **nexthdr)
{
	unsigned int offset = sizeof(struct ipv6hdr);
	unsigned int packet_len = skb_tail_pointer(skb) - skb_network_header(skb);
	int found_rhdr = 0;

	*nexthdr = &ipv6_hdr(skb)->nexthdr;

	while (!malformed(offset > packet_len)) {
		struct ipv6_opt_hdr *exthdr;

		switch (**nexthdr) {
		case NEXTHDR_HOP:
			break;
		case NEXTHDR_ROUTING:
			found_rhdr = 1;
			break;
		case NEXTHDR_DEST:
			if (ipv6_find_tlv(skb, offset, IPV6_TLV_HAO) >= 0)
				break;
			if (found_rhdr)
				return offset;
			break;
		default:
			return offset;
		}

		if (malformed(offset + sizeof(struct ipv6_opt_hdr) > packet_len))
			return -EINVAL;

		exthdr = (struct ipv6_opt_hdr *)(skb_network_header(skb) + offset);
		offset += ipv6_optlen(exthdr);
		triggered(CVE_2017_7542, offset > IPV6_MAXPLEN);
		if (!fixed(CVE_2017_7542))
			offset = offset16(offset);
		if (malformed_in(CVE_2017_7542, offset > IPV6_MAXPLEN))
			return -EINVAL;
		*nexthdr = &exthdr->nexthdr;
	}

	return -EINVAL;
}
