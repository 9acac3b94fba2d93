# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# patches.sh - files with patches, from diff, git or a mail folder: taken apart,
# and applied to a tree. Sourced by subjects.sh.

# patch_title FILE - its name without what all of them have.
patch_title()
{
	basename -- "$1" | sed -E 's/\.gz$//; s/\.(patch|diff|mbox|eml|txt)$//; s/^-$/stdin/'
}

# is_mail FILE - does it begin as mails do, or as a diff?
is_mail()
{
	head -n 1 -- "$1" | grep -E '^(From |[A-Za-z][A-Za-z-]*: )' >/dev/null
}

# subject_place SUBJECT - version and number, tab-separated; of [PATCH v3 2/5] 3 and 2;
# nothing for a reply or a cover letter.
subject_place()
{
	local subject=$1 tags='' version=1 number=0

	[[ ! $subject =~ ^[[:space:]]*([Rr][Ee]|[Aa][Ww]): ]] || return 0
	while [[ $subject =~ ^[[:space:]]*\[([^]]*)\](.*)$ ]]; do
		tags+=" ${BASH_REMATCH[1]} "
		subject=${BASH_REMATCH[2]}
	done
	[[ ! $tags =~ [^0-9]0*([0-9]+)/[0-9]+ ]] || number=${BASH_REMATCH[1]}
	[[ ! $tags =~ [^0-9]0+/[0-9]+ ]] || return 0
	[[ ! $tags =~ [[:space:]]?v([0-9]{1,4})[[:space:]] ]] || version=$((10#${BASH_REMATCH[1]}))
	printf '%s\t%s\n' "$version" "$number"
}

# split_mail FILE DIR NUMBER - each mail's patch to a file in DIR, numbered from there:
# those of the newest version, in the order of their subjects, each once; replies, cover
# letters and mails without one are left out. Prints the next number.
split_mail()
{
	local file=$1 dir=$2 n=$3 tmp mail subject place hash newest version number seen=' '
	tmp=$(mktemp -d)

	git mailsplit -b -o"$tmp" -- "$file" >/dev/null 2>"$tmp/err" ||
		die "$file: not a mail folder: $(head -n 1 "$tmp/err")"
	: >"$tmp/list"
	for mail in "$tmp"/[0-9]*; do
		subject=$(git mailinfo -k -n --quoted-cr=strip "$tmp/msg" "$mail.patch" <"$mail" 2>"$tmp/err") ||
			die "$file: $(head -n 1 "$tmp/err")"
		grep -aq '^+++ \|^diff --git ' "$mail.patch" || continue
		subject=$(sed -n 's/^Subject: //p' <<<"$subject")
		place=$(subject_place "$subject")
		[[ -z $place ]] || printf '%s\t%s\t%s\n' "$place" "$mail" "$subject" >>"$tmp/list"
	done
	newest=$(cut -f1 "$tmp/list" | sort -rn | sed -n 1p)
	while IFS=$'\t' read -r version number mail subject; do
		[[ $version == "$newest" ]] || continue
		hash=$(sed '/^-- $/,$d' "$mail.patch" | sha256sum | cut -c1-40)
		[[ $seen != *" $hash "* ]] || continue
		seen+="$hash "
		info "--patch: $subject"
		printf '%s\n' "$subject" >>"$dir.applied" || die "cannot write to $dir.applied"
		mv -T -- "$mail.patch" "$(printf '%s/%04d-%s.patch' "$dir" "$n" "$(patch_title "$file")")"
		n=$((n + 1))
	done < <(sort -s -t $'\t' -k2,2n "$tmp/list")
	rm -rf -- "$tmp"
	printf '%s' "$n"
}

# A file of patches has fewer bytes than that, unpacked.
PATCH_ROOM=$((16 << 20))

# add_prefixes PATCH - where old and new names are the same, git was told to write them
# without a/ and b/ (diff.noprefix): they get them.
add_prefixes()
{
	LC_ALL=C awk '
		function name(line) {
			sub(/^(---|\+\+\+) /, "", line)
			sub(/\t.*/, "", line)
			return line
		}
		function plain(file) { return file !~ /^("|\/|[ab]\/)|\/\// }
		/^diff --git / && NF == 4 && $3 == $4 && plain($3) { bare = $3; $0 = "diff --git a/" $3 " b/" $4 }
		/^--- / { held = $0; holding = 1; next }
		holding {
			holding = 0
			if (/^\+\+\+ /) {
				from = name(held); to = name($0)
				if (plain(from) && (from == to || from == bare)) sub(/^--- /, "--- a/", held)
				if (plain(to) && (from == to || to == bare)) sub(/^\+\+\+ /, "+++ b/")
			}
			print held
		}
		{ print }
		END { if (holding) print held }' "$1" >"$1.named" || die "cannot write $1.named"
	mv -T -- "$1.named" "$1" || die "cannot write $1"
}

# plain_patch FILE - unpacked, and without a byte order mark, blank lines at the start, and
# carriage returns unless it is a mail: git knows those of mails.
plain_patch()
{
	local tmp
	tmp=$(mktemp)

	head -c $((PATCH_ROOM + 1)) -- "$1" >"$tmp"
	if (($(stat -c %s -- "$tmp") > PATCH_ROOM)); then
		rm -f -- "$tmp"
		return 1
	fi
	if [[ $(head -c 2 -- "$tmp" | od -An -tx1) == ' 1f 8b' ]]; then
		if ! (ulimit -f $((PATCH_ROOM / 1024)); gzip -dc <"$tmp" >"$tmp.raw" 2>/dev/null) ||
			! mv -T -- "$tmp.raw" "$tmp"; then
			rm -f -- "$tmp" "$tmp.raw"
			return 1
		fi
	fi
	LC_ALL=C sed -i -e '1s/^\xef\xbb\xbf//' -e '/[^[:space:]]/,$!d' -- "$tmp"
	is_mail "$tmp" || LC_ALL=C sed -i 's/\r$//' -- "$tmp"
	cat -- "$tmp"
	rm -f -- "$tmp"
}

# split_patches DIR FILE... - a numbered file in DIR for each patch that is in FILEs.
split_patches()
{
	local dir=$1 file plain n=1 first title
	shift

	plain=$(mktemp -d)
	for file in "$@"; do
		first=$n
		title=$(patch_title "$file")
		plain_patch "$file" >"$plain/$title" || usage_error "--patch: $file cannot be unpacked, or is longer than $((PATCH_ROOM >> 20)) MiB"
		if is_mail "$plain/$title"; then
			n=$(split_mail "$plain/$title" "$dir" "$n") || exit 2
		fi
		# Headers with a diff behind them are no mail in the end.
		if ((n == first)) && ! grep -aqi '^Subject:' -- "$plain/$title" && grep -aq '^+++ \|^diff --git ' -- "$plain/$title"; then
			if ! cp -- "$plain/$title" "$(printf '%s/%04d-%s.patch' "$dir" "$n" "$title")" ||
				! printf '%s\n' "$title" >>"$dir.applied"; then
				die "cannot write to $dir"
			fi
			n=$((n + 1))
		fi
		((n > first)) || usage_error "--patch: there is no patch in $file"
		while ((first < n)); do
			add_prefixes "$(printf '%s/%04d-%s.patch' "$dir" "$first" "$title")"
			check_patch "$(printf '%s/%04d-%s.patch' "$dir" "$first" "$title")" "$file"
			first=$((first + 1))
		done
	done
	rm -rf -- "$plain"
}

# git_apply DIR ARGUMENT... - git apply there, whatever repository is around it and
# whatever the user has configured.
git_apply()
{
	(
		# shellcheck disable=SC2046 # names of variables
		unset $(git rev-parse --local-env-vars)
		cd -P -- "$1" || exit 1
		shift
		GIT_CEILING_DIRECTORIES=$(dirname -- "$PWD") GIT_CONFIG_GLOBAL=/dev/null \
			GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C git apply "$@"
	)
}

# patched_files PATCH... - names of all files they could change, new and old ones, as
# git reads them; a line feed in a name becomes another control character.
patched_files()
(
	set -o pipefail
	for file in "$@"; do
		for way in --no-reverse --reverse; do
			git_apply "$(dirname -- "$file")" "$way" --numstat -z -- "$(basename -- "$file")" |
				LC_ALL=C sed -zE 's/^[^\t]*\t[^\t]*\t//' | tr '\n\0' '\001\n' || exit 1
		done
	done | LC_ALL=C sort -u
)

# outside_name PATCH NAMES - the first name that is absolute, leads upwards or cannot be
# put in a list. What git reads has lost its first folder: headers are looked at too.
outside_name()
{
	{
		LC_ALL=C grep -a -m 1 -E '(^|/)\.\.(/|$)|^/|[[:cntrl:]]' <<<"$2" ||
			LC_ALL=C awk '
				function outside(line) {
					return line ~ /^.... *"?\// && line !~ /^.... *\/dev\/null/
				}
				/^diff --git "?\// { print $3; exit }
				/^@@ / && two ~ /^--- / && one ~ /^\+\+\+ / && (outside(two) || outside(one)) {
					sub(/^.... */, "", two); print two; exit
				}
				{ two = one; one = $0 }' "$1"
	} | tr '\001-\011\013-\037' '?'
}

# makes_link PATCH - is there a symbolic link that it makes or changes?
makes_link()
{
	git_apply "$(dirname -- "$1")" --summary -- "$(basename -- "$1")" |
		LC_ALL=C grep -aE '^ (create mode|mode change [0-7]+ =>) 120000' >/dev/null ||
		LC_ALL=C grep -aqE '^(new file mode 120000|new mode 120000|index [0-9a-f]+\.\.[0-9a-f]+ 120000)' -- "$1"
}

# check_patch PATCH FILE - it came from FILE, and changes files of the tree only.
check_patch()
{
	local patch=$1 file=$2 names outside

	names=$(patched_files "$patch" 2>"$patch.err") ||
		usage_error "--patch: $file: $(patch_fault "$patch.err")"
	rm -f -- "$patch.err"
	outside=$(outside_name "$patch" "$names")
	[[ -z $outside ]] || usage_error "--patch: $file: $outside is no name of a file in the tree"
	! makes_link "$patch" || usage_error "--patch: $file: it makes a symbolic link"
}

# apply_one TREE PATCH - all of it or nothing, and no fuzz.
apply_one()
{
	git_apply "$1" --whitespace=nowarn -- "$2"
}

# apply_patches NAME TREE LOG - those of the subject, to its tree. What they touch is
# listed beside the tree first, to be undone later.
apply_patches()
{
	local name=$1 tree=$2 log=$3 file names patches=()

	mapfile -t patches < <(subject_patches "$name")
	((${#patches[@]})) || return 0
	names=$(patched_files "${patches[@]}" 2>"$log") ||
		die "$name: its patches cannot be read: $(patch_fault "$log")" "$log"
	printf '%s\n' "$names" >"$tree.touched" || die "cannot write $tree.touched"
	if takes_released "$name"; then
		released_files "$tree" <<<"$names" 2>"$log" || die "$name: cannot write to $tree: $(tail -n 1 -- "$log")" "$log"
	fi
	for file in "${patches[@]}"; do
		apply_one "$tree" "$file" >"$log" 2>&1 && continue
		! git_apply "$tree" --check --reverse -- "$file" >/dev/null 2>&1 ||
			die "$name: $(basename -- "$file") does not apply: the base has it already" "$log"
		die "$name: $(basename -- "$file") does not apply: $(patch_fault "$log")" "$log"
	done
}

# patch_fault LOG - what git has to say, and where.
patch_fault()
{
	sed -nE -e 's/^error: patch failed: (.*):([0-9]+)$/\1, hunk at line \2/p' \
		-e 's/^error: (.*)$/\1/p' -e '/No space left/p' -- "$1" | sed -n 1p | grep . || tail -n 1 -- "$1"
}
