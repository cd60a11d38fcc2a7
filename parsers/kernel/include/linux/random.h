/* SPDX-License-Identifier: GPL-2.0-only */
/* Random numbers. Changed for testing: the same sequence for every input. */
#ifndef _LINUX_RANDOM_H
#define _LINUX_RANDOM_H

#include <linux/types.h>

void get_random_bytes(void *buf, size_t len);
u32 get_random_u32(void);
u64 get_random_u64(void);

static inline u8 get_random_u8(void)
{
	return (u8)get_random_u32();
}

static inline u16 get_random_u16(void)
{
	return (u16)get_random_u32();
}

/* Uniform in [0, ceil). */
static inline u32 prandom_u32_max(u32 ceil)
{
	return (u32)(((u64)get_random_u32() * ceil) >> 32);
}
#define get_random_u32_below	prandom_u32_max

#define get_random_once(buf, len)	get_random_bytes(buf, len)
#define net_get_random_once(buf, len)	get_random_bytes(buf, len)

#endif /* _LINUX_RANDOM_H */
