/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses of ISO sockets. Faithful to Linux 6.1. */
#ifndef __ISO_H
#define __ISO_H

#include <net/bluetooth/bluetooth.h>

#define ISO_DEFAULT_MTU		251
#define ISO_MAX_NUM_BIS		0x1f

struct sockaddr_iso_bc {
	bdaddr_t bc_bdaddr;
	u8 bc_bdaddr_type;
	u8 bc_sid;
	u8 bc_num_bis;
	u8 bc_bis[ISO_MAX_NUM_BIS];
};

struct sockaddr_iso {
	u16 iso_family;
	bdaddr_t iso_bdaddr;
	u8 iso_bdaddr_type;
	struct sockaddr_iso_bc iso_bc[];
};

#endif /* __ISO_H */
