// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the ports end: a packet is handed over to a layer that is not there.
 *
 * Modelled on: nothing; every port may end this way
 * Spec: none
 * Differs: which protocol, where it begins and how long it is are effects.
 */
#include "rx.h"

void rx_handover(struct sk_buff *skb, const char *what, unsigned int proto)
{
	struct sink *sink = rx_sink(skb);

	sink_effect_u64(sink, what, proto);
	sink_effect_u64(sink, "handover.offset", -skb_network_offset(skb));
	sink_effect_u64(sink, "handover.len", skb->len);
	sink_verdict(sink, 0, 0);
	consume_skb(skb);
}
