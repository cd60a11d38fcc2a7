/* SPDX-License-Identifier: GPL-2.0-only */
/* offsetof and struct grouping. Faithful. */
#ifndef _LINUX_STDDEF_H
#define _LINUX_STDDEF_H

#include <stddef.h>

#define sizeof_field(type, member)	sizeof(((type *)0)->member)
#define offsetofend(type, member) \
	(offsetof(type, member) + sizeof_field(type, member))

#define __struct_group(tag, name, attrs, members...) \
	union { \
		struct { members } attrs; \
		struct tag { members } attrs name; \
	} attrs
#define struct_group(name, members...) \
	__struct_group(, name, , members)
#define struct_group_tagged(tag, name, members...) \
	__struct_group(tag, name, , members)

/* A flexible array inside a union or as a structure's only member. */
#define __DECLARE_FLEX_ARRAY(type, name) \
	struct { \
		struct { } __empty_##name; \
		type name[]; \
	}
#define DECLARE_FLEX_ARRAY(type, name)	__DECLARE_FLEX_ARRAY(type, name)

#endif /* _LINUX_STDDEF_H */
