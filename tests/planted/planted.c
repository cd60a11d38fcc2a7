// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guards whose loss is known: the controls of guard ablation.
 *
 * Each function holds one guard. Its name says what the measurement has to
 * find when that guard is lost; tests/py/test_ablation.py holds the two
 * against each other. An input is one byte naming the function, then operands
 * (missing ones are zero).
 */
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <redzone/guard.h>
#include <unistd.h>

#include "planted.h"

/* The compiler must not see through a planted mistake. */
#define opaque(x) ({ __typeof__(x) x_ = (x); asm volatile("" : "+r"(x_)); x_; })

enum {
	PLANTED_OPS	= 20,
	OPERANDS	= 4,
	BLOCK		= 8,
	NEST_LIMIT	= 16,
};

struct planted {
	struct sink *sink;
	u8 operand[OPERANDS];
};

static int corruption_write(struct planted *p)
{
	unsigned int at = p->operand[0];
	u8 *block = opaque(kzalloc(BLOCK, GFP_KERNEL));

	if (!block)
		return -ENOMEM;
	if (malformed(at >= BLOCK)) {
		kfree(block);
		return -EINVAL;
	}
	block[at] = p->operand[1];
	sink_bytes(p->sink, "planted.block", block, BLOCK);
	kfree(block);
	return 0;
}

static int corruption_use_after_free(struct planted *p)
{
	bool closed = p->operand[0] & 1;
	u8 *block = opaque(kzalloc(BLOCK, GFP_KERNEL));

	if (!block)
		return -ENOMEM;
	if (closed)
		kfree(block);
	block = opaque(block);
	if (malformed(closed))
		return -EINVAL;
	sink_u64(p->sink, "planted.first", block[0]);
	kfree(block);
	return 0;
}

static int disclosure_read(struct planted *p)
{
	unsigned int at = p->operand[0];
	u8 *block = opaque(kzalloc(BLOCK, GFP_KERNEL));

	if (!block)
		return -ENOMEM;
	if (malformed(at >= BLOCK)) {
		kfree(block);
		return -EINVAL;
	}
	sink_u64(p->sink, "planted.byte", block[at]);
	kfree(block);
	return 0;
}

static int disclosure_uninitialised(struct planted *p)
{
	unsigned int len = p->operand[0];
	u8 *block = opaque(kmalloc(BLOCK, GFP_KERNEL));

	if (!block)
		return -ENOMEM;
	if (malformed(len < BLOCK)) {
		kfree(block);
		return -EINVAL;
	}
	memset(block, p->operand[1], len < BLOCK ? len : BLOCK);
	sink_bytes(p->sink, "planted.block", block, BLOCK);
	kfree(block);
	return 0;
}

static int null_dereference(struct planted *p)
{
	static const u8 table[2] = { 3, 5 };
	const u8 *entry = opaque(p->operand[0] < 2 ? &table[p->operand[0]] : NULL);

	if (malformed(!entry))
		return -EINVAL;
	sink_u64(p->sink, "planted.entry", *entry);
	return 0;
}

static int null_recursion(struct planted *p, unsigned int depth)
{
	u8 frame[512];
	int err = 0;

	if (malformed(depth > NEST_LIMIT))
		return -EINVAL;
	frame[0] = (u8)depth;
	asm volatile("" : : "r"(frame) : "memory");
	if (depth)
		err = null_recursion(p, depth - 1);
	sink_u64(p->sink, "planted.frame", frame[0]);
	return err;
}

static int other_ub_overflow(struct planted *p)
{
	int units = p->operand[0];

	if (malformed(units > 100))
		return -EINVAL;
	sink_u64(p->sink, "planted.bytes", (u32)(opaque(units) * 20000000));
	return 0;
}

static int assert_bug(struct planted *p)
{
	unsigned int type = p->operand[0];

	if (malformed(type == 7))
		return -EINVAL;
	BUG_ON(opaque(type) == 7);
	return 0;
}

static int assert_leak(struct planted *p)
{
	bool queued = p->operand[0] > 5;
	u8 *block = opaque(kzalloc(BLOCK, GFP_KERNEL));

	if (!block)
		return -ENOMEM;
	if (malformed(queued)) {
		kfree(block);
		return -EINVAL;
	}
	if (!queued)
		kfree(block);
	return 0;
}

static int assert_hang(struct planted *p)
{
	unsigned int step = p->operand[0];

	if (malformed(!step))
		return -EINVAL;
	for (unsigned int pos = 0; pos < 100; pos += opaque(step))
		;
	return 0;
}

static int verdict_changed(struct planted *p)
{
	if (malformed(p->operand[0] > 100))
		return -EINVAL;
	return 0;
}

static int effects_changed(struct planted *p)
{
	u8 hops = p->operand[0];

	if (malformed(hops > 10))
		hops = 10;
	sink_effect_u64(p->sink, "planted.hops", hops);
	return 0;
}

static int output_changed(struct planted *p)
{
	u8 hops = p->operand[0];

	if (malformed(hops > 10))
		hops = 10;
	sink_u64(p->sink, "planted.hops", hops);
	return 0;
}

/* Protects nothing: both ways give the same. */
static int no_effect_hollow(struct planted *p)
{
	u8 hops = p->operand[0];

	if (malformed(hops > 10))
		hops = opaque(hops);
	sink_u64(p->sink, "planted.hops", hops);
	return 0;
}

/* A second check behind it gives the same answer. */
static int no_effect_shadowed(struct planted *p)
{
	unsigned int at = p->operand[0];

	if (malformed(at > 20))
		return -EINVAL;
	return opaque(at) > 20 ? -EINVAL : 0;
}

/* No seed carries the value that violates it. */
static int undetermined_never(struct planted *p)
{
	u32 magic;

	memcpy(&magic, p->operand, sizeof(magic));
	if (malformed(magic == 0x5ca1ab1e))
		return -EINVAL;
	return 0;
}

/* Lost, it lets one input change what the next one sees. */
static int uncounted_carry_over(struct planted *p)
{
	static unsigned int stuck;

	if (malformed(p->operand[0] > 5))
		return 0;
	if (stuck)
		sink_u64(p->sink, "planted.stuck", stuck);
	stuck += p->operand[0] > 5;
	return 0;
}

/* Lost, its answer is different in every process. */
static int uncounted_nondeterministic(struct planted *p)
{
	if (malformed(p->operand[0] > 5))
		return 0;
	if (p->operand[0] > 5)
		sink_u64(p->sink, "planted.pid", (u64)getpid());
	return 0;
}

int planted_parse(struct sink *sink, const u8 *data, size_t len)
{
	struct planted p = { .sink = sink };

	if (!len)
		return -ENODATA;
	memcpy(p.operand, data + 1, len - 1 < OPERANDS ? len - 1 : OPERANDS);
	switch (data[0] % PLANTED_OPS) {
	case 0: return corruption_write(&p);
	case 1: return corruption_use_after_free(&p);
	case 2: return disclosure_read(&p);
	case 3: return disclosure_uninitialised(&p);
	case 4: return null_dereference(&p);
	case 5: return null_recursion(&p, p.operand[0] | p.operand[1] << 8);
	case 6: return other_ub_overflow(&p);
	case 7: return assert_bug(&p);
	case 8: return assert_leak(&p);
	case 9: return assert_hang(&p);
	case 10: return verdict_changed(&p);
	case 11: return effects_changed(&p);
	case 12: return output_changed(&p);
	case 13: return no_effect_hollow(&p);
	case 14: return no_effect_shadowed(&p);
	case 15: return undetermined_never(&p);
	case 16: return uncounted_carry_over(&p);
	case 17: return uncounted_nondeterministic(&p);
	default: return 0;
	}
}
