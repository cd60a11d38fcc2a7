// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extended inquiry responses and advertising data: searching and building.
 *
 * Modelled on: Linux 6.1 net/bluetooth/eir.c, net/bluetooth/eir.h
 * Spec: Bluetooth Core 5.4 Vol 3 Part C 8 and 11; Core Specification Supplement Part A
 * Differs: the two searches are functions, not inlines; the three lists of UUIDs are
 *	built by one function.
 */
#include <linux/bug.h>
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>

#include "eir.h"

enum {
	PNP_INFO_SVCLASS_ID	= 0x1200,	/* tells nothing: not advertised */
	FIRST_SVCLASS_ID	= 0x1100,	/* below: protocols */
	EIR_NAME_ROOM		= 48,		/* of a name in an inquiry response */
};

/*
 * Searching
 */

void *eir_get_data(u8 *eir, size_t eir_len, u8 type, size_t *data_len)
{
	size_t parsed = 0;

	if (malformed(eir_len < 2))
		return NULL;

	while (!malformed(parsed >= eir_len - 1)) {
		u8 field_len = eir[0];

		/* the rest is padding */
		if (malformed(field_len == 0))
			break;

		parsed += field_len + 1;

		if (malformed(parsed > eir_len))
			break;

		if (eir[1] != type) {
			eir += field_len + 1;
			continue;
		}

		/* there, but without data */
		if (malformed(field_len == 1))
			return NULL;

		if (data_len)
			*data_len = field_len - 1;

		return &eir[2];
	}

	return NULL;
}

/* Length of the field that is skipped; @len is where the caller wants its own. */
static size_t service_data_skip(size_t dlen, const size_t *len)
{
	triggered(CVE_2025_38304, !len);
	if (fixed(CVE_2025_38304))
		return dlen;
	return *len;
}

/* What is left behind a field whose data ends at @eir. */
static size_t service_data_rest(const u8 *eir, const u8 *eir_end, size_t eir_len, size_t dlen)
{
	if (fixed(CVE_2026_89583))
		return (size_t)(eir_end - eir);
	return eir_len - dlen;
}

/**
 * eir_get_service_data - search for the service data of one service
 * @eir: fields
 * @eir_len: their length in bytes
 * @uuid: 16-bit UUID of the service
 * @len: set to the length of what is behind the UUID, if it is not NULL
 *
 * Return: what is behind the UUID, or NULL.
 */
void *eir_get_service_data(u8 *eir, size_t eir_len, u16 uuid, size_t *len)
{
	const u8 *eir_end = eir + eir_len;
	size_t dlen;

	while ((eir = eir_get_data(eir, eir_len, EIR_SERVICE_DATA, &dlen))) {
		if (len)
			*len = dlen;

		if (!malformed_in(CVE_2026_89583, dlen < sizeof(uuid)) &&
		    get_unaligned_le16(eir) == uuid) {
			if (len)
				*len = dlen - sizeof(uuid);
			return &eir[2];
		}

		eir += service_data_skip(dlen, len);
		eir_len = service_data_rest(eir, eir_end, eir_len, dlen);
	}

	return NULL;
}

/*
 * Single fields
 */

/* Name of the controller, complete if it is short, else as much as fits. */
u8 eir_append_local_name(struct hci_dev *hdev, u8 *ptr, u8 ad_len)
{
	size_t short_len, complete_len;

	if (malformed((max_adv_len(hdev) - ad_len) < HCI_MAX_SHORT_NAME_LENGTH + 2))
		return ad_len;

	complete_len = strnlen((char *)hdev->dev_name, sizeof(hdev->dev_name));
	if (complete_len && complete_len <= HCI_MAX_SHORT_NAME_LENGTH)
		return (u8)eir_append_data(ptr, ad_len, EIR_NAME_COMPLETE, hdev->dev_name,
					   (u8)complete_len);

	short_len = strnlen((char *)hdev->short_name, sizeof(hdev->short_name));
	if (short_len)
		return (u8)eir_append_data(ptr, ad_len, EIR_NAME_SHORT, hdev->short_name,
					   (u8)short_len);

	/* none was chosen: cut the complete one */
	if (complete_len)
		return (u8)eir_append_data(ptr, ad_len, EIR_NAME_SHORT, hdev->dev_name,
					   HCI_MAX_SHORT_NAME_LENGTH);

	return ad_len;
}

u8 eir_append_appearance(struct hci_dev *hdev, u8 *ptr, u8 ad_len)
{
	return (u8)eir_append_le16(ptr, ad_len, EIR_APPEARANCE, hdev->appearance);
}

u8 eir_append_service_data(u8 *eir, u16 eir_len, u16 uuid, u8 *data, u8 data_len)
{
	eir[eir_len++] = (u8)(sizeof(u8) + sizeof(uuid) + data_len);
	eir[eir_len++] = EIR_SERVICE_DATA;
	put_unaligned_le16(uuid, &eir[eir_len]);
	eir_len += sizeof(uuid);
	memcpy(&eir[eir_len], data, data_len);

	return (u8)(eir_len + data_len);
}

/*
 * Inquiry response
 */

/* One of the three lists: UUIDs of one size. */
struct uuid_list {
	u8 bits;
	u8 size;		/* bytes of one entry */
	u8 all, some;		/* field types: complete list, part of it */
};

static const struct uuid_list uuid16_list = { 16, 2, EIR_UUID16_ALL, EIR_UUID16_SOME };
static const struct uuid_list uuid32_list = { 32, 4, EIR_UUID32_ALL, EIR_UUID32_SOME };
static const struct uuid_list uuid128_list = { 128, 16, EIR_UUID128_ALL, EIR_UUID128_SOME };

/* Whether @uuid belongs into the list: short ones lie in bytes 12 to 15 of a long one. */
static bool uuid_listed(const struct bt_uuid *uuid, const struct uuid_list *kind)
{
	u16 uuid16;

	if (uuid->size != kind->bits)
		return false;
	if (kind->bits != 16)
		return true;

	uuid16 = get_unaligned_le16(&uuid->uuid[12]);
	if (malformed(uuid16 < FIRST_SVCLASS_ID))
		return false;
	return !malformed(uuid16 == PNP_INFO_SVCLASS_ID);
}

/* Write the list at @data, of which @len bytes may be used; returns where it ends. */
static u8 *create_uuid_list(struct hci_dev *hdev, const struct uuid_list *kind, u8 *data,
			    ptrdiff_t len)
{
	u8 *ptr = data, *uuids_start = NULL;
	struct bt_uuid *uuid;

	/* no room for a single one */
	if (malformed(len < 2 + kind->size))
		return ptr;

	list_for_each_entry(uuid, &hdev->uuids, list) {
		if (!uuid_listed(uuid, kind))
			continue;

		if (!uuids_start) {
			uuids_start = ptr;
			uuids_start[0] = 1;
			uuids_start[1] = kind->all;
			ptr += 2;
		}

		if (malformed((ptr - data) + kind->size > len)) {
			uuids_start[1] = kind->some;
			break;
		}

		memcpy(ptr, &uuid->uuid[kind->bits == 128 ? 0 : 12], kind->size);
		ptr += kind->size;
		uuids_start[0] = (u8)(uuids_start[0] + kind->size);
	}

	return ptr;
}

static u8 *create_name(struct hci_dev *hdev, u8 *ptr)
{
	size_t name_len = strnlen((char *)hdev->dev_name, sizeof(hdev->dev_name));

	if (!name_len)
		return ptr;

	if (malformed(name_len > EIR_NAME_ROOM)) {
		name_len = EIR_NAME_ROOM;
		ptr[1] = EIR_NAME_SHORT;
	} else {
		ptr[1] = EIR_NAME_COMPLETE;
	}
	ptr[0] = (u8)(name_len + 1);

	memcpy(ptr + 2, hdev->dev_name, name_len);

	return ptr + name_len + 2;
}

static u8 *create_tx_power(struct hci_dev *hdev, u8 *ptr)
{
	u8 tx_power = (u8)hdev->inq_tx_power;

	return ptr + eir_append_data(ptr, 0, EIR_TX_POWER, &tx_power, sizeof(tx_power));
}

static u8 *create_device_id(struct hci_dev *hdev, u8 *ptr)
{
	const u16 id[] = { hdev->devid_source, hdev->devid_vendor, hdev->devid_product,
			   hdev->devid_version };
	size_t i;

	*ptr++ = 1 + sizeof(id);
	*ptr++ = EIR_DEVICE_ID;
	for (i = 0; i < ARRAY_SIZE(id); i++, ptr += sizeof(id[0]))
		put_unaligned_le16(id[i], ptr);
	return ptr;
}

/**
 * eir_create - what this device answers to an extended inquiry
 * @hdev: controller
 * @data: HCI_MAX_EIR_LENGTH bytes, zeroed by the caller
 */
void eir_create(struct hci_dev *hdev, u8 *data)
{
	u8 *ptr = create_name(hdev, data);

	if (hdev->inq_tx_power != HCI_TX_POWER_INVALID)
		ptr = create_tx_power(hdev, ptr);
	if (hdev->devid_source)
		ptr = create_device_id(hdev, ptr);

	ptr = create_uuid_list(hdev, &uuid16_list, ptr, HCI_MAX_EIR_LENGTH - (ptr - data));
	ptr = create_uuid_list(hdev, &uuid32_list, ptr, HCI_MAX_EIR_LENGTH - (ptr - data));
	create_uuid_list(hdev, &uuid128_list, ptr, HCI_MAX_EIR_LENGTH - (ptr - data));
}

/*
 * Advertising
 */

/* The instance that is asked for; false: there is no such one. 0 is none, and fine. */
static bool adv_instance_of(struct hci_dev *hdev, u8 instance, struct adv_info **adv)
{
	*adv = NULL;
	if (!instance)
		return true;

	*adv = hci_find_adv_instance(hdev, instance);
	return !malformed(!*adv);
}

u8 eir_create_per_adv_data(struct hci_dev *hdev, u8 instance, u8 *ptr)
{
	struct adv_info *adv;

	if (!adv_instance_of(hdev, instance, &adv) || !adv)
		return 0;

	memcpy(ptr, adv->per_adv_data, adv->per_adv_data_len);

	return (u8)adv->per_adv_data_len;
}

/* The Flags field that goes in front of what the user has given; 0: none. */
static u8 adv_flags_field(struct hci_dev *hdev, struct adv_info *adv, u32 instance_flags)
{
	u8 flags = 0;

	if (adv && eir_get_data(adv->adv_data, adv->adv_data_len, EIR_FLAGS, NULL))
		return 0;

	/* general and limited at once is what the user may ask for */
	if (instance_flags & MGMT_ADV_FLAG_DISCOV)
		flags |= LE_AD_GENERAL;

	if (instance_flags & MGMT_ADV_FLAG_LIMITED_DISCOV)
		flags |= LE_AD_LIMITED;

	if (!hci_dev_test_flag(hdev, HCI_BREDR_ENABLED))
		flags |= LE_AD_NO_BREDR;

	/* nothing said: as the controller is set */
	if (!flags && (instance_flags & MGMT_ADV_FLAG_MANAGED_FLAGS))
		flags |= mgmt_get_adv_discov_flags(hdev);

	return flags;
}

static s8 adv_tx_power_of(struct hci_dev *hdev, struct adv_info *adv)
{
	if (ext_adv_capable(hdev) && adv)
		return adv->tx_power;
	return hdev->adv_tx_power;
}

/**
 * eir_create_adv_data - advertising data of an instance
 * @hdev: controller
 * @instance: number, 0 for the data that the controller itself has
 * @ptr: where it goes
 * @size: bytes there
 *
 * The user's data may fill all of @size: what would be added is left out then.
 *
 * Return: length of the data.
 */
u8 eir_create_adv_data(struct hci_dev *hdev, u8 instance, u8 *ptr, u8 size)
{
	u8 ad_len = 0, flags;
	struct adv_info *adv;
	u32 instance_flags;
	u16 adv_len;
	s8 tx_power;

	if (!adv_instance_of(hdev, instance, &adv))
		return 0;

	adv_len = adv ? adv->adv_data_len : 0;
	instance_flags = hci_adv_instance_flags(hdev, instance);

	flags = adv_flags_field(hdev, adv, instance_flags);
	if (flags && !malformed_in(CVE_2026_64539,
				   ad_len + eir_precalc_len(1) + adv_len > size)) {
		ptr[0] = 0x02;
		ptr[1] = EIR_FLAGS;
		ptr[2] = flags;

		ad_len += 3;
		ptr += 3;
	}

	if (adv) {
		memcpy(ptr, adv->adv_data, adv_len);
		ad_len = (u8)(ad_len + adv_len);
		ptr += adv_len;
	}

	if (!(instance_flags & MGMT_ADV_FLAG_TX_POWER))
		return ad_len;

	tx_power = adv_tx_power_of(hdev, adv);
	if (tx_power != HCI_TX_POWER_INVALID &&
	    !malformed_in(CVE_2025_38303, ad_len + eir_precalc_len(1) > size)) {
		ptr[0] = 0x02;
		ptr[1] = EIR_TX_POWER;
		ptr[2] = (u8)tx_power;

		ad_len = (u8)(ad_len + 3);
	}

	return ad_len;
}

static u8 create_default_scan_rsp(struct hci_dev *hdev, u8 *ptr)
{
	u8 scan_rsp_len = 0;

	if (hdev->appearance)
		scan_rsp_len = eir_append_appearance(hdev, ptr, scan_rsp_len);

	return eir_append_local_name(hdev, ptr, scan_rsp_len);
}

/**
 * eir_create_scan_rsp - what an instance answers to an active scan
 * @hdev: controller
 * @instance: number, 0 for the default
 * @ptr: max_adv_len() bytes
 *
 * What is added was left room for when the user's data was taken.
 *
 * Return: length of the data.
 */
u8 eir_create_scan_rsp(struct hci_dev *hdev, u8 instance, u8 *ptr)
{
	struct adv_info *adv;
	u8 scan_rsp_len = 0;

	if (!instance)
		return create_default_scan_rsp(hdev, ptr);

	if (!adv_instance_of(hdev, instance, &adv))
		return 0;

	if ((adv->flags & MGMT_ADV_FLAG_APPEARANCE) && hdev->appearance)
		scan_rsp_len = eir_append_appearance(hdev, ptr, scan_rsp_len);

	memcpy(&ptr[scan_rsp_len], adv->scan_rsp_data, adv->scan_rsp_len);

	scan_rsp_len = (u8)(scan_rsp_len + adv->scan_rsp_len);

	if (adv->flags & MGMT_ADV_FLAG_LOCAL_NAME)
		scan_rsp_len = eir_append_local_name(hdev, ptr, scan_rsp_len);

	return scan_rsp_len;
}
