#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# references.bats - the campaigns in results/reference are of the module, the counters, the
# guest, the simulator and the table of costs of this tree.

bats_require_minimum_version 1.5.0

load ../lib/common

# Older ones, which README has to name as such. Nothing that is up to date stays here.
STALE=""

# of_today VARIANTS - of a campaign that is taken now, what in its fingerprint the tree
# decides, and not the host.
of_today() {
	bash -s -- "$TOP" "$1" <<-'END'
		VB_NAME=test VARIANTS=$2
		. "$1/scripts/lib/lib.sh"
		. "$1/scripts/kernel/variants.sh"
		. "$1/scripts/lib/options.sh"
		. "$1/scripts/run/machines.sh"
		. "$1/scripts/campaign/campaign.sh"
		load_machine sim
		jq -ncS --arg loaded_into_qemu "$(machine_hash)" \
			--arg machine_flags "$(machine_args | paste -sd' ')" \
			--arg kernel_cmdline "$(machine_cmdline)" \
			--argjson sources "$(sources_json)" \
			--argjson costs "$(costs_json "$VB_COSTS")" \
			--argjson fragments "$(per_variant fragments_of)" \
			--argjson patches "$(per_variant patches_of)" '$ARGS.named'
	END
}

# made_of NAME - a line for each of its campaigns: its variants, and the same.
made_of() {
	jq -r '(.campaigns // [.])[]
		| [(.variants | join(" ")), (.fingerprint // .made_of // {}
			| { loaded_into_qemu, machine_flags, kernel_cmdline, sources, costs,
			    fragments, patches } | tojson)] | @tsv' \
		"$TOP/results/reference/$1"/*.json
}

# is_of_today NAME
is_of_today() {
	local variants taken today

	while IFS=$'\t' read -r variants taken; do
		today=$(of_today "$variants")
		echo "$1, $variants, then and now:"
		jq -cS . <<<"$taken"
		echo "$today"
		# Kinds of workloads and trials add words to the command line.
		[ "$(jq -cS --argjson today "$today" '
			($today.kernel_cmdline) as $words
			| if .kernel_cmdline | startswith($words + " ") then .kernel_cmdline = $words else . end
			' <<<"$taken")" = "$today" ] || return 1
	done < <(made_of "$1")
}

@test "each reference campaign is of this tree, or said to be older" {
	for dir in "$TOP"/results/reference/*/; do
		name=$(basename "$dir")
		[ -n "$(made_of "$name")" ]
		if [[ " $STALE " == *" $name "* ]]; then
			run ! is_of_today "$name"
		else
			is_of_today "$name"
		fi
	done
}
