/* SPDX-License-Identifier: GPL-2.0-only */
/* Nanosecond time. Changed for testing: the same virtual clock for every clock id. */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

#include <linux/jiffies.h>
#include <linux/types.h>

struct timespec64 {
	time64_t tv_sec;
	long tv_nsec;
};

#define KTIME_MAX	((s64)~((u64)1 << 63))

ktime_t ktime_get(void);
ktime_t ktime_get_real(void);
time64_t ktime_get_seconds(void);
time64_t ktime_get_real_seconds(void);

#define ktime_get_boottime	ktime_get
#define ktime_get_raw		ktime_get
#define ktime_get_ns()		((u64)ktime_get())
#define ktime_get_real_ns()	((u64)ktime_get_real())


static inline struct timespec64 ns_to_timespec64(s64 ns)
{
	struct timespec64 ts = { ns / NSEC_PER_SEC, (long)(ns % NSEC_PER_SEC) };

	return ts;
}

#define ktime_to_timespec64(kt)	ns_to_timespec64(kt)

static inline s64 ktime_to_ns(ktime_t kt)
{
	return kt;
}

static inline ktime_t ns_to_ktime(u64 ns)
{
	return (ktime_t)ns;
}

static inline ktime_t ms_to_ktime(u64 ms)
{
	return (ktime_t)(ms * NSEC_PER_MSEC);
}

static inline s64 ktime_to_us(ktime_t kt)
{
	return kt / NSEC_PER_USEC;
}

static inline s64 ktime_to_ms(ktime_t kt)
{
	return kt / NSEC_PER_MSEC;
}

#define ktime_add(a, b)		((a) + (b))
#define ktime_sub(a, b)		((a) - (b))
#define ktime_add_ns(kt, ns)	((kt) + (s64)(ns))
#define ktime_add_ms(kt, ms)	((kt) + (s64)(ms) * NSEC_PER_MSEC)

static inline bool ktime_after(ktime_t a, ktime_t b)
{
	return a > b;
}

static inline bool ktime_before(ktime_t a, ktime_t b)
{
	return a < b;
}

#endif /* _LINUX_KTIME_H */
