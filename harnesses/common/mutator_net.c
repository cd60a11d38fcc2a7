// SPDX-License-Identifier: GPL-2.0-only
/* Lengths and checksums of IP, for mutators: see mutator_net.h. */
#include "mutator_net.h"

size_t net_pad(uint8_t *at, size_t size, size_t room, size_t unit)
{
	size_t gap = -size & (unit - 1);

	if (gap > room - size)
		return size;
	memset(at + size, 0, gap);
	return size + gap;
}

static uint32_t sum16(const uint8_t *data, size_t len, uint32_t sum)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += be16(data + i);
	if (len % 2)
		sum += (uint32_t)data[len - 1] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

void net_checksum(uint8_t *data, size_t len, size_t at, uint32_t sum)
{
	put_be16(data + at, 0);
	put_be16(data + at, fold(sum16(data, len, sum)));
}

void net_finish_ipv4(uint8_t *ip, size_t hdrlen, size_t len)
{
	put_be16(ip + 2, len > 0xffff ? 0xffff : len);
	net_checksum(ip, hdrlen, 10, 0);
}

void net_finish_transport(const uint8_t *ends, size_t ends_len, uint8_t proto, uint8_t *data,
			  size_t len)
{
	size_t at = proto == PROTO_ICMPV6 ? 2 : proto == PROTO_TCP ? 16 : 6;
	uint32_t sum = (uint32_t)(len >> 16) + (uint32_t)(len & 0xffff) + proto;

	if (proto != PROTO_ICMPV6 && proto != PROTO_TCP && proto != PROTO_UDP)
		return;
	if (len < at + 2)
		return;
	if (proto == PROTO_UDP)
		put_be16(data + 4, len);
	net_checksum(data, len, at, sum16(ends, ends_len, sum));
}
