# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# sampled.sh - campaigns on machines that take no samples themselves: every point is
# measured once more, with perf in the guest. Sourced by bench.sh, whose variables it
# reads and sets.

# What such a guest needs besides, in MB: the tools, packed and unpacked, and samples;
# and perf's buffers on each CPU.
SAMPLED_MEMORY=640
SAMPLED_CPU_MEMORY=4

# settle_sampled - STACKS is what is asked for, or the machine's default; SAMPLED the
# same if the guest has to take the samples.
settle_sampled()
{
	STACKS=$(settle_stacks "$STACKS" "$MACHINE") || exit 2
	SAMPLED=''
	[[ -z $STACKS ]] || (load_machine "$MACHINE" && machine_has_stacks) || SAMPLED=$STACKS
}

# sampled_modes - how points are measured.
sampled_modes()
{
	printf 'bare%s%s' "$(! $COUNTED || echo ' traced')" "${SAMPLED:+ sampled}"
}

# sampled_memory - MORE_MEMORY of guests with perf.
sampled_memory()
{
	[[ -z $SAMPLED ]] || MORE_MEMORY=$((MORE_MEMORY + SAMPLED_MEMORY + SAMPLED_CPU_MEMORY * CPUS))
}

# sampled_image VARIANT - perf for its INITRD.
sampled_image()
{
	[[ -n $SAMPLED ]] || return 0
	INITRD[$1]=$("$VB_TOP/scripts/image/build-tools-image.sh" --initrd "${INITRD[$1]}" \
		--out "$VB_BUILD/guest/$1-sampled.img") || exit 2
}
