// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling the layers above what became of a link.
 *
 * Modelled on: Linux 6.1 include/net/bluetooth/hci_core.h (hci_*_cfm, hci_proto_*)
 * Spec: none, own interface
 * Differs: functions, not inlines.
 */
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>

/* Return: HCI_LM_ACCEPT if somebody takes links of the type from the peer. */
int hci_proto_connect_ind(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type, u8 *flags)
{
	switch (type) {
	case ACL_LINK:
		return l2cap_connect_ind(hdev, bdaddr);
	case SCO_LINK:
	case ESCO_LINK:
		return sco_connect_ind(hdev, bdaddr, flags);
	case ISO_LINK:
		return iso_connect_ind(hdev, bdaddr, flags);
	}
	return -EINVAL;
}

/* Return: the reason to give the peer when a link is let go. */
int hci_proto_disconn_ind(struct hci_conn *conn)
{
	if (conn->type != ACL_LINK && conn->type != LE_LINK)
		return HCI_ERROR_REMOTE_USER_TERM;
	return l2cap_disconn_ind(conn);
}

/* Calls @call_ (over `cb`) of every layer that has @member_. */
#define hci_cb_each(member_, call_) do {			\
	struct hci_cb *cb;					\
	mutex_lock(&hci_cb_list_lock);				\
	list_for_each_entry(cb, &hci_cb_list, list) {		\
		if (cb->member_)				\
			cb->member_ call_;			\
	}							\
	mutex_unlock(&hci_cb_list_lock);			\
} while (0)

void hci_connect_cfm(struct hci_conn *conn, u8 status)
{
	hci_cb_each(connect_cfm, (conn, status));
	if (conn->connect_cfm_cb)
		conn->connect_cfm_cb(conn, status);
}

void hci_disconn_cfm(struct hci_conn *conn, u8 reason)
{
	hci_cb_each(disconn_cfm, (conn, reason));
	if (conn->disconn_cfm_cb)
		conn->disconn_cfm_cb(conn, reason);
}

static void hci_security_cfm(struct hci_conn *conn, u8 status, u8 encrypt)
{
	hci_cb_each(security_cfm, (conn, status, encrypt));
	if (conn->security_cfm_cb)
		conn->security_cfm_cb(conn, status);
}

void hci_auth_cfm(struct hci_conn *conn, u8 status)
{
	/* the end of encryption will tell */
	if (test_bit(HCI_CONN_ENCRYPT_PEND, &conn->flags))
		return;
	hci_security_cfm(conn, status, test_bit(HCI_CONN_ENCRYPT, &conn->flags));
}

void hci_encrypt_cfm(struct hci_conn *conn, u8 status)
{
	u8 encrypt;

	if (conn->state == BT_CONFIG) {
		if (!status)
			conn->state = BT_CONNECTED;
		hci_connect_cfm(conn, status);
		hci_conn_drop(conn);
		return;
	}
	if (!test_bit(HCI_CONN_ENCRYPT, &conn->flags))
		encrypt = 0x00;
	else
		encrypt = test_bit(HCI_CONN_AES_CCM, &conn->flags) ? 0x02 : 0x01;
	if (!status) {
		if (conn->sec_level == BT_SECURITY_SDP)
			conn->sec_level = BT_SECURITY_LOW;
		if (conn->pending_sec_level > conn->sec_level)
			conn->sec_level = conn->pending_sec_level;
	}
	hci_security_cfm(conn, status, encrypt);
}

void hci_key_change_cfm(struct hci_conn *conn, u8 status)
{
	hci_cb_each(key_change_cfm, (conn, status));
}

void hci_role_switch_cfm(struct hci_conn *conn, u8 status, u8 role)
{
	hci_cb_each(role_switch_cfm, (conn, status, role));
}
