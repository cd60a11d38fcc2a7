// SPDX-License-Identifier: GPL-2.0-only
/*
 * BNEP sessions: the local side adds and deletes them.
 *
 * Modelled on: Linux 6.1 net/bluetooth/bnep/core.c (bnep_add_connection,
 *	bnep_del_connection, bnep_session)
 * Spec: BNEP 1.0 2.6.3
 * Differs: the session's thread is the caller; no network device, no reference to the
 *	connection as its parent. Requests come from any local program, so their checks
 *	are guards.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "bnep.h"

static LIST_HEAD(bnep_session_list);

static bool l2cap_is_socket(const struct bnep_sock *sock)
{
	return sock->sk_protocol == BTPROTO_L2CAP;
}

static struct bnep_session *__bnep_get_session(const u8 *dst)
{
	struct bnep_session *s;

	list_for_each_entry(s, &bnep_session_list, list) {
		if (ether_addr_equal(dst, s->eh.h_source))
			return s;
	}
	return NULL;
}

/**
 * bnep_add_connection - run BNEP over the channel of a socket
 * @req: what the local program asks for
 * @sock: its socket, of whatever protocol; the session uses it from now on
 * @sink: where the session's values go
 * @err: why there is no session
 *
 * Return: the session, or NULL.
 */
struct bnep_session *bnep_add_connection(const struct bnep_connadd_req *req,
					 struct bnep_sock *sock, struct sink *sink,
					 int *err)
{
	const u32 valid_flags = BIT(BNEP_SETUP_RESPONSE) | BIT(BNEP_SETUP_WAIT);
	struct bnep_session *s, *ss;
	u8 dst[ETH_ALEN], src[ETH_ALEN];

	*err = -EBADFD;
	if (malformed_in(CVE_2017_15868, !l2cap_is_socket(sock)))
		return NULL;

	*err = -EINVAL;
	if (malformed(req->flags & ~valid_flags))
		return NULL;

	bnep_ether_addr(dst, &l2cap_pi(sock)->dst);
	bnep_ether_addr(src, &l2cap_pi(sock)->src);

	ss = __bnep_get_session(dst);
	*err = -EEXIST;
	if (malformed(ss && ss->state == BT_CONNECTED))
		return NULL;

	*err = -ENOMEM;
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return NULL;

	/* as received, so the source is the peer */
	memcpy(s->eh.h_dest, src, ETH_ALEN);
	memcpy(s->eh.h_source, dst, ETH_ALEN);

	s->sock = sock;
	s->sink = sink;
	s->role = req->role;
	s->state = BT_CONNECTED;
	s->flags = req->flags;
	s->mc_filter = ~0ULL;
	bnep_set_default_proto_filter(s);

	list_add(&s->list, &bnep_session_list);
	*err = 0;
	return s;
}

int bnep_del_connection(const struct bnep_conndel_req *req)
{
	struct bnep_session *s;

	if (malformed(req->flags))
		return -EINVAL;

	s = __bnep_get_session(req->dst);
	if (malformed(!s))
		return -ENOENT;

	s->terminate = true;
	return 0;
}

/* The session's thread ends. */
void bnep_cleanup_session(struct bnep_session *s)
{
	list_del(&s->list);
	kfree(s->pending);
	kfree(s);
}
