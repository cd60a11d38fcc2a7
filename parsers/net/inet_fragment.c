// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues of fragments: where a fragment goes, and how a datagram is built of them.
 *
 * Modelled on: Linux 6.1 net/ipv4/inet_fragment.c
 * Spec: RFC 815, RFC 3168 5.3, RFC 5722 4 (errata 3089)
 * Differs: a small hash table instead of an rhashtable; a namespace's directory is
 *	freed at once; no checksum state of the device, no sending sockets.
 */
#include <linux/in6.h>
#include <linux/ipv6.h>
#include <linux/jhash.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <net/inet_ecn.h>
#include <net/inet_frag.h>
#include <net/ip.h>

#include "rx.h"

/*
 * While a fragment waits, behind what IP itself keeps in its control block.
 * @next_frag: next of its run, NULL for the last
 * @frag_run_len: bytes of the whole run, in its first fragment
 */
struct ipfrag_skb_cb {
	union {
		struct inet_skb_parm	h4;
		struct inet6_skb_parm	h6;
	};
	struct sk_buff		*next_frag;
	int			frag_run_len;
	int			ip_defrag_offset;
};

static_assert(sizeof(struct ipfrag_skb_cb) <= sizeof(((struct sk_buff *)0)->cb));

#define FRAG_CB(skb)	((struct ipfrag_skb_cb *)((skb)->cb))

enum { ECN_DROP = 0xff };

#define NOT	IPFRAG_ECN_NOT_ECT
#define ECT0	IPFRAG_ECN_ECT_0
#define ECT1	IPFRAG_ECN_ECT_1
#define CE	IPFRAG_ECN_CE

const u8 ip_frag_ecn_table[16] = {
	/* some router was congested, and all hosts understand */
	[CE | ECT0] = INET_ECN_CE, [CE | ECT1] = INET_ECN_CE,
	[CE | ECT0 | ECT1] = INET_ECN_CE,
	/* no sender marks only some of its fragments */
	[NOT | CE] = ECN_DROP, [NOT | ECT0] = ECN_DROP, [NOT | ECT1] = ECN_DROP,
	[NOT | ECT0 | ECT1] = ECN_DROP, [NOT | CE | ECT0] = ECN_DROP,
	[NOT | CE | ECT1] = ECN_DROP, [NOT | CE | ECT0 | ECT1] = ECN_DROP,
};

/*
 * Runs
 */

static void fragcb_clear(struct sk_buff *skb)
{
	RB_CLEAR_NODE(&skb->rbnode);
	FRAG_CB(skb)->next_frag = NULL;
	FRAG_CB(skb)->frag_run_len = (int)skb->len;
}

static void fragrun_append_to_last(struct inet_frag_queue *q, struct sk_buff *skb)
{
	fragcb_clear(skb);
	FRAG_CB(q->last_run_head)->frag_run_len += (int)skb->len;
	FRAG_CB(q->fragments_tail)->next_frag = skb;
	q->fragments_tail = skb;
}

static void fragrun_create(struct inet_frag_queue *q, struct sk_buff *skb)
{
	struct rb_node *last = NULL, **link = &q->rb_fragments.rb_node;

	fragcb_clear(skb);
	if (q->last_run_head) {
		last = &q->last_run_head->rbnode;
		link = &last->rb_right;
	}
	rb_link_node(&skb->rbnode, last, link);
	rb_insert_color(&skb->rbnode, &q->rb_fragments);
	q->fragments_tail = skb;
	q->last_run_head = skb;
}

static int frag_end(const struct sk_buff *skb)
{
	return FRAG_CB(skb)->ip_defrag_offset + (int)skb->len;
}

static int frag_run_end(const struct sk_buff *head)
{
	return FRAG_CB(head)->ip_defrag_offset + FRAG_CB(head)->frag_run_len;
}

/* Nothing new: all of it lies in the run that @head begins. */
static bool frag_inside_run(const struct sk_buff *head, int offset, int end)
{
	return offset >= FRAG_CB(head)->ip_defrag_offset && end <= frag_run_end(head);
}

static bool frag_touches_run(const struct sk_buff *head, int offset, int end)
{
	return end > FRAG_CB(head)->ip_defrag_offset && offset < frag_run_end(head);
}

/* Somewhere before the end of what is there; IPFRAG_*. */
static int fragrun_insert(struct inet_frag_queue *q, struct sk_buff *skb, int offset,
			  int end)
{
	struct rb_node **rbn = &q->rb_fragments.rb_node, *parent;

	do {
		struct sk_buff *curr;

		parent = *rbn;
		curr = rb_to_skb(parent);
		if (malformed(frag_inside_run(curr, offset, end)))
			return IPFRAG_DUP;
		if (malformed(frag_touches_run(curr, offset, end)))
			return IPFRAG_OVERLAP;
		if (end <= FRAG_CB(curr)->ip_defrag_offset)
			rbn = &parent->rb_left;
		else
			rbn = &parent->rb_right;
	} while (*rbn);

	fragcb_clear(skb);
	rb_link_node(&skb->rbnode, parent, rbn);
	rb_insert_color(&skb->rbnode, &q->rb_fragments);
	return IPFRAG_OK;
}

/**
 * inet_frag_queue_insert - put a fragment into its place
 * @q: queue
 * @skb: fragment, data at its payload; stays the caller's unless IPFRAG_OK
 * @offset: of its first byte in the datagram
 * @end: offset of the byte behind its last
 *
 * Its device is gone afterwards: the node in the tree takes that place.
 */
int inet_frag_queue_insert(struct inet_frag_queue *q, struct sk_buff *skb, int offset,
			   int end)
{
	struct sk_buff *last = q->fragments_tail;
	int ret;

	/* a fragment is no train of segments, whatever an untrusted driver says */
	skb_gso_reset(skb);

	if (!last) {
		fragrun_create(q, skb);
	} else if (frag_end(last) < end) {
		/* fragments mostly come in order */
		if (malformed(offset < frag_end(last)))
			return IPFRAG_OVERLAP;
		if (offset == frag_end(last))
			fragrun_append_to_last(q, skb);
		else
			fragrun_create(q, skb);
	} else {
		ret = fragrun_insert(q, skb, offset, end);
		if (ret)
			return ret;
	}

	FRAG_CB(skb)->ip_defrag_offset = offset;
	return IPFRAG_OK;
}

/*
 * The end of a queue
 */

unsigned int inet_frag_rbtree_purge(struct rb_root *root)
{
	struct rb_node *p = rb_first(root);
	unsigned int sum = 0;

	while (p) {
		struct sk_buff *skb = rb_to_skb(p);

		p = rb_next(p);
		rb_erase(&skb->rbnode, root);
		while (skb) {
			struct sk_buff *next = FRAG_CB(skb)->next_frag;

			sum += skb->truesize;
			kfree_skb(skb);
			skb = next;
		}
	}
	return sum;
}

/* No fragment joins it any more; the references of table and timer are given up. */
void inet_frag_kill(struct inet_frag_queue *fq)
{
	if (del_timer(&fq->timer))
		refcount_dec(&fq->refcnt);

	if (fq->flags & INET_FRAG_COMPLETE)
		return;
	fq->flags |= INET_FRAG_COMPLETE;
	rcu_read_lock();
	if (!fq->fqdir->dead) {
		hlist_del(&fq->node);
		refcount_dec(&fq->refcnt);
	} else {
		fq->flags |= INET_FRAG_HASH_DEAD;
	}
	rcu_read_unlock();
}

static void inet_frag_destroy_rcu(struct rcu_head *head)
{
	struct inet_frag_queue *q = container_of(head, struct inet_frag_queue, rcu);
	struct inet_frags *f = q->fqdir->f;

	if (f->destructor)
		f->destructor(q);
	kfree(q);
}

void inet_frag_destroy(struct inet_frag_queue *q)
{
	struct fqdir *fqdir = q->fqdir;
	unsigned int sum;

	WARN_ON(!(q->flags & INET_FRAG_COMPLETE));
	WARN_ON(del_timer(&q->timer) != 0);

	sum = inet_frag_rbtree_purge(&q->rb_fragments) + fqdir->f->qsize;
	call_rcu(&q->rcu, inet_frag_destroy_rcu);
	sub_frag_mem_limit(fqdir, sum);
}

/*
 * The table
 */

int fqdir_init(struct fqdir **fqdirp, struct inet_frags *f, struct net *net)
{
	struct fqdir *fqdir = kzalloc(sizeof(*fqdir), GFP_KERNEL | __GFP_NOFAIL);

	if (!fqdir)
		return -ENOMEM;
	fqdir->f = f;
	fqdir->net = net;
	*fqdirp = fqdir;
	return 0;
}

/* From here on no queue begins. */
void fqdir_pre_exit(struct fqdir *fqdir)
{
	fqdir->high_thresh = 0;
	fqdir->dead = true;
}

static void inet_frags_free_cb(struct inet_frag_queue *fq)
{
	int count = del_timer_sync(&fq->timer) ? 1 : 0;

	spin_lock_bh(&fq->lock);
	if (!(fq->flags & INET_FRAG_COMPLETE)) {
		fq->flags |= INET_FRAG_COMPLETE;
		count++;
	} else if (fq->flags & INET_FRAG_HASH_DEAD) {
		count++;
	}
	spin_unlock_bh(&fq->lock);

	if (refcount_sub_and_test(count, &fq->refcnt))
		inet_frag_destroy(fq);
}

void fqdir_exit(struct fqdir *fqdir)
{
	struct inet_frag_queue *fq;
	struct hlist_node *next;
	int i;

	for (i = 0; i < INETFRAGS_HASHSZ; i++)
		hlist_for_each_entry_safe(fq, next, &fqdir->hash[i], node)
			inet_frags_free_cb(fq);
	rcu_barrier();
	WARN_ON(frag_mem_limit(fqdir) != 0);
	kfree(fqdir);
}

static struct hlist_head *fqdir_bucket(struct fqdir *fqdir, const void *key)
{
	u32 hash = jhash(key, fqdir->f->key_len, 0);

	return &fqdir->hash[hash % INETFRAGS_HASHSZ];
}

static struct inet_frag_queue *fqdir_lookup(struct fqdir *fqdir, const void *key)
{
	struct inet_frag_queue *q;

	hlist_for_each_entry(q, fqdir_bucket(fqdir, key), node) {
		if (!memcmp(&q->key, key, fqdir->f->key_len))
			return q;
	}
	return NULL;
}

static struct inet_frag_queue *inet_frag_alloc(struct fqdir *fqdir, struct inet_frags *f,
					       void *arg)
{
	struct inet_frag_queue *q = kzalloc(f->qsize, GFP_ATOMIC);

	if (!q)
		return NULL;
	q->fqdir = fqdir;
	f->constructor(q, arg);
	add_frag_mem_limit(fqdir, f->qsize);
	timer_setup(&q->timer, f->frag_expire, 0);
	spin_lock_init(&q->lock);
	/* the caller's, the table's and the timer's */
	refcount_set(&q->refcnt, 3);
	return q;
}

static struct inet_frag_queue *inet_frag_create(struct fqdir *fqdir, void *arg)
{
	struct inet_frag_queue *q = inet_frag_alloc(fqdir, fqdir->f, arg);

	if (!q)
		return NULL;
	hlist_add_head(&q->node, fqdir_bucket(fqdir, arg));
	mod_timer(&q->timer, jiffies + fqdir->timeout);
	return q;
}

/* The queue of @key, with a reference; a new one if need be, NULL if there may be none. */
struct inet_frag_queue *inet_frag_find(struct fqdir *fqdir, void *key)
{
	struct inet_frag_queue *fq;

	if (!fqdir->high_thresh)
		return NULL;
	if (malformed(frag_mem_limit(fqdir) > fqdir->high_thresh))
		return NULL;

	rcu_read_lock();
	fq = fqdir_lookup(fqdir, key);
	if (!fq)
		fq = inet_frag_create(fqdir, key);
	else if (!refcount_inc_not_zero(&fq->refcnt))
		fq = NULL;
	rcu_read_unlock();
	return fq;
}

/*
 * The datagram
 */

/* The fragment that came last takes the place of the first, whose packet it becomes. */
static bool reasm_make_head(struct inet_frag_queue *q, struct sk_buff *skb,
			    struct sk_buff *head, struct sk_buff *parent)
{
	struct sk_buff *fp = skb_clone(skb, GFP_ATOMIC);

	if (!fp)
		return false;
	FRAG_CB(fp)->next_frag = FRAG_CB(skb)->next_frag;
	if (RB_EMPTY_NODE(&skb->rbnode))
		FRAG_CB(parent)->next_frag = fp;
	else
		rb_replace_node(&skb->rbnode, &fp->rbnode, &q->rb_fragments);
	if (q->fragments_tail == skb)
		q->fragments_tail = fp;

	skb_morph(skb, head);
	FRAG_CB(skb)->next_frag = FRAG_CB(head)->next_frag;
	rb_replace_node(&head->rbnode, &skb->rbnode, &q->rb_fragments);
	consume_skb(head);
	return true;
}

/* A head with a list of its own hands it to an empty packet, the first of the new list. */
static struct sk_buff **reasm_split_head(struct inet_frag_queue *q, struct sk_buff *head)
{
	struct sk_buff *clone;
	unsigned int i, plen = 0;

	clone = alloc_skb(0, GFP_ATOMIC);
	if (!clone)
		return NULL;
	skb_shinfo(clone)->frag_list = skb_shinfo(head)->frag_list;
	skb_frag_list_init(head);
	for (i = 0; i < skb_shinfo(head)->nr_frags; i++)
		plen += skb_frag_size(&skb_shinfo(head)->frags[i]);
	clone->data_len = head->data_len - plen;
	clone->len = clone->data_len;
	head->truesize += clone->truesize;
	clone->csum = 0;
	clone->ip_summed = head->ip_summed;
	add_frag_mem_limit(q->fqdir, clone->truesize);
	skb_shinfo(head)->frag_list = clone;
	return &clone->next;
}

/**
 * inet_frag_reasm_prepare - make @skb the head of the datagram
 * @q: queue, complete
 * @skb: the fragment that came last, in the tree
 * @parent: the tail of the queue before it came
 *
 * Return: where the other fragments go, or NULL without memory.
 */
void *inet_frag_reasm_prepare(struct inet_frag_queue *q, struct sk_buff *skb,
			      struct sk_buff *parent)
{
	struct sk_buff *head = skb_rb_first(&q->rb_fragments);
	int delta;

	if (head != skb) {
		if (!reasm_make_head(q, skb, head, parent))
			return NULL;
		head = skb;
	}
	WARN_ON(FRAG_CB(head)->ip_defrag_offset != 0);

	delta = -(int)head->truesize;
	if (skb_unclone(head, GFP_ATOMIC))
		return NULL;
	delta += (int)head->truesize;
	if (delta)
		add_frag_mem_limit(q->fqdir, delta);

	if (skb_has_frag_list(head))
		return reasm_split_head(q, head);
	return &skb_shinfo(head)->frag_list;
}

/* One more fragment to the end of the datagram. */
static struct sk_buff **reasm_add(struct sk_buff *head, struct sk_buff *fp,
				  struct sk_buff **nextp, bool try_coalesce)
{
	bool stolen;
	int delta;

	if (head->ip_summed != fp->ip_summed)
		head->ip_summed = CHECKSUM_NONE;

	if (try_coalesce && skb_try_coalesce(head, fp, &stolen, &delta)) {
		kfree_skb_partial(fp, stolen);
		return nextp;
	}
	fp->prev = NULL;
	memset(&fp->rbnode, 0, sizeof(fp->rbnode));
	fp->sk = NULL;
	head->data_len += fp->len;
	head->len += fp->len;
	head->truesize += fp->truesize;
	*nextp = fp;
	return &fp->next;
}

void inet_frag_reasm_finish(struct inet_frag_queue *q, struct sk_buff *head,
			    void *reasm_data, bool try_coalesce)
{
	struct sk_buff **nextp = reasm_data;
	struct rb_node *rbn, *rbnext;
	struct sk_buff *fp, *next_frag;
	int sum_truesize;

	skb_push(head, head->data - skb_network_header(head));

	fp = FRAG_CB(head)->next_frag;
	rbn = rb_next(&head->rbnode);
	rb_erase(&head->rbnode, &q->rb_fragments);

	sum_truesize = (int)head->truesize;
	while (rbn || fp) {
		for (; fp; fp = next_frag) {
			next_frag = FRAG_CB(fp)->next_frag;
			sum_truesize += (int)fp->truesize;
			nextp = reasm_add(head, fp, nextp, try_coalesce);
		}
		if (rbn) {
			rbnext = rb_next(rbn);
			fp = rb_to_skb(rbn);
			rb_erase(rbn, &q->rb_fragments);
			rbn = rbnext;
		}
	}
	sub_frag_mem_limit(q->fqdir, sum_truesize);

	*nextp = NULL;
	skb_mark_not_on_list(head);
	head->prev = NULL;
	head->tstamp = q->stamp;
	head->mono_delivery_time = q->mono_delivery_time;
}

/* Take the first fragment out of the tree, for who needs its device. */
struct sk_buff *inet_frag_pull_head(struct inet_frag_queue *q)
{
	struct sk_buff *head, *skb;

	head = skb_rb_first(&q->rb_fragments);
	if (!head)
		return NULL;
	skb = FRAG_CB(head)->next_frag;
	if (skb)
		rb_replace_node(&head->rbnode, &skb->rbnode, &q->rb_fragments);
	else
		rb_erase(&head->rbnode, &q->rb_fragments);
	memset(&head->rbnode, 0, sizeof(head->rbnode));

	if (head == q->fragments_tail)
		q->fragments_tail = NULL;

	sub_frag_mem_limit(q->fqdir, head->truesize);
	return head;
}
