# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# test_vmalloc.sh - cases of the kernel's test_vmalloc that keep much memory while they
# run. Sourced by bench.sh as module.sh is, which they are in all else.

# shellcheck source=scripts/campaign/kinds/module.sh
. "$VB_TOP/scripts/campaign/kinds/module.sh"

# thread_memory WORKLOAD - what a thread of it keeps, in MB: see module/workloads/wl_test_vmalloc.c.
thread_memory()
{
	local bits=0

	while ((CPUS >> bits)); do
		bits=$((bits + 1))
	done
	case $1 in
	# Twice what may be lazily free, and an eighth for what describes it.
	full_fit_alloc_test) printf '%s' $((72 * bits)) ;;
	# 15000 pages, and the same for it.
	long_busy_list_alloc_test) printf 70 ;;
	# 35000 areas of half a KiB, and what is lost between them.
	pcpu_alloc_test) printf '%s' $((25 * CPUS)) ;;
	esac
}

kind_guest()
{
	local workload mb most=0

	for workload in $WORKLOADS; do
		mb=$(thread_memory "$workload")
		((mb <= most)) || most=$mb
	done
	APPEND='' MORE_MEMORY=$((most * $(largest "$THREADS")))
}
