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

# link_above TREE FILE - the first symbolic link on the way to FILE, if there is one.
link_above()
{
	local tree=$1 rest=$2 path=''

	while [[ $rest == */* ]]; do
		path+=${path:+/}${rest%%/*}
		rest=${rest#*/}
		[[ ! -L $tree/$path ]] || { printf '%s' "$path"; return; }
	done
}

# remove_file BASE TREE FILE - from TREE, and folders that BASE does not have; a link on
# the way to it is not followed, and goes unless BASE has it.
remove_file()
{
	local base=$1 tree=$2 file=$3 link

	link=$(link_above "$tree" "$file")
	file=${link:-$file}
	[[ -z $link || ! -L $base/$link ]] || return 0
	if [[ -L $tree/$file || ! -d $tree/$file ]]; then
		[[ ! -L $tree/$file && ! -e $tree/$file ]] || rm -f -- "$tree/$file" || return 1
		file=$(dirname -- "$file")
	fi
	while [[ $file != . && ( ! -d $base/$file || -L $base/$file ) ]]; do
		[[ ! -d $tree/$file ]] || rmdir -- "$tree/$file" 2>/dev/null || return 0
		file=$(dirname -- "$file")
	done
}

# restore_files BASE TREE - those on standard input are as in BASE again; copies, so
# that they are newer than what was built from them.
restore_files()
{
	local base=$1 tree=$2 file files

	mapfile -t files < <(grep -avE '(^|/)\.\.(/|$)|^/|^$')
	for file in "${files[@]}"; do
		remove_file "$base" "$tree" "$file" || return 1
	done
	for file in "${files[@]}"; do
		[[ -L $base/$file || -f $base/$file ]] || continue
		[[ -z $(link_above "$base" "$file")$(link_above "$tree" "$file") ]] || continue
		mkdir -p -- "$(dirname -- "$tree/$file")" &&
			cp --no-dereference --preserve=mode -- "$base/$file" "$tree/$file" || return 1
	done
}

# released_file TREE FILE - FILE as it was before the series; nothing when no patch of it
# changes FILE. quilt keeps what each patch found.
released_file()
{
	local patch

	[[ -f $1/.pc/applied-patches ]] || return 0
	while IFS= read -r patch; do
		[[ -f $1/.pc/$patch/$2 ]] || continue
		printf '%s\n' "$1/.pc/$patch/$2"
		return 0
	done <"$1/.pc/applied-patches"
}

# released_files TREE - the C files on standard input are as released; files of the build
# keep what the series needs.
released_files()
{
	local file old

	while IFS= read -r file; do
		[[ $file == *.[ch] ]] || continue
		old=$(released_file "$1" "$file")
		# quilt keeps an empty file of one that the series adds.
		[[ -s $old && -z $(link_above "$1" "$file") ]] || continue
		rm -f -- "$1/$file" && cp --preserve=mode -- "$old" "$1/$file" || return 1
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
