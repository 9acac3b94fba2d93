#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# store.bats - a boot on sim is computed once: the second one comes from the store, and
# what is stored is what is computed.

bats_require_minimum_version 1.5.0

load ../lib/common

setup_file() {
	export OUT=$VB_BUILD/test/store VB_STORE=$VB_BUILD/test/store/boots
	rm -rf "$OUT"
	mkdir -p "$OUT"
}

# boot NAME [OPTION...] - its records in OUT/NAME, what it said in OUT/NAME.err.
boot() {
	echo "point bare ram 4 2 500 20" |
		"$TOP/scripts/run/guest-run.sh" rewrite "$OUT/$1" "${@:2}" 2>"$OUT/$1.err" ||
		{ rc=$?; cat "$OUT/$1.err"; return "$rc"; }
}

# entry - the only one in the store.
entry() {
	find "$VB_STORE" -mindepth 1 -maxdepth 1 -type d
}

# from_store NAME - it was not computed.
from_store() {
	grep -q 'a stored boot: ' "$OUT/$1.err"
}

@test "the second boot comes from the store, the same files with the same bytes" {
	boot one
	run ! from_store one
	boot two
	from_store two
	for file in events.jsonl console.log clock.jsonl profile.jsonl; do
		cmp "$OUT/one/$file" "$OUT/two/$file"
	done
	[ "$(entry | wc -l)" -eq 1 ]
}

@test "--fresh computes it, and demands equal bytes" {
	boot fresh --fresh
	grep -q 'the same bytes as the stored boot' "$OUT/fresh.err"
	[ ! -e "$OUT/fresh/stored" ]
	# One that was stored otherwise: named, and both are kept.
	cp -r "$(entry)" "$OUT/good"
	{ gzip -dc "$OUT/good/clock.jsonl.gz"; echo; } | gzip -n >"$(entry)/clock.jsonl.gz"
	(cd "$(entry)" && sha256sum -- *.gz >sum)
	rc=0
	boot wrong --fresh || rc=$?
	[ "$rc" -eq 2 ]
	grep -q 'the boot differs from the stored one in clock.jsonl: compare ' "$OUT/wrong.err"
	[ -s "$OUT/wrong/clock.jsonl" ] && [ -s "$OUT/wrong/stored/clock.jsonl" ]
	cp "$OUT/good"/* "$(entry)/"
}

@test "a byte that was flipped is found, and the boot is computed again" {
	printf x | dd of="$(entry)/clock.jsonl.gz" bs=1 seek=50 conv=notrunc 2>/dev/null
	boot flipped
	grep -q 'is damaged: it is computed again' "$OUT/flipped.err"
	cmp "$OUT/one/clock.jsonl" "$OUT/flipped/clock.jsonl"
	boot after
	from_store after
}

@test "two at once: one builds and computes, the other waits" {
	rm -rf "$(entry)" "$VB_BUILD"/{module,bpf}/rewrite
	boot left 3>&- &
	boot right
	wait "$!"
	[ "$(cat "$OUT"/{left,right}.err | grep -c 'a stored boot: ')" -eq 1 ]
	[ "$(cat "$OUT"/{left,right}.err | grep -c 'waiting for the same boot')" -le 1 ]
	cmp "$OUT/left/clock.jsonl" "$OUT/right/clock.jsonl"
}

@test "what was killed while it stored is no entry, and does not stay" {
	key=$(basename "$(entry)")
	mv "$(entry)" "$VB_STORE/.new.$key.killed"
	rm "$VB_STORE/.new.$key.killed/sum"
	boot killed
	run ! from_store killed
	[ "$(entry)" = "$VB_STORE/$key" ]
}

@test "other inputs are another boot; the least recently used one goes beyond the bound" {
	boot none --costs none
	run ! from_store none
	[ "$(entry | wc -l)" -eq 2 ]
	VB_STORE_MB=0 boot other --append quiet
	[ "$(entry | wc -l)" -eq 0 ]
}

@test "nothing of real time is stored" {
	boot tcg --machine tcg
	[ -z "$(entry)" ]
}
