#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# twins.bats - bpf/bt/*.bt count what vmapstat counts: both attached at the same
# time, in the same guest, over the same region. Written twice, in two languages,
# they would have to be wrong in the same way.

load ../lib/common
load ../lib/guest

setup_file() {
	export OUT=$VB_BUILD/test/twins
	rm -rf "$OUT"
	mkdir -p "$OUT"
}

# runs NAME - of bpf/bt/NAME.bt: one object for each, with counts (vmapstat's),
# sample (the module's) and twin (map by map).
runs() {
	jq -cs --arg name "$1" '
		[foreach .[] as $r ({};
			if $r.type == "point" then {}
			elif $r.type == "sample" then .sample = $r
			elif $r.type == "counts" then .counts = $r
			elif $r.type == "twin" and $r.name == $name then
				.twin = ([$r.out[] | select(.type == "map" or .type == "hist").data] | add)
			else . end;
			select($r.type == "twin" and $r.name == $name))] | .[]' "$log"
}

# agree NAME N FILTER - FILTER is true for each of the N runs of bpf/bt/NAME.bt.
agree() {
	local n

	n=$(runs "$1" | jq -s "[.[] | select($3)] | length")
	[ "$n" -eq "$2" ] && return 0
	echo "$1: $n of $2 agree: $3"
	runs "$1" | jq -c '.twin |= with_entries(select(.value | type == "number"))'
	return 1
}

# boot_twins VARIANT CPUS OPS MANY - a boot with every script.
boot_twins() {
	GUEST_FLAGS=--tools GUEST_OPTIONS="--machine tcg --cpus $2" boot "$1" \
		"twin purges vmap 4 $2 $4" \
		"twin flush-ipis vmap 4 $2 $4" \
		"twin lock-waits vmap 4 $2 $3" \
		"twin lock-waits ram 4 $2 $3" \
		"twin map-latency ram 4 $2 $3" \
		"twin map-latency vmap 4 $2 $3" \
		"twin who-maps ram 4 $2 $3"
}

# twins VARIANT CPUS OPS MANY - every script beside vmapstat, a thread on each CPU, and
# operations enough for purges where they are counted.
twins() {
	boot_twins "$@"
	# In real time an interrupt can come in the middle of a BPF program, whose own is
	# then not run. That is said, and the figures are not for comparing.
	! grep -q 'events were lost' "$log" || boot_twins "$@"
	has 0 '.type == "error"'
	has 0 '.type == "counts" and .lost > 0'
	has 7 '.type == "twin" and .rc == 0'
	agree purges 1 '.twin["@purges"] == .counts.purges'
	agree flush-ipis 1 '.twin["@flushes"] == .counts.flushes and
		.twin["@runs"] == .counts.flush_runs and .twin["@ipis"] == .counts.ipis'
	# The region opens and closes for one of them a moment before it does for the
	# other: a wait of somebody else than the measured threads can lie between,
	# one at each end. For the locks of the layer see by_lock.
	agree lock-waits 2 '(.twin["@spin"] + .twin["@write"] + .twin["@read"] -
		([.counts.locks[].waits] | add)) | fabs <= 2'
	agree lock-waits 2 '((.twin["@waits"] // {} | add // 0) -
		(.twin["@spin"] + .twin["@write"] + .twin["@read"])) == 0'
	for kind in spin write read; do
		agree lock-waits 2 "(.twin[\"@$kind\"] -
			([.counts.locks[] | select(.kind == \"$kind\").waits] | add // 0)) | fabs <= 2"
	done
	agree map-latency 1 '.sample.workload == "ram" and
		.twin["@vm_map_ram"] == .sample.ops_done and .twin["@vm_unmap_ram"] == .sample.ops_done'
	agree map-latency 1 '.sample.workload == "vmap" and
		.twin["@vmap"] == .sample.ops_done and .twin["@vunmap"] == .sample.ops_done'
	agree map-latency 2 '(.sample.workload == "ram" and
		([.twin["@vm_map_ram_ns"][].count] | add) == .sample.ops_done) or
		(.sample.workload == "vmap" and ([.twin["@vunmap_ns"][].count] | add) == .sample.ops_done)'
	agree who-maps 1 '.twin["@vm_map_ram"] == .sample.ops_done'
}

# by_lock SYMBOL - waits of all CPUs for that lock, for each run of lock-waits.bt.
by_lock() {
	local addr

	addr=$(awk -v s="$1" '$3 == s { print $1 }' "$(kernel_dir "$2")/System.map")
	runs lock-waits | jq --arg a "0x$addr," \
		'[.twin["@waits"] // {} | to_entries[] | select(.key | startswith($a)).value] | add // 0'
}

# known SYMBOL - the same by vmapstat.
known() {
	runs lock-waits | jq --arg n "$1" '[.counts.locks[] | select(.name == $n).waits] | add'
}

@test "vmlist: every script agrees with vmapstat" {
	# In real time a flush of more CPUs than the host has takes milliseconds.
	twins vmlist 2 200 200
	# And counts what is known: a flush for each unmap, by every CPU.
	agree purges 1 '.twin["@purges"] == 0 and .twin["@areas"] == 0'
	agree flush-ipis 1 '.twin["@flushes"] >= .sample.ops_done and .twin["@runs"] == 2 * .twin["@flushes"]'
	agree lock-waits 2 '.twin["@write"] > 20'
	[ "$(by_lock vmlist_lock vmlist)" = "$(known vmlist_lock)" ]
}

@test "rewrite: every script agrees with vmapstat" {
	# More CPUs than the host has wait for one another, and purge later.
	twins rewrite 2 1000 4000
	agree purges 1 '.twin["@purges"] > 0 and .twin["@areas"] >= .sample.ops_done'
	agree flush-ipis 1 '.twin["@flushes"] > 0'
	[ "$(by_lock vmap_area_lock rewrite)" = "$(known vmap_area_lock)" ]
}

@test "mainline: every script agrees with vmapstat" {
	twins mainline 4 3000 24000
	agree purges 1 '.twin["@purges"] > 0 and .twin["@areas"] >= .sample.ops_done'
	agree flush-ipis 1 '.twin["@flushes"] > 0'
	agree lock-waits 1 '.sample.workload == "vmap" and .twin["@spin"] > 0'
	[ "$(by_lock vmap_area_lock mainline)" = "$(known vmap_area_lock)" ]
}

@test "the image that measures has none of the tools in it" {
	"$TOP/scripts/run/guest-run.sh" mainline "$OUT/plain" --machine tcg </dev/null 2>"$OUT/plain.err"
	zcat "$VB_BUILD/guest/mainline-tests.cpio.gz" | cpio -it --quiet >"$OUT/plain.list"
	run grep -E 'bpftrace|perf$|\.bt$|\.so|do-(shell|command|twin|perf)' "$OUT/plain.list"
	[ "$status" -eq 1 ]
	# What the tools bring comes after it, and changes nothing before.
	cmp -n "$(stat -c %s "$VB_BUILD/guest/mainline-tests.cpio.gz")" \
		"$VB_BUILD/guest/mainline-tests.cpio.gz" "$VB_BUILD/guest/mainline-tests-tools.img"
}
