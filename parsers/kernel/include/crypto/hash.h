/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Synchronous hashes.
 *
 * Changed for testing: the names known are sha1, sha256, sha384, sha512, their
 * hmac(...), cmac(aes) and crc32c. In crypto-ignored mode a keyed hash is all
 * zero bytes and costs nothing; it compares equal through crypto_memneq(). A
 * descriptor of cmac(aes) takes all its data in one call.
 */
#ifndef _CRYPTO_HASH_H
#define _CRYPTO_HASH_H

#include <linux/types.h>

#define HASH_MAX_DIGESTSIZE	64
#define HASH_MAX_DESCSIZE	512

struct crypto_shash;

struct shash_desc {
	struct crypto_shash *tfm;
	void *__ctx[] __aligned(8);
};

#define SHASH_DESC_ON_STACK(shash, ctx) \
	char __##shash##_desc[sizeof(struct shash_desc) + HASH_MAX_DESCSIZE] \
		__aligned(8); \
	struct shash_desc *shash = (struct shash_desc *)__##shash##_desc

/* Return: a transform, ERR_PTR(-ENOENT) for an unknown name, or -ENOMEM. */
struct crypto_shash *crypto_alloc_shash(const char *name, u32 type, u32 mask);
void crypto_free_shash(struct crypto_shash *tfm);
int crypto_shash_setkey(struct crypto_shash *tfm, const u8 *key,
			unsigned int keylen);
unsigned int crypto_shash_digestsize(const struct crypto_shash *tfm);
unsigned int crypto_shash_descsize(const struct crypto_shash *tfm);

int crypto_shash_init(struct shash_desc *desc);
int crypto_shash_update(struct shash_desc *desc, const u8 *data,
			unsigned int len);
int crypto_shash_final(struct shash_desc *desc, u8 *out);
int crypto_shash_finup(struct shash_desc *desc, const u8 *data,
		       unsigned int len, u8 *out);
int crypto_shash_digest(struct shash_desc *desc, const u8 *data,
			unsigned int len, u8 *out);
int crypto_shash_tfm_digest(struct crypto_shash *tfm, const u8 *data,
			    unsigned int len, u8 *out);
void shash_desc_zero(struct shash_desc *desc);

#endif /* _CRYPTO_HASH_H */
