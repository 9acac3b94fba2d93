# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# common.bash - what the suites share: where the checkout is, the variants.

unset CDPATH
TOP=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
export TOP

# shellcheck source=scripts/lib/lib.sh
. "$TOP/scripts/lib/lib.sh"
# shellcheck source=scripts/kernel/variants.sh
. "$TOP/scripts/kernel/variants.sh"
# bats has its own ideas of what ends a test.
set +u

# kernel_dir VARIANT [--debug] - its kernel, built if it is not in the cache.
kernel_dir()
{
	"$TOP/scripts/kernel/build-kernel.sh" "${@:2}" "$1" 2>"$BATS_TEST_TMPDIR/build.err" ||
		{ cat "$BATS_TEST_TMPDIR/build.err"; return 1; }
}

# scratch_checkout DIR - what the build scripts read, to be broken by a test.
scratch_checkout()
{
	mkdir -p "$1"
	cp -r "$TOP"/{scripts,kernel-patches,guest} "$1/"
}

# one_job DIR - a nproc for PATH, of a host with one CPU: one boot follows the other.
one_job()
{
	mkdir -p "$1"
	printf '#!/bin/sh\necho 1\n' >"$1/nproc"
	chmod +x "$1/nproc"
}
