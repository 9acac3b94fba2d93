# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# folder.sh - a kernel source in a directory of the user's. It is copied, as it may be
# edited at any time; later only what changed is. Sourced by subjects.sh; FROM is
# the directory, AT a hash of what is in it.

# kind_tree FROM - where the copy is.
kind_tree()
{
	printf '%s/src/folder-%s' "$VB_CACHE" "$(printf '%s' "$1" | sha256sum | cut -c1-12)"
}

# kind_content FROM AT - what is in it before patches.
kind_content()
{
	printf 'folder %s' "$2"
}

# was_built_in DIR - or configured.
was_built_in()
{
	[[ -e $1/.config || -e $1/include/config || -e $1/include/generated || -e $1/arch/x86/include/generated ]]
}

# clean_copy TREE - what a build in the user's directory left there goes, what was built in
# this one stays.
clean_copy()
{
	rm -rf -- "$1.aside"
	if [[ -d $1/build ]]; then
		mv -T -- "$1/build" "$1.aside" || return 1
	fi
	(
		confine "$(cat -- "$1.from")" "$1" '' "$1"
		sandboxed make -s -C "$1" mrproper
	) || return 1
	# Ours are never asked about a repository in it.
	rm -rf -- "$1/.git"
	[[ ! -d $1.aside ]] || mv -T -- "$1.aside" "$1/build"
}

# take_back FROM TREE - what patches touched goes, and is copied again: rsync leaves files alone
# that are called as what a build makes.
take_back()
{
	local file files

	[[ -e $2.touched ]] || return 0
	mapfile -t files < <(listed_files <"$2.touched")
	for file in "${files[@]}"; do
		remove_file "$1" "$2" "$file" || return 1
	done
	rm -f -- "$2.touched"
}

# copy_directory FROM TREE - files that are the same stay as old as they are; others are
# newer than what was built from them, whatever their date was.
copy_directory()
{
	mkdir -p -- "$2" && printf '%s\n' "$1" >"$2.from" && take_back "$1" "$2" &&
		rsync --recursive --links --executability --checksum --delete \
			--exclude=.git --exclude=/.pc --exclude='/build' --exclude='/build-*' \
			--exclude='*.o' --exclude='*.ko' --exclude='*.a' --exclude='.*.cmd' \
			--exclude=/vmlinux --exclude='/.config*' -- "$1/" "$2/" || return 1
	! was_built_in "$1" || clean_copy "$2"
}

# hash_directory TREE - names, what may be executed, links and contents.
hash_directory()
(
	cd -- "$1" || exit 1
	set -o pipefail
	{
		find . \( -path ./build -o -path './build-*' \) -prune -o -type l -printf 'link %p %l\n' -o \
			-type f -perm /100 -printf 'x %p\n' | sort
		find . \( -path ./build -o -path './build-*' \) -prune -o -type f -print0 | sort -z |
			xargs -0 sha256sum
	} | sha256sum | cut -c1-40
)

# kind_reset TREE FROM AT - that content, without any patch.
kind_reset()
{
	local hash

	copy_directory "$2" "$1" && hash=$(hash_directory "$1") || return 1
	[[ $hash == "$3" ]] || {
		printf 'error: %s has changed since: compare it again\n' "$2"
		return 1
	}
}
