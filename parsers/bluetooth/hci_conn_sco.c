// SPDX-License-Identifier: GPL-2.0-only
/*
 * Synchronous links beside an ACL link: asking for them, parameter set by parameter
 * set, until the controller and the peer agree.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_conn.c (hci_connect_sco, hci_setup_sync,
 *	hci_enhanced_setup_sync, hci_sco_setup)
 * Spec: Core 5.4 Vol 4 Part E 7.1.26, 7.1.45; Hands-Free Profile 1.8 5.7 (the sets)
 * Differs: no data path configuration (a vendor's); a link without its ACL link is
 *	not set up.
 */
#include <linux/err.h>
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>

#include "hci_core_priv.h"

struct sco_param {
	u16 pkt_type;
	u16 max_latency;
	u8 retrans_effort;
};

struct conn_handle_t {
	struct hci_conn *conn;
	u16 handle;
};

static const struct sco_param esco_param_cvsd[] = {
	{ EDR_ESCO_MASK & ~ESCO_2EV3, 0x000a, 0x01 },	/* S3 */
	{ EDR_ESCO_MASK & ~ESCO_2EV3, 0x0007, 0x01 },	/* S2 */
	{ EDR_ESCO_MASK | ESCO_EV3, 0x0007, 0x01 },	/* S1 */
	{ EDR_ESCO_MASK | ESCO_HV3, 0xffff, 0x01 },	/* D1 */
	{ EDR_ESCO_MASK | ESCO_HV1, 0xffff, 0x01 },	/* D0 */
};

static const struct sco_param sco_param_cvsd[] = {
	{ EDR_ESCO_MASK | ESCO_HV3, 0xffff, 0xff },	/* D1 */
	{ EDR_ESCO_MASK | ESCO_HV1, 0xffff, 0xff },	/* D0 */
};

static const struct sco_param esco_param_msbc[] = {
	{ EDR_ESCO_MASK & ~ESCO_2EV3, 0x000d, 0x02 },	/* T2 */
	{ EDR_ESCO_MASK | ESCO_EV3, 0x0008, 0x02 },	/* T1 */
};

static void hci_add_sco(struct hci_conn *conn, u16 handle)
{
	struct hci_cp_add_sco cp;

	conn->state = BT_CONNECT;
	conn->out = true;
	conn->attempt++;
	cp.handle = cpu_to_le16(handle);
	cp.pkt_type = cpu_to_le16(conn->pkt_type);
	hci_send_cmd(conn->hdev, HCI_OP_ADD_SCO, sizeof(cp), &cp);
}

/* Attempts whose packets the peer lacks are passed over. */
static const struct sco_param *find_next_esco_param(struct hci_conn *conn,
						    const struct sco_param *set,
						    int size)
{
	for (; conn->attempt <= size; conn->attempt++) {
		if (lmp_esco_2m_capable(conn->link) ||
		    (set[conn->attempt - 1].pkt_type & ESCO_2EV3))
			return &set[conn->attempt - 1];
	}
	return NULL;
}

static const struct sco_param *find_cvsd_param(struct hci_conn *conn)
{
	if (lmp_esco_capable(conn->link))
		return find_next_esco_param(conn, esco_param_cvsd,
					    ARRAY_SIZE(esco_param_cvsd));
	if (conn->attempt > ARRAY_SIZE(sco_param_cvsd))
		return NULL;
	return &sco_param_cvsd[conn->attempt - 1];
}

struct sco_coding {
	u8 air;			/* coding format on the air */
	u8 host;		/* and towards the host */
	u32 bandwidth;
	u8 transport_unit;
};

static const struct sco_coding sco_coding_msbc = { 0x05, 0x04, 32000, 1 };
static const struct sco_coding sco_coding_transparent = { 0x03, 0x03, 0x1f40, 1 };
static const struct sco_coding sco_coding_cvsd = { 0x02, 0x04, 16000, 16 };

static void hci_fill_coding(struct hci_cp_enhanced_setup_sync_conn *cp,
			    const struct sco_coding *coding, u8 data_path)
{
	cp->tx_coding_format.id = coding->air;
	cp->rx_coding_format.id = coding->air;
	cp->tx_codec_frame_size = cpu_to_le16(60);
	cp->rx_codec_frame_size = cpu_to_le16(60);
	cp->in_bandwidth = cpu_to_le32(coding->bandwidth);
	cp->out_bandwidth = cpu_to_le32(coding->bandwidth);
	cp->in_coding_format.id = coding->host;
	cp->out_coding_format.id = coding->host;
	cp->in_coded_data_size = cpu_to_le16(16);
	cp->out_coded_data_size = cpu_to_le16(16);
	cp->in_pcm_data_format = 2;
	cp->out_pcm_data_format = 2;
	cp->in_data_path = data_path;
	cp->out_data_path = data_path;
	cp->in_transport_unit_size = coding->transport_unit;
	cp->out_transport_unit_size = coding->transport_unit;
}

static const struct sco_param *
hci_choose_coding(struct hci_conn *conn, struct hci_cp_enhanced_setup_sync_conn *cp)
{
	switch (conn->codec.id) {
	case BT_CODEC_MSBC:
		hci_fill_coding(cp, &sco_coding_msbc, conn->codec.data_path);
		return find_next_esco_param(conn, esco_param_msbc,
					    ARRAY_SIZE(esco_param_msbc));
	case BT_CODEC_TRANSPARENT:
		hci_fill_coding(cp, &sco_coding_transparent, conn->codec.data_path);
		return find_next_esco_param(conn, esco_param_msbc,
					    ARRAY_SIZE(esco_param_msbc));
	case BT_CODEC_CVSD:
		hci_fill_coding(cp, &sco_coding_cvsd, conn->codec.data_path);
		return find_cvsd_param(conn);
	}
	return NULL;
}

/* By the time this runs, the link may be gone. */
static int hci_enhanced_setup_sync(struct hci_dev *hdev, void *data)
{
	struct conn_handle_t *conn_handle = data;
	struct hci_conn *conn = conn_handle->conn;
	struct hci_cp_enhanced_setup_sync_conn cp;
	const struct sco_param *param;

	if (malformed_in(CVE_2024_50029, !hci_conn_valid(hdev, conn)))
		return -ECANCELED;
	if (malformed(!conn->link))
		return -ECANCELED;
	conn->state = BT_CONNECT;
	conn->out = true;
	conn->attempt++;
	memset(&cp, 0, sizeof(cp));
	cp.handle = cpu_to_le16(conn_handle->handle);
	cp.tx_bandwidth = cpu_to_le32(0x00001f40);
	cp.rx_bandwidth = cpu_to_le32(0x00001f40);
	hci_dev_lock(hdev);
	param = hci_choose_coding(conn, &cp);
	hci_dev_unlock(hdev);
	if (malformed(!param))
		return -EINVAL;
	cp.retrans_effort = param->retrans_effort;
	cp.pkt_type = cpu_to_le16(param->pkt_type);
	cp.max_latency = cpu_to_le16(param->max_latency);
	if (hci_send_cmd(hdev, HCI_OP_ENHANCED_SETUP_SYNC_CONN, sizeof(cp), &cp) < 0)
		return -EIO;
	return 0;
}

static void hci_enhanced_setup_sync_destroy(struct hci_dev *hdev, void *data, int err)
{
	struct conn_handle_t *conn_handle = data;

	if (fixed(CVE_2024_50029))
		hci_conn_put(conn_handle->conn);
	kfree(conn_handle);
}

static bool hci_setup_sync_conn(struct hci_conn *conn, u16 handle)
{
	struct hci_cp_setup_sync_conn cp;
	const struct sco_param *param = NULL;

	if (malformed(!conn->link))
		return false;
	conn->state = BT_CONNECT;
	conn->out = true;
	conn->attempt++;
	switch (conn->setting & SCO_AIRMODE_MASK) {
	case SCO_AIRMODE_TRANSP:
		param = find_next_esco_param(conn, esco_param_msbc,
					     ARRAY_SIZE(esco_param_msbc));
		break;
	case SCO_AIRMODE_CVSD:
		param = find_cvsd_param(conn);
		break;
	}
	if (malformed(!param))
		return false;
	cp.handle = cpu_to_le16(handle);
	cp.tx_bandwidth = cpu_to_le32(0x00001f40);
	cp.rx_bandwidth = cpu_to_le32(0x00001f40);
	cp.voice_setting = cpu_to_le16(conn->setting);
	cp.retrans_effort = param->retrans_effort;
	cp.pkt_type = cpu_to_le16(param->pkt_type);
	cp.max_latency = cpu_to_le16(param->max_latency);
	return hci_send_cmd(conn->hdev, HCI_OP_SETUP_SYNC_CONN, sizeof(cp), &cp) >= 0;
}

bool hci_setup_sync(struct hci_conn *conn, u16 handle)
{
	struct conn_handle_t *conn_handle;
	int result;

	if (!enhanced_sync_conn_capable(conn->hdev))
		return hci_setup_sync_conn(conn, handle);
	conn_handle = kzalloc(sizeof(*conn_handle), GFP_KERNEL);
	if (!conn_handle)
		return false;
	conn_handle->conn = conn;
	conn_handle->handle = handle;
	if (fixed(CVE_2024_50029))
		hci_conn_get(conn);
	result = hci_cmd_sync_queue(conn->hdev, hci_enhanced_setup_sync, conn_handle,
				    hci_enhanced_setup_sync_destroy);
	if (result < 0)
		hci_enhanced_setup_sync_destroy(conn->hdev, conn_handle, result);
	return result == 0;
}

/* The ACL link is ready for its SCO link, or failed. */
void hci_sco_setup(struct hci_conn *conn, u8 status)
{
	struct hci_conn *sco = conn->link;

	if (!sco)
		return;
	if (!status) {
		if (lmp_esco_capable(conn->hdev))
			hci_setup_sync(sco, conn->handle);
		else
			hci_add_sco(sco, conn->handle);
	} else {
		hci_connect_cfm(sco, status);
		hci_conn_del(sco);
	}
}

struct hci_conn *hci_connect_sco(struct hci_dev *hdev, int type, bdaddr_t *dst,
				 u16 setting, struct bt_codec *codec)
{
	struct hci_conn *acl, *sco;

	acl = hci_connect_acl(hdev, dst, BT_SECURITY_LOW, HCI_AT_NO_BONDING,
			      CONN_REASON_SCO_CONNECT);
	if (IS_ERR(acl))
		return acl;
	sco = hci_conn_hash_lookup_ba(hdev, type, dst);
	if (!sco) {
		sco = hci_conn_add_unset(hdev, type, dst, HCI_ROLE_MASTER);
		if (IS_ERR(sco)) {
			hci_conn_drop(acl);
			return sco;
		}
	}
	acl->link = sco;
	sco->link = acl;
	hci_conn_hold(sco);
	sco->setting = setting;
	sco->codec = *codec;
	if (acl->state == BT_CONNECTED &&
	    (sco->state == BT_OPEN || sco->state == BT_CLOSED)) {
		set_bit(HCI_CONN_POWER_SAVE, &acl->flags);
		hci_conn_enter_active_mode(acl, BT_POWER_FORCE_ACTIVE_ON);
		/* not before the mode has changed */
		if (test_bit(HCI_CONN_MODE_CHANGE_PEND, &acl->flags)) {
			set_bit(HCI_CONN_SCO_SETUP_PEND, &acl->flags);
			return sco;
		}
		hci_sco_setup(acl, 0x00);
	}
	return sco;
}
