// SPDX-License-Identifier: GPL-2.0-only
/* The mutator of bt_hci_event: events, commands and acts; no data. */
#include "mutator_h4.h"

static void event_make(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		       uint8_t *inside)
{
	size_t len = rz_rng_below(rng, 3) ? bt_make_event(rng, buf) : bt_make_act(rng, buf);

	*inside = 0;
	bt_made(part, BT_RAW, 0, buf, len, room);
}

static const struct rz_grammar bt_hci_event_grammar = {
	.cut = bt_h4_cut,
	.close = bt_h4_close,
	.link = bt_h4_link,
	.finish = bt_h4_finish,
	.make = event_make,
};

RZ_MUTATOR(bt_hci_event_grammar)
