#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# claim.sh - does a published statement about the kernel hold here?
#
# usage: vmapbench claim [options] NAME
#        vmapbench claim [options] --all
#        vmapbench claim --list
#
# NAME is a file claims/NAME.claim, or the path of one (docs/claims.md). Its
# campaigns are run, theirs is printed beside ours, and every relation that
# must hold with its numbers.
#
#   --small        the small size: minutes, and less to be believed
#   --from DIR     run nothing, take the figures of a finished campaign: its
#                  directory or its name in results/. A claim of several campaigns
#                  needs each of them, as NAME=DIR
#   --out DIR      where claim.txt and claim.json go (default: the directory of
#                  the campaign, results/claim-NAME; small: claim-NAME-small)
#   --json         print claim.json instead of the text
#   --all          all claims, and results/claims/claims.html and claims.txt of
#                  all of them (small: results/claims-small)
#   --list         the claims there are
#   --dry-run      check the claim, say what would be run, and boot nothing
#
# An interrupted command goes on where it stopped when it is given again. Exit
# codes: 0 HOLDS, 1 DOES NOT HOLD, 3 CANNOT TELL: a value is missing or the
# records are in doubt, 2 usage or environment; with --all the first of 2, 1, 3
# that some claim has.

VB_NAME=claim
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/lib.sh"
# shellcheck source=scripts/lib/tools.sh
. "$VB_TOP/scripts/lib/tools.sh"
# shellcheck source=scripts/lib/child.sh
. "$VB_TOP/scripts/lib/child.sh"
# shellcheck source=scripts/campaign/campaign.sh
. "$VB_TOP/scripts/campaign/campaign.sh"
# shellcheck source=scripts/lib/untrusted.sh
. "$VB_TOP/scripts/lib/untrusted.sh"
# shellcheck source=scripts/campaign/trial-data.sh
. "$VB_TOP/scripts/campaign/trial-data.sh"
# shellcheck source=scripts/campaign/claim-data.sh
. "$VB_TOP/scripts/campaign/claim-data.sh"

CLAIMS=${VB_CLAIMS:-$VB_TOP/claims}

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

parse_args()
{
	NAME='' SIZE=full FROM=() OUT='' SHOW=txt ALL=false LIST=false DRY_RUN=false
	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--small) SIZE=small ;;
		--json) SHOW=json ;;
		--all) ALL=true ;;
		--list) LIST=true ;;
		--dry-run) DRY_RUN=true ;;
		--from|--out)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			if [[ $1 == --from ]]; then FROM+=("$2"); else OUT=$2; fi
			shift
			;;
		-*) usage_error "unknown option: $1" ;;
		*) [[ -z $NAME ]] || usage_error "one claim at a time; unexpected argument $1"; NAME=$1 ;;
		esac
		shift
	done
	if $ALL || $LIST; then
		[[ -z $NAME ]] || usage_error "$NAME: no claim is named with --all or --list"
		[[ ${#FROM[@]} -eq 0 && -z $OUT && $SHOW == txt ]] ||
			usage_error "--from, --out and --json are for one claim"
	else
		[[ -n $NAME ]] || usage_error "a claim is needed, or --all; there are: $(names | paste -sd' ')"
		find_file
	fi
}

# names - of all claims.
names()
{
	find "$CLAIMS" -name '*.claim' -printf '%f\n' | sed 's/\.claim$//' | sort
}

# find_file - FILE of the claim NAME; a path gives it its name.
find_file()
{
	if [[ $NAME == */* || $NAME == *.claim ]]; then
		FILE=$NAME NAME=$(basename -- "$NAME" .claim)
	else
		FILE=$CLAIMS/$NAME.claim
	fi
	[[ -f $FILE && -r $FILE ]] ||
		usage_error "there is no claim $NAME ($FILE); there are: $(names | paste -sd' ')"
	[[ $NAME =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] ||
		usage_error "$NAME is not a plain name (letters, digits, . _ -)"
}

# campaign_id NAME - its directory in results/.
campaign_id()
{
	local id=claim-$NAME

	[[ $SIZE == full ]] || id+=-small
	[[ $1 == main ]] || id+=-$1
	printf '%s' "$id"
}

# campaign_args NAME - sets ARGS: the command for that campaign.
campaign_args()
{
	mapfile -t ARGS < <(jq -r --arg name "$1" --arg size "$SIZE" \
		'.campaigns[$name] | .command, .options[], .[$size][]' "$TMP/plan")
	ARGS+=(--id "$(campaign_id "$1")")
}

# read_plan - which campaigns the claim wants: $TMP/plan, and their names in PLAN.
read_plan()
{
	printf '{}\n' >"$TMP/none"
	check_words
	evaluate plan "$TMP/none" >"$TMP/plan" || exit
	check_bad "$TMP/plan"
	mapfile -t PLAN < <(jq -r '.campaigns | keys | ["main"] + (. - ["main"]) | .[]' "$TMP/plan")
}

# check_claim - are its campaigns such as can be run, and all names in it known?
check_claim()
{
	local name

	for name in "${PLAN[@]}"; do
		campaign_args "$name"
		"$VB_TOP/scripts/vmapbench" "${ARGS[@]}" --dry-run --json >"$TMP/asked" ||
			claim_error "$FILE: campaign $name cannot be run: vmapbench ${ARGS[*]@Q}"
		jq --arg name "$name" '{ ($name): { asked: . } }' "$TMP/asked"
	done >"$TMP/each"
	jq -s add "$TMP/each" >"$TMP/asked"
	evaluate check "$TMP/asked" >"$TMP/checked" || exit
	check_bad "$TMP/checked"
}

# find_from - sets DIRS, the directory of each campaign of PLAN: what --from names.
find_from()
{
	local one name dir

	for one in "${FROM[@]}"; do
		name=main dir=$one
		if [[ $one == *=* ]]; then
			name=${one%%=*} dir=${one#*=}
		fi
		[[ " ${PLAN[*]} " == *" $name "* ]] ||
			usage_error "--from: the claim has no campaign $name; it has: ${PLAN[*]}"
		[[ $dir == */* || ! -f $RESULTS/$dir/campaign.json ]] || dir=$RESULTS/$dir
		[[ -f $dir/campaign.json ]] || usage_error "--from: $dir is not a campaign"
		check_campaign "$dir"
		[[ -e $dir/seal ]] || usage_error "--from: $dir has no seal: the campaign is unfinished"
		DIRS[$name]=$dir
	done
	for name in "${PLAN[@]}"; do
		[[ -n ${DIRS[$name]:-} ]] || usage_error "--from: $name=DIR is needed, too: the claim has the campaigns ${PLAN[*]}"
	done
}

# set_aside - campaigns of PLAN that are there and were asked for something else, before
# the claim was changed, get another directory.
set_aside()
{
	local name dir differs old n

	for name in "${PLAN[@]}"; do
		dir=$RESULTS/$(campaign_id "$name")
		[[ -f $dir/campaign.json ]] || continue
		differs=$(asked_otherwise "$dir/campaign.json" \
			"$(jq --arg name "$name" '.[$name].asked' "$TMP/asked")") || exit
		[[ -n $differs ]] || continue
		n=1
		while old=$dir-old-$n; [[ -e $old ]]; do
			n=$((n + 1))
		done
		mv -T -- "$dir" "$old" || die "cannot rename $dir"
		info "$NAME: campaign $name was asked for something else ($differs): kept as $old"
	done
}

# run_campaigns - each of PLAN; sets DIRS. Ends the script when one could not be
# finished: with 3, as nothing can be told then, unless it was the environment.
run_campaigns()
{
	local name n=0 rc

	for name in "${PLAN[@]}"; do
		n=$((n + 1)) rc=0
		campaign_args "$name"
		info "$NAME: campaign $n of ${#PLAN[@]}: vmapbench ${ARGS[*]@Q}"
		DIRS[$name]=$RESULTS/$(campaign_id "$name")
		run_child "$VB_TOP/scripts/vmapbench" "${ARGS[@]}" >/dev/null || rc=$?
		((rc <= 1)) || exit "$rc"
		if [[ ! -e ${DIRS[$name]}/seal ]]; then
			info "CANNOT TELL: $NAME: campaign $name was not finished: ${DIRS[$name]}"
			exit 3
		fi
	done
}

# judge - claim.json and claim.txt in OUT.
judge()
{
	local name

	for name in "${PLAN[@]}"; do
		campaign_json "$name" "${DIRS[$name]}"
	done >"$TMP/each"
	jq -s add "$TMP/each" >"$TMP/campaigns"
	evaluate judge "$TMP/campaigns" >"$TMP/claim.json" || exit
	"$VB_BUILD/tools/vb-claim" "$TMP/claim.json" >"$TMP/claim.txt" || exit 2
	mkdir -p -- "$OUT" 2>/dev/null || die "cannot make $OUT"
	for name in claim.json claim.txt; do
		replace_file "$TMP/$name" "$OUT/$name" 2>/dev/null ||
			die "cannot write $OUT/$name: no space left, or a directory of that name?"
	done
}

# verdict_code FILE - the exit code of a claim.json's verdict.
verdict_code()
{
	jq '{ "HOLDS": 0, "DOES NOT HOLD": 1, "CANNOT TELL": 3 }[.verdict]' "$1"
}

say_dry_run()
{
	local name

	for name in "${PLAN[@]}"; do
		campaign_args "$name"
		printf 'vmapbench %s\n' "${ARGS[*]@Q}"
	done
	printf 'then: %s/claim.txt, claim.json\n' "${OUT:-$RESULTS/$(campaign_id main)}"
}

one_claim()
{
	local rc

	declare -gA DIRS=()

	write_known
	read_plan
	if ((${#FROM[@]})); then
		SIZE=given
		find_from
	else
		check_claim
	fi
	if $DRY_RUN; then
		say_dry_run
		return 0
	fi
	if ((${#FROM[@]} == 0)); then
		set_aside
		# One from before is not that of these campaigns.
		rm -f -- "${OUT:-$RESULTS/$(campaign_id main)}"/claim.{txt,json}
		run_campaigns
	fi
	OUT=${OUT:-${DIRS[main]}}
	judge
	cat -- "$OUT/claim.$SHOW"
	info "$OUT/claim.txt"
	rc=$(verdict_code "$OUT/claim.json")
	DECIDED=true
	return "$rc"
}

list_claims()
{
	local name

	while read -r name; do
		FILE=$CLAIMS/$name.claim NAME=$name
		read_plan
		printf '%-16s %s\n' "$name" "$(jq -r .title "$TMP/plan")"
	done < <(names)
}

# worse A B - the exit code that counts of two.
worse()
{
	local code

	for code in 2 1 3; do
		[[ $1 -ne $code && $2 -ne $code ]] || { printf '%s' "$code"; return; }
	done
	printf '0'
}

# write_page FAULTY NAME... - claims.html and claims.txt of all these claims. Of those in
# the list FAULTY a claim.json is one from before.
write_page()
{
	local dir=$RESULTS/claims args=() file name faulty=" $1 "
	shift

	[[ $SIZE == full ]] || dir+=-small
	for name in "$@"; do
		NAME=$name
		file=$RESULTS/$(campaign_id main)/claim.json
		if [[ -e $file && $faulty != *" $name "* ]]; then
			args+=("$file")
		else
			args=(--absent "$name" "${args[@]}")
		fi
	done
	mkdir -p -- "$dir" 2>/dev/null || die "cannot make $dir"
	"$VB_BUILD/tools/vb-claim" --format html "${args[@]}" >"$TMP/claims.html" || exit 2
	"$VB_BUILD/tools/vb-claim" "${args[@]}" >"$TMP/claims.txt" || exit 2
	for name in claims.html claims.txt; do
		replace_file "$TMP/$name" "$dir/$name" 2>/dev/null ||
			die "cannot write $dir/$name: no space left, or a directory of that name?"
	done
	cat -- "$dir/claims.txt"
	info "$dir/claims.html"
}

all_claims()
{
	local all name args=() n=0 rc one faulty=''

	[[ $SIZE == full ]] || args+=(--small)
	! $DRY_RUN || args+=(--dry-run)
	mapfile -t all < <(names)
	((${#all[@]})) || die "there is no claim in $CLAIMS"
	rc=0
	for name in "${all[@]}"; do
		n=$((n + 1)) one=0
		info "claim $n of ${#all[@]}: $name"
		if $DRY_RUN; then
			run_child "$VB_TOP/scripts/claim.sh" "${args[@]}" "$name" || one=$?
		else
			run_child "$VB_TOP/scripts/claim.sh" "${args[@]}" "$name" >/dev/null || one=$?
		fi
		((one < 128)) || exit "$one"
		((one != 2)) || faulty+=" $name"
		rc=$(worse "$rc" "$one")
	done
	$DRY_RUN || write_page "$faulty" "${all[@]}"
	DECIDED=true
	return "$rc"
}

# leave CODE - nothing half written stays. 1 is a verdict, and nothing else may end
# with it: not a text that could not be shown.
leave()
{
	local code=$1

	[[ -z $TMP ]] || rm -rf -- "$TMP"
	if [[ $code -eq 1 ]] && ! $DECIDED; then
		code=2
	fi
	exit "$code"
}

main()
{
	TMP='' DECIDED=false
	trap 'leave $?' EXIT
	parse_args "$@"
	build_tools
	TMP=$(mktemp -d) || die "no temporary directory"
	if $LIST; then
		write_known
		list_claims
	elif $ALL; then
		all_claims
	else
		one_claim
	fi
}

main "$@"
