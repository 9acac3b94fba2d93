#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel-repo.sh - a small history of a real kernel for the suite sides, the same
# commits every time.
#
# usage: kernel-repo.sh TREE DIR
#
# DIR becomes a git repository with what a kernel of ours is built from in TREE, and
# these commits on branch main, oldest first; each has a tag:
#   base       as in TREE
#   comment    changes a comment in mm/vmalloc.c
#   broken     does not compile
#   mended     does again
#   planted    cuts what may wait for a purge to one page
#   renamed    renames a local
#   comment-2  another comment

set -euo pipefail

# What no kernel of ours is built from; the files that describe the build stay.
UNUSED=(/Documentation/ /sound/ /net/ /tools/testing/ /tools/perf/ /drivers/gpu/ /drivers/net/
	/drivers/media/ /drivers/staging/ /drivers/clk/ /drivers/scsi/ /drivers/usb/ /drivers/misc/
	/drivers/iio/ /drivers/infiniband/ /drivers/video/ /drivers/pinctrl/ /drivers/crypto/
	/drivers/input/ /drivers/mtd/ /drivers/soc/ /arch/a* /arch/[b-w]*)

# copy_kernel TREE DIR
copy_kernel()
{
	local dir rules=()

	for dir in "${UNUSED[@]}"; do
		rules+=(--exclude="${dir%/}/**")
	done
	mkdir -p -- "$2"
	rsync -a --exclude=/build --exclude='/build-*' --exclude=/.pc --include='*/' --include='Kconfig*' \
		--include='Makefile*' --include='Kbuild*' "${rules[@]}" -- "$1/" "$2/"
}

# commit NAME SED-EXPRESSION - it changes mm/vmalloc.c, and has that tag.
commit()
{
	local old
	old=$(sha256sum <mm/vmalloc.c)

	sed -i -E "$2" mm/vmalloc.c
	[[ $(sha256sum <mm/vmalloc.c) != "$old" ]] || { echo "$0: $1 changes nothing" >&2; exit 2; }
	git commit -q -a -m "mm/vmalloc: $1"
	git tag "$1"
}

main()
{
	[[ $# -eq 2 ]] || { echo "usage: $0 TREE DIR" >&2; exit 2; }
	# Everything that goes into the hash of a commit.
	export GIT_AUTHOR_NAME=vmapbench GIT_AUTHOR_EMAIL=vmapbench@localhost
	export GIT_COMMITTER_NAME=vmapbench GIT_COMMITTER_EMAIL=vmapbench@localhost
	export GIT_AUTHOR_DATE='2008-08-01T00:00:00Z' GIT_COMMITTER_DATE='2008-08-01T00:00:00Z'
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

	copy_kernel "$1" "$2"
	cd -- "$2"
	git init -q -b main
	git config core.compression 0
	git config gc.auto 0
	git add -A -f
	git commit -q -m "a kernel"
	git tag base
	commit comment 's,^ \* Access vmalloc\(\)ed memory safely\.?$|^(/\*\*\* Page table manipulation functions \*\*\*/)$,/* Page tables */,'
	commit broken 's,^static unsigned long lazy_max_pages\(void\)$,static unsigned lung lazy_max_pages(void),'
	commit mended 's,^static unsigned lung lazy_max_pages,static unsigned long lazy_max_pages,'
	commit planted 's,^(\treturn) log \* \(32UL \* 1024 \* 1024 / PAGE_SIZE\);,\1 !!log;,'
	commit renamed '/^static unsigned long lazy_max_pages/,/^}/s,\<log\>,order,g'
	commit comment-2 's,^(/\*\*\* Global kva allocator \*\*\*/)$,/* The allocator of addresses */,'
}

main "$@"
