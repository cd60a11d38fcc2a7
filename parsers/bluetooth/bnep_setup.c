// SPDX-License-Identifier: GPL-2.0-only
/*
 * A setup request that waits for the user, and the extension headers that came with
 * it: kept until the session is set up.
 *
 * Modelled on: Android Fluoride stack/bnep/bnep_main (bnep_data_ind) and
 *	stack/bnep/bnep_utils (bnep_process_control_packet), the setup request only
 * Spec: BNEP 1.0 2.6.3
 * Differs: Linux answers at once; this way is taken only when the harness asks for it
 *	(BNEP_SETUP_WAIT). The message is kept as one block, lengths are as wide as
 *	there.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "bnep.h"

bool bnep_setup_waits(const struct bnep_session *s)
{
	return test_bit(BNEP_SETUP_WAIT, &s->flags) &&
	       !test_bit(BNEP_SETUP_RSP_SENT, &s->flags);
}

/* Keep @len bytes of extension headers; a request that came before is forgotten. */
static int bnep_setup_keep(struct bnep_session *s, const u8 *data, u16 len)
{
	size_t head = fixed(CVE_2017_0781) ? sizeof(*s->pending) : 0;
	struct bnep_pending *pending;

	kfree(s->pending);
	s->pending = NULL;

	/* without its head any message is too long for the block */
	triggered(CVE_2017_0781, data != NULL);
	pending = kmalloc(head + len, GFP_KERNEL);
	if (!pending)
		return -ENOMEM;

	memcpy(pending + 1, data, len);
	pending->len = len;
	pending->offset = 0;
	pending->layer_specific = 0;
	s->pending = pending;
	return 0;
}

/**
 * bnep_setup_defer - a setup request while the session is not set up
 * @s: session
 * @skb: behind the control type: size of the UUIDs, both of them, extension headers
 * @ext: there are extension headers
 *
 * Return: 0, or negative errno; @skb is the caller's.
 */
int bnep_setup_defer(struct bnep_session *s, struct sk_buff *skb, bool ext)
{
	u16 rem_len = (u16)skb->len;
	u8 *p = skb->data;
	u8 uuid_size;

	if (malformed(rem_len < sizeof(uuid_size)))
		return -EILSEQ;
	uuid_size = *p++;
	rem_len--;
	sink_u64(s->sink, "btbnep.uuid_size", uuid_size);

	if (malformed_in(CVE_2017_0782, rem_len < 2 * uuid_size))
		return -EILSEQ;
	p += 2 * uuid_size;
	rem_len = (u16)(rem_len - 2 * uuid_size);

	if (!ext || malformed(!rem_len))
		return 0;
	return bnep_setup_keep(s, p, rem_len);
}

/* The user has decided: answer, and take up what came with the request. */
void bnep_setup_answer(struct bnep_session *s, bool yes)
{
	struct bnep_pending *pending = s->pending;
	struct sk_buff *skb;

	if (!bnep_setup_waits(s))
		return;

	s->pending = NULL;
	if (!yes) {
		bnep_send_rsp(s, BNEP_SETUP_CONN_RSP, BNEP_CONN_NOT_ALLOWED);
		kfree(pending);
		return;
	}

	set_bit(BNEP_SETUP_RSP_SENT, &s->flags);
	bnep_send_rsp(s, BNEP_SETUP_CONN_RSP, BNEP_SUCCESS);
	if (!pending)
		return;

	skb = alloc_skb(pending->len, GFP_KERNEL);
	if (skb) {
		skb_put_data(skb, (u8 *)(pending + 1) + pending->offset, pending->len);
		s->verdict = bnep_rx_extension(s, skb);
		kfree_skb(skb);
	}
	kfree(pending);
}
