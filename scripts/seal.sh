#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# seal.sh - a campaign's records as they were when it was finished.
#
# DIR/seal has a line of sha256sum(1) for campaign.json, the tables and the
# records of every run, and a last line that says how many. It finds what was cut
# off, changed by hand or lost in copying; it is no signature.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=seal
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/lib.sh"
# shellcheck source=scripts/lib/untrusted.sh
. "$VB_TOP/scripts/lib/untrusted.sh"
# shellcheck source=scripts/lib/tools.sh
. "$VB_TOP/scripts/lib/tools.sh"

# What is compared of a run; the others are too large to be kept or never the same.
RECORDS=(clock.jsonl costs.tsv events.jsonl plan)
# And of a trial, where they are what was found.
TRIAL_RECORDS=(console.log events.jsonl.part failed qemu-cmd trial.json)
# What is made from them.
TABLES=(areas.tsv attribution.tsv fill.tsv space.tsv summary.tsv trials.json)
# Those of them that were made anew (--made).
MADE=()

usage()
{
	cat <<-END
	usage: scripts/seal.sh [--check] [--dry-run] CAMPAIGN_DIR
	       scripts/seal.sh --again [--made TABLE]... [--dry-run] CAMPAIGN_DIR

	Writes CAMPAIGN_DIR/seal: hashes of campaign.json, of the tables and of the records
	of each run. vmapbench bench does so last of all.

	  --check    are the files those that were sealed? Names each one that is not. And are
	             the records such as guests write, and no boot a copy of another one?
	  --again    seal the tables that were made again, if all else is as sealed
	  --made     such a table: areas.tsv, attribution.tsv, fill.tsv, space.tsv, summary.tsv
	  --dry-run  print the files that are sealed, change nothing
	  --help     this text

	exit codes: 0 sealed, or as sealed; 2 not, or usage or environment error
	END
}

# runs DIR - the directory of each run that was asked for.
runs()
{
	jq -r '.variants[] as $v | range(1; .boots + 1) | "\($v)/run-\(.)"' "$1/campaign.json"
}

# is_trial DIR - no measurement, but a trial?
is_trial()
{
	jq -e '.command == "trial"' "$1/campaign.json" >/dev/null
}

# needed_files DIR - those without which there is nothing to look at. The guest of a
# trial may have ended before its last record.
needed_files()
{
	if is_trial "$1"; then
		printf 'trials.json\n'
		runs "$1" | sed 's,$,/trial.json,'
	else
		runs "$1" | sed 's,$,/events.jsonl,'
	fi
}

# sealed_files DIR - what is there of what gets sealed, from DIR.
sealed_files()
{
	local dir=$1 run file records=("${RECORDS[@]}")

	! is_trial "$dir" || records+=("${TRIAL_RECORDS[@]}")
	printf 'campaign.json\n'
	for file in "${TABLES[@]}"; do
		[[ ! -e $dir/$file ]] || printf '%s\n' "$file"
	done
	while read -r run; do
		for file in "${records[@]}"; do
			[[ ! -e $dir/$run/$file ]] || printf '%s\n' "$run/$file"
		done
	done < <(runs "$dir")
}

# make_seal DIR
make_seal()
{
	local dir=$1 files

	mapfile -t files < <(sealed_files "$dir")
	if ! (
		cd -- "$dir" && sha256sum -- "${files[@]}" &&
			printf '# %s files\n' "${#files[@]}"
	) >"$dir/seal.new"; then
		rm -f -- "$dir/seal.new"
		die "$dir/seal cannot be written"
	fi
	mv -fT -- "$dir/seal.new" "$dir/seal" || die "cannot write $dir/seal"
}

# file_shape - the names of a campaign's files, as a regular expression.
file_shape()
{
	local records=("${RECORDS[@]}" "${TRIAL_RECORDS[@]}") IFS='|'
	local run='[A-Za-z0-9_+][A-Za-z0-9._+-]*/run-[1-9][0-9]{0,3}'

	printf '(campaign.json|%s|%s/(%s))' "${TABLES[*]}" "$run" "${records[*]}"
}

# whole DIR - is the seal itself as it was written? It names no file but a campaign's own:
# a device or a pipe would be read.
whole()
{
	local seal=$1/seal odd

	[[ -e $seal ]] || die "$1 has no seal: the campaign is unfinished or of an older version. Run its bench command again"
	odd=$(sed '$d' -- "$seal" | grep -avxnE "[0-9a-f]{64}  $(file_shape)" | sed -n 's/:.*//p') || true
	[[ -z $odd ]] || die "$seal:${odd%%$'\n'*}: not a hash of a file of a campaign: the seal is truncated or was changed"
	[[ $(tail -n 1 -- "$seal") == "# $(($(wc -l <"$seal") - 1)) files" ]] ||
		die "$seal is truncated or was changed"
}

# is_made FILE - was this table made anew?
is_made()
{
	local table

	for table in ${MADE[@]+"${MADE[@]}"}; do
		[[ $1 != "$table" ]] || return 0
	done
	return 1
}

# kept_tables DIR - the tables that are there and were not made anew.
kept_tables()
{
	local table

	for table in "${TABLES[@]}"; do
		[[ ! -e $1/$table ]] || is_made "$table" || printf '%s\n' "$table"
	done
}

# unsealed DIR - what should be in the seal and is not: records of every run that
# was asked for, and whatever else is there; with tables made anew, the others.
unsealed()
{
	{
		if [[ $2 == again ]]; then
			kept_tables "$1"
		else
			sealed_files "$1"
			needed_files "$1"
		fi
	} | sort -u | while IFS= read -r file; do
		cut -c67- -- "$1/seal" | grep -cxF -- "$file" >/dev/null ||
			printf '%s/%s: was not sealed\n' "$1" "$file"
	done
}

# differing DIR MODE - a line for each file that is not as it was sealed; tables that were
# made anew are not looked at.
differing()
{
	local dir=$1 line

	while IFS= read -r line; do
		case $line in
		*': FAILED open or read') line=${line%: *}": is missing" ;;
		*': FAILED') line=${line%: *}": was changed after it was sealed" ;;
		*) continue ;;
		esac
		! is_made "${line%%:*}" || continue
		printf '%s/%s\n' "$dir" "$line"
	done < <(cd -- "$dir" && { sha256sum --check --quiet seal 2>/dev/null || true; })
	unsealed "$dir" "$2"
}

# check_seal DIR MODE - ends the script unless everything is as it was sealed.
check_seal()
{
	local bad

	whole "$1"
	bad=$(differing "$@")
	[[ -z $bad ]] || {
		printf '%s\n' "$bad" >&2
		die "$1 is not as it was sealed"
	}
}

# check_records DIR - ends the script if guests did not write them, or boots are copies.
check_records()
{
	! is_trial "$1" || return 0
	build_tools
	"$VB_BUILD/tools/vb-summarise" --check "$1" || exit 2
}

main()
{
	local mode=make dir='' dry=false

	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--check|--again) mode=${1#--} ;;
		--made)
			[[ ${2:-} == *.tsv && " ${TABLES[*]} " == *" $2 "* ]] ||
				usage_error "--made needs the name of a table"
			MADE+=("$2")
			shift
			;;
		--dry-run) dry=true ;;
		-*) usage_error "unknown option $1" ;;
		*) [[ -z $dir ]] || usage_error "one campaign directory is needed"; dir=$1 ;;
		esac
		shift
	done
	[[ -n $dir ]] || usage_error "one campaign directory is needed"
	[[ ${#MADE[@]} -eq 0 || $mode == again ]] || usage_error "--made is for --again"
	[[ ! -d $dir ]] || check_files "$dir"
	[[ -f $dir/campaign.json ]] || die "$dir/campaign.json: no such file"
	# Variants are directories, and boots are counted through.
	jq -e '(.variants | type == "array" and all(type == "string" and test("\\A[A-Za-z0-9_+][A-Za-z0-9._+-]*\\z"))) and
		(.boots | type == "number" and . == floor and . >= 1 and . <= 1000)' \
		"$dir/campaign.json" >/dev/null 2>&1 || die "$dir/campaign.json is damaged"
	if $dry; then
		sealed_files "$dir"
		return 0
	fi
	case $mode in
	make) make_seal "$dir" ;;
	check) check_seal "$dir" "$mode"; check_records "$dir" ;;
	again) check_seal "$dir" "$mode"; make_seal "$dir" ;;
	esac
}

main "$@"
