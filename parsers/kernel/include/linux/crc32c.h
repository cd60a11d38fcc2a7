/* SPDX-License-Identifier: GPL-2.0-only */
/* CRC-32C (Castagnoli), no inversion before or after. Faithful. */
#ifndef _LINUX_CRC32C_H
#define _LINUX_CRC32C_H

#include <linux/types.h>

u32 crc32c(u32 crc, const void *address, size_t length);

#endif /* _LINUX_CRC32C_H */
