# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# subjects.sh - kernels that are in no table: a variant, a source tree or a git
# commit, with patches or without. A subject is a row like those of variants.tsv,
# so that everything that builds and measures variants takes its name. Sourced
# after variants.sh.
#
# VB_SUBJECTS/NAME/ holds
#   row      variant, base, fragments, default, what it is
#   source   kind, from and at, one a line: what its tree is made from
#   patches/ what is applied to it, in order
# A name ends with a hash over all of these, so it never means two things.
#
# How a tree of a kind is made is in scripts/trees/KIND.sh.

# shellcheck source-path=SCRIPTDIR source=patches.sh
. "$VB_TOP/scripts/patches.sh"

# subject_get NAME KEY - a line of its source.
subject_get()
{
	sed -n "s/^$2 //p" "$VB_SUBJECTS/$1/source"
}

# subject_patches NAME - the files, in order.
subject_patches()
{
	local file

	for file in "$VB_SUBJECTS/$1"/patches/*; do
		[[ ! -e $file ]] || printf '%s\n' "$file"
	done
}

# load_kind KIND - what knows trees of that kind: kind_tree, kind_content,
# kind_reset.
load_kind()
{
	# shellcheck source=/dev/null
	. "$VB_TOP/scripts/trees/$1.sh"
}

# plain_name TEXT LENGTH - as part of the name of a subject.
plain_name()
{
	local text=${1//[^A-Za-z0-9.-]/-}

	text=${text:0:$2}
	text=${text##[.-]}
	printf '%s' "${text%%[.-]}"
}

# write_subject STEM KIND FROM AT BASE FRAGMENTS WHAT [PATCH...] - prints its name. STEM
# gets the names of the patches behind it, and a hash.
write_subject()
{
	local stem=$1 kind=$2 from=$3 at=$4 base=$5 fragments=$6 what=$7 dir name titles='' file
	shift 7

	if ! mkdir -p -- "$VB_SUBJECTS" || ! dir=$(mktemp -d -- "$VB_SUBJECTS/.new.XXXXXX") ||
		! mkdir -- "$dir/patches"; then
		die "cannot write to $VB_SUBJECTS"
	fi
	split_patches "$dir/patches" "$@"
	printf '%s\n' "kind $kind" "from $from" "at $at" >"$dir/source"
	for file in "$@"; do
		titles+=${titles:+.}$(patch_title "$file")
	done
	name=$stem${titles:++$(plain_name "$titles" 24)}
	name+=-$({ cat -- "$dir/source"; (($# == 0)) || cat -- "$dir"/patches/*; printf '%s' "$base $fragments"; } |
		sha256sum | cut -c1-8)
	printf '%s\t%s\t%s\tno\t%s\n' "$name" "$base" "$fragments" "$what" >"$dir/row" ||
		die "cannot write to $VB_SUBJECTS"
	rm -rf -- "${VB_SUBJECTS:?}/$name"
	mv -T -- "$dir" "$VB_SUBJECTS/$name"
	printf '%s\n' "$name"
}

# variant_tree NAME - its source tree; what is in that of a subject is certain after
# hold_tree only.
variant_tree()
{
	if is_subject "$1"; then
		(
			load_kind "$(subject_get "$1" kind)"
			kind_tree "$(subject_get "$1" from)"
		)
	else
		"$VB_TOP/scripts/fetch-source.sh" "$(variant_field "$1" base)"
	fi
}

# variant_source NAME TREE - what its tree holds, for the kernel's key: a line that
# begins with source, and one for each patch.
variant_source()
{
	local file

	if ! is_subject "$1"; then
		printf 'source %s\n' "$(basename -- "$2")"
		return
	fi
	(
		load_kind "$(subject_get "$1" kind)"
		printf 'source %s\n' "$(kind_content "$(subject_get "$1" from)" "$(subject_get "$1" at)")"
	)
	while IFS= read -r file; do
		printf 'patch %s\n' "$(sha256sum <"$file" | cut -c1-16)"
	done < <(subject_patches "$1")
}

# hold_tree NAME TREE - nobody else builds in it from now on (lock on fd 9), and it
# holds the source of NAME.
hold_tree()
{
	local name=$1 tree=$2 state log=$VB_BUILD/log/source-$1.log

	mkdir -p -- "$(dirname -- "$tree")" || die "cannot write to $VB_CACHE"
	exec 9>"$tree.lock"
	flock -n 9 || { info "waiting for another build in $tree"; flock 9; }
	is_subject "$name" || return 0
	state=$(variant_source "$name" "$tree") || exit 2
	[[ $(cat -- "$tree.state" 2>/dev/null) != "$state" ]] || return 0
	# From here on nobody knows what is in it, until it is done.
	rm -f -- "$tree.state"
	load_kind "$(subject_get "$name" kind)"
	run_logged "preparing the source of $name" "$log" \
		kind_reset "$tree" "$(subject_get "$name" from)" "$(subject_get "$name" at)" ||
		die "$name: its source cannot be prepared: $(first_error "$log")" "$log"
	apply_patches "$name" "$tree" "$log"
	printf '%s\n' "$state" >"$tree.state" || die "cannot write $tree.state"
}
