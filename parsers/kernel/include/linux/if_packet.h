/* SPDX-License-Identifier: GPL-2.0-only */
/* Packet types of skb->pkt_type. Faithful to Linux 6.1. */
#ifndef _LINUX_IF_PACKET_H
#define _LINUX_IF_PACKET_H

#include <linux/skbuff.h>	/* defines PACKET_HOST and its like */

#endif /* _LINUX_IF_PACKET_H */
