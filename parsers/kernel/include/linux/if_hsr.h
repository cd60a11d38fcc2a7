/* SPDX-License-Identifier: GPL-2.0-only */
/* HSR and PRP tag (IEC 62439-3). Faithful to Linux 6.1. */
#ifndef _LINUX_IF_HSR_H
#define _LINUX_IF_HSR_H

#include <linux/types.h>

/* Behind the EtherType, which is a part of the tag in the standard. */
struct hsr_tag {
	__be16	path_and_LSDU_size;
	__be16	sequence_nr;
	__be16	encap_proto;
} __attribute__((packed));

#define HSR_HLEN	6

#endif /* _LINUX_IF_HSR_H */
