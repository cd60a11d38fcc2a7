/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The user's side of the management interface: what mgmt.c and mgmt_user.c share, and
 * the commands as <redzone/bt.h> gives them.
 */
#ifndef BLUETOOTH_MGMT_PRIV_H
#define BLUETOOTH_MGMT_PRIV_H

#include <net/bluetooth/hci_core.h>

u8 mgmt_status(u8 hci_status);
u8 link_to_bdaddr(u8 link_type, u8 addr_type);

/* What waits for its end; mgmt_pending of the controller. */
struct mgmt_pending_cmd {
	struct list_head list;
	u16 opcode;
	struct hci_dev *hdev;
	bdaddr_t bdaddr;
	u8 type;
	struct hci_conn *conn;		/* being paired */
};

int mgmt_pair_device(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type, u8 io_cap);
int mgmt_cancel_pair_device(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type);
int mgmt_unpair_device(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type, bool disconnect);
int mgmt_disconnect(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type);
int mgmt_pin_code_reply(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 pin_len, u8 pin[16]);
/* @mgmt_op: MGMT_OP_USER_CONFIRM_REPLY and the three beside it */
int mgmt_user_reply(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type, u16 mgmt_op,
		    u32 passkey);
int mgmt_start_discovery(struct hci_dev *hdev, u8 type);
int mgmt_start_service_discovery(struct hci_dev *hdev, u8 type, s8 rssi, u16 uuid_count,
				 const u8 *uuids);
int mgmt_stop_discovery(struct hci_dev *hdev);
int mgmt_confirm_name(struct hci_dev *hdev, bdaddr_t *bdaddr, bool known);
int mgmt_add_device(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type, u8 action);
int mgmt_remove_device(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type);

#endif /* BLUETOOTH_MGMT_PRIV_H */
