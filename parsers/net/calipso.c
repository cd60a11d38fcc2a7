// SPDX-License-Identifier: GPL-2.0-only
/*
 * CALIPSO: the checksum and the domain of a security label.
 *
 * Modelled on: Linux 6.1 net/ipv6/calipso.c (calipso_validate)
 * Spec: RFC 5570 5.1
 * Differs: domains 1 and 2 exist; levels and categories are the socket's business.
 */
#include <asm/unaligned.h>
#include <linux/crc-ccitt.h>
#include <net/calipso.h>

#include "rx.h"

/**
 * calipso_validate - is this option's checksum right and its domain known?
 * @skb: packet
 * @option: its CALIPSO option, ten bytes or more
 */
bool calipso_validate(const struct sk_buff *skb, const unsigned char *option)
{
	u16 crc, len = option[1] + 2;
	static const u8 zero[2];

	/* over the option with its own field taken as zero */
	crc = crc_ccitt(0xffff, option, 8);
	crc = crc_ccitt(crc, zero, sizeof(zero));
	if (len > 10)
		crc = crc_ccitt(crc, option + 10, len - 10);
	crc = (u16)~crc;
	if (malformed(option[8] != (crc & 0xff)))
		return false;
	if (malformed(option[9] != ((crc >> 8) & 0xff)))
		return false;

	return calipso_doi_search(get_unaligned_be32(option + 2));
}
