# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# tools.sh - the programs of tools/, built. Sourced after lib.sh.

# build_tools - make them, or make sure that they are not older than their source.
build_tools()
{
	local log=$VB_BUILD/log/tools.log

	check_paths
	mkdir -p -- "$(dirname -- "$log")"
	(build_alone "$VB_BUILD/tools" && make -s -C "$VB_TOP/tools" OUT="$VB_BUILD/tools") >"$log" 2>&1 ||
		die "tools/ does not build: $(first_error "$log")" "$log"
}
