// SPDX-License-Identifier: GPL-2.0-only
/*
 * The environment of the Bluetooth host: a controller, its driver, and the packets
 * of the input on their way (redzone/bt.h). Acts of the local side are in bt_acts.c.
 */
#include <linux/err.h>
#include <linux/string.h>
#include <net/bluetooth/hci_core.h>
#include <net/bluetooth/l2cap.h>
#include <redzone/bt.h>
#include <redzone/bt_cmd.h>
#include <redzone/pump.h>
#include <redzone/sink.h>

#include "../../parsers/bluetooth/audio_sock.h"
#include "../../parsers/bluetooth/hci_core_priv.h"
#include "../../parsers/bluetooth/smp.h"
#include "bt_acts.h"

enum {
	WORK_MAX	= 64,		/* items run at once */
	LAST_MS		= 100 * 1000,	/* what passes after the last packet */
};

static const bdaddr_t local_addr = { { 0x88, 0x31, 0x07, 0xdc, 0x1b, 0x00 } };

/* The driver: whatever goes down is an effect. */
static int bt_send(struct hci_dev *hdev, struct sk_buff *skb)
{
	switch (hci_skb_pkt_type(skb)) {
	case HCI_COMMAND_PKT:
		sink_effect_u64(hdev->sink, "bthci_cmd.opcode", hci_skb_opcode(skb));
		sink_effect_bytes(hdev->sink, "bthci_cmd.parameter",
				  skb->data + HCI_COMMAND_HDR_SIZE,
				  skb->len - HCI_COMMAND_HDR_SIZE);
		break;
	case HCI_ACLDATA_PKT:
		sink_effect_bytes(hdev->sink, "bthci_acl.sent", skb->data, skb->len);
		break;
	case HCI_SCODATA_PKT:
		sink_effect_bytes(hdev->sink, "bthci_sco.sent", skb->data, skb->len);
		break;
	case HCI_ISODATA_PKT:
		sink_effect_bytes(hdev->sink, "bthci_iso.sent", skb->data, skb->len);
		break;
	}
	kfree_skb(skb);
	return 0;
}

static void bt_controller_common(struct hci_dev *hdev)
{
	static const u8 page0[8] = {
		LMP_3SLOT | LMP_5SLOT | LMP_ENCRYPT | LMP_RSWITCH | LMP_SNIFF,
		LMP_SCO | LMP_HV2 | LMP_HV3,
		LMP_CVSD | LMP_TRANSPARENT,
		LMP_EDR_2M | LMP_EDR_3M | LMP_RSSI_INQ | LMP_ESCO,
		LMP_EV4 | LMP_EV5 | LMP_LE | LMP_EDR_3SLOT,
		LMP_EDR_5SLOT | LMP_SNIFF_SUBR | LMP_PAUSE_ENC | LMP_EDR_ESCO_2M |
		LMP_EDR_ESCO_3M,
		LMP_EXT_INQ | LMP_SIMUL_LE_BR | LMP_SIMPLE_PAIR | LMP_NO_FLUSH,
		LMP_LSTO | LMP_INQ_TX_PWR | LMP_EXTFEATURES,
	};

	bacpy(&hdev->bdaddr, &local_addr);
	memcpy(hdev->features[0], page0, sizeof(page0));
	hdev->features[1][0] = LMP_HOST_SSP | LMP_HOST_LE | LMP_HOST_LE_BREDR;
	hdev->features[2][1] = LMP_SC | LMP_PING;
	hdev->max_page = 2;
	hdev->hci_ver = 8;
	hdev->lmp_ver = 8;
	hdev->le_features[0] = HCI_LE_ENCRYPTION | HCI_LE_CONN_PARAM_REQ_PROC |
			       HCI_LE_PERIPHERAL_FEATURES | HCI_LE_PING |
			       HCI_LE_DATA_LEN_EXT;
	hdev->commands[20] = 0x10;	/* Read Encryption Key Size */
	hdev->commands[32] = 0x20;	/* Write Authenticated Payload Timeout */
	hdev->commands[45] = 0x08;	/* Read Local Codec Capabilities */
	hdev->pkt_type |= HCI_DM3 | HCI_DH3 | HCI_DM5 | HCI_DH5 | HCI_HV2 | HCI_HV3;
	hdev->esco_type |= ESCO_HV2 | ESCO_HV3 | ESCO_EV3 | ESCO_EV4 | ESCO_EV5 |
			   ESCO_2EV3 | ESCO_3EV3 | ESCO_2EV5 | ESCO_3EV5;
	hdev->link_policy = HCI_LP_RSWITCH | HCI_LP_SNIFF;
	hdev->le_accept_list_size = 8;
	hdev->le_resolv_list_size = 8;
	hdev->acl_mtu = 1021;
	hdev->sco_mtu = 64;
	hdev->le_mtu = 251;
	hdev->acl_pkts = hdev->sco_pkts = hdev->le_pkts = 255;
	hdev->acl_cnt = hdev->sco_cnt = hdev->le_cnt = 255;
}

static void bt_controller_legacy(struct hci_dev *hdev)
{
	hdev->features[0][3] &= ~LMP_ESCO;
	hdev->features[0][6] = 0;
	hdev->features[0][7] = 0;
	hdev->features[1][0] = 0;
	hdev->features[2][1] = 0;
	hdev->max_page = 0;
	hdev->hci_ver = 3;
	hdev->le_features[0] = HCI_LE_ENCRYPTION;
}

static void bt_controller_extended(struct hci_dev *hdev)
{
	hdev->hci_ver = 11;
	hdev->le_features[0] |= HCI_LE_LL_PRIVACY | HCI_LE_EXT_SCAN_POLICY;
	hdev->le_features[1] = HCI_LE_PHY_2M | HCI_LE_PHY_CODED | HCI_LE_EXT_ADV |
			       HCI_LE_PERIODIC_ADV;
	hdev->le_features[3] = HCI_LE_CIS_CENTRAL | HCI_LE_CIS_PERIPHERAL |
			       HCI_LE_ISO_BROADCASTER;
	hdev->commands[29] = 0x08;	/* Enhanced Setup Synchronous Connection */
	hdev->commands[37] = 0xe0;	/* extended scanning and creation */
	hdev->commands[39] = 0x04;	/* Set Privacy Mode */
	hdev->iso_mtu = ISO_DEFAULT_MTU;
	hdev->iso_pkts = hdev->iso_cnt = 255;
}

/* What a user has set up, and what is going on. */
static void bt_host_state(struct hci_dev *hdev, u8 env)
{
	hci_dev_set_flag(hdev, HCI_MGMT);
	hci_dev_set_flag(hdev, HCI_LE_ENABLED);
	hci_dev_set_flag(hdev, HCI_BONDABLE);
	hci_dev_set_flag(hdev, HCI_CONNECTABLE);
	if (!(env & REDZONE_BT_LEGACY)) {
		hci_dev_set_flag(hdev, HCI_SSP_ENABLED);
		hci_dev_set_flag(hdev, HCI_SC_ENABLED);
	}
	if (env & REDZONE_BT_MITM)
		hdev->io_capability = SMP_IO_KEYBOARD_DISPLAY;
	set_bit(HCI_PSCAN, &hdev->flags);
	if (env & REDZONE_BT_BUSY)
		bt_acts_busy(hdev);
}

/* Before the first input: equal inputs are to give equal edges, the first one too. */
__attribute__((constructor))
static void bt_stack_init(void)
{
	hci_register_cb(&sco_cb);
	hci_register_cb(&iso_cb);
	l2cap_init();
}

struct hci_dev *redzone_bt_begin(u8 env, struct sink *sink, bool (*next)(void *ctx),
				 void *ctx)
{
	struct hci_dev *hdev;

	hdev = hci_alloc_dev();
	if (!hdev)
		return NULL;
	hdev->sink = sink;
	hdev->env_next = next;
	hdev->env_ctx = ctx;
	hdev->send = bt_send;
	bt_controller_common(hdev);
	if (env & REDZONE_BT_LEGACY)
		bt_controller_legacy(hdev);
	if (env & REDZONE_BT_EXTENDED)
		bt_controller_extended(hdev);
	hci_register_dev(hdev);
	hci_dev_open_sync(hdev);
	bt_host_state(hdev, env);
	return hdev;
}

/* What the workers between host and controller do at once. */
static void bt_pump(struct hci_dev *hdev)
{
	flush_work(&hdev->rx_work);
	flush_work(&hdev->cmd_work);
	flush_work(&hdev->tx_work);
}

void redzone_bt_end(struct hci_dev *hdev)
{
	struct sk_buff *skb;

	hdev->env_next = NULL;
	bt_pump(hdev);
	redzone_run_work(WORK_MAX);
	redzone_time_advance(LAST_MS);
	redzone_run_work(WORK_MAX);
	/* what the controller had no room for shows here */
	skb_queue_walk(&hdev->cmd_q, skb)
		sink_effect_u64(hdev->sink, "bthci_cmd.unsent", hci_skb_opcode(skb));
	hci_unregister_dev(hdev);
	redzone_l2cap_close();
	sco_sock_cleanup();
	iso_sock_cleanup();
	redzone_run_work(WORK_MAX);
	redzone_run_rcu();
	hci_free_dev(hdev);
	redzone_run_rcu();
}

static void bt_receive(struct hci_dev *hdev, u8 type, const u8 *data, size_t len)
{
	struct sk_buff *skb = bt_skb_alloc(len, GFP_KERNEL);

	if (!skb)
		return;
	hci_skb_pkt_type(skb) = type;
	if (len)
		skb_put_data(skb, data, len);
	hci_recv_frame(hdev, skb);
}

/*
 * As if the host had sent this command last, with all the parameters that it has (or
 * the handler of the answer would miss what Linux always sends). A sender who waits
 * for the answer to the same command goes on waiting.
 */
static void bt_local_command(struct hci_dev *hdev, const u8 *data, size_t len)
{
	struct hci_command_hdr hdr;
	u8 params[255], plen;
	struct sk_buff *skb;
	u16 opcode;

	if (len < sizeof(hdr))
		return;
	memcpy(&hdr, data, sizeof(hdr));
	opcode = le16_to_cpu(hdr.opcode);
	plen = min_t(size_t, len - sizeof(hdr), sizeof(params));
	memcpy(params, data + sizeof(hdr), plen);
	plen = redzone_bt_cmd_complete(opcode, params, plen);
	skb = hci_prepare_cmd(hdev, opcode, plen, params);
	if (!skb)
		return;
	if (hdev->sent_cmd && hci_skb_opcode(hdev->sent_cmd) == opcode)
		bt_cb(skb)->hci = bt_cb(hdev->sent_cmd)->hci;
	bt_cb(skb)->hci.req_flags |= HCI_REQ_START;
	kfree_skb(hdev->sent_cmd);
	hdev->sent_cmd = skb;
	atomic_set(&hdev->cmd_cnt, 0);
}

static void bt_act(struct hci_dev *hdev, const u8 *data, size_t len)
{
	u8 op, n;

	if (len < 2)
		return;
	op = data[0];
	n = min_t(size_t, data[1], len - 2);
	if (op >= REDZONE_BT_ACT_SMP && op < REDZONE_BT_ACT_SMP + 0x10)
		smp_act(hdev, op, data + 2, n);
	else if (op >= REDZONE_BT_ACT_L2CAP && op < REDZONE_BT_ACT_BNEP)
		l2cap_act(hdev, op, data + 2, n);
	else
		bt_acts_play(hdev, op, data + 2, n);
}

void redzone_bt_play(struct hci_dev *hdev, const u8 *data, size_t len)
{
	if (!len)
		return;
	switch (data[0]) {
	case HCI_COMMAND_PKT:
		bt_local_command(hdev, data + 1, len - 1);
		break;
	case HCI_ACLDATA_PKT:
	case HCI_SCODATA_PKT:
	case HCI_EVENT_PKT:
	case HCI_ISODATA_PKT:
		bt_receive(hdev, data[0], data + 1, len - 1);
		break;
	case REDZONE_BT_ACT:
		bt_act(hdev, data + 1, len - 1);
		break;
	}
	bt_pump(hdev);
}

/* Bytes that a packet of the kind begins with, its length among them; 0: no packet. */
static size_t bt_head(u8 type)
{
	switch (type) {
	case HCI_COMMAND_PKT:
	case HCI_SCODATA_PKT:
		return 4;
	case HCI_ACLDATA_PKT:
	case HCI_ISODATA_PKT:
		return 5;
	case HCI_EVENT_PKT:
	case REDZONE_BT_ACT:
		return 3;
	}
	return 0;
}

size_t redzone_bt_next_packet(const u8 **pos, const u8 *end, const u8 **packet)
{
	size_t head, len;

	while (*pos < end && !bt_head(**pos))
		(*pos)++;
	if (*pos == end)
		return 0;
	*packet = *pos;
	head = bt_head(**packet);
	len = end - *packet;
	if (len > head) {
		size_t body = (*packet)[head - 1];

		if (head == 5)
			body = (*packet)[3] | body << 8;
		if (**packet == HCI_ISODATA_PKT)
			body &= 0x3fff;
		len = min_t(size_t, len, head + body);
	}
	*pos += len;
	return len;
}

static bdaddr_t bt_peer(u8 type, u16 handle)
{
	bdaddr_t peer = { { (u8)handle, (u8)(handle >> 8), 0x32, 0xdc, 0x1b, 0x00 } };

	/* a static random address over LE */
	if (type == LE_LINK)
		peer.b[5] = 0xc0;
	return peer;
}

struct hci_conn *redzone_bt_open_link(struct hci_dev *hdev, u8 type, u16 handle, u8 role)
{
	bdaddr_t peer = bt_peer(type, handle);
	struct hci_conn *conn;

	hci_dev_lock(hdev);
	conn = hci_conn_add(hdev, type, &peer, role, handle);
	if (IS_ERR(conn)) {
		hci_dev_unlock(hdev);
		return NULL;
	}
	if (type == LE_LINK) {
		conn->dst_type = ADDR_LE_DEV_RANDOM;
		conn->le_conn_interval = 0x0028;
		conn->le_supv_timeout = 0x002a;
	} else {
		memcpy(conn->features[0], hdev->features[0], sizeof(conn->features[0]));
		set_bit(HCI_CONN_SSP_ENABLED, &conn->flags);
		set_bit(HCI_CONN_SC_ENABLED, &conn->flags);
	}
	bacpy(&conn->init_addr, role == HCI_ROLE_MASTER ? &conn->src : &conn->dst);
	conn->init_addr_type = role == HCI_ROLE_MASTER ? conn->src_type : conn->dst_type;
	bacpy(&conn->resp_addr, role == HCI_ROLE_MASTER ? &conn->dst : &conn->src);
	conn->resp_addr_type = role == HCI_ROLE_MASTER ? conn->dst_type : conn->src_type;
	conn->sec_level = BT_SECURITY_LOW;
	conn->state = BT_CONNECTED;
	hci_conn_hold(conn);
	hci_conn_add_sysfs(conn);
	hci_connect_cfm(conn, 0);
	hci_dev_unlock(hdev);
	return conn;
}
