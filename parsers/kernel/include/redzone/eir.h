/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The environment of bt_eir: a controller that does nothing but advertise, and what
 * is done with advertising data.
 * Ports never include this header.
 */
#ifndef REDZONE_EIR_H
#define REDZONE_EIR_H

#include <linux/types.h>

struct sink;

/* The target's four bits of the control trailer. */
enum {
	REDZONE_EIR_EXTENDED	= 0x1,	/* extended advertising: 251 bytes, not 31 */
	REDZONE_EIR_BUILD	= 0x2,	/* the data set up our own device, which builds */
	REDZONE_EIR_MGMT	= 0x4,	/* u16 opcode and parameters of a command */
	REDZONE_EIR_LE_ONLY	= 0x8,	/* no BR/EDR; reports each device once */
};

void redzone_eir_begin(u8 env, struct sink *sink);

/* Search @data as the host does with what a peer sent: @len bytes, of exactly that size. */
void redzone_eir_search(u8 *data, u16 len);

/* The same data as those of our own device: name, UUIDs, ... and an instance. */
void redzone_eir_build(u8 *data, u16 len);

/* A command of the management interface, and what its instance then advertises. */
void redzone_eir_mgmt(u8 *data, u16 len);

void redzone_eir_end(void);

#endif /* REDZONE_EIR_H */
