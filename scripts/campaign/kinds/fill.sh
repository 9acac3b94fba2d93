# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# fill.sh - the workloads that fill the vmalloc space of a 32-bit kernel (docs/i386.md).
# Sourced by bench.sh as module.sh is, which says what the functions are for.

kind_options()
{
	:
}

kind_settle()
{
	[[ $THREADS == 1 ]] || usage_error "--threads: $WORKLOADS: one thread, --threads 1"
	# An operation is a whole fill, or several, of a space that nobody has used.
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
