#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# guest-run.sh - one boot of one variant with everything it needs built: what
# tests and people use to have a guest do something.

VB_NAME="guest-run"
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"
# shellcheck source=scripts/kernel/variants.sh
. "$VB_TOP/scripts/kernel/variants.sh"
# shellcheck source=scripts/image/guest-image.sh
. "$VB_TOP/scripts/image/guest-image.sh"

usage()
{
	cat <<'END'
Usage: scripts/run/guest-run.sh [-h] [--debug] [--tools] [--readers FILES] VARIANT OUT
                            [RUN-GUEST OPTIONS] <PLAN

Boot VARIANT and do the plan on standard input, a verb a line; each verb is
a do-VERB.sh in guest or guest/test. OUT gets what
scripts/run/run-guest.sh leaves there. With --tools the guest has bpftrace, perf
and the verbs of guest/tools as well (docs/tools.md), with --readers
those of guest/readers and directories of FILES files (docs/xfs.md).
Default: 2 CPUs, one for a 32-bit kernel, 1024 MB; any option of run-guest.sh can follow OUT.
Exit codes are those of run-guest.sh.
END
}

main()
{
	local variant out flags=(--tests) cpus=2

	while [[ ${1:-} == -* ]]; do
		case $1 in
		-h | --help) usage; exit 0 ;;
		--debug | --tools) flags+=("$1") ;;
		--readers)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			flags+=("$1" "$2")
			shift
			;;
		*) usage_error "unknown option $1" ;;
		esac
		shift
	done
	(($# >= 2)) || usage_error "VARIANT and OUT are needed"
	variant=$1 out=$2
	shift 2
	check_variant "$variant"

	build_image "$variant" "${flags[@]}"
	[[ -z $(kernel_arch "$KERNEL") ]] || cpus=1
	mkdir -p -- "$out"
	cat >"$out.plan"
	"$VB_TOP/scripts/run/run-guest.sh" --cpus "$cpus" --mem 1024 --kernel "$KERNEL" --initrd "$INITRD" \
		--plan "$out.plan" --variant "$variant" --out "$out" "$@"
}

main "$@"
