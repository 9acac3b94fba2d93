# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# patches.sh - files with patches, from diff, git or a mail folder: taken apart,
# applied to a tree and taken back. Sourced by subjects.sh.

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

# is_mail FILE - does it begin as mails do, or as a diff?
is_mail()
{
	head -n 1 -- "$1" | grep -E '^(From |[A-Za-z][A-Za-z-]*: )' >/dev/null
}

# left_out SUBJECT WHY - a mail or a patch of which nothing is applied.
left_out()
{
	info "--patch: left out: $1 ($2)"
}

# What begins the subject of an answer, or of a mail that was passed on, in upper case.
REPLY_WORD='^[[:space:]]*(RE|AW|SV|VS|ANTW|FWD?|WG|TR|RV|ODP|YNT)([[(^]?[0-9]+[])]?)?[ ]*:'
# Words in brackets: a version, with what may be in front of it, and a number.
VERSION_WORD='^-?((RFC|RFT|PATCH|RESEND|REPOST)[/_-]?)*V([0-9]{1,4})(\.([0-9]{1,3}))?$'
NUMBER_WORD='^(PATCH|#)?([0-9]{1,4})/([0-9]{1,4})$'

# subject_place SUBJECT - tab-separated: version * 1000, number and total; of [PATCH v3 2/5]
# 3000, 2 and 5; without numbers 0 and 0. Nothing for a reply.
subject_place()
{
	local rest=$1 tags='' word words version='' number=0 total=0
	local bracket='^[[:space:]]*\[([^]]*)\](.*)$'

	while [[ $rest =~ $bracket ]]; do
		tags+=" ${BASH_REMATCH[1]^^}"
		rest=${BASH_REMATCH[2]}
	done
	# A list puts its name in front of a patch and of a reply to it.
	if [[ $tags != *PATCH* ]]; then
		[[ ! ${rest^^} =~ $REPLY_WORD && ! ${rest^^} =~ \[[^]]*PATCH[^]]*\] ]] || return 0
	fi
	tags=${tags//[,;:|()]/ }
	read -ra words <<<"${tags// OF /\/}"
	for word in "${words[@]}"; do
		if [[ $word =~ $NUMBER_WORD ]] && ((total == 0)); then
			number=$((10#${BASH_REMATCH[2]})) total=$((10#${BASH_REMATCH[3]}))
		elif [[ $word =~ $VERSION_WORD ]]; then
			# v6.1 next to v2 is the Linux it is for.
			[[ -z $version || -z ${BASH_REMATCH[5]} ]] || continue
			version=$((10#${BASH_REMATCH[3]} * 1000 + 10#0${BASH_REMATCH[5]}))
		fi
	done
	((total)) || number=0
	printf '%s\t%s\t%s\n' "${version:-1000}" "$number" "$total"
}

# version_text VERSION - as subjects have it.
version_text()
{
	printf 'v%s' "$(($1 / 1000))"
	(($1 % 1000 == 0)) || printf '.%s' "$(($1 % 1000))"
}

# missing_numbers TOTAL - those of 1 to TOTAL that are not on standard input, as subjects
# have them.
missing_numbers()
{
	awk -v total="$1" '
		{ there[$1 + 0] = 1 }
		END {
			for (i = 1; i <= total; i++)
				if (!(i in there) && ++n <= 8)
					text = text (n > 1 ? ", " : "") i "/" total
			if (n)
				print text (n > 8 ? " and " (n - 8) " more" : "")
		}'
}

# list_mails TMP SKIPPED - TMP/list gets a line for each of the mails in TMP that has a patch
# or is a cover letter: version, number, total, mail, its first line in FILE, and subject.
# Prints how many mails there are.
list_mails()
{
	local tmp=$1 line=$2 mail subject place number total has mails=0 replies=0

	: >"$tmp/list"
	for mail in "$tmp"/[0-9]*; do
		git mailinfo -k -n --quoted-cr=strip "$tmp/msg" "$tmp/patch-${mail##*/}" \
			<"$mail" >"$tmp/info" 2>"$tmp/err" || die "$file: $(head -n 1 "$tmp/err")"
		mails=$((mails + 1))
		subject=$(plain_text "$(sed -n 's/^Subject: //p' "$tmp/info")")
		place=$(subject_place "$subject")
		has=true
		grep -aq '^+++ \|^diff --git ' "$tmp/patch-${mail##*/}" || has=false
		if [[ -z $place ]]; then
			$has || replies=$((replies + 1))
			! $has || left_out "$subject" "a reply"
		else
			IFS=$'\t' read -r _ number total <<<"$place"
			if $has || ((total && number == 0)); then
				printf '%s\t%s\t%s\t%s\n' "$place" "$mail" "$line" \
					"${subject:-$title}" >>"$tmp/list"
			fi
		fi
		line=$((line + $(grep -ac '' "$mail" || true)))
	done
	((replies == 0)) || info "--patch: left out: $replies replies without a patch in $file"
	printf '%s' "$mails"
}

# take_newest TMP - TMP/sorted gets the patches of TMP/list that are of the newest version,
# in their order. One without a number stays before or after those that have one.
take_newest()
{
	local tmp=$1 newest version number total mail line subject key=0

	newest=$(cut -f1 "$tmp/list" | sort -rn | sed -n 1p)
	: >"$tmp/sorted"
	: >"$tmp/numbers"
	while IFS=$'\t' read -r version number total mail line subject; do
		if ((total && number == 0)); then
			left_out "$subject" "a cover letter"
			((version != newest)) || printf '0\t%s\n' "$total" >>"$tmp/numbers"
			continue
		elif ((version != newest)); then
			left_out "$subject" "older than $(version_text "$newest")"
			continue
		fi
		((total == 0)) || key=1
		((total == 0)) || printf '%s\t%s\n' "$number" "$total" >>"$tmp/numbers"
		printf '%s\t%s\t%s\t%s\t%s\n' "$((total || key == 0 ? key : 2))" \
			"$number" "$mail" "$line" "$subject"
	done <"$tmp/list" >"$tmp/unsorted"
	sort -s -t $'\t' -k1,1n -k2,2n "$tmp/unsorted" >"$tmp/sorted"
	printf '%s' "$newest"
}

# is_reroll TMP VERSION - is there a patch without a number that has the title of one of
# a series in an older version? Prints its title.
is_reroll()
{
	awk -F '\t' -v newest="$2" '
		{
			title = $6
			while (sub(/^[ \t]*\[[^]]*\][ \t]*/, "", title))
				;
			if ($1 < newest && $2 > 0 && $3 > 1)
				part[title] = 1
			else if ($1 == newest && $3 == 0)
				alone[title] = 1
			else if ($1 == newest && $2 > 0)
				series = 1
		}
		END {
			for (title in alone)
				if (!series && title in part) {
					print title
					exit
				}
		}' "$1/list" | grep .
}

# check_whole TMP VERSION - is that version of a series all there, and one series only?
check_whole()
{
	local tmp=$1 version=$2 text totals missing title
	local advice='give a file with all of it, or --patch and a file of its own for each patch'

	text=$(version_text "$version")
	if title=$(is_reroll "$tmp" "$version"); then
		usage_error "--patch: $file: of a series $text has \"$title\" only: $advice"
	fi
	# A cover letter may count patches that have no number.
	[[ ! -s $tmp/sorted ]] || grep -q '^[1-9]' "$tmp/numbers" || return 0
	totals=$(cut -f2 "$tmp/numbers" | sort -nu | paste -sd' ')
	[[ -n $totals ]] || return 0
	[[ $totals != *' '* ]] ||
		usage_error "--patch: $file: it has series of ${totals// / and of }: give each in its own file"
	missing=$(cut -f1 "$tmp/numbers" | missing_numbers "$totals")
	[[ -z $missing ]] ||
		usage_error "--patch: $file: it lacks $missing of $text: $advice"
}

# split_mail MAILS SKIPPED - keeps each mail's patch: those of the newest version, in the order
# of their subjects; replies, cover letters and older versions are left out, and named.
# SKIPPED lines of FILE are not in MAILS.
split_mail()
{
	local tmp=$work/mail mails newest key number mail line subject last=0 before

	rm -rf -- "$tmp"
	mkdir -- "$tmp"
	git mailsplit -b -o"$tmp" -- "$1" >/dev/null 2>"$work/err" ||
		die "$file: not a mail folder: $(head -n 1 "$work/err")"
	mails=$(list_mails "$tmp" "$2") || exit 2
	[[ -s $tmp/list ]] || return 0
	newest=$(take_newest "$tmp") || exit 2
	# One mail of a series may be given by itself, or all of them one by one.
	if ((mails > 1)); then
		check_whole "$tmp" "$newest"
	else
		sed "s/^/$newest	/" "$tmp/numbers" >>"$work/single"
	fi
	while IFS=$'\t' read -r key number mail line subject; do
		before=$n
		keep_patch "$tmp/patch-${mail##*/}" "$subject" "$mail" "$line"
		((n > before)) || continue
		info "--patch: $subject"
		((key != 1 || number != last)) ||
			usage_error "--patch: $file: two patches are \"$subject\": take one of them out"
		last=$number
	done <"$tmp/sorted"
}

# say_lacking - which ones of a series were not among files of one mail each.
say_lacking()
{
	local version total missing

	cut -f1,3 "$work/single" | sort -u | while IFS=$'\t' read -r version total; do
		missing=$(awk -F '\t' -v v="$version" -v t="$total" '$1 == v && $3 == t { print $2 }' \
			"$work/single" | missing_numbers "$total")
		[[ -z $missing ]] || info "--patch: applied without $missing of $(version_text "$version")"
	done
}

# A file of patches has fewer bytes than that, unpacked.
PATCH_ROOM=$((16 << 20))

# For awk: lines of hunks are printed as they are, and for nothing else; before_hunk() is
# called first.
# shellcheck disable=SC2016
HUNKS='
	from_left + to_left > 0 && /^([ +\\-]|$)/ {
		if (!/^[+\\]/) from_left--
		if (!/^[-\\]/) to_left--
		print
		next
	}
	/^@@ -[0-9]/ && $3 ~ /^\+[0-9]/ {
		before_hunk()
		from_left = split($2, part, ",") > 1 ? part[2] : 1
		to_left = split($3, part, ",") > 1 ? part[2] : 1
		print
		next
	}
	function name(line) {
		sub(/^(---|\+\+\+) /, "", line)
		sub(/\t.*/, "", line)
		sub(/ +[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:.*/, "", line)
		return line
	}'

# Folders at the top of a kernel source.
TOP_FOLDERS="Documentation LICENSES arch block certs crypto drivers fs include init io_uring \
ipc kernel lib mm net rust samples scripts security sound tools usr virt"

# add_prefixes PATCH - names that git was told to write without a/ and b/ (diff.noprefix), or
# that a diff of two files has, get them. These are names that are the same in both files, or
# that begin in a folder of the kernel and differ in what editors put behind a name.
add_prefixes()
{
	LC_ALL=C awk -v folders="$TOP_FOLDERS" "$HUNKS"'
		BEGIN { split(folders, list, " "); for (i in list) top[list[i]] = 1 }
		function plain(file) { return file !~ /^("|\/|[ab]\/)|\/\// }
		function in_kernel(file) {
			return file !~ /\// || (split(file, part, "/") > 1 && part[1] in top)
		}
		# linux/mm/slub.c in both is no name without a prefix.
		function bare(file) {
			return plain(file) && !(split(file, part, "/") > 2 && !(part[1] in top) && part[2] in top)
		}
		function copy_of(one, two) {
			return index(one, two) == 1 &&
				substr(one, length(two) + 1) ~ /^(~|\.(orig|old|bak|new|save))$/
		}
		function print_head(i) {
			if (nhead && moved) head[1] = "diff --git a/" old " b/" new
			for (i = 1; i <= nhead; i++) print head[i]
			nhead = 0
			if (!moved) old = new = ""
		}
		function before_hunk() { print_head(); if (holding) print held; holding = 0 }
		/^diff --git / {
			before_hunk()
			old = new = ""
			if (NF == 4 && plain($3) && plain($4)) { old = $3; new = $4 }
			moved = old != "" && old == new && bare(old)
			head[nhead = 1] = $0
			next
		}
		nhead && /^((old|new|deleted file|new file) mode|(dis)?similarity index|index|rename|copy) / {
			head[++nhead] = $0
			if (old != "" && (("rename from " old) == $0 || ("copy from " old) == $0)) moved = 1
			next
		}
		nhead { print_head() }
		/^--- / { if (holding) print held; held = $0; holding = 1; next }
		holding {
			holding = 0
			if (/^\+\+\+ /) {
				from = name(held); to = name($0)
				both = (from == to && bare(from)) || (in_kernel(from) && in_kernel(to) &&
					(copy_of(from, to) || copy_of(to, from)))
				lone = (from == "/dev/null" && to ~ /\// && in_kernel(to)) ||
					(to == "/dev/null" && from ~ /\// && in_kernel(from))
				if (plain(from) && (both || lone || from == old)) sub(/^--- /, "--- a/", held)
				if (plain(to) && (both || lone || to == new)) sub(/^\+\+\+ /, "+++ b/")
			}
			print held
		}
		{ print }
		END { before_hunk() }' "$1" >"$1.named" || die "cannot write $1.named"
	mv -- "$1.named" "$1" || die "cannot write $1"
}

# patch_identity PATCH - the same for patches that change the same, whatever is written around
# them. git reads headers of its own only: others get one.
patch_identity()
{
	local id

	id=$(LC_ALL=C awk "$HUNKS"'
		function before_hunk() { }
		function short(file) { if (file != "/dev/null") sub(/^[^\/]*\//, "", file); return file }
		/^diff --git / {
			binary = 0
			git = 1
			print NF == 4 ? "diff --git a/" short($3) " b/" short($4) : $0
			next
		}
		git && /^((old|new|deleted file|new file) mode|index|rename|copy) / { print; next }
		/^(GIT binary patch|Binary files )/ { binary = 1 }
		binary { print; next }
		/^--- / { from = short(name($0)); next }
		/^\+\+\+ / && from != "" {
			to = short(name($0))
			if (!git && from != "/dev/null" && to != "/dev/null") {
				if (length(from) > length(to)) from = to
				to = from
			}
			if (!git) print "diff --git a/" from " b/" to
			print "--- a/" from
			print "+++ b/" to
			git = 0
		}
		{ from = "" }' "$1" | git patch-id --stable | cut -d' ' -f1 | paste -sd' ')
	printf '%s' "${id:-$(sha256sum <"$1")}"
}

# packed_how FILE - if no patch can be read from it: how it is packed, and what to do.
packed_how()
{
	local bytes
	bytes=$(head -c 6 -- "$1" | od -An -tx1)

	case $bytes in
	' fd 37 7a 58 5a'*) printf 'packed with xz: unpack it (xz -dc)' ;;
	' 28 b5 2f fd'*) printf 'packed with zstd: unpack it (zstd -dc)' ;;
	' 42 5a 68'*) printf 'packed with bzip2: unpack it (bzip2 -dc)' ;;
	' 5d 00 00'*) printf 'packed with lzma: unpack it (xz -dc)' ;;
	' 04 22 4d 18'*) printf 'packed with lz4: unpack it (lz4 -dc)' ;;
	' 1f 8b'*) printf 'packed twice: unpack it (gzip -dc)' ;;
	' 50 4b 03 04'*) printf 'a zip archive: unpack it (unzip)' ;;
	' ff fe'* | ' fe ff'* | ' 00 '[2-7]* | ' '[2-7]?' 00 '*)
		printf 'in UTF-16: convert it (iconv -f UTF-16 -t UTF-8)' ;;
	*)
		[[ $(tail -c +258 -- "$1" | head -c 5 | tr -d '\0') != ustar ]] ||
			printf 'a tar archive: unpack it (tar -xf)'
		;;
	esac
}

# unpack_patch FILE RAW - its bytes go to RAW, unpacked.
unpack_patch()
{
	local file=$1 raw=$2 how

	head -c $((PATCH_ROOM + 1)) -- "$file" >"$raw" || return 1
	(($(stat -c %s -- "$raw") <= PATCH_ROOM)) || return 1
	if [[ $(head -c 2 -- "$raw" | od -An -tx1) == ' 1f 8b' ]]; then
		(ulimit -f $((PATCH_ROOM / 1024)); gzip -dc <"$raw" >"$raw.gz" 2>/dev/null) &&
			mv -- "$raw.gz" "$raw" || return 1
	fi
	how=$(packed_how "$raw")
	[[ -z $how ]] || usage_error "--patch: $file is $how"
}

# plain_patch RAW PLAIN - without a byte order mark, blank lines at the start, and carriage
# returns unless it is a mail: git knows those of mails.
plain_patch()
{
	LC_ALL=C sed -e '1s/^\xef\xbb\xbf//' -e '/[^[:space:]]/,$!d' -- "$1" >"$2" &&
		{ is_mail "$2" || LC_ALL=C sed -i 's/\r$//' -- "$2"; }
}

# keep_patch PATCH SUBJECT RAW LINE - as number N in DIR, unless it is there already. It was
# in RAW, which is in FILE after LINE lines.
keep_patch()
{
	local patch=$1 subject=$2 to id

	found=true
	to=$(printf '%s/%04d-%s.patch' "$dir" "$n" "$title")
	cp -- "$patch" "$to" || die "cannot write to $dir"
	add_prefixes "$to"
	check_patch "$to" "$@"
	id=$(patch_identity "$to")
	if grep -qxF -e "$id" -- "$work/seen"; then
		left_out "$subject" "the same patch as one before it"
		rm -f -- "$to"
		return 0
	fi
	if ! printf '%s\n' "$id" >>"$work/seen" || ! printf '%s\n' "$subject" >>"$dir.applied"; then
		die "cannot write to $dir"
	fi
	n=$((n + 1))
}

# split_patches DIR FILE... - a numbered file in DIR for each patch that is in FILEs, each
# once.
split_patches()
{
	local dir=$1 work=$1.work file n=1 found plain title skipped
	shift

	if ! mkdir -- "$work" || ! : >"$work/seen" || ! : >"$work/single"; then
		die "cannot write to $dir"
	fi
	for file in "$@"; do
		found=false
		title=$(patch_title "$file")
		plain=$work/plain
		if ! unpack_patch "$file" "$work/raw" || ! plain_patch "$work/raw" "$plain"; then
			usage_error "--patch: $file cannot be unpacked, or is longer than $((PATCH_ROOM >> 20)) MiB"
		fi
		if is_mail "$plain"; then
			skipped=$(($(grep -ac '' "$work/raw") - $(grep -ac '' "$plain")))
			split_mail "$plain" "$skipped"
		fi
		# Headers with a diff behind them are no mail in the end.
		if ! $found && ! grep -aqi '^Subject:' -- "$plain" &&
			grep -aq '^+++ \|^diff --git ' -- "$plain"; then
			keep_patch "$plain" "$title" "$work/raw" 0
		fi
		$found || usage_error "--patch: there is no patch in $file"
	done
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
	printf ' (names in a patch need a leading a/ and b/, and all folders below the top)'
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
	[[ -z $outside ]] || usage_error "--patch: $file: $outside is no name of a file in the tree"
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

# apply_all TREE LOG PATCH... - each of them all or nothing, and no fuzz. Prints the first
# that does not apply.
apply_all()
{
	local tree=$1 log=$2 patch
	shift 2

	for patch in "$@"; do
		git_apply "$tree" --whitespace=nowarn -- "$patch" >"$log" 2>&1 && continue
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
		die "$name: its patches cannot be read: $(patch_fault "$log")" "$log"
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
		die "$name: $title does not apply: the base has it already" "$log"
	fault=$(plain_text "$(patch_fault "$log")")
	die "$name: $title does not apply: $fault$(prefix_advice "$fault" "$file")" "$log"
}

# patch_fault LOG - what git has to say, and where.
patch_fault()
{
	sed -nE -e 's/^error: patch failed: (.*):([0-9]+)$/\1, hunk at line \2/p' \
		-e 's/^error: (.*)$/\1/p' -e '/No space left/p' -- "$1" | sed -n 1p | grep . || tail -n 1 -- "$1"
}
