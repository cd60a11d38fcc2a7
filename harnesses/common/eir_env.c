// SPDX-License-Identifier: GPL-2.0-only
/*
 * The environment of bt_eir (redzone/eir.h): no parser, but the local side of one.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_sync.c (hci_update_eir_sync,
 *	hci_set_adv_data_sync, hci_set_ext_adv_data_sync and their likes for scan
 *	responses and periodic advertising): who calls eir.c, with which buffers
 * Spec: none
 * Differs: nothing is sent; what would be is an effect.
 */
#include <linux/minmax.h>
#include <linux/slab.h>
#include <net/bluetooth/hci_core.h>
#include <redzone/eir.h>
#include <redzone/sink.h>

#include "../../parsers/bluetooth/eir.h"
#include "../../parsers/bluetooth/mgmt_adv.h"

enum {
	UUIDS_MAX	= 64,
	ADV_INSTANCE	= 1,
	COMPANY_TEST	= 0xffff,	/* manufacturer data of nobody: settings of this target */
	RSSI_WANTED	= -70,
};

/* One at a time; cleared for each input. */
static struct hci_dev eir_hdev;
static struct bt_uuid eir_uuids[UUIDS_MAX];
static unsigned int eir_uuid_count;

/* What a service discovery here is after: heart rate, a vendor's, broadcast audio. */
static u8 wanted_uuids[3][16] = {
	{ 0xfb, 0x34, 0x9b, 0x5f, 0x80, 0x00, 0x00, 0x80,
	  0x00, 0x10, 0x00, 0x00, 0x0d, 0x18, 0x00, 0x00 },
	{ 0x9e, 0xca, 0xdc, 0x24, 0x0e, 0xe5, 0xa9, 0xe0,
	  0x93, 0xf3, 0xa3, 0xb5, 0x01, 0x00, 0x40, 0x6e },
	{ 0xfb, 0x34, 0x9b, 0x5f, 0x80, 0x00, 0x00, 0x80,
	  0x00, 0x10, 0x00, 0x00, 0x52, 0x18, 0x00, 0x00 },
};

static void le_scan_restart(struct work_struct *work)
{
}

void redzone_eir_begin(u8 env, struct sink *sink)
{
	struct hci_dev *hdev = &eir_hdev;

	memset(hdev, 0, sizeof(*hdev));
	hdev->name = "hci0";
	hdev->sink = sink;
	mutex_init(&hdev->lock);
	spin_lock_init(&hdev->discovery.lock);
	INIT_LIST_HEAD(&hdev->uuids);
	INIT_LIST_HEAD(&hdev->adv_instances);
	INIT_DELAYED_WORK(&hdev->le_scan_restart, le_scan_restart);
	hdev->req_workqueue = system_wq;
	hdev->inq_tx_power = HCI_TX_POWER_INVALID;
	hdev->adv_tx_power = HCI_TX_POWER_INVALID;
	hdev->le_num_of_adv_sets = HCI_MAX_ADV_INSTANCES;
	hdev->discovery.rssi = RSSI_WANTED;
	hdev->discovery.uuids = wanted_uuids;
	hdev->discovery.uuid_count = ARRAY_SIZE(wanted_uuids);
	hdev->discovery.scan_duration = msecs_to_jiffies(DISCOV_LE_TIMEOUT);
	hci_dev_set_flag(hdev, HCI_LE_ENABLED);
	hci_dev_set_flag(hdev, HCI_LE_SCAN);
	eir_uuid_count = 0;

	if (env & REDZONE_EIR_EXTENDED)
		hdev->le_features[1] |= HCI_LE_EXT_ADV | HCI_LE_PHY_2M | HCI_LE_PHY_CODED;
	if (env & REDZONE_EIR_LE_ONLY)
		set_bit(HCI_QUIRK_STRICT_DUPLICATE_FILTER, &hdev->quirks);
	else
		hci_dev_set_flag(hdev, HCI_BREDR_ENABLED);
}

void redzone_eir_end(void)
{
	struct hci_dev *hdev = &eir_hdev;
	struct adv_info *adv, *n;

	cancel_delayed_work_sync(&hdev->le_scan_restart);
	list_for_each_entry_safe(adv, n, &hdev->adv_instances, list)
		hci_remove_adv_instance(hdev, adv->instance);
}

/*
 * Searching
 */

struct eir_field {
	u8 type;
	const char *name;
};

/* What the host looks for, and a strength, since no event says one here. */
static const struct eir_field eir_fields[] = {
	{ EIR_FLAGS, "btcommon.eir_ad.entry.flags" },
	{ EIR_NAME_COMPLETE, "btcommon.eir_ad.entry.device_name" },
	{ EIR_TX_POWER, "btcommon.eir_ad.entry.power_level" },
	{ EIR_CLASS_OF_DEV, "btcommon.cod.class_of_device" },
};

static void search_services(struct hci_dev *hdev, u8 *data, u16 len)
{
	size_t dlen;
	u8 *found;

	/* as the broadcast source does: whether it is there, and what it says */
	found = eir_get_service_data(data, len, 0x1851, NULL);
	sink_u64(hdev->sink, "basic_audio_announcement", !!found);
	found = eir_get_service_data(data, len, 0x1852, &dlen);
	if (found)
		sink_bytes(hdev->sink, "btcommon.eir_ad.entry.service_data", found, dlen);
}

void redzone_eir_search(u8 *data, u16 len)
{
	struct hci_dev *hdev = &eir_hdev;
	s8 rssi = HCI_RSSI_INVALID;
	bool match;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(eir_fields); i++) {
		size_t dlen;
		u8 *found = eir_get_data(data, len, eir_fields[i].type, &dlen);

		if (!found)
			continue;
		sink_bytes(hdev->sink, eir_fields[i].name, found, dlen);
		/* its own idea of its strength stands for ours */
		if (eir_fields[i].type == EIR_TX_POWER)
			rssi = (s8)found[0];
	}
	search_services(hdev, data, len);

	if (len > U8_MAX)
		match = is_filter_match(hdev, rssi, data, len, NULL, 0);
	else
		match = is_filter_match(hdev, rssi, NULL, 0, data, (u8)len);
	sink_verdict(hdev->sink, match ? 0 : -ENOENT, 0);
}

/*
 * Building
 */

static void build_eir(struct hci_dev *hdev)
{
	u8 *data = kzalloc(HCI_MAX_EIR_LENGTH, GFP_KERNEL);

	if (!data)
		return;
	eir_create(hdev, data);
	sink_effect_bytes(hdev->sink, "bthci_cmd.eir", data, HCI_MAX_EIR_LENGTH);
	kfree(data);
}

/* Parameters of the legacy command lie on the stack, 31 bytes of them. */
static void build_legacy(struct hci_dev *hdev, u8 instance)
{
	u8 data[HCI_MAX_AD_LENGTH], len;

	len = eir_create_adv_data(hdev, instance, data, sizeof(data));
	sink_effect_bytes(hdev->sink, "bthci_cmd.adv_data", data, len);
	len = eir_create_scan_rsp(hdev, instance, data);
	sink_effect_bytes(hdev->sink, "bthci_cmd.scan_rsp", data, len);
}

static void build_extended(struct hci_dev *hdev, u8 instance)
{
	u8 *data = kmalloc(HCI_MAX_EXT_AD_LENGTH, GFP_KERNEL);
	u8 *per_adv = kmalloc(HCI_MAX_PER_AD_LENGTH, GFP_KERNEL);
	u8 len;

	if (data) {
		len = eir_create_adv_data(hdev, instance, data, HCI_MAX_EXT_AD_LENGTH);
		sink_effect_bytes(hdev->sink, "bthci_cmd.adv_data", data, len);
		len = eir_create_scan_rsp(hdev, instance, data);
		sink_effect_bytes(hdev->sink, "bthci_cmd.scan_rsp", data, len);
	}
	if (per_adv) {
		len = eir_create_per_adv_data(hdev, instance, per_adv);
		sink_effect_bytes(hdev->sink, "bthci_cmd.per_adv_data", per_adv, len);
	}
	kfree(data);
	kfree(per_adv);
}

static void build_instance(struct hci_dev *hdev, u8 instance)
{
	if (ext_adv_capable(hdev))
		build_extended(hdev, instance);
	else
		build_legacy(hdev, instance);
}

static void add_uuid(struct hci_dev *hdev, const u8 *value, u8 size)
{
	struct bt_uuid *uuid;

	if (eir_uuid_count == UUIDS_MAX)
		return;
	uuid = &eir_uuids[eir_uuid_count++];
	memset(uuid, 0, sizeof(*uuid));
	memcpy(&uuid->uuid[size == 16 ? 0 : 12], value, size);
	uuid->size = (u8)(size * 8);
	list_add_tail(&uuid->list, &hdev->uuids);
}

static void add_uuids(struct hci_dev *hdev, const u8 *value, size_t len, u8 size)
{
	for (; len >= size; value += size, len -= size)
		add_uuid(hdev, value, size);
}

/* Settings that no field of a real device has: flags of the instance. */
static void set_test(const u8 *value, size_t len, u32 *adv_flags)
{
	if (len >= 6 && get_unaligned_le16(value) == COMPANY_TEST)
		*adv_flags = get_unaligned_le32(value + 2);
}

/* One field of what our own device is said to be. */
static void set_field(struct hci_dev *hdev, u8 type, const u8 *value, size_t len,
		      u32 *adv_flags)
{
	switch (type) {
	case EIR_NAME_COMPLETE:
		memcpy(hdev->dev_name, value, min(len, sizeof(hdev->dev_name)));
		break;
	case EIR_NAME_SHORT:
		memcpy(hdev->short_name, value, min(len, sizeof(hdev->short_name)));
		break;
	case EIR_TX_POWER:
		hdev->inq_tx_power = hdev->adv_tx_power = len ? (s8)value[0] : 0;
		break;
	case EIR_APPEARANCE:
		hdev->appearance = len >= 2 ? get_unaligned_le16(value) : 0;
		break;
	case EIR_DEVICE_ID:
		hdev->devid_source = len >= 2 ? get_unaligned_le16(value) : 0;
		break;
	case EIR_UUID16_ALL:
		add_uuids(hdev, value, len, 2);
		break;
	case EIR_UUID32_ALL:
		add_uuids(hdev, value, len, 4);
		break;
	case EIR_UUID128_ALL:
		add_uuids(hdev, value, len, 16);
		break;
	case 0xff:
		set_test(value, len, adv_flags);
		break;
	}
}

/* A bounds-checked walk: this is the environment, not what is measured. */
static u32 set_fields(struct hci_dev *hdev, const u8 *data, u16 len)
{
	u32 adv_flags = 0;
	u16 at = 0;

	while (at < len && data[at] && at + data[at] < len) {
		set_field(hdev, data[at + 1], &data[at + 2], data[at] - 1u, &adv_flags);
		at = (u16)(at + data[at] + 1);
	}
	return adv_flags;
}

void redzone_eir_build(u8 *data, u16 len)
{
	struct hci_dev *hdev = &eir_hdev;
	u32 flags = set_fields(hdev, data, len);
	u8 adv_len = 0, scan_rsp_len = 0;
	struct adv_info *adv;

	build_eir(hdev);
	build_instance(hdev, 0);

	/* as Add Advertising would take it */
	if (len <= HCI_MAX_EXT_AD_LENGTH) {
		if (tlv_data_is_valid(hdev, flags, data, (u8)len, true))
			adv_len = (u8)len;
		if (tlv_data_is_valid(hdev, flags, data, (u8)len, false))
			scan_rsp_len = (u8)len;
	}
	adv = hci_add_adv_instance(hdev, ADV_INSTANCE, flags, adv_len, data, scan_rsp_len,
				   data, 0, 0, 7, 0x20, 0x40, 0);
	if (IS_ERR(adv))
		return;
	adv->per_adv_data_len = min_t(u16, len, HCI_MAX_PER_AD_LENGTH);
	memcpy(adv->per_adv_data, data, adv->per_adv_data_len);
	build_instance(hdev, ADV_INSTANCE);
}

void redzone_eir_mgmt(u8 *data, u16 len)
{
	struct hci_dev *hdev = &eir_hdev;
	struct adv_info *adv;
	u8 status, *params;

	/* an instance that waits for the second of the two extended commands */
	adv = hci_add_adv_instance(hdev, ADV_INSTANCE, MGMT_ADV_FLAG_LOCAL_NAME, 0, NULL, 0,
				   NULL, 0, 0, 7, 0x20, 0x40, 0);
	if (IS_ERR(adv) || len < 2)
		return;

	/* of exactly the size that the socket would have */
	params = kmalloc(len - 2u, GFP_KERNEL);
	if (!params)
		return;
	memcpy(params, data + 2, len - 2u);
	sink_u64(hdev->sink, "mgmt.opcode", get_unaligned_le16(data));
	status = mgmt_adv_cmd(hdev, get_unaligned_le16(data), params, (u16)(len - 2));
	sink_verdict(hdev->sink, -status, 0);
	kfree(params);

	/* the command may have taken the first one away: asked for nevertheless */
	build_instance(hdev, ADV_INSTANCE);
	list_for_each_entry(adv, &hdev->adv_instances, list) {
		if (adv->instance != ADV_INSTANCE)
			build_instance(hdev, adv->instance);
	}
}
