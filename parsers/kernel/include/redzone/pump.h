/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What runs later in a real kernel runs here when the harness says so: time,
 * timers, work, RCU. Ports never include this header.
 */
#ifndef REDZONE_PUMP_H
#define REDZONE_PUMP_H

#include <linux/types.h>

/**
 * redzone_time_advance() - let virtual time pass
 * @ms: milliseconds
 *
 * Timers that fall due run in order of expiry, each at its own time. Work that
 * they or delayed work queue is left for redzone_run_work().
 */
void redzone_time_advance(unsigned int ms);

/**
 * redzone_run_work() - run queued work items, oldest first
 * @max: stop after this many (work may queue itself again)
 *
 * Return: number of items run.
 */
unsigned int redzone_run_work(unsigned int max);

/* End of a grace period: run what call_rcu() and kfree_rcu() left behind. */
void redzone_run_rcu(void);

#endif /* REDZONE_PUMP_H */
