// SPDX-License-Identifier: GPL-2.0-only
/*
 * Credit-based modes: K-frames, SDU lengths, credits.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_ecred_data_rcv,
 *	l2cap_ecred_recv, l2cap_chan_le_send_credits, l2cap_chan_rx_avail,
 *	l2cap_le_flowctl_send)
 * Spec: Core 5.4 Vol 3 Part A 3.4, 4.24, 10.1
 * Differs: no debug messages. The channel lets go of an SDU before its receiver gets
 *	it (upstream afterwards, and reads its length when the receiver is done with it:
 *	l2cap_le_rx_credits() by way of l2cap_chan_rx_avail()). A breach of the rules drops
 *	the partial SDU together with the channel, as Apache NimBLE does it, so that
 *	nimble-70ca30a2ea81 can be a variant here.
 */
#include <linux/errno.h>

#include "l2cap_data.h"

/* Give the sender back what it has used up, as far as there is room. */
void l2cap_chan_le_send_credits(struct l2cap_chan *chan)
{
	struct l2cap_conn *conn = chan->conn;
	struct l2cap_le_credits pkt;
	u16 return_credits;
	int ident;

	if (chan->mode != L2CAP_MODE_LE_FLOWCTL && chan->mode != L2CAP_MODE_EXT_FLOWCTL)
		return;

	/* not before: other modes have no size of frames to divide by */
	return_credits = l2cap_le_rx_credits(chan);
	if (malformed(chan->rx_credits >= return_credits))
		return;

	return_credits = (u16)(return_credits - chan->rx_credits);
	chan->rx_credits = (u16)(chan->rx_credits + return_credits);

	pkt.cid = cpu_to_le16(chan->scid);
	pkt.credits = cpu_to_le16(return_credits);

	ident = l2cap_get_ident(conn);
	conn->unanswered++;
	l2cap_send_cmd(conn, (u8)ident, L2CAP_LE_CREDITS, sizeof(pkt), &pkt);

	/* nobody answers this command, so its identifier is free again at once */
	triggered(CVE_2026_72333, conn->unanswered > 254);
	if (fixed(CVE_2026_72333) && ident > 0)
		ida_free(&conn->tx_ida, (unsigned int)ident);
}

/**
 * l2cap_chan_rx_avail - the receiver says how much room it has
 * @chan: credit-based channel
 * @rx_avail: bytes, or -1 if it cannot say
 */
void l2cap_chan_rx_avail(struct l2cap_chan *chan, ssize_t rx_avail)
{
	if (chan->rx_avail == rx_avail)
		return;

	chan->rx_avail = rx_avail;

	if (chan->state == BT_CONNECTED)
		l2cap_chan_le_send_credits(chan);
}

/* A whole SDU: to the receiver, then credits for the next one. */
static int l2cap_ecred_recv(struct l2cap_chan *chan, struct sk_buff *skb)
{
	int err;

	err = chan->ops->recv(chan, skb);
	if (err < 0 && chan->rx_avail != -1) {
		l2cap_send_disconn_req(chan, ECONNRESET);
		return err;
	}

	l2cap_chan_le_send_credits(chan);

	return err;
}

/* The peer broke a rule: the channel goes down, with what it holds. */
static void l2cap_ecred_violation(struct l2cap_chan *chan)
{
	l2cap_send_disconn_req(chan, ECONNRESET);
	l2cap_sdu_drop(chan);
}

/* The first frame of an SDU, which says how long that is; 1: it was all of it. */
static int l2cap_ecred_first(struct l2cap_chan *chan, struct sk_buff *skb)
{
	u16 sdu_len;

	if (malformed_in(CVE_2026_31512, !pskb_may_pull(skb, L2CAP_SDULEN_SIZE)))
		return -EINVAL;

	sdu_len = get_unaligned_le16(skb->data);
	l2cap_u64(chan->conn, "btl2cap.le_sdu_length", sdu_len);
	skb_pull(skb, L2CAP_SDULEN_SIZE);

	if (malformed(sdu_len > chan->imtu)) {
		l2cap_ecred_violation(chan);
		return -EMSGSIZE;
	}

	if (malformed(skb->len > sdu_len))
		return -EINVAL;

	if (skb->len == sdu_len)
		return 1;

	chan->sdu = skb;
	chan->sdu_len = sdu_len;
	chan->sdu_last_frag = skb;

	/* a sender that cannot fill our PDUs needs more credits for the same bytes */
	if (skb->len + L2CAP_SDULEN_SIZE < chan->mps) {
		chan->mps = (u16)(skb->len + L2CAP_SDULEN_SIZE);
		l2cap_chan_le_send_credits(chan);
	}
	return 0;
}

/* A further frame; the last one completes the SDU. */
static int l2cap_ecred_next(struct l2cap_chan *chan, struct sk_buff *skb)
{
	struct sk_buff *rx_sdu = chan->sdu;
	int err = 0;

	if (malformed(chan->sdu->len + skb->len > chan->sdu_len)) {
		l2cap_ecred_violation(chan);
		kfree_skb(skb);
		/* the slot is empty now; only a copy of it still names the SDU */
		triggered(NIMBLE_70CA30A2EA81, rx_sdu != chan->sdu);
		if (fixed(NIMBLE_70CA30A2EA81))
			rx_sdu = chan->sdu;
		kfree_skb(rx_sdu);
		return -EINVAL;
	}

	l2cap_append_skb_frag(chan->sdu, skb, &chan->sdu_last_frag);

	if (chan->sdu->len == chan->sdu_len)
		err = l2cap_sdu_deliver(chan, l2cap_ecred_recv);
	return err;
}

/**
 * l2cap_ecred_data_rcv - a K-frame
 * @chan: credit-based channel that is connected
 * @skb: behind the basic header
 *
 * Return: 0 with @skb consumed, whatever became of it; negative, and @skb is the
 * caller's, if the channel may not receive it.
 */
int l2cap_ecred_data_rcv(struct l2cap_chan *chan, struct sk_buff *skb)
{
	int err;

	if (malformed(!chan->rx_credits)) {
		l2cap_send_disconn_req(chan, ECONNRESET);
		return -ENOBUFS;
	}

	if (malformed(skb->len > chan->imtu)) {
		l2cap_send_disconn_req(chan, ECONNRESET);
		return -ENOBUFS;
	}

	chan->rx_credits--;
	/* only a sender that does not use all of our MPS gets here */
	if (!chan->rx_credits)
		l2cap_chan_le_send_credits(chan);

	if (chan->sdu) {
		err = l2cap_ecred_next(chan, skb);
	} else {
		err = l2cap_ecred_first(chan, skb);
		if (err == 1)
			return l2cap_ecred_recv(chan, skb);
		if (err)
			kfree_skb(skb);
	}

	if (err)
		l2cap_refuse(chan->conn, err);
	return 0;
}

/* As many waiting PDUs as there are credits of the peer. */
void l2cap_le_flowctl_send(struct l2cap_chan *chan)
{
	while (!skb_queue_empty(&chan->tx_q)) {
		if (malformed(!chan->tx_credits))
			break;
		l2cap_do_send(chan, skb_dequeue(&chan->tx_q));
		chan->tx_credits--;
	}
}
