// SPDX-License-Identifier: GPL-2.0-only
/*
 * Authentication, encryption, PIN codes and link keys of BR/EDR.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_outgoing_auth_needed,
 *	hci_auth_complete_evt, hci_encrypt_change_evt, hci_key_refresh_complete_evt,
 *	hci_change_link_key_complete_evt, hci_pin_code_request_evt, conn_set_key,
 *	hci_link_key_request_evt, hci_link_key_notify_evt)
 * Spec: Bluetooth Core 5.4, Vol 4 Part E 7.7.6, 7.7.8, 7.7.9, 7.7.22 to 7.7.24, 7.7.39
 * Differs: hci_request_auth() is cut out of hci_cs_remote_name_req() and
 *	hci_remote_name_evt(), which have a copy each. A key is compared with zeros by
 *	memcmp(), as crypto_memneq() lets everything pass where crypto is ignored.
 */
#include "hci_event.h"

static const u8 ZERO_KEY[HCI_LINK_KEY_SIZE];

/**
 * hci_outgoing_auth_needed - does a link that we opened want authentication first?
 * @hdev: controller, locked
 * @conn: the link
 *
 * Return: 1 if so; a legacy device is asked only for a level that a PIN code gives.
 */
int hci_outgoing_auth_needed(struct hci_dev *hdev, struct hci_conn *conn)
{
	if (malformed(conn->state != BT_CONFIG))
		return 0;
	if (!conn->out)
		return 0;

	if (conn->pending_sec_level == BT_SECURITY_SDP)
		return 0;

	if (!hci_conn_ssp_enabled(conn) && !(conn->auth_type & 0x01) &&
	    conn->pending_sec_level != BT_SECURITY_FIPS &&
	    conn->pending_sec_level != BT_SECURITY_HIGH &&
	    conn->pending_sec_level != BT_SECURITY_MEDIUM)
		return 0;

	return 1;
}

/* Start the authentication of @conn, unless it runs already. */
void hci_request_auth(struct hci_dev *hdev, struct hci_conn *conn)
{
	struct hci_cp_auth_requested cp;

	if (test_and_set_bit(HCI_CONN_AUTH_PEND, &conn->flags))
		return;

	set_bit(HCI_CONN_AUTH_INITIATOR, &conn->flags);

	cp.handle = __cpu_to_le16(conn->handle);
	hci_send_cmd(hdev, HCI_OP_AUTH_REQUESTED, sizeof(cp), &cp);
}

/* Hold and drop: from now on an idle link lives for @timeout. */
static void conn_idle_timeout(struct hci_conn *conn, u16 timeout)
{
	hci_conn_hold(conn);
	conn->disc_timeout = timeout;
	hci_conn_drop(conn);
}

static void auth_encrypt(struct hci_dev *hdev, __le16 handle)
{
	struct hci_cp_set_conn_encrypt cp;

	cp.handle = handle;
	cp.encrypt = 0x01;
	hci_send_cmd(hdev, HCI_OP_SET_CONN_ENCRYPT, sizeof(cp), &cp);
}

/* What the result means for the link itself; who waits is told by the caller. */
static void auth_complete_result(struct hci_conn *conn, u8 status)
{
	if (!status) {
		clear_bit(HCI_CONN_AUTH_FAILURE, &conn->flags);
		set_bit(HCI_CONN_AUTH, &conn->flags);
		conn->sec_level = conn->pending_sec_level;
	} else {
		if (status == HCI_ERROR_PIN_OR_KEY_MISSING)
			set_bit(HCI_CONN_AUTH_FAILURE, &conn->flags);

		mgmt_auth_failed(conn, status);
	}

	clear_bit(HCI_CONN_AUTH_PEND, &conn->flags);
}

void hci_auth_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_auth_complete *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (malformed(!conn))
		goto unlock;

	auth_complete_result(conn, ev->status);

	if (conn->state == BT_CONFIG) {
		/* Secure Simple Pairing wants the link encrypted before it is up */
		if (!ev->status && hci_conn_ssp_enabled(conn)) {
			auth_encrypt(hdev, ev->handle);
		} else {
			conn->state = BT_CONNECTED;
			hci_connect_cfm(conn, ev->status);
			hci_conn_drop(conn);
		}
	} else {
		hci_auth_cfm(conn, ev->status);
		conn_idle_timeout(conn, HCI_DISCONN_TIMEOUT);
	}

	if (test_bit(HCI_CONN_ENCRYPT_PEND, &conn->flags)) {
		if (!ev->status) {
			auth_encrypt(hdev, ev->handle);
		} else {
			clear_bit(HCI_CONN_ENCRYPT_PEND, &conn->flags);
			hci_encrypt_cfm(conn, ev->status);
		}
	}

unlock:
	hci_dev_unlock(hdev);
}

/*
 * Encryption
 */

static void encrypt_change_flags(struct hci_conn *conn, u8 encrypt)
{
	if (!encrypt) {
		clear_bit(HCI_CONN_ENCRYPT, &conn->flags);
		clear_bit(HCI_CONN_AES_CCM, &conn->flags);
		return;
	}

	/* who has the key is who it says it is */
	set_bit(HCI_CONN_AUTH, &conn->flags);
	set_bit(HCI_CONN_ENCRYPT, &conn->flags);
	conn->sec_level = conn->pending_sec_level;

	if (conn->key_type == HCI_LK_AUTH_COMBINATION_P256)
		set_bit(HCI_CONN_FIPS, &conn->flags);

	/* BR/EDR says which cipher it is, LE has but one */
	if ((conn->type == ACL_LINK && encrypt == 0x02) || conn->type == LE_LINK)
		set_bit(HCI_CONN_AES_CCM, &conn->flags);
}

/*
 * Ask for the size of the key of an ACL link; who waits is told when it is known.
 * false: the controller cannot say, so the size is taken for the full one.
 */
static bool encrypt_ask_key_size(struct hci_dev *hdev, struct hci_conn *conn)
{
	struct hci_cp_read_enc_key_size cp;

	if (!(hdev->commands[20] & 0x10)) {
		conn->enc_key_size = HCI_LINK_KEY_SIZE;
		return false;
	}

	cp.handle = cpu_to_le16(conn->handle);
	if (hci_send_cmd(hdev, HCI_OP_READ_ENC_KEY_SIZE, sizeof(cp), &cp)) {
		conn->enc_key_size = HCI_LINK_KEY_SIZE;
		return false;
	}
	return true;
}

/* Core 5.4 Vol 2 Part B 9: an encrypted link may be pinged, so that silence shows. */
static void encrypt_set_payload_timeout(struct hci_dev *hdev, struct hci_conn *conn)
{
	struct hci_cp_write_auth_payload_to cp;

	if (!test_bit(HCI_CONN_ENCRYPT, &conn->flags) ||
	    !test_bit(HCI_CONN_AES_CCM, &conn->flags))
		return;

	if (!(conn->type == ACL_LINK && lmp_ping_capable(hdev)) &&
	    !(conn->type == LE_LINK && (hdev->le_features[0] & HCI_LE_PING)))
		return;

	cp.handle = cpu_to_le16(conn->handle);
	cp.timeout = cpu_to_le16(hdev->auth_payload_timeout);
	hci_send_cmd(hdev, HCI_OP_WRITE_AUTH_PAYLOAD_TO, sizeof(cp), &cp);
}

/* Encryption failed on a link that is up: tell, then end it. */
static void encrypt_change_failed(struct hci_conn *conn, u8 status)
{
	if (status == HCI_ERROR_PIN_OR_KEY_MISSING)
		set_bit(HCI_CONN_AUTH_FAILURE, &conn->flags);

	hci_encrypt_cfm(conn, status);
	hci_disconnect(conn, HCI_ERROR_AUTH_FAILURE);
	hci_conn_drop(conn);
}

void hci_encrypt_change_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_encrypt_change *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);
	evt_u64(hdev, "bthci_evt.encryption_enable", ev->encrypt);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (malformed(!conn))
		goto unlock;

	if (!ev->status)
		encrypt_change_flags(conn, ev->encrypt);

	/* an address that could not be used for a key is not used again */
	if (ev->status && conn->type == LE_LINK) {
		hci_dev_set_flag(hdev, HCI_RPA_EXPIRED);
		hci_adv_instances_set_rpa_expired(hdev, true);
	}

	clear_bit(HCI_CONN_ENCRYPT_PEND, &conn->flags);

	/* a link of level 4 with a lesser cipher is no link of level 4 */
	if (malformed_in(CVE_2020_10135, !hci_conn_check_link_mode(conn)))
		ev->status = HCI_ERROR_AUTH_FAILURE;

	if (malformed(ev->status && conn->state == BT_CONNECTED)) {
		encrypt_change_failed(conn, ev->status);
		goto unlock;
	}

	if (!ev->status && ev->encrypt && conn->type == ACL_LINK) {
		if (encrypt_ask_key_size(hdev, conn))
			goto unlock;
	} else {
		encrypt_set_payload_timeout(hdev, conn);
	}

	hci_encrypt_cfm(conn, ev->status);

unlock:
	hci_dev_unlock(hdev);
}

void hci_key_refresh_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_key_refresh_complete *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (malformed(!conn))
		goto unlock;

	/* BR/EDR has done it when the authentication was complete */
	if (malformed(conn->type != LE_LINK))
		goto unlock;

	if (!ev->status)
		conn->sec_level = conn->pending_sec_level;

	clear_bit(HCI_CONN_ENCRYPT_PEND, &conn->flags);

	if (malformed(ev->status && conn->state == BT_CONNECTED)) {
		hci_disconnect(conn, HCI_ERROR_AUTH_FAILURE);
		hci_conn_drop(conn);
		goto unlock;
	}

	if (conn->state == BT_CONFIG) {
		if (!ev->status)
			conn->state = BT_CONNECTED;

		hci_connect_cfm(conn, ev->status);
		hci_conn_drop(conn);
	} else {
		hci_auth_cfm(conn, ev->status);
		conn_idle_timeout(conn, HCI_DISCONN_TIMEOUT);
	}

unlock:
	hci_dev_unlock(hdev);
}

void hci_change_link_key_complete_evt(struct hci_dev *hdev, void *data,
				      struct sk_buff *skb)
{
	struct hci_ev_change_link_key_complete *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (!malformed(!conn)) {
		if (!ev->status)
			set_bit(HCI_CONN_SECURE, &conn->flags);

		clear_bit(HCI_CONN_AUTH_PEND, &conn->flags);

		hci_key_change_cfm(conn, ev->status);
	}

	hci_dev_unlock(hdev);
}

/*
 * PIN codes and link keys
 */

void hci_pin_code_request_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_pin_code_req *ev = data;
	struct hci_conn *conn;

	hci_dev_lock(hdev);

	conn = hci_ev_conn_ba(hdev, ACL_LINK, &ev->bdaddr);
	if (malformed(!conn))
		goto unlock;

	if (conn->state == BT_CONNECTED)
		conn_idle_timeout(conn, HCI_PAIRING_TIMEOUT);

	if (malformed(!hci_dev_test_flag(hdev, HCI_BONDABLE) &&
		      !test_bit(HCI_CONN_AUTH_INITIATOR, &conn->flags))) {
		hci_send_cmd(hdev, HCI_OP_PIN_CODE_NEG_REPLY, sizeof(ev->bdaddr),
			     &ev->bdaddr);
	} else if (hci_dev_test_flag(hdev, HCI_MGMT)) {
		/* sixteen digits give the highest level of a legacy key */
		u8 secure = conn->pending_sec_level == BT_SECURITY_HIGH;

		mgmt_pin_code_request(hdev, &ev->bdaddr, secure);
	}

unlock:
	hci_dev_unlock(hdev);
}

/* What a key of this type is good for. */
static void conn_set_key(struct hci_conn *conn, u8 key_type, u8 pin_len)
{
	if (malformed(key_type == HCI_LK_CHANGED_COMBINATION))
		return;

	conn->pin_length = pin_len;
	conn->key_type = key_type;

	switch (key_type) {
	case HCI_LK_LOCAL_UNIT:
	case HCI_LK_REMOTE_UNIT:
	case HCI_LK_DEBUG_COMBINATION:
		return;
	case HCI_LK_COMBINATION:
		if (pin_len == 16)
			conn->pending_sec_level = BT_SECURITY_HIGH;
		else
			conn->pending_sec_level = BT_SECURITY_MEDIUM;
		break;
	case HCI_LK_UNAUTH_COMBINATION_P192:
	case HCI_LK_UNAUTH_COMBINATION_P256:
		conn->pending_sec_level = BT_SECURITY_MEDIUM;
		break;
	case HCI_LK_AUTH_COMBINATION_P192:
		conn->pending_sec_level = BT_SECURITY_HIGH;
		break;
	case HCI_LK_AUTH_COMBINATION_P256:
		conn->pending_sec_level = BT_SECURITY_FIPS;
		break;
	}
}

/* A key that came about without protection, where we want some. */
static bool link_key_unauthenticated(const struct link_key *key,
				     const struct hci_conn *conn)
{
	return (key->type == HCI_LK_UNAUTH_COMBINATION_P192 ||
		key->type == HCI_LK_UNAUTH_COMBINATION_P256) &&
	       conn->auth_type != 0xff && (conn->auth_type & 0x01);
}

/* A key from a PIN code that can be guessed, where we want a better one. */
static bool link_key_short_pin(const struct link_key *key, const struct hci_conn *conn)
{
	return key->type == HCI_LK_COMBINATION && key->pin_len < 16 &&
	       (conn->pending_sec_level == BT_SECURITY_HIGH ||
		conn->pending_sec_level == BT_SECURITY_FIPS);
}

void hci_link_key_request_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_link_key_req *ev = data;
	struct hci_cp_link_key_reply cp;
	struct hci_conn *conn;
	struct link_key *key;

	if (!hci_dev_test_flag(hdev, HCI_MGMT))
		return;

	hci_dev_lock(hdev);

	key = hci_find_link_key(hdev, &ev->bdaddr);
	if (malformed(!key)) {
		evt_ba(hdev, &ev->bdaddr);
		goto not_found;
	}

	conn = hci_ev_conn_ba(hdev, ACL_LINK, &ev->bdaddr);
	if (!malformed(!conn)) {
		clear_bit(HCI_CONN_NEW_LINK_KEY, &conn->flags);

		if (malformed(link_key_unauthenticated(key, conn)))
			goto not_found;

		if (malformed(link_key_short_pin(key, conn)))
			goto not_found;

		conn_set_key(conn, key->type, key->pin_len);
	}

	bacpy(&cp.bdaddr, &ev->bdaddr);
	memcpy(cp.link_key, key->val, HCI_LINK_KEY_SIZE);

	hci_send_cmd(hdev, HCI_OP_LINK_KEY_REPLY, sizeof(cp), &cp);

	hci_dev_unlock(hdev);

	return;

not_found:
	hci_send_cmd(hdev, HCI_OP_LINK_KEY_NEG_REPLY, 6, &ev->bdaddr);
	hci_dev_unlock(hdev);
}

/* Keep the key, tell the user's side, and decide how long it is kept. */
static void link_key_store(struct hci_dev *hdev, struct hci_conn *conn,
			   struct hci_ev_link_key_notify *ev)
{
	struct link_key *key;
	bool persistent;
	u8 pin_len = 0;

	key = hci_add_link_key(hdev, conn, &ev->bdaddr, ev->link_key, ev->key_type,
			       pin_len, &persistent);
	if (!key)
		return;

	/* a changed key keeps the type of the one that it replaces */
	if (ev->key_type == HCI_LK_CHANGED_COMBINATION)
		conn_set_key(conn, key->type, key->pin_len);

	mgmt_new_link_key(hdev, key, persistent);

	/* everybody knows a debug key */
	if (malformed(key->type == HCI_LK_DEBUG_COMBINATION &&
		      !hci_dev_test_flag(hdev, HCI_KEEP_DEBUG_KEYS))) {
		list_del_rcu(&key->list);
		kfree_rcu(key, rcu);
		return;
	}

	if (persistent)
		clear_bit(HCI_CONN_FLUSH_KEY, &conn->flags);
	else
		set_bit(HCI_CONN_FLUSH_KEY, &conn->flags);
}

void hci_link_key_notify_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_link_key_notify *ev = data;
	struct hci_conn *conn;

	evt_bytes(hdev, "bthci_evt.link_key", ev->link_key, sizeof(ev->link_key));
	evt_u64(hdev, "bthci_evt.key_type", ev->key_type);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_ba(hdev, ACL_LINK, &ev->bdaddr);
	if (malformed(!conn))
		goto unlock;

	/* the key of whoever reflects our own values back to us */
	if (malformed_in(CVE_2020_26555,
			 !memcmp(ev->link_key, ZERO_KEY, HCI_LINK_KEY_SIZE))) {
		hci_ev_refuse(hdev, -EKEYREJECTED);
		hci_disconnect(conn, HCI_ERROR_AUTH_FAILURE);
		hci_conn_drop(conn);
		goto unlock;
	}

	conn_idle_timeout(conn, HCI_DISCONN_TIMEOUT);

	set_bit(HCI_CONN_NEW_LINK_KEY, &conn->flags);
	conn_set_key(conn, ev->key_type, conn->pin_length);

	if (hci_dev_test_flag(hdev, HCI_MGMT))
		link_key_store(hdev, conn, ev);

unlock:
	hci_dev_unlock(hdev);
}
