/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structure-aware mutation, for libFuzzer and AFL++ from one source.
 *
 * A family describes how an input falls into parts (headers, options, segments,
 * boxes ...), and how lengths, links and checksums are put right again. The engine
 * independent half cuts an input, changes the list of parts (duplicate, remove,
 * swap, move, splice, invent, change bytes), writes it out, repairs it unless the
 * control trailer opts out, and adds or varies the trailer.
 *
 * Support code, so it works on bounds-checked positions; no port does.
 */
#ifndef REDZONE_MUTATOR_H
#define REDZONE_MUTATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define RZ_MUT_PARTS	512		/* parts of one input; more are left in one piece */
#define RZ_MUT_SIZE	(128 * 1024)	/* longest input that is cut */

/*
 * One part. Parts stand in input order; those of a higher level that follow a part
 * lie inside it (options in their header, boxes in their box).
 */
struct rz_part {
	const uint8_t *data;	/* own bytes, without the parts inside */
	uint32_t len;
	uint16_t tag;		/* what the part before it calls it: next header, type */
	uint8_t kind;		/* the family's; 0: bytes without structure */
	uint8_t level;
};

struct rz_parts {
	struct rz_part part[RZ_MUT_PARTS];
	unsigned int count;
};

struct rz_rng {
	uint64_t state;
};

uint32_t rz_rng_next(struct rz_rng *rng);

/* Uniform below @n; 0 for n of 0 or 1. */
static inline uint32_t rz_rng_below(struct rz_rng *rng, uint32_t n)
{
	return n > 1 ? (uint32_t)(((uint64_t)rz_rng_next(rng) * n) >> 32) : 0;
}

/* What a family knows; every call stays within the lengths it is given. */
struct rz_grammar {
	/* Cut @data into parts; what cannot be understood is one part of kind 0. */
	void (*cut)(struct rz_parts *parts, const uint8_t *data, size_t len);

	/*
	 * The part at @at and those inside it have been written, @size bytes in all,
	 * its own first: pad within @room and set its length. Returns the new size.
	 */
	size_t (*close)(const struct rz_part *part, uint8_t *at, size_t size, size_t room);

	/* Let the part written at @at say that @next (NULL: nothing) follows it. */
	void (*link)(const struct rz_part *part, uint8_t *at, const struct rz_part *next);

	/* Outer lengths and checksums of a whole input. */
	void (*finish)(uint8_t *data, size_t len);

	/*
	 * Invent a part of at most @room bytes in @buf; returns its level, with
	 * @part filled in (its parts inside left out) and @inside the kind it belongs
	 * into (0: level 0).
	 */
	void (*make)(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		     uint8_t *inside);
};

/* Append a part; false when the table is full. */
bool rz_parts_add(struct rz_parts *parts, uint8_t kind, uint8_t level, uint16_t tag,
		  const uint8_t *data, size_t len);

/* What is left of an input or of a piece of it, and where its parts go. */
struct rz_cut {
	struct rz_parts *parts;
	const uint8_t *pos;
	size_t left;
};

/* The next @len bytes as one part; false when they are not there. */
bool rz_cut_take(struct rz_cut *cut, uint8_t kind, uint8_t level, uint16_t tag, size_t len);

/* All that is left, as one part; into the last one when the table is full. */
void rz_cut_rest(struct rz_cut *cut, uint8_t kind, uint8_t level, uint16_t tag);

/*
 * Inputs that are records: a length (u16, little endian), then that many bytes, or what
 * is there of them. The next record's length becomes a part of @kind and level 0, and
 * @body its bytes; false when there is no other, or the table has less than @room left.
 */
bool rz_record_cut(struct rz_cut *rest, uint8_t kind, unsigned int room, struct rz_cut *body);

/* rz_grammar's close() for a record, and finish() with @finish for the bytes of each. */
void rz_record_close(uint8_t *at, size_t size);
void rz_record_finish(uint8_t *data, size_t len, void (*finish)(uint8_t *body, size_t len));

/*
 * One mutation of data[0..size) in place, at most @max bytes long afterwards;
 * @other, if not NULL, is a second input to take parts from. Returns the new size.
 */
size_t rz_mutate(const struct rz_grammar *grammar, uint8_t *data, size_t size, size_t max,
		 const uint8_t *other, size_t other_size, uint32_t seed);

/* The repairs alone: lengths, links, checksums of data[0..size), trailer kept. */
size_t rz_repair(const struct rz_grammar *grammar, uint8_t *data, size_t size, size_t max);

/* What the AFL++ module calls: rz_mutate() and rz_repair() with the target's grammar. */
size_t rz_target_mutate(uint8_t *data, size_t size, size_t max, const uint8_t *other,
			size_t other_size, uint32_t seed);
size_t rz_target_repair(uint8_t *data, size_t size, size_t max);

/* libFuzzer's hooks. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
				 size_t size2, uint8_t *out, size_t max, unsigned int seed);

/* Defines what the engines call; once a target, in the file with its grammar. */
#define RZ_MUTATOR(grammar)							\
size_t rz_target_mutate(uint8_t *data, size_t size, size_t max, const uint8_t *other, \
			size_t other_size, uint32_t seed)			\
{										\
	return rz_mutate(&(grammar), data, size, max, other, other_size, seed);	\
}										\
size_t rz_target_repair(uint8_t *data, size_t size, size_t max)			\
{										\
	return rz_repair(&(grammar), data, size, max);				\
}										\
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,		\
			       unsigned int seed)				\
{										\
	return rz_target_mutate(data, size, max, NULL, 0, seed);		\
}										\
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1,		\
				 const uint8_t *data2, size_t size2,		\
				 uint8_t *out, size_t max, unsigned int seed)	\
{										\
	size_t size = size1 < max ? size1 : max;				\
										\
	memcpy(out, data1, size);						\
	return rz_target_mutate(out, size, max, data2, size2, seed);		\
}

#endif /* REDZONE_MUTATOR_H */
