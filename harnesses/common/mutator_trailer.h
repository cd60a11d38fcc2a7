/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control trailer as a mutator sees it: taken off, varied, put back.
 */
#ifndef REDZONE_MUTATOR_TRAILER_H
#define REDZONE_MUTATOR_TRAILER_H

#include <string.h>

#include "control.h"
#include "mutator.h"

enum { RZ_TRAILER_SIZE = sizeof(struct rz_control) };

struct rz_trailer {
	bool present;
	uint8_t flags;
	uint16_t layout, alloc_fail;
};

static inline uint16_t rz_trailer_le16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

/* Length of @data without its trailer. */
static inline size_t rz_trailer_body(const uint8_t *data, size_t size)
{
	struct rz_control ctl;

	if (size < sizeof(ctl))
		return size;
	memcpy(&ctl, data + size - sizeof(ctl), sizeof(ctl));
	if (memcmp(ctl.magic, RZ_CONTROL_MAGIC, sizeof(ctl.magic)) ||
	    ctl.version != RZ_CONTROL_VERSION ||
	    rz_trailer_le16(ctl.check) != rz_control_check(&ctl))
		return size;
	return size - sizeof(ctl);
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

static inline void rz_trailer_put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

static inline size_t rz_trailer_append(const struct rz_trailer *trailer, uint8_t *data,
				       size_t body, size_t max)
{
	struct rz_control ctl = { .version = RZ_CONTROL_VERSION, .flags = trailer->flags };

	if (!trailer->present || body > max || max - body < sizeof(ctl))
		return body;
	memcpy(ctl.magic, RZ_CONTROL_MAGIC, sizeof(ctl.magic));
	rz_trailer_put16(ctl.skb_layout_seed, trailer->layout);
	rz_trailer_put16(ctl.alloc_fail_seed, trailer->alloc_fail);
	rz_trailer_put16(ctl.check, rz_control_check(&ctl));
	memcpy(data + body, &ctl, sizeof(ctl));
	return body + sizeof(ctl);
}

#endif /* REDZONE_MUTATOR_TRAILER_H */
