// SPDX-License-Identifier: GPL-2.0-only
/*
 * L2CAP channels: life, states, timers, security, connecting.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_chan_create,
 *	l2cap_chan_set_defaults, __l2cap_chan_add, l2cap_chan_del, l2cap_chan_close,
 *	l2cap_chan_timeout, l2cap_get_auth_type, l2cap_chan_check_security,
 *	l2cap_chan_ready, l2cap_do_start, l2cap_send_conn_req, l2cap_send_disconn_req,
 *	l2cap_new_connection, l2cap_chan_connect)
 * Spec: Core 5.3 Vol 3 Part A 4.2, 4.6, 6.1
 * Differs: l2cap_chan_connect() is cut into what it checks, the link, the channel; what
 *	came of an SDU is freed with its channel (upstream forgets it); a channel that a
 *	response ends is closed, too (upstream forgets one that nobody has accepted).
 */
#include <linux/slab.h>

#include "l2cap_sig.h"
#include "smp.h"

/*
 * Life
 */

/* A pending timer holds the channel: it is put here, whatever happened meanwhile. */
static void l2cap_chan_timeout(struct work_struct *work)
{
	struct l2cap_chan *chan = container_of(work, struct l2cap_chan, chan_timer.work);
	struct l2cap_conn *conn = chan->conn;
	int reason;

	if (test_bit(FLAG_DEL, &chan->flags)) {
		l2cap_chan_put(chan);
		return;
	}

	mutex_lock(&conn->chan_lock);
	l2cap_chan_lock(chan);

	if (chan->state == BT_CONNECTED || chan->state == BT_CONFIG)
		reason = ECONNREFUSED;
	else if (chan->state == BT_CONNECT && chan->sec_level != BT_SECURITY_SDP)
		reason = ECONNREFUSED;
	else
		reason = ETIMEDOUT;

	l2cap_chan_close(chan, reason);
	chan->ops->close(chan);

	l2cap_chan_unlock(chan);
	mutex_unlock(&conn->chan_lock);
	l2cap_chan_put(chan);
}

/* Return: a channel in the global list, held by the caller, or NULL without memory. */
struct l2cap_chan *l2cap_chan_create(void)
{
	struct l2cap_chan *chan;

	chan = kzalloc(sizeof(*chan), GFP_ATOMIC);
	if (!chan)
		return NULL;

	skb_queue_head_init(&chan->tx_q);
	skb_queue_head_init(&chan->srej_q);
	mutex_init(&chan->lock);
	atomic_set(&chan->nesting, L2CAP_NESTING_NORMAL);
	chan->rx_avail = -1;

	write_lock(&chan_list_lock);
	list_add(&chan->global_l, &chan_list);
	write_unlock(&chan_list_lock);

	INIT_DELAYED_WORK(&chan->chan_timer, l2cap_chan_timeout);
	INIT_DELAYED_WORK(&chan->retrans_timer, l2cap_retrans_timeout);
	INIT_DELAYED_WORK(&chan->monitor_timer, l2cap_monitor_timeout);
	INIT_DELAYED_WORK(&chan->ack_timer, l2cap_ack_timeout);

	chan->state = BT_OPEN;
	kref_init(&chan->kref);

	/* until l2cap_chan_ready() */
	set_bit(CONF_NOT_COMPLETE, &chan->conf_state);

	return chan;
}

static void l2cap_chan_destroy(struct kref *kref)
{
	struct l2cap_chan *chan = container_of(kref, struct l2cap_chan, kref);

	write_lock(&chan_list_lock);
	list_del(&chan->global_l);
	write_unlock(&chan_list_lock);

	l2cap_sdu_drop(chan);

	if (chan->conn)
		l2cap_conn_put(chan->conn);

	kfree(chan);
}

void l2cap_chan_hold(struct l2cap_chan *c)
{
	kref_get(&c->kref);
}

struct l2cap_chan *l2cap_chan_hold_unless_zero(struct l2cap_chan *c)
{
	return kref_get_unless_zero(&c->kref) ? c : NULL;
}

void l2cap_chan_put(struct l2cap_chan *c)
{
	kref_put(&c->kref, l2cap_chan_destroy);
}

/* A child is as its listener @pchan. */
static void l2cap_chan_inherit(struct l2cap_chan *chan, struct l2cap_chan *pchan)
{
	chan->chan_type = pchan->chan_type;
	chan->imtu = pchan->imtu;
	chan->omtu = pchan->omtu;
	chan->mode = pchan->mode;
	chan->fcs = pchan->fcs;
	chan->max_tx = pchan->max_tx;
	chan->tx_win = pchan->tx_win;
	chan->tx_win_max = pchan->tx_win_max;
	chan->sec_level = pchan->sec_level;
	chan->conf_state = pchan->conf_state;
	chan->flags = pchan->flags;
	chan->tx_credits = pchan->tx_credits;
	chan->rx_credits = pchan->rx_credits;

	if (chan->chan_type == L2CAP_CHAN_FIXED) {
		chan->scid = pchan->scid;
		chan->dcid = pchan->scid;
	}
}

void l2cap_chan_set_defaults(struct l2cap_chan *chan, struct l2cap_chan *pchan)
{
	chan->fcs = L2CAP_FCS_CRC16;
	chan->max_tx = L2CAP_DEFAULT_MAX_TX;
	chan->tx_win = L2CAP_DEFAULT_TX_WINDOW;
	chan->tx_win_max = L2CAP_DEFAULT_TX_WINDOW;
	chan->remote_max_tx = chan->max_tx;
	chan->remote_tx_win = chan->tx_win;
	chan->ack_win = L2CAP_DEFAULT_TX_WINDOW;
	chan->sec_level = BT_SECURITY_LOW;
	chan->flush_to = L2CAP_DEFAULT_FLUSH_TO;
	chan->retrans_timeout = L2CAP_DEFAULT_RETRANS_TO;
	chan->monitor_timeout = L2CAP_DEFAULT_MONITOR_TO;

	if (pchan) {
		l2cap_chan_inherit(chan, pchan);
		return;
	}

	chan->conf_state = 0;
	set_bit(CONF_NOT_COMPLETE, &chan->conf_state);
	set_bit(FLAG_FORCE_ACTIVE, &chan->flags);
}

/* Identifiers and MTU, by the kind of channel. */
static void l2cap_chan_set_cids(struct l2cap_conn *conn, struct l2cap_chan *chan)
{
	switch (chan->chan_type) {
	case L2CAP_CHAN_CONN_ORIENTED:
		chan->scid = l2cap_alloc_cid(conn);
		if (conn->hcon->type == ACL_LINK)
			chan->omtu = L2CAP_DEFAULT_MTU;
		break;

	case L2CAP_CHAN_CONN_LESS:
		chan->scid = L2CAP_CID_CONN_LESS;
		chan->dcid = L2CAP_CID_CONN_LESS;
		chan->omtu = L2CAP_DEFAULT_MTU;
		break;

	case L2CAP_CHAN_FIXED:
		/* its owner has set them */
		break;

	default:
		/* raw: what goes over the signalling channel */
		chan->scid = L2CAP_CID_SIGNALING;
		chan->dcid = L2CAP_CID_SIGNALING;
		chan->omtu = L2CAP_DEFAULT_MTU;
	}
}

/* A fixed channel keeps the link up only if its owner asked for that. */
static bool l2cap_chan_holds_link(const struct l2cap_chan *chan)
{
	return chan->chan_type != L2CAP_CHAN_FIXED ||
	       test_bit(FLAG_HOLD_HCI_CONN, &chan->flags);
}

/* @conn's list holds one reference of @chan, @chan one of @conn. */
void __l2cap_chan_add(struct l2cap_conn *conn, struct l2cap_chan *chan)
{
	if (WARN_ON_ONCE(chan->conn || test_bit(FLAG_DEL, &chan->flags)))
		return;

	conn->disc_reason = HCI_ERROR_REMOTE_USER_TERM;
	chan->conn = l2cap_conn_get(conn);

	l2cap_chan_set_cids(conn, chan);

	chan->local_id = L2CAP_BESTEFFORT_ID;
	chan->local_stype = L2CAP_SERV_BESTEFFORT;
	chan->local_msdu = L2CAP_DEFAULT_MAX_SDU_SIZE;
	chan->local_sdu_itime = L2CAP_DEFAULT_SDU_ITIME;
	chan->local_acc_lat = L2CAP_DEFAULT_ACC_LAT;
	chan->local_flush_to = L2CAP_EFS_DEFAULT_FLUSH_TO;

	l2cap_chan_hold(chan);

	if (l2cap_chan_holds_link(chan))
		hci_conn_hold(conn->hcon);

	/* enhanced credit based channels are answered in order */
	list_add_tail(&chan->list, &conn->chan_l);
}

void l2cap_chan_add(struct l2cap_conn *conn, struct l2cap_chan *chan)
{
	mutex_lock(&conn->chan_lock);
	__l2cap_chan_add(conn, chan);
	mutex_unlock(&conn->chan_lock);
}

/* What the mode of an open channel keeps. */
static void l2cap_chan_purge(struct l2cap_chan *chan)
{
	switch (chan->mode) {
	case L2CAP_MODE_BASIC:
		break;

	case L2CAP_MODE_LE_FLOWCTL:
	case L2CAP_MODE_EXT_FLOWCTL:
		skb_queue_purge(&chan->tx_q);
		break;

	case L2CAP_MODE_ERTM:
		__clear_retrans_timer(chan);
		__clear_monitor_timer(chan);
		__clear_ack_timer(chan);

		skb_queue_purge(&chan->srej_q);

		l2cap_seq_list_free(&chan->srej_list);
		l2cap_seq_list_free(&chan->retrans_list);
		fallthrough;

	case L2CAP_MODE_STREAMING:
		skb_queue_purge(&chan->tx_q);
		break;
	}
}

/* Off its connection; the object lives as long as somebody holds it. */
void l2cap_chan_del(struct l2cap_chan *chan, int err)
{
	bool early;

	__clear_chan_timer(chan);

	chan->ops->teardown(chan, err);

	if (!test_and_set_bit(FLAG_DEL, &chan->flags)) {
		list_del(&chan->list);

		l2cap_chan_put(chan);

		if (l2cap_chan_holds_link(chan))
			hci_conn_drop(chan->conn->hcon);
	}

	/* accepted and used, but not answered for: a sibling is not decided on */
	early = chan->mode == L2CAP_MODE_EXT_FLOWCTL &&
		test_bit(FLAG_DEFER_SETUP, &chan->flags) && !skb_queue_empty(&chan->tx_q);
	triggered(REDZONE_6037DAA0C87C, early);
	if (test_bit(CONF_NOT_COMPLETE, &chan->conf_state))
		return;

	l2cap_chan_purge(chan);
}

/* What the peer ends: a child that nobody has accepted has no owner who closes it. */
void l2cap_chan_drop(struct l2cap_chan *chan, int err)
{
	l2cap_chan_del(chan, err);
	chan->ops->close(chan);
}

/*
 * States
 */

void l2cap_state_change(struct l2cap_chan *chan, int state)
{
	chan->state = (u8)state;
	chan->ops->state_change(chan, state, 0);
}

void l2cap_state_change_and_error(struct l2cap_chan *chan, int state, int err)
{
	chan->state = (u8)state;
	chan->ops->state_change(chan, chan->state, err);
}

void l2cap_chan_set_err(struct l2cap_chan *chan, int err)
{
	chan->ops->state_change(chan, chan->state, err);
}

/* Configured: data may flow. */
void l2cap_chan_ready(struct l2cap_chan *chan)
{
	/* data that came before the information exchange made it ready */
	if (chan->state == BT_CONNECTED)
		return;

	chan->conf_state = 0;	/* CONF_NOT_COMPLETE too */
	__clear_chan_timer(chan);

	switch (chan->mode) {
	case L2CAP_MODE_LE_FLOWCTL:
	case L2CAP_MODE_EXT_FLOWCTL:
		if (!chan->tx_credits)
			chan->ops->suspend(chan);
		break;
	}

	chan->state = BT_CONNECTED;
	chan->ops->ready(chan);
}

/* An incoming channel that is closed before it was answered. */
static void l2cap_chan_reject(struct l2cap_chan *chan)
{
	if (chan->conn->hcon->type == ACL_LINK)
		l2cap_chan_connect_reject(chan);
	else if (chan->mode == L2CAP_MODE_LE_FLOWCTL)
		l2cap_chan_le_connect_reject(chan);
}

/* Take the steps that lead from where the channel is to closed. */
void l2cap_chan_close(struct l2cap_chan *chan, int reason)
{
	bool oriented = chan->chan_type == L2CAP_CHAN_CONN_ORIENTED;

	switch (chan->state) {
	case BT_LISTEN:
		chan->ops->teardown(chan, 0);
		break;

	case BT_CONNECTED:
	case BT_CONFIG:
		if (oriented) {
			__set_chan_timer(chan, chan->ops->get_sndtimeo(chan));
			l2cap_send_disconn_req(chan, reason);
		} else {
			l2cap_chan_del(chan, reason);
		}
		break;

	case BT_CONNECT2:
		if (oriented && chan->conn->hcon->type == LE_LINK &&
		    chan->mode == L2CAP_MODE_EXT_FLOWCTL) {
			/* deletes all that are answered with it */
			l2cap_chan_ecred_connect_reject(chan);
			return;
		}
		if (oriented)
			l2cap_chan_reject(chan);
		l2cap_chan_del(chan, reason);
		break;

	case BT_CONNECT:
	case BT_DISCONN:
		l2cap_chan_del(chan, reason);
		break;

	default:
		chan->ops->teardown(chan, 0);
		break;
	}
}

/* A child of @pchan on @conn, which its owner takes over; NULL if he refuses. */
struct l2cap_chan *l2cap_new_connection(struct l2cap_conn *conn, struct l2cap_chan *pchan)
{
	struct l2cap_chan *chan;

	chan = l2cap_chan_create();
	if (!chan)
		return NULL;

	l2cap_chan_set_defaults(chan, pchan);
	chan->ops = pchan->ops;

	__l2cap_chan_add(conn, chan);

	if (pchan->ops->new_connection && pchan->ops->new_connection(pchan, chan) < 0) {
		l2cap_chan_del(chan, 0);
		l2cap_chan_put(chan);
		return NULL;
	}

	return chan;
}

/*
 * Security
 */

/* Bonding for a service; @mitm levels want a check against an attacker between. */
static u8 l2cap_auth_type_of(u8 level, u8 mitm, u8 medium)
{
	switch (level) {
	case BT_SECURITY_HIGH:
	case BT_SECURITY_FIPS:
		return mitm;
	case BT_SECURITY_MEDIUM:
		return medium;
	default:
		return HCI_AT_NO_BONDING;
	}
}

static u8 l2cap_get_auth_type(struct l2cap_chan *chan)
{
	__le16 open_psm = 0;

	switch (chan->chan_type) {
	case L2CAP_CHAN_RAW:
		return l2cap_auth_type_of(chan->sec_level, HCI_AT_DEDICATED_BONDING_MITM,
					  HCI_AT_DEDICATED_BONDING);
	case L2CAP_CHAN_CONN_LESS:
		open_psm = cpu_to_le16(L2CAP_PSM_3DSP);
		break;
	case L2CAP_CHAN_CONN_ORIENTED:
		open_psm = cpu_to_le16(L2CAP_PSM_SDP);
		break;
	}

	/* these two services are open to everybody */
	if (open_psm && chan->psm == open_psm && chan->sec_level == BT_SECURITY_LOW)
		chan->sec_level = BT_SECURITY_SDP;

	if (chan->chan_type == L2CAP_CHAN_CONN_LESS || (open_psm && chan->psm == open_psm))
		return l2cap_auth_type_of(chan->sec_level, HCI_AT_NO_BONDING_MITM,
					  HCI_AT_NO_BONDING);

	return l2cap_auth_type_of(chan->sec_level, HCI_AT_GENERAL_BONDING_MITM,
				  HCI_AT_GENERAL_BONDING);
}

/* Return: nonzero if the link is as secure as the channel needs it; else it is asked. */
int l2cap_chan_check_security(struct l2cap_chan *chan, bool initiator)
{
	struct l2cap_conn *conn = chan->conn;

	if (conn->hcon->type == LE_LINK)
		return smp_conn_security(conn->hcon, chan->sec_level);

	return hci_conn_security(conn->hcon, chan->sec_level, l2cap_get_auth_type(chan),
				 initiator);
}

/*
 * Connecting
 */

int __l2cap_no_conn_pending(struct l2cap_chan *chan)
{
	if (chan->chan_type != L2CAP_CHAN_CONN_ORIENTED)
		return true;

	return !test_bit(CONF_CONNECT_PEND, &chan->conf_state);
}

void l2cap_send_conn_req(struct l2cap_chan *chan)
{
	struct l2cap_conn *conn = chan->conn;
	struct l2cap_conn_req req;

	req.scid = cpu_to_le16(chan->scid);
	req.psm = chan->psm;

	chan->ident = l2cap_get_ident(conn);

	set_bit(CONF_CONNECT_PEND, &chan->conf_state);

	l2cap_send_cmd(conn, chan->ident, L2CAP_CONN_REQ, sizeof(req), &req);
}

void l2cap_start_connection(struct l2cap_chan *chan)
{
	if (chan->conn->hcon->type == LE_LINK)
		l2cap_le_start(chan);
	else
		l2cap_send_conn_req(chan);
}

/* Information first, then security, then the request. */
void l2cap_do_start(struct l2cap_chan *chan)
{
	struct l2cap_conn *conn = chan->conn;

	if (conn->hcon->type == LE_LINK) {
		l2cap_le_start(chan);
		return;
	}

	if (!(conn->info_state & L2CAP_INFO_FEAT_MASK_REQ_SENT)) {
		l2cap_request_info(conn);
		return;
	}

	if (!(conn->info_state & L2CAP_INFO_FEAT_MASK_REQ_DONE))
		return;

	if (!l2cap_chan_check_security(chan, true) || !__l2cap_no_conn_pending(chan))
		return;

	if (malformed(!l2cap_check_enc_key_size(conn->hcon, chan)))
		__set_chan_timer(chan, L2CAP_DISC_TIMEOUT);
	else
		l2cap_start_connection(chan);
}

/* Do both sides have @mode? */
int l2cap_mode_supported(__u8 mode, __u32 feat_mask)
{
	u32 local_feat_mask = l2cap_feat_mask;

	if (!disable_ertm)
		local_feat_mask |= L2CAP_FEAT_ERTM | L2CAP_FEAT_STREAMING;

	switch (mode) {
	case L2CAP_MODE_ERTM:
		return (int)(L2CAP_FEAT_ERTM & feat_mask & local_feat_mask);
	case L2CAP_MODE_STREAMING:
		return (int)(L2CAP_FEAT_STREAMING & feat_mask & local_feat_mask);
	default:
		return 0;
	}
}

void l2cap_send_disconn_req(struct l2cap_chan *chan, int err)
{
	struct l2cap_conn *conn = chan->conn;
	struct l2cap_disconn_req req;

	if (!conn)
		return;

	if (chan->mode == L2CAP_MODE_ERTM && chan->state == BT_CONNECTED) {
		__clear_retrans_timer(chan);
		__clear_monitor_timer(chan);
		__clear_ack_timer(chan);
	}

	req.dcid = cpu_to_le16(chan->dcid);
	req.scid = cpu_to_le16(chan->scid);
	l2cap_send_cmd(conn, l2cap_get_ident(conn), L2CAP_DISCONN_REQ, sizeof(req), &req);

	l2cap_state_change_and_error(chan, BT_DISCONN, err);
}

/* May @chan be connected as asked? Return: 0, 1 if it is on its way, or an error. */
static int l2cap_chan_connect_check(struct l2cap_chan *chan, __le16 psm, u16 cid,
				    u8 dst_type)
{
	if (!is_valid_psm(le16_to_cpu(psm), dst_type) && !cid &&
	    chan->chan_type != L2CAP_CHAN_RAW)
		return -EINVAL;

	if (chan->chan_type == L2CAP_CHAN_CONN_ORIENTED && !psm)
		return -EINVAL;

	if (chan->chan_type == L2CAP_CHAN_FIXED && !cid)
		return -EINVAL;

	switch (chan->mode) {
	case L2CAP_MODE_BASIC:
	case L2CAP_MODE_LE_FLOWCTL:
		break;
	case L2CAP_MODE_EXT_FLOWCTL:
		if (!enable_ecred)
			return -EOPNOTSUPP;
		break;
	case L2CAP_MODE_ERTM:
	case L2CAP_MODE_STREAMING:
		if (!disable_ertm)
			break;
		fallthrough;
	default:
		return -EOPNOTSUPP;
	}

	switch (chan->state) {
	case BT_CONNECT:
	case BT_CONNECT2:
	case BT_CONFIG:
		return 1;
	case BT_CONNECTED:
		return -EISCONN;
	case BT_OPEN:
	case BT_BOUND:
		return 0;
	default:
		return -EBADFD;
	}
}

/* The link to the peer, held for the caller: one that is there, or one on its way. */
static struct hci_conn *l2cap_chan_connect_link(struct hci_dev *hdev,
						struct l2cap_chan *chan, bdaddr_t *dst,
						u8 dst_type)
{
	if (!bdaddr_type_is_le(dst_type))
		return hci_connect_acl(hdev, dst, chan->sec_level,
				       l2cap_get_auth_type(chan), CONN_REASON_L2CAP_CHAN);

	dst_type = dst_type == BDADDR_LE_PUBLIC ? ADDR_LE_DEV_PUBLIC : ADDR_LE_DEV_RANDOM;

	if (hci_dev_test_flag(hdev, HCI_ADVERTISING))
		return hci_connect_le(hdev, dst, dst_type, false, chan->sec_level,
				      HCI_LE_CONN_TIMEOUT, HCI_ROLE_SLAVE);

	return hci_connect_le_scan(hdev, dst, dst_type, chan->sec_level,
				   HCI_LE_CONN_TIMEOUT, CONN_REASON_L2CAP_CHAN);
}

struct l2cap_chan_data {
	struct l2cap_chan *chan;
	struct pid *pid;
	int count;
};

static void l2cap_chan_by_pid(struct l2cap_chan *chan, void *data)
{
	struct l2cap_chan_data *d = data;

	if (chan == d->chan)
		return;

	if (!test_bit(FLAG_DEFER_SETUP, &chan->flags))
		return;

	if (d->pid != chan->ops->get_peer_pid(chan) || chan->psm != d->chan->psm ||
	    chan->ident || chan->mode != L2CAP_MODE_EXT_FLOWCTL ||
	    chan->state != BT_CONNECT)
		return;

	d->count++;
}

/* Would @chan go into one request with more than it can hold? */
static bool l2cap_chan_too_many(struct l2cap_conn *conn, struct l2cap_chan *chan)
{
	struct l2cap_chan_data data;

	if (chan->mode != L2CAP_MODE_EXT_FLOWCTL)
		return false;

	data.chan = chan;
	data.pid = chan->ops->get_peer_pid(chan);
	data.count = 1;

	l2cap_chan_list(conn, l2cap_chan_by_pid, &data);

	return data.count > L2CAP_ECRED_CONN_SCID_MAX;
}

/* @chan goes on @hcon's connection; what the link allows happens at once. */
static int l2cap_chan_connect_start(struct l2cap_conn *conn, struct l2cap_chan *chan,
				    u16 cid)
{
	struct hci_conn *hcon = conn->hcon;

	if ((cid && __l2cap_get_chan_by_dcid(conn, cid)) || chan->conn ||
	    test_bit(FLAG_DEL, &chan->flags))
		return -EBUSY;

	bacpy(&chan->src, &hcon->src);
	chan->src_type = bdaddr_src_type(hcon);

	__l2cap_chan_add(conn, chan);

	l2cap_state_change(chan, BT_CONNECT);
	__set_chan_timer(chan, chan->ops->get_sndtimeo(chan));

	/* only those that listen own their PSM */
	write_lock(&chan_list_lock);
	chan->sport = 0;
	write_unlock(&chan_list_lock);

	if (hcon->state != BT_CONNECTED)
		return 0;

	if (chan->chan_type == L2CAP_CHAN_CONN_ORIENTED) {
		l2cap_do_start(chan);
		return 0;
	}

	__clear_chan_timer(chan);
	if (l2cap_chan_check_security(chan, true))
		l2cap_state_change(chan, BT_CONNECTED);
	return 0;
}

/**
 * l2cap_chan_connect() - connect @chan to @psm of the peer, or to its fixed @cid
 *
 * Return: 0 when it is on its way, or negative errno.
 */
int l2cap_chan_connect(struct l2cap_chan *chan, __le16 psm, u16 cid, bdaddr_t *dst,
		       u8 dst_type)
{
	struct l2cap_conn *conn;
	struct hci_conn *hcon;
	struct hci_dev *hdev;
	int err;

	hdev = hci_get_route(dst, &chan->src, chan->src_type);
	if (!hdev)
		return -EHOSTUNREACH;

	hci_dev_lock(hdev);

	err = l2cap_chan_connect_check(chan, psm, cid, dst_type);
	if (err)
		goto done;

	bacpy(&chan->dst, dst);
	chan->dst_type = dst_type;
	chan->psm = psm;
	chan->dcid = cid;

	hcon = l2cap_chan_connect_link(hdev, chan, dst, dst_type);
	if (IS_ERR(hcon)) {
		err = (int)PTR_ERR(hcon);
		goto done;
	}

	conn = l2cap_conn_add(hcon);
	if (!conn) {
		err = -ENOMEM;
		goto drop;
	}

	if (l2cap_chan_too_many(conn, chan)) {
		err = -EPROTO;
		goto drop;
	}

	mutex_lock(&conn->chan_lock);
	l2cap_chan_lock(chan);
	err = l2cap_chan_connect_start(conn, chan, cid);
	l2cap_chan_unlock(chan);
	mutex_unlock(&conn->chan_lock);

drop:
	/* the channel, if it is on it, holds the link itself */
	hci_conn_drop(hcon);
done:
	hci_dev_unlock(hdev);
	hci_dev_put(hdev);
	return err < 0 ? err : 0;
}
