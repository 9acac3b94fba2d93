/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VS_COMMAND_H
#define VS_COMMAND_H

#include <stdbool.h>
#include <time.h>
#include <sys/types.h>

/**
 * vs_block_signals() - from now on signals are waited for, never delivered
 */
void vs_block_signals(void);

/**
 * vs_wait_signal() - wait for SIGINT, SIGTERM or SIGCHLD
 * @until: until this time of CLOCK_MONOTONIC, NULL: for ever
 *
 * Return: the signal, or 0 when the time is over.
 */
int vs_wait_signal(const struct timespec *until);

/**
 * vs_spawn() - start a command
 * @argv: the command and its arguments
 * @pid: its process
 *
 * Return: 0, or an error number after saying what happened.
 */
int vs_spawn(char **argv, pid_t *pid);

/**
 * vs_has_ended() - has the command ended?
 * @pid: its process; none if negative
 * @status: where its status goes
 */
bool vs_has_ended(pid_t pid, int *status);

/**
 * vs_failed() - did the command fail? Says how.
 * @name: its name
 * @status: its status
 */
bool vs_failed(const char *name, int status);

#endif /* VS_COMMAND_H */
