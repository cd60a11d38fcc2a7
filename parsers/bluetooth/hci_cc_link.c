// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command Complete of link control and link policy commands.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_cc_inquiry_cancel to
 *	hci_cc_write_def_link_policy, hci_cc_pin_code_reply, hci_cc_pin_code_neg_reply,
 *	hci_cc_user_confirm_reply to hci_cc_user_passkey_neg_reply)
 * Spec: Bluetooth Core 5.4 Vol 4 Part E 7.1, 7.2
 * Differs: nobody sleeps on the end of an inquiry, so nobody is woken.
 */
#include <asm/unaligned.h>

#include "hci_cc.h"
#include "hci_event.h"

static u8 hci_cc_inquiry_cancel(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;

	/*
	 * Inquiry Complete may have overtaken the answer, which then says that there
	 * was nothing to cancel: what was wanted has happened.
	 */
	if (rp->status == HCI_ERROR_COMMAND_DISALLOWED && !test_bit(HCI_INQUIRY, &hdev->flags))
		rp->status = 0x00;

	if (malformed(rp->status))
		return rp->status;

	clear_bit(HCI_INQUIRY, &hdev->flags);

	hci_dev_lock(hdev);
	/* an active LE scan goes on, and with it the discovery */
	if (!hci_dev_test_flag(hdev, HCI_LE_SCAN) || hdev->le_scan_type != LE_SCAN_ACTIVE)
		hci_discovery_set_state(hdev, DISCOVERY_STOPPED);
	hci_dev_unlock(hdev);

	hci_conn_check_pending(hdev);

	return rp->status;
}

static u8 hci_cc_periodic_inq(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hci_dev_set_flag(hdev, HCI_PERIODIC_INQ);

	return rp->status;
}

static u8 hci_cc_exit_periodic_inq(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hci_dev_clear_flag(hdev, HCI_PERIODIC_INQ);

	hci_conn_check_pending(hdev);

	return rp->status;
}

static u8 hci_cc_remote_name_req_cancel(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;

	return rp->status;
}

static u8 hci_cc_role_discovery(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_role_discovery *rp = data;
	struct hci_conn *conn;

	if (malformed(rp->status))
		return rp->status;

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, rp->handle);
	if (!malformed(!conn)) {
		evt_u64(hdev, "bthci_evt.curr_role", rp->role);
		conn->role = rp->role;
	}

	hci_dev_unlock(hdev);

	return rp->status;
}

static void evt_link_policy(struct hci_dev *hdev, u16 policy)
{
	evt_u64(hdev, "bthci_evt.link_policy_switch", !!(policy & HCI_LP_RSWITCH));
	evt_u64(hdev, "bthci_evt.link_policy_hold", !!(policy & HCI_LP_HOLD));
	evt_u64(hdev, "bthci_evt.link_policy_sniff", !!(policy & HCI_LP_SNIFF));
	evt_u64(hdev, "bthci_evt.link_policy_park", !!(policy & HCI_LP_PARK));
}

static u8 hci_cc_read_link_policy(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_link_policy *rp = data;
	struct hci_conn *conn;

	if (malformed(rp->status))
		return rp->status;

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, rp->handle);
	if (!malformed(!conn)) {
		conn->link_policy = __le16_to_cpu(rp->policy);
		evt_link_policy(hdev, conn->link_policy);
	}

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_write_link_policy(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_write_link_policy *rp = data;
	struct hci_conn *conn;
	u8 *sent;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_WRITE_LINK_POLICY);
	if (malformed(!sent))
		return rp->status;

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, rp->handle);
	if (!malformed(!conn))
		conn->link_policy = get_unaligned_le16(sent + 2);

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_read_def_link_policy(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_read_def_link_policy *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->link_policy = __le16_to_cpu(rp->policy);
	evt_link_policy(hdev, hdev->link_policy);

	return rp->status;
}

static u8 hci_cc_write_def_link_policy(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_status *rp = data;
	void *sent;

	if (malformed(rp->status))
		return rp->status;

	sent = hci_sent_cmd_data(hdev, HCI_OP_WRITE_DEF_LINK_POLICY);
	if (malformed(!sent))
		return rp->status;

	hdev->link_policy = get_unaligned_le16(sent);

	return rp->status;
}

static u8 hci_cc_pin_code_reply(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_pin_code_reply *rp = data;
	struct hci_cp_pin_code_reply *cp;
	struct hci_conn *conn;

	evt_ba(hdev, &rp->bdaddr);

	hci_dev_lock(hdev);

	if (hci_dev_test_flag(hdev, HCI_MGMT))
		mgmt_pin_code_reply_complete(hdev, &rp->bdaddr, rp->status);

	if (malformed(rp->status))
		goto unlock;

	cp = hci_sent_cmd_data(hdev, HCI_OP_PIN_CODE_REPLY);
	if (malformed(!cp))
		goto unlock;

	conn = hci_conn_hash_lookup_ba(hdev, ACL_LINK, &cp->bdaddr);
	if (!malformed(!conn))
		conn->pin_length = cp->pin_len;

unlock:
	hci_dev_unlock(hdev);
	return rp->status;
}

static u8 hci_cc_pin_code_neg_reply(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_pin_code_neg_reply *rp = data;

	evt_ba(hdev, &rp->bdaddr);

	hci_dev_lock(hdev);

	if (hci_dev_test_flag(hdev, HCI_MGMT))
		mgmt_pin_code_neg_reply_complete(hdev, &rp->bdaddr, rp->status);

	hci_dev_unlock(hdev);

	return rp->status;
}

/* The four answers to a pairing question return the same parameters. */
static u8 user_reply_complete(struct hci_dev *hdev, struct hci_rp_user_confirm_reply *rp,
			      int (*complete)(struct hci_dev *hdev, bdaddr_t *bdaddr,
					      u8 link_type, u8 addr_type, u8 status))
{
	evt_ba(hdev, &rp->bdaddr);

	hci_dev_lock(hdev);

	if (hci_dev_test_flag(hdev, HCI_MGMT))
		complete(hdev, &rp->bdaddr, ACL_LINK, 0, rp->status);

	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_user_confirm_reply(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	return user_reply_complete(hdev, data, mgmt_user_confirm_reply_complete);
}

static u8 hci_cc_user_confirm_neg_reply(struct hci_dev *hdev, void *data,
					struct sk_buff *skb)
{
	return user_reply_complete(hdev, data, mgmt_user_confirm_neg_reply_complete);
}

static u8 hci_cc_user_passkey_reply(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	return user_reply_complete(hdev, data, mgmt_user_passkey_reply_complete);
}

static u8 hci_cc_user_passkey_neg_reply(struct hci_dev *hdev, void *data,
					struct sk_buff *skb)
{
	return user_reply_complete(hdev, data, mgmt_user_passkey_neg_reply_complete);
}

const struct hci_cc hci_cc_link_table[] = {
	HCI_CC_STATUS(HCI_OP_INQUIRY_CANCEL, hci_cc_inquiry_cancel),
	HCI_CC_STATUS(HCI_OP_PERIODIC_INQ, hci_cc_periodic_inq),
	HCI_CC_STATUS(HCI_OP_EXIT_PERIODIC_INQ, hci_cc_exit_periodic_inq),
	HCI_CC_STATUS(HCI_OP_REMOTE_NAME_REQ_CANCEL, hci_cc_remote_name_req_cancel),
	HCI_CC_RP(HCI_OP_ROLE_DISCOVERY, hci_cc_role_discovery, hci_rp_role_discovery),
	HCI_CC_RP(HCI_OP_READ_LINK_POLICY, hci_cc_read_link_policy,
		  hci_rp_read_link_policy),
	HCI_CC_RP(HCI_OP_WRITE_LINK_POLICY, hci_cc_write_link_policy,
		  hci_rp_write_link_policy),
	HCI_CC_RP(HCI_OP_READ_DEF_LINK_POLICY, hci_cc_read_def_link_policy,
		  hci_rp_read_def_link_policy),
	HCI_CC_STATUS(HCI_OP_WRITE_DEF_LINK_POLICY, hci_cc_write_def_link_policy),
	HCI_CC_RP(HCI_OP_PIN_CODE_REPLY, hci_cc_pin_code_reply, hci_rp_pin_code_reply),
	HCI_CC_RP(HCI_OP_PIN_CODE_NEG_REPLY, hci_cc_pin_code_neg_reply,
		  hci_rp_pin_code_neg_reply),
	HCI_CC_RP(HCI_OP_USER_CONFIRM_REPLY, hci_cc_user_confirm_reply,
		  hci_rp_user_confirm_reply),
	HCI_CC_RP(HCI_OP_USER_CONFIRM_NEG_REPLY, hci_cc_user_confirm_neg_reply,
		  hci_rp_user_confirm_reply),
	HCI_CC_RP(HCI_OP_USER_PASSKEY_REPLY, hci_cc_user_passkey_reply,
		  hci_rp_user_confirm_reply),
	HCI_CC_RP(HCI_OP_USER_PASSKEY_NEG_REPLY, hci_cc_user_passkey_neg_reply,
		  hci_rp_user_confirm_reply),
};

const size_t hci_cc_link_count = ARRAY_SIZE(hci_cc_link_table);
