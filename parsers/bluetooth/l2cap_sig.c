// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signalling channel of BR/EDR: commands in a row, connections, disconnections,
 * information; and what both links use to send commands.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_sig_channel,
 *	l2cap_bredr_sig_cmd, l2cap_command_rej, l2cap_connect, l2cap_connect_req,
 *	l2cap_connect_create_rsp, l2cap_disconnect_req, l2cap_disconnect_rsp,
 *	l2cap_information_req, l2cap_information_rsp, l2cap_build_cmd, l2cap_send_cmd,
 *	__l2cap_connect_rsp_defer, cmd_reject_invalid_cid)
 * Spec: Core 5.3 Vol 3 Part A 4
 * Differs: every command sent is an effect when it is handed on, whether or not the
 *	controller takes it before the link goes; l2cap_connect() is cut into its checks,
 *	the child, its state, the answer; a Connection Response for a channel that asked
 *	for none is not looked at (upstream would configure a channel in use anew).
 */
#include <net/bluetooth/mgmt.h>

#include "l2cap_sig.h"

/*
 * Sending
 */

/* What the MTU of the link does not hold follows in fragments. */
static int l2cap_build_cmd_frags(struct l2cap_conn *conn, struct sk_buff *skb, u8 *data,
				 unsigned int len)
{
	struct sk_buff **frag = &skb_shinfo(skb)->frag_list;
	unsigned int count;

	while (len) {
		count = min_t(unsigned int, conn->mtu, len);

		*frag = bt_skb_alloc(count, GFP_KERNEL);
		if (!*frag)
			return -ENOMEM;

		skb_put_data(*frag, data, count);

		len -= count;
		data += count;

		frag = &(*frag)->next;
	}
	return 0;
}

/* Return: the command, or NULL without memory or with a link too narrow for any. */
struct sk_buff *l2cap_build_cmd(struct l2cap_conn *conn, u8 code, u8 ident, u16 dlen,
				void *data)
{
	struct l2cap_cmd_hdr *cmd;
	struct l2cap_hdr *lh;
	unsigned int len, count;
	struct sk_buff *skb;

	/* the controller said how much it takes */
	if (malformed(conn->mtu < L2CAP_HDR_SIZE + L2CAP_CMD_HDR_SIZE))
		return NULL;

	len = L2CAP_HDR_SIZE + L2CAP_CMD_HDR_SIZE + dlen;
	count = min_t(unsigned int, conn->mtu, len);

	skb = bt_skb_alloc(count, GFP_KERNEL);
	if (!skb)
		return NULL;

	lh = skb_put(skb, L2CAP_HDR_SIZE);
	lh->len = cpu_to_le16((u16)(L2CAP_CMD_HDR_SIZE + dlen));
	lh->cid = cpu_to_le16(conn->hcon->type == LE_LINK ? L2CAP_CID_LE_SIGNALING :
							    L2CAP_CID_SIGNALING);

	cmd = skb_put(skb, L2CAP_CMD_HDR_SIZE);
	cmd->code = code;
	cmd->ident = ident;
	cmd->len = cpu_to_le16(dlen);

	if (!dlen)
		return skb;

	count -= L2CAP_HDR_SIZE + L2CAP_CMD_HDR_SIZE;
	skb_put_data(skb, data, count);

	if (l2cap_build_cmd_frags(conn, skb, (u8 *)data + count, len - skb->len)) {
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

static void l2cap_sink_cmd(struct l2cap_conn *conn, u8 ident, u8 code, u16 len,
			   const void *data)
{
	struct sink *sink = conn->hcon->hdev->sink;

	sink_effect_u64(sink, "btl2cap.cmd_code", code);
	sink_effect_u64(sink, "btl2cap.cmd_ident", ident);
	sink_effect_bytes(sink, "btl2cap.cmd_data", data, len);
}

void l2cap_send_cmd(struct l2cap_conn *conn, u8 ident, u8 code, u16 len, void *data)
{
	struct sk_buff *skb;
	u8 flags;

	l2cap_sink_cmd(conn, ident, code, len, data);

	skb = l2cap_build_cmd(conn, code, ident, len, data);
	if (!skb)
		return;

	/* LE knows no other kind; on BR/EDR only if the controller does */
	if (lmp_no_flush_capable(conn->hcon->hdev) || conn->hcon->type == LE_LINK)
		flags = ACL_START_NO_FLUSH;
	else
		flags = ACL_START;

	bt_cb(skb)->force_active = BT_POWER_FORCE_ACTIVE_ON;
	skb->priority = HCI_PRIO_MAX;

	l2cap_send_acl(conn, skb, flags);
}

void l2cap_sig_send_rej(struct l2cap_conn *conn, u8 ident)
{
	struct l2cap_cmd_rej_unk rej;

	rej.reason = cpu_to_le16(L2CAP_REJ_NOT_UNDERSTOOD);
	l2cap_send_cmd(conn, ident, L2CAP_COMMAND_REJ, sizeof(rej), &rej);
}

static void l2cap_sig_send_mtu_rej(struct l2cap_conn *conn, u8 ident)
{
	struct l2cap_cmd_rej_mtu rej;

	rej.reason = cpu_to_le16(L2CAP_REJ_MTU_EXCEEDED);
	rej.max_mtu = cpu_to_le16(L2CAP_SIG_MTU);
	l2cap_send_cmd(conn, ident, L2CAP_COMMAND_REJ, sizeof(rej), &rej);
}

void cmd_reject_invalid_cid(struct l2cap_conn *conn, u8 ident, u16 scid, u16 dcid)
{
	struct l2cap_cmd_rej_cid rej;

	rej.reason = cpu_to_le16(L2CAP_REJ_INVALID_CID);
	rej.scid = cpu_to_le16(scid);
	rej.dcid = cpu_to_le16(dcid);

	l2cap_send_cmd(conn, ident, L2CAP_COMMAND_REJ, sizeof(rej), &rej);
}

/*
 * Command Reject
 */

/* A peer that does not know the Information Request has no extra features. */
static int l2cap_command_rej(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
			     u16 cmd_len, u8 *data)
{
	struct l2cap_cmd_rej_unk *rej = (struct l2cap_cmd_rej_unk *)data;

	if (malformed(cmd_len < sizeof(*rej)))
		return sig_refuse(conn, -EPROTO);

	sig_u64(conn, "btl2cap.rej_reason", le16_to_cpu(rej->reason));
	if (malformed(rej->reason != cpu_to_le16(L2CAP_REJ_NOT_UNDERSTOOD)))
		return 0;

	if (malformed(!(conn->info_state & L2CAP_INFO_FEAT_MASK_REQ_SENT)))
		return 0;
	if (malformed(cmd->ident != conn->info_ident))
		return 0;

	cancel_delayed_work(&conn->info_timer);

	conn->info_state |= L2CAP_INFO_FEAT_MASK_REQ_DONE;
	conn->info_ident = 0;

	l2cap_conn_start(conn);
	return 0;
}

/*
 * Connection Request
 */

/* How far an incoming channel is; the result for the peer. */
static u16 l2cap_connect_state(struct l2cap_conn *conn, struct l2cap_chan *chan,
			       u16 *status)
{
	*status = L2CAP_CS_NO_INFO;

	/* what the peer can do is not known yet */
	if (!(conn->info_state & L2CAP_INFO_FEAT_MASK_REQ_DONE)) {
		l2cap_state_change(chan, BT_CONNECT2);
		return L2CAP_CR_PEND;
	}

	if (!l2cap_chan_check_security(chan, false)) {
		l2cap_state_change(chan, BT_CONNECT2);
		*status = L2CAP_CS_AUTHEN_PEND;
		return L2CAP_CR_PEND;
	}

	if (test_bit(FLAG_DEFER_SETUP, &chan->flags)) {
		l2cap_state_change(chan, BT_CONNECT2);
		*status = L2CAP_CS_AUTHOR_PEND;
		chan->ops->defer(chan);
		return L2CAP_CR_PEND;
	}

	l2cap_state_change(chan, BT_CONFIG);
	return L2CAP_CR_SUCCESS;
}

static struct l2cap_chan *l2cap_connect_child(struct l2cap_conn *conn,
					      struct l2cap_chan *pchan, __le16 psm,
					      u16 scid, u8 ident)
{
	struct hci_conn *hcon = conn->hcon;
	struct l2cap_chan *chan;

	chan = l2cap_new_connection(conn, pchan);
	if (!chan)
		return NULL;

	/* back to what it is without pairing: devices that need none come and go */
	hcon->disc_timeout = HCI_DISCONN_TIMEOUT;

	bacpy(&chan->src, &hcon->src);
	bacpy(&chan->dst, &hcon->dst);
	chan->src_type = bdaddr_src_type(hcon);
	chan->dst_type = bdaddr_dst_type(hcon);
	chan->psm = psm;
	chan->dcid = scid;

	__set_chan_timer(chan, chan->ops->get_sndtimeo(chan));

	chan->ident = ident;
	return chan;
}

/* The checks of a request for @pchan; L2CAP_CR_SUCCESS if there may be a child. */
static u16 l2cap_connect_check(struct l2cap_conn *conn, struct l2cap_chan *pchan,
			       __le16 psm, u16 scid)
{
	if (psm != cpu_to_le16(L2CAP_PSM_SDP)) {
		if (malformed(!hci_conn_check_link_mode(conn->hcon))) {
			conn->disc_reason = HCI_ERROR_AUTH_FAILURE;
			return L2CAP_CR_SEC_BLOCK;
		}
		if (malformed(!l2cap_check_enc_key_size(conn->hcon, pchan))) {
			conn->disc_reason = HCI_ERROR_AUTH_FAILURE;
			return L2CAP_CR_SEC_BLOCK;
		}
	}

	if (malformed(scid < L2CAP_CID_DYN_START))
		return L2CAP_CR_INVALID_SCID;

	if (malformed(__l2cap_get_chan_by_dcid(conn, scid)))
		return L2CAP_CR_SCID_IN_USE;

	return L2CAP_CR_SUCCESS;
}

static void l2cap_connect_respond(struct l2cap_conn *conn, u8 ident, u16 scid, u16 dcid,
				  u16 result, u16 status)
{
	struct l2cap_conn_rsp rsp;

	rsp.scid = cpu_to_le16(scid);
	rsp.dcid = cpu_to_le16(dcid);
	rsp.result = cpu_to_le16(result);
	rsp.status = cpu_to_le16(status);
	l2cap_send_cmd(conn, ident, L2CAP_CONN_RSP, sizeof(rsp), &rsp);
}

static void l2cap_connect_ask_info(struct l2cap_conn *conn)
{
	struct l2cap_info_req info;

	info.type = cpu_to_le16(L2CAP_IT_FEAT_MASK);

	conn->info_state |= L2CAP_INFO_FEAT_MASK_REQ_SENT;
	conn->info_ident = l2cap_get_ident(conn);

	schedule_delayed_work(&conn->info_timer, L2CAP_INFO_TIMEOUT);

	l2cap_send_cmd(conn, conn->info_ident, L2CAP_INFO_REQ, sizeof(info), &info);
}

static void l2cap_connect(struct l2cap_conn *conn, u8 ident, __le16 psm, u16 scid)
{
	struct l2cap_chan *chan = NULL, *pchan;
	u16 result, status = L2CAP_CS_NO_INFO;

	pchan = l2cap_global_chan_by_psm(BT_LISTEN, psm, &conn->hcon->src,
					 &conn->hcon->dst, ACL_LINK);
	if (malformed(!pchan)) {
		l2cap_connect_respond(conn, ident, scid, 0, L2CAP_CR_BAD_PSM, status);
		return;
	}

	mutex_lock(&conn->chan_lock);
	l2cap_chan_lock(pchan);

	result = l2cap_connect_check(conn, pchan, psm, scid);
	if (result == L2CAP_CR_SUCCESS) {
		chan = l2cap_connect_child(conn, pchan, psm, scid, ident);
		if (chan)
			result = l2cap_connect_state(conn, chan, &status);
		else
			result = L2CAP_CR_NO_MEM;
	}

	l2cap_connect_respond(conn, ident, scid, chan ? chan->scid : 0, result, status);

	if (result == L2CAP_CR_PEND && status == L2CAP_CS_NO_INFO)
		l2cap_connect_ask_info(conn);

	if (chan && result == L2CAP_CR_SUCCESS)
		l2cap_send_conf_req(chan);

	l2cap_chan_unlock(pchan);
	mutex_unlock(&conn->chan_lock);
	l2cap_chan_put(pchan);
}

static int l2cap_connect_req(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
			     u16 cmd_len, u8 *data)
{
	struct l2cap_conn_req *req = (struct l2cap_conn_req *)data;

	if (malformed(cmd_len < sizeof(struct l2cap_conn_req)))
		return sig_refuse(conn, -EPROTO);

	sig_u64(conn, "btl2cap.psm", le16_to_cpu(req->psm));
	sig_u64(conn, "btl2cap.scid", le16_to_cpu(req->scid));

	l2cap_connect(conn, cmd->ident, req->psm, le16_to_cpu(req->scid));
	return 0;
}

/* The owner has made up his mind about an incoming channel: yes. */
void __l2cap_connect_rsp_defer(struct l2cap_chan *chan)
{
	l2cap_connect_respond(chan->conn, chan->ident, chan->dcid, chan->scid,
			      L2CAP_CR_SUCCESS, L2CAP_CS_NO_INFO);
	l2cap_send_conf_req(chan);
}

/* No. */
void l2cap_chan_connect_reject(struct l2cap_chan *chan)
{
	u16 result = L2CAP_CR_BAD_PSM;

	if (test_bit(FLAG_DEFER_SETUP, &chan->flags))
		result = L2CAP_CR_SEC_BLOCK;

	l2cap_state_change(chan, BT_DISCONN);

	l2cap_connect_respond(chan->conn, chan->ident, chan->dcid, chan->scid, result,
			      L2CAP_CS_NO_INFO);
}

/*
 * Connection Response
 */

static int l2cap_connect_rsp_chan(struct l2cap_conn *conn, struct l2cap_chan *chan,
				  u16 dcid, u16 result)
{
	/* one that asked for nothing is neither set up nor refused */
	if (malformed(chan->state != BT_CONNECT))
		return sig_refuse(conn, -EBADSLT);

	switch (result) {
	case L2CAP_CR_SUCCESS:
		if (malformed(__l2cap_get_chan_by_dcid(conn, dcid)))
			return sig_refuse(conn, -EBADSLT);

		l2cap_state_change(chan, BT_CONFIG);
		chan->ident = 0;
		chan->dcid = dcid;
		clear_bit(CONF_CONNECT_PEND, &chan->conf_state);

		l2cap_send_conf_req(chan);
		break;

	case L2CAP_CR_PEND:
		set_bit(CONF_CONNECT_PEND, &chan->conf_state);
		break;

	default:
		l2cap_chan_del(chan, ECONNREFUSED);
		break;
	}
	return 0;
}

/* A response says for which channel it is, or with which command it came. */
static struct l2cap_chan *l2cap_connect_rsp_find(struct l2cap_conn *conn, u16 scid,
						 u8 ident)
{
	struct l2cap_chan *chan;

	if (scid) {
		chan = __l2cap_get_chan_by_scid(conn, scid);
		if (malformed(!chan))
			return NULL;
	} else {
		chan = __l2cap_get_chan_by_ident(conn, ident);
		if (malformed(!chan))
			return NULL;
	}

	return l2cap_chan_hold_unless_zero(chan);
}

static int l2cap_connect_create_rsp(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
				    u16 cmd_len, u8 *data)
{
	struct l2cap_conn_rsp *rsp = (struct l2cap_conn_rsp *)data;
	struct l2cap_chan *chan;
	u16 scid, dcid, result;
	int err;

	if (malformed(cmd_len < sizeof(*rsp)))
		return sig_refuse(conn, -EPROTO);

	scid = le16_to_cpu(rsp->scid);
	dcid = le16_to_cpu(rsp->dcid);
	result = le16_to_cpu(rsp->result);
	sig_u64(conn, "btl2cap.dcid", dcid);
	sig_u64(conn, "btl2cap.scid", scid);
	sig_u64(conn, "btl2cap.result", result);
	sig_u64(conn, "btl2cap.status", le16_to_cpu(rsp->status));

	if (result == L2CAP_CR_SUCCESS && malformed(dcid < L2CAP_CID_DYN_START))
		return sig_refuse(conn, -EPROTO);

	mutex_lock(&conn->chan_lock);

	chan = l2cap_connect_rsp_find(conn, scid, cmd->ident);
	if (!chan) {
		err = sig_refuse(conn, -EBADSLT);
		goto unlock;
	}

	l2cap_chan_lock(chan);
	err = l2cap_connect_rsp_chan(conn, chan, dcid, result);
	l2cap_chan_unlock(chan);
	l2cap_chan_put(chan);

unlock:
	mutex_unlock(&conn->chan_lock);
	return err;
}

/*
 * Disconnection
 */

/* The list's lock comes before the channel's. Puts the channel. */
static void l2cap_disconnect(struct l2cap_conn *conn, struct l2cap_chan *chan, int err)
{
	l2cap_chan_unlock(chan);
	mutex_lock(&conn->chan_lock);
	l2cap_chan_lock(chan);
	l2cap_chan_del(chan, err);
	mutex_unlock(&conn->chan_lock);

	chan->ops->close(chan);

	l2cap_chan_unlock(chan);
	l2cap_chan_put(chan);
}

int l2cap_disconnect_req(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd, u16 cmd_len,
			 u8 *data)
{
	struct l2cap_disconn_req *req = (struct l2cap_disconn_req *)data;
	struct l2cap_disconn_rsp rsp;
	struct l2cap_chan *chan;
	u16 dcid, scid;

	if (malformed(cmd_len != sizeof(*req)))
		return sig_refuse(conn, -EPROTO);

	scid = le16_to_cpu(req->scid);
	dcid = le16_to_cpu(req->dcid);
	sig_u64(conn, "btl2cap.dcid", dcid);
	sig_u64(conn, "btl2cap.scid", scid);

	chan = l2cap_get_chan_by_scid(conn, dcid);
	if (malformed(!chan)) {
		cmd_reject_invalid_cid(conn, cmd->ident, dcid, scid);
		return 0;
	}

	rsp.dcid = cpu_to_le16(chan->scid);
	rsp.scid = cpu_to_le16(chan->dcid);
	l2cap_send_cmd(conn, cmd->ident, L2CAP_DISCONN_RSP, sizeof(rsp), &rsp);

	chan->ops->set_shutdown(chan);

	l2cap_disconnect(conn, chan, ECONNRESET);
	return 0;
}

int l2cap_disconnect_rsp(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd, u16 cmd_len,
			 u8 *data)
{
	struct l2cap_disconn_rsp *rsp = (struct l2cap_disconn_rsp *)data;
	struct l2cap_chan *chan;

	if (malformed(cmd_len != sizeof(*rsp)))
		return sig_refuse(conn, -EPROTO);

	sig_u64(conn, "btl2cap.dcid", le16_to_cpu(rsp->dcid));
	sig_u64(conn, "btl2cap.scid", le16_to_cpu(rsp->scid));

	chan = l2cap_get_chan_by_scid(conn, le16_to_cpu(rsp->scid));
	if (malformed(!chan))
		return 0;

	/* nobody asked for it */
	if (malformed(chan->state != BT_DISCONN)) {
		l2cap_chan_unlock(chan);
		l2cap_chan_put(chan);
		return 0;
	}

	l2cap_disconnect(conn, chan, 0);
	return 0;
}

/*
 * Information
 */

static int l2cap_information_req(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
				 u16 cmd_len, u8 *data)
{
	struct l2cap_info_req *req = (struct l2cap_info_req *)data;
	u8 buf[sizeof(struct l2cap_info_rsp) + 8];
	struct l2cap_info_rsp *rsp = (struct l2cap_info_rsp *)buf;
	u32 feat_mask = l2cap_feat_mask;
	u16 type, len = sizeof(*rsp);

	if (malformed(cmd_len != sizeof(*req)))
		return sig_refuse(conn, -EPROTO);

	type = le16_to_cpu(req->type);
	sig_u64(conn, "btl2cap.info_type", type);

	rsp->type = cpu_to_le16(type);
	rsp->result = cpu_to_le16(L2CAP_IR_SUCCESS);

	switch (type) {
	case L2CAP_IT_FEAT_MASK:
		if (!disable_ertm)
			feat_mask |= L2CAP_FEAT_ERTM | L2CAP_FEAT_STREAMING |
				     L2CAP_FEAT_FCS;
		put_unaligned_le32(feat_mask, rsp->data);
		len += 4;
		break;
	case L2CAP_IT_FIXED_CHAN:
		rsp->data[0] = conn->local_fixed_chan;
		memset(rsp->data + 1, 0, 7);
		len += 8;
		break;
	default:
		rsp->result = cpu_to_le16(L2CAP_IR_NOTSUPP);
	}

	l2cap_send_cmd(conn, cmd->ident, L2CAP_INFO_RSP, len, buf);
	return 0;
}

static void l2cap_information_done(struct l2cap_conn *conn)
{
	conn->info_state |= L2CAP_INFO_FEAT_MASK_REQ_DONE;
	conn->info_ident = 0;

	l2cap_conn_start(conn);
}

static void l2cap_information_features(struct l2cap_conn *conn,
				       struct l2cap_info_rsp *rsp, u16 cmd_len)
{
	struct l2cap_info_req req;

	if (!malformed_in(CVE_2026_31393, cmd_len < sizeof(*rsp) + sizeof(u32))) {
		conn->feat_mask = get_unaligned_le32(rsp->data);
		sig_u64(conn, "btl2cap.info_extfeatures", conn->feat_mask);
	}

	if (!(conn->feat_mask & L2CAP_FEAT_FIXED_CHAN)) {
		l2cap_information_done(conn);
		return;
	}

	req.type = cpu_to_le16(L2CAP_IT_FIXED_CHAN);

	conn->info_ident = l2cap_get_ident(conn);

	l2cap_send_cmd(conn, conn->info_ident, L2CAP_INFO_REQ, sizeof(req), &req);
}

static void l2cap_information_fixed(struct l2cap_conn *conn, struct l2cap_info_rsp *rsp,
				    u16 cmd_len)
{
	if (!malformed_in(CVE_2026_31393, cmd_len < sizeof(*rsp) + sizeof(rsp->data[0]))) {
		conn->remote_fixed_chan = rsp->data[0];
		sig_u64(conn, "btl2cap.info_fixedchans", conn->remote_fixed_chan);
	}

	l2cap_information_done(conn);
}

static int l2cap_information_rsp(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
				 u16 cmd_len, u8 *data)
{
	struct l2cap_info_rsp *rsp = (struct l2cap_info_rsp *)data;
	u16 type, result;

	if (malformed(cmd_len < sizeof(*rsp)))
		return sig_refuse(conn, -EPROTO);

	type = le16_to_cpu(rsp->type);
	result = le16_to_cpu(rsp->result);
	sig_u64(conn, "btl2cap.info_type", type);
	sig_u64(conn, "btl2cap.info_result", result);

	/* no channel goes with it, so it has to be the answer to what was asked */
	if (malformed(cmd->ident != conn->info_ident))
		return 0;
	if (malformed(conn->info_state & L2CAP_INFO_FEAT_MASK_REQ_DONE))
		return 0;

	cancel_delayed_work(&conn->info_timer);

	if (malformed(result != L2CAP_IR_SUCCESS)) {
		l2cap_information_done(conn);
		return 0;
	}

	switch (type) {
	case L2CAP_IT_FEAT_MASK:
		l2cap_information_features(conn, rsp, cmd_len);
		break;
	case L2CAP_IT_FIXED_CHAN:
		l2cap_information_fixed(conn, rsp, cmd_len);
		break;
	}

	return 0;
}

/*
 * Commands
 */

static int l2cap_bredr_sig_cmd(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd,
			       u16 cmd_len, u8 *data)
{
	l2cap_put_ident(conn, cmd->code, cmd->ident);

	/* nobody rejects a response, whatever is wrong with it */
	switch (cmd->code) {
	case L2CAP_COMMAND_REJ:
		l2cap_command_rej(conn, cmd, cmd_len, data);
		return 0;
	case L2CAP_CONN_REQ:
		return l2cap_connect_req(conn, cmd, cmd_len, data);
	case L2CAP_CONN_RSP:
		l2cap_connect_create_rsp(conn, cmd, cmd_len, data);
		return 0;
	case L2CAP_CONF_REQ:
		return l2cap_config_req(conn, cmd, cmd_len, data);
	case L2CAP_CONF_RSP:
		l2cap_config_rsp(conn, cmd, cmd_len, data);
		return 0;
	case L2CAP_DISCONN_REQ:
		return l2cap_disconnect_req(conn, cmd, cmd_len, data);
	case L2CAP_DISCONN_RSP:
		l2cap_disconnect_rsp(conn, cmd, cmd_len, data);
		return 0;
	case L2CAP_ECHO_REQ:
		sig_bytes(conn, "btl2cap.cmd_data", data, cmd_len);
		l2cap_send_cmd(conn, cmd->ident, L2CAP_ECHO_RSP, cmd_len, data);
		return 0;
	case L2CAP_ECHO_RSP:
		return 0;
	case L2CAP_INFO_REQ:
		return l2cap_information_req(conn, cmd, cmd_len, data);
	case L2CAP_INFO_RSP:
		l2cap_information_rsp(conn, cmd, cmd_len, data);
		return 0;
	}

	BT_ERR("unknown BR/EDR signalling command 0x%2.2x", cmd->code);
	return sig_refuse(conn, -EINVAL);
}

static void l2cap_sig_cmd(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct l2cap_cmd_hdr *cmd = (struct l2cap_cmd_hdr *)skb->data;
	u16 len;

	skb_pull(skb, L2CAP_CMD_HDR_SIZE);

	len = le16_to_cpu(cmd->len);
	sig_u64(conn, "btl2cap.cmd_code", cmd->code);
	sig_u64(conn, "btl2cap.cmd_ident", cmd->ident);
	sig_u64(conn, "btl2cap.cmd_length", len);

	if (malformed(len > skb->len)) {
		sig_refuse(conn, -EPROTO);
		l2cap_sig_send_rej(conn, cmd->ident);
		skb_pull(skb, skb->len);
		return;
	}
	if (malformed(!cmd->ident)) {
		sig_refuse(conn, -EPROTO);
		l2cap_sig_send_rej(conn, cmd->ident);
		skb_pull(skb, len);
		return;
	}

	if (malformed(l2cap_bredr_sig_cmd(conn, cmd, len, skb->data)))
		l2cap_sig_send_rej(conn, cmd->ident);

	skb_pull(skb, len);
}

/* Takes the packet. */
void l2cap_sig_channel(struct l2cap_conn *conn, struct sk_buff *skb)
{
	l2cap_raw_recv(conn, skb);

	if (malformed(conn->hcon->type != ACL_LINK)) {
		sig_refuse(conn, -EPROTO);
		goto drop;
	}

	/* one answer for all that is in it, to the first of the commands */
	if (malformed_in(CVE_2026_53208, skb->len > L2CAP_SIG_MTU)) {
		sig_refuse(conn, -EMSGSIZE);
		l2cap_sig_send_mtu_rej(conn, skb->data[1]);
		goto drop;
	}

	while (skb->len) {
		if (malformed(skb->len < L2CAP_CMD_HDR_SIZE)) {
			sig_refuse(conn, -EPROTO);
			l2cap_sig_send_rej(conn, 0);
			break;
		}
		l2cap_sig_cmd(conn, skb);
	}

drop:
	kfree_skb(skb);
}
