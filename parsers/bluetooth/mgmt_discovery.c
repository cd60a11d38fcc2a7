// SPDX-License-Identifier: GPL-2.0-only
/*
 * Discovery and known devices, as the user's side asks for them.
 *
 * Modelled on: Linux 6.1 net/bluetooth/mgmt.c (start_discovery_internal,
 *	start_service_discovery, stop_discovery, confirm_name, add_device, remove_device)
 * Spec: BlueZ Management API, commands
 * Differs: no sockets; parameters are valid.
 */
#include <linux/err.h>
#include <net/bluetooth/hci_core.h>

#include "hci_core_priv.h"
#include "mgmt_priv.h"

static void discov_off(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, discov_off.work);

	hci_dev_clear_flag(hdev, HCI_LIMITED_DISCOVERABLE);
	hci_dev_clear_flag(hdev, HCI_DISCOVERABLE);
	hci_update_scan(hdev);
	mgmt_new_settings(hdev);
}

static void service_cache_off(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, service_cache.work);

	hci_dev_clear_flag(hdev, HCI_SERVICE_CACHE);
}

/* A new private address will be made when one is needed next. */
static void rpa_expired(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, rpa_expired.work);

	hci_dev_set_flag(hdev, HCI_RPA_EXPIRED);
	if (hci_dev_test_flag(hdev, HCI_ADVERTISING))
		hci_enable_advertising(hdev);
}

static void power_off(struct work_struct *work)
{
	hci_dev_close_sync(container_of(work, struct hci_dev, power_off.work));
}

void hci_mgmt_init(struct hci_dev *hdev)
{
	INIT_DELAYED_WORK(&hdev->discov_off, discov_off);
	INIT_DELAYED_WORK(&hdev->service_cache, service_cache_off);
	INIT_DELAYED_WORK(&hdev->rpa_expired, rpa_expired);
	INIT_DELAYED_WORK(&hdev->power_off, power_off);
}

static int start_discovery_sync(struct hci_dev *hdev, void *data)
{
	return hci_start_discovery_sync(hdev);
}

static void start_discovery_complete(struct hci_dev *hdev, void *data, int err)
{
	if (err == -ECANCELED)
		return;
	hci_discovery_set_state(hdev, err ? DISCOVERY_STOPPED : DISCOVERY_FINDING);
}

int mgmt_start_service_discovery(struct hci_dev *hdev, u8 type, s8 rssi, u16 uuid_count,
				 const u8 *uuids)
{
	struct discovery_state *d = &hdev->discovery;
	int err = -EBUSY;

	hci_dev_lock(hdev);
	if (d->state != DISCOVERY_STOPPED || hci_dev_test_flag(hdev, HCI_PERIODIC_INQ) ||
	    hdev->discovery_paused)
		goto unlock;
	hci_discovery_filter_clear(hdev);
	d->type = type;
	d->report_invalid_rssi = false;
	if (uuids) {
		d->result_filtering = true;
		d->rssi = rssi;
		d->uuid_count = uuid_count;
		if (uuid_count)
			d->uuids = kmemdup(uuids, uuid_count * 16, GFP_KERNEL);
		if (!d->uuids)
			d->uuid_count = 0;
	}
	err = hci_cmd_sync_queue(hdev, start_discovery_sync, NULL,
				 start_discovery_complete);
	if (!err)
		hci_discovery_set_state(hdev, DISCOVERY_STARTING);
unlock:
	hci_dev_unlock(hdev);
	return err;
}

int mgmt_start_discovery(struct hci_dev *hdev, u8 type)
{
	return mgmt_start_service_discovery(hdev, type, 0, 0, NULL);
}

static int stop_discovery_sync(struct hci_dev *hdev, void *data)
{
	return hci_stop_discovery_sync(hdev);
}

static void stop_discovery_complete(struct hci_dev *hdev, void *data, int err)
{
	if (!err)
		hci_discovery_set_state(hdev, DISCOVERY_STOPPED);
}

int mgmt_stop_discovery(struct hci_dev *hdev)
{
	int err = -EINVAL;

	hci_dev_lock(hdev);
	if (hci_discovery_active(hdev))
		err = hci_cmd_sync_queue(hdev, stop_discovery_sync, NULL,
					 stop_discovery_complete);
	if (!err)
		hci_discovery_set_state(hdev, DISCOVERY_STOPPING);
	hci_dev_unlock(hdev);
	return err;
}

/* Has the user's side the name of what was found, or is it to be asked for? */
int mgmt_confirm_name(struct hci_dev *hdev, bdaddr_t *bdaddr, bool known)
{
	struct inquiry_entry *e = NULL;

	hci_dev_lock(hdev);
	if (hci_discovery_active(hdev))
		e = hci_inquiry_cache_lookup_unknown(hdev, bdaddr);
	if (e && known) {
		e->name_state = NAME_KNOWN;
		list_del(&e->list);
	} else if (e) {
		e->name_state = NAME_NEEDED;
		hci_inquiry_cache_update_resolve(hdev, e);
	}
	hci_dev_unlock(hdev);
	return e ? 0 : -ENOENT;
}

static bool is_connected(struct hci_dev *hdev, bdaddr_t *addr, u8 type)
{
	struct hci_conn *conn = hci_conn_hash_lookup_le(hdev, addr, type);

	return conn && conn->state == BT_CONNECTED;
}

static int hci_conn_params_set(struct hci_dev *hdev, bdaddr_t *addr, u8 addr_type,
			       u8 auto_connect)
{
	struct hci_conn_params *params = hci_conn_params_add(hdev, addr, addr_type);

	if (!params)
		return -EIO;
	if (params->auto_connect == auto_connect)
		return 0;
	hci_pend_le_list_del_init(params);
	switch (auto_connect) {
	case HCI_AUTO_CONN_DISABLED:
	case HCI_AUTO_CONN_LINK_LOSS:
		if (params->explicit_connect)
			hci_pend_le_list_add(params, &hdev->pend_le_conns);
		break;
	case HCI_AUTO_CONN_REPORT:
		hci_pend_le_list_add(params, params->explicit_connect ?
				     &hdev->pend_le_conns : &hdev->pend_le_reports);
		break;
	case HCI_AUTO_CONN_DIRECT:
	case HCI_AUTO_CONN_ALWAYS:
		if (!is_connected(hdev, addr, addr_type))
			hci_pend_le_list_add(params, &hdev->pend_le_conns);
		break;
	}
	params->auto_connect = auto_connect;
	return 0;
}

/* @action: enum of hci_conn_params.auto_connect; BR/EDR devices may just connect. */
int mgmt_add_device(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type, u8 action)
{
	u8 addr_type = type == BDADDR_LE_PUBLIC ? ADDR_LE_DEV_PUBLIC : ADDR_LE_DEV_RANDOM;
	int err = -EINVAL;

	hci_dev_lock(hdev);
	if (!bacmp(bdaddr, BDADDR_ANY) || action > HCI_AUTO_CONN_LINK_LOSS)
		goto unlock;
	if (type == BDADDR_BREDR) {
		err = hci_bdaddr_list_add_with_flags(&hdev->accept_list, bdaddr, type, 0);
		if (!err)
			hci_update_scan(hdev);
	} else if (hci_is_identity_address(bdaddr, addr_type)) {
		err = hci_conn_params_set(hdev, bdaddr, addr_type, action);
		if (!err)
			hci_update_passive_scan(hdev);
	}
unlock:
	hci_dev_unlock(hdev);
	return err;
}

int mgmt_remove_device(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type)
{
	u8 addr_type = type == BDADDR_LE_PUBLIC ? ADDR_LE_DEV_PUBLIC : ADDR_LE_DEV_RANDOM;
	struct hci_conn_params *params;
	int err = -EINVAL;

	hci_dev_lock(hdev);
	if (type == BDADDR_BREDR) {
		err = hci_bdaddr_list_del(&hdev->accept_list, bdaddr, type);
		hci_update_scan(hdev);
		goto unlock;
	}
	params = hci_conn_params_lookup(hdev, bdaddr, addr_type);
	if (!params || params->auto_connect == HCI_AUTO_CONN_DISABLED ||
	    params->auto_connect == HCI_AUTO_CONN_EXPLICIT)
		goto unlock;
	hci_conn_params_free(params);
	hci_update_passive_scan(hdev);
	err = 0;
unlock:
	hci_dev_unlock(hdev);
	return err;
}
