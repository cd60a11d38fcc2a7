// SPDX-License-Identifier: GPL-2.0-only
/*
 * HCI events: dispatch by event code, hand-over to whoever waits for the answer of a
 * command, and the events that change one field of a link or of the controller.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_event_packet, hci_event_func,
 *	hci_get_cmd_complete, hci_store_wake_reason, hci_hardware_error_evt,
 *	hci_role_change_evt, hci_num_comp_pkts_evt, hci_mode_change_evt,
 *	hci_clock_offset_evt, hci_pkt_type_change_evt, hci_pscan_rep_mode_evt)
 * Spec: Bluetooth Core 5.4, Vol 4 Part E 5.4.4 and 7.7
 * Differs: the table is cut by topic over several files; warnings about trailing bytes
 *	are not printed. CVE-2024-51569 is a variant: NimBLE lacks the check of the fixed
 *	part in the handler, this port in the table's row.
 */
#include "hci_event.h"

struct hci_conn *hci_ev_conn_handle(struct hci_dev *hdev, __le16 handle)
{
	struct hci_conn *conn = hci_conn_hash_lookup_handle(hdev, __le16_to_cpu(handle));

	evt_u64(hdev, "bthci_evt.connection_handle", __le16_to_cpu(handle));
	if (!conn)
		hci_ev_refuse(hdev, -ENOTCONN);
	return conn;
}

struct hci_conn *hci_ev_conn_ba(struct hci_dev *hdev, __u8 type, const bdaddr_t *bdaddr)
{
	struct hci_conn *conn = hci_conn_hash_lookup_ba(hdev, type, (bdaddr_t *)bdaddr);

	evt_ba(hdev, bdaddr);
	if (!conn)
		hci_ev_refuse(hdev, -ENOTCONN);
	return conn;
}

/*
 * Single events
 */

static void hci_hardware_error_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_hardware_error *ev = data;

	evt_u64(hdev, "bthci_evt.hardware_code", ev->code);
	hdev->hw_error_code = ev->code;

	queue_work(hdev->req_workqueue, &hdev->error_reset);
}

static void hci_role_change_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_role_change *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);
	evt_u64(hdev, "bthci_evt.role", ev->role);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_ba(hdev, ACL_LINK, &ev->bdaddr);
	if (!malformed(!conn)) {
		if (!ev->status)
			conn->role = ev->role;

		clear_bit(HCI_CONN_RSWITCH_PEND, &conn->flags);

		hci_role_switch_cfm(conn, ev->status, ev->role);
	}

	hci_dev_unlock(hdev);
}

/* Give @count packets back to a pool of @max. */
static void hci_credit(unsigned int *cnt, unsigned int count, unsigned int max)
{
	*cnt += count;
	if (malformed(*cnt > max))
		*cnt = max;
}

/* LE links without buffers of their own use those of BR/EDR, isochronous ones LE's. */
static void hci_num_comp_pkts_conn(struct hci_dev *hdev, struct hci_conn *conn, __u16 count)
{
	/* more than were sent: a counter below zero would stop the link for good */
	if (!malformed(conn->sent < count))
		conn->sent -= count;
	else
		conn->sent = 0;

	switch (conn->type) {
	case ACL_LINK:
		hci_credit(&hdev->acl_cnt, count, hdev->acl_pkts);
		break;
	case LE_LINK:
		if (hdev->le_pkts)
			hci_credit(&hdev->le_cnt, count, hdev->le_pkts);
		else
			hci_credit(&hdev->acl_cnt, count, hdev->acl_pkts);
		break;
	case SCO_LINK:
	case ESCO_LINK:
		hci_credit(&hdev->sco_cnt, count, hdev->sco_pkts);
		break;
	case ISO_LINK:
		if (hdev->iso_pkts)
			hci_credit(&hdev->iso_cnt, count, hdev->iso_pkts);
		else if (hdev->le_pkts)
			hci_credit(&hdev->le_cnt, count, hdev->le_pkts);
		else
			hci_credit(&hdev->acl_cnt, count, hdev->acl_pkts);
		break;
	default:
		bt_dev_err(hdev, "link of unknown type %d", conn->type);
		break;
	}
}

static void hci_num_comp_pkts_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_num_comp_pkts *ev = data;
	int i;

	evt_u64(hdev, "bthci_evt.num_handles", ev->num);
	if (malformed(!hci_ev_skb_pull(hdev, skb, HCI_EV_NUM_COMP_PKTS,
				       flex_array_size(ev, handles, ev->num)))) {
		hci_ev_refuse(hdev, -EBADMSG);
		return;
	}

	for (i = 0; i < ev->num; i++) {
		struct hci_comp_pkts_info *info = &ev->handles[i];
		struct hci_conn *conn;
		__u16 count;

		count = __le16_to_cpu(info->count);
		evt_u64(hdev, "bthci_evt.num_compl_packets", count);

		conn = hci_ev_conn_handle(hdev, info->handle);
		if (malformed(!conn))
			continue;

		hci_num_comp_pkts_conn(hdev, conn, count);
	}

	queue_work(hdev->workqueue, &hdev->tx_work);
}

static void hci_mode_change_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_mode_change *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);
	evt_u64(hdev, "bthci_evt.current_mode", ev->mode);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (!malformed(!conn)) {
		conn->mode = ev->mode;

		/* a change that we did not ask for says what the peer wants */
		if (!test_and_clear_bit(HCI_CONN_MODE_CHANGE_PEND, &conn->flags)) {
			if (conn->mode == HCI_CM_ACTIVE)
				set_bit(HCI_CONN_POWER_SAVE, &conn->flags);
			else
				clear_bit(HCI_CONN_POWER_SAVE, &conn->flags);
		}

		if (test_and_clear_bit(HCI_CONN_SCO_SETUP_PEND, &conn->flags))
			hci_sco_setup(conn, ev->status);
	}

	hci_dev_unlock(hdev);
}

static void hci_clock_offset_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_clock_offset *ev = data;
	struct inquiry_entry *ie;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (malformed(!conn))
		goto unlock;
	if (malformed(ev->status))
		goto unlock;

	ie = hci_inquiry_cache_lookup(hdev, &conn->dst);
	if (!malformed(!ie)) {
		evt_u64(hdev, "bthci_evt.clock_offset",
			__le16_to_cpu(ev->clock_offset) & 0x7fff);
		ie->data.clock_offset = ev->clock_offset;
		ie->timestamp = jiffies;
	}

unlock:
	hci_dev_unlock(hdev);
}

static void hci_pkt_type_change_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_pkt_type_change *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (malformed(!conn))
		goto unlock;
	if (malformed(ev->status))
		goto unlock;

	conn->pkt_type = __le16_to_cpu(ev->pkt_type);
	evt_u64(hdev, "bthci_evt.packet_type", conn->pkt_type);

unlock:
	hci_dev_unlock(hdev);
}

static void hci_pscan_rep_mode_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_pscan_rep_mode *ev = data;
	struct inquiry_entry *ie;

	evt_ba(hdev, &ev->bdaddr);

	hci_dev_lock(hdev);

	ie = hci_inquiry_cache_lookup(hdev, &ev->bdaddr);
	if (!malformed(!ie)) {
		evt_u64(hdev, "bthci_evt.page_scan_repetition_mode", ev->pscan_rep_mode);
		ie->data.pscan_rep_mode = ev->pscan_rep_mode;
		ie->timestamp = jiffies;
	}

	hci_dev_unlock(hdev);
}

/*
 * Why the host woke up
 */

/**
 * hci_store_wake_reason - remember the first event since the host was suspended
 * @hdev: controller, locked
 * @bdaddr: whose doing it was; NULL if the event names nobody
 * @addr_type: BDADDR_BREDR or one of the LE types
 */
void hci_store_wake_reason(struct hci_dev *hdev, const bdaddr_t *bdaddr, u8 addr_type)
{
	lockdep_assert_held(&hdev->lock);

	if (!hdev->suspended || hdev->wake_reason)
		return;

	if (!bdaddr) {
		hdev->wake_reason = MGMT_WAKE_REASON_UNEXPECTED;
		return;
	}

	hdev->wake_reason = MGMT_WAKE_REASON_REMOTE_WAKE;
	bacpy(&hdev->wake_addr, bdaddr);
	hdev->wake_addr_type = addr_type;
}

/* The address of the first report behind the subevent and the number of reports. */
static noinline void hci_wake_reason_le(struct hci_dev *hdev, const struct sk_buff *skb)
{
	const u8 *subevent = skb->data;
	const u8 *num_reports = skb->data + sizeof(struct hci_ev_le_meta);
	const struct hci_ev_le_advertising_info *adv = (const void *)(num_reports + 1);
	const struct hci_ev_le_direct_adv_info *direct = (const void *)(num_reports + 1);
	const struct hci_ev_le_ext_adv_info *ext = (const void *)(num_reports + 1);

	if (!*num_reports)
		return;

	switch (*subevent) {
	case HCI_EV_LE_ADVERTISING_REPORT:
		hci_store_wake_reason(hdev, &adv->bdaddr, adv->bdaddr_type);
		break;
	case HCI_EV_LE_DIRECT_ADV_REPORT:
		hci_store_wake_reason(hdev, &direct->bdaddr, direct->bdaddr_type);
		break;
	case HCI_EV_LE_EXT_ADV_REPORT:
		hci_store_wake_reason(hdev, &ext->bdaddr, ext->bdaddr_type);
		break;
	}
}

/* As it was before each handler told, behind the check of its length. */
static noinline void hci_wake_reason_early(struct hci_dev *hdev, u8 event,
					   struct sk_buff *skb)
{
	const struct hci_ev_conn_complete *complete = (const void *)skb->data;
	const struct hci_ev_conn_request *request = (const void *)skb->data;

	hci_dev_lock(hdev);
	if (!hdev->suspended || hdev->wake_reason)
		goto unlock;

	if (event == HCI_EV_CONN_REQUEST)
		hci_store_wake_reason(hdev, &request->bdaddr, BDADDR_BREDR);
	else if (event == HCI_EV_CONN_COMPLETE)
		hci_store_wake_reason(hdev, &complete->bdaddr, BDADDR_BREDR);
	else if (event == HCI_EV_LE_META)
		hci_wake_reason_le(hdev, skb);
	else
		hci_store_wake_reason(hdev, NULL, 0);

unlock:
	hci_dev_unlock(hdev);
}

/* How much of the event the early look needs. */
static noinline unsigned int __maybe_unused
hci_wake_reason_len(u8 event, const struct sk_buff *skb)
{
	switch (event) {
	case HCI_EV_CONN_REQUEST:
		return sizeof(bdaddr_t);
	case HCI_EV_CONN_COMPLETE:
		return offsetofend(struct hci_ev_conn_complete, bdaddr);
	case HCI_EV_LE_META:
		if (skb->len < 2 || !skb->data[1])
			return 2;
		if (skb->data[0] == HCI_EV_LE_ADVERTISING_REPORT ||
		    skb->data[0] == HCI_EV_LE_DIRECT_ADV_REPORT)
			return 2 + offsetofend(struct hci_ev_le_advertising_info, bdaddr);
		if (skb->data[0] == HCI_EV_LE_EXT_ADV_REPORT)
			return 2 + offsetofend(struct hci_ev_le_ext_adv_info, bdaddr);
		return 2;
	}
	return 0;
}

/*
 * Dispatch
 */

#define HCI_EV_VL(_op, _func, _min_len, _max_len)	\
[_op] = {						\
	.req = false,					\
	.func = _func,					\
	.min_len = _min_len,				\
	.max_len = _max_len,				\
}

#define HCI_EV(_op, _func, _len)	HCI_EV_VL(_op, _func, _len, _len)
#define HCI_EV_STATUS(_op, _func)	HCI_EV(_op, _func, sizeof(struct hci_ev_status))

#define HCI_EV_REQ_VL(_op, _func, _min_len, _max_len)	\
[_op] = {						\
	.req = true,					\
	.func_req = _func,				\
	.min_len = _min_len,				\
	.max_len = _max_len,				\
}

#define HCI_EV_REQ(_op, _func, _len)	HCI_EV_REQ_VL(_op, _func, _len, _len)

/* A code without a row is ignored. */
static const struct hci_ev {
	bool req;
	union {
		void (*func)(struct hci_dev *hdev, void *data, struct sk_buff *skb);
		void (*func_req)(struct hci_dev *hdev, void *data, struct sk_buff *skb,
				 u16 *opcode, u8 *status,
				 hci_req_complete_t *req_complete,
				 hci_req_complete_skb_t *req_complete_skb);
	};
	u16 min_len;
	u16 max_len;
} hci_ev_table[U8_MAX + 1] = {
	HCI_EV_STATUS(HCI_EV_INQUIRY_COMPLETE, hci_inquiry_complete_evt),
	HCI_EV_VL(HCI_EV_INQUIRY_RESULT, hci_inquiry_result_evt,
		  sizeof(struct hci_ev_inquiry_result), HCI_MAX_EVENT_SIZE),
	HCI_EV(HCI_EV_CONN_COMPLETE, hci_conn_complete_evt,
	       sizeof(struct hci_ev_conn_complete)),
	HCI_EV(HCI_EV_CONN_REQUEST, hci_conn_request_evt,
	       sizeof(struct hci_ev_conn_request)),
	HCI_EV(HCI_EV_DISCONN_COMPLETE, hci_disconn_complete_evt,
	       sizeof(struct hci_ev_disconn_complete)),
	HCI_EV(HCI_EV_AUTH_COMPLETE, hci_auth_complete_evt,
	       sizeof(struct hci_ev_auth_complete)),
	HCI_EV(HCI_EV_REMOTE_NAME, hci_remote_name_evt,
	       sizeof(struct hci_ev_remote_name)),
	HCI_EV(HCI_EV_ENCRYPT_CHANGE, hci_encrypt_change_evt,
	       sizeof(struct hci_ev_encrypt_change)),
	HCI_EV(HCI_EV_CHANGE_LINK_KEY_COMPLETE, hci_change_link_key_complete_evt,
	       sizeof(struct hci_ev_change_link_key_complete)),
	HCI_EV(HCI_EV_REMOTE_FEATURES, hci_remote_features_evt,
	       sizeof(struct hci_ev_remote_features)),
	HCI_EV_REQ_VL(HCI_EV_CMD_COMPLETE, hci_cmd_complete_evt,
		      sizeof(struct hci_ev_cmd_complete), HCI_MAX_EVENT_SIZE),
	HCI_EV_REQ(HCI_EV_CMD_STATUS, hci_cmd_status_evt,
		   sizeof(struct hci_ev_cmd_status)),
	HCI_EV(HCI_EV_HARDWARE_ERROR, hci_hardware_error_evt,
	       sizeof(struct hci_ev_hardware_error)),
	HCI_EV(HCI_EV_ROLE_CHANGE, hci_role_change_evt,
	       sizeof(struct hci_ev_role_change)),
	HCI_EV_VL(HCI_EV_NUM_COMP_PKTS, hci_num_comp_pkts_evt,
		  sizeof(struct hci_ev_num_comp_pkts), HCI_MAX_EVENT_SIZE),
	HCI_EV(HCI_EV_MODE_CHANGE, hci_mode_change_evt,
	       sizeof(struct hci_ev_mode_change)),
	HCI_EV(HCI_EV_PIN_CODE_REQ, hci_pin_code_request_evt,
	       sizeof(struct hci_ev_pin_code_req)),
	HCI_EV(HCI_EV_LINK_KEY_REQ, hci_link_key_request_evt,
	       sizeof(struct hci_ev_link_key_req)),
	HCI_EV(HCI_EV_LINK_KEY_NOTIFY, hci_link_key_notify_evt,
	       sizeof(struct hci_ev_link_key_notify)),
	HCI_EV(HCI_EV_CLOCK_OFFSET, hci_clock_offset_evt,
	       sizeof(struct hci_ev_clock_offset)),
	HCI_EV(HCI_EV_PKT_TYPE_CHANGE, hci_pkt_type_change_evt,
	       sizeof(struct hci_ev_pkt_type_change)),
	HCI_EV(HCI_EV_PSCAN_REP_MODE, hci_pscan_rep_mode_evt,
	       sizeof(struct hci_ev_pscan_rep_mode)),
	HCI_EV_VL(HCI_EV_INQUIRY_RESULT_WITH_RSSI, hci_inquiry_result_with_rssi_evt,
		  sizeof(struct hci_ev_inquiry_result_rssi), HCI_MAX_EVENT_SIZE),
	HCI_EV(HCI_EV_REMOTE_EXT_FEATURES, hci_remote_ext_features_evt,
	       sizeof(struct hci_ev_remote_ext_features)),
	HCI_EV(HCI_EV_SYNC_CONN_COMPLETE, hci_sync_conn_complete_evt,
	       sizeof(struct hci_ev_sync_conn_complete)),
	HCI_EV_VL(HCI_EV_EXTENDED_INQUIRY_RESULT, hci_extended_inquiry_result_evt,
		  sizeof(struct hci_ev_ext_inquiry_result), HCI_MAX_EVENT_SIZE),
	HCI_EV(HCI_EV_KEY_REFRESH_COMPLETE, hci_key_refresh_complete_evt,
	       sizeof(struct hci_ev_key_refresh_complete)),
	HCI_EV(HCI_EV_IO_CAPA_REQUEST, hci_io_capa_request_evt,
	       sizeof(struct hci_ev_io_capa_request)),
	HCI_EV(HCI_EV_IO_CAPA_REPLY, hci_io_capa_reply_evt,
	       sizeof(struct hci_ev_io_capa_reply)),
	HCI_EV(HCI_EV_USER_CONFIRM_REQUEST, hci_user_confirm_request_evt,
	       sizeof(struct hci_ev_user_confirm_req)),
	HCI_EV(HCI_EV_USER_PASSKEY_REQUEST, hci_user_passkey_request_evt,
	       sizeof(struct hci_ev_user_passkey_req)),
	HCI_EV(HCI_EV_REMOTE_OOB_DATA_REQUEST, hci_remote_oob_data_request_evt,
	       sizeof(struct hci_ev_remote_oob_data_request)),
	HCI_EV(HCI_EV_SIMPLE_PAIR_COMPLETE, hci_simple_pair_complete_evt,
	       sizeof(struct hci_ev_simple_pair_complete)),
	HCI_EV(HCI_EV_USER_PASSKEY_NOTIFY, hci_user_passkey_notify_evt,
	       sizeof(struct hci_ev_user_passkey_notify)),
	HCI_EV(HCI_EV_KEYPRESS_NOTIFY, hci_keypress_notify_evt,
	       sizeof(struct hci_ev_keypress_notify)),
	HCI_EV(HCI_EV_REMOTE_HOST_FEATURES, hci_remote_host_features_evt,
	       sizeof(struct hci_ev_remote_host_features)),
	HCI_EV_REQ_VL(HCI_EV_LE_META, hci_le_meta_evt,
		      sizeof(struct hci_ev_le_meta), HCI_MAX_EVENT_SIZE),
	HCI_EV_VL(HCI_EV_VENDOR, msft_vendor_evt, 0, HCI_MAX_EVENT_SIZE),
};

/* What has to be there before the handler looks; a row too few is a bug of its own. */
static u16 hci_ev_min_len(u8 event)
{
	if (event == HCI_EV_NUM_COMP_PKTS && !fixed(CVE_2024_51569))
		return 0;
	return hci_ev_table[event].min_len;
}

static void hci_event_func(struct hci_dev *hdev, u8 event, struct sk_buff *skb,
			   u16 *opcode, u8 *status, hci_req_complete_t *req_complete,
			   hci_req_complete_skb_t *req_complete_skb)
{
	const struct hci_ev *ev = &hci_ev_table[event];
	u16 min_len = hci_ev_min_len(event);
	void *data;

	if (malformed(!ev->func)) {
		hci_ev_refuse(hdev, -EOPNOTSUPP);
		return;
	}

	triggered(CVE_2024_51569, event == HCI_EV_NUM_COMP_PKTS && skb->len < ev->min_len);
	if (malformed(skb->len < min_len)) {
		bt_dev_err(hdev, "event 0x%2.2x: %u bytes, not %u", event, skb->len,
			   min_len);
		hci_ev_refuse(hdev, -EBADMSG);
		return;
	}

	data = hci_ev_skb_pull(hdev, skb, event, min_len);
	if (malformed(!data)) {
		hci_ev_refuse(hdev, -EBADMSG);
		return;
	}

	/* trailing bytes are the handler's business: it may know a later version */
	if (ev->req)
		ev->func_req(hdev, data, skb, opcode, status, req_complete,
			     req_complete_skb);
	else
		ev->func(hdev, data, skb);
}

/*
 * Is the event in @skb the answer to @opcode, with its parameters? Then they remain. That
 * it is whole and of this command is known by now: nobody else would have ended it.
 */
static bool hci_get_cmd_complete(struct hci_dev *hdev, u16 opcode, u8 event,
				 struct sk_buff *skb)
{
	struct hci_ev_cmd_complete *ev;
	struct hci_event_hdr *hdr;

	if (!skb)
		return false;

	hdr = hci_ev_skb_pull(hdev, skb, event, sizeof(*hdr));
	if (!hdr)
		return false;

	if (event)
		return hdr->evt == event;

	/* a status has no parameters to give */
	if (malformed(hdr->evt == HCI_EV_CMD_STATUS))
		return false;

	if (hdr->evt != HCI_EV_CMD_COMPLETE)
		return false;

	ev = hci_cc_skb_pull(hdev, skb, opcode, sizeof(*ev));
	if (!ev)
		return false;

	return opcode == __le16_to_cpu(ev->opcode);
}

/* An event that a command other than LE's was sent for ends that command. */
static u8 hci_event_ends_cmd(struct hci_dev *hdev, u8 event,
			     hci_req_complete_t *req_complete,
			     hci_req_complete_skb_t *req_complete_skb)
{
	if (!hdev->sent_cmd)
		return 0;
	if (hci_opcode_ogf(hci_skb_opcode(hdev->sent_cmd)) == 0x08)
		return 0;
	if (hci_skb_event(hdev->sent_cmd) != event)
		return 0;

	hci_req_cmd_complete(hdev, hci_skb_opcode(hdev->sent_cmd), 0, req_complete,
			     req_complete_skb);
	return event;
}

/* Tell who waits; consumes @orig_skb. */
static void hci_event_req_done(struct hci_dev *hdev, u16 opcode, u8 status, u8 req_evt,
			       hci_req_complete_t req_complete,
			       hci_req_complete_skb_t req_complete_skb,
			       struct sk_buff *orig_skb)
{
	if (req_complete) {
		req_complete(hdev, status, opcode);
	} else if (req_complete_skb) {
		if (!hci_get_cmd_complete(hdev, opcode, req_evt, orig_skb)) {
			kfree_skb(orig_skb);
			orig_skb = NULL;
		}
		req_complete_skb(hdev, status, opcode, orig_skb);
	}
	kfree_skb(orig_skb);
}

/**
 * hci_event_packet - one event of the controller
 * @hdev: the controller
 * @skb: the event from its code on; consumed
 */
void hci_event_packet(struct hci_dev *hdev, struct sk_buff *skb)
{
	struct hci_event_hdr *hdr = (void *)skb->data;
	hci_req_complete_skb_t req_complete_skb = NULL;
	hci_req_complete_t req_complete = NULL;
	struct sk_buff *orig_skb = NULL;
	u8 status = 0, event, req_evt;
	u16 opcode = HCI_OP_NOP;

	hci_ev_refuse(hdev, 0);
	if (malformed(skb->len < sizeof(*hdr))) {
		bt_dev_err(hdev, "event without a header");
		hci_ev_refuse(hdev, -EBADMSG);
		goto done;
	}

	kfree_skb(hdev->recv_event);
	hdev->recv_event = skb_clone(skb, GFP_KERNEL);

	event = hdr->evt;
	evt_u64(hdev, "bthci_evt.code", event);
	evt_u64(hdev, "bthci_evt.param_length", hdr->plen);
	if (malformed(!event)) {
		hci_ev_refuse(hdev, -EINVAL);
		goto done;
	}

	req_evt = hci_event_ends_cmd(hdev, event, &req_complete, &req_complete_skb);

	/* handlers pull; who waits for the answer wants it whole */
	if (req_complete_skb || event == HCI_EV_CMD_STATUS || event == HCI_EV_CMD_COMPLETE)
		orig_skb = skb_clone(skb, GFP_KERNEL);

	skb_pull(skb, HCI_EVENT_HDR_SIZE);

	triggered(CVE_2026_31771, hdev->suspended && !hdev->wake_reason &&
		  skb->len < hci_wake_reason_len(event, skb));
	if (!fixed(CVE_2026_31771))
		hci_wake_reason_early(hdev, event, skb);

	hci_event_func(hdev, event, skb, &opcode, &status, &req_complete,
		       &req_complete_skb);

	hci_dev_lock(hdev);
	hci_store_wake_reason(hdev, NULL, 0);
	hci_dev_unlock(hdev);

	hci_event_req_done(hdev, opcode, status, req_evt, req_complete, req_complete_skb,
			   orig_skb);

done:
	sink_verdict(hdev->sink, hdev->verdict, 0);
	kfree_skb(skb);
}
