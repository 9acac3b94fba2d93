#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# shell.sh - a guest of any variant on this terminal, with tools to look into it.
#
# usage: vmapbench shell [options] [VARIANT] [-- CMD...]
#
#   VARIANT          which kernel (default mainline)
#   --cpus N         CPUs of the guest (default 4, with --topology all of its)
#   --mem MB         its memory (default 1024, not below 768)
#   --topology SxLxC sockets, L3 caches of each, cores behind each (default 1x1xN); each
#                    socket is a NUMA node
#   --machine NAME   how it is run: tcg (default), sim, kvm or auto
#   --dry-run        say what would be run, build and run nothing
#
# The terminal is the guest's serial console. Ctrl-C goes to the guest; exit,
# poweroff or Ctrl-A x ends it, Ctrl-A h says what else Ctrl-A does. Nothing is
# kept. With CMD the guest runs that alone, without standard input; its output,
# both streams in one, comes to standard output.
#
# Exit codes: 0 the guest was left, 1 it failed, 2 usage or environment. With
# CMD: that of CMD, or 125 when the guest failed.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=shell
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
# shellcheck source=scripts/run/firmware.sh
. "$VB_TOP/scripts/run/firmware.sh"
# shellcheck source=scripts/run/qemu-cmd.sh
. "$VB_TOP/scripts/run/qemu-cmd.sh"

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

parse_args()
{
	local opt

	VARIANT='' CPUS='' TOPOLOGY='' MEM=1024 MACHINE=tcg DRY_RUN=false INTERACTIVE=true COMMAND=()
	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--dry-run) DRY_RUN=true ;;
		--cpus|--mem|--machine|--topology)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			opt=${1#--}
			printf -v "${opt^^}" '%s' "$2"
			shift
			;;
		--)
			shift
			(($#)) || usage_error "no command after --"
			INTERACTIVE=false COMMAND=("$@")
			break
			;;
		-*) usage_error "unknown option: $1" ;;
		*)
			[[ -z $VARIANT ]] || usage_error "one variant at a time; a command comes after --"
			VARIANT=$1
			;;
		esac
		shift
	done
	VARIANT=${VARIANT:-mainline}
	check_variant "$VARIANT"
	parse_topology
	check_numbers --cpus "$CPUS" 1 128
	check_cpus_fit "$COSTS" "$TOPOLOGY" "$CPUS"
	# The tools alone are 250 MB, in a file system of half the memory.
	check_numbers --mem "$MEM" 768 65536
	MACHINE=$(settle_machine "$MACHINE") || exit 2
	$DRY_RUN || ! $INTERACTIVE || [[ -t 0 && -t 1 ]] ||
		usage_error "stdin is not a terminal: give a command after --"
}

# parse_topology - sets COSTS, the table that has the guest's shape, and CPUS. No time is
# measured in a shell, so the distances in the table do not matter.
parse_topology()
{
	COSTS=none
	if [[ -n $TOPOLOGY ]]; then
		check_topology "$TOPOLOGY" "$VB_COSTS"
		COSTS=topology=$TOPOLOGY:$VB_COSTS
		CPUS=${CPUS:-$(topology_cpus "$TOPOLOGY")}
	fi
	CPUS=${CPUS:-4}
}

# qemu_lines - over that of qemu-cmd.sh: the console is the terminal, or there is
# a third line for the command's output.
qemu_lines()
{
	if $INTERACTIVE; then
		# Without signal=off Ctrl-C would end QEMU.
		printf '%s\n' "-chardev stdio,id=console,mux=on,signal=off -serial chardev:console"
		printf '%s\n' "-serial file:events.jsonl.part"
	else
		printf '%s\n' "-chardev file,id=console,path=console.log -serial chardev:console"
		printf '%s\n' "-serial file:events.jsonl.part"
		printf '%s\n' "-chardev file,id=output,path=/dev/stdout,append=on -serial chardev:output"
		printf '%s\n' "-fw_cfg name=opt/vmapbench/command,file=command"
	fi
}

# plan_line - what the guest is to do: the terminal's name and size go with it.
plan_line()
{
	local size

	if $INTERACTIVE; then
		size=$(stty size 2>/dev/null) || size="24 80"
		[[ $size != "0 0" ]] || size="24 80"
		printf 'shell %s %s\n' "${TERM:-vt100}" "$size"
	else
		printf 'command\n'
	fi
}

say_plan()
{
	printf 'variant %s on machine %s, %s CPUs%s, %s MB\n' "$VARIANT" "$MACHINE" "$CPUS" \
		"${TOPOLOGY:+ ($TOPOLOGY)}" "$MEM"
	if $INTERACTIVE; then
		printf 'a shell on this terminal\n'
	else
		printf 'command: %s\n' "${COMMAND[*]@Q}"
	fi
}

# leave - nothing of the guest stays, and the terminal is as it was, however we
# are ended.
leave()
{
	if [[ -n ${QEMU_PID:-} ]]; then
		kill -TERM "$QEMU_PID" 2>/dev/null || true
		wait "$QEMU_PID" 2>/dev/null || true
	fi
	[[ -z ${TERMINAL:-} ]] || stty "$TERMINAL" 2>/dev/null || true
	rm -rf -- "$OUT"
}

# follow_qemu - until it ends; in the background and waited for, so that a signal
# to us is taken at once. Returns its status.
follow_qemu()
{
	local rc=0

	QEMU_PID=$!
	wait "$QEMU_PID" || rc=$?
	QEMU_PID=
	return "$rc"
}

# run_shell - QEMU has the terminal until the guest ends.
run_shell()
{
	local rc=0

	TERMINAL=$(stty -g)
	info "$VARIANT: exit, poweroff or Ctrl-A x ends it"
	# Should we be killed, it has to put the terminal back itself.
	setpriv --pdeathsig TERM "$OUT/qemu-cmd" "$OUT" <&0 &
	follow_qemu || rc=$?
	[[ $rc -eq 0 ]] || die "QEMU ended with status $rc"
	# One that failed has not got as far as to say that it starts.
	if grep -qs '"type":"start"' "$OUT/events.jsonl.part"; then
		return 0
	fi
	info "the guest ended before its shell"
	return 1
}

# failed TEXT - of a guest that was to run a command.
failed()
{
	info "the guest failed: $1; its console ended with:"
	{ cat -- "$OUT/qemu.err"; tail -n 12 -- "$OUT/console.log"; } 2>/dev/null |
		plain_lines | sed 's/^/  | /' >&2
	exit 125
}

# run_command - returns the command's status.
run_command()
{
	local code cat

	printf '%s\n' "${COMMAND[*]@Q}" >"$OUT/command"
	# Not standard output itself: QEMU opens it once more, and what is no
	# file or pipe cannot be opened.
	exec 6> >(cat)
	cat=$!
	setpriv --pdeathsig TERM "$OUT/qemu-cmd" "$OUT" </dev/null 2>"$OUT/qemu.err" >&6 &
	follow_qemu || failed "QEMU ended with status $?"
	exec 6>&-
	wait "$cat" || true
	code=$(jq -r 'select(.type == "exit").code' "$OUT/events.jsonl.part" 2>/dev/null) || true
	[[ $code =~ ^[0-9]+$ ]] || failed "it left without a word about the command"
	return "$code"
}

main()
{
	local qemu rc=0

	parse_args "$@"
	if $DRY_RUN; then
		say_plan
		return 0
	fi
	need_machine "$MACHINE"
	load_machine "$MACHINE"
	qemu=$("$VB_TOP/scripts/setup/qemu-path.sh") || exit 2
	stage_firmware "$qemu"
	machine_build
	build_image "$VARIANT" --tools
	# shellcheck disable=SC2034 # qemu-cmd.sh reads it
	APPEND=''
	mkdir -p -- "$VB_BUILD/shell"
	OUT=$(mktemp -d "$VB_BUILD/shell/$VARIANT.XXXXXX") || die "cannot write to $VB_BUILD/shell"
	trap leave EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 129' HUP
	plan_line >"$OUT/plan"
	[[ $COSTS == none ]] || costs_text "$COSTS" >"$OUT/costs.tsv"
	write_qemu_cmd "$qemu" '' false >"$OUT/qemu-cmd"
	chmod +x -- "$OUT/qemu-cmd"
	if $INTERACTIVE; then
		run_shell
	else
		run_command || rc=$?
	fi
	exit "$rc"
}

main "$@"
