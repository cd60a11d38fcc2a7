// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configuration of BR/EDR channels: the requests and responses, and when a channel is
 * ready.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_build_conf_req,
 *	l2cap_build_conf_rsp, l2cap_config_req, l2cap_config_rsp,
 *	l2cap_send_efs_conf_rsp, set_default_fcs, l2cap_txwin_setup, l2cap_mtu_auto)
 * Spec: Core 5.3 Vol 3 Part A 4.4, 4.5, 7.1
 * Differs: a response for a channel that is configured does not change its mode, nor are
 *	its queues initialised a second time (upstream does both).
 */
#include "l2cap_sig.h"

/*
 * Requests of our own
 */

/* More frames in flight than the old control field can count, if the peer can. */
static void l2cap_txwin_setup(struct l2cap_chan *chan)
{
	if (chan->tx_win > L2CAP_DEFAULT_TX_WINDOW &&
	    (chan->conn->feat_mask & L2CAP_FEAT_EXT_WINDOW)) {
		set_bit(FLAG_EXT_CTRL, &chan->flags);
		chan->tx_win_max = L2CAP_DEFAULT_EXT_WINDOW;
	} else {
		chan->tx_win = min_t(u16, chan->tx_win, L2CAP_DEFAULT_TX_WINDOW);
		chan->tx_win_max = L2CAP_DEFAULT_TX_WINDOW;
	}
	chan->ack_win = chan->tx_win;
}

/* What the largest packet type of the link holds (a set bit forbids an EDR type). */
static void l2cap_mtu_auto(struct l2cap_chan *chan)
{
	static const struct {
		u16 type, mtu;
	} sizes[] = {
		{ HCI_2DH1, 54 }, { HCI_3DH1, 83 }, { HCI_2DH3, 367 },
		{ HCI_3DH3, 552 }, { HCI_2DH5, 679 }, { HCI_3DH5, 1021 },
	};
	size_t i;

	chan->imtu = L2CAP_DEFAULT_MIN_MTU;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (!(chan->conn->hcon->pkt_type & sizes[i].type))
			chan->imtu = sizes[i].mtu;
	}
}

struct conf_out {
	struct l2cap_chan *chan;
	void *ptr, *endptr;
};

static void conf_out_add(struct conf_out *out, u8 type, u8 len, unsigned long val)
{
	l2cap_add_conf_opt(&out->ptr, type, len, val, (size_t)(out->endptr - out->ptr));
}

static void conf_out_fcs(struct conf_out *out)
{
	struct l2cap_chan *chan = out->chan;

	if (!(chan->conn->feat_mask & L2CAP_FEAT_FCS))
		return;

	if (chan->fcs != L2CAP_FCS_NONE && !test_bit(CONF_RECV_NO_FCS, &chan->conf_state))
		return;

	chan->fcs = L2CAP_FCS_NONE;
	conf_out_add(out, L2CAP_CONF_FCS, 1, chan->fcs);
}

static void conf_out_efs(struct conf_out *out)
{
	if (test_bit(FLAG_EFS_ENABLE, &out->chan->flags))
		l2cap_add_opt_efs(&out->ptr, out->chan, (size_t)(out->endptr - out->ptr));
}

static void conf_out_basic(struct conf_out *out)
{
	struct l2cap_conf_rfc rfc = { .mode = L2CAP_MODE_BASIC };

	/* a peer that knows no other mode needs not be told */
	if (disable_ertm ||
	    !(out->chan->conn->feat_mask & (L2CAP_FEAT_ERTM | L2CAP_FEAT_STREAMING)))
		return;

	conf_out_add(out, L2CAP_CONF_RFC, sizeof(rfc), (unsigned long)&rfc);
}

static void conf_out_ertm(struct conf_out *out)
{
	struct l2cap_chan *chan = out->chan;
	struct l2cap_conf_rfc rfc = { .mode = L2CAP_MODE_ERTM };

	rfc.max_transmit = chan->max_tx;
	__l2cap_set_ertm_timeouts(chan, &rfc);
	rfc.max_pdu_size = cpu_to_le16(l2cap_conf_pdu_size(chan,
							   L2CAP_DEFAULT_MAX_PDU_SIZE));
	l2cap_txwin_setup(chan);
	rfc.txwin_size = (u8)min_t(u16, chan->tx_win, L2CAP_DEFAULT_TX_WINDOW);

	conf_out_add(out, L2CAP_CONF_RFC, sizeof(rfc), (unsigned long)&rfc);
	conf_out_efs(out);

	if (test_bit(FLAG_EXT_CTRL, &chan->flags))
		conf_out_add(out, L2CAP_CONF_EWS, 2, chan->tx_win);

	conf_out_fcs(out);
}

static void conf_out_streaming(struct conf_out *out)
{
	struct l2cap_chan *chan = out->chan;
	struct l2cap_conf_rfc rfc = { .mode = L2CAP_MODE_STREAMING };

	l2cap_txwin_setup(chan);
	rfc.max_pdu_size = cpu_to_le16(l2cap_conf_pdu_size(chan,
							   L2CAP_DEFAULT_MAX_PDU_SIZE));

	conf_out_add(out, L2CAP_CONF_RFC, sizeof(rfc), (unsigned long)&rfc);
	conf_out_efs(out);
	conf_out_fcs(out);
}

/* Before the first round: the mode that is wanted, or the one that is to be had. */
static void l2cap_conf_choose_mode(struct l2cap_chan *chan)
{
	if (chan->num_conf_req || chan->num_conf_rsp)
		return;

	if (chan->mode == L2CAP_MODE_STREAMING || chan->mode == L2CAP_MODE_ERTM) {
		if (test_bit(CONF_STATE2_DEVICE, &chan->conf_state))
			return;
		if (__l2cap_efs_supported(chan->conn))
			set_bit(FLAG_EFS_ENABLE, &chan->flags);
	}

	chan->mode = l2cap_select_mode(chan->mode, chan->conn->feat_mask);
}

int l2cap_build_conf_req(struct l2cap_chan *chan, void *data, size_t data_size)
{
	struct l2cap_conf_req *req = data;
	struct conf_out out = { chan, req->data, data + data_size };

	l2cap_conf_choose_mode(chan);

	if (chan->imtu != L2CAP_DEFAULT_MTU) {
		if (!chan->imtu)
			l2cap_mtu_auto(chan);
		conf_out_add(&out, L2CAP_CONF_MTU, 2, chan->imtu);
	}

	switch (chan->mode) {
	case L2CAP_MODE_BASIC:
		conf_out_basic(&out);
		break;
	case L2CAP_MODE_ERTM:
		conf_out_ertm(&out);
		break;
	case L2CAP_MODE_STREAMING:
		conf_out_streaming(&out);
		break;
	}

	req->dcid = cpu_to_le16(chan->dcid);
	req->flags = 0;

	return (int)(out.ptr - data);
}

void l2cap_send_conf_req(struct l2cap_chan *chan)
{
	struct l2cap_conn *conn = chan->conn;
	u8 buf[128];
	int len;

	if (test_and_set_bit(CONF_REQ_SENT, &chan->conf_state))
		return;

	len = l2cap_build_conf_req(chan, buf, sizeof(buf));
	l2cap_send_cmd(conn, l2cap_get_ident(conn), L2CAP_CONF_REQ, (u16)len, buf);
	chan->num_conf_req = (u8)(chan->num_conf_req + 1);
}

/* A response without options. */
int l2cap_build_conf_rsp(struct l2cap_chan *chan, void *data, u16 result, u16 flags)
{
	struct l2cap_conf_rsp *rsp = data;

	rsp->scid = cpu_to_le16(chan->dcid);
	rsp->result = cpu_to_le16(result);
	rsp->flags = cpu_to_le16(flags);

	return sizeof(*rsp);
}

static void l2cap_send_conf_rsp(struct l2cap_chan *chan, u8 ident, u16 result, u16 flags)
{
	struct l2cap_conf_rsp rsp;
	int len = l2cap_build_conf_rsp(chan, &rsp, result, flags);

	l2cap_send_cmd(chan->conn, ident, L2CAP_CONF_RSP, (u16)len, &rsp);
}

/* Both sides have said PENDING: now the final answer. */
static void l2cap_send_efs_conf_rsp(struct l2cap_chan *chan, u8 ident, u16 flags)
{
	clear_bit(CONF_LOC_CONF_PEND, &chan->conf_state);
	set_bit(CONF_OUTPUT_DONE, &chan->conf_state);

	l2cap_send_conf_rsp(chan, ident, L2CAP_CONF_SUCCESS, flags);
}

/*
 * The peer's requests and responses
 */

/* A checksum only in the modes that have one, and only if one side wants it. */
static void set_default_fcs(struct l2cap_chan *chan)
{
	if (chan->mode != L2CAP_MODE_ERTM && chan->mode != L2CAP_MODE_STREAMING)
		chan->fcs = L2CAP_FCS_NONE;
	else if (!test_bit(CONF_RECV_NO_FCS, &chan->conf_state))
		chan->fcs = L2CAP_FCS_CRC16;
}

/* Both directions are agreed on. */
static int l2cap_config_done(struct l2cap_chan *chan)
{
	int err = 0;

	if (chan->mode == L2CAP_MODE_ERTM || chan->mode == L2CAP_MODE_STREAMING)
		err = l2cap_ertm_init(chan);

	if (err < 0)
		l2cap_send_disconn_req(chan, -err);
	else
		l2cap_chan_ready(chan);
	return err;
}

/* All pieces of a request are there. */
static int l2cap_config_complete(struct l2cap_chan *chan, u8 ident, u16 flags)
{
	struct l2cap_conn *conn = chan->conn;
	u8 rsp[64];
	int len;

	len = l2cap_parse_conf_req(chan, rsp, sizeof(rsp));
	if (malformed(len < 0)) {
		sig_refuse(conn, len);
		l2cap_send_disconn_req(chan, ECONNRESET);
		return 0;
	}

	chan->ident = ident;
	l2cap_send_cmd(conn, ident, L2CAP_CONF_RSP, (u16)len, rsp);
	if (!malformed(chan->num_conf_rsp >= L2CAP_CONF_MAX_CONF_RSP))
		chan->num_conf_rsp = (u8)(chan->num_conf_rsp + 1);

	chan->conf_len = 0;

	if (!test_bit(CONF_OUTPUT_DONE, &chan->conf_state))
		return 0;

	if (test_bit(CONF_INPUT_DONE, &chan->conf_state)) {
		set_default_fcs(chan);

		/* changes of a channel in use leave its queues as they are */
		if (malformed_in(CVE_2026_31498_LEAK, chan->state == BT_CONNECTED))
			return 0;
		return l2cap_config_done(chan);
	}

	l2cap_send_conf_req(chan);

	if (test_bit(CONF_REM_CONF_PEND, &chan->conf_state) &&
	    test_bit(CONF_LOC_CONF_PEND, &chan->conf_state))
		l2cap_send_efs_conf_rsp(chan, ident, flags);
	return 0;
}

static bool l2cap_config_state(const struct l2cap_chan *chan)
{
	return chan->state == BT_CONFIG || chan->state == BT_CONNECT2 ||
	       chan->state == BT_CONNECTED;
}

int l2cap_config_req(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd, u16 cmd_len,
		     u8 *data)
{
	struct l2cap_conf_req *req = (struct l2cap_conf_req *)data;
	struct l2cap_chan *chan;
	u16 dcid, flags;
	int len, err = 0;

	if (malformed_in(CVE_2011_2497, cmd_len < sizeof(*req)))
		return sig_refuse(conn, -EPROTO);

	dcid = le16_to_cpu(req->dcid);
	flags = le16_to_cpu(req->flags);
	sig_u64(conn, "btl2cap.dcid", dcid);
	sig_u64(conn, "btl2cap.flags.continuation", flags & L2CAP_CONF_FLAG_CONTINUATION);

	chan = l2cap_get_chan_by_scid(conn, dcid);
	if (malformed(!chan)) {
		cmd_reject_invalid_cid(conn, cmd->ident, dcid, 0);
		return 0;
	}

	if (malformed(!l2cap_config_state(chan))) {
		cmd_reject_invalid_cid(conn, cmd->ident, chan->scid, chan->dcid);
		goto unlock;
	}

	len = cmd_len - sizeof(*req);
	if (malformed(chan->conf_len + len > sizeof(chan->conf_req))) {
		l2cap_send_conf_rsp(chan, cmd->ident, L2CAP_CONF_REJECT, flags);
		goto unlock;
	}

	memcpy(chan->conf_req + chan->conf_len, req->data, len);
	chan->conf_len = (u8)(chan->conf_len + len);

	if (flags & L2CAP_CONF_FLAG_CONTINUATION) {
		l2cap_send_conf_rsp(chan, cmd->ident, L2CAP_CONF_SUCCESS, flags);
		goto unlock;
	}

	err = l2cap_config_complete(chan, cmd->ident, flags);

unlock:
	l2cap_chan_unlock(chan);
	l2cap_chan_put(chan);
	return err;
}

/* Both sides think it over: with both proposals there, it is done. */
static void l2cap_config_pending(struct l2cap_chan *chan, struct l2cap_conf_rsp *rsp,
				 int len, u8 ident)
{
	u16 result = L2CAP_CONF_PENDING;
	char buf[64];

	set_bit(CONF_REM_CONF_PEND, &chan->conf_state);

	if (!test_bit(CONF_LOC_CONF_PEND, &chan->conf_state))
		return;

	len = l2cap_parse_conf_rsp(chan, rsp->data, len, buf, sizeof(buf), &result);
	if (malformed(len < 0)) {
		l2cap_send_disconn_req(chan, ECONNRESET);
		return;
	}

	l2cap_send_efs_conf_rsp(chan, ident, 0);
}

/* Try again with the peer's values. Return: whether the response ends the round. */
static bool l2cap_config_again(struct l2cap_chan *chan, struct l2cap_conf_rsp *rsp,
			       int len)
{
	struct l2cap_conn *conn = chan->conn;
	u16 result = L2CAP_CONF_SUCCESS;
	char req[64];

	if (malformed(len > sizeof(req) - sizeof(struct l2cap_conf_req))) {
		l2cap_send_disconn_req(chan, ECONNRESET);
		return false;
	}

	len = l2cap_parse_conf_rsp(chan, rsp->data, len, req, sizeof(req), &result);
	if (malformed(len < 0)) {
		l2cap_send_disconn_req(chan, ECONNRESET);
		return false;
	}

	l2cap_send_cmd(conn, l2cap_get_ident(conn), L2CAP_CONF_REQ, (u16)len, req);
	chan->num_conf_req = (u8)(chan->num_conf_req + 1);

	return !malformed(result != L2CAP_CONF_SUCCESS);
}

/* Return: whether our direction is agreed on. */
static bool l2cap_config_result(struct l2cap_chan *chan, struct l2cap_conf_rsp *rsp,
				int len, u8 ident)
{
	switch (le16_to_cpu(rsp->result)) {
	case L2CAP_CONF_SUCCESS:
		l2cap_conf_rfc_get(chan, rsp->data, len);
		clear_bit(CONF_REM_CONF_PEND, &chan->conf_state);
		return true;

	case L2CAP_CONF_PENDING:
		l2cap_config_pending(chan, rsp, len, ident);
		return false;

	case L2CAP_CONF_UNKNOWN:
	case L2CAP_CONF_UNACCEPT:
		return l2cap_config_again(chan, rsp, len);

	default:
		l2cap_chan_set_err(chan, ECONNRESET);

		__set_chan_timer(chan, L2CAP_DISC_REJ_TIMEOUT);
		l2cap_send_disconn_req(chan, ECONNRESET);
		return false;
	}
}

int l2cap_config_rsp(struct l2cap_conn *conn, struct l2cap_cmd_hdr *cmd, u16 cmd_len,
		     u8 *data)
{
	struct l2cap_conf_rsp *rsp = (struct l2cap_conf_rsp *)data;
	struct l2cap_chan *chan;
	bool configured;
	u16 flags;
	int err = 0;

	if (malformed(cmd_len < sizeof(*rsp)))
		return sig_refuse(conn, -EPROTO);

	flags = le16_to_cpu(rsp->flags);
	sig_u64(conn, "btl2cap.scid", le16_to_cpu(rsp->scid));
	sig_u64(conn, "btl2cap.flags.continuation", flags & L2CAP_CONF_FLAG_CONTINUATION);
	sig_u64(conn, "btl2cap.conf_result", le16_to_cpu(rsp->result));

	chan = l2cap_get_chan_by_scid(conn, le16_to_cpu(rsp->scid));
	if (malformed(!chan))
		return 0;

	/* its mode is settled */
	configured = !test_bit(CONF_NOT_COMPLETE, &chan->conf_state);
	if (configured && malformed(rsp->result != cpu_to_le16(L2CAP_CONF_SUCCESS)))
		goto done;

	if (!l2cap_config_result(chan, rsp, cmd_len - (int)sizeof(*rsp), cmd->ident))
		goto done;

	if (flags & L2CAP_CONF_FLAG_CONTINUATION)
		goto done;

	set_bit(CONF_INPUT_DONE, &chan->conf_state);

	if (test_bit(CONF_OUTPUT_DONE, &chan->conf_state)) {
		set_default_fcs(chan);
		/* its queues are in use */
		if (malformed(configured))
			goto done;
		err = l2cap_config_done(chan);
	}

done:
	l2cap_chan_unlock(chan);
	l2cap_chan_put(chan);
	return err;
}
