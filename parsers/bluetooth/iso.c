// SPDX-License-Identifier: GPL-2.0-only
/*
 * Isochronous links as sockets see them: who takes a link or a broadcast, and the
 * SDUs that arrive in fragments.
 *
 * Modelled on: Linux 6.1 net/bluetooth/iso.c
 * Spec: Core 5.4 Vol 4 Part E 5.4.5 (ISO data packets); Basic Audio Profile 1.0.1 3.7
 * Differs: sockets are what audio_sock.h leaves of them; a periodic report is checked
 *	against the event that holds it.
 */
#include <linux/err.h>
#include <net/bluetooth/hci_core.h>
#include <net/bluetooth/iso.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

#include "audio_sock.h"
#include "eir.h"
#include "hci_core_priv.h"

#define ISO_CONN_TIMEOUT	(HZ * 40)
#define ISO_DISCONN_TIMEOUT	(HZ * 2)

enum { AF_BLUETOOTH_FAMILY = 31, EIR_BAA_SERVICE_UUID = 0x1851 };

struct iso_conn {
	struct hci_conn *hcon;
	struct audio_sock *sk;
	struct delayed_work timeout_work;
	struct sk_buff *rx_skb;		/* an SDU that is not complete */
	u32 rx_len;			/* what is missing of it */
};

static LIST_HEAD(iso_sk_list);

static struct audio_sock *iso_sock_hold(struct iso_conn *conn)
{
	if (!conn->sk)
		return NULL;
	audio_sock_hold(conn->sk);
	return conn->sk;
}

static void iso_sock_timeout(struct work_struct *work)
{
	struct iso_conn *conn = container_of(work, struct iso_conn, timeout_work.work);
	struct audio_sock *sk = iso_sock_hold(conn);

	if (!sk)
		return;
	sk->err = ETIMEDOUT;
	audio_sock_put(sk);
}

static void iso_sock_set_timer(struct audio_sock *sk, long timeout)
{
	struct iso_conn *conn = sk->conn;

	if (!conn)
		return;
	cancel_delayed_work(&conn->timeout_work);
	schedule_delayed_work(&conn->timeout_work, timeout);
}

static void iso_sock_clear_timer(struct audio_sock *sk)
{
	struct iso_conn *conn = sk->conn;

	if (conn)
		cancel_delayed_work(&conn->timeout_work);
}

static struct iso_conn *iso_conn_add(struct hci_conn *hcon)
{
	struct iso_conn *conn = hcon->iso_data;

	if (conn) {
		if (!conn->hcon)
			conn->hcon = hcon;
		return conn;
	}
	conn = kzalloc(sizeof(*conn), GFP_KERNEL);
	if (!conn)
		return NULL;
	INIT_DELAYED_WORK(&conn->timeout_work, iso_sock_timeout);
	hcon->iso_data = conn;
	conn->hcon = hcon;
	return conn;
}

static void iso_chan_del(struct audio_sock *sk, int err)
{
	struct iso_conn *conn = sk->conn;

	if (conn) {
		conn->sk = NULL;
		sk->conn = NULL;
		if (conn->hcon)
			hci_conn_drop(conn->hcon);
	}
	sk->state = BT_CLOSED;
	sk->err = err;
	sk->zapped = true;
	audio_sock_kill(sk);
}

static void iso_conn_del(struct hci_conn *hcon, int err)
{
	struct iso_conn *conn = hcon->iso_data;
	struct audio_sock *sk;

	if (!conn)
		return;
	sk = iso_sock_hold(conn);
	if (sk) {
		iso_sock_clear_timer(sk);
		iso_chan_del(sk, err);
		audio_sock_put(sk);
	}
	cancel_delayed_work_sync(&conn->timeout_work);
	hcon->iso_data = NULL;
	kfree_skb(conn->rx_skb);
	kfree(conn);
}

static int iso_chan_add(struct iso_conn *conn, struct audio_sock *sk)
{
	if (sk->conn == conn && conn->sk == sk)
		return 0;
	if (conn->sk)
		return -EBUSY;
	if (sk->conn)
		return -EISCONN;
	sk->conn = conn;
	conn->sk = sk;
	return 0;
}

typedef bool (*iso_sock_match_t)(struct audio_sock *sk, void *data);

static struct audio_sock *iso_get_sock_listen(bdaddr_t *src, bdaddr_t *dst,
					      iso_sock_match_t match, void *data)
{
	struct audio_sock *sk;

	list_for_each_entry(sk, &iso_sk_list, list) {
		if (sk->state != BT_LISTEN)
			continue;
		if (bacmp(dst, BDADDR_ANY) && bacmp(&sk->dst, dst))
			continue;
		if (match && !match(sk, data))
			continue;
		if (!bacmp(&sk->src, src) || !bacmp(&sk->src, BDADDR_ANY))
			return sk;
	}
	return NULL;
}

static bool iso_match_big(struct audio_sock *sk, void *data)
{
	struct hci_evt_le_big_sync_estabilished *ev = data;

	return ev->handle == sk->qos.big;
}

static bool iso_match_sid(struct audio_sock *sk, void *data)
{
	struct hci_ev_le_pa_sync_established *ev = data;

	return ev->sid == sk->bc_sid;
}

static bool iso_match_sync_handle(struct audio_sock *sk, void *data)
{
	struct hci_evt_le_big_info_adv_report *ev = data;

	return le16_to_cpu(ev->sync_handle) == sk->sync_handle;
}

static bool iso_match_sync_handle_pa_report(struct audio_sock *sk, void *data)
{
	struct hci_ev_le_per_adv_report *ev = data;

	return le16_to_cpu(ev->sync_handle) == sk->sync_handle;
}

/* Who waits for this link? For a broadcast, by the event that announced it. */
static struct audio_sock *iso_conn_parent(struct hci_conn *hcon)
{
	struct hci_evt_le_big_sync_estabilished *ev;

	ev = hci_recv_event_data(hcon->hdev, HCI_EVT_LE_BIG_SYNC_ESTABILISHED);
	if (ev)
		return iso_get_sock_listen(&hcon->src, &hcon->dst, iso_match_big, ev);
	return iso_get_sock_listen(&hcon->src, BDADDR_ANY, NULL, NULL);
}

static void iso_conn_accept(struct iso_conn *conn)
{
	struct hci_conn *hcon = conn->hcon;
	struct audio_sock *parent = iso_conn_parent(hcon), *sk;

	if (malformed(!parent))
		return;
	sk = audio_sock_alloc(&iso_sk_list);
	if (!sk)
		return;
	bacpy(&sk->src, &hcon->src);
	sk->src_type = hcon->src_type;
	/* a broadcast has no peer: take the one that was listened for */
	if (!bacmp(&hcon->dst, BDADDR_ANY)) {
		bacpy(&hcon->dst, &parent->dst);
		hcon->dst_type = parent->dst_type;
		hcon->sync_handle = parent->sync_handle;
	}
	bacpy(&sk->dst, &hcon->dst);
	sk->dst_type = hcon->dst_type == ADDR_LE_DEV_PUBLIC ? BDADDR_LE_PUBLIC :
							      BDADDR_LE_RANDOM;
	sk->sync_handle = parent->sync_handle;
	memcpy(sk->base, parent->base, parent->base_len);
	sk->base_len = parent->base_len;
	sk->defer_setup = parent->defer_setup;
	hci_conn_hold(hcon);
	iso_chan_add(conn, sk);
	sk->state = parent->defer_setup ? BT_CONNECT2 : BT_CONNECTED;
	sink_effect_u64(hcon->hdev->sink, "iso.accept", hcon->handle);
}

static void iso_conn_ready(struct iso_conn *conn)
{
	struct audio_sock *sk = conn->sk;

	if (sk) {
		iso_sock_clear_timer(sk);
		sk->state = BT_CONNECTED;
	} else if (conn->hcon) {
		iso_conn_accept(conn);
	}
}

/* What is announced of the streams of a broadcast: listen to those that exist. */
static struct audio_sock *iso_big_info_ind(struct hci_dev *hdev, bdaddr_t *bdaddr,
					   struct hci_evt_le_big_info_adv_report *ev)
{
	struct audio_sock *sk;

	sk = iso_get_sock_listen(&hdev->bdaddr, bdaddr, iso_match_sync_handle, ev);
	if (malformed(!sk))
		return NULL;
	if (malformed(ev->num_bis < sk->bc_num_bis))
		sk->bc_num_bis = ev->num_bis;
	if (hci_le_big_create_sync(hdev, &sk->qos, sk->sync_handle, sk->bc_num_bis,
				   sk->bc_bis))
		return NULL;
	return sk;
}

/* The description of a broadcast, for who listens to it. */
static struct audio_sock *iso_pa_report_ind(struct hci_dev *hdev, bdaddr_t *bdaddr,
					    struct hci_ev_le_per_adv_report *ev)
{
	size_t base_len = ev->length, room;
	struct audio_sock *sk;
	u8 *base;

	room = skb_tail_pointer(hdev->recv_event) - ev->data;
	if (malformed(base_len > room))
		return NULL;
	sk = iso_get_sock_listen(&hdev->bdaddr, bdaddr, iso_match_sync_handle_pa_report,
				 ev);
	base = eir_get_service_data(ev->data, ev->length, EIR_BAA_SERVICE_UUID,
				    &base_len);
	if (malformed(!base))
		return sk;
	if (malformed(!sk))
		return sk;
	if (malformed(base_len > sizeof(sk->base)))
		return sk;
	memcpy(sk->base, base, base_len);
	sk->base_len = base_len;
	return sk;
}

/*
 * Three events lead to a broadcast: the sync with its advertising, a report that
 * describes it, and one that says which streams it has. All others are unicast.
 */
static struct audio_sock *iso_listener(struct hci_dev *hdev, bdaddr_t *bdaddr)
{
	struct hci_ev_le_pa_sync_established *ev1;
	struct hci_evt_le_big_info_adv_report *ev2;
	struct hci_ev_le_per_adv_report *ev3;
	struct audio_sock *sk;

	ev1 = hci_recv_event_data(hdev, HCI_EV_LE_PA_SYNC_ESTABLISHED);
	if (ev1) {
		sk = iso_get_sock_listen(&hdev->bdaddr, bdaddr, iso_match_sid, ev1);
		if (sk)
			sk->sync_handle = le16_to_cpu(ev1->handle);
		return sk;
	}
	ev2 = hci_recv_event_data(hdev, HCI_EVT_LE_BIG_INFO_ADV_REPORT);
	if (ev2)
		return iso_big_info_ind(hdev, bdaddr, ev2);
	ev3 = hci_recv_event_data(hdev, HCI_EV_LE_PER_ADV_REPORT);
	if (ev3)
		return iso_pa_report_ind(hdev, bdaddr, ev3);
	return iso_get_sock_listen(&hdev->bdaddr, BDADDR_ANY, NULL, NULL);
}

int iso_connect_ind(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 *flags)
{
	struct audio_sock *sk = iso_listener(hdev, bdaddr);

	if (malformed(!sk))
		return 0;
	if (sk->defer_setup)
		*flags |= HCI_PROTO_DEFER;
	return HCI_LM_ACCEPT;
}

static void iso_connect_cfm(struct hci_conn *hcon, u8 status)
{
	struct iso_conn *conn;

	if (hcon->type == LE_LINK) {
		if (!status)
			hci_le_create_cis(hcon);
		else if (hcon->link)
			iso_conn_del(hcon->link, bt_to_errno(status));
		return;
	}
	if (hcon->type != ISO_LINK)
		return;
	if (malformed(status)) {
		iso_conn_del(hcon, bt_to_errno(status));
		return;
	}
	conn = iso_conn_add(hcon);
	if (conn)
		iso_conn_ready(conn);
}

static void iso_disconn_cfm(struct hci_conn *hcon, u8 reason)
{
	if (hcon->type == ISO_LINK)
		iso_conn_del(hcon, bt_to_errno(reason));
}

static void iso_recv_frame(struct iso_conn *conn, struct hci_dev *hdev,
			   struct sk_buff *skb)
{
	struct audio_sock *sk = iso_sock_hold(conn);

	if (malformed(!sk))
		goto drop;
	if (malformed(sk->state != BT_CONNECTED))
		goto drop_put;
	sink_bytes(hdev->sink, "bthci_iso.data", skb->data, skb->len);
	audio_sock_queue(hdev, sk, skb);
	audio_sock_put(sk);
	return;
drop_put:
	audio_sock_put(sk);
drop:
	sink_verdict(hdev->sink, -ENOTCONN, 0);
	kfree_skb(skb);
}

static void iso_rx_drop(struct iso_conn *conn)
{
	kfree_skb(conn->rx_skb);
	conn->rx_skb = NULL;
	conn->rx_len = 0;
}

/* The header of an SDU. Return: its length field with the flags, or negative. */
static int iso_recv_hdr(struct hci_dev *hdev, struct sk_buff *skb, bool ts)
{
	struct hci_iso_ts_data_hdr *ts_hdr;
	struct hci_iso_data_hdr *hdr;

	if (ts) {
		ts_hdr = skb_pull_data(skb, HCI_ISO_TS_DATA_HDR_SIZE);
		if (malformed(!ts_hdr))
			return -EILSEQ;
		sink_u64(hdev->sink, "bthci_iso.timestamp", __le32_to_cpu(ts_hdr->ts));
		sink_u64(hdev->sink, "bthci_iso.packet_sequence_number",
			 __le16_to_cpu(ts_hdr->sn));
		return __le16_to_cpu(ts_hdr->slen);
	}
	hdr = skb_pull_data(skb, HCI_ISO_DATA_HDR_SIZE);
	if (malformed(!hdr))
		return -EILSEQ;
	sink_u64(hdev->sink, "bthci_iso.packet_sequence_number", __le16_to_cpu(hdr->sn));
	return __le16_to_cpu(hdr->slen);
}

enum iso_fate { ISO_KEPT = 0, ISO_PASSED_ON = 1 };	/* or negative errno */

static int iso_recv_start(struct iso_conn *conn, struct hci_dev *hdev,
			  struct sk_buff *skb, u16 pb, bool ts)
{
	int hdr;
	u32 len;

	if (malformed_in(CVE_2026_72334, conn->rx_skb) || malformed(conn->rx_len))
		iso_rx_drop(conn);
	hdr = iso_recv_hdr(hdev, skb, ts);
	if (hdr < 0)
		return hdr;
	len = hci_iso_data_len(hdr);
	sink_u64(hdev->sink, "bthci_iso.sdu_length", len);
	sink_u64(hdev->sink, "bthci_iso.packet_status_flag", hci_iso_data_flags(hdr));
	if (len == skb->len) {
		iso_recv_frame(conn, hdev, skb);
		return ISO_PASSED_ON;
	}
	if (malformed(pb == ISO_SINGLE))
		return -EINVAL;
	if (malformed(skb->len > len))
		return -EMSGSIZE;
	conn->rx_skb = bt_skb_alloc(len, GFP_KERNEL);
	if (!conn->rx_skb)
		return -ENOMEM;
	skb_copy_from_linear_data(skb, skb_put(conn->rx_skb, skb->len), skb->len);
	conn->rx_len = len - skb->len;
	return ISO_KEPT;
}

static int iso_recv_cont(struct iso_conn *conn, struct sk_buff *skb)
{
	if (malformed(!conn->rx_skb))
		return -EPROTO;
	if (malformed(skb->len > conn->rx_len)) {
		iso_rx_drop(conn);
		return -EMSGSIZE;
	}
	skb_copy_from_linear_data(skb, skb_put(conn->rx_skb, skb->len), skb->len);
	conn->rx_len -= skb->len;
	return ISO_KEPT;
}

static int iso_recv_end(struct iso_conn *conn, struct hci_dev *hdev,
			struct sk_buff *skb)
{
	struct sk_buff *rx_skb;

	if (malformed_in(CVE_2026_64128, !conn->rx_skb))
		return -EPROTO;
	if (malformed_in(CVE_2026_72334, skb->len > conn->rx_len)) {
		iso_rx_drop(conn);
		return -EMSGSIZE;
	}
	skb_copy_from_linear_data(skb, skb_put(conn->rx_skb, skb->len), skb->len);
	conn->rx_len -= skb->len;
	if (malformed(conn->rx_len)) {
		iso_rx_drop(conn);
		return -EINVAL;
	}
	rx_skb = conn->rx_skb;
	conn->rx_skb = NULL;
	iso_recv_frame(conn, hdev, rx_skb);
	return ISO_KEPT;
}

void iso_recv(struct hci_conn *hcon, struct sk_buff *skb, u16 flags)
{
	struct iso_conn *conn = hcon->iso_data;
	struct hci_dev *hdev = hcon->hdev;
	int err;

	if (malformed(!conn)) {
		err = -ENOTCONN;
		goto drop;
	}
	switch (hci_iso_flags_pb(flags)) {
	case ISO_CONT:
		err = iso_recv_cont(conn, skb);
		break;
	case ISO_END:
		err = iso_recv_end(conn, hdev, skb);
		break;
	default:
		err = iso_recv_start(conn, hdev, skb, hci_iso_flags_pb(flags),
				     hci_iso_flags_ts(flags));
		break;
	}
	if (err == ISO_PASSED_ON)
		return;
	sink_u64(hdev->sink, "iso.missing", conn->rx_len);
drop:
	sink_verdict(hdev->sink, err, 0);
	kfree_skb(skb);
}

struct hci_cb iso_cb = {
	.name = "ISO",
	.connect_cfm = iso_connect_cfm,
	.disconn_cfm = iso_disconn_cfm,
};

/* With a peer, for its broadcast @sid; without one, for streams from anybody. */
int iso_sock_listen(struct hci_dev *hdev, bool defer, bdaddr_t *dst, u8 dst_type,
		    u8 sid)
{
	struct audio_sock *sk = audio_sock_alloc(&iso_sk_list);
	u8 i;

	if (!sk)
		return -ENOMEM;
	bacpy(&sk->src, &hdev->bdaddr);
	sk->defer_setup = defer;
	sk->state = BT_LISTEN;
	if (!bacmp(dst, BDADDR_ANY))
		return 0;
	bacpy(&sk->dst, dst);
	sk->dst_type = dst_type;
	sk->bc_sid = sid;
	sk->bc_num_bis = ISO_MAX_NUM_BIS;
	for (i = 0; i < ISO_MAX_NUM_BIS; i++)
		sk->bc_bis[i] = i + 1;
	sk->qos.big = BT_ISO_QOS_BIG_UNSET;
	sk->qos.bis = BT_ISO_QOS_BIS_UNSET;
	return hci_pa_create_sync(hdev, dst, dst_type, sid);
}

static int iso_attach(struct hci_conn *hcon, struct audio_sock *sk)
{
	struct iso_conn *conn = iso_conn_add(hcon);
	int err = conn ? iso_chan_add(conn, sk) : -ENOMEM;

	if (err) {
		hci_conn_drop(hcon);
		return err;
	}
	bacpy(&sk->src, &hcon->src);
	bacpy(&sk->dst, &hcon->dst);
	if (hcon->state == BT_CONNECTED) {
		sk->state = BT_CONNECTED;
	} else {
		sk->state = BT_CONNECT;
		iso_sock_set_timer(sk, ISO_CONN_TIMEOUT);
	}
	return 0;
}

static int iso_sock_connect(struct hci_conn *hcon, struct bt_iso_qos *qos)
{
	struct audio_sock *sk;
	int err;

	if (IS_ERR(hcon))
		return PTR_ERR(hcon);
	sk = audio_sock_alloc(&iso_sk_list);
	if (!sk) {
		hci_conn_drop(hcon);
		return -ENOMEM;
	}
	sk->qos = *qos;
	err = iso_attach(hcon, sk);
	if (err)
		audio_sock_kill(sk);
	return err;
}

int iso_sock_connect_cis(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type,
			 struct bt_iso_qos *qos)
{
	if (!cis_central_capable(hdev))
		return -EOPNOTSUPP;
	return iso_sock_connect(hci_connect_cis(hdev, dst, dst_type, qos), qos);
}

int iso_sock_connect_bis(struct hci_dev *hdev, struct bt_iso_qos *qos)
{
	static u8 base[] = { 0x40, 0x9c, 0x00, 0x01 };

	if (!bis_capable(hdev))
		return -EOPNOTSUPP;
	return iso_sock_connect(hci_connect_bis(hdev, BDADDR_ANY, BDADDR_LE_PUBLIC, qos,
						sizeof(base), base), qos);
}

void iso_sock_accept(struct hci_conn *hcon)
{
	struct iso_conn *conn = hcon->iso_data;
	struct hci_cp_le_accept_cis cp;

	if (!conn || !conn->sk || conn->sk->state != BT_CONNECT2 || !conn->hcon)
		return;
	hcon->state = BT_CONFIG;
	cp.handle = cpu_to_le16(hcon->handle);
	hci_send_cmd(hcon->hdev, HCI_OP_LE_ACCEPT_CIS, sizeof(cp), &cp);
	conn->sk->state = BT_CONFIG;
}

static void iso_conn_defer_reject(struct hci_conn *conn)
{
	struct hci_cp_le_reject_cis cp = {
		.handle = cpu_to_le16(conn->handle),
		.reason = HCI_ERROR_REJ_BAD_ADDR,
	};

	hci_send_cmd(conn->hdev, HCI_OP_LE_REJECT_CIS, sizeof(cp), &cp);
}

void iso_sock_shutdown(struct hci_conn *hcon)
{
	struct iso_conn *conn = hcon->iso_data;
	struct audio_sock *sk = conn ? conn->sk : NULL;

	if (!sk)
		return;
	iso_sock_clear_timer(sk);
	switch (sk->state) {
	case BT_CONNECTED:
	case BT_CONFIG:
		if (!conn->hcon)
			break;
		sk->state = BT_DISCONN;
		iso_sock_set_timer(sk, ISO_DISCONN_TIMEOUT);
		hci_conn_drop(conn->hcon);
		conn->hcon = NULL;
		return;
	case BT_CONNECT2:
		if (conn->hcon)
			iso_conn_defer_reject(conn->hcon);
		break;
	}
	iso_chan_del(sk, ECONNRESET);
}

/* The address goes to the application whole, also what a unicast one does not use. */
int iso_sock_getname(struct hci_conn *hcon, struct sockaddr_iso *sa, bool peer)
{
	struct iso_conn *conn = hcon->iso_data;
	struct audio_sock *sk = conn ? conn->sk : NULL;

	if (!sk)
		return -ENOTCONN;
	triggered(CVE_2026_80761, !sk->bc_num_bis);
	if (fixed(CVE_2026_80761))
		memset(sa, 0, sizeof(*sa));
	sa->iso_family = AF_BLUETOOTH_FAMILY;
	bacpy(&sa->iso_bdaddr, peer ? &sk->dst : &sk->src);
	sa->iso_bdaddr_type = peer ? sk->dst_type : sk->src_type;
	sink_effect_bytes(hcon->hdev->sink, "iso.sockaddr", sa, sizeof(*sa));
	return sizeof(*sa);
}

void iso_sock_cleanup(void)
{
	struct audio_sock *sk, *tmp;

	list_for_each_entry_safe(sk, tmp, &iso_sk_list, list)
		audio_sock_kill(sk);
}
