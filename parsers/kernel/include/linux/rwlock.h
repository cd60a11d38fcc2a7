/* SPDX-License-Identifier: GPL-2.0-only */
/* Reader-writer locks; see <linux/spinlock.h>. */
#include <linux/spinlock.h>
