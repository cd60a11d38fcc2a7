/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How an H4 stream falls into parts: packets, L2CAP frames, signalling commands and
 * their options; what the mutators of bt_l2cap, bt_hci_event and bt_stack share.
 *
 * Level 0 are packets of the transport and acts of the local side; level 1 what an ACL
 * packet or any other packet holds; level 2 signalling commands, or the payload of
 * another frame; level 3 configuration options.
 */
#ifndef REDZONE_MUTATOR_H4_H
#define REDZONE_MUTATOR_H4_H

#include "mutator.h"

enum bt_part {
	BT_RAW,
	BT_COMMAND, BT_ACL, BT_SCO, BT_EVENT, BT_ISO, BT_ACT,	/* level 0 */
	BT_BODY, BT_FRAME, BT_SIG_FRAME,			/* level 1 */
	BT_SIG, BT_CONF, BT_PDU,				/* level 2 */
	BT_OPTION,						/* level 3 */
};

/* struct rz_grammar's: the tag of a frame says that it ended with a right FCS. */
void bt_h4_cut(struct rz_parts *parts, const uint8_t *data, size_t len);
size_t bt_h4_close(const struct rz_part *part, uint8_t *at, size_t size, size_t room);
void bt_h4_link(const struct rz_part *part, uint8_t *at, const struct rz_part *next);
void bt_h4_finish(uint8_t *data, size_t len);

/*
 * Invented parts, each written to @at with room for BT_MAKE_MAX bytes; they return
 * its length.
 */
enum { BT_MAKE_MAX = 128 };

size_t bt_make_event(struct rz_rng *rng, uint8_t *at);
size_t bt_make_act(struct rz_rng *rng, uint8_t *at);		/* of any layer */
size_t bt_make_l2cap_act(struct rz_rng *rng, uint8_t *at);
size_t bt_make_fragment(struct rz_rng *rng, uint8_t *at);
size_t bt_make_sframe(struct rz_rng *rng, uint8_t *at);		/* a whole ACL packet */
size_t bt_make_iframe(struct rz_rng *rng, uint8_t *at);
size_t bt_make_kframe(struct rz_rng *rng, uint8_t *at);
size_t bt_make_sig(struct rz_rng *rng, uint8_t *at);		/* a command */
size_t bt_make_option(struct rz_rng *rng, uint8_t *at);

/* A part of @kind and @level around @len bytes at @buf. */
void bt_made(struct rz_part *part, uint8_t kind, uint8_t level, const uint8_t *buf,
	     size_t len, size_t room);

#endif /* REDZONE_MUTATOR_H4_H */
