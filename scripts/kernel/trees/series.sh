# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# series.sh - the tree of a base in variants.tsv, to be patched: one scratch tree for
# all patches, which shares the files of the base. Sourced by subjects.sh; FROM is
# the base.

# base_tree FROM - the tree itself, which is never written to.
base_tree()
{
	"$VB_TOP/scripts/kernel/fetch-source.sh" "$1"
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
	local base=$1 tree=$2 file files

	mapfile -t files < <(listed_files)
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

# is_code FILE - it is no file of the build, which the series adds to.
is_code()
{
	[[ $1 == *.[ch] ]]
}

# released_files TREE WHICH - files on standard input are as released: with WHICH c those that
# are code, or all. Files of the build then lack what the series needs.
released_files()
{
	local tree=$1 which=$2 file old

	while IFS= read -r file; do
		[[ $which == all ]] || is_code "$file" || continue
		old=$(released_file "$tree" "$file")
		# quilt keeps an empty file of one that the series adds.
		[[ -s $old && -z $(link_above "$tree" "$file") ]] || continue
		rm -f -- "$tree/$file" && cp --preserve=mode -- "$old" "$tree/$file" || return 1
	done
}

# changes_build TREE - does the series change a file of the build that is on standard input?
changes_build()
{
	local file

	while IFS= read -r file; do
		is_code "$file" || [[ ! -s $(released_file "$1" "$file") ]] || return 0
	done
	return 1
}

# add_lines OLD WITH NEW - NEW, and in it the lines that WITH has and OLD does not: after the
# line they follow in OLD, or before the next one, or else after what took the place of both.
add_lines()
{
	{
		diff -a -- "$1" "$2" || true
		printf '=\n'
		diff -a -- "$1" "$3" || true
		printf '=\n'
		cat -- "$3"
	} | LC_ALL=C awk '
		part == 2 {
			if (!printed++) printf "%s", before[0]
			print
			printf "%s", before[++line]
			next
		}
		$0 == "=" {
			if (++part == 2) place()
			next
		}
		/^[0-9]/ {
			split($0, side, /[acd]/)
			from = to = side[1] + 0
			if (split(side[1], range, ",") > 1) to = range[2] + 0
			last = split(side[2], range, ",") > 1 ? range[2] + 0 : side[2] + 0
			if (part == 0 && $0 !~ /a/) wrong = 1
			if (part == 1) {
				kind[++n] = $0 ~ /a/ ? "a" : "c"
				old_from[n] = from; old_to[n] = to; new_to[n] = last
			}
			next
		}
		part == 0 && /^> / { text[from] = text[from] substr($0, 3) "\n" }
		# Where an old line is now; 0 if it is gone. end gets the end of what replaced it.
		function now(old, i, shift) {
			for (i = 1; i <= n && old_from[i] + (kind[i] == "a") <= old; i++) {
				if (kind[i] == "c" && old <= old_to[i]) { end = new_to[i]; return 0 }
				shift = new_to[i] - old_to[i]
			}
			return old + shift
		}
		function place(old, at, next_at, replaced) {
			for (old in text) {
				at = old + 0 ? now(old + 0) : 0
				if (!at && old + 0) {
					replaced = end
					next_at = now(old + 1)
					at = next_at ? next_at - 1 : replaced
				}
				before[at] = before[at] text[old]
			}
		}
		END { exit wrong }'
}

# restore_added BASE TREE - files of the build on standard input have what the series adds.
# Each becomes a new file: nothing is written through a link or to another name of it.
restore_added()
{
	local base=$1 tree=$2 file old

	while IFS= read -r file; do
		! is_code "$file" || continue
		old=$(released_file "$tree" "$file")
		[[ -s $old && -f $tree/$file && ! -L $tree/$file ]] || continue
		[[ -z $(link_above "$tree" "$file") ]] || continue
		rm -f -- "$tree.added"
		add_lines "$old" "$base/$file" "$tree/$file" >"$tree.added" &&
			chmod --reference="$tree/$file" -- "$tree.added" &&
			mv -fT -- "$tree.added" "$tree/$file" || return 1
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
