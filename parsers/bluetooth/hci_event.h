/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files that take events apart share: upstream's hci_event.c is one file, here
 * it is cut by topic.
 *
 *	hci_event.c		dispatch by event code, requests, single events
 *	hci_event_inquiry.c	inquiry results, names
 *	hci_event_conn.c	links: request, complete, features, disconnect
 *	hci_event_auth.c	authentication, encryption, PIN codes, link keys
 *	hci_event_pair.c	Secure Simple Pairing
 *	hci_cmd_status.c	Command Status
 *	hci_cmd_complete*.c	Command Complete
 *	hci_le_event.c		LE Meta
 *
 * Every decoded field goes to the sink when it is read. Handlers return nothing, as
 * upstream's: one that ignores its event says why with hci_ev_refuse(), and the
 * dispatcher gives the verdict.
 */
#ifndef PARSERS_BLUETOOTH_HCI_EVENT_H
#define PARSERS_BLUETOOTH_HCI_EVENT_H

#include <linux/errno.h>
#include <linux/skbuff.h>
#include <net/bluetooth/bluetooth.h>
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

static inline void evt_u64(struct hci_dev *hdev, const char *name, u64 value)
{
	sink_u64(hdev->sink, name, value);
}

static inline void evt_bytes(struct hci_dev *hdev, const char *name, const void *data,
			     size_t len)
{
	sink_bytes(hdev->sink, name, data, len);
}

static inline void evt_ba(struct hci_dev *hdev, const bdaddr_t *bdaddr)
{
	sink_bytes(hdev->sink, "bthci_evt.bd_addr", bdaddr, sizeof(*bdaddr));
}

/* A class of device, three bytes. */
static inline void evt_class(struct hci_dev *hdev, const u8 dev_class[3])
{
	sink_u64(hdev->sink, "btcommon.cod.class_of_device",
		 dev_class[0] | dev_class[1] << 8 | dev_class[2] << 16);
}

/* The event in hand is ignored, and why; the last reason counts. */
static inline void hci_ev_refuse(struct hci_dev *hdev, int err)
{
	hdev->verdict = err;
}

/* The next @len bytes, or NULL: an event, a Command Complete, an LE event is too short. */
static inline void *hci_ev_skb_pull(struct hci_dev *hdev, struct sk_buff *skb, u8 ev,
				    size_t len)
{
	void *data = skb_pull_data(skb, len);

	if (!data)
		bt_dev_err(hdev, "event 0x%2.2x is cut short", ev);
	return data;
}

static inline void *hci_cc_skb_pull(struct hci_dev *hdev, struct sk_buff *skb, u16 op,
				    size_t len)
{
	void *data = skb_pull_data(skb, len);

	if (!data)
		bt_dev_err(hdev, "completion of 0x%4.4x is cut short", op);
	return data;
}

static inline void *hci_le_ev_skb_pull(struct hci_dev *hdev, struct sk_buff *skb, u8 ev,
				       size_t len)
{
	void *data = skb_pull_data(skb, len);

	if (!data)
		bt_dev_err(hdev, "LE event 0x%2.2x is cut short", ev);
	return data;
}

/* A controller that resolves addresses says so in the type: give the plain type back. */
static inline u8 ev_bdaddr_type(struct hci_dev *hdev, u8 type, bool *resolved)
{
	bool dummy;

	if (!resolved)
		resolved = &dummy;

	*resolved = true;
	switch (type) {
	case ADDR_LE_DEV_PUBLIC_RESOLVED:
		return ADDR_LE_DEV_PUBLIC;
	case ADDR_LE_DEV_RANDOM_RESOLVED:
		return ADDR_LE_DEV_RANDOM;
	}
	*resolved = false;
	return type;
}

/* Look-ups by what the event names: sink, find, and set the verdict if there is none. */
struct hci_conn *hci_ev_conn_handle(struct hci_dev *hdev, __le16 handle);
struct hci_conn *hci_ev_conn_ba(struct hci_dev *hdev, __u8 type, const bdaddr_t *bdaddr);

/* hci_event.c */
void hci_store_wake_reason(struct hci_dev *hdev, const bdaddr_t *bdaddr, u8 addr_type);

/* hci_event_inquiry.c */
void hci_inquiry_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_inquiry_result_evt(struct hci_dev *hdev, void *edata, struct sk_buff *skb);
void hci_inquiry_result_with_rssi_evt(struct hci_dev *hdev, void *edata,
				      struct sk_buff *skb);
void hci_extended_inquiry_result_evt(struct hci_dev *hdev, void *edata,
				     struct sk_buff *skb);
void hci_remote_name_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_check_pending_name(struct hci_dev *hdev, struct hci_conn *conn,
			    bdaddr_t *bdaddr, u8 *name, u8 name_len);

/* hci_event_conn.c */
void hci_conn_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_conn_request_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_disconn_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_remote_features_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_remote_ext_features_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_sync_conn_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
bool hci_conn_is_auto_connect(struct hci_conn_params *params, u8 reason);

/* hci_event_auth.c */
int hci_outgoing_auth_needed(struct hci_dev *hdev, struct hci_conn *conn);
void hci_request_auth(struct hci_dev *hdev, struct hci_conn *conn);
void hci_auth_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_encrypt_change_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_key_refresh_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_change_link_key_complete_evt(struct hci_dev *hdev, void *data,
				      struct sk_buff *skb);
void hci_pin_code_request_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_link_key_request_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_link_key_notify_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);

/* hci_event_pair.c */
void hci_io_capa_request_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_io_capa_reply_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_user_confirm_request_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_user_passkey_request_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_user_passkey_notify_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_keypress_notify_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_simple_pair_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_remote_host_features_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);
void hci_remote_oob_data_request_evt(struct hci_dev *hdev, void *edata,
				     struct sk_buff *skb);

/* hci_cmd_status.c */
void handle_cmd_cnt_and_timer(struct hci_dev *hdev, u8 ncmd);
void hci_cmd_status_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb,
			u16 *opcode, u8 *status, hci_req_complete_t *req_complete,
			hci_req_complete_skb_t *req_complete_skb);

/* hci_cmd_complete.c */
void hci_cmd_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb,
			  u16 *opcode, u8 *status, hci_req_complete_t *req_complete,
			  hci_req_complete_skb_t *req_complete_skb);

/* hci_le_event.c */
void hci_le_meta_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb, u16 *opcode,
		     u8 *status, hci_req_complete_t *req_complete,
		     hci_req_complete_skb_t *req_complete_skb);

/* msft.c */
void msft_vendor_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb);

#endif /* PARSERS_BLUETOOTH_HCI_EVENT_H */
