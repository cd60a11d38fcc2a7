// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signalling channel of LE: one command a packet; connection parameters, credit
 * based connections, credits.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_le_sig_channel,
 *	l2cap_le_sig_cmd, l2cap_le_command_rej, l2cap_conn_param_update_req,
 *	l2cap_le_connect_req, l2cap_le_connect_rsp, l2cap_le_credits, l2cap_le_start,
 *	l2cap_le_connect, l2cap_le_flowctl_init, l2cap_le_rx_credits,
 *	__l2cap_le_connect_rsp_defer, l2cap_chan_le_connect_reject)
 * Spec: Core 5.3 Vol 3 Part A 4.20 to 4.24, 10.1
 * Differs: l2cap_le_connect_req() is cut into its checks, the child, the answer; a
 *	channel that was deferred counts as configured when it is accepted (upstream
 *	would not free what it has yet to send).
 */
#include <net/bluetooth/mgmt.h>

#include "l2cap_sig.h"
#include "smp.h"

enum { LE_FLOWCTL_MAX_CREDITS = 65535 };

/*
 * Credits
 */

/* How many frames the peer may send: what the owner has room for, or one packet. */
u16 l2cap_le_rx_credits(struct l2cap_chan *chan)
{
	size_t sdu_len;

	triggered(REDZONE_D8EB224E65DB, l2cap_sdu_read != NULL);
	sdu_len = chan->sdu ? chan->sdu->len : 0;

	/* the controller's buffers decide how long a frame is */
	if (malformed_in(CVE_2024_36968, chan->mps == 0))
		return 0;

	if (chan->rx_avail == -1)
		return (u16)(chan->imtu / chan->mps + 1);

	if (chan->rx_avail <= (ssize_t)sdu_len)
		return 0;

	return (u16)DIV_ROUND_UP((size_t)chan->rx_avail - sdu_len, chan->mps);
}

void l2cap_le_flowctl_init(struct l2cap_chan *chan, u16 tx_credits)
{
	l2cap_sdu_none(chan);
	chan->tx_credits = tx_credits;
	/* a frame fits into one packet of the controller */
	chan->mps = min_t(u16, chan->imtu, chan->conn->mtu - L2CAP_HDR_SIZE);
	chan->rx_credits = l2cap_le_rx_credits(chan);

	skb_queue_head_init(&chan->tx_q);
}

static int l2cap_le_credits(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
			    u16 cmd_len, u8 *data)
{
	struct l2cap_le_credits *pkt;
	struct l2cap_chan *chan;
	u16 cid, credits, max_credits;

	if (malformed(cmd_len != sizeof(*pkt)))
		return sig_refuse(conn, -EPROTO);

	pkt = (struct l2cap_le_credits *)data;
	cid = le16_to_cpu(pkt->cid);
	credits = le16_to_cpu(pkt->credits);
	sig_u64(conn, "btl2cap.cid", cid);
	sig_u64(conn, "btl2cap.credits", credits);

	chan = l2cap_get_chan_by_dcid(conn, cid);
	if (malformed(!chan))
		return sig_refuse(conn, -EBADSLT);

	max_credits = (u16)(LE_FLOWCTL_MAX_CREDITS - chan->tx_credits);
	if (malformed(credits > max_credits)) {
		/* the channel ends, which says it: no Command Reject as well */
		sig_refuse(conn, -EPROTO);
		l2cap_send_disconn_req(chan, ECONNRESET);
		goto unlock;
	}

	chan->tx_credits += credits;

	l2cap_le_flowctl_send(chan);

	if (chan->tx_credits)
		chan->ops->resume(chan);

unlock:
	l2cap_chan_unlock(chan);
	l2cap_chan_put(chan);
	return 0;
}

/*
 * Outgoing channels
 */

static void l2cap_le_connect(struct l2cap_chan *chan)
{
	struct l2cap_conn *conn = chan->conn;
	struct l2cap_le_conn_req req;

	if (test_and_set_bit(FLAG_LE_CONN_REQ_SENT, &chan->flags))
		return;

	if (!chan->imtu)
		chan->imtu = (u16)conn->mtu;

	l2cap_le_flowctl_init(chan, 0);

	memset(&req, 0, sizeof(req));
	req.psm = chan->psm;
	req.scid = cpu_to_le16(chan->scid);
	req.mtu = cpu_to_le16(chan->imtu);
	req.mps = cpu_to_le16(chan->mps);
	req.credits = cpu_to_le16(chan->rx_credits);

	chan->ident = l2cap_get_ident(conn);

	l2cap_send_cmd(conn, chan->ident, L2CAP_LE_CONN_REQ, sizeof(req), &req);
}

/* Security first, then the request; a channel without PSM needs none. */
void l2cap_le_start(struct l2cap_chan *chan)
{
	struct l2cap_conn *conn = chan->conn;

	if (!smp_conn_security(conn->hcon, chan->sec_level))
		return;

	if (!chan->psm) {
		l2cap_chan_ready(chan);
		return;
	}

	if (chan->state != BT_CONNECT)
		return;

	if (chan->mode == L2CAP_MODE_EXT_FLOWCTL)
		l2cap_ecred_connect(chan);
	else
		l2cap_le_connect(chan);
}

static int l2cap_le_connect_rsp_chan(struct l2cap_chan *chan, u16 dcid, u16 result,
				     const struct l2cap_le_conn_rsp *rsp)
{
	struct l2cap_conn *conn = chan->conn;
	struct hci_conn *hcon = conn->hcon;
	u8 sec_level;

	switch (result) {
	case L2CAP_CR_LE_SUCCESS:
		if (malformed(__l2cap_get_chan_by_dcid(conn, dcid)))
			return sig_refuse(conn, -EBADSLT);

		chan->ident = 0;
		chan->dcid = dcid;
		chan->omtu = le16_to_cpu(rsp->mtu);
		chan->remote_mps = le16_to_cpu(rsp->mps);
		chan->tx_credits = le16_to_cpu(rsp->credits);
		l2cap_chan_ready(chan);
		break;

	case L2CAP_CR_LE_AUTHENTICATION:
	case L2CAP_CR_LE_ENCRYPTION:
		/* it cannot become more secure than that */
		if (malformed(hcon->sec_level > BT_SECURITY_MEDIUM)) {
			l2cap_chan_drop(chan, ECONNREFUSED);
			break;
		}

		sec_level = (u8)(hcon->sec_level + 1);
		if (chan->sec_level < sec_level)
			chan->sec_level = sec_level;

		/* the request goes out again when the link is secure */
		clear_bit(FLAG_LE_CONN_REQ_SENT, &chan->flags);

		smp_conn_security(hcon, chan->sec_level);
		break;

	default:
		l2cap_chan_drop(chan, ECONNREFUSED);
		break;
	}
	return 0;
}

/* The values of a response that accepts. */
static int l2cap_le_connect_rsp_check(const struct l2cap_le_conn_rsp *rsp, u16 dcid)
{
	if (malformed(le16_to_cpu(rsp->mtu) < L2CAP_LE_MIN_MTU))
		return -EPROTO;
	if (malformed(le16_to_cpu(rsp->mps) < L2CAP_LE_MIN_MTU))
		return -EPROTO;
	if (malformed(dcid < L2CAP_CID_DYN_START))
		return -EPROTO;
	if (malformed(dcid > L2CAP_CID_LE_DYN_END))
		return -EPROTO;
	return 0;
}

static int l2cap_le_connect_rsp(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
				u16 cmd_len, u8 *data)
{
	struct l2cap_le_conn_rsp *rsp = (struct l2cap_le_conn_rsp *)data;
	struct l2cap_chan *chan;
	u16 dcid, result;
	int err;

	if (malformed(cmd_len < sizeof(*rsp)))
		return sig_refuse(conn, -EPROTO);

	dcid = le16_to_cpu(rsp->dcid);
	result = le16_to_cpu(rsp->result);
	sig_u64(conn, "btl2cap.dcid", dcid);
	sig_u64(conn, "btl2cap.option_mtu", le16_to_cpu(rsp->mtu));
	sig_u64(conn, "btl2cap.mps", le16_to_cpu(rsp->mps));
	sig_u64(conn, "btl2cap.initial_credits", le16_to_cpu(rsp->credits));
	sig_u64(conn, "btl2cap.le_result", result);

	if (result == L2CAP_CR_LE_SUCCESS) {
		err = l2cap_le_connect_rsp_check(rsp, dcid);
		if (err)
			return sig_refuse(conn, err);
	}

	mutex_lock(&conn->chan_lock);

	chan = __l2cap_get_chan_by_ident(conn, cmd->ident);
	if (malformed(!chan)) {
		err = sig_refuse(conn, -EBADSLT);
		goto unlock;
	}

	chan = l2cap_chan_hold_unless_zero(chan);
	if (!chan) {
		err = -EBADSLT;
		goto unlock;
	}

	l2cap_chan_lock(chan);
	err = l2cap_le_connect_rsp_chan(chan, dcid, result, rsp);
	l2cap_chan_unlock(chan);
	l2cap_chan_put(chan);

unlock:
	mutex_unlock(&conn->chan_lock);
	return err;
}

/*
 * Incoming channels
 */

static void l2cap_le_respond(struct l2cap_conn *conn, u8 ident, struct l2cap_chan *chan,
			     u16 result)
{
	struct l2cap_le_conn_rsp rsp;

	memset(&rsp, 0, sizeof(rsp));
	if (chan) {
		rsp.dcid = cpu_to_le16(chan->scid);
		rsp.mtu = cpu_to_le16(chan->imtu);
		rsp.mps = cpu_to_le16(chan->mps);
		rsp.credits = cpu_to_le16(chan->rx_credits);
	}
	rsp.result = cpu_to_le16(result);

	l2cap_send_cmd(conn, ident, L2CAP_LE_CONN_RSP, sizeof(rsp), &rsp);
}

/* The owner has made up his mind about an incoming channel: yes. */
void __l2cap_le_connect_rsp_defer(struct l2cap_chan *chan)
{
	clear_bit(CONF_NOT_COMPLETE, &chan->conf_state);
	l2cap_le_respond(chan->conn, chan->ident, chan, L2CAP_CR_LE_SUCCESS);
}

/* No. */
void l2cap_chan_le_connect_reject(struct l2cap_chan *chan)
{
	u16 result = L2CAP_CR_LE_BAD_PSM;

	if (test_bit(FLAG_DEFER_SETUP, &chan->flags))
		result = L2CAP_CR_LE_AUTHORIZATION;

	l2cap_state_change(chan, BT_DISCONN);

	l2cap_le_respond(chan->conn, chan->ident, chan, result);
}

/* The checks of a request for @pchan; SUCCESS if there may be a child. */
static u16 l2cap_le_connect_check(struct l2cap_conn *conn, struct l2cap_chan *pchan,
				  u16 scid)
{
	if (malformed(!smp_sufficient_security(conn->hcon, pchan->sec_level,
					       SMP_ALLOW_STK)))
		return pchan->sec_level == BT_SECURITY_MEDIUM ?
			L2CAP_CR_LE_ENCRYPTION : L2CAP_CR_LE_AUTHENTICATION;

	if (malformed_in(CVE_2026_43134, !l2cap_check_enc_key_size(conn->hcon, pchan)))
		return L2CAP_CR_LE_BAD_KEY_SIZE;

	if (malformed(scid < L2CAP_CID_DYN_START))
		return L2CAP_CR_LE_INVALID_SCID;
	if (malformed(scid > L2CAP_CID_LE_DYN_END))
		return L2CAP_CR_LE_INVALID_SCID;

	if (malformed(__l2cap_get_chan_by_dcid(conn, scid)))
		return L2CAP_CR_LE_SCID_IN_USE;

	return L2CAP_CR_LE_SUCCESS;
}

static struct l2cap_chan *l2cap_le_connect_child(struct l2cap_conn *conn,
						 struct l2cap_chan *pchan, u8 ident,
						 const struct l2cap_le_conn_req *req)
{
	struct hci_conn *hcon = conn->hcon;
	struct l2cap_chan *chan;
	bool deferred;

	chan = l2cap_new_connection(conn, pchan);
	if (!chan)
		return NULL;

	bacpy(&chan->src, &hcon->src);
	bacpy(&chan->dst, &hcon->dst);
	chan->src_type = bdaddr_src_type(hcon);
	chan->dst_type = bdaddr_dst_type(hcon);
	chan->psm = req->psm;
	chan->dcid = le16_to_cpu(req->scid);
	chan->omtu = le16_to_cpu(req->mtu);
	chan->remote_mps = le16_to_cpu(req->mps);

	l2cap_le_flowctl_init(chan, le16_to_cpu(req->credits));

	__set_chan_timer(chan, chan->ops->get_sndtimeo(chan));

	chan->ident = ident;
	/* the listener may be one for enhanced channels, which answers otherwise later */
	deferred = test_bit(FLAG_DEFER_SETUP, &chan->flags) &&
		   chan->mode != L2CAP_MODE_LE_FLOWCTL;
	triggered(CVE_2026_98108, deferred);
	if (fixed(CVE_2026_98108))
		chan->mode = L2CAP_MODE_LE_FLOWCTL;
	return chan;
}

static void l2cap_le_connect_listener(struct l2cap_conn *conn, struct l2cap_chan *pchan,
				      u8 ident, const struct l2cap_le_conn_req *req)
{
	struct l2cap_chan *chan = NULL;
	u16 result;

	mutex_lock(&conn->chan_lock);
	l2cap_chan_lock(pchan);

	result = l2cap_le_connect_check(conn, pchan, le16_to_cpu(req->scid));
	if (result == L2CAP_CR_LE_SUCCESS) {
		chan = l2cap_le_connect_child(conn, pchan, ident, req);
		if (!chan)
			result = L2CAP_CR_LE_NO_MEM;
	}

	if (chan && test_bit(FLAG_DEFER_SETUP, &chan->flags)) {
		l2cap_state_change(chan, BT_CONNECT2);
		/* no answer for now */
		result = L2CAP_CR_PEND;
		chan->ops->defer(chan);
	} else if (chan) {
		l2cap_chan_ready(chan);
	}

	l2cap_chan_unlock(pchan);
	mutex_unlock(&conn->chan_lock);
	l2cap_chan_put(pchan);

	if (result != L2CAP_CR_PEND)
		l2cap_le_respond(conn, ident, chan, result);
}

static int l2cap_le_connect_req(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
				u16 cmd_len, u8 *data)
{
	struct l2cap_le_conn_req *req = (struct l2cap_le_conn_req *)data;
	struct l2cap_chan *pchan;
	u16 psm, mtu, mps;

	if (malformed(cmd_len != sizeof(*req)))
		return sig_refuse(conn, -EPROTO);

	psm = le16_to_cpu(req->psm);
	mtu = le16_to_cpu(req->mtu);
	mps = le16_to_cpu(req->mps);
	sig_u64(conn, "btl2cap.le_psm", psm);
	sig_u64(conn, "btl2cap.scid", le16_to_cpu(req->scid));
	sig_u64(conn, "btl2cap.option_mtu", mtu);
	sig_u64(conn, "btl2cap.mps", mps);
	sig_u64(conn, "btl2cap.initial_credits", le16_to_cpu(req->credits));

	if (malformed(mtu < L2CAP_LE_MIN_MTU))
		return sig_refuse(conn, -EPROTO);
	if (malformed(mps < L2CAP_LE_MIN_MTU))
		return sig_refuse(conn, -EPROTO);

	if (malformed(!psm)) {
		l2cap_le_respond(conn, cmd->ident, NULL, L2CAP_CR_LE_BAD_PSM);
		return 0;
	}
	if (malformed(psm > L2CAP_PSM_LE_DYN_END)) {
		l2cap_le_respond(conn, cmd->ident, NULL, L2CAP_CR_LE_BAD_PSM);
		return 0;
	}

	pchan = l2cap_global_chan_by_psm(BT_LISTEN, req->psm, &conn->hcon->src,
					 &conn->hcon->dst, LE_LINK);
	if (malformed(!pchan)) {
		l2cap_le_respond(conn, cmd->ident, NULL, L2CAP_CR_LE_BAD_PSM);
		return 0;
	}

	l2cap_le_connect_listener(conn, pchan, cmd->ident, req);
	return 0;
}

/*
 * The rest
 */

static int l2cap_conn_param_update_req(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
				       u16 cmd_len, u8 *data)
{
	struct l2cap_conn_param_update_req *req;
	struct l2cap_conn_param_update_rsp rsp;
	struct hci_conn *hcon = conn->hcon;
	u16 min, max, latency, to_multiplier;
	u8 store_hint;
	int err;

	if (malformed(hcon->role != HCI_ROLE_MASTER))
		return sig_refuse(conn, -EINVAL);

	if (malformed(cmd_len != sizeof(*req)))
		return sig_refuse(conn, -EPROTO);

	req = (struct l2cap_conn_param_update_req *)data;
	min = le16_to_cpu(req->min);
	max = le16_to_cpu(req->max);
	latency = le16_to_cpu(req->latency);
	to_multiplier = le16_to_cpu(req->to_multiplier);
	sig_u64(conn, "btl2cap.min_interval", min);
	sig_u64(conn, "btl2cap.max_interval", max);
	sig_u64(conn, "btl2cap.slave_latency", latency);
	sig_u64(conn, "btl2cap.timeout_multiplier", to_multiplier);

	err = hci_check_conn_params(min, max, latency, to_multiplier);
	if (malformed(err))
		rsp.result = cpu_to_le16(L2CAP_CONN_PARAM_REJECTED);
	else
		rsp.result = cpu_to_le16(L2CAP_CONN_PARAM_ACCEPTED);

	l2cap_send_cmd(conn, cmd->ident, L2CAP_CONN_PARAM_UPDATE_RSP, sizeof(rsp), &rsp);

	if (rsp.result != cpu_to_le16(L2CAP_CONN_PARAM_ACCEPTED))
		return 0;

	store_hint = hci_le_conn_update(hcon, min, max, latency, to_multiplier);
	mgmt_new_conn_param(hcon->hdev, &hcon->dst, hcon->dst_type, store_hint, min, max,
			    latency, to_multiplier);
	return 0;
}

/* The peer does not know the request that a channel waits for. */
static int l2cap_le_command_rej(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
				u16 cmd_len, u8 *data)
{
	struct l2cap_cmd_rej_unk *rej = (struct l2cap_cmd_rej_unk *)data;
	struct l2cap_chan *chan;

	if (malformed(cmd_len < sizeof(*rej)))
		return sig_refuse(conn, -EPROTO);

	sig_u64(conn, "btl2cap.rej_reason", le16_to_cpu(rej->reason));

	mutex_lock(&conn->chan_lock);

	chan = __l2cap_get_chan_by_ident(conn, cmd->ident);
	if (malformed(!chan))
		goto done;

	chan = l2cap_chan_hold_unless_zero(chan);
	if (!chan)
		goto done;

	l2cap_chan_lock(chan);
	l2cap_chan_drop(chan, ECONNREFUSED);
	l2cap_chan_unlock(chan);
	l2cap_chan_put(chan);

done:
	mutex_unlock(&conn->chan_lock);
	return 0;
}

static int l2cap_le_sig_cmd(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
			    u16 cmd_len, u8 *data)
{
	l2cap_put_ident(conn, cmd->code, cmd->ident);

	switch (cmd->code) {
	case L2CAP_COMMAND_REJ:
		l2cap_le_command_rej(conn, cmd, cmd_len, data);
		return 0;
	case L2CAP_CONN_PARAM_UPDATE_REQ:
		return l2cap_conn_param_update_req(conn, cmd, cmd_len, data);
	case L2CAP_CONN_PARAM_UPDATE_RSP:
		return 0;
	case L2CAP_LE_CONN_RSP:
		l2cap_le_connect_rsp(conn, cmd, cmd_len, data);
		return 0;
	case L2CAP_LE_CONN_REQ:
		return l2cap_le_connect_req(conn, cmd, cmd_len, data);
	case L2CAP_LE_CREDITS:
		return l2cap_le_credits(conn, cmd, cmd_len, data);
	case L2CAP_ECRED_CONN_REQ:
		return l2cap_ecred_conn_req(conn, cmd, cmd_len, data);
	case L2CAP_ECRED_CONN_RSP:
		return l2cap_ecred_conn_rsp(conn, cmd, cmd_len, data);
	case L2CAP_ECRED_RECONF_REQ:
		return l2cap_ecred_reconf_req(conn, cmd, cmd_len, data);
	case L2CAP_ECRED_RECONF_RSP:
		return l2cap_ecred_reconf_rsp(conn, cmd, cmd_len, data);
	case L2CAP_DISCONN_REQ:
		return l2cap_disconnect_req(conn, cmd, cmd_len, data);
	case L2CAP_DISCONN_RSP:
		l2cap_disconnect_rsp(conn, cmd, cmd_len, data);
		return 0;
	}

	BT_ERR("unknown LE signalling command 0x%2.2x", cmd->code);
	return sig_refuse(conn, -EINVAL);
}

/* Takes the packet. */
void l2cap_le_sig_channel(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct l2cap_cmd_hdr *cmd;
	u16 len;

	if (malformed(conn->hcon->type != LE_LINK))
		goto refuse;

	if (malformed(skb->len < L2CAP_CMD_HDR_SIZE))
		goto refuse;

	cmd = (struct l2cap_cmd_hdr *)skb->data;
	skb_pull(skb, L2CAP_CMD_HDR_SIZE);

	len = le16_to_cpu(cmd->len);
	sig_u64(conn, "btl2cap.cmd_code", cmd->code);
	sig_u64(conn, "btl2cap.cmd_ident", cmd->ident);
	sig_u64(conn, "btl2cap.cmd_length", len);

	if (malformed(len != skb->len))
		goto refuse;
	if (malformed(!cmd->ident))
		goto refuse;

	if (malformed(l2cap_le_sig_cmd(conn, cmd, len, skb->data)))
		l2cap_sig_send_rej(conn, cmd->ident);

	kfree_skb(skb);
	return;

refuse:
	sig_refuse(conn, -EPROTO);
	kfree_skb(skb);
}
