/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * That socket buffers are hostile: each misuse here passes in a real kernel, or
 * passes unseen by KASAN, and is reported in strict mode; and what is not seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/skbuff.h>
#include <redzone/kernel.h>

#include "expect_report.h"

static const u8 packet[256];

static struct sk_buff *begin(u16 layout)
{
	struct redzone_kernel_config config = { .skb_layout_seed = layout };

	redzone_kernel_begin(&config);
	return redzone_skb_from_input(packet, 100);
}

/* ---- Outside the data ---- */

static void misuse_read_past_input(void)
{
	struct sk_buff *skb = begin(0);

	use_byte(skb->data[100]);
}

static void misuse_read_tailroom(void)
{
	struct sk_buff *skb = alloc_skb(100, GFP_KERNEL);

	skb_put_zero(skb, 50);
	use_byte(skb->data[50]);
}

static void misuse_write_tailroom(void)
{
	struct sk_buff *skb = alloc_skb(100, GFP_KERNEL);

	skb_put_zero(skb, 51);
	*(volatile u8 *)(skb->data + 51) = 1;
}

static void misuse_read_trimmed(void)
{
	struct sk_buff *skb = begin(0);

	skb_trim(skb, 99);
	use_byte(skb->data[99]);
}

static void misuse_read_trimmed_after_frags(void)
{
	struct sk_buff *skb = begin(2);

	if (!pskb_trim(skb, 5))
		use_byte(skb->data[5]);
}

static void misuse_read_headroom(void)
{
	struct sk_buff *skb = begin(0);

	use_byte(skb->data[-1]);
}

static void misuse_read_headroom_after_push(void)
{
	struct sk_buff *skb = begin(0);

	memset(skb_push(skb, 8), 0, 8);
	use_byte(skb->data[-1]);
}

static void misuse_read_headroom_of_copy(void)
{
	struct sk_buff *skb = begin(0), *copy;

	skb_pull(skb, 16);
	copy = skb_copy(skb, GFP_KERNEL);
	use_bytes(copy->data - 16, 16);
	use_byte(copy->data[-17]);
}

static void misuse_read_far_below_head(void)
{
	struct sk_buff *skb = alloc_skb(100, GFP_KERNEL);

	use_byte(skb->head[-1]);
}

static void misuse_read_past_frag(void)
{
	struct sk_buff *skb = begin(2);
	const skb_frag_t *frag = &skb_shinfo(skb)->frags[0];

	use_byte(((u8 *)skb_frag_address(frag))[skb_frag_size(frag)]);
}

static void misuse_read_before_frag(void)
{
	struct sk_buff *skb = begin(2);

	use_byte(((u8 *)skb_frag_address(&skb_shinfo(skb)->frags[0]))[-1]);
}

static void misuse_unchecked_push(void)
{
	struct sk_buff *skb = begin(0);

	*(volatile u8 *)__skb_push(skb, skb_headroom(skb) + 8) = 1;
}

static void misuse_unchecked_put(void)
{
	struct sk_buff *skb = begin(0);

	*(volatile u8 *)__skb_put(skb, 8) = 1;
}

static void test_outside_the_data(void **state)
{
	needs(UNDER_ASAN);
	expect_report(misuse_read_past_input, "heap-buffer-overflow",
		      "misuse_read_past_input", NULL);
	expect_report(misuse_read_tailroom, "use-after-poison", NULL);
	expect_report(misuse_write_tailroom, "use-after-poison", "WRITE", NULL);
	/* Within a granule the report is that of a heap overflow. */
	expect_report(misuse_read_trimmed, "AddressSanitizer: heap-buffer-overflow",
		      NULL);
	expect_report(misuse_read_trimmed_after_frags, "use-after-poison", NULL);
	expect_report(misuse_read_headroom, "use-after-poison", NULL);
	expect_report(misuse_read_headroom_after_push, "use-after-poison", NULL);
	expect_report(misuse_read_headroom_of_copy, "use-after-poison", NULL);
	expect_report(misuse_read_far_below_head, "use-after-poison", NULL);
	expect_report(misuse_read_past_frag, "heap-buffer-overflow", NULL);
	expect_report(misuse_read_before_frag, "use-after-poison", NULL);
	expect_report(misuse_unchecked_push, "use-after-poison", NULL);
	expect_report(misuse_unchecked_put, "heap-buffer-overflow", NULL);
}

/* ---- Stale pointers ---- */

static void misuse_stale_after_may_pull(void)
{
	struct sk_buff *skb = begin(2);
	u8 *hdr = skb->data;

	if (pskb_may_pull(skb, 60))
		use_byte(hdr[0]);
}

static void misuse_stale_after_expand_head(void)
{
	struct sk_buff *skb = begin(0);
	u8 *hdr = skb->data;

	if (!pskb_expand_head(skb, 8, 0, GFP_KERNEL))
		use_byte(hdr[0]);
}

static void misuse_stale_after_cow(void)
{
	struct sk_buff *skb = begin(0);
	u8 *hdr = skb->data;

	if (!skb_cow(skb, 0))
		use_byte(hdr[0]);
}

static void misuse_stale_after_ensure_writable(void)
{
	struct sk_buff *skb = begin(0);
	u8 *hdr = skb->data;

	if (!skb_ensure_writable(skb, 10))
		use_byte(hdr[0]);
}

static void misuse_stale_after_linearize(void)
{
	struct sk_buff *skb = begin(0);
	u8 *hdr = skb->data;

	if (!skb_linearize(skb))
		use_byte(hdr[0]);
}

static void misuse_stale_frag_after_pull(void)
{
	struct sk_buff *skb = begin(2);
	u8 *frag = skb_frag_address(&skb_shinfo(skb)->frags[0]);

	if (pskb_may_pull(skb, 100))
		use_byte(frag[0]);
}

static void test_stale_pointers(void **state)
{
	needs(UNDER_ASAN);
	expect_report(misuse_stale_after_may_pull, "heap-use-after-free",
		      "misuse_stale_after_may_pull", NULL);
	expect_report(misuse_stale_after_expand_head, "heap-use-after-free", NULL);
	expect_report(misuse_stale_after_cow, "heap-use-after-free", NULL);
	expect_report(misuse_stale_after_ensure_writable, "heap-use-after-free", NULL);
	expect_report(misuse_stale_after_linearize, "heap-use-after-free", NULL);
	expect_report(misuse_stale_frag_after_pull, "heap-use-after-free", NULL);
}

static void kernel_stale_after_cow(void)
{
	redzone_skb_set_mode(REDZONE_SKB_KERNEL);
	misuse_stale_after_cow();
}

static void kernel_read_tailroom(void)
{
	redzone_skb_set_mode(REDZONE_SKB_KERNEL);
	misuse_read_tailroom();
}

static void kernel_stale_after_may_pull_beyond_tailroom(void)
{
	static u8 big[4000];
	struct redzone_kernel_config config = { .skb_layout_seed = 2 };
	struct sk_buff *skb;
	u8 *hdr;

	redzone_skb_set_mode(REDZONE_SKB_KERNEL);
	redzone_kernel_begin(&config);
	skb = redzone_skb_from_input(big, sizeof(big));
	hdr = skb->data;
	if (pskb_may_pull(skb, sizeof(big)))
		use_byte(hdr[0]);
}

/* Mode kernel: what Linux would not do, redzone does not either. */
static void test_mode_kernel(void **state)
{
	needs(UNDER_ASAN);
	expect_silence(kernel_stale_after_cow);
	expect_silence(kernel_read_tailroom);
	expect_report(kernel_stale_after_may_pull_beyond_tailroom,
		      "heap-use-after-free", NULL);
}

/* ---- Lifetimes ---- */

static void misuse_skb_after_free(void)
{
	struct sk_buff *skb = begin(0);

	kfree_skb(skb);
	use_byte((u8)skb->len);
}

static void misuse_data_after_free(void)
{
	struct sk_buff *skb = begin(0);
	u8 *data = skb->data;

	kfree_skb(skb);
	use_byte(data[0]);
}

static void misuse_double_free(void)
{
	struct sk_buff *skb = begin(0);

	kfree_skb(skb);
	kfree_skb(skb);
}

static void misuse_cb_after_free(void)
{
	struct sk_buff *skb = begin(0);

	consume_skb(skb);
	skb->cb[0] = 1;
	barrier();
}

static void misuse_queue_of_freed(void)
{
	struct sk_buff_head queue;
	struct sk_buff *skb = begin(0);

	skb_queue_head_init(&queue);
	skb_queue_tail(&queue, skb);
	kfree_skb(skb);
	skb_queue_purge(&queue);
}

static void test_lifetimes(void **state)
{
	needs(UNDER_ASAN);
	expect_report(misuse_skb_after_free, "heap-use-after-free", NULL);
	expect_report(misuse_data_after_free, "heap-use-after-free", NULL);
	expect_report(misuse_double_free, "heap-use-after-free", NULL);
	expect_report(misuse_cb_after_free, "heap-use-after-free", NULL);
	expect_report(misuse_queue_of_freed, "heap-use-after-free", NULL);
}

static void misuse_leak(void)
{
	begin(0);
	redzone_kernel_end();
}

static void misuse_leak_a_reference(void)
{
	struct sk_buff *skb = begin(0);

	skb_get(skb);
	kfree_skb(skb);
	redzone_kernel_end();
}

static void misuse_leak_a_clone(void)
{
	struct sk_buff *skb = begin(1);

	if (skb_clone(skb, GFP_KERNEL))
		kfree_skb(skb);
	redzone_kernel_end();
}

static void test_leaks(void **state)
{
	expect_report(misuse_leak, "redzone: leak: 2 objects", NULL);
	expect_report(misuse_leak_a_reference, "redzone: leak: 2 objects", NULL);
	expect_report(misuse_leak_a_clone, "redzone: leak: 2 objects", NULL);
}

/* ---- What the kernel itself checks ---- */

static void misuse_over_panic(void)
{
	skb_put(begin(0), 100000);
}

static void misuse_under_panic(void)
{
	skb_push(begin(0), NET_SKB_PAD + 1);
}

static void misuse_pull_into_frags(void)
{
	skb_pull(begin(2), 60);
}

static void misuse_expand_shared(void)
{
	struct sk_buff *skb = skb_get(begin(0));

	if (pskb_expand_head(skb, 8, 0, GFP_KERNEL))
		use_byte(0);
}

static void misuse_put_nonlinear(void)
{
	skb_put(begin(2), 0);
}

static void misuse_unlink_twice(void)
{
	struct sk_buff *skb = begin(0);
	struct sk_buff_head queue;

	skb_queue_head_init(&queue);
	skb_queue_tail(&queue, skb);
	skb_unlink(skb, &queue);
	skb_unlink(skb, &queue);
}

static void test_panics(void **state)
{
	expect_report(misuse_over_panic, "redzone: bug: skb_over_panic", NULL);
	expect_report(misuse_under_panic, "redzone: bug: skb_under_panic", NULL);
	expect_report(misuse_pull_into_frags, "redzone: bug: ", "__skb_pull", NULL);
	expect_report(misuse_expand_shared, "redzone: bug: ", "pskb_expand_head", NULL);
	expect_report(misuse_put_nonlinear, "redzone: bug: ", "__skb_put", NULL);
	expect_report(misuse_unlink_twice, "redzone: list: packet is on no queue",
		      NULL);
}

/* ---- Values ---- */

static void misuse_uninitialised_put(void)
{
	struct sk_buff *skb = alloc_skb(100, GFP_KERNEL);

	skb_put(skb, 10);
	use_byte(skb->data[3]);
}

static void misuse_uninitialised_push(void)
{
	struct sk_buff *skb = begin(0);

	use_byte(((u8 *)skb_push(skb, 4))[0]);
}

static void misuse_uninitialised_tailroom(void)
{
	struct sk_buff *skb = alloc_skb(100, GFP_KERNEL);

	skb_put_zero(skb, 10);
	use_byte(skb->data[10]);
}

static void misuse_trimmed_and_put_back(void)
{
	struct sk_buff *skb = begin(0);

	skb_trim(skb, 90);
	skb_put(skb, 10);
	use_byte(skb->data[95]);
}

static void misuse_uninitialised_after_expand(void)
{
	struct sk_buff *skb = begin(0);

	if (!pskb_expand_head(skb, 0, 20, GFP_KERNEL)) {
		skb_put(skb, 20);
		use_byte(skb->data[110]);
	}
}

static void kernel_uninitialised_tailroom(void)
{
	redzone_skb_set_mode(REDZONE_SKB_KERNEL);
	misuse_uninitialised_tailroom();
}

static void test_uninitialised(void **state)
{
	needs(UNDER_MSAN);
	expect_report(misuse_uninitialised_put, "use-of-uninitialized-value",
		      "misuse_uninitialised_put", NULL);
	expect_report(misuse_uninitialised_push, "use-of-uninitialized-value", NULL);
	expect_report(misuse_uninitialised_tailroom, "use-of-uninitialized-value",
		      NULL);
	expect_report(misuse_trimmed_and_put_back, "use-of-uninitialized-value", NULL);
	expect_report(misuse_uninitialised_after_expand,
		      "use-of-uninitialized-value", NULL);
	expect_report(kernel_uninitialised_tailroom, "use-of-uninitialized-value",
		      NULL);
}

/* ---- What is allowed, and what is not seen ---- */

static void fine_pulled_bytes_stay(void)
{
	struct sk_buff *skb = begin(0);

	skb_pull(skb, 40);
	use_bytes(skb->data - 40, 40);
	if (!pskb_expand_head(skb, 16, 16, GFP_KERNEL))
		use_bytes(skb->data - 40, 40);
}

static void fine_trimming_a_clone(void)
{
	struct sk_buff *skb = begin(0), *clone = skb_clone(skb, GFP_KERNEL);

	skb_trim(clone, 10);
	use_bytes(skb->data, 100);
	kfree_skb(clone);
	use_bytes(skb->data, 100);
}

static void fine_push_after_pull(void)
{
	struct sk_buff *skb = begin(0);

	skb_pull(skb, 40);
	use_bytes(skb_push(skb, 40), 40);
	memset(skb_push(skb, NET_SKB_PAD), 0, NET_SKB_PAD);
	use_bytes(skb->data, 164);
}

static void test_what_is_allowed(void **state)
{
	expect_silence(fine_pulled_bytes_stay);
	expect_silence(fine_trimming_a_clone);
	expect_silence(fine_push_after_pull);
}

/* data begins at 8 n + 5 here: its granule also holds 5 bytes of head room. */
static void unseen_underrun(void)
{
	struct sk_buff *skb = alloc_skb(100, GFP_KERNEL);

	skb_reserve(skb, 13);
	skb_put_zero(skb, 20);
	*(volatile u8 *)(skb->data - 5) = 1;
}

static void seen_underrun(void)
{
	struct sk_buff *skb = alloc_skb(100, GFP_KERNEL);

	skb_reserve(skb, 13);
	skb_put_zero(skb, 20);
	*(volatile u8 *)(skb->data - 6) = 1;
}

/* The trimmed bytes still belong to the other owner. */
static void unseen_read_of_trimmed_clone(void)
{
	struct sk_buff *skb = begin(1);

	skb_trim(skb, 50);
	use_byte(skb->data[60]);
}

/* A clone keeps the old block alive, but the environment's tap leaves with us. */
static void seen_stale_pointer_of_tap(void)
{
	struct sk_buff *skb = begin(1);
	u8 *hdr = skb->data;

	if (!skb_cow(skb, 0))
		use_byte(hdr[0]);
}

static void test_what_is_not_seen(void **state)
{
	needs(UNDER_ASAN);
	expect_silence(unseen_underrun);
	expect_report(seen_underrun, "use-after-poison", NULL);
	expect_silence(unseen_read_of_trimmed_clone);
	expect_report(seen_stale_pointer_of_tap, "heap-use-after-free", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outside_the_data),
		cmocka_unit_test(test_stale_pointers),
		cmocka_unit_test(test_mode_kernel),
		cmocka_unit_test(test_lifetimes),
		cmocka_unit_test(test_leaks),
		cmocka_unit_test(test_panics),
		cmocka_unit_test(test_uninitialised),
		cmocka_unit_test(test_what_is_allowed),
		cmocka_unit_test(test_what_is_not_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
