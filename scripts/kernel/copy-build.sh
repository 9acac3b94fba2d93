# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# copy-build.sh - what was built in the tree of a base, for its scratch tree: make has to
# do there what a patch changes, and no more. Sourced after subjects.sh.

# mark_started OBJ - from here on nobody knows what is built there.
mark_started()
{
	rm -f -- "$1/finished"
}

# mark_finished OBJ TOOLS - all of a kernel is, with these.
mark_finished()
{
	printf '%s\n' "$2" >"$1/finished"
}

# is_finished OBJ TOOLS
is_finished()
{
	[[ -f $1/finished && $(cat -- "$1/finished") == "$2" ]] || {
		printf 'error: a build there was not finished, or with other tools\n'
		return 1
	}
}

# rename_tree OBJ OLD NEW - commands and lists of dependencies have the name of the tree
# in them: make compares the first and follows the second. Fails if make may read it in
# anything else.
rename_tree()
{
	local obj=$1 old=$2 new=$3 names=$1.names other rc=0

	other=$(find "$obj" -lname "*/$old*" -print -quit) && [[ -z $other ]] || return 1
	LC_ALL=C grep -rIlZF -e "/$old" -- "$obj" >"$names" || rc=$?
	((rc <= 1)) || return 1
	other=$(LC_ALL=C grep -zvE '\.(cmd|d)$' -- "$names" | tr '\0' ' ')
	[[ -z $other ]] || { printf 'error: the name of its tree is in %s\n' "$other"; return 1; }
	LC_ALL=C xargs -0 -r sed -i "s|/${old//./\\.}|/$new|g" <"$names" && rm -f -- "$names"
}

# list_inodes TREE - of its source, sorted.
list_inodes()
{
	find "$1" -mindepth 1 -path "$1/build*" -prune -o -type f -printf '%i %P\0' | LC_ALL=C sort -z
}

# make_newer BASE TREE - files that are not those of BASE become newer than what was
# built from those, whenever they were written.
make_newer()
{
	list_inodes "$2" | LC_ALL=C comm -z -13 <(list_inodes "$1") - | cut -z -d' ' -f2- |
		(cd -- "$2" && xargs -0 -r touch -c --)
}

# copy_build BASE TREE DIR TOOLS - DIR of BASE to TREE, if what was built there is
# finished; it appears when all of it is there. Nobody builds in BASE meanwhile.
copy_build()
{
	local base=$1 tree=$2 from=$1/$3 to=$2/$3

	# No hard links: much of it is written in place.
	exec 8>"$base.lock" && flock 8 && is_finished "$from" "$4" &&
		cp -a --reflink=auto -- "$from" "$to.tmp" && mark_started "$to.tmp" &&
		rename_tree "$to.tmp" "$(basename -- "$base")" "$(basename -- "$tree")" &&
		make_newer "$base" "$tree" && mv -T -- "$to.tmp" "$to"
}

# take_build VARIANT TREE DIR TOOLS LOG - the DIR of its base, unless TREE has one.
# Without it all of the kernel is built.
take_build()
{
	local variant=$1 tree=$2 directory=$3 tools=$4 log=$5 base

	if [[ -d $tree/$directory ]] || ! is_subject "$variant" || is_foreign "$variant"; then
		return 0
	fi
	load_kind series
	base=$(base_tree "$(subject_get "$variant" from)") || exit 2
	[[ -d $base/$directory ]] || return 0
	rm -rf -- "$tree/$directory".{tmp,tmp.names}
	run_logged "copying what was built in $base" "$log" copy_build "$base" "$tree" "$directory" "$tools" && return
	info "it cannot be copied, so all of the kernel is built: $(first_error "$log")"
	rm -rf -- "$tree/$directory".{tmp,tmp.names}
}

# make_follows VARIANT TREE - does make notice what patches changed, in a tree where
# something is built? What scripts and tools do to objects it does not always know, and
# nor what other files than these are read for.
make_follows()
{
	is_subject "$1" && ! is_foreign "$1" && [[ -f $2.touched ]] || return 0
	LC_ALL=C awk '
		/^$/ || /^MAINTAINERS$/ || /^(Documentation|tools\/testing)\// { next }
		/(^|\/)(scripts|tools)\// { exit 1 }
		!/\.[chS]$/ && !/(^|\/)(Kbuild|Kconfig|Makefile)[^\/]*$/ { exit 1 }' "$2.touched"
}
