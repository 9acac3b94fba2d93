# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# do-unload.sh - unload: take the module out again.

rc=0
rmmod vmap_bench 2>/tmp/rmmod.err || rc=$?
emit "{\"v\":1,\"type\":\"unload\",\"rc\":$rc,\"still\":$([ -d "$BENCH" ] && echo true || echo false)}"
