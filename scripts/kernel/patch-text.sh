# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# patch-text.sh - the text of a patch: unpacked, with the names that git wants, and what it
# changes, whatever is written around it. Sourced by patches.sh.

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

# Directories at the top of a kernel source.
TOP_FOLDERS="Documentation LICENSES arch block certs crypto drivers fs include init io_uring \
ipc kernel lib mm net rust samples scripts security sound tools usr virt"

# add_prefixes PATCH - names that git was told to write without a/ and b/ (diff.noprefix), or
# that a diff of two files has, get them. These are names that are the same in both files, or
# that begin in a directory of the kernel and differ in what editors put behind a name.
add_prefixes()
{
	LC_ALL=C awk -v directories="$TOP_FOLDERS" "$HUNKS"'
		BEGIN { split(directories, list, " "); for (i in list) top[list[i]] = 1 }
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
	mv -T -- "$1.named" "$1" || die "cannot write $1"
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
		{ from = "" }' "$1" | bare_git patch-id --stable | cut -d' ' -f1 | paste -sd' ')
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
		[[ $(dd if="$1" bs=1 skip=257 count=5 status=none | tr -d '\0') != ustar ]] ||
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
			mv -T -- "$raw.gz" "$raw" || return 1
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
