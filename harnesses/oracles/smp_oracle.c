// SPDX-License-Identifier: GPL-2.0-only
/*
 * Invariants of pairing (smp_oracle.h). Each function reports one; its name is the top
 * frame of the report.
 */
#include "smp_oracle.h"

#include <linux/bitops.h>
#include <net/bluetooth/hci_core.h>
#include <net/bluetooth/l2cap.h>
#include <redzone/crypto.h>
#include <redzone/kernel.h>

#include "../../parsers/bluetooth/smp_chan.h"

/* What is remembered from before a command to after it. */
static struct {
	u16 handle;
	u8 code;
	u8 auth_req;			/* of a Pairing Request, Response or Security Request */
	const struct smp_chan *smp;
	bool allowed;
	bool encrypt_pend;
	bool remote_pk;
} before;

static struct hci_conn *oracle_conn(struct hci_dev *hdev, u16 handle)
{
	return hci_conn_hash_lookup_handle(hdev, handle);
}

static struct smp_chan *oracle_smp(const struct hci_conn *hcon)
{
	const struct l2cap_conn *conn = hcon->l2cap_data;

	return conn && conn->smp ? conn->smp->data : NULL;
}

/* Not memcmp(): engines listen in on that. */
static bool same(const u8 *a, const u8 *b, size_t len)
{
	u8 diff = 0;

	while (len--)
		diff |= *a++ ^ *b++;
	return !diff;
}

/*
 * Vol 3 Part H 2.3.5.6.1: a peer's key that is our own ends the pairing, unless it is the
 * debug key. Only an initiator has sent its key by then.
 */
static noinline void smp_own_public_key(const struct smp_chan *smp)
{
	if (!test_bit(SMP_FLAG_INITIATOR, &smp->flags))
		return;
	if (same(smp->remote_pk, smp->local_pk, 64) && !same(smp->local_pk, debug_pk, 64))
		redzone_finding("bug", "pairing goes on with our own public key");
}

/* The same section: a key that is no point on the curve ends the pairing. */
static noinline void smp_key_off_curve(const struct smp_chan *smp)
{
	u8 point[64];
	int i;

	for (i = 0; i < 32; i++) {
		point[i] = smp->remote_pk[31 - i];
		point[32 + i] = smp->remote_pk[63 - i];
	}
	if (!redzone_p256_valid(point))
		redzone_finding("bug", "pairing goes on with a point off the curve");
}

/* 2.3.3: a key has 7 to 16 bytes. */
static noinline void smp_key_size(const struct smp_chan *smp)
{
	if (smp->enc_key_size && (smp->enc_key_size < 7 || smp->enc_key_size > 16))
		redzone_finding("bug", "pairing goes on with a key of %u bytes",
				smp->enc_key_size);
}

/* Vol 3 Part C 10.2.4: in Secure Connections Only mode there is no other pairing. */
static noinline void smp_sc_only(const struct hci_dev *hdev)
{
	if (hci_dev_test_flag(hdev, HCI_SC_ONLY) && !(before.auth_req & SMP_AUTH_SC))
		redzone_finding("bug", "legacy pairing in Secure Connections Only mode");
}

/* Vol 3 Part C 10.3: what protects from nobody is no model for a level that must. */
static noinline void smp_level_out_of_reach(const struct hci_conn *hcon,
					    const struct smp_chan *smp)
{
	if (test_bit(SMP_FLAG_SC, &smp->flags) || hcon->pending_sec_level < BT_SECURITY_HIGH)
		return;
	if (smp->method == JUST_WORKS || smp->method == JUST_CFM)
		redzone_finding("bug", "Just Works answers a need for level %u",
				hcon->pending_sec_level);
}

/* 2.3.5.2: Just Works makes an unauthenticated key. */
static noinline void smp_unauthenticated_stk(const struct hci_conn *hcon,
					     const struct smp_chan *smp)
{
	const struct smp_ltk *key;

	if (test_bit(SMP_FLAG_INITIATOR, &smp->flags) || test_bit(SMP_FLAG_SC, &smp->flags))
		return;
	if (smp->method != JUST_WORKS && smp->method != JUST_CFM)
		return;
	list_for_each_entry(key, &hcon->hdev->long_term_keys, list) {
		if (key->type == SMP_STK && key->authenticated &&
		    same(key->bdaddr.b, hcon->dst.b, sizeof(key->bdaddr)))
			redzone_finding("bug", "Just Works made an authenticated key");
	}
}

/* Vol 3 Part H 2.4.6: Security Request and LE keys are LE's own. */
static noinline void smp_encrypts_other_transport(const struct hci_conn *hcon)
{
	if (hcon->type != LE_LINK && !before.encrypt_pend &&
	    test_bit(HCI_CONN_ENCRYPT_PEND, &hcon->flags))
		redzone_finding("bug", "LE encryption is started on a BR/EDR link");
}

void smp_oracle_before(struct hci_dev *hdev, u16 handle, const u8 *pdu, size_t len)
{
	const struct hci_conn *hcon = oracle_conn(hdev, handle);
	const struct smp_chan *smp;

	memset(&before, 0, sizeof(before));
	if (!hcon || !len)
		return;
	smp = oracle_smp(hcon);
	before.handle = handle;
	before.code = pdu[0];
	if ((before.code == SMP_CMD_PAIRING_REQ || before.code == SMP_CMD_PAIRING_RSP) &&
	    len > 3)
		before.auth_req = pdu[3];
	before.smp = smp;
	/* what comes over a link that is not up waits, and has done nothing yet */
	before.allowed = hcon->state == BT_CONNECTED &&
			 (!smp || test_bit(before.code & 31, &smp->allow_cmd));
	before.encrypt_pend = test_bit(HCI_CONN_ENCRYPT_PEND, &hcon->flags);
	before.remote_pk = smp && test_bit(SMP_FLAG_REMOTE_PK, &smp->flags);
}

void smp_oracle_after(struct hci_dev *hdev)
{
	const struct hci_conn *hcon;
	const struct smp_chan *smp;

	if (!before.code || !before.allowed)
		return;
	hcon = oracle_conn(hdev, before.handle);
	if (!hcon)
		return;
	if (before.code == SMP_CMD_SECURITY_REQ)
		smp_encrypts_other_transport(hcon);

	smp = oracle_smp(hcon);
	if (!smp)
		return;		/* refused, failed or finished */
	if (smp == before.smp && test_bit(before.code & 31, &smp->allow_cmd))
		return;		/* lost on its way, or waiting: what is taken is allowed once */
	smp_key_size(smp);
	switch (before.code) {
	case SMP_CMD_PAIRING_REQ:
		if (hcon->type == LE_LINK)
			smp_level_out_of_reach(hcon, smp);
		smp_sc_only(hdev);
		break;
	case SMP_CMD_PAIRING_RSP:
		smp_sc_only(hdev);
		break;
	case SMP_CMD_PAIRING_RANDOM:
		smp_unauthenticated_stk(hcon, smp);
		break;
	case SMP_CMD_PUBLIC_KEY:
		if (before.remote_pk || !test_bit(SMP_FLAG_REMOTE_PK, &smp->flags))
			break;
		smp_own_public_key(smp);
		smp_key_off_curve(smp);
		break;
	}
}
