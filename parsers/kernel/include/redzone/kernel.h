/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a harness says to the userspace kernel: one input begins, one input ends.
 * Ports never include this header.
 */
#ifndef REDZONE_KERNEL_H
#define REDZONE_KERNEL_H

#include <linux/types.h>

struct sk_buff;

struct redzone_kernel_config {
	u16 skb_layout_seed;	/* 0: linear, not cloned */
	u16 alloc_fail_seed;	/* 0: allocations do not fail on a schedule */
	bool crypto_real;	/* check confirm values, digests and MICs */
};

/*
 * The heap of fuzzing engines under AddressSanitizer, see redzone/arena.h; only
 * an engine binary calls this, before any input. REDZONE_HEAP overrides it.
 */
void redzone_heap_for_engine(void);

/*
 * Reset virtual time, RNG, allocation schedule, lock and object accounting.
 * Call once before an input is parsed.
 */
void redzone_kernel_begin(const struct redzone_kernel_config *config);

/*
 * After the harness has torn its objects down: report every live object,
 * pending timer or work item, held lock and unbalanced reference as a finding
 * (does not return then). Drains RCU and skb accounting first.
 */
void redzone_kernel_end(void);

/*
 * A received packet as a driver would hand it up: @len bytes copied to an
 * exact-size block (mode strict), laid out as redzone_kernel_config asks
 * (fragments, clone). Owned by the caller; NULL only when the allocation
 * schedule says so.
 */
struct sk_buff *redzone_skb_from_input(const void *data, size_t len);

/*
 * A finding of our own (WARN, BUG, leak, lock or refcount imbalance): prints
 * "==PID==ERROR: redzone: <kind>: <message>" and a stack trace, then aborts.
 * @kind is one word of: bug warn leak refcount lock list timer not-modelled.
 */
_Noreturn void redzone_finding(const char *kind, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* REDZONE_KERNEL_H */
