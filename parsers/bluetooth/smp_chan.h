/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files that Linux keeps in one smp.c share: the state of a pairing.
 *
 *	smp.c		commands, life of a pairing, what the rest of the host asks for
 *	smp_pair.c	phase 1: features, association model, key size
 *	smp_legacy.c	phase 2, legacy: temporary key, confirm and random values
 *	smp_sc.c	phase 2, Secure Connections: public keys, passkey, DHKey check
 *	smp_keys.c	phase 3: keys both ways, derivation for the other transport
 *	smp_dev.c	a controller's fixed channels, private addresses, OOB data
 *	smp_crypto.c	the toolbox
 */
#ifndef REDZONE_BLUETOOTH_SMP_CHAN_H
#define REDZONE_BLUETOOTH_SMP_CHAN_H

#include <crypto/algapi.h>
#include <crypto/hash.h>
#include <crypto/kpp.h>
#include <linux/bitops.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>
#include <net/bluetooth/bluetooth.h>
#include <net/bluetooth/hci_core.h>
#include <net/bluetooth/l2cap.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

#include "ecdh_helper.h"
#include "smp.h"
#include "smp_crypto.h"

#define SMP_DEV(hdev) \
	((struct smp_dev *)((struct l2cap_chan *)((hdev)->smp_data))->data)

#define SMP_ALLOW_CMD(smp, code)	set_bit(code, &(smp)->allow_cmd)

/* Keys that Secure Connections derives and does not distribute */
#define SMP_SC_NO_DIST		((u8)(SMP_DIST_ENC_KEY | SMP_DIST_LINK_KEY))

#define SMP_TIMEOUT		msecs_to_jiffies(30000)

#define AUTH_REQ_MASK(dev)	(hci_dev_test_flag(dev, HCI_SC_ENABLED) ? 0x3f : 0x07)
#define KEY_DIST_MASK		0x07

/* smp->flags */
enum {
	SMP_FLAG_TK_VALID,
	SMP_FLAG_CFM_PENDING,
	SMP_FLAG_MITM_AUTH,
	SMP_FLAG_COMPLETE,
	SMP_FLAG_INITIATOR,
	SMP_FLAG_SC,
	SMP_FLAG_REMOTE_PK,
	SMP_FLAG_DEBUG_KEY,
	SMP_FLAG_WAIT_USER,
	SMP_FLAG_DHKEY_PENDING,
	SMP_FLAG_REMOTE_OOB,
	SMP_FLAG_LOCAL_OOB,
	SMP_FLAG_CT2,
};

/* smp->method */
enum {
	JUST_WORKS	= 0x00,
	JUST_CFM	= 0x01,
	REQ_PASSKEY	= 0x02,
	CFM_PASSKEY	= 0x03,
	REQ_OOB		= 0x04,
	DSP_PASSKEY	= 0x05,
	OVERLAP		= 0xff,
};

/* A controller's: out-of-band data that it handed out */
struct smp_dev {
	bool			local_oob;
	u8			local_pk[64];
	u8			local_rand[16];
	bool			debug_key;

	struct crypto_shash	*tfm_cmac;
	struct crypto_kpp	*tfm_ecdh;
};

/* One pairing; chan->data of a link's SMP channel while it lasts */
struct smp_chan {
	struct l2cap_conn	*conn;
	struct delayed_work	security_timer;
	unsigned long		allow_cmd;	/* codes that may come next */

	u8			preq[7];	/* Pairing Request and Response, */
	u8			prsp[7];	/* with their codes */
	u8			prnd[16];	/* own nonce */
	u8			rrnd[16];	/* the peer's */
	u8			pcnf[16];	/* the peer's confirm value */
	u8			tk[16];		/* temporary key, later a long-term one */
	u8			rr[16];		/* out of band: the peer's random value */
	u8			lr[16];		/* and ours */
	u8			enc_key_size;
	u8			remote_key_dist;	/* keys still to come */
	bdaddr_t		id_addr;
	u8			id_addr_type;
	u8			irk[16];
	struct smp_csrk		*csrk;
	struct smp_csrk		*responder_csrk;
	struct smp_ltk		*ltk;
	struct smp_ltk		*responder_ltk;
	struct smp_irk		*remote_irk;
	u8			*link_key;
	unsigned long		flags;
	u8			method;
	u8			passkey_round;

	u8			local_pk[64];
	u8			remote_pk[64];
	u8			dhkey[32];
	u8			mackey[16];

	struct crypto_shash	*tfm_cmac;
	struct crypto_kpp	*tfm_ecdh;
};

extern const u8 debug_pk[64];
extern const u8 debug_sk[32];

/* smp.c */
void smp_send_cmd(struct l2cap_conn *conn, u8 code, u16 len, void *data);
void smp_failure(struct l2cap_conn *conn, u8 reason);
struct smp_chan *smp_chan_create(struct l2cap_conn *conn);
void smp_chan_destroy(struct l2cap_conn *conn);
void smp_send_pairing_req(struct smp_chan *smp, u8 auth);
int smp_recv_cb(struct l2cap_chan *chan, struct sk_buff *skb);

/* Handlers of commands return the reason of a Pairing Failed, or 0. */

/* smp_pair.c */
u8 authreq_to_seclevel(u8 authreq);
u8 seclevel_to_authreq(u8 sec_level);
void build_pairing_cmd(struct l2cap_conn *conn, struct smp_cmd_pairing *req,
		       struct smp_cmd_pairing *rsp, u8 authreq);
void build_bredr_pairing_cmd(struct smp_chan *smp, struct smp_cmd_pairing *req,
			     struct smp_cmd_pairing *rsp);
u8 get_auth_method(struct smp_chan *smp, u8 local_io, u8 remote_io);
u8 smp_cmd_pairing_req(struct l2cap_conn *conn, struct sk_buff *skb);
u8 smp_cmd_pairing_rsp(struct l2cap_conn *conn, struct sk_buff *skb);
void smp_sink_authreq(struct hci_dev *hdev, u8 auth_req);

/* smp_legacy.c */
int tk_request(struct l2cap_conn *conn, u8 auth, u8 local_io, u8 remote_io);
u8 smp_confirm(struct smp_chan *smp);
u8 smp_cmd_pairing_confirm(struct l2cap_conn *conn, struct sk_buff *skb);
u8 smp_cmd_pairing_random(struct l2cap_conn *conn, struct sk_buff *skb);

/* smp_sc.c */
u8 sc_send_public_key(struct smp_chan *smp);
u8 sc_check_confirm(struct smp_chan *smp);
u8 sc_random(struct smp_chan *smp);
int sc_user_reply(struct smp_chan *smp, u16 mgmt_op, __le32 passkey);
u8 smp_cmd_public_key(struct l2cap_conn *conn, struct sk_buff *skb);
u8 smp_cmd_dhkey_check(struct l2cap_conn *conn, struct sk_buff *skb);
u8 smp_cmd_keypress_notify(struct l2cap_conn *conn, struct sk_buff *skb);

/* smp_keys.c */
void sc_add_ltk(struct smp_chan *smp);
void smp_distribute_keys(struct smp_chan *smp);
u8 smp_cmd_encrypt_info(struct l2cap_conn *conn, struct sk_buff *skb);
u8 smp_cmd_initiator_ident(struct l2cap_conn *conn, struct sk_buff *skb);
u8 smp_cmd_ident_info(struct l2cap_conn *conn, struct sk_buff *skb);
u8 smp_cmd_ident_addr_info(struct l2cap_conn *conn, struct sk_buff *skb);
u8 smp_cmd_sign_info(struct l2cap_conn *conn, struct sk_buff *skb);

/* smp_dev.c */
extern const struct l2cap_ops smp_chan_ops;

#endif /* REDZONE_BLUETOOTH_SMP_CHAN_H */
