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
# A name holds a hash of what the subject is made of, so it never means two things.
#
# How a tree of a kind is made is in scripts/kernel/trees/KIND.sh.

# As long as a name of a subject gets.
NAME_MAX=34

# shellcheck source=scripts/kernel/patches.sh
. "$VB_TOP/scripts/kernel/patches.sh"
# shellcheck source=scripts/kernel/sandbox.sh
. "$VB_TOP/scripts/kernel/sandbox.sh"

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

# is_foreign NAME - may it be any version of Linux, not that of a base of ours?
is_foreign()
{
	is_subject "$1" && [[ $(subject_get "$1" kind) != series ]]
}

# takes_released NAME - are its patches for the source as it was released? A base of ours
# has the seam of the layers in it, which a kernel with the released one compiles away.
takes_released()
{
	is_subject "$1" && ! is_foreign "$1" && [[ " $(variant_field "$1" fragments) " == *" layer-mainline "* ]]
}

# load_kind KIND - what knows trees of that kind: kind_tree, kind_content,
# kind_reset.
load_kind()
{
	# shellcheck source=/dev/null
	. "$VB_TOP/scripts/kernel/trees/$1.sh"
}

# plain_name TEXT LENGTH - as part of the name of a subject, which begins with a letter or
# digit: programs take another one for an option, or a hidden file.
plain_name()
{
	local text=${1//[^A-Za-z0-9.-]/-}

	text=${text#"${text%%[!.-]*}"}
	text=${text:0:$2}
	text=${text%"${text##*[!.-]}"}
	printf '%s' "${text:-x}"
}

# write_subject STEM CONTENT KIND FROM AT BASE FRAGMENTS WHAT [PATCH...] - prints its name:
# STEM and behind it CONTENT, a hash; or with patches their names, and a hash over all
# of it. Tables of 76 columns have room for two names.
write_subject()
{
	local stem name dir kind=$3 from=$4 at=$5 base=$6 fragments=$7 what=$8 titles='' file
	stem=$(plain_name "$1" $((NAME_MAX - 20)))
	name=$stem-${2:0:12}
	shift 8

	if ! mkdir -p -- "$VB_SUBJECTS" || ! dir=$(mktemp -d -- "$VB_SUBJECTS/.new.XXXXXX") ||
		! mkdir -- "$dir/patches"; then
		die "cannot write to $VB_SUBJECTS"
	fi
	(split_patches "$dir/patches" "$@") || { rm -rf -- "$dir"; exit 2; }
	printf '%s\n' "kind $kind" "from $from" "at $at" >"$dir/source"
	for file in "$@"; do
		titles+=${titles:+.}$(patch_title "$file")
	done
	if (($#)); then
		name=$stem+$(plain_name "$titles" $((NAME_MAX - ${#stem} - 10)))-$({
			cat -- "$dir/source" "$dir"/patches/*
			printf '%s' "$base $fragments"
		} | sha256sum | cut -c1-8)
	fi
	printf '%s\t%s\t%s\tno\t%s\n' "$name" "$base" "$fragments" "$what" >"$dir/row" ||
		die "cannot write to $VB_SUBJECTS"
	# Others may be reading what is there already.
	if diff -rq -- "$dir" "$VB_SUBJECTS/$name" >/dev/null 2>&1; then
		rm -rf -- "$dir"
	else
		rm -rf -- "${VB_SUBJECTS:?}/$name"
		mv -T -- "$dir" "$VB_SUBJECTS/$name"
	fi
	printf '%s\n' "$name"
}

# layer_fragments - config fragments for a tree whose mm/Kconfig is on standard input.
layer_fragments()
{
	printf 'guest'
	! grep -q '^config VMAP_LAYER_MAINLINE$' || printf ' layer-mainline'
}

# subject_of_variant NAME PATCH... - prints the name of the subject.
subject_of_variant()
{
	local name=$1 base
	shift
	base=$(variant_field "$name" base)

	write_subject "$name" '' series "$base" - "$base" "$(variant_field "$name" fragments)" \
		"$name, patched" "$@"
}

# subject_of_ref REPOSITORY REF [PATCH...] - the same of a commit.
subject_of_ref()
{
	local dir=$1 ref=$2 common commit stem
	shift 2

	common=$(cd -- "$dir" && realpath -- "$(only_read . rev-parse --git-common-dir)") ||
		usage_error "$dir is not a git repository"
	commit=$(only_read "$dir" rev-parse --verify "$ref^{commit}") ||
		usage_error "$ref is not a commit in $dir"
	only_read "$dir" cat-file -e "$commit:mm/vmalloc.c" 2>/dev/null ||
		usage_error "$ref of $dir is not a kernel source: mm/vmalloc.c is missing"
	stem=$ref
	[[ $commit != "$ref"* ]] || stem=commit
	write_subject "$stem" "$commit" git "$common" \
		"$commit $(only_read "$dir" rev-parse "$commit^{tree}")" "${common##*/}" \
		"$(only_read "$dir" show "$commit:mm/Kconfig" | layer_fragments)" "$ref of $dir" "$@"
}

# subject_of_tree DIR [PATCH...] - the same of a directory with a kernel source.
subject_of_tree()
{
	local from=$1 tree hash
	shift

	load_kind folder
	tree=$(kind_tree "$from")
	hash=$(
		lock_tree "$tree"
		rm -f -- "$tree.state"
		run_logged "copying $from" "$VB_BUILD/log/copy.log" copy_directory "$from" "$tree" ||
			die "$from cannot be copied: $(first_error "$VB_BUILD/log/copy.log")" "$VB_BUILD/log/copy.log"
		hash=$(hash_directory "$tree") || die "cannot read $tree"
		printf 'source %s\n' "$(kind_content "$from" "$hash")" >"$tree.state"
		printf '%s' "$hash"
	) || exit 2
	write_subject "${from##*/}" "$hash" folder "$from" "$hash" \
		"${from##*/}" "$(layer_fragments <"$from/mm/Kconfig")" "$from" "$@"
}

# only_read DIR ARGUMENT... - git in a repository of the user's: questions only.
only_read()
{
	(
		# shellcheck disable=SC2046 # names of variables
		unset $(git rev-parse --local-env-vars)
		GIT_OPTIONAL_LOCKS=0 git -C "$@"
	)
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
		"$VB_TOP/scripts/kernel/fetch-source.sh" "$(variant_field "$1" base)"
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
	! takes_released "$1" || printf 'patched files as released\n'
	while IFS= read -r file; do
		printf 'patch %s\n' "$(sha256sum <"$file" | cut -c1-16)"
	done < <(subject_patches "$1")
}

# lock_tree TREE - on fd 9, until we end.
lock_tree()
{
	mkdir -p -- "$(dirname -- "$1")" || die "cannot write to $VB_CACHE"
	exec 9>"$1.lock"
	flock -n 9 || { info "waiting for another build in $1"; flock 9; }
}

# drop_orphans - scratch trees of directories and repositories that are gone.
drop_orphans()
{
	local file tree

	for file in "$VB_CACHE"/src/*.from; do
		[[ -f $file && ! -d $(cat -- "$file") ]] || continue
		tree=${file%.from}
		(
			flock -n 9 || exit 0
			info "$(cat -- "$file") is gone: removing its copy"
			rm -rf -- "$tree" "$tree".{state,touched,aside,from,ccache}
		) 9>"$tree.lock"
	done
}

# hold_tree NAME TREE - nobody else builds in it from now on (lock on fd 9), and it
# holds the source of NAME.
hold_tree()
{
	local name=$1 tree=$2 state log=$VB_BUILD/log/source-$1.log

	lock_tree "$tree"
	is_subject "$name" || return 0
	state=$(variant_source "$name" "$tree") || exit 2
	[[ ! -d $tree || $(cat -- "$tree.state" 2>/dev/null) != "$state" ]] || return 0
	drop_orphans
	# From here on nobody knows what is in it, until it is done.
	rm -f -- "$tree.state"
	load_kind "$(subject_get "$name" kind)"
	run_logged "preparing the source of $name" "$log" \
		kind_reset "$tree" "$(subject_get "$name" from)" "$(subject_get "$name" at)" ||
		die "$name: its source cannot be prepared: $(first_error "$log")" "$log"
	apply_patches "$name" "$tree" "$log"
	printf '%s\n' "$state" >"$tree.state" || die "cannot write $tree.state"
}
