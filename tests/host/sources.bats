#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# sources.bats - what kernels that are in no table are made from: patches, git
# refs, folders. On trees of a few files; sides.bats builds real ones.

bats_require_minimum_version 1.5.0

load ../lib/common

setup() {
	cd -- "$BATS_TEST_TMPDIR" || return
	export VB_BUILD=$PWD/build VB_CACHE=$PWD/cache VMAPBENCH_CACHE=$PWD/cache VB_RESULTS=$PWD/results
	export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@localhost GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@localhost
	# shellcheck disable=SC2034
	VB_SUBJECTS=$VB_BUILD/subjects
	# shellcheck source=scripts/subjects.sh
	. "$TOP/scripts/subjects.sh"
	set +u
}

# tiny_tree DIR - a kernel source, as far as these scripts look.
tiny_tree() {
	mkdir -p "$1/mm" "$1/scripts"
	seq 100 >"$1/mm/vmalloc.c"
	seq 200 300 >"$1/mm/slub.c"
	printf 'config MMU\n' | tee "$1/Kconfig" >"$1/mm/Kconfig"
	printf 'mrproper:\n\trm -rf .config include mm/made.h mm/*.o\n' >"$1/Makefile"
	printf '#!/bin/sh\n' >"$1/scripts/run"
	chmod +x "$1/scripts/run"
}

# tiny_repo DIR - the same with two commits, first and second.
tiny_repo() {
	tiny_tree "$1"
	git -C "$1" init -q -b main
	git -C "$1" add -A
	git -C "$1" commit -q -m one
	git -C "$1" tag first
	sed -i 's/^50$/fifty/' "$1/mm/vmalloc.c"
	echo new >"$1/mm/new.c"
	git -C "$1" add -A
	git -C "$1" commit -q -m two
	git -C "$1" tag second
}

# change FILE SED [NAME] - a diff of what that changes in the tree base.
change() {
	rm -rf a b
	cp -r base a
	cp -r a b
	sed -i "$2" "b/$1"
	diff -ruN a b >"${3:-change.patch}" || true
}

# mail SUBJECT PATCH - as git format-patch would write it.
mail() {
	printf 'From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n'
	printf 'From: A U Thor <a@localhost>\nDate: Fri, 1 Aug 2008 00:00:00 +0000\nSubject: [PATCH] %s\n\n' "$1"
	printf 'What it is for.\n\n'
	[ $# -eq 1 ] || { printf -- '---\n 1 file changed\n\n'; cat "$2"; }
	printf -- '-- \n2.39.0\n\n'
}

# series_stub - patches are for the tree base, and that is no base of ours.
series_stub() {
	fetch() { printf '%s' "$BATS_TEST_TMPDIR/base"; }
	load_kind series
	base_tree() { fetch; }
	load_kind() { :; }
}

# subject PATCH... - its name, in $name.
subject() {
	name=$(write_subject rewrite "" series linux-6.1 - linux-6.1 guest "a test" "$@")
}

# prepare NAME - its source in $tree.
prepare() {
	tree=$BATS_TEST_TMPDIR/base-scratch
	(hold_tree "$1" "$tree")
}

# state_of DIR - every file and its date, what git says, and how it is configured.
state_of() {
	find "$1" -printf '%p %T@ %s %m\n' | sort
	[ ! -d "$1/.git" ] || { git -C "$1" worktree list; git -C "$1" for-each-ref; cat "$1/.git/config" "$1/.git/HEAD"; }
}

@test "patches: a diff, a series of mails with a cover letter, in order" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' one.patch
	change mm/vmalloc.c 's/^50$/FIFTY/' two.patch
	sed -i 's/^-50$/-fifty/' two.patch
	{ mail "[0/2] cover"; mail "first" one.patch; mail "second" two.patch; } >series.mbox
	mkdir out
	split_patches out series.mbox
	[ "$(cd out && echo *)" = "0001-series.patch 0002-series.patch" ]
	series_stub
	subject series.mbox
	[[ $name =~ ^rewrite\+series-[0-9a-f]{8}$ ]]
	prepare "$name"
	grep -qx FIFTY base-scratch/mm/vmalloc.c
	grep -qx 50 base/mm/vmalloc.c
	# The same two from two files.
	subject one.patch two.patch
	[[ $name =~ ^rewrite\+one\.two-[0-9a-f]{8}$ ]]
	prepare "$name"
	grep -qx FIFTY base-scratch/mm/vmalloc.c
}

@test "patches: the next one finds the base as it was, and what it changes is newer" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' one.patch
	change mm/slub.c 's/^250$/more/' two.patch
	printf -- '--- /dev/null\n+++ b/mm/added.c\n@@ -0,0 +1 @@\n+new\n' >three.patch
	printf 'diff --git a/mm/slub.c b/mm/slab.c\nsimilarity index 100%%\nrename from mm/slub.c\nrename to mm/slab.c\n' >four.patch
	state_of base >before
	series_stub
	for patch in one three four two; do
		subject "$patch.patch"
		prepare "$name"
		case $patch in
		one) grep -qx fifty base-scratch/mm/vmalloc.c ;;
		three) [ "$(cd base-scratch/mm && echo *)" = "Kconfig added.c slub.c vmalloc.c" ] ;;
		four) [ "$(cd base-scratch/mm && echo *)" = "Kconfig slab.c vmalloc.c" ] ;;
		two) grep -qx more base-scratch/mm/slub.c ;;
		esac
	done
	# Put back, and so newer than an object that was made with the patch.
	[ base-scratch/mm/vmalloc.c -nt base/mm/vmalloc.c ]
	state_of base | diff before - || { echo "the base was written to"; false; }
	[ "$(diff -r base base-scratch | grep -c '^[<>]')" -eq 2 ]
}

@test "patches: one that does not fit, file and hunk named, and the next one does" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' good.patch
	sed 's/^ 48$/ forty-eight/' good.patch >bad.patch
	series_stub
	subject bad.patch
	run prepare "$name"
	echo "$output"
	[ "$status" -eq 2 ]
	[[ ${lines[-1]} == *"error: rewrite+bad-"*": 0001-bad.patch does not apply: mm/vmalloc.c, hunk at line 47 (log: "*")" ]]
	# Fuzz would have taken it with two lines of context less.
	subject good.patch
	prepare "$name"
	grep -qx fifty base-scratch/mm/vmalloc.c
}

@test "patches: half a series is not left behind" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' good.patch
	sed 's/^ 48$/ forty-eight/' good.patch >bad.patch
	change mm/slub.c 's/^250$/more/' other.patch
	series_stub
	subject good.patch bad.patch
	run prepare "$name"
	[ "$status" -eq 2 ]
	subject other.patch
	prepare "$name"
	[ "$(diff -r base base-scratch | grep -c '^[<>]')" -eq 2 ]
}

@test "patches: files outside the tree, no patch at all, no such file" {
	tiny_tree base
	printf -- '--- a/../victim\n+++ b/../victim\n@@ -0,0 +1 @@\n+gotcha\n' >escape.patch
	series_stub
	run subject escape.patch
	[ "$status" -eq 2 ]
	[[ $output == *"--patch: escape.patch: ../victim is no name of a file in the tree"* ]]
	[ ! -e victim ]
	[ -z "$(ls -A "$VB_SUBJECTS")" ]
	echo "Dear all," >letter
	for dry in "" --dry-run; do
		# shellcheck disable=SC2086
		run "$TOP/scripts/vmapbench" compare $dry rewrite --patch letter
		[ "$status" -eq 2 ]
		[[ $output == *"--patch: there is no patch in letter"* ]]
	done
	run "$TOP/scripts/vmapbench" compare rewrite --patch nothing
	[ "$status" -eq 2 ]
	[[ $output == *"--patch: cannot read nothing"* ]]
}

# taken_back - nothing of the patch is left once another one that changes mm/slub.c is in.
taken_back() {
	change mm/slub.c 's/^300$/another/' another.diff
	subject another.diff
	prepare "$name"
	[ "$(diff -r --no-dereference base base-scratch)" = "$(diff -r base/mm/slub.c base-scratch/mm/slub.c | sed '1i diff -r --no-dereference base/mm/slub.c base-scratch/mm/slub.c')" ] ||
		{ diff -r --no-dereference base base-scratch; false; }
	[ "$(cd base && find . -printf '%p %m\n' | sort)" = "$(cd base-scratch && find . -printf '%p %m\n' | sort)" ]
}

@test "patches: however a name is written, its file is taken back" {
	tiny_tree base
	hunk='@@ -49,3 +49,3 @@\n 49\n-50\n+fifty\n 51\n'
	printf -- "--- a/mm/vmalloc.c 2011-11-28 19:36:48.2 +0100\n+++ b/mm/vmalloc.c 2011-11-28 20:06:49.9 +0100\n$hunk" >date.patch
	printf -- "--- a/mm/vmalloc.c\t2011-11-28 19:36:48.2 +0100\n+++ b/mm/vmalloc.c\t2011-11-28 20:06:49.9 +0100\n$hunk" >tab.patch
	printf 'diff --git i/mm/empty.c w/mm/empty.c\nnew file mode 100644\nindex 0000000..e69de29\n' >empty.patch
	printf 'diff --git "a/mm/\\303\\244.c" "b/mm/\\303\\244.c"\nnew file mode 100644\n--- /dev/null\n+++ "b/mm/\\303\\244.c"\n@@ -0,0 +1 @@\n+foo\n' >quoted.patch
	printf 'diff --git i/mm/slub.c w/new/deep/slab.c\nsimilarity index 100%%\nrename from mm/slub.c\nrename to new/deep/slab.c\n' >rename.patch
	printf 'diff --git a/scripts/run b/scripts/run\nold mode 100755\nnew mode 100644\n' >mode.patch
	printf 'diff --git a/mm/vmalloc.c b/mm/vmalloc.c/deep.c\nsimilarity index 100%%\nrename from mm/vmalloc.c\nrename to mm/vmalloc.c/deep.c\n' >folder.patch
	{
		printf 'diff --git a/scripts/run b/scripts/run\ndeleted file mode 100755\n--- a/scripts/run\n+++ /dev/null\n@@ -1 +0,0 @@\n-#!/bin/sh\n'
		printf 'diff --git a/scripts b/scripts\nnew file mode 100644\n--- /dev/null\n+++ b/scripts\n@@ -0,0 +1 @@\n+file\n'
	} >file.patch
	series_stub
	for patch in date tab empty quoted rename mode folder file; do
		subject "$patch.patch"
		prepare "$name" || { [ "$patch" = folder ] || { echo "$patch"; false; }; }
		[ -n "$(diff -r base base-scratch)" ] || [ "$patch" = mode ] || [ "$patch" = folder ] || { echo "$patch does nothing"; false; }
		taken_back || { echo "left behind: $patch"; false; }
	done
}

@test "patches: a link, an absolute name and one that leads upwards are refused" {
	tiny_tree base
	mkdir outside
	seq 3 >outside/victim
	link='diff --git a/mm/link b/mm/link\nnew file mode 120000\n--- /dev/null\n+++ b/mm/link\n@@ -0,0 +1 @@\n+../../outside\n\\ No newline at end of file\n'
	printf "$link" >link.patch
	printf "${link}diff --git a/mm/link/victim b/mm/link/victim\n--- a/mm/link/victim\n+++ b/mm/link/victim\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n" >through.patch
	printf -- '--- /usr/src/linux.orig/mm/vmalloc.c\n+++ /usr/src/linux/mm/vmalloc.c\n@@ -49,3 +49,3 @@\n 49\n-50\n+fifty\n 51\n' >absolute.patch
	sed 's,^\(--- \|+++ \).*/mm,\1a//mm,' absolute.patch >slashes.patch
	printf -- 'diff --git a/mm/x b/../../x\nrename from mm/vmalloc.c\nrename to ../../x\n' >rename.patch
	series_stub
	while IFS='|' read -r patch text; do
		run subject "$patch.patch"
		[ "$status" -eq 2 ] || { echo "$patch: $status $output"; false; }
		[[ $output == *"--patch: $patch.patch: $text"*"(try --help)" ]] || { echo "$patch: $output"; false; }
	done <<-'END'
	link|it makes a symbolic link
	through|it makes a symbolic link
	absolute|/usr/src/linux.orig/mm/vmalloc.c is no name of a file in the tree
	slashes|/mm/vmalloc.c is no name of a file in the tree
	rename|
	END
	[ -z "$(ls -A "$VB_SUBJECTS")" ]
}

@test "patches: taking back follows no link, and a folder in the list is no obstacle" {
	tiny_tree base
	series_stub
	mkdir outside
	seq 3 >outside/victim
	change mm/vmalloc.c 's/^50$/fifty/' one.diff
	subject one.diff
	prepare "$name"
	ln -s "$PWD/outside" base-scratch/mm/link
	printf '%s\n' mm mm/link/victim mm/link/sub/none ../outside/victim mm/vmalloc.c >base-scratch.touched
	taken_back
	[ "$(cat outside/victim)" = "$(seq 3)" ]
}

@test "patches: the forms that mail and editors give them" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' one.diff
	mail x one.diff >plain.eml
	head='MIME-Version: 1.0\nContent-Type: text/plain; charset=%s\nContent-Transfer-Encoding: %s\n'
	sed "/^Subject/a $(printf "$head" y 8bit | sed ':a;N;$!ba;s/\n/\\n/g')" plain.eml >charset.eml
	{
		sed '/^$/,$d' plain.eml
		printf "$head\n" UTF-8 base64
		sed '1,/^$/d;s/$/\r/' plain.eml | base64
	} >crlf64.eml
	{ printf '\n\n'; cat crlf64.eml; } >blank.eml
	{ printf '\xef\xbb\xbf'; cat crlf64.eml; } >bom.eml
	sed 's/$/\r/' one.diff >crlf.diff
	gzip -c plain.eml >packed.mbox.gz
	series_stub
	for file in charset.eml crlf64.eml blank.eml bom.eml crlf.diff packed.mbox.gz; do
		subject "$file"
		prepare "$name" || { echo "$file"; false; }
		grep -qx fifty base-scratch/mm/vmalloc.c
		[ "$(diff -r base base-scratch | grep -c '^[<>]')" -eq 2 ] || { echo "$file"; false; }
	done
	subject - <one.diff
	[[ $name == rewrite+stdin-* ]]
	subject <(cat plain.eml)
	prepare "$name"
	run "$TOP/scripts/vmapbench" compare --dry-run rewrite --patch - <one.diff
	[ "$status" -eq 0 ]
}

@test "patches: a damaged one and one that the base has are said to be so" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' one.diff
	sed '/^ 52$/d' one.diff >short.diff
	series_stub
	run subject short.diff
	[ "$status" -eq 2 ]
	[[ $output == *"--patch: short.diff: corrupt patch at line "* ]]
	sed -i 's/^50$/fifty/' base/mm/vmalloc.c
	subject one.diff
	run prepare "$name"
	[ "$status" -eq 2 ]
	[[ $output == *"0001-one.patch does not apply: the base has it already"* ]]
}

@test "patches: a thread: newest version, in order, once; no reply and no cover letter" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' one.diff
	change mm/vmalloc.c 's/^50$/FIFTY/' two.diff
	sed -i 's/^-50$/-fifty/' two.diff
	change mm/slub.c 's/^250$/more/' other.diff
	{
		mail '[0/2] cover' other.diff
		mail '1/2] old' other.diff
		mail 'v2 0/2] cover' other.diff
		mail 'v2 2/2] second' two.diff
		mail 'v2 1/2] first' one.diff
		mail 'v2 1/2] first' one.diff
		mail 'again' other.diff | sed 's/^Subject: .*/Subject: Re: [PATCH v2 1\/2] first/'
	} | sed -E 's/^Subject: \[PATCH\] \[?(.*\])/Subject: [PATCH \1/' >thread.mbox
	mkdir out
	split_patches out thread.mbox 2>said
	[ "$(cd out && echo *)" = "0001-thread.patch 0002-thread.patch" ]
	[ "$(cat said)" = "$(printf 'vmapbench: --patch: [PATCH v2 %s\n' '1/2] first' '2/2] second')" ]
	series_stub
	subject thread.mbox
	prepare "$name"
	grep -qx FIFTY base-scratch/mm/vmalloc.c
	grep -qx 250 base-scratch/mm/slub.c
}

@test "a folder: named by its content, copied, and never written to" {
	tiny_tree one/linux
	tiny_tree two/linux
	echo junk >one/linux/mm/vmalloc.o
	state_of one/linux >before
	first=$(subject_of_tree "$PWD/one/linux" 2>/dev/null)
	[[ $first =~ ^linux-[0-9a-f]{12}$ ]]
	[ "$(subject_of_tree "$PWD/two/linux" 2>/dev/null)" = "$first" ]
	tree=$(variant_tree "$first")
	diff -r two/linux "$tree"
	[ -x "$tree/scripts/run" ]
	state_of one/linux | diff before -
	# What changes is copied, and newer than before; what does not stays as it is.
	touch -d '2001-01-01' "$tree/mm/slub.c" "$tree/mm/vmalloc.c"
	sed -i 's/^50$/fifty/' two/linux/mm/vmalloc.c
	touch -d '2000-01-01' two/linux/mm/vmalloc.c
	second=$(subject_of_tree "$PWD/two/linux" 2>/dev/null)
	[ "$second" != "$first" ]
	[ "$(date -r "$tree/mm/slub.c" +%Y)" -eq 2001 ]
	[ "$(date -r "$tree/mm/vmalloc.c" +%Y)" -gt 2001 ]
	# What it was before cannot be built any more, and that is said.
	run hold_tree "$first" "$tree"
	[ "$status" -eq 2 ]
	[[ $output == *"$PWD/two/linux has changed since: compare it again"* ]]
}

@test "a folder: a file more, a mode or a link makes another one" {
	tiny_tree linux
	names=$(subject_of_tree "$PWD/linux" 2>/dev/null)
	for change in "touch linux/mm/more.c" "chmod -x linux/scripts/run" "ln -s vmalloc.c linux/mm/link" "rm linux/mm/slub.c"; do
		$change
		name=$(subject_of_tree "$PWD/linux" 2>/dev/null)
		! grep -qx "$name" <<<"$names" || { echo "not seen: $change"; false; }
		names+=$'\n'$name
	done
}

@test "a folder that was built in: cleaned in the copy only" {
	tiny_tree clean/linux
	tiny_tree linux
	touch linux/.config linux/mm/made.h
	mkdir -p linux/include/generated linux/build
	touch linux/include/generated/made.h linux/build/object
	state_of linux >before
	name=$(subject_of_tree "$PWD/linux" 2>/dev/null)
	tree=$(variant_tree "$name")
	diff -r clean/linux "$tree"
	state_of linux | diff before -
	# What was built from the copy is ours, and stays.
	mkdir "$tree/build"
	touch "$tree/build/object.o"
	echo more >>linux/mm/slub.c
	subject_of_tree "$PWD/linux" 2>/dev/null
	[ -e "$tree/build/object.o" ]
}

@test "a folder: a full disk is named, and the same command goes on" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to mount a small tmpfs"
	tiny_tree linux
	head -c 3000000 /dev/urandom >linux/mm/large.c
	mkdir -p cache/src
	mount -t tmpfs -o size=1m none cache/src || skip "cannot mount"
	run subject_of_tree "$PWD/linux"
	umount cache/src
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == *"error: $PWD/linux cannot be copied: "*"No space left on device"*"(log: "* ]]
	run subject_of_tree "$PWD/linux"
	[ "$status" -eq 0 ]
}

@test "a ref: the user's repository is not touched, one checkout moves" {
	tiny_repo repo
	echo "not committed" >>repo/mm/slub.c
	echo stranger >repo/mm/stranger.c
	state_of repo >before
	name=$(subject_of_ref repo first)
	[[ $name == first-$(git -C repo rev-parse --short=12 first) ]]
	tree=$(variant_tree "$name")
	(hold_tree "$name" "$tree")
	git -C repo archive first | tar -x --one-top-level=want
	diff -r -x .git want "$tree"
	touch -d '2001-01-01' "$tree/mm/slub.c" "$tree/mm/vmalloc.c"
	git -C "$tree" status >/dev/null
	name=$(subject_of_ref repo "$(git -C repo rev-parse second)")
	[[ $name == commit-* ]]
	[ "$(variant_tree "$name")" = "$tree" ]
	(hold_tree "$name" "$tree")
	git -C repo archive second | tar -x --one-top-level=more
	diff -r -x .git more "$tree"
	[ "$(date -r "$tree/mm/slub.c" +%Y)" -eq 2001 ]
	state_of repo | diff before -
}

@test "a ref with patches, and without them again" {
	tiny_repo repo
	tiny_tree base
	change mm/slub.c 's/^250$/more/' one.patch
	printf -- '--- /dev/null\n+++ b/mm/added.c\n@@ -0,0 +1 @@\n+new\n' >two.patch
	name=$(subject_of_ref repo first one.patch two.patch)
	[[ $name == first+one.two-* ]]
	tree=$(variant_tree "$name")
	(hold_tree "$name" "$tree")
	grep -qx more "$tree/mm/slub.c"
	[ -e "$tree/mm/added.c" ]
	name=$(subject_of_ref repo second)
	(hold_tree "$name" "$tree")
	diff -r -x .git repo "$tree"
}

@test "a git that was killed, hooks and settings of the user do not matter" {
	tiny_repo repo
	git config --file gitconfig core.autocrlf true
	git config --file gitconfig core.hooksPath "$PWD/hooks"
	mkdir hooks
	printf '#!/bin/sh\nexit 1\n' >hooks/post-checkout
	chmod +x hooks/post-checkout
	export GIT_CONFIG_GLOBAL=$PWD/gitconfig
	name=$(subject_of_ref repo first)
	tree=$(variant_tree "$name")
	(hold_tree "$name" "$tree")
	touch "$tree/.git/index.lock"
	name=$(subject_of_ref repo second)
	(hold_tree "$name" "$tree")
	diff -r -x .git repo "$tree"
	# From a hook git says which repository it means; it is not this one.
	GIT_DIR=/nonexistent GIT_WORK_TREE=/nonexistent subject_of_ref repo first
}

@test "copies of folders and repositories that are gone are removed" {
	tiny_tree linux
	tree=$(variant_tree "$(subject_of_tree "$PWD/linux" 2>/dev/null)")
	[ -d "$tree" ]
	rm -r linux
	tiny_repo repo
	name=$(subject_of_ref repo first)
	(hold_tree "$name" "$(variant_tree "$name")")
	[ ! -e "$tree" ]
	[ ! -e "$tree.state" ]
}

@test "sides: what a name means, and what is refused, exit 2" {
	tiny_repo repo
	tiny_tree linux
	mkdir empty
	git -C empty init -q
	git -C empty commit -q --allow-empty -m none
	git -C repo branch rewrite
	run "$TOP/scripts/vmapbench" compare --dry-run --kernel repo first second --ops 7
	[ "$status" -eq 0 ]
	[[ $output == *"before ref first"*"after  ref second"*"bench --ops 7"* ]]
	run "$TOP/scripts/vmapbench" compare --dry-run vmlist linux
	[ "$status" -eq 0 ]
	[[ $output == *"before variant vmlist"*"after  tree $PWD/linux"* ]]
	while IFS='|' read -r args text; do
		# shellcheck disable=SC2086
		run "$TOP/scripts/vmapbench" compare $args
		[ "$status" -eq 2 ] || { echo "$args: $status: $output"; false; }
		[[ $output == *"$text"* ]] || { echo "$args: $output"; false; }
	done <<-'END'
	rewrite nothing|nothing is no campaign in
	rewrite v6.1|; a git ref needs --kernel DIR
	--kernel repo first third|and no commit of repo
	--kernel linux first second|--kernel: linux is no git repository
	--kernel nothing first second|--kernel: there is no folder nothing
	--kernel repo first rewrite|rewrite has more than one meaning: variant rewrite, ref rewrite. Write ./rewrite for a tree, refs/heads/rewrite
	--kernel empty HEAD rewrite|HEAD of empty is no kernel source: it has no mm/vmalloc.c
	rewrite empty|empty is no campaign in
	rewrite vmlist --threads none|--threads: none is not a whole number
	rewrite vmlist --patch linux/mm/slub.c|--patch: BEFORE is needed, and no more
	rewrite --patch linux/mm/slub.c|there is no patch in linux/mm/slub.c
	END
}

@test "bisect: codes that end the bisection, and its options" {
	tiny_repo repo
	run "$TOP/scripts/vmapbench" bisect --help
	[ "$status" -eq 0 ]
	[[ $output == *"git bisect run"* ]]
	run "$TOP/scripts/vmapbench" bisect --dry-run --before first --kernel repo
	[ "$status" -eq 0 ]
	while IFS='|' read -r args text; do
		# shellcheck disable=SC2086
		run "$TOP/scripts/vmapbench" bisect $args
		[ "$status" -eq 128 ] || { echo "$args: $status: $output"; false; }
		[[ $output == *"$text"* ]] || { echo "$args: $output"; false; }
	done <<-'END'
	--kernel repo|--before is missing
	--before first|--kernel is missing
	--before first --kernel nothing|--kernel: there is no folder nothing
	--before nothing --kernel repo|nothing is no campaign
	--before first --kernel repo --frob 1|unknown option: --frob
	--before first --kernel repo second|unknown argument: second
	--before first --kernel repo --threads none|--threads: none is not a whole number
	END
}

@test "patches: one for mainline is for the source as it was released" {
	tiny_tree base
	seq 100 | sed '49i #ifdef CONFIG_VMAP_LAYER_MAINLINE' >base/mm/vmalloc.c
	echo seam >>base/mm/Kconfig
	mkdir -p base/.pc/seam.patch/mm base/.pc/later.patch/mm
	printf '%s\n' seam.patch later.patch >base/.pc/applied-patches
	seq 100 >base/.pc/seam.patch/mm/vmalloc.c
	echo wrong >base/.pc/later.patch/mm/vmalloc.c
	printf 'config MMU\n' >base/.pc/seam.patch/mm/Kconfig
	: >base/.pc/seam.patch/mm/added.c
	state_of base >before
	# A diff of the released file; with the seam its context is another one.
	mkdir -p a/mm b/mm
	seq 100 >a/mm/vmalloc.c
	seq 100 | sed 's/^50$/fifty/' >b/mm/vmalloc.c
	diff -ru a b >change.patch || true
	series_stub
	name=$(write_subject mainline "" series linux-6.1 - linux-6.1 "guest layer-mainline" "a test" change.patch)
	prepare "$name"
	diff base-scratch/mm/vmalloc.c b/mm/vmalloc.c
	grep -q seam base-scratch/mm/Kconfig
	variant_source "$name" base | grep -x 'patched files as released'
	# For a layer of ours it does not apply, and what was released is taken back.
	subject change.patch
	run prepare "$name"
	[ "$status" -eq 2 ]
	state_of base >after
	diff before after
	change mm/slub.c 's/^250$/more/' other.patch
	subject other.patch
	prepare "$name"
	diff -r -x .pc -x slub.c base base-scratch
}

@test "patches: names without prefixes, old and new files" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' one.patch
	sed -E 's,^(---|\+\+\+) [ab]/,\1 ,; /^diff -ruN/d' one.patch >bare.patch
	grep -q '^--- mm/vmalloc.c' bare.patch
	printf 'diff --git mm/added.c mm/added.c\nnew file mode 100644\n--- /dev/null\n+++ mm/added.c\n@@ -0,0 +1 @@\n+new\n' >new.patch
	printf 'diff --git mm/slub.c mm/slub.c\ndeleted file mode 100644\n--- mm/slub.c\n+++ /dev/null\n' >gone.patch
	{ diff -u base/mm/slub.c /dev/null || true; } | sed 1,2d >>gone.patch
	series_stub
	for patch in bare new gone; do
		subject "$patch.patch"
		prepare "$name"
		case $patch in
		bare) grep -qx fifty base-scratch/mm/vmalloc.c ;;
		new) [ "$(cat base-scratch/mm/added.c)" = new ] ;;
		gone) [ ! -e base-scratch/mm/slub.c ] ;;
		esac
	done
	subject one.patch
	prepare "$name"
	diff -r -x vmalloc.c base base-scratch
}

@test "patches: which ones were applied is kept with the kernel" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' one.patch
	{ mail "the first one" one.patch; mail "[0/1] cover"; } >thread.mbox
	series_stub
	subject thread.mbox
	[ "$(cat "$VB_SUBJECTS/$name/patches.applied")" = "[PATCH] the first one" ]
	subject one.patch
	[ "$(cat "$VB_SUBJECTS/$name/patches.applied")" = one ]
	# A file that unpacks to more than there is room for is cut off, and refused.
	head -c 40000000 /dev/zero | gzip >bomb.patch.gz
	run write_subject rewrite "" series linux-6.1 - linux-6.1 guest "a test" bomb.patch.gz
	[ "$status" -eq 2 ]
	[[ $output == *"bomb.patch.gz cannot be unpacked, or is longer than 16 MiB"* ]]
	head -c 40000000 /dev/zero >long.patch
	run write_subject rewrite "" series linux-6.1 - linux-6.1 guest "a test" long.patch
	[ "$status" -eq 2 ]
	[[ $output == *"long.patch cannot be unpacked, or is longer than 16 MiB"* ]]
}
