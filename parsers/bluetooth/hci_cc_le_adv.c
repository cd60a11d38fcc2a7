// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command Complete of LE controller commands: advertising and scanning.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_cc_le_set_adv_set_random_addr
 *	to hci_cc_le_clear_adv_sets, hci_cc_le_set_adv_enable to
 *	hci_cc_le_set_ext_scan_enable, hci_cc_set_adv_param, hci_cc_set_per_adv_param,
 *	hci_cc_le_set_per_adv_enable)
 * Spec: Bluetooth Core 5.4 Vol 4 Part E 7.8
 * Differs: the pending report of process_adv_report() is handled beside it, in
 *	hci_le_adv.c.
 */
#include "hci_cc.h"
#include "hci_event.h"
#include "hci_le.h"

/*
 * Advertising
 */

static u8 hci_cc_set_adv_param(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_cp_le_set_adv_param *cp;
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_ADV_PARAM);
	if (malformed(!cp))
		return rp->status;

	hci_dev_lock(hdev);
	hdev->adv_addr_type = cp->own_address_type;
	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_le_set_adv_set_random_addr(struct hci_dev *hdev, void *data,
					    struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	struct hci_cp_le_set_adv_set_rand_addr *cp;
	struct adv_info *adv;

	if (malformed(rp->status))
		return rp->status;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_ADV_SET_RAND_ADDR);
	if (malformed(!cp))
		return rp->status;
	/* set 0 is no instance: it has the controller's random address */
	if (!cp->handle)
		return rp->status;

	hci_dev_lock(hdev);

	adv = hci_find_adv_instance(hdev, cp->handle);
	if (adv) {
		bacpy(&adv->random_addr, &cp->bdaddr);
		if (!bacmp(&hdev->rpa, &cp->bdaddr)) {
			adv->rpa_expired = false;
			queue_delayed_work(hdev->workqueue, &adv->rpa_expired_cb,
					   secs_to_jiffies(hdev->rpa_timeout));
		}
	}

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_le_remove_adv_set(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	u8 *instance;

	if (malformed(rp->status))
		return rp->status;

	instance = hci_sent_cmd_data(hdev, HCI_OP_LE_REMOVE_ADV_SET);
	if (malformed(!instance))
		return rp->status;

	hci_dev_lock(hdev);

	if (!hci_remove_adv_instance(hdev, *instance))
		mgmt_advertising_removed(hci_skb_sk(hdev->sent_cmd), hdev, *instance);

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_le_clear_adv_sets(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	struct adv_info *adv, *n;

	if (malformed(rp->status))
		return rp->status;

	if (malformed(!hci_sent_cmd_data(hdev, HCI_OP_LE_CLEAR_ADV_SETS)))
		return rp->status;

	hci_dev_lock(hdev);

	list_for_each_entry_safe(adv, n, &hdev->adv_instances, list) {
		u8 instance = adv->instance;

		if (!hci_remove_adv_instance(hdev, instance))
			mgmt_advertising_removed(hci_skb_sk(hdev->sent_cmd), hdev,
						 instance);
	}

	hci_dev_unlock(hdev);

	return rp->status;
}

/* Waiting for a central that was named: bound the wait in case it never comes. */
static void queue_le_conn_timeout(struct hci_dev *hdev)
{
	struct hci_conn *conn = hci_lookup_le_connect(hdev);

	if (conn)
		queue_delayed_work(hdev->workqueue, &conn->le_conn_timeout,
				   conn->conn_timeout);
}

static u8 hci_cc_le_set_adv_enable(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	u8 *sent;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_ADV_ENABLE);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);

	if (*sent) {
		hci_dev_set_flag(hdev, HCI_LE_ADV);
		queue_le_conn_timeout(hdev);
	} else {
		hci_dev_clear_flag(hdev, HCI_LE_ADV);
	}

	hci_dev_unlock(hdev);

	return rp->status;
}

static bool any_adv_enabled(struct hci_dev *hdev)
{
	struct adv_info *adv;

	list_for_each_entry(adv, &hdev->adv_instances, list) {
		if (adv->enabled)
			return true;
	}
	return false;
}

static void ext_adv_disabled(struct hci_dev *hdev, struct hci_cp_le_set_ext_adv_enable *cp,
			     struct hci_cp_ext_adv_set *set, struct adv_info *adv)
{
	if (cp->num_of_sets) {
		if (adv)
			adv->enabled = false;
		else if (!set->handle)
			hci_dev_clear_flag(hdev, HCI_LE_ADV_0);

		if (any_adv_enabled(hdev))
			return;
	} else {
		/* no set named: all of them */
		list_for_each_entry(adv, &hdev->adv_instances, list)
			adv->enabled = false;
	}

	hci_dev_clear_flag(hdev, HCI_LE_ADV);
}

static u8 hci_cc_le_set_ext_adv_enable(struct hci_dev *hdev, void *data,
				       struct sk_buff *skb)
{
	struct hci_cp_le_set_ext_adv_enable *cp;
	struct hci_cp_ext_adv_set *set;
	struct adv_info *adv = NULL;
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_EXT_ADV_ENABLE);
	if (malformed(!cp))
		return rp->status;

	set = (void *)cp->data;

	hci_dev_lock(hdev);

	if (cp->num_of_sets)
		adv = hci_find_adv_instance(hdev, set->handle);

	if (cp->enable) {
		bool unsent = !cp->num_of_sets;

		hci_dev_set_flag(hdev, HCI_LE_ADV);

		triggered(REDZONE_916CC3819FEA, unsent);
		if (adv)
			adv->enabled = true;
		else if ((cp->num_of_sets || !fixed(REDZONE_916CC3819FEA)) && !set->handle)
			hci_dev_set_flag(hdev, HCI_LE_ADV_0);

		queue_le_conn_timeout(hdev);
	} else {
		ext_adv_disabled(hdev, cp, set, adv);
	}

	hci_dev_unlock(hdev);
	return rp->status;
}

static u8 hci_cc_set_per_adv_param(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;

	/* nothing depends on the parameters yet, upstream neither */
	return rp->status;
}

static u8 hci_cc_le_set_per_adv_enable(struct hci_dev *hdev, void *data,
				       struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	u8 *sent;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_PER_ADV_ENABLE);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);

	if (*sent)
		hci_dev_set_flag(hdev, HCI_LE_PER_ADV);
	else
		hci_dev_clear_flag(hdev, HCI_LE_PER_ADV);

	hci_dev_unlock(hdev);

	return rp->status;
}

/*
 * Scanning
 */

static u8 hci_cc_le_set_scan_param(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_cp_le_set_scan_param *cp;
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_SCAN_PARAM);
	if (malformed(!cp))
		return rp->status;

	hci_dev_lock(hdev);

	hdev->le_scan_type = cp->type;

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_le_set_ext_scan_param(struct hci_dev *hdev, void *data,
				       struct sk_buff *skb)
{
	struct hci_cp_le_set_ext_scan_params *cp;
	struct hci_ev_status *rp = data;
	struct hci_cp_le_scan_phy_params *phy_param;

	if (malformed(rp->status))
		return rp->status;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_EXT_SCAN_PARAMS);
	if (malformed(!cp))
		return rp->status;

	phy_param = (void *)cp->data;

	hci_dev_lock(hdev);

	hdev->le_scan_type = phy_param->type;

	hci_dev_unlock(hdev);

	return rp->status;
}

static void le_scan_disabled(struct hci_dev *hdev)
{
	/* the scan response that the last report waited for will not come */
	if (has_pending_adv_report(hdev)) {
		struct discovery_state *d = &hdev->discovery;

		mgmt_device_found(hdev, &d->last_adv_addr, LE_LINK, d->last_adv_addr_type,
				  NULL, d->last_adv_rssi, d->last_adv_flags,
				  d->last_adv_data, d->last_adv_data_len, NULL, 0, 0);
	}

	/* it would disable what is disabled */
	cancel_delayed_work(&hdev->le_scan_disable);

	hci_dev_clear_flag(hdev, HCI_LE_SCAN);

	if (hdev->discovery.type == DISCOV_TYPE_INTERLEAVED &&
	    test_bit(HCI_QUIRK_SIMULTANEOUS_DISCOVERY, &hdev->quirks) &&
	    !test_bit(HCI_INQUIRY, &hdev->flags) &&
	    hdev->discovery.state == DISCOVERY_FINDING)
		hci_discovery_set_state(hdev, DISCOVERY_STOPPED);

	/* interrupted: a connect request has come in between */
	if (hci_dev_test_and_clear_flag(hdev, HCI_LE_SCAN_INTERRUPTED))
		hci_discovery_set_state(hdev, DISCOVERY_STOPPED);
	else if (!hci_dev_test_flag(hdev, HCI_LE_ADV) &&
		 hdev->discovery.state == DISCOVERY_FINDING)
		queue_work(hdev->workqueue, &hdev->reenable_adv_work);
}

static void le_set_scan_enable_complete(struct hci_dev *hdev, u8 enable)
{
	hci_dev_lock(hdev);

	switch (enable) {
	case LE_SCAN_ENABLE:
		hci_dev_set_flag(hdev, HCI_LE_SCAN);
		if (hdev->le_scan_type == LE_SCAN_ACTIVE)
			clear_pending_adv_report(hdev);
		if (hci_dev_test_flag(hdev, HCI_MESH))
			hci_discovery_set_state(hdev, DISCOVERY_FINDING);
		break;

	case LE_SCAN_DISABLE:
		le_scan_disabled(hdev);
		break;

	default:
		bt_dev_err(hdev, "use of reserved LE_Scan_Enable param %d", enable);
		break;
	}

	hci_dev_unlock(hdev);
}

static u8 hci_cc_le_set_scan_enable(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_cp_le_set_scan_enable *cp;
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_SCAN_ENABLE);
	if (malformed(!cp))
		return rp->status;

	le_set_scan_enable_complete(hdev, cp->enable);

	return rp->status;
}

static u8 hci_cc_le_set_ext_scan_enable(struct hci_dev *hdev, void *data,
					struct sk_buff *skb)
{
	struct hci_cp_le_set_ext_scan_enable *cp;
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_EXT_SCAN_ENABLE);
	if (malformed(!cp))
		return rp->status;

	le_set_scan_enable_complete(hdev, cp->enable);

	return rp->status;
}

const struct hci_cc hci_cc_le_adv_table[] = {
	HCI_CC_STATUS(HCI_OP_LE_SET_ADV_PARAM, hci_cc_set_adv_param),
	HCI_CC_STATUS(HCI_OP_LE_SET_ADV_ENABLE, hci_cc_le_set_adv_enable),
	HCI_CC_STATUS(HCI_OP_LE_SET_SCAN_PARAM, hci_cc_le_set_scan_param),
	HCI_CC_STATUS(HCI_OP_LE_SET_SCAN_ENABLE, hci_cc_le_set_scan_enable),
	HCI_CC_STATUS(HCI_OP_LE_SET_EXT_SCAN_PARAMS, hci_cc_le_set_ext_scan_param),
	HCI_CC_STATUS(HCI_OP_LE_SET_EXT_SCAN_ENABLE, hci_cc_le_set_ext_scan_enable),
	HCI_CC_STATUS(HCI_OP_LE_SET_EXT_ADV_ENABLE, hci_cc_le_set_ext_adv_enable),
	HCI_CC_STATUS(HCI_OP_LE_SET_ADV_SET_RAND_ADDR, hci_cc_le_set_adv_set_random_addr),
	HCI_CC_STATUS(HCI_OP_LE_REMOVE_ADV_SET, hci_cc_le_remove_adv_set),
	HCI_CC_STATUS(HCI_OP_LE_CLEAR_ADV_SETS, hci_cc_le_clear_adv_sets),
	HCI_CC_STATUS(HCI_OP_LE_SET_PER_ADV_PARAMS, hci_cc_set_per_adv_param),
	HCI_CC_STATUS(HCI_OP_LE_SET_PER_ADV_ENABLE, hci_cc_le_set_per_adv_enable),
};

const size_t hci_cc_le_adv_count = ARRAY_SIZE(hci_cc_le_adv_table);
