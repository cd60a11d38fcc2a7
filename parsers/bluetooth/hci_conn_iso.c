// SPDX-License-Identifier: GPL-2.0-only
/*
 * Isochronous links: streams of a connected group (CIS in a CIG) and of a broadcast
 * (BIS in a BIG).
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_conn.c (hci_bind_cis, hci_connect_cis,
 *	hci_connect_bis, hci_le_create_cis, cis_cleanup, bis_cleanup)
 * Spec: Core 5.4 Vol 4 Part E 7.8.97 to 7.8.109
 * Differs: what waits in the queue checks that its link is still there, as later
 *	kernels do.
 */
#include <linux/err.h>
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>

#include "eir.h"
#include "hci_core_priv.h"

enum { ISO_MAX_CIS = 0x1f, ISO_MAX_BIS = 0x11, EIR_BAA_SERVICE_UUID = 0x1851 };


struct iso_list_data {
	union {
		u8 cig;
		u8 big;
	};
	union {
		u8 cis;
		u8 bis;
		u16 sync_handle;
	};
	int count;
	u8 num_cis;
	bool fill;
	struct hci_cis_params params[ISO_MAX_CIS];
};

static void bis_list(struct hci_conn *conn, void *data)
{
	struct iso_list_data *d = data;

	if (bacmp(&conn->dst, BDADDR_ANY))
		return;
	if (d->big != conn->iso_qos.big || d->bis == BT_ISO_QOS_BIS_UNSET ||
	    d->bis != conn->iso_qos.bis)
		return;
	d->count++;
}

static void find_bis(struct hci_conn *conn, void *data)
{
	struct iso_list_data *d = data;

	if (!bacmp(&conn->dst, BDADDR_ANY))
		d->count++;
}

static void find_cis(struct hci_conn *conn, void *data)
{
	struct iso_list_data *d = data;

	if (bacmp(&conn->dst, BDADDR_ANY))
		d->count++;
}

static int terminate_big_sync(struct hci_dev *hdev, void *data)
{
	struct iso_list_data *d = data;

	hci_remove_ext_adv_instance_sync(hdev, d->bis, NULL);
	hci_conn_hash_list_state(hdev, find_bis, ISO_LINK, BT_CONNECTED, d);
	if (d->count)
		return 0;
	return hci_le_terminate_big_sync(hdev, d->big, HCI_ERROR_LOCAL_HOST_TERM);
}

static int big_terminate_sync(struct hci_dev *hdev, void *data)
{
	struct iso_list_data *d = data;

	hci_conn_hash_list_state(hdev, find_bis, ISO_LINK, BT_CONNECTED, d);
	if (d->count)
		return 0;
	hci_le_big_terminate_sync(hdev, d->big);
	return hci_le_pa_terminate_sync(hdev, d->sync_handle);
}

static void terminate_big_destroy(struct hci_dev *hdev, void *data, int err)
{
	kfree(data);
}

/* As broadcaster, end the broadcast; as receiver, stop listening to it. */
void bis_cleanup(struct hci_conn *conn)
{
	struct hci_dev *hdev = conn->hdev;
	hci_cmd_sync_work_func_t func;
	struct iso_list_data *d;

	if (conn->role == HCI_ROLE_MASTER &&
	    !test_and_clear_bit(HCI_CONN_PER_ADV, &conn->flags))
		return;
	d = kzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return;
	d->big = conn->iso_qos.big;
	if (conn->role == HCI_ROLE_MASTER) {
		d->bis = conn->iso_qos.bis;
		func = terminate_big_sync;
	} else {
		d->sync_handle = conn->sync_handle;
		func = big_terminate_sync;
	}
	if (hci_cmd_sync_queue(hdev, func, d, terminate_big_destroy))
		kfree(d);
}

static int remove_cig_sync(struct hci_dev *hdev, void *data)
{
	u8 handle = PTR_ERR(data);

	return hci_le_remove_cig_sync(hdev, handle);
}

/* The last stream takes its group along. */
void cis_cleanup(struct hci_conn *conn)
{
	struct hci_dev *hdev = conn->hdev;
	struct iso_list_data d;

	d.count = 0;
	hci_conn_hash_list_state(hdev, find_cis, ISO_LINK, BT_BOUND, &d);
	hci_conn_hash_list_state(hdev, find_cis, ISO_LINK, BT_CONNECT, &d);
	hci_conn_hash_list_state(hdev, find_cis, ISO_LINK, BT_CONNECTED, &d);
	if (d.count)
		return;
	hci_cmd_sync_queue(hdev, remove_cig_sync, ERR_PTR(conn->iso_qos.cig), NULL);
}

static int count_bis(struct hci_dev *hdev, u8 big, u8 bis)
{
	struct iso_list_data data;

	data.big = big;
	data.bis = bis;
	data.count = 0;
	hci_conn_hash_list_state(hdev, bis_list, ISO_LINK, BT_BOUND, &data);
	return data.count;
}

static int qos_set_big(struct hci_dev *hdev, struct bt_iso_qos *qos)
{
	u8 big;

	if (qos->big != BT_ISO_QOS_BIG_UNSET)
		return 0;
	for (big = 0x00; big < 0xef; big++) {
		if (!count_bis(hdev, big, BT_ISO_QOS_BIS_UNSET))
			break;
	}
	if (big == 0xef)
		return -EADDRNOTAVAIL;
	qos->big = big;
	return 0;
}

/* A stream is advertised by a set of its own; set 0 is the general one. */
static int qos_set_bis(struct hci_dev *hdev, struct bt_iso_qos *qos)
{
	u8 bis;

	if (qos->bis != BT_ISO_QOS_BIS_UNSET)
		return 0;
	for (bis = 0x01; bis < hdev->le_num_of_adv_sets; bis++) {
		if (!count_bis(hdev, qos->big, bis))
			break;
	}
	if (bis >= hdev->le_num_of_adv_sets)
		return -EADDRNOTAVAIL;
	qos->bis = bis;
	return 0;
}

static struct hci_conn *hci_add_bis(struct hci_dev *hdev, bdaddr_t *dst,
				    struct bt_iso_qos *qos)
{
	struct hci_conn *conn;
	int err;

	if (!hci_dev_test_flag(hdev, HCI_LE_ENABLED))
		return ERR_PTR(lmp_le_capable(hdev) ? -ECONNREFUSED : -EOPNOTSUPP);
	err = qos_set_big(hdev, qos);
	if (!err)
		err = qos_set_bis(hdev, qos);
	if (err)
		return ERR_PTR(err);
	if (count_bis(hdev, qos->big, qos->bis) ||
	    hci_conn_hash_lookup_bis(hdev, dst, qos->big, qos->bis))
		return ERR_PTR(-EADDRINUSE);
	conn = hci_conn_add_unset(hdev, ISO_LINK, dst, HCI_ROLE_MASTER);
	if (IS_ERR(conn))
		return conn;
	set_bit(HCI_CONN_PER_ADV, &conn->flags);
	conn->state = BT_CONNECT;
	hci_conn_hold(conn);
	return conn;
}

static void cis_add(struct iso_list_data *d, struct bt_iso_qos *qos)
{
	struct hci_cis_params *cis = &d->params[d->num_cis++];

	cis->cis_id = qos->cis;
	cis->c_sdu = cpu_to_le16(qos->out.sdu);
	cis->p_sdu = cpu_to_le16(qos->in.sdu);
	cis->c_phy = qos->out.phy ? qos->out.phy : qos->in.phy;
	cis->p_phy = qos->in.phy ? qos->in.phy : qos->out.phy;
	cis->c_rtn = qos->out.rtn;
	cis->p_rtn = qos->in.rtn;
}

static void cis_list(struct hci_conn *conn, void *data)
{
	struct iso_list_data *d = data;

	if (!bacmp(&conn->dst, BDADDR_ANY))
		return;
	if (d->cig != conn->iso_qos.cig || d->cis == BT_ISO_QOS_CIS_UNSET ||
	    d->cis != conn->iso_qos.cis)
		return;
	d->count++;
	if (!d->fill || d->num_cis >= ARRAY_SIZE(d->params))
		return;
	cis_add(d, &conn->iso_qos);
}

static bool qos_set_cig(struct hci_dev *hdev, struct bt_iso_qos *qos,
			struct iso_list_data *d)
{
	if (qos->cig != BT_ISO_QOS_CIG_UNSET)
		return true;
	d->fill = false;
	d->cis = BT_ISO_QOS_CIS_UNSET;
	for (d->cig = 0x00; d->cig < 0xff; d->cig++) {
		d->count = 0;
		hci_conn_hash_list_state(hdev, cis_list, ISO_LINK, BT_BOUND, d);
		hci_conn_hash_list_state(hdev, cis_list, ISO_LINK, BT_CONNECTED, d);
		if (!d->count)
			break;
	}
	if (d->cig == 0xff)
		return false;
	qos->cig = d->cig;
	return true;
}

/* All streams of the group, which is configured as a whole. */
static bool qos_collect_cis(struct hci_dev *hdev, struct bt_iso_qos *qos,
			    struct iso_list_data *d)
{
	d->fill = true;
	d->num_cis = 0;
	d->cig = qos->cig;
	if (qos->cis != BT_ISO_QOS_CIS_UNSET) {
		d->count = 0;
		d->cis = qos->cis;
		hci_conn_hash_list_state(hdev, cis_list, ISO_LINK, BT_BOUND, d);
		if (d->count)
			return false;
		cis_add(d, qos);
	}
	for (d->cis = 0x00; d->cis < 0x11; d->cis++) {
		d->count = 0;
		hci_conn_hash_list_state(hdev, cis_list, ISO_LINK, BT_BOUND, d);
		if (d->count || qos->cis != BT_ISO_QOS_CIS_UNSET)
			continue;
		qos->cis = d->cis;
		cis_add(d, qos);
	}
	return qos->cis != BT_ISO_QOS_CIS_UNSET && d->num_cis;
}

static void set_cig_params_complete(struct hci_dev *hdev, void *data, int err)
{
	kfree(data);
}

static int set_cig_params_sync(struct hci_dev *hdev, void *data)
{
	struct hci_cp_le_set_cig_params *cp = data;
	u32 plen = sizeof(*cp) + cp->num_cis * sizeof(cp->cis[0]);

	return __hci_cmd_sync_status(hdev, HCI_OP_LE_SET_CIG_PARAMS, plen, cp,
				     HCI_CMD_TIMEOUT);
}

static bool hci_le_set_cig_params(struct hci_conn *conn, struct bt_iso_qos *qos)
{
	struct hci_dev *hdev = conn->hdev;
	struct hci_cp_le_set_cig_params *cp;
	struct iso_list_data data;

	if (!qos_set_cig(hdev, qos, &data) || !qos_collect_cis(hdev, qos, &data))
		return false;
	cp = kzalloc(sizeof(*cp) + data.num_cis * sizeof(cp->cis[0]), GFP_KERNEL);
	if (!cp)
		return false;
	cp->cig_id = qos->cig;
	hci_cpu_to_le24(qos->out.interval, cp->c_interval);
	hci_cpu_to_le24(qos->in.interval, cp->p_interval);
	cp->sca = qos->sca;
	cp->packing = qos->packing;
	cp->framing = qos->framing;
	cp->c_latency = cpu_to_le16(qos->out.latency);
	cp->p_latency = cpu_to_le16(qos->in.latency);
	cp->num_cis = data.num_cis;
	memcpy(cp->cis, data.params, data.num_cis * sizeof(cp->cis[0]));
	if (hci_cmd_sync_queue(hdev, set_cig_params_sync, cp,
			       set_cig_params_complete) < 0) {
		kfree(cp);
		return false;
	}
	return true;
}

/* Neither direction may be left without interval and latency. */
static void qos_complete(struct bt_iso_qos *qos)
{
	if (!qos->out.interval)
		qos->out.interval = qos->in.interval;
	if (!qos->in.interval)
		qos->in.interval = qos->out.interval;
	if (!qos->out.latency)
		qos->out.latency = qos->in.latency;
	if (!qos->in.latency)
		qos->in.latency = qos->out.latency;
}

struct hci_conn *hci_bind_cis(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type,
			      struct bt_iso_qos *qos)
{
	struct hci_conn *cis;
	bool fresh = false;

	cis = hci_conn_hash_lookup_cis(hdev, dst, dst_type, qos->cig, qos->cis);
	if (!cis) {
		cis = hci_conn_add_unset(hdev, ISO_LINK, dst, HCI_ROLE_MASTER);
		if (IS_ERR(cis))
			return cis;
		cis->cleanup = cis_cleanup;
		cis->dst_type = dst_type;
		fresh = true;
	}
	if (cis->state == BT_CONNECTED)
		return cis;
	if (cis->state == BT_BOUND && !memcmp(&cis->iso_qos, qos, sizeof(*qos)))
		return cis;
	cis->le_tx_phy = qos->out.phy;
	cis->le_rx_phy = qos->in.phy;
	qos_complete(qos);
	if (!hci_le_set_cig_params(cis, qos)) {
		if (fresh)
			hci_conn_del(cis);
		return ERR_PTR(-EINVAL);
	}
	cis->iso_qos = *qos;
	cis->state = BT_BOUND;
	return cis;
}

static bool hci_iso_setup_dir(struct hci_conn *conn, u8 direction)
{
	struct hci_cp_le_setup_iso_path cmd;

	memset(&cmd, 0, sizeof(cmd));
	cmd.handle = cpu_to_le16(conn->handle);
	cmd.direction = direction;
	cmd.path = 0x00;	/* over HCI */
	cmd.codec = 0x03;	/* transparent */
	return hci_send_cmd(conn->hdev, HCI_OP_LE_SETUP_ISO_PATH, sizeof(cmd), &cmd) >= 0;
}

bool hci_iso_setup_path(struct hci_conn *conn)
{
	if (conn->iso_qos.out.sdu && !hci_iso_setup_dir(conn, 0x00))
		return false;
	if (conn->iso_qos.in.sdu && !hci_iso_setup_dir(conn, 0x01))
		return false;
	return true;
}

/* All streams of the group at once, or none until all are ready. */
static int hci_create_cis_sync(struct hci_dev *hdev, void *data)
{
	struct {
		u8 num_cis;
		struct hci_cis cis[ISO_MAX_CIS];
	} __packed cmd;
	struct hci_conn *conn = data, *c;

	if (malformed(!hci_conn_valid(hdev, conn)))
		return -ECANCELED;
	if (malformed(!conn->link))
		return -ECANCELED;
	memset(&cmd, 0, sizeof(cmd));
	cmd.cis[0].acl_handle = cpu_to_le16(conn->link->handle);
	cmd.cis[0].cis_handle = cpu_to_le16(conn->handle);
	cmd.num_cis++;

	hci_dev_lock(hdev);
	rcu_read_lock();
	list_for_each_entry_rcu(c, &hdev->conn_hash.list, list) {
		if (c == conn || c->type != ISO_LINK || c->state == BT_CONNECTED ||
		    c->iso_qos.cig != conn->iso_qos.cig)
			continue;
		if (!c->link || c->link->state != BT_CONNECTED ||
		    c->state != BT_CONNECT || cmd.num_cis >= ISO_MAX_CIS) {
			cmd.num_cis = 0;
			break;
		}
		cmd.cis[cmd.num_cis].acl_handle = cpu_to_le16(c->link->handle);
		cmd.cis[cmd.num_cis].cis_handle = cpu_to_le16(c->handle);
		cmd.num_cis++;
	}
	rcu_read_unlock();
	hci_dev_unlock(hdev);
	if (!cmd.num_cis)
		return 0;
	return hci_send_cmd(hdev, HCI_OP_LE_CREATE_CIS,
			    1 + sizeof(cmd.cis[0]) * cmd.num_cis, &cmd);
}

int hci_le_create_cis(struct hci_conn *conn)
{
	struct hci_conn *cis;
	int err;

	switch (conn->type) {
	case LE_LINK:
		if (!conn->link || conn->state != BT_CONNECTED)
			return -EINVAL;
		cis = conn->link;
		break;
	case ISO_LINK:
		cis = conn;
		break;
	default:
		return -EINVAL;
	}
	if (cis->state == BT_CONNECT)
		return 0;
	err = hci_cmd_sync_queue(conn->hdev, hci_create_cis_sync, cis, NULL);
	if (err)
		return err;
	cis->state = BT_CONNECT;
	return 0;
}

/* What the application left open follows the LE link. */
static void hci_iso_qos_setup(struct hci_conn *conn, struct bt_iso_io_qos *qos, u8 phy)
{
	if (!qos->sdu && qos->phy)
		qos->sdu = conn->mtu;
	if (qos->phy == BT_ISO_PHY_ANY)
		qos->phy = phy;
	if (!qos->interval)
		qos->interval = conn->le_conn_interval * 1250;
	if (!qos->latency)
		qos->latency = conn->le_conn_latency;
}

struct hci_conn *hci_connect_cis(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type,
				 struct bt_iso_qos *qos)
{
	struct hci_conn *le, *cis;

	if (hci_dev_test_flag(hdev, HCI_ADVERTISING))
		le = hci_connect_le(hdev, dst, dst_type, false, BT_SECURITY_LOW,
				    HCI_LE_CONN_TIMEOUT, HCI_ROLE_SLAVE);
	else
		le = hci_connect_le_scan(hdev, dst, dst_type, BT_SECURITY_LOW,
					 HCI_LE_CONN_TIMEOUT, CONN_REASON_ISO_CONNECT);
	if (IS_ERR(le))
		return le;
	hci_iso_qos_setup(le, &qos->out,
			  le->le_tx_phy ? le->le_tx_phy : hdev->le_tx_def_phys);
	hci_iso_qos_setup(le, &qos->in,
			  le->le_rx_phy ? le->le_rx_phy : hdev->le_rx_def_phys);
	cis = hci_bind_cis(hdev, dst, dst_type, qos);
	if (IS_ERR(cis)) {
		hci_conn_drop(le);
		return cis;
	}
	le->link = cis;
	cis->link = le;
	hci_conn_hold(cis);
	if (le->state == BT_CONNECTED && !HCI_CONN_HANDLE_UNSET(cis->handle))
		hci_le_create_cis(le);
	return cis;
}

static int hci_le_create_big(struct hci_conn *conn, struct bt_iso_qos *qos)
{
	struct hci_cp_le_create_big cp;

	memset(&cp, 0, sizeof(cp));
	cp.handle = qos->big;
	cp.adv_handle = qos->bis;
	cp.num_bis = 0x01;
	hci_cpu_to_le24(qos->out.interval, cp.bis.sdu_interval);
	cp.bis.sdu = cpu_to_le16(qos->out.sdu);
	cp.bis.latency = cpu_to_le16(qos->out.latency);
	cp.bis.rtn = qos->out.rtn;
	cp.bis.phy = qos->out.phy;
	cp.bis.packing = qos->packing;
	cp.bis.framing = qos->framing;
	return hci_send_cmd(conn->hdev, HCI_OP_LE_CREATE_BIG, sizeof(cp), &cp);
}

static int create_big_sync(struct hci_dev *hdev, void *data)
{
	struct hci_conn *conn = data;
	struct bt_iso_qos *qos = &conn->iso_qos;
	u16 interval = qos->out.interval / 1250, sync_interval = 0;
	u32 flags = qos->out.phy == 0x02 ? MGMT_ADV_FLAG_SEC_2M : 0;
	int err;

	if (malformed(!hci_conn_valid(hdev, conn)))
		return -ECANCELED;
	if (qos->bis)
		sync_interval = qos->sync_interval * 1600;
	err = hci_start_per_adv_sync(hdev, qos->bis, conn->le_per_adv_data_len,
				     conn->le_per_adv_data, flags, interval, interval,
				     sync_interval);
	if (err)
		return err;
	return hci_le_create_big(conn, qos);
}

static void create_big_complete(struct hci_dev *hdev, void *data, int err)
{
	struct hci_conn *conn = data;

	if (err != -ECANCELED) {
		hci_dev_lock(hdev);
		if (err && hci_conn_valid(hdev, conn)) {
			hci_connect_cfm(conn, bt_status(err));
			hci_conn_del(conn);
		}
		hci_dev_unlock(hdev);
	}
	hci_conn_put(conn);
}

struct hci_conn *hci_connect_bis(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type,
				 struct bt_iso_qos *qos, u8 base_len, u8 *base)
{
	struct hci_conn *conn;
	int err;

	conn = hci_add_bis(hdev, dst, qos);
	if (IS_ERR(conn))
		return conn;
	conn->le_tx_phy = qos->out.phy;
	conn->iso_qos = *qos;
	conn->state = BT_BOUND;
	if (base_len && base)
		conn->le_per_adv_data_len =
			eir_append_service_data(conn->le_per_adv_data, 0,
						EIR_BAA_SERVICE_UUID, base, base_len);
	err = hci_cmd_sync_queue(hdev, create_big_sync, hci_conn_get(conn),
				 create_big_complete);
	if (err < 0) {
		hci_conn_drop(conn);
		hci_conn_put(conn);
		return ERR_PTR(err);
	}
	hci_iso_qos_setup(conn, &qos->out,
			  conn->le_tx_phy ? conn->le_tx_phy : hdev->le_tx_def_phys);
	return conn;
}

static void create_pa_complete(struct hci_dev *hdev, void *data, int err)
{
	kfree(data);
}

static int create_pa_sync(struct hci_dev *hdev, void *data)
{
	struct hci_cp_le_pa_create_sync *cp = data;
	int err;

	err = __hci_cmd_sync_status(hdev, HCI_OP_LE_PA_CREATE_SYNC, sizeof(*cp), cp,
				    HCI_CMD_TIMEOUT);
	if (err) {
		hci_dev_clear_flag(hdev, HCI_PA_SYNC);
		return err;
	}
	return hci_update_passive_scan_sync(hdev);
}

int hci_pa_create_sync(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type, u8 sid)
{
	struct hci_cp_le_pa_create_sync *cp;
	int err;

	if (hci_dev_test_and_set_flag(hdev, HCI_PA_SYNC))
		return -EBUSY;
	cp = kzalloc(sizeof(*cp), GFP_KERNEL);
	if (!cp) {
		hci_dev_clear_flag(hdev, HCI_PA_SYNC);
		return -ENOMEM;
	}
	cp->sid = sid;
	cp->addr_type = dst_type == BDADDR_LE_PUBLIC ? ADDR_LE_DEV_PUBLIC :
						       ADDR_LE_DEV_RANDOM;
	bacpy(&cp->addr, dst);
	err = hci_cmd_sync_queue(hdev, create_pa_sync, cp, create_pa_complete);
	if (err)
		kfree(cp);
	return err;
}

int hci_le_big_create_sync(struct hci_dev *hdev, struct bt_iso_qos *qos,
			   u16 sync_handle, u8 num_bis, u8 bis[])
{
	struct {
		u8 head[offsetof(struct hci_cp_le_big_create_sync, bis)];
		u8 bis[ISO_MAX_BIS];
	} __packed pdu;
	struct hci_cp_le_big_create_sync *cp = (void *)&pdu;
	int err;

	if (malformed(num_bis > sizeof(pdu.bis)))
		return -EINVAL;
	err = qos_set_big(hdev, qos);
	if (err)
		return err;
	memset(&pdu, 0, sizeof(pdu));
	cp->handle = qos->big;
	cp->sync_handle = cpu_to_le16(sync_handle);
	cp->num_bis = num_bis;
	memcpy(pdu.bis, bis, num_bis);
	return hci_send_cmd(hdev, HCI_OP_LE_BIG_CREATE_SYNC, sizeof(pdu.head) + num_bis,
			    &pdu);
}
