# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
#
# qemu-cmd.sh - the QEMU command of a run, as a file that can be run again.
# Sourced after costs.sh, firmware.sh and the machine's file.

# shellcheck source=scripts/run/topology.sh
. "$VB_TOP/scripts/run/topology.sh"

# A guest reads what its kernel is called as so many bytes: kernels that differ in
# their name only do the same.
NAME_ROOM=256

# kernel_cmdline - only what a guest must be told.
kernel_cmdline()
{
	printf '%s' "console=ttyS0 loglevel=5 nokaslr panic=-1 rdinit=/init"
	printf ' %s%s' "$(machine_cmdline)" "$(topology_cmdline)"
	[[ -z $APPEND ]] || printf ' %s' "$APPEND"
}

# qemu_lines - the serial lines between guest and host: the console, the records.
# Who wants others has a function of this name after ours.
qemu_lines()
{
	printf '%s\n' "-chardev file,id=console,path=console.log,append=on -serial chardev:console"
	printf '%s\n' "-serial file:events.jsonl.part"
}

# in_quotes TEXT - as a word of the script, whatever is in it.
in_quotes()
{
	local text=$1 special

	# The backslash first, or it would be put before itself.
	for special in \\ '"' '$' '`'; do
		text=${text//"$special"/"\\$special"}
	done
	printf '"%s"' "$text"
}

# qemu_options - those of every boot, one a line.
qemu_options()
{
	printf '%s\n' "-nodefaults -no-user-config"
	machine_args
	topology_args
	printf -- '-append %s\n' "$(in_quotes "$(kernel_cmdline)")"
	printf '%s\n' "-fw_cfg name=opt/vmapbench/variant,file=variant.padded"
	printf '%s\n' "-fw_cfg name=opt/vmapbench/plan,file=plan.padded"
	qemu_lines
	printf '%s\n' "-display none -vga none -monitor none -nic none"
	printf '%s\n' "-no-reboot"
}

# qemu_inputs QEMU - all that decides what the guest does before it reads its
# plan, paths left out.
qemu_inputs()
{
	local kernel initrd firmware loaded

	kernel=$(sha256sum <"$KERNEL/bzImage") && initrd=$(sha256sum <"$INITRD") &&
		firmware=$(firmware_hash) && loaded=$(machine_hash) || return 1
	printf 'kernel %s\n' "${kernel%% *}"
	printf 'initrd %s\n' "${initrd%% *}"
	printf 'firmware %s\n' "$firmware"
	printf 'loaded into QEMU %s\n' "$loaded"
	"$1" --version | sed -n 1p
}

# write_qemu_cmd QEMU SNAPSHOT BOOT - the command of this run: a boot, the boot
# that makes a snapshot (BOOT is true), or what goes on from it. It names
# neither RUNDIR nor the time, so equal inputs give equal files.
write_qemu_cmd()
{
	local qemu=$1 snapshot=$2 boot=$3 preload inputs

	preload=$(machine_preload)
	inputs=$(qemu_inputs "$qemu") || return 1
	cat <<-END
		#!/bin/sh
		# usage: qemu-cmd [DIR]
		#
		# The QEMU command of this run; by hand it writes to DIR (default:
		# by-hand, next to this file) and leaves the record as it is.
		$(printf '%s\n' "$inputs" | sed 's/^/# /')
		# costs $(costs_json "$COSTS")

		unset CDPATH
		here=\$(cd "\$(dirname "\$0")" && pwd)
		out=\${1:-\$here/by-hand}
		mkdir -p "\$out" && cd "\$out" || exit 2
		cp "\$here/plan" plan.padded && truncate -s $PLAN_ROOM plan.padded || exit 2
		printf %-${NAME_ROOM}s '"variant":"$VARIANT"' >variant.padded || exit 2
	END
	if [[ -n $snapshot ]] && ! $boot; then
		printf 'cp %q console.log || exit 2\n' "$snapshot/console.log"
	fi
	printf 'exec env -i PATH=/usr/bin:/bin HOME=/nonexistent \\\n'
	{
		[[ -z $preload ]] || printf 'LD_PRELOAD=%q\n' "$preload"
		printf '%q\n' "$qemu"
		qemu_options
		firmware_args
		printf -- '-kernel %q\n' "$KERNEL/bzImage"
		printf -- '-initrd %q\n' "$INITRD"
		if $boot; then
			machine_snapshot_args
		else
			machine_plugin_args
			[[ -z $snapshot ]] || machine_restore_args "$snapshot/state"
		fi
	} | sed -e 's/^/\t/' -e '$!s/$/ \\/'
}
