/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Deferred work.
 *
 * Changed for testing: all queues are one, and it runs only when the harness
 * pumps it (redzone_run_work()), or when a port flushes or destroys a queue.
 * Work still queued at the end of an input is a finding of kind "timer".
 */
#ifndef _LINUX_WORKQUEUE_H
#define _LINUX_WORKQUEUE_H

#include <linux/list.h>
#include <linux/timer.h>

struct work_struct;
struct workqueue_struct;

typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	struct list_head entry;
	work_func_t func;
	struct workqueue_struct *wq;	/* queue it waits on */
	bool pending;
};

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
	struct workqueue_struct *wq;
};

#define WQ_UNBOUND		(1 << 1)
#define WQ_FREEZABLE		(1 << 2)
#define WQ_MEM_RECLAIM		(1 << 3)
#define WQ_HIGHPRI		(1 << 4)

extern struct workqueue_struct *system_wq;
#define system_long_wq		system_wq
#define system_unbound_wq	system_wq
#define system_power_efficient_wq system_wq

void redzone_work_init(struct work_struct *work, work_func_t func);
void redzone_delayed_work_init(struct delayed_work *dwork, work_func_t func);

#define INIT_WORK(work, func)		redzone_work_init(work, func)
#define INIT_DELAYED_WORK(dwork, func)	redzone_delayed_work_init(dwork, func)

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

static inline bool work_pending(const struct work_struct *work)
{
	return work->pending;
}

#define delayed_work_pending(w)		work_pending(&(w)->work)

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags,
					 int max_active, ...);
#define alloc_ordered_workqueue(fmt, flags, ...) \
	alloc_workqueue(fmt, flags, 1, ##__VA_ARGS__)
#define create_singlethread_workqueue(name)	alloc_workqueue(name, 0, 1)
/* Runs what waits on the queue, then frees it. */
void destroy_workqueue(struct workqueue_struct *wq);
void flush_workqueue(struct workqueue_struct *wq);
void drain_workqueue(struct workqueue_struct *wq);

/* Return: false if it was queued already. */
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay);
bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
		      unsigned long delay);

/* Return: true if it was pending (cancel) or had to be run (flush). */
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *dwork);
bool flush_work(struct work_struct *work);
bool flush_delayed_work(struct delayed_work *dwork);

#define cancel_work			cancel_work_sync
#define cancel_delayed_work_sync	cancel_delayed_work
#define schedule_work(work)		queue_work(system_wq, work)
#define schedule_delayed_work(w, d)	queue_delayed_work(system_wq, w, d)
#define flush_scheduled_work()		flush_workqueue(system_wq)

#endif /* _LINUX_WORKQUEUE_H */
