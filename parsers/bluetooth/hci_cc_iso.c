// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command Complete of LE controller commands for isochronous streams.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_cc_le_read_buffer_size_v2,
 *	hci_cc_le_set_cig_params, hci_cc_le_setup_iso_path)
 * Spec: Bluetooth Core 5.4 Vol 4 Part E 7.8.2, 7.8.97, 7.8.109
 * Differs: a handle above the controller's range is refused; upstream does so in later
 *	versions (hci_conn_set_handle).
 */
#include "hci_cc.h"
#include "hci_event.h"

static u8 hci_cc_le_read_buffer_size_v2(struct hci_dev *hdev, void *data,
					struct sk_buff *skb)
{
	struct hci_rp_le_read_buffer_size_v2 *rp = data;

	if (malformed(rp->status))
		return rp->status;

	hdev->le_mtu = __le16_to_cpu(rp->acl_mtu);
	hdev->le_pkts = rp->acl_max_pkt;
	hdev->iso_mtu = __le16_to_cpu(rp->iso_mtu);
	hdev->iso_pkts = rp->iso_max_pkt;
	evt_u64(hdev, "bthci_evt.le_acl_data_pkt_len", hdev->le_mtu);
	evt_u64(hdev, "bthci_evt.le_total_num_acl_data_pkts", hdev->le_pkts);
	evt_u64(hdev, "bthci_evt.iso_data_pkt_len", hdev->iso_mtu);
	evt_u64(hdev, "bthci_evt.total_num_iso_data_pkts", hdev->iso_pkts);

	hdev->le_cnt = hdev->le_pkts;
	hdev->iso_cnt = hdev->iso_pkts;

	if (malformed(hdev->le_mtu && hdev->le_mtu < HCI_MIN_LE_MTU))
		return HCI_ERROR_INVALID_PARAMETERS;

	return rp->status;
}

/* Whether the answer fits what was asked for; @skb holds the handles. */
static bool cig_params_match(struct hci_rp_le_set_cig_params *rp,
			     struct hci_cp_le_set_cig_params *cp, struct sk_buff *skb)
{
	if (malformed(!cp))
		return false;
	if (malformed(rp->num_handles != cp->num_cis))
		return false;
	if (malformed(rp->cig_id != cp->cig_id))
		return false;
	if (malformed(skb->len < array_size(rp->num_handles, sizeof(*rp->handle))))
		return false;
	return true;
}

/* No stream of the group will come to be. */
static void cig_failed(struct hci_dev *hdev, u8 cig_id, u8 status)
{
	struct hci_conn *conn;

	while ((conn = hci_conn_hash_lookup_cig(hdev, cig_id))) {
		conn->state = BT_CLOSED;
		hci_connect_cfm(conn, status);
		hci_conn_del(conn);
	}
}

/* The controller's handle of one stream that was configured. */
static void cis_configured(struct hci_dev *hdev, u8 cig_id, u8 cis_id, u16 handle)
{
	struct hci_conn *conn;

	conn = hci_conn_hash_lookup_cis(hdev, NULL, 0, cig_id, cis_id);
	if (malformed(!conn))
		return;
	/* an address that was never set: the stream belongs to nobody */
	if (malformed(!bacmp(&conn->dst, BDADDR_ANY)))
		return;
	if (malformed(conn->state != BT_BOUND && conn->state != BT_CONNECT))
		return;
	/* above, handles are the host's own: one of them would be given back twice */
	if (malformed(handle > HCI_CONN_HANDLE_MAX))
		return;

	if (HCI_CONN_HANDLE_UNSET(conn->handle))
		ida_free(&hdev->unset_handle_ida, conn->handle);
	conn->handle = handle;

	/* the link below is up already: go on at once */
	if (conn->link && conn->link->state == BT_CONNECTED)
		hci_le_create_cis(conn->link);
}

static u8 hci_cc_le_set_cig_params(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_le_set_cig_params *rp = data;
	struct hci_cp_le_set_cig_params *cp;
	u8 status = rp->status;
	int i;

	evt_u64(hdev, "bthci_evt.cig_id", rp->cig_id);
	evt_u64(hdev, "bthci_evt.cis_count", rp->num_handles);

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_SET_CIG_PARAMS);
	if (!rp->status && !cig_params_match(rp, cp, skb)) {
		bt_dev_err(hdev, "unexpected Set CIG Parameters response data");
		hci_ev_refuse(hdev, -EBADMSG);
		status = HCI_ERROR_UNSPECIFIED;
	}

	hci_dev_lock(hdev);

	if (malformed(status)) {
		cig_failed(hdev, rp->cig_id, status);
		goto unlock;
	}

	/* in the order in which the command named the streams */
	for (i = 0; i < rp->num_handles; ++i) {
		u16 handle = __le16_to_cpu(rp->handle[i]);

		evt_u64(hdev, "bthci_evt.cis_handle", handle);
		cis_configured(hdev, rp->cig_id, cp->cis[i].cis_id, handle);
	}

unlock:
	hci_dev_unlock(hdev);

	return rp->status;
}

static u8 hci_cc_le_setup_iso_path(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_rp_le_setup_iso_path *rp = data;
	struct hci_cp_le_setup_iso_path *cp;
	struct hci_conn *conn;

	cp = hci_sent_cmd_data(hdev, HCI_OP_LE_SETUP_ISO_PATH);
	if (malformed(!cp))
		return rp->status;

	hci_dev_lock(hdev);

	/* the command's handle, whatever the answer names */
	conn = hci_conn_hash_lookup_handle(hdev, __le16_to_cpu(cp->handle));
	if (malformed(!conn))
		goto unlock;

	if (malformed(rp->status)) {
		hci_connect_cfm(conn, rp->status);
		hci_conn_del(conn);
		goto unlock;
	}

	switch (cp->direction) {
	/* host to controller: the last one only if nothing flows back */
	case 0x00:
		if (conn->iso_qos.out.sdu && !conn->iso_qos.in.sdu)
			hci_connect_cfm(conn, rp->status);
		break;
	/* controller to host: always set up last */
	case 0x01:
		hci_connect_cfm(conn, rp->status);
		break;
	}

unlock:
	hci_dev_unlock(hdev);
	return rp->status;
}

const struct hci_cc hci_cc_iso_table[] = {
	HCI_CC_RP(HCI_OP_LE_READ_BUFFER_SIZE_V2, hci_cc_le_read_buffer_size_v2,
		  hci_rp_le_read_buffer_size_v2),
	HCI_CC_VL(HCI_OP_LE_SET_CIG_PARAMS, hci_cc_le_set_cig_params,
		  sizeof(struct hci_rp_le_set_cig_params), HCI_MAX_EVENT_SIZE),
	HCI_CC_RP(HCI_OP_LE_SETUP_ISO_PATH, hci_cc_le_setup_iso_path,
		  hci_rp_le_setup_iso_path),
};

const size_t hci_cc_iso_count = ARRAY_SIZE(hci_cc_iso_table);
