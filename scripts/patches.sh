# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# patches.sh - files with patches, from diff, git or a mail folder: taken apart,
# and applied to a tree. Sourced by subjects.sh.

# patch_title FILE - its name without what all of them have.
patch_title()
{
	basename -- "$1" | sed -E 's/\.(patch|diff|mbox|eml|txt)$//'
}

# is_mail FILE - does it begin as mails do, or as a diff?
is_mail()
{
	head -n 1 -- "$1" | grep -E '^(From |[A-Za-z][A-Za-z-]*: )' >/dev/null
}

# split_mail FILE DIR NUMBER - each mail's patch to a file in DIR, numbered from there;
# mails without one, such as a cover letter, are left out. Prints the next number.
split_mail()
{
	local file=$1 dir=$2 n=$3 tmp mail
	tmp=$(mktemp -d)

	git mailsplit -b -o"$tmp" -- "$file" >/dev/null 2>"$tmp/err" ||
		die "$file: not a mail folder: $(head -n 1 "$tmp/err")"
	for mail in "$tmp"/[0-9]*; do
		git mailinfo "$tmp/msg" "$tmp/patch" <"$mail" >/dev/null 2>"$tmp/err" ||
			die "$file: $(head -n 1 "$tmp/err")"
		grep -q '^+++ \|^diff --git ' "$tmp/patch" || continue
		mv -- "$tmp/patch" "$(printf '%s/%04d-%s.patch' "$dir" "$n" "$(patch_title "$file")")"
		n=$((n + 1))
	done
	rm -rf -- "$tmp"
	printf '%s' "$n"
}

# split_patches DIR FILE... - a numbered file in DIR for each patch that is in FILEs.
split_patches()
{
	local dir=$1 file n=1 first
	shift

	for file in "$@"; do
		first=$n
		if is_mail "$file"; then
			n=$(split_mail "$file" "$dir" "$n") || exit 2
		elif grep -q '^+++ \|^diff --git ' -- "$file"; then
			cp -- "$file" "$(printf '%s/%04d-%s.patch' "$dir" "$n" "$(patch_title "$file")")" ||
				die "cannot write to $dir"
			n=$((n + 1))
		fi
		((n > first)) || usage_error "--patch: there is no patch in $file"
	done
}

# patched_files PATCH... - names of all files they could change.
patched_files()
{
	sed -nE -e 's/\r$//' -e 's,^(---|\+\+\+) [^/ \t]+/([^\t]+).*,\2,p' -e 's,^(rename|copy) (from|to) ,,p' \
		-e 's,^diff --git a/(.*) b/.*,\1,p' -- "$@" | grep -vE '(^|/)\.\.(/|$)|^/' | sort -u
}

# apply_one TREE PATCH - all of it or nothing, and no fuzz.
apply_one()
{
	# A cache inside somebody's repository is no part of it.
	(cd -- "$1" && GIT_CEILING_DIRECTORIES=$(dirname -- "$1") git apply --whitespace=nowarn -- "$2")
}

# apply_patches NAME TREE LOG - those of the subject, to its tree. What they touch is
# listed beside the tree first, to be undone later.
apply_patches()
{
	local name=$1 tree=$2 log=$3 file patches=()

	mapfile -t patches < <(subject_patches "$name")
	((${#patches[@]})) || return 0
	patched_files "${patches[@]}" >"$tree.touched" || die "cannot write $tree.touched"
	for file in "${patches[@]}"; do
		apply_one "$tree" "$file" >"$log" 2>&1 ||
			die "$name: $(basename -- "$file") does not apply: $(patch_fault "$log")" "$log"
	done
}

# patch_fault LOG - what git has to say, and where.
patch_fault()
{
	sed -nE -e 's/^error: patch failed: (.*):([0-9]+)$/\1, hunk at line \2/p' \
		-e 's/^error: (.*)$/\1/p' -e '/No space left/p' -- "$1" | sed -n 1p | grep . || tail -n 1 -- "$1"
}
