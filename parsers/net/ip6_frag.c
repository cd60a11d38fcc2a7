// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv6 reassembly.
 *
 * Modelled on: Linux 6.1 net/ipv6/reassembly.c, include/net/ipv6_frag.h
 * Spec: RFC 8200 4.5, RFC 5722, RFC 6946, RFC 7112
 * Differs: ip6_frag_rcv is ipv6_frag_rcv, ip6_frag_join is ip6_frag_queue (reassembly.c
 *	has those names, for targets without queues); no MIB counters or checksum state
 *	of the device; head room that never held data is not moved. CVE-2019-5597 is a
 *	variant: pf patches a copy of the packet, this port the packet.
 */
#include <linux/icmpv6.h>
#include <linux/rcupdate.h>
#include <net/addrconf.h>
#include <net/inet_ecn.h>
#include <net/inet_frag.h>
#include <net/protocol.h>

#include "ipv6_frag.h"
#include "rx.h"

enum { IP6_DEFRAG_LOCAL_DELIVER = 0 };

#define IPV6_FRAG_TIMEOUT	(60 * HZ)

/*
 * @nhoffset: of the next-header byte that names the Fragment header, in the packet
 *	that becomes the datagram
 */
struct frag_queue {
	struct inet_frag_queue	q;
	int			iif;
	__u16			nhoffset;
	u8			ecn;
};

static u8 ip6_frag_ecn(const struct ipv6hdr *ipv6h)
{
	return (u8)(1 << (ipv6_get_dsfield(ipv6h) & INET_ECN_MASK));
}

static void ip6frag_init(struct inet_frag_queue *q, const void *a)
{
	struct frag_queue *fq = container_of(q, struct frag_queue, q);

	q->key.v6 = *(const struct frag_v6_compare_key *)a;
	fq->ecn = 0;
}

/* Time is up: the sender hears of it if we can show it what it sent first. */
static void ip6_frag_expire(struct timer_list *t)
{
	struct inet_frag_queue *frag = from_timer(frag, t, timer);
	struct frag_queue *fq = container_of(frag, struct frag_queue, q);
	struct net_device *dev;
	struct sk_buff *head;

	rcu_read_lock();
	if (fq->q.fqdir->dead)
		goto out_rcu_unlock;
	spin_lock(&fq->q.lock);

	if (fq->q.flags & INET_FRAG_COMPLETE)
		goto out;
	inet_frag_kill(&fq->q);

	dev = dev_get_by_index_rcu(fq->q.fqdir->net, fq->iif);
	if (!dev)
		goto out;
	if (!(fq->q.flags & INET_FRAG_FIRST_IN))
		goto out;

	/* in the tree it has no device */
	head = inet_frag_pull_head(&fq->q);
	if (!head)
		goto out;
	head->dev = dev;
	spin_unlock(&fq->q.lock);

	icmpv6_send(head, ICMPV6_TIME_EXCEED, ICMPV6_EXC_FRAGTIME, 0);
	kfree_skb(head);
	goto out_rcu_unlock;

out:
	spin_unlock(&fq->q.lock);
out_rcu_unlock:
	rcu_read_unlock();
	inet_frag_put(&fq->q);
}

static struct inet_frags ip6_frags = {
	.qsize = sizeof(struct frag_queue),
	.key_len = sizeof(struct frag_v6_compare_key),
	.constructor = ip6frag_init,
	.frag_expire = ip6_frag_expire,
};

static struct frag_queue *fq_find(struct net *net, __be32 id, const struct ipv6hdr *hdr,
				  int iif)
{
	struct frag_v6_compare_key key = {
		.saddr = hdr->saddr,
		.daddr = hdr->daddr,
		.user = IP6_DEFRAG_LOCAL_DELIVER,
		.id = id,
		.iif = (u32)iif,
	};
	struct inet_frag_queue *q;

	/* only these addresses mean something else on another link */
	if (!(ipv6_addr_type(&hdr->daddr) & (IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL)))
		key.iif = 0;

	q = inet_frag_find(net->ipv6.fqdir, &key);
	return q ? container_of(q, struct frag_queue, q) : NULL;
}

/*
 * The datagram
 */

/* Where the Fragment header was the packet ends up shorter by it, at the front. */
static void ip6_frag_remove_header(struct sk_buff *skb, unsigned int nhoff)
{
	u8 *low = redzone_skb_low(skb);

	skb_network_header(skb)[nhoff] = skb_transport_header(skb)[0];
	memmove(low + sizeof(struct frag_hdr), low,
		(size_t)(skb->data - low) - sizeof(struct frag_hdr));
	if (skb_mac_header_was_set(skb))
		skb->mac_header = (u16)(skb->mac_header + sizeof(struct frag_hdr));
	skb->network_header = (u16)(skb->network_header + sizeof(struct frag_hdr));
	skb_reset_transport_header(skb);
}

/* All of it is there: @skb becomes the datagram (1), or stays in the queue (-1). */
static int ip6_frag_reasm(struct frag_queue *fq, struct sk_buff *skb,
			  struct sk_buff *prev_tail, struct net_device *dev)
{
	void *reasm_data;
	int payload_len;
	u8 ecn;

	inet_frag_kill(&fq->q);

	ecn = ip_frag_ecn_table[fq->ecn];
	if (malformed(ecn == 0xff))
		goto out_fail;

	reasm_data = inet_frag_reasm_prepare(&fq->q, skb, prev_tail);
	if (!reasm_data)
		goto out_fail;

	payload_len = (int)(skb->data - skb_network_header(skb)) -
		      (int)sizeof(struct ipv6hdr) + fq->q.len -
		      (int)sizeof(struct frag_hdr);
	if (malformed(payload_len > IPV6_MAXPLEN))
		goto out_fail;

	ip6_frag_remove_header(skb, fq->nhoffset);
	inet_frag_reasm_finish(&fq->q, skb, reasm_data, true);

	skb->dev = dev;
	ipv6_hdr(skb)->payload_len = htons((u16)payload_len);
	ipv6_change_dsfield(ipv6_hdr(skb), 0xff, ecn);
	IP6CB(skb)->nhoff = fq->nhoffset;
	IP6CB(skb)->flags |= IP6SKB_FRAGMENTED;
	IP6CB(skb)->frag_max_size = fq->q.max_size;
	sink_effect_u64(rx_sink(skb), "reassembled.len", skb->len);

	fq->q.rb_fragments = RB_ROOT;
	fq->q.fragments_tail = NULL;
	fq->q.last_run_head = NULL;
	return 1;

out_fail:
	inet_frag_kill(&fq->q);
	return -1;
}

/* Does the end of this fragment agree with what is known of the datagram's? */
static bool ip6_frag_end_ok(struct frag_queue *fq, const struct frag_hdr *fhdr, int end,
			    u32 *prob_offset)
{
	if (!(fhdr->frag_off & htons(IP6_MF))) {
		/* the last: nothing lies behind it, and there is one */
		if (malformed(end < fq->q.len))
			return false;
		if (malformed((fq->q.flags & INET_FRAG_LAST_IN) && end != fq->q.len))
			return false;
		fq->q.flags |= INET_FRAG_LAST_IN;
		fq->q.len = end;
		return true;
	}

	/* all but the last are multiples of 8 */
	if (malformed(end & 0x7)) {
		*prob_offset = offsetof(struct ipv6hdr, payload_len);
		return false;
	}
	if (end > fq->q.len) {
		if (malformed(fq->q.flags & INET_FRAG_LAST_IN))
			return false;
		fq->q.len = end;
	}
	return true;
}

/* What the queue remembers of a fragment that has just joined it. */
static void ip6_frag_joined(struct frag_queue *fq, struct sk_buff *skb, int offset,
			    int nhoff, u8 ecn)
{
	int fragsize = -skb_network_offset(skb) + (int)skb->len;

	fq->q.stamp = skb->tstamp;
	fq->q.mono_delivery_time = skb->mono_delivery_time;
	fq->q.meat += (int)skb->len;
	fq->ecn |= ecn;
	add_frag_mem_limit(fq->q.fqdir, skb->truesize);
	if (fragsize > fq->q.max_size)
		fq->q.max_size = (u16)fragsize;

	/* the others may have other headers in front */
	triggered(CVE_2019_5597, offset && fq->q.flags & INET_FRAG_FIRST_IN &&
				 nhoff > fq->nhoffset);
	if (offset == 0 || !fixed(CVE_2019_5597))
		fq->nhoffset = (u16)nhoff;
	if (offset == 0)
		fq->q.flags |= INET_FRAG_FIRST_IN;
}

/*
 * A fragment joins its queue: 1 if @skb now is the datagram, else it is kept or gone,
 * unless *@prob_offset is set: it is the caller's then, who complains about that place.
 */
static int ip6_frag_join(struct frag_queue *fq, struct sk_buff *skb,
			 struct frag_hdr *fhdr, int nhoff, u32 *prob_offset)
{
	struct sk_buff *prev_tail;
	struct net_device *dev;
	unsigned long orefdst;
	int offset, end, err;
	u8 ecn;

	if (fq->q.flags & INET_FRAG_COMPLETE)
		goto err;

	if (!ipv6_frag_place(skb, fhdr, &offset, &end, prob_offset))
		return -1;
	ecn = ip6_frag_ecn(ipv6_hdr(skb));

	if (!ip6_frag_end_ok(fq, fhdr, end, prob_offset)) {
		if (*prob_offset)
			return -1;
		goto discard_fq;
	}
	if (malformed(end == offset))
		goto discard_fq;

	if (!pskb_pull(skb, (u8 *)(fhdr + 1) - skb->data))
		goto discard_fq;
	if (pskb_trim_rcsum(skb, end - offset))
		goto discard_fq;

	dev = skb->dev;
	prev_tail = fq->q.fragments_tail;
	err = inet_frag_queue_insert(&fq->q, skb, offset, end);
	if (err == IPFRAG_DUP)
		goto err;
	if (err)
		goto discard_fq;

	fq->iif = dev->ifindex;
	ip6_frag_joined(fq, skb, offset, nhoff, ecn);

	if (fq->q.flags == (INET_FRAG_FIRST_IN | INET_FRAG_LAST_IN) &&
	    fq->q.meat == fq->q.len) {
		orefdst = skb->_skb_refdst;
		skb->_skb_refdst = 0UL;
		err = ip6_frag_reasm(fq, skb, prev_tail, dev);
		skb->_skb_refdst = orefdst;
		return err;
	}
	skb_dst_drop(skb);
	return -EINPROGRESS;

discard_fq:
	inet_frag_kill(&fq->q);
err:
	kfree_skb(skb);
	return -EINVAL;
}

static int ip6_frag_rcv_queue(struct sk_buff *skb, struct frag_hdr *fhdr, u32 *prob_offset)
{
	int ret, iif = skb->dev->ifindex;
	struct frag_queue *fq;

	fq = fq_find(dev_net(skb->dev), fhdr->identification, ipv6_hdr(skb), iif);
	if (!fq) {
		kfree_skb(skb);
		return -1;
	}

	spin_lock(&fq->q.lock);
	fq->iif = iif;
	ret = ip6_frag_join(fq, skb, fhdr, IP6CB(skb)->nhoff, prob_offset);
	spin_unlock(&fq->q.lock);
	inet_frag_put(&fq->q);
	return ret;
}

static int ip6_frag_rcv(struct sk_buff *skb)
{
	return ipv6_frag_receive(skb, ip6_frag_rcv_queue);
}

static const struct inet6_protocol ip6_frag_protocol = {
	.handler = ip6_frag_rcv,
	.flags = INET6_PROTO_NOPOLICY,
};

static int ipv6_frags_init_net(struct net *net)
{
	int res = fqdir_init(&net->ipv6.fqdir, &ip6_frags, net);

	if (res < 0)
		return res;
	net->ipv6.fqdir->high_thresh = net->ipv6.sysctl.ip6frag_high_thresh;
	net->ipv6.fqdir->timeout = IPV6_FRAG_TIMEOUT;
	return 0;
}

static void ipv6_frags_exit_net(struct net *net)
{
	fqdir_pre_exit(net->ipv6.fqdir);
	fqdir_exit(net->ipv6.fqdir);
}

static struct pernet_operations ip6_frags_ops = {
	.init = ipv6_frags_init_net,
	.exit = ipv6_frags_exit_net,
};

int ipv6_frag_init(void)
{
	int ret = inet6_add_protocol(&ip6_frag_protocol, IPPROTO_FRAGMENT);

	return ret ? ret : register_pernet_subsys(&ip6_frags_ops);
}
