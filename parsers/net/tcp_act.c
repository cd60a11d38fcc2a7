// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the users of TCP sockets do: the acts of redzone/tcp.h.
 *
 * Modelled on: Linux 6.1 net/ipv4/tcp.c (tcp_close, tcp_sendmsg, tcp_recvmsg),
 *	net/mptcp/pm_netlink.c (what an administrator announces)
 * Spec: RFC 9293 3.10.1 to 3.10.6
 * Differs: an act is a few bytes of the input.
 */
#include <redzone/tcp.h>

#include "rx.h"
#include "tcp_sock.h"

struct tcp_act {
	const u8 *data;
	size_t len;
};

static u32 act_u8(const struct tcp_act *act, size_t at)
{
	return at < act->len ? act->data[at] : 0;
}

static u32 act_le16(const struct tcp_act *act, size_t at)
{
	return act_u8(act, at) | act_u8(act, at + 1) << 8;
}

static void act_close(struct sock *sk)
{
	switch (sk->sk_state) {
	case TCP_LISTEN:
	case TCP_SYN_SENT:
		tcp_done(sk);
		break;
	case TCP_ESTABLISHED:
	case TCP_SYN_RECV:
		tcp_set_state(sk, TCP_FIN_WAIT1);
		tcp_send_fin(sk);
		break;
	case TCP_CLOSE_WAIT:
		tcp_set_state(sk, TCP_LAST_ACK);
		tcp_send_fin(sk);
		break;
	}
	sk->sk_shutdown |= SEND_SHUTDOWN;
	sk->sk_dead = true;
}

static void act_announce(struct sock *sk, const struct tcp_act *act)
{
	struct mptcp_sock *msk;
	struct mptcp_addr_info *addr;

	if (!sk_is_mptcp(sk))
		return;
	msk = tcp_sk(sk)->subflow->conn;
	addr = &msk->pm_local;
	memset(addr, 0, sizeof(*addr));
	addr->id = (u8)act_u8(act, 2);
	addr->family = act_u8(act, 3) & 1 ? AF_INET6 : AF_INET;
	addr->port = htons((u16)act_le16(act, 4));
	memset(&addr->addr6, 0xc0, addr->family == AF_INET ? 4 : 16);
	msk->pm_addr_signal = true;
}

static void act_withdraw(struct sock *sk, const struct tcp_act *act)
{
	struct mptcp_sock *msk;
	u8 i;

	if (!sk_is_mptcp(sk) || act->len < 3)
		return;
	msk = tcp_sk(sk)->subflow->conn;
	msk->pm_rm_list_tx.nr = (u8)min(act->len - 2, (size_t)MPTCP_RM_IDS_MAX);
	for (i = 0; i < msk->pm_rm_list_tx.nr; i++)
		msk->pm_rm_list_tx.ids[i] = act->data[2 + i];
	msk->pm_rm_signal = true;
}

static void act_on(struct sock *sk, u8 op, const struct tcp_act *act)
{
	switch (op) {
	case REDZONE_TCP_SEND:
		tcp_sendmsg(sk, act_le16(act, 2) | act_u8(act, 4) << 16);
		break;
	case REDZONE_TCP_RECV:
		tcp_recvmsg(sk, act_le16(act, 2));
		break;
	case REDZONE_TCP_CLOSE:
		act_close(sk);
		break;
	case REDZONE_TCP_RCVBUF:
		sk->sk_rcvbuf = (int)act_le16(act, 2);
		break;
	case REDZONE_TCP_MSS_NOW:
		tcp_sync_mss(sk, act_le16(act, 2));
		break;
	case REDZONE_TCP_ADD_ADDR:
		act_announce(sk, act);
		break;
	case REDZONE_TCP_RM_ADDR:
		act_withdraw(sk, act);
		break;
	case REDZONE_TCP_PRIO:
		if (sk_is_mptcp(sk))
			tcp_sk(sk)->subflow->send_mp_prio = true;
		break;
	}
}

void redzone_tcp_act(u8 op, const u8 *params, size_t len)
{
	struct tcp_act act = { .data = params, .len = len };
	struct sock *sk = tcp_sock_of_port((u16)act_le16(&act, 0));

	if (!sk)
		return;
	sock_hold(sk);
	act_on(sk, op, &act);
	tcp_sock_put(sk);
}
