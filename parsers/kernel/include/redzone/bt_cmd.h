/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands that the local side of a Bluetooth host issues from an input.
 * Ports never include this header.
 */
#ifndef REDZONE_BT_CMD_H
#define REDZONE_BT_CMD_H

#include <linux/types.h>

/**
 * redzone_bt_cmd_complete() - what Linux would have sent instead
 * @opcode: command
 * @params: its parameters in a buffer of 255 bytes; completed with zeros up to the
 *	size that the command has, and counts in them limited by what follows
 * @len: bytes there
 *
 * Return: bytes now.
 */
u8 redzone_bt_cmd_complete(u16 opcode, u8 *params, u8 len);

#endif /* REDZONE_BT_CMD_H */
