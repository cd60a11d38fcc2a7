/* SPDX-License-Identifier: GPL-2.0-only */
/* Locks that only know whether they are held, and RCU with a pumped grace period. */
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <redzone/account.h>
#include <redzone/kernel.h>
#include <redzone/pump.h>

#define CALLER __builtin_return_address(0)

static struct {
	int held;			/* locks of every kind */
	const void *site;		/* who took the last one */
	int rcu_readers;
	struct rcu_head *rcu_first, **rcu_end;
} state = { .rcu_end = &state.rcu_first };

static void took(const void *site)
{
	state.held++;
	state.site = site;
}

static void __noreturn __cold bad(const char *what, const void *site)
{
	redzone_finding("lock", "%s, by %s", what, redzone_pc_name(site));
}

static void take(bool *held, const char *what, const void *site)
{
	if (unlikely(*held))
		bad(what, site);
	*held = true;
	took(site);
}

static void drop(bool *held, const char *what, const void *site)
{
	if (unlikely(!*held))
		bad(what, site);
	*held = false;
	state.held--;
}

static void take_read(int *readers, const void *site)
{
	if (unlikely(*readers < 0))
		bad("taken for reading while held for writing", site);
	++*readers;
	took(site);
}

static void drop_read(int *readers, const void *site)
{
	if (unlikely(*readers <= 0))
		bad("read lock released but not held", site);
	--*readers;
	state.held--;
}

static void take_write(int *readers, const void *site)
{
	if (unlikely(*readers))
		bad("taken for writing while held", site);
	*readers = -1;
	took(site);
}

static void drop_write(int *readers, const void *site)
{
	if (unlikely(*readers != -1))
		bad("write lock released but not held", site);
	*readers = 0;
	state.held--;
}

void spin_lock(spinlock_t *lock)
{
	take(&lock->held, "spin lock taken twice", CALLER);
}

void spin_unlock(spinlock_t *lock)
{
	drop(&lock->held, "spin lock released but not held", CALLER);
}

int spin_trylock(spinlock_t *lock)
{
	if (lock->held)
		return 0;
	lock->held = true;
	took(CALLER);
	return 1;
}

void mutex_lock(struct mutex *lock)
{
	take(&lock->held, "mutex taken twice", CALLER);
}

void mutex_unlock(struct mutex *lock)
{
	drop(&lock->held, "mutex released but not held", CALLER);
}

int mutex_trylock(struct mutex *lock)
{
	if (lock->held)
		return 0;
	lock->held = true;
	took(CALLER);
	return 1;
}

void mutex_destroy(struct mutex *lock)
{
	if (unlikely(lock->held))
		bad("held mutex destroyed", CALLER);
}

void read_lock(rwlock_t *lock)
{
	take_read(&lock->readers, CALLER);
}

void read_unlock(rwlock_t *lock)
{
	drop_read(&lock->readers, CALLER);
}

void write_lock(rwlock_t *lock)
{
	take_write(&lock->readers, CALLER);
}

void write_unlock(rwlock_t *lock)
{
	drop_write(&lock->readers, CALLER);
}

void down_read(struct rw_semaphore *sem)
{
	take_read(&sem->readers, CALLER);
}

void up_read(struct rw_semaphore *sem)
{
	drop_read(&sem->readers, CALLER);
}

void down_write(struct rw_semaphore *sem)
{
	take_write(&sem->readers, CALLER);
}

void up_write(struct rw_semaphore *sem)
{
	drop_write(&sem->readers, CALLER);
}

void rcu_read_lock(void)
{
	state.rcu_readers++;
}

void rcu_read_unlock(void)
{
	if (unlikely(state.rcu_readers <= 0))
		bad("rcu_read_unlock() without rcu_read_lock()", CALLER);
	state.rcu_readers--;
}

bool rcu_read_lock_held(void)
{
	return state.rcu_readers > 0;
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	head->next = NULL;
	head->func = func;
	*state.rcu_end = head;
	state.rcu_end = &head->next;
}

/* The offset stands in for a function, as in the kernel: no function lies there. */
void redzone_kfree_rcu(struct rcu_head *head, size_t offset, void *object)
{
	if (object)
		call_rcu(head, (rcu_callback_t)(uintptr_t)offset);
}

static void rcu_run_one(struct rcu_head *head)
{
	uintptr_t offset = (uintptr_t)head->func;

	if (offset < 4096)
		kvfree((char *)head - offset);
	else
		head->func(head);
}

void redzone_run_rcu(void)
{
	struct rcu_head *head = state.rcu_first;

	state.rcu_first = NULL;
	state.rcu_end = &state.rcu_first;
	while (head) {
		struct rcu_head *next = head->next;

		rcu_run_one(head);
		head = next;
	}
}

/* Callbacks may queue further ones. */
void redzone_rcu_drain(void)
{
	while (state.rcu_first)
		redzone_run_rcu();
}

void synchronize_rcu(void)
{
	if (unlikely(state.rcu_readers))
		bad("synchronize_rcu() inside rcu_read_lock()", CALLER);
	redzone_run_rcu();
}

void rcu_barrier(void)
{
	if (unlikely(state.rcu_readers))
		bad("rcu_barrier() inside rcu_read_lock()", CALLER);
	redzone_rcu_drain();
}

void redzone_lock_begin(void)
{
	state.held = 0;
	state.site = NULL;
	state.rcu_readers = 0;
	state.rcu_first = NULL;
	state.rcu_end = &state.rcu_first;
}

void redzone_lock_end(void)
{
	if (unlikely(state.held))
		redzone_finding("lock", "%d lock%s still held, last taken by %s",
				state.held, state.held == 1 ? "" : "s",
				redzone_pc_name(state.site));
	if (unlikely(state.rcu_readers))
		redzone_finding("lock", "rcu_read_lock() not released (depth %d)",
				state.rcu_readers);
}
