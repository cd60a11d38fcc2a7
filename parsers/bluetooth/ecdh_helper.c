// SPDX-License-Identifier: GPL-2.0-only
/*
 * P-256 key agreement for the Security Manager: byte order, and the peer's point.
 *
 * Modelled on: Linux 6.1 net/bluetooth/ecdh_helper.c; crypto/ecc.c
 *	(ecc_is_pubkey_valid_partial, called from crypto_ecdh_shared_secret)
 * Spec: Core Specification 5.4 Vol 3 Part H 2.3.5.6.1
 * Differs: no requests and completions; the check that a peer's key is a point on
 *	the curve, which Linux has inside its crypto layer, stands here.
 */
#include <crypto/kpp.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <redzone/crypto.h>
#include <redzone/guard.h>

#include "ecdh_helper.h"

/* The four 64-bit digits of a coordinate, from one byte order to the other. */
static void swap_digits(const u8 *in, u8 *out)
{
	int i;

	for (i = 0; i < 32; i++)
		out[i] = in[31 - i];
}

/**
 * compute_ecdh_secret() - the shared secret with a peer
 * @tfm: has the own private key
 * @public_key: x and y of the peer, little-endian
 * @secret: x of the product, little-endian
 *
 * Return: 0, -EINVAL for a key that is no point on the curve, -ENOMEM.
 */
int compute_ecdh_secret(struct crypto_kpp *tfm, const u8 public_key[64],
			u8 secret[32])
{
	u8 *tmp;
	int err;

	tmp = kmalloc(64, GFP_KERNEL);
	if (!tmp)
		return -ENOMEM;

	swap_digits(public_key, tmp);
	swap_digits(&public_key[32], &tmp[32]);

	if (malformed_in(CVE_2018_5383, !redzone_p256_valid(tmp))) {
		err = -EINVAL;
		goto free_tmp;
	}

	err = crypto_kpp_compute_shared_secret(tfm, tmp, secret);
	if (err)
		goto free_tmp;

	swap_digits(secret, tmp);
	memcpy(secret, tmp, 32);

free_tmp:
	kfree_sensitive(tmp);
	return err;
}

/**
 * set_ecdh_privkey() - set a private key, or make one
 * @tfm: receives the key
 * @private_key: little-endian, or NULL for a new key
 *
 * Return: 0, -EINVAL for a number that is no private key, -ENOMEM.
 */
int set_ecdh_privkey(struct crypto_kpp *tfm, const u8 private_key[32])
{
	u8 *tmp = NULL;
	int err;

	if (private_key) {
		tmp = kmalloc(32, GFP_KERNEL);
		if (!tmp)
			return -ENOMEM;
		swap_digits(private_key, tmp);
	}

	err = crypto_kpp_set_secret(tfm, tmp, 32);

	kfree_sensitive(tmp);
	return err;
}

/**
 * generate_ecdh_public_key() - the public key of the private key that is set
 * @tfm: has the private key
 * @public_key: x and y, little-endian
 *
 * Return: 0, -EINVAL without a private key, -ENOMEM.
 */
int generate_ecdh_public_key(struct crypto_kpp *tfm, u8 public_key[64])
{
	u8 *tmp;
	int err;

	tmp = kmalloc(64, GFP_KERNEL);
	if (!tmp)
		return -ENOMEM;

	err = crypto_kpp_generate_public_key(tfm, tmp);
	if (err)
		goto free_tmp;

	swap_digits(tmp, public_key);
	swap_digits(&tmp[32], &public_key[32]);

free_tmp:
	kfree(tmp);
	return err;
}

/**
 * generate_ecdh_keys() - a new key pair
 * @tfm: receives the private key
 * @public_key: x and y, little-endian
 *
 * Return: as the two calls it consists of.
 */
int generate_ecdh_keys(struct crypto_kpp *tfm, u8 public_key[64])
{
	int err;

	err = set_ecdh_privkey(tfm, NULL);
	if (err)
		return err;

	return generate_ecdh_public_key(tfm, public_key);
}
