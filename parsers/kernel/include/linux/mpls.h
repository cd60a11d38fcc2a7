/* SPDX-License-Identifier: GPL-2.0-only */
/* MPLS label stack entry (RFC 3032). Faithful to Linux 6.1. */
#ifndef _LINUX_MPLS_H
#define _LINUX_MPLS_H

#include <linux/types.h>

struct mpls_label {
	__be32 entry;
};

#define MPLS_LS_LABEL_MASK	0xFFFFF000
#define MPLS_LS_LABEL_SHIFT	12
#define MPLS_LS_TC_MASK		0x00000E00
#define MPLS_LS_TC_SHIFT	9
#define MPLS_LS_S_MASK		0x00000100
#define MPLS_LS_S_SHIFT		8
#define MPLS_LS_TTL_MASK	0x000000FF
#define MPLS_LS_TTL_SHIFT	0

#define MPLS_LABEL_IPV4NULL	0
#define MPLS_LABEL_RTALERT	1
#define MPLS_LABEL_IPV6NULL	2
#define MPLS_LABEL_FIRST_UNRESERVED 16

#endif /* _LINUX_MPLS_H */
