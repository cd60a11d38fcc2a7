/* SPDX-License-Identifier: GPL-2.0-only */
/* CRC-16, polynomial 0xa001 (reflected 0x8005). Faithful; L2CAP's FCS. */
#ifndef _LINUX_CRC16_H
#define _LINUX_CRC16_H

#include <linux/types.h>

u16 crc16(u16 crc, const u8 *buffer, size_t len);

#endif /* _LINUX_CRC16_H */
