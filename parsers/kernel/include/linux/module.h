/* SPDX-License-Identifier: GPL-2.0-only */
/* Stub: modules do not exist; the annotations expand to nothing. */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

#include <linux/init.h>

#define EXPORT_SYMBOL(sym)
#define EXPORT_SYMBOL_GPL(sym)
#define MODULE_LICENSE(x)
#define MODULE_AUTHOR(x)
#define MODULE_DESCRIPTION(x)
#define MODULE_ALIAS(x)
#define MODULE_PARM_DESC(name, text)
#define module_param(name, type, perm)
#define module_init(fn)
#define module_exit(fn)
#define subsys_initcall(fn)
#define THIS_MODULE	((struct module *)0)

#endif /* _LINUX_MODULE_H */
