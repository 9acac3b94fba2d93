// SPDX-License-Identifier: GPL-2.0
/*
 * rushed-loop.c - a host that schedules QEMU as badly as it can.
 *
 * Preloaded into QEMU after sim/idle-gate.c, and it says on stderr how often
 * it did so. Whenever the main loop has been woken, it is held back until the
 * virtual CPUs' thread leaves a block of code without being done with it
 * (siglongjmp() in cpu_loop_exit()), which is where HLT has happened and the
 * clock does not know; there the CPUs wait until the main loop has gone
 * round. Without the gate no two boots agree then.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* One in so many exits, while the main loop is held back. */
#define ONE_IN		4
#define PATIENCE_NS	300000
/* QEMU's clean-up polls with the lock that the CPUs want. */
#define PATIENCE_TIMES	50

typedef int (*ppoll_fn)(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
			const sigset_t *mask);
typedef void (*longjmp_fn)(sigjmp_buf env, int value) __attribute__((noreturn));
typedef int (*cond_wait_fn)(pthread_cond_t *cond, pthread_mutex_t *lock);

static atomic_bool started, held, gone_round, halted;
static sem_t go, done;
static unsigned int seed = 1;
static long times;

static void __attribute__((constructor)) init(void)
{
	sem_init(&go, 0, 0);
	sem_init(&done, 0, 0);
}

static void __attribute__((destructor)) report(void)
{
	if (atomic_load(&started))
		fprintf(stderr, "rushed-loop: %ld times\n", times);
}

static bool in_main_thread(void)
{
	static _Thread_local int other = -1;

	if (other < 0)
		other = getpid() != gettid();
	return !other;
}

static bool wait_a_while(sem_t *sem)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += PATIENCE_NS;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	return !sem_timedwait(sem, &until);
}

int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
	ppoll_fn next = (ppoll_fn)dlsym(RTLD_NEXT, "ppoll");
	int tries = PATIENCE_TIMES;
	int ret;

	if (!in_main_thread() || !atomic_load(&started))
		return next(fds, n, timeout, mask);

	if (atomic_exchange(&gone_round, false))
		sem_post(&done);
	ret = next(fds, n, timeout, mask);
	atomic_store(&held, true);
	while (tries-- && !atomic_load(&halted) && !wait_a_while(&go))
		;
	atomic_store(&held, false);
	atomic_store(&gone_round, true);
	return ret;
}

int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock)
{
	cond_wait_fn next = (cond_wait_fn)dlsym(RTLD_NEXT, "pthread_cond_wait");
	int ret;

	if (in_main_thread())
		return next(cond, lock);
	atomic_store(&started, true);
	atomic_store(&halted, true);
	ret = next(cond, lock);
	atomic_store(&halted, false);
	return ret;
}

static void hand_over(void)
{
	if (in_main_thread() || !atomic_load(&held) || rand_r(&seed) % ONE_IN)
		return;
	times++;
	sem_post(&go);
	wait_a_while(&done);
}

void siglongjmp(sigjmp_buf env, int value)
{
	static longjmp_fn next;

	if (!next)
		next = (longjmp_fn)dlsym(RTLD_NEXT, "siglongjmp");
	hand_over();
	next(env, value);
}

/* What a QEMU built with _FORTIFY_SOURCE calls instead. */
void __longjmp_chk(sigjmp_buf env, int value)
{
	static longjmp_fn next;

	if (!next)
		next = (longjmp_fn)dlsym(RTLD_NEXT, "__longjmp_chk");
	hand_over();
	next(env, value);
}
