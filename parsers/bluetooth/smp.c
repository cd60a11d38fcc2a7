// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Security Manager Protocol: which command may come when, the life of a pairing,
 * and what the rest of the host asks of it.
 *
 * Modelled on: Linux 6.1 net/bluetooth/smp.c (smp_send_cmd, smp_chan_create,
 *	smp_chan_destroy, smp_failure, smp_timeout, smp_sig_channel, smp_recv_cb,
 *	smp_cmd_security_req, smp_conn_security, smp_ltk_encrypt,
 *	smp_sufficient_security, smp_user_confirm_reply, smp_cancel_and_remove_pairing)
 * Spec: Core Specification 5.4 Vol 3 Part H 2.4.6, 3.3, 3.4, 3.6.7
 * Differs: the reason of a Pairing Failed is decoded when it is there; upstream ends the
 *	pairing without a look at it.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <net/bluetooth/mgmt.h>
#include <asm/unaligned.h>

#include "smp_chan.h"

/*
 * A pairing's life
 */

void smp_send_cmd(struct l2cap_conn *conn, u8 code, u16 len, void *data)
{
	struct l2cap_chan *chan = conn->smp;
	struct smp_chan *smp;
	struct msghdr msg = { 0 };
	struct kvec iv[2];

	if (!chan)
		return;

	iv[0].iov_base = &code;
	iv[0].iov_len = 1;

	iv[1].iov_base = data;
	iv[1].iov_len = len;

	iov_iter_kvec(&msg.msg_iter, WRITE, iv, 2, 1 + len);

	sink_effect_u64(conn->hcon->hdev->sink, "btsmp.opcode", code);
	sink_effect_bytes(conn->hcon->hdev->sink, "btsmp", data, len);

	l2cap_chan_send(chan, &msg, 1 + len);

	if (!chan->data)
		return;

	smp = chan->data;

	cancel_delayed_work_sync(&smp->security_timer);
	schedule_delayed_work(&smp->security_timer, SMP_TIMEOUT);
}

static void smp_drop_ltk(struct smp_ltk *ltk)
{
	list_del_rcu(&ltk->list);
	kfree_rcu(ltk, rcu);
}

void smp_chan_destroy(struct l2cap_conn *conn)
{
	struct l2cap_chan *chan = conn->smp;
	struct smp_chan *smp = chan->data;
	struct hci_conn *hcon = conn->hcon;
	bool complete;

	BUG_ON(!smp);

	cancel_delayed_work_sync(&smp->security_timer);

	complete = test_bit(SMP_FLAG_COMPLETE, &smp->flags);
	mgmt_smp_complete(hcon, complete);

	kfree_sensitive(smp->csrk);
	kfree_sensitive(smp->responder_csrk);
	kfree_sensitive(smp->link_key);

	crypto_free_shash(smp->tfm_cmac);
	crypto_free_kpp(smp->tfm_ecdh);

	/* everybody knows the debug key: it may not stay without being asked for */
	if (smp->ltk && smp->ltk->type == SMP_LTK_P256_DEBUG &&
	    !hci_dev_test_flag(hcon->hdev, HCI_KEEP_DEBUG_KEYS)) {
		smp_drop_ltk(smp->ltk);
		smp->ltk = NULL;
	}

	/* keys of a pairing that failed are worth nothing */
	if (!complete) {
		if (smp->ltk)
			smp_drop_ltk(smp->ltk);

		if (smp->responder_ltk)
			smp_drop_ltk(smp->responder_ltk);

		if (smp->remote_irk) {
			list_del_rcu(&smp->remote_irk->list);
			kfree_rcu(smp->remote_irk, rcu);
		}
	}

	chan->data = NULL;
	kfree_sensitive(smp);
	hci_conn_drop(hcon);
}

/* End the pairing; with @reason 0 the peer is not told. */
void smp_failure(struct l2cap_conn *conn, u8 reason)
{
	struct hci_conn *hcon = conn->hcon;
	struct l2cap_chan *chan = conn->smp;

	if (reason)
		smp_send_cmd(conn, SMP_CMD_PAIRING_FAIL, sizeof(reason), &reason);

	mgmt_auth_failed(hcon, HCI_ERROR_AUTH_FAILURE);

	if (chan->data)
		smp_chan_destroy(conn);
}

/* 3.4: thirty seconds without a command end the link. */
static void smp_timeout(struct work_struct *work)
{
	struct smp_chan *smp = container_of(work, struct smp_chan, security_timer.work);

	hci_disconnect(smp->conn->hcon, HCI_ERROR_AUTH_FAILURE);
}

struct smp_chan *smp_chan_create(struct l2cap_conn *conn)
{
	struct hci_conn *hcon = conn->hcon;
	struct l2cap_chan *chan = conn->smp;
	struct smp_chan *smp;

	smp = kzalloc(sizeof(*smp), GFP_ATOMIC);
	if (!smp)
		return NULL;

	smp->tfm_cmac = crypto_alloc_shash("cmac(aes)", 0, 0);
	if (IS_ERR(smp->tfm_cmac))
		goto zfree_smp;

	smp->tfm_ecdh = crypto_alloc_kpp("ecdh-nist-p256", 0, 0);
	if (IS_ERR(smp->tfm_ecdh))
		goto free_shash;

	smp->conn = conn;
	chan->data = smp;

	SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_FAIL);

	INIT_DELAYED_WORK(&smp->security_timer, smp_timeout);

	hci_conn_hold(hcon);

	return smp;

free_shash:
	crypto_free_shash(smp->tfm_cmac);
zfree_smp:
	kfree_sensitive(smp);
	return NULL;
}

/*
 * Answers of the user
 */

static int legacy_user_reply(struct smp_chan *smp, u16 mgmt_op, __le32 passkey)
{
	struct l2cap_conn *conn = smp->conn;

	switch (mgmt_op) {
	case MGMT_OP_USER_PASSKEY_REPLY:
		memset(smp->tk, 0, sizeof(smp->tk));
		put_unaligned_le32(le32_to_cpu(passkey), smp->tk);
		fallthrough;
	case MGMT_OP_USER_CONFIRM_REPLY:
		set_bit(SMP_FLAG_TK_VALID, &smp->flags);
		break;
	case MGMT_OP_USER_PASSKEY_NEG_REPLY:
	case MGMT_OP_USER_CONFIRM_NEG_REPLY:
		smp_failure(conn, SMP_PASSKEY_ENTRY_FAILED);
		return 0;
	default:
		smp_failure(conn, SMP_PASSKEY_ENTRY_FAILED);
		return -EOPNOTSUPP;
	}

	/* our confirm value waited for this */
	if (test_bit(SMP_FLAG_CFM_PENDING, &smp->flags)) {
		u8 rsp = smp_confirm(smp);

		if (rsp)
			smp_failure(conn, rsp);
	}
	return 0;
}

/**
 * smp_user_confirm_reply() - the user's answer to a question of a pairing
 * @hcon: the link
 * @mgmt_op: MGMT_OP_USER_{CONFIRM,PASSKEY}_{,NEG_}REPLY
 * @passkey: with MGMT_OP_USER_PASSKEY_REPLY
 *
 * Return: 0, -ENOTCONN without a pairing, -EOPNOTSUPP for another answer, -EIO.
 */
int smp_user_confirm_reply(struct hci_conn *hcon, u16 mgmt_op, __le32 passkey)
{
	struct l2cap_conn *conn = hcon->l2cap_data;
	struct l2cap_chan *chan;
	struct smp_chan *smp;
	int err;

	if (!conn)
		return -ENOTCONN;

	chan = conn->smp;
	if (!chan)
		return -ENOTCONN;

	l2cap_chan_lock(chan);
	if (!chan->data) {
		err = -ENOTCONN;
		goto unlock;
	}

	smp = chan->data;
	if (test_bit(SMP_FLAG_SC, &smp->flags))
		err = sc_user_reply(smp, mgmt_op, passkey);
	else
		err = legacy_user_reply(smp, mgmt_op, passkey);

unlock:
	l2cap_chan_unlock(chan);
	return err;
}

/*
 * Security of a link
 */

/* Encrypt with a stored key, if there is one that is good enough. */
static bool smp_ltk_encrypt(struct l2cap_conn *conn, u8 sec_level)
{
	struct hci_conn *hcon = conn->hcon;
	struct smp_ltk *key;

	key = hci_find_ltk(hcon->hdev, &hcon->dst, hcon->dst_type, hcon->role);
	if (!key)
		return false;

	if (malformed(smp_ltk_sec_level(key) < sec_level))
		return false;

	if (test_and_set_bit(HCI_CONN_ENCRYPT_PEND, &hcon->flags))
		return true;

	hci_le_start_enc(hcon, key->ediv, key->rand, key->val, key->enc_size);
	hcon->enc_key_size = key->enc_size;

	/* a central stores no short-term keys */
	clear_bit(HCI_CONN_STK_ENCRYPT, &hcon->flags);

	return true;
}

/**
 * smp_sufficient_security() - whether a link is secure enough as it is
 * @hcon: the link
 * @sec_level: BT_SECURITY_*
 * @key_pref: SMP_USE_LTK if encryption with a short-term key does not count although a
 *	long-term one is there
 */
bool smp_sufficient_security(struct hci_conn *hcon, u8 sec_level,
			     enum smp_key_pref key_pref)
{
	if (sec_level == BT_SECURITY_LOW)
		return true;

	if (key_pref == SMP_USE_LTK &&
	    test_bit(HCI_CONN_STK_ENCRYPT, &hcon->flags) &&
	    hci_find_ltk(hcon->hdev, &hcon->dst, hcon->dst_type, hcon->role))
		return false;

	return hcon->sec_level >= sec_level;
}

void smp_send_pairing_req(struct smp_chan *smp, u8 auth)
{
	struct smp_cmd_pairing cp;

	if (smp->conn->hcon->type == ACL_LINK)
		build_bredr_pairing_cmd(smp, &cp, NULL);
	else
		build_pairing_cmd(smp->conn, &cp, NULL, auth);

	smp->preq[0] = SMP_CMD_PAIRING_REQ;
	memcpy(&smp->preq[1], &cp, sizeof(cp));

	smp_send_cmd(smp->conn, SMP_CMD_PAIRING_REQ, sizeof(cp), &cp);
	SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_RSP);

	set_bit(SMP_FLAG_INITIATOR, &smp->flags);
}

static void smp_send_security_req(struct smp_chan *smp, u8 auth)
{
	struct smp_cmd_security_req cp;

	cp.auth_req = auth;
	smp_send_cmd(smp->conn, SMP_CMD_SECURITY_REQ, sizeof(cp), &cp);
	SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_REQ);

	clear_bit(SMP_FLAG_INITIATOR, &smp->flags);
}

/* The level that a peripheral's request amounts to, given what we can do. */
static u8 security_req_level(struct hci_conn *hcon, u8 auth)
{
	if (hcon->io_capability == HCI_IO_NO_INPUT_OUTPUT)
		return BT_SECURITY_MEDIUM;
	return authreq_to_seclevel(auth);
}

static u8 smp_cmd_security_req(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct smp_cmd_security_req *rp = (void *)skb->data;
	struct hci_conn *hcon = conn->hcon;
	struct hci_dev *hdev = hcon->hdev;
	struct smp_chan *smp;
	u8 sec_level, auth;

	/*
	 * BR/EDR knows no such request. The types of a public LE address and of a BR/EDR
	 * one are the same number, so that an LE key of the peer would be found below and
	 * LE encryption be started on this link.
	 */
	if (malformed_in(LINUX_F033482D76A9, hcon->type != LE_LINK)) {
		u8 reason = SMP_CMD_NOTSUPP;

		smp_send_cmd(conn, SMP_CMD_PAIRING_FAIL, sizeof(reason), &reason);
		return 0;
	}

	if (malformed(skb->len < sizeof(*rp)))
		return SMP_INVALID_PARAMS;

	if (malformed(hcon->role != HCI_ROLE_MASTER))
		return SMP_CMD_NOTSUPP;

	smp_sink_authreq(hdev, rp->auth_req);
	auth = rp->auth_req & AUTH_REQ_MASK(hdev);

	if (hci_dev_test_flag(hdev, HCI_SC_ONLY) && malformed(!(auth & SMP_AUTH_SC)))
		return SMP_AUTH_REQUIREMENTS;

	sec_level = security_req_level(hcon, auth);

	if (smp_sufficient_security(hcon, sec_level, SMP_USE_LTK)) {
		/* 2.4.6: refresh the key of a link that is encrypted already */
		smp_ltk_encrypt(conn, hcon->sec_level);
		return 0;
	}

	if (sec_level > hcon->pending_sec_level)
		hcon->pending_sec_level = sec_level;

	if (smp_ltk_encrypt(conn, hcon->pending_sec_level))
		return 0;

	smp = smp_chan_create(conn);
	if (!smp)
		return SMP_UNSPECIFIED;

	if (!hci_dev_test_flag(hdev, HCI_BONDABLE) && malformed(auth & SMP_AUTH_BONDING))
		return SMP_PAIRING_NOTSUPP;

	skb_pull(skb, sizeof(*rp));

	smp_send_pairing_req(smp, auth);

	return 0;
}

/* What we ask for to reach @sec_level on @hcon. */
static u8 security_authreq(struct hci_conn *hcon, u8 sec_level)
{
	u8 authreq = seclevel_to_authreq(sec_level);

	if (hci_dev_test_flag(hcon->hdev, HCI_SC_ENABLED)) {
		authreq |= SMP_AUTH_SC;
		if (hci_dev_test_flag(hcon->hdev, HCI_SSP_ENABLED))
			authreq |= SMP_AUTH_CT2;
	}

	if (hci_dev_test_flag(hcon->hdev, HCI_FORCE_NO_MITM))
		return authreq;

	if (hcon->io_capability != HCI_IO_NO_INPUT_OUTPUT ||
	    hcon->pending_sec_level > BT_SECURITY_MEDIUM)
		authreq |= SMP_AUTH_MITM;

	return authreq;
}

/**
 * smp_conn_security() - bring an LE link to a level of security
 * @hcon: the link
 * @sec_level: BT_SECURITY_*
 *
 * Return: 1 if nothing is to be waited for (reached, or out of reach), 0 if encryption or
 * pairing is under way.
 */
int smp_conn_security(struct hci_conn *hcon, u8 sec_level)
{
	struct l2cap_conn *conn = hcon->l2cap_data;
	struct l2cap_chan *chan;
	struct smp_chan *smp;
	u8 authreq;
	int ret;

	/* the link may be gone already */
	if (!conn)
		return 1;

	if (!hci_dev_test_flag(hcon->hdev, HCI_LE_ENABLED))
		return 1;

	if (smp_sufficient_security(hcon, sec_level, SMP_USE_LTK))
		return 1;

	if (sec_level > hcon->pending_sec_level)
		hcon->pending_sec_level = sec_level;

	if (hcon->role == HCI_ROLE_MASTER)
		if (smp_ltk_encrypt(conn, hcon->pending_sec_level))
			return 0;

	chan = conn->smp;
	if (!chan)
		return 1;

	l2cap_chan_lock(chan);

	/* one pairing at a time */
	if (chan->data) {
		ret = 0;
		goto unlock;
	}

	smp = smp_chan_create(conn);
	if (!smp) {
		ret = 1;
		goto unlock;
	}

	authreq = security_authreq(hcon, sec_level);
	if (hcon->role == HCI_ROLE_MASTER)
		smp_send_pairing_req(smp, authreq);
	else
		smp_send_security_req(smp, authreq);

	ret = 0;

unlock:
	l2cap_chan_unlock(chan);
	return ret;
}

/* The channel of the LE link with that peer, if there is one. */
static struct l2cap_chan *smp_chan_of_peer(struct hci_dev *hdev, bdaddr_t *bdaddr,
					   u8 addr_type)
{
	struct hci_conn *hcon = hci_conn_hash_lookup_le(hdev, bdaddr, addr_type);
	struct l2cap_conn *conn = hcon ? hcon->l2cap_data : NULL;

	return conn ? conn->smp : NULL;
}

/* The keys of a pairing went with the lists of the device. */
static void smp_forget_keys(struct smp_chan *smp)
{
	smp->remote_irk = NULL;
	smp->responder_ltk = NULL;
	smp->ltk = NULL;
}

/**
 * smp_cancel_and_remove_pairing() - forget a peer
 * @hdev: the controller
 * @bdaddr: the peer
 * @addr_type: ADDR_LE_DEV_*
 *
 * Removes its keys and ends a pairing in progress.
 *
 * Return: 0, or -ENOENT if there was neither.
 */
int smp_cancel_and_remove_pairing(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 addr_type)
{
	struct l2cap_chan *chan;
	struct smp_chan *smp;
	int err;

	err = hci_remove_ltk(hdev, bdaddr, addr_type);
	hci_remove_irk(hdev, bdaddr, addr_type);

	chan = smp_chan_of_peer(hdev, bdaddr, addr_type);
	if (!chan)
		return err;

	l2cap_chan_lock(chan);
	smp = chan->data;
	if (smp) {
		bool complete = test_bit(SMP_FLAG_COMPLETE, &smp->flags);

		smp_forget_keys(smp);
		smp_failure(smp->conn, complete ? 0 : SMP_UNSPECIFIED);
		err = 0;
	}
	l2cap_chan_unlock(chan);
	return err;
}

/*
 * Commands
 */

/* Vol 3 Part H 3.5.5; ends the pairing whatever the reason. */
static int smp_cmd_pairing_fail(struct l2cap_conn *conn, struct sk_buff *skb)
{
	if (skb->len)
		sink_u64(conn->hcon->hdev->sink, "btsmp.reason", skb->data[0]);
	smp_failure(conn, 0);
	return -EPERM;
}

static u8 smp_command(struct l2cap_conn *conn, struct sk_buff *skb, u8 code)
{
	switch (code) {
	case SMP_CMD_PAIRING_REQ:
		return smp_cmd_pairing_req(conn, skb);
	case SMP_CMD_PAIRING_RSP:
		return smp_cmd_pairing_rsp(conn, skb);
	case SMP_CMD_SECURITY_REQ:
		return smp_cmd_security_req(conn, skb);
	case SMP_CMD_PAIRING_CONFIRM:
		return smp_cmd_pairing_confirm(conn, skb);
	case SMP_CMD_PAIRING_RANDOM:
		return smp_cmd_pairing_random(conn, skb);
	case SMP_CMD_ENCRYPT_INFO:
		return smp_cmd_encrypt_info(conn, skb);
	case SMP_CMD_INITIATOR_IDENT:
		return smp_cmd_initiator_ident(conn, skb);
	case SMP_CMD_IDENT_INFO:
		return smp_cmd_ident_info(conn, skb);
	case SMP_CMD_IDENT_ADDR_INFO:
		return smp_cmd_ident_addr_info(conn, skb);
	case SMP_CMD_SIGN_INFO:
		return smp_cmd_sign_info(conn, skb);
	case SMP_CMD_PUBLIC_KEY:
		return smp_cmd_public_key(conn, skb);
	case SMP_CMD_DHKEY_CHECK:
		return smp_cmd_dhkey_check(conn, skb);
	case SMP_CMD_KEYPRESS_NOTIFY:
		return smp_cmd_keypress_notify(conn, skb);
	default:
		return SMP_CMD_NOTSUPP;
	}
}

/* 3.6.1: a key that nobody waits for is rejected, and the pairing with it. */
static void smp_unexpected(struct l2cap_conn *conn, u8 code)
{
	switch (code) {
	case SMP_CMD_IDENT_INFO:
	case SMP_CMD_IDENT_ADDR_INFO:
	case SMP_CMD_SIGN_INFO:
		smp_failure(conn, SMP_KEY_REJECTED);
		break;
	}
}

static int smp_sig_channel(struct l2cap_chan *chan, struct sk_buff *skb)
{
	struct l2cap_conn *conn = chan->conn;
	struct hci_dev *hdev = conn->hcon->hdev;
	struct smp_chan *smp;
	u8 code, reason;

	if (malformed(skb->len < 1)) {
		sink_verdict(hdev->sink, -EILSEQ, 0);
		return -EILSEQ;
	}

	if (!hci_dev_test_flag(hdev, HCI_LE_ENABLED)) {
		reason = SMP_PAIRING_NOTSUPP;
		goto done;
	}

	code = skb->data[0];
	sink_u64(hdev->sink, "btsmp.opcode", code);
	skb_pull(skb, sizeof(code));

	smp = chan->data;

	if (malformed(code > SMP_CMD_MAX))
		goto drop;

	if (smp && malformed(!test_and_clear_bit(code, &smp->allow_cmd))) {
		smp_unexpected(conn, code);
		goto drop;
	}

	/* without a pairing only what begins one */
	if (!smp && malformed(code != SMP_CMD_PAIRING_REQ && code != SMP_CMD_SECURITY_REQ))
		goto drop;

	if (code == SMP_CMD_PAIRING_FAIL) {
		sink_verdict(hdev->sink, -EPERM, 0);
		return smp_cmd_pairing_fail(conn, skb);
	}

	reason = smp_command(conn, skb, code);

done:
	sink_verdict(hdev->sink, reason ? -EPROTO : 0, reason);
	if (reason)
		smp_failure(conn, reason);
	kfree_skb(skb);
	return 0;

drop:
	sink_verdict(hdev->sink, -ENOMSG, 0);
	kfree_skb(skb);
	return 0;
}

/* An L2CAP channel's recv: on an error its caller still owns the packet. */
int smp_recv_cb(struct l2cap_chan *chan, struct sk_buff *skb)
{
	int err;

	err = smp_sig_channel(chan, skb);
	if (err) {
		struct smp_chan *smp = chan->data;

		if (smp)
			cancel_delayed_work_sync(&smp->security_timer);

		hci_disconnect(chan->conn->hcon, HCI_ERROR_AUTH_FAILURE);
	}

	return err;
}
