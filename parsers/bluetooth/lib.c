// SPDX-License-Identifier: GPL-2.0-only
/*
 * HCI error codes as errno and back; addresses in reverse.
 *
 * Modelled on: Linux 6.1 net/bluetooth/lib.c
 * Spec: Core 5.4 Vol 1 Part F
 * Differs: tables.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <net/bluetooth/bluetooth.h>

static const u8 code_errno[] = {
	[0x01] = EBADRQC,	[0x02] = ENOTCONN,	[0x03] = EIO,
	[0x04] = EHOSTDOWN,	[0x05] = EACCES,	[0x06] = EBADE,
	[0x07] = ENOMEM,	[0x08] = ETIMEDOUT,	[0x09] = EMLINK,
	[0x0a] = EMLINK,	[0x0b] = EALREADY,	[0x0c] = EBUSY,
	[0x0d] = ECONNREFUSED,	[0x0e] = ECONNREFUSED,	[0x0f] = ECONNREFUSED,
	[0x10] = ETIMEDOUT,	[0x11] = EOPNOTSUPP,	[0x12] = EINVAL,
	[0x13] = ECONNRESET,	[0x14] = ECONNRESET,	[0x15] = ECONNRESET,
	[0x16] = ECONNABORTED,	[0x17] = ELOOP,		[0x18] = EACCES,
	[0x19] = EPROTO,	[0x1a] = EPROTONOSUPPORT, [0x1b] = ECONNREFUSED,
	[0x1e] = EPROTO,	[0x20] = EOPNOTSUPP,	[0x23] = EPROTO,
	[0x24] = EPROTO,	[0x25] = EPROTO,	[0x27] = EOPNOTSUPP,
	[0x29] = EOPNOTSUPP,	[0x3c] = EHOSTDOWN,
};

/* Return: the positive errno. */
int bt_to_errno(u16 code)
{
	if (!code)
		return 0;
	if (code >= ARRAY_SIZE(code_errno) || !code_errno[code])
		return ENOSYS;
	return code_errno[code];
}

/* What is a status already stays one. */
u8 bt_status(int err)
{
	unsigned int code;

	if (err >= 0)
		return err;
	for (code = 1; code < ARRAY_SIZE(code_errno); code++) {
		if (code_errno[code] == -err)
			return code;
	}
	return 0x1f;
}

void baswap(bdaddr_t *dst, const bdaddr_t *src)
{
	unsigned int i;

	for (i = 0; i < sizeof(*dst); i++)
		dst->b[i] = src->b[sizeof(*src) - 1 - i];
}
