// SPDX-License-Identifier: GPL-2.0-only
/*
 * The local side of pairing: what user space does besides answering (redzone/bt.h).
 *
 * Modelled on: what Linux 6.1 net/bluetooth/mgmt.c calls in smp.c
 * Spec: Core Specification 5.4 Vol 3 Part H 2.3.5.6.4
 * Differs: acts of an input instead of management commands:
 *
 *	0x70	make data for out-of-band pairing
 *	0x71	addr, hash[16], rand[16]: what came from the peer that way (P-256)
 *	0x72	u8 on: pairing over BR/EDR links that are not secure
 *	0x73	addr: forget the peer, end its pairing
 *	0x74	make a private address
 *	0x75	bdaddr: whose private address is it?
 *	0x76	u8 size: largest size of an LE key
 *	0x77	u8 capability: what the user has in his hands, for links that are up, too
 *
 * "addr" is a bdaddr_t and one byte of BDADDR_*; parameters that are missing read as zero.
 */
#include <linux/string.h>
#include <redzone/bt.h>

#include "smp_chan.h"

enum {
	SMP_ACT_OOB_LOCAL	= REDZONE_BT_ACT_SMP,
	SMP_ACT_OOB_REMOTE,
	SMP_ACT_FORCE_BREDR,
	SMP_ACT_CANCEL,
	SMP_ACT_RPA,
	SMP_ACT_RESOLVE,
	SMP_ACT_KEY_SIZE,
	SMP_ACT_IO_CAP,
};

struct smp_act_params {
	bdaddr_t bdaddr;
	u8 type;
	u8 hash[16];
	u8 rand[16];
} __packed;

static u8 le_addr_type(u8 type)
{
	return type == BDADDR_LE_RANDOM ? ADDR_LE_DEV_RANDOM : ADDR_LE_DEV_PUBLIC;
}

static void act_oob_local(struct hci_dev *hdev)
{
	u8 hash[16], rand[16];

	if (smp_generate_oob(hdev, hash, rand))
		return;
	sink_effect_bytes(hdev->sink, "smp.oob_hash", hash, sizeof(hash));
	sink_effect_bytes(hdev->sink, "smp.oob_rand", rand, sizeof(rand));
}

static void act_rpa(struct hci_dev *hdev)
{
	bdaddr_t rpa;

	if (!smp_generate_rpa(hdev, hdev->irk, &rpa))
		sink_effect_bytes(hdev->sink, "smp.rpa", &rpa, sizeof(rpa));
}

static void act_io_cap(struct hci_dev *hdev, u8 capability)
{
	struct hci_conn *hcon;

	if (capability > SMP_IO_KEYBOARD_DISPLAY)
		return;
	hdev->io_capability = capability;
	list_for_each_entry(hcon, &hdev->conn_hash.list, list)
		hcon->io_capability = capability;
}

void smp_act(struct hci_dev *hdev, u8 op, const u8 *params, u8 len)
{
	struct smp_act_params p = { 0 };
	u8 first;

	memcpy(&p, params, len < sizeof(p) ? len : sizeof(p));
	first = p.bdaddr.b[0];

	hci_dev_lock(hdev);
	switch (op) {
	case SMP_ACT_OOB_LOCAL:
		act_oob_local(hdev);
		break;
	case SMP_ACT_OOB_REMOTE:
		hci_add_remote_oob_data(hdev, &p.bdaddr, p.type, NULL, NULL, p.hash, p.rand);
		break;
	case SMP_ACT_FORCE_BREDR:
		/* the others have the channel anyway, and no such switch */
		if (!lmp_sc_capable(hdev))
			smp_force_bredr(hdev, first);
		break;
	case SMP_ACT_CANCEL:
		smp_cancel_and_remove_pairing(hdev, &p.bdaddr, le_addr_type(p.type));
		break;
	case SMP_ACT_RPA:
		act_rpa(hdev);
		break;
	case SMP_ACT_RESOLVE:
		sink_effect_u64(hdev->sink, "smp.resolved",
				!!hci_find_irk_by_rpa(hdev, &p.bdaddr));
		break;
	case SMP_ACT_KEY_SIZE:
		if (first >= SMP_MIN_ENC_KEY_SIZE && first <= SMP_MAX_ENC_KEY_SIZE)
			hdev->le_max_key_size = first;
		break;
	case SMP_ACT_IO_CAP:
		act_io_cap(hdev, first);
		break;
	}
	hci_dev_unlock(hdev);
}
