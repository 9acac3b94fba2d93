# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# guest.bash - boot a variant, do a plan, look at the records. OUT is set by
# the suite; each test has a directory of its own in it.

# What a guest's console must not have.
SPLAT='WARNING:|BUG:|BUG at|INFO: |Oops|Call Trace|possible .*deadlock|not syncing'

# boot VARIANT PLAN... - records in $log. GUEST_FLAGS go to guest-run.sh,
# GUEST_OPTIONS to run-guest.sh, GUEST_APPEND to the kernel's command line.
boot()
{
	local variant=$1 dir
	shift
	dir=$OUT/$variant-$BATS_TEST_NUMBER
	log=$dir/events.jsonl
	# shellcheck disable=SC2086
	printf '%s\n' "$@" |
		"$TOP/scripts/run/guest-run.sh" ${GUEST_FLAGS:-} "$variant" "$dir" --cpus 4 ${GUEST_OPTIONS:-} \
			${GUEST_APPEND:+--append "$GUEST_APPEND"} 2>"$dir.err" ||
		{ cat "$dir.err"; return 1; }
	if grep -aE "$SPLAT" "$dir/console.log"; then
		echo "$variant: the kernel complained: $dir/console.log"
		return 1
	fi
}

# count FILTER - how many records is jq's FILTER true for?
count()
{
	jq -s "[.[] | select($1)] | length" "$log"
}

# has N FILTER - exactly N records.
has()
{
	[ "$(count "$2")" -eq "$1" ] && return 0
	echo "$(count "$2") records, not $1: $2"
	cut -c1-300 "$log"
	return 1
}
