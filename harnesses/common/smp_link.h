/* SPDX-License-Identifier: GPL-2.0-only */
/* The link of bt_smp, and what its records do to it. */
#ifndef REDZONE_SMP_LINK_H
#define REDZONE_SMP_LINK_H

#include <linux/types.h>

struct hci_dev;

/* Environment bits of the target */
enum {
	SMP_LINK_PERIPHERAL	= 1,	/* we are the responder */
	SMP_LINK_SC		= 2,	/* Secure Connections, and an identity of ours */
	SMP_LINK_BREDR		= 4,	/* the fixed channel of a BR/EDR link */
	SMP_LINK_KEYBOARD	= 8,	/* we have a keyboard and a display */
};

/* Set the controller up and open the link, 0x0002 (LE) or 0x0001 (BR/EDR). */
void smp_link_open(struct hci_dev *hdev, u8 env);

/* A command of the peer, an act (0xf0) or a packet of the controller (0xff). */
void smp_link_play(struct hci_dev *hdev, u8 env, const u8 *record, size_t len);

#endif /* REDZONE_SMP_LINK_H */
