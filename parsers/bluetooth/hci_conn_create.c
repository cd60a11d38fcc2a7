// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links that this host asks for, over BR/EDR and LE.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_conn.c (hci_connect_acl, hci_connect_le,
 *	hci_connect_le_scan, hci_acl_create_connection, hci_le_conn_update)
 * Spec: Core 5.4 Vol 4 Part E 7.1.5, 7.8.12, 7.8.18
 * Differs: what the controller reports later is checked against the list of links, as
 *	later kernels do (the ids are beside the checks).
 */
#include <linux/err.h>
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>

#include "hci_core_priv.h"

static void hci_acl_create_connection(struct hci_conn *conn)
{
	struct hci_dev *hdev = conn->hdev;
	struct hci_cp_create_conn cp;
	struct inquiry_entry *ie;

	/* Controllers do not page while they inquire: stop that first. */
	if (test_bit(HCI_INQUIRY, &hdev->flags)) {
		conn->state = BT_CONNECT2;
		hci_send_cmd(hdev, HCI_OP_INQUIRY_CANCEL, 0, NULL);
		return;
	}
	conn->state = BT_CONNECT;
	conn->out = true;
	conn->role = HCI_ROLE_MASTER;
	conn->attempt++;
	conn->link_policy = hdev->link_policy;

	memset(&cp, 0, sizeof(cp));
	bacpy(&cp.bdaddr, &conn->dst);
	cp.pscan_rep_mode = 0x02;
	ie = hci_inquiry_cache_lookup(hdev, &conn->dst);
	if (ie) {
		if (inquiry_entry_age(ie) <= INQUIRY_ENTRY_AGE_MAX) {
			cp.pscan_rep_mode = ie->data.pscan_rep_mode;
			cp.pscan_mode = ie->data.pscan_mode;
			cp.clock_offset = ie->data.clock_offset | cpu_to_le16(0x8000);
		}
		memcpy(conn->dev_class, ie->data.dev_class, 3);
	}
	cp.pkt_type = cpu_to_le16(conn->pkt_type);
	cp.role_switch = lmp_rswitch_capable(hdev) && !(hdev->link_mode & HCI_LM_MASTER);
	hci_send_cmd(hdev, HCI_OP_CREATE_CONN, sizeof(cp), &cp);
}

/* What waited for the end of an inquiry. */
void hci_conn_check_pending(struct hci_dev *hdev)
{
	struct hci_conn *conn;

	hci_dev_lock(hdev);
	conn = hci_conn_hash_lookup_state(hdev, ACL_LINK, BT_CONNECT2);
	if (conn)
		hci_acl_create_connection(conn);
	hci_dev_unlock(hdev);
}

struct hci_conn *hci_connect_acl(struct hci_dev *hdev, bdaddr_t *dst, u8 sec_level,
				 u8 auth_type, enum conn_reasons conn_reason)
{
	struct hci_conn *acl;

	if (!hci_dev_test_flag(hdev, HCI_BREDR_ENABLED))
		return ERR_PTR(lmp_bredr_capable(hdev) ? -ECONNREFUSED : -EOPNOTSUPP);
	/* Nobody but an impostor has our own address. */
	if (!bacmp(&hdev->bdaddr, dst))
		return ERR_PTR(-ECONNREFUSED);
	acl = hci_conn_hash_lookup_ba(hdev, ACL_LINK, dst);
	if (!acl) {
		acl = hci_conn_add_unset(hdev, ACL_LINK, dst, HCI_ROLE_MASTER);
		if (IS_ERR(acl))
			return acl;
	}
	hci_conn_hold(acl);
	acl->conn_reason = conn_reason;
	if (acl->state == BT_OPEN || acl->state == BT_CLOSED) {
		acl->sec_level = BT_SECURITY_LOW;
		acl->pending_sec_level = sec_level;
		acl->auth_type = auth_type;
		hci_acl_create_connection(acl);
	}
	return acl;
}

/* The attempt is over: @err of the command, not of the link. */
static void create_le_conn_complete(struct hci_dev *hdev, void *data, int err)
{
	struct hci_conn *conn = data;

	hci_dev_lock(hdev);
	if (malformed_in(LINUX_F7CBCE60A38A, !hci_conn_valid(hdev, conn)))
		goto done;
	if (!err) {
		hci_connect_le_scan_cleanup(conn, 0x00);
		goto done;
	}
	if (malformed(conn->state != BT_CONNECT))
		goto done;
	hci_conn_failed(conn, bt_status(err));
done:
	hci_dev_unlock(hdev);
}

static int hci_connect_le_sync(struct hci_dev *hdev, void *data)
{
	struct hci_conn *conn = data;

	return hci_le_create_conn_sync(hdev, conn);
}

struct hci_conn *hci_connect_le(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type,
				bool dst_resolved, u8 sec_level, u16 conn_timeout,
				u8 role)
{
	struct hci_conn *conn;
	struct smp_irk *irk;
	int err;

	if (!hci_dev_test_flag(hdev, HCI_LE_ENABLED))
		return ERR_PTR(lmp_le_capable(hdev) ? -ECONNREFUSED : -EOPNOTSUPP);
	/* The controller makes one attempt at a time. */
	if (hci_lookup_le_connect(hdev))
		return ERR_PTR(-EBUSY);
	conn = hci_conn_hash_lookup_le(hdev, dst, dst_type);
	if (conn && !test_bit(HCI_CONN_SCANNING, &conn->flags))
		return ERR_PTR(-EBUSY);
	/* Behind an identity that we can resolve stands the address seen last. */
	if (!dst_resolved) {
		irk = hci_find_irk_by_addr(hdev, dst, dst_type);
		if (irk && bacmp(&irk->rpa, BDADDR_ANY)) {
			dst = &irk->rpa;
			dst_type = ADDR_LE_DEV_RANDOM;
		}
	}
	if (conn) {
		bacpy(&conn->dst, dst);
	} else {
		conn = hci_conn_add_unset(hdev, LE_LINK, dst, role);
		if (IS_ERR(conn))
			return conn;
		hci_conn_hold(conn);
		conn->pending_sec_level = sec_level;
	}
	conn->dst_type = dst_type;
	conn->sec_level = BT_SECURITY_LOW;
	conn->conn_timeout = conn_timeout;
	conn->state = BT_CONNECT;
	clear_bit(HCI_CONN_SCANNING, &conn->flags);

	err = hci_cmd_sync_queue(hdev, hci_connect_le_sync, conn,
				 create_le_conn_complete);
	if (err) {
		/* a scanned attempt may have users already */
		triggered(REDZONE_EC9B49B321D1, conn->l2cap_data != NULL);
		if (fixed(REDZONE_EC9B49B321D1)) {
			conn->state = BT_CLOSED;
			hci_connect_cfm(conn, bt_status(err));
		}
		hci_conn_del(conn);
		return ERR_PTR(err);
	}
	return conn;
}

static bool is_connected(struct hci_dev *hdev, bdaddr_t *addr, u8 type)
{
	struct hci_conn *conn = hci_conn_hash_lookup_le(hdev, addr, type);

	return conn && conn->state == BT_CONNECTED;
}

static int hci_explicit_conn_params_set(struct hci_dev *hdev, bdaddr_t *addr,
					u8 addr_type)
{
	struct hci_conn_params *params;

	if (is_connected(hdev, addr, addr_type))
		return -EISCONN;
	params = hci_conn_params_lookup(hdev, addr, addr_type);
	if (!params) {
		params = hci_conn_params_add(hdev, addr, addr_type);
		if (!params)
			return -ENOMEM;
		/* goes with the attempt */
		params->auto_connect = HCI_AUTO_CONN_EXPLICIT;
	}
	if (params->auto_connect == HCI_AUTO_CONN_DISABLED ||
	    params->auto_connect == HCI_AUTO_CONN_REPORT ||
	    params->auto_connect == HCI_AUTO_CONN_EXPLICIT) {
		hci_pend_le_list_del_init(params);
		hci_pend_le_list_add(params, &hdev->pend_le_conns);
	}
	params->explicit_connect = true;
	return 0;
}

/* Scan until the device shows itself, then connect to the address it shows. */
struct hci_conn *hci_connect_le_scan(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type,
				     u8 sec_level, u16 conn_timeout,
				     enum conn_reasons conn_reason)
{
	struct hci_conn *conn;

	if (!hci_dev_test_flag(hdev, HCI_LE_ENABLED))
		return ERR_PTR(lmp_le_capable(hdev) ? -ECONNREFUSED : -EOPNOTSUPP);
	conn = hci_conn_hash_lookup_le(hdev, dst, dst_type);
	if (conn) {
		if (conn->pending_sec_level < sec_level)
			conn->pending_sec_level = sec_level;
		goto done;
	}
	conn = hci_conn_add_unset(hdev, LE_LINK, dst, HCI_ROLE_MASTER);
	if (IS_ERR(conn))
		return conn;
	if (hci_explicit_conn_params_set(hdev, dst, dst_type) < 0) {
		hci_conn_del(conn);
		return ERR_PTR(-EBUSY);
	}
	conn->state = BT_CONNECT;
	set_bit(HCI_CONN_SCANNING, &conn->flags);
	conn->dst_type = dst_type;
	conn->sec_level = BT_SECURITY_LOW;
	conn->pending_sec_level = sec_level;
	conn->conn_timeout = conn_timeout;
	conn->conn_reason = conn_reason;
	hci_update_passive_scan(hdev);
done:
	hci_conn_hold(conn);
	return conn;
}

/* Return: 1 if the parameters are to be kept for the device. */
u8 hci_le_conn_update(struct hci_conn *conn, u16 min, u16 max, u16 latency,
		      u16 to_multiplier)
{
	struct hci_dev *hdev = conn->hdev;
	struct hci_conn_params *params;
	struct hci_cp_le_conn_update cp;

	hci_dev_lock(hdev);
	params = hci_conn_params_lookup(hdev, &conn->dst, conn->dst_type);
	if (params) {
		params->conn_min_interval = min;
		params->conn_max_interval = max;
		params->conn_latency = latency;
		params->supervision_timeout = to_multiplier;
	}
	hci_dev_unlock(hdev);

	memset(&cp, 0, sizeof(cp));
	cp.handle = cpu_to_le16(conn->handle);
	cp.conn_interval_min = cpu_to_le16(min);
	cp.conn_interval_max = cpu_to_le16(max);
	cp.conn_latency = cpu_to_le16(latency);
	cp.supervision_timeout = cpu_to_le16(to_multiplier);
	hci_send_cmd(hdev, HCI_OP_LE_CONN_UPDATE, sizeof(cp), &cp);
	return params ? 0x01 : 0x00;
}

void hci_le_start_enc(struct hci_conn *conn, __le16 ediv, __le64 rand, u8 ltk[16],
		      u8 key_size)
{
	struct hci_cp_le_start_enc cp;

	memset(&cp, 0, sizeof(cp));
	cp.handle = cpu_to_le16(conn->handle);
	cp.rand = rand;
	cp.ediv = ediv;
	memcpy(cp.ltk, ltk, key_size);
	hci_send_cmd(conn->hdev, HCI_OP_LE_START_ENC, sizeof(cp), &cp);
}

/* Public, unless there is none or the user's side has chosen the static one. */
void hci_copy_identity_address(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 *bdaddr_type)
{
	if (hci_dev_test_flag(hdev, HCI_FORCE_STATIC_ADDR) ||
	    !bacmp(&hdev->bdaddr, BDADDR_ANY) ||
	    (!hci_dev_test_flag(hdev, HCI_BREDR_ENABLED) &&
	     bacmp(&hdev->static_addr, BDADDR_ANY))) {
		bacpy(bdaddr, &hdev->static_addr);
		*bdaddr_type = ADDR_LE_DEV_RANDOM;
	} else {
		bacpy(bdaddr, &hdev->bdaddr);
		*bdaddr_type = ADDR_LE_DEV_PUBLIC;
	}
}

/* The checks of Core 5.4 Vol 4 Part E 7.8.18, on what a peer asks for. */
int hci_check_conn_params(u16 min, u16 max, u16 latency, u16 to_multiplier)
{
	u16 max_latency;

	if (malformed(min > max))
		return -EINVAL;
	if (malformed(min < 6))
		return -EINVAL;
	if (malformed(max > 3200))
		return -EINVAL;
	if (malformed(to_multiplier < 10))
		return -EINVAL;
	if (malformed(to_multiplier > 3200))
		return -EINVAL;
	if (malformed(max >= to_multiplier * 8))
		return -EINVAL;
	/* wraps for a supervision timeout below two intervals, where any latency passes then */
	max_latency = (u16)(to_multiplier * 4 / max - 1);
	if (malformed(latency > 499))
		return -EINVAL;
	if (malformed(latency > max_latency))
		return -EINVAL;
	return 0;
}
