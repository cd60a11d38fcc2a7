/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Comparing and combining secrets.
 *
 * Changed for testing: in crypto-ignored mode (the default of an input) every
 * comparison of secrets succeeds, so that an engine gets behind confirm values,
 * digests and MICs.
 */
#ifndef _CRYPTO_ALGAPI_H
#define _CRYPTO_ALGAPI_H

#include <linux/types.h>

/* 0 if equal, or if this input's secrets are not to be checked. */
int crypto_memneq(const void *a, const void *b, size_t size);

/* dst ^= src */
void crypto_xor(u8 *dst, const u8 *src, unsigned int size);

/* dst = src1 ^ src2 */
void crypto_xor_cpy(u8 *dst, const u8 *src1, const u8 *src2, unsigned int size);

#endif /* _CRYPTO_ALGAPI_H */
