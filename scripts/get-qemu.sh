#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# get-qemu.sh - unpack a private QEMU from Debian's next release.
#
# usage: get-qemu.sh [--help]
#
# Needs neither root nor a change to the machine: apt works in a folder of
# its own, on the mirror that the machine's sources name, and checks every
# download against Debian's archive keys. The result is
# $VB_CACHE/qemu/VERSION/qemu-system-x86_64, a wrapper which starts the
# unpacked program with the libraries it was built for.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=get-qemu
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

RELEASE=trixie
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
LIBDIR=usr/lib/x86_64-linux-gnu

# mirror - the URI of the Debian archive that this machine's sources name.
mirror()
{
	local codename

	codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
	# shellcheck disable=SC2016 # apt fills these in, not the shell
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
		awk -v c="$codename" '$2 == c && $3 == "main" && $1 !~ /^cdrom:/ { print $1; exit }'
}

# write_apt_conf DIR URI - an apt that lives in DIR and knows only RELEASE.
write_apt_conf()
{
	local dir=$1 uri=$2

	mkdir -p "$dir"/{state/lists/partial,cache/archives/partial,etc/parts}
	# Nothing is installed as far as this apt knows, so it fetches every
	# library down to the C library and its loader.
	: >"$dir/state/status"
	printf 'deb [arch=amd64 signed-by=%s] %s %s main\n' "$KEYRING" "$uri" "$RELEASE" \
		>"$dir/etc/sources.list"
	cat >"$dir/apt.conf" <<-END
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		#clear DPkg::Pre-Invoke;
		#clear DPkg::Post-Invoke;
		#clear DPkg::Pre-Install-Pkgs;
		#clear APT::Architectures;
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; };
		APT::Install-Recommends "false";
		APT::Install-Suggests "false";
		APT::Get::AllowUnauthenticated "false";
		APT::Sandbox::User "$(id -un)";
		Acquire::AllowInsecureRepositories "false";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Binary::apt-get::APT::Keep-Downloaded-Packages "true";
		APT::Keep-Downloaded-Packages "true";
		Debug::NoLocking "true";
		Dir::State "$dir/state";
		Dir::State::status "$dir/state/status";
		Dir::State::extended_states "$dir/state/extended_states";
		Dir::Cache "$dir/cache";
		Dir::Etc::sourcelist "$dir/etc/sources.list";
		Dir::Etc::sourceparts "$dir/etc/parts";
		Dir::Etc::preferences "$dir/etc/preferences";
		Dir::Etc::preferencesparts "$dir/etc/parts";
	END
}

# unpack DEBS ROOT - every package into ROOT, bar what no guest needs.
unpack()
{
	local debs=$1 root=$2 deb

	mkdir -p "$root"
	for deb in "$debs"/*.deb; do
		printf '%s\n' "${deb##*/}"
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x -C "$root" --no-same-owner \
				--exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' \
				--exclude='./usr/share/locale/*' --exclude='./usr/share/icons/*'
	done
}

# write_wrapper DIR FILE - FILE starts the QEMU under DIR, wherever the
# caller's libraries come from.
write_wrapper()
{
	local dir=$1 file=$2

	cat >"$file" <<-END
		#!/bin/sh
		# Made by get-qemu.sh: QEMU with the loader and libraries it was built for.
		root=$(printf '%q' "$dir/root")
		QEMU_MODULE_DIR=\$root/$LIBDIR/qemu
		export QEMU_MODULE_DIR
		unset LD_LIBRARY_PATH
		exec "\$root/$LIBDIR/ld-linux-x86-64.so.2" --argv0 qemu-system-x86_64 \\
			--library-path "\$root/$LIBDIR:\$root/$LIBDIR/pulseaudio" \\
			"\$root/usr/bin/qemu-system-x86_64" \\
			-L "\$root/usr/share/qemu" -L "\$root/usr/share/seabios" "\$@"
	END
	chmod +x "$file"
}

# remove_stale - folders left by runs that no longer exist.
remove_stale()
{
	local dir

	for dir in "$VB_CACHE"/qemu/.new-*; do
		[[ -d $dir ]] || continue
		kill -0 "${dir##*-}" 2>/dev/null || rm -rf -- "$dir"
	done
}

# clean_up - stop what run_logged left in the background, then sweep.
clean_up()
{
	local pids

	pids=$(jobs -p)
	# shellcheck disable=SC2086 # one word a process
	[[ -z $pids ]] || kill $pids 2>/dev/null || true
	wait
	rm -rf -- "$TMP"
}

# fetch - the whole job, in TMP, renamed to its name at the very end.
fetch()
{
	local uri log version

	uri=$(mirror)
	[[ -n $uri ]] || die "this machine's apt sources name no Debian mirror"
	[[ -r $KEYRING ]] || die "$KEYRING is missing: install debian-archive-keyring"

	log=$VB_CACHE/qemu/get-qemu.log
	: >"$log" || die "cannot write $log"
	write_apt_conf "$TMP/apt" "$uri"
	run_logged "reading the package lists of Debian $RELEASE from $uri" "$log" \
		apt-get -c "$TMP/apt/apt.conf" update ||
		die "$uri has no usable Debian $RELEASE: $(first_error "$log")" "$log"
	version=$(apt-cache -c "$TMP/apt/apt.conf" show --no-all-versions qemu-system-x86 |
		awk '$1 == "Version:" { print $2; exit }')
	[[ -n $version ]] || die "$uri $RELEASE has no qemu-system-x86" "$log"
	# The epoch's colon would end an entry of a search path.
	version=${version#*:}

	run_logged "downloading QEMU $version (about 60 MB)" "$log" \
		apt-get -c "$TMP/apt/apt.conf" -y --download-only install qemu-system-x86 ||
		die "the download of QEMU failed: $(first_error "$log")" "$log"
	run_logged "unpacking QEMU $version" "$log" \
		unpack "$TMP/apt/cache/archives" "$TMP/new/root" ||
		die "unpacking QEMU failed: $(first_error "$log")" "$log"

	write_wrapper "$TMP/new" "$TMP/new/qemu-system-x86_64"
	"$TMP/new/qemu-system-x86_64" -machine none -display none -S -monitor none \
		--version >"$log" 2>&1 || die "the unpacked QEMU does not start" "$log"
	write_wrapper "$VB_CACHE/qemu/$version" "$TMP/new/qemu-system-x86_64"
	rm -rf -- "${VB_CACHE:?}/qemu/$version"
	mv -- "$TMP/new" "$VB_CACHE/qemu/$version"
	info "QEMU $version is in $VB_CACHE/qemu/$version ($(du -sh "$VB_CACHE/qemu/$version" | cut -f1))"
}

main()
{
	if [[ ${1:-} == --help ]]; then
		header_text "${BASH_SOURCE[0]}"
		return 0
	fi
	[[ $# -eq 0 ]] || usage_error "unknown argument: $1"

	mkdir -p -- "$VB_CACHE/qemu" || die "cannot make $VB_CACHE/qemu"
	remove_stale
	# The process id at the end says whose it is; see remove_stale.
	TMP=$VB_CACHE/qemu/.new-$$
	mkdir -- "$TMP"
	trap 'clean_up' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	fetch
}

main "$@"
