// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command Complete: what the controller returns for a command that is done at once.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_cmd_complete_evt, hci_cc_func,
 *	hci_cc_table)
 * Spec: Bluetooth Core 5.4 Vol 4 Part E 7.7.14
 * Differs: the table lies in the files of its handlers and is searched file by file;
 *	upstream looks for a handler by walking over one table.
 */
#include "hci_cc.h"
#include "hci_event.h"

static const struct hci_cc *hci_cc_find_in(const struct hci_cc *table, size_t count,
					   u16 opcode)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (table[i].op == opcode)
			return &table[i];
	}
	return NULL;
}

static const struct hci_cc *hci_cc_find(u16 opcode)
{
	const struct {
		const struct hci_cc *table;
		size_t count;
	} parts[] = {
		{ hci_cc_link_table, hci_cc_link_count },
		{ hci_cc_baseband_table, hci_cc_baseband_count },
		{ hci_cc_info_table, hci_cc_info_count },
		{ hci_cc_le_table, hci_cc_le_count },
		{ hci_cc_le_adv_table, hci_cc_le_adv_count },
		{ hci_cc_iso_table, hci_cc_iso_count },
	};
	const struct hci_cc *cc = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts) && !cc; i++)
		cc = hci_cc_find_in(parts[i].table, parts[i].count, opcode);
	return cc;
}

static u8 hci_cc_func(struct hci_dev *hdev, const struct hci_cc *cc, struct sk_buff *skb)
{
	u8 *data;

	if (malformed(skb->len < cc->min_len)) {
		bt_dev_err(hdev, "unexpected cc 0x%4.4x length: %u < %u", cc->op, skb->len,
			   cc->min_len);
		hci_ev_refuse(hdev, -EBADMSG);
		return HCI_ERROR_UNSPECIFIED;
	}

	/* what follows the known parameters is newer than this host: no error */
	if (skb->len > cc->max_len)
		bt_dev_warn(hdev, "unexpected cc 0x%4.4x length: %u > %u", cc->op, skb->len,
			    cc->max_len);

	data = hci_cc_skb_pull(hdev, skb, cc->op, cc->min_len);
	if (malformed(!data)) {
		hci_ev_refuse(hdev, -EBADMSG);
		return HCI_ERROR_UNSPECIFIED;
	}

	/* the first return parameter of every command in the table */
	evt_u64(hdev, "bthci_evt.status", data[0]);
	return cc->func(hdev, data, skb);
}

/*
 * A command that no handler knows, of a vendor say: by convention its first return
 * parameter is the status too.
 */
static bool hci_cc_unknown(struct hci_dev *hdev, struct sk_buff *skb, u16 opcode, u8 *status)
{
	if (malformed_in(CVE_2025_40301, !skb->len)) {
		bt_dev_err(hdev, "Unexpected cc 0x%4.4x with no status", opcode);
		hci_ev_refuse(hdev, -EBADMSG);
		*status = HCI_ERROR_UNSPECIFIED;
		return false;
	}

	*status = skb->data[0];
	evt_u64(hdev, "bthci_evt.status", *status);
	return true;
}

/**
 * hci_cmd_complete_evt - event 0x0e
 * @hdev: controller
 * @data: fixed part of the event, within @skb
 * @skb: return parameters
 * @opcode: the command it answers, for the caller
 * @status: its outcome, for the caller
 * @req_complete: whom to tell when this was the last command of a request
 * @req_complete_skb: the same with the event
 */
void hci_cmd_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb, u16 *opcode,
			  u8 *status, hci_req_complete_t *req_complete,
			  hci_req_complete_skb_t *req_complete_skb)
{
	struct hci_ev_cmd_complete *ev = data;
	const struct hci_cc *cc;

	*opcode = __le16_to_cpu(ev->opcode);
	evt_u64(hdev, "bthci_evt.opcode", *opcode);
	evt_u64(hdev, "bthci_evt.num_command_packets", ev->ncmd);

	cc = hci_cc_find(*opcode);
	if (cc)
		*status = hci_cc_func(hdev, cc, skb);
	else if (!hci_cc_unknown(hdev, skb, *opcode, status))
		return;

	handle_cmd_cnt_and_timer(hdev, ev->ncmd);

	hci_req_cmd_complete(hdev, *opcode, *status, req_complete, req_complete_skb);

	/* still set: it was no answer to what was sent */
	if (malformed(hci_dev_test_flag(hdev, HCI_CMD_PENDING))) {
		bt_dev_err(hdev, "unexpected event for opcode 0x%4.4x", *opcode);
		hci_ev_refuse(hdev, -EPROTO);
		return;
	}

	if (atomic_read(&hdev->cmd_cnt) && !skb_queue_empty(&hdev->cmd_q))
		queue_work(hdev->workqueue, &hdev->cmd_work);
}
