/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers, lengths and checksums of Ethernet, IP and what IP carries: what the mutators
 * of the family net share.
 */
#ifndef REDZONE_MUTATOR_NET_H
#define REDZONE_MUTATOR_NET_H

#include "mutator.h"

enum net_number {
	ETH_HEADER = 14, IPV4_HEADER = 20, IPV6_HEADER = 40,
	ETH_IPV4 = 0x0800, ETH_VLAN = 0x8100, ETH_IPV6 = 0x86dd, ETH_PPPOED = 0x8863,
	ETH_PPPOE = 0x8864, ETH_MPLS = 0x8847, ETH_SVLAN = 0x88a8,
	PROTO_ICMP = 1, PROTO_IGMP = 2, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ICMPV6 = 58,
	ACT_MARK = 0xf0,
};

static inline uint16_t be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline void put_be16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* Bytes that the header at @ip says it has. */
static inline size_t ipv4_hdrlen(const uint8_t *ip)
{
	return (ip[0] & 15) * 4u;
}

/* Zeroes behind @size bytes up to a multiple of @unit, if @room has them; the new size. */
size_t net_pad(uint8_t *at, size_t size, size_t room, size_t unit);

/* The Internet checksum of data[0..len), which lies at @at in it; @sum goes in as well. */
void net_checksum(uint8_t *data, size_t len, size_t at, uint32_t sum);

/* Total length and checksum of an IPv4 header, the packet being @len bytes long. */
void net_finish_ipv4(uint8_t *ip, size_t hdrlen, size_t len);

/*
 * The checksum of TCP, UDP (its length too) or ICMPv6, with the pseudo header of the
 * addresses at @ends, @ends_len bytes both; other protocols stay as they are.
 */
void net_finish_transport(const uint8_t *ends, size_t ends_len, uint8_t proto, uint8_t *data,
			  size_t len);

#endif /* REDZONE_MUTATOR_NET_H */
