// SPDX-License-Identifier: GPL-2.0-only
/*
 * Advertising reports in their three forms, and the end of our own advertising.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_le_adv_report_evt,
 *	hci_le_ext_adv_report_evt, ext_evt_type_to_legacy, hci_le_direct_adv_report_evt,
 *	process_adv_report, check_pending_le_conn, store_pending_adv_report,
 *	hci_le_ext_adv_term_evt)
 * Spec: Bluetooth Core 5.4 Vol 4 Part E 7.7.65.2, 7.7.65.11, 7.7.65.13, 7.7.65.18
 * Differs: process_adv_report() is cut into steps with the same order of checks. The
 *	report that waits for a scan response has a heap block of the size of legacy
 *	advertising data, as before Linux 5.19; upstream's is 251 bytes today, an array
 *	inside the controller, and its length is checked against that.
 *	nimble-605c7585408b is a variant: NimBLE measures the reports once and walks
 *	over them again with another stride, this port checks each as it walks.
 */
#include <linux/slab.h>

#include "eir.h"
#include "hci_event.h"
#include "hci_le.h"
#include "smp.h"

/* One report, whichever event it came in. */
struct adv_report {
	u8 type;
	u8 bdaddr_type;
	u8 direct_addr_type;
	u8 len;
	s8 rssi;
	bool ext_adv;		/* an extended PDU: never waits for a scan response */
	bool resolved;		/* the controller has put the identity in */
	u32 flags;
	u64 instant;
	bdaddr_t *bdaddr;
	bdaddr_t *direct_addr;	/* NULL: not from a directed report */
	u8 *data;
};

static bool adv_type_known(u8 type)
{
	switch (type) {
	case LE_ADV_IND:
	case LE_ADV_DIRECT_IND:
	case LE_ADV_SCAN_IND:
	case LE_ADV_NONCONN_IND:
	case LE_ADV_SCAN_RSP:
		return true;
	default:
		return false;
	}
}

/* Where the fields end: senders pad with zeros, and get lengths wrong. */
static void adv_report_trim(struct adv_report *report)
{
	u8 *end, *ptr;

	if (!report->len)
		return;

	end = report->data + report->len;
	for (ptr = report->data; ptr < end; ptr += *ptr + 1) {
		if (malformed(!*ptr))
			break;
		if (malformed(ptr + 1 + *ptr > end))
			break;
	}

	report->len = (u8)(ptr - report->data);
}

/* A directed report is of use only if it is directed to our own private address. */
static bool adv_report_for_us(struct hci_dev *hdev, struct adv_report *report)
{
	report->direct_addr_type = ev_bdaddr_type(hdev, report->direct_addr_type, NULL);

	if (malformed(!hci_bdaddr_is_rpa(report->direct_addr, report->direct_addr_type)))
		return false;

	if (!hci_dev_test_flag(hdev, HCI_PRIVACY))
		return false;

	return !malformed(!smp_irk_matches(hdev, hdev->irk, report->direct_addr));
}

/*
 * Links that wait for the device to be heard
 */

static bool auto_connect_allows(struct hci_conn_params *params, u8 adv_type)
{
	switch (params->auto_connect) {
	case HCI_AUTO_CONN_DIRECT:
		/* the peer must ask for us: links from it come in otherwise */
		return !malformed(adv_type != LE_ADV_DIRECT_IND);
	case HCI_AUTO_CONN_ALWAYS:
		return true;
	default:
		return false;
	}
}

static struct hci_conn *check_pending_le_conn(struct hci_dev *hdev, bdaddr_t *addr,
					      u8 addr_type, bool addr_resolved, u8 adv_type)
{
	struct hci_conn *conn;
	struct hci_conn_params *params;

	if (malformed(adv_type != LE_ADV_IND && adv_type != LE_ADV_DIRECT_IND))
		return NULL;

	if (malformed(hci_bdaddr_list_lookup(&hdev->reject_list, addr, addr_type)))
		return NULL;
	if (hdev->suspended)
		return NULL;

	/* most controllers cannot initiate while they are a peripheral */
	if (hdev->conn_hash.le_num_peripheral > 0 &&
	    (!test_bit(HCI_QUIRK_VALID_LE_STATES, &hdev->quirks) ||
	     !(hdev->le_states[3] & 0x10)))
		return NULL;

	params = hci_pend_le_action_lookup(&hdev->pend_le_conns, addr, addr_type);
	if (malformed(!params))
		return NULL;

	if (!params->explicit_connect && !auto_connect_allows(params, adv_type))
		return NULL;

	conn = hci_connect_le(hdev, addr, addr_type, addr_resolved, BT_SECURITY_LOW,
			      hdev->def_le_autoconnect_timeout, HCI_ROLE_MASTER);
	/* -EBUSY: one attempt at a time; whatever else, the next report tries again */
	if (IS_ERR(conn))
		return NULL;

	/* nobody else owns the attempt: the parameters that caused it do */
	if (!params->explicit_connect)
		params->conn = hci_conn_get(conn);

	return conn;
}

/*
 * Discovery
 */

static void adv_report_found(struct hci_dev *hdev, struct adv_report *report, u64 instant)
{
	mgmt_device_found(hdev, report->bdaddr, LE_LINK, report->bdaddr_type, NULL,
			  report->rssi, report->flags, report->data, report->len, NULL, 0,
			  instant);
}

static void store_pending_adv_report(struct hci_dev *hdev, struct adv_report *report)
{
	struct discovery_state *d = &hdev->discovery;

	if (malformed_in(CVE_2020_24490, report->len > HCI_MAX_AD_LENGTH))
		return;

	if (!d->last_adv_data)
		d->last_adv_data = kmalloc(HCI_MAX_AD_LENGTH, GFP_KERNEL);
	if (!d->last_adv_data)
		return;

	bacpy(&d->last_adv_addr, report->bdaddr);
	d->last_adv_addr_type = report->bdaddr_type;
	d->last_adv_rssi = report->rssi;
	d->last_adv_flags = report->flags;
	if (report->len)
		memcpy(d->last_adv_data, report->data, report->len);
	d->last_adv_data_len = report->len;
}

/* Whether an active scan asks this device for more. */
static bool scan_rsp_follows(struct adv_report *report)
{
	if (report->type != LE_ADV_IND && report->type != LE_ADV_SCAN_IND)
		return false;
	/* what an extended advertiser answers comes as a report of its own */
	return !malformed_in(CVE_2020_24490, report->ext_adv);
}

/* An active scan: a report and its scan response are told as one. */
static void adv_report_merge(struct hci_dev *hdev, struct adv_report *report)
{
	struct discovery_state *d = &hdev->discovery;
	bool match;

	/*
	 * A response says nothing on whether the device can be connected to: the report
	 * before it does. Alone, it is told as what it is.
	 */
	if (report->type == LE_ADV_SCAN_RSP)
		report->flags = MGMT_DEV_FOUND_SCAN_RSP;

	if (!has_pending_adv_report(hdev)) {
		if (scan_rsp_follows(report))
			store_pending_adv_report(hdev, report);
		else
			adv_report_found(hdev, report, 0);
		return;
	}

	match = !bacmp(report->bdaddr, &d->last_adv_addr) &&
		report->bdaddr_type == d->last_adv_addr_type;

	if (report->type == LE_ADV_SCAN_RSP && !malformed(!match)) {
		mgmt_device_found(hdev, &d->last_adv_addr, LE_LINK, d->last_adv_addr_type,
				  NULL, report->rssi, d->last_adv_flags, d->last_adv_data,
				  d->last_adv_data_len, report->data, report->len, 0);
		clear_pending_adv_report(hdev);
		return;
	}

	/* the one that waited is told without a response, unless it is heard again */
	if (!match)
		mgmt_device_found(hdev, &d->last_adv_addr, LE_LINK, d->last_adv_addr_type,
				  NULL, d->last_adv_rssi, d->last_adv_flags,
				  d->last_adv_data, d->last_adv_data_len, NULL, 0, 0);

	if (scan_rsp_follows(report)) {
		store_pending_adv_report(hdev, report);
		return;
	}

	clear_pending_adv_report(hdev);
	adv_report_found(hdev, report, 0);
}

/* A passive scan tells of devices that somebody asked for. */
static void adv_report_passive(struct hci_dev *hdev, struct adv_report *report)
{
	struct hci_conn_params *params;

	if (malformed(report->type == LE_ADV_DIRECT_IND))
		return;

	params = hci_pend_le_action_lookup(&hdev->pend_le_reports, report->bdaddr,
					   report->bdaddr_type);
	if (malformed(!params && !hdev->adv_monitors_cnt))
		return;

	adv_report_found(hdev, report, 0);
}

static void process_adv_report(struct hci_dev *hdev, struct adv_report *report)
{
	struct smp_irk *irk;
	struct hci_conn *conn;

	if (malformed(!adv_type_known(report->type)))
		return;

	if (malformed(report->len > max_adv_len(hdev)))
		return;

	adv_report_trim(report);

	if (!hci_dev_test_flag(hdev, HCI_MESH) && report->direct_addr &&
	    !adv_report_for_us(hdev, report))
		return;

	irk = hci_get_irk(hdev, report->bdaddr, report->bdaddr_type);
	if (irk) {
		report->bdaddr = &irk->bdaddr;
		report->bdaddr_type = irk->addr_type;
	}
	report->bdaddr_type = ev_bdaddr_type(hdev, report->bdaddr_type, &report->resolved);

	conn = check_pending_le_conn(hdev, report->bdaddr, report->bdaddr_type,
				     report->resolved, report->type);
	if (!report->ext_adv && conn && report->type == LE_ADV_IND) {
		/* told when the link is up */
		memcpy(conn->le_adv_data, report->data, report->len);
		conn->le_adv_data_len = report->len;
	}

	if (report->type == LE_ADV_NONCONN_IND || report->type == LE_ADV_SCAN_IND)
		report->flags = MGMT_DEV_FOUND_NOT_CONNECTABLE;

	if (hci_dev_test_flag(hdev, HCI_MESH))
		adv_report_found(hdev, report, report->instant);
	else if (hdev->le_scan_type == LE_SCAN_PASSIVE)
		adv_report_passive(hdev, report);
	else
		adv_report_merge(hdev, report);
}

/*
 * The events
 */

static void legacy_adv_report(struct hci_dev *hdev, struct hci_ev_le_advertising_info *info,
			      u64 instant)
{
	struct adv_report report = {
		.type = info->type,
		.bdaddr = &info->bdaddr,
		.bdaddr_type = info->bdaddr_type,
		.data = info->data,
		.len = info->length,
		.instant = instant,
	};

	evt_u64(hdev, "bthci_evt.le_advts_event_type", info->type);
	evt_u64(hdev, "bthci_evt.le_peer_address_type", info->bdaddr_type);
	evt_ba(hdev, &info->bdaddr);
	evt_u64(hdev, "bthci_evt.data_length", info->length);

	/* behind the data */
	report.rssi = (s8)info->data[info->length];
	evt_u64(hdev, "bthci_evt.rssi", (u8)report.rssi);
	process_adv_report(hdev, &report);
}

/* Fixed part of one report. */
static size_t adv_info_size(void)
{
	struct hci_ev_le_advertising_info *info;

	if (fixed(NIMBLE_605C7585408B))
		return sizeof(*info);
	return sizeof(info);
}

void hci_le_adv_report_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_le_advertising_report *ev = data;
	u8 n, *first = skb->data;
	u64 instant = jiffies;

	evt_u64(hdev, "bthci_evt.le_num_reports", ev->num);
	if (malformed(!ev->num))
		return;

	hci_dev_lock(hdev);

	for (n = ev->num; n; n--) {
		struct hci_ev_le_advertising_info *info;

		/* the second report is where two ideas of the first one's size part */
		triggered(NIMBLE_605C7585408B, skb->data != first);
		info = hci_le_ev_skb_pull(hdev, skb, HCI_EV_LE_ADVERTISING_REPORT,
					  adv_info_size());
		if (malformed(!info)) {
			hci_ev_refuse(hdev, -EBADMSG);
			break;
		}

		if (malformed_in(CVE_2021_47620,
				 !hci_le_ev_skb_pull(hdev, skb, HCI_EV_LE_ADVERTISING_REPORT,
						     info->length + 1))) {
			hci_ev_refuse(hdev, -EBADMSG);
			break;
		}

		hci_store_wake_reason(hdev, &info->bdaddr, info->bdaddr_type);

		if (malformed(info->length > max_adv_len(hdev))) {
			hci_ev_refuse(hdev, -EMSGSIZE);
			continue;
		}
		legacy_adv_report(hdev, info, instant);
	}

	hci_dev_unlock(hdev);
}

static u8 legacy_pdu_type(u16 evt_type)
{
	switch (evt_type) {
	case LE_LEGACY_ADV_IND:
		return LE_ADV_IND;
	case LE_LEGACY_ADV_DIRECT_IND:
		return LE_ADV_DIRECT_IND;
	case LE_LEGACY_ADV_SCAN_IND:
		return LE_ADV_SCAN_IND;
	case LE_LEGACY_NONCONN_IND:
		return LE_ADV_NONCONN_IND;
	case LE_LEGACY_SCAN_RSP_ADV:
	case LE_LEGACY_SCAN_RSP_ADV_SCAN:
		return LE_ADV_SCAN_RSP;
	default:
		return LE_ADV_INVALID;
	}
}

static u8 ext_evt_type_to_legacy(u16 evt_type)
{
	if (evt_type & LE_EXT_ADV_LEGACY_PDU)
		return legacy_pdu_type(evt_type);

	if (evt_type & LE_EXT_ADV_CONN_IND) {
		if (evt_type & LE_EXT_ADV_DIRECT_IND)
			return LE_ADV_DIRECT_IND;
		return LE_ADV_IND;
	}

	if (evt_type & LE_EXT_ADV_SCAN_RSP)
		return LE_ADV_SCAN_RSP;

	if (evt_type & LE_EXT_ADV_SCAN_IND)
		return LE_ADV_SCAN_IND;

	if (evt_type == LE_EXT_ADV_NON_CONN_IND || evt_type & LE_EXT_ADV_DIRECT_IND)
		return LE_ADV_NONCONN_IND;

	return LE_ADV_INVALID;
}

static void ext_adv_report(struct hci_dev *hdev, struct hci_ev_le_ext_adv_info *info,
			   u64 instant)
{
	u16 evt_type = __le16_to_cpu(info->type);
	struct adv_report report = {
		.type = ext_evt_type_to_legacy(evt_type),
		.bdaddr = &info->bdaddr,
		.bdaddr_type = info->bdaddr_type,
		.rssi = info->rssi,
		.data = info->data,
		.len = info->length,
		.ext_adv = !(evt_type & LE_EXT_ADV_LEGACY_PDU),
		.instant = instant,
	};

	evt_u64(hdev, "bthci_evt.le_ext_advts_event_type", evt_type);
	evt_u64(hdev, "bthci_evt.le_peer_address_type", info->bdaddr_type);
	evt_ba(hdev, &info->bdaddr);
	evt_u64(hdev, "bthci_evt.data_length", info->length);
	evt_u64(hdev, "bthci_evt.rssi", (u8)info->rssi);

	if (malformed(report.type == LE_ADV_INVALID)) {
		hci_ev_refuse(hdev, -EINVAL);
		return;
	}
	process_adv_report(hdev, &report);
}

void hci_le_ext_adv_report_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_le_ext_adv_report *ev = data;
	u64 instant = jiffies;
	u8 n;

	evt_u64(hdev, "bthci_evt.le_num_reports", ev->num);
	if (malformed(!ev->num))
		return;

	hci_dev_lock(hdev);

	for (n = ev->num; n; n--) {
		struct hci_ev_le_ext_adv_info *info;

		info = hci_le_ev_skb_pull(hdev, skb, HCI_EV_LE_EXT_ADV_REPORT,
					  sizeof(*info));
		if (malformed(!info)) {
			hci_ev_refuse(hdev, -EBADMSG);
			break;
		}

		if (malformed(!hci_le_ev_skb_pull(hdev, skb, HCI_EV_LE_EXT_ADV_REPORT,
						  info->length))) {
			hci_ev_refuse(hdev, -EBADMSG);
			break;
		}

		hci_store_wake_reason(hdev, &info->bdaddr, info->bdaddr_type);
		ext_adv_report(hdev, info, instant);
	}

	hci_dev_unlock(hdev);
}

static void direct_adv_report(struct hci_dev *hdev, struct hci_ev_le_direct_adv_info *info,
			      u64 instant)
{
	struct adv_report report = {
		.type = info->type,
		.bdaddr = &info->bdaddr,
		.bdaddr_type = info->bdaddr_type,
		.direct_addr = &info->direct_addr,
		.direct_addr_type = info->direct_addr_type,
		.rssi = info->rssi,
		.instant = instant,
	};

	evt_u64(hdev, "bthci_evt.event_type", info->type);
	evt_u64(hdev, "bthci_evt.le_address_type", info->bdaddr_type);
	evt_ba(hdev, &info->bdaddr);
	evt_u64(hdev, "bthci_evt.le_direct_address_type", info->direct_addr_type);
	evt_bytes(hdev, "bthci_evt.direct_bd_addr", &info->direct_addr, sizeof(bdaddr_t));
	evt_u64(hdev, "bthci_evt.le_rssi", (u8)info->rssi);

	process_adv_report(hdev, &report);
}

void hci_le_direct_adv_report_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_le_direct_adv_report *ev = data;
	u64 instant = jiffies;
	int i;

	evt_u64(hdev, "bthci_evt.number_of_reports", ev->num);
	if (malformed(!hci_le_ev_skb_pull(hdev, skb, HCI_EV_LE_DIRECT_ADV_REPORT,
					  flex_array_size(ev, info, ev->num)))) {
		hci_ev_refuse(hdev, -EBADMSG);
		return;
	}

	if (malformed(!ev->num))
		return;

	hci_dev_lock(hdev);

	for (i = 0; i < ev->num; i++) {
		struct hci_ev_le_direct_adv_info *info = &ev->info[i];

		hci_store_wake_reason(hdev, &info->bdaddr, info->bdaddr_type);
		direct_adv_report(hdev, info, instant);
	}

	hci_dev_unlock(hdev);
}

/*
 * Our own advertising
 */

/* The time or the number of events is used up: the set is gone. */
static void ext_adv_expired(struct hci_dev *hdev, u8 handle)
{
	struct adv_info *adv;

	hci_remove_adv_instance(hdev, handle);
	mgmt_advertising_removed(NULL, hdev, handle);

	list_for_each_entry(adv, &hdev->adv_instances, list) {
		if (adv->enabled)
			return;
	}

	hci_dev_clear_flag(hdev, HCI_LE_ADV);
}

/* A link came of it: which set, and which of our addresses the peer has seen. */
static void ext_adv_connected(struct hci_dev *hdev, struct hci_conn *conn, u8 handle,
			      struct adv_info *adv)
{
	/* to be taken up again after the link */
	conn->adv_instance = handle;

	if (hdev->adv_addr_type != ADDR_LE_DEV_RANDOM)
		return;
	/* known already */
	if (bacmp(&conn->resp_addr, BDADDR_ANY))
		return;

	if (!handle)
		bacpy(&conn->resp_addr, &hdev->random_addr);
	else if (!malformed(!adv))
		bacpy(&conn->resp_addr, &adv->random_addr);
}

void hci_le_ext_adv_term_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_evt_le_ext_adv_set_term *ev = data;
	struct hci_conn *conn;
	struct adv_info *adv;

	evt_u64(hdev, "bthci_evt.status", ev->status);
	evt_u64(hdev, "bthci_evt.adv_handle", ev->handle);

	/* Core 5.3: not sent when the host stops a set; the command cleans up */
	if (malformed(ev->status == HCI_ERROR_CANCELLED_BY_HOST)) {
		hci_ev_refuse(hdev, -EPROTO);
		return;
	}

	hci_dev_lock(hdev);

	adv = hci_find_adv_instance(hdev, ev->handle);

	if (ev->status) {
		if (malformed(!adv))
			goto unlock;
		ext_adv_expired(hdev, ev->handle);
		goto unlock;
	}

	if (adv)
		adv->enabled = false;

	conn = hci_ev_conn_handle(hdev, ev->conn_handle);
	if (!malformed(!conn))
		ext_adv_connected(hdev, conn, ev->handle, adv);

unlock:
	hci_dev_unlock(hdev);
}
