/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Queues of fragments (parsers/net/inet_fragment.c). Faithful to Linux 6.1 in names and
 * meaning. Changed for testing: a small hash table instead of an rhashtable, and the
 * directory of a namespace is freed at once, not by a work queue.
 */
#ifndef __NET_FRAG_H__
#define __NET_FRAG_H__

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/in6.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/types.h>

struct inet_frags;
struct net;

#define INETFRAGS_HASHSZ	8

/* The queues of one protocol in a namespace. */
struct fqdir {
	long			high_thresh;
	int			timeout;
	int			max_dist;
	struct inet_frags	*f;
	struct net		*net;
	bool			dead;
	atomic_long_t		mem;
	struct hlist_head	hash[INETFRAGS_HASHSZ];
};

enum {
	INET_FRAG_FIRST_IN	= 1 << 0,	/* the fragment of offset 0 is there */
	INET_FRAG_LAST_IN	= 1 << 1,	/* the last one is there */
	INET_FRAG_COMPLETE	= 1 << 2,	/* done with, soon to be destroyed */
	INET_FRAG_HASH_DEAD	= 1 << 3,	/* was not taken from the table */
};

struct frag_v4_compare_key {
	__be32		saddr;
	__be32		daddr;
	u32		user;
	u32		vif;
	__be16		id;
	u16		protocol;
};

struct frag_v6_compare_key {
	struct in6_addr	saddr;
	struct in6_addr	daddr;
	u32		user;
	__be32		id;
	u32		iif;
};

struct frag_lowpan_compare_key {
	u8		saddr[10];
	u8		daddr[10];
	u16		tag;
	u16		d_size;
};

/**
 * struct inet_frag_queue - the fragments of one datagram
 * @key: what they have in common
 * @timer: when it is given up; holds a reference while pending, as does the table
 * @rb_fragments: runs of adjacent fragments by offset
 * @fragments_tail: the fragment with the highest offset
 * @last_run_head: first fragment of the run that @fragments_tail ends
 * @len: end of the datagram as far as it is known
 * @meat: bytes that are there
 * @max_size: largest fragment, with its headers
 */
struct inet_frag_queue {
	struct hlist_node	node;
	union {
		struct frag_v4_compare_key	v4;
		struct frag_v6_compare_key	v6;
		struct frag_lowpan_compare_key	lowpan;
	} key;
	struct timer_list	timer;
	spinlock_t		lock;
	refcount_t		refcnt;
	struct rb_root		rb_fragments;
	struct sk_buff		*fragments_tail;
	struct sk_buff		*last_run_head;
	ktime_t			stamp;
	int			len;
	int			meat;
	u8			mono_delivery_time;
	__u8			flags;
	u16			max_size;
	struct fqdir		*fqdir;
	struct rcu_head		rcu;
};

struct inet_frags {
	unsigned int	qsize;
	unsigned int	key_len;
	void		(*constructor)(struct inet_frag_queue *q, const void *arg);
	void		(*destructor)(struct inet_frag_queue *q);
	void		(*frag_expire)(struct timer_list *t);
};

int fqdir_init(struct fqdir **fqdirp, struct inet_frags *f, struct net *net);
void fqdir_pre_exit(struct fqdir *fqdir);
void fqdir_exit(struct fqdir *fqdir);

void inet_frag_kill(struct inet_frag_queue *q);
void inet_frag_destroy(struct inet_frag_queue *q);
struct inet_frag_queue *inet_frag_find(struct fqdir *fqdir, void *key);
unsigned int inet_frag_rbtree_purge(struct rb_root *root);

static inline void inet_frag_put(struct inet_frag_queue *q)
{
	if (refcount_dec_and_test(&q->refcnt))
		inet_frag_destroy(q);
}

static inline long frag_mem_limit(const struct fqdir *fqdir)
{
	return atomic_long_read(&fqdir->mem);
}

static inline void sub_frag_mem_limit(struct fqdir *fqdir, long val)
{
	atomic64_add_return(-val, &fqdir->mem);
}

static inline void add_frag_mem_limit(struct fqdir *fqdir, long val)
{
	atomic64_add_return(val, &fqdir->mem);
}

/* Marks that the fragments of a queue had, one bit each (RFC 3168 5.3). */
#define IPFRAG_ECN_NOT_ECT	0x01
#define IPFRAG_ECN_ECT_1	0x02
#define IPFRAG_ECN_ECT_0	0x04
#define IPFRAG_ECN_CE		0x08

/* By the marks that there were: what the datagram gets, 0xff: it is dropped. */
extern const u8 ip_frag_ecn_table[16];

#define IPFRAG_OK	0
#define IPFRAG_DUP	1
#define IPFRAG_OVERLAP	2
int inet_frag_queue_insert(struct inet_frag_queue *q, struct sk_buff *skb, int offset,
			   int end);
void *inet_frag_reasm_prepare(struct inet_frag_queue *q, struct sk_buff *skb,
			      struct sk_buff *parent);
void inet_frag_reasm_finish(struct inet_frag_queue *q, struct sk_buff *head,
			    void *reasm_data, bool try_coalesce);
struct sk_buff *inet_frag_pull_head(struct inet_frag_queue *q);

/* Layers that a target may have, once per process, after inet_init() and inet6_init(). */
void ipfrag_init(void);
int ipv6_frag_init(void);

#endif /* __NET_FRAG_H__ */
