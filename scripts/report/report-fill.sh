# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# report-fill.sh - fill.tsv: how long maps took as vmalloc space filled. Sourced by
# report.sh.

# fill_rows DIR - a row for each variant and step of the first run of each: the maps at
# the end of the step, those in it, how long they took, and how long one of them took that
# needed a new block.
fill_rows()
{
	local dir=$1 variant

	printf 'variant\tworkload\tpages\tthreads\tspace_pages\tstep\tmaps\tstep_maps\tns\tblock_ns\n'
	while IFS= read -r variant; do
		[[ -s $dir/$variant/run-1/events.jsonl ]] || continue
		jq -r --arg variant "$variant" '
			select(.type == "sample" and .fill) | .values as $v | .fill | . as $f |
			.step_ns | to_entries[] |
			([(.key + 1) * $f.step_maps, $v.maps] | min) as $last |
			[$variant, "fill", 1, 1, $v.space_pages, .key + 1, $last, $last - .key * $f.step_maps, .value,
			 $f.block_ns[.key]] | @tsv
			' "$dir/$variant/run-1/events.jsonl" || return 2
	done < <(jq -r '.variants[]' "$dir/campaign.json")
}

# make_fill DIR - of a campaign with that workload.
make_fill()
{
	[[ $(jq '.workloads | index("fill")' "$1/campaign.json") != null ]] || return 0
	run_to "$1/fill.tsv" fill_rows "$1"
}
