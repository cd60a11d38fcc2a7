/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Timers.
 *
 * Changed for testing: a timer runs only when the harness moves virtual time
 * past its expiry. One that is still pending at the end of an input is a finding
 * of kind "timer".
 */
#ifndef _LINUX_TIMER_H
#define _LINUX_TIMER_H

#include <linux/jiffies.h>
#include <linux/list.h>

struct timer_list {
	struct list_head entry;		/* on the queue, ordered by expiry */
	unsigned long expires;
	void (*function)(struct timer_list *timer);
	u32 flags;
};

#define TIMER_DEFERRABLE	0x00080000
#define TIMER_PINNED		0x00100000
#define TIMER_IRQSAFE		0x00200000

void timer_setup(struct timer_list *timer,
		 void (*function)(struct timer_list *timer), unsigned int flags);

#define from_timer(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, __typeof__(*(var)), timer_fieldname)

static inline int timer_pending(const struct timer_list *timer)
{
	return timer->entry.next != NULL;
}

/* Return: 1 if the timer was pending, as the kernel's do. */
int mod_timer(struct timer_list *timer, unsigned long expires);
int del_timer(struct timer_list *timer);
void add_timer(struct timer_list *timer);

#define del_timer_sync		del_timer
#define timer_delete		del_timer
#define timer_delete_sync	del_timer
#define timer_shutdown_sync	del_timer
#define mod_timer_pending(t, e)	(timer_pending(t) ? mod_timer(t, e) : 0)

#endif /* _LINUX_TIMER_H */
