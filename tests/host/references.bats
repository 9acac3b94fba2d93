#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# references.bats - the campaigns in results/reference are of the module, the counters, the
# guest, the simulator and the table of costs of this tree.

bats_require_minimum_version 1.5.0

load ../lib/common

# Older ones, which README names as such. Nothing that is up to date stays here.
STALE="cpus64 xfs64 claims"

# of_today - what a campaign that is taken now would have in its fingerprint.
of_today() {
	bash -c '
		VB_NAME=test
		. "$1/scripts/lib.sh"
		. "$1/scripts/variants.sh"
		. "$1/scripts/options.sh"
		. "$1/scripts/machines.sh"
		. "$1/scripts/campaign.sh"
		load_machine sim
		jq -n --arg loaded "$(machine_hash)" --argjson sources "$(sources_json)" \
			--argjson costs "$(costs_json "$VB_COSTS")" "{ \$loaded, \$sources, \$costs }"
	' _ "$TOP"
}

# made_of NAME - what its campaigns have in theirs, one a line.
made_of() {
	if [ -f "$TOP/results/reference/$1/campaign.json" ]; then
		jq -c .fingerprint "$TOP/results/reference/$1/campaign.json"
	else
		jq -c '.campaigns[].made_of' "$TOP/results/reference/$1"/*.json
	fi
}

# is_of_today NAME
is_of_today() {
	made_of "$1" | jq -es --argjson now "$today" 'length > 0 and all(.[];
		.loaded_into_qemu == $now.loaded and .sources == $now.sources and .costs == $now.costs)'
}

@test "each reference campaign is of this tree, or said to be older" {
	today=$(of_today)
	echo "$today"
	for dir in "$TOP"/results/reference/*/; do
		name=$(basename "$dir")
		echo "$name:"
		made_of "$name" | jq -c '[.loaded_into_qemu, .sources, .costs]'
		if [[ " $STALE " == *" $name "* ]]; then
			run ! is_of_today "$name"
		else
			is_of_today "$name"
		fi
	done
}
