/* SPDX-License-Identifier: GPL-2.0-only */
/* The AES block cipher. Faithful in use; computed in every crypto mode. */
#ifndef _CRYPTO_AES_H
#define _CRYPTO_AES_H

#include <linux/types.h>

#define AES_KEYSIZE_128		16
#define AES_KEYSIZE_192		24
#define AES_KEYSIZE_256		32
#define AES_BLOCK_SIZE		16
#define AES_MAX_KEY_SIZE	32

struct crypto_aes_ctx {
	u8 key[AES_MAX_KEY_SIZE];
	u32 key_length;
};

/* Return: 0, or -EINVAL for a key of another length. */
int aes_expandkey(struct crypto_aes_ctx *ctx, const u8 *in_key,
		  unsigned int key_len);
void aes_encrypt(const struct crypto_aes_ctx *ctx, u8 *out, const u8 *in);
void aes_decrypt(const struct crypto_aes_ctx *ctx, u8 *out, const u8 *in);

#endif /* _CRYPTO_AES_H */
