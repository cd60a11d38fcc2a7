/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Socket buffers: what every mode and layout has to agree on. Each test runs in
 * both modes; the hostile side is in test_skb_hostile.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/skbuff.h>
#include <redzone/kernel.h>

#include "expect_report.h"

enum { LEN = 300 };

static u8 packet[LEN];

static int begin_in(enum redzone_skb_mode mode)
{
	size_t i;

	for (i = 0; i < sizeof(packet); i++)
		packet[i] = (u8)(i * 7 + 1);
	redzone_skb_set_mode(mode);
	redzone_kernel_begin(&(struct redzone_kernel_config){ 0 });
	return 0;
}

static int begin_strict(void **state)
{
	return begin_in(REDZONE_SKB_STRICT);
}

static int begin_kernel(void **state)
{
	return begin_in(REDZONE_SKB_KERNEL);
}

static int end(void **state)
{
	redzone_kernel_end();
	redzone_skb_set_mode(REDZONE_SKB_STRICT);
	return 0;
}

/* @skb holds packet[from..from + len). */
static void assert_holds(const struct sk_buff *skb, size_t from, size_t len)
{
	u8 copy[LEN];

	assert_int_equal(skb->len, len);
	assert_int_equal(skb_copy_bits(skb, 0, copy, (int)len), 0);
	assert_memory_equal(copy, packet + from, len);
}

static struct sk_buff *with_layout(u16 seed)
{
	redzone_kernel_end();
	redzone_kernel_begin(&(struct redzone_kernel_config){
		.skb_layout_seed = seed,
	});
	return redzone_skb_from_input(packet, LEN);
}

static void test_put_push_pull_trim(void **state)
{
	struct sk_buff *skb = alloc_skb(100, GFP_KERNEL);

	assert_int_equal(skb->len, 0);
	assert_true(skb_tailroom(skb) >= 100);
	skb_reserve(skb, 20);
	assert_int_equal(skb_headroom(skb), 20);
	skb_put_data(skb, packet + 10, 50);
	memcpy(skb_push(skb, 10), packet, 10);
	assert_holds(skb, 0, 60);
	assert_int_equal(skb_headroom(skb), 10);
	assert_ptr_equal(skb_pull(skb, 4), skb->data);
	assert_holds(skb, 4, 56);
	assert_null(skb_pull(skb, 57));
	skb_trim(skb, 40);
	skb_trim(skb, 50);
	assert_holds(skb, 4, 40);
	assert_int_equal(*(u8 *)skb_pull_data(skb, 6), packet[4]);
	assert_holds(skb, 10, 34);
	assert_null(skb_pull_data(skb, 35));
	skb_put_u8(skb, packet[44]);
	assert_holds(skb, 10, 35);
	kfree_skb(skb);
}

static void test_exact_size(void **state)
{
	struct sk_buff *skb = alloc_skb(33, GFP_KERNEL);
	struct sk_buff *input = redzone_skb_from_input(packet, 77);

	if (redzone_skb_mode == REDZONE_SKB_STRICT) {
		assert_int_equal(skb_tailroom(skb), 33);
		assert_int_equal(skb_tailroom(input), 0);
	} else {
		/* 64 + 320 bytes go into a 512-byte object. */
		assert_int_equal(skb_tailroom(skb), 512 - 320);
		assert_int_equal(skb_end_offset(input), 1024 - 320 > 192 ? 192 : 0);
	}
	assert_int_equal(skb_headroom(input), NET_SKB_PAD);
	assert_holds(input, 0, 77);
	kfree_skb(skb);
	kfree_skb(input);
}

static void test_layouts(void **state)
{
	unsigned int seed;

	for (seed = 0; seed < 0x10000; seed += 7) {
		struct sk_buff *skb = with_layout((u16)seed);

		assert_holds(skb, 0, LEN);
		assert_int_equal(skb_cloned(skb), seed & 1);
		assert_int_equal(skb_is_nonlinear(skb), !!(seed & 6));
		assert_true(skb_headlen(skb) >= 14);
		kfree_skb(skb);
	}
}

static void test_may_pull_every_length(void **state)
{
	static const u16 seeds[] = { 0, 1, 2, 3, 4, 0x602, 0x604, 0x606, 0x607, 0xa606 };
	unsigned int len;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(seeds); i++) {
		for (len = 0; len <= LEN; len += 13) {
			struct sk_buff *skb = with_layout(seeds[i]);

			assert_true(pskb_may_pull(skb, len));
			assert_true(skb_headlen(skb) >= len);
			assert_memory_equal(skb->data, packet, len);
			assert_holds(skb, 0, LEN);
			assert_false(pskb_may_pull(skb, LEN + 1));
			assert_non_null(pskb_pull(skb, len));
			assert_holds(skb, len, LEN - len);
			kfree_skb(skb);
		}
	}
}

static void test_may_pull_reason(void **state)
{
	struct sk_buff *skb = with_layout(2);

	assert_int_equal(pskb_may_pull_reason(skb, LEN), SKB_NOT_DROPPED_YET);
	assert_int_equal(pskb_may_pull_reason(skb, LEN + 1),
			 SKB_DROP_REASON_PKT_TOO_SMALL);
	assert_string_equal(drop_reasons[SKB_DROP_REASON_PKT_TOO_SMALL],
			    "PKT_TOO_SMALL");
	kfree_skb(skb);
}

static void test_trim_every_length(void **state)
{
	static const u16 seeds[] = { 0, 1, 2, 4, 0x602, 0x604, 0x606, 0x607 };
	unsigned int len;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(seeds); i++) {
		for (len = 0; len <= LEN; len += 11) {
			struct sk_buff *skb = with_layout(seeds[i]);

			skb->ip_summed = CHECKSUM_COMPLETE;
			skb->csum = skb_checksum(skb, 0, LEN, 0);
			assert_int_equal(pskb_trim_rcsum(skb, len), 0);
			assert_holds(skb, 0, len);
			if (len)	/* an empty sum has two forms */
				assert_int_equal(csum_fold(skb->csum),
						 csum_fold(csum_partial(packet, (int)len, 0)));
			kfree_skb(skb);
		}
	}
}

static void test_checksum_over_pieces(void **state)
{
	static const u16 seeds[] = { 0, 2, 4, 6, 0x606, 0xa60e, 0xfffe };
	int offset, len;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(seeds); i++) {
		struct sk_buff *skb = with_layout(seeds[i]);
		u8 copy[LEN];

		for (offset = 0; offset < LEN; offset += 17) {
			for (len = 0; offset + len <= LEN; len += 19) {
				__wsum want = csum_partial(packet + offset, len, 0);
				__wsum got = skb_checksum(skb, offset, len, 0);

				assert_int_equal(csum_fold(got), csum_fold(want));
				got = skb_copy_and_csum_bits(skb, offset, copy, len);
				assert_int_equal(csum_fold(got), csum_fold(want));
				assert_memory_equal(copy, packet + offset, (size_t)len);
			}
		}
		kfree_skb(skb);
	}
}

static void test_header_pointer(void **state)
{
	struct sk_buff *skb = with_layout(0x602);
	u8 buffer[40], *p;

	p = skb_header_pointer(skb, 0, 14, buffer);
	assert_ptr_equal(p, skb->data);
	p = skb_header_pointer(skb, 10, 40, buffer);
	assert_ptr_equal(p, buffer);
	assert_memory_equal(p, packet + 10, 40);
	assert_non_null(skb_header_pointer(skb, LEN - 40, 40, buffer));
	assert_null(skb_header_pointer(skb, LEN - 39, 40, buffer));
	assert_int_equal(skb_copy_bits(skb, LEN - 3, buffer, 4), -EFAULT);
	kfree_skb(skb);
}

static void test_store_bits(void **state)
{
	struct sk_buff *skb = with_layout(0x606);
	u8 copy[LEN];

	assert_int_equal(skb_store_bits(skb, 5, packet + 100, 150), 0);
	assert_int_equal(skb_copy_bits(skb, 0, copy, LEN), 0);
	assert_memory_equal(copy, packet, 5);
	assert_memory_equal(copy + 5, packet + 100, 150);
	assert_memory_equal(copy + 155, packet + 155, LEN - 155);
	assert_int_equal(skb_store_bits(skb, LEN - 3, packet, 4), -EFAULT);
	kfree_skb(skb);
}

static void test_clone_and_copy(void **state)
{
	struct sk_buff *skb = with_layout(0x606), *clone, *copy, *pcopy;

	skb->protocol = htons(0x86dd);
	strcpy(skb->cb, "cb");
	skb_set_network_header(skb, 4);
	clone = skb_clone(skb, GFP_KERNEL);
	copy = skb_copy(skb, GFP_KERNEL);
	pcopy = pskb_copy(skb, GFP_KERNEL);
	assert_true(skb_cloned(skb));
	assert_true(skb_cloned(clone));
	assert_false(skb_cloned(copy));
	assert_false(skb_is_nonlinear(copy));
	assert_ptr_equal(clone->data, skb->data);
	assert_ptr_not_equal(copy->data, skb->data);
	kfree_skb(skb);
	assert_false(skb_cloned(clone));
	assert_holds(clone, 0, LEN);
	assert_holds(copy, 0, LEN);
	assert_holds(pcopy, 0, LEN);
	assert_int_equal(copy->protocol, htons(0x86dd));
	assert_string_equal(pcopy->cb, "cb");
	assert_ptr_equal(skb_network_header(copy), copy->data + 4);
	assert_ptr_equal(skb_network_header(pcopy), pcopy->data + 4);
	kfree_skb(clone);
	kfree_skb(copy);
	kfree_skb(pcopy);
}

static void test_copy_keeps_pulled_bytes(void **state)
{
	struct sk_buff *skb = redzone_skb_from_input(packet, LEN), *copy;

	skb_reset_mac_header(skb);
	skb_pull(skb, 14);
	copy = skb_copy(skb, GFP_KERNEL);
	assert_memory_equal(skb_mac_header(copy), packet, 14);
	kfree_skb(skb);
	skb = skb_copy_expand(copy, 100, 50, GFP_KERNEL);
	assert_int_equal(skb_headroom(skb), 100);
	assert_true(skb_tailroom(skb) >= 50);
	assert_memory_equal(skb_mac_header(skb), packet, 14);
	assert_holds(skb, 14, LEN - 14);
	kfree_skb(skb);
	kfree_skb(copy);
}

static void test_expand_head(void **state)
{
	struct sk_buff *skb = with_layout(0x607);
	u8 *old = skb->head;

	skb_reset_mac_header(skb);
	skb_pull(skb, 14);
	skb_reset_network_header(skb);
	assert_int_equal(pskb_expand_head(skb, 40, 30, GFP_KERNEL), 0);
	assert_ptr_not_equal(skb->head, old);
	assert_false(skb_cloned(skb));
	assert_true(skb_headroom(skb) >= NET_SKB_PAD + 14 + 40);
	assert_memory_equal(skb_mac_header(skb), packet, 14);
	assert_ptr_equal(skb_network_header(skb), skb->data);
	assert_holds(skb, 14, LEN - 14);
	memset(skb_push(skb, skb_headroom(skb)), 0, 10);
	kfree_skb(skb);
}

static void test_cow(void **state)
{
	struct sk_buff *skb = with_layout(1);
	u8 *old = skb->data;

	assert_int_equal(skb_cow(skb, 8), 0);
	assert_ptr_not_equal(skb->data, old);
	assert_false(skb_cloned(skb));
	assert_int_equal(skb_cow_head(skb, 500), 0);
	assert_true(skb_headroom(skb) >= 500);
	assert_int_equal(skb_ensure_writable(skb, 20), 0);
	assert_int_equal(skb_ensure_writable(skb, LEN + 1), -ENOMEM);
	assert_holds(skb, 0, LEN);
	kfree_skb(skb);
}

static void test_moves_only_in_strict(void **state)
{
	bool strict = redzone_skb_mode == REDZONE_SKB_STRICT;
	struct sk_buff *skb = redzone_skb_from_input(packet, LEN);
	u8 *old = skb->data;

	assert_int_equal(skb_cow(skb, 8), 0);
	assert_int_equal(skb->data != old, strict);
	old = skb->data;
	assert_int_equal(skb_linearize(skb), 0);
	assert_int_equal(skb->data != old, strict);
	old = skb->data;
	skb = skb_unshare(skb, GFP_KERNEL);
	assert_int_equal(skb->data != old, strict);
	assert_holds(skb, 0, LEN);
	kfree_skb(skb);
}

static void test_linearize(void **state)
{
	struct sk_buff *skb = with_layout(0x607);

	assert_true(skb_is_nonlinear(skb));
	assert_int_equal(skb_linearize(skb), 0);
	assert_false(skb_is_nonlinear(skb));
	assert_memory_equal(skb->data, packet, LEN);
	kfree_skb(skb);
	skb = with_layout(0x604);
	assert_int_equal(skb_linearize_cow(skb), 0);
	assert_memory_equal(skb->data, packet, LEN);
	kfree_skb(skb);
}

static void test_share_and_unshare(void **state)
{
	struct sk_buff *skb = redzone_skb_from_input(packet, LEN), *mine;

	assert_ptr_equal(skb_share_check(skb, GFP_KERNEL), skb);
	skb_get(skb);
	assert_true(skb_shared(skb));
	mine = skb_share_check(skb, GFP_KERNEL);
	assert_ptr_not_equal(mine, skb);
	assert_false(skb_shared(skb));
	mine = skb_unshare(mine, GFP_KERNEL);
	assert_false(skb_cloned(mine));
	assert_holds(mine, 0, LEN);
	kfree_skb(skb);
	kfree_skb(mine);
}

static void test_shared_list_piece_is_cloned(void **state)
{
	struct sk_buff *skb = with_layout(0x604), *other;

	other = skb_clone(skb, GFP_KERNEL);
	assert_true(pskb_may_pull(skb, 60));
	assert_int_equal(pskb_trim(other, 200), 0);
	assert_true(pskb_may_pull(other, 199));
	assert_holds(skb, 0, LEN);
	assert_holds(other, 0, 200);
	kfree_skb(skb);
	kfree_skb(other);
}

static void test_queue(void **state)
{
	struct sk_buff_head queue, other;
	struct sk_buff *skb, *tmp;
	unsigned int i;

	skb_queue_head_init(&queue);
	skb_queue_head_init(&other);
	assert_null(skb_dequeue(&queue));
	for (i = 0; i < 6; i++) {
		skb = alloc_skb(1, GFP_KERNEL);
		skb->mark = i;
		if (i & 1)
			skb_queue_tail(&queue, skb);
		else
			skb_queue_head(&queue, skb);
	}
	assert_int_equal(skb_queue_len(&queue), 6);
	assert_int_equal(skb_peek(&queue)->mark, 4);
	assert_int_equal(skb_peek_tail(&queue)->mark, 5);
	skb_queue_walk_safe(&queue, skb, tmp) {
		if (skb->mark != 2)
			continue;
		skb_unlink(skb, &queue);
		skb_append(skb_peek(&queue), skb, &queue);
	}
	assert_int_equal(skb_queue_next(&queue, skb_peek(&queue))->mark, 2);
	skb_queue_splice_tail_init(&queue, &other);
	assert_true(skb_queue_empty(&queue));
	assert_int_equal(skb_queue_len(&other), 6);
	skb = skb_dequeue(&other);
	assert_int_equal(skb->mark, 4);
	kfree_skb(skb);
	skb = skb_dequeue_tail(&other);
	assert_int_equal(skb->mark, 5);
	kfree_skb(skb);
	skb_queue_purge(&other);
	assert_int_equal(skb_queue_len(&other), 0);
}

static void test_mac_header_rebuild(void **state)
{
	struct sk_buff *skb = redzone_skb_from_input(packet, LEN);

	skb_reset_mac_header(skb);
	skb_pull(skb, 14);
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	assert_int_equal(skb->mac_len, 14);
	skb_pull(skb, 8);
	skb_mac_header_rebuild(skb);
	assert_ptr_equal(skb_mac_header(skb), skb->data - 14);
	assert_memory_equal(skb_mac_header(skb), packet, 14);
	kfree_skb(skb);
}

static void test_rcsum(void **state)
{
	struct sk_buff *skb = redzone_skb_from_input(packet, LEN);

	skb->ip_summed = CHECKSUM_COMPLETE;
	skb->csum = csum_partial(packet, LEN, 0);
	skb_pull_rcsum(skb, 40);
	assert_int_equal(csum_fold(skb->csum),
			 csum_fold(csum_partial(packet + 40, LEN - 40, 0)));
	skb_push_rcsum(skb, 40);
	assert_int_equal(csum_fold(skb->csum),
			 csum_fold(csum_partial(packet, LEN, 0)));
	kfree_skb(skb);
}

static __wsum no_pseudo(struct sk_buff *skb, int proto)
{
	return 0;
}

static void test_checksum_validation(void **state)
{
	struct sk_buff *skb = redzone_skb_from_input(packet, LEN);
	__sum16 sum;

	assert_int_not_equal(skb_checksum_validate(skb, 0, no_pseudo), 0);
	put_unaligned((u16)0, (u16 *)(skb->data + 10));
	sum = csum_fold(skb_checksum(skb, 0, LEN, 0));
	put_unaligned(sum, (__sum16 *)(skb->data + 10));
	skb->ip_summed = CHECKSUM_NONE;
	assert_int_equal(skb_checksum_init(skb, 0, no_pseudo), 0);
	assert_false(skb_csum_unnecessary(skb));
	assert_int_equal(skb_checksum_complete(skb), 0);
	assert_true(skb_csum_unnecessary(skb));
	kfree_skb(skb);
}

static void test_coalesce(void **state)
{
	struct sk_buff *to = alloc_skb(100, GFP_KERNEL);
	struct sk_buff *from = redzone_skb_from_input(packet + 10, 30);
	bool stolen;
	int delta;

	skb_put_data(to, packet, 10);
	assert_true(skb_try_coalesce(to, from, &stolen, &delta));
	kfree_skb_partial(from, stolen);
	assert_holds(to, 0, 40);
	kfree_skb(to);
}

static void test_pad(void **state)
{
	struct sk_buff *skb = with_layout(0x607);

	assert_int_equal(skb_put_padto(skb, LEN + 20), 0);
	assert_int_equal(skb->len, LEN + 20);
	assert_memory_equal(skb->data, packet, LEN);
	assert_null(memchr_inv(skb->data + LEN, 0, 20));
	kfree_skb(skb);
}

static unsigned int drops;
static enum skb_drop_reason last_reason;

static void count_drop(struct sk_buff *skb, enum skb_drop_reason reason)
{
	drops++;
	last_reason = reason;
}

static void test_drop_reasons_are_told(void **state)
{
	struct sk_buff *skb = redzone_skb_from_input(packet, LEN);

	drops = 0;
	redzone_skb_dropped = count_drop;
	consume_skb(skb_get(skb));
	kfree_skb_reason(skb_get(skb), SKB_DROP_REASON_IP_INHDR);
	assert_int_equal(drops, 0);
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_NOPROTO);
	assert_int_equal(drops, 1);
	assert_int_equal(last_reason, SKB_DROP_REASON_IP_NOPROTO);
	kfree_skb(NULL);
	redzone_skb_dropped = NULL;
}

static void test_failing_allocations_leak_nothing(void **state)
{
	unsigned int fail, seed;

	for (seed = 0; seed < 8; seed++) {
		for (fail = 1; fail < 24; fail++) {
			struct redzone_kernel_config config = {
				.skb_layout_seed = (u16)(0x600 | seed),
				.alloc_fail_seed = (u16)fail,
			};
			struct sk_buff *skb, *copy;

			redzone_kernel_end();
			redzone_kernel_begin(&config);
			skb = redzone_skb_from_input(packet, LEN);
			if (!skb)
				continue;
			copy = skb_copy(skb, GFP_KERNEL);
			if (pskb_may_pull(skb, 200))
				assert_memory_equal(skb->data, packet, 200);
			assert_holds(skb, 0, LEN);
			if (!skb_cow(skb, 300))
				assert_true(skb_headroom(skb) >= 300);
			pskb_trim(skb, 250);
			kfree_skb(copy);
			kfree_skb(skb);
		}
	}
}

#define both_modes(f) \
	{ #f " strict", f, begin_strict, end, NULL }, \
	{ #f " kernel", f, begin_kernel, end, NULL }

int main(void)
{
	const struct CMUnitTest tests[] = {
		both_modes(test_put_push_pull_trim),
		both_modes(test_exact_size),
		both_modes(test_layouts),
		both_modes(test_may_pull_every_length),
		both_modes(test_may_pull_reason),
		both_modes(test_trim_every_length),
		both_modes(test_checksum_over_pieces),
		both_modes(test_header_pointer),
		both_modes(test_store_bits),
		both_modes(test_clone_and_copy),
		both_modes(test_copy_keeps_pulled_bytes),
		both_modes(test_expand_head),
		both_modes(test_cow),
		both_modes(test_moves_only_in_strict),
		both_modes(test_linearize),
		both_modes(test_share_and_unshare),
		both_modes(test_shared_list_piece_is_cloned),
		both_modes(test_queue),
		both_modes(test_mac_header_rebuild),
		both_modes(test_rcsum),
		both_modes(test_checksum_validation),
		both_modes(test_coalesce),
		both_modes(test_pad),
		both_modes(test_drop_reasons_are_told),
		both_modes(test_failing_allocations_leak_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
