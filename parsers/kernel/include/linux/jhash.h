/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hashes of keys. Changed for testing: the interface of the kernel's, another
 * function; only which bucket an entry falls into depends on it.
 */
#ifndef _LINUX_JHASH_H
#define _LINUX_JHASH_H

#include <asm/unaligned.h>
#include <linux/types.h>

#define JHASH_INITVAL	0xdeadbeef

static inline u32 redzone_mix(u32 hash, u32 word)
{
	hash = (hash ^ word) * 0x85ebca6b;
	return hash ^ hash >> 15;
}

static inline u32 jhash(const void *key, u32 length, u32 initval)
{
	const u8 *p = key;
	u32 hash = redzone_mix(JHASH_INITVAL + initval, length);

	for (; length >= 4; p += 4, length -= 4)
		hash = redzone_mix(hash, get_unaligned((const u32 *)p));
	for (; length; p++, length--)
		hash = redzone_mix(hash, *p);
	return hash;
}

static inline u32 jhash2(const u32 *k, u32 length, u32 initval)
{
	return jhash(k, length * 4, initval);
}

static inline u32 jhash_3words(u32 a, u32 b, u32 c, u32 initval)
{
	u32 hash = redzone_mix(JHASH_INITVAL + initval, a);

	return redzone_mix(redzone_mix(hash, b), c);
}

static inline u32 jhash_2words(u32 a, u32 b, u32 initval)
{
	return jhash_3words(a, b, 0, initval);
}

static inline u32 jhash_1word(u32 a, u32 initval)
{
	return jhash_3words(a, 0, 0, initval);
}

#endif /* _LINUX_JHASH_H */
