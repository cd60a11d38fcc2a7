// SPDX-License-Identifier: GPL-2.0-only
/* The link of bt_smp (smp_link.h). */
#include "smp_link.h"

#include <asm/unaligned.h>
#include <linux/string.h>
#include <net/bluetooth/hci_core.h>
#include <net/bluetooth/l2cap.h>
#include <redzone/bt.h>

#include "../../parsers/bluetooth/smp.h"
#include "../oracles/smp_oracle.h"

enum {
	LE_HANDLE	= 0x0002,
	BREDR_HANDLE	= 0x0001,
	FRAME_START	= 0x2000,	/* packet boundary flag: first of a frame, flushable */

	RECORD_ACT	= 0xf0,
	RECORD_H4	= 0xff,

	ACL_HEAD	= 9,		/* indicator, ACL header, L2CAP header */
};

static void set_flag(struct hci_dev *hdev, unsigned int flag, bool on)
{
	if (on)
		hci_dev_set_flag(hdev, flag);
	else
		hci_dev_clear_flag(hdev, flag);
}

void smp_link_open(struct hci_dev *hdev, u8 env)
{
	u8 role = env & SMP_LINK_PERIPHERAL ? HCI_ROLE_SLAVE : HCI_ROLE_MASTER;
	bool bredr = env & SMP_LINK_BREDR;
	struct hci_conn *hcon;

	set_flag(hdev, HCI_BONDABLE, true);
	set_flag(hdev, HCI_RPA_RESOLVING, true);
	set_flag(hdev, HCI_SC_ENABLED, env & SMP_LINK_SC);
	set_flag(hdev, HCI_PRIVACY, env & SMP_LINK_SC);
	memset(hdev->irk, 0x52, sizeof(hdev->irk));

	hcon = redzone_bt_open_link(hdev, bredr ? ACL_LINK : LE_LINK,
				    bredr ? BREDR_HANDLE : LE_HANDLE, role);
	if (hcon)
		hcon->io_capability = env & SMP_LINK_KEYBOARD ? SMP_IO_KEYBOARD_DISPLAY :
								HCI_IO_NO_INPUT_OUTPUT;
}

static void play_command(struct hci_dev *hdev, u8 env, const u8 *data, size_t len)
{
	static u8 packet[ACL_HEAD + 0xffff];
	bool bredr = env & SMP_LINK_BREDR;
	u16 handle = bredr ? BREDR_HANDLE : LE_HANDLE;

	if (len > 0xffff - 4)
		len = 0xffff - 4;
	packet[0] = HCI_ACLDATA_PKT;
	put_unaligned_le16(handle | FRAME_START, packet + 1);
	put_unaligned_le16((u16)(len + 4), packet + 3);
	put_unaligned_le16((u16)len, packet + 5);
	put_unaligned_le16(bredr ? L2CAP_CID_SMP_BREDR : L2CAP_CID_SMP, packet + 7);
	memcpy(packet + ACL_HEAD, data, len);

	smp_oracle_before(hdev, handle, data, len);
	redzone_bt_play(hdev, packet, ACL_HEAD + len);
	smp_oracle_after(hdev);
}

void smp_link_play(struct hci_dev *hdev, u8 env, const u8 *record, size_t len)
{
	if (len && record[0] == RECORD_ACT)
		redzone_bt_play(hdev, record, len);
	else if (len && record[0] == RECORD_H4)
		redzone_bt_play(hdev, record + 1, len - 1);
	else
		play_command(hdev, env, record, len);
}
