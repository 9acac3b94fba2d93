# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# kbuild.sh - the kernel's make, called so that equal inputs give equal bytes.
# Sourced after lib.sh and
# sandbox.sh.

export CCACHE_DIR=${CCACHE_DIR:-$VB_CACHE/ccache} CCACHE_NOHASHDIR=1
export CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-3G}

# pahole_flags TREE - what the kernel would give pahole, without -j: with
# threads, the order of the types it writes differs from one build to the next.
pahole_flags()
{
	if [[ -x $1/scripts/pahole-flags.sh ]]; then
		PAHOLE=pahole sandboxed "$1/scripts/pahole-flags.sh"
	else
		# From 6.10 on a makefile knows them.
		sandboxed make -s -f - <<-END
			srctree := $1
			include $1/scripts/Kbuild.include
			CONFIG_PAHOLE_VERSION := \$(shell $1/scripts/pahole-version.sh pahole)
			include $1/scripts/Makefile.btf
			all: ; @echo \$(PAHOLE_FLAGS)
		END
	fi | sed 's/ *-j[^ ]*//'
}

# kmake TREE OBJ ARGUMENT... - make in TREE, objects in OBJ. The build ids of
# kernel and vDSO are hashes over debug data too, so that must not name TREE. Nor
# must the release name the commit of a TREE that git has checked out. KERNEL_ARCH, set by
# who builds for another processor, is ARCH.
kmake()
{
	local nowhere=-ffile-prefix-map=$1=.

	GIT_DIR=/nonexistent sandboxed make -C "$1" --no-print-directory O="$2" -j"$(nproc)" CC="ccache gcc" \
		${KERNEL_ARCH:+ARCH="$KERNEL_ARCH"} \
		KCFLAGS="$nowhere" KAFLAGS="$nowhere" \
		PAHOLE_FLAGS="$(pahole_flags "$1")" \
		KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_VERSION=1 \
		KBUILD_BUILD_USER=vmapbench KBUILD_BUILD_HOST=vmapbench "${@:3}"
}
