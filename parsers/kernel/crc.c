/* SPDX-License-Identifier: GPL-2.0-only */
/* Cyclic redundancy checks over tables that are made at start-up. */
#include <linux/crc-ccitt.h>
#include <linux/crc-itu-t.h>
#include <linux/crc16.h>
#include <linux/crc32.h>
#include <linux/crc32c.h>

static u32 ccitt[256], ibm[256], ethernet[256], castagnoli[256];
static u32 ethernet_be[256];
static u16 itu_t[256];

static void make_reflected(u32 *table, u32 polynomial)
{
	u32 i, bit;

	for (i = 0; i < 256; i++) {
		u32 crc = i;

		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
		table[i] = crc;
	}
}

static void make_itu_t(void)
{
	u32 i, bit;

	for (i = 0; i < 256; i++) {
		u32 crc = i << 8;

		for (bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0);
		itu_t[i] = (u16)crc;
	}
}

static void make_ethernet_be(void)
{
	u32 i, bit;

	for (i = 0; i < 256; i++) {
		u32 crc = i << 24;

		for (bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc & 0x80000000 ? 0x04c11db7 : 0);
		ethernet_be[i] = crc;
	}
}

static __attribute__((constructor)) void crc_setup(void)
{
	make_reflected(ccitt, 0x8408);
	make_reflected(ibm, 0xa001);
	make_reflected(ethernet, 0xedb88320);
	make_reflected(castagnoli, 0x82f63b78);
	make_itu_t();
	make_ethernet_be();
}

static u32 reflected(const u32 *table, u32 crc, const u8 *p, size_t len)
{
	for (; len; p++, len--)
		crc = crc >> 8 ^ table[(crc ^ *p) & 0xff];
	return crc;
}

u16 crc_ccitt(u16 crc, const u8 *buffer, size_t len)
{
	return (u16)reflected(ccitt, crc, buffer, len);
}

u16 crc16(u16 crc, const u8 *buffer, size_t len)
{
	return (u16)reflected(ibm, crc, buffer, len);
}

u32 crc32_le(u32 crc, const void *p, size_t len)
{
	return reflected(ethernet, crc, p, len);
}

u32 crc32_be(u32 crc, const void *p, size_t len)
{
	const u8 *at = p;

	for (; len; at++, len--)
		crc = crc << 8 ^ ethernet_be[crc >> 24 ^ *at];
	return crc;
}

u32 crc32c(u32 crc, const void *address, size_t length)
{
	return reflected(castagnoli, crc, address, length);
}

u16 crc_itu_t(u16 crc, const u8 *buffer, size_t len)
{
	for (; len; buffer++, len--)
		crc = (u16)(crc << 8 ^ itu_t[(crc >> 8 ^ *buffer) & 0xff]);
	return crc;
}
