#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build-kernel.sh - one variant's kernel, from the cache or built into it.

# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"
# shellcheck source=scripts/kernel/variants.sh
. "$VB_TOP/scripts/kernel/variants.sh"
# shellcheck source=scripts/kernel/subjects.sh
. "$VB_TOP/scripts/kernel/subjects.sh"
# shellcheck source=scripts/kernel/kbuild.sh
. "$VB_TOP/scripts/kernel/kbuild.sh"
# shellcheck source=scripts/kernel/copy-build.sh
. "$VB_TOP/scripts/kernel/copy-build.sh"
VB_NAME=build-kernel

# So many kernels of subjects stay in the cache, 30 MB each.
SUBJECTS_KEPT=64

usage()
{
	cat <<'END'
Usage: scripts/kernel/build-kernel.sh [-h] [--debug] VARIANT

Print the directory that holds VARIANT's kernel, building it first if needed:
bzImage, vmlinux (symbols and BTF, no DWARF), System.map, config,
test_vmalloc.ko, devel/ (what building a module needs), key (all that went in).

  --debug  the kernel that looks for mistakes (kernel-patches/config/debug.config)

Variants of one base share a build tree, so the second costs an object file
and a link. A patch on a variant costs the same: what was built in the tree of
its base is copied. V=1 shows the build. Exit codes: 0 done, 2 anything else.
END
}

# What a kernel is made with.
tools_text()
{
	printf 'gcc %s\n' "$(gcc --version | sed -n 1p)"
	printf 'ld %s\n' "$(ld --version | sed -n 1p)"
	printf 'pahole %s\n' "$(pahole --version)"
	# How things are made and laid out in the cache: raise it when kmake or
	# install_kernel change.
	printf 'layout 3\n'
}

# Whatever could change the result, one item a line.
key_text()
{
	local variant=$1 flavour=$2 tree=$3 f

	variant_source "$variant" "$tree"
	for f in $(fragment_files "$variant" "$flavour"); do
		printf 'fragment %s %s\n' "$(basename -- "$f")" "$(sha256sum <"$f" | cut -c1-16)"
	done
	[[ -z $KERNEL_ARCH ]] || printf 'arch %s\n' "$KERNEL_ARCH"
	tools_text
}

configure()
{
	local tree=$1 obj=$2
	shift 2

	mkdir -p -- "$obj" &&
		kmake "$tree" "$obj" tinyconfig &&
		(cd -- "$obj" && sandboxed "$tree/scripts/kconfig/merge_config.sh" -m -O "$obj" .config "$@") &&
		kmake "$tree" "$obj" olddefconfig
}

compile()
{
	kmake "$1" "$2" bzImage modules
}

# The part of a build tree that `make M=...` reads.
install_devel()
{
	local obj=$1 devel=$2 tool

	mkdir -p -- "$devel/arch/x86" &&
		cp -a -- "$obj"/{Makefile,.config,Module.symvers,include,scripts} "$devel/" &&
		cp -a -- "$obj/arch/x86/include" "$devel/arch/x86/" || return 1
	# Which of them there are depends on the processor and the config.
	for tool in tools/objtool/objtool tools/bpf/resolve_btfids/resolve_btfids; do
		[[ -e $obj/$tool ]] || continue
		mkdir -p -- "$devel/${tool%/*}" && cp -a -- "$obj/$tool" "$devel/$tool" || return 1
	done
}

# strip_to FROM TO - without DWARF; what reads a stranger's file is in the sandbox.
strip_to()
{
	sandboxed objcopy --strip-debug "$1" "$1.stripped" && mv -T -- "$1.stripped" "$2"
}

install_kernel()
{
	local obj=$1 dir=$2

	mkdir -p -- "$dir" &&
		install_devel "$obj" "$dir/devel" &&
		cp -- "$obj/arch/x86/boot/bzImage" "$obj/System.map" "$dir/" &&
		cp -- "$obj/mm/.vmalloc.o.cmd" "$dir/vmalloc.o.cmd" &&
		cp -- "$obj/.config" "$dir/config" &&
		{ [[ ! -s $obj/lacks ]] || cp -- "$obj/lacks" "$dir/lacks"; } &&
		strip_to "$obj/vmlinux" "$dir/vmlinux" &&
		strip_to "$obj/lib/test_vmalloc.ko" "$dir/test_vmalloc.ko" &&
		ln -s ../vmlinux "$dir/devel/vmlinux"
}

# keep_recent DIR - that kernel of a subject has been asked for; of all of them, those
# asked for last are kept.
keep_recent()
{
	local file

	touch -- "$1/subject" || die "cannot write to $1"
	find "$VB_CACHE/kernels" -mindepth 2 -maxdepth 2 -name subject -printf '%T@ %p\n' |
		sort -rn | tail -n "+$((SUBJECTS_KEPT + 1))" | cut -d' ' -f2- |
		while IFS= read -r file; do
			rm -rf -- "$(dirname -- "$file")"
		done
}

# check_symbols VARIANT TREE OBJ LOG FRAGMENT... - did they stick? LOG gets those that did
# not. A source of another version may not know all of them: these are said, and listed in
# OBJ/lacks.
check_symbols()
{
	local variant=$1 tree=$2 obj=$3 log=$4 foreign=()
	shift 4

	! is_foreign "$variant" || foreign=(--tree "$tree")
	rm -f -- "$obj/lacks"
	"$VB_TOP/scripts/kernel/check-config.sh" ${foreign[@]+"${foreign[@]}"} "$obj/.config" "$@" >"$obj/lacks" 2>>"$log" || return 1
	[[ ! -s $obj/lacks ]] || info "$variant: its source does not know, and so is without: $(paste -sd' ' "$obj/lacks")"
}

# build VARIANT FLAVOUR TREE DIR - into DIR, which appears when all of it is there.
build()
{
	local variant=$1 flavour=$2 tree=$3 dir=$4
	local directory=build${KERNEL_ARCH:+-$KERNEL_ARCH}${flavour:+-$flavour} log=$VB_BUILD/log/kernel-$variant${flavour:+-$flavour}.log
	local fragments tools obj once=''

	tools=$(tools_text)
	if make_follows "$variant" "$tree"; then
		take_build "$variant" "$tree" "$directory" "$tools" "$log.copy"
	else
		# Neither what others have built is good for it, nor this for others.
		directory+=-once
		once=$tree/$directory
		rm -rf -- "$once"
	fi
	obj=$tree/$directory
	! is_subject "$variant" || confine "$variant" "$tree" '' "$obj"
	mark_started "$obj" || die "cannot write to $obj"
	mapfile -t fragments < <(fragment_files "$variant" "$flavour")

	run_logged "configuring $variant" "$log" configure "$tree" "$obj" "${fragments[@]}" ||
		die "$variant: configuring failed: $(first_error "$log")" "$log"
	check_symbols "$variant" "$tree" "$obj" "$log" "${fragments[@]}" ||
		die "$variant: symbols were not set as requested, the first: $(first_error "$log")" "$log"

	rm -rf -- "$dir.tmp"
	# What one subject has wrong, the next has right, and the rest of its build tree is
	# good. A compiler that ran out of disk may leave a truncated object behind, though,
	# that make would take for finished; ccache makes starting over cheap.
	# shellcheck disable=SC2064
	trap "rm -rf -- '$dir.tmp' $(is_subject "$variant" && [[ -z $once ]] || printf "'%s'" "$obj")" EXIT
	if ! run_logged "building $variant" "$log" compile "$tree" "$obj"; then
		! host_fault "$log" || rm -rf -- "$obj"
		die "$variant: build failed: $(first_error "$log")" "$log"
	fi
	run_logged "storing $variant" "$log.install" install_kernel "$obj" "$dir.tmp" ||
		die "$variant: cannot store the kernel: $(first_error "$log.install")" "$log.install"
	key_text "$variant" "$flavour" "$tree" >"$dir.tmp/key" ||
		die "$variant: cannot store the kernel in $dir"
	mv -T -- "$dir.tmp" "$dir"
	trap - EXIT
	[[ -z $once ]] || rm -rf -- "$once" || true
	is_subject "$variant" || mark_finished "$obj" "$tools" || true
}

main()
{
	local variant='' flavour='' tree key dir KERNEL_ARCH

	while (($#)); do
		case $1 in
		-h | --help) usage; exit 0 ;;
		--debug) flavour=debug ;;
		-*) usage_error "unknown option $1" ;;
		*) [[ -z $variant ]] || usage_error "one variant at a time"
			variant=$1 ;;
		esac
		shift
	done
	[[ -n $variant ]] || usage_error "which variant?"
	check_variant "$variant"
	check_paths

	KERNEL_ARCH=$(variant_arch "$variant")
	tree=$(variant_tree "$variant")
	key=$(key_text "$variant" "$flavour" "$tree" | sha256sum | cut -c1-16)

	mkdir -p -- "$VB_CACHE/kernels" || die "cannot write to $VB_CACHE"
	dir=$VB_CACHE/kernels/$variant${flavour:+-$flavour}-$key
	if [[ ! -d $dir ]]; then
		# One build at a time in a tree; the one before may have been this.
		hold_tree "$variant" "$tree"
		[[ -d $dir ]] || build "$variant" "$flavour" "$tree" "$dir"
	fi
	! is_subject "$variant" || keep_recent "$dir"
	printf '%s\n' "$dir"
}

main "$@"
