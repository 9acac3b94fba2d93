# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
#
# sides.sh - BEFORE and AFTER of a comparison: what a name means, and a finished
# campaign for it. Sourced by compare.sh, whose variables it reads, after subjects.sh.

RESULTS=${VB_RESULTS:-$VB_TOP/results}
# What bench makes when nothing is asked for.
DEFAULT=local

# What the campaign of two sides is asked for: options of bench.
MEASURE_OPTIONS="machine cpus threads workload pages ops files dir-block names rounds costs boots"

# By side, BEFORE or AFTER: what its name is (campaign, variant, tree, ref), what that
# stands for, the name of the kernel, and in the end FOLDER or FOLDER:VARIANT.
declare -gA KIND=() FROM=() KERNEL_NAME=() SIDE=()

# folder NAME - that of a campaign; nothing when there is none.
folder()
{
	if [[ $1 != */* && -f $RESULTS/$1/campaign.json ]]; then
		printf '%s' "$RESULTS/$1"
	elif [[ -f $1/campaign.json ]]; then
		(cd -- "$1" && pwd)
	elif [[ -f $RESULTS/$1/campaign.json ]]; then
		printf '%s' "$RESULTS/$1"
	fi
}

# campaign_side NAME - FOLDER or FOLDER:VARIANT. Fails when it is no campaign.
campaign_side()
{
	local dir

	dir=$(folder "$1")
	if [[ -n $dir ]]; then
		printf '%s' "$dir"
	elif [[ $1 == ?*:?* && -n $(folder "${1%:*}") ]]; then
		printf '%s:%s' "$(folder "${1%:*}")" "${1##*:}"
	else
		return 1
	fi
}

# is_local NAME - is it a variant of the default campaign, and is that one meant?
is_local()
{
	((${#MEASURE[@]} == 0)) &&
		jq -e --arg v "$1" '.variants | index($v)' "$RESULTS/$DEFAULT/campaign.json" \
			>/dev/null 2>&1
}

# is_tree FOLDER - a kernel source?
is_tree()
{
	[[ -f $1/Makefile && -f $1/Kconfig && -f $1/mm/Kconfig && -f $1/mm/vmalloc.c ]]
}

# is_ref NAME - a commit of the repository --kernel?
is_ref()
{
	[[ -n $KERNEL && $1 != -* ]] && only_read "$KERNEL" rev-parse --verify --quiet "$1^{commit}" >/dev/null
}

# check_kernel - a repository, or none.
check_kernel()
{
	[[ -n $KERNEL ]] || return 0
	[[ -d $KERNEL ]] || usage_error "--kernel: there is no folder $KERNEL"
	only_read "$KERNEL" rev-parse --git-dir >/dev/null || usage_error "--kernel: $KERNEL is no git repository"
}

# meanings NAME - every kind of thing that has this name, and what it stands for.
meanings()
{
	local side

	if side=$(campaign_side "$1"); then
		printf 'campaign\t%s\n' "$side"
	fi
	if is_local "$1"; then
		printf 'campaign\t%s\n' "$RESULTS/$DEFAULT:$1"
	elif [[ " $(variant_names | paste -sd' ') " == *" $1 "* ]]; then
		printf 'variant\t%s\n' "$1"
	fi
	if is_tree "$1"; then
		printf 'tree\t%s\n' "$(cd -- "$1" && pwd -P)"
	fi
	if is_ref "$1"; then
		printf 'ref\t%s\n' "$1"
	fi
}

# resolve SIDE NAME - sets KIND and FROM of that side, or the script ends.
resolve()
{
	local all

	all=$(meanings "$2")
	[[ -n $all ]] || usage_error "$(no_meaning "$2")"
	[[ $(wc -l <<<"$all") -eq 1 ]] ||
		usage_error "$2 has more than one meaning: $(tr '\t' ' ' <<<"$all" | paste -sd, | sed 's/,/, /g'). Write ./$2 for a tree, refs/heads/$2 or refs/tags/$2 for a ref, ID:VARIANT for a campaign's"
	KIND[$1]=${all%%$'\t'*}
	FROM[$1]=${all#*$'\t'}
	[[ ${KIND[$1]} != campaign ]] || SIDE[$1]=${FROM[$1]}
}

# no_meaning NAME - what it is not.
no_meaning()
{
	printf '%s is no campaign in %s, no folder of one, no variant (there are: %s), no folder with a kernel source' \
		"$1" "$RESULTS" "$(variant_names | paste -sd' ')"
	if [[ -n $KERNEL ]]; then
		printf ', and no commit of %s' "$KERNEL"
	else
		printf '; a git ref needs --kernel DIR'
	fi
}

# campaign_of SIDE - its folder, without a variant.
campaign_of()
{
	if [[ -f $1/campaign.json ]]; then
		printf '%s' "$1"
	else
		printf '%s' "${1%:*}"
	fi
}

# patched_from SIDE - what the patches are for: a kernel, so of a campaign its variant.
patched_from()
{
	local variant

	KIND[AFTER]=${KIND[$1]} FROM[AFTER]=${FROM[$1]}
	[[ ${KIND[$1]} == campaign ]] || return 0
	variant=$(jq -r '.variants | if length == 1 then .[0] else "" end' "$(campaign_of "${FROM[$1]}")/campaign.json")
	[[ -f ${FROM[$1]}/campaign.json ]] || variant=${FROM[$1]##*:}
	[[ " $(variant_names | paste -sd' ') " == *" $variant "* ]] ||
		usage_error "--patch: ${FROM[$1]} is not one of the variants $(variant_names | paste -sd' '): name a variant, a tree or a ref"
	KIND[AFTER]=variant FROM[AFTER]=$variant
}

# say_side SIDE - in words.
say_side()
{
	local patches=''

	[[ $1 == BEFORE || ${#PATCHES[@]} -eq 0 ]] || patches=" with ${PATCHES[*]}"
	printf '%s%s' "${FROM[$1]}" "$patches"
}

# name_kernel SIDE PATCH... - sets KERNEL_NAME: a variant, or a subject made for it.
name_kernel()
{
	local side=$1 kind=${KIND[$1]} from=${FROM[$1]}
	shift

	if [[ $kind == variant && $# -eq 0 ]]; then
		KERNEL_NAME[$side]=$from
		return
	fi
	[[ $kind != ref ]] || set -- "$from" "$@"
	[[ $kind != ref ]] || from=$KERNEL
	KERNEL_NAME[$side]=$("subject_of_$kind" "$from" "$@") || exit 2
}

# name_kernels SIDE... - of those that are to be measured.
name_kernels()
{
	local side patches

	for side in "$@"; do
		[[ ${KIND[$side]} != campaign ]] || continue
		patches=()
		[[ $side == BEFORE ]] || patches=(${PATCHES[@]+"${PATCHES[@]}"})
		name_kernel "$side" ${patches[@]+"${patches[@]}"}
	done
}

# like_campaign SIDE FILE - sets MEASURE to what the campaign of that side was asked for;
# FILE gets its table of costs, if that is not ours.
like_campaign()
{
	local json file=$2 option value
	json=$(campaign_of "${SIDE[$1]}")/campaign.json

	[[ ! -f ${SIDE[$1]}/campaign.json || $(jq '.variants | length' "$json") -eq 1 ]] ||
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

# campaign_id NAME... - a folder for what is measured here. The names are in its
# campaign.json, and too long for this one.
campaign_id()
{
	printf 'gate-%s' "$(printf '%s\n' "$@" ${MEASURE[@]+"${MEASURE[@]}"} | sha256sum | cut -c1-8)"
}

# unfit SIDE TEXT [LOG] - the kernel of that side cannot be measured. That of AFTER
# has an exit code of its own if somebody asks for one.
unfit()
{
	local code=2

	[[ $1 == BEFORE ]] || code=${VB_UNFIT:-2}
	printf '%s: error: %s (%s) %s%s\n' "$VB_NAME" "$1" "$(say_side "$1")" "$2" "${3:+ (log: $3)}" >&2
	exit "$code"
}

# build_side SIDE - its kernel, and what is loaded into it.
build_side()
{
	local name=${KERNEL_NAME[$1]} script what log rc

	for script in kernel module vmapstat; do
		log=$VB_BUILD/log/$script-$name.log
		rc=0
		"$VB_TOP/scripts/build-$script.sh" "$name" >/dev/null || rc=$?
		((rc)) || continue
		((rc == 2)) || exit "$rc"
		what="does not build"
		[[ $script == kernel ]] || what="cannot be measured: $script does not build for it"
		if [[ ! -s $log ]] || host_fault "$log"; then
			exit 2
		fi
		unfit "$1" "$what: $(first_error "$log")" "$log"
	done
}

# blame_guest LOG - the campaign could not be finished: whose fault was it?
blame_guest()
{
	local side name
	for side in BEFORE AFTER; do
		name=${KERNEL_NAME[$side]:-}
		[[ -n $name ]] || continue
		if grep -q "^bench: $name .* failed again" "$1"; then
			unfit "$side" "does not run: $(sed -n 's/^run-guest: the guest failed: //p' "$1" | tail -n 1)" "$1"
		elif grep -q "^bench: error: $name: the counters" "$1"; then
			unfit "$side" "cannot be measured: $(sed -n "s/^bench: error: $name: //p" "$1" | head -n 1)" "$1"
		fi
	done
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
	[[ -n $left ]] || die "there is nothing to measure: $* cannot have the workload $asked" \
		"$VB_BUILD/module/$1/lacks"
	MEASURE[at]=--workload
	MEASURE[at + 1]=$left
}

# measure ID NAME... - a finished campaign of these kernels, which are those of the sides
# that are none yet: by one call of bench.
measure()
{
	local id=$1 side log=$VB_BUILD/log/compare-bench.log rc=0 options
	shift

	options=(--id "$id" --variants "$*" ${MEASURE[@]+"${MEASURE[@]}"})
	"$VB_TOP/scripts/bench.sh" --dry-run "${options[@]}" >/dev/null || exit 2
	for side in BEFORE AFTER; do
		[[ -z ${KERNEL_NAME[$side]:-} ]] || build_side "$side"
	done
	without_lacking "$@"
	options=(--id "$id" --variants "$*" ${MEASURE[@]+"${MEASURE[@]}"})
	mkdir -p -- "$(dirname -- "$log")"
	"$VB_TOP/scripts/bench.sh" "${options[@]}" 2> >(tee -- "$log" >&2) >/dev/null || rc=$?
	((rc != 1)) || blame_guest "$log"
	((rc == 0)) || exit "$rc"
	for side in BEFORE AFTER; do
		[[ -z ${KERNEL_NAME[$side]:-} ]] || SIDE[$side]=$RESULTS/$id:${KERNEL_NAME[$side]}
	done
}

# is_fresh CAMPAIGN - finished, and taken with what a new one would be taken with.
is_fresh()
{
	[[ -f $1/seal ]] && "$VB_TOP/scripts/seal.sh" --check "$1" 2>/dev/null &&
		[[ $(jq -Sc .fingerprint.sources "$1/campaign.json") == "$(sources_json | jq -Sc .)" ]]
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
	local side names

	name_kernels BEFORE AFTER
	((${#KERNEL_NAME[@]})) || return 0
	for side in BEFORE AFTER; do
		[[ ${KIND[$side]} != campaign ]] || like_campaign "$side" "$1/costs.tsv"
	done
	names=${KERNEL_NAME[BEFORE]:-}
	[[ ${KERNEL_NAME[AFTER]:-} == "$names" ]] || names+=" ${KERNEL_NAME[AFTER]:-}"
	# shellcheck disable=SC2086 # two names at most
	measure "$(campaign_id $names)" $names
}
