/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Error numbers. Faithful: the UAPI values (the C library includes this header
 * too and must find them here) and the kernel-internal ones.
 */
#ifndef _LINUX_ERRNO_H
#define _LINUX_ERRNO_H

#include <asm-generic/errno.h>

#ifndef ERESTARTSYS
#define ERESTARTSYS	512
#define ENOIOCTLCMD	515
#define EPROBE_DEFER	517
#define ENOTSUPP	524
#define EBADTYPE	527
#define EJUKEBOX	528
#define EIOCBQUEUED	529
#endif

#endif /* _LINUX_ERRNO_H */
