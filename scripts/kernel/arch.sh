# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# arch.sh - what guests for another processor than the host's have otherwise: a file
# for each in scripts/kernel/arches. Sourced after lib.sh. A variant says its processor in a
# fragment of its config (variants.sh), and its kernel in its key.

# kernel_arch DIR - that of a built kernel; nothing if it is the host's.
kernel_arch()
{
	[[ ! -e $1/key ]] || sed -n 's/^arch //p' "$1/key"
}

# load_arch NAME - its functions, and those of the host's for what it does not have.
load_arch()
{
	# shellcheck source=scripts/kernel/arches/x86_64.sh
	. "$VB_TOP/scripts/kernel/arches/x86_64.sh"
	# shellcheck source=/dev/null
	[[ -z $1 ]] || . "$VB_TOP/scripts/kernel/arches/$1.sh"
}

# counted_variants - those of the table in whose guests something counts. After variants.sh.
counted_variants()
{
	local variant

	for variant in $(variant_names); do
		load_arch "$(variant_arch "$variant")"
		! $ARCH_COUNTED || printf '%s\n' "$variant"
	done
}

# need_counted VARIANT... - usage error if the guests of one can have neither counters nor
# tools. After variants.sh.
need_counted()
{
	local variant

	for variant in "$@"; do
		load_arch "$(variant_arch "$variant")"
		$ARCH_COUNTED || usage_error "$variant: its guests have neither vmapstat nor perf"
	done
}
