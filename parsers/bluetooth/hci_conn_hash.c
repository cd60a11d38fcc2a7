// SPDX-License-Identifier: GPL-2.0-only
/*
 * The links of a controller: the list, its counters, the searches over it.
 *
 * Modelled on: Linux 6.1 include/net/bluetooth/hci_core.h (hci_conn_hash_*)
 * Spec: none, own state
 * Differs: functions, not inlines.
 */
#include <net/bluetooth/hci_core.h>

static unsigned int *hci_conn_counter(struct hci_conn_hash *h, u8 type)
{
	switch (type) {
	case ACL_LINK:
		return &h->acl_num;
	case LE_LINK:
		return &h->le_num;
	case SCO_LINK:
	case ESCO_LINK:
		return &h->sco_num;
	case ISO_LINK:
		return &h->iso_num;
	}
	return NULL;
}

void hci_conn_hash_add(struct hci_dev *hdev, struct hci_conn *c)
{
	struct hci_conn_hash *h = &hdev->conn_hash;
	unsigned int *counter = hci_conn_counter(h, c->type);

	list_add_rcu(&c->list, &h->list);
	if (counter)
		(*counter)++;
	if (c->type == LE_LINK && c->role == HCI_ROLE_SLAVE)
		h->le_num_peripheral++;
}

void hci_conn_hash_del(struct hci_dev *hdev, struct hci_conn *c)
{
	struct hci_conn_hash *h = &hdev->conn_hash;
	unsigned int *counter = hci_conn_counter(h, c->type);

	list_del_rcu(&c->list);
	synchronize_rcu();
	if (counter)
		(*counter)--;
	if (c->type == LE_LINK && c->role == HCI_ROLE_SLAVE)
		h->le_num_peripheral--;
}

unsigned int hci_conn_num(struct hci_dev *hdev, u8 type)
{
	unsigned int *counter = hci_conn_counter(&hdev->conn_hash, type);

	return counter ? *counter : 0;
}

unsigned int hci_conn_count(struct hci_dev *hdev)
{
	struct hci_conn_hash *h = &hdev->conn_hash;

	return h->acl_num + h->sco_num + h->le_num + h->iso_num;
}

/* The first link for which @match_ (over `c`) holds, or NULL. */
#define hci_conn_search(hdev_, match_) ({				\
	struct hci_conn *c, *found_ = NULL;				\
	rcu_read_lock();						\
	list_for_each_entry_rcu(c, &(hdev_)->conn_hash.list, list) {	\
		if (match_) {						\
			found_ = c;					\
			break;						\
		}							\
	}								\
	rcu_read_unlock();						\
	found_; })

bool hci_conn_valid(struct hci_dev *hdev, struct hci_conn *conn)
{
	return hci_conn_search(hdev, c == conn);
}

u8 hci_conn_lookup_type(struct hci_dev *hdev, u16 handle)
{
	struct hci_conn *conn = hci_conn_hash_lookup_handle(hdev, handle);

	return conn ? conn->type : INVALID_LINK;
}

struct hci_conn *hci_conn_hash_lookup_handle(struct hci_dev *hdev, u16 handle)
{
	return hci_conn_search(hdev, c->handle == handle);
}

struct hci_conn *hci_conn_hash_lookup_ba(struct hci_dev *hdev, u8 type, bdaddr_t *ba)
{
	return hci_conn_search(hdev, c->type == type && !bacmp(&c->dst, ba));
}

struct hci_conn *hci_conn_hash_lookup_role(struct hci_dev *hdev, u8 type, u8 role,
					   bdaddr_t *ba)
{
	return hci_conn_search(hdev, c->type == type && c->role == role &&
				     !bacmp(&c->dst, ba));
}

struct hci_conn *hci_conn_hash_lookup_le(struct hci_dev *hdev, bdaddr_t *ba,
					 u8 ba_type)
{
	return hci_conn_search(hdev, c->type == LE_LINK && c->dst_type == ba_type &&
				     !bacmp(&c->dst, ba));
}

struct hci_conn *hci_conn_hash_lookup_state(struct hci_dev *hdev, u8 type, u16 state)
{
	return hci_conn_search(hdev, c->type == type && c->state == state);
}

struct hci_conn *hci_conn_hash_lookup_bis(struct hci_dev *hdev, bdaddr_t *ba, u8 big,
					  u8 bis)
{
	return hci_conn_search(hdev, c->type == ISO_LINK && !bacmp(&c->dst, ba) &&
				     c->iso_qos.big == big && c->iso_qos.bis == bis);
}

struct hci_conn *hci_conn_hash_lookup_cis(struct hci_dev *hdev, bdaddr_t *ba,
					  u8 ba_type, u8 cig, u8 id)
{
	return hci_conn_search(hdev, c->type == ISO_LINK && c->iso_qos.cig == cig &&
				     c->iso_qos.cis == id &&
				     (!ba || (c->dst_type == ba_type &&
					      !bacmp(&c->dst, ba))));
}

struct hci_conn *hci_conn_hash_lookup_cig(struct hci_dev *hdev, u8 handle)
{
	return hci_conn_search(hdev, c->type == ISO_LINK && c->iso_qos.cig == handle);
}

/* Broadcast streams have no peer. */
struct hci_conn *hci_conn_hash_lookup_big(struct hci_dev *hdev, u8 handle)
{
	return hci_conn_search(hdev, c->type == ISO_LINK &&
				     !bacmp(&c->dst, BDADDR_ANY) &&
				     c->iso_qos.big == handle);
}

/* The attempt that the controller works on, which scanning for a peer is not. */
struct hci_conn *hci_lookup_le_connect(struct hci_dev *hdev)
{
	return hci_conn_search(hdev, c->type == LE_LINK && c->state == BT_CONNECT &&
				     !test_bit(HCI_CONN_SCANNING, &c->flags));
}

void hci_conn_hash_list_state(struct hci_dev *hdev, hci_conn_func_t func, u8 type,
			      u16 state, void *data)
{
	struct hci_conn *c;

	if (!func)
		return;
	rcu_read_lock();
	list_for_each_entry_rcu(c, &hdev->conn_hash.list, list) {
		if (c->type == type && c->state == state)
			func(c, data);
	}
	rcu_read_unlock();
}
