#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh - all tests, from style to a campaign in real guests.

VB_NAME="check"
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/variants.sh
. "$VB_TOP/scripts/variants.sh"

# In this order: what is quick and found wrong most often comes first, and the
# longest does not come last, when the other lane would have nothing to do.
SUITES=(style unit summary space attribution plots full-disk compare decide sources profile profile-pair profile-machines setup options sim sides campaign machines layers run-guest vmapstat twins bisect shell perf stacks calibrate selftest claims trials i386 stray xfs mutants kernels)
# A guest keeps one CPU of the host busy.
LANES=2

usage()
{
	cat <<END
Usage: scripts/check.sh [-h] [SUITE...]

Run tests/SUITE.bats, all of them by default: ${SUITES[*]}.
Two of them run at a time. Results are TAP; the last line counts them.
Exit codes: 0 all passed or skipped, 1 a test failed, 2 usage error, or another check
is at work here.
END
}

# debug_kernels SUITE - the variants of which it boots a debug kernel, a line each.
debug_kernels()
{
	case $1 in
	debug) sed -n 's/^\tclean_layer //p' "$VB_TOP/tests/debug.bats" ;;
	claims) "$VB_TOP/scripts/vmapbench" claim --dry-run --all --small 2>/dev/null |
		sed -n "s/.*'--debug' '--variants' '\([^']*\)'.*/\1/p" | tr ' ' '\n' | sort -u ;;
	esac
}

# prepare SUITE... - build the kernels that they need here, where progress is
# seen; inside a test nothing is.
prepare()
{
	local variant suite

	for suite in "$@"; do
		case $suite in
		unit | summary | attribution | plots | full-disk | compare | decide | sources | profile | profile-pair | setup | options | sim) continue ;;
		esac
		for variant in $(variant_names); do
			"$VB_TOP/scripts/build-kernel.sh" "$variant" >/dev/null || exit 2
		done
		for variant in $(debug_kernels "$suite"); do
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

# next_suite QUEUE - take the first line off it; nothing when it is empty.
next_suite()
{
	(
		flock 9
		head -n 1 -- "$1"
		sed -i 1d -- "$1"
	) 9>"$1.lock"
}

# whole_tests - pass TAP on, a test that failed together with what it printed,
# so that two lanes do not mix.
whole_tests()
{
	local line failed=''

	while IFS= read -r line; do
		case $line in
		1..*) ;;
		'ok '*)
			printf '%s%s\n' "$failed" "$line"
			failed=''
			;;
		'not ok '*)
			printf '%s' "$failed"
			failed=$line$'\n'
			;;
		*) failed+=$line$'\n' ;;
		esac
	done
	printf '%s' "$failed"
}

# lane NUMBER QUEUE - one suite after the other, built in a folder of its own.
lane()
{
	local suite rc=0

	export VB_BUILD=$VB_BUILD/lane-$1
	while suite=$(next_suite "$2") && [[ -n $suite ]]; do
		# bats says what a test printed only when it failed.
		bats --tap --timing "$VB_TOP/tests/$suite.bats" </dev/null 2>&1 9>&- | whole_tests || rc=1
	done
	return "$rc"
}

# number - count the tests of all lanes anew.
number()
{
	local line n=0

	while IFS= read -r line; do
		if [[ $line =~ ^(ok|not\ ok)\ [0-9]+(.*)$ ]]; then
			n=$((n + 1))
			line="${BASH_REMATCH[1]} $n${BASH_REMATCH[2]}"
		fi
		printf '%s\n' "$line"
	done
	printf '1..%d\n' "$n"
}

run_lanes()
{
	local queue=$1 i pids=() rc=0

	for ((i = 1; i <= LANES; i++)); do
		lane "$i" "$queue" 8>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || rc=1
	done
	return "$rc"
}

main()
{
	local suite queue log rc=0

	case ${1:-} in
	-h | --help) usage; exit 0 ;;
	-*) usage_error "unknown option $1" ;;
	esac
	# The log of a few suites does not replace that of all.
	suite="$*"
	log=$VB_BUILD/log/check${suite:+-${suite// /-}}.tap
	(($#)) || set -- "${SUITES[@]}"
	for suite in "$@"; do
		[[ -f $VB_TOP/tests/$suite.bats ]] || usage_error "no suite $suite"
	done
	mkdir -p -- "$(dirname -- "$log")"
	# Two would build in the same folders, and take each other's results.
	exec 8>"$VB_BUILD/check.lock"
	flock -n 8 || die "another check is at work in $VB_BUILD"
	prepare "$@"

	queue=$log.queue
	printf '%s\n' "$@" >"$queue"
	run_lanes "$queue" | number | tee -- "$log" || rc=$?
	count_tap "$log" || rc=1
	[[ $rc -eq 0 ]] || exit 1
}

main "$@"
