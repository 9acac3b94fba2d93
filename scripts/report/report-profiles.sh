# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# report-profiles.sh - a campaign's profiles, readable. Sourced by report.sh after
# lib.sh; the tools are built.

# profile_points DIR - variant, workload, pages and threads of the points that
# get a profile: those with most threads, where there is most to be seen.
profile_points()
{
	jq -r '(.threads | max) as $t | .variants[] as $v | .workloads[] as $w | .pages[] as $p |
		[$v, $w, $p, $t] | @tsv' "$1/campaign.json"
}

# write_profile FILE ARGUMENT... - what vb-profile says, in FILE. Without such a
# profile (1) there is no FILE.
write_profile()
{
	local file=$1 rc=0
	shift

	"$VB_BUILD/tools/vb-profile" "$@" >"$file" || rc=$?
	[[ $rc -eq 0 ]] || rm -f -- "$file"
	return "$rc"
}

# write_profiles DIR NEW - all of them, in the folder NEW. Returns the worst of
# their exit codes.
write_profiles()
{
	local dir=$1 new=$2 variant workload pages threads run file args one rc=0

	while IFS=$'\t' read -r variant workload pages threads; do
		run=$dir/$variant/run-1
		# Of a run that is missing the report says so.
		[[ -e $run/profile.jsonl && -e $run/events.jsonl ]] || continue
		file=$new/$variant-$workload-${pages}p-${threads}t
		args=("$run" --workload "$workload" --pages "$pages" --threads "$threads")
		one=0
		write_profile "$file.txt" "${args[@]}" || one=$?
		[[ $one -ne 0 ]] || write_profile "$file.folded" --folded "${args[@]}" || one=$?
		[[ $one -le $rc ]] || rc=$one
	done < <(profile_points "$dir")
	return "$rc"
}

# make_profiles DIR - profiles/ anew; without any profile there is no such folder.
make_profiles()
{
	local dir=$1 new=$1/profiles/.new rc=0

	rm -rf -- "$new"
	mkdir -p -- "$new" || die "cannot write to $dir/profiles"
	write_profiles "$dir" "$new" || rc=$?
	if [[ $rc -le 1 ]]; then
		rm -f -- "$dir"/profiles/*.{txt,folded}
		find "$new" -type f -exec mv -t "$dir/profiles" -- {} + ||
			die "cannot write to $dir/profiles"
	fi
	rm -rf -- "$new"
	rmdir -- "$dir/profiles" 2>/dev/null || true
	[[ $rc -le 1 ]] || exit 2
	return "$rc"
}
