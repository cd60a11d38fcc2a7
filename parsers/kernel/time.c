/* SPDX-License-Identifier: GPL-2.0-only */
/* Virtual time and timers. */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/timer.h>
#include <redzone/account.h>
#include <redzone/kernel.h>
#include <redzone/pump.h>

/* As after boot: jiffies wraps in 32 bits after five minutes. */
#define INITIAL_JIFFIES	((unsigned long)(u32)(-300 * HZ))
#define BOOT_NS		((s64)1000 * NSEC_PER_SEC)
#define EPOCH_NS	((s64)1767225600 * NSEC_PER_SEC)	/* 2026-01-01 */

unsigned long jiffies = INITIAL_JIFFIES;

static LIST_HEAD(timers);

static ktime_t uptime(void)
{
	return BOOT_NS + (s64)(jiffies - INITIAL_JIFFIES) * NSEC_PER_MSEC;
}

ktime_t ktime_get(void)
{
	return uptime();
}

ktime_t ktime_get_real(void)
{
	return EPOCH_NS + uptime();
}

time64_t ktime_get_seconds(void)
{
	return ktime_get() / NSEC_PER_SEC;
}

time64_t ktime_get_real_seconds(void)
{
	return ktime_get_real() / NSEC_PER_SEC;
}

void timer_setup(struct timer_list *timer,
		 void (*function)(struct timer_list *timer), unsigned int flags)
{
	timer->entry.next = NULL;
	timer->entry.prev = NULL;
	timer->expires = 0;
	timer->function = function;
	timer->flags = flags;
}

int del_timer(struct timer_list *timer)
{
	if (!timer_pending(timer))
		return 0;
	__list_del_entry(&timer->entry);
	timer->entry.next = NULL;
	timer->entry.prev = LIST_POISON2;
	return 1;
}

/* Behind those that expire at the same time: they run in the order of arming. */
static void enqueue(struct timer_list *timer)
{
	struct timer_list *pos;

	list_for_each_entry_reverse(pos, &timers, entry) {
		if (time_before_eq(pos->expires, timer->expires))
			break;
	}
	list_add(&timer->entry, &pos->entry);
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	int pending = del_timer(timer);

	if (!timer->function)
		redzone_finding("timer", "armed before timer_setup()");
	timer->expires = expires;
	enqueue(timer);
	return pending;
}

void add_timer(struct timer_list *timer)
{
	if (timer_pending(timer))
		redzone_finding("timer", "add_timer() on a pending timer");
	mod_timer(timer, timer->expires);
}

/*
 * One tick: the timers that are due now, in order. One that arms itself again
 * for now or the past waits for the next tick, so that time goes on.
 */
static void run_tick(void)
{
	struct timer_list *timer;
	LIST_HEAD(due);

	while (!list_empty(&timers)) {
		timer = list_first_entry(&timers, struct timer_list, entry);
		if (time_after(timer->expires, jiffies))
			break;
		list_move_tail(&timer->entry, &due);
	}
	while (!list_empty(&due)) {
		timer = list_first_entry(&due, struct timer_list, entry);
		del_timer(timer);
		timer->function(timer);
	}
}

void redzone_time_advance(unsigned int ms)
{
	unsigned long until = jiffies + ms;

	while (!list_empty(&timers) && time_before(jiffies, until)) {
		struct timer_list *timer;

		timer = list_first_entry(&timers, struct timer_list, entry);
		if (time_after(timer->expires, until))
			break;
		jiffies = time_after(timer->expires, jiffies) ? timer->expires :
								jiffies + 1;
		run_tick();
	}
	jiffies = until;
}

void redzone_time_begin(void)
{
	jiffies = INITIAL_JIFFIES;
	INIT_LIST_HEAD(&timers);
}

void redzone_timer_end(void)
{
	struct timer_list *timer;

	if (likely(list_empty(&timers)))
		return;
	timer = list_first_entry(&timers, struct timer_list, entry);
	redzone_finding("timer", "timer still pending: %s",
			redzone_pc_name((const char *)timer->function + 1));
}
