#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# trial.sh - boot kernels once each, have them do a plan, and say whether something
# was found wrong.
#
# usage: vmapbench trial [options] --id NAME --do LINE [--do LINE]...
#
#   --do LINE         a line of the plan, in this order (docs/records.md)
#   --variants LIST   kernels to try (default: vmlist rewrite mainline)
#   --debug           those that look for mistakes: lockdep and memory debugging
#   --machine NAME    how they are run (default: sim)
#   --cpus N          CPUs of the guest (default: 2)
#   --mem MB          its memory (default: 1024)
#   --append TEXT     more words for the kernel's command line
#   --id NAME         the directory under results/
#   --dry-run         say what would be run, build and run nothing
#   --json            with --dry-run: what would be asked for, as campaign.json
#
# It is no measurement: the guests have the verbs of tests, too. results/NAME gets
# trials.json: of each kernel the outcome, ok or caught, and in a line what was seen;
# caught is an error of a workload, a mismatch, or a complaint of the kernel. An
# interrupted trial goes on where it stopped when the same command is given again.
# Exit codes: 0 each outcome is known, 1 one is not, 2 usage or environment.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=trial
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
# shellcheck source=scripts/image/guest-image.sh
. "$VB_TOP/scripts/image/guest-image.sh"
# shellcheck source=scripts/campaign/campaign.sh
. "$VB_TOP/scripts/campaign/campaign.sh"
# shellcheck source=scripts/lib/child.sh
. "$VB_TOP/scripts/lib/child.sh"
# shellcheck source=scripts/run/store.sh
. "$VB_TOP/scripts/run/store.sh"
# shellcheck source=scripts/campaign/trial-data.sh
. "$VB_TOP/scripts/campaign/trial-data.sh"

declare -A KERNEL_DIR=() MODULE=() VMAPSTAT=() INITRD_OF=()

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

parse_args()
{
	local opt

	VARIANTS=$(default_variants | paste -sd' ')
	MACHINE=sim CPUS=2 MEM=1024 APPEND='' DEBUG=false ID='' PLAN=() DRY_RUN=false JSON=false
	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--dry-run) DRY_RUN=true ;;
		--json) JSON=true ;;
		--debug) DEBUG=true ;;
		--do|--variants|--machine|--cpus|--mem|--append|--id)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			opt=${1#--}
			if [[ $opt == "do" ]]; then PLAN+=("$2"); else printf -v "${opt^^}" '%s' "$2"; fi
			shift
			;;
		*) usage_error "unknown argument: $1" ;;
		esac
		shift
	done
}

# check_options - all of them, before anything is built.
check_options()
{
	# A kernel that is named twice is tried once: it would do the same again.
	VARIANTS=$(tidy_list "$VARIANTS" | tr ' ' '\n' | awk '!seen[$0]++' | paste -sd' ')
	check_variants "$VARIANTS"
	MACHINE=$(settle_machine "$MACHINE") || exit 2
	check_numbers --cpus "$CPUS" 1 128
	check_numbers --mem "$MEM" 64 65536
	check_append "$APPEND"
	check_guests "$VARIANTS"
	((${#PLAN[@]})) || usage_error "--do is missing: give a line for the guest's plan"
	[[ ${PLAN[*]} != *$'\n'* ]] || usage_error "--do: one line each"
	(($(plan_text | wc -c) <= PLAN_ROOM)) || usage_error "--do: more than $PLAN_ROOM bytes in all"
	[[ -n $ID ]] || usage_error "--id is missing"
	check_id "$ID"
	! $JSON || $DRY_RUN || usage_error "--json: only with --dry-run"
	COSTS=$(settle_costs '' "$MACHINE") || exit 2
}

# plan_text - the guest's plan, in the place of that of a measurement.
plan_text()
{
	printf '%s\n' "${PLAN[@]}"
}

# initrd_of VARIANT - the image that its guest gets.
initrd_of()
{
	sha "${INITRD_OF[$1]}"
}

# parameters ID - the same of campaign.json; nothing of it can be looked up by point.
parameters()
{
	jq -n --arg id "$1" --arg variants "$VARIANTS" --arg machine "$MACHINE" --argjson cpus "$CPUS" \
		--argjson mem "$MEM" --arg append "$APPEND" --argjson debug "$DEBUG" '
		{ v: 1, id: $id, command: "trial", variants: ($variants | split(" ")), machine: $machine,
		  cpus: $cpus, mem: $mem, append: $append, debug: $debug, plan: $ARGS.positional,
		  workloads: [], pages: [], threads: [], boots: 1 }' --args -- "${PLAN[@]}"
}

# build_variant VARIANT - everything its guest needs.
build_variant()
{
	local flags=(--tests) flavour=''

	! $DEBUG || flags+=(--debug) flavour=-debug
	build_image "$1" "${flags[@]}"
	KERNEL_DIR[$1]=$KERNEL INITRD_OF[$1]=$INITRD
	MODULE[$1]=$VB_BUILD/module/$1$flavour/vmap_bench.ko
	VMAPSTAT[$1]=$VB_BUILD/bpf/$1$flavour/vmapstat
}

# write_trial FILE - campaign.json.
write_trial()
{
	local file=$1 print

	print=$(fingerprint) || exit 2
	if ! { parameters "$ID" | jq --argjson f "$print" '. + { fingerprint: $f }' >"$file.new"; } 2>/dev/null; then
		rm -f -- "$file.new"
		die "cannot write to $(dirname -- "$file"): no space left?"
	fi
	[[ ! -e $file ]] || say_changes "$file" "$file.new"
	mv -T -- "$file.new" "$file"
}

# kept FILE INPUTS - a boot of the same inputs, whose outcome is known.
kept()
{
	jq -e --arg inputs "$2" '.outcome and .inputs == $inputs' "$1" >/dev/null 2>&1
}

# try_variant VARIANT INPUTS - its boot, unless it is there, and trial.json beside it.
try_variant()
{
	local variant=$1 dir=$CAMPAIGN/$1/run-1 rc=0

	if ! recomputes "${VB_FRESH:-false}" && kept "$dir/trial.json" "$2"; then
		info "$variant: kept: $dir"
		return 0
	fi
	rm -f -- "$dir/trial.json"
	run_child "$VB_TOP/scripts/run/run-guest.sh" --kernel "${KERNEL_DIR[$variant]}" \
		--initrd "${INITRD_OF[$variant]}" --plan "$CAMPAIGN/.plan" --variant "$variant" \
		--machine "$MACHINE" --costs "$COSTS" --cpus "$CPUS" --mem "$MEM" --out "$dir" \
		${APPEND:+--append "$APPEND"} ${VB_STALL:+--stall "$VB_STALL"} || rc=$?
	# A guest that fails is what some trials are made for.
	((rc <= 1)) || exit "$rc"
	rm -f -- "$dir"/{profile.jsonl,profile.raw,speed.jsonl,{plan,variant}.padded,qemu.err,qmp.out}
	if ! { trial_outcome "$variant" "$dir" "$2" >"$dir/trial.json.new"; } 2>/dev/null; then
		die "cannot write to $dir: no space left?"
	fi
	mv -T -- "$dir/trial.json.new" "$dir/trial.json"
}

# run_trials - of all variants; trials.json is what became of them.
run_trials()
{
	local variant n=0 inputs files=()

	inputs=$(jq -S .fingerprint "$CAMPAIGN/campaign.json" | sha256sum | cut -c1-16)
	plan_text >"$CAMPAIGN/.plan" || die "cannot write to $CAMPAIGN: no space left?"
	for variant in $VARIANTS; do
		n=$((n + 1))
		info "trial $n of $(wc -w <<<"$VARIANTS"): $variant"
		try_variant "$variant" "$inputs"
		files+=("$CAMPAIGN/$variant/run-1/trial.json")
	done
	rm -f -- "$CAMPAIGN/.plan"
	jq -s '{ v: 1, trials: map(del(.v, .inputs)) }' "${files[@]}" >"$CAMPAIGN/trials.json" ||
		die "cannot write to $CAMPAIGN: no space left?"
}

# say_plan - what --dry-run prints.
say_plan()
{
	if $JSON; then
		parameters "$ID"
		return
	fi
	printf 'trial %s in %s\n' "$ID" "$RESULTS/$ID"
	printf 'machine %s, %s CPUs, %s MB%s\n' "$MACHINE" "$CPUS" "$MEM" "${APPEND:+, $APPEND}"
	! $DEBUG || printf 'kernels that look for mistakes\n'
	printf 'variants %s, a boot of each:\n' "$VARIANTS"
	plan_text
}

main()
{
	local variant

	parse_args "$@"
	check_options
	if $DRY_RUN; then
		say_plan
		return 0
	fi
	need_machine "$MACHINE"
	load_machine "$MACHINE"
	CAMPAIGN=$RESULTS/$ID
	[[ ! -d $CAMPAIGN ]] || check_files "$CAMPAIGN"
	same_parameters "$CAMPAIGN/campaign.json"
	mkdir -p -- "$CAMPAIGN" 2>/dev/null || die "cannot make $CAMPAIGN"
	exec 8<"$CAMPAIGN"
	flock -n 8 || die "another command is running in $CAMPAIGN"
	# From here on it is not finished, until it is sealed again.
	rm -f -- "$CAMPAIGN/seal" "$CAMPAIGN/trials.json"
	for variant in $VARIANTS; do
		build_variant "$variant"
	done
	machine_build
	# One for all boots.
	VB_QEMU=$("$VB_TOP/scripts/setup/qemu-path.sh") || exit 2
	export VB_QEMU
	stage_firmware "$VB_QEMU"
	write_trial "$CAMPAIGN/campaign.json"
	run_trials
	"$VB_TOP/scripts/seal.sh" "$CAMPAIGN" || exit 2
	jq -r '.trials[] | "\(.variant): \(.outcome // "not known"): \(.reason)"' "$CAMPAIGN/trials.json"
	info "$CAMPAIGN/trials.json"
	jq -e 'all(.trials[]; .outcome)' "$CAMPAIGN/trials.json" >/dev/null || exit 1
}

main "$@"
