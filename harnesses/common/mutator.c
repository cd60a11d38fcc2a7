// SPDX-License-Identifier: GPL-2.0-only
/*
 * Structure-aware mutation: the half that all families and both engines share.
 */
#include "mutator.h"

#include <string.h>

#include "mutator_trailer.h"

enum {
	USUAL_LENGTH = 256,	/* an input this long may always come out */
};

/* Bytes of changed and invented parts; reset for each mutation. */
static uint8_t arena[RZ_MUT_SIZE];
static size_t arena_used;
static uint8_t output[RZ_MUT_SIZE];
static struct rz_parts ours, theirs;
/* The grammar of the mutation under way. */
static const struct rz_grammar *rules;

/* libFuzzer's own mutations know its dictionary and comparisons; AFL++ has none. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max) __attribute__((weak));

uint32_t rz_rng_next(struct rz_rng *rng)
{
	uint64_t x = rng->state += 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return (uint32_t)(x >> 32);
}

static bool one_in(struct rz_rng *rng, uint32_t n)
{
	return rz_rng_below(rng, n) == 0;
}

bool rz_parts_add(struct rz_parts *parts, uint8_t kind, uint8_t level, uint16_t tag,
		  const uint8_t *data, size_t len)
{
	if (parts->count == RZ_MUT_PARTS)
		return false;
	parts->part[parts->count++] = (struct rz_part){
		.data = data, .len = (uint32_t)len, .tag = tag, .kind = kind, .level = level,
	};
	return true;
}

bool rz_cut_take(struct rz_cut *cut, uint8_t kind, uint8_t level, uint16_t tag, size_t len)
{
	if (len > cut->left || !rz_parts_add(cut->parts, kind, level, tag, cut->pos, len))
		return false;
	cut->pos += len;
	cut->left -= len;
	return true;
}

void rz_cut_rest(struct rz_cut *cut, uint8_t kind, uint8_t level, uint16_t tag)
{
	struct rz_parts *parts = cut->parts;

	if (cut->left && !rz_parts_add(parts, kind, level, tag, cut->pos, cut->left)) {
		struct rz_part *last = &parts->part[parts->count - 1];

		last->len = (uint32_t)(cut->pos + cut->left - last->data);
	}
	cut->pos += cut->left;
	cut->left = 0;
}

/*
 * Records
 */

/* Bytes of the record at @data behind its length, which lies within @len. */
static size_t record_size(const uint8_t *data, size_t len)
{
	size_t size = (size_t)(data[0] | data[1] << 8);

	return size < len - 2 ? size : len - 2;
}

bool rz_record_cut(struct rz_cut *rest, uint8_t kind, unsigned int room, struct rz_cut *body)
{
	size_t size;

	if (rest->left < 2 || rest->parts->count + room > RZ_MUT_PARTS)
		return false;
	size = record_size(rest->pos, rest->left);
	rz_cut_take(rest, kind, 0, 0, 2);
	*body = (struct rz_cut){ rest->parts, rest->pos, size };
	rest->pos += size;
	rest->left -= size;
	return true;
}

void rz_record_close(uint8_t *at, size_t size)
{
	if (size < 2 || size - 2 > 0xffff)
		return;
	at[0] = (uint8_t)(size - 2);
	at[1] = (uint8_t)((size - 2) >> 8);
}

void rz_record_finish(uint8_t *data, size_t len, void (*finish)(uint8_t *body, size_t len))
{
	while (len >= 2) {
		size_t size = record_size(data, len);

		finish(data + 2, size);
		data += 2 + size;
		len -= 2 + size;
	}
}

static uint8_t *arena_take(size_t len)
{
	uint8_t *at = arena + arena_used;

	if (len > sizeof(arena) - arena_used)
		return NULL;
	arena_used += len;
	return at;
}

/*
 * Changes to the list of parts
 */

/* Parts that lie inside part @i, and itself. */
static unsigned int family_size(const struct rz_parts *parts, unsigned int i)
{
	unsigned int end = i + 1;

	while (end < parts->count && parts->part[end].level > parts->part[i].level)
		end++;
	return end - i;
}

static bool insert_parts(struct rz_parts *parts, unsigned int at, const struct rz_part *from,
			 unsigned int n)
{
	if (at > parts->count || n > RZ_MUT_PARTS - parts->count)
		return false;
	memmove(&parts->part[at + n], &parts->part[at],
		(parts->count - at) * sizeof(parts->part[0]));
	memcpy(&parts->part[at], from, n * sizeof(parts->part[0]));
	parts->count += n;
	return true;
}

static void remove_parts(struct rz_parts *parts, unsigned int at, unsigned int n)
{
	memmove(&parts->part[at], &parts->part[at + n],
		(parts->count - at - n) * sizeof(parts->part[0]));
	parts->count -= n;
}

static struct rz_part scratch[RZ_MUT_PARTS];

static bool duplicate(struct rz_parts *parts, struct rz_rng *rng)
{
	unsigned int i = rz_rng_below(rng, parts->count);
	unsigned int n = family_size(parts, i);
	unsigned int times = one_in(rng, 16) ? 1 + rz_rng_below(rng, 140) : 1;

	memcpy(scratch, &parts->part[i], n * sizeof(scratch[0]));
	while (times-- && insert_parts(parts, i + n, scratch, n))
		;
	return true;
}

static bool drop(struct rz_parts *parts, struct rz_rng *rng)
{
	unsigned int i = rz_rng_below(rng, parts->count);
	unsigned int n = family_size(parts, i);

	if (n == parts->count)
		return false;
	remove_parts(parts, i, n);
	return true;
}

/* The part at @i with all inside it, to another place of its level. */
static bool move(struct rz_parts *parts, struct rz_rng *rng)
{
	unsigned int i = rz_rng_below(rng, parts->count);
	unsigned int n = family_size(parts, i), to;
	uint8_t level = parts->part[i].level;

	memcpy(scratch, &parts->part[i], n * sizeof(scratch[0]));
	remove_parts(parts, i, n);
	to = rz_rng_below(rng, parts->count + 1);
	while (to < parts->count && parts->part[to].level != level)
		to++;
	return insert_parts(parts, to, scratch, n);
}

static bool swap_neighbours(struct rz_parts *parts, struct rz_rng *rng)
{
	unsigned int i = rz_rng_below(rng, parts->count);
	unsigned int n = family_size(parts, i), next = i + n;

	if (next >= parts->count || parts->part[next].level != parts->part[i].level)
		return false;
	memcpy(scratch, &parts->part[i], n * sizeof(scratch[0]));
	remove_parts(parts, i, n);
	return insert_parts(parts, i + family_size(parts, i), scratch, n);
}

/* A place for a part of @kind of parent (0: level 0), or -1. */
static int place_inside(const struct rz_parts *parts, uint8_t kind, struct rz_rng *rng)
{
	unsigned int start = rz_rng_below(rng, parts->count + 1), seen;

	for (seen = 0; seen <= parts->count; seen++) {
		unsigned int i = (start + seen) % (parts->count + 1);

		if (!kind && (i == parts->count || !parts->part[i].level))
			return (int)i;
		if (kind && i < parts->count && parts->part[i].kind == kind)
			return (int)(i + 1 + rz_rng_below(rng, family_size(parts, i)));
	}
	return -1;
}

static bool invent(struct rz_parts *parts, struct rz_rng *rng)
{
	uint8_t *buf = arena_take(512), inside = 0;
	struct rz_part part = { 0 };
	int at;

	if (!buf)
		return false;
	rules->make(rng, &part, buf, 512, &inside);
	at = place_inside(parts, inside, rng);
	return at >= 0 && insert_parts(parts, (unsigned int)at, &part, 1);
}

/* A part of the other input in the place of, or before, one of ours. */
static bool splice(struct rz_parts *parts, struct rz_rng *rng)
{
	unsigned int from, to, n;

	if (!theirs.count)
		return false;
	from = rz_rng_below(rng, theirs.count);
	n = family_size(&theirs, from);
	to = rz_rng_below(rng, parts->count);
	while (to < parts->count && parts->part[to].level != theirs.part[from].level)
		to++;
	if (to < parts->count && one_in(rng, 2))
		remove_parts(parts, to, family_size(parts, to));
	return insert_parts(parts, to, &theirs.part[from], n);
}

/* Plain byte changes, where the engine offers none. */
static size_t havoc(uint8_t *data, size_t size, size_t max, struct rz_rng *rng)
{
	static const uint8_t interesting[] = { 0, 1, 2, 7, 8, 15, 16, 0x7f, 0x80, 0xfe, 0xff };
	unsigned int rounds = 1 + rz_rng_below(rng, 4);

	while (rounds-- && size) {
		size_t at = rz_rng_below(rng, (uint32_t)size);

		switch (rz_rng_below(rng, 6)) {
		case 0:
			data[at] ^= (uint8_t)(1u << rz_rng_below(rng, 8));
			break;
		case 1:
			data[at] = interesting[rz_rng_below(rng, sizeof(interesting))];
			break;
		case 2:
			data[at] = (uint8_t)(data[at] + rz_rng_below(rng, 17) - 8);
			break;
		case 3:
			data[at] = (uint8_t)rz_rng_next(rng);
			break;
		case 4:
			if (size > 1)
				memmove(data + at, data + at + 1, --size - at);
			break;
		default:
			if (size < max) {
				memmove(data + at + 1, data + at, size++ - at);
				data[at] = (uint8_t)rz_rng_next(rng);
			}
		}
	}
	return size;
}

static size_t change_bytes(uint8_t *data, size_t size, size_t max, struct rz_rng *rng)
{
	if (LLVMFuzzerMutate)
		return LLVMFuzzerMutate(data, size, max);
	return havoc(data, size, max, rng);
}

/* The bytes of one part; mostly without a change of its length. */
static bool change_part(struct rz_parts *parts, struct rz_rng *rng)
{
	struct rz_part *part = &parts->part[rz_rng_below(rng, parts->count)];
	size_t max = one_in(rng, 4) ? part->len + 64 : part->len;
	uint8_t *copy = arena_take(max);

	if (!copy || !max)
		return false;
	memcpy(copy, part->data, part->len);
	part->len = (uint32_t)change_bytes(copy, part->len, max, rng);
	part->data = copy;
	return true;
}

static bool change(struct rz_parts *parts, struct rz_rng *rng)
{
	switch (rz_rng_below(rng, 12)) {
	case 0:
		return duplicate(parts, rng);
	case 1:
		return drop(parts, rng);
	case 2:
		return move(parts, rng);
	case 3:
		return swap_neighbours(parts, rng);
	case 4:
	case 5:
		return splice(parts, rng);
	case 6:
	case 7:
	case 8:
		return invent(parts, rng);
	default:
		return change_part(parts, rng);
	}
}

/*
 * Writing out
 */

/* What is switched on for one output. */
struct repair {
	bool lengths, links, sums;
};

struct open_part {
	unsigned int index;
	size_t start;
};

struct writer {
	uint8_t *out;
	size_t len, max;
	struct open_part open[16];
	unsigned int depth;
	bool lengths;
};

/* Close every open part that does not contain one of @level. */
static void close_parts(struct writer *w, const struct rz_parts *parts, uint8_t level)
{
	while (w->depth) {
		const struct open_part *open = &w->open[w->depth - 1];
		const struct rz_part *part = &parts->part[open->index];

		if (part->level < level)
			return;
		w->depth--;
		if (w->lengths && part->kind)
			w->len = open->start +
				 rules->close(part, w->out + open->start,
						  w->len - open->start, w->max - open->start);
	}
}

/* The next part of the same chain, which is what a link names. */
static const struct rz_part *follower(const struct rz_parts *parts, unsigned int i)
{
	unsigned int next = i + family_size(parts, i);

	if (next >= parts->count || parts->part[next].level != parts->part[i].level)
		return NULL;
	return &parts->part[next];
}

static size_t write_parts(const struct rz_parts *parts, uint8_t *out, size_t max,
			  const struct repair *repair)
{
	struct writer w = { .out = out, .max = max, .lengths = repair->lengths };
	unsigned int i;

	for (i = 0; i < parts->count; i++) {
		const struct rz_part *part = &parts->part[i];

		close_parts(&w, parts, part->level);
		if (part->len > w.max - w.len)
			break;
		memcpy(w.out + w.len, part->data, part->len);
		if (repair->links && part->kind)
			rules->link(part, w.out + w.len, follower(parts, i));
		if (w.depth < sizeof(w.open) / sizeof(w.open[0]))
			w.open[w.depth++] = (struct open_part){ i, w.len };
		w.len += part->len;
	}
	close_parts(&w, parts, 0);
	if (repair->sums)
		rules->finish(w.out, w.len);
	return w.len;
}

static size_t restructure(uint8_t *data, size_t size, size_t max, const uint8_t *other,
			  size_t other_size, struct rz_rng *rng, bool may_repair)
{
	struct repair repair = {
		.lengths = may_repair && !one_in(rng, 16),
		.links = may_repair && !one_in(rng, 8),
		.sums = may_repair && !one_in(rng, 16),
	};
	unsigned int rounds = 1 + rz_rng_below(rng, 3), tries = 16;
	size_t len;

	arena_used = 0;
	ours.count = theirs.count = 0;
	rules->cut(&ours, data, size);
	if (other && other_size <= RZ_MUT_SIZE)
		rules->cut(&theirs, other, other_size);
	while (ours.count && rounds && tries--)
		rounds -= change(&ours, rng);
	if (!ours.count)
		return size;
	len = write_parts(&ours, output, max < sizeof(output) ? max : sizeof(output), &repair);
	/* as it was (two equal parts swapped, a change repaired): an execution for nothing */
	if (len == size && !memcmp(data, output, len))
		return change_bytes(data, size, max, rng);
	memcpy(data, output, len);
	return len;
}

/*
 * How long the result may be. A custom mutator switches libFuzzer's length control
 * off, and most of what a long input adds is time: growth beyond a few headers is
 * tried now and then only.
 */
static size_t length_limit(size_t body, size_t max, struct rz_rng *rng)
{
	size_t usual = body > USUAL_LENGTH ? body : USUAL_LENGTH;

	if (max <= usual || one_in(rng, 32))
		return max;
	return usual;
}

size_t rz_mutate(const struct rz_grammar *grammar, uint8_t *data, size_t size, size_t max,
		 const uint8_t *other, size_t other_size, uint32_t seed)
{
	struct rz_rng rng = { seed };
	struct rz_trailer trailer;
	size_t body = rz_trailer_split(&trailer, data, size), room;

	rules = grammar;
	other_size = other ? rz_trailer_body(other, other_size) : 0;
	rz_trailer_vary(&trailer, &rng);
	room = trailer.present && max > RZ_TRAILER_SIZE ? max - RZ_TRAILER_SIZE : max;
	if (body > room)
		body = room;
	room = length_limit(body, room, &rng);
	if (!body || body > RZ_MUT_SIZE || one_in(&rng, 3))
		body = change_bytes(data, body, room, &rng);
	else
		body = restructure(data, body, room, other, other_size, &rng,
				   !(trailer.flags & RZ_CTL_NO_REPAIR));
	return rz_trailer_append(&trailer, data, body, max);
}

size_t rz_repair(const struct rz_grammar *grammar, uint8_t *data, size_t size, size_t max)
{
	static const struct repair all = { true, true, true };
	struct rz_trailer trailer;
	size_t body = rz_trailer_split(&trailer, data, size);
	size_t room = trailer.present && max > RZ_TRAILER_SIZE ? max - RZ_TRAILER_SIZE : max;

	if (body > RZ_MUT_SIZE)
		return size;
	rules = grammar;
	ours.count = 0;
	rules->cut(&ours, data, body);
	body = write_parts(&ours, output, room < sizeof(output) ? room : sizeof(output), &all);
	memcpy(data, output, body);
	return rz_trailer_append(&trailer, data, body, max);
}
