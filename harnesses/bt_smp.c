// SPDX-License-Identifier: GPL-2.0-only
/*
 * bt_smp: pairing as the host's Security Manager sees it, in both roles.
 *
 * Covers: every command of the Security Manager Protocol over an open LE link, legacy
 *	pairing and LE Secure Connections with all association models, distribution of
 *	keys both ways, pairing over BR/EDR; answers of the user, time, encryption.
 * Input: records, `u16le length + bytes`. A record is one command as L2CAP delivers it.
 *	If it begins with 0xf0 it is an act of the local side (redzone/bt.h, smp_act.c),
 *	if with 0xff, what follows is a packet of the controller with its H4 indicator.
 *	Environment bits of the control trailer: 1 we are the peripheral, 2 Secure
 *	Connections (without it the controller is an old one), 4 over a BR/EDR link, 8
 *	we have a keyboard and a display.
 * Buffer: each command travels in an ACL packet of its exact size.
 * Oracle: invariants of pairing after each command (oracles/smp_oracle.h).
 */
#include <redzone/bt.h>

#include "harness.h"
#include "smp_link.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rz_records records;
	struct rz_input in;
	struct hci_dev *hdev;
	const u8 *record;
	size_t len;

	rz_input_open(&in, data, size);
	hdev = redzone_bt_begin(in.env & SMP_LINK_SC ? 0 : REDZONE_BT_LEGACY, in.sink, NULL,
				NULL);
	if (hdev) {
		smp_link_open(hdev, in.env);
		rz_records_open(&records, &in);
		while (rz_records_next(&records, &record, &len))
			smp_link_play(hdev, in.env, record, len);
		redzone_bt_end(hdev);
	}
	return rz_input_close(&in);
}
