// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Security Manager of a controller: its fixed channels, private addresses, data for
 * out-of-band pairing, and when pairing over BR/EDR begins by itself.
 *
 * Modelled on: Linux 6.1 net/bluetooth/smp.c (smp_irk_matches, smp_generate_rpa,
 *	smp_generate_oob, bredr_pairing, smp_teardown_cb, smp_resume_cb, smp_ready_cb,
 *	smp_alloc_skb_cb, smp_new_conn_cb, smp_add_cid, smp_del_chan, smp_force_bredr,
 *	smp_register, smp_unregister)
 * Spec: Core Specification 5.4 Vol 3 Part A 2.1, Part H 2.2.2, 2.3.5.6.4, 2.3.5.7;
 *	Vol 6 Part B 1.3.2.2
 * Differs: no message about what fails.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "smp_chan.h"

/* Whether @bdaddr is a private address made with @irk */
bool smp_irk_matches(struct hci_dev *hdev, const u8 irk[16], const bdaddr_t *bdaddr)
{
	struct l2cap_chan *chan = hdev->smp_data;
	u8 hash[3];
	int err;

	if (!chan || !chan->data)
		return false;

	err = smp_ah(irk, &bdaddr->b[3], hash);
	if (err)
		return false;

	return !malformed(crypto_memneq(bdaddr->b, hash, 3));
}

int smp_generate_rpa(struct hci_dev *hdev, const u8 irk[16], bdaddr_t *rpa)
{
	struct l2cap_chan *chan = hdev->smp_data;

	if (!chan || !chan->data)
		return -EOPNOTSUPP;

	get_random_bytes(&rpa->b[3], 3);

	rpa->b[5] &= 0x3f;	/* resolvable: 01 */
	rpa->b[5] |= 0x40;

	return smp_ah(irk, &rpa->b[3], rpa->b);
}

/* The key pair that the peer will be told about */
static int oob_keys(struct hci_dev *hdev, struct smp_dev *smp)
{
	int err;

	if (hci_dev_test_flag(hdev, HCI_USE_DEBUG_KEYS)) {
		err = set_ecdh_privkey(smp->tfm_ecdh, debug_sk);
		if (err)
			return err;
		memcpy(smp->local_pk, debug_pk, 64);
		smp->debug_key = true;
		return 0;
	}

	while (true) {
		err = generate_ecdh_keys(smp->tfm_ecdh, smp->local_pk);
		if (err)
			return err;

		/* however unlikely: this one would be no secret */
		if (memcmp(smp->local_pk, debug_pk, 64))
			break;
	}
	smp->debug_key = false;
	return 0;
}

/**
 * smp_generate_oob() - data that the user carries to the peer
 * @hdev: the controller
 * @hash: the commitment to our public key
 * @rand: the number in it
 *
 * Return: 0, -EOPNOTSUPP without LE, or what key generation said.
 */
int smp_generate_oob(struct hci_dev *hdev, u8 hash[16], u8 rand[16])
{
	struct l2cap_chan *chan = hdev->smp_data;
	struct smp_dev *smp;
	int err;

	if (!chan || !chan->data)
		return -EOPNOTSUPP;

	smp = chan->data;

	err = oob_keys(hdev, smp);
	if (err)
		return err;

	get_random_bytes(smp->local_rand, 16);

	err = smp_f4(smp->tfm_cmac, smp->local_pk, smp->local_pk, smp->local_rand, 0,
		     hash);
	if (err < 0)
		return err;

	memcpy(rand, smp->local_rand, 16);

	smp->local_oob = true;

	return 0;
}

/*
 * Channels of links
 */

/* A BR/EDR link was paired: derive LE keys if the other side can do it, too. */
static void bredr_pairing(struct l2cap_chan *chan)
{
	struct l2cap_conn *conn = chan->conn;
	struct hci_conn *hcon = conn->hcon;
	struct hci_dev *hdev = hcon->hdev;
	struct smp_chan *smp;

	/* once for each pairing */
	if (!test_bit(HCI_CONN_NEW_LINK_KEY, &hcon->flags))
		return;

	if (malformed(!test_bit(HCI_CONN_ENCRYPT, &hcon->flags)))
		return;

	/* the central begins */
	if (hcon->role != HCI_ROLE_MASTER)
		return;

	if (!hci_dev_test_flag(hdev, HCI_SC_ENABLED))
		return;

	/* only a link that is secure itself may vouch for LE keys */
	if (malformed(!test_bit(HCI_CONN_AES_CCM, &hcon->flags)) &&
	    !hci_dev_test_flag(hdev, HCI_FORCE_BREDR_SMP))
		return;

	if (!hci_dev_test_flag(hdev, HCI_LE_ENABLED))
		return;

	if (malformed(!lmp_host_le_capable(hcon)))
		return;

	if (malformed(!(conn->remote_fixed_chan & L2CAP_FC_SMP_BREDR)))
		return;

	/* one at a time */
	if (chan->data)
		return;

	smp = smp_chan_create(conn);
	if (!smp)
		return;

	set_bit(SMP_FLAG_SC, &smp->flags);

	smp_send_pairing_req(smp, 0x00);
}

static void smp_teardown_cb(struct l2cap_chan *chan, int err)
{
	struct l2cap_conn *conn = chan->conn;

	if (chan->data)
		smp_chan_destroy(conn);

	conn->smp = NULL;
	l2cap_chan_put(chan);
}

/* The link's encryption has changed. */
static void smp_resume_cb(struct l2cap_chan *chan)
{
	struct smp_chan *smp = chan->data;
	struct hci_conn *hcon = chan->conn->hcon;

	if (hcon->type == ACL_LINK) {
		bredr_pairing(chan);
		return;
	}

	if (!smp)
		return;

	if (malformed(!test_bit(HCI_CONN_ENCRYPT, &hcon->flags)))
		return;

	cancel_delayed_work(&smp->security_timer);

	smp_distribute_keys(smp);
}

static void smp_ready_cb(struct l2cap_chan *chan)
{
	struct l2cap_conn *conn = chan->conn;
	struct hci_conn *hcon = conn->hcon;

	/* the reference is the one that came with the new channel */
	conn->smp = chan;

	if (hcon->type == ACL_LINK && test_bit(HCI_CONN_ENCRYPT, &hcon->flags))
		bredr_pairing(chan);
}

static struct sk_buff *smp_alloc_skb_cb(struct l2cap_chan *chan, unsigned long hdr_len,
					unsigned long len, int nb)
{
	struct sk_buff *skb;

	skb = bt_skb_alloc((unsigned int)(hdr_len + len), GFP_KERNEL);
	if (!skb)
		return ERR_PTR(-ENOMEM);

	skb->priority = HCI_PRIO_MAX;
	bt_cb(skb)->l2cap.chan = chan;

	return skb;
}

const struct l2cap_ops smp_chan_ops = {
	.name			= "Security Manager",
	.ready			= smp_ready_cb,
	.recv			= smp_recv_cb,
	.alloc_skb		= smp_alloc_skb_cb,
	.teardown		= smp_teardown_cb,
	.resume			= smp_resume_cb,

	.new_connection		= l2cap_chan_no_new_connection,
	.state_change		= l2cap_chan_no_state_change,
	.close			= l2cap_chan_no_close,
	.defer			= l2cap_chan_no_defer,
	.suspend		= l2cap_chan_no_suspend,
	.set_shutdown		= l2cap_chan_no_set_shutdown,
	.get_sndtimeo		= l2cap_chan_no_get_sndtimeo,
};

static int smp_new_conn_cb(struct l2cap_chan *chan, struct l2cap_chan *new_chan)
{
	new_chan->ops = &smp_chan_ops;

	/* another channel's lock may be held when this one's is taken */
	atomic_set(&new_chan->nesting, L2CAP_NESTING_SMP);

	return 0;
}

static const struct l2cap_ops smp_root_chan_ops = {
	.name			= "Security Manager Root",
	.new_connection		= smp_new_conn_cb,

	.close			= l2cap_chan_no_close,
	.alloc_skb		= l2cap_chan_no_alloc_skb,
	.recv			= l2cap_chan_no_recv,
	.state_change		= l2cap_chan_no_state_change,
	.teardown		= l2cap_chan_no_teardown,
	.ready			= l2cap_chan_no_ready,
	.defer			= l2cap_chan_no_defer,
	.suspend		= l2cap_chan_no_suspend,
	.resume			= l2cap_chan_no_resume,
	.set_shutdown		= l2cap_chan_no_set_shutdown,
	.get_sndtimeo		= l2cap_chan_no_get_sndtimeo,
};

/*
 * Channels of controllers
 */

static struct smp_dev *smp_dev_create(void)
{
	struct smp_dev *smp;
	void *err;

	smp = kzalloc(sizeof(*smp), GFP_KERNEL);
	if (!smp)
		return ERR_PTR(-ENOMEM);

	smp->tfm_cmac = crypto_alloc_shash("cmac(aes)", 0, 0);
	if (IS_ERR(smp->tfm_cmac)) {
		err = ERR_CAST(smp->tfm_cmac);
		goto free_smp;
	}

	smp->tfm_ecdh = crypto_alloc_kpp("ecdh-nist-p256", 0, 0);
	if (IS_ERR(smp->tfm_ecdh)) {
		err = ERR_CAST(smp->tfm_ecdh);
		goto free_shash;
	}

	return smp;

free_shash:
	crypto_free_shash(smp->tfm_cmac);
free_smp:
	kfree_sensitive(smp);
	return err;
}

static void smp_dev_free(struct smp_dev *smp)
{
	if (!smp)
		return;
	crypto_free_shash(smp->tfm_cmac);
	crypto_free_kpp(smp->tfm_ecdh);
	kfree_sensitive(smp);
}

/* The address that peers know us by on this channel. */
static void smp_chan_source(struct l2cap_chan *chan, struct hci_dev *hdev, u16 cid)
{
	u8 own_type;

	if (cid != L2CAP_CID_SMP) {
		chan->src_type = BDADDR_BREDR;
		bacpy(&chan->src, &hdev->bdaddr);
		return;
	}
	hci_copy_identity_address(hdev, &chan->src, &own_type);
	chan->src_type = own_type == ADDR_LE_DEV_PUBLIC ? BDADDR_LE_PUBLIC
							: BDADDR_LE_RANDOM;
}

static struct l2cap_chan *smp_add_cid(struct hci_dev *hdev, u16 cid)
{
	struct smp_dev *smp = NULL;
	struct l2cap_chan *chan;

	if (cid != L2CAP_CID_SMP_BREDR) {
		smp = smp_dev_create();
		if (IS_ERR(smp))
			return ERR_CAST(smp);
	}

	chan = l2cap_chan_create();
	if (!chan) {
		smp_dev_free(smp);
		return ERR_PTR(-ENOMEM);
	}

	chan->data = smp;

	l2cap_add_scid(chan, cid);

	l2cap_chan_set_defaults(chan, NULL);

	smp_chan_source(chan, hdev, cid);

	chan->state = BT_LISTEN;
	chan->mode = L2CAP_MODE_BASIC;
	chan->imtu = L2CAP_DEFAULT_MTU;
	chan->ops = &smp_root_chan_ops;

	atomic_set(&chan->nesting, L2CAP_NESTING_PARENT);

	return chan;
}

static void smp_del_chan(struct l2cap_chan *chan)
{
	struct smp_dev *smp = chan->data;

	chan->data = NULL;
	smp_dev_free(smp);

	l2cap_chan_put(chan);
}

/**
 * smp_force_bredr() - allow pairing over BR/EDR links that are not secure
 * @hdev: the controller, one that knows no Secure Connections
 * @enable: on or off
 *
 * Return: 0, -EALREADY, or -ENOMEM.
 */
int smp_force_bredr(struct hci_dev *hdev, bool enable)
{
	struct l2cap_chan *chan;

	if (enable == hci_dev_test_flag(hdev, HCI_FORCE_BREDR_SMP))
		return -EALREADY;

	if (enable) {
		chan = smp_add_cid(hdev, L2CAP_CID_SMP_BREDR);
		if (IS_ERR(chan))
			return (int)PTR_ERR(chan);

		hdev->smp_bredr_data = chan;
	} else {
		chan = hdev->smp_bredr_data;
		hdev->smp_bredr_data = NULL;
		smp_del_chan(chan);
	}

	hci_dev_change_flag(hdev, HCI_FORCE_BREDR_SMP);

	return 0;
}

/* Return: 0, or -ENOMEM with no channel registered. */
int smp_register(struct hci_dev *hdev)
{
	struct l2cap_chan *chan;

	if (!lmp_le_capable(hdev))
		return 0;

	if (WARN_ON(hdev->smp_data)) {
		chan = hdev->smp_data;
		hdev->smp_data = NULL;
		smp_del_chan(chan);
	}

	chan = smp_add_cid(hdev, L2CAP_CID_SMP);
	if (IS_ERR(chan))
		return (int)PTR_ERR(chan);

	hdev->smp_data = chan;

	if (!lmp_sc_capable(hdev)) {
		/* it may have been forced before the controller was switched off */
		if (!hci_dev_test_flag(hdev, HCI_FORCE_BREDR_SMP))
			return 0;
	}

	if (WARN_ON(hdev->smp_bredr_data)) {
		chan = hdev->smp_bredr_data;
		hdev->smp_bredr_data = NULL;
		smp_del_chan(chan);
	}

	chan = smp_add_cid(hdev, L2CAP_CID_SMP_BREDR);
	if (IS_ERR(chan)) {
		int err = (int)PTR_ERR(chan);

		chan = hdev->smp_data;
		hdev->smp_data = NULL;
		smp_del_chan(chan);
		return err;
	}

	hdev->smp_bredr_data = chan;

	return 0;
}

void smp_unregister(struct hci_dev *hdev)
{
	struct l2cap_chan *bredr = hdev->smp_bredr_data, *le = hdev->smp_data;

	hdev->smp_bredr_data = NULL;
	if (bredr)
		smp_del_chan(bredr);

	hdev->smp_data = NULL;
	if (le)
		smp_del_chan(le);
}
