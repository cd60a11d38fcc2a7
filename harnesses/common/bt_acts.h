/* SPDX-License-Identifier: GPL-2.0-only */
/* Acts of the local side that no layer above HCI takes (redzone/bt.h). */
#ifndef REDZONE_BT_ACTS_H
#define REDZONE_BT_ACTS_H

#include <net/bluetooth/hci_core.h>

void bt_acts_play(struct hci_dev *hdev, u8 op, const u8 *params, u8 len);

/* Environment bit "busy": a discovery, advertising, devices that are known. */
void bt_acts_busy(struct hci_dev *hdev);

#endif /* REDZONE_BT_ACTS_H */
