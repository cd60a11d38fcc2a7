/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cryptographic toolbox of the Security Manager (Vol 3 Part H 2.2). All numbers
 * are little-endian: the first byte is the least significant one. Each: 0 or -errno.
 */
#ifndef REDZONE_BLUETOOTH_SMP_CRYPTO_H
#define REDZONE_BLUETOOTH_SMP_CRYPTO_H

#include <crypto/hash.h>
#include <net/bluetooth/bluetooth.h>

/* Secure Connections, on AES-CMAC */
int smp_f4(struct crypto_shash *tfm_cmac, const u8 u[32], const u8 v[32],
	   const u8 x[16], u8 z, u8 res[16]);
int smp_f5(struct crypto_shash *tfm_cmac, const u8 w[32], const u8 n1[16],
	   const u8 n2[16], const u8 a1[7], const u8 a2[7], u8 mackey[16],
	   u8 ltk[16]);
int smp_f6(struct crypto_shash *tfm_cmac, const u8 w[16], const u8 n1[16],
	   const u8 n2[16], const u8 r[16], const u8 io_cap[3], const u8 a1[7],
	   const u8 a2[7], u8 res[16]);
int smp_g2(struct crypto_shash *tfm_cmac, const u8 u[32], const u8 v[32],
	   const u8 x[16], const u8 y[16], u32 *val);
int smp_h6(struct crypto_shash *tfm_cmac, const u8 w[16], const u8 key_id[4],
	   u8 res[16]);
int smp_h7(struct crypto_shash *tfm_cmac, const u8 w[16], const u8 salt[16],
	   u8 res[16]);

/* Legacy pairing and private addresses, on AES */
int smp_c1(const u8 k[16], const u8 r[16], const u8 preq[7], const u8 pres[7],
	   u8 _iat, const bdaddr_t *ia, u8 _rat, const bdaddr_t *ra, u8 res[16]);
int smp_s1(const u8 k[16], const u8 r1[16], const u8 r2[16], u8 _r[16]);
int smp_ah(const u8 irk[16], const u8 r[3], u8 res[3]);

#endif /* REDZONE_BLUETOOTH_SMP_CRYPTO_H */
