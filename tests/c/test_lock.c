/* SPDX-License-Identifier: GPL-2.0-only */
/* Locks, RCU, reference counts, BUG and WARN: each imbalance is a finding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
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

static DEFINE_SPINLOCK(spin);
static DEFINE_RWLOCK(rw);
static DEFINE_MUTEX(mutex);
static struct rw_semaphore sem;

static void test_balanced_locks(void **state)
{
	unsigned long flags;

	spin_lock_irqsave(&spin, flags);
	assert_true(spin_is_locked(&spin));
	assert_false(spin_trylock(&spin));
	spin_unlock_irqrestore(&spin, flags);
	assert_true(spin_trylock(&spin));
	spin_unlock(&spin);
	read_lock(&rw);
	read_lock_bh(&rw);
	read_unlock_bh(&rw);
	read_unlock(&rw);
	write_lock(&rw);
	write_unlock(&rw);
	mutex_lock(&mutex);
	assert_true(mutex_is_locked(&mutex));
	assert_false(mutex_trylock(&mutex));
	mutex_unlock(&mutex);
	mutex_destroy(&mutex);
	down_read(&sem);
	up_read(&sem);
	down_write(&sem);
	up_write(&sem);
}

static void misuse_unlock(void)
{
	spin_unlock(&spin);
}

static void misuse_lock_twice(void)
{
	spin_lock(&spin);
	spin_lock(&spin);
}

static void misuse_mutex_unlock(void)
{
	mutex_unlock(&mutex);
}

static void misuse_mutex_destroy(void)
{
	mutex_lock(&mutex);
	mutex_destroy(&mutex);
}

static void misuse_write_under_read(void)
{
	read_lock(&rw);
	write_lock(&rw);
}

static void misuse_up(void)
{
	up_write(&sem);
}

static void misuse_keep_lock(void)
{
	begin(NULL);
	mutex_lock(&mutex);
	redzone_kernel_end();
}

static void test_unbalanced_locks(void **state)
{
	expect_report(misuse_unlock, "redzone: lock: spin lock released but not held",
		      NULL);
	expect_report(misuse_lock_twice, "redzone: lock: spin lock taken twice", NULL);
	expect_report(misuse_mutex_unlock, "redzone: lock: mutex released", NULL);
	expect_report(misuse_mutex_destroy, "redzone: lock: held mutex destroyed",
		      NULL);
	expect_report(misuse_write_under_read, "redzone: lock: taken for writing",
		      NULL);
	expect_report(misuse_up, "redzone: lock: write lock released", NULL);
	expect_report(misuse_keep_lock, "redzone: lock: 1 lock still held", NULL);
}

/* ---- RCU ---- */

struct node {
	int value;
	struct rcu_head rcu;
};

static int freed;

static void free_node(struct rcu_head *head)
{
	freed++;
	kfree(container_of(head, struct node, rcu));
}

static void test_rcu_waits(void **state)
{
	struct node *a = kzalloc(sizeof(*a), GFP_KERNEL);
	struct node *b = kzalloc(sizeof(*b), GFP_KERNEL);
	struct node *c = kzalloc(sizeof(*c), GFP_KERNEL);

	freed = 0;
	rcu_read_lock();
	assert_true(rcu_read_lock_held());
	call_rcu(&a->rcu, free_node);
	kfree_rcu(b, rcu);
	assert_int_equal(a->value + b->value, 0);
	rcu_read_unlock();
	assert_int_equal(freed, 0);
	redzone_run_rcu();
	assert_int_equal(freed, 1);
	call_rcu(&c->rcu, free_node);	/* left for redzone_kernel_end() */
}

static void misuse_after_grace_period(void)
{
	struct node *a = kzalloc(sizeof(*a), GFP_KERNEL);

	kfree_rcu(a, rcu);
	synchronize_rcu();
	use_byte((u8)a->value);
}

static void misuse_rcu_unlock(void)
{
	rcu_read_unlock();
}

static void misuse_keep_rcu(void)
{
	begin(NULL);
	rcu_read_lock();
	redzone_kernel_end();
}

static void misuse_synchronize_in_reader(void)
{
	rcu_read_lock();
	synchronize_rcu();
}

static void test_rcu_imbalance(void **state)
{
	expect_report(misuse_rcu_unlock, "redzone: lock: rcu_read_unlock()", NULL);
	expect_report(misuse_keep_rcu, "redzone: lock: rcu_read_lock() not released",
		      NULL);
	expect_report(misuse_synchronize_in_reader, "redzone: lock: synchronize_rcu()",
		      NULL);
}

static void test_rcu_use_after_free(void **state)
{
	needs(UNDER_ASAN);
	expect_report(misuse_after_grace_period, "heap-use-after-free", NULL);
}

/* ---- Reference counts ---- */

static int released;

static void release(struct kref *kref)
{
	released++;
}

static void test_counts(void **state)
{
	refcount_t r = REFCOUNT_INIT(1);
	struct kref kref;

	assert_true(refcount_inc_not_zero(&r));
	assert_int_equal(refcount_read(&r), 2);
	assert_false(refcount_dec_and_test(&r));
	assert_true(refcount_dec_and_test(&r));
	assert_false(refcount_inc_not_zero(&r));
	kref_init(&kref);
	kref_get(&kref);
	released = 0;
	assert_int_equal(kref_put(&kref, release), 0);
	assert_int_equal(kref_put(&kref, release), 1);
	assert_int_equal(released, 1);
	assert_false(kref_get_unless_zero(&kref));
}

static void misuse_inc_from_zero(void)
{
	refcount_t r = REFCOUNT_INIT(0);

	refcount_inc(&r);
}

static void misuse_put_too_often(void)
{
	struct kref kref;

	kref_init(&kref);
	kref_put(&kref, release);
	kref_put(&kref, release);
}

static void misuse_dec_to_zero(void)
{
	refcount_t r = REFCOUNT_INIT(1);

	refcount_dec(&r);
}

static void misuse_saturate(void)
{
	refcount_t r = REFCOUNT_INIT(REFCOUNT_MAX);

	refcount_inc(&r);
}

static void test_unbalanced_counts(void **state)
{
	expect_report(misuse_inc_from_zero, "redzone: refcount: increment on a dead",
		      NULL);
	expect_report(misuse_put_too_often, "redzone: refcount: underflow", NULL);
	expect_report(misuse_dec_to_zero, "redzone: refcount: decrement hit 0", NULL);
	expect_report(misuse_saturate, "redzone: refcount: saturated", NULL);
}

/* ---- BUG and WARN ---- */

static int zero;

static void misuse_bug(void)
{
	BUG_ON(zero == 0);
}

static void misuse_warn(void)
{
	if (WARN_ON_ONCE(zero == 0))
		use_byte(0);
}

static void misuse_warn_text(void)
{
	WARN(zero == 0, "length %d of %s", 5, "option");
}

static void misuse_not_modelled(void)
{
	redzone_not_modelled("dev_change_flags");
}

static void test_bug_and_warn(void **state)
{
	assert_false(WARN_ON(zero));
	BUG_ON(zero);
	expect_report(misuse_bug, "ERROR: redzone: bug: zero == 0 in misuse_bug", NULL);
	expect_report(misuse_warn, "ERROR: redzone: warn: zero == 0 in misuse_warn",
		      NULL);
	expect_report(misuse_warn_text,
		      "redzone: warn: length 5 of option in misuse_warn_text", NULL);
	expect_report(misuse_not_modelled,
		      "redzone: not-modelled: dev_change_flags() is not modelled",
		      NULL);
}

static void test_stack_of_a_finding(void **state)
{
	needs(UNDER_ASAN || UNDER_MSAN || UNDER_UBSAN);
	expect_report(misuse_bug, "in misuse_bug", "test_lock.c", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_balanced_locks, begin, end),
		cmocka_unit_test(test_unbalanced_locks),
		cmocka_unit_test_setup_teardown(test_rcu_waits, begin, end),
		cmocka_unit_test(test_rcu_imbalance),
		cmocka_unit_test(test_rcu_use_after_free),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_unbalanced_counts),
		cmocka_unit_test(test_bug_and_warn),
		cmocka_unit_test(test_stack_of_a_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
