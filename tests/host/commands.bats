#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# commands.bats - the options of the commands that boot guests, and of the scripts under
# them. Nothing is built or booted.

load ../lib/common

setup() {
	cd -- "$BATS_TEST_TMPDIR" || return
	export VB_RESULTS=$PWD/results
}

@test "options of shell: exit 2, the option and the reason, nothing is built" {
	export VB_BUILD=$BATS_TEST_TMPDIR/build VMAPBENCH_CACHE=$BATS_TEST_TMPDIR/cache
	while IFS='|' read -r words text; do
		# shellcheck disable=SC2086
		run "$TOP/scripts/vmapbench" shell $words </dev/null
		echo "$words: $status: $output"
		[ "$status" -eq 2 ]
		[[ "$output" == *"$text"* ]]
		[ "${#lines[@]}" -eq 1 ]
		[ ! -e "$VB_BUILD" ] && [ ! -e "$VMAPBENCH_CACHE" ]
	done <<-'END'
		linux|no variant 'linux'; there are:
		vmlist rewrite|one variant at a time
		--frob|unknown option: --frob
		--cpus|--cpus needs a value
		--cpus 0|--cpus: 0 is not a whole number from 1 to 128
		--mem 256|--mem: 256 is not a whole number from 768 to 65536
		--machine pdp11|--machine: no machine pdp11; there are: kvm sim tcg, or auto
		--topology 2x2|--topology: 2x2 is not SOCKETSxL3SxCORES
		--topology 2x1x2 --cpus 5|2x1x2 has 4 CPUs, 5 are asked for
		--|no command after --
		vmlist|stdin is not a terminal: give a command after --
	END
	run "$TOP/scripts/vmapbench" shell --dry-run vmlist --cpus 8 -- echo "a b"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "variant vmlist on machine tcg, 8 CPUs, 1024 MB" ]
	[ "${lines[1]}" = "command: 'echo' 'a b'" ]
	run "$TOP/scripts/vmapbench" shell --dry-run --topology 2x2x3 -- true
	[ "${lines[0]}" = "variant mainline on machine tcg, 12 CPUs (2x2x3), 1024 MB" ]
	[ ! -e "$VB_BUILD" ] && [ ! -e "$VMAPBENCH_CACHE" ]
	run "$TOP/scripts/vmapbench" shell --help
	[ "$status" -eq 0 ]
	[[ "$output" == *"usage: vmapbench shell"*"125 when the guest failed"* ]]
}

@test "options of perf: exit 2, the option and the reason, nothing is built" {
	export VB_BUILD=$BATS_TEST_TMPDIR/build VMAPBENCH_CACHE=$BATS_TEST_TMPDIR/cache
	while IFS='|' read -r words text; do
		# shellcheck disable=SC2086
		run "$TOP/scripts/vmapbench" perf $words
		echo "$words: $status: $output"
		[ "$status" -eq 2 ]
		[[ "$output" == *"$text"* ]]
		[ ! -e "$VB_BUILD" ] && [ ! -e "$VMAPBENCH_CACHE" ]
	done <<-'END'
		--ops 10|--variant is missing; there are: vmlist
		--variant linux|no variant 'linux'
		--variant vmlist --frob|unknown argument: --frob
		--variant vmlist --freq 0|--freq: 0 is not a whole number from 1 to 10000
		--variant vmlist --machine pdp11|--machine: no machine pdp11
		--variant vmlist --id ../x|--id: ../x is not a plain name
	END
	run "$TOP/scripts/vmapbench" perf --dry-run --variant vmlist --ops 10
	[ "$status" -eq 0 ]
	[[ "$output" == *"perf ram 4 4 10 999"* ]]
	[ ! -e "$VB_RESULTS/perf" ]
}

@test "options of selftest" {
	run "$TOP/scripts/vmapbench" selftest --dry-run --cpus 1
	[ "$status" -eq 0 ]
	[[ $output == *"point selftest st-purge 4 1 101 2"* ]]
	[[ $output != *st-fight* && $output != *st-nest* ]]
	for args in "--variants nothing" "--cpus 0" --cpus "--machine x" --frob; do
		# shellcheck disable=SC2086
		run "$TOP/scripts/vmapbench" selftest $args
		[ "$status" -eq 2 ]
	done
}

@test "what a 32-bit guest cannot have is refused by name" {
	run "$TOP/scripts/vmapbench" bench --dry-run --variants rewrite-i386 --threads 2
	[ "$status" -eq 2 ]
	[[ $output == *"a 32-bit kernel has one CPU on sim, not 2"* ]]
	run "$TOP/scripts/vmapbench" bench --dry-run --variants rewrite-i386 --threads 1 --stacks default
	[ "$status" -eq 2 ]
	[[ $output == *"no stacks are taken of a 32-bit kernel"* ]]
	run "$TOP/scripts/vmapbench" bench --dry-run --variants rewrite-i386 --workload fill --threads "1 2"
	[ "$status" -eq 2 ]
}

@test "unknown variants and options are usage errors" {
	run "$TOP/scripts/kernel/build-kernel.sh" nosuch
	[ "$status" -eq 2 ]
	[[ $output == *"no variant 'nosuch'; there are: $(variant_names | paste -sd' ')"* ]]
	run "$TOP/scripts/kernel/build-kernel.sh" --nosuch
	[ "$status" -eq 2 ]
	run "$TOP/scripts/kernel/fetch-source.sh" linux-1.0
	[ "$status" -eq 2 ]
}

@test "run-guest.sh refuses a plan that is too long" {
	mkdir kernel
	touch kernel/bzImage initrd
	seq -f '# %g' 4000 >plan
	run "$TOP/scripts/run/run-guest.sh" --kernel kernel --initrd initrd --plan plan --cpus 2 --mem 512 --out run
	[ "$status" -eq 2 ]
	[[ "$output" == *"plan is longer than 16384 bytes"* ]]
}
