# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# module.sh - workloads that are loops of the module. Sourced by bench.sh, whose
# variables it reads and sets, when it is asked for one of them.

# kind_options - those of bench that only some kinds of workloads have.
kind_options()
{
	printf 'pages ops'
}

# kind_settle - what was not asked for has a default, and all of it is good.
kind_settle()
{
	PAGES=$(tidy_list "${PAGES:-4}") OPS=${OPS:-16000}
	# Per thread, before the start barrier.
	WARMUP=50
	check_list --pages "$PAGES"
	check_numbers --pages "$PAGES" 1 1024
	check_numbers --ops "$OPS" 1 100000000
}

# kind_point MODE WORKLOAD PAGES THREADS - the line of the plan.
kind_point()
{
	printf 'point %s %s %s %s %s %s\n' "$@" "$OPS" "$WARMUP"
}

# kind_parameters - what campaign.json says beside what all campaigns have.
kind_parameters()
{
	printf '{}'
}

# kind_guest - sets APPEND, words for the kernel's command line, and MORE_MEMORY,
# in MB, for guests that need them.
kind_guest()
{
	APPEND='' MORE_MEMORY=0
}

# kind_image VARIANT - adds to its INITRD what the workload needs.
kind_image()
{
	:
}
