/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hashes, MACs and block ciphers over mbedTLS, which no sanitizer sees into:
 * every input is checked for values first and every result is marked written.
 */
#include <mbedtls/aes.h>
#include <mbedtls/ccm.h>
#include <mbedtls/cmac.h>
#include <mbedtls/sha1.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#include <crypto/aes.h>
#include <crypto/hash.h>
#include <crypto/sha2.h>
#include <linux/crc32c.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/unaligned.h>
#include <redzone/account.h>
#include <redzone/crypto.h>
#include <redzone/kernel.h>
#include <redzone/sanitizer.h>

enum hash { SHA1, SHA256, SHA384, SHA512, CRC32C, AES };
enum keyed { PLAIN, HMAC, CMAC };

enum { BLOCK_MAX = SHA512_BLOCK_SIZE };

struct hash_alg {
	const char *name;
	enum hash hash;
	enum keyed keyed;
	unsigned int digest_size;
	unsigned int block_size;
};

static const struct hash_alg algs[] = {
	{ "sha1",		SHA1,	PLAIN,	20, 64 },
	{ "sha256",		SHA256,	PLAIN,	32, 64 },
	{ "sha384",		SHA384,	PLAIN,	48, 128 },
	{ "sha512",		SHA512,	PLAIN,	64, 128 },
	{ "hmac(sha1)",		SHA1,	HMAC,	20, 64 },
	{ "hmac(sha256)",	SHA256,	HMAC,	32, 64 },
	{ "hmac(sha384)",	SHA384,	HMAC,	48, 128 },
	{ "hmac(sha512)",	SHA512,	HMAC,	64, 128 },
	{ "cmac(aes)",		AES,	CMAC,	16, 16 },
	{ "crc32c",		CRC32C,	PLAIN,	4, 1 },
};

struct crypto_shash {
	const struct hash_alg *alg;
	u8 key[BLOCK_MAX];		/* HMAC: filled up with zeros */
	unsigned int key_len;
};

/* Lives in shash_desc.__ctx. */
struct hash_state {
	union {
		mbedtls_sha1_context sha1;
		mbedtls_sha256_context sha256;
		mbedtls_sha512_context sha512;
		u32 crc;
		u8 mac[AES_BLOCK_SIZE];
	};
};

static_assert(sizeof(struct hash_state) <= HASH_MAX_DESCSIZE);

bool redzone_crypto_real(void)
{
	return redzone_config.crypto_real;
}

int crypto_memneq(const void *a, const void *b, size_t size)
{
	redzone_check_written(a, size);
	redzone_check_written(b, size);
	return memcmp(a, b, size) && redzone_crypto_real();
}

void crypto_xor(u8 *dst, const u8 *src, unsigned int size)
{
	while (size--)
		*dst++ ^= *src++;
}

void crypto_xor_cpy(u8 *dst, const u8 *src1, const u8 *src2, unsigned int size)
{
	while (size--)
		*dst++ = *src1++ ^ *src2++;
}

/* ---- One plain hash ---- */

static void hash_start(enum hash hash, struct hash_state *state)
{
	switch (hash) {
	case SHA1:
		mbedtls_sha1_init(&state->sha1);
		mbedtls_sha1_starts_ret(&state->sha1);
		break;
	case SHA256:
		mbedtls_sha256_init(&state->sha256);
		mbedtls_sha256_starts_ret(&state->sha256, 0);
		break;
	case SHA384:
	case SHA512:
		mbedtls_sha512_init(&state->sha512);
		mbedtls_sha512_starts_ret(&state->sha512, hash == SHA384);
		break;
	case CRC32C:
		state->crc = ~0u;
		break;
	case AES:
		break;
	}
}

static void hash_add(enum hash hash, struct hash_state *state, const u8 *data,
		     size_t len)
{
	redzone_check_written(data, len);
	switch (hash) {
	case SHA1:
		mbedtls_sha1_update_ret(&state->sha1, data, len);
		break;
	case SHA256:
		mbedtls_sha256_update_ret(&state->sha256, data, len);
		break;
	case SHA384:
	case SHA512:
		mbedtls_sha512_update_ret(&state->sha512, data, len);
		break;
	case CRC32C:
		state->crc = crc32c(state->crc, data, len);
		break;
	case AES:
		break;
	}
}

static void hash_end(enum hash hash, struct hash_state *state, u8 *out)
{
	u8 digest[HASH_MAX_DIGESTSIZE];
	size_t size = 0;

	switch (hash) {
	case SHA1:
		size = 20;
		mbedtls_sha1_finish_ret(&state->sha1, digest);
		break;
	case SHA256:
		size = SHA256_DIGEST_SIZE;
		mbedtls_sha256_finish_ret(&state->sha256, digest);
		break;
	case SHA384:
	case SHA512:
		size = hash == SHA384 ? SHA384_DIGEST_SIZE : SHA512_DIGEST_SIZE;
		mbedtls_sha512_finish_ret(&state->sha512, digest);
		break;
	case CRC32C:
		size = 4;
		put_unaligned_le32(~state->crc, digest);
		break;
	case AES:
		break;
	}
	redzone_mark_written(digest, sizeof(digest));
	memcpy(out, digest, size);
}

void sha256(const u8 *data, unsigned int len, u8 *out)
{
	struct hash_state state;

	hash_start(SHA256, &state);
	hash_add(SHA256, &state, data, len);
	hash_end(SHA256, &state, out);
}

/* ---- Transforms ---- */

static const struct hash_alg *find_alg(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(algs); i++) {
		if (!strcmp(algs[i].name, name))
			return &algs[i];
	}
	return NULL;
}

static bool is_ignored(const struct hash_alg *alg)
{
	return alg->keyed != PLAIN && !redzone_crypto_real();
}

struct crypto_shash *crypto_alloc_shash(const char *name, u32 type, u32 mask)
{
	const struct hash_alg *alg = find_alg(name);
	struct crypto_shash *tfm;

	if (!alg)
		return ERR_PTR(-ENOENT);
	tfm = kzalloc(sizeof(*tfm), GFP_KERNEL);
	if (!tfm)
		return ERR_PTR(-ENOMEM);
	tfm->alg = alg;
	return tfm;
}

void crypto_free_shash(struct crypto_shash *tfm)
{
	if (!IS_ERR_OR_NULL(tfm))
		kfree_sensitive(tfm);
}

unsigned int crypto_shash_digestsize(const struct crypto_shash *tfm)
{
	return tfm->alg->digest_size;
}

unsigned int crypto_shash_descsize(const struct crypto_shash *tfm)
{
	return sizeof(struct hash_state);
}

/* A key longer than a block is hashed first (RFC 2104). */
static void set_hmac_key(struct crypto_shash *tfm, const u8 *key, unsigned int len)
{
	struct hash_state state;

	memset(tfm->key, 0, sizeof(tfm->key));
	if (len <= tfm->alg->block_size) {
		memcpy(tfm->key, key, len);
		return;
	}
	hash_start(tfm->alg->hash, &state);
	hash_add(tfm->alg->hash, &state, key, len);
	hash_end(tfm->alg->hash, &state, tfm->key);
}

int crypto_shash_setkey(struct crypto_shash *tfm, const u8 *key,
			unsigned int keylen)
{
	redzone_check_written(key, keylen);
	switch (tfm->alg->keyed) {
	case PLAIN:
		return -ENOSYS;
	case HMAC:
		set_hmac_key(tfm, key, keylen);
		break;
	case CMAC:
		if (keylen != 16 && keylen != 24 && keylen != 32)
			return -EINVAL;
		memcpy(tfm->key, key, keylen);
		break;
	}
	tfm->key_len = keylen;
	return 0;
}

static struct hash_state *state_of(struct shash_desc *desc)
{
	return (struct hash_state *)desc->__ctx;
}

/* The key XORed with @pad opens the inner and the outer hash. */
static void hmac_start(const struct crypto_shash *tfm, struct hash_state *state,
		       u8 pad)
{
	u8 block[BLOCK_MAX];
	unsigned int i;

	for (i = 0; i < tfm->alg->block_size; i++)
		block[i] = tfm->key[i] ^ pad;
	hash_start(tfm->alg->hash, state);
	hash_add(tfm->alg->hash, state, block, tfm->alg->block_size);
}

int crypto_shash_init(struct shash_desc *desc)
{
	const struct crypto_shash *tfm = desc->tfm;

	if (is_ignored(tfm->alg))
		return 0;
	if (tfm->alg->keyed == HMAC)
		hmac_start(tfm, state_of(desc), 0x36);
	else
		hash_start(tfm->alg->hash, state_of(desc));
	return 0;
}

static int cmac(const struct crypto_shash *tfm, const u8 *data, unsigned int len,
		u8 *out)
{
	const mbedtls_cipher_info_t *info;
	int err;

	info = mbedtls_cipher_info_from_values(MBEDTLS_CIPHER_ID_AES,
					       (int)tfm->key_len * 8,
					       MBEDTLS_MODE_ECB);
	if (!info)
		return -EINVAL;		/* no key was set */
	err = mbedtls_cipher_cmac(info, tfm->key, tfm->key_len * 8, data, len, out);
	redzone_mark_written(out, AES_BLOCK_SIZE);
	return err ? -EINVAL : 0;
}

int crypto_shash_update(struct shash_desc *desc, const u8 *data,
			unsigned int len)
{
	const struct hash_alg *alg = desc->tfm->alg;

	redzone_check_written(data, len);
	if (is_ignored(alg))
		return 0;
	if (alg->keyed == CMAC)
		return cmac(desc->tfm, data, len, state_of(desc)->mac);
	hash_add(alg->hash, state_of(desc), data, len);
	return 0;
}

int crypto_shash_final(struct shash_desc *desc, u8 *out)
{
	const struct hash_alg *alg = desc->tfm->alg;
	struct hash_state outer;
	u8 inner[HASH_MAX_DIGESTSIZE];

	if (is_ignored(alg)) {
		memset(out, 0, alg->digest_size);
	} else if (alg->keyed == CMAC) {
		memcpy(out, state_of(desc)->mac, AES_BLOCK_SIZE);
	} else if (alg->keyed == HMAC) {
		hash_end(alg->hash, state_of(desc), inner);
		hmac_start(desc->tfm, &outer, 0x5c);
		hash_add(alg->hash, &outer, inner, alg->digest_size);
		hash_end(alg->hash, &outer, out);
	} else {
		hash_end(alg->hash, state_of(desc), out);
	}
	return 0;
}

int crypto_shash_finup(struct shash_desc *desc, const u8 *data,
		       unsigned int len, u8 *out)
{
	int err = crypto_shash_update(desc, data, len);

	return err ? err : crypto_shash_final(desc, out);
}

int crypto_shash_digest(struct shash_desc *desc, const u8 *data,
			unsigned int len, u8 *out)
{
	int err = crypto_shash_init(desc);

	return err ? err : crypto_shash_finup(desc, data, len, out);
}

int crypto_shash_tfm_digest(struct crypto_shash *tfm, const u8 *data,
			    unsigned int len, u8 *out)
{
	SHASH_DESC_ON_STACK(desc, tfm);

	desc->tfm = tfm;
	return crypto_shash_digest(desc, data, len, out);
}

void shash_desc_zero(struct shash_desc *desc)
{
	memzero_explicit(state_of(desc), sizeof(struct hash_state));
}

int redzone_hmac(const char *alg, const void *key, unsigned int keylen,
		 const void *data, unsigned int len, u8 *out)
{
	struct crypto_shash tfm = { .alg = find_alg(alg) };
	int err;

	if (!tfm.alg || tfm.alg->keyed != HMAC)
		return -EINVAL;
	err = crypto_shash_setkey(&tfm, key, keylen);
	if (!err)
		err = crypto_shash_tfm_digest(&tfm, data, len, out);
	return err ? err : (int)tfm.alg->digest_size;
}

/* ---- AES ---- */

int aes_expandkey(struct crypto_aes_ctx *ctx, const u8 *in_key,
		  unsigned int key_len)
{
	redzone_check_written(in_key, key_len);
	if (key_len != 16 && key_len != 24 && key_len != 32)
		return -EINVAL;
	memcpy(ctx->key, in_key, key_len);
	ctx->key_length = key_len;
	return 0;
}

static void aes_block(const struct crypto_aes_ctx *ctx, int mode, u8 *out,
		      const u8 *in)
{
	mbedtls_aes_context aes;

	redzone_check_written(in, AES_BLOCK_SIZE);
	mbedtls_aes_init(&aes);
	if (mode == MBEDTLS_AES_ENCRYPT)
		mbedtls_aes_setkey_enc(&aes, ctx->key, ctx->key_length * 8);
	else
		mbedtls_aes_setkey_dec(&aes, ctx->key, ctx->key_length * 8);
	mbedtls_aes_crypt_ecb(&aes, mode, in, out);
	mbedtls_aes_free(&aes);
	redzone_mark_written(out, AES_BLOCK_SIZE);
}

void aes_encrypt(const struct crypto_aes_ctx *ctx, u8 *out, const u8 *in)
{
	aes_block(ctx, MBEDTLS_AES_ENCRYPT, out, in);
}

void aes_decrypt(const struct crypto_aes_ctx *ctx, u8 *out, const u8 *in)
{
	aes_block(ctx, MBEDTLS_AES_DECRYPT, out, in);
}

/* ---- AES-CCM ---- */

static void ccm_check_inputs(const struct redzone_ccm *ccm, const u8 *in, size_t len)
{
	redzone_check_written(ccm->key, AES_KEYSIZE_128);
	redzone_check_written(ccm->nonce, ccm->nonce_len);
	redzone_check_written(ccm->aad, ccm->aad_len);
	redzone_check_written(in, len);
}

int redzone_ccm_encrypt(const struct redzone_ccm *ccm, const u8 *in, size_t len,
			u8 *out, u8 *mic)
{
	mbedtls_ccm_context ctx;
	int err;

	ccm_check_inputs(ccm, in, len);
	if (!redzone_crypto_real()) {
		memmove(out, in, len);
		memset(mic, 0, ccm->mic_len);
		return 0;
	}
	mbedtls_ccm_init(&ctx);
	err = mbedtls_ccm_setkey(&ctx, MBEDTLS_CIPHER_ID_AES, ccm->key, 128);
	if (!err)
		err = mbedtls_ccm_encrypt_and_tag(&ctx, len, ccm->nonce,
						  ccm->nonce_len, ccm->aad,
						  ccm->aad_len, in, out, mic,
						  ccm->mic_len);
	mbedtls_ccm_free(&ctx);
	redzone_mark_written(out, len);
	redzone_mark_written(mic, ccm->mic_len);
	return err ? -EINVAL : 0;
}

int redzone_ccm_decrypt(const struct redzone_ccm *ccm, const u8 *in, size_t len,
			u8 *out, const u8 *mic)
{
	mbedtls_ccm_context ctx;
	int err;

	ccm_check_inputs(ccm, in, len);
	redzone_check_written(mic, ccm->mic_len);
	if (!redzone_crypto_real()) {
		memmove(out, in, len);
		return 0;
	}
	mbedtls_ccm_init(&ctx);
	err = mbedtls_ccm_setkey(&ctx, MBEDTLS_CIPHER_ID_AES, ccm->key, 128);
	if (!err)
		err = mbedtls_ccm_auth_decrypt(&ctx, len, ccm->nonce,
					       ccm->nonce_len, ccm->aad,
					       ccm->aad_len, in, out, mic,
					       ccm->mic_len);
	mbedtls_ccm_free(&ctx);
	redzone_mark_written(out, len);
	if (err == MBEDTLS_ERR_CCM_AUTH_FAILED)
		return -EBADMSG;
	return err ? -EINVAL : 0;
}
