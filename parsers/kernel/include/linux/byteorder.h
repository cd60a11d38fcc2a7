/* SPDX-License-Identifier: GPL-2.0-only */
/* Byte order conversions under the driver-side name. Faithful. */
#include <asm/byteorder.h>
