/* SPDX-License-Identifier: GPL-2.0-only */
/* SHA-2. Faithful; computed in every crypto mode. */
#ifndef _CRYPTO_SHA2_H
#define _CRYPTO_SHA2_H

#include <linux/types.h>

#define SHA256_DIGEST_SIZE	32
#define SHA256_BLOCK_SIZE	64
#define SHA384_DIGEST_SIZE	48
#define SHA384_BLOCK_SIZE	128
#define SHA512_DIGEST_SIZE	64
#define SHA512_BLOCK_SIZE	128

void sha256(const u8 *data, unsigned int len, u8 *out);

#endif /* _CRYPTO_SHA2_H */
