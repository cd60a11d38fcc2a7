/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to the LE half of the HCI event code.
 *
 *	hci_le_event.c	LE Meta: dispatch by subevent, links
 *	hci_le_adv.c	advertising reports, periodic advertising
 *	hci_le_iso.c	connected and broadcast isochronous streams
 */
#ifndef PARSERS_BLUETOOTH_HCI_LE_H
#define PARSERS_BLUETOOTH_HCI_LE_H

#include <net/bluetooth/hci_core.h>

/* A report that waits for its scan response; it lives in hdev->discovery. */
static inline bool has_pending_adv_report(struct hci_dev *hdev)
{
	return bacmp(&hdev->discovery.last_adv_addr, BDADDR_ANY);
}

static inline void clear_pending_adv_report(struct hci_dev *hdev)
{
	bacpy(&hdev->discovery.last_adv_addr, BDADDR_ANY);
	hdev->discovery.last_adv_data_len = 0;
}

/* hci_le_adv.c */
void hci_le_adv_report_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_le_ext_adv_report_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_le_direct_adv_report_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_le_ext_adv_term_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);

/* hci_le_iso.c */
int hci_le_pa_term_sync(struct hci_dev *hdev, __le16 handle);
void hci_le_pa_sync_estabilished_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_le_per_adv_report_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_le_cis_estabilished_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_le_cis_req_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_le_create_big_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_le_big_sync_established_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_le_big_info_adv_report_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);

#endif /* PARSERS_BLUETOOTH_HCI_LE_H */
