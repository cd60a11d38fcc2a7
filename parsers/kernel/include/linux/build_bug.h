/* SPDX-License-Identifier: GPL-2.0-only */
/* Compile-time assertions. Faithful. */
#include <linux/bug.h>
