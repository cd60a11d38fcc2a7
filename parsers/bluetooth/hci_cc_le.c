// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command Complete of LE controller commands: facts, addresses, filter and resolving
 * lists, data lengths, privacy.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_cc_le_read_buffer_size,
 *	hci_cc_le_read_local_features, hci_cc_le_read_adv_tx_power,
 *	hci_cc_le_set_random_addr, hci_cc_le_set_default_phy,
 *	hci_cc_le_read_transmit_power, hci_cc_le_set_privacy_mode,
 *	hci_cc_le_read_num_adv_sets to hci_cc_le_read_max_data_len)
 * Spec: Bluetooth Core 5.4 Vol 4 Part E 7.8
 * Differs: nothing but names of steps.
 */
#include "hci_cc.h"
#include "hci_event.h"

/*
 * Facts
 */

static u8 hci_cc_le_read_buffer_size(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_le_read_buffer_size *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->le_mtu = __le16_to_cpu(rp->le_mtu);
	hdev->le_pkts = rp->le_max_pkt;
	evt_u64(hdev, "bthci_evt.le_acl_data_pkt_len", hdev->le_mtu);
	evt_u64(hdev, "bthci_evt.le_total_num_acl_data_pkts", hdev->le_pkts);

	hdev->le_cnt = hdev->le_pkts;

	/* none of its own: the buffers of BR/EDR are shared */
	if (malformed_in(CVE_2024_36968,
			 hdev->le_mtu && hdev->le_mtu < HCI_MIN_LE_MTU))
		return HCI_ERROR_INVALID_PARAMETERS;

	return rp->status;
}

static u8 hci_cc_le_read_local_features(struct hci_dev *hdev, void *data,
					struct sk_buff *skb)
{
	struct hci_rp_le_read_local_features *rp = data;

	if (malformed(rp->status))
		return rp->status;

	evt_bytes(hdev, "bthci_evt.le_features", rp->features, sizeof(rp->features));
	memcpy(hdev->le_features, rp->features, 8);

	return rp->status;
}

static u8 hci_cc_le_read_adv_tx_power(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_le_read_adv_tx_power *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->adv_tx_power = rp->tx_power;
	evt_u64(hdev, "bthci_evt.transmit_power_level", (u8)hdev->adv_tx_power);

	return rp->status;
}

static u8 hci_cc_le_read_transmit_power(struct hci_dev *hdev, void *data,
					struct sk_buff *skb)
{
	struct hci_rp_le_read_transmit_power *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->min_le_tx_power = rp->min_le_tx_power;
	hdev->max_le_tx_power = rp->max_le_tx_power;
	evt_u64(hdev, "bthci_evt.min_tx_power", (u8)hdev->min_le_tx_power);
	evt_u64(hdev, "bthci_evt.max_tx_power", (u8)hdev->max_le_tx_power);

	return rp->status;
}

static u8 hci_cc_le_read_num_adv_sets(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_le_read_num_supported_adv_sets *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->le_num_of_adv_sets = rp->num_of_sets;
	evt_u64(hdev, "bthci_evt.num_supported_adv_sets", hdev->le_num_of_adv_sets);

	return rp->status;
}

static u8 hci_cc_le_read_accept_list_size(struct hci_dev *hdev, void *data,
					  struct sk_buff *skb)
{
	struct hci_rp_le_read_accept_list_size *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->le_accept_list_size = rp->size;
	evt_u64(hdev, "bthci_evt.le_white_list_size", hdev->le_accept_list_size);

	return rp->status;
}

static u8 hci_cc_le_read_resolv_list_size(struct hci_dev *hdev, void *data,
					  struct sk_buff *skb)
{
	struct hci_rp_le_read_resolv_list_size *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->le_resolv_list_size = rp->size;
	evt_u64(hdev, "bthci_evt.resolving_list_size", hdev->le_resolv_list_size);

	return rp->status;
}

static u8 hci_cc_le_read_supported_states(struct hci_dev *hdev, void *data,
					  struct sk_buff *skb)
{
	struct hci_rp_le_read_supported_states *rp = data;

	if (malformed(rp->status))
		return rp->status;

	evt_bytes(hdev, "bthci_evt.le_states", rp->le_states, sizeof(rp->le_states));
	memcpy(hdev->le_states, rp->le_states, 8);

	return rp->status;
}

static u8 hci_cc_le_read_def_data_len(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_le_read_def_data_len *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->le_def_tx_len = le16_to_cpu(rp->tx_len);
	hdev->le_def_tx_time = le16_to_cpu(rp->tx_time);
	evt_u64(hdev, "bthci_evt.suggested_max_tx_octets", hdev->le_def_tx_len);
	evt_u64(hdev, "bthci_evt.suggested_max_tx_time", hdev->le_def_tx_time);

	return rp->status;
}

static u8 hci_cc_le_read_max_data_len(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_le_read_max_data_len *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->le_max_tx_len = le16_to_cpu(rp->tx_len);
	hdev->le_max_tx_time = le16_to_cpu(rp->tx_time);
	hdev->le_max_rx_len = le16_to_cpu(rp->rx_len);
	hdev->le_max_rx_time = le16_to_cpu(rp->rx_time);
	evt_u64(hdev, "bthci_evt.max_tx_octets", hdev->le_max_tx_len);
	evt_u64(hdev, "bthci_evt.max_tx_time", hdev->le_max_tx_time);
	evt_u64(hdev, "bthci_evt.max_rx_octets", hdev->le_max_rx_len);
	evt_u64(hdev, "bthci_evt.max_rx_time", hdev->le_max_rx_time);

	return rp->status;
}

static u8 hci_cc_le_write_def_data_len(struct hci_dev *hdev, void *data,
				       struct sk_buff *skb)
{
	struct hci_cp_le_write_def_data_len *sent;
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_LE_WRITE_DEF_DATA_LEN);
	if (malformed(!sent))
		return rp->status;

	hdev->le_def_tx_len = le16_to_cpu(sent->tx_len);
	hdev->le_def_tx_time = le16_to_cpu(sent->tx_time);

	return rp->status;
}

/*
 * Addresses
 */

static u8 hci_cc_le_set_random_addr(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	bdaddr_t *sent;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_RANDOM_ADDR);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);

	bacpy(&hdev->random_addr, sent);

	if (!bacmp(&hdev->rpa, sent)) {
		hci_dev_clear_flag(hdev, HCI_RPA_EXPIRED);
		queue_delayed_work(hdev->workqueue, &hdev->rpa_expired,
				   secs_to_jiffies(hdev->rpa_timeout));
	}

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_le_set_privacy_mode(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	struct hci_cp_le_set_privacy_mode *cp;
	struct hci_conn_params *params;

	if (malformed(rp->status))
		return rp->status;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_PRIVACY_MODE);
	if (malformed(!cp))
		return rp->status;

	hci_dev_lock(hdev);

	params = hci_conn_params_lookup(hdev, &cp->bdaddr, cp->bdaddr_type);
	if (params)
		WRITE_ONCE(params->privacy_mode, cp->mode);

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_le_set_addr_resolution_enable(struct hci_dev *hdev, void *data,
					       struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	u8 *sent;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_ADDR_RESOLV_ENABLE);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);

	if (*sent)
		hci_dev_set_flag(hdev, HCI_LL_RPA_RESOLUTION);
	else
		hci_dev_clear_flag(hdev, HCI_LL_RPA_RESOLUTION);

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_le_set_default_phy(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	struct hci_cp_le_set_default_phy *cp;

	if (malformed(rp->status))
		return rp->status;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_DEFAULT_PHY);
	if (malformed(!cp))
		return rp->status;

	hci_dev_lock(hdev);

	hdev->le_tx_def_phys = cp->tx_phys;
	hdev->le_rx_def_phys = cp->rx_phys;

	hci_dev_unlock(hdev);

	return rp->status;
}

/*
 * Lists in the controller, and the host's copies of them
 */

static u8 hci_cc_le_clear_accept_list(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hci_dev_lock(hdev);
	hci_bdaddr_list_clear(&hdev->le_accept_list);
	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_le_add_to_accept_list(struct hci_dev *hdev, void *data,
				       struct sk_buff *skb)
{
	struct hci_cp_le_add_to_accept_list *sent;
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_LE_ADD_TO_ACCEPT_LIST);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);
	hci_bdaddr_list_add(&hdev->le_accept_list, &sent->bdaddr, sent->bdaddr_type);
	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_le_del_from_accept_list(struct hci_dev *hdev, void *data,
					 struct sk_buff *skb)
{
	struct hci_cp_le_del_from_accept_list *sent;
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_LE_DEL_FROM_ACCEPT_LIST);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);
	hci_bdaddr_list_del(&hdev->le_accept_list, &sent->bdaddr, sent->bdaddr_type);
	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_le_add_to_resolv_list(struct hci_dev *hdev, void *data,
				       struct sk_buff *skb)
{
	struct hci_cp_le_add_to_resolv_list *sent;
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_LE_ADD_TO_RESOLV_LIST);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);
	hci_bdaddr_list_add_with_irk(&hdev->le_resolv_list, &sent->bdaddr,
				     sent->bdaddr_type, sent->peer_irk, sent->local_irk);
	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_le_del_from_resolv_list(struct hci_dev *hdev, void *data,
					 struct sk_buff *skb)
{
	struct hci_cp_le_del_from_resolv_list *sent;
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_LE_DEL_FROM_RESOLV_LIST);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);
	hci_bdaddr_list_del_with_irk(&hdev->le_resolv_list, &sent->bdaddr,
				     sent->bdaddr_type);
	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_le_clear_resolv_list(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hci_dev_lock(hdev);
	hci_bdaddr_list_clear(&hdev->le_resolv_list);
	hci_dev_unlock(hdev);

	return rp->status;
}

const struct hci_cc hci_cc_le_table[] = {
	HCI_CC_RP(HCI_OP_LE_READ_BUFFER_SIZE, hci_cc_le_read_buffer_size,
		  hci_rp_le_read_buffer_size),
	HCI_CC_RP(HCI_OP_LE_READ_LOCAL_FEATURES, hci_cc_le_read_local_features,
		  hci_rp_le_read_local_features),
	HCI_CC_RP(HCI_OP_LE_READ_ADV_TX_POWER, hci_cc_le_read_adv_tx_power,
		  hci_rp_le_read_adv_tx_power),
	HCI_CC_STATUS(HCI_OP_LE_SET_RANDOM_ADDR, hci_cc_le_set_random_addr),
	HCI_CC_RP(HCI_OP_LE_READ_ACCEPT_LIST_SIZE, hci_cc_le_read_accept_list_size,
		  hci_rp_le_read_accept_list_size),
	HCI_CC_STATUS(HCI_OP_LE_CLEAR_ACCEPT_LIST, hci_cc_le_clear_accept_list),
	HCI_CC_STATUS(HCI_OP_LE_ADD_TO_ACCEPT_LIST, hci_cc_le_add_to_accept_list),
	HCI_CC_STATUS(HCI_OP_LE_DEL_FROM_ACCEPT_LIST, hci_cc_le_del_from_accept_list),
	HCI_CC_RP(HCI_OP_LE_READ_SUPPORTED_STATES, hci_cc_le_read_supported_states,
		  hci_rp_le_read_supported_states),
	HCI_CC_RP(HCI_OP_LE_READ_DEF_DATA_LEN, hci_cc_le_read_def_data_len,
		  hci_rp_le_read_def_data_len),
	HCI_CC_STATUS(HCI_OP_LE_WRITE_DEF_DATA_LEN, hci_cc_le_write_def_data_len),
	HCI_CC_STATUS(HCI_OP_LE_ADD_TO_RESOLV_LIST, hci_cc_le_add_to_resolv_list),
	HCI_CC_STATUS(HCI_OP_LE_DEL_FROM_RESOLV_LIST, hci_cc_le_del_from_resolv_list),
	HCI_CC_STATUS(HCI_OP_LE_CLEAR_RESOLV_LIST, hci_cc_le_clear_resolv_list),
	HCI_CC_RP(HCI_OP_LE_READ_RESOLV_LIST_SIZE, hci_cc_le_read_resolv_list_size,
		  hci_rp_le_read_resolv_list_size),
	HCI_CC_STATUS(HCI_OP_LE_SET_ADDR_RESOLV_ENABLE,
		      hci_cc_le_set_addr_resolution_enable),
	HCI_CC_RP(HCI_OP_LE_READ_MAX_DATA_LEN, hci_cc_le_read_max_data_len,
		  hci_rp_le_read_max_data_len),
	HCI_CC_STATUS(HCI_OP_LE_SET_DEFAULT_PHY, hci_cc_le_set_default_phy),
	HCI_CC_RP(HCI_OP_LE_READ_NUM_SUPPORTED_ADV_SETS, hci_cc_le_read_num_adv_sets,
		  hci_rp_le_read_num_supported_adv_sets),
	HCI_CC_RP(HCI_OP_LE_READ_TRANSMIT_POWER, hci_cc_le_read_transmit_power,
		  hci_rp_le_read_transmit_power),
	HCI_CC_STATUS(HCI_OP_LE_SET_PRIVACY_MODE, hci_cc_le_set_privacy_mode),
};

const size_t hci_cc_le_count = ARRAY_SIZE(hci_cc_le_table);
