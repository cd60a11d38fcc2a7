/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands of the management interface that bring advertising data or patterns to
 * look for in it (mgmt_adv.c).
 */
#ifndef PARSERS_BLUETOOTH_MGMT_ADV_H
#define PARSERS_BLUETOOTH_MGMT_ADV_H

#include <net/bluetooth/hci_core.h>

#define MGMT_OP_ADD_ADVERTISING			0x003e
struct mgmt_cp_add_advertising {
	u8 instance;
	__le32 flags;
	__le16 duration;
	__le16 timeout;
	u8 adv_data_len;
	u8 scan_rsp_len;
	u8 data[];
} __packed;

struct mgmt_adv_pattern {
	u8 ad_type;
	u8 offset;
	u8 length;
	u8 value[HCI_MAX_AD_LENGTH];
} __packed;

#define MGMT_OP_ADD_ADV_PATTERNS_MONITOR	0x0052
struct mgmt_cp_add_adv_patterns_monitor {
	u8 pattern_count;
	struct mgmt_adv_pattern patterns[];
} __packed;

#define MGMT_OP_ADD_EXT_ADV_PARAMS		0x0054
struct mgmt_cp_add_ext_adv_params {
	u8 instance;
	__le32 flags;
	__le16 duration;
	__le16 timeout;
	__le32 min_interval;
	__le32 max_interval;
	s8 tx_power;
} __packed;

#define MGMT_OP_ADD_EXT_ADV_DATA		0x0055
struct mgmt_cp_add_ext_adv_data {
	u8 instance;
	u8 adv_data_len;
	u8 scan_rsp_len;
	u8 data[];
} __packed;

struct mgmt_adv_rssi_thresholds {
	s8 high_threshold;
	__le16 high_threshold_timeout;
	s8 low_threshold;
	__le16 low_threshold_timeout;
	u8 sampling_period;
} __packed;

#define MGMT_OP_ADD_ADV_PATTERNS_MONITOR_RSSI	0x0056
struct mgmt_cp_add_adv_patterns_monitor_rssi {
	struct mgmt_adv_rssi_thresholds rssi;
	u8 pattern_count;
	struct mgmt_adv_pattern patterns[];
} __packed;

/* Flags of an instance besides those in <net/bluetooth/mgmt.h> */
#define MGMT_ADV_FLAG_CAN_SET_TX_POWER	BIT(10)
#define MGMT_ADV_PARAM_DURATION		BIT(12)
#define MGMT_ADV_PARAM_TIMEOUT		BIT(13)
#define MGMT_ADV_PARAM_INTERVALS	BIT(14)
#define MGMT_ADV_PARAM_TX_POWER		BIT(15)
#define MGMT_ADV_PARAM_SCAN_RSP		BIT(16)
#define MGMT_ADV_FLAG_SEC_MASK \
	(MGMT_ADV_FLAG_SEC_1M | MGMT_ADV_FLAG_SEC_2M | MGMT_ADV_FLAG_SEC_CODED)

/**
 * mgmt_adv_cmd() - one command
 * @hdev: controller, powered
 * @opcode: MGMT_OP_*
 * @data: its parameters
 * @len: their length in bytes
 *
 * Return: MGMT_STATUS_*.
 */
u8 mgmt_adv_cmd(struct hci_dev *hdev, u16 opcode, void *data, u16 len);

#endif /* PARSERS_BLUETOOTH_MGMT_ADV_H */
