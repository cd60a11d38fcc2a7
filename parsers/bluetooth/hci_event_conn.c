// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a link as the controller tells it: a peer asks for one, it is there, what
 * its features are, it is gone; ACL, SCO and eSCO.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_conn_complete_evt,
 *	hci_conn_request_evt, hci_reject_conn, hci_disconn_complete_evt,
 *	hci_to_mgmt_reason, hci_remote_features_evt, hci_remote_ext_features_evt,
 *	hci_sync_conn_complete_evt)
 * Spec: Bluetooth Core 5.4, Vol 4 Part E 7.7.3 to 7.7.5, 7.7.11, 7.7.34, 7.7.35
 * Differs: no debugfs; the long upstream functions are cut into steps with the same
 *	order of checks.
 */
#include "hci_event.h"

/* An ACL link that nobody asked us about: the event filter let it in while suspended. */
static struct hci_conn *conn_complete_auto(struct hci_dev *hdev,
					   struct hci_ev_conn_complete *ev)
{
	struct hci_conn *conn;

	conn = hci_conn_add_unset(hdev, ev->link_type, &ev->bdaddr, HCI_ROLE_SLAVE);
	if (IS_ERR(conn))
		return NULL;
	hci_ev_refuse(hdev, 0);
	return conn;
}

/* The object that @ev completes, if it names none that waits for it. */
static struct hci_conn *conn_complete_other(struct hci_dev *hdev,
					    struct hci_ev_conn_complete *ev)
{
	struct hci_conn *conn;

	/* nothing was pending, so there is nothing to clean up */
	if (malformed(ev->status))
		return NULL;

	if (ev->link_type == ACL_LINK &&
	    hci_bdaddr_list_lookup_with_flags(&hdev->accept_list, &ev->bdaddr,
					      BDADDR_BREDR))
		return conn_complete_auto(hdev, ev);

	if (malformed(ev->link_type != SCO_LINK))
		return NULL;

	/* asked for as eSCO, granted as SCO */
	conn = hci_conn_hash_lookup_ba(hdev, ESCO_LINK, &ev->bdaddr);
	if (malformed(!conn))
		return NULL;

	conn->type = SCO_LINK;
	hci_ev_refuse(hdev, 0);
	return conn;
}

/*
 * A link that we ask for has to be connecting: two sides may have called each other, or
 * somebody plays tricks on an object that does not even try.
 */
static struct hci_conn *conn_complete_find(struct hci_dev *hdev,
					   struct hci_ev_conn_complete *ev)
{
	struct hci_conn *conn;

	conn = hci_ev_conn_ba(hdev, ev->link_type, &ev->bdaddr);
	if (!malformed(!conn)) {
		if (!malformed(conn->role == HCI_ROLE_MASTER &&
			       conn->state != BT_CONNECT))
			return conn;
	}

	return conn_complete_other(hdev, ev);
}

/* The key came before the link was complete, so it is encrypted already. */
static void conn_complete_encrypted(struct hci_dev *hdev, struct hci_conn *conn,
				    struct hci_ev_conn_complete *ev)
{
	struct hci_cp_read_enc_key_size cp;

	if (!hci_find_link_key(hdev, &ev->bdaddr))
		return;

	set_bit(HCI_CONN_ENCRYPT, &conn->flags);

	if (!(hdev->commands[20] & 0x10)) {
		conn->enc_key_size = HCI_LINK_KEY_SIZE;
	} else {
		cp.handle = cpu_to_le16(conn->handle);
		if (hci_send_cmd(hdev, HCI_OP_READ_ENC_KEY_SIZE, sizeof(cp), &cp))
			conn->enc_key_size = HCI_LINK_KEY_SIZE;
	}

	hci_encrypt_cfm(conn, ev->status);
}

/* What to ask the controller, now that the link has a handle. */
static void conn_complete_ask(struct hci_dev *hdev, struct hci_conn *conn,
			      struct hci_ev_conn_complete *ev)
{
	if (conn->type == ACL_LINK) {
		struct hci_cp_read_remote_features cp;

		cp.handle = ev->handle;
		hci_send_cmd(hdev, HCI_OP_READ_REMOTE_FEATURES, sizeof(cp), &cp);

		hci_update_scan(hdev);
	}

	if (!conn->out && hdev->hci_ver < BLUETOOTH_VER_2_0) {
		struct hci_cp_change_conn_ptype cp;

		cp.handle = ev->handle;
		cp.pkt_type = cpu_to_le16(conn->pkt_type);
		hci_send_cmd(hdev, HCI_OP_CHANGE_CONN_PTYPE, sizeof(cp), &cp);
	}
}

static void conn_complete_up(struct hci_dev *hdev, struct hci_conn *conn,
			     struct hci_ev_conn_complete *ev)
{
	if (HCI_CONN_HANDLE_UNSET(conn->handle))
		ida_free(&hdev->unset_handle_ida, conn->handle);
	conn->handle = __le16_to_cpu(ev->handle);

	if (conn->type == ACL_LINK) {
		conn->state = BT_CONFIG;
		hci_conn_hold(conn);

		/* a user has to type the PIN code */
		if (!conn->out && !hci_conn_ssp_enabled(conn) &&
		    !hci_find_link_key(hdev, &ev->bdaddr))
			conn->disc_timeout = HCI_PAIRING_TIMEOUT;
		else
			conn->disc_timeout = HCI_DISCONN_TIMEOUT;
	} else {
		conn->state = BT_CONNECTED;
	}

	hci_conn_add_sysfs(conn);

	if (test_bit(HCI_AUTH, &hdev->flags))
		set_bit(HCI_CONN_AUTH, &conn->flags);

	if (test_bit(HCI_ENCRYPT, &hdev->flags))
		set_bit(HCI_CONN_ENCRYPT, &conn->flags);

	if (ev->encr_mode == 1 && !test_bit(HCI_CONN_ENCRYPT, &conn->flags) &&
	    ev->link_type == ACL_LINK)
		conn_complete_encrypted(hdev, conn, ev);

	conn_complete_ask(hdev, conn, ev);
}

void hci_conn_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_conn_complete *ev = data;
	struct hci_conn *conn;
	u8 status = ev->status;

	evt_u64(hdev, "bthci_evt.status", status);
	evt_u64(hdev, "bthci_evt.connection_handle", __le16_to_cpu(ev->handle));
	evt_u64(hdev, "bthci_evt.link_type", ev->link_type);
	evt_u64(hdev, "bthci_evt.encryption_mode", ev->encr_mode);

	hci_dev_lock(hdev);
	hci_store_wake_reason(hdev, &ev->bdaddr, BDADDR_BREDR);

	conn = conn_complete_find(hdev, ev);
	if (!conn)
		goto unlock;

	/* once per link: the handle says whether it has happened */
	if (malformed_in(CVE_2022_49138, !HCI_CONN_HANDLE_UNSET(conn->handle))) {
		hci_ev_refuse(hdev, -EEXIST);
		goto unlock;
	}

	if (!status) {
		if (malformed(__le16_to_cpu(ev->handle) > HCI_CONN_HANDLE_MAX)) {
			status = HCI_ERROR_INVALID_PARAMETERS;
			hci_ev_refuse(hdev, -EINVAL);
			goto done;
		}
		conn_complete_up(hdev, conn, ev);
	}

	if (conn->type == ACL_LINK)
		hci_sco_setup(conn, ev->status);

done:
	if (status) {
		hci_conn_failed(conn, status);
	} else if (ev->link_type == SCO_LINK) {
		if ((conn->setting & SCO_AIRMODE_MASK) == SCO_AIRMODE_CVSD && hdev->notify)
			hdev->notify(hdev, HCI_NOTIFY_ENABLE_SCO_CVSD);

		hci_connect_cfm(conn, status);
	}

unlock:
	hci_dev_unlock(hdev);

	hci_conn_check_pending(hdev);
}

static void hci_reject_conn(struct hci_dev *hdev, bdaddr_t *bdaddr)
{
	struct hci_cp_reject_conn_req cp;

	bacpy(&cp.bdaddr, bdaddr);
	cp.reason = HCI_ERROR_REJ_BAD_ADDR;
	hci_send_cmd(hdev, HCI_OP_REJECT_CONN_REQ, sizeof(cp), &cp);
	hci_ev_refuse(hdev, -ECONNREFUSED);
}

/* Connectable, or one of those that may always call. */
static bool conn_request_allowed(struct hci_dev *hdev, bdaddr_t *bdaddr)
{
	if (!hci_dev_test_flag(hdev, HCI_MGMT))
		return true;
	if (hci_dev_test_flag(hdev, HCI_CONNECTABLE))
		return true;
	return hci_bdaddr_list_lookup_with_flags(&hdev->accept_list, bdaddr,
						 BDADDR_BREDR);
}

static void conn_request_accept(struct hci_dev *hdev, struct hci_conn *conn, int mask)
{
	struct hci_cp_accept_conn_req cp;

	conn->state = BT_CONNECT;

	bacpy(&cp.bdaddr, &conn->dst);
	if (lmp_rswitch_capable(hdev) && (mask & HCI_LM_MASTER))
		cp.role = HCI_ROLE_MASTER;
	else
		cp.role = HCI_ROLE_SLAVE;

	hci_send_cmd(hdev, HCI_OP_ACCEPT_CONN_REQ, sizeof(cp), &cp);
}

static void conn_request_accept_sync(struct hci_dev *hdev, struct hci_conn *conn)
{
	struct hci_cp_accept_sync_conn_req cp;

	conn->state = BT_CONNECT;

	bacpy(&cp.bdaddr, &conn->dst);
	cp.pkt_type = cpu_to_le16(conn->pkt_type);
	cp.tx_bandwidth = cpu_to_le32(0x00001f40);	/* 8000 octets a second */
	cp.rx_bandwidth = cpu_to_le32(0x00001f40);
	cp.max_latency = cpu_to_le16(0xffff);
	cp.content_format = cpu_to_le16(hdev->voice_setting);
	cp.retrans_effort = 0xff;

	hci_send_cmd(hdev, HCI_OP_ACCEPT_SYNC_CONN_REQ, sizeof(cp), &cp);
}

/* Every test is passed: @ev becomes a link, at once or when the upper layer agrees. */
static void conn_request_up(struct hci_dev *hdev, struct hci_ev_conn_request *ev,
			    int mask, __u8 flags)
{
	struct inquiry_entry *ie;
	struct hci_conn *conn;

	ie = hci_inquiry_cache_lookup(hdev, &ev->bdaddr);
	if (ie)
		memcpy(ie->data.dev_class, ev->dev_class, 3);

	conn = hci_conn_hash_lookup_ba(hdev, ev->link_type, &ev->bdaddr);
	if (!conn) {
		conn = hci_conn_add_unset(hdev, ev->link_type, &ev->bdaddr,
					  HCI_ROLE_SLAVE);
		if (IS_ERR(conn))
			return;
	}

	memcpy(conn->dev_class, ev->dev_class, 3);

	if (ev->link_type == ACL_LINK ||
	    (!(flags & HCI_PROTO_DEFER) && !lmp_esco_capable(hdev))) {
		conn_request_accept(hdev, conn, mask);
	} else if (!(flags & HCI_PROTO_DEFER)) {
		conn_request_accept_sync(hdev, conn);
	} else {
		conn->state = BT_CONNECT2;
		hci_connect_cfm(conn, 0);
	}
}

void hci_conn_request_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_conn_request *ev = data;
	int mask = hdev->link_mode;
	__u8 flags = 0;

	evt_ba(hdev, &ev->bdaddr);
	evt_class(hdev, ev->dev_class);
	evt_u64(hdev, "bthci_evt.link_type", ev->link_type);

	hci_dev_lock(hdev);
	hci_store_wake_reason(hdev, &ev->bdaddr, BDADDR_BREDR);
	hci_dev_unlock(hdev);

	/* who calls under our name reflects what we say when we pair */
	if (malformed_in(CVE_2020_26555, !bacmp(&hdev->bdaddr, &ev->bdaddr))) {
		hci_reject_conn(hdev, &ev->bdaddr);
		return;
	}

	mask |= hci_proto_connect_ind(hdev, &ev->bdaddr, ev->link_type, &flags);

	if (malformed(!(mask & HCI_LM_ACCEPT))) {
		hci_reject_conn(hdev, &ev->bdaddr);
		return;
	}

	hci_dev_lock(hdev);

	if (malformed(hci_bdaddr_list_lookup(&hdev->reject_list, &ev->bdaddr,
					     BDADDR_BREDR))) {
		hci_reject_conn(hdev, &ev->bdaddr);
		goto unlock;
	}

	if (malformed(!conn_request_allowed(hdev, &ev->bdaddr))) {
		hci_reject_conn(hdev, &ev->bdaddr);
		goto unlock;
	}

	conn_request_up(hdev, ev, mask, flags);

unlock:
	hci_dev_unlock(hdev);
}

static u8 hci_to_mgmt_reason(u8 err)
{
	switch (err) {
	case HCI_ERROR_CONNECTION_TIMEOUT:
		return MGMT_DEV_DISCONN_TIMEOUT;
	case HCI_ERROR_REMOTE_USER_TERM:
	case HCI_ERROR_REMOTE_LOW_RESOURCES:
	case HCI_ERROR_REMOTE_POWER_OFF:
		return MGMT_DEV_DISCONN_REMOTE;
	case HCI_ERROR_LOCAL_HOST_TERM:
		return MGMT_DEV_DISCONN_LOCAL_HOST;
	default:
		return MGMT_DEV_DISCONN_UNKNOWN;
	}
}

/**
 * hci_conn_is_auto_connect - is a device to be connected again after this disconnect?
 * @params: what the user wants of the device
 * @reason: HCI error that ended the link
 */
bool hci_conn_is_auto_connect(struct hci_conn_params *params, u8 reason)
{
	switch (params->auto_connect) {
	case HCI_AUTO_CONN_LINK_LOSS:
		if (malformed(reason != HCI_ERROR_CONNECTION_TIMEOUT))
			return false;
		return true;
	case HCI_AUTO_CONN_DIRECT:
	case HCI_AUTO_CONN_ALWAYS:
		return true;
	default:
		return false;
	}
}

/* An LE device that is wanted back is scanned for again. */
static void disconn_complete_le(struct hci_dev *hdev, struct hci_conn *conn, u8 reason)
{
	struct hci_conn_params *params;

	params = hci_conn_params_lookup(hdev, &conn->dst, conn->dst_type);
	if (params && hci_conn_is_auto_connect(params, reason)) {
		hci_pend_le_list_del_init(params);
		hci_pend_le_list_add(params, &hdev->pend_le_conns);
		hci_update_passive_scan(hdev);
	}
}

void hci_disconn_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_disconn_complete *ev = data;
	struct hci_conn *conn;
	bool mgmt_connected;
	u8 reason;

	evt_u64(hdev, "bthci_evt.status", ev->status);
	evt_u64(hdev, "bthci_evt.reason", ev->reason);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (malformed(!conn))
		goto unlock;

	if (malformed(ev->status)) {
		mgmt_disconnect_failed(hdev, &conn->dst, conn->type, conn->dst_type,
				       ev->status);
		goto unlock;
	}

	conn->state = BT_CLOSED;

	mgmt_connected = test_and_clear_bit(HCI_CONN_MGMT_CONNECTED, &conn->flags);

	if (test_bit(HCI_CONN_AUTH_FAILURE, &conn->flags))
		reason = MGMT_DEV_DISCONN_AUTH_FAILURE;
	else
		reason = hci_to_mgmt_reason(ev->reason);

	mgmt_device_disconnected(hdev, &conn->dst, conn->type, conn->dst_type, reason,
				 mgmt_connected);

	if (conn->type == ACL_LINK) {
		if (test_and_clear_bit(HCI_CONN_FLUSH_KEY, &conn->flags))
			hci_remove_link_key(hdev, &conn->dst);

		hci_update_scan(hdev);
	}

	if (conn->type == LE_LINK)
		disconn_complete_le(hdev, conn, ev->reason);

	hci_disconn_cfm(conn, ev->reason);

	/* the controller stopped advertising when the link came up */
	if (conn->type == LE_LINK && conn->role == HCI_ROLE_SLAVE) {
		hdev->cur_adv_instance = conn->adv_instance;
		hci_enable_advertising(hdev);
	}

	hci_conn_del(conn);

unlock:
	hci_dev_unlock(hdev);
}

/*
 * Features of the peer, then its name, then authentication if we want it
 */

/* All is known: the link is up, unless it has to be authenticated first. */
static void remote_features_done(struct hci_dev *hdev, struct hci_conn *conn, u8 status)
{
	if (!hci_outgoing_auth_needed(hdev, conn)) {
		conn->state = BT_CONNECTED;
		hci_connect_cfm(conn, status);
		hci_conn_drop(conn);
	}
}

static void remote_features_ask_name(struct hci_dev *hdev, struct hci_conn *conn)
{
	struct hci_cp_remote_name_req cp;

	memset(&cp, 0, sizeof(cp));
	bacpy(&cp.bdaddr, &conn->dst);
	cp.pscan_rep_mode = 0x02;
	hci_send_cmd(hdev, HCI_OP_REMOTE_NAME_REQ, sizeof(cp), &cp);
}

void hci_remote_features_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_remote_features *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);
	evt_bytes(hdev, "bthci_evt.lmp_features", ev->features, sizeof(ev->features));

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (malformed(!conn))
		goto unlock;

	if (!ev->status)
		memcpy(conn->features[0], ev->features, 8);

	if (malformed(conn->state != BT_CONFIG))
		goto unlock;

	if (!ev->status && lmp_ext_feat_capable(hdev) && lmp_ext_feat_capable(conn)) {
		struct hci_cp_read_remote_ext_features cp;

		cp.handle = ev->handle;
		cp.page = 0x01;
		hci_send_cmd(hdev, HCI_OP_READ_REMOTE_EXT_FEATURES, sizeof(cp), &cp);
		goto unlock;
	}

	if (!ev->status)
		remote_features_ask_name(hdev, conn);
	else if (!test_and_set_bit(HCI_CONN_MGMT_CONNECTED, &conn->flags))
		mgmt_device_connected(hdev, conn, NULL, 0);

	remote_features_done(hdev, conn, ev->status);

unlock:
	hci_dev_unlock(hdev);
}

/* Page 1: what the peer's host supports; it overrules what its inquiry response said. */
static void remote_host_page(struct hci_dev *hdev, struct hci_conn *conn,
			     const u8 *features)
{
	struct inquiry_entry *ie;

	ie = hci_inquiry_cache_lookup(hdev, &conn->dst);
	if (ie)
		ie->data.ssp_mode = (features[0] & LMP_HOST_SSP);

	if (features[0] & LMP_HOST_SSP)
		set_bit(HCI_CONN_SSP_ENABLED, &conn->flags);
	else
		clear_bit(HCI_CONN_SSP_ENABLED, &conn->flags);

	if (features[0] & LMP_HOST_SC)
		set_bit(HCI_CONN_SC_ENABLED, &conn->flags);
}

void hci_remote_ext_features_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_remote_ext_features *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);
	evt_u64(hdev, "bthci_evt.page_number", ev->page);
	evt_u64(hdev, "bthci_evt.max_page_number", ev->max_page);
	evt_bytes(hdev, "bthci_evt.lmp_features", ev->features, sizeof(ev->features));

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (malformed(!conn))
		goto unlock;

	if (!malformed(ev->page >= HCI_MAX_PAGES))
		memcpy(conn->features[ev->page], ev->features, 8);

	if (!ev->status && ev->page == 0x01)
		remote_host_page(hdev, conn, ev->features);

	if (malformed(conn->state != BT_CONFIG))
		goto unlock;

	if (!ev->status && !test_bit(HCI_CONN_MGMT_CONNECTED, &conn->flags))
		remote_features_ask_name(hdev, conn);
	else if (!test_and_set_bit(HCI_CONN_MGMT_CONNECTED, &conn->flags))
		mgmt_device_connected(hdev, conn, NULL, 0);

	remote_features_done(hdev, conn, ev->status);

unlock:
	hci_dev_unlock(hdev);
}

/*
 * SCO and eSCO
 */

/* Core 5.4 Vol 4 Part E 7.7.35 knows no other type here. */
static bool sync_conn_type_ok(u8 link_type)
{
	switch (link_type) {
	case SCO_LINK:
	case ESCO_LINK:
		return true;
	}
	return false;
}

static struct hci_conn *sync_conn_find(struct hci_dev *hdev,
				       struct hci_ev_sync_conn_complete *ev)
{
	struct hci_conn *conn;

	conn = hci_ev_conn_ba(hdev, ev->link_type, &ev->bdaddr);
	if (conn)
		return conn;

	if (malformed(ev->link_type == ESCO_LINK))
		return NULL;

	/* eSCO is tried first, and what comes may be plain SCO */
	conn = hci_conn_hash_lookup_ba(hdev, ESCO_LINK, &ev->bdaddr);
	if (malformed(!conn))
		return NULL;
	hci_ev_refuse(hdev, 0);
	return conn;
}

/* Does this error leave hope for packets of another kind? */
static bool sync_conn_retry(struct hci_dev *hdev, struct hci_conn *conn, u8 status)
{
	switch (status) {
	case 0x10:	/* connection accept timeout */
	case HCI_ERROR_REJ_LIMITED_RESOURCES:
	case 0x11:	/* unsupported feature or parameter value */
	case 0x1c:	/* SCO interval rejected */
	case 0x1a:	/* unsupported remote feature */
	case 0x1e:	/* invalid LMP parameters */
	case 0x1f:	/* unspecified error */
	case 0x20:	/* unsupported LMP parameter value */
		break;
	default:
		return false;
	}

	if (!conn->out)
		return false;

	conn->pkt_type = (hdev->esco_type & SCO_ESCO_MASK) |
			 (hdev->esco_type & EDR_ESCO_MASK);
	triggered(CVE_2022_49139, !conn->link);
	return hci_setup_sync(conn, conn->link->handle);
}

static void sync_conn_up(struct hci_dev *hdev, struct hci_conn *conn,
			 struct hci_ev_sync_conn_complete *ev)
{
	if (HCI_CONN_HANDLE_UNSET(conn->handle))
		ida_free(&hdev->unset_handle_ida, conn->handle);
	conn->handle = __le16_to_cpu(ev->handle);
	conn->state = BT_CONNECTED;
	conn->type = ev->link_type;

	hci_conn_add_sysfs(conn);
}

/* Samples that travel over HCI: the driver has to know their form. */
static void sync_conn_notify(struct hci_dev *hdev, struct hci_conn *conn, u8 air_mode)
{
	if (conn->codec.data_path != 0 || !hdev->notify)
		return;

	switch (air_mode) {
	case 0x02:
		hdev->notify(hdev, HCI_NOTIFY_ENABLE_SCO_CVSD);
		break;
	case 0x03:
		hdev->notify(hdev, HCI_NOTIFY_ENABLE_SCO_TRANSP);
		break;
	}
}

static void sync_conn_decode(struct hci_dev *hdev,
			     const struct hci_ev_sync_conn_complete *ev)
{
	evt_u64(hdev, "bthci_evt.status", ev->status);
	evt_u64(hdev, "bthci_evt.connection_handle", __le16_to_cpu(ev->handle));
	evt_u64(hdev, "bthci_evt.sync_link_type", ev->link_type);
	evt_u64(hdev, "bthci_evt.sync_tx_interval", ev->tx_interval);
	evt_u64(hdev, "bthci_evt.sync_rtx_window", ev->retrans_window);
	evt_u64(hdev, "bthci_evt.sync_rx_pkt_len", __le16_to_cpu(ev->rx_pkt_len));
	evt_u64(hdev, "bthci_evt.sync_tx_pkt_len", __le16_to_cpu(ev->tx_pkt_len));
	evt_u64(hdev, "bthci_evt.air_mode", ev->air_mode);
}

void hci_sync_conn_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_sync_conn_complete *ev = data;
	struct hci_conn *conn;
	u8 status = ev->status;

	sync_conn_decode(hdev, ev);
	if (malformed_in(CVE_2022_49139, !sync_conn_type_ok(ev->link_type))) {
		hci_ev_refuse(hdev, -EINVAL);
		return;
	}

	hci_dev_lock(hdev);
	hci_store_wake_reason(hdev, &ev->bdaddr, BDADDR_BREDR);

	conn = sync_conn_find(hdev, ev);
	if (!conn)
		goto unlock;

	if (malformed_in(CVE_2022_49138, !HCI_CONN_HANDLE_UNSET(conn->handle))) {
		hci_ev_refuse(hdev, -EEXIST);
		goto unlock;
	}

	if (status) {
		if (sync_conn_retry(hdev, conn, status))
			goto unlock;
		conn->state = BT_CLOSED;
	} else if (malformed(__le16_to_cpu(ev->handle) > HCI_CONN_HANDLE_MAX)) {
		status = HCI_ERROR_INVALID_PARAMETERS;
		hci_ev_refuse(hdev, -EINVAL);
		conn->state = BT_CLOSED;
	} else {
		sync_conn_up(hdev, conn, ev);
	}

	sync_conn_notify(hdev, conn, ev->air_mode);

	hci_connect_cfm(conn, status);
	if (status)
		hci_conn_del(conn);

unlock:
	hci_dev_unlock(hdev);
}
