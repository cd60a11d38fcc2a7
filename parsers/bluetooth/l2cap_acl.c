// SPDX-License-Identifier: GPL-2.0-only
/*
 * ACL fragments are put together to L2CAP frames, and frames go to their channel.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (l2cap_recv_acldata,
 *	l2cap_recv_frag, l2cap_recv_len, l2cap_recv_reset, l2cap_recv_frame,
 *	process_pending_rx, l2cap_send_acl)
 * Spec: Core 5.4 Vol 3 Part A 3.1 to 3.3, 7.2.2; Vol 4 Part E 5.4.2
 * Differs: the reference to the connection is put on every path (upstream keeps it
 *	when a frame came in one piece or was dropped); no debug messages. A packet is
 *	made linear first, as the HCI layer's own copy would be.
 */
#include <linux/errno.h>
#include <linux/slab.h>

#include "l2cap_data.h"

/*
 * Move up to @len bytes of @skb into the frame that is being gathered; the first
 * call makes it, @len bytes large: with its header, a frame may have more than 65535.
 */
static int l2cap_recv_frag(struct l2cap_conn *conn, struct sk_buff *skb, u32 len)
{
	if (!conn->rx_skb) {
		bool narrowed = len != (u16)len;

		triggered(REDZONE_AD0D740EF353, narrowed);
		if (!fixed(REDZONE_AD0D740EF353))
			len = (u16)len;
		conn->rx_skb = bt_skb_alloc(len, GFP_KERNEL);
		if (!conn->rx_skb)
			return -ENOMEM;
		conn->rx_len = len;
	}

	if (malformed(skb->len < len))
		len = skb->len;
	skb_copy_from_linear_data(skb, skb_put(conn->rx_skb, len), len);
	skb_pull(skb, len);
	conn->rx_len -= len;

	return (int)len;
}

/*
 * The pieces so far end within the length field: complete it from @skb, then see
 * that the frame it announces fits the buffer, or get one that does.
 */
static int l2cap_recv_len(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct sk_buff *rx_skb;
	int len;

	len = l2cap_recv_frag(conn, skb, L2CAP_LEN_SIZE - conn->rx_skb->len);
	if (len < 0)
		return len;
	if (malformed(conn->rx_skb->len < L2CAP_LEN_SIZE))
		return len;

	rx_skb = conn->rx_skb;
	len = get_unaligned_le16(rx_skb->data);
	l2cap_u64(conn, "btl2cap.length", (u64)len);

	if (!malformed(len + (L2CAP_HDR_SIZE - L2CAP_LEN_SIZE) > skb_tailroom(rx_skb))) {
		conn->rx_len = (u32)(len + (L2CAP_HDR_SIZE - L2CAP_LEN_SIZE));
		return L2CAP_LEN_SIZE;
	}

	/* what is there moves into a buffer of exactly the frame's size */
	conn->rx_skb = NULL;
	len = l2cap_recv_frag(conn, rx_skb, (u32)(len + L2CAP_HDR_SIZE));
	kfree_skb(rx_skb);

	return len;
}

static void l2cap_recv_reset(struct l2cap_conn *conn)
{
	kfree_skb(conn->rx_skb);
	conn->rx_skb = NULL;
	conn->rx_len = 0;
}

static void l2cap_recv_unreliable(struct l2cap_conn *conn)
{
	l2cap_refuse(conn, -ECOMM);
	l2cap_conn_unreliable(conn, ECOMM);
}

/* The first piece of a frame; true: @skb was the whole frame, and is gone. */
static bool l2cap_recv_start(struct l2cap_conn *conn, struct sk_buff *skb)
{
	int len;

	if (malformed(conn->rx_skb)) {
		l2cap_recv_reset(conn);
		l2cap_recv_unreliable(conn);
	}

	/* without a length the MTU must do until the next piece */
	if (malformed(skb->len < L2CAP_LEN_SIZE)) {
		l2cap_recv_frag(conn, skb, conn->mtu);
		/* its bytes have been copied, so the packet is to be freed */
		triggered(CVE_2022_3619, skb != NULL);
		return !fixed(CVE_2022_3619);
	}

	len = get_unaligned_le16(skb->data) + L2CAP_HDR_SIZE;
	l2cap_u64(conn, "btl2cap.length", (u64)(len - L2CAP_HDR_SIZE));
	if (len == (int)skb->len) {
		l2cap_recv_frame(conn, skb);
		return true;
	}

	if (malformed((int)skb->len > len)) {
		l2cap_recv_unreliable(conn);
		return false;
	}

	l2cap_recv_frag(conn, skb, (u32)len);
	return false;
}

static void l2cap_recv_cont(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct sk_buff *rx_skb;

	if (malformed(!conn->rx_skb)) {
		l2cap_recv_unreliable(conn);
		return;
	}

	if (malformed(conn->rx_skb->len < L2CAP_LEN_SIZE)) {
		if (l2cap_recv_len(conn, skb) < 0) {
			l2cap_recv_unreliable(conn);
			return;
		}
		if (malformed(conn->rx_skb->len < L2CAP_LEN_SIZE))
			return;
	}

	if (malformed(skb->len > conn->rx_len)) {
		l2cap_recv_reset(conn);
		l2cap_recv_unreliable(conn);
		return;
	}

	l2cap_recv_frag(conn, skb, skb->len);
	if (conn->rx_len)
		return;

	/* the frame belongs to whoever receives it */
	rx_skb = conn->rx_skb;
	conn->rx_skb = NULL;
	l2cap_recv_frame(conn, rx_skb);
}

/* Other links come and go without L2CAP being told: their connection would stay. */
static bool l2cap_carried(const struct hci_conn *hcon)
{
	return hcon->type == ACL_LINK || hcon->type == LE_LINK;
}

/**
 * l2cap_recv_acldata - one ACL data packet of a link
 * @hcon: the link
 * @skb: what follows the ACL header; consumed
 * @flags: packet boundary flag: which piece of a frame this is
 *
 * A frame that is complete goes to its channel at once; pieces wait in the
 * connection, which is made when the link has none yet.
 */
void l2cap_recv_acldata(struct hci_conn *hcon, struct sk_buff *skb, u16 flags)
{
	struct l2cap_conn *conn;
	bool consumed = false;

	if (malformed_in(REDZONE_B9E67E6078B9, !l2cap_carried(hcon))) {
		hcon->hdev->verdict = -EPROTO;
		kfree_skb(skb);
		return;
	}

	hci_dev_lock(hcon->hdev);
	conn = hcon->l2cap_data;
	if (!conn)
		conn = l2cap_conn_add(hcon);
	if (conn)
		conn = l2cap_conn_hold_unless_zero(conn);
	hci_dev_unlock(hcon->hdev);

	if (!conn || skb_linearize(skb)) {
		kfree_skb(skb);
		goto out;
	}

	switch (flags) {
	case ACL_START:
	case ACL_START_NO_FLUSH:
	case ACL_COMPLETE:
		consumed = l2cap_recv_start(conn, skb);
		break;
	case ACL_CONT:
		l2cap_recv_cont(conn, skb);
		break;
	}
	if (!consumed)
		kfree_skb(skb);
out:
	if (conn)
		l2cap_conn_put(conn);
}

/* One frame, from its header on; consumed. */
void l2cap_recv_frame(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct l2cap_hdr *lh = (void *)skb->data;
	struct hci_conn *hcon = conn->hcon;
	u16 cid, len;
	__le16 psm;

	if (malformed(hcon->state != BT_CONNECTED)) {
		skb_queue_tail(&conn->pending_rx, skb);
		return;
	}

	skb_pull(skb, L2CAP_HDR_SIZE);
	cid = __le16_to_cpu(lh->cid);
	len = __le16_to_cpu(lh->len);
	l2cap_u64(conn, "btl2cap.cid", cid);

	if (malformed(len != skb->len)) {
		l2cap_drop(conn, skb, -EILSEQ);
		return;
	}

	/* such a link cannot be kept from coming up, so what it carries is ignored */
	if (hcon->type == LE_LINK &&
	    malformed(hci_bdaddr_list_lookup(&hcon->hdev->reject_list, &hcon->dst,
					     bdaddr_dst_type(hcon)))) {
		l2cap_drop(conn, skb, -EACCES);
		return;
	}

	switch (cid) {
	case L2CAP_CID_SIGNALING:
		l2cap_sig_channel(conn, skb);
		break;

	case L2CAP_CID_CONN_LESS:
		if (malformed_in(CVE_2026_97408, skb->len < L2CAP_PSMLEN_SIZE)) {
			l2cap_drop(conn, skb, -EILSEQ);
			break;
		}
		psm = get_unaligned((__le16 *)skb->data);
		l2cap_u64(conn, "btl2cap.psm", __le16_to_cpu(psm));
		skb_pull(skb, L2CAP_PSMLEN_SIZE);
		l2cap_conless_channel(conn, psm, skb);
		break;

	case L2CAP_CID_LE_SIGNALING:
		l2cap_le_sig_channel(conn, skb);
		break;

	default:
		l2cap_data_channel(conn, cid, skb);
		break;
	}
}

/*
 * The link is up now: what came too early takes its way. It may be going again before
 * this runs, and then every frame would come back to the end of the queue.
 */
void process_pending_rx(struct work_struct *work)
{
	struct l2cap_conn *conn = container_of(work, struct l2cap_conn, pending_rx_work);

	while (!skb_queue_empty(&conn->pending_rx)) {
		if (malformed_in(REDZONE_8ACD062055A3, conn->hcon->state != BT_CONNECTED))
			break;
		l2cap_recv_frame(conn, skb_dequeue(&conn->pending_rx));
	}
}

/* The link may be gone by the time a signalling command is ready. */
void l2cap_send_acl(struct l2cap_conn *conn, struct sk_buff *skb, u8 flags)
{
	if (hci_conn_valid(conn->hcon->hdev, conn->hcon))
		hci_send_acl(conn->hchan, skb, flags);
	else
		kfree_skb(skb);
}
