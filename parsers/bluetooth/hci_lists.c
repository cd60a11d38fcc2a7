// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists that a controller's host keeps: addresses, what to do when a device is seen,
 * what is advertised.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_core.c (hci_bdaddr_list_*,
 *	hci_conn_params_*, hci_pend_le_*, hci_*adv_instance*), hci_codec.c (the list)
 * Spec: Core 5.4 Vol 3 Part C 9.3.5 to 9.3.8 (connection establishment)
 * Differs: no advertising monitors, mesh, interleaved scanning.
 */
#include <linux/err.h>
#include <net/bluetooth/hci_core.h>

#include "hci_core_priv.h"

struct bdaddr_list *hci_bdaddr_list_lookup(struct list_head *list, bdaddr_t *bdaddr,
					   u8 type)
{
	struct bdaddr_list *b;

	list_for_each_entry(b, list, list) {
		if (!bacmp(&b->bdaddr, bdaddr) && b->bdaddr_type == type)
			return b;
	}
	return NULL;
}

struct bdaddr_list_with_irk *hci_bdaddr_list_lookup_with_irk(struct list_head *list,
							     bdaddr_t *bdaddr, u8 type)
{
	struct bdaddr_list_with_irk *b;

	list_for_each_entry(b, list, list) {
		if (!bacmp(&b->bdaddr, bdaddr) && b->bdaddr_type == type)
			return b;
	}
	return NULL;
}

struct bdaddr_list_with_flags *hci_bdaddr_list_lookup_with_flags(struct list_head *list,
								 bdaddr_t *bdaddr,
								 u8 type)
{
	struct bdaddr_list_with_flags *b;

	list_for_each_entry(b, list, list) {
		if (!bacmp(&b->bdaddr, bdaddr) && b->bdaddr_type == type)
			return b;
	}
	return NULL;
}

/* The three kinds of entries begin alike, which is all that freeing needs. */
void hci_bdaddr_list_clear(struct list_head *bdaddr_list)
{
	struct bdaddr_list *b, *n;

	list_for_each_entry_safe(b, n, bdaddr_list, list) {
		list_del(&b->list);
		kfree(b);
	}
}

int hci_bdaddr_list_add(struct list_head *list, bdaddr_t *bdaddr, u8 type)
{
	struct bdaddr_list *entry;

	if (!bacmp(bdaddr, BDADDR_ANY))
		return -EBADF;
	if (hci_bdaddr_list_lookup(list, bdaddr, type))
		return -EEXIST;
	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	bacpy(&entry->bdaddr, bdaddr);
	entry->bdaddr_type = type;
	list_add(&entry->list, list);
	return 0;
}

int hci_bdaddr_list_add_with_irk(struct list_head *list, bdaddr_t *bdaddr, u8 type,
				 u8 *peer_irk, u8 *local_irk)
{
	struct bdaddr_list_with_irk *entry;

	if (!bacmp(bdaddr, BDADDR_ANY))
		return -EBADF;
	if (hci_bdaddr_list_lookup(list, bdaddr, type))
		return -EEXIST;
	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	bacpy(&entry->bdaddr, bdaddr);
	entry->bdaddr_type = type;
	if (peer_irk)
		memcpy(entry->peer_irk, peer_irk, sizeof(entry->peer_irk));
	if (local_irk)
		memcpy(entry->local_irk, local_irk, sizeof(entry->local_irk));
	list_add(&entry->list, list);
	return 0;
}

int hci_bdaddr_list_add_with_flags(struct list_head *list, bdaddr_t *bdaddr, u8 type,
				   u32 flags)
{
	struct bdaddr_list_with_flags *entry;

	if (!bacmp(bdaddr, BDADDR_ANY))
		return -EBADF;
	if (hci_bdaddr_list_lookup(list, bdaddr, type))
		return -EEXIST;
	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	bacpy(&entry->bdaddr, bdaddr);
	entry->bdaddr_type = type;
	entry->flags = flags;
	list_add(&entry->list, list);
	return 0;
}

/* The address of all zeros stands for every entry. */
int hci_bdaddr_list_del(struct list_head *list, bdaddr_t *bdaddr, u8 type)
{
	struct bdaddr_list *entry;

	if (!bacmp(bdaddr, BDADDR_ANY)) {
		hci_bdaddr_list_clear(list);
		return 0;
	}
	entry = hci_bdaddr_list_lookup(list, bdaddr, type);
	if (!entry)
		return -ENOENT;
	list_del(&entry->list);
	kfree(entry);
	return 0;
}

int hci_bdaddr_list_del_with_irk(struct list_head *list, bdaddr_t *bdaddr, u8 type)
{
	return hci_bdaddr_list_del(list, bdaddr, type);
}

struct hci_conn_params *hci_conn_params_lookup(struct hci_dev *hdev, bdaddr_t *addr,
					       u8 addr_type)
{
	struct hci_conn_params *params;

	list_for_each_entry(params, &hdev->le_conn_params, list) {
		if (!bacmp(&params->addr, addr) && params->addr_type == addr_type)
			return params;
	}
	return NULL;
}

struct hci_conn_params *hci_pend_le_action_lookup(struct list_head *list,
						  bdaddr_t *addr, u8 addr_type)
{
	struct hci_conn_params *param, *found = NULL;

	rcu_read_lock();
	list_for_each_entry_rcu(param, list, action) {
		if (!bacmp(&param->addr, addr) && param->addr_type == addr_type) {
			found = param;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

void hci_pend_le_list_del_init(struct hci_conn_params *param)
{
	if (list_empty(&param->action))
		return;
	list_del_rcu(&param->action);
	synchronize_rcu();
	INIT_LIST_HEAD(&param->action);
}

void hci_pend_le_list_add(struct hci_conn_params *param, struct list_head *list)
{
	list_add_rcu(&param->action, list);
}

struct hci_conn_params *hci_conn_params_add(struct hci_dev *hdev, bdaddr_t *addr,
					    u8 addr_type)
{
	struct hci_conn_params *params = hci_conn_params_lookup(hdev, addr, addr_type);

	if (params)
		return params;
	params = kzalloc(sizeof(*params), GFP_KERNEL);
	if (!params)
		return NULL;
	bacpy(&params->addr, addr);
	params->addr_type = addr_type;
	list_add(&params->list, &hdev->le_conn_params);
	INIT_LIST_HEAD(&params->action);
	params->conn_min_interval = hdev->le_conn_min_interval;
	params->conn_max_interval = hdev->le_conn_max_interval;
	params->conn_latency = hdev->le_conn_latency;
	params->supervision_timeout = hdev->le_supv_timeout;
	params->auto_connect = HCI_AUTO_CONN_DISABLED;
	return params;
}

void hci_conn_params_free(struct hci_conn_params *params)
{
	hci_pend_le_list_del_init(params);
	if (params->conn) {
		hci_conn_drop(params->conn);
		hci_conn_put(params->conn);
	}
	list_del(&params->list);
	kfree(params);
}

void hci_conn_params_del(struct hci_dev *hdev, bdaddr_t *addr, u8 addr_type)
{
	struct hci_conn_params *params = hci_conn_params_lookup(hdev, addr, addr_type);

	if (!params)
		return;
	hci_conn_params_free(params);
	hci_update_passive_scan(hdev);
}

void hci_conn_params_clear_all(struct hci_dev *hdev)
{
	struct hci_conn_params *params, *tmp;

	list_for_each_entry_safe(params, tmp, &hdev->le_conn_params, list)
		hci_conn_params_free(params);
}

void hci_uuids_clear(struct hci_dev *hdev)
{
	struct bt_uuid *uuid, *tmp;

	list_for_each_entry_safe(uuid, tmp, &hdev->uuids, list) {
		list_del(&uuid->list);
		kfree(uuid);
	}
}

void hci_codec_list_clear(struct list_head *codec_list)
{
	struct codec_list *c, *n;

	list_for_each_entry_safe(c, n, codec_list, list) {
		list_del(&c->list);
		kfree(c);
	}
}

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

bool hci_is_adv_monitoring(struct hci_dev *hdev)
{
	return hdev->adv_monitors_cnt;
}
