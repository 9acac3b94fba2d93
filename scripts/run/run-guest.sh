#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run-guest.sh - boot a guest, let it do a plan, keep what it said.
#
# usage: run-guest.sh --kernel DIR --initrd FILE --plan FILE --cpus N --mem MB
#                     --out RUNDIR [options]
#
#   --kernel DIR     a built kernel: bzImage is in it
#   --initrd FILE    made by build-guest.sh
#   --plan FILE      what the guest is to do, a line each
#   --cpus N         CPUs of the guest
#   --mem MB         its memory
#   --out RUNDIR     where everything about the run goes
#   --machine NAME   how it is run (default sim)
#   --variant NAME   what the guest calls its kernel (default unknown)
#   --costs FILE     what takes time beside instructions on sim, or none
#                    (default sim/costs.tsv)
#   --coherence on|off
#   --topology SxLxC as for bench
#   --stacks NS      on sim, take a sample of the stack every so many ns of a
#                    CPU's clock, on average (default: none)
#   --module FILE    the module that the guest loads, to unwind its functions
#   --append TEXT    more words for the kernel's command line
#   --timeout S      end the boot or the run after S seconds (default 7200)
#   --stall S        end it after S seconds without a word (default: 600, and 15
#                    more for each CPU)
#   --fresh          compute a boot though it is stored or there; the bytes must be the same
#   --key            print the name under which this boot is stored, and boot nothing
#   --keep           a finished run with the same inputs is kept, not repeated
#
# RUNDIR gets plan, qemu-cmd (run it by hand to see the guest), console.log,
# and events.jsonl once it is complete, on sim also clock.jsonl and
# profile.jsonl, with --stacks stacks.jsonl. Exit code 0: complete. 1: the guest failed, and the message
# and the file failed say panic, oom, hang, killed or no end. 2: usage or environment.

VB_NAME="run-guest"
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"
# shellcheck source=scripts/lib/options.sh
. "$VB_TOP/scripts/lib/options.sh"
# shellcheck source=scripts/run/machines.sh
. "$VB_TOP/scripts/run/machines.sh"
# shellcheck source=scripts/kernel/arch.sh
. "$VB_TOP/scripts/kernel/arch.sh"
# shellcheck source=scripts/run/watchdog.sh
. "$VB_TOP/scripts/run/watchdog.sh"
# shellcheck source=scripts/run/firmware.sh
. "$VB_TOP/scripts/run/firmware.sh"
# shellcheck source=scripts/run/qemu-cmd.sh
. "$VB_TOP/scripts/run/qemu-cmd.sh"
# shellcheck source=scripts/run/snapshot.sh
. "$VB_TOP/scripts/run/snapshot.sh"
# shellcheck source=scripts/run/store.sh
. "$VB_TOP/scripts/run/store.sh"
# shellcheck source=scripts/lib/tools.sh
. "$VB_TOP/scripts/lib/tools.sh"
# shellcheck source=scripts/run/guest-files.sh
. "$VB_TOP/scripts/run/guest-files.sh"
# shellcheck source=scripts/run/perf-records.sh
. "$VB_TOP/scripts/run/perf-records.sh"
# shellcheck source=scripts/run/symbolise.sh
. "$VB_TOP/scripts/run/symbolise.sh"

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

# number OPTION VALUE MIN MAX - VALUE is a whole number in that range.
number()
{
	if [[ ! $2 =~ ^[0-9]{1,9}$ ]] || ((10#$2 < $3 || 10#$2 > $4)); then
		usage_error "$1: $2 is not a number from $3 to $4"
	fi
}

parse_args()
{
	local opt

	KERNEL='' INITRD='' PLAN='' CPUS='' MEM='' OUT='' APPEND=''
	MACHINE=sim VARIANT=unknown COSTS='' COHERENCE='' TOPOLOGY='' STACKS='' MODULE='' TIMEOUT=7200 STALL=''
	KEEP=false KEY=false FRESH=${VB_FRESH:-false}
	while [[ $# -gt 0 ]]; do
		case $1 in
		--help) usage; exit 0 ;;
		--keep) KEEP=true; shift; continue ;;
		--fresh) FRESH=true; shift; continue ;;
		--key) KEY=true; shift; continue ;;
		--kernel|--initrd|--plan|--cpus|--mem|--out|--machine|--variant|--costs|--coherence|--topology|--stacks|--module|--append|--timeout|--stall)
			[[ $# -ge 2 ]] || usage_error "$1 needs a value"
			opt=${1#--}
			printf -v "${opt^^}" '%s' "$2"
			shift 2
			;;
		*) usage_error "unknown argument: $1" ;;
		esac
	done
	for opt in kernel initrd plan cpus mem out; do
		local -n value=${opt^^}
		[[ -n $value ]] || usage_error "--$opt is missing"
		unset -n value
	done
	number --cpus "$CPUS" 1 255
	number --mem "$MEM" 64 65536
	number --timeout "$TIMEOUT" 1 999999
	# A region of many CPUs, one after the other on a loaded host, is long and silent.
	STALL=${STALL:-$((600 + 15 * CPUS))}
	number --stall "$STALL" 1 999999
	check_append "$APPEND"
	[[ $VARIANT =~ ^[A-Za-z0-9._+-]+$ ]] || usage_error "--variant: odd name $VARIANT"
	has_machine "$MACHINE" || usage_error "--machine: there is no machine $MACHINE"
	for opt in "$KERNEL/bzImage" "$INITRD" "$PLAN"; do
		[[ -r $opt ]] || die "cannot read $opt"
	done
	# shellcheck disable=SC2034 # the machine looks at it
	KERNEL_ARCH=$(kernel_arch "$KERNEL")
	COSTS=$(settle_costs "$COSTS" "$MACHINE" "$COHERENCE" "$TOPOLOGY") || exit 2
	check_cpus_fit "$COSTS" "$TOPOLOGY" "$CPUS"
	STACKS=$(settle_stacks "$STACKS" "$MACHINE") || exit 2
	[[ -z $MODULE || -r $MODULE ]] || die "cannot read $MODULE"
	# QEMU's own option syntax ends a value at a comma.
	[[ $INITRD$KERNEL != *,* ]] || die "QEMU needs a path without commas: $INITRD $KERNEL"
	(($(stat -c %s -- "$PLAN") <= PLAN_ROOM)) || die "$PLAN is longer than $PLAN_ROOM bytes"
}

# already_done - RUNDIR holds a complete run of exactly this.
already_done()
{
	[[ -s $OUT/events.jsonl ]] &&
		cmp -s "$OUT/qemu-cmd" "$OUT/qemu-cmd.new" && cmp -s "$OUT/plan" "$PLAN"
}

# no_space FILE - is there room for another block next to FILE?
no_space()
{
	local probe
	probe=$(dirname -- "$1")/.room

	if head -c 65536 /dev/zero 2>/dev/null >"$probe"; then
		rm -f -- "$probe"
		return 1
	fi
	rm -f -- "$probe"
	return 0
}

# drop_run - nothing of an interrupted run stays.
drop_run()
{
	rm -f -- "$OUT"/{events.jsonl.part,console.log,first-failure.log,failed,qemu.err,qemu-cmd,qemu-cmd.new,plan,{plan,variant}.padded}
	rm -f -- "$OUT"/{clock.jsonl,speed.jsonl,profile.raw,profile.jsonl,profile.jsonl.new,costs.tsv}
	rm -f -- "$OUT"/{stacks.raw,stacks.jsonl,stacks.jsonl.new} "$OUT"/perf-*.data.gz
	rmdir -- "$OUT" 2>/dev/null || true
}

# interrupted CODE - Ctrl-C and the like: QEMU goes with us.
interrupted()
{
	trap - INT TERM HUP
	end_qemu
	drop_run
	take_back
	info "interrupted: nothing of this boot is kept"
	exit "$1"
}

# start_qemu - in the background, its process id in QEMU_PID. It dies with
# us whatever happens.
start_qemu()
{
	setpriv --pdeathsig KILL "$OUT/qemu-cmd" "$OUT" </dev/null >"$OUT/qemu.err" 2>&1 5>&- &
	QEMU_PID=$!
}

# say_speed - how fast the measured parts were simulated.
say_speed()
{
	[[ -s $OUT/speed.jsonl ]] || return 0
	info "$VARIANT: $(jq -rs '
		(map(.insns) | add) as $insns | ((map(.host_ns) | add) / 1e9) as $s |
		"\(length) regions, \($insns / 1e6 | round) million instructions in \($s | round) s, \($insns / 1e6 / $s | round) million a second"
		' "$OUT/speed.jsonl")"
}

main()
{
	local qemu start key='' SNAPSHOT=''

	parse_args "$@"
	check_paths
	load_machine "$MACHINE"
	machine_check_guest
	[[ -z $STACKS ]] || machine_has_stacks ||
		usage_error "--stacks: the machine $MACHINE takes no samples; a point of mode sampled does"
	qemu=$("$VB_TOP/scripts/setup/qemu-path.sh") || exit 2
	machine_build
	stage_firmware "$qemu"
	if $KEY; then
		store_enabled || die "no boot on $MACHINE is stored"
		store_key "$qemu"
		return 0
	fi
	mkdir -p -- "$OUT" 2>/dev/null || die "cannot make $OUT"
	OUT=$(cd -- "$OUT" && pwd)
	KERNEL=$(cd -- "$KERNEL" && pwd)
	INITRD=$(realpath -- "$INITRD")
	[[ $OUT != *,* ]] || die "QEMU needs a path without commas: $OUT"
	if machine_has_snapshots; then
		SNAPSHOT=$(snapshot_dir "$qemu")
	fi
	if ! write_qemu_cmd "$qemu" "$SNAPSHOT" false 2>/dev/null >"$OUT/qemu-cmd.new"; then
		die "$OUT: cannot write the run's files: no space left?"
	fi

	if $KEEP && ! recomputes "$FRESH" && already_done; then
		rm -f -- "$OUT/qemu-cmd.new"
		# Its guest was done, and what comes after it was not.
		symbolise "$OUT" "$KERNEL" "$MODULE"
		convert_samples "$OUT" "$KERNEL" "$CPUS"
		info "kept: $OUT"
		return 0
	fi
	! recomputes "$FRESH" || ! already_done || set_before
	rm -f -- "$OUT"/{events.jsonl,events.jsonl.part,console.log,qemu.err,first-failure.log,failed}
	rm -f -- "$OUT"/{clock.jsonl,speed.jsonl,profile.raw,profile.jsonl,profile.jsonl.new,costs.tsv}
	rm -f -- "$OUT"/{stacks.raw,stacks.jsonl,stacks.jsonl.new} "$OUT"/perf-*.data.gz
	trap 'interrupted 130' INT
	trap 'interrupted 143' TERM
	trap 'interrupted 129' HUP
	mv -T -- "$OUT/qemu-cmd.new" "$OUT/qemu-cmd"
	chmod +x -- "$OUT/qemu-cmd"
	if [[ $COSTS != none ]] && ! costs_text "$COSTS" 2>/dev/null >"$OUT/costs.tsv"; then
		die "cannot write $OUT/costs.tsv: no space left?"
	fi
	cp -- "$PLAN" "$OUT/plan" 2>/dev/null || die "$OUT: cannot write the run's files: no space left?"

	if store_enabled; then
		key=$(store_key "$qemu")
		lock_stored "$key"
	fi
	if [[ -z $key ]] || $FRESH || ! take_stored "$key"; then
		start=$EPOCHREALTIME
		[[ -z $SNAPSHOT ]] || need_snapshot "$qemu"
		start_qemu
		watch_guest
		note_time boot "$start"
		[[ -z $key ]] || ! $FRESH || audit_stored "$key"
		audit_before
		[[ -z $key || -d $STORE/$key ]] || put_stored "$key" "$start"
	fi
	exec 5>&-
	rm -f -- "$OUT"/{qemu.err,qmp.out,{plan,variant}.padded}
	# The run is complete: a signal now takes nothing away from it.
	trap - INT TERM HUP
	symbolise "$OUT" "$KERNEL" "$MODULE"
	convert_samples "$OUT" "$KERNEL" "$CPUS"
	audit_readable
	say_speed
}

main "$@"
