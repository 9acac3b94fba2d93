#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# compare-vmalloc.sh - is mm/vmalloc.o of a kernel what the unpatched source
# gives? Both are compiled with the very command of the kernel's build and
# their disassembly, relocations included, is compared.
#
# usage: compare-vmalloc.sh TREE KERNEL
#   TREE    the patched source tree; quilt keeps the originals in .pc
#   KERNEL  a folder made by build-kernel.sh
# Exit codes: 0 the same, 1 they differ (the diff is shown), 2 cannot compile.

set -euo pipefail

tree=$1
kernel=$2
tmp=$(mktemp -d)
trap 'rm -rf -- "$tmp"' EXIT

# compile SOURCE OBJECT - as the kernel's build did, without objtool. The name
# in __FILE__ has to be that of the original for both.
compile()
{
	local source=$1 object=$2 command

	{ echo '#line 1 "mm/vmalloc.c"'; cat "$source"; } >"$tmp/vmalloc.c"
	command=$(sed -n 's/^\(saved\)\?cmd_mm\/vmalloc.o := \([^;]*\).*/\2/p' "$kernel/vmalloc.o.cmd")
	command=${command//..\//$tree/}
	command=${command/-o mm\/vmalloc.o/-o $object}
	command=${command/$tree\/mm\/vmalloc.c/-iquote $tree/mm $tmp/vmalloc.c}
	command=${command/-Wp,-MMD,mm\/.vmalloc.o.d/}
	(cd -- "$kernel/devel" && eval "$command") || exit 2
}

disassemble()
{
	objdump -d -r --no-show-raw-insn "$1" | sed 1,3d
}

original=$(find "$tree/.pc" -path '*/mm/vmalloc.c' | sort | head -n 1)
compile "$original" "$tmp/original.o"
compile "$tree/mm/vmalloc.c" "$tmp/patched.o"
disassemble "$tmp/original.o" >"$tmp/original"
disassemble "$tmp/patched.o" >"$tmp/patched"

lines=$(wc -l <"$tmp/original")
if ((lines < 1000)); then
	echo "only $lines lines of disassembly: nothing was compared" >&2
	exit 2
fi
diff -u "$tmp/original" "$tmp/patched" && echo "$lines lines of disassembly, no difference"
