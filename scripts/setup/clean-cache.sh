#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# clean-cache.sh - remove all that vmapbench keeps outside the checkout.

VB_NAME="clean-cache"
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"

usage()
{
	cat <<'END'
Usage: scripts/setup/clean-cache.sh [-h] [--dry-run]

Remove the cache: sources, kernels, compiler cache, snapshots, stored
boots and the private QEMU.
Packages installed by setup stay; scripts/setup/packages.txt names them.
END
}

# show_cache - what is there, and how large what has a bound may get.
show_cache()
{
	du -sh -- "$VB_CACHE"/* 2>/dev/null || true
	printf 'bound: %s MB in boots (VB_STORE_MB), %s in ccache (CCACHE_MAXSIZE), 20 snapshots\n' \
		"${VB_STORE_MB:-2048}" "${CCACHE_MAXSIZE:-3G}"
}

case ${1:-} in
'') ;;
-h | --help) usage; exit 0 ;;
--dry-run) show_cache; exit 0 ;;
*) usage_error "unknown argument $1" ;;
esac

info "removing $VB_CACHE"
rm -rf -- "$VB_CACHE"
