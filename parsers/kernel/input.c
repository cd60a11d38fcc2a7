/* SPDX-License-Identifier: GPL-2.0-only */
/* One input begins, one input ends. */
#include <redzone/account.h>
#include <redzone/kernel.h>

struct redzone_kernel_config redzone_config;

void redzone_kernel_begin(const struct redzone_kernel_config *config)
{
	redzone_config = *config;
	redzone_heap_begin(config->alloc_fail_seed);
	redzone_lock_begin();
	redzone_time_begin();
	redzone_work_begin();
	redzone_random_begin();
	redzone_skb_begin();
}

/* Locks first: a leak is often what an early return with a lock held left. */
void redzone_kernel_end(void)
{
	redzone_lock_end();
	redzone_skb_end();
	redzone_rcu_drain();
	redzone_timer_end();
	redzone_work_end();
	redzone_heap_end();
}
