// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scanning, inquiry and advertising, as far as events and the user's side start them.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_sync.c (hci_update_passive_scan_sync,
 *	hci_update_scan_sync, hci_start_discovery_sync, le_scan_disable, reenable_adv)
 * Spec: Core 5.4 Vol 4 Part E 7.1.1, 7.3.18, 7.8.10, 7.8.64
 * Differs: accept and resolving lists are not programmed; advertising is one command;
 *	no interleaved or mesh scanning.
 */
#include <linux/err.h>
#include <net/bluetooth/hci_core.h>

#include "hci_core_priv.h"

static int hci_le_set_scan_enable_sync(struct hci_dev *hdev, u8 val, u8 filter_dup)
{
	struct hci_cp_le_set_ext_scan_enable ext = { .enable = val,
						     .filter_dup = filter_dup };
	struct hci_cp_le_set_scan_enable cp = { .enable = val, .filter_dup = filter_dup };

	if (use_ext_scan(hdev))
		return __hci_cmd_sync_status(hdev, HCI_OP_LE_SET_EXT_SCAN_ENABLE,
					     sizeof(ext), &ext, HCI_CMD_TIMEOUT);
	return __hci_cmd_sync_status(hdev, HCI_OP_LE_SET_SCAN_ENABLE, sizeof(cp), &cp,
				     HCI_CMD_TIMEOUT);
}

int hci_scan_disable_sync(struct hci_dev *hdev)
{
	if (!hci_dev_test_flag(hdev, HCI_LE_SCAN) || hdev->scanning_paused)
		return 0;
	return hci_le_set_scan_enable_sync(hdev, LE_SCAN_DISABLE, 0x00);
}

static int hci_le_set_ext_scan_param_sync(struct hci_dev *hdev, u8 type, u16 interval,
					  u16 window)
{
	struct {
		u8 head[3];	/* own address type, filter policy, PHYs */
		struct hci_cp_le_scan_phy_params phy;
	} __packed cp = {
		.head = { ADDR_LE_DEV_PUBLIC, 0x00, LE_SCAN_PHY_1M },
		.phy = { .type = type, .interval = cpu_to_le16(interval),
			 .window = cpu_to_le16(window) },
	};

	return __hci_cmd_sync_status(hdev, HCI_OP_LE_SET_EXT_SCAN_PARAMS, sizeof(cp),
				     &cp, HCI_CMD_TIMEOUT);
}

static int hci_le_set_scan_param_sync(struct hci_dev *hdev, u8 type, u16 interval,
				      u16 window)
{
	struct hci_cp_le_set_scan_param cp = {
		.type = type,
		.interval = cpu_to_le16(interval),
		.window = cpu_to_le16(window),
		.own_address_type = ADDR_LE_DEV_PUBLIC,
	};

	if (use_ext_scan(hdev))
		return hci_le_set_ext_scan_param_sync(hdev, type, interval, window);
	return __hci_cmd_sync_status(hdev, HCI_OP_LE_SET_SCAN_PARAM, sizeof(cp), &cp,
				     HCI_CMD_TIMEOUT);
}

static int hci_start_scan_sync(struct hci_dev *hdev, u8 type, u16 interval, u16 window,
			       u8 filter_dup)
{
	int err = hci_le_set_scan_param_sync(hdev, type, interval, window);

	if (err)
		return err;
	return hci_le_set_scan_enable_sync(hdev, LE_SCAN_ENABLE, filter_dup);
}

static int hci_passive_scan_sync(struct hci_dev *hdev)
{
	int err;

	if (hdev->scanning_paused)
		return 0;
	err = hci_scan_disable_sync(hdev);
	if (err)
		return err;
	return hci_start_scan_sync(hdev, LE_SCAN_PASSIVE, hdev->le_scan_interval,
				   hdev->le_scan_window, LE_SCAN_FILTER_DUP_ENABLE);
}

/* In the background as long as somebody waits for a device, but not while connecting. */
int hci_update_passive_scan_sync(struct hci_dev *hdev)
{
	if (!test_bit(HCI_UP, &hdev->flags) || hci_dev_test_flag(hdev, HCI_UNREGISTER))
		return 0;
	if (!hci_dev_test_flag(hdev, HCI_LE_ENABLED))
		return 0;
	if (hdev->discovery.state != DISCOVERY_STOPPED)
		return 0;
	hci_discovery_filter_clear(hdev);
	if (list_empty(&hdev->pend_le_conns) && list_empty(&hdev->pend_le_reports) &&
	    !hci_is_adv_monitoring(hdev) && !hci_dev_test_flag(hdev, HCI_PA_SYNC))
		return hci_scan_disable_sync(hdev);
	if (hci_lookup_le_connect(hdev))
		return 0;
	return hci_passive_scan_sync(hdev);
}

static int update_passive_scan_sync(struct hci_dev *hdev, void *data)
{
	return hci_update_passive_scan_sync(hdev);
}

int hci_update_passive_scan(struct hci_dev *hdev)
{
	/* nothing to do while the device goes up or down */
	if (!test_bit(HCI_UP, &hdev->flags) || hci_dev_test_flag(hdev, HCI_UNREGISTER))
		return 0;
	return hci_cmd_sync_queue_once(hdev, update_passive_scan_sync, NULL, NULL);
}

static bool disconnected_accept_list_entries(struct hci_dev *hdev)
{
	struct bdaddr_list *b;
	struct hci_conn *conn;

	list_for_each_entry(b, &hdev->accept_list, list) {
		conn = hci_conn_hash_lookup_ba(hdev, ACL_LINK, &b->bdaddr);
		if (!conn || (conn->state != BT_CONNECTED && conn->state != BT_CONFIG))
			return true;
	}
	return false;
}

int hci_update_scan_sync(struct hci_dev *hdev)
{
	u8 scan = SCAN_DISABLED;

	if (!hci_dev_test_flag(hdev, HCI_BREDR_ENABLED) || !hdev_is_powered(hdev))
		return 0;
	if (hdev->scanning_paused)
		return 0;
	if (hci_dev_test_flag(hdev, HCI_CONNECTABLE) ||
	    disconnected_accept_list_entries(hdev))
		scan = SCAN_PAGE;
	if (hci_dev_test_flag(hdev, HCI_DISCOVERABLE))
		scan |= SCAN_INQUIRY;
	if (test_bit(HCI_PSCAN, &hdev->flags) == !!(scan & SCAN_PAGE) &&
	    test_bit(HCI_ISCAN, &hdev->flags) == !!(scan & SCAN_INQUIRY))
		return 0;
	return __hci_cmd_sync_status(hdev, HCI_OP_WRITE_SCAN_ENABLE, sizeof(scan), &scan,
				     HCI_CMD_TIMEOUT);
}

static int update_scan_sync(struct hci_dev *hdev, void *data)
{
	return hci_update_scan_sync(hdev);
}

int hci_update_scan(struct hci_dev *hdev)
{
	return hci_cmd_sync_queue(hdev, update_scan_sync, NULL, NULL);
}

static int enable_advertising_sync(struct hci_dev *hdev, void *data)
{
	struct hci_cp_le_set_ext_adv_enable ext = { .enable = 1, .num_of_sets = 0 };
	u8 enable = 0x01;

	if (!hci_dev_test_flag(hdev, HCI_ADVERTISING) && list_empty(&hdev->adv_instances))
		return 0;
	if (ext_adv_capable(hdev))
		return __hci_cmd_sync_status(hdev, HCI_OP_LE_SET_EXT_ADV_ENABLE,
					     sizeof(ext), &ext, HCI_CMD_TIMEOUT);
	return __hci_cmd_sync_status(hdev, HCI_OP_LE_SET_ADV_ENABLE, sizeof(enable),
				     &enable, HCI_CMD_TIMEOUT);
}

int hci_enable_advertising(struct hci_dev *hdev)
{
	if (!hci_dev_test_flag(hdev, HCI_ADVERTISING) && list_empty(&hdev->adv_instances))
		return 0;
	return hci_cmd_sync_queue(hdev, enable_advertising_sync, NULL, NULL);
}

int hci_update_adv_data(struct hci_dev *hdev, u8 instance)
{
	return hci_cmd_sync_queue(hdev, enable_advertising_sync, ERR_PTR(instance), NULL);
}

int hci_schedule_adv_instance_sync(struct hci_dev *hdev, u8 instance, bool force)
{
	if (!hci_find_adv_instance(hdev, instance))
		return -ENOENT;
	hdev->cur_adv_instance = instance;
	return enable_advertising_sync(hdev, NULL);
}

static int remove_ext_adv_sync(struct hci_dev *hdev, void *data)
{
	u8 instance = PTR_ERR(data);

	hci_remove_ext_adv_instance_sync(hdev, instance, NULL);
	if (!hci_remove_adv_instance(hdev, instance))
		mgmt_advertising_removed(NULL, hdev, instance);
	return 0;
}

int hci_remove_ext_adv_instance(struct hci_dev *hdev, u8 instance)
{
	return hci_cmd_sync_queue(hdev, remove_ext_adv_sync, ERR_PTR(instance), NULL);
}

static int hci_inquiry_sync(struct hci_dev *hdev, u8 length)
{
	static const u8 giac[3] = { 0x33, 0x8b, 0x9e }, liac[3] = { 0x00, 0x8b, 0x9e };
	struct hci_cp_inquiry cp = { .length = length };

	if (test_bit(HCI_INQUIRY, &hdev->flags))
		return 0;
	hci_dev_lock(hdev);
	hci_inquiry_cache_flush(hdev);
	hci_dev_unlock(hdev);
	memcpy(cp.lap, hdev->discovery.limited ? liac : giac, sizeof(cp.lap));
	return __hci_cmd_sync_status(hdev, HCI_OP_INQUIRY, sizeof(cp), &cp,
				     HCI_CMD_TIMEOUT);
}

static int hci_active_scan_sync(struct hci_dev *hdev, u16 interval)
{
	int err = hci_scan_disable_sync(hdev);

	if (err)
		return err;
	return hci_start_scan_sync(hdev, LE_SCAN_ACTIVE, interval,
				   hdev->le_scan_window_discovery,
				   LE_SCAN_FILTER_DUP_ENABLE);
}

int hci_start_discovery_sync(struct hci_dev *hdev)
{
	unsigned long timeout;
	int err;

	switch (hdev->discovery.type) {
	case DISCOV_TYPE_BREDR:
		return hci_inquiry_sync(hdev, DISCOV_BREDR_INQUIRY_LEN);
	case DISCOV_TYPE_INTERLEAVED:
		timeout = msecs_to_jiffies(hdev->discov_interleaved_timeout);
		if (!test_bit(HCI_QUIRK_SIMULTANEOUS_DISCOVERY, &hdev->quirks)) {
			err = hci_active_scan_sync(hdev, hdev->le_scan_int_discovery);
			break;
		}
		timeout = msecs_to_jiffies(DISCOV_LE_TIMEOUT);
		err = hci_active_scan_sync(hdev, hdev->le_scan_int_discovery * 2);
		if (!err)
			err = hci_inquiry_sync(hdev, DISCOV_BREDR_INQUIRY_LEN);
		break;
	case DISCOV_TYPE_LE:
		timeout = msecs_to_jiffies(DISCOV_LE_TIMEOUT);
		err = hci_active_scan_sync(hdev, hdev->le_scan_int_discovery);
		break;
	default:
		return -EINVAL;
	}
	if (err)
		return err;
	if (test_bit(HCI_QUIRK_STRICT_DUPLICATE_FILTER, &hdev->quirks) &&
	    hdev->discovery.result_filtering) {
		hdev->discovery.scan_start = jiffies;
		hdev->discovery.scan_duration = timeout;
	}
	queue_delayed_work(hdev->req_workqueue, &hdev->le_scan_disable, timeout);
	return 0;
}

static int hci_stop_finding_sync(struct hci_dev *hdev)
{
	int err;

	if (test_bit(HCI_INQUIRY, &hdev->flags)) {
		err = __hci_cmd_sync_status(hdev, HCI_OP_INQUIRY_CANCEL, 0, NULL,
					    HCI_CMD_TIMEOUT);
		if (err)
			return err;
	}
	cancel_delayed_work(&hdev->le_scan_disable);
	cancel_delayed_work(&hdev->le_scan_restart);
	return hci_scan_disable_sync(hdev);
}

int hci_stop_discovery_sync(struct hci_dev *hdev)
{
	struct discovery_state *d = &hdev->discovery;
	struct hci_cp_remote_name_req_cancel cp;
	struct inquiry_entry *e;
	int err;

	if (d->state == DISCOVERY_FINDING || d->state == DISCOVERY_STOPPING)
		err = hci_stop_finding_sync(hdev);
	else
		err = hci_scan_disable_sync(hdev);
	if (err || d->type == DISCOV_TYPE_LE)
		return err;
	if (d->state == DISCOVERY_RESOLVING || d->state == DISCOVERY_STOPPING) {
		e = hci_inquiry_cache_lookup_resolve(hdev, BDADDR_ANY, NAME_PENDING);
		if (!e)
			return 0;
		bacpy(&cp.bdaddr, &e->data.bdaddr);
		__hci_cmd_sync_status(hdev, HCI_OP_REMOTE_NAME_REQ_CANCEL, sizeof(cp),
				      &cp, HCI_CMD_TIMEOUT);
	}
	return 0;
}

static int scan_disable_sync(struct hci_dev *hdev, void *data)
{
	return hci_scan_disable_sync(hdev);
}

static int interleaved_inquiry_sync(struct hci_dev *hdev, void *data)
{
	return hci_inquiry_sync(hdev, DISCOV_INTERLEAVED_INQUIRY_LEN);
}

/* Is there nothing more to come after the LE part of a discovery? */
static bool le_scan_was_last(struct hci_dev *hdev)
{
	if (hdev->discovery.type == DISCOV_TYPE_LE)
		return true;
	if (hdev->discovery.type != DISCOV_TYPE_INTERLEAVED)
		return false;
	if (test_bit(HCI_QUIRK_SIMULTANEOUS_DISCOVERY, &hdev->quirks))
		return !test_bit(HCI_INQUIRY, &hdev->flags) &&
		       hdev->discovery.state != DISCOVERY_RESOLVING;
	return hci_cmd_sync_queue(hdev, interleaved_inquiry_sync, NULL, NULL);
}

static void le_scan_disable(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, le_scan_disable.work);

	hci_dev_lock(hdev);
	if (!hci_dev_test_flag(hdev, HCI_LE_SCAN))
		goto unlock;
	cancel_delayed_work(&hdev->le_scan_restart);
	if (hci_cmd_sync_queue(hdev, scan_disable_sync, NULL, NULL))
		goto unlock;
	hdev->discovery.scan_start = 0;
	if (le_scan_was_last(hdev))
		hci_discovery_set_state(hdev, DISCOVERY_STOPPED);
unlock:
	hci_dev_unlock(hdev);
}

static int le_scan_restart_sync(struct hci_dev *hdev, void *data)
{
	if (!hci_dev_test_flag(hdev, HCI_LE_SCAN) || hdev->scanning_paused)
		return 0;
	hci_le_set_scan_enable_sync(hdev, LE_SCAN_DISABLE, 0x00);
	return hci_le_set_scan_enable_sync(hdev, LE_SCAN_ENABLE,
					   LE_SCAN_FILTER_DUP_ENABLE);
}

/* A strict filter of duplicates forgets only when scanning begins anew. */
static void le_scan_restart(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, le_scan_restart.work);
	unsigned long elapsed, left = 0;

	hci_dev_lock(hdev);
	if (hci_cmd_sync_queue(hdev, le_scan_restart_sync, NULL, NULL))
		goto unlock;
	if (!test_bit(HCI_QUIRK_STRICT_DUPLICATE_FILTER, &hdev->quirks) ||
	    !hdev->discovery.scan_start)
		goto unlock;
	cancel_delayed_work(&hdev->le_scan_disable);
	elapsed = jiffies - hdev->discovery.scan_start;
	if (elapsed < hdev->discovery.scan_duration)
		left = hdev->discovery.scan_duration - elapsed;
	queue_delayed_work(hdev->req_workqueue, &hdev->le_scan_disable, left);
unlock:
	hci_dev_unlock(hdev);
}

static void reenable_adv(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, reenable_adv_work);

	hci_cmd_sync_queue(hdev, enable_advertising_sync, NULL, NULL);
}

static void adv_timeout_expire(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev,
					    adv_instance_expire.work);

	hci_dev_lock(hdev);
	hdev->adv_instance_timeout = 0;
	if (hdev->cur_adv_instance)
		hci_remove_ext_adv_instance(hdev, hdev->cur_adv_instance);
	hci_dev_unlock(hdev);
}

void hci_sync_init_works(struct hci_dev *hdev)
{
	INIT_WORK(&hdev->reenable_adv_work, reenable_adv);
	INIT_DELAYED_WORK(&hdev->le_scan_disable, le_scan_disable);
	INIT_DELAYED_WORK(&hdev->le_scan_restart, le_scan_restart);
	INIT_DELAYED_WORK(&hdev->adv_instance_expire, adv_timeout_expire);
}
