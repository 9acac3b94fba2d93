# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# split-boots.sh - a kernel against itself: two campaigns out of one. Sourced after
# lib.sh.

# side_boots WHICH BOOTS - the numbers of the boots that side first or second gets, of
# twice BOOTS: in the order first second second first, as two variants would have it.
side_boots()
{
	local n

	for ((n = 1; n <= 2 * $2; n++)); do
		case $1$((n % 4)) in
		first[01]|second[23]) printf '%s\n' "$n" ;;
		esac
	done
}

# share_run RUN NEW - the same run in another place: the same files, or copies on a disk
# without hard links.
share_run()
{
	! cp -rl -- "$1" "$2" 2>/dev/null || return 0
	rm -rf -- "${2:?}"
	cp -r -- "$1" "$2" || die "cannot write to $2"
}

# write_side DIR VARIANT BOOTS WHICH - the campaign DIR/WHICH, sealed.
write_side()
{
	local dir=$1 variant=$2 boots=$3 which=$4 k=0 n

	rm -rf -- "${dir:?}/$which"
	mkdir -p -- "$dir/$which/$variant" || die "cannot write to $dir"
	for n in $(side_boots "$which" "$boots"); do
		k=$((k + 1))
		share_run "$dir/$variant/run-$n" "$dir/$which/$variant/run-$k"
	done
	jq --arg which "$which" --argjson boots "$boots" '.id += "." + $which | .boots = $boots' \
		"$dir/campaign.json" >"$dir/$which/campaign.json" || die "cannot write to $dir"
	"$VB_TOP/scripts/seal.sh" "$dir/$which" || exit 2
}

# split_boots DIR VARIANT BOOTS - DIR/first and DIR/second, of BOOTS boots each.
split_boots()
{
	local which

	for which in first second; do
		write_side "$1" "$2" "$3" "$which"
	done
}
