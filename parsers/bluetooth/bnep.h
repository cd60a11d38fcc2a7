/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Bluetooth Network Encapsulation Protocol: Ethernet frames over an L2CAP channel.
 *
 * Modelled on: Linux 6.1 net/bluetooth/bnep/bnep.h
 * Spec: BNEP 1.0
 * Differs: socket, device and channel of a session are stand-ins that hold what the
 *	session uses of them.
 */
#ifndef BLUETOOTH_BNEP_H
#define BLUETOOTH_BNEP_H

#include <linux/crc32.h>
#include <linux/if_ether.h>
#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <net/bluetooth/bluetooth.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

enum {
	BNEP_MAX_PROTO_FILTERS		= 5,
	BNEP_MTU			= 1691,

	/* packet types, and the bits around them */
	BNEP_GENERAL			= 0x00,
	BNEP_CONTROL			= 0x01,
	BNEP_COMPRESSED			= 0x02,
	BNEP_COMPRESSED_SRC_ONLY	= 0x03,
	BNEP_COMPRESSED_DST_ONLY	= 0x04,
	BNEP_TYPE_MASK			= 0x7f,
	BNEP_EXT_HEADER			= 0x80,

	/* control types */
	BNEP_CMD_NOT_UNDERSTOOD		= 0x00,
	BNEP_SETUP_CONN_REQ		= 0x01,
	BNEP_SETUP_CONN_RSP		= 0x02,
	BNEP_FILTER_NET_TYPE_SET	= 0x03,
	BNEP_FILTER_NET_TYPE_RSP	= 0x04,
	BNEP_FILTER_MULTI_ADDR_SET	= 0x05,
	BNEP_FILTER_MULTI_ADDR_RSP	= 0x06,

	/* extension types */
	BNEP_EXT_CONTROL		= 0x00,

	/* responses */
	BNEP_SUCCESS			= 0x00,
	BNEP_CONN_NOT_ALLOWED		= 0x04,
	BNEP_FILTER_LIMIT_REACHED	= 0x03,
};

/* session flags: set by the local side, and one of our own */
enum {
	BNEP_SETUP_RESPONSE	= 0,
	BNEP_SETUP_WAIT		= 1,	/* the user is asked first; not in Linux */
	BNEP_SETUP_RSP_SENT	= 10,
};

struct bnep_control_rsp {
	u8 type;
	u8 ctrl;
	__be16 resp;
} __packed;

struct bnep_ext_hdr {
	u8 type;
	u8 len;
	u8 data[];
} __packed;

struct bnep_proto_filter {
	u16 start;
	u16 end;
};

/* A message that came before the session was set up. */
struct bnep_pending {
	u16 len;
	u16 offset;
	u32 layer_specific;
};

/* What an endpoint of any protocol has; what its protocol keeps comes behind. */
struct bnep_sock {
	u8 sk_protocol;		/* BTPROTO_* */
	u8 sk_state;
};

enum { BTPROTO_L2CAP = 0, BTPROTO_HCI = 1 };

struct l2cap_pinfo {
	struct bnep_sock sk;
	bdaddr_t dst;		/* of the channel */
	bdaddr_t src;
};

static inline struct l2cap_pinfo *l2cap_pi(struct bnep_sock *sk)
{
	return (struct l2cap_pinfo *)sk;
}

struct bnep_session {
	struct list_head list;

	u32 role;
	unsigned long state;
	unsigned long flags;
	bool terminate;

	struct ethhdr eh;	/* as received: h_dest is ours */

	struct bnep_proto_filter proto_filter[BNEP_MAX_PROTO_FILTERS];
	unsigned long long mc_filter;

	struct bnep_pending *pending;

	struct bnep_sock *sock;
	struct sink *sink;
	int verdict;		/* why the frame in hand was refused */
};

struct bnep_connadd_req {
	u32 flags;
	u16 role;
};

struct bnep_conndel_req {
	u32 flags;
	u8 dst[ETH_ALEN];
};

/* The six highest bits of the address's CRC: its bit in mc_filter. */
static inline unsigned int bnep_mc_hash(const u8 *addr)
{
	return crc32_be(~0U, addr, ETH_ALEN) >> 26;
}

/* A device's address as Ethernet has it, most significant byte first. */
static inline void bnep_ether_addr(u8 *mac, const bdaddr_t *addr)
{
	int i;

	for (i = 0; i < ETH_ALEN; i++)
		mac[i] = addr->b[ETH_ALEN - 1 - i];
}

/* Tell the peer; the bytes leave the port. */
static inline void bnep_send(struct bnep_session *s, const void *data, size_t len)
{
	sink_effect_bytes(s->sink, "bnep.sent", data, len);
}

/* bnep_ctrl.c */
void bnep_send_rsp(struct bnep_session *s, u8 ctrl, u16 resp);
void bnep_set_default_proto_filter(struct bnep_session *s);
int bnep_rx_control_cmd(struct bnep_session *s, u8 cmd, u8 *data, int len);
int bnep_rx_control(struct bnep_session *s, u8 *data, int len);

/* bnep_setup.c */
bool bnep_setup_waits(const struct bnep_session *s);
int bnep_setup_defer(struct bnep_session *s, struct sk_buff *skb, bool ext);
void bnep_setup_answer(struct bnep_session *s, bool yes);

/* bnep_core.c */
int bnep_rx_extension(struct bnep_session *s, struct sk_buff *skb);
void bnep_rx_frame(struct bnep_session *s, struct sk_buff *skb);
void bnep_tx_frame(struct bnep_session *s, struct sk_buff *skb);

/* bnep_netdev.c */
void bnep_net_xmit(struct bnep_session *s, struct sk_buff *skb);

/* bnep_session.c */
struct bnep_session *bnep_add_connection(const struct bnep_connadd_req *req,
					 struct bnep_sock *sock, struct sink *sink,
					 int *err);
int bnep_del_connection(const struct bnep_conndel_req *req);
void bnep_cleanup_session(struct bnep_session *s);

#endif /* BLUETOOTH_BNEP_H */
