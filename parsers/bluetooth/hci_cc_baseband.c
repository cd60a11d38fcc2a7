// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command Complete of controller and baseband commands.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_cc_reset to
 *	hci_cc_write_sc_support, hci_cc_read_auth_payload_timeout,
 *	hci_cc_write_auth_payload_timeout, hci_cc_read_page_scan_activity to
 *	hci_cc_write_page_scan_type, hci_cc_read_inq_rsp_tx_power to
 *	hci_cc_write_def_err_data_reporting, hci_cc_read_local_oob_data,
 *	hci_cc_read_local_oob_ext_data, hci_cc_write_le_host_supported,
 *	hci_cc_read_tx_power)
 * Spec: Bluetooth Core 5.4 Vol 4 Part E 7.3
 * Differs: where upstream tests the status twice in a row, it is tested once.
 */
#include <asm/unaligned.h>

#include "hci_cc.h"
#include "hci_event.h"

/* What the host knew of the controller and a reset has undone. */
static void forget_volatile(struct hci_dev *hdev)
{
	hci_dev_clear_volatile_flags(hdev);
	hci_discovery_set_state(hdev, DISCOVERY_STOPPED);

	hdev->ssp_debug_mode = 0;
	hdev->le_scan_type = LE_SCAN_PASSIVE;
	hdev->inq_tx_power = HCI_TX_POWER_INVALID;
	hdev->adv_tx_power = HCI_TX_POWER_INVALID;

	hdev->adv_data_len = 0;
	hdev->scan_rsp_data_len = 0;
	memset(hdev->adv_data, 0, sizeof(hdev->adv_data));
	memset(hdev->scan_rsp_data, 0, sizeof(hdev->scan_rsp_data));
}

static u8 hci_cc_reset(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;

	clear_bit(HCI_RESET, &hdev->flags);

	if (malformed(rp->status))
		return rp->status;

	forget_volatile(hdev);

	hci_dev_lock(hdev);
	hci_bdaddr_list_clear(&hdev->le_accept_list);
	hci_bdaddr_list_clear(&hdev->le_resolv_list);
	hci_dev_unlock(hdev);

	return rp->status;
}

/*
 * Keys and names that the controller keeps
 */

static u8 hci_cc_read_stored_link_key(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_stored_link_key *rp = data;
	struct hci_cp_read_stored_link_key *sent;

	sent = hci_sent_cmd_data(hdev, HCI_OP_READ_STORED_LINK_KEY);
	if (malformed(!sent))
		return rp->status;

	if (!malformed(rp->status) && sent->read_all == 0x01) {
		hdev->stored_max_keys = le16_to_cpu(rp->max_keys);
		hdev->stored_num_keys = le16_to_cpu(rp->num_keys);
		evt_u64(hdev, "bthci_evt.max_num_keys", hdev->stored_max_keys);
		evt_u64(hdev, "bthci_evt.num_keys_read", hdev->stored_num_keys);
	}

	return rp->status;
}

static u8 hci_cc_delete_stored_link_key(struct hci_dev *hdev, void *data,
					struct sk_buff *skb)
{
	struct hci_rp_delete_stored_link_key *rp = data;
	u16 num_keys;

	if (malformed(rp->status))
		return rp->status;

	num_keys = le16_to_cpu(rp->num_keys);
	evt_u64(hdev, "bthci_evt.num_keys_deleted", num_keys);

	if (!malformed(num_keys > hdev->stored_num_keys))
		hdev->stored_num_keys = (u16)(hdev->stored_num_keys - num_keys);
	else
		hdev->stored_num_keys = 0;

	return rp->status;
}

static u8 hci_cc_write_local_name(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	void *sent;

	sent = hci_sent_cmd_data(hdev, HCI_OP_WRITE_LOCAL_NAME);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);

	if (hci_dev_test_flag(hdev, HCI_MGMT))
		mgmt_set_local_name_complete(hdev, sent, rp->status);
	else if (!malformed(rp->status))
		memcpy(hdev->dev_name, sent, HCI_MAX_NAME_LENGTH);

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_read_local_name(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_local_name *rp = data;

	if (malformed(rp->status))
		return rp->status;

	if (hci_dev_test_flag(hdev, HCI_SETUP) || hci_dev_test_flag(hdev, HCI_CONFIG)) {
		evt_bytes(hdev, "bthci_evt.device_name", rp->name, sizeof(rp->name));
		memcpy(hdev->dev_name, rp->name, HCI_MAX_NAME_LENGTH);
	}

	return rp->status;
}

/*
 * Modes: what was asked for is in force
 */

static u8 hci_cc_write_auth_enable(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	u8 *sent;

	sent = hci_sent_cmd_data(hdev, HCI_OP_WRITE_AUTH_ENABLE);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);

	if (!malformed(rp->status)) {
		if (*sent == AUTH_ENABLED)
			set_bit(HCI_AUTH, &hdev->flags);
		else
			clear_bit(HCI_AUTH, &hdev->flags);
	}

	if (hci_dev_test_flag(hdev, HCI_MGMT))
		mgmt_auth_enable_complete(hdev, rp->status);

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_write_encrypt_mode(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	u8 *sent;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_WRITE_ENCRYPT_MODE);
	if (malformed(!sent))
		return rp->status;

	if (*sent)
		set_bit(HCI_ENCRYPT, &hdev->flags);
	else
		clear_bit(HCI_ENCRYPT, &hdev->flags);

	return rp->status;
}

static u8 hci_cc_write_scan_enable(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	u8 param, *sent;

	sent = hci_sent_cmd_data(hdev, HCI_OP_WRITE_SCAN_ENABLE);
	if (malformed(!sent))
		return rp->status;

	param = *sent;

	hci_dev_lock(hdev);

	if (malformed(rp->status)) {
		hdev->discov_timeout = 0;
		goto done;
	}

	if (param & SCAN_INQUIRY)
		set_bit(HCI_ISCAN, &hdev->flags);
	else
		clear_bit(HCI_ISCAN, &hdev->flags);

	if (param & SCAN_PAGE)
		set_bit(HCI_PSCAN, &hdev->flags);
	else
		clear_bit(HCI_PSCAN, &hdev->flags);

done:
	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_set_event_filter(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	struct hci_cp_set_event_filter *cp;

	if (malformed(rp->status))
		return rp->status;

	cp = hci_sent_cmd_data(hdev, HCI_OP_SET_EVENT_FLT);
	if (malformed(!cp))
		return rp->status;

	if (cp->flt_type == HCI_FLT_CLEAR_ALL)
		hci_dev_clear_flag(hdev, HCI_EVENT_FILTER_CONFIGURED);
	else
		hci_dev_set_flag(hdev, HCI_EVENT_FILTER_CONFIGURED);

	return rp->status;
}

/* What the host supports, as its features tell peers. */
static void set_host_feature(struct hci_dev *hdev, u8 feature, bool on)
{
	u8 *host = &hdev->features[1][0];

	*host = (u8)(on ? *host | feature : *host & ~feature);
}

static u8 hci_cc_write_ssp_mode(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	struct hci_cp_write_ssp_mode *sent;

	sent = hci_sent_cmd_data(hdev, HCI_OP_WRITE_SSP_MODE);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);

	if (!malformed(rp->status)) {
		set_host_feature(hdev, LMP_HOST_SSP, sent->mode);
		if (sent->mode)
			hci_dev_set_flag(hdev, HCI_SSP_ENABLED);
		else
			hci_dev_clear_flag(hdev, HCI_SSP_ENABLED);
	}

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_write_sc_support(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	struct hci_cp_write_sc_support *sent;

	sent = hci_sent_cmd_data(hdev, HCI_OP_WRITE_SC_SUPPORT);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);

	if (!malformed(rp->status)) {
		set_host_feature(hdev, LMP_HOST_SC, sent->support);

		/* with a management interface, it keeps the setting */
		if (!hci_dev_test_flag(hdev, HCI_MGMT)) {
			if (sent->support)
				hci_dev_set_flag(hdev, HCI_SC_ENABLED);
			else
				hci_dev_clear_flag(hdev, HCI_SC_ENABLED);
		}
	}

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_write_le_host_supported(struct hci_dev *hdev, void *data,
					 struct sk_buff *skb)
{
	struct hci_cp_write_le_host_supported *sent;
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_WRITE_LE_HOST_SUPPORTED);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);

	set_host_feature(hdev, LMP_HOST_LE, sent->le);
	set_host_feature(hdev, LMP_HOST_LE_BREDR, sent->simul);
	if (sent->le) {
		hci_dev_set_flag(hdev, HCI_LE_ENABLED);
	} else {
		hci_dev_clear_flag(hdev, HCI_LE_ENABLED);
		hci_dev_clear_flag(hdev, HCI_ADVERTISING);
	}

	hci_dev_unlock(hdev);

	return rp->status;
}

/*
 * Parameters
 */

static u8 hci_cc_read_class_of_dev(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_class_of_dev *rp = data;

	if (malformed(rp->status))
		return rp->status;

	evt_bytes(hdev, "btcommon.cod.class_of_device", rp->dev_class, 3);
	memcpy(hdev->dev_class, rp->dev_class, 3);

	return rp->status;
}

static u8 hci_cc_write_class_of_dev(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	void *sent;

	sent = hci_sent_cmd_data(hdev, HCI_OP_WRITE_CLASS_OF_DEV);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);

	if (!malformed(rp->status))
		memcpy(hdev->dev_class, sent, 3);

	if (hci_dev_test_flag(hdev, HCI_MGMT))
		mgmt_set_class_of_dev_complete(hdev, sent, rp->status);

	hci_dev_unlock(hdev);

	return rp->status;
}

static void voice_setting_changed(struct hci_dev *hdev, u16 setting)
{
	if (hdev->voice_setting == setting)
		return;

	hdev->voice_setting = setting;

	if (hdev->notify)
		hdev->notify(hdev, HCI_NOTIFY_VOICE_SETTING);
}

static u8 hci_cc_read_voice_setting(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_voice_setting *rp = data;
	u16 setting;

	if (malformed(rp->status))
		return rp->status;

	setting = __le16_to_cpu(rp->voice_setting);
	evt_u64(hdev, "bthci_evt.voice.unused", setting >> 10);
	evt_u64(hdev, "bthci_evt.voice.input_coding", setting >> 8 & 3);
	evt_u64(hdev, "bthci_evt.voice.input_data_format", setting >> 6 & 3);
	evt_u64(hdev, "bthci_evt.voice.input_sample_size", setting >> 5 & 1);
	evt_u64(hdev, "bthci_evt.voice.linear_pcm_bit_pos", setting >> 2 & 7);
	evt_u64(hdev, "bthci_evt.voice.air_coding_format", setting & 3);
	voice_setting_changed(hdev, setting);

	return rp->status;
}

static u8 hci_cc_write_voice_setting(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	void *sent;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_WRITE_VOICE_SETTING);
	if (malformed(!sent))
		return rp->status;

	voice_setting_changed(hdev, get_unaligned_le16(sent));

	return rp->status;
}

static u8 hci_cc_read_num_supported_iac(struct hci_dev *hdev, void *data,
					struct sk_buff *skb)
{
	struct hci_rp_read_num_supported_iac *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->num_iac = rp->num_iac;
	evt_u64(hdev, "bthci_evt.num_supp_iac", hdev->num_iac);

	return rp->status;
}

static u8 hci_cc_read_auth_payload_timeout(struct hci_dev *hdev, void *data,
					   struct sk_buff *skb)
{
	struct hci_rp_read_auth_payload_to *rp = data;
	struct hci_conn *conn;

	if (malformed(rp->status))
		return rp->status;

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, rp->handle);
	if (!malformed(!conn)) {
		conn->auth_payload_timeout = __le16_to_cpu(rp->timeout);
		evt_u64(hdev, "bthci_evt.authenticated_payload_timeout",
			conn->auth_payload_timeout);
	}

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_write_auth_payload_timeout(struct hci_dev *hdev, void *data,
					    struct sk_buff *skb)
{
	struct hci_rp_write_auth_payload_to *rp = data;
	struct hci_conn *conn;
	u8 *sent;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_WRITE_AUTH_PAYLOAD_TO);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, rp->handle);
	if (!malformed(!conn))
		conn->auth_payload_timeout = get_unaligned_le16(sent + 2);

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_read_page_scan_activity(struct hci_dev *hdev, void *data,
					 struct sk_buff *skb)
{
	struct hci_rp_read_page_scan_activity *rp = data;

	if (malformed(rp->status))
		return rp->status;

	if (test_bit(HCI_INIT, &hdev->flags)) {
		hdev->page_scan_interval = __le16_to_cpu(rp->interval);
		hdev->page_scan_window = __le16_to_cpu(rp->window);
		evt_u64(hdev, "bthci_evt.interval", hdev->page_scan_interval);
		evt_u64(hdev, "bthci_evt.window", hdev->page_scan_window);
	}

	return rp->status;
}

static u8 hci_cc_write_page_scan_activity(struct hci_dev *hdev, void *data,
					  struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	struct hci_cp_write_page_scan_activity *sent;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_WRITE_PAGE_SCAN_ACTIVITY);
	if (malformed(!sent))
		return rp->status;

	hdev->page_scan_interval = __le16_to_cpu(sent->interval);
	hdev->page_scan_window = __le16_to_cpu(sent->window);

	return rp->status;
}

static u8 hci_cc_read_page_scan_type(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_page_scan_type *rp = data;

	if (malformed(rp->status))
		return rp->status;

	if (test_bit(HCI_INIT, &hdev->flags)) {
		hdev->page_scan_type = rp->type;
		evt_u64(hdev, "bthci_evt.inq_scan_type", hdev->page_scan_type);
	}

	return rp->status;
}

static u8 hci_cc_write_page_scan_type(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	u8 *type;

	if (malformed(rp->status))
		return rp->status;

	type = hci_sent_cmd_data(hdev, HCI_OP_WRITE_PAGE_SCAN_TYPE);
	if (!malformed(!type))
		hdev->page_scan_type = *type;

	return rp->status;
}

static u8 hci_cc_read_inq_rsp_tx_power(struct hci_dev *hdev, void *data,
				       struct sk_buff *skb)
{
	struct hci_rp_read_inq_rsp_tx_power *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->inq_tx_power = rp->tx_power;
	evt_u64(hdev, "bthci_evt.transmit_power_level", (u8)hdev->inq_tx_power);

	return rp->status;
}

static u8 hci_cc_read_def_err_data_reporting(struct hci_dev *hdev, void *data,
					     struct sk_buff *skb)
{
	struct hci_rp_read_def_err_data_reporting *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->err_data_reporting = rp->err_data_reporting;
	evt_u64(hdev, "bthci_evt.err_data_reporting", hdev->err_data_reporting);

	return rp->status;
}

static u8 hci_cc_write_def_err_data_reporting(struct hci_dev *hdev, void *data,
					      struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	struct hci_cp_write_def_err_data_reporting *cp;

	if (malformed(rp->status))
		return rp->status;

	cp = hci_sent_cmd_data(hdev, HCI_OP_WRITE_DEF_ERR_DATA_REPORTING);
	if (malformed(!cp))
		return rp->status;

	hdev->err_data_reporting = cp->err_data_reporting;

	return rp->status;
}

static u8 hci_cc_read_tx_power(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_cp_read_tx_power *sent;
	struct hci_rp_read_tx_power *rp = data;
	struct hci_conn *conn;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_READ_TX_POWER);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, rp->handle);
	if (malformed(!conn))
		goto unlock;

	evt_u64(hdev, "bthci_evt.transmit_power_level", (u8)rp->tx_power);
	switch (sent->type) {
	case 0x00:
		conn->tx_power = rp->tx_power;
		break;
	case 0x01:
		conn->max_tx_power = rp->tx_power;
		break;
	}

unlock:
	hci_dev_unlock(hdev);
	return rp->status;
}

/* Hash and randomizer go to whoever asked for them, with the whole event. */
static u8 hci_cc_read_local_oob_data(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_local_oob_data *rp = data;

	return rp->status;
}

static u8 hci_cc_read_local_oob_ext_data(struct hci_dev *hdev, void *data,
					 struct sk_buff *skb)
{
	struct hci_rp_read_local_oob_ext_data *rp = data;

	return rp->status;
}

const struct hci_cc hci_cc_baseband_table[] = {
	HCI_CC_STATUS(HCI_OP_RESET, hci_cc_reset),
	HCI_CC_RP(HCI_OP_READ_STORED_LINK_KEY, hci_cc_read_stored_link_key,
		  hci_rp_read_stored_link_key),
	HCI_CC_RP(HCI_OP_DELETE_STORED_LINK_KEY, hci_cc_delete_stored_link_key,
		  hci_rp_delete_stored_link_key),
	HCI_CC_STATUS(HCI_OP_WRITE_LOCAL_NAME, hci_cc_write_local_name),
	HCI_CC_RP(HCI_OP_READ_LOCAL_NAME, hci_cc_read_local_name, hci_rp_read_local_name),
	HCI_CC_STATUS(HCI_OP_WRITE_AUTH_ENABLE, hci_cc_write_auth_enable),
	HCI_CC_STATUS(HCI_OP_WRITE_ENCRYPT_MODE, hci_cc_write_encrypt_mode),
	HCI_CC_STATUS(HCI_OP_WRITE_SCAN_ENABLE, hci_cc_write_scan_enable),
	HCI_CC_STATUS(HCI_OP_SET_EVENT_FLT, hci_cc_set_event_filter),
	HCI_CC_RP(HCI_OP_READ_CLASS_OF_DEV, hci_cc_read_class_of_dev,
		  hci_rp_read_class_of_dev),
	HCI_CC_STATUS(HCI_OP_WRITE_CLASS_OF_DEV, hci_cc_write_class_of_dev),
	HCI_CC_RP(HCI_OP_READ_VOICE_SETTING, hci_cc_read_voice_setting,
		  hci_rp_read_voice_setting),
	HCI_CC_STATUS(HCI_OP_WRITE_VOICE_SETTING, hci_cc_write_voice_setting),
	HCI_CC_RP(HCI_OP_READ_NUM_SUPPORTED_IAC, hci_cc_read_num_supported_iac,
		  hci_rp_read_num_supported_iac),
	HCI_CC_STATUS(HCI_OP_WRITE_SSP_MODE, hci_cc_write_ssp_mode),
	HCI_CC_STATUS(HCI_OP_WRITE_SC_SUPPORT, hci_cc_write_sc_support),
	HCI_CC_RP(HCI_OP_READ_AUTH_PAYLOAD_TO, hci_cc_read_auth_payload_timeout,
		  hci_rp_read_auth_payload_to),
	HCI_CC_RP(HCI_OP_WRITE_AUTH_PAYLOAD_TO, hci_cc_write_auth_payload_timeout,
		  hci_rp_write_auth_payload_to),
	HCI_CC_RP(HCI_OP_READ_PAGE_SCAN_ACTIVITY, hci_cc_read_page_scan_activity,
		  hci_rp_read_page_scan_activity),
	HCI_CC_STATUS(HCI_OP_WRITE_PAGE_SCAN_ACTIVITY, hci_cc_write_page_scan_activity),
	HCI_CC_RP(HCI_OP_READ_PAGE_SCAN_TYPE, hci_cc_read_page_scan_type,
		  hci_rp_read_page_scan_type),
	HCI_CC_STATUS(HCI_OP_WRITE_PAGE_SCAN_TYPE, hci_cc_write_page_scan_type),
	HCI_CC_RP(HCI_OP_READ_INQ_RSP_TX_POWER, hci_cc_read_inq_rsp_tx_power,
		  hci_rp_read_inq_rsp_tx_power),
	HCI_CC_RP(HCI_OP_READ_DEF_ERR_DATA_REPORTING, hci_cc_read_def_err_data_reporting,
		  hci_rp_read_def_err_data_reporting),
	HCI_CC_STATUS(HCI_OP_WRITE_DEF_ERR_DATA_REPORTING,
		      hci_cc_write_def_err_data_reporting),
	HCI_CC_RP(HCI_OP_READ_LOCAL_OOB_DATA, hci_cc_read_local_oob_data,
		  hci_rp_read_local_oob_data),
	HCI_CC_RP(HCI_OP_READ_LOCAL_OOB_EXT_DATA, hci_cc_read_local_oob_ext_data,
		  hci_rp_read_local_oob_ext_data),
	HCI_CC_STATUS(HCI_OP_WRITE_LE_HOST_SUPPORTED, hci_cc_write_le_host_supported),
	HCI_CC_RP(HCI_OP_READ_TX_POWER, hci_cc_read_tx_power, hci_rp_read_tx_power),
};

const size_t hci_cc_baseband_count = ARRAY_SIZE(hci_cc_baseband_table);
