/* SPDX-License-Identifier: GPL-2.0-only */
/* The small things: byte order, bits, numbers, strings, checksums, CRCs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <asm/checksum.h>
#include <asm/unaligned.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/crc-ccitt.h>
#include <linux/crc-itu-t.h>
#include <linux/crc16.h>
#include <linux/crc32.h>
#include <linux/crc32c.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/overflow.h>
#include <linux/socket.h>
#include <linux/string.h>

static const u8 nine[] = "123456789";

static void test_byte_order(void **state)
{
	static const u8 b[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	u8 out[8];

	assert_int_equal(get_unaligned_le16(b + 1), 0x0302);
	assert_int_equal(get_unaligned_be16(b + 1), 0x0203);
	assert_int_equal(get_unaligned_le24(b), 0x030201);
	assert_int_equal(get_unaligned_be24(b), 0x010203);
	assert_int_equal(get_unaligned_le32(b + 1), 0x05040302);
	assert_int_equal(get_unaligned_be32(b + 1), 0x02030405);
	assert_int_equal(get_unaligned_be48(b), 0x010203040506);
	assert_true(get_unaligned_le64(b) == 0x0807060504030201);
	assert_true(get_unaligned_be64(b) == 0x0102030405060708);
	put_unaligned_be32(0x01020304, out);
	put_unaligned_le16(0x0605, out + 4);
	put_unaligned_be16(0x0708, out + 6);
	assert_memory_equal(out, b, 8);
	put_unaligned_le64(0x0807060504030201, out);
	assert_memory_equal(out, b, 8);
	put_unaligned_be24(0x010203, out);
	assert_memory_equal(out, b, 3);
	assert_int_equal(htons(0x1234), 0x3412);
	assert_int_equal(be32_to_cpu(htonl(0x12345678)), 0x12345678);
	assert_int_equal(cpu_to_le16(0x1234), 0x1234);
}

static void test_bits(void **state)
{
	DECLARE_BITMAP(map, 130);
	unsigned long bit, sum = 0;

	bitmap_zero(map, 130);
	assert_true(bitmap_empty(map, 130));
	set_bit(3, map);
	set_bit(64, map);
	assert_false(test_and_set_bit(129, map));
	assert_true(test_and_clear_bit(3, map));
	for_each_set_bit(bit, map, 130)
		sum += bit;
	assert_int_equal(sum, 193);
	assert_int_equal(find_first_zero_bit(map, 130), 0);
	assert_int_equal(find_next_bit(map, 130, 65), 129);
	assert_int_equal(find_next_bit(map, 129, 65), 129);
	assert_int_equal(GENMASK(7, 4), 0xf0);
	assert_int_equal(fls(0), 0);
	assert_int_equal(fls(0x80000000), 32);
	assert_int_equal(__ffs(8), 3);
	assert_int_equal(hweight16(0xf0f), 8);
	assert_int_equal(sign_extend32(0x80, 7), -128);
	assert_int_equal(rol32(1, 0), 1);
	assert_int_equal(ilog2(4096), 12);
	assert_int_equal(roundup_pow_of_two(65), 128);
}

static void test_arithmetic(void **state)
{
	u8 small;

	assert_int_equal(min(3, 4) + max(3, 4), 7);
	assert_int_equal(clamp(9, 1, 5), 5);
	assert_int_equal(min_t(u8, 255, 256 + 1), 1);
	assert_int_equal(round_up(13, 8), 16);
	assert_int_equal(roundup(13, 5), 15);
	assert_int_equal(round_down(13, 8), 8);
	assert_int_equal(DIV_ROUND_UP(13, 8), 2);
	assert_int_equal(ALIGN(13, 4), 16);
	assert_true(check_add_overflow((u8)200, (u8)100, &small));
	assert_false(check_mul_overflow((u8)20, (u8)10, &small));
	assert_int_equal(small, 200);
	assert_true(size_mul(SIZE_MAX, 2) == SIZE_MAX);
	assert_true(size_add(SIZE_MAX, 2) == SIZE_MAX);
	assert_int_equal(div_u64(1000000000000ULL, 7), 142857142857ULL);
}

static void test_errors(void **state)
{
	assert_true(IS_ERR(ERR_PTR(-EINVAL)));
	assert_int_equal(PTR_ERR(ERR_PTR(-EINVAL)), -EINVAL);
	assert_false(IS_ERR(NULL));
	assert_true(IS_ERR_OR_NULL(NULL));
	assert_int_equal(PTR_ERR_OR_ZERO(state), 0);
}

static void test_strings(void **state)
{
	char buf[8];
	u8 bin[4];

	assert_int_equal(strscpy(buf, "hello", sizeof(buf)), 5);
	assert_string_equal(buf, "hello");
	assert_int_equal(strscpy(buf, "hello world", sizeof(buf)), -E2BIG);
	assert_string_equal(buf, "hello w");
	assert_int_equal(strscpy_pad(buf, "a", sizeof(buf)), 1);
	assert_null(memchr_inv(buf + 1, 0, 7));
	assert_ptr_equal(memchr_inv(buf, 'a', 8), buf + 1);
	assert_int_equal(scnprintf(buf, sizeof(buf), "%s", "hello world"), 7);
	assert_int_equal(hex2bin(bin, "DEadbeef", 4), 0);
	assert_int_equal(get_unaligned_be32(bin), 0xdeadbeef);
	assert_int_equal(hex2bin(bin, "0g", 1), -EINVAL);
	*bin2hex(buf, bin, 2) = '\0';
	assert_string_equal(buf, "dead");
}

static void test_numbers(void **state)
{
	unsigned int u;
	int i;
	u8 b;

	assert_int_equal(kstrtouint("4294967295\n", 10, &u), 0);
	assert_true(u == UINT_MAX);
	assert_int_equal(kstrtouint("4294967296", 10, &u), -ERANGE);
	assert_int_equal(kstrtouint("0x10", 0, &u), 0);
	assert_int_equal(u, 16);
	assert_int_equal(kstrtouint("-1", 10, &u), -EINVAL);
	assert_int_equal(kstrtouint("1 ", 10, &u), -EINVAL);
	assert_int_equal(kstrtouint("", 10, &u), -EINVAL);
	assert_int_equal(kstrtoint("-2147483648", 10, &i), 0);
	assert_int_equal(i, INT_MIN);
	assert_int_equal(kstrtoint("2147483648", 10, &i), -ERANGE);
	assert_int_equal(kstrtou8("256", 10, &b), -ERANGE);
}

static void test_internet_checksum(void **state)
{
	/* RFC 1071, section 3. */
	static const u8 words[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };
	static const u8 header[] = {
		0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
		0xb8, 0x61, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7,
	};
	__wsum sum = csum_partial(words, sizeof(words), 0);

	assert_int_equal(ntohs(csum_fold(sum)), (u16)~0xddf2);
	assert_int_equal(ip_fast_csum(header, 5), 0);
	sum = csum_block_add(csum_partial(words, 3, 0),
			     csum_partial(words + 3, 5, 0), 3);
	assert_int_equal(ntohs(csum_fold(sum)), (u16)~0xddf2);
	sum = csum_block_sub(sum, csum_partial(words + 3, 5, 0), 3);
	assert_int_equal(csum_fold(sum), csum_fold(csum_partial(words, 3, 0)));
}

static void test_checksum_updates(void **state)
{
	u8 data[20] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
	__sum16 check = ip_compute_csum(data, sizeof(data));
	__be32 from = get_unaligned((__be32 *)(data + 4)), to = htonl(0xdeadbeef);

	put_unaligned(to, (__be32 *)(data + 4));
	csum_replace4(&check, from, to);
	assert_int_equal(check, ip_compute_csum(data, sizeof(data)));
	csum_replace2(&check, get_unaligned((__be16 *)data), htons(0x1234));
	put_unaligned(htons(0x1234), (__be16 *)data);
	assert_int_equal(check, ip_compute_csum(data, sizeof(data)));
}

static void test_pseudo_headers(void **state)
{
	/* An ICMPv6 echo request from ::1 to ::1, its checksum included. */
	static const u8 addr[16] = { [15] = 1 };
	static const u8 echo[] = { 0x80, 0, 0x7f, 0xb9, 0, 1, 0, 1 };
	__wsum sum = csum_partial(echo, sizeof(echo), 0);
	u8 plain[16 + 16 + 8];

	assert_int_equal(csum_ipv6_magic((const void *)addr, (const void *)addr,
					 sizeof(echo), 58, sum), 0);
	memset(plain, 0, sizeof(plain));
	plain[15] = plain[31] = 1;
	plain[35] = sizeof(echo);
	plain[39] = 58;
	assert_int_equal(csum_ipv6_magic((const void *)addr, (const void *)addr, 8,
					 58, 0), ip_compute_csum(plain, 40));
	assert_int_equal(csum_tcpudp_magic(htonl(0x7f000001), htonl(0x7f000001), 0, 17,
					   0), htons((u16)~(0x7f00 * 2 + 2 + 17)));
}

/* The check values of the catalogue of parametrised CRC algorithms. */
static void test_crcs(void **state)
{
	assert_int_equal(crc16(0, nine, 9), 0xbb3d);
	assert_int_equal(crc_ccitt(0, nine, 9), 0x2189);
	assert_int_equal(crc_ccitt(0xffff, nine, 9), 0x6f91);
	assert_int_equal(crc_ccitt_byte(crc_ccitt(0, nine, 8), '9'), 0x2189);
	assert_int_equal(crc_itu_t(0, nine, 9), 0x31c3);
	assert_int_equal(crc_itu_t(0xffff, nine, 9), 0x29b1);
	assert_int_equal(~crc32_le(~0u, nine, 9), 0xcbf43926);
	assert_int_equal(crc32_be(~0u, nine, 9), 0x0376e6e7);
	assert_int_equal(~crc32c(~0u, nine, 9), 0xe3069283);
}

static void test_iov_iter(void **state)
{
	char one[] = "ab", two[] = "", three[] = "cdef", out[8] = "";
	const struct kvec vec[] = { { one, 2 }, { two, 0 }, { three, 4 } };
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT };

	iov_iter_kvec(&msg.msg_iter, WRITE, vec, 3, 6);
	assert_true(copy_from_iter_full(out, 3, &msg.msg_iter));
	assert_memory_equal(out, "abc", 3);
	assert_int_equal(iov_iter_count(&msg.msg_iter), 3);

	/* more than there is: nothing moves */
	assert_false(copy_from_iter_full(out, 4, &msg.msg_iter));
	iov_iter_advance(&msg.msg_iter, 1);
	assert_int_equal(copy_from_iter(out, 8, &msg.msg_iter), 2);
	assert_memory_equal(out, "ef", 2);
	assert_int_equal(copy_from_iter(out, 1, &msg.msg_iter), 0);

	/* the count bounds the vectors */
	iov_iter_kvec(&msg.msg_iter, WRITE, vec, 3, 1);
	assert_int_equal(copy_from_iter(out, 8, &msg.msg_iter), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_byte_order),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_internet_checksum),
		cmocka_unit_test(test_checksum_updates),
		cmocka_unit_test(test_pseudo_headers),
		cmocka_unit_test(test_crcs),
		cmocka_unit_test(test_iov_iter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
