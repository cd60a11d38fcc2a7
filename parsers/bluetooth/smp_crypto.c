// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cryptographic toolbox of the Security Manager.
 *
 * Modelled on: Linux 6.1 net/bluetooth/smp.c (aes_cmac, smp_f4, smp_f5, smp_f6,
 *	smp_g2, smp_h6, smp_h7, smp_e, smp_c1, smp_s1, smp_ah)
 * Spec: Core Specification 5.4 Vol 3 Part H 2.2
 * Differs: messages are built by appending instead of at fixed offsets.
 */
#include <crypto/aes.h>
#include <crypto/algapi.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <asm/unaligned.h>

#include "smp_crypto.h"

enum { CMAC_MSG_MAX = 80 };	/* that of g2, the longest message */

static void swap_buf(const u8 *src, u8 *dst, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		dst[len - 1 - i] = src[i];
}

static u8 *put(u8 *at, const u8 *src, size_t len)
{
	memcpy(at, src, len);
	return at + len;
}

static int aes_cmac(struct crypto_shash *tfm, const u8 k[16], const u8 *m,
		    size_t len, u8 mac[16])
{
	u8 tmp[16], mac_msb[16], msg_msb[CMAC_MSG_MAX];
	int err;

	if (len > CMAC_MSG_MAX)
		return -EFBIG;

	if (!tfm)
		return -EINVAL;

	swap_buf(k, tmp, 16);
	swap_buf(m, msg_msb, len);

	err = crypto_shash_setkey(tfm, tmp, 16);
	if (err)
		return err;

	err = crypto_shash_tfm_digest(tfm, msg_msb, (unsigned int)len, mac_msb);
	if (err)
		return err;

	swap_buf(mac_msb, mac, 16);
	return 0;
}

/* 2.2.6: the confirm value of public keys @u and @v, nonce @x and passkey bit @z */
int smp_f4(struct crypto_shash *tfm_cmac, const u8 u[32], const u8 v[32],
	   const u8 x[16], u8 z, u8 res[16])
{
	u8 m[65], *at = m;

	*at++ = z;
	at = put(at, v, 32);
	put(at, u, 32);

	return aes_cmac(tfm_cmac, x, m, sizeof(m), res);
}

/* 2.2.7: MacKey and LTK from the shared secret @w, nonces and addresses */
int smp_f5(struct crypto_shash *tfm_cmac, const u8 w[32], const u8 n1[16],
	   const u8 n2[16], const u8 a1[7], const u8 a2[7], u8 mackey[16],
	   u8 ltk[16])
{
	static const u8 btle[4] = { 'e', 'l', 't', 'b' };
	static const u8 length[2] = { 0x00, 0x01 };		/* 256 bits */
	static const u8 salt[16] = {
		0xbe, 0x83, 0x60, 0x5a, 0xdb, 0x0b, 0x37, 0x60,
		0x38, 0xa5, 0xf5, 0xaa, 0x91, 0x83, 0x88, 0x6c,
	};
	u8 m[53], t[16], *at = m;
	int err;

	err = aes_cmac(tfm_cmac, salt, w, 32, t);
	if (err)
		return err;

	at = put(at, length, 2);
	at = put(at, a2, 7);
	at = put(at, a1, 7);
	at = put(at, n2, 16);
	at = put(at, n1, 16);
	at = put(at, btle, 4);

	*at = 0;		/* counter */
	err = aes_cmac(tfm_cmac, t, m, sizeof(m), mackey);
	if (err)
		return err;

	*at = 1;
	return aes_cmac(tfm_cmac, t, m, sizeof(m), ltk);
}

/* 2.2.8: the DHKey check value */
int smp_f6(struct crypto_shash *tfm_cmac, const u8 w[16], const u8 n1[16],
	   const u8 n2[16], const u8 r[16], const u8 io_cap[3], const u8 a1[7],
	   const u8 a2[7], u8 res[16])
{
	u8 m[65], *at = m;

	at = put(at, a2, 7);
	at = put(at, a1, 7);
	at = put(at, io_cap, 3);
	at = put(at, r, 16);
	at = put(at, n2, 16);
	put(at, n1, 16);

	return aes_cmac(tfm_cmac, w, m, sizeof(m), res);
}

/* 2.2.9: the six digits that two users compare */
int smp_g2(struct crypto_shash *tfm_cmac, const u8 u[32], const u8 v[32],
	   const u8 x[16], const u8 y[16], u32 *val)
{
	u8 m[CMAC_MSG_MAX], tmp[16], *at = m;
	int err;

	at = put(at, y, 16);
	at = put(at, v, 32);
	put(at, u, 32);

	err = aes_cmac(tfm_cmac, x, m, sizeof(m), tmp);
	if (err)
		return err;

	*val = get_unaligned_le32(tmp) % 1000000;
	return 0;
}

/* 2.2.10: a key for another purpose, named by @key_id */
int smp_h6(struct crypto_shash *tfm_cmac, const u8 w[16], const u8 key_id[4],
	   u8 res[16])
{
	return aes_cmac(tfm_cmac, w, key_id, 4, res);
}

/* 2.2.11: the intermediate key when both sides know about @salt */
int smp_h7(struct crypto_shash *tfm_cmac, const u8 w[16], const u8 salt[16],
	   u8 res[16])
{
	return aes_cmac(tfm_cmac, salt, w, 16, res);
}

/* 2.2.1: AES-128 of @r in place */
static int smp_e(const u8 *k, u8 *r)
{
	struct crypto_aes_ctx ctx;
	u8 tmp[16], data[16];
	int err;

	swap_buf(k, tmp, 16);
	err = aes_expandkey(&ctx, tmp, 16);
	if (err)
		return err;

	swap_buf(r, data, 16);
	aes_encrypt(&ctx, data, data);
	swap_buf(data, r, 16);

	memzero_explicit(&ctx, sizeof(ctx));
	return 0;
}

/* 2.2.3: the confirm value of legacy pairing */
int smp_c1(const u8 k[16], const u8 r[16], const u8 preq[7], const u8 pres[7],
	   u8 _iat, const bdaddr_t *ia, u8 _rat, const bdaddr_t *ra, u8 res[16])
{
	u8 p1[16], p2[16], *at = p1;
	int err;

	*at++ = _iat;
	*at++ = _rat;
	at = put(at, preq, 7);
	put(at, pres, 7);

	crypto_xor_cpy(res, r, p1, sizeof(p1));
	err = smp_e(k, res);
	if (err)
		return err;

	at = put(p2, ra->b, sizeof(*ra));
	at = put(at, ia->b, sizeof(*ia));
	memset(at, 0, 4);

	crypto_xor(res, p2, sizeof(p2));
	return smp_e(k, res);
}

/* 2.2.4: the short-term key; only the lower halves of the nonces count */
int smp_s1(const u8 k[16], const u8 r1[16], const u8 r2[16], u8 _r[16])
{
	memcpy(_r, r2, 8);
	memcpy(_r + 8, r1, 8);

	return smp_e(k, _r);
}

/* 2.2.2: the hash part of a resolvable private address */
int smp_ah(const u8 irk[16], const u8 r[3], u8 res[3])
{
	u8 _res[16] = { 0 };
	int err;

	memcpy(_res, r, 3);
	err = smp_e(irk, _res);
	if (err)
		return err;

	memcpy(res, _res, 3);
	return 0;
}
