// SPDX-License-Identifier: GPL-2.0
/*
 * idle-gate.c - keep QEMU's main loop out while a virtual CPU runs.
 *
 * Loaded into QEMU with LD_PRELOAD by the sim machine.
 *
 * With one thread for all virtual CPUs and "-icount sleep=off", the guest's
 * clock jumps to the next timer once every CPU has halted. It is the main
 * loop's thread that makes it jump (icount_start_warp_timer()), and every
 * timer of the guest wakes that thread (aio_notify()), whether or not a CPU
 * runs. When the host lets it run at the moment in which the last CPU has
 * executed HLT but its instructions have not been added to the clock yet
 * (between cpu_loop_exit() and icount_update()), all CPUs look idle, and the
 * clock jumps by those instructions too far. From there on the run is
 * another one. It takes a loaded host and minutes of guests to see it once.
 *
 * The cure: after poll, the main loop waits until the CPUs' thread sleeps.
 * That thread sleeps only on the condition variable of halted CPUs, with
 * everything accounted for, and it is woken only by the main loop, so the
 * two never run at the same time, and what either does no longer depends on
 * when the host lets it.
 *
 * The main loop polls without QEMU's big lock. Whoever polls with it, as
 * QEMU's clean-up does at the end, is let through: the CPUs' thread cannot
 * get to sleep without that lock.
 *
 * A signal opens the gate for good: QEMU is being asked to end, and the
 * CPUs may never halt.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

typedef int (*ppoll_fn)(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
			const sigset_t *mask);
typedef int (*cond_wait_fn)(pthread_cond_t *cond, pthread_mutex_t *lock);
typedef int (*cond_fn)(pthread_cond_t *cond);

static struct {
	ppoll_fn ppoll;
	cond_wait_fn cond_wait;
	cond_fn cond_signal;
	cond_fn cond_broadcast;
} libc;

/* Written once, by the CPUs' thread before it sleeps for the first time. */
static pthread_cond_t *_Atomic halt_cond;
static pthread_mutex_t *big_lock;
/* Changed under QEMU's big lock only, read by the main loop without it. */
static atomic_bool asleep;
static atomic_bool open_for_good;
/* Counts the times the CPUs' thread went to sleep. */
static int sleep_event = -1;

static _Thread_local enum { UNKNOWN, MAIN, OTHER } role;

static void *find(const char *name)
{
	void *fn = dlsym(RTLD_NEXT, name);

	if (!fn) {
		fprintf(stderr, "idle-gate: %s\n", dlerror());
		abort();
	}
	return fn;
}

__attribute__((constructor)) static void init(void)
{
	libc.ppoll = (ppoll_fn)find("ppoll");
	libc.cond_wait = (cond_wait_fn)find("pthread_cond_wait");
	libc.cond_signal = (cond_fn)find("pthread_cond_signal");
	libc.cond_broadcast = (cond_fn)find("pthread_cond_broadcast");
	sleep_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (sleep_event < 0) {
		perror("idle-gate: eventfd");
		abort();
	}
}

static bool in_main_thread(void)
{
	if (role == UNKNOWN)
		role = getpid() == gettid() ? MAIN : OTHER;
	return role == MAIN;
}

/* glibc's own note of a mutex' owner, the only one there is from outside. */
static bool holds_big_lock(void)
{
	return big_lock->__data.__owner == gettid();
}

static void wait_until_asleep(const sigset_t *mask)
{
	struct pollfd fd = { .fd = sleep_event, .events = POLLIN };
	uint64_t count;

	while (!atomic_load(&asleep) && !atomic_load(&open_for_good)) {
		if (libc.ppoll(&fd, 1, NULL, mask) < 0 && errno == EINTR)
			atomic_store(&open_for_good, true);
		if (read(sleep_event, &count, sizeof(count)) < 0 && errno != EAGAIN)
			atomic_store(&open_for_good, true);
	}
}

int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
	int saved, ret = libc.ppoll(fds, n, timeout, mask);

	saved = errno;
	if (in_main_thread() && atomic_load(&halt_cond)) {
		if (ret < 0 && saved == EINTR)
			atomic_store(&open_for_good, true);
		if (!holds_big_lock())
			wait_until_asleep(mask);
	}
	errno = saved;
	return ret;
}

/* What a QEMU built with _FORTIFY_SOURCE may call instead. */
int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
		const sigset_t *mask, size_t size)
{
	(void)size;
	return ppoll(fds, n, timeout, mask);
}

int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock)
{
	const uint64_t one = 1;
	int ret;

	if (in_main_thread())
		return libc.cond_wait(cond, lock);

	/* Of QEMU's threads only that of the CPUs waits this way. */
	if (!atomic_load(&halt_cond)) {
		big_lock = lock;
		atomic_store(&halt_cond, cond);
	}
	if (atomic_load(&halt_cond) != cond)
		return libc.cond_wait(cond, lock);

	atomic_store(&asleep, true);
	if (write(sleep_event, &one, sizeof(one)) < 0)
		atomic_store(&open_for_good, true);
	ret = libc.cond_wait(cond, lock);
	atomic_store(&asleep, false);
	return ret;
}

/* Woken, though it may run only later: no longer asleep. */
static void note_wake(pthread_cond_t *cond)
{
	if (cond == atomic_load(&halt_cond))
		atomic_store(&asleep, false);
}

int pthread_cond_signal(pthread_cond_t *cond)
{
	note_wake(cond);
	return libc.cond_signal(cond);
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
	note_wake(cond);
	return libc.cond_broadcast(cond);
}
