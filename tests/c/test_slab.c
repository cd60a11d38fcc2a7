/* SPDX-License-Identifier: GPL-2.0-only */
/* The heap: kmalloc and its relatives, the failure schedule, the balance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/kernel.h>
#include <linux/kmemleak.h>
#include <linux/slab.h>
#include <linux/string.h>
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

static void test_sizes(void **state)
{
	void *p = kmalloc(13, GFP_KERNEL);

	assert_non_null(p);
	assert_int_equal(ksize(p), 13);
	kfree(p);
	assert_ptr_equal(kmalloc(0, GFP_KERNEL), ZERO_SIZE_PTR);
	assert_int_equal(ksize(ZERO_SIZE_PTR), 0);
	kfree(ZERO_SIZE_PTR);
	kfree(NULL);
	assert_null(kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	p = kvmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL);
	assert_non_null(p);
	kvfree(p);
	assert_null(kvmalloc(KVMALLOC_MAX_SIZE + 1, GFP_KERNEL));
}

static void test_zeroed(void **state)
{
	static const u8 zero[64];
	u8 *p = kzalloc(64, GFP_KERNEL);

	assert_memory_equal(p, zero, 64);
	kfree(p);
	p = kcalloc(8, 8, GFP_KERNEL);
	assert_memory_equal(p, zero, 64);
	kfree(p);
}

static void test_array_overflow(void **state)
{
	assert_null(kmalloc_array(SIZE_MAX / 2, 3, GFP_KERNEL));
	assert_null(kcalloc(SIZE_MAX / 4 + 2, 4, GFP_KERNEL));
	assert_null(kvmalloc_array(SIZE_MAX, 2, GFP_KERNEL));
	assert_null(krealloc_array(NULL, SIZE_MAX, 2, GFP_KERNEL));
}

static void test_krealloc(void **state)
{
	char *p = krealloc(NULL, 4, GFP_KERNEL), *q;

	memcpy(p, "abc", 4);
	q = krealloc(p, 100, GFP_KERNEL);
	assert_string_equal(q, "abc");
	assert_int_equal(ksize(q), 100);
	q = krealloc(q, 2, GFP_KERNEL);
	assert_memory_equal(q, "ab", 2);
	assert_ptr_equal(krealloc(q, 0, GFP_KERNEL), ZERO_SIZE_PTR);
}

static void test_duplicates(void **state)
{
	char *p = kstrdup("hello", GFP_KERNEL);

	assert_string_equal(p, "hello");
	assert_int_equal(ksize(p), 6);
	kfree(p);
	p = kstrndup("hello", 3, GFP_KERNEL);
	assert_string_equal(p, "hel");
	kfree_sensitive(p);
	p = kmemdup("hello", 5, GFP_KERNEL);
	assert_memory_equal(p, "hello", 5);
	assert_int_equal(ksize(p), 5);
	kfree(p);
	p = kmemdup_nul("hello", 2, GFP_KERNEL);
	assert_string_equal(p, "he");
	kfree(p);
	assert_null(kstrdup(NULL, GFP_KERNEL));
}

static void test_cache(void **state)
{
	struct kmem_cache *cache;
	void *object;

	cache = kmem_cache_create("things", 24, 8, 0, NULL);
	object = kmem_cache_zalloc(cache, GFP_KERNEL);
	assert_int_equal(ksize(object), 24);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(NULL);
}

static void test_many_live_objects(void **state)
{
	enum { N = 5000 };
	static void *objects[N];
	unsigned int i;

	for (i = 0; i < N; i++)
		objects[i] = kmalloc(i + 1, GFP_KERNEL);
	for (i = 0; i < N; i += 2)
		kfree(objects[i]);
	for (i = 1; i < N; i += 2) {
		assert_int_equal(ksize(objects[i]), i + 1);
		kfree(objects[i]);
	}
}

/* Which of 64 allocations fail under a seed, as bits. */
static u64 failures(u16 seed)
{
	struct redzone_kernel_config config = { .alloc_fail_seed = seed };
	u64 failed = 0;
	int i;

	redzone_kernel_begin(&config);
	for (i = 0; i < 64; i++) {
		void *p = kmalloc(8, GFP_KERNEL);

		if (!p)
			failed |= 1ULL << i;
		kfree(p);
	}
	redzone_kernel_end();
	return failed;
}

static void test_failure_schedule(void **state)
{
	unsigned int seed, total = 0;

	assert_int_equal(failures(0), 0);
	for (seed = 1; seed <= 64; seed++)
		assert_int_equal(failures((u16)seed), 1ULL << (seed - 1));
	for (seed = 256; seed < 512; seed++) {
		assert_int_equal(failures((u16)seed), failures((u16)seed));
		total += (unsigned int)__builtin_popcountll(failures((u16)seed));
	}
	/* One in 16 of 256 * 64, give or take a tenth. */
	assert_in_range(total, 1024 - 102, 1024 + 102);
}

static void test_nofail_ignores_the_schedule(void **state)
{
	void *p;

	redzone_kernel_begin(&(struct redzone_kernel_config){ .alloc_fail_seed = 1 });
	p = kmalloc(8, GFP_KERNEL | __GFP_NOFAIL);
	assert_non_null(p);
	kfree(p);
	assert_null(kmalloc(8, GFP_KERNEL));
	redzone_kernel_end();
}

static void test_objects_from_before_do_not_count(void **state)
{
	void *before = kmalloc(8, GFP_KERNEL), *kept;

	redzone_kernel_begin(&(struct redzone_kernel_config){ 0 });
	kfree(before);
	kept = kmalloc(8, GFP_KERNEL);
	kmemleak_not_leak(kept);
	redzone_kernel_end();
	kfree(kept);
}

/* ---- Hostility ---- */

static void misuse_read_past_end(void)
{
	u8 *p = kzalloc(13, GFP_KERNEL);

	use_byte(p[13]);
}

static void misuse_write_past_end(void)
{
	volatile u8 *p = kmalloc(1000, GFP_KERNEL);

	p[1000] = 1;
}

static void misuse_after_free(void)
{
	u8 *p = kzalloc(64, GFP_KERNEL);

	kfree(p);
	use_byte(p[3]);
}

static void misuse_double_free(void)
{
	void *p = kmalloc(64, GFP_KERNEL);

	kfree(p);
	kfree(p);
}

static void misuse_stale_after_krealloc(void)
{
	u8 *p = kzalloc(64, GFP_KERNEL), *q = krealloc(p, 32, GFP_KERNEL);

	use_byte(p[0]);
	kfree(q);
}

static void misuse_cache_after_free(void)
{
	struct kmem_cache *cache = kmem_cache_create("c", 32, 8, 0, NULL);
	u8 *p = kmem_cache_zalloc(cache, GFP_KERNEL);
	void *q;

	kmem_cache_free(cache, p);
	q = kmem_cache_alloc(cache, GFP_KERNEL);
	use_byte(p[0]);
	kmem_cache_free(cache, q);
}

static void test_hostile_heap(void **state)
{
	needs(UNDER_ASAN);
	expect_report(misuse_read_past_end, "heap-buffer-overflow", "READ of size 1",
		      "misuse_read_past_end", NULL);
	expect_report(misuse_write_past_end, "heap-buffer-overflow",
		      "WRITE of size 1", NULL);
	expect_report(misuse_after_free, "heap-use-after-free", NULL);
	expect_report(misuse_double_free, "attempting double-free", NULL);
	expect_report(misuse_stale_after_krealloc, "heap-use-after-free", NULL);
	expect_report(misuse_cache_after_free, "heap-use-after-free", NULL);
}

static void misuse_uninitialised(void)
{
	u8 *p = kmalloc(64, GFP_KERNEL);

	use_byte(p[3]);
	kfree(p);
}

static void misuse_krealloc_tail(void)
{
	u8 *p = krealloc(kzalloc(8, GFP_KERNEL), 16, GFP_KERNEL);

	use_bytes(p, 8);
	use_byte(p[8]);
	kfree(p);
}

static void test_hostile_values(void **state)
{
	needs(UNDER_MSAN);
	expect_report(misuse_uninitialised, "use-of-uninitialized-value",
		      "created by a heap allocation", "misuse_uninitialised", NULL);
	expect_report(misuse_krealloc_tail, "use-of-uninitialized-value", NULL);
}

static void *leak_here(void)
{
	return kmalloc(77, GFP_KERNEL);
}

static void misuse_leak(void)
{
	redzone_kernel_begin(&(struct redzone_kernel_config){ 0 });
	leak_here();
	redzone_kernel_end();
}

static void misuse_leaked_cache_object(void)
{
	struct kmem_cache *cache = kmem_cache_create("widgets", 8, 8, 0, NULL);

	if (kmem_cache_alloc(cache, GFP_KERNEL))
		kmem_cache_destroy(cache);
}

static void test_leaks(void **state)
{
	expect_report(misuse_leak, "ERROR: redzone: leak: 1 object still live",
		      "77 bytes", NULL);
	expect_report(misuse_leaked_cache_object,
		      "redzone: leak: kmem_cache widgets", NULL);
}

static void test_leak_names_its_site(void **state)
{
	needs(UNDER_ASAN || UNDER_MSAN || UNDER_UBSAN);
	expect_report(misuse_leak, "leak_here", "test_slab.c", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sizes, begin, end),
		cmocka_unit_test_setup_teardown(test_zeroed, begin, end),
		cmocka_unit_test_setup_teardown(test_array_overflow, begin, end),
		cmocka_unit_test_setup_teardown(test_krealloc, begin, end),
		cmocka_unit_test_setup_teardown(test_duplicates, begin, end),
		cmocka_unit_test_setup_teardown(test_cache, begin, end),
		cmocka_unit_test_setup_teardown(test_many_live_objects, begin, end),
		cmocka_unit_test(test_failure_schedule),
		cmocka_unit_test(test_nofail_ignores_the_schedule),
		cmocka_unit_test(test_objects_from_before_do_not_count),
		cmocka_unit_test(test_hostile_heap),
		cmocka_unit_test(test_hostile_values),
		cmocka_unit_test(test_leaks),
		cmocka_unit_test(test_leak_names_its_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
