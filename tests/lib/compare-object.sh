#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# compare-object.sh - is an object of a kernel what its source gave before a
# patch? Both are compiled with the command that the kernel's build had for
# mm/vmalloc.o, under the name of the file, and their disassembly, relocations
# included, is compared.
#
# usage: compare-object.sh TREE KERNEL FILE PATCH
#   TREE    the patched source tree; quilt keeps what was before a patch in .pc
#   KERNEL  a directory made by build-kernel.sh
#   FILE    mm/NAME.c or fs/xfs/NAME.c
#   PATCH   one of the series that changes it
# Exit codes: 0 the same, 1 they differ (the diff is shown), 2 cannot compile.

set -euo pipefail

tree=$1
kernel=$2
file=$3
patch=$4
name=$(basename -- "$file" .c)
directory=$tree/$(dirname -- "$file")
tmp=$(mktemp -d)
trap 'rm -rf -- "$tmp"' EXIT

# compile SOURCE OBJECT - as the kernel's build did, without objtool. The name
# in __FILE__ has to be that of the original for both.
compile()
{
	local source=$1 object=$2 command

	{ printf '#line 1 "%s"\n' "$file"; cat "$source"; } >"$tmp/$name.c"
	command=$(sed -n 's/^\(saved\)\?cmd_mm\/vmalloc.o := \([^;]*\).*/\2/p' "$kernel/vmalloc.o.cmd")
	command=${command//..\//$tree/}
	command=${command/-o mm\/vmalloc.o/-o $object}
	command=${command/$tree\/mm\/vmalloc.c/-iquote $directory -I$directory/libxfs $tmp/$name.c}
	command=${command/-Wp,-MMD,mm\/.vmalloc.o.d/}
	command=${command//\"mm\/vmalloc\"/\"mm\/$name\"}
	command=${command//\"vmalloc\"/\"$name\"}
	command=${command//=kmod_vmalloc/=kmod_$name}
	(cd -- "$kernel/devel" && eval "$command") || exit 2
}

disassemble()
{
	objdump -d -r --no-show-raw-insn "$1" | sed 1,3d
}

compile "$tree/.pc/$patch/$file" "$tmp/original.o"
compile "$tree/$file" "$tmp/patched.o"
disassemble "$tmp/original.o" >"$tmp/original"
disassemble "$tmp/patched.o" >"$tmp/patched"

lines=$(wc -l <"$tmp/original")
if ((lines < 1000)); then
	echo "only $lines lines of disassembly: nothing was compared" >&2
	exit 2
fi
diff -u "$tmp/original" "$tmp/patched" && echo "$lines lines of disassembly, no difference"
