#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# guest-run.sh - one boot of one variant with everything it needs built: what
# tests and people use to have a guest do something.

VB_NAME="guest-run"
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/variants.sh
. "$VB_TOP/scripts/variants.sh"

usage()
{
	cat <<'END'
Usage: scripts/guest-run.sh [-h] [--debug] VARIANT OUT [RUN-GUEST OPTIONS] <PLAN

Boot VARIANT and do the plan on standard input, a verb a line; each verb is
a do-VERB.sh in scripts/guest or scripts/guest/test. OUT gets what
scripts/run-guest.sh leaves there.
Default: 2 CPUs, 1024 MB; any option of run-guest.sh can follow OUT.
Exit codes are those of run-guest.sh.
END
}

main()
{
	local variant flavour='' out kernel module vmapstat initrd

	case ${1:-} in
	-h | --help) usage; exit 0 ;;
	--debug) flavour=debug; shift ;;
	-*) usage_error "unknown option $1" ;;
	esac
	(($# >= 2)) || usage_error "VARIANT and OUT are needed"
	variant=$1 out=$2
	shift 2
	check_variant "$variant"

	kernel=$("$VB_TOP/scripts/build-kernel.sh" ${flavour:+--debug} "$variant") || exit 2
	module=$("$VB_TOP/scripts/build-module.sh" ${flavour:+--debug} "$variant") || exit 2
	vmapstat=$("$VB_TOP/scripts/build-vmapstat.sh" ${flavour:+--debug} "$variant") || exit 2
	initrd=$VB_BUILD/guest/$variant${flavour:+-$flavour}-tests.cpio.gz
	"$VB_TOP/scripts/build-guest.sh" --tests --kernel "$kernel" --module "$module" \
		--vmapstat "$vmapstat" --out "$initrd" >/dev/null || exit 2
	mkdir -p -- "$out"
	cat >"$out.plan"
	"$VB_TOP/scripts/run-guest.sh" --cpus 2 --mem 1024 --kernel "$kernel" --initrd "$initrd" \
		--plan "$out.plan" --variant "$variant" --out "$out" "$@"
}

main "$@"
