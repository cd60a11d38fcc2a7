/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets, as far as transport protocols need them. Changed for testing: no user,
 * no locks, no backlog; names and meanings of Linux 6.1.
 */
#ifndef _SOCK_H
#define _SOCK_H

#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>

#define AF_INET		2
#define AF_INET6	10

#define RCV_SHUTDOWN	1
#define SEND_SHUTDOWN	2
#define SHUTDOWN_MASK	3

struct sock {
	struct net		*sk_net;
	struct list_head	sk_node;	/* of those that exist */
	refcount_t		sk_refcnt;
	u8			sk_state;
	u8			sk_shutdown;
	u16			sk_family;
	bool			sk_dead;	/* SOCK_DEAD: no user any more */
	bool			sk_done;	/* SOCK_DONE: nothing more to read */
	int			sk_err;
	int			sk_rcvbuf;
	int			sk_sndbuf;
	int			sk_rmem_alloc;
	int			sk_wmem_queued;
	u32			sk_ack_backlog;
	u32			sk_max_ack_backlog;
	struct sk_buff_head	sk_receive_queue;
	struct sk_buff_head	sk_write_queue;
	struct rb_root		tcp_rtx_queue;
};

static inline struct net *sock_net(const struct sock *sk)
{
	return sk->sk_net;
}

static inline void sock_hold(struct sock *sk)
{
	refcount_inc(&sk->sk_refcnt);
}

/* The packet's memory counts as the socket's until it is freed. */
static inline void sock_rfree(struct sk_buff *skb)
{
	skb->sk->sk_rmem_alloc -= (int)skb->truesize;
}

static inline void skb_set_owner_r(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_rfree;
	sk->sk_rmem_alloc += (int)skb->truesize;
}

#endif /* _SOCK_H */
