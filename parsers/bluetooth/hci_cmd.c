// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands on their way to the controller, and which command an answer is for.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_core.c (hci_send_cmd, hci_cmd_work,
 *	hci_req_cmd_complete), net/bluetooth/hci_request.c (hci_prepare_cmd)
 * Spec: Core 5.4 Vol 4 Part E 5.4.1, 4.4
 * Differs: what is sent is an effect.
 */
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

#include "hci_core_priv.h"

/* Takes the packet, also when it fails. */
int hci_send_frame(struct hci_dev *hdev, struct sk_buff *skb)
{
	int err;

	if (!test_bit(HCI_RUNNING, &hdev->flags)) {
		kfree_skb(skb);
		return -EINVAL;
	}
	err = hdev->send(hdev, skb);
	if (err < 0)
		kfree_skb(skb);
	return err;
}

struct sk_buff *hci_prepare_cmd(struct hci_dev *hdev, u16 opcode, u32 plen,
				const void *param)
{
	struct sk_buff *skb = bt_skb_alloc(HCI_COMMAND_HDR_SIZE + plen, GFP_ATOMIC);
	struct hci_command_hdr *hdr;

	if (!skb)
		return NULL;
	hdr = skb_put(skb, HCI_COMMAND_HDR_SIZE);
	hdr->opcode = cpu_to_le16(opcode);
	hdr->plen = plen;
	if (plen)
		skb_put_data(skb, param, plen);
	hci_skb_pkt_type(skb) = HCI_COMMAND_PKT;
	hci_skb_opcode(skb) = opcode;
	return skb;
}

/* A command that nobody waits for: a request of its own. */
int hci_send_cmd(struct hci_dev *hdev, u16 opcode, u32 plen, const void *param)
{
	struct sk_buff *skb = hci_prepare_cmd(hdev, opcode, plen, param);

	if (!skb)
		return -ENOMEM;
	bt_cb(skb)->hci.req_flags |= HCI_REQ_START;
	skb_queue_tail(&hdev->cmd_q, skb);
	queue_work(hdev->workqueue, &hdev->cmd_work);
	return 0;
}

/* Vendor commands may stay without answer, and pass the queue. */
int __hci_cmd_send(struct hci_dev *hdev, u16 opcode, u32 plen, const void *param)
{
	struct sk_buff *skb;

	if (hci_opcode_ogf(opcode) != 0x3f)
		return -EINVAL;
	skb = hci_prepare_cmd(hdev, opcode, plen, param);
	if (!skb)
		return -ENOMEM;
	hci_send_frame(hdev, skb);
	return 0;
}

static void hci_send_cmd_sync(struct hci_dev *hdev, struct sk_buff *skb)
{
	int err;

	kfree_skb(hdev->sent_cmd);
	hdev->sent_cmd = skb_clone(skb, GFP_KERNEL);
	if (!hdev->sent_cmd) {
		skb_queue_head(&hdev->cmd_q, skb);
		queue_work(hdev->workqueue, &hdev->cmd_work);
		return;
	}
	err = hci_send_frame(hdev, skb);
	if (err < 0) {
		hci_cmd_sync_cancel_sync(hdev, -err);
		return;
	}
	if (hdev->req_status == HCI_REQ_PEND)
		hci_dev_set_flag(hdev, HCI_CMD_PENDING);
	atomic_dec(&hdev->cmd_cnt);
}

/* One command, if the controller takes any; its answer lets the next one go. */
void hci_cmd_work(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, cmd_work);
	struct sk_buff *skb;

	if (!atomic_read(&hdev->cmd_cnt))
		return;
	skb = skb_dequeue(&hdev->cmd_q);
	if (!skb)
		return;
	hci_send_cmd_sync(hdev, skb);
	if (test_bit(HCI_RESET, &hdev->flags) ||
	    hci_dev_test_flag(hdev, HCI_CMD_DRAIN_WORKQUEUE))
		cancel_delayed_work(&hdev->cmd_timer);
	else
		queue_delayed_work(hdev->workqueue, &hdev->cmd_timer, HCI_CMD_TIMEOUT);
}

static bool hci_req_is_complete(struct hci_dev *hdev)
{
	struct sk_buff *skb = skb_peek(&hdev->cmd_q);

	return !skb || (bt_cb(skb)->hci.req_flags & HCI_REQ_START);
}

/* A controller that resets itself forgets what it was asked: ask again. */
static void hci_resend_last(struct hci_dev *hdev)
{
	struct hci_command_hdr *sent;
	struct sk_buff *skb;

	if (!hdev->sent_cmd)
		return;
	sent = (void *)hdev->sent_cmd->data;
	if (__le16_to_cpu(sent->opcode) == HCI_OP_RESET)
		return;
	skb = skb_clone(hdev->sent_cmd, GFP_KERNEL);
	if (!skb)
		return;
	skb_queue_head(&hdev->cmd_q, skb);
	queue_work(hdev->workqueue, &hdev->cmd_work);
}

/* The rest of a failed request: not sent, but its end is told. */
static void hci_req_drop_rest(struct hci_dev *hdev, hci_req_complete_t *req_complete,
			      hci_req_complete_skb_t *req_complete_skb)
{
	struct sk_buff *skb;

	while ((skb = skb_dequeue(&hdev->cmd_q)) != NULL) {
		if (bt_cb(skb)->hci.req_flags & HCI_REQ_START) {
			skb_queue_head(&hdev->cmd_q, skb);
			return;
		}
		if (bt_cb(skb)->hci.req_flags & HCI_REQ_SKB)
			*req_complete_skb = bt_cb(skb)->hci.req_complete_skb;
		else
			*req_complete = bt_cb(skb)->hci.req_complete;
		kfree_skb(skb);
	}
}

void hci_req_cmd_complete(struct hci_dev *hdev, u16 opcode, u8 status,
			  hci_req_complete_t *req_complete,
			  hci_req_complete_skb_t *req_complete_skb)
{
	struct hci_ctrl *sent;

	if (malformed(!hci_sent_cmd_data(hdev, opcode))) {
		if (test_bit(HCI_INIT, &hdev->flags) && opcode == HCI_OP_RESET)
			hci_resend_last(hdev);
		return;
	}
	hci_dev_clear_flag(hdev, HCI_CMD_PENDING);
	if (!status && !hci_req_is_complete(hdev))
		return;
	sent = &bt_cb(hdev->sent_cmd)->hci;
	if (sent->req_flags & HCI_REQ_SKB) {
		*req_complete_skb = sent->req_complete_skb;
		return;
	}
	if (sent->req_complete) {
		*req_complete = sent->req_complete;
		return;
	}
	hci_req_drop_rest(hdev, req_complete, req_complete_skb);
}
