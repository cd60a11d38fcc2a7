/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local side of a Bluetooth host: what its user, its applications and its clock
 * do. A harness plays these acts from the input (0xf0, u8 op, u8 length, parameters);
 * integers are little-endian, parameters that are missing read as zero.
 *
 * The controller: address 00:1b:dc:07:31:88, up, BR/EDR and LE on, page and inquiry
 * scan on, a buffer of 255 packets of each kind. Environment bits change it.
 */
#ifndef REDZONE_BT_H
#define REDZONE_BT_H

#include <linux/types.h>

struct hci_dev;
struct sink;

/* The target's four bits of the control trailer (bt_smp has its own meanings). */
enum {
	REDZONE_BT_LEGACY	= 0x1,	/* before 2.1: no SSP, no SC, no eSCO; LE 4.0 */
	REDZONE_BT_EXTENDED	= 0x2,	/* LE: extended advertising and creation, privacy, ISO */
	REDZONE_BT_MITM		= 0x4,	/* a keyboard and a display */
	REDZONE_BT_BUSY		= 0x8,	/* discovery, advertising, devices that are known */
};

enum { REDZONE_BT_ACT = 0xf0 };	/* beside the H4 indicators */

/*
 * Acts. "addr" is a bdaddr_t and one byte of BDADDR_BREDR, BDADDR_LE_PUBLIC or
 * BDADDR_LE_RANDOM. A group of sixteen belongs to one layer.
 */
enum redzone_bt_act {
	/* time and work */
	REDZONE_BT_ACT_RUN	= 0x00,	/* u8 n: run n work items, 0: all there are now */
	REDZONE_BT_ACT_TIME	= 0x01,	/* u16 n: let 10 n ms pass, run what is due */
	REDZONE_BT_ACT_RCU	= 0x02,	/* end of a grace period */

	/* the user's answers */
	REDZONE_BT_ACT_CONFIRM	= 0x10,	/* addr, u8 yes */
	REDZONE_BT_ACT_PASSKEY	= 0x11,	/* addr, u8 yes, u32 passkey */
	REDZONE_BT_ACT_PIN	= 0x12,	/* addr, u8 length (0: no), bytes */
	REDZONE_BT_ACT_IO_CAP	= 0x13,	/* u8 capability */
	REDZONE_BT_ACT_FLAG	= 0x14,	/* u8 bit of hdev->dev_flags, u8 on */
	REDZONE_BT_ACT_SUSPEND	= 0x15,	/* u8 on: the host sleeps, events wake it up */
	REDZONE_BT_ACT_LINK_MODE = 0x16, /* u16: HCI_LM_*, which calls are taken */

	/* links */
	REDZONE_BT_ACT_CONNECT	= 0x20,	/* addr, u8 level, u8 auth_type; LE: scan first */
	REDZONE_BT_ACT_CONNECT_LE = 0x21, /* addr, u8 level, u8 role: at once */
	REDZONE_BT_ACT_SCO	= 0x22,	/* addr, u8 codec, u16 voice setting */
	REDZONE_BT_ACT_CIS	= 0x23,	/* addr, u8 cig, u8 cis, u16 sdu */
	REDZONE_BT_ACT_BIS	= 0x24,	/* u8 big, u8 bis, u16 sdu: broadcast */
	REDZONE_BT_ACT_PA_SYNC	= 0x25,	/* addr, u8 sid: listen to a broadcast */
	REDZONE_BT_ACT_DISCONN	= 0x26,	/* u16 handle, u8 reason */
	REDZONE_BT_ACT_SECURITY	= 0x27,	/* u16 handle, u8 level, u8 auth_type */
	REDZONE_BT_ACT_SEND	= 0x28,	/* u16 handle, u8 n: SCO or ISO data */
	REDZONE_BT_ACT_LISTEN	= 0x29,	/* u8 0 SCO 1 ISO, u8 deferred */
	REDZONE_BT_ACT_ACCEPT	= 0x2a,	/* u16 handle: what was deferred */
	REDZONE_BT_ACT_CLOSE	= 0x2b,	/* u16 handle: the socket of a SCO or ISO link */
	REDZONE_BT_ACT_GETNAME	= 0x2c,	/* u16 handle, u8 peer: address of an ISO socket */

	/* devices and discovery */
	REDZONE_BT_ACT_DISCOVER	= 0x30,	/* u8 type (DISCOV_TYPE_*), 0: stop */
	REDZONE_BT_ACT_NAME	= 0x31,	/* addr, u8 known: the name of a found device */
	REDZONE_BT_ACT_ADD	= 0x32,	/* addr, u8 auto_connect, u16 longest interval */
	REDZONE_BT_ACT_REMOVE	= 0x33,	/* addr: forget parameters, keys, link */
	REDZONE_BT_ACT_KEY	= 0x34,	/* addr, u8 type, u8 authenticated, value[16] */
	REDZONE_BT_ACT_IRK	= 0x35,	/* addr, value[16] */
	REDZONE_BT_ACT_OOB	= 0x36,	/* addr, u8 which (bit 0 P-192, bit 1 P-256) */
	REDZONE_BT_ACT_BLOCK	= 0x37,	/* u8 type, value[16]: a key not to be used */
	REDZONE_BT_ACT_REJECT	= 0x38,	/* addr: no incoming links from it */
	REDZONE_BT_ACT_ADV	= 0x39,	/* u8 instance, u8 on, bytes: advertising data */
	REDZONE_BT_ACT_UUID	= 0x3a,	/* s8 rssi, UUIDs of 16 bytes: look for services */
	REDZONE_BT_ACT_PAIR	= 0x3b,	/* addr, u8 IO capability */
	REDZONE_BT_ACT_HANGUP	= 0x3c,	/* addr: as the user disconnects */
	REDZONE_BT_ACT_CODECS	= 0x3d,	/* u8 0: first, 1: second version of the command */
	REDZONE_BT_ACT_MSFT	= 0x3e,	/* u16 opcode: the vendor extension is there */
	REDZONE_BT_ACT_MONITOR	= 0x3f,	/* u16 handle, u8 on, u8 type, bytes: its watch */

	/* 0x40..0x5f: L2CAP (parsers/bluetooth/l2cap_sock.c), 0x60..0x6f: BNEP */
	REDZONE_BT_ACT_L2CAP	= 0x40,
	REDZONE_BT_ACT_BNEP	= 0x60,
	/* 0x70..0x7f: SMP */
	REDZONE_BT_ACT_SMP	= 0x70,
};

/* Acts of the layers above; each owner documents its own beside its code. */
void l2cap_act(struct hci_dev *hdev, u8 op, const u8 *params, u8 len);
void smp_act(struct hci_dev *hdev, u8 op, const u8 *params, u8 len);

/* Applications close what they have open; called before the controller goes. */
void redzone_l2cap_close(void);

/*
 * A controller that is up. @next plays one more packet of the input and returns
 * false at its end: it is called while a port waits for an answer (may be NULL).
 * Return: NULL only when the allocation schedule says so.
 */
struct hci_dev *redzone_bt_begin(u8 env, struct sink *sink, bool (*next)(void *ctx),
				 void *ctx);
/* Pump, close, unregister, free; then nothing of it is left. */
void redzone_bt_end(struct hci_dev *hdev);

/* One packet with its H4 indicator (0x01..0x05 or 0xf0), as the stream has it. */
void redzone_bt_play(struct hci_dev *hdev, const u8 *data, size_t len);

/*
 * The next packet of an H4 stream: its length from its own header; a cut one is
 * handed on as it is, bytes that begin no packet are skipped one by one.
 * Return: 0 at the end.
 */
size_t redzone_bt_next_packet(const u8 **pos, const u8 *end, const u8 **packet);

/* A link that is up, without the events that lead to it. */
struct hci_conn;
struct hci_conn *redzone_bt_open_link(struct hci_dev *hdev, u8 type, u16 handle, u8 role);

#endif /* REDZONE_BT_H */
