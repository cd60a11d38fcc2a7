/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * GRE headers (RFC 2784, RFC 2890) and PPTP's variant (RFC 2637).
 * Faithful to Linux 6.1 (include/uapi/linux/if_tunnel.h, include/net/pptp.h).
 */
#ifndef __LINUX_GRE_H
#define __LINUX_GRE_H

#include <asm/byteorder.h>
#include <linux/types.h>

#define GRE_CSUM		cpu_to_be16(0x8000)
#define GRE_ROUTING		cpu_to_be16(0x4000)
#define GRE_KEY			cpu_to_be16(0x2000)
#define GRE_SEQ			cpu_to_be16(0x1000)
#define GRE_STRICT		cpu_to_be16(0x0800)
#define GRE_REC			cpu_to_be16(0x0700)
#define GRE_ACK			cpu_to_be16(0x0080)
#define GRE_VERSION		cpu_to_be16(0x0007)
#define GRE_PROTO_PPP		cpu_to_be16(0x880b)
#define GRE_PPTP_KEY_MASK	cpu_to_be32(0xffff)

#define GREPROTO_CISCO		0
#define GREPROTO_PPTP		1
#define GREPROTO_MAX		2

struct gre_base_hdr {
	__be16	flags;
	__be16	protocol;
} __attribute__((packed));

/* With every optional word. */
struct gre_full_hdr {
	struct gre_base_hdr fixed_header;
	__be16	csum;
	__be16	reserved1;
	__be32	key;
	__be32	seq;
} __attribute__((packed));

struct pptp_gre_header {
	struct gre_base_hdr gre_hd;
	__be16	payload_len;
	__be16	call_id;
	__be32	seq;
	__be32	ack;
} __attribute__((packed));

#endif /* __LINUX_GRE_H */
