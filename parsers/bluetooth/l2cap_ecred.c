// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enhanced credit based channels: up to five in one command; reconfiguration.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_ecred_init,
 *	l2cap_ecred_connect, l2cap_ecred_defer_connect, l2cap_ecred_conn_req,
 *	l2cap_ecred_conn_rsp, l2cap_ecred_list_defer, l2cap_ecred_rsp_defer,
 *	__l2cap_ecred_conn_rsp_defer, l2cap_ecred_reconf_req, l2cap_ecred_reconf_rsp,
 *	l2cap_chan_reconfigure, l2cap_chan_ecred_connect_reject)
 * Spec: Core 5.3 Vol 3 Part A 4.25 to 4.28, 10.2
 * Differs: a response that refuses a request early is zero but for its result (upstream
 *	sends what is on the stack); a deferred channel counts as configured when it is
 *	accepted.
 */
#include "l2cap_sig.h"
#include "smp.h"

void l2cap_ecred_init(struct l2cap_chan *chan, u16 tx_credits)
{
	l2cap_le_flowctl_init(chan, tx_credits);

	/* everybody has to take frames of this size */
	if (malformed(chan->mps < L2CAP_ECRED_MIN_MPS)) {
		chan->mps = L2CAP_ECRED_MIN_MPS;
		chan->rx_credits = l2cap_le_rx_credits(chan);
	}
}

/*
 * Outgoing channels
 */

enum { ECRED_CIDS_SIZE = L2CAP_ECRED_MAX_CID * sizeof(__le16) };

struct l2cap_ecred_conn_data {
	struct l2cap_chan *chan;
	struct pid *pid;
	int count;
	union {
		struct l2cap_ecred_conn_req req;
		u8 room[sizeof(struct l2cap_ecred_conn_req) + ECRED_CIDS_SIZE];
	} pdu;
};

/* Channels that the same owner has held back for this request. */
static void l2cap_ecred_defer_connect(struct l2cap_chan *chan, void *data)
{
	struct l2cap_ecred_conn_data *conn = data;

	if (chan == conn->chan)
		return;

	if (!test_bit(FLAG_DEFER_SETUP, &chan->flags))
		return;

	if (conn->pid != chan->ops->get_peer_pid(chan) || chan->psm != conn->chan->psm ||
	    chan->ident || chan->mode != L2CAP_MODE_EXT_FLOWCTL ||
	    chan->state != BT_CONNECT)
		return;

	if (!test_and_clear_bit(FLAG_DEFER_SETUP, &chan->flags))
		return;

	if (test_and_set_bit(FLAG_ECRED_CONN_REQ_SENT, &chan->flags))
		return;

	l2cap_ecred_init(chan, 0);

	/* by which the response finds it */
	chan->ident = conn->chan->ident;

	conn->pdu.req.scid[conn->count] = cpu_to_le16(chan->scid);
	conn->count++;
}

void l2cap_ecred_connect(struct l2cap_chan *chan)
{
	struct l2cap_conn *conn = chan->conn;
	struct l2cap_ecred_conn_data data;

	if (test_bit(FLAG_DEFER_SETUP, &chan->flags))
		return;

	if (test_and_set_bit(FLAG_ECRED_CONN_REQ_SENT, &chan->flags))
		return;

	l2cap_ecred_init(chan, 0);

	memset(&data, 0, sizeof(data));
	data.pdu.req.psm = chan->psm;
	data.pdu.req.mtu = cpu_to_le16(chan->imtu);
	data.pdu.req.mps = cpu_to_le16(chan->mps);
	data.pdu.req.credits = cpu_to_le16(chan->rx_credits);
	data.pdu.req.scid[0] = cpu_to_le16(chan->scid);

	chan->ident = l2cap_get_ident(conn);

	data.count = 1;
	data.chan = chan;
	data.pid = chan->ops->get_peer_pid(chan);

	__l2cap_chan_list(conn, l2cap_ecred_defer_connect, &data);

	l2cap_send_cmd(conn, chan->ident, L2CAP_ECRED_CONN_REQ,
		       (u16)(sizeof(data.pdu.req) + data.count * sizeof(__le16)),
		       &data.pdu);
}

/* Two channels cannot have one identifier: both end, the other one a little later. */
static void l2cap_ecred_rsp_in_use(struct l2cap_chan *chan, struct l2cap_chan *orig)
{
	l2cap_chan_drop(chan, ECONNREFUSED);
	l2cap_chan_unlock(chan);

	if (!fixed(CVE_2026_63975)) {
		l2cap_chan_lock(orig);
		l2cap_chan_del(orig, ECONNRESET);
		l2cap_chan_unlock(orig);
		return;
	}

	/* a channel of another mode has nothing to do with it */
	if (malformed(orig->mode != L2CAP_MODE_EXT_FLOWCTL))
		return;

	/* the list is being walked: not off it now */
	l2cap_chan_lock(orig);
	__set_chan_timer(orig, 0);
	l2cap_chan_unlock(orig);
}

static void l2cap_ecred_rsp_chan(struct l2cap_chan *chan, u16 dcid, u16 result,
				 const struct l2cap_ecred_conn_rsp *rsp)
{
	struct hci_conn *hcon = chan->conn->hcon;
	u8 sec_level;

	switch (result) {
	case L2CAP_CR_LE_AUTHENTICATION:
	case L2CAP_CR_LE_ENCRYPTION:
		if (malformed(hcon->sec_level > BT_SECURITY_MEDIUM)) {
			l2cap_chan_drop(chan, ECONNREFUSED);
			break;
		}

		sec_level = (u8)(hcon->sec_level + 1);
		if (chan->sec_level < sec_level)
			chan->sec_level = sec_level;

		/* the request goes out again when the link is secure */
		clear_bit(FLAG_ECRED_CONN_REQ_SENT, &chan->flags);

		smp_conn_security(hcon, chan->sec_level);
		break;

	case L2CAP_CR_LE_BAD_PSM:
		l2cap_chan_drop(chan, ECONNREFUSED);
		break;

	default:
		/* none is the answer for channels that are refused */
		if (malformed(!dcid)) {
			l2cap_chan_drop(chan, ECONNREFUSED);
			break;
		}

		chan->ident = 0;
		chan->dcid = dcid;
		chan->omtu = le16_to_cpu(rsp->mtu);
		chan->remote_mps = le16_to_cpu(rsp->mps);
		chan->tx_credits = le16_to_cpu(rsp->credits);
		l2cap_chan_ready(chan);
		break;
	}
}

/* Neither channel can go on with a DCID that is taken; @next: whom the answer goes on with. */
static bool l2cap_ecred_rsp_refused(struct l2cap_chan *chan, const struct l2cap_chan *next,
				    u16 dcid)
{
	struct l2cap_chan *orig = __l2cap_get_chan_by_dcid(chan->conn, dcid);

	triggered(CVE_2026_63975, dcid && orig && orig == next);
	if (!dcid || !malformed(orig))
		return false;

	l2cap_ecred_rsp_in_use(chan, orig);
	return true;
}

int l2cap_ecred_conn_rsp(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd, u16 cmd_len,
			 u8 *data)
{
	struct l2cap_ecred_conn_rsp *rsp = (struct l2cap_ecred_conn_rsp *)data;
	struct l2cap_chan *chan, *tmp;
	u16 result, dcid;
	int i = 0;

	if (malformed(cmd_len < sizeof(*rsp)))
		return sig_refuse(conn, -EPROTO);

	result = le16_to_cpu(rsp->result);
	sig_u64(conn, "btl2cap.option_mtu", le16_to_cpu(rsp->mtu));
	sig_u64(conn, "btl2cap.mps", le16_to_cpu(rsp->mps));
	sig_u64(conn, "btl2cap.initial_credits", le16_to_cpu(rsp->credits));
	sig_u64(conn, "btl2cap.le_result", result);

	mutex_lock(&conn->chan_lock);

	cmd_len -= sizeof(*rsp);

	list_for_each_entry_safe(chan, tmp, &conn->chan_l, list) {
		if (malformed(chan->ident != cmd->ident))
			continue;
		if (malformed(chan->mode != L2CAP_MODE_EXT_FLOWCTL))
			continue;
		if (malformed(chan->state == BT_CONNECTED))
			continue;

		l2cap_chan_hold(chan);
		l2cap_chan_lock(chan);

		if (malformed(cmd_len < sizeof(dcid))) {
			l2cap_chan_drop(chan, ECONNREFUSED);
			l2cap_chan_unlock(chan);
			l2cap_chan_put(chan);
			continue;
		}

		dcid = le16_to_cpu(rsp->dcid[i++]);
		cmd_len -= sizeof(u16);
		sig_u64(conn, "btl2cap.dcid", dcid);

		if (l2cap_ecred_rsp_refused(chan, tmp, dcid)) {
			l2cap_chan_put(chan);
			continue;
		}

		l2cap_ecred_rsp_chan(chan, dcid, result, rsp);
		l2cap_chan_unlock(chan);
		l2cap_chan_put(chan);
	}

	mutex_unlock(&conn->chan_lock);
	return 0;
}

/*
 * Incoming channels
 */

/* Of those that came with one command: how many the owner has yet to accept. */
static void l2cap_ecred_list_defer(struct l2cap_chan *chan, void *data)
{
	int *result = data;

	if (*result || test_bit(FLAG_ECRED_CONN_REQ_SENT, &chan->flags))
		return;

	switch (chan->state) {
	case BT_CONNECT2:
		(*result)++;
		return;
	case BT_CONNECTED:
		return;
	default:
		*result = -ECONNREFUSED;
		return;
	}
}

union ecred_rsp_pdu {
	struct l2cap_ecred_conn_rsp rsp;
	u8 room[sizeof(struct l2cap_ecred_conn_rsp) + ECRED_CIDS_SIZE];
};

struct l2cap_ecred_rsp_data {
	int count;
	union ecred_rsp_pdu pdu;
};

static void l2cap_ecred_rsp_defer(struct l2cap_chan *chan, void *data)
{
	struct l2cap_ecred_rsp_data *rsp = data;

	if (chan->mode != L2CAP_MODE_EXT_FLOWCTL)
		return;

	/* ours, or answered already */
	if (test_bit(FLAG_ECRED_CONN_REQ_SENT, &chan->flags) ||
	    !test_and_clear_bit(FLAG_DEFER_SETUP, &chan->flags))
		return;

	/* one response is enough */
	chan->ident = 0;

	if (fixed(CVE_2026_23395) && WARN_ON_ONCE(rsp->count >= L2CAP_ECRED_MAX_CID))
		rsp->pdu.rsp.result = cpu_to_le16(L2CAP_CR_LE_NO_MEM);

	if (!rsp->pdu.rsp.result) {
		rsp->pdu.rsp.dcid[rsp->count++] = cpu_to_le16(chan->scid);
		clear_bit(CONF_NOT_COMPLETE, &chan->conf_state);
	} else {
		bool used = !skb_queue_empty(&chan->tx_q);

		triggered(REDZONE_6037DAA0C87C, used);
		l2cap_chan_drop(chan, ECONNRESET);
	}
}

/* The owner has made up his mind about one channel: answer when he has about all. */
void __l2cap_ecred_conn_rsp_defer(struct l2cap_chan *chan)
{
	struct l2cap_conn *conn = chan->conn;
	struct l2cap_ecred_rsp_data data;
	u8 id = chan->ident;
	int result = 0;

	if (!id)
		return;

	memset(&data, 0, sizeof(data));

	data.pdu.rsp.mtu = cpu_to_le16(chan->imtu);
	data.pdu.rsp.mps = cpu_to_le16(chan->mps);
	data.pdu.rsp.credits = cpu_to_le16(chan->rx_credits);
	data.pdu.rsp.result = cpu_to_le16(L2CAP_CR_LE_SUCCESS);

	__l2cap_chan_list_id(conn, id, l2cap_ecred_list_defer, &result);

	if (result > 0)
		return;

	if (result < 0)
		data.pdu.rsp.result = cpu_to_le16(L2CAP_CR_LE_AUTHORIZATION);

	__l2cap_chan_list_id(conn, id, l2cap_ecred_rsp_defer, &data);

	l2cap_send_cmd(conn, id, L2CAP_ECRED_CONN_RSP,
		       (u16)(sizeof(data.pdu.rsp) + data.count * sizeof(__le16)),
		       &data.pdu);
}

void l2cap_chan_ecred_connect_reject(struct l2cap_chan *chan)
{
	l2cap_state_change(chan, BT_DISCONN);

	__l2cap_ecred_conn_rsp_defer(chan);
}

/* A request in hand, and the response to it. */
struct ecred_conn {
	struct l2cap_conn *conn;
	const struct l2cap_ecred_conn_req *req;
	int num_scid;
	u8 ident;
	u8 len;			/* bytes of dcid[] that are sent */
	bool defer;		/* the owner will answer */
	struct l2cap_ecred_conn_rsp *rsp;
};

static u16 l2cap_ecred_conn_req_check(struct ecred_conn *ec, u16 cmd_len)
{
	const struct l2cap_ecred_conn_req *req = ec->req;
	struct l2cap_conn *conn = ec->conn;
	int pending = 0;

	if (malformed(cmd_len < sizeof(*req)))
		return L2CAP_CR_LE_INVALID_PARAMS;
	if (malformed((cmd_len - sizeof(*req)) % sizeof(u16)))
		return L2CAP_CR_LE_INVALID_PARAMS;

	/* those that have yet to be answered under this identifier */
	__l2cap_chan_list_id(conn, ec->ident, l2cap_ecred_list_defer, &pending);
	if (malformed_in(CVE_2026_23395, pending))
		return L2CAP_CR_LE_INVALID_PARAMS;

	ec->num_scid = (int)((cmd_len - sizeof(*req)) / sizeof(u16));
	if (!fixed(CVE_2026_31513))
		ec->len = (u8)(cmd_len - sizeof(*req));
	triggered(CVE_2026_31513, ec->num_scid > L2CAP_ECRED_MAX_CID);
	if (malformed(ec->num_scid > L2CAP_ECRED_MAX_CID))
		return L2CAP_CR_LE_INVALID_PARAMS;

	sig_u64(conn, "btl2cap.le_psm", le16_to_cpu(req->psm));
	sig_u64(conn, "btl2cap.option_mtu", le16_to_cpu(req->mtu));
	sig_u64(conn, "btl2cap.mps", le16_to_cpu(req->mps));
	sig_u64(conn, "btl2cap.initial_credits", le16_to_cpu(req->credits));

	if (malformed(le16_to_cpu(req->mtu) < L2CAP_ECRED_MIN_MTU))
		return L2CAP_CR_LE_UNACCEPT_PARAMS;
	if (malformed(le16_to_cpu(req->mps) < L2CAP_ECRED_MIN_MPS))
		return L2CAP_CR_LE_UNACCEPT_PARAMS;

	if (malformed(!req->psm))
		return L2CAP_CR_LE_BAD_PSM;
	if (malformed(le16_to_cpu(req->psm) > L2CAP_PSM_LE_DYN_END))
		return L2CAP_CR_LE_BAD_PSM;

	return L2CAP_CR_LE_SUCCESS;
}

/* One more channel, the @i-th. */
static void l2cap_ecred_conn_child(struct ecred_conn *ec, struct l2cap_chan *chan, int i)
{
	const struct l2cap_ecred_conn_req *req = ec->req;
	struct hci_conn *hcon = ec->conn->hcon;

	bacpy(&chan->src, &hcon->src);
	bacpy(&chan->dst, &hcon->dst);
	chan->src_type = bdaddr_src_type(hcon);
	chan->dst_type = bdaddr_dst_type(hcon);
	chan->psm = req->psm;
	chan->dcid = le16_to_cpu(req->scid[i]);
	chan->omtu = le16_to_cpu(req->mtu);
	chan->remote_mps = le16_to_cpu(req->mps);

	l2cap_ecred_init(chan, le16_to_cpu(req->credits));

	/* the first one speaks for all */
	if (!ec->rsp->credits) {
		ec->rsp->mtu = cpu_to_le16(chan->imtu);
		ec->rsp->mps = cpu_to_le16(chan->mps);
		ec->rsp->credits = cpu_to_le16(chan->rx_credits);
	}

	ec->rsp->dcid[i] = cpu_to_le16(chan->scid);

	__set_chan_timer(chan, chan->ops->get_sndtimeo(chan));

	chan->ident = ec->ident;
	chan->mode = L2CAP_MODE_EXT_FLOWCTL;

	if (test_bit(FLAG_DEFER_SETUP, &chan->flags)) {
		l2cap_state_change(chan, BT_CONNECT2);
		ec->defer = true;
		chan->ops->defer(chan);
	} else {
		l2cap_chan_ready(chan);
	}
}

/* Each identifier is judged for itself; the result is that of the last bad one. */
static u16 l2cap_ecred_conn_children(struct ecred_conn *ec, struct l2cap_chan *pchan)
{
	u16 scid, result = L2CAP_CR_LE_SUCCESS;
	struct l2cap_chan *chan;
	int i;

	for (i = 0; i < ec->num_scid; i++) {
		scid = le16_to_cpu(ec->req->scid[i]);
		sig_u64(ec->conn, "btl2cap.scid", scid);

		if (fixed(CVE_2026_31513))
			ec->len += sizeof(ec->rsp->dcid[0]);

		if (malformed(scid < L2CAP_CID_DYN_START)) {
			result = L2CAP_CR_LE_INVALID_SCID;
			continue;
		}
		if (malformed(scid > L2CAP_CID_LE_DYN_END)) {
			result = L2CAP_CR_LE_INVALID_SCID;
			continue;
		}

		if (malformed(__l2cap_get_chan_by_dcid(ec->conn, scid))) {
			result = L2CAP_CR_LE_SCID_IN_USE;
			continue;
		}

		chan = l2cap_new_connection(ec->conn, pchan);
		if (!chan) {
			result = L2CAP_CR_LE_NO_MEM;
			continue;
		}

		l2cap_ecred_conn_child(ec, chan, i);
	}
	return result;
}

static u16 l2cap_ecred_conn_listener(struct ecred_conn *ec, struct l2cap_chan *pchan)
{
	if (malformed(!smp_sufficient_security(ec->conn->hcon, pchan->sec_level,
					       SMP_ALLOW_STK)))
		return pchan->sec_level == BT_SECURITY_MEDIUM ?
			L2CAP_CR_LE_ENCRYPTION : L2CAP_CR_LE_AUTHENTICATION;

	/* less than the owner means to send */
	if (pchan->omtu && malformed(le16_to_cpu(ec->req->mtu) < pchan->omtu))
		return L2CAP_CR_LE_UNACCEPT_PARAMS;

	return l2cap_ecred_conn_children(ec, pchan);
}

static u16 l2cap_ecred_conn(struct ecred_conn *ec, u16 cmd_len)
{
	struct l2cap_conn *conn = ec->conn;
	struct l2cap_chan *pchan;
	u16 result;

	result = l2cap_ecred_conn_req_check(ec, cmd_len);
	if (result != L2CAP_CR_LE_SUCCESS)
		return result;

	pchan = l2cap_global_chan_by_psm(BT_LISTEN, ec->req->psm, &conn->hcon->src,
					 &conn->hcon->dst, LE_LINK);
	if (malformed(!pchan))
		return L2CAP_CR_LE_BAD_PSM;

	mutex_lock(&conn->chan_lock);
	l2cap_chan_lock(pchan);
	result = l2cap_ecred_conn_listener(ec, pchan);
	l2cap_chan_unlock(pchan);
	mutex_unlock(&conn->chan_lock);
	l2cap_chan_put(pchan);

	return result;
}

int l2cap_ecred_conn_req(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd, u16 cmd_len,
			 u8 *data)
{
	union ecred_rsp_pdu pdu;
	struct ecred_conn ec;

	if (!enable_ecred)
		return -EINVAL;

	memset(&pdu, 0, sizeof(pdu));
	memset(&ec, 0, sizeof(ec));
	ec.rsp = &pdu.rsp;
	ec.conn = conn;
	ec.req = (struct l2cap_ecred_conn_req *)data;
	ec.ident = cmd->ident;

	pdu.rsp.result = cpu_to_le16(l2cap_ecred_conn(&ec, cmd_len));

	if (ec.defer)
		return 0;

	l2cap_send_cmd(conn, cmd->ident, L2CAP_ECRED_CONN_RSP,
		       (u16)(sizeof(pdu.rsp) + ec.len), &pdu);
	return 0;
}

/*
 * Reconfiguration
 */

static u16 l2cap_ecred_reconf_chan(struct l2cap_conn *conn, struct l2cap_chan **chan,
				   u16 scid, u16 mtu, u16 mps, int i)
{
	if (malformed(!scid))
		return L2CAP_RECONF_INVALID_CID;

	*chan = __l2cap_get_chan_by_dcid(conn, scid);
	if (malformed(!*chan))
		return L2CAP_RECONF_INVALID_CID;

	if (malformed((*chan)->omtu > mtu))
		return L2CAP_RECONF_INVALID_MTU;

	/* only a single channel may get a smaller one */
	if (i && malformed((*chan)->remote_mps >= mps))
		return L2CAP_RECONF_INVALID_MPS;

	return L2CAP_RECONF_SUCCESS;
}

static void l2cap_ecred_reconf_apply(struct l2cap_chan *const *chan, int num_scid, u16 mtu,
				     u16 mps)
{
	int i;

	for (i = 0; i < num_scid; i++) {
		chan[i]->omtu = mtu;
		chan[i]->remote_mps = mps;
	}
}

/* All channels are checked before the first one is changed. */
static u16 l2cap_ecred_reconf(struct l2cap_conn *conn,
			      const struct l2cap_ecred_reconf_req *req, u16 cmd_len)
{
	struct l2cap_chan *chan[L2CAP_ECRED_MAX_CID] = {};
	u16 mtu, mps, result;
	int i, num_scid;

	if (malformed(cmd_len < sizeof(*req)))
		return L2CAP_RECONF_INVALID_CID;
	if (malformed((cmd_len - sizeof(*req)) % sizeof(u16)))
		return L2CAP_RECONF_INVALID_CID;

	mtu = le16_to_cpu(req->mtu);
	mps = le16_to_cpu(req->mps);
	sig_u64(conn, "btl2cap.option_mtu", mtu);
	sig_u64(conn, "btl2cap.mps", mps);

	if (malformed(mtu < L2CAP_ECRED_MIN_MTU))
		return L2CAP_RECONF_INVALID_PARAMS;
	if (malformed(mps < L2CAP_ECRED_MIN_MPS))
		return L2CAP_RECONF_INVALID_PARAMS;

	num_scid = (int)((cmd_len - sizeof(*req)) / sizeof(u16));
	if (malformed(num_scid > L2CAP_ECRED_MAX_CID))
		return L2CAP_RECONF_INVALID_PARAMS;

	for (i = 0; i < num_scid; i++) {
		sig_u64(conn, "btl2cap.scid", le16_to_cpu(req->scid[i]));
		result = l2cap_ecred_reconf_chan(conn, &chan[i],
						 le16_to_cpu(req->scid[i]), mtu, mps, i);
		if (result != L2CAP_RECONF_SUCCESS)
			return result;
	}

	l2cap_ecred_reconf_apply(chan, num_scid, mtu, mps);
	return L2CAP_RECONF_SUCCESS;
}

int l2cap_ecred_reconf_req(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
			   u16 cmd_len, u8 *data)
{
	struct l2cap_ecred_reconf_rsp rsp;

	if (!enable_ecred)
		return -EINVAL;

	rsp.result = cpu_to_le16(l2cap_ecred_reconf(conn, (void *)data, cmd_len));

	l2cap_send_cmd(conn, cmd->ident, L2CAP_ECRED_RECONF_RSP, sizeof(rsp), &rsp);
	return 0;
}

int l2cap_ecred_reconf_rsp(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
			   u16 cmd_len, u8 *data)
{
	struct l2cap_ecred_reconf_rsp *rsp = (struct l2cap_ecred_reconf_rsp *)data;
	struct l2cap_chan *chan, *tmp;
	u16 result;

	if (malformed(cmd_len < sizeof(*rsp)))
		return sig_refuse(conn, -EPROTO);

	result = le16_to_cpu(rsp->result);
	sig_u64(conn, "btl2cap.result", result);

	list_for_each_entry_safe(chan, tmp, &conn->chan_l, list) {
		if (malformed(chan->ident != cmd->ident))
			continue;

		if (!malformed(result)) {
			/* a late second response is not for it */
			chan->ident = 0;
			continue;
		}

		if (!l2cap_chan_hold_unless_zero(chan))
			continue;
		l2cap_chan_lock(chan);
		l2cap_chan_drop(chan, ECONNRESET);
		l2cap_chan_unlock(chan);
		l2cap_chan_put(chan);
	}

	return 0;
}

static void l2cap_ecred_reconfigure(struct l2cap_chan *chan)
{
	struct l2cap_conn *conn = chan->conn;
	union {
		struct l2cap_ecred_reconf_req req;
		u8 room[sizeof(struct l2cap_ecred_reconf_req) + sizeof(__le16)];
	} pdu;

	pdu.req.mtu = cpu_to_le16(chan->imtu);
	pdu.req.mps = cpu_to_le16(chan->mps);
	pdu.req.scid[0] = cpu_to_le16(chan->scid);

	chan->ident = l2cap_get_ident(conn);

	l2cap_send_cmd(conn, chan->ident, L2CAP_ECRED_RECONF_REQ, sizeof(pdu), &pdu);
}

/* Take larger packets from now on; the peer is told. */
int l2cap_chan_reconfigure(struct l2cap_chan *chan, __u16 mtu)
{
	if (chan->imtu > mtu)
		return -EINVAL;

	chan->imtu = mtu;

	l2cap_ecred_reconfigure(chan);
	return 0;
}
