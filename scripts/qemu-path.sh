#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# qemu-path.sh - print the path of the QEMU to run guests with.
#
# usage: qemu-path.sh [--help]
#
# $VB_QEMU when it is set, else the system's qemu-system-x86_64 when it is
# new enough, else the newest private one that get-qemu.sh has unpacked.
# Exit 2 when there is none.

VB_NAME="qemu-path"
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# Before 8.1 the other CPUs starve in icount mode as soon as one spins; the
# plugin interface is that of 9.2.
MIN_VERSION=9.2

# new_enough PROGRAM - does it run, and is it MIN_VERSION or later?
new_enough()
{
	local version

	version=$("$1" --version 2>/dev/null | sed -n '1s/.*version \([0-9][0-9.]*\).*/\1/p') || return 1
	[[ -n $version ]] || return 1
	[[ $(printf '%s\n' "$MIN_VERSION" "$version" | sort -V | sed -n 1p) == "$MIN_VERSION" ]]
}

# private_qemus - wrappers of private QEMUs, newest first.
private_qemus()
{
	local dir

	for dir in "$VB_CACHE"/qemu/*/; do
		[[ -x $dir/qemu-system-x86_64 ]] && printf '%sqemu-system-x86_64\n' "$dir"
	done | sort -rV
}

main()
{
	local qemu

	if [[ ${1:-} == --help ]]; then
		header_text "${BASH_SOURCE[0]}"
		return 0
	fi
	[[ $# -eq 0 ]] || usage_error "unknown argument: $1"

	if [[ -n ${VB_QEMU:-} ]]; then
		new_enough "$VB_QEMU" || die "VB_QEMU=$VB_QEMU is not a QEMU $MIN_VERSION or newer"
		printf '%s\n' "$VB_QEMU"
		return 0
	fi
	qemu=$(command -v qemu-system-x86_64 || true)
	if [[ -n $qemu ]] && new_enough "$qemu"; then
		printf '%s\n' "$qemu"
		return 0
	fi
	while read -r qemu; do
		if new_enough "$qemu"; then
			printf '%s\n' "$qemu"
			return 0
		fi
	done < <(private_qemus)
	printf '%s: no QEMU %s or newer: run scripts/setup.sh\n' "$VB_NAME" "$MIN_VERSION" >&2
	return 2
}

main "$@"
