#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# smoke-boot.sh - does a guest boot with this accelerator at all?
#
# usage: smoke-boot.sh [--dry-run] [--limit S] ACCELERATOR
#
#   ACCELERATOR  of QEMU: kvm or tcg
#   --limit S    a guest that has not booted after S seconds does not (default 10)
#   --dry-run    print QEMU's command, boot nothing
#
# The guest is a floppy of one sector: the BIOS starts it, it writes a word to the
# serial line and ends QEMU. That a device can be opened says less: some hosts have
# a /dev/kvm that makes a machine, and no guest ever executes an instruction.
#
# Exit codes: 0 it has booted; 1 it has not, and a line on standard output says why;
# 2 usage or environment.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME="smoke-boot"
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"
# shellcheck source=scripts/run/firmware.sh
. "$VB_TOP/scripts/run/firmware.sh"

# What the guest writes.
WORD=booted
# What QEMU's exit code is when the guest ends it with 0x10.
ENDED=33

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

# boot_sector - WORD to the first serial line, 0x10 to the exit device.
boot_sector()
{
	local code='\xba\xf8\x03' i	# mov dx, 0x3f8

	for ((i = 0; i < ${#WORD}; i++)); do
		# mov al, CHARACTER; out dx, al
		code+=$(printf '\\xb0\\x%02x\\xee' "'${WORD:i:1}")
	done
	# mov dx, 0xf4; mov al, 0x10; out dx, al; cli; hlt; again
	code+='\xba\xf4\x00\xb0\x10\xee\xfa\xf4\xeb\xfc'
	# shellcheck disable=SC2059 # the code is a format
	printf "$code"
}

# write_floppy FILE - the sector at its start, with the mark of one that boots.
write_floppy()
{
	truncate -s 1440K "$1" && boot_sector | dd of="$1" conv=notrunc status=none &&
		printf '\x55\xaa' | dd of="$1" bs=1 seek=510 conv=notrunc status=none
}

# qemu_words QEMU ACCELERATOR - the command, a word a line.
qemu_words()
{
	printf '%s\n' "$1" -nodefaults -no-user-config -machine pc-i440fx-9.0 -accel "$2" \
		-m 64 -display none -vga none -monitor none -nic none -no-reboot \
		-L "$FIRMWARE_DIR" -bios "$FIRMWARE_DIR/$FIRMWARE_BIOS" \
		-drive file=floppy.img,format=raw,if=floppy -boot a -serial file:said \
		-device isa-debug-exit,iobase=0xf4,iosize=0x04
}

# first_line FILE - of what QEMU said, without its own name.
first_line()
{
	grep -vE 'failed to initialize module|^Only modules from the same build' "$1" |
		sed -n '1{s/^[^ ]*qemu-system-x86_64: //; p}' || true
}

# explain CODE - why a guest that has not booted has not.
explain()
{
	if (($1 == 124 || $1 == 137)); then
		printf 'a test guest did not boot within %s s\n' "$LIMIT"
	elif [[ -s $TMP/err ]]; then
		printf 'a test guest did not boot: %s\n' "$(first_line "$TMP/err")"
	else
		printf 'a test guest did not boot: QEMU ended with exit code %s\n' "$1"
	fi
}

# smoke ACCELERATOR QEMU - the boot, and what there is to say of it.
smoke()
{
	local words=() rc=0

	TMP=$(mktemp -d) || die "cannot make a temporary directory"
	trap 'rm -rf -- "$TMP"' EXIT
	write_floppy "$TMP/floppy.img" || die "cannot write to $TMP: no space left?"
	mapfile -t words < <(qemu_words "$2" "$1")
	(cd -- "$TMP" && timeout --kill-after=2 "$LIMIT" "${words[@]}" </dev/null >err 2>&1) || rc=$?
	# Both, as a guest that only gets half way must not count.
	if [[ $rc -ne $ENDED || $(cat "$TMP/said" 2>/dev/null) != "$WORD" ]]; then
		explain "$rc"
		return 1
	fi
}

main()
{
	local accelerator='' dry=false qemu

	LIMIT=10
	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--dry-run) dry=true ;;
		--limit)
			[[ ${2:-} =~ ^[1-9][0-9]{0,3}$ ]] || usage_error "--limit needs a number of seconds"
			LIMIT=$2
			shift
			;;
		-*) usage_error "unknown option: $1" ;;
		*) [[ -z $accelerator ]] || usage_error "one accelerator, not $1 as well"; accelerator=$1 ;;
		esac
		shift
	done
	[[ $accelerator == kvm || $accelerator == tcg ]] || usage_error "ACCELERATOR is kvm or tcg"
	if ! $dry && [[ $accelerator == kvm && ! -e /dev/kvm ]]; then
		printf 'there is no /dev/kvm\n'
		return 1
	fi
	qemu=$("$VB_TOP/scripts/setup/qemu-path.sh") || exit 2
	if $dry; then
		qemu_words "$qemu" "$accelerator" | paste -sd' '
		return 0
	fi
	stage_firmware "$qemu"
	smoke "$accelerator" "$qemu"
}

main "$@"
