/* SPDX-License-Identifier: GPL-2.0-only */
/* Reader-writer semaphores; see <linux/mutex.h>. */
#include <linux/mutex.h>
