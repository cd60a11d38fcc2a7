/* SPDX-License-Identifier: GPL-2.0-only */
/* CRC-16, polynomial 0x8408 (reflected 0x1021), no final inversion. Faithful. */
#ifndef _LINUX_CRC_CCITT_H
#define _LINUX_CRC_CCITT_H

#include <linux/types.h>

u16 crc_ccitt(u16 crc, const u8 *buffer, size_t len);

static inline u16 crc_ccitt_byte(u16 crc, const u8 c)
{
	return crc_ccitt(crc, &c, 1);
}

#endif /* _LINUX_CRC_CCITT_H */
