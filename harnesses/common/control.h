/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control trailer: what an input may say about the world around the parser.
 * On its own, since mutators are built without the userspace kernel's headers.
 */
#ifndef REDZONE_CONTROL_H
#define REDZONE_CONTROL_H

#include <stddef.h>
#include <stdint.h>

/*
 * An input may end with these 12 bytes (all little-endian); they are stripped
 * before any parser sees a length. Without them every default holds, so that a
 * captured packet or a real file is a valid input as it is.
 */
struct rz_control {
	uint8_t magic[4];		/* RZ_CONTROL_MAGIC */
	uint8_t version;		/* RZ_CONTROL_VERSION */
	uint8_t flags;			/* RZ_CTL_* below */
	uint8_t skb_layout_seed[2];	/* 0: linear, not cloned */
	uint8_t alloc_fail_seed[2];	/* 0: no scheduled failure */
	uint8_t check[2];		/* rz_control_check() */
};

#define RZ_CONTROL_MAGIC	"\xf2RZ\x9c"

enum {
	RZ_CONTROL_VERSION	= 1,

	RZ_CTL_CRYPTO_REAL	= 0x01,	/* verify confirm values, digests, MICs */
	RZ_CTL_NO_REPAIR	= 0x02,	/* the mutator leaves checksums broken */
	RZ_CTL_ENV_SHIFT	= 4,	/* upper four bits: the target's own */
};

/* The 16-bit check of a trailer: CRC-16/CCITT-FALSE over all bytes before it. */
static inline uint16_t rz_control_check(const struct rz_control *ctl)
{
	const uint8_t *data = (const uint8_t *)ctl;
	uint16_t crc = 0xffff;

	for (size_t i = 0; i < offsetof(struct rz_control, check); i++) {
		crc ^= (uint16_t)(data[i] << 8);
		for (int bit = 0; bit < 8; bit++)
			crc = (uint16_t)((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0));
	}
	return crc;
}

#endif /* REDZONE_CONTROL_H */
