// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pairing, phase 2: confirm and random values, which both ways of pairing share, and the
 * temporary and short-term keys of legacy pairing.
 *
 * Modelled on: Linux 6.1 net/bluetooth/smp.c (tk_request, smp_confirm, smp_random,
 *	fixup_sc_false_positive, smp_cmd_pairing_confirm, smp_cmd_pairing_random)
 * Spec: Core Specification 5.4 Vol 3 Part H 2.3.5.2 to 2.3.5.5, 3.5.3, 3.5.4
 * Differs: as upstream no out-of-band data with legacy pairing. In crypto-ignored mode
 *	every confirm value is right.
 */
#include <linux/random.h>
#include <linux/string.h>
#include <net/bluetooth/mgmt.h>
#include <asm/unaligned.h>

#include "smp_chan.h"

/* The association model, for want of a better one with somebody's consent. */
static u8 tk_method(struct smp_chan *smp, u8 auth, u8 local_io, u8 remote_io)
{
	u8 method = JUST_CFM;

	if (auth & SMP_AUTH_MITM)
		method = get_auth_method(smp, local_io, remote_io);

	/* who began need not be asked, who cannot answer neither */
	if (method == JUST_CFM &&
	    (test_bit(SMP_FLAG_INITIATOR, &smp->flags) ||
	     smp->conn->hcon->io_capability == HCI_IO_NO_INPUT_OUTPUT))
		method = JUST_WORKS;

	return method;
}

/* A passkey for the user to read to the other side. */
static u32 tk_passkey(struct smp_chan *smp)
{
	u32 passkey;

	memset(smp->tk, 0, sizeof(smp->tk));
	get_random_bytes(&passkey, sizeof(passkey));
	passkey %= 1000000;
	put_unaligned_le32(passkey, smp->tk);
	set_bit(SMP_FLAG_TK_VALID, &smp->flags);
	return passkey;
}

/* Set up the temporary key, or ask the user for it. Return: 0 or negative errno. */
int tk_request(struct l2cap_conn *conn, u8 auth, u8 local_io, u8 remote_io)
{
	struct smp_chan *smp = conn->smp->data;
	struct hci_conn *hcon = conn->hcon;
	u32 passkey = 0;
	int ret;

	/* of Just Works */
	memset(smp->tk, 0, sizeof(smp->tk));
	clear_bit(SMP_FLAG_TK_VALID, &smp->flags);

	smp->method = tk_method(smp, auth, local_io, remote_io);

	if (smp->method == JUST_WORKS) {
		ret = mgmt_user_confirm_request(hcon->hdev, &hcon->dst, hcon->type,
						hcon->dst_type, passkey, 1);
		if (ret)
			return ret;
		set_bit(SMP_FLAG_WAIT_USER, &smp->flags);
		return 0;
	}

	/* from Secure Connections there is no way back but to Just Works */
	if (malformed(test_bit(SMP_FLAG_SC, &smp->flags)))
		return -EINVAL;

	if (smp->method != JUST_CFM) {
		set_bit(SMP_FLAG_MITM_AUTH, &smp->flags);
		if (hcon->pending_sec_level < BT_SECURITY_HIGH)
			hcon->pending_sec_level = BT_SECURITY_HIGH;
	}

	/* 2.3.5.1: both have keyboard and display: the initiator shows */
	if (smp->method == OVERLAP) {
		if (test_bit(SMP_FLAG_INITIATOR, &smp->flags))
			smp->method = CFM_PASSKEY;
		else
			smp->method = REQ_PASSKEY;
	}

	if (smp->method == CFM_PASSKEY)
		passkey = tk_passkey(smp);

	if (smp->method == REQ_PASSKEY)
		return mgmt_user_passkey_request(hcon->hdev, &hcon->dst, hcon->type,
						 hcon->dst_type);
	if (smp->method == JUST_CFM)
		return mgmt_user_confirm_request(hcon->hdev, &hcon->dst, hcon->type,
						 hcon->dst_type, passkey, 1);
	return mgmt_user_passkey_notify(hcon->hdev, &hcon->dst, hcon->type,
					hcon->dst_type, passkey, 0);
}

/* Send our confirm value. */
u8 smp_confirm(struct smp_chan *smp)
{
	struct l2cap_conn *conn = smp->conn;
	struct hci_conn *hcon = conn->hcon;
	struct smp_cmd_pairing_confirm cp;
	int ret;

	ret = smp_c1(smp->tk, smp->prnd, smp->preq, smp->prsp, hcon->init_addr_type,
		     &hcon->init_addr, hcon->resp_addr_type, &hcon->resp_addr,
		     cp.confirm_val);
	if (ret)
		return SMP_UNSPECIFIED;

	clear_bit(SMP_FLAG_CFM_PENDING, &smp->flags);

	smp_send_cmd(conn, SMP_CMD_PAIRING_CONFIRM, sizeof(cp), &cp);

	if (test_bit(SMP_FLAG_INITIATOR, &smp->flags))
		SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_CONFIRM);
	else
		SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_RANDOM);

	return 0;
}

static u8 smp_random_initiator(struct smp_chan *smp)
{
	struct hci_conn *hcon = smp->conn->hcon;
	u8 stk[16];

	smp_s1(smp->tk, smp->rrnd, smp->prnd, stk);

	if (malformed(test_and_set_bit(HCI_CONN_ENCRYPT_PEND, &hcon->flags)))
		return SMP_UNSPECIFIED;

	hci_le_start_enc(hcon, 0, 0, stk, smp->enc_key_size);
	hcon->enc_key_size = smp->enc_key_size;
	set_bit(HCI_CONN_STK_ENCRYPT, &hcon->flags);

	return 0;
}

/* Whether the key that comes out of this is an authenticated one. */
static u8 stk_authenticated(const struct smp_chan *smp)
{
	bool wanted = smp->conn->hcon->pending_sec_level == BT_SECURITY_HIGH;
	bool achieved = test_bit(SMP_FLAG_MITM_AUTH, &smp->flags);

	triggered(CVE_2026_31773, wanted && !achieved);
	if (fixed(CVE_2026_31773))
		return achieved;
	return wanted;
}

/* The central starts encryption: the key is kept for the controller's question. */
static u8 smp_random_responder(struct smp_chan *smp)
{
	struct l2cap_conn *conn = smp->conn;
	struct hci_conn *hcon = conn->hcon;
	struct smp_ltk *key;
	u8 stk[16];

	smp_send_cmd(conn, SMP_CMD_PAIRING_RANDOM, sizeof(smp->prnd), smp->prnd);

	smp_s1(smp->tk, smp->prnd, smp->rrnd, stk);

	key = hci_add_ltk(hcon->hdev, &hcon->dst, hcon->dst_type, SMP_STK,
			  stk_authenticated(smp), stk, smp->enc_key_size, 0, 0);

	/*
	 * On a link that is encrypted already, keys may have been given out: the STK has
	 * then taken the place of our LTK, and goes when the controller has used it.
	 */
	triggered(REDZONE_9CC62546B56F, key && key == smp->responder_ltk);
	if (fixed(REDZONE_9CC62546B56F) && key == smp->responder_ltk)
		smp->responder_ltk = NULL;

	return 0;
}

/* The peer has opened its commitment: does it hold what was committed to? */
static u8 smp_random(struct smp_chan *smp)
{
	struct hci_conn *hcon = smp->conn->hcon;
	u8 confirm[16];
	int ret;

	ret = smp_c1(smp->tk, smp->rrnd, smp->preq, smp->prsp, hcon->init_addr_type,
		     &hcon->init_addr, hcon->resp_addr_type, &hcon->resp_addr, confirm);
	if (ret)
		return SMP_UNSPECIFIED;

	if (malformed(crypto_memneq(smp->pcnf, confirm, sizeof(smp->pcnf))))
		return SMP_CONFIRM_FAILED;

	if (test_bit(SMP_FLAG_INITIATOR, &smp->flags))
		return smp_random_initiator(smp);

	return smp_random_responder(smp);
}

/*
 * A confirm value where a public key was due: the peer may have copied bits of our
 * security request without knowing them, and mean legacy pairing.
 */
static u8 fixup_sc_false_positive(struct smp_chan *smp)
{
	struct l2cap_conn *conn = smp->conn;
	struct hci_dev *hdev = conn->hcon->hdev;
	struct smp_cmd_pairing *req, *rsp;
	u8 auth;

	/* seen of initiators only */
	if (test_bit(SMP_FLAG_INITIATOR, &smp->flags))
		return SMP_UNSPECIFIED;

	if (malformed(hci_dev_test_flag(hdev, HCI_SC_ONLY)))
		return SMP_UNSPECIFIED;

	req = (void *)&smp->preq[1];
	rsp = (void *)&smp->prsp[1];

	/* some were taken out for Secure Connections */
	smp->remote_key_dist = req->init_key_dist & rsp->resp_key_dist;

	auth = req->auth_req & AUTH_REQ_MASK(hdev);

	if (tk_request(conn, auth, rsp->io_capability, req->io_capability))
		return SMP_UNSPECIFIED;

	clear_bit(SMP_FLAG_SC, &smp->flags);

	return 0;
}

/* 3.5.3 */
u8 smp_cmd_pairing_confirm(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct smp_chan *smp = conn->smp->data;

	if (malformed(skb->len < sizeof(smp->pcnf)))
		return SMP_INVALID_PARAMS;

	memcpy(smp->pcnf, skb->data, sizeof(smp->pcnf));
	sink_bytes(conn->hcon->hdev->sink, "btsmp.cfm_value", smp->pcnf, sizeof(smp->pcnf));
	skb_pull(skb, sizeof(smp->pcnf));

	if (test_bit(SMP_FLAG_SC, &smp->flags)) {
		u8 reason;

		if (test_bit(SMP_FLAG_REMOTE_PK, &smp->flags))
			return sc_check_confirm(smp);

		reason = fixup_sc_false_positive(smp);
		if (reason)
			return reason;
	}

	if (test_bit(SMP_FLAG_INITIATOR, &smp->flags)) {
		smp_send_cmd(conn, SMP_CMD_PAIRING_RANDOM, sizeof(smp->prnd), smp->prnd);
		SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_RANDOM);
		return 0;
	}

	if (test_bit(SMP_FLAG_TK_VALID, &smp->flags))
		return smp_confirm(smp);

	set_bit(SMP_FLAG_CFM_PENDING, &smp->flags);

	return 0;
}

/* 3.5.4 */
u8 smp_cmd_pairing_random(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct smp_chan *smp = conn->smp->data;

	if (malformed(skb->len < sizeof(smp->rrnd)))
		return SMP_INVALID_PARAMS;

	memcpy(smp->rrnd, skb->data, sizeof(smp->rrnd));
	sink_bytes(conn->hcon->hdev->sink, "btsmp.random_value", smp->rrnd,
		   sizeof(smp->rrnd));
	skb_pull(skb, sizeof(smp->rrnd));

	if (!test_bit(SMP_FLAG_SC, &smp->flags))
		return smp_random(smp);

	return sc_random(smp);
}
