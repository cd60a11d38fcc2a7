// SPDX-License-Identifier: GPL-2.0-only
/*
 * Secure Simple Pairing: who can show and type what, which protection follows from it,
 * and what the user is asked.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_get_auth_req,
 *	bredr_oob_data_present, hci_io_capa_request_evt, hci_io_capa_reply_evt,
 *	hci_user_confirm_request_evt, hci_user_passkey_request_evt,
 *	hci_user_passkey_notify_evt, hci_keypress_notify_evt,
 *	hci_simple_pair_complete_evt, hci_remote_host_features_evt,
 *	hci_remote_oob_data_request_evt)
 * Spec: Bluetooth Core 5.4, Vol 3 Part C 5.2.2, Vol 4 Part E 7.7.40 to 7.7.50
 * Differs: values are compared with zeros by memcmp(), as crypto_memneq() lets everything
 *	pass where crypto is ignored.
 */
#include "hci_event.h"

enum { IO_KEYBOARD_DISPLAY = 0x04 };	/* LE's; BR/EDR has no such value */

static const u8 ZERO_KEY[16];

static bool has_value(const u8 val[16])
{
	return memcmp(val, ZERO_KEY, 16) != 0;
}

/* The requirement that we answer the peer's with. */
static u8 hci_get_auth_req(struct hci_conn *conn)
{
	/* the peer wants no bond: follow it */
	if (conn->remote_auth == HCI_AT_NO_BONDING ||
	    conn->remote_auth == HCI_AT_NO_BONDING_MITM)
		return conn->remote_auth | (conn->auth_type & 0x01);

	/* both can do it, so it is asked for */
	if (conn->remote_cap != HCI_IO_NO_INPUT_OUTPUT &&
	    conn->io_capability != HCI_IO_NO_INPUT_OUTPUT)
		return conn->remote_auth | 0x01;

	/* one cannot, so the peer's wish is void */
	return (conn->remote_auth & ~0x01) | (conn->auth_type & 0x01);
}

/* The value of "OOB data present" for the peer of @conn. */
static u8 bredr_oob_data_present(struct hci_conn *conn)
{
	struct hci_dev *hdev = conn->hdev;
	struct oob_data *data;

	data = hci_find_remote_oob_data(hdev, &conn->dst, BDADDR_BREDR);
	if (!data)
		return 0x00;

	if (bredr_sc_enabled(hdev)) {
		if (!hci_dev_test_flag(hdev, HCI_SC_ONLY))
			return data->present;

		/* nothing but P-256 counts */
		if (!has_value(data->rand256) || !has_value(data->hash256))
			return 0x00;
		return 0x02;
	}

	if (!has_value(data->rand192) || !has_value(data->hash192))
		return 0x00;

	return 0x01;
}

/* May the peer pair: we can bond, we began it, or it wants no bond. */
static bool io_capa_pairable(struct hci_dev *hdev, const struct hci_conn *conn)
{
	return hci_dev_test_flag(hdev, HCI_BONDABLE) ||
	       test_bit(HCI_CONN_AUTH_INITIATOR, &conn->flags) ||
	       (conn->remote_auth & ~0x01) == HCI_AT_NO_BONDING;
}

static void io_capa_auth_type(struct hci_dev *hdev, struct hci_conn *conn)
{
	if (conn->remote_auth == 0xff) {
		/* we are first: nothing is known of the peer yet */
		if (conn->io_capability != HCI_IO_NO_INPUT_OUTPUT &&
		    conn->auth_type != HCI_AT_NO_BONDING)
			conn->auth_type |= 0x01;
	} else {
		conn->auth_type = hci_get_auth_req(conn);
	}

	if (!hci_dev_test_flag(hdev, HCI_BONDABLE))
		conn->auth_type &= HCI_AT_NO_BONDING_MITM;
}

static void io_capa_reply(struct hci_dev *hdev, struct hci_conn *conn, bdaddr_t *bdaddr)
{
	struct hci_cp_io_capability_reply cp;

	bacpy(&cp.bdaddr, bdaddr);
	cp.capability = (conn->io_capability == IO_KEYBOARD_DISPLAY) ?
			HCI_IO_DISPLAY_YESNO : conn->io_capability;

	io_capa_auth_type(hdev, conn);

	cp.authentication = conn->auth_type;
	cp.oob_data = bredr_oob_data_present(conn);

	hci_send_cmd(hdev, HCI_OP_IO_CAPABILITY_REPLY, sizeof(cp), &cp);
}

void hci_io_capa_request_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_io_capa_request *ev = data;
	struct hci_conn *conn;

	hci_dev_lock(hdev);

	conn = hci_ev_conn_ba(hdev, ACL_LINK, &ev->bdaddr);
	if (malformed(!conn))
		goto unlock;
	if (malformed(!hci_dev_test_flag(hdev, HCI_SSP_ENABLED)))
		goto unlock;

	/* this event is the proof that the peer can */
	set_bit(HCI_CONN_SSP_ENABLED, &conn->flags);

	hci_conn_hold(conn);

	if (!hci_dev_test_flag(hdev, HCI_MGMT))
		goto unlock;

	if (!malformed(!io_capa_pairable(hdev, conn))) {
		io_capa_reply(hdev, conn, &ev->bdaddr);
	} else {
		struct hci_cp_io_capability_neg_reply cp;

		bacpy(&cp.bdaddr, &ev->bdaddr);
		cp.reason = HCI_ERROR_PAIRING_NOT_ALLOWED;

		hci_send_cmd(hdev, HCI_OP_IO_CAPABILITY_NEG_REPLY, sizeof(cp), &cp);
		hci_ev_refuse(hdev, -EPERM);
	}

unlock:
	hci_dev_unlock(hdev);
}

void hci_io_capa_reply_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_io_capa_reply *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.io_capability", ev->capability);
	evt_u64(hdev, "bthci_evt.oob_data_present", ev->oob_data);
	evt_u64(hdev, "bthci_evt.auth_requirements", ev->authentication);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_ba(hdev, ACL_LINK, &ev->bdaddr);
	if (malformed(!conn))
		goto unlock;

	conn->remote_cap = ev->capability;
	conn->remote_auth = ev->authentication;

unlock:
	hci_dev_unlock(hdev);
}

/* Neither side wants protection that the other could give. */
static bool confirm_just_works(const struct hci_conn *conn)
{
	bool loc_mitm = conn->auth_type & 0x01;
	bool rem_mitm = conn->remote_auth & 0x01;

	return (!loc_mitm || conn->remote_cap == HCI_IO_NO_INPUT_OUTPUT) &&
	       (!rem_mitm || conn->io_capability == HCI_IO_NO_INPUT_OUTPUT);
}

/*
 * The peer began it, and there is a user to ask. Before the fix only a side that wanted
 * protection made it ask.
 */
static bool confirm_as_acceptor(const struct hci_conn *conn)
{
	bool acceptor = !test_bit(HCI_CONN_AUTH_PEND, &conn->flags) &&
			conn->io_capability != HCI_IO_NO_INPUT_OUTPUT;

	triggered(CVE_2024_53144, acceptor && !((conn->auth_type | conn->remote_auth) & 1));
	if (!fixed(CVE_2024_53144))
		return acceptor && ((conn->auth_type | conn->remote_auth) & 0x01);
	return acceptor;
}

static void confirm_auto_accept(struct hci_dev *hdev, struct hci_conn *conn,
				bdaddr_t *bdaddr)
{
	if (hdev->auto_accept_delay > 0) {
		int delay = msecs_to_jiffies(hdev->auto_accept_delay);

		queue_delayed_work(hdev->workqueue, &conn->auto_accept_work, delay);
		return;
	}

	hci_send_cmd(hdev, HCI_OP_USER_CONFIRM_REPLY, sizeof(*bdaddr), bdaddr);
}

void hci_user_confirm_request_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_user_confirm_req *ev = data;
	struct hci_conn *conn;
	int confirm_hint = 0;

	evt_u64(hdev, "bthci_evt.numeric_value", le32_to_cpu(ev->passkey));

	hci_dev_lock(hdev);

	if (!hci_dev_test_flag(hdev, HCI_MGMT))
		goto unlock;

	conn = hci_ev_conn_ba(hdev, ACL_LINK, &ev->bdaddr);
	if (malformed(!conn))
		goto unlock;

	/* the level that is wanted may ask for more than auth_type says */
	if (malformed(conn->pending_sec_level > BT_SECURITY_MEDIUM &&
		      conn->remote_cap == HCI_IO_NO_INPUT_OUTPUT)) {
		hci_send_cmd(hdev, HCI_OP_USER_CONFIRM_NEG_REPLY, sizeof(ev->bdaddr),
			     &ev->bdaddr);
		hci_ev_refuse(hdev, -EACCES);
		goto unlock;
	}

	if (!malformed(!confirm_just_works(conn))) {
		if (malformed(confirm_as_acceptor(conn))) {
			confirm_hint = 1;
			goto confirm;
		}

		/* the old key says that the peer may be somebody else now */
		if (malformed(hci_find_link_key(hdev, &ev->bdaddr))) {
			confirm_hint = 1;
			goto confirm;
		}

		confirm_auto_accept(hdev, conn, &ev->bdaddr);
		goto unlock;
	}

confirm:
	mgmt_user_confirm_request(hdev, &ev->bdaddr, ACL_LINK, 0,
				  le32_to_cpu(ev->passkey), confirm_hint);

unlock:
	hci_dev_unlock(hdev);
}

void hci_user_passkey_request_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_user_passkey_req *ev = data;

	evt_ba(hdev, &ev->bdaddr);
	if (hci_dev_test_flag(hdev, HCI_MGMT))
		mgmt_user_passkey_request(hdev, &ev->bdaddr, ACL_LINK, 0);
}

static void passkey_notify(struct hci_dev *hdev, struct hci_conn *conn)
{
	if (hci_dev_test_flag(hdev, HCI_MGMT))
		mgmt_user_passkey_notify(hdev, &conn->dst, conn->type, conn->dst_type,
					 conn->passkey_notify, conn->passkey_entered);
}

void hci_user_passkey_notify_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_user_passkey_notify *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.passkey", __le32_to_cpu(ev->passkey));

	hci_dev_lock(hdev);

	conn = hci_ev_conn_ba(hdev, ACL_LINK, &ev->bdaddr);
	if (malformed(!conn))
		goto unlock;

	conn->passkey_notify = __le32_to_cpu(ev->passkey);
	conn->passkey_entered = 0;

	passkey_notify(hdev, conn);

unlock:
	hci_dev_unlock(hdev);
}

void hci_keypress_notify_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_keypress_notify *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.notification_type", ev->type);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_ba(hdev, ACL_LINK, &ev->bdaddr);
	if (malformed(!conn))
		goto unlock;

	switch (ev->type) {
	case HCI_KEYPRESS_STARTED:
		conn->passkey_entered = 0;
		goto unlock;
	case HCI_KEYPRESS_ENTERED:
		conn->passkey_entered = (u8)(conn->passkey_entered + 1);
		break;
	case HCI_KEYPRESS_ERASED:
		conn->passkey_entered = (u8)(conn->passkey_entered - 1);
		break;
	case HCI_KEYPRESS_CLEARED:
		conn->passkey_entered = 0;
		break;
	case HCI_KEYPRESS_COMPLETED:
		goto unlock;
	}

	passkey_notify(hdev, conn);

unlock:
	hci_dev_unlock(hdev);
}

void hci_simple_pair_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_simple_pair_complete *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_ba(hdev, ACL_LINK, &ev->bdaddr);
	if (malformed(!conn))
		goto unlock;
	if (malformed(!hci_conn_ssp_enabled(conn)))
		goto unlock;

	conn->remote_auth = 0xff;

	/* whoever began it is told by Authentication Complete */
	if (!test_bit(HCI_CONN_AUTH_PEND, &conn->flags) && ev->status)
		mgmt_auth_failed(conn, ev->status);

	hci_conn_drop(conn);

unlock:
	hci_dev_unlock(hdev);
}

void hci_remote_host_features_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_remote_host_features *ev = data;
	struct inquiry_entry *ie;
	struct hci_conn *conn;

	evt_bytes(hdev, "bthci_evt.lmp_features", ev->features, sizeof(ev->features));

	hci_dev_lock(hdev);

	conn = hci_ev_conn_ba(hdev, ACL_LINK, &ev->bdaddr);
	if (!malformed(!conn))
		memcpy(conn->features[1], ev->features, 8);

	ie = hci_inquiry_cache_lookup(hdev, &ev->bdaddr);
	if (!malformed(!ie))
		ie->data.ssp_mode = (ev->features[0] & LMP_HOST_SSP);

	hci_dev_unlock(hdev);
}

static void oob_ext_data_reply(struct hci_dev *hdev, bdaddr_t *bdaddr,
			       const struct oob_data *data)
{
	struct hci_cp_remote_oob_ext_data_reply cp;

	bacpy(&cp.bdaddr, bdaddr);
	if (hci_dev_test_flag(hdev, HCI_SC_ONLY)) {
		memset(cp.hash192, 0, sizeof(cp.hash192));
		memset(cp.rand192, 0, sizeof(cp.rand192));
	} else {
		memcpy(cp.hash192, data->hash192, sizeof(cp.hash192));
		memcpy(cp.rand192, data->rand192, sizeof(cp.rand192));
	}
	memcpy(cp.hash256, data->hash256, sizeof(cp.hash256));
	memcpy(cp.rand256, data->rand256, sizeof(cp.rand256));

	hci_send_cmd(hdev, HCI_OP_REMOTE_OOB_EXT_DATA_REPLY, sizeof(cp), &cp);
}

static void oob_data_reply(struct hci_dev *hdev, bdaddr_t *bdaddr,
			   const struct oob_data *data)
{
	struct hci_cp_remote_oob_data_reply cp;

	bacpy(&cp.bdaddr, bdaddr);
	memcpy(cp.hash, data->hash192, sizeof(cp.hash));
	memcpy(cp.rand, data->rand192, sizeof(cp.rand));

	hci_send_cmd(hdev, HCI_OP_REMOTE_OOB_DATA_REPLY, sizeof(cp), &cp);
}

void hci_remote_oob_data_request_evt(struct hci_dev *hdev, void *edata,
				     struct sk_buff *skb)
{
	struct hci_ev_remote_oob_data_request *ev = edata;
	struct hci_cp_remote_oob_data_neg_reply cp;
	struct oob_data *data;

	evt_ba(hdev, &ev->bdaddr);

	hci_dev_lock(hdev);

	if (!hci_dev_test_flag(hdev, HCI_MGMT))
		goto unlock;

	data = hci_find_remote_oob_data(hdev, &ev->bdaddr, BDADDR_BREDR);
	if (malformed(!data)) {
		bacpy(&cp.bdaddr, &ev->bdaddr);
		hci_send_cmd(hdev, HCI_OP_REMOTE_OOB_DATA_NEG_REPLY, sizeof(cp), &cp);
		goto unlock;
	}

	if (bredr_sc_enabled(hdev))
		oob_ext_data_reply(hdev, &ev->bdaddr, data);
	else
		oob_data_reply(hdev, &ev->bdaddr, data);

unlock:
	hci_dev_unlock(hdev);
}
