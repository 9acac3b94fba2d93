# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# mails.sh - which mails of a directory are the patches of a series, and in which order. Sourced
# by patches.sh, whose keep_patch() takes them.

# is_mail FILE - does it begin as mails do, or as a diff?
is_mail()
{
	head -n 1 -- "$1" | grep -E '^(From |[A-Za-z][A-Za-z-]*: )' >/dev/null
}

# bare_git ARGUMENT... - git without a repository and without settings of the user's: both
# could change how it reads a mail.
bare_git()
{
	(
		# shellcheck disable=SC2046 # names of variables
		unset $(git rev-parse --local-env-vars)
		GIT_DIR=/dev/null GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null git "$@"
	)
}

# left_out SUBJECT WHY - a mail or a patch of which nothing is applied.
left_out()
{
	info "--patch: left out: $1 ($2)"
}

# What begins the subject of an answer, or of a mail that was passed on, in upper case.
REPLY_WORD='^[[:space:]]*(RE|AW|SV|VS|ANTW|FWD?|WG|TR|ODP|YNT)([[(^]?[0-9]+[])]?)?[ ]*:'
# Words in brackets: a version, with what may be in front of it, and a number.
VERSION_WORD='^-?((RFC|RFT|PATCH|RESEND|REPOST)[/_-]?)*V([0-9]{1,4})(\.([0-9]{1,3}))?$'
NUMBER_WORD='^(PATCH|#)?([0-9]{1,4})/([0-9]{1,4})$'

# What may be in front of the brackets of a patch, in upper case.
PATCH_WORD='^[[:space:]]*((RFC|RFT|RESEND|REPOST)[:]?[[:space:]]*)+\[[^]]*PATCH[^]]*\]'

# subject_place SUBJECT - tab-separated: version * 1000, number and total; of [PATCH v3 2/5]
# 3000, 2 and 5; without numbers 0 and 0. Nothing for a reply.
subject_place()
{
	local rest=$1 tags='' word words version='' number=0 total=0 is_patch=false
	local bracket='^[[:space:]]*\[([^]]*)\](.*)$'

	[[ ! ${rest^^} =~ $PATCH_WORD ]] || rest=[${rest#*[}
	while [[ $rest =~ $bracket ]]; do
		tags+=" ${BASH_REMATCH[1]^^}"
		rest=${BASH_REMATCH[2]}
		[[ ! ${rest^^} =~ $PATCH_WORD ]] || rest=[${rest#*[}
	done
	[[ $tags != *PATCH* ]] || is_patch=true
	tags=${tags//[,;:|()]/ }
	read -ra words <<<"${tags// OF /\/}"
	for word in "${words[@]}"; do
		[[ ! $word =~ $NUMBER_WORD && ! $word =~ $VERSION_WORD && $word != RFC ]] ||
			is_patch=true
		if [[ $word =~ $NUMBER_WORD ]] && ((total == 0)); then
			number=$((10#${BASH_REMATCH[2]})) total=$((10#${BASH_REMATCH[3]}))
		elif [[ $word =~ $VERSION_WORD ]]; then
			# v6.1 next to v2 is the Linux it is for.
			[[ -z $version || -z ${BASH_REMATCH[5]} ]] || continue
			version=$((10#${BASH_REMATCH[3]} * 1000 + 10#0${BASH_REMATCH[5]}))
		fi
	done
	# A list puts its name in front of a patch and of a reply to it.
	if ! $is_patch; then
		[[ ! ${rest^^} =~ $REPLY_WORD && ! ${rest^^} =~ \[[^]]*PATCH[^]]*\] ]] || return 0
	fi
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

# list_mails TMP SKIPPED FILE - TMP/list gets a line for each of the mails in TMP that has a patch
# or is a cover letter: version, number, total, mail, its first line in FILE, and subject.
list_mails()
{
	local tmp=$1 line=$2 file=$3 mail subject place number total has replies=0

	: >"$tmp/list"
	for mail in "$tmp"/[0-9]*; do
		# Those of the mail itself say whether it is a reply, not headers in its body.
		bare_git mailinfo -k -n --no-inbody-headers --no-scissors --quoted-cr=strip \
			"$tmp/msg" "$tmp/patch-${mail##*/}" <"$mail" >"$tmp/info" 2>"$tmp/err" ||
			die "$file: $(head -n 1 "$tmp/err")"
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
					"${subject:-$(patch_title "$file")}" >>"$tmp/list"
			fi
		fi
		line=$((line + $(grep -ac '' "$mail" || true)))
	done
	((replies == 0)) || info "--patch: left out: $replies replies without a patch in $file"
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

# check_whole TMP VERSION FILE - is that version of a series all there, and one series only?
check_whole()
{
	local tmp=$1 version=$2 file=$3 text totals missing title
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

# split_mail MAILS SKIPPED FILE WORK - keeps each mail's patch: those of the newest version, in the order
# of their subjects; replies, cover letters and older versions are left out, and named.
# MAILS are those of FILE but for its first SKIPPED lines; WORK is a directory to work in.
# Sets cover if there are cover letters and no patch.
split_mail()
{
	local file=$3 work=$4 tmp=$4/mail newest key number mail line subject last=0 before series

	rm -rf -- "$tmp"
	mkdir -- "$tmp"
	bare_git mailsplit -b -o"$tmp" -- "$1" >/dev/null 2>"$work/err" ||
		die "$file: not a mail directory: $(head -n 1 "$work/err")"
	list_mails "$tmp" "$2" "$file"
	[[ -s $tmp/list ]] || return 0
	newest=$(take_newest "$tmp") || exit 2
	series=$file
	# One patch of a series may be given by itself, or all of them one by one.
	if (($(wc -l <"$tmp/list") > 1)); then
		check_whole "$tmp" "$newest" "$file"
	elif [[ -s $tmp/sorted ]]; then
		sed "s/^/$newest	/" "$tmp/numbers" >>"$work/single"
		series="$newest of $(cut -f2 "$tmp/numbers")"
	else
		# shellcheck disable=SC2034 # split_patches() looks at it
		cover=true
	fi
	while IFS=$'\t' read -r key number mail line subject; do
		before=$(wc -l <"$work/seen")
		keep_patch "$tmp/patch-${mail##*/}" "$subject" "$mail" "$line" "$series" "$number"
		(($(wc -l <"$work/seen") > before)) || continue
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
