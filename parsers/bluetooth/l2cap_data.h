/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the data path share: upstream's l2cap_core.c is one file, here
 * its lower half is cut by topic.
 *
 *	l2cap_acl.c	ACL fragments to frames, frames to channels
 *	l2cap_data.c	basic mode, connectionless, raw; which mode gets the frame
 *	l2cap_ertm.c	enhanced retransmission and streaming mode, receiving
 *	l2cap_ertm_tx.c	control fields, sequence lists, sending, timers
 *	l2cap_le_data.c	credit-based modes
 *	l2cap_send.c	what the owner of a channel sends: PDUs, segments
 */
#ifndef BLUETOOTH_L2CAP_DATA_H
#define BLUETOOTH_L2CAP_DATA_H

#include <redzone/guard.h>
#include <redzone/sink.h>

#include "l2cap_priv.h"

static inline void l2cap_u64(const struct l2cap_conn *conn, const char *name, u64 value)
{
	sink_u64(conn->hcon->hdev->sink, name, value);
}

/* The frame in hand is refused, and why; the ACL dispatcher gives the verdict. */
static inline void l2cap_refuse(const struct l2cap_conn *conn, int err)
{
	conn->hcon->hdev->verdict = err;
}

static inline void l2cap_drop(const struct l2cap_conn *conn, struct sk_buff *skb, int err)
{
	l2cap_refuse(conn, err);
	kfree_skb(skb);
}

/* l2cap_ertm.c */
int l2cap_sdu_deliver(struct l2cap_chan *chan,
		      int (*recv)(struct l2cap_chan *chan, struct sk_buff *skb));
void l2cap_data_rcv(struct l2cap_chan *chan, struct sk_buff *skb);
void l2cap_append_skb_frag(struct sk_buff *skb, struct sk_buff *new_frag,
			   struct sk_buff **last_frag);

/* l2cap_ertm_tx.c */
bool l2cap_seq_list_contains(const struct l2cap_seq_list *seq_list, u16 seq);
u16 l2cap_seq_list_pop(struct l2cap_seq_list *seq_list);
void l2cap_seq_list_clear(struct l2cap_seq_list *seq_list);
void l2cap_seq_list_append(struct l2cap_seq_list *seq_list, u16 seq);
struct sk_buff *l2cap_ertm_seq_in_queue(struct sk_buff_head *head, u16 seq);

void __unpack_control(struct l2cap_chan *chan, struct sk_buff *skb);
unsigned int __ertm_hdr_size(const struct l2cap_chan *chan);
void __set_retrans_timer(struct l2cap_chan *chan);

void l2cap_send_sframe(struct l2cap_chan *chan, struct l2cap_ctrl *control);
void l2cap_send_rr_or_rnr(struct l2cap_chan *chan, bool poll);
void l2cap_send_i_or_rr_or_rnr(struct l2cap_chan *chan);
void l2cap_send_ack(struct l2cap_chan *chan);
void l2cap_send_srej(struct l2cap_chan *chan, u16 txseq);
void l2cap_send_srej_tail(struct l2cap_chan *chan);
void l2cap_send_srej_list(struct l2cap_chan *chan, u16 txseq);
void l2cap_retransmit(struct l2cap_chan *chan, struct l2cap_ctrl *control);
void l2cap_retransmit_all(struct l2cap_chan *chan, struct l2cap_ctrl *control);
void l2cap_streaming_send(struct l2cap_chan *chan, struct sk_buff_head *skbs);
void l2cap_tx(struct l2cap_chan *chan, struct l2cap_ctrl *control,
	      struct sk_buff_head *skbs, u8 event);
void l2cap_pass_to_tx(struct l2cap_chan *chan, struct l2cap_ctrl *control);
void l2cap_pass_to_tx_fbit(struct l2cap_chan *chan, struct l2cap_ctrl *control);

#endif /* BLUETOOTH_L2CAP_DATA_H */
