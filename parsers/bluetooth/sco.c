// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCO and eSCO links as sockets see them.
 *
 * Modelled on: Linux 6.1 net/bluetooth/sco.c
 * Spec: Core 5.4 Vol 4 Part E 7.1.26 to 7.1.28, 5.4.3
 * Differs: sockets are what audio_sock.h leaves of them.
 */
#include <linux/err.h>
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

#include "audio_sock.h"
#include "hci_core_priv.h"

#define SCO_CONN_TIMEOUT	(HZ * 40)
#define SCO_DISCONN_TIMEOUT	(HZ * 2)

struct sco_conn {
	struct hci_conn *hcon;
	struct audio_sock *sk;
	struct delayed_work timeout_work;
	unsigned int mtu;
};

static LIST_HEAD(sco_sk_list);

static struct audio_sock *sco_sock_hold(struct sco_conn *conn)
{
	if (!conn->sk)
		return NULL;
	audio_sock_hold(conn->sk);
	return conn->sk;
}

static void sco_sock_timeout(struct work_struct *work)
{
	struct sco_conn *conn = container_of(work, struct sco_conn, timeout_work.work);
	struct audio_sock *sk;

	if (!conn->hcon)
		return;
	sk = sco_sock_hold(conn);
	if (!sk)
		return;
	sk->err = ETIMEDOUT;
	audio_sock_put(sk);
}

static void sco_sock_set_timer(struct audio_sock *sk, long timeout)
{
	struct sco_conn *conn = sk->conn;

	if (!conn)
		return;
	cancel_delayed_work(&conn->timeout_work);
	schedule_delayed_work(&conn->timeout_work, timeout);
}

static void sco_sock_clear_timer(struct audio_sock *sk)
{
	struct sco_conn *conn = sk->conn;

	if (conn)
		cancel_delayed_work(&conn->timeout_work);
}

static struct sco_conn *sco_conn_add(struct hci_conn *hcon)
{
	struct sco_conn *conn = hcon->sco_data;

	if (conn) {
		if (!conn->hcon)
			conn->hcon = hcon;
		return conn;
	}
	conn = kzalloc(sizeof(*conn), GFP_KERNEL);
	if (!conn)
		return NULL;
	INIT_DELAYED_WORK(&conn->timeout_work, sco_sock_timeout);
	hcon->sco_data = conn;
	conn->hcon = hcon;
	conn->mtu = hcon->mtu > 0 ? hcon->mtu : 60;
	return conn;
}

/* The socket loses its link. */
static void sco_chan_del(struct audio_sock *sk, int err)
{
	struct sco_conn *conn = sk->conn;

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

/* The link goes, and takes what sockets keep of it along. */
static void sco_conn_del(struct hci_conn *hcon, int err)
{
	struct sco_conn *conn = hcon->sco_data;
	struct audio_sock *sk;

	if (!conn)
		return;
	sk = sco_sock_hold(conn);
	if (sk) {
		sco_sock_clear_timer(sk);
		sco_chan_del(sk, err);
		audio_sock_put(sk);
	}
	cancel_delayed_work_sync(&conn->timeout_work);
	hcon->sco_data = NULL;
	kfree(conn);
}

static int sco_chan_add(struct sco_conn *conn, struct audio_sock *sk)
{
	if (conn->sk || sk->conn)
		return -EBUSY;
	sk->conn = conn;
	conn->sk = sk;
	return 0;
}

static struct audio_sock *sco_get_sock_listen(bdaddr_t *src)
{
	struct audio_sock *sk;

	list_for_each_entry(sk, &sco_sk_list, list) {
		if (sk->state == BT_LISTEN &&
		    (!bacmp(&sk->src, src) || !bacmp(&sk->src, BDADDR_ANY)))
			return sk;
	}
	return NULL;
}

/* An incoming link: a new socket in the name of the listening one. */
static void sco_conn_accept(struct sco_conn *conn)
{
	struct audio_sock *parent, *sk;

	parent = sco_get_sock_listen(&conn->hcon->src);
	if (malformed(!parent))
		return;
	sk = audio_sock_alloc(&sco_sk_list);
	if (!sk)
		return;
	bacpy(&sk->src, &conn->hcon->src);
	bacpy(&sk->dst, &conn->hcon->dst);
	sk->setting = parent->setting;
	sk->defer_setup = parent->defer_setup;
	hci_conn_hold(conn->hcon);
	sco_chan_add(conn, sk);
	sk->state = parent->defer_setup ? BT_CONNECT2 : BT_CONNECTED;
	sink_effect_u64(conn->hcon->hdev->sink, "sco.accept", conn->hcon->handle);
}

static void sco_conn_ready(struct sco_conn *conn)
{
	struct audio_sock *sk = conn->sk;

	if (sk) {
		sco_sock_clear_timer(sk);
		sk->state = BT_CONNECTED;
	} else if (conn->hcon) {
		sco_conn_accept(conn);
	}
}

int sco_connect_ind(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 *flags)
{
	struct audio_sock *sk = sco_get_sock_listen(&hdev->bdaddr);

	if (malformed(!sk))
		return 0;
	if (sk->defer_setup)
		*flags |= HCI_PROTO_DEFER;
	return HCI_LM_ACCEPT;
}

static void sco_connect_cfm(struct hci_conn *hcon, u8 status)
{
	struct sco_conn *conn;

	if (hcon->type != SCO_LINK && hcon->type != ESCO_LINK)
		return;
	if (malformed(status)) {
		sco_conn_del(hcon, bt_to_errno(status));
		return;
	}
	conn = sco_conn_add(hcon);
	if (conn)
		sco_conn_ready(conn);
}

static void sco_disconn_cfm(struct hci_conn *hcon, u8 reason)
{
	if (hcon->type != SCO_LINK && hcon->type != ESCO_LINK)
		return;
	sco_conn_del(hcon, bt_to_errno(reason));
}

static void sco_recv_frame(struct hci_dev *hdev, struct sco_conn *conn,
			   struct sk_buff *skb)
{
	struct audio_sock *sk = sco_sock_hold(conn);

	if (malformed(!sk))
		goto drop;
	if (malformed(sk->state != BT_CONNECTED))
		goto drop_put;
	sink_bytes(hdev->sink, "bthci_sco.data", skb->data, skb->len);
	audio_sock_queue(hdev, sk, skb);
	audio_sock_put(sk);
	return;
drop_put:
	audio_sock_put(sk);
drop:
	sink_verdict(hdev->sink, -ENOTCONN, 0);
	kfree_skb(skb);
}

void sco_recv_scodata(struct hci_conn *hcon, struct sk_buff *skb)
{
	struct sco_conn *conn = hcon->sco_data;

	if (malformed(!conn))
		goto drop;
	if (malformed(!skb->len))
		goto drop;
	sco_recv_frame(hcon->hdev, conn, skb);
	return;
drop:
	sink_verdict(hcon->hdev->sink, -EINVAL, 0);
	kfree_skb(skb);
}

struct hci_cb sco_cb = {
	.name = "SCO",
	.connect_cfm = sco_connect_cfm,
	.disconn_cfm = sco_disconn_cfm,
};

int sco_sock_listen(struct hci_dev *hdev, bool defer)
{
	struct audio_sock *sk;

	if (sco_get_sock_listen(&hdev->bdaddr))
		return -EADDRINUSE;
	sk = audio_sock_alloc(&sco_sk_list);
	if (!sk)
		return -ENOMEM;
	bacpy(&sk->src, &hdev->bdaddr);
	sk->setting = BT_VOICE_CVSD_16BIT;
	sk->defer_setup = defer;
	sk->state = BT_LISTEN;
	return 0;
}

static int sco_attach(struct hci_conn *hcon, struct audio_sock *sk)
{
	struct sco_conn *conn = sco_conn_add(hcon);
	int err = conn ? sco_chan_add(conn, sk) : -ENOMEM;

	if (err) {
		hci_conn_drop(hcon);
		return err;
	}
	bacpy(&sk->src, &hcon->src);
	if (hcon->state == BT_CONNECTED) {
		sk->state = BT_CONNECTED;
	} else {
		sk->state = BT_CONNECT;
		sco_sock_set_timer(sk, SCO_CONN_TIMEOUT);
	}
	return 0;
}

int sco_sock_connect(struct hci_dev *hdev, bdaddr_t *dst, u16 setting, u8 codec)
{
	struct bt_codec bt_codec = { .id = codec };
	struct audio_sock *sk;
	struct hci_conn *hcon;
	int err;

	if ((setting & SCO_AIRMODE_MASK) == SCO_AIRMODE_TRANSP &&
	    (!lmp_transp_capable(hdev) || !lmp_esco_capable(hdev)))
		return -EOPNOTSUPP;
	sk = audio_sock_alloc(&sco_sk_list);
	if (!sk)
		return -ENOMEM;
	bacpy(&sk->dst, dst);
	hcon = hci_connect_sco(hdev, lmp_esco_capable(hdev) ? ESCO_LINK : SCO_LINK, dst,
			       setting, &bt_codec);
	err = IS_ERR(hcon) ? PTR_ERR(hcon) : sco_attach(hcon, sk);
	if (err)
		audio_sock_kill(sk);
	return err;
}

/* CVSD unless both sides have agreed on something better. */
static void sco_conn_defer_accept(struct hci_conn *conn, u16 setting)
{
	struct hci_dev *hdev = conn->hdev;
	struct hci_cp_accept_sync_conn_req cp;
	struct hci_cp_accept_conn_req legacy = { .role = 0x00 };

	conn->state = BT_CONFIG;
	if (!lmp_esco_capable(hdev)) {
		bacpy(&legacy.bdaddr, &conn->dst);
		hci_send_cmd(hdev, HCI_OP_ACCEPT_CONN_REQ, sizeof(legacy), &legacy);
		return;
	}
	bacpy(&cp.bdaddr, &conn->dst);
	cp.pkt_type = cpu_to_le16(conn->pkt_type);
	cp.tx_bandwidth = cpu_to_le32(0x00001f40);
	cp.rx_bandwidth = cpu_to_le32(0x00001f40);
	cp.content_format = cpu_to_le16(setting);
	cp.max_latency = cpu_to_le16(0xffff);
	cp.retrans_effort = 0xff;
	if ((setting & SCO_AIRMODE_MASK) == SCO_AIRMODE_TRANSP) {
		cp.max_latency = cpu_to_le16(conn->pkt_type & ESCO_2EV3 ? 0x0008 : 0x000d);
		cp.retrans_effort = 0x02;
	}
	hci_send_cmd(hdev, HCI_OP_ACCEPT_SYNC_CONN_REQ, sizeof(cp), &cp);
}

void sco_sock_accept(struct hci_conn *hcon)
{
	struct sco_conn *conn = hcon->sco_data;

	if (!conn || !conn->sk || conn->sk->state != BT_CONNECT2 || !conn->hcon)
		return;
	sco_conn_defer_accept(conn->hcon, conn->sk->setting);
	conn->sk->state = BT_CONFIG;
}

/* The application closes: the link follows after a while. */
void sco_sock_shutdown(struct hci_conn *hcon)
{
	struct sco_conn *conn = hcon->sco_data;
	struct audio_sock *sk = conn ? conn->sk : NULL;

	if (!sk)
		return;
	sco_sock_clear_timer(sk);
	if ((sk->state == BT_CONNECTED || sk->state == BT_CONFIG) && conn->hcon) {
		sk->state = BT_DISCONN;
		sco_sock_set_timer(sk, SCO_DISCONN_TIMEOUT);
		hci_conn_drop(conn->hcon);
		conn->hcon = NULL;
	} else {
		sco_chan_del(sk, ECONNRESET);
	}
}

/* Sockets without a link: those that listen. */
void sco_sock_cleanup(void)
{
	struct audio_sock *sk, *tmp;

	list_for_each_entry_safe(sk, tmp, &sco_sk_list, list)
		audio_sock_kill(sk);
}
