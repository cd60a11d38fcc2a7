/* SPDX-License-Identifier: GPL-2.0-only */
/* The NIST curve P-256 over mbedTLS. */
#include <mbedtls/ecp.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <redzone/crypto.h>
#include <redzone/sanitizer.h>

struct p256 {
	mbedtls_ecp_group group;
	mbedtls_ecp_point point;
	mbedtls_ecp_point result;
	mbedtls_mpi scalar;
};

static int p256_open(struct p256 *p)
{
	mbedtls_ecp_group_init(&p->group);
	mbedtls_ecp_point_init(&p->point);
	mbedtls_ecp_point_init(&p->result);
	mbedtls_mpi_init(&p->scalar);
	return mbedtls_ecp_group_load(&p->group, MBEDTLS_ECP_DP_SECP256R1);
}

static void p256_close(struct p256 *p)
{
	mbedtls_mpi_free(&p->scalar);
	mbedtls_ecp_point_free(&p->result);
	mbedtls_ecp_point_free(&p->point);
	mbedtls_ecp_group_free(&p->group);
}

/*
 * The library blinds its multiplication with random numbers; the result does not
 * depend on them, so a counter does. (No secret here needs protection.)
 */
static int blinding(void *unused, unsigned char *out, size_t len)
{
	static unsigned int counter;

	while (len--)
		*out++ = (u8)++counter;
	return 0;
}

static int load_point(struct p256 *p, const u8 *public_key)
{
	redzone_check_written(public_key, REDZONE_P256_PUBLIC);
	return mbedtls_mpi_read_binary(&p->point.X, public_key, 32) ||
	       mbedtls_mpi_read_binary(&p->point.Y, public_key + 32, 32) ||
	       mbedtls_mpi_lset(&p->point.Z, 1) ||
	       mbedtls_ecp_check_pubkey(&p->group, &p->point);
}

static int load_scalar(struct p256 *p, const u8 *private_key)
{
	redzone_check_written(private_key, REDZONE_P256_PRIVATE);
	return mbedtls_mpi_read_binary(&p->scalar, private_key, 32) ||
	       mbedtls_ecp_check_privkey(&p->group, &p->scalar);
}

static int multiply(struct p256 *p, const mbedtls_ecp_point *point)
{
	return mbedtls_ecp_mul(&p->group, &p->result, &p->scalar, point, blinding,
			       NULL);
}

bool redzone_p256_valid(const u8 *public_key)
{
	struct p256 p;
	bool valid;

	redzone_check_written(public_key, REDZONE_P256_PUBLIC);
	if (!redzone_crypto_real())
		return true;
	valid = !p256_open(&p) && !load_point(&p, public_key);
	p256_close(&p);
	return valid;
}

int redzone_p256_public_key(const u8 *private_key, u8 *public_key)
{
	struct p256 p;
	int err;

	if (!redzone_crypto_real()) {
		memcpy(public_key, private_key, REDZONE_P256_PRIVATE);
		memcpy(public_key + 32, private_key, REDZONE_P256_PRIVATE);
		return 0;
	}
	err = p256_open(&p) || load_scalar(&p, private_key) ||
	      multiply(&p, &p.group.G) ||
	      mbedtls_mpi_write_binary(&p.result.X, public_key, 32) ||
	      mbedtls_mpi_write_binary(&p.result.Y, public_key + 32, 32);
	p256_close(&p);
	if (err)
		return -EINVAL;
	redzone_mark_written(public_key, REDZONE_P256_PUBLIC);
	return 0;
}

int redzone_p256_secret(const u8 *private_key, const u8 *public_key, u8 *secret)
{
	struct p256 p;
	int err;

	redzone_check_written(private_key, REDZONE_P256_PRIVATE);
	redzone_check_written(public_key, REDZONE_P256_PUBLIC);
	if (!redzone_crypto_real()) {
		memcpy(secret, public_key, REDZONE_P256_SECRET);
		return 0;
	}
	err = p256_open(&p) || load_scalar(&p, private_key) ||
	      load_point(&p, public_key) || multiply(&p, &p.point) ||
	      mbedtls_mpi_write_binary(&p.result.X, secret, 32);
	p256_close(&p);
	if (err)
		return -EINVAL;
	redzone_mark_written(secret, REDZONE_P256_SECRET);
	return 0;
}
