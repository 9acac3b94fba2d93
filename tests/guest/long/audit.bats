#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# audit.bats - boots that other suites have used, chosen anew each time, are computed again:
# the bytes have to be those that were stored. tests/run.sh runs it after the others, with
# AUDIT the directory that they wrote to.

load ../../lib/common

# still_there RUN - did that boot end, and are kernel, image and snapshot as they were?
still_there() {
	local kernel initrd snapshot

	kernel=$(sed -n 's/^\t-kernel \(.*\) \\$/\1/p' "$1/qemu-cmd")
	initrd=$(sed -n 's/^\t-initrd \(.*\) \\$/\1/p' "$1/qemu-cmd")
	snapshot=$(sed -n 's/^\t-incoming file:\(.*\)$/\1/p' "$1/qemu-cmd")
	[ -s "$snapshot" ] && [ -s "$1/events.jsonl" ] || return 1
	grep -qx "# kernel $(sha256sum <"$kernel" | cut -c1-64)" "$1/qemu-cmd" &&
		grep -qx "# initrd $(sha256sum <"$initrd" | cut -c1-64)" "$1/qemu-cmd"
} 2>/dev/null

# candidates - finished boots on sim, in another order each time.
candidates() {
	find "$AUDIT" -name clock.jsonl -path '*/run-*' -printf '%h\n' | shuf |
		while IFS= read -r dir; do
			! still_there "$dir" || printf '%s\n' "$dir"
		done
}

@test "two boots, chosen anew each time, give the same bytes when they are computed again" {
	[ -n "${AUDIT:-}" ] || skip "AUDIT is not set: tests/run.sh sets it"
	mapfile -t runs < <(candidates | sed -n 1,2p)
	[ "${#runs[@]}" -eq 2 ] || skip "fewer than two boots to choose from"
	for run in "${runs[@]}"; do
		echo "# $run"
		rm -rf "$BATS_TEST_TMPDIR/again"
		"$run/qemu-cmd" "$BATS_TEST_TMPDIR/again" >/dev/null
		cmp "$BATS_TEST_TMPDIR/again/events.jsonl.part" "$run/events.jsonl"
		cmp "$BATS_TEST_TMPDIR/again/clock.jsonl" "$run/clock.jsonl"
	done
}
