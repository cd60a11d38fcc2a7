/* SPDX-License-Identifier: GPL-2.0-only */
/* Character classes: the C library's, in its "C" locale. Faithful for ASCII. */
#ifndef _LINUX_CTYPE_H
#define _LINUX_CTYPE_H

#include <ctype.h>

#endif /* _LINUX_CTYPE_H */
