#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# qemu-path.sh - print the path of the QEMU to run guests with.
#
# usage: qemu-path.sh [--help]
#
# $VB_QEMU when it is set, else the system's qemu-system-x86_64 when it is
# new enough and not too new, else the newest private one that get-qemu.sh has unpacked.
# Exit 2 when there is none.

VB_NAME="qemu-path"
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"

# Before 8.1 the other CPUs starve in icount mode as soon as one spins; the
# plugin interface is that of 9.2, and 11.0 takes no plugin of that.
MIN_VERSION=9.2
MAX_VERSION=11.0

# version_of PROGRAM - nothing when it does not run.
version_of()
{
	"$1" --version 2>/dev/null | sed -n '1s/.*version \([0-9][0-9.]*\).*/\1/p' || true
}

# is_older VERSION THAN
is_older()
{
	[[ $1 != "$2" && $(printf '%s\n' "$1" "$2" | sort -V | sed -n 1p) == "$1" ]]
}

# release_of VERSION - of development (X.Y.50) and candidates (X.Y.90) the one that they lead
# to, which has their interfaces. A year has three, X.0 to X.2.
release_of()
{
	local major minor micro

	IFS=. read -r major minor micro _ <<<"$1"
	if [[ $micro =~ ^[5-9][0-9]$ ]]; then
		minor=$((minor + 1))
		((minor < 3)) || { major=$((major + 1)); minor=0; }
	fi
	printf '%s.%s' "$major" "$minor"
}

# is_new VERSION - too new for the plugin.
is_new()
{
	[[ -n $1 ]] && ! is_older "$(release_of "$1")" "$MAX_VERSION"
}

# fits VERSION - not before MIN_VERSION was finished, either.
fits()
{
	[[ -n $1 ]] && ! is_older "$1" "$MIN_VERSION" && ! is_new "$1"
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
	local qemu version passed=''

	if [[ ${1:-} == --help ]]; then
		header_text "${BASH_SOURCE[0]}"
		return 0
	fi
	[[ $# -eq 0 ]] || usage_error "unknown argument: $1"

	if [[ -n ${VB_QEMU:-} ]]; then
		version=$(version_of "$VB_QEMU")
		! is_new "$version" || die "VB_QEMU=$VB_QEMU is QEMU $version: the plugin needs a version before $MAX_VERSION"
		fits "$version" || die "VB_QEMU=$VB_QEMU is not a QEMU $MIN_VERSION or newer"
		printf '%s\n' "$VB_QEMU"
		return 0
	fi
	qemu=$(command -v qemu-system-x86_64 || true)
	if [[ -n $qemu ]]; then
		version=$(version_of "$qemu")
		if fits "$version"; then
			printf '%s\n' "$qemu"
			return 0
		fi
		! is_new "$version" || passed="$qemu is QEMU $version, too new for the plugin"
	fi
	while read -r qemu; do
		if fits "$(version_of "$qemu")"; then
			[[ -z $passed ]] || info "$passed: taking $qemu"
			printf '%s\n' "$qemu"
			return 0
		fi
	done < <(private_qemus)
	die "${passed:+$passed; }no QEMU $MIN_VERSION or newer${passed:+ before $MAX_VERSION}: run scripts/setup.sh"
}

main "$@"
