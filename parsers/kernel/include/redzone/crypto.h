/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Crypto whose kernel interface (scatterlists, requests) is not modelled, as
 * plain calls; the kernel's names are in <crypto/hash.h>, <crypto/aes.h>,
 * <crypto/sha2.h> and <crypto/algapi.h>.
 *
 * An input is in crypto-ignored mode unless its control trailer asks for
 * crypto-real. Ignored: every comparison of secrets succeeds, keyed digests are
 * zero, authenticated decryption only copies, every public key is accepted, a
 * public key is the private one twice and a shared secret the peer's x.
 */
#ifndef REDZONE_CRYPTO_H
#define REDZONE_CRYPTO_H

#include <crypto/algapi.h>
#include <linux/types.h>

enum {
	REDZONE_P256_PRIVATE	= 32,	/* big-endian scalar */
	REDZONE_P256_PUBLIC	= 64,	/* big-endian x, y */
	REDZONE_P256_SECRET	= 32,	/* big-endian x of the product */
};

/* Whether this input checks confirm values, digests and MICs. */
bool redzone_crypto_real(void);

/*
 * One-shot HMAC of @len bytes: @alg is "hmac(sha1)", "hmac(sha256)", … In
 * crypto-ignored mode @out is zeroed. Return: digest length, or -EINVAL.
 */
int redzone_hmac(const char *alg, const void *key, unsigned int keylen,
		 const void *data, unsigned int len, u8 *out);

/* What AES-CCM works on. */
struct redzone_ccm {
	const u8 *key;			/* 16 bytes */
	const u8 *nonce;
	size_t nonce_len;		/* 7 to 13 */
	const u8 *aad;
	size_t aad_len;
	size_t mic_len;			/* 4 to 16, even */
};

/* Each: 0, -EINVAL for bad lengths; decryption -EBADMSG for a wrong MIC. */
int redzone_ccm_encrypt(const struct redzone_ccm *ccm, const u8 *in, size_t len,
			u8 *out, u8 *mic);
int redzone_ccm_decrypt(const struct redzone_ccm *ccm, const u8 *in, size_t len,
			u8 *out, const u8 *mic);

/* Return: whether @public_key is a point on P-256. */
bool redzone_p256_valid(const u8 *public_key);

/* Return: 0, or -EINVAL when the private key is not in [1, n - 1]. */
int redzone_p256_public_key(const u8 *private_key, u8 *public_key);

/* Return: 0, or -EINVAL for a bad key of either kind. */
int redzone_p256_secret(const u8 *private_key, const u8 *public_key, u8 *secret);

/*
 * The same for any pair of coordinates, on the curve or not: the addition formulas
 * never use the curve's constant b, which is what invalid-curve attacks live on. The
 * x of the point at infinity reads as 0. Return: 0, or -EINVAL for a bad private key.
 */
int redzone_p256_multiply(const u8 *private_key, const u8 *point, u8 *secret);

#endif /* REDZONE_CRYPTO_H */
