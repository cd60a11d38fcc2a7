/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Extended inquiry responses and advertising data: fields of one length byte, one type
 * byte and the data, back to back (eir.c builds and searches them, mgmt_eir.c holds
 * what the management interface tests).
 */
#ifndef PARSERS_BLUETOOTH_EIR_H
#define PARSERS_BLUETOOTH_EIR_H

#include <linux/string.h>
#include <linux/types.h>
#include <asm/unaligned.h>

struct hci_dev;

void eir_create(struct hci_dev *hdev, u8 *data);

u8 eir_create_adv_data(struct hci_dev *hdev, u8 instance, u8 *ptr, u8 size);
u8 eir_create_scan_rsp(struct hci_dev *hdev, u8 instance, u8 *ptr);
u8 eir_create_per_adv_data(struct hci_dev *hdev, u8 instance, u8 *ptr);

u8 eir_append_local_name(struct hci_dev *hdev, u8 *eir, u8 ad_len);
u8 eir_append_appearance(struct hci_dev *hdev, u8 *ptr, u8 ad_len);
u8 eir_append_service_data(u8 *eir, u16 eir_len, u16 uuid, u8 *data, u8 data_len);

static inline u16 eir_precalc_len(u8 data_len)
{
	return (u16)(sizeof(u8) * 2 + data_len);
}

static inline u16 eir_append_data(u8 *eir, u16 eir_len, u8 type, u8 *data, u8 data_len)
{
	eir[eir_len++] = (u8)(sizeof(type) + data_len);
	eir[eir_len++] = type;
	memcpy(&eir[eir_len], data, data_len);

	return (u16)(eir_len + data_len);
}

static inline u16 eir_append_le16(u8 *eir, u16 eir_len, u8 type, u16 data)
{
	eir[eir_len++] = sizeof(type) + sizeof(data);
	eir[eir_len++] = type;
	put_unaligned_le16(data, &eir[eir_len]);

	return (u16)(eir_len + sizeof(data));
}

/* Data of the first field of @type, with @data_len (may be NULL) set; NULL: none. */
void *eir_get_data(u8 *eir, size_t eir_len, u8 type, size_t *data_len);
void *eir_get_service_data(u8 *eir, size_t eir_len, u16 uuid, size_t *len);

/* mgmt_eir.c */
bool eir_has_uuids(u8 *eir, u16 eir_len, u16 uuid_count, u8 (*uuids)[16]);
bool is_filter_match(struct hci_dev *hdev, s8 rssi, u8 *eir, u16 eir_len, u8 *scan_rsp,
		     u8 scan_rsp_len);
u8 tlv_data_max_len(struct hci_dev *hdev, u32 adv_flags, bool is_adv_data);
bool tlv_data_is_valid(struct hci_dev *hdev, u32 adv_flags, u8 *data, u8 len,
		       bool is_adv_data);

#endif /* PARSERS_BLUETOOTH_EIR_H */
