#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# options.bats - what a user may type wrong: exit 2, the option, the reason.

load ../lib/common

setup() {
	# Nothing here may get as far as building or writing.
	export VB_BUILD=$BATS_TEST_TMPDIR/build VB_RESULTS=$BATS_TEST_TMPDIR/results
	export VMAPBENCH_CACHE=$BATS_TEST_TMPDIR/cache
}

# refuses TEXT ARGS... - of vmapbench bench.
refuses() {
	local text=$1
	shift
	run "$TOP/scripts/vmapbench" bench "$@"
	echo "bench $*: $status: $output"
	[ "$status" -eq 2 ]
	[[ "$output" == *"$text"* ]]
	[ "${#lines[@]}" -eq 1 ]
	[ ! -e "$VMAPBENCH_CACHE" ] && [ ! -e "$VB_BUILD" ] && [ ! -e "$VB_RESULTS" ]
}

@test "bench names the option that is wrong, before anything is built" {
	refuses "unknown argument: --frob" --frob
	refuses "--ops needs a value" --ops
	refuses "--variants: no variant linux; there are: " --variants linux
	refuses "--variants: vmlist is named twice" --variants vmlist,vmlist
	refuses "--machine: host is not implemented yet" --machine host
	refuses "--machine: no machine pdp11; there are: kvm sim tcg, or auto" --machine pdp11
	refuses "--costs: only the machine sim has a table of costs, not tcg" --machine tcg --costs "$TOP/sim/costs.tsv"
	refuses "--stacks on tcg: 1000 is not a whole number from 100000 to 100000000" --machine tcg --stacks 1000
	refuses "--threads: 0 is not a whole number" --threads "0 1"
	refuses "--threads: -1 is not a whole number" --threads -1
	refuses "--threads: 16 threads need as many CPUs, --cpus is 8" --threads 16 --cpus 8
	refuses "--threads: the list is empty" --threads " "
	refuses "--cpus: 129 is not a whole number from 1 to 128" --cpus 129
	refuses "--possible-cpus: 129 is not a whole number from 1 to 128" --possible-cpus 129
	refuses "--possible-cpus: 4 are fewer than the 8 that the guest has" --possible-cpus 4
	refuses "--json: only with --dry-run" --json
	refuses "--workload: no workload zap; there are: " --workload zap
	refuses "--pages: 1025 is not a whole number from 1 to 1024" --pages 1025
	refuses "--ops: 1e6 is not a whole number" --ops 1e6
	refuses "--ops: 08 is not a whole number" --ops 08
	refuses "--boots: 0 is not a whole number" --boots 0
	refuses "--costs: cannot read /nonexistent" --costs /nonexistent
	refuses "--id: ../x is not a plain name" --id ../x
}

@test "bench refuses a table of costs with the line that is wrong" {
	table=$BATS_TEST_TMPDIR/costs.tsv
	for edit in 's/^\(line_transfer\t\)[0-9]*/\1-1/' 's/^\(line_transfer\t\)[0-9]*/\11e3/' \
		's/^\(line_transfer\t\)[0-9]*/\11000001/'; do
		sed "$edit" "$TOP/sim/costs.tsv" >"$table"
		refuses "line_transfer is not a whole number from 0 to 1000000" --costs "$table"
	done
	grep -v ^line_transfer "$TOP/sim/costs.tsv" >"$table"
	refuses "line_transfer is missing" --costs "$table"
	for value in 0 1.2345 101 x; do
		sed "s/^insn_ns.*/insn_ns\t$value/" "$TOP/sim/costs.tsv" >"$table"
		refuses "insn_ns is not a number from 0.01 to 100" --costs "$table"
	done
	sed 's/^insn_ns.*/insn_ns\t0.35/' "$TOP/sim/costs.tsv" >"$table"
	run "$TOP/scripts/vmapbench" bench --dry-run --json --costs "$table"
	jq -e '.costs.insn_ns == 0.35' <<<"$output"
	printf 'cache_miss\t7\n' | cat "$TOP/sim/costs.tsv" - >"$table"
	refuses "there is no cost cache_miss" --costs "$table"
	sed 's/^\(line_transfer\t\)[0-9]*/\10/' "$TOP/sim/costs.tsv" >"$table"
	run "$TOP/scripts/vmapbench" bench --dry-run --costs "$table"
	[ "$status" -eq 0 ]
	run "$TOP/scripts/vmapbench" bench --dry-run --costs none
	[ "$status" -eq 0 ]
	# With caches all rows are needed, without only those that are charged then.
	run "$TOP/scripts/vmapbench" bench --dry-run --json
	jq -e '.costs | .coherence == 1 and .cache_ways == 16 and .cores_per_l3 == 32' <<<"$output"
	grep -v '^cache_ways' "$TOP/sim/costs.tsv" >"$table"
	refuses "cache_ways is missing" --costs "$table"
	run "$TOP/scripts/vmapbench" bench --dry-run --costs "$table" --coherence off
	[ "$status" -eq 0 ]
	refuses "cache_ways is missing" --costs "$table" --coherence on
}

# as_costs_c ROW VALUE - what the simulator says of a table with that row.
as_costs_c() {
	sed "s/^$1\t[^\t]*/$1\t$2/" "$TOP/sim/costs.tsv" >"$BATS_TEST_TMPDIR/table"
}

@test "bench and the simulator have the same ranges" {
	grep -oP '^\tROW\(\K[^)]*' "$TOP/sim/costs.c" |
		sed "s/COST_MAX/1000000/; s/CACHE_KIB_MAX/4096/; s/,//g" >"$BATS_TEST_TMPDIR/rows"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/rows")" -eq "$(($(grep -c '^[a-z]' "$TOP/sim/costs.tsv") - 1))" ]
	while read -r row min max; do
		((min == 0)) || { as_costs_c "$row" $((min - 1)); refuses "$row is not a whole number from $min to $max" --costs "$BATS_TEST_TMPDIR/table"; }
		for value in $((max + 1)) 0"$max" "" " $max" 1e1; do
			as_costs_c "$row" "$value"
			refuses "$row is not a whole number from $min to $max" --costs "$BATS_TEST_TMPDIR/table"
		done
	done <"$BATS_TEST_TMPDIR/rows"
	as_costs_c cache_kib 768
	refuses "has to be a power of 2" --costs "$BATS_TEST_TMPDIR/table"
}

@test "caches and who shares them, by name" {
	run "$TOP/scripts/vmapbench" bench --dry-run --json --coherence off
	[ "$status" -eq 0 ]
	jq -e '.costs | .coherence == 0 and .ipi_delivery == 600 and .ipi_lines == 400' <<<"$output"
	run "$TOP/scripts/vmapbench" bench --dry-run --json --costs "$TOP/sim/costs.tsv" --topology 2x4x3
	[ "$status" -eq 0 ]
	jq -e '.cpus == 24' <<<"$output"
	jq -e '.costs | .coherence == 1 and .l3s_per_socket == 4 and .cores_per_l3 == 3' <<<"$output"
	# A colon in a name is part of it.
	cp "$TOP/sim/costs.tsv" "$BATS_TEST_TMPDIR/topology=1:x"
	run "$TOP/scripts/vmapbench" bench --dry-run --json --costs "$BATS_TEST_TMPDIR/topology=1:x" --topology 1x2x4
	[ "$status" -eq 0 ]
	jq -e '.costs.l3s_per_socket == 2' <<<"$output"
	# What the table says anyway is no other campaign.
	run "$TOP/scripts/vmapbench" bench --dry-run --coherence on
	[ "${lines[0]}" = "campaign local in $VB_RESULTS/local" ]
	run "$TOP/scripts/vmapbench" compare vmlist rewrite --dry-run --coherence off
	[ "$status" -eq 0 ]
	refuses "is neither on nor off" --coherence maybe
	refuses "several L3 caches in a socket" --topology 1x2x4
	refuses "is not SOCKETSxL3SxCORES" --topology 2x2
	refuses "is not SOCKETSxL3SxCORES" --topology 2x0x4
	refuses "more than 64 L3 caches" --topology 9x9x4
	refuses "1x1x4 has 4 CPUs, 8 are asked for" --topology 1x1x4 --cpus 8
	refuses "would have the APIC id" --costs "$TOP/sim/costs.tsv" --topology 2x3x40 --cpus 128
	refuses "not with --costs none" --costs none --coherence on
	refuses "without coherence there are no caches" --topology 1x1x8 --coherence off
	refuses "only the machine sim has caches to choose, not tcg" --machine tcg --coherence off
}

@test "bench --dry-run says what would run and writes nothing" {
	run "$TOP/scripts/vmapbench" bench --dry-run --variants "vmlist rewrite" --threads 1,4 --workload ram --ops 100
	[ "$status" -eq 0 ]
	[[ "$output" == *"point bare ram 4 1 100 "* ]]
	[[ "$output" == *"point traced ram 4 4 100 "* ]]
	[[ "$output" == *"4 points a run"* ]]
	[ ! -e "$VMAPBENCH_CACHE" ] && [ ! -e "$VB_BUILD" ] && [ ! -e "$VB_RESULTS" ]
}

@test "other options than the defaults have a campaign of their own" {
	run "$TOP/scripts/vmapbench" bench --dry-run
	[ "${lines[0]}" = "campaign local in $VB_RESULTS/local" ]
	run "$TOP/scripts/vmapbench" bench --dry-run --threads "1 2 4 8" --ops 16000
	[ "${lines[0]}" = "campaign local in $VB_RESULTS/local" ]
	run "$TOP/scripts/vmapbench" bench --dry-run --ops 100
	[[ "${lines[0]}" == "campaign local-"* ]]
	few=${lines[0]}
	# With more boots it is the same one, gone on with.
	run "$TOP/scripts/vmapbench" bench --dry-run --ops 100 --boots 5
	[ "${lines[0]}" = "$few" ]
	run "$TOP/scripts/vmapbench" bench --dry-run --ops 100 --machine tcg
	[[ "${lines[0]}" == "campaign local-"* && "${lines[0]}" != "$few" ]]
	[[ "${lines[1]}" == "machine tcg, "* ]]
}

@test "a campaign with other parameters is not mixed up with this one" {
	mkdir -p "$VB_RESULTS/mine"
	echo '{"v":1,"id":"mine","variants":["vmlist"],"machine":"sim","cpus":2,"threads":[1,2],"workloads":["ram"],"pages":[4],"ops":100,"warmup":50,"boots":1}' \
		>"$VB_RESULTS/mine/campaign.json"
	run "$TOP/scripts/vmapbench" bench --id mine --variants vmlist --threads 1,2 --workload ram --ops 200
	[ "$status" -eq 2 ]
	[[ "$output" == *"ops is 100 there, 200 here"* ]]
	sed -i 's/"boots":1/"boots":4/' "$VB_RESULTS/mine/campaign.json"
	run "$TOP/scripts/vmapbench" bench --id mine --variants vmlist --threads 1,2 --workload ram --ops 100 --boots 3
	[ "$status" -eq 2 ]
	[[ "$output" == *"has other parameters: "*"boots is 4 there, 3 here"* ]]
	echo '{"v":' >"$VB_RESULTS/mine/campaign.json"
	run "$TOP/scripts/vmapbench" bench --id mine
	[ "$status" -eq 2 ]
	[[ "$output" == *"is damaged"* ]]
}

@test "vmapbench and the scripts under it refuse what they do not know" {
	run "$TOP/scripts/vmapbench" frobnicate
	[ "$status" -eq 2 ]
	[[ "$output" == *"unknown command: frobnicate"* ]]
	run "$TOP/scripts/vmapbench" --frob
	[ "$status" -eq 2 ]
	run "$TOP/scripts/vmapbench"
	[ "$status" -eq 2 ]
	for script in run/run-guest.sh image/build-guest.sh setup.sh setup/qemu-path.sh \
		setup/get-qemu.sh setup/get-i386.sh; do
		run "$TOP/scripts/$script" --frob
		[ "$status" -eq 2 ]
		run "$TOP/scripts/$script" --help
		[ "$status" -eq 0 ]
		[[ "$output" == *usage:* ]]
	done
	run "$TOP/scripts/run/run-guest.sh" --kernel /nowhere
	[ "$status" -eq 2 ]
	[[ "$output" == *"--initrd is missing"* ]]
	run "$TOP/scripts/run/run-guest.sh" --kernel /nowhere --initrd x --plan x --mem 512 --out x --cpus many
	[ "$status" -eq 2 ]
	[[ "$output" == *"--cpus: many is not a number"* ]]
}

@test "two runs of the tests in one directory destroy each other: the second is refused" {
	export VB_BUILD=$BATS_TEST_TMPDIR/build
	mkdir -p "$VB_BUILD"
	flock "$VB_BUILD/tests.lock" sleep 60 3>&- &
	until ! flock -n "$VB_BUILD/tests.lock" true; do sleep 0.1; done
	run "$TOP/tests/run.sh" unit
	kill "$!"
	[ "$status" -eq 2 ]
	[ "$output" = "tests: error: other tests are at work in $VB_BUILD" ]
	run "$TOP/tests/run.sh" nonsense
	[ "$status" -eq 2 ]
	[[ $output == *"there is no suite nonsense"* ]]
}
