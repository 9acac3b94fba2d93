# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# report-pair.sh - what a campaign with samples of stacks says of two variants:
# profile.txt, areas.tsv and flame graphs. Sourced by report.sh after lib.sh and
# report-profiles.sh; the tools are built.

# has_pair DIR - is it a campaign with stacks of two variants?
has_pair()
{
	jq -e '.stacks and (.variants | length == 2)' "$1/campaign.json" >/dev/null
}

# draw_flame FILE ARGUMENT... - what vb-flame draws, in FILE. Without stacks of that
# point (1) there is no FILE.
draw_flame()
{
	local file=$1 rc=0
	shift

	"$VB_BUILD/tools/vb-flame" --parts "$VB_TOP/tools/parts.tsv" "$@" >"$file" || rc=$?
	[[ $rc -eq 0 ]] || rm -f -- "$file"
	return "$rc"
}

# pair_points DIR - workload, pages and threads of the points that get flame graphs,
# and the end of their names: none when there is one point only.
pair_points()
{
	jq -r '(.threads | max) as $t | [.workloads[] as $w | .pages[] as $p | [$w, $p, $t]] |
		length as $n | .[] | . + [if $n > 1 then "-\(.[0])-\(.[1])p" else "" end] | @tsv
		' "$1/campaign.json"
}

# draw_flames DIR NEW - all of them, in the folder NEW. Returns the worst of their
# exit codes.
draw_flames()
{
	local dir=$1 new=$2 workload pages threads end before after args one rc=0

	read -r before after < <(jq -r '.variants | join(" ")' "$dir/campaign.json")
	while IFS=$'\t' read -r workload pages threads end; do
		args=(--workload "$workload" --pages "$pages" --threads "$threads" "$dir")
		one=0
		draw_flame "$new/flame-before$end.svg" --variant "$before" "${args[@]}" &&
			draw_flame "$new/flame-after$end.svg" --variant "$after" "${args[@]}" &&
			draw_flame "$new/flame-diff$end.svg" --variant "$before" --after "$after" \
				"${args[@]}" || one=$?
		[[ $one -le $rc ]] || rc=$one
	done < <(pair_points "$dir")
	return "$rc"
}

# make_flames DIR - plots/flame-*.svg anew.
make_flames()
{
	local dir=$1 new=$1/plots/.flames rc=0

	rm -rf -- "$new"
	mkdir -p -- "$new" || die "cannot write to $dir/plots"
	draw_flames "$dir" "$new" || rc=$?
	if [[ $rc -le 1 ]]; then
		rm -f -- "$dir"/plots/flame-*.svg
		find "$new" -type f -exec mv -t "$dir/plots" -- {} + || die "cannot write to $dir/plots"
	fi
	rm -rf -- "$new"
	[[ $rc -le 1 ]] || exit 2
	return "$rc"
}

# make_pair DIR - profile.txt, areas.tsv and flame graphs, if the campaign is of two variants
# and has stacks. Where profiles or stacks were not kept, what is made of them stays.
make_pair()
{
	local dir=$1 rc=0

	has_pair "$dir" || return 0
	if has_records "$dir" profile.jsonl; then
		run_to "$dir/profile.txt" "$VB_BUILD/tools/vb-pair" --parts "$VB_TOP/tools/parts.tsv" \
			--published "$VB_TOP/published/profiles" "$dir" || rc=1
		run_to "$dir/areas.tsv" "$VB_BUILD/tools/vb-pair" --parts "$VB_TOP/tools/parts.tsv" \
			--tsv "$dir" 2>/dev/null || rc=1
	fi
	if has_records "$dir" stacks.jsonl; then
		make_flames "$dir" || rc=1
	fi
	return "$rc"
}
