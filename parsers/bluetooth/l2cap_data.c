// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames for a channel: which mode takes them, basic mode, connectionless data, raw
 * copies.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_data_channel,
 *	l2cap_conless_channel, l2cap_raw_recv)
 * Spec: Core 5.4 Vol 3 Part A 2.1, 3.1, 3.2
 * Differs: no debug messages.
 */
#include <linux/errno.h>

#include "l2cap_data.h"

/* Basic mode has no flow control: what the receiver has no room for is lost. */
static void l2cap_basic_rcv(struct l2cap_chan *chan, struct sk_buff *skb)
{
	int err;

	if (malformed(chan->imtu < skb->len)) {
		l2cap_drop(chan->conn, skb, -EMSGSIZE);
		return;
	}

	err = chan->ops->recv(chan, skb);
	if (err)
		l2cap_drop(chan->conn, skb, err);
}

/**
 * l2cap_data_channel - a frame for a channel of ours
 * @conn: the connection it came on
 * @cid: the channel it names
 * @skb: behind the basic header; consumed
 */
void l2cap_data_channel(struct l2cap_conn *conn, u16 cid, struct sk_buff *skb)
{
	struct l2cap_chan *chan;

	chan = l2cap_get_chan_by_scid(conn, cid);
	if (malformed(!chan)) {
		l2cap_drop(conn, skb, -ENOENT);
		return;
	}

	/* who sends on a fixed channel has it, whatever it said or did not say */
	if (chan->chan_type == L2CAP_CHAN_FIXED)
		l2cap_chan_ready(chan);

	if (malformed(chan->state != BT_CONNECTED))
		goto drop;

	switch (chan->mode) {
	case L2CAP_MODE_LE_FLOWCTL:
	case L2CAP_MODE_EXT_FLOWCTL:
		if (l2cap_ecred_data_rcv(chan, skb) < 0)
			goto drop;
		goto done;

	case L2CAP_MODE_BASIC:
		l2cap_basic_rcv(chan, skb);
		goto done;

	case L2CAP_MODE_ERTM:
	case L2CAP_MODE_STREAMING:
		l2cap_data_rcv(chan, skb);
		goto done;
	}

drop:
	l2cap_drop(conn, skb, -ENOTCONN);
done:
	l2cap_chan_unlock(chan);
	l2cap_chan_put(chan);
}

/* Data without a connection, for whoever listens on @psm. */
void l2cap_conless_channel(struct l2cap_conn *conn, __le16 psm, struct sk_buff *skb)
{
	struct hci_conn *hcon = conn->hcon;
	struct l2cap_chan *chan;

	if (malformed(hcon->type != ACL_LINK))
		goto free_skb;

	chan = l2cap_global_chan_by_psm(0, psm, &hcon->src, &hcon->dst, ACL_LINK);
	if (malformed(!chan))
		goto free_skb;

	l2cap_chan_lock(chan);

	if (malformed(chan->state != BT_BOUND && chan->state != BT_CONNECTED))
		goto drop;

	if (malformed(chan->imtu < skb->len))
		goto drop;

	/* the receiver is told whom it came from */
	bacpy(&bt_cb(skb)->l2cap.bdaddr, &hcon->dst);
	bt_cb(skb)->l2cap.psm = psm;

	if (!chan->ops->recv(chan, skb)) {
		l2cap_chan_unlock(chan);
		l2cap_chan_put(chan);
		return;
	}

drop:
	l2cap_chan_unlock(chan);
	l2cap_chan_put(chan);
free_skb:
	l2cap_drop(conn, skb, -ENOENT);
}

/* A copy of @skb for each raw channel of the connection. */
void l2cap_raw_recv(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct l2cap_chan *chan;
	struct sk_buff *nskb;

	mutex_lock(&conn->chan_lock);

	list_for_each_entry(chan, &conn->chan_l, list) {
		if (chan->chan_type != L2CAP_CHAN_RAW)
			continue;
		if (bt_cb(skb)->l2cap.chan == chan)
			continue;	/* it sent this */

		nskb = skb_clone(skb, GFP_KERNEL);
		if (!nskb)
			continue;
		if (chan->ops->recv(chan, nskb))
			kfree_skb(nskb);
	}

	mutex_unlock(&conn->chan_lock);
}
