/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to parsers/kernel: the parts that keep state per input, as seen by
 * redzone_kernel_begin() and redzone_kernel_end() in input.c.
 */
#ifndef REDZONE_ACCOUNT_H
#define REDZONE_ACCOUNT_H

#include <linux/types.h>

struct redzone_kernel_config;

extern struct redzone_kernel_config redzone_config;

/* slab.c: the heap below kmalloc() and alloc_skb(); @site is the caller's pc. */
void *redzone_heap_alloc(size_t size, gfp_t flags, const void *site);
void redzone_heap_free(const void *p);
void redzone_heap_begin(u16 fail_seed);
void redzone_heap_end(void);

/* live.c: objects that were allocated since the reset and not freed. */
void redzone_live_add(const void *p, size_t size, const void *site);
void redzone_live_remove(const void *p);
size_t redzone_live_size(const void *p);	/* 0: not in the table */
void redzone_live_reset(void);
size_t redzone_live_count(size_t *size, const void **site);	/* of one of them */

/* skbuff.c */
void redzone_skb_begin(void);
void redzone_skb_end(void);

/* lock.c */
void redzone_lock_begin(void);
void redzone_lock_end(void);
void redzone_rcu_drain(void);

/* time.c, workqueue.c */
void redzone_time_begin(void);
void redzone_timer_end(void);
void redzone_work_begin(void);
void redzone_work_end(void);

/* random.c */
void redzone_random_begin(void);

/* bug.c: a line where the sanitizer's report goes. */
void redzone_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* "function file:line" of a code address, or the address in hex. */
const char *redzone_pc_name(const void *pc);

#endif /* REDZONE_ACCOUNT_H */
