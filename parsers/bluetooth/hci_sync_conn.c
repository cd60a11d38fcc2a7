// SPDX-License-Identifier: GPL-2.0-only
/*
 * What links ask of the controller and wait for; power on and off.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_sync.c (hci_le_create_conn_sync,
 *	hci_dev_close_sync, hci_abort_conn_sync, hci_le_*_sync)
 * Spec: Core 5.4 Vol 4 Part E 7.1, 7.8
 * Differs: no privacy, so the own address is the identity; advertising is paused by
 *	one command; power on runs no init sequence; later kernels' checks that the
 *	link is still there.
 */
#include <linux/err.h>
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>

#include "hci_core_priv.h"
#include "smp.h"
#include "msft.h"

static u8 hci_own_addr_type(struct hci_dev *hdev)
{
	bdaddr_t addr;
	u8 type;

	hci_copy_identity_address(hdev, &addr, &type);
	return type;
}

static int hci_set_adv_enable_sync(struct hci_dev *hdev, u8 enable)
{
	struct {
		struct hci_cp_le_set_ext_adv_enable cp;
	} ext = { { .enable = enable, .num_of_sets = 0 } };

	if (ext_adv_capable(hdev))
		return __hci_cmd_sync_status(hdev, HCI_OP_LE_SET_EXT_ADV_ENABLE,
					     sizeof(ext), &ext, HCI_CMD_TIMEOUT);
	return __hci_cmd_sync_status(hdev, HCI_OP_LE_SET_ADV_ENABLE, sizeof(enable),
				     &enable, HCI_CMD_TIMEOUT);
}

static void hci_pause_advertising_sync(struct hci_dev *hdev)
{
	if (hdev->advertising_paused || !hci_dev_test_flag(hdev, HCI_LE_ADV))
		return;
	hci_set_adv_enable_sync(hdev, 0x00);
	hdev->advertising_paused = true;
}

static void hci_resume_advertising_sync(struct hci_dev *hdev)
{
	if (!hdev->advertising_paused)
		return;
	hdev->advertising_paused = false;
	if (hci_dev_test_flag(hdev, HCI_ADVERTISING))
		hci_set_adv_enable_sync(hdev, 0x01);
}

static int hci_le_directed_advertising_sync(struct hci_dev *hdev, struct hci_conn *conn)
{
	struct hci_cp_le_set_adv_param cp;

	memset(&cp, 0, sizeof(cp));
	cp.min_interval = cpu_to_le16(0x0020);
	cp.max_interval = cpu_to_le16(0x0020);
	cp.type = LE_ADV_DIRECT_IND;
	cp.own_address_type = hci_own_addr_type(hdev);
	cp.direct_addr_type = conn->dst_type;
	bacpy(&cp.direct_addr, &conn->dst);
	cp.channel_map = hdev->le_adv_channel_map;
	if (__hci_cmd_sync_status(hdev, HCI_OP_LE_SET_ADV_PARAM, sizeof(cp), &cp,
				  HCI_CMD_TIMEOUT))
		return -EIO;
	return hci_set_adv_enable_sync(hdev, 0x01);
}

static void set_ext_conn_params(struct hci_conn *conn, struct hci_cp_le_ext_conn_param *p)
{
	struct hci_dev *hdev = conn->hdev;

	memset(p, 0, sizeof(*p));
	p->scan_interval = cpu_to_le16(hdev->le_scan_int_connect);
	p->scan_window = cpu_to_le16(hdev->le_scan_window_connect);
	p->conn_interval_min = cpu_to_le16(conn->le_conn_min_interval);
	p->conn_interval_max = cpu_to_le16(conn->le_conn_max_interval);
	p->conn_latency = cpu_to_le16(conn->le_conn_latency);
	p->supervision_timeout = cpu_to_le16(conn->le_supv_timeout);
}

static int hci_le_ext_create_conn_sync(struct hci_dev *hdev, struct hci_conn *conn)
{
	u8 data[sizeof(struct hci_cp_le_ext_create_conn) +
		3 * sizeof(struct hci_cp_le_ext_conn_param)];
	struct hci_cp_le_ext_create_conn *cp = (void *)data;
	struct hci_cp_le_ext_conn_param *p = (void *)cp->data;

	memset(cp, 0, sizeof(*cp));
	bacpy(&cp->peer_addr, &conn->dst);
	cp->peer_addr_type = conn->dst_type;
	cp->own_addr_type = hci_own_addr_type(hdev);
	if (scan_1m(hdev)) {
		cp->phys |= LE_SCAN_PHY_1M;
		set_ext_conn_params(conn, p++);
	}
	if (scan_2m(hdev)) {
		cp->phys |= LE_SCAN_PHY_2M;
		set_ext_conn_params(conn, p++);
	}
	if (scan_coded(hdev)) {
		cp->phys |= LE_SCAN_PHY_CODED;
		set_ext_conn_params(conn, p++);
	}
	return __hci_cmd_sync_status_sk(hdev, HCI_OP_LE_EXT_CREATE_CONN,
					(u8 *)p - data, data,
					HCI_EV_LE_ENHANCED_CONN_COMPLETE,
					conn->conn_timeout, NULL);
}

static int hci_le_legacy_create_conn_sync(struct hci_dev *hdev, struct hci_conn *conn)
{
	struct hci_cp_le_create_conn cp;

	memset(&cp, 0, sizeof(cp));
	cp.scan_interval = cpu_to_le16(hdev->le_scan_int_connect);
	cp.scan_window = cpu_to_le16(hdev->le_scan_window_connect);
	bacpy(&cp.peer_addr, &conn->dst);
	cp.peer_addr_type = conn->dst_type;
	cp.own_address_type = hci_own_addr_type(hdev);
	cp.conn_interval_min = cpu_to_le16(conn->le_conn_min_interval);
	cp.conn_interval_max = cpu_to_le16(conn->le_conn_max_interval);
	cp.conn_latency = cpu_to_le16(conn->le_conn_latency);
	cp.supervision_timeout = cpu_to_le16(conn->le_supv_timeout);
	return __hci_cmd_sync_status_sk(hdev, HCI_OP_LE_CREATE_CONN, sizeof(cp), &cp,
					use_enhanced_conn_complete(hdev) ?
					HCI_EV_LE_ENHANCED_CONN_COMPLETE :
					HCI_EV_LE_CONN_COMPLETE,
					conn->conn_timeout, NULL);
}

static void hci_le_take_params(struct hci_dev *hdev, struct hci_conn *conn)
{
	struct hci_conn_params *params;

	params = hci_conn_params_lookup(hdev, &conn->dst, conn->dst_type);
	conn->le_conn_min_interval = params ? params->conn_min_interval :
					      hdev->le_conn_min_interval;
	conn->le_conn_max_interval = params ? params->conn_max_interval :
					      hdev->le_conn_max_interval;
	conn->le_conn_latency = params ? params->conn_latency : hdev->le_conn_latency;
	conn->le_supv_timeout = params ? params->supervision_timeout :
					 hdev->le_supv_timeout;
}

/* Every wait may have ended the link that we are about. */
int hci_le_create_conn_sync(struct hci_dev *hdev, struct hci_conn *conn)
{
	int err;

	if (malformed(!hci_conn_valid(hdev, conn)))
		return -ECANCELED;
	if (conn->role == HCI_ROLE_SLAVE) {
		if (hci_dev_test_flag(hdev, HCI_LE_SCAN) &&
		    hdev->le_scan_type == LE_SCAN_ACTIVE &&
		    !hci_dev_test_flag(hdev, HCI_LE_SIMULTANEOUS_ROLES)) {
			/* whoever asked tells those above, who may wait for the link */
			triggered(REDZONE_EC9B49B321D1, conn->l2cap_data != NULL);
			if (!fixed(REDZONE_EC9B49B321D1))
				hci_conn_del(conn);
			return -EBUSY;
		}
		hci_pause_advertising_sync(hdev);
		if (malformed(!hci_conn_valid(hdev, conn)))
			return -ECANCELED;
		err = hci_le_directed_advertising_sync(hdev, conn);
		goto done;
	}
	if (!hci_dev_test_flag(hdev, HCI_LE_SIMULTANEOUS_ROLES))
		hci_pause_advertising_sync(hdev);
	/* The controller cannot scan and connect at once. */
	if (hci_dev_test_flag(hdev, HCI_LE_SCAN)) {
		hci_dev_set_flag(hdev, HCI_LE_SCAN_INTERRUPTED);
		hci_scan_disable_sync(hdev);
	}
	if (malformed(!hci_conn_valid(hdev, conn)))
		return -ECANCELED;
	hci_le_take_params(hdev, conn);
	if (use_ext_conn(hdev))
		err = hci_le_ext_create_conn_sync(hdev, conn);
	else
		err = hci_le_legacy_create_conn_sync(hdev, conn);
done:
	if (err == -ETIMEDOUT)
		__hci_cmd_sync_status(hdev, HCI_OP_LE_CREATE_CONN_CANCEL, 0, NULL,
				      HCI_CMD_TIMEOUT);
	hci_resume_advertising_sync(hdev);
	return err;
}

int hci_abort_conn_sync(struct hci_dev *hdev, struct hci_conn *conn, u8 reason)
{
	hci_dev_lock(hdev);
	if (hci_conn_valid(hdev, conn))
		hci_abort_conn(conn, reason);
	hci_dev_unlock(hdev);
	return 0;
}

int hci_le_remove_cig_sync(struct hci_dev *hdev, u8 handle)
{
	struct hci_cp_le_remove_cig cp = { .cig_id = handle };

	return __hci_cmd_sync_status(hdev, HCI_OP_LE_REMOVE_CIG, sizeof(cp), &cp,
				     HCI_CMD_TIMEOUT);
}

int hci_le_terminate_big_sync(struct hci_dev *hdev, u8 handle, u8 reason)
{
	struct hci_cp_le_term_big cp = { .handle = handle, .reason = reason };

	return __hci_cmd_sync_status(hdev, HCI_OP_LE_TERM_BIG, sizeof(cp), &cp,
				     HCI_CMD_TIMEOUT);
}

int hci_le_big_terminate_sync(struct hci_dev *hdev, u8 handle)
{
	struct hci_cp_le_big_term_sync cp = { .handle = handle };

	return __hci_cmd_sync_status(hdev, HCI_OP_LE_BIG_TERM_SYNC, sizeof(cp), &cp,
				     HCI_CMD_TIMEOUT);
}

int hci_le_pa_terminate_sync(struct hci_dev *hdev, u16 handle)
{
	struct hci_cp_le_pa_term_sync cp = { .handle = cpu_to_le16(handle) };

	return __hci_cmd_sync_status(hdev, HCI_OP_LE_PA_TERM_SYNC, sizeof(cp), &cp,
				     HCI_CMD_TIMEOUT);
}

int hci_read_rssi_sync(struct hci_dev *hdev, __le16 handle)
{
	struct hci_cp_read_rssi cp = { .handle = handle };

	return __hci_cmd_sync_status(hdev, HCI_OP_READ_RSSI, sizeof(cp), &cp,
				     HCI_CMD_TIMEOUT);
}

int hci_read_tx_power_sync(struct hci_dev *hdev, __le16 handle, u8 type)
{
	struct hci_cp_read_tx_power cp = { .handle = handle, .type = type };

	return __hci_cmd_sync_status(hdev, HCI_OP_READ_TX_POWER, sizeof(cp), &cp,
				     HCI_CMD_TIMEOUT);
}

int hci_read_clock_sync(struct hci_dev *hdev, struct hci_cp_read_clock *cp)
{
	return __hci_cmd_sync_status(hdev, HCI_OP_READ_CLOCK, sizeof(*cp), cp,
				     HCI_CMD_TIMEOUT);
}

int hci_remove_ext_adv_instance_sync(struct hci_dev *hdev, u8 instance, struct sock *sk)
{
	if (!ext_adv_capable(hdev))
		return 0;
	if (instance > 0 && !hci_find_adv_instance(hdev, instance))
		return -EINVAL;
	return __hci_cmd_sync_status_sk(hdev, HCI_OP_LE_REMOVE_ADV_SET, sizeof(instance),
					&instance, 0, HCI_CMD_TIMEOUT, sk);
}

/* Periodic advertising carries a broadcast: its set, parameters, data, start. */
int hci_start_per_adv_sync(struct hci_dev *hdev, u8 instance, u8 data_len, u8 *data,
			   u32 flags, u16 min_interval, u16 max_interval,
			   u16 sync_interval)
{
	struct hci_cp_le_set_per_adv_params params = {
		.handle = instance,
		.min_interval = cpu_to_le16(min_interval),
		.max_interval = cpu_to_le16(max_interval),
	};
	struct hci_cp_le_set_per_adv_enable enable = { .enable = 1, .handle = instance };
	struct adv_info *adv;
	int err;

	if (instance) {
		adv = hci_find_adv_instance(hdev, instance);
		if (!adv)
			adv = hci_add_adv_instance(hdev, instance, flags, 0, NULL, 0, NULL,
						   0, 0, HCI_ADV_TX_POWER_NO_PREFERENCE,
						   sync_interval, sync_interval, 0);
		if (IS_ERR(adv))
			return PTR_ERR(adv);
		adv->periodic = true;
		adv->per_adv_data_len = data_len;
		memcpy(adv->per_adv_data, data, data_len);
	}
	err = __hci_cmd_sync_status(hdev, HCI_OP_LE_SET_PER_ADV_PARAMS, sizeof(params),
				    &params, HCI_CMD_TIMEOUT);
	if (!err)
		err = __hci_cmd_sync_status(hdev, HCI_OP_LE_SET_PER_ADV_ENABLE,
					    sizeof(enable), &enable, HCI_CMD_TIMEOUT);
	if (err && instance)
		hci_remove_adv_instance(hdev, instance);
	return err;
}

int hci_dev_open_sync(struct hci_dev *hdev)
{
	set_bit(HCI_RUNNING, &hdev->flags);
	set_bit(HCI_UP, &hdev->flags);
	atomic_set(&hdev->cmd_cnt, 1);
	hci_dev_hold(hdev);
	return smp_register(hdev);
}

static void hci_pend_le_actions_clear(struct hci_dev *hdev)
{
	struct hci_conn_params *p;

	list_for_each_entry(p, &hdev->le_conn_params, list) {
		hci_pend_le_list_del_init(p);
		if (p->conn) {
			hci_conn_drop(p->conn);
			hci_conn_put(p->conn);
			p->conn = NULL;
		}
	}
}

static void hci_dev_cancel_works(struct hci_dev *hdev)
{
	cancel_delayed_work(&hdev->power_off);
	cancel_delayed_work(&hdev->ncmd_timer);
	cancel_delayed_work(&hdev->le_scan_disable);
	cancel_delayed_work(&hdev->le_scan_restart);
	cancel_delayed_work(&hdev->service_cache);
	cancel_delayed_work(&hdev->discov_off);
	cancel_delayed_work(&hdev->rpa_expired);
	hci_cmd_sync_cancel_sync(hdev, ENODEV);
	if (hdev->adv_instance_timeout) {
		cancel_delayed_work_sync(&hdev->adv_instance_expire);
		hdev->adv_instance_timeout = 0;
	}
}

/* What is queued between us and the controller. */
static void hci_dev_drop_queues(struct hci_dev *hdev)
{
	skb_queue_purge(&hdev->cmd_q);
	cancel_work_sync(&hdev->cmd_work);
	atomic_set(&hdev->cmd_cnt, 1);
	skb_queue_purge(&hdev->rx_q);
	cancel_work_sync(&hdev->rx_work);
	cancel_work_sync(&hdev->tx_work);
	cancel_delayed_work_sync(&hdev->cmd_timer);
	kfree_skb(hdev->sent_cmd);
	hdev->sent_cmd = NULL;
}

/* Return: 0, or -EALREADY when it is not up. */
int hci_dev_close_sync(struct hci_dev *hdev)
{
	hci_dev_set_flag(hdev, HCI_CMD_DRAIN_WORKQUEUE);
	synchronize_rcu();
	hci_dev_cancel_works(hdev);
	if (!test_and_clear_bit(HCI_UP, &hdev->flags)) {
		cancel_delayed_work_sync(&hdev->cmd_timer);
		hci_dev_clear_flag(hdev, HCI_CMD_DRAIN_WORKQUEUE);
		return -EALREADY;
	}
	flush_work(&hdev->tx_work);
	flush_work(&hdev->rx_work);

	hci_dev_lock(hdev);
	hci_discovery_set_state(hdev, DISCOVERY_STOPPED);
	hci_inquiry_cache_flush(hdev);
	hci_pend_le_actions_clear(hdev);
	hci_conn_hash_flush(hdev);
	smp_unregister(hdev);
	hci_dev_unlock(hdev);

	hci_dev_drop_queues(hdev);
	msft_do_close(hdev);
	clear_bit(HCI_RUNNING, &hdev->flags);
	hdev->flags = 0;
	hci_dev_clear_flag(hdev, HCI_LE_SCAN);
	hci_dev_clear_flag(hdev, HCI_LE_ADV);
	hci_dev_clear_flag(hdev, HCI_LL_RPA_RESOLUTION);
	hci_dev_clear_flag(hdev, HCI_PERIODIC_INQ);
	hci_dev_clear_flag(hdev, HCI_CMD_DRAIN_WORKQUEUE);
	hci_dev_lock(hdev);
	hci_codec_list_clear(&hdev->local_codecs);
	hci_dev_unlock(hdev);
	hci_dev_put(hdev);
	return 0;
}
