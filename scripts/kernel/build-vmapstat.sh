#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build-vmapstat.sh - the counters for one variant's guest.

VB_NAME="build-vmapstat"
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"
# shellcheck source=scripts/kernel/variants.sh
. "$VB_TOP/scripts/kernel/variants.sh"
# shellcheck source=scripts/kernel/arch.sh
. "$VB_TOP/scripts/kernel/arch.sh"
# shellcheck source=scripts/kernel/sandbox.sh
. "$VB_TOP/scripts/kernel/sandbox.sh"

usage()
{
	cat <<'END'
Usage: scripts/kernel/build-vmapstat.sh [-h] [--debug] VARIANT

Build bpf/ with the type information of VARIANT's kernel and print the path of
vmapstat; nothing, if there is none for its processor. Exit codes: 0 done, 2 anything
else.
END
}

main()
{
	local variant flavour='' kernel out log clang key

	case ${1:-} in
	-h | --help) usage; exit 0 ;;
	--debug) flavour=-debug; shift ;;
	-*) usage_error "unknown option $1" ;;
	esac
	variant=${1:-}
	[[ -n $variant ]] || usage_error "which variant?"
	check_variant "$variant"
	load_arch "$(variant_arch "$variant")"
	if ! $ARCH_COUNTED; then
		info "$variant: vmapstat does not support its processor: no counters in its guests"
		return 0
	fi

	kernel=$("$VB_TOP/scripts/kernel/build-kernel.sh" ${flavour:+--debug} "$variant") || exit 2
	clang=$(command -v clang-14 || command -v clang) || die "there is no clang: make setup"
	out=$VB_BUILD/bpf/$variant$flavour
	log=$VB_BUILD/log/vmapstat-$variant$flavour.log
	build_alone "$out"
	key="sources $(hash_files "$VB_TOP"/bpf/{*.[ch],Makefile}) kernel $kernel"
	key+=" $("$clang" --version | sed -n 1p) $(gcc --version | sed -n 1p)"
	key+=" libbpf $(stat -Lc '%s %Y' -- "$(gcc -print-file-name=libbpf.a)" 2>/dev/null || true)"
	if made_of "$out/vmapstat" "$key"; then
		printf '%s\n' "$out/vmapstat"
		return 0
	fi
	rm -f -- "$out/vmapstat.key"
	# Its type information is a stranger's.
	! is_subject "$variant" || confine "$variant" '' "$kernel" "$out"
	run_logged "building vmapstat for $variant" "$log" sandboxed make -C "$VB_TOP/bpf" \
		CLANG="$clang" \
		VMLINUX_BTF="$kernel/vmlinux" OUT="$out" ||
		die "vmapstat: build failed: $(first_error "$log")" "$log"
	note_key "$out/vmapstat" "$key"
	printf '%s\n' "$out/vmapstat"
}

main "$@"
