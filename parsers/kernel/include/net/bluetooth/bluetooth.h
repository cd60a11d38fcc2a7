/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all Bluetooth layers share: addresses, link states, quality of service of
 * isochronous links, the control block of a packet.
 *
 * Faithful in names and values to Linux 6.1. Changed for testing: messages go to
 * printk, which is silent. Left out: what sockets need (their owner adds it).
 */
#ifndef __BLUETOOTH_H
#define __BLUETOOTH_H

#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/types.h>

/* Head room of a packet for the driver below */
#define BT_SKB_RESERVE		8

/* Versions of the specification, as the controller gives its own */
#define BLUETOOTH_VER_1_1	1
#define BLUETOOTH_VER_1_2	2
#define BLUETOOTH_VER_2_0	3
#define BLUETOOTH_VER_2_1	4
#define BLUETOOTH_VER_4_0	6

/* Security levels of a link */
#define BT_SECURITY_SDP		0
#define BT_SECURITY_LOW		1
#define BT_SECURITY_MEDIUM	2
#define BT_SECURITY_HIGH	3
#define BT_SECURITY_FIPS	4

struct bt_security {
	u8 level;
	u8 key_size;
};

#define BT_FLUSHABLE_OFF	0
#define BT_FLUSHABLE_ON		1

#define BT_POWER_FORCE_ACTIVE_OFF	0
#define BT_POWER_FORCE_ACTIVE_ON	1

#define BT_CHANNEL_POLICY_BREDR_ONLY		0
#define BT_CHANNEL_POLICY_BREDR_PREFERRED	1
#define BT_CHANNEL_POLICY_AMP_PREFERRED		2

#define BT_VOICE_TRANSPARENT		0x0003
#define BT_VOICE_CVSD_16BIT		0x0060
#define BT_VOICE_TRANSPARENT_16BIT	0x0063

#define BT_PHY_BR_1M_1SLOT	BIT(0)
#define BT_PHY_BR_1M_3SLOT	BIT(1)
#define BT_PHY_BR_1M_5SLOT	BIT(2)
#define BT_PHY_EDR_2M_1SLOT	BIT(3)
#define BT_PHY_EDR_2M_3SLOT	BIT(4)
#define BT_PHY_EDR_2M_5SLOT	BIT(5)
#define BT_PHY_EDR_3M_1SLOT	BIT(6)
#define BT_PHY_EDR_3M_3SLOT	BIT(7)
#define BT_PHY_EDR_3M_5SLOT	BIT(8)
#define BT_PHY_LE_1M_TX		BIT(9)
#define BT_PHY_LE_1M_RX		BIT(10)
#define BT_PHY_LE_2M_TX		BIT(11)
#define BT_PHY_LE_2M_RX		BIT(12)
#define BT_PHY_LE_CODED_TX	BIT(13)
#define BT_PHY_LE_CODED_RX	BIT(14)

#define BT_MODE_BASIC		0x00
#define BT_MODE_ERTM		0x01
#define BT_MODE_STREAMING	0x02
#define BT_MODE_LE_FLOWCTL	0x03
#define BT_MODE_EXT_FLOWCTL	0x04

#define BT_ISO_QOS_CIG_UNSET	0xff
#define BT_ISO_QOS_CIS_UNSET	0xff
#define BT_ISO_QOS_BIG_UNSET	0xff
#define BT_ISO_QOS_BIS_UNSET	0xff

struct bt_iso_io_qos {
	u32 interval;		/* us */
	u16 latency;		/* ms */
	u16 sdu;
	u8 phy;
	u8 rtn;
};

/* The same bytes serve connected (CIG, CIS) and broadcast (BIG, BIS) streams. */
struct bt_iso_qos {
	union {
		u8 cig;
		u8 big;
	};
	union {
		u8 cis;
		u8 bis;
	};
	union {
		u8 sca;
		u8 sync_interval;
	};
	u8 packing;
	u8 framing;
	struct bt_iso_io_qos in;
	struct bt_iso_io_qos out;
};

#define BT_ISO_PHY_1M		0x01
#define BT_ISO_PHY_2M		0x02
#define BT_ISO_PHY_CODED	0x04
#define BT_ISO_PHY_ANY		(BT_ISO_PHY_1M | BT_ISO_PHY_2M | BT_ISO_PHY_CODED)

struct bt_codec {
	u8 id;
	u16 cid;
	u16 vid;
	u8 data_path;
	u8 num_caps;
} __packed;

#define BT_CODEC_CVSD		0x02
#define BT_CODEC_TRANSPARENT	0x03
#define BT_CODEC_MSBC		0x05

#define BT_INFO(fmt, ...)	pr_info(fmt "\n", ##__VA_ARGS__)
#define BT_WARN(fmt, ...)	pr_warn(fmt "\n", ##__VA_ARGS__)
#define BT_ERR(fmt, ...)	pr_err(fmt "\n", ##__VA_ARGS__)
#define BT_DBG(fmt, ...)	pr_debug(fmt "\n", ##__VA_ARGS__)

#define bt_dev_name(hdev)	((hdev) ? (hdev)->name : "null")

#define bt_dev_info(hdev, fmt, ...) \
	BT_INFO("%s: " fmt, bt_dev_name(hdev), ##__VA_ARGS__)
#define bt_dev_warn(hdev, fmt, ...) \
	BT_WARN("%s: " fmt, bt_dev_name(hdev), ##__VA_ARGS__)
#define bt_dev_err(hdev, fmt, ...) \
	BT_ERR("%s: " fmt, bt_dev_name(hdev), ##__VA_ARGS__)
#define bt_dev_dbg(hdev, fmt, ...) \
	BT_DBG("%s: " fmt, bt_dev_name(hdev), ##__VA_ARGS__)
#define bt_dev_warn_ratelimited	bt_dev_warn
#define bt_dev_err_ratelimited	bt_dev_err

/* States of links, channels and sockets */
enum {
	BT_CONNECTED = 1,
	BT_OPEN,
	BT_BOUND,
	BT_LISTEN,
	BT_CONNECT,
	BT_CONNECT2,
	BT_CONFIG,
	BT_DISCONN,
	BT_CLOSED
};

static inline const char *state_to_string(int state)
{
	static const char *const names[] = {
		[BT_CONNECTED] = "BT_CONNECTED", [BT_OPEN] = "BT_OPEN",
		[BT_BOUND] = "BT_BOUND", [BT_LISTEN] = "BT_LISTEN",
		[BT_CONNECT] = "BT_CONNECT", [BT_CONNECT2] = "BT_CONNECT2",
		[BT_CONFIG] = "BT_CONFIG", [BT_DISCONN] = "BT_DISCONN",
		[BT_CLOSED] = "BT_CLOSED",
	};

	if (state < BT_CONNECTED || state > BT_CLOSED)
		return "invalid state";
	return names[state];
}

/* A device address, least significant byte first as on the air */
typedef struct {
	u8 b[6];
} __packed bdaddr_t;

#define BDADDR_BREDR		0x00
#define BDADDR_LE_PUBLIC	0x01
#define BDADDR_LE_RANDOM	0x02

#define BDADDR_ANY	(&(bdaddr_t){ { 0, 0, 0, 0, 0, 0 } })
#define BDADDR_NONE	(&(bdaddr_t){ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } })

static inline bool bdaddr_type_is_le(u8 type)
{
	return type == BDADDR_LE_PUBLIC || type == BDADDR_LE_RANDOM;
}

static inline bool bdaddr_type_is_valid(u8 type)
{
	return type == BDADDR_BREDR || bdaddr_type_is_le(type);
}

static inline int bacmp(const bdaddr_t *ba1, const bdaddr_t *ba2)
{
	return memcmp(ba1, ba2, sizeof(bdaddr_t));
}

static inline void bacpy(bdaddr_t *dst, const bdaddr_t *src)
{
	memcpy(dst, src, sizeof(bdaddr_t));
}

void baswap(bdaddr_t *dst, const bdaddr_t *src);

struct hci_dev;
struct l2cap_chan;
struct sock;

/* What the layers keep in skb->cb */
struct l2cap_ctrl {
	u8 sframe : 1, poll : 1, final : 1, fcs : 1, sar : 2, super : 2;
	u16 reqseq;
	u16 txseq;
	u8 retries;
	__le16 psm;
	bdaddr_t bdaddr;
	struct l2cap_chan *chan;
};

struct sco_ctrl {
	u8 pkt_status;
};

typedef void (*hci_req_complete_t)(struct hci_dev *hdev, u8 status, u16 opcode);
typedef void (*hci_req_complete_skb_t)(struct hci_dev *hdev, u8 status, u16 opcode,
				       struct sk_buff *skb);

#define HCI_REQ_START	BIT(0)
#define HCI_REQ_SKB	BIT(1)

struct hci_ctrl {
	struct sock *sk;
	u16 opcode;
	u8 req_flags;
	u8 req_event;
	union {
		hci_req_complete_t req_complete;
		hci_req_complete_skb_t req_complete_skb;
	};
};

struct bt_skb_cb {
	u8 pkt_type;
	u8 force_active;
	u16 expect;
	u8 incoming : 1;
	union {
		struct l2cap_ctrl l2cap;
		struct sco_ctrl sco;
		struct hci_ctrl hci;
	};
};

#define bt_cb(skb)		((struct bt_skb_cb *)((skb)->cb))
#define hci_skb_pkt_type(skb)	(bt_cb(skb)->pkt_type)
#define hci_skb_expect(skb)	(bt_cb(skb)->expect)
#define hci_skb_opcode(skb)	(bt_cb(skb)->hci.opcode)
#define hci_skb_event(skb)	(bt_cb(skb)->hci.req_event)
#define hci_skb_sk(skb)		(bt_cb(skb)->hci.sk)

static inline struct sk_buff *bt_skb_alloc(unsigned int len, gfp_t how)
{
	struct sk_buff *skb = alloc_skb(len + BT_SKB_RESERVE, how);

	if (skb)
		skb_reserve(skb, BT_SKB_RESERVE);
	return skb;
}

/* HCI error codes and errno, each as the other */
int bt_to_errno(u16 code);
u8 bt_status(int err);

int l2cap_init(void);
void l2cap_exit(void);

#endif /* __BLUETOOTH_H */
