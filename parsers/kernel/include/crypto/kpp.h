/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Key agreement.
 *
 * Changed for testing: the only algorithm is "ecdh-nist-p256"; scatterlists and
 * requests are not modelled, so that the two operations are plain calls on
 * big-endian numbers. A shared secret is computed for whatever point is given:
 * whether it lies on the curve is the caller's question (redzone_p256_valid()).
 */
#ifndef _CRYPTO_KPP_H
#define _CRYPTO_KPP_H

#include <linux/types.h>

struct crypto_kpp;

/* Return: a transform, ERR_PTR(-ENOENT) for an unknown name, or -ENOMEM. */
struct crypto_kpp *crypto_alloc_kpp(const char *name, u32 type, u32 mask);
void crypto_free_kpp(struct crypto_kpp *tfm);

/* Without @key a new one is made. Return: 0, or -EINVAL for a bad length or number. */
int crypto_kpp_set_secret(struct crypto_kpp *tfm, const u8 *key, unsigned int len);

/* Each: 0, or -EINVAL before a secret is set. */
int crypto_kpp_generate_public_key(struct crypto_kpp *tfm, u8 *public_key);
int crypto_kpp_compute_shared_secret(struct crypto_kpp *tfm, const u8 *public_key,
				     u8 *secret);

#endif /* _CRYPTO_KPP_H */
