#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# copy-build-kernel.bats - a kernel built where the build of its base was copied to is, byte
# for byte, that of a whole build. A base and a patch on it, each built whole.

load ../../lib/common
load ../../lib/patches

# small_config FILE - a kernel of few files, with what its bytes could depend on: modules,
# objtool, kallsyms, debug data, BTF.
small_config() {
	printf 'CONFIG_%s\n' 64BIT=y PRINTK=y MODULES=y RUNTIME_TESTING_MENU=y TEST_VMALLOC=m KALLSYMS=y \
		UNWINDER_ORC=y DEBUG_KERNEL=y BPF_SYSCALL=y DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=y \
		DEBUG_INFO_BTF=y DEBUG_INFO_BTF_MODULES=y >"$1"
}

@test "a patch: what its base has built is copied, and the kernel is that of a whole build" {
	cd -- "$BATS_TEST_TMPDIR"
	scratch_checkout co
	small_config co/kernel-patches/config/guest.config
	base=$("$TOP/scripts/kernel/fetch-source.sh" linux-6.1 2>/dev/null)
	export CCACHE_DIR=${CCACHE_DIR:-$VB_CACHE/ccache}
	export VMAPBENCH_CACHE=$PWD/cache VB_CACHE=$PWD/cache VB_BUILD=$PWD/build
	mkdir -p cache/src
	cp -al "$base" cache/src/ 2>/dev/null || cp -a "$base" cache/src/
	rm -rf cache/src/*/build*
	base=$PWD/cache/src/$(basename -- "$base")
	change mm/vmalloc.c 's,^(\treturn) log \* \(32UL \* 1024 \* 1024 / PAGE_SIZE\);,\1 !!log;,' one-page "$base"
	name=$(
		# shellcheck disable=SC2030
		VB_SUBJECTS=$VB_BUILD/subjects
		# shellcheck source=scripts/kernel/subjects.sh
		. "$TOP/scripts/kernel/subjects.sh"
		subject_of_variant mainline "$PWD/one-page.patch"
	)

	unpatched=$(co/scripts/kernel/build-kernel.sh mainline)
	seeded=$(co/scripts/kernel/build-kernel.sh "$name" 2>err)
	cat err
	grep -q 'copying what was built in ' err
	[ "$(grep -c '^  CC ' "build/log/kernel-$name.log")" -lt 10 ]
	mv "$seeded" seeded

	# shellcheck disable=SC2031 # nothing changed it there
	rm -rf "$base-scratch"
	rm "$base/build/finished"
	whole=$(co/scripts/kernel/build-kernel.sh "$name" 2>err)
	grep -q 'so all of the kernel is built' err
	[ "$(grep -c '^  CC ' "build/log/kernel-$name.log")" -gt 100 ]
	for file in bzImage vmlinux System.map config key test_vmalloc.ko devel/Module.symvers; do
		cmp "seeded/$file" "$whole/$file"
	done
	! cmp "$unpatched/bzImage" "$whole/bzImage"
}
