/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Security Manager Protocol: wire format, and what the rest of the host calls.
 *
 * Modelled on: Linux 6.1 net/bluetooth/smp.h
 * Spec: Core Specification 5.4 Vol 3 Part H 3
 */
#ifndef REDZONE_BLUETOOTH_SMP_H
#define REDZONE_BLUETOOTH_SMP_H

#include <net/bluetooth/bluetooth.h>
#include <net/bluetooth/hci_core.h>

struct smp_command_hdr {
	u8	code;
} __packed;

#define SMP_CMD_PAIRING_REQ	0x01
#define SMP_CMD_PAIRING_RSP	0x02
struct smp_cmd_pairing {
	u8	io_capability;
	u8	oob_flag;
	u8	auth_req;
	u8	max_key_size;
	u8	init_key_dist;
	u8	resp_key_dist;
} __packed;

/* io_capability */
#define SMP_IO_DISPLAY_ONLY	0x00
#define SMP_IO_DISPLAY_YESNO	0x01
#define SMP_IO_KEYBOARD_ONLY	0x02
#define SMP_IO_NO_INPUT_OUTPUT	0x03
#define SMP_IO_KEYBOARD_DISPLAY	0x04

/* oob_flag */
#define SMP_OOB_NOT_PRESENT	0x00
#define SMP_OOB_PRESENT		0x01

/* init_key_dist, resp_key_dist */
#define SMP_DIST_ENC_KEY	0x01
#define SMP_DIST_ID_KEY		0x02
#define SMP_DIST_SIGN		0x04
#define SMP_DIST_LINK_KEY	0x08

/* auth_req */
#define SMP_AUTH_NONE		0x00
#define SMP_AUTH_BONDING	0x01
#define SMP_AUTH_MITM		0x04
#define SMP_AUTH_SC		0x08
#define SMP_AUTH_KEYPRESS	0x10
#define SMP_AUTH_CT2		0x20

#define SMP_CMD_PAIRING_CONFIRM	0x03
struct smp_cmd_pairing_confirm {
	u8	confirm_val[16];
} __packed;

#define SMP_CMD_PAIRING_RANDOM	0x04
struct smp_cmd_pairing_random {
	u8	rand_val[16];
} __packed;

#define SMP_CMD_PAIRING_FAIL	0x05
struct smp_cmd_pairing_fail {
	u8	reason;
} __packed;

#define SMP_CMD_ENCRYPT_INFO	0x06
struct smp_cmd_encrypt_info {
	u8	ltk[16];
} __packed;

#define SMP_CMD_INITIATOR_IDENT	0x07
struct smp_cmd_initiator_ident {
	__le16	ediv;
	__le64	rand;
} __packed;

#define SMP_CMD_IDENT_INFO	0x08
struct smp_cmd_ident_info {
	u8	irk[16];
} __packed;

#define SMP_CMD_IDENT_ADDR_INFO	0x09
struct smp_cmd_ident_addr_info {
	u8	addr_type;
	bdaddr_t bdaddr;
} __packed;

#define SMP_CMD_SIGN_INFO	0x0a
struct smp_cmd_sign_info {
	u8	csrk[16];
} __packed;

#define SMP_CMD_SECURITY_REQ	0x0b
struct smp_cmd_security_req {
	u8	auth_req;
} __packed;

#define SMP_CMD_PUBLIC_KEY	0x0c
struct smp_cmd_public_key {
	u8	x[32];
	u8	y[32];
} __packed;

#define SMP_CMD_DHKEY_CHECK	0x0d
struct smp_cmd_dhkey_check {
	u8	e[16];
} __packed;

#define SMP_CMD_KEYPRESS_NOTIFY	0x0e
struct smp_cmd_keypress_notify {
	u8	value;
} __packed;

#define SMP_CMD_MAX		0x0e

/* Reasons of Pairing Failed */
#define SMP_PASSKEY_ENTRY_FAILED	0x01
#define SMP_OOB_NOT_AVAIL		0x02
#define SMP_AUTH_REQUIREMENTS		0x03
#define SMP_CONFIRM_FAILED		0x04
#define SMP_PAIRING_NOTSUPP		0x05
#define SMP_ENC_KEY_SIZE		0x06
#define SMP_CMD_NOTSUPP			0x07
#define SMP_UNSPECIFIED			0x08
#define SMP_REPEATED_ATTEMPTS		0x09
#define SMP_INVALID_PARAMS		0x0a
#define SMP_DHKEY_CHECK_FAILED		0x0b
#define SMP_NUMERIC_COMP_FAILED		0x0c
#define SMP_BREDR_PAIRING_IN_PROGRESS	0x0d
#define SMP_CROSS_TRANSP_NOT_ALLOWED	0x0e
#define SMP_KEY_REJECTED		0x0f

#define SMP_MIN_ENC_KEY_SIZE		7
#define SMP_MAX_ENC_KEY_SIZE		16

/* What a stored key (struct smp_ltk) is */
enum {
	SMP_STK,
	SMP_LTK,
	SMP_LTK_RESPONDER,
	SMP_LTK_P256,
	SMP_LTK_P256_DEBUG,
};

static inline bool smp_ltk_is_sc(struct smp_ltk *key)
{
	return key->type == SMP_LTK_P256 || key->type == SMP_LTK_P256_DEBUG;
}

static inline u8 smp_ltk_sec_level(struct smp_ltk *key)
{
	if (!key->authenticated)
		return BT_SECURITY_MEDIUM;
	return smp_ltk_is_sc(key) ? BT_SECURITY_FIPS : BT_SECURITY_HIGH;
}

/* Whether encryption with a short-term key is enough */
enum smp_key_pref {
	SMP_ALLOW_STK,
	SMP_USE_LTK,
};

int smp_cancel_and_remove_pairing(struct hci_dev *hdev, bdaddr_t *bdaddr,
				  u8 addr_type);
bool smp_sufficient_security(struct hci_conn *hcon, u8 sec_level,
			     enum smp_key_pref key_pref);
int smp_conn_security(struct hci_conn *hcon, u8 sec_level);
int smp_user_confirm_reply(struct hci_conn *hcon, u16 mgmt_op, __le32 passkey);

bool smp_irk_matches(struct hci_dev *hdev, const u8 irk[16],
		     const bdaddr_t *bdaddr);
int smp_generate_rpa(struct hci_dev *hdev, const u8 irk[16], bdaddr_t *rpa);
int smp_generate_oob(struct hci_dev *hdev, u8 hash[16], u8 rand[16]);

int smp_force_bredr(struct hci_dev *hdev, bool enable);

int smp_register(struct hci_dev *hdev);
void smp_unregister(struct hci_dev *hdev);

#endif /* REDZONE_BLUETOOTH_SMP_H */
