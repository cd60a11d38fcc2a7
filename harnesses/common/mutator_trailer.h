/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control trailer (harness.h) as a mutator sees it: taken off, varied, put
 * back. Its layout is repeated here because mutators are built without the
 * userspace kernel's headers; a test holds the two against each other.
 */
#ifndef REDZONE_MUTATOR_TRAILER_H
#define REDZONE_MUTATOR_TRAILER_H

#include <string.h>

#include "mutator.h"

enum {
	RZ_TRAILER_SIZE = 12,
	RZ_TRAILER_VERSION = 1,
	RZ_TRAILER_NO_REPAIR = 0x02,
};

struct rz_trailer {
	bool present;
	uint8_t flags;
	uint16_t layout, alloc_fail;
};

static const uint8_t rz_trailer_magic[4] = { 0xf2, 'R', 'Z', 0x9c };

static inline uint16_t rz_trailer_check(const uint8_t *data)
{
	uint16_t crc = 0xffff;
	unsigned int i, bit;

	for (i = 0; i < RZ_TRAILER_SIZE - 2; i++) {
		crc ^= (uint16_t)(data[i] << 8);
		for (bit = 0; bit < 8; bit++)
			crc = (uint16_t)((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0));
	}
	return crc;
}

static inline uint16_t rz_trailer_le16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

/* Length of @data without its trailer. */
static inline size_t rz_trailer_body(const uint8_t *data, size_t size)
{
	const uint8_t *at = data + size - RZ_TRAILER_SIZE;

	if (size < RZ_TRAILER_SIZE || memcmp(at, rz_trailer_magic, 4) ||
	    at[4] != RZ_TRAILER_VERSION || rz_trailer_le16(at + 10) != rz_trailer_check(at))
		return size;
	return size - RZ_TRAILER_SIZE;
}

static inline size_t rz_trailer_split(struct rz_trailer *trailer, const uint8_t *data,
				      size_t size)
{
	size_t body = rz_trailer_body(data, size);

	*trailer = (struct rz_trailer){ .present = body != size };
	if (trailer->present) {
		trailer->flags = data[body + 5];
		trailer->layout = rz_trailer_le16(data + body + 6);
		trailer->alloc_fail = rz_trailer_le16(data + body + 8);
	}
	return body;
}

/* One input in eight gets a trailer, another one, or none. */
static inline void rz_trailer_vary(struct rz_trailer *trailer, struct rz_rng *rng)
{
	if (rz_rng_below(rng, 8))
		return;
	trailer->present = true;
	switch (rz_rng_below(rng, 6)) {
	case 0:
		*trailer = (struct rz_trailer){ .present = false };
		break;
	case 1:
		trailer->flags ^= (uint8_t)(1u << rz_rng_below(rng, 8));
		break;
	case 2:
		trailer->layout = (uint16_t)rz_rng_below(rng, 16);
		break;
	case 3:
		trailer->layout = (uint16_t)rz_rng_next(rng);
		break;
	case 4:
		trailer->alloc_fail = (uint16_t)rz_rng_below(rng, 64);
		break;
	default:
		trailer->flags = (uint8_t)(rz_rng_next(rng) & 0xf0);
	}
}

static inline size_t rz_trailer_append(const struct rz_trailer *trailer, uint8_t *data,
				       size_t body, size_t max)
{
	uint8_t *at = data + body;
	uint16_t check;

	if (!trailer->present || body > max || max - body < RZ_TRAILER_SIZE)
		return body;
	memcpy(at, rz_trailer_magic, 4);
	at[4] = RZ_TRAILER_VERSION;
	at[5] = trailer->flags;
	at[6] = (uint8_t)trailer->layout;
	at[7] = (uint8_t)(trailer->layout >> 8);
	at[8] = (uint8_t)trailer->alloc_fail;
	at[9] = (uint8_t)(trailer->alloc_fail >> 8);
	check = rz_trailer_check(at);
	at[10] = (uint8_t)check;
	at[11] = (uint8_t)(check >> 8);
	return body + RZ_TRAILER_SIZE;
}

#endif /* REDZONE_MUTATOR_TRAILER_H */
