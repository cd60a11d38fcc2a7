// SPDX-License-Identifier: GPL-2.0-only
/*
 * The options of a Configuration Request, and the response to them.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_parse_conf_req)
 * Spec: Core 5.3 Vol 3 Part A 4.4, 4.5, 5, 7.1
 * Differs: the one upstream function is cut into options, mode, values of each mode.
 */
#include "l2cap_sig.h"

struct conf_req {
	struct l2cap_chan *chan;
	struct l2cap_conf_rfc rfc;
	struct l2cap_conf_efs efs;
	bool remote_efs;
	u16 mtu;		/* 0: none given */
	u16 result;
	void *ptr, *endptr;	/* the response, its end */
};

static void conf_req_add(struct conf_req *st, u8 type, size_t len, unsigned long val)
{
	l2cap_add_conf_opt(&st->ptr, type, (u8)len, val, (size_t)(st->endptr - st->ptr));
}

static void conf_req_efs(struct conf_req *st, int olen, unsigned long val)
{
	triggered(CVE_2022_42895, olen != sizeof(st->efs));
	if (!fixed(CVE_2022_42895))
		st->remote_efs = true;
	if (malformed(olen != sizeof(st->efs)))
		return;

	st->remote_efs = true;
	memcpy(&st->efs, (void *)val, (size_t)olen);
	l2cap_sink_efs(st->chan, &st->efs);
}

static void conf_req_rfc(struct conf_req *st, int olen, unsigned long val)
{
	if (malformed(olen != sizeof(st->rfc)))
		return;

	memcpy(&st->rfc, (void *)val, (size_t)olen);
	l2cap_sink_rfc(st->chan, &st->rfc);
}

/* An option that nobody knows: told back, unless it is but a hint. */
static void conf_req_unknown(struct conf_req *st, int type, int hint)
{
	if (!malformed(!hint))
		return;

	st->result = L2CAP_CONF_UNKNOWN;
	conf_req_add(st, (u8)type, sizeof(u8), (unsigned long)type);
}

static int conf_req_option(struct conf_req *st, int type, int hint, int olen,
			   unsigned long val)
{
	struct l2cap_chan *chan = st->chan;

	switch (type) {
	case L2CAP_CONF_MTU:
		if (malformed_in(CVE_2019_3460, olen != 2))
			break;
		st->mtu = val;
		sig_u64(chan->conn, "btl2cap.option_mtu", st->mtu);
		break;

	case L2CAP_CONF_FLUSH_TO:
		if (malformed_in(CVE_2019_3460, olen != 2))
			break;
		chan->flush_to = val;
		sig_u64(chan->conn, "btl2cap.option_flushto", chan->flush_to);
		break;

	case L2CAP_CONF_QOS:
		break;

	case L2CAP_CONF_RFC:
		conf_req_rfc(st, olen, val);
		break;

	case L2CAP_CONF_FCS:
		if (malformed_in(CVE_2019_3460, olen != 1))
			break;
		sig_u64(chan->conn, "btl2cap.option_fcs", (u8)val);
		if (val == L2CAP_FCS_NONE)
			set_bit(CONF_RECV_NO_FCS, &chan->conf_state);
		break;

	case L2CAP_CONF_EFS:
		conf_req_efs(st, olen, val);
		break;

	case L2CAP_CONF_EWS:
		if (malformed_in(CVE_2019_3460, olen != 2))
			break;
		/* a window that large was for controllers which no longer exist */
		return -ECONNREFUSED;

	default:
		conf_req_unknown(st, type, hint);
		break;
	}
	return 0;
}

static int conf_req_options(struct conf_req *st)
{
	struct l2cap_chan *chan = st->chan;
	void *req = chan->conf_req, *req_end = req + chan->conf_len;
	int len = chan->conf_len, type, hint, olen, err;
	unsigned long val;

	while (len >= L2CAP_CONF_OPT_SIZE) {
		int ret = l2cap_get_conf_opt(&req, req_end, &type, &olen, &val);

		if (malformed(ret < 0))
			break;
		len -= ret;

		sig_u64(chan->conn, "btl2cap.option_type", (u64)type);
		sig_u64(chan->conn, "btl2cap.option_length", (u64)olen);

		hint = type & L2CAP_CONF_HINT;
		type &= L2CAP_CONF_MASK;

		err = conf_req_option(st, type, hint, olen, val);
		if (err)
			return err;
	}
	return 0;
}

/* In the first round the mode is still open, unless the owner wants his or none. */
static int conf_req_mode(struct conf_req *st)
{
	struct l2cap_chan *chan = st->chan;

	if (chan->mode != L2CAP_MODE_STREAMING && chan->mode != L2CAP_MODE_ERTM)
		return 0;

	if (!test_bit(CONF_STATE2_DEVICE, &chan->conf_state)) {
		chan->mode = l2cap_select_mode(st->rfc.mode, chan->conn->feat_mask);
		return 0;
	}

	if (st->remote_efs) {
		if (malformed(!__l2cap_efs_supported(chan->conn)))
			return -ECONNREFUSED;
		set_bit(FLAG_EFS_ENABLE, &chan->flags);
	}

	if (malformed(chan->mode != st->rfc.mode))
		return -ECONNREFUSED;
	return 0;
}

/* One counter-proposal of the mode, not two. */
static int conf_req_unaccept_mode(struct conf_req *st)
{
	struct l2cap_chan *chan = st->chan;

	if (!malformed(chan->mode != st->rfc.mode))
		return 0;

	st->result = L2CAP_CONF_UNACCEPT;
	st->rfc.mode = chan->mode;

	if (malformed(chan->num_conf_rsp == 1))
		return -ECONNREFUSED;

	conf_req_add(st, L2CAP_CONF_RFC, sizeof(st->rfc), (unsigned long)&st->rfc);
	return 0;
}

static void conf_req_mtu(struct conf_req *st)
{
	struct l2cap_chan *chan = st->chan;

	/* peers of the older modes may not notice that it is adjusted */
	if (!st->mtu) {
		if (chan->mode == L2CAP_MODE_ERTM && chan->omtu)
			st->mtu = chan->omtu;
		else
			st->mtu = L2CAP_DEFAULT_MTU;
	}

	if (malformed(st->mtu < L2CAP_DEFAULT_MIN_MTU)) {
		st->result = L2CAP_CONF_UNACCEPT;
	} else {
		chan->omtu = st->mtu;
		set_bit(CONF_MTU_DONE, &chan->conf_state);
	}
	conf_req_add(st, L2CAP_CONF_MTU, 2, chan->omtu);
}

static int conf_req_service(struct conf_req *st)
{
	struct l2cap_chan *chan = st->chan;

	if (!st->remote_efs)
		return 0;

	if (chan->local_stype != L2CAP_SERV_NOTRAFIC &&
	    st->efs.stype != L2CAP_SERV_NOTRAFIC &&
	    malformed(st->efs.stype != chan->local_stype)) {
		st->result = L2CAP_CONF_UNACCEPT;

		if (malformed(chan->num_conf_req >= 1))
			return -ECONNREFUSED;

		conf_req_add(st, L2CAP_CONF_EFS, sizeof(st->efs), (unsigned long)&st->efs);
		return 0;
	}

	/* the final answer follows when both sides have said what they want */
	st->result = L2CAP_CONF_PENDING;
	set_bit(CONF_LOC_CONF_PEND, &chan->conf_state);
	return 0;
}

static void conf_req_remote_efs(struct conf_req *st)
{
	struct l2cap_chan *chan = st->chan;

	if (!st->remote_efs || !test_bit(FLAG_EFS_ENABLE, &chan->flags))
		return;

	chan->remote_id = st->efs.id;
	chan->remote_stype = st->efs.stype;
	chan->remote_msdu = le16_to_cpu(st->efs.msdu);
	chan->remote_flush_to = le32_to_cpu(st->efs.flush_to);
	chan->remote_acc_lat = le32_to_cpu(st->efs.acc_lat);
	chan->remote_sdu_itime = le32_to_cpu(st->efs.sdu_itime);
	conf_req_add(st, L2CAP_CONF_EFS, sizeof(st->efs), (unsigned long)&st->efs);
}

static void conf_req_ertm(struct conf_req *st)
{
	struct l2cap_chan *chan = st->chan;
	u16 size;

	if (!test_bit(CONF_EWS_RECV, &chan->conf_state))
		chan->remote_tx_win = st->rfc.txwin_size;
	else
		st->rfc.txwin_size = L2CAP_DEFAULT_TX_WINDOW;

	chan->remote_max_tx = st->rfc.max_transmit;

	size = l2cap_conf_pdu_size(chan, le16_to_cpu(st->rfc.max_pdu_size));
	st->rfc.max_pdu_size = cpu_to_le16(size);
	chan->remote_mps = size;

	__l2cap_set_ertm_timeouts(chan, &st->rfc);

	set_bit(CONF_MODE_DONE, &chan->conf_state);

	conf_req_add(st, L2CAP_CONF_RFC, sizeof(st->rfc), (unsigned long)&st->rfc);
	conf_req_remote_efs(st);
}

static void conf_req_streaming(struct conf_req *st)
{
	struct l2cap_chan *chan = st->chan;
	u16 size = l2cap_conf_pdu_size(chan, le16_to_cpu(st->rfc.max_pdu_size));

	st->rfc.max_pdu_size = cpu_to_le16(size);
	chan->remote_mps = size;

	set_bit(CONF_MODE_DONE, &chan->conf_state);

	conf_req_add(st, L2CAP_CONF_RFC, sizeof(st->rfc), (unsigned long)&st->rfc);
}

/* Nothing was refused so far: take over the values and answer each. */
static int conf_req_accept(struct conf_req *st)
{
	struct l2cap_chan *chan = st->chan;
	int err;

	conf_req_mtu(st);

	err = conf_req_service(st);
	if (err)
		return err;

	switch (st->rfc.mode) {
	case L2CAP_MODE_BASIC:
		chan->fcs = L2CAP_FCS_NONE;
		set_bit(CONF_MODE_DONE, &chan->conf_state);
		break;
	case L2CAP_MODE_ERTM:
		conf_req_ertm(st);
		break;
	case L2CAP_MODE_STREAMING:
		conf_req_streaming(st);
		break;
	default:
		st->result = L2CAP_CONF_UNACCEPT;
	}

	if (st->result == L2CAP_CONF_SUCCESS)
		set_bit(CONF_OUTPUT_DONE, &chan->conf_state);
	return 0;
}

/**
 * l2cap_parse_conf_req() - answer the options gathered in chan->conf_req
 * @data: the response
 * @data_size: room there
 *
 * Return: bytes of the response, or -ECONNREFUSED if there can be no agreement.
 */
int l2cap_parse_conf_req(struct l2cap_chan *chan, void *data, size_t data_size)
{
	struct l2cap_conf_rsp *rsp = data;
	struct conf_req st;
	int err;

	st.chan = chan;
	memset(&st.rfc, 0, sizeof(st.rfc));
	st.rfc.mode = L2CAP_MODE_BASIC;
	st.remote_efs = false;
	st.mtu = 0;
	st.result = L2CAP_CONF_SUCCESS;
	st.ptr = rsp->data;
	st.endptr = data + data_size;

	err = conf_req_options(&st);
	if (err)
		return err;

	if (!chan->num_conf_rsp && chan->num_conf_req <= 1) {
		err = conf_req_mode(&st);
		if (err)
			return err;
	}

	err = conf_req_unaccept_mode(&st);
	if (err)
		return err;

	if (!malformed(st.result != L2CAP_CONF_SUCCESS)) {
		err = conf_req_accept(&st);
		if (err)
			return err;
	}

	rsp->scid = cpu_to_le16(chan->dcid);
	rsp->result = cpu_to_le16(st.result);
	rsp->flags = 0;

	return (int)(st.ptr - data);
}
