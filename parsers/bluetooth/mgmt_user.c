// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the user's side asks for, and what of it waits for an event.
 *
 * Modelled on: Linux 6.1 net/bluetooth/mgmt.c (pair_device, unpair_device,
 *	user_pairing_resp, start_discovery_internal, add_device), mgmt_util.c
 * Spec: BlueZ Management API, commands
 * Differs: no sockets; a command's end is an effect; parameters are valid.
 */
#include <linux/err.h>
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

#include "hci_core_priv.h"
#include "mgmt_priv.h"
#include "smp.h"

static u8 le_addr_type(u8 mgmt_addr_type)
{
	return mgmt_addr_type == BDADDR_LE_PUBLIC ? ADDR_LE_DEV_PUBLIC :
						    ADDR_LE_DEV_RANDOM;
}

static struct mgmt_pending_cmd *pending_find(struct hci_dev *hdev, u16 opcode)
{
	struct mgmt_pending_cmd *cmd;

	list_for_each_entry(cmd, &hdev->mgmt_pending, list) {
		if (cmd->opcode == opcode)
			return cmd;
	}
	return NULL;
}

static struct mgmt_pending_cmd *mgmt_pending_add(struct hci_dev *hdev, u16 opcode,
						 bdaddr_t *bdaddr, u8 type)
{
	struct mgmt_pending_cmd *cmd = kzalloc(sizeof(*cmd), GFP_KERNEL);

	if (!cmd)
		return NULL;
	cmd->opcode = opcode;
	cmd->hdev = hdev;
	bacpy(&cmd->bdaddr, bdaddr);
	cmd->type = type;
	list_add_tail(&cmd->list, &hdev->mgmt_pending);
	return cmd;
}

/* The link that was being paired is let go. */
static void pairing_complete(struct mgmt_pending_cmd *cmd)
{
	struct hci_conn *conn = cmd->conn;

	conn->connect_cfm_cb = NULL;
	conn->security_cfm_cb = NULL;
	conn->disconn_cfm_cb = NULL;
	hci_conn_drop(conn);
	clear_bit(HCI_CONN_PARAM_REMOVAL_PEND, &conn->flags);
	hci_conn_put(conn);
}

static void mgmt_pending_complete(struct mgmt_pending_cmd *cmd, u8 status)
{
	sink_effect_u64(cmd->hdev->sink, "mgmt.complete", cmd->opcode);
	sink_effect_u64(cmd->hdev->sink, "mgmt.status", status);
	list_del(&cmd->list);
	if (cmd->conn)
		pairing_complete(cmd);
	kfree(cmd);
}

void hci_mgmt_index_removed(struct hci_dev *hdev)
{
	struct mgmt_pending_cmd *cmd, *tmp;

	list_for_each_entry_safe(cmd, tmp, &hdev->mgmt_pending, list)
		mgmt_pending_complete(cmd, MGMT_STATUS_INVALID_INDEX);
	cancel_delayed_work_sync(&hdev->discov_off);
	cancel_delayed_work_sync(&hdev->service_cache);
	cancel_delayed_work_sync(&hdev->rpa_expired);
}

static struct mgmt_pending_cmd *find_pairing(struct hci_conn *conn)
{
	struct mgmt_pending_cmd *cmd;

	list_for_each_entry(cmd, &conn->hdev->mgmt_pending, list) {
		if (cmd->opcode == MGMT_OP_PAIR_DEVICE && cmd->conn == conn)
			return cmd;
	}
	return NULL;
}

static void mgmt_end_pairing(struct hci_conn *conn, u8 status)
{
	struct mgmt_pending_cmd *cmd = find_pairing(conn);

	if (cmd)
		mgmt_pending_complete(cmd, status);
}

static void pairing_complete_cb(struct hci_conn *conn, u8 status)
{
	mgmt_end_pairing(conn, mgmt_status(status));
}

/* To be connected is not yet to be paired. */
static void le_pairing_complete_cb(struct hci_conn *conn, u8 status)
{
	if (status)
		mgmt_end_pairing(conn, mgmt_status(status));
}

void mgmt_smp_complete(struct hci_conn *conn, bool complete)
{
	mgmt_end_pairing(conn, complete ? MGMT_STATUS_SUCCESS : MGMT_STATUS_FAILED);
}

void mgmt_auth_failed(struct hci_conn *conn, u8 hci_status)
{
	struct hci_dev *hdev = conn->hdev;
	u8 status = mgmt_status(hci_status);

	sink_effect_bytes(hdev->sink, "mgmt.auth_failed", &conn->dst, sizeof(conn->dst));
	sink_effect_u64(hdev->sink, "mgmt.status", status);
	mgmt_end_pairing(conn, status);
}

static struct hci_conn *mgmt_pair_connect(struct hci_dev *hdev, bdaddr_t *bdaddr,
					  u8 type)
{
	struct hci_conn_params *p;

	if (type == BDADDR_BREDR)
		return hci_connect_acl(hdev, bdaddr, BT_SECURITY_MEDIUM,
				       HCI_AT_DEDICATED_BONDING, CONN_REASON_PAIR_DEVICE);
	/* remembered from now on, with what it prefers */
	p = hci_conn_params_add(hdev, bdaddr, le_addr_type(type));
	if (!p)
		return ERR_PTR(-EIO);
	if (p->auto_connect == HCI_AUTO_CONN_EXPLICIT)
		p->auto_connect = HCI_AUTO_CONN_DISABLED;
	return hci_connect_le_scan(hdev, bdaddr, le_addr_type(type), BT_SECURITY_MEDIUM,
				   HCI_LE_CONN_TIMEOUT, CONN_REASON_PAIR_DEVICE);
}

static int __mgmt_pair_device(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type, u8 io_cap)
{
	struct mgmt_pending_cmd *cmd;
	struct hci_conn *conn;

	if (hci_bdaddr_is_paired(hdev, bdaddr, type))
		return -EALREADY;
	conn = mgmt_pair_connect(hdev, bdaddr, type);
	if (IS_ERR(conn))
		return PTR_ERR(conn);
	/* somebody pairs it already */
	if (conn->connect_cfm_cb) {
		hci_conn_drop(conn);
		return -EBUSY;
	}
	cmd = mgmt_pending_add(hdev, MGMT_OP_PAIR_DEVICE, bdaddr, type);
	if (!cmd) {
		hci_conn_drop(conn);
		return -ENOMEM;
	}
	conn->connect_cfm_cb = type == BDADDR_BREDR ? pairing_complete_cb :
						      le_pairing_complete_cb;
	conn->security_cfm_cb = conn->connect_cfm_cb;
	conn->disconn_cfm_cb = conn->connect_cfm_cb;
	conn->io_capability = io_cap;
	cmd->conn = hci_conn_get(conn);
	if ((conn->state == BT_CONNECTED || conn->state == BT_CONFIG) &&
	    hci_conn_security(conn, BT_SECURITY_MEDIUM, HCI_AT_DEDICATED_BONDING, true))
		mgmt_pending_complete(cmd, MGMT_STATUS_SUCCESS);
	return 0;
}

int mgmt_pair_device(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type, u8 io_cap)
{
	int err;

	hci_dev_lock(hdev);
	err = __mgmt_pair_device(hdev, bdaddr, type, io_cap);
	hci_dev_unlock(hdev);
	return err;
}

int mgmt_cancel_pair_device(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type)
{
	struct mgmt_pending_cmd *cmd;
	struct hci_conn *conn;

	hci_dev_lock(hdev);
	cmd = pending_find(hdev, MGMT_OP_PAIR_DEVICE);
	if (cmd && !bacmp(&cmd->bdaddr, bdaddr)) {
		conn = hci_conn_get(cmd->conn);
		mgmt_pending_complete(cmd, MGMT_STATUS_CANCELLED);
		if (type == BDADDR_BREDR)
			hci_remove_link_key(hdev, bdaddr);
		else
			smp_cancel_and_remove_pairing(hdev, bdaddr, le_addr_type(type));
		if (conn->conn_reason == CONN_REASON_PAIR_DEVICE &&
		    hci_conn_valid(hdev, conn))
			hci_abort_conn(conn, HCI_ERROR_REMOTE_USER_TERM);
		hci_conn_put(conn);
	}
	hci_dev_unlock(hdev);
	return cmd ? 0 : -ENOENT;
}

/* Return: the link to the device, if it has one. */
static struct hci_conn *mgmt_forget_le(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type)
{
	struct hci_conn_params *params;
	struct hci_conn *conn;

	if (smp_cancel_and_remove_pairing(hdev, bdaddr, type) < 0)
		return NULL;
	conn = hci_conn_hash_lookup_le(hdev, bdaddr, type);
	if (!conn) {
		hci_conn_params_del(hdev, bdaddr, type);
		return NULL;
	}
	/* with the link, lest it pairs again */
	set_bit(HCI_CONN_PARAM_REMOVAL_PEND, &conn->flags);
	params = hci_conn_params_lookup(hdev, bdaddr, type);
	if (params)
		params->auto_connect = params->explicit_connect ?
				       HCI_AUTO_CONN_EXPLICIT : HCI_AUTO_CONN_DISABLED;
	return conn;
}

int mgmt_unpair_device(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type, bool disconnect)
{
	struct hci_conn *conn = NULL;

	hci_dev_lock(hdev);
	if (type == BDADDR_BREDR) {
		if (!hci_remove_link_key(hdev, bdaddr))
			conn = hci_conn_hash_lookup_ba(hdev, ACL_LINK, bdaddr);
	} else {
		conn = mgmt_forget_le(hdev, bdaddr, le_addr_type(type));
	}
	if (conn && disconnect)
		hci_abort_conn(conn, HCI_ERROR_REMOTE_USER_TERM);
	hci_dev_unlock(hdev);
	return conn ? 0 : -ENOENT;
}

static struct hci_conn *mgmt_lookup(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type)
{
	if (type == BDADDR_BREDR)
		return hci_conn_hash_lookup_ba(hdev, ACL_LINK, bdaddr);
	return hci_conn_hash_lookup_le(hdev, bdaddr, le_addr_type(type));
}

int mgmt_disconnect(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type)
{
	struct hci_conn *conn;

	hci_dev_lock(hdev);
	conn = mgmt_lookup(hdev, bdaddr, type);
	if (conn && conn->state != BT_OPEN && conn->state != BT_CLOSED &&
	    !pending_find(hdev, MGMT_OP_DISCONNECT) &&
	    mgmt_pending_add(hdev, MGMT_OP_DISCONNECT, bdaddr, type))
		hci_disconnect(conn, HCI_ERROR_REMOTE_USER_TERM);
	hci_dev_unlock(hdev);
	return conn ? 0 : -ENOTCONN;
}

void mgmt_disconnect_failed(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 link_type,
			    u8 addr_type, u8 status)
{
	struct mgmt_pending_cmd *cmd = pending_find(hdev, MGMT_OP_DISCONNECT);

	if (malformed(!cmd))
		return;
	if (malformed(bacmp(bdaddr, &cmd->bdaddr)))
		return;
	if (malformed(cmd->type != link_to_bdaddr(link_type, addr_type)))
		return;
	mgmt_pending_complete(cmd, mgmt_status(status));
}

static int user_pairing_resp_complete(struct hci_dev *hdev, u16 opcode, u8 status)
{
	struct mgmt_pending_cmd *cmd = pending_find(hdev, opcode);

	if (malformed(!cmd))
		return -ENOENT;
	mgmt_pending_complete(cmd, mgmt_status(status));
	return 0;
}

void mgmt_pin_code_reply_complete(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 status)
{
	user_pairing_resp_complete(hdev, MGMT_OP_PIN_CODE_REPLY, status);
}

void mgmt_pin_code_neg_reply_complete(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 status)
{
	user_pairing_resp_complete(hdev, MGMT_OP_PIN_CODE_NEG_REPLY, status);
}

int mgmt_user_confirm_reply_complete(struct hci_dev *hdev, bdaddr_t *bdaddr,
				     u8 link_type, u8 addr_type, u8 status)
{
	return user_pairing_resp_complete(hdev, MGMT_OP_USER_CONFIRM_REPLY, status);
}

int mgmt_user_confirm_neg_reply_complete(struct hci_dev *hdev, bdaddr_t *bdaddr,
					 u8 link_type, u8 addr_type, u8 status)
{
	return user_pairing_resp_complete(hdev, MGMT_OP_USER_CONFIRM_NEG_REPLY, status);
}

int mgmt_user_passkey_reply_complete(struct hci_dev *hdev, bdaddr_t *bdaddr,
				     u8 link_type, u8 addr_type, u8 status)
{
	return user_pairing_resp_complete(hdev, MGMT_OP_USER_PASSKEY_REPLY, status);
}

int mgmt_user_passkey_neg_reply_complete(struct hci_dev *hdev, bdaddr_t *bdaddr,
					 u8 link_type, u8 addr_type, u8 status)
{
	return user_pairing_resp_complete(hdev, MGMT_OP_USER_PASSKEY_NEG_REPLY, status);
}

int mgmt_pin_code_reply(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 pin_len, u8 pin[16])
{
	struct hci_cp_pin_code_reply cp = { .pin_len = pin_len };
	struct hci_conn *conn;

	hci_dev_lock(hdev);
	conn = hci_conn_hash_lookup_ba(hdev, ACL_LINK, bdaddr);
	if (!conn)
		goto unlock;
	bacpy(&cp.bdaddr, bdaddr);
	memcpy(cp.pin_code, pin, sizeof(cp.pin_code));
	/* a secure PIN was asked for, and this is none */
	if (!pin_len || (conn->pending_sec_level == BT_SECURITY_HIGH && pin_len != 16)) {
		if (mgmt_pending_add(hdev, MGMT_OP_PIN_CODE_NEG_REPLY, bdaddr, 0))
			hci_send_cmd(hdev, HCI_OP_PIN_CODE_NEG_REPLY, sizeof(*bdaddr),
				     bdaddr);
	} else if (mgmt_pending_add(hdev, MGMT_OP_PIN_CODE_REPLY, bdaddr, 0)) {
		hci_send_cmd(hdev, HCI_OP_PIN_CODE_REPLY, sizeof(cp), &cp);
	}
unlock:
	hci_dev_unlock(hdev);
	return conn ? 0 : -ENOTCONN;
}

static u16 mgmt_to_hci_reply(u16 mgmt_op)
{
	switch (mgmt_op) {
	case MGMT_OP_USER_CONFIRM_REPLY:
		return HCI_OP_USER_CONFIRM_REPLY;
	case MGMT_OP_USER_CONFIRM_NEG_REPLY:
		return HCI_OP_USER_CONFIRM_NEG_REPLY;
	case MGMT_OP_USER_PASSKEY_REPLY:
		return HCI_OP_USER_PASSKEY_REPLY;
	}
	return HCI_OP_USER_PASSKEY_NEG_REPLY;
}

int mgmt_user_reply(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type, u16 mgmt_op,
		    u32 passkey)
{
	struct hci_cp_user_passkey_reply cp = { .passkey = cpu_to_le32(passkey) };
	u16 hci_op = mgmt_to_hci_reply(mgmt_op);
	struct hci_conn *conn;
	int err = -ENOTCONN;

	hci_dev_lock(hdev);
	conn = mgmt_lookup(hdev, bdaddr, type);
	if (!conn)
		goto unlock;
	if (type != BDADDR_BREDR) {
		err = smp_user_confirm_reply(conn, mgmt_op, cp.passkey);
		sink_effect_u64(hdev->sink, "mgmt.status", !!err);
		goto unlock;
	}
	err = -ENOMEM;
	if (!mgmt_pending_add(hdev, mgmt_op, bdaddr, type))
		goto unlock;
	bacpy(&cp.bdaddr, bdaddr);
	err = hci_send_cmd(hdev, hci_op, hci_op == HCI_OP_USER_PASSKEY_REPLY ?
			   sizeof(cp) : sizeof(cp.bdaddr), &cp);
unlock:
	hci_dev_unlock(hdev);
	return err;
}
