// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where L2CAP channels are found: by channel identifier, by the identifier of a
 * command, by PSM among all that listen. And which of these are free.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_core.c (__l2cap_get_chan_by_dcid,
 *	l2cap_get_chan_by_scid, __l2cap_get_chan_by_ident, l2cap_add_psm, l2cap_add_scid,
 *	l2cap_alloc_cid, l2cap_get_ident, l2cap_put_ident, l2cap_global_chan_by_psm,
 *	l2cap_global_fixed_chan, l2cap_chan_list, is_valid_psm)
 * Spec: Core 5.3 Vol 3 Part A 2.1, 4, 4.2
 * Differs: nothing but the split into functions.
 */
#include "l2cap_sig.h"

LIST_HEAD(chan_list);
DEFINE_RWLOCK(chan_list_lock);

/*
 * Of one connection
 */

struct l2cap_chan *__l2cap_get_chan_by_dcid(struct l2cap_conn *conn, u16 cid)
{
	struct l2cap_chan *c;

	list_for_each_entry(c, &conn->chan_l, list) {
		if (c->dcid == cid)
			return c;
	}
	return NULL;
}

struct l2cap_chan *__l2cap_get_chan_by_scid(struct l2cap_conn *conn, u16 cid)
{
	struct l2cap_chan *c;

	list_for_each_entry(c, &conn->chan_l, list) {
		if (c->scid == cid)
			return c;
	}
	return NULL;
}

struct l2cap_chan *__l2cap_get_chan_by_ident(struct l2cap_conn *conn, u8 ident)
{
	struct l2cap_chan *c;

	list_for_each_entry(c, &conn->chan_l, list) {
		if (c->ident == ident)
			return c;
	}
	return NULL;
}

/* A channel on its way out is as good as none. */
static struct l2cap_chan *l2cap_chan_hold_lock(struct l2cap_chan *c)
{
	if (c)
		c = l2cap_chan_hold_unless_zero(c);
	if (c)
		l2cap_chan_lock(c);
	return c;
}

struct l2cap_chan *l2cap_get_chan_by_scid(struct l2cap_conn *conn, u16 cid)
{
	struct l2cap_chan *c;

	mutex_lock(&conn->chan_lock);
	c = l2cap_chan_hold_lock(__l2cap_get_chan_by_scid(conn, cid));
	mutex_unlock(&conn->chan_lock);

	return c;
}

struct l2cap_chan *l2cap_get_chan_by_dcid(struct l2cap_conn *conn, u16 cid)
{
	struct l2cap_chan *c;

	mutex_lock(&conn->chan_lock);
	c = l2cap_chan_hold_lock(__l2cap_get_chan_by_dcid(conn, cid));
	mutex_unlock(&conn->chan_lock);

	return c;
}

void __l2cap_chan_list_id(struct l2cap_conn *conn, u16 id, l2cap_chan_func_t func,
			  void *data)
{
	struct l2cap_chan *chan, *l;

	list_for_each_entry_safe(chan, l, &conn->chan_l, list) {
		if (chan->ident == id)
			func(chan, data);
	}
}

void __l2cap_chan_list(struct l2cap_conn *conn, l2cap_chan_func_t func, void *data)
{
	struct l2cap_chan *chan;

	list_for_each_entry(chan, &conn->chan_l, list)
		func(chan, data);
}

void l2cap_chan_list(struct l2cap_conn *conn, l2cap_chan_func_t func, void *data)
{
	if (!conn)
		return;

	mutex_lock(&conn->chan_lock);
	__l2cap_chan_list(conn, func, data);
	mutex_unlock(&conn->chan_lock);
}

u16 l2cap_alloc_cid(struct l2cap_conn *conn)
{
	u32 cid, dyn_end = L2CAP_CID_DYN_END;

	if (conn->hcon->type == LE_LINK)
		dyn_end = L2CAP_CID_LE_DYN_END;

	for (cid = L2CAP_CID_DYN_START; cid <= dyn_end; cid++) {
		if (!__l2cap_get_chan_by_scid(conn, (u16)cid))
			return (u16)cid;
	}

	return 0;
}

/* Identifiers go round, so that a late response does not meet a new request. */
u8 l2cap_get_ident(struct l2cap_conn *conn)
{
	/* on BR/EDR, tools of the user have those above 200 */
	unsigned int max = conn->hcon->type == LE_LINK ? 255 : 128;
	int ident;

	ident = ida_alloc_range(&conn->tx_ida, conn->tx_ident + 1, max, GFP_ATOMIC);
	if (ident <= 0) {
		ident = ida_alloc_range(&conn->tx_ida, 1, max, GFP_ATOMIC);
		if (ident <= 0) {
			BT_ERR("no identifier is free: %d", ident);
			return 0;
		}
	}

	conn->tx_ident = (u8)ident;
	return (u8)ident;
}

/* A response frees the identifier of its request, if there was such a request. */
void l2cap_put_ident(struct l2cap_conn *conn, u8 code, u8 id)
{
	int ret;

	switch (code) {
	case L2CAP_COMMAND_REJ:
	case L2CAP_CONN_RSP:
	case L2CAP_CONF_RSP:
	case L2CAP_DISCONN_RSP:
	case L2CAP_ECHO_RSP:
	case L2CAP_INFO_RSP:
	case L2CAP_CONN_PARAM_UPDATE_RSP:
	case L2CAP_LE_CONN_RSP:
	case L2CAP_ECRED_CONN_RSP:
	case L2CAP_ECRED_RECONF_RSP:
		/* taken (-ENOSPC) or, by asking, taken just now: both can be freed */
		ret = ida_alloc_range(&conn->tx_ida, id, id, GFP_ATOMIC);
		if (ret >= 0 || ret == -ENOSPC)
			ida_free(&conn->tx_ida, id);
	}
}

/*
 * Of all connections
 */

static struct l2cap_chan *__l2cap_global_chan_by_addr(__le16 psm, bdaddr_t *src,
						      u8 src_type)
{
	struct l2cap_chan *c;

	list_for_each_entry(c, &chan_list, global_l) {
		if ((src_type == BDADDR_BREDR) != (c->src_type == BDADDR_BREDR))
			continue;

		if (c->sport == psm && !bacmp(&c->src, src))
			return c;
	}
	return NULL;
}

/* The first free dynamic PSM, 0 if there is none. */
static u16 l2cap_free_psm(struct l2cap_chan *chan, bdaddr_t *src)
{
	u16 p, end, incr;

	if (chan->src_type == BDADDR_BREDR) {
		p = L2CAP_PSM_DYN_START;
		end = L2CAP_PSM_AUTO_END;
		incr = 2;
	} else {
		p = L2CAP_PSM_LE_DYN_START;
		end = L2CAP_PSM_LE_DYN_END;
		incr = 1;
	}

	for (; p <= end; p = (u16)(p + incr)) {
		if (!__l2cap_global_chan_by_addr(cpu_to_le16(p), src, chan->src_type))
			return p;
	}
	return 0;
}

/**
 * l2cap_add_psm() - @chan will listen on @psm of @src, or on a free one if @psm is 0
 *
 * Return: 0, -EADDRINUSE, or -EINVAL when none is free.
 */
int l2cap_add_psm(struct l2cap_chan *chan, bdaddr_t *src, __le16 psm)
{
	int err = 0;

	write_lock(&chan_list_lock);

	if (psm && __l2cap_global_chan_by_addr(psm, src, chan->src_type)) {
		err = -EADDRINUSE;
		goto done;
	}

	if (!psm)
		psm = cpu_to_le16(l2cap_free_psm(chan, src));
	if (!psm) {
		err = -EINVAL;
		goto done;
	}

	chan->psm = psm;
	chan->sport = psm;

done:
	write_unlock(&chan_list_lock);
	return err;
}

/* @chan becomes a fixed channel. */
int l2cap_add_scid(struct l2cap_chan *chan, __u16 scid)
{
	write_lock(&chan_list_lock);

	chan->omtu = L2CAP_DEFAULT_MTU;
	chan->chan_type = L2CAP_CHAN_FIXED;
	chan->scid = scid;

	write_unlock(&chan_list_lock);
	return 0;
}

/* As good a match as there is: both addresses, or those that are not given. */
static bool l2cap_chan_matches(struct l2cap_chan *c, bdaddr_t *src, bdaddr_t *dst,
			       bool *exact)
{
	bool src_match = !bacmp(&c->src, src), dst_match = !bacmp(&c->dst, dst);
	bool src_any = !bacmp(&c->src, BDADDR_ANY), dst_any = !bacmp(&c->dst, BDADDR_ANY);

	*exact = src_match && dst_match;
	return *exact || (src_match && dst_any) || (src_any && dst_match) ||
	       (src_any && dst_any);
}

struct l2cap_chan *l2cap_global_chan_by_psm(int state, __le16 psm, bdaddr_t *src,
					    bdaddr_t *dst, u8 link_type)
{
	struct l2cap_chan *c, *tmp, *c1 = NULL;
	bool exact;

	read_lock(&chan_list_lock);

	list_for_each_entry_safe(c, tmp, &chan_list, global_l) {
		if (state && c->state != state)
			continue;

		if (link_type == ACL_LINK && c->src_type != BDADDR_BREDR)
			continue;

		if (link_type == LE_LINK && c->src_type == BDADDR_BREDR)
			continue;

		if (c->chan_type == L2CAP_CHAN_FIXED || c->psm != psm)
			continue;

		if (!l2cap_chan_matches(c, src, dst, &exact))
			continue;

		if (!exact) {
			c1 = c;
			continue;
		}

		if (l2cap_chan_hold_unless_zero(c)) {
			read_unlock(&chan_list_lock);
			return c;
		}
	}

	if (c1)
		c1 = l2cap_chan_hold_unless_zero(c1);

	read_unlock(&chan_list_lock);
	return c1;
}

/* The next fixed channel after @c (from the start: NULL) that listens on the link. */
struct l2cap_chan *l2cap_global_fixed_chan(struct l2cap_chan *c, struct hci_conn *hcon)
{
	u8 src_type = bdaddr_src_type(hcon);

	read_lock(&chan_list_lock);

	if (c)
		c = list_next_entry(c, global_l);
	else
		c = list_entry(chan_list.next, struct l2cap_chan, global_l);

	list_for_each_entry_from(c, &chan_list, global_l) {
		if (c->chan_type != L2CAP_CHAN_FIXED || c->state != BT_LISTEN)
			continue;
		if (bacmp(&c->src, &hcon->src) && bacmp(&c->src, BDADDR_ANY))
			continue;
		if (src_type != c->src_type)
			continue;

		c = l2cap_chan_hold_unless_zero(c);
		read_unlock(&chan_list_lock);
		return c;
	}

	read_unlock(&chan_list_lock);
	return NULL;
}

bool is_valid_psm(u16 psm, u8 dst_type)
{
	if (!psm)
		return false;

	if (bdaddr_type_is_le(dst_type))
		return psm <= L2CAP_PSM_LE_DYN_END;

	/* odd, and the lowest bit of the upper byte clear */
	return (psm & 0x0101) == 0x0001;
}
