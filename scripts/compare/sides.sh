# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2153
#
# sides.sh - BEFORE and AFTER of a comparison: what a name means. Sourced by
# compare.sh, whose variables it reads, after subjects.sh.

# What bench makes when nothing is asked for.
DEFAULT=local

# By side, BEFORE or AFTER: what its name is (campaign, variant, tree, ref), what that
# stands for, the name of the kernel, and in the end DIR or DIR:VARIANT.
declare -gA KIND=() FROM=() KERNEL_NAME=() SIDE=()

# directory NAME - that of a campaign; nothing when there is none.
directory()
{
	if [[ $1 != */* && -f $RESULTS/$1/campaign.json ]]; then
		printf '%s' "$RESULTS/$1"
	elif [[ -f $1/campaign.json ]]; then
		(cd -- "$1" && pwd)
	elif [[ -f $RESULTS/$1/campaign.json ]]; then
		printf '%s' "$RESULTS/$1"
	fi
}

# campaign_side NAME - DIR or DIR:VARIANT. Fails when it is no campaign.
campaign_side()
{
	local dir

	dir=$(directory "$1")
	if [[ -n $dir ]]; then
		printf '%s' "$dir"
	elif [[ $1 == ?*:?* && -n $(directory "${1%:*}") ]]; then
		printf '%s:%s' "$(directory "${1%:*}")" "${1##*:}"
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

# is_tree DIR - a kernel source?
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
	[[ -d $KERNEL ]] || usage_error "--kernel: no such directory: $KERNEL"
	only_read "$KERNEL" rev-parse --git-dir >/dev/null || usage_error "--kernel: $KERNEL is not a git repository"
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
	[[ ${KIND[$1]} == campaign ]] || return 0
	SIDE[$1]=${FROM[$1]}
	check_campaign "$(campaign_of "${SIDE[$1]}")"
}

# no_meaning NAME - what it is not.
no_meaning()
{
	printf '%s is none of these: a campaign in %s, a campaign directory, a variant (there are: %s), a directory with a kernel source' \
		"$1" "$RESULTS" "$(variant_names | paste -sd' ')"
	if [[ -n $KERNEL ]]; then
		printf ', and no commit of %s' "$KERNEL"
	else
		printf '; a git ref needs --kernel DIR'
	fi
}

# campaign_of SIDE - its directory, without a variant.
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

# check_sandbox - a source that is not ours is to be built in one; said before the other
# side is measured.
check_sandbox()
{
	local side

	for side in BEFORE AFTER; do
		case ${KIND[$side]}${PATCHES[0]:+ $side} in
		tree* | ref* | 'variant AFTER') need_sandbox "$(say_side "$side")" || true ;;
		esac
	done
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
