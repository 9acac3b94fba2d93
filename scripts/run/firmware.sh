# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# firmware.sh - what a guest executes before its kernel. Sourced, after lib.sh.
#
# QEMU looks for firmware in several directories and passes over a file that it may
# not read: another user of the same QEMU would then boot the BIOS of another
# version, and every figure would change a little. So the files are chosen
# here, copied, hashed, and given to QEMU by their paths.

# Those of a PC that boots a kernel, without network and display.
FIRMWARE_BIOS=bios-256k.bin
FIRMWARE_FILES="$FIRMWARE_BIOS kvmvapic.bin linuxboot_dma.bin"
FIRMWARE_DIR=$VB_BUILD/firmware

# find_firmware DIRS NAME - in the first of them that has it.
find_firmware()
{
	local dir

	while IFS= read -r dir; do
		if [[ -r $dir/$2 ]]; then
			printf '%s\n' "$dir/$2"
			return 0
		fi
	done <<<"$1"
	return 1
}

# stage_firmware QEMU - its firmware to FIRMWARE_DIR.
stage_firmware()
{
	local name file directories

	mkdir -p -- "$FIRMWARE_DIR" || die "cannot make $FIRMWARE_DIR"
	directories=$("$1" -L help) || die "$1 does not say where its firmware is"
	for name in $FIRMWARE_FILES; do
		file=$(find_firmware "$directories" "$name") || die "$1 has no $name (its directories: $1 -L help)"
		# Several runs may do this at the same time.
		cmp -s -- "$file" "$FIRMWARE_DIR/$name" ||
			{ cp -- "$file" "$FIRMWARE_DIR/$name.$$" &&
				mv -fT -- "$FIRMWARE_DIR/$name.$$" "$FIRMWARE_DIR/$name"; } ||
			die "cannot copy $file to $FIRMWARE_DIR"
	done
}

# firmware_hash - of what was staged.
firmware_hash()
{
	local name

	for name in $FIRMWARE_FILES; do
		{ cat -- "$FIRMWARE_DIR/$name"; } 2>/dev/null || die "$FIRMWARE_DIR/$name cannot be read"
	done | sha256sum | cut -c1-16
}

# firmware_args - QEMU's options, one a line.
firmware_args()
{
	printf -- '-L %q\n' "$FIRMWARE_DIR"
	printf -- '-bios %q\n' "$FIRMWARE_DIR/$FIRMWARE_BIOS"
}
