// SPDX-License-Identifier: GPL-2.0-only
/*
 * Microsoft's vendor extension: what the controller says it can do, watches for
 * advertisers, and the vendor events that report them.
 *
 * Modelled on: Linux 6.1 net/bluetooth/msft.c (read_supported_features,
 *	msft_find_handle_data, msft_monitor_device_del, msft_le_monitor_advertisement_cb,
 *	msft_le_cancel_monitor_advertisement_cb, msft_remove_monitor_sync,
 *	msft_add_monitor_sync, msft_do_open, msft_do_close, msft_register, msft_release,
 *	msft_device_found, msft_device_lost, msft_monitor_device_evt, msft_vendor_evt)
 * Spec: Microsoft-defined Bluetooth HCI commands and events
 * Differs: a watch is its handle and one pattern, there is no list of them that
 *	survives a power cycle; thresholds are fixed; the filter is not switched.
 */
#include "hci_event.h"
#include "msft.h"

#define MSFT_OP_READ_SUPPORTED_FEATURES		0x00
#define MSFT_OP_LE_MONITOR_ADVERTISEMENT	0x03
#define MSFT_OP_LE_CANCEL_MONITOR_ADVERTISEMENT	0x04

#define MSFT_MONITOR_ADVERTISEMENT_TYPE_PATTERN	0x01

#define MSFT_EV_LE_MONITOR_DEVICE		0x02

struct msft_cp_read_supported_features {
	__u8 sub_opcode;
} __packed;

struct msft_rp_read_supported_features {
	__u8 status;
	__u8 sub_opcode;
	__le64 features;
	__u8 evt_prefix_len;
	__u8 evt_prefix[];
} __packed;

/* One pattern; the length counts its type and start too. */
struct msft_cp_le_monitor_advertisement {
	__u8 sub_opcode;
	__s8 rssi_high;
	__s8 rssi_low;
	__u8 rssi_low_interval;
	__u8 rssi_sampling_period;
	__u8 cond_type;
	__u8 count;
	__u8 length;
	__u8 data_type;
	__u8 start_byte;
	__u8 pattern[];
} __packed;

struct msft_rp_le_monitor_advertisement {
	__u8 status;
	__u8 sub_opcode;
	__u8 handle;
} __packed;

struct msft_cp_le_cancel_monitor_advertisement {
	__u8 sub_opcode;
	__u8 handle;
} __packed;

struct msft_rp_le_cancel_monitor_advertisement {
	__u8 status;
	__u8 sub_opcode;
} __packed;

struct msft_ev_le_monitor_device {
	__u8 addr_type;
	bdaddr_t bdaddr;
	__u8 monitor_handle;
	__u8 monitor_state;
} __packed;

struct msft_monitor_advertisement_handle_data {
	__u8 msft_handle;		/* the controller's */
	__u16 mgmt_handle;		/* the user's */
	struct list_head list;
};

struct msft_data {
	__u64 features;
	__u8 evt_prefix_len;
	__u8 *evt_prefix;
	struct list_head handle_map;
};

/*
 * Features
 */

static bool msft_keep_prefix(struct msft_data *msft,
			     const struct msft_rp_read_supported_features *rp,
			     unsigned int len)
{
	if (malformed_in(CVE_2026_90251, len < sizeof(*rp) + rp->evt_prefix_len))
		return false;

	if (rp->evt_prefix_len > 0) {
		msft->evt_prefix = kmemdup(rp->evt_prefix, rp->evt_prefix_len, GFP_KERNEL);
		if (!msft->evt_prefix)
			return false;
	}
	msft->evt_prefix_len = rp->evt_prefix_len;
	return true;
}

static bool read_supported_features(struct hci_dev *hdev, struct msft_data *msft)
{
	struct msft_rp_read_supported_features *rp;
	struct msft_cp_read_supported_features cp;
	struct sk_buff *skb;

	cp.sub_opcode = MSFT_OP_READ_SUPPORTED_FEATURES;

	skb = __hci_cmd_sync(hdev, hdev->msft_opcode, sizeof(cp), &cp, HCI_CMD_TIMEOUT);
	if (malformed(IS_ERR_OR_NULL(skb)))
		return false;

	if (malformed(skb->len < sizeof(*rp)))
		goto failed;

	rp = (struct msft_rp_read_supported_features *)skb->data;
	evt_u64(hdev, "msft.sub_opcode", rp->sub_opcode);
	evt_u64(hdev, "msft.features", __le64_to_cpu(rp->features));
	evt_u64(hdev, "msft.evt_prefix_len", rp->evt_prefix_len);

	if (malformed(rp->sub_opcode != MSFT_OP_READ_SUPPORTED_FEATURES))
		goto failed;

	if (!msft_keep_prefix(msft, rp, skb->len))
		goto failed;

	msft->features = __le64_to_cpu(rp->features);

	kfree_skb(skb);
	return true;

failed:
	kfree_skb(skb);
	return false;
}

__u64 msft_get_features(struct hci_dev *hdev)
{
	struct msft_data *msft = hdev->msft_data;

	return msft ? msft->features : 0;
}

static void msft_free_handles(struct msft_data *msft)
{
	struct msft_monitor_advertisement_handle_data *handle_data, *tmp;

	list_for_each_entry_safe(handle_data, tmp, &msft->handle_map, list) {
		list_del(&handle_data->list);
		kfree(handle_data);
	}
}

/* Opened again without a close in between, the extension has watches. */
static void msft_free(struct msft_data *msft)
{
	triggered(REDZONE_2A37D6B24A72, !list_empty(&msft->handle_map));
	if (fixed(REDZONE_2A37D6B24A72))
		msft_free_handles(msft);
	kfree(msft->evt_prefix);
	kfree(msft);
}

void msft_do_open(struct hci_dev *hdev)
{
	struct msft_data *msft = hdev->msft_data;

	if (hdev->msft_opcode == HCI_OP_NOP)
		return;
	if (!msft)
		return;

	kfree(msft->evt_prefix);
	msft->evt_prefix = NULL;
	msft->evt_prefix_len = 0;
	msft->features = 0;

	if (!read_supported_features(hdev, msft)) {
		hdev->msft_data = NULL;
		msft_free(msft);
	}
}

/*
 * Watches
 */

static struct msft_monitor_advertisement_handle_data *
msft_find_handle_data(struct hci_dev *hdev, u16 handle, bool is_mgmt)
{
	struct msft_monitor_advertisement_handle_data *entry;
	struct msft_data *msft = hdev->msft_data;

	list_for_each_entry(entry, &msft->handle_map, list) {
		if (is_mgmt && entry->mgmt_handle == handle)
			return entry;
		if (!is_mgmt && entry->msft_handle == handle)
			return entry;
	}

	return NULL;
}

/* Forget devices: of all watches if @mgmt_handle is 0, all of one without @bdaddr. */
static int msft_monitor_device_del(struct hci_dev *hdev, __u16 mgmt_handle,
				   bdaddr_t *bdaddr, __u8 addr_type, bool notify)
{
	struct monitored_device *dev, *tmp;
	int count = 0;

	list_for_each_entry_safe(dev, tmp, &hdev->monitored_devices, list) {
		if (mgmt_handle && dev->handle != mgmt_handle)
			continue;
		if (bdaddr && (bacmp(bdaddr, &dev->bdaddr) || addr_type != dev->addr_type))
			continue;

		if (notify && dev->notified)
			mgmt_adv_monitor_device_lost(hdev, dev->handle, &dev->bdaddr,
						     dev->addr_type);

		list_del(&dev->list);
		kfree(dev);
		count++;
	}

	return count;
}

/* The controller has numbered the watch @mgmt_handle; consumes the answer. */
static int msft_le_monitor_advertisement_cb(struct hci_dev *hdev, u16 mgmt_handle,
					    struct sk_buff *skb)
{
	struct msft_monitor_advertisement_handle_data *handle_data;
	struct msft_rp_le_monitor_advertisement *rp;
	struct msft_data *msft = hdev->msft_data;
	int status = 0;

	hci_dev_lock(hdev);

	rp = (struct msft_rp_le_monitor_advertisement *)skb->data;
	if (malformed(skb->len < sizeof(*rp))) {
		status = HCI_ERROR_UNSPECIFIED;
		goto unlock;
	}

	evt_u64(hdev, "msft.status", rp->status);
	status = rp->status;
	if (status)
		goto unlock;

	handle_data = kmalloc(sizeof(*handle_data), GFP_KERNEL);
	if (!handle_data) {
		status = HCI_ERROR_UNSPECIFIED;
		goto unlock;
	}

	evt_u64(hdev, "msft.monitor_handle", rp->handle);
	handle_data->mgmt_handle = mgmt_handle;
	handle_data->msft_handle = rp->handle;
	INIT_LIST_HEAD(&handle_data->list);
	list_add(&handle_data->list, &msft->handle_map);

unlock:
	hci_dev_unlock(hdev);

	kfree_skb(skb);
	return status;
}

int msft_add_monitor_pattern(struct hci_dev *hdev, u16 handle, u8 ad_type,
			     const u8 *pattern, u8 len)
{
	struct msft_cp_le_monitor_advertisement *cp;
	size_t size = sizeof(*cp) + len;
	struct sk_buff *skb;

	if (!hdev->msft_data)
		return -EOPNOTSUPP;

	cp = kzalloc(size, GFP_KERNEL);
	if (!cp)
		return -ENOMEM;

	cp->sub_opcode = MSFT_OP_LE_MONITOR_ADVERTISEMENT;
	cp->rssi_high = -60;
	cp->rssi_low = -80;
	cp->rssi_low_interval = 5;
	cp->rssi_sampling_period = 0xff;
	cp->cond_type = MSFT_MONITOR_ADVERTISEMENT_TYPE_PATTERN;
	cp->count = 1;
	cp->length = len + 2;
	cp->data_type = ad_type;
	memcpy(cp->pattern, pattern, len);

	skb = __hci_cmd_sync(hdev, hdev->msft_opcode, size, cp, HCI_CMD_TIMEOUT);
	kfree(cp);

	if (malformed(IS_ERR_OR_NULL(skb)))
		return skb ? PTR_ERR(skb) : -EIO;

	return msft_le_monitor_advertisement_cb(hdev, handle, skb);
}

/* The controller has given the watch up; consumes the answer. */
static int msft_le_cancel_monitor_advertisement_cb(struct hci_dev *hdev, u16 mgmt_handle,
						   struct sk_buff *skb)
{
	struct msft_monitor_advertisement_handle_data *handle_data;
	struct msft_rp_le_cancel_monitor_advertisement *rp;
	int status;

	rp = (struct msft_rp_le_cancel_monitor_advertisement *)skb->data;
	if (malformed(skb->len < sizeof(*rp))) {
		status = HCI_ERROR_UNSPECIFIED;
		goto done;
	}

	evt_u64(hdev, "msft.status", rp->status);
	status = rp->status;
	if (status)
		goto done;

	hci_dev_lock(hdev);

	handle_data = msft_find_handle_data(hdev, mgmt_handle, true);
	if (handle_data) {
		msft_monitor_device_del(hdev, handle_data->mgmt_handle, NULL, 0, false);
		list_del(&handle_data->list);
		kfree(handle_data);
	}

	hci_dev_unlock(hdev);

done:
	kfree_skb(skb);
	return status;
}

int msft_remove_monitor(struct hci_dev *hdev, u16 handle)
{
	struct msft_monitor_advertisement_handle_data *handle_data;
	struct msft_cp_le_cancel_monitor_advertisement cp;
	struct sk_buff *skb;

	if (!hdev->msft_data)
		return -EOPNOTSUPP;

	handle_data = msft_find_handle_data(hdev, handle, true);
	if (malformed(!handle_data))
		return -ENOENT;

	cp.sub_opcode = MSFT_OP_LE_CANCEL_MONITOR_ADVERTISEMENT;
	cp.handle = handle_data->msft_handle;

	skb = __hci_cmd_sync(hdev, hdev->msft_opcode, sizeof(cp), &cp, HCI_CMD_TIMEOUT);
	if (malformed(IS_ERR_OR_NULL(skb)))
		return skb ? PTR_ERR(skb) : -EIO;

	return msft_le_cancel_monitor_advertisement_cb(hdev, handle, skb);
}

void msft_do_close(struct hci_dev *hdev)
{
	struct msft_data *msft = hdev->msft_data;

	if (msft)
		msft_free_handles(msft);

	hci_dev_lock(hdev);
	hdev->advmon_pend_notify = false;
	msft_monitor_device_del(hdev, 0, NULL, 0, true);
	hci_dev_unlock(hdev);
}

void msft_register(struct hci_dev *hdev, u16 opcode)
{
	struct msft_data *msft;

	if (hdev->msft_data)
		return;

	msft = kzalloc(sizeof(*msft), GFP_KERNEL);
	if (!msft)
		return;

	INIT_LIST_HEAD(&msft->handle_map);
	hdev->msft_data = msft;
	hdev->msft_opcode = opcode;
}

void msft_release(struct hci_dev *hdev)
{
	struct msft_data *msft = hdev->msft_data;

	if (!msft)
		return;

	hdev->msft_data = NULL;
	msft_free(msft);
}

/*
 * Events
 */

static void msft_device_found(struct hci_dev *hdev, bdaddr_t *bdaddr, __u8 addr_type,
			      __u16 mgmt_handle)
{
	struct monitored_device *dev;

	dev = kmalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return;

	bacpy(&dev->bdaddr, bdaddr);
	dev->addr_type = addr_type;
	dev->handle = mgmt_handle;
	dev->notified = false;

	INIT_LIST_HEAD(&dev->list);
	list_add(&dev->list, &hdev->monitored_devices);
	hdev->advmon_pend_notify = true;
}

static void *msft_skb_pull(struct hci_dev *hdev, struct sk_buff *skb, u8 ev, size_t len)
{
	void *data = skb_pull_data(skb, len);

	if (!data)
		bt_dev_err(hdev, "vendor event 0x%02x is cut short", ev);
	return data;
}

static int msft_addr_type(u8 type)
{
	switch (type) {
	case ADDR_LE_DEV_PUBLIC:
		return BDADDR_LE_PUBLIC;
	case ADDR_LE_DEV_RANDOM:
		return BDADDR_LE_RANDOM;
	default:
		return -EINVAL;
	}
}

static void msft_monitor_device_evt(struct hci_dev *hdev, struct sk_buff *skb)
{
	struct msft_monitor_advertisement_handle_data *handle_data;
	struct msft_ev_le_monitor_device *ev;
	int addr_type;

	ev = msft_skb_pull(hdev, skb, MSFT_EV_LE_MONITOR_DEVICE, sizeof(*ev));
	if (malformed(!ev)) {
		hci_ev_refuse(hdev, -EBADMSG);
		return;
	}

	evt_u64(hdev, "msft.addr_type", ev->addr_type);
	evt_ba(hdev, &ev->bdaddr);
	evt_u64(hdev, "msft.monitor_handle", ev->monitor_handle);
	evt_u64(hdev, "msft.monitor_state", ev->monitor_state);

	handle_data = msft_find_handle_data(hdev, ev->monitor_handle, false);
	if (malformed(!handle_data)) {
		hci_ev_refuse(hdev, -ENOENT);
		return;
	}

	addr_type = msft_addr_type(ev->addr_type);
	if (malformed(addr_type < 0)) {
		hci_ev_refuse(hdev, -EINVAL);
		return;
	}

	if (ev->monitor_state)
		msft_device_found(hdev, &ev->bdaddr, addr_type, handle_data->mgmt_handle);
	else
		msft_monitor_device_del(hdev, handle_data->mgmt_handle, &ev->bdaddr,
					addr_type, true);
}

/* Vendor events of others begin otherwise. */
static bool msft_prefix_ok(struct hci_dev *hdev, const struct msft_data *msft,
			   struct sk_buff *skb)
{
	const u8 *evt_prefix;

	if (!msft->evt_prefix_len)
		return true;

	evt_prefix = msft_skb_pull(hdev, skb, 0, msft->evt_prefix_len);
	if (malformed(!evt_prefix))
		return false;

	if (malformed(memcmp(evt_prefix, msft->evt_prefix, msft->evt_prefix_len)))
		return false;
	return true;
}

/**
 * msft_vendor_evt - an event of the vendor, which may be the extension's
 * @hdev: the controller
 * @data: unused, no parameter is sure
 * @skb: the parameters
 */
void msft_vendor_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct msft_data *msft = hdev->msft_data;
	u8 *evt;

	if (!msft)
		return;

	if (!msft_prefix_ok(hdev, msft, skb))
		return;

	if (malformed(skb->len < 1))
		return;

	evt = msft_skb_pull(hdev, skb, 0, sizeof(*evt));
	if (malformed(!evt))
		return;
	evt_u64(hdev, "msft.evt", *evt);

	hci_dev_lock(hdev);

	if (*evt == MSFT_EV_LE_MONITOR_DEVICE)
		msft_monitor_device_evt(hdev, skb);

	hci_dev_unlock(hdev);
}
