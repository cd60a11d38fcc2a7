/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * $title: records of type, length and value, until the packet ends.
 *
 * Modelled on: (project, version, file, functions)
 * Spec:        (document, sections)
 * Differs:     (what is left out or changed, and why)
 */
#include <linux/errno.h>
#include <linux/skbuff.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

#include "$file.h"

struct ${file}_record {
	u8 type;
	u8 len;			/* of the value behind this header */
} __packed;

static int ${file}_rcv_record(struct sk_buff *skb, struct sink *sink)
{
	const struct ${file}_record *rec;
	unsigned int len;

	if (malformed(!pskb_may_pull(skb, sizeof(*rec))))
		return -EBADMSG;
	rec = (const struct ${file}_record *)skb->data;
	len = rec->len;
	sink_u64(sink, "$file.type", rec->type);
	sink_u64(sink, "$file.len", len);

	/* May move the data: rec is stale from here on. */
	if (malformed(!pskb_may_pull(skb, sizeof(*rec) + len)))
		return -EBADMSG;
	sink_bytes(sink, "$file.value", skb->data + sizeof(*rec), len);
	skb_pull(skb, sizeof(*rec) + len);
	return 0;
}

int ${file}_rcv(struct sk_buff *skb, struct sink *sink)
{
	int err = 0;

	while (!err && skb->len)
		err = ${file}_rcv_record(skb, sink);
	sink_verdict(sink, err, 0);
	return err;
}
