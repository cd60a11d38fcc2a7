/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Multipath TCP: options received and sent, and the state of a connection and its
 * one subflow. Names and layouts of Linux 6.1 (net/mptcp/protocol.h included).
 */
#ifndef __NET_MPTCP_H
#define __NET_MPTCP_H

#include <linux/in6.h>
#include <linux/stddef.h>
#include <linux/types.h>

#define MPTCP_SUPPORTED_VERSION	1

/* suboptions */
#define OPTION_MPTCP_MPC_SYN	0x0001
#define OPTION_MPTCP_MPC_SYNACK	0x0002
#define OPTION_MPTCP_MPC_ACK	0x0004
#define OPTION_MPTCP_MPJ_SYN	0x0008
#define OPTION_MPTCP_MPJ_SYNACK	0x0010
#define OPTION_MPTCP_MPJ_ACK	0x0020
#define OPTION_MPTCP_ADD_ADDR	0x0040
#define OPTION_MPTCP_RM_ADDR	0x0080
#define OPTION_MPTCP_FASTCLOSE	0x0100
#define OPTION_MPTCP_PRIO	0x0200
#define OPTION_MPTCP_RST	0x0400
#define OPTION_MPTCP_DSS	0x0800
#define OPTION_MPTCP_FAIL	0x1000
#define OPTION_MPTCP_CSUMREQD	0x2000
#define OPTIONS_MPTCP_MPC	(OPTION_MPTCP_MPC_SYN | OPTION_MPTCP_MPC_SYNACK | \
				 OPTION_MPTCP_MPC_ACK)
#define OPTIONS_MPTCP_MPJ	(OPTION_MPTCP_MPJ_SYN | OPTION_MPTCP_MPJ_SYNACK | \
				 OPTION_MPTCP_MPJ_ACK)
#define OPTIONS_MPTCP_DSS	(OPTION_MPTCP_DSS | OPTION_MPTCP_CSUMREQD)

enum {
	MPTCPOPT_MP_CAPABLE = 0,
	MPTCPOPT_MP_JOIN,
	MPTCPOPT_DSS,
	MPTCPOPT_ADD_ADDR,
	MPTCPOPT_RM_ADDR,
	MPTCPOPT_MP_PRIO,
	MPTCPOPT_MP_FAIL,
	MPTCPOPT_MP_FASTCLOSE,
	MPTCPOPT_RST,
};

enum {
	TCPOLEN_MPTCP_MPC_SYN		= 4,
	TCPOLEN_MPTCP_MPC_SYNACK	= 12,
	TCPOLEN_MPTCP_MPC_ACK		= 20,
	TCPOLEN_MPTCP_MPC_ACK_DATA	= 22,
	TCPOLEN_MPTCP_MPC_ACK_DATA_CSUM	= 24,
	TCPOLEN_MPTCP_MPJ_SYN		= 12,
	TCPOLEN_MPTCP_MPJ_SYNACK	= 16,
	TCPOLEN_MPTCP_MPJ_ACK		= 24,
	TCPOLEN_MPTCP_DSS_BASE		= 4,
	TCPOLEN_MPTCP_DSS_ACK32		= 4,
	TCPOLEN_MPTCP_DSS_ACK64		= 8,
	TCPOLEN_MPTCP_DSS_MAP32		= 10,
	TCPOLEN_MPTCP_DSS_MAP64		= 14,
	TCPOLEN_MPTCP_DSS_CHECKSUM	= 2,
	TCPOLEN_MPTCP_ADD_ADDR		= 16,
	TCPOLEN_MPTCP_ADD_ADDR_PORT	= 18,
	TCPOLEN_MPTCP_ADD_ADDR_BASE	= 8,
	TCPOLEN_MPTCP_ADD_ADDR_BASE_PORT = 10,
	TCPOLEN_MPTCP_ADD_ADDR6		= 28,
	TCPOLEN_MPTCP_ADD_ADDR6_PORT	= 30,
	TCPOLEN_MPTCP_ADD_ADDR6_BASE	= 20,
	TCPOLEN_MPTCP_ADD_ADDR6_BASE_PORT = 22,
	TCPOLEN_MPTCP_PORT_LEN		= 2,
	TCPOLEN_MPTCP_PORT_ALIGN	= 2,
	TCPOLEN_MPTCP_RM_ADDR_BASE	= 3,
	TCPOLEN_MPTCP_PRIO		= 3,
	TCPOLEN_MPTCP_PRIO_ALIGN	= 4,
	TCPOLEN_MPTCP_FASTCLOSE		= 12,
	TCPOLEN_MPTCP_RST		= 4,
	TCPOLEN_MPTCP_FAIL		= 12,
	MPTCPOPT_HMAC_LEN		= 20,
	MPTCP_RM_IDS_MAX		= 8,
};

#define MPTCPOPT_BACKUP		0x01
#define MPTCP_VERSION_MASK	0x0f
#define MPTCP_CAP_CHECKSUM_REQD	0x80
#define MPTCP_CAP_EXTENSIBILITY	0x40
#define MPTCP_CAP_DENY_JOIN_ID0	0x20
#define MPTCP_CAP_HMAC_SHA256	0x01
#define MPTCP_CAP_FLAG_MASK	0x1f
#define MPTCP_DSS_DATA_FIN	0x10
#define MPTCP_DSS_DSN64		0x08
#define MPTCP_DSS_HAS_MAP	0x04
#define MPTCP_DSS_ACK64		0x02
#define MPTCP_DSS_HAS_ACK	0x01
#define MPTCP_DSS_FLAG_MASK	0x1f
#define MPTCP_ADDR_ECHO		0x01
#define MPTCP_PRIO_BKUP		0x01
#define MPTCP_RST_TRANSIENT	0x01

struct mptcp_addr_info {
	u8		id;
	u16		family;
	__be16		port;
	union {
		__be32		s_addr;
		struct in6_addr	addr6;
	};
};

struct mptcp_rm_list {
	u8 ids[MPTCP_RM_IDS_MAX];
	u8 nr;
};

struct mptcp_options_received {
	u64	sndr_key;
	u64	rcvr_key;
	u64	data_ack;
	u64	data_seq;
	u32	subflow_seq;
	u16	data_len;
	__sum16	csum;
	struct_group(status,
		u16 suboptions;
		u16 use_map:1,
		    dsn64:1,
		    data_fin:1,
		    use_ack:1,
		    ack64:1,
		    mpc_map:1,
		    reset_reason:4,
		    reset_transient:1,
		    echo:1,
		    backup:1,
		    deny_join_id0:1,
		    __unused:2;
	);
	u8	join_id;
	u32	token;
	u32	nonce;
	u64	thmac;
	u8	hmac[MPTCPOPT_HMAC_LEN];
	struct mptcp_addr_info addr;
	struct mptcp_rm_list rm_list;
	u64	ahmac;
	u64	fail_seq;
};

struct mptcp_ext {
	u64	data_ack;
	u64	data_seq;
	u32	subflow_seq;
	u16	data_len;
	__sum16	csum;
	u8	use_map:1,
		dsn64:1,
		data_fin:1,
		use_ack:1,
		ack64:1,
		mpc_map:1,
		frozen:1,
		reset_transient:1;
	u8	reset_reason:4,
		csum_reqd:1,
		infinite_map:1;
};

/* What one segment carries: members of the union exclude one another. */
struct mptcp_out_options {
	u16 suboptions;
	struct mptcp_rm_list rm_list;
	u8 backup;
	u8 reset_reason:4,
	   reset_transient:1,
	   csum_reqd:1,
	   allow_join_id0:1;
	union {
		struct {
			u64 sndr_key;
			u64 rcvr_key;
		};
		struct {
			struct mptcp_addr_info addr;
			u64 ahmac;
		};
		struct {
			struct mptcp_ext ext_copy;
			u64 fail_seq;
		};
	};
};

/* The connection above its subflow. */
struct mptcp_sock {
	u64	local_key;
	u64	remote_key;
	u64	write_seq;
	u64	snd_nxt;
	u64	snd_una;
	u64	wnd_end;
	u64	ack_seq;
	u64	rcv_data_fin_seq;
	u64	rcv_wnd_sent;
	bool	fully_established;
	bool	can_ack;
	bool	use_64bit_ack;
	bool	csum_enabled;
	bool	rcv_data_fin;
	bool	rcv_fastclose;
	bool	fallback;
	bool	snd_data_fin_enable;

	/* path manager */
	bool	remote_deny_join_id0;
	bool	pm_addr_signal;
	bool	pm_addr_echo;
	bool	pm_rm_signal;
	struct mptcp_addr_info pm_local;
	struct mptcp_addr_info pm_remote;
	struct mptcp_rm_list pm_rm_list_tx;
	u8	pm_add_addr_accepted;
};

struct mptcp_subflow_context {
	struct mptcp_sock *conn;
	u64	map_seq;
	u64	rcv_wnd_sent;
	u32	map_subflow_seq;
	u32	ssn_offset;
	u32	map_data_len;
	bool	map_valid;
	bool	mp_capable;
	bool	mp_join;
	bool	request_join;
	bool	fully_established;
	bool	backup;
	bool	send_mp_prio;
	bool	send_mp_fail;
	bool	send_fastclose;
	bool	reset_seen;
	u8	reset_reason;
	u8	reset_transient;
};

#endif /* __NET_MPTCP_H */
