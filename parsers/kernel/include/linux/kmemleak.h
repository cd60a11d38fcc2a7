/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Leak accounting hints. Changed for testing: kmemleak_not_leak() takes an
 * object that shall outlive the input out of the balance.
 */
#ifndef _LINUX_KMEMLEAK_H
#define _LINUX_KMEMLEAK_H

void kmemleak_not_leak(const void *p);

#endif /* _LINUX_KMEMLEAK_H */
