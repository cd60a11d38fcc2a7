// SPDX-License-Identifier: GPL-2.0-only
/*
 * Discovery: its state, and the devices that an inquiry has found.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_core.c (hci_discovery_*, hci_inquiry_cache_*)
 * Spec: Core 5.4 Vol 3 Part C 6 (idle mode procedures)
 * Differs: nothing.
 */
#include <net/bluetooth/hci_core.h>

void discovery_init(struct hci_dev *hdev)
{
	struct discovery_state *d = &hdev->discovery;

	spin_lock_init(&d->lock);
	d->state = DISCOVERY_STOPPED;
	INIT_LIST_HEAD(&d->all);
	INIT_LIST_HEAD(&d->unknown);
	INIT_LIST_HEAD(&d->resolve);
	d->report_invalid_rssi = true;
	d->rssi = HCI_RSSI_INVALID;
}

void hci_discovery_filter_clear(struct hci_dev *hdev)
{
	struct discovery_state *d = &hdev->discovery;

	d->result_filtering = false;
	d->report_invalid_rssi = true;
	d->rssi = HCI_RSSI_INVALID;
	spin_lock(&d->lock);
	d->uuid_count = 0;
	kfree(d->uuids);
	d->uuids = NULL;
	spin_unlock(&d->lock);
	d->scan_start = 0;
	d->scan_duration = 0;
}

bool hci_discovery_active(struct hci_dev *hdev)
{
	int state = hdev->discovery.state;

	return state == DISCOVERY_FINDING || state == DISCOVERY_RESOLVING;
}

void hci_discovery_set_state(struct hci_dev *hdev, int state)
{
	int old_state = hdev->discovery.state;

	if (old_state == state)
		return;
	hdev->discovery.state = state;
	switch (state) {
	case DISCOVERY_STOPPED:
		hci_update_passive_scan(hdev);
		if (old_state != DISCOVERY_STARTING)
			mgmt_discovering(hdev, 0);
		break;
	case DISCOVERY_FINDING:
		mgmt_discovering(hdev, 1);
		break;
	}
}

void hci_inquiry_cache_flush(struct hci_dev *hdev)
{
	struct discovery_state *cache = &hdev->discovery;
	struct inquiry_entry *p, *n;

	list_for_each_entry_safe(p, n, &cache->all, all) {
		list_del(&p->all);
		kfree(p);
	}
	INIT_LIST_HEAD(&cache->unknown);
	INIT_LIST_HEAD(&cache->resolve);
}

struct inquiry_entry *hci_inquiry_cache_lookup(struct hci_dev *hdev, bdaddr_t *bdaddr)
{
	struct inquiry_entry *e;

	list_for_each_entry(e, &hdev->discovery.all, all) {
		if (!bacmp(&e->data.bdaddr, bdaddr))
			return e;
	}
	return NULL;
}

struct inquiry_entry *hci_inquiry_cache_lookup_unknown(struct hci_dev *hdev,
						       bdaddr_t *bdaddr)
{
	struct inquiry_entry *e;

	list_for_each_entry(e, &hdev->discovery.unknown, list) {
		if (!bacmp(&e->data.bdaddr, bdaddr))
			return e;
	}
	return NULL;
}

/* By address, or with none given the first in @state. */
struct inquiry_entry *hci_inquiry_cache_lookup_resolve(struct hci_dev *hdev,
						       bdaddr_t *bdaddr, int state)
{
	struct inquiry_entry *e;

	list_for_each_entry(e, &hdev->discovery.resolve, list) {
		if (!bacmp(bdaddr, BDADDR_ANY) && (int)e->name_state == state)
			return e;
		if (!bacmp(&e->data.bdaddr, bdaddr))
			return e;
	}
	return NULL;
}

/* Strongest first, but behind what is being asked already. */
void hci_inquiry_cache_update_resolve(struct hci_dev *hdev, struct inquiry_entry *ie)
{
	struct discovery_state *cache = &hdev->discovery;
	struct list_head *pos = &cache->resolve;
	struct inquiry_entry *p;

	list_del(&ie->list);
	list_for_each_entry(p, &cache->resolve, list) {
		if (p->name_state != NAME_PENDING &&
		    abs(p->data.rssi) >= abs(ie->data.rssi))
			break;
		pos = &p->list;
	}
	list_add(&ie->list, pos);
}

/* Return: NULL when there is no memory. */
static struct inquiry_entry *inquiry_cache_new(struct discovery_state *cache,
					       bool name_known)
{
	struct inquiry_entry *ie = kzalloc(sizeof(*ie), GFP_KERNEL);

	if (!ie)
		return NULL;
	list_add(&ie->all, &cache->all);
	if (name_known) {
		ie->name_state = NAME_KNOWN;
	} else {
		ie->name_state = NAME_NOT_KNOWN;
		list_add(&ie->list, &cache->unknown);
	}
	return ie;
}

/* Return: MGMT_DEV_FOUND_* flags for the report to the user's side. */
u32 hci_inquiry_cache_update(struct hci_dev *hdev, struct inquiry_data *data,
			     bool name_known)
{
	struct discovery_state *cache = &hdev->discovery;
	struct inquiry_entry *ie;
	u32 flags = 0;

	hci_remove_remote_oob_data(hdev, &data->bdaddr, BDADDR_BREDR);
	if (!data->ssp_mode)
		flags |= MGMT_DEV_FOUND_LEGACY_PAIRING;
	ie = hci_inquiry_cache_lookup(hdev, &data->bdaddr);
	if (ie) {
		if (!ie->data.ssp_mode)
			flags |= MGMT_DEV_FOUND_LEGACY_PAIRING;
		if (ie->name_state == NAME_NEEDED && data->rssi != ie->data.rssi) {
			ie->data.rssi = data->rssi;
			hci_inquiry_cache_update_resolve(hdev, ie);
		}
	} else {
		ie = inquiry_cache_new(cache, name_known);
		if (!ie)
			return flags | MGMT_DEV_FOUND_CONFIRM_NAME;
	}
	if (name_known && ie->name_state != NAME_KNOWN &&
	    ie->name_state != NAME_PENDING) {
		ie->name_state = NAME_KNOWN;
		list_del(&ie->list);
	}
	ie->data = *data;
	ie->timestamp = jiffies;
	cache->timestamp = jiffies;
	if (ie->name_state == NAME_NOT_KNOWN)
		flags |= MGMT_DEV_FOUND_CONFIRM_NAME;
	return flags;
}
