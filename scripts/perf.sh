#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# perf.sh - a profile of one workload on one variant, sampled by perf in the
# guest and read by perf on the host.
#
# usage: vmapbench perf --variant NAME [options]
#
#   --variant NAME    which kernel
#   --workload NAME   operation loop (default ram)
#   --pages N         pages an operation maps (default 4)
#   --threads N       threads, and CPUs of the guest (default 4)
#   --ops N           operations (default 2000)
#   --freq N          samples a second on each CPU (default 999)
#   --machine NAME    how the guest is run: tcg (default), sim, kvm or auto
#   --id NAME         the directory under results/ (default perf)
#   --dry-run         say what would be run, build and run nothing
#
# results/ID/NAME/ gets perf.data, kallsyms, report.txt and what run-guest.sh
# leaves. Exit codes: 0 done, 1 the guest or perf in it failed, 2 usage or
# environment.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=perf
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/lib.sh"
# shellcheck source=scripts/kernel/variants.sh
. "$VB_TOP/scripts/kernel/variants.sh"
# shellcheck source=scripts/lib/options.sh
. "$VB_TOP/scripts/lib/options.sh"
# shellcheck source=scripts/run/machines.sh
. "$VB_TOP/scripts/run/machines.sh"
# shellcheck source=scripts/image/guest-image.sh
. "$VB_TOP/scripts/image/guest-image.sh"
# shellcheck source=scripts/run/guest-files.sh
. "$VB_TOP/scripts/run/guest-files.sh"
# shellcheck source=scripts/kernel/sandbox.sh
. "$VB_TOP/scripts/kernel/sandbox.sh"

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

parse_args()
{
	local opt

	VARIANT='' WORKLOAD=ram PAGES=4 THREADS=4 OPS=2000 FREQ=999 MACHINE=tcg ID=perf DRY_RUN=false
	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--dry-run) DRY_RUN=true; shift; continue ;;
		--variant|--workload|--pages|--threads|--ops|--freq|--machine|--id)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			opt=${1#--}
			printf -v "${opt^^}" '%s' "$2"
			shift 2
			;;
		*) usage_error "unknown argument: $1" ;;
		esac
	done
	[[ -n $VARIANT ]] || usage_error "--variant is missing; there are: $(variant_names | paste -sd' ')"
	check_variant "$VARIANT"
	[[ $WORKLOAD =~ ^[a-z0-9-]+$ ]] || usage_error "--workload: odd name $WORKLOAD"
	check_numbers --pages "$PAGES" 1 1024
	check_numbers --threads "$THREADS" 1 128
	check_numbers --ops "$OPS" 1 100000000
	check_numbers --freq "$FREQ" 1 10000
	MACHINE=$(settle_machine "$MACHINE") || exit 2
	check_id "$ID"
}

# extract RUNDIR NAME - a file that the guest has sent: out of the records.
extract()
{
	take_file "$1" "$2" && gunzip -f -- "$1/$2.gz"
}

# no_errors RUNDIR - fails with what the guest could not do, if there is any.
no_errors()
{
	local errors

	errors=$(jq -r 'select(.type == "error").what' "$1/events.jsonl" |
		plain_lines | paste -sd';')
	[[ -n $errors ]] || return 0
	info "the guest: $errors"
	return 1
}

# write_report RUNDIR - report.txt; the samples of a stranger's kernel are read in the sandbox.
write_report()
(
	dir=$(realpath -- "$1")
	! is_subject "$VARIANT" || confine "$VARIANT" '' "$dir"
	sandboxed perf report -i "$dir/perf.data" --kallsyms "$dir/kallsyms" --stdio --no-children \
		-g none --sort symbol >"$dir/report.txt" 2>"$dir/report.err"
)

main()
{
	local out plan rc=0

	parse_args "$@"
	out=$RESULTS/$ID/$VARIANT
	plan="perf $WORKLOAD $PAGES $THREADS $OPS $FREQ"
	if $DRY_RUN; then
		printf '%s on machine %s, %s CPUs: %s\n%s\n' "$VARIANT" "$MACHINE" "$THREADS" "$plan" "$out"
		return 0
	fi
	need_machine "$MACHINE"
	build_image "$VARIANT" --tools
	mkdir -p -- "$out" || die "cannot make $out"
	rm -f -- "$out"/{perf.data,kallsyms,report.txt}
	printf '%s\n' "$plan" >"$VB_BUILD/guest/$VARIANT-perf.plan"
	"$VB_TOP/scripts/run/run-guest.sh" --kernel "$KERNEL" --initrd "$INITRD" \
		--plan "$VB_BUILD/guest/$VARIANT-perf.plan" \
		--cpus "$THREADS" --mem 1024 --machine "$MACHINE" --variant "$VARIANT" \
		--out "$out" || rc=$?
	[[ $rc -eq 0 ]] || exit "$rc"
	no_errors "$out" || exit 1
	extract "$out" perf.data || exit 1
	extract "$out" kallsyms || exit 1
	drop_files "$out"
	write_report "$out" ||
		die "perf cannot read $out/perf.data: $(first_error "$out/report.err")"
	rm -f -- "$out/report.err"
	grep -v -e '^#' -e '^$' "$out/report.txt" | plain_lines | sed -n 1,12p || true
	printf 'the whole report: %s\n' "$out/report.txt"
	printf 'more of it:       perf report -i %s --kallsyms %s\n' "$out/perf.data" "$out/kallsyms"
}

main "$@"
