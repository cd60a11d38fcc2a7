/* SPDX-License-Identifier: GPL-2.0-only */
/* Stub: initialisation sections; a port's init function is called by its environment. */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#define __init
#define __exit
#define __initdata
#define __initconst
#define __exitdata
#define __net_init
#define __net_exit

#endif /* _LINUX_INIT_H */
