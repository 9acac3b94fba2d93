// SPDX-License-Identifier: GPL-2.0
/*
 * command.c - running a command, and waiting for it or for a signal.
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
#include "command.h"
#include "probes.h"

#define NS_PER_SEC	1000000000L

static sigset_t signals;

void vs_block_signals(void)
{
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
}

static int wait_until(const struct timespec *until)
{
	struct timespec now, left;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left.tv_sec = until->tv_sec - now.tv_sec;
	left.tv_nsec = until->tv_nsec - now.tv_nsec;
	if (left.tv_nsec < 0) {
		left.tv_sec--;
		left.tv_nsec += NS_PER_SEC;
	}
	if (left.tv_sec < 0)
		return 0;
	return sigtimedwait(&signals, NULL, &left);
}

int vs_wait_signal(const struct timespec *until)
{
	int sig;

	do {
		sig = until ? wait_until(until) : sigwaitinfo(&signals, NULL);
	} while (sig < 0 && errno == EINTR);
	return sig < 0 ? 0 : sig;
}

int vs_spawn(char **argv, pid_t *pid)
{
	posix_spawnattr_t attr;
	sigset_t none;
	int err;

	/* The command must not inherit our blocked signals. */
	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	err = posix_spawnp(pid, argv[0], NULL, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	if (err)
		vs_warn("cannot run %s: %s", argv[0], strerror(err));
	return err;
}

bool vs_has_ended(pid_t pid, int *status)
{
	return pid > 0 && waitpid(pid, status, WNOHANG) == pid;
}

bool vs_failed(const char *name, int status)
{
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return false;
	if (WIFSIGNALED(status))
		vs_warn("%s: killed by signal %d", name, WTERMSIG(status));
	else
		vs_warn("%s: exit status %d", name, WEXITSTATUS(status));
	return true;
}
