# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# host-tools.bash - the programs of tools/, built for a suite that needs nothing else.

bats_require_minimum_version 1.5.0

# setup_file - a suite with a build directory of its own; one that has more to set up
# calls build_host_tools itself.
setup_file()
{
	export LC_ALL=C VB_BUILD=$BATS_FILE_TMPDIR/build
	build_host_tools "$VB_BUILD/tools"
}

# build_host_tools DIR - sets TOP and TOOLS. tests/run.sh has built them, and names them in
# VB_TOOLS.
build_host_tools()
{
	unset CDPATH
	TOP=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
	TOOLS=$1
	export TOP TOOLS
	if [[ -n ${VB_TOOLS:-} && ! -e $TOOLS ]]; then
		mkdir -p -- "${TOOLS%/*}"
		ln -s -- "$VB_TOOLS" "$TOOLS"
	fi
	make -s -C "$TOP/tools" OUT="$TOOLS"
}
