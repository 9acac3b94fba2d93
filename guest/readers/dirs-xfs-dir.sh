# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034
#
# dirs-xfs-dir.sh - the workload xfs-dir: every reader has an XFS of its own, or
# the first one would fill the cache for all others.

MAPS=1
# As the plan says.
NAMES=

dir_of()
{
	printf '/dirs/xfs-%s' "$1"
}

# make_dir N - nothing is written to it, and all have the same identity.
make_dir()
{
	need_disk "$1" && mkdir -p "$(dir_of "$1")" &&
		mount -t xfs -o ro,norecovery,nouuid "/dev/ram$1" "$(dir_of "$1")"
}

# drop_dir N - each point begins with a file system nobody has read from.
drop_dir()
{
	umount "$(dir_of "$1")"
}
