# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# patches.bash - small patches on a kernel's source, made where a test needs them. Loaded by
# suites of tests/guest; a test has a directory of its own.

# change FILE SED NAME [TREE] - NAME.patch: what that changes in FILE of a source, $TREE unless
# it is named. No times are in it, so it is the same patch each time, and its kernel the one
# that was built before.
change() {
	mkdir -p "a/${1%/*}" "b/${1%/*}"
	cp "${4:-$TREE}/$1" "a/$1"
	sed -E "$2" "a/$1" >"b/$1"
	diff -u --label "a/$1" --label "b/$1" "a/$1" "b/$1" >"$3.patch" || true
	[ -s "$3.patch" ]
}
