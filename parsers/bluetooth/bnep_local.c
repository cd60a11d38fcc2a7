// SPDX-License-Identifier: GPL-2.0-only
/*
 * The local side of BNEP, played from the input.
 *
 * Modelled on: what programs do with the ioctls of Linux 6.1
 *	net/bluetooth/bnep/sock.c, and the loop of bnep_session() in core.c
 * Spec: -
 * Differs: everything; this is environment.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "bnep.h"
#include "bnep_local.h"

static const bdaddr_t local_addr = { { 0x88, 0x31, 0x07, 0xdc, 0x1b, 0x00 } };

/* An endpoint of @protocol; only L2CAP's knows addresses. */
static struct bnep_sock *bnep_sock_open(u8 protocol, u8 last)
{
	bool l2cap = protocol == BTPROTO_L2CAP;
	struct bnep_sock *sk;

	sk = kzalloc(l2cap ? sizeof(struct l2cap_pinfo) : sizeof(*sk), GFP_KERNEL);
	if (!sk)
		return NULL;
	sk->sk_protocol = protocol;
	sk->sk_state = BT_CONNECTED;
	if (l2cap) {
		l2cap_pi(sk)->src = local_addr;
		l2cap_pi(sk)->dst = (bdaddr_t){ { last, 0x00, 0x01, 0x01, 0xaa, 0x00 } };
	}
	return sk;
}

static int bnep_local_add(struct bnep_local *local, u8 protocol, u32 flags, u8 last)
{
	const struct bnep_connadd_req req = { .flags = flags };
	struct bnep_session *s = NULL;
	struct bnep_sock *sk;
	unsigned int i;
	int err;

	for (i = 0; i < BNEP_LOCAL_SESSIONS && local->slot[i].session; i++)
		;
	if (i == BNEP_LOCAL_SESSIONS)
		return -EBUSY;

	sk = bnep_sock_open(protocol, last);
	if (!sk)
		return -ENOMEM;
	s = bnep_add_connection(&req, sk, local->sink, &err);
	if (!s) {
		kfree(sk);
		return err;
	}
	local->slot[i].session = s;
	local->slot[i].sock = sk;
	return 0;
}

/* What the session leaves behind is its filters. */
static void bnep_local_end(struct bnep_local *local, unsigned int i)
{
	struct bnep_session *s = local->slot[i].session;

	sink_effect_bytes(local->sink, "bnep.proto_filter", s->proto_filter,
			  sizeof(s->proto_filter));
	sink_effect_u64(local->sink, "bnep.mc_filter", s->mc_filter);
	sink_effect_u64(local->sink, "bnep.flags", s->flags);
	bnep_cleanup_session(s);
	kfree(local->slot[i].sock);
	memset(&local->slot[i], 0, sizeof(local->slot[i]));
}

/* Sessions whose thread was told to end do. */
static void bnep_local_reap(struct bnep_local *local)
{
	unsigned int i;

	for (i = 0; i < BNEP_LOCAL_SESSIONS; i++) {
		if (local->slot[i].session && local->slot[i].session->terminate)
			bnep_local_end(local, i);
	}
}

void bnep_local_open(struct bnep_local *local, u32 flags, struct sink *sink)
{
	memset(local, 0, sizeof(*local));
	local->sink = sink;
	bnep_local_add(local, BTPROTO_L2CAP, flags, 0);
}

void bnep_local_close(struct bnep_local *local)
{
	unsigned int i;

	for (i = 0; i < BNEP_LOCAL_SESSIONS; i++) {
		if (local->slot[i].session)
			bnep_local_end(local, i);
	}
}

static struct bnep_session *bnep_local_session(struct bnep_local *local)
{
	return local->slot[local->current].session;
}

void bnep_local_receive(struct bnep_local *local, struct sk_buff *skb)
{
	struct bnep_session *s = bnep_local_session(local);

	if (!skb)
		return;
	if (!s || skb_linearize(skb)) {
		kfree_skb(skb);
		return;
	}
	bnep_rx_frame(s, skb);
	sink_verdict(local->sink, s->verdict > 0 ? 0 : s->verdict, 0);
}

static void bnep_local_send(struct bnep_local *local, const u8 *frame, size_t len)
{
	struct bnep_session *s = bnep_local_session(local);
	struct sk_buff *skb;

	if (!s)
		return;
	skb = alloc_skb((unsigned int)len, GFP_KERNEL);
	if (!skb)
		return;
	skb_put_data(skb, frame, (unsigned int)len);
	bnep_net_xmit(s, skb);
}

static int bnep_local_del(const u8 *params)
{
	struct bnep_conndel_req req = { .flags = get_unaligned_le32(params) };
	const bdaddr_t dst = { { params[4], 0x00, 0x01, 0x01, 0xaa, 0x00 } };

	bnep_ether_addr(req.dst, &dst);
	return bnep_del_connection(&req);
}

void bnep_local_act(struct bnep_local *local, const u8 *data, size_t len)
{
	struct bnep_session *s = bnep_local_session(local);
	u8 p[8] = {};

	if (!len)
		return;
	memcpy(p, data, min(len, sizeof(p)));

	switch (p[0]) {
	case BNEP_ACT_SEND:
		bnep_local_send(local, data + 1, len - 1);
		break;
	case BNEP_ACT_ADD:
		sink_verdict(local->sink, bnep_local_add(local, p[1],
							 get_unaligned_le32(p + 2), p[6]), 0);
		break;
	case BNEP_ACT_DEL:
		sink_verdict(local->sink, bnep_local_del(p + 1), 0);
		bnep_local_reap(local);
		break;
	case BNEP_ACT_ANSWER:
		if (s)
			bnep_setup_answer(s, p[1]);
		break;
	case BNEP_ACT_SELECT:
		local->current = p[1] % BNEP_LOCAL_SESSIONS;
		break;
	}
}
