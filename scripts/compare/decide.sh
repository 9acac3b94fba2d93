# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# decide.sh - measure two kernels on a machine in real time until it is known
# whether one is a regression against the other. Sourced after lib.sh, tools.sh and
# options.sh by compare.sh; measure.sh runs bench, and blame.sh knows whose fault it is
# if they do not run.
#
# First boots of BEFORE alone, in the campaign ID-noise: what its boots show by
# themselves, and the smallest change that could be seen. Then boots of both, in turn,
# in the campaign ID: DECIDE_FIRST of each, and DECIDE_STEP more until a look at them
# is no longer INCONCLUSIVE, or there are as many as was said in the beginning. That
# number is part of the test (tools/stats/plan.c), so it does not change once it is said.

# shellcheck source=scripts/campaign/split-boots.sh
. "$VB_TOP/scripts/campaign/split-boots.sh"

# Boots of BEFORE for the noise; of each side before the first look; and more before
# each further one.
DECIDE_NOISE=4
DECIDE_FIRST=4
DECIDE_STEP=2
# Boots of each side at most, unless something else is asked for.
DECIDE_MOST=12

# decide_plan MOST - as vb-compare and vb-noise take it.
decide_plan()
{
	local first=$((DECIDE_FIRST < $1 ? DECIDE_FIRST : $1))

	printf '%s,%s,%s' "$first" "$DECIDE_STEP" "$1"
}

# boots_of ID - how many boots that campaign was asked for; 0 when there is none, or no
# number: bash would run a text that it compares as one.
boots_of()
{
	local boots

	boots=$(jq .boots "$RESULTS/$1/campaign.json" 2>/dev/null) || true
	[[ $boots =~ ^[1-9][0-9]{0,3}$ ]] || boots=0
	printf '%s\n' "$boots"
}

# decide_bench ID VARIANTS BOOTS OPTION... - boots until there are so many of each.
# A campaign that is finished and has them, is taken as it is.
decide_bench()
{
	local id=$1 variants=$2 boots=$3 had rc=0
	shift 3

	had=$(boots_of "$id")
	# With fewer boots it would be another campaign.
	((boots >= had)) || boots=$had
	run_bench --id "$id" --variants "$variants" --boots "$boots" "$@" || rc=$?
	((rc == 0)) || stop_deciding "$id" "$rc"
}

# stop_deciding ID CODE - bench has said why.
stop_deciding()
{
	[[ $2 -ne 1 ]] || blame_guest "$1"
	info "no verdict: campaign $1 is unfinished; finished boots are kept, and the same command continues"
	# A guest that fails is no verdict about its speed.
	exit 2
}

# boot_seconds ID - of one boot of the campaign ID on average, from when each was done.
boot_seconds()
{
	find "$RESULTS/$1" -path '*/run-*/events.jsonl' -printf '%T@\n' | sort -n |
		awk '{ t[NR] = $1 } END { printf "%d", (t[NR] - t[1]) / (NR - 1) + 0.5 }'
}

# decide_sides ID BEFORE AFTER - sets what vb-compare takes.
decide_sides()
{
	if [[ $2 == "$3" ]]; then
		BEFORE_SIDE=$RESULTS/$1/first AFTER_SIDE=$RESULTS/$1/second
	else
		BEFORE_SIDE=$RESULTS/$1:$2 AFTER_SIDE=$RESULTS/$1:$3
	fi
	NOISE_SIDE=$RESULTS/$1-noise
}

# boots_each ID BEFORE AFTER - boots of each side that were asked for so far.
boots_each()
{
	local boots

	boots=$(boots_of "$1")
	[[ $2 != "$3" ]] || boots=$((boots / 2))
	printf '%s' "$boots"
}

# measure_both ID BEFORE AFTER BOOTS OPTION... - so many boots of each. A kernel
# against itself has twice as many, of which each side gets every other one.
measure_both()
{
	local id=$1 before=$2 after=$3 boots=$4
	shift 4

	if [[ $before == "$after" ]]; then
		decide_bench "$id" "$before" $((2 * boots)) "$@"
		split_boots "$RESULTS/$id" "$before" "$boots"
	else
		decide_bench "$id" "$before $after" "$boots" "$@"
	fi
}

# look ID PLAN - the verdict's exit code; ends the script unless it is one.
look()
{
	local rc=0

	"$VB_BUILD/tools/vb-compare" --format json --policy "$POLICY" \
		--thresholds "$VB_TOP/tools/thresholds.tsv" --plan "$2" \
		--noise "$NOISE_SIDE" "$BEFORE_SIDE" "$AFTER_SIDE" >"$RESULTS/$1/look.json" || rc=$?
	case $rc in
	0|1|3) return "$rc" ;;
	*) exit 2 ;;
	esac
}

# say_look ID BOOTS - what a look has found.
say_look()
{
	info "$2 boots of each: $(jq -r .summary "$RESULTS/$1/look.json")"
}

# more_helps ID - could boots decide it? Not what is wrong with the records.
more_helps()
{
	jq -e '.doubts | length == 0' "$RESULTS/$1/look.json" >/dev/null
}

# same_plan ID PLAN MOST - usage error if what is there was looked at by another plan:
# the looks of both together would err more often than is said.
same_plan()
{
	local file=$RESULTS/$1/plan had

	had=$(cat -- "$file" 2>/dev/null || true)
	[[ -z $had || $had == "$2" ]] ||
		usage_error "campaign $1 was started with at most ${had##*,} boots of each, not $3: choose another --id"
	if ! { mkdir -p -- "$RESULTS/$1" && printf '%s\n' "$2" >"$file"; } 2>/dev/null; then
		die "cannot write to $RESULTS/$1"
	fi
}

# say_beginning MOST - how long it can take, before anything is booted.
say_beginning()
{
	info "up to $((DECIDE_NOISE + 2 * $1)) boots: $DECIDE_NOISE for the noise, then up to $1 of each side; how long one takes is said after the first $DECIDE_NOISE"
}

# say_noise ID PLAN MOST - what can be seen, and how long it can take from here.
say_noise()
{
	local seconds

	"$VB_BUILD/tools/vb-noise" --thresholds "$VB_TOP/tools/thresholds.tsv" --plan "$2" \
		"$RESULTS/$1-noise" >&2 || exit 2
	seconds=$(boot_seconds "$1-noise")
	info "up to $((2 * $3)) boots of about $seconds s: $(((2 * $3 * seconds + 59) / 60)) minutes at most"
}

# decide ID BEFORE AFTER MOST OPTION... - measure the variants BEFORE and AFTER, with
# these options of bench, until it is known or there are MOST boots of each. Sets
# BEFORE_SIDE, AFTER_SIDE, NOISE_SIDE and PLAN, which vb-compare takes.
decide()
{
	local id=$1 before=$2 after=$3 most=$4 boots had rc=0
	shift 4

	PLAN=$(decide_plan "$most")
	decide_sides "$id" "$before" "$after"
	same_plan "$id" "$PLAN" "$most"
	build_tools
	say_beginning "$most"
	decide_bench "$id-noise" "$before" "$DECIDE_NOISE" "$@"
	say_noise "$id" "$PLAN" "$most"
	# An earlier command may have been further.
	had=$(boots_each "$id" "$before" "$after")
	boots=${PLAN%%,*}
	((boots >= had)) || boots=$had
	while :; do
		measure_both "$id" "$before" "$after" "$boots" "$@"
		rc=0
		look "$id" "$PLAN" || rc=$?
		say_look "$id" "$boots"
		if ((rc != 3 || boots >= most)) || ! more_helps "$id"; then
			break
		fi
		boots=$((boots + DECIDE_STEP))
		((boots <= most)) || boots=$most
	done
	rm -f -- "$RESULTS/$id/look.json"
}
