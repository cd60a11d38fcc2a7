// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command Status: the controller has begun a command, or will not.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_cmd_status_evt, hci_cs_table and
 *	its handlers, cs_le_create_conn, handle_cmd_cnt_and_timer)
 * Spec: Bluetooth Core 5.4, Vol 4 Part E 7.7.15
 * Differs: handlers that upstream repeats for each command (a link that cannot be
 *	configured, a SCO link that cannot be set up, a change of mode that fails) share
 *	one function; each takes its handle from its own command.
 */
#include "hci_event.h"

/**
 * handle_cmd_cnt_and_timer - the controller has answered: how many more it takes
 * @hdev: the controller
 * @ncmd: number of commands as the event says; 0 is not believed for ever
 */
void handle_cmd_cnt_and_timer(struct hci_dev *hdev, u8 ncmd)
{
	cancel_delayed_work(&hdev->cmd_timer);

	if (test_bit(HCI_RESET, &hdev->flags))
		return;

	if (!malformed(!ncmd)) {
		cancel_delayed_work(&hdev->ncmd_timer);
		atomic_set(&hdev->cmd_cnt, 1);
	} else if (!hci_dev_test_flag(hdev, HCI_CMD_DRAIN_WORKQUEUE)) {
		queue_delayed_work(hdev->workqueue, &hdev->ncmd_timer, HCI_NCMD_TIMEOUT);
	}
}

static void hci_cs_inquiry(struct hci_dev *hdev, __u8 status)
{
	if (malformed(status)) {
		hci_conn_check_pending(hdev);
		return;
	}

	if (!malformed(!hci_sent_cmd_data(hdev, HCI_OP_INQUIRY)))
		set_bit(HCI_INQUIRY, &hdev->flags);
}

/* Busy with something else: worth two more tries. */
static void cs_create_conn_failed(struct hci_conn *conn, __u8 status)
{
	if (conn->state != BT_CONNECT)
		return;

	if (status != HCI_ERROR_COMMAND_DISALLOWED || conn->attempt > 2) {
		conn->state = BT_CLOSED;
		hci_connect_cfm(conn, status);
		hci_conn_del(conn);
	} else {
		conn->state = BT_CONNECT2;
	}
}

static void hci_cs_create_conn(struct hci_dev *hdev, __u8 status)
{
	struct hci_cp_create_conn *cp;
	struct hci_conn *conn;

	cp = hci_sent_cmd_data(hdev, HCI_OP_CREATE_CONN);
	if (malformed(!cp))
		return;

	hci_dev_lock(hdev);

	conn = hci_conn_hash_lookup_ba(hdev, ACL_LINK, &cp->bdaddr);

	if (status) {
		if (!malformed(!conn))
			cs_create_conn_failed(conn, status);
	} else if (malformed(!conn)) {
		/* somebody else's command; the link is ours all the same */
		conn = hci_conn_add_unset(hdev, ACL_LINK, &cp->bdaddr, HCI_ROLE_MASTER);
		if (IS_ERR(conn))
			bt_dev_err(hdev, "no link: %ld", PTR_ERR(conn));
	}

	hci_dev_unlock(hdev);
}

/* The SCO link that hangs on the ACL link @handle will not be. */
static void cs_sco_failed(struct hci_dev *hdev, __le16 handle, __u8 status)
{
	struct hci_conn *acl, *sco;

	hci_dev_lock(hdev);

	acl = hci_conn_hash_lookup_handle(hdev, __le16_to_cpu(handle));
	if (malformed(!acl))
		goto unlock;

	sco = acl->link;
	if (malformed(!sco))
		goto unlock;

	sco->state = BT_CLOSED;

	hci_connect_cfm(sco, status);
	hci_conn_del(sco);

unlock:
	hci_dev_unlock(hdev);
}

static void hci_cs_add_sco(struct hci_dev *hdev, __u8 status)
{
	struct hci_cp_add_sco *cp;

	if (malformed(!status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_ADD_SCO);
	if (malformed(!cp))
		return;

	cs_sco_failed(hdev, cp->handle, status);
}

static void hci_cs_setup_sync_conn(struct hci_dev *hdev, __u8 status)
{
	struct hci_cp_setup_sync_conn *cp;

	if (malformed(!status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_SETUP_SYNC_CONN);
	if (malformed(!cp))
		return;

	cs_sco_failed(hdev, cp->handle, status);
}

static void hci_cs_enhanced_setup_sync_conn(struct hci_dev *hdev, __u8 status)
{
	struct hci_cp_enhanced_setup_sync_conn *cp;

	if (malformed(!status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_ENHANCED_SETUP_SYNC_CONN);
	if (malformed(!cp))
		return;

	cs_sco_failed(hdev, cp->handle, status);
}

/* A step between "there is a link" and "it is up" has failed: so has the link. */
static void cs_config_failed(struct hci_dev *hdev, __le16 handle, __u8 status)
{
	struct hci_conn *conn;

	hci_dev_lock(hdev);

	conn = hci_conn_hash_lookup_handle(hdev, __le16_to_cpu(handle));
	if (malformed(!conn))
		goto unlock;

	if (!malformed(conn->state != BT_CONFIG)) {
		hci_connect_cfm(conn, status);
		hci_conn_drop(conn);
	}

unlock:
	hci_dev_unlock(hdev);
}

static void hci_cs_auth_requested(struct hci_dev *hdev, __u8 status)
{
	struct hci_cp_auth_requested *cp;

	if (malformed(!status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_AUTH_REQUESTED);
	if (malformed(!cp))
		return;

	cs_config_failed(hdev, cp->handle, status);
}

static void hci_cs_set_conn_encrypt(struct hci_dev *hdev, __u8 status)
{
	struct hci_cp_set_conn_encrypt *cp;

	if (malformed(!status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_SET_CONN_ENCRYPT);
	if (malformed(!cp))
		return;

	cs_config_failed(hdev, cp->handle, status);
}

static void hci_cs_read_remote_features(struct hci_dev *hdev, __u8 status)
{
	struct hci_cp_read_remote_features *cp;

	if (malformed(!status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_READ_REMOTE_FEATURES);
	if (malformed(!cp))
		return;

	cs_config_failed(hdev, cp->handle, status);
}

static void hci_cs_read_remote_ext_features(struct hci_dev *hdev, __u8 status)
{
	struct hci_cp_read_remote_ext_features *cp;

	if (malformed(!status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_READ_REMOTE_EXT_FEATURES);
	if (malformed(!cp))
		return;

	cs_config_failed(hdev, cp->handle, status);
}

static void hci_cs_le_read_remote_features(struct hci_dev *hdev, __u8 status)
{
	struct hci_cp_le_read_remote_features *cp;

	if (malformed(!status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_READ_REMOTE_FEATURES);
	if (malformed(!cp))
		return;

	cs_config_failed(hdev, cp->handle, status);
}

static void hci_cs_remote_name_req(struct hci_dev *hdev, __u8 status)
{
	struct hci_cp_remote_name_req *cp;
	struct hci_conn *conn;

	/* the name, or its lack, comes with an event of its own */
	if (malformed(!status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_REMOTE_NAME_REQ);
	if (malformed(!cp))
		return;

	hci_dev_lock(hdev);

	conn = hci_conn_hash_lookup_ba(hdev, ACL_LINK, &cp->bdaddr);

	if (hci_dev_test_flag(hdev, HCI_MGMT))
		hci_check_pending_name(hdev, conn, &cp->bdaddr, NULL, 0);

	if (malformed(!conn))
		goto unlock;

	if (malformed(!hci_outgoing_auth_needed(hdev, conn)))
		goto unlock;

	hci_request_auth(hdev, conn);

unlock:
	hci_dev_unlock(hdev);
}

/* The mode stays; a SCO link that waited for the change is tried or given up. */
static void cs_mode_failed(struct hci_dev *hdev, __le16 handle, __u8 status)
{
	struct hci_conn *conn;

	hci_dev_lock(hdev);

	conn = hci_conn_hash_lookup_handle(hdev, __le16_to_cpu(handle));
	if (!malformed(!conn)) {
		clear_bit(HCI_CONN_MODE_CHANGE_PEND, &conn->flags);

		if (test_and_clear_bit(HCI_CONN_SCO_SETUP_PEND, &conn->flags))
			hci_sco_setup(conn, status);
	}

	hci_dev_unlock(hdev);
}

static void hci_cs_sniff_mode(struct hci_dev *hdev, __u8 status)
{
	struct hci_cp_sniff_mode *cp;

	if (malformed(!status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_SNIFF_MODE);
	if (malformed(!cp))
		return;

	cs_mode_failed(hdev, cp->handle, status);
}

static void hci_cs_exit_sniff_mode(struct hci_dev *hdev, __u8 status)
{
	struct hci_cp_exit_sniff_mode *cp;

	if (malformed(!status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_EXIT_SNIFF_MODE);
	if (malformed(!cp))
		return;

	cs_mode_failed(hdev, cp->handle, status);
}

/* The controller refused to disconnect: the upper layers let the link go all the same. */
static void cs_disconnect_failed(struct hci_dev *hdev, struct hci_conn *conn, u8 status)
{
	mgmt_disconnect_failed(hdev, &conn->dst, conn->type, conn->dst_type, status);

	if (conn->type == LE_LINK && conn->role == HCI_ROLE_SLAVE) {
		hdev->cur_adv_instance = conn->adv_instance;
		hci_enable_advertising(hdev);
	}

	hci_disconn_cfm(conn, HCI_ERROR_UNSPECIFIED);
}

/* It knows no such link any more, or we sleep and shall not hear of its end. */
static void cs_disconnect_gone(struct hci_dev *hdev, struct hci_conn *conn, u8 reason)
{
	struct hci_conn_params *params;
	bool mgmt_conn;

	if (hdev->suspended)
		conn->state = BT_CLOSED;

	mgmt_conn = test_and_clear_bit(HCI_CONN_MGMT_CONNECTED, &conn->flags);

	if (conn->type == ACL_LINK &&
	    test_and_clear_bit(HCI_CONN_FLUSH_KEY, &conn->flags))
		hci_remove_link_key(hdev, &conn->dst);

	params = hci_conn_params_lookup(hdev, &conn->dst, conn->dst_type);
	if (params && hci_conn_is_auto_connect(params, reason)) {
		hci_pend_le_list_del_init(params);
		hci_pend_le_list_add(params, &hdev->pend_le_conns);
	}

	mgmt_device_disconnected(hdev, &conn->dst, conn->type, conn->dst_type, reason,
				 mgmt_conn);

	hci_disconn_cfm(conn, reason);
}

static void hci_cs_disconnect(struct hci_dev *hdev, u8 status)
{
	struct hci_cp_disconnect *cp;
	struct hci_conn *conn;

	if (malformed(!status && !hdev->suspended))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_DISCONNECT);
	if (malformed(!cp))
		return;

	hci_dev_lock(hdev);

	conn = hci_conn_hash_lookup_handle(hdev, __le16_to_cpu(cp->handle));
	if (malformed(!conn))
		goto unlock;

	if (malformed(status && status != HCI_ERROR_UNKNOWN_CONN_ID))
		cs_disconnect_failed(hdev, conn, status);
	else
		cs_disconnect_gone(hdev, conn, cp->reason);

	hci_conn_del(conn);

unlock:
	hci_dev_unlock(hdev);
}

static void hci_cs_switch_role(struct hci_dev *hdev, u8 status)
{
	struct hci_cp_switch_role *cp;
	struct hci_conn *conn;

	if (malformed(!status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_SWITCH_ROLE);
	if (malformed(!cp))
		return;

	hci_dev_lock(hdev);

	conn = hci_conn_hash_lookup_ba(hdev, ACL_LINK, &cp->bdaddr);
	if (!malformed(!conn))
		clear_bit(HCI_CONN_RSWITCH_PEND, &conn->flags);

	hci_dev_unlock(hdev);
}

/*
 * Low Energy
 */

/* Pairing mixes both addresses into its keys: keep them as they are now. */
static void cs_le_create_conn(struct hci_dev *hdev, bdaddr_t *peer_addr,
			      u8 peer_addr_type, u8 own_address_type)
{
	struct hci_conn *conn;

	conn = hci_conn_hash_lookup_le(hdev, peer_addr, peer_addr_type);
	if (malformed(!conn))
		return;

	own_address_type = ev_bdaddr_type(hdev, own_address_type, NULL);

	conn->init_addr_type = own_address_type;
	if (own_address_type == ADDR_LE_DEV_RANDOM)
		bacpy(&conn->init_addr, &hdev->random_addr);
	else
		bacpy(&conn->init_addr, &hdev->bdaddr);

	conn->resp_addr_type = peer_addr_type;
	bacpy(&conn->resp_addr, peer_addr);
}

static void hci_cs_le_create_conn(struct hci_dev *hdev, u8 status)
{
	struct hci_cp_le_create_conn *cp;

	/* who waits for the command deals with its failure */
	if (malformed(status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_CREATE_CONN);
	if (malformed(!cp))
		return;

	hci_dev_lock(hdev);
	cs_le_create_conn(hdev, &cp->peer_addr, cp->peer_addr_type, cp->own_address_type);
	hci_dev_unlock(hdev);
}

static void hci_cs_le_ext_create_conn(struct hci_dev *hdev, u8 status)
{
	struct hci_cp_le_ext_create_conn *cp;

	if (malformed(status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_EXT_CREATE_CONN);
	if (malformed(!cp))
		return;

	hci_dev_lock(hdev);
	cs_le_create_conn(hdev, &cp->peer_addr, cp->peer_addr_type, cp->own_addr_type);
	hci_dev_unlock(hdev);
}

static void hci_cs_le_start_enc(struct hci_dev *hdev, u8 status)
{
	struct hci_cp_le_start_enc *cp;
	struct hci_conn *conn;

	if (malformed(!status))
		return;

	hci_dev_lock(hdev);

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_START_ENC);
	if (malformed(!cp))
		goto unlock;

	conn = hci_conn_hash_lookup_handle(hdev, __le16_to_cpu(cp->handle));
	if (malformed(!conn))
		goto unlock;

	if (malformed(conn->state != BT_CONNECTED))
		goto unlock;

	hci_disconnect(conn, HCI_ERROR_AUTH_FAILURE);
	hci_conn_drop(conn);

unlock:
	hci_dev_unlock(hdev);
}

static void hci_cs_le_create_cis(struct hci_dev *hdev, u8 status)
{
	struct hci_cp_le_create_cis *cp;
	int i;

	if (malformed(!status))
		return;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_CREATE_CIS);
	if (malformed(!cp))
		return;

	hci_dev_lock(hdev);

	for (i = 0; i < cp->num_cis; i++) {
		struct hci_conn *conn;

		conn = hci_conn_hash_lookup_handle(hdev,
						   __le16_to_cpu(cp->cis[i].cis_handle));
		if (!malformed(!conn)) {
			conn->state = BT_CLOSED;
			hci_connect_cfm(conn, status);
			hci_conn_del(conn);
		}
	}
	cp->num_cis = 0;

	hci_dev_unlock(hdev);
}

static void hci_cs_le_create_big(struct hci_dev *hdev, u8 status)
{
}

/*
 * Dispatch
 */

#define HCI_CS(_op, _func)	{ .op = _op, .func = _func }

static const struct hci_cs {
	u16 op;
	void (*func)(struct hci_dev *hdev, __u8 status);
} hci_cs_table[] = {
	HCI_CS(HCI_OP_INQUIRY, hci_cs_inquiry),
	HCI_CS(HCI_OP_CREATE_CONN, hci_cs_create_conn),
	HCI_CS(HCI_OP_DISCONNECT, hci_cs_disconnect),
	HCI_CS(HCI_OP_ADD_SCO, hci_cs_add_sco),
	HCI_CS(HCI_OP_AUTH_REQUESTED, hci_cs_auth_requested),
	HCI_CS(HCI_OP_SET_CONN_ENCRYPT, hci_cs_set_conn_encrypt),
	HCI_CS(HCI_OP_REMOTE_NAME_REQ, hci_cs_remote_name_req),
	HCI_CS(HCI_OP_READ_REMOTE_FEATURES, hci_cs_read_remote_features),
	HCI_CS(HCI_OP_READ_REMOTE_EXT_FEATURES, hci_cs_read_remote_ext_features),
	HCI_CS(HCI_OP_SETUP_SYNC_CONN, hci_cs_setup_sync_conn),
	HCI_CS(HCI_OP_ENHANCED_SETUP_SYNC_CONN, hci_cs_enhanced_setup_sync_conn),
	HCI_CS(HCI_OP_SNIFF_MODE, hci_cs_sniff_mode),
	HCI_CS(HCI_OP_EXIT_SNIFF_MODE, hci_cs_exit_sniff_mode),
	HCI_CS(HCI_OP_SWITCH_ROLE, hci_cs_switch_role),
	HCI_CS(HCI_OP_LE_CREATE_CONN, hci_cs_le_create_conn),
	HCI_CS(HCI_OP_LE_READ_REMOTE_FEATURES, hci_cs_le_read_remote_features),
	HCI_CS(HCI_OP_LE_START_ENC, hci_cs_le_start_enc),
	HCI_CS(HCI_OP_LE_EXT_CREATE_CONN, hci_cs_le_ext_create_conn),
	HCI_CS(HCI_OP_LE_CREATE_CIS, hci_cs_le_create_cis),
	HCI_CS(HCI_OP_LE_CREATE_BIG, hci_cs_le_create_big),
};

void hci_cmd_status_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb,
			u16 *opcode, u8 *status, hci_req_complete_t *req_complete,
			hci_req_complete_skb_t *req_complete_skb)
{
	struct hci_ev_cmd_status *ev = data;
	size_t i;

	*opcode = __le16_to_cpu(ev->opcode);
	*status = ev->status;
	evt_u64(hdev, "bthci_evt.status", ev->status);
	evt_u64(hdev, "bthci_evt.num_command_packets", ev->ncmd);
	evt_u64(hdev, "bthci_evt.opcode", *opcode);

	for (i = 0; i < ARRAY_SIZE(hci_cs_table); i++) {
		if (hci_cs_table[i].op == *opcode) {
			hci_cs_table[i].func(hdev, ev->status);
			break;
		}
	}

	handle_cmd_cnt_and_timer(hdev, ev->ncmd);

	/* no event of its own will end the command: this one does, as a failure does */
	if (ev->status || (hdev->sent_cmd && !hci_skb_event(hdev->sent_cmd))) {
		hci_req_cmd_complete(hdev, *opcode, ev->status, req_complete,
				     req_complete_skb);
		if (malformed(hci_dev_test_flag(hdev, HCI_CMD_PENDING))) {
			hci_ev_refuse(hdev, -EALREADY);
			return;
		}
	}

	if (atomic_read(&hdev->cmd_cnt) && !skb_queue_empty(&hdev->cmd_q))
		queue_work(hdev->workqueue, &hdev->cmd_work);
}
