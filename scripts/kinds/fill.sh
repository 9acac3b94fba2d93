# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# fill.sh - the workload that fills the vmalloc space of a 32-bit kernel (docs/i386.md).
# Sourced by bench.sh as module.sh is, which says what the functions are for.

kind_options()
{
	:
}

kind_settle()
{
	[[ $THREADS == 1 ]] || usage_error "--threads: fill has one thread, --threads 1"
	# An operation is a whole fill, by single pages, of a space that nobody has used.
	PAGES=1 OPS=1 WARMUP=0
}

kind_point()
{
	printf 'point %s %s %s %s %s %s\n' "$@" "$OPS" "$WARMUP"
}

kind_parameters()
{
	printf '{}'
}

kind_guest()
{
	APPEND='' MORE_MEMORY=0
}

kind_image()
{
	:
}
