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
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=untrusted.sh
. "$VB_TOP/scripts/untrusted.sh"

# What is compared of a run; the others are too large to be kept or never the same.
RECORDS=(clock.jsonl costs.tsv events.jsonl plan)
# And of a trial, where they are what was found.
TRIAL_RECORDS=(console.log events.jsonl.part failed qemu-cmd trial.json)
# What is made from them.
TABLES=(areas.tsv attribution.tsv space.tsv summary.tsv trials.json)

usage()
{
	cat <<-END
	usage: scripts/seal.sh [--check | --again] [--dry-run] CAMPAIGN_DIR

	Writes CAMPAIGN_DIR/seal: hashes of campaign.json, of the tables and of the records
	of each run. vmapbench bench does so last of all.

	  --check    are the files those that were sealed? Names each one that is not
	  --again    the tables were made again: seal them, if the records are as sealed
	  --dry-run  print the files that are sealed, change nothing
	  --help     this text

	exit codes: 0 sealed, or as sealed; 2 not, or usage or environment error
	END
}

# runs DIR - the folder of each run that was asked for.
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
	mv -f -- "$dir/seal.new" "$dir/seal" || die "cannot write $dir/seal"
}

# whole DIR - is the seal itself as it was written?
whole()
{
	local seal=$1/seal

	[[ -e $seal ]] || die "$1 has no seal: the campaign was not finished, or is of an older version. Give its bench command again"
	[[ $(tail -n 1 -- "$seal") == "# $(grep -cE '^\\?[0-9a-f]{64}  ' -- "$seal") files" ]] ||
		die "$seal is cut off or changed"
}

# unsealed DIR - what should be in the seal and is not: records of every run that
# was asked for, and whatever else is there.
unsealed()
{
	{
		sealed_files "$1"
		needed_files "$1"
	} | sort -u | while IFS= read -r file; do
		grep -qF -- "  $file" "$1/seal" || printf '%s/%s: was not sealed\n' "$1" "$file"
	done
}

# differing DIR [TABLES] - a line for each file that is not as it was sealed; with
# TABLES false those are not looked at.
differing()
{
	local dir=$1 tables=${2:-true} line

	while IFS= read -r line; do
		case $line in
		*': FAILED open or read') line=${line%: *}": is missing" ;;
		*': FAILED') line=${line%: *}": was changed after it was sealed" ;;
		*) continue ;;
		esac
		$tables || [[ ${line%%:*} != @(areas|attribution|space|summary).tsv ]] || continue
		printf '%s/%s\n' "$dir" "$line"
	done < <(cd -- "$dir" && { sha256sum --check --quiet seal 2>/dev/null || true; })
	! $tables || unsealed "$dir"
}

# check_seal DIR [TABLES] - ends the script unless everything is as it was sealed.
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

main()
{
	local mode=make dir='' dry=false

	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--check|--again) mode=${1#--} ;;
		--dry-run) dry=true ;;
		-*) usage_error "unknown option $1" ;;
		*) [[ -z $dir ]] || usage_error "one campaign folder is needed"; dir=$1 ;;
		esac
		shift
	done
	[[ -n $dir ]] || usage_error "one campaign folder is needed"
	[[ ! -d $dir ]] || check_files "$dir"
	[[ -f $dir/campaign.json ]] || die "$dir/campaign.json: no such file"
	jq -e '.variants and .boots' "$dir/campaign.json" >/dev/null 2>&1 ||
		die "$dir/campaign.json is damaged"
	if $dry; then
		sealed_files "$dir"
		return 0
	fi
	case $mode in
	make) make_seal "$dir" ;;
	check) check_seal "$dir" ;;
	again) check_seal "$dir" false; make_seal "$dir" ;;
	esac
}

main "$@"
