// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enhanced retransmission and streaming mode, sending: control fields, lists of
 * sequence numbers, I-frames and S-frames, what times out.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_seq_list_*,
 *	__pack_control, __unpack_control, l2cap_create_sframe_pdu, l2cap_send_*,
 *	l2cap_ertm_send, l2cap_ertm_resend, l2cap_streaming_send, l2cap_retransmit*,
 *	l2cap_process_reqseq, l2cap_tx*, l2cap_ertm_init, l2cap_chan_busy,
 *	l2cap_ack_timeout, l2cap_retrans_timeout, l2cap_monitor_timeout)
 * Spec: Core 5.4 Vol 3 Part A 3.3, 8.5, 8.6
 * Differs: no debug messages; a frame of which no copy could be made loses its FCS
 *	again (upstream adds a second one with the next attempt).
 */
#include <linux/crc16.h>
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/slab.h>

#include "l2cap_data.h"

/*
 * Lists of sequence numbers: a ring of the window's size in which each number names
 * its follower.
 */

static int l2cap_seq_list_init(struct l2cap_seq_list *seq_list, u16 size)
{
	size_t i, alloc_size = roundup_pow_of_two(size);

	seq_list->list = kmalloc_array(alloc_size, sizeof(u16), GFP_KERNEL);
	if (!seq_list->list)
		return -ENOMEM;

	seq_list->mask = (u16)(alloc_size - 1);
	seq_list->head = L2CAP_SEQ_LIST_CLEAR;
	seq_list->tail = L2CAP_SEQ_LIST_CLEAR;
	for (i = 0; i < alloc_size; i++)
		seq_list->list[i] = L2CAP_SEQ_LIST_CLEAR;

	return 0;
}

void l2cap_seq_list_free(struct l2cap_seq_list *seq_list)
{
	kfree(seq_list->list);
}

bool l2cap_seq_list_contains(const struct l2cap_seq_list *seq_list, u16 seq)
{
	return seq_list->list[seq & seq_list->mask] != L2CAP_SEQ_LIST_CLEAR;
}

u16 l2cap_seq_list_pop(struct l2cap_seq_list *seq_list)
{
	u16 seq = seq_list->head;
	u16 mask = seq_list->mask;

	seq_list->head = seq_list->list[seq & mask];
	seq_list->list[seq & mask] = L2CAP_SEQ_LIST_CLEAR;

	if (seq_list->head == L2CAP_SEQ_LIST_TAIL) {
		seq_list->head = L2CAP_SEQ_LIST_CLEAR;
		seq_list->tail = L2CAP_SEQ_LIST_CLEAR;
	}

	return seq;
}

void l2cap_seq_list_clear(struct l2cap_seq_list *seq_list)
{
	u32 i;

	if (seq_list->head == L2CAP_SEQ_LIST_CLEAR)
		return;

	for (i = 0; i <= seq_list->mask; i++)
		seq_list->list[i] = L2CAP_SEQ_LIST_CLEAR;

	seq_list->head = L2CAP_SEQ_LIST_CLEAR;
	seq_list->tail = L2CAP_SEQ_LIST_CLEAR;
}

void l2cap_seq_list_append(struct l2cap_seq_list *seq_list, u16 seq)
{
	u16 mask = seq_list->mask;

	if (malformed(seq_list->list[seq & mask] != L2CAP_SEQ_LIST_CLEAR))
		return;

	if (seq_list->tail == L2CAP_SEQ_LIST_CLEAR)
		seq_list->head = seq;
	else
		seq_list->list[seq_list->tail & mask] = seq;

	seq_list->tail = seq;
	seq_list->list[seq & mask] = L2CAP_SEQ_LIST_TAIL;
}

struct sk_buff *l2cap_ertm_seq_in_queue(struct sk_buff_head *head, u16 seq)
{
	struct sk_buff *skb;

	skb_queue_walk(head, skb) {
		if (bt_cb(skb)->l2cap.txseq == seq)
			return skb;
	}

	return NULL;
}

/*
 * Control fields
 */

static void __unpack_enhanced_control(u16 enh, struct l2cap_ctrl *control)
{
	control->reqseq = (enh & L2CAP_CTRL_REQSEQ) >> L2CAP_CTRL_REQSEQ_SHIFT;
	control->final = (enh & L2CAP_CTRL_FINAL) >> L2CAP_CTRL_FINAL_SHIFT;
	control->sframe = enh & L2CAP_CTRL_FRAME_TYPE;

	if (control->sframe) {
		control->poll = (enh & L2CAP_CTRL_POLL) >> L2CAP_CTRL_POLL_SHIFT;
		control->super = (enh & L2CAP_CTRL_SUPERVISE) >> L2CAP_CTRL_SUPER_SHIFT;
		control->sar = 0;
		control->txseq = 0;
	} else {
		control->sar = (enh & L2CAP_CTRL_SAR) >> L2CAP_CTRL_SAR_SHIFT;
		control->txseq = (enh & L2CAP_CTRL_TXSEQ) >> L2CAP_CTRL_TXSEQ_SHIFT;
		control->poll = 0;
		control->super = 0;
	}
}

static void __unpack_extended_control(u32 ext, struct l2cap_ctrl *control)
{
	control->reqseq = (ext & L2CAP_EXT_CTRL_REQSEQ) >> L2CAP_EXT_CTRL_REQSEQ_SHIFT;
	control->final = (ext & L2CAP_EXT_CTRL_FINAL) >> L2CAP_EXT_CTRL_FINAL_SHIFT;
	control->sframe = ext & L2CAP_EXT_CTRL_FRAME_TYPE;

	if (control->sframe) {
		control->poll = (ext & L2CAP_EXT_CTRL_POLL) >> L2CAP_EXT_CTRL_POLL_SHIFT;
		control->super = (ext & L2CAP_EXT_CTRL_SUPERVISE) >>
				 L2CAP_EXT_CTRL_SUPER_SHIFT;
		control->sar = 0;
		control->txseq = 0;
	} else {
		control->sar = (ext & L2CAP_EXT_CTRL_SAR) >> L2CAP_EXT_CTRL_SAR_SHIFT;
		control->txseq = (u16)((ext & L2CAP_EXT_CTRL_TXSEQ) >>
				       L2CAP_EXT_CTRL_TXSEQ_SHIFT);
		control->poll = 0;
		control->super = 0;
	}
}

static void l2cap_control_decode(struct l2cap_conn *conn, const struct l2cap_ctrl *control)
{
	l2cap_u64(conn, "btl2cap.control_type", control->sframe);
	l2cap_u64(conn, "btl2cap.control_reqseq", control->reqseq);
	l2cap_u64(conn, "btl2cap.control_final", control->final);
	if (control->sframe) {
		l2cap_u64(conn, "btl2cap.control_poll", control->poll);
		l2cap_u64(conn, "btl2cap.control_supervisory", control->super);
	} else {
		l2cap_u64(conn, "btl2cap.control_sar", control->sar);
		l2cap_u64(conn, "btl2cap.control_txseq", control->txseq);
	}
}

/* Take the control field off @skb, into its control block. */
void __unpack_control(struct l2cap_chan *chan, struct sk_buff *skb)
{
	struct l2cap_ctrl *control = &bt_cb(skb)->l2cap;

	if (test_bit(FLAG_EXT_CTRL, &chan->flags)) {
		__unpack_extended_control(get_unaligned_le32(skb->data), control);
		skb_pull(skb, L2CAP_EXT_CTRL_SIZE);
	} else {
		__unpack_enhanced_control(get_unaligned_le16(skb->data), control);
		skb_pull(skb, L2CAP_ENH_CTRL_SIZE);
	}
	l2cap_control_decode(chan->conn, control);
}

static u32 __pack_extended_control(const struct l2cap_ctrl *control)
{
	u32 packed = (u32)control->reqseq << L2CAP_EXT_CTRL_REQSEQ_SHIFT |
		     (u32)control->final << L2CAP_EXT_CTRL_FINAL_SHIFT;

	if (control->sframe)
		return packed | (u32)control->poll << L2CAP_EXT_CTRL_POLL_SHIFT |
		       (u32)control->super << L2CAP_EXT_CTRL_SUPER_SHIFT |
		       L2CAP_EXT_CTRL_FRAME_TYPE;
	return packed | (u32)control->sar << L2CAP_EXT_CTRL_SAR_SHIFT |
	       (u32)control->txseq << L2CAP_EXT_CTRL_TXSEQ_SHIFT;
}

static u16 __pack_enhanced_control(const struct l2cap_ctrl *control)
{
	u32 packed = (u32)control->reqseq << L2CAP_CTRL_REQSEQ_SHIFT |
		     (u32)control->final << L2CAP_CTRL_FINAL_SHIFT;

	if (control->sframe)
		packed |= (u32)control->poll << L2CAP_CTRL_POLL_SHIFT |
			  (u32)control->super << L2CAP_CTRL_SUPER_SHIFT |
			  L2CAP_CTRL_FRAME_TYPE;
	else
		packed |= (u32)control->sar << L2CAP_CTRL_SAR_SHIFT |
			  (u32)control->txseq << L2CAP_CTRL_TXSEQ_SHIFT;
	return (u16)packed;
}

static void __pack_control(const struct l2cap_chan *chan, const struct l2cap_ctrl *control,
			   struct sk_buff *skb)
{
	if (test_bit(FLAG_EXT_CTRL, &chan->flags))
		put_unaligned_le32(__pack_extended_control(control),
				   skb->data + L2CAP_HDR_SIZE);
	else
		put_unaligned_le16(__pack_enhanced_control(control),
				   skb->data + L2CAP_HDR_SIZE);
}

unsigned int __ertm_hdr_size(const struct l2cap_chan *chan)
{
	if (test_bit(FLAG_EXT_CTRL, &chan->flags))
		return L2CAP_EXT_HDR_SIZE;
	return L2CAP_ENH_HDR_SIZE;
}

static void l2cap_put_fcs(struct l2cap_chan *chan, struct sk_buff *skb)
{
	if (chan->fcs == L2CAP_FCS_CRC16)
		put_unaligned_le16(crc16(0, skb->data, skb->len),
				   skb_put(skb, L2CAP_FCS_SIZE));
}

/* The frame did not leave after all; the next attempt adds its FCS anew. */
static void l2cap_trim_fcs(struct l2cap_chan *chan, struct sk_buff *skb)
{
	if (chan->fcs == L2CAP_FCS_CRC16)
		skb_trim(skb, skb->len - L2CAP_FCS_SIZE);
}

/*
 * Timers
 */

void __set_retrans_timer(struct l2cap_chan *chan)
{
	if (!delayed_work_pending(&chan->monitor_timer) && chan->retrans_timeout)
		l2cap_set_timer(chan, &chan->retrans_timer,
				(long)msecs_to_jiffies(chan->retrans_timeout));
}

static void __set_monitor_timer(struct l2cap_chan *chan)
{
	__clear_retrans_timer(chan);
	if (chan->monitor_timeout)
		l2cap_set_timer(chan, &chan->monitor_timer,
				(long)msecs_to_jiffies(chan->monitor_timeout));
}

/* A timer's reference to its channel ends with the timer. */
static void l2cap_tx_timeout(struct l2cap_chan *chan, u8 event)
{
	l2cap_chan_lock(chan);
	if (!test_bit(FLAG_DEL, &chan->flags))
		l2cap_tx(chan, NULL, NULL, event);
	l2cap_chan_unlock(chan);
	l2cap_chan_put(chan);
}

void l2cap_monitor_timeout(struct work_struct *work)
{
	l2cap_tx_timeout(container_of(work, struct l2cap_chan, monitor_timer.work),
			 L2CAP_EV_MONITOR_TO);
}

void l2cap_retrans_timeout(struct work_struct *work)
{
	l2cap_tx_timeout(container_of(work, struct l2cap_chan, retrans_timer.work),
			 L2CAP_EV_RETRANS_TO);
}

void l2cap_ack_timeout(struct work_struct *work)
{
	struct l2cap_chan *chan = container_of(work, struct l2cap_chan, ack_timer.work);

	l2cap_chan_lock(chan);
	if (!test_bit(FLAG_DEL, &chan->flags) &&
	    __seq_offset(chan, chan->buffer_seq, chan->last_acked_seq))
		l2cap_send_rr_or_rnr(chan, 0);
	l2cap_chan_unlock(chan);
	l2cap_chan_put(chan);
}

/*
 * S-frames
 */

static struct sk_buff *l2cap_create_sframe_pdu(struct l2cap_chan *chan, u32 control)
{
	unsigned int hlen = __ertm_hdr_size(chan);
	struct l2cap_hdr *lh;
	struct sk_buff *skb;

	if (chan->fcs == L2CAP_FCS_CRC16)
		hlen += L2CAP_FCS_SIZE;

	skb = bt_skb_alloc(hlen, GFP_KERNEL);
	if (!skb)
		return ERR_PTR(-ENOMEM);

	lh = skb_put(skb, L2CAP_HDR_SIZE);
	lh->len = cpu_to_le16((u16)(hlen - L2CAP_HDR_SIZE));
	lh->cid = cpu_to_le16(chan->dcid);

	if (test_bit(FLAG_EXT_CTRL, &chan->flags))
		put_unaligned_le32(control, skb_put(skb, L2CAP_EXT_CTRL_SIZE));
	else
		put_unaligned_le16((u16)control, skb_put(skb, L2CAP_ENH_CTRL_SIZE));
	l2cap_put_fcs(chan, skb);

	skb->priority = HCI_PRIO_MAX;
	return skb;
}

void l2cap_send_sframe(struct l2cap_chan *chan, struct l2cap_ctrl *control)
{
	struct sk_buff *skb;
	u32 control_field;

	if (!control->sframe)
		return;

	if (test_and_clear_bit(CONN_SEND_FBIT, &chan->conn_state) && !control->poll)
		control->final = 1;

	if (control->super == L2CAP_SUPER_RR)
		clear_bit(CONN_RNR_SENT, &chan->conn_state);
	else if (control->super == L2CAP_SUPER_RNR)
		set_bit(CONN_RNR_SENT, &chan->conn_state);

	if (control->super != L2CAP_SUPER_SREJ) {
		chan->last_acked_seq = control->reqseq;
		__clear_ack_timer(chan);
	}

	if (test_bit(FLAG_EXT_CTRL, &chan->flags))
		control_field = __pack_extended_control(control);
	else
		control_field = __pack_enhanced_control(control);

	skb = l2cap_create_sframe_pdu(chan, control_field);
	if (!IS_ERR(skb))
		l2cap_do_send(chan, skb);
}

/* Ready or not for more, with what was received acknowledged. */
void l2cap_send_rr_or_rnr(struct l2cap_chan *chan, bool poll)
{
	struct l2cap_ctrl control = { .sframe = 1, .poll = poll };

	if (test_bit(CONN_LOCAL_BUSY, &chan->conn_state))
		control.super = L2CAP_SUPER_RNR;
	else
		control.super = L2CAP_SUPER_RR;

	control.reqseq = chan->buffer_seq;
	l2cap_send_sframe(chan, &control);
}

/* The answer to a poll: an I-frame with the final bit if one may go, else an S-frame. */
void l2cap_send_i_or_rr_or_rnr(struct l2cap_chan *chan)
{
	struct l2cap_ctrl control = {
		.sframe = 1, .final = 1, .reqseq = chan->buffer_seq,
	};

	set_bit(CONN_SEND_FBIT, &chan->conn_state);

	if (test_bit(CONN_LOCAL_BUSY, &chan->conn_state)) {
		control.super = L2CAP_SUPER_RNR;
		l2cap_send_sframe(chan, &control);
	}

	if (test_and_clear_bit(CONN_REMOTE_BUSY, &chan->conn_state) &&
	    chan->unacked_frames > 0)
		__set_retrans_timer(chan);

	l2cap_ertm_send(chan);

	if (!test_bit(CONN_LOCAL_BUSY, &chan->conn_state) &&
	    test_bit(CONN_SEND_FBIT, &chan->conn_state)) {
		control.super = L2CAP_SUPER_RR;
		l2cap_send_sframe(chan, &control);
	}
}

/* Acknowledge: with data, at once when the window is three quarters full, or later. */
void l2cap_send_ack(struct l2cap_chan *chan)
{
	struct l2cap_ctrl control = { .sframe = 1 };
	u16 frames_to_ack = (u16)__seq_offset(chan, chan->buffer_seq,
					      chan->last_acked_seq);

	if (test_bit(CONN_LOCAL_BUSY, &chan->conn_state) &&
	    chan->rx_state == L2CAP_RX_STATE_RECV) {
		__clear_ack_timer(chan);
		control.super = L2CAP_SUPER_RNR;
		control.reqseq = chan->buffer_seq;
		l2cap_send_sframe(chan, &control);
		return;
	}

	if (!test_bit(CONN_REMOTE_BUSY, &chan->conn_state)) {
		l2cap_ertm_send(chan);
		if (chan->buffer_seq == chan->last_acked_seq)
			frames_to_ack = 0;	/* those frames carried it */
	}

	if (frames_to_ack >= chan->ack_win * 3 / 4) {
		__clear_ack_timer(chan);
		control.super = L2CAP_SUPER_RR;
		control.reqseq = chan->buffer_seq;
		l2cap_send_sframe(chan, &control);
		frames_to_ack = 0;
	}

	if (frames_to_ack)
		__set_ack_timer(chan);
}

/* Ask for each frame that is missing before @txseq. */
void l2cap_send_srej(struct l2cap_chan *chan, u16 txseq)
{
	struct l2cap_ctrl control = { .sframe = 1, .super = L2CAP_SUPER_SREJ };
	u16 seq;

	for (seq = chan->expected_tx_seq; seq != txseq; seq = __next_seq(chan, seq)) {
		if (!l2cap_ertm_seq_in_queue(&chan->srej_q, seq)) {
			control.reqseq = seq;
			l2cap_send_sframe(chan, &control);
			l2cap_seq_list_append(&chan->srej_list, seq);
		}
	}

	chan->expected_tx_seq = __next_seq(chan, txseq);
}

/* Ask again for the last one that is missing. */
void l2cap_send_srej_tail(struct l2cap_chan *chan)
{
	struct l2cap_ctrl control = { .sframe = 1, .super = L2CAP_SUPER_SREJ };

	if (malformed(chan->srej_list.tail == L2CAP_SEQ_LIST_CLEAR))
		return;

	control.reqseq = chan->srej_list.tail;
	l2cap_send_sframe(chan, &control);
}

/* Ask again for what was asked for before @txseq, in one round. */
void l2cap_send_srej_list(struct l2cap_chan *chan, u16 txseq)
{
	struct l2cap_ctrl control = { .sframe = 1, .super = L2CAP_SUPER_SREJ };
	u16 initial_head = chan->srej_list.head;
	u16 seq;

	do {
		seq = l2cap_seq_list_pop(&chan->srej_list);
		if (seq == txseq)
			break;
		if (malformed(seq == L2CAP_SEQ_LIST_CLEAR))
			break;

		control.reqseq = seq;
		l2cap_send_sframe(chan, &control);
		l2cap_seq_list_append(&chan->srej_list, seq);
	} while (chan->srej_list.head != initial_head);
}

/*
 * I-frames
 */

/* Streaming mode: out it goes, nothing is kept. */
void l2cap_streaming_send(struct l2cap_chan *chan, struct sk_buff_head *skbs)
{
	struct l2cap_ctrl *control;
	struct sk_buff *skb;

	skb_queue_splice_tail_init(skbs, &chan->tx_q);

	while ((skb = skb_dequeue(&chan->tx_q))) {
		control = &bt_cb(skb)->l2cap;
		control->retries = 1;
		control->reqseq = 0;
		control->txseq = chan->next_tx_seq;

		__pack_control(chan, control, skb);
		l2cap_put_fcs(chan, skb);
		l2cap_do_send(chan, skb);

		chan->next_tx_seq = __next_seq(chan, chan->next_tx_seq);
		chan->frames_sent++;
	}
}

/* The frame at the send head, with its numbers; false: no memory for the copy. */
static bool l2cap_ertm_send_one(struct l2cap_chan *chan)
{
	struct sk_buff *tx_skb, *skb = chan->tx_send_head;
	struct l2cap_ctrl *control = &bt_cb(skb)->l2cap;

	control->retries = 1;
	if (test_and_clear_bit(CONN_SEND_FBIT, &chan->conn_state))
		control->final = 1;

	control->reqseq = chan->buffer_seq;
	chan->last_acked_seq = chan->buffer_seq;
	control->txseq = chan->next_tx_seq;

	__pack_control(chan, control, skb);
	l2cap_put_fcs(chan, skb);

	/* the frame itself stays in the queue until it is acknowledged */
	tx_skb = skb_clone(skb, GFP_KERNEL);
	if (!tx_skb) {
		l2cap_trim_fcs(chan, skb);
		return false;
	}

	__set_retrans_timer(chan);

	chan->next_tx_seq = __next_seq(chan, chan->next_tx_seq);
	chan->unacked_frames++;
	chan->frames_sent++;

	if (skb_queue_is_last(&chan->tx_q, skb))
		chan->tx_send_head = NULL;
	else
		chan->tx_send_head = skb_queue_next(&chan->tx_q, skb);

	l2cap_do_send(chan, tx_skb);
	return true;
}

/* Send what waits, as far as the peer's window and the state allow. */
int l2cap_ertm_send(struct l2cap_chan *chan)
{
	int sent = 0;

	if (malformed(chan->state != BT_CONNECTED))
		return -ENOTCONN;

	if (malformed(test_bit(CONN_REMOTE_BUSY, &chan->conn_state)))
		return 0;

	while (chan->tx_send_head) {
		if (malformed(chan->unacked_frames >= chan->remote_tx_win))
			break;
		if (malformed(chan->tx_state != L2CAP_TX_STATE_XMIT))
			break;
		if (!l2cap_ertm_send_one(chan))
			break;
		sent++;
	}

	return sent;
}

/* @skb once more, with today's numbers; false: no memory. */
static bool l2cap_ertm_resend_one(struct l2cap_chan *chan, struct sk_buff *skb)
{
	struct l2cap_ctrl control = bt_cb(skb)->l2cap;
	struct sk_buff *tx_skb;

	control.reqseq = chan->buffer_seq;
	control.final = test_and_clear_bit(CONN_SEND_FBIT, &chan->conn_state);

	/* a clone on its way to the controller may not change any more */
	if (skb_cloned(skb))
		tx_skb = skb_copy(skb, GFP_KERNEL);
	else
		tx_skb = skb_clone(skb, GFP_KERNEL);
	if (!tx_skb)
		return false;

	__pack_control(chan, &control, tx_skb);
	if (chan->fcs == L2CAP_FCS_CRC16) {
		u16 fcs = crc16(0, tx_skb->data, tx_skb->len - L2CAP_FCS_SIZE);

		put_unaligned_le16(fcs, skb_tail_pointer(tx_skb) - L2CAP_FCS_SIZE);
	}

	l2cap_do_send(chan, tx_skb);
	chan->last_acked_seq = chan->buffer_seq;
	return true;
}

static void l2cap_ertm_resend(struct l2cap_chan *chan)
{
	struct sk_buff *skb;
	u16 seq;

	if (malformed(test_bit(CONN_REMOTE_BUSY, &chan->conn_state)))
		return;

	while (chan->retrans_list.head != L2CAP_SEQ_LIST_CLEAR) {
		seq = l2cap_seq_list_pop(&chan->retrans_list);

		skb = l2cap_ertm_seq_in_queue(&chan->tx_q, seq);
		if (malformed(!skb))
			continue;

		bt_cb(skb)->l2cap.retries++;
		if (chan->max_tx != 0 &&
		    malformed(bt_cb(skb)->l2cap.retries > chan->max_tx)) {
			l2cap_send_disconn_req(chan, ECONNRESET);
			l2cap_seq_list_clear(&chan->retrans_list);
			break;
		}

		if (!l2cap_ertm_resend_one(chan, skb)) {
			l2cap_seq_list_clear(&chan->retrans_list);
			break;
		}
	}
}

void l2cap_retransmit(struct l2cap_chan *chan, struct l2cap_ctrl *control)
{
	l2cap_seq_list_append(&chan->retrans_list, control->reqseq);
	l2cap_ertm_resend(chan);
}

/* All that was sent from @control->reqseq on. */
void l2cap_retransmit_all(struct l2cap_chan *chan, struct l2cap_ctrl *control)
{
	struct sk_buff *skb;

	if (control->poll)
		set_bit(CONN_SEND_FBIT, &chan->conn_state);

	l2cap_seq_list_clear(&chan->retrans_list);

	if (malformed(test_bit(CONN_REMOTE_BUSY, &chan->conn_state)))
		return;

	if (!chan->unacked_frames)
		return;

	skb_queue_walk(&chan->tx_q, skb) {
		if (bt_cb(skb)->l2cap.txseq == control->reqseq ||
		    skb == chan->tx_send_head)
			break;
	}

	skb_queue_walk_from(&chan->tx_q, skb) {
		if (skb == chan->tx_send_head)
			break;
		l2cap_seq_list_append(&chan->retrans_list, bt_cb(skb)->l2cap.txseq);
	}

	l2cap_ertm_resend(chan);
}

/*
 * The sender's two states
 */

/* The peer has everything up to @reqseq: those frames are done. */
static void l2cap_process_reqseq(struct l2cap_chan *chan, u16 reqseq)
{
	struct sk_buff *acked_skb;
	u16 ackseq;

	if (malformed(chan->unacked_frames == 0))
		return;
	if (malformed(reqseq == chan->expected_ack_seq))
		return;

	for (ackseq = chan->expected_ack_seq; ackseq != reqseq;
	     ackseq = __next_seq(chan, ackseq)) {
		acked_skb = l2cap_ertm_seq_in_queue(&chan->tx_q, ackseq);
		if (malformed(!acked_skb))
			continue;
		skb_unlink(acked_skb, &chan->tx_q);
		kfree_skb(acked_skb);
		chan->unacked_frames--;
	}

	chan->expected_ack_seq = reqseq;

	if (chan->unacked_frames == 0)
		__clear_retrans_timer(chan);
}

static void l2cap_abort_rx_srej_sent(struct l2cap_chan *chan)
{
	chan->expected_tx_seq = chan->buffer_seq;
	l2cap_seq_list_clear(&chan->srej_list);
	skb_queue_purge(&chan->srej_q);
	chan->rx_state = L2CAP_RX_STATE_RECV;
}

static void l2cap_local_busy(struct l2cap_chan *chan)
{
	set_bit(CONN_LOCAL_BUSY, &chan->conn_state);

	/* a receiver that is busy cannot ask for frames */
	if (chan->rx_state == L2CAP_RX_STATE_SREJ_SENT)
		l2cap_abort_rx_srej_sent(chan);

	l2cap_send_ack(chan);
}

static void l2cap_poll(struct l2cap_chan *chan)
{
	chan->retry_count = 1;
	__set_monitor_timer(chan);
	chan->tx_state = L2CAP_TX_STATE_WAIT_F;
}

static void l2cap_local_busy_clear(struct l2cap_chan *chan)
{
	struct l2cap_ctrl local_control = {
		.sframe = 1, .super = L2CAP_SUPER_RR, .poll = 1,
		.reqseq = chan->buffer_seq,
	};

	clear_bit(CONN_LOCAL_BUSY, &chan->conn_state);

	if (test_bit(CONN_RNR_SENT, &chan->conn_state)) {
		l2cap_send_sframe(chan, &local_control);
		l2cap_poll(chan);
	}
}

static void l2cap_tx_state_xmit(struct l2cap_chan *chan, struct l2cap_ctrl *control,
				struct sk_buff_head *skbs, u8 event)
{
	switch (event) {
	case L2CAP_EV_DATA_REQUEST:
		if (!chan->tx_send_head)
			chan->tx_send_head = skb_peek(skbs);
		skb_queue_splice_tail_init(skbs, &chan->tx_q);
		l2cap_ertm_send(chan);
		break;
	case L2CAP_EV_LOCAL_BUSY_DETECTED:
		l2cap_local_busy(chan);
		break;
	case L2CAP_EV_LOCAL_BUSY_CLEAR:
		l2cap_local_busy_clear(chan);
		break;
	case L2CAP_EV_RECV_REQSEQ_AND_FBIT:
		l2cap_process_reqseq(chan, control->reqseq);
		break;
	case L2CAP_EV_EXPLICIT_POLL:
		l2cap_send_rr_or_rnr(chan, 1);
		l2cap_poll(chan);
		__clear_ack_timer(chan);
		break;
	case L2CAP_EV_RETRANS_TO:
		l2cap_send_rr_or_rnr(chan, 1);
		l2cap_poll(chan);
		break;
	}
}

static void l2cap_tx_monitor_timeout(struct l2cap_chan *chan)
{
	if (chan->max_tx == 0 || chan->retry_count < chan->max_tx) {
		l2cap_send_rr_or_rnr(chan, 1);
		__set_monitor_timer(chan);
		chan->retry_count++;
	} else {
		l2cap_send_disconn_req(chan, ECONNABORTED);
	}
}

static void l2cap_tx_state_wait_f(struct l2cap_chan *chan, struct l2cap_ctrl *control,
				  struct sk_buff_head *skbs, u8 event)
{
	switch (event) {
	case L2CAP_EV_DATA_REQUEST:
		if (!chan->tx_send_head)
			chan->tx_send_head = skb_peek(skbs);
		/* it may not go out before the final bit came */
		skb_queue_splice_tail_init(skbs, &chan->tx_q);
		break;
	case L2CAP_EV_LOCAL_BUSY_DETECTED:
		l2cap_local_busy(chan);
		break;
	case L2CAP_EV_LOCAL_BUSY_CLEAR:
		l2cap_local_busy_clear(chan);
		break;
	case L2CAP_EV_RECV_REQSEQ_AND_FBIT:
		l2cap_process_reqseq(chan, control->reqseq);
		fallthrough;
	case L2CAP_EV_RECV_FBIT:
		if (!control->final)
			break;
		__clear_monitor_timer(chan);
		if (chan->unacked_frames > 0)
			__set_retrans_timer(chan);
		chan->retry_count = 0;
		chan->tx_state = L2CAP_TX_STATE_XMIT;
		break;
	case L2CAP_EV_MONITOR_TO:
		l2cap_tx_monitor_timeout(chan);
		break;
	}
}

void l2cap_tx(struct l2cap_chan *chan, struct l2cap_ctrl *control,
	      struct sk_buff_head *skbs, u8 event)
{
	switch (chan->tx_state) {
	case L2CAP_TX_STATE_XMIT:
		l2cap_tx_state_xmit(chan, control, skbs, event);
		break;
	case L2CAP_TX_STATE_WAIT_F:
		l2cap_tx_state_wait_f(chan, control, skbs, event);
		break;
	}
}

void l2cap_pass_to_tx(struct l2cap_chan *chan, struct l2cap_ctrl *control)
{
	l2cap_tx(chan, control, NULL, L2CAP_EV_RECV_REQSEQ_AND_FBIT);
}

void l2cap_pass_to_tx_fbit(struct l2cap_chan *chan, struct l2cap_ctrl *control)
{
	l2cap_tx(chan, control, NULL, L2CAP_EV_RECV_FBIT);
}

/* The owner of the channel has no room for more, or has room again. */
void l2cap_chan_busy(struct l2cap_chan *chan, int busy)
{
	if (chan->mode != L2CAP_MODE_ERTM)
		return;

	l2cap_tx(chan, NULL, NULL,
		 busy ? L2CAP_EV_LOCAL_BUSY_DETECTED : L2CAP_EV_LOCAL_BUSY_CLEAR);
}

/* No frame has gone out, and none has come. */
static void l2cap_ertm_restart(struct l2cap_chan *chan)
{
	/* ours */
	chan->next_tx_seq = 0;
	chan->expected_ack_seq = 0;
	chan->unacked_frames = 0;
	chan->frames_sent = 0;

	/* the peer's */
	chan->expected_tx_seq = 0;
	chan->last_acked_seq = 0;
	chan->buffer_seq = 0;
	l2cap_sdu_none(chan);
}

/**
 * l2cap_ertm_init - the channel has settled on ERTM or streaming mode
 * @chan: channel; its mode, windows and timeouts are set
 *
 * Return: 0, or -ENOMEM with nothing allocated.
 */
int l2cap_ertm_init(struct l2cap_chan *chan)
{
	int err;

	l2cap_ertm_restart(chan);
	skb_queue_head_init(&chan->tx_q);

	if (chan->mode != L2CAP_MODE_ERTM)
		return 0;

	chan->rx_state = L2CAP_RX_STATE_RECV;
	chan->tx_state = L2CAP_TX_STATE_XMIT;

	skb_queue_head_init(&chan->srej_q);

	err = l2cap_seq_list_init(&chan->srej_list, chan->tx_win);
	if (err < 0)
		return err;

	err = l2cap_seq_list_init(&chan->retrans_list, chan->remote_tx_win);
	if (err < 0)
		l2cap_seq_list_free(&chan->srej_list);

	return err;
}
