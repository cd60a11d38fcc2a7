// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: data on its way to the user.
 *
 * Modelled on: Linux 6.1 net/sctp/ulpevent.c (sctp_ulpevent_make_rcvmsg,
 *	sctp_ulpevent_receive_data, sctp_ulpevent_release_data, sctp_ulpevent_free),
 *	net/sctp/ulpqueue.c (sctp_make_reassembled_event), net/sctp/associola.c
 *	(sctp_assoc_rwnd_increase, sctp_assoc_rwnd_decrease)
 * Spec: RFC 9260 6.2, 6.6 and 6.9
 * Differs: notifications are effects; a window that opens again is announced once it is
 *	of one packet.
 */
#include <linux/slab.h>
#include <net/sctp.h>

#include "rx.h"

void sctp_assoc_rwnd_decrease(struct sctp_association *asoc, u32 len)
{
	if (asoc->rwnd >= len) {
		asoc->rwnd -= len;
	} else {
		asoc->rwnd_over += len - asoc->rwnd;
		asoc->rwnd = 0;
	}
}

void sctp_assoc_rwnd_increase(struct sctp_association *asoc, u32 len)
{
	u32 before = asoc->rwnd;

	if (asoc->rwnd_over >= len) {
		asoc->rwnd_over -= len;
	} else {
		asoc->rwnd += len - asoc->rwnd_over;
		asoc->rwnd_over = 0;
	}
	if (!asoc->dead && asoc->state == SCTP_STATE_ESTABLISHED &&
	    before < SCTP_DEFAULT_MINWINDOW && asoc->rwnd >= SCTP_DEFAULT_MINWINDOW)
		sctp_gen_sack(asoc, true);
}

/* The data of @chunk, which its event keeps; its TSN has arrived. */
struct sctp_ulpevent *sctp_ulpevent_make_rcvmsg(struct sctp_association *asoc,
						struct sctp_chunk *chunk)
{
	unsigned int len = (unsigned int)sctp_chunk_len(chunk), padding = SCTP_PAD4(len) - len;
	struct sctp_ulpevent *event;
	struct sk_buff *skb = skb_clone(chunk->skb, GFP_ATOMIC);

	if (!skb)
		return NULL;
	if (sctp_tsnmap_mark(&asoc->peer.tsn_map, ntohl(chunk->subh.data_hdr->tsn))) {
		consume_skb(skb);
		return NULL;
	}
	skb_trim(skb, (unsigned int)(chunk->chunk_end - padding - skb->data));
	event = sctp_skb2event(skb);
	memset(event, 0, sizeof(*event));
	sctp_association_hold(asoc);
	event->asoc = asoc;
	sctp_chunk_hold(chunk);
	event->chunk = chunk;
	event->stream = ntohs(chunk->subh.data_hdr->stream);
	event->msg_flags = chunk->chunk_hdr->flags &
			   (SCTP_DATA_FRAG_MASK | SCTP_DATA_UNORDERED);
	event->tsn = ntohl(chunk->subh.data_hdr->tsn);
	sctp_assoc_rwnd_decrease(asoc, skb->len);
	return event;
}

/* Fragments behind the first have no length of their own. */
static void sctp_ulpevent_release_frag_data(struct sctp_ulpevent *event)
{
	struct sk_buff *frag = skb_shinfo(sctp_event2skb(event))->frag_list;

	if (sctp_event2skb(event)->data_len) {
		for (; frag; frag = frag->next)
			sctp_ulpevent_release_frag_data(sctp_skb2event(frag));
	}
	sctp_chunk_put(event->chunk);
	sctp_association_put(event->asoc);
}

void sctp_ulpevent_free(struct sctp_ulpevent *event)
{
	struct sk_buff *skb = sctp_event2skb(event), *frag;
	struct sctp_association *asoc = event->asoc;

	if (skb->data_len) {
		for (frag = skb_shinfo(skb)->frag_list; frag; frag = frag->next)
			sctp_ulpevent_release_frag_data(sctp_skb2event(frag));
	}
	sctp_assoc_rwnd_increase(asoc, skb->len);
	sctp_chunk_put(event->chunk);
	consume_skb(skb);
	sctp_association_put(asoc);
}

void sctp_queue_purge_ulpevents(struct sk_buff_head *list)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(list)) != NULL)
		sctp_ulpevent_free(sctp_skb2event(skb));
}

/* The user reads: up to @max messages. Return: how many there were. */
unsigned int sctp_ulpevent_recv(struct sctp_endpoint *ep, unsigned int max)
{
	struct sctp_ulpevent *event;
	struct sk_buff *skb;
	unsigned int n = 0;
	struct sink *sink;
	u8 *buf;

	while (n < max && (skb = __skb_dequeue(&ep->sk.sk_receive_queue)) != NULL) {
		event = sctp_skb2event(skb);
		sink = event->asoc->net->sink;
		buf = kmalloc(skb->len, GFP_ATOMIC);
		if (buf && !skb_copy_bits(skb, 0, buf, (int)skb->len))
			sink_effect_bytes(sink, "sctp.recv", buf, skb->len);
		kfree(buf);
		sink_effect_u64(sink, "sctp.recv.stream", event->stream);
		sink_effect_u64(sink, "sctp.recv.flags", event->msg_flags);
		sink_effect_u64(sink, "sctp.recv.ppid", event->ppid);
		sctp_ulpevent_free(event);
		n++;
	}
	return n;
}

/**
 * sctp_make_reassembled_event - join fragments, which leave @queue
 * @f_frag: the first; becomes the message, the others its fragment list
 * @l_frag: the last
 */
struct sctp_ulpevent *sctp_make_reassembled_event(struct sk_buff_head *queue,
						  struct sk_buff *f_frag, struct sk_buff *l_frag)
{
	struct sk_buff *pos = f_frag == l_frag ? NULL : f_frag->next, *new = NULL, *pnext;

	if (skb_cloned(f_frag)) {
		/* the fragment list is not ours alone */
		new = skb_copy(f_frag, GFP_ATOMIC);
		if (!new)
			return NULL;
		skb_shinfo(new)->frag_list = pos;
	} else {
		skb_shinfo(f_frag)->frag_list = pos;
	}
	__skb_unlink(f_frag, queue);
	if (new) {
		consume_skb(f_frag);
		f_frag = new;
	}
	while (pos) {
		pnext = pos->next;
		f_frag->len += pos->len;
		f_frag->data_len += pos->len;
		__skb_unlink(pos, queue);
		if (pos == l_frag)
			break;
		pos->next = pnext;
		pos = pnext;
	}
	return sctp_skb2event(f_frag);
}
