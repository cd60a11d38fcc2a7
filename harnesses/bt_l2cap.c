// SPDX-License-Identifier: GPL-2.0-only
/*
 * bt_l2cap: L2CAP over one BR/EDR and one LE link.
 *
 * Covers: ACL packets to frames; signalling on both links: connections, configuration,
 *	disconnection, information, LE parameters, credit based and enhanced credit
 *	based channels; data in all modes (basic, retransmission, streaming, credits,
 *	connectionless) and what the local side sends; timers; links that end.
 * Input: an H4 stream, packets back to back: 0x02 ACL data, 0x04 an event, 0xf0 an act of
 *	the local side (redzone/bt.h, l2cap_sock.c); other packets are passed over. The
 *	BR/EDR link has handle 0x0001, we are its peripheral; the LE link 0x0002, we are
 *	its central (environment bit 8: the other way round). Environment bits of the
 *	control trailer 1, 2 and 4: redzone/bt.h.
 * Buffer: each packet is copied to a block of exactly its size.
 */
#include <net/bluetooth/hci_core.h>

#include "bt_stream.h"

enum { ACL_HANDLE = 0x0001, LE_HANDLE = 0x0002, SWAP_ROLES = 0x8 };

static void open_links(struct hci_dev *hdev, u8 env)
{
	bool swap = env & SWAP_ROLES;

	redzone_bt_open_link(hdev, ACL_LINK, ACL_HANDLE,
			     swap ? HCI_ROLE_MASTER : HCI_ROLE_SLAVE);
	redzone_bt_open_link(hdev, LE_LINK, LE_HANDLE,
			     swap ? HCI_ROLE_SLAVE : HCI_ROLE_MASTER);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct bt_stream stream;
	struct rz_input in;
	u8 env;

	rz_input_open(&in, data, size);
	env = in.env;
	in.env &= ~SWAP_ROLES;	/* means something else to the controller */
	if (bt_stream_open(&stream, &in, BT_STREAM_ACL | BT_STREAM_EVENTS)) {
		open_links(stream.hdev, env);
		bt_stream_close(&stream);
	}
	return rz_input_close(&in);
}
