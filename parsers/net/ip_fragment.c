// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv4 reassembly.
 *
 * Modelled on: Linux 6.1 net/ipv4/ip_fragment.c
 * Spec: RFC 791 3.2, RFC 815, RFC 1122 3.3.2, RFC 3168 5.3
 * Differs: local delivery is the only user; no VRFs or MIB counters; peers are a short
 *	list of this file.
 */
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <net/icmp.h>
#include <net/inet_ecn.h>
#include <net/inet_frag.h>
#include <net/ip.h>

#include "rx.h"

#define IP_FRAG_TIME	(30 * HZ)

enum {
	IP_MAXLEN = 65535,
	PEERS_MAX = 16,
};

/* Whoever sends fragments, and how many datagrams it has begun. */
struct inet_peer {
	struct list_head	list;
	refcount_t		refcnt;
	atomic_t		rid;
	__be32			saddr;
	u32			vif;
};

/*
 * @max_df_size: largest fragment that may not be fragmented further
 * @rid: the peer's count when the last fragment came
 */
struct ipq {
	struct inet_frag_queue	q;
	u8			ecn;
	u16			max_df_size;
	int			iif;
	unsigned int		rid;
	struct inet_peer	*peer;
};

static LIST_HEAD(peers);
static unsigned int nr_peers;

static u8 ip4_frag_ecn(u8 tos)
{
	return (u8)(1 << (tos & INET_ECN_MASK));
}

/*
 * Peers
 */

/* A peer without queues, for whom nobody asks, makes room. */
static void inet_peer_gc(void)
{
	struct inet_peer *p, *next;

	list_for_each_entry_safe(p, next, &peers, list) {
		if (!refcount_dec_if_one(&p->refcnt))
			continue;
		list_del(&p->list);
		nr_peers--;
		kfree(p);
	}
}

static struct inet_peer *inet_getpeer_v4(__be32 saddr, u32 vif)
{
	struct inet_peer *p;

	list_for_each_entry(p, &peers, list) {
		if (p->saddr == saddr && p->vif == vif)
			return p;
	}
	if (nr_peers >= PEERS_MAX)
		inet_peer_gc();
	if (nr_peers >= PEERS_MAX)
		return NULL;
	p = kzalloc(sizeof(*p), GFP_ATOMIC);
	if (!p)
		return NULL;
	p->saddr = saddr;
	p->vif = vif;
	refcount_set(&p->refcnt, 1);	/* the list's */
	list_add(&p->list, &peers);
	nr_peers++;
	return p;
}

static void inet_putpeer(struct inet_peer *p)
{
	if (refcount_dec_and_test(&p->refcnt))
		kfree(p);
}

/*
 * Queues
 */

static void ip4_frag_init(struct inet_frag_queue *q, const void *a)
{
	struct ipq *qp = container_of(q, struct ipq, q);
	const struct frag_v4_compare_key *key = a;
	struct inet_peer *p = NULL;

	q->key.v4 = *key;
	qp->ecn = 0;
	if (q->fqdir->max_dist) {
		p = inet_getpeer_v4(key->saddr, key->vif);
		if (p && !refcount_inc_not_zero(&p->refcnt))
			p = NULL;
	}
	qp->peer = p;
}

static void ip4_frag_free(struct inet_frag_queue *q)
{
	struct ipq *qp = container_of(q, struct ipq, q);

	if (qp->peer)
		inet_putpeer(qp->peer);
}

/* Time is up: the sender hears of it if the first fragment came. */
static void ip_expire(struct timer_list *t)
{
	struct inet_frag_queue *frag = from_timer(frag, t, timer);
	struct ipq *qp = container_of(frag, struct ipq, q);
	struct net *net = qp->q.fqdir->net;
	struct sk_buff *head = NULL;
	const struct iphdr *iph;

	rcu_read_lock();
	if (qp->q.fqdir->dead)
		goto out_rcu_unlock;
	spin_lock(&qp->q.lock);

	if (qp->q.flags & INET_FRAG_COMPLETE)
		goto out;
	inet_frag_kill(&qp->q);
	if (!(qp->q.flags & INET_FRAG_FIRST_IN))
		goto out;

	/* in the tree it has no device */
	head = inet_frag_pull_head(&qp->q);
	if (!head)
		goto out;
	head->dev = dev_get_by_index_rcu(net, qp->iif);
	if (!head->dev)
		goto out;

	iph = ip_hdr(head);
	if (ip_route_input_noref(head, iph->daddr, iph->saddr, iph->tos, head->dev))
		goto out;

	spin_unlock(&qp->q.lock);
	icmp_send(head, ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME, 0);
	goto out_rcu_unlock;

out:
	spin_unlock(&qp->q.lock);
out_rcu_unlock:
	rcu_read_unlock();
	kfree_skb(head);
	inet_frag_put(&qp->q);
}

static struct inet_frags ip4_frags = {
	.qsize = sizeof(struct ipq),
	.key_len = sizeof(struct frag_v4_compare_key),
	.constructor = ip4_frag_init,
	.destructor = ip4_frag_free,
	.frag_expire = ip_expire,
};

static struct ipq *ip_find(struct net *net, const struct iphdr *iph, u32 user, u32 vif)
{
	struct frag_v4_compare_key key = {
		.saddr = iph->saddr,
		.daddr = iph->daddr,
		.user = user,
		.vif = vif,
		.id = iph->id,
		.protocol = iph->protocol,
	};
	struct inet_frag_queue *q = inet_frag_find(net->ipv4.fqdir, &key);

	return q ? container_of(q, struct ipq, q) : NULL;
}

/*
 * So many datagrams of the peer came between two fragments of this one that the
 * identification may have been used again.
 */
static bool ip_frag_too_far(struct ipq *qp)
{
	unsigned int max = (unsigned int)qp->q.fqdir->max_dist;
	struct inet_peer *peer = qp->peer;
	unsigned int start, end;

	if (!peer || !max)
		return false;
	start = qp->rid;
	end = (unsigned int)atomic_inc_return(&peer->rid);
	qp->rid = end;
	return qp->q.fragments_tail && end - start > max;
}

/* The queue is empty again, for the datagram that has taken its identification. */
static int ip_frag_reinit(struct ipq *qp)
{
	if (!mod_timer(&qp->q.timer, jiffies + qp->q.fqdir->timeout)) {
		refcount_inc(&qp->q.refcnt);
		return -ETIMEDOUT;
	}

	sub_frag_mem_limit(qp->q.fqdir, inet_frag_rbtree_purge(&qp->q.rb_fragments));
	qp->q.flags = 0;
	qp->q.len = 0;
	qp->q.meat = 0;
	qp->q.rb_fragments = RB_ROOT;
	qp->q.fragments_tail = NULL;
	qp->q.last_run_head = NULL;
	qp->iif = 0;
	qp->ecn = 0;
	return 0;
}

/*
 * The datagram
 */

static void ip_frag_finish_header(struct ipq *qp, struct sk_buff *skb, int len, u8 ecn)
{
	struct iphdr *iph = ip_hdr(skb);

	IPCB(skb)->frag_max_size = max(qp->max_df_size, qp->q.max_size);
	iph->tot_len = htons((u16)len);
	iph->tos |= ecn;
	/* may not be sent on in larger pieces than it came in */
	if (qp->max_df_size == qp->q.max_size) {
		IPCB(skb)->flags |= IPSKB_FRAG_PMTU;
		iph->frag_off = htons(IP_DF);
	} else {
		iph->frag_off = 0;
	}
	ip_send_check(iph);
}

static int ip_frag_reasm(struct ipq *qp, struct sk_buff *skb, struct sk_buff *prev_tail,
			 struct net_device *dev)
{
	void *reasm_data;
	int len;
	u8 ecn;

	inet_frag_kill(&qp->q);

	ecn = ip_frag_ecn_table[qp->ecn];
	if (malformed(ecn == 0xff))
		return -EINVAL;

	reasm_data = inet_frag_reasm_prepare(&qp->q, skb, prev_tail);
	if (!reasm_data)
		return -ENOMEM;

	len = (int)ip_hdrlen(skb) + qp->q.len;
	if (malformed(len > IP_MAXLEN))
		return -E2BIG;

	inet_frag_reasm_finish(&qp->q, skb, reasm_data,
			       qp->q.key.v4.user == IP_DEFRAG_LOCAL_DELIVER);
	skb->dev = dev;
	ip_frag_finish_header(qp, skb, len, ecn);
	sink_effect_u64(rx_sink(skb), "reassembled.len", skb->len);

	qp->q.rb_fragments = RB_ROOT;
	qp->q.fragments_tail = NULL;
	qp->q.last_run_head = NULL;
	return 0;
}

/* Does the end of this fragment agree with what is known of the datagram's? */
static bool ip_frag_end_ok(struct ipq *qp, struct sk_buff *skb, int flags, int *end)
{
	if (!(flags & IP_MF)) {
		/* the last: nothing lies behind it, and there is one */
		if (malformed(*end < qp->q.len))
			return false;
		if (malformed((qp->q.flags & INET_FRAG_LAST_IN) && *end != qp->q.len))
			return false;
		qp->q.flags |= INET_FRAG_LAST_IN;
		qp->q.len = *end;
		return true;
	}

	if (malformed(*end & 7)) {
		*end &= ~7;
		if (skb->ip_summed != CHECKSUM_UNNECESSARY)
			skb->ip_summed = CHECKSUM_NONE;
	}
	if (*end > qp->q.len) {
		if (malformed(qp->q.flags & INET_FRAG_LAST_IN))
			return false;
		qp->q.len = *end;
	}
	return true;
}

/* What the queue remembers of a fragment that has just joined it. */
static void ip_frag_joined(struct ipq *qp, struct sk_buff *skb, int offset, int ihl, u8 ecn)
{
	unsigned int fragsize = skb->len + (unsigned int)ihl;

	qp->q.stamp = skb->tstamp;
	qp->q.mono_delivery_time = skb->mono_delivery_time;
	qp->q.meat += (int)skb->len;
	qp->ecn |= ecn;
	add_frag_mem_limit(qp->q.fqdir, skb->truesize);
	if (offset == 0)
		qp->q.flags |= INET_FRAG_FIRST_IN;
	if (fragsize > qp->q.max_size)
		qp->q.max_size = (u16)fragsize;
	if (ip_hdr(skb)->frag_off & htons(IP_DF) && fragsize > qp->max_df_size)
		qp->max_df_size = (u16)fragsize;
}

/* All fragments are there? Then @skb becomes the datagram: 0. */
static int ip_frag_complete(struct ipq *qp, struct sk_buff *skb, struct sk_buff *prev_tail,
			    struct net_device *dev)
{
	unsigned long orefdst;
	int err;

	if (qp->q.flags != (INET_FRAG_FIRST_IN | INET_FRAG_LAST_IN) ||
	    qp->q.meat != qp->q.len) {
		skb_dst_drop(skb);
		skb_orphan(skb);
		return -EINPROGRESS;
	}

	orefdst = skb->_skb_refdst;
	skb->_skb_refdst = 0UL;
	err = ip_frag_reasm(qp, skb, prev_tail, dev);
	skb->_skb_refdst = orefdst;
	if (err)
		inet_frag_kill(&qp->q);
	return err;
}

static int ip_frag_queue(struct ipq *qp, struct sk_buff *skb)
{
	int ihl, end, flags, offset, err;
	struct sk_buff *prev_tail;
	struct net_device *dev;
	u8 ecn;

	if (qp->q.flags & INET_FRAG_COMPLETE)
		goto err;
	if (!(IPCB(skb)->flags & IPSKB_FRAG_COMPLETE) && malformed(ip_frag_too_far(qp))) {
		if (ip_frag_reinit(qp)) {
			inet_frag_kill(&qp->q);
			goto err;
		}
	}

	ecn = ip4_frag_ecn(ip_hdr(skb)->tos);
	offset = ntohs(ip_hdr(skb)->frag_off);
	flags = offset & ~IP_OFFSET;
	offset = (offset & IP_OFFSET) << 3;
	ihl = (int)ip_hdrlen(skb);

	end = offset + (int)skb->len - skb_network_offset(skb) - ihl;
	if (!ip_frag_end_ok(qp, skb, flags, &end))
		goto discard_qp;
	if (malformed(end == offset))
		goto discard_qp;

	if (!pskb_pull(skb, (unsigned int)(skb_network_offset(skb) + ihl)))
		goto discard_qp;
	if (pskb_trim_rcsum(skb, (unsigned int)(end - offset)))
		goto discard_qp;

	dev = skb->dev;
	prev_tail = qp->q.fragments_tail;
	err = inet_frag_queue_insert(&qp->q, skb, offset, end);
	if (err == IPFRAG_DUP)
		goto err;
	if (err)
		goto discard_qp;

	qp->iif = dev->ifindex;
	ip_frag_joined(qp, skb, offset, ihl, ecn);
	return ip_frag_complete(qp, skb, prev_tail, dev);

discard_qp:
	inet_frag_kill(&qp->q);
err:
	kfree_skb(skb);
	return -EINVAL;
}

/**
 * ip_defrag - a fragment arrives
 * @net: namespace
 * @skb: packet, data at its IPv4 header
 * @user: who asks; datagrams of different users are different ones
 *
 * Return: 0 if @skb now is the whole datagram, else it was kept or freed.
 */
static int ip_defrag(struct net *net, struct sk_buff *skb, u32 user)
{
	struct ipq *qp;
	int ret;

	rcu_read_lock();
	qp = ip_find(net, ip_hdr(skb), user, 0);
	if (!qp) {
		rcu_read_unlock();
		kfree_skb(skb);
		return -ENOMEM;
	}

	spin_lock(&qp->q.lock);
	ret = ip_frag_queue(qp, skb);
	spin_unlock(&qp->q.lock);
	rcu_read_unlock();
	inet_frag_put(&qp->q);
	return ret;
}

static int ipv4_frags_init_net(struct net *net)
{
	int res = fqdir_init(&net->ipv4.fqdir, &ip4_frags, net);

	if (res < 0)
		return res;
	net->ipv4.fqdir->high_thresh = net->ipv4.sysctl_ipfrag_high_thresh;
	net->ipv4.fqdir->timeout = IP_FRAG_TIME;
	net->ipv4.fqdir->max_dist = net->ipv4.sysctl_ipfrag_max_dist;
	return 0;
}

static void ipv4_frags_exit_net(struct net *net)
{
	fqdir_pre_exit(net->ipv4.fqdir);
	fqdir_exit(net->ipv4.fqdir);
	inet_peer_gc();
}

static struct pernet_operations ip4_frags_ops = {
	.init = ipv4_frags_init_net,
	.exit = ipv4_frags_exit_net,
};

void ipfrag_init(void)
{
	ip_defrag_register(ip_defrag);
	register_pernet_subsys(&ip4_frags_ops);
}
