// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the owner of a channel sends: one PDU, or an SDU in segments.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_chan_send,
 *	l2cap_segment_sdu, l2cap_segment_le_sdu, l2cap_create_connless_pdu,
 *	l2cap_create_basic_pdu, l2cap_create_iframe_pdu, l2cap_create_le_flowctl_pdu,
 *	l2cap_skbuff_fromiovec, l2cap_do_send)
 * Spec: Core 5.4 Vol 3 Part A 3.1 to 3.4, 7.2.1, 7.3
 * Differs: no debug messages; the owner's memory is kernel memory.
 */
#include <linux/errno.h>
#include <linux/socket.h>

#include "l2cap_data.h"

/* A PDU leaves: only BR/EDR links can flush, and only if the owner agreed. */
void l2cap_do_send(struct l2cap_chan *chan, struct sk_buff *skb)
{
	struct hci_conn *hcon = chan->conn->hcon;
	u16 flags;

	if (hcon->type == LE_LINK ||
	    (!test_bit(FLAG_FLUSHABLE, &chan->flags) &&
	     lmp_no_flush_capable(hcon->hdev)))
		flags = ACL_START_NO_FLUSH;
	else
		flags = ACL_START;

	bt_cb(skb)->force_active = test_bit(FLAG_FORCE_ACTIVE, &chan->flags);
	hci_send_acl(chan->conn->hchan, skb, flags);
}

/*
 * Put the next @len bytes of @msg into @skb: @count behind what is there, the rest
 * into packets of the connection's MTU, which have no L2CAP header.
 */
static int l2cap_skbuff_fromiovec(struct l2cap_chan *chan, struct msghdr *msg, size_t len,
				  size_t count, struct sk_buff *skb)
{
	struct sk_buff **frag = &skb_shinfo(skb)->frag_list;
	const size_t mtu = chan->conn->mtu;
	size_t sent = count;

	if (!copy_from_iter_full(skb_put(skb, (unsigned int)count), count, &msg->msg_iter))
		return -EFAULT;

	while (sent < len) {
		struct sk_buff *tmp;

		count = min(mtu, len - sent);
		tmp = chan->ops->alloc_skb(chan, 0, count,
					   (int)(msg->msg_flags & MSG_DONTWAIT));
		if (IS_ERR(tmp))
			return (int)PTR_ERR(tmp);
		*frag = tmp;

		if (!copy_from_iter_full(skb_put(tmp, (unsigned int)count), count,
					 &msg->msg_iter))
			return -EFAULT;

		sent += count;
		skb->len += tmp->len;
		skb->data_len += tmp->len;
		frag = &tmp->next;
	}

	return (int)sent;
}

/*
 * A PDU with room for @hlen bytes of header, of which the basic one is filled in;
 * @len is what the peer is told, header fields behind the basic header included.
 */
static struct sk_buff *l2cap_pdu_alloc(struct l2cap_chan *chan, struct msghdr *msg,
				       unsigned int hlen, size_t count, size_t len)
{
	struct l2cap_hdr *lh;
	struct sk_buff *skb;

	skb = chan->ops->alloc_skb(chan, hlen, count, (int)(msg->msg_flags & MSG_DONTWAIT));
	if (IS_ERR(skb))
		return skb;

	lh = skb_put(skb, L2CAP_HDR_SIZE);
	lh->cid = cpu_to_le16(chan->dcid);
	lh->len = cpu_to_le16((u16)len);
	return skb;
}

static struct sk_buff *l2cap_pdu_fill(struct l2cap_chan *chan, struct msghdr *msg,
				      size_t len, size_t count, struct sk_buff *skb)
{
	int err = l2cap_skbuff_fromiovec(chan, msg, len, count, skb);

	if (unlikely(err < 0)) {
		kfree_skb(skb);
		return ERR_PTR(err);
	}
	return skb;
}

static struct sk_buff *l2cap_create_connless_pdu(struct l2cap_chan *chan,
						 struct msghdr *msg, size_t len)
{
	const unsigned int hlen = L2CAP_HDR_SIZE + L2CAP_PSMLEN_SIZE;
	size_t count = min_t(size_t, chan->conn->mtu - hlen, len);
	struct sk_buff *skb;

	skb = l2cap_pdu_alloc(chan, msg, hlen, count, len + L2CAP_PSMLEN_SIZE);
	if (IS_ERR(skb))
		return skb;
	put_unaligned(chan->psm, (__le16 *)skb_put(skb, L2CAP_PSMLEN_SIZE));

	return l2cap_pdu_fill(chan, msg, len, count, skb);
}

static struct sk_buff *l2cap_create_basic_pdu(struct l2cap_chan *chan, struct msghdr *msg,
					      size_t len)
{
	size_t count = min_t(size_t, chan->conn->mtu - L2CAP_HDR_SIZE, len);
	struct sk_buff *skb;

	skb = l2cap_pdu_alloc(chan, msg, L2CAP_HDR_SIZE, count, len);
	if (IS_ERR(skb))
		return skb;

	return l2cap_pdu_fill(chan, msg, len, count, skb);
}

/* An I-frame; its control field is written when it is sent, its FCS then, too. */
static struct sk_buff *l2cap_create_iframe_pdu(struct l2cap_chan *chan, struct msghdr *msg,
					       size_t len, u16 sdulen)
{
	unsigned int hlen = __ertm_hdr_size(chan);
	struct sk_buff *skb;
	size_t count;

	if (sdulen)
		hlen += L2CAP_SDULEN_SIZE;
	if (chan->fcs == L2CAP_FCS_CRC16)
		hlen += L2CAP_FCS_SIZE;

	count = min_t(size_t, chan->conn->mtu - hlen, len);
	skb = l2cap_pdu_alloc(chan, msg, hlen, count, len + hlen - L2CAP_HDR_SIZE);
	if (IS_ERR(skb))
		return skb;

	if (test_bit(FLAG_EXT_CTRL, &chan->flags))
		put_unaligned_le32(0, skb_put(skb, L2CAP_EXT_CTRL_SIZE));
	else
		put_unaligned_le16(0, skb_put(skb, L2CAP_ENH_CTRL_SIZE));
	if (sdulen)
		put_unaligned_le16(sdulen, skb_put(skb, L2CAP_SDULEN_SIZE));

	skb = l2cap_pdu_fill(chan, msg, len, count, skb);
	if (IS_ERR(skb))
		return skb;

	bt_cb(skb)->l2cap.fcs = chan->fcs & 1;
	bt_cb(skb)->l2cap.retries = 0;
	return skb;
}

/* Segments of an SDU, each small enough for one HCI packet and for the peer. */
static int l2cap_segment_sdu(struct l2cap_chan *chan, struct sk_buff_head *seg_queue,
			     struct msghdr *msg, size_t len)
{
	u8 sar = L2CAP_SAR_START;
	struct sk_buff *skb;
	size_t pdu_len;
	u16 sdu_len;

	pdu_len = min_t(size_t, chan->conn->mtu, L2CAP_BREDR_MAX_PAYLOAD);
	if (chan->fcs)
		pdu_len -= L2CAP_FCS_SIZE;
	pdu_len -= __ertm_hdr_size(chan);
	pdu_len = min_t(size_t, pdu_len, chan->remote_mps);

	if (malformed_in(CVE_2026_31498_HANG, !pdu_len))
		return -EINVAL;

	sdu_len = (u16)len;
	if (len <= pdu_len) {
		sar = L2CAP_SAR_UNSEGMENTED;
		sdu_len = 0;
		pdu_len = len;
	}

	while (len > 0) {
		skb = l2cap_create_iframe_pdu(chan, msg, pdu_len, sdu_len);
		if (IS_ERR(skb)) {
			__skb_queue_purge(seg_queue);
			return (int)PTR_ERR(skb);
		}
		bt_cb(skb)->l2cap.sar = sar & 3;
		__skb_queue_tail(seg_queue, skb);

		len -= pdu_len;
		sdu_len = 0;
		sar = len <= pdu_len ? L2CAP_SAR_END : L2CAP_SAR_CONTINUE;
		pdu_len = min(pdu_len, len);
	}

	return 0;
}

static struct sk_buff *l2cap_create_le_flowctl_pdu(struct l2cap_chan *chan,
						   struct msghdr *msg, size_t len,
						   u16 sdulen)
{
	unsigned int hlen = L2CAP_HDR_SIZE;
	struct sk_buff *skb;
	size_t count;

	if (sdulen)
		hlen += L2CAP_SDULEN_SIZE;

	count = min_t(size_t, chan->conn->mtu - hlen, len);
	skb = l2cap_pdu_alloc(chan, msg, hlen, count, len + hlen - L2CAP_HDR_SIZE);
	if (IS_ERR(skb))
		return skb;

	if (sdulen)
		put_unaligned_le16(sdulen, skb_put(skb, L2CAP_SDULEN_SIZE));

	return l2cap_pdu_fill(chan, msg, len, count, skb);
}

static int l2cap_segment_le_sdu(struct l2cap_chan *chan, struct sk_buff_head *seg_queue,
				struct msghdr *msg, size_t len)
{
	size_t pdu_len = (size_t)chan->remote_mps - L2CAP_SDULEN_SIZE;
	u16 sdu_len = (u16)len;
	struct sk_buff *skb;

	while (len > 0) {
		if (len <= pdu_len)
			pdu_len = len;

		skb = l2cap_create_le_flowctl_pdu(chan, msg, pdu_len, sdu_len);
		if (IS_ERR(skb)) {
			__skb_queue_purge(seg_queue);
			return (int)PTR_ERR(skb);
		}
		__skb_queue_tail(seg_queue, skb);

		len -= pdu_len;
		if (sdu_len) {
			sdu_len = 0;
			pdu_len += L2CAP_SDULEN_SIZE;
		}
	}

	return 0;
}

static int l2cap_chan_send_le(struct l2cap_chan *chan, struct msghdr *msg, size_t len)
{
	struct sk_buff_head seg_queue;
	int err;

	if (malformed(len > chan->omtu))
		return -EMSGSIZE;

	__skb_queue_head_init(&seg_queue);
	err = l2cap_segment_le_sdu(chan, &seg_queue, msg, len);

	/* the owner may have slept over it */
	if (chan->state != BT_CONNECTED) {
		__skb_queue_purge(&seg_queue);
		err = -ENOTCONN;
	}
	if (err)
		return err;

	skb_queue_splice_tail_init(&seg_queue, &chan->tx_q);
	l2cap_le_flowctl_send(chan);

	if (!chan->tx_credits)
		chan->ops->suspend(chan);

	return (int)len;
}

static int l2cap_chan_send_ertm(struct l2cap_chan *chan, struct msghdr *msg, size_t len)
{
	struct sk_buff_head seg_queue;
	int err;

	if (malformed(len > chan->omtu))
		return -EMSGSIZE;

	__skb_queue_head_init(&seg_queue);
	err = l2cap_segment_sdu(chan, &seg_queue, msg, len);
	if (err)
		return err;

	if (chan->mode == L2CAP_MODE_ERTM)
		l2cap_tx(chan, NULL, &seg_queue, L2CAP_EV_DATA_REQUEST);
	else
		l2cap_streaming_send(chan, &seg_queue);

	/* what the state machine did not take */
	__skb_queue_purge(&seg_queue);
	return (int)len;
}

/**
 * l2cap_chan_send - send @len bytes of @msg over a channel
 * @chan: channel, locked
 * @msg: where they are
 * @len: how many; the peer's MTU bounds them
 *
 * Return: @len, or negative errno. Bytes that may not go out yet wait in the channel.
 */
int l2cap_chan_send(struct l2cap_chan *chan, struct msghdr *msg, size_t len)
{
	struct sk_buff *skb;

	if (test_bit(FLAG_DEL, &chan->flags))
		return -ENOTCONN;

	if (chan->chan_type == L2CAP_CHAN_CONN_LESS) {
		skb = l2cap_create_connless_pdu(chan, msg, len);
		if (IS_ERR(skb))
			return (int)PTR_ERR(skb);
		l2cap_do_send(chan, skb);
		return (int)len;
	}

	switch (chan->mode) {
	case L2CAP_MODE_LE_FLOWCTL:
	case L2CAP_MODE_EXT_FLOWCTL:
		return l2cap_chan_send_le(chan, msg, len);

	case L2CAP_MODE_BASIC:
		if (malformed(len > chan->omtu))
			return -EMSGSIZE;
		skb = l2cap_create_basic_pdu(chan, msg, len);
		if (IS_ERR(skb))
			return (int)PTR_ERR(skb);
		l2cap_do_send(chan, skb);
		return (int)len;

	case L2CAP_MODE_ERTM:
	case L2CAP_MODE_STREAMING:
		return l2cap_chan_send_ertm(chan, msg, len);
	}

	return -EBADFD;
}
