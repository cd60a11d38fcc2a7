// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data packets: which link they are for, and what is sent on a link.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_core.c (hci_rx_work, hci_acldata_packet,
 *	hci_scodata_packet, hci_isodata_packet, hci_queue_acl, hci_send_*, hci_tx_work)
 * Spec: Core 5.4 Vol 4 Part E 5.4.2 to 5.4.5, 4.1 (data flow control)
 * Differs: links are served in the order of the list while the controller has room;
 *	no priorities, no transmit timeout. The SCO header is pulled under a check,
 *	which real drivers make. What is sent is an effect.
 */
#include <net/bluetooth/hci_core.h>
#include <net/bluetooth/l2cap.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

#include "hci_core_priv.h"

static void hci_acldata_packet(struct hci_dev *hdev, struct sk_buff *skb)
{
	struct hci_acl_hdr *hdr;
	struct hci_conn *conn;
	u16 handle, flags;
	int err = -EILSEQ;

	if (malformed_in(CVE_2024_56590, skb->len < sizeof(*hdr)))
		goto drop;
	hdr = (struct hci_acl_hdr *)skb->data;
	handle = __le16_to_cpu(hdr->handle);
	flags = hci_flags(handle);
	handle = hci_handle(handle);
	sink_u64(hdev->sink, "bthci_acl.chandle", handle);
	sink_u64(hdev->sink, "bthci_acl.pb_flag", flags & 0x3);
	sink_u64(hdev->sink, "bthci_acl.bc_flag", flags >> 2);
	sink_u64(hdev->sink, "bthci_acl.length", __le16_to_cpu(hdr->dlen));
	skb_pull(skb, sizeof(*hdr));

	hci_dev_lock(hdev);
	conn = hci_conn_hash_lookup_handle(hdev, handle);
	hci_dev_unlock(hdev);
	err = -ENOTCONN;
	if (malformed(!conn))
		goto drop;
	hci_conn_enter_active_mode(conn, BT_POWER_FORCE_ACTIVE_OFF);
	hdev->verdict = 0;
	l2cap_recv_acldata(conn, skb, flags);
	sink_verdict(hdev->sink, hdev->verdict, 0);
	return;
drop:
	sink_verdict(hdev->sink, err, 0);
	kfree_skb(skb);
}

static void hci_scodata_packet(struct hci_dev *hdev, struct sk_buff *skb)
{
	struct hci_sco_hdr *hdr;
	struct hci_conn *conn;
	u16 handle, flags;
	int err = -EILSEQ;

	hdr = skb_pull_data(skb, sizeof(*hdr));
	if (malformed(!hdr))
		goto drop;
	handle = __le16_to_cpu(hdr->handle);
	flags = hci_flags(handle);
	handle = hci_handle(handle);
	sink_u64(hdev->sink, "bthci_sco.chandle", handle);
	sink_u64(hdev->sink, "bthci_sco.packet_status", flags & 0x3);
	sink_u64(hdev->sink, "bthci_sco.length", hdr->dlen);

	hci_dev_lock(hdev);
	conn = hci_conn_hash_lookup_handle(hdev, handle);
	hci_dev_unlock(hdev);
	err = -ENOTCONN;
	if (malformed(!conn))
		goto drop;
	bt_cb(skb)->sco.pkt_status = flags & 0x3;
	sco_recv_scodata(conn, skb);
	return;
drop:
	sink_verdict(hdev->sink, err, 0);
	kfree_skb(skb);
}

static void hci_isodata_packet(struct hci_dev *hdev, struct sk_buff *skb)
{
	struct hci_iso_hdr *hdr;
	struct hci_conn *conn;
	u16 handle, flags;
	int err = -EILSEQ;

	hdr = skb_pull_data(skb, sizeof(*hdr));
	if (malformed(!hdr))
		goto drop;
	handle = __le16_to_cpu(hdr->handle);
	flags = hci_flags(handle);
	handle = hci_handle(handle);
	sink_u64(hdev->sink, "bthci_iso.chandle", handle);
	sink_u64(hdev->sink, "bthci_iso.pb_flag", hci_iso_flags_pb(flags));
	sink_u64(hdev->sink, "bthci_iso.ts_flag", hci_iso_flags_ts(flags));
	sink_u64(hdev->sink, "bthci_iso.data_length", __le16_to_cpu(hdr->dlen));

	hci_dev_lock(hdev);
	conn = hci_conn_hash_lookup_handle(hdev, handle);
	hci_dev_unlock(hdev);
	err = -ENOTCONN;
	if (malformed(!conn))
		goto drop;
	iso_recv(conn, skb, flags);
	return;
drop:
	sink_verdict(hdev->sink, err, 0);
	kfree_skb(skb);
}

void hci_rx_work(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, rx_work);
	struct sk_buff *skb;

	while ((skb = skb_dequeue(&hdev->rx_q)) != NULL) {
		switch (hci_skb_pkt_type(skb)) {
		case HCI_EVENT_PKT:
			hci_event_packet(hdev, skb);
			break;
		case HCI_ACLDATA_PKT:
			hci_acldata_packet(hdev, skb);
			break;
		case HCI_SCODATA_PKT:
			hci_scodata_packet(hdev, skb);
			break;
		case HCI_ISODATA_PKT:
			hci_isodata_packet(hdev, skb);
			break;
		}
	}
}

/* While the device closes, its queues are being drained. */
void hci_sched_tx(struct hci_dev *hdev)
{
	if (!hci_dev_test_flag(hdev, HCI_CMD_DRAIN_WORKQUEUE))
		queue_work(hdev->workqueue, &hdev->tx_work);
}

static void hci_add_acl_hdr(struct sk_buff *skb, u16 handle, u16 flags)
{
	int len = skb->len;
	struct hci_acl_hdr *hdr = skb_push(skb, HCI_ACL_HDR_SIZE);

	hdr->handle = cpu_to_le16(hci_handle_pack(handle, flags));
	hdr->dlen = cpu_to_le16(len);
	hci_skb_pkt_type(skb) = HCI_ACLDATA_PKT;
}

/* Each packet of the fragment list travels under a header of its own. */
static void hci_queue_acl(struct hci_chan *chan, struct sk_buff *skb, u16 flags)
{
	struct hci_conn *conn = chan->conn;
	struct sk_buff *list = skb_shinfo(skb)->frag_list;

	skb_shinfo(skb)->frag_list = NULL;
	skb->len = skb_headlen(skb);
	skb->data_len = 0;
	hci_add_acl_hdr(skb, conn->handle, flags);
	skb_queue_tail(&chan->data_q, skb);
	flags = (flags & ~ACL_START) | ACL_CONT;
	while (list) {
		skb = list;
		list = list->next;
		hci_add_acl_hdr(skb, conn->handle, flags);
		skb_queue_tail(&chan->data_q, skb);
	}
}

void hci_send_acl(struct hci_chan *chan, struct sk_buff *skb, u16 flags)
{
	struct hci_dev *hdev = chan->conn->hdev;

	hci_queue_acl(chan, skb, flags);
	hci_sched_tx(hdev);
}

void hci_send_sco(struct hci_conn *conn, struct sk_buff *skb)
{
	u8 len = skb->len;
	struct hci_sco_hdr *hdr = skb_push(skb, HCI_SCO_HDR_SIZE);

	hdr->handle = cpu_to_le16(conn->handle);
	hdr->dlen = len;
	hci_skb_pkt_type(skb) = HCI_SCODATA_PKT;
	skb_queue_tail(&conn->data_q, skb);
	hci_sched_tx(conn->hdev);
}

void hci_send_iso(struct hci_conn *conn, struct sk_buff *skb)
{
	int len = skb->len;
	struct hci_iso_hdr *hdr = skb_push(skb, HCI_ISO_HDR_SIZE);
	u16 flags = hci_iso_flags_pack(ISO_SINGLE, 0);

	hdr->handle = cpu_to_le16(hci_handle_pack(conn->handle, flags));
	hdr->dlen = cpu_to_le16(len);
	hci_skb_pkt_type(skb) = HCI_ISODATA_PKT;
	skb_queue_tail(&conn->data_q, skb);
	hci_sched_tx(conn->hdev);
}

/* The counter of free buffers that a link's packets use up. */
static unsigned int *hci_tx_counter(struct hci_dev *hdev, u8 type)
{
	switch (type) {
	case SCO_LINK:
	case ESCO_LINK:
		return &hdev->sco_cnt;
	case ISO_LINK:
		if (hdev->iso_pkts)
			return &hdev->iso_cnt;
		break;
	case ACL_LINK:
		return &hdev->acl_cnt;
	}
	return hdev->le_pkts ? &hdev->le_cnt : &hdev->acl_cnt;
}

static void hci_sched_queue(struct hci_conn *conn, struct sk_buff_head *queue,
			    unsigned int *sent)
{
	unsigned int *counter = hci_tx_counter(conn->hdev, conn->type);
	struct sk_buff *skb;

	while (*counter && (skb = skb_dequeue(queue)) != NULL) {
		hci_conn_enter_active_mode(conn, bt_cb(skb)->force_active);
		hci_send_frame(conn->hdev, skb);
		(*counter)--;
		conn->sent++;
		if (sent)
			(*sent)++;
	}
}

void hci_tx_work(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, tx_work);
	struct hci_conn *conn;
	struct hci_chan *chan;

	list_for_each_entry(conn, &hdev->conn_hash.list, list) {
		if (conn->state != BT_CONNECTED && conn->state != BT_CONFIG)
			continue;
		hci_sched_queue(conn, &conn->data_q, NULL);
		list_for_each_entry(chan, &conn->chan_list, list)
			hci_sched_queue(conn, &chan->data_q, &chan->sent);
	}
}
