#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh - the tests: of C (tests/unit), of this machine (tests/host), of real kernels in
# real guests (tests/guest).

# shellcheck disable=SC2034 # used by lib.sh
VB_NAME=tests
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../scripts/lib/lib.sh"
# shellcheck source=scripts/kernel/variants.sh
. "$VB_TOP/scripts/kernel/variants.sh"

TESTS=$VB_TOP/tests
# How long each suite took last time: the longest starts first.
TIMES=$VB_CACHE/test-times.tsv
# A guest keeps one CPU of the host busy.
LANES=2
# Debug kernels that suites boot: tests/guest/claims.bats, tests/guest/long/debug.bats.
DEBUG_KERNELS="rewrite rewrite-irq"

usage()
{
	cat <<END
Usage: tests/run.sh [-h] [--sanitize] [--list] [unit|host|guest|SUITE...]

Run suites of tests; without arguments all of unit, host and guest. A suite is a
directory of C tests (unit), fuzz, or one file: host/options, or short options. Suites in
tests/guest/long run by name only. $LANES suites run at a time.

  --sanitize  build the host programs with ASan and UBSan for unit and host suites
  --list      print the suites, run none

Results are TAP, also in build/log/tests.tap. A table of the slowest suites follows, and
the last line counts the tests.
Exit codes: 0 all passed or skipped, 1 a test failed, 2 usage error, or other tests are
at work here.
END
}

# suites KIND - its suites, one a line; guest/long is not among them.
suites()
{
	case $1 in
	unit)
		printf 'unit\n'
		[[ -z ${VB_SANITIZE:-} ]] || printf 'fuzz\n'
		;;
	host | guest) find "$TESTS/$1" -maxdepth 1 -name '*.bats' -printf "$1/%f\n" | sed 's/\.bats$//' | sort ;;
	esac
}

# find_suites NAME - all of that name, with their directories.
find_suites()
{
	local dir found=false

	for dir in '' host/ guest/ guest/long/; do
		[[ ! -f $TESTS/$dir$1.bats ]] || { printf '%s\n' "$dir$1"; found=true; }
	done
	$found || usage_error "there is no suite $1; --list prints them"
}

# expand ARGUMENT... - the suites they name.
expand()
{
	local arg

	for arg in "$@"; do
		case $arg in
		unit | host | guest) suites "$arg" ;;
		fuzz) printf 'fuzz\n' ;;
		*) find_suites "$arg" || exit 2 ;;
		esac
	done
}

# longest_first - sorts suites by the time they took last time; unknown ones lead.
longest_first()
{
	local known=/dev/null

	[[ ! -e $TIMES ]] || known=$TIMES
	awk -F'\t' '!all { time[$1] = $2; next }
		{ printf "%s\t%s\n", ($1 in time) ? time[$1] : 1e6, $1 }' "$known" all=1 - |
		sort -k1,1rn -k2 | cut -f2
}

# prepare - build all kernels that guests boot; inside a test their progress is not seen.
prepare()
{
	local variant

	for variant in $(variant_names); do
		"$VB_TOP/scripts/kernel/build-kernel.sh" "$variant" >/dev/null || exit 2
	done
	for variant in $DEBUG_KERNELS; do
		"$VB_TOP/scripts/kernel/build-kernel.sh" --debug "$variant" >/dev/null || exit 2
	done
}

# tools_of SUITE - where the host programs for it are, built once for all suites of a run.
# Guests are measured with the programs that users have.
tools_of()
{
	if [[ -n ${VB_SANITIZE:-} && $1 != guest/* ]]; then
		printf '%s/sanitized-tools' "$VB_BUILD"
	else
		printf '%s/tools' "$VB_BUILD"
	fi
}

# untracked - files of the checkout that git does not know, where it is one of git.
untracked()
{
	git -C "$VB_TOP" ls-files --others --exclude-standard 2>/dev/null | sort || true
}

# tidy BEFORE - a suite that leaves a file beside the sources finds it there next time.
tidy()
{
	local left

	left=$(comm -13 <(printf '%s\n' "$1") <(untracked))
	if [[ -n $left ]]; then
		printf 'not ok 1 suites leave nothing in the checkout\n# %s\n' "${left//$'\n'/$'\n# '}"
		return 1
	fi
	printf 'ok 1 suites leave nothing in the checkout\n'
}

# build_tools_for SUITES - those programs, before suites ask for them two at a time.
build_tools_for()
{
	local suite out built=' '

	while read -r suite; do
		# The programs of C tests and of the fuzzer have builds of their own.
		[[ $suite == */* ]] || continue
		out=$(tools_of "$suite")
		[[ $built != *" $out "* ]] || continue
		built+="$out "
		(
			[[ $suite != guest/* ]] || unset VB_SANITIZE
			make -s -j "$LANES" -C "$VB_TOP/tools" OUT="$out" >&2
		) || die "tools/ does not build: $out"
	done <<<"$1"
}

# fuzz - every parser, from the same seed, for at most 5 seconds each.
fuzz()
{
	make -s -C "$TESTS/unit/fuzz" OUT="$VB_BUILD/fuzz" && "$TESTS/unit/fuzz/run.sh" "$VB_BUILD/fuzz/fuzz" 5 100000
}

# run_suite SUITE LANE - its TAP on standard output; called by parallel.
run_suite()
{
	local suite=$1 rc=0 start=$SECONDS VB_NAME=tests

	VB_TOOLS=$(tools_of "$suite")
	[[ $suite != guest/* ]] || unset VB_SANITIZE
	export VB_TOOLS VB_BUILD=$VB_BUILD/${VB_SANITIZE:+sanitized-}lane-$2 VB_SUITE=$suite
	rm -rf -- "$VB_BUILD/tools"
	mkdir -p -- "$VB_BUILD" && ln -s -- "$VB_TOOLS" "$VB_BUILD/tools"
	info "$suite ..."
	case $suite in
	fuzz) fuzz || rc=1 ;;
	unit) make -s -C "$TESTS/unit" OUT="$VB_BUILD/unit" check 2>&1 | grep -v '^unit: ' || rc=1 ;;
	*) bats --tap --timing "$TESTS/$suite.bats" </dev/null 2>&1 || rc=1 ;;
	esac
	printf 'suite\t%s\t%s\n' "$((SECONDS - start))" "$suite" >>"$VB_TIMES"
	return "$rc"
}

# number - pass TAP on, its tests counted anew. Not awk: mawk waits for a full buffer.
number()
{
	local line n=0

	while IFS= read -r line; do
		case $line in
		1..*) continue ;;
		esac
		if [[ $line =~ ^(ok|not\ ok)\ [0-9]+(.*)$ ]]; then
			n=$((n + 1))
			line="${BASH_REMATCH[1]} $n${BASH_REMATCH[2]}"
		fi
		printf '%s\n' "$line"
	done
	printf '1..%d\n' "$n"
}

# count_tap LOG - the closing line; fails unless all passed and there were tests.
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

# slowest FILE - the table of the ten slowest suites.
slowest()
{
	printf '# The slowest suites, in seconds. Boots of one suite can overlap.\n'
	printf '# %-24s %8s %8s %6s %8s %6s %8s\n' suite time boots n stored n builds
	awk -F'\t' '
	$1 == "suite" { time[$3] = $2; next }
	{ part[$3, $1] += $2; n[$3, $1]++ }
	END {
		for (s in time)
			printf "# %-24s %8.0f %8.0f %6d %8.1f %6d %8.0f\n", s, time[s],
				part[s, "boot"], n[s, "boot"], part[s, "stored"], n[s, "stored"],
				part[s, "build"]
	}' "$1" | sort -k3,3rn | sed -n 1,10p
	awk -F'\t' '
	$1 == "suite" { next }
	{ part[$1] += $2; n[$1]++ }
	END {
		printf "# all suites: %d boots in %.0f s, %d stored boots in %.1f s, builds %.0f s\n",
			n["boot"], part["boot"], n["stored"], part["stored"], part["build"]
	}' "$1"
}

# remember FILE - the suites' times, for the next run. Suites that did not run keep theirs.
remember()
{
	mkdir -p -- "$VB_CACHE" 2>/dev/null || return 0
	awk -F'\t' -v OFS='\t' '$1 == "suite" { print $3, $2 }' "$1" >"$TIMES.new" 2>/dev/null || return 0
	if [[ -e $TIMES ]]; then
		sort -t$'\t' -k1,1 -u -s -m <(sort -t$'\t' -k1,1 "$TIMES.new") "$TIMES" >"$TIMES.all"
		mv -T -- "$TIMES.all" "$TIMES.new"
	fi
	sort -t$'\t' -k1,1 -o "$TIMES" -- "$TIMES.new"
	rm -f -- "$TIMES.new"
}

# run_suites SUITES - all of them, two at a time; then the audit of stored boots.
run_suites()
{
	local rc=0 before

	before=$(untracked)
	longest_first <<<"$1" |
		SHELL=/bin/bash parallel --will-cite -j "$LANES" --group run_suite '{}' '{%}' 8>&- || rc=1
	if [[ $1 == *guest/* ]]; then
		run_suite guest/long/audit audit 8>&- || rc=1
	fi
	tidy "$before" || rc=1
	return "$rc"
}

main()
{
	local list=false all log rc=0 name

	while [[ ${1:-} == -* ]]; do
		case $1 in
		-h | --help) usage; exit 0 ;;
		# The programs leave their memory to exit().
		--sanitize) export VB_SANITIZE=1 ASAN_OPTIONS=detect_leaks=0 ;;
		--list) list=true ;;
		*) usage_error "unknown option $1" ;;
		esac
		shift
	done
	name="$*"
	(($#)) || set -- unit host guest
	all=$(expand "$@") || exit 2
	if $list; then
		printf '%s\n' "$all"
		return 0
	fi
	# The log of a few suites does not replace that of all.
	name=${name//[ \/]/-}
	log=$VB_BUILD/log/tests${name:+-${name:0:100}}.tap
	mkdir -p -- "$(dirname -- "$log")"
	# Two would build in the same directories, and take each other's results.
	exec 8>"$VB_BUILD/tests.lock"
	flock -n 8 || die "other tests are at work in $VB_BUILD"
	export VB_TIMES=$log.times
	: >"$VB_TIMES"
	[[ $all != *guest/* ]] || prepare

	build_tools_for "$all"
	export -f run_suite tools_of fuzz info
	export TESTS
	run_suites "$all" | number | tee -- "$log" || rc=$?
	slowest "$VB_TIMES"
	remember "$VB_TIMES"
	count_tap "$log" || rc=1
	[[ $rc -eq 0 ]] || exit 1
}

main "$@"
