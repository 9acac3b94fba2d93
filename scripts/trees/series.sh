# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# series.sh - the tree of a base in variants.tsv, to be patched: one scratch tree for
# all patches, which shares the files of the base. Sourced by subjects.sh; FROM is
# the base.

# base_tree FROM - the tree itself, which is never written to.
base_tree()
{
	"$VB_TOP/scripts/fetch-source.sh" "$1"
}

# kind_tree FROM - where it is.
kind_tree()
{
	local tree
	tree=$(base_tree "$1") || return 1

	printf '%s-scratch' "$tree"
}

# kind_content FROM AT - what is in it before patches.
kind_content()
{
	basename -- "$(base_tree "$1")"
}

# link_tree BASE TREE - hard links: who changes a file here makes a new one.
link_tree()
{
	rm -rf -- "$2.tmp" && mkdir -- "$2.tmp" &&
		find "$1" -mindepth 1 -maxdepth 1 ! -name 'build*' -print0 |
		xargs -0 cp -al -t "$2.tmp" && mv -T -- "$2.tmp" "$2"
}

# restore_files BASE TREE - those on standard input are as in BASE again; copies, so
# that they are newer than what was built from them.
restore_files()
{
	local file

	while IFS= read -r file; do
		rm -f -- "$2/$file" || return 1
		[[ ! -e $1/$file ]] && continue
		mkdir -p -- "$(dirname -- "$2/$file")" &&
			cp --preserve=mode -- "$1/$file" "$2/$file" || return 1
	done
}

# kind_reset TREE FROM AT - without any patch.
kind_reset()
{
	local base
	base=$(base_tree "$2") || return 1

	if [[ ! -d $1 ]]; then
		link_tree "$base" "$1"
	elif [[ -e $1.touched ]]; then
		restore_files "$base" "$1" <"$1.touched" && rm -f -- "$1.touched"
	fi
}
