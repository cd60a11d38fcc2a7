/* SPDX-License-Identifier: GPL-2.0-only */
/* CRC-32 (Ethernet), low bit or high bit first, no inversion before or after. Faithful. */
#ifndef _LINUX_CRC32_H
#define _LINUX_CRC32_H

#include <linux/types.h>

u32 crc32_le(u32 crc, const void *p, size_t len);
u32 crc32_be(u32 crc, const void *p, size_t len);

#define crc32(seed, data, length)	crc32_le(seed, data, length)

#endif /* _LINUX_CRC32_H */
