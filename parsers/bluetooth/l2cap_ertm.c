// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enhanced retransmission and streaming mode, receiving: frame check sequence, the
 * receiver's states, which sequence numbers may come, SDU reassembly.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_data_rcv, l2cap_check_fcs,
 *	l2cap_rx, l2cap_rx_state_recv, l2cap_rx_state_srej_sent, l2cap_stream_rx,
 *	l2cap_classify_txseq, l2cap_reassemble_sdu, l2cap_rx_queued_iframes,
 *	l2cap_handle_rej, l2cap_handle_srej, append_skb_frag)
 * Spec: Core 5.4 Vol 3 Part A 3.3, 8.3 to 8.6
 * Differs: no debug messages. The FCS is read before it is cut off. The
 *	channel lets go of an SDU before its receiver gets it. A frame with a
 *	wrong ReqSeq is freed (upstream keeps it for ever). States WAIT_P, WAIT_F and
 *	MOVE are left out: since channels no longer move to another controller, nothing
 *	in 6.1.192 enters them.
 */
#include <linux/crc16.h>
#include <linux/errno.h>

#include "l2cap_data.h"

/* The packet whose control block is needed when its receiver is done with it. */
const struct sk_buff *l2cap_control_used;
const struct sk_buff *l2cap_sdu_delivered, *l2cap_sdu_read;

/*
 * SDUs
 */

void l2cap_append_skb_frag(struct sk_buff *skb, struct sk_buff *new_frag,
			   struct sk_buff **last_frag)
{
	/* skb->len counts all fragments, skb->data_len all but the first */
	if (!skb_has_frag_list(skb))
		skb_shinfo(skb)->frag_list = new_frag;

	new_frag->next = NULL;

	(*last_frag)->next = new_frag;
	*last_frag = new_frag;

	skb->len += new_frag->len;
	skb->data_len += new_frag->len;
	skb->truesize += new_frag->truesize;
}

/* The SDU is whole: the channel has none from now on. */
static struct sk_buff *l2cap_sdu_take(struct l2cap_chan *chan)
{
	struct sk_buff *sdu = chan->sdu;

	l2cap_sdu_none(chan);
	return sdu;
}

/*
 * A whole SDU goes to @recv. The channel lets go of it first: the receiver may be done
 * with it at once, and then has the channel count how much room there is.
 */
int l2cap_sdu_deliver(struct l2cap_chan *chan,
		      int (*recv)(struct l2cap_chan *chan, struct sk_buff *skb))
{
	struct sk_buff *sdu = chan->sdu;
	int err;

	if (fixed(REDZONE_D8EB224E65DB))
		l2cap_sdu_take(chan);
	l2cap_sdu_delivered = sdu;
	err = recv(chan, sdu);
	l2cap_sdu_delivered = NULL;
	l2cap_sdu_read = NULL;
	if (!fixed(REDZONE_D8EB224E65DB))
		sdu = l2cap_sdu_take(chan);
	if (err)
		kfree_skb(sdu);
	return err;
}

/* What there is of an SDU is of no use any more. */
void l2cap_sdu_drop(struct l2cap_chan *chan)
{
	kfree_skb(l2cap_sdu_take(chan));
}

/* The first segment, which says how long the SDU is. */
static int l2cap_reassemble_start(struct l2cap_chan *chan, struct sk_buff *skb)
{
	if (malformed(chan->sdu))
		return -EINVAL;

	if (malformed(!pskb_may_pull(skb, L2CAP_SDULEN_SIZE)))
		return -EINVAL;

	chan->sdu_len = get_unaligned_le16(skb->data);
	l2cap_u64(chan->conn, "btl2cap.sdulength", chan->sdu_len);
	skb_pull(skb, L2CAP_SDULEN_SIZE);

	if (malformed(chan->sdu_len > chan->imtu))
		return -EMSGSIZE;

	if (malformed(skb->len >= chan->sdu_len))
		return -EINVAL;

	chan->sdu = skb;
	chan->sdu_last_frag = skb;
	return 0;
}

/* The last segment: it has to make the SDU exactly as long as announced. */
static int l2cap_reassemble_end(struct l2cap_chan *chan, struct sk_buff *skb)
{
	l2cap_append_skb_frag(chan->sdu, skb, &chan->sdu_last_frag);

	if (malformed(chan->sdu->len != chan->sdu_len))
		return -EINVAL;

	return l2cap_sdu_deliver(chan, chan->ops->recv);
}

/*
 * One segment, in order. Consumes @skb: the receiver may have freed it, and
 * @control with it, on return.
 */
static int l2cap_reassemble_sdu(struct l2cap_chan *chan, struct sk_buff *skb,
				struct l2cap_ctrl *control)
{
	int err = -EINVAL;

	switch (control->sar) {
	case L2CAP_SAR_UNSEGMENTED:
		if (malformed(chan->sdu))
			break;
		err = chan->ops->recv(chan, skb);
		break;

	case L2CAP_SAR_START:
		err = l2cap_reassemble_start(chan, skb);
		break;

	case L2CAP_SAR_CONTINUE:
		if (malformed(!chan->sdu))
			break;
		l2cap_append_skb_frag(chan->sdu, skb, &chan->sdu_last_frag);
		skb = NULL;
		if (malformed(chan->sdu->len >= chan->sdu_len))
			break;
		err = 0;
		break;

	case L2CAP_SAR_END:
		if (malformed(!chan->sdu))
			break;
		err = l2cap_reassemble_end(chan, skb);
		skb = NULL;
		break;
	}

	if (err) {
		kfree_skb(skb);
		l2cap_sdu_drop(chan);
	}

	return err;
}

/* Segments that waited for a missing one: in order, up to the next gap. */
static int l2cap_rx_queued_iframes(struct l2cap_chan *chan)
{
	int err = 0;

	while (!test_bit(CONN_LOCAL_BUSY, &chan->conn_state)) {
		struct sk_buff *skb;

		skb = l2cap_ertm_seq_in_queue(&chan->srej_q, chan->buffer_seq);
		if (!skb)
			break;

		skb_unlink(skb, &chan->srej_q);
		chan->buffer_seq = __next_seq(chan, chan->buffer_seq);
		err = l2cap_reassemble_sdu(chan, skb, &bt_cb(skb)->l2cap);
		if (err)
			break;
	}

	if (skb_queue_empty(&chan->srej_q)) {
		chan->rx_state = L2CAP_RX_STATE_RECV;
		l2cap_send_ack(chan);
	}

	return err;
}

/*
 * Sequence numbers
 */

/*
 * A number outside the window can be a frame that a second poll called for, and may
 * be ignored, if the window is at most half of the numbers; otherwise it cannot be
 * told from a breach of the rules.
 */
static u8 l2cap_txseq_outside(const struct l2cap_chan *chan)
{
	if (chan->tx_win <= ((chan->tx_win_max + 1) >> 1))
		return L2CAP_TXSEQ_INVALID_IGNORE;
	return L2CAP_TXSEQ_INVALID;
}

static u8 l2cap_classify_txseq(struct l2cap_chan *chan, u16 txseq)
{
	int offset = __seq_offset(chan, txseq, chan->last_acked_seq);

	if (chan->rx_state == L2CAP_RX_STATE_SREJ_SENT) {
		if (malformed(offset >= chan->tx_win))
			return l2cap_txseq_outside(chan);

		if (chan->srej_list.head == txseq)
			return L2CAP_TXSEQ_EXPECTED_SREJ;

		if (malformed(l2cap_ertm_seq_in_queue(&chan->srej_q, txseq)))
			return L2CAP_TXSEQ_DUPLICATE_SREJ;

		if (malformed(l2cap_seq_list_contains(&chan->srej_list, txseq)))
			return L2CAP_TXSEQ_UNEXPECTED_SREJ;
	}

	if (chan->expected_tx_seq == txseq) {
		if (malformed(offset >= chan->tx_win))
			return L2CAP_TXSEQ_INVALID;
		return L2CAP_TXSEQ_EXPECTED;
	}

	if (malformed(offset < __seq_offset(chan, chan->expected_tx_seq,
					    chan->last_acked_seq)))
		return L2CAP_TXSEQ_DUPLICATE;

	if (malformed(offset >= chan->tx_win))
		return l2cap_txseq_outside(chan);

	return L2CAP_TXSEQ_UNEXPECTED;
}

/* What the peer acknowledges was sent and not yet acknowledged. */
static bool __valid_reqseq(struct l2cap_chan *chan, u16 reqseq)
{
	int unacked = __seq_offset(chan, chan->next_tx_seq, chan->expected_ack_seq);

	return __seq_offset(chan, chan->next_tx_seq, reqseq) <= unacked;
}

/*
 * S-frames
 */

static void l2cap_handle_srej(struct l2cap_chan *chan, struct l2cap_ctrl *control)
{
	struct sk_buff *skb;

	if (malformed(control->reqseq == chan->next_tx_seq)) {
		l2cap_send_disconn_req(chan, ECONNRESET);
		return;
	}

	skb = l2cap_ertm_seq_in_queue(&chan->tx_q, control->reqseq);
	if (malformed(skb == NULL))
		return;

	if (chan->max_tx != 0 && malformed(bt_cb(skb)->l2cap.retries >= chan->max_tx)) {
		l2cap_send_disconn_req(chan, ECONNRESET);
		return;
	}

	clear_bit(CONN_REMOTE_BUSY, &chan->conn_state);

	if (control->poll) {
		l2cap_pass_to_tx(chan, control);

		set_bit(CONN_SEND_FBIT, &chan->conn_state);
		l2cap_retransmit(chan, control);
		l2cap_ertm_send(chan);
	} else {
		l2cap_pass_to_tx_fbit(chan, control);

		/* a final bit for what a poll already had us send again */
		if (control->final) {
			if (chan->srej_save_reqseq != control->reqseq ||
			    !test_and_clear_bit(CONN_SREJ_ACT, &chan->conn_state))
				l2cap_retransmit(chan, control);
			return;
		}
		l2cap_retransmit(chan, control);
	}

	if (chan->tx_state == L2CAP_TX_STATE_WAIT_F) {
		set_bit(CONN_SREJ_ACT, &chan->conn_state);
		chan->srej_save_reqseq = control->reqseq;
	}
}

static void l2cap_handle_rej(struct l2cap_chan *chan, struct l2cap_ctrl *control)
{
	struct sk_buff *skb;

	if (malformed(control->reqseq == chan->next_tx_seq)) {
		l2cap_send_disconn_req(chan, ECONNRESET);
		return;
	}

	skb = l2cap_ertm_seq_in_queue(&chan->tx_q, control->reqseq);

	if (chan->max_tx && skb &&
	    malformed(bt_cb(skb)->l2cap.retries >= chan->max_tx)) {
		l2cap_send_disconn_req(chan, ECONNRESET);
		return;
	}

	clear_bit(CONN_REMOTE_BUSY, &chan->conn_state);

	l2cap_pass_to_tx(chan, control);

	if (control->final) {
		if (!test_and_clear_bit(CONN_REJ_ACT, &chan->conn_state))
			l2cap_retransmit_all(chan, control);
	} else {
		l2cap_retransmit_all(chan, control);
		l2cap_ertm_send(chan);
		if (chan->tx_state == L2CAP_TX_STATE_WAIT_F)
			set_bit(CONN_REJ_ACT, &chan->conn_state);
	}
}

/* The peer can take frames again, if it could not; those sent await their answer. */
static void l2cap_remote_ready(struct l2cap_chan *chan)
{
	if (test_and_clear_bit(CONN_REMOTE_BUSY, &chan->conn_state) && chan->unacked_frames)
		__set_retrans_timer(chan);
}

/* RR with the final bit, in either state: the answer to our poll. */
static void l2cap_rx_rr_final(struct l2cap_chan *chan, struct l2cap_ctrl *control)
{
	clear_bit(CONN_REMOTE_BUSY, &chan->conn_state);

	if (!test_and_clear_bit(CONN_REJ_ACT, &chan->conn_state)) {
		control->final = 0;
		l2cap_retransmit_all(chan, control);
	}

	l2cap_ertm_send(chan);
}

/*
 * The receiver's states
 */

/* The frame that is due. */
static int l2cap_rx_expected(struct l2cap_chan *chan, struct l2cap_ctrl *control,
			     struct sk_buff *skb)
{
	struct l2cap_ctrl local_control, *after;
	int err;

	chan->expected_tx_seq = __next_seq(chan, control->txseq);
	chan->buffer_seq = chan->expected_tx_seq;

	/* control lies in the packet, which the receiver may free */
	local_control = *control;
	after = fixed(CVE_2022_3564) ? &local_control : control;
	l2cap_control_used = skb;
	err = l2cap_reassemble_sdu(chan, skb, control);
	l2cap_control_used = NULL;
	if (err)
		return err;

	if (after->final) {
		if (!test_and_clear_bit(CONN_REJ_ACT, &chan->conn_state)) {
			after->final = 0;
			l2cap_retransmit_all(chan, after);
			l2cap_ertm_send(chan);
		}
	}

	if (!test_bit(CONN_LOCAL_BUSY, &chan->conn_state))
		l2cap_send_ack(chan);
	return 0;
}

/* An I-frame in state RECV; true: @skb was kept or passed on. */
static bool l2cap_rx_recv_iframe(struct l2cap_chan *chan, struct l2cap_ctrl *control,
				 struct sk_buff *skb, int *err)
{
	switch (l2cap_classify_txseq(chan, control->txseq)) {
	case L2CAP_TXSEQ_EXPECTED:
		l2cap_pass_to_tx(chan, control);
		if (test_bit(CONN_LOCAL_BUSY, &chan->conn_state))
			return false;
		*err = l2cap_rx_expected(chan, control, skb);
		return true;

	case L2CAP_TXSEQ_UNEXPECTED:
		l2cap_pass_to_tx(chan, control);
		/* who is busy may not ask; it is missing when that is over */
		if (test_bit(CONN_LOCAL_BUSY, &chan->conn_state))
			return false;

		skb_queue_tail(&chan->srej_q, skb);
		clear_bit(CONN_SREJ_ACT, &chan->conn_state);
		l2cap_seq_list_clear(&chan->srej_list);
		l2cap_send_srej(chan, control->txseq);
		chan->rx_state = L2CAP_RX_STATE_SREJ_SENT;
		return true;

	case L2CAP_TXSEQ_DUPLICATE:
		l2cap_pass_to_tx(chan, control);
		return false;

	case L2CAP_TXSEQ_INVALID_IGNORE:
		return false;
	}

	l2cap_send_disconn_req(chan, ECONNRESET);
	return false;
}

static int l2cap_rx_state_recv(struct l2cap_chan *chan, struct l2cap_ctrl *control,
			       struct sk_buff *skb, u8 event)
{
	bool skb_in_use = false;
	int err = 0;

	switch (event) {
	case L2CAP_EV_RECV_IFRAME:
		skb_in_use = l2cap_rx_recv_iframe(chan, control, skb, &err);
		break;
	case L2CAP_EV_RECV_RR:
		l2cap_pass_to_tx(chan, control);
		if (control->final) {
			l2cap_rx_rr_final(chan, control);
		} else if (control->poll) {
			l2cap_send_i_or_rr_or_rnr(chan);
		} else {
			l2cap_remote_ready(chan);
			l2cap_ertm_send(chan);
		}
		break;
	case L2CAP_EV_RECV_RNR:
		set_bit(CONN_REMOTE_BUSY, &chan->conn_state);
		l2cap_pass_to_tx(chan, control);
		if (control->poll) {
			set_bit(CONN_SEND_FBIT, &chan->conn_state);
			l2cap_send_rr_or_rnr(chan, 0);
		}
		__clear_retrans_timer(chan);
		l2cap_seq_list_clear(&chan->retrans_list);
		break;
	case L2CAP_EV_RECV_REJ:
		l2cap_handle_rej(chan, control);
		break;
	case L2CAP_EV_RECV_SREJ:
		l2cap_handle_srej(chan, control);
		break;
	}

	if (!skb_in_use)
		kfree_skb(skb);

	return err;
}

/* An I-frame while others are missing; true: @skb was kept. */
static bool l2cap_rx_srej_iframe(struct l2cap_chan *chan, struct l2cap_ctrl *control,
				 struct sk_buff *skb, int *err)
{
	u16 txseq = control->txseq;

	switch (l2cap_classify_txseq(chan, txseq)) {
	case L2CAP_TXSEQ_EXPECTED:
		/* in order, but behind the gap */
		l2cap_pass_to_tx(chan, control);
		skb_queue_tail(&chan->srej_q, skb);
		chan->expected_tx_seq = __next_seq(chan, txseq);
		return true;

	case L2CAP_TXSEQ_EXPECTED_SREJ:
		l2cap_seq_list_pop(&chan->srej_list);
		l2cap_pass_to_tx(chan, control);
		skb_queue_tail(&chan->srej_q, skb);
		*err = l2cap_rx_queued_iframes(chan);
		return true;

	case L2CAP_TXSEQ_UNEXPECTED:
		skb_queue_tail(&chan->srej_q, skb);
		l2cap_pass_to_tx(chan, control);
		l2cap_send_srej(chan, txseq);
		return true;

	case L2CAP_TXSEQ_UNEXPECTED_SREJ:
		/* asked for, but others that were asked for before are missing still */
		skb_queue_tail(&chan->srej_q, skb);
		l2cap_pass_to_tx(chan, control);
		l2cap_send_srej_list(chan, txseq);
		return true;

	case L2CAP_TXSEQ_DUPLICATE_SREJ:
		l2cap_pass_to_tx(chan, control);
		return false;

	case L2CAP_TXSEQ_DUPLICATE:
	case L2CAP_TXSEQ_INVALID_IGNORE:
		return false;
	}

	l2cap_send_disconn_req(chan, ECONNRESET);
	return false;
}

static int l2cap_rx_state_srej_sent(struct l2cap_chan *chan, struct l2cap_ctrl *control,
				    struct sk_buff *skb, u8 event)
{
	struct l2cap_ctrl rr_control = { .sframe = 1, .super = L2CAP_SUPER_RR };
	bool skb_in_use = false;
	int err = 0;

	switch (event) {
	case L2CAP_EV_RECV_IFRAME:
		skb_in_use = l2cap_rx_srej_iframe(chan, control, skb, &err);
		break;
	case L2CAP_EV_RECV_RR:
		l2cap_pass_to_tx(chan, control);
		if (control->final) {
			l2cap_rx_rr_final(chan, control);
		} else if (control->poll) {
			l2cap_remote_ready(chan);
			set_bit(CONN_SEND_FBIT, &chan->conn_state);
			l2cap_send_srej_tail(chan);
		} else {
			l2cap_remote_ready(chan);
			l2cap_send_ack(chan);
		}
		break;
	case L2CAP_EV_RECV_RNR:
		set_bit(CONN_REMOTE_BUSY, &chan->conn_state);
		l2cap_pass_to_tx(chan, control);
		if (control->poll) {
			l2cap_send_srej_tail(chan);
		} else {
			rr_control.reqseq = chan->buffer_seq;
			l2cap_send_sframe(chan, &rr_control);
		}
		break;
	case L2CAP_EV_RECV_REJ:
		l2cap_handle_rej(chan, control);
		break;
	case L2CAP_EV_RECV_SREJ:
		l2cap_handle_srej(chan, control);
		break;
	}

	if (!skb_in_use)
		kfree_skb(skb);

	return err;
}

static int l2cap_rx(struct l2cap_chan *chan, struct l2cap_ctrl *control,
		    struct sk_buff *skb, u8 event)
{
	if (malformed(!__valid_reqseq(chan, control->reqseq))) {
		l2cap_send_disconn_req(chan, ECONNRESET);
		l2cap_drop(chan->conn, skb, -EPROTO);
		return 0;
	}

	if (chan->rx_state == L2CAP_RX_STATE_SREJ_SENT)
		return l2cap_rx_state_srej_sent(chan, control, skb, event);
	return l2cap_rx_state_recv(chan, control, skb, event);
}

/* Streaming mode: what comes in order counts, a gap costs the SDU. */
static void l2cap_stream_rx(struct l2cap_chan *chan, struct l2cap_ctrl *control,
			    struct sk_buff *skb)
{
	u16 txseq = control->txseq;

	if (l2cap_classify_txseq(chan, txseq) == L2CAP_TXSEQ_EXPECTED) {
		l2cap_pass_to_tx(chan, control);
		chan->buffer_seq = __next_seq(chan, chan->buffer_seq);
		l2cap_control_used = skb;
		l2cap_reassemble_sdu(chan, skb, control);
		l2cap_control_used = NULL;
		if (!fixed(CVE_2022_3564))
			txseq = control->txseq;
	} else {
		l2cap_sdu_drop(chan);
		kfree_skb(skb);
	}

	chan->last_acked_seq = txseq;
	chan->expected_tx_seq = __next_seq(chan, txseq);
}

/*
 * Frames
 */

/* Cut the FCS off and compare it with that of all before it, header included. */
static int l2cap_check_fcs(struct l2cap_chan *chan, struct sk_buff *skb)
{
	/* where skb_trim() is going to cut, which never makes a packet longer */
	unsigned int end = min(skb->len, skb->len - L2CAP_FCS_SIZE);
	unsigned int hdr_size = __ertm_hdr_size(chan);
	u16 our_fcs, rcv_fcs;

	if (chan->fcs != L2CAP_FCS_CRC16)
		return 0;

	rcv_fcs = get_unaligned_le16(skb->data + end);
	skb_trim(skb, end);
	our_fcs = crc16(0, skb->data - hdr_size, skb->len + hdr_size);
	l2cap_u64(chan->conn, "btl2cap.fcs", rcv_fcs);

	if (malformed(our_fcs != rcv_fcs))
		return -EBADMSG;
	return 0;
}

static int l2cap_rcv_iframe(struct l2cap_chan *chan, struct l2cap_ctrl *control,
			    struct sk_buff *skb)
{
	int err = 0;

	/* a final bit answers a poll, and there has to have been one */
	if (control->final && malformed(chan->tx_state != L2CAP_TX_STATE_WAIT_F))
		return -EPROTO;

	if (chan->mode != L2CAP_MODE_STREAMING)
		err = l2cap_rx(chan, control, skb, L2CAP_EV_RECV_IFRAME);
	else
		l2cap_stream_rx(chan, control, skb);

	if (err) {
		l2cap_refuse(chan->conn, err);
		l2cap_send_disconn_req(chan, ECONNRESET);
	}
	return 0;
}

static int l2cap_rcv_sframe(struct l2cap_chan *chan, struct l2cap_ctrl *control,
			    struct sk_buff *skb, u16 len)
{
	static const u8 rx_func_to_event[4] = {
		L2CAP_EV_RECV_RR, L2CAP_EV_RECV_REJ, L2CAP_EV_RECV_RNR, L2CAP_EV_RECV_SREJ,
	};

	if (malformed(chan->mode == L2CAP_MODE_STREAMING))
		return -EPROTO;

	if (malformed(len != 0)) {
		l2cap_send_disconn_req(chan, ECONNRESET);
		return -EMSGSIZE;
	}

	if (malformed(control->final && control->poll))
		return -EPROTO;
	if (control->final && malformed(chan->tx_state != L2CAP_TX_STATE_WAIT_F))
		return -EPROTO;

	if (l2cap_rx(chan, control, skb, rx_func_to_event[control->super]))
		l2cap_send_disconn_req(chan, ECONNRESET);
	return 0;
}

/**
 * l2cap_data_rcv - a frame of a channel in ERTM or streaming mode
 * @chan: channel, connected and locked
 * @skb: behind the basic header; consumed
 */
void l2cap_data_rcv(struct l2cap_chan *chan, struct sk_buff *skb)
{
	struct l2cap_ctrl *control = &bt_cb(skb)->l2cap;
	u16 len, min_len;
	int err;

	min_len = test_bit(FLAG_EXT_CTRL, &chan->flags) ?
		  L2CAP_EXT_CTRL_SIZE : L2CAP_ENH_CTRL_SIZE;
	if (chan->fcs == L2CAP_FCS_CRC16)
		min_len += L2CAP_FCS_SIZE;

	err = -EILSEQ;
	if (malformed_in(LINUX_6C78A213D907, skb->len < min_len))
		goto drop;

	__unpack_control(chan, skb);
	len = (u16)skb->len;

	/* a damaged frame is as good as a missing one: it will be sent again */
	err = l2cap_check_fcs(chan, skb);
	if (err)
		goto drop;

	if (!control->sframe && control->sar == L2CAP_SAR_START)
		len = (u16)(len - L2CAP_SDULEN_SIZE);
	if (chan->fcs == L2CAP_FCS_CRC16)
		len = (u16)(len - L2CAP_FCS_SIZE);

	if (malformed(len > chan->mps)) {
		l2cap_send_disconn_req(chan, ECONNRESET);
		err = -EMSGSIZE;
		goto drop;
	}

	if (chan->ops->filter) {
		err = chan->ops->filter(chan, skb);
		if (err)
			goto drop;
	}

	err = control->sframe ? l2cap_rcv_sframe(chan, control, skb, len) :
				l2cap_rcv_iframe(chan, control, skb);
	if (!err)
		return;
drop:
	l2cap_drop(chan->conn, skb, err);
}
