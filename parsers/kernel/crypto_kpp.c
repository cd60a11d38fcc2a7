/* SPDX-License-Identifier: GPL-2.0-only */
/* Key agreement on P-256: a private key and what is computed with it. */
#include <crypto/kpp.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <redzone/crypto.h>

struct crypto_kpp {
	u8 key[REDZONE_P256_PRIVATE];
	u8 public_key[REDZONE_P256_PUBLIC];
	bool set;
};

struct crypto_kpp *crypto_alloc_kpp(const char *name, u32 type, u32 mask)
{
	struct crypto_kpp *tfm;

	if (strcmp(name, "ecdh-nist-p256"))
		return ERR_PTR(-ENOENT);
	tfm = kzalloc(sizeof(*tfm), GFP_KERNEL);
	return tfm ? tfm : ERR_PTR(-ENOMEM);
}

void crypto_free_kpp(struct crypto_kpp *tfm)
{
	if (!IS_ERR_OR_NULL(tfm))
		kfree_sensitive(tfm);
}

int crypto_kpp_set_secret(struct crypto_kpp *tfm, const u8 *key, unsigned int len)
{
	tfm->set = false;
	if (key && len != sizeof(tfm->key))
		return -EINVAL;
	if (key)
		memcpy(tfm->key, key, len);
	else
		get_random_bytes(tfm->key, sizeof(tfm->key));
	if (redzone_p256_public_key(tfm->key, tfm->public_key))
		return -EINVAL;
	tfm->set = true;
	return 0;
}

int crypto_kpp_generate_public_key(struct crypto_kpp *tfm, u8 *public_key)
{
	if (!tfm->set)
		return -EINVAL;
	memcpy(public_key, tfm->public_key, sizeof(tfm->public_key));
	return 0;
}

int crypto_kpp_compute_shared_secret(struct crypto_kpp *tfm, const u8 *public_key,
				     u8 *secret)
{
	if (!tfm->set)
		return -EINVAL;
	return redzone_p256_multiply(tfm->key, public_key, secret);
}
