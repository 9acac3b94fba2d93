#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# style.bats - what can be said about the sources without running them.

load ../lib/common

# The kernel's judge comes from its source package; unpacking all of it takes a minute.
setup_file() {
	local tarball=/usr/src/linux-source-6.1.tar.xz
	[ -f "$tarball" ] || { echo "no $tarball: run scripts/setup.sh --what check"; return 1; }
	TREE=$VB_CACHE/checkpatch-$(stat -c %s-%Y "$tarball")
	if [ ! -d "$TREE" ]; then
		rm -rf "$TREE.$$"
		mkdir -p "$TREE.$$"
		tar -xJf "$tarball" -C "$TREE.$$" --strip-components=1 --wildcards \
			'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' '*/scripts/const_structs.checkpatch'
		mv -T "$TREE.$$" "$TREE" || [ -d "$TREE" ]
	fi
	export TREE
}

tracked() {
	cd "$TOP" && git ls-files -- "$@"
}

# checkpatch OPTION... FILE... - the kernel's own judge, strict.
checkpatch() {
	cd "$BATS_TEST_TMPDIR" && "$TREE/scripts/checkpatch.pl" --root="$TREE" --no-tree --strict --no-summary \
		--terse --show-types "$@"
}

# checkpatch_files OPTION... - of the files on standard input, all at once.
checkpatch_files() {
	local files

	mapfile -t files < <(sed "s,^,$TOP/,")
	[ "${#files[@]}" -gt 0 ]
	checkpatch "$@" -f "${files[@]}"
}

@test "shellcheck is silent" {
	cd "$TOP"
	mapfile -t files < <(git grep -lE '^#!.*\b(ba|da)?sh$|^# shellcheck shell=' -- scripts guest tests .ci plots)
	[ "${#files[@]}" -ge 15 ]
	printf '%s\0' "${files[@]}" | xargs -0 -n 40 -P 2 shellcheck -x
}

@test "suites of this machine build no kernel of ours and boot no guest" {
	cd "$TOP"
	"$TOP/tests/run.sh" --list unit host >"$BATS_TEST_TMPDIR/suites"
	run grep -v -e '^unit$' -e '^fuzz$' -e "^host/" "$BATS_TEST_TMPDIR/suites"
	[ -z "$output" ]
	# What does either is in these; trees that tests make up have nothing to compile.
	run grep -nE 'guest-run[.]sh|load [../]*lib/guest|[^_]kernel[_]dir |build[_]image |run_(bench|trial|guest)' \
		$(grep "^host/" "$BATS_TEST_TMPDIR/suites" | sed 's,.*,tests/&.bats,')
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "checkpatch --strict: the patches" {
	# New files need no MAINTAINERS entry, and pr_cont() in the seam is what
	# vmalloc_dump_obj()'s callers count on.
	while read -r patch; do
		checkpatch --no-signoff --ignore FILE_PATH_CHANGES,LOGGING_CONTINUATION "$TOP/$patch"
	done < <(tracked 'kernel-patches/*.patch')
}

@test "checkpatch --strict: the module" {
	checkpatch_files < <(tracked 'module/*.c' 'module/*.h')
}

@test "checkpatch --strict: counters, tools and what is loaded into QEMU" {
	# User space spells out its attributes and types, and libraries have their names.
	checkpatch_files --ignore PREFER_DEFINED_ATTRIBUTE_MACRO,CAMELCASE,PREFER_KERNEL_TYPES < <(tracked 'bpf/*.c' 'bpf/*.h' 'tools/*.c' 'tools/*.h' 'sim/*.c' 'guest/readers/*.c')
}

@test "docs/workloads.md has every workload, and no other" {
	cd "$TOP"
	# shellcheck source=scripts/lib/options.sh
	VB_TOP=$TOP . scripts/lib/options.sh
	# The names of calibrations are made by a macro.
	{
		VB_TOP=$TOP workload_names
		sed -nE "s/^ \*\t((cal|line)-[a-z-]+)\t.*/\1/p" module/workloads/wl_calibrate.c module/workloads/wl_lines.c
	} | sort >"$BATS_TEST_TMPDIR/known"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/known")" -ge 30 ]
	sed -nE '/^\| `/s/^\| ([^|]*) \|.*/\1/p' docs/workloads.md | grep -o '`[^`]*`' | tr -d '`' | sort |
		diff "$BATS_TEST_TMPDIR/known" -
}

@test "every source says its licence" {
	cd "$TOP"
	missing=$(git ls-files -- '*.c' '*.h' '*.bt' '*.sh' '*.bash' '*.bats' '*.gnuplot' '*.py' '*Makefile' module/Kbuild \
		.ci/run scripts/vmapbench guest | xargs grep -L SPDX-License-Identifier) || true
	[ -z "$missing" ] || { echo "$missing"; false; }
}

@test "includes of tools/ go one way" {
	cd "$TOP"
	git ls-files -- 'tools/*/*.[ch]' | xargs awk -v rooms="$(sed -n 's/^ROOMS\t:= //p' tools/Makefile)" '
	BEGIN {
		rooms_n = split(rooms, room, " ")
		for (i = 1; i <= rooms_n; i++) {
			left = left " " room[i]
			may[room[i]] = left " "
		}
		# A profile is counted, and has no statistics.
		sub(/ stats /, " ", may["profile"])
	}
	match($0, /^#include "[^"]*"/) && !/"machines-list\.h"/ {
		name = substr($0, 11, RLENGTH - 11)
		split(FILENAME, from, "/")
		n = split(name, to, "/")
		if (n != 2 || !index(may[from[2]], " " to[1] " "))
			printf "%s:%d: %s/ may not include %s\n", FILENAME, FNR, from[2], name
		seen++
	}
	END {
		if (rooms_n < 7) print "no list of rooms"
		if (seen < 200) print "only " seen + 0 " includes"
	}' >"$BATS_TEST_TMPDIR/arrows"
	[ ! -s "$BATS_TEST_TMPDIR/arrows" ] || { cat "$BATS_TEST_TMPDIR/arrows"; false; }
}

# What a file calls is in another file, whose file calls ... never the first again.
@test "files of a room of tools/ need one another in no circle" {
	# shellcheck source=scripts/lib/tools.sh
	. "$TOP/scripts/lib/tools.sh"
	build_tools
	for room in "$VB_BUILD"/tools/*/; do
		nm -A -g "$room"*.o | awk '
		{ file = $1; sub(/:.*/, "", file); n = split(file, part, "/"); file = part[n] }
		$(NF - 1) == "U" { users[$NF] = users[$NF] " " file; next }
		{ home[$NF] = file }
		END {
			for (name in users) {
				n = split(users[name], user, " ")
				for (i = 1; i <= n; i++)
					if (name in home && user[i] != home[name])
						print user[i], home[name]
			}
		}' >"$BATS_TEST_TMPDIR/needs"
		tsort "$BATS_TEST_TMPDIR/needs" >/dev/null 2>"$BATS_TEST_TMPDIR/circles" ||
			{ echo "$room:"; cat "$BATS_TEST_TMPDIR/circles"; false; }
		cat "$BATS_TEST_TMPDIR/needs" >>"$BATS_TEST_TMPDIR/all"
	done
	[ "$(wc -l <"$BATS_TEST_TMPDIR/all")" -gt 100 ]
}
