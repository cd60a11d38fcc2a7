/* SPDX-License-Identifier: GPL-2.0-only */
/* Stub: symbol export. */
#include <linux/module.h>
