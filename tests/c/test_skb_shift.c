/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Moving data between packets: whatever the layout and wherever the cut, no byte is lost,
 * doubled or leaked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/skbuff.h>
#include <redzone/kernel.h>

enum { LEN = 200, LAYOUTS = 64 };

static u8 packet[LEN];

static int setup(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(packet); i++)
		packet[i] = (u8)(i * 5 + 3);
	redzone_kernel_begin(&(struct redzone_kernel_config){ 0 });
	return 0;
}

static int teardown(void **state)
{
	redzone_kernel_end();
	return 0;
}

/* A packet without a list of others; NULL: this layout has one. */
static struct sk_buff *with_layout(u16 seed)
{
	struct sk_buff *skb;

	redzone_kernel_end();
	redzone_kernel_begin(&(struct redzone_kernel_config){ .skb_layout_seed = seed });
	skb = redzone_skb_from_input(packet, LEN);
	if (skb && !skb_has_frag_list(skb) && !skb_cloned(skb))
		return skb;
	kfree_skb(skb);
	return NULL;
}

static void assert_holds(const struct sk_buff *skb, size_t from, size_t len)
{
	u8 copy[LEN];

	assert_int_equal(skb->len, len);
	assert_int_equal(skb_headlen(skb), skb->len - skb->data_len);
	assert_int_equal(skb_copy_bits(skb, 0, copy, (int)len), 0);
	assert_memory_equal(copy, packet + from, len);
}

static void test_split_anywhere(void **state)
{
	unsigned int linear = 0, paged = 0;
	u16 seed;
	u32 at;

	for (seed = 0; seed < LAYOUTS; seed++) {
		for (at = 1; at < LEN; at += 3) {
			struct sk_buff *skb = with_layout(seed), *rest;

			if (!skb)
				break;
			if (at < skb_headlen(skb))
				linear++;
			else
				paged++;
			rest = alloc_skb(LEN, GFP_KERNEL);
			skb_split(skb, rest, at);
			assert_holds(skb, 0, at);
			assert_holds(rest, at, LEN - at);
			kfree_skb(skb);
			/* a fragment that both hold outlives the first of them */
			assert_holds(rest, at, LEN - at);
			kfree_skb(rest);
		}
	}
	assert_true(linear > 100 && paged > 100);
}

/* The fragments of @skb, in a packet of their own; NULL: it has none. */
static struct sk_buff *take_frags(struct sk_buff *skb)
{
	struct sk_buff *frags;

	if (!skb_shinfo(skb)->nr_frags)
		return NULL;
	frags = alloc_skb(0, GFP_KERNEL);
	skb_split(skb, frags, skb_headlen(skb));
	return frags;
}

static void test_shift_anything(void **state)
{
	unsigned int shifted = 0, whole = 0;
	u16 seed;
	int len;

	for (seed = 0; seed < LAYOUTS; seed++) {
		for (len = 1; len <= LEN; len++) {
			struct sk_buff *tgt = with_layout(seed), *skb;
			size_t linear, rest;
			int done;

			if (!tgt)
				break;
			linear = skb_headlen(tgt);
			rest = LEN - linear;
			skb = take_frags(tgt);
			if (!skb || (size_t)len > rest) {
				kfree_skb(skb);
				kfree_skb(tgt);
				break;
			}
			done = skb_shift(tgt, skb, len);
			assert_int_equal(done, len);
			assert_holds(tgt, 0, linear + (size_t)len);
			assert_holds(skb, linear + (size_t)len, rest - (size_t)len);
			kfree_skb(skb);
			assert_holds(tgt, 0, linear + (size_t)len);
			kfree_skb(tgt);
			shifted++;
			whole += (size_t)len == rest;
		}
	}
	assert_true(shifted > 100 && whole > 3);
}

/* A fragment that follows the last one in memory becomes part of it. */
static void test_shift_joins_neighbours(void **state)
{
	u16 seed;

	for (seed = 0; seed < LAYOUTS; seed++) {
		struct sk_buff *tgt = with_layout(seed), *skb;
		int frags;

		if (!tgt)
			continue;
		skb = take_frags(tgt);
		if (!skb || skb->len < 2) {
			kfree_skb(skb);
			kfree_skb(tgt);
			continue;
		}
		assert_int_equal(skb_shift(tgt, skb, 1), 1);
		frags = skb_shinfo(tgt)->nr_frags;
		if (skb_frag_size(&skb_shinfo(skb)->frags[0]) >= 1 &&
		    skb_shinfo(skb)->frags[0].bv_page == skb_shinfo(tgt)->frags[0].bv_page) {
			assert_int_equal(skb_shift(tgt, skb, 1), 1);
			assert_int_equal(skb_shinfo(tgt)->nr_frags, frags);
			assert_int_equal(skb_frag_size(&skb_shinfo(tgt)->frags[0]), 2);
			kfree_skb(skb);
			kfree_skb(tgt);
			return;
		}
		kfree_skb(skb);
		kfree_skb(tgt);
	}
	fail_msg("no layout has a fragment of two bytes");
}

static void test_shift_refuses(void **state)
{
	u16 seed;

	for (seed = 0; seed < LAYOUTS; seed++) {
		struct sk_buff *tgt = with_layout(seed), *skb, *other;

		if (!tgt)
			continue;
		skb = take_frags(tgt);
		if (!skb) {
			kfree_skb(tgt);
			continue;
		}
		/* what is linear cannot be moved without a copy */
		if (skb_headlen(tgt))
			assert_int_equal(skb_shift(skb, tgt, 1), 0);
		assert_int_equal(skb_shift(tgt, skb, 0), 0);

		other = skb_clone(skb, GFP_KERNEL);
		assert_int_equal(skb_shift(tgt, skb, 1), 0);
		kfree_skb(other);
		other = skb_clone(tgt, GFP_KERNEL);
		assert_int_equal(skb_shift(tgt, skb, 1), 0);
		kfree_skb(other);
		assert_int_equal(skb_shift(tgt, skb, 1), 1);
		kfree_skb(skb);
		kfree_skb(tgt);
		return;
	}
	fail_msg("no layout has fragments");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_split_anywhere, setup, teardown),
		cmocka_unit_test_setup_teardown(test_shift_anything, setup, teardown),
		cmocka_unit_test_setup_teardown(test_shift_joins_neighbours, setup, teardown),
		cmocka_unit_test_setup_teardown(test_shift_refuses, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
