#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# campaign.bats - small campaigns on every variant: what must hold of their
# summary, that what is computed again agrees to the byte, and what interrupts them.

load ../lib/common
load ../lib/schema

OPTIONS=(--threads "1 8" --workload "ram vmap" --ops 3000)
# Computed each time, to be compared with the store's: so it is small.
SMALL=(--variants "vmlist rewrite" --threads "1 4" --workload ram --ops 1000)

setup_file() {
	export VB_RESULTS=$VB_BUILD/test/results
	rm -rf "$VB_RESULTS"
}

# Nothing that keeps the host busy outlives its test.
teardown() {
	[ -z "${busy:-}" ] || kill "${busy[@]}" 2>/dev/null || true
}

bench() {
	"$TOP/scripts/vmapbench" bench "${OPTIONS[@]}" "$@"
}

# value VARIANT WORKLOAD THREADS METRIC - the median in the first campaign.
value() {
	awk -F'\t' -v v="$1" -v w="$2" -v t="$3" -v m="$4" '
	NR == 1 { for (i = 1; i <= NF; i++) col[$i] = i; next }
	$col["variant"] == v && $col["workload"] == w && $col["threads"] == t &&
		$col["metric"] == m { print $col["median"]; n++ }
	END { exit n != 1 }' "$VB_RESULTS/first/summary.tsv"
}

# holds EXPRESSION - arithmetic on values, by awk.
holds() {
	awk "BEGIN { exit !($1) }" || { echo "does not hold: $1"; return 1; }
}

@test "a campaign of all variants ends with tables and figures" {
	run bench --id first
	echo "$output"
	[ "$status" -eq 0 ]
	[ -s "$VB_RESULTS/first/report.txt" ]
	fits campaign "$VB_RESULTS/first/campaign.json"
	fits events "$VB_RESULTS"/first/*/run-1/events.jsonl
	for figure in time ipis purges lock-waits insn attribution; do
		[ -s "$VB_RESULTS/first/plots/$figure.svg" ]
		[ -s "$VB_RESULTS/first/plots/$figure.png" ]
	done
	# Each counts record says which point it is of; that it is this one, the report checks.
	jq -es '[.[] | select(.type == "counts")] | length > 0 and all(.point | type == "string")' \
		"$VB_RESULTS"/first/*/run-1/events.jsonl
	[ "$(awk 'length > 76' "$VB_RESULTS/first/report.txt" | wc -l)" -eq 0 ]
	[ "$(head -n 1 "$VB_RESULTS/first/summary.tsv")" = \
		"$(printf 'variant\tmachine\tworkload\tpages\tcpus\tthreads\tmetric\tunit\tn\tmedian\tlo\thi')" ]
}

@test "the parts of every point are its time, and no symbol is missed that matters" {
	# That they add up is checked by the report itself.
	points=$(awk -F '\t' '$7 == "ns_per_op"' "$VB_RESULTS/first/summary.tsv" | wc -l)
	[ "$points" -gt 0 ]
	[ "$(awk -F '\t' '$5 == "rest"' "$VB_RESULTS/first/attribution.tsv" | wc -l)" -eq "$points" ]
	[ "$(grep -c PROBLEMS "$VB_RESULTS/first/report.txt")" -eq 0 ]
	# Flushing is what the old layer does with one thread, and waiting with many.
	awk -F '\t' '$1 == "vmlist" { part[$4, $5] += $6; all[$4] += $6 }
	END {
		for (t in all)
			if (part[t, "rest"] > 0.25 * all[t]) exit 1
		exit !(part[1, "flush and IPIs"] > 0.5 * all[1] && part[8, "lock wait"] > 0.5 * all[8])
	}' "$VB_RESULTS/first/attribution.tsv"
	awk -F '\t' '$1 != "vmlist" && $5 == "flush and IPIs" && $6 > 50 { exit 1 }' \
		"$VB_RESULTS/first/attribution.tsv"
}

@test "vmlist: one flush per unmap, IPIs to all other CPUs, a lock that is waited for" {
	for w in ram vmap; do
		for t in 1 8; do
			[ "$(value vmlist $w $t flushes_per_kop)" = 1000 ]
			[ "$(value vmlist $w $t ipis_per_kop)" = 7000 ]
			[ "$(value vmlist $w $t purges_per_kop)" = 0 ]
		done
		holds "$(value vmlist $w 8 lock_waits_per_kop) > 500"
		# One at a time, and each with a flush: it gets slower with each CPU.
		holds "$(value vmlist $w 8 ns_per_op) > 4 * $(value vmlist $w 1 ns_per_op)"
	done
}

@test "rewrite: at 8 threads at least 100 times fewer flushes, and no waiting" {
	for w in ram vmap; do
		holds "$(value rewrite $w 8 flushes_per_kop) * 100 <= $(value vmlist $w 8 flushes_per_kop)"
	done
	holds "$(value rewrite ram 8 lock_waits_per_kop) * 20 <= $(value vmlist ram 8 lock_waits_per_kop)"
	# Flat: the blocks belong to the CPUs.
	holds "$(value rewrite ram 8 ns_per_op) < 1.15 * $(value rewrite ram 1 ns_per_op)"
	holds "$(value rewrite ram 8 insn_per_op) < 1.15 * $(value rewrite ram 1 insn_per_op)"
}

@test "every purge is a flush" {
	for v in rewrite mainline; do
		holds "$(value $v vmap 8 flushes_per_kop) == $(value $v vmap 8 purges_per_kop)"
	done
}

@test "interrupted, gone on with, and complete" {
	run "$TOP/scripts/vmapbench" bench "${SMALL[@]}" --id small
	echo "$output"
	[ "$status" -eq 0 ]
	# The same once more: its runs, not what proves the counters.
	dir=$VB_RESULTS/small
	cp -r "$dir" "$VB_RESULTS/whole"
	rm -r "$dir"/{vmlist,rewrite}/run-1 "$dir"/{seal,summary.tsv,report.txt,attribution.tsv,plots}
	one_job "$BATS_TEST_TMPDIR/nproc"
	# Not through a function: a signal would end the shell around it only. Computed, so that
	# it takes its time.
	VB_STORE=off PATH=$BATS_TEST_TMPDIR/nproc:$PATH "$TOP/scripts/vmapbench" bench "${SMALL[@]}" --id small \
		>"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
	pid=$!
	for ((i = 0; i < 3000; i++)); do
		[ -s "$dir/vmlist/run-1/events.jsonl" ] && break
		sleep 0.1
	done
	# In the middle of the second run.
	sleep 3
	kill -TERM "$pid"
	rc=0
	wait "$pid" || rc=$?
	cat "$BATS_TEST_TMPDIR/log"
	[ "$rc" -eq 143 ]
	[ ! -e "$dir/summary.tsv" ]
	[ ! -e "$dir/rewrite/run-1/events.jsonl" ]
	before=$(stat -c %Y "$dir/vmlist/run-1/events.jsonl")
	run "$TOP/scripts/vmapbench" bench "${SMALL[@]}" --id small
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(stat -c %Y "$dir/vmlist/run-1/events.jsonl")" = "$before" ]
	[ -s "$dir/summary.tsv" ]
}

@test "the same campaign, not interrupted: identical values" {
	cmp "$VB_RESULTS/whole/summary.tsv" "$VB_RESULTS/small/summary.tsv"
	for v in vmlist rewrite; do
		for file in events.jsonl clock.jsonl profile.jsonl; do
			cmp "$VB_RESULTS/whole/$v/run-1/$file" "$VB_RESULTS/small/$v/run-1/$file"
		done
	done
}

# Another boot, so another snapshot, too: only kernels, sources and QEMU are
# shared.
@test "the same values for another user, in another directory, on a busy host" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to become another user"
	other=$BATS_TEST_TMPDIR/other
	mkdir -p "$other/cache"
	git -C "$TOP" ls-files -z | tar -C "$TOP" --null -T - -cf - | tar -C "$other" -xf -
	for part in src kernels ccache qemu; do
		[ ! -e "$VB_CACHE/$part" ] || ln -s "$VB_CACHE/$part" "$other/cache/"
	done
	chown -R 65534:65534 "$other"
	# QEMU asks whether the user may read its firmware, not whether a
	# capability lets it.
	chmod a+x "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR"
	(while :; do :; done) 3>&- &
	busy+=($!)
	# The capability is for a cache below somebody's home.
	run env -u VB_BUILD -u VB_RESULTS VMAPBENCH_CACHE="$other/cache" HOME="$other" USER=nobody \
		setpriv --reuid 65534 --regid 65534 --clear-groups \
		--inh-caps +dac_override --ambient-caps +dac_override \
		"$other/scripts/vmapbench" bench "${SMALL[@]}" --variants rewrite --id other
	kill "${busy[@]}"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(stat -c %u "$other/results/other/summary.tsv")" -eq 65534 ]
	[[ "$output" == *"once for a snapshot"* ]]
	cmp <(grep ^rewrite "$VB_RESULTS/small/summary.tsv") \
		<(grep ^rewrite "$other/results/other/summary.tsv")
	for file in events.jsonl clock.jsonl profile.jsonl; do
		cmp "$VB_RESULTS/small/rewrite/run-1/$file" "$other/results/other/rewrite/run-1/$file"
	done
}

@test "the same values from a host that schedules QEMU as badly as it can" {
	run=$VB_RESULTS/small/rewrite/run-1
	gcc -std=gnu11 -O2 -Wall -Wextra -Werror -fPIC -shared \
		-o "$BATS_TEST_TMPDIR/rushed-loop.so" "$TOP/tests/lib/rushed-loop.c"
	cp "$run"/{plan,costs.tsv} "$BATS_TEST_TMPDIR/"
	sed "s#^\(\tLD_PRELOAD=.*idle-gate.so\)#\1:$BATS_TEST_TMPDIR/rushed-loop.so#" \
		"$run/qemu-cmd" >"$BATS_TEST_TMPDIR/qemu-cmd"
	run timeout 300 sh "$BATS_TEST_TMPDIR/qemu-cmd" "$BATS_TEST_TMPDIR/out"
	echo "$output"
	[ "$status" -eq 0 ]
	# It did interfere.
	[[ $output =~ rushed-loop:\ ([0-9]+)\ times ]]
	[ "${BASH_REMATCH[1]}" -ge 100 ]
	cmp "$run/events.jsonl" "$BATS_TEST_TMPDIR/out/events.jsonl.part"
	cmp "$run/clock.jsonl" "$BATS_TEST_TMPDIR/out/clock.jsonl"
}

@test "a report made again is the same, byte for byte" {
	cp -r "$VB_RESULTS/first" "$BATS_TEST_TMPDIR/before"
	rm -rf "$VB_RESULTS/first"/{summary.tsv,report.txt,plots}
	"$TOP/scripts/vmapbench" report --id first
	diff -r "$BATS_TEST_TMPDIR/before" "$VB_RESULTS/first"
}

@test "the same id for something else is refused" {
	run bench --id first --pages 8
	[ "$status" -eq 2 ]
	[[ $output == *"pages is 4 there, 8 here"* ]]
}

@test "a full disk under the results: one line, exit 2" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to mount a small tmpfs"
	mkdir -p "$BATS_TEST_TMPDIR/small"
	mount -t tmpfs -o size=16k none "$BATS_TEST_TMPDIR/small" || skip "cannot mount"
	VB_RESULTS=$BATS_TEST_TMPDIR/small run bench --variants mainline --id full
	umount "$BATS_TEST_TMPDIR/small"
	echo "$output"
	[ "$status" -eq 2 ]
	[ "$(grep -c error: <<<"$output")" -eq 1 ]
	[[ $output == *"space"* ]]
}
