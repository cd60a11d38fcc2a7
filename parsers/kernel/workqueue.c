/* SPDX-License-Identifier: GPL-2.0-only */
/* Work queues: one list of pending work, run when somebody says so. */
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <redzone/account.h>
#include <redzone/kernel.h>
#include <redzone/pump.h>

enum { DRAIN_ROUNDS = 10 };

struct workqueue_struct {
	const char *name;
};

static struct workqueue_struct system_queue = { "events" };
struct workqueue_struct *system_wq = &system_queue;

static LIST_HEAD(pending);

static void delayed_work_timer(struct timer_list *timer)
{
	struct delayed_work *dwork = from_timer(dwork, timer, timer);

	dwork->work.pending = false;
	queue_work(dwork->wq, &dwork->work);
}

void redzone_work_init(struct work_struct *work, work_func_t func)
{
	INIT_LIST_HEAD(&work->entry);
	work->func = func;
	work->wq = NULL;
	work->pending = false;
}

void redzone_delayed_work_init(struct delayed_work *dwork, work_func_t func)
{
	redzone_work_init(&dwork->work, func);
	timer_setup(&dwork->timer, delayed_work_timer, 0);
	dwork->wq = NULL;
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	if (work->pending)
		return false;
	if (!work->func)
		redzone_finding("timer", "work queued before INIT_WORK()");
	work->pending = true;
	work->wq = wq;
	list_add_tail(&work->entry, &pending);
	return true;
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay)
{
	if (dwork->work.pending)
		return false;
	if (!delay)
		return queue_work(wq, &dwork->work);
	dwork->work.pending = true;
	dwork->wq = wq;
	mod_timer(&dwork->timer, jiffies + delay);
	return true;
}

bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
		      unsigned long delay)
{
	bool was = cancel_delayed_work(dwork);

	queue_delayed_work(wq, dwork, delay);
	return was;
}

bool cancel_work_sync(struct work_struct *work)
{
	if (!work->pending)
		return false;
	list_del_init(&work->entry);
	work->pending = false;
	return true;
}

bool cancel_delayed_work(struct delayed_work *dwork)
{
	if (del_timer(&dwork->timer)) {
		dwork->work.pending = false;
		return true;
	}
	return cancel_work_sync(&dwork->work);
}

/* The function may free its own work item: nothing is touched afterwards. */
static void run_work(struct work_struct *work)
{
	cancel_work_sync(work);
	work->func(work);
}

bool flush_work(struct work_struct *work)
{
	if (!work->pending)
		return false;
	run_work(work);
	return true;
}

bool flush_delayed_work(struct delayed_work *dwork)
{
	if (del_timer(&dwork->timer))
		delayed_work_timer(&dwork->timer);
	return flush_work(&dwork->work);
}

static struct work_struct *first_on(const struct workqueue_struct *wq)
{
	struct work_struct *work;

	list_for_each_entry(work, &pending, entry) {
		if (work->wq == wq)
			return work;
	}
	return NULL;
}

/* What is queued now; what these queue anew is left. */
void flush_workqueue(struct workqueue_struct *wq)
{
	struct work_struct *work;
	unsigned int n = 0;

	list_for_each_entry(work, &pending, entry)
		n += work->wq == wq;
	while (n-- && (work = first_on(wq)) != NULL)
		run_work(work);
}

/* Until nothing is queued; work that queues itself for ever is a finding. */
void drain_workqueue(struct workqueue_struct *wq)
{
	int rounds;

	for (rounds = 0; rounds < DRAIN_ROUNDS && first_on(wq); rounds++)
		flush_workqueue(wq);
	if (first_on(wq))
		redzone_finding("timer", "work queue %s does not drain", wq->name);
}

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags,
					 int max_active, ...)
{
	struct workqueue_struct *wq = kmalloc(sizeof(*wq), GFP_KERNEL);

	if (wq)
		wq->name = fmt;
	return wq;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	drain_workqueue(wq);
	kfree(wq);
}

unsigned int redzone_run_work(unsigned int max)
{
	unsigned int n;

	for (n = 0; n < max && !list_empty(&pending); n++)
		run_work(list_first_entry(&pending, struct work_struct, entry));
	return n;
}

void redzone_work_begin(void)
{
	INIT_LIST_HEAD(&pending);
}

void redzone_work_end(void)
{
	struct work_struct *work;

	if (likely(list_empty(&pending)))
		return;
	work = list_first_entry(&pending, struct work_struct, entry);
	redzone_finding("timer", "work still queued: %s",
			redzone_pc_name((const char *)work->func + 1));
}
