#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# environment.bats - odd environments: scripts work in them or say what is wrong, and
# none of them is taken for a regression or a bad commit.

load ../lib/common
load ../lib/host-tools
load ../lib/verdicts
load ../lib/campaigns

setup_file()
{
	build_host_tools "$VB_BUILD/tools"
}

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	export VB_RESULTS=$PWD
}

# small_repo DIR - a git repository with one commit.
small_repo()
{
	git init -q "$1"
	git -C "$1" -c user.name=t -c user.email=t@example.org commit -q --allow-empty -m first
}

# gates CODE-OF-COMPARE CODE-OF-BISECT COMMAND... - COMMAND runs both.
gates()
{
	local compare=$1 bisect=$2
	shift 2

	exits "$compare" "$@" "$TOP/scripts/vmapbench" compare --out out a b
	exits "$compare" "$@" "$TOP/scripts/compare.sh" --out out a b
	exits "$bisect" "$@" "$TOP/scripts/bisect.sh" --before a --kernel "$PWD/repo"
}

@test "without HOME: what to set is said in one line, and it is no verdict" {
	gates 2 128 env -u HOME -u XDG_CACHE_HOME -u VMAPBENCH_CACHE
	says "set VMAPBENCH_CACHE"
	[ "$(wc -l <err)" -eq 1 ]
	# Nothing that reads the cache's place goes on without it.
	exits 2 env -u HOME -u XDG_CACHE_HOME -u VMAPBENCH_CACHE "$TOP/scripts/setup/qemu-path.sh"
	says "set VMAPBENCH_CACHE"
	# Each of the three will do.
	for set in HOME=/h XDG_CACHE_HOME=/x VMAPBENCH_CACHE=/v; do
		exits 0 env -u HOME -u XDG_CACHE_HOME -u VMAPBENCH_CACHE "$set" "$TOP/scripts/vmapbench" --help
	done
}

@test "relative directories are those of where the command began, wherever it works" {
	mkdir work
	# shellcheck disable=SC2016
	run env -u VMAPBENCH_CACHE -u VB_CACHE XDG_CACHE_HOME=x VB_RESULTS=r VB_STORE=s VB_BUILD=b bash -c '
		. "$TOP/scripts/lib/lib.sh"
		cd work
		. "$TOP/scripts/run/store.sh"
		printf "%s\n" "$VB_CACHE" "$RESULTS" "$STORE" "$VB_BUILD"
		bash -c ". \"\$TOP/scripts/lib/lib.sh\"; . \"\$TOP/scripts/run/store.sh\"; printf \"%s\\n\" \"\$VB_CACHE\" \"\$RESULTS\" \"\$STORE\""'
	echo "$output"
	[ "$output" = "$(printf '%s\n' "$PWD"/{x/vmapbench,r,s,b,x/vmapbench,r,s})" ]
	# shellcheck disable=SC2016
	run env VMAPBENCH_CACHE=v VB_STORE=off bash -c '. "$TOP/scripts/lib/lib.sh"; . "$TOP/scripts/run/store.sh"; echo "$VB_CACHE $STORE"'
	[ "$output" = "$PWD/v off" ]
}

@test "a TMPDIR that is not there is said, and it is no verdict" {
	touch file
	for dir in "$PWD/none" "$PWD/file"; do
		gates 2 128 env TMPDIR="$dir"
		says "TMPDIR: $dir is not a writable directory"
		[ "$(wc -l <err)" -eq 1 ]
	done
}

@test "CDPATH and POSIXLY_CORRECT change nothing" {
	sim_campaign a
	sim_campaign b
	mkdir -p elsewhere/scripts
	# By a name without a slash in front, cd looks in CDPATH, and prints what it found.
	for set in CDPATH="$PWD/elsewhere:$TOP" POSIXLY_CORRECT=1; do
		# shellcheck disable=SC2016
		exits 0 env "$set" bash -c 'cd -- "$1" && bash scripts/compare.sh --out "$2" a b' - "$TOP" "$PWD/out"
		grep -q '^PASS' shown
	done
}

@test ".ci/run works wherever CDPATH leads" {
	mkdir -p elsewhere/.ci top/.ci bin
	cp "$TOP/.ci/run" top/.ci/
	printf '#!/bin/sh\npwd\n' >bin/make
	chmod +x bin/make
	cd -- top
	exits 0 env CDPATH="$PWD/../elsewhere" PATH="$PWD/../bin:$PATH" bash .ci/run
	[ "$(cat shown)" = "$PWD" ]
}

@test "a build or cache directory by a relative path is the same everywhere" {
	mkdir sub
	cat >where.sh <<-'END'
		. "$TOP/scripts/lib/lib.sh"
		cd sub
		bash -c '. "$TOP/scripts/lib/lib.sh"; printf "%s\n" "$VB_BUILD" "$VB_CACHE" "$VMAPBENCH_CACHE"'
	END
	VB_BUILD=b VMAPBENCH_CACHE=c exits 0 bash where.sh
	[ "$(cat shown)" = "$(printf '%s\n' "$PWD"/{b,c,c})" ]
	VB_BUILD=/b VMAPBENCH_CACHE=/c exits 0 bash where.sh
	[ "$(cat shown)" = "$(printf '%s\n' /b /c /c)" ]
}

@test "a stderr that is closed or full ends nothing with a verdict" {
	sim_campaign a
	sim_campaign b
	small_repo repo
	for to in '>&-' '>/dev/full'; do
		status=0
		bash -c '"$1" compare --out out a b 2'"$to" - "$TOP/scripts/vmapbench" >shown || status=$?
		echo "$to: $status"
		[ "$status" -eq 0 ]
		grep -q '^PASS' shown
		for words in "compare --frob" "compare a none" "bench --frob" "run-guest"; do
			status=0
			# shellcheck disable=SC2086
			bash -c '"$@" 2'"$to" - "$TOP/scripts/vmapbench" $words >shown || status=$?
			echo "$words $to: $status"
			[ "$status" -eq 2 ]
		done
		for before in a none; do
			status=0
			bash -c '"$1" --before "$2" --kernel none 2'"$to" - "$TOP/scripts/bisect.sh" "$before" >shown || status=$?
			echo "bisect $before $to: $status"
			[ "$status" -eq 128 ]
		done
	done
}

@test "a part that is missing is no verdict" {
	scratch_checkout top
	small_repo repo
	for part in compare/decide kernel/subjects lib/lib; do
		rm "top/scripts/$part.sh"
		status=0
		top/scripts/compare.sh a b 2>err || status=$?
		echo "without $part: compare $status"
		[ "$status" -gt 1 ]
		status=0
		top/scripts/bisect.sh --before a --kernel repo 2>err || status=$?
		echo "without $part: bisect $status"
		[ "$status" -ge 128 ]
	done
}

# fake NAME - a program of that name comes first; its text on stdin.
fake()
{
	mkdir -p fake
	cat >"fake/$1"
	chmod +x "fake/$1"
}

@test "get-qemu.sh: an apt that prints more than a pipe holds" {
	fake apt-get <<-'END'
		#!/bin/sh
		case $* in
		indextargets*)
			. /etc/os-release
			echo "http://first/debian $VERSION_CODENAME main"
			yes "http://other/debian $VERSION_CODENAME main" | head -n 20000
			;;
		*update) ;;
		*) echo "E: not today"; exit 100 ;;
		esac
	END
	fake apt-cache <<-'END'
		#!/bin/sh
		echo "Version: 1:9.9"
		seq 100000
		echo "Version: 1:9.8"
	END
	# shellcheck disable=SC2030,SC2031
	export VMAPBENCH_CACHE=$PWD/cache
	exits 2 env PATH="$PWD/fake:$PATH" "$TOP/scripts/setup/get-qemu.sh"
	says "Debian trixie from http://first/debian ..."
	says "downloading QEMU 9.9 (about"
	says "error: downloading QEMU failed: E: not today (log: "
}

@test "no reader leaves a pipe early: with pipefail its writer's end is an error" {
	cd -- "$TOP"
	mapfile -t files < <(git ls-files -- scripts tests ':!tests/data' ':!tests/host/environment.bats')
	[ "${#files[@]}" -ge 100 ]
	leaves='head\b|grep +-[a-zA-Z]*[qm]|sed +(-n +)?[^ ]*[0-9]q\b|awk .*\bexit *\}'
	early=$(
		grep -nE "[^|]\| *($leaves)" "${files[@]}" || true
		# After a pipe at the end of the line before.
		grep -hA1 -E '[^|]\|$' "${files[@]}" | grep -E "^[[:space:]]+($leaves)" || true
	)
	[ -z "$early" ] || { echo "$early"; false; }
}

# fake_qemu FILE VERSION
fake_qemu()
{
	mkdir -p "${1%/*}"
	printf '#!/bin/sh\necho QEMU emulator version %s\n' "$2" >"$1"
	chmod +x "$1"
}

@test "a system QEMU that is too new for the plugin: the private one, and that is said" {
	# shellcheck disable=SC2030,SC2031
	export VMAPBENCH_CACHE=$PWD/cache
	private=$PWD/cache/qemu/10.0/qemu-system-x86_64
	find_qemu=(env PATH="$PWD/fake:$PATH" "$TOP/scripts/setup/qemu-path.sh")
	for version in 9.2.0 9.2.50 10.1.92 10.2.1; do
		fake_qemu fake/qemu-system-x86_64 "$version"
		exits 0 "${find_qemu[@]}"
		[ "$(cat shown)" = "$PWD/fake/qemu-system-x86_64" ] && [ ! -s err ]
	done
	for version in 9.1.50 9.1.93 8.2.0; do
		fake_qemu fake/qemu-system-x86_64 "$version"
		exits 2 "${find_qemu[@]}"
	done
	for version in 10.2.50 10.2.90 10.2.94 11.0 11.0.0 11.2.50 12.0.1; do
		rm -rf cache
		fake_qemu fake/qemu-system-x86_64 "$version"
		exits 2 "${find_qemu[@]}"
		says "$PWD/fake/qemu-system-x86_64 is QEMU $version, too new for the plugin"
		says "run scripts/setup.sh"
		# A private one that is too new is none.
		fake_qemu cache/qemu/12.0/qemu-system-x86_64 12.0.0
		exits 2 "${find_qemu[@]}"
		fake_qemu "$private" 10.0.2
		exits 0 "${find_qemu[@]}"
		[ "$(cat shown)" = "$private" ]
		says "QEMU $version, too new for the plugin: taking $private"
		[ "$(wc -l <err)" -eq 1 ]
		exits 2 env VB_QEMU="$PWD/fake/qemu-system-x86_64" "$TOP/scripts/setup/qemu-path.sh"
		says "error: VB_QEMU=$PWD/fake/qemu-system-x86_64 is QEMU $version: the plugin needs a version before 11.0"
	done
}

@test "setup.sh fetches a private QEMU where the system's is too new" {
	scratch_checkout top
	: >packages
	printf '#!/bin/sh\ntouch %q\n' "$PWD/fetched" >top/scripts/setup/get-qemu.sh
	fake_qemu fake/qemu-system-x86_64 11.0.0
	# shellcheck disable=SC2030,SC2031
	export VB_PACKAGES=$PWD/packages VMAPBENCH_CACHE=$PWD/cache
	exits 2 env PATH="$PWD/fake:$PATH" top/scripts/setup.sh --check
	says "no QEMU 9.2 or newer, before 11.0, yet"
	[ ! -e fetched ]
	exits 0 env PATH="$PWD/fake:$PATH" top/scripts/setup.sh
	[ -e fetched ]
}

# config_tree DIR - a kernel source which can be configured only: to nothing.
config_tree()
{
	mkdir -p "$1"/{mm,scripts/kconfig}
	touch "$1/mm/vmalloc.c"
	printf 'config MMU\n' | tee "$1/mm/Kconfig" >"$1/Kconfig"
	printf '#!/bin/sh\n' | tee "$1/scripts/pahole-flags.sh" >"$1/scripts/kconfig/merge_config.sh"
	chmod +x "$1"/scripts/{,kconfig/}*.sh
	cat >"$1/Makefile" <<-'END'
		.RECIPEPREFIX = >
		tinyconfig:
		> @mkdir -p $(O) && touch $(O)/.config
		olddefconfig:
		> @printf '#\n# configuration written to .config\n#\n'
	END
}

@test "a kernel that cannot be configured: the first symbol or line, and the log" {
	mkdir build
	ln -s "$TOOLS" build/tools
	# shellcheck disable=SC2030,SC2031
	export VMAPBENCH_CACHE=$PWD/cache VB_BUILD=$PWD/build
	config_tree first
	# Its symbols are known, and are not taken.
	sed -n 's/^CONFIG_\([A-Z0-9_]*\)=.*/config \1/p' "$TOP"/kernel-patches/config/*.config >>first/Kconfig
	exits 2 "$TOP/scripts/vmapbench" compare --machine sim ./first ./first
	grep -E '^build-kernel: error: first-.*: symbols were not set as requested, the first: guest.config: asked for CONFIG_[A-Z0-9_]*=[ym], got n \(log: .*/build/log/kernel-first-.*\.log\)$' err
	grep -E '^compare: error: BEFORE .* does not build: guest.config: asked for CONFIG_[A-Z0-9_]*=[ym], got n \(log: .*/build/log/kernel-first-.*\.log\)$' err
	# What kconfig says of a source it cannot read.
	config_tree second
	cat >>second/Makefile <<-'END'
		> @printf '%s\n' 'Kconfig:2:warning: odd' 'mm/Kconfig:3: syntax error' 'mm/Kconfig:2: unknown statement "x"' >&2; exit 1
	END
	exits 2 "$TOP/scripts/vmapbench" compare --machine sim ./second ./second
	grep -E '^compare: error: BEFORE .* does not build: mm/Kconfig:3: syntax error \(log: .*\.log\)$' err
	# Never an empty comment.
	printf 'the last word\n#\n' >log
	[ "$(first_error log)" = "the last word" ]
}

@test "a path that make and QEMU cannot take: one line, exit 2, before anything is made" {
	# shellcheck disable=SC2030,SC2031
	export VMAPBENCH_CACHE=$PWD/cache VB_BUILD=$PWD/build
	touch bzImage initrd plan
	# Nothing is unpacked or built, whatever comes.
	for program in make tar; do
		printf '#!/bin/sh\nexit 99\n' | fake "$program"
	done
	# shellcheck disable=SC2016
	for name in "a b" "a'b" 'a"b' 'a$b' 'a,b' 'a:b' 'a#b'; do
		for set in VB_BUILD="$PWD/$name" VMAPBENCH_CACHE="$PWD/$name"; do
			while read -r words; do
				# shellcheck disable=SC2086
				exits 2 env "$set" PATH="$PWD/fake:$PATH" "$TOP/scripts/"$words
				says "error: $PWD/$name (VB_"
				says "make and QEMU need a path without blanks and quotes"
				[ "$(wc -l <err)" -eq 1 ]
			done <<-'END'
				kernel/build-kernel.sh vmlist
				run/run-guest.sh --kernel . --initrd initrd --plan plan --cpus 1 --mem 64 --out run
				bench.sh --variants vmlist --machine sim --id x
				trial.sh --variants vmlist --machine sim --id x --do users
				shell.sh vmlist -- true
				selftest.sh
				compare.sh --out out vmlist rewrite
			END
		done
	done
	[ ! -e cache ] && [ ! -e build ] && [ ! -e run ] && [ ! -e out ] && [ ! -e "a b" ]
	# The checkout itself.
	mkdir "a b"
	scratch_checkout "a b"
	exits 2 env PATH="$PWD/fake:$PATH" "a b/scripts/kernel/build-kernel.sh" vmlist
	says "error: $PWD/a b (VB_TOP): make and QEMU need a path without blanks"
	# A command that needs neither goes on, as do names that are only rare.
	exits 0 "a b/scripts/vmapbench" --help
	for name in 'a~b@c%d=e+f_g' 'mü'; do
		VB_CACHE=$PWD/$name check_paths
	done
}
