/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The message that a socket is asked to send. Faithful to Linux 6.1 as far as it
 * goes: no control data, no user memory.
 */
#ifndef _LINUX_SOCKET_H
#define _LINUX_SOCKET_H

#include <linux/types.h>
#include <linux/uio.h>

#define MSG_OOB		0x01
#define MSG_DONTWAIT	0x40
#define MSG_NOSIGNAL	0x4000

struct msghdr {
	void		*msg_name;
	int		msg_namelen;
	struct iov_iter	msg_iter;
	unsigned int	msg_flags;
};

#endif /* _LINUX_SOCKET_H */
