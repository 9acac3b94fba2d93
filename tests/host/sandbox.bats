#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# sandbox.bats - a stranger's Makefiles run in bubblewrap: what they cannot do there, what
# is done where it does not work, and that nothing of it stays. On trees of a few files.

bats_require_minimum_version 1.5.0

load ../lib/common
load ../lib/verdicts

setup() {
	cd -- "$BATS_TEST_TMPDIR" || return
	unset VB_SANDBOX VB_SANDBOX_SAID
	# shellcheck disable=SC2030,SC2031
	export VB_BUILD=$PWD/build VMAPBENCH_CACHE=$PWD/cache CCACHE_DIR=$PWD/ccache HOME=$PWD/home
	mkdir -p tree home ccache
	echo mail >home/secret
	echo good >ccache/object
	# Nothing of the real checkout is at risk when a test fails.
	scratch_checkout top
	cat >run.sh <<-'END'
		# run.sh COMMAND... - as the build of a subject does, with objects in tree/build.
		. top/scripts/lib/lib.sh
		. "$VB_TOP/scripts/kernel/variants.sh"
		. "$VB_TOP/scripts/kernel/subjects.sh"
		is_foreign() { false; }
		at=$PWD
		confine subject "$at/tree" '' "$at/tree/build"
		mkdir -p tree/build
		cd -- "$at/tree/build"
		"$@"
	END
}

teardown() {
	[ -z "${SERVER:-}" ] || kill "$SERVER" 2>/dev/null || true
}

# confined CODE COMMAND... - run it as the build of a subject does.
confined() {
	exits "$1" bash run.sh sandboxed "${@:2}"
}

# listen - on a port of this machine, $PORT, and on a socket.
listen() {
	/usr/bin/python3 - >port <<-'END' 3>&- &
		import socket, time
		s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(8)
		u = socket.socket(socket.AF_UNIX); u.bind("socket"); u.listen(8)
		print(s.getsockname()[1], flush=True)
		time.sleep(60)
	END
	SERVER=$!
	for _ in $(seq 100); do
		[ ! -s port ] || break
		sleep 0.1
	done
	PORT=$(cat port)
}

# thief FILE - a Makefile that tries everything, says what it could do, and builds.
thief() {
	cat >"$1" <<-END
		.RECIPEPREFIX = >
		all:
		> -@echo evil >$PWD/home/written && echo did home
		> -@cat $PWD/home/secret >/dev/null && echo did secret
		> -@echo evil >$PWD/top/scripts/lib.new && echo did checkout
		> -@echo evil >$PWD/ccache/object && echo did ccache
		> -@echo evil >$PWD/tree/new && echo did tree
		> -@echo evil >$PWD/planted
		> -@kill -0 $$ && echo did processes
		> -@/usr/bin/python3 -c 'import os; os.fstat(9)' && echo did file
		> -@test -n "\$\$SECRET_TOKEN" && echo did environment
		> -@/usr/bin/python3 -c 'import socket; socket.create_connection(("127.0.0.1", $PORT), 5)' && echo did network
		> -@/usr/bin/python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect("$PWD/socket")' && echo did socket
		> @/usr/bin/python3 -c pass && echo object >object && echo built
	END
}

@test "what a Makefile cannot do, and its build goes on" {
	listen
	thief tree/Makefile
	export SECRET_TOKEN=1
	exec 9>lock
	confined 0 make -C "$PWD/tree/build" -f ../Makefile
	[ "$(grep -c '^did' shown)" -eq 0 ] || { cat shown; false; }
	grep -x built shown
	[ "$(cat tree/build/object ccache/object)" = "object
good" ]
	[ ! -e planted ] && [ ! -e home/written ] && [ ! -e tree/new ] && [ ! -e top/scripts/lib.new ]
	# Each of them is possible without.
	VB_SANDBOX=off confined 0 make -C "$PWD/tree/build" -f ../Makefile
	[ "$(grep -c '^did' shown)" -eq 10 ] && [ -e planted ] || { cat shown err; false; }
}

@test "root has no capabilities, and settings of the kernel cannot be written" {
	# Never written to here, only asked: in /proc/sys root is the owner.
	# shellcheck disable=SC2016
	confined 0 sh -c 'find /proc/sys /proc/irq /proc/mtrr /proc/sysrq-trigger -writable 2>/dev/null; find / -xdev -writable ! -type l ! -path /dev ! -path /tmp
		unshare -Um true 2>/dev/null && echo namespaces; sed -n "s/^CapEff:\t//p" /proc/self/status'
	[ "$(cat shown)" = 0000000000000000 ]
}

@test "a home that is not set, and one that holds checkout and cache" {
	confined 0 true
	mkdir -p home/work home/.cache
	cp -r top run.sh tree home/work/
	exits 0 env -u HOME bash run.sh sandboxed make -f /dev/null -v
	cd home/work
	export VMAPBENCH_CACHE=$HOME/.cache CCACHE_DIR=$HOME/.cache/ccache
	# shellcheck disable=SC2016
	confined 0 sh -c 'echo object >object; pwd; ls "$0"; ls ../../top; cat "$0/secret"; echo x >"$0/x"; true' "$HOME"
	[ "$(tr '\n' ' ' <shown)" = "$PWD/tree/build work kernel-patches scripts " ] || { cat shown err; false; }
	[ "$(cat tree/build/object)" = object ]
	[ ! -e "$HOME/x" ]
}

@test "what a build leaves is not followed: links out of it, pipes, other names of a file" {
	echo mine >mine
	# shellcheck disable=SC2016
	confined 0 sh -c 'ln -s "$0" lacks; ln -s ../../mine up; ln -s in within; echo x >in; mkfifo pipe; ln -s .. source
		cp /bin/true su; chmod 4755 su; mkdir deep; ln -s / deep/root' "$PWD/mine"
	for file in lacks up pipe deep/root; do
		[ ! -L "tree/build/$file" ] && [ ! -e "tree/build/$file" ]
		says "removing $PWD/tree/build/$file, which is neither"
	done
	[ -L tree/build/within ] && [ -L tree/build/source ] && [ ! -u tree/build/su ]
	# What a build before may have left when it was killed goes before anybody looks.
	ln -s "$PWD/mine" tree/build/lacks
	ln mine tree/build/twin
	# shellcheck disable=SC2016
	exits 0 bash run.sh sh -c 'echo ours >lacks'
	[ "$(cat mine)" = mine ]
	confined 0 sh -c 'echo evil >twin'
	[ "$(cat mine)" = mine ]
	[ "$(cat tree/build/twin)" = evil ]
	# A commit may have that link in the place of the directory.
	rm -r tree/build
	ln -s "$HOME" tree/build
	confined 2 true
	says "error: subject: $PWD/tree/build is a symbolic link"
}

@test "objects: from the cache of our builds, which is read, or from one of their own" {
	mkdir tree/build
	rm -rf ccache
	echo 'int ours;' >tree/ours.c
	echo 'int theirs;' >tree/theirs.c
	(cd tree/build && ccache gcc -c -o ours.o ../ours.c && rm ours.o)
	find ccache -type f | sort | xargs sha256sum >before
	for file in ours theirs theirs; do
		confined 0 ccache gcc -c -o $file.o ../$file.c
		[ -s tree/build/$file.o ]
	done
	find ccache -type f | sort | xargs sha256sum | diff before -
	CCACHE_DIR=$PWD/tree.ccache ccache --print-stats >stats
	# The first was found, and never came to their cache.
	grep -x "cache_miss	1" stats
	grep -xE "direct_cache_hit	1" stats
}

@test "where it does not work: auto says so once, on refuses, off says nothing" {
	printf '#!/bin/sh\necho "bwrap: no namespaces for you" >&2\nexit 1\n' >bwrap
	chmod +x bwrap
	PATH=$PWD:$PATH confined 0 sh -c 'echo done'
	grep -x 'done' shown
	grep -E '^vmapbench: no sandbox here \(bwrap: no namespaces for you\): the Makefiles of subject run with your permissions; .*VB_SANDBOX=on .*VB_SANDBOX=off' err
	[ "$(wc -l <err)" -eq 1 ]
	PATH=$PWD:$PATH VB_SANDBOX=auto VB_SANDBOX_SAID=1 confined 0 true
	[ ! -s err ]
	PATH=$PWD:$PATH VB_SANDBOX=off confined 0 true
	[ ! -s err ]
	PATH=$PWD:$PATH VB_SANDBOX=on confined 2 sh -c 'echo done'
	says "vmapbench: error: VB_SANDBOX=on, and there is no sandbox (bwrap: no namespaces for you): subject is not built"
	[ ! -s shown ] && [ "$(wc -l <err)" -eq 1 ]
	VB_SANDBOX=on confined 0 true
	[ ! -s err ]
	VB_SANDBOX=maybe confined 2 true
	says "VB_SANDBOX: maybe is none of auto, on, off"
	# A compiler that is not seen in there would not be the one that the key names.
	mkdir -p home/bin
	ln -s /usr/bin/gcc home/bin/gcc
	PATH=$HOME/bin:$PATH VB_SANDBOX=on confined 2 true
	says "(gcc is in your home directory)"
}

@test "without bubblewrap: which package, and no commit is skipped for it" {
	mkdir -p bin
	for dir in /usr/bin /bin; do
		find "$dir/" -maxdepth 1 ! -name bwrap ! -type d -exec ln -sf -t bin -- {} +
	done
	PATH=$PWD/bin VB_SANDBOX=on confined 2 true
	says "bwrap is not there: install bubblewrap"
	PATH=$PWD/bin confined 0 true
	says "bwrap is not there: install bubblewrap"
	mkdir -p linux/mm
	seq 100 >linux/mm/vmalloc.c
	printf 'config MMU\n' | tee linux/Kconfig >linux/mm/Kconfig
	printf 'mrproper:\n' >linux/Makefile
	git -C linux init -q
	git -C linux -c user.name=t -c user.email=t@example.org add -A
	git -C linux -c user.name=t -c user.email=t@example.org commit -q -m first
	export VB_SANDBOX=on VB_RESULTS=$PWD/results
	exits 2 env PATH="$PWD/bin" "$TOP/scripts/vmapbench" compare --kernel linux rewrite HEAD
	says "compare: error: VB_SANDBOX=on, and there is no sandbox (bwrap is not there: install bubblewrap): HEAD is not built"
	exits 128 env PATH="$PWD/bin" "$TOP/scripts/vmapbench" bisect --kernel linux --before rewrite
	exits 2 env VB_SANDBOX=maybe "$TOP/scripts/vmapbench" compare --kernel linux rewrite HEAD
	says "VB_SANDBOX: maybe is none of"
	# What is ours needs none: nothing is said of it.
	exits 0 env PATH="$PWD/bin" "$TOP/scripts/vmapbench" compare --dry-run vmlist rewrite
}

@test "the Makefile of a directory that was built in, and a repository it plants" {
	mkdir -p linux/mm
	seq 100 >linux/mm/vmalloc.c
	printf 'config MMU\n' | tee linux/Kconfig >linux/mm/Kconfig
	touch linux/.config
	cat >linux/Makefile <<-END
		.RECIPEPREFIX = >
		mrproper:
		> -@echo evil >$PWD/home/written
		> @rm -f .config && mkdir -p .git && echo '[core] fsmonitor = evil' >.git/config
	END
	cat >directory.sh <<-'END'
		. top/scripts/lib/lib.sh
		. "$VB_TOP/scripts/kernel/variants.sh"
		. "$VB_TOP/scripts/kernel/subjects.sh"
		subject_of_tree "$PWD/linux"
	END
	exits 0 bash directory.sh
	[ ! -e home/written ]
	copy=$(cd cache/src && echo folder-*/Kconfig)
	copy=cache/src/${copy%/Kconfig}
	[ -e "$copy/Kconfig" ] && [ ! -e "$copy/.config" ] && [ ! -e "$copy/.git" ]
}

# gone PATTERN - no process has that in its command line, or soon has none.
gone() {
	local _

	for _ in $(seq 50); do
		pgrep -f -- "$1" >/dev/null || return 0
		sleep 0.1
	done
	pgrep -af -- "$1"
	return 1
}

# begun - wait until the build does something.
begun() {
	local _

	for _ in $(seq 100); do
		[ ! -e tree/build/begun ] || return 0
		sleep 0.1
	done
	return 1
}

@test "a build that is ended leaves nothing running" {
	mark=3$RANDOM$BASHPID
	build="setsid sleep $mark & touch $PWD/tree/build/begun; sleep $mark"
	for signal in TERM INT HUP; do
		rm -f tree/build/begun
		# What bats starts in the background is deaf to Ctrl-C.
		env --default-signal=INT bash run.sh run_logged building "$PWD/log" sandboxed sh -c "$build" 3>&- &
		pid=$!
		begun
		pgrep -f "^sleep $mark" >/dev/null
		kill -"$signal" "$pid"
		wait "$pid" || true
		gone "^sleep $mark"
	done
	# A shell that is killed can do nothing more; the build ends with it.
	rm -f tree/build/begun
	bash run.sh sandboxed sh -c "$build" 3>&- &
	pid=$!
	begun
	pgrep -f "^sleep $mark" >/dev/null
	kill -KILL "$pid"
	gone "^sleep $mark"
}

@test "a program of the source that cannot be run is no fault of this machine" {
	for text in 'bwrap: setting up uid map: Permission denied' "bwrap: Can't mkdir /x: Read-only file system" \
		'bwrap: execvp make: No such file or directory' 'cc1: Cannot allocate memory' 'make: *** [x] Killed'; do
		printf 'begin\n%s\n' "$text" >log
		host_fault log || { echo "$text"; false; }
	done
	for text in "bwrap: execvp $PWD/tree/scripts/kconfig/merge_config.sh: Permission denied" \
		'bwrap: execvp /tree/scripts/run: No such file or directory' 'mm/x.c:1: error: bwrap: no'; do
		printf 'begin\n%s\n' "$text" >log
		run ! host_fault log
	done
	: >log
	run ! host_fault log
}

# watched NAME - a program of that name that would leave a file beside it, and does its work.
watched()
{
	mkdir -p bin
	# It is in the sandbox, too, and what is written there is not.
	printf '#!/bin/sh\ntouch %q 2>/dev/null\nexec /usr/bin/%s "$@"\n' "$PWD/planted-$1" "$1" >"bin/$1"
	chmod +x "bin/$1"
}

@test "what was built of a stranger's source is read in the sandbox, and gives the same bytes" {
	for program in strip objcopy; do
		watched "$program"
	done
	PATH=$PWD/bin:$PATH
	mkdir -p kernel build/subjects/x
	echo 'int x;' | gcc -g -c -x c - -o module.ko
	cp module.ko kernel/test_vmalloc.ko
	echo 'int main(void) { return 0; }' | gcc -static -x c - -o vmapstat
	printf "x\tbase\tguest\tno\tx\n" >build/subjects/x/row
	printf "kind series\n" >build/subjects/x/source
	guest=("$TOP/scripts/image/build-guest.sh" --kernel kernel --module module.ko --vmapstat vmapstat --tests)
	exits 0 "${guest[@]}" --out ours.gz
	[ -e planted-strip ]
	rm planted-strip
	exits 0 env VB_SANDBOX=on "${guest[@]}" --subject x --out theirs.gz
	cmp ours.gz theirs.gz
	# What fingerprints hash.
	cat >sha.sh <<-'END'
		. "$TOP/scripts/lib/lib.sh"
		. "$VB_TOP/scripts/kernel/variants.sh"
		. "$VB_TOP/scripts/kernel/subjects.sh"
		. "$VB_TOP/scripts/campaign/campaign.sh"
		sha_code "$1" module.ko
	END
	exits 0 env VB_SANDBOX=on bash sha.sh vmlist
	[ -e planted-objcopy ]
	rm planted-objcopy
	mv shown ours
	exits 0 env VB_SANDBOX=on bash sha.sh x
	cmp ours shown
	[ -z "$(find . -name "planted-*")" ]
	echo 'int main(void) { return 0; }' | gcc -x c - -o vmapstat
	exits 2 "${guest[@]}" --out dynamic.gz
	says "vmapstat is not linked statically"
}

@test "samples of a stranger's guest are read in the sandbox, and only if they were asked for" {
	export VB_BUILD=$PWD/build
	golden=$TOP/tests/data/golden/sampled
	mkdir -p bin build/subjects/x
	[ -z "${VB_TOOLS:-}" ] || ln -s "$VB_TOOLS" build/tools
	cp "$golden/vmlist/run-1/script" bin/script
	printf '#!/bin/sh\ntouch %q 2>/dev/null\nexec cat %q\n' "$PWD/planted-perf" "$PWD/bin/script" >bin/perf
	chmod +x bin/perf
	PATH=$PWD/bin:$PATH
	printf "x\tbase\tguest\tno\tx\n" >build/subjects/x/row
	printf "kind series\n" >build/subjects/x/source
	cat >convert.sh <<-'END'
		for part in lib/lib lib/tools run/guest-files run/perf-records; do
			. "$TOP/scripts/$part.sh"
		done
		VARIANT=$1
		convert_samples run "$TOP/tests/data/golden/sampled" 2
	END
	echo x | gzip -c >x.gz
	jq -cn --arg data "$(base64 -w 0 x.gz)" '{ v: 1, type: "file", name: "perf-3.data", bytes: 2 },
		{ v: 1, type: "file", name: "perf-3.data", data: $data }' >file
	for variant in x vmlist; do
		rm -rf run
		mkdir run
		cat "$golden/vmlist/run-1/events.jsonl" file >run/events.jsonl
		echo 'point bare vmap 4 2 10 1' >run/plan
		exits 2 env VB_SANDBOX=on bash convert.sh "$variant"
		says "the guest sent samples, and run/plan asks for none"
		[ ! -e planted-perf ] && [ ! -e run/perf-3.data.gz ]
		echo 'point sampled vmap 4 2 10 1 1000' >>run/plan
		exits 0 env VB_SANDBOX=on bash convert.sh "$variant"
		diff "$golden/vmlist/run-1/profile.jsonl" run/profile.jsonl
		[ "$variant" = vmlist ] || [ ! -e planted-perf ]
	done
	[ -e planted-perf ]
}
