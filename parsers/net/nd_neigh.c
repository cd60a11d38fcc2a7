// SPDX-License-Identifier: GPL-2.0-only
/*
 * The neighbour cache: states, timers, and the packets that wait for an answer.
 *
 * Modelled on: Linux 6.1 net/core/neighbour.c (__neigh_update, neigh_timer_handler,
 *	__neigh_event_send, neigh_resolve_output, neigh_invalidate, neigh_probe,
 *	neigh_forced_gc, neigh_destroy), net/ipv6/ndisc.c (ndisc_solicit,
 *	ndisc_error_report)
 * Spec: RFC 4861 5.1 and 7.3, RFC 7048
 * Differs: a list for each device, which forgets the oldest unused entry when it is full;
 *	no permanent entries, no periodic collection.
 */
#include <linux/icmpv6.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "nd.h"

enum {
	MCAST_PROBES = 3,
	UCAST_PROBES = 3,
	DELAY_PROBE_TIME = 5 * HZ,
};

static void nd_neigh_timer_handler(struct timer_list *t);

/*
 * Entries
 */

static struct nd_neigh *nd_neigh_find(struct nd_dev *nd, const struct in6_addr *addr)
{
	struct nd_neigh *n;

	list_for_each_entry(n, &nd->neighbours, list)
		if (ipv6_addr_equal(&n->primary_key, addr))
			return n;
	return NULL;
}

static void nd_neigh_add_timer(struct nd_neigh *n, unsigned long when)
{
	refcount_inc(&n->refcnt);
	if (mod_timer(&n->timer, when))
		refcount_dec(&n->refcnt);
}

static void nd_neigh_del_timer(struct nd_neigh *n)
{
	if ((n->nud_state & NUD_IN_TIMER) && del_timer(&n->timer))
		nd_neigh_release(n);
}

void nd_neigh_release(struct nd_neigh *n)
{
	if (!refcount_dec_and_test(&n->refcnt))
		return;
	__skb_queue_purge(&n->arp_queue);
	kfree(n);
}

/* Off the list, which held it; its timer may hold it a little longer. */
static void nd_neigh_unlink(struct nd_neigh *n)
{
	list_del(&n->list);
	n->nd->neigh_entries--;
	n->dead = 1;
	nd_neigh_release(n);
}

/* Room for one more: who is used by nobody, and resolving nothing, goes. */
static bool nd_neigh_forced_gc(struct nd_dev *nd)
{
	struct nd_neigh *n;

	list_for_each_entry(n, &nd->neighbours, list) {
		if (refcount_read(&n->refcnt) != 1)
			continue;
		nd_neigh_unlink(n);
		return true;
	}
	return false;
}

static struct nd_neigh *nd_neigh_create(struct nd_dev *nd, const struct in6_addr *addr)
{
	struct nd_neigh *n;

	if (nd->neigh_entries >= nd->cnf.gc_thresh3 && !nd_neigh_forced_gc(nd))
		return NULL;
	n = kzalloc(sizeof(*n), GFP_ATOMIC);
	if (!n)
		return NULL;
	n->nd = nd;
	n->primary_key = *addr;
	n->nud_state = NUD_NONE;
	n->updated = n->used = jiffies;
	n->confirmed = jiffies - 2 * nd->base_reachable_time;
	refcount_set(&n->refcnt, 1);
	__skb_queue_head_init(&n->arp_queue);
	timer_setup(&n->timer, nd_neigh_timer_handler, 0);
	list_add_tail(&n->list, &nd->neighbours);
	nd->neigh_entries++;
	return n;
}

/* The entry of @addr, held; NULL if there is none and none could be made. */
struct nd_neigh *nd_neigh_lookup(struct nd_dev *nd, const struct in6_addr *addr, bool create)
{
	struct nd_neigh *n = nd_neigh_find(nd, addr);

	if (!n && create)
		n = nd_neigh_create(nd, addr);
	if (n)
		refcount_inc(&n->refcnt);
	return n;
}

/*
 * Resolution
 */

/* The sender of each packet that waits hears that nobody answered. */
static void nd_neigh_invalidate(struct nd_neigh *n)
{
	struct sk_buff *skb;

	n->updated = jiffies;
	while (n->nud_state == NUD_FAILED && (skb = __skb_dequeue(&n->arp_queue)) != NULL) {
		icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
		kfree_skb(skb);
	}
	__skb_queue_purge(&n->arp_queue);
	n->arp_queue_len_bytes = 0;
}

/* The address to ask from: that of the packet which waits, if it is ours. */
static const struct in6_addr *nd_solicit_saddr(struct nd_neigh *n, const struct sk_buff *skb)
{
	if (skb && ipv6_get_ifaddr(n->nd, &ipv6_hdr(skb)->saddr))
		return &ipv6_hdr(skb)->saddr;
	return ipv6_get_saddr(n->nd, &n->primary_key);
}

static void nd_neigh_probe(struct nd_neigh *n)
{
	struct sk_buff *skb = skb_peek_tail(&n->arp_queue);
	const struct in6_addr *saddr;
	struct in6_addr mcaddr;

	if (skb)
		skb = skb_clone(skb, GFP_ATOMIC);
	saddr = nd_solicit_saddr(n, skb);
	if (saddr && n->probes < UCAST_PROBES && n->nud_state & NUD_PROBE) {
		ndisc_send_ns(n->nd, &n->primary_key, &n->primary_key, saddr, 0);
	} else if (saddr) {
		addrconf_addr_solict_mult(&n->primary_key, &mcaddr);
		ndisc_send_ns(n->nd, &n->primary_key, &mcaddr, saddr, 0);
	}
	n->probes++;
	consume_skb(skb);
}

static unsigned int nd_neigh_max_probes(const struct nd_neigh *n)
{
	return UCAST_PROBES + (n->nud_state & NUD_PROBE ? 0 : MCAST_PROBES);
}

/* Was reachable: is it still, or used a while ago, or quiet? */
static unsigned long nd_neigh_aged(struct nd_neigh *n)
{
	unsigned long alive = n->confirmed + n->nd->reachable_time;

	if (time_before_eq(jiffies, alive))
		return alive;
	n->updated = jiffies;
	if (time_before_eq(jiffies, n->used + DELAY_PROBE_TIME)) {
		n->nud_state = NUD_DELAY;
		return jiffies + DELAY_PROBE_TIME;
	}
	n->nud_state = NUD_STALE;
	return jiffies;
}

static unsigned long nd_neigh_delayed(struct nd_neigh *n)
{
	n->updated = jiffies;
	if (time_before_eq(jiffies, n->confirmed + DELAY_PROBE_TIME)) {
		n->nud_state = NUD_REACHABLE;
		return n->confirmed + n->nd->reachable_time;
	}
	n->nud_state = NUD_PROBE;
	n->probes = 0;
	return jiffies + max(n->nd->retrans_time, HZ / 100UL);
}

static void nd_neigh_timer_handler(struct timer_list *t)
{
	struct nd_neigh *n = from_timer(n, t, timer);
	unsigned long next;

	if (!(n->nud_state & NUD_IN_TIMER))
		goto out;
	if (n->nud_state & NUD_REACHABLE)
		next = nd_neigh_aged(n);
	else if (n->nud_state & NUD_DELAY)
		next = nd_neigh_delayed(n);
	else
		next = jiffies + max(n->nd->retrans_time, HZ / 100UL);

	if (n->nud_state & (NUD_INCOMPLETE | NUD_PROBE) && n->probes >= nd_neigh_max_probes(n)) {
		n->nud_state = NUD_FAILED;
		nd_neigh_invalidate(n);
		goto out;
	}
	if (n->nud_state & NUD_IN_TIMER)
		nd_neigh_add_timer(n, max(next, jiffies + HZ / 100));
	if (n->nud_state & (NUD_INCOMPLETE | NUD_PROBE))
		nd_neigh_probe(n);
out:
	nd_neigh_release(n);
}

/* The oldest packets make room for @skb. */
static void nd_neigh_enqueue(struct nd_neigh *n, struct sk_buff *skb)
{
	struct sk_buff *buff;

	while (n->arp_queue_len_bytes + skb->truesize > n->nd->cnf.unres_qlen_bytes) {
		buff = __skb_dequeue(&n->arp_queue);
		if (!buff)
			break;
		n->arp_queue_len_bytes -= buff->truesize;
		kfree_skb(buff);
	}
	__skb_queue_tail(&n->arp_queue, skb);
	n->arp_queue_len_bytes += skb->truesize;
}

/* true: @skb waits, or is gone. */
static bool nd_neigh_event_send(struct nd_neigh *n, struct sk_buff *skb)
{
	if (n->nud_state & (NUD_CONNECTED | NUD_DELAY | NUD_PROBE))
		return false;
	if (n->nud_state & NUD_STALE) {
		n->nud_state = NUD_DELAY;
		n->updated = jiffies;
		nd_neigh_add_timer(n, jiffies + DELAY_PROBE_TIME);
		return false;
	}
	if (n->nud_state & NUD_INCOMPLETE) {
		nd_neigh_enqueue(n, skb);
		return true;
	}
	n->probes = UCAST_PROBES;
	n->nud_state = NUD_INCOMPLETE;
	n->updated = jiffies;
	nd_neigh_enqueue(n, skb);
	nd_neigh_add_timer(n, jiffies + max(n->nd->retrans_time, HZ / 100UL));
	nd_neigh_probe(n);
	return true;
}

void nd_neigh_output(struct nd_neigh *n, struct sk_buff *skb)
{
	n->used = jiffies;
	if (nd_neigh_event_send(n, skb))
		return;
	sink_effect_bytes(rx_sink(skb), "xmit.ha", n->ha, ETH_ALEN);
	dev_queue_xmit(skb);
}

/*
 * Updates
 */

/*
 * Whether the entry takes the link-layer address that a message tells; @new may change.
 * A known address is replaced if the message may do that, or put in doubt.
 */
static bool nd_neigh_take_lladdr(struct nd_neigh *n, const u8 **lladdr, u8 *new, u32 flags,
				 bool *isrouter)
{
	u8 old = n->nud_state;

	if (!*lladdr) {
		/* nothing is told, and nothing known */
		if (malformed(!(old & NUD_VALID)))
			return false;
		*lladdr = n->ha;
	} else if (old & NUD_VALID && !memcmp(*lladdr, n->ha, ETH_ALEN)) {
		*lladdr = n->ha;
	}
	if (*new & NUD_CONNECTED)
		n->confirmed = jiffies;

	*isrouter = flags & NEIGH_UPDATE_F_OVERRIDE_ISROUTER;
	if (!(old & NUD_VALID))
		return true;
	if (malformed(*lladdr != n->ha && !(flags & NEIGH_UPDATE_F_OVERRIDE))) {
		*isrouter = false;
		if (!(flags & NEIGH_UPDATE_F_WEAK_OVERRIDE) || !(old & NUD_CONNECTED))
			return false;
		*lladdr = n->ha;
		*new = NUD_STALE;
	} else if (*lladdr == n->ha && *new == NUD_STALE) {
		*new = old;
	}
	return true;
}

/* The first answer: what waited for it goes out. */
static void nd_neigh_flush(struct nd_neigh *n)
{
	struct sk_buff *skb;

	while (n->nud_state & NUD_VALID && (skb = __skb_dequeue(&n->arp_queue)) != NULL)
		nd_neigh_output(n, skb);
	__skb_queue_purge(&n->arp_queue);
	n->arp_queue_len_bytes = 0;
}

static void nd_neigh_change(struct nd_neigh *n, const u8 *lladdr, u8 new)
{
	struct sink *sink = dev_net(n->nd->dev)->sink;
	u8 old = n->nud_state;

	if (new != old || lladdr != n->ha)
		n->updated = jiffies;
	if (new != old) {
		nd_neigh_del_timer(n);
		if (new & NUD_IN_TIMER)
			nd_neigh_add_timer(n, jiffies + (new & NUD_REACHABLE ?
							 n->nd->reachable_time : 0));
		n->nud_state = new;
		sink_effect_u64(sink, "neigh.state", new);
	}
	if (lladdr != n->ha) {
		memcpy(n->ha, lladdr, ETH_ALEN);
		if (!(new & NUD_CONNECTED))
			n->confirmed = jiffies - 2 * n->nd->base_reachable_time;
		sink_effect_bytes(sink, "neigh.ha", n->ha, ETH_ALEN);
	}
	if (new != old && !(old & NUD_VALID))
		nd_neigh_flush(n);
}

/**
 * nd_neigh_update - a message tells something about a neighbour
 * @n: its entry
 * @lladdr: the link-layer address, NULL if the message has none
 * @new: state that follows from the message
 * @flags: NEIGH_UPDATE_F_*
 */
void nd_neigh_update(struct nd_neigh *n, const u8 *lladdr, u8 new, u32 flags)
{
	bool isrouter = false;

	if (n->dead)
		return;
	if (nd_neigh_take_lladdr(n, &lladdr, &new, flags, &isrouter))
		nd_neigh_change(n, lladdr, new);
	if (!isrouter)
		return;
	if (flags & NEIGH_UPDATE_F_ISROUTER)
		n->flags |= NTF_ROUTER;
	else
		n->flags &= (u8)~NTF_ROUTER;
}

void nd_neigh_down(struct nd_dev *nd)
{
	struct nd_neigh *n, *tmp;

	list_for_each_entry_safe(n, tmp, &nd->neighbours, list) {
		if (del_timer(&n->timer))
			nd_neigh_release(n);
		nd_neigh_unlink(n);
	}
}
