// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Security Manager's toolbox against the sample data of the Core Specification
 * (Vol 3 Part H 2.2 and appendix D), P-256 against Vol 2 Part G 7.1.2, and what is
 * computed for a point that does not lie on the curve.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <crypto/hash.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <redzone/crypto.h>
#include <redzone/kernel.h>

#include "../../parsers/bluetooth/ecdh_helper.h"
#include "../../parsers/bluetooth/smp_crypto.h"

static struct crypto_shash *cmac;

static int begin(void **state)
{
	redzone_kernel_begin(&(struct redzone_kernel_config){ .crypto_real = true });
	cmac = crypto_alloc_shash("cmac(aes)", 0, 0);
	return IS_ERR(cmac);
}

static int end(void **state)
{
	crypto_free_shash(cmac);
	redzone_kernel_end();
	return 0;
}

/* A number as the specification prints it (most significant byte first), as on air. */
static const u8 *le(const char *text)
{
	static u8 buffers[16][32];
	static unsigned int next;
	u8 *buffer = buffers[next++ % 16];
	size_t len = strlen(text) / 2, i;
	u8 be[32];

	assert_int_equal(hex2bin(be, text, len), 0);
	for (i = 0; i < len; i++)
		buffer[i] = be[len - 1 - i];
	return buffer;
}

static void assert_le(const u8 *data, const char *text)
{
	assert_memory_equal(data, le(text), strlen(text) / 2);
}

#define U	"20b003d2f297be2c5e2c83a7e9f9a5b9eff49111acf4fddbcc0301480e359de6"
#define V	"55188b3d32f6bb9a900afcfbeed4e72a59cb9ac2f19d7cfb6b4fdd49f47fc5fd"
#define X	"d5cb8454d177733effffb2ec712baeab"
#define Y	"a6e8e7cc25a75f6e216583f7ff3dc4cf"
#define W	"ec0234a357c8ad05341010a60a397d9b99796b13b4f866f1868d34f373bfa698"

static void test_f4(void **state)
{
	u8 res[16];

	assert_int_equal(smp_f4(cmac, le(U), le(V), le(X), 0, res), 0);
	assert_le(res, "f2c916f107a9bd1cf1eda1bea974872d");
}

static void test_f5(void **state)
{
	u8 mackey[16], ltk[16];

	assert_int_equal(smp_f5(cmac, le(W), le(X), le(Y), le("0056123737bfce"),
				le("00a713702dcfc1"), mackey, ltk), 0);
	assert_le(mackey, "2965f176a1084a02fd3f6a20ce636e20");
	assert_le(ltk, "6986791169d7cd23980522b594750a38");
}

static void test_f6(void **state)
{
	u8 res[16];

	assert_int_equal(smp_f6(cmac, le("2965f176a1084a02fd3f6a20ce636e20"), le(X), le(Y),
				le("12a3343bb453bb5408da42d20c2d0fc8"), le("010102"),
				le("0056123737bfce"), le("00a713702dcfc1"), res), 0);
	assert_le(res, "e3c473989cd0e8c5d26c0b09da958f61");
}

static void test_g2(void **state)
{
	u32 val;

	assert_int_equal(smp_g2(cmac, le(U), le(V), le(X), le(Y), &val), 0);
	assert_int_equal(val, 0x2f9ed5ba % 1000000);
}

static void test_h6(void **state)
{
	u8 res[16];

	assert_int_equal(smp_h6(cmac, le("ec0234a357c8ad05341010a60a397d9b"),
				(const u8 *)"rbel", res), 0);
	assert_le(res, "2d9ae102e76dc91ce8d3a9e280b16399");
}

static void test_h7(void **state)
{
	u8 res[16];

	assert_int_equal(smp_h7(cmac, le("ec0234a357c8ad05341010a60a397d9b"),
				le("000000000000000000000000746d7031"), res), 0);
	assert_le(res, "fb173597c6a3c0ecd2998c2a75a57011");
}

/* The keys that cross-transport derivation gives, both ways and both manners. */
static void test_cross_transport(void **state)
{
	u8 key[16];

	smp_h6(cmac, le("368df9bce3264b58bd066c33334fbf64"), (const u8 *)"1pmt", key);
	smp_h6(cmac, key, (const u8 *)"rbel", key);
	assert_le(key, "bc1ca4ef633fc1bd0d8230afee388fb0");
	smp_h7(cmac, le("368df9bce3264b58bd066c33334fbf64"),
	       le("000000000000000000000000746d7031"), key);
	smp_h6(cmac, key, (const u8 *)"rbel", key);
	assert_le(key, "287ad379dca402530a39f1f43047b835");

	smp_h6(cmac, le("05040302010009080706050403020100"), (const u8 *)"2pmt", key);
	smp_h6(cmac, key, (const u8 *)"elrb", key);
	assert_le(key, "a813fb72f1a3dfa18a2c9a43f10d0a30");
	smp_h7(cmac, le("05040302010009080706050403020100"),
	       le("000000000000000000000000746d7032"), key);
	smp_h6(cmac, key, (const u8 *)"elrb", key);
	assert_le(key, "e85e09eb5eccb3e269418a133211bc79");
}

static void test_c1(void **state)
{
	const bdaddr_t *ia = (const void *)le("a1a2a3a4a5a6");
	const bdaddr_t *ra = (const void *)le("b1b2b3b4b5b6");
	const u8 k[16] = { 0 };
	u8 res[16];

	assert_int_equal(smp_c1(k, le("5783d52156ad6f0e6388274ec6702ee0"),
				le("07071000000101"), le("05000800000302"), 1, ia, 0, ra,
				res), 0);
	assert_le(res, "1e1e3fef878988ead2a74dc5bef13b86");
}

static void test_s1(void **state)
{
	const u8 k[16] = { 0 };
	u8 res[16];

	assert_int_equal(smp_s1(k, le("000f0e0d0c0b0a091122334455667788"),
				le("010203040506070899aabbccddeeff00"), res), 0);
	assert_le(res, "9a1fe1f0e8b0f49b5b4216ae796da062");
}

static void test_ah(void **state)
{
	u8 res[3];

	assert_int_equal(smp_ah(le("ec0234a357c8ad05341010a60a397d9b"), le("708194"), res), 0);
	assert_le(res, "0dfbaa");
}

/* Private keys, public keys and shared secrets of the specification's P-256 samples. */
static const struct {
	const char *private_a, *private_b, *public_ax, *public_ay, *public_bx, *public_by;
	const char *dhkey;
} samples[] = {
	{
		"3f49f6d4a3c55f3874c9b3e3d2103f504aff607beb40b7995899b8a6cd3c1abd",
		"55188b3d32f6bb9a900afcfbeed4e72a59cb9ac2f19d7cfb6b4fdd49f47fc5fd",
		"20b003d2f297be2c5e2c83a7e9f9a5b9eff49111acf4fddbcc0301480e359de6",
		"dc809c49652aeb6d63329abf5a52155c766345c28fed3024741c8ed01589d28b",
		"1ea1f0f01faf1d9609592284f19e4c0047b58afd8615a69f559077b22faaa190",
		"4c55f33e429dad377356703a9ab85160472d1130e28e36765f89aff915b1214a",
		"ec0234a357c8ad05341010a60a397d9b99796b13b4f866f1868d34f373bfa698",
	},
};

static void test_p256(void **state)
{
	struct crypto_kpp *tfm = crypto_alloc_kpp("ecdh-nist-p256", 0, 0);
	u8 public_key[64], peer[64], secret[32];
	size_t i;

	assert_false(IS_ERR(tfm));
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		assert_int_equal(set_ecdh_privkey(tfm, le(samples[i].private_a)), 0);
		assert_int_equal(generate_ecdh_public_key(tfm, public_key), 0);
		assert_le(public_key, samples[i].public_ax);
		assert_le(public_key + 32, samples[i].public_ay);

		memcpy(peer, le(samples[i].public_bx), 32);
		memcpy(peer + 32, le(samples[i].public_by), 32);
		assert_int_equal(compute_ecdh_secret(tfm, peer, secret), 0);
		assert_le(secret, samples[i].dhkey);

		peer[63] ^= 1;
		assert_int_equal(compute_ecdh_secret(tfm, peer, secret), -EINVAL);
	}
	crypto_free_kpp(tfm);
}

/* The attack of CVE-2018-5383: y = 0 gives a point of order two on another curve. */
static void test_p256_off_the_curve(void **state)
{
	u8 odd[32] = { [0] = 0x11, [31] = 3 }, even[32] = { [0] = 0x11, [31] = 2 };
	u8 point[64] = { [0] = 5, [31] = 7 }, secret[32], zero[32] = { 0 };

	assert_false(redzone_p256_valid(point));
	assert_int_equal(redzone_p256_secret(odd, point, secret), -EINVAL);

	assert_int_equal(redzone_p256_multiply(odd, point, secret), 0);
	assert_memory_equal(secret, point, 32);
	assert_int_equal(redzone_p256_multiply(even, point, secret), 0);
	assert_memory_equal(secret, zero, 32);
}

/* Multiples of (9, 4), which lies on no curve of the standard; by big-integer arithmetic. */
static void test_p256_any_point(void **state)
{
	static const struct { const char *k, *x; } multiples[] = {
		{
			"0000000000000000000000000000000000000000000000000000000000000002",
			"0000000000000000000000000000000000000000000000000000000000000372",
		},
		{
			"0000000000000000000000000000000000000000000000000000000000000003",
			"c4587baa410a8cb670955405a02c0f3a214a899872376a3a786654e46d743d33",
		},
		{
			"3f49f6d4a3c55f3874c9b3e3d2103f504aff607beb40b7995899b8a6cd3c1abd",
			"9c997ea9e965ec96a33d5a9553cc18a8bb619a3defbc1762e139a94ca45b3e94",
		},
	};
	u8 point[64] = { [31] = 9, [63] = 4 }, key[32], x[32], secret[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(multiples); i++) {
		assert_int_equal(hex2bin(key, multiples[i].k, 32), 0);
		assert_int_equal(hex2bin(x, multiples[i].x, 32), 0);
		assert_int_equal(redzone_p256_multiply(key, point, secret), 0);
		assert_memory_equal(secret, x, 32);
	}
}

/* A peer's key is refused before a private key was ever set. */
static void test_no_private_key(void **state)
{
	struct crypto_kpp *tfm = crypto_alloc_kpp("ecdh-nist-p256", 0, 0);
	u8 peer[64], secret[32];

	memcpy(peer, le(samples[0].public_bx), 32);
	memcpy(peer + 32, le(samples[0].public_by), 32);
	assert_int_equal(compute_ecdh_secret(tfm, peer, secret), -EINVAL);
	assert_int_equal(generate_ecdh_public_key(tfm, peer), -EINVAL);
	assert_int_equal(set_ecdh_privkey(tfm, (u8[32]){ 0 }), -EINVAL);
	assert_true(IS_ERR(crypto_alloc_kpp("ecdh-nist-p384", 0, 0)));
	crypto_free_kpp(tfm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_f4, begin, end),
		cmocka_unit_test_setup_teardown(test_f5, begin, end),
		cmocka_unit_test_setup_teardown(test_f6, begin, end),
		cmocka_unit_test_setup_teardown(test_g2, begin, end),
		cmocka_unit_test_setup_teardown(test_h6, begin, end),
		cmocka_unit_test_setup_teardown(test_h7, begin, end),
		cmocka_unit_test_setup_teardown(test_cross_transport, begin, end),
		cmocka_unit_test_setup_teardown(test_c1, begin, end),
		cmocka_unit_test_setup_teardown(test_s1, begin, end),
		cmocka_unit_test_setup_teardown(test_ah, begin, end),
		cmocka_unit_test_setup_teardown(test_p256, begin, end),
		cmocka_unit_test_setup_teardown(test_p256_off_the_curve, begin, end),
		cmocka_unit_test_setup_teardown(test_p256_any_point, begin, end),
		cmocka_unit_test_setup_teardown(test_no_private_key, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
