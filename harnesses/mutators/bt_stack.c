// SPDX-License-Identifier: GPL-2.0-only
/* The mutator of bt_stack: everything that a transport carries. */
#include "mutator_h4.h"

static void stack_make(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		       uint8_t *inside)
{
	static size_t (*const makers[])(struct rz_rng *rng, uint8_t *at) = {
		bt_make_event, bt_make_event, bt_make_event, bt_make_act, bt_make_act,
		bt_make_fragment, bt_make_iframe, bt_make_kframe,
	};
	uint32_t i = rz_rng_below(rng, sizeof(makers) / sizeof(makers[0]) + 1);

	*inside = 0;
	if (i < sizeof(makers) / sizeof(makers[0])) {
		bt_made(part, BT_RAW, 0, buf, makers[i](rng, buf), room);
		return;
	}
	*inside = BT_SIG_FRAME;
	bt_made(part, BT_SIG, 2, buf, bt_make_sig(rng, buf), room);
}

static const struct rz_grammar bt_stack_grammar = {
	.cut = bt_h4_cut,
	.close = bt_h4_close,
	.link = bt_h4_link,
	.finish = bt_h4_finish,
	.make = stack_make,
};

RZ_MUTATOR(bt_stack_grammar)
