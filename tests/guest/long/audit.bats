#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# audit.bats - two stored boots, chosen anew each time, are computed again: all records have
# to be those that were stored, byte for byte. tests/run.sh runs it after the suites that
# boot guests.

load ../../lib/common
load ../../lib/audit

setup_file() {
	export OUT=$VB_BUILD/test/audit
	rm -rf "$OUT"
	mkdir -p "$OUT"
	[ "${VB_STORE:-}" != off ] || export VB_STORE=$OUT/boots
}

# compute VARIANT - a small boot for the store.
compute() {
	echo "point bare ram 4 2 200 20" |
		"$TOP/scripts/run/guest-run.sh" "$1" "$OUT/$1" 2>"$OUT/$1.err" || { cat "$OUT/$1.err"; return 1; }
}

@test "two stored boots, chosen anew each time, give the same bytes when they are computed again" {
	mapfile -t chosen < <(choose_stored 2)
	if [ "${#chosen[@]}" -lt 2 ]; then
		compute rewrite
		compute vmlist
		mapfile -t chosen < <(choose_stored 2)
	fi
	[ "${#chosen[@]}" -eq 2 ]
	for key in "${chosen[@]}"; do
		echo "# $key"
		audit_again "$key" "$OUT/$key" 2>"$OUT/$key.err" || { cat "$OUT/$key.err"; false; }
		grep -qF "the same bytes as the stored boot $key" "$OUT/$key.err"
	done
}
