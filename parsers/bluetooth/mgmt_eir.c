// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the management interface looks for in inquiry responses and advertising data:
 * whether a device that was found is wanted, and whether data that the user gives for
 * advertising is well-formed.
 *
 * Modelled on: Linux 6.1 net/bluetooth/mgmt.c (has_uuid, eir_has_uuids,
 *	restart_le_scan, is_filter_match, calculate_name_len, tlv_data_max_len,
 *	flags_managed, tx_power_managed, name_managed, appearance_managed,
 *	tlv_data_is_valid, mgmt_get_adv_discov_flags)
 * Spec: Core Specification Supplement Part A 1.1; BlueZ Management API
 * Differs: nothing but names of steps.
 */
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>

#include "eir.h"

/* Short UUIDs stand for long ones with this base; least significant byte first. */
static const u8 bluetooth_base_uuid[16] = {
	0xfb, 0x34, 0x9b, 0x5f, 0x80, 0x00, 0x00, 0x80,
	0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

/*
 * Service discovery
 */

/* The half where short ones differ comes first. No memcmp(): engines hook it, at a price. */
static bool uuid_equal(const u8 *a, const u8 *b)
{
	return get_unaligned_le64(a + 8) == get_unaligned_le64(b + 8) &&
	       get_unaligned_le64(a) == get_unaligned_le64(b);
}

static bool has_uuid(const u8 *uuid, u16 uuid_count, u8 (*uuids)[16])
{
	u16 left;

	for (left = uuid_count; left; left--, uuids++) {
		if (uuid_equal(uuid, *uuids))
			return true;
	}

	return false;
}

/* One list of short UUIDs, @size bytes each, in the field at @eir. */
static bool field_has_short_uuids(const u8 *eir, int size, u16 uuid_count, u8 (*uuids)[16])
{
	u8 field_len = eir[0];
	u8 uuid[16];
	int i;

	for (i = 0; !malformed(i + 1 + size > field_len); i += size) {
		memcpy(uuid, bluetooth_base_uuid, sizeof(uuid));
		memcpy(uuid + 12, eir + i + 2, (size_t)size);
		if (has_uuid(uuid, uuid_count, uuids))
			return true;
	}
	return false;
}

static bool field_has_long_uuids(const u8 *eir, u16 uuid_count, u8 (*uuids)[16])
{
	u8 field_len = eir[0];
	u8 uuid[16];
	int i;

	for (i = 0; !malformed(i + 17 > field_len); i += 16) {
		memcpy(uuid, eir + i + 2, sizeof(uuid));
		if (has_uuid(uuid, uuid_count, uuids))
			return true;
	}
	return false;
}

static bool field_has_uuids(const u8 *eir, u16 uuid_count, u8 (*uuids)[16])
{
	switch (eir[1]) {
	case EIR_UUID16_ALL:
	case EIR_UUID16_SOME:
		return field_has_short_uuids(eir, 2, uuid_count, uuids);
	case EIR_UUID32_ALL:
	case EIR_UUID32_SOME:
		return field_has_short_uuids(eir, 4, uuid_count, uuids);
	case EIR_UUID128_ALL:
	case EIR_UUID128_SOME:
		return field_has_long_uuids(eir, uuid_count, uuids);
	default:
		return false;
	}
}

/**
 * eir_has_uuids - whether a device offers one of some services
 * @eir: its fields
 * @eir_len: their length in bytes
 * @uuid_count: number of services
 * @uuids: their UUIDs
 */
bool eir_has_uuids(u8 *eir, u16 eir_len, u16 uuid_count, u8 (*uuids)[16])
{
	u16 parsed = 0;

	while (parsed < eir_len) {
		u8 field_len = eir[0];

		if (malformed(field_len == 0))
			break;

		if (malformed(eir_len - parsed < field_len + 1))
			break;

		if (field_has_uuids(eir, uuid_count, uuids))
			return true;

		parsed = (u16)(parsed + field_len + 1);
		eir += field_len + 1;
	}

	return false;
}

static void restart_le_scan(struct hci_dev *hdev)
{
	if (!hci_dev_test_flag(hdev, HCI_LE_SCAN))
		return;

	/* it ends by itself before */
	if (time_after(jiffies + DISCOV_LE_RESTART_DELAY,
		       hdev->discovery.scan_start + hdev->discovery.scan_duration))
		return;

	queue_delayed_work(hdev->req_workqueue, &hdev->le_scan_restart,
			   DISCOV_LE_RESTART_DELAY);
}

/* As strong as was asked for; @strict: the value may be an old one. */
static bool rssi_match(struct hci_dev *hdev, s8 rssi, bool strict)
{
	if (hdev->discovery.rssi == HCI_RSSI_INVALID)
		return true;
	if (malformed(rssi == HCI_RSSI_INVALID))
		return false;
	if (strict)
		return true;
	return !malformed(rssi < hdev->discovery.rssi);
}

/**
 * is_filter_match - whether a service discovery wants to know of a device
 * @hdev: controller
 * @rssi: signal strength, HCI_RSSI_INVALID if not known
 * @eir: inquiry response or advertising data
 * @eir_len: its length in bytes
 * @scan_rsp: scan response
 * @scan_rsp_len: its length in bytes
 */
bool is_filter_match(struct hci_dev *hdev, s8 rssi, u8 *eir, u16 eir_len, u8 *scan_rsp,
		     u8 scan_rsp_len)
{
	/* a controller that never reports a device again must be started again */
	bool strict = test_bit(HCI_QUIRK_STRICT_DUPLICATE_FILTER, &hdev->quirks);
	struct discovery_state *d = &hdev->discovery;
	bool found = true;

	if (!rssi_match(hdev, rssi, strict))
		return false;

	spin_lock(&d->lock);
	if (d->uuid_count != 0)
		found = eir_has_uuids(eir, eir_len, d->uuid_count, d->uuids) ||
			eir_has_uuids(scan_rsp, scan_rsp_len, d->uuid_count, d->uuids);
	spin_unlock(&d->lock);
	if (malformed(!found))
		return false;

	if (strict) {
		restart_le_scan(hdev);

		if (malformed(d->rssi != HCI_RSSI_INVALID && rssi < d->rssi))
			return false;
	}

	return true;
}

/*
 * Data that the user gives, and what is added to it
 */

u8 mgmt_get_adv_discov_flags(struct hci_dev *hdev)
{
	if (hci_dev_test_flag(hdev, HCI_LIMITED_DISCOVERABLE))
		return LE_AD_LIMITED;
	if (hci_dev_test_flag(hdev, HCI_DISCOVERABLE))
		return LE_AD_GENERAL;
	return 0;
}

static u8 calculate_name_len(struct hci_dev *hdev)
{
	u8 buf[HCI_MAX_SHORT_NAME_LENGTH + 2];	/* length, type, name */

	return eir_append_local_name(hdev, buf, 0);
}

/* Room that is left by what the kernel will add itself. */
u8 tlv_data_max_len(struct hci_dev *hdev, u32 adv_flags, bool is_adv_data)
{
	int max_len = max_adv_len(hdev);

	if (is_adv_data) {
		if (adv_flags & (MGMT_ADV_FLAG_DISCOV | MGMT_ADV_FLAG_LIMITED_DISCOV |
				 MGMT_ADV_FLAG_MANAGED_FLAGS))
			max_len -= 3;

		if (adv_flags & MGMT_ADV_FLAG_TX_POWER)
			max_len -= 3;
	} else {
		if (adv_flags & MGMT_ADV_FLAG_LOCAL_NAME)
			max_len -= calculate_name_len(hdev);

		if (adv_flags & MGMT_ADV_FLAG_APPEARANCE)
			max_len -= 4;
	}

	return (u8)max_len;
}

static bool flags_managed(u32 adv_flags)
{
	return adv_flags & (MGMT_ADV_FLAG_DISCOV | MGMT_ADV_FLAG_LIMITED_DISCOV |
			    MGMT_ADV_FLAG_MANAGED_FLAGS);
}

static bool tx_power_managed(u32 adv_flags)
{
	return adv_flags & MGMT_ADV_FLAG_TX_POWER;
}

static bool name_managed(u32 adv_flags)
{
	return adv_flags & MGMT_ADV_FLAG_LOCAL_NAME;
}

static bool appearance_managed(u32 adv_flags)
{
	return adv_flags & MGMT_ADV_FLAG_APPEARANCE;
}

/* A field that the kernel adds itself must not be there already. */
static bool tlv_type_allowed(u8 type, u32 adv_flags, bool is_adv_data)
{
	if (malformed(type == EIR_FLAGS && (!is_adv_data || flags_managed(adv_flags))))
		return false;

	if (malformed(type == EIR_TX_POWER && tx_power_managed(adv_flags)))
		return false;

	if (malformed(type == EIR_NAME_COMPLETE && name_managed(adv_flags)))
		return false;

	if (malformed(type == EIR_NAME_SHORT && name_managed(adv_flags)))
		return false;

	return !malformed(type == EIR_APPEARANCE && appearance_managed(adv_flags));
}

/**
 * tlv_data_is_valid - whether data may be advertised
 * @hdev: controller
 * @adv_flags: MGMT_ADV_FLAG_* of the instance
 * @data: fields
 * @len: their length in bytes
 * @is_adv_data: advertising data, else a scan response
 */
bool tlv_data_is_valid(struct hci_dev *hdev, u32 adv_flags, u8 *data, u8 len,
		       bool is_adv_data)
{
	int i, cur_len;

	if (malformed(len > tlv_data_max_len(hdev, adv_flags, is_adv_data)))
		return false;

	for (i = 0; i < len; i += (cur_len + 1)) {
		cur_len = data[i];

		/* padding */
		if (malformed(!cur_len))
			continue;

		/* before anything of the field is looked at */
		if (malformed_in(CVE_2026_53255, i + cur_len >= len))
			return false;

		if (!tlv_type_allowed(data[i + 1], adv_flags, is_adv_data))
			return false;
	}

	return true;
}
