// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pairing, phase 3: keys are distributed both ways, and derived for the other transport.
 *
 * Modelled on: Linux 6.1 net/bluetooth/smp.c (smp_notify_keys, sc_add_ltk,
 *	sc_generate_link_key, sc_generate_ltk, smp_allow_key_dist, smp_distribute_keys,
 *	smp_cmd_encrypt_info, smp_cmd_initiator_ident, smp_cmd_ident_info,
 *	smp_cmd_ident_addr_info, smp_cmd_sign_info)
 * Spec: Core Specification 5.4 Vol 3 Part H 2.3.5.7, 2.4.1 to 2.4.3, 3.6
 * Differs: the long functions are cut by key.
 */
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/bluetooth/mgmt.h>

#include "smp_chan.h"

/*
 * Keys for those who keep them
 */

/* Whether keys outlive the link */
static bool keys_persistent(struct smp_chan *smp)
{
	struct smp_cmd_pairing *req = (void *)&smp->preq[1];
	struct smp_cmd_pairing *rsp = (void *)&smp->prsp[1];
	struct hci_conn *hcon = smp->conn->hcon;

	if (hcon->type == ACL_LINK) {
		if (hcon->key_type == HCI_LK_DEBUG_COMBINATION)
			return false;
		return !test_bit(HCI_CONN_FLUSH_KEY, &hcon->flags);
	}

	/* both sides must bond */
	return req->auth_req & rsp->auth_req & SMP_AUTH_BONDING;
}

static void notify_csrk(struct hci_conn *hcon, struct smp_csrk *csrk, bool persistent)
{
	csrk->bdaddr_type = hcon->dst_type;
	bacpy(&csrk->bdaddr, &hcon->dst);
	mgmt_new_csrk(hcon->hdev, csrk, persistent);
}

static void notify_ltk(struct hci_conn *hcon, struct smp_ltk *ltk, bool persistent)
{
	ltk->bdaddr_type = hcon->dst_type;
	bacpy(&ltk->bdaddr, &hcon->dst);
	mgmt_new_ltk(hcon->hdev, ltk, persistent);
}

/* The key for BR/EDR that was derived from ours */
static void notify_link_key(struct smp_chan *smp, bool persistent)
{
	struct hci_conn *hcon = smp->conn->hcon;
	struct hci_dev *hdev = hcon->hdev;
	struct link_key *key;
	u8 type;

	if (test_bit(SMP_FLAG_DEBUG_KEY, &smp->flags))
		type = HCI_LK_DEBUG_COMBINATION;
	else if (hcon->sec_level == BT_SECURITY_FIPS)
		type = HCI_LK_AUTH_COMBINATION_P256;
	else
		type = HCI_LK_UNAUTH_COMBINATION_P256;

	key = hci_add_link_key(hdev, hcon, &hcon->dst, smp->link_key, type, 0, &persistent);
	if (!key)
		return;

	mgmt_new_link_key(hdev, key, persistent);

	if (!hci_dev_test_flag(hdev, HCI_KEEP_DEBUG_KEYS) &&
	    key->type == HCI_LK_DEBUG_COMBINATION) {
		list_del_rcu(&key->list);
		kfree_rcu(key, rcu);
	}
}

static void smp_notify_keys(struct l2cap_conn *conn)
{
	struct smp_chan *smp = conn->smp->data;
	struct hci_conn *hcon = conn->hcon;
	struct hci_dev *hdev = hcon->hdev;
	bool persistent = keys_persistent(smp);

	if (smp->remote_irk) {
		mgmt_new_irk(hdev, smp->remote_irk, persistent);

		/* from now on the link goes by the peer's real address */
		if (hcon->type == LE_LINK) {
			bacpy(&hcon->dst, &smp->remote_irk->bdaddr);
			hcon->dst_type = smp->remote_irk->addr_type;
			queue_work(hdev->workqueue, &conn->id_addr_update_work);
		}
	}

	if (smp->csrk)
		notify_csrk(hcon, smp->csrk, persistent);

	if (smp->responder_csrk)
		notify_csrk(hcon, smp->responder_csrk, persistent);

	if (smp->ltk)
		notify_ltk(hcon, smp->ltk, persistent);

	if (smp->responder_ltk)
		notify_ltk(hcon, smp->responder_ltk, persistent);

	if (smp->link_key)
		notify_link_key(smp, persistent);
}

/*
 * Secure Connections: derived keys
 */

/* The key that both sides have computed (smp->tk) */
void sc_add_ltk(struct smp_chan *smp)
{
	struct hci_conn *hcon = smp->conn->hcon;
	u8 key_type, auth;

	if (test_bit(SMP_FLAG_DEBUG_KEY, &smp->flags))
		key_type = SMP_LTK_P256_DEBUG;
	else
		key_type = SMP_LTK_P256;

	if (hcon->pending_sec_level == BT_SECURITY_FIPS)
		auth = 1;
	else
		auth = 0;

	smp->ltk = hci_add_ltk(hcon->hdev, &hcon->dst, hcon->dst_type, key_type, auth,
			       smp->tk, smp->enc_key_size, 0, 0);
}

/*
 * 2.4.2.4, 2.4.2.5: a key for the other transport. @salt holds the key id, too, for
 * peers that know only the older derivation.
 */
static int sc_convert(struct smp_chan *smp, const u8 key[16], const u8 salt[16],
		      const u8 id[4], u8 res[16])
{
	int err;

	if (test_bit(SMP_FLAG_CT2, &smp->flags))
		err = smp_h7(smp->tfm_cmac, key, salt, res);
	else
		err = smp_h6(smp->tfm_cmac, key, salt, res);
	if (err)
		return err;

	return smp_h6(smp->tfm_cmac, res, id, res);
}

static void sc_generate_link_key(struct smp_chan *smp)
{
	static const u8 tmp1[16] = { '1', 'p', 'm', 't' };
	static const u8 lebr[4] = { 'r', 'b', 'e', 'l' };

	smp->link_key = kzalloc(16, GFP_KERNEL);
	if (!smp->link_key)
		return;

	if (sc_convert(smp, smp->tk, tmp1, lebr, smp->link_key)) {
		kfree_sensitive(smp->link_key);
		smp->link_key = NULL;
	}
}

static void sc_generate_ltk(struct smp_chan *smp)
{
	static const u8 tmp2[16] = { '2', 'p', 'm', 't' };
	static const u8 brle[4] = { 'e', 'l', 'r', 'b' };
	struct hci_conn *hcon = smp->conn->hcon;
	struct link_key *key;

	key = hci_find_link_key(hcon->hdev, &hcon->dst);
	if (!key)
		return;

	if (key->type == HCI_LK_DEBUG_COMBINATION)
		set_bit(SMP_FLAG_DEBUG_KEY, &smp->flags);

	if (sc_convert(smp, key->val, tmp2, brle, smp->tk))
		return;

	sc_add_ltk(smp);
}

/*
 * Distribution
 */

/* Keys come in a fixed order: allow the first; each handler allows the next. */
static void smp_allow_key_dist(struct smp_chan *smp)
{
	if (smp->remote_key_dist & SMP_DIST_ENC_KEY)
		SMP_ALLOW_CMD(smp, SMP_CMD_ENCRYPT_INFO);
	else if (smp->remote_key_dist & SMP_DIST_ID_KEY)
		SMP_ALLOW_CMD(smp, SMP_CMD_IDENT_INFO);
	else if (smp->remote_key_dist & SMP_DIST_SIGN)
		SMP_ALLOW_CMD(smp, SMP_CMD_SIGN_INFO);
}

static void send_ltk(struct smp_chan *smp)
{
	struct l2cap_conn *conn = smp->conn;
	struct hci_conn *hcon = conn->hcon;
	struct smp_cmd_encrypt_info enc;
	struct smp_cmd_initiator_ident ident;
	u8 authenticated;
	__le16 ediv;
	__le64 rand;

	/* as many bytes as the key size says, and zeros behind them */
	get_random_bytes(enc.ltk, smp->enc_key_size);
	memset(enc.ltk + smp->enc_key_size, 0, sizeof(enc.ltk) - smp->enc_key_size);

	get_random_bytes(&ediv, sizeof(ediv));
	get_random_bytes(&rand, sizeof(rand));

	smp_send_cmd(conn, SMP_CMD_ENCRYPT_INFO, sizeof(enc), &enc);

	authenticated = hcon->sec_level == BT_SECURITY_HIGH;
	smp->responder_ltk = hci_add_ltk(hcon->hdev, &hcon->dst, hcon->dst_type,
					 SMP_LTK_RESPONDER, authenticated, enc.ltk,
					 smp->enc_key_size, ediv, rand);

	ident.ediv = ediv;
	ident.rand = rand;

	smp_send_cmd(conn, SMP_CMD_INITIATOR_IDENT, sizeof(ident), &ident);
}

static void send_identity(struct smp_chan *smp)
{
	struct l2cap_conn *conn = smp->conn;
	struct hci_conn *hcon = conn->hcon;
	struct smp_cmd_ident_addr_info addrinfo;
	struct smp_cmd_ident_info idinfo;

	memcpy(idinfo.irk, hcon->hdev->irk, sizeof(idinfo.irk));

	smp_send_cmd(conn, SMP_CMD_IDENT_INFO, sizeof(idinfo), &idinfo);

	/* a link holds its own real address, even if it was set up with a private one */
	bacpy(&addrinfo.bdaddr, &hcon->src);
	addrinfo.addr_type = hcon->src_type;

	smp_send_cmd(conn, SMP_CMD_IDENT_ADDR_INFO, sizeof(addrinfo), &addrinfo);
}

static void send_csrk(struct smp_chan *smp)
{
	struct l2cap_conn *conn = smp->conn;
	struct smp_cmd_sign_info sign;
	struct smp_csrk *csrk;

	get_random_bytes(sign.csrk, sizeof(sign.csrk));

	csrk = kzalloc(sizeof(*csrk), GFP_KERNEL);
	if (csrk) {
		if (conn->hcon->sec_level > BT_SECURITY_MEDIUM)
			csrk->type = MGMT_CSRK_LOCAL_AUTHENTICATED;
		else
			csrk->type = MGMT_CSRK_LOCAL_UNAUTHENTICATED;
		memcpy(csrk->val, sign.csrk, sizeof(csrk->val));
	}
	smp->responder_csrk = csrk;

	smp_send_cmd(conn, SMP_CMD_SIGN_INFO, sizeof(sign), &sign);
}

/* Our keys that both sides agreed on; those that are derived are made, not sent. */
static u8 *smp_keydist(struct smp_chan *smp)
{
	struct smp_cmd_pairing *req = (void *)&smp->preq[1];
	struct smp_cmd_pairing *rsp = (void *)&smp->prsp[1];
	struct hci_conn *hcon = smp->conn->hcon;
	u8 *keydist;

	if (test_bit(SMP_FLAG_INITIATOR, &smp->flags)) {
		keydist = &rsp->init_key_dist;
		*keydist &= req->init_key_dist;
	} else {
		keydist = &rsp->resp_key_dist;
		*keydist &= req->resp_key_dist;
	}

	if (test_bit(SMP_FLAG_SC, &smp->flags)) {
		if (hcon->type == LE_LINK && (*keydist & SMP_DIST_LINK_KEY))
			sc_generate_link_key(smp);
		if (hcon->type == ACL_LINK && (*keydist & SMP_DIST_ENC_KEY))
			sc_generate_ltk(smp);

		*keydist &= (u8)~SMP_SC_NO_DIST;
	}
	return keydist;
}

/* Send our keys when it is our turn, and end the pairing when nothing is left. */
void smp_distribute_keys(struct smp_chan *smp)
{
	struct l2cap_conn *conn = smp->conn;
	u8 *keydist;

	/* the responder's go first */
	if (test_bit(SMP_FLAG_INITIATOR, &smp->flags) &&
	    (smp->remote_key_dist & KEY_DIST_MASK)) {
		smp_allow_key_dist(smp);
		return;
	}

	keydist = smp_keydist(smp);

	if (*keydist & SMP_DIST_ENC_KEY) {
		send_ltk(smp);
		*keydist &= (u8)~SMP_DIST_ENC_KEY;
	}

	if (*keydist & SMP_DIST_ID_KEY) {
		send_identity(smp);
		*keydist &= (u8)~SMP_DIST_ID_KEY;
	}

	if (*keydist & SMP_DIST_SIGN) {
		send_csrk(smp);
		*keydist &= (u8)~SMP_DIST_SIGN;
	}

	if (smp->remote_key_dist & KEY_DIST_MASK) {
		smp_allow_key_dist(smp);
		return;
	}

	set_bit(SMP_FLAG_COMPLETE, &smp->flags);
	smp_notify_keys(conn);

	smp_chan_destroy(conn);
}

/*
 * Keys of the peer
 */

/* 3.6.2 */
u8 smp_cmd_encrypt_info(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct smp_cmd_encrypt_info *rp = (void *)skb->data;
	struct smp_chan *smp = conn->smp->data;
	struct hci_dev *hdev = conn->hcon->hdev;

	if (malformed(skb->len < sizeof(*rp)))
		return SMP_INVALID_PARAMS;

	sink_bytes(hdev->sink, "btsmp.long_term_key", rp->ltk, sizeof(rp->ltk));
	if (malformed(hci_is_blocked_key(hdev, HCI_BLOCKED_KEY_TYPE_LTK, rp->ltk)))
		return SMP_INVALID_PARAMS;

	SMP_ALLOW_CMD(smp, SMP_CMD_INITIATOR_IDENT);

	skb_pull(skb, sizeof(*rp));

	memcpy(smp->tk, rp->ltk, sizeof(smp->tk));

	return 0;
}

/* 3.6.3 */
u8 smp_cmd_initiator_ident(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct smp_cmd_initiator_ident *rp = (void *)skb->data;
	struct smp_chan *smp = conn->smp->data;
	struct hci_conn *hcon = conn->hcon;
	u8 authenticated;

	if (malformed(skb->len < sizeof(*rp)))
		return SMP_INVALID_PARAMS;

	smp->remote_key_dist &= (u8)~SMP_DIST_ENC_KEY;

	if (smp->remote_key_dist & SMP_DIST_ID_KEY)
		SMP_ALLOW_CMD(smp, SMP_CMD_IDENT_INFO);
	else if (smp->remote_key_dist & SMP_DIST_SIGN)
		SMP_ALLOW_CMD(smp, SMP_CMD_SIGN_INFO);

	sink_u64(hcon->hdev->sink, "btsmp.ediv", le16_to_cpu(rp->ediv));
	sink_bytes(hcon->hdev->sink, "btsmp.random_value", &rp->rand, sizeof(rp->rand));
	skb_pull(skb, sizeof(*rp));

	authenticated = hcon->sec_level == BT_SECURITY_HIGH;
	smp->ltk = hci_add_ltk(hcon->hdev, &hcon->dst, hcon->dst_type, SMP_LTK,
			       authenticated, smp->tk, smp->enc_key_size, rp->ediv,
			       rp->rand);
	if (!(smp->remote_key_dist & KEY_DIST_MASK))
		smp_distribute_keys(smp);

	return 0;
}

/* 3.6.4 */
u8 smp_cmd_ident_info(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct smp_cmd_ident_info *info = (void *)skb->data;
	struct smp_chan *smp = conn->smp->data;
	struct hci_dev *hdev = conn->hcon->hdev;

	if (malformed(skb->len < sizeof(*info)))
		return SMP_INVALID_PARAMS;

	sink_bytes(hdev->sink, "btsmp.id_resolving_key", info->irk, sizeof(info->irk));
	if (malformed(hci_is_blocked_key(hdev, HCI_BLOCKED_KEY_TYPE_IRK, info->irk)))
		return SMP_INVALID_PARAMS;

	SMP_ALLOW_CMD(smp, SMP_CMD_IDENT_ADDR_INFO);

	skb_pull(skb, sizeof(*info));

	memcpy(smp->irk, info->irk, 16);

	return 0;
}

/* Whether the peer may be known by this address from now on */
static bool identity_valid(struct hci_conn *hcon, struct smp_cmd_ident_addr_info *info)
{
	/* an IRK without an address would be of no use here */
	if (malformed(!bacmp(&info->bdaddr, BDADDR_ANY)))
		return false;

	if (malformed(!hci_is_identity_address(&info->bdaddr, info->addr_type)))
		return false;

	/* who shows the real address already has no other one */
	if (!hci_is_identity_address(&hcon->dst, hcon->dst_type))
		return true;

	return !malformed(bacmp(&info->bdaddr, &hcon->dst)) &&
	       !malformed(info->addr_type != hcon->dst_type);
}

/* Of the address that is kept with a key; NimBLE took that of an address with its type. */
static size_t peer_addr_size(void)
{
	if (fixed(NIMBLE_67734BC8B444))
		return sizeof(bdaddr_t);
	return sizeof(struct smp_cmd_ident_addr_info);
}

/* 3.6.5 */
u8 smp_cmd_ident_addr_info(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct smp_cmd_ident_addr_info *info = (void *)skb->data;
	struct smp_chan *smp = conn->smp->data;
	struct hci_conn *hcon = conn->hcon;
	bool private;
	bdaddr_t rpa;

	if (malformed(skb->len < sizeof(*info)))
		return SMP_INVALID_PARAMS;

	smp->remote_key_dist &= (u8)~SMP_DIST_ID_KEY;

	if (smp->remote_key_dist & SMP_DIST_SIGN)
		SMP_ALLOW_CMD(smp, SMP_CMD_SIGN_INFO);

	sink_u64(hcon->hdev->sink, "btsmp.address_type", info->addr_type);
	sink_bytes(hcon->hdev->sink, "btsmp.bd_addr", &info->bdaddr, sizeof(info->bdaddr));
	skb_pull(skb, sizeof(*info));

	/* the key is dropped then, as if it had never come; pairing goes on */
	if (!identity_valid(hcon, info))
		goto distribute;

	bacpy(&smp->id_addr, &info->bdaddr);
	smp->id_addr_type = info->addr_type;

	private = hci_bdaddr_is_rpa(&hcon->dst, hcon->dst_type);
	triggered(NIMBLE_67734BC8B444, private);
	if (private)
		memcpy(&rpa, &hcon->dst, peer_addr_size());
	else
		bacpy(&rpa, BDADDR_ANY);

	smp->remote_irk = hci_add_irk(hcon->hdev, &smp->id_addr, smp->id_addr_type,
				      smp->irk, &rpa);

distribute:
	if (!(smp->remote_key_dist & KEY_DIST_MASK))
		smp_distribute_keys(smp);

	return 0;
}

/* 3.6.6 */
u8 smp_cmd_sign_info(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct smp_cmd_sign_info *rp = (void *)skb->data;
	struct smp_chan *smp = conn->smp->data;
	struct smp_csrk *csrk;

	if (malformed(skb->len < sizeof(*rp)))
		return SMP_INVALID_PARAMS;

	smp->remote_key_dist &= (u8)~SMP_DIST_SIGN;

	sink_bytes(conn->hcon->hdev->sink, "btsmp.signature_key", rp->csrk,
		   sizeof(rp->csrk));
	skb_pull(skb, sizeof(*rp));

	csrk = kzalloc(sizeof(*csrk), GFP_KERNEL);
	if (csrk) {
		if (conn->hcon->sec_level > BT_SECURITY_MEDIUM)
			csrk->type = MGMT_CSRK_REMOTE_AUTHENTICATED;
		else
			csrk->type = MGMT_CSRK_REMOTE_UNAUTHENTICATED;
		memcpy(csrk->val, rp->csrk, sizeof(csrk->val));
	}
	smp->csrk = csrk;
	smp_distribute_keys(smp);

	return 0;
}
