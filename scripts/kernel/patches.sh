# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# patches.sh - files with patches, from diff, git or a mail directory: taken apart,
# applied to a tree and taken back. Sourced by subjects.sh.

# shellcheck source=scripts/kernel/mails.sh
. "$VB_TOP/scripts/kernel/mails.sh"
# shellcheck source=scripts/kernel/patch-text.sh
. "$VB_TOP/scripts/kernel/patch-text.sh"

# plain_text TEXT - on one line, and nothing in it that a terminal obeys: C0, C1 and what turns
# the direction of text.
plain_text()
{
	local text=${1//[[:cntrl:]]/?}

	text=${text//$'\xc2'[$'\x80'-$'\x9f']/?}
	text=${text//$'\xe2\x80'[$'\xa8'-$'\xae']/?}
	printf '%s' "${text//$'\xe2\x81'[$'\xa6'-$'\xa9']/?}"
}

# patch_title FILE - its name without what all of them have.
patch_title()
{
	plain_text "$(basename -- "$1" |
		sed -E 's/\.gz$//; s/\.(patch|diff|mbox|eml|txt)$//; s/^-$/stdin/')"
}

# was_seen ID SERIES NUMBER - is the patch there already? With another number in the same
# series it is one that was reverted in between.
was_seen()
{
	id=$1 series=$2 number=$3 awk -F '\t' '
		$1 == ENVIRON["id"] && !($2 != "" && $2 == ENVIRON["series"] && $3 > 0 &&
			ENVIRON["number"] > 0 && $3 + 0 != ENVIRON["number"] + 0) { found = 1 }
		END { exit !found }' "$work/seen"
}

# keep_patch PATCH SUBJECT RAW LINE [SERIES NUMBER] - as number N in DIR, unless it is there
# already. It was in RAW, which is in FILE after LINE lines.
keep_patch()
{
	local patch=$1 subject=$2 series=${5:-} number=${6:-0} to id

	found=true
	to=$(printf '%s/%04d-%s.patch' "$dir" "$n" "$title")
	cp -- "$patch" "$to" || die "cannot write to $dir"
	add_prefixes "$to"
	check_patch "$to" "${@:1:4}"
	id=$(patch_identity "$to")
	series=${series//[[:cntrl:]]/?}
	if was_seen "$id" "$series" "$number"; then
		left_out "$subject" "the same patch as one before it"
		rm -f -- "$to"
		return 0
	fi
	if ! printf '%s\t%s\t%s\n' "$id" "$series" "$number" >>"$work/seen" ||
		! printf '%s\n' "$subject" >>"$dir.applied"; then
		die "cannot write to $dir"
	fi
	n=$((n + 1))
}

# is_diff FILE - headers with a diff behind them are no mail in the end, unless there is a
# subject among them.
is_diff()
{
	! { is_mail "$1" && grep -aqi '^Subject:' -- "$1"; } &&
		grep -aq '^+++ \|^diff --git ' -- "$1"
}

# split_patches DIR FILE... - a numbered file in DIR for each patch that is in FILEs, each
# once.
split_patches()
{
	local dir=$1 work=$1.work file n=1 found cover plain title skipped
	shift

	if ! mkdir -- "$work" || ! : >"$work/seen" || ! : >"$work/single"; then
		die "cannot write to $dir"
	fi
	for file in "$@"; do
		found=false cover=false
		title=$(patch_title "$file")
		plain=$work/plain
		if ! unpack_patch "$file" "$work/raw" || ! plain_patch "$work/raw" "$plain"; then
			usage_error "--patch: $file cannot be unpacked, or is longer than $((PATCH_ROOM >> 20)) MiB"
		fi
		if is_mail "$plain"; then
			skipped=$(($(grep -ac '' "$work/raw") - $(grep -ac '' "$plain")))
			split_mail "$plain" "$skipped" "$file" "$work"
		fi
		if ! $found && is_diff "$plain"; then
			keep_patch "$plain" "$title" "$work/raw" 0
		fi
		$found || $cover || usage_error "--patch: no patch in $file"
	done
	(($# == 0 || n > 1)) ||
		usage_error "--patch: no patch in $*: a cover letter has none"
	say_lacking
	rm -rf -- "$work"
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
	for patch in "$@"; do
		for way in --no-reverse --reverse; do
			git_apply "$(dirname -- "$patch")" "$way" --numstat -z -- "$(basename -- "$patch")" |
				LC_ALL=C sed -zE 's/^[^\t]*\t[^\t]*\t//' | tr '\n\0' '\001\n' || exit 1
		done
	done | LC_ALL=C sort -u
)

# outside_name PATCH NAMES - the first name that is absolute, leads upwards or cannot be
# put in a list. What git reads has lost its first directory: headers are looked at too.
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

# reserved_name NAMES - the first one in a place that is not the source's own: what is there
# neither goes into a tree nor is it taken back.
reserved_name()
{
	LC_ALL=C grep -a -m 1 -E '^build|(^|/)\.git(/|$)|^\.pc(/|$)' <<<"$1"
}

# user_line RAW PATCH LINE - which line of RAW is that of PATCH? PATCH is the end of RAW, or
# somewhere in it. Mails may be quoted-printable, or have other blanks and empty lines (flowed).
# Fails if it is not there.
user_line()
{
	local quoted=0

	! grep -aqiE '^Content-Transfer-Encoding: *quoted-printable' -- "$1" || quoted=1
	LC_ALL=C awk -v line="$3" -v quoted="$quoted" '
		function decoded(text, out, code) {
			while (match(text, /=[0-9A-F][0-9A-F]/)) {
				code = (index(hex, substr(text, RSTART + 1, 1)) - 1) * 16
				code += index(hex, substr(text, RSTART + 2, 1)) - 1
				out = out substr(text, 1, RSTART - 1) sprintf("%c", code)
				text = substr(text, RSTART + 3)
			}
			return out text
		}
		function squeezed(text) { gsub(/[ \t\r]/, "", text); return text }
		BEGIN { hex = "0123456789ABCDEF" }
		FNR == 1 { file++ }
		file == 1 {
			text = squeezed($0)
			if (text == "") next
			patch[++n] = text
			if (FNR <= line) { to = n; to_line = FNR }
			next
		}
		{
			sub(/\r$/, "")
			if (!open) { first = FNR; text = "" }
			open = quoted && sub(/=$/, "")
			text = text squeezed(quoted ? decoded($0) : $0)
			if (!open && text != "") { raw[++m] = text; at[m] = first }
		}
		function fits(shift, i) {
			for (i = to > 4 ? to - 4 : 1; i <= to; i++)
				if (raw[shift + i] != patch[i])
					return 0
			found = at[shift + to] + line - to_line
			return 1
		}
		END {
			last = m > n ? m - n : 0
			for (shift = last; to && shift >= 0 && !found; shift--)
				fits(shift)
			for (shift = last + 1; to && shift <= m - to && !found; shift++)
				fits(shift)
			if (!found)
				exit 1
			print found
		}' "$2" "$1"
}

# place_fault FAULT TO PATCH SUBJECT RAW LINE - a line that git names is one of the user's file.
place_fault()
{
	local fault=$1 name=${2##*/} patch=$3 subject=$4 raw=$5 skipped=$6 head tail number line

	fault=${fault//"$name:"/line }
	head=${fault%%line [0-9]*}
	if [[ $head != "$fault" ]]; then
		tail=${fault#"$head"line }
		number=${tail%%[!0-9]*}
		tail=${tail#"$number"}
		if ((${#number} < 10)) && line=$(user_line "$raw" "$patch" "$number"); then
			fault="${head}line $((skipped + line))$tail"
		else
			fault="${head}line $number of the patch in \"$subject\"$tail"
		fi
	fi
	printf '%s' "$(plain_text "$fault")"
}

# prefix_advice FAULT PATCH - what to do if git did not find a file and names are not written
# as it expects them.
prefix_advice()
{
	case $1 in
	*'No such file'* | *'inconsistent '*' filename'* | *'lacks filename'* | *'find filename'*) ;;
	*) return 0 ;;
	esac
	LC_ALL=C awk '
		/^(---|\+\+\+) / && !/^.... *("?[abciow]\/.*\/|\/dev\/null)/ { bad = 1 }
		/^diff --git / && !/^diff --git "?[abciow]\// { bad = 1 }
		END { exit !bad }' "$2" || return 0
	printf ' (names in a patch need a leading a/ and b/, and all directories below the top)'
}

# check_patch TO PATCH SUBJECT RAW LINE - TO, which is PATCH with prefixes, changes files of
# the tree only.
check_patch()
{
	local patch=$1 names outside fault

	if ! names=$(patched_files "$patch" 2>"$patch.err"); then
		fault=$(place_fault "$(patch_fault "$patch.err")" "$@")
		usage_error "--patch: $file: $fault$(prefix_advice "$fault" "$patch")"
	fi
	rm -f -- "$patch.err"
	outside=$(plain_text "$(outside_name "$patch" "$names")")
	[[ -z $outside ]] || usage_error "--patch: $file: $outside does not name a file in the tree"
	if outside=$(reserved_name "$names"); then
		outside=$(plain_text "$outside")
		usage_error "--patch: $file: take out $outside: builds, git or quilt have their files there"
	fi
	! makes_link "$patch" || usage_error "--patch: $file: it makes a symbolic link"
}

# listed_files - names on standard input that can be those of files in a tree.
listed_files()
{
	grep -avE '(^|/)\.\.(/|$)|^/|^$' || true
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

# remove_file BASE TREE FILE - from TREE, and directories that BASE does not have; a link on
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

# drop_links TREE PATCH - files that PATCH has made or changed and that are symbolic links
# are removed; prints the name of the first. A copy of a link is one without a mode in the
# patch, and who writes to it would write to what it leads to.
drop_links()
{
	local tree=$1 file first=''

	while IFS= read -r -d '' file; do
		file=${file#*$'\t'*$'\t'}
		[[ -L $tree/$file && -z $(link_above "$tree" "$file") ]] || continue
		first=${first:-$file}
		rm -f -- "$tree/$file"
	done < <(git_apply "$tree" --numstat -z -- "$2" 2>/dev/null)
	[[ -n $first ]] && printf '%s' "$first"
}

# apply_all TREE LOG PATCH... - each of them all or nothing, and no fuzz. Prints the first
# that does not apply.
apply_all()
{
	local tree=$1 log=$2 patch link
	shift 2

	for patch in "$@"; do
		if git_apply "$tree" --whitespace=nowarn -- "$patch" >"$log" 2>&1; then
			link=$(drop_links "$tree" "$patch") || continue
			printf 'error: %s: it makes or changes a symbolic link\n' "$link" >"$log"
		fi
		printf '%s' "$patch"
		return 1
	done
}

# apply_released NAME TREE NAMES LOG PATCH... - again, to build files as they were released;
# what the series adds to them comes back after that. Prints the first that does not apply.
apply_released()
{
	local name=$1 tree=$2 names=$3 log=$4 from
	shift 4

	from=$(subject_get "$name" from)
	if ! kind_reset "$tree" "$from" "$(subject_get "$name" at)" >"$log" 2>&1 ||
		! printf '%s\n' "$names" >"$tree.touched" ||
		! released_files "$tree" all <<<"$names" 2>>"$log"; then
		die "$name: cannot write to $tree: $(tail -n 1 -- "$log")" "$log"
	fi
	apply_all "$tree" "$log" "$@" || return 1
	restore_added "$(base_tree "$from")" "$tree" <<<"$names" 2>>"$log" ||
		die "$name: cannot write to $tree: $(tail -n 1 -- "$log")" "$log"
}

# apply_patches NAME TREE LOG - those of the subject, to its tree. What they touch is
# listed next to the tree first, to be undone later.
apply_patches()
{
	local name=$1 tree=$2 log=$3 file title names fault patches=()

	mapfile -t patches < <(subject_patches "$name")
	((${#patches[@]})) || return 0
	names=$(patched_files "${patches[@]}" 2>"$log") ||
		die "$name: cannot read its patches: $(patch_fault "$log")" "$log"
	printf '%s\n' "$names" >"$tree.touched" || die "cannot write $tree.touched"
	if takes_released "$name"; then
		released_files "$tree" c <<<"$names" 2>"$log" ||
			die "$name: cannot write to $tree: $(tail -n 1 -- "$log")" "$log"
	fi
	! file=$(apply_all "$tree" "$log" "${patches[@]}") || return 0
	if takes_released "$name" && changes_build "$tree" <<<"$names"; then
		! file=$(apply_released "$name" "$tree" "$names" "$log" "${patches[@]}") || return 0
		[[ -n $file ]] || exit 2
	fi
	title=$(basename -- "$file")
	! git_apply "$tree" --check --reverse -- "$file" >/dev/null 2>&1 ||
		die "$name: $title does not apply: the base already has it" "$log"
	fault=$(plain_text "$(patch_fault "$log")")
	die "$name: $title does not apply: $fault$(prefix_advice "$fault" "$file")" "$log"
}

# patch_fault LOG - what git has to say, and where.
patch_fault()
{
	sed -nE -e 's/^error: patch failed: (.*):([0-9]+)$/\1, hunk at line \2/p' \
		-e 's/^error: (.*)$/\1/p' -e '/No space left/p' -- "$1" | sed -n 1p | grep . || tail -n 1 -- "$1"
}
