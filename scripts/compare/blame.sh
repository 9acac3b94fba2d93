# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
#
# blame.sh - a kernel that does not build or does not run, and whose side of the
# comparison it is: the patch's fault is no fault of the host. Sourced by compare.sh,
# whose variables it reads, after sides.sh.

# unfit SIDE TEXT [LOG] - the kernel of that side cannot be measured. That of AFTER
# has an exit code of its own if somebody asks for one.
unfit()
{
	local code=2

	[[ $1 == BEFORE ]] || code=${VB_UNFIT:-2}
	printf '%s: error: %s (%s) %s%s\n' "$VB_NAME" "$1" "$(say_side "$1")" "$2" "${3:+ (log: $3)}" >&2
	exit "$code"
}

# build_side SIDE - its kernel, and what is loaded into it.
build_side()
{
	local name=${KERNEL_NAME[$1]} script what log rc

	for script in kernel module vmapstat; do
		log=$VB_BUILD/log/$script-$name.log
		rc=0
		"$VB_TOP/scripts/kernel/build-$script.sh" "$name" >/dev/null || rc=$?
		((rc)) || continue
		((rc == 2)) || exit "$rc"
		what="does not build"
		[[ $script == kernel ]] || what="cannot be measured: $script does not build for it"
		if [[ ! -s $log ]] || host_fault "$log"; then
			exit 2
		fi
		unfit "$1" "$what: $(first_error "$log")" "$log"
	done
}

# blame_guest ID - that campaign could not be finished: does a boot or a selftest of a side say
# why? Then it ends the script.
blame_guest()
{
	local side name dir file

	for side in BEFORE AFTER; do
		name=${KERNEL_NAME[$side]:-}
		[[ -n $name ]] || continue
		dir=$RESULTS/$1/$name
		for file in "$dir"/*/failed; do
			[[ ! -s $file ]] ||
				unfit "$side" "does not run: $(head -n 1 -- "$file")" "${file%failed}console.log"
		done
		file=$dir/selftest/wrong
		[[ ! -s $file ]] ||
			unfit "$side" "cannot be measured: selftest: $(head -n 1 -- "$file")" "$dir/selftest/selftest.txt"
	done
}
