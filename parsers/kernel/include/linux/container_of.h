/* SPDX-License-Identifier: GPL-2.0-only */
/* From a member to its structure. Faithful. */
#ifndef _LINUX_CONTAINER_OF_H
#define _LINUX_CONTAINER_OF_H

#include <linux/compiler.h>
#include <linux/stddef.h>

#define container_of(ptr, type, member) ({				\
	void *rz_mptr = (void *)(ptr);					\
	_Static_assert(__same_type(*(ptr), ((type *)0)->member) ||	\
		       __same_type(*(ptr), void), "container_of type");	\
	((type *)(rz_mptr - offsetof(type, member))); })

#endif /* _LINUX_CONTAINER_OF_H */
