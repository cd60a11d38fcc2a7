/* SPDX-License-Identifier: GPL-2.0-only */
/* Ticks. Changed for testing: virtual time, moved only by the harness. HZ is 1000. */
#ifndef _LINUX_JIFFIES_H
#define _LINUX_JIFFIES_H

#include <linux/types.h>

#define HZ	1000
#define MAX_JIFFY_OFFSET	((~0UL >> 1) - 1)

#define NSEC_PER_USEC	1000L
#define NSEC_PER_MSEC	1000000L
#define NSEC_PER_SEC	1000000000L
#define USEC_PER_MSEC	1000L
#define USEC_PER_SEC	1000000L
#define MSEC_PER_SEC	1000L

extern unsigned long jiffies;

#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define time_after_eq(a, b)	((long)((a) - (b)) >= 0)
#define time_before_eq(a, b)	time_after_eq(b, a)
#define time_is_before_jiffies(a)	time_after(jiffies, a)
#define time_is_after_jiffies(a)	time_before(jiffies, a)

static inline u64 get_jiffies_64(void)
{
	return jiffies;
}

static inline unsigned long msecs_to_jiffies(unsigned int ms)
{
	return (int)ms < 0 ? MAX_JIFFY_OFFSET : ms;
}

static inline unsigned int jiffies_to_msecs(unsigned long j)
{
	return (unsigned int)j;
}

static inline unsigned long usecs_to_jiffies(unsigned int us)
{
	return (us + 999UL) / 1000;
}

static inline unsigned long secs_to_jiffies(unsigned int secs)
{
	return (unsigned long)secs * HZ;
}

#endif /* _LINUX_JIFFIES_H */
