/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutexes and reader-writer semaphores. Changed for testing as <linux/spinlock.h>
 * says; nobody ever sleeps.
 */
#ifndef _LINUX_MUTEX_H
#define _LINUX_MUTEX_H

#include <linux/compiler.h>
#include <linux/types.h>

struct mutex {
	bool held;
};

struct rw_semaphore {
	int readers;		/* -1: held for writing */
};

#define __MUTEX_INITIALIZER(name)	{ .held = false }
#define DEFINE_MUTEX(name)		struct mutex name = __MUTEX_INITIALIZER(name)

static inline void mutex_init(struct mutex *lock)
{
	lock->held = false;
}

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
/* A held mutex that is destroyed is a finding. */
void mutex_destroy(struct mutex *lock);

static inline bool mutex_is_locked(const struct mutex *lock)
{
	return lock->held;
}

static inline int mutex_lock_interruptible(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}

#define mutex_lock_nested(lock, subclass)	mutex_lock(lock)

static inline void init_rwsem(struct rw_semaphore *sem)
{
	sem->readers = 0;
}

void down_read(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);

#endif /* _LINUX_MUTEX_H */
