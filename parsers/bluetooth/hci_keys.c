// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a controller's host remembers of its peers' keys.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_core.c (hci_*link_key*, hci_*ltk*,
 *	hci_*irk*, hci_*blocked_key*, hci_*oob*)
 * Spec: Core 5.4 Vol 3 Part C 14 (bonding), Vol 3 Part H 2.4
 * Differs: nothing but the order.
 */
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>

#include "smp.h"

void hci_link_keys_clear(struct hci_dev *hdev)
{
	struct link_key *key, *tmp;

	list_for_each_entry_safe(key, tmp, &hdev->link_keys, list) {
		list_del_rcu(&key->list);
		kfree_rcu(key, rcu);
	}
}

void hci_smp_ltks_clear(struct hci_dev *hdev)
{
	struct smp_ltk *k, *tmp;

	list_for_each_entry_safe(k, tmp, &hdev->long_term_keys, list) {
		list_del_rcu(&k->list);
		kfree_rcu(k, rcu);
	}
}

void hci_smp_irks_clear(struct hci_dev *hdev)
{
	struct smp_irk *k, *tmp;

	list_for_each_entry_safe(k, tmp, &hdev->identity_resolving_keys, list) {
		list_del_rcu(&k->list);
		kfree_rcu(k, rcu);
	}
}

void hci_blocked_keys_clear(struct hci_dev *hdev)
{
	struct blocked_key *b, *tmp;

	list_for_each_entry_safe(b, tmp, &hdev->blocked_keys, list) {
		list_del_rcu(&b->list);
		kfree_rcu(b, rcu);
	}
}

bool hci_is_blocked_key(struct hci_dev *hdev, u8 type, u8 val[16])
{
	struct blocked_key *b;
	bool blocked = false;

	rcu_read_lock();
	list_for_each_entry_rcu(b, &hdev->blocked_keys, list) {
		if (b->type == type && !memcmp(b->val, val, sizeof(b->val))) {
			blocked = true;
			break;
		}
	}
	rcu_read_unlock();
	return blocked;
}

struct link_key *hci_find_link_key(struct hci_dev *hdev, bdaddr_t *bdaddr)
{
	struct link_key *k, *found = NULL;

	rcu_read_lock();
	list_for_each_entry_rcu(k, &hdev->link_keys, list) {
		if (!bacmp(bdaddr, &k->bdaddr)) {
			found = k;
			break;
		}
	}
	rcu_read_unlock();
	if (found && hci_is_blocked_key(hdev, HCI_BLOCKED_KEY_TYPE_LINKKEY, found->val))
		return NULL;
	return found;
}

/* Shall the user's side keep the key beyond this link? */
static bool hci_persistent_key(struct hci_conn *conn, u8 key_type, u8 old_key_type)
{
	if (key_type < HCI_LK_DEBUG_COMBINATION)
		return true;
	if (key_type == HCI_LK_DEBUG_COMBINATION)
		return false;
	if (key_type == HCI_LK_CHANGED_COMBINATION && old_key_type == 0xff)
		return false;
	/* no link: security mode 3; an LE link: derived by secure connections */
	if (!conn || conn->type == LE_LINK)
		return true;
	/* neither side asked for no bonding */
	if (conn->auth_type > HCI_AT_NO_BONDING_MITM &&
	    conn->remote_auth > HCI_AT_NO_BONDING_MITM)
		return true;
	/* or one of them for dedicated bonding */
	return (conn->auth_type & ~1) == HCI_AT_DEDICATED_BONDING ||
	       (conn->remote_auth & ~1) == HCI_AT_DEDICATED_BONDING;
}

struct link_key *hci_add_link_key(struct hci_dev *hdev, struct hci_conn *conn,
				  bdaddr_t *bdaddr, u8 *val, u8 type, u8 pin_len,
				  bool *persistent)
{
	struct link_key *key = hci_find_link_key(hdev, bdaddr);
	u8 old_key_type;

	if (key) {
		old_key_type = key->type;
	} else {
		old_key_type = conn ? conn->key_type : 0xff;
		key = kzalloc(sizeof(*key), GFP_KERNEL);
		if (!key)
			return NULL;
		list_add_rcu(&key->list, &hdev->link_keys);
	}
	/* A changed key where none was: some controllers say so for a legacy PIN. */
	if (type == HCI_LK_CHANGED_COMBINATION && old_key_type == 0xff &&
	    (!conn || conn->remote_auth == 0xff)) {
		type = HCI_LK_COMBINATION;
		if (conn)
			conn->key_type = type;
	}
	bacpy(&key->bdaddr, bdaddr);
	memcpy(key->val, val, HCI_LINK_KEY_SIZE);
	key->pin_len = pin_len;
	key->type = type == HCI_LK_CHANGED_COMBINATION ? old_key_type : type;
	if (persistent)
		*persistent = hci_persistent_key(conn, type, old_key_type);
	return key;
}

int hci_remove_link_key(struct hci_dev *hdev, bdaddr_t *bdaddr)
{
	struct link_key *key = hci_find_link_key(hdev, bdaddr);

	if (!key)
		return -ENOENT;
	list_del_rcu(&key->list);
	kfree_rcu(key, rcu);
	return 0;
}

static u8 ltk_role(u8 type)
{
	return type == SMP_LTK ? HCI_ROLE_MASTER : HCI_ROLE_SLAVE;
}

struct smp_ltk *hci_find_ltk(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 addr_type,
			     u8 role)
{
	struct smp_ltk *k, *found = NULL;

	rcu_read_lock();
	list_for_each_entry_rcu(k, &hdev->long_term_keys, list) {
		if (addr_type != k->bdaddr_type || bacmp(bdaddr, &k->bdaddr))
			continue;
		if (smp_ltk_is_sc(k) || ltk_role(k->type) == role) {
			found = k;
			break;
		}
	}
	rcu_read_unlock();
	if (found && hci_is_blocked_key(hdev, HCI_BLOCKED_KEY_TYPE_LTK, found->val))
		return NULL;
	return found;
}

struct smp_ltk *hci_add_ltk(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 addr_type,
			    u8 type, u8 authenticated, u8 tk[16], u8 enc_size,
			    __le16 ediv, __le64 rand)
{
	struct smp_ltk *key = hci_find_ltk(hdev, bdaddr, addr_type, ltk_role(type));

	if (!key) {
		key = kzalloc(sizeof(*key), GFP_KERNEL);
		if (!key)
			return NULL;
		list_add_rcu(&key->list, &hdev->long_term_keys);
	}
	bacpy(&key->bdaddr, bdaddr);
	key->bdaddr_type = addr_type;
	memcpy(key->val, tk, sizeof(key->val));
	key->authenticated = authenticated;
	key->ediv = ediv;
	key->rand = rand;
	key->enc_size = enc_size;
	key->type = type;
	return key;
}

int hci_remove_ltk(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 bdaddr_type)
{
	struct smp_ltk *k, *tmp;
	int err = -ENOENT;

	list_for_each_entry_safe(k, tmp, &hdev->long_term_keys, list) {
		if (bacmp(bdaddr, &k->bdaddr) || k->bdaddr_type != bdaddr_type)
			continue;
		list_del_rcu(&k->list);
		kfree_rcu(k, rcu);
		err = 0;
	}
	return err;
}

/* A blocked key is as good as none. */
static struct smp_irk *hci_irk_unless_blocked(struct hci_dev *hdev, struct smp_irk *irk)
{
	if (irk && hci_is_blocked_key(hdev, HCI_BLOCKED_KEY_TYPE_IRK, irk->val))
		return NULL;
	return irk;
}

static struct smp_irk *hci_search_irk_by_rpa(struct hci_dev *hdev, bdaddr_t *rpa)
{
	struct smp_irk *irk;

	list_for_each_entry_rcu(irk, &hdev->identity_resolving_keys, list) {
		if (!bacmp(&irk->rpa, rpa))
			return irk;
	}
	list_for_each_entry_rcu(irk, &hdev->identity_resolving_keys, list) {
		if (smp_irk_matches(hdev, irk->val, rpa)) {
			bacpy(&irk->rpa, rpa);
			return irk;
		}
	}
	return NULL;
}

struct smp_irk *hci_find_irk_by_rpa(struct hci_dev *hdev, bdaddr_t *rpa)
{
	struct smp_irk *irk;

	rcu_read_lock();
	irk = hci_irk_unless_blocked(hdev, hci_search_irk_by_rpa(hdev, rpa));
	rcu_read_unlock();
	return irk;
}

struct smp_irk *hci_find_irk_by_addr(struct hci_dev *hdev, bdaddr_t *bdaddr,
				     u8 addr_type)
{
	struct smp_irk *irk, *found = NULL;

	/* An identity is a public or a static address. */
	if (malformed(addr_type == ADDR_LE_DEV_RANDOM && (bdaddr->b[5] & 0xc0) != 0xc0))
		return NULL;
	rcu_read_lock();
	list_for_each_entry_rcu(irk, &hdev->identity_resolving_keys, list) {
		if (addr_type == irk->addr_type && !bacmp(bdaddr, &irk->bdaddr)) {
			found = hci_irk_unless_blocked(hdev, irk);
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

struct smp_irk *hci_get_irk(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 addr_type)
{
	if (!hci_bdaddr_is_rpa(bdaddr, addr_type))
		return NULL;
	return hci_find_irk_by_rpa(hdev, bdaddr);
}

struct smp_irk *hci_add_irk(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 addr_type,
			    u8 val[16], bdaddr_t *rpa)
{
	struct smp_irk *irk = hci_find_irk_by_addr(hdev, bdaddr, addr_type);

	if (!irk) {
		irk = kzalloc(sizeof(*irk), GFP_KERNEL);
		if (!irk)
			return NULL;
		bacpy(&irk->bdaddr, bdaddr);
		irk->addr_type = addr_type;
		list_add_rcu(&irk->list, &hdev->identity_resolving_keys);
	}
	memcpy(irk->val, val, sizeof(irk->val));
	bacpy(&irk->rpa, rpa);
	return irk;
}

void hci_remove_irk(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 addr_type)
{
	struct smp_irk *k, *tmp;

	list_for_each_entry_safe(k, tmp, &hdev->identity_resolving_keys, list) {
		if (bacmp(bdaddr, &k->bdaddr) || k->addr_type != addr_type)
			continue;
		list_del_rcu(&k->list);
		kfree_rcu(k, rcu);
	}
}

bool hci_bdaddr_is_paired(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type)
{
	struct smp_irk *irk;
	struct smp_ltk *k;
	bool paired = false;
	u8 addr_type;

	if (type == BDADDR_BREDR)
		return hci_find_link_key(hdev, bdaddr);
	addr_type = type == BDADDR_LE_PUBLIC ? ADDR_LE_DEV_PUBLIC : ADDR_LE_DEV_RANDOM;
	irk = hci_get_irk(hdev, bdaddr, addr_type);
	if (irk) {
		bdaddr = &irk->bdaddr;
		addr_type = irk->addr_type;
	}
	rcu_read_lock();
	list_for_each_entry_rcu(k, &hdev->long_term_keys, list) {
		if (k->bdaddr_type == addr_type && !bacmp(bdaddr, &k->bdaddr)) {
			paired = true;
			break;
		}
	}
	rcu_read_unlock();
	return paired;
}

struct oob_data *hci_find_remote_oob_data(struct hci_dev *hdev, bdaddr_t *bdaddr,
					  u8 bdaddr_type)
{
	struct oob_data *data;

	list_for_each_entry(data, &hdev->remote_oob_data, list) {
		if (!bacmp(bdaddr, &data->bdaddr) && data->bdaddr_type == bdaddr_type)
			return data;
	}
	return NULL;
}

int hci_remove_remote_oob_data(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 bdaddr_type)
{
	struct oob_data *data = hci_find_remote_oob_data(hdev, bdaddr, bdaddr_type);

	if (!data)
		return -ENOENT;
	list_del(&data->list);
	kfree(data);
	return 0;
}

void hci_remote_oob_data_clear(struct hci_dev *hdev)
{
	struct oob_data *data, *n;

	list_for_each_entry_safe(data, n, &hdev->remote_oob_data, list) {
		list_del(&data->list);
		kfree(data);
	}
}

int hci_add_remote_oob_data(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 bdaddr_type,
			    u8 *hash192, u8 *rand192, u8 *hash256, u8 *rand256)
{
	struct oob_data *data = hci_find_remote_oob_data(hdev, bdaddr, bdaddr_type);
	bool p192 = hash192 && rand192, p256 = hash256 && rand256;

	if (!data) {
		data = kzalloc(sizeof(*data), GFP_KERNEL);
		if (!data)
			return -ENOMEM;
		bacpy(&data->bdaddr, bdaddr);
		data->bdaddr_type = bdaddr_type;
		list_add(&data->list, &hdev->remote_oob_data);
	}
	memset(data->hash192, 0, sizeof(data->hash192));
	memset(data->rand192, 0, sizeof(data->rand192));
	memset(data->hash256, 0, sizeof(data->hash256));
	memset(data->rand256, 0, sizeof(data->rand256));
	if (p192) {
		memcpy(data->hash192, hash192, sizeof(data->hash192));
		memcpy(data->rand192, rand192, sizeof(data->rand192));
	}
	if (p256) {
		memcpy(data->hash256, hash256, sizeof(data->hash256));
		memcpy(data->rand256, rand256, sizeof(data->rand256));
	}
	data->present = (p192 ? 0x01 : 0) | (p256 ? 0x02 : 0);
	return 0;
}
