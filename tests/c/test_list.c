/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists and hash lists, and that they notice corruption. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <redzone/kernel.h>

#include "expect_report.h"

struct item {
	int value;
	struct list_head list;
	struct hlist_node hash;
};

static struct item items[5] = {
	{ .value = 0 }, { .value = 1 }, { .value = 2 }, { .value = 3 }, { .value = 4 },
};

static void fill(struct list_head *head)
{
	size_t i;

	INIT_LIST_HEAD(head);
	for (i = 0; i < ARRAY_SIZE(items); i++)
		list_add_tail(&items[i].list, head);
}

/* The values on the list, as decimal digits. */
static int digits(struct list_head *head)
{
	struct item *item;
	int n = 9;

	list_for_each_entry(item, head, list)
		n = n * 10 + item->value;
	return n;
}

static void test_order(void **state)
{
	LIST_HEAD(head);
	LIST_HEAD(other);

	assert_true(list_empty(&head));
	fill(&head);
	assert_int_equal(digits(&head), 901234);
	list_move(&items[3].list, &head);
	assert_int_equal(digits(&head), 930124);
	list_move_tail(&items[0].list, &head);
	assert_int_equal(digits(&head), 931240);
	list_rotate_left(&head);
	assert_int_equal(digits(&head), 912403);
	list_del_init(&items[2].list);
	assert_true(list_empty(&items[2].list));
	assert_int_equal(digits(&head), 91403);
	list_replace_init(&items[4].list, &items[2].list);
	assert_int_equal(digits(&head), 91203);
	list_splice_init(&head, &other);
	assert_true(list_empty(&head));
	assert_int_equal(digits(&other), 91203);
	assert_ptr_equal(list_first_entry(&other, struct item, list), &items[1]);
	assert_ptr_equal(list_last_entry(&other, struct item, list), &items[3]);
	assert_null(list_first_entry_or_null(&head, struct item, list));
	assert_true(list_is_last(&items[3].list, &other));
}

static void test_safe_iteration(void **state)
{
	struct item *item, *next;
	LIST_HEAD(head);
	int n = 0;

	fill(&head);
	list_for_each_entry_safe(item, next, &head, list) {
		if (item->value & 1)
			list_del(&item->list);
	}
	assert_int_equal(digits(&head), 9024);
	list_for_each_entry_reverse(item, &head, list)
		n = n * 10 + item->value;
	assert_int_equal(n, 420);
}

static void test_hash_table(void **state)
{
	DEFINE_HASHTABLE(table, 3);
	struct hlist_node *next;
	struct item *item;
	unsigned int bucket;
	size_t i;
	int n = 0;

	assert_true(hash_empty(table));
	for (i = 0; i < ARRAY_SIZE(items); i++)
		hash_add(table, &items[i].hash, items[i].value);
	hash_for_each_possible(table, item, hash, 3) {
		if (item->value == 3)
			n++;
	}
	assert_int_equal(n, 1);
	hash_for_each(table, bucket, item, hash)
		n += item->value;
	assert_int_equal(n, 11);
	hash_for_each_safe(table, bucket, next, item, hash)
		hash_del(&item->hash);
	assert_true(hash_empty(table));
	assert_false(hash_hashed(&items[0].hash));
}

/* ---- Corruption ---- */

static void misuse_delete_twice(void)
{
	LIST_HEAD(head);

	fill(&head);
	list_del(&items[1].list);
	list_del(&items[1].list);
}

static void misuse_delete_zeroed(void)
{
	struct item *item = kzalloc(sizeof(*item), GFP_KERNEL);

	list_del(&item->list);
}

static void misuse_overwritten(void)
{
	LIST_HEAD(head);

	fill(&head);
	items[2].list.prev = &head;
	list_del(&items[2].list);
}

static void misuse_double_add(void)
{
	LIST_HEAD(head);

	list_add(&items[0].list, &head);
	list_add(&items[0].list, &head);
}

static void misuse_add_after_deleted(void)
{
	struct item a, b;
	LIST_HEAD(head);

	INIT_LIST_HEAD(&b.list);
	list_add(&a.list, &head);
	head.next = &b.list;
	list_add(&items[0].list, &head);
}

static void misuse_hash_delete_twice(void)
{
	HLIST_HEAD(head);

	hlist_add_head(&items[0].hash, &head);
	hlist_del(&items[0].hash);
	hlist_del(&items[0].hash);
}

static void misuse_hash_stale(void)
{
	HLIST_HEAD(head);

	hlist_add_head(&items[0].hash, &head);
	INIT_HLIST_HEAD(&head);
	hlist_del(&items[0].hash);
}

static void test_corruption(void **state)
{
	expect_report(misuse_delete_twice, "redzone: list: entry deleted twice", NULL);
	expect_report(misuse_delete_zeroed, "redzone: list: entry was never", NULL);
	expect_report(misuse_overwritten, "redzone: list: neighbours do not", NULL);
	expect_report(misuse_double_add, "redzone: list: double add", NULL);
	expect_report(misuse_add_after_deleted, "redzone: list: add between", NULL);
	expect_report(misuse_hash_delete_twice, "redzone: list: entry deleted twice",
		      NULL);
	expect_report(misuse_hash_stale, "redzone: list: neighbours do not", NULL);
}

static void misuse_free_on_list(void)
{
	struct item *item = kzalloc(sizeof(*item), GFP_KERNEL);
	LIST_HEAD(head);

	list_add(&item->list, &head);
	kfree(item);
	list_add(&items[0].list, &head);
}

static void test_freed_on_list(void **state)
{
	needs(UNDER_ASAN);
	expect_report(misuse_free_on_list, "heap-use-after-free", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_safe_iteration),
		cmocka_unit_test(test_hash_table),
		cmocka_unit_test(test_corruption),
		cmocka_unit_test(test_freed_on_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
