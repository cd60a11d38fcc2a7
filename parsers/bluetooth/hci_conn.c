// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links: creation, the two counters that keep them, timers, and their end.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_conn.c, hci_sysfs.c and the inlines of
 *	include/net/bluetooth/hci_core.h (hci_conn_hold, hci_conn_drop)
 * Spec: Core 5.4 Vol 4 Part E 7.7.3, 7.7.5 (connection events)
 * Differs: no sysfs, debugfs, ioctl; a count of holders below 0, which the kernel
 *	warns of and lives with, goes without a word.
 */
#include <linux/err.h>
#include <net/bluetooth/hci_core.h>
#include <net/bluetooth/l2cap.h>
#include <redzone/guard.h>

#include "hci_core_priv.h"

#define BLUETOOTH_VER_1_2	2

struct hci_conn *hci_conn_get(struct hci_conn *conn)
{
	get_device(&conn->dev);
	return conn;
}

void hci_conn_put(struct hci_conn *conn)
{
	put_device(&conn->dev);
}

void hci_conn_hold(struct hci_conn *conn)
{
	atomic_inc(&conn->refcnt);
	cancel_delayed_work(&conn->disc_work);
}

/* The last user gone, the link itself goes after a while. */
void hci_conn_drop(struct hci_conn *conn)
{
	unsigned long timeo = 0;

	if (!atomic_dec_and_test(&conn->refcnt))
		return;
	if (conn->type == ACL_LINK || conn->type == LE_LINK) {
		cancel_delayed_work(&conn->idle_work);
		if (conn->state == BT_CONNECTED)
			timeo = conn->out ? conn->disc_timeout : conn->disc_timeout * 2;
	}
	cancel_delayed_work(&conn->disc_work);
	queue_delayed_work(conn->hdev->workqueue, &conn->disc_work, timeo);
}

/* What an attempt that ran by scanning leaves in the lists. */
void hci_connect_le_scan_cleanup(struct hci_conn *conn, u8 status)
{
	struct hci_dev *hdev = conn->hdev;
	struct hci_conn_params *params;
	bdaddr_t *bdaddr = &conn->dst;
	u8 bdaddr_type = conn->dst_type;
	struct smp_irk *irk;

	irk = hci_get_irk(hdev, bdaddr, bdaddr_type);
	if (irk) {
		bdaddr = &irk->bdaddr;
		bdaddr_type = irk->addr_type;
	}
	params = hci_pend_le_action_lookup(&hdev->pend_le_conns, bdaddr, bdaddr_type);
	if (!params)
		return;
	if (params->conn) {
		hci_conn_drop(params->conn);
		hci_conn_put(params->conn);
		params->conn = NULL;
	}
	if (!params->explicit_connect)
		return;
	/* An unknown connection is what cancelling reports: no failure. */
	if (status && status != HCI_ERROR_UNKNOWN_CONN_ID)
		mgmt_connect_failed(hdev, conn, status);
	params->explicit_connect = false;
	hci_pend_le_list_del_init(params);
	switch (params->auto_connect) {
	case HCI_AUTO_CONN_EXPLICIT:
		hci_conn_params_del(hdev, bdaddr, bdaddr_type);
		return;
	case HCI_AUTO_CONN_DIRECT:
	case HCI_AUTO_CONN_ALWAYS:
		hci_pend_le_list_add(params, &hdev->pend_le_conns);
		break;
	case HCI_AUTO_CONN_REPORT:
		hci_pend_le_list_add(params, &hdev->pend_le_reports);
		break;
	default:
		break;
	}
	hci_update_passive_scan(hdev);
}

static void bt_link_release(struct device *dev)
{
	kfree(to_hci_conn(dev));
}

static void hci_conn_init_sysfs(struct hci_conn *conn)
{
	conn->dev.release = bt_link_release;
	device_initialize(&conn->dev);
	conn->dev.parent = &conn->hdev->dev;
}

void hci_conn_add_sysfs(struct hci_conn *conn)
{
	if (!device_is_registered(&conn->dev) || !fixed(CVE_2022_49138))
		device_add(&conn->dev);
}

/* Puts the reference that hci_conn_add() began with. */
void hci_conn_del_sysfs(struct hci_conn *conn)
{
	if (device_is_registered(&conn->dev))
		device_del(&conn->dev);
	put_device(&conn->dev);
}

static void hci_conn_notify(struct hci_conn *conn)
{
	struct hci_dev *hdev = conn->hdev;
	u8 airmode = conn->setting & SCO_AIRMODE_MASK;

	if (!hdev->notify)
		return;
	if (conn->type != SCO_LINK && conn->type != ESCO_LINK)
		hdev->notify(hdev, HCI_NOTIFY_CONN_DEL);
	else if (airmode == SCO_AIRMODE_CVSD || airmode == SCO_AIRMODE_TRANSP)
		hdev->notify(hdev, HCI_NOTIFY_DISABLE_SCO);
}

static void hci_conn_cleanup(struct hci_conn *conn)
{
	struct hci_dev *hdev = conn->hdev;

	if (test_bit(HCI_CONN_PARAM_REMOVAL_PEND, &conn->flags))
		hci_conn_params_del(hdev, &conn->dst, conn->dst_type);
	if (test_and_clear_bit(HCI_CONN_FLUSH_KEY, &conn->flags))
		hci_remove_link_key(hdev, &conn->dst);
	hci_chan_list_flush(conn);
	hci_conn_hash_del(hdev, conn);
	if (HCI_CONN_HANDLE_UNSET(conn->handle))
		ida_free(&hdev->unset_handle_ida, conn->handle);
	if (conn->cleanup)
		conn->cleanup(conn);
	hci_conn_notify(conn);
	hci_conn_del_sysfs(conn);
	hci_dev_put(hdev);
}

static void le_scan_cleanup(struct work_struct *work)
{
	struct hci_conn *conn = container_of(work, struct hci_conn, le_scan_cleanup);
	struct hci_dev *hdev = conn->hdev;

	hci_dev_lock(hdev);
	if (hci_conn_valid(hdev, conn)) {
		hci_connect_le_scan_cleanup(conn, 0x00);
		/* what the layers above have made of the attempt goes, too */
		triggered(REDZONE_39C1897B527A, conn->l2cap_data != NULL);
		if (fixed(REDZONE_39C1897B527A)) {
			conn->state = BT_CLOSED;
			hci_connect_cfm(conn, HCI_ERROR_UNKNOWN_CONN_ID);
		}
		hci_conn_del(conn);
	}
	hci_dev_unlock(hdev);
	hci_dev_put(hdev);
	hci_conn_put(conn);
}

/* Not from here: whoever deletes the link waits for the work that calls this. */
static void hci_connect_le_scan_remove(struct hci_conn *conn)
{
	hci_dev_hold(conn->hdev);
	hci_conn_get(conn);
	schedule_work(&conn->le_scan_cleanup);
}

static void hci_conn_timeout(struct work_struct *work)
{
	struct hci_conn *conn = container_of(work, struct hci_conn, disc_work.work);
	int refcnt = atomic_read(&conn->refcnt);

	/*
	 * Somebody took hold of it again. Upstream warns below 0, but gets there by its
	 * own flow: a failed Encryption Change on an idle link drops what nobody held.
	 */
	if (refcnt > 0)
		return;
	if (conn->state == BT_CONNECT && conn->type == LE_LINK &&
	    test_bit(HCI_CONN_SCANNING, &conn->flags)) {
		hci_connect_le_scan_remove(conn);
		return;
	}
	hci_abort_conn(conn, hci_proto_disconn_ind(conn));
}

static void hci_conn_idle(struct work_struct *work)
{
	struct hci_conn *conn = container_of(work, struct hci_conn, idle_work.work);
	struct hci_dev *hdev = conn->hdev;

	if (!lmp_sniff_capable(hdev))
		return;
	if (malformed(!lmp_sniff_capable(conn)) ||
	    malformed(conn->mode != HCI_CM_ACTIVE) ||
	    malformed(!(conn->link_policy & HCI_LP_SNIFF)))
		return;
	if (lmp_sniffsubr_capable(hdev) && lmp_sniffsubr_capable(conn)) {
		struct hci_cp_sniff_subrate cp = {
			.handle = cpu_to_le16(conn->handle),
		};

		hci_send_cmd(hdev, HCI_OP_SNIFF_SUBRATE, sizeof(cp), &cp);
	}
	if (!test_and_set_bit(HCI_CONN_MODE_CHANGE_PEND, &conn->flags)) {
		struct hci_cp_sniff_mode cp = {
			.handle = cpu_to_le16(conn->handle),
			.max_interval = cpu_to_le16(hdev->sniff_max_interval),
			.min_interval = cpu_to_le16(hdev->sniff_min_interval),
			.attempt = cpu_to_le16(4),
			.timeout = cpu_to_le16(1),
		};

		hci_send_cmd(hdev, HCI_OP_SNIFF_MODE, sizeof(cp), &cp);
	}
}

static void hci_conn_auto_accept(struct work_struct *work)
{
	struct hci_conn *conn = container_of(work, struct hci_conn,
					     auto_accept_work.work);

	hci_send_cmd(conn->hdev, HCI_OP_USER_CONFIRM_REPLY, sizeof(conn->dst),
		     &conn->dst);
}

static void le_disable_advertising(struct hci_dev *hdev)
{
	struct hci_cp_le_set_ext_adv_enable cp = { .enable = 0, .num_of_sets = 0 };
	u8 enable = 0;

	if (ext_adv_capable(hdev))
		hci_send_cmd(hdev, HCI_OP_LE_SET_EXT_ADV_ENABLE, sizeof(cp), &cp);
	else
		hci_send_cmd(hdev, HCI_OP_LE_SET_ADV_ENABLE, sizeof(enable), &enable);
}

static void le_conn_timeout(struct work_struct *work)
{
	struct hci_conn *conn = container_of(work, struct hci_conn, le_conn_timeout.work);
	struct hci_dev *hdev = conn->hdev;

	/* Directed advertising that nobody answered. */
	if (conn->role == HCI_ROLE_SLAVE) {
		le_disable_advertising(hdev);
		hci_dev_lock(hdev);
		hci_conn_failed(conn, HCI_ERROR_ADVERTISING_TIMEOUT);
		hci_dev_unlock(hdev);
		return;
	}
	hci_abort_conn(conn, HCI_ERROR_REMOTE_USER_TERM);
}

/* Does the controller have a buffer for packets of such a link? */
static bool hci_conn_type_ok(struct hci_dev *hdev, int type)
{
	switch (type) {
	case ACL_LINK:
		return hdev->acl_mtu;
	case ISO_LINK:
		if (hdev->iso_mtu)
			return true;
		fallthrough;
	case LE_LINK:
		if (malformed_in(CVE_2024_36968,
				 hdev->le_mtu && hdev->le_mtu < HCI_MIN_LE_MTU))
			return false;
		if (malformed_in(CVE_2024_36968,
				 !hdev->le_mtu && hdev->acl_mtu < HCI_MIN_LE_MTU))
			return false;
		return true;
	case SCO_LINK:
	case ESCO_LINK:
		return hdev->sco_pkts;
	}
	return false;
}

static void hci_conn_init_type(struct hci_conn *conn)
{
	struct hci_dev *hdev = conn->hdev;
	u16 le_mtu = hdev->le_mtu ? hdev->le_mtu : hdev->acl_mtu;

	switch (conn->type) {
	case ACL_LINK:
		conn->pkt_type = hdev->pkt_type & ACL_PTYPE_MASK;
		conn->mtu = hdev->acl_mtu;
		break;
	case LE_LINK:
		hci_copy_identity_address(hdev, &conn->src, &conn->src_type);
		conn->mtu = le_mtu;
		break;
	case ISO_LINK:
		hci_copy_identity_address(hdev, &conn->src, &conn->src_type);
		if (!bacmp(&conn->dst, BDADDR_ANY))
			conn->cleanup = bis_cleanup;
		else if (conn->role == HCI_ROLE_MASTER)
			conn->cleanup = cis_cleanup;
		conn->mtu = hdev->iso_mtu ? hdev->iso_mtu : le_mtu;
		break;
	case SCO_LINK:
		if (lmp_esco_capable(hdev))
			conn->pkt_type = hdev->esco_type & (SCO_ESCO_MASK | EDR_ESCO_MASK);
		else
			conn->pkt_type = hdev->pkt_type & SCO_PTYPE_MASK;
		conn->mtu = hdev->sco_mtu;
		break;
	case ESCO_LINK:
		conn->pkt_type = hdev->esco_type & ~EDR_ESCO_MASK;
		conn->mtu = hdev->sco_mtu;
		break;
	}
}

static void hci_conn_init_works(struct hci_conn *conn)
{
	skb_queue_head_init(&conn->data_q);
	INIT_LIST_HEAD(&conn->chan_list);
	INIT_DELAYED_WORK(&conn->disc_work, hci_conn_timeout);
	INIT_DELAYED_WORK(&conn->auto_accept_work, hci_conn_auto_accept);
	INIT_DELAYED_WORK(&conn->idle_work, hci_conn_idle);
	INIT_DELAYED_WORK(&conn->le_conn_timeout, le_conn_timeout);
	INIT_WORK(&conn->le_scan_cleanup, le_scan_cleanup);
}

static struct hci_conn *__hci_conn_add(struct hci_dev *hdev, int type, bdaddr_t *dst,
				       u8 role, u16 handle)
{
	struct hci_conn *conn;

	if (!hci_conn_type_ok(hdev, type))
		return ERR_PTR(-ECONNREFUSED);
	conn = kzalloc(sizeof(*conn), GFP_KERNEL);
	if (!conn)
		return ERR_PTR(-ENOMEM);
	bacpy(&conn->dst, dst);
	bacpy(&conn->src, &hdev->bdaddr);
	conn->handle = handle;
	conn->hdev = hdev;
	conn->type = type;
	conn->role = role;
	conn->mode = HCI_CM_ACTIVE;
	conn->state = BT_OPEN;
	conn->auth_type = HCI_AT_GENERAL_BONDING;
	conn->io_capability = hdev->io_capability;
	conn->remote_auth = 0xff;
	conn->key_type = 0xff;
	conn->rssi = HCI_RSSI_INVALID;
	conn->tx_power = HCI_TX_POWER_INVALID;
	conn->max_tx_power = HCI_TX_POWER_INVALID;
	set_bit(HCI_CONN_POWER_SAVE, &conn->flags);
	conn->disc_timeout = HCI_DISCONN_TIMEOUT;
	conn->auth_payload_timeout = DEFAULT_AUTH_PAYLOAD_TIMEOUT;
	conn->out = role == HCI_ROLE_MASTER;
	hci_conn_init_type(conn);
	hci_conn_init_works(conn);

	hci_dev_hold(hdev);
	hci_conn_hash_add(hdev, conn);
	if (hdev->notify && type != SCO_LINK && type != ESCO_LINK)
		hdev->notify(hdev, HCI_NOTIFY_CONN_ADD);
	hci_conn_init_sysfs(conn);
	return conn;
}

/* A link that the controller has not numbered: its handle is above all of those. */
struct hci_conn *hci_conn_add_unset(struct hci_dev *hdev, int type, bdaddr_t *dst,
				    u8 role)
{
	struct hci_conn *conn;
	int handle = ida_alloc_range(&hdev->unset_handle_ida, HCI_CONN_HANDLE_MAX + 1,
				     0xffff, GFP_ATOMIC);

	if (handle < 0)
		return ERR_PTR(-ECONNREFUSED);
	conn = __hci_conn_add(hdev, type, dst, role, handle);
	if (IS_ERR(conn))
		ida_free(&hdev->unset_handle_ida, handle);
	return conn;
}

struct hci_conn *hci_conn_add(struct hci_dev *hdev, int type, bdaddr_t *dst, u8 role,
			      u16 handle)
{
	if (malformed_in(CVE_2024_42133, handle > HCI_CONN_HANDLE_MAX))
		return ERR_PTR(-EINVAL);
	return __hci_conn_add(hdev, type, dst, role, handle);
}

/* For canaries: does a link other than @known point to @conn? */
static noinline bool __maybe_unused hci_conn_needed(const struct hci_conn *conn,
						    const struct hci_conn *known)
{
	const struct hci_conn *c;

	list_for_each_entry(c, &conn->hdev->conn_hash.list, list) {
		if (c->link == conn && c != known)
			return true;
	}
	return false;
}

/*
 * A link points to one that it carries, but several may point to the one they need:
 * the last that was bound is not the only one that must forget @conn.
 */
static void hci_conn_unlink(struct hci_conn *conn)
{
	struct hci_conn *c;

	triggered(REDZONE_E442CA6C5D53, hci_conn_needed(conn, conn->link));
	if (!fixed(REDZONE_E442CA6C5D53)) {
		if (conn->link)
			conn->link->link = NULL;
		conn->link = NULL;
		return;
	}
	list_for_each_entry(c, &conn->hdev->conn_hash.list, list) {
		if (c->link == conn)
			c->link = NULL;
	}
	conn->link = NULL;
}

/* A SCO link that never came up cannot outlive its ACL link; its socket must know. */
static void hci_conn_del_acl(struct hci_conn *conn)
{
	struct hci_conn *link = conn->link;

	hci_conn_unlink(conn);
	if (link && HCI_CONN_HANDLE_UNSET(link->handle)) {
		triggered(REDZONE_3E6D93A651F4, link->sco_data != NULL);
		if (fixed(REDZONE_3E6D93A651F4))
			hci_conn_failed(link, HCI_ERROR_UNKNOWN_CONN_ID);
		else
			hci_conn_del(link);
	}
	conn->hdev->acl_cnt += conn->sent;
}

static void hci_conn_del_parented(struct hci_conn *conn)
{
	struct hci_dev *hdev = conn->hdev;
	struct hci_conn *acl = conn->link;

	if (acl) {
		hci_conn_unlink(conn);
		hci_conn_drop(acl);
	}
	if (conn->type != ISO_LINK)
		return;
	if (hdev->iso_pkts)
		hdev->iso_cnt += conn->sent;
	else if (hdev->le_pkts)
		hdev->le_cnt += conn->sent;
	else
		hdev->acl_cnt += conn->sent;
}

int hci_conn_del(struct hci_conn *conn)
{
	struct hci_dev *hdev = conn->hdev;

	cancel_delayed_work_sync(&conn->disc_work);
	cancel_delayed_work_sync(&conn->auto_accept_work);
	cancel_delayed_work_sync(&conn->idle_work);
	if (conn->type == ACL_LINK) {
		hci_conn_del_acl(conn);
	} else if (conn->type == LE_LINK) {
		cancel_delayed_work(&conn->le_conn_timeout);
		/* a stream that waits for the link would keep its pointer to it */
		triggered(REDZONE_0D7446261785, hci_conn_needed(conn, NULL));
		if (fixed(REDZONE_0D7446261785))
			hci_conn_unlink(conn);
		if (hdev->le_pkts)
			hdev->le_cnt += conn->sent;
		else
			hdev->acl_cnt += conn->sent;
	} else {
		hci_conn_del_parented(conn);
	}
	skb_queue_purge(&conn->data_q);
	hci_conn_cleanup(conn);
	return 0;
}

static void hci_le_conn_failed(struct hci_conn *conn, u8 status)
{
	hci_connect_le_scan_cleanup(conn, status);
	/* The attempt had taken the place of advertising. */
	if (conn->role == HCI_ROLE_SLAVE)
		hci_enable_advertising(conn->hdev);
}

void hci_conn_failed(struct hci_conn *conn, u8 status)
{
	if (conn->type == LE_LINK)
		hci_le_conn_failed(conn, status);
	else if (conn->type == ACL_LINK)
		mgmt_connect_failed(conn->hdev, conn, status);
	conn->state = BT_CLOSED;
	hci_connect_cfm(conn, status);
	hci_conn_del(conn);
}

/* The controller goes down: nothing of its links remains. */
void hci_conn_hash_flush(struct hci_dev *hdev)
{
	struct list_head *head = &hdev->conn_hash.list;
	struct hci_conn *c;

	while (!list_empty(head)) {
		c = list_first_entry(head, struct hci_conn, list);
		c->state = BT_CLOSED;
		hci_disconn_cfm(c, HCI_ERROR_LOCAL_HOST_TERM);
		/* or deleting this one would delete another behind our back */
		hci_conn_unlink(c);
		hci_conn_del(c);
	}
}

struct hci_chan *hci_chan_create(struct hci_conn *conn)
{
	struct hci_chan *chan;

	/* A link that is going down gets no new channel. */
	if (malformed(test_bit(HCI_CONN_DROP, &conn->flags)))
		return NULL;
	chan = kzalloc(sizeof(*chan), GFP_KERNEL);
	if (!chan)
		return NULL;
	chan->conn = hci_conn_get(conn);
	skb_queue_head_init(&chan->data_q);
	chan->state = BT_CONNECTED;
	list_add_rcu(&chan->list, &conn->chan_list);
	return chan;
}

void hci_chan_del(struct hci_chan *chan)
{
	struct hci_conn *conn = chan->conn;

	list_del_rcu(&chan->list);
	synchronize_rcu();
	set_bit(HCI_CONN_DROP, &conn->flags);
	hci_conn_put(conn);
	skb_queue_purge(&chan->data_q);
	kfree(chan);
}

void hci_chan_list_flush(struct hci_conn *conn)
{
	struct hci_chan *chan, *n;

	list_for_each_entry_safe(chan, n, &conn->chan_list, list)
		hci_chan_del(chan);
}

struct hci_chan *hci_chan_lookup_handle(struct hci_dev *hdev, u16 handle)
{
	struct hci_conn *hcon;
	struct hci_chan *hchan;

	list_for_each_entry(hcon, &hdev->conn_hash.list, list) {
		list_for_each_entry(hchan, &hcon->chan_list, list) {
			if (hchan->handle == handle)
				return hchan;
		}
	}
	return NULL;
}

static int hci_abort_connected(struct hci_conn *conn, u8 reason)
{
	struct hci_cp_disconnect dc = {
		.handle = cpu_to_le16(conn->handle),
		.reason = reason,
	};

	conn->state = BT_DISCONN;
	return hci_send_cmd(conn->hdev, HCI_OP_DISCONNECT, sizeof(dc), &dc);
}

/* Not answered yet; SCO has few reasons to choose from. */
static int hci_abort_request(struct hci_conn *conn, u8 reason)
{
	if (conn->type == ACL_LINK) {
		struct hci_cp_reject_conn_req rej = { .reason = reason };

		bacpy(&rej.bdaddr, &conn->dst);
		return hci_send_cmd(conn->hdev, HCI_OP_REJECT_CONN_REQ, sizeof(rej),
				    &rej);
	}
	if (conn->type == SCO_LINK || conn->type == ESCO_LINK) {
		struct hci_cp_reject_sync_conn_req rej = {
			.reason = HCI_ERROR_REJ_LIMITED_RESOURCES,
		};

		bacpy(&rej.bdaddr, &conn->dst);
		return hci_send_cmd(conn->hdev, HCI_OP_REJECT_SYNC_CONN_REQ,
				    sizeof(rej), &rej);
	}
	return 0;
}

static int hci_abort_attempt(struct hci_conn *conn)
{
	struct hci_dev *hdev = conn->hdev;

	if (conn->type == LE_LINK && !test_bit(HCI_CONN_SCANNING, &conn->flags))
		return hci_send_cmd(hdev, HCI_OP_LE_CREATE_CONN_CANCEL, 0, NULL);
	if (conn->type == ACL_LINK && hdev->hci_ver >= BLUETOOTH_VER_1_2)
		return hci_send_cmd(hdev, HCI_OP_CREATE_CONN_CANCEL, 6, &conn->dst);
	return 0;
}

int hci_abort_conn(struct hci_conn *conn, u8 reason)
{
	if (test_and_set_bit(HCI_CONN_CANCEL, &conn->flags))
		return 0;
	switch (conn->state) {
	case BT_CONNECTED:
	case BT_CONFIG:
		return hci_abort_connected(conn, reason);
	case BT_CONNECT:
		return hci_abort_attempt(conn);
	case BT_CONNECT2:
		return hci_abort_request(conn, reason);
	}
	conn->state = BT_CLOSED;
	return 0;
}

/* As central, learn the clock offset for the next time. */
int hci_disconnect(struct hci_conn *conn, u8 reason)
{
	struct hci_cp_read_clock_offset clkoff_cp;

	if (conn->type == ACL_LINK && conn->role == HCI_ROLE_MASTER &&
	    (conn->state == BT_CONNECTED || conn->state == BT_CONFIG)) {
		clkoff_cp.handle = cpu_to_le16(conn->handle);
		hci_send_cmd(conn->hdev, HCI_OP_READ_CLOCK_OFFSET, sizeof(clkoff_cp),
			     &clkoff_cp);
	}
	return hci_abort_conn(conn, reason);
}
