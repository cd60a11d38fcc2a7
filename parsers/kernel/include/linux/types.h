/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's integer, wire and list-head types.
 *
 * Faithful on x86-64 (LP64, u64 is unsigned long long). Lives beside the C
 * library's types, so dev_t and friends are those of <sys/types.h>.
 */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <linux/compiler.h>
#include <linux/stddef.h>

typedef signed char		__s8;
typedef unsigned char		__u8;
typedef short			__s16;
typedef unsigned short		__u16;
typedef int			__s32;
typedef unsigned int		__u32;
typedef long long		__s64;
typedef unsigned long long	__u64;

typedef __s8	s8;
typedef __u8	u8;
typedef __s16	s16;
typedef __u16	u16;
typedef __s32	s32;
typedef __u32	u32;
typedef __s64	s64;
typedef __u64	u64;

typedef __u16 __bitwise	__le16;
typedef __u16 __bitwise	__be16;
typedef __u32 __bitwise	__le32;
typedef __u32 __bitwise	__be32;
typedef __u64 __bitwise	__le64;
typedef __u64 __bitwise	__be64;
typedef __u16 __bitwise	__sum16;
typedef __u32 __bitwise	__wsum;

/* 64-bit integers aligned alike on every architecture, as UAPI structures are. */
#define aligned_u64	__u64 __aligned(8)
#define aligned_be64	__be64 __aligned(8)
#define aligned_le64	__le64 __aligned(8)
#define __aligned_u64	__u64 __aligned(8)
#define __aligned_be64	__be64 __aligned(8)
#define __aligned_le64	__le64 __aligned(8)

typedef unsigned int __bitwise	gfp_t;
typedef unsigned int __bitwise	slab_flags_t;
typedef unsigned long		pgoff_t;
typedef u64			phys_addr_t;
typedef u64			dma_addr_t;
typedef u64			sector_t;
typedef __u16			__kernel_sa_family_t;
typedef s64			ktime_t;
typedef s64			time64_t;

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	s64 counter;
} atomic64_t;

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_head {
	struct hlist_node *first;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};
#define callback_head rcu_head

typedef void (*rcu_callback_t)(struct rcu_head *head);

#endif /* _LINUX_TYPES_H */
