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

/*
 * Affine arithmetic without the curve's b, for points that the library refuses.
 * Slow (an inversion a step) and not constant in time; neither matters here.
 */
struct affine {
	mbedtls_mpi x, y;
	bool infinity;
};

struct scratch {
	const mbedtls_mpi *p;
	mbedtls_mpi slope, t;
};

/* @s->slope = @s->slope / @s->t, modulo p; @s->t is no multiple of p */
static int divide(struct scratch *s)
{
	return mbedtls_mpi_inv_mod(&s->t, &s->t, s->p) ||
	       mbedtls_mpi_mul_mpi(&s->slope, &s->slope, &s->t) ||
	       mbedtls_mpi_mod_mpi(&s->slope, &s->slope, s->p);
}

/* The third point on the line of slope @s->slope through @a and (@bx, ...), mirrored. */
static int third(struct scratch *s, struct affine *a, const mbedtls_mpi *bx)
{
	return mbedtls_mpi_mul_mpi(&s->t, &s->slope, &s->slope) ||
	       mbedtls_mpi_sub_mpi(&s->t, &s->t, &a->x) ||
	       mbedtls_mpi_sub_mpi(&s->t, &s->t, bx) ||
	       mbedtls_mpi_mod_mpi(&s->t, &s->t, s->p) ||
	       mbedtls_mpi_sub_mpi(&a->x, &a->x, &s->t) ||
	       mbedtls_mpi_mul_mpi(&a->x, &a->x, &s->slope) ||
	       mbedtls_mpi_sub_mpi(&a->y, &a->x, &a->y) ||
	       mbedtls_mpi_mod_mpi(&a->y, &a->y, s->p) ||
	       mbedtls_mpi_copy(&a->x, &s->t);
}

static int twice(struct scratch *s, struct affine *a)
{
	mbedtls_mpi x;
	int err;

	if (a->infinity)
		return 0;
	if (!mbedtls_mpi_cmp_int(&a->y, 0)) {
		a->infinity = true;
		return 0;
	}
	mbedtls_mpi_init(&x);
	err = mbedtls_mpi_copy(&x, &a->x) ||
	      mbedtls_mpi_mul_mpi(&s->slope, &a->x, &a->x) ||
	      mbedtls_mpi_sub_int(&s->slope, &s->slope, 1) ||
	      mbedtls_mpi_mul_int(&s->slope, &s->slope, 3) ||
	      mbedtls_mpi_mod_mpi(&s->slope, &s->slope, s->p) ||
	      mbedtls_mpi_add_mpi(&s->t, &a->y, &a->y) ||
	      mbedtls_mpi_mod_mpi(&s->t, &s->t, s->p) ||
	      divide(s) || third(s, a, &x);
	mbedtls_mpi_free(&x);
	return err;
}

static int add(struct scratch *s, struct affine *a, const struct affine *b)
{
	if (a->infinity) {
		a->infinity = false;
		return mbedtls_mpi_copy(&a->x, &b->x) || mbedtls_mpi_copy(&a->y, &b->y);
	}
	if (!mbedtls_mpi_cmp_mpi(&a->x, &b->x)) {
		if (!mbedtls_mpi_cmp_mpi(&a->y, &b->y))
			return twice(s, a);
		a->infinity = true;
		return 0;
	}
	return mbedtls_mpi_sub_mpi(&s->slope, &b->y, &a->y) ||
	       mbedtls_mpi_sub_mpi(&s->t, &b->x, &a->x) ||
	       mbedtls_mpi_mod_mpi(&s->t, &s->t, s->p) ||
	       divide(s) || third(s, a, &b->x);
}

static int multiply_any(struct p256 *p, u8 *secret)
{
	struct scratch s = { .p = &p->group.P };
	struct affine base = { 0 }, sum = { .infinity = true };
	size_t bit = mbedtls_mpi_bitlen(&p->scalar);
	int err;

	mbedtls_mpi_init(&s.slope);
	mbedtls_mpi_init(&s.t);
	mbedtls_mpi_init(&base.x);
	mbedtls_mpi_init(&base.y);
	mbedtls_mpi_init(&sum.x);
	mbedtls_mpi_init(&sum.y);
	err = mbedtls_mpi_mod_mpi(&base.x, &p->point.X, s.p) ||
	      mbedtls_mpi_mod_mpi(&base.y, &p->point.Y, s.p);
	while (!err && bit--) {
		err = twice(&s, &sum);
		if (!err && mbedtls_mpi_get_bit(&p->scalar, bit))
			err = add(&s, &sum, &base);
	}
	if (sum.infinity)
		memset(secret, 0, REDZONE_P256_SECRET);
	else if (!err)
		err = mbedtls_mpi_write_binary(&sum.x, secret, REDZONE_P256_SECRET);
	mbedtls_mpi_free(&s.slope);
	mbedtls_mpi_free(&s.t);
	mbedtls_mpi_free(&base.x);
	mbedtls_mpi_free(&base.y);
	mbedtls_mpi_free(&sum.x);
	mbedtls_mpi_free(&sum.y);
	return err;
}

int redzone_p256_multiply(const u8 *private_key, const u8 *point, u8 *secret)
{
	struct p256 p;
	int err;

	if (!redzone_crypto_real() || redzone_p256_valid(point))
		return redzone_p256_secret(private_key, point, secret);

	err = p256_open(&p) || load_scalar(&p, private_key);
	if (!err) {
		load_point(&p, point);		/* sets the coordinates and refuses them */
		err = multiply_any(&p, secret);
	}
	p256_close(&p);
	if (err)
		return -EINVAL;
	redzone_mark_written(secret, REDZONE_P256_SECRET);
	return 0;
}
