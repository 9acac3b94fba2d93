#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# kernels.bats - sources, configuration, builds, and their failures.

load ../lib/common

@test "every variant has a kernel" {
	for v in $(variant_names); do
		dir=$(kernel_dir "$v")
		for f in bzImage vmlinux System.map config test_vmalloc.ko key devel/Module.symvers; do
			[ -s "$dir/$f" ] || { echo "$v: no $f"; false; }
		done
	done
}

@test "variants differ in one config symbol only" {
	for v in vmlist rewrite; do
		run diff <(grep '^CONFIG' "$(kernel_dir mainline)/config") \
			<(grep '^CONFIG' "$(kernel_dir "$v")/config")
		[ "$status" -eq 1 ]
		! grep '^[<>]' <<<"$output" | grep -v VMAP_LAYER
	done
	for v in noguard irq as-posted; do
		symbol=${v^^}
		run diff <(grep '^CONFIG' "$(kernel_dir rewrite)/config") \
			<(grep '^CONFIG' "$(kernel_dir "rewrite-$v")/config")
		[ "$(grep '^[<>]' <<<"$output")" = "> CONFIG_VMAP_REWRITE_${symbol//-/_}=y" ]
	done
}

@test "what XFS and maps do for stray aliases is a config symbol each" {
	run diff <(grep '^CONFIG' "$(kernel_dir vmlist)/config") \
		<(grep '^CONFIG' "$(kernel_dir xfs-deferred)/config")
	[ "$(grep '^[<>]' <<<"$output")" = "> CONFIG_XFS_DEFERRED_UNMAP=y" ]
	run diff <(grep '^CONFIG' "$(kernel_dir xfs-deferred)/config") \
		<(grep '^CONFIG' "$(kernel_dir vmap-pages)/config")
	[ "$(grep '^[<>]' <<<"$output")" = "> CONFIG_VMAP_PAGES=y" ]
}

# holds VARIANT SYMBOL..., lacks VARIANT SYMBOL... - does its kernel have them?
holds() {
	for s in "${@:2}"; do
		grep -q " $s\$" "$(kernel_dir "$1")/System.map" || { echo "$1 lacks $s"; return 1; }
	done
}

lacks() {
	for s in "${@:2}"; do
		! grep " $s\$" "$(kernel_dir "$1")/System.map" || { echo "$1 has $s"; return 1; }
	done
}

@test "each layer is in its own kernel and in no other" {
	holds vmlist vmlist_lock vmap_layer_next
	lacks vmlist vmap_lazy_nr xfs_buf_vunmap_deferred vmap_pages
	holds xfs-deferred vmlist_lock xfs_buf_vunmap_deferred
	lacks xfs-deferred vmap_pages
	holds vmap-pages vmlist_lock xfs_buf_vunmap_deferred vmap_pages vunmap_pages
	holds rewrite vmap_lazy_nr vmap_layer_next
	lacks rewrite vmlist_lock free_vmap_area_lock vm_map_ram_gfp
	holds rewrite-irq vmap_lazy_nr vmap_layer_next vm_map_ram_gfp
	holds mainline vmap_lazy_nr free_vmap_area_lock
	lacks mainline vmap_layer_next vmlist_lock
	holds mainline-6.12 vmap_nodes
	lacks mainline-6.12 vmap_area_lock vmap_layer_next
}

# unchanged VARIANT FILE PATCH - is its object what it was before the patch?
unchanged() {
	run "$TOP/tests/lib/compare-object.sh" "$("$TOP/scripts/kernel/fetch-source.sh" linux-6.1 2>/dev/null)" \
		"$(kernel_dir "$1")" "$2" "$3"
	echo "$output" | tail -n 20
	return "$status"
}

@test "mainline's vmalloc.o is that of the unpatched tree" {
	unchanged mainline mm/vmalloc.c mm-vmap-layer-seam.patch
}

@test "rewrite's vmap_rewrite.o is that of the tree without its variants" {
	unchanged rewrite mm/vmap_rewrite.c mm-vmap-rewrite-noguard.patch
}

@test "vmlist's xfs_buf.o is that of the tree without batches" {
	unchanged vmlist fs/xfs/xfs_buf.c xfs-deferred-unmap.patch
}

@test "the same comparison sees that those of others differ" {
	for args in "vmlist mm/vmalloc.c mm-vmap-layer-seam.patch" \
		"rewrite-noguard mm/vmap_rewrite.c mm-vmap-rewrite-noguard.patch" \
		"rewrite-as-posted mm/vmap_rewrite.c mm-vmap-rewrite-as-posted.patch" \
		"rewrite-irq mm/vmap_rewrite.c mm-vmap-rewrite-irq.patch" \
		"xfs-deferred fs/xfs/xfs_buf.c xfs-deferred-unmap.patch"; do
		# shellcheck disable=SC2086
		! unchanged $args
		[ "$status" -eq 1 ]
	done
}

@test "a cached kernel is found without building" {
	kernel_dir vmlist
	run "$TOP/scripts/kernel/build-kernel.sh" vmlist
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "a symbol that did not stick is named" {
	printf 'CONFIG_A=y\nCONFIG_B=y\n# CONFIG_D is not set\n' >"$BATS_TEST_TMPDIR/config"
	printf 'CONFIG_A=y\nCONFIG_B=n\nCONFIG_C=m\nCONFIG_D=n\n' >"$BATS_TEST_TMPDIR/f.config"
	run "$TOP/scripts/kernel/check-config.sh" "$BATS_TEST_TMPDIR/config" "$BATS_TEST_TMPDIR/f.config"
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = "f.config: asked for CONFIG_B=n, got y" ]
	[ "${lines[1]}" = "f.config: asked for CONFIG_C=m, got n" ]
	[ "${#lines[@]}" -eq 2 ]
}

@test "a patch that does not apply: one line, exit 2, nothing in the cache" {
	scratch_checkout "$BATS_TEST_TMPDIR/co"
	sed -i 's/^ #include "pgalloc-track.h"/ #include "no-such-line.h"/' \
		"$BATS_TEST_TMPDIR"/co/kernel-patches/linux-6.1/mm-vmap-layer-seam.patch
	export VMAPBENCH_CACHE=$BATS_TEST_TMPDIR/cache
	run "$BATS_TEST_TMPDIR/co/scripts/kernel/build-kernel.sh" vmlist
	echo "$output"
	[ "$status" -eq 2 ]
	[ "$(grep -c error: <<<"$output")" -eq 1 ]
	[[ $output == *"patch mm-vmap-layer-seam.patch does not apply to linux-source-6.1"*"(log: "* ]]
	[ -z "$(find "$VMAPBENCH_CACHE" -mindepth 2 ! -name '*.lock')" ]
}

@test "a compile error: its line, exit 2, nothing in the cache" {
	scratch_checkout "$BATS_TEST_TMPDIR/co"
	tree=$("$TOP/scripts/kernel/fetch-source.sh" linux-6.1 2>/dev/null)
	export VMAPBENCH_CACHE=$BATS_TEST_TMPDIR/cache
	# The real source tree saves unpacking one; its builds stay behind.
	mkdir -p "$VMAPBENCH_CACHE/src"
	cp -al "$tree" "$VMAPBENCH_CACHE/src/" 2>/dev/null || cp -a "$tree" "$VMAPBENCH_CACHE/src/"
	rm -rf "$VMAPBENCH_CACHE"/src/*/build*
	mkdir "$BATS_TEST_TMPDIR/bin"
	cat >"$BATS_TEST_TMPDIR/bin/ccache" <<-'END'
		#!/bin/sh
		case "$*" in
		*" -c "*empty.c) echo "scripts/mod/empty.c:1:1: error: planted" >&2; exit 1 ;;
		esac
		exec "$@"
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/ccache"
	run env PATH="$BATS_TEST_TMPDIR/bin:$PATH" "$BATS_TEST_TMPDIR/co/scripts/kernel/build-kernel.sh" vmlist
	echo "$output"
	[ "$status" -eq 2 ]
	[[ ${lines[-1]} == *"vmlist: build failed: scripts/mod/empty.c:1:1: error: planted (log: "*")" ]]
	[ -z "$(ls "$VMAPBENCH_CACHE/kernels")" ]
	[ -z "$(find "$VMAPBENCH_CACHE/src" -maxdepth 2 -name 'build*')" ]
}

@test "a full disk: one line, exit 2, nothing in the cache" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to mount a small tmpfs"
	export VMAPBENCH_CACHE=$BATS_TEST_TMPDIR/small
	mkdir "$VMAPBENCH_CACHE"
	mount -t tmpfs -o size=100m none "$VMAPBENCH_CACHE" || skip "cannot mount"
	VB_BUILD=$BATS_TEST_TMPDIR/build run "$TOP/scripts/kernel/build-kernel.sh" vmlist
	left=$(find "$VMAPBENCH_CACHE" -mindepth 2 ! -name '*.lock')
	umount "$VMAPBENCH_CACHE"
	echo "$output"
	[ "$status" -eq 2 ]
	[ "$(grep -c error: <<<"$output")" -eq 1 ]
	[[ $output == *"No space left on device"*"(log: "* ]]
	[ -z "$left" ]
}

@test "sparse: the module" {
	C=1 run "$TOP/scripts/kernel/build-module.sh" mainline
	echo "$output"
	[ "$status" -eq 0 ]
	grep -q CHECK "$VB_BUILD/log/module-mainline.log"
}

@test "module, counters and image are built again when what they are of changes, and only then" {
	# shellcheck disable=SC2030,SC2031 # of this test
	export VB_BUILD=$BATS_TEST_TMPDIR/build
	tree=$BATS_TEST_TMPDIR/tree
	scratch_checkout "$tree"
	cp -r "$TOP"/{module,bpf,sim} "$tree/"
	# builds PART... - what is said to be built, and whether the image is another file.
	builds() {
		before=$(stat -c %i "$VB_BUILD/guest/rewrite.cpio.gz" 2>/dev/null || true)
		(
			. "$tree/scripts/lib/lib.sh"
			. "$tree/scripts/kernel/variants.sh"
			. "$tree/scripts/image/guest-image.sh"
			build_image rewrite
		) 2>&1 | sed -n 's/^build-[a-z]*: building \([^ ]*\) .* \.\.\.$/\1/p' >said
		[ "$(stat -c %i "$VB_BUILD/guest/rewrite.cpio.gz")" = "$before" ] || echo image >>said
		[ "$(paste -sd' ' said)" = "$*" ] || { cat said; return 1; }
	}
	cd "$BATS_TEST_TMPDIR"
	builds vmap_bench.ko vmapstat image
	sum=$(sha256sum <build/guest/rewrite.cpio.gz)
	builds
	echo '/* Nothing. */' >>"$tree/module/region.c"
	builds vmap_bench.ko
	echo '/* Nothing. */' >>"$tree/bpf/vmapstat.c"
	builds vmapstat
	VB_PHASE=7 builds image
	builds image
	[ "$(sha256sum <build/guest/rewrite.cpio.gz)" = "$sum" ]
	echo '# Nothing.' >>"$tree/guest/lib.sh"
	builds image
	[ "$(sha256sum <build/guest/rewrite.cpio.gz)" != "$sum" ]
	# What was interrupted is not there.
	rm build/module/rewrite/vmap_bench.ko.key
	builds vmap_bench.ko
}
