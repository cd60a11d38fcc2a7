/* SPDX-License-Identifier: GPL-2.0-only */
/* Strings, numbers and checksums. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <asm/checksum.h>
#include <asm/unaligned.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

ssize_t strscpy(char *dst, const char *src, size_t count)
{
	size_t len;

	if (!count)
		return -E2BIG;
	len = strnlen(src, count);
	if (len == count) {
		memcpy(dst, src, count - 1);
		dst[count - 1] = '\0';
		return -E2BIG;
	}
	memcpy(dst, src, len + 1);
	return (ssize_t)len;
}

ssize_t strscpy_pad(char *dst, const char *src, size_t count)
{
	ssize_t n = strscpy(dst, src, count);

	if (n >= 0)
		memset(dst + n, 0, count - (size_t)n);
	return n;
}

void *memchr_inv(const void *start, int c, size_t bytes)
{
	const u8 *p = start;

	for (; bytes; p++, bytes--) {
		if (*p != (u8)c)
			return (void *)p;
	}
	return NULL;
}

void memzero_explicit(void *s, size_t count)
{
	memset(s, 0, count);
	__asm__ __volatile__("" : : "r"(s) : "memory");
}

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int n = vsnprintf(buf, size, fmt, args);

	if (n < 0 || !size)
		return 0;
	return (size_t)n < size ? n : (int)(size - 1);
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}

int hex_to_bin(unsigned char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch |= 0x20;
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	return -1;
}

int hex2bin(u8 *dst, const char *src, size_t count)
{
	for (; count; count--, src += 2) {
		int hi = hex_to_bin((unsigned char)src[0]), lo;

		if (hi < 0)
			return -EINVAL;
		lo = hex_to_bin((unsigned char)src[1]);
		if (lo < 0)
			return -EINVAL;
		*dst++ = (u8)(hi << 4 | lo);
	}
	return 0;
}

char *bin2hex(char *dst, const void *src, size_t count)
{
	static const char digits[] = "0123456789abcdef";
	const u8 *p = src;

	for (; count; count--, p++) {
		*dst++ = digits[*p >> 4];
		*dst++ = digits[*p & 15];
	}
	return dst;
}

/* A sign is refused; one trailing newline is not. */
int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	unsigned long long value;
	char *end;

	if (*s == '+')
		s++;
	if (hex_to_bin((unsigned char)*s) < 0)
		return -EINVAL;
	errno = 0;
	value = strtoull(s, &end, (int)base);
	if (end == s)
		return -EINVAL;
	if (*end == '\n')
		end++;
	if (*end)
		return -EINVAL;
	if (errno)
		return -ERANGE;
	*res = value;
	return 0;
}

static int kstrtou_max(const char *s, unsigned int base, unsigned long long max,
		       unsigned long long *res)
{
	int err = kstrtoull(s, base, res);

	if (err)
		return err;
	return *res > max ? -ERANGE : 0;
}

int kstrtouint(const char *s, unsigned int base, unsigned int *res)
{
	unsigned long long value;
	int err = kstrtou_max(s, base, UINT_MAX, &value);

	if (!err)
		*res = (unsigned int)value;
	return err;
}

int kstrtou16(const char *s, unsigned int base, u16 *res)
{
	unsigned long long value;
	int err = kstrtou_max(s, base, U16_MAX, &value);

	if (!err)
		*res = (u16)value;
	return err;
}

int kstrtou8(const char *s, unsigned int base, u8 *res)
{
	unsigned long long value;
	int err = kstrtou_max(s, base, U8_MAX, &value);

	if (!err)
		*res = (u8)value;
	return err;
}

int kstrtoint(const char *s, unsigned int base, int *res)
{
	bool negative = *s == '-';
	unsigned long long value;
	int err;

	err = kstrtou_max(s + negative, base, (unsigned long long)INT_MAX + negative,
			  &value);
	if (!err)
		*res = negative ? (int)-(long long)value : (int)value;
	return err;
}

/* Sum of 16-bit words in memory order, folded to 16 bits. */
static u16 sum_words(const u8 *p, size_t len)
{
	u64 sum = 0;

	for (; len >= 4; p += 4, len -= 4)
		sum += get_unaligned((const u32 *)p);
	if (len >= 2) {
		sum += get_unaligned((const u16 *)p);
		p += 2;
		len -= 2;
	}
	if (len)
		sum += *p;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (u16)sum;
}

__wsum csum_partial(const void *buff, int len, __wsum sum)
{
	return csum_add(sum, len > 0 ? sum_words(buff, (size_t)len) : 0);
}

__wsum csum_partial_copy_nocheck(const void *src, void *dst, int len)
{
	memcpy(dst, src, (size_t)len);
	return csum_partial(dst, len, 0);
}

__sum16 ip_compute_csum(const void *buff, int len)
{
	return csum_fold(csum_partial(buff, len, 0));
}

__sum16 ip_fast_csum(const void *iph, unsigned int ihl)
{
	return ip_compute_csum(iph, (int)ihl * 4);
}

__sum16 csum_ipv6_magic(const struct in6_addr *saddr,
			const struct in6_addr *daddr, __u32 len, __u8 proto,
			__wsum sum)
{
	sum = csum_partial(saddr, 16, sum);
	sum = csum_partial(daddr, 16, sum);
	sum = csum_add(sum, (__force __wsum)htonl(len));
	sum = csum_add(sum, (__force __wsum)htonl((u32)proto));
	return csum_fold(sum);
}
