// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pairing, phase 2, LE Secure Connections: public keys, the four association models,
 * DHKey checks.
 *
 * Modelled on: Linux 6.1 net/bluetooth/smp.c (sc_send_public_key, smp_cmd_public_key,
 *	sc_select_method, sc_check_confirm, sc_passkey_send_confirm, sc_passkey_round,
 *	smp_cmd_pairing_random, sc_mackey_and_ltk, sc_dhkey_check, sc_user_reply,
 *	smp_cmd_dhkey_check, smp_cmd_keypress_notify)
 * Spec: Core Specification 5.4 Vol 3 Part H 2.3.5.6, 3.5.6 to 3.5.8
 * Differs: public keys are no secrets and are compared in both crypto modes. A
 *	keypress is decoded as the bytes that are there; upstream prints its type unseen.
 */
#include <linux/random.h>
#include <linux/string.h>
#include <net/bluetooth/mgmt.h>
#include <asm/unaligned.h>

#include "smp_chan.h"

/* 2.3.5.6.1: the key pair that lets others look into a pairing */
const u8 debug_pk[64] = {
	0xe6, 0x9d, 0x35, 0x0e, 0x48, 0x01, 0x03, 0xcc,
	0xdb, 0xfd, 0xf4, 0xac, 0x11, 0x91, 0xf4, 0xef,
	0xb9, 0xa5, 0xf9, 0xe9, 0xa7, 0x83, 0x2c, 0x5e,
	0x2c, 0xbe, 0x97, 0xf2, 0xd2, 0x03, 0xb0, 0x20,

	0x8b, 0xd2, 0x89, 0x15, 0xd0, 0x8e, 0x1c, 0x74,
	0x24, 0x30, 0xed, 0x8f, 0xc2, 0x45, 0x63, 0x76,
	0x5c, 0x15, 0x52, 0x5a, 0xbf, 0x9a, 0x32, 0x63,
	0x6d, 0xeb, 0x2a, 0x65, 0x49, 0x9c, 0x80, 0xdc,
};

const u8 debug_sk[32] = {
	0xbd, 0x1a, 0x3c, 0xcd, 0xa6, 0xb8, 0x99, 0x58,
	0x99, 0xb7, 0x40, 0xeb, 0x7b, 0x60, 0xff, 0x4a,
	0x50, 0x3f, 0x10, 0xd2, 0xe3, 0xb3, 0xc9, 0x74,
	0x38, 0x5f, 0xc5, 0xa3, 0xd4, 0xf6, 0x49, 0x3f,
};

static bool smp_initiator(const struct smp_chan *smp)
{
	return test_bit(SMP_FLAG_INITIATOR, &smp->flags);
}

static bool passkey_entry(const struct smp_chan *smp)
{
	return smp->method == REQ_PASSKEY || smp->method == DSP_PASSKEY;
}

/*
 * Keys from nonces
 */

/* Addresses with their types, as the functions of the toolbox take them */
static void conn_addrs(const struct hci_conn *hcon, u8 a[7], u8 b[7])
{
	memcpy(a, &hcon->init_addr, 6);
	memcpy(b, &hcon->resp_addr, 6);
	a[6] = hcon->init_addr_type;
	b[6] = hcon->resp_addr_type;
}

static int sc_mackey_and_ltk(struct smp_chan *smp, u8 mackey[16], u8 ltk[16])
{
	u8 *na, *nb, a[7], b[7];

	if (smp_initiator(smp)) {
		na = smp->prnd;
		nb = smp->rrnd;
	} else {
		na = smp->rrnd;
		nb = smp->prnd;
	}

	conn_addrs(smp->conn->hcon, a, b);

	return smp_f5(smp->tfm_cmac, smp->dhkey, na, nb, a, b, mackey, ltk);
}

/* Send what shows that we know the keys. */
static void sc_dhkey_check(struct smp_chan *smp)
{
	struct hci_conn *hcon = smp->conn->hcon;
	struct smp_cmd_dhkey_check check;
	u8 a[7], b[7], *local_addr, *remote_addr;
	u8 io_cap[3], r[16];

	conn_addrs(hcon, a, b);

	if (smp_initiator(smp)) {
		local_addr = a;
		remote_addr = b;
		memcpy(io_cap, &smp->preq[1], 3);
	} else {
		local_addr = b;
		remote_addr = a;
		memcpy(io_cap, &smp->prsp[1], 3);
	}

	memset(r, 0, sizeof(r));

	if (passkey_entry(smp))
		put_unaligned_le32(hcon->passkey_notify, r);

	if (smp->method == REQ_OOB)
		memcpy(r, smp->rr, 16);

	smp_f6(smp->tfm_cmac, smp->mackey, smp->prnd, smp->rrnd, r, io_cap, local_addr,
	       remote_addr, check.e);

	smp_send_cmd(smp->conn, SMP_CMD_DHKEY_CHECK, sizeof(check), &check);
}

/*
 * Passkey entry: twenty rounds, one for each bit
 */

static u8 passkey_bit(const struct smp_chan *smp)
{
	return 0x80 | ((smp->conn->hcon->passkey_notify >> smp->passkey_round) & 0x01);
}

static u8 sc_passkey_send_confirm(struct smp_chan *smp)
{
	struct smp_cmd_pairing_confirm cfm;

	get_random_bytes(smp->prnd, sizeof(smp->prnd));

	if (smp_f4(smp->tfm_cmac, smp->local_pk, smp->remote_pk, smp->prnd,
		   passkey_bit(smp), cfm.confirm_val))
		return SMP_UNSPECIFIED;

	smp_send_cmd(smp->conn, SMP_CMD_PAIRING_CONFIRM, sizeof(cfm), &cfm);

	return 0;
}

/* The initiator begins each round. */
static u8 sc_passkey_start(struct smp_chan *smp)
{
	if (!smp_initiator(smp))
		return 0;

	SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_CONFIRM);

	return sc_passkey_send_confirm(smp);
}

static u8 sc_passkey_confirm(struct smp_chan *smp)
{
	if (test_bit(SMP_FLAG_WAIT_USER, &smp->flags)) {
		set_bit(SMP_FLAG_CFM_PENDING, &smp->flags);
		return 0;
	}

	SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_RANDOM);

	if (smp_initiator(smp)) {
		smp_send_cmd(smp->conn, SMP_CMD_PAIRING_RANDOM, sizeof(smp->prnd),
			     smp->prnd);
		return 0;
	}

	return sc_passkey_send_confirm(smp);
}

static u8 sc_passkey_random(struct smp_chan *smp)
{
	u8 cfm[16];

	if (smp_f4(smp->tfm_cmac, smp->remote_pk, smp->local_pk, smp->rrnd,
		   passkey_bit(smp), cfm))
		return SMP_UNSPECIFIED;

	if (malformed(crypto_memneq(smp->pcnf, cfm, 16)))
		return SMP_CONFIRM_FAILED;

	smp->passkey_round++;

	if (smp->passkey_round == 20) {
		if (sc_mackey_and_ltk(smp, smp->mackey, smp->tk))
			return SMP_UNSPECIFIED;
	}

	/* a round ends when the initiator has the random value */
	if (!smp_initiator(smp)) {
		smp_send_cmd(smp->conn, SMP_CMD_PAIRING_RANDOM, sizeof(smp->prnd),
			     smp->prnd);
		if (smp->passkey_round == 20)
			SMP_ALLOW_CMD(smp, SMP_CMD_DHKEY_CHECK);
		else
			SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_CONFIRM);
		return 0;
	}

	if (smp->passkey_round != 20)
		return sc_passkey_start(smp);

	sc_dhkey_check(smp);
	SMP_ALLOW_CMD(smp, SMP_CMD_DHKEY_CHECK);

	return 0;
}

/* What @smp_op means for passkey entry; 0: the user has just said the number. */
static u8 sc_passkey_round(struct smp_chan *smp, u8 smp_op)
{
	/* the passkey has no more bits */
	if (malformed(smp->passkey_round >= 20))
		return 0;

	switch (smp_op) {
	case SMP_CMD_PAIRING_RANDOM:
		return sc_passkey_random(smp);
	case SMP_CMD_PAIRING_CONFIRM:
		return sc_passkey_confirm(smp);
	default:
		return sc_passkey_start(smp);
	}
}

/* The user has read the passkey off: the first of its bits, if the peer has begun. */
static int sc_passkey_reply(struct smp_chan *smp, __le32 passkey)
{
	bool begun = test_and_clear_bit(SMP_FLAG_CFM_PENDING, &smp->flags);

	smp->conn->hcon->passkey_notify = le32_to_cpu(passkey);
	smp->passkey_round = 0;

	return sc_passkey_round(smp, begun ? SMP_CMD_PAIRING_CONFIRM : 0) ? -EIO : 0;
}

int sc_user_reply(struct smp_chan *smp, u16 mgmt_op, __le32 passkey)
{
	clear_bit(SMP_FLAG_WAIT_USER, &smp->flags);

	switch (mgmt_op) {
	case MGMT_OP_USER_PASSKEY_NEG_REPLY:
		smp_failure(smp->conn, SMP_PASSKEY_ENTRY_FAILED);
		return 0;
	case MGMT_OP_USER_CONFIRM_NEG_REPLY:
		smp_failure(smp->conn, SMP_NUMERIC_COMP_FAILED);
		return 0;
	case MGMT_OP_USER_PASSKEY_REPLY:
		return sc_passkey_reply(smp, passkey);
	}

	/* the initiator checks first */
	if (smp_initiator(smp)) {
		sc_dhkey_check(smp);
		SMP_ALLOW_CMD(smp, SMP_CMD_DHKEY_CHECK);
	} else if (test_and_clear_bit(SMP_FLAG_DHKEY_PENDING, &smp->flags)) {
		sc_dhkey_check(smp);
		sc_add_ltk(smp);
	}

	return 0;
}

/*
 * Public keys
 */

/* The key pair whose commitment went another way already */
static u8 sc_local_oob_key(struct smp_chan *smp)
{
	struct l2cap_chan *chan = smp->conn->hcon->hdev->smp_data;
	struct smp_dev *smp_dev;

	if (!chan || !chan->data)
		return SMP_UNSPECIFIED;

	smp_dev = chan->data;

	memcpy(smp->local_pk, smp_dev->local_pk, 64);
	memcpy(smp->lr, smp_dev->local_rand, 16);

	if (smp_dev->debug_key)
		set_bit(SMP_FLAG_DEBUG_KEY, &smp->flags);

	return 0;
}

static u8 sc_new_key(struct smp_chan *smp)
{
	if (hci_dev_test_flag(smp->conn->hcon->hdev, HCI_USE_DEBUG_KEYS)) {
		if (set_ecdh_privkey(smp->tfm_ecdh, debug_sk))
			return SMP_UNSPECIFIED;
		memcpy(smp->local_pk, debug_pk, 64);
		set_bit(SMP_FLAG_DEBUG_KEY, &smp->flags);
		return 0;
	}

	while (true) {
		if (generate_ecdh_keys(smp->tfm_ecdh, smp->local_pk))
			return SMP_UNSPECIFIED;

		/* however unlikely: this one would be no secret */
		if (memcmp(smp->local_pk, debug_pk, 64))
			break;
	}
	return 0;
}

u8 sc_send_public_key(struct smp_chan *smp)
{
	u8 reason;

	if (test_bit(SMP_FLAG_LOCAL_OOB, &smp->flags))
		reason = sc_local_oob_key(smp);
	else
		reason = sc_new_key(smp);
	if (reason)
		return reason;

	smp_send_cmd(smp->conn, SMP_CMD_PUBLIC_KEY, 64, smp->local_pk);

	return 0;
}

static u8 sc_select_method(struct smp_chan *smp)
{
	struct smp_cmd_pairing *local, *remote;
	u8 method;

	if (test_bit(SMP_FLAG_REMOTE_OOB, &smp->flags) ||
	    test_bit(SMP_FLAG_LOCAL_OOB, &smp->flags))
		return REQ_OOB;

	/* behind their codes */
	if (smp_initiator(smp)) {
		local = (void *)&smp->preq[1];
		remote = (void *)&smp->prsp[1];
	} else {
		local = (void *)&smp->prsp[1];
		remote = (void *)&smp->preq[1];
	}

	if ((local->auth_req & SMP_AUTH_MITM) || (remote->auth_req & SMP_AUTH_MITM))
		method = get_auth_method(smp, local->io_capability, remote->io_capability);
	else
		method = JUST_WORKS;

	/* who began need not be asked */
	if (method == JUST_CFM && smp_initiator(smp))
		method = JUST_WORKS;

	return method;
}

/* The private key that belongs to the public one that we sent */
static struct crypto_kpp *sc_private_key(struct smp_chan *smp)
{
	struct l2cap_chan *hchan = smp->conn->hcon->hdev->smp_data;
	struct smp_dev *smp_dev;

	if (!test_bit(SMP_FLAG_LOCAL_OOB, &smp->flags))
		return smp->tfm_ecdh;

	if (!hchan || !hchan->data)
		return NULL;

	smp_dev = hchan->data;
	return smp_dev->tfm_ecdh;
}

/* The user reads our passkey to the other side. */
static u8 sc_display_passkey(struct smp_chan *smp)
{
	struct hci_conn *hcon = smp->conn->hcon;

	get_random_bytes(&hcon->passkey_notify, sizeof(hcon->passkey_notify));
	hcon->passkey_notify %= 1000000;
	hcon->passkey_entered = 0;
	smp->passkey_round = 0;
	if (mgmt_user_passkey_notify(hcon->hdev, &hcon->dst, hcon->type, hcon->dst_type,
				     hcon->passkey_notify, hcon->passkey_entered))
		return SMP_UNSPECIFIED;
	SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_CONFIRM);
	return sc_passkey_round(smp, SMP_CMD_PUBLIC_KEY);
}

/* Commit to our nonce: numeric comparison, Just Works; the responder's task. */
static u8 sc_send_confirm(struct smp_chan *smp)
{
	struct smp_cmd_pairing_confirm cfm;

	if (smp_f4(smp->tfm_cmac, smp->local_pk, smp->remote_pk, smp->prnd, 0,
		   cfm.confirm_val))
		return SMP_UNSPECIFIED;

	smp_send_cmd(smp->conn, SMP_CMD_PAIRING_CONFIRM, sizeof(cfm), &cfm);
	SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_RANDOM);

	return 0;
}

/* Both keys are there: the first step of the association model. */
static u8 sc_start_method(struct smp_chan *smp)
{
	struct l2cap_conn *conn = smp->conn;
	struct hci_conn *hcon = conn->hcon;

	if (smp->method == DSP_PASSKEY)
		return sc_display_passkey(smp);

	if (smp->method == REQ_OOB) {
		if (smp_initiator(smp))
			smp_send_cmd(conn, SMP_CMD_PAIRING_RANDOM, sizeof(smp->prnd),
				     smp->prnd);

		SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_RANDOM);
		return 0;
	}

	if (smp_initiator(smp))
		SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_CONFIRM);

	if (smp->method == REQ_PASSKEY) {
		if (mgmt_user_passkey_request(hcon->hdev, &hcon->dst, hcon->type,
					      hcon->dst_type))
			return SMP_UNSPECIFIED;
		SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_CONFIRM);
		set_bit(SMP_FLAG_WAIT_USER, &smp->flags);
		return 0;
	}

	/* the responder commits first */
	if (smp_initiator(smp))
		return 0;

	return sc_send_confirm(smp);
}

/* Whether the key is the one that the out-of-band data speaks of */
static u8 sc_check_oob_commitment(struct smp_chan *smp)
{
	u8 confirm[16];

	if (smp_f4(smp->tfm_cmac, smp->remote_pk, smp->remote_pk, smp->rr, 0, confirm))
		return SMP_UNSPECIFIED;

	if (malformed(crypto_memneq(confirm, smp->pcnf, 16)))
		return SMP_CONFIRM_FAILED;

	return 0;
}

/* 3.5.6 */
u8 smp_cmd_public_key(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct smp_cmd_public_key *key = (void *)skb->data;
	struct hci_conn *hcon = conn->hcon;
	struct smp_chan *smp = conn->smp->data;
	struct crypto_kpp *tfm_ecdh;
	u8 reason;

	if (malformed(skb->len < sizeof(*key)))
		return SMP_INVALID_PARAMS;

	/* our own key: somebody wants to hear our confirm values as answers to themselves */
	if (!test_bit(SMP_FLAG_DEBUG_KEY, &smp->flags) &&
	    malformed_in(CVE_2020_26558, !memcmp(key, smp->local_pk, 64)))
		return SMP_DHKEY_CHECK_FAILED;

	memcpy(smp->remote_pk, key, 64);
	sink_bytes(hcon->hdev->sink, "btsmp.public_key_x", key->x, sizeof(key->x));
	sink_bytes(hcon->hdev->sink, "btsmp.public_key_y", key->y, sizeof(key->y));

	if (test_bit(SMP_FLAG_REMOTE_OOB, &smp->flags)) {
		reason = sc_check_oob_commitment(smp);
		if (reason)
			return reason;
	}

	/* the responder's key answers the initiator's */
	if (!smp_initiator(smp)) {
		reason = sc_send_public_key(smp);
		if (reason)
			return reason;
	}

	tfm_ecdh = sc_private_key(smp);
	if (!tfm_ecdh)
		return SMP_UNSPECIFIED;

	if (compute_ecdh_secret(tfm_ecdh, smp->remote_pk, smp->dhkey))
		return SMP_UNSPECIFIED;

	set_bit(SMP_FLAG_REMOTE_PK, &smp->flags);

	smp->method = sc_select_method(smp);

	/* nobody in the middle is kept out by these two */
	if (smp->method == JUST_WORKS || smp->method == JUST_CFM)
		hcon->pending_sec_level = BT_SECURITY_MEDIUM;
	else
		hcon->pending_sec_level = BT_SECURITY_FIPS;

	if (!memcmp(debug_pk, smp->remote_pk, 64))
		set_bit(SMP_FLAG_DEBUG_KEY, &smp->flags);

	return sc_start_method(smp);
}

/*
 * Nonces and checks
 */

/* A confirm value has come. */
u8 sc_check_confirm(struct smp_chan *smp)
{
	if (passkey_entry(smp))
		return sc_passkey_round(smp, SMP_CMD_PAIRING_CONFIRM);

	if (smp_initiator(smp)) {
		smp_send_cmd(smp->conn, SMP_CMD_PAIRING_RANDOM, sizeof(smp->prnd),
			     smp->prnd);
		SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_RANDOM);
	}

	return 0;
}

/* With out-of-band data nonces need no commitment: derive and check. */
static u8 sc_oob_random(struct smp_chan *smp)
{
	if (!smp_initiator(smp))
		smp_send_cmd(smp->conn, SMP_CMD_PAIRING_RANDOM, sizeof(smp->prnd),
			     smp->prnd);
	SMP_ALLOW_CMD(smp, SMP_CMD_DHKEY_CHECK);

	if (sc_mackey_and_ltk(smp, smp->mackey, smp->tk))
		return SMP_UNSPECIFIED;

	if (smp_initiator(smp)) {
		sc_dhkey_check(smp);
		SMP_ALLOW_CMD(smp, SMP_CMD_DHKEY_CHECK);
	}
	return 0;
}

/* The number that both users see; without two displays they still have to agree. */
static u8 sc_ask_user(struct smp_chan *smp)
{
	struct hci_conn *hcon = smp->conn->hcon;
	u8 *pkax, *pkbx, *na, *nb;
	u32 passkey = 0;

	if (smp_initiator(smp)) {
		pkax = smp->local_pk;
		pkbx = smp->remote_pk;
		na = smp->prnd;
		nb = smp->rrnd;
	} else {
		pkax = smp->remote_pk;
		pkbx = smp->local_pk;
		na = smp->rrnd;
		nb = smp->prnd;
	}

	if (smp_g2(smp->tfm_cmac, pkax, pkbx, na, nb, &passkey))
		return SMP_UNSPECIFIED;

	if (mgmt_user_confirm_request(hcon->hdev, &hcon->dst, hcon->type, hcon->dst_type,
				      passkey, smp->method == JUST_WORKS ? 1 : 0))
		return SMP_UNSPECIFIED;

	set_bit(SMP_FLAG_WAIT_USER, &smp->flags);

	return 0;
}

/* The peer's nonce has come. */
u8 sc_random(struct smp_chan *smp)
{
	if (smp->method == REQ_OOB)
		return sc_oob_random(smp);

	if (passkey_entry(smp))
		return sc_passkey_round(smp, SMP_CMD_PAIRING_RANDOM);

	if (smp_initiator(smp)) {
		u8 cfm[16];

		if (smp_f4(smp->tfm_cmac, smp->remote_pk, smp->local_pk, smp->rrnd, 0, cfm))
			return SMP_UNSPECIFIED;

		if (malformed(crypto_memneq(smp->pcnf, cfm, 16)))
			return SMP_CONFIRM_FAILED;
	} else {
		smp_send_cmd(smp->conn, SMP_CMD_PAIRING_RANDOM, sizeof(smp->prnd),
			     smp->prnd);
		SMP_ALLOW_CMD(smp, SMP_CMD_DHKEY_CHECK);
	}

	if (sc_mackey_and_ltk(smp, smp->mackey, smp->tk))
		return SMP_UNSPECIFIED;

	return sc_ask_user(smp);
}

/* The check value that the peer must have sent */
static int sc_expected_check(struct smp_chan *smp, u8 e[16])
{
	struct hci_conn *hcon = smp->conn->hcon;
	u8 a[7], b[7], *local_addr, *remote_addr;
	u8 io_cap[3], r[16];

	conn_addrs(hcon, a, b);

	if (smp_initiator(smp)) {
		local_addr = a;
		remote_addr = b;
		memcpy(io_cap, &smp->prsp[1], 3);
	} else {
		local_addr = b;
		remote_addr = a;
		memcpy(io_cap, &smp->preq[1], 3);
	}

	memset(r, 0, sizeof(r));

	if (passkey_entry(smp))
		put_unaligned_le32(hcon->passkey_notify, r);
	else if (smp->method == REQ_OOB)
		memcpy(r, smp->lr, 16);

	return smp_f6(smp->tfm_cmac, smp->mackey, smp->rrnd, smp->prnd, r, io_cap,
		      remote_addr, local_addr, e);
}

/* 3.5.7 */
u8 smp_cmd_dhkey_check(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct smp_cmd_dhkey_check *check = (void *)skb->data;
	struct hci_conn *hcon = conn->hcon;
	struct smp_chan *smp = conn->smp->data;
	u8 e[16];

	if (malformed(skb->len < sizeof(*check)))
		return SMP_INVALID_PARAMS;

	if (sc_expected_check(smp, e))
		return SMP_UNSPECIFIED;

	sink_bytes(hcon->hdev->sink, "btsmp.dhkey_check", check->e, sizeof(check->e));
	if (malformed(crypto_memneq(check->e, e, 16)))
		return SMP_DHKEY_CHECK_FAILED;

	if (!smp_initiator(smp)) {
		if (test_bit(SMP_FLAG_WAIT_USER, &smp->flags)) {
			set_bit(SMP_FLAG_DHKEY_PENDING, &smp->flags);
			return 0;
		}

		sc_dhkey_check(smp);
	}

	sc_add_ltk(smp);

	if (smp_initiator(smp)) {
		hci_le_start_enc(hcon, 0, 0, smp->tk, smp->enc_key_size);
		hcon->enc_key_size = smp->enc_key_size;
	}

	return 0;
}

/* 3.5.8: the peer's user has typed a digit. */
u8 smp_cmd_keypress_notify(struct l2cap_conn *conn, struct sk_buff *skb)
{
	/* nobody acts on it, and a notification without its type fails no pairing */
	sink_bytes(conn->hcon->hdev->sink, "btsmp.notification_type", skb->data, skb->len);
	return 0;
}
