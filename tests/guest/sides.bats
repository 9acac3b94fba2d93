#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# sides.bats - compare on kernels that it builds and measures: patches, directories,
# finished campaigns, and kernels that do not build or boot.

bats_require_minimum_version 1.5.0

load ../lib/common
load ../lib/patches
load ../lib/verdicts

# As little as shows the change.
LITTLE=(--workload vmap --threads 1 --ops 2000)

setup_file() {
	export VB_RESULTS=$VB_BUILD/test/sides
	rm -rf "$VB_RESULTS"
	mkdir -p "$VB_RESULTS"
	TREE=$("$TOP/scripts/kernel/fetch-source.sh" linux-6.1 2>/dev/null)
	export TREE
}

setup() {
	cd -- "$BATS_TEST_TMPDIR" || return
}

@test "a patch on a variant: the regression is found and blamed" {
	sum=$(sha256sum <"$TREE/mm/vmap_rewrite.c")
	change mm/vmap_rewrite.c 's,return fls\(num_online_cpus\(\)\).*,return 1;,' one-page
	compare 1 rewrite --patch one-page.patch "${LITTLE[@]}"
	shows '^REGRESSION: purges_per_kop at 1 of 1 point'
	shows '^after: .*:rewrite\+one-page-[0-9a-f]{8}$'
	[ "$(awk 'length > 76' shown | wc -l)" -eq 0 ]
	# The base is what it was.
	[ "$(sha256sum <"$TREE/mm/vmap_rewrite.c")" = "$sum" ]
}

@test "patches that change nothing that counts are a PASS" {
	change mm/vmap_rewrite.c 's,^/\* Pages that may wait for a purge;,/* So many pages may wait for a purge;,' comment
	compare 0 rewrite --patch comment.patch "${LITTLE[@]}"
	shows '^PASS: '
	# Only where the lines are has changed, and no byte that runs.
	jq -e 'all(.changes[]; .delta == 0)' out/compare.json
}

@test "a Makefile that writes elsewhere: it cannot, and the kernel is that of the base" {
	# shellcheck source=scripts/kernel/sandbox.sh
	. "$TOP/scripts/kernel/sandbox.sh"
	try_sandbox || skip "no sandbox here"
	places="$VB_RESULTS $TOP/scripts $VB_CACHE $VB_CACHE/ccache $TREE/mm ${HOME:-/}"
	rm -f "$VB_RESULTS/planted-by-a-patch"
	# shellcheck disable=SC2016 # make's
	change mm/Makefile '1a\
$(info tried $(foreach d,'"$places"',$(shell echo evil >$(d)/planted-by-a-patch && echo wrote $(d))) network $(shell ls /sys/class/net 2>/dev/null; cut -s -d: -f1 /proc/net/dev))' thief
	name=$(. "$TOP/scripts/kernel/subjects.sh" && subject_of_variant rewrite thief.patch 2>/dev/null)
	export VB_SANDBOX=on
	rm -rf "$VB_CACHE/kernels/$name"-*
	kernel=$("$TOP/scripts/kernel/build-kernel.sh" "$name")
	[ "$(grep '^tried ' "$VB_BUILD/log/kernel-$name.log" | tr -s ' ' | sort -u)" = "tried network lo" ]
	for place in $places; do
		[ ! -e "$place/planted-by-a-patch" ]
	done
	base=$("$TOP/scripts/kernel/build-kernel.sh" rewrite)
	for file in bzImage vmlinux System.map config test_vmalloc.ko devel/Module.symvers; do
		cmp "$base/$file" "$kernel/$file"
	done
	"$TOP/scripts/kernel/build-module.sh" "$name"
	"$TOP/scripts/kernel/build-vmapstat.sh" "$name"
}

@test "a kernel that does not build: which side, the first error, its log" {
	change mm/vmap_rewrite.c 's,^static unsigned long lazy_max_pages,static unsigned lung lazy_max_pages,' lung
	compare 2 rewrite --patch lung.patch "${LITTLE[@]}"
	says "compare: error: AFTER (rewrite with lung.patch) does not build: "
	grep -qE '^compare: error: .*mm/vmap_rewrite.c:[0-9]+:.* error: .*lazy_max_pages.*\(log: .*/kernel-rewrite\+lung-[0-9a-f]{8}.log\)$' err
	[ ! -e out ]
}

@test "a kernel that does not boot: which side, and what it said" {
	change init/main.c 's,^(\trest_init|\tarch_call_rest_init)\(\);,\tpanic("planted");,' panic
	compare 2 rewrite --patch panic.patch "${LITTLE[@]}"
	says "compare: error: AFTER (rewrite with panic.patch) does not run: panic: planted"
	[ ! -e out ]
}

@test "a finished campaign as a baseline, for the other base and a patch on it" {
	"$TOP/scripts/vmapbench" bench --id baseline --variants rewrite --ops 1500 --workload "ram vmap" --threads "1 2" --costs none
	compare 2 baseline mainline-6.12 --ops 1500
	says "--ops: $VB_RESULTS/baseline is finished, and the other side is measured as it was"
	status=0
	"$TOP/scripts/vmapbench" compare --out out baseline mainline-6.12 >shown 2>err || status=$?
	echo "$status"
	cat shown err
	[ "$status" -eq 0 ] || [ "$status" -eq 1 ]
	shows '^after: +gate-[0-9a-f]{8}:mainline-6.12$'
	shows '^- kernel_version: 6\.1\.[0-9]+ before, 6\.12\.[0-9]+ after$'
	[ "$(jq '[.changes[] | {workload, threads}] | unique | length' out/compare.json)" -eq 4 ]
	change mm/vmalloc.c 's/^(\tflush_)cache_vunmap(\(va->va_start, va->va_end\);)/&\n\1tlb_kernel_range\2/' \
		flush-6.12 "$("$TOP/scripts/kernel/fetch-source.sh" linux-6.12 2>/dev/null)"
	compare 1 mainline-6.12 --patch flush-6.12.patch "${LITTLE[@]}"
	shows '^REGRESSION: flushes_per_kop at 1 of 1 point'
}

@test "two directories with the same content: the same bytes, and not one difference" {
	"$TOP/tests/lib/kernel-repo.sh" "$TREE" one/linux
	mkdir two
	# Names of one length: a guest reads its own when it boots, which takes time.
	cp -r one/linux two/clone
	rm -rf two/clone/.git
	compare 0 one/linux two/clone "${LITTLE[@]}"
	shows '^PASS: identical at 1 point$'
	mapfile -t names < <(jq -r '.before.variant, .after.variant' out/compare.json)
	[[ ${names[0]} =~ ^linux-[0-9a-f]{12}$ && ${names[1]} = "clone-${names[0]#linux-}" ]]
	one=$("$TOP/scripts/kernel/build-kernel.sh" "${names[0]}")
	two=$("$TOP/scripts/kernel/build-kernel.sh" "${names[1]}")
	[ "$one" != "$two" ]
	# Beside them are programs for the host, and commands with paths.
	for file in bzImage vmlinux System.map config key test_vmalloc.ko devel/Module.symvers; do
		cmp "$one/$file" "$two/$file"
	done
}

@test "a directory that knows fewer symbols: they are named and left out" {
	"$TOP/tests/lib/kernel-repo.sh" "$TREE" linux
	sed -i '/^config SLUB_CPU_PARTIAL/,/^$/d' linux/mm/Kconfig linux/init/Kconfig
	compare 0 linux linux "${LITTLE[@]}"
	# Of a kernel that was in the cache, its building has said nothing: the report does.
	shows 'has no CONFIG_SLUB_CPU_PARTIAL'
}

@test "a kernel without the function of a workload: named and left out" {
	change mm/vmap_rewrite.c 's,^EXPORT_SYMBOL(_GPL)?\(vm_map_ram\);,,' unexported
	compare 0 rewrite --patch unexported.patch --threads 1 --ops 2000
	tr -s ' \n' ' ' <shown | grep 'after has no vm_map_ram, which the workload ram needs'
	[ "$(jq -r '[.changes[].workload] | unique | join(" ")' out/compare.json)" = vmap ]
	compare 2 rewrite --patch unexported.patch --threads 1 --ops 2000 --workload ram
	says "nothing to measure: "
}
