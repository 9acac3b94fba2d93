# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034
#
# dirs-tmpfs-dir.sh - the workload tmpfs-dir: files of the same names where
# nothing is ever mapped.

MAPS=0
# It has no blocks that could have a first name.
NAMES=all

dir_of()
{
	printf '/dirs/tmpfs-%s' "$1"
}

# make_dir N - it stays for the points that follow, as making it takes long.
make_dir()
{
	local dir rc=0

	dir=$(dir_of "$1")
	[ ! -d "$dir" ] || return 0
	need_disk 0 && mkdir -p /dirs/names &&
		mount -t xfs -o ro,norecovery,nouuid /dev/ram0 /dirs/names || return 1
	mkdir "$dir" && mount -t tmpfs -o nr_inodes=0,size=0 tmpfs "$dir" &&
		fill /dirs/names "$dir" || rc=1
	umount /dirs/names || rc=1
	return "$rc"
}

# drop_dir N
drop_dir()
{
	:
}
