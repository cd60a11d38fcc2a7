/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the controller (hci_*.c, mgmt.c, iso.c, sco.c) share. */
#ifndef BLUETOOTH_HCI_CORE_PRIV_H
#define BLUETOOTH_HCI_CORE_PRIV_H

#include <net/bluetooth/hci_core.h>
#include <redzone/sink.h>

/* hci_data.c, hci_cmd.c: the workers of the transport */
void hci_rx_work(struct work_struct *work);
void hci_tx_work(struct work_struct *work);
void hci_cmd_work(struct work_struct *work);
int hci_send_frame(struct hci_dev *hdev, struct sk_buff *skb);

/* hci_sync.c */
void hci_sync_init_works(struct hci_dev *hdev);
int hci_scan_disable_sync(struct hci_dev *hdev);
int hci_remove_ext_adv_instance_sync(struct hci_dev *hdev, u8 instance,
				     struct sock *sk);
int hci_start_per_adv_sync(struct hci_dev *hdev, u8 instance, u8 data_len, u8 *data,
			   u32 flags, u16 min_interval, u16 max_interval,
			   u16 sync_interval);

/* mgmt.c */
void hci_mgmt_init(struct hci_dev *hdev);
void hci_mgmt_index_removed(struct hci_dev *hdev);

/* hci_conn.c */
void hci_connect_le_scan_cleanup(struct hci_conn *conn, u8 status);

/* hci_conn_iso.c: what goes with the last stream of a group */
void bis_cleanup(struct hci_conn *conn);
void cis_cleanup(struct hci_conn *conn);

/* hci_lists.c */
void hci_codec_list_clear(struct list_head *codec_list);

/* sco.c, iso.c */
extern struct hci_cb sco_cb;
extern struct hci_cb iso_cb;

#endif /* BLUETOOTH_HCI_CORE_PRIV_H */
