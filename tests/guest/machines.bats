#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# machines.bats - guests in real time: small campaigns on tcg, what interrupts them,
# a guest that panics, and a KVM that is there, or is not. For KVM QEMU is a stub that
# emulates, so that hosts without it see the same.

bats_require_minimum_version 1.5.0

load ../lib/common

setup_file()
{
	local qemu

	qemu=$("$TOP/scripts/setup/qemu-path.sh") || return
	export VB_RESULTS=$VB_BUILD/test/machines
	export STUB=$BATS_FILE_TMPDIR
	rm -rf "$VB_RESULTS"
	# Guests are started with an empty environment: all paths are in the stub.
	# kvm: boots, or what happens instead; panic: the directory of a run and how often.
	cat >"$STUB/qemu" <<-SCRIPT
		#!/bin/bash
		words=("\$@")
		if [[ " \$* " == *" -accel kvm "* ]]; then
			how=\$(cat $STUB/kvm)
			case \$how in
			boots) ;;
			hangs) exec sleep 600 ;;
			*) echo "qemu-system-x86_64: \$how" >&2; exit 1 ;;
			esac
			words=("\${words[@]/#kvm/tcg,thread=multi}")
			words=("\${words[@]/#host,*/max,-hypervisor,-monitor}")
		fi
		read -r directory times 2>/dev/null <$STUB/panic
		if [[ \${PWD##*/} == "\$directory" && \$times -gt 0 ]]; then
			echo "\$directory \$((times - 1))" >$STUB/panic
			words=("\${words[@]/rdinit=\/init/rdinit=/gone}")
		fi
		exec $qemu "\${words[@]}"
	SCRIPT
	chmod +x "$STUB/qemu"
	export VB_QEMU=$STUB/qemu
}

setup()
{
	echo hangs >"$STUB/kvm"
	rm -f "$STUB/panic"
	POINTS=(--workload ram --threads 1 --ops 500)
	GATE=("$TOP/scripts/vmapbench" compare --machine tcg --max-boots 3 --id gate
		--out "$VB_RESULTS/out" "${POINTS[@]}" rewrite vmlist)
	noise=$VB_RESULTS/gate-noise/rewrite
}

bench()
{
	run "$TOP/scripts/vmapbench" bench --variants rewrite "${POINTS[@]}" "$@"
	echo "$output"
}

# tries FILE - until it is there; two boots of a host that has a lot else to do.
tries()
{
	local i

	for ((i = 0; i < 3000; i++)); do
		[ ! -s "$1" ] || return 0
		sleep 0.1
	done
	return 1
}

@test "a test guest boots by emulation, and a KVM that does not boot one is found out" {
	run "$TOP/scripts/run/smoke-boot.sh" tcg
	[ "$status" -eq 0 ] && [ -z "$output" ]
	run "$TOP/scripts/run/smoke-boot.sh" --limit 1 kvm
	[ "$status" -eq 1 ]
	[[ $output == "there is no /dev/kvm" || $output == "a test guest did not boot within 1 s" ]]
	echo "failed to initialize kvm" >"$STUB/kvm"
	run "$TOP/scripts/run/smoke-boot.sh" kvm
	[ "$status" -eq 1 ]
	[[ $output == "there is no /dev/kvm" || $output == "a test guest did not boot: failed to initialize kvm" ]]
	run "$TOP/scripts/run/smoke-boot.sh" xen
	[ "$status" -eq 2 ]
}

@test "kvm is refused without one, and auto is tcg then" {
	echo "failed to initialize kvm" >"$STUB/kvm"
	bench --machine kvm
	[ "$status" -eq 2 ]
	[[ $output == "bench: error: --machine kvm: "* ]]
	[ "${#lines[@]}" -eq 1 ]
	bench --machine auto --dry-run
	[ "$status" -eq 0 ]
	[[ $output == *"bench: not kvm: "* && $output == *"machine tcg, 1 CPUs, "* ]]
}

@test "a campaign on kvm: the accelerator and the host are named, and what only sim has is not there" {
	[ -e /dev/kvm ] || skip "no /dev/kvm, which is looked for before QEMU is"
	echo boots >"$STUB/kvm"
	# One CPU of the host for two of the guest.
	run taskset -c 0 "$TOP/scripts/vmapbench" bench --variants rewrite "${POINTS[@]}" --machine auto \
		--cpus 2 --id kvm
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"bench: machine kvm"* ]]
	[[ $output == *"warning: 2 CPUs of the guest on 1 of the host"* ]]
	[[ $output == *"rewrite: selftest: "*" counts are exact"* ]]
	jq -e '.machine == "kvm" and .costs == "none" and .fingerprint.accelerator == "kvm" and
		.fingerprint.host.cpus == 1 and (.fingerprint.host.cpu | length > 0)' "$VB_RESULTS/kvm/campaign.json"
	[ "$(awk -F '\t' 'NR > 1 { print $2 }' "$VB_RESULTS/kvm/summary.tsv" | sort -u)" = kvm ]
	[ "$(grep -cE 'insn_per_op|spin_ns|halt_ns|cost_ns' "$VB_RESULTS/kvm/summary.tsv")" -eq 0 ]
	[ -s "$VB_RESULTS/kvm/plots/time.svg" ] && [ ! -e "$VB_RESULTS/kvm/plots/insn.svg" ]
	grep -q 'machine kvm, 2 CPUs' "$VB_RESULTS/kvm/plots/time.svg"
	tr -s ' \n' ' ' <"$VB_RESULTS/kvm/report.txt" | grep 'the guest had 2 CPUs and the host 1: times'
	grep -q '^Workload ram, 4 pages\|machine kvm, 2 CPUs' "$VB_RESULTS/kvm/report.txt"
}

@test "Ctrl-C in the middle of the boots: those that are finished are kept" {
	# As a terminal does it: to all of the processes, and none of them ignores it.
	env --default-signal=INT setsid "${GATE[@]}" >"$STUB/log" 2>&1 3>&- &
	pid=$!
	tries "$noise/run-2/events.jsonl"
	sleep 1
	kill -INT -- "-$pid"
	rc=0
	wait "$pid" || rc=$?
	cat "$STUB/log"
	[ "$rc" -eq 130 ]
	grep -q 'interrupted: finished boots are kept' "$STUB/log"
	[ -s "$noise/run-1/events.jsonl" ] && [ ! -e "$noise/run-3/events.jsonl" ]
	[ ! -e "$VB_RESULTS/gate-noise/seal" ]
	# The last of its processes may need a moment.
	for ((i = 0; i < 100; i++)); do
		pgrep -f "$VB_RESULTS/gate-noise" >/dev/null || break
		sleep 0.1
	done
	[ "$i" -lt 100 ]
}

@test "gone on with, a guest that panics once on the way, and a regression blamed on flushes" {
	before=$(stat -c %Y "$noise/run-1/events.jsonl")
	echo "run-3 1" >"$STUB/panic"
	run "${GATE[@]}"
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(stat -c %Y "$noise/run-1/events.jsonl")" = "$before" ]
	[[ $output == *"the guest failed: panic: "* && $output == *"rewrite run-3 failed; booting it once more"* ]]
	grep -aq 'Kernel panic' "$noise/run-3/first-failure.log"
	grep -q 'run-3: the guest failed and was booted once more' "$VB_RESULTS/gate-noise/report.txt"
	[[ $output == *"Noise of 4 boots of rewrite, machine tcg"* ]]
	[[ $output =~ up\ to\ 6\ boots\ of\ about\ [1-9][0-9]*\ s ]]
	[[ $output == *"REGRESSION: flushes_per_kop at 1 of 1 point"* ]]
	jq -e '.blamed == "flushes_per_kop" and .before.machine == "tcg" and .before.accelerator == "tcg,thread=multi" and
		.plan == { first: 3, step: 2, most: 3, look: 1, looks: 1, alpha_of_all: 0.05 }' "$VB_RESULTS/out/compare.json"
	grep -q '^flushes_per_kop, 1/kop, on tcg; allowed: ' "$VB_RESULTS/out/report.txt"
}

@test "a campaign grows; a guest that panics twice is named, and the next command goes on" {
	before=$(stat -c %Y "$noise/run-4/events.jsonl")
	echo "run-5 2" >"$STUB/panic"
	bench --machine tcg --id gate-noise --boots 5
	[ "$status" -eq 1 ]
	[[ $output == *"rewrite run-5 failed again"* && $output == *"4 of 5 runs are kept"* ]]
	run "$TOP/scripts/vmapbench" compare --out "$VB_RESULTS/refused" gate-noise gate:rewrite
	[ "$status" -eq 2 ]
	[[ $output == *"has no seal: the campaign is unfinished"* ]]
	bench --machine tcg --id gate-noise --boots 5
	[ "$status" -eq 0 ]
	[ "$(stat -c %Y "$noise/run-4/events.jsonl")" = "$before" ]
	"$TOP/scripts/seal.sh" --check "$VB_RESULTS/gate-noise"
	grep -q 'run-5/events.jsonl' "$VB_RESULTS/gate-noise/seal"
	[ "$(awk -F '\t' '$7 == "ns_per_op" { print $9 }' "$VB_RESULTS/gate-noise/summary.tsv")" = 5 ]
}
