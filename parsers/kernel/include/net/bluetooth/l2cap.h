/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * L2CAP: what goes over the air, and the connections and channels that the port
 * under parsers/bluetooth keeps.
 *
 * Faithful to Linux 6.1 in names, values and layout of the wire, and in the
 * fields and life of l2cap_conn and l2cap_chan. Changed for testing: sockets are
 * the stand-in of parsers/bluetooth/l2cap_sock.c; constants are enums.
 */
#ifndef _NET_BLUETOOTH_L2CAP_H
#define _NET_BLUETOOTH_L2CAP_H

#include <asm/unaligned.h>
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/idr.h>
#include <linux/jiffies.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>
#include <net/bluetooth/bluetooth.h>

struct hci_chan;
struct hci_conn;
struct hci_dev;
struct msghdr;
struct pid;

/*
 * Defaults
 */

enum {
	L2CAP_DEFAULT_MTU		= 672,
	L2CAP_DEFAULT_MIN_MTU		= 48,
	L2CAP_SIG_MTU			= 48,	/* largest signalling packet on BR/EDR */
	L2CAP_DEFAULT_FLUSH_TO		= 0xffff,
	L2CAP_DEFAULT_TX_WINDOW		= 63,
	L2CAP_DEFAULT_EXT_WINDOW	= 0x3fff,
	L2CAP_DEFAULT_MAX_TX		= 3,
	L2CAP_DEFAULT_RETRANS_TO	= 2000,		/* ms */
	L2CAP_DEFAULT_MONITOR_TO	= 12000,	/* ms */
	L2CAP_DEFAULT_MAX_PDU_SIZE	= 1492,
	L2CAP_DEFAULT_ACK_TO		= 200,		/* ms */
	L2CAP_DEFAULT_MAX_SDU_SIZE	= 0xffff,
	L2CAP_BREDR_MAX_PAYLOAD		= 1019,		/* of a 3-DH5 packet */
	L2CAP_LE_MIN_MTU		= 23,
	L2CAP_ECRED_CONN_SCID_MAX	= 5,
};

#define L2CAP_EFS_DEFAULT_FLUSH_TO	0xffffffffU
#define L2CAP_DEFAULT_SDU_ITIME		0xffffffffU
#define L2CAP_DEFAULT_ACC_LAT		0xffffffffU

#define L2CAP_DISC_TIMEOUT		msecs_to_jiffies(100)
#define L2CAP_DISC_REJ_TIMEOUT		msecs_to_jiffies(5000)
#define L2CAP_ENC_TIMEOUT		msecs_to_jiffies(5000)
#define L2CAP_CONN_TIMEOUT		msecs_to_jiffies(40000)
#define L2CAP_INFO_TIMEOUT		msecs_to_jiffies(4000)

/*
 * Frames (Core 5.3 Vol 3 Part A 3)
 */

struct l2cap_hdr {
	__le16	len;
	__le16	cid;
} __packed;

enum {
	L2CAP_LEN_SIZE		= 2,
	L2CAP_HDR_SIZE		= 4,
	L2CAP_ENH_HDR_SIZE	= 6,
	L2CAP_EXT_HDR_SIZE	= 8,
	L2CAP_FCS_SIZE		= 2,
	L2CAP_SDULEN_SIZE	= 2,
	L2CAP_PSMLEN_SIZE	= 2,
	L2CAP_ENH_CTRL_SIZE	= 2,
	L2CAP_EXT_CTRL_SIZE	= 4,
};

/* Enhanced control field, 16 bits */
enum {
	L2CAP_CTRL_FRAME_TYPE	= 0x0001,	/* clear: I-frame, set: S-frame */
	L2CAP_CTRL_SUPERVISE	= 0x000c,
	L2CAP_CTRL_POLL		= 0x0010,
	L2CAP_CTRL_TXSEQ	= 0x007e,
	L2CAP_CTRL_RETRANS	= 0x0080,
	L2CAP_CTRL_FINAL	= 0x0080,
	L2CAP_CTRL_REQSEQ	= 0x3f00,
	L2CAP_CTRL_SAR		= 0xc000,

	L2CAP_CTRL_TXSEQ_SHIFT	= 1,
	L2CAP_CTRL_SUPER_SHIFT	= 2,
	L2CAP_CTRL_POLL_SHIFT	= 4,
	L2CAP_CTRL_FINAL_SHIFT	= 7,
	L2CAP_CTRL_REQSEQ_SHIFT	= 8,
	L2CAP_CTRL_SAR_SHIFT	= 14,
};

/* Extended control field, 32 bits */
#define L2CAP_EXT_CTRL_TXSEQ		0xfffc0000U
enum {
	L2CAP_EXT_CTRL_FRAME_TYPE	= 0x00000001,
	L2CAP_EXT_CTRL_FINAL		= 0x00000002,
	L2CAP_EXT_CTRL_REQSEQ		= 0x0000fffc,
	L2CAP_EXT_CTRL_SAR		= 0x00030000,
	L2CAP_EXT_CTRL_SUPERVISE	= 0x00030000,
	L2CAP_EXT_CTRL_POLL		= 0x00040000,

	L2CAP_EXT_CTRL_FINAL_SHIFT	= 1,
	L2CAP_EXT_CTRL_REQSEQ_SHIFT	= 2,
	L2CAP_EXT_CTRL_SAR_SHIFT	= 16,
	L2CAP_EXT_CTRL_SUPER_SHIFT	= 16,
	L2CAP_EXT_CTRL_POLL_SHIFT	= 18,
	L2CAP_EXT_CTRL_TXSEQ_SHIFT	= 18,
};

enum {
	L2CAP_SUPER_RR		= 0x00,
	L2CAP_SUPER_REJ		= 0x01,
	L2CAP_SUPER_RNR		= 0x02,
	L2CAP_SUPER_SREJ	= 0x03,
};

enum {
	L2CAP_SAR_UNSEGMENTED	= 0x00,
	L2CAP_SAR_START		= 0x01,
	L2CAP_SAR_END		= 0x02,
	L2CAP_SAR_CONTINUE	= 0x03,
};

/* Channel identifiers (2.1) */
enum {
	L2CAP_CID_SIGNALING	= 0x0001,
	L2CAP_CID_CONN_LESS	= 0x0002,
	L2CAP_CID_ATT		= 0x0004,
	L2CAP_CID_LE_SIGNALING	= 0x0005,
	L2CAP_CID_SMP		= 0x0006,
	L2CAP_CID_SMP_BREDR	= 0x0007,
	L2CAP_CID_DYN_START	= 0x0040,
	L2CAP_CID_LE_DYN_END	= 0x007f,
	L2CAP_CID_DYN_END	= 0xffff,
};

/* Protocol/service multiplexers */
enum {
	L2CAP_PSM_SDP		= 0x0001,
	L2CAP_PSM_RFCOMM	= 0x0003,
	L2CAP_PSM_3DSP		= 0x0021,
	L2CAP_PSM_IPSP		= 0x0023,
	L2CAP_PSM_LE_DYN_START	= 0x0080,
	L2CAP_PSM_LE_DYN_END	= 0x00ff,
	L2CAP_PSM_DYN_START	= 0x1001,
	L2CAP_PSM_AUTO_END	= 0x10ff,
	L2CAP_PSM_DYN_END	= 0xffff,
};

/*
 * Signalling (4)
 */

struct l2cap_cmd_hdr {
	__u8	code;
	__u8	ident;
	__le16	len;
} __packed;
enum { L2CAP_CMD_HDR_SIZE = 4 };

enum {
	L2CAP_COMMAND_REJ		= 0x01,
	L2CAP_CONN_REQ			= 0x02,
	L2CAP_CONN_RSP			= 0x03,
	L2CAP_CONF_REQ			= 0x04,
	L2CAP_CONF_RSP			= 0x05,
	L2CAP_DISCONN_REQ		= 0x06,
	L2CAP_DISCONN_RSP		= 0x07,
	L2CAP_ECHO_REQ			= 0x08,
	L2CAP_ECHO_RSP			= 0x09,
	L2CAP_INFO_REQ			= 0x0a,
	L2CAP_INFO_RSP			= 0x0b,
	L2CAP_CONN_PARAM_UPDATE_REQ	= 0x12,
	L2CAP_CONN_PARAM_UPDATE_RSP	= 0x13,
	L2CAP_LE_CONN_REQ		= 0x14,
	L2CAP_LE_CONN_RSP		= 0x15,
	L2CAP_LE_CREDITS		= 0x16,
	L2CAP_ECRED_CONN_REQ		= 0x17,
	L2CAP_ECRED_CONN_RSP		= 0x18,
	L2CAP_ECRED_RECONF_REQ		= 0x19,
	L2CAP_ECRED_RECONF_RSP		= 0x1a,
};

/* Command Reject */
enum {
	L2CAP_REJ_NOT_UNDERSTOOD	= 0x0000,
	L2CAP_REJ_MTU_EXCEEDED		= 0x0001,
	L2CAP_REJ_INVALID_CID		= 0x0002,
};

struct l2cap_cmd_rej_unk {
	__le16	reason;
} __packed;

struct l2cap_cmd_rej_mtu {
	__le16	reason;
	__le16	max_mtu;
} __packed;

struct l2cap_cmd_rej_cid {
	__le16	reason;
	__le16	scid;
	__le16	dcid;
} __packed;

/* Connection */
struct l2cap_conn_req {
	__le16	psm;
	__le16	scid;
} __packed;

struct l2cap_conn_rsp {
	__le16	dcid;
	__le16	scid;
	__le16	result;
	__le16	status;
} __packed;

enum {
	L2CAP_CR_SUCCESS	= 0x0000,
	L2CAP_CR_PEND		= 0x0001,
	L2CAP_CR_BAD_PSM	= 0x0002,
	L2CAP_CR_SEC_BLOCK	= 0x0003,
	L2CAP_CR_NO_MEM		= 0x0004,
	L2CAP_CR_INVALID_SCID	= 0x0006,
	L2CAP_CR_SCID_IN_USE	= 0x0007,
};

enum {
	L2CAP_CS_NO_INFO	= 0x0000,
	L2CAP_CS_AUTHEN_PEND	= 0x0001,
	L2CAP_CS_AUTHOR_PEND	= 0x0002,
};

/* Configuration (4.4, 4.5 and 5) */
struct l2cap_conf_req {
	__le16	dcid;
	__le16	flags;
	__u8	data[];
} __packed;

struct l2cap_conf_rsp {
	__le16	scid;
	__le16	flags;
	__le16	result;
	__u8	data[];
} __packed;

enum { L2CAP_CONF_FLAG_CONTINUATION = 0x0001 };

enum {
	L2CAP_CONF_SUCCESS	= 0x0000,
	L2CAP_CONF_UNACCEPT	= 0x0001,
	L2CAP_CONF_REJECT	= 0x0002,
	L2CAP_CONF_UNKNOWN	= 0x0003,
	L2CAP_CONF_PENDING	= 0x0004,
	L2CAP_CONF_EFS_REJECT	= 0x0005,
};

struct l2cap_conf_opt {
	__u8	type;
	__u8	len;
	__u8	val[];
} __packed;

enum {
	L2CAP_CONF_OPT_SIZE	= 2,
	L2CAP_CONF_HINT		= 0x80,		/* may be skipped if unknown */
	L2CAP_CONF_MASK		= 0x7f,
	L2CAP_CONF_MAX_SIZE	= 22,
};

enum {
	L2CAP_CONF_MTU		= 0x01,
	L2CAP_CONF_FLUSH_TO	= 0x02,
	L2CAP_CONF_QOS		= 0x03,
	L2CAP_CONF_RFC		= 0x04,
	L2CAP_CONF_FCS		= 0x05,
	L2CAP_CONF_EFS		= 0x06,
	L2CAP_CONF_EWS		= 0x07,
};

struct l2cap_conf_rfc {
	__u8	mode;
	__u8	txwin_size;
	__u8	max_transmit;
	__le16	retrans_timeout;
	__le16	monitor_timeout;
	__le16	max_pdu_size;
} __packed;

enum {
	L2CAP_MODE_BASIC	= 0x00,
	L2CAP_MODE_RETRANS	= 0x01,
	L2CAP_MODE_FLOWCTL	= 0x02,
	L2CAP_MODE_ERTM		= 0x03,
	L2CAP_MODE_STREAMING	= 0x04,
	/* these two never go over the air */
	L2CAP_MODE_LE_FLOWCTL	= 0x80,
	L2CAP_MODE_EXT_FLOWCTL	= 0x81,
};

enum {
	L2CAP_FCS_NONE		= 0x00,
	L2CAP_FCS_CRC16		= 0x01,
};

struct l2cap_conf_efs {
	__u8	id;
	__u8	stype;
	__le16	msdu;
	__le32	sdu_itime;
	__le32	acc_lat;
	__le32	flush_to;
} __packed;

enum {
	L2CAP_SERV_NOTRAFIC	= 0x00,
	L2CAP_SERV_BESTEFFORT	= 0x01,
	L2CAP_SERV_GUARANTEED	= 0x02,
};

enum { L2CAP_BESTEFFORT_ID = 0x01 };

/* Disconnection */
struct l2cap_disconn_req {
	__le16	dcid;
	__le16	scid;
} __packed;

struct l2cap_disconn_rsp {
	__le16	dcid;
	__le16	scid;
} __packed;

/* Information */
struct l2cap_info_req {
	__le16	type;
} __packed;

struct l2cap_info_rsp {
	__le16	type;
	__le16	result;
	__u8	data[];
} __packed;

enum {
	L2CAP_IT_CL_MTU		= 0x0001,
	L2CAP_IT_FEAT_MASK	= 0x0002,
	L2CAP_IT_FIXED_CHAN	= 0x0003,
};

enum {
	L2CAP_IR_SUCCESS	= 0x0000,
	L2CAP_IR_NOTSUPP	= 0x0001,
};

/* Extended feature mask */
enum {
	L2CAP_FEAT_FLOWCTL	= 0x00000001,
	L2CAP_FEAT_RETRANS	= 0x00000002,
	L2CAP_FEAT_BIDIR_QOS	= 0x00000004,
	L2CAP_FEAT_ERTM		= 0x00000008,
	L2CAP_FEAT_STREAMING	= 0x00000010,
	L2CAP_FEAT_FCS		= 0x00000020,
	L2CAP_FEAT_EXT_FLOW	= 0x00000040,
	L2CAP_FEAT_FIXED_CHAN	= 0x00000080,
	L2CAP_FEAT_EXT_WINDOW	= 0x00000100,
	L2CAP_FEAT_UCD		= 0x00000200,
};

/* Fixed channels supported */
enum {
	L2CAP_FC_SIG_BREDR	= 0x02,
	L2CAP_FC_CONNLESS	= 0x04,
	L2CAP_FC_ATT		= 0x10,
	L2CAP_FC_SIG_LE		= 0x20,
	L2CAP_FC_SMP_LE		= 0x40,
	L2CAP_FC_SMP_BREDR	= 0x80,
};

/* LE connection parameters */
struct l2cap_conn_param_update_req {
	__le16	min;
	__le16	max;
	__le16	latency;
	__le16	to_multiplier;
} __packed;

struct l2cap_conn_param_update_rsp {
	__le16	result;
} __packed;

enum {
	L2CAP_CONN_PARAM_ACCEPTED	= 0x0000,
	L2CAP_CONN_PARAM_REJECTED	= 0x0001,
};

/* LE credit based connection */
struct l2cap_le_conn_req {
	__le16	psm;
	__le16	scid;
	__le16	mtu;
	__le16	mps;
	__le16	credits;
} __packed;

struct l2cap_le_conn_rsp {
	__le16	dcid;
	__le16	mtu;
	__le16	mps;
	__le16	credits;
	__le16	result;
} __packed;

struct l2cap_le_credits {
	__le16	cid;
	__le16	credits;
} __packed;

enum {
	L2CAP_CR_LE_SUCCESS		= 0x0000,
	L2CAP_CR_LE_BAD_PSM		= 0x0002,
	L2CAP_CR_LE_NO_MEM		= 0x0004,
	L2CAP_CR_LE_AUTHENTICATION	= 0x0005,
	L2CAP_CR_LE_AUTHORIZATION	= 0x0006,
	L2CAP_CR_LE_BAD_KEY_SIZE	= 0x0007,
	L2CAP_CR_LE_ENCRYPTION		= 0x0008,
	L2CAP_CR_LE_INVALID_SCID	= 0x0009,
	L2CAP_CR_LE_SCID_IN_USE		= 0x000a,
	L2CAP_CR_LE_UNACCEPT_PARAMS	= 0x000b,
	L2CAP_CR_LE_INVALID_PARAMS	= 0x000c,
};

/* Enhanced credit based connection: up to five channels in one command */
enum {
	L2CAP_ECRED_MIN_MTU	= 64,
	L2CAP_ECRED_MIN_MPS	= 64,
	L2CAP_ECRED_MAX_CID	= 5,
};

struct l2cap_ecred_conn_req {
	__le16	psm;
	__le16	mtu;
	__le16	mps;
	__le16	credits;
	__le16	scid[];
} __packed;

struct l2cap_ecred_conn_rsp {
	__le16	mtu;
	__le16	mps;
	__le16	credits;
	__le16	result;
	__le16	dcid[];
};

struct l2cap_ecred_reconf_req {
	__le16	mtu;
	__le16	mps;
	__le16	scid[];
} __packed;

struct l2cap_ecred_reconf_rsp {
	__le16	result;
} __packed;

enum {
	L2CAP_RECONF_SUCCESS		= 0x0000,
	L2CAP_RECONF_INVALID_MTU	= 0x0001,
	L2CAP_RECONF_INVALID_MPS	= 0x0002,
	L2CAP_RECONF_INVALID_CID	= 0x0003,
	L2CAP_RECONF_INVALID_PARAMS	= 0x0004,
};

/*
 * Channels and connections
 */

/* Sequence numbers in the order they came, each at most once. */
struct l2cap_seq_list {
	__u16	head;
	__u16	tail;
	__u16	mask;
	__u16	*list;
};

enum {
	L2CAP_SEQ_LIST_CLEAR	= 0xffff,
	L2CAP_SEQ_LIST_TAIL	= 0x8000,
};

struct l2cap_ops;

struct l2cap_chan {
	struct l2cap_conn	*conn;
	struct kref		kref;
	atomic_t		nesting;

	__u8			state;		/* BT_OPEN ... BT_CLOSED */

	bdaddr_t		dst;
	__u8			dst_type;
	bdaddr_t		src;
	__u8			src_type;
	__le16			psm;
	__le16			sport;
	__u16			dcid;
	__u16			scid;

	__u16			imtu;
	__u16			omtu;
	__u16			flush_to;
	__u8			mode;
	__u8			chan_type;	/* L2CAP_CHAN_RAW ... */
	__u8			chan_policy;

	__u8			sec_level;

	__u8			ident;		/* of the request that waits for us or them */

	__u8			conf_req[64];	/* options gathered over continued requests */
	__u8			conf_len;
	__u8			num_conf_req;
	__u8			num_conf_rsp;

	__u8			fcs;

	__u16			tx_win;
	__u16			tx_win_max;
	__u16			ack_win;
	__u8			max_tx;
	__u16			retrans_timeout;
	__u16			monitor_timeout;
	__u16			mps;

	__u16			tx_credits;
	__u16			rx_credits;
	ssize_t			rx_avail;	/* room at the receiver, -1: not known */

	__u8			tx_state;
	__u8			rx_state;

	unsigned long		conf_state;	/* CONF_* */
	unsigned long		conn_state;	/* CONN_* */
	unsigned long		flags;		/* FLAG_* */

	__u16			next_tx_seq;
	__u16			expected_ack_seq;
	__u16			expected_tx_seq;
	__u16			buffer_seq;
	__u16			srej_save_reqseq;
	__u16			last_acked_seq;
	__u16			frames_sent;
	__u16			unacked_frames;
	__u8			retry_count;
	__u16			sdu_len;
	struct sk_buff		*sdu;
	struct sk_buff		*sdu_last_frag;

	__u16			remote_tx_win;
	__u8			remote_max_tx;
	__u16			remote_mps;

	__u8			local_id;
	__u8			local_stype;
	__u16			local_msdu;
	__u32			local_sdu_itime;
	__u32			local_acc_lat;
	__u32			local_flush_to;

	__u8			remote_id;
	__u8			remote_stype;
	__u16			remote_msdu;
	__u32			remote_sdu_itime;
	__u32			remote_acc_lat;
	__u32			remote_flush_to;

	struct delayed_work	chan_timer;
	struct delayed_work	retrans_timer;
	struct delayed_work	monitor_timer;
	struct delayed_work	ack_timer;

	struct sk_buff		*tx_send_head;
	struct sk_buff_head	tx_q;
	struct sk_buff_head	srej_q;
	struct l2cap_seq_list	srej_list;
	struct l2cap_seq_list	retrans_list;

	struct list_head	list;		/* in conn->chan_l */
	struct list_head	global_l;	/* in chan_list */

	void			*data;
	const struct l2cap_ops	*ops;
	struct mutex		lock;
};

struct l2cap_ops {
	const char	*name;

	int		(*new_connection)(struct l2cap_chan *chan,
					  struct l2cap_chan *new_chan);
	int		(*recv)(struct l2cap_chan *chan, struct sk_buff *skb);
	void		(*teardown)(struct l2cap_chan *chan, int err);
	void		(*close)(struct l2cap_chan *chan);
	void		(*state_change)(struct l2cap_chan *chan, int state, int err);
	void		(*ready)(struct l2cap_chan *chan);
	void		(*defer)(struct l2cap_chan *chan);
	void		(*resume)(struct l2cap_chan *chan);
	void		(*suspend)(struct l2cap_chan *chan);
	void		(*set_shutdown)(struct l2cap_chan *chan);
	long		(*get_sndtimeo)(struct l2cap_chan *chan);
	struct pid	*(*get_peer_pid)(struct l2cap_chan *chan);
	struct sk_buff	*(*alloc_skb)(struct l2cap_chan *chan, unsigned long hdr_len,
				      unsigned long len, int nb);
	int		(*filter)(struct l2cap_chan *chan, struct sk_buff *skb);
};

struct l2cap_conn {
	struct hci_conn		*hcon;
	struct hci_chan		*hchan;

	unsigned int		mtu;

	__u32			feat_mask;
	__u8			remote_fixed_chan;
	__u8			local_fixed_chan;

	__u8			info_state;	/* L2CAP_INFO_* */
	__u8			info_ident;

	struct delayed_work	info_timer;

	struct sk_buff		*rx_skb;	/* frame of which pieces are missing */
	__u32			rx_len;		/* bytes missing */
	struct ida		tx_ida;
	__u8			tx_ident;
	unsigned int		unanswered;	/* commands without a response so far */

	struct sk_buff_head	pending_rx;	/* came before the link was ready */
	struct work_struct	pending_rx_work;

	struct work_struct	id_addr_update_work;

	__u8			disc_reason;

	struct l2cap_chan	*smp;

	struct list_head	chan_l;
	struct mutex		chan_lock;
	struct kref		ref;
	struct list_head	users;
};

struct l2cap_user {
	struct list_head	list;
	int			(*probe)(struct l2cap_conn *conn, struct l2cap_user *user);
	void			(*remove)(struct l2cap_conn *conn, struct l2cap_user *user);
};

enum {
	L2CAP_INFO_CL_MTU_REQ_SENT	= 0x01,
	L2CAP_INFO_FEAT_MASK_REQ_SENT	= 0x04,
	L2CAP_INFO_FEAT_MASK_REQ_DONE	= 0x08,
};

enum {
	L2CAP_CHAN_RAW			= 1,
	L2CAP_CHAN_CONN_LESS		= 2,
	L2CAP_CHAN_CONN_ORIENTED	= 3,
	L2CAP_CHAN_FIXED		= 4,
};

/* chan->conf_state */
enum {
	CONF_REQ_SENT,
	CONF_INPUT_DONE,
	CONF_OUTPUT_DONE,
	CONF_MTU_DONE,
	CONF_MODE_DONE,
	CONF_CONNECT_PEND,
	CONF_RECV_NO_FCS,
	CONF_STATE2_DEVICE,
	CONF_EWS_RECV,
	CONF_LOC_CONF_PEND,
	CONF_REM_CONF_PEND,
	CONF_NOT_COMPLETE,
};

enum {
	L2CAP_CONF_MAX_CONF_REQ	= 2,
	L2CAP_CONF_MAX_CONF_RSP	= 2,
};

/* chan->conn_state */
enum {
	CONN_SREJ_SENT,
	CONN_WAIT_F,
	CONN_SREJ_ACT,
	CONN_SEND_PBIT,
	CONN_REMOTE_BUSY,
	CONN_LOCAL_BUSY,
	CONN_REJ_ACT,
	CONN_SEND_FBIT,
	CONN_RNR_SENT,
};

/* chan->flags */
enum {
	FLAG_ROLE_SWITCH,
	FLAG_FORCE_ACTIVE,
	FLAG_FORCE_RELIABLE,
	FLAG_FLUSHABLE,
	FLAG_EXT_CTRL,
	FLAG_EFS_ENABLE,
	FLAG_DEFER_SETUP,
	FLAG_LE_CONN_REQ_SENT,
	FLAG_ECRED_CONN_REQ_SENT,
	FLAG_PENDING_SECURITY,
	FLAG_HOLD_HCI_CONN,
	FLAG_DEL,
};

enum {
	L2CAP_NESTING_SMP,
	L2CAP_NESTING_NORMAL,
	L2CAP_NESTING_PARENT,
};

enum {
	L2CAP_TX_STATE_XMIT,
	L2CAP_TX_STATE_WAIT_F,
};

enum {
	L2CAP_RX_STATE_RECV,
	L2CAP_RX_STATE_SREJ_SENT,
	L2CAP_RX_STATE_MOVE,
	L2CAP_RX_STATE_WAIT_P,
	L2CAP_RX_STATE_WAIT_F,
};

enum {
	L2CAP_TXSEQ_EXPECTED,
	L2CAP_TXSEQ_EXPECTED_SREJ,
	L2CAP_TXSEQ_UNEXPECTED,
	L2CAP_TXSEQ_UNEXPECTED_SREJ,
	L2CAP_TXSEQ_DUPLICATE,
	L2CAP_TXSEQ_DUPLICATE_SREJ,
	L2CAP_TXSEQ_INVALID,
	L2CAP_TXSEQ_INVALID_IGNORE,
};

enum {
	L2CAP_EV_DATA_REQUEST,
	L2CAP_EV_LOCAL_BUSY_DETECTED,
	L2CAP_EV_LOCAL_BUSY_CLEAR,
	L2CAP_EV_RECV_REQSEQ_AND_FBIT,
	L2CAP_EV_RECV_FBIT,
	L2CAP_EV_RETRANS_TO,
	L2CAP_EV_MONITOR_TO,
	L2CAP_EV_EXPLICIT_POLL,
	L2CAP_EV_RECV_IFRAME,
	L2CAP_EV_RECV_RR,
	L2CAP_EV_RECV_REJ,
	L2CAP_EV_RECV_RNR,
	L2CAP_EV_RECV_SREJ,
	L2CAP_EV_RECV_FRAME,
};

void l2cap_chan_hold(struct l2cap_chan *c);
struct l2cap_chan *l2cap_chan_hold_unless_zero(struct l2cap_chan *c);
void l2cap_chan_put(struct l2cap_chan *c);

static inline void l2cap_chan_lock(struct l2cap_chan *chan)
{
	mutex_lock_nested(&chan->lock, atomic_read(&chan->nesting));
}

static inline void l2cap_chan_unlock(struct l2cap_chan *chan)
{
	mutex_unlock(&chan->lock);
}

/* A pending timer holds one reference of its channel. */
static inline void l2cap_set_timer(struct l2cap_chan *chan,
				   struct delayed_work *work, long timeout)
{
	if (!cancel_delayed_work(work))
		l2cap_chan_hold(chan);

	schedule_delayed_work(work, (unsigned long)timeout);
}

static inline bool l2cap_clear_timer(struct l2cap_chan *chan,
				     struct delayed_work *work)
{
	bool ret = cancel_delayed_work(work);

	if (ret)
		l2cap_chan_put(chan);

	return ret;
}

#define __set_chan_timer(c, t)		l2cap_set_timer(c, &(c)->chan_timer, (long)(t))
#define __clear_chan_timer(c)		l2cap_clear_timer(c, &(c)->chan_timer)
#define __clear_retrans_timer(c)	l2cap_clear_timer(c, &(c)->retrans_timer)
#define __clear_monitor_timer(c)	l2cap_clear_timer(c, &(c)->monitor_timer)
#define __set_ack_timer(c) \
	l2cap_set_timer(c, &(c)->ack_timer, (long)msecs_to_jiffies(L2CAP_DEFAULT_ACK_TO))
#define __clear_ack_timer(c)		l2cap_clear_timer(c, &(c)->ack_timer)

/* How far @seq1 is behind @seq2 in the channel's sequence space. */
static inline int __seq_offset(struct l2cap_chan *chan, __u16 seq1, __u16 seq2)
{
	if (seq1 >= seq2)
		return seq1 - seq2;
	return chan->tx_win_max + 1 - seq2 + seq1;
}

static inline __u16 __next_seq(struct l2cap_chan *chan, __u16 seq)
{
	return (__u16)((seq + 1) % (chan->tx_win_max + 1));
}

/*
 * For owners of a channel that leave an operation out.
 */

static inline int l2cap_chan_no_new_connection(struct l2cap_chan *chan,
					       struct l2cap_chan *new_chan)
{
	return -EOPNOTSUPP;
}

static inline int l2cap_chan_no_recv(struct l2cap_chan *chan, struct sk_buff *skb)
{
	return -ENOSYS;
}

static inline struct sk_buff *l2cap_chan_no_alloc_skb(struct l2cap_chan *chan,
						      unsigned long hdr_len,
						      unsigned long len, int nb)
{
	return ERR_PTR(-ENOSYS);
}

static inline void l2cap_chan_no_teardown(struct l2cap_chan *chan, int err)
{
}

static inline void l2cap_chan_no_close(struct l2cap_chan *chan)
{
}

static inline void l2cap_chan_no_ready(struct l2cap_chan *chan)
{
}

static inline void l2cap_chan_no_state_change(struct l2cap_chan *chan, int state,
					      int err)
{
}

static inline void l2cap_chan_no_defer(struct l2cap_chan *chan)
{
}

static inline void l2cap_chan_no_suspend(struct l2cap_chan *chan)
{
}

static inline void l2cap_chan_no_resume(struct l2cap_chan *chan)
{
}

static inline void l2cap_chan_no_set_shutdown(struct l2cap_chan *chan)
{
}

static inline long l2cap_chan_no_get_sndtimeo(struct l2cap_chan *chan)
{
	return 0;
}

extern bool disable_ertm;
extern bool enable_ecred;

int l2cap_init_sockets(void);
void l2cap_cleanup_sockets(void);

void __l2cap_le_connect_rsp_defer(struct l2cap_chan *chan);
void __l2cap_ecred_conn_rsp_defer(struct l2cap_chan *chan);
void __l2cap_connect_rsp_defer(struct l2cap_chan *chan);

int l2cap_add_psm(struct l2cap_chan *chan, bdaddr_t *src, __le16 psm);
int l2cap_add_scid(struct l2cap_chan *chan, __u16 scid);

struct l2cap_chan *l2cap_chan_create(void);
void l2cap_chan_close(struct l2cap_chan *chan, int reason);
int l2cap_chan_connect(struct l2cap_chan *chan, __le16 psm, u16 cid, bdaddr_t *dst,
		       u8 dst_type);
int l2cap_chan_reconfigure(struct l2cap_chan *chan, __u16 mtu);
int l2cap_chan_send(struct l2cap_chan *chan, struct msghdr *msg, size_t len);
void l2cap_chan_busy(struct l2cap_chan *chan, int busy);
void l2cap_chan_rx_avail(struct l2cap_chan *chan, ssize_t rx_avail);
int l2cap_chan_check_security(struct l2cap_chan *chan, bool initiator);
void l2cap_chan_set_defaults(struct l2cap_chan *chan, struct l2cap_chan *pchan);
int l2cap_ertm_init(struct l2cap_chan *chan);
void l2cap_chan_add(struct l2cap_conn *conn, struct l2cap_chan *chan);
void __l2cap_chan_add(struct l2cap_conn *conn, struct l2cap_chan *chan);
typedef void (*l2cap_chan_func_t)(struct l2cap_chan *chan, void *data);
void l2cap_chan_list(struct l2cap_conn *conn, l2cap_chan_func_t func, void *data);
void l2cap_chan_del(struct l2cap_chan *chan, int err);
void l2cap_send_conn_req(struct l2cap_chan *chan);

struct l2cap_conn *l2cap_conn_get(struct l2cap_conn *conn);
void l2cap_conn_put(struct l2cap_conn *conn);
struct l2cap_conn *l2cap_conn_hold_unless_zero(struct l2cap_conn *conn);

int l2cap_register_user(struct l2cap_conn *conn, struct l2cap_user *user);
void l2cap_unregister_user(struct l2cap_conn *conn, struct l2cap_user *user);

#endif /* _NET_BLUETOOTH_L2CAP_H */
