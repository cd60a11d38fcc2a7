// SPDX-License-Identifier: GPL-2.0-only
/*
 * L2CAP connections: what the link layer reports, the information exchange, who uses
 * a connection.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_conn_add, l2cap_conn_del,
 *	l2cap_conn_ready, l2cap_conn_start, l2cap_le_conn_ready, l2cap_request_info,
 *	l2cap_info_timeout, l2cap_connect_cfm, l2cap_disconn_cfm, l2cap_security_cfm,
 *	l2cap_connect_ind, l2cap_register_user, l2cap_init)
 * Spec: Core 5.3 Vol 3 Part A 4.10, 4.11, 4.20, 6
 * Differs: no debugfs; the link's channel goes with the link (6.1.192 frees it a second
 *	time when a socket outlives the link); the responses for a channel that waited are
 *	functions of their own (l2cap_conn_start, l2cap_security_cfm).
 */
#include <linux/slab.h>
#include <net/bluetooth/mgmt.h>

#include "l2cap_sig.h"
#include "smp.h"

bool disable_ertm;
bool enable_ecred = true;

u32 l2cap_feat_mask = L2CAP_FEAT_FIXED_CHAN | L2CAP_FEAT_UCD;

static u8 bdaddr_type(u8 link_type, u8 bdaddr_type)
{
	if (link_type != LE_LINK)
		return BDADDR_BREDR;
	return bdaddr_type == ADDR_LE_DEV_PUBLIC ? BDADDR_LE_PUBLIC : BDADDR_LE_RANDOM;
}

u8 bdaddr_src_type(struct hci_conn *hcon)
{
	return bdaddr_type(hcon->type, hcon->src_type);
}

u8 bdaddr_dst_type(struct hci_conn *hcon)
{
	return bdaddr_type(hcon->type, hcon->dst_type);
}

/* The key of an encrypted link must be long enough; an open link has none. */
bool l2cap_check_enc_key_size(struct hci_conn *hcon, struct l2cap_chan *chan)
{
	int min_key_size = hcon->hdev->min_enc_key_size;

	if (chan->sec_level == BT_SECURITY_FIPS)
		min_key_size = 16;

	return !test_bit(HCI_CONN_ENCRYPT, &hcon->flags) ||
	       hcon->enc_key_size >= min_key_size;
}

/*
 * Information
 */

/* Ask once what the peer can do; channels wait for the answer, or for the timer. */
void l2cap_request_info(struct l2cap_conn *conn)
{
	struct l2cap_info_req req;

	if (conn->info_state & L2CAP_INFO_FEAT_MASK_REQ_SENT)
		return;

	req.type = cpu_to_le16(L2CAP_IT_FEAT_MASK);

	conn->info_state |= L2CAP_INFO_FEAT_MASK_REQ_SENT;
	conn->info_ident = l2cap_get_ident(conn);

	schedule_delayed_work(&conn->info_timer, L2CAP_INFO_TIMEOUT);

	l2cap_send_cmd(conn, conn->info_ident, L2CAP_INFO_REQ, sizeof(req), &req);
}

void l2cap_info_timeout(struct work_struct *work)
{
	struct l2cap_conn *conn = container_of(work, struct l2cap_conn, info_timer.work);

	conn->info_state |= L2CAP_INFO_FEAT_MASK_REQ_DONE;
	conn->info_ident = 0;

	l2cap_conn_start(conn);
}

/* An outgoing channel that waited for the information. */
static void l2cap_conn_start_out(struct l2cap_conn *conn, struct l2cap_chan *chan)
{
	if (!l2cap_chan_check_security(chan, true) || !__l2cap_no_conn_pending(chan))
		return;

	/* the owner wants this mode or none */
	if (!l2cap_mode_supported(chan->mode, conn->feat_mask) &&
	    malformed(test_bit(CONF_STATE2_DEVICE, &chan->conf_state))) {
		l2cap_chan_close(chan, ECONNRESET);
		return;
	}

	if (malformed(!l2cap_check_enc_key_size(conn->hcon, chan)))
		l2cap_chan_close(chan, ECONNREFUSED);
	else
		l2cap_start_connection(chan);
}

/* An incoming channel that waited for the information. */
static void l2cap_conn_start_in(struct l2cap_conn *conn, struct l2cap_chan *chan)
{
	struct l2cap_conn_rsp rsp;

	rsp.scid = cpu_to_le16(chan->dcid);
	rsp.dcid = cpu_to_le16(chan->scid);

	if (!l2cap_chan_check_security(chan, false)) {
		rsp.result = cpu_to_le16(L2CAP_CR_PEND);
		rsp.status = cpu_to_le16(L2CAP_CS_AUTHEN_PEND);
	} else if (test_bit(FLAG_DEFER_SETUP, &chan->flags)) {
		rsp.result = cpu_to_le16(L2CAP_CR_PEND);
		rsp.status = cpu_to_le16(L2CAP_CS_AUTHOR_PEND);
		chan->ops->defer(chan);
	} else {
		l2cap_state_change(chan, BT_CONFIG);
		rsp.result = cpu_to_le16(L2CAP_CR_SUCCESS);
		rsp.status = cpu_to_le16(L2CAP_CS_NO_INFO);
	}

	l2cap_send_cmd(conn, chan->ident, L2CAP_CONN_RSP, sizeof(rsp), &rsp);

	if (rsp.result == cpu_to_le16(L2CAP_CR_SUCCESS))
		l2cap_send_conf_req(chan);
}

/* The information is there, or nobody waits for it any longer. */
void l2cap_conn_start(struct l2cap_conn *conn)
{
	struct l2cap_chan *chan, *tmp;

	mutex_lock(&conn->chan_lock);

	list_for_each_entry_safe(chan, tmp, &conn->chan_l, list) {
		l2cap_chan_lock(chan);

		if (chan->chan_type != L2CAP_CHAN_CONN_ORIENTED)
			l2cap_chan_ready(chan);
		else if (chan->state == BT_CONNECT)
			l2cap_conn_start_out(conn, chan);
		else if (chan->state == BT_CONNECT2)
			l2cap_conn_start_in(conn, chan);

		l2cap_chan_unlock(chan);
	}

	mutex_unlock(&conn->chan_lock);
}

/*
 * Connections
 */

/* As peripheral, ask for an interval within what was configured for the peer. */
static void l2cap_le_conn_ready(struct l2cap_conn *conn)
{
	struct hci_conn *hcon = conn->hcon;
	struct l2cap_conn_param_update_req req;

	/* pairing that no channel asked for */
	if (hcon->out)
		smp_conn_security(hcon, hcon->pending_sec_level);

	if (hcon->role != HCI_ROLE_SLAVE ||
	    (hcon->le_conn_interval >= hcon->le_conn_min_interval &&
	     hcon->le_conn_interval <= hcon->le_conn_max_interval))
		return;

	req.min = cpu_to_le16(hcon->le_conn_min_interval);
	req.max = cpu_to_le16(hcon->le_conn_max_interval);
	req.latency = cpu_to_le16(hcon->le_conn_latency);
	req.to_multiplier = cpu_to_le16(hcon->le_supv_timeout);

	l2cap_send_cmd(conn, l2cap_get_ident(conn), L2CAP_CONN_PARAM_UPDATE_REQ,
		       sizeof(req), &req);
}

/* The link of a channel is up: those without a connection of their own are ready. */
static void l2cap_chan_link_up(struct l2cap_conn *conn, struct l2cap_chan *chan)
{
	if (conn->hcon->type == LE_LINK)
		l2cap_le_start(chan);
	else if (chan->chan_type == L2CAP_CHAN_CONN_ORIENTED && chan->state == BT_CONNECT)
		l2cap_do_start(chan);
	else if (chan->chan_type != L2CAP_CHAN_CONN_ORIENTED &&
		 conn->info_state & L2CAP_INFO_FEAT_MASK_REQ_DONE)
		l2cap_chan_ready(chan);
}

void l2cap_conn_ready(struct l2cap_conn *conn)
{
	struct hci_conn *hcon = conn->hcon;
	struct l2cap_chan *chan;

	if (hcon->type == ACL_LINK)
		l2cap_request_info(conn);

	mutex_lock(&conn->chan_lock);

	list_for_each_entry(chan, &conn->chan_l, list) {
		l2cap_chan_lock(chan);

		l2cap_chan_link_up(conn, chan);
		l2cap_chan_unlock(chan);
	}

	mutex_unlock(&conn->chan_lock);

	if (hcon->type == LE_LINK)
		l2cap_le_conn_ready(conn);

	queue_work(hcon->hdev->workqueue, &conn->pending_rx_work);
}

/* Bytes were lost: owners that asked for a reliable link are told. */
void l2cap_conn_unreliable(struct l2cap_conn *conn, int err)
{
	struct l2cap_chan *chan;

	mutex_lock(&conn->chan_lock);

	list_for_each_entry(chan, &conn->chan_l, list) {
		if (test_bit(FLAG_FORCE_RELIABLE, &chan->flags))
			l2cap_chan_set_err(chan, err);
	}

	mutex_unlock(&conn->chan_lock);
}

/* The peer's address became its identity address. */
static void l2cap_conn_update_id_addr(struct work_struct *work)
{
	struct l2cap_conn *conn = container_of(work, struct l2cap_conn,
					       id_addr_update_work);
	struct hci_conn *hcon = conn->hcon;
	struct l2cap_chan *chan;

	mutex_lock(&conn->chan_lock);

	list_for_each_entry(chan, &conn->chan_l, list) {
		l2cap_chan_lock(chan);
		bacpy(&chan->dst, &hcon->dst);
		chan->dst_type = bdaddr_dst_type(hcon);
		l2cap_chan_unlock(chan);
	}

	mutex_unlock(&conn->chan_lock);
}

/* Those that we offer over BR/EDR. */
static u8 l2cap_fixed_channels(struct hci_dev *hdev)
{
	bool smp = bredr_sc_enabled(hdev) || hci_dev_test_flag(hdev, HCI_FORCE_BREDR_SMP);
	u8 channels = L2CAP_FC_SIG_BREDR | L2CAP_FC_CONNLESS;

	if (smp && hci_dev_test_flag(hdev, HCI_LE_ENABLED))
		channels |= L2CAP_FC_SMP_BREDR;
	return channels;
}

static void l2cap_conn_init(struct l2cap_conn *conn, struct hci_conn *hcon,
			    struct hci_chan *hchan)
{
	kref_init(&conn->ref);
	hcon->l2cap_data = conn;
	conn->hcon = hci_conn_get(hcon);
	conn->hchan = hchan;
	conn->mtu = hcon->mtu;
	conn->local_fixed_chan = l2cap_fixed_channels(hcon->hdev);

	mutex_init(&conn->chan_lock);

	INIT_LIST_HEAD(&conn->chan_l);
	INIT_LIST_HEAD(&conn->users);

	INIT_DELAYED_WORK(&conn->info_timer, l2cap_info_timeout);
	ida_init(&conn->tx_ida);

	skb_queue_head_init(&conn->pending_rx);
	INIT_WORK(&conn->pending_rx_work, process_pending_rx);
	INIT_WORK(&conn->id_addr_update_work, l2cap_conn_update_id_addr);

	conn->disc_reason = HCI_ERROR_REMOTE_USER_TERM;
}

/**
 * l2cap_conn_add() - the connection of a link, made when there is none yet
 *
 * Return: the connection, which the link holds, or NULL without memory.
 */
struct l2cap_conn *l2cap_conn_add(struct hci_conn *hcon)
{
	struct l2cap_conn *conn = hcon->l2cap_data;
	struct hci_chan *hchan;

	if (conn)
		return conn;

	hchan = hci_chan_create(hcon);
	if (!hchan)
		return NULL;

	conn = kzalloc(sizeof(*conn), GFP_KERNEL);
	if (!conn) {
		hci_chan_del(hchan);
		return NULL;
	}

	l2cap_conn_init(conn, hcon, hchan);
	return conn;
}

static void l2cap_unregister_all_users(struct l2cap_conn *conn)
{
	struct l2cap_user *user;

	while (!list_empty(&conn->users)) {
		user = list_first_entry(&conn->users, struct l2cap_user, list);
		list_del_init(&user->list);
		user->remove(conn, user);
	}
}

/* The link is gone: its channels go, the object when the last user puts it. */
void l2cap_conn_del(struct hci_conn *hcon, int err)
{
	struct l2cap_conn *conn = hcon->l2cap_data;
	struct l2cap_chan *chan, *l;

	if (!conn)
		return;

	cancel_delayed_work_sync(&conn->info_timer);
	cancel_work_sync(&conn->id_addr_update_work);
	cancel_work_sync(&conn->pending_rx_work);

	kfree_skb(conn->rx_skb);

	skb_queue_purge(&conn->pending_rx);
	ida_destroy(&conn->tx_ida);

	l2cap_unregister_all_users(conn);

	/* nobody waits for the link any longer */
	hcon->disc_timeout = 0;

	mutex_lock(&conn->chan_lock);

	list_for_each_entry_safe(chan, l, &conn->chan_l, list) {
		l2cap_chan_hold(chan);
		l2cap_chan_lock(chan);

		l2cap_chan_del(chan, err);
		chan->ops->close(chan);

		l2cap_chan_unlock(chan);
		l2cap_chan_put(chan);
	}

	mutex_unlock(&conn->chan_lock);

	/* the link frees its channels when it goes, users may put theirs later */
	hci_chan_del(conn->hchan);
	conn->hchan = NULL;

	hcon->l2cap_data = NULL;
	l2cap_conn_put(conn);
}

static void l2cap_conn_free(struct kref *ref)
{
	struct l2cap_conn *conn = container_of(ref, struct l2cap_conn, ref);

	hci_conn_put(conn->hcon);
	kfree(conn);
}

struct l2cap_conn *l2cap_conn_get(struct l2cap_conn *conn)
{
	kref_get(&conn->ref);
	return conn;
}

void l2cap_conn_put(struct l2cap_conn *conn)
{
	kref_put(&conn->ref, l2cap_conn_free);
}

struct l2cap_conn *l2cap_conn_hold_unless_zero(struct l2cap_conn *c)
{
	return kref_get_unless_zero(&c->ref) ? c : NULL;
}

/*
 * Users: what lives and dies with a connection without being a channel
 */

/**
 * l2cap_register_user() - @user's probe now, its remove when the connection ends
 *
 * Whoever may unregister later must hold a reference of @conn.
 *
 * Return: 0, -EINVAL if it is registered already, -ENODEV if the connection has
 * ended, or what probe said.
 */
int l2cap_register_user(struct l2cap_conn *conn, struct l2cap_user *user)
{
	struct hci_dev *hdev = conn->hcon->hdev;
	int ret;

	hci_dev_lock(hdev);

	if (!list_empty(&user->list)) {
		ret = -EINVAL;
		goto out_unlock;
	}

	if (!conn->hchan) {
		ret = -ENODEV;
		goto out_unlock;
	}

	ret = user->probe(conn, user);
	if (ret)
		goto out_unlock;

	list_add(&user->list, &conn->users);

out_unlock:
	hci_dev_unlock(hdev);
	return ret;
}

void l2cap_unregister_user(struct l2cap_conn *conn, struct l2cap_user *user)
{
	struct hci_dev *hdev = conn->hcon->hdev;

	hci_dev_lock(hdev);

	if (!list_empty(&user->list)) {
		list_del_init(&user->list);
		user->remove(conn, user);
	}

	hci_dev_unlock(hdev);
}

/*
 * What the link layer reports
 */

static int l2cap_listen_mode(const struct l2cap_chan *c)
{
	return test_bit(FLAG_ROLE_SWITCH, &c->flags) ? HCI_LM_ACCEPT | HCI_LM_MASTER
						     : HCI_LM_ACCEPT;
}

/* Is there anybody for a peer that wants a link? Return: HCI_LM_* */
int l2cap_connect_ind(struct hci_dev *hdev, bdaddr_t *bdaddr)
{
	int here = 0, anywhere = 0;
	struct l2cap_chan *c;

	read_lock(&chan_list_lock);
	list_for_each_entry(c, &chan_list, global_l) {
		if (c->state != BT_LISTEN)
			continue;

		if (!bacmp(&c->src, &hdev->bdaddr))
			here |= l2cap_listen_mode(c);
		else if (!bacmp(&c->src, BDADDR_ANY))
			anywhere |= l2cap_listen_mode(c);
	}
	read_unlock(&chan_list_lock);

	return here ? here : anywhere;
}

/* One fixed channel that listens gets a child on the new link. */
static void l2cap_connect_fixed(struct l2cap_conn *conn, struct l2cap_chan *pchan)
{
	struct hci_conn *hcon = conn->hcon;
	struct l2cap_chan *chan;

	/* one that was opened from here comes first */
	if (malformed(__l2cap_get_chan_by_dcid(conn, pchan->scid)))
		return;

	l2cap_chan_lock(pchan);
	chan = l2cap_new_connection(conn, pchan);
	if (chan) {
		bacpy(&chan->src, &hcon->src);
		bacpy(&chan->dst, &hcon->dst);
		chan->src_type = bdaddr_src_type(hcon);
		chan->dst_type = bdaddr_dst_type(hcon);
	}
	l2cap_chan_unlock(pchan);
}

static void l2cap_connect_cfm(struct hci_conn *hcon, u8 status)
{
	struct hci_dev *hdev = hcon->hdev;
	struct l2cap_chan *pchan, *next;
	struct l2cap_conn *conn;

	if (hcon->type != ACL_LINK && hcon->type != LE_LINK)
		return;

	if (malformed(status)) {
		l2cap_conn_del(hcon, bt_to_errno(status));
		return;
	}

	conn = l2cap_conn_add(hcon);
	if (!conn)
		return;

	if (malformed(hci_bdaddr_list_lookup(&hdev->reject_list, &hcon->dst,
					     bdaddr_dst_type(hcon))))
		return;

	pchan = l2cap_global_fixed_chan(NULL, hcon);
	while (pchan) {
		l2cap_connect_fixed(conn, pchan);
		next = l2cap_global_fixed_chan(pchan, hcon);
		l2cap_chan_put(pchan);
		pchan = next;
	}

	l2cap_conn_ready(conn);
}

/* Why the link is to be closed, when nobody uses it any longer. */
int l2cap_disconn_ind(struct hci_conn *hcon)
{
	struct l2cap_conn *conn = hcon->l2cap_data;

	if (!conn)
		return HCI_ERROR_REMOTE_USER_TERM;
	return conn->disc_reason;
}

static void l2cap_disconn_cfm(struct hci_conn *hcon, u8 reason)
{
	if (hcon->type != ACL_LINK && hcon->type != LE_LINK)
		return;

	l2cap_conn_del(hcon, bt_to_errno(reason));
}

/* An open channel whose link was, or is no longer, encrypted. */
static void l2cap_check_encryption(struct l2cap_chan *chan, u8 encrypt)
{
	if (chan->chan_type != L2CAP_CHAN_CONN_ORIENTED)
		return;

	if (encrypt) {
		if (chan->sec_level == BT_SECURITY_MEDIUM)
			__clear_chan_timer(chan);
		return;
	}

	if (malformed(chan->sec_level == BT_SECURITY_MEDIUM))
		__set_chan_timer(chan, L2CAP_ENC_TIMEOUT);
	else if (malformed(chan->sec_level >= BT_SECURITY_HIGH))
		l2cap_chan_close(chan, ECONNREFUSED);
}

/* An incoming channel that waited for the link to be secure. */
static void l2cap_security_in(struct l2cap_chan *chan, u8 status)
{
	struct l2cap_conn *conn = chan->conn;
	struct l2cap_conn_rsp rsp;
	u16 res, stat = L2CAP_CS_NO_INFO;

	if (malformed(status) ||
	    malformed(!l2cap_check_enc_key_size(conn->hcon, chan))) {
		l2cap_state_change(chan, BT_DISCONN);
		__set_chan_timer(chan, L2CAP_DISC_TIMEOUT);
		res = L2CAP_CR_SEC_BLOCK;
	} else if (test_bit(FLAG_DEFER_SETUP, &chan->flags)) {
		res = L2CAP_CR_PEND;
		stat = L2CAP_CS_AUTHOR_PEND;
		chan->ops->defer(chan);
	} else {
		l2cap_state_change(chan, BT_CONFIG);
		res = L2CAP_CR_SUCCESS;
	}

	rsp.scid = cpu_to_le16(chan->dcid);
	rsp.dcid = cpu_to_le16(chan->scid);
	rsp.result = cpu_to_le16(res);
	rsp.status = cpu_to_le16(stat);
	l2cap_send_cmd(conn, chan->ident, L2CAP_CONN_RSP, sizeof(rsp), &rsp);

	if (res == L2CAP_CR_SUCCESS)
		l2cap_send_conf_req(chan);
}

static void l2cap_security_chan(struct l2cap_chan *chan, u8 status, u8 encrypt)
{
	struct hci_conn *hcon = chan->conn->hcon;

	if (!status && encrypt)
		chan->sec_level = hcon->sec_level;

	/* the peer has yet to answer a request that went out before */
	if (malformed(!__l2cap_no_conn_pending(chan)))
		return;

	if (!status && (chan->state == BT_CONNECTED || chan->state == BT_CONFIG)) {
		chan->ops->resume(chan);
		l2cap_check_encryption(chan, encrypt);
		return;
	}

	if (chan->state == BT_CONNECT) {
		if (malformed(status) || malformed(!l2cap_check_enc_key_size(hcon, chan)))
			__set_chan_timer(chan, L2CAP_DISC_TIMEOUT);
		else
			l2cap_start_connection(chan);
	} else if (chan->state == BT_CONNECT2 &&
		   chan->mode != L2CAP_MODE_EXT_FLOWCTL &&
		   chan->mode != L2CAP_MODE_LE_FLOWCTL) {
		l2cap_security_in(chan, status);
	}
}

static void l2cap_security_cfm(struct hci_conn *hcon, u8 status, u8 encrypt)
{
	struct l2cap_conn *conn = hcon->l2cap_data;
	struct l2cap_chan *chan;

	if (!conn)
		return;

	mutex_lock(&conn->chan_lock);

	list_for_each_entry(chan, &conn->chan_l, list) {
		l2cap_chan_lock(chan);
		l2cap_security_chan(chan, status, encrypt);
		l2cap_chan_unlock(chan);
	}

	mutex_unlock(&conn->chan_lock);
}

static struct hci_cb l2cap_cb = {
	.name		= "L2CAP",
	.connect_cfm	= l2cap_connect_cfm,
	.disconn_cfm	= l2cap_disconn_cfm,
	.security_cfm	= l2cap_security_cfm,
};

int l2cap_init(void)
{
	int err;

	err = l2cap_init_sockets();
	if (err < 0)
		return err;

	hci_register_cb(&l2cap_cb);
	return 0;
}

void l2cap_exit(void)
{
	hci_unregister_cb(&l2cap_cb);
	l2cap_cleanup_sockets();
}
