// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists that a controller's host keeps: addresses, what to do when a device is seen.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_core.c (hci_bdaddr_list_*,
 *	hci_conn_params_*, hci_pend_le_*), hci_codec.c (the list)
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

/* The three kinds of entries begin alike, which is all that searching and freeing need. */
struct bdaddr_list_with_irk *hci_bdaddr_list_lookup_with_irk(struct list_head *list,
							     bdaddr_t *bdaddr, u8 type)
{
	return (void *)hci_bdaddr_list_lookup(list, bdaddr, type);
}

struct bdaddr_list_with_flags *hci_bdaddr_list_lookup_with_flags(struct list_head *list,
								 bdaddr_t *bdaddr,
								 u8 type)
{
	return (void *)hci_bdaddr_list_lookup(list, bdaddr, type);
}

void hci_bdaddr_list_clear(struct list_head *bdaddr_list)
{
	struct bdaddr_list *b, *n;

	list_for_each_entry_safe(b, n, bdaddr_list, list) {
		list_del(&b->list);
		kfree(b);
	}
}

/*
 * A new entry of one of the three kinds, @size bytes, which all begin with list, address
 * and type: at the head of @list, all else zero.
 */
static void *bdaddr_list_new(struct list_head *list, const bdaddr_t *bdaddr, u8 type,
			     size_t size)
{
	struct bdaddr_list *entry = kzalloc(size, GFP_KERNEL);

	if (!entry)
		return ERR_PTR(-ENOMEM);
	entry->bdaddr = *bdaddr;
	entry->bdaddr_type = type;
	list_add(&entry->list, list);
	return entry;
}

/* Whether @bdaddr may go on @list: it is one, and is not there yet. */
static int bdaddr_list_may_add(struct list_head *list, bdaddr_t *bdaddr, u8 type)
{
	if (!bacmp(bdaddr, BDADDR_ANY))
		return -EBADF;
	return hci_bdaddr_list_lookup(list, bdaddr, type) ? -EEXIST : 0;
}

int hci_bdaddr_list_add(struct list_head *list, bdaddr_t *bdaddr, u8 type)
{
	int err = bdaddr_list_may_add(list, bdaddr, type);

	if (err)
		return err;
	return PTR_ERR_OR_ZERO(bdaddr_list_new(list, bdaddr, type,
					       sizeof(struct bdaddr_list)));
}

int hci_bdaddr_list_add_with_irk(struct list_head *list, bdaddr_t *bdaddr, u8 type,
				 u8 *peer_irk, u8 *local_irk)
{
	int err = bdaddr_list_may_add(list, bdaddr, type);
	struct bdaddr_list_with_irk *entry;

	if (err)
		return err;
	entry = bdaddr_list_new(list, bdaddr, type, sizeof(*entry));
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	if (peer_irk)
		memcpy(entry->peer_irk, peer_irk, sizeof(entry->peer_irk));
	if (local_irk)
		memcpy(entry->local_irk, local_irk, sizeof(entry->local_irk));
	return 0;
}

int hci_bdaddr_list_add_with_flags(struct list_head *list, bdaddr_t *bdaddr, u8 type,
				   u32 flags)
{
	int err = bdaddr_list_may_add(list, bdaddr, type);
	struct bdaddr_list_with_flags *entry;

	if (err)
		return err;
	entry = bdaddr_list_new(list, bdaddr, type, sizeof(*entry));
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	entry->flags = flags;
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

bool hci_is_adv_monitoring(struct hci_dev *hdev)
{
	return hdev->adv_monitors_cnt;
}
