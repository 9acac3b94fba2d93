# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# bench.sh - one run of the module.
#
# usage: sh bench.sh [WORKLOAD [PAGES [THREADS [OPS]]]]
#
# Default: ram 4 2 2000. The module is loaded if it is not there. Prints the
# record of the run, JSON.

BENCH=/sys/kernel/debug/vmap_bench

[ -d "$BENCH" ] || loadmod /vmapbench/vmap_bench.ko || exit 1
rc=0
if ! {
	echo "${1:-ram}" >"$BENCH/workload" && echo "${2:-4}" >"$BENCH/pages" &&
		echo "${3:-2}" >"$BENCH/threads" && echo "${4:-2000}" >"$BENCH/ops" &&
		echo 1 >"$BENCH/run"
}; then
	rc=1
fi
cat "$BENCH/result"
exit "$rc"
