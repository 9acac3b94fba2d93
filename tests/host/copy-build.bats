#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# copy-build.bats - what a scratch tree takes over from the builds of its base. On trees
# of a few files; kernels.bats builds a real one.

bats_require_minimum_version 1.5.0

load ../lib/common

setup() {
	cd -- "$BATS_TEST_TMPDIR" || return
	export VB_BUILD=$PWD/log VB_CACHE=$PWD/cache
	# shellcheck disable=SC2034
	VB_SUBJECTS=$VB_BUILD/subjects
	# shellcheck source=scripts/kernel/subjects.sh
	. "$TOP/scripts/kernel/subjects.sh"
	# shellcheck source=scripts/kernel/copy-build.sh
	. "$TOP/scripts/kernel/copy-build.sh"
	set +u
	load_kind series
	BASE=$PWD/cache/src/linux-1.0-a.b
	base=$BASE
	tree=$base-scratch
	mkdir -p "$base/mm" "$base/build/mm" "$base/build/tools"
	echo 'int one;' >"$base/mm/one.c"
	echo 'int two;' >"$base/mm/two.c"
	touch -d '1 hour ago' "$base"/mm/*
	printf 'cmd_mm/one.o := cc -ffile-prefix-map=%s=. ../mm/one.c\n' "$base" >"$base/build/mm/.one.o.cmd"
	printf 'x.o: \\\n %s/mm/one.c \\\n %s/mm/two.c\n' "$base" "$base" >"$base/build/tools/.x.o.d"
	printf '\0%s/mm/one.c' "$base" >"$base/build/mm/one.o"
	ln -s .. "$base/build/source"
	mark_finished "$base/build" tools
	# A subject of that base, without its source package.
	mkdir -p "$VB_SUBJECTS/s"
	echo "s" >"$VB_SUBJECTS/s/row"
	printf 'kind series\nfrom linux-1.0\nat -\n' >"$VB_SUBJECTS/s/source"
	base_tree() { printf '%s' "$BASE"; }
	load_kind() { :; }
	link_tree "$base" "$tree"
}

# take - what build-kernel.sh does.
take() {
	run take_build s "$tree" build "${1:-tools}" "$PWD/log/copy.log"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$(find "$tree" -name 'build.*')" ]
}

# whole - nothing was taken, and that was said.
whole() {
	[ ! -e "$tree/build" ]
	[[ $output == *"it cannot be copied, so all of the kernel is built: error: $1"* ]]
}

@test "a finished build is copied, and nothing that make reads names the base" {
	take
	run ! grep -rIF "$base/" "$tree/build"
	run ! grep -rIF "$base=" "$tree/build"
	grep -qF -- "-ffile-prefix-map=$tree=. " "$tree/build/mm/.one.o.cmd"
	[ "$(grep -cF " $tree/mm/" "$tree/build/tools/.x.o.d")" -eq 2 ]
	# Objects are the same, as old, and not shared.
	cmp "$base/build/mm/one.o" "$tree/build/mm/one.o"
	[ "$(stat -c %y "$base/build/mm/one.o")" = "$(stat -c %y "$tree/build/mm/one.o")" ]
	[ ! "$base/build/mm/one.o" -ef "$tree/build/mm/one.o" ]
	[ ! -e "$tree/build/finished" ]
	[ -e "$base/build/finished" ]
}

@test "a file that a patch changed before the base was built is newer than its object" {
	rm "$tree/mm/one.c"
	echo 'int three;' >"$tree/mm/one.c"
	echo 'int four;' >"$tree/mm/new.c"
	touch -d '30 minutes ago' "$tree"/mm/{one,new}.c
	take
	[ "$tree/mm/one.c" -nt "$tree/build/mm/one.o" ]
	[ "$tree/mm/new.c" -nt "$tree/build/mm/one.o" ]
	[ "$tree/mm/two.c" -ot "$tree/build/mm/one.o" ]
}

@test "what is not finished, or was with other tools, is not taken" {
	take others
	whole "a build there was not finished, or with other tools"
	mark_started "$base/build"
	take
	whole "a build there was not finished, or with other tools"
}

@test "a name of the base where nobody looks for it: nothing is taken" {
	echo "include $base/Makefile" >"$base/build/Makefile"
	take
	whole "the name of its tree is in $tree/build.tmp/Makefile"
	rm "$base/build/Makefile"
	ln -s "$base/mm" "$base/build/mm/link"
	take
	[ ! -e "$tree/build" ]
}

@test "a copy that was killed is not taken for a build" {
	mkdir "$tree/build.tmp"
	touch "$tree/build.tmp/half"
	take
	[ -e "$tree/build/mm/one.o" ]
	[ ! -e "$tree/build/half" ]
}

@test "a disk that is full while copying: nothing is taken" {
	cp() { echo "cp: No space left on device"; return 1; }
	take
	[ ! -e "$tree/build" ]
	[[ $output == *"No space left on device"* ]]
}

@test "who builds in the base is waited for" {
	mark_started "$base/build"
	(
		flock 7
		touch held
		sleep 2
		mark_finished "$base/build" tools
	) 7>"$base.lock" &
	while [ ! -e held ]; do sleep 0.1; done
	take
	[ -e "$tree/build/mm/one.o" ]
}

@test "what is built in the scratch tree stays" {
	mkdir "$tree/build"
	take
	[ ! -e "$tree/build/mm" ]
	[ -z "$output" ]
}

@test "patches whose files make does not always follow" {
	for file in mm/vmalloc.c include/linux/vmalloc.h arch/x86/entry/entry_64.S kernel/vmlinux.lds.S \
		mm/Makefile Makefile mm/Kconfig lib/Kconfig.debug scripts.c \
		Documentation/mm/x.rst tools/testing/selftests/mm/run.sh MAINTAINERS; do
		echo "$file" >"$tree.touched"
		make_follows s "$tree" || { echo "$file"; false; }
	done
	for file in scripts/Makefile.build scripts/mod/modpost.c tools/objtool/check.c scripts/x.sh \
		arch/x86/tools/relocs.c arch/x86/entry/syscalls/syscall_64.tbl lib/gen.awk mm/vmalloc mm/x.c.sh; do
		printf '%s\n' mm/vmalloc.c "$file" >"$tree.touched"
		run ! make_follows s "$tree"
	done
	rm "$tree.touched"
	make_follows s "$tree"
}
