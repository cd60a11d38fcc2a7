// SPDX-License-Identifier: GPL-2.0-only
/*
 * Advertising instances: what a controller's host advertises, and under which number.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_core.c (hci_*adv_instance*)
 * Spec: BlueZ Management API, Add Advertising
 * Differs: no mesh. Of no other file of the controller, for bt_eir has no more of it.
 */
#include <linux/err.h>
#include <linux/slab.h>
#include <net/bluetooth/hci_core.h>

struct adv_info *hci_find_adv_instance(struct hci_dev *hdev, u8 instance)
{
	struct adv_info *adv;

	list_for_each_entry(adv, &hdev->adv_instances, list) {
		if (adv->instance == instance)
			return adv;
	}
	return NULL;
}

struct adv_info *hci_get_next_instance(struct hci_dev *hdev, u8 instance)
{
	struct adv_info *cur = hci_find_adv_instance(hdev, instance);

	if (!cur)
		return NULL;
	if (list_is_last(&cur->list, &hdev->adv_instances))
		return list_first_entry(&hdev->adv_instances, struct adv_info, list);
	return list_next_entry(cur, list);
}

int hci_remove_adv_instance(struct hci_dev *hdev, u8 instance)
{
	struct adv_info *adv = hci_find_adv_instance(hdev, instance);

	if (!adv)
		return -ENOENT;
	if (hdev->cur_adv_instance == instance) {
		if (hdev->adv_instance_timeout) {
			cancel_delayed_work(&hdev->adv_instance_expire);
			hdev->adv_instance_timeout = 0;
		}
		hdev->cur_adv_instance = 0x00;
	}
	cancel_delayed_work_sync(&adv->rpa_expired_cb);
	list_del(&adv->list);
	kfree(adv);
	hdev->adv_instance_cnt--;
	return 0;
}

void hci_adv_instances_set_rpa_expired(struct hci_dev *hdev, bool rpa_expired)
{
	struct adv_info *adv;

	list_for_each_entry(adv, &hdev->adv_instances, list)
		adv->rpa_expired = rpa_expired;
}

void hci_adv_instances_clear(struct hci_dev *hdev)
{
	struct adv_info *adv, *n;

	if (hdev->adv_instance_timeout) {
		cancel_delayed_work(&hdev->adv_instance_expire);
		hdev->adv_instance_timeout = 0;
	}
	list_for_each_entry_safe(adv, n, &hdev->adv_instances, list) {
		cancel_delayed_work_sync(&adv->rpa_expired_cb);
		list_del(&adv->list);
		kfree(adv);
	}
	hdev->adv_instance_cnt = 0;
	hdev->cur_adv_instance = 0x00;
}

static void adv_instance_rpa_expired(struct work_struct *work)
{
	struct adv_info *adv = container_of(work, struct adv_info, rpa_expired_cb.work);

	adv->rpa_expired = true;
}

struct adv_info *hci_add_adv_instance(struct hci_dev *hdev, u8 instance, u32 flags,
				      u16 adv_data_len, u8 *adv_data, u16 scan_rsp_len,
				      u8 *scan_rsp_data, u16 timeout, u16 duration,
				      s8 tx_power, u32 min_interval, u32 max_interval,
				      u8 mesh_handle)
{
	struct adv_info *adv = hci_find_adv_instance(hdev, instance);

	if (adv) {
		memset(adv->adv_data, 0, sizeof(adv->adv_data));
		memset(adv->scan_rsp_data, 0, sizeof(adv->scan_rsp_data));
	} else {
		if (hdev->adv_instance_cnt >= hdev->le_num_of_adv_sets ||
		    instance < 1 || instance > hdev->le_num_of_adv_sets + 1)
			return ERR_PTR(-EOVERFLOW);
		adv = kzalloc(sizeof(*adv), GFP_KERNEL);
		if (!adv)
			return ERR_PTR(-ENOMEM);
		adv->pending = true;
		adv->instance = instance;
		adv->handle = instance;
		INIT_DELAYED_WORK(&adv->rpa_expired_cb, adv_instance_rpa_expired);
		list_add(&adv->list, &hdev->adv_instances);
		hdev->adv_instance_cnt++;
	}
	adv->flags = flags;
	adv->min_interval = min_interval;
	adv->max_interval = max_interval;
	adv->tx_power = tx_power;
	adv->mesh = mesh_handle;
	adv->adv_data_len = adv_data_len;
	if (adv_data_len)
		memcpy(adv->adv_data, adv_data, adv_data_len);
	adv->scan_rsp_len = scan_rsp_len;
	if (scan_rsp_len)
		memcpy(adv->scan_rsp_data, scan_rsp_data, scan_rsp_len);
	adv->timeout = timeout;
	adv->remaining_time = timeout;
	adv->duration = duration ? duration : hdev->def_multi_adv_rotation_duration;
	return adv;
}

u32 hci_adv_instance_flags(struct hci_dev *hdev, u8 instance)
{
	struct adv_info *adv;
	u32 flags = MGMT_ADV_FLAG_DISCOV | MGMT_ADV_FLAG_CONNECTABLE;

	if (instance == 0x00) {
		/* instance 0 always manages TX Power and Flags itself */
		flags = MGMT_ADV_FLAG_TX_POWER | MGMT_ADV_FLAG_MANAGED_FLAGS;
		if (hci_dev_test_flag(hdev, HCI_ADVERTISING_CONNECTABLE))
			flags |= MGMT_ADV_FLAG_CONNECTABLE;
		if (hci_dev_test_flag(hdev, HCI_LIMITED_DISCOVERABLE))
			flags |= MGMT_ADV_FLAG_LIMITED_DISCOV;
		else if (hci_dev_test_flag(hdev, HCI_DISCOVERABLE))
			flags |= MGMT_ADV_FLAG_DISCOV;
		return flags;
	}
	adv = hci_find_adv_instance(hdev, instance);
	return adv ? adv->flags : 0;
}
