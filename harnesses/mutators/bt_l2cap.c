// SPDX-License-Identifier: GPL-2.0-only
/* The mutator of bt_l2cap: ACL packets with L2CAP inside, and what applications do. */
#include "mutator_h4.h"

static void l2cap_make(struct rz_rng *rng, struct rz_part *part, uint8_t *buf, size_t room,
		       uint8_t *inside)
{
	*inside = 0;
	switch (rz_rng_below(rng, 12)) {
	case 0:
	case 1:
		*inside = BT_SIG_FRAME;
		bt_made(part, BT_SIG, 2, buf, bt_make_sig(rng, buf), room);
		return;
	case 2:
		*inside = BT_CONF;
		bt_made(part, BT_OPTION, 3, buf, bt_make_option(rng, buf), room);
		return;
	case 3:
	case 4:
		bt_made(part, BT_RAW, 0, buf, bt_make_iframe(rng, buf), room);
		return;
	case 5:
	case 6:
		bt_made(part, BT_RAW, 0, buf, bt_make_sframe(rng, buf), room);
		return;
	case 7:
		bt_made(part, BT_RAW, 0, buf, bt_make_kframe(rng, buf), room);
		return;
	case 8:
		bt_made(part, BT_RAW, 0, buf, bt_make_fragment(rng, buf), room);
		return;
	case 9:
		bt_made(part, BT_RAW, 0, buf, bt_make_event(rng, buf), room);
		return;
	default:
		bt_made(part, BT_RAW, 0, buf, bt_make_act(rng, buf), room);
	}
}

static const struct rz_grammar bt_l2cap_grammar = {
	.cut = bt_h4_cut,
	.close = bt_h4_close,
	.link = bt_h4_link,
	.finish = bt_h4_finish,
	.make = l2cap_make,
};

RZ_MUTATOR(bt_l2cap_grammar)
