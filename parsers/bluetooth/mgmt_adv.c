// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands of the management interface that bring advertising data: Add Advertising,
 * its extended form in two commands, and patterns to monitor advertisers by.
 *
 * Modelled on: Linux 6.1 net/bluetooth/mgmt.c (get_supported_adv_flags,
 *	requested_adv_flags_are_valid, add_advertising, add_ext_adv_params,
 *	add_ext_adv_data, parse_adv_monitor_rssi, parse_adv_monitor_pattern,
 *	add_adv_patterns_monitor, add_adv_patterns_monitor_rssi), hci_core.c
 *	(hci_set_adv_instance_data, hci_free_adv_monitor), hci_sock.c (hci_mgmt_cmd)
 * Spec: BlueZ Management API
 * Differs: no sockets, no pending commands: the status is returned at once. An
 *	instance is not scheduled here; patterns are not handed to a controller (only
 *	Microsoft's extension takes them) and are freed after they were taken.
 */
#include <linux/err.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

#include "eir.h"
#include "mgmt_adv.h"

struct adv_pattern {
	struct list_head list;
	u8 ad_type;
	u8 offset;
	u8 length;
	u8 value[HCI_MAX_EXT_AD_LENGTH];
};

struct adv_rssi_thresholds {
	s8 low_threshold;
	s8 high_threshold;
	u16 low_threshold_timeout;
	u16 high_threshold_timeout;
	u8 sampling_period;
};

struct adv_monitor {
	struct list_head patterns;
	struct adv_rssi_thresholds rssi;
};

/*
 * Advertising
 */

static u32 get_supported_adv_flags(struct hci_dev *hdev)
{
	u32 flags = MGMT_ADV_FLAG_CONNECTABLE | MGMT_ADV_FLAG_DISCOV |
		    MGMT_ADV_FLAG_LIMITED_DISCOV | MGMT_ADV_FLAG_MANAGED_FLAGS |
		    MGMT_ADV_FLAG_APPEARANCE | MGMT_ADV_FLAG_LOCAL_NAME |
		    MGMT_ADV_PARAM_DURATION | MGMT_ADV_PARAM_TIMEOUT |
		    MGMT_ADV_PARAM_INTERVALS | MGMT_ADV_PARAM_TX_POWER |
		    MGMT_ADV_PARAM_SCAN_RSP;

	if (hdev->adv_tx_power != HCI_TX_POWER_INVALID || ext_adv_capable(hdev))
		flags |= MGMT_ADV_FLAG_TX_POWER;

	if (ext_adv_capable(hdev)) {
		flags |= MGMT_ADV_FLAG_SEC_1M | MGMT_ADV_FLAG_HW_OFFLOAD |
			 MGMT_ADV_FLAG_CAN_SET_TX_POWER;
		if (hdev->le_features[1] & HCI_LE_PHY_2M)
			flags |= MGMT_ADV_FLAG_SEC_2M;
		if (hdev->le_features[1] & HCI_LE_PHY_CODED)
			flags |= MGMT_ADV_FLAG_SEC_CODED;
	}

	return flags;
}

static bool requested_adv_flags_are_valid(struct hci_dev *hdev, u32 adv_flags)
{
	u32 phy_flags = adv_flags & MGMT_ADV_FLAG_SEC_MASK;

	if (malformed(adv_flags & ~get_supported_adv_flags(hdev)))
		return false;
	/* one secondary channel at most */
	return !malformed(phy_flags & (phy_flags - 1));
}

static bool adv_instance_valid(struct hci_dev *hdev, u8 instance)
{
	if (malformed(instance < 1))
		return false;
	return !malformed(instance > hdev->le_num_of_adv_sets);
}

static u8 add_advertising(struct hci_dev *hdev, void *data, u16 data_len)
{
	struct mgmt_cp_add_advertising *cp = data;
	u32 flags = __le32_to_cpu(cp->flags);
	struct adv_info *adv;

	if (!adv_instance_valid(hdev, cp->instance))
		return MGMT_STATUS_INVALID_PARAMS;

	if (malformed(data_len != sizeof(*cp) + cp->adv_data_len + cp->scan_rsp_len))
		return MGMT_STATUS_INVALID_PARAMS;

	if (!requested_adv_flags_are_valid(hdev, flags))
		return MGMT_STATUS_INVALID_PARAMS;

	if (!tlv_data_is_valid(hdev, flags, cp->data, cp->adv_data_len, true) ||
	    !tlv_data_is_valid(hdev, flags, cp->data + cp->adv_data_len, cp->scan_rsp_len,
			       false))
		return MGMT_STATUS_INVALID_PARAMS;

	hci_dev_lock(hdev);
	adv = hci_add_adv_instance(hdev, cp->instance, flags, cp->adv_data_len, cp->data,
				   cp->scan_rsp_len, cp->data + cp->adv_data_len,
				   __le16_to_cpu(cp->timeout), __le16_to_cpu(cp->duration),
				   HCI_ADV_TX_POWER_NO_PREFERENCE,
				   hdev->le_adv_min_interval, hdev->le_adv_max_interval, 0);
	hci_dev_unlock(hdev);

	return IS_ERR(adv) ? MGMT_STATUS_FAILED : MGMT_STATUS_SUCCESS;
}

static u8 add_ext_adv_params(struct hci_dev *hdev, void *data, u16 data_len)
{
	struct mgmt_cp_add_ext_adv_params *cp = data;
	u32 flags = __le32_to_cpu(cp->flags);
	u16 timeout = 0, duration = hdev->def_multi_adv_rotation_duration;
	u32 min_interval = hdev->le_adv_min_interval;
	u32 max_interval = hdev->le_adv_max_interval;
	s8 tx_power = HCI_ADV_TX_POWER_NO_PREFERENCE;
	struct adv_info *adv;

	if (!adv_instance_valid(hdev, cp->instance))
		return MGMT_STATUS_INVALID_PARAMS;

	if (!requested_adv_flags_are_valid(hdev, flags))
		return MGMT_STATUS_INVALID_PARAMS;

	if (flags & MGMT_ADV_PARAM_TIMEOUT)
		timeout = __le16_to_cpu(cp->timeout);
	if (flags & MGMT_ADV_PARAM_DURATION)
		duration = __le16_to_cpu(cp->duration);
	if (flags & MGMT_ADV_PARAM_INTERVALS) {
		min_interval = __le32_to_cpu(cp->min_interval);
		max_interval = __le32_to_cpu(cp->max_interval);
	}
	if (flags & MGMT_ADV_PARAM_TX_POWER)
		tx_power = cp->tx_power;

	/* data comes with the second command */
	hci_dev_lock(hdev);
	adv = hci_add_adv_instance(hdev, cp->instance, flags, 0, NULL, 0, NULL, timeout,
				   duration, tx_power, min_interval, max_interval, 0);
	hci_dev_unlock(hdev);

	return IS_ERR(adv) ? MGMT_STATUS_FAILED : MGMT_STATUS_SUCCESS;
}

static void set_adv_instance_data(struct adv_info *adv, struct mgmt_cp_add_ext_adv_data *cp)
{
	if (cp->adv_data_len) {
		memset(adv->adv_data, 0, sizeof(adv->adv_data));
		memcpy(adv->adv_data, cp->data, cp->adv_data_len);
		adv->adv_data_len = cp->adv_data_len;
		adv->adv_data_changed = true;
	}

	if (cp->scan_rsp_len) {
		memset(adv->scan_rsp_data, 0, sizeof(adv->scan_rsp_data));
		memcpy(adv->scan_rsp_data, cp->data + cp->adv_data_len, cp->scan_rsp_len);
		adv->scan_rsp_len = cp->scan_rsp_len;
		adv->scan_rsp_changed = true;
	}
}

static u8 add_ext_adv_data(struct hci_dev *hdev, void *data, u16 data_len)
{
	struct mgmt_cp_add_ext_adv_data *cp = data;
	u8 status = MGMT_STATUS_INVALID_PARAMS;
	struct adv_info *adv;

	if (malformed_in(CVE_2026_64126,
			 sizeof(*cp) + cp->adv_data_len + cp->scan_rsp_len > data_len))
		return MGMT_STATUS_INVALID_PARAMS;

	hci_dev_lock(hdev);

	adv = hci_find_adv_instance(hdev, cp->instance);
	if (malformed(!adv))
		goto unlock;

	if (!tlv_data_is_valid(hdev, adv->flags, cp->data, cp->adv_data_len, true) ||
	    !tlv_data_is_valid(hdev, adv->flags, cp->data + cp->adv_data_len,
			       cp->scan_rsp_len, false)) {
		/* without data the parameters are of no use */
		hci_remove_adv_instance(hdev, cp->instance);
		goto unlock;
	}

	set_adv_instance_data(adv, cp);
	status = MGMT_STATUS_SUCCESS;

unlock:
	hci_dev_unlock(hdev);
	return status;
}

/*
 * Patterns
 */

static void hci_free_adv_monitor(struct adv_monitor *monitor)
{
	struct adv_pattern *pattern, *tmp;

	list_for_each_entry_safe(pattern, tmp, &monitor->patterns, list) {
		list_del(&pattern->list);
		kfree(pattern);
	}
	kfree(monitor);
}

static void parse_adv_monitor_rssi(struct adv_monitor *m,
				   struct mgmt_adv_rssi_thresholds *rssi)
{
	if (!rssi) {
		/* as weak as can be: any signal will do */
		m->rssi.low_threshold = -127;
		m->rssi.low_threshold_timeout = 60;
		m->rssi.high_threshold = -127;
		return;
	}

	m->rssi.low_threshold = rssi->low_threshold;
	m->rssi.low_threshold_timeout = __le16_to_cpu(rssi->low_threshold_timeout);
	m->rssi.high_threshold = rssi->high_threshold;
	m->rssi.high_threshold_timeout = __le16_to_cpu(rssi->high_threshold_timeout);
	m->rssi.sampling_period = rssi->sampling_period;
}

/* Longest pattern: what one of the command holds. */
static int pattern_max_len(void)
{
	if (fixed(CVE_2025_40294))
		return HCI_MAX_AD_LENGTH;
	return HCI_MAX_EXT_AD_LENGTH;
}

static bool pattern_fits(const struct mgmt_adv_pattern *pattern)
{
	int max = pattern_max_len();

	if (malformed(pattern->offset >= max))
		return false;
	triggered(CVE_2025_40294, pattern->length > HCI_MAX_AD_LENGTH);
	if (malformed(pattern->length > max))
		return false;
	return !malformed(pattern->offset + pattern->length > max);
}

static u8 parse_adv_monitor_pattern(struct hci_dev *hdev, struct adv_monitor *m,
				    u8 pattern_count, struct mgmt_adv_pattern *patterns)
{
	struct adv_pattern *p;
	int i;

	for (i = 0; i < pattern_count; i++) {
		if (!pattern_fits(&patterns[i]))
			return MGMT_STATUS_INVALID_PARAMS;

		p = kmalloc(sizeof(*p), GFP_KERNEL);
		if (!p)
			return MGMT_STATUS_NO_RESOURCES;

		p->ad_type = patterns[i].ad_type;
		p->offset = patterns[i].offset;
		p->length = patterns[i].length;
		memcpy(p->value, patterns[i].value, p->length);
		sink_u64(hdev->sink, "btcommon.eir_ad.entry.type", p->ad_type);
		sink_u64(hdev->sink, "mgmt.adv_pattern.offset", p->offset);
		sink_bytes(hdev->sink, "mgmt.adv_pattern.value", p->value, p->length);

		list_add(&p->list, &m->patterns);
	}

	return MGMT_STATUS_SUCCESS;
}

static u8 take_adv_patterns(struct hci_dev *hdev, struct mgmt_adv_rssi_thresholds *rssi,
			    u8 pattern_count, struct mgmt_adv_pattern *patterns)
{
	struct adv_monitor *m;
	u8 status;

	m = kzalloc(sizeof(*m), GFP_KERNEL);
	if (!m)
		return MGMT_STATUS_NO_RESOURCES;

	INIT_LIST_HEAD(&m->patterns);

	parse_adv_monitor_rssi(m, rssi);
	sink_u64(hdev->sink, "mgmt.adv_rssi.low", (u8)m->rssi.low_threshold);
	sink_u64(hdev->sink, "mgmt.adv_rssi.high", (u8)m->rssi.high_threshold);
	status = parse_adv_monitor_pattern(hdev, m, pattern_count, patterns);
	hci_free_adv_monitor(m);
	return status;
}

static u8 add_adv_patterns_monitor(struct hci_dev *hdev, void *data, u16 len)
{
	struct mgmt_cp_add_adv_patterns_monitor *cp = data;

	if (malformed(len <= sizeof(*cp)))
		return MGMT_STATUS_INVALID_PARAMS;

	if (malformed(len != struct_size(cp, patterns, cp->pattern_count)))
		return MGMT_STATUS_INVALID_PARAMS;

	return take_adv_patterns(hdev, NULL, cp->pattern_count, cp->patterns);
}

static u8 add_adv_patterns_monitor_rssi(struct hci_dev *hdev, void *data, u16 len)
{
	struct mgmt_cp_add_adv_patterns_monitor_rssi *cp = data;

	if (malformed(len <= sizeof(*cp)))
		return MGMT_STATUS_INVALID_PARAMS;

	if (malformed(len != struct_size(cp, patterns, cp->pattern_count)))
		return MGMT_STATUS_INVALID_PARAMS;

	return take_adv_patterns(hdev, &cp->rssi, cp->pattern_count, cp->patterns);
}

/*
 * Dispatch
 */

static const struct hci_mgmt_handler {
	u16 opcode;
	u16 data_len;		/* at least */
	u8 (*func)(struct hci_dev *hdev, void *data, u16 len);
} mgmt_adv_handlers[] = {
	{ MGMT_OP_ADD_ADVERTISING, sizeof(struct mgmt_cp_add_advertising), add_advertising },
	{ MGMT_OP_ADD_ADV_PATTERNS_MONITOR, sizeof(struct mgmt_cp_add_adv_patterns_monitor),
	  add_adv_patterns_monitor },
	{ MGMT_OP_ADD_EXT_ADV_PARAMS, sizeof(struct mgmt_cp_add_ext_adv_params),
	  add_ext_adv_params },
	{ MGMT_OP_ADD_EXT_ADV_DATA, sizeof(struct mgmt_cp_add_ext_adv_data),
	  add_ext_adv_data },
	{ MGMT_OP_ADD_ADV_PATTERNS_MONITOR_RSSI,
	  sizeof(struct mgmt_cp_add_adv_patterns_monitor_rssi),
	  add_adv_patterns_monitor_rssi },
};

static const struct hci_mgmt_handler *mgmt_adv_handler(u16 opcode)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mgmt_adv_handlers); i++) {
		if (mgmt_adv_handlers[i].opcode == opcode)
			return &mgmt_adv_handlers[i];
	}
	return NULL;
}

u8 mgmt_adv_cmd(struct hci_dev *hdev, u16 opcode, void *data, u16 len)
{
	const struct hci_mgmt_handler *handler = mgmt_adv_handler(opcode);

	if (malformed(!handler))
		return MGMT_STATUS_UNKNOWN_COMMAND;

	if (malformed(len < handler->data_len))
		return MGMT_STATUS_INVALID_PARAMS;

	return handler->func(hdev, data, len);
}
