#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# fetch-source.sh - the patched source tree of a base, unpacked into the cache.

# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"
VB_NAME=fetch-source

usage()
{
	cat <<'END'
Usage: scripts/kernel/fetch-source.sh [-h] BASE

Unpack Debian's kernel source for BASE (linux-6.1: package linux-source-6.1),
apply the quilt series kernel-patches/BASE and print the tree's path. A tree
that is already there, for the same package version and patches, is kept.

Exit codes: 0 done, 2 no such base or package, or a patch does not apply.
END
}

# series_files BASE - the series file and the patches it names.
series_files()
{
	local dir=$VB_TOP/kernel-patches/$1 patch

	printf '%s\n' "$dir/series"
	while read -r patch _; do
		[[ -z $patch || $patch == '#'* ]] || printf '%s\n' "$dir/$patch"
	done <"$dir/series"
}

# tree_key BASE VERSION - the directory's name: what goes in, spelled and hashed.
tree_key()
{
	local files

	mapfile -t files < <(series_files "$1")
	printf '%s-%s-%s\n' "$1" "$2" "$(hash_files "${files[@]}")"
}

unpack()
{
	local tarball=$1 dir=$2

	mkdir -p -- "$dir" && tar -x --strip-components=1 -C "$dir" -f "$tarball"
}

apply_series()
{
	local dir=$1 base=$2

	# quilt takes a series without patches for a mistake.
	[[ $(series_files "$base" | wc -l) -gt 1 ]] || return 0
	# No fuzz: a hunk that no longer fits exactly is looked at by a human.
	cd -- "$dir" && QUILT_PATCHES=$VB_TOP/kernel-patches/$base QUILT_PC=.pc \
		quilt --quiltrc - push -a --fuzz=0
}

# make_tree BASE NAME TARBALL TREE - TREE appears when all of it is there.
make_tree()
{
	local base=$1 name=$2 tarball=$3 tree=$4
	local tmp=$tree.tmp log=$VB_BUILD/log/fetch-$base.log

	rm -rf -- "$tmp"
	# shellcheck disable=SC2064
	trap "rm -rf -- '$tmp'" EXIT
	run_logged "unpacking $name" "$log" unpack "$tarball" "$tmp" ||
		die "cannot unpack $tarball: $(first_error "$log")" "$log"
	run_logged "applying kernel-patches/$base" "$log" apply_series "$tmp" "$base" ||
		die "patch $(sed -n 's/^Patch \(.*\) does not apply.*/\1/p' "$log" | sed -n 1p) does not apply to $name" "$log"
	mv -T -- "$tmp" "$tree"
	trap - EXIT
}

main()
{
	local base=${1:-} package tarball version tree

	case $base in
	-h | --help) usage; exit 0 ;;
	linux-[0-9]*) ;;
	'') usage_error "which base?" ;;
	*) usage_error "no such base: $base" ;;
	esac
	[[ -f $VB_TOP/kernel-patches/$base/series ]] ||
		usage_error "no series kernel-patches/$base/series"

	package=linux-source-${base#linux-}
	tarball=/usr/src/$package.tar.xz
	if ! version=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null) || [[ ! -f $tarball ]]; then
		die "package $package is not installed: run scripts/setup.sh --what check"
	fi
	tree=$VB_CACHE/src/$(tree_key "$base" "$version")

	if [[ ! -d $tree ]]; then
		mkdir -p -- "$VB_CACHE/src" || die "cannot write to $VB_CACHE"
		exec 9>"$tree.lock"
		flock 9
		[[ -d $tree ]] || make_tree "$base" "$package $version" "$tarball" "$tree"
	fi
	printf '%s\n' "$tree"
}

main "$@"
