// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the host tells the user's side. Every notification is an effect.
 *
 * Modelled on: Linux 6.1 net/bluetooth/mgmt.c (mgmt_device_*, mgmt_new_*, mgmt_user_*)
 * Spec: BlueZ Management API, events
 * Differs: events go to nobody in particular, with their parameters as the API lays
 *	them out; no suspend, monitors of advertising, mesh.
 */
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

#include "eir.h"
#include "hci_core_priv.h"
#include "mgmt_priv.h"
#include "smp.h"

struct mgmt_addr_info {
	bdaddr_t bdaddr;
	u8 type;
} __packed;

static void mgmt_event(struct hci_dev *hdev, const char *name, const void *data,
		       size_t len)
{
	sink_effect_bytes(hdev->sink, name, data, len);
}

u8 link_to_bdaddr(u8 link_type, u8 addr_type)
{
	if (link_type != LE_LINK)
		return BDADDR_BREDR;
	return addr_type == ADDR_LE_DEV_PUBLIC ? BDADDR_LE_PUBLIC : BDADDR_LE_RANDOM;
}

static struct mgmt_addr_info mgmt_addr(bdaddr_t *bdaddr, u8 link_type, u8 addr_type)
{
	struct mgmt_addr_info addr = { .type = link_to_bdaddr(link_type, addr_type) };

	bacpy(&addr.bdaddr, bdaddr);
	return addr;
}

static const u8 mgmt_status_table[] = {
	MGMT_STATUS_SUCCESS,
	MGMT_STATUS_UNKNOWN_COMMAND,	/* unknown command */
	MGMT_STATUS_NOT_CONNECTED,	/* no connection */
	MGMT_STATUS_FAILED,		/* hardware failure */
	MGMT_STATUS_CONNECT_FAILED,	/* page timeout */
	MGMT_STATUS_AUTH_FAILED,	/* authentication failed */
	MGMT_STATUS_AUTH_FAILED,	/* PIN or key missing */
	MGMT_STATUS_NO_RESOURCES,	/* memory full */
	MGMT_STATUS_TIMEOUT,		/* connection timeout */
	MGMT_STATUS_NO_RESOURCES,	/* number of connections */
	MGMT_STATUS_NO_RESOURCES,	/* number of SCO connections */
	MGMT_STATUS_ALREADY_CONNECTED,	/* ACL connection exists */
	MGMT_STATUS_BUSY,		/* command disallowed */
	MGMT_STATUS_NO_RESOURCES,	/* rejected: limited resources */
	MGMT_STATUS_REJECTED,		/* rejected: security */
	MGMT_STATUS_REJECTED,		/* rejected: personal */
	MGMT_STATUS_TIMEOUT,		/* host timeout */
	MGMT_STATUS_NOT_SUPPORTED,	/* unsupported feature */
	MGMT_STATUS_INVALID_PARAMS,	/* invalid parameters */
	MGMT_STATUS_DISCONNECTED,	/* user ended connection */
	MGMT_STATUS_NO_RESOURCES,	/* low resources */
	MGMT_STATUS_DISCONNECTED,	/* about to power off */
	MGMT_STATUS_DISCONNECTED,	/* terminated */
	MGMT_STATUS_BUSY,		/* repeated attempts */
	MGMT_STATUS_REJECTED,		/* pairing not allowed */
};

u8 mgmt_status(u8 hci_status)
{
	if (malformed(hci_status >= ARRAY_SIZE(mgmt_status_table)))
		return MGMT_STATUS_FAILED;
	return mgmt_status_table[hci_status];
}

int mgmt_new_settings(struct hci_dev *hdev)
{
	sink_effect_u64(hdev->sink, "mgmt.new_settings", 1);
	return 0;
}

void mgmt_new_link_key(struct hci_dev *hdev, struct link_key *key, bool persistent)
{
	struct {
		u8 store_hint;
		struct mgmt_addr_info addr;
		u8 type;
		u8 val[HCI_LINK_KEY_SIZE];
		u8 pin_len;
	} __packed ev = {
		.store_hint = persistent,
		.addr = mgmt_addr(&key->bdaddr, ACL_LINK, 0),
		.type = key->type,
		.pin_len = key->pin_len,
	};

	memcpy(ev.val, key->val, sizeof(ev.val));
	mgmt_event(hdev, "mgmt.new_link_key", &ev, sizeof(ev));
}

static u8 mgmt_ltk_type(struct smp_ltk *ltk)
{
	switch (ltk->type) {
	case SMP_LTK:
	case SMP_LTK_RESPONDER:
		return ltk->authenticated ? MGMT_LTK_AUTHENTICATED :
					    MGMT_LTK_UNAUTHENTICATED;
	case SMP_LTK_P256:
		return ltk->authenticated ? MGMT_LTK_P256_AUTH : MGMT_LTK_P256_UNAUTH;
	case SMP_LTK_P256_DEBUG:
		return MGMT_LTK_P256_DEBUG;
	}
	return MGMT_LTK_UNAUTHENTICATED;
}

/* A device whose address will change, and which gave no identity, is not kept. */
static bool mgmt_addr_changes(bdaddr_t *bdaddr, u8 addr_type)
{
	return addr_type == ADDR_LE_DEV_RANDOM && (bdaddr->b[5] & 0xc0) != 0xc0;
}

void mgmt_new_ltk(struct hci_dev *hdev, struct smp_ltk *key, bool persistent)
{
	struct {
		u8 store_hint;
		struct mgmt_addr_info addr;
		u8 type;
		u8 initiator;
		u8 enc_size;
		__le16 ediv;
		__le64 rand;
		u8 val[16];
	} __packed ev = {
		.store_hint = persistent &&
			      !mgmt_addr_changes(&key->bdaddr, key->bdaddr_type),
		.addr = mgmt_addr(&key->bdaddr, LE_LINK, key->bdaddr_type),
		.type = mgmt_ltk_type(key),
		.initiator = key->type == SMP_LTK,
		.enc_size = key->enc_size,
		.ediv = key->ediv,
		.rand = key->rand,
	};

	/* only what the size says is a secret of this key */
	memcpy(ev.val, key->val, key->enc_size);
	mgmt_event(hdev, "mgmt.new_ltk", &ev, sizeof(ev));
}

void mgmt_new_irk(struct hci_dev *hdev, struct smp_irk *irk, bool persistent)
{
	struct {
		u8 store_hint;
		bdaddr_t rpa;
		struct mgmt_addr_info addr;
		u8 val[16];
	} __packed ev = {
		.store_hint = persistent,
		.addr = mgmt_addr(&irk->bdaddr, LE_LINK, irk->addr_type),
	};

	bacpy(&ev.rpa, &irk->rpa);
	memcpy(ev.val, irk->val, sizeof(ev.val));
	mgmt_event(hdev, "mgmt.new_irk", &ev, sizeof(ev));
}

void mgmt_new_csrk(struct hci_dev *hdev, struct smp_csrk *csrk, bool persistent)
{
	struct {
		u8 store_hint;
		struct mgmt_addr_info addr;
		u8 type;
		u8 val[16];
	} __packed ev = {
		.store_hint = persistent &&
			      !mgmt_addr_changes(&csrk->bdaddr, csrk->bdaddr_type),
		.addr = mgmt_addr(&csrk->bdaddr, LE_LINK, csrk->bdaddr_type),
		.type = csrk->type,
	};

	memcpy(ev.val, csrk->val, sizeof(ev.val));
	mgmt_event(hdev, "mgmt.new_csrk", &ev, sizeof(ev));
}

void mgmt_new_conn_param(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 bdaddr_type,
			 u8 store_hint, u16 min_interval, u16 max_interval,
			 u16 latency, u16 timeout)
{
	struct {
		struct mgmt_addr_info addr;
		u8 store_hint;
		__le16 value[4];
	} __packed ev = {
		.addr = mgmt_addr(bdaddr, LE_LINK, bdaddr_type),
		.store_hint = store_hint,
		.value = { cpu_to_le16(min_interval), cpu_to_le16(max_interval),
			   cpu_to_le16(latency), cpu_to_le16(timeout) },
	};

	if (malformed(!hci_is_identity_address(bdaddr, bdaddr_type)))
		return;
	mgmt_event(hdev, "mgmt.new_conn_param", &ev, sizeof(ev));
}

void mgmt_device_connected(struct hci_dev *hdev, struct hci_conn *conn, u8 *name,
			   u8 name_len)
{
	struct mgmt_addr_info addr = mgmt_addr(&conn->dst, conn->type, conn->dst_type);

	mgmt_event(hdev, "mgmt.device_connected", &addr, sizeof(addr));
	sink_effect_u64(hdev->sink, "mgmt.flags",
			conn->out ? MGMT_DEV_FOUND_INITIATED_CONN : 0);
	if (conn->le_adv_data_len > 0) {
		mgmt_event(hdev, "mgmt.eir", conn->le_adv_data, conn->le_adv_data_len);
		return;
	}
	if (name)
		mgmt_event(hdev, "mgmt.name", name, name_len);
	mgmt_event(hdev, "mgmt.dev_class", conn->dev_class, sizeof(conn->dev_class));
}

void mgmt_device_disconnected(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 link_type,
			      u8 addr_type, u8 reason, bool mgmt_connected)
{
	struct {
		struct mgmt_addr_info addr;
		u8 reason;
	} __packed ev = { mgmt_addr(bdaddr, link_type, addr_type), reason };

	if (!mgmt_connected)
		return;
	if (link_type != ACL_LINK && link_type != LE_LINK)
		return;
	mgmt_event(hdev, "mgmt.device_disconnected", &ev, sizeof(ev));
}

void mgmt_connect_failed(struct hci_dev *hdev, struct hci_conn *conn, u8 status)
{
	struct {
		struct mgmt_addr_info addr;
		u8 status;
	} __packed ev = {
		mgmt_addr(&conn->dst, conn->type, conn->dst_type), mgmt_status(status)
	};

	if (test_and_clear_bit(HCI_CONN_MGMT_CONNECTED, &conn->flags)) {
		mgmt_device_disconnected(hdev, &conn->dst, conn->type, conn->dst_type,
					 status, true);
		return;
	}
	mgmt_event(hdev, "mgmt.connect_failed", &ev, sizeof(ev));
}

void mgmt_pin_code_request(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 secure)
{
	struct {
		struct mgmt_addr_info addr;
		u8 secure;
	} __packed ev = { mgmt_addr(bdaddr, ACL_LINK, 0), secure };

	mgmt_event(hdev, "mgmt.pin_code_request", &ev, sizeof(ev));
}

int mgmt_user_confirm_request(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 link_type,
			      u8 addr_type, u32 value, u8 confirm_hint)
{
	struct {
		struct mgmt_addr_info addr;
		u8 confirm_hint;
		__le32 value;
	} __packed ev = {
		mgmt_addr(bdaddr, link_type, addr_type), confirm_hint, cpu_to_le32(value)
	};

	mgmt_event(hdev, "mgmt.user_confirm_request", &ev, sizeof(ev));
	return 0;
}

int mgmt_user_passkey_request(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 link_type,
			      u8 addr_type)
{
	struct mgmt_addr_info ev = mgmt_addr(bdaddr, link_type, addr_type);

	mgmt_event(hdev, "mgmt.user_passkey_request", &ev, sizeof(ev));
	return 0;
}

int mgmt_user_passkey_notify(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 link_type,
			     u8 addr_type, u32 passkey, u8 entered)
{
	struct {
		struct mgmt_addr_info addr;
		__le32 passkey;
		u8 entered;
	} __packed ev = {
		mgmt_addr(bdaddr, link_type, addr_type), cpu_to_le32(passkey), entered
	};

	mgmt_event(hdev, "mgmt.passkey_notify", &ev, sizeof(ev));
	return 0;
}

void mgmt_auth_enable_complete(struct hci_dev *hdev, u8 status)
{
	if (status)
		return;
	if (test_bit(HCI_AUTH, &hdev->flags))
		hci_dev_set_flag(hdev, HCI_LINK_SECURITY);
	else
		hci_dev_clear_flag(hdev, HCI_LINK_SECURITY);
	mgmt_new_settings(hdev);
}

void mgmt_set_class_of_dev_complete(struct hci_dev *hdev, u8 *dev_class, u8 status)
{
	if (!status)
		mgmt_event(hdev, "mgmt.class_of_dev_changed", dev_class, 3);
}

void mgmt_set_local_name_complete(struct hci_dev *hdev, u8 *name, u8 status)
{
	if (status)
		return;
	memcpy(hdev->dev_name, name, sizeof(hdev->dev_name));
	mgmt_event(hdev, "mgmt.local_name_changed", hdev->dev_name,
		   sizeof(hdev->dev_name));
}

/* In limited discovery, only devices that say they are. */
static bool mgmt_is_limited(u8 *dev_class, u8 *eir, u16 eir_len)
{
	u8 *flags;

	if (dev_class)
		return dev_class[1] & 0x20;
	flags = eir_get_data(eir, eir_len, EIR_FLAGS, NULL);
	return flags && (flags[0] & LE_AD_LIMITED);
}

/* Does anybody want to know of what was found? */
static bool mgmt_wants_device(struct hci_dev *hdev, u8 link_type)
{
	if (hci_discovery_active(hdev))
		return true;
	if (link_type == ACL_LINK)
		return false;
	return !list_empty(&hdev->pend_le_reports) || hci_is_adv_monitoring(hdev);
}

void mgmt_device_found(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 link_type,
		       u8 addr_type, u8 *dev_class, s8 rssi, u32 flags, u8 *eir,
		       u16 eir_len, u8 *scan_rsp, u8 scan_rsp_len, u64 instant)
{
	struct mgmt_addr_info addr = mgmt_addr(bdaddr, link_type, addr_type);

	if (malformed(!mgmt_wants_device(hdev, link_type)))
		return;
	if (hdev->discovery.result_filtering &&
	    malformed(!is_filter_match(hdev, rssi, eir, eir_len, scan_rsp, scan_rsp_len)))
		return;
	if (hdev->discovery.limited && malformed(!mgmt_is_limited(dev_class, eir, eir_len)))
		return;
	/* old devices report no strength: as zero, unless services are looked for */
	if (rssi == HCI_RSSI_INVALID && !hdev->discovery.report_invalid_rssi &&
	    link_type == ACL_LINK)
		rssi = 0;
	mgmt_event(hdev, "mgmt.device_found", &addr, sizeof(addr));
	sink_effect_u64(hdev->sink, "mgmt.rssi", (u8)rssi);
	sink_effect_u64(hdev->sink, "mgmt.flags", flags);
	if (eir_len > 0)
		mgmt_event(hdev, "mgmt.eir", eir, eir_len);
	if (dev_class && !eir_get_data(eir, eir_len, EIR_CLASS_OF_DEV, NULL))
		mgmt_event(hdev, "mgmt.dev_class", dev_class, 3);
	if (scan_rsp_len > 0)
		mgmt_event(hdev, "mgmt.scan_rsp", scan_rsp, scan_rsp_len);
}

void mgmt_remote_name(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 link_type,
		      u8 addr_type, s8 rssi, u8 *name, u8 name_len)
{
	struct mgmt_addr_info addr = mgmt_addr(bdaddr, link_type, addr_type);

	mgmt_event(hdev, "mgmt.device_found", &addr, sizeof(addr));
	sink_effect_u64(hdev->sink, "mgmt.rssi", (u8)rssi);
	sink_effect_u64(hdev->sink, "mgmt.flags",
			name ? 0 : MGMT_DEV_FOUND_NAME_REQUEST_FAILED);
	if (name)
		mgmt_event(hdev, "mgmt.name", name, name_len);
}

void mgmt_discovering(struct hci_dev *hdev, u8 discovering)
{
	u8 ev[2] = { hdev->discovery.type, discovering };

	mgmt_event(hdev, "mgmt.discovering", ev, sizeof(ev));
}

void mgmt_advertising_added(struct sock *sk, struct hci_dev *hdev, u8 instance)
{
	mgmt_event(hdev, "mgmt.advertising_added", &instance, sizeof(instance));
}

void mgmt_advertising_removed(struct sock *sk, struct hci_dev *hdev, u8 instance)
{
	mgmt_event(hdev, "mgmt.advertising_removed", &instance, sizeof(instance));
}

void mgmt_adv_monitor_device_lost(struct hci_dev *hdev, u16 handle, bdaddr_t *bdaddr,
				  u8 addr_type)
{
	sink_effect_u64(hdev->sink, "mgmt.adv_monitor_device_lost", handle);
}

bool mgmt_powering_down(struct hci_dev *hdev)
{
	return hci_dev_test_flag(hdev, HCI_UNREGISTER);
}

bool mgmt_get_connectable(struct hci_dev *hdev)
{
	return hci_dev_test_flag(hdev, HCI_CONNECTABLE);
}
