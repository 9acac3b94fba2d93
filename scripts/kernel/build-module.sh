#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build-module.sh - vmap_bench.ko for one variant. Each variant has its own,
# because a module's BTF is relative to that of its kernel.

# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"
# shellcheck source=scripts/kernel/variants.sh
. "$VB_TOP/scripts/kernel/variants.sh"
# shellcheck source=scripts/kernel/subjects.sh
. "$VB_TOP/scripts/kernel/subjects.sh"
# shellcheck source=scripts/kernel/lacking.sh
. "$VB_TOP/scripts/kernel/lacking.sh"
# shellcheck source=scripts/kernel/kbuild.sh
. "$VB_TOP/scripts/kernel/kbuild.sh"
VB_NAME=build-module

usage()
{
	cat <<'END'
Usage: scripts/kernel/build-module.sh [-h] [--debug] VARIANT

Build module/ against VARIANT's kernel and print the path of vmap_bench.ko.
With C=1 every source is checked by sparse; a warning is then an error.
Exit codes: 0 done, 2 anything else.
END
}

# The sources are copied to one directory, which Kbuild expects; nothing is built in module/.
copy_sources()
{
	local out=$1

	# A workload whose file is gone must not be built in.
	mkdir -p -- "$out" && rm -f -- "$out"/*.[ch] "$out/lacks" &&
		cp -p -- "$VB_TOP"/module/{,workloads/}*.[ch] "$VB_TOP/module/Kbuild" "$out/"
}

# compile TREE DEVEL OUT
compile()
{
	kmake "$1" "$2" M="$3" ${C:+C=2 CF="-Wsparse-error"} modules
}

main()
{
	local variant='' flavour='' tree kernel out log key KERNEL_ARCH

	while (($#)); do
		case $1 in
		-h | --help) usage; exit 0 ;;
		--debug) flavour=debug ;;
		-*) usage_error "unknown option $1" ;;
		*) variant=$1 ;;
		esac
		shift
	done
	[[ -n $variant ]] || usage_error "which variant?"
	check_variant "$variant"

	KERNEL_ARCH=$(variant_arch "$variant")
	tree=$(variant_tree "$variant")
	kernel=$("$VB_TOP/scripts/kernel/build-kernel.sh" ${flavour:+--debug} "$variant")
	out=$VB_BUILD/module/$variant${flavour:+-$flavour}
	log=$VB_BUILD/log/module-$variant${flavour:+-$flavour}.log

	build_alone "$out"
	# Objects made for another kernel are worth nothing here.
	[[ $(cat "$out/for" 2>/dev/null) == "$kernel" ]] || rm -rf -- "$out"
	key="sources $(hash_files "$VB_TOP"/module/{*.[ch],workloads/*.[ch],Kbuild}) kernel $kernel"
	if [[ -z ${C:-} ]] && made_of "$out/vmap_bench.ko" "$key"; then
		printf '%s\n' "$out/vmap_bench.ko"
		return 0
	fi
	rm -f -- "$out/vmap_bench.ko.key"
	! is_subject "$variant" || hold_tree "$variant" "$tree"
	! is_subject "$variant" || confine "$variant" "$tree" "$kernel" "$out"
	copy_sources "$out"
	printf '%s\n' "$kernel" >"$out/for"
	until run_logged "building vmap_bench.ko for $variant" "$log" \
		compile "$tree" "$kernel/devel" "$out"; do
		if ! is_subject "$variant" || ! leave_out "$out" "$log"; then
			die "vmap_bench.ko: build failed: $(first_error "$log")" "$log"
		fi
		info "$variant has no $(sort -u "$out/lacks" | paste -sd';' | sed 's/;/; /g'): left out"
	done
	sandboxed strip --strip-debug "$out/vmap_bench.ko"
	note_key "$out/vmap_bench.ko" "$key"
	printf '%s\n' "$out/vmap_bench.ko"
}

main "$@"
