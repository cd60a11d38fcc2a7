// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a SCO or ISO socket.
 *
 * Modelled on: Linux 6.1 net/bluetooth/sco.c, iso.c (sco_sock_alloc, sco_sock_kill),
 *	net/core/sock.c (sock_queue_rcv_skb)
 * Spec: none, own state
 * Differs: data that is delivered is an effect, and not kept.
 */
#include "audio_sock.h"

#include <redzone/sink.h>

static void audio_sock_release(struct kref *kref)
{
	struct audio_sock *sk = container_of(kref, struct audio_sock, kref);

	skb_queue_purge(&sk->receive_queue);
	kfree(sk);
}

struct audio_sock *audio_sock_alloc(struct list_head *all)
{
	struct audio_sock *sk = kzalloc(sizeof(*sk), GFP_ATOMIC);

	if (!sk)
		return NULL;
	kref_init(&sk->kref);
	skb_queue_head_init(&sk->receive_queue);
	sk->state = BT_OPEN;
	list_add(&sk->list, all);
	return sk;
}

void audio_sock_hold(struct audio_sock *sk)
{
	kref_get(&sk->kref);
}

void audio_sock_put(struct audio_sock *sk)
{
	kref_put(&sk->kref, audio_sock_release);
}

void audio_sock_kill(struct audio_sock *sk)
{
	if (sk->dead)
		return;
	sk->dead = true;
	list_del(&sk->list);
	audio_sock_put(sk);
}

/* Takes the packet: the reader is quick. */
void audio_sock_queue(struct hci_dev *hdev, struct audio_sock *sk, struct sk_buff *skb)
{
	sink_effect_bytes(hdev->sink, "audio.data", skb->data, skb->len);
	sink_verdict(hdev->sink, 0, 0);
	kfree_skb(skb);
}
