// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events of isochronous streams, connected (CIS) and broadcast (BIS), and of the
 * periodic advertising that broadcasts are found by.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_event.c (hci_le_pa_term_sync,
 *	hci_le_pa_sync_estabilished_evt, hci_le_per_adv_report_evt,
 *	hci_le_cis_estabilished_evt, hci_le_reject_cis, hci_le_accept_cis,
 *	hci_le_cis_req_evt, hci_le_create_big_complete_evt,
 *	hci_le_big_sync_established_evt, hci_le_big_info_adv_report_evt)
 * Spec: Bluetooth Core 5.4 Vol 4 Part E 7.7.65.14, 7.7.65.15, 7.7.65.25 to 7.7.65.34
 * Differs: Create BIG Complete refuses a handle above the controller's range; upstream
 *	does so in later versions (hci_conn_set_handle). CVE-2026-46138 is a variant:
 *	Linux 6.1 takes the first handle of the event only, later versions one for every
 *	stream that waits.
 */
#include "hci_event.h"
#include "hci_le.h"

/*
 * Periodic advertising
 */

int hci_le_pa_term_sync(struct hci_dev *hdev, __le16 handle)
{
	struct hci_cp_le_pa_term_sync cp;

	memset(&cp, 0, sizeof(cp));
	cp.handle = handle;

	return hci_send_cmd(hdev, HCI_OP_LE_PA_TERM_SYNC, sizeof(cp), &cp);
}

/* Whether anybody listens for broadcasts; otherwise the train is left. */
static void pa_sync_offer(struct hci_dev *hdev, bdaddr_t *bdaddr, __le16 sync_handle)
{
	int mask = hdev->link_mode;
	u8 flags = 0;

	mask |= hci_proto_connect_ind(hdev, bdaddr, ISO_LINK, &flags);
	if (!(mask & HCI_LM_ACCEPT))
		hci_le_pa_term_sync(hdev, sync_handle);
}

void hci_le_pa_sync_estabilished_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_le_pa_sync_established *ev = data;

	evt_u64(hdev, "bthci_evt.status", ev->status);
	if (malformed(ev->status))
		return;
	evt_u64(hdev, "bthci_evt.sync_handle", le16_to_cpu(ev->handle));
	evt_u64(hdev, "bthci_evt.le_address_type", ev->bdaddr_type);
	evt_ba(hdev, &ev->bdaddr);

	hci_dev_lock(hdev);
	hci_store_wake_reason(hdev, &ev->bdaddr, ev->bdaddr_type);

	hci_dev_clear_flag(hdev, HCI_PA_SYNC);

	pa_sync_offer(hdev, &ev->bdaddr, ev->handle);

	hci_dev_unlock(hdev);
}

void hci_le_per_adv_report_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_ev_le_per_adv_report *ev = data;

	evt_u64(hdev, "bthci_evt.sync_handle", le16_to_cpu(ev->sync_handle));

	hci_dev_lock(hdev);
	pa_sync_offer(hdev, BDADDR_ANY, ev->sync_handle);
	hci_dev_unlock(hdev);
}

void hci_le_big_info_adv_report_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_evt_le_big_info_adv_report *ev = data;

	evt_u64(hdev, "bthci_evt.sync_handle", le16_to_cpu(ev->sync_handle));

	hci_dev_lock(hdev);
	pa_sync_offer(hdev, BDADDR_ANY, ev->sync_handle);
	hci_dev_unlock(hdev);
}

/*
 * Connected streams
 */

/* Twenty-four bits, as delays and intervals are sent. */
static u32 le24_to_cpu(const u8 value[3])
{
	__le32 wide = 0;

	memcpy(&wide, value, 3);
	return le32_to_cpu(wide);
}

/* A peripheral learns from the event what its central has chosen. */
static void cis_peripheral_qos(struct hci_dev *hdev, struct bt_iso_qos *qos,
			       const struct hci_evt_le_cis_established *ev)
{
	qos->in.interval = le24_to_cpu(ev->c_latency);
	qos->out.interval = le24_to_cpu(ev->p_latency);
	qos->in.latency = le16_to_cpu(ev->interval);
	qos->out.latency = le16_to_cpu(ev->interval);
	qos->in.sdu = le16_to_cpu(ev->c_mtu);
	qos->out.sdu = le16_to_cpu(ev->p_mtu);
	qos->in.phy = ev->c_phy;
	qos->out.phy = ev->p_phy;

	evt_u64(hdev, "bthci_evt.transport_latency_m_to_s", qos->in.interval);
	evt_u64(hdev, "bthci_evt.transport_latency_s_to_m", qos->out.interval);
	evt_u64(hdev, "bthci_evt.phy_m_to_s", qos->in.phy);
	evt_u64(hdev, "bthci_evt.phy_s_to_m", qos->out.phy);
	evt_u64(hdev, "bthci_evt.max_pdu_m_to_s", qos->in.sdu);
	evt_u64(hdev, "bthci_evt.max_pdu_s_to_m", qos->out.sdu);
	evt_u64(hdev, "bthci_evt.iso_interval", qos->in.latency);
}

void hci_le_cis_estabilished_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_evt_le_cis_established *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);

	hci_dev_lock(hdev);

	conn = hci_ev_conn_handle(hdev, ev->handle);
	if (malformed(!conn))
		goto unlock;

	if (malformed(conn->type != ISO_LINK)) {
		bt_dev_err(hdev, "handle 0x%4.4x is no stream", conn->handle);
		hci_ev_refuse(hdev, -EINVAL);
		goto unlock;
	}

	if (conn->role == HCI_ROLE_SLAVE)
		cis_peripheral_qos(hdev, &conn->iso_qos, ev);

	if (malformed(ev->status)) {
		hci_connect_cfm(conn, ev->status);
		hci_conn_del(conn);
		goto unlock;
	}

	conn->state = BT_CONNECTED;
	hci_conn_add_sysfs(conn);
	hci_iso_setup_path(conn);

unlock:
	hci_dev_unlock(hdev);
}

/* The two answers to a request. */
static void hci_le_reject_cis(struct hci_dev *hdev, __le16 handle)
{
	struct hci_cp_le_reject_cis cp = {
		.handle = handle,
		.reason = HCI_ERROR_REJ_BAD_ADDR,
	};

	hci_send_cmd(hdev, HCI_OP_LE_REJECT_CIS, sizeof(cp), &cp);
}

static void hci_le_accept_cis(struct hci_dev *hdev, __le16 handle)
{
	struct hci_cp_le_accept_cis cp = { .handle = handle };

	hci_send_cmd(hdev, HCI_OP_LE_ACCEPT_CIS, sizeof(cp), &cp);
}

static void sink_cis_req(struct hci_dev *hdev, const struct hci_evt_le_cis_req *ev)
{
	evt_u64(hdev, "bthci_evt.cis_handle", __le16_to_cpu(ev->cis_handle));
	evt_u64(hdev, "bthci_evt.cig_id", ev->cig_id);
	evt_u64(hdev, "bthci_evt.cis_id", ev->cis_id);
}

void hci_le_cis_req_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_evt_le_cis_req *ev = data;
	struct hci_conn *acl, *cis;
	int mask;
	u8 flags = 0;

	hci_dev_lock(hdev);

	acl = hci_ev_conn_handle(hdev, ev->acl_handle);
	sink_cis_req(hdev, ev);
	if (malformed(!acl))
		goto unlock;

	mask = hci_proto_connect_ind(hdev, &acl->dst, ISO_LINK, &flags);
	if (!(mask & HCI_LM_ACCEPT)) {
		hci_le_reject_cis(hdev, ev->cis_handle);
		goto unlock;
	}

	cis = hci_conn_hash_lookup_handle(hdev, __le16_to_cpu(ev->cis_handle));
	if (!cis) {
		cis = hci_conn_add(hdev, ISO_LINK, &acl->dst, HCI_ROLE_SLAVE,
				   __le16_to_cpu(ev->cis_handle));
		if (IS_ERR(cis)) {
			hci_le_reject_cis(hdev, ev->cis_handle);
			goto unlock;
		}
	}

	cis->iso_qos.cig = ev->cig_id;
	cis->iso_qos.cis = ev->cis_id;

	if (!(flags & HCI_PROTO_DEFER)) {
		hci_le_accept_cis(hdev, ev->cis_handle);
	} else {
		cis->state = BT_CONNECT2;
		hci_connect_cfm(cis, 0);
	}

unlock:
	hci_dev_unlock(hdev);
}

/*
 * Broadcast streams
 */

/* Give the stream the first of the handles that the event brings. */
static bool big_take_handle(struct hci_dev *hdev, struct hci_conn *conn,
			    const struct hci_evt_le_create_big_complete *ev)
{
	u16 handle;

	if (malformed_in(CVE_2026_46138, !ev->num_bis))
		return true;

	handle = __le16_to_cpu(ev->bis_handle[0]);
	evt_u64(hdev, "bthci_evt.bis_handle", handle);
	/* above, handles are the host's own: one of them would be given back twice */
	if (malformed(handle > HCI_CONN_HANDLE_MAX)) {
		hci_ev_refuse(hdev, -ERANGE);
		return false;
	}

	if (HCI_CONN_HANDLE_UNSET(conn->handle))
		ida_free(&hdev->unset_handle_ida, conn->handle);
	conn->handle = handle;
	return true;
}

void hci_le_create_big_complete_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_evt_le_create_big_complete *ev = data;
	struct hci_conn *conn;

	evt_u64(hdev, "bthci_evt.status", ev->status);
	evt_u64(hdev, "bthci_evt.big_handle", ev->handle);
	evt_u64(hdev, "bthci_evt.num_bis", ev->num_bis);

	if (malformed(!hci_le_ev_skb_pull(hdev, skb, HCI_EVT_LE_CREATE_BIG_COMPLETE,
					  flex_array_size(ev, bis_handle, ev->num_bis)))) {
		hci_ev_refuse(hdev, -EBADMSG);
		return;
	}

	hci_dev_lock(hdev);

	conn = hci_conn_hash_lookup_big(hdev, ev->handle);
	if (malformed(!conn)) {
		hci_ev_refuse(hdev, -ENOENT);
		goto unlock;
	}

	if (malformed(conn->type != ISO_LINK)) {
		bt_dev_err(hdev, "BIG 0x%2.2x is no stream", ev->handle);
		hci_ev_refuse(hdev, -EINVAL);
		goto unlock;
	}

	if (!big_take_handle(hdev, conn, ev))
		goto unlock;

	if (!malformed(ev->status)) {
		conn->state = BT_CONNECTED;
		hci_conn_add_sysfs(conn);
		hci_iso_setup_path(conn);
		goto unlock;
	}

	hci_connect_cfm(conn, ev->status);
	hci_conn_del(conn);

unlock:
	hci_dev_unlock(hdev);
}

/* One stream that is received, with its handle; NULL: it is not to be had. */
static struct hci_conn *big_sync_bis(struct hci_dev *hdev, u16 handle)
{
	struct hci_conn *bis;

	bis = hci_conn_hash_lookup_handle(hdev, handle);
	if (bis)
		return bis;

	/* above, handles are the host's own: it would be given back, never taken */
	if (malformed_in(CVE_2024_42133, handle > HCI_CONN_HANDLE_MAX)) {
		hci_ev_refuse(hdev, -ERANGE);
		return NULL;
	}

	bis = hci_conn_add(hdev, ISO_LINK, BDADDR_ANY, HCI_ROLE_SLAVE, handle);
	return IS_ERR(bis) ? NULL : bis;
}

void hci_le_big_sync_established_evt(struct hci_dev *hdev, void *data, struct sk_buff *skb)
{
	struct hci_evt_le_big_sync_estabilished *ev = data;
	struct hci_conn *bis;
	int i;

	evt_u64(hdev, "bthci_evt.status", ev->status);
	evt_u64(hdev, "bthci_evt.big_handle", ev->handle);
	evt_u64(hdev, "bthci_evt.num_bis", ev->num_bis);

	if (malformed(!hci_le_ev_skb_pull(hdev, skb, HCI_EVT_LE_BIG_SYNC_ESTABILISHED,
					  flex_array_size(ev, bis, ev->num_bis)))) {
		hci_ev_refuse(hdev, -EBADMSG);
		return;
	}

	if (malformed(ev->status))
		return;

	hci_dev_lock(hdev);

	for (i = 0; i < ev->num_bis; i++) {
		u16 handle = le16_to_cpu(ev->bis[i]);

		evt_u64(hdev, "bthci_evt.bis_handle", handle);
		bis = big_sync_bis(hdev, handle);
		if (!bis)
			continue;

		bis->iso_qos.big = ev->handle;
		bis->iso_qos.in.interval = le24_to_cpu(ev->latency);
		/* slots of 1.25 ms; more than a minute does not fit, here as upstream */
		bis->iso_qos.in.latency = (u16)(le16_to_cpu(ev->interval) * 125 / 100);
		bis->iso_qos.in.sdu = le16_to_cpu(ev->max_pdu);
		evt_u64(hdev, "bthci_evt.big_transport_latency", bis->iso_qos.in.interval);
		evt_u64(hdev, "bthci_evt.iso_interval", le16_to_cpu(ev->interval));
		evt_u64(hdev, "bthci_evt.max_pdu", bis->iso_qos.in.sdu);

		hci_iso_setup_path(bis);
	}

	hci_dev_unlock(hdev);
}
