/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What no sanitizer sees: pairing that goes on although the specification forbids it.
 *
 * A check that is lost in the Security Manager corrupts no memory. So the harness looks
 * at the state of the pairing after each command that was accepted, and states again,
 * apart from the port, what must hold then. A breach is a finding of kind "bug" in a
 * function that is named after it.
 *
 * Built without edges and comparison call-backs: an engine learns nothing from it.
 */
#ifndef REDZONE_SMP_ORACLE_H
#define REDZONE_SMP_ORACLE_H

#include <linux/types.h>

struct hci_dev;

/* The command in @pdu (@len bytes) is about to be received on the link @handle. */
void smp_oracle_before(struct hci_dev *hdev, u16 handle, const u8 *pdu, size_t len);

/* It has been. */
void smp_oracle_after(struct hci_dev *hdev);

#endif /* REDZONE_SMP_ORACLE_H */
