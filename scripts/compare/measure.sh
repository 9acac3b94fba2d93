# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2004,SC2034
#
# measure.sh - finished campaigns for sides of a comparison that are none. Sourced by
# compare.sh, whose variables it reads and sets, after sides.sh, machines.sh, decide.sh,
# blame.sh and child.sh.

# What the campaign of two sides is asked for: options of bench.
MEASURE_OPTIONS="machine cpus possible-cpus threads workload pages ops files dir-block names \
rounds costs coherence topology boots"

# settle_measuring - the machine is one that there is, and the number of boots one that
# can decide something. Sets MEASURE_MACHINE.
settle_measuring()
{
	local i

	MEASURE_MACHINE=sim
	for ((i = 0; i < ${#MEASURE[@]}; i += 2)); do
		[[ ${MEASURE[i]} == --machine ]] || continue
		MEASURE_MACHINE=$(settle_machine "${MEASURE[i + 1]}") || exit 2
		MEASURE[i + 1]=$MEASURE_MACHINE
	done
	# Fewer decide nothing (VB_MIN_BOOTS).
	[[ -z $MAX_BOOTS ]] || check_numbers --max-boots "$MAX_BOOTS" 3 500
	MAX_BOOTS=${MAX_BOOTS:-$DECIDE_MOST}
}

# is_measured - have both sides to be measured?
is_measured()
{
	[[ ${KIND[BEFORE]} != campaign && ${KIND[AFTER]} != campaign ]]
}

# is_noisy - are they to be measured until it is known?
is_noisy()
{
	[[ $MEASURE_MACHINE != sim ]] && is_measured
}

# check_noisy - what belongs to that only.
check_noisy()
{
	is_noisy || return 0
	[[ -z $NOISE ]] || usage_error "--noise: boots for it are measured as well"
	! $KEEP_BEFORE || usage_error "--keep-before: on $MEASURE_MACHINE both sides are booted in turn"
	[[ " ${MEASURE[*]} " != *" --boots "* ]] ||
		usage_error "--boots: on $MEASURE_MACHINE there are as many as it takes, --max-boots at most"
}

# say_measuring - what --dry-run prints of it.
say_measuring()
{
	[[ ${KIND[BEFORE]}${KIND[AFTER]} != campaigncampaign ]] || return 0
	printf '%-7s%s\n' measure "bench ${MEASURE[*]-}"
	! is_noisy || printf '%-7s%s\n' boots "$DECIDE_NOISE for the noise, then $MAX_BOOTS of each at most"
}

# like_campaign SIDE FILE - sets MEASURE to what the campaign of that side was asked for;
# FILE gets its table of costs, if that is not ours.
like_campaign()
{
	local json file=$2 option value
	json=$(campaign_of "${SIDE[$1]}")/campaign.json

	[[ ! -f ${SIDE[$1]}/campaign.json || $(jq '.variants | length' "$json") == 1 ]] ||
		usage_error "${SIDE[$1]} has several variants: name one, as ${SIDE[$1]##*/}:VARIANT"
	((${#MEASURE[@]} == 0)) ||
		usage_error "${MEASURE[0]}: ${SIDE[$1]} is finished, and the other side is measured as it was"
	for option in $MEASURE_OPTIONS; do
		value=$(jq -r --arg k "${option/-/_}" '
			(if $k == "workload" then .workloads else .[$k] end) |
			if type == "array" then map(tostring) | join(" ")
			elif type == "object" then "object" else . // "" | tostring end' "$json")
		# How many pages and operations those are follows from the rest.
		[[ $(jq 'has("files")' "$json") == false || ($option != pages && $option != ops) ]] || continue
		[[ -n $value ]] || continue
		if [[ $value == object ]]; then
			[[ $(jq -Sc .costs "$json") != "$(costs_json "$VB_COSTS" | jq -Sc .)" ]] || continue
			jq -r '.costs | to_entries[] | "\(.key)\t\(.value)"' "$json" >"$file"
			value=$file
		fi
		MEASURE+=("--$option" "$value")
	done
}

# campaign_id NAME... - a directory for what is measured here. The names are in its
# campaign.json, and too long for this one. With another number of boots at most it is
# another campaign: what was looked at would be looked at once more. And with other
# costs, whatever the file is called that they are in.
campaign_id()
{
	local most='' table='' coherence='' topology='' costs others=() i

	for ((i = 0; i < ${#MEASURE[@]}; i += 2)); do
		case ${MEASURE[i]} in
		--costs) table=${MEASURE[i + 1]} ;;
		--coherence) coherence=${MEASURE[i + 1]} ;;
		--topology) topology=${MEASURE[i + 1]} ;;
		*) others+=("${MEASURE[@]:i:2}") ;;
		esac
	done
	table=$(settle_costs "$table" "$MEASURE_MACHINE" "$coherence" "$topology") || exit 2
	costs=$(costs_json "$table")
	! is_noisy || most=$MAX_BOOTS
	printf 'gate-%s' "$(printf '%s\n' "$@" "${others[@]}" "$costs" "$most" |
		sha256sum | cut -c1-8)"
}

# without_lacking NAME... - MEASURE without the workloads that one of these kernels
# cannot have.
without_lacking()
{
	local lacking asked=$VB_WORKLOADS left='' workload i at=${#MEASURE[@]}

	lacking=" $(lacking_workloads "$@" | paste -sd' ') "
	[[ -n ${lacking// } ]] || return 0
	for ((i = 0; i < ${#MEASURE[@]}; i += 2)); do
		[[ ${MEASURE[i]} != --workload ]] || at=$i asked=$(tidy_list "${MEASURE[i + 1]}")
	done
	for workload in $asked; do
		[[ $lacking == *" $workload "* ]] || left+="${left:+ }$workload"
	done
	[[ -n $left ]] || die "nothing to measure: $* cannot run the workload $asked" \
		"$VB_BUILD/module/$1/lacks"
	MEASURE[at]=--workload
	MEASURE[at + 1]=$left
}

# run_bench OPTION... - bench, whose status is returned. A signal to us is one to the guests.
run_bench()
{
	run_child "$VB_TOP/scripts/bench.sh" "$@" >/dev/null
}

# bench_sides ID NAME... - by one call of bench. A kernel against itself boots twice.
bench_sides()
{
	local id=$1 side rc=0
	shift

	set -- --id "$id" --variants "$*" ${MEASURE[@]+"${MEASURE[@]}"}
	if is_measured && [[ ${KERNEL_NAME[BEFORE]} == "${KERNEL_NAME[AFTER]:-}" && " $* " != *" --boots "* ]]; then
		set -- "$@" --boots 2
	fi
	run_bench "$@" || rc=$?
	((rc != 1)) || blame_guest "$id"
	((rc == 0)) || exit "$rc"
	for side in BEFORE AFTER; do
		[[ -z ${KERNEL_NAME[$side]:-} ]] || SIDE[$side]=$RESULTS/$id:${KERNEL_NAME[$side]}
	done
}

# decide_both ID - boots of both sides until it is known.
decide_both()
{
	need_machine "$MEASURE_MACHINE"
	decide "$1" "${KERNEL_NAME[BEFORE]}" "${KERNEL_NAME[AFTER]}" "$MAX_BOOTS" "${MEASURE[@]}"
	SIDE[BEFORE]=$BEFORE_SIDE SIDE[AFTER]=$AFTER_SIDE
}

# measure ID NAME... - a finished campaign of these kernels, which are those of the sides
# that are none yet.
measure()
{
	local id=$1 side
	shift

	"$VB_TOP/scripts/bench.sh" --dry-run --id "$id" --variants "$*" ${MEASURE[@]+"${MEASURE[@]}"} >/dev/null ||
		exit 2
	for side in BEFORE AFTER; do
		[[ -z ${KERNEL_NAME[$side]:-} ]] || build_side "$side"
	done
	without_lacking "$@"
	if is_noisy; then
		decide_both "$id"
	else
		bench_sides "$id" "$@"
	fi
}

# fresh_print - what of a fingerprint is made from this checkout alone, as it would be
# now: that is what changes with the next version of it.
fresh_print()
{
	local loaded

	loaded=$(load_machine "$MEASURE_MACHINE" && machine_hash) || return 1
	sources_json | jq -Sc --arg loaded "$loaded" '{ sources: ., loaded_into_qemu: $loaded }'
}

# is_fresh CAMPAIGN - finished, and taken with what a new one would be taken with.
is_fresh()
{
	[[ -f $1/seal ]] && "$VB_TOP/scripts/seal.sh" --check "$1" 2>/dev/null &&
		[[ $(jq -Sc '.fingerprint | { sources, loaded_into_qemu }' "$1/campaign.json") == \
			"$(fresh_print)" ]]
}

# keep_before - BEFORE alone as a finished campaign: that of last time, if there is one.
keep_before()
{
	local id

	[[ ${KIND[BEFORE]} != campaign ]] || return 0
	name_kernels BEFORE
	id=$(campaign_id "${KERNEL_NAME[BEFORE]}")
	if is_fresh "$RESULTS/$id"; then
		SIDE[BEFORE]=$RESULTS/$id:${KERNEL_NAME[BEFORE]}
	else
		measure "$id" "${KERNEL_NAME[BEFORE]}"
	fi
	KIND[BEFORE]=campaign
	MEASURE=()
	unset 'KERNEL_NAME[BEFORE]'
}

# measure_sides DIR - every side that is no campaign becomes one; DIR is for files of
# ours.
measure_sides()
{
	local side names id

	name_kernels BEFORE AFTER
	((${#KERNEL_NAME[@]})) || return 0
	for side in BEFORE AFTER; do
		[[ ${KIND[$side]} != campaign ]] || like_campaign "$side" "$1/costs.tsv"
	done
	names=${KERNEL_NAME[BEFORE]:-}
	[[ ${KERNEL_NAME[AFTER]:-} == "$names" ]] || names+=" ${KERNEL_NAME[AFTER]:-}"
	# shellcheck disable=SC2086 # two names at most
	id=${MEASURE_ID:-$(campaign_id $names)}
	# shellcheck disable=SC2086
	measure "$id" $names
}
