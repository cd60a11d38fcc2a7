// SPDX-License-Identifier: GPL-2.0-only
/*
 * The owners of L2CAP channels: sockets of applications, and what these do with them.
 *
 * Modelled on: Linux 6.1 net/bluetooth/l2cap_sock.c (l2cap_chan_ops and its functions,
 *	l2cap_sock_alloc, l2cap_sock_init, l2cap_sock_bind, l2cap_sock_listen,
 *	l2cap_sock_connect, l2cap_sock_accept, l2cap_sock_recvmsg, l2cap_sock_shutdown,
 *	l2cap_sock_release, l2cap_sock_kill, l2cap_sock_cleanup_listen)
 * Spec: none; the acts are those of <redzone/bt.h>
 * Differs: no struct sock: a socket is what is below, with the reference counts, the
 *	accept queue and the orphaning of the real one. The application reads at once
 *	unless it was told not to, and then has room for 4096 bytes. Nothing blocks.
 *
 * Acts, with the link's handle and our channel identifier (0: the first) to name a
 * channel; "options" are u16 psm, u16 cid, u8 type (0 SEQPACKET 1 STREAM 2 DGRAM 3 RAW),
 * u8 mode, u8 level, u8 flags (L2CAP_SOCK_*), u16 imtu, u16 omtu, u16 window:
 *
 *	0x40 listen	u8 address type, options
 *	0x41 connect	u16 handle, options [, addr when the handle is 0xffff]
 *	0x42 accept	u16 handle, u16 cid
 *	0x43 close	u16 handle, u16 cid
 *	0x44 send	u16 handle, u16 cid, u16 length
 *	0x45 read	u16 handle, u16 cid, u8 1: read what is there, and from now on
 *	0x46 reconfigure u16 handle, u16 cid, u16 mtu
 *	0x47 user	u16 handle, u8 1: register, 0: unregister
 *	0x48 unlisten	u16 psm: close the listener
 */
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <redzone/bt.h>

#include "l2cap_sig.h"

enum {
	L2CAP_ACT_LISTEN	= REDZONE_BT_ACT_L2CAP + 0x0,
	L2CAP_ACT_CONNECT	= REDZONE_BT_ACT_L2CAP + 0x1,
	L2CAP_ACT_ACCEPT	= REDZONE_BT_ACT_L2CAP + 0x2,
	L2CAP_ACT_CLOSE		= REDZONE_BT_ACT_L2CAP + 0x3,
	L2CAP_ACT_SEND		= REDZONE_BT_ACT_L2CAP + 0x4,
	L2CAP_ACT_READ		= REDZONE_BT_ACT_L2CAP + 0x5,
	L2CAP_ACT_RECONF	= REDZONE_BT_ACT_L2CAP + 0x6,
	L2CAP_ACT_USER		= REDZONE_BT_ACT_L2CAP + 0x7,
	L2CAP_ACT_UNLISTEN	= REDZONE_BT_ACT_L2CAP + 0x8,
};

/* Flags of the options */
enum {
	L2CAP_SOCK_DEFER	= 0x01,	/* the application decides about each channel */
	L2CAP_SOCK_NO_READER	= 0x02,
	L2CAP_SOCK_RELIABLE	= 0x04,
	L2CAP_SOCK_NO_FCS	= 0x08,
	L2CAP_SOCK_FLUSHABLE	= 0x10,
	L2CAP_SOCK_ROLE_SWITCH	= 0x20,
	L2CAP_SOCK_MODE_ONLY	= 0x40,	/* this mode or no channel */
	L2CAP_SOCK_OTHER_PID	= 0x80,	/* another application */
};

enum {
	L2CAP_SOCK_RCVBUF	= 4096,
	L2CAP_SOCK_BACKLOG	= 8,
	L2CAP_SOCK_MAX_SEND	= 4096,
};

enum { SOCK_SEQPACKET, SOCK_STREAM, SOCK_DGRAM, SOCK_RAW };

/* A packet that had no room; the channel is busy until it has. */
struct l2cap_rx_busy {
	struct list_head	list;
	struct sk_buff		*skb;
};

struct l2cap_sock {
	struct list_head	all;		/* l2cap_sk_list */
	struct list_head	accept_q;	/* children that nobody has accepted */
	struct list_head	accept_l;	/* in the parent's accept_q, held by it */
	struct l2cap_sock	*parent;
	refcount_t		refcnt;
	struct l2cap_chan	*chan;		/* one reference */
	struct list_head	rx_busy;
	struct sk_buff_head	receive_queue;
	unsigned int		rmem;
	unsigned int		ack_backlog;
	u8			type;
	u8			state;
	int			err;
	bool			defer;
	bool			reader;
	bool			zapped;		/* the channel is gone */
	bool			owned;		/* an application has it open */
	bool			suspended;
	bool			shutdown;
	bool			other_pid;
};

static LIST_HEAD(l2cap_sk_list);
static const struct l2cap_ops l2cap_chan_ops;

/*
 * Life
 */

static void l2cap_sock_hold(struct l2cap_sock *sk)
{
	refcount_inc(&sk->refcnt);
}

/* One reference of the channel, dropped once, whoever comes first. */
static void l2cap_sock_put_chan(struct l2cap_sock *sk)
{
	struct l2cap_chan *chan = sk->chan;

	if (!chan)
		return;

	chan->data = NULL;
	sk->chan = NULL;
	l2cap_chan_put(chan);
}

static void l2cap_sock_destruct(struct l2cap_sock *sk)
{
	struct l2cap_rx_busy *rx_busy, *next;

	l2cap_sock_put_chan(sk);

	list_for_each_entry_safe(rx_busy, next, &sk->rx_busy, list) {
		kfree_skb(rx_busy->skb);
		list_del(&rx_busy->list);
		kfree(rx_busy);
	}

	skb_queue_purge(&sk->receive_queue);
	list_del(&sk->all);
	kfree(sk);
}

static void l2cap_sock_put(struct l2cap_sock *sk)
{
	if (refcount_dec_and_test(&sk->refcnt))
		l2cap_sock_destruct(sk);
}

/* Off the parent's queue, which held it. */
static void l2cap_accept_unlink(struct l2cap_sock *sk)
{
	list_del_init(&sk->accept_l);
	sk->parent->ack_backlog--;
	sk->parent = NULL;
	l2cap_sock_put(sk);
}

/* Only one without channel and without application goes. */
static void l2cap_sock_kill(struct l2cap_sock *sk)
{
	if (!sk->zapped || sk->owned)
		return;

	l2cap_sock_put_chan(sk);
	l2cap_sock_put(sk);
}

static void l2cap_publish_rx_avail(struct l2cap_sock *sk)
{
	struct l2cap_chan *chan = sk->chan;
	ssize_t avail = L2CAP_SOCK_RCVBUF - (ssize_t)sk->rmem;
	ssize_t overhead;

	if (avail <= 0) {
		l2cap_chan_rx_avail(chan, 0);
		return;
	}

	if (!chan->mps) {
		l2cap_chan_rx_avail(chan, -1);
		return;
	}

	/* each packet costs more than its bytes */
	overhead = (ssize_t)(DIV_ROUND_UP((size_t)avail, chan->mps) * 16);
	l2cap_chan_rx_avail(chan, overhead < avail ? avail - overhead : -1);
}

/* The socket takes over the caller's reference of @chan. */
static struct l2cap_sock *l2cap_sock_alloc(struct l2cap_chan *chan, u8 type)
{
	struct l2cap_sock *sk;

	sk = kzalloc(sizeof(*sk), GFP_KERNEL);
	if (!sk)
		return NULL;

	INIT_LIST_HEAD(&sk->accept_q);
	INIT_LIST_HEAD(&sk->accept_l);
	INIT_LIST_HEAD(&sk->rx_busy);
	skb_queue_head_init(&sk->receive_queue);
	refcount_set(&sk->refcnt, 1);
	sk->type = type;
	sk->state = BT_OPEN;
	sk->reader = true;
	sk->chan = chan;
	list_add_tail(&sk->all, &l2cap_sk_list);

	chan->data = sk;
	chan->ops = &l2cap_chan_ops;
	return sk;
}

/*
 * What a channel tells its owner
 */

/* Children that nobody has accepted close a little later: locks come in that order. */
static void l2cap_sock_cleanup_listen(struct l2cap_sock *parent)
{
	struct l2cap_sock *sk;
	struct l2cap_chan *chan;

	while (!list_empty(&parent->accept_q)) {
		sk = list_first_entry(&parent->accept_q, struct l2cap_sock, accept_l);
		l2cap_sock_hold(sk);
		l2cap_accept_unlink(sk);

		chan = sk->chan;
		if (chan) {
			l2cap_chan_hold(chan);
			l2cap_chan_lock(chan);
			if (chan->conn)
				__set_chan_timer(chan, 0);
			l2cap_chan_unlock(chan);
			l2cap_chan_put(chan);
		}
		l2cap_sock_put(sk);
	}
}

static int l2cap_sock_new_connection_cb(struct l2cap_chan *chan,
					struct l2cap_chan *new_chan)
{
	struct l2cap_sock *sk, *parent = chan->data;

	if (!parent)
		return -EINVAL;

	if (parent->state != BT_LISTEN)
		return -EINVAL;

	if (malformed(parent->ack_backlog >= L2CAP_SOCK_BACKLOG))
		return -ENOBUFS;

	sk = l2cap_sock_alloc(new_chan, parent->type);
	if (!sk)
		return -ENOMEM;

	sk->defer = parent->defer;
	sk->reader = parent->reader;
	sk->other_pid = parent->other_pid;
	l2cap_publish_rx_avail(sk);

	sk->parent = parent;
	l2cap_sock_hold(sk);
	list_add_tail(&sk->accept_l, &parent->accept_q);
	parent->ack_backlog++;
	return 0;
}

/* What the application gets, in the order it gets it. */
static void l2cap_sock_consume(struct l2cap_sock *sk, struct sk_buff *skb)
{
	struct l2cap_chan *chan = sk->chan;
	struct sk_buff *frag;
	struct sink *sink;

	if (skb == l2cap_sdu_delivered)
		l2cap_sdu_read = skb;
	triggered(CVE_2022_3564, skb == l2cap_control_used);
	skb_walk_frags(skb, frag)
		triggered(CVE_2022_3564, frag == l2cap_control_used);

	if (chan && chan->conn) {
		sink = chan->conn->hcon->hdev->sink;
		sink_effect_u64(sink, "btl2cap.cid", chan->scid);
		sink_effect_bytes(sink, "btl2cap.payload", skb->data, skb_headlen(skb));
		skb_walk_frags(skb, frag)
			sink_effect_bytes(sink, "btl2cap.payload", frag->data,
					  skb_headlen(frag));
	}
	kfree_skb(skb);
}

/* As a socket's receive queue: full is full. */
static int l2cap_sock_queue(struct l2cap_sock *sk, struct sk_buff *skb)
{
	if (sk->reader) {
		l2cap_sock_consume(sk, skb);
		return 0;
	}

	if (malformed(sk->rmem >= L2CAP_SOCK_RCVBUF))
		return -ENOMEM;

	sk->rmem += skb->len;
	skb_queue_tail(&sk->receive_queue, skb);
	return 0;
}

static int l2cap_sock_recv_busy(struct l2cap_sock *sk, struct sk_buff *skb)
{
	struct l2cap_rx_busy *rx_busy = kmalloc(sizeof(*rx_busy), GFP_KERNEL);

	if (!rx_busy)
		return -ENOMEM;

	rx_busy->skb = skb;
	list_add_tail(&rx_busy->list, &sk->rx_busy);
	l2cap_chan_busy(sk->chan, 1);
	return 0;
}

static int l2cap_sock_recv_cb(struct l2cap_chan *chan, struct sk_buff *skb)
{
	struct l2cap_sock *sk = chan->data;
	int err;

	if (!sk)
		return -ENXIO;

	if (chan->mode == L2CAP_MODE_ERTM && malformed(!list_empty(&sk->rx_busy)))
		return -ENOMEM;

	err = l2cap_sock_queue(sk, skb);

	l2cap_publish_rx_avail(sk);

	/* the peer has been told that these arrived: they are kept */
	if (err < 0 && (chan->mode == L2CAP_MODE_ERTM ||
			chan->mode == L2CAP_MODE_LE_FLOWCTL ||
			chan->mode == L2CAP_MODE_EXT_FLOWCTL))
		return l2cap_sock_recv_busy(sk, skb);

	return err;
}

static void l2cap_sock_close_cb(struct l2cap_chan *chan)
{
	if (chan->data)
		l2cap_sock_kill(chan->data);
}

static void l2cap_sock_teardown_cb(struct l2cap_chan *chan, int err)
{
	struct l2cap_sock *sk = chan->data;

	if (!sk)
		return;

	switch (chan->state) {
	case BT_OPEN:
	case BT_BOUND:
	case BT_CLOSED:
		break;
	case BT_LISTEN:
		l2cap_sock_cleanup_listen(sk);
		sk->state = BT_CLOSED;
		chan->state = BT_CLOSED;
		break;
	default:
		sk->state = BT_CLOSED;
		chan->state = BT_CLOSED;
		sk->err = err;
		if (sk->parent)
			l2cap_accept_unlink(sk);
		break;
	}

	sk->zapped = true;
}

static void l2cap_sock_state_change_cb(struct l2cap_chan *chan, int state, int err)
{
	struct l2cap_sock *sk = chan->data;

	if (!sk)
		return;

	sk->state = (u8)state;
	if (err)
		sk->err = err;
}

static struct sk_buff *l2cap_sock_alloc_skb_cb(struct l2cap_chan *chan,
					       unsigned long hdr_len, unsigned long len,
					       int nb)
{
	struct sk_buff *skb = bt_skb_alloc((unsigned int)(hdr_len + len), GFP_KERNEL);

	if (!skb)
		return ERR_PTR(-ENOBUFS);

	if (chan->state != BT_CONNECTED) {
		kfree_skb(skb);
		return ERR_PTR(-ENOTCONN);
	}

	bt_cb(skb)->l2cap.chan = chan;
	return skb;
}

static void l2cap_sock_ready_cb(struct l2cap_chan *chan)
{
	struct l2cap_sock *sk = chan->data;

	if (sk)
		sk->state = BT_CONNECTED;
}

/* The application learns that somebody waits: it acts when it is told to. */
static void l2cap_sock_defer_cb(struct l2cap_chan *chan)
{
	sink_effect_u64(chan->conn->hcon->hdev->sink, "l2cap.defer", chan->scid);
}

static void l2cap_sock_resume_cb(struct l2cap_chan *chan)
{
	struct l2cap_sock *sk = chan->data;

	if (!sk)
		return;

	if (test_and_clear_bit(FLAG_PENDING_SECURITY, &chan->flags)) {
		sk->state = BT_CONNECTED;
		chan->state = BT_CONNECTED;
	}

	sk->suspended = false;
}

static void l2cap_sock_suspend_cb(struct l2cap_chan *chan)
{
	struct l2cap_sock *sk = chan->data;

	if (sk)
		sk->suspended = true;
}

static void l2cap_sock_set_shutdown_cb(struct l2cap_chan *chan)
{
	struct l2cap_sock *sk = chan->data;

	if (sk)
		sk->shutdown = true;
}

static long l2cap_sock_get_sndtimeo_cb(struct l2cap_chan *chan)
{
	return chan->data ? (long)L2CAP_CONN_TIMEOUT : 0;
}

/* Two applications are told apart; neither is ever looked into. */
static struct pid *l2cap_sock_get_peer_pid_cb(struct l2cap_chan *chan)
{
	static char pids[2];
	struct l2cap_sock *sk = chan->data;

	return (struct pid *)&pids[sk && sk->other_pid];
}

static int l2cap_sock_filter(struct l2cap_chan *chan, struct sk_buff *skb)
{
	return 0;
}

static const struct l2cap_ops l2cap_chan_ops = {
	.name			= "L2CAP Socket Interface",
	.new_connection		= l2cap_sock_new_connection_cb,
	.recv			= l2cap_sock_recv_cb,
	.close			= l2cap_sock_close_cb,
	.teardown		= l2cap_sock_teardown_cb,
	.state_change		= l2cap_sock_state_change_cb,
	.ready			= l2cap_sock_ready_cb,
	.defer			= l2cap_sock_defer_cb,
	.resume			= l2cap_sock_resume_cb,
	.suspend		= l2cap_sock_suspend_cb,
	.set_shutdown		= l2cap_sock_set_shutdown_cb,
	.get_sndtimeo		= l2cap_sock_get_sndtimeo_cb,
	.get_peer_pid		= l2cap_sock_get_peer_pid_cb,
	.alloc_skb		= l2cap_sock_alloc_skb_cb,
	.filter			= l2cap_sock_filter,
};

/*
 * What applications do
 */

/* The parameters of an act; what is missing reads as zero. */
struct act {
	const u8 *pos, *end;
};

static u8 act_u8(struct act *act)
{
	return act->pos < act->end ? *act->pos++ : 0;
}

static u16 act_u16(struct act *act)
{
	u8 low = act_u8(act);

	return (u16)(low | act_u8(act) << 8);
}

struct sock_options {
	u16 psm, cid;
	u8 type, mode, level, flags;
	u16 imtu, omtu, window;
};

static void act_options(struct act *act, struct sock_options *opt)
{
	opt->psm = act_u16(act);
	opt->cid = act_u16(act);
	opt->type = act_u8(act) & 3;
	opt->mode = act_u8(act);
	opt->level = act_u8(act);
	opt->flags = act_u8(act);
	opt->imtu = act_u16(act);
	opt->omtu = act_u16(act);
	opt->window = act_u16(act);
}

static void l2cap_sock_set_flags(struct l2cap_sock *sk, const struct sock_options *opt)
{
	struct l2cap_chan *chan = sk->chan;

	sk->defer = opt->flags & L2CAP_SOCK_DEFER;
	sk->reader = !(opt->flags & L2CAP_SOCK_NO_READER);
	sk->other_pid = opt->flags & L2CAP_SOCK_OTHER_PID;

	if (sk->defer)
		set_bit(FLAG_DEFER_SETUP, &chan->flags);
	if (opt->flags & L2CAP_SOCK_RELIABLE)
		set_bit(FLAG_FORCE_RELIABLE, &chan->flags);
	if (opt->flags & L2CAP_SOCK_FLUSHABLE)
		set_bit(FLAG_FLUSHABLE, &chan->flags);
	if (opt->flags & L2CAP_SOCK_ROLE_SWITCH)
		set_bit(FLAG_ROLE_SWITCH, &chan->flags);
	if (opt->flags & L2CAP_SOCK_NO_FCS)
		chan->fcs = L2CAP_FCS_NONE;
	if (opt->flags & L2CAP_SOCK_MODE_ONLY)
		set_bit(CONF_STATE2_DEVICE, &chan->conf_state);
}

/* socket() and what setsockopt() allows. Return: NULL without memory, or if refused. */
static struct l2cap_sock *l2cap_sock_create(const struct sock_options *opt)
{
	static const u8 chan_type[] = {
		[SOCK_SEQPACKET] = L2CAP_CHAN_CONN_ORIENTED,
		[SOCK_STREAM] = L2CAP_CHAN_CONN_ORIENTED,
		[SOCK_DGRAM] = L2CAP_CHAN_CONN_LESS,
		[SOCK_RAW] = L2CAP_CHAN_RAW,
	};
	struct l2cap_chan *chan;
	struct l2cap_sock *sk;

	if (opt->level > BT_SECURITY_FIPS ||
	    opt->window > L2CAP_DEFAULT_EXT_WINDOW)
		return NULL;

	chan = l2cap_chan_create();
	if (!chan)
		return NULL;

	sk = l2cap_sock_alloc(chan, opt->type);
	if (!sk) {
		l2cap_chan_put(chan);
		return NULL;
	}
	sk->owned = true;

	chan->chan_type = chan_type[opt->type];
	chan->mode = opt->mode;
	l2cap_chan_set_defaults(chan, NULL);
	chan->imtu = opt->imtu ? opt->imtu : L2CAP_DEFAULT_MTU;
	chan->omtu = opt->omtu;
	if (opt->level)
		chan->sec_level = opt->level;
	if (opt->window) {
		chan->tx_win = opt->window;
		chan->ack_win = opt->window;
	}

	l2cap_sock_set_flags(sk, opt);
	l2cap_publish_rx_avail(sk);
	return sk;
}

/* close(): the channel is asked to end, the socket goes when it has. */
static void l2cap_sock_release(struct l2cap_sock *sk)
{
	struct l2cap_chan *chan = sk->chan;
	struct l2cap_conn *conn;

	l2cap_sock_cleanup_listen(sk);

	l2cap_chan_hold(chan);
	conn = chan->conn;
	if (conn) {
		l2cap_conn_get(conn);
		mutex_lock(&conn->chan_lock);
	}

	l2cap_chan_lock(chan);
	l2cap_chan_close(chan, 0);

	sk->owned = false;
	sk->shutdown = true;
	l2cap_sock_kill(sk);
	l2cap_chan_unlock(chan);

	if (conn) {
		mutex_unlock(&conn->chan_lock);
		l2cap_conn_put(conn);
	}
	l2cap_chan_put(chan);
}

/* bind() */
static int l2cap_sock_bind(struct l2cap_sock *sk, u8 src_type,
			   const struct sock_options *opt)
{
	struct l2cap_chan *chan = sk->chan;
	int err;

	if (opt->cid && (opt->psm || opt->cid != L2CAP_CID_ATT))
		return -EINVAL;
	if (opt->psm && !is_valid_psm(opt->psm, src_type))
		return -EINVAL;

	bacpy(&chan->src, BDADDR_ANY);
	chan->src_type = src_type;

	if (opt->cid)
		err = l2cap_add_scid(chan, opt->cid);
	else
		err = l2cap_add_psm(chan, &chan->src, cpu_to_le16(opt->psm));
	if (err)
		return err;

	/* one that an application has open keeps the link */
	if (chan->chan_type == L2CAP_CHAN_FIXED)
		set_bit(FLAG_HOLD_HCI_CONN, &chan->flags);
	if (chan->chan_type == L2CAP_CHAN_CONN_ORIENTED && !opt->level &&
	    (opt->psm == L2CAP_PSM_SDP || opt->psm == L2CAP_PSM_RFCOMM))
		chan->sec_level = BT_SECURITY_SDP;

	if (chan->psm && bdaddr_type_is_le(src_type) &&
	    chan->mode != L2CAP_MODE_EXT_FLOWCTL)
		chan->mode = L2CAP_MODE_LE_FLOWCTL;

	chan->state = BT_BOUND;
	sk->state = BT_BOUND;
	return 0;
}

/* May a channel of this mode exist on a link of this type? */
static bool l2cap_sock_mode_valid(const struct l2cap_chan *chan, u8 addr_type)
{
	switch (chan->mode) {
	case L2CAP_MODE_BASIC:
		return true;
	case L2CAP_MODE_ERTM:
	case L2CAP_MODE_STREAMING:
		return !bdaddr_type_is_le(addr_type) && !disable_ertm;
	case L2CAP_MODE_LE_FLOWCTL:
	case L2CAP_MODE_EXT_FLOWCTL:
		return bdaddr_type_is_le(addr_type);
	default:
		return false;
	}
}

static void l2cap_act_listen(struct act *act)
{
	struct sock_options opt;
	struct l2cap_sock *sk;
	u8 src_type;

	src_type = act_u8(act);
	if (!bdaddr_type_is_valid(src_type))
		return;
	act_options(act, &opt);

	sk = l2cap_sock_create(&opt);
	if (!sk)
		return;

	if (l2cap_sock_bind(sk, src_type, &opt) || !l2cap_sock_mode_valid(sk->chan, src_type)) {
		l2cap_sock_release(sk);
		return;
	}

	/* connectionless and raw channels take what comes */
	if (sk->type == SOCK_DGRAM || sk->type == SOCK_RAW)
		return;

	atomic_set(&sk->chan->nesting, L2CAP_NESTING_PARENT);
	sk->chan->state = BT_LISTEN;
	sk->state = BT_LISTEN;
}

static void l2cap_act_connect(struct hci_dev *hdev, struct act *act)
{
	struct sock_options opt;
	struct l2cap_sock *sk;
	struct hci_conn *hcon;
	bdaddr_t dst = {};
	u8 dst_type = 0;
	u16 handle;
	size_t i;

	handle = act_u16(act);
	act_options(act, &opt);

	hcon = hci_conn_hash_lookup_handle(hdev, handle);
	if (hcon) {
		bacpy(&dst, &hcon->dst);
		dst_type = bdaddr_dst_type(hcon);
	} else {
		for (i = 0; i < sizeof(dst); i++)
			dst.b[i] = act_u8(act);
		dst_type = act_u8(act);
	}
	if (!bdaddr_type_is_valid(dst_type))
		return;

	sk = l2cap_sock_create(&opt);
	if (!sk)
		return;

	sk->chan->src_type = bdaddr_type_is_le(dst_type) ? BDADDR_LE_PUBLIC : BDADDR_BREDR;
	if (opt.cid) {
		l2cap_add_scid(sk->chan, opt.cid);
		set_bit(FLAG_HOLD_HCI_CONN, &sk->chan->flags);
	} else if (opt.psm && bdaddr_type_is_le(dst_type) &&
		   sk->chan->mode != L2CAP_MODE_EXT_FLOWCTL) {
		sk->chan->mode = L2CAP_MODE_LE_FLOWCTL;
	}

	if (!l2cap_sock_mode_valid(sk->chan, dst_type) ||
	    l2cap_chan_connect(sk->chan, cpu_to_le16(opt.psm), opt.cid, &dst, dst_type))
		l2cap_sock_release(sk);
}

/* The socket of a channel; the first act on it is its accept(). */
static struct l2cap_sock *l2cap_sock_find(struct hci_dev *hdev, struct act *act)
{
	struct hci_conn *hcon;
	struct l2cap_sock *sk;
	u16 handle, cid;

	handle = act_u16(act);
	cid = act_u16(act);
	hcon = hci_conn_hash_lookup_handle(hdev, handle);

	list_for_each_entry(sk, &l2cap_sk_list, all) {
		if (!sk->chan || !sk->chan->conn || sk->state == BT_LISTEN)
			continue;
		if (hcon && sk->chan->conn->hcon != hcon)
			continue;
		if (cid && sk->chan->scid != cid)
			continue;
		if (!sk->owned && !sk->parent)
			continue;	/* on its way out */

		if (sk->parent) {
			sk->owned = true;
			l2cap_accept_unlink(sk);
		}
		return sk;
	}
	return NULL;
}

/* The first recv() on a socket whose setup was deferred. */
static void l2cap_sock_accept(struct l2cap_sock *sk)
{
	struct l2cap_chan *chan = sk->chan;
	struct l2cap_conn *conn = chan->conn;

	if (sk->state != BT_CONNECT2 || !sk->defer)
		return;

	/* the channel may be deleted while it is answered */
	l2cap_chan_hold(chan);
	mutex_lock(&conn->chan_lock);

	if (chan->mode == L2CAP_MODE_EXT_FLOWCTL) {
		sk->state = BT_CONNECTED;
		chan->state = BT_CONNECTED;
		/* what is sent from now on is the channel's, though others may still wait */
		if (fixed(REDZONE_6037DAA0C87C))
			clear_bit(CONF_NOT_COMPLETE, &chan->conf_state);
		__l2cap_ecred_conn_rsp_defer(chan);
	} else if (bdaddr_type_is_le(chan->src_type)) {
		sk->state = BT_CONNECTED;
		chan->state = BT_CONNECTED;
		__l2cap_le_connect_rsp_defer(chan);
	} else {
		sk->state = BT_CONFIG;
		chan->state = BT_CONFIG;
		__l2cap_connect_rsp_defer(chan);
	}

	mutex_unlock(&conn->chan_lock);
	l2cap_chan_put(chan);
}

static void l2cap_act_send(struct l2cap_sock *sk, struct act *act)
{
	u16 len = min_t(u16, act_u16(act), L2CAP_SOCK_MAX_SEND);
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT };
	struct kvec vec;
	u8 *data;
	u16 i;

	if (sk->state != BT_CONNECTED || sk->shutdown)
		return;

	data = kmalloc(len, GFP_KERNEL);
	if (!data)
		return;
	for (i = 0; i < len; i++)
		data[i] = (u8)i;

	vec.iov_base = data;
	vec.iov_len = len;
	iov_iter_kvec(&msg.msg_iter, WRITE, &vec, 1, len);

	l2cap_chan_lock(sk->chan);
	l2cap_chan_send(sk->chan, &msg, len);
	l2cap_chan_unlock(sk->chan);

	kfree(data);
}

/* recv() until nothing is left; a channel that was busy goes on. */
static void l2cap_sock_read(struct l2cap_sock *sk)
{
	struct l2cap_chan *chan = sk->chan;
	struct l2cap_rx_busy *rx_busy;
	struct sk_buff *skb;

	sk->reader = true;
	while ((skb = skb_dequeue(&sk->receive_queue)))
		l2cap_sock_consume(sk, skb);
	sk->rmem = 0;

	if (chan->mode != L2CAP_MODE_ERTM && chan->mode != L2CAP_MODE_LE_FLOWCTL &&
	    chan->mode != L2CAP_MODE_EXT_FLOWCTL)
		return;

	l2cap_publish_rx_avail(sk);

	while (!list_empty(&sk->rx_busy)) {
		rx_busy = list_first_entry(&sk->rx_busy, struct l2cap_rx_busy, list);
		l2cap_sock_consume(sk, rx_busy->skb);
		list_del(&rx_busy->list);
		kfree(rx_busy);
	}

	if (test_bit(CONN_LOCAL_BUSY, &chan->conn_state))
		l2cap_chan_busy(chan, 0);
}

static void l2cap_act_read(struct l2cap_sock *sk, struct act *act)
{
	if (!act_u8(act)) {
		sk->reader = false;
		return;
	}

	l2cap_chan_lock(sk->chan);
	l2cap_sock_read(sk);
	l2cap_chan_unlock(sk->chan);
}

static void l2cap_act_reconf(struct l2cap_sock *sk, struct act *act)
{
	struct l2cap_chan *chan = sk->chan;

	if (chan->mode != L2CAP_MODE_EXT_FLOWCTL || sk->state != BT_CONNECTED)
		return;

	l2cap_chan_lock(chan);
	l2cap_chan_reconfigure(chan, act_u16(act));
	l2cap_chan_unlock(chan);
}

static void l2cap_act_unlisten(struct act *act)
{
	__le16 psm = cpu_to_le16(act_u16(act));
	struct l2cap_sock *sk;

	list_for_each_entry(sk, &l2cap_sk_list, all) {
		if (sk->state == BT_LISTEN && sk->chan && sk->chan->psm == psm) {
			l2cap_sock_release(sk);
			return;
		}
	}
}

static void l2cap_act_user(struct hci_dev *hdev, struct act *act)
{
	struct hci_conn *hcon = hci_conn_hash_lookup_handle(hdev, act_u16(act));

	l2cap_test_user(hcon, act_u8(act));
}

/* An act of an application, see above. */
void l2cap_act(struct hci_dev *hdev, u8 op, const u8 *params, u8 len)
{
	struct act act = { params, params + len };
	struct l2cap_sock *sk;

	switch (op) {
	case L2CAP_ACT_LISTEN:
		l2cap_act_listen(&act);
		return;
	case L2CAP_ACT_CONNECT:
		l2cap_act_connect(hdev, &act);
		return;
	case L2CAP_ACT_USER:
		l2cap_act_user(hdev, &act);
		return;
	case L2CAP_ACT_UNLISTEN:
		l2cap_act_unlisten(&act);
		return;
	}

	sk = l2cap_sock_find(hdev, &act);
	if (!sk)
		return;

	switch (op) {
	case L2CAP_ACT_ACCEPT:
		l2cap_sock_accept(sk);
		break;
	case L2CAP_ACT_CLOSE:
		l2cap_sock_release(sk);
		break;
	case L2CAP_ACT_SEND:
		l2cap_act_send(sk, &act);
		break;
	case L2CAP_ACT_READ:
		l2cap_act_read(sk, &act);
		break;
	case L2CAP_ACT_RECONF:
		l2cap_act_reconf(sk, &act);
		break;
	}
}

/* The applications end: every socket that one of them has open is closed. */
void redzone_l2cap_close(void)
{
	struct l2cap_sock *sk;
	bool again;

	do {
		again = false;
		list_for_each_entry(sk, &l2cap_sk_list, all) {
			if (!sk->owned)
				continue;
			l2cap_sock_release(sk);
			again = true;
			break;
		}
	} while (again);
}

int l2cap_init_sockets(void)
{
	return 0;
}

void l2cap_cleanup_sockets(void)
{
}
