// SPDX-License-Identifier: GPL-2.0-only
/*
 * LE Meta: dispatch by subevent, and the events of LE links.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_le_meta_evt, hci_le_ev_table,
 *	le_conn_update_addr, le_conn_complete_evt, hci_le_conn_complete_evt,
 *	hci_le_enh_conn_complete_evt, hci_le_conn_update_complete_evt,
 *	hci_le_remote_feat_complete_evt, hci_le_ltk_request_evt,
 *	hci_le_remote_conn_param_req_evt, hci_le_phy_update_evt)
 * Spec: Bluetooth Core 5.4 Vol 4 Part E 7.7.65
 * Differs: le_conn_complete_evt() is cut into steps with the same order of checks; no
 *	debugfs, no sysfs. As upstream, other subevents (Data Length Change, Read Local
 *	P-256 Public Key Complete, Generate DHKey Complete, Scan Timeout, Channel
 *	Selection Algorithm, PAST Received, Request Peer SCA Complete, Terminate BIG
 *	Complete ...) have no handler and are let go.
 */
#include "hci_event.h"
#include "hci_le.h"
#include "smp.h"

/*
 * Connection Complete
 */

/* What the event says of the link; both forms of it. */
struct le_conn_complete {
	u8 status;
	u8 role;
	u8 bdaddr_type;
	u16 handle;
	u16 interval;
	u16 latency;
	u16 supervision_timeout;
	bdaddr_t *bdaddr;
	bdaddr_t *local_rpa;	/* NULL: the event has none */
};

/* Our address as the one who initiated. */
static void le_conn_init_addr(struct hci_conn *conn)
{
	if (hci_dev_test_flag(conn->hdev, HCI_PRIVACY)) {
		conn->init_addr_type = ADDR_LE_DEV_RANDOM;
		bacpy(&conn->init_addr, &conn->hdev->rpa);
	} else {
		hci_copy_identity_address(conn->hdev, &conn->init_addr,
					  &conn->init_addr_type);
	}
}

static void le_conn_update_addr(struct hci_conn *conn, bdaddr_t *bdaddr, u8 bdaddr_type,
				bdaddr_t *local_rpa)
{
	struct hci_dev *hdev = conn->hdev;
	/* an address that the controller made up is the one on the air */
	bool own_rpa = local_rpa && bacmp(local_rpa, BDADDR_ANY);

	if (conn->out) {
		conn->dst_type = bdaddr_type;
		conn->resp_addr_type = bdaddr_type;
		bacpy(&conn->resp_addr, bdaddr);

		if (own_rpa) {
			conn->init_addr_type = ADDR_LE_DEV_RANDOM;
			bacpy(&conn->init_addr, local_rpa);
		} else {
			le_conn_init_addr(conn);
		}
		return;
	}

	conn->resp_addr_type = hdev->adv_addr_type;
	if (own_rpa) {
		conn->resp_addr_type = ADDR_LE_DEV_RANDOM;
		bacpy(&conn->resp_addr, local_rpa);
	} else if (hdev->adv_addr_type == ADDR_LE_DEV_RANDOM) {
		/* with extended advertising, Advertising Set Terminated tells */
		if (!ext_adv_capable(hdev))
			bacpy(&conn->resp_addr, &hdev->random_addr);
	} else {
		bacpy(&conn->resp_addr, &hdev->bdaddr);
	}

	conn->init_addr_type = bdaddr_type;
	bacpy(&conn->init_addr, bdaddr);

	/* what the peer's wishes are measured by */
	conn->le_conn_min_interval = hdev->le_conn_min_interval;
	conn->le_conn_max_interval = hdev->le_conn_max_interval;
}

/* A link that nobody here asked for by address. */
static struct hci_conn *le_conn_new(struct hci_dev *hdev, const struct le_conn_complete *ev)
{
	struct hci_conn *conn;

	conn = hci_conn_add_unset(hdev, LE_LINK, ev->bdaddr, ev->role);
	if (IS_ERR(conn)) {
		bt_dev_err(hdev, "connection err: %ld", PTR_ERR(conn));
		return NULL;
	}

	conn->dst_type = ev->bdaddr_type;

	/* initiated by way of the accept list: the best guess at our address */
	if (conn->out) {
		conn->resp_addr_type = ev->bdaddr_type;
		bacpy(&conn->resp_addr, ev->bdaddr);
		le_conn_init_addr(conn);
	}
	return conn;
}

/*
 * The link that the event is about, or NULL. As the initiator we must be connecting:
 * both sides may try at once, or the event may aim at a link that is not ready.
 */
static struct hci_conn *le_conn_of(struct hci_dev *hdev, const struct le_conn_complete *ev)
{
	struct hci_conn *conn;

	conn = hci_conn_hash_lookup_role(hdev, LE_LINK, ev->role, ev->bdaddr);
	if (!conn || malformed(conn->role == HCI_ROLE_MASTER && conn->state != BT_CONNECT)) {
		/* failed, and nothing to clean up */
		if (malformed(ev->status))
			return NULL;
		return le_conn_new(hdev, ev);
	}

	cancel_delayed_work(&conn->le_conn_timeout);
	return conn;
}

/* A device that we know has its identity for an address from now on. */
static void le_conn_identity(struct hci_dev *hdev, struct hci_conn *conn)
{
	struct smp_irk *irk;

	irk = hci_get_irk(hdev, &conn->dst, conn->dst_type);
	if (irk) {
		bacpy(&conn->dst, &irk->bdaddr);
		conn->dst_type = irk->addr_type;
	}

	conn->dst_type = ev_bdaddr_type(hdev, conn->dst_type, NULL);
}

static bool le_conn_wanted(struct hci_dev *hdev, struct hci_conn *conn)
{
	u8 addr_type = conn->dst_type == ADDR_LE_DEV_PUBLIC ? BDADDR_LE_PUBLIC
							     : BDADDR_LE_RANDOM;

	/* given up while it came to be */
	if (malformed(test_bit(HCI_CONN_CANCEL, &conn->flags)))
		return false;

	if (malformed(hci_bdaddr_list_lookup(&hdev->reject_list, &conn->dst, addr_type)))
		return false;

	return true;
}

static void le_conn_start(struct hci_dev *hdev, struct hci_conn *conn,
			  const struct le_conn_complete *ev)
{
	if (!test_and_set_bit(HCI_CONN_MGMT_CONNECTED, &conn->flags))
		mgmt_device_connected(hdev, conn, NULL, 0);

	conn->sec_level = BT_SECURITY_LOW;
	if (HCI_CONN_HANDLE_UNSET(conn->handle))
		ida_free(&hdev->unset_handle_ida, conn->handle);
	conn->handle = ev->handle;
	conn->state = BT_CONFIG;

	/* software rotation: which one to take up again after the link */
	if (!ext_adv_capable(hdev))
		conn->adv_instance = hdev->cur_adv_instance;

	conn->le_conn_interval = ev->interval;
	conn->le_conn_latency = ev->latency;
	conn->le_supv_timeout = ev->supervision_timeout;

	hci_conn_add_sysfs(conn);

	/* a peripheral may ask for features only if its controller can */
	if (conn->out || (hdev->le_features[0] & HCI_LE_PERIPHERAL_FEATURES)) {
		struct hci_cp_le_read_remote_features cp;

		cp.handle = __cpu_to_le16(conn->handle);

		hci_send_cmd(hdev, HCI_OP_LE_READ_REMOTE_FEATURES, sizeof(cp), &cp);

		hci_conn_hold(conn);
	} else {
		conn->state = BT_CONNECTED;
		hci_connect_cfm(conn, ev->status);
	}
}

/* What was waiting for the device has it now. */
static void le_conn_params_done(struct hci_dev *hdev, struct hci_conn *conn)
{
	struct hci_conn_params *params;

	params = hci_pend_le_action_lookup(&hdev->pend_le_conns, &conn->dst,
					   conn->dst_type);
	if (!params)
		return;

	hci_pend_le_list_del_init(params);
	if (params->conn) {
		hci_conn_drop(params->conn);
		hci_conn_put(params->conn);
		params->conn = NULL;
	}
}

static void le_conn_complete_evt(struct hci_dev *hdev, struct le_conn_complete *ev)
{
	struct hci_conn *conn;
	u8 status = ev->status;

	hci_dev_lock(hdev);
	hci_store_wake_reason(hdev, ev->bdaddr, ev->bdaddr_type);

	/* advertising ends with a link, and goes on after a failure */
	if (!status)
		hci_dev_clear_flag(hdev, HCI_LE_ADV);

	conn = le_conn_of(hdev, ev);
	if (!conn) {
		hci_ev_refuse(hdev, -ENOENT);
		goto unlock;
	}

	/* sent once a link: it would be set up twice, and torn down twice */
	if (malformed(!HCI_CONN_HANDLE_UNSET(conn->handle))) {
		bt_dev_err(hdev, "Connection Complete for an existing link is ignored");
		hci_ev_refuse(hdev, -EEXIST);
		goto unlock;
	}

	le_conn_update_addr(conn, ev->bdaddr, ev->bdaddr_type, ev->local_rpa);
	le_conn_identity(hdev, conn);

	if (malformed(ev->handle > HCI_CONN_HANDLE_MAX)) {
		bt_dev_err(hdev, "handle 0x%4.4x is out of range", ev->handle);
		hci_ev_refuse(hdev, -ERANGE);
		status = HCI_ERROR_INVALID_PARAMETERS;
	}

	/* the request that asked for the link cleans up */
	if (malformed(status))
		goto unlock;

	if (!le_conn_wanted(hdev, conn)) {
		hci_conn_drop(conn);
		goto unlock;
	}

	le_conn_start(hdev, conn, ev);
	le_conn_params_done(hdev, conn);

unlock:
	hci_update_passive_scan(hdev);
	hci_dev_unlock(hdev);
}

static void sink_conn_complete(struct hci_dev *hdev, const struct le_conn_complete *ev)
{
	evt_u64(hdev, "bthci_evt.status", ev->status);
	evt_u64(hdev, "bthci_evt.connection_handle", ev->handle);
	evt_u64(hdev, "bthci_evt.role", ev->role);
	evt_u64(hdev, "bthci_evt.le_peer_address_type", ev->bdaddr_type);
	evt_ba(hdev, ev->bdaddr);
	if (ev->local_rpa)
		evt_bytes(hdev, "bthci_evt.le_local_rpa", ev->local_rpa, sizeof(bdaddr_t));
	evt_u64(hdev, "bthci_evt.le_con_interval", ev->interval);
	evt_u64(hdev, "bthci_evt.le_con_latency", ev->latency);
	evt_u64(hdev, "bthci_evt.le_supv_timeout", ev->supervision_timeout);
}

static void hci_le_conn_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_le_conn_complete *ev = data;
	struct le_conn_complete complete = {
		.status = ev->status,
		.role = ev->role,
		.bdaddr_type = ev->bdaddr_type,
		.handle = le16_to_cpu(ev->handle),
		.interval = le16_to_cpu(ev->interval),
		.latency = le16_to_cpu(ev->latency),
		.supervision_timeout = le16_to_cpu(ev->supervision_timeout),
		.bdaddr = &ev->bdaddr,
	};

	sink_conn_complete(hdev, &complete);
	le_conn_complete_evt(hdev, &complete);
}

static void hci_le_enh_conn_complete_evt(struct hci_dev *hdev, void *data,
					 struct sk_buff *skb)
{
	struct hci_ev_le_enh_conn_complete *ev = data;
	struct le_conn_complete complete = {
		.status = ev->status,
		.role = ev->role,
		.bdaddr_type = ev->bdaddr_type,
		.handle = le16_to_cpu(ev->handle),
		.interval = le16_to_cpu(ev->interval),
		.latency = le16_to_cpu(ev->latency),
		.supervision_timeout = le16_to_cpu(ev->supervision_timeout),
		.bdaddr = &ev->bdaddr,
		.local_rpa = &ev->local_rpa,
	};

	sink_conn_complete(hdev, &complete);
	le_conn_complete_evt(hdev, &complete);
}

/*
 * Life of a link
 */

static void hci_le_conn_update_complete_evt(struct hci_dev *hdev, void *data,
					    struct sk_buff *skb)
{
	struct hci_ev_le_conn_update_complete *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);
	if (malformed(ev->status))
		return;

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (!malformed(!conn)) {
		conn->le_conn_interval = le16_to_cpu(ev->interval);
		conn->le_conn_latency = le16_to_cpu(ev->latency);
		conn->le_supv_timeout = le16_to_cpu(ev->supervision_timeout);
		evt_u64(hdev, "bthci_evt.le_con_interval", conn->le_conn_interval);
		evt_u64(hdev, "bthci_evt.le_con_latency", conn->le_conn_latency);
		evt_u64(hdev, "bthci_evt.le_supv_timeout", conn->le_supv_timeout);
	}

	hci_dev_unlock(hdev);
}

/*
 * A peer that does not know the feature exchange of peripherals is no failure: the
 * link is up without it.
 */
static u8 remote_feat_status(struct hci_dev *hdev, struct hci_conn *conn, u8 status)
{
	if (!conn->out && status == HCI_ERROR_UNSUPPORTED_REMOTE_FEATURE &&
	    (hdev->le_features[0] & HCI_LE_PERIPHERAL_FEATURES))
		return 0x00;
	return status;
}

static void hci_le_remote_feat_complete_evt(struct hci_dev *hdev, void *data,
					    struct sk_buff *skb)
{
	struct hci_ev_le_remote_feat_complete *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (malformed(!conn))
		goto unlock;

	if (!malformed(ev->status)) {
		evt_bytes(hdev, "bthci_evt.le_features", ev->features, 8);
		memcpy(conn->features[0], ev->features, 8);
	}

	/* nobody waits for it in another state: nothing to confirm, no hold to drop */
	if (!malformed(conn->state != BT_CONFIG)) {
		conn->state = BT_CONNECTED;
		hci_connect_cfm(conn, remote_feat_status(hdev, conn, ev->status));
		hci_conn_drop(conn);
	}

unlock:
	hci_dev_unlock(hdev);
}

static bool ltk_matches(struct hci_dev *hdev, struct hci_ev_le_ltk_req *ev,
			struct smp_ltk *ltk)
{
	evt_u64(hdev, "bthci_evt.le_random_number", le64_to_cpu(ev->rand));
	evt_u64(hdev, "bthci_evt.le_encrypted_diversifier", le16_to_cpu(ev->ediv));

	/* Secure Connections: both are zero */
	if (smp_ltk_is_sc(ltk)) {
		if (malformed(ev->ediv))
			return false;
		return !malformed(ev->rand);
	}

	if (malformed(ev->ediv != ltk->ediv))
		return false;
	return !malformed(ev->rand != ltk->rand);
}

static void hci_le_ltk_request_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_le_ltk_req *ev = data;
	struct hci_cp_le_ltk_reply cp;
	struct hci_cp_le_ltk_neg_reply neg;
	struct hci_conn *conn;
	struct smp_ltk *ltk;

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (malformed(!conn))
		goto not_found;

	ltk = hci_find_ltk(hdev, &conn->dst, conn->dst_type, conn->role);
	if (malformed(!ltk))
		goto not_found;

	if (!ltk_matches(hdev, ev, ltk))
		goto not_found;

	memcpy(cp.ltk, ltk->val, ltk->enc_size);
	memset(cp.ltk + ltk->enc_size, 0, sizeof(cp.ltk) - ltk->enc_size);
	cp.handle = cpu_to_le16(conn->handle);

	conn->pending_sec_level = smp_ltk_sec_level(ltk);

	conn->enc_key_size = ltk->enc_size;

	hci_send_cmd(hdev, HCI_OP_LE_LTK_REPLY, sizeof(cp), &cp);

	/* a short-term key serves once: while the others are handed over */
	if (ltk->type == SMP_STK) {
		set_bit(HCI_CONN_STK_ENCRYPT, &conn->flags);
		list_del_rcu(&ltk->list);
		kfree_rcu(ltk, rcu);
	} else {
		clear_bit(HCI_CONN_STK_ENCRYPT, &conn->flags);
	}

	hci_dev_unlock(hdev);

	return;

not_found:
	neg.handle = ev->handle;
	hci_send_cmd(hdev, HCI_OP_LE_LTK_NEG_REPLY, sizeof(neg), &neg);
	hci_dev_unlock(hdev);
}

/*
 * What the peer asks for
 */

static void send_conn_param_neg_reply(struct hci_dev *hdev, u16 handle, u8 reason)
{
	struct hci_cp_le_conn_param_req_neg_reply cp;

	cp.handle = cpu_to_le16(handle);
	cp.reason = reason;

	hci_send_cmd(hdev, HCI_OP_LE_CONN_PARAM_REQ_NEG_REPLY, sizeof(cp), &cp);
}

/* A central remembers what its peripheral likes. */
static void conn_param_store(struct hci_dev *hdev, struct hci_conn *hcon, u16 min, u16 max,
			     u16 latency, u16 timeout)
{
	struct hci_conn_params *params;
	u8 store_hint = 0x00;

	params = hci_conn_params_lookup(hdev, &hcon->dst, hcon->dst_type);
	if (params) {
		params->conn_min_interval = min;
		params->conn_max_interval = max;
		params->conn_latency = latency;
		params->supervision_timeout = timeout;
		store_hint = 0x01;
	}

	mgmt_new_conn_param(hdev, &hcon->dst, hcon->dst_type, store_hint, min, max, latency,
			    timeout);
}

static void hci_le_remote_conn_param_req_evt(struct hci_dev *hdev, void *data,
					     struct sk_buff *skb)
{
	struct hci_ev_le_remote_conn_param_req *ev = data;
	struct hci_cp_le_conn_param_req_reply cp;
	struct hci_conn *hcon;
	u16 handle, min, max, latency, timeout;

	handle = le16_to_cpu(ev->handle);
	min = le16_to_cpu(ev->interval_min);
	max = le16_to_cpu(ev->interval_max);
	latency = le16_to_cpu(ev->latency);
	timeout = le16_to_cpu(ev->timeout);

	hci_dev_lock(hdev);

	hcon = hci_ev_conn_handle(hdev, ev->handle);
	evt_u64(hdev, "bthci_evt.le_min_interval", min);
	evt_u64(hdev, "bthci_evt.le_max_interval", max);
	evt_u64(hdev, "bthci_evt.le_con_latency", latency);
	evt_u64(hdev, "bthci_evt.le_supv_timeout", timeout);
	if (malformed(!hcon)) {
		send_conn_param_neg_reply(hdev, handle, HCI_ERROR_UNKNOWN_CONN_ID);
		goto unlock;
	}
	if (malformed(hcon->state != BT_CONNECTED)) {
		send_conn_param_neg_reply(hdev, handle, HCI_ERROR_UNKNOWN_CONN_ID);
		goto unlock;
	}

	if (malformed(max > hcon->le_conn_max_interval)) {
		send_conn_param_neg_reply(hdev, handle, HCI_ERROR_INVALID_LL_PARAMS);
		goto unlock;
	}

	if (malformed(hci_check_conn_params(min, max, latency, timeout))) {
		send_conn_param_neg_reply(hdev, handle, HCI_ERROR_INVALID_LL_PARAMS);
		goto unlock;
	}

	if (hcon->role == HCI_ROLE_MASTER)
		conn_param_store(hdev, hcon, min, max, latency, timeout);

	cp.handle = ev->handle;
	cp.interval_min = ev->interval_min;
	cp.interval_max = ev->interval_max;
	cp.latency = ev->latency;
	cp.timeout = ev->timeout;
	cp.min_ce_len = 0;
	cp.max_ce_len = 0;

	hci_send_cmd(hdev, HCI_OP_LE_CONN_PARAM_REQ_REPLY, sizeof(cp), &cp);

unlock:
	hci_dev_unlock(hdev);
}

static void hci_le_phy_update_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_le_phy_update_complete *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);
	if (malformed(ev->status))
		return;

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (malformed(!conn))
		goto unlock;

	conn->le_tx_phy = ev->tx_phy;
	conn->le_rx_phy = ev->rx_phy;
	evt_u64(hdev, "bthci_evt.le_tx_phy", conn->le_tx_phy);
	evt_u64(hdev, "bthci_evt.le_rx_phy", conn->le_rx_phy);

unlock:
	hci_dev_unlock(hdev);
}

/*
 * Dispatch
 */

#define HCI_LE_EV_VL(_op, _func, _min_len, _max_len)	\
	[_op] = {					\
		.func = _func,				\
		.min_len = _min_len,			\
		.max_len = _max_len,			\
	}

#define HCI_LE_EV(_op, _func, _len)	HCI_LE_EV_VL(_op, _func, _len, _len)

static const struct hci_le_ev {
	void (*func)(struct hci_dev *hdev, void *data, struct sk_buff *skb);
	u16 min_len;
	u16 max_len;
} hci_le_ev_table[U8_MAX + 1] = {
	HCI_LE_EV(HCI_EV_LE_CONN_COMPLETE, hci_le_conn_complete_evt,
		  sizeof(struct hci_ev_le_conn_complete)),
	HCI_LE_EV_VL(HCI_EV_LE_ADVERTISING_REPORT, hci_le_adv_report_evt,
		     sizeof(struct hci_ev_le_advertising_report), HCI_MAX_EVENT_SIZE),
	HCI_LE_EV(HCI_EV_LE_CONN_UPDATE_COMPLETE, hci_le_conn_update_complete_evt,
		  sizeof(struct hci_ev_le_conn_update_complete)),
	HCI_LE_EV(HCI_EV_LE_REMOTE_FEAT_COMPLETE, hci_le_remote_feat_complete_evt,
		  sizeof(struct hci_ev_le_remote_feat_complete)),
	HCI_LE_EV(HCI_EV_LE_LTK_REQ, hci_le_ltk_request_evt,
		  sizeof(struct hci_ev_le_ltk_req)),
	HCI_LE_EV(HCI_EV_LE_REMOTE_CONN_PARAM_REQ, hci_le_remote_conn_param_req_evt,
		  sizeof(struct hci_ev_le_remote_conn_param_req)),
	HCI_LE_EV(HCI_EV_LE_ENHANCED_CONN_COMPLETE, hci_le_enh_conn_complete_evt,
		  sizeof(struct hci_ev_le_enh_conn_complete)),
	HCI_LE_EV_VL(HCI_EV_LE_DIRECT_ADV_REPORT, hci_le_direct_adv_report_evt,
		     sizeof(struct hci_ev_le_direct_adv_report), HCI_MAX_EVENT_SIZE),
	HCI_LE_EV(HCI_EV_LE_PHY_UPDATE_COMPLETE, hci_le_phy_update_evt,
		  sizeof(struct hci_ev_le_phy_update_complete)),
	HCI_LE_EV_VL(HCI_EV_LE_EXT_ADV_REPORT, hci_le_ext_adv_report_evt,
		     sizeof(struct hci_ev_le_ext_adv_report), HCI_MAX_EVENT_SIZE),
	HCI_LE_EV(HCI_EV_LE_PA_SYNC_ESTABLISHED, hci_le_pa_sync_estabilished_evt,
		  sizeof(struct hci_ev_le_pa_sync_established)),
	HCI_LE_EV_VL(HCI_EV_LE_PER_ADV_REPORT, hci_le_per_adv_report_evt,
		     sizeof(struct hci_ev_le_per_adv_report), HCI_MAX_EVENT_SIZE),
	HCI_LE_EV(HCI_EV_LE_EXT_ADV_SET_TERM, hci_le_ext_adv_term_evt,
		  sizeof(struct hci_evt_le_ext_adv_set_term)),
	HCI_LE_EV(HCI_EVT_LE_CIS_ESTABLISHED, hci_le_cis_estabilished_evt,
		  sizeof(struct hci_evt_le_cis_established)),
	HCI_LE_EV(HCI_EVT_LE_CIS_REQ, hci_le_cis_req_evt,
		  sizeof(struct hci_evt_le_cis_req)),
	HCI_LE_EV_VL(HCI_EVT_LE_CREATE_BIG_COMPLETE, hci_le_create_big_complete_evt,
		     sizeof(struct hci_evt_le_create_big_complete), HCI_MAX_EVENT_SIZE),
	HCI_LE_EV_VL(HCI_EVT_LE_BIG_SYNC_ESTABILISHED, hci_le_big_sync_established_evt,
		     sizeof(struct hci_evt_le_big_sync_estabilished), HCI_MAX_EVENT_SIZE),
	HCI_LE_EV_VL(HCI_EVT_LE_BIG_INFO_ADV_REPORT, hci_le_big_info_adv_report_evt,
		     sizeof(struct hci_evt_le_big_info_adv_report), HCI_MAX_EVENT_SIZE),
};

/**
 * hci_le_meta_evt - event 0x3e
 * @hdev: controller
 * @data: the subevent code, within @skb
 * @skb: parameters of the subevent
 * @opcode: the command it completes, for the caller; untouched if there is none
 * @status: unused, as for every event that completes with success
 * @req_complete: whom to tell when it was the last command of a request
 * @req_complete_skb: the same with the event
 */
void hci_le_meta_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb, u16 *opcode,
		     u8 *status, hci_req_complete_t *req_complete,
		     hci_req_complete_skb_t *req_complete_skb)
{
	struct hci_ev_le_meta *ev = data;
	const struct hci_le_ev *subev;

	evt_u64(hdev, "bthci_evt.le_meta_subevent", ev->subevent);

	/* a command may wait for a subevent; only one for the LE controller does */
	if (hdev->sent_cmd && hci_opcode_ogf(hci_skb_opcode(hdev->sent_cmd)) == 0x08 &&
	    hci_skb_event(hdev->sent_cmd) == ev->subevent) {
		*opcode = hci_skb_opcode(hdev->sent_cmd);
		hci_req_cmd_complete(hdev, *opcode, 0x00, req_complete, req_complete_skb);
	}

	subev = &hci_le_ev_table[ev->subevent];
	if (malformed(!subev->func)) {
		hci_ev_refuse(hdev, -EOPNOTSUPP);
		return;
	}

	if (malformed(skb->len < subev->min_len)) {
		bt_dev_err(hdev, "unexpected subevent 0x%2.2x length: %u < %u", ev->subevent,
			   skb->len, subev->min_len);
		hci_ev_refuse(hdev, -EBADMSG);
		return;
	}

	/* what follows the known parameters is newer than this host: no error */
	if (skb->len > subev->max_len)
		bt_dev_warn(hdev, "unexpected subevent 0x%2.2x length: %u > %u",
			    ev->subevent, skb->len, subev->max_len);

	data = hci_le_ev_skb_pull(hdev, skb, ev->subevent, subev->min_len);
	if (malformed(!data)) {
		hci_ev_refuse(hdev, -EBADMSG);
		return;
	}

	subev->func(hdev, data, skb);
}
