#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# setup.sh - make a Debian 12 machine ready: packages, and a new enough QEMU.
#
# usage: setup.sh [--check] [--what bench|check] [--help]
#
#   --what bench   what `vmapbench bench` needs (default)
#   --what check   that and what `make check` needs
#   --check        install nothing, only say what is missing (exit 2)
#
# Packages are installed with apt-get, as root or through a sudo that asks
# for no password. Without either, the missing ones are named: exit 2. When
# nothing is missing, nothing is done and no network is needed.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=setup
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/lib.sh"

PACKAGES=${VB_PACKAGES:-$VB_TOP/scripts/setup/packages.txt}

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

# proven PACKAGE PROOF - is PACKAGE there?
proven()
{
	local package=$1 proof=$2

	case $proof in
	-)	[[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ;;
	/*)	[[ -e $proof ]] ;;
	# Root's tools count for a user as well.
	*)	command -v "$proof" >/dev/null || [[ -x /usr/sbin/$proof ]] ;;
	esac
}

# missing_packages WHAT - one a line.
missing_packages()
{
	local what=$1 package proof for _

	while read -r package proof for _; do
		case $package in ''|'#'*) continue ;; esac
		[[ $for == bench || $for == "$what" ]] || continue
		proven "$package" "$proof" || printf '%s\n' "$package"
	done <"$PACKAGES"
}

# as_root - the words that make a command run as root, none when we are
# root; fails when neither is possible.
as_root()
{
	[[ $(id -u) -ne 0 ]] || return 0
	sudo -n true 2>/dev/null || return 1
	printf 'sudo -n'
}

# install_packages PACKAGE... - or say what to type and exit 2.
install_packages()
{
	local log prefix apt

	if $ONLY_CHECK || ! prefix=$(as_root); then
		info "missing packages: $*"
		info "install them as root with:"
		printf 'apt-get update && apt-get install -y --no-install-recommends %s\n' "$*" >&2
		exit 2
	fi
	log=$VB_BUILD/setup.log
	# shellcheck disable=SC2206 # the prefix is two words or none
	apt=($prefix env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120)
	run_logged "reading apt's package lists" "$log" "${apt[@]}" update ||
		die "apt-get update failed: $(first_error "$log")" "$log"
	run_logged "installing $# packages: $*" "$log" \
		"${apt[@]}" install -y --no-install-recommends "$@" ||
		die "apt-get install failed: $(first_error "$log")" "$log"
}

# need_qemu - the system's, or a private one.
need_qemu()
{
	if "$VB_TOP/scripts/setup/qemu-path.sh" >/dev/null 2>&1; then
		verbose "QEMU: $("$VB_TOP/scripts/setup/qemu-path.sh")"
		return 0
	fi
	if $ONLY_CHECK; then
		info "no QEMU 9.2 or newer, before 11.0, yet: scripts/setup/get-qemu.sh unpacks one"
		exit 2
	fi
	"$VB_TOP/scripts/setup/get-qemu.sh"
}

main()
{
	local what=bench missing

	ONLY_CHECK=false
	while [[ $# -gt 0 ]]; do
		case $1 in
		--check) ONLY_CHECK=true ;;
		--what)
			[[ $# -ge 2 ]] || usage_error "--what needs a value"
			what=$2
			shift
			;;
		--help) usage; return 0 ;;
		*) usage_error "unknown option: $1" ;;
		esac
		shift
	done
	case $what in bench|check) ;; *) usage_error "--what: $what is neither bench nor check" ;; esac

	mapfile -t missing < <(missing_packages "$what")
	if [[ ${#missing[@]} -gt 0 ]]; then
		install_packages "${missing[@]}"
		mapfile -t missing < <(missing_packages "$what")
		[[ ${#missing[@]} -eq 0 ]] ||
			die "installed, but still missing: ${missing[*]} (see $PACKAGES)"
	fi
	need_qemu
}

main "$@"
