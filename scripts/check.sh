#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh - all tests, from style to a campaign in real guests.

VB_NAME="check"
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/variants.sh
. "$VB_TOP/scripts/variants.sh"

# In this order: what is quick and found wrong most often comes first.
SUITES=(style unit summary setup options kernels layers run-guest campaign)

usage()
{
	cat <<END
Usage: scripts/check.sh [-h] [SUITE...]

Run tests/SUITE.bats, all of them by default: ${SUITES[*]}.
Results are TAP; the last line counts them. Exit codes: 0 all passed or
skipped, 1 a test failed, 2 usage error.
END
}

# prepare SUITE... - build the kernels that they need here, where progress is
# seen; inside a test nothing is.
prepare()
{
	local variant suite

	for suite in "$@"; do
		case $suite in
		unit | summary | setup | options) continue ;;
		esac
		for variant in $(variant_names); do
			"$VB_TOP/scripts/build-kernel.sh" "$variant" >/dev/null || exit 2
			[[ $suite != debug ]] ||
				"$VB_TOP/scripts/build-kernel.sh" --debug "$variant" >/dev/null || exit 2
		done
	done
}

# count_tap LOG - the closing line, and whether it is a good one.
count_tap()
{
	awk '
	/^ok [0-9]+ .*# skip/ { skipped++; next }
	/^ok [0-9]/ { passed++ }
	/^not ok [0-9]/ { failed++ }
	END {
		printf "%d passed, %d failed", passed, failed
		if (skipped) printf ", %d skipped", skipped
		print ""
		exit failed || !passed
	}' "$1"
}

main()
{
	local suite files=() log rc=0

	case ${1:-} in
	-h | --help) usage; exit 0 ;;
	-*) usage_error "unknown option $1" ;;
	esac
	# Two checks at a time, of different suites, have a log each.
	suite="$*"
	log=$VB_BUILD/log/check${suite:+-${suite// /-}}.tap
	(($#)) || set -- "${SUITES[@]}"
	for suite in "$@"; do
		[[ -f $VB_TOP/tests/$suite.bats ]] || usage_error "no suite $suite"
		files+=("$VB_TOP/tests/$suite.bats")
	done
	mkdir -p -- "$(dirname -- "$log")"
	prepare "$@"

	# bats says what a test printed only when it failed; the log has it too.
	bats --tap --timing "${files[@]}" </dev/null 2>&1 | tee -- "$log" || rc=$?
	count_tap "$log" || rc=1
	[[ $rc -eq 0 ]] || exit 1
}

main "$@"
