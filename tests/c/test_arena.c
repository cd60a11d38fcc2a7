/* SPDX-License-Identifier: GPL-2.0-only */
/* The engines' heap: as exact as ASan's own, and where it is weaker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/kernel.h>
#include <linux/kmemleak.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <redzone/arena.h>
#include <redzone/kernel.h>

#include "expect_report.h"

#if REDZONE_ASAN

enum {
	REGION		= 4 << 20,
	GAP		= 256,		/* the smallest */
	HEADER		= 32,
};

static void input_begin(void)
{
	redzone_kernel_begin(&(struct redzone_kernel_config){ 0 });
}

static int begin(void **state)
{
	input_begin();
	return 0;
}

static int end(void **state)
{
	redzone_kernel_end();
	return 0;
}

static bool closed(const u8 *p)
{
	return __asan_address_is_poisoned(p);
}

static bool all_closed(const u8 *p, size_t n)
{
	while (n--) {
		if (!closed(p++))
			return false;
	}
	return true;
}

/* ---- Exact to the byte ---- */

static void check_edges(size_t size)
{
	u8 *p = kmalloc(size, GFP_KERNEL);
	size_t i;

	assert_non_null(p);
	assert_int_equal((uintptr_t)p % 16, 0);
	assert_int_equal(ksize(p), size);
	assert_true(all_closed(p - GAP, GAP));
	for (i = 0; i < size; i++)
		assert_false(closed(p + i));
	assert_true(all_closed(p + size, max_t(size_t, GAP, min_t(size_t, size, 4096))));
	kfree(p);
	assert_true(all_closed(p, size));
}

static void test_edges(void **state)
{
	size_t size;

	for (size = 1; size <= 600; size++)
		check_edges(size);
	check_edges(4097);
	check_edges(64 << 10);
}

static void test_nothing_behind_the_last_object(void **state)
{
	u8 *p = kmalloc(100, GFP_KERNEL);

	assert_true(all_closed(p + 100, REGION / 2));
	kfree(p);
}

static void test_head_of_the_region(void **state)
{
	u8 *p = kmalloc(100, GFP_KERNEL);

	assert_true(all_closed(p - 60000, 60000));
	kfree(p);
}

static void test_nothing_is_used_twice(void **state)
{
	const u8 *last = NULL;
	int i;

	for (i = 0; i < 3000; i++) {
		u8 *p = kmalloc(100, GFP_KERNEL);

		assert_true(!last || p > last + 100 + GAP);
		last = p;
		kfree(p);
	}
	for (i = 0; i < 2000; i++, last -= HEADER + 112 + GAP)
		assert_true(closed(last));
}

/* ---- One input, one behaviour ---- */

static void test_inputs_begin_alike(void **state)
{
	u8 *first, *again;
	int i;

	input_begin();
	first = kmalloc(5000, GFP_KERNEL);
	memset(first, 1, 5000);
	kfree(first);
	redzone_kernel_end();
	assert_true(all_closed(first, 5000));

	input_begin();
	again = kmalloc(5000, GFP_KERNEL);
	assert_ptr_equal(again, first);
	for (i = 0; i < 5000; i++)
		assert_int_equal(again[i], 0xbe);
	memset(again, 1, 5000);
	kfree(again);
	redzone_kernel_end();

	input_begin();
	again = kzalloc(5000, GFP_KERNEL);
	assert_ptr_equal(again, first);
	for (i = 0; i < 5000; i++)
		assert_int_equal(again[i], 0);
	kfree(again);
	redzone_kernel_end();
}

static void test_only_objects_of_inputs(void **state)
{
	u8 *before = kmalloc(100, GFP_KERNEL), *inside;

	input_begin();
	inside = kmalloc(100, GFP_KERNEL);
	assert_int_equal(redzone_arena_size(before), 0);
	assert_int_equal(redzone_arena_size(inside), 100);
	memset(before, 1, 100);
	kfree(inside);
	redzone_kernel_end();
	kfree(before);
}

static void test_kept_objects_stay(void **state)
{
	u8 *kept, *other;
	int i;

	input_begin();
	kept = kmalloc(100, GFP_KERNEL);
	memset(kept, 7, 100);
	kmemleak_not_leak(kept);
	redzone_kernel_end();
	for (i = 0; i < 3; i++) {
		input_begin();
		other = kmalloc(100, GFP_KERNEL);
		assert_true(other > kept + 100);
		assert_int_equal(kept[99], 7);
		kfree(other);
		redzone_kernel_end();
	}
	input_begin();
	kfree(kept);
	assert_true(closed(kept));
	redzone_kernel_end();
}

/* ---- What does not fit ---- */

static void test_large_objects(void **state)
{
	u8 *p = kmalloc((64 << 10) + 1, GFP_KERNEL);

	assert_int_equal(redzone_arena_size(p), 0);
	assert_int_equal(ksize(p), (64 << 10) + 1);
	assert_true(closed(p + (64 << 10) + 1));
	kfree(p);
	assert_true(closed(p));
}

static void test_full_region(void **state)
{
	enum { N = 2 * REGION / 1000 };
	static u8 *objects[N];
	bool in_region = true;
	int i;

	for (i = 0; i < N; i++) {
		objects[i] = kmalloc(1000, GFP_KERNEL);
		assert_non_null(objects[i]);
		in_region = redzone_arena_size(objects[i]);
		assert_int_equal(ksize(objects[i]), 1000);
		assert_true(closed(objects[i] + 1000));
	}
	assert_false(in_region);
	for (i = 0; i < N; i++) {
		kfree(objects[i]);
		assert_true(closed(objects[i]));
	}
}

/* ---- Reports ---- */

static void misuse_read_past_end(void)
{
	u8 *p = kzalloc(13, GFP_KERNEL);

	use_byte(p[13]);
}

static void misuse_write_past_end(void)
{
	volatile u8 *p = kmalloc(1000, GFP_KERNEL);

	p[1003] = 1;
}

static void misuse_read_before(void)
{
	u8 *p = kzalloc(13, GFP_KERNEL);

	use_byte(p[-1]);
}

static void misuse_copy_past_end(void)
{
	u8 *p = kzalloc(100, GFP_KERNEL), *q = kzalloc(200, GFP_KERNEL);

	memcpy(q, p, 101);
	use_bytes(q, 101);
}

static void misuse_after_free(void)
{
	u8 *p = kzalloc(64, GFP_KERNEL);

	kfree(p);
	kfree(kzalloc(64, GFP_KERNEL));
	use_byte(p[3]);
}

static void misuse_stale_after_krealloc(void)
{
	u8 *p = kzalloc(64, GFP_KERNEL), *q = krealloc(p, 32, GFP_KERNEL);

	use_byte(p[0]);
	kfree(q);
}

static void misuse_double_free(void)
{
	void *p = kmalloc(64, GFP_KERNEL);

	kfree(p);
	kfree(p);
}

static void misuse_free_inside(void)
{
	u8 *p = kzalloc(64, GFP_KERNEL);

	kfree(p + 32);
}

static void misuse_free_at_an_odd_address(void)
{
	u8 *p = kzalloc(64, GFP_KERNEL);

	kfree(p + 1);
}

static void misuse_leak(void)
{
	kfree(kzalloc(10, GFP_KERNEL));
	if (kmalloc(77, GFP_KERNEL))
		redzone_kernel_end();
}

static void test_reports(void **state)
{
	expect_report(misuse_read_past_end, "heap-buffer-overflow", "READ of size 1",
		      "0 bytes after the 13-byte object", "(live)",
		      "allocated by misuse_read_past_end", NULL);
	expect_report(misuse_write_past_end, "heap-buffer-overflow", "WRITE of size 1",
		      "3 bytes after the 1000-byte object", NULL);
	expect_report(misuse_read_before, "heap-buffer-overflow",
		      "1 bytes before the 13-byte object", NULL);
	expect_report(misuse_copy_past_end, "heap-buffer-overflow", "READ of size 101",
		      NULL);
	expect_report(misuse_after_free, "heap-use-after-free",
		      "3 bytes inside the 64-byte object", "(freed)", NULL);
	expect_report(misuse_stale_after_krealloc, "heap-use-after-free", NULL);
	expect_report(misuse_double_free, "attempting free on address",
		      "0 bytes inside the 64-byte object", "(freed)", NULL);
	expect_report(misuse_free_inside, "attempting free on address",
		      "32 bytes inside the 64-byte object", "(live)", NULL);
	expect_report(misuse_free_at_an_odd_address, "attempting free on address", NULL);
	expect_report(misuse_leak, "ERROR: redzone: leak: 1 object still live",
		      "77 bytes", "misuse_leak", NULL);
}

/* ---- Not seen ---- */

/* An index that jumps over the gap into another live object; so with any heap. */
static void unseen_far_access(void)
{
	u8 *p = kzalloc(100, GFP_KERNEL), *q = kzalloc(100, GFP_KERNEL);

	use_byte(p[q - p]);
}

static void unseen_object_of_an_earlier_input(void)
{
	u8 *p = kzalloc(64, GFP_KERNEL);

	kfree(p);
	redzone_kernel_end();
	input_begin();
	if (kzalloc(64, GFP_KERNEL))
		use_byte(p[3]);
}

/* Nothing lies there yet: that much is seen. */
static void seen_object_of_an_earlier_input(void)
{
	u8 *p = kzalloc(64, GFP_KERNEL);

	kfree(p);
	redzone_kernel_end();
	input_begin();
	use_byte(p[3]);
}

static void test_blind_spots(void **state)
{
	expect_silence(unseen_far_access);
	expect_silence(unseen_object_of_an_earlier_input);
	expect_report(seen_object_of_an_earlier_input, "heap-buffer-overflow", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_head_of_the_region, begin, end),
		cmocka_unit_test_setup_teardown(test_edges, begin, end),
		cmocka_unit_test_setup_teardown(test_nothing_behind_the_last_object, begin, end),
		cmocka_unit_test_setup_teardown(test_nothing_is_used_twice, begin, end),
		cmocka_unit_test(test_inputs_begin_alike),
		cmocka_unit_test(test_only_objects_of_inputs),
		cmocka_unit_test_setup_teardown(test_large_objects, begin, end),
		cmocka_unit_test_setup_teardown(test_full_region, begin, end),
		cmocka_unit_test_setup(test_reports, begin),
		cmocka_unit_test_setup(test_blind_spots, begin),
		cmocka_unit_test(test_kept_objects_stay),
	};

	redzone_arena_map();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

/* Other builds have no such heap. */
static void test_no_arena(void **state)
{
	assert_null(redzone_arena_alloc(8, false, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
