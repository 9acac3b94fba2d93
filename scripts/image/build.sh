# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# build.sh - everything that guests of a variant need. Sourced after lib.sh.

# Where they are, by variant.
declare -gA KERNEL_DIR MODULE VMAPSTAT INITRD

# guest_memory CPUS - what a guest gets, in MB; MORE_MEMORY is for what it keeps
# there, LEAST_MEMORY what it has to have.
guest_memory()
{
	local mb=$((512 + 16 * $1 + ${MORE_MEMORY:-0}))

	printf '%s' $((mb > ${LEAST_MEMORY:-0} ? mb : LEAST_MEMORY))
}

# last_line WHAT COMMAND... - the last line COMMAND prints. Through a file:
# a pipe stays open as long as any child of COMMAND has it.
last_line()
{
	local file
	file=$(mktemp)

	if ! "$@" >"$file"; then
		rm -f -- "$file"
		return 1
	fi
	tail -n 1 -- "$file"
	rm -f -- "$file"
}

# build VARIANT - everything its runs need; sets KERNEL_DIR, MODULE, INITRD and, if
# something can count in its guests, VMAPSTAT of that name.
build()
{
	local variant=$1 subject=()

	KERNEL_DIR[$variant]=$(last_line "$VB_TOP/scripts/kernel/build-kernel.sh" "$variant") || exit 2
	MODULE[$variant]=$(last_line "$VB_TOP/scripts/kernel/build-module.sh" "$variant") || exit 2
	VMAPSTAT[$variant]=$(last_line "$VB_TOP/scripts/kernel/build-vmapstat.sh" "$variant") || exit 2
	! is_subject "$variant" || subject=(--subject "$variant")
	INITRD[$variant]=$("$VB_TOP/scripts/image/build-guest.sh" ${subject[@]+"${subject[@]}"} --kernel "${KERNEL_DIR[$variant]}" \
		--module "${MODULE[$variant]}" ${VMAPSTAT[$variant]:+--vmapstat "${VMAPSTAT[$variant]}"} \
		--out "$VB_BUILD/guest/$variant.cpio.gz") || exit 2
}
