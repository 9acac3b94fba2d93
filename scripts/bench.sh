#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench.sh - build what is missing, run a campaign, summarise it, draw it.
#
# usage: vmapbench bench [options]
#
#   --variants LIST   kernels to measure (default: vmlist rewrite mainline)
#   --machine NAME    how they are run: sim (default), tcg, kvm, or auto, which is
#                     kvm if a guest boots with it and else tcg (docs/machines.md)
#   --cpus N          CPUs of the guest (default: the most threads, or all of
#                     --topology)
#   --possible-cpus N CPUs the kernel is told are possible, those of the guest
#                     included (default: as many as it has)
#   --threads LIST    threads to measure with (default: 1 2 4 8)
#   --workload LIST   operation loops (default: ram vmap), or some of
#                     scripts/campaign/workloads.tsv, not both (docs/workloads.md)
#   --pages LIST      pages an operation maps (default: 4)
#   --ops N           measured operations of a point (default: 16000)
#   --files N         xfs-*, tmpfs-dir: files in a directory (default: 100000)
#   --dir-block BYTES and the size of its blocks (default: 65536, 16 pages)
#   --names WHICH     these: read the first name of each block, or all of
#                     them (default: first)
#   --rounds N        how often a directory is gone through (default: 2)
#   --costs FILE      on sim, what takes time beside instructions, and the caches, or
#                     none (default: sim/costs.tsv, where every value has its source)
#   --coherence on|off  on sim, follow each line from cache to cache, or charge
#                     locked instructions only (default: what the table says, on)
#   --topology SxLxC  on sim, sockets, L3 caches of each, cores behind each; CPUs
#                     fill them in order (default: the table's, 1 x 32 a socket)
#   --boots N         runs of each variant (default: 1); with more of them a
#                     campaign goes on, and keeps those it has
#   --stacks NS       take a sample of the stack every so many ns of a CPU's
#                     clock, for flame graphs (default: none); the word default
#                     is 10007 on sim, 103007 elsewhere, where each point is run
#                     once more under perf and 100000 is the least
#   --id NAME         the campaign's directory under results/ (default: local, and
#                     local-HASH when other options differ from their defaults)
#   --dry-run         say what would be run, build and run nothing
#   --json            with --dry-run: what would be asked for, as campaign.json
#
# A LIST is separated by spaces or commas. A campaign that was interrupted goes
# on where it stopped when the same command is given again. Exit codes: 0 done,
# 1 a guest failed twice, a counter was not exact or report.txt has PROBLEMS,
# 2 usage or environment.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=bench
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/lib.sh"
# shellcheck source=scripts/kernel/variants.sh
. "$VB_TOP/scripts/kernel/variants.sh"
# shellcheck source=scripts/kernel/subjects.sh
. "$VB_TOP/scripts/kernel/subjects.sh"
# shellcheck source=scripts/lib/untrusted.sh
. "$VB_TOP/scripts/lib/untrusted.sh"
# shellcheck source=scripts/lib/options.sh
. "$VB_TOP/scripts/lib/options.sh"
# shellcheck source=scripts/run/machines.sh
. "$VB_TOP/scripts/run/machines.sh"
# shellcheck source=scripts/run/firmware.sh
. "$VB_TOP/scripts/run/firmware.sh"
# shellcheck source=scripts/lib/tools.sh
. "$VB_TOP/scripts/lib/tools.sh"
# shellcheck source=scripts/image/build.sh
. "$VB_TOP/scripts/image/build.sh"
# shellcheck source=scripts/campaign/selftest-check.sh
. "$VB_TOP/scripts/campaign/selftest-check.sh"
# shellcheck source=scripts/kernel/lacking.sh
. "$VB_TOP/scripts/kernel/lacking.sh"
# shellcheck source=scripts/run/jobs.sh
. "$VB_TOP/scripts/run/jobs.sh"
# shellcheck source=scripts/kernel/arch.sh
. "$VB_TOP/scripts/kernel/arch.sh"
# shellcheck source=scripts/campaign/campaign.sh
. "$VB_TOP/scripts/campaign/campaign.sh"
# shellcheck source=scripts/campaign/sampled.sh
. "$VB_TOP/scripts/campaign/sampled.sh"

# The options that only some kinds of workloads have.
KIND_OPTIONS="pages ops files dir-block names rounds"

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

parse_args()
{
	local lists=() opt name

	VARIANTS=$(default_variants | paste -sd' ')
	MACHINE=sim CPUS='' THREADS="1 2 4 8" WORKLOADS=$VB_WORKLOADS
	BOOTS=1 COSTS='' COHERENCE='' TOPOLOGY='' STACKS='' ID='' DRY_RUN=false JSON=false POSSIBLE_CPUS=''
	for name in $KIND_OPTIONS; do
		opt=${name/-/_}
		printf -v "${opt^^}" '%s' ''
	done
	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--dry-run) DRY_RUN=true; shift; continue ;;
		--json) JSON=true; shift; continue ;;
		--variants|--machine|--cpus|--possible-cpus|--threads|--workload|--boots|--costs|--coherence|--topology|--stacks|--id|\
		--pages|--ops|--files|--dir-block|--names|--rounds)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			opt=${1#--}
			opt=${opt/workload/workloads}
			opt=${opt/-/_}
			printf -v "${opt^^}" '%s' "$2"
			shift 2
			;;
		*) usage_error "unknown argument: $1" ;;
		esac
	done
	lists=(VARIANTS THREADS WORKLOADS)
	for opt in "${lists[@]}"; do
		printf -v "$opt" '%s' "$(tidy_list "${!opt}")"
	done
}

# settle_kind - load what knows workloads of that kind; it settles their options.
settle_kind()
{
	local name opt kind

	kind=$(workloads_kind "$WORKLOADS") || exit 2
	# shellcheck source=/dev/null
	. "$VB_TOP/scripts/campaign/kinds/$kind.sh"
	for name in $KIND_OPTIONS; do
		opt=${name/-/_}
		opt=${opt^^}
		[[ -z ${!opt} || " $(kind_options) " == *" $name "* ]] ||
			usage_error "--$name: not for the workload ${WORKLOADS%% *}"
	done
	kind_settle
}

# settle_arches - COUNTED if something can count in the guests of all variants, and
# LEAST_MEMORY, in MB, that guests of all of them can do with.
settle_arches()
{
	local variant KERNEL_ARCH

	check_guests "$VARIANTS"
	COUNTED=true LEAST_MEMORY=0
	for variant in $VARIANTS; do
		KERNEL_ARCH=$(variant_arch "$variant")
		load_arch "$KERNEL_ARCH"
		((ARCH_MEMORY <= LEAST_MEMORY)) || LEAST_MEMORY=$ARCH_MEMORY
		$ARCH_COUNTED || COUNTED=false
	done
	$COUNTED || [[ -z $SAMPLED ]] || usage_error "--stacks: there is no perf for the guests of $VARIANTS"
}

# check_options - all of them, before anything is built.
check_options()
{
	check_variants "$VARIANTS"
	MACHINE=$(settle_machine "$MACHINE") || exit 2
	check_list --threads "$THREADS"
	check_numbers --threads "$THREADS" 1 128
	[[ -z $TOPOLOGY || -n $CPUS ]] || { check_topology "$TOPOLOGY" "$COSTS"; CPUS=$(topology_cpus "$TOPOLOGY"); }
	CPUS=${CPUS:-$(largest "$THREADS")}
	check_numbers --cpus "$CPUS" 1 128
	(($(largest "$THREADS") <= CPUS)) ||
		usage_error "--threads: $(largest "$THREADS") threads need as many CPUs, --cpus is $CPUS"
	check_list --workload "$WORKLOADS"
	check_workloads "$WORKLOADS"
	settle_kind
	check_numbers --boots "$BOOTS" 1 1000
	check_possible "$POSSIBLE_CPUS" "$CPUS"
	COSTS=$(settle_costs "$COSTS" "$MACHINE" "$COHERENCE" "$TOPOLOGY") || exit 2
	check_cpus_fit "$COSTS" "$TOPOLOGY" "$CPUS"
	settle_sampled
	settle_arches
	kind_guest
	[[ -z $POSSIBLE_CPUS ]] || APPEND+="${APPEND:+ }possible_cpus=$POSSIBLE_CPUS"
	sampled_memory
	(($(plan_text | wc -c) <= PLAN_ROOM)) ||
		usage_error "too many points for one plan: $(plan_text | grep -c .); use fewer threads, pages or workloads"
	if [[ -z $ID ]]; then
		ID=$(default_id)
	fi
	check_id "$ID"
	! $JSON || $DRY_RUN || usage_error "--json: only with --dry-run"
}

# default_id - local for the default campaign; any other set of options has a
# directory of its own, so that no campaign stands in the way of the next.
default_id()
{
	local mine

	mine=$(parameters x)
	if [[ $mine == "$(default_parameters)" ]]; then
		printf 'local'
	else
		# With more boots it is the same campaign, gone on with.
		printf 'local-%s' "$(jq 'del(.boots)' <<<"$mine" | sha256sum | cut -c1-8)"
	fi
}

# default_parameters - what no options at all would ask for.
default_parameters()
{
	local VARIANTS MACHINE CPUS THREADS WORKLOADS BOOTS COSTS COHERENCE TOPOLOGY STACKS ID DRY_RUN JSON
	local POSSIBLE_CPUS
	local PAGES OPS FILES DIR_BLOCK NAMES ROUNDS COUNTED=true

	parse_args
	settle_kind
	COSTS=$(settle_costs "$COSTS" "$MACHINE")
	CPUS=$(largest "$THREADS")
	parameters x
}

# say_plan - what --dry-run prints.
say_plan()
{
	local plan

	if $JSON; then
		parameters "$ID"
		return
	fi
	plan=$(plan_text)
	printf 'campaign %s in %s\n' "$ID" "$RESULTS/$ID"
	printf 'machine %s, %s CPUs, %s MB\n' "$MACHINE" "$CPUS" "$(guest_memory "$CPUS")"
	printf 'variants %s, %s run(s) of each, %s points a run:\n' \
		"$VARIANTS" "$BOOTS" "$(grep -c . <<<"$plan")"
	printf '%s\n' "$plan"
}

# run_all JOBS - every run of every variant; every other round the other way, so
# that a drift of the host does not favour one of them.
run_all()
{
	local n variant order started=0 total

	total=$(($(wc -w <<<"$VARIANTS") * BOOTS))
	DONE_RUNS=0 FAILED=0
	for ((n = 1; n <= BOOTS; n++)); do
		order=$VARIANTS
		((n % 2)) || order=$(tr ' ' '\n' <<<"$VARIANTS" | tac | paste -sd' ')
		for variant in $order; do
			started=$((started + 1))
			info "run $started of $total: $variant"
			start "$variant" "run-$n" "$1" || break 2
		done
	done
	while ((${#RUNNING[@]})); do
		reap
	done
	((FAILED == 0)) || info "$DONE_RUNS of $total runs are kept in $CAMPAIGN"
	finish
}

main()
{
	local variant jobs rc=0

	parse_args "$@"
	check_options
	if $DRY_RUN; then
		say_plan
		return 0
	fi
	need_machine "$MACHINE"
	load_machine "$MACHINE"
	warn_crowded "$CPUS"
	CAMPAIGN=$RESULTS/$ID
	[[ ! -d $CAMPAIGN ]] || check_files "$CAMPAIGN"
	same_parameters "$CAMPAIGN/campaign.json"
	claim_campaign
	# From here on it is not finished, until it is sealed again.
	rm -f -- "$CAMPAIGN/seal"
	# What an earlier command has found wrong is no fault of this one.
	rm -f -- "$CAMPAIGN"/*/*/failed "$CAMPAIGN"/*/selftest/wrong
	for variant in $VARIANTS; do
		build "$variant"
		kind_image "$variant"
		sampled_image "$variant"
	done
	$COUNTED || info "no counters in these guests: points have no traced samples"
	# shellcheck disable=SC2086 # a list
	SELFTEST_WITHOUT=$(lacking_workloads $VARIANTS | paste -sd' ')
	# Here, and not by several runs at the same time.
	machine_build
	# One for all boots.
	VB_QEMU=$("$VB_TOP/scripts/setup/qemu-path.sh") || exit 2
	export VB_QEMU
	stage_firmware "$VB_QEMU"
	build_tools
	write_campaign "$CAMPAIGN/campaign.json"
	# As many at a time as the machine stands without a change of what is
	# measured.
	jobs=$(machine_jobs "$(guest_memory "$CPUS")")
	if $COUNTED; then
		run_selftests "$jobs"
		verify_selftests
	fi
	run_all "$jobs"
	rm -f -- "$CAMPAIGN"/.plan-*
	# A report with problems (1) is still one to read.
	"$VB_TOP/scripts/report.sh" --id "$ID" || rc=$?
	((rc <= 1)) || exit "$rc"
	"$VB_TOP/scripts/seal.sh" "$CAMPAIGN" || exit 2
	main_table
	exit "$rc"
}

main "$@"
