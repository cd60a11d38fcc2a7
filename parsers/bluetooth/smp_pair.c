// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pairing, phase 1: both sides say what they can and want; from that follow the
 * association model, the key size and the keys to be distributed.
 *
 * Modelled on: Linux 6.1 net/bluetooth/smp.c (authreq_to_seclevel, seclevel_to_authreq,
 *	build_pairing_cmd, build_bredr_pairing_cmd, check_enc_key_size, get_auth_method,
 *	smp_cmd_pairing_req, smp_cmd_pairing_rsp)
 * Spec: Core Specification 5.4 Vol 3 Part H 2.3, 3.5.1, 3.5.2
 * Differs: the long handlers are cut into steps with the same order of checks.
 */
#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/string.h>

#include "smp_chan.h"

/* Association models (2.3.5.1), [remote][local] */
static const u8 gen_method[5][5] = {
	{ JUST_WORKS,  JUST_CFM,    REQ_PASSKEY, JUST_WORKS, REQ_PASSKEY },
	{ JUST_WORKS,  JUST_CFM,    REQ_PASSKEY, JUST_WORKS, REQ_PASSKEY },
	{ CFM_PASSKEY, CFM_PASSKEY, REQ_PASSKEY, JUST_WORKS, CFM_PASSKEY },
	{ JUST_WORKS,  JUST_CFM,    JUST_WORKS,  JUST_WORKS, JUST_CFM    },
	{ CFM_PASSKEY, CFM_PASSKEY, REQ_PASSKEY, JUST_WORKS, OVERLAP     },
};

static const u8 sc_method[5][5] = {
	{ JUST_WORKS,  JUST_CFM,    REQ_PASSKEY, JUST_WORKS, REQ_PASSKEY },
	{ JUST_WORKS,  CFM_PASSKEY, REQ_PASSKEY, JUST_WORKS, CFM_PASSKEY },
	{ DSP_PASSKEY, DSP_PASSKEY, REQ_PASSKEY, JUST_WORKS, DSP_PASSKEY },
	{ JUST_WORKS,  JUST_CFM,    JUST_WORKS,  JUST_WORKS, JUST_CFM    },
	{ DSP_PASSKEY, CFM_PASSKEY, REQ_PASSKEY, JUST_WORKS, CFM_PASSKEY },
};

u8 get_auth_method(struct smp_chan *smp, u8 local_io, u8 remote_io)
{
	/* of somebody whose abilities are unknown nothing is asked */
	if (local_io > SMP_IO_KEYBOARD_DISPLAY ||
	    malformed(remote_io > SMP_IO_KEYBOARD_DISPLAY))
		return JUST_CFM;

	if (test_bit(SMP_FLAG_SC, &smp->flags))
		return sc_method[remote_io][local_io];

	return gen_method[remote_io][local_io];
}

u8 authreq_to_seclevel(u8 authreq)
{
	if (!(authreq & SMP_AUTH_MITM))
		return BT_SECURITY_MEDIUM;
	return authreq & SMP_AUTH_SC ? BT_SECURITY_FIPS : BT_SECURITY_HIGH;
}

u8 seclevel_to_authreq(u8 sec_level)
{
	switch (sec_level) {
	case BT_SECURITY_FIPS:
	case BT_SECURITY_HIGH:
		return SMP_AUTH_MITM | SMP_AUTH_BONDING;
	case BT_SECURITY_MEDIUM:
		return SMP_AUTH_BONDING;
	default:
		return SMP_AUTH_NONE;
	}
}

/*
 * Decoded values
 */

void smp_sink_authreq(struct hci_dev *hdev, u8 auth_req)
{
	sink_u64(hdev->sink, "btsmp.authreq", auth_req);
	sink_u64(hdev->sink, "btsmp.bonding_flags", auth_req & 3);
	sink_u64(hdev->sink, "btsmp.mitm_flag", !!(auth_req & SMP_AUTH_MITM));
	sink_u64(hdev->sink, "btsmp.sc_flag", !!(auth_req & SMP_AUTH_SC));
	sink_u64(hdev->sink, "btsmp.keypress_flag", !!(auth_req & SMP_AUTH_KEYPRESS));
}

static void smp_sink_key_dist(struct hci_dev *hdev, const char *name, u8 dist)
{
	sink_u64(hdev->sink, name, dist);
	sink_u64(hdev->sink, "btsmp.key_dist_enc", !!(dist & SMP_DIST_ENC_KEY));
	sink_u64(hdev->sink, "btsmp.key_dist_id", !!(dist & SMP_DIST_ID_KEY));
	sink_u64(hdev->sink, "btsmp.key_dist_sign", !!(dist & SMP_DIST_SIGN));
	sink_u64(hdev->sink, "btsmp.key_dist_linkkey", !!(dist & SMP_DIST_LINK_KEY));
}

static void smp_sink_pairing(struct hci_dev *hdev, const struct smp_cmd_pairing *cmd)
{
	sink_u64(hdev->sink, "btsmp.io_capability", cmd->io_capability);
	sink_u64(hdev->sink, "btsmp.oob_data_flags", cmd->oob_flag);
	smp_sink_authreq(hdev, cmd->auth_req);
	sink_u64(hdev->sink, "btsmp.max_enc_key_size", cmd->max_key_size);
	smp_sink_key_dist(hdev, "btsmp.initiator_key_distribution", cmd->init_key_dist);
	smp_sink_key_dist(hdev, "btsmp.responder_key_distribution", cmd->resp_key_dist);
}

/*
 * Our side
 */

/* Which keys are sent and asked for. */
static void local_key_dist(struct hci_dev *hdev, u8 *local_dist, u8 *remote_dist)
{
	*local_dist = 0;
	*remote_dist = 0;
	if (hci_dev_test_flag(hdev, HCI_BONDABLE)) {
		*local_dist = SMP_DIST_ENC_KEY | SMP_DIST_SIGN;
		*remote_dist = SMP_DIST_ENC_KEY | SMP_DIST_SIGN;
	}

	if (hci_dev_test_flag(hdev, HCI_RPA_RESOLVING))
		*remote_dist |= SMP_DIST_ID_KEY;

	if (hci_dev_test_flag(hdev, HCI_PRIVACY))
		*local_dist |= SMP_DIST_ID_KEY;
}

/* Data of the peer that came another way, if there is any. */
static u8 remote_oob(struct hci_conn *hcon, struct smp_chan *smp)
{
	struct oob_data *oob_data;
	u8 bdaddr_type;

	if (hcon->dst_type == ADDR_LE_DEV_PUBLIC)
		bdaddr_type = BDADDR_LE_PUBLIC;
	else
		bdaddr_type = BDADDR_LE_RANDOM;

	oob_data = hci_find_remote_oob_data(hcon->hdev, &hcon->dst, bdaddr_type);
	if (!oob_data || !oob_data->present)
		return SMP_OOB_NOT_PRESENT;

	set_bit(SMP_FLAG_REMOTE_OOB, &smp->flags);
	memcpy(smp->rr, oob_data->rand256, 16);
	memcpy(smp->pcnf, oob_data->hash256, 16);
	return SMP_OOB_PRESENT;
}

/* Fill in @req, or with @rsp what answers it. */
void build_pairing_cmd(struct l2cap_conn *conn, struct smp_cmd_pairing *req,
		       struct smp_cmd_pairing *rsp, u8 authreq)
{
	struct smp_chan *smp = conn->smp->data;
	struct hci_conn *hcon = conn->hcon;
	struct hci_dev *hdev = hcon->hdev;
	u8 local_dist, remote_dist, oob_flag = SMP_OOB_NOT_PRESENT;

	local_key_dist(hdev, &local_dist, &remote_dist);
	if (hci_dev_test_flag(hdev, HCI_BONDABLE))
		authreq |= SMP_AUTH_BONDING;
	else
		authreq &= (u8)~SMP_AUTH_BONDING;

	if (hci_dev_test_flag(hdev, HCI_SC_ENABLED) && (authreq & SMP_AUTH_SC)) {
		if (hci_dev_test_flag(hdev, HCI_SSP_ENABLED)) {
			local_dist |= SMP_DIST_LINK_KEY;
			remote_dist |= SMP_DIST_LINK_KEY;
		}
		oob_flag = remote_oob(hcon, smp);
	} else {
		authreq &= (u8)~SMP_AUTH_SC;
	}

	if (!rsp) {
		req->io_capability = hcon->io_capability;
		req->oob_flag = oob_flag;
		req->max_key_size = hdev->le_max_key_size;
		req->init_key_dist = local_dist;
		req->resp_key_dist = remote_dist;
		req->auth_req = authreq & AUTH_REQ_MASK(hdev);

		smp->remote_key_dist = remote_dist;
		return;
	}

	rsp->io_capability = hcon->io_capability;
	rsp->oob_flag = oob_flag;
	rsp->max_key_size = hdev->le_max_key_size;
	rsp->init_key_dist = req->init_key_dist & remote_dist;
	rsp->resp_key_dist = req->resp_key_dist & local_dist;
	rsp->auth_req = authreq & AUTH_REQ_MASK(hdev);

	smp->remote_key_dist = rsp->init_key_dist;
}

/* The same over BR/EDR, where the link is authenticated and keys are all that is left. */
void build_bredr_pairing_cmd(struct smp_chan *smp, struct smp_cmd_pairing *req,
			     struct smp_cmd_pairing *rsp)
{
	struct hci_conn *hcon = smp->conn->hcon;
	u8 local_dist, remote_dist;

	local_key_dist(hcon->hdev, &local_dist, &remote_dist);

	if (!rsp) {
		memset(req, 0, sizeof(*req));

		req->auth_req = SMP_AUTH_CT2;
		req->init_key_dist = local_dist;
		req->resp_key_dist = remote_dist;
		req->max_key_size = hcon->enc_key_size;

		smp->remote_key_dist = remote_dist;
		return;
	}

	memset(rsp, 0, sizeof(*rsp));

	rsp->auth_req = SMP_AUTH_CT2;
	rsp->max_key_size = hcon->enc_key_size;
	rsp->init_key_dist = req->init_key_dist & remote_dist;
	rsp->resp_key_dist = req->resp_key_dist & local_dist;

	smp->remote_key_dist = rsp->init_key_dist;
}

/*
 * Both sides together
 */

static u8 check_enc_key_size(struct l2cap_conn *conn, u8 max_key_size)
{
	struct hci_dev *hdev = conn->hcon->hdev;
	struct smp_chan *smp = conn->smp->data;

	if (conn->hcon->pending_sec_level == BT_SECURITY_FIPS &&
	    malformed(max_key_size != SMP_MAX_ENC_KEY_SIZE))
		return SMP_ENC_KEY_SIZE;

	if (max_key_size > hdev->le_max_key_size ||
	    malformed_in(BTSTACK_AFBD946D9240, max_key_size < SMP_MIN_ENC_KEY_SIZE))
		return SMP_ENC_KEY_SIZE;

	smp->enc_key_size = max_key_size;
	return 0;
}

/* Whether the level that is wanted is within reach of the model that comes out. */
static bool mitm_possible(struct l2cap_conn *conn, u8 local_io, u8 remote_io)
{
	u8 method;

	if (conn->hcon->pending_sec_level < BT_SECURITY_HIGH)
		return true;

	method = get_auth_method(conn->smp->data, local_io, remote_io);
	return !malformed(method == JUST_WORKS) && !malformed(method == JUST_CFM);
}

/*
 * The peer's flag says that it has got our data; ours follows from it.
 */
static void note_local_oob(struct hci_dev *hdev, struct smp_chan *smp,
			   const struct smp_cmd_pairing *cmd)
{
	if (cmd->oob_flag == SMP_OOB_PRESENT && SMP_DEV(hdev)->local_oob)
		set_bit(SMP_FLAG_LOCAL_OOB, &smp->flags);
}

/* A request over BR/EDR: answer it and go on to the keys at once. */
static u8 bredr_pairing_req(struct smp_chan *smp, struct smp_cmd_pairing *req)
{
	struct l2cap_conn *conn = smp->conn;
	struct hci_dev *hdev = conn->hcon->hdev;
	struct smp_cmd_pairing rsp;

	/* only a link that is secure itself may vouch for LE keys */
	if (malformed(!test_bit(HCI_CONN_AES_CCM, &conn->hcon->flags)) &&
	    !hci_dev_test_flag(hdev, HCI_FORCE_BREDR_SMP))
		return SMP_CROSS_TRANSP_NOT_ALLOWED;

	set_bit(SMP_FLAG_SC, &smp->flags);

	build_bredr_pairing_cmd(smp, req, &rsp);

	if (req->auth_req & SMP_AUTH_CT2)
		set_bit(SMP_FLAG_CT2, &smp->flags);

	if (check_enc_key_size(conn, min(req->max_key_size, rsp.max_key_size)))
		return SMP_ENC_KEY_SIZE;

	/* derived, not sent */
	smp->remote_key_dist &= (u8)~SMP_SC_NO_DIST;

	smp->prsp[0] = SMP_CMD_PAIRING_RSP;
	memcpy(&smp->prsp[1], &rsp, sizeof(rsp));
	smp_send_cmd(conn, SMP_CMD_PAIRING_RSP, sizeof(rsp), &rsp);

	smp_distribute_keys(smp);
	return 0;
}

/* Answer a request on an LE link, and begin phase 2. */
static u8 le_pairing_req(struct smp_chan *smp, struct smp_cmd_pairing *req, u8 auth)
{
	struct l2cap_conn *conn = smp->conn;
	struct hci_conn *hcon = conn->hcon;
	struct smp_cmd_pairing rsp;
	u8 sec_level;

	build_pairing_cmd(conn, req, &rsp, auth);

	if (rsp.auth_req & SMP_AUTH_SC) {
		set_bit(SMP_FLAG_SC, &smp->flags);

		if (rsp.auth_req & SMP_AUTH_CT2)
			set_bit(SMP_FLAG_CT2, &smp->flags);
	}

	if (hcon->io_capability == HCI_IO_NO_INPUT_OUTPUT)
		sec_level = BT_SECURITY_MEDIUM;
	else
		sec_level = authreq_to_seclevel(auth);

	if (sec_level > hcon->pending_sec_level)
		hcon->pending_sec_level = sec_level;

	if (!mitm_possible(conn, hcon->io_capability, req->io_capability))
		return SMP_AUTH_REQUIREMENTS;

	/* what we need is done even where the peer did not ask for it */
	if (hcon->pending_sec_level >= BT_SECURITY_HIGH) {
		bool unasked = !(auth & SMP_AUTH_MITM);

		triggered(CVE_2026_43334, unasked);
		if (fixed(CVE_2026_43334)) {
			auth |= SMP_AUTH_MITM;
			rsp.auth_req |= SMP_AUTH_MITM;
		}
	}

	if (check_enc_key_size(conn, min(req->max_key_size, rsp.max_key_size)))
		return SMP_ENC_KEY_SIZE;

	get_random_bytes(smp->prnd, sizeof(smp->prnd));

	smp->prsp[0] = SMP_CMD_PAIRING_RSP;
	memcpy(&smp->prsp[1], &rsp, sizeof(rsp));

	smp_send_cmd(conn, SMP_CMD_PAIRING_RSP, sizeof(rsp), &rsp);

	clear_bit(SMP_FLAG_INITIATOR, &smp->flags);

	/*
	 * With Secure Connections, too: some peers copy bits from our security request
	 * that they do not know, and then begin legacy pairing all the same.
	 */
	SMP_ALLOW_CMD(smp, SMP_CMD_PAIRING_CONFIRM);

	if (test_bit(SMP_FLAG_SC, &smp->flags)) {
		SMP_ALLOW_CMD(smp, SMP_CMD_PUBLIC_KEY);
		smp->remote_key_dist &= (u8)~SMP_SC_NO_DIST;
		return 0;
	}

	if (tk_request(conn, auth, rsp.io_capability, req->io_capability))
		return SMP_UNSPECIFIED;

	return 0;
}

/* 3.5.1: a central begins to pair with us. */
u8 smp_cmd_pairing_req(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct smp_cmd_pairing *req = (void *)skb->data;
	struct hci_dev *hdev = conn->hcon->hdev;
	struct smp_chan *smp = conn->smp->data;
	u8 auth;

	if (malformed(skb->len < sizeof(*req)))
		return SMP_INVALID_PARAMS;

	if (smp && malformed(test_bit(SMP_FLAG_INITIATOR, &smp->flags)))
		return SMP_CMD_NOTSUPP;

	if (!smp) {
		smp = smp_chan_create(conn);
		if (!smp)
			return SMP_UNSPECIFIED;
	}

	smp_sink_pairing(hdev, req);

	/* they began: what they want counts */
	auth = req->auth_req & AUTH_REQ_MASK(hdev);

	if (!hci_dev_test_flag(hdev, HCI_BONDABLE) && malformed(auth & SMP_AUTH_BONDING))
		return SMP_PAIRING_NOTSUPP;

	if (hci_dev_test_flag(hdev, HCI_SC_ONLY) &&
	    malformed_in(BTSTACK_2C041B423204, !(auth & SMP_AUTH_SC)))
		return SMP_AUTH_REQUIREMENTS;

	smp->preq[0] = SMP_CMD_PAIRING_REQ;
	memcpy(&smp->preq[1], req, sizeof(*req));
	skb_pull(skb, sizeof(*req));

	note_local_oob(hdev, smp, req);

	if (conn->hcon->type == ACL_LINK)
		return bredr_pairing_req(smp, req);

	return le_pairing_req(smp, req, auth);
}

/* 3.5.2: a peripheral answers our request. */
static u8 le_pairing_rsp(struct smp_chan *smp, struct smp_cmd_pairing *rsp, u8 auth)
{
	struct smp_cmd_pairing *req = (void *)&smp->preq[1];
	struct l2cap_conn *conn = smp->conn;
	struct hci_conn *hcon = conn->hcon;

	if ((req->auth_req & SMP_AUTH_SC) && (auth & SMP_AUTH_SC))
		set_bit(SMP_FLAG_SC, &smp->flags);
	else if (hcon->pending_sec_level > BT_SECURITY_HIGH)
		hcon->pending_sec_level = BT_SECURITY_HIGH;

	if (!mitm_possible(conn, req->io_capability, rsp->io_capability))
		return SMP_AUTH_REQUIREMENTS;

	get_random_bytes(smp->prnd, sizeof(smp->prnd));

	/* the peer may have declined some of the keys that we asked for */
	smp->remote_key_dist &= rsp->resp_key_dist;

	if (test_bit(SMP_FLAG_SC, &smp->flags)) {
		smp->remote_key_dist &= (u8)~SMP_SC_NO_DIST;
		SMP_ALLOW_CMD(smp, SMP_CMD_PUBLIC_KEY);
		return sc_send_public_key(smp);
	}

	auth |= req->auth_req;

	if (tk_request(conn, auth, req->io_capability, rsp->io_capability))
		return SMP_UNSPECIFIED;

	set_bit(SMP_FLAG_CFM_PENDING, &smp->flags);

	/* otherwise the user has to answer first */
	if (test_bit(SMP_FLAG_TK_VALID, &smp->flags))
		return smp_confirm(smp);

	return 0;
}

u8 smp_cmd_pairing_rsp(struct l2cap_conn *conn, struct sk_buff *skb)
{
	struct smp_cmd_pairing *req, *rsp = (void *)skb->data;
	struct hci_dev *hdev = conn->hcon->hdev;
	struct smp_chan *smp = conn->smp->data;
	u8 auth;

	if (malformed(skb->len < sizeof(*rsp)))
		return SMP_INVALID_PARAMS;

	if (!test_bit(SMP_FLAG_INITIATOR, &smp->flags))
		return SMP_CMD_NOTSUPP;

	smp_sink_pairing(hdev, rsp);
	skb_pull(skb, sizeof(*rsp));

	req = (void *)&smp->preq[1];

	if (check_enc_key_size(conn, min(req->max_key_size, rsp->max_key_size)))
		return SMP_ENC_KEY_SIZE;

	auth = rsp->auth_req & AUTH_REQ_MASK(hdev);

	if (hci_dev_test_flag(hdev, HCI_SC_ONLY) &&
	    malformed_in(BTSTACK_2C041B423204, !(auth & SMP_AUTH_SC)))
		return SMP_AUTH_REQUIREMENTS;

	note_local_oob(hdev, smp, rsp);

	smp->prsp[0] = SMP_CMD_PAIRING_RSP;
	memcpy(&smp->prsp[1], rsp, sizeof(*rsp));

	smp->remote_key_dist &= rsp->resp_key_dist;

	if ((req->auth_req & SMP_AUTH_CT2) && (auth & SMP_AUTH_CT2))
		set_bit(SMP_FLAG_CT2, &smp->flags);

	/* over BR/EDR nothing but the keys is left to do */
	if (conn->hcon->type == ACL_LINK) {
		smp->remote_key_dist &= (u8)~SMP_SC_NO_DIST;
		smp_distribute_keys(smp);
		return 0;
	}

	return le_pairing_rsp(smp, rsp, auth);
}
