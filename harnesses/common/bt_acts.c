// SPDX-License-Identifier: GPL-2.0-only
/* Acts of the local side of a Bluetooth host: see redzone/bt.h and bt_acts.h. */
#include "bt_acts.h"

#include <asm/unaligned.h>
#include <linux/err.h>
#include <linux/string.h>
#include <redzone/bt.h>
#include <redzone/pump.h>
#include <redzone/sink.h>

#include "../../parsers/bluetooth/audio_sock.h"
#include "../../parsers/bluetooth/hci_codec.h"
#include "../../parsers/bluetooth/mgmt_priv.h"
#include "../../parsers/bluetooth/msft.h"
#include "../../parsers/bluetooth/smp.h"

enum { WORK_MAX = 64, SEND_MAX = 255 };

/* Parameters as they come; what is missing reads as zero. */
struct params {
	const u8 *pos, *end;
};

static u8 get_u8(struct params *p)
{
	return p->pos < p->end ? *p->pos++ : 0;
}

static u16 get_u16(struct params *p)
{
	u16 low = get_u8(p);

	return low | get_u8(p) << 8;
}

static u32 get_u32(struct params *p)
{
	u32 low = get_u16(p);

	return low | (u32)get_u16(p) << 16;
}

static void get_bytes(struct params *p, u8 *to, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		to[i] = get_u8(p);
}

struct addr {
	bdaddr_t bdaddr;
	u8 type;		/* BDADDR_* */
};

static struct addr get_addr(struct params *p)
{
	struct addr addr;

	get_bytes(p, addr.bdaddr.b, sizeof(addr.bdaddr.b));
	addr.type = get_u8(p) % 3;
	return addr;
}

static u8 le_type(const struct addr *addr)
{
	return addr->type == BDADDR_LE_PUBLIC ? ADDR_LE_DEV_PUBLIC : ADDR_LE_DEV_RANDOM;
}

static void act_answer(struct hci_dev *hdev, u8 op, struct params *p)
{
	struct addr addr = get_addr(p);
	u8 yes = get_u8(p), pin[16];

	switch (op) {
	case REDZONE_BT_ACT_CONFIRM:
		mgmt_user_reply(hdev, &addr.bdaddr, addr.type,
				yes ? MGMT_OP_USER_CONFIRM_REPLY :
				      MGMT_OP_USER_CONFIRM_NEG_REPLY, 0);
		break;
	case REDZONE_BT_ACT_PASSKEY:
		mgmt_user_reply(hdev, &addr.bdaddr, addr.type,
				yes ? MGMT_OP_USER_PASSKEY_REPLY :
				      MGMT_OP_USER_PASSKEY_NEG_REPLY, get_u32(p));
		break;
	case REDZONE_BT_ACT_PIN:
		get_bytes(p, pin, sizeof(pin));
		mgmt_pin_code_reply(hdev, &addr.bdaddr, min_t(u8, yes, 16), pin);
		break;
	}
}

static void act_flag(struct hci_dev *hdev, struct params *p)
{
	u8 bit = get_u8(p) % __HCI_NUM_FLAGS, on = get_u8(p);

	/* these say what the host does itself */
	if (bit == HCI_UNREGISTER || bit == HCI_CMD_DRAIN_WORKQUEUE || bit == HCI_SETUP ||
	    bit == HCI_CONFIG || bit == HCI_AUTO_OFF || bit == HCI_USER_CHANNEL)
		return;
	if (on)
		hci_dev_set_flag(hdev, bit);
	else
		hci_dev_clear_flag(hdev, bit);
}

static void act_connect(struct hci_dev *hdev, u8 op, struct params *p)
{
	struct addr addr = get_addr(p);
	u8 level = get_u8(p) % (BT_SECURITY_FIPS + 1), arg = get_u8(p);

	hci_dev_lock(hdev);
	if (addr.type == BDADDR_BREDR)
		hci_connect_acl(hdev, &addr.bdaddr, level, arg % 6, CONN_REASON_L2CAP_CHAN);
	else if (op == REDZONE_BT_ACT_CONNECT)
		hci_connect_le_scan(hdev, &addr.bdaddr, le_type(&addr), level,
				    HCI_LE_CONN_TIMEOUT, CONN_REASON_L2CAP_CHAN);
	else
		hci_connect_le(hdev, &addr.bdaddr, le_type(&addr), false, level,
			       HCI_LE_CONN_TIMEOUT, arg & 1);
	hci_dev_unlock(hdev);
}

static struct bt_iso_qos get_qos(struct params *p)
{
	struct bt_iso_qos qos;

	memset(&qos, 0, sizeof(qos));
	qos.cig = get_u8(p);
	qos.cis = get_u8(p);
	qos.out.sdu = get_u16(p);
	qos.in.sdu = qos.out.sdu;
	qos.out.interval = qos.in.interval = 10000;
	qos.out.latency = qos.in.latency = 10;
	qos.out.phy = qos.in.phy = BT_ISO_PHY_2M;
	return qos;
}

static void act_audio(struct hci_dev *hdev, u8 op, struct params *p)
{
	struct bt_iso_qos qos;
	struct addr addr;
	u8 codec;

	hci_dev_lock(hdev);
	switch (op) {
	case REDZONE_BT_ACT_SCO:
		addr = get_addr(p);
		codec = get_u8(p);
		sco_sock_connect(hdev, &addr.bdaddr, get_u16(p), codec);
		break;
	case REDZONE_BT_ACT_CIS:
		addr = get_addr(p);
		qos = get_qos(p);
		iso_sock_connect_cis(hdev, &addr.bdaddr, le_type(&addr), &qos);
		break;
	case REDZONE_BT_ACT_BIS:
		qos = get_qos(p);
		iso_sock_connect_bis(hdev, &qos);
		break;
	case REDZONE_BT_ACT_PA_SYNC:
		addr = get_addr(p);
		iso_sock_listen(hdev, false, &addr.bdaddr, addr.type, get_u8(p));
		break;
	case REDZONE_BT_ACT_LISTEN:
		if (get_u8(p))
			iso_sock_listen(hdev, get_u8(p), BDADDR_ANY, 0, 0);
		else
			sco_sock_listen(hdev, get_u8(p));
		break;
	}
	hci_dev_unlock(hdev);
}

static void act_send(struct hci_conn *conn, u8 n)
{
	struct sk_buff *skb;

	if (conn->type == ACL_LINK || conn->type == LE_LINK)
		return;
	skb = bt_skb_alloc(n, GFP_KERNEL);
	if (!skb)
		return;
	skb_put_zero(skb, n);
	if (conn->type == ISO_LINK)
		hci_send_iso(conn, skb);
	else
		hci_send_sco(conn, skb);
}

static void act_link(struct hci_dev *hdev, u8 op, struct params *p)
{
	u16 handle = get_u16(p);
	struct sockaddr_iso sa;
	struct hci_conn *conn;
	u8 arg = get_u8(p);

	hci_dev_lock(hdev);
	conn = hci_conn_hash_lookup_handle(hdev, handle);
	if (!conn)
		goto unlock;
	switch (op) {
	case REDZONE_BT_ACT_DISCONN:
		hci_disconnect(conn, arg);
		break;
	case REDZONE_BT_ACT_SECURITY:
		hci_conn_security(conn, arg % (BT_SECURITY_FIPS + 1), get_u8(p) % 6, true);
		break;
	case REDZONE_BT_ACT_SEND:
		act_send(conn, arg);
		break;
	case REDZONE_BT_ACT_ACCEPT:
		if (conn->type == ISO_LINK)
			iso_sock_accept(conn);
		else
			sco_sock_accept(conn);
		break;
	case REDZONE_BT_ACT_CLOSE:
		if (conn->type == ISO_LINK)
			iso_sock_shutdown(conn);
		else
			sco_sock_shutdown(conn);
		break;
	case REDZONE_BT_ACT_GETNAME:
		iso_sock_getname(conn, &sa, arg);
		break;
	}
unlock:
	hci_dev_unlock(hdev);
}

static int read_codecs_sync(struct hci_dev *hdev, void *data)
{
	if (data)
		hci_read_supported_codecs_v2(hdev);
	else
		hci_read_supported_codecs(hdev);
	return 0;
}

static void act_discover(struct hci_dev *hdev, struct params *p)
{
	u8 type = get_u8(p) & DISCOV_TYPE_INTERLEAVED;

	if (type)
		mgmt_start_discovery(hdev, type);
	else
		mgmt_stop_discovery(hdev);
}

static void act_service_discovery(struct hci_dev *hdev, struct params *p)
{
	s8 rssi = (s8)get_u8(p);

	mgmt_start_service_discovery(hdev, DISCOV_TYPE_INTERLEAVED, rssi,
				     (p->end - p->pos) / 16, p->pos);
}

static void act_oob(struct hci_dev *hdev, const struct addr *addr, u8 which)
{
	static u8 value[16] = { 0x5a };
	u8 *p192 = which & 1 ? value : NULL, *p256 = which & 2 ? value : NULL;

	hci_add_remote_oob_data(hdev, (bdaddr_t *)&addr->bdaddr,
				addr->type == BDADDR_BREDR ? BDADDR_BREDR : addr->type,
				p192, p192, p256, p256);
}

static void act_key(struct hci_dev *hdev, const struct addr *addr, struct params *p)
{
	u8 type = get_u8(p), authenticated = get_u8(p), value[16];
	bdaddr_t bdaddr = addr->bdaddr;

	get_bytes(p, value, sizeof(value));
	if (addr->type == BDADDR_BREDR)
		hci_add_link_key(hdev, NULL, &bdaddr, value, type % 9, 0, NULL);
	else
		hci_add_ltk(hdev, &bdaddr, le_type(addr), type % 5, authenticated & 1,
			    value, 16, 0, 0);
}

static void act_remove(struct hci_dev *hdev, struct addr *addr)
{
	mgmt_remove_device(hdev, &addr->bdaddr, addr->type);
	mgmt_cancel_pair_device(hdev, &addr->bdaddr, addr->type);
	mgmt_unpair_device(hdev, &addr->bdaddr, addr->type, true);
}

/* A device of which we know which intervals it takes. */
static void act_add(struct hci_dev *hdev, struct addr *addr, struct params *p)
{
	u8 auto_connect = get_u8(p);
	u16 max_interval = get_u16(p);
	struct hci_conn_params *params;

	mgmt_add_device(hdev, &addr->bdaddr, addr->type, auto_connect);
	params = hci_conn_params_lookup(hdev, &addr->bdaddr, le_type(addr));
	if (params && max_interval)
		params->conn_max_interval = max_interval;
}

static void act_device(struct hci_dev *hdev, u8 op, struct params *p)
{
	struct addr addr = get_addr(p);
	u8 value[16];

	switch (op) {
	case REDZONE_BT_ACT_NAME:
		mgmt_confirm_name(hdev, &addr.bdaddr, get_u8(p));
		return;
	case REDZONE_BT_ACT_ADD:
		act_add(hdev, &addr, p);
		return;
	case REDZONE_BT_ACT_REMOVE:
		act_remove(hdev, &addr);
		return;
	case REDZONE_BT_ACT_PAIR:
		mgmt_pair_device(hdev, &addr.bdaddr, addr.type, get_u8(p) % 5);
		return;
	case REDZONE_BT_ACT_HANGUP:
		mgmt_disconnect(hdev, &addr.bdaddr, addr.type);
		return;
	}
	hci_dev_lock(hdev);
	switch (op) {
	case REDZONE_BT_ACT_KEY:
		act_key(hdev, &addr, p);
		break;
	case REDZONE_BT_ACT_IRK:
		get_bytes(p, value, sizeof(value));
		hci_add_irk(hdev, &addr.bdaddr, le_type(&addr), value, BDADDR_ANY);
		break;
	case REDZONE_BT_ACT_OOB:
		act_oob(hdev, &addr, get_u8(p));
		break;
	case REDZONE_BT_ACT_REJECT:
		hci_bdaddr_list_add(&hdev->reject_list, &addr.bdaddr, addr.type);
		break;
	}
	hci_dev_unlock(hdev);
}

static void act_block(struct hci_dev *hdev, struct params *p)
{
	struct blocked_key *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!b)
		return;
	b->type = get_u8(p) % 3;
	get_bytes(p, b->val, sizeof(b->val));
	list_add_rcu(&b->list, &hdev->blocked_keys);
}

static void act_adv(struct hci_dev *hdev, struct params *p)
{
	u8 instance = get_u8(p), on = get_u8(p), data[HCI_MAX_AD_LENGTH];
	u8 n = min_t(size_t, p->end - p->pos, sizeof(data));

	get_bytes(p, data, n);
	hci_dev_lock(hdev);
	if (!on)
		hci_remove_adv_instance(hdev, instance);
	else if (!IS_ERR(hci_add_adv_instance(hdev, instance, MGMT_ADV_FLAG_CONNECTABLE, n,
					      data, 0, NULL, 0, 0,
					      HCI_ADV_TX_POWER_NO_PREFERENCE, 0x20, 0x20, 0)))
		hci_update_adv_data(hdev, instance);
	hci_dev_unlock(hdev);
}

static void act_time(u8 op, struct params *p)
{
	u8 n;

	switch (op) {
	case REDZONE_BT_ACT_RUN:
		n = get_u8(p);
		redzone_run_work(n ? n : WORK_MAX);
		break;
	case REDZONE_BT_ACT_TIME:
		redzone_time_advance(get_u16(p) * 10);
		redzone_run_work(WORK_MAX);
		break;
	case REDZONE_BT_ACT_RCU:
		redzone_run_rcu();
		break;
	}
}

/* The first event afterwards is kept as what woke the host up. */
static void act_suspend(struct hci_dev *hdev, bool on)
{
	hci_dev_lock(hdev);
	hdev->suspended = on;
	if (on)
		hdev->wake_reason = 0;
	hci_dev_unlock(hdev);
}

static int msft_open_sync(struct hci_dev *hdev, void *data)
{
	msft_do_open(hdev);
	return 0;
}

static void act_msft(struct hci_dev *hdev, struct params *p)
{
	msft_register(hdev, get_u16(p));
	hci_cmd_sync_queue(hdev, msft_open_sync, NULL, NULL);
}

struct monitor {
	u16 handle;
	u8 on;
	u8 type;
	u8 len;
	u8 pattern[HCI_MAX_AD_LENGTH];
};

static int monitor_sync(struct hci_dev *hdev, void *data)
{
	struct monitor *m = data;

	if (m->on)
		return msft_add_monitor_pattern(hdev, m->handle, m->type, m->pattern,
						m->len);
	return msft_remove_monitor(hdev, m->handle);
}

static void monitor_destroy(struct hci_dev *hdev, void *data, int err)
{
	sink_effect_u64(hdev->sink, "msft.result", (u32)err);
	kfree(data);
}

static void act_monitor(struct hci_dev *hdev, struct params *p)
{
	struct monitor *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return;
	m->handle = get_u16(p);
	m->on = get_u8(p);
	m->type = get_u8(p);
	m->len = min_t(size_t, p->end - p->pos, sizeof(m->pattern));
	get_bytes(p, m->pattern, m->len);
	if (hci_cmd_sync_queue(hdev, monitor_sync, m, monitor_destroy) < 0)
		kfree(m);
}

void bt_acts_play(struct hci_dev *hdev, u8 op, const u8 *params, u8 len)
{
	struct params p = { params, params + len };

	switch (op) {
	case REDZONE_BT_ACT_RUN ... REDZONE_BT_ACT_RCU:
		act_time(op, &p);
		break;
	case REDZONE_BT_ACT_CONFIRM ... REDZONE_BT_ACT_PIN:
		act_answer(hdev, op, &p);
		break;
	case REDZONE_BT_ACT_IO_CAP:
		hdev->io_capability = get_u8(&p) % 5;
		break;
	case REDZONE_BT_ACT_FLAG:
		act_flag(hdev, &p);
		break;
	case REDZONE_BT_ACT_SUSPEND:
		act_suspend(hdev, get_u8(&p));
		break;
	case REDZONE_BT_ACT_LINK_MODE:
		hdev->link_mode = get_u16(&p);
		break;
	case REDZONE_BT_ACT_CONNECT ... REDZONE_BT_ACT_CONNECT_LE:
		act_connect(hdev, op, &p);
		break;
	case REDZONE_BT_ACT_SCO ... REDZONE_BT_ACT_PA_SYNC:
	case REDZONE_BT_ACT_LISTEN:
		act_audio(hdev, op, &p);
		break;
	case REDZONE_BT_ACT_DISCONN ... REDZONE_BT_ACT_SEND:
	case REDZONE_BT_ACT_ACCEPT ... REDZONE_BT_ACT_GETNAME:
		act_link(hdev, op, &p);
		break;
	case REDZONE_BT_ACT_DISCOVER:
		act_discover(hdev, &p);
		break;
	case REDZONE_BT_ACT_NAME ... REDZONE_BT_ACT_OOB:
	case REDZONE_BT_ACT_REJECT:
	case REDZONE_BT_ACT_PAIR ... REDZONE_BT_ACT_HANGUP:
		act_device(hdev, op, &p);
		break;
	case REDZONE_BT_ACT_BLOCK:
		act_block(hdev, &p);
		break;
	case REDZONE_BT_ACT_ADV:
		act_adv(hdev, &p);
		break;
	case REDZONE_BT_ACT_UUID:
		act_service_discovery(hdev, &p);
		break;
	case REDZONE_BT_ACT_MSFT:
		act_msft(hdev, &p);
		break;
	case REDZONE_BT_ACT_MONITOR:
		act_monitor(hdev, &p);
		break;
	case REDZONE_BT_ACT_CODECS:
		hci_cmd_sync_queue(hdev, read_codecs_sync, get_u8(&p) ? hdev : NULL, NULL);
		break;
	}
}

void bt_acts_busy(struct hci_dev *hdev)
{
	static bdaddr_t bredr = { { 0x01, 0x00, 0x32, 0xdc, 0x1b, 0x00 } };
	static bdaddr_t le = { { 0x02, 0x00, 0x32, 0xdc, 0x1b, 0xc0 } };
	static u8 key[16] = { 0x52, 0x5a };

	hci_dev_set_flag(hdev, HCI_ADVERTISING);
	hci_dev_set_flag(hdev, HCI_DISCOVERABLE);
	hdev->idle_timeout = 500;
	set_bit(HCI_INQUIRY, &hdev->flags);
	hci_dev_set_flag(hdev, HCI_LE_SCAN);
	hdev->le_scan_type = LE_SCAN_ACTIVE;
	hdev->discovery.type = DISCOV_TYPE_INTERLEAVED;
	hdev->discovery.state = DISCOVERY_FINDING;
	hci_dev_lock(hdev);
	hci_add_link_key(hdev, NULL, &bredr, key, HCI_LK_AUTH_COMBINATION_P192, 0, NULL);
	hci_add_ltk(hdev, &le, ADDR_LE_DEV_RANDOM, SMP_LTK, 1, key, 16, 0, 0);
	hci_add_irk(hdev, &le, ADDR_LE_DEV_RANDOM, key, BDADDR_ANY);
	hci_dev_unlock(hdev);
	mgmt_add_device(hdev, &le, BDADDR_LE_RANDOM, HCI_AUTO_CONN_ALWAYS);
}
