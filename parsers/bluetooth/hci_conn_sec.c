// SPDX-License-Identifier: GPL-2.0-only
/*
 * Security, role and mode of a link.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_conn.c (hci_conn_security,
 *	hci_conn_check_*, hci_conn_switch_role, hci_conn_enter_active_mode)
 * Spec: Core 5.4 Vol 3 Part C 5.2 (security modes and levels)
 * Differs: nothing.
 */
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>

#include "smp.h"

/* Is the link what the mode asks for? Return: 1 if so. */
int hci_conn_check_link_mode(struct hci_conn *conn)
{
	if (hci_dev_test_flag(conn->hdev, HCI_SC_ONLY)) {
		if (malformed(!hci_conn_sc_enabled(conn)))
			return 0;
		if (malformed(!test_bit(HCI_CONN_AES_CCM, &conn->flags)))
			return 0;
		if (malformed(conn->key_type != HCI_LK_AUTH_COMBINATION_P256))
			return 0;
	}
	if (malformed(conn->sec_level == BT_SECURITY_FIPS &&
		      !test_bit(HCI_CONN_AES_CCM, &conn->flags)))
		return 0;
	if (malformed(hci_conn_ssp_enabled(conn) &&
		      !test_bit(HCI_CONN_ENCRYPT, &conn->flags)))
		return 0;
	return 1;
}

/* Return: 1 if the link is authenticated well enough already. */
static int hci_conn_auth(struct hci_conn *conn, u8 sec_level, u8 auth_type)
{
	struct hci_cp_auth_requested cp;

	if (conn->pending_sec_level > sec_level)
		sec_level = conn->pending_sec_level;
	if (sec_level > conn->sec_level)
		conn->pending_sec_level = sec_level;
	else if (test_bit(HCI_CONN_AUTH, &conn->flags))
		return 1;
	/* protection against a man in the middle, once asked for, stays */
	conn->auth_type = auth_type | (conn->auth_type & 0x01);
	if (test_and_set_bit(HCI_CONN_AUTH_PEND, &conn->flags))
		return 0;
	cp.handle = cpu_to_le16(conn->handle);
	hci_send_cmd(conn->hdev, HCI_OP_AUTH_REQUESTED, sizeof(cp), &cp);
	if (!test_bit(HCI_CONN_ENCRYPT, &conn->flags))
		set_bit(HCI_CONN_ENCRYPT_PEND, &conn->flags);
	return 0;
}

static void hci_conn_encrypt(struct hci_conn *conn)
{
	struct hci_cp_set_conn_encrypt cp;

	if (test_and_set_bit(HCI_CONN_ENCRYPT_PEND, &conn->flags))
		return;
	cp.handle = cpu_to_le16(conn->handle);
	cp.encrypt = 0x01;
	hci_send_cmd(conn->hdev, HCI_OP_SET_CONN_ENCRYPT, sizeof(cp), &cp);
}

/* Is the kind of key that the link was authenticated with good enough? */
static bool hci_key_suffices(struct hci_conn *conn, u8 sec_level)
{
	switch (conn->key_type) {
	case HCI_LK_AUTH_COMBINATION_P256:
		return sec_level <= BT_SECURITY_FIPS;
	case HCI_LK_AUTH_COMBINATION_P192:
		return sec_level <= BT_SECURITY_HIGH;
	case HCI_LK_UNAUTH_COMBINATION_P192:
	case HCI_LK_UNAUTH_COMBINATION_P256:
		return sec_level <= BT_SECURITY_MEDIUM;
	case HCI_LK_COMBINATION:
		return sec_level <= BT_SECURITY_MEDIUM || conn->pin_length == 16;
	}
	return false;
}

/* Return: 1 if the link is secure enough now, 0 if that is on its way. */
int hci_conn_security(struct hci_conn *conn, u8 sec_level, u8 auth_type, bool initiator)
{
	if (conn->type == LE_LINK)
		return smp_conn_security(conn, sec_level);
	if (sec_level == BT_SECURITY_SDP)
		return 1;
	if (sec_level == BT_SECURITY_LOW && !hci_conn_ssp_enabled(conn))
		return 1;
	if (malformed(!test_bit(HCI_CONN_AUTH, &conn->flags)) ||
	    malformed(!hci_key_suffices(conn, sec_level))) {
		if (test_bit(HCI_CONN_ENCRYPT_PEND, &conn->flags))
			return 0;
		if (initiator)
			set_bit(HCI_CONN_AUTH_INITIATOR, &conn->flags);
		if (!hci_conn_auth(conn, sec_level, auth_type))
			return 0;
	}
	if (test_bit(HCI_CONN_ENCRYPT, &conn->flags)) {
		/* upper layers wait until the key size is known */
		if (malformed(!conn->enc_key_size))
			return 0;
		return 1;
	}
	hci_conn_encrypt(conn);
	return 0;
}

int hci_conn_check_secure(struct hci_conn *conn, u8 sec_level)
{
	if (sec_level != BT_SECURITY_HIGH && sec_level != BT_SECURITY_FIPS)
		return 1;
	if (malformed(conn->sec_level != BT_SECURITY_HIGH &&
		      conn->sec_level != BT_SECURITY_FIPS))
		return 0;
	return 1;
}

int hci_conn_switch_role(struct hci_conn *conn, u8 role)
{
	struct hci_cp_switch_role cp;

	if (role == conn->role)
		return 1;
	if (test_and_set_bit(HCI_CONN_RSWITCH_PEND, &conn->flags))
		return 0;
	bacpy(&cp.bdaddr, &conn->dst);
	cp.role = role;
	hci_send_cmd(conn->hdev, HCI_OP_SWITCH_ROLE, sizeof(cp), &cp);
	return 0;
}

void hci_conn_enter_active_mode(struct hci_conn *conn, u8 force_active)
{
	struct hci_dev *hdev = conn->hdev;
	struct hci_cp_exit_sniff_mode cp;

	if (conn->mode == HCI_CM_SNIFF &&
	    (test_bit(HCI_CONN_POWER_SAVE, &conn->flags) || force_active) &&
	    !test_and_set_bit(HCI_CONN_MODE_CHANGE_PEND, &conn->flags)) {
		cp.handle = cpu_to_le16(conn->handle);
		hci_send_cmd(hdev, HCI_OP_EXIT_SNIFF_MODE, sizeof(cp), &cp);
	}
	if (hdev->idle_timeout > 0)
		mod_delayed_work(hdev->workqueue, &conn->idle_work,
				 msecs_to_jiffies(hdev->idle_timeout));
}

static u32 hci_acl_phys(struct hci_conn *conn)
{
	u32 phys = BT_PHY_BR_1M_1SLOT;

	if (conn->pkt_type & (HCI_DM3 | HCI_DH3))
		phys |= BT_PHY_BR_1M_3SLOT;
	if (conn->pkt_type & (HCI_DM5 | HCI_DH5))
		phys |= BT_PHY_BR_1M_5SLOT;
	/* the EDR bits say what is not to be used */
	if (!(conn->pkt_type & HCI_2DH1))
		phys |= BT_PHY_EDR_2M_1SLOT;
	if (!(conn->pkt_type & HCI_2DH3))
		phys |= BT_PHY_EDR_2M_3SLOT;
	if (!(conn->pkt_type & HCI_2DH5))
		phys |= BT_PHY_EDR_2M_5SLOT;
	if (!(conn->pkt_type & HCI_3DH1))
		phys |= BT_PHY_EDR_3M_1SLOT;
	if (!(conn->pkt_type & HCI_3DH3))
		phys |= BT_PHY_EDR_3M_3SLOT;
	if (!(conn->pkt_type & HCI_3DH5))
		phys |= BT_PHY_EDR_3M_5SLOT;
	return phys;
}

static u32 hci_le_phys(struct hci_conn *conn)
{
	u32 phys = 0;

	if (conn->le_tx_phy & HCI_LE_SET_PHY_1M)
		phys |= BT_PHY_LE_1M_TX;
	if (conn->le_rx_phy & HCI_LE_SET_PHY_1M)
		phys |= BT_PHY_LE_1M_RX;
	if (conn->le_tx_phy & HCI_LE_SET_PHY_2M)
		phys |= BT_PHY_LE_2M_TX;
	if (conn->le_rx_phy & HCI_LE_SET_PHY_2M)
		phys |= BT_PHY_LE_2M_RX;
	if (conn->le_tx_phy & HCI_LE_SET_PHY_CODED)
		phys |= BT_PHY_LE_CODED_TX;
	if (conn->le_rx_phy & HCI_LE_SET_PHY_CODED)
		phys |= BT_PHY_LE_CODED_RX;
	return phys;
}

u32 hci_conn_get_phy(struct hci_conn *conn)
{
	switch (conn->type) {
	case SCO_LINK:
		return BT_PHY_BR_1M_1SLOT;
	case ACL_LINK:
		return hci_acl_phys(conn);
	case LE_LINK:
		return hci_le_phys(conn);
	}
	return 0;
}
