/* SPDX-License-Identifier: GPL-2.0-only */
/* Comparing and combining secrets; see <crypto/algapi.h>. */
#include <crypto/algapi.h>
