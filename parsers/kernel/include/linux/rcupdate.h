/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read-copy-update.
 *
 * Changed for testing: readers are counted, an unbalanced one is a finding of
 * kind "lock". Callbacks wait until the harness pumps them (redzone_run_rcu()),
 * and redzone_kernel_end() runs the rest. synchronize_rcu() inside a reader is a
 * finding; outside it runs the callbacks.
 */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <linux/compiler.h>
#include <linux/types.h>

void rcu_read_lock(void);
void rcu_read_unlock(void);
bool rcu_read_lock_held(void);
void synchronize_rcu(void);
void rcu_barrier(void);
void call_rcu(struct rcu_head *head, rcu_callback_t func);
void redzone_kfree_rcu(struct rcu_head *head, size_t offset, void *object);

#define rcu_read_lock_bh	rcu_read_lock
#define rcu_read_unlock_bh	rcu_read_unlock
#define synchronize_net		synchronize_rcu

/* kfree_rcu(object, member): freed after a grace period; @member may not fail. */
#define kfree_rcu(ptr, member) \
	redzone_kfree_rcu(&(ptr)->member, \
			  offsetof(__typeof__(*(ptr)), member), (ptr))

#define rcu_dereference(p)		READ_ONCE(p)
#define rcu_dereference_raw(p)		READ_ONCE(p)
#define rcu_dereference_bh(p)		READ_ONCE(p)
#define rcu_dereference_check(p, c)	READ_ONCE(p)
#define rcu_dereference_protected(p, c)	(p)
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_assign_pointer(p, v)	WRITE_ONCE(p, v)
#define rcu_replace_pointer(p, v, c) ({		\
	__typeof__(p) rz_old = (p);		\
	(p) = (v);				\
	rz_old; })
#define RCU_INIT_POINTER(p, v)		((p) = (v))

#endif /* _LINUX_RCUPDATE_H */
