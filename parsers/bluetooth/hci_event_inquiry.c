// SPDX-License-Identifier: GPL-2.0-only
/*
 * Inquiry: what answered, in its four forms, and the names of what answered.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_inquiry_complete_evt,
 *	hci_inquiry_result_evt, hci_inquiry_result_with_rssi_evt,
 *	hci_extended_inquiry_result_evt, eir_get_length, hci_remote_name_evt,
 *	hci_check_pending_name, hci_resolve_name, hci_resolve_next_name)
 * Spec: Bluetooth Core 5.4, Vol 4 Part E 7.7.1, 7.7.2, 7.7.7, 7.7.33, 7.7.38
 * Differs: nobody sleeps on the inquiry flag, so nobody is woken. linux-75bbd2ea50ba
 *	is brought back with the choice of layout by division that it was about; the
 *	records are pulled one by one as in 6.1, where the original walked a pointer.
 */
#include "eir.h"
#include "hci_event.h"

static int hci_resolve_name(struct hci_dev *hdev, struct inquiry_entry *e)
{
	struct hci_cp_remote_name_req cp;

	memset(&cp, 0, sizeof(cp));

	bacpy(&cp.bdaddr, &e->data.bdaddr);
	cp.pscan_rep_mode = e->data.pscan_rep_mode;
	cp.pscan_mode = e->data.pscan_mode;
	cp.clock_offset = e->data.clock_offset;

	return hci_send_cmd(hdev, HCI_OP_REMOTE_NAME_REQ, sizeof(cp), &cp);
}

static bool hci_resolve_next_name(struct hci_dev *hdev)
{
	struct discovery_state *discov = &hdev->discovery;
	struct inquiry_entry *e;

	if (malformed(list_empty(&discov->resolve)))
		return false;

	if (malformed(time_after(jiffies, discov->name_resolve_timeout)))
		return false;

	e = hci_inquiry_cache_lookup_resolve(hdev, BDADDR_ANY, NAME_NEEDED);
	if (malformed(!e))
		return false;

	if (hci_resolve_name(hdev, e) == 0) {
		e->name_state = NAME_PENDING;
		return true;
	}

	return false;
}

/**
 * hci_check_pending_name - a name request has ended
 * @hdev: controller, locked
 * @conn: the link to @bdaddr, or NULL
 * @bdaddr: whose name was asked for
 * @name: the name, or NULL if there was none
 * @name_len: its length in bytes
 *
 * Ask for the next name while a discovery resolves them, or end the discovery.
 */
void hci_check_pending_name(struct hci_dev *hdev, struct hci_conn *conn,
			    bdaddr_t *bdaddr, u8 *name, u8 name_len)
{
	struct discovery_state *discov = &hdev->discovery;
	struct inquiry_entry *e;

	/* an object may exist long before its link does */
	if (conn && (conn->state == BT_CONFIG || conn->state == BT_CONNECTED) &&
	    !test_and_set_bit(HCI_CONN_MGMT_CONNECTED, &conn->flags))
		mgmt_device_connected(hdev, conn, name, name_len);

	if (malformed(discov->state == DISCOVERY_STOPPED))
		return;

	if (malformed(discov->state == DISCOVERY_STOPPING))
		goto discov_complete;

	if (malformed(discov->state != DISCOVERY_RESOLVING))
		return;

	/* not one of ours: another answer is still to come, and goes on */
	e = hci_inquiry_cache_lookup_resolve(hdev, bdaddr, NAME_PENDING);
	if (malformed(!e))
		return;

	list_del(&e->list);

	e->name_state = name ? NAME_KNOWN : NAME_NOT_KNOWN;
	mgmt_remote_name(hdev, bdaddr, ACL_LINK, 0x00, e->data.rssi, name, name_len);

	if (hci_resolve_next_name(hdev))
		return;

discov_complete:
	hci_discovery_set_state(hdev, DISCOVERY_STOPPED);
}

void hci_remote_name_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_remote_name *ev = data;
	struct hci_conn *conn;
	size_t name_len;

	evt_u64(hdev, "bthci_evt.status", ev->status);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_ba(hdev, ACL_LINK, &ev->bdaddr);

	if (hci_dev_test_flag(hdev, HCI_MGMT)) {
		if (ev->status == 0) {
			name_len = strnlen((char *)ev->name, HCI_MAX_NAME_LENGTH);
			evt_bytes(hdev, "bthci_evt.remote_name", ev->name, name_len);
			hci_check_pending_name(hdev, conn, &ev->bdaddr, ev->name,
					       name_len);
		} else {
			hci_check_pending_name(hdev, conn, &ev->bdaddr, NULL, 0);
		}
	}

	if (malformed(!conn))
		goto unlock;

	if (malformed(!hci_outgoing_auth_needed(hdev, conn)))
		goto unlock;

	hci_request_auth(hdev, conn);

unlock:
	hci_dev_unlock(hdev);
}

/* LE scanning at the same time goes on without us. */
static void hci_inquiry_stopped(struct hci_dev *hdev)
{
	if (!hci_dev_test_flag(hdev, HCI_LE_SCAN) ||
	    !test_bit(HCI_QUIRK_SIMULTANEOUS_DISCOVERY, &hdev->quirks))
		hci_discovery_set_state(hdev, DISCOVERY_STOPPED);
}

void hci_inquiry_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct discovery_state *discov = &hdev->discovery;
	struct hci_ev_status *ev = data;
	struct inquiry_entry *e;

	evt_u64(hdev, "bthci_evt.status", ev->status);

	hci_conn_check_pending(hdev);

	if (malformed(!test_and_clear_bit(HCI_INQUIRY, &hdev->flags))) {
		hci_ev_refuse(hdev, -EALREADY);
		return;
	}

	if (!hci_dev_test_flag(hdev, HCI_MGMT))
		return;

	hci_dev_lock(hdev);

	if (malformed(discov->state != DISCOVERY_FINDING))
		goto unlock;

	if (malformed(list_empty(&discov->resolve))) {
		hci_inquiry_stopped(hdev);
		goto unlock;
	}

	e = hci_inquiry_cache_lookup_resolve(hdev, BDADDR_ANY, NAME_NEEDED);
	if (e && hci_resolve_name(hdev, e) == 0) {
		e->name_state = NAME_PENDING;
		hci_discovery_set_state(hdev, DISCOVERY_RESOLVING);
		discov->name_resolve_timeout = jiffies + NAME_RESOLVE_DURATION;
	} else {
		hci_inquiry_stopped(hdev);
	}

unlock:
	hci_dev_unlock(hdev);
}

/*
 * Results
 */

static void inquiry_decode(struct hci_dev *hdev, const struct inquiry_data *data)
{
	evt_ba(hdev, &data->bdaddr);
	evt_u64(hdev, "bthci_evt.page_scan_repetition_mode", data->pscan_rep_mode);
	evt_u64(hdev, "bthci_evt.page_scan_period_mode", data->pscan_period_mode);
	evt_u64(hdev, "bthci_evt.page_scan_mode", data->pscan_mode);
	evt_class(hdev, data->dev_class);
	evt_u64(hdev, "bthci_evt.clock_offset", __le16_to_cpu(data->clock_offset) & 0x7fff);
	evt_u64(hdev, "bthci_evt.rssi", (u8)data->rssi);
}

/* One device without extended data: into the cache, and tell. */
static void inquiry_found(struct hci_dev *hdev, struct inquiry_data *data)
{
	u32 flags;

	inquiry_decode(hdev, data);
	flags = hci_inquiry_cache_update(hdev, data, false);

	mgmt_device_found(hdev, &data->bdaddr, ACL_LINK, 0x00, data->dev_class, data->rssi,
			  flags, NULL, 0, NULL, 0, 0);
}

void hci_inquiry_result_evt(struct hci_dev *hdev, void *edata, struct sk_buff *skb)
{
	struct hci_ev_inquiry_result *ev = edata;
	struct inquiry_data data;
	int i;

	evt_u64(hdev, "bthci_evt.num_responses", ev->num);
	if (malformed_in(LINUX_629B49C848EE,
			 !hci_ev_skb_pull(hdev, skb, HCI_EV_INQUIRY_RESULT,
					  flex_array_size(ev, info, ev->num)))) {
		hci_ev_refuse(hdev, -EBADMSG);
		return;
	}

	if (malformed(!ev->num))
		return;

	if (malformed(hci_dev_test_flag(hdev, HCI_PERIODIC_INQ)))
		return;

	hci_dev_lock(hdev);

	for (i = 0; i < ev->num; i++) {
		struct inquiry_info *info = &ev->info[i];

		bacpy(&data.bdaddr, &info->bdaddr);
		data.pscan_rep_mode = info->pscan_rep_mode;
		data.pscan_period_mode = info->pscan_period_mode;
		data.pscan_mode = info->pscan_mode;
		memcpy(data.dev_class, info->dev_class, 3);
		data.clock_offset = info->clock_offset;
		data.rssi = HCI_RSSI_INVALID;
		data.ssp_mode = 0x00;

		inquiry_found(hdev, &data);
	}

	hci_dev_unlock(hdev);
}

/*
 * Two layouts share the event code; the length says which. Before the fix the short one
 * was taken when it fitted, rounded down, as often as there are answers.
 */
static size_t inquiry_rssi_size(const struct hci_ev_inquiry_result_rssi *ev,
				unsigned int len)
{
	const size_t plain = sizeof(struct inquiry_info_rssi);
	bool fits = len == array_size(ev->num, plain);

	if (!fixed(LINUX_75BBD2EA50BA))
		fits = len / ev->num == plain;

	return fits ? plain : sizeof(struct inquiry_info_rssi_pscan);
}

static void inquiry_rssi_pscan(struct hci_dev *hdev, const void *record)
{
	const struct inquiry_info_rssi_pscan *info = record;
	struct inquiry_data data;

	bacpy(&data.bdaddr, &info->bdaddr);
	data.pscan_rep_mode = info->pscan_rep_mode;
	data.pscan_period_mode = info->pscan_period_mode;
	data.pscan_mode = info->pscan_mode;
	memcpy(data.dev_class, info->dev_class, 3);
	data.clock_offset = info->clock_offset;
	data.rssi = info->rssi;
	data.ssp_mode = 0x00;

	inquiry_found(hdev, &data);
}

static void inquiry_rssi_plain(struct hci_dev *hdev, const void *record)
{
	const struct inquiry_info_rssi *info = record;
	struct inquiry_data data;

	bacpy(&data.bdaddr, &info->bdaddr);
	data.pscan_rep_mode = info->pscan_rep_mode;
	data.pscan_period_mode = info->pscan_period_mode;
	data.pscan_mode = 0x00;
	memcpy(data.dev_class, info->dev_class, 3);
	data.clock_offset = info->clock_offset;
	data.rssi = info->rssi;
	data.ssp_mode = 0x00;

	inquiry_found(hdev, &data);
}

void hci_inquiry_result_with_rssi_evt(struct hci_dev *hdev, void *edata,
				      struct sk_buff *skb)
{
	struct hci_ev_inquiry_result_rssi *ev = edata;
	const void *record;
	size_t size;
	int i;

	evt_u64(hdev, "bthci_evt.num_responses", ev->num);
	if (malformed(!ev->num))
		return;

	if (malformed(hci_dev_test_flag(hdev, HCI_PERIODIC_INQ)))
		return;

	hci_dev_lock(hdev);

	size = inquiry_rssi_size(ev, skb->len);
	if (malformed_in(LINUX_75BBD2EA50BA, skb->len != array_size(ev->num, size))) {
		hci_ev_refuse(hdev, -EBADMSG);
		goto unlock;
	}

	for (i = 0; i < ev->num; i++) {
		record = skb->data;
		if (malformed_in(LINUX_75BBD2EA50BA,
				 !hci_ev_skb_pull(hdev, skb,
						  HCI_EV_INQUIRY_RESULT_WITH_RSSI,
						  size))) {
			hci_ev_refuse(hdev, -EBADMSG);
			goto unlock;
		}

		if (size == sizeof(struct inquiry_info_rssi_pscan))
			inquiry_rssi_pscan(hdev, record);
		else
			inquiry_rssi_plain(hdev, record);
	}

unlock:
	hci_dev_unlock(hdev);
}

/* Where the elements end: at one of length 0, or nowhere. */
static size_t eir_get_length(const u8 *eir, size_t eir_len)
{
	size_t parsed = 0;

	while (!malformed(parsed >= eir_len)) {
		u8 field_len = eir[0];

		if (malformed(field_len == 0))
			return parsed;

		parsed += field_len + 1;
		eir += field_len + 1;
	}

	return eir_len;
}

void hci_extended_inquiry_result_evt(struct hci_dev *hdev, void *edata,
				     struct sk_buff *skb)
{
	struct hci_ev_ext_inquiry_result *ev = edata;
	struct inquiry_data data;
	size_t eir_len;
	int i;

	evt_u64(hdev, "bthci_evt.num_responses", ev->num);
	if (malformed_in(CVE_2020_36386,
			 !hci_ev_skb_pull(hdev, skb, HCI_EV_EXTENDED_INQUIRY_RESULT,
					  flex_array_size(ev, info, ev->num)))) {
		hci_ev_refuse(hdev, -EBADMSG);
		return;
	}

	if (malformed(!ev->num))
		return;

	if (malformed(hci_dev_test_flag(hdev, HCI_PERIODIC_INQ)))
		return;

	hci_dev_lock(hdev);

	for (i = 0; i < ev->num; i++) {
		struct extended_inquiry_info *info = &ev->info[i];
		bool name_known = true;
		u32 flags;

		bacpy(&data.bdaddr, &info->bdaddr);
		data.pscan_rep_mode = info->pscan_rep_mode;
		data.pscan_period_mode = info->pscan_period_mode;
		data.pscan_mode = 0x00;
		memcpy(data.dev_class, info->dev_class, 3);
		data.clock_offset = info->clock_offset;
		data.rssi = info->rssi;
		data.ssp_mode = 0x01;
		inquiry_decode(hdev, &data);

		if (hci_dev_test_flag(hdev, HCI_MGMT))
			name_known = eir_get_data(info->data, sizeof(info->data),
						  EIR_NAME_COMPLETE, NULL);

		flags = hci_inquiry_cache_update(hdev, &data, name_known);

		eir_len = eir_get_length(info->data, sizeof(info->data));

		mgmt_device_found(hdev, &info->bdaddr, ACL_LINK, 0x00, info->dev_class,
				  info->rssi, flags, info->data, eir_len, NULL, 0, 0);
	}

	hci_dev_unlock(hdev);
}
