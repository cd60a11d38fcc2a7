/* SPDX-License-Identifier: GPL-2.0-only */
/* CRC-16, polynomial 0x1021, most significant bit first. Faithful. */
#ifndef _LINUX_CRC_ITU_T_H
#define _LINUX_CRC_ITU_T_H

#include <linux/types.h>

u16 crc_itu_t(u16 crc, const u8 *buffer, size_t len);

#endif /* _LINUX_CRC_ITU_T_H */
