// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configuration options of BR/EDR channels: taking them apart, putting them together,
 * and what a Configuration Response says.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_get_conf_opt,
 *	l2cap_add_conf_opt, l2cap_add_opt_efs, l2cap_select_mode,
 *	__l2cap_set_ertm_timeouts, l2cap_parse_conf_rsp, l2cap_conf_rfc_get)
 * Spec: Core 5.3 Vol 3 Part A 4.5, 5
 * Differs: the value of an option of an odd length is a pointer in a number, as it is
 *	upstream. The extended flow specification of a response is used only if there was
 *	one (upstream uses what is on the stack).
 */
#include "l2cap_sig.h"

/**
 * l2cap_get_conf_opt() - the option at *@ptr, which moves behind it
 * @end: first byte that is no option
 * @val: the value of 1, 2 or 4 bytes, of any other length where it stands
 *
 * Return: bytes of the option, or -EINVAL if it does not fit.
 */
int l2cap_get_conf_opt(void **ptr, void *end, int *type, int *olen, unsigned long *val)
{
	struct l2cap_conf_opt *opt = *ptr;
	int len;

	if (malformed(end - *ptr < L2CAP_CONF_OPT_SIZE))
		return -EINVAL;

	len = L2CAP_CONF_OPT_SIZE + opt->len;
	if (malformed_in(CVE_2026_64403, end - *ptr < len))
		return -EINVAL;

	*ptr += len;

	*type = opt->type;
	*olen = opt->len;

	switch (opt->len) {
	case 1:
		*val = opt->val[0];
		break;
	case 2:
		*val = get_unaligned_le16(opt->val);
		break;
	case 4:
		*val = get_unaligned_le32(opt->val);
		break;
	default:
		*val = (unsigned long)opt->val;
		break;
	}

	return len;
}

/* Nothing is added for which the @size bytes left are too few. */
void l2cap_add_conf_opt(void **ptr, u8 type, u8 len, unsigned long val, size_t size)
{
	struct l2cap_conf_opt *opt = *ptr;

	if (malformed_in(CVE_2017_1000251, size < L2CAP_CONF_OPT_SIZE + len))
		return;

	opt->type = type;
	opt->len = len;

	switch (len) {
	case 1:
		opt->val[0] = (u8)val;
		break;
	case 2:
		put_unaligned_le16((u16)val, opt->val);
		break;
	case 4:
		put_unaligned_le32((u32)val, opt->val);
		break;
	default:
		memcpy(opt->val, (void *)val, len);
		break;
	}

	*ptr += L2CAP_CONF_OPT_SIZE + len;
}

void l2cap_add_opt_efs(void **ptr, struct l2cap_chan *chan, size_t size)
{
	struct l2cap_conf_efs efs;

	switch (chan->mode) {
	case L2CAP_MODE_ERTM:
		efs.id = chan->local_id;
		efs.stype = chan->local_stype;
		efs.msdu = cpu_to_le16(chan->local_msdu);
		efs.sdu_itime = cpu_to_le32(chan->local_sdu_itime);
		efs.acc_lat = cpu_to_le32(L2CAP_DEFAULT_ACC_LAT);
		efs.flush_to = cpu_to_le32(L2CAP_EFS_DEFAULT_FLUSH_TO);
		break;

	case L2CAP_MODE_STREAMING:
		efs.id = L2CAP_BESTEFFORT_ID;
		efs.stype = L2CAP_SERV_BESTEFFORT;
		efs.msdu = cpu_to_le16(chan->local_msdu);
		efs.sdu_itime = cpu_to_le32(chan->local_sdu_itime);
		efs.acc_lat = 0;
		efs.flush_to = 0;
		break;

	default:
		return;
	}

	l2cap_add_conf_opt(ptr, L2CAP_CONF_EFS, sizeof(efs), (unsigned long)&efs, size);
}

/* What both sides have of a peer's choice; basic mode everybody has. */
u8 l2cap_select_mode(u8 mode, u32 remote_feat_mask)
{
	switch (mode) {
	case L2CAP_MODE_STREAMING:
	case L2CAP_MODE_ERTM:
		if (l2cap_mode_supported(mode, remote_feat_mask))
			return mode;
		fallthrough;
	default:
		return L2CAP_MODE_BASIC;
	}
}

bool __l2cap_efs_supported(struct l2cap_conn *conn)
{
	return conn->feat_mask & L2CAP_FEAT_EXT_FLOW;
}

/* No frame is longer than the link takes in one piece. */
u16 l2cap_conf_pdu_size(const struct l2cap_chan *chan, u16 limit)
{
	return min_t(u16, limit, chan->conn->mtu - L2CAP_EXT_HDR_SIZE -
				 L2CAP_SDULEN_SIZE - L2CAP_FCS_SIZE);
}

void __l2cap_set_ertm_timeouts(struct l2cap_chan *chan, struct l2cap_conf_rfc *rfc)
{
	rfc->retrans_timeout = cpu_to_le16(L2CAP_DEFAULT_RETRANS_TO);
	rfc->monitor_timeout = cpu_to_le16(L2CAP_DEFAULT_MONITOR_TO);
}

void l2cap_sink_rfc(struct l2cap_chan *chan, const struct l2cap_conf_rfc *rfc)
{
	struct l2cap_conn *conn = chan->conn;

	sig_u64(conn, "btl2cap.retransmissionmode", rfc->mode);
	sig_u64(conn, "btl2cap.txwindow", rfc->txwin_size);
	sig_u64(conn, "btl2cap.maxtransmit", rfc->max_transmit);
	sig_u64(conn, "btl2cap.retransmittimeout", le16_to_cpu(rfc->retrans_timeout));
	sig_u64(conn, "btl2cap.monitortimeout", le16_to_cpu(rfc->monitor_timeout));
	sig_u64(conn, "btl2cap.mps", le16_to_cpu(rfc->max_pdu_size));
}

void l2cap_sink_efs(struct l2cap_chan *chan, const struct l2cap_conf_efs *efs)
{
	struct l2cap_conn *conn = chan->conn;

	sig_u64(conn, "btl2cap.option_ident", efs->id);
	sig_u64(conn, "btl2cap.option_servicetype", efs->stype);
	sig_u64(conn, "btl2cap.option_sdu_size", le16_to_cpu(efs->msdu));
	sig_u64(conn, "btl2cap.option_sdu_arrival_time", le32_to_cpu(efs->sdu_itime));
	sig_u64(conn, "btl2cap.option_access_latency", le32_to_cpu(efs->acc_lat));
	sig_u64(conn, "btl2cap.option_flushto", le32_to_cpu(efs->flush_to));
}

/*
 * The options of a response, from which the next request is made
 */

struct conf_rsp {
	struct l2cap_chan *chan;
	struct l2cap_conf_rfc rfc;
	struct l2cap_conf_efs efs;
	bool has_efs;
	u16 *result;		/* of the response; UNACCEPT if a value is out of range */
	void *ptr, *endptr;	/* the next request, its end */
};

static size_t conf_rsp_room(const struct conf_rsp *st)
{
	return (size_t)(st->endptr - st->ptr);
}

static int conf_rsp_rfc(struct conf_rsp *st, int olen, unsigned long val)
{
	struct l2cap_chan *chan = st->chan;

	if (malformed(olen != sizeof(st->rfc)))
		return 0;

	memcpy(&st->rfc, (void *)val, (size_t)olen);
	l2cap_sink_rfc(chan, &st->rfc);

	if (test_bit(CONF_STATE2_DEVICE, &chan->conf_state) &&
	    malformed(st->rfc.mode != chan->mode))
		return -ECONNREFUSED;

	chan->fcs = L2CAP_FCS_NONE;
	l2cap_add_conf_opt(&st->ptr, L2CAP_CONF_RFC, sizeof(st->rfc),
			   (unsigned long)&st->rfc, conf_rsp_room(st));
	return 0;
}

static int conf_rsp_efs(struct conf_rsp *st, int olen, unsigned long val)
{
	struct l2cap_chan *chan = st->chan;

	triggered(CVE_2017_1000410, olen != sizeof(st->efs));
	if (!malformed(olen != sizeof(st->efs))) {
		memcpy(&st->efs, (void *)val, (size_t)olen);
		l2cap_sink_efs(chan, &st->efs);
	} else if (fixed(CVE_2017_1000410)) {
		return 0;
	}
	st->has_efs = true;

	if (chan->local_stype != L2CAP_SERV_NOTRAFIC &&
	    st->efs.stype != L2CAP_SERV_NOTRAFIC &&
	    malformed(st->efs.stype != chan->local_stype))
		return -ECONNREFUSED;

	l2cap_add_conf_opt(&st->ptr, L2CAP_CONF_EFS, sizeof(st->efs),
			   (unsigned long)&st->efs, conf_rsp_room(st));
	return 0;
}

static void conf_rsp_mtu(struct conf_rsp *st, unsigned long val)
{
	struct l2cap_chan *chan = st->chan;

	sig_u64(chan->conn, "btl2cap.option_mtu", (u16)val);

	if (malformed(val < L2CAP_DEFAULT_MIN_MTU)) {
		*st->result = L2CAP_CONF_UNACCEPT;
		chan->imtu = L2CAP_DEFAULT_MIN_MTU;
	} else {
		chan->imtu = val;
	}
	l2cap_add_conf_opt(&st->ptr, L2CAP_CONF_MTU, 2, chan->imtu, conf_rsp_room(st));
}

static int conf_rsp_option(struct conf_rsp *st, int type, int olen, unsigned long val)
{
	struct l2cap_chan *chan = st->chan;

	switch (type) {
	case L2CAP_CONF_MTU:
		if (malformed_in(CVE_2019_3460, olen != 2))
			break;
		conf_rsp_mtu(st, val);
		break;

	case L2CAP_CONF_FLUSH_TO:
		if (malformed_in(CVE_2019_3460, olen != 2))
			break;
		chan->flush_to = val;
		sig_u64(chan->conn, "btl2cap.option_flushto", chan->flush_to);
		l2cap_add_conf_opt(&st->ptr, L2CAP_CONF_FLUSH_TO, 2, chan->flush_to,
				   conf_rsp_room(st));
		break;

	case L2CAP_CONF_RFC:
		return conf_rsp_rfc(st, olen, val);

	case L2CAP_CONF_EWS:
		if (malformed_in(CVE_2019_3460, olen != 2))
			break;
		sig_u64(chan->conn, "btl2cap.option_window", (u16)val);
		chan->ack_win = min_t(u16, val, chan->ack_win);
		l2cap_add_conf_opt(&st->ptr, L2CAP_CONF_EWS, 2, chan->tx_win,
				   conf_rsp_room(st));
		break;

	case L2CAP_CONF_EFS:
		return conf_rsp_efs(st, olen, val);

	case L2CAP_CONF_FCS:
		if (malformed_in(CVE_2019_3460, olen != 1))
			break;
		sig_u64(chan->conn, "btl2cap.option_fcs", (u8)val);
		if (*st->result == L2CAP_CONF_PENDING && val == L2CAP_FCS_NONE)
			set_bit(CONF_RECV_NO_FCS, &chan->conf_state);
		break;
	}
	return 0;
}

static int conf_rsp_options(struct conf_rsp *st, void *rsp, int len)
{
	void *rsp_end = rsp + len;
	unsigned long val;
	int type, olen, err;

	while (len >= L2CAP_CONF_OPT_SIZE) {
		int ret = l2cap_get_conf_opt(&rsp, rsp_end, &type, &olen, &val);

		if (malformed(ret < 0))
			break;
		len -= ret;

		sig_u64(st->chan->conn, "btl2cap.option_type", (u64)type);
		sig_u64(st->chan->conn, "btl2cap.option_length", (u64)olen);

		err = conf_rsp_option(st, type, olen, val);
		if (err)
			return err;
	}
	return 0;
}

static void conf_rsp_ertm(struct conf_rsp *st)
{
	struct l2cap_chan *chan = st->chan;

	chan->retrans_timeout = le16_to_cpu(st->rfc.retrans_timeout);
	chan->monitor_timeout = le16_to_cpu(st->rfc.monitor_timeout);
	chan->mps = le16_to_cpu(st->rfc.max_pdu_size);
	if (!test_bit(FLAG_EXT_CTRL, &chan->flags))
		chan->ack_win = min_t(u16, chan->ack_win, st->rfc.txwin_size);

	if (!test_bit(FLAG_EFS_ENABLE, &chan->flags) || malformed(!st->has_efs))
		return;

	chan->local_msdu = le16_to_cpu(st->efs.msdu);
	chan->local_sdu_itime = le32_to_cpu(st->efs.sdu_itime);
	chan->local_acc_lat = le32_to_cpu(st->efs.acc_lat);
	chan->local_flush_to = le32_to_cpu(st->efs.flush_to);
}

/**
 * l2cap_parse_conf_rsp() - take over what the peer wants to have otherwise
 * @data: the next request, made of the same options
 * @size: room there
 * @result: of the response; comes back as UNACCEPT if a value is out of range
 *
 * Return: bytes of the request, or -ECONNREFUSED if there can be no agreement.
 */
int l2cap_parse_conf_rsp(struct l2cap_chan *chan, void *rsp, int len, void *data,
			 size_t size, u16 *result)
{
	struct l2cap_conf_req *req = data;
	struct conf_rsp st;
	int err;

	st.chan = chan;
	memset(&st.rfc, 0, sizeof(st.rfc));
	st.rfc.mode = L2CAP_MODE_BASIC;
	st.has_efs = false;
	st.result = result;
	st.ptr = req->data;
	st.endptr = data + size;

	err = conf_rsp_options(&st, rsp, len);
	if (err)
		return err;

	if (chan->mode == L2CAP_MODE_BASIC && malformed(chan->mode != st.rfc.mode))
		return -ECONNREFUSED;

	chan->mode = st.rfc.mode;

	if (*result == L2CAP_CONF_SUCCESS || *result == L2CAP_CONF_PENDING) {
		switch (st.rfc.mode) {
		case L2CAP_MODE_ERTM:
			conf_rsp_ertm(&st);
			break;
		case L2CAP_MODE_STREAMING:
			chan->mps = le16_to_cpu(st.rfc.max_pdu_size);
		}
	}

	req->dcid = cpu_to_le16(chan->dcid);
	req->flags = 0;

	return (int)(st.ptr - data);
}

/* The peer agrees: take over the values that only its response has. */
void l2cap_conf_rfc_get(struct l2cap_chan *chan, void *rsp, int len)
{
	void *rsp_end = rsp + len;
	unsigned long val;
	int type, olen;
	/* for a peer that leaves the options out */
	u16 txwin_ext = chan->ack_win;
	struct l2cap_conf_rfc rfc = {
		.mode = chan->mode,
		.retrans_timeout = cpu_to_le16(L2CAP_DEFAULT_RETRANS_TO),
		.monitor_timeout = cpu_to_le16(L2CAP_DEFAULT_MONITOR_TO),
		.max_pdu_size = cpu_to_le16(chan->imtu),
		.txwin_size = (u8)min_t(u16, chan->ack_win, L2CAP_DEFAULT_TX_WINDOW),
	};

	if (chan->mode != L2CAP_MODE_ERTM && chan->mode != L2CAP_MODE_STREAMING)
		return;

	while (len >= L2CAP_CONF_OPT_SIZE) {
		int ret = l2cap_get_conf_opt(&rsp, rsp_end, &type, &olen, &val);

		if (malformed(ret < 0))
			break;
		len -= ret;

		switch (type) {
		case L2CAP_CONF_RFC:
			if (malformed(olen != sizeof(rfc)))
				break;
			memcpy(&rfc, (void *)val, (size_t)olen);
			l2cap_sink_rfc(chan, &rfc);
			break;
		case L2CAP_CONF_EWS:
			if (malformed_in(CVE_2019_3460, olen != 2))
				break;
			txwin_ext = val;
			sig_u64(chan->conn, "btl2cap.option_window", txwin_ext);
			break;
		}
	}

	switch (rfc.mode) {
	case L2CAP_MODE_ERTM:
		chan->retrans_timeout = le16_to_cpu(rfc.retrans_timeout);
		chan->monitor_timeout = le16_to_cpu(rfc.monitor_timeout);
		chan->mps = le16_to_cpu(rfc.max_pdu_size);
		if (!test_bit(FLAG_EXT_CTRL, &chan->flags))
			txwin_ext = rfc.txwin_size;
		chan->ack_win = min_t(u16, chan->ack_win, txwin_ext);
		break;
	case L2CAP_MODE_STREAMING:
		chan->mps = le16_to_cpu(rfc.max_pdu_size);
	}
}
