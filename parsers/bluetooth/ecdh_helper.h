/* SPDX-License-Identifier: GPL-2.0-only */
/* P-256 keys in the little-endian form of the Security Manager Protocol. */
#ifndef REDZONE_BLUETOOTH_ECDH_HELPER_H
#define REDZONE_BLUETOOTH_ECDH_HELPER_H

#include <crypto/kpp.h>
#include <linux/types.h>

/* Each: 0 or negative errno. The private key of @tfm must be set, except where it is. */
int compute_ecdh_secret(struct crypto_kpp *tfm, const u8 public_key[64],
			u8 secret[32]);
int set_ecdh_privkey(struct crypto_kpp *tfm, const u8 private_key[32]);
int generate_ecdh_public_key(struct crypto_kpp *tfm, u8 public_key[64]);
int generate_ecdh_keys(struct crypto_kpp *tfm, u8 public_key[64]);

#endif /* REDZONE_BLUETOOTH_ECDH_HELPER_H */
