/* SPDX-License-Identifier: GPL-2.0-only */
/* Random numbers that are the same for every input (splitmix64). */
#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/string.h>
#include <redzone/account.h>

#define SEED 0x7265647a6f6e6521ULL

static u64 state = SEED;

void redzone_random_begin(void)
{
	state = SEED;
}

u64 get_random_u64(void)
{
	u64 x = state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

u32 get_random_u32(void)
{
	return (u32)(get_random_u64() >> 32);
}

void get_random_bytes(void *buf, size_t len)
{
	u8 *p = buf;

	while (len) {
		u64 x = get_random_u64();
		size_t n = min(len, sizeof(x));

		memcpy(p, &x, n);
		p += n;
		len -= n;
	}
}
