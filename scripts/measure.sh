# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# measure.sh - have two variants measured in order to compare them. Sourced by
# compare.sh, after lib.sh, variants.sh, options.sh, machines.sh and decide.sh; sets
# its BEFORE_SIDE, AFTER_SIDE and NOISE_SIDE, and PLAN.

# is_measuring OPTION - one that asks for it, and has a value.
is_measuring()
{
	case $1 in
	--machine|--max-boots|--id|--cpus|--threads|--workload|--pages|--ops) return 0 ;;
	*) return 1 ;;
	esac
}

# take_measuring OPTION VALUE - what decides about boots here; the rest is for bench.
take_measuring()
{
	case $1 in
	--max-boots) MAX_BOOTS=$2 ;;
	--id) MEASURE_ID=$2 ;;
	--machine) MEASURE_MACHINE=$2 ;;
	*) MEASURE+=("$1" "$2") ;;
	esac
	MEASURING=true
}

# measure_id BEFORE AFTER - a campaign for each set of options. That of more boots is
# another one: what was looked at would be looked at once more.
measure_id()
{
	printf '%s-%s-%s' "$1" "$2" \
		"$(printf '%s\n' "$MEASURE_MACHINE" "$MAX_BOOTS" "${MEASURE[@]}" | sha256sum | cut -c1-8)"
}

# check_measuring BEFORE AFTER - all of it, before anything is built.
check_measuring()
{
	check_variant "$1"
	check_variant "$2"
	MEASURE_MACHINE=$(settle_machine "${MEASURE_MACHINE:-sim}") || exit 2
	MAX_BOOTS=${MAX_BOOTS:-$DECIDE_MOST}
	# Fewer decide nothing (VB_MIN_BOOTS).
	check_numbers --max-boots "$MAX_BOOTS" 3 500
	MEASURE=(--machine "$MEASURE_MACHINE" ${MEASURE[@]+"${MEASURE[@]}"})
	MEASURE_ID=${MEASURE_ID:-$(measure_id "$1" "$2")}
}

# measure_exact BEFORE AFTER - one boot each says it all; of a kernel against itself two.
measure_exact()
{
	local boots=1 variants="$1 $2"

	if [[ $1 == "$2" ]]; then
		boots=2 variants=$1
	fi
	decide_bench "$MEASURE_ID" "$variants" "$boots" "${MEASURE[@]}"
	BEFORE_SIDE=$RESULTS/$MEASURE_ID:$1 AFTER_SIDE=$RESULTS/$MEASURE_ID:$2
}

# measure BEFORE AFTER - after check_measuring.
measure()
{
	if [[ $MEASURE_MACHINE == sim ]]; then
		measure_exact "$1" "$2"
	else
		need_machine "$MEASURE_MACHINE"
		decide "$MEASURE_ID" "$1" "$2" "$MAX_BOOTS" "${MEASURE[@]}"
	fi
}

# say_measuring BEFORE AFTER - what --dry-run prints of it.
say_measuring()
{
	printf 'before %s\nafter  %s\nby     bench --id %s %s\n' "$1" "$2" "$MEASURE_ID" "${MEASURE[*]}"
	[[ $MEASURE_MACHINE == sim ]] ||
		printf 'boots  %s for the noise, then %s of each at most\n' "$DECIDE_NOISE" "$MAX_BOOTS"
}
