#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# sources.bats - what kernels that are in no table are made from: patches, git
# refs, directories. On trees of a few files; sides.bats builds real ones.

bats_require_minimum_version 1.5.0

load ../lib/common

setup() {
	cd -- "$BATS_TEST_TMPDIR" || return
	export VB_BUILD=$PWD/build VB_CACHE=$PWD/cache VMAPBENCH_CACHE=$PWD/cache VB_RESULTS=$PWD/results
	export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@localhost GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@localhost
	# shellcheck disable=SC2034
	VB_SUBJECTS=$VB_BUILD/subjects
	# shellcheck source=scripts/kernel/subjects.sh
	. "$TOP/scripts/kernel/subjects.sh"
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
	[[ $output == *"--patch: escape.patch: ../victim does not name a file in the tree"* ]]
	[ ! -e victim ]
	[ -z "$(ls -A "$VB_SUBJECTS")" ]
	echo "Dear all," >letter
	for dry in "" --dry-run; do
		# shellcheck disable=SC2086
		run "$TOP/scripts/vmapbench" compare $dry rewrite --patch letter
		[ "$status" -eq 2 ]
		[[ $output == *"--patch: no patch in letter"* ]]
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
	printf 'diff --git a/mm/vmalloc.c b/mm/vmalloc.c/deep.c\nsimilarity index 100%%\nrename from mm/vmalloc.c\nrename to mm/vmalloc.c/deep.c\n' >directory.patch
	{
		printf 'diff --git a/scripts/run b/scripts/run\ndeleted file mode 100755\n--- a/scripts/run\n+++ /dev/null\n@@ -1 +0,0 @@\n-#!/bin/sh\n'
		printf 'diff --git a/scripts b/scripts\nnew file mode 100644\n--- /dev/null\n+++ b/scripts\n@@ -0,0 +1 @@\n+file\n'
	} >file.patch
	series_stub
	for patch in date tab empty quoted rename mode directory file; do
		subject "$patch.patch"
		prepare "$name" || { [ "$patch" = directory ] || { echo "$patch"; false; }; }
		[ -n "$(diff -r base base-scratch)" ] || [ "$patch" = mode ] || [ "$patch" = directory ] || { echo "$patch does nothing"; false; }
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
	absolute|/usr/src/linux.orig/mm/vmalloc.c does not name a file in the tree
	slashes|/mm/vmalloc.c does not name a file in the tree
	rename|
	END
	[ -z "$(ls -A "$VB_SUBJECTS")" ]
}

@test "patches: taking back follows no link, and a directory in the list is no obstacle" {
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
	[[ $output == *"0001-one.patch does not apply: the base already has it"* ]]
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
	diff - said <<-'END'
	vmapbench: --patch: left out: Re: [PATCH v2 1/2] first (a reply)
	vmapbench: --patch: left out: [PATCH 0/2] cover (a cover letter)
	vmapbench: --patch: left out: [PATCH 1/2] old (older than v2)
	vmapbench: --patch: left out: [PATCH v2 0/2] cover (a cover letter)
	vmapbench: --patch: [PATCH v2 1/2] first
	vmapbench: --patch: left out: [PATCH v2 1/2] first (the same patch as one before it)
	vmapbench: --patch: [PATCH v2 2/2] second
	END
	series_stub
	subject thread.mbox
	prepare "$name"
	grep -qx FIFTY base-scratch/mm/vmalloc.c
	grep -qx 250 base-scratch/mm/slub.c
}

@test "a directory: named by its content, copied, and never written to" {
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

@test "a directory: a file more, a mode or a link makes another one" {
	tiny_tree linux
	names=$(subject_of_tree "$PWD/linux" 2>/dev/null)
	for change in "touch linux/mm/more.c" "chmod -x linux/scripts/run" "ln -s vmalloc.c linux/mm/link" "rm linux/mm/slub.c"; do
		$change
		name=$(subject_of_tree "$PWD/linux" 2>/dev/null)
		! grep -qx "$name" <<<"$names" || { echo "not seen: $change"; false; }
		names+=$'\n'$name
	done
}

@test "a directory that was built in: cleaned in the copy only" {
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

@test "a directory: a full disk is named, and the same command goes on" {
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

@test "copies of directories and repositories that are gone are removed" {
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
	rewrite nothing|nothing is none of these: a campaign in
	rewrite v6.1|; a git ref needs --kernel DIR
	--kernel repo first third|and no commit of repo
	--kernel linux first second|--kernel: linux is not a git repository
	--kernel nothing first second|--kernel: no such directory: nothing
	--kernel repo first rewrite|rewrite has more than one meaning: variant rewrite, ref rewrite. Write ./rewrite for a tree, refs/heads/rewrite
	--kernel empty HEAD rewrite|HEAD of empty is not a kernel source: mm/vmalloc.c is missing
	rewrite empty|empty is none of these: a campaign in
	rewrite vmlist --threads none|--threads: none is not a whole number
	rewrite vmlist --patch linux/mm/slub.c|--patch: give BEFORE only
	rewrite --patch linux/mm/slub.c|no patch in linux/mm/slub.c
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
	--before first --kernel nothing|--kernel: no such directory: nothing
	--before nothing --kernel repo|nothing is none of these: a campaign in
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

# mails SUBJECT... - a mailbox of one for each, with patches that go on one another; the third
# and later ones are on mm/slub.c.
mails() {
	local n=49 subject

	for subject in "$@"; do
		n=$((n + 10))
		printf -- '--- a/mm/slub.c\n+++ b/mm/slub.c\n@@ -%d,3 +%d,3 @@\n %d\n-%d\n+is %d\n %d\n' \
			"$n" "$n" "$((n + 199))" "$((n + 200))" "$n" "$((n + 201))" >mails.diff
		mail x mails.diff | sed "s|^Subject: .*|Subject: $subject|"
	done
}

# taken MAILBOX... - subjects of the patches that are applied, in $output; or the message.
taken() {
	rm -rf out out.*
	mkdir out
	run split_patches out "$@"
	[ "$status" -ne 0 ] || output=$(cat out.applied)
}

@test "patches: a series of which something is missing is refused, and named" {
	tiny_tree base
	mails '[PATCH 1/3] a' '[PATCH 2/3] b' '[PATCH 3/3] c' '[PATCH v2 2/3] b' >partial.mbox
	mails '[PATCH 1/3] a' '[PATCH 3/3] c' >gap.mbox
	mails '[PATCH v4 1/12] a' '[PATCH v4 3/12] b' >many.mbox
	{ mails '[PATCH 1/2] a' '[PATCH 2/2] b'; mail x | sed 's|^Subject: .*|Subject: [PATCH v2 0/2] c|'; } >cover.mbox
	mails '[PATCH 1/2] a' '[PATCH 2/2] b' '[PATCH v2] b' >alone.mbox
	mails '[PATCH 1/2] a' '[PATCH 2/2] b' '[PATCH 3/3] c' >two.mbox
	mails '[PATCH 1/2] a' '[PATCH 2/2] b' '[PATCH 2/2] c' >same.mbox
	while IFS='|' read -r file text; do
		taken "$file.mbox"
		[ "$status" -eq 2 ] || { echo "$file: $status $output"; false; }
		[[ ${lines[-1]} == *"--patch: $file.mbox: $text"* ]] || { echo "$output"; false; }
	done <<-'END'
	partial|it lacks 1/3, 3/3 of v2: give a file with all of it, or --patch and a file of its own for each patch
	gap|it lacks 2/3 of v1: give
	many|it lacks 2/12, 4/12, 5/12, 6/12, 7/12, 8/12, 9/12, 10/12 and 2 more of v4: give
	cover|it lacks 1/2, 2/2 of v2: give
	alone|of a series v2 has "b" only: give
	two|it has series of 2 and of 3: give each in its own file
	same|two patches are "[PATCH 2/2] c": take one of them out
	END
	# One file for each is as good, and that one is left out is said.
	mails '[PATCH 1/3] a' >1.patch
	mails '[PATCH 1/3] a' '[PATCH 3/3] c' | sed '1,/^2\.39/d' | sed '1{/^$/d}' >3.patch
	rm -rf out*
	mkdir out
	split_patches out 1.patch 3.patch 2>said
	grep -qx 'vmapbench: --patch: applied without 2/3 of v1' said
	[ "$(cat out.applied)" = $'[PATCH 1/3] a\n[PATCH 3/3] c' ]
	# One more than there were, and two patches without numbers around a series.
	mails '[PATCH] before' '[PATCH 2/2] b' '[PATCH 3/2] c' '[PATCH 1/2] a' '[PATCH] after' >around.mbox
	taken around.mbox
	[ "$output" = $'[PATCH] before\n[PATCH 1/2] a\n[PATCH 2/2] b\n[PATCH 3/2] c\n[PATCH] after' ]
}

@test "patches: each mail that is left out of a mailbox is named" {
	tiny_tree base
	{
		mails '[PATCH] one series' '[PATCH v3 1/1] another' 'Re: [PATCH] x'
		mail x | sed 's/^Subject: .*/Subject: Re: nothing/'
		mail x | sed 's/^Subject: .*/Subject: [PATCH v3 0\/1] cover/'
	} >thread.mbox
	taken thread.mbox
	[ "$output" = '[PATCH v3 1/1] another' ]
	for text in '\[PATCH] one series (older than v3)' 'Re: \[PATCH] x (a reply)' \
		'\[PATCH v3 0/1] cover (a cover letter)' '1 replies without a patch in thread.mbox'; do
		printf '%s\n' "${lines[@]}" | grep -x "vmapbench: --patch: left out: $text" >/dev/null ||
			{ printf '%s\n' "${lines[@]}"; false; }
	done
}

@test "patches: versions, numbers and replies, as people write them" {
	while IFS='|' read -r subject place; do
		[ "$(subject_place "$subject" | tr '\t' ' ')" = "$place" ] ||
			{ echo "$subject: $(subject_place "$subject")"; false; }
	done <<-'END'
	[PATCH] x|1000 0 0
	mm: x|1000 0 0
	[PATCH 2/5] x|1000 2 5
	[PATCH v3 02/15] x|3000 2 15
	[PATCH V2 1/2] x|2000 1 2
	[PATCH v3.1 1/2] x|3001 1 2
	[v2,1/2] x|2000 1 2
	[v2,1/2,RESEND] x|2000 1 2
	[PATCHv4 1/2] x|4000 1 2
	[RFC/PATCHv2] x|2000 0 0
	[PATCH -v2 1/2] x|2000 1 2
	[PATCH][v2] x|2000 0 0
	[PATCH v2] [1/2] x|2000 1 2
	[PATCH 1 of 3] x|1000 1 3
	[PATCH riscv64 1/2] x|1000 1 2
	[PATCH riscv64 v2 1/2] x|2000 1 2
	[PATCH ipv6 x86-64-v3 1/2] x|1000 1 2
	[PATCH v6.1 v2 1/2] x|2000 1 2
	[PATCH v2 v6.1 1/2] x|2000 1 2
	[EXT] [PATCH v2 1/2] x|2000 1 2
	[linux-mm] [PATCH 1/2] x|1000 1 2
	[PATCH v2 0/2] x|2000 0 2
	[PATCH] Revert "[PATCH] x"|1000 0 0
	[PATCH] sv: x|1000 0 0
	[RFC v2 1/3] rv: add x|2000 1 3
	[v2,1/2] rv: x|2000 1 2
	[v2,1/2] tr: x|2000 1 2
	[RFC] tr: x|1000 0 0
	rv: x|1000 0 0
	RFC: [PATCH 1/3] x|1000 1 3
	RESEND [PATCH v2] x|2000 0 0
	[EXT] RESEND: RFC [PATCH v2 1/2] x|2000 1 2
	REPOST [PATCH] x|1000 0 0
	RV: [PATCH] x|
	Re: RESEND [PATCH v2] x|
	[EXT] RV: [PATCH v2 1/2] x|
	Re: [PATCH] x|
	RE: [PATCH] x|
	Re[2]: [PATCH v2 1/2] x|
	Re : x|
	Re(3): x|
	AW: [PATCH] x|
	SV: [PATCH] x|
	Antw: [PATCH] x|
	Fwd: [PATCH] x|
	FW: x|
	[EXT] Re: [PATCH v2 1/2] x|
	[EXT] AW: x|
	Odpowiedz: [PATCH v2 1/2] x|
	END
}

@test "patches: replies in any language are not applied" {
	tiny_tree base
	for word in 'Re[2]:' SV: Antw: Fwd: '[EXT] Re:'; do
		mails '[PATCH V2 1/1] x' "$word [PATCH V2 1/1] x" >thread.mbox
		taken thread.mbox
		[ "$output" = '[PATCH V2 1/1] x' ] || { echo "$word: $output"; false; }
	done
	mails 'Fwd: [PATCH] x' >forward.eml
	taken forward.eml
	[ "$status" -eq 2 ]
	[[ ${lines[-1]} == *"--patch: no patch in forward.eml"* ]]
}

@test "patches: the same patch is applied once, whatever is around it" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' one.diff
	mail one one.diff >first.eml
	{
		mail one one.diff | sed 's/^Subject: .*/Subject: [PATCH RESEND] one/; s/^ 1 file changed/No answer so far./; /^-- $/,$d'
		printf -- '_____\nlinux-mm mailing list\n\n'
	} >again.eml
	cat first.eml again.eml >thread.mbox
	sed 's,^\(--- \|+++ \)[ab]/,\1,; s/\t.*//; /^diff/d' one.diff >bare.diff
	change mm/slub.c 's/^250$/more/' other.diff
	taken thread.mbox one.diff other.diff bare.diff
	[ "$output" = $'[PATCH] one\nother' ]
	printf '%s\n' "${lines[@]}" | grep -x 'vmapbench: --patch: left out: \[PATCH RESEND] one (the same patch as one before it)'
	printf '%s\n' "${lines[@]}" | grep -x 'vmapbench: --patch: left out: bare (the same patch as one before it)'
	series_stub
	subject again.eml first.eml one.diff
	prepare "$name"
	grep -qx fifty base-scratch/mm/vmalloc.c
	# Others are not the same: another mode, another name, another place for a new file.
	printf 'diff --git a/scripts/run b/scripts/run\nold mode 100755\nnew mode 100644\n' >1.diff
	printf 'diff --git a/scripts/run b/scripts/run\nold mode 100644\nnew mode 100755\n' >2.diff
	printf 'diff --git a/mm/a.c b/mm/a.c\nnew file mode 100644\nindex 0000000..e69de29\n' >3.diff
	printf 'diff --git a/mm/b.c b/mm/b.c\nnew file mode 100644\nindex 0000000..e69de29\n' >4.diff
	printf -- '--- /dev/null\n+++ b/mm/c.c\n@@ -0,0 +1 @@\n+new\n' >5.diff
	printf -- '--- /dev/null\n+++ b/mm/d.c\n@@ -0,0 +1 @@\n+new\n' >6.diff
	taken 1.diff 2.diff 3.diff 4.diff 5.diff 6.diff 1.diff
	[ "$output" = "$(seq 6)" ]
}

@test "patches: a line of a damaged one is that of the user's file" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' one.diff
	change mm/slub.c 's/^250$/more/' other.diff
	sed '/^ 250$/d; s/^ 249$/damaged/' other.diff >short.diff
	line=$({ git apply --numstat short.diff 2>&1 || true; } | sed -n 's/.*corrupt patch at .*[ :]\([0-9]*\)$/\1/p')
	[ -n "$line" ]
	text=$(sed -n "${line}p" short.diff)
	{ printf '\n\n'; mail one one.diff; mail two short.diff; } | sed 's/^\(Subject: .PATCH\)\(.*\)/\1 1\/1\2/' >7bit.mbox
	sed -i 's/1\/1] two/v2 1\/1] two/' 7bit.mbox
	{ printf '\xef\xbb\xbf\n\n'; sed 's/$/\r/' short.diff; } >blank.diff
	gzip -c 7bit.mbox >packed.mbox.gz
	{
		mail two | sed '/^$/,$d'
		printf 'Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: base64\n\n'
		base64 short.diff
	} >base64.eml
	# Quoted-printable breaks lines; the one in question comes after such a line.
	{
		mail two | sed '/^$/,$d'
		printf 'Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: quoted-printable\n\n'
		printf 'It is =C3=A4 =\nlong line =3D=\n of three.\n---\n'
		sed 's/ b/ =\nb/; s/^+/=2B/' short.diff
	} >quoted.eml
	{
		mail two | sed '/^$/,$d'
		printf 'Content-Type: text/plain; charset=UTF-8; format=flowed\n\n'
		sed 's/^ /  /' short.diff
	} >flowed.eml
	for file in short.diff 7bit.mbox quoted.eml flowed.eml blank.diff; do
		taken "$file"
		[ "$status" -eq 2 ]
		number=$(sed -nE 's/.*: corrupt patch at line ([0-9]+) .*/\1/p' <<<"$output")
		[ "$(sed -n "${number}p" "$file" | tr -d ' \r' | sed 's/=2B/+/')" = "${text# }" ] ||
			{ echo "$file: $number: $output"; false; }
	done
	[ "$number" -eq "$((line + 2))" ]
	taken packed.mbox.gz
	[[ $output == *"packed.mbox.gz: corrupt patch at line "* ]]
	taken base64.eml
	[[ $output == *"base64.eml: corrupt patch at line $line of the patch in \"[PATCH] two\" "* ]]
}

@test "patches: names as diff, git and editors write them without prefixes" {
	tiny_tree base
	mkdir -p a/mm b/mm
	hunk='@@ -49,3 +49,3 @@\n 49\n-50\n+fifty\n 51\n'
	date='2011-11-28 19:36:48.2 +0100'
	printf -- "--- mm/vmalloc.c.orig\t$date\n+++ mm/vmalloc.c\t$date\n$hunk" >orig.diff
	printf -- "--- mm/vmalloc.c~\t$date\n+++ mm/vmalloc.c\t$date\n$hunk" >tilde.diff
	printf -- "--- mm/vmalloc.c\t$date\n+++ mm/vmalloc.c.new\t$date\n$hunk" >new.diff
	printf -- "--- mm/vmalloc.c $date\n+++ mm/vmalloc.c $date\n$hunk" >date.diff
	printf -- "--- linux/mm/vmalloc.c\n+++ linux/mm/vmalloc.c\n$hunk" >top.diff
	printf -- "--- linux/mm/vmalloc.c.orig\n+++ linux/mm/vmalloc.c\n$hunk" >toporig.diff
	printf -- "diff --git mm/vmalloc.c mm/moved.c\nsimilarity index 98%%\nrename from mm/vmalloc.c\nrename to mm/moved.c\nindex 1234567..1234568 100644\n--- mm/vmalloc.c\n+++ mm/moved.c\n$hunk" >rename.diff
	printf -- '--- /dev/null\n+++ mm/moved.c\n@@ -0,0 +1 @@\n+fifty\n' >added.diff
	series_stub
	for file in orig tilde new date top toporig rename added; do
		subject "$file.diff"
		prepare "$name" || { echo "$file"; false; }
		case $file in
		rename | added) target=mm/moved.c ;;
		*) target=mm/vmalloc.c ;;
		esac
		grep -qx fifty "base-scratch/$target" || { echo "$file"; find base-scratch -newer base; false; }
		[ "$file" != rename ] || [ ! -e base-scratch/mm/vmalloc.c ]
	done
	# Made in mm/: there is no telling.
	printf -- "--- vmalloc.c.orig\n+++ vmalloc.c\n$hunk" >inside.diff
	subject inside.diff
	run prepare "$name"
	[ "$status" -eq 2 ]
	[[ $output == *"vmalloc.c: No such file or directory (names in a patch need a leading a/ and b/, and all directories below the top)"* ]]
	printf -- 'diff --git mm/a b.c mm/c.c\nrename from mm/a b.c\nrename to mm/c.c\n--- mm/a b.c\n+++ mm/c.c\n@@ -1 +1 @@\n-a\n+b\n' >odd.diff
	taken odd.diff
	[ "$status" -eq 2 ]
	[[ $output == *"inconsistent "*" filename"*"(names in a patch need a leading a/ and b/, and all directories below the top)"* ]]
	# A file that is not there is not the fault of names.
	printf -- "--- a/mm/none.c\n+++ b/mm/none.c\n$hunk" >none.diff
	subject none.diff
	run prepare "$name"
	[[ $output == *"mm/none.c: No such file or directory (log:"* ]]
}

@test "patches: a title for each, and what cannot be read is named" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' one.diff
	{ printf 'Description: what it does\nAuthor: A <a@localhost>\nForwarded: no\n\n'; cat one.diff; } >dep3.patch
	{ printf 'Index: mm/vmalloc.c\n=====\n'; grep -v ^diff one.diff; } >index.patch
	for title in dep3 index; do
		taken "$title.patch"
		[ "$output" = "$title" ] || { echo "$title: $output"; false; }
	done
	xz -c one.diff >one.xz
	bzip2 -c one.diff >one.bz2 || printf 'BZh9' >one.bz2
	printf '\x28\xb5\x2f\xfd....' >one.zst
	tar -cf - one.diff | gzip >one.tar.gz
	iconv -f UTF-8 -t UTF-16 one.diff >one.utf16
	iconv -f UTF-8 -t UTF-16LE one.diff >one.utf16le
	while IFS='|' read -r file text; do
		taken "$file"
		[ "$status" -eq 2 ]
		[[ $output == *"--patch: $file is $text"* ]] || { echo "$output"; false; }
	done <<-'END'
	one.xz|packed with xz: unpack it (xz -dc)
	one.zst|packed with zstd: unpack it (zstd -dc)
	one.bz2|packed with bzip2: unpack it (bzip2 -dc)
	one.tar.gz|a tar archive: unpack it (tar -xf)
	one.utf16|in UTF-16: convert it (iconv -f UTF-16 -t UTF-8)
	one.utf16le|in UTF-16: convert it (iconv -f UTF-16 -t UTF-8)
	END
}

@test "patches: no control character of a subject reaches a terminal" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' one.diff
	mail x one.diff | sed 's/^Subject: .*/Subject: [PATCH] =?UTF-8?q?a=1b[31mb=07=7fc=c2=9bd=e2=80=aee=c3=a4?=/' >escape.eml
	mkdir out
	split_patches out escape.eml 2>said
	[ "$(cat out.applied)" = '[PATCH] a?[31mb??c?d?eä' ]
	run ! grep -aqP '[\x00-\x08\x0b-\x1f\x7f]' said
	name=$'bell\a.diff'
	cp one.diff "$name"
	taken "$name"
	[ "$output" = 'bell?' ]
}

@test "patches: files of builds, git and quilt are refused" {
	tiny_tree base
	for file in build/x.c build-debug/x.c build.sh .git/config mm/.git/hooks/x .pc/applied-patches; do
		printf -- 'diff --git a/%s b/%s\nnew file mode 100644\n--- /dev/null\n+++ b/%s\n@@ -0,0 +1 @@\n+new\n' \
			"$file" "$file" "$file" >place.diff
		taken place.diff
		[ "$status" -eq 2 ] || { echo "$file"; false; }
		[[ $output == *"--patch: place.diff: take out $file: builds, git or quilt have their files there"* ]] ||
			{ echo "$output"; false; }
	done
	for file in .gitignore mm/build/x.c mm/build.c .clang-format; do
		printf -- '--- /dev/null\n+++ b/%s\n@@ -0,0 +1 @@\n+new\n' "$file" >place.diff
		taken place.diff
		[ "$status" -eq 0 ] || { echo "$file: $output"; false; }
	done
}

@test "a directory and a ref: whatever a patch adds is taken back" {
	tiny_repo repo
	cp -r repo linux
	rm -rf linux/.git
	for file in .config .config.old mm/x.a mm/x.o mm/.x.cmd vmlinux mm/x.ko mm/build/x.c; do
		printf -- 'diff --git a/%s b/%s\nnew file mode 100644\n--- /dev/null\n+++ b/%s\n@@ -0,0 +1 @@\n+new\n' \
			"$file" "$file" "$file"
	done >add.patch
	printf -- '--- a/mm/slub.c\n+++ b/mm/slub.c\n@@ -49,3 +49,3 @@\n 248\n-249\n+more\n 250\n' >>add.patch
	for kind in tree ref; do
		with=$([ "$kind" = tree ] && subject_of_tree "$PWD/linux" add.patch || subject_of_ref repo second add.patch)
		tree=$(variant_tree "$with")
		(hold_tree "$with" "$tree")
		grep -qx more "$tree/mm/slub.c"
		[ -e "$tree/mm/x.a" ]
		[ -e "$tree/.config" ]
		without=$([ "$kind" = tree ] && subject_of_tree "$PWD/linux" || subject_of_ref repo second)
		(hold_tree "$without" "$tree")
		diff -r -x .git linux "$tree"
		# And when the next kernel has another patch.
		(hold_tree "$with" "$tree")
		change_one=$PWD/one.patch
		printf -- '--- a/mm/slub.c\n+++ b/mm/slub.c\n@@ -9,3 +9,3 @@\n 208\n-209\n+one\n 210\n' >"$change_one"
		other=$([ "$kind" = tree ] && subject_of_tree "$PWD/linux" one.patch || subject_of_ref repo second one.patch)
		(hold_tree "$other" "$tree")
		diff -r -x .git -x slub.c linux "$tree"
	done
}

# seam_tree - base, in which a series has added to mm/Makefile and mm/Kconfig; as released in pure.
seam_tree() {
	tiny_tree pure
	printf 'obj-y := a.o \\\n\tb.o c.o\n\nobj-$(CONFIG_X) += x.o\nobj-y += z.o\n' >pure/mm/Makefile
	printf 'config A\n\tbool\n\nconfig B\n\tbool\n' >pure/mm/Kconfig
	cp -r pure base
	sed -i '3a obj-$(CONFIG_SEAM) += seam.o\n' base/mm/Makefile
	sed -i '3a config SEAM\n\tbool\n' base/mm/Kconfig
	mkdir -p base/.pc/seam.patch
	echo seam.patch >base/.pc/applied-patches
	cp -r pure/mm base/.pc/seam.patch/mm
}

@test "patches: for mainline, lines of the build next to what the series adds" {
	seam_tree
	series_stub
	while IFS='|' read -r file edit want; do
		rm -rf a b
		cp -r pure a
		cp -r pure b
		sed -i "$edit" "b/$file"
		diff -ru a b >change.patch || true
		name=$(write_subject mainline "" series linux-6.1 - linux-6.1 "guest layer-mainline" "a test" change.patch)
		prepare "$name" || { echo "$edit"; false; }
		printf "$want" | diff - "base-scratch/$file" || { echo "$edit"; false; }
		diff -r -x "${file#*/}" -x .pc base base-scratch
	done <<-'END'
	mm/Makefile|s/c.o$/c.o d.o/|obj-y := a.o \\\n\tb.o c.o d.o\n\nobj-$(CONFIG_SEAM) += seam.o\n\nobj-$(CONFIG_X) += x.o\nobj-y += z.o\n
	mm/Makefile|s/c.o$/c.o \\\n\td.o/|obj-y := a.o \\\n\tb.o c.o \\\n\td.o\n\nobj-$(CONFIG_SEAM) += seam.o\n\nobj-$(CONFIG_X) += x.o\nobj-y += z.o\n
	mm/Makefile|s/x.o$/x.o y.o/|obj-y := a.o \\\n\tb.o c.o\n\nobj-$(CONFIG_SEAM) += seam.o\n\nobj-$(CONFIG_X) += x.o y.o\nobj-y += z.o\n
	mm/Makefile|s/b.o c.o/b.o/;3,4d|obj-y := a.o \\\n\tb.o\nobj-$(CONFIG_SEAM) += seam.o\n\nobj-y += z.o\n
	mm/Kconfig|2s/$/\n\nconfig C\n\tbool/|config A\n\tbool\n\nconfig SEAM\n\tbool\n\nconfig C\n\tbool\n\nconfig B\n\tbool\n
	END
	# The next kernel has neither.
	change mm/slub.c 's/^250$/more/' other.patch
	subject other.patch
	prepare "$name"
	diff -r -x .pc -x slub.c base base-scratch
	# What fits with the series in it is applied to that, as it always was.
	rm -rf a b
	cp -r base a
	cp -r base b
	sed -i 's/seam.o/seam.o more.o/' b/mm/Makefile
	diff -ru -x .pc a b >seam.patch || true
	name=$(write_subject mainline "" series linux-6.1 - linux-6.1 "guest layer-mainline" "a test" seam.patch)
	prepare "$name"
	diff b/mm/Makefile base-scratch/mm/Makefile
	# One that fits neither is refused, file and line named.
	sed 's/^ obj-y := a/ obj-y := q/' change.patch seam.patch >neither.patch
	name=$(write_subject mainline "" series linux-6.1 - linux-6.1 "guest layer-mainline" "a test" neither.patch)
	run prepare "$name"
	[ "$status" -eq 2 ]
	[[ $output == *"0001-neither.patch does not apply: mm/"*", hunk at line "* ]]
}

@test "patches: a copy of a link is refused and taken back, and nothing is written through it" {
	seam_tree
	for dir in pure base base/.pc/seam.patch; do
		mkdir -p "$dir/Documentation"
		ln -s process/changes.rst "$dir/Documentation/Changes"
	done
	seq 3 >victim
	cp victim before
	gone='diff --git a/mm/Kconfig b/mm/Kconfig\ndeleted file mode 100644\n--- a/mm/Kconfig\n+++ /dev/null\n'
	printf "$gone@@ -1,5 +0,0 @@\n-config A\n-\tbool\n-\n-config B\n-\tbool\n" >mainline.patch
	printf "$gone@@ -1,8 +0,0 @@\n-config A\n-\tbool\n-\n-config SEAM\n-\tbool\n-\n-config B\n-\tbool\n" >rewrite.patch
	{
		printf 'diff --git a/Documentation/Changes b/mm/Kconfig\nsimilarity index 50%%\ncopy from Documentation/Changes\ncopy to mm/Kconfig\n'
		printf -- '--- a/Documentation/Changes\n+++ b/mm/Kconfig\n@@ -1 +1 @@\n-process/changes.rst\n\\ No newline at end of file\n'
		printf -- '+../../victim\n\\ No newline at end of file\n'
	} >copy.patch
	sed 's/^copy/rename/' copy.patch >rename.patch
	sed 's,mm/Kconfig,Documentation/Changes,; /^copy\|^simil/d' copy.patch >edit.patch
	series_stub
	for patch in copy rename edit; do
		for kind in mainline rewrite; do
			layer='' && [ "$kind" = rewrite ] || layer=" layer-mainline"
			set -- "$kind.patch" "$patch.patch"
			[ "$patch" != edit ] || shift
			name=$(write_subject "$kind" "" series linux-6.1 - linux-6.1 "guest$layer" "a test" "$@")
			run prepare "$name"
			[ "$status" -eq 2 ] || { echo "$patch $kind: $status $output"; ls -l base-scratch/mm; false; }
			[[ $output == *"-$patch.patch does not apply: "*"/"*": it makes or changes a symbolic link (log:"* ]] ||
				{ echo "$patch $kind: $output"; false; }
			cmp before victim
			change mm/slub.c 's/^250$/more/' other.diff
			subject other.diff
			prepare "$name"
			diff -r --no-dereference -x .pc -x slub.c base base-scratch
		done
	done
	# What the series adds to a file goes into a new one.
	rm base-scratch/mm/Kconfig
	ln -s ../../victim base-scratch/mm/Kconfig
	echo mm/Kconfig | restore_added "$PWD/base" "$PWD/base-scratch"
	cmp before victim
	rm base-scratch/mm/Kconfig
	cp pure/mm/Kconfig other
	ln other base-scratch/mm/Kconfig
	chmod 640 other
	echo mm/Kconfig | restore_added "$PWD/base" "$PWD/base-scratch"
	cmp other pure/mm/Kconfig
	cmp base/mm/Kconfig base-scratch/mm/Kconfig
	[ "$(stat -c %a base-scratch/mm/Kconfig)" = 640 ]
}

@test "patches: a subject is that of the mail, whatever its body and the user's git say" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' one.diff
	{ mail x one.diff | sed 's/^Subject: .*/Subject: [patch 1\/1] mm: one/; s/^What it is for.$/From: B <b@localhost>\nSubject: other\n\n&/'; } >akpm.eml
	taken akpm.eml
	[ "$output" = '[patch 1/1] mm: one' ]
	mail x one.diff | sed 's/^Subject: .*/Subject: Re: [PATCH v2 1\/3] x/; s/^What it is for.$/Subject: x\n\n&/' >reply.eml
	taken reply.eml
	[ "$status" -eq 2 ]
	[[ $output == *"left out: Re: [PATCH v2 1/3] x (a reply)"*"no patch in reply.eml"* ]]
	# Of what comes before scissors nothing is cut off.
	mail x one.diff | sed 's/^What it is for.$/&\n-- >8 --\nSubject: cut/' >scissors.eml
	git init -q .
	git config mailinfo.scissors true
	git config patchid.stable nonsense
	git config mailinfo.quotedCr nonsense
	export HOME=$PWD
	printf '[mailinfo]\n\tscissors = true\n[patchid]\n\tstable = nonsense\n' >.gitconfig
	taken scissors.eml one.diff
	[ "$output" = '[PATCH] x' ] || { printf '%s\n' "$output" "${lines[@]}"; false; }
}

@test "patches: prefixes and subsystems that look like those of replies are applied" {
	tiny_tree base
	for subject in '[RFC v2 1/1] rv: add x' '[v2,1/1] rv: x' 'rv: x' 'RFC: [PATCH 1/1] x' 'RESEND [PATCH v2] x'; do
		mails "$subject" "Re: $subject" >thread.mbox
		taken thread.mbox
		[ "$output" = "$subject" ] || { echo "$subject: $output"; false; }
	done
}

@test "patches: a cover letter in a file of its own is left out" {
	tiny_tree base
	mail x | sed 's/^Subject: .*/Subject: [PATCH 0\/2] cover/' >0000-cover-letter.patch
	mails '[PATCH 1/2] a' >1.patch
	mails '[PATCH 1/2] a' '[PATCH 2/2] b' | sed '1,/^2\.39/d' | sed '1{/^$/d}' >2.patch
	taken 0000-cover-letter.patch 1.patch 2.patch
	[ "$output" = $'[PATCH 1/2] a\n[PATCH 2/2] b' ]
	printf '%s\n' "${lines[@]}" | grep -x 'vmapbench: --patch: left out: \[PATCH 0/2] cover (a cover letter)'
	run ! grep -q 'applied without' <<<"$(printf '%s\n' "${lines[@]}")"
	taken 0000-cover-letter.patch
	[ "$status" -eq 2 ]
	[[ ${lines[-1]} == *"--patch: no patch in 0000-cover-letter.patch: "* ]]
}

@test "patches: one patch of a series with its replies is taken as the mail alone is" {
	tiny_tree base
	{
		mails '[PATCH v2 2/3] b' 'Re: [PATCH v2 2/3] b'
		mail x | sed 's/^Subject: .*/Subject: Re: [PATCH v2 2\/3] b/'
	} >thread.mbox
	taken thread.mbox
	[ "$output" = '[PATCH v2 2/3] b' ]
	printf '%s\n' "${lines[@]}" | grep -x 'vmapbench: --patch: applied without 1/3, 3/3 of v2'
}

@test "patches: one that is reverted in a series and comes back is not the same patch twice" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' add.diff
	printf -- '--- a/mm/vmalloc.c\n+++ b/mm/vmalloc.c\n@@ -47,7 +47,7 @@\n 47\n 48\n 49\n-fifty\n+50\n 51\n 52\n 53\n' >revert.diff
	n=0
	for patch in add revert add; do
		n=$((n + 1))
		mail x "$patch.diff" | sed "s|^Subject: .*|Subject: [PATCH $n/3] $patch|" >"$n.eml"
	done
	cat 1.eml 2.eml 3.eml 3.eml 1.eml >series.mbox
	for files in series.mbox "1.eml 2.eml 3.eml" "1.eml 2.eml 3.eml 1.eml"; do
		# shellcheck disable=SC2086
		taken $files
		[ "$output" = $'[PATCH 1/3] add\n[PATCH 2/3] revert\n[PATCH 3/3] add' ] || { echo "$files: $output"; false; }
	done
	series_stub
	subject series.mbox
	prepare "$name"
	grep -qx fifty base-scratch/mm/vmalloc.c
}

@test "patches: a diff with a subject in it is no mail for that" {
	tiny_tree base
	change mm/vmalloc.c 's/^50$/fifty/' one.diff
	{ printf 'ab12cd3\nSubject: mm: one\n\n'; cat one.diff; } >log.diff
	taken log.diff
	[ "$output" = log ]
}

@test "a directory and a ref: odd characters of a name are not at the start of the kernel's" {
	for name in __linux ..x.. -- Ж; do
		tiny_tree "odd/$name"
		got=$(subject_of_tree "$PWD/odd/$name")
		[[ $got =~ ^(linux|x)-[0-9a-f]{12}$ ]] || { echo "$name: $got"; false; }
	done
	tiny_repo repo
	git -C repo branch вилка
	got=$(subject_of_ref repo вилка)
	[[ $got =~ ^x-[0-9a-f]{12}$ ]] || { echo "$got"; false; }
	[ "$(plain_name -.a_b.- 14)" = a-b ]
	[ "$(plain_name --abcdef 4)" = abcd ]
}
