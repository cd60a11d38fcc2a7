/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spin locks and reader-writer locks.
 *
 * Changed for testing: nobody contends, so a lock only knows whether it is held.
 * Taking a held lock (the kernel would spin for ever), releasing one that is not
 * held, and holding one at the end of an input are findings of kind "lock".
 */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/compiler.h>
#include <linux/types.h>

typedef struct spinlock {
	bool held;
} spinlock_t;

typedef struct {
	int readers;		/* -1: held for writing */
} rwlock_t;

typedef spinlock_t raw_spinlock_t;

#define __SPIN_LOCK_UNLOCKED(name)	{ .held = false }
#define DEFINE_SPINLOCK(name)		spinlock_t name = __SPIN_LOCK_UNLOCKED(name)
#define DEFINE_RWLOCK(name)		rwlock_t name = { .readers = 0 }

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->held = false;
}

static inline void rwlock_init(rwlock_t *lock)
{
	lock->readers = 0;
}

void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
int spin_trylock(spinlock_t *lock);
void read_lock(rwlock_t *lock);
void read_unlock(rwlock_t *lock);
void write_lock(rwlock_t *lock);
void write_unlock(rwlock_t *lock);

static inline int spin_is_locked(const spinlock_t *lock)
{
	return lock->held;
}

#define spin_lock_bh			spin_lock
#define spin_unlock_bh			spin_unlock
#define spin_lock_irq			spin_lock
#define spin_unlock_irq			spin_unlock
#define spin_lock_nested(lock, c)	spin_lock(lock)
#define spin_lock_irqsave(lock, flags)	do { (flags) = 0; spin_lock(lock); } while (0)
#define spin_unlock_irqrestore(lock, flags) \
	do { (void)(flags); spin_unlock(lock); } while (0)
#define raw_spin_lock_init		spin_lock_init
#define raw_spin_lock			spin_lock
#define raw_spin_unlock			spin_unlock
#define read_lock_bh			read_lock
#define read_unlock_bh			read_unlock
#define write_lock_bh			write_lock
#define write_unlock_bh			write_unlock

static inline void local_bh_disable(void)
{
}

static inline void local_bh_enable(void)
{
}

#define lockdep_assert_held(l)		((void)(l))
#define lockdep_sock_is_held(sk)	((void)(sk), true)

#endif /* _LINUX_SPINLOCK_H */
