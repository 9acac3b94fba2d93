# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# extended.bash - a copy of the tree with the examples of docs/extending.md.

# extended DIR EXAMPLE... - the copy. Each example applies without fuzz.
extended()
{
	local dir=$1 example
	shift

	mkdir -p -- "$dir"
	(cd -- "$TOP" && git ls-files -z | xargs -0 cp --parents -t "$dir")
	for example in "$@"; do
		(cd -- "$dir" && git apply "$TOP/tests/host/extend/$example.patch")
	done
}
