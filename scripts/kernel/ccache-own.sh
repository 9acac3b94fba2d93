#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# ccache-own.sh - for a build in the sandbox: what is not in the compiler cache of our own
# builds, which it only reads, comes from one of its own (VB_OWN_CCACHE). ccache calls us as
# CCACHE_PREFIX, with the compiler behind.

# That ccache has switched itself off for what it runs.
unset CCACHE_DISABLE CCACHE_READONLY CCACHE_READONLY_DIRECT CCACHE_PREFIX
CCACHE_DIR=$VB_OWN_CCACHE CCACHE_MAXSIZE=1G exec ccache "$@"
