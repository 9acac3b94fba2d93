#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# selftest.sh - prove the instruments: known events in, exact counts out.
#
# usage: vmapbench selftest [options]
#
#   --variants LIST   kernels to prove them on (default: all of variants.tsv in whose
#                     guests something can count)
#   --machine NAME    how they are run: sim (default), tcg, kvm, or auto
#   --cpus N          CPUs of the guest (default: 8)
#   --twins           have the scripts of bpftrace (bpf/bt/*.bt) count as well, in
#                     guests of their own
#   --dry-run         say what would be run, build and run nothing
#
# The module does a prime number of maps, unmaps, forced flushes, purges and
# fights for a lock (scripts/selftest.tsv); vmapstat has to count exactly these
# and, on sim, so has the simulator. The tables are in
# results/selftest/VARIANT/selftest/selftest.txt. Every campaign begins with the
# same. Exit codes: 0 all counts are exact; 1 one is not, or a guest failed twice;
# 2 usage or environment.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=selftest
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/lib.sh"
# shellcheck source=scripts/kernel/variants.sh
. "$VB_TOP/scripts/kernel/variants.sh"
# shellcheck source=scripts/lib/options.sh
. "$VB_TOP/scripts/lib/options.sh"
# shellcheck source=scripts/run/machines.sh
. "$VB_TOP/scripts/run/machines.sh"
# shellcheck source=scripts/lib/tools.sh
. "$VB_TOP/scripts/lib/tools.sh"
# shellcheck source=scripts/kernel/arch.sh
. "$VB_TOP/scripts/kernel/arch.sh"
# shellcheck source=scripts/image/build.sh
. "$VB_TOP/scripts/image/build.sh"
# shellcheck source=scripts/campaign/selftest-check.sh
. "$VB_TOP/scripts/campaign/selftest-check.sh"
# shellcheck source=scripts/run/jobs.sh
. "$VB_TOP/scripts/run/jobs.sh"

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

parse_args()
{
	local opt

	VARIANTS=$(counted_variants | paste -sd' ') MACHINE=sim CPUS=8 DRY_RUN=false TWINS=false
	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--dry-run) DRY_RUN=true; shift; continue ;;
		--twins) TWINS=true; shift; continue ;;
		--variants|--machine|--cpus)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			opt=${1#--}
			printf -v "${opt^^}" '%s' "$2"
			shift 2
			;;
		*) usage_error "unknown argument: $1" ;;
		esac
	done
	VARIANTS=$(tidy_list "$VARIANTS")
	check_variants "$VARIANTS"
	# shellcheck disable=SC2086 # a list
	need_counted $VARIANTS
	MACHINE=$(settle_machine "$MACHINE") || exit 2
	COSTS=$(settle_costs '' "$MACHINE") || exit 2
	check_numbers --cpus "$CPUS" 1 128
}

# run_twins - the same events in guests with tools, one after the other: they are
# big, and booted anew, as a snapshot of one takes 400 MB.
run_twins()
{
	local variant image

	selftest_twins_plan "$CPUS" >"$CAMPAIGN/.plan-twins"
	for variant in $VARIANTS; do
		info "$variant: the same by bpftrace"
		image=$VB_BUILD/guest/$variant-tools.img
		"$VB_TOP/scripts/image/build-tools-image.sh" --initrd "${INITRD[$variant]}" --out "$image" \
			>/dev/null || exit 2
		"$VB_TOP/scripts/run/run-guest.sh" --fresh --machine "$MACHINE" --variant "$variant" \
			--kernel "${KERNEL_DIR[$variant]}" --initrd "$image" --plan "$CAMPAIGN/.plan-twins" --cpus "$CPUS" \
			--mem $((1024 + $(guest_memory "$CPUS"))) --costs "$COSTS" \
			--out "$CAMPAIGN/$variant/twins" 8>&- || exit $?
	done
}

# show_tables - what was compared, of every variant.
show_tables()
{
	local variant

	for variant in $VARIANTS; do
		printf '\n%s, %s, %s CPUs\n\n' "$variant" "$MACHINE" "$CPUS"
		cat -- "$CAMPAIGN/$variant/selftest/selftest.txt"
	done
}

main()
{
	local variant

	parse_args "$@"
	CAMPAIGN=$RESULTS/selftest
	if $DRY_RUN; then
		printf 'variants %s, machine %s, %s CPUs, records in %s:\n' \
			"$VARIANTS" "$MACHINE" "$CPUS" "$CAMPAIGN"
		selftest_plan "$CPUS"
		! $TWINS || selftest_twins_plan "$CPUS"
		return 0
	fi
	need_machine "$MACHINE"
	load_machine "$MACHINE"
	claim_campaign
	for variant in $VARIANTS; do
		build "$variant"
	done
	machine_build
	build_tools
	selftest_plan "$CPUS" >"$CAMPAIGN/.plan-selftest"
	run_selftests "$(machine_jobs "$(guest_memory "$CPUS")")"
	rm -rf -- "$CAMPAIGN"/*/twins
	! $TWINS || run_twins
	verify_selftests
	show_tables
}

main "$@"
