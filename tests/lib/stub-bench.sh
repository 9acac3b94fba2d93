#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# stub-bench.sh - stands in for scripts/bench.sh: a campaign on tcg whose boots take no
# time. Its figures are those of tests/data/golden/tcg, times and flushes multiplied by the
# factors in $STUB/VARIANT and $STUB/VARIANT.flushes, one a boot, again and again. Windows
# differ by some ns more, so that no boot is a copy of another one.
# $STUB/calls gets the campaign, the variants and the boots, $STUB/options all there is;
# with $STUB/fail its contents are the exit code, and nothing is done but that a file in
# $STUB/left becomes one of the campaign's.

set -euo pipefail

RESULTS=$VB_RESULTS
unset CDPATH
TOP=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

# factor FILE BOOT - 1 without a file.
factor()
{
	local factors

	[[ -e $1 ]] || { printf '1\n'; return 0; }
	read -ra factors <"$1"
	printf '%s\n' "${factors[$((($2 - 1) % ${#factors[@]}))]}"
}

# boot VARIANT BOOT - kept when it is there.
boot()
{
	local run=$RESULTS/$ID/$1/run-$2

	[[ ! -e $run/events.jsonl ]] || return 0
	mkdir -p -- "$run"
	jq -c --arg variant "$1" --argjson boot "$2" --argjson time "$(factor "$STUB/$1" "$2")" \
		--argjson flushes "$(factor "$STUB/$1.flushes" "$2")" '
		if .type == "sample" then
			.window_ns = (.window_ns * $time | round) + ($variant | explode | add) * 100 + $boot |
			.thread |= map(.ns = (.ns * $time | round))
		elif .type == "counts" then
			.flushes = (.flushes * $flushes | round) | .point |= sub("^vmlist "; $variant + " ")
		elif .variant then .variant = $variant
		else . end' "$TOP/tests/data/golden/tcg/vmlist/run-2/events.jsonl" >"$run/events.jsonl"
}

[[ " $* " != *" --dry-run "* ]] || exit 0
printf '%s\n' "$*" >>"$STUB/options"
ID='' VARIANTS='' BOOTS=1
while [[ $# -gt 0 ]]; do
	case $1 in
	--id) ID=$2 ;;
	--variants) VARIANTS=$2 ;;
	--boots) BOOTS=$2 ;;
	esac
	shift 2
done
printf '%s: %s: %s\n' "$ID" "$VARIANTS" "$BOOTS" >>"$STUB/calls"
if [[ -e $STUB/fail ]]; then
	mkdir -p -- "$RESULTS/$ID"
	[[ ! -e $STUB/left ]] || cp -r -- "$STUB/left/." "$RESULTS/$ID/"
	exit "$(cat "$STUB/fail")"
fi
for variant in $VARIANTS; do
	for ((n = 1; n <= BOOTS; n++)); do
		boot "$variant" "$n"
	done
done
printf 'none\n' >"$RESULTS/$ID/summary.tsv"
# As a real campaign says what it was taken with.
print=$(
	for part in lib/lib run/machines campaign/campaign; do
		# shellcheck source=/dev/null
		. "$TOP/scripts/$part.sh"
	done
	load_machine sim
	sources_json | jq --arg loaded "$(machine_hash)" '{ sources: ., loaded_into_qemu: $loaded }'
)
# shellcheck disable=SC2016
jq --argjson print "$print" --arg id "$ID" --arg variants "$VARIANTS" --argjson boots "$BOOTS" '
	($variants | split(" ")) as $v |
	.id = $id | .boots = $boots | .variants = $v |
	.fingerprint.kernel = ([$v[] | { (.): . }] | add) | del(.fingerprint.patches) |
	.fingerprint += $print
	' "$TOP/tests/data/golden/tcg/campaign.json" >"$RESULTS/$ID/campaign.json"
"$TOP/scripts/seal.sh" "$RESULTS/$ID"
