/* SPDX-License-Identifier: GPL-2.0-only */
/* Virtual time, timers, deferred work, random numbers: one input, one behaviour. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <redzone/kernel.h>
#include <redzone/pump.h>

#include "expect_report.h"

static int begin(void **state)
{
	redzone_kernel_begin(&(struct redzone_kernel_config){ 0 });
	return 0;
}

static int end(void **state)
{
	redzone_kernel_end();
	return 0;
}

static void test_time_stands_still(void **state)
{
	unsigned long start = jiffies;
	ktime_t ns = ktime_get(), real = ktime_get_real();

	assert_int_equal(ktime_get(), ns);
	redzone_time_advance(1500);
	assert_int_equal(jiffies - start, msecs_to_jiffies(1500));
	assert_int_equal(ktime_sub(ktime_get(), ns), 1500 * NSEC_PER_MSEC);
	assert_int_equal(ktime_sub(ktime_get_real(), real), 1500 * NSEC_PER_MSEC);
	begin(NULL);
	assert_int_equal(jiffies, start);
}

static void test_jiffies_wrap_in_32_bits(void **state)
{
	u32 before = (u32)jiffies;

	redzone_time_advance(301 * 1000);
	assert_true((u32)jiffies < before);
	assert_true(time_after(jiffies, (unsigned long)before));
}

struct alarm_clock {
	struct timer_list timer;
	char name;
	unsigned int again;
};

static char rang[16];
static unsigned long rang_at[16];

static void ring(struct timer_list *timer)
{
	struct alarm_clock *clock = from_timer(clock, timer, timer);
	size_t n = strlen(rang);

	rang[n] = clock->name;
	rang_at[n] = jiffies;
	if (clock->again) {
		clock->again--;
		mod_timer(timer, jiffies + 10);
	}
}

static void test_timers_run_in_order(void **state)
{
	struct alarm_clock a = { .name = 'a' }, b = { .name = 'b' };
	struct alarm_clock c = { .name = 'c', .again = 2 };
	unsigned long start = jiffies;

	memset(rang, 0, sizeof(rang));
	timer_setup(&a.timer, ring, 0);
	timer_setup(&b.timer, ring, 0);
	timer_setup(&c.timer, ring, 0);
	assert_int_equal(mod_timer(&a.timer, start + 30), 0);
	assert_int_equal(mod_timer(&b.timer, start + 20), 0);
	assert_int_equal(mod_timer(&c.timer, start + 20), 0);
	redzone_time_advance(19);
	assert_string_equal(rang, "");
	redzone_time_advance(1);
	assert_string_equal(rang, "bc");
	assert_int_equal(mod_timer(&a.timer, start + 35), 1);
	redzone_time_advance(1000);
	assert_string_equal(rang, "bccac");
	assert_int_equal(rang_at[3] - start, 35);
	assert_int_equal(rang_at[4] - start, 40);
	assert_false(timer_pending(&a.timer));
	mod_timer(&a.timer, jiffies + 1);
	assert_int_equal(del_timer_sync(&a.timer), 1);
	assert_int_equal(del_timer_sync(&a.timer), 0);
}

static unsigned int rings;

static void ring_at_once(struct timer_list *timer)
{
	rings++;
	mod_timer(timer, jiffies);
}

/* A timer that arms itself for now runs once a tick. */
static void test_time_goes_on(void **state)
{
	struct timer_list timer;

	rings = 0;
	timer_setup(&timer, ring_at_once, 0);
	mod_timer(&timer, jiffies);
	redzone_time_advance(0);
	assert_int_equal(rings, 0);
	redzone_time_advance(20);
	assert_int_equal(rings, 20);
	del_timer(&timer);
}

struct job {
	struct work_struct work;
	struct delayed_work dwork;
	int runs;
	bool again;
};

static void do_job(struct work_struct *work)
{
	struct job *job = container_of(work, struct job, work);

	job->runs++;
	if (job->again)
		schedule_work(work);
}

static void do_delayed_job(struct work_struct *work)
{
	struct delayed_work *dwork = to_delayed_work(work);

	container_of(dwork, struct job, dwork)->runs++;
}

static void test_work_waits_for_the_pump(void **state)
{
	struct job job = { .runs = 0 };

	INIT_WORK(&job.work, do_job);
	assert_true(schedule_work(&job.work));
	assert_false(schedule_work(&job.work));
	assert_int_equal(job.runs, 0);
	assert_int_equal(redzone_run_work(10), 1);
	assert_int_equal(job.runs, 1);
	job.again = true;
	schedule_work(&job.work);
	assert_int_equal(redzone_run_work(5), 5);
	assert_true(cancel_work_sync(&job.work));
	assert_false(cancel_work_sync(&job.work));
	job.again = false;
	schedule_work(&job.work);
	assert_true(flush_work(&job.work));
	assert_int_equal(job.runs, 7);
}

static void test_delayed_work(void **state)
{
	struct job job = { .runs = 0 };

	INIT_DELAYED_WORK(&job.dwork, do_delayed_job);
	assert_true(schedule_delayed_work(&job.dwork, 50));
	assert_false(schedule_delayed_work(&job.dwork, 5));
	assert_true(delayed_work_pending(&job.dwork));
	assert_int_equal(redzone_run_work(1), 0);
	redzone_time_advance(50);
	assert_int_equal(redzone_run_work(1), 1);
	assert_int_equal(job.runs, 1);
	schedule_delayed_work(&job.dwork, 50);
	assert_true(mod_delayed_work(system_wq, &job.dwork, 10));
	redzone_time_advance(10);
	assert_true(cancel_delayed_work_sync(&job.dwork));
	schedule_delayed_work(&job.dwork, 50);
	assert_true(flush_delayed_work(&job.dwork));
	assert_int_equal(job.runs, 2);
}

static void test_own_queue(void **state)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("mine", 0);
	struct job mine = { .runs = 0 }, other = { .runs = 0 };

	INIT_WORK(&mine.work, do_job);
	INIT_WORK(&other.work, do_job);
	schedule_work(&other.work);
	queue_work(wq, &mine.work);
	destroy_workqueue(wq);
	assert_int_equal(mine.runs, 1);
	assert_int_equal(other.runs, 0);
	flush_scheduled_work();
	assert_int_equal(other.runs, 1);
}

static void test_random_repeats(void **state)
{
	u8 a[37], b[37];

	get_random_bytes(a, sizeof(a));
	begin(NULL);
	get_random_bytes(b, sizeof(b));
	assert_memory_equal(a, b, sizeof(a));
	get_random_bytes(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	assert_true(prandom_u32_max(10) < 10);
}

/* ---- Findings ---- */

static struct alarm_clock forgotten;
static struct job job;

static void misuse_forget_timer(void)
{
	begin(NULL);
	timer_setup(&forgotten.timer, ring, 0);
	mod_timer(&forgotten.timer, jiffies + 1);
	redzone_kernel_end();
}

static void misuse_forget_work(void)
{
	begin(NULL);
	INIT_WORK(&job.work, do_job);
	schedule_work(&job.work);
	redzone_kernel_end();
}

static void misuse_timer_not_set_up(void)
{
	mod_timer(&forgotten.timer, jiffies + 1);
}

static void misuse_add_pending(void)
{
	begin(NULL);
	timer_setup(&forgotten.timer, ring, 0);
	add_timer(&forgotten.timer);
	add_timer(&forgotten.timer);
}

static void misuse_never_drains(void)
{
	begin(NULL);
	INIT_WORK(&job.work, do_job);
	job.again = true;
	schedule_work(&job.work);
	flush_workqueue(system_wq);
	drain_workqueue(system_wq);
}

static void test_forgotten(void **state)
{
	expect_report(misuse_never_drains, "redzone: timer: work queue events does not",
		      NULL);
	expect_report(misuse_forget_timer, "redzone: timer: timer still pending", NULL);
	expect_report(misuse_forget_work, "redzone: timer: work still queued", NULL);
	expect_report(misuse_timer_not_set_up, "redzone: timer: armed before", NULL);
	expect_report(misuse_add_pending, "redzone: timer: add_timer() on a pending",
		      NULL);
}

static void test_forgotten_by_name(void **state)
{
	needs(UNDER_ASAN || UNDER_MSAN || UNDER_UBSAN);
	expect_report(misuse_forget_timer, "still pending: ring ", NULL);
	expect_report(misuse_forget_work, "still queued: do_job ", NULL);
}

static void misuse_free_with_timer(void)
{
	struct alarm_clock *clock = kzalloc(sizeof(*clock), GFP_KERNEL);

	begin(NULL);
	timer_setup(&clock->timer, ring, 0);
	mod_timer(&clock->timer, jiffies + 1);
	kfree(clock);
	redzone_time_advance(1);
}

static void misuse_free_with_work(void)
{
	struct job *queued = kzalloc(sizeof(*queued), GFP_KERNEL);

	begin(NULL);
	INIT_WORK(&queued->work, do_job);
	schedule_work(&queued->work);
	kfree(queued);
	redzone_run_work(1);
}

static void test_use_after_free(void **state)
{
	needs(UNDER_ASAN);
	expect_report(misuse_free_with_timer, "heap-use-after-free", NULL);
	expect_report(misuse_free_with_work, "heap-use-after-free", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_time_stands_still, begin, end),
		cmocka_unit_test_setup_teardown(test_jiffies_wrap_in_32_bits, begin, end),
		cmocka_unit_test_setup_teardown(test_timers_run_in_order, begin, end),
		cmocka_unit_test_setup_teardown(test_time_goes_on, begin, end),
		cmocka_unit_test_setup_teardown(test_work_waits_for_the_pump, begin, end),
		cmocka_unit_test_setup_teardown(test_delayed_work, begin, end),
		cmocka_unit_test_setup_teardown(test_own_queue, begin, end),
		cmocka_unit_test_setup_teardown(test_random_repeats, begin, end),
		cmocka_unit_test(test_forgotten),
		cmocka_unit_test(test_forgotten_by_name),
		cmocka_unit_test(test_use_after_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
