#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# extend.bats - the examples of docs/extending.md that need a kernel: the workload and the
# probe in a guest of one variant, the machine in another, and the variant's configuration.

load ../lib/common
load ../lib/guest
load ../lib/extended

setup_file() {
	export OUT=$BATS_FILE_TMPDIR/out COPY=$BATS_FILE_TMPDIR/copy
	mkdir -p "$OUT"
	extended "$COPY" workload probe variant machine
}

@test "a new workload runs, and a new probe counts" {
	TOP=$COPY VB_BUILD=$BATS_FILE_TMPDIR/build boot rewrite "point bare touch 4 2 100 1" \
		"point selftest touch 4 2 100 1" "point selftest fix_size_alloc_test 1 1 100 0"
	has 0 '.type == "error"'
	has 2 '.type == "sample" and .workload == "touch" and .ops_done >= 100'
	has 2 '.type == "counts" and (.missing | index("vfree") | not)'
	# Each operation of the one workload has a vfree(), none of the other.
	has 1 '.type == "counts" and .vfrees >= 100'
	has 1 '.type == "counts" and .vfrees == 0'
}

@test "a new machine boots a guest" {
	TOP=$COPY VB_BUILD=$BATS_FILE_TMPDIR/build GUEST_OPTIONS="--machine rr --cpus 2" \
		boot rewrite "point bare ram 4 2 100 1"
	has 1 '.type == "sample" and .workload == "ram"'
	grep -q 'thread=single' "$(dirname "$log")/qemu-cmd"
}

@test "a new variant's configuration comes out as asked" {
	tree=$("$TOP/scripts/kernel/fetch-source.sh" linux-6.1 2>/dev/null)
	obj=$BATS_TEST_TMPDIR/obj
	mkdir "$obj"
	read -ra fragments < <(awk -F '\t' '$1 == "rewrite-hz1000" { print $3 }' "$COPY/kernel-patches/variants.tsv")
	fragments=("${fragments[@]/#/$COPY/kernel-patches/config/}")
	fragments=("${fragments[@]/%/.config}")
	make -s -C "$tree" O="$obj" tinyconfig
	(cd "$obj" && "$tree/scripts/kconfig/merge_config.sh" -m -O "$obj" .config "${fragments[@]}")
	make -s -C "$tree" O="$obj" olddefconfig
	"$COPY/scripts/kernel/check-config.sh" "$obj/.config" "${fragments[@]}"
	grep -qx CONFIG_HZ=1000 "$obj/.config"
}
