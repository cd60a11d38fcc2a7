/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Crypto against the specifications' sample data, in crypto-real mode; and what
 * crypto-ignored mode lets pass.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <crypto/aes.h>
#include <crypto/hash.h>
#include <crypto/sha2.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <redzone/crypto.h>
#include <redzone/kernel.h>

#include "expect_report.h"

static int begin_real(void **state)
{
	redzone_kernel_begin(&(struct redzone_kernel_config){ .crypto_real = true });
	return 0;
}

static int begin_ignored(void **state)
{
	redzone_kernel_begin(&(struct redzone_kernel_config){ 0 });
	return 0;
}

static int end(void **state)
{
	redzone_kernel_end();
	return 0;
}

/* Bytes of a hex string, in one of a few buffers used in turn. */
static const u8 *hex(const char *text)
{
	static u8 buffers[8][160];
	static unsigned int next;
	u8 *buffer = buffers[next++ % 8];

	assert_int_equal(hex2bin(buffer, text, strlen(text) / 2), 0);
	return buffer;
}

static void assert_hex(const u8 *data, const char *text)
{
	assert_memory_equal(data, hex(text), strlen(text) / 2);
}

static void digest(const char *name, const char *key, const void *data,
		   unsigned int len, u8 *out)
{
	struct crypto_shash *tfm = crypto_alloc_shash(name, 0, 0);

	assert_false(IS_ERR(tfm));
	if (key)
		assert_int_equal(crypto_shash_setkey(tfm, hex(key),
						     (unsigned int)strlen(key) / 2), 0);
	assert_int_equal(crypto_shash_tfm_digest(tfm, data, len, out), 0);
	crypto_free_shash(tfm);
}

/* FIPS 180-4: "abc". */
static void test_sha(void **state)
{
	u8 out[64];

	digest("sha1", NULL, "abc", 3, out);
	assert_hex(out, "a9993e364706816aba3e25717850c26c9cd0d89d");
	digest("sha256", NULL, "abc", 3, out);
	assert_hex(out, "ba7816bf8f01cfea414140de5dae2223"
			"b00361a396177a9cb410ff61f20015ad");
	sha256((const u8 *)"abc", 3, out + 32);
	assert_memory_equal(out, out + 32, 32);
	digest("sha384", NULL, "abc", 3, out);
	assert_hex(out, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
			"1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
	digest("sha512", NULL, "abc", 3, out);
	assert_hex(out, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"
			"0a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
			"454d4423643ce80e2a9ac94fa54ca49f");
	digest("crc32c", NULL, "123456789", 9, out);
	assert_hex(out, "839206e3");
}

/* RFC 2202 test 2 and RFC 4231 tests 2 and 6 (a key longer than a block). */
static void test_hmac(void **state)
{
	static const char what[] = "what do ya want for nothing?";
	static const char larger[] =
		"Test Using Larger Than Block-Size Key - Hash Key First";
	char key[2 * 131 + 1];
	u8 out[64];

	digest("hmac(sha1)", "4a656665", what, 28, out);
	assert_hex(out, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	digest("hmac(sha256)", "4a656665", what, 28, out);
	assert_hex(out, "5bdcc146bf60754e6a042426089575c7"
			"5a003f089d2739839dec58b964ec3843");
	digest("hmac(sha384)", "4a656665", what, 28, out);
	assert_hex(out, "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47"
			"e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
	memset(key, 'a', sizeof(key) - 1);
	key[sizeof(key) - 1] = '\0';
	digest("hmac(sha256)", key, larger, 54, out);
	assert_hex(out, "60e431591ee0b67f0d8a26aacbf5b77f"
			"8e0bc6213728c5140546040f0ee37f54");
	assert_int_equal(redzone_hmac("hmac(sha1)", "Jefe", 4, what, 28, out), 20);
	assert_hex(out, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	assert_int_equal(redzone_hmac("sha1", "Jefe", 4, what, 28, out), -EINVAL);
}

static void test_in_pieces(void **state)
{
	struct crypto_shash *tfm = crypto_alloc_shash("hmac(sha256)", 0, 0);
	SHASH_DESC_ON_STACK(desc, tfm);
	u8 out[32];

	desc->tfm = tfm;
	assert_true(crypto_shash_descsize(tfm) <= HASH_MAX_DESCSIZE);
	assert_int_equal(crypto_shash_setkey(tfm, (const u8 *)"Jefe", 4), 0);
	assert_int_equal(crypto_shash_init(desc), 0);
	crypto_shash_update(desc, (const u8 *)"what do ya want ", 16);
	crypto_shash_update(desc, (const u8 *)"", 0);
	crypto_shash_finup(desc, (const u8 *)"for nothing?", 12, out);
	assert_hex(out, "5bdcc146bf60754e6a042426089575c7"
			"5a003f089d2739839dec58b964ec3843");
	shash_desc_zero(desc);
	crypto_free_shash(tfm);
}

static void test_unknown_names_and_keys(void **state)
{
	struct crypto_shash *tfm = crypto_alloc_shash("cmac(aes)", 0, 0);

	assert_ptr_equal(crypto_alloc_shash("md4", 0, 0), ERR_PTR(-ENOENT));
	assert_int_equal(crypto_shash_setkey(tfm, hex("00112233"), 4), -EINVAL);
	crypto_free_shash(tfm);
	crypto_free_shash(NULL);
}

/* RFC 4493, section 4. */
static void test_cmac(void **state)
{
	static const char key[] = "2b7e151628aed2a6abf7158809cf4f3c";
	const u8 *m = hex("6bc1bee22e409f96e93d7e117393172a"
			  "ae2d8a571e03ac9c9eb76fac45af8e51"
			  "30c81c46a35ce411e5fbc1191a0a52ef"
			  "f69f2445df4f9b17ad2b417be66c3710");
	u8 out[16];

	digest("cmac(aes)", key, m, 0, out);
	assert_hex(out, "bb1d6929e95937287fa37d129b756746");
	digest("cmac(aes)", key, m, 16, out);
	assert_hex(out, "070a16b46b4d4144f79bdd9dd04a287c");
	digest("cmac(aes)", key, m, 40, out);
	assert_hex(out, "dfa66747de9ae63030ca32611497c827");
	digest("cmac(aes)", key, m, 64, out);
	assert_hex(out, "51f0bebf7e3b9d92fc49741779363cfe");
}

/* FIPS 197, appendix B. */
static void test_aes(void **state)
{
	struct crypto_aes_ctx ctx;
	u8 block[16];

	assert_int_equal(aes_expandkey(&ctx, hex("00"), 1), -EINVAL);
	assert_int_equal(aes_expandkey(&ctx, hex("2b7e151628aed2a6abf7158809cf4f3c"),
				       16), 0);
	aes_encrypt(&ctx, block, hex("3243f6a8885a308d313198a2e0370734"));
	assert_hex(block, "3925841d02dc09fbdc118597196a0b32");
	aes_decrypt(&ctx, block, block);
	assert_hex(block, "3243f6a8885a308d313198a2e0370734");
}

/* RFC 3610, packet vector 1. */
static void test_ccm(void **state)
{
	struct redzone_ccm ccm = {
		.key = hex("c0c1c2c3c4c5c6c7c8c9cacbcccdcecf"),
		.nonce = hex("00000003020100a0a1a2a3a4a5"), .nonce_len = 13,
		.aad = hex("0001020304050607"), .aad_len = 8,
		.mic_len = 8,
	};
	u8 out[23], mic[8], plain[23];

	assert_int_equal(redzone_ccm_encrypt(&ccm,
			 hex("08090a0b0c0d0e0f101112131415161718191a1b1c1d1e"), 23,
			 out, mic), 0);
	assert_hex(out, "588c979a61c663d2f066d0c2c0f989806d5f6b61dac384");
	assert_hex(mic, "17e8d12cfdf926e0");
	assert_int_equal(redzone_ccm_decrypt(&ccm, out, 23, plain, mic), 0);
	assert_hex(plain, "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e");
	mic[0] ^= 1;
	assert_int_equal(redzone_ccm_decrypt(&ccm, out, 23, plain, mic), -EBADMSG);
	ccm.nonce_len = 3;
	assert_int_equal(redzone_ccm_decrypt(&ccm, out, 23, plain, mic), -EINVAL);
}

/* Bluetooth Core 5.4, vol 2, part G, 7.1.2.1: P-256 sample data. */
static void test_p256(void **state)
{
	static const char private_a[] =
		"3f49f6d4a3c55f3874c9b3e3d2103f504aff607beb40b7995899b8a6cd3c1abd";
	static const char public_a[] =
		"20b003d2f297be2c5e2c83a7e9f9a5b9eff49111acf4fddbcc0301480e359de6"
		"dc809c49652aeb6d63329abf5a52155c766345c28fed3024741c8ed01589d28b";
	static const char private_b[] =
		"55188b3d32f6bb9a900afcfbeed4e72a59cb9ac2f19d7cfb6b4fdd49f47fc5fd";
	static const char public_b[] =
		"1ea1f0f01faf1d9609592284f19e4c0047b58afd8615a69f559077b22faaa190"
		"4c55f33e429dad377356703a9ab85160472d1130e28e36765f89aff915b1214a";
	static const char dhkey[] =
		"ec0234a357c8ad05341010a60a397d9b99796b13b4f866f1868d34f373bfa698";
	u8 key[64], secret[32], off[64];

	assert_int_equal(redzone_p256_public_key(hex(private_a), key), 0);
	assert_hex(key, public_a);
	assert_int_equal(redzone_p256_public_key(hex(private_b), key), 0);
	assert_hex(key, public_b);
	assert_int_equal(redzone_p256_secret(hex(private_a), hex(public_b), secret), 0);
	assert_hex(secret, dhkey);
	assert_int_equal(redzone_p256_secret(hex(private_b), hex(public_a), secret), 0);
	assert_hex(secret, dhkey);

	/* The invalid-curve attack: x with y = 0 is not on the curve. */
	memset(off, 0, sizeof(off));
	memcpy(off, hex(public_b), 32);
	assert_true(redzone_p256_valid(hex(public_b)));
	assert_false(redzone_p256_valid(off));
	assert_int_equal(redzone_p256_secret(hex(private_a), off, secret), -EINVAL);
	memset(off, 0, sizeof(off));
	assert_int_equal(redzone_p256_public_key(off, key), -EINVAL);
}

static void test_comparison(void **state)
{
	u8 a[4] = { 1, 2, 3, 4 }, b[4] = { 1, 2, 3, 4 };

	assert_int_equal(crypto_memneq(a, b, 4), 0);
	b[3] = 0;
	assert_int_not_equal(crypto_memneq(a, b, 4), 0);
	assert_int_equal(crypto_memneq(a, b, 3), 0);
	crypto_xor(a, b, 4);
	assert_int_equal(a[3], 4);
}

static void test_ignored(void **state)
{
	static const u8 zero[64];
	struct redzone_ccm ccm = {
		.key = zero, .nonce = zero, .nonce_len = 13, .mic_len = 4,
	};
	u8 out[64];

	assert_false(redzone_crypto_real());
	assert_int_equal(crypto_memneq("abc", "abd", 3), 0);
	digest("cmac(aes)", "2b7e151628aed2a6abf7158809cf4f3c", "abc", 3, out);
	assert_memory_equal(out, zero, 16);
	assert_int_equal(redzone_hmac("hmac(sha256)", "k", 1, "abc", 3, out), 32);
	assert_memory_equal(out, zero, 32);
	digest("sha1", NULL, "abc", 3, out);
	assert_hex(out, "a9993e364706816aba3e25717850c26c9cd0d89d");
	assert_int_equal(redzone_ccm_decrypt(&ccm, (const u8 *)"abc", 3, out,
					     (const u8 *)"bad!"), 0);
	assert_memory_equal(out, "abc", 3);
	assert_true(redzone_p256_valid(zero));
}

/* ---- Values without origin must not disappear in the library ---- */

static void misuse_uninitialised_input(void)
{
	u8 *data = kmalloc(16, GFP_KERNEL), out[32];

	begin_real(NULL);
	sha256(data, 16, out);
}

static void misuse_uninitialised_compare(void)
{
	u8 *data = kmalloc(16, GFP_KERNEL);

	begin_ignored(NULL);
	use_byte((u8)crypto_memneq(data, "0123456789abcdef", 16));
}

static void misuse_uninitialised_point(void)
{
	u8 *data = kmalloc(64, GFP_KERNEL);

	begin_ignored(NULL);
	use_byte(redzone_p256_valid(data));
}

static void test_uninitialised(void **state)
{
	needs(UNDER_MSAN);
	expect_report(misuse_uninitialised_input, "use-of-uninitialized-value",
		      "misuse_uninitialised_input", NULL);
	expect_report(misuse_uninitialised_compare, "use-of-uninitialized-value", NULL);
	expect_report(misuse_uninitialised_point, "use-of-uninitialized-value", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sha, begin_real, end),
		cmocka_unit_test_setup_teardown(test_hmac, begin_real, end),
		cmocka_unit_test_setup_teardown(test_in_pieces, begin_real, end),
		cmocka_unit_test_setup_teardown(test_unknown_names_and_keys, begin_real, end),
		cmocka_unit_test_setup_teardown(test_cmac, begin_real, end),
		cmocka_unit_test_setup_teardown(test_aes, begin_real, end),
		cmocka_unit_test_setup_teardown(test_ccm, begin_real, end),
		cmocka_unit_test_setup_teardown(test_p256, begin_real, end),
		cmocka_unit_test_setup_teardown(test_comparison, begin_real, end),
		cmocka_unit_test_setup_teardown(test_ignored, begin_ignored, end),
		cmocka_unit_test(test_uninitialised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
