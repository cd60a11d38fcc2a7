/* SPDX-License-Identifier: GPL-2.0-only */
/* Trees and index tables: rbtree, idr, ida, xarray. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <redzone/kernel.h>

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

struct thing {
	struct rb_node node;
	u32 key;
	bool in;
};

static void insert(struct rb_root *root, struct thing *thing)
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = thing->key < rb_entry(parent, struct thing, node)->key ?
		       &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&thing->node, parent, link);
	rb_insert_color(&thing->node, root);
	thing->in = true;
}

/* Black height; fails on a red child of a red node and on unequal heights. */
static int check_subtree(const struct rb_node *node, bool parent_red)
{
	bool red;
	int left, right;

	if (!node)
		return 1;
	red = !(node->__rb_parent_color & 1);
	assert_false(red && parent_red);
	left = check_subtree(node->rb_left, red);
	right = check_subtree(node->rb_right, red);
	assert_int_equal(left, right);
	return left + !red;
}

static unsigned int check_order(const struct rb_root *root)
{
	struct rb_node *node, *last = NULL;
	unsigned int n = 0;

	for (node = rb_first(root); node; node = rb_next(node)) {
		if (last) {
			assert_true(rb_entry(last, struct thing, node)->key <=
				    rb_entry(node, struct thing, node)->key);
			assert_ptr_equal(rb_prev(node), last);
		}
		last = node;
		n++;
	}
	assert_ptr_equal(rb_last(root), last);
	return n;
}

static void test_rbtree(void **state)
{
	enum { N = 200 };
	static struct thing things[N];
	struct rb_root root = RB_ROOT;
	unsigned int i, n = 0, step;

	for (i = 0; i < N; i++)
		things[i] = (struct thing){ .key = get_random_u32() % 150 };
	for (step = 0; step < 4000; step++) {
		struct thing *thing = &things[get_random_u32() % N];

		if (thing->in) {
			rb_erase(&thing->node, &root);
			thing->in = false;
			n--;
		} else {
			insert(&root, thing);
			n++;
		}
		check_subtree(root.rb_node, true);
		assert_int_equal(check_order(&root), n);
	}
}

static void test_rbtree_replace(void **state)
{
	struct thing a = { .key = 1 }, b = { .key = 2 }, c = { .key = 3 }, d;
	struct rb_root root = RB_ROOT;

	insert(&root, &b);
	insert(&root, &a);
	insert(&root, &c);
	d = b;
	rb_replace_node(&b.node, &d.node, &root);
	assert_ptr_equal(rb_next(&a.node), &d.node);
	assert_ptr_equal(rb_prev(&c.node), &d.node);
	check_subtree(root.rb_node, true);
}

static int count_up_to_30(int id, void *p, void *data)
{
	int *n = data;

	++*n;
	return id >= 30 ? id : 0;
}

static void test_idr(void **state)
{
	int objects[4], n = 0, id;
	DEFINE_IDR(idr);
	void *p;

	assert_int_equal(idr_alloc(&idr, &objects[0], 1, 0, GFP_KERNEL), 1);
	assert_int_equal(idr_alloc(&idr, &objects[1], 1, 0, GFP_KERNEL), 2);
	assert_int_equal(idr_alloc(&idr, &objects[2], 30, 31, GFP_KERNEL), 30);
	assert_int_equal(idr_alloc(&idr, &objects[3], 30, 31, GFP_KERNEL), -ENOSPC);
	assert_int_equal(idr_alloc(&idr, &objects[3], 2, 4, GFP_KERNEL), 3);
	assert_ptr_equal(idr_find(&idr, 30), &objects[2]);
	assert_null(idr_find(&idr, 4));
	assert_ptr_equal(idr_replace(&idr, &objects[3], 30), &objects[2]);
	assert_ptr_equal(idr_replace(&idr, NULL, 5), ERR_PTR(-ENOENT));
	idr_for_each_entry(&idr, p, id)
		n += id;
	assert_int_equal(n, 36);
	n = 0;
	assert_int_equal(idr_for_each(&idr, count_up_to_30, &n), 30);
	assert_int_equal(n, 4);
	assert_ptr_equal(idr_remove(&idr, 2), &objects[1]);
	assert_null(idr_remove(&idr, 2));
	assert_int_equal(idr_alloc(&idr, &objects[1], 0, 0, GFP_KERNEL), 0);
	assert_int_equal(idr_alloc_cyclic(&idr, &objects[1], 2, 5, GFP_KERNEL), 2);
	assert_int_equal(idr_alloc_cyclic(&idr, &objects[1], 2, 5, GFP_KERNEL), 4);
	idr_remove(&idr, 2);
	assert_int_equal(idr_alloc_cyclic(&idr, &objects[1], 2, 5, GFP_KERNEL), 2);
	idr_destroy(&idr);
	assert_true(idr_is_empty(&idr));
}

static void test_ida(void **state)
{
	DEFINE_IDA(ida);
	int i;

	for (i = 0; i < 10; i++)
		assert_int_equal(ida_alloc(&ida, GFP_KERNEL), i);
	ida_free(&ida, 4);
	assert_int_equal(ida_alloc_min(&ida, 2, GFP_KERNEL), 4);
	assert_int_equal(ida_alloc_max(&ida, 9, GFP_KERNEL), -ENOSPC);
	for (i = 0; i < 10; i++)
		ida_free(&ida, (unsigned int)i);
	assert_true(ida_is_empty(&ida));
}

static void test_xarray(void **state)
{
	DEFINE_XARRAY(xa);
	unsigned long index, sum = 0;
	int a, b;
	void *p;

	assert_null(xa_store(&xa, 7, &a, GFP_KERNEL));
	assert_ptr_equal(xa_store(&xa, 7, &b, GFP_KERNEL), &a);
	assert_int_equal(xa_insert(&xa, 7, &a, GFP_KERNEL), -EBUSY);
	assert_int_equal(xa_insert(&xa, ~0UL, &a, GFP_KERNEL), 0);
	assert_null(xa_store(&xa, 3, xa_mk_value(55), GFP_KERNEL));
	assert_int_equal(xa_to_value(xa_load(&xa, 3)), 55);
	assert_true(xa_is_value(xa_load(&xa, 3)));
	assert_null(xa_load(&xa, 4));
	assert_ptr_equal(xa_cmpxchg(&xa, 7, &b, &a, GFP_KERNEL), &b);
	assert_ptr_equal(xa_load(&xa, 7), &a);
	xa_for_each(&xa, index, p)
		sum += index;
	assert_int_equal(sum, 9);
	assert_ptr_equal(xa_erase(&xa, 7), &a);
	assert_null(xa_erase(&xa, 7));
	xa_erase(&xa, 3);
	assert_null(xa_store(&xa, 9, NULL, GFP_KERNEL));
	xa_erase(&xa, ~0UL);
	assert_true(xa_empty(&xa));
}

static void test_xarray_alloc(void **state)
{
	DEFINE_XARRAY_ALLOC1(xa);
	u32 id, next = 0;
	int a;

	assert_int_equal(xa_alloc(&xa, &id, &a, XA_LIMIT(0, 2), GFP_KERNEL), 0);
	assert_int_equal(id, 1);
	assert_int_equal(xa_alloc(&xa, &id, &a, XA_LIMIT(0, 2), GFP_KERNEL), 0);
	assert_int_equal(id, 2);
	assert_int_equal(xa_alloc(&xa, &id, &a, XA_LIMIT(0, 2), GFP_KERNEL), -EBUSY);
	xa_erase(&xa, 1);
	assert_int_equal(xa_alloc_cyclic(&xa, &id, &a, XA_LIMIT(1, 3), &next,
					 GFP_KERNEL), 0);
	assert_int_equal(id, 1);
	assert_int_equal(xa_alloc_cyclic(&xa, &id, &a, XA_LIMIT(1, 3), &next,
					 GFP_KERNEL), 0);
	assert_int_equal(id, 3);
	xa_erase(&xa, 2);
	assert_int_equal(xa_alloc_cyclic(&xa, &id, &a, XA_LIMIT(1, 3), &next,
					 GFP_KERNEL), 1);
	assert_int_equal(id, 2);
	xa_destroy(&xa);
}

static void test_no_memory(void **state)
{
	struct redzone_kernel_config config = { .alloc_fail_seed = 1 };
	DEFINE_XARRAY(xa);
	DEFINE_IDR(idr);
	int a;

	redzone_kernel_begin(&config);
	assert_int_equal(xa_err(xa_store(&xa, 1, &a, GFP_KERNEL)), -ENOMEM);
	assert_true(xa_empty(&xa));
	redzone_kernel_begin(&config);
	assert_int_equal(idr_alloc(&idr, &a, 0, 0, GFP_KERNEL), -ENOMEM);
}

static void misuse_ida_free_twice(void)
{
	DEFINE_IDA(ida);
	int id = ida_alloc(&ida, GFP_KERNEL);

	ida_free(&ida, (unsigned int)id);
	ida_free(&ida, (unsigned int)id);
}

static void misuse_forget_idr(void)
{
	DEFINE_IDR(idr);
	int a;

	redzone_kernel_begin(&(struct redzone_kernel_config){ 0 });
	idr_alloc(&idr, &a, 0, 0, GFP_KERNEL);
	redzone_kernel_end();
}

static void test_misuse(void **state)
{
	expect_report(misuse_ida_free_twice, "redzone: warn: ida_free()", NULL);
	expect_report(misuse_forget_idr, "redzone: leak: 1 object", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rbtree, begin, end),
		cmocka_unit_test_setup_teardown(test_rbtree_replace, begin, end),
		cmocka_unit_test_setup_teardown(test_idr, begin, end),
		cmocka_unit_test_setup_teardown(test_ida, begin, end),
		cmocka_unit_test_setup_teardown(test_xarray, begin, end),
		cmocka_unit_test_setup_teardown(test_xarray_alloc, begin, end),
		cmocka_unit_test_setup_teardown(test_no_memory, begin, end),
		cmocka_unit_test(test_misuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
